/* Files that bring out known faults of stb_image 2.27, or ask for much: for the tests and for the fuzzer's corpus. Each
 * is written from the format's specification and the fault's description. */
#ifndef PIXCACHE_TESTS_FAULT_FILES_H
#define PIXCACHE_TESTS_FAULT_FILES_H

#include "picture_files.h"
#include "tiny_jpeg.h"

/* Bits of a deflate stream, least significant first; Huffman codes come most significant first. */
typedef struct bit_stream {
    buffer *to;
    uint32_t waiting;
    int count;
} bit_stream;

static inline void add_bits(bit_stream *it, uint32_t value, int count)
{
    it->waiting |= value << it->count;
    it->count += count;
    for (; it->count >= 8; it->count -= 8) {
        buffer_add_byte(it->to, it->waiting & 255);
        it->waiting >>= 8;
    }
}

static inline void add_code(bit_stream *it, uint32_t code, int count)
{
    for (int i = count - 1; i >= 0; --i) {
        add_bits(it, code >> i & 1, 1);
    }
}

/* The head of a block with codes of its own (RFC 1951, 3.2.7): 0 = copy 258 bytes, 10 = a zero byte, 11 = the end; and
 * one distance, 0 = one byte back. So each 258 bytes take two bits, as tight as deflate packs. */
static inline void add_zeros_codes(bit_stream *it)
{
    add_bits(it, 1, 1);  /* the last block */
    add_bits(it, 2, 2);  /* codes of its own */
    add_bits(it, 29, 5); /* 286 literals and lengths */
    add_bits(it, 0, 5);  /* 1 distance */
    add_bits(it, 14, 4); /* 18 lengths of the codes that lengths are written in, in the standard's order: */
    for (int i = 0; i < 18; ++i) {
        add_bits(it, i == 2 ? 1 : i == 15 || i == 17 ? 2 : 0, 3); /* 0 = many zeros, 10 = a 1, 11 = a 2 */
    }
    add_code(it, 3, 2); /* the zero byte */
    add_code(it, 0, 1);
    add_bits(it, 138 - 11, 7);
    add_code(it, 0, 1);
    add_bits(it, 117 - 11, 7); /* 255 bytes that do not occur */
    add_code(it, 3, 2);        /* the end */
    add_code(it, 0, 1);
    add_bits(it, 28 - 11, 7); /* the lengths below 258 */
    add_code(it, 2, 2);       /* 258 */
    add_code(it, 2, 2);       /* the distance */
}

/* A zlib stream of so many zero bytes, at least one. */
static inline buffer zlib_zeros(size_t count)
{
    buffer out = {0};
    bit_stream stream = {.to = &out};
    buffer_add(&out, "\x78\x01", 2);
    add_zeros_codes(&stream);
    for (size_t i = 0; i < 1 + (count - 1) % 258; ++i) {
        add_code(&stream, 2, 2);
    }
    for (size_t i = 0; i < (count - 1) / 258; ++i) {
        add_bits(&stream, 0, 2);
    }
    add_code(&stream, 3, 2);
    add_bits(&stream, 0, 7);
    buffer_add_big32(&out, (uint32_t)(count % 65521) << 16 | 1);
    return out;
}

/* A PNG whose rows are all zeros and whose data goes on after them for so many bytes. */
static inline buffer png_zeros(const png_shape *shape, size_t excess_bytes)
{
    buffer file = {0};
    buffer packed = zlib_zeros((1 + png_row_bytes(shape)) * (size_t)shape->height + excess_bytes);
    png_add_header(&file, shape);
    png_add_chunk(&file, "IDAT", packed.bytes, packed.size);
    png_add_chunk(&file, "IEND", "", 0);
    buffer_free(&packed);
    return file;
}

/* Indices 1, 2 and 200 into a palette of two colours. */
static inline buffer png_past_palette(void)
{
    const unsigned char palette[] = {255, 0, 0, 0, 255, 0};
    const png_shape shape = {
        .width = 3, .height = 1, .bits = 8, .color = PNG_PALETTE, .palette = palette, .colors = 2};
    return png_make(&shape, (const unsigned char[]){1, 2, 200});
}

