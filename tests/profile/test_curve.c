/* The curve is exact: at every limit it says what a replay through the cache does. */
#include "traces.h"

#include "exact_curve.h"

static exact_curve curve_of(const access_trace *trace)
{
    exact_curve curve;
    trace_error error;
    if (!exact_curve_make(trace, NULL, &curve, &error)) {
        fail_msg("%s", error.text);
    }
    return curve;
}

static void assert_like_replay(const access_trace *trace, const exact_curve *curve, uint64_t limit,
                               uint64_t seed)
{
    const replay_result r = replay(replay_cache, trace, limit);
    const step at = exact_curve_at(curve, limit);
    if (at.hits != r.hits || at.upload_bytes != r.upload_bytes) {
        fail_msg("seed %" PRIu64 ", limit %" PRIu64 ": %" PRIu64 " hits, %" PRIu64
                 " bytes instead of %" PRIu64 ", %" PRIu64,
                 seed, limit, at.hits, at.upload_bytes, r.hits, r.upload_bytes);
    }
}

/* At steps, one byte below them, and anywhere; half of them below the largest image. */
static uint64_t some_limit(const access_trace *trace, const exact_curve *curve, uint64_t *random)
{
    const uint64_t kind = below(random, 4);
    const size_t largest = steps_find(&curve->steps, trace->largest_bytes);
    const size_t count = kind % 2 == 0 ? largest + 1 : curve->steps.count;
    const uint64_t at = curve->steps.list[below(random, count)].limit_bytes;
    const uint64_t limit = kind < 2    ? at
                           : kind == 2 ? at - (at > 0)
                                       : 1 + below(random, trace->image_bytes + 2);
    return limit == 0 ? 1 : limit;
}

static void the_curve_is_what_replays_do(void **state)
{
    (void)state;
    static const random_trace kinds[] = {
        {40, 3000, 1, distinct_bytes}, {60, 3000, 25, distinct_bytes}, {90, 3000, 40, wide_bytes},
        {50, 3000, 3, wide_bytes},     {60, 3000, 30, two_bytes},      {300, 3000, 9, wide_bytes},
        {40, 3000, 9, equal_bytes},    {9, 3000, 4, wide_bytes},       {200, 3000, 150, two_bytes},
        {120, 3000, 2, two_bytes},     {1, 30, 5, distinct_bytes},     {2, 50, 2, two_bytes},
    };
    for (uint64_t i = 0; i < COUNT_OF(kinds); ++i) {
        const uint64_t seed = test_seed(4000 + i);
        uint64_t random = seed;
        access_trace trace = make_random_trace(&kinds[i], &random);
        exact_curve curve = curve_of(&trace);
        for (int k = 0; k < 50; ++k) {
            assert_like_replay(&trace, &curve, some_limit(&trace, &curve, &random), seed);
        }
        assert_like_replay(&trace, &curve, trace.largest_bytes, seed);
        assert_like_replay(&trace, &curve, trace.largest_bytes > 1 ? trace.largest_bytes - 1 : 1, seed);
        assert_like_replay(&trace, &curve, curve.flat_bytes, seed);
        assert_like_replay(&trace, &curve, SIZE_MAX, seed);
        exact_curve_free(&curve);
        access_trace_free(&trace);
    }
}

/* Small enough to try all limits. */
static void no_limit_is_left_out(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 30; ++i) {
        const uint64_t seed = test_seed(5000 + i);
        uint64_t random = seed;
        const random_trace kind = {4 + (uint32_t)below(&random, 8), 60, 1 + (uint32_t)below(&random, 9),
                                   distinct_bytes};
        access_trace trace = make_random_trace(&kind, &random);
        exact_curve curve = curve_of(&trace);
        uint64_t changes = 0;
        step last = {0};
        for (uint64_t limit = 1; limit <= trace.image_bytes + 3; ++limit) {
            assert_like_replay(&trace, &curve, limit, seed);
            const step at = exact_curve_at(&curve, limit);
            changes += at.hits != last.hits || at.upload_bytes != last.upload_bytes;
            last = at;
        }
        assert_int_equal(curve.steps.count, changes + 1); /* and none is too much but that of limit 0 */
        exact_curve_free(&curve);
        access_trace_free(&trace);
    }
}

static void steps_by_hand(void **state)
{
    (void)state;
    /* 2 is repeated in its frame and back in the last one, where 1, twice as large, is more recent. */
    access_trace trace = trace_of("frame,key,bytes\n0,2,10\n0,2,10\n1,1,20\n2,2,10\n");
    exact_curve curve = curve_of(&trace);
    static const step expected[] = {
        {0, 0, 0},
        {10, 2, 10}, /* 1 is refused: the repeat hits, and 2 stays */
        {20, 1, 40}, /* 1 pushes 2 out: all but the repeat go up */
        {30, 2, 30},
    };
    assert_int_equal(curve.steps.count, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); ++i) {
        assert_int_equal(curve.steps.list[i].limit_bytes, expected[i].limit_bytes);
        assert_int_equal(curve.steps.list[i].hits, expected[i].hits);
        assert_int_equal(curve.steps.list[i].upload_bytes, expected[i].upload_bytes);
    }
    assert_int_equal(curve.accesses, 4);
    assert_int_equal(curve.first_accesses, 2);
    assert_int_equal(curve.most_hits, 2);
    assert_int_equal(curve.flat_bytes, 30);
    assert_int_equal(curve.largest_bytes, 20);
    exact_curve_free(&curve);
    access_trace_free(&trace);
}

