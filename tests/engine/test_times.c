/* Statistics over frame times: by their definitions, counted without the code that is under test, and by examples
 * that were worked out by hand. */
#include "picture_files.h"

#include <pxe/profile.h>

#include <math.h>

enum { MOST = 10004 };

static double values[MOST];

static void assert_ms(double actual, double expected)
{
    if (fabs(actual - expected) > 1e-9) {
        fail_msg("%.12f instead of %.12f", actual, expected);
    }
}

static void nothing_gives_nothing(void **state)
{
    (void)state;
    const pxe_times times = pxe_times_of(values, 0);
    assert_int_equal(times.frames, 0);
    assert_ms(times.mean_ms + times.p50_ms + times.p95_ms + times.p99_ms + times.p99_9_ms, 0);
    assert_ms(times.max_ms + times.low_1_ms + times.low_1_time_ms, 0);
}

static void one_frame_is_every_statistic(void **state)
{
    (void)state;
    values[0] = 12.25;
    const pxe_times times = pxe_times_of(values, 1);
    assert_int_equal(times.frames, 1);
    assert_ms(times.mean_ms, 12.25);
    assert_ms(times.p50_ms, 12.25);
    assert_ms(times.p95_ms, 12.25);
    assert_ms(times.p99_ms, 12.25);
    assert_ms(times.p99_9_ms, 12.25);
    assert_ms(times.max_ms, 12.25);
    assert_ms(times.low_1_ms, 12.25);
    assert_ms(times.low_1_time_ms, 12.25);
}

/* 9,996 frames of 10 ms and four of 500 ms, anywhere among them. The slowest 100 frames: (4 * 500 + 96 * 10) / 100 =
 * 29.6 ms. All take 101,960 ms, of which 1 % are 1,019.6 ms: the third of the four is where that is reached. */
static void four_frames_of_500_ms_do_not_hide(void **state)
{
    (void)state;
    for (int i = 0; i < 10000; ++i) {
        values[i] = i % 2500 == 1234 ? 500 : 10;
    }
    const pxe_times times = pxe_times_of(values, 10000);
    assert_ms(times.mean_ms, 10.196);
    assert_ms(times.p99_ms, 10);
    assert_ms(times.p99_9_ms, 10); /* which hides them */
    assert_ms(times.max_ms, 500);
    assert_ms(times.low_1_ms, 29.6);
    assert_ms(times.low_1_time_ms, 500);
}

/* 1,000 frames of 10 ms and one of 100 ms: all take 10,100 ms, 1 % of it is 101 ms. The one frame does not fill it:
 * the low by time is the next one's, 10 ms. The slowest 10: (100 + 9 * 10) / 10 = 19 ms. */
static void a_frame_that_does_not_fill_one_percent_leaves_it_to_the_next(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; ++i) {
        values[i] = 10;
    }
    values[1000] = 100;
    const pxe_times times = pxe_times_of(values, 1001);
    assert_ms(times.low_1_ms, 19);
    assert_ms(times.low_1_time_ms, 10);
}

/* 99 frames of 1 ms and one of 1 ms more: all take 101 ms, 1 % is 1.01 ms, and the slowest has 2 ms of it. */
static void the_slowest_frame_alone_can_be_one_percent(void **state)
{
    (void)state;
    for (int i = 0; i < 100; ++i) {
        values[i] = i == 40 ? 2 : 1;
    }
    const pxe_times times = pxe_times_of(values, 100);
    assert_ms(times.low_1_ms, 2);
    assert_ms(times.low_1_time_ms, 2);
    assert_ms(times.p99_ms, 1);
    assert_ms(times.p99_9_ms, 2);
}

