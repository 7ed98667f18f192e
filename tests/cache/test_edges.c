/* Where a count ends: generations, slots, frames, pins, the null backend's names. Each is set to just before its end,
 * which no program reaches in the time of a test. */
#include "../../cache/cache.h"

#include "check.h"

#include <pthread.h>
#include <time.h>

enum { CHUNK = PXC_CHUNK_ENTRIES, FIRST_CHUNK = PXC_CHUNK_ENTRIES - PXC_FIRST_SLOT };

static bool clock_works = true;

/* In place of the C library's. */
int timespec_get(struct timespec *now, int base)
{
    return clock_works && base == TIME_UTC && clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0;
}

/* Gives a live entry the last generation of its slot. The key must be the first that the slot had. */
static pxc_key make_last_generation(pxc_cache *cache, pxc_key first)
{
    pxc_entry *entry = pxc_entry_of(cache, first);
    assert_non_null(entry);
    const uint64_t generation = (first.id >> PXC_SLOT_BITS) - cache->generation_step;
    entry->id = generation << PXC_SLOT_BITS | (first.id & PXC_SLOT_MASK);
    return (pxc_key){entry->id};
}

static void a_slot_retires_before_its_generations_come_round(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key first = insert_width(f.cache, 11);
    const pxc_key last = make_last_generation(f.cache, first);
    assert_finds(&f, last, 11);
    assert_ok(f.cache, pxc_remove(f.cache, last));
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_int_equal(f.cache->retired_slots, 1);
    for (int i = 0; i < 3000; ++i) {
        const pxc_key key = insert_width(f.cache, 12);
        assert_int_not_equal(key.id & PXC_SLOT_MASK, first.id & PXC_SLOT_MASK);
        if (i % 3 == 0) {
            assert_ok(f.cache, pxc_remove(f.cache, key));
            assert_ok(f.cache, pxc_frame_end(f.cache));
        }
    }
    assert_false(pxc_key_valid(f.cache, first));
    assert_false(pxc_key_valid(f.cache, last));
    fixture_close(&f);
}

/* Two chunks, then all gone; one slot, in the first or in the second, had its last generation. */
static void fill_and_empty(fixture *f, int last_generation_at, pxc_key *first, pxc_key *last)
{
    static pxc_key keys[FIRST_CHUNK + 10];
    fixture_open(f, 0);
    for (size_t i = 0; i < COUNT_OF(keys); ++i) {
        keys[i] = insert_width(f->cache, 11);
    }
    assert_int_equal(f->cache->chunk_count, 2);
    *first = keys[last_generation_at];
    *last = make_last_generation(f->cache, *first);
    assert_ok(f->cache, pxc_clear(f->cache));
    assert_ok(f->cache, pxc_frame_end(f->cache));
    assert_int_equal(f->cache->retired_slots, 1);
}

static void memory_with_a_retired_slot_is_kept(void **state)
{
    (void)state;
    fixture f;
    pxc_key first;
    pxc_key last;
    fill_and_empty(&f, FIRST_CHUNK + 5, &first, &last);
    assert_int_equal(f.cache->chunk_count, 2);
    for (int i = 0; i < 2 * CHUNK; ++i) {
        insert_width(f.cache, 11);
        assert_false(pxc_key_valid(f.cache, first));
        assert_false(pxc_key_valid(f.cache, last));
    }
    assert_int_equal(pxc_validate(f.cache), PXC_OK);
    fixture_close(&f);
}

static void a_retired_slot_stays_retired_when_other_memory_goes(void **state)
{
    (void)state;
    fixture f;
    pxc_key first;
    pxc_key last;
    fill_and_empty(&f, 5, &first, &last);
    assert_int_equal(f.cache->chunk_count, 1);
    for (int i = 0; i < 2 * CHUNK; ++i) {
        insert_width(f.cache, 11);
        assert_false(pxc_key_valid(f.cache, first));
        assert_false(pxc_key_valid(f.cache, last));
    }
    assert_int_equal(pxc_validate(f.cache), PXC_OK);
    fixture_close(&f);
}

/* The GPU refuses the insert for which the memory grew. */
static void memory_that_was_never_used_goes_again(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    for (int i = 0; i < FIRST_CHUNK; ++i) {
        insert_width(f.cache, 11);
    }
    const pxc_pixmap pixmap = pixmap_of(12);
    pxc_key key;
    fake_gpu_fail_next(&f.gpu, PXC_ERR_GPU, 1);
    assert_status(PXC_ERR_GPU, pxc_insert(f.cache, &pixmap, &key));
    assert_int_equal(f.cache->chunk_count, 2);
    assert_ok(f.cache, pxc_clear(f.cache));
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_int_equal(f.cache->chunk_count, 1);
    insert_width(f.cache, 13);
    fixture_close(&f);
}

