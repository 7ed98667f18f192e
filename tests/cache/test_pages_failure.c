/* Promise 2 in a cache that packs: each allocation and each call of the GPU fails in turn, in every call that may pack or
 * move. A call that fails has changed nothing; whatever happens, every image looks as before, the limit holds after the
 * next frame, and then all works again. The same with everything that comes after the first failure failing too. */
#include "packed.h"

#include <string.h>

enum { MOST_IMAGES = 500, PLACES = 225, MOST_TRIES = 400 };

/* Where a cache stands when the call comes: before its first page, where tables grow, and where a page is needed. */
static const uint32_t fillings[] = {0, 1, 15, 60, 61, 62, PLACES};

typedef struct scene {
    fixture f;
    pxc_key keys[MOST_IMAGES];
    uint32_t count;
    uint32_t seed_of_named; /* what the entry "a" shows */
} scene;

typedef enum part { ALLOCATIONS, FILLS, COPIES, BEGINS, CREATES, FILLS_AND_CREATES, PARTS } part;

typedef struct breakage {
    part part;
    pxc_status status;
    bool for_ever; /* from the n-th on */
} breakage;

static const breakage breakages[] = {
    {ALLOCATIONS, PXC_ERR_MEMORY, false},
    {FILLS, PXC_ERR_GPU, false},
    {FILLS, PXC_ERR_LOST, false},
    {FILLS, PXC_ERR_MEMORY, true},
    {FILLS, PXC_PENDING, true},
    {COPIES, PXC_ERR_GPU, false},
    {COPIES, PXC_ERR_MEMORY, true},
    {COPIES, PXC_ERR_LOST, true},
    {BEGINS, PXC_ERR_GPU, false},
    {BEGINS, PXC_ERR_MEMORY, true},
    {BEGINS, PXC_ERR_LOST, true},
    {CREATES, PXC_ERR_GPU, true},
    {FILLS_AND_CREATES, PXC_ERR_GPU, false},
    {FILLS_AND_CREATES, PXC_ERR_GPU, true},
    {FILLS_AND_CREATES, PXC_ERR_LOST, true},
};

static scene s;
static uint64_t failure_points;

static void open_scene(uint32_t filling)
{
    memset(&s, 0, sizeof s);
    packed_open(&s.f, 4 * MIB);
    for (; s.count < filling; ++s.count) {
        s.keys[s.count] = put(&s.f, s.count, 32);
    }
    if (filling > 1) {
        const pxc_pixmap pixmap = paint(1000, 100, 100, PXC_RGBA8);
        assert_status(PXC_OK, pxc_insert_named(s.f.cache, "a", &pixmap, NULL));
        s.seed_of_named = 1000;
    }
}

static void assert_images(void)
{
    pxc_texture texture;
    const uint32_t step = s.count > 100 ? 29 : 1; /* of many, some: each pass looks three times */
    for (uint32_t i = 0; i < s.count; i += step) {
        if (pxc_key_valid(s.f.cache, s.keys[i])) {
            assert_key_shows(&s.f, s.keys[i], i);
        }
    }
    pxc_key key;
    if (pxc_lookup(s.f.cache, "a", &key) == PXC_OK) {
        assert_status(PXC_OK, pxc_peek(s.f.cache, key, &texture));
        assert_texels(&s.f.gpu, &texture, s.seed_of_named);
    }
}

/* ---- Calls ------------------------------------------------------------------------------------------------------*/

static pxc_status do_insert(void)
{
    pxc_key key = {77};
    const pxc_status status = try_put(&s.f, s.count, 32, &key);
    assert_true(status == PXC_OK || key.id == 0);
    s.keys[s.count] = key;
    s.count += status == PXC_OK;
    return status;
}

static pxc_status do_insert_other_kind(void)
{
    pxc_key key = {77};
    const pxc_pixmap pixmap = paint(s.count, 20, 10, PXC_RG8);
    const pxc_status status = pxc_insert(s.f.cache, &pixmap, &key);
    assert_true(status == PXC_OK || key.id == 0);
    s.keys[s.count] = key;
    s.count += status == PXC_OK;
    return status;
}

