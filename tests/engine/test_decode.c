/* Decoding gives the pixels that are in the file, premultiplied, top row first. */
#include "decode_check.h"
#include "tiny_jpeg.h"

static void png_rgba_is_premultiplied(void **state)
{
    (void)state;
    const unsigned char rows[] = {255, 0,  0,  255, 0, 255, 0, 128, 1,   2,   3,  0,
                                  10,  20, 30, 255, 5, 6,   7, 255, 200, 100, 50, 51};
    const unsigned char expected[] = {255, 0,  0,  255, 0, 128, 0, 128, 0,  0,  0,  0,
                                      10,  20, 30, 255, 5, 6,   7, 255, 40, 20, 10, 51};
    buffer file = png_make(&(png_shape){.width = 3, .height = 2, .bits = 8, .color = PNG_RGBA}, rows);
    assert_decodes(&file, 3, 2, expected);
}

static void png_rgb_is_opaque(void **state)
{
    (void)state;
    const unsigned char rows[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 250, 251, 252};
    const unsigned char expected[] = {1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 250, 251, 252, 255};
    buffer file = png_make(&(png_shape){.width = 2, .height = 2, .bits = 8, .color = PNG_RGB}, rows);
    assert_decodes(&file, 2, 2, expected);
}

static void png_grey_of_1_2_4_and_8_bits_is_spread_over_the_range(void **state)
{
    (void)state;
    static const unsigned char rows[][3] = {
        [1] = {0x40, 0xFF, 0xFF}, [2] = {0x1B, 0xFF, 0xFF}, [4] = {0x07, 0xAF, 0xFF}};
    static const unsigned char greys[][4] = {
        [1] = {0, 255, 0, 0}, [2] = {0, 85, 170, 255}, [4] = {0, 119, 170, 255}};
    for (int bits = 1; bits <= 4; bits *= 2) {
        unsigned char expected[16];
        for (int x = 0; x < 4; ++x) {
            memset(expected + 4 * x, greys[bits][x], 3);
            expected[4 * x + 3] = 255;
        }
        buffer file =
            png_make(&(png_shape){.width = 4, .height = 1, .bits = bits, .color = PNG_GREY}, rows[bits]);
        assert_decodes(&file, 4, 1, expected);
    }
    buffer file = png_make(&(png_shape){.width = 2, .height = 1, .bits = 8, .color = PNG_GREY},
                           (const unsigned char[]){7, 200});
    assert_decodes(&file, 2, 1, (const unsigned char[]){7, 7, 7, 255, 200, 200, 200, 255});
}

static void png_grey_with_alpha_is_premultiplied(void **state)
{
    (void)state;
    const unsigned char rows[] = {100, 255, 100, 51, 255, 0};
    const unsigned char expected[] = {100, 100, 100, 255, 20, 20, 20, 51, 0, 0, 0, 0};
    buffer file = png_make(&(png_shape){.width = 3, .height = 1, .bits = 8, .color = PNG_GREY_ALPHA}, rows);
    assert_decodes(&file, 3, 1, expected);
}

static void png_palette_has_colours_and_alphas(void **state)
{
    (void)state;
    const unsigned char palette[] = {255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7};
    png_shape shape = {
        .width = 4, .height = 1, .bits = 8, .color = PNG_PALETTE, .palette = palette, .colors = 4};
    buffer file = png_make(&shape, (const unsigned char[]){3, 0, 2, 1});
    assert_decodes(&file, 4, 1,
                   (const unsigned char[]){9, 8, 7, 255, 255, 0, 0, 255, 0, 0, 255, 255, 0, 255, 0, 255});

    shape.bits = 2;
    shape.alphas = (const unsigned char[]){128, 0};
    shape.alpha_count = 2;
    file = png_make(&shape, (const unsigned char[]){0xC6}); /* 3 0 1 2 */
    assert_decodes(&file, 4, 1,
                   (const unsigned char[]){9, 8, 7, 255, 128, 0, 0, 128, 0, 0, 0, 0, 0, 0, 255, 255});
}

