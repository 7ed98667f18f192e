/* Slots and generations: what makes a key find its own image only.
 *
 * A slot's generations run through all 2^38 values in odd steps, from a start that lies an odd step behind that of the
 * slot before. Seed and both steps differ between caches. So a key with a changed bit, or from another cache, does not
 * meet a live generation by neighbourhood: what is left is one chance in 2^38. A slot that comes back to its first
 * generation is retired: its keys would repeat.
 *
 * Chunks are freed again when the last ones are empty and few entries are left, so that a peak does not hold memory.
 *
 * Every slot has room reserved in log and scratch, so nothing that uses an entry or ends its life can fail.
 */
#include "cache.h"

#include <string.h>

#define GENERATION_MASK (UINT64_MAX >> PXC_SLOT_BITS)

_Static_assert(sizeof(pxc_entry) <= 64, "an entry fills one cache line");

uint64_t pxc_slot_first_generation(const pxc_cache *cache, uint32_t slot)
{
    return (cache->key_seed + slot * cache->slot_step) & GENERATION_MASK;
}

/* Gives a table room for so many numbers. */
static bool resize_numbers(pxc_cache *cache, uint32_t **table, size_t count)
{
    uint32_t *resized = pxc_realloc(&cache->alloc, *table, count * sizeof **table);
    if (resized != NULL) {
        *table = resized;
    }
    return resized != NULL;
}

/* Gives the tables room for so many chunks. Those that have grown when a later one fails do no harm. */
static bool resize_tables(pxc_cache *cache, uint32_t capacity)
{
    if (capacity < cache->chunk_capacity) {
        cache->chunk_capacity =
            capacity; /* first: one table may shrink and the other not; the log is empty */
        cache->repeats_left = capacity * PXC_REPEATS_PER_CHUNK;
    }
    pxc_entry **chunks = pxc_realloc(&cache->alloc, cache->chunks, capacity * sizeof(pxc_entry *));
    if (chunks == NULL) {
        return false;
    }
    cache->chunks = chunks;
    const size_t slots = (size_t)capacity * PXC_CHUNK_ENTRIES;
    pxc_links *links = pxc_realloc(&cache->alloc, cache->links, slots * sizeof *links);
    if (links == NULL) {
        return false;
    }
    cache->links = links;
    if (!resize_numbers(cache, &cache->log, slots + (size_t)capacity * PXC_REPEATS_PER_CHUNK) ||
        !resize_numbers(cache, &cache->scratch, slots) ||
        (cache->packs && !resize_numbers(cache, &cache->span_of, slots))) {
        return false;
    }
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
    if (count == cache->chunk_capacity && !resize_tables(cache, count + count / 8 + 1)) {
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
        cache->links[slot] = (pxc_links){slot, slot};
        sentinel->stamp = UINT64_MAX;
    }
    cache->slot_count = PXC_FIRST_SLOT;
    cache->repeats_left = cache->chunk_capacity * PXC_REPEATS_PER_CHUNK;
    return PXC_OK;
}

void pxc_slots_destroy(pxc_cache *cache)
{
    for (uint32_t i = 0; i < cache->chunk_count; ++i) {
        pxc_free_aligned(&cache->alloc, cache->chunks[i]);
    }
    pxc_free(&cache->alloc, cache->chunks);
    pxc_free(&cache->alloc, cache->links);
    pxc_free(&cache->alloc, cache->log);
    pxc_free(&cache->alloc, cache->scratch);
    pxc_free(&cache->alloc, cache->span_of);
    pxc_free(&cache->alloc, cache->chunk_rounds);
}

pxc_status pxc_slot_reserve(pxc_cache *cache)
{
    if (cache->free_head != 0 || cache->slot_count < cache->chunk_count * PXC_CHUNK_ENTRIES) {
        return PXC_OK;
    }
    return cache->slot_count >= PXC_SLOT_LIMIT - PXC_CHUNK_ENTRIES ? PXC_ERR_FULL : add_chunk(cache);
}

pxc_entry *pxc_slot_take(pxc_cache *cache)
{
    uint32_t slot = cache->free_head;
    pxc_entry *entry = NULL;
    uint64_t generation = 0;
    if (slot != 0) {
        entry = pxc_entry_at(cache, slot);
        cache->free_head = cache->links[slot].next;
        generation = entry->id >> PXC_SLOT_BITS;
    } else {
        slot = cache->slot_count++;
        entry = pxc_entry_at(cache, slot);
        const uint64_t rounds = cache->chunk_rounds[slot / PXC_CHUNK_ENTRIES];
        generation = pxc_slot_first_generation(cache, slot) + rounds * cache->generation_step;
    }
    entry->id = generation << PXC_SLOT_BITS | slot; /* the shift drops what is above 38 bits */
    entry->stamp = 0;
    entry->name = NULL;
    entry->name_hash = 0;
    cache->links[slot] = (pxc_links){slot, slot};
    entry->pins = 0;
    entry->parked = entry->doomed = 0;
    entry->page = 0;
    return entry;
}

void pxc_slot_give(pxc_cache *cache, pxc_entry *entry, uint32_t slot)
{
    const uint64_t generation = ((entry->id >> PXC_SLOT_BITS) + cache->generation_step) & GENERATION_MASK;
    const bool retires = generation == pxc_slot_first_generation(cache, slot);
    entry->id = generation << PXC_SLOT_BITS;
    entry->image.texture = 0;
    entry->doomed = 0;
    if (retires) {
        cache->links[slot] = (pxc_links){PXC_UNLINKED, 0};
        ++cache->retired_slots;
    } else {
        cache->links[slot] = (pxc_links){PXC_UNLINKED, cache->free_head};
        cache->free_head = slot;
    }
}

/* Of a slot without texture: every other one that was ever given out has left its first generation behind. */
static bool is_retired(const pxc_cache *cache, uint32_t slot)
{
    return pxc_entry_at(cache, slot)->id >> PXC_SLOT_BITS == pxc_slot_first_generation(cache, slot);
}

/* The generations that the chunk's slots have behind them at most; UINT64_MAX if the chunk must stay, because a slot is
 * in use or retired. */
static uint64_t rounds_behind(const pxc_cache *cache, uint32_t first_slot)
{
    uint64_t most = 0;
    for (uint32_t slot = first_slot; slot < cache->slot_count; ++slot) {
        const pxc_entry *entry = pxc_entry_at(cache, slot);
        if (entry->image.texture != 0 || is_retired(cache, slot)) {
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
        if (pxc_entry_at(cache, slot)->image.texture == 0 && !is_retired(cache, slot)) {
            cache->links[slot] = (pxc_links){PXC_UNLINKED, cache->free_head};
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
