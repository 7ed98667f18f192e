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

uint64_t fake_gpu_checksum(const pxc_pixmap *pixmap)
{
    uint64_t sum = FAKE_PIXELS_FIRST_SUM;
    for (int y = 0; y < pixmap->height; ++y) {
        sum = fake_pixels_mix(sum, fake_pixels_row_sum(pixmap, y));
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
