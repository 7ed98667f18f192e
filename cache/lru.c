/* Order of use, exact, at one cache line a find.
 *
 * Moving an entry to the front of a linked list touches its two neighbours: three cache misses where one is due. So a
 * use only writes the entry's stamp, which lies in the line that the find has read anyway, and appends the slot to the
 * log. At the frame boundary (and wherever else the order matters) the log is read from its end, and each slot that is
 * met for the first time goes before those that were met earlier: the list's new recent end.
 *
 *   log    s7 s3 s9 s3        read backwards: s3, s9, (s3 again: it has its place), s7
 *   list   ... s7 s9 s3
 *
 * The log has room for every slot once, and for some repeats. When these are used up, a slot is logged only at its first
 * use, so that a find stays constant in time and never allocates, and the log is sorted by stamp before it is read.
 *
 * A stamp is | frame: 40 bits | use in the frame: 24 bits |, so that it also tells an entry's age in frames. A frame of
 * more than 16 million uses runs on into the next number, and counts as two.
 *
 * Pinned entries stay in the list until the eviction meets them; then parked.c has them.
 */
#include "cache.h"

#ifdef __GNUC__
#define PREFETCH(address) __builtin_prefetch(address, 1)
#else
#define PREFETCH(address) ((void)(address))
#endif

void pxc_lru_link_before(pxc_cache *cache, uint32_t next, uint32_t slot)
{
    pxc_links *links = cache->links;
    const uint32_t prev = links[next].prev;
    links[slot] = (pxc_links){prev, next};
    links[prev].next = slot;
    links[next].prev = slot;
}

enum { PREFETCH_AHEAD = 8 };

#define PLACED (UINT32_C(1) << 31) /* in links.prev, beside the slot */

/* The used entries in order of their last use, taken out of their lists and linked to one another. */
typedef struct chain {
    uint32_t first, last; /* 0 = none */
} chain;

/* Each that has its place is marked, until unmark. What died since its use is skipped. */
static chain build_chain(pxc_cache *cache, const uint32_t *log, uint32_t count)
{
    pxc_links *links = cache->links;
    chain used = {0};
    for (uint32_t i = count; i-- > 0;) {
        if (i >= PREFETCH_AHEAD) {
            const pxc_links ahead = links[log[i - PREFETCH_AHEAD]];
            PREFETCH(&links[ahead.prev & PXC_SLOT_MASK]);
            PREFETCH(&links[ahead.next]);
        }
        const uint32_t slot = log[i];
        if (links[slot].prev >= PXC_UNLINKED) {
            continue;
        }
        pxc_lru_detach(cache, slot);
        links[slot] = (pxc_links){PLACED, used.first};
        if (used.first != 0) {
            links[used.first].prev = slot | PLACED;
        } else {
            used.last = slot;
        }
        used.first = slot;
    }
    return used;
}

/* By the log, because a walk along the chain would wait for each link. */
static void unmark(pxc_links *links, const uint32_t *log, uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i) {
        links[log[i]].prev &= ~PLACED;
    }
}

static void append(pxc_links *links, chain used)
{
    const uint32_t end = links[PXC_LRU].prev;
    links[end].next = used.first;
    links[used.first].prev = end;
    links[used.last].next = PXC_LRU;
    links[PXC_LRU].prev = used.last;
}

/* Of parked entries, those that were used come back into the list. */
static void forget_parking(pxc_cache *cache)
{
    for (uint32_t i = 0; i < cache->log_count && cache->parked_count != 0; ++i) {
        pxc_entry *entry = pxc_entry_at(cache, cache->log[i]);
        cache->parked_count -= entry->parked;
        entry->parked = 0;
    }
}

/* Leaves each slot that is alive once in the log, in no order that counts. Without a branch, which would be mispredicted
 * as often as not. */
static void drop_repeats(pxc_cache *cache)
{
    pxc_links *links = cache->links;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < cache->log_count; ++i) {
        const uint32_t slot = cache->log[i];
        const uint32_t prev = links[slot].prev;
        const uint32_t is_first = prev < PXC_UNLINKED;
        links[slot].prev = prev | is_first << 31;
        cache->log[kept] = slot;
        kept += is_first;
    }
    cache->log_count = kept;
    unmark(links, cache->log, kept);
}

void pxc_lru_settle(pxc_cache *cache)
{
    const uint32_t *log = cache->log;
    if (cache->repeats_left == 0) {
        drop_repeats(cache);
        log = pxc_sort_by_stamp(cache, cache->log, cache->scratch, cache->log_count);
    }
    forget_parking(cache);
    const chain used = build_chain(cache, log, cache->log_count);
    if (used.first != 0) {
        unmark(cache->links, log, cache->log_count);
        append(cache->links, used);
    }
    cache->log_base = cache->clock;
    cache->log_count = 0;
    cache->repeats_left = cache->chunk_capacity * PXC_REPEATS_PER_CHUNK;
    pxc_take_back_returned(cache);
}

pxc_entry *pxc_lru_victim(pxc_cache *cache)
{
    for (uint32_t oldest = cache->links[PXC_LRU].next; oldest != PXC_LRU;
         oldest = cache->links[PXC_LRU].next) {
        pxc_entry *entry = pxc_entry_at(cache, oldest);
        if (entry->pins == 0) {
            return entry;
        }
        pxc_park(cache, oldest);
    }
    return NULL;
}
