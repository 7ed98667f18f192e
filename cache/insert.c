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

/* Step 1, for a pixmap that was measured. */
pxc_status pxc_admit(pxc_cache *cache, const pxc_measured *measured)
{
    const uint64_t ceiling = pxc_ceiling(cache);
    const uint64_t cost_bytes = measured->cost_bytes;
    if (measured->pixmap.width > cache->max_size_px || measured->pixmap.height > cache->max_size_px ||
        cost_bytes > cache->admission_limit_bytes || cost_bytes > ceiling || cost_bytes == 0) {
        return PXC_ERR_TOO_LARGE;
    }
    if (cache->stats.used_bytes <= ceiling - cost_bytes || pxc_has_spot(cache, &measured->pixmap)) {
        return pxc_slot_reserve(cache);
    }
    /* Not a change that a caller can see: the boundary makes this much room, so that FULL does not last for ever under
     * a ceiling that is not above the limit by as much. */
    if (cost_bytes > cache->wanted_bytes) {
        cache->wanted_bytes = cost_bytes;
    }
    return PXC_ERR_FULL;
}

/* A backend that answers what it must not is taken for one that failed. */
static pxc_status ask_backend(pxc_cache *cache, const pxc_pixmap *pixmap, bool filled, uint32_t *texture)
{
    *texture = 0;
    const pxc_status status = filled ? cache->backend.create_texture(cache->gpu, pixmap, texture)
                                     : cache->backend.begin_texture(cache->gpu, pixmap, texture);
    return status > PXC_OK || (status == PXC_OK && *texture == 0) ? PXC_ERR_GPU : status;
}

/* Step 3 on a GPU without memory. */
PXC_RARE static void make_room(pxc_cache *cache, pxc_entry *keep)
{
    if (keep != NULL) {
        pxc_pin_entry(cache, keep);
    }
    pxc_trim_for_gpu(cache);
    if (keep != NULL) {
        pxc_unpin_entry(cache, keep);
    }
}

/* Step 3. What the new texture will replace is kept. */
pxc_status pxc_make_texture(pxc_cache *cache, const pxc_pixmap *pixmap, pxc_entry *keep, bool filled,
                            uint32_t *texture)
{
    pxc_status status = ask_backend(cache, pixmap, filled, texture);
    if (status == PXC_ERR_MEMORY) {
        make_room(cache, keep);
        status = ask_backend(cache, pixmap, filled, texture);
    }
    return status == PXC_ERR_MEMORY ? PXC_ERR_GPU : status;
}

static bool fits_below_ceiling(const pxc_cache *cache, uint64_t cost_bytes)
{
    return cache->stats.used_bytes <= pxc_ceiling(cache) - cost_bytes;
}

/* What can not be packed now gets a texture of its own. */
pxc_status pxc_make_image(pxc_cache *cache, const pxc_measured *measured, pxc_entry *keep, pxc_made *out)
{
    *out = (pxc_made){0};
    if (cache->packs && pxc_packs(cache, &measured->pixmap)) {
        const pxc_status status = pxc_pack(cache, measured, out);
        if (status == PXC_OK || status == PXC_ERR_LOST) {
            return status;
        }
        if (!fits_below_ceiling(cache, measured->cost_bytes)) {
            return status; /* admitted because a page had room, or could be made */
        }
    }
    const pxc_status status = pxc_make_texture(cache, &measured->pixmap, keep, true, &out->texture);
    if (status == PXC_OK) {
        pxc_count_texture(cache, measured->cost_bytes);
    }
    return status;
}

/* Step 4. */
void pxc_count_texture(pxc_cache *cache, uint64_t cost_bytes)
{
    pxc_stats *stats = &cache->stats;
    stats->used_bytes += cost_bytes;
    if (stats->used_bytes > stats->peak_bytes) {
        stats->peak_bytes = stats->used_bytes;
    }
    ++stats->textures_created;
}

static void fill(pxc_cache *cache, pxc_entry *entry, const pxc_measured *measured, const pxc_made *made)
{
    const pxc_pixmap *pixmap = &measured->pixmap;
    entry->image = (pxc_image){made->texture, pixmap->width, pixmap->height, pixmap->format,
                               (size_t)measured->cost_bytes};
    pxc_entry_place(cache, entry, made);
    pxc_lru_touch(cache, entry);
    ++cache->stats.uploads;
}

PXC_RARE static void tell_upload(pxc_cache *cache, const pxc_measured *measured, const char *name,
                                 pxc_status status, uint64_t start_ns)
{
    const bool made = status == PXC_OK;
    const pxc_work work = {
        .kind = PXC_WORK_UPLOAD,
        .name = name,
        .bytes = made ? measured->source_bytes : 0,
        .cost_bytes = made ? measured->cost_bytes : 0,
        .count = made ? 1 : 0,
    };
    pxc_work_tell(cache, &work, start_ns);
}

pxc_entry *pxc_make_entry(pxc_cache *cache, const pxc_measured *measured, const pxc_made *made)
{
    pxc_entry *entry = pxc_slot_take(cache);
    fill(cache, entry, measured, made);
    ++cache->stats.entries;
    ++cache->stats.inserts;
    return entry;
}

