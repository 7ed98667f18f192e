/* Pages of the fake GPU: textures that were begun and are filled part by part, texel for texel. What was never written is
 * 0xCD. */
#include "fake_inside.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static bool is_outside(const fake_texture *t, int x, int y, int width, int height)
{
    return x < 0 || y < 0 || width < 1 || height < 1 || x > t->width - width || y > t->height - height;
}

/* The page with that rectangle, or NULL and a fault. */
static fake_texture *page_with(fake_gpu *gpu, uint32_t name, const int rect[4])
{
    fake_check_thread(gpu);
    fake_texture *t = fake_is_alive(gpu, name) ? &gpu->textures[name] : NULL;
    if (t == NULL || t->row_sums == NULL || t->foreign || t->mipmaps) {
        fake_fault(gpu, "a part of what is no page");
        return NULL;
    }
    if (is_outside(t, rect[0], rect[1], rect[2], rect[3])) {
        fake_fault(gpu, "a part that lies outside of its page");
        return NULL;
    }
    if (t->texels == NULL) {
        t->texels = malloc((size_t)t->width * (size_t)t->height * 4);
        assert_non_null(t->texels);
        memset(t->texels, 0xCD, (size_t)t->width * (size_t)t->height * 4);
    }
    return t;
}

static uint8_t *texel_of(const fake_texture *t, int x, int y)
{
    return t->texels + ((size_t)y * (size_t)t->width + (size_t)x) * 4;
}

const uint8_t *fake_gpu_texel(const fake_gpu *gpu, uint32_t name, int x, int y)
{
    const fake_texture *t = fake_is_alive(gpu, name) ? &gpu->textures[name] : NULL;
    return t != NULL && t->texels != NULL && !is_outside(t, x, y, 1, 1) ? texel_of(t, x, y) : NULL;
}

void fake_gpu_pixel(const pxc_pixmap *pixmap, int x, int y, uint8_t out[4])
{
    const size_t stride =
        pixmap->stride != 0 ? (size_t)pixmap->stride : fake_gpu_row_bytes(pixmap->format, pixmap->width);
    const size_t pixel_bytes = fake_gpu_row_bytes(pixmap->format, 1);
    const uint8_t *pixel = (const uint8_t *)pixmap->pixels + (size_t)y * stride + (size_t)x * pixel_bytes;
    memset(out, 0, 4);
    memcpy(out, pixel, pixel_bytes);
    if (pixmap->format == PXC_BGRA8) {
        out[0] = pixel[2];
        out[2] = pixel[0];
    } else if (pixmap->format == PXC_RGB8) {
        out[3] = 255;
    }
}

static size_t stored_bytes(pxc_format format)
{
    return pxc_texture_cost(format, 1, 1, false);
}

static pxc_status fill_part(void *state, const pxc_pixmap *pixmap, uint32_t name, int x, int y)
{
    fake_gpu *gpu = state;
    gpu->fill_calls++;
    fake_check_pixmap(gpu, pixmap);
    const fake_texture *t = page_with(gpu, name, (const int[4]){x, y, pixmap->width, pixmap->height});
    if (t == NULL) {
        return PXC_ERR_GPU;
    }
    if (fake_is_due(gpu->fill_calls, gpu->fail_fill_at, gpu->fail_parts)) {
        return gpu->part_status;
    }
    if (stored_bytes(t->format) != stored_bytes(pixmap->format)) {
        fake_fault(gpu, "a part of another format than its page");
    }
    for (int row = 0; row < pixmap->height; ++row) {
        for (int column = 0; column < pixmap->width; ++column) {
            fake_gpu_pixel(pixmap, column, row, texel_of(t, x + column, y + row));
        }
    }
    fake_count_upload(gpu, fake_gpu_row_bytes(pixmap->format, pixmap->width) * (size_t)pixmap->height);
    return PXC_OK;
}

static pxc_status copy_part(void *state, const pxc_copy *copy)
{
    fake_gpu *gpu = state;
    gpu->copy_calls++;
    const fake_texture *from =
        page_with(gpu, copy->from, (const int[4]){copy->from_x, copy->from_y, copy->width, copy->height});
    const fake_texture *to =
        page_with(gpu, copy->to, (const int[4]){copy->to_x, copy->to_y, copy->width, copy->height});
    if (from == NULL || to == NULL) {
        return PXC_ERR_GPU;
    }
    if (fake_is_due(gpu->copy_calls, gpu->fail_copy_at, gpu->fail_parts)) {
        return gpu->part_status;
    }
    if (from == to || from->format != to->format || stored_bytes(copy->format) != stored_bytes(to->format)) {
        fake_fault(gpu, "a copy within a texture, or to another format");
    }
    for (int row = 0; row < copy->height; ++row) {
        memcpy(texel_of(to, copy->to_x, copy->to_y + row), texel_of(from, copy->from_x, copy->from_y + row),
               (size_t)copy->width * 4);
    }
    return PXC_OK;
}

void fake_gpu_packs(fake_gpu *gpu)
{
    gpu->backend.fill_part = fill_part;
    gpu->backend.copy_part = copy_part;
}
