/* Slots and generations: what makes a key find its own image only.
 *
 * A slot's generations run through all 2^38 values from a start that depends on the slot and on a seed of the cache,
 * in odd steps, which differ between caches too. So a key with a changed bit, or from another cache, does not meet a
 * live generation by neighbourhood: what is left is one chance in 2^38. A slot that comes back to its first
 * generation is retired: its keys would repeat.
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

static pxc_status add_chunk(pxc_cache *cache)
{
    const uint32_t count = cache->chunk_count;
    if (count == cache->chunk_capacity) {
        const uint32_t capacity = count == 0 ? 4 : count * 2;
        pxc_entry **chunks = pxc_realloc(&cache->alloc, cache->chunks, capacity * sizeof(pxc_entry *));
        if (chunks == NULL) {
            return PXC_ERR_MEMORY;
        }
        cache->chunks = chunks;
        uint32_t *names = pxc_realloc(&cache->alloc, cache->dying_names,
                                      (size_t)capacity * PXC_CHUNK_ENTRIES * sizeof(uint32_t));
        if (names == NULL) {
            return PXC_ERR_MEMORY; /* the longer chunk table does no harm */
        }
        cache->dying_names = names;
        cache->chunk_capacity = capacity;
    }
    pxc_entry *chunk = pxc_malloc_aligned(&cache->alloc, PXC_CHUNK_ENTRIES * sizeof(pxc_entry), 64);
    if (chunk == NULL) {
        return PXC_ERR_MEMORY;
    }
    cache->chunks[count] = chunk;
    cache->chunk_count = count + 1;
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
        generation = pxc_slot_first_generation(cache, slot);
    }
    memset(entry, 0, sizeof *entry);
    entry->id = generation << PXC_SLOT_BITS | slot;
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
