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
    if (cache->backend.tell_upload != NULL) {
        pxc_upload_info info = {0};
        cache->backend.tell_upload(cache->gpu, &info);
        out->upload_way = (uint64_t)info.way;
        out->probe_direct_us_per_mib = info.probe_direct_us_per_mib;
        out->probe_buffers_us_per_mib = info.probe_buffers_us_per_mib;
    }
    return PXC_OK;
}
