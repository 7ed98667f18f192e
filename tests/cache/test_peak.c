/* After a peak the heap comes back, and what the peak's keys named does not. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

enum { PEAK = 20000 };

static void insert_many(fixture *f, pxc_key *keys, size_t count, bool named)
{
    for (size_t i = 0; i < count; ++i) {
        char name[32];
        const pxc_pixmap pixmap = pixmap_of(1 + (int)(i % 7));
        snprintf(name, sizeof name, "peak/%zu", i);
        assert_int_equal(named ? pxc_insert_named(f->cache, name, &pixmap, &keys[i])
                               : pxc_insert(f->cache, &pixmap, &keys[i]),
                         PXC_OK);
    }
}

static void the_heap_is_where_it_was_after_a_peak(void **state)
{
    (void)state;
    fixture f;
    pxc_key *keys = calloc(PEAK, sizeof *keys);
    assert_non_null(keys);
    fixture_open(&f, 0);
    insert_many(&f, keys, 10, true);
    assert_ok(f.cache, pxc_trim_to(f.cache, 0));
    assert_ok(f.cache, pxc_frame_end(f.cache));
    const size_t before_bytes = f.alloc.live_bytes;
    for (int round = 0; round < 3; ++round) {
        insert_many(&f, keys, PEAK, true);
        assert_true(f.alloc.live_bytes > before_bytes + (size_t)PEAK * 64);
        assert_ok(f.cache, pxc_frame_end(f.cache));
        assert_ok(f.cache, pxc_trim_to(f.cache, 0));
        assert_ok(f.cache, pxc_frame_end(f.cache));
        assert_true(f.alloc.live_bytes <= before_bytes + 1024);
    }
    fixture_close(&f);
    free(keys);
}

static void keys_from_before_stay_stale_when_the_memory_grows_again(void **state)
{
    (void)state;
    fixture f;
    pxc_key *old = calloc(PEAK, sizeof *old);
    pxc_key *again = calloc(PEAK, sizeof *again);
    assert_non_null(old);
    assert_non_null(again);
    fixture_open(&f, 0);
    insert_many(&f, old, PEAK, false);
    for (int round = 0; round < 4; ++round) {
        assert_ok(f.cache, pxc_clear(f.cache));
        assert_ok(f.cache, pxc_frame_end(f.cache));
        insert_many(&f, again, PEAK, false);
        for (size_t i = 0; i < PEAK; ++i) {
            assert_false(pxc_key_valid(f.cache, old[i]));
            assert_true(pxc_key_valid(f.cache, again[i]));
        }
        pxc_key *swapped = old;
        old = again;
        again = swapped;
    }
    fixture_close(&f);
    free(old);
    free(again);
}

/* A few that stay, at the low and at the high end, and what they find, survive the memory's coming and going. */
static void what_stays_is_found_while_the_rest_goes(void **state)
{
    (void)state;
    fixture f;
    pxc_key *keys = calloc(PEAK, sizeof *keys);
    assert_non_null(keys);
    fixture_open(&f, 0);
    insert_many(&f, keys, PEAK, true);
    for (size_t i = 0; i < PEAK; ++i) {
        if (i % 4999 != 0) {
            assert_int_equal(pxc_remove(f.cache, keys[i]), PXC_OK);
        }
        if (i % 1000 == 0) {
            assert_ok(f.cache, pxc_frame_end(f.cache));
        }
    }
    assert_ok(f.cache, pxc_frame_end(f.cache));
    for (size_t i = 0; i < PEAK; i += 4999) {
        char name[32];
        pxc_key key;
        snprintf(name, sizeof name, "peak/%zu", i);
        assert_ok(f.cache, pxc_lookup(f.cache, name, &key));
        assert_int_equal(key.id, keys[i].id);
        assert_finds(&f, key, 1 + (int)(i % 7));
    }
    fixture_close(&f);
    free(keys);
}

static void a_boundary_without_memory_to_shrink_keeps_all(void **state)
{
    (void)state;
    fixture f;
    pxc_key *keys = calloc(PEAK, sizeof *keys);
    assert_non_null(keys);
    fixture_open(&f, 0);
    insert_many(&f, keys, PEAK, true);
    for (size_t i = 1; i < PEAK; ++i) {
        assert_int_equal(pxc_remove(f.cache, keys[i]), PXC_OK);
    }
    for (int i = 0; i < 20; ++i) {
        f.alloc.fail_at = f.alloc.calls + 1;
        assert_ok(f.cache, pxc_frame_end(f.cache));
    }
    assert_finds(&f, keys[0], 1);
    fixture_close(&f);
    free(keys);
}

/* One table may shrink and the other not; what grows next must see both as the smaller. */
static void growing_after_half_a_shrink_stays_inside(void **state)
{
    (void)state;
    pxc_key *keys = calloc(PEAK, sizeof *keys);
    assert_non_null(keys);
    for (uint64_t nth = 1; nth <= 4; ++nth) {
        fixture f;
        fixture_open(&f, 0);
        insert_many(&f, keys, PEAK, false);
        assert_ok(f.cache, pxc_clear(f.cache));
        failing_alloc_fail_nth(&f.alloc, nth);
        assert_ok(f.cache, pxc_frame_end(f.cache));
        failing_alloc_fail_nth(&f.alloc, 0);
        insert_many(&f, keys, PEAK, false);
        assert_int_equal(pxc_validate(f.cache), PXC_OK);
        fixture_close(&f);
    }
    free(keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_heap_is_where_it_was_after_a_peak),
        cmocka_unit_test(keys_from_before_stay_stale_when_the_memory_grows_again),
        cmocka_unit_test(what_stays_is_found_while_the_rest_goes),
        cmocka_unit_test(a_boundary_without_memory_to_shrink_keeps_all),
        cmocka_unit_test(growing_after_half_a_shrink_stays_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
