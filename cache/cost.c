/* Formats and what a texture costs: exact bytes of video memory, in 64 bits, with no sum that can overflow. */
#include "cache.h"

typedef struct format_info {
    uint8_t source_bytes; /* a pixel in the pixmap */
    uint8_t stored_bytes; /* a pixel in the texture */
} format_info;

/* GPUs have no 3-byte texels: drivers store such textures with 4, so the cache does it openly and counts 4. */
static const format_info formats[] = {
    [PXC_RGBA8] = {4, 4}, [PXC_BGRA8] = {4, 4},  [PXC_RGB8] = {3, 4},  [PXC_RG8] = {2, 2},
    [PXC_R8] = {1, 1},    [PXC_RGB565] = {2, 2}, [PXC_RGBA4] = {2, 2},
};

bool pxc_format_valid(pxc_format format)
{
    return (unsigned)format < sizeof formats / sizeof *formats;
}

int pxc_format_source_bytes(pxc_format format)
{
    return formats[format].source_bytes;
}

uint64_t pxc_row_bytes(const pxc_pixmap *pixmap)
{
    return (uint64_t)pixmap->width * formats[pixmap->format].source_bytes;
}

/* Source: OpenGL 3.3 core specification, section 3.8.14. */
int pxc_level_px(int size_px, int level)
{
    const int result = size_px >> level; /* an int has no level above 30 */
    return result > 1 ? result : 1;
}

pxc_pixmap pxc_pixmap_level(const pxc_pixmap *pixmap, int level)
{
    const int pixel_bytes = formats[pixmap->format].source_bytes;
    pxc_pixmap at = *pixmap;
    for (const char *pixels = pixmap->mip_pixels;
         at.width > pxc_level_px(pixmap->width, level) || at.height > pxc_level_px(pixmap->height, level);) {
        at.width = pxc_level_px(at.width, 1);
        at.height = pxc_level_px(at.height, 1);
        at.stride = at.width * pixel_bytes;
        at.pixels = pixels;
        pixels += (size_t)at.stride * (size_t)at.height;
    }
    return at;
}

int pxc_level_count(const pxc_pixmap *pixmap)
{
    int levels = 1;
    int size_px = pixmap->width > pixmap->height ? pixmap->width : pixmap->height;
    for (; pixmap->mipmaps && size_px > 1; size_px /= 2) {
        ++levels;
    }
    return levels;
}

/* The sum over the levels below the first, added to it; 0 if it passes 64 bits. */
PXC_RARE static uint64_t add_levels(uint64_t sum, uint64_t texel_bytes, int width, int height)
{
    while (width > 1 || height > 1) {
        width = width > 1 ? width / 2 : 1;
        height = height > 1 ? height / 2 : 1;
        const uint64_t level_bytes = texel_bytes * (uint64_t)width * (uint64_t)height;
        if (level_bytes > UINT64_MAX - sum) {
            return 0;
        }
        sum += level_bytes;
    }
    return sum;
}

/* Of a valid format and size; 0 if past size_t. */
static uint64_t exact_cost(pxc_format format, int width, int height, bool mipmaps)
{
    const uint64_t texel_bytes = formats[format].stored_bytes;
    /* 4 x (2^31 - 1)^2 is just below 2^64: one level always fits, their sum may not. */
    uint64_t sum = texel_bytes * (uint64_t)width * (uint64_t)height;
    if (mipmaps) {
        sum = add_levels(sum, texel_bytes, width, height);
    }
    return sum > SIZE_MAX ? 0 : sum;
}

size_t pxc_texture_cost(pxc_format format, int width, int height, bool mipmaps)
{
    if (!pxc_format_valid(format) || width < 1 || height < 1) {
        return 0;
    }
    return (size_t)exact_cost(format, width, height, mipmaps);
}

/* Rounded up to the granularity; 0 if past size_t. */
static uint64_t rounded(uint64_t exact, uint64_t granularity)
{
    if (granularity == 1) {
        return exact; /* the division below takes as long as the rest of an insert's checks */
    }
    const uint64_t remainder = exact % granularity;
    const uint64_t padding = remainder == 0 ? 0 : granularity - remainder;
    return padding > SIZE_MAX - exact ? 0 : exact + padding;
}

uint64_t pxc_cost(const pxc_cache *cache, pxc_format format, int width, int height, bool mipmaps)
{
    return rounded(exact_cost(format, width, height, mipmaps), cache->cost_granularity);
}

pxc_status pxc_pixmap_measure(const pxc_cache *cache, const pxc_pixmap *given, pxc_measured *out)
{
    if (given == NULL || given->pixels == NULL || !pxc_format_valid(given->format)) {
        return PXC_ERR_ARGUMENT;
    }
    /* In variables, because the compiler must otherwise take each store to out for a change of given. */
    const int width = given->width;
    const int height = given->height;
    const bool mipmaps = given->mipmaps;
    const pxc_format format = given->format;
    int stride = given->stride;
    if (width < 1 || height < 1) {
        return PXC_ERR_ARGUMENT;
    }
    const int64_t row_bytes = (int64_t)width * formats[format].source_bytes;
    if (stride == 0) {
        if (row_bytes > INT32_MAX) {
            return PXC_ERR_TOO_LARGE; /* no GPU has textures that wide, and no int holds the stride */
        }
        stride = (int)row_bytes;
    }
    if (stride < row_bytes) {
        return PXC_ERR_ARGUMENT;
    }
    const void *mip_pixels = mipmaps ? given->mip_pixels : NULL;
    out->pixmap = (pxc_pixmap){given->pixels, width, height, stride, format, mipmaps, mip_pixels};
    out->source_bytes = (uint64_t)row_bytes * (uint64_t)height;
    if (mip_pixels != NULL) { /* of a size that no memory holds, it is no longer a sum that counts */
        out->source_bytes = add_levels(out->source_bytes, formats[format].source_bytes, width, height);
    }
    out->cost_bytes = pxc_cost(cache, format, width, height, mipmaps);
    return PXC_OK;
}
