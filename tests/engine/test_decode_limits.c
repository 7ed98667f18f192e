/* Limits are kept to the pixel and to the byte, before a decode, by pxe_picture_info as by decoding. */
#include "decode_check.h"
#include "fault_files.h"

/* Both ways to ask agree. */
static void assert_allowed(const buffer *file, const pxe_decode_limits *limits)
{
    const pxe_decode_options options = {.limits = *limits};
    pxe_picture picture = dirty_picture();
    pxe_picture_size size = {0};
    pxe_error error = {""};
    if (!pxe_picture_decode(file->bytes, file->size, &options, &picture, &error) ||
        !pxe_picture_info(file->bytes, file->size, &options, &size, &error)) {
        fail_msg("refused: %s", error.text);
    }
    assert_int_equal(size.width, picture.source_width);
    assert_int_equal(size.height, picture.source_height);
    pxe_picture_free(&picture);
}

static void assert_info_refused(const buffer *file, const pxe_decode_limits *limits, const char *word)
{
    const pxe_decode_options options = {.limits = *limits};
    pxe_picture_size size = {7, 7};
    pxe_error error = {""};
    assert_false(pxe_picture_info(file->bytes, file->size, &options, &size, &error));
    assert_int_equal(size.width, 0);
    assert_int_equal(size.height, 0);
    assert_says(&error, word);
}

static void assert_not_allowed(const buffer *file, const pxe_decode_limits *limits, const char *word)
{
    assert_refused_limits(file->bytes, file->size, &(pxe_decode_options){.limits = *limits}, word);
    assert_info_refused(file, limits, word);
}

static void check_edges(const buffer *file)
{
    const pxe_decode_limits just = {
        .file_bytes = file->size, .decoded_bytes = 480, .side_px = 40, .pixels = 120};
    pxe_decode_limits below = just;
    pxe_picture picture;
    folder in;
    assert_allowed(file, &just);
    below.side_px = 39;
    assert_not_allowed(file, &below, "largest side of 39 px");
    below = just;
    below.decoded_bytes = 479;
    assert_not_allowed(file, &below, "MiB");
    below = just;
    below.pixels = 119;
    assert_not_allowed(file, &below, "more than the 119 allowed");
    below = just;
    below.file_bytes -= 1;
    assert_not_allowed(file, &below, "bytes");
    folder_open(&in);
    write_file(path_in(&in, "it.png"), file->bytes, file->size);
    assert_true(
        pxe_picture_load(path_in(&in, "it.png"), &(pxe_decode_options){.limits = just}, &picture, NULL));
    pxe_picture_free(&picture);
    assert_path_refused(path_in(&in, "it.png"), &(pxe_decode_options){.limits = below}, "bytes");
    folder_close(&in);
}

static void limits_are_kept_to_the_pixel_and_to_the_byte(void **state)
{
    (void)state;
    buffer wide = png_flat(40, 3, UINT32_MAX);
    buffer tall = png_flat(3, 40, UINT32_MAX);
    check_edges(&wide);
    check_edges(&tall);
    buffer_free(&wide);
    buffer_free(&tall);
}

static void raising_the_bytes_raises_the_pixels(void **state)
{
    (void)state;
    const png_shape shape = {.width = 9000, .height = 9000, .bits = 8, .color = PNG_GREY};
    const pxe_decode_limits raised = {.decoded_bytes = (size_t)9000 * 9000 * 4};
    pxe_picture_size size;
    pxe_error error = {""};
    buffer file = png_zeros(&shape, 0);
    assert_info_refused(&file, &(pxe_decode_limits){0}, "256.0 MiB allowed");
    assert_true(
        pxe_picture_info(file.bytes, file.size, &(pxe_decode_options){.limits = raised}, &size, &error));
    assert_int_equal(size.width, 9000);
    buffer_free(&file);
}

