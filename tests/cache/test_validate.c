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
    pxc_entry *used;            /* in the lru list, and used since */
    pxc_entry *parked, *returned;
    pxc_entry *fresh, *fresh_named; /* in the log alone */
    uint32_t doomed, free;          /* the heads of their lists, with one more behind each */
    pxc_links *links;
} scene;

static pxc_entry *entry_of(const scene *s, pxc_key key)
{
    pxc_entry *entry = pxc_entry_of(s->cache, key);
    assert_non_null(entry);
    return entry;
}

/* Where in the log an entry is. */
static uint32_t *log_place(const scene *s, const pxc_entry *entry)
{
    uint32_t at = 0;
    while (s->cache->log[at] != pxc_slot_of(entry)) {
        ++at;
        assert_true(at < s->cache->log_count);
    }
    return &s->cache->log[at];
}

/* The links of a live entry. */
static pxc_links *links_of(const scene *s, const pxc_entry *entry)
{
    return &s->links[pxc_slot_of(entry)];
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
    s->doomed = cache->doomed_head;
    s->free = cache->free_head;
    s->links = cache->links;
    assert_true(s->links[s->doomed].next != 0 && s->links[s->free].next != 0);
    assert_int_equal(links_of(s, s->settled)->next, pxc_slot_of(s->named));
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
        ASSERT_NOTICED(&s, entry->image.texture, 0);
        ASSERT_NOTICED(&s, entry->image.format, PXC_RGBA4 + 1);
        ASSERT_NOTICED(&s, entry->image.width, 0);
        ASSERT_NOTICED(&s, entry->image.height, 0);
        ASSERT_NOTICED(&s, entry->image.cost_bytes, entry->image.cost_bytes + 1);
        ASSERT_NOTICED(&s, entry->pins, entry->pins == 0);
        ASSERT_NOTICED(&s, entry->doomed, 1);
        ASSERT_NOTICED(&s, entry->parked, entry->parked ^ 1);
        ASSERT_NOTICED(&s, entry->stamp, s.cache->clock);
        ASSERT_NOTICED(&s, links_of(&s, entry)->next, s.cache->slot_count);
        ASSERT_NOTICED(&s, links_of(&s, entry)->next, FAR);
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

static void a_wrong_group_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    const pxc_names *names = &s.cache->names;
    const uint32_t groups = names->group_count;
    const uint32_t home = pxc_name_home(names, s.named->name_hash);
    pxc_group *full = &names->groups[home];
    pxc_group *other = &names->groups[(home + 1) % groups];
    assert_int_equal(full->slots[0], pxc_slot_of(s.named));
    ASSERT_NOTICED(&s, full->tags[0], 0);
    ASSERT_NOTICED(&s, full->tags[0], full->tags[0] ^ 2);
    ASSERT_NOTICED(&s, full->slots[0], s.cache->slot_count);
    ASSERT_NOTICED(&s, full->slots[0], FAR);
    ASSERT_NOTICED(&s, full->slots[0], PXC_LRU);
    ASSERT_NOTICED(&s, full->slots[0], PXC_LRU + 1);
    ASSERT_NOTICED(&s, full->slots[0], pxc_slot_of(s.settled)); /* has no name */
    ASSERT_NOTICED(&s, full->slots[0], s.doomed);
    ASSERT_NOTICED(&s, full->passed, 1);
    ASSERT_NOTICED(&s, full->passed, UINT32_MAX);
    ASSERT_NOTICED(&s, s.named->name_hash, s.named->name_hash ^ 2);
    ASSERT_NOTICED(&s, s.named->name_hash, s.named->name_hash ^ UINT32_C(1) << 31);
    /* One place too many that looks right: in the name's own group, and in the next, as if the first had been full. */
    pxc_group *const groups_of[] = {full, other};
    for (size_t i = 0; i < COUNT_OF(groups_of); ++i) {
        pxc_group *group = groups_of[i];
        const pxc_group right = *group;
        const pxc_group right_home = *full;
        assert_int_equal(group->tags[9], 0);
        group->tags[9] = full->tags[0];
        group->slots[9] = full->slots[0];
        full->passed += (uint32_t)i;
        assert_int_equal(pxc_validate(s.cache), PXC_ERR_MEMORY);
        ++s.cache->names.count; /* now the count agrees with the table, but not with the entries */
        assert_int_equal(pxc_validate(s.cache), PXC_ERR_MEMORY);
        --s.cache->names.count;
        *group = right;
        *full = right_home;
    }
    assert_int_equal(pxc_validate(s.cache), PXC_OK);
    scene_close(&s);
}

