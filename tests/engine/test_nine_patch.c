/* Nine-patches by their pixels: an image of nine flat colours, whose parts must lie where the rule says. */
#include "engine_fixture.h"

#include <pxe/shapes.h>

#include <math.h>

/* Columns of 3, 4 and 2 pixels, rows of 2, 5 and 4. */
enum { WIDTH = 96, HEIGHT = 72, LEFT = 3, MIDDLE = 4, RIGHT = 2, TOP = 2, CENTRE = 5, BOTTOM = 4 };
enum { IMAGE_WIDTH = LEFT + MIDDLE + RIGHT, IMAGE_HEIGHT = TOP + CENTRE + BOTTOM, MARGIN = 2 };

static stage s;
static pxc_texture image;    /* the nine colours */
static pxc_texture in_sheet; /* the same with two magenta pixels around */

static uint32_t color_of(int column, int row)
{
    return (uint32_t)(40 + 80 * column) << 16 | (uint32_t)(50 + 70 * row) << 8 | (column == row ? 200 : 90);
}

static int part_of(int at, int first, int second)
{
    return at < first ? 0 : at < first + second ? 1 : 2;
}

static pxc_texture image_with_margin(int margin)
{
    enum { MOST = (IMAGE_WIDTH + 2 * MARGIN) * (IMAGE_HEIGHT + 2 * MARGIN) * 4 };
    unsigned char pixels[MOST];
    const int width = IMAGE_WIDTH + 2 * margin;
    const int height = IMAGE_HEIGHT + 2 * margin;
    for (int i = 0; i < width * height; ++i) {
        const int x = i % width - margin;
        const int y = i / width - margin;
        const bool inside = x >= 0 && y >= 0 && x < IMAGE_WIDTH && y < IMAGE_HEIGHT;
        const uint32_t color =
            inside ? color_of(part_of(x, LEFT, MIDDLE), part_of(y, TOP, CENTRE)) : 0xFF00FF;
        pixels[4 * i] = (unsigned char)(color >> 16);
        pixels[4 * i + 1] = (unsigned char)(color >> 8);
        pixels[4 * i + 2] = (unsigned char)color;
        pixels[4 * i + 3] = 255;
    }
    return texture_of(&s, width, height, pixels);
}

static int open_stage(void **state)
{
    (void)state;
    stage_open(&s, WIDTH, HEIGHT);
    image = image_with_margin(0);
    in_sheet = image_with_margin(MARGIN);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&s);
    return 0;
}

static pxe_nine_patch patch_of(pxc_texture texture)
{
    return (pxe_nine_patch){.texture = texture,
                            .left = LEFT,
                            .top = TOP,
                            .right = RIGHT,
                            .bottom = BOTTOM,
                            .filter = PXE_FILTER_NEAREST};
}

static void draw(const pxe_nine_patch *patch, float x, float y, float width, float height)
{
    stage_begin(&s, 0x000000FF);
    pxe_draw_nine_patch(s.engine->sprites, patch, &(pxe_rect){x, y, width, height});
    stage_end(&s);
}

/* Edges on the screen, whole pixels: x[0] to x[3], y[0] to y[3]. */
static void assert_parts(const int x[4], const int y[4])
{
    for (int row = 0; row < HEIGHT; ++row) {
        for (int column = 0; column < WIDTH; ++column) {
            const bool inside = column >= x[0] && column < x[3] && row >= y[0] && row < y[3];
            const uint32_t expected = inside ? color_of(part_of(column - x[0], x[1] - x[0], x[2] - x[1]),
                                                        part_of(row - y[0], y[1] - y[0], y[2] - y[1]))
                                             : 0;
            assert_pixel(&s, column, row, expected, 0);
        }
    }
}

static void corners_keep_their_size(void **state)
{
    (void)state;
    const pxe_nine_patch patch = patch_of(image);
    draw(&patch, 10, 8, 60, 50);
    assert_parts((const int[]){10, 13, 68, 70}, (const int[]){8, 10, 54, 58});
    draw(&patch, 10, 8, IMAGE_WIDTH, IMAGE_HEIGHT);
    assert_parts((const int[]){10, 13, 17, 19}, (const int[]){8, 10, 15, 19});
    assert_int_equal(pxe_profile_last(s.engine->profile)->sprites, 9);
    assert_int_equal(pxe_profile_last(s.engine->profile)->draws, 1);
}

static void corners_are_scaled(void **state)
{
    (void)state;
    pxe_nine_patch patch = patch_of(image);
    patch.scale = 3;
    draw(&patch, 10, 8, 60, 50);
    assert_parts((const int[]){10, 19, 64, 70}, (const int[]){8, 14, 46, 58});
}

static void a_part_of_an_image_does(void **state)
{
    (void)state;
    pxe_nine_patch patch = patch_of(in_sheet);
    patch.source = (pxe_rect){MARGIN, MARGIN, IMAGE_WIDTH, IMAGE_HEIGHT};
    draw(&patch, 10, 8, 60, 50);
    assert_parts((const int[]){10, 13, 68, 70}, (const int[]){8, 10, 54, 58});
}

static void in_a_small_rectangle_corners_shrink_alike(void **state)
{
    (void)state;
    pxe_nine_patch patch = patch_of(image);
    patch.scale = 10;
    draw(&patch, 10, 8, 25, 60); /* corners 50 wide become 25: 15 and 10; 60 high become 30: 10 and 20 */
    assert_parts((const int[]){10, 25, 25, 35}, (const int[]){8, 18, 48, 68});
    draw(&patch, 10, 8, 80, 30); /* 60 high become 30: 10 and 20; 50 wide become 25: 15 and 10 */
    assert_parts((const int[]){10, 25, 80, 90}, (const int[]){8, 18, 18, 38});
}