/* 1 to 1,000 ms: percentiles are their ranks. */
static void percentiles_are_by_nearest_rank(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; ++i) {
        values[i] = 1 + i * 7 % 1000; /* each number once */
    }
    const pxe_times times = pxe_times_of(values, 1000);
    assert_ms(times.mean_ms, 500.5);
    assert_ms(times.p50_ms, 500);
    assert_ms(times.p95_ms, 950);
    assert_ms(times.p99_ms, 990);
    assert_ms(times.p99_9_ms, 999);
    assert_ms(times.max_ms, 1000);
    assert_ms(times.low_1_ms, 995.5); /* 991 to 1,000 */
    /* 1 % of 500,500 ms is 5,005 ms, and 1,000 + 999 + 998 + 997 + 996 are 4,990. */
    assert_ms(times.low_1_time_ms, 995);
    for (int i = 1; i < 1000; ++i) {
        assert_true(values[i - 1] < values[i]); /* it sorts them */
    }
}

/* The smallest value that so many of a thousand do not exceed, by counting. */
static double percentile(const double *of, size_t count, size_t per_mille)
{
    double best = INFINITY;
    for (size_t i = 0; i < count; ++i) {
        size_t at_most = 0;
        for (size_t j = 0; j < count; ++j) {
            at_most += of[j] <= of[i] ? 1 : 0;
        }
        best = at_most * 1000 >= per_mille * count ? fmin(best, of[i]) : best;
    }
    return best;
}

/* The largest value such that what is as long, or longer, takes 1 % of the time, by counting. */
static double low_by_time(const double *of, size_t count)
{
    double sum = 0;
    double best = 0;
    for (size_t i = 0; i < count; ++i) {
        sum += of[i];
    }
    for (size_t i = 0; i < count; ++i) {
        double as_long = 0;
        for (size_t j = 0; j < count; ++j) {
            as_long += of[j] >= of[i] ? of[j] : 0;
        }
        best = as_long >= sum / 100 ? fmax(best, of[i]) : best;
    }
    return best;
}

static double low_by_frames(const double *of, size_t count)
{
    const size_t slowest = count < 100 ? 1 : count / 100;
    static bool taken[MOST];
    double sum = 0;
    memset(taken, 0, sizeof taken);
    for (size_t i = 0; i < slowest; ++i) {
        size_t worst = MOST;
        for (size_t j = 0; j < count; ++j) {
            worst = !taken[j] && (worst == MOST || of[j] > of[worst]) ? j : worst;
        }
        taken[worst] = true;
        sum += of[worst];
    }
    return sum / (double)slowest;
}

/* Whole numbers of ms, so that sums are exact in any order; many are equal. */
static void random_times_agree_with_counting(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 150; ++seed) {
        static double copy[MOST];
        uint64_t random = seed;
        const size_t count = 1 + random_below(&random, seed % 10 == 0 ? 900 : 250);
        for (size_t i = 0; i < count; ++i) {
            values[i] = 1 + random_below(&random, random_below(&random, 50) == 0 ? 900 : 20);
        }
        memcpy(copy, values, count * sizeof *copy);
        const pxe_times times = pxe_times_of(values, count);
        const bool good =
            times.frames == count && times.p50_ms == percentile(copy, count, 500) &&
            times.p95_ms == percentile(copy, count, 950) && times.p99_ms == percentile(copy, count, 990) &&
            times.p99_9_ms == percentile(copy, count, 999) && times.max_ms == percentile(copy, count, 1000) &&
            times.low_1_time_ms == low_by_time(copy, count) &&
            fabs(times.low_1_ms - low_by_frames(copy, count)) < 1e-9;
        if (!good) {
            fail_msg("seed %d, %zu frames", (int)seed, count);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_gives_nothing),
        cmocka_unit_test(one_frame_is_every_statistic),
        cmocka_unit_test(four_frames_of_500_ms_do_not_hide),
        cmocka_unit_test(a_frame_that_does_not_fill_one_percent_leaves_it_to_the_next),
        cmocka_unit_test(the_slowest_frame_alone_can_be_one_percent),
        cmocka_unit_test(percentiles_are_by_nearest_rank),
        cmocka_unit_test(random_times_agree_with_counting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
