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
        pxc_entry *victim = pxc_lru_victim(cache);
        if (victim == NULL) {
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
    const uint64_t now = pxc_frame_of(cache->clock);
    for (pxc_entry *victim = pxc_lru_victim(cache); victim != NULL; victim = pxc_lru_victim(cache)) {
        if (now - pxc_frame_of(victim->stamp) <= frames) {
            break; /* the rest was used later */
        }
        pxc_evict(cache, victim, PXC_EVICT_TRIM);
    }
    return PXC_OK;
}
