/* A canvas: drawn to like a screen, shown on a frame of any size, and points of the frame found on it. */
#include "sprite_stage.h"

#include <pxe/canvas.h>

#include <math.h>

enum { WIDTH = 89, HEIGHT = 61, CANVAS_WIDTH = 16, CANVAS_HEIGHT = 9 };

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

static pxe_canvas *canvas_of(int width, int height)
{
    pxe_canvas *canvas = NULL;
    pxe_error error = {""};
    if (!pxe_canvas_create(s.engine, width, height, &canvas, &error)) {
        fail_msg("no canvas: %s", error.text);
    }
    return canvas;
}

/* Every pixel of a canvas differs. */
static uint32_t color_at(int x, int y)
{
    return (uint32_t)(20 + x * 11) << 16 | (uint32_t)(30 + y * 19) << 8 | (uint32_t)((x + y) % 2 * 200);
}

static void paint_canvas(pxe_canvas *canvas, int width, int height)
{
    pxe_canvas_begin(canvas, s.engine, 0x000000FF);
    for (int i = 0; i < width * height; ++i) {
        const pxe_rect pixel = {(float)(i % width), (float)(i / width), 1, 1};
        pxe_fill_rect(s.engine->sprites, &pixel, color_at(i % width, i / width) << 8 | 0xFF);
    }
}

/* A frame in which the canvas is shown so, and where it must lie. */
static void assert_shown(pxe_fit fit, const pxe_rect *place, const char *name)
{
    pxe_canvas *canvas = canvas_of(CANVAS_WIDTH, CANVAS_HEIGHT);
    painting expected;
    painting_open(&expected, WIDTH, HEIGHT, 0x405060);
    for (int i = 0; i < (int)place->width * (int)place->height; ++i) {
        const int x = i % (int)place->width;
        const int y = i / (int)place->width;
        *painting_at(&expected, (int)place->x + x, (int)place->y + y) =
            color_at((int)(((float)x + 0.5F) * CANVAS_WIDTH / place->width),
                     (int)(((float)y + 0.5F) * CANVAS_HEIGHT / place->height));
    }
    stage_begin(&s, 0x405060FF);
    paint_canvas(canvas, CANVAS_WIDTH, CANVAS_HEIGHT);
    pxe_canvas_end(canvas, s.engine, fit);
    stage_end(&s);
    assert_painting(&s, &expected, 0, name);
    painting_close(&expected);
    pxe_canvas_destroy(canvas);
}

static void whole_multiples_are_pixel_for_pixel_and_centred(void **state)
{
    (void)state;
    assert_shown(PXE_FIT_WHOLE, &(pxe_rect){4, 8, 80, 45}, "canvas-whole"); /* five times */
}

static void sharp_is_as_large_as_it_fits_with_bars(void **state)
{
    (void)state;
    assert_shown(PXE_FIT_SHARP, &(pxe_rect){0, 5, 89, 50}, "canvas-sharp"); /* 89 / 16 = 5.5625 */
}

static void smooth_is_as_large_and_goes_between_pixels(void **state)
{
    (void)state;
    pxe_canvas *canvas = canvas_of(2, 1);
    stage_begin(&s, 0x405060FF);
    pxe_canvas_begin(canvas, s.engine, 0x000000FF);
    pxe_fill_rect(s.engine->sprites, &(pxe_rect){1, 0, 1, 1}, 0xFFFFFFFF);
    pxe_canvas_end(canvas, s.engine, PXE_FIT_SMOOTH);
    stage_end(&s);
    for (int x = 0; x < WIDTH; ++x) { /* 89 x 45 from row 8 on */
        const double between = fmin(1, fmax(0, ((x + 0.5) / WIDTH - 0.25) * 2));
        assert_pixel(&s, x, 30, (uint32_t)lround(between * 255) * 0x010101U, 2);
        assert_pixel(&s, x, 7, 0x405060, 0);
        assert_pixel(&s, x, 53, 0x405060, 0);
    }
    pxe_canvas_destroy(canvas);
}

static void between_begin_and_end_the_engine_has_the_canvass_size_and_camera(void **state)
{
    (void)state;
    pxe_canvas *canvas = canvas_of(CANVAS_WIDTH, CANVAS_HEIGHT);
    stage_begin(&s, 0x000000FF);
    pxe_canvas_begin(canvas, s.engine, 0x000000FF);
    assert_int_equal(s.engine->width, CANVAS_WIDTH);
    assert_int_equal(s.engine->height, CANVAS_HEIGHT);
    pxe_camera camera = pxe_sprites_camera(s.engine->sprites);
    assert_true(camera.width == CANVAS_WIDTH && camera.height == CANVAS_HEIGHT);
    assert_true(camera.x == CANVAS_WIDTH / 2.0F && camera.y == CANVAS_HEIGHT / 2.0F);
    pxe_canvas_end(canvas, s.engine, PXE_FIT_SMOOTH);
    assert_int_equal(s.engine->width, WIDTH);
    assert_int_equal(s.engine->height, HEIGHT);
    camera = pxe_sprites_camera(s.engine->sprites);
    assert_true(camera.width == WIDTH && camera.height == HEIGHT);
    pxe_fill_rect(s.engine->sprites, &(pxe_rect){WIDTH - 1, HEIGHT - 1, 1, 1}, 0xFFFFFFFF);
    stage_end(&s);
    assert_pixel(&s, WIDTH - 1, HEIGHT - 1, 0xFFFFFF, 0);
    pxe_canvas_destroy(canvas);
}

