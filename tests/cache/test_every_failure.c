/* Promise 2 for every public function: the n-th allocation and the n-th call of the GPU fail, for n = 1, 2, ... until
 * the n-th is not reached, as SQLite's tests do it.
 *
 * Each pass populates a cache anew (scene.h), breaks one thing, makes one call of every_calls[], mends the thing, and
 * compares everything with a reference that knows only the contract. Then the cache has to go on working. A call whose
 * contract does not name the failure must not fail: what it does without the memory that it wished for is its own
 * affair, and its result must be whole.
 *
 * Where the cache's tables grow is the cache's secret. So it is found by watching the allocator while a scene is
 * filled: an insert that allocates more than the cheapest one stands at an edge, and the calls are made there. */
#include "stage.h"

enum {
    MAX_TRIES = 50, /* allocations or GPU calls of one call; more would be a loop without end */
    MAX_EDGES = 24,
    MAX_FILLER = 4300, /* past the fourth 1024 of what has been inserted; half of it is removed again */
};

/* The n-th allocation of the call fails, for n = 1, 2, ... Result: how many of them made it fail. */
static unsigned fail_allocations(scene_shape shape, const every_call *call, gpu_script script)
{
    unsigned failures = 0;
    bool reached = true;
    for (uint64_t n = 1; reached; ++n) {
        assert_in_range(n, 1, MAX_TRIES);
        failures += stage_pass(shape, call, n, script, &reached) && reached ? 1 : 0;
    }
    return failures;
}

/* ---- Edges ----------------------------------------------------------------------------------------------------*/

/* The numbers of fillers after which an insert makes more allocations than the cheapest does, and so some table grows.
 * Should there be very many, every second one is left out. */
static size_t find_edges(bool named, int edges[MAX_EDGES])
{
    size_t count = 0;
    uint64_t cheapest = UINT64_MAX;
    stage_open((scene_shape){.filler = 0});
    assert_status(PXC_OK, pxc_set_limit(on_stage.s.cache, SIZE_MAX));
    on_stage.s.shape.named = named;
    for (int number = 0; number < MAX_FILLER; ++number) {
        const uint64_t calls = on_stage.alloc.calls;
        scene_add_filler(&on_stage.s, number);
        const uint64_t made = on_stage.alloc.calls - calls;
        if (made > cheapest) {
            for (size_t i = 0; count == MAX_EDGES && i < MAX_EDGES / 2; ++i) {
                edges[i] = edges[2 * i];
            }
            count = count == MAX_EDGES ? MAX_EDGES / 2 : count;
            edges[count++] = number;
        }
        cheapest = made < cheapest ? made : cheapest;
    }
    stage_close();
    assert_true(count > 0);
    return count;
}

/* ---- Tests ----------------------------------------------------------------------------------------------------*/

static const scene_shape small = {.filler = 0};
static const scene_shape peak = {.filler = 1100, .named = true, .is_peak = true};

static void what_is_not_broken_works(void **state)
{
    (void)state;
    for (size_t i = 0; i < every_call_count; ++i) {
        bool reached = false;
        assert_false(stage_pass(small, &every_calls[i], 0, (gpu_script){0}, &reached));
        assert_false(stage_pass(peak, &every_calls[i], 0, (gpu_script){0}, &reached));
    }
}

/* Those that make no entry are called at the first and at the last edge only: no table grows for them. */
static void every_allocation_at_every_edge(void **state)
{
    (void)state;
    unsigned failures[96] = {0};
    assert_in_range(every_call_count, 1, COUNT_OF(failures));
    for (int named = 0; named < 2; ++named) {
        int edges[MAX_EDGES];
        const size_t count = find_edges(named != 0, edges);
        for (size_t edge = 0; edge < count; ++edge) {
            const scene_shape shape = {.filler = edges[edge], .named = named != 0};
            const bool takes_all = edge == 0 || edge + 1 == count;
            for (size_t i = 0; i < every_call_count; ++i) {
                if (takes_all || (every_calls[i].traits & (CALL_UPLOADS | CALL_GOES_UP)) != 0) {
                    failures[i] += fail_allocations(shape, &every_calls[i], (gpu_script){0});
                }
            }
        }
    }
    for (size_t i = 0; i < every_call_count; ++i) {
        const bool can_fail = (every_calls[i].traits & CALL_ALLOCATES) != 0;
        if ((failures[i] > 0) != can_fail) {
            fail_msg("%s: %u allocations made it fail", every_calls[i].text, failures[i]);
        }
    }
}

/* Inserts that copy a name allocate everywhere; a boundary after a peak gives memory back, and some way of doing that
 * needs memory. */
static void every_allocation_of_a_small_cache_and_after_a_peak(void **state)
{
    (void)state;
    unsigned failures = 0;
    stage_open(peak);
    const size_t peak_bytes = on_stage.alloc.live_bytes;
    assert_ok(on_stage.s.cache, pxc_frame_end(on_stage.s.cache));
    assert_true(on_stage.alloc.live_bytes < peak_bytes / 2); /* else it is no peak */
    stage_close();
    for (size_t i = 0; i < every_call_count; ++i) {
        failures += fail_allocations(small, &every_calls[i], (gpu_script){0});
        failures += fail_allocations(peak, &every_calls[i], (gpu_script){0});
    }
    assert_true(failures > 0);
}

