/* pxc_trim_to and pxc_trim_older: they choose at once, and the boundary deletes. */
#include "check.h"

static void trim_to_evicts_the_oldest_until_the_rest_fits(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key a = insert_width(f.cache, 11);
    const pxc_key b = insert_width(f.cache, 12);
    const pxc_key c = insert_width(f.cache, 13);
    end_frames(f.cache, 1);
    assert_ok(f.cache, pxc_trim_to(f.cache, 4 * 36));
    assert_true(pxc_key_valid(f.cache, a));
    assert_ok(f.cache, pxc_trim_to(f.cache, 4 * 36 - 1));
    assert_false(pxc_key_valid(f.cache, a));
    assert_ok(f.cache, pxc_trim_to(f.cache, 4 * 25));
    assert_true(pxc_key_valid(f.cache, b) && pxc_key_valid(f.cache, c));
    assert_int_equal(stats_of(f.cache).evictions, 1);
    assert_ok(f.cache, pxc_trim_to(f.cache, 4 * 13));
    assert_false(pxc_key_valid(f.cache, b));
    assert_true(pxc_key_valid(f.cache, c));
    fixture_close(&f);
}

static void trim_to_zero_empties_and_size_max_does_nothing(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key a = insert_width(f.cache, 11);
    insert_name(f.cache, "b", 12);
    assert_ok(f.cache, pxc_trim_to(f.cache, SIZE_MAX));
    assert_int_equal(stats_of(f.cache).entries, 2);
    assert_ok(f.cache, pxc_trim_to(f.cache, 0));
    assert_int_equal(stats_of(f.cache).entries, 0);
    assert_false(pxc_key_valid(f.cache, a));
    assert_status(PXC_MISS, pxc_find_named(f.cache, "b", NULL));
    assert_ok(f.cache, pxc_trim_to(f.cache, 0));
    assert_int_equal(stats_of(f.cache).evictions, 2);
    fixture_close(&f);
}

static void a_trim_deletes_at_the_boundary(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    insert_width(f.cache, 11);
    insert_width(f.cache, 12);
    end_frames(f.cache, 3);
    assert_ok(f.cache, pxc_trim_to(f.cache, 50));
    assert_ok(f.cache, pxc_trim_older(f.cache, 0));
    assert_int_equal(f.gpu.delete_batches, 0);
    assert_int_equal(pxc_used(f.cache), 4 * 23);
    end_frames(f.cache, 1);
    assert_int_equal(f.gpu.delete_batches, 1);
    assert_int_equal(f.gpu.last_batch, 2);
    assert_int_equal(pxc_used(f.cache), 0);
    fixture_close(&f);
}

static void what_awaits_deletion_does_not_count_for_trim_to(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key a = insert_width(f.cache, 11);
    const pxc_key b = insert_width(f.cache, 50);
    assert_ok(f.cache, pxc_remove(f.cache, b));
    assert_ok(f.cache, pxc_trim_to(f.cache, 44));
    assert_finds(&f, a, 11);
    fixture_close(&f);
}

static void a_trim_keeps_pinned_entries(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key a = insert_width(f.cache, 11);
    const pxc_key b = insert_width(f.cache, 12);
    const pxc_key c = insert_width(f.cache, 13);
    assert_ok(f.cache, pxc_pin(f.cache, a));
    assert_ok(f.cache, pxc_trim_to(f.cache, 4 * 24));
    assert_true(pxc_key_valid(f.cache, a) && pxc_key_valid(f.cache, c));
    assert_false(pxc_key_valid(f.cache, b));
    assert_ok(f.cache, pxc_trim_to(f.cache, 0));
    assert_false(pxc_key_valid(f.cache, c));
    end_frames(f.cache, 10);
    assert_ok(f.cache, pxc_trim_older(f.cache, 0));
    assert_finds(&f, a, 11);
    end_frames(f.cache, 1);
    assert_ok(f.cache, pxc_unpin(f.cache, a));
    assert_ok(f.cache, pxc_trim_older(f.cache, 0));
    assert_false(pxc_key_valid(f.cache, a));
    fixture_close(&f);
}

