/* The alarm: raised once when the working set is larger than the limit, or when a loop over frames never hits; with a
 * limit that helps, as setting it shows; and not by what is harmless. */
#include "engine_fixture.h"

#include "../../engine/profile.h"

#include <string.h>

enum { SIDE = 16, BYTES = SIDE * SIDE * 4, PICTURES = 120 };

static stage s;
static pxe_image images[PICTURES];
static unsigned char pixels[BYTES];
static pxe_alarm told;
static int told_count;

static void on_alarm(void *user, const pxe_alarm *alarm)
{
    (void)user;
    told = *alarm;
    ++told_count;
}

static void open_room(int room)
{
    told_count = 0;
    stage_open_config(&s, (pxe_engine_config){.window = {.width = 4, .height = 4},
                                              .limit_bytes = (size_t)room * BYTES,
                                              .own_textures = true});
    for (int i = 0; i < PICTURES; ++i) {
        char name[32];
        snprintf(name, sizeof name, "picture %d", i);
        const pxc_pixmap pixmap = {.pixels = pixels, .width = SIDE, .height = SIDE};
        images[i] = pxe_images_from_pixels(s.engine->images, name, &pixmap, NULL, NULL);
    }
    pxe_profile_set_on_alarm(s.engine->profile, on_alarm, NULL);
}

/* Frame n of a loop over pictures from `first` on: `each` of them a frame. */
static void frame_of_loop(int frame, int first, int length, int each)
{
    pxc_texture texture;
    stage_begin(&s, 0);
    for (int i = 0; i < each; ++i) {
        pxe_images_texture(s.engine->images, images[first + (frame * each + i) % length], &texture);
    }
    pxe_frame_end(s.engine, NULL, NULL);
}

static pxe_alarm now(void)
{
    return pxe_profile_alarm(s.engine->profile);
}

static void a_working_set_above_the_limit_is_told_after_60_frames(void **state)
{
    (void)state;
    char text[512];
    open_room(9);
    for (int i = 0; i < PXE_ALARM_FRAMES - 1; ++i) {
        frame_of_loop(0, 0, 10, 10);
        assert_int_equal(told_count, 0);
        assert_int_equal(now().kind, PXE_ALARM_NONE);
    }
    frame_of_loop(0, 0, 10, 10);
    assert_int_equal(told_count, 1);
    assert_int_equal(told.kind, PXE_ALARM_WORKING_SET);
    assert_int_equal(told.frame, PXE_ALARM_FRAMES - 1);
    assert_int_equal(told.limit_bytes, 9 * BYTES);
    assert_int_equal(told.set_bytes, 10 * BYTES);
    assert_int_equal(told.needed_bytes, 10 * BYTES);
    assert_int_equal(now().kind, PXE_ALARM_WORKING_SET);
    pxe_alarm_text(&told, text, sizeof text);
    assert_non_null(strstr(text, "a limit of 1 MiB would help"));
    for (int i = 0; i < 200; ++i) {
        frame_of_loop(0, 0, 10, 10);
    }
    assert_int_equal(told_count, 1); /* one line, not one a frame */
    stage_close(&s);
}

/* The loop of which LRU is known to have no hits: 100 images, room for 95, one a frame; beside it some that are drawn in
 * every frame and always hit. The limit that it names makes it hit. */
static void a_loop_over_frames_without_hits_is_told_and_the_limit_helps(void **state)
{
    (void)state;
    pxc_texture texture;
    open_room(95 + 3);
    int frame = 0;
    for (; told_count == 0; ++frame) {
        assert_true(frame < 300);
        stage_begin(&s, 0);
        for (int i = 0; i < 3; ++i) {
            pxe_images_texture(s.engine->images, images[100 + i], &texture);
        }
        pxe_images_texture(s.engine->images, images[frame % 100], &texture);
        pxe_frame_end(s.engine, NULL, NULL);
    }
    assert_int_equal(told.kind, PXE_ALARM_LOOP);
    assert_int_equal(told.found, 0);
    assert_true(told.returns >= 30);
    assert_int_equal(told.needed_bytes, 103 * BYTES);
    assert_int_equal(pxc_set_limit(s.engine->cache, told.needed_bytes), PXC_OK);
    for (int i = 0; i < 300; ++i, ++frame) {
        const uint64_t misses = pxe_profile_last(s.engine->profile)->misses;
        stage_begin(&s, 0);
        for (int j = 0; j < 3; ++j) {
            pxe_images_texture(s.engine->images, images[100 + j], &texture);
        }
        pxe_images_texture(s.engine->images, images[frame % 100], &texture);
        pxe_frame_end(s.engine, NULL, NULL);
        assert_true(i < 101 || misses == 0);
    }
    assert_int_equal(now().kind, PXE_ALARM_NONE);
    assert_int_equal(told_count, 1);
    stage_close(&s);
}

static void a_limit_one_byte_lower_than_the_named_one_does_not_help(void **state)
{
    (void)state;
    open_room(95);
    int frame = 0;
    for (; told_count == 0; ++frame) {
        assert_true(frame < 300);
        frame_of_loop(frame, 0, 100, 1);
    }
    assert_int_equal(told.needed_bytes, 100 * BYTES);
    assert_int_equal(pxc_set_limit(s.engine->cache, told.needed_bytes - 1), PXC_OK);
    for (int i = 0; i < 300; ++i, ++frame) {
        frame_of_loop(frame, 0, 100, 1);
        assert_int_equal(pxe_profile_last(s.engine->profile)->hits, 0);
    }
    assert_int_equal(now().kind, PXE_ALARM_LOOP);
    stage_close(&s);
}

