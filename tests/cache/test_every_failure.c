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
#include "every_call.h"

enum {
    MAX_TRIES = 50, /* allocations or GPU calls of one call; more would be a loop without end */
    MAX_EDGES = 24,
    MAX_FILLER = 4300, /* past the fourth 1024 of what has been inserted; half of it is removed again */
};

/* The GPU's answers to the uploads of the call: the n-th is `last`, all before it are "no memory", because only then
 * does a cache ask again. n = 0: none fails. */
typedef struct gpu_script {
    uint64_t n;
    pxc_status last;
    bool no_name; /* the n-th answers PXC_OK and no name */
} gpu_script;

typedef struct stage {
    scene s;
    fake_gpu gpu;
    failing_alloc alloc;
    gpu_script script;
    bool is_mended;   /* the script is over */
    uint64_t uploads; /* of the call */
    pxc_status (*create_texture)(void *gpu, const pxc_pixmap *pixmap, uint32_t *name); /* the fake's */
} stage;

/* One at a time: a backend's functions get the fake's state, which does not know the stage. */
static stage on_stage;

static uint64_t failure_points;

static pxc_status scripted_create(void *gpu, const pxc_pixmap *pixmap, uint32_t *name)
{
    const uint64_t upload = on_stage.is_mended ? UINT64_MAX : ++on_stage.uploads;
    if (upload > on_stage.script.n) {
        return on_stage.create_texture(gpu, pixmap, name);
    }
    if (upload == on_stage.script.n && on_stage.script.no_name) {
        *name = 0;
        return PXC_OK;
    }
    *name = 0xA5A5A5A5; /* after an error it says nothing */
    return upload == on_stage.script.n ? on_stage.script.last : PXC_ERR_MEMORY;
}

static void shows(scene *s, uint32_t texture, const pxc_pixmap *pixmap)
{
    (void)s;
    const fake_texture *seen = fake_gpu_texture(&on_stage.gpu, texture);
    assert_non_null(seen);
    assert_int_equal(seen->width, pixmap->width);
    assert_int_equal(seen->height, pixmap->height);
    assert_true(seen->checksum == fake_gpu_checksum(pixmap));
}

static void stage_open(scene_shape shape)
{
    stage *t = &on_stage;
    fake_gpu_init(&t->gpu);
    failing_alloc_init(&t->alloc);
    t->create_texture = t->gpu.backend.create_texture;
    t->gpu.backend.create_texture = scripted_create;
    t->is_mended = true;
    t->s.config = (pxc_config){.backend = &t->gpu.backend, .alloc = t->alloc.table};
    t->s.fresh = pixmap_of(17);
    t->s.shows = shows;
    t->s.context_was_lost = false;
    scene_open(&t->s, shape);
    scene_check(&t->s);
}

static void stage_close(void)
{
    assert_status(PXC_OK, pxc_destroy(on_stage.s.cache));
    fake_gpu_assert_clean(&on_stage.gpu);
    failing_alloc_assert_clean(&on_stage.alloc);
    fake_gpu_free(&on_stage.gpu);
}

/* Not a texture more or less than the cache says, and no fault of the GPU's rules. */
static void check_ledger(void)
{
    const pxc_stats stats = stats_of(on_stage.s.cache);
    assert_int_equal(on_stage.gpu.faults, 0);
    assert_int_equal(on_stage.gpu.bytes, stats.used_bytes);
    assert_int_equal(on_stage.gpu.alive,
                     stats.textures_created - stats.textures_deleted - stats.textures_lost);
}

/* What the uploads of the call must lead to. The model goes through the trim that a GPU without memory brings. */
static pxc_status follow_script(const every_call *call)
{
    stage *t = &on_stage;
    const uint64_t n = t->script.n;
    const bool is_refusal = t->script.last > PXC_OK || t->script.no_name;
    const pxc_status last = is_refusal ? PXC_ERR_GPU : t->script.last;
    const pxc_status first = n == 1 ? last : PXC_ERR_MEMORY;
    if (n == 0 || t->uploads == 0) {
        return PXC_OK;
    }
    if (first != PXC_ERR_MEMORY) {
        assert_int_equal(t->uploads, 1);
        return first;
    }
    const model_image image = scene_image(&t->s.fresh);
    t->s.m.gpu_failures = 1;
    t->s.m.gpu_failure = PXC_ERR_MEMORY;
    model_upload(&t->s.m, &image, t->s.keys[call->key]);
    assert_int_equal(t->uploads, 2);
    const pxc_status second = n == 1 ? PXC_OK : n == 2 ? last : PXC_ERR_MEMORY;
    return second == PXC_ERR_MEMORY ? PXC_ERR_GPU : second;
}

