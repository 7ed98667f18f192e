/* Animations: which frame at which time, by tables written out by hand; times at edges, beyond all, and none
 * at all. */
#include "check.h"

#include <pxe/animation.h>

#include <limits.h>
#include <math.h>

/* Quarters and halves: sums are exact. */
static const pxe_animation_frame four[] = {
    {.seconds = 0.5F}, {.seconds = 0.25F}, {.seconds = 1}, {.seconds = 0.25F}};

static pxe_animation animation_of(int count, pxe_animation_play play)
{
    return (pxe_animation){.frames = four, .count = count, .play = play};
}

typedef struct moment {
    double seconds;
    int frame;
} moment;

static void assert_frames(const pxe_animation *animation, const moment *moments, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        const int frame = pxe_animation_at(animation, moments[i].seconds);
        if (frame != moments[i].frame) {
            fail_msg("at %g s: frame %d, not %d", moments[i].seconds, frame, moments[i].frame);
        }
    }
}

#define ASSERT_FRAMES(animation, ...)                                                                        \
    assert_frames(animation, (const moment[]){__VA_ARGS__},                                                  \
                  sizeof((const moment[]){__VA_ARGS__}) / sizeof(moment))

static void a_loop_begins_again(void **state)
{
    (void)state;
    const pxe_animation loop = animation_of(4, PXE_PLAY_LOOP);
    assert_float_equal(pxe_animation_seconds(&loop), 2, 0);
    ASSERT_FRAMES(&loop, {0, 0}, {0.4999, 0}, {0.5, 1}, {0.7499, 1}, {0.75, 2}, {1.7499, 2}, {1.75, 3},
                  {1.9999, 3}, {2, 0}, {2.5, 1}, {3.75, 3}, {4, 0}, {200.5, 1});
    assert_false(pxe_animation_over(&loop, 1e9));
}

static void what_plays_once_stays_at_its_last_frame(void **state)
{
    (void)state;
    const pxe_animation once = animation_of(4, PXE_PLAY_ONCE);
    ASSERT_FRAMES(&once, {0, 0}, {0.5, 1}, {1.75, 3}, {1.9999, 3}, {2, 3}, {2.5, 3}, {1e9, 3}, {INFINITY, 3});
    assert_false(pxe_animation_over(&once, -1));
    assert_false(pxe_animation_over(&once, 1.9999));
    assert_true(pxe_animation_over(&once, 2));
    assert_true(pxe_animation_over(&once, INFINITY));
    assert_false(pxe_animation_over(&once, NAN));
}

static void back_and_forth_shows_the_ends_once(void **state)
{
    (void)state;
    const pxe_animation four_frames = animation_of(4, PXE_PLAY_BACK_AND_FORTH); /* 0 1 2 3 2 1 */
    assert_float_equal(pxe_animation_seconds(&four_frames), 3.25, 0);
    ASSERT_FRAMES(&four_frames, {0, 0}, {0.5, 1}, {0.75, 2}, {1.75, 3}, {1.9999, 3}, {2, 2}, {2.9999, 2},
                  {3, 1}, {3.2499, 1}, {3.25, 0}, {3.75, 1}, {6.5, 0});
    const pxe_animation three = animation_of(3, PXE_PLAY_BACK_AND_FORTH); /* 0 1 2 1 */
    assert_float_equal(pxe_animation_seconds(&three), 2, 0);
    ASSERT_FRAMES(&three, {0.5, 1}, {0.75, 2}, {1.75, 1}, {1.9999, 1}, {2, 0});
    const pxe_animation two = animation_of(2, PXE_PLAY_BACK_AND_FORTH);
    assert_float_equal(pxe_animation_seconds(&two), 0.75, 0);
    ASSERT_FRAMES(&two, {0, 0}, {0.5, 1}, {0.75, 0}, {1.25, 1}, {1.5, 0});
    const pxe_animation one = animation_of(1, PXE_PLAY_BACK_AND_FORTH);
    ASSERT_FRAMES(&one, {0, 0}, {0.5, 0}, {100, 0});
    assert_false(pxe_animation_over(&four_frames, 1e9));
}

static void a_time_before_the_start_is_the_start(void **state)
{
    (void)state;
    for (pxe_animation_play play = PXE_PLAY_LOOP; play <= PXE_PLAY_BACK_AND_FORTH; ++play) {
        const pxe_animation animation = animation_of(4, play);
        ASSERT_FRAMES(&animation, {-0.1, 0}, {-1e300, 0}, {-INFINITY, 0}, {NAN, 0}, {-0.0, 0});
    }
    const pxe_animation loop = animation_of(4, PXE_PLAY_LOOP);
    ASSERT_FRAMES(&loop, {INFINITY, 0});
}

