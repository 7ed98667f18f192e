/* Order of use, exact, at one cache line a find.
 *
 * Moving an entry to the front of a linked list touches its two neighbours: three cache misses where one is due. So
 * a use only writes the entry's stamp, which lies in the line that the find has read anyway, and appends its slot to
 * a short log. The stamp is the slot's place in the log, counted since creation; a log item counts if its entry still
 * carries that stamp, so of several uses only the last does. When the log is full, and at the frame boundary, the
 * lists are brought up to date: the items in order, each that counts to the recent end.
 *
 *   log_base           log_base + log_count
 *      |  s7  s3  s9  s3  |                       s3 carries the later stamp: it goes behind s9
 *
 * Pinned entries stay in the list until the eviction meets them; then parked.c has them.
 */
#include "cache.h"

#ifdef __GNUC__
#define PREFETCH(address) __builtin_prefetch(address, 1)
#else
#define PREFETCH(address) ((void)(address))
#endif

enum { PREFETCH_AHEAD = 8 };

void pxc_lru_detach(pxc_cache *cache, uint32_t slot)
{
    const pxc_entry *entry = pxc_entry_at(cache, slot);
    pxc_entry_at(cache, entry->prev)->next = entry->next;
    pxc_entry_at(cache, entry->next)->prev = entry->prev;
}

void pxc_lru_link_before(pxc_cache *cache, uint32_t next, uint32_t slot)
{
    pxc_entry *entry = pxc_entry_at(cache, slot);
    pxc_entry *after = pxc_entry_at(cache, next);
    entry->prev = after->prev;
    entry->next = next;
    pxc_entry_at(cache, after->prev)->next = slot;
    after->prev = slot;
}

void pxc_lru_settle(pxc_cache *cache)
{
    const uint32_t count = cache->log_count;
    for (uint32_t i = 0; i < count; ++i) {
        if (i + PREFETCH_AHEAD < count) {
            const pxc_entry *ahead = pxc_entry_at(cache, cache->log[i + PREFETCH_AHEAD]);
            PREFETCH(pxc_entry_at(cache, ahead->prev));
            PREFETCH(pxc_entry_at(cache, ahead->next));
        }
        const uint32_t slot = cache->log[i];
        pxc_entry *entry = pxc_entry_at(cache, slot);
        if (entry->stamp == cache->log_base + i) {
            pxc_lru_detach(cache, slot);
            pxc_lru_link_before(cache, PXC_LRU, slot);
            entry->flags &= (uint8_t)~PXC_FLAG_PARKED;
        }
    }
    cache->log_base += count;
    cache->log_count = 0;
}

void pxc_lru_touch(pxc_cache *cache, uint32_t slot)
{
    if (cache->log_count != 0 && cache->log[cache->log_count - 1] == slot) {
        return; /* already the last */
    }
    if (cache->log_count == PXC_LOG_ENTRIES) {
        pxc_lru_settle(cache);
    }
    pxc_entry *entry = pxc_entry_at(cache, slot);
    entry->stamp = cache->log_base + cache->log_count;
    entry->frame = cache->frame;
    cache->log[cache->log_count++] = slot;
}

void pxc_lru_unlink(pxc_cache *cache, uint32_t slot)
{
    pxc_entry *entry = pxc_entry_at(cache, slot);
    if (entry->stamp >= cache->log_base) {
        cache->log[entry->stamp - cache->log_base] = PXC_LRU; /* the sentinel's stamp equals no place */
    }
    pxc_lru_detach(cache, slot);
    entry->prev = entry->next = slot;
    entry->flags &= (uint8_t)~PXC_FLAG_PARKED;
}

uint32_t pxc_lru_victim(pxc_cache *cache)
{
    const pxc_entry *lru = pxc_entry_at(cache, PXC_LRU);
    pxc_take_back_returned(cache);
    while (lru->next != PXC_LRU) {
        const uint32_t slot = lru->next;
        if (pxc_entry_at(cache, slot)->pins == 0) {
            return slot;
        }
        pxc_park(cache, slot);
    }
    return 0;
}
