/* pxc_validate notices whatever is wrong: in a cache with entries of every kind one thing at a time is broken, noticed,
 * and repaired. Nothing broken may make it loop or read outside, which is the sanitizers' part of the test. */
#include "../../cache/cache.h"

#include "check.h"

#include <string.h>

enum { FAR = 0x7FFFFFF0 }; /* no slot */

/* One or two entries of each kind. */
typedef struct scene {
    fixture f;
    pxc_cache *cache;
    pxc_entry *settled, *named; /* neighbours in the lru list, in this order */
    pxc_entry *used;            /* in the lru list, its last use in the log */
    pxc_entry *parked, *returned;
    pxc_entry *fresh, *fresh_named; /* in the log alone */
    pxc_entry *doomed, *free;       /* the heads of their lists, with one more behind each */
    uint32_t fresh_at, used_at;     /* places in the log */
} scene;

static pxc_entry *entry_of(const scene *s, pxc_key key)
{
    pxc_entry *entry = pxc_entry_of(s->cache, key);
    assert_non_null(entry);
    return entry;
}

static uint32_t log_place(const scene *s, const pxc_entry *entry)
{
    assert_true(entry->stamp >= s->cache->log_base);
    return (uint32_t)(entry->stamp - s->cache->log_base);
}

static void scene_open(scene *s)
{
    fixture_open(&s->f, 0);
    pxc_cache *cache = s->cache = s->f.cache;
    pxc_key keys[14];
    for (int i = 0; i < 13; ++i) {
        keys[i] = insert_width(cache, 11 + i);
    }
    keys[13] = insert_name(cache, "settled", 24);
    for (int i = 8; i < 12; ++i) {
        assert_ok(cache, pxc_remove(cache, keys[i])); /* four free slots, of which two are taken below */
    }
    assert_ok(cache, pxc_frame_end(cache));
    for (int i = 0; i < 4; ++i) {
        assert_ok(cache, pxc_pin(cache, keys[i]));
    }
    assert_ok(cache, pxc_trim_older(cache, 1000)); /* meets the pinned ones */
    assert_ok(cache, pxc_unpin(cache, keys[2]));
    assert_ok(cache, pxc_unpin(cache, keys[3]));
    assert_ok(cache, pxc_remove(cache, keys[6]));
    assert_ok(cache, pxc_remove(cache, keys[7]));
    s->fresh = entry_of(s, insert_width(cache, 25));
    assert_ok(cache, pxc_find(cache, keys[4], NULL));
    s->fresh_named = entry_of(s, insert_name(cache, "fresh", 26));
    s->settled = entry_of(s, keys[12]);
    s->named = entry_of(s, keys[13]);
    s->used = entry_of(s, keys[4]);
    s->parked = entry_of(s, keys[0]);
    s->returned = entry_of(s, keys[2]);
    s->doomed = pxc_entry_at(cache, cache->doomed_head);
    s->free = pxc_entry_at(cache, cache->free_head);
    s->fresh_at = log_place(s, s->fresh);
    s->used_at = log_place(s, s->used);
    assert_true(s->doomed->next != 0 && s->free->next != 0);
    assert_int_equal(s->settled->next, pxc_slot_of(s->named));
    assert_int_equal(pxc_validate(cache), PXC_OK);
}

static void scene_close(scene *s)
{
    fixture_close(&s->f);
}

/* A number of 1, 2, 4 or 8 bytes. */
static void store(void *place, size_t size, uint64_t value)
{
    const uint8_t one = (uint8_t)value;
    const uint16_t two = (uint16_t)value;
    const uint32_t four = (uint32_t)value;
    memcpy(place,
           size == 1   ? (const void *)&one
           : size == 2 ? (const void *)&two
           : size == 4 ? (const void *)&four
                       : (const void *)&value,
           size);
}

static void check_noticed(const scene *s, const char *what, void *place, size_t size, uint64_t wrong)
{
    unsigned char right[8];
    memcpy(right, place, size);
    store(place, size, wrong);
    assert_memory_not_equal(place, right, size);
    const pxc_status broken = pxc_validate(s->cache);
    memcpy(place, right, size);
    if (broken != PXC_ERR_MEMORY) {
        fail_msg("not noticed: %s", what);
    }
    assert_int_equal(pxc_validate(s->cache), PXC_OK);
}

