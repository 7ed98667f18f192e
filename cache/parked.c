/* Pinned entries that the eviction met, and their way back.
 *
 * Left in the lru list they would be met again at every boundary. So the first meeting moves them to the parked list,
 * and the unpin, which must be quick however many there are, to the returned list, in no order. When the list is next
 * brought up to date, the returned ones are sorted by their last use and merged into the old end of the lru list, where they
 * belong: everything that was more recent when they were parked still is, unless it was parked too.
 */
#include "cache.h"

void pxc_park(pxc_cache *cache, uint32_t slot)
{
    pxc_lru_detach(cache, slot);
    pxc_lru_link_before(cache, PXC_PARKED, slot);
    pxc_entry_at(cache, slot)->parked = 1;
    ++cache->parked_count;
}

void pxc_unpark(pxc_cache *cache, uint32_t slot)
{
    pxc_lru_detach(cache, slot);
    pxc_lru_link_before(cache, PXC_RETURNED, slot);
}

/* Their slots, sorted by last use, in the log or its spare: the log is empty. */
static const uint32_t *sort_returned(pxc_cache *cache, uint32_t *count)
{
    uint32_t slot = cache->links[PXC_RETURNED].next;
    for (*count = 0; slot != PXC_RETURNED; slot = cache->links[slot].next) {
        cache->log[(*count)++] = slot;
    }
    return pxc_sort_by_stamp(cache, cache->log, cache->scratch, *count);
}

void pxc_take_back_returned(pxc_cache *cache)
{
    if (cache->links[PXC_RETURNED].next == PXC_RETURNED) {
        return;
    }
    uint32_t count = 0;
    const uint32_t *slots = sort_returned(cache, &count);
    cache->links[PXC_RETURNED] = (pxc_links){PXC_RETURNED, PXC_RETURNED};
    uint32_t at = cache->links[PXC_LRU].next;
    for (uint32_t i = 0; i < count; ++i) {
        pxc_entry *entry = pxc_entry_at(cache, slots[i]);
        while (pxc_entry_at(cache, at)->stamp < entry->stamp) {
            at = cache->links[at].next; /* ends at the sentinel, whose stamp is the largest */
        }
        pxc_lru_link_before(cache, at, slots[i]);
        entry->parked = 0;
        --cache->parked_count;
    }
}
