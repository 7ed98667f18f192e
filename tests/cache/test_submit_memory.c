/* Promise 2 for the hand-over: each allocation fails in its turn, and nothing is lost, leaked or released twice. */
#include "post.h"

#include <stdio.h>

enum { WIDTH = 16384, IMAGES = 40, MAX_ALLOCATIONS = 200 };

static void submit_number(post *p, int number)
{
    char name[32];
    snprintf(name, sizeof name, "image %d", number);
    post_submit(p, name, 11 + number, 1);
}

static void a_submission_without_memory_changes_nothing(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){0});
    const pxc_pixmap shape = {.width = 12, .height = 2, .format = PXC_RGBA8};
    const int old = post_submit(&p, "a", 11, 2);
    pxc_status status = PXC_ERR_MEMORY;
    uint64_t n = 0;
    while (status != PXC_OK) {
        const size_t blocks = p.f.alloc.live_blocks;
        assert_true(++n < MAX_ALLOCATIONS);
        failing_alloc_fail_nth(&p.f.alloc, n);
        int item = -1;
        status = post_try(&p, "a", shape, &item);
        failing_alloc_fail_nth(&p.f.alloc, 0);
        post_check(&p);
        if (status != PXC_OK) {
            assert_status(PXC_ERR_MEMORY, status);
            assert_int_equal(p.f.alloc.live_blocks, blocks);
            assert_kept(&p, old);
        }
    }
    assert_true(n > 1); /* the pixels' own place needs memory */
    post_frames(&p, 1);
    assert_shows(&p, "a", p.count - 1);
    post_close(&p);
}

static void a_discard_without_memory_takes_nothing_back(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){0});
    pxc_status status = PXC_ERR_MEMORY;
    uint64_t n = 0;
    while (status != PXC_OK) {
        const int a = post_submit(&p, "a", 11, 2);
        const size_t blocks = p.f.alloc.live_blocks;
        assert_true(++n < MAX_ALLOCATIONS);
        failing_alloc_fail_nth(&p.f.alloc, n);
        status = pxc_discard(p.f.cache, "a");
        failing_alloc_fail_nth(&p.f.alloc, 0);
        post_check(&p);
        if (status != PXC_OK) {
            assert_status(PXC_ERR_MEMORY, status);
            assert_int_equal(p.f.alloc.live_blocks, blocks);
            assert_absent(&p, PXC_PENDING, "a");
            post_frames(&p, 1);
            assert_shows(&p, "a", a);
            assert_ok(p.f.cache, pxc_remove_named(p.f.cache, "a"));
        }
    }
    assert_absent(&p, PXC_MISS, "a");
    post_close(&p);
}

/* At an edge of the cache's growth, so that entering what is handed over allocates. */
static void fill(post *p, int residents)
{
    for (int i = 0; i < residents; ++i) {
        char name[32];
        snprintf(name, sizeof name, "resident %d", i);
        insert_name(p->f.cache, name, 100);
    }
    post_end(p);
    for (int i = 0; i < IMAGES; ++i) {
        submit_number(p, i);
    }
    post_submit(p, "large", WIDTH, 3);
}

/* Returns the allocations that it met, 0 when all went through clean. */
static uint64_t frame_begin_with_failure(int residents, uint64_t n, uint64_t how_many)
{
    post p;
    post_open(&p, (pxc_config){.upload_bytes_per_frame = 4 * (WIDTH + 100 * IMAGES)});
    fill(&p, residents);
    const uint64_t failed_before = p.f.alloc.failed;
    for (uint64_t i = 0; i < how_many; ++i) {
        failing_alloc_fail_nth(&p.f.alloc, n);
        assert_status(PXC_OK, post_begin(&p)); /* PXC_ERR_LOST is its only failure */
        failing_alloc_fail_nth(&p.f.alloc, 0);
        for (int item = 0; item < p.count; ++item) {
            assert_true(p.items[item].releases <= 1);
        }
        post_end(&p);
    }
    const uint64_t failed = p.f.alloc.failed - failed_before;
    post_drain(&p, 4);
    assert_int_equal(stats_of(p.f.cache).submits_failed, 0);
    for (int i = 0; i < IMAGES; ++i) {
        char name[32];
        snprintf(name, sizeof name, "image %d", i);
        assert_shows(&p, name, i);
    }
    assert_shows(&p, "large", IMAGES);
    post_close(&p);
    return failed;
}

static void frame_begin_without_memory_loses_nothing(void **state)
{
    (void)state;
    uint64_t met = 0;
    for (int residents = 0; residents < 2100; residents += 150) {
        uint64_t n = 1;
        while (frame_begin_with_failure(residents, n, 1) > 0) {
            ++met;
            assert_true(++n < MAX_ALLOCATIONS);
        }
        frame_begin_with_failure(residents, 1, 3);
    }
    assert_true(met > 0);
}

/* Names come and go, and the heap is where it was. */
static void what_was_handed_over_leaves_no_memory_behind(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){.limit_bytes = 4 * 500});
    size_t bytes = 0;
    const pxc_pixmap pixmap = pixmap_of(100);
    for (int i = 0; i < 20000; ++i) {
        char name[32];
        snprintf(name, sizeof name, "image %d", i);
        assert_status(PXC_OK, pxc_submit(p.f.cache, name, &pixmap, NULL, NULL));
        if (i % 3 == 0) {
            assert_status(PXC_OK, pxc_discard(p.f.cache, name));
        }
        if (i % 5 == 4) {
            assert_status(PXC_OK, pxc_frame_begin(p.f.cache));
            assert_status(PXC_OK, pxc_frame_end(p.f.cache));
        }
        if (i == 999) {
            bytes = p.f.alloc.live_bytes;
        }
    }
    assert_in_range(p.f.alloc.live_bytes, 1, bytes + 4096);
    post_check(&p);
    post_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_submission_without_memory_changes_nothing),
        cmocka_unit_test(a_discard_without_memory_takes_nothing_back),
        cmocka_unit_test(frame_begin_without_memory_loses_nothing),
        cmocka_unit_test(what_was_handed_over_leaves_no_memory_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
