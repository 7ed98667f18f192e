/* Mip levels by the mean of what a pixel covers, on the worker that has decoded the picture: glGenerateMipmap can
 * neither be stopped nor divided, and takes 8 ms for 1920 x 1080 pixels on Mesa's software driver (0.3 ms for
 * 256 x 256), all in one frame; to upload levels that are there takes 0.25 ms (0.006 ms).
 *
 * A side of 2 n pixels becomes n: pairs. One of 2 n + 1 becomes n, too: each of the n covers a little more than two, so
 * that three pixels have a part in it, with the weights n - i, n and i + 1 for the i-th, and nothing is left out at the
 * edge, nor does the picture move from level to level. Weights have 16 bits and so have sums, 8 more than a channel:
 * what that loses is far below the half that rounding takes, so what is of one colour stays so.
 * Source: N. Guthe and P. Heckbert, "Non-Power-of-Two Mipmap Creation", NVIDIA, 2005.
 *
 * Loops go over channels without a branch, so that compilers make vector code of them: 0.7 ms for 1920 x 1080 pixels,
 * 1.7 ms for 1921 x 1081.
 */
#include "mips.h"

#include <stdlib.h>
#include <string.h>

typedef struct extent {
    int width, height;
} extent;

static extent next_of(extent of)
{
    return (extent){of.width > 1 ? of.width / 2 : 1, of.height > 1 ? of.height / 2 : 1};
}

static size_t bytes_of(extent of)
{
    return (size_t)of.width * (size_t)of.height * 4;
}

size_t pxe_mips_bytes(int width, int height)
{
    size_t bytes = 0;
    for (extent at = {width, height}; at.width > 1 || at.height > 1;) {
        at = next_of(at);
        bytes += bytes_of(at);
    }
    return bytes;
}

/* Both sides even. */
static void halve(const unsigned char *from, extent size, unsigned char *to)
{
    const size_t row_bytes = (size_t)size.width * 4;
    for (int y = 0; y < size.height / 2; ++y) {
        const unsigned char *upper = from + row_bytes * (size_t)y * 2;
        const unsigned char *lower = upper + row_bytes;
        for (int x = 0; x < size.width / 2; ++x, upper += 8, lower += 8, to += 4) {
            for (int c = 0; c < 4; ++c) {
                to[c] = (unsigned char)((upper[c] + upper[c + 4] + lower[c] + lower[c + 4] + 2) / 4);
            }
        }
    }
}

enum {
    ONE = 65536,
    STEP_BITS = 30, /* of 1 / side, so that a side times it fits into 32 */
    RUN_PX = 256,   /* of a row that is made, at a time: so that all of a run lies in the nearest cache */
};

/* Weights of the pixels 2 i, 2 i + 1 and 2 i + 2, for the i-th of a halved side. */
typedef struct taps {
    uint16_t weights[3];
} taps;

static taps taps_of(int side_px, int i)
{
    if (side_px == 1) {
        return (taps){{ONE - 1, 0, 0}};
    }
    if (side_px % 2 == 0) {
        return (taps){{ONE / 2, ONE / 2, 0}};
    }
    const uint32_t step = ((uint32_t)1 << STEP_BITS) / (uint32_t)side_px;
    const uint32_t before = (uint32_t)(side_px / 2 - i) * step >> (STEP_BITS - 16);
    const uint32_t after = (uint32_t)(i + 1) * step >> (STEP_BITS - 16);
    return (taps){{(uint16_t)before, (uint16_t)(ONE - before - after), (uint16_t)after}};
}

/* value * weight / ONE: one instruction for eight of them. */
static uint16_t part(uint16_t value, uint16_t weight)
{
    return (uint16_t)((uint32_t)value * weight >> 16);
}

/* A run of columns, from top to bottom. */
typedef struct run {
    int count_px;                    /* of the smaller level */
    int source_px;                   /* that are there to read, at most 2 count_px + 1 */
    uint16_t weights[3][4 * RUN_PX]; /* for each channel of each pixel */
    uint16_t sums[4 * (2 * RUN_PX + 2)];
    uint16_t even[4 * (RUN_PX + 1)]; /* the same, every other pixel */
    uint16_t odd[4 * (RUN_PX + 1)];
} run;

static void start_run(run *it, int width, int start_px)
{
    const int left_px = next_of((extent){width, 1}).width - start_px;
    it->count_px = left_px < RUN_PX ? left_px : RUN_PX;
    const int there_px = width - 2 * start_px;
    it->source_px = there_px < 2 * it->count_px + 1 ? there_px : 2 * it->count_px + 1;
    for (int i = 0; i < 4 * it->count_px; ++i) {
        const taps across = taps_of(width, start_px + i / 4);
        for (int j = 0; j < 3; ++j) {
            it->weights[j][i] = across.weights[j];
        }
    }
}

static void add_rows(run *it, const unsigned char *const rows[3], taps down)
{
    const unsigned char *first = rows[0];
    const unsigned char *second = rows[1];
    const unsigned char *third = rows[2];
    for (int i = 0; i < 4 * it->source_px; ++i) {
        it->sums[i] = (uint16_t)(part((uint16_t)(first[i] << 8), down.weights[0]) +
                                 part((uint16_t)(second[i] << 8), down.weights[1]) +
                                 part((uint16_t)(third[i] << 8), down.weights[2]));
    }
    for (size_t x = 0; x <= (size_t)it->count_px; ++x) {
        memcpy(it->even + 4 * x, it->sums + 8 * x, 4 * sizeof *it->even);
        memcpy(it->odd + 4 * x, it->sums + 8 * x + 4, 4 * sizeof *it->odd);
    }
}

static void add_columns(const run *it, unsigned char *restrict to)
{
    for (int i = 0; i < 4 * it->count_px; ++i) {
        const uint16_t sum =
            (uint16_t)(part(it->even[i], it->weights[0][i]) + part(it->odd[i], it->weights[1][i]) +
                       part(it->even[i + 4], it->weights[2][i]) + 128);
        to[i] = (unsigned char)(sum >> 8);
    }
}

/* Any sides. */
static void shrink(const unsigned char *from, extent size, unsigned char *to)
{
    const extent half = next_of(size);
    run it = {0};
    for (int start_px = 0; start_px < half.width; start_px += RUN_PX) {
        start_run(&it, size.width, start_px);
        for (int y = 0; y < half.height; ++y) {
            const unsigned char *rows[3];
            for (int j = 0; j < 3; ++j) { /* one that is not there has no weight */
                const int row = 2 * y + j < size.height ? 2 * y + j : size.height - 1;
                rows[j] = from + ((size_t)row * (size_t)size.width + (size_t)start_px * 2) * 4;
            }
            add_rows(&it, rows, taps_of(size.height, y));
            add_columns(&it, to + ((size_t)y * (size_t)half.width + (size_t)start_px) * 4);
        }
    }
}

bool pxe_picture_add_mips(pxe_picture *picture)
{
    extent size = {picture->pixmap.width, picture->pixmap.height};
    const size_t bytes = pxe_mips_bytes(size.width, size.height);
    unsigned char *levels = bytes == 0 ? NULL : malloc(bytes);
    if (levels == NULL) {
        return bytes == 0;
    }
    picture->pixmap.mip_pixels = levels;
    const unsigned char *from = picture->pixmap.pixels;
    while (size.width > 1 || size.height > 1) {
        (size.width % 2 == 0 && size.height % 2 == 0 ? halve : shrink)(from, size, levels);
        size = next_of(size);
        from = levels;
        levels += bytes_of(size);
    }
    return true;
}
