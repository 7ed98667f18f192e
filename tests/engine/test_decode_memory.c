/* Memory that runs out: whichever allocation of a decode fails, there is a clear error, no picture and no leak. */
#include "decode_check.h"
#include "tiny_jpeg.h"
#include "wrapped_malloc.h"

static bool load_with_failure(const char *path, const pxe_decode_options *options, int fail_at,
                              pxe_picture *picture, pxe_error *error)
{
    memory.live = 0;
    memory_arm(fail_at);
    const bool loaded = pxe_picture_load(path, options, picture, error);
    memory_disarm();
    return loaded;
}

static void assert_same(const pxc_pixmap *a, const pxc_pixmap *b)
{
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    assert_memory_equal(a->pixels, b->pixels, (size_t)a->width * (size_t)a->height * 4);
}

/* Fails the n-th allocation for n = 1, 2, ... until none is left to fail. stb_image can do without some: it asks for
 * memory to find out whether a PNG is a JPEG. Then the picture must be the same. Frees the file. */
static void fail_each(buffer *file, const pxe_decode_options *options)
{
    folder in;
    pxe_picture expected;
    int refused = 0;
    folder_open(&in);
    write_file(path_in(&in, "it"), file->bytes, file->size);
    assert_true(load_with_failure(path_in(&in, "it"), options, 0, &expected, NULL));
    const int all_calls = memory.calls;
    for (int n = 1; n <= all_calls; ++n) {
        pxe_picture picture = dirty_picture();
        pxe_error error = {""};
        const bool loaded = load_with_failure(path_in(&in, "it"), options, n, &picture, &error);
        assert_true(memory.calls >= n);
        assert_int_equal(memory.live, loaded ? 1 : 0); /* the pixels */
        if (loaded) {
            assert_same(&picture.pixmap, &expected.pixmap);
            pxe_picture_free(&picture);
        } else {
            assert_no_picture(&picture);
            assert_says(&error, "no memory");
            ++refused;
        }
    }
    assert_true(refused >= 2); /* the file's bytes and the pixels, if nothing else */
    pxe_picture_free(&expected);
    folder_close(&in);
    buffer_free(file);
}

/* As it is, and scaled down. */
static void fail_each_twice(const buffer *file)
{
    for (int fit_px = 0; fit_px <= 5; fit_px += 5) {
        buffer copy = {0};
        buffer_add(&copy, file->bytes, file->size);
        fail_each(&copy, &(pxe_decode_options){.fit_px = fit_px});
    }
}

static void every_allocation_for_a_png(void **state)
{
    (void)state;
    static const unsigned char rows[12 * 7 * 8] = {1, 2, 3, 4, 200, 100, 50, 25};
    static const unsigned char palette[256 * 3] = {9, 8, 7};
    png_shape shapes[] = {
        {.bits = 8, .color = PNG_RGBA},
        {.bits = 8, .color = PNG_RGB},
        {.bits = 8, .color = PNG_GREY},
        {.bits = 16, .color = PNG_RGBA},
        {.bits = 16, .color = PNG_GREY_ALPHA},
        {.bits = 1, .color = PNG_GREY},
        {.bits = 8, .color = PNG_PALETTE, .palette = palette, .colors = 256},
        {.bits = 2, .color = PNG_PALETTE, .palette = palette, .colors = 4, .alphas = rows, .alpha_count = 3},
    };
    for (size_t i = 0; i < COUNT_OF(shapes); ++i) {
        shapes[i].width = 12;
        shapes[i].height = 7;
        buffer file = png_make(&shapes[i], rows);
        fail_each_twice(&file);
        buffer_free(&file);
    }
}

/* A single pixel is interlaced as it is not, but for the header's last byte. */
static void every_allocation_for_an_interlaced_png(void **state)
{
    (void)state;
    buffer file = png_flat(1, 1, 0x10203040);
    file.bytes[28] = 1;
    fail_each(&file, NULL);
}

static void every_allocation_for_a_jpeg(void **state)
{
    (void)state;
    buffer files[3] = {{0}};
    buffer_add(&files[0], tiny_base, sizeof tiny_base);
    buffer_add(&files[1], tiny_prog, sizeof tiny_prog);
    buffer_add(&files[2], tiny_grey, sizeof tiny_grey);
    for (size_t i = 0; i < COUNT_OF(files); ++i) {
        fail_each_twice(&files[i]);
        buffer_free(&files[i]);
    }
}

/* With an orientation of 6 in a directory of one entry: turned in memory of its own. */
static void every_allocation_for_a_jpeg_that_is_turned(void **state)
{
    (void)state;
    buffer file = {0};
    buffer_add(&file,
               "\xFF\xD8\xFF\xE1\0\x22"
               "Exif\0\0MM\0*\0\0\0\x08\0\1",
               22);
    buffer_add(&file, "\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0", 16);
    buffer_add(&file, tiny_base + 2, sizeof tiny_base - 2);
    pxe_picture_size size = {0};
    assert_true(pxe_picture_info(file.bytes, file.size, NULL, &size, NULL));
    assert_int_equal(size.width, TINY_HEIGHT);
    assert_int_equal(size.height, TINY_WIDTH);
    fail_each_twice(&file);
    buffer_free(&file);
}

static void every_allocation_for_a_bmp(void **state)
{
    (void)state;
    static const unsigned char rgba[9 * 6 * 4] = {1, 2, 3, 4};
    for (int bits = 24; bits <= 32; bits += 8) {
        buffer file = bmp_make(9, 6, bits, false, rgba);
        fail_each_twice(&file);
        buffer_free(&file);
    }
}

static bool recognizes(void *user, const void *bytes, size_t size_bytes)
{
    (void)user;
    (void)bytes;
    return size_bytes == 4;
}

static bool info(void *user, const void *bytes, size_t size_bytes, pxe_picture_size *out, pxe_error *error)
{
    (void)user;
    (void)bytes;
    (void)size_bytes;
    (void)error;
    *out = (pxe_picture_size){20, 10};
    return true;
}

static bool decode(void *user, const void *bytes, size_t size_bytes, const pxe_decode_target *to,
                   pxe_error *error)
{
    (void)user;
    (void)bytes;
    (void)size_bytes;
    (void)error;
    memset(to->pixels, 255, (size_t)20 * 10 * 4);
    return true;
}

static void every_allocation_for_a_decoder_of_ones_own(void **state)
{
    (void)state;
    const pxe_decoder decoder = {"ONES", recognizes, info, decode, true, NULL};
    buffer file = {0};
    buffer_add(&file, "ONES", 4);
    fail_each(&file, &(pxe_decode_options){.fit_px = 7, .decoders = &decoder, .decoder_count = 1});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_for_a_png),
        cmocka_unit_test(every_allocation_for_an_interlaced_png),
        cmocka_unit_test(every_allocation_for_a_jpeg),
        cmocka_unit_test(every_allocation_for_a_jpeg_that_is_turned),
        cmocka_unit_test(every_allocation_for_a_bmp),
        cmocka_unit_test(every_allocation_for_a_decoder_of_ones_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
