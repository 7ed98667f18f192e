/* Promises 6 and 7: the limit holds after every frame, and the ceiling inside it. */
#include "check.h"

static void assert_insert_fails(pxc_cache *cache, pxc_status expected, int width)
{
    const pxc_pixmap pixmap = pixmap_of(width);
    pxc_key key = {77};
    assert_status(expected, pxc_insert(cache, &pixmap, &key));
    assert_zero_key(key);
    assert_int_equal(pxc_validate(cache), PXC_OK);
}

static void the_default_limit_is_64_mib(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    assert_int_equal(pxc_limit(f.cache), 67108864);
    assert_int_equal(stats_of(f.cache).limit_bytes, 67108864);
    fixture_close(&f);
}

static void the_limit_holds_after_every_frame(void **state)
{
    (void)state;
    uint64_t seed = 1;
    fixture f;
    fixture_open(&f, 4 * 100);
    for (int frame = 0; frame < 2000; ++frame) {
        for (uint32_t i = random_below(&seed, 5); i > 0; --i) {
            const pxc_pixmap pixmap = pixmap_of(1 + (int)random_below(&seed, 100));
            pxc_key key;
            const pxc_status status = pxc_insert(f.cache, &pixmap, &key);
            assert_true(status == PXC_OK || status == PXC_ERR_FULL);
            assert_true(pxc_used(f.cache) <= 8 * 100);
        }
        assert_ok(f.cache, pxc_frame_end(f.cache));
        assert_true(pxc_used(f.cache) <= 4 * 100);
        assert_int_equal(pxc_used(f.cache), f.gpu.bytes);
    }
    assert_int_equal(stats_of(f.cache).over_limit_frames, 0);
    fixture_close(&f);
}

static void no_more_is_evicted_than_the_limit_asks_for(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 36);
    const pxc_key a = insert_width(f.cache, 11);
    const pxc_key b = insert_width(f.cache, 12);
    const pxc_key c = insert_width(f.cache, 13);
    end_frames(f.cache, 3);
    assert_true(pxc_key_valid(f.cache, a) && pxc_key_valid(f.cache, b) && pxc_key_valid(f.cache, c));
    insert_width(f.cache, 1);
    end_frames(f.cache, 1);
    assert_false(pxc_key_valid(f.cache, a));
    assert_true(pxc_key_valid(f.cache, b) && pxc_key_valid(f.cache, c));
    assert_int_equal(pxc_used(f.cache), 4 * 26);
    assert_int_equal(stats_of(f.cache).evictions, 1);
    fixture_close(&f);
}

static void an_image_larger_than_the_limit_is_refused_at_once(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 20);
    const pxc_key key = insert_name(f.cache, "a", 11);
    assert_insert_fails(f.cache, PXC_ERR_TOO_LARGE, 21);
    const pxc_pixmap pixmap = pixmap_of(21);
    assert_status(PXC_ERR_TOO_LARGE, pxc_replace(f.cache, key, &pixmap));
    assert_status(PXC_ERR_TOO_LARGE, pxc_insert_named(f.cache, "a", &pixmap, NULL));
    assert_finds(&f, key, 11);
    assert_int_equal(f.gpu.create_calls, 1);
    insert_width(f.cache, 20);
    end_frames(f.cache, 1);
    assert_int_equal(pxc_used(f.cache), 4 * 20);
    fixture_close(&f);
}

static void a_limit_of_size_max_evicts_nothing(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, SIZE_MAX);
    assert_true(pxc_limit(f.cache) == SIZE_MAX);
    for (int i = 0; i < 500; ++i) {
        insert_width(f.cache, 11 + i);
        end_frames(f.cache, 1);
    }
    assert_int_equal(stats_of(f.cache).evictions, 0);
    assert_int_equal(stats_of(f.cache).entries, 500);
    fixture_close(&f);
}

