/* Bounds: of the mailbox, and what limit, ceiling and max_entries make of what was handed over. post_end asserts after
 * each frame that the limit, the ceiling and the count hold. */
#include "post.h"

#include <stdio.h>

enum { WIDTH = 16384, ROW_BYTES = 4 * WIDTH };

static pxc_status try_width(post *p, const char *name, int width)
{
    const pxc_pixmap shape = {.width = width, .height = 1, .format = PXC_RGBA8};
    const pxc_status status = post_try(p, name, shape, NULL);
    post_check(p);
    return status;
}

static void a_full_mailbox_refuses_until_something_is_uploaded(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){.mailbox_bytes = 4 * 40, .upload_bytes_per_frame = 1});
    post_submit(&p, "a", 11, 1);
    post_submit(&p, "b", 12, 1);
    assert_status(PXC_ERR_FULL, try_width(&p, "c", 18));
    assert_absent(&p, PXC_MISS, "c");
    assert_status(PXC_ERR_FULL, try_width(&p, "a", 18));
    post_submit(&p, "d", 17, 1); /* exactly full */
    assert_status(PXC_ERR_FULL, try_width(&p, "c", 1));
    assert_int_equal(stats_of(p.f.cache).pending_bytes, 4 * 40);
    post_frames(&p, 1);
    assert_shows(&p, "a", 0);
    const int c = post_submit(&p, "c", 11, 1);
    assert_status(PXC_ERR_FULL, try_width(&p, "e", 1));
    post_drain(&p, 3);
    assert_shows(&p, "c", c);
    post_submit(&p, "f", 40, 1);
    post_close(&p);
}

static void what_was_taken_back_leaves_room_in_the_mailbox(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){.mailbox_bytes = 4 * 40});
    for (int way = 0; way < 4; ++way) {
        post_submit(&p, "a", 40, 1);
        if (way == 0) {
            assert_ok(p.f.cache, pxc_discard(p.f.cache, "a"));
        } else if (way == 1) {
            assert_ok(p.f.cache, pxc_remove_named(p.f.cache, "a"));
        } else if (way == 2) {
            assert_ok(p.f.cache, pxc_clear(p.f.cache));
        } else {
            insert_name(p.f.cache, "a", 12);
        }
        post_frames(&p, 1);
        assert_int_equal(p.pending_bytes, 0);
    }
    assert_int_equal(p.f.gpu.created, 1);
    post_submit(&p, "b", 40, 1);
    post_close(&p);
}

static void what_can_never_fit_is_too_large(void **state)
{
    (void)state;
    const pxc_config configs[] = {
        {.limit_bytes = 4 * 40},
        {.limit_bytes = 4 * 90, .ceiling_bytes = 4 * 40},
        {.mailbox_bytes = 4 * 40},
    };
    for (size_t i = 0; i < COUNT_OF(configs); ++i) {
        post p;
        post_open(&p, configs[i]);
        assert_status(PXC_ERR_TOO_LARGE, try_width(&p, "a", 41));
        assert_absent(&p, PXC_MISS, "a");
        const int a = post_submit(&p, "a", 40, 1);
        post_frames(&p, 1);
        assert_shows(&p, "a", a);
        post_close(&p);
    }
}

static void mip_levels_and_granularity_belong_to_what_can_never_fit(void **state)
{
    (void)state;
    post p;
    const pxc_pixmap shape = {.width = 8, .height = 8, .format = PXC_R8, .mipmaps = true};
    post_open(&p, (pxc_config){.limit_bytes = 84}); /* 64 + 16 + 4 + 1 */
    assert_status(PXC_ERR_TOO_LARGE, post_try(&p, "a", shape, NULL));
    post_close(&p);
    post_open(&p, (pxc_config){.limit_bytes = 90, .cost_granularity = 100});
    assert_status(PXC_ERR_TOO_LARGE, post_try(&p, "a", shape, NULL));
    post_close(&p);
}