/* An animated GIF of two colours; each frame sets one pixel. dispose = what becomes of it: 3 = what was before. */
static inline buffer gif_make(int width, int height, int frames, unsigned dispose)
{
    buffer file = {0};
    buffer_add(&file, "GIF89a", 6);
    buffer_add_little(&file, (uint32_t)width, 2);
    buffer_add_little(&file, (uint32_t)height, 2);
    buffer_add(&file, "\x80\0\0\x10\x20\x30\xFF\xEE\xDD", 9); /* the colours */
    for (int i = 0; i < frames; ++i) {
        buffer_add(&file, "\x21\xF9\x04", 3);
        buffer_add_byte(&file, dispose << 2);
        buffer_add(&file, "\x05\0\0\0", 4);
        buffer_add(&file, "\x2C\0\0\0\0\1\0\1\0\0", 10); /* a frame of one pixel */
        buffer_add(&file, "\x02\x02\x44\x01\0", 5);      /* clear, colour 0, end */
    }
    buffer_add(&file, ";", 1);
    return file;
}

/* The 19 bytes: a header that promises 8 x 8 pixels of 32 bits, and one byte of them. */
static inline buffer tga_short(void)
{
    buffer file = {0};
    buffer_add(&file, "\0\0\2\0\0\0\0\0\0\0\0\0\x08\0\x08\0\x20\x08\x7F", 19);
    return file;
}

static inline buffer pnm_short(void)
{
    buffer file = {0};
    buffer_add(&file, "P6\n8 8\n255\n\x7F", 12);
    return file;
}

/* A segment with one Huffman table of these counts for codes of 1, 2, ... 16 bits. */
static inline void jpeg_add_codes(buffer *to, unsigned kind, const unsigned char counts[16],
                                  const unsigned char *values, size_t value_count)
{
    buffer_add(to, "\xFF\xC4\0", 3);
    buffer_add_byte(to, (unsigned)(19 + value_count));
    buffer_add_byte(to, kind << 4);
    buffer_add(to, counts, 16);
    buffer_add(to, values, value_count);
}

/* A progressive file up to its first table of codes: grey, 8 px high, so many blocks wide. */
static inline void jpeg_begin_progressive(buffer *to, unsigned blocks)
{
    buffer_add(to, "\xFF\xD8\xFF\xDB\0\x43\0", 7);
    for (int i = 0; i < 64; ++i) {
        buffer_add_byte(to, 255);
    }
    buffer_add(to, "\xFF\xC2\0\x0B\x08\0\x08", 7);
    buffer_add_byte(to, blocks * 8 >> 8);
    buffer_add_byte(to, blocks * 8 & 255);
    buffer_add(to, "\1\1\x11\0", 4);
}

/* Each block adds 32,767 to the first coefficient, which is then shifted by 13: more than an int holds. */
static inline buffer jpeg_of_large_sums(unsigned blocks)
{
    static const unsigned char counts[16] = {1};
    buffer file = {0};
    jpeg_begin_progressive(&file, blocks);
    jpeg_add_codes(&file, 0, counts, (const unsigned char[]){15}, 1);
    buffer_add(&file, "\xFF\xDA\0\x08\1\1\0\0\0\x0D", 10);
    for (unsigned i = 0; i < blocks; ++i) {
        buffer_add(&file, "\x7F\xFF\0", 3); /* the code 0, fifteen ones, a stuffed zero */
    }
    buffer_add(&file, "\xFF\xD9", 2);
    return file;
}

/* 32 bits of coded data: seven blocks that end at once, then 14 bits that ask for 15 more where 4 are left. */
static inline buffer jpeg_that_ends_in_a_code(void)
{
    static const unsigned char counts[16] = {[1] = 1, [13] = 1};
    buffer file = {0};
    jpeg_begin_progressive(&file, 16);
    jpeg_add_codes(&file, 1, counts, (const unsigned char[]){0, 15}, 2);
    buffer_add(&file, "\xFF\xDA\0\x08\1\1\0\1\x3F\0", 10);
    buffer_add(&file, "\0\1\0\0\xFF\xD9", 6);
    return file;
}

/* A Huffman table has at most 256 codes; sixteen counts can say 4,080. */
static inline buffer jpeg_of_codes(unsigned codes)
{
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
    return file;
}

#endif
