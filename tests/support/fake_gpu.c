/* The ledger is an array indexed by name. A deleted texture leaves its place empty, so a second deletion and the
 * deletion of a name that never was are both seen as "not alive". Foreign textures live in the same array, because
 * in OpenGL they share the names with the cache's. */
#include "fake_gpu.h"

#include "fake_pixels.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void fault(fake_gpu *gpu, const char *text)
{
    if (gpu->faults++ == 0) {
        gpu->first_fault = text;
    }
}

static void check_thread(fake_gpu *gpu)
{
    if (!pthread_equal(gpu->thread, pthread_self())) {
        fault(gpu, "called on another thread than open was");
    }
}

static void forget_rows(fake_texture *t)
{
    free(t->row_sums);
    t->row_sums = NULL;
}

static bool is_alive(const fake_gpu *gpu, uint32_t name)
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
        fault(gpu, "open was given an allocator with holes");
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
    check_thread(gpu);
    if (++gpu->closes > gpu->opens) {
        fault(gpu, "closed more often than opened");
    }
}

static void check_pixmap(fake_gpu *gpu, const pxc_pixmap *pixmap)
{
    if (pixmap->width < 1 || pixmap->height < 1 || pixmap->width > gpu->max_size_px ||
        pixmap->height > gpu->max_size_px) {
        fault(gpu, "a pixmap of a wrong size");
    } else if (pixmap->stride < 1 ||
               (size_t)pixmap->stride < fake_gpu_row_bytes(pixmap->format, pixmap->width)) {
        fault(gpu, "a pixmap whose stride is not filled in");
    }
}

static bool is_due(uint64_t calls, uint64_t fail_at, uint64_t count)
{
    return fail_at > 0 && calls >= fail_at && calls - fail_at < count;
}

static void count_upload(fake_gpu *gpu, const pxc_pixmap *pixmap, int rows)
{
    const size_t bytes = fake_gpu_row_bytes(pixmap->format, pixmap->width) * (size_t)rows;
    gpu->bytes_uploaded += bytes;
    gpu->clock_rest += bytes * gpu->us_per_kib;
    gpu->clock_us += gpu->clock_rest / 1024;
    gpu->clock_rest %= 1024;
}

/* A texture without contents. */
static pxc_status make_texture(fake_gpu *gpu, const pxc_pixmap *pixmap, uint32_t *name)
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
    check_thread(gpu);
    check_pixmap(gpu, pixmap);
    if (is_due(gpu->create_calls, gpu->fail_create_at, gpu->fail_creates)) {
        return gpu->fail_status;
    }
    const pxc_status status = make_texture(gpu, pixmap, name);
    if (status == PXC_OK) {
        gpu->textures[*name].checksum = fake_gpu_checksum(pixmap);
        count_upload(gpu, pixmap, pixmap->height);
    }
    return status;
}

static pxc_status gpu_begin_texture(void *state, const pxc_pixmap *pixmap, uint32_t *name)
{
    fake_gpu *gpu = state;
    gpu->begin_calls++;
    check_thread(gpu);
    check_pixmap(gpu, pixmap);
    if (is_due(gpu->begin_calls, gpu->fail_begin_at, gpu->fail_bands)) {
        return gpu->band_status;
    }
    const pxc_status status = make_texture(gpu, pixmap, name);
    if (status == PXC_OK) {
        gpu->textures[*name].row_sums = calloc((size_t)pixmap->height, sizeof(uint64_t));
        assert_non_null(gpu->textures[*name].row_sums);
    }
    return status;
}

/* The texture that is being filled from that pixmap, or NULL and a fault. */
static fake_texture *partial_texture(fake_gpu *gpu, const pxc_pixmap *pixmap, uint32_t name)
{
    check_thread(gpu);
    check_pixmap(gpu, pixmap);
    fake_texture *t = is_alive(gpu, name) ? &gpu->textures[name] : NULL;
    if (t == NULL || t->row_sums == NULL) {
        fault(gpu, "a texture that was not begun, or is finished");
        return NULL;
    }
    if (t->width != pixmap->width || t->height != pixmap->height || t->format != pixmap->format ||
        t->mipmaps != pixmap->mipmaps) {
        fault(gpu, "another pixmap than the texture was begun for");
        return NULL;
    }
    return t;
}

