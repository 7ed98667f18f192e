/* Pixmaps of every kind by the input, right and wrong ones. */
#include "driven.h"

#include <limits.h>

#define GAP_BYTES 5

/* Pixmaps end where this block ends, so that a sanitizer sees an over-read. */
static unsigned char pixels[DRIVEN_MAX_SIDE * (DRIVEN_MAX_SIDE * 4 + GAP_BYTES)];

static size_t texture_bytes(const pxc_pixmap *pixmap)
{
    const size_t pixel_bytes = pixmap->format == PXC_RGB8 ? 4 : fake_gpu_row_bytes(pixmap->format, 1);
    size_t width = (size_t)pixmap->width;
    size_t height = (size_t)pixmap->height;
    size_t sum = width * height * pixel_bytes;
    while (pixmap->mipmaps && width * height > 1) {
        width = width > 1 ? width / 2 : 1;
        height = height > 1 ? height / 2 : 1;
        sum += width * height * pixel_bytes;
    }
    return sum;
}

/* 0 if no size_t holds it. */
static size_t rounded_up(size_t bytes, size_t granularity)
{
    if (granularity < 2) {
        return bytes;
    }
    const size_t pieces = (bytes - 1) / granularity + 1;
    return pieces > SIZE_MAX / granularity ? 0 : pieces * granularity;
}

static void spoil(driven_upload *u, unsigned how)
{
    pxc_pixmap *pixmap = &u->pixmap;
    u->shape_status = how < 8 ? PXC_ERR_ARGUMENT : PXC_ERR_TOO_LARGE;
    switch (how) {
    case 0:
        u->given = NULL;
        break;
    case 1:
        pixmap->pixels = NULL;
        break;
    case 2:
        pixmap->width = 0;
        break;
    case 3:
        pixmap->height = -1;
        break;
    case 4:
        pixmap->format = (pxc_format)7;
        break;
    case 5:
        pixmap->format = (pxc_format)INT_MAX;
        break;
    case 6:
        pixmap->stride = INT_MIN;
        break;
    case 7:
        pixmap->stride = (int)fake_gpu_row_bytes(pixmap->format, pixmap->width) - 1;
        u->shape_status = pixmap->stride == 0 ? PXC_OK : PXC_ERR_ARGUMENT; /* 0 = no gap */
        break;
    case 8:
        pixmap->width = DRIVEN_MAX_SIDE + 1;
        pixmap->stride = 0;
        break;
    case 9:
        pixmap->height = DRIVEN_MAX_SIDE + 1;
        break;
    case 10:
        pixmap->width = pixmap->height = INT_MAX;
        pixmap->stride = 0;
        break;
    default:
        u->shape_status = PXC_OK;
    }
}

void driven_read_upload(driven *d, driven_upload *u, unsigned most_rows)
{
    static unsigned char changing;
    const unsigned kind = driven_byte(d->in);
    const unsigned width = driven_byte(d->in);
    *u = (driven_upload){.given = &u->pixmap};
    u->pixmap = (pxc_pixmap){.width = 1 + (int)(width % 40),
                             .height = (kind & 0x30) == 0x30 ? 1 + (int)(driven_byte(d->in) % most_rows) : 1,
                             .format = (pxc_format)((kind & 7) % 7),
                             .mipmaps = (kind & 8) != 0};
    if (width > 250) {
        u->pixmap.width = u->pixmap.height = DRIVEN_MAX_SIDE;
    }
    const size_t row_bytes = fake_gpu_row_bytes(u->pixmap.format, u->pixmap.width);
    size_t bytes = row_bytes * (size_t)u->pixmap.height;
    if ((kind & 0x30) == 0x20) {
        u->pixmap.stride = (int)row_bytes + GAP_BYTES;
        bytes += GAP_BYTES * ((size_t)u->pixmap.height - 1);
    }
    unsigned char *first = pixels + sizeof pixels - bytes;
    *first = ++changing;
    u->pixmap.pixels = first;
    u->image = (model_image){.width = u->pixmap.width,
                             .height = u->pixmap.height,
                             .format = u->pixmap.format,
                             .gpu_bytes = texture_bytes(&u->pixmap),
                             .upload_bytes = row_bytes * (size_t)u->pixmap.height,
                             .checksum = fake_gpu_checksum(&u->pixmap)};
    u->image.cost = rounded_up(u->image.gpu_bytes, d->config.cost_granularity);
    assert_int_equal(pxc_texture_cost(u->image.format, u->image.width, u->image.height, u->pixmap.mipmaps),
                     u->image.gpu_bytes);
    if ((kind & 0xC0) == 0xC0) {
        spoil(u, driven_byte(d->in) % 32);
    }
}

void driven_read_pixel(const driven *d, driven_upload *u)
{
    *u = (driven_upload){.given = &u->pixmap};
    u->pixmap = (pxc_pixmap){.pixels = pixels, .width = 1, .height = 1, .format = PXC_R8};
    u->image = (model_image){.width = 1, .height = 1, .format = PXC_R8, .gpu_bytes = 1, .upload_bytes = 1};
    u->image.cost = rounded_up(1, d->config.cost_granularity);
    u->image.checksum = fake_gpu_checksum(&u->pixmap);
}
