/* Removing by the caller's wish. Pins do not protect from it, and it is no eviction. */
#include "cache.h"

pxc_status pxc_remove(pxc_cache *cache, pxc_key key)
{
    pxc_entry *entry = NULL;
    const pxc_status status = pxc_enter_with_key(cache, key, &entry);
    if (status == PXC_OK) {
        pxc_doom(cache, entry);
    }
    return status;
}

pxc_status pxc_remove_named(pxc_cache *cache, const char *name)
{
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    if (name == NULL || *name == '\0') {
        return PXC_ERR_ARGUMENT;
    }
    const pxc_query query = pxc_name_query(cache, name);
    pxc_letter *letter =
        pxc_something_pending(cache) ? pxc_pending_find(cache, name, query.length_bytes, query.hash) : NULL;
    if (letter != NULL) {
        pxc_pending_drop(cache, letter);
    }
    pxc_entry *entry = pxc_names_find(cache, &query);
    if (entry != NULL) {
        pxc_doom(cache, entry);
    }
    return entry != NULL || letter != NULL ? PXC_OK : PXC_MISS;
}

pxc_status pxc_clear(pxc_cache *cache)
{
    const pxc_status status = pxc_enter(cache);
    if (status == PXC_OK) {
        pxc_pending_drop_all(cache);
        pxc_doom_all(cache);
    }
    return status;
}
