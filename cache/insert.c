/* Insert and replace. Every step that can fail comes before the first that changes anything; the texture is made
 * last of them, so that a failure has at most a name to free:
 *
 *   1 the pixmap is checked, its cost counted, limit and ceiling asked
 *   2 a slot, a place for the name and the name's memory are reserved
 *   3 the texture is made; out of video memory: what this frame has not used goes, and once more
 *   4 the entry is filled and counted, what it replaces is doomed
 */
#include "cache.h"

uint64_t pxc_ceiling(const pxc_cache *cache)
{
    if (cache->ceiling_bytes != 0) {
        return cache->ceiling_bytes;
    }
    const uint64_t limit_bytes = cache->admission_limit_bytes;
    return limit_bytes > SIZE_MAX / 2 ? SIZE_MAX : limit_bytes * 2;
}

/* Step 1. */
static pxc_status admit(pxc_cache *cache, const pxc_pixmap *given, pxc_pixmap *pixmap, uint64_t *cost_bytes)
{
    const pxc_status status = pxc_pixmap_check(given, pixmap);
    if (status != PXC_OK) {
        return status;
    }
    const uint64_t ceiling = pxc_ceiling(cache);
    *cost_bytes = pxc_cost_of(cache, pixmap);
    if (pixmap->width > cache->max_size_px || pixmap->height > cache->max_size_px ||
        *cost_bytes > cache->admission_limit_bytes || *cost_bytes > ceiling || *cost_bytes == 0) {
        return PXC_ERR_TOO_LARGE;
    }
    if (cache->stats.used_bytes <= ceiling - *cost_bytes) {
        return PXC_OK;
    }
    /* Not a change that a caller can see: the boundary makes this much room, so that FULL does not last for ever under
     * a ceiling that is not above the limit by as much. */
    if (*cost_bytes > cache->wanted_bytes) {
        cache->wanted_bytes = *cost_bytes;
    }
    return PXC_ERR_FULL;
}

/* A backend that answers what it must not is taken for one that failed. */
static pxc_status create_texture(pxc_cache *cache, const pxc_pixmap *pixmap, uint32_t *texture)
{
    *texture = 0;
    const pxc_status status = cache->backend.create_texture(cache->gpu, pixmap, texture);
    return status > PXC_OK || (status == PXC_OK && *texture == 0) ? PXC_ERR_GPU : status;
}

/* Step 3. The entry in keep_slot (0 = none) survives the trim: it is what the new texture will replace. */
static pxc_status upload(pxc_cache *cache, const pxc_pixmap *pixmap, uint32_t keep_slot, uint32_t *texture)
{
    pxc_status status = create_texture(cache, pixmap, texture);
    if (status == PXC_ERR_MEMORY) {
        if (keep_slot != 0) {
            pxc_pin_entry(cache, pxc_entry_at(cache, keep_slot));
        }
        pxc_trim_for_gpu(cache);
        if (keep_slot != 0) {
            pxc_unpin_entry(cache, keep_slot);
        }
        status = create_texture(cache, pixmap, texture);
    }
    return status == PXC_ERR_MEMORY ? PXC_ERR_GPU : status;
}

/* Step 4. */
static void fill(pxc_cache *cache, uint32_t slot, const pxc_pixmap *pixmap, uint64_t cost_bytes,
                 uint32_t texture)
{
    pxc_entry *entry = pxc_entry_at(cache, slot);
    entry->texture = texture;
    entry->width = pixmap->width;
    entry->height = pixmap->height;
    entry->format = (uint8_t)pixmap->format;
    entry->cost_bytes = cost_bytes;
    pxc_lru_touch(cache, slot);

    pxc_stats *stats = &cache->stats;
    stats->used_bytes += cost_bytes;
    if (stats->used_bytes > stats->peak_bytes) {
        stats->peak_bytes = stats->used_bytes;
    }
    ++stats->textures_created;
    ++stats->uploads;
    stats->upload_bytes += (uint64_t)pixmap->width * (uint64_t)pixmap->height *
                           (uint64_t)pxc_format_source_bytes(pixmap->format);
}

