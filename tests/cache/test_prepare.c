/* Storage that takes long to make is made elsewhere, and the frames go on meanwhile. On the fake GPU making takes ten
 * times as long as filling, as on a software driver. */
#include "slow_storage.h"

#include <stdio.h>

enum { US = 2000 }; /* the budget of a frame */

static int submit_large(post *p, int number)
{
    char name[32];
    snprintf(name, sizeof name, "large %d", number);
    return slow_submit(p, name);
}

static int submit_small(post *p, int number)
{
    char name[32];
    snprintf(name, sizeof name, "small %d", number);
    return post_submit(p, name, 11 + number % 7, 5);
}

/* The time that one frame took. */
static uint64_t frame_us(post *p)
{
    const uint64_t start_us = p->f.gpu.clock_us;
    post_frames(p, 1);
    return p->f.gpu.clock_us - start_us;
}

static void storage_that_takes_long_is_made_elsewhere(void **state)
{
    (void)state;
    post p;
    slow_open(&p, (pxc_config){0});
    p.f.gpu.pending_polls = 9;
    const int large = submit_large(&p, 0);
    int frames = 0;
    for (; p.items[large].releases == 0; ++frames) {
        assert_in_range(frames, 0, 20);
        assert_in_range(frame_us(&p), 0, US);
        assert_int_equal(pxc_used(p.f.cache), LARGE_BYTES); /* from the beginning */
    }
    assert_true(frames > 3);
    assert_shows(&p, "large 0", large);
    assert_int_equal(p.f.gpu.prepare_calls, 1);
    assert_int_equal(p.f.gpu.waits, 0);
    assert_int_equal(p.f.gpu.begin_calls + p.f.gpu.create_calls, 0);
    assert_int_equal(stats_of(p.f.cache).peak_bytes, LARGE_BYTES);
    assert_int_equal(stats_of(p.f.cache).uploads, 1);
    post_close(&p);
}

static void many_large_ones_get_through_one_by_one_in_their_order(void **state)
{
    (void)state;
    enum { LARGE = 12 };
    post p;
    slow_open(&p, (pxc_config){0});
    p.f.gpu.pending_polls = 5;
    for (int i = 0; i < LARGE; ++i) {
        submit_large(&p, i);
    }
    for (int frame = 0; p.pending_bytes > 0; ++frame) {
        assert_in_range(frame, 0, 100);
        assert_in_range(frame_us(&p), 0, US + US / 10);
        assert_true(p.f.gpu.alive + p.f.gpu.preparing <= (size_t)p.released + 2);
    }
    for (int i = 0; i < LARGE; ++i) {
        assert_int_equal(p.order[i], i);
    }
    assert_int_equal(p.f.gpu.prepare_calls, LARGE);
    assert_int_equal(p.f.gpu.peak_preparing, 1);
    assert_int_equal(p.f.gpu.waits, 0);
    post_close(&p);
}

/* It is never done: so all others go by it, as long as they fit whole. */
static void small_ones_overtake_what_is_being_made(void **state)
{
    (void)state;
    enum { SMALL = 50 };
    post p;
    slow_open(&p, (pxc_config){0});
    p.f.gpu.pending_polls = UINT64_MAX;
    const int large = submit_large(&p, 0);
    const int second = submit_large(&p, 1);
    for (int i = 0; i < SMALL; ++i) {
        submit_small(&p, i);
    }
    assert_status(PXC_PENDING, pxc_find_named(p.f.cache, "large 0", NULL)); /* goes first, and yet waits */
    for (int frame = 0; p.released < SMALL; ++frame) {
        assert_in_range(frame, 0, 20);
        assert_in_range(frame_us(&p), 0, US);
    }
    assert_kept(&p, large);
    assert_kept(&p, second);
    assert_shows(&p, "small 49", p.count - 1);
    assert_int_equal(frame_us(&p), 0); /* nothing can be done */
    p.f.gpu.pending_polls = 0;
    for (int frame = 0; p.pending_bytes > 0; ++frame) {
        assert_in_range(frame, 0, 20);
        assert_in_range(frame_us(&p), 0, US + US / 10);
    }
    assert_shows(&p, "large 0", large);
    assert_shows(&p, "large 1", second);
    post_close(&p);
}