pxc_status pxc_insert(pxc_cache *cache, const pxc_pixmap *given, pxc_key *out)
{
    if (out != NULL) {
        *out = (pxc_key){0};
    }
    pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    if (out == NULL) {
        return PXC_ERR_ARGUMENT;
    }
    pxc_measured measured;
    pxc_made made;
    status = pxc_pixmap_measure(cache, given, &measured);
    if (status == PXC_OK) {
        status = pxc_admit(cache, &measured);
    }
    if (status != PXC_OK) {
        return status;
    }
    const uint64_t start_ns = pxc_work_begin(cache);
    status = pxc_make_image(cache, &measured, NULL, &made);
    if (status == PXC_OK) {
        cache->stats.upload_bytes += measured.source_bytes;
        out->id = pxc_make_entry(cache, &measured, &made)->id;
    }
    if (cache->on_work != NULL) {
        tell_upload(cache, &measured, NULL, status, start_ns);
    }
    return status;
}

/* Step 2 of a name: what has it, or else the memory for one that has it. */
typedef struct naming {
    pxc_query query;
    pxc_entry *old;
    pxc_name *name; /* NULL if old has it */
} naming;

static pxc_status reserve_name(pxc_cache *cache, const char *text, naming *out)
{
    *out = (naming){.query = pxc_name_query(cache, text)};
    out->old = pxc_names_find(cache, &out->query);
    if (out->old != NULL) {
        return PXC_OK;
    }
    const pxc_status status = pxc_names_reserve(cache);
    if (status != PXC_OK) {
        return status;
    }
    out->name = pxc_name_create(cache, &out->query);
    return out->name == NULL ? PXC_ERR_MEMORY : PXC_OK;
}

/* Step 4 of a name. */
static pxc_entry *enter_named(pxc_cache *cache, const pxc_measured *measured, const naming *named,
                              const pxc_made *made)
{
    const pxc_query *query = &named->query;
    cache->stats.upload_bytes += measured->source_bytes;
    pxc_entry *entry = pxc_make_entry(cache, measured, made);
    if (named->old != NULL) {
        pxc_names_move(cache, named->old, entry);
        pxc_doom(cache, named->old);
    } else {
        pxc_names_add(cache, entry, named->name, query->hash);
    }
    pxc_letter *older = pxc_something_pending(cache)
                            ? pxc_pending_find(cache, query->text, query->length_bytes, query->hash)
                            : NULL;
    if (older != NULL) {
        pxc_pending_drop(cache, older); /* handed over before this insert, which is what counts */
    }
    return entry;
}

static pxc_status insert_named(pxc_cache *cache, const char *text, const pxc_pixmap *given, pxc_key *out)
{
    pxc_measured measured;
    naming named;
    pxc_made made;
    pxc_status status = pxc_pixmap_measure(cache, given, &measured);
    if (status == PXC_OK) {
        status = pxc_admit(cache, &measured);
    }
    if (status == PXC_OK) {
        status = reserve_name(cache, text, &named);
    }
    if (status != PXC_OK) {
        return status;
    }
    const uint64_t start_ns = pxc_work_begin(cache);
    status = pxc_make_image(cache, &measured, named.old, &made);
    if (status != PXC_OK) {
        pxc_free(&cache->alloc, named.name);
    } else {
        const pxc_entry *entry = enter_named(cache, &measured, &named, &made);
        if (out != NULL) {
            out->id = entry->id;
        }
    }
    if (cache->on_work != NULL) {
        tell_upload(cache, &measured, text, status, start_ns);
    }
    return status;
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
    return name == NULL || *name == '\0' ? PXC_ERR_ARGUMENT : insert_named(cache, name, pixmap, out);
}

pxc_status pxc_replace(pxc_cache *cache, pxc_key key, const pxc_pixmap *given)
{
    pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    pxc_measured measured;
    status =
        pxc_pixmap_measure(cache, given, &measured); /* what is no pixmap is an error, whatever the key */
    if (status != PXC_OK) {
        return status;
    }
    pxc_entry *entry = pxc_entry_of(cache, key);
    if (entry == NULL) {
        return PXC_MISS;
    }
    status = pxc_admit(cache, &measured); /* the slot is where the old texture waits for the boundary */
    if (status != PXC_OK) {
        return status;
    }
    pxc_made made;
    const uint64_t start_ns = pxc_work_begin(cache);
    status = pxc_make_image(cache, &measured, entry, &made);
    if (status == PXC_OK) {
        pxc_doom_texture(cache, entry);
        if (entry->pins != 0) {
            cache->stats.pinned_bytes += measured.cost_bytes;
            cache->stats.pinned_bytes -= entry->image.cost_bytes;
        }
        cache->stats.upload_bytes += measured.source_bytes;
        fill(cache, entry, &measured, &made);
    }
    if (cache->on_work != NULL) {
        tell_upload(cache, &measured, entry->name == NULL ? NULL : entry->name->text, status, start_ns);
    }
    return status;
}