static void png_of_16_bits_keeps_the_upper_8(void **state)
{
    (void)state;
    const unsigned char rgb[] = {0x12, 0x34, 0xFF, 0x00, 0x00, 0xFF};
    buffer file = png_make(&(png_shape){.width = 1, .height = 1, .bits = 16, .color = PNG_RGB}, rgb);
    assert_decodes(&file, 1, 1, (const unsigned char[]){0x12, 0xFF, 0x00, 255});

    const unsigned char rgba[] = {0xFF, 0xFF, 0x64, 0x00, 0x00, 0x00, 0x33, 0x00};
    file = png_make(&(png_shape){.width = 1, .height = 1, .bits = 16, .color = PNG_RGBA}, rgba);
    assert_decodes(&file, 1, 1, (const unsigned char[]){51, 20, 0, 51});

    file = png_make(&(png_shape){.width = 1, .height = 1, .bits = 16, .color = PNG_GREY},
                    (const unsigned char[]){0xAB, 0xCD});
    assert_decodes(&file, 1, 1, (const unsigned char[]){0xAB, 0xAB, 0xAB, 255});
}

static void bmp_of_24_and_32_bits_up_and_down(void **state)
{
    (void)state;
    const unsigned char rgba[] = {1,  2,  3,  255, 4,  5,  6,   255, 7,   8,   9,   255,
                                  50, 60, 70, 255, 80, 90, 100, 255, 255, 254, 253, 255};
    for (int bits = 24; bits <= 32; bits += 8) {
        for (int top_down = 0; top_down <= 1; ++top_down) {
            buffer file = bmp_make(3, 2, bits, top_down != 0, rgba);
            assert_decodes(&file, 3, 2, rgba);
        }
    }
    for (int width = 1; width <= 5; ++width) { /* rows of every padding */
        buffer file = bmp_make(width, 1, 24, false, rgba);
        assert_decodes(&file, width, 1, rgba);
    }
}

static void alpha_is_premultiplied_and_rounded_to_nearest(void **state)
{
    (void)state;
    unsigned char *rows = malloc((size_t)256 * 256 * 4);
    assert_non_null(rows);
    for (int i = 0; i < 65536; ++i) { /* value to the right, alpha downwards */
        unsigned char *at = rows + (size_t)i * 4;
        at[0] = (unsigned char)i;
        at[1] = (unsigned char)(255 - (i & 255));
        at[2] = (unsigned char)(i * 7);
        at[3] = (unsigned char)(i >> 8);
    }
    buffer file = png_make(&(png_shape){.width = 256, .height = 256, .bits = 8, .color = PNG_RGBA}, rows);
    pxe_picture picture = decoded(&file, 0);
    for (int i = 0; i < 65536; ++i) {
        const unsigned char *from = rows + (size_t)i * 4;
        const unsigned char *got = texel(&picture, i & 255, i >> 8);
        for (int c = 0; c < 3;
             ++c) { /* got is nearest when twice its distance is at most 1; 255 is odd: no ties */
            const int error = 2 * (255 * got[c] - from[c] * from[3]);
            if (error < -255 || error > 255) {
                fail_msg("%d with alpha %d became %d", from[c], from[3], got[c]);
            }
        }
        assert_int_equal(got[3], from[3]);
    }
    pxe_picture_free(&picture);
    buffer_free(&file);
    free(rows);
}

/* JPEG loses: what is asked is that every pixel is near, on average within a few levels. */
static void tiny_jpegs_have_their_colours(void **state)
{
    (void)state;
    static const struct {
        const unsigned char *bytes;
        size_t size;
        bool grey;
    } files[] = {{tiny_base, sizeof tiny_base, false},
                 {tiny_prog, sizeof tiny_prog, false},
                 {tiny_grey, sizeof tiny_grey, true}};
    for (size_t i = 0; i < COUNT_OF(files); ++i) {
        pxe_picture picture;
        pxe_error error = {""};
        int away = 0;
        if (!pxe_picture_decode(files[i].bytes, files[i].size, NULL, &picture, &error)) {
            fail_msg("%zu: %s", i, error.text);
        }
        assert_int_equal(picture.pixmap.width, TINY_WIDTH);
        assert_int_equal(picture.pixmap.height, TINY_HEIGHT);
        for (int y = 0; y < TINY_HEIGHT; ++y) {
            for (int x = 0; x < TINY_WIDTH; ++x) {
                const unsigned char *got = texel(&picture, x, y);
                const int blue = (x / 4 + y / 4) % 2 != 0 ? 200 : 30;
                const int bright = (299 * 12 * x + 587 * 20 * y + 114 * blue) / 1000;
                const int got_bright = (299 * got[0] + 587 * got[1] + 114 * got[2]) / 1000;
                away += abs(got_bright - bright);
                assert_int_equal(got[3], 255);
                assert_true(!files[i].grey || (got[0] == got[1] && got[1] == got[2]));
            }
        }
        assert_true(away < 6 * TINY_WIDTH * TINY_HEIGHT);
        const unsigned char *right = texel(&picture, TINY_WIDTH - 1, 0);
        assert_true(files[i].grey || right[0] > right[1] + 60); /* red */
        pxe_picture_free(&picture);
    }
}

