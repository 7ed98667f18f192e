/* Pictures of one colour, made in a temporary folder that is removed at the end. */
#ifndef PIXCACHE_TESTS_PICTURES_H
#define PIXCACHE_TESTS_PICTURES_H

#include "run_viewer.h"

#include <pxe/decode.h>

#include <ftw.h>
#include <sys/stat.h>

/* Bytes that grow. */
typedef struct byte_list {
    unsigned char *bytes;
    size_t count, capacity;
} byte_list;

static inline void add_byte(byte_list *list, uint32_t byte)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity == 0 ? 4096 : list->capacity * 2;
        list->bytes = realloc(list->bytes, list->capacity);
        assert_non_null(list->bytes);
    }
    list->bytes[list->count++] = (unsigned char)(byte & 255);
}

static inline void add_text(byte_list *list, const char *text)
{
    for (; *text != '\0'; ++text) {
        add_byte(list, (unsigned char)*text);
    }
}

static inline void add_u32_big(byte_list *list, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        add_byte(list, value >> shift);
    }
}

static inline void add_little(byte_list *list, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; ++i) {
        add_byte(list, value >> (8 * i));
    }
}

/* The temporary folder of this test program. */
static inline const char *temporary_folder(void)
{
    static char folder[64];
    if (folder[0] == '\0') {
        strcpy(folder, "/tmp/pixcache-viewer-XXXXXX");
        assert_non_null(mkdtemp(folder));
    }
    return folder;
}

/* A path in the temporary folder; stays until eight others were asked for. */
static inline const char *path_of(const char *name)
{
    static char paths[8][512];
    static int next = 0;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", temporary_folder(), name);
    return path;
}

static inline void make_folder(const char *name)
{
    assert_int_equal(mkdir(path_of(name), 0700), 0);
}

static inline int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline int remove_temporary_folder(void **state)
{
    (void)state;
    return nftw(temporary_folder(), remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Writes the first `count` bytes and frees the list. */
static inline void write_bytes(const char *name, byte_list *list, size_t count)
{
    FILE *file = fopen(path_of(name), "wb");
    assert_non_null(file);
    assert_true(count <= list->count);
    if (count > 0) {
        assert_int_equal(fwrite(list->bytes, 1, count, file), count);
    }
    assert_int_equal(fclose(file), 0);
    free(list->bytes);
    *list = (byte_list){0};
}

static inline char *read_whole(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("%s was not written", path);
    }
    return read_stream(file);
}

static inline void add_png_chunk(byte_list *png, const char *kind, const byte_list *data)
{
    add_u32_big(png, (uint32_t)data->count);
    const size_t start = png->count;
    add_text(png, kind);
    for (size_t i = 0; i < data->count; ++i) {
        add_byte(png, data->bytes[i]);
    }
    uint32_t crc = UINT32_MAX;
    for (size_t i = start; i < png->count; ++i) {
        crc ^= png->bytes[i];
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1) ^ (0xEDB88320U & (0U - (crc & 1U)));
        }
    }
    add_u32_big(png, ~crc);
    free(data->bytes);
}

/* A PNG with one bit a pixel, all of them 0, the palette's only colour (0xRRGGBB); idat is freed. */
static inline byte_list png_around(uint32_t width, uint32_t height, uint32_t color, const byte_list *idat)
{
    byte_list png = {0};
    byte_list header = {0};
    byte_list palette = {0};
    const byte_list nothing = {0};
    add_text(&png, "\x89PNG\r\n\x1a\n");
    add_u32_big(&header, width);
    add_u32_big(&header, height);
    add_u32_big(&header, 0x01030000); /* one bit, palette, deflate, usual filters */
    add_byte(&header, 0);             /* not interlaced */
    add_png_chunk(&png, "IHDR", &header);
    for (int i = 0; i < 6; ++i) { /* twice the same colour */
        add_byte(&palette, color >> (16 - 8 * (i % 3)));
    }
    add_png_chunk(&png, "PLTE", &palette);
    add_png_chunk(&png, "IDAT", idat);
    add_png_chunk(&png, "IEND", &nothing);
    return png;
}

/* Adler-32 of that many zeros: one sum stays 1, the other counts. */
static inline void add_adler_of_zeros(byte_list *list, uint32_t count)
{
    add_u32_big(list, count % 65521U << 16 | 1U);
}

/* A flat PNG whose zlib stream has stored blocks only. */
static inline byte_list flat_png(uint32_t width, uint32_t height, uint32_t color)
{
    const uint32_t raw_bytes = height * (1 + (width + 7) / 8);
    byte_list idat = {0};
    add_byte(&idat, 0x78);
    add_byte(&idat, 0x01);
    for (uint32_t done = 0; done < raw_bytes;) {
        const uint32_t rest = raw_bytes - done;
        const uint32_t block = rest < 65535 ? rest : 65535;
        add_byte(&idat, block == rest);
        add_little(&idat, block, 2);
        add_little(&idat, ~block, 2);
        for (uint32_t i = 0; i < block; ++i) {
            add_byte(&idat, 0);
        }
        done += block;
    }
    add_adler_of_zeros(&idat, raw_bytes);
    return png_around(width, height, color, &idat);
}

static inline void write_png(const char *name, uint32_t width, uint32_t height, uint32_t color)
{
    byte_list png = flat_png(width, height, color);
    write_bytes(name, &png, png.count);
}

