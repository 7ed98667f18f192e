/* Trims: evictions that the application asks for, chosen at once, deleted at the boundary. */
#include "cache.h"

pxc_status pxc_trim_to(pxc_cache *cache, size_t bytes)
{
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    pxc_lru_settle(cache);
    while (pxc_live_bytes(cache) > bytes) {
        const uint32_t victim = pxc_lru_victim(cache);
        if (victim == 0) {
            break;
        }
        pxc_evict(cache, victim, PXC_EVICT_TRIM);
    }
    return PXC_OK;
}

pxc_status pxc_trim_older(pxc_cache *cache, uint64_t frames)
{
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    pxc_lru_settle(cache);
    for (uint32_t victim = pxc_lru_victim(cache); victim != 0; victim = pxc_lru_victim(cache)) {
        /* Right for ages below 2^32 frames, over two years at 60 frames a second; an older entry is taken later. */
        const uint32_t age_frames = cache->frame - pxc_entry_at(cache, victim)->frame;
        if (age_frames <= frames) {
            break; /* the rest was used later */
        }
        pxc_evict(cache, victim, PXC_EVICT_TRIM);
    }
    return PXC_OK;
}