static pxc_status do_insert_named(void)
{
    const pxc_pixmap pixmap = paint(2000, 31, 32, PXC_RGBA8);
    const pxc_status status = pxc_insert_named(s.f.cache, "a", &pixmap, NULL);
    s.seed_of_named = status == PXC_OK ? 2000 : s.seed_of_named;
    return status;
}

static pxc_status do_replace(void)
{
    pxc_key key;
    if (pxc_lookup(s.f.cache, "a", &key) != PXC_OK) {
        return PXC_OK;
    }
    const pxc_pixmap pixmap = paint(3000, 40, 8, PXC_BGRA8);
    const pxc_status status = pxc_replace(s.f.cache, key, &pixmap);
    s.seed_of_named = status == PXC_OK ? 3000 : s.seed_of_named;
    return status;
}

static pxc_status (*const uploads[])(void) = {do_insert, do_insert_other_kind, do_insert_named, do_replace};

/* ---- Failures ---------------------------------------------------------------------------------------------------*/

static void break_it(const breakage *b, uint64_t n)
{
    fake_gpu *gpu = &s.f.gpu;
    const bool fills = b->part == FILLS || b->part == FILLS_AND_CREATES;
    const bool creates = b->part == CREATES || b->part == FILLS_AND_CREATES;
    failing_alloc_fail_nth(&s.f.alloc, b->part == ALLOCATIONS ? n : 0);
    gpu->fail_fill_at = fills ? gpu->fill_calls + n : 0;
    gpu->fail_copy_at = b->part == COPIES ? gpu->copy_calls + n : 0;
    gpu->fail_begin_at = b->part == BEGINS ? gpu->begin_calls + n : 0;
    gpu->fail_create_at = creates ? gpu->create_calls + n : 0;
    gpu->fail_parts = gpu->fail_bands = gpu->fail_creates = b->for_ever ? UINT64_MAX : 1;
    gpu->part_status = gpu->band_status = gpu->fail_status = b->status;
}

static uint64_t calls_of(part which)
{
    const fake_gpu *gpu = &s.f.gpu;
    switch (which) {
    case ALLOCATIONS:
        return s.f.alloc.calls;
    case COPIES:
        return gpu->copy_calls;
    case BEGINS:
        return gpu->begin_calls;
    case CREATES:
        return gpu->create_calls;
    default:
        return gpu->fill_calls;
    }
}

static void mend(void)
{
    break_it(&(breakage){PARTS, PXC_OK, false}, 0);
}

static void go_on(void)
{
    assert_images();
    packed_frame_end(&s.f);
    assert_images();
    assert_status(PXC_OK, do_insert());
    assert_images();
    packed_frame_end(&s.f);
    fixture_close(&s.f);
}

/* One upload with the n-th call of a part failing. Result: whether there was an n-th. */
static bool fail_upload(uint32_t filling, pxc_status (*upload)(void), const breakage *b, uint64_t n)
{
    open_scene(filling);
    const pxc_stats before = stats_of(s.f.cache);
    const uint64_t calls = calls_of(b->part);
    const size_t alive = s.f.gpu.alive;
    break_it(b, n);
    const pxc_status status = upload();
    const bool reached = calls_of(b->part) - calls >= n;
    mend();
    assert_status(PXC_OK, pxc_validate(s.f.cache));
    if (status != PXC_OK) {
        const pxc_stats after = stats_of(s.f.cache);
        assert_true(reached);
        assert_same_stats(&before, &after);
        assert_int_equal(s.f.gpu.alive, alive);
        assert_int_equal(status, b->status == PXC_PENDING ? PXC_ERR_GPU : b->status);
    }
    failure_points += reached;
    go_on();
    return reached;
}