static void what_was_drawn_before_stays_on_the_frame_and_below(void **state)
{
    (void)state;
    pxe_canvas *canvas = canvas_of(2, 2);
    const GladGLContext *gl = pxe_window_gl(s.engine->window);
    stage_begin(&s, 0x000000FF);
    pxe_fill_rect(s.engine->sprites, &(pxe_rect){0, 0, WIDTH, HEIGHT}, 0x00FF00FF);
    pxe_sprites_flush(s.engine->sprites);
    gl->Enable(GL_SCISSOR_TEST); /* the application's own doing: it hides nothing */
    gl->Scissor(0, 0, 1, 1);
    pxe_canvas_begin(canvas, s.engine, 0xFF0000FF);
    pxe_canvas_end(canvas, s.engine, PXE_FIT_SHARP); /* 61 x 61 from column 14 on */
    stage_end(&s);
    painting expected;
    painting_open(&expected, WIDTH, HEIGHT, 0x00FF00);
    painting_fill(&expected, &(pxe_rect){14, 0, 61, 61}, 0xFF0000);
    assert_painting(&s, &expected, 0, "canvas-below");
    painting_close(&expected);
    pxe_canvas_destroy(canvas);
}

static void a_clip_holds_on_the_canvas_by_its_own_pixels(void **state)
{
    (void)state;
    pxe_canvas *canvas = canvas_of(10, 6);
    stage_begin(&s, 0x000000FF);
    pxe_sprites_set_clip(s.engine->sprites, &(pxe_rect){0, 0, 1, 1}); /* begin ends it */
    pxe_canvas_begin(canvas, s.engine, 0x202020FF);
    pxe_sprites_set_clip(s.engine->sprites, &(pxe_rect){1, 1, 3, 2});
    pxe_fill_rect(s.engine->sprites, &(pxe_rect){0, 0, 10, 6}, 0xFFFFFFFF);
    pxe_canvas_end(canvas, s.engine, PXE_FIT_WHOLE); /* eight times; end ends it */
    stage_end(&s);
    painting expected;
    painting_open(&expected, WIDTH, HEIGHT, 0);
    painting_fill(&expected, &(pxe_rect){4, 6, 80, 48}, 0x202020);
    painting_fill(&expected, &(pxe_rect){12, 14, 24, 16}, 0xFFFFFF);
    assert_painting(&s, &expected, 0, "canvas-clip");
    painting_close(&expected);
    pxe_canvas_destroy(canvas);
}

static void several_canvases_and_several_rounds_a_frame(void **state)
{
    (void)state;
    pxe_canvas *canvas = canvas_of(1, 1);
    pxe_canvas *other = canvas_of(1, 2);
    stage_begin(&s, 0x000000FF);
    pxe_canvas_begin(canvas, s.engine, 0xFF0000FF);
    pxe_canvas_end(canvas, s.engine, PXE_FIT_SHARP); /* 61 x 61 from column 14 on */
    pxe_canvas_begin(other, s.engine, 0x00FF00FF);
    pxe_canvas_end(other, s.engine, PXE_FIT_SHARP); /* 31 x 61 from column 29 on */
    pxe_canvas_begin(canvas, s.engine, 0x0000FFFF);
    stage_draw(&s, (pxe_sprite){.texture = texel_of(&s, 0xFFFF00FF)});
    pxe_canvas_end(canvas, s.engine, PXE_FIT_WHOLE);
    stage_end(&s);
    assert_pixel(&s, 13, 30, 0x000000, 0);
    assert_pixel(&s, 14, 30, 0xFFFF00, 0);
    pxe_canvas_destroy(other);
    pxe_canvas_destroy(canvas);
    pxe_canvas_destroy(NULL);
}

static void a_begin_or_an_end_too_many_does_nothing(void **state)
{
    (void)state;
    pxe_canvas *canvas = canvas_of(4, 4);
    stage_begin(&s, 0x102030FF);
    pxe_canvas_end(canvas, s.engine, PXE_FIT_SHARP);
    pxe_canvas_begin(canvas, s.engine, 0xFF0000FF);
    pxe_canvas_begin(canvas, s.engine, 0x00FF00FF);
    pxe_canvas_end(canvas, s.engine, PXE_FIT_SHARP);
    pxe_canvas_end(canvas, s.engine, PXE_FIT_SHARP);
    assert_int_equal(s.engine->width, WIDTH);
    stage_end(&s);
    assert_pixel(&s, 45, 30, 0xFF0000, 0);
    assert_pixel(&s, 1, 1, 0x102030, 0);
    pxe_canvas_destroy(canvas);
}

