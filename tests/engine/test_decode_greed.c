/* Files that are small and ask for much: memory that no header announces, work that no size announces. */
#include "fault_files.h"

#include <pxe/decode.h>

static void assert_refused(const buffer *file, const char *word)
{
    pxe_picture picture;
    pxe_error error = {0};
    assert_false(pxe_picture_decode(file->bytes, file->size, NULL, &picture, &error));
    assert_non_null(strstr(error.text, word));
    assert_null(picture.pixmap.pixels);
}

static void a_png_of_one_pixel_can_not_ask_for_megabytes(void **state)
{
    (void)state;
    const png_shape shape = {.width = 1, .height = 1, .bits = 8, .color = PNG_RGBA};
    buffer file = png_zeros(&shape, (size_t)15 << 20); /* in 15 KB */
    assert_true(file.size < 20000);
    assert_refused(&file, "asks for more memory");
    buffer_free(&file);
}

/* The tiny progressive file, its last scan repeated. */
static void add_with_scans(buffer *file, int repeats)
{
    size_t last_scan = 0;
    for (size_t i = 0; i + 1 < sizeof tiny_prog; ++i) {
        if (tiny_prog[i] == 0xFF && tiny_prog[i + 1] == 0xDA) {
            last_scan = i;
        }
    }
    assert_true(last_scan != 0);
    buffer_add(file, tiny_prog, last_scan);
    for (int i = 0; i < repeats; ++i) {
        buffer_add(file, tiny_prog + last_scan, sizeof tiny_prog - 2 - last_scan);
    }
    buffer_add(file, "\xFF\xD9", 2);
}

static void a_jpeg_can_not_ask_for_a_thousand_passes(void **state)
{
    (void)state;
    buffer usual = {0};
    buffer greedy = {0};
    pxe_picture picture;
    pxe_error error;
    add_with_scans(&usual, 1);
    add_with_scans(&greedy, 1000);
    assert_true(pxe_picture_decode(usual.bytes, usual.size, NULL, &picture, &error));
    pxe_picture_free(&picture);
    assert_refused(&greedy, "damaged");
    buffer_free(&greedy);
    buffer_free(&usual);
}

/* The oldest BMP header has 12 bytes and sizes of 16 bits. */
static void add_old_bmp(buffer *file, int width, int height, int rows)
{
    const int row_bytes = (width * 3 + 3) / 4 * 4;
    buffer_add(file, "BM", 2);
    buffer_add_little(file, (uint32_t)(26 + row_bytes * rows), 4);
    buffer_add_little(file, 0, 4);
    buffer_add_little(file, 26, 4);
    buffer_add_little(file, 12, 4);
    buffer_add_little(file, (uint32_t)width, 2);
    buffer_add_little(file, (uint32_t)height, 2);
    buffer_add_little(file, 1, 2);
    buffer_add_little(file, 24, 2);
    for (int i = 0; i < row_bytes * rows; ++i) {
        buffer_add_byte(file, 0x55);
    }
}

static void a_bmp_with_the_oldest_header_is_read_whole_or_refused(void **state)
{
    (void)state;
    buffer whole = {0};
    buffer cut = {0};
    pxe_picture picture;
    pxe_error error;
    add_old_bmp(&whole, 2, 2, 2);
    add_old_bmp(&cut, 64, 64, 10);
    assert_true(pxe_picture_decode(whole.bytes, whole.size, NULL, &picture, &error));
    assert_int_equal(picture.pixmap.width, 2);
    assert_int_equal(picture.pixmap.height, 2);
    assert_int_equal(((const unsigned char *)picture.pixmap.pixels)[0], 0x55);
    pxe_picture_free(&picture);
    assert_refused(&cut, "cut short");
    buffer_free(&cut);
    buffer_free(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_png_of_one_pixel_can_not_ask_for_megabytes),
        cmocka_unit_test(a_jpeg_can_not_ask_for_a_thousand_passes),
        cmocka_unit_test(a_bmp_with_the_oldest_header_is_read_whole_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
