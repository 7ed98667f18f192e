/* Picture files for tests, written byte by byte from the specifications, so that no library's writer stands between a
 * test and the decoder: PNG (W3C) with stored deflate blocks (RFC 1950, 1951), BMP with a BITMAPINFOHEADER. */
#ifndef PIXCACHE_TESTS_PICTURE_FILES_H
#define PIXCACHE_TESTS_PICTURE_FILES_H

#include "check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct buffer {
    unsigned char *bytes;
    size_t size, capacity;
} buffer;

static inline void buffer_add(buffer *to, const void *bytes, size_t size)
{
    if (to->size + size > to->capacity) {
        to->capacity = (to->size + size) * 2;
        to->bytes = realloc(to->bytes, to->capacity);
        assert_non_null(to->bytes);
    }
    if (size != 0) {
        memcpy(to->bytes + to->size, bytes, size);
    }
    to->size += size;
}

static inline void buffer_add_byte(buffer *to, unsigned value)
{
    const unsigned char byte = (unsigned char)value;
    buffer_add(to, &byte, 1);
}

static inline void buffer_add_big32(buffer *to, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        buffer_add_byte(to, value >> shift & 255);
    }
}

static inline void buffer_add_little(buffer *to, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; ++i) {
        buffer_add_byte(to, value >> 8 * i & 255);
    }
}

static inline void buffer_free(buffer *it)
{
    free(it->bytes);
    *it = (buffer){0};
}

static inline void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static inline buffer read_file(const char *path)
{
    buffer content = {0};
    unsigned char block[4096];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t got = fread(block, 1, sizeof block, file); got != 0;
         got = fread(block, 1, sizeof block, file)) {
        buffer_add(&content, block, got);
    }
    assert_int_equal(fclose(file), 0);
    return content;
}

enum { PNG_GREY = 0, PNG_RGB = 2, PNG_PALETTE = 3, PNG_GREY_ALPHA = 4, PNG_RGBA = 6 };

typedef struct png_shape {
    int width, height, bits; /* bits of a sample */
    int color;               /* PNG_RGB ... */
    const unsigned char *palette;
    size_t colors;               /* in it, three bytes each */
    const unsigned char *alphas; /* of the palette's first colours */
    size_t alpha_count;
} png_shape;

static inline void png_add_signature(buffer *to)
{
    buffer_add(to, "\x89PNG\r\n\x1A\n", 8);
}

static inline void png_add_chunk(buffer *to, const char *type, const void *data, size_t size)
{
    buffer_add_big32(to, (uint32_t)size);
    const size_t from = to->size;
    buffer_add(to, type, 4);
    buffer_add(to, data, size);
    uint32_t crc = UINT32_MAX;
    for (size_t i = from; i < to->size; ++i) {
        crc ^= to->bytes[i];
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320U : crc >> 1;
        }
    }
    buffer_add_big32(to, ~crc);
}

static inline void png_add_header(buffer *to, const png_shape *shape)
{
    buffer header = {0};
    buffer_add_big32(&header, (uint32_t)shape->width);
    buffer_add_big32(&header, (uint32_t)shape->height);
    buffer_add_byte(&header, (unsigned)shape->bits);
    buffer_add_byte(&header, (unsigned)shape->color);
    buffer_add(&header, "\0\0\0", 3); /* deflate, the five filters, not interlaced */
    png_add_signature(to);
    png_add_chunk(to, "IHDR", header.bytes, header.size);
    buffer_free(&header);
}

/* A zlib stream of stored blocks. */
static inline buffer zlib_stored(const unsigned char *bytes, size_t size)
{
    buffer out = {0};
    uint32_t low = 1;
    uint32_t high = 0;
    buffer_add(&out, "\x78\x01", 2);
    for (size_t at = 0; at < size || at == 0;) {
        const size_t block = size - at < 65535 ? size - at : 65535;
        buffer_add_byte(&out, at + block == size ? 1 : 0);
        buffer_add_little(&out, (uint32_t)block, 2);
        buffer_add_little(&out, ~(uint32_t)block, 2);
        buffer_add(&out, bytes + at, block);
        at += block == 0 ? 1 : block;
    }
    for (size_t i = 0; i < size; ++i) {
        low = (low + bytes[i]) % 65521;
        high = (high + low) % 65521;
    }
    buffer_add_big32(&out, high << 16 | low);
    return out;
}

