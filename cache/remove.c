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
    pxc_entry *entry = pxc_names_find_text(cache, name);
    if (entry == NULL) {
        return PXC_MISS;
    }
    pxc_doom(cache, entry);
    return PXC_OK;
}

pxc_status pxc_clear(pxc_cache *cache)
{
    const pxc_status status = pxc_enter(cache);
    if (status == PXC_OK) {
        pxc_doom_all(cache);
    }
    return status;
}