static void a_lower_limit_takes_effect_at_the_boundary(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 60);
    insert_width(f.cache, 20);
    const pxc_key newest = insert_width(f.cache, 30);
    assert_ok(f.cache, pxc_set_limit(f.cache, 4 * 40));
    assert_int_equal(pxc_limit(f.cache), 4 * 40);
    assert_int_equal(stats_of(f.cache).limit_bytes, 4 * 40);
    assert_int_equal(pxc_used(f.cache), 4 * 50);
    insert_width(f.cache, 60); /* the old limit still decides: 50 + 60 <= 120, and 60 <= 60 */
    assert_insert_fails(f.cache, PXC_ERR_FULL, 11);
    assert_insert_fails(f.cache, PXC_ERR_TOO_LARGE, 61);
    assert_true(pxc_key_valid(f.cache, newest));
    end_frames(f.cache, 1);
    assert_true(pxc_used(f.cache) <= 4 * 40);
    assert_insert_fails(f.cache, PXC_ERR_TOO_LARGE, 41);
    insert_width(f.cache, 40);
    fixture_close(&f);
}

static void a_higher_limit_gives_room_at_once(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 20);
    assert_insert_fails(f.cache, PXC_ERR_TOO_LARGE, 50);
    assert_ok(f.cache, pxc_set_limit(f.cache, 4 * 50));
    insert_width(f.cache, 50);
    insert_width(f.cache, 49);
    assert_insert_fails(f.cache, PXC_ERR_FULL, 2);
    insert_width(f.cache, 1);
    end_frames(f.cache, 1);
    assert_int_equal(pxc_used(f.cache), 4 * 50);
    assert_int_equal(stats_of(f.cache).entries, 2);
    fixture_close(&f);
}

static void a_limit_of_zero_empties_the_cache_at_the_boundary(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key a = insert_name(f.cache, "a", 11);
    insert_width(f.cache, 12);
    assert_ok(f.cache, pxc_set_limit(f.cache, 0));
    assert_int_equal(pxc_limit(f.cache), 0);
    assert_finds(&f, a, 11);
    insert_width(f.cache, 13);
    end_frames(f.cache, 1);
    assert_int_equal(pxc_used(f.cache), 0);
    assert_int_equal(stats_of(f.cache).entries, 0);
    assert_int_equal(f.gpu.alive, 0);
    assert_insert_fails(f.cache, PXC_ERR_TOO_LARGE, 1);
    assert_ok(f.cache, pxc_set_limit(f.cache, 4 * 20));
    insert_width(f.cache, 20);
    end_frames(f.cache, 1);
    assert_int_equal(stats_of(f.cache).entries, 1);
    fixture_close(&f);
}

static void max_entries_bounds_the_count_at_the_boundary(void **state)
{
    (void)state;
    fixture f;
    fixture_open_config(&f, (pxc_config){.max_entries = 3});
    pxc_key keys[10];
    for (int i = 0; i < 10; ++i) {
        keys[i] = insert_width(f.cache, 11 + i);
    }
    assert_int_equal(stats_of(f.cache).entries, 10);
    assert_finds(&f, keys[4], 15);
    end_frames(f.cache, 1);
    assert_int_equal(stats_of(f.cache).entries, 3);
    assert_int_equal(stats_of(f.cache).evictions, 7);
    assert_true(pxc_key_valid(f.cache, keys[4]));
    assert_true(pxc_key_valid(f.cache, keys[8]));
    assert_true(pxc_key_valid(f.cache, keys[9]));
    assert_int_equal(pxc_used(f.cache), 4 * (15 + 19 + 20));
    fixture_close(&f);
}