static void a_cache_of_67_million_entries_is_full(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key key = insert_width(f.cache, 11);
    const uint32_t slots = f.cache->slot_count;
    const uint32_t chunks = f.cache->chunk_count;
    f.cache->chunk_count = PXC_SLOT_LIMIT / CHUNK;
    f.cache->slot_count = f.cache->chunk_count * CHUNK;
    const pxc_pixmap pixmap = pixmap_of(12);
    const pxc_stats before = stats_of(f.cache);
    pxc_key out = {77};
    assert_status(PXC_ERR_FULL, pxc_insert(f.cache, &pixmap, &out));
    assert_zero_key(out);
    assert_status(PXC_ERR_FULL, pxc_insert_named(f.cache, "a", &pixmap, NULL));
    assert_status(PXC_ERR_FULL, pxc_replace(f.cache, key, &pixmap));
    const pxc_stats after = stats_of(f.cache);
    assert_same_stats(&before, &after);
    f.cache->chunk_count = chunks;
    f.cache->slot_count = slots;
    assert_finds(&f, key, 11);
    fixture_close(&f);
}

static void ages_are_right_when_frames_pass_32_bits(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    f.cache->stats.frames = UINT32_MAX - 2;
    f.cache->clock = (uint64_t)(UINT32_MAX - 2) << PXC_STAMP_USE_BITS;
    f.cache->log_base = f.cache->frame_start = f.cache->clock;
    pxc_key keys[6];
    for (int i = 0; i < 6; ++i) {
        keys[i] = insert_width(f.cache, 11 + i); /* ages 6, 5, ... 1 in the end */
        assert_ok(f.cache, pxc_frame_end(f.cache));
    }
    assert_int_equal(stats_of(f.cache).frames, (uint64_t)UINT32_MAX + 4);
    for (int age = 6; age > 0; --age) {
        assert_ok(f.cache, pxc_trim_older(f.cache, (uint64_t)age));
        assert_true(pxc_key_valid(f.cache, keys[6 - age]));
        assert_ok(f.cache, pxc_trim_older(f.cache, (uint64_t)age - 1));
        assert_false(pxc_key_valid(f.cache, keys[6 - age]));
    }
    fixture_close(&f);
}

/* A frame of more uses than a stamp counts runs on into the next number; the order stays, and no entry gets older than
 * it is. */
static void a_frame_of_too_many_uses_keeps_the_order(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key old = insert_width(f.cache, 11);
    assert_ok(f.cache, pxc_frame_end(f.cache));
    const pxc_key early = insert_width(f.cache, 12);
    f.cache->clock |= (UINT64_C(1) << PXC_STAMP_USE_BITS) - 1;
    const pxc_key last = insert_width(f.cache, 13);
    const pxc_key late = insert_width(f.cache, 14);
    assert_ok(f.cache, pxc_find(f.cache, early, NULL));
    assert_ok(f.cache, pxc_frame_end(f.cache));
    const pxc_key order[] = {old, last, late, early};
    assert_ok(f.cache, pxc_trim_older(f.cache, 2));
    assert_true(pxc_key_valid(f.cache, early));
    for (size_t i = 1; i < COUNT_OF(order); ++i) {
        assert_true(pxc_key_valid(f.cache, order[i]));
        assert_ok(f.cache,
                  pxc_trim_to(f.cache, (size_t)(pxc_used(f.cache) - stats_of(f.cache).doomed_bytes - 1)));
        assert_int_equal(pxc_key_valid(f.cache, order[i]), false);
    }
    fixture_close(&f);
}

static void the_pin_after_the_last_is_refused(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key key = insert_width(f.cache, 11);
    assert_ok(f.cache, pxc_pin(f.cache, key));
    pxc_entry *entry = pxc_entry_of(f.cache, key);
    entry->pins = UINT32_MAX - 2;
    assert_ok(f.cache, pxc_pin(f.cache, key));
    const pxc_stats before = stats_of(f.cache);
    assert_status(PXC_ERR_FULL, pxc_pin(f.cache, key));
    assert_int_equal(entry->pins, UINT32_MAX - 1);
    const pxc_stats after = stats_of(f.cache);
    assert_same_stats(&before, &after);
    /* A replace that makes room on the GPU holds the entry once more meanwhile. */
    const pxc_pixmap pixmap = pixmap_of(12);
    fake_gpu_fail_next(&f.gpu, PXC_ERR_MEMORY, 1);
    assert_ok(f.cache, pxc_replace(f.cache, key, &pixmap));
    assert_int_equal(entry->pins, UINT32_MAX - 1);
    assert_ok(f.cache, pxc_unpin(f.cache, key));
    assert_ok(f.cache, pxc_pin(f.cache, key));
    entry->pins = 1;
    assert_ok(f.cache, pxc_unpin(f.cache, key));
    assert_int_equal(stats_of(f.cache).pinned_bytes, 0);
    fixture_close(&f);
}