static void the_ratio_is_kept_to_the_byte(void **state)
{
    (void)state;
    const png_shape shape = {.width = 200, .height = 100, .bits = 8, .color = PNG_GREY}; /* 80,000 bytes */
    buffer file = png_zeros(&shape, 0);
    const size_t ratio = 80000 / file.size;
    const bool is_even = ratio * file.size == 80000;
    const size_t enough = is_even ? ratio : ratio + 1;
    assert_true(file.size < 200);
    assert_allowed(&file, &(pxe_decode_limits){.ratio = enough, .ratio_beyond_bytes = 1});
    assert_not_allowed(&file, &(pxe_decode_limits){.ratio = enough - 1, .ratio_beyond_bytes = 1},
                       "times its");
    assert_not_allowed(&file, &(pxe_decode_limits){.ratio = 1, .ratio_beyond_bytes = 79999}, "1 times its");
    assert_allowed(&file, &(pxe_decode_limits){.ratio = 1, .ratio_beyond_bytes = 80000});
    assert_allowed(&file, &(pxe_decode_limits){.ratio = SIZE_MAX, .ratio_beyond_bytes = 1});
    assert_allowed(&file, &(pxe_decode_limits){0});
    buffer_free(&file);
}

/* Pictures of one colour, packed as tight as their format can. */
static void flat_pictures_pass_by_default(void **state)
{
    (void)state;
    static const struct {
        int side, bits, color;
    } shapes[] = {
        {8192, 8, PNG_RGBA},  {8192, 8, PNG_RGB},  {8192, 8, PNG_GREY}, {8192, 8, PNG_GREY_ALPHA},
        {8192, 16, PNG_GREY}, {4096, 1, PNG_GREY}, {4096, 4, PNG_GREY},
    };
    for (size_t i = 0; i < COUNT_OF(shapes); ++i) {
        const png_shape shape = {.width = shapes[i].side,
                                 .height = shapes[i].side,
                                 .bits = shapes[i].bits,
                                 .color = shapes[i].color};
        pxe_picture_size size;
        pxe_error error = {""};
        buffer file = png_zeros(&shape, 0);
        if (!pxe_picture_info(file.bytes, file.size, NULL, &size, &error)) {
            fail_msg("%d bits of kind %d: %s", shape.bits, shape.color, error.text);
        }
        assert_int_equal(size.width, shape.width);
        assert_int_equal(size.height, shape.height);
        buffer_free(&file);
    }
}

/* What the ratio is for: beyond 64 MiB. */
static void a_small_file_that_asks_for_what_is_allowed_is_refused_by_default(void **state)
{
    (void)state;
    buffer file = png_zeros(&(png_shape){.width = 8192, .height = 8192, .bits = 1, .color = PNG_GREY}, 0);
    assert_true(file.size < 10000);
    assert_not_allowed(&file, &(pxe_decode_limits){0}, "256.0 MiB, more than 4200 times");
    buffer_free(&file);
    file = png_zeros(&(png_shape){.width = 4097, .height = 4096, .bits = 1, .color = PNG_GREY}, 0);
    assert_not_allowed(&file, &(pxe_decode_limits){0}, "64.0 MiB, more than 4200 times");
    buffer_free(&file);
}

static void info_tells_what_every_kind_of_file_has(void **state)
{
    (void)state;
    const unsigned char rgba[5 * 3 * 4] = {0};
    buffer files[] = {png_flat(5, 3, 0), bmp_make(5, 3, 24, false, rgba), bmp_make(5, 3, 32, true, rgba)};
    for (size_t i = 0; i < COUNT_OF(files); ++i) {
        pxe_picture_size size = {0};
        assert_true(pxe_picture_info(files[i].bytes, files[i].size, NULL, &size, NULL));
        assert_int_equal(size.width, 5);
        assert_int_equal(size.height, 3);
        for (size_t cut = 0; cut < files[i].size; ++cut) {
            const buffer part = {.bytes = files[i].bytes, .size = cut};
            assert_info_refused(&part, &(pxe_decode_limits){0}, "");
        }
        buffer_free(&files[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_kept_to_the_pixel_and_to_the_byte),
        cmocka_unit_test(raising_the_bytes_raises_the_pixels),
        cmocka_unit_test(the_ratio_is_kept_to_the_byte),
        cmocka_unit_test(flat_pictures_pass_by_default),
        cmocka_unit_test(a_small_file_that_asks_for_what_is_allowed_is_refused_by_default),
        cmocka_unit_test(info_tells_what_every_kind_of_file_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
