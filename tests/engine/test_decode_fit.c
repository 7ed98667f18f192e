/* Scaling down on load: the longer side becomes exactly fit_px, nothing is ever enlarged. */
#include "decode_check.h"

static void assert_fits(int width, int height, int fit_px, int expected_width, int expected_height)
{
    buffer file = png_flat(width, height, 0xC08040FF);
    pxe_picture picture = decoded(&file, fit_px);
    if (picture.pixmap.width != expected_width || picture.pixmap.height != expected_height) {
        fail_msg("%d x %d to fit %d: expected %d x %d, got %d x %d", width, height, fit_px, expected_width,
                 expected_height, picture.pixmap.width, picture.pixmap.height);
    }
    assert_int_equal(picture.source_width, width);
    assert_int_equal(picture.source_height, height);
    for (int y = 0; y < expected_height; ++y) {
        for (int x = 0; x < expected_width; ++x) {
            assert_memory_equal(texel(&picture, x, y), "\xC0\x80\x40\xFF", 4);
        }
    }
    pxe_picture_free(&picture);
    buffer_free(&file);
}

static void the_longer_side_fits_exactly_and_the_shape_is_kept(void **state)
{
    (void)state;
    assert_fits(200, 100, 50, 50, 25);
    assert_fits(100, 200, 50, 25, 50);
    assert_fits(64, 64, 63, 63, 63);
    assert_fits(64, 64, 1, 1, 1);
    assert_fits(300, 200, 100, 100, 67); /* 66.7 */
    assert_fits(200, 301, 7, 5, 7);      /* 4.65 */
    for (int side = 2; side <= 257; ++side) {
        assert_fits(side, 1, (side + 1) / 2, (side + 1) / 2, 1);
    }
}

static void no_side_falls_below_1(void **state)
{
    (void)state;
    assert_fits(1000, 1, 10, 10, 1);
    assert_fits(1, 1000, 10, 1, 10);
    assert_fits(1000, 3, 1, 1, 1);
    assert_fits(16384, 1, 1, 1, 1);
    assert_fits(1, 16384, 3, 1, 3);
}

static void nothing_is_enlarged(void **state)
{
    (void)state;
    assert_fits(20, 10, 20, 20, 10);
    assert_fits(20, 10, 21, 20, 10);
    assert_fits(1, 1, 4096, 1, 1);
    assert_fits(20, 10, 0, 20, 10);
}

static void flat_half_transparent_colour_stays_flat(void **state)
{
    (void)state;
    buffer file = png_flat(123, 77, 0xFF804080);
    pxe_picture whole = decoded(&file, 0);
    pxe_picture small = decoded(&file, 40);
    assert_int_equal(small.pixmap.width, 40);
    assert_int_equal(small.pixmap.height, 25);
    for (int y = 0; y < small.pixmap.height; ++y) {
        for (int x = 0; x < small.pixmap.width; ++x) {
            assert_memory_equal(texel(&small, x, y), texel(&whole, 0, 0), 4);
        }
    }
    pxe_picture_free(&whole);
    pxe_picture_free(&small);
    buffer_free(&file);
}

/* Green that is wholly transparent must not shine through at the edges of what is red. */
static void transparent_colours_do_not_bleed(void **state)
{
    (void)state;
    unsigned char rows[64 * 64 * 4];
    for (int i = 0; i < 64 * 64; ++i) {
        const bool red = (i % 64 / 3 + i / 64 / 3) % 2 != 0;
        memcpy(rows + (size_t)i * 4, red ? "\xFF\x00\x00\xFF" : "\x00\xFF\x00\x00", 4);
    }
    buffer file = png_make(&(png_shape){.width = 64, .height = 64, .bits = 8, .color = PNG_RGBA}, rows);
    pxe_picture picture = decoded(&file, 20);
    for (int i = 0; i < 20 * 20; ++i) {
        const unsigned char *got = texel(&picture, i % 20, i / 20);
        assert_int_equal(got[1], 0);
        assert_int_equal(got[0], got[3]);
    }
    pxe_picture_free(&picture);
    buffer_free(&file);
}

/* Halves: each pixel is made of the pixels around its own place, and a half of a picture stays that half. */
static void what_is_left_stays_left_and_what_is_up_stays_up(void **state)
{
    (void)state;
    unsigned char rows[40 * 40 * 4];
    for (int i = 0; i < 40 * 40; ++i) {
        const unsigned char color[4] = {i % 40 < 20 ? 255 : 0, i / 40 < 20 ? 255 : 0, 0, 255};
        memcpy(rows + (size_t)i * 4, color, 4);
    }
    buffer file = png_make(&(png_shape){.width = 40, .height = 40, .bits = 8, .color = PNG_RGBA}, rows);
    pxe_picture picture = decoded(&file, 10);
    for (int y = 0; y < 10; ++y) {
        for (int x = 0; x < 10; ++x) {
            const unsigned char *got = texel(&picture, x, y);
            if (x != 4 && x != 5) {
                assert_int_equal(got[0], x < 5 ? 255 : 0);
            }
            if (y != 4 && y != 5) {
                assert_int_equal(got[1], y < 5 ? 255 : 0);
            }
        }
    }
    pxe_picture_free(&picture);
    buffer_free(&file);
}

static void colours_stay_at_or_below_alpha(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int round = 0; round < 40; ++round) {
        const int width = 1 + (int)random_below(&seed, 90);
        const int height = 1 + (int)random_below(&seed, 90);
        buffer rows = {0};
        for (int i = 0; i < width * height; ++i) {
            buffer_add_big32(&rows, (uint32_t)random_next(&seed));
        }
        buffer file = png_make(&(png_shape){.width = width, .height = height, .bits = 8, .color = PNG_RGBA},
                               rows.bytes);
        pxe_picture picture = decoded(&file, 1 + (int)random_below(&seed, 60));
        for (int i = 0; i < picture.pixmap.width * picture.pixmap.height; ++i) {
            const unsigned char *got = texel(&picture, i, 0);
            assert_true(got[0] <= got[3] && got[1] <= got[3] && got[2] <= got[3]);
        }
        pxe_picture_free(&picture);
        buffer_free(&file);
        buffer_free(&rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longer_side_fits_exactly_and_the_shape_is_kept),
        cmocka_unit_test(no_side_falls_below_1),
        cmocka_unit_test(nothing_is_enlarged),
        cmocka_unit_test(flat_half_transparent_colour_stays_flat),
        cmocka_unit_test(transparent_colours_do_not_bleed),
        cmocka_unit_test(what_is_left_stays_left_and_what_is_up_stays_up),
        cmocka_unit_test(colours_stay_at_or_below_alpha),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