static pxc_status insert(pxc_cache *cache, const char *name, const pxc_pixmap *given, pxc_key *out)
{
    pxc_pixmap pixmap;
    uint64_t cost_bytes = 0;
    pxc_status status = admit(cache, given, &pixmap, &cost_bytes);
    if (status == PXC_OK) {
        status = pxc_slot_reserve(cache);
    }
    if (status != PXC_OK) {
        return status;
    }
    const uint32_t old_slot = name == NULL ? 0 : pxc_names_find(cache, name);
    pxc_name *new_name = NULL;
    if (name != NULL && old_slot == 0) {
        status = pxc_names_reserve(cache);
        if (status != PXC_OK) {
            return status;
        }
        new_name = pxc_name_create(cache, name);
        if (new_name == NULL) {
            return PXC_ERR_MEMORY;
        }
    }
    uint32_t texture = 0;
    status = upload(cache, &pixmap, old_slot, &texture);
    if (status != PXC_OK) {
        pxc_free(&cache->alloc, new_name);
        return status;
    }
    const uint32_t slot = pxc_slot_take(cache);
    fill(cache, slot, &pixmap, cost_bytes, texture);
    ++cache->stats.entries;
    ++cache->stats.inserts;
    if (old_slot != 0) {
        pxc_names_move(cache, old_slot, slot);
        pxc_doom(cache, old_slot);
    } else if (new_name != NULL) {
        pxc_entry_at(cache, slot)->name = new_name;
        pxc_names_add(cache, slot);
    }
    if (out != NULL) {
        out->id = pxc_entry_at(cache, slot)->id;
    }
    return PXC_OK;
}

pxc_status pxc_insert(pxc_cache *cache, const pxc_pixmap *pixmap, pxc_key *out)
{
    if (out == NULL) {
        const pxc_status status = pxc_enter(cache);
        return status != PXC_OK ? status : PXC_ERR_ARGUMENT;
    }
    *out = (pxc_key){0};
    const pxc_status status = pxc_enter(cache);
    return status != PXC_OK ? status : insert(cache, NULL, pixmap, out);
}

pxc_status pxc_insert_named(pxc_cache *cache, const char *name, const pxc_pixmap *pixmap, pxc_key *out)
{
    if (out != NULL) {
        *out = (pxc_key){0};
    }
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    return name == NULL || *name == '\0' ? PXC_ERR_ARGUMENT : insert(cache, name, pixmap, out);
}

pxc_status pxc_replace(pxc_cache *cache, pxc_key key, const pxc_pixmap *given)
{
    pxc_entry *entry = NULL;
    pxc_pixmap pixmap;
    pxc_status status = pxc_enter_with_key(cache, key, &entry);
    if (status == PXC_OK || status == PXC_MISS) { /* a pixmap that is none is an error, whatever the key */
        const pxc_status pixmap_status = pxc_pixmap_check(given, &pixmap);
        status = pixmap_status == PXC_OK ? status : pixmap_status;
    }
    if (status != PXC_OK) {
        return status;
    }
    uint64_t cost_bytes = 0;
    status = admit(cache, given, &pixmap, &cost_bytes);
    if (status == PXC_OK) {
        status = pxc_slot_reserve(cache); /* where the old texture waits for the boundary */
    }
    if (status != PXC_OK) {
        return status;
    }
    const uint32_t slot = pxc_slot_of(entry);
    uint32_t texture = 0;
    status = upload(cache, &pixmap, slot, &texture);
    if (status != PXC_OK) {
        return status;
    }
    pxc_doom_texture(cache, entry);
    if (entry->pins != 0) {
        cache->stats.pinned_bytes += cost_bytes;
        cache->stats.pinned_bytes -= entry->cost_bytes;
    }
    fill(cache, slot, &pixmap, cost_bytes, texture);
    return PXC_OK;
}