static void what_is_quick_to_make_goes_up_in_bands_meanwhile(void **state)
{
    (void)state;
    post p;
    slow_open(&p, (pxc_config){.upload_bytes_per_frame = 4 * KIB});
    p.f.gpu.pending_polls = UINT64_MAX;
    const int large = submit_large(&p, 0);
    const int quick = post_submit(&p, "quick", 100, 75);
    for (int frame = 0; p.released == 0; ++frame) {
        assert_in_range(frame, 0, 9);
        assert_in_range(frame_us(&p), 0, US);
    }
    assert_shows(&p, "quick", quick);
    assert_int_equal(p.f.gpu.begin_calls, 1);
    p.f.gpu.pending_polls = 0;
    post_drain(&p, 300);
    assert_shows(&p, "large 0", large);
    post_close(&p);
}

/* Of the line, the first few are looked at. */
static void small_ones_wait_behind_too_many_large_ones(void **state)
{
    (void)state;
    post p;
    slow_open(&p, (pxc_config){0});
    p.f.gpu.pending_polls = UINT64_MAX;
    for (int i = 0; i < 20; ++i) {
        submit_large(&p, i);
    }
    const int small = submit_small(&p, 0);
    post_frames(&p, 3);
    assert_kept(&p, small);
    assert_absent(&p, PXC_PENDING, "small 0"); /* asks for it */
    post_frames(&p, 1);
    assert_shows(&p, "small 0", small);
    p.f.gpu.pending_polls = 0;
    post_drain(&p, 100);
    post_close(&p);
}

/* It is finished before another is begun, and then the one that was made meanwhile has its turn. */
static void the_next_is_made_while_one_goes_up(void **state)
{
    (void)state;
    post p;
    slow_open(&p, (pxc_config){.upload_bytes_per_frame = LARGE_BYTES / 8});
    const int first = submit_large(&p, 0);
    const int second = submit_large(&p, 1);
    post_frames(&p, 1);
    assert_absent(&p, PXC_PENDING, "large 1"); /* asks for it */
    post_frames(&p, 1);
    assert_int_equal(p.f.gpu.prepared, 2);
    assert_int_equal(pxc_used(p.f.cache), 2 * LARGE_BYTES);
    assert_int_equal(fake_gpu_partial_count(&p.f.gpu), 2);
    const int small = submit_small(&p, 0);
    assert_absent(&p, PXC_PENDING, "small 0");
    post_frames(&p, 7);
    assert_released(&p, small);
    assert_shows(&p, "large 0", first);
    assert_kept(&p, second);
    post_drain(&p, 9);
    assert_shows(&p, "large 1", second);
    post_close(&p);
}

/* ---- What was measured ------------------------------------------------------------------------------------------*/

/* Nothing else can be done: the frame takes as long as the making. */
static void without_another_place_slow_storage_is_made_first_in_a_frame_or_not_at_all(void **state)
{
    (void)state;
    enum { LARGE = 8, MAKING_US = 10 * KIB };
    post p;
    post_open(&p, (pxc_config){0});
    slow_down(&p.f.gpu);
    for (int i = 0; i < LARGE; ++i) {
        submit_large(&p, i);
    }
    const fake_gpu *gpu = &p.f.gpu;
    for (int frame = 0; p.pending_bytes > 0; ++frame) {
        const uint64_t start_us = gpu->clock_us;
        const uint64_t begun = gpu->begin_calls;
        post_frames(&p, 1);
        assert_in_range(frame, 0, 100);
        assert_in_range(gpu->begin_calls - begun, 0, 1);
        if (gpu->begin_calls > begun) {
            assert_int_equal(gpu->last_made_us, start_us);
            assert_in_range(gpu->clock_us - start_us, MAKING_US, MAKING_US + US + US / 10);
        } else {
            assert_in_range(gpu->clock_us - start_us, 0, US + US / 10);
        }
    }
    assert_int_equal(gpu->begin_calls, LARGE); /* none has gone up whole */
    post_close(&p);
}