static void an_alarm_ends_after_60_calm_frames_and_can_come_again(void **state)
{
    (void)state;
    open_room(9);
    for (int i = 0; i < PXE_ALARM_FRAMES; ++i) {
        frame_of_loop(0, 0, 10, 10);
    }
    for (int i = 0; i < PXE_ALARM_FRAMES - 1; ++i) {
        frame_of_loop(0, 0, 5, 5);
        assert_int_equal(now().kind, PXE_ALARM_WORKING_SET);
    }
    frame_of_loop(0, 0, 5, 5);
    assert_int_equal(now().kind, PXE_ALARM_NONE);
    for (int i = 0; i < PXE_ALARM_FRAMES; ++i) {
        frame_of_loop(0, 0, 10, 10);
    }
    assert_int_equal(told_count, 2);
    stage_close(&s);
}

/* New pictures all the time, as in a gallery that is scrolled once; a set that just fits; a loop that fits. */
static void what_no_limit_helps_or_what_fits_is_no_alarm(void **state)
{
    (void)state;
    open_room(10);
    for (int i = 0; i < PICTURES; ++i) {
        frame_of_loop(i, 0, PICTURES, 1);
    }
    for (int i = 0; i < 2 * PXE_ALARM_FRAMES; ++i) {
        frame_of_loop(0, 0, 10, 10);
    }
    for (int i = 0; i < 2 * PXE_ALARM_FRAMES; ++i) {
        frame_of_loop(i, 20, 10, 1);
    }
    assert_int_equal(told_count, 0);
    stage_close(&s);
}

/* 40 pictures, then 40 others, and the first again: all of them come back and none is there, but it is no loop. */
static void a_view_that_comes_back_is_no_loop(void **state)
{
    (void)state;
    open_room(40);
    for (int view = 0; view < 3; ++view) {
        for (int i = 0; i < 2 * PXE_ALARM_FRAMES; ++i) {
            frame_of_loop(0, view % 2 * 40, 40, 40);
        }
    }
    assert_int_equal(told_count, 0);
    stage_close(&s);
}

/* Five a frame, every sixth frame. */
static void a_loop_of_few_frames_is_told(void **state)
{
    (void)state;
    open_room(95);
    for (int frame = 0; told_count == 0; ++frame) {
        assert_true(frame < 400);
        frame_of_loop(frame / 6, 0, 100, frame % 6 == 0 ? 5 : 0);
    }
    assert_int_equal(told.kind, PXE_ALARM_LOOP);
    stage_close(&s);
}

/* 40 pictures are drawn once, then a loop of 80 begins, and in its midst one of the 40 comes back: it alone needs 120. */
static void one_that_comes_back_after_long_does_not_raise_the_advice(void **state)
{
    (void)state;
    pxc_texture texture;
    open_room(60);
    for (int frame = 0; told_count == 0; ++frame) {
        assert_true(frame < 300);
        stage_begin(&s, 0);
        if (frame == 130) {
            pxe_images_texture(s.engine->images, images[80], &texture);
        }
        pxe_images_texture(s.engine->images, images[frame < 40 ? 80 + frame : (frame - 40) % 80], &texture);
        pxe_frame_end(s.engine, NULL, NULL);
    }
    assert_int_equal(told.kind, PXE_ALARM_LOOP);
    assert_true(told.frame > 130 && told.frame < 190); /* so that the window has it */
    assert_int_equal(told.needed_bytes, 81 * BYTES);
    stage_close(&s);
}

/* With more pictures than the curve follows, each counts once a frame, however often it is drawn. */
static void a_picture_is_part_of_the_working_set_once(void **state)
{
    (void)state;
    enum { MANY = PXE_CURVE_IMAGES + 2 };
    open_room(9);
    pxe_profile *profile = s.engine->profile;
    static uint32_t rows[MANY];
    stage_begin(&s, 0);
    for (uint32_t i = 0; i < MANY; ++i) {
        char name[32];
        snprintf(name, sizeof name, "row %u", (unsigned)i);
        rows[i] = pxe_profile_picture(profile, name, name);
        pxe_profile_use(profile, rows[i], i, BYTES);
    }
    pxe_frame_end(s.engine, NULL, NULL);
    assert_true(pxe_curve_sum(pxe_profile_curve(profile)).followed < 1);
    for (int frame = 0; frame < 2 * PXE_ALARM_FRAMES; ++frame) {
        stage_begin(&s, 0);
        for (uint32_t i = 0; i < 90; ++i) {
            pxe_profile_use(profile, rows[i % 9], i % 9, BYTES);
        }
        pxe_frame_end(s.engine, NULL, NULL);
    }
    assert_int_equal(told_count, 0);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_working_set_above_the_limit_is_told_after_60_frames),
        cmocka_unit_test(a_loop_over_frames_without_hits_is_told_and_the_limit_helps),
        cmocka_unit_test(a_limit_one_byte_lower_than_the_named_one_does_not_help),
        cmocka_unit_test(an_alarm_ends_after_60_calm_frames_and_can_come_again),
        cmocka_unit_test(what_no_limit_helps_or_what_fits_is_no_alarm),
        cmocka_unit_test(a_view_that_comes_back_is_no_loop),
        cmocka_unit_test(a_loop_of_few_frames_is_told),
        cmocka_unit_test(one_that_comes_back_after_long_does_not_raise_the_advice),
        cmocka_unit_test(a_picture_is_part_of_the_working_set_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
