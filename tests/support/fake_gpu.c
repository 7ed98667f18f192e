/* The ledger is an array indexed by name. A deleted texture leaves its place empty, so a second deletion and the
 * deletion of a name that never was are both seen as "not alive". Foreign textures live in the same array, because
 * in OpenGL they share the names with the cache's. */
#include "fake_inside.h"

#include "fake_pixels.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

void fake_fault(fake_gpu *gpu, const char *text)
{
    if (gpu->faults++ == 0) {
        gpu->first_fault = text;
    }
}

void fake_check_thread(fake_gpu *gpu)
{
    if (!pthread_equal(gpu->thread, pthread_self())) {
        fake_fault(gpu, "called on another thread than open was");
    }
}

bool fake_is_alive(const fake_gpu *gpu, uint32_t name)
{
    return name > 0 && name < gpu->capacity && gpu->textures[name].alive;
}

static uint32_t take_name(fake_gpu *gpu)
{
    size_t name = gpu->reuse_names ? gpu->lowest_free : gpu->created + 1;
    while (name < gpu->capacity && gpu->textures[name].alive) {
        ++name;
    }
    if (name >= gpu->capacity) {
        const size_t capacity = name * 2 + 64;
        gpu->textures = realloc(gpu->textures, capacity * sizeof *gpu->textures);
        assert_non_null(gpu->textures);
        memset(gpu->textures + gpu->capacity, 0, (capacity - gpu->capacity) * sizeof *gpu->textures);
        gpu->capacity = capacity;
    }
    gpu->lowest_free = gpu->reuse_names ? name + 1 : 1;
    return (uint32_t)name;
}

static pxc_status gpu_open(const pxc_backend_setup *setup, void **out, int *max_size_px)
{
    fake_gpu *gpu = setup->user;
    if (gpu->open_status != PXC_OK) {
        return gpu->open_status;
    }
    if (!setup->alloc.malloc_fn || !setup->alloc.realloc_fn || !setup->alloc.free_fn) {
        fake_fault(gpu, "open was given an allocator with holes");
    }
    gpu->opens++;
    gpu->thread = pthread_self();
    *out = gpu;
    *max_size_px = gpu->max_size_px;
    return PXC_OK;
}

static void gpu_close(void *state)
{
    fake_gpu *gpu = state;
    fake_check_thread(gpu);
    if (++gpu->closes > gpu->opens) {
        fake_fault(gpu, "closed more often than opened");
    }
    if (gpu->preparing > 0) {
        fake_fault(gpu, "closed while a texture is being made elsewhere");
    }
}

void fake_check_pixmap(fake_gpu *gpu, const pxc_pixmap *pixmap)
{
    if (pixmap->width < 1 || pixmap->height < 1 || pixmap->width > gpu->max_size_px ||
        pixmap->height > gpu->max_size_px) {
        fake_fault(gpu, "a pixmap of a wrong size");
    } else if (pixmap->stride < 1 ||
               (size_t)pixmap->stride < fake_gpu_row_bytes(pixmap->format, pixmap->width)) {
        fake_fault(gpu, "a pixmap whose stride is not filled in");
    }
}

bool fake_is_due(uint64_t calls, uint64_t fail_at, uint64_t count)
{
    return fail_at > 0 && calls >= fail_at && calls - fail_at < count;
}

static void take_time(fake_gpu *gpu, size_t bytes, uint64_t us_per_kib)
{
    gpu->clock_rest += bytes * us_per_kib;
    gpu->clock_us += gpu->clock_rest / 1024;
    gpu->clock_rest %= 1024;
}

void fake_take_time_to_make(fake_gpu *gpu, const pxc_pixmap *pixmap)
{
    gpu->last_made_us = gpu->clock_us;
    take_time(gpu, fake_pixels_video_bytes(pixmap), gpu->make_us_per_kib);
}

void fake_count_upload(fake_gpu *gpu, size_t bytes)
{
    gpu->bytes_uploaded += bytes;
    take_time(gpu, bytes, gpu->us_per_kib);
}

pxc_status fake_make_texture(fake_gpu *gpu, const pxc_pixmap *pixmap, uint32_t *name)
{
    const size_t bytes = fake_pixels_video_bytes(pixmap);
    if (bytes > gpu->memory_bytes || gpu->bytes > gpu->memory_bytes - bytes) {
        return PXC_ERR_MEMORY;
    }
    *name = take_name(gpu);
    gpu->textures[*name] = (fake_texture){
        .alive = true,
        .mipmaps = pixmap->mipmaps,
        .width = pixmap->width,
        .height = pixmap->height,
        .format = pixmap->format,
        .bytes = bytes,
    };
    gpu->created++;
    gpu->bytes += bytes;
    if (++gpu->alive > gpu->peak_alive) {
        gpu->peak_alive = gpu->alive;
    }
    return PXC_OK;
}

static pxc_status gpu_create_texture(void *state, const pxc_pixmap *pixmap, uint32_t *name)
{
    fake_gpu *gpu = state;
    gpu->create_calls++;
    fake_check_thread(gpu);
    fake_check_pixmap(gpu, pixmap);
    if (fake_is_due(gpu->create_calls, gpu->fail_create_at, gpu->fail_creates)) {
        return gpu->fail_status;
    }
    const pxc_status status = fake_make_texture(gpu, pixmap, name);
    if (status == PXC_OK) {
        gpu->textures[*name].checksum = fake_gpu_checksum(pixmap);
        fake_take_time_to_make(gpu, pixmap);
        fake_count_upload(gpu, fake_pixels_source_bytes(pixmap));
    }
    return status;
}

