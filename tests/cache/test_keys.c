/* Promise 3: a key never finds another image than the one that it was given for. */
#include "check.h"

#include <stdlib.h>

#define CROWD  1000
#define CYCLES 1000000

static void assert_stale(pxc_cache *cache, pxc_key key)
{
    const pxc_pixmap pixmap = pixmap_of(99);
    assert_false(pxc_key_valid(cache, key));
    assert_status(PXC_MISS, pxc_find(cache, key, NULL));
    assert_status(PXC_MISS, pxc_replace(cache, key, &pixmap));
    assert_status(PXC_MISS, pxc_pin(cache, key));
    assert_status(PXC_MISS, pxc_unpin(cache, key));
    assert_status(PXC_MISS, pxc_remove(cache, key));
    assert_int_equal(pxc_validate(cache), PXC_OK);
}

static void the_zero_key_is_no_key(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    assert_stale(f.cache, (pxc_key){0});
    insert_width(f.cache, 11);
    assert_stale(f.cache, (pxc_key){0});
    assert_int_equal(stats_of(f.cache).entries, 1);
    fixture_close(&f);
}

static void a_key_goes_stale_with_its_entry(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 100);
    const pxc_key removed = insert_width(f.cache, 11);
    assert_ok(f.cache, pxc_remove(f.cache, removed));
    assert_stale(f.cache, removed);
    const pxc_key removed_by_name = insert_name(f.cache, "a", 12);
    assert_ok(f.cache, pxc_remove_named(f.cache, "a"));
    assert_stale(f.cache, removed_by_name);
    const pxc_key evicted = insert_width(f.cache, 13);
    insert_width(f.cache, 90);
    end_frames(f.cache, 1);
    assert_stale(f.cache, evicted);
    const pxc_key trimmed = insert_width(f.cache, 14);
    assert_ok(f.cache, pxc_trim_to(f.cache, 0));
    assert_stale(f.cache, trimmed);
    const pxc_key replaced = insert_name(f.cache, "b", 15);
    const pxc_key replacement = insert_name(f.cache, "b", 16);
    assert_stale(f.cache, replaced);
    assert_finds(&f, replacement, 16);
    end_frames(f.cache, 1);
    const pxc_key cleared = insert_width(f.cache, 17);
    assert_ok(f.cache, pxc_clear(f.cache));
    assert_stale(f.cache, cleared);
    assert_stale(f.cache, replacement);
    fixture_close(&f);
}

static void a_replaced_image_keeps_its_key(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key key = insert_width(f.cache, 11);
    const pxc_pixmap pixmap = pixmap_of(12);
    assert_ok(f.cache, pxc_replace(f.cache, key, &pixmap));
    assert_finds(&f, key, 12);
    end_frames(f.cache, 1);
    assert_finds(&f, key, 12);
    fixture_close(&f);
}

static void a_forged_key_misses_whichever_bit_was_flipped(void **state)
{
    (void)state;
    static pxc_key keys[CROWD];
    fixture f;
    fixture_open(&f, 0);
    for (int i = 0; i < CROWD; ++i) {
        keys[i] = insert_width(f.cache, 1 + i);
    }
    for (int i = 0; i < CROWD; ++i) {
        for (int bit = 0; bit < 64; ++bit) {
            const pxc_key forged = {keys[i].id ^ (UINT64_C(1) << bit)};
            if (pxc_key_valid(f.cache, forged)) {
                fail_msg("key %d with bit %d flipped is valid", i, bit);
            }
            assert_int_equal(pxc_find(f.cache, forged, NULL), PXC_MISS);
        }
    }
    assert_int_equal(stats_of(f.cache).hits, 0);
    fixture_close(&f);
}

static void small_and_large_numbers_are_no_keys(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    for (int i = 0; i < 64; ++i) {
        insert_width(f.cache, 11 + i);
    }
    for (uint64_t i = 0; i < 100000; ++i) {
        assert_false(pxc_key_valid(f.cache, (pxc_key){i}));
        assert_false(pxc_key_valid(f.cache, (pxc_key){UINT64_MAX - i}));
        assert_false(pxc_key_valid(f.cache, (pxc_key){i << 32}));
    }
    fixture_close(&f);
}