/* Without a group that no name passed a search would never end. */
static void a_name_table_that_all_names_passed_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    const uint32_t groups = s.cache->names.group_count;
    for (uint32_t i = 0; i < groups; ++i) {
        ++s.cache->names.groups[i].passed;
    }
    assert_int_equal(pxc_validate(s.cache), PXC_ERR_MEMORY);
    for (uint32_t i = 0; i < groups; ++i) {
        --s.cache->names.groups[i].passed;
    }
    scene_close(&s);
}

static void a_wrong_link_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    for (uint32_t list = PXC_LRU; list <= PXC_RETURNED; ++list) {
        pxc_links *sentinel = &s.links[list];
        pxc_links *first = &s.links[sentinel->next];
        ASSERT_NOTICED(&s, sentinel->next, list); /* empty */
        ASSERT_NOTICED(&s, sentinel->next, s.cache->slot_count);
        ASSERT_NOTICED(&s, sentinel->next, FAR);
        ASSERT_NOTICED(&s, sentinel->next, (list + 1) % (PXC_RETURNED + 1)); /* a sentinel */
        ASSERT_NOTICED(&s, sentinel->next, s.doomed);
        ASSERT_NOTICED(&s, sentinel->prev, list);
        ASSERT_NOTICED(&s, first->prev, FAR);
        ASSERT_NOTICED(&s, first->next, sentinel->next); /* round and round */
        ASSERT_NOTICED(&s, first->next, list);
    }
    ASSERT_NOTICED(&s, links_of(&s, s.named)->next, pxc_slot_of(s.settled));
    ASSERT_NOTICED(&s, s.named->stamp, s.settled->stamp);
    ASSERT_NOTICED(&s, s.settled->stamp, s.named->stamp);
    ASSERT_NOTICED(&s, links_of(&s, s.fresh)->next, pxc_slot_of(s.named));
    ASSERT_NOTICED(&s, s.cache->parked_count, 0);
    ASSERT_NOTICED(&s, s.cache->parked_count, s.cache->parked_count + 1);
    scene_close(&s);
}

static void a_wrong_log_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    uint32_t *const places[] = {log_place(&s, s.fresh), log_place(&s, s.used)};
    for (size_t i = 0; i < COUNT_OF(places); ++i) {
        ASSERT_NOTICED(&s, *places[i], FAR);
        ASSERT_NOTICED(&s, *places[i], s.cache->slot_count);
        ASSERT_NOTICED(&s, *places[i], PXC_LRU);
        ASSERT_NOTICED(&s, *places[i], PXC_RETURNED);
        ASSERT_NOTICED(&s, *places[i], s.free);
        ASSERT_NOTICED(&s, *places[i], pxc_slot_of(s.settled)); /* was not used */
        ASSERT_NOTICED(&s, s.cache->log_count, places[i] - s.cache->log);
    }
    ASSERT_NOTICED(&s, s.cache->log_base, s.fresh->stamp + 1);
    ASSERT_NOTICED(&s, s.cache->log_base, s.cache->clock + 1);
    ASSERT_NOTICED(&s, s.cache->log_base, s.named->stamp);
    ASSERT_NOTICED(&s, s.fresh->stamp, 1);
    ASSERT_NOTICED(&s, s.settled->stamp, s.cache->clock - 1);
    ASSERT_NOTICED(&s, s.cache->repeats_left, PXC_REPEATS_PER_CHUNK + 1);
    ASSERT_NOTICED(&s, s.cache->log_count, PXC_CHUNK_ENTRIES + PXC_REPEATS_PER_CHUNK + 1);
    ASSERT_NOTICED(&s, s.cache->log_count, UINT32_MAX);
    /* A repeat that was not counted as one. */
    s.cache->log[s.cache->log_count++] = s.cache->log[0];
    assert_int_equal(pxc_validate(s.cache), PXC_ERR_MEMORY);
    --s.cache->log_count;
    assert_ok(s.cache, pxc_frame_end(s.cache));
    ASSERT_NOTICED(&s, s.cache->log_base, s.cache->clock + 1);
    scene_close(&s);
}

