/* Finding: the hot path. One cache line for a key; hash, bucket, entry and text for a name; never an allocation. */
#include "cache.h"

#include <string.h>

/* Divisions, because a page's height need be no power of two, and a coordinate that is a little off would be seen where
 * pixels are to be exact. */
static void set_place(const pxc_cache *cache, const pxc_entry *entry, pxc_texture *out)
{
    const pxc_page *page = &cache->shelves.pages[entry->page];
    const float width = (float)page->width;
    const float height = (float)page->height;
    out->u0 = (float)entry->x / width;
    out->v0 = (float)entry->y / height;
    out->u1 = (float)(entry->x + entry->image.width) / width;
    out->v1 = (float)(entry->y + entry->image.height) / height;
}

static inline void give_out(const pxc_cache *cache, const pxc_entry *entry, pxc_texture *out)
{
    memcpy(out, &entry->image, sizeof entry->image);
    out->u0 = 0;
    out->v0 = 0;
    out->u1 = 1;
    out->v1 = 1;
    out->layer = 0;
    if (entry->page != 0) {
        set_place(cache, entry, out);
    }
}

void pxc_give_out(const pxc_cache *cache, const pxc_entry *entry, pxc_texture *out)
{
    give_out(cache, entry, out);
}

/* Counts the find of an entry (NULL = none) and answers it. */
static pxc_status answer(pxc_cache *cache, pxc_entry *entry, pxc_texture *out)
{
    if (entry == NULL) {
        ++cache->stats.misses;
        if (out != NULL) {
            *out = (pxc_texture){0};
        }
        return PXC_MISS;
    }
    ++cache->stats.hits;
    pxc_lru_touch(cache, entry);
    if (out != NULL) {
        give_out(cache, entry, out);
    }
    return PXC_OK;
}

pxc_status pxc_find(pxc_cache *cache, pxc_key key, pxc_texture *out)
{
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        if (out != NULL) {
            *out = (pxc_texture){0};
        }
        return status;
    }
    return answer(cache, pxc_entry_of(cache, key), out);
}

/* Of a name without entry. Who asks for it wants it first. */
PXC_RARE static pxc_status ask_for(pxc_cache *cache, const char *name)
{
    const pxc_query query = pxc_name_query(cache, name);
    pxc_letter *letter = pxc_pending_find(cache, name, query.length_bytes, query.hash);
    if (letter == NULL) {
        return PXC_MISS;
    }
    pxc_pending_want(cache, letter);
    return PXC_PENDING;
}

pxc_status pxc_find_named(pxc_cache *cache, const char *name, pxc_texture *out)
{
    pxc_status status = pxc_enter(cache);
    if (status == PXC_OK && (name == NULL || *name == '\0')) {
        status = PXC_ERR_ARGUMENT;
    }
    if (status != PXC_OK) {
        if (out != NULL) {
            *out = (pxc_texture){0};
        }
        return status;
    }
    status = answer(cache, pxc_names_find_text(cache, name), out);
    return status == PXC_MISS && pxc_something_pending(cache) ? ask_for(cache, name) : status;
}

pxc_status pxc_peek(const pxc_cache *cache, pxc_key key, pxc_texture *out)
{
    if (out != NULL) {
        *out = (pxc_texture){0};
    }
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    if (out == NULL) {
        return PXC_ERR_ARGUMENT;
    }
    const pxc_entry *entry = pxc_entry_of(cache, key);
    if (entry == NULL) {
        return PXC_MISS;
    }
    give_out(cache, entry, out);
    return PXC_OK;
}

pxc_status pxc_lookup(pxc_cache *cache, const char *name, pxc_key *out)
{
    if (out != NULL) {
        *out = (pxc_key){0};
    }
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    if (out == NULL || name == NULL || *name == '\0') {
        return PXC_ERR_ARGUMENT;
    }
    const pxc_entry *entry = pxc_names_find_text(cache, name);
    if (entry == NULL) {
        const pxc_query query = pxc_name_query(cache, name);
        return pxc_something_pending(cache) &&
                       pxc_pending_find(cache, name, query.length_bytes, query.hash) != NULL
                   ? PXC_PENDING
                   : PXC_MISS;
    }
    out->id = entry->id;
    return PXC_OK;
}

bool pxc_key_valid(const pxc_cache *cache, pxc_key key)
{
    return pxc_enter(cache) == PXC_OK && pxc_entry_of(cache, key) != NULL;
}