static void a_side_above_the_gpus_largest_is_too_large(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){0});
    pxc_pixmap pixmap = pixmap_of(4); /* its pixels are not read */
    const int sides[][2] = {{16385, 1}, {1, 16385}, {INT32_MAX, 1}, {1, INT32_MAX}, {INT32_MAX, INT32_MAX}};
    for (size_t i = 0; i < COUNT_OF(sides); ++i) {
        pixmap.width = sides[i][0];
        pixmap.height = sides[i][1];
        pixmap.format = PXC_R8;
        assert_status(PXC_ERR_TOO_LARGE, pxc_submit(p.f.cache, "a", &pixmap, NULL, NULL));
        post_check(&p);
    }
    post_close(&p);
}

/* Before anything has gone up, and in the middle of the bands. */
static void what_is_too_large_for_a_lowered_limit_is_dropped_and_counted(void **state)
{
    (void)state;
    for (int rows = 0; rows < 6; rows += 5) {
        post p;
        post_open(&p, (pxc_config){.upload_bytes_per_frame = 1});
        const int a = post_submit(&p, "a", WIDTH, 10);
        post_frames(&p, rows);
        const int b = post_submit(&p, "b", WIDTH, 2);
        assert_ok(p.f.cache, pxc_set_limit(p.f.cache, 9 * ROW_BYTES));
        post_end(&p);
        assert_int_equal(pxc_limit(p.f.cache), 9 * ROW_BYTES);
        post_frames(&p, 1);
        assert_released(&p, a);
        assert_absent(&p, PXC_MISS, "a");
        assert_int_equal(stats_of(p.f.cache).submits_failed, 1);
        post_frames(&p, 2);
        assert_shows(&p, "b", b);
        assert_int_equal(p.f.gpu.alive, 1);
        post_close(&p);
    }
}

static void a_limit_of_zero_drops_all(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){.upload_bytes_per_frame = 1});
    post_submit(&p, "a", WIDTH, 10);
    post_frames(&p, 3);
    post_submit(&p, "b", 11, 1);
    assert_ok(p.f.cache, pxc_set_limit(p.f.cache, 0));
    post_end(&p);
    post_frames(&p, 2);
    assert_int_equal(p.released, 2);
    assert_int_equal(stats_of(p.f.cache).submits_failed, 2);
    assert_int_equal(p.f.gpu.alive, 0);
    post_close(&p);
}

static void a_raised_limit_takes_what_was_too_large(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){.limit_bytes = 4 * 40});
    assert_status(PXC_ERR_TOO_LARGE, try_width(&p, "a", 60));
    assert_ok(p.f.cache, pxc_set_limit(p.f.cache, 4 * 60));
    const int a = post_submit(&p, "a", 60, 1);
    post_frames(&p, 1);
    assert_shows(&p, "a", a);
    post_close(&p);
}

/* Residents that every frame uses fill the limit; what goes up needs all of it. */
static void a_partial_upload_counts_toward_the_limit_and_gets_through(void **state)
{
    (void)state;
    for (int rows = 6; rows <= 10; rows += 2) {
        post p;
        post_open(&p, (pxc_config){.limit_bytes = 10 * ROW_BYTES, .upload_bytes_per_frame = 1});
        for (int i = 0; i < 9; ++i) {
            insert_width(p.f.cache, 4096 - i);
        }
        insert_name(p.f.cache, "used", 4096);
        const int a = post_submit(&p, "a", WIDTH, rows);
        for (int frame = 0; frame < rows; ++frame) {
            assert_kept(&p, a);
            pxc_find_named(p.f.cache, "used", NULL);
            post_frames(&p, 1);
        }
        assert_shows(&p, "a", a);
        post_close(&p);
    }
}

static void what_the_ceiling_refuses_goes_up_after_the_boundary(void **state)
{
    (void)state;
    for (int whole = 0; whole < 2; ++whole) {
        post p;
        (whole ? post_open_whole : post_open)(&p,
                                              (pxc_config){.limit_bytes = 4 * 100, .ceiling_bytes = 4 * 100});
        const pxc_key kept = insert_width(p.f.cache, 39);
        insert_width(p.f.cache, 41);
        const int a = post_submit(&p, "a", 60, 1);
        const int b = post_submit(&p, "b", 90, 1);
        assert_ok(p.f.cache, pxc_find(p.f.cache, kept, NULL));
        assert_status(PXC_OK, post_begin(&p));
        assert_absent(&p, PXC_PENDING, "a");
        post_end(&p);
        post_drain(&p, 6);
        assert_released(&p, a);
        assert_shows(&p, "b", b);
        assert_int_equal(stats_of(p.f.cache).uploads, 4);
        assert_int_equal(stats_of(p.f.cache).submits_failed, 0);
        post_close(&p);
    }
}

