/* Names to slots: a hash table that is read by cache lines.
 *
 *   group (64 bytes)   tags[10]  passed  slots[10]
 *                      |                 `- the entries that have the names
 *                      `- 16 bits of each name's hash, all ten compared at once; 0 = empty
 *
 * A name's home is the group that its hash tells. If that is full, the name goes to the next group with room, and every
 * group that it passed counts it; so a search ends at the first group that no name has passed, and a
 * removal, which counts down again, leaves no trace. A find reads one group, one entry and one text: the 16 bits are
 * wrong once in some thousand times, and nine of ten searches end in their first group.
 * Why not linear probing: its length differs from name to name, so the processor mispredicts it, and then can not read
 * ahead to the next find's lines, which costs more than the reads (a missing name among 1,000: 30 ns, now 11).
 * Source: the counting of passed entries is F14's (Bronson and Shi, Meta, 2019); that tags are compared at once, the
 * Swiss tables' (Kulukundis, CppCon 2017).
 */
#include "cache.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    FIRST_GROUPS = 8,
    MOST_GROUPS = 10000000, /* 70 million names: more than slots */
    /* Names for each group when the table grows, by half: one in 50 then lies outside its home, and one miss in ten
     * looks into a second group. With eight, misses take twice as long. */
    FULL = 7
};

_Static_assert(sizeof(pxc_group) == 64, "a group fills one cache line");

static uint32_t next_group(const pxc_names *names, uint32_t group)
{
    return group + 1 == names->group_count ? 0 : group + 1;
}

/* Source: Lemire, Fast random integer generation in an interval, ACM TOMACS 29, 2019: a product instead of a division,
 * for any number of groups. */
uint32_t pxc_name_home(const pxc_names *names, uint32_t hash)
{
    return (uint32_t)((uint64_t)hash * names->group_count >> 32);
}

uint16_t pxc_name_tag(uint32_t hash)
{
    return (uint16_t)(hash | 1);
}

static inline pxc_query query_of(const pxc_cache *cache, const char *text)
{
    const size_t length_bytes = strlen(text);
    const uint64_t hash = XXH3_64bits_withSeed(text, length_bytes, cache->name_seed);
    return (pxc_query){text, length_bytes, (uint32_t)(hash >> 32)};
}

pxc_query pxc_name_query(const pxc_cache *cache, const char *text)
{
    return query_of(cache, text);
}

/* Bit i is set if tags[i] is this one. */
static uint32_t match(const pxc_group *group, uint16_t tag)
{
#ifdef __SSE2__
    /* Tags 0 to 7, and 2 to 9 of which the last two are needed. */
    const __m128i wanted = _mm_set1_epi16((short)tag);
    const __m128i low = _mm_loadu_si128((const __m128i *)(const void *)&group->tags[0]);
    const __m128i high = _mm_loadu_si128((const __m128i *)(const void *)&group->tags[2]);
    const __m128i equal = _mm_packs_epi16(_mm_cmpeq_epi16(low, wanted), _mm_cmpeq_epi16(high, wanted));
    const uint32_t bits = (uint32_t)_mm_movemask_epi8(equal);
    return (bits & 0xFF) | (bits >> 6 & 0x300);
#else
    uint32_t bits = 0;
    for (uint32_t i = 0; i < PXC_GROUP_NAMES; ++i) {
        bits |= (uint32_t)(group->tags[i] == tag) << i;
    }
    return bits;
#endif
}

static uint32_t lowest_bit(uint32_t bits)
{
#ifdef __GNUC__
    return (uint32_t)__builtin_ctz(bits);
#else
    uint32_t at = 0;
    for (; (bits & 1) == 0; bits >>= 1) {
        ++at;
    }
    return at;
#endif
}

/* The entry that the lowest of the matching bits leads to, if that is its name. */
static pxc_entry *called(const pxc_cache *cache, const pxc_group *group, uint32_t bits,
                         const pxc_query *query)
{
    pxc_entry *entry = pxc_entry_at(cache, group->slots[lowest_bit(bits)]);
    return pxc_name_is(entry->name, query->text, query->length_bytes) ? entry : NULL;
}

PXC_RARE static pxc_entry *search(const pxc_cache *cache, const pxc_query *query)
{
    const pxc_names *names = &cache->names;
    for (uint32_t at = pxc_name_home(names, query->hash);; at = next_group(names, at)) {
        const pxc_group *group = &names->groups[at];
        for (uint32_t bits = match(group, pxc_name_tag(query->hash)); bits != 0; bits &= bits - 1) {
            pxc_entry *entry = called(cache, group, bits, query);
            if (entry != NULL) {
                return entry;
            }
        }
        if (group->passed == 0) {
            return NULL;
        }
    }
}

/* The first look decides nearly always; without loops it needs half the instructions of search. */
static inline pxc_entry *find(const pxc_cache *cache, const pxc_query *query)
{
    const pxc_names *names = &cache->names;
    if (names->count == 0) {
        return NULL;
    }
    const pxc_group *group = &names->groups[pxc_name_home(names, query->hash)];
    const uint32_t bits = match(group, pxc_name_tag(query->hash));
    if (bits == 0 && group->passed == 0) {
        return NULL;
    }
    pxc_entry *entry = bits == 0 ? NULL : called(cache, group, bits, query);
    return entry != NULL ? entry : search(cache, query);
}

