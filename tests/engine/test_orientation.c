/* Photographs stand upright: Exif orientation, and what a file may write there instead. */
#include "picture_files.h"
#include "tiny_jpeg.h"

#include <pxe/decode.h>

/* The tiny JPEG with an APP1 segment of these bytes behind its first marker. */
static void add_jpeg(buffer *file, const void *app1, size_t app1_bytes)
{
    const size_t segment_bytes = 2 + app1_bytes;
    buffer_add(file, tiny_base, 2);
    buffer_add(file, "\xFF\xE1", 2);
    buffer_add_byte(file, (unsigned)(segment_bytes >> 8));
    buffer_add_byte(file, (unsigned)(segment_bytes & 255));
    buffer_add(file, app1, app1_bytes);
    buffer_add(file, tiny_base + 2, sizeof tiny_base - 2);
}

/* Exif with one directory of two entries, the second of them the orientation. */
static buffer exif_of(bool big_endian, unsigned orientation)
{
    buffer it = {0};
    buffer_add(&it, "Exif\0\0", 6);
    if (big_endian) {
        buffer_add(&it, "MM\0\x2A\0\0\0\x08\0\x02", 10);
        buffer_add(&it, "\x01\x00\0\x03\0\0\0\x01\0\x07\0\0", 12);
        buffer_add(&it, "\x01\x12\0\x03\0\0\0\x01\0", 9);
        buffer_add_byte(&it, orientation);
        buffer_add(&it, "\0\0\0\0\0\0", 6);
    } else {
        buffer_add(&it, "II\x2A\0\x08\0\0\0\x02\0", 10);
        buffer_add(&it, "\x00\x01\x03\0\x01\0\0\0\x07\0\0\0", 12);
        buffer_add(&it, "\x12\x01\x03\0\x01\0\0\0", 8);
        buffer_add_byte(&it, orientation);
        buffer_add(&it, "\0\0\0\0\0\0\0", 7);
    }
    return it;
}

static pxe_picture decode(const buffer *file)
{
    pxe_picture picture;
    pxe_error error = {0};
    if (!pxe_picture_decode(file->bytes, file->size, NULL, &picture, &error)) {
        fail_msg("refused: %s", error.text);
    }
    return picture;
}

/* The red and green of a corner tell it: red grows to the file's right, green to its lower edge. Named as seen in the
 * file: 0 top left, 1 top right, 2 bottom left, 3 bottom right. */
static int corner_of(const pxe_picture *picture, bool right, bool bottom)
{
    const pxc_pixmap *pixmap = &picture->pixmap;
    const size_t x = right ? (size_t)pixmap->width - 1 : 0;
    const size_t y = bottom ? (size_t)pixmap->height - 1 : 0;
    const unsigned char *pixel = (const unsigned char *)pixmap->pixels + (y * (size_t)pixmap->width + x) * 4;
    return (pixel[0] > 114) + 2 * (pixel[1] > 110);
}

static void assert_orientation(const buffer *file, unsigned orientation)
{
    /* Which corner of the file is seen top left, and which top right. Source: Exif 2.32, table of section 4.6.4. */
    static const int top_left[9] = {0, 0, 1, 3, 2, 0, 2, 3, 1};
    static const int top_right[9] = {0, 1, 0, 2, 3, 2, 0, 1, 3};
    pxe_picture picture = decode(file);
    const bool lies = orientation >= 5;
    assert_int_equal(picture.pixmap.width, lies ? TINY_HEIGHT : TINY_WIDTH);
    assert_int_equal(picture.pixmap.height, lies ? TINY_WIDTH : TINY_HEIGHT);
    assert_int_equal(picture.source_width, picture.pixmap.width);
    assert_int_equal(picture.source_height, picture.pixmap.height);
    assert_int_equal(corner_of(&picture, false, false), top_left[orientation]);
    assert_int_equal(corner_of(&picture, true, false), top_right[orientation]);
    assert_int_equal(corner_of(&picture, true, true), 3 - top_left[orientation]);
    assert_int_equal(corner_of(&picture, false, true), 3 - top_right[orientation]);
    pxe_picture_free(&picture);
}

static void each_orientation_is_turned_upright(void **state)
{
    (void)state;
    for (unsigned orientation = 1; orientation <= 8; ++orientation) {
        for (int big_endian = 0; big_endian < 2; ++big_endian) {
            buffer file = {0};
            buffer exif = exif_of(big_endian != 0, orientation);
            add_jpeg(&file, exif.bytes, exif.size);
            assert_orientation(&file, orientation);
            buffer_free(&exif);
            buffer_free(&file);
        }
    }
}

static void without_exif_a_picture_is_as_it_is(void **state)
{
    (void)state;
    buffer file = {0};
    buffer_add(&file, tiny_base, sizeof tiny_base);
    assert_orientation(&file, 1);
    buffer_free(&file);
}

static void an_orientation_that_is_none_is_left_alone(void **state)
{
    (void)state;
    static const unsigned none[] = {0, 9, 255};
    for (size_t i = 0; i < COUNT_OF(none); ++i) {
        buffer file = {0};
        buffer exif = exif_of(i % 2 != 0, none[i]);
        add_jpeg(&file, exif.bytes, exif.size);
        assert_orientation(&file, 1);
        buffer_free(&exif);
        buffer_free(&file);
    }
}

/* Each byte of the segment set to values that send offsets and counts astray; and each length. The heap block of the
 * file has just its size, so that a read past it is seen. */
static void damaged_exif_is_never_read_past_its_end(void **state)
{
    (void)state;
    static const unsigned char values[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
    buffer exif = exif_of(true, 6);
    for (size_t at = 0; at < exif.size; ++at) {
        for (size_t i = 0; i < COUNT_OF(values); ++i) {
            buffer file = {0};
            const unsigned char kept = exif.bytes[at];
            exif.bytes[at] = values[i];
            add_jpeg(&file, exif.bytes, i == 0 ? at : exif.size);
            exif.bytes[at] = kept;
            unsigned char *exact = malloc(file.size);
            assert_non_null(exact);
            memcpy(exact, file.bytes, file.size);
            pxe_picture picture = decode(&(buffer){exact, file.size, file.size});
            assert_int_equal(picture.pixmap.width + picture.pixmap.height, TINY_WIDTH + TINY_HEIGHT);
            pxe_picture_free(&picture);
            free(exact);
            buffer_free(&file);
        }
    }
    buffer_free(&exif);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_orientation_is_turned_upright),
        cmocka_unit_test(without_exif_a_picture_is_as_it_is),
        cmocka_unit_test(an_orientation_that_is_none_is_left_alone),
        cmocka_unit_test(damaged_exif_is_never_read_past_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
