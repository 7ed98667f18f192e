/* Promise 3: a key never finds another image than the one that it was given for. Keys that no insert gave are in
 * test_forged_keys.c. */
#include "check.h"

#include <stdlib.h>

#define CYCLES 1000000

static void assert_stale(pxc_cache *cache, pxc_key key)
{
    const pxc_pixmap pixmap = pixmap_of(99);
    pxc_texture texture;
    assert_false(pxc_key_valid(cache, key));
    assert_status(PXC_MISS, pxc_find(cache, key, NULL));
    assert_status(PXC_MISS, pxc_peek(cache, key, &texture));
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
        cmocka_unit_test(a_million_cycles_never_revive_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
