/* Files that are small and ask for much: memory that no header announces, work that no size announces. */
#include "picture_files.h"
#include "tiny_jpeg.h"

#include <pxe/decode.h>

static void assert_refused(const buffer *file, const char *word)
{
    pxe_picture picture;
    pxe_error error = {0};
    assert_false(pxe_picture_decode(file->bytes, file->size, NULL, &picture, &error));
    assert_non_null(strstr(error.text, word));
    assert_null(picture.pixmap.pixels);
}

/* Bits of a deflate stream, least significant first; Huffman codes come most significant first. */
typedef struct bits {
    buffer *to;
    uint32_t waiting;
    int count;
} bits;

static void add_bits(bits *it, uint32_t value, int count)
{
    it->waiting |= value << it->count;
    it->count += count;
    for (; it->count >= 8; it->count -= 8) {
        buffer_add_byte(it->to, it->waiting & 255);
        it->waiting >>= 8;
    }
}

static void add_code(bits *it, uint32_t code, int count)
{
    for (int i = count - 1; i >= 0; --i) {
        add_bits(it, code >> i & 1, 1);
    }
}

/* A zlib stream of 1 + 258 x runs zero bytes, about 13 bits a run: one block of fixed codes. */
static void add_zeros(buffer *to, int runs)
{
    bits stream = {.to = to};
    buffer_add(to, "\x78\x01", 2);
    add_bits(&stream, 1, 1);    /* the last block */
    add_bits(&stream, 1, 2);    /* fixed codes */
    add_code(&stream, 0x30, 8); /* the literal 0 */
    for (int i = 0; i < runs; ++i) {
        add_code(&stream, 0xC5, 8); /* length 258 */
        add_code(&stream, 0, 5);    /* distance 1 */
    }
    add_code(&stream, 0, 7); /* end of block */
    add_bits(&stream, 0, 7);
    buffer_add_big32(to, 0); /* a checksum that stb_image does not read */
}

static void a_png_of_one_pixel_can_not_ask_for_megabytes(void **state)
{
    (void)state;
    buffer data = {0};
    buffer file = {0};
    add_zeros(&data, 60000); /* 98 KB that become 15 MB */
    assert_true(data.size < 100000);
    png_add_signature(&file);
    png_add_chunk(&file, "IHDR", "\0\0\0\1\0\0\0\1\x08\x06\0\0\0", 13);
    png_add_chunk(&file, "IDAT", data.bytes, data.size);
    png_add_chunk(&file, "IEND", "", 0);
    assert_refused(&file, "outofmem");
    buffer_free(&file);
    buffer_free(&data);
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
