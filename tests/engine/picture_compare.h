/* Compares the last frame with a picture that a test has painted. Where they differ it writes three PNGs,
 * expected, actual and difference (grey = equal), and names them: into the folder in PXC_TEST_PICTURES, or
 * that for temporary files. */
#ifndef PIXCACHE_TESTS_PICTURE_COMPARE_H
#define PIXCACHE_TESTS_PICTURE_COMPARE_H

#include "engine_fixture.h"

/* Pixels are 0xRRGGBB, row by row, top row first. */
typedef struct painting {
    int width, height;
    uint32_t *pixels;
} painting;

static inline void painting_open(painting *it, int width, int height, uint32_t color)
{
    const size_t count = (size_t)width * (size_t)height;
    *it = (painting){width, height, malloc(count * sizeof *it->pixels)};
    assert_non_null(it->pixels);
    for (size_t i = 0; i < count; ++i) {
        it->pixels[i] = color;
    }
}

static inline void painting_close(painting *it)
{
    free(it->pixels);
    it->pixels = NULL;
}

/* Outside of it: somewhere that is never compared. */
static inline uint32_t *painting_at(const painting *it, int x, int y)
{
    static uint32_t outside;
    const bool inside = x >= 0 && y >= 0 && x < it->width && y < it->height;
    return inside ? &it->pixels[(size_t)y * (size_t)it->width + (size_t)x] : &outside;
}

static inline void painting_fill(const painting *it, const pxe_rect *rect, uint32_t color)
{
    for (int y = (int)rect->y; y < (int)(rect->y + rect->height); ++y) {
        for (int x = (int)rect->x; x < (int)(rect->x + rect->width); ++x) {
            *painting_at(it, x, y) = color;
        }
    }
}

/* The largest difference of a channel. */
static inline int color_distance(uint32_t left, uint32_t right)
{
    int largest = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        const int distance = abs((int)(left >> shift & 255) - (int)(right >> shift & 255));
        largest = distance > largest ? distance : largest;
    }
    return largest;
}

static inline uint32_t crc_of(const unsigned char *bytes, size_t size, uint32_t crc)
{
    for (size_t i = 0; i < size; ++i) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; ++bit) {
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
        }
    }
    return crc;
}

static inline void put_32(unsigned char *to, uint32_t value)
{
    for (int i = 0; i < 4; ++i) {
        to[i] = (unsigned char)(value >> (24 - 8 * i));
    }
}

static inline void write_chunk(FILE *file, const char *kind, const unsigned char *bytes, size_t size)
{
    unsigned char number[4];
    put_32(number, (uint32_t)size);
    fwrite(number, 1, 4, file);
    fwrite(kind, 1, 4, file);
    fwrite(bytes, 1, size, file);
    put_32(number, ~crc_of(bytes, size, crc_of((const unsigned char *)kind, 4, UINT32_MAX)));
    fwrite(number, 1, 4, file);
}

/* A PNG (W3C) whose rows are stored deflate blocks (RFC 1951), one each. */
static inline void write_painting(const painting *it, const char *path)
{
    const size_t row_bytes = 1 + 3 * (size_t)it->width;
    unsigned char *data = calloc((size_t)it->height * (row_bytes + 5) + 6, 1);
    unsigned char *to = data;
    uint32_t sum[2] = {1, 0}; /* Adler-32, RFC 1950 */
    unsigned char head[13] = {[8] = 8, [9] = 2};
    FILE *file = fopen(path, "wb");
    if (data != NULL && file != NULL) {
        *to++ = 0x78;
        *to++ = 0x01;
        for (int y = 0; y < it->height; ++y) {
            const unsigned size = (unsigned)row_bytes;
            const unsigned char block[5] = {(unsigned char)(y == it->height - 1), (unsigned char)(size & 255),
                                            (unsigned char)(size >> 8 & 255), (unsigned char)(~size & 255),
                                            (unsigned char)(~size >> 8 & 255)};
            memcpy(to, block, sizeof block);
            to += sizeof block;
            for (size_t i = 0; i < row_bytes; ++i) {
                const uint32_t color = i == 0 ? 0 : *painting_at(it, (int)((i - 1) / 3), y);
                to[i] = (unsigned char)(i == 0 ? 0 : color >> (16 - 8 * ((i - 1) % 3)) & 255);
                sum[0] = (sum[0] + to[i]) % 65521;
                sum[1] = (sum[1] + sum[0]) % 65521;
            }
            to += row_bytes;
        }
        put_32(to, sum[1] << 16 | sum[0]);
        put_32(head, (uint32_t)it->width);
        put_32(head + 4, (uint32_t)it->height);
        fwrite("\x89PNG\r\n\x1A\n", 1, 8, file);
        write_chunk(file, "IHDR", head, sizeof head);
        write_chunk(file, "IDAT", data, (size_t)(to - data) + 4);
        write_chunk(file, "IEND", data, 0);
    }
    if (file != NULL) {
        fclose(file);
    }
    free(data);
}

/* Whether the frame is this picture; if not, says so. */
static inline bool is_painting(const stage *s, const painting *expected, int tolerance, const char *name)
{
    const char *where = getenv("PXC_TEST_PICTURES");
    const char *kinds[] = {"expected", "actual", "difference"};
    painting shown[3] = {*expected, {0}, {0}};
    int wrong = 0;
    assert_int_equal(expected->width, s->width);
    assert_int_equal(expected->height, s->height);
    painting_open(&shown[1], s->width, s->height, 0);
    painting_open(&shown[2], s->width, s->height, 0x808080);
    for (int i = 0; i < s->width * s->height; ++i) {
        const uint32_t actual = pixel_at(s, i % s->width, i / s->width);
        const int distance = color_distance(expected->pixels[i], actual);
        shown[1].pixels[i] = actual;
        if (distance > tolerance) {
            shown[2].pixels[i] = distance > 64 ? 0xFF0000 : 0xFFFF00;
            if (wrong++ == 0) {
                print_error("%s: pixel %d, %d: expected %06X, got %06X\n", name, i % s->width, i / s->width,
                            (unsigned)expected->pixels[i], (unsigned)actual);
            }
        }
    }
    for (int i = 0; i < 3 && wrong != 0; ++i) {
        char path[PATH_BYTES];
        where = where != NULL ? where : getenv("TMPDIR");
        snprintf(path, sizeof path, "%s/%s-%s.png", where != NULL ? where : "/tmp", name, kinds[i]);
        write_painting(&shown[i], path);
        print_error("%s\n", path);
    }
    painting_close(&shown[1]);
    painting_close(&shown[2]);
    return wrong == 0;
}

static inline void assert_painting(const stage *s, const painting *expected, int tolerance, const char *name)
{
    if (!is_painting(s, expected, tolerance, name)) {
        fail_msg("%s: the frame is another picture", name);
    }
}

#endif
