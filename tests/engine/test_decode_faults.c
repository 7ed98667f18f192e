/* The faults that Debian 12's stb_image has, one test each: what goes wrong where its formats are all compiled in and
 * its results are believed, and that here the file is refused or shows nothing but what it holds. Run with sanitizers,
 * each test also shows that no foreign memory is touched. */
#include "decode_check.h"
#include "fault_files.h"

/* Frees the file. By its bytes, whatever its name; in memory, from disk, and by its header alone. */
static void assert_never_read(buffer *file)
{
    pxe_error error = {""};
    pxe_picture_size size = {7, 7};
    folder in;
    folder_open(&in);
    assert_refused(file->bytes, file->size, "no PNG, JPEG or BMP");
    write_file(path_in(&in, "it.png"), file->bytes, file->size);
    assert_path_refused(path_in(&in, "it.png"), NULL, "no PNG, JPEG or BMP");
    assert_false(pxe_picture_info(file->bytes, file->size, NULL, &size, &error));
    assert_int_equal(size.width, 0);
    assert_int_equal(size.height, 0);
    folder_close(&in);
    buffer_free(file);
}

/* Elsewhere: the third frame is put back from a place before the memory of all frames. */
static void cve_2023_45661_gif_frame_before_the_previous(void **state)
{
    (void)state;
    buffer file = gif_make(16, 16, 4, 3);
    assert_never_read(&file);
}

/* Elsewhere: frames have four channels, are turned upside down as if they had fewer or more, and that reads past them.
 * Here nothing is turned in the decoder either, which would be a setting for all threads. */
static void cve_2023_45662_gif_flipped_with_other_channels(void **state)
{
    (void)state;
    buffer file = gif_make(3, 5, 2, 0);
    assert_never_read(&file);
}

/* Elsewhere: frames of no bytes make realloc free what is freed once more. */
static void cve_2023_45664_gif_of_no_size(void **state)
{
    (void)state;
    buffer file = gif_make(0, 0, 3, 0);
    assert_never_read(&file);
}

/* Elsewhere: where the second frame fails, the list of delays is left as it was, to be freed or not. */
static void cve_2023_45666_gif_whose_second_frame_is_damaged(void **state)
{
    (void)state;
    buffer file = gif_make(8, 8, 2, 0);
    file.bytes[file.size - 5] = 0x7F; /* code lengths of 127 bits */
    assert_never_read(&file);
}

/* Elsewhere: no picture comes out, and that is turned upside down. */
static void cve_2023_45667_gif_without_a_frame(void **state)
{
    (void)state;
    buffer file = gif_make(8, 8, 0, 0);
    assert_never_read(&file);
}

/* Elsewhere: 19 bytes give 256 bytes of pixels, none of them set. */
static void cve_2023_45663_tga_of_19_bytes(void **state)
{
    (void)state;
    buffer file = tga_short();
    assert_int_equal(file.size, 19);
    assert_never_read(&file);
}

static void cve_2023_45663_pnm_cut_short(void **state)
{
    (void)state;
    buffer file = pnm_short();
    assert_never_read(&file);
}

/* Grey, opaque, of the size announced: or refused. Frees the file. */
static void assert_harmless_grey(buffer *file, int width, int height)
{
    pxe_picture picture = dirty_picture();
    pxe_error error = {""};
    unsigned char *exact = malloc(file->size);
    assert_non_null(exact);
    memcpy(exact, file->bytes, file->size);
    if (pxe_picture_decode(exact, file->size, NULL, &picture, &error)) {
        assert_int_equal(picture.pixmap.width, width);
        assert_int_equal(picture.pixmap.height, height);
        for (int i = 0; i < width * height; ++i) {
            const unsigned char *got = texel(&picture, i % width, i / width);
            assert_true(got[0] == got[1] && got[1] == got[2] && got[3] == 255);
        }
        pxe_picture_free(&picture);
    } else {
        assert_no_picture(&picture);
        assert_says(&error, "damaged");
    }
    free(exact);
    buffer_free(file);
}

/* Elsewhere: undefined, as an int overflows. Here the decoder is compiled so that it wraps: wrong colours, no more. */
static void cve_2022_28041_progressive_jpeg_of_large_sums(void **state)
{
    (void)state;
    buffer file = jpeg_of_large_sums(512);
    assert_harmless_grey(&file, 4096, 8);
}

/* Elsewhere: sixteen counts of a Huffman table are believed, and the table after it is overwritten. */
static void cve_2022_28042_jpeg_of_too_many_huffman_codes(void **state)
{
    (void)state;
    for (unsigned codes = 257; codes <= 4080; codes += 239) {
        buffer file = jpeg_of_codes(codes);
        pxe_error error = {""};
        pxe_picture_size size;
        assert_false(pxe_picture_info(file.bytes, file.size, NULL, &size, &error));
        assert_refused(file.bytes, file.size, "damaged");
        buffer_free(&file);
    }
}

/* Elsewhere and here: a zero is shifted by more bits than it has. It stays a zero on every machine. */
static void cve_2022_28048_progressive_jpeg_that_ends_in_a_code(void **state)
{
    (void)state;
    buffer file = jpeg_that_ends_in_a_code();
    assert_harmless_grey(&file, 128, 8);
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

/* Elsewhere: an index past the palette shows what lay on the stack. Here: refused, or black. */
static void png_index_past_the_palette(void **state)
{
    (void)state;
    buffer file = png_past_palette();
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

/* Elsewhere: 32 KB take a gigabyte and three seconds. Here the header is where it stops; and where an application
 * allows a gigabyte, the ratio still does. */
static void a_png_of_32_kb_that_decodes_to_a_gigabyte(void **state)
{
    (void)state;
    const pxe_decode_options raised = {.limits = {.decoded_bytes = (size_t)1 << 30}};
    buffer file = png_zeros(&(png_shape){.width = 16384, .height = 16384, .bits = 1, .color = PNG_GREY}, 0);
    folder in;
    folder_open(&in);
    assert_true(file.size < 33000);
    assert_refused(file.bytes, file.size, "1024.0 MiB, more than the 256.0 MiB");
    assert_refused_limits(file.bytes, file.size, &raised, "1024.0 MiB, more than 4200 times");
    write_file(path_in(&in, "bomb.png"), file.bytes, file.size);
    assert_path_refused(path_in(&in, "bomb.png"), NULL, "256.0 MiB allowed");
    assert_path_refused(path_in(&in, "bomb.png"), &raised, "4200 times");
    folder_close(&in);
    buffer_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cve_2023_45661_gif_frame_before_the_previous),
        cmocka_unit_test(cve_2023_45662_gif_flipped_with_other_channels),
        cmocka_unit_test(cve_2023_45664_gif_of_no_size),
        cmocka_unit_test(cve_2023_45666_gif_whose_second_frame_is_damaged),
        cmocka_unit_test(cve_2023_45667_gif_without_a_frame),
        cmocka_unit_test(cve_2023_45663_tga_of_19_bytes),
        cmocka_unit_test(cve_2023_45663_pnm_cut_short),
        cmocka_unit_test(cve_2022_28041_progressive_jpeg_of_large_sums),
        cmocka_unit_test(cve_2022_28042_jpeg_of_too_many_huffman_codes),
        cmocka_unit_test(cve_2022_28048_progressive_jpeg_that_ends_in_a_code),
        cmocka_unit_test(png_index_past_the_palette),
        cmocka_unit_test(a_png_of_32_kb_that_decodes_to_a_gigabyte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
