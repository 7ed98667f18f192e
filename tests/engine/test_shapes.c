/* Shapes by their pixels, half transparent, so that one drawn twice shows. */
#include "engine_fixture.h"

#include <pxe/shapes.h>

#include <math.h>

enum { WIDTH = 64, HEIGHT = 48 };

#define HALF_RED 0xFF000080U /* over black: 0x800000 */
#define DRAWN    0x800000U

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

static void begin(void)
{
    stage_begin(&s, 0x000000FF);
}

/* Whether a pixel's centre is inside. */
typedef bool (*inside_fn)(float x, float y);

static void assert_drawn(inside_fn inside)
{
    for (int y = 0; y < HEIGHT; ++y) {
        for (int x = 0; x < WIDTH; ++x) {
            assert_pixel(&s, x, y, inside((float)x + 0.5F, (float)y + 0.5F) ? DRAWN : 0, 0);
        }
    }
}

static bool between(float value, float low, float high)
{
    return value > low && value < high;
}

static bool in_rect(float x, float y)
{
    return between(x, 5, 25) && between(y, 7, 19);
}

static void a_rectangle_is_filled(void **state)
{
    (void)state;
    begin();
    pxe_fill_rect(s.engine->sprites, &(pxe_rect){5, 7, 20, 12}, HALF_RED);
    stage_end(&s);
    assert_drawn(in_rect);
}

static bool in_outline(float x, float y)
{
    return in_rect(x, y) && !(between(x, 8, 22) && between(y, 10, 16));
}

static void an_outline_lies_inside_and_covers_no_pixel_twice(void **state)
{
    (void)state;
    begin();
    pxe_outline_rect(s.engine->sprites, &(pxe_rect){5, 7, 20, 12}, 3, HALF_RED);
    stage_end(&s);
    assert_drawn(in_outline);
}

/* Wherever it lies: each pixel of the frame is blended once or not at all, and the line closes. */
static void an_outline_at_odd_places_covers_no_pixel_twice(void **state)
{
    (void)state;
    uint64_t random = 7;
    for (int round = 0; round < 60; ++round) {
        const float x = (float)random_below(&random, 1000) / 61;
        const float y = (float)random_below(&random, 1000) / 67;
        const pxe_rect rect = {x, y, 20 + (float)random_below(&random, 100) / 7,
                               14 + (float)random_below(&random, 100) / 9};
        begin();
        pxe_outline_rect(s.engine->sprites, &rect, 1 + (float)(round % 5) / 2, HALF_RED);
        stage_end(&s);
        int lit = 0;
        for (int i = 0; i < WIDTH * HEIGHT; ++i) {
            const uint32_t pixel = pixel_at(&s, i % WIDTH, i / WIDTH);
            assert_true(pixel == 0 || pixel == DRAWN);
            lit += pixel != 0;
        }
        assert_in_range(lit, 2 * (20 + 14) - 8, WIDTH * HEIGHT / 2);
    }
}

static void an_outline_thicker_than_half_fills(void **state)
{
    static const float thicknesses[] = {6, 6.5F, 10, 1000};
    (void)state;
    for (size_t i = 0; i < 4; ++i) {
        begin();
        pxe_outline_rect(s.engine->sprites, &(pxe_rect){5, 7, 20, 12}, thicknesses[i], HALF_RED);
        stage_end(&s);
        assert_drawn(in_rect);
    }
}

static bool in_level_line(float x, float y)
{
    return between(x, 10, 40) && between(y, 18, 22);
}

static bool in_upright_line(float x, float y)
{
    return between(x, 29, 31) && between(y, 5, 45);
}

/* From (10, 10) to (40, 40), 8 thick: along the diagonal within its ends, and at most 4 away from it. */
static bool in_slanted_line(float x, float y)
{
    const float root = sqrtf(2);
    const float along = (x - 10 + y - 10) / root;
    const float away = (y - x) / root;
    return between(along, 0, 30 * root) && between(away, -4, 4);
}

static void draw_line(float x0, float y0, float x1, float y1, float thickness)
{
    begin();
    pxe_draw_line(s.engine->sprites, x0, y0, x1, y1, thickness, HALF_RED);
    stage_end(&s);
}

