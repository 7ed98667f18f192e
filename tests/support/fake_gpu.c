/* The ledger is an array indexed by name. A deleted texture leaves its place empty, so a second deletion and the
 * deletion of a name that never was are both seen as "not alive". Foreign textures live in the same array, because
 * in OpenGL they share the names with the cache's. */
#include "fake_gpu.h"

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

size_t fake_gpu_row_bytes(pxc_format format, int width)
{
    static const size_t pixel_bytes[] = {
        [PXC_RGBA8] = 4, [PXC_BGRA8] = 4,  [PXC_RGB8] = 3,  [PXC_RG8] = 2,
        [PXC_R8] = 1,    [PXC_RGB565] = 2, [PXC_RGBA4] = 2,
    };
    return pixel_bytes[format] * (size_t)width;
}

uint64_t fake_gpu_checksum(const pxc_pixmap *pixmap)
{
    const size_t row_bytes = fake_gpu_row_bytes(pixmap->format, pixmap->width);
    const size_t stride = pixmap->stride > 0 ? (size_t)pixmap->stride : row_bytes;
    const unsigned char *row = pixmap->pixels;
    uint64_t sum = 14695981039346656037u;
    for (int y = 0; y < pixmap->height; ++y) {
        for (size_t i = 0; i < row_bytes; ++i) {
            sum = (sum ^ row[i]) * 1099511628211u;
        }
        if (y + 1 < pixmap->height) {
            row += stride;
        }
    }
    return sum;
}

/* Video memory by plain counting, without the library's help. */
static size_t video_bytes(const pxc_pixmap *pixmap)
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

static bool must_fail(const fake_gpu *gpu)
{
    return gpu->fail_create_at > 0 && gpu->create_calls >= gpu->fail_create_at &&
           gpu->create_calls - gpu->fail_create_at < gpu->fail_creates;
}

static pxc_status gpu_create_texture(void *state, const pxc_pixmap *pixmap, uint32_t *name)
{
    fake_gpu *gpu = state;
    gpu->create_calls++;
    check_thread(gpu);
    check_pixmap(gpu, pixmap);
    const size_t bytes = video_bytes(pixmap);
    if (must_fail(gpu)) {
        return gpu->fail_status;
    }
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
        .checksum = fake_gpu_checksum(pixmap),
    };
    gpu->created++;
    gpu->bytes += bytes;
    if (++gpu->alive > gpu->peak_alive) {
        gpu->peak_alive = gpu->alive;
    }
    return PXC_OK;
}

static void delete_one(fake_gpu *gpu, uint32_t name)
{
    if (!fake_gpu_texture(gpu, name)) {
        fault(gpu, "deleted a texture twice, or one that never was");
        return;
    }
    if (gpu->textures[name].foreign) {
        fault(gpu, "deleted somebody else's texture");
        return;
    }
    gpu->textures[name].alive = false;
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
                    .context_lost = gpu_context_lost},
        .lowest_free = 1,
        .max_size_px = 16384,
        .memory_bytes = SIZE_MAX,
        .fail_creates = 1,
        .fail_status = PXC_ERR_GPU,
        .open_status = PXC_OK,
        .reuse_names = true,
    };
}

void fake_gpu_free(fake_gpu *gpu)
{
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

uint32_t fake_gpu_make_foreign(fake_gpu *gpu)
{
    const uint32_t name = take_name(gpu);
    gpu->textures[name] = (fake_texture){.alive = true, .foreign = true};
    return name;
}

const fake_texture *fake_gpu_texture(const fake_gpu *gpu, uint32_t name)
{
    if (name == 0 || name >= gpu->capacity || !gpu->textures[name].alive) {
        return NULL;
    }
    return &gpu->textures[name];
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