/* Frames of a tenth of a second, which no float is: after 1e9 s it must be the frame that exact arithmetic
 * gives. */
static void after_thirty_years_it_is_still_the_right_frame(void **state)
{
    (void)state;
    pxe_animation_frame frames[7];
    pxe_animation_cut(frames, 7, (pxe_image){1}, 7, 8, 8, 0.1F);
    const pxe_animation loop = {.frames = frames, .count = 7};
    const double tenth = (double)0.1F; /* 13421773 / 2^27 */
    for (int64_t k = 0; k < 40; ++k) {
        const int64_t shown = INT64_C(9999999850) + k; /* frames before it, about 1e9 s */
        const double seconds = (double)shown * tenth + tenth / 2;
        assert_int_equal(pxe_animation_at(&loop, seconds), shown % 7);
    }
}

static void without_frames_there_is_none(void **state)
{
    (void)state;
    const pxe_animation none[] = {{four, 0, PXE_PLAY_LOOP},
                                  {NULL, 4, PXE_PLAY_LOOP},
                                  {four, -3, PXE_PLAY_ONCE},
                                  {four, INT_MIN, PXE_PLAY_BACK_AND_FORTH}};
    for (size_t i = 0; i < 4; ++i) {
        assert_int_equal(pxe_animation_at(&none[i], 0), -1);
        assert_int_equal(pxe_animation_at(&none[i], 5), -1);
        assert_float_equal(pxe_animation_seconds(&none[i]), 0, 0);
    }
    assert_true(pxe_animation_over(&none[2], 0));
}

static void frames_of_no_time_are_passed_over(void **state)
{
    (void)state;
    const pxe_animation_frame frames[] = {{.seconds = 0},   {.seconds = 1}, {.seconds = -1},
                                          {.seconds = NAN}, {.seconds = 1}, {.seconds = -INFINITY}};
    const pxe_animation loop = {.frames = frames, .count = 6};
    assert_float_equal(pxe_animation_seconds(&loop), 2, 0);
    ASSERT_FRAMES(&loop, {0, 1}, {0.9999, 1}, {1, 4}, {1.9999, 4}, {2, 1});
    const pxe_animation once = {.frames = frames, .count = 6, .play = PXE_PLAY_ONCE};
    ASSERT_FRAMES(&once, {0, 1}, {2, 5});
    const pxe_animation first_only = {.frames = frames, .count = 1};
    ASSERT_FRAMES(&first_only, {0, 0}, {1, 0});
    const pxe_animation_frame held[] = {{.seconds = 1}, {.seconds = INFINITY}, {.seconds = 1}};
    const pxe_animation to_hold = {.frames = held, .count = 3};
    ASSERT_FRAMES(&to_hold, {0.5, 0}, {1, 1}, {1e12, 1}); /* for ever */
}

static void a_sheet_is_cut_by_rows(void **state)
{
    (void)state;
    pxe_animation_frame frames[6] = {{.seconds = 9}};
    frames[5].seconds = 77;
    pxe_animation_cut(frames, 5, (pxe_image){3}, 2, 16, 24, 0.5F);
    for (int i = 0; i < 5; ++i) {
        assert_int_equal(frames[i].image.id, 3);
        assert_float_equal(frames[i].source.x, (float)(i % 2 * 16), 0);
        assert_float_equal(frames[i].source.y, (float)(i / 2 * 24), 0);
        assert_float_equal(frames[i].source.width, 16, 0);
        assert_float_equal(frames[i].source.height, 24, 0);
        assert_float_equal(frames[i].seconds, 0.5, 0);
    }
    assert_float_equal(frames[5].seconds, 77, 0);
    pxe_animation_cut(frames, 3, (pxe_image){3}, 0, 16, 24, 0.5F); /* no columns: all in one row */
    assert_float_equal(frames[2].source.x, 32, 0);
    assert_float_equal(frames[2].source.y, 0, 0);
    pxe_animation_cut(NULL, 3, (pxe_image){3}, 2, 16, 24, 0.5F);
    pxe_animation_cut(frames, -1, (pxe_image){4}, 2, 16, 24, 0.5F);
    assert_int_equal(frames[0].image.id, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loop_begins_again),
        cmocka_unit_test(what_plays_once_stays_at_its_last_frame),
        cmocka_unit_test(back_and_forth_shows_the_ends_once),
        cmocka_unit_test(a_time_before_the_start_is_the_start),
        cmocka_unit_test(after_thirty_years_it_is_still_the_right_frame),
        cmocka_unit_test(without_frames_there_is_none),
        cmocka_unit_test(frames_of_no_time_are_passed_over),
        cmocka_unit_test(a_sheet_is_cut_by_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
