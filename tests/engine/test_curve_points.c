/* Points of the hit-rate curve: its edges, its steps, and the limit that it recommends. */
#include "curve_check.h"

/* The next edge with more hits, by trying them all. */
static void next_stops_at_every_step_and_nowhere_else(void **state)
{
    (void)state;
    enum { IMAGES = 150 };
    uint64_t seed = seed_of_tests();
    pxe_curve *curve = open_curve(0);
    for (int access = 0; access < 3000; ++access) {
        const uint32_t key = random_below(&seed, 1 + random_below(&seed, IMAGES));
        pxe_curve_access(curve, key, 11 + 83 * key);
        if (access % 7 == 0) {
            pxe_curve_frame_end(curve);
        }
    }
    uint64_t expected = pxe_curve_next(curve, 0);
    uint64_t hits = pxe_curve_at(curve, 0).hits;
    assert_int_equal(hits, pxe_curve_sum(curve).repeats);
    int steps = 0;
    for (uint64_t limit = 1; limit <= UINT64_C(95) * IMAGES * IMAGES; ++limit) {
        const pxe_curve_point point = pxe_curve_at(curve, limit);
        assert_int_equal(point.limit_bytes, edge_at_or_below(limit));
        assert_true(point.hits >= hits);
        if (point.hits > hits) {
            assert_int_equal(limit, expected);
            expected = pxe_curve_next(curve, limit);
            hits = point.hits;
            ++steps;
        }
    }
    assert_true(steps > 100);
    assert_true(expected == PXE_NEED_NONE);
    assert_int_equal(hits, pxe_curve_sum(curve).most_hits);
    assert_int_equal(pxe_curve_at(curve, UINT64_MAX).hits, hits);
    pxe_curve_destroy(curve);
}

/* 1000 hits of an image of 11 bytes, 10 of one of 500 that needs 511, and 1 of one of 12 that needs 523. */
static void the_recommended_limit_loses_no_more_than_it_may(void **state)
{
    (void)state;
    pxe_curve *curve = open_curve(0);
    assert_int_equal(pxe_curve_recommend(curve, 0.01), 0);
    for (int round = 0; round < 11; ++round) {
        for (int i = 0; i < 92; ++i) {
            pxe_curve_access(curve, 1, 11);
        }
        pxe_curve_frame_end(curve);
        if (round == 0 || round == 5) {
            pxe_curve_access(curve, 3, 12);
        }
        pxe_curve_access(curve, 2, 500);
        pxe_curve_access(curve, 1, 11);
        pxe_curve_frame_end(curve);
    }
    const pxe_curve_totals sum = pxe_curve_sum(curve);
    assert_int_equal(sum.most_hits, 11 * 93 - 1 + 10 + 1);
    for (int i = 0; i < 1000; ++i) {
        const double lost = i / 1000.0;
        const uint64_t limit = pxe_curve_recommend(curve, lost);
        const double least = (1 - lost) * (double)sum.most_hits;
        assert_true((double)pxe_curve_at(curve, limit).hits >= least - 1e-9);
        assert_true(limit >= 500);
        assert_true(limit == 500 || (double)pxe_curve_at(curve, limit - 1).hits < least);
    }
    assert_int_equal(pxe_curve_recommend(curve, 0), 11 + 500 + 12);
    assert_int_equal(pxe_curve_recommend(curve, 0.002), 11 + 500);
    assert_int_equal(pxe_curve_recommend(curve, 0.5), 500);
    pxe_curve_destroy(curve);
}

static void the_recommended_limit_is_an_edge_not_below_the_largest_image(void **state)
{
    (void)state;
    pxe_curve *curve = open_curve(0);
    pxe_curve_access(curve, 1, 1000001);
    const uint64_t limit = pxe_curve_recommend(curve, 0.01);
    assert_int_equal(edge_at_or_below(limit), limit);
    assert_in_range(limit, 1000001, 1000001 + 512);
    pxe_curve_destroy(curve);
}

static void each_mebibyte_is_an_edge_up_to_two_gibibytes(void **state)
{
    (void)state;
    pxe_curve *curve = open_curve(0);
    for (uint64_t mebibytes = 1; mebibytes <= 2048; ++mebibytes) {
        assert_int_equal(pxe_curve_at(curve, mebibytes << 20).limit_bytes, mebibytes << 20);
    }
    pxe_curve_destroy(curve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(next_stops_at_every_step_and_nowhere_else),
        cmocka_unit_test(the_recommended_limit_loses_no_more_than_it_may),
        cmocka_unit_test(the_recommended_limit_is_an_edge_not_below_the_largest_image),
        cmocka_unit_test(each_mebibyte_is_an_edge_up_to_two_gibibytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