#define ASSERT_NOTICED(scene, place, wrong)                                                                  \
    check_noticed((scene), #place " = " #wrong, &(place), sizeof(place), (uint64_t)(wrong))

static void a_wrong_entry_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    pxc_entry *const kinds[] = {s.settled, s.named, s.used, s.parked, s.returned, s.fresh, s.fresh_named};
    for (size_t i = 0; i < COUNT_OF(kinds); ++i) {
        pxc_entry *entry = kinds[i];
        ASSERT_NOTICED(&s, entry->id, entry->id ^ 1);
        ASSERT_NOTICED(&s, entry->id, entry->id & ~PXC_SLOT_MASK);
        ASSERT_NOTICED(&s, entry->texture, 0);
        ASSERT_NOTICED(&s, entry->flags, entry->flags | PXC_FLAG_DOOMED);
        ASSERT_NOTICED(&s, entry->format, PXC_RGBA4 + 1);
        ASSERT_NOTICED(&s, entry->width, 0);
        ASSERT_NOTICED(&s, entry->height, 0);
        ASSERT_NOTICED(&s, entry->cost_bytes, entry->cost_bytes + 1);
        ASSERT_NOTICED(&s, entry->pins, entry->pins == 0);
        ASSERT_NOTICED(&s, entry->stamp, s.cache->log_base + s.cache->log_count);
        ASSERT_NOTICED(&s, entry->next, s.cache->slot_count);
        ASSERT_NOTICED(&s, entry->next, FAR);
    }
    scene_close(&s);
}

static void a_wrong_name_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    pxc_entry *const named[] = {s.named, s.fresh_named};
    for (size_t i = 0; i < COUNT_OF(named); ++i) {
        pxc_name *name = named[i]->name;
        ASSERT_NOTICED(&s, named[i]->name, 0);
        ASSERT_NOTICED(&s, named[i]->name, (uintptr_t)named[1 - i]->name);
        ASSERT_NOTICED(&s, name->length_bytes, name->length_bytes + 1);
        ASSERT_NOTICED(&s, name->text[0], 'X');
        ASSERT_NOTICED(&s, name->text[1], '\0');
    }
    ASSERT_NOTICED(&s, s.settled->name, (uintptr_t)s.named->name);
    ASSERT_NOTICED(&s, s.cache->names.count, 0);
    ASSERT_NOTICED(&s, s.cache->names.count, 1);
    ASSERT_NOTICED(&s, s.cache->names.count, 3);
    ASSERT_NOTICED(&s, s.cache->name_seed, s.cache->name_seed + 1);
    scene_close(&s);
}

static void a_wrong_bucket_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    pxc_bucket *empty = NULL;
    pxc_bucket *full = NULL;
    for (uint32_t at = 0; at < UINT32_C(1) << s.cache->names.bits; ++at) {
        pxc_bucket *bucket = &s.cache->names.buckets[at];
        *(bucket->slot == 0 ? &empty : &full) = bucket;
    }
    ASSERT_NOTICED(&s, full->slot, 0);
    ASSERT_NOTICED(&s, full->hash, full->hash ^ 1);
    ASSERT_NOTICED(&s, full->slot, s.cache->slot_count);
    ASSERT_NOTICED(&s, full->slot, FAR);
    ASSERT_NOTICED(&s, full->slot, PXC_LRU + 1);
    ASSERT_NOTICED(&s, full->slot, pxc_slot_of(s.settled)); /* has no name */
    ASSERT_NOTICED(&s, full->slot, s.cache->doomed_head);
    ASSERT_NOTICED(&s, empty->slot, pxc_slot_of(s.named));
    ASSERT_NOTICED(&s, s.named->name->hash, s.named->name->hash ^ 1);
    /* One bucket too many that looks right. */
    *empty = *full;
    assert_int_equal(pxc_validate(s.cache), PXC_ERR_MEMORY);
    ++s.cache->names.count; /* now the count agrees with the table, but not with the entries */
    assert_int_equal(pxc_validate(s.cache), PXC_ERR_MEMORY);
    --s.cache->names.count;
    *empty = (pxc_bucket){0};
    scene_close(&s);
}

/* Without an empty bucket a lookup would never end. */
static void a_full_name_table_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    const pxc_names right = s.cache->names;
    const uint32_t slot = pxc_slot_of(s.named);
    pxc_bucket buckets[64];
    assert_true(COUNT_OF(buckets) == (size_t)1 << right.bits);
    for (size_t i = 0; i < COUNT_OF(buckets); ++i) {
        buckets[i] = (pxc_bucket){.hash = s.named->name->hash, .slot = slot};
    }
    s.cache->names.buckets = buckets;
    assert_int_equal(pxc_validate(s.cache), PXC_ERR_MEMORY);
    s.cache->names.count = COUNT_OF(buckets);
    assert_int_equal(pxc_validate(s.cache), PXC_ERR_MEMORY);
    s.cache->names = right;
    scene_close(&s);
}

static void a_wrong_link_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    for (uint32_t list = PXC_LRU; list <= PXC_RETURNED; ++list) {
        pxc_entry *sentinel = pxc_entry_at(s.cache, list);
        pxc_entry *first = pxc_entry_at(s.cache, sentinel->next);
        ASSERT_NOTICED(&s, sentinel->next, list); /* empty */
        ASSERT_NOTICED(&s, sentinel->next, s.cache->slot_count);
        ASSERT_NOTICED(&s, sentinel->next, FAR);
        ASSERT_NOTICED(&s, sentinel->next, s.cache->free_head);
        ASSERT_NOTICED(&s, sentinel->next, s.cache->doomed_head);
        ASSERT_NOTICED(&s, sentinel->next, first->next); /* leaves one out */
        ASSERT_NOTICED(&s, sentinel->next, (list + 1) % PXC_FIRST_SLOT);
        ASSERT_NOTICED(&s, sentinel->prev, list);
        ASSERT_NOTICED(&s, first->prev, FAR);
        ASSERT_NOTICED(&s, first->next, sentinel->next); /* round and round */
        ASSERT_NOTICED(&s, first->next, list);
        ASSERT_NOTICED(&s, first->flags, first->flags ^ PXC_FLAG_PARKED);
    }
    ASSERT_NOTICED(&s, s.named->next, pxc_slot_of(s.settled));
    ASSERT_NOTICED(&s, s.named->stamp, s.settled->stamp);
    ASSERT_NOTICED(&s, s.settled->stamp, s.named->stamp);
    ASSERT_NOTICED(&s, s.fresh->next, pxc_slot_of(s.named));
    scene_close(&s);
}