/* Two wants at once: the trim that makes room on the GPU lies between the call's allocations and its end. */
static void every_allocation_on_a_gpu_without_memory(void **state)
{
    (void)state;
    const gpu_script once = {.n = 1, .last = PXC_ERR_MEMORY};
    const gpu_script always = {.n = 2, .last = PXC_ERR_MEMORY};
    unsigned failures = 0;
    for (size_t i = 0; i < every_call_count; ++i) {
        if ((every_calls[i].traits & CALL_UPLOADS) != 0) {
            failures += fail_allocations(small, &every_calls[i], once);
            failures += fail_allocations(small, &every_calls[i], always);
            failures += fail_allocations(peak, &every_calls[i], once);
        }
    }
    assert_true(failures > 0);
}

/* PXC_MISS and a missing name are no answers of a backend; they count as refusals. */
static void every_gpu_call(void **state)
{
    (void)state;
    static const gpu_script answers[] = {
        {.last = PXC_ERR_MEMORY},         {.last = PXC_ERR_GPU}, {.last = PXC_ERR_LOST},
        {.last = PXC_ERR_TOO_LARGE},      {.last = PXC_MISS},    {.last = PXC_PENDING},
        {.last = PXC_OK, .no_name = true}};
    for (size_t i = 0; i < every_call_count * COUNT_OF(answers); ++i) {
        const every_call *call = &every_calls[i / COUNT_OF(answers)];
        gpu_script script = answers[i % COUNT_OF(answers)];
        unsigned reached_count = 0;
        unsigned failures = 0;
        bool reached = true;
        for (script.n = 1; reached; ++script.n) {
            assert_in_range(script.n, 1, MAX_TRIES);
            failures += stage_pass(small, call, 0, script, &reached) && reached ? 1 : 0;
            reached_count += reached ? 1 : 0;
        }
        const bool can_fail = (call->traits & CALL_UPLOADS) != 0;
        const bool is_memory = script.last == PXC_ERR_MEMORY;
        assert_int_equal(reached_count, can_fail ? 2 : 0);
        assert_int_equal(failures, can_fail ? (is_memory ? 1 : 2) : 0);
    }
}

/* A band is not asked for twice: whatever the GPU answers, what was handed over is dropped, or waits for a new
 * context. */
static void every_gpu_call_that_fills_a_texture(void **state)
{
    (void)state;
    static const pxc_status answers[] = {PXC_ERR_MEMORY,    PXC_ERR_GPU, PXC_ERR_LOST,
                                         PXC_ERR_TOO_LARGE, PXC_MISS,    PXC_PENDING};
    unsigned reached_count[2] = {0};
    for (size_t i = 0; i < every_call_count * COUNT_OF(answers) * 2; ++i) {
        const every_call *call = &every_calls[i / 2 / COUNT_OF(answers)];
        const gpu_script script = {
            .n = 1, .last = answers[i / 2 % COUNT_OF(answers)], .part = i % 2 == 0 ? AT_ROWS : AT_FINISH};
        bool reached = false;
        if ((call->traits & CALL_GOES_UP) != 0) {
            const bool failed = stage_pass(small, call, 0, script, &reached);
            assert_int_equal(failed, reached);
            assert_true(!reached || call->amount == 1);
            reached_count[i % 2] += reached ? 1 : 0;
        }
    }
    /* The first band, one between, and twice the last. */
    assert_int_equal(reached_count[0], 4 * COUNT_OF(answers));
    assert_int_equal(reached_count[1], 2 * COUNT_OF(answers));
}

static void a_gpu_that_does_not_open(void **state)
{
    (void)state;
    static const pxc_status answers[] = {PXC_ERR_MEMORY, PXC_ERR_GPU, PXC_ERR_LOST};
    for (size_t i = 0; i < COUNT_OF(answers); ++i) {
        int here = 0;
        pxc_cache *second = (pxc_cache *)(void *)&here;
        stage_open(small);
        on_stage.gpu.open_status = answers[i];
        assert_status(answers[i], pxc_create(&on_stage.s.config, &second));
        assert_null(second);
        on_stage.gpu.open_status = PXC_OK;
        ++on_stage.failure_points;
        scene_check(&on_stage.s);
        scene_go_on(&on_stage.s);
        stage_close();
    }
}

static int tell_failure_points(void **state)
{
    (void)state;
    print_message("%llu failure points\n", (unsigned long long)on_stage.failure_points);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_broken_works),
        cmocka_unit_test(every_allocation_at_every_edge),
        cmocka_unit_test(every_allocation_of_a_small_cache_and_after_a_peak),
        cmocka_unit_test(every_allocation_on_a_gpu_without_memory),
        cmocka_unit_test(every_gpu_call),
        cmocka_unit_test(every_gpu_call_that_fills_a_texture),
        cmocka_unit_test(a_gpu_that_does_not_open),
    };
    return cmocka_run_group_tests(tests, NULL, tell_failure_points);
}