static void jpegs_of_the_assets_have_their_size(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int width, height;
        bool grey;
    } files[] = {{"assets/fractals/seahorse_lace.jpg", 640, 480, false},
                 {"assets/landscapes/quiet_sea.jpg", 1600, 1000, false}, /* progressive */
                 {"assets/landscapes/silver_mist.jpg", 1000, 750, true}};
    for (size_t i = 0; i < COUNT_OF(files); ++i) {
        pxe_picture picture;
        pxe_error error = {""};
        if (!pxe_picture_load(source_path(files[i].path), NULL, &picture, &error)) {
            fail_msg("%s: %s", files[i].path, error.text);
        }
        assert_int_equal(picture.pixmap.width, files[i].width);
        assert_int_equal(picture.pixmap.height, files[i].height);
        unsigned lowest = 255;
        unsigned highest = 0;
        for (int y = 0; y < files[i].height; ++y) {
            for (int x = 0; x < files[i].width; ++x) {
                const unsigned char *got = texel(&picture, x, y);
                lowest = got[1] < lowest ? got[1] : lowest;
                highest = got[1] > highest ? got[1] : highest;
                if (got[3] != 255 || (files[i].grey && (got[0] != got[1] || got[1] != got[2]))) {
                    fail_msg("%s: a wrong pixel at %d, %d", files[i].path, x, y);
                }
            }
        }
        assert_true(highest - lowest > 100); /* a picture, and not a flat grey */
        pxe_picture_free(&picture);
    }
}

static void file_names_may_have_spaces_and_any_utf_8(void **state)
{
    (void)state;
    static const char *const names[] = {"with some spaces .png",
                                        "\xC3\xA9t\xC3\xA9 \xE6\x98\xA5 \xF0\x9F\x8C\xB8.png",
                                        "quote'\"comma,percent%s.png", "no extension", "wrong.jpg"};
    folder in;
    folder_open(&in);
    for (size_t i = 0; i < COUNT_OF(names); ++i) {
        pxe_picture picture = dirty_picture();
        pxe_error error = {""};
        write_png_flat(path_in(&in, names[i]), 3, 2, 0x204060FF);
        if (!pxe_picture_load(path_in(&in, names[i]), NULL, &picture, &error)) {
            fail_msg("%s: %s", names[i], error.text);
        }
        assert_memory_equal(texel(&picture, 2, 1), "\x20\x40\x60\xFF", 4);
        pxe_picture_free(&picture);
    }
    folder_close(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(png_rgba_is_premultiplied),
        cmocka_unit_test(png_rgb_is_opaque),
        cmocka_unit_test(png_grey_of_1_2_4_and_8_bits_is_spread_over_the_range),
        cmocka_unit_test(png_grey_with_alpha_is_premultiplied),
        cmocka_unit_test(png_palette_has_colours_and_alphas),
        cmocka_unit_test(png_of_16_bits_keeps_the_upper_8),
        cmocka_unit_test(bmp_of_24_and_32_bits_up_and_down),
        cmocka_unit_test(alpha_is_premultiplied_and_rounded_to_nearest),
        cmocka_unit_test(tiny_jpegs_have_their_colours),
        cmocka_unit_test(jpegs_of_the_assets_have_their_size),
        cmocka_unit_test(file_names_may_have_spaces_and_any_utf_8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