static void a_line_is_as_thick_as_it_says_from_point_to_point(void **state)
{
    (void)state;
    draw_line(10, 20, 40, 20, 4);
    assert_drawn(in_level_line);
    draw_line(40, 20, 10, 20, 4);
    assert_drawn(in_level_line);
    draw_line(30, 5, 30, 45, 2);
    assert_drawn(in_upright_line);
    draw_line(30, 45, 30, 5, 2);
    assert_drawn(in_upright_line);
    draw_line(10.1F, 10, 40.1F, 40, 8); /* a tenth aside: no pixel's centre lies on the edge at the ends */
    for (int y = 0; y < HEIGHT; ++y) {
        for (int x = 0; x < WIDTH; ++x) {
            const bool inside = in_slanted_line((float)x + 0.4F, (float)y + 0.5F);
            assert_pixel(&s, x, y, inside ? DRAWN : 0, 0);
        }
    }
}

static void what_has_no_size_or_no_number_draws_nothing(void **state)
{
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    static const float sizes[] = {0, -1, NAN, INFINITY};
    (void)state;
    pxe_sprites *sprites = s.engine->sprites;
    begin();
    for (int i = 0; i < 3; ++i) {
        pxe_fill_rect(sprites, &(pxe_rect){bad[i], 0, 9, 9}, HALF_RED);
        pxe_fill_rect(sprites, &(pxe_rect){0, bad[i], 9, 9}, HALF_RED);
        pxe_outline_rect(sprites, &(pxe_rect){bad[i], 0, 9, 9}, 1, HALF_RED);
        pxe_draw_line(sprites, bad[i], 0, 9, 9, 3, HALF_RED);
        pxe_draw_line(sprites, 0, bad[i], 9, 9, 3, HALF_RED);
        pxe_draw_line(sprites, 0, 0, bad[i], 9, 3, HALF_RED);
        pxe_draw_line(sprites, 0, 0, 9, bad[i], 3, HALF_RED);
    }
    for (int i = 0; i < 4; ++i) {
        pxe_fill_rect(sprites, &(pxe_rect){0, 0, sizes[i], 9}, HALF_RED);
        pxe_fill_rect(sprites, &(pxe_rect){0, 0, 9, sizes[i]}, HALF_RED);
        pxe_outline_rect(sprites, &(pxe_rect){0, 0, 9, sizes[i]}, 1, HALF_RED);
        pxe_outline_rect(sprites, &(pxe_rect){0, 0, 9, 9}, sizes[i], HALF_RED);
        pxe_draw_line(sprites, 0, 0, 9, 9, sizes[i], HALF_RED);
    }
    pxe_draw_line(sprites, 9, 9, 9, 9, 5, HALF_RED);
    pxe_fill_rect(sprites, &(pxe_rect){0, 0, 9, 9}, 0x00000000); /* not: white */
    pxe_outline_rect(sprites, &(pxe_rect){0, 0, 9, 9}, 2, 0xFFFFFF00);
    pxe_draw_line(sprites, 0, 0, 9, 9, 3, 0);
    stage_end(&s);
    assert_all_pixels(&s, 0);
    assert_int_equal(pxe_profile_last(s.engine->profile)->sprites, 0);
}

static void a_line_to_the_end_of_floats_is_drawn_or_not_but_harmless(void **state)
{
    (void)state;
    draw_line(-3e38F, 20, 3e38F, 20, 4); /* longer than a float: nothing */
    assert_all_pixels(&s, 0);
}

static void shapes_share_a_draw_call(void **state)
{
    (void)state;
    begin();
    pxe_fill_rect(s.engine->sprites, &(pxe_rect){5, 7, 20, 12}, HALF_RED);
    pxe_outline_rect(s.engine->sprites, &(pxe_rect){5, 7, 20, 12}, 3, HALF_RED);
    pxe_draw_line(s.engine->sprites, 0, 0, 30, 10, 2, 0x00FF00FF);
    stage_end(&s);
    assert_int_equal(pxe_profile_last(s.engine->profile)->draws, 1);
    assert_int_equal(pxe_profile_last(s.engine->profile)->sprites, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rectangle_is_filled),
        cmocka_unit_test(an_outline_lies_inside_and_covers_no_pixel_twice),
        cmocka_unit_test(an_outline_at_odd_places_covers_no_pixel_twice),
        cmocka_unit_test(an_outline_thicker_than_half_fills),
        cmocka_unit_test(a_line_is_as_thick_as_it_says_from_point_to_point),
        cmocka_unit_test(what_has_no_size_or_no_number_draws_nothing),
        cmocka_unit_test(a_line_to_the_end_of_floats_is_drawn_or_not_but_harmless),
        cmocka_unit_test(shapes_share_a_draw_call),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