static void a_key_of_another_cache_misses(void **state)
{
    (void)state;
    static pxc_key first[CROWD];
    static pxc_key second[CROWD];
    fixture f;
    fixture g;
    fixture_open(&f, 0);
    fixture_open(&g, 0);
    for (int i = 0; i < CROWD; ++i) {
        first[i] = insert_width(f.cache, 1 + i);
        second[i] = insert_width(g.cache, 1 + i);
    }
    for (int i = 0; i < CROWD; ++i) {
        assert_false(pxc_key_valid(f.cache, second[i]));
        assert_false(pxc_key_valid(g.cache, first[i]));
    }
    assert_stale(f.cache, second[0]);
    assert_stale(g.cache, first[0]);
    fixture_close(&f);
    fixture_close(&g);
}

/* Memory that gives the same addresses to every cache, as a heap may. */
typedef struct arena {
    _Alignas(max_align_t) unsigned char bytes[1 << 20];
    size_t used;
} arena;

static void *arena_malloc(void *user, size_t size_bytes)
{
    arena *a = user;
    const size_t start = (a->used + 63) / 64 * 64;
    if (size_bytes > sizeof a->bytes - start) {
        return NULL;
    }
    a->used = start + size_bytes;
    return a->bytes + start;
}

static void *arena_realloc(void *user, void *memory, size_t size_bytes)
{
    const unsigned char *old = memory;
    unsigned char *fresh = arena_malloc(user, size_bytes);
    for (size_t i = 0; fresh && old && i < size_bytes && old + i < fresh; ++i) {
        fresh[i] = old[i];
    }
    return fresh;
}

static void arena_free(void *user, void *memory)
{
    (void)user;
    (void)memory;
}

static void a_key_of_an_earlier_cache_at_the_same_address_misses(void **state)
{
    (void)state;
    static arena memory;
    pxc_key earlier[8] = {{0}};
    for (int life = 0; life < 8; ++life) {
        const pxc_alloc alloc = {arena_malloc, arena_realloc, arena_free, &memory};
        const pxc_config config = {.backend = pxc_null_backend(), .alloc = alloc};
        const pxc_pixmap pixmap = pixmap_of(11);
        pxc_cache *cache = NULL;
        memory.used = 0;
        assert_status(PXC_OK, pxc_create(&config, &cache));
        assert_status(PXC_OK, pxc_insert(cache, &pixmap, &earlier[life]));
        for (int i = 0; i < life; ++i) {
            assert_false(pxc_key_valid(cache, earlier[i]));
        }
        assert_status(PXC_OK, pxc_destroy(cache));
    }
}

static int compare_keys(const void *a, const void *b)
{
    const uint64_t x = ((const pxc_key *)a)->id;
    const uint64_t y = ((const pxc_key *)b)->id;
    return (x > y) - (x < y);
}

static void a_million_cycles_never_revive_a_key(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    pxc_key *keys = malloc(CYCLES * sizeof *keys);
    assert_non_null(keys);
    for (int i = 0; i < CYCLES; ++i) {
        keys[i] = insert_width(f.cache, 1);
        if (i > 0) {
            assert_false(pxc_key_valid(f.cache, keys[i - 1]));
            assert_false(pxc_key_valid(f.cache, keys[i / 2 < i ? i / 2 : 0]));
        }
        if (i + 1 < CYCLES) {
            assert_int_equal(pxc_remove(f.cache, keys[i]), PXC_OK);
            assert_int_equal(pxc_frame_end(f.cache), PXC_OK);
        }
    }
    for (int i = 0; i + 1 < CYCLES; ++i) {
        assert_false(pxc_key_valid(f.cache, keys[i]));
    }
    assert_finds(&f, keys[CYCLES - 1], 1);
    qsort(keys, CYCLES, sizeof *keys, compare_keys);
    for (int i = 0; i + 1 < CYCLES; ++i) {
        assert_true(keys[i].id != keys[i + 1].id);
    }
    free(keys);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_zero_key_is_no_key),
        cmocka_unit_test(a_key_goes_stale_with_its_entry),
        cmocka_unit_test(a_replaced_image_keeps_its_key),
        cmocka_unit_test(a_forged_key_misses_whichever_bit_was_flipped),
        cmocka_unit_test(small_and_large_numbers_are_no_keys),
        cmocka_unit_test(a_key_of_another_cache_misses),
        cmocka_unit_test(a_key_of_an_earlier_cache_at_the_same_address_misses),
        cmocka_unit_test(a_million_cycles_never_revive_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
