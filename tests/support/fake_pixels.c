/* A checksum is made of sums of rows, so that bands give the same in any order. Video memory is counted plainly,
 * without the library's help. */
#include "fake_pixels.h"

#include "fake_gpu.h"

size_t fake_gpu_row_bytes(pxc_format format, int width)
{
    static const size_t pixel_bytes[] = {
        [PXC_RGBA8] = 4, [PXC_BGRA8] = 4,  [PXC_RGB8] = 3,  [PXC_RG8] = 2,
        [PXC_R8] = 1,    [PXC_RGB565] = 2, [PXC_RGBA4] = 2,
    };
    return pixel_bytes[format] * (size_t)width;
}

uint64_t fake_pixels_mix(uint64_t sum, uint64_t value)
{
    return (sum ^ value) * 1099511628211u;
}

uint64_t fake_pixels_row_sum(const pxc_pixmap *pixmap, int y)
{
    const size_t row_bytes = fake_gpu_row_bytes(pixmap->format, pixmap->width);
    const size_t stride = pixmap->stride > 0 ? (size_t)pixmap->stride : row_bytes;
    const unsigned char *row = (const unsigned char *)pixmap->pixels + stride * (size_t)y;
    uint64_t sum = FAKE_PIXELS_FIRST_SUM;
    for (size_t i = 0; i < row_bytes; ++i) {
        sum = fake_pixels_mix(sum, row[i]);
    }
    return sum == 0 ? 1 : sum;
}

static int half_px(int size_px)
{
    return size_px > 1 ? size_px / 2 : 1;
}

int fake_pixels_level_count(const pxc_pixmap *pixmap)
{
    int width = pixmap->width;
    int height = pixmap->height;
    int count = 1;
    while (pixmap->mipmaps && pixmap->mip_pixels != NULL && (width > 1 || height > 1)) {
        width = half_px(width);
        height = half_px(height);
        ++count;
    }
    return count;
}

pxc_pixmap fake_pixels_level(const pxc_pixmap *pixmap, int level)
{
    const unsigned char *next = pixmap->mip_pixels;
    pxc_pixmap at = *pixmap;
    for (int i = 0; i < level; ++i) {
        at.width = half_px(at.width);
        at.height = half_px(at.height);
        at.stride = (int)fake_gpu_row_bytes(at.format, at.width);
        at.pixels = next;
        next += (size_t)at.stride * (size_t)at.height;
    }
    return at;
}

size_t fake_pixels_source_bytes(const pxc_pixmap *pixmap)
{
    size_t sum = 0;
    for (int level = 0; level < fake_pixels_level_count(pixmap); ++level) {
        const pxc_pixmap at = fake_pixels_level(pixmap, level);
        sum += fake_gpu_row_bytes(at.format, at.width) * (size_t)at.height;
    }
    return sum;
}

uint64_t fake_gpu_checksum(const pxc_pixmap *pixmap)
{
    uint64_t sum = FAKE_PIXELS_FIRST_SUM;
    for (int level = 0; level < fake_pixels_level_count(pixmap); ++level) {
        const pxc_pixmap at = fake_pixels_level(pixmap, level);
        for (int y = 0; y < at.height; ++y) {
            sum = fake_pixels_mix(sum, fake_pixels_row_sum(&at, y));
        }
    }
    return sum;
}

size_t fake_pixels_video_bytes(const pxc_pixmap *pixmap)
{
    const size_t pixel_bytes = pixmap->format == PXC_RGB8 ? 4 : fake_gpu_row_bytes(pixmap->format, 1);
    size_t width = (size_t)pixmap->width;
    size_t height = (size_t)pixmap->height;
    size_t sum = width * height * pixel_bytes;
    while (pixmap->mipmaps && (width > 1 || height > 1)) {
        width = width > 1 ? width / 2 : 1;
        height = height > 1 ? height / 2 : 1;
        sum += width * height * pixel_bytes;
    }
    return sum;
}
