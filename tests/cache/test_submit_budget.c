/* What goes up in a frame: at most the budget of bytes and of time, at least one band. The clock is the fake GPU's. */
#include "post.h"

#include <stdio.h>

enum { KIB = 1024, MIB = KIB * KIB };

/* What one frame did. */
typedef struct portion {
    uint64_t bytes, us, uploads; /* uploads: bands and whole pixmaps */
} portion;

static portion frame_of(post *p)
{
    const fake_gpu before = p->f.gpu;
    post_frames(p, 1);
    const fake_gpu *now = &p->f.gpu;
    return (portion){
        .bytes = now->bytes_uploaded - before.bytes_uploaded,
        .us = now->clock_us - before.clock_us,
        .uploads = now->row_calls - before.row_calls + now->create_calls - before.create_calls,
    };
}

/* Odd sizes, so that no budget is a multiple of them. Returns their bytes. */
static size_t submit_many(post *p, int count)
{
    size_t bytes = 0;
    uint64_t random = 11;
    for (int i = 0; i < count; ++i) {
        char name[32];
        snprintf(name, sizeof name, "image %d", i);
        const int item =
            post_submit(p, name, 1 + (int)random_below(&random, 99), 1 + (int)random_below(&random, 99));
        bytes += p->items[item].bytes;
    }
    return bytes;
}

static void a_large_pixmap_goes_up_in_bands_within_the_bytes_of_a_frame(void **state)
{
    (void)state;
    const size_t budget = 100 * KIB;
    post p;
    post_open(&p, (pxc_config){.upload_bytes_per_frame = budget});
    const int a = post_submit(&p, "a", 1024, 256);
    int frames = 0;
    while (p.items[a].releases == 0) {
        assert_absent(&p, PXC_PENDING, "a");
        const portion done = frame_of(&p);
        assert_in_range(done.bytes, 1, budget);
        ++frames;
    }
    assert_in_range(frames, 11, 22); /* 1 MiB; at least half of the budget is used */
    assert_int_equal(p.f.gpu.rows_uploaded, 256);
    assert_int_equal(p.f.gpu.created, 1);
    assert_shows(&p, "a", a);
    post_close(&p);
}

static void at_least_one_row_goes_up_however_small_the_budget_is(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){.upload_bytes_per_frame = 100});
    const int a = post_submit(&p, "a", 16384, 30);
    for (int frame = 0; frame < 30; ++frame) {
        assert_kept(&p, a);
        const portion done = frame_of(&p);
        assert_int_equal(done.uploads, 1);
        assert_int_equal(done.bytes, 64 * KIB);
    }
    assert_shows(&p, "a", a);
    post_close(&p);
}

/* A row of 64 KiB does not fit into what the first has left: it waits for the next frame. */
static void a_row_that_the_budget_has_no_room_for_waits(void **state)
{
    (void)state;
    const size_t budget = 100 * KIB;
    post p;
    post_open(&p, (pxc_config){.upload_bytes_per_frame = budget});
    post_submit(&p, "a", 16384, 4);
    post_submit(&p, "b", 16384, 4);
    for (int frame = 0; frame < 8; ++frame) {
        const portion done = frame_of(&p);
        assert_in_range(done.bytes, 1, budget);
    }
    assert_int_equal(p.pending_bytes, 0);
    post_close(&p);
}

static void hundreds_of_all_sizes_get_through_a_small_budget(void **state)
{
    (void)state;
    const size_t budget = 20 * KIB;
    post p;
    post_open(&p, (pxc_config){.upload_bytes_per_frame = budget});
    const size_t bytes = submit_many(&p, 400);
    size_t frames = 0;
    while (p.pending_bytes > 0) {
        const portion done = frame_of(&p);
        assert_in_range(done.bytes, 1, budget);
        assert_true(++frames <= 2 * bytes / budget + 2); /* at least half of the budget is used */
    }
    for (int i = 0; i < p.count; ++i) {
        char name[32];
        snprintf(name, sizeof name, "image %d", i);
        assert_shows(&p, name, i);
    }
    post_close(&p);
}

static void without_a_budget_of_bytes_the_time_alone_counts(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){0});
    submit_many(&p, 100);
    post_frames(&p, 1); /* no time passes */
    assert_int_equal(p.pending_bytes, 0);
    post_close(&p);
}

/* One has gone up, the next has no room below the ceiling: what is half up goes on if the rest has room for a row. */
static void what_is_half_up_goes_on_when_the_next_has_no_room(void **state)
{
    (void)state;
    enum { ROW = 64 * KIB, SMALL = 10 * KIB };
    for (size_t rows = 1; rows <= 2; ++rows) { /* a frame */
        post p;
        post_open(&p, (pxc_config){.limit_bytes = 4 * ROW + SMALL,
                                   .ceiling_bytes = 4 * ROW + SMALL,
                                   .upload_bytes_per_frame = rows * 70 * KIB});
        const int large = post_submit(&p, "large", ROW / 4, 4);
        assert_int_equal(frame_of(&p).bytes, rows * ROW);
        const int first = post_submit(&p, "first", 64, 40);
        post_submit(&p, "second", 64, 40);
        assert_absent(&p, PXC_PENDING, "first"); /* asks for it */
        assert_absent(&p, PXC_PENDING, "second");
        assert_int_equal(frame_of(&p).bytes, rows == 1 ? SMALL : SMALL + 2 * ROW);
        assert_released(&p, first);
        assert_int_equal(frame_of(&p).bytes, SMALL); /* the boundary has made room */
        post_drain(&p, 4);
        assert_shows(&p, "large", large);
        post_close(&p);
    }
}

