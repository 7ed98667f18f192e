/* Names to slots: a hash table that stores hashes, so a lookup reads the text of the one entry that it finds.
 *
 * Open addressing with linear probing that wraps around. A bucket's home is the top bits of its hash. Removal shifts
 * the rest of the run back, so there are no tombstones, and a million names that come and go leave no trace. Because
 * doubling splits a home into two neighbours, it reads the old table and writes the new one front to back, without
 * reading a name or an entry.
 */
#include "cache.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { FIRST_BITS = 6, LAST_BITS = 28 };

static uint32_t bucket_count(const pxc_names *names)
{
    return names->buckets == NULL ? 0 : UINT32_C(1) << names->bits;
}

static uint32_t home_of(const pxc_names *names, uint32_t hash)
{
    return hash >> (32 - names->bits);
}

uint32_t pxc_name_hash(const pxc_cache *cache, const char *text, size_t length_bytes)
{
    return (uint32_t)(XXH3_64bits_withSeed(text, length_bytes, cache->name_seed) >> 32);
}

/* The bucket of a name of this hash, length and text, or the empty one where the probe ended. */
static uint32_t probe(const pxc_cache *cache, const char *text, size_t length_bytes, uint32_t hash)
{
    const pxc_names *names = &cache->names;
    const uint32_t mask = bucket_count(names) - 1;
    uint32_t at = home_of(names, hash);
    for (; names->buckets[at].slot != 0; at = (at + 1) & mask) {
        if (names->buckets[at].hash == hash) {
            const pxc_name *name = pxc_entry_at(cache, names->buckets[at].slot)->name;
            if (name->length_bytes == length_bytes && memcmp(name->text, text, length_bytes) == 0) {
                break;
            }
        }
    }
    return at;
}

uint32_t pxc_names_find(const pxc_cache *cache, const char *text)
{
    if (cache->names.count == 0) {
        return 0;
    }
    const size_t length_bytes = strlen(text);
    return cache->names.buckets[probe(cache, text, length_bytes, pxc_name_hash(cache, text, length_bytes))]
        .slot;
}

/* The bucket that holds slot; its entry's name is in the table. */
static uint32_t bucket_of(const pxc_cache *cache, uint32_t slot)
{
    const pxc_names *names = &cache->names;
    const uint32_t mask = bucket_count(names) - 1;
    uint32_t at = home_of(names, pxc_entry_at(cache, slot)->name->hash);
    while (names->buckets[at].slot != slot) {
        at = (at + 1) & mask;
    }
    return at;
}

static void put(pxc_names *names, pxc_bucket bucket)
{
    const uint32_t mask = bucket_count(names) - 1;
    uint32_t at = home_of(names, bucket.hash);
    while (names->buckets[at].slot != 0) {
        at = (at + 1) & mask;
    }
    names->buckets[at] = bucket;
    ++names->count;
}

/* Moves all buckets to a table of 2^bits, which has room for them. */
static pxc_status resize(pxc_cache *cache, uint32_t bits)
{
    const pxc_names old = cache->names;
    pxc_names resized = {.bits = bits};
    const size_t size_bytes = sizeof(pxc_bucket) << bits;
    resized.buckets = pxc_malloc(&cache->alloc, size_bytes);
    if (resized.buckets == NULL) {
        return PXC_ERR_MEMORY;
    }
    memset(resized.buckets, 0, size_bytes);
    for (uint32_t at = 0; at < bucket_count(&old); ++at) {
        if (old.buckets[at].slot != 0) {
            put(&resized, old.buckets[at]);
        }
    }
    pxc_free(&cache->alloc, old.buckets);
    cache->names = resized;
    return PXC_OK;
}

static pxc_status grow(pxc_cache *cache)
{
    const uint32_t bits = cache->names.buckets == NULL ? FIRST_BITS : cache->names.bits + 1;
    return bits > LAST_BITS ? PXC_ERR_FULL : resize(cache, bits);
}

void pxc_names_shrink(pxc_cache *cache)
{
    const pxc_names *names = &cache->names;
    if (names->count == 0) {
        pxc_names_destroy(cache);
    } else if (names->count < bucket_count(names) / 16 && names->bits > FIRST_BITS) {
        resize(cache, names->bits - 2); /* a quarter full at most; without memory it stays as it is */
    }
}

pxc_status pxc_names_reserve(pxc_cache *cache)
{
    const uint64_t count = bucket_count(&cache->names);
    /* Three quarters full at most: a miss then reads 8.5 buckets on average, about one cache line.
     * Source: Knuth, The Art of Computer Programming, volume 3, section 6.4, linear probing. */
    return (uint64_t)cache->names.count + 1 <= count / 4 * 3 ? PXC_OK : grow(cache);
}

pxc_name *pxc_name_create(const pxc_cache *cache, const char *text)
{
    const size_t length_bytes = strlen(text);
    if (length_bytes >= UINT32_MAX - sizeof(pxc_name)) {
        return NULL;
    }
    pxc_name *name = pxc_malloc(&cache->alloc, sizeof(pxc_name) + length_bytes + 1);
    if (name != NULL) {
        name->hash = pxc_name_hash(cache, text, length_bytes);
        name->length_bytes = (uint32_t)length_bytes;
        memcpy(name->text, text, length_bytes + 1);
    }
    return name;
}

void pxc_names_add(pxc_cache *cache, uint32_t slot)
{
    put(&cache->names, (pxc_bucket){.hash = pxc_entry_at(cache, slot)->name->hash, .slot = slot});
}

void pxc_names_remove(pxc_cache *cache, uint32_t slot)
{
    pxc_names *names = &cache->names;
    const uint32_t mask = bucket_count(names) - 1;
    uint32_t hole = bucket_of(cache, slot);
    for (uint32_t at = (hole + 1) & mask; names->buckets[at].slot != 0; at = (at + 1) & mask) {
        /* A bucket may move into the hole if that lies between its home and where it is. */
        const uint32_t from_home = (at - home_of(names, names->buckets[at].hash)) & mask;
        if (from_home >= ((at - hole) & mask)) {
            names->buckets[hole] = names->buckets[at];
            hole = at;
        }
    }
    names->buckets[hole] = (pxc_bucket){0};
    --names->count;
}

void pxc_names_move(pxc_cache *cache, uint32_t from_slot, uint32_t to_slot)
{
    pxc_entry *from = pxc_entry_at(cache, from_slot);
    cache->names.buckets[bucket_of(cache, from_slot)].slot = to_slot;
    pxc_entry_at(cache, to_slot)->name = from->name;
    from->name = NULL;
}

void pxc_names_destroy(pxc_cache *cache)
{
    pxc_free(&cache->alloc, cache->names.buckets);
    cache->names = (pxc_names){0};
}
