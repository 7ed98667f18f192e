/* Scales down with stb_image_resize; its only file. Alpha is premultiplied, so that colours of transparent pixels do
 * not bleed.
 *
 * The library filters every pixel as floats. So a picture is first halved by the mean of 2 x 2 pixels, which is what
 * a box filter does, for as long as it stays at least as large as wanted, and the library does the rest, a factor
 * below 2. Reading, decoding and scaling assets/ to 256 px takes 0.74 s instead of 1.69 s (the sum of load_ms in the
 * frame CSV of pixcache-viewer --headless --frames 300 --scroll 12, on the machine that measured both).
 */
#include "resize.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Version 0.97 asserts that the weights of a pixel sum up to about 1 before it normalises them, which fails for plain
 * cases such as 7 x 3 scaled down to 5. */
#define STBIR_ASSERT(condition) ((void)0)
#define STB_IMAGE_RESIZE_STATIC
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Wunused-function" /* half of what the header has is not called here */
#endif
#include <stb_image_resize.h>

static int scaled(int side_px, double factor)
{
    const int result = (int)lround(side_px * factor);
    return result < 1 ? 1 : result;
}

/* In place: each result lies at or before the pixels that it is made of. An odd last row or column stands alone. */
static void halve(unsigned char *pixels, int *width, int *height)
{
    const size_t row_bytes = (size_t)*width * 4;
    const int half_width = (*width + 1) / 2;
    const int half_height = (*height + 1) / 2;
    unsigned char *to = pixels;
    for (int y = 0; y < half_height; ++y) {
        const unsigned char *upper = pixels + row_bytes * (size_t)(2 * y);
        const unsigned char *lower = 2 * y + 1 < *height ? upper + row_bytes : upper;
        for (int x = 0; x < half_width; ++x) {
            const size_t left = (size_t)(2 * x) * 4;
            const size_t right = 2 * x + 1 < *width ? left + 4 : left;
            for (size_t c = 0; c < 4; ++c) {
                const int sum = upper[left + c] + upper[right + c] + lower[left + c] + lower[right + c];
                *to++ = (unsigned char)((sum + 2) / 4);
            }
        }
    }
    *width = half_width;
    *height = half_height;
}

static bool resample(const pxc_pixmap *from, unsigned char *pixels, int width, int height)
{
    return stbir_resize_uint8_generic(from->pixels, from->width, from->height, 0, pixels, width, height, 0, 4,
                                      3, STBIR_FLAG_ALPHA_PREMULTIPLIED, STBIR_EDGE_CLAMP,
                                      STBIR_FILTER_TRIANGLE, STBIR_COLORSPACE_LINEAR, NULL) != 0;
}

bool pxe_picture_scale_down(pxe_picture *picture, int fit_px)
{
    pxc_pixmap *pixmap = &picture->pixmap;
    const double factor = (double)fit_px / (pixmap->width > pixmap->height ? pixmap->width : pixmap->height);
    const int width = scaled(pixmap->width, factor);
    const int height = scaled(pixmap->height, factor);
    while (pixmap->width >= 2 * width && pixmap->height >= 2 * height) {
        halve((unsigned char *)pixmap->pixels, &pixmap->width, &pixmap->height);
    }
    const size_t size_bytes = (size_t)width * (size_t)height * 4;
    unsigned char *pixels = malloc(size_bytes);
    if (pixels == NULL) {
        return false;
    }
    if (pixmap->width == width && pixmap->height == height) {
        memcpy(pixels, pixmap->pixels, size_bytes); /* gives the rest of the full picture's memory back */
    } else if (!resample(pixmap, pixels, width, height)) {
        free(pixels);
        return false;
    }
    free((void *)pixmap->pixels);
    pixmap->pixels = pixels;
    pixmap->width = width;
    pixmap->height = height;
    return true;
}
