/* Slots and generations: what makes a key find its own image only.
 *
 * A slot's generations run through all 2^38 values from a start that depends on the slot and on a seed of the cache,
 * in odd steps, which differ between caches too. So a key with a changed bit, or from another cache, does not meet a
 * live generation by neighbourhood: what is left is one chance in 2^38. A slot that comes back to its first
 * generation is retired: its keys would repeat.
 *
 * Chunks are freed again when the last ones are empty and few entries are left, so that a peak does not hold memory.
 *
 * Every slot has room reserved in dying_names, so nothing that ends an entry's life can fail.
 */
#include "cache.h"

#include <string.h>

#define GENERATION_MASK (UINT64_MAX >> PXC_SLOT_BITS)

_Static_assert(sizeof(pxc_entry) <= 64, "an entry fills one cache line");

/* A bijective mix of 64 bits. Source: the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint64_t pxc_slot_first_generation(const pxc_cache *cache, uint32_t slot)
{
    return mix(cache->key_seed + slot) & GENERATION_MASK;
}

/* Gives the three tables room for so many chunks. Those that have grown when a later one fails do no harm. */
static bool resize_tables(pxc_cache *cache, uint32_t capacity)
{
    if (capacity < cache->chunk_capacity) {
        cache->chunk_capacity = capacity; /* first: one table may shrink and the other not */
    }
    pxc_entry **chunks = pxc_realloc(&cache->alloc, cache->chunks, capacity * sizeof(pxc_entry *));
    if (chunks == NULL) {
        return false;
    }
    cache->chunks = chunks;
    uint32_t *names = pxc_realloc(&cache->alloc, cache->dying_names,
                                  (size_t)capacity * PXC_CHUNK_ENTRIES * sizeof(uint32_t));
    if (names == NULL) {
        return false;
    }
    cache->dying_names = names;
    cache->chunk_capacity = capacity;
    return true;
}

/* chunk_rounds grows with the first chunk at its place and never shrinks: 8 bytes for every 1,024 entries. */
static bool remember_rounds(pxc_cache *cache, uint32_t chunk)
{
    if (chunk < cache->rounds_count) {
        return true;
    }
    uint64_t *rounds =
        pxc_realloc(&cache->alloc, cache->chunk_rounds, ((size_t)chunk + 1) * sizeof *cache->chunk_rounds);
    if (rounds == NULL) {
        return false;
    }
    rounds[chunk] = 0;
    cache->chunk_rounds = rounds;
    cache->rounds_count = chunk + 1;
    return true;
}

static pxc_status add_chunk(pxc_cache *cache)
{
    const uint32_t count = cache->chunk_count;
    if (count == cache->chunk_capacity && !resize_tables(cache, count == 0 ? 4 : count * 2)) {
        return PXC_ERR_MEMORY;
    }
    if (!remember_rounds(cache, count)) {
        return PXC_ERR_MEMORY;
    }
    pxc_entry *chunk = pxc_malloc_aligned(&cache->alloc, PXC_CHUNK_ENTRIES * sizeof(pxc_entry), 64);
    if (chunk == NULL) {
        return PXC_ERR_MEMORY;
    }
    cache->chunks[count] = chunk;
    cache->chunk_count = count + 1;
    cache->shrink_below = (uint64_t)count * PXC_CHUNK_ENTRIES / 8;
    return PXC_OK;
}

pxc_status pxc_slots_create(pxc_cache *cache)
{
    const pxc_status status = add_chunk(cache);
    if (status != PXC_OK) {
        return status;
    }
    for (uint32_t slot = 0; slot < PXC_FIRST_SLOT; ++slot) {
        pxc_entry *sentinel = pxc_entry_at(cache, slot);
        memset(sentinel, 0, sizeof *sentinel);
        sentinel->id =
            PXC_FIRST_SLOT; /* a key with these bits looks in another slot: no key finds a sentinel */
        sentinel->prev = sentinel->next = slot;
        sentinel->stamp = UINT64_MAX;
    }
    cache->slot_count = PXC_FIRST_SLOT;
    return PXC_OK;
}

void pxc_slots_destroy(pxc_cache *cache)
{
    for (uint32_t i = 0; i < cache->chunk_count; ++i) {
        pxc_free_aligned(&cache->alloc, cache->chunks[i]);
    }
    pxc_free(&cache->alloc, cache->chunks);
    pxc_free(&cache->alloc, cache->dying_names);
    pxc_free(&cache->alloc, cache->chunk_rounds);
}