/* Makes the call while the n-th allocation fails (0 = none) and the GPU follows the script, and checks all that must
 * hold afterwards. Result: whether the call failed for it. */
static bool make_broken_call(const every_call *call, uint64_t n, gpu_script script)
{
    stage *t = &on_stage;
    call_out out;
    every_call_prepare(&t->s, call, &out);
    const uint64_t failed = t->alloc.failed;
    t->script = script;
    t->uploads = 0;
    t->is_mended = false;
    failing_alloc_fail_nth(&t->alloc, n);
    const pxc_status status = call->make(&t->s, call, &out);
    failing_alloc_fail_nth(&t->alloc, 0);
    assert_true((call->traits & CALL_UPLOADS) != 0 || t->uploads == 0);

    t->is_mended = true;
    const bool alloc_failed = t->alloc.failed != failed;
    const pxc_status by_gpu = follow_script(call);
    const bool for_memory = status == PXC_ERR_MEMORY && alloc_failed && (call->traits & CALL_ALLOCATES) != 0;
    if (!for_memory) {
        assert_status(by_gpu == PXC_OK ? call->clean : by_gpu, status);
    }
    if (status != PXC_OK) {
        every_call_check_zeroed(call, &out);
    }
    if (status == call->clean && call->made != NULL) {
        call->made(&t->s, call, &out);
    }
    scene_check(&t->s);
    check_ledger();
    return status != call->clean;
}

/* One pass on a fresh scene. Result: whether the call failed; *reached: whether what had to fail was asked at all. */
static bool pass(scene_shape shape, const every_call *call, uint64_t n, gpu_script script, bool *reached)
{
    stage_open(shape);
    const uint64_t failed = on_stage.alloc.failed;
    const bool call_failed = make_broken_call(call, n, script);
    *reached = n > 0 ? on_stage.alloc.failed != failed : on_stage.uploads >= script.n;
    failure_points += *reached ? 1 : 0;
    scene_go_on(&on_stage.s);
    check_ledger();
    stage_close();
    return call_failed;
}

/* The n-th allocation of the call fails, for n = 1, 2, ... Result: how many of them made it fail. */
static unsigned fail_allocations(scene_shape shape, const every_call *call, gpu_script script)
{
    unsigned failures = 0;
    bool reached = true;
    for (uint64_t n = 1; reached; ++n) {
        assert_in_range(n, 1, MAX_TRIES);
        failures += pass(shape, call, n, script, &reached) && reached ? 1 : 0;
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
        assert_false(pass(small, &every_calls[i], 0, (gpu_script){0}, &reached));
        assert_false(pass(peak, &every_calls[i], 0, (gpu_script){0}, &reached));
    }
}

/* Those that can not fail for memory are called at the first and at the last edge only: they allocate at none. */
static void every_allocation_at_every_edge(void **state)
{
    (void)state;
    unsigned failures[64] = {0};
    assert_in_range(every_call_count, 1, COUNT_OF(failures));
    for (int named = 0; named < 2; ++named) {
        int edges[MAX_EDGES];
        const size_t count = find_edges(named != 0, edges);
        for (size_t edge = 0; edge < count; ++edge) {
            const scene_shape shape = {.filler = edges[edge], .named = named != 0};
            const bool takes_all = edge == 0 || edge + 1 == count;
            for (size_t i = 0; i < every_call_count; ++i) {
                if (takes_all || (every_calls[i].traits & CALL_ALLOCATES) != 0) {
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
            failures += pass(small, call, 0, script, &reached) && reached ? 1 : 0;
            reached_count += reached ? 1 : 0;
        }
        const bool can_fail = (call->traits & CALL_UPLOADS) != 0;
        const bool is_memory = script.last == PXC_ERR_MEMORY;
        assert_int_equal(reached_count, can_fail ? 2 : 0);
        assert_int_equal(failures, can_fail ? (is_memory ? 1 : 2) : 0);
    }
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
        ++failure_points;
        scene_check(&on_stage.s);
        scene_go_on(&on_stage.s);
        stage_close();
    }
}

static int tell_failure_points(void **state)
{
    (void)state;
    print_message("%llu failure points\n", (unsigned long long)failure_points);
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
        cmocka_unit_test(a_gpu_that_does_not_open),
    };
    return cmocka_run_group_tests(tests, NULL, tell_failure_points);
}