/* A flat BMP of 24 bits a pixel. */
static inline void write_bmp(const char *name, uint32_t width, uint32_t height, uint32_t color)
{
    const uint32_t row_bytes = (width * 3 + 3) / 4 * 4;
    byte_list bmp = {0};
    add_text(&bmp, "BM");
    add_little(&bmp, 54 + row_bytes * height, 4);
    add_little(&bmp, 0, 4);
    add_little(&bmp, 54, 4);
    add_little(&bmp, 40, 4);
    add_little(&bmp, width, 4);
    add_little(&bmp, height, 4);
    add_little(&bmp, 1, 2);
    add_little(&bmp, 24, 2);
    for (int i = 0; i < 6; ++i) { /* no compression; sizes and colour counts that nobody needs */
        add_little(&bmp, 0, 4);
    }
    for (uint32_t y = 0; y < height; ++y) {
        for (uint32_t x = 0; x < width; ++x) {
            add_little(&bmp, color, 3); /* blue first */
        }
        for (uint32_t x = width * 3; x < row_bytes; ++x) {
            add_byte(&bmp, 0);
        }
    }
    write_bytes(name, &bmp, bmp.count);
}

/* Appends bits, the lowest first, as deflate packs them. */
static inline void add_bits(byte_list *list, uint32_t *used_bits, uint32_t bits, uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i, ++*used_bits) {
        if (*used_bits % 8 == 0) {
            add_byte(list, 0);
        }
        list->bytes[list->count - 1] |= (unsigned char)((bits >> i & 1U) << (*used_bits % 8));
    }
}

/* The smallest PNG of 16384 x 16384 pixels, about 32 KB, that a decoder would turn into 1 GiB. Its dynamic Huffman
 * codes (RFC 1951, 3.2.7) give the longest match one bit: 258 zeros cost two bits. */
static inline void write_png_bomb(const char *name)
{
    enum { SIDE = 16384, RAW_BYTES = SIDE * (1 + SIDE / 8), MATCH = 258 };
    byte_list idat = {0};
    uint32_t used_bits = 0;
    add_byte(&idat, 0x78);
    add_byte(&idat, 0x01);
    add_bits(&idat, &used_bits, 1 | 2 << 1, 3);              /* the last block, with dynamic codes */
    add_bits(&idat, &used_bits, 29 | 0 << 5 | 14 << 10, 14); /* 286 literals, 1 distance, 18 code lengths */
    for (int i = 0; i < 18; ++i) { /* lengths of the codes for 18 (a run of zeros), 2 and 1 */
        add_bits(&idat, &used_bits, i == 2 ? 1 : i == 15 || i == 17 ? 2 : 0, 3);
    }
    add_bits(&idat, &used_bits, 3, 2);               /* literal 0 has two bits: 10 */
    add_bits(&idat, &used_bits, (138 - 11) << 1, 8); /* 1 to 255 have none */
    add_bits(&idat, &used_bits, (117 - 11) << 1, 8); /* the rest of them */
    add_bits(&idat, &used_bits, 3, 2);               /* the end has two: 11 */
    add_bits(&idat, &used_bits, (28 - 11) << 1, 8);  /* the shorter matches have none */
    add_bits(&idat, &used_bits, 1, 2);               /* a match of 258 has one: 0 */
    add_bits(&idat, &used_bits, 1, 2);               /* and so has distance 1: 0 */
    add_bits(&idat, &used_bits, 1, 2);               /* a zero for the matches to copy */
    for (int i = 0; i < (RAW_BYTES - 1) / MATCH; ++i) {
        add_bits(&idat, &used_bits, 0, 2);
    }
    for (int i = 0; i < (RAW_BYTES - 1) % MATCH; ++i) {
        add_bits(&idat, &used_bits, 1, 2);
    }
    add_bits(&idat, &used_bits, 3, 2);
    add_adler_of_zeros(&idat, RAW_BYTES);
    byte_list png = png_around(SIDE, SIDE, 0x336699, &idat);
    write_bytes(name, &png, png.count);
}

/* Saturated, and another for each of the first 48; far from the viewer's own colours. */
static inline uint32_t color_of(uint32_t index)
{
    const uint32_t steps[4] = {0x30, 0x70, 0xB0, 0xF0};
    return steps[index % 4] << 16 | steps[index / 4 % 4] << 8 | steps[3 - index / 16 % 4];
}

/* How many pixels of that colour, +-1 for rounding on the way through the GPU, the rectangle has. */
static inline size_t count_color(const pxe_picture *picture, int left, int top, int side, uint32_t color)
{
    const pxc_pixmap *pixmap = &picture->pixmap;
    const unsigned char *pixels = pixmap->pixels;
    size_t count = 0;
    for (int y = top; y < top + side && y < pixmap->height; ++y) {
        for (int x = left; x < left + side && x < pixmap->width; ++x) {
            const unsigned char *pixel = pixels + ((size_t)y * (size_t)pixmap->width + (size_t)x) * 4;
            bool same = true;
            for (int i = 0; i < 3; ++i) {
                same = same && abs(pixel[i] - (int)(color >> (16 - 8 * i) & 255)) <= 1;
            }
            count += same;
        }
    }
    return count;
}

static inline pxe_picture load_screenshot(const char *name)
{
    pxe_picture picture;
    pxe_error error;
    if (!pxe_picture_load(path_of(name), NULL, &picture, &error)) {
        fail_msg("screenshot %s %s", name, error.text);
    }
    return picture;
}

#endif