static void a_wrong_log_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    ASSERT_NOTICED(&s, s.cache->log[s.fresh_at], FAR);
    ASSERT_NOTICED(&s, s.cache->log[s.fresh_at], s.cache->slot_count);
    ASSERT_NOTICED(&s, s.cache->log[s.fresh_at], PXC_LRU);
    ASSERT_NOTICED(&s, s.cache->log[s.fresh_at], pxc_slot_of(s.fresh_named));
    ASSERT_NOTICED(&s, s.cache->log[s.used_at], PXC_LRU);
    ASSERT_NOTICED(&s, s.cache->log_count, s.fresh_at);
    ASSERT_NOTICED(&s, s.cache->log_count, s.used_at);
    ASSERT_NOTICED(&s, s.cache->log_base, s.cache->log_base + 1);
    ASSERT_NOTICED(&s, s.cache->log_base, s.cache->log_base - 1);
    ASSERT_NOTICED(&s, s.fresh->stamp, s.fresh->stamp + 1);
    ASSERT_NOTICED(&s, s.fresh->stamp, 1);
    ASSERT_NOTICED(&s, s.cache->log_count, PXC_LOG_ENTRIES + 1);
    ASSERT_NOTICED(&s, s.cache->log_count, UINT32_MAX);
    scene_close(&s);
}

static void a_wrong_dead_entry_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    ASSERT_NOTICED(&s, s.doomed->id, s.doomed->id | s.cache->doomed_head);
    ASSERT_NOTICED(&s, s.doomed->texture, 0);
    ASSERT_NOTICED(&s, s.doomed->flags, 0);
    ASSERT_NOTICED(&s, s.doomed->cost_bytes, s.doomed->cost_bytes + 1);
    ASSERT_NOTICED(&s, s.free->id, s.free->id | s.cache->free_head);
    ASSERT_NOTICED(&s, s.free->texture, 77);
    pxc_entry *const dead[] = {s.doomed, s.free};
    uint32_t *const heads[] = {&s.cache->doomed_head, &s.cache->free_head};
    for (size_t i = 0; i < COUNT_OF(dead); ++i) {
        ASSERT_NOTICED(&s, dead[i]->name, (uintptr_t)s.named->name);
        ASSERT_NOTICED(&s, dead[i]->next, 0);
        ASSERT_NOTICED(&s, dead[i]->next, *heads[i]); /* round and round */
        ASSERT_NOTICED(&s, dead[i]->next, pxc_slot_of(s.settled));
        ASSERT_NOTICED(&s, dead[i]->next, s.cache->slot_count);
        ASSERT_NOTICED(&s, *heads[i], 0);
        ASSERT_NOTICED(&s, *heads[i], PXC_PARKED);
        ASSERT_NOTICED(&s, *heads[i], *heads[1 - i]);
        ASSERT_NOTICED(&s, dead[i]->next, FAR);
        ASSERT_NOTICED(&s, *heads[i], FAR);
        ASSERT_NOTICED(&s, *heads[i], UINT32_MAX);
    }
    ASSERT_NOTICED(&s, s.cache->retired_slots, 1);
    scene_close(&s);
}

static void a_wrong_sum_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    pxc_stats *stats = &s.cache->stats;
    uint64_t *const sums[] = {
        &stats->entries,          &stats->used_bytes,       &stats->pinned_bytes,  &stats->doomed_bytes,
        &stats->textures_created, &stats->textures_deleted, &stats->textures_lost,
    };
    for (size_t i = 0; i < COUNT_OF(sums); ++i) {
        ASSERT_NOTICED(&s, *sums[i], *sums[i] + 1);
        ASSERT_NOTICED(&s, *sums[i], *sums[i] - 1);
    }
    ASSERT_NOTICED(&s, stats->peak_bytes, stats->used_bytes - 1);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_entry_is_noticed),      cmocka_unit_test(a_wrong_name_is_noticed),
        cmocka_unit_test(a_wrong_bucket_is_noticed),     cmocka_unit_test(a_full_name_table_is_noticed),
        cmocka_unit_test(a_wrong_link_is_noticed),       cmocka_unit_test(a_wrong_log_is_noticed),
        cmocka_unit_test(a_wrong_dead_entry_is_noticed), cmocka_unit_test(a_wrong_sum_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
