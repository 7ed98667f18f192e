/* Bad files are refused with a clear text and no picture: never a half one, never a crash, never a wait. */
#include "decode_check.h"
#include "tiny_jpeg.h"

static buffer small_png(void)
{
    const unsigned char rows[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255};
    return png_make(&(png_shape){.width = 2, .height = 2, .bits = 8, .color = PNG_RGBA}, rows);
}

static buffer small_bmp(int bits, bool top_down)
{
    const unsigned char rgba[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255,
                                  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255};
    return bmp_make(4, 2, bits, top_down, rgba);
}

static void what_is_no_picture_is_told_so(void **state)
{
    (void)state;
    static const char text[] = "This is a text, whatever its name says.\n";
    folder in;
    folder_open(&in);
    write_file(path_in(&in, "text.png"), text, sizeof text - 1);
    assert_path_refused(path_in(&in, "text.png"), NULL, "no PNG, JPEG or BMP");
    write_file(path_in(&in, "empty.png"), "", 0);
    assert_path_refused(path_in(&in, "empty.png"), NULL, "empty");
    assert_refused("", 0, "empty");
    assert_refused("GIF89a\1\0\1\0\0\0\0;", 14, "no PNG, JPEG or BMP");
    assert_refused("\x89", 1, "");
    assert_refused("BM", 2, "");
    assert_refused("\xFF\xD8\xFF", 3, "");
    folder_close(&in);
}

static void paths_that_are_no_readable_file_are_told_so(void **state)
{
    (void)state;
    folder in;
    folder_open(&in);
    assert_path_refused(path_in(&in, "nowhere.png"), NULL, "No such file");
    assert_path_refused(path_in(&in, "no/folder/here.png"), NULL, "No such file");
    assert_path_refused("", NULL, "No such file");
    assert_path_refused(in.path, NULL, "folder");
    assert_int_equal(mkfifo(path_in(&in, "pipe.png"), 0600), 0);
    assert_path_refused(path_in(&in, "pipe.png"), NULL, "regular file");
    assert_path_refused("/dev/zero", NULL, "regular file");
    assert_int_equal(symlink("self.png", path_in(&in, "self.png")), 0);
    assert_path_refused(path_in(&in, "self.png"), NULL, "opened");
    write_png_flat(path_in(&in, "file.png"), 1, 1, UINT32_MAX);
    assert_path_refused(path_in(&in, "file.png/inside.png"), NULL, "Not a directory");
    folder_close(&in);
}

static void a_file_without_rights_is_told_so(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        skip(); /* root may read everything */
    }
    folder in;
    folder_open(&in);
    write_png_flat(path_in(&in, "secret.png"), 1, 1, UINT32_MAX);
    assert_int_equal(chmod(path_in(&in, "secret.png"), 0), 0);
    assert_path_refused(path_in(&in, "secret.png"), NULL, "Permission denied");
    folder_close(&in);
}

static void every_truncation_of_a_png_is_refused(void **state)
{
    (void)state;
    buffer file = small_png();
    for (size_t size = 0; size < file.size; ++size) {
        assert_refused(file.bytes, size, "");
    }
    buffer_free(&file);
}

static void every_truncation_of_a_bmp_is_refused(void **state)
{
    (void)state;
    for (int i = 0; i < 4; ++i) {
        buffer file = small_bmp(i % 2 != 0 ? 24 : 32, i / 2 != 0);
        for (size_t size = 0; size < file.size; ++size) {
            assert_refused(file.bytes, size, "");
        }
        buffer_free(&file);
    }
}

static void every_truncation_of_a_jpeg_is_refused(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof tiny_base; ++size) {
        assert_refused(tiny_base, size, "");
    }
    for (size_t size = 0; size < sizeof tiny_prog; ++size) {
        assert_refused(tiny_prog, size, "");
    }
    for (size_t size = 0; size < sizeof tiny_grey; ++size) {
        assert_refused(tiny_grey, size, "");
    }
}