static void trim_older_counts_frames_since_the_last_use(void **state)
{
    (void)state;
    fixture f;
    pxc_key keys[5];
    fixture_open(&f, 0);
    for (int i = 0; i < 5; ++i) {
        keys[i] = insert_width(f.cache, 11 + i); /* used 5 - i frames ago when the loop is over */
        end_frames(f.cache, 1);
    }
    for (uint64_t frames = 6; frames-- > 0;) {
        assert_ok(f.cache, pxc_trim_older(f.cache, frames));
        for (uint64_t i = 0; i < 5; ++i) {
            assert_int_equal(pxc_key_valid(f.cache, keys[i]), 5 - i <= frames);
        }
    }
    assert_int_equal(stats_of(f.cache).evictions, 5);
    fixture_close(&f);
}

static void trim_older_than_zero_keeps_what_this_frame_used(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_pixmap pixmap = pixmap_of(20);
    const pxc_key found = insert_width(f.cache, 11);
    const pxc_key found_named = insert_name(f.cache, "b", 12);
    const pxc_key replaced = insert_width(f.cache, 13);
    const pxc_key looked_up = insert_name(f.cache, "d", 14);
    end_frames(f.cache, 1);
    pxc_key key;
    assert_finds(&f, found, 11);
    assert_ok(f.cache, pxc_find_named(f.cache, "b", NULL));
    assert_ok(f.cache, pxc_replace(f.cache, replaced, &pixmap));
    assert_ok(f.cache, pxc_lookup(f.cache, "d", &key));
    const pxc_key inserted = insert_width(f.cache, 15);
    assert_ok(f.cache, pxc_trim_older(f.cache, 0));
    assert_true(pxc_key_valid(f.cache, found));
    assert_true(pxc_key_valid(f.cache, found_named));
    assert_true(pxc_key_valid(f.cache, replaced));
    assert_true(pxc_key_valid(f.cache, inserted));
    assert_false(pxc_key_valid(f.cache, looked_up));
    fixture_close(&f);
}

static void trim_older_than_for_ever_keeps_everything(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key a = insert_width(f.cache, 11);
    end_frames(f.cache, 100);
    assert_ok(f.cache, pxc_trim_older(f.cache, UINT64_MAX));
    assert_ok(f.cache, pxc_trim_older(f.cache, 100));
    assert_true(pxc_key_valid(f.cache, a));
    assert_ok(f.cache, pxc_trim_older(f.cache, 99));
    assert_false(pxc_key_valid(f.cache, a));
    fixture_close(&f);
}

static void trim_older_passes_over_pins_and_takes_those_behind(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key a = insert_width(f.cache, 11);
    const pxc_key b = insert_width(f.cache, 12);
    const pxc_key c = insert_width(f.cache, 13);
    assert_ok(f.cache, pxc_pin(f.cache, b));
    end_frames(f.cache, 3);
    const pxc_key d = insert_width(f.cache, 14);
    assert_ok(f.cache, pxc_trim_older(f.cache, 2));
    assert_false(pxc_key_valid(f.cache, a) || pxc_key_valid(f.cache, c));
    assert_true(pxc_key_valid(f.cache, b) && pxc_key_valid(f.cache, d));
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trim_to_evicts_the_oldest_until_the_rest_fits),
        cmocka_unit_test(trim_to_zero_empties_and_size_max_does_nothing),
        cmocka_unit_test(a_trim_deletes_at_the_boundary),
        cmocka_unit_test(what_awaits_deletion_does_not_count_for_trim_to),
        cmocka_unit_test(a_trim_keeps_pinned_entries),
        cmocka_unit_test(trim_older_counts_frames_since_the_last_use),
        cmocka_unit_test(trim_older_than_zero_keeps_what_this_frame_used),
        cmocka_unit_test(trim_older_than_for_ever_keeps_everything),
        cmocka_unit_test(trim_older_passes_over_pins_and_takes_those_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
