/* The order in which pixmaps go up. A budget of one byte lets one band a frame go up, and a pixmap of one row is one
 * band: so the order is read from the releases, without asking for a name. */
#include "post.h"

#include <stdio.h>

#define ONE_BAND ((pxc_config){.upload_bytes_per_frame = 1})

enum { MANY = 300, WAIT_FRAMES = 30 };

static int submit_number(post *p, int number)
{
    char name[32];
    snprintf(name, sizeof name, "image %d", number);
    return post_submit(p, name, 1 + number % 90, 1);
}

static void ask_for_number(post *p, int number)
{
    char name[32];
    snprintf(name, sizeof name, "image %d", number);
    assert_status(PXC_PENDING, pxc_find_named(p->f.cache, name, NULL));
}

static void the_first_handed_over_goes_up_first(void **state)
{
    (void)state;
    for (size_t budget = 0; budget < 2; ++budget) {
        post p;
        post_open(&p, (pxc_config){.upload_bytes_per_frame = budget});
        for (int i = 0; i < 50; ++i) {
            submit_number(&p, i);
        }
        post_drain(&p, 50);
        for (int i = 0; i < 50; ++i) {
            assert_int_equal(p.order[i], i);
        }
        post_close(&p);
    }
}

static void one_band_goes_up_in_a_frame_when_the_budget_is_smaller(void **state)
{
    (void)state;
    post p;
    post_open(&p, ONE_BAND);
    for (int i = 0; i < 10; ++i) {
        submit_number(&p, i);
    }
    for (int i = 0; i < 10; ++i) {
        assert_int_equal(p.released, i);
        post_frames(&p, 1);
    }
    assert_int_equal(p.released, 10);
    post_close(&p);
}

static void what_is_asked_for_goes_up_first(void **state)
{
    (void)state;
    post p;
    post_open(&p, ONE_BAND);
    for (int i = 0; i < 9; ++i) {
        submit_number(&p, i);
    }
    post_frames(&p, 1);
    ask_for_number(&p, 7);
    post_frames(&p, 2);
    ask_for_number(&p, 5);
    post_drain(&p, 6);
    const int expected[9] = {0, 7, 1, 5, 2, 3, 4, 6, 8};
    for (int i = 0; i < 9; ++i) {
        assert_int_equal(p.order[i], expected[i]);
    }
    post_close(&p);
}

static void all_that_are_asked_for_go_before_the_others(void **state)
{
    (void)state;
    post p;
    post_open(&p, ONE_BAND);
    for (int i = 0; i < 12; ++i) {
        submit_number(&p, i);
    }
    for (int i = 1; i < 12; i += 2) {
        ask_for_number(&p, i);
    }
    post_frames(&p, 6);
    assert_int_equal(p.released, 6);
    for (int i = 0; i < 12; ++i) {
        assert_int_equal(p.items[i].releases, i % 2);
    }
    post_drain(&p, 6);
    post_close(&p);
}

/* In each frame something newer is asked for, and the budget has room for one. */
static void what_has_waited_for_30_frames_goes_before_what_is_asked_for(void **state)
{
    (void)state;
    post p;
    post_open(&p, ONE_BAND);
    const int old = submit_number(&p, 0);
    int frame = 0;
    while (p.items[old].releases == 0 && frame < 40) {
        ++frame;
        submit_number(&p, frame);
        ask_for_number(&p, frame);
        post_frames(&p, 1);
    }
    assert_in_range(frame, WAIT_FRAMES, WAIT_FRAMES + 2);
    post_drain(&p, 2);
    post_close(&p);
}

static void hundreds_get_through_while_newer_ones_are_asked_for(void **state)
{
    (void)state;
    post p;
    post_open(&p, ONE_BAND);
    for (int i = 0; i < MANY; ++i) {
        submit_number(&p, i);
    }
    for (int frame = 0; frame < MANY + WAIT_FRAMES + 2; ++frame) {
        submit_number(&p, MANY + frame);
        ask_for_number(&p, MANY + frame);
        post_frames(&p, 1);
    }
    for (int i = 0; i < MANY; ++i) {
        assert_released(&p, i);
    }
    post_drain(&p, MANY + WAIT_FRAMES);
    assert_int_equal(stats_of(p.f.cache).uploads, p.count);
    post_close(&p);
}

/* Rows of 64 KiB, so that each is a band. The budget of the second time has room for a small one and a row. */
static void what_goes_up_in_bands_is_overtaken_but_gets_through(void **state)
{
    (void)state;
    enum { ROWS = 20 };
    const size_t budgets[] = {1, 4 * 16384 + 1024};
    for (size_t i = 0; i < COUNT_OF(budgets); ++i) {
        post p;
        post_open(&p, (pxc_config){.upload_bytes_per_frame = budgets[i]});
        const int large = post_submit(&p, "large", 16384, ROWS);
        post_frames(&p, 2);
        const int small = submit_number(&p, 1);
        ask_for_number(&p, 1);
        post_frames(&p, 1);
        assert_released(&p, small);
        assert_kept(&p, large);
        int frame = 3;
        while (p.items[large].releases == 0 && frame < 100) {
            ++frame;
            submit_number(&p, frame);
            ask_for_number(&p, frame);
            post_frames(&p, 1);
        }
        assert_in_range(frame, ROWS, WAIT_FRAMES + ROWS + 2);
        assert_shows(&p, "large", large);
        post_drain(&p, 100);
        post_close(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_handed_over_goes_up_first),
        cmocka_unit_test(one_band_goes_up_in_a_frame_when_the_budget_is_smaller),
        cmocka_unit_test(what_is_asked_for_goes_up_first),
        cmocka_unit_test(all_that_are_asked_for_go_before_the_others),
        cmocka_unit_test(what_has_waited_for_30_frames_goes_before_what_is_asked_for),
        cmocka_unit_test(hundreds_get_through_while_newer_ones_are_asked_for),
        cmocka_unit_test(what_goes_up_in_bands_is_overtaken_but_gets_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
