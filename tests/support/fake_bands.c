/* Textures that the fake GPU is given in bands of rows: each row of each level exactly once, level after level. */
#include "fake_inside.h"

#include "fake_pixels.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

/* Rows of the levels before that one. */
static size_t rows_before(const pxc_pixmap *pixmap, int level)
{
    size_t rows = 0;
    for (int i = 0; i < level; ++i) {
        rows += (size_t)fake_pixels_level(pixmap, i).height;
    }
    return rows;
}

static bool has_rows(const fake_texture *t, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        if (t->row_sums[i] == 0) {
            return false;
        }
    }
    return true;
}

void fake_await_rows(fake_texture *t, const pxc_pixmap *pixmap)
{
    t->begun = *pixmap;
    t->row_sums = calloc(rows_before(pixmap, fake_pixels_level_count(pixmap)), sizeof(uint64_t));
    assert_non_null(t->row_sums);
}

void fake_forget_rows(fake_texture *t)
{
    free(t->row_sums);
    free(t->texels);
    t->row_sums = NULL;
    t->texels = NULL;
}

pxc_status fake_begin_texture(void *state, const pxc_pixmap *pixmap, uint32_t *name)
{
    fake_gpu *gpu = state;
    gpu->begin_calls++;
    fake_check_thread(gpu);
    fake_check_pixmap(gpu, pixmap);
    if (fake_is_due(gpu->begin_calls, gpu->fail_begin_at, gpu->fail_bands)) {
        return gpu->band_status;
    }
    const pxc_status status = fake_make_texture(gpu, pixmap, name);
    if (status == PXC_OK) {
        fake_take_time_to_make(gpu, pixmap);
        fake_await_rows(&gpu->textures[*name], pixmap);
    }
    return status;
}

static bool is_same_shape(const pxc_pixmap *a, const pxc_pixmap *b)
{
    return a->width == b->width && a->height == b->height && a->format == b->format &&
           a->mipmaps == b->mipmaps;
}

/* The texture that is being filled with that level, or NULL and a fault. */
static fake_texture *partial_texture(fake_gpu *gpu, const pxc_pixmap *pixmap, uint32_t name, int level)
{
    fake_check_thread(gpu);
    fake_check_pixmap(gpu, pixmap);
    fake_texture *t = fake_is_alive(gpu, name) ? &gpu->textures[name] : NULL;
    if (t == NULL || t->row_sums == NULL) {
        fake_fault(gpu, "a texture that was not begun, or is finished");
        return NULL;
    }
    if (level < 0 || level >= fake_pixels_level_count(&t->begun)) {
        fake_fault(gpu, "a level that the pixmap does not have");
        return NULL;
    }
    const pxc_pixmap expected = fake_pixels_level(&t->begun, level);
    if (!is_same_shape(pixmap, &expected) || (level > 0 && pixmap->pixels != expected.pixels)) {
        fake_fault(gpu, "another pixmap than the texture was begun for");
        return NULL;
    }
    return t;
}

pxc_status fake_upload_rows(void *state, const pxc_pixmap *level, uint32_t name, const pxc_band *band)
{
    fake_gpu *gpu = state;
    gpu->row_calls++;
    const fake_texture *t = partial_texture(gpu, level, name, band->level);
    if (t == NULL) {
        return PXC_ERR_GPU;
    }
    if (band->first_row < 0 || band->row_count < 1 || band->first_row >= level->height ||
        band->row_count > level->height - band->first_row) {
        fake_fault(gpu, "rows that the pixmap does not have, or none");
        return PXC_ERR_GPU;
    }
    if (fake_is_due(gpu->row_calls, gpu->fail_rows_at, gpu->fail_bands)) {
        return gpu->band_status;
    }
    const size_t before = rows_before(&t->begun, band->level);
    if (!has_rows(t, before)) {
        fake_fault(gpu, "a level before all rows of the one above it are up");
    }
    for (int y = band->first_row; y < band->first_row + band->row_count; ++y) {
        if (t->row_sums[before + (size_t)y] != 0) {
            fake_fault(gpu, "a row that was uploaded twice");
        }
        t->row_sums[before + (size_t)y] = fake_pixels_row_sum(level, y);
    }
    gpu->rows_uploaded += (uint64_t)band->row_count;
    fake_count_upload(gpu, fake_gpu_row_bytes(level->format, level->width) * (size_t)band->row_count);
    return PXC_OK;
}

pxc_status fake_finish_texture(void *state, const pxc_pixmap *pixmap, uint32_t name)
{
    fake_gpu *gpu = state;
    gpu->finish_calls++;
    fake_texture *t = partial_texture(gpu, pixmap, name, 0);
    if (t == NULL) {
        return PXC_ERR_GPU;
    }
    if (fake_is_due(gpu->finish_calls, gpu->fail_finish_at, gpu->fail_bands)) {
        return gpu->band_status;
    }
    const size_t rows = rows_before(pixmap, fake_pixels_level_count(pixmap));
    if (!has_rows(t, rows)) {
        fake_fault(gpu, "finished with rows missing");
    }
    t->checksum = FAKE_PIXELS_FIRST_SUM;
    for (size_t i = 0; i < rows; ++i) {
        t->checksum = fake_pixels_mix(t->checksum, t->row_sums[i]);
    }
    fake_forget_rows(t);
    return PXC_OK;
}