static void destroying_it_in_the_middle_returns_to_the_frame(void **state)
{
    (void)state;
    pxe_canvas *canvas = canvas_of(4, 4);
    stage_begin(&s, 0x102030FF);
    pxe_canvas_begin(canvas, s.engine, 0xFF0000FF);
    pxe_canvas_destroy(canvas);
    stage_end(&s);
    assert_all_pixels(&s, 0x102030);
    stage_begin(&s, 0x405060FF);
    stage_end(&s);
    assert_all_pixels(&s, 0x405060);
}

static void a_canvas_that_can_not_be_is_refused(void **state)
{
    (void)state;
    const int sizes[][2] = {{0, 4}, {4, 0}, {-1, 4}, {1 << 20, 4}, {4, 1 << 20}, {0x7FFFFFFF, 0x7FFFFFFF}};
    for (size_t i = 0; i < COUNT_OF(sizes); ++i) {
        pxe_canvas *canvas = (pxe_canvas *)&canvas;
        pxe_error error = {""};
        assert_false(pxe_canvas_create(s.engine, sizes[i][0], sizes[i][1], &canvas, &error));
        assert_null(canvas);
        assert_says(&error, "canvas");
    }
}

static void assert_place(pxe_rect place, double x, double y, double width, double height)
{
    if (place.x != (float)x || place.y != (float)y || place.width != (float)width ||
        place.height != (float)height) {
        fail_msg("%g %g %g %g, not %g %g %g %g", place.x, place.y, place.width, place.height, x, y, width,
                 height);
    }
}

static void places_are_centred_and_of_whole_pixels(void **state)
{
    (void)state;
    assert_place(pxe_canvas_place(320, 180, 1280, 720, PXE_FIT_SMOOTH), 0, 0, 1280, 720);
    assert_place(pxe_canvas_place(320, 180, 1280, 720, PXE_FIT_WHOLE), 0, 0, 1280, 720);
    assert_place(pxe_canvas_place(320, 180, 1279, 719, PXE_FIT_WHOLE), 159, 89, 960, 540);
    assert_place(pxe_canvas_place(320, 180, 1000, 1000, PXE_FIT_SHARP), 0, 218, 1000, 563);
    assert_place(pxe_canvas_place(320, 180, 160, 200, PXE_FIT_WHOLE), 0, 55, 160, 90);
    assert_place(pxe_canvas_place(320, 180, 319, 180, PXE_FIT_WHOLE), 0, 0, 319, 179);
    assert_place(pxe_canvas_place(1000, 1, 10, 10, PXE_FIT_SMOOTH), 0, 4, 10, 1);
    assert_place(pxe_canvas_place(0, 180, 160, 200, PXE_FIT_WHOLE), 0, 0, 0, 0);
    assert_place(pxe_canvas_place(320, 180, 0, 200, PXE_FIT_WHOLE), 0, 0, 0, 0);
    assert_place(pxe_canvas_place(320, 180, 10, -1, PXE_FIT_SMOOTH), 0, 0, 0, 0);
}

static void points_of_the_screen_are_found_on_the_canvas(void **state)
{
    (void)state;
    pxe_canvas *canvas = canvas_of(CANVAS_WIDTH, CANVAS_HEIGHT);
    float x = 0;
    float y = 0;
    stage_begin(&s, 0x000000FF);
    paint_canvas(canvas, CANVAS_WIDTH, CANVAS_HEIGHT);
    pxe_canvas_end(canvas, s.engine, PXE_FIT_WHOLE); /* 80 x 45 at 4, 8 */
    stage_end(&s);
    for (int i = 0; i < WIDTH * HEIGHT; ++i) {
        pxe_canvas_from_screen(canvas, (float)(i % WIDTH) + 0.5F, (float)(i / WIDTH) + 0.5F, &x, &y);
        const bool inside = x >= 0 && y >= 0 && x < CANVAS_WIDTH && y < CANVAS_HEIGHT;
        assert_pixel(&s, i % WIDTH, i / WIDTH, inside ? color_at((int)x, (int)y) : 0, 0);
    }
    pxe_canvas_from_screen(canvas, 0, 0, &x, &y);
    assert_true(x == -0.8F && y == -1.6F);
    pxe_canvas_destroy(canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_multiples_are_pixel_for_pixel_and_centred),
        cmocka_unit_test(sharp_is_as_large_as_it_fits_with_bars),
        cmocka_unit_test(smooth_is_as_large_and_goes_between_pixels),
        cmocka_unit_test(between_begin_and_end_the_engine_has_the_canvass_size_and_camera),
        cmocka_unit_test(what_was_drawn_before_stays_on_the_frame_and_below),
        cmocka_unit_test(a_clip_holds_on_the_canvas_by_its_own_pixels),
        cmocka_unit_test(several_canvases_and_several_rounds_a_frame),
        cmocka_unit_test(a_begin_or_an_end_too_many_does_nothing),
        cmocka_unit_test(destroying_it_in_the_middle_returns_to_the_frame),
        cmocka_unit_test(a_canvas_that_can_not_be_is_refused),
        cmocka_unit_test(places_are_centred_and_of_whole_pixels),
        cmocka_unit_test(points_of_the_screen_are_found_on_the_canvas),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