static void a_limit_is_recommended_that_loses_few_hits_and_refuses_nothing(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 10; ++i) {
        const uint64_t seed = test_seed(6000 + i);
        uint64_t random = seed;
        const random_trace kind = {60, 3000, 10, i % 2 == 0 ? distinct_bytes : wide_bytes};
        access_trace trace = make_random_trace(&kind, &random);
        exact_curve curve = curve_of(&trace);
        static const double losses[] = {0, 0.01, 0.1, 0.5, 0.99};
        for (size_t k = 0; k < COUNT_OF(losses); ++k) {
            const uint64_t limit = exact_curve_recommend(&curve, losses[k]);
            const double wanted = (double)curve.most_hits * (1 - losses[k]);
            assert_true(limit >= trace.largest_bytes);
            assert_true((double)exact_curve_at(&curve, limit).hits >= wanted - 1e-6);
            assert_true(limit == trace.largest_bytes ||
                        (double)exact_curve_at(&curve, limit - 1).hits < wanted);
        }
        exact_curve_free(&curve);
        access_trace_free(&trace);
    }
}

static void without_hits_the_largest_image_is_recommended(void **state)
{
    (void)state;
    access_trace trace = trace_of("frame,key,bytes\n0,1,500\n0,2,600\n7,3,70\n");
    exact_curve curve = curve_of(&trace);
    assert_int_equal(curve.most_hits, 0);
    assert_int_equal(exact_curve_recommend(&curve, 0.01), 600);
    exact_curve_free(&curve);
    access_trace_free(&trace);
}

static void what_is_beyond_an_exact_curve_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"frame,key,bytes\n0,1,1099511627777\n",
                                        "frame,key,bytes\n0,1,9223372036854775807\n"};
    for (size_t i = 0; i < COUNT_OF(texts); ++i) {
        access_trace trace = trace_of(texts[i]);
        exact_curve curve;
        trace_error error = {0};
        assert_false(exact_curve_make(&trace, NULL, &curve, &error));
        assert_non_null(strstr(error.text, "too many bytes"));
        assert_null(curve.steps.list);
        access_trace_free(&trace);
    }
}

/* More changes than the list holds at first, many of them at one limit. */
static void steps_are_sums_of_changes_in_any_order(void **state)
{
    (void)state;
    enum { LIMITS = 3000, CHANGES = 100000 };
    static uint64_t hits[LIMITS + 1];
    memset(hits, 0, sizeof hits);
    uint64_t random = test_seed(71);
    steps s = {0};
    for (int i = 0; i < CHANGES; ++i) {
        const uint64_t at = 1 + below(&random, LIMITS);
        ++hits[at];
        steps_add(&s, (step){at << 40 | at, 1, 0 - UINT64_C(2)});
        if (i % 3 == 0) { /* comes and goes */
            steps_add(&s, (step){5, 1, 1});
            steps_add(&s, (step){5, UINT64_MAX, UINT64_MAX});
        }
    }
    steps_add(&s, (step){1, 0, 2 * CHANGES});
    assert_true(steps_sum(&s));
    assert_int_equal(s.list[0].limit_bytes, 0);
    assert_int_equal(s.list[1].limit_bytes, 1);
    uint64_t sum = 0;
    size_t i = 2;
    for (uint64_t at = 1; at <= LIMITS; ++at) {
        sum += hits[at];
        if (hits[at] != 0) {
            assert_true(i < s.count);
            assert_int_equal(s.list[i].limit_bytes, at << 40 | at);
            assert_int_equal(s.list[i].hits, sum);
            assert_int_equal(s.list[i].upload_bytes, 2 * (CHANGES - sum));
            assert_int_equal(steps_find(&s, at << 40 | at), i);
            assert_int_equal(steps_find(&s, (at << 40 | at) - 1), i - 1);
            ++i;
        }
    }
    assert_int_equal(i, s.count);
    steps_free(&s);
}

/* A recording of a real game; it lies beside the repository, not everywhere. */
static void a_real_games_trace_is_exact(void **state)
{
    (void)state;
    char path[4096];
    repository_path("../shared/traces/supertux-title.csv", path, sizeof path);
    if (access(path, R_OK) != 0) {
        skip();
    }
    access_trace trace;
    trace_error error;
    assert_true(access_trace_read(path, &trace, &error));
    exact_curve curve = curve_of(&trace);
    uint64_t random = test_seed(81);
    for (int k = 0; k < 25; ++k) {
        assert_like_replay(&trace, &curve, some_limit(&trace, &curve, &random), 81);
    }
    exact_curve_free(&curve);
    access_trace_free(&trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_curve_is_what_replays_do),
        cmocka_unit_test(no_limit_is_left_out),
        cmocka_unit_test(steps_by_hand),
        cmocka_unit_test(a_limit_is_recommended_that_loses_few_hits_and_refuses_nothing),
        cmocka_unit_test(without_hits_the_largest_image_is_recommended),
        cmocka_unit_test(what_is_beyond_an_exact_curve_is_refused),
        cmocka_unit_test(steps_are_sums_of_changes_in_any_order),
        cmocka_unit_test(a_real_games_trace_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, remove_temporary_folder);
}
