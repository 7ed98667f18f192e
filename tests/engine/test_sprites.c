/* Where sprites land and which part of their image they show, on a real GPU or its software stand-in: an image of
 * distinct texels is drawn and each pixel of the frame compared. */
#include "engine_fixture.h"

enum { WIDTH = 64, HEIGHT = 48, COLUMNS = 3, ROWS = 2 };

#define BACKGROUND 0x204060U

static const float quarter_turn = 1.57079632679489662F;

/* Six colours, told apart by every channel. */
static const unsigned char six[COLUMNS * ROWS * 4] = {255, 0,  10,  255, 0,  255, 20, 255, 30, 40, 255, 255,
                                                      200, 50, 100, 255, 60, 190, 80, 255, 90, 70, 180, 255};

static stage s;
static pxc_texture image;

static int open_stage(void **state)
{
    (void)state;
    stage_open(&s, WIDTH, HEIGHT);
    image = texture_of(&s, COLUMNS, ROWS, six);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&s);
    return 0;
}

static uint32_t six_at(int column, int row)
{
    const unsigned char *at = six + 4 * (row * COLUMNS + column);
    return (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
}

/* A frame with this sprite alone, nearest texels. */
static void draw(pxe_sprite sprite)
{
    sprite.filter = PXE_FILTER_NEAREST;
    stage_begin(&s, BACKGROUND << 8 | 0xFF);
    pxe_sprites_draw(s.engine->sprites, &sprite);
    stage_end(&s);
}

/* Tells the texel that belongs to a pixel, or false for the background. */
typedef bool (*place_fn)(int x, int y, int *column, int *row);

static void assert_frame(place_fn place)
{
    for (int y = 0; y < HEIGHT; ++y) {
        for (int x = 0; x < WIDTH; ++x) {
            int column = 0;
            int row = 0;
            assert_pixel(&s, x, y, place(x, y, &column, &row) ? six_at(column, row) : BACKGROUND, 0);
        }
    }
}

static bool within(int column, int row)
{
    return column >= 0 && column < COLUMNS && row >= 0 && row < ROWS;
}

static bool at_5_7(int x, int y, int *column, int *row)
{
    *column = x - 5;
    *row = y - 7;
    return within(*column, *row);
}

static void a_frame_has_its_colour(void **state)
{
    (void)state;
    stage_begin(&s, 0x336699FF);
    stage_end(&s);
    assert_all_pixels(&s, 0x336699);
}

static void a_sprite_has_its_images_size_at_its_position(void **state)
{
    (void)state;
    draw((pxe_sprite){.texture = image, .x = 5, .y = 7});
    assert_frame(at_5_7);
}

static void the_origin_lies_at_the_position(void **state)
{
    (void)state;
    draw((pxe_sprite){.texture = image, .x = 6, .y = 9, .origin_x = 1, .origin_y = 2});
    assert_frame(at_5_7);
}

static bool four_by_five_times(int x, int y, int *column, int *row)
{
    *column = x < 10 ? -1 : (x - 10) / 4;
    *row = y < 20 ? -1 : (y - 20) / 5;
    return within(*column, *row);
}

static void a_given_size_scales(void **state)
{
    (void)state;
    draw((pxe_sprite){.texture = image, .x = 10, .y = 20, .width = 12, .height = 10});
    assert_frame(four_by_five_times);
}

static bool lower_right(int x, int y, int *column, int *row)
{
    *column = x - 8 + 1;
    *row = y - 3 + 1;
    return x >= 8 && y >= 3 && within(*column, *row);
}

static void a_source_rectangle_is_that_part_in_its_own_size(void **state)
{
    (void)state;
    draw((pxe_sprite){.texture = image, .x = 8, .y = 3, .source = {1, 1, 2, 1}});
    assert_frame(lower_right);
    draw((pxe_sprite){.texture = image, .x = 5, .y = 7, .source = {1, 1, 0, 1}}); /* of no width: all of it */
    assert_frame(at_5_7);
}

static bool mirrored_x(int x, int y, int *column, int *row)
{
    *column = 2 - (x - 5);
    *row = y - 7;
    return within(*column, *row);
}

static bool mirrored_y(int x, int y, int *column, int *row)
{
    *column = x - 5;
    *row = 1 - (y - 7);
    return within(*column, *row);
}

static bool mirrored_both(int x, int y, int *column, int *row)
{
    *column = 2 - (x - 5);
    *row = 1 - (y - 7);
    return within(*column, *row);
}

static void flips_mirror_in_place(void **state)
{
    (void)state;
    draw((pxe_sprite){.texture = image, .x = 5, .y = 7, .flip_x = true});
    assert_frame(mirrored_x);
    draw((pxe_sprite){.texture = image, .x = 5, .y = 7, .flip_y = true});
    assert_frame(mirrored_y);
    draw((pxe_sprite){.texture = image, .x = 5, .y = 7, .flip_x = true, .flip_y = true});
    assert_frame(mirrored_both);
}

static bool part_mirrored(int x, int y, int *column, int *row)
{
    *column = 1 - (x - 5);
    *row = y - 7;
    return *column >= 0 && *column < 2 && within(*column, *row);
}

static void a_source_rectangle_is_flipped_within_itself(void **state)
{
    (void)state;
    draw((pxe_sprite){.texture = image, .x = 5, .y = 7, .source = {0, 0, 2, 2}, .flip_x = true});
    assert_frame(part_mirrored);
}

/* Clockwise about (20, 10): what lay below the origin lies left of it, what lay right lies below. */
static bool turned_90(int x, int y, int *column, int *row)
{
    *column = y - 10;
    *row = 19 - x;
    return within(*column, *row);
}

static bool turned_180(int x, int y, int *column, int *row)
{
    *column = 19 - x;
    *row = 9 - y;
    return within(*column, *row);
}

static void rotation_turns_clockwise_about_the_origin(void **state)
{
    (void)state;
    draw((pxe_sprite){.texture = image, .x = 20, .y = 10, .rotation = quarter_turn});
    assert_frame(turned_90);
    draw((pxe_sprite){.texture = image, .x = 20, .y = 10, .rotation = 2 * quarter_turn});
    assert_frame(turned_180);
    draw((pxe_sprite){.texture = image, .x = 5, .y = 7, .rotation = 4 * quarter_turn});
    assert_frame(at_5_7);
}

/* Twelve by eight about its middle at (30, 20): eight by twelve from (26, 14) on. */
static bool turned_about_middle(int x, int y, int *column, int *row)
{
    *column = y < 14 ? -1 : (y - 14) / 4;
    *row = x > 33 ? -1 : (33 - x) / 4;
    return within(*column, *row);
}

static void rotation_about_the_middle_stays_there(void **state)
{
    (void)state;
    draw((pxe_sprite){.texture = image,
                      .x = 30,
                      .y = 20,
                      .width = 12,
                      .height = 8,
                      .origin_x = 6,
                      .origin_y = 4,
                      .rotation = quarter_turn});
    assert_frame(turned_about_middle);
}

static bool partly_outside(int x, int y, int *column, int *row)
{
    *column = x + 1;
    *row = y - (HEIGHT - 1);
    return within(*column, *row);
}

static void what_is_outside_is_cut_off(void **state)
{
    (void)state;
    draw((pxe_sprite){.texture = image, .x = -1, .y = HEIGHT - 1});
    assert_frame(partly_outside);
    draw((pxe_sprite){.texture = image, .x = WIDTH, .y = 0});
    assert_all_pixels(&s, BACKGROUND);
}

static void a_texture_of_no_name_draws_nothing(void **state)
{
    (void)state;
    draw((pxe_sprite){.x = 5, .y = 7, .width = 20, .height = 20});
    assert_all_pixels(&s, BACKGROUND);
    assert_int_equal(pxe_profile_last(s.engine->profile)->sprites, 0);
    assert_int_equal(pxe_profile_last(s.engine->profile)->draws, 0);
}

/* A sprite through a camera, then one through the screen's: the first is not moved by the second's camera. */
static bool zoomed_then_plain(int x, int y, int *column, int *row)
{
    if (at_5_7(x, y, column, row)) {
        return true;
    }
    *column =
        x < 40 ? -1 : (x - 40) / 2; /* world (104, 203): 4 right of and 3 below the camera's point, doubled */
    *row = y < 30 ? -1 : (y - 30) / 2;
    return within(*column, *row);
}

static void a_camera_may_change_within_a_frame(void **state)
{
    (void)state;
    const pxe_camera camera = {.x = 100, .y = 200, .zoom = 2, .width = WIDTH, .height = HEIGHT};
    const pxe_camera screen = pxe_camera_screen(WIDTH, HEIGHT);
    pxe_sprite sprite = {.texture = image, .x = 104, .y = 203, .filter = PXE_FILTER_NEAREST};
    stage_begin(&s, BACKGROUND << 8 | 0xFF);
    pxe_sprites_set_camera(s.engine->sprites, &camera);
    pxe_sprites_draw(s.engine->sprites, &sprite);
    pxe_sprites_set_camera(s.engine->sprites, &screen);
    sprite.x = 5;
    sprite.y = 7;
    pxe_sprites_draw(s.engine->sprites, &sprite);
    stage_end(&s);
    assert_frame(zoomed_then_plain);
    assert_int_equal(pxe_profile_last(s.engine->profile)->draws, 2);

    draw((pxe_sprite){.texture = image, .x = 5, .y = 7}); /* the next frame begins with the screen's */
    assert_frame(at_5_7);
}

static void a_screenshot_file_has_the_frames_pixels(void **state)
{
    (void)state;
    folder in;
    pxe_error error = {""};
    pxe_picture picture = {0};
    folder_open(&in);
    const char *path = path_in(&in, "shot.png");
    const struct GladGLContext *gl = pxe_window_gl(s.engine->window);
    stage_begin(&s, BACKGROUND << 8 | 0xFF);
    const pxe_sprite sprite = {.texture = image, .x = 5, .y = 7};
    pxe_sprites_draw(s.engine->sprites, &sprite);
    pxe_sprites_flush(s.engine->sprites);
    assert_true(pxe_screenshot_save(gl, WIDTH, HEIGHT, path, &error));
    assert_false(pxe_screenshot_save(gl, WIDTH, HEIGHT, path_in(&in, "no/folder.png"), &error));
    assert_says(&error, "No such file");
    stage_end(&s);
    assert_true(pxe_picture_load(path, NULL, &picture, &error));
    assert_int_equal(picture.pixmap.width, WIDTH);
    assert_int_equal(picture.pixmap.height, HEIGHT);
    assert_memory_equal(picture.pixmap.pixels, s.pixels, (size_t)WIDTH * HEIGHT * 4);
    pxe_picture_free(&picture);
    folder_close(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_has_its_colour),
        cmocka_unit_test(a_sprite_has_its_images_size_at_its_position),
        cmocka_unit_test(the_origin_lies_at_the_position),
        cmocka_unit_test(a_given_size_scales),
        cmocka_unit_test(a_source_rectangle_is_that_part_in_its_own_size),
        cmocka_unit_test(flips_mirror_in_place),
        cmocka_unit_test(a_source_rectangle_is_flipped_within_itself),
        cmocka_unit_test(rotation_turns_clockwise_about_the_origin),
        cmocka_unit_test(rotation_about_the_middle_stays_there),
        cmocka_unit_test(what_is_outside_is_cut_off),
        cmocka_unit_test(a_texture_of_no_name_draws_nothing),
        cmocka_unit_test(a_camera_may_change_within_a_frame),
        cmocka_unit_test(a_screenshot_file_has_the_frames_pixels),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