static void max_entries_keeps_pinned_ones(void **state)
{
    (void)state;
    fixture f;
    fixture_open_config(&f, (pxc_config){.max_entries = 2});
    const pxc_key a = insert_width(f.cache, 11);
    assert_ok(f.cache, pxc_pin(f.cache, a));
    insert_width(f.cache, 12);
    const pxc_key c = insert_width(f.cache, 13);
    end_frames(f.cache, 1);
    assert_true(pxc_key_valid(f.cache, a));
    assert_true(pxc_key_valid(f.cache, c));
    assert_int_equal(stats_of(f.cache).entries, 2);
    fixture_close(&f);
}

static void the_default_ceiling_is_twice_the_limit(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 50);
    const pxc_key a = insert_width(f.cache, 50);
    insert_width(f.cache, 39);
    assert_insert_fails(f.cache, PXC_ERR_FULL, 12);
    const pxc_key c = insert_width(f.cache, 11);
    assert_insert_fails(f.cache, PXC_ERR_FULL, 1);
    assert_finds(&f, a, 50);
    assert_finds(&f, c, 11);
    end_frames(f.cache, 1);
    assert_int_equal(pxc_used(f.cache), 4 * 11);
    insert_width(f.cache, 1);
    fixture_close(&f);
}

static void full_lasts_until_the_boundary(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 50);
    const pxc_key a = insert_name(f.cache, "a", 50);
    const pxc_key b = insert_width(f.cache, 50);
    const pxc_pixmap small = pixmap_of(1);
    assert_insert_fails(f.cache, PXC_ERR_FULL, 1);
    assert_ok(f.cache, pxc_remove(f.cache, b));
    assert_insert_fails(f.cache, PXC_ERR_FULL, 1);
    assert_status(PXC_ERR_FULL, pxc_replace(f.cache, a, &small));
    assert_status(PXC_ERR_FULL, pxc_insert_named(f.cache, "a", &small, NULL));
    assert_ok(f.cache, pxc_trim_to(f.cache, 0));
    assert_insert_fails(f.cache, PXC_ERR_FULL, 1);
    assert_int_equal(pxc_used(f.cache), 4 * 100);
    end_frames(f.cache, 1);
    assert_int_equal(pxc_used(f.cache), 0);
    insert_width(f.cache, 50);
    fixture_close(&f);
}

static void an_explicit_ceiling_is_obeyed(void **state)
{
    (void)state;
    fixture f;
    fixture_open_config(&f, (pxc_config){.limit_bytes = 4 * 50, .ceiling_bytes = 4 * 60});
    insert_width(f.cache, 47);
    assert_insert_fails(f.cache, PXC_ERR_FULL, 14);
    insert_width(f.cache, 13);
    assert_insert_fails(f.cache, PXC_ERR_FULL, 1);
    assert_ok(f.cache, pxc_set_limit(f.cache, 4 * 500));
    assert_insert_fails(f.cache, PXC_ERR_FULL, 1);
    fixture_close(&f);
}

static void a_ceiling_of_size_max_bounds_nothing(void **state)
{
    (void)state;
    fixture f;
    fixture_open_config(&f, (pxc_config){.limit_bytes = 4 * 20, .ceiling_bytes = SIZE_MAX});
    for (int i = 0; i < 1000; ++i) {
        insert_width(f.cache, 20);
    }
    assert_int_equal(pxc_used(f.cache), 4 * 20 * 1000);
    assert_int_equal(stats_of(f.cache).peak_bytes, 4 * 20 * 1000);
    end_frames(f.cache, 1);
    assert_int_equal(pxc_used(f.cache), 4 * 20);
    assert_int_equal(stats_of(f.cache).peak_bytes, 4 * 20 * 1000);
    fixture_close(&f);
}

static void the_default_ceiling_saturates(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, SIZE_MAX / 2 + 2);
    insert_width(f.cache, 11);
    insert_width(f.cache, 12);
    end_frames(f.cache, 1);
    assert_int_equal(pxc_used(f.cache), 4 * 23);
    fixture_close(&f);
}