static void truncations_of_large_jpegs_are_refused(void **state)
{
    (void)state;
    static const char *const paths[] = {"assets/fractals/seahorse_lace.jpg",
                                        "assets/landscapes/quiet_sea.jpg",
                                        "assets/landscapes/silver_mist.jpg"};
    for (size_t i = 0; i < COUNT_OF(paths); ++i) {
        buffer file = read_file(source_path(paths[i]));
        for (size_t size = 3; size < file.size; size += 97) {
            assert_refused(file.bytes, size, "cut short");
        }
        assert_refused(file.bytes, file.size - 1, "cut short");
        buffer_free(&file);
    }
}

static void a_wrong_chunk_length_is_refused(void **state)
{
    (void)state;
    static const uint32_t lengths[] = {0, 1, 12, 14, 255, 65536, INT32_MAX, UINT32_MAX - 11, UINT32_MAX};
    for (size_t i = 0; i < COUNT_OF(lengths); ++i) {
        buffer file = small_png();
        for (size_t b = 0; b < 4; ++b) { /* of the header, then of the data */
            file.bytes[8 + b] = (unsigned char)(lengths[i] >> (24 - 8 * b));
        }
        assert_refused(file.bytes, file.size, "");
        buffer_free(&file);

        file = small_png();
        for (size_t b = 0; b < 4; ++b) {
            file.bytes[33 + b] = (unsigned char)(lengths[i] >> (24 - 8 * b));
        }
        assert_refused(file.bytes, file.size, "");
        buffer_free(&file);
    }
}

static void too_little_image_data_is_refused(void **state)
{
    (void)state;
    const unsigned char rows[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255};
    buffer file = {0};
    buffer packed = zlib_stored(rows, 9); /* of the 18 that two rows need */
    png_add_header(&file, &(png_shape){.width = 2, .height = 2, .bits = 8, .color = PNG_RGBA});
    png_add_chunk(&file, "IDAT", packed.bytes, packed.size);
    png_add_chunk(&file, "IEND", "", 0);
    assert_refused(file.bytes, file.size, "damaged");
    buffer_free(&file);
    buffer_free(&packed);

    png_add_header(&file, &(png_shape){.width = 2, .height = 2, .bits = 8, .color = PNG_RGBA});
    png_add_chunk(&file, "IEND", "", 0);
    assert_refused(file.bytes, file.size, "");
    buffer_free(&file);
}

/* The kind is the file's own bytes: what is said about it must not carry them to a terminal. */
static void a_chunk_of_unknown_kind_is_refused_in_clean_words(void **state)
{
    (void)state;
    static const char *const kinds[] = {"ABCD", "A\nB\r", "A\x1B[K", "A\x7F\x01\t"};
    const unsigned char row[] = {1, 2, 3};
    const png_shape shape = {.width = 1, .height = 1, .bits = 8, .color = PNG_RGB};
    for (size_t i = 0; i < COUNT_OF(kinds); ++i) {
        buffer file = {0};
        buffer whole = png_make(&shape, row);
        png_add_header(&file, &shape);
        png_add_chunk(&file, kinds[i], "x", 1);
        buffer_add(&file, whole.bytes + 33, whole.size - 33); /* what follows its header */
        assert_refused(file.bytes, file.size, "");
        buffer_free(&file);
        buffer_free(&whole);
    }
}

static void an_error_need_not_be_wanted(void **state)
{
    (void)state;
    pxe_picture picture = dirty_picture();
    assert_false(pxe_picture_decode("text", 4, NULL, &picture, NULL));
    assert_no_picture(&picture);
    picture = dirty_picture();
    assert_false(pxe_picture_load("/nowhere/at all", NULL, &picture, NULL));
    assert_no_picture(&picture);
    pxe_picture_free(&picture);
    pxe_picture_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_picture_is_told_so),
        cmocka_unit_test(paths_that_are_no_readable_file_are_told_so),
        cmocka_unit_test(a_file_without_rights_is_told_so),
        cmocka_unit_test(every_truncation_of_a_png_is_refused),
        cmocka_unit_test(every_truncation_of_a_bmp_is_refused),
        cmocka_unit_test(every_truncation_of_a_jpeg_is_refused),
        cmocka_unit_test(truncations_of_large_jpegs_are_refused),
        cmocka_unit_test(a_wrong_chunk_length_is_refused),
        cmocka_unit_test(too_little_image_data_is_refused),
        cmocka_unit_test(a_chunk_of_unknown_kind_is_refused_in_clean_words),
        cmocka_unit_test(an_error_need_not_be_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
