/* Clip rectangles: pixels of the screen, whatever the camera does, rounded to whole ones. */
#include "sprite_stage.h"

#include <math.h>

enum { WIDTH = 40, HEIGHT = 30 };

static stage s;

static int open_stage(void **state)
{
    (void)state;
    stage_open(&s, WIDTH, HEIGHT);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&s);
    return 0;
}

/* White as far as the world goes. */
static void draw_all(uint32_t tint)
{
    stage_draw(&s, (pxe_sprite){.texture = pxe_sprites_white(s.engine->sprites),
                                .x = -500,
                                .y = -500,
                                .width = 1000,
                                .height = 1000,
                                .tint = tint});
}

static void assert_clipped(const pxe_rect *clip, const pxe_rect *seen)
{
    painting expected;
    painting_open(&expected, WIDTH, HEIGHT, 0);
    painting_fill(&expected, seen, 0xFFFFFF);
    stage_begin(&s, 0x000000FF);
    pxe_sprites_set_clip(s.engine->sprites, clip);
    draw_all(0);
    stage_end(&s);
    assert_painting(&s, &expected, 0, "clip");
    assert_int_equal(sprites_of(&s), seen->width > 0 ? 1 : 0);
    painting_close(&expected);
}

static void only_the_rectangle_is_drawn_to(void **state)
{
    (void)state;
    assert_clipped(&(pxe_rect){5, 7, 11, 13}, &(pxe_rect){5, 7, 11, 13});
    assert_clipped(&(pxe_rect){0, 0, 1, 1}, &(pxe_rect){0, 0, 1, 1});
    assert_clipped(&(pxe_rect){WIDTH - 1, HEIGHT - 1, 1, 1}, &(pxe_rect){WIDTH - 1, HEIGHT - 1, 1, 1});
    assert_clipped(&(pxe_rect){-10, -10, 15, 15}, &(pxe_rect){0, 0, 5, 5});
    assert_clipped(&(pxe_rect){30, 20, 1000, 1e30F}, &(pxe_rect){30, 20, 10, 10});
    assert_clipped(NULL, &(pxe_rect){0, 0, WIDTH, HEIGHT});
}

static void edges_are_rounded_to_whole_pixels(void **state)
{
    (void)state;
    assert_clipped(&(pxe_rect){4.6F, 7.4F, 11, 13}, &(pxe_rect){5, 7, 11, 13});
    assert_clipped(&(pxe_rect){4.6F, 7.4F, 10.8F, 13.2F}, &(pxe_rect){5, 7, 10, 14});
}

static void empty_and_impossible_rectangles_show_nothing(void **state)
{
    (void)state;
    static const pxe_rect clips[] = {{5, 5, 0, 9},    {5, 5, 9, 0},    {5, 5, -3, 9},       {5, 5, 9, -3},
                                     {NAN, 5, 9, 9},  {5, NAN, 9, 9},  {5, 5, NAN, 9},      {5, 5, 9, NAN},
                                     {100, 5, 10, 9}, {-50, 5, 10, 9}, {5, INFINITY, 9, 9}, {5, 5, 0.3F, 9}};
    for (size_t i = 0; i < COUNT_OF(clips); ++i) {
        stage_begin(&s, 0x000000FF);
        pxe_sprites_set_clip(s.engine->sprites, &clips[i]);
        draw_all(0);
        stage_end(&s);
        assert_all_pixels(&s, 0);
    }
}

static void the_camera_does_not_move_it(void **state)
{
    (void)state;
    const pxe_camera camera = {.x = 7, .y = 9, .zoom = 3, .rotation = 1, .width = WIDTH, .height = HEIGHT};
    painting expected;
    painting_open(&expected, WIDTH, HEIGHT, 0);
    painting_fill(&expected, &(pxe_rect){3, 4, 5, 6}, 0xFFFFFF);
    stage_begin(&s, 0x000000FF);
    pxe_sprites_set_camera(s.engine->sprites, &camera);
    pxe_sprites_set_clip(s.engine->sprites, &(pxe_rect){3, 4, 5, 6});
    draw_all(0);
    stage_end(&s);
    assert_painting(&s, &expected, 0, "clip-camera");
    painting_close(&expected);
}

static void it_changes_between_sprites(void **state)
{
    (void)state;
    const pxe_rect places[] = {{0, 0, 10, 10}, {5, 5, 10, 10}, {20, 3, 4, 20}};
    const uint32_t tints[] = {0xFF0000FF, 0x00FF00FF, 0x0000FFFF};
    painting expected;
    painting_open(&expected, WIDTH, HEIGHT, 0);
    stage_begin(&s, 0x000000FF);
    for (int i = 0; i < 3; ++i) {
        pxe_sprites_set_clip(s.engine->sprites, &places[i]);
        draw_all(tints[i]);
        painting_fill(&expected, &places[i], tints[i] >> 8);
    }
    pxe_sprites_set_clip(s.engine->sprites, NULL);
    stage_draw(&s, (pxe_sprite){.texture = pxe_sprites_white(s.engine->sprites), .x = 30, .y = 29});
    *painting_at(&expected, 30, 29) = 0xFFFFFF;
    stage_end(&s);
    assert_painting(&s, &expected, 0, "clip-changes");
    assert_int_equal(draws_of(&s), 4);
    painting_close(&expected);
}

static void setting_the_same_again_parts_nothing(void **state)
{
    (void)state;
    stage_begin(&s, 0x000000FF);
    for (int i = 0; i < 5; ++i) {
        pxe_sprites_set_clip(s.engine->sprites, &(pxe_rect){3, 4, 5, 6});
        draw_all(0);
    }
    stage_end(&s);
    assert_int_equal(draws_of(&s), 1);
}

static void a_flush_leaves_no_clip_behind(void **state)
{
    (void)state;
    const GladGLContext *gl = pxe_window_gl(s.engine->window);
    stage_begin(&s, 0x000000FF);
    pxe_sprites_set_clip(s.engine->sprites, &(pxe_rect){3, 4, 5, 6});
    draw_all(0);
    pxe_sprites_flush(s.engine->sprites);
    assert_false(gl->IsEnabled(GL_SCISSOR_TEST));
    stage_end(&s);
}

static void a_frame_begins_without_one_and_is_cleared_all_over(void **state)
{
    (void)state;
    stage_begin(&s, 0x000000FF);
    pxe_sprites_set_clip(s.engine->sprites, &(pxe_rect){3, 4, 5, 6});
    draw_all(0);
    stage_end(&s);
    stage_begin(&s, 0x112233FF);
    stage_end(&s);
    assert_all_pixels(&s, 0x112233);
    stage_begin(&s, 0x112233FF);
    draw_all(0xFF0000FF);
    stage_end(&s);
    assert_all_pixels(&s, 0xFF0000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_rectangle_is_drawn_to),
        cmocka_unit_test(edges_are_rounded_to_whole_pixels),
        cmocka_unit_test(empty_and_impossible_rectangles_show_nothing),
        cmocka_unit_test(the_camera_does_not_move_it),
        cmocka_unit_test(it_changes_between_sprites),
        cmocka_unit_test(setting_the_same_again_parts_nothing),
        cmocka_unit_test(a_flush_leaves_no_clip_behind),
        cmocka_unit_test(a_frame_begins_without_one_and_is_cleared_all_over),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