/* Both were met by the eviction while pinned; the later one comes back when the earlier one is in its place again. */
static void what_is_unpinned_later_goes_behind_what_is_older(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    pxc_key keys[4];
    for (int i = 0; i < 4; ++i) {
        keys[i] = insert_width(f.cache, 11 + i);
    }
    assert_ok(f.cache, pxc_pin(f.cache, keys[0]));
    assert_ok(f.cache, pxc_pin(f.cache, keys[1]));
    for (int i = 0; i < 2; ++i) {
        assert_ok(f.cache, pxc_trim_older(f.cache, 1000));
        assert_ok(f.cache, pxc_unpin(f.cache, keys[i]));
    }
    for (int i = 0; i < 4; ++i) {
        assert_true(pxc_key_valid(f.cache, keys[i]));
        assert_ok(f.cache,
                  pxc_trim_to(f.cache, (size_t)(pxc_used(f.cache) - stats_of(f.cache).doomed_bytes - 1)));
        assert_false(pxc_key_valid(f.cache, keys[i]));
    }
    fixture_close(&f);
}

/* What null_backend.c keeps of each cache. */
typedef struct null_gpu {
    pxc_alloc alloc;
    uint32_t last_name;
} null_gpu;

static void the_null_backend_never_gives_the_name_zero(void **state)
{
    (void)state;
    static const uint32_t expected[] = {UINT32_MAX - 1, UINT32_MAX, 1, 2};
    const pxc_config config = {.backend = pxc_null_backend()};
    pxc_cache *cache = NULL;
    assert_status(PXC_OK, pxc_create(&config, &cache));
    ((null_gpu *)cache->gpu)->last_name = UINT32_MAX - 2;
    for (size_t i = 0; i < COUNT_OF(expected); ++i) {
        pxc_texture texture;
        assert_status(PXC_OK, pxc_find(cache, insert_width(cache, 11), &texture));
        assert_int_equal(texture.name, expected[i]);
    }
    assert_status(PXC_OK, pxc_destroy(cache));
}

static void a_null_backend_without_memory_is_refused(void **state)
{
    (void)state;
    failing_alloc alloc;
    failing_alloc_init(&alloc);
    const pxc_config config = {.backend = pxc_null_backend(), .alloc = alloc.table};
    pxc_cache *cache = NULL;
    pxc_status status = PXC_ERR_MEMORY;
    int refused = -1;
    for (uint64_t n = 1; status != PXC_OK; ++n) {
        failing_alloc_fail_nth(&alloc, n);
        status = pxc_create(&config, &cache);
        ++refused;
        if (status != PXC_OK) {
            assert_int_equal(status, PXC_ERR_MEMORY);
            assert_null(cache);
            assert_int_equal(alloc.live_blocks, 0);
        }
    }
    failing_alloc_fail_nth(&alloc, 0);
    assert_true(refused >= 8); /* cache, five tables, entries, backend */
    assert_status(PXC_OK, pxc_destroy(cache));
    failing_alloc_assert_clean(&alloc);
}

static void caches_differ_in_their_keys_without_a_clock(void **state)
{
    (void)state;
    clock_works = false;
    fixture a;
    fixture b;
    fixture_open(&a, 0);
    fixture_open(&b, 0);
    clock_works = true;
    const pxc_key key = insert_width(a.cache, 11);
    insert_width(b.cache, 11);
    assert_true(pxc_key_valid(a.cache, key));
    assert_false(pxc_key_valid(b.cache, key));
    assert_true(a.cache->name_seed != b.cache->name_seed);
    fixture_close(&a);
    fixture_close(&b);
}

typedef struct attempt {
    pxc_cache *cache;
    pxc_status status;
} attempt;

static void *insert_to_nowhere(void *user)
{
    attempt *there = user;
    const pxc_pixmap pixmap = {.pixels = "1234", .width = 1, .height = 1};
    there->status = pxc_insert(there->cache, &pixmap, NULL);
    return NULL;
}

static void the_wrong_thread_is_named_before_the_wrong_argument(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    attempt there = {.cache = f.cache};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, insert_to_nowhere, &there), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_status(PXC_ERR_THREAD, there.status);
    attempt here = {.cache = f.cache};
    insert_to_nowhere(&here);
    assert_status(PXC_ERR_ARGUMENT, here.status);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slot_retires_before_its_generations_come_round),
        cmocka_unit_test(memory_with_a_retired_slot_is_kept),
        cmocka_unit_test(a_retired_slot_stays_retired_when_other_memory_goes),
        cmocka_unit_test(memory_that_was_never_used_goes_again),
        cmocka_unit_test(a_cache_of_67_million_entries_is_full),
        cmocka_unit_test(ages_are_right_when_frames_pass_32_bits),
        cmocka_unit_test(a_frame_of_too_many_uses_keeps_the_order),
        cmocka_unit_test(the_pin_after_the_last_is_refused),
        cmocka_unit_test(what_is_unpinned_later_goes_behind_what_is_older),
        cmocka_unit_test(the_null_backend_never_gives_the_name_zero),
        cmocka_unit_test(a_null_backend_without_memory_is_refused),
        cmocka_unit_test(caches_differ_in_their_keys_without_a_clock),
        cmocka_unit_test(the_wrong_thread_is_named_before_the_wrong_argument),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
