/* Frames: the boundary is where the limit holds again and textures die. */
#include "cache.h"

/* What may stay: the limit, and room below the ceiling for the largest pixmap that it refused. */
static uint64_t most_bytes(const pxc_cache *cache)
{
    const uint64_t below_ceiling = pxc_ceiling(cache) - cache->wanted_bytes;
    return cache->stats.limit_bytes < below_ceiling ? cache->stats.limit_bytes : below_ceiling;
}

pxc_status pxc_frame_begin(pxc_cache *cache)
{
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    pxc_mailbox_empty(cache);
    return pxc_uploads_run(cache);
}

pxc_status pxc_frame_end(pxc_cache *cache)
{
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    pxc_lru_settle(cache);
    pxc_pending_settle(cache);
    pxc_enforce_limit(cache, most_bytes(cache));
    cache->admission_limit_bytes = cache->stats.limit_bytes;
    pxc_mailbox_set_most(cache);
    cache->wanted_bytes = 0;
    pxc_names_shrink(cache);
    if (cache->stats.entries < cache->shrink_below) {
        pxc_slots_shrink(cache);
    }
    cache->clock = (pxc_frame_of(cache->clock) + 1) << PXC_STAMP_USE_BITS;
    cache->log_base = cache->frame_start = cache->clock;
    ++cache->stats.frames;
    return PXC_OK;
}

pxc_status pxc_set_limit(pxc_cache *cache, size_t bytes)
{
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    cache->stats.limit_bytes = bytes;
    if (bytes > cache->admission_limit_bytes) {
        cache->admission_limit_bytes = bytes;
    }
    pxc_mailbox_set_most(cache);
    pxc_pages_plan(cache);
    return PXC_OK;
}