/* Nothing is known before the first, and from then on that all is quick. */
static void quick_storage_is_made_here(void **state)
{
    (void)state;
    post p;
    post_open_preparing(&p, (pxc_config){0});
    post_submit(&p, "a", 256, 200);
    post_frames(&p, 1);
    for (int i = 0; i < 10; ++i) {
        submit_large(&p, i);
    }
    post_frames(&p, 1);
    assert_int_equal(p.pending_bytes, 0);
    assert_int_equal(p.f.gpu.prepare_calls, 0);
    post_close(&p);
}

/* The GPU slows down. Rows of 64 KiB under a budget of one: each pixmap is begun here and filled by itself, until its
 * storage is known to take long. */
static void storage_is_measured_wherever_it_is_made_here(void **state)
{
    (void)state;
    enum { LEARN = 40 };
    post p;
    post_open_preparing(&p, (pxc_config){.upload_bytes_per_frame = 64 * KIB});
    post_submit(&p, "a", 16384, 3);
    post_drain(&p, 6);
    assert_int_equal(p.f.gpu.begin_calls, 1);
    p.f.gpu.make_us_per_kib = 100;
    for (int i = 0; p.f.gpu.prepare_calls == 0; ++i) {
        assert_in_range(i, 0, LEARN);
        post_submit(&p, "b", 16384, 3);
        post_drain(&p, 6);
    }
    assert_true(p.f.gpu.begin_calls > 1);
    post_close(&p);
}

/* ---- The backend's and the worker's table -----------------------------------------------------------------------*/

static void assert_refused(const pxc_config *config)
{
    pxc_cache *cache = (pxc_cache *)(uintptr_t)1;
    assert_status(PXC_ERR_ARGUMENT, pxc_create(config, &cache));
    assert_null(cache);
}

static bool run_never(void *user, void (*task)(void *data), void *data)
{
    (void)user;
    (void)task;
    (void)data;
    fail();
    return false;
}

static void wait_never(void *user)
{
    (void)user;
    fail();
}

static void half_a_table_is_refused(void **state)
{
    (void)state;
    fake_gpu gpu;
    fake_gpu_init(&gpu);
    fake_gpu_prepares(&gpu);
    const pxc_backend whole = gpu.backend;
    pxc_backend backend = whole;
    pxc_config config = {.backend = &backend};
    backend.finish_preparing = NULL;
    assert_refused(&config);
    backend = whole;
    backend.prepare_texture = NULL;
    assert_refused(&config);
    backend = whole;
    backend.begin_texture = NULL;
    backend.upload_rows = NULL;
    backend.finish_texture = NULL;
    assert_refused(&config);
    backend = whole;
    config.upload_way = (pxc_upload_way)(PXC_UPLOAD_BUFFERS + 1);
    assert_refused(&config);
    config.upload_way = PXC_UPLOAD_PROBED;
    config.gl_worker.run = run_never;
    assert_refused(&config);
    config.gl_worker = (pxc_gl_worker){.wait = wait_never};
    assert_refused(&config);
    assert_int_equal(gpu.opens, 0);
    fake_gpu_assert_clean(&gpu);
    fake_gpu_free(&gpu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(storage_that_takes_long_is_made_elsewhere),
        cmocka_unit_test(many_large_ones_get_through_one_by_one_in_their_order),
        cmocka_unit_test(small_ones_overtake_what_is_being_made),
        cmocka_unit_test(what_is_quick_to_make_goes_up_in_bands_meanwhile),
        cmocka_unit_test(small_ones_wait_behind_too_many_large_ones),
        cmocka_unit_test(the_next_is_made_while_one_goes_up),
        cmocka_unit_test(without_another_place_slow_storage_is_made_first_in_a_frame_or_not_at_all),
        cmocka_unit_test(quick_storage_is_made_here),
        cmocka_unit_test(storage_is_measured_wherever_it_is_made_here),
        cmocka_unit_test(half_a_table_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