static void pins_alone_above_the_limit_are_counted(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 20);
    const pxc_key a = insert_width(f.cache, 11);
    const pxc_key b = insert_width(f.cache, 12);
    const pxc_key c = insert_width(f.cache, 13);
    assert_ok(f.cache, pxc_pin(f.cache, a));
    assert_ok(f.cache, pxc_pin(f.cache, b));
    assert_ok(f.cache, pxc_pin(f.cache, b));
    assert_int_equal(stats_of(f.cache).pinned_bytes, 4 * 23);
    assert_int_equal(stats_of(f.cache).over_limit_frames, 0);
    end_frames(f.cache, 3);
    assert_int_equal(stats_of(f.cache).over_limit_frames, 3);
    assert_int_equal(pxc_used(f.cache), 4 * 23);
    assert_false(pxc_key_valid(f.cache, c));
    assert_ok(f.cache, pxc_unpin(f.cache, b));
    end_frames(f.cache, 1);
    assert_int_equal(stats_of(f.cache).over_limit_frames, 4);
    assert_ok(f.cache, pxc_unpin(f.cache, b));
    end_frames(f.cache, 1);
    assert_int_equal(stats_of(f.cache).over_limit_frames, 4);
    assert_true(pxc_key_valid(f.cache, a));
    assert_false(pxc_key_valid(f.cache, b));
    assert_int_equal(stats_of(f.cache).pinned_bytes, 4 * 11);
    fixture_close(&f);
}

static void pins_survive_a_limit_of_zero(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key a = insert_width(f.cache, 11);
    insert_width(f.cache, 12);
    assert_ok(f.cache, pxc_pin(f.cache, a));
    assert_ok(f.cache, pxc_set_limit(f.cache, 0));
    end_frames(f.cache, 2);
    assert_finds(&f, a, 11);
    assert_int_equal(pxc_used(f.cache), 44);
    assert_int_equal(stats_of(f.cache).over_limit_frames, 2);
    assert_ok(f.cache, pxc_unpin(f.cache, a));
    end_frames(f.cache, 1);
    assert_int_equal(pxc_used(f.cache), 0);
    fixture_close(&f);
}

static void pinned_bytes_follow_replace_and_remove(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key a = insert_name(f.cache, "a", 11);
    const pxc_pixmap pixmap = pixmap_of(14);
    assert_ok(f.cache, pxc_pin(f.cache, a));
    assert_ok(f.cache, pxc_replace(f.cache, a, &pixmap));
    assert_int_equal(stats_of(f.cache).pinned_bytes, 56);
    insert_name(f.cache, "a", 12);
    assert_int_equal(stats_of(f.cache).pinned_bytes, 0);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_limit_is_64_mib),
        cmocka_unit_test(the_limit_holds_after_every_frame),
        cmocka_unit_test(no_more_is_evicted_than_the_limit_asks_for),
        cmocka_unit_test(an_image_larger_than_the_limit_is_refused_at_once),
        cmocka_unit_test(a_limit_of_size_max_evicts_nothing),
        cmocka_unit_test(a_lower_limit_takes_effect_at_the_boundary),
        cmocka_unit_test(a_higher_limit_gives_room_at_once),
        cmocka_unit_test(a_limit_of_zero_empties_the_cache_at_the_boundary),
        cmocka_unit_test(max_entries_bounds_the_count_at_the_boundary),
        cmocka_unit_test(max_entries_keeps_pinned_ones),
        cmocka_unit_test(the_default_ceiling_is_twice_the_limit),
        cmocka_unit_test(full_lasts_until_the_boundary),
        cmocka_unit_test(an_explicit_ceiling_is_obeyed),
        cmocka_unit_test(a_ceiling_of_size_max_bounds_nothing),
        cmocka_unit_test(the_default_ceiling_saturates),
        cmocka_unit_test(pins_alone_above_the_limit_are_counted),
        cmocka_unit_test(pins_survive_a_limit_of_zero),
        cmocka_unit_test(pinned_bytes_follow_replace_and_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
