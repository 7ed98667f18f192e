/* Frames: the boundary is where the limit holds again and textures die. */
#include "cache.h"

static bool over_limit(const pxc_cache *cache)
{
    const uint64_t live_bytes = pxc_live_bytes(cache);
    return live_bytes > cache->stats.limit_bytes || live_bytes > pxc_ceiling(cache) - cache->wanted_bytes ||
           (cache->max_entries != 0 && cache->stats.entries > cache->max_entries);
}

pxc_status pxc_frame_begin(pxc_cache *cache)
{
    return pxc_enter(cache);
}

pxc_status pxc_frame_end(pxc_cache *cache)
{
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    pxc_lru_settle(cache);
    while (over_limit(cache)) {
        const uint32_t victim = pxc_lru_victim(cache);
        if (victim == 0) {
            cache->stats.over_limit_frames += pxc_live_bytes(cache) > cache->stats.limit_bytes;
            break;
        }
        pxc_evict(cache, victim, PXC_EVICT_LIMIT);
    }
    pxc_delete_doomed(cache, false);
    cache->admission_limit_bytes = cache->stats.limit_bytes;
    cache->wanted_bytes = 0;
    pxc_names_shrink(cache);
    if (cache->stats.entries < cache->shrink_below) {
        pxc_slots_shrink(cache);
    }
    cache->frame_start = cache->log_base;
    cache->frame = (uint32_t)++cache->stats.frames;
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
    return PXC_OK;
}