static void delete_one(fake_gpu *gpu, uint32_t name)
{
    if (!fake_is_alive(gpu, name)) {
        fake_fault(gpu, "deleted a texture twice, or one that never was");
        return;
    }
    if (gpu->textures[name].foreign) {
        fake_fault(gpu, "deleted somebody else's texture");
        return;
    }
    gpu->textures[name].alive = false;
    fake_forget_rows(&gpu->textures[name]);
    gpu->bytes -= gpu->textures[name].bytes;
    gpu->alive--;
    gpu->deleted++;
    if (gpu->reuse_names && name < gpu->lowest_free) {
        gpu->lowest_free = name;
    }
}

static void gpu_delete_textures(void *state, const uint32_t *names, size_t count)
{
    fake_gpu *gpu = state;
    fake_check_thread(gpu);
    if (count == 0) {
        fake_fault(gpu, "an empty batch of deletions");
    }
    gpu->delete_batches++;
    gpu->last_batch = count;
    for (size_t i = 0; i < count; ++i) {
        delete_one(gpu, names[i]);
    }
}

static void gpu_context_lost(void *state)
{
    fake_gpu *gpu = state;
    fake_check_thread(gpu);
    gpu->context_losses++;
    if (gpu->preparing > 0) {
        fake_fault(gpu, "told of a loss while a texture is being made elsewhere");
    }
    for (size_t name = 1; name < gpu->capacity; ++name) {
        if (gpu->textures[name].alive && !gpu->textures[name].foreign) {
            gpu->lost++;
        }
        gpu->textures[name].alive = false;
        fake_forget_rows(&gpu->textures[name]);
    }
    gpu->alive = 0;
    gpu->bytes = 0;
    gpu->lowest_free = 1;
}

void fake_gpu_init(fake_gpu *gpu)
{
    *gpu = (fake_gpu){
        .backend = {.user = gpu,
                    .open = gpu_open,
                    .close = gpu_close,
                    .create_texture = gpu_create_texture,
                    .delete_textures = gpu_delete_textures,
                    .context_lost = gpu_context_lost,
                    .begin_texture = fake_begin_texture,
                    .upload_rows = fake_upload_rows,
                    .finish_texture = fake_finish_texture},
        .lowest_free = 1,
        .max_size_px = 16384,
        .memory_bytes = SIZE_MAX,
        .fail_creates = 1,
        .fail_status = PXC_ERR_GPU,
        .open_status = PXC_OK,
        .reuse_names = true,
        .fail_bands = 1,
        .band_status = PXC_ERR_GPU,
        .fail_preparations = 1,
        .prepare_status = PXC_ERR_GPU,
        .fail_parts = 1,
        .part_status = PXC_ERR_GPU,
    };
}

void fake_gpu_free(fake_gpu *gpu)
{
    for (size_t name = 0; name < gpu->capacity; ++name) {
        fake_forget_rows(&gpu->textures[name]);
    }
    free(gpu->textures);
    free(gpu->preparations);
    gpu->textures = NULL;
    gpu->preparations = NULL;
    gpu->capacity = 0;
}

void fake_gpu_fail_next(fake_gpu *gpu, pxc_status status, uint64_t count)
{
    gpu->fail_create_at = gpu->create_calls + 1;
    gpu->fail_creates = count;
    gpu->fail_status = status;
}

void fake_gpu_no_bands(fake_gpu *gpu)
{
    gpu->backend.begin_texture = NULL;
    gpu->backend.upload_rows = NULL;
    gpu->backend.finish_texture = NULL;
}

uint64_t fake_gpu_now_us(void *gpu)
{
    return ((fake_gpu *)gpu)->clock_us;
}

uint32_t fake_gpu_make_foreign(fake_gpu *gpu)
{
    const uint32_t name = take_name(gpu);
    gpu->textures[name] = (fake_texture){.alive = true, .foreign = true};
    return name;
}

const fake_texture *fake_gpu_texture(const fake_gpu *gpu, uint32_t name)
{
    return fake_is_alive(gpu, name) && gpu->textures[name].row_sums == NULL ? &gpu->textures[name] : NULL;
}

size_t fake_gpu_partial_count(const fake_gpu *gpu)
{
    size_t count = 0;
    for (uint32_t name = 1; name < gpu->capacity; ++name) {
        count += fake_is_alive(gpu, name) && gpu->textures[name].row_sums != NULL;
    }
    return count;
}

void fake_gpu_assert_clean(const fake_gpu *gpu)
{
    if (gpu->faults > 0) {
        fail_msg("%llu faults, the first: %s", (unsigned long long)gpu->faults, gpu->first_fault);
    }
    assert_int_equal(gpu->opens, gpu->closes);
    assert_int_equal(gpu->preparing, 0);
    assert_int_equal(gpu->alive, 0);
    assert_int_equal(gpu->bytes, 0);
    assert_int_equal(gpu->created, gpu->deleted + gpu->lost);
}
