/* An application's own decoders: asked first, given zeroed memory of the size that they announced, held to the limits.
 * The format of these tests: "FLAT", width, height, then R G B A of the one colour; a byte each. */
#include "decode_check.h"

/* What the decoder is to do, and what was asked of it. */
typedef struct flat_format {
    int recognized, informed, decoded;
    bool fails_info, fails_decode, is_silent;
    int width, height; /* announced instead of what the file has; 0 = that */
    int rows;          /* written; 0 = all */
} flat_format;

static bool flat_recognizes(void *user, const void *bytes, size_t size_bytes)
{
    ((flat_format *)user)->recognized++;
    return size_bytes >= 4 && memcmp(bytes, "FLAT", 4) == 0;
}

static bool flat_info(void *user, const void *bytes, size_t size_bytes, pxe_picture_size *out,
                      pxe_error *error)
{
    flat_format *it = user;
    const unsigned char *file = bytes;
    it->informed++;
    assert_non_null(error);
    if (it->fails_info || size_bytes != 10) {
        return it->is_silent ? false : pxe_fail(error, "has\n10 bytes \x1B[31m or is none");
    }
    out->width = it->width != 0 ? it->width : file[4];
    out->height = it->height != 0 ? it->height : file[5];
    return true;
}

static bool flat_decode(void *user, const void *bytes, size_t size_bytes, const pxe_decode_target *to,
                        pxe_error *error)
{
    flat_format *it = user;
    const int rows = it->rows != 0 ? it->rows : to->size.height;
    it->decoded++;
    assert_int_equal(size_bytes, 10);
    for (int i = 0; i < to->size.width * to->size.height * 4; ++i) {
        assert_int_equal(to->pixels[i], 0);
    }
    for (int i = 0; i < to->size.width * rows; ++i) {
        memcpy(to->pixels + (size_t)i * 4, (const unsigned char *)bytes + 6, 4);
    }
    if (it->fails_decode) {
        return it->is_silent ? false : pxe_fail(error, "has a bad colour");
    }
    return true;
}

static pxe_decoder flat_decoder(flat_format *it)
{
    return (pxe_decoder){"FLAT", flat_recognizes, flat_info, flat_decode, false, it};
}

#define FLAT_FILE "FLAT\x03\x02\xC8\x64\x32\x33" /* 3 x 2 px of 200, 100, 50 with an alpha of 51 */

static void a_decoder_of_ones_own_reads_its_files_and_no_others(void **state)
{
    (void)state;
    flat_format format = {0};
    const pxe_decoder decoder = flat_decoder(&format);
    const pxe_decode_options options = {.decoders = &decoder, .decoder_count = 1};
    pxe_picture picture = dirty_picture();
    pxe_picture_size size = {0};
    folder in;
    folder_open(&in);
    assert_true(pxe_picture_info(FLAT_FILE, 10, &options, &size, NULL));
    assert_int_equal(size.width, 3);
    assert_int_equal(size.height, 2);
    assert_int_equal(format.decoded, 0);
    write_file(path_in(&in, "it.flat"), FLAT_FILE, 10);
    assert_true(pxe_picture_load(path_in(&in, "it.flat"), &options, &picture, NULL));
    for (int i = 0; i < 6; ++i) {
        assert_memory_equal(texel(&picture, i % 3, i / 3), "\x28\x14\x0A\x33", 4); /* times alpha */
    }
    assert_int_equal(format.decoded, 1);
    pxe_picture_free(&picture);

    write_png_flat(path_in(&in, "it.png"), 1, 1, 0x102030FF);
    assert_true(pxe_picture_load(path_in(&in, "it.png"), &options, &picture, NULL));
    assert_int_equal(format.recognized, 3);
    assert_int_equal(format.decoded, 1);
    pxe_picture_free(&picture);
    assert_refused(FLAT_FILE, 10, "no PNG, JPEG or BMP");
    folder_close(&in);
}

static void premultiplied_colours_stay_as_they_are(void **state)
{
    (void)state;
    flat_format format = {0};
    pxe_decoder decoder = flat_decoder(&format);
    decoder.premultiplied = true;
    const pxe_decode_options options = {.decoders = &decoder, .decoder_count = 1};
    pxe_picture picture;
    assert_true(pxe_picture_decode("FLAT\x01\x01\x10\x20\x30\x33", 10, &options, &picture, NULL));
    assert_memory_equal(texel(&picture, 0, 0), "\x10\x20\x30\x33", 4);
    pxe_picture_free(&picture);
}

