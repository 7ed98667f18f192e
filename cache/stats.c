/* The cache's numbers, read from outside. */
#include "cache.h"

size_t pxc_limit(const pxc_cache *cache)
{
    return pxc_enter(cache) == PXC_OK ? (size_t)cache->stats.limit_bytes : 0;
}

size_t pxc_used(const pxc_cache *cache)
{
    return pxc_enter(cache) == PXC_OK ? (size_t)cache->stats.used_bytes : 0;
}

pxc_status pxc_get_stats(const pxc_cache *cache, pxc_stats *out)
{
    if (out != NULL) {
        *out = (pxc_stats){0};
    }
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    if (out == NULL) {
        return PXC_ERR_ARGUMENT;
    }
    *out = cache->stats;
    out->pending_bytes = atomic_load_explicit(&cache->mailbox.bytes, memory_order_relaxed);
    return PXC_OK;
}