pxc_entry *pxc_names_find(const pxc_cache *cache, const pxc_query *query)
{
    return find(cache, query);
}

pxc_entry *pxc_names_find_text(const pxc_cache *cache, const char *text)
{
    const pxc_query query = query_of(cache, text);
    return find(cache, &query);
}

/* The place of an entry whose name is in the table. */
static uint32_t *place_of(const pxc_cache *cache, const pxc_entry *entry)
{
    const pxc_names *names = &cache->names;
    const uint32_t slot = pxc_slot_of(entry);
    for (uint32_t at = pxc_name_home(names, entry->name_hash);; at = next_group(names, at)) {
        pxc_group *group = &names->groups[at];
        for (uint32_t bits = match(group, pxc_name_tag(entry->name_hash)); bits != 0; bits &= bits - 1) {
            uint32_t *place = &group->slots[lowest_bit(bits)];
            if (*place == slot) {
                return place;
            }
        }
    }
}

/* Into the first group from its home on that has room. */
static void put(pxc_names *names, uint32_t hash, uint32_t slot)
{
    pxc_group *group = &names->groups[pxc_name_home(names, hash)];
    uint32_t empty = match(group, 0);
    while (empty == 0) {
        ++group->passed;
        group = &names->groups[next_group(names, (uint32_t)(group - names->groups))];
        empty = match(group, 0);
    }
    const uint32_t i = lowest_bit(empty);
    group->tags[i] = pxc_name_tag(hash);
    group->slots[i] = slot;
    ++names->count;
}

/* Moves all names to a table of so many groups, which has room for them. */
static pxc_status resize(pxc_cache *cache, uint32_t group_count)
{
    const pxc_names old = cache->names;
    pxc_names resized = {.group_count = group_count};
    const size_t size_bytes = group_count * sizeof(pxc_group);
    resized.groups = pxc_malloc_aligned(&cache->alloc, size_bytes, sizeof(pxc_group));
    if (resized.groups == NULL) {
        return PXC_ERR_MEMORY;
    }
    memset(resized.groups, 0, size_bytes);
    for (uint32_t at = 0; at < old.group_count; ++at) {
        for (uint32_t i = 0; i < PXC_GROUP_NAMES; ++i) {
            if (old.groups[at].tags[i] != 0) {
                const uint32_t slot = old.groups[at].slots[i];
                put(&resized, pxc_entry_at(cache, slot)->name_hash, slot);
            }
        }
    }
    pxc_free_aligned(&cache->alloc, old.groups);
    cache->names = resized;
    return PXC_OK;
}

static pxc_status grow(pxc_cache *cache)
{
    const uint32_t count = cache->names.group_count;
    const uint32_t more = count == 0 ? FIRST_GROUPS : count + count / 2;
    return more > MOST_GROUPS ? PXC_ERR_FULL : resize(cache, more);
}

void pxc_names_shrink(pxc_cache *cache)
{
    const pxc_names *names = &cache->names;
    if (names->count == 0) {
        pxc_names_destroy(cache);
    } else if (names->group_count > FIRST_GROUPS && names->count < names->group_count / 2) {
        resize(cache, FIRST_GROUPS + names->group_count / 4); /* without memory it stays as it is */
    }
}

pxc_status pxc_names_reserve(pxc_cache *cache)
{
    return cache->names.count < (uint64_t)cache->names.group_count * FULL ? PXC_OK : grow(cache);
}

pxc_name *pxc_name_create(const pxc_cache *cache, const pxc_query *query)
{
    if (query->length_bytes >= UINT32_MAX - sizeof(pxc_name)) {
        return NULL;
    }
    pxc_name *name = pxc_malloc(&cache->alloc, sizeof(pxc_name) + query->length_bytes + 1);
    if (name != NULL) {
        name->length_bytes = (uint32_t)query->length_bytes;
        memcpy(name->text, query->text, query->length_bytes + 1);
    }
    return name;
}

void pxc_names_add(pxc_cache *cache, pxc_entry *entry, pxc_name *name, uint32_t hash)
{
    entry->name = name;
    entry->name_hash = hash;
    put(&cache->names, hash, pxc_slot_of(entry));
}

void pxc_names_remove(pxc_cache *cache, const pxc_entry *entry)
{
    pxc_names *names = &cache->names;
    const uint32_t *place = place_of(cache, entry);
    const uint32_t there =
        (uint32_t)((size_t)((const char *)place - (char *)names->groups) / sizeof(pxc_group));
    names->groups[there].tags[place - names->groups[there].slots] = 0;
    for (uint32_t at = pxc_name_home(names, entry->name_hash); at != there; at = next_group(names, at)) {
        --names->groups[at].passed;
    }
    --names->count;
}

void pxc_names_move(pxc_cache *cache, pxc_entry *from, pxc_entry *to)
{
    *place_of(cache, from) = pxc_slot_of(to);
    to->name = from->name;
    to->name_hash = from->name_hash;
    from->name = NULL;
}

void pxc_names_destroy(pxc_cache *cache)
{
    pxc_free_aligned(&cache->alloc, cache->names.groups);
    cache->names = (pxc_names){0};
}
