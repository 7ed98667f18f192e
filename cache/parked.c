/* Pinned entries that the eviction met, and their way back.
 *
 * Left in the lru list they would be met again at every boundary. So the first meeting moves them to the parked list,
 * and the unpin, which must be quick however many there are, to the returned list, in no order. Before the next victim
 * is chosen, the returned ones are sorted by their last use and merged into the old end of the lru list, where they
 * belong: everything that was more recent when they were parked still is, unless it was parked too.
 */
#include "cache.h"

static uint64_t stamp_of(const pxc_cache *cache, uint32_t slot)
{
    return pxc_entry_at(cache, slot)->stamp;
}

void pxc_park(pxc_cache *cache, uint32_t slot)
{
    pxc_lru_detach(cache, slot);
    pxc_lru_link_before(cache, PXC_PARKED, slot);
    pxc_entry_at(cache, slot)->flags |= PXC_FLAG_PARKED;
}

void pxc_unpark(pxc_cache *cache, uint32_t slot)
{
    pxc_lru_detach(cache, slot);
    pxc_lru_link_before(cache, PXC_RETURNED, slot);
}

/* Merges two lists, linked by next up to 0 and sorted by stamp. */
static uint32_t merge(const pxc_cache *cache, uint32_t a, uint32_t b)
{
    uint32_t first = 0;
    uint32_t *end = &first;
    while (a != 0 && b != 0) {
        uint32_t *lesser = stamp_of(cache, a) < stamp_of(cache, b) ? &a : &b;
        *end = *lesser;
        end = &pxc_entry_at(cache, *lesser)->next;
        *lesser = *end;
    }
    *end = a != 0 ? a : b;
    return first;
}

/* Merge sort without memory: run[i] is a sorted list of 2^i entries, or 0. */
static uint32_t sort(const pxc_cache *cache, uint32_t slot)
{
    uint32_t run[PXC_SLOT_BITS] = {0};
    while (slot != 0) {
        pxc_entry *entry = pxc_entry_at(cache, slot);
        uint32_t carried = slot;
        slot = entry->next;
        entry->next = 0;
        uint32_t i = 0;
        for (; run[i] != 0; ++i) {
            carried = merge(cache, run[i], carried);
            run[i] = 0;
        }
        run[i] = carried;
    }
    uint32_t sorted = 0;
    for (uint32_t i = 0; i < PXC_SLOT_BITS; ++i) {
        sorted = merge(cache, run[i], sorted);
    }
    return sorted;
}

void pxc_take_back_returned(pxc_cache *cache)
{
    pxc_entry *returned = pxc_entry_at(cache, PXC_RETURNED);
    if (returned->next == PXC_RETURNED) {
        return;
    }
    pxc_entry_at(cache, returned->prev)->next = 0;
    uint32_t slot = sort(cache, returned->next);
    returned->prev = returned->next = PXC_RETURNED;
    uint32_t at = pxc_entry_at(cache, PXC_LRU)->next;
    while (slot != 0) {
        pxc_entry *entry = pxc_entry_at(cache, slot);
        const uint32_t next = entry->next;
        while (stamp_of(cache, at) < entry->stamp) {
            at = pxc_entry_at(cache, at)->next; /* ends at the sentinel, whose stamp is the largest */
        }
        pxc_lru_link_before(cache, at, slot);
        entry->flags &= (uint8_t)~PXC_FLAG_PARKED;
        slot = next;
    }
}