static void a_wrong_dead_entry_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    pxc_entry *const doomed = pxc_entry_at(s.cache, s.doomed);
    pxc_entry *const free = pxc_entry_at(s.cache, s.free);
    ASSERT_NOTICED(&s, doomed->id, doomed->id | s.doomed);
    ASSERT_NOTICED(&s, doomed->image.texture, 0);
    ASSERT_NOTICED(&s, doomed->image.cost_bytes, doomed->image.cost_bytes + 1);
    ASSERT_NOTICED(&s, doomed->doomed, 0);
    ASSERT_NOTICED(&s, doomed->parked, 1);
    ASSERT_NOTICED(&s, free->doomed, 1);
    ASSERT_NOTICED(&s, free->parked, 1);
    ASSERT_NOTICED(&s, free->id, free->id | s.free);
    ASSERT_NOTICED(&s, free->image.texture, 77);
    const uint32_t dead[] = {s.doomed, s.free};
    uint32_t *const heads[] = {&s.cache->doomed_head, &s.cache->free_head};
    for (size_t i = 0; i < COUNT_OF(dead); ++i) {
        pxc_links *links = &s.links[dead[i]];
        ASSERT_NOTICED(&s, pxc_entry_at(s.cache, dead[i])->name, (uintptr_t)s.named->name);
        ASSERT_NOTICED(&s, links->prev, 0);
        ASSERT_NOTICED(&s, links->next, 0);
        ASSERT_NOTICED(&s, links->next, *heads[i]); /* round and round */
        ASSERT_NOTICED(&s, links->next, pxc_slot_of(s.settled));
        ASSERT_NOTICED(&s, links->next, s.cache->slot_count);
        ASSERT_NOTICED(&s, *heads[i], 0);
        ASSERT_NOTICED(&s, *heads[i], PXC_PARKED);
        ASSERT_NOTICED(&s, *heads[i], *heads[1 - i]);
        ASSERT_NOTICED(&s, links->next, FAR);
        ASSERT_NOTICED(&s, *heads[i], FAR);
        ASSERT_NOTICED(&s, *heads[i], UINT32_MAX);
    }
    ASSERT_NOTICED(&s, s.cache->retired_slots, 1);
    scene_close(&s);
}

static void a_wrong_pending_one_is_noticed(void **state)
{
    (void)state;
    fixture f;
    scene s = {0};
    const pxc_pixmap pixmap = pixmap_of(11);
    fixture_open(&f, 0);
    s.cache = f.cache;
    for (int i = 0; i < 4; ++i) {
        const char name[2] = {(char)('a' + i), '\0'};
        assert_status(PXC_OK, pxc_submit(f.cache, name, &pixmap, NULL, NULL));
    }
    assert_status(PXC_PENDING, pxc_find_named(f.cache, "b", NULL));
    pxc_pending *pending = &f.cache->pending;
    pxc_letter *first = pending->others.first;
    ASSERT_NOTICED(&s, pending->count, 3);
    ASSERT_NOTICED(&s, pending->count, 5);
    ASSERT_NOTICED(&s, pending->partial, (uintptr_t)first);
    ASSERT_NOTICED(&s, pending->partial, (uintptr_t)&s);
    ASSERT_NOTICED(&s, first->wanted, true);
    ASSERT_NOTICED(&s, first->discards, true);
    ASSERT_NOTICED(&s, first->texture, 77);
    ASSERT_NOTICED(&s, first->prev, (uintptr_t)first->next);
    ASSERT_NOTICED(&s, first->next, 0);
    ASSERT_NOTICED(&s, first->mailbox_bytes, first->mailbox_bytes + 1);
    fixture_close(&f);
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
        cmocka_unit_test(a_wrong_entry_is_noticed),
        cmocka_unit_test(a_wrong_name_is_noticed),
        cmocka_unit_test(a_wrong_group_is_noticed),
        cmocka_unit_test(a_name_table_that_all_names_passed_is_noticed),
        cmocka_unit_test(a_wrong_link_is_noticed),
        cmocka_unit_test(a_wrong_log_is_noticed),
        cmocka_unit_test(a_wrong_dead_entry_is_noticed),
        cmocka_unit_test(a_wrong_sum_is_noticed),
        cmocka_unit_test(a_wrong_pending_one_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
