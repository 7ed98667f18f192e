/* Scales down with stb_image_resize; its only file. Alpha is premultiplied, so that colours of transparent pixels do
 * not bleed. */
#include "resize.h"

#include <math.h>
#include <stdlib.h>

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

bool pxe_picture_scale_down(pxe_picture *picture, int fit_px)
{
    const pxc_pixmap *from = &picture->pixmap;
    const double factor = (double)fit_px / (from->width > from->height ? from->width : from->height);
    pxc_pixmap to = *from;
    to.width = scaled(from->width, factor);
    to.height = scaled(from->height, factor);
    unsigned char *pixels = malloc((size_t)to.width * (size_t)to.height * 4);
    if (pixels == NULL ||
        !stbir_resize_uint8_generic(from->pixels, from->width, from->height, 0, pixels, to.width, to.height,
                                    0, 4, 3, STBIR_FLAG_ALPHA_PREMULTIPLIED, STBIR_EDGE_CLAMP,
                                    STBIR_FILTER_TRIANGLE, STBIR_COLORSPACE_LINEAR, NULL)) {
        free(pixels);
        return false;
    }
    to.pixels = pixels;
    free((void *)from->pixels);
    picture->pixmap = to;
    return true;
}