static void the_count_of_entries_is_kept_to(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){.max_entries = 3, .upload_bytes_per_frame = 4 * 100});
    int last = -1;
    for (int i = 0; i < 40; ++i) {
        char name[32];
        snprintf(name, sizeof name, "image %d", i);
        last = post_submit(&p, name, 20 + i, 1);
    }
    post_drain(&p, 40);
    assert_int_equal(stats_of(p.f.cache).uploads, 40);
    assert_shows(&p, "image 39", last);
    post_close(&p);
}

/* Three textures may wait for the boundary half-filled; the fourth is not begun before it. */
static void what_is_given_up_again_and_again_waits_for_the_boundary(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){.upload_bytes_per_frame = 1});
    for (int i = 0; i < 3; ++i) {
        post_submit(&p, "a", 20, 10);
        assert_status(PXC_OK, post_begin(&p));
        assert_int_equal(fake_gpu_partial_count(&p.f.gpu), i + 1);
        assert_ok(p.f.cache, pxc_remove_named(p.f.cache, "a"));
    }
    const int last = post_submit(&p, "a", 20, 10);
    assert_status(PXC_OK, post_begin(&p));
    assert_int_equal(fake_gpu_partial_count(&p.f.gpu), 3);
    post_end(&p);
    assert_int_equal(fake_gpu_partial_count(&p.f.gpu), 0);
    post_drain(&p, 20);
    assert_shows(&p, "a", last);
    post_close(&p);
}

/* What may go before it has no room below the ceiling. */
static void what_is_up_in_part_goes_on_when_another_has_no_room(void **state)
{
    (void)state;
    post p;
    post_open(
        &p, (pxc_config){.limit_bytes = 4 * 200, .ceiling_bytes = 4 * 250, .upload_bytes_per_frame = 4 * 30});
    const int large = post_submit(&p, "large", 10, 10);
    post_frames(&p, 1);
    assert_int_equal(fake_gpu_partial_count(&p.f.gpu), 1);
    insert_width(p.f.cache, 140);
    const int small = post_submit(&p, "small", 20, 1);
    assert_absent(&p, PXC_PENDING, "small");
    const uint64_t rows = p.f.gpu.rows_uploaded;
    assert_status(PXC_OK, post_begin(&p));
    assert_true(p.f.gpu.rows_uploaded > rows);
    assert_absent(&p, PXC_PENDING, "small");
    post_end(&p);
    post_drain(&p, 20);
    assert_released(&p, large);
    assert_released(&p, small);
    post_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_mailbox_refuses_until_something_is_uploaded),
        cmocka_unit_test(what_was_taken_back_leaves_room_in_the_mailbox),
        cmocka_unit_test(what_can_never_fit_is_too_large),
        cmocka_unit_test(mip_levels_and_granularity_belong_to_what_can_never_fit),
        cmocka_unit_test(a_side_above_the_gpus_largest_is_too_large),
        cmocka_unit_test(what_is_too_large_for_a_lowered_limit_is_dropped_and_counted),
        cmocka_unit_test(a_limit_of_zero_drops_all),
        cmocka_unit_test(a_raised_limit_takes_what_was_too_large),
        cmocka_unit_test(a_partial_upload_counts_toward_the_limit_and_gets_through),
        cmocka_unit_test(what_the_ceiling_refuses_goes_up_after_the_boundary),
        cmocka_unit_test(the_count_of_entries_is_kept_to),
        cmocka_unit_test(what_is_given_up_again_and_again_waits_for_the_boundary),
        cmocka_unit_test(what_is_up_in_part_goes_on_when_another_has_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
