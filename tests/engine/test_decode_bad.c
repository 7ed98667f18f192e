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

/* Its data would do for 127 rows; the header is where it must stop. */
static void a_small_file_that_asks_for_a_gigabyte_is_refused(void **state)
{
    (void)state;
    unsigned char *zeros = calloc(1, 32600);
    assert_non_null(zeros);
    buffer packed = zlib_stored(zeros, 32600);
    buffer file = {0};
    png_add_header(&file, &(png_shape){.width = 16384, .height = 16384, .bits = 8, .color = PNG_RGBA});
    png_add_chunk(&file, "IDAT", packed.bytes, packed.size);
    png_add_chunk(&file, "IEND", "", 0);
    assert_true(file.size < 32768);
    assert_refused(file.bytes, file.size, "1024.0 MiB");
    folder in;
    folder_open(&in);
    write_file(path_in(&in, "bomb.png"), file.bytes, file.size);
    assert_path_refused(path_in(&in, "bomb.png"), NULL, "256.0 MiB allowed");
    folder_close(&in);
    buffer_free(&file);
    buffer_free(&packed);
    free(zeros);
}

static void limits_are_kept_to_the_pixel_and_to_the_byte(void **state)
{
    (void)state;
    buffer wide = png_flat(40, 3, UINT32_MAX);
    buffer tall = png_flat(3, 40, UINT32_MAX);
    const buffer *files[] = {&wide, &tall};
    for (size_t i = 0; i < 2; ++i) {
        pxe_picture picture;
        const pxe_decode_options just = {.limits = {files[i]->size, 480, 40}};
        pxe_decode_options below = just;
        assert_true(pxe_picture_decode(files[i]->bytes, files[i]->size, &just, &picture, NULL));
        pxe_picture_free(&picture);
        below.limits.side_px = 39;
        assert_refused_limits(files[i]->bytes, files[i]->size, &below, "largest side of 39 px");
        below = just;
        below.limits.decoded_bytes = 479;
        assert_refused_limits(files[i]->bytes, files[i]->size, &below, "MiB");
        below = just;
        below.limits.file_bytes -= 1;
        assert_refused_limits(files[i]->bytes, files[i]->size, &below, "bytes");
        folder in;
        folder_open(&in);
        write_file(path_in(&in, "it.png"), files[i]->bytes, files[i]->size);
        assert_true(pxe_picture_load(path_in(&in, "it.png"), &just, &picture, NULL));
        pxe_picture_free(&picture);
        assert_path_refused(path_in(&in, "it.png"), &below, "bytes");
        folder_close(&in);
    }
    buffer_free(&wide);
    buffer_free(&tall);
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

/* A Huffman table has at most 256 codes; sixteen counts could say 4,080, and a decoder's table is not that long. */
static void a_jpeg_of_too_many_huffman_codes_is_refused(void **state)
{
    (void)state;
    for (unsigned codes = 257; codes <= 4080; codes += 239) {
        buffer file = {0};
        buffer_add(&file, "\xFF\xD8\xFF\xC4", 4);
        buffer_add_byte(&file, (19 + codes) >> 8);
        buffer_add_byte(&file, (19 + codes) & 255);
        buffer_add_byte(&file, 0);
        for (unsigned i = 0; i < 16; ++i) { /* as many as fit into each count */
            const unsigned before = i * 255;
            buffer_add_byte(&file, codes < before ? 0 : codes - before < 255 ? codes - before : 255);
        }
        for (unsigned i = 0; i < codes; ++i) {
            buffer_add_byte(&file, i & 255);
        }
        buffer_add(&file, tiny_grey + 2, sizeof tiny_grey - 2);
        assert_refused(file.bytes, file.size, "");
        buffer_free(&file);
    }
}

/* Leaves its mark on the stack, where a decoder may keep a table that it does not fill. */
static unsigned soil_the_stack(void)
{
    volatile unsigned char bytes[32768];
    unsigned sum = 0;
    for (size_t i = 0; i < sizeof bytes; ++i) {
        bytes[i] = 0xA5;
        sum += bytes[i];
    }
    return sum;
}

/* Refused, or black: in no case colours that the file does not have. */
static void an_index_past_the_palette_shows_nothing_of_the_memory(void **state)
{
    (void)state;
    const unsigned char palette[] = {255, 0, 0, 0, 255, 0};
    const png_shape shape = {
        .width = 3, .height = 1, .bits = 8, .color = PNG_PALETTE, .palette = palette, .colors = 2};
    buffer file = png_make(&shape, (const unsigned char[]){1, 2, 200});
    pxe_picture picture = dirty_picture();
    pxe_error error = {""};
    assert_true(soil_the_stack() != 0);
    if (pxe_picture_decode(file.bytes, file.size, NULL, &picture, &error)) {
        const unsigned char *past = texel(&picture, 1, 0);
        assert_memory_equal(texel(&picture, 0, 0), "\x00\xFF\x00\xFF", 4);
        for (int i = 0; i < 8; i += 4) {
            if (past[i] != 0 || past[i + 1] != 0 || past[i + 2] != 0) {
                fail_msg("a colour that is not in the file: %d %d %d", past[i], past[i + 1], past[i + 2]);
            }
        }
        pxe_picture_free(&picture);
    } else {
        assert_no_picture(&picture);
        assert_says(&error, "");
    }
    buffer_free(&file);
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
        cmocka_unit_test(a_small_file_that_asks_for_a_gigabyte_is_refused),
        cmocka_unit_test(limits_are_kept_to_the_pixel_and_to_the_byte),
        cmocka_unit_test(a_wrong_chunk_length_is_refused),
        cmocka_unit_test(too_little_image_data_is_refused),
        cmocka_unit_test(a_chunk_of_unknown_kind_is_refused_in_clean_words),
        cmocka_unit_test(a_jpeg_of_too_many_huffman_codes_is_refused),
        cmocka_unit_test(an_index_past_the_palette_shows_nothing_of_the_memory),
        cmocka_unit_test(an_error_need_not_be_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