static inline size_t png_row_bytes(const png_shape *shape)
{
    static const size_t samples[] = {1, 0, 3, 1, 2, 0, 4};
    return ((size_t)shape->width * (size_t)shape->bits * samples[shape->color] + 7) / 8;
}

/* A PNG file of these rows, top row first, as the file has them but for the filter byte. */
static inline buffer png_make(const png_shape *shape, const unsigned char *rows)
{
    const size_t row_bytes = png_row_bytes(shape);
    buffer raw = {0};
    buffer file = {0};
    for (int y = 0; y < shape->height; ++y) {
        buffer_add_byte(&raw, 0); /* no filter */
        buffer_add(&raw, rows + (size_t)y * row_bytes, row_bytes);
    }
    buffer packed = zlib_stored(raw.bytes, raw.size);
    png_add_header(&file, shape);
    if (shape->palette != NULL) {
        png_add_chunk(&file, "PLTE", shape->palette, shape->colors * 3);
    }
    if (shape->alphas != NULL) {
        png_add_chunk(&file, "tRNS", shape->alphas, shape->alpha_count);
    }
    png_add_chunk(&file, "IDAT", packed.bytes, packed.size);
    png_add_chunk(&file, "IEND", "", 0);
    buffer_free(&raw);
    buffer_free(&packed);
    return file;
}

/* A PNG file of one colour, 0xRRGGBBAA. */
static inline buffer png_flat(int width, int height, uint32_t color)
{
    const png_shape shape = {.width = width, .height = height, .bits = 8, .color = PNG_RGBA};
    buffer rows = {0};
    for (int i = 0; i < width * height; ++i) {
        buffer_add_big32(&rows, color);
    }
    buffer file = png_make(&shape, rows.bytes);
    buffer_free(&rows);
    return file;
}

static inline void write_png_flat(const char *path, int width, int height, uint32_t color)
{
    buffer file = png_flat(width, height, color);
    write_file(path, file.bytes, file.size);
    buffer_free(&file);
}

/* A BMP file of 24 or 32 bits from pixels R G B A, top row first; top_down = how the file has them. */
static inline buffer bmp_make(int width, int height, int bits, bool top_down, const unsigned char *rgba)
{
    const uint32_t row_bytes = ((uint32_t)(width * bits) + 31) / 32 * 4;
    const uint32_t data_bytes = row_bytes * (uint32_t)height;
    buffer file = {0};
    buffer_add(&file, "BM", 2);
    buffer_add_little(&file, 54 + data_bytes, 4);
    buffer_add_little(&file, 0, 4);
    buffer_add_little(&file, 54, 4); /* where the rows begin */
    buffer_add_little(&file, 40, 4); /* BITMAPINFOHEADER */
    buffer_add_little(&file, (uint32_t)width, 4);
    buffer_add_little(&file, top_down ? 0U - (uint32_t)height : (uint32_t)height, 4);
    buffer_add_little(&file, 1, 2);
    buffer_add_little(&file, (uint32_t)bits, 2);
    for (int i = 0; i < 6; ++i) { /* no compression; size, resolution and colours not told */
        buffer_add_little(&file, 0, 4);
    }
    for (int y = 0; y < height; ++y) {
        const unsigned char *row = rgba + (size_t)(top_down ? y : height - 1 - y) * (size_t)width * 4;
        const size_t row_start = file.size;
        for (int x = 0; x < width; ++x) {
            const unsigned char bgra[4] = {row[4 * x + 2], row[4 * x + 1], row[4 * x], row[4 * x + 3]};
            buffer_add(&file, bgra, (size_t)bits / 8);
        }
        while (file.size - row_start < row_bytes) {
            buffer_add_byte(&file, 0);
        }
    }
    return file;
}

#endif
