/* Each allocation fails once: then there is an error, and nothing is left behind. */
#include "traces.h"

#include "../engine/wrapped_malloc.h"

#include "exact_curve.h"

static const char *path;

static bool make_curve(const access_trace *trace, trace_error *error)
{
    exact_curve curve;
    if (!exact_curve_make(trace, NULL, &curve, error)) {
        assert_null(curve.steps.list);
        return false;
    }
    exact_curve_free(&curve);
    return true;
}

static bool replay_all(const access_trace *trace, trace_error *error)
{
    for (const replay_policy *policy = replay_policies; policy->name != NULL; ++policy) {
        const replay_job job = {trace, 5000, SIZE_MAX, NULL};
        replay_result result;
        if (!policy->replay(&job, &result, error)) {
            return false;
        }
    }
    return true;
}

/* All that the program does with a trace, but for printing. */
static bool do_everything(trace_error *error)
{
    access_trace trace;
    if (!access_trace_read(path, &trace, error)) {
        assert_null(trace.accesses);
        return false;
    }
    const bool done = make_curve(&trace, error) && replay_all(&trace, error);
    access_trace_free(&trace);
    return done;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    uint64_t random = test_seed(7000);
    const random_trace kind = {900, 9000, 5, distinct_bytes};
    access_trace trace = make_random_trace(&kind, &random); /* the lists grow more than once */
    access_trace_free(&trace);
    path = path_of("trace.csv");
    bool done = false;
    int failing = 0;
    while (!done) {
        trace_error error = {0};
        const int live = atomic_load(&memory.live);
        memory_arm(++failing);
        done = do_everything(&error);
        memory_disarm();
        assert_int_equal(atomic_load(&memory.live), live);
        if (!done && strstr(error.text, "memory") == NULL) {
            fail_msg("allocation %d: %s", failing, error.text);
        }
    }
    assert_true(failing > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, remove_temporary_folder);
}