pxc_status pxc_slot_reserve(pxc_cache *cache)
{
    if (cache->free_head != 0 || cache->slot_count < cache->chunk_count * PXC_CHUNK_ENTRIES) {
        return PXC_OK;
    }
    return cache->slot_count >= PXC_SLOT_LIMIT - PXC_CHUNK_ENTRIES ? PXC_ERR_FULL : add_chunk(cache);
}

uint32_t pxc_slot_take(pxc_cache *cache)
{
    uint32_t slot = cache->free_head;
    pxc_entry *entry = NULL;
    uint64_t generation = 0;
    if (slot != 0) {
        entry = pxc_entry_at(cache, slot);
        cache->free_head = entry->next;
        generation = entry->id >> PXC_SLOT_BITS;
    } else {
        slot = cache->slot_count++;
        entry = pxc_entry_at(cache, slot);
        const uint64_t rounds = cache->chunk_rounds[slot / PXC_CHUNK_ENTRIES];
        generation = pxc_slot_first_generation(cache, slot) + rounds * cache->generation_step;
    }
    memset(entry, 0, sizeof *entry);
    entry->id = generation << PXC_SLOT_BITS | slot; /* the shift drops what is above 38 bits */
    entry->prev = entry->next = slot;
    return slot;
}

void pxc_slot_give(pxc_cache *cache, uint32_t slot)
{
    pxc_entry *entry = pxc_entry_at(cache, slot);
    const uint64_t generation = ((entry->id >> PXC_SLOT_BITS) + cache->generation_step) & GENERATION_MASK;
    memset(entry, 0, sizeof *entry);
    entry->id = generation << PXC_SLOT_BITS;
    if (generation == pxc_slot_first_generation(cache, slot)) {
        ++cache->retired_slots;
        return;
    }
    entry->next = cache->free_head;
    cache->free_head = slot;
}

static bool is_retired(const pxc_cache *cache, uint32_t slot)
{
    const pxc_entry *entry = pxc_entry_at(cache, slot);
    return entry->texture == 0 && entry->id >> PXC_SLOT_BITS == pxc_slot_first_generation(cache, slot) &&
           cache->retired_slots != 0;
}

/* The generations that the chunk's slots have behind them at most; UINT64_MAX if the chunk must stay, because a slot is
 * in use or retired. */
static uint64_t rounds_behind(const pxc_cache *cache, uint32_t first_slot)
{
    uint64_t most = 0;
    for (uint32_t slot = first_slot; slot < cache->slot_count; ++slot) {
        const pxc_entry *entry = pxc_entry_at(cache, slot);
        if (entry->texture != 0 || is_retired(cache, slot)) {
            return UINT64_MAX;
        }
        const uint64_t since_first = (entry->id >> PXC_SLOT_BITS) - pxc_slot_first_generation(cache, slot);
        const uint64_t rounds = since_first * cache->step_inverse & GENERATION_MASK;
        most = rounds > most ? rounds : most;
    }
    return most;
}

static void rebuild_free_list(pxc_cache *cache)
{
    cache->free_head = 0;
    for (uint32_t slot = cache->slot_count - 1; slot >= PXC_FIRST_SLOT; --slot) {
        pxc_entry *entry = pxc_entry_at(cache, slot);
        if (entry->texture == 0 && !is_retired(cache, slot)) {
            entry->next = cache->free_head;
            cache->free_head = slot;
        }
    }
}

/* A chunk that comes back later goes on with the generation after the last that any of its slots had, so that keys from
 * before stay stale. Looking costs as much as there are slots, so after a look that many entries must go again before
 * the next. */
void pxc_slots_shrink(pxc_cache *cache)
{
    const uint32_t count_before = cache->chunk_count;
    cache->shrink_below = cache->stats.entries / 2;
    while (cache->chunk_count > 1) {
        const uint32_t last = cache->chunk_count - 1;
        const uint64_t rounds = rounds_behind(cache, last * PXC_CHUNK_ENTRIES);
        if (rounds == UINT64_MAX) {
            break;
        }
        if (rounds > cache->chunk_rounds[last]) {
            cache->chunk_rounds[last] = rounds;
        }
        pxc_free_aligned(&cache->alloc, cache->chunks[last]);
        cache->chunk_count = last;
        if (cache->slot_count > last * PXC_CHUNK_ENTRIES) {
            cache->slot_count = last * PXC_CHUNK_ENTRIES;
        }
    }
    if (cache->chunk_count < count_before) {
        rebuild_free_list(cache);
        resize_tables(cache, cache->chunk_count); /* without memory they stay as they are */
    }
}
