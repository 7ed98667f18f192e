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

size_t pxc_texture_cost(pxc_format format, int width, int height, bool mipmaps)
{
    if (!pxc_format_valid(format) || width < 1 || height < 1) {
        return 0;
    }
    const uint64_t texel_bytes = formats[format].stored_bytes;
    /* 4 x (2^31 - 1)^2 is just below 2^64: one level always fits, their sum may not. */
    uint64_t sum = texel_bytes * (uint64_t)width * (uint64_t)height;
    while (mipmaps && (width > 1 || height > 1)) {
        width = width > 1 ? width / 2 : 1;
        height = height > 1 ? height / 2 : 1;
        const uint64_t level_bytes = texel_bytes * (uint64_t)width * (uint64_t)height;
        if (level_bytes > UINT64_MAX - sum) {
            return 0;
        }
        sum += level_bytes;
    }
    return sum > SIZE_MAX ? 0 : (size_t)sum;
}

pxc_status pxc_pixmap_check(const pxc_pixmap *pixmap, pxc_pixmap *out)
{
    if (pixmap == NULL || pixmap->pixels == NULL || pixmap->width < 1 || pixmap->height < 1 ||
        !pxc_format_valid(pixmap->format)) {
        return PXC_ERR_ARGUMENT;
    }
    const int64_t row_bytes = (int64_t)pixmap->width * formats[pixmap->format].source_bytes;
    if (pixmap->stride == 0 && row_bytes > INT32_MAX) {
        return PXC_ERR_TOO_LARGE; /* no GPU has textures that wide, and no int holds the stride */
    }
    *out = *pixmap;
    out->stride = pixmap->stride == 0 ? (int)row_bytes : pixmap->stride;
    return out->stride < row_bytes ? PXC_ERR_ARGUMENT : PXC_OK;
}

uint64_t pxc_cost_of(const pxc_cache *cache, const pxc_pixmap *pixmap)
{
    const uint64_t exact = pxc_texture_cost(pixmap->format, pixmap->width, pixmap->height, pixmap->mipmaps);
    const uint64_t remainder = exact % cache->cost_granularity;
    const uint64_t padding = remainder == 0 ? 0 : cache->cost_granularity - remainder;
    return padding > SIZE_MAX - exact ? 0 : exact + padding;
}
