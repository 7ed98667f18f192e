/* Pins: counted protection from eviction. Where a pinned entry lies is lru.c's. */
#include "cache.h"

void pxc_pin_entry(pxc_cache *cache, pxc_entry *entry)
{
    if (entry->pins++ == 0) {
        cache->stats.pinned_bytes += entry->image.cost_bytes;
    }
}

void pxc_unpin_entry(pxc_cache *cache, pxc_entry *entry)
{
    if (--entry->pins == 0) {
        cache->stats.pinned_bytes -= entry->image.cost_bytes;
        if (entry->parked) {
            pxc_unpark(cache, pxc_slot_of(entry));
        }
    }
}

pxc_status pxc_pin(pxc_cache *cache, pxc_key key)
{
    pxc_entry *entry = NULL;
    const pxc_status status = pxc_enter_with_key(cache, key, &entry);
    if (status != PXC_OK) {
        return status;
    }
    if (entry->pins == UINT32_MAX - 1) { /* one is left for insert.c, which pins what must survive a trim */
        return PXC_ERR_FULL;
    }
    pxc_pin_entry(cache, entry);
    return PXC_OK;
}

pxc_status pxc_unpin(pxc_cache *cache, pxc_key key)
{
    pxc_entry *entry = NULL;
    const pxc_status status = pxc_enter_with_key(cache, key, &entry);
    if (status != PXC_OK) {
        return status;
    }
    if (entry->pins == 0) {
        return PXC_ERR_ARGUMENT;
    }
    pxc_unpin_entry(cache, entry);
    return PXC_OK;
}