static void a_failed_upload_changes_nothing(void **state)
{
    (void)state;
    unsigned reached[PARTS] = {0};
    for (size_t filling = 0; filling < COUNT_OF(fillings); ++filling) {
        for (size_t i = 0; i < COUNT_OF(uploads) * COUNT_OF(breakages); ++i) {
            const breakage *b = &breakages[i % COUNT_OF(breakages)];
            for (uint64_t n = 1; fail_upload(fillings[filling], uploads[i / COUNT_OF(breakages)], b, n);
                 ++n) {
                assert_in_range(n, 1, MOST_TRIES);
                ++reached[b->part];
            }
        }
    }
    assert_true(reached[ALLOCATIONS] > 0 && reached[FILLS] > 0 && reached[BEGINS] > 0);
    assert_true(reached[FILLS_AND_CREATES] > 0 && reached[CREATES] == 0 && reached[COPIES] == 0);
}

/* Without a page a small image has a texture of its own, unless the context is lost. */
static void what_can_not_be_packed_has_a_texture_of_its_own(void **state)
{
    (void)state;
    static const breakage refusals[] = {
        {FILLS, PXC_ERR_GPU, true},  {FILLS, PXC_ERR_MEMORY, true},  {FILLS, PXC_MISS, true},
        {BEGINS, PXC_ERR_GPU, true}, {BEGINS, PXC_ERR_MEMORY, true},
    };
    for (size_t i = 0; i < COUNT_OF(refusals); ++i) {
        open_scene(0);
        break_it(&refusals[i], 1);
        const pxc_texture texture = look_at(&s.f, put(&s.f, 5, 32));
        assert_false(is_packed(&texture));
        assert_texels(&s.f.gpu, &texture, 5);
        assert_int_equal(pxc_used(s.f.cache), 4096);
        assert_int_equal(stats_of(s.f.cache).evictions, 0);
        mend();
        go_on();
    }
}

/* A boundary that has to move what two pages hold, 75 images each, into one, or into one that is smaller. */
static bool fail_boundary(const breakage *b, uint64_t n, size_t limit_bytes)
{
    open_scene(2 * PLACES);
    for (uint32_t i = 0; i < s.count; ++i) {
        if (i % 3 != 0) {
            assert_status(PXC_OK, pxc_remove(s.f.cache, s.keys[i]));
        }
    }
    assert_ok(s.f.cache, pxc_set_limit(s.f.cache, limit_bytes));
    const uint64_t calls = calls_of(b->part);
    break_it(b, n);
    assert_status(PXC_OK, pxc_frame_end(s.f.cache));
    const bool reached = calls_of(b->part) - calls >= n;
    mend();
    assert_status(PXC_OK, pxc_validate(s.f.cache));
    assert_true(pxc_used(s.f.cache) <= limit_bytes);
    assert_int_equal(pxc_used(s.f.cache), s.f.gpu.bytes);
    failure_points += reached;
    go_on();
    return reached;
}

static void the_limit_holds_though_moves_fail(void **state)
{
    (void)state;
    static const size_t limits[] = {MIB + 50000, MIB, MIB / 2, 200000};
    unsigned reached[PARTS] = {0};
    for (size_t i = 0; i < COUNT_OF(limits) * COUNT_OF(breakages); ++i) {
        const breakage *b = &breakages[i % COUNT_OF(breakages)];
        for (uint64_t n = 1; fail_boundary(b, n, limits[i / COUNT_OF(breakages)]); n += n < 8 ? 1 : 23) {
            assert_in_range(n, 1, MOST_TRIES);
            ++reached[b->part];
        }
    }
    assert_true(reached[COPIES] > 0 && reached[BEGINS] > 0 && reached[ALLOCATIONS] > 0);
    assert_int_equal(reached[FILLS] + reached[CREATES], 0);
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
        cmocka_unit_test(a_failed_upload_changes_nothing),
        cmocka_unit_test(what_can_not_be_packed_has_a_texture_of_its_own),
        cmocka_unit_test(the_limit_holds_though_moves_fail),
    };
    return cmocka_run_group_tests(tests, NULL, tell_failure_points);
}