static pxc_status gpu_upload_rows(void *state, const pxc_pixmap *pixmap, uint32_t name, const pxc_band *band)
{
    fake_gpu *gpu = state;
    const int first_row = band->first_row;
    const int row_count = band->row_count;
    gpu->row_calls++;
    fake_texture *t = partial_texture(gpu, pixmap, name);
    if (t == NULL) {
        return PXC_ERR_GPU;
    }
    if (first_row < 0 || row_count < 1 || first_row >= t->height || row_count > t->height - first_row) {
        fault(gpu, "rows that the pixmap does not have, or none");
        return PXC_ERR_GPU;
    }
    if (is_due(gpu->row_calls, gpu->fail_rows_at, gpu->fail_bands)) {
        return gpu->band_status;
    }
    for (int y = first_row; y < first_row + row_count; ++y) {
        if (t->row_sums[y] != 0) {
            fault(gpu, "a row that was uploaded twice");
        }
        t->row_sums[y] = fake_pixels_row_sum(pixmap, y);
    }
    gpu->rows_uploaded += (uint64_t)row_count;
    count_upload(gpu, pixmap, row_count);
    return PXC_OK;
}

static pxc_status gpu_finish_texture(void *state, const pxc_pixmap *pixmap, uint32_t name)
{
    fake_gpu *gpu = state;
    gpu->finish_calls++;
    fake_texture *t = partial_texture(gpu, pixmap, name);
    if (t == NULL) {
        return PXC_ERR_GPU;
    }
    if (is_due(gpu->finish_calls, gpu->fail_finish_at, gpu->fail_bands)) {
        return gpu->band_status;
    }
    uint64_t sum = FAKE_PIXELS_FIRST_SUM;
    for (int y = 0; y < t->height; ++y) {
        if (t->row_sums[y] == 0) {
            fault(gpu, "finished with rows missing");
        }
        sum = fake_pixels_mix(sum, t->row_sums[y]);
    }
    t->checksum = sum;
    forget_rows(t);
    return PXC_OK;
}

static void delete_one(fake_gpu *gpu, uint32_t name)
{
    if (!is_alive(gpu, name)) {
        fault(gpu, "deleted a texture twice, or one that never was");
        return;
    }
    if (gpu->textures[name].foreign) {
        fault(gpu, "deleted somebody else's texture");
        return;
    }
    gpu->textures[name].alive = false;
    forget_rows(&gpu->textures[name]);
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
    check_thread(gpu);
    if (count == 0) {
        fault(gpu, "an empty batch of deletions");
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
    check_thread(gpu);
    gpu->context_losses++;
    for (size_t name = 1; name < gpu->capacity; ++name) {
        if (gpu->textures[name].alive && !gpu->textures[name].foreign) {
            gpu->lost++;
        }
        gpu->textures[name].alive = false;
        forget_rows(&gpu->textures[name]);
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
                    .begin_texture = gpu_begin_texture,
                    .upload_rows = gpu_upload_rows,
                    .finish_texture = gpu_finish_texture},
        .lowest_free = 1,
        .max_size_px = 16384,
        .memory_bytes = SIZE_MAX,
        .fail_creates = 1,
        .fail_status = PXC_ERR_GPU,
        .open_status = PXC_OK,
        .reuse_names = true,
        .fail_bands = 1,
        .band_status = PXC_ERR_GPU,
    };
}

void fake_gpu_free(fake_gpu *gpu)
{
    for (size_t name = 0; name < gpu->capacity; ++name) {
        forget_rows(&gpu->textures[name]);
    }
    free(gpu->textures);
    gpu->textures = NULL;
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
    return is_alive(gpu, name) && gpu->textures[name].row_sums == NULL ? &gpu->textures[name] : NULL;
}

size_t fake_gpu_partial_count(const fake_gpu *gpu)
{
    size_t count = 0;
    for (uint32_t name = 1; name < gpu->capacity; ++name) {
        count += is_alive(gpu, name) && gpu->textures[name].row_sums != NULL;
    }
    return count;
}

void fake_gpu_assert_clean(const fake_gpu *gpu)
{
    if (gpu->faults > 0) {
        fail_msg("%llu faults, the first: %s", (unsigned long long)gpu->faults, gpu->first_fault);
    }
    assert_int_equal(gpu->opens, gpu->closes);
    assert_int_equal(gpu->alive, 0);
    assert_int_equal(gpu->bytes, 0);
    assert_int_equal(gpu->created, gpu->deleted + gpu->lost);
}