/* The first frame knows no rate yet: its first band may take any time. */
static void frames_keep_to_the_time_once_the_rate_is_known(void **state)
{
    (void)state;
    for (uint32_t us = 500; us <= 4000; us *= 2) {
        post p;
        post_open(&p, (pxc_config){.limit_bytes = 64 * MIB, .upload_us_per_frame = us == 2000 ? 0 : us});
        p.f.gpu.us_per_kib = 4;
        for (int i = 0; i < 6; ++i) {
            char name[32];
            snprintf(name, sizeof name, "image %d", i);
            post_submit(&p, name, 1024, 511);
        }
        frame_of(&p);
        assert_true(p.pending_bytes > 0);
        int full_frames = 0;
        while (p.pending_bytes > 0) {
            const portion done = frame_of(&p);
            assert_in_range(done.us, 1, us + us / 10);
            if (p.pending_bytes > 0) {
                ++full_frames;
                assert_true(done.us >= us / 4);
            }
        }
        assert_true(full_frames >= 5);
        post_close(&p);
    }
}

static void a_gpu_that_slows_down_is_measured_anew(void **state)
{
    (void)state;
    enum { US = 2000, LEARN_FRAMES = 20 };
    post p;
    post_open(&p, (pxc_config){.limit_bytes = 64 * MIB, .upload_us_per_frame = US});
    p.f.gpu.us_per_kib = 2;
    post_submit(&p, "a", 1024, 4096);
    for (int frame = 0; frame < 3; ++frame) {
        frame_of(&p);
    }
    p.f.gpu.us_per_kib = 40;
    for (int frame = 0; frame < LEARN_FRAMES; ++frame) {
        frame_of(&p);
    }
    for (int frame = 0; frame < 100; ++frame) {
        assert_true(p.pending_bytes > 0);
        const portion done = frame_of(&p);
        assert_in_range(done.us, US / 4, US + US / 10);
    }
    post_close(&p);
}

static void a_gpu_slower_than_any_budget_takes_one_band_a_frame(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){.upload_us_per_frame = 100});
    p.f.gpu.us_per_kib = 1000;
    const int a = post_submit(&p, "a", 16384, 40);
    post_submit(&p, "b", 16384, 2);
    frame_of(&p);
    for (int frame = 1; frame < 42 && p.pending_bytes > 0; ++frame) {
        const portion done = frame_of(&p);
        assert_int_equal(done.uploads, 1);
        assert_int_equal(done.bytes, 64 * KIB);
    }
    assert_int_equal(p.pending_bytes, 0);
    assert_shows(&p, "a", a);
    post_close(&p);
}

static void the_smaller_of_both_budgets_counts(void **state)
{
    (void)state;
    for (int tight = 0; tight < 2; ++tight) {
        const size_t bytes = tight == 0 ? 64 * KIB : 512 * KIB;
        const uint32_t us = tight == 0 ? 10000 : 400;
        post p;
        post_open(&p, (pxc_config){.upload_bytes_per_frame = bytes, .upload_us_per_frame = us});
        p.f.gpu.us_per_kib = 4;
        post_submit(&p, "a", 1024, 1024);
        frame_of(&p);
        while (p.pending_bytes > 0) {
            const portion done = frame_of(&p);
            assert_in_range(done.bytes, 1, bytes);
            assert_in_range(done.us, 1, us + us / 10);
        }
        post_close(&p);
    }
}

static void without_bands_whole_pixmaps_go_up_within_the_budget(void **state)
{
    (void)state;
    const size_t budget = 100 * KIB;
    post p;
    post_open_whole(&p, (pxc_config){.upload_bytes_per_frame = budget});
    for (int i = 0; i < 6; ++i) {
        char name[32];
        snprintf(name, sizeof name, "image %d", i);
        post_submit(&p, name, 1024,
                    i % 3 == 2 ? 90 : 11); /* 360 or 44 KiB: two small ones fit, no large one */
    }
    const uint64_t expected[] = {88, 360, 88, 360};
    for (size_t frame = 0; frame < COUNT_OF(expected); ++frame) {
        const portion done = frame_of(&p);
        assert_int_equal(done.bytes, expected[frame] * KIB);
    }
    assert_int_equal(p.pending_bytes, 0);
    assert_int_equal(p.f.gpu.begin_calls, 0);
    assert_shows(&p, "image 2", 2);
    post_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_pixmap_goes_up_in_bands_within_the_bytes_of_a_frame),
        cmocka_unit_test(at_least_one_row_goes_up_however_small_the_budget_is),
        cmocka_unit_test(a_row_that_the_budget_has_no_room_for_waits),
        cmocka_unit_test(hundreds_of_all_sizes_get_through_a_small_budget),
        cmocka_unit_test(without_a_budget_of_bytes_the_time_alone_counts),
        cmocka_unit_test(what_is_half_up_goes_on_when_the_next_has_no_room),
        cmocka_unit_test(frames_keep_to_the_time_once_the_rate_is_known),
        cmocka_unit_test(a_gpu_that_slows_down_is_measured_anew),
        cmocka_unit_test(a_gpu_slower_than_any_budget_takes_one_band_a_frame),
        cmocka_unit_test(the_smaller_of_both_budgets_counts),
        cmocka_unit_test(without_bands_whole_pixmaps_go_up_within_the_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