static bool takes_all(void *user, const void *bytes, size_t size_bytes)
{
    (void)bytes;
    (void)size_bytes;
    ((flat_format *)user)->recognized++;
    return true;
}

static void decoders_are_asked_in_order_and_before_the_built_in_one(void **state)
{
    (void)state;
    flat_format first = {0};
    flat_format second = {.fails_info = true};
    flat_format third = {0};
    pxe_decoder decoders[] = {flat_decoder(&first), flat_decoder(&second), flat_decoder(&third)};
    const pxe_decode_options options = {.decoders = decoders, .decoder_count = 3};
    buffer file = png_flat(1, 1, UINT32_MAX);
    decoders[1].recognizes = takes_all;
    assert_refused_limits(file.bytes, file.size, &options, "10 bytes");
    assert_int_equal(first.recognized, 1);
    assert_int_equal(first.informed, 0);
    assert_int_equal(second.informed, 1);
    assert_int_equal(third.recognized, 0);
    buffer_free(&file);
}

static void what_a_decoder_leaves_out_is_transparent(void **state)
{
    (void)state;
    flat_format format = {.rows = 1};
    const pxe_decoder decoder = flat_decoder(&format);
    const pxe_decode_options options = {.decoders = &decoder, .decoder_count = 1};
    pxe_picture picture;
    assert_true(pxe_picture_decode(FLAT_FILE, 10, &options, &picture, NULL));
    assert_memory_equal(texel(&picture, 2, 0), "\x28\x14\x0A\x33", 4);
    assert_memory_equal(texel(&picture, 0, 1), "\0\0\0\0", 4);
    pxe_picture_free(&picture);
}

static void its_failures_are_told_in_clean_words(void **state)
{
    (void)state;
    flat_format format = {.fails_info = true};
    const pxe_decoder decoder = flat_decoder(&format);
    const pxe_decode_options options = {.decoders = &decoder, .decoder_count = 1};
    assert_refused_limits(FLAT_FILE, 10, &options, "10 bytes");
    format.is_silent = true;
    assert_refused_limits(FLAT_FILE, 10, &options, "FLAT");
    format = (flat_format){.fails_decode = true};
    assert_refused_limits(FLAT_FILE, 10, &options, "has a bad colour");
    format.is_silent = true;
    assert_refused_limits(FLAT_FILE, 10, &options, "FLAT");
}

static void limits_hold_for_every_decoder_before_it_decodes(void **state)
{
    (void)state;
    static const int sizes[][2] = {{0, -1},     {-1, 2},        {INT32_MIN, INT32_MIN},
                                   {16385, 1},  {16384, 16384}, {INT32_MAX, INT32_MAX},
                                   {8192, 8192}};
    static const char *const words[] = {"no size", "no size", "no size", "side", "MiB", "side", "4200 times"};
    flat_format format = {0};
    const pxe_decoder decoder = flat_decoder(&format);
    pxe_decode_options options = {.decoders = &decoder, .decoder_count = 1};
    for (size_t i = 0; i < COUNT_OF(sizes); ++i) {
        format.width = sizes[i][0];
        format.height = sizes[i][1];
        assert_refused_limits(FLAT_FILE, 10, &options, words[i]);
    }
    format.width = format.height = 0;
    options.limits.file_bytes = 9;
    assert_refused_limits(FLAT_FILE, 10, &options, "10 bytes");
    assert_int_equal(format.decoded, 0);
    assert_int_equal(format.informed, COUNT_OF(sizes));
}

static void its_pictures_are_scaled_down(void **state)
{
    (void)state;
    flat_format format = {.width = 64, .height = 16};
    const pxe_decoder decoder = flat_decoder(&format);
    const pxe_decode_options options = {.fit_px = 8, .decoders = &decoder, .decoder_count = 1};
    pxe_picture picture;
    assert_true(pxe_picture_decode(FLAT_FILE, 10, &options, &picture, NULL));
    assert_int_equal(picture.pixmap.width, 8);
    assert_int_equal(picture.pixmap.height, 2);
    assert_int_equal(picture.source_width, 64);
    pxe_picture_free(&picture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decoder_of_ones_own_reads_its_files_and_no_others),
        cmocka_unit_test(premultiplied_colours_stay_as_they_are),
        cmocka_unit_test(decoders_are_asked_in_order_and_before_the_built_in_one),
        cmocka_unit_test(what_a_decoder_leaves_out_is_transparent),
        cmocka_unit_test(its_failures_are_told_in_clean_words),
        cmocka_unit_test(limits_hold_for_every_decoder_before_it_decodes),
        cmocka_unit_test(its_pictures_are_scaled_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