static void margins_may_be_zero(void **state)
{
    (void)state;
    pxe_nine_patch patch = patch_of(image);
    patch.left = 0;
    patch.top = 0;
    patch.right = 0;
    patch.bottom = 0;
    draw(&patch, 9, 11, IMAGE_WIDTH * 4, IMAGE_HEIGHT * 5); /* one part, stretched */
    assert_parts((const int[]){9, 21, 37, 45}, (const int[]){11, 21, 46, 66});
    assert_int_equal(pxe_profile_last(s.engine->profile)->sprites, 1);
    patch.top = TOP; /* three rows of one part */
    draw(&patch, 9, 11, IMAGE_WIDTH * 4, 2 + (IMAGE_HEIGHT - TOP) * 5);
    assert_parts((const int[]){9, 21, 37, 45}, (const int[]){11, 13, 38, 58});
    assert_int_equal(pxe_profile_last(s.engine->profile)->sprites, 2);
}

/* A flat image of half opacity at odd places, smoothly filtered: no gap and no line where parts meet. */
static void parts_meet_without_a_seam(void **state)
{
    (void)state;
    unsigned char half[9 * 9 * 4];
    memset(half, 128, sizeof half);
    pxe_nine_patch patch = {
        .texture = texture_of(&s, 9, 9, half), .left = 3, .top = 3, .right = 3, .bottom = 3};
    uint64_t random = 11;
    for (int round = 0; round < 60; ++round) {
        const float x = (float)random_below(&random, 1000) / 61;
        const float y = (float)random_below(&random, 1000) / 59;
        const float width = 3 + (float)random_below(&random, 1000) / 17;
        const float height = 3 + (float)random_below(&random, 1000) / 23;
        patch.scale = 0.3F + (float)random_below(&random, 300) / 100;
        draw(&patch, x, y, width, height);
        for (int row = 0; row < HEIGHT; ++row) {
            for (int column = 0; column < WIDTH; ++column) {
                const float away_x = fabsf((float)column + 0.5F - x - width / 2) - width / 2;
                const float away_y = fabsf((float)row + 0.5F - y - height / 2) - height / 2;
                if (fabsf(away_x) > 0.01F && fabsf(away_y) > 0.01F) { /* where rounding may decide */
                    assert_pixel(&s, column, row, away_x < 0 && away_y < 0 ? 0x808080 : 0, 1);
                }
            }
        }
    }
}

static void what_has_no_size_or_no_number_draws_nothing(void **state)
{
    static const float bad[] = {NAN, INFINITY, -INFINITY, -1};
    (void)state;
    const pxe_nine_patch good = patch_of(image);
    stage_begin(&s, 0x000000FF);
    for (int i = 0; i < 4; ++i) {
        pxe_nine_patch patches[7] = {good, good, good, good, good, good, good};
        patches[0].left = bad[i];
        patches[1].top = bad[i];
        patches[2].right = bad[i];
        patches[3].bottom = bad[i];
        patches[4].scale = bad[i];
        patches[5].source = (pxe_rect){0, 0, bad[i], 5};
        patches[6].source = (pxe_rect){0, 0, 5, bad[i]};
        for (int k = 0; k < 7; ++k) {
            pxe_draw_nine_patch(s.engine->sprites, &patches[k], &(pxe_rect){1, 2, 30, 40});
        }
        pxe_draw_nine_patch(s.engine->sprites, &good, &(pxe_rect){1, 2, bad[i], 40});
        pxe_draw_nine_patch(s.engine->sprites, &good, &(pxe_rect){1, 2, 30, bad[i]});
        if (i < 3) {
            pxe_draw_nine_patch(s.engine->sprites, &good, &(pxe_rect){bad[i], 2, 30, 40});
        }
    }
    const pxe_nine_patch without_texture = patch_of((pxc_texture){0});
    pxe_draw_nine_patch(s.engine->sprites, &without_texture, &(pxe_rect){1, 2, 30, 40});
    pxe_draw_nine_patch(s.engine->sprites, &good, &(pxe_rect){1, 2, 0, 40});
    stage_end(&s);
    assert_all_pixels(&s, 0);
    assert_int_equal(pxe_profile_last(s.engine->profile)->sprites, 0);
}

/* Margins that overlap in the image, 6 and 6 of 9: they meet in its middle, and are still 6 wide on the
 * screen. */
static void margins_larger_than_the_image_meet(void **state)
{
    (void)state;
    pxe_nine_patch patch = patch_of(image);
    patch.left = 12;
    patch.right = 6;
    draw(&patch, 10, 8, 18, 50); /* 12 of the screen show 6 of the image, the other 6 show 3 */
    assert_parts((const int[]){10, 16, 24, 28}, (const int[]){8, 10, 54, 58});
    assert_int_equal(pxe_profile_last(s.engine->profile)->sprites, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corners_keep_their_size),
        cmocka_unit_test(corners_are_scaled),
        cmocka_unit_test(a_part_of_an_image_does),
        cmocka_unit_test(in_a_small_rectangle_corners_shrink_alike),
        cmocka_unit_test(margins_may_be_zero),
        cmocka_unit_test(parts_meet_without_a_seam),
        cmocka_unit_test(what_has_no_size_or_no_number_draws_nothing),
        cmocka_unit_test(margins_larger_than_the_image_meet),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
