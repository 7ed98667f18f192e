/* A GPU that is not there: names are counted, pixels are not read. The state of one cache is its last name. */
#include "cache.h"

enum { MAX_SIZE_PX = 65536 };

typedef struct null_gpu {
    pxc_alloc alloc;
    uint32_t last_name;
} null_gpu;

static pxc_status null_open(const pxc_backend_setup *setup, void **gpu, int *max_size_px)
{
    null_gpu *null = pxc_malloc(&setup->alloc, sizeof *null);
    if (null == NULL) {
        return PXC_ERR_MEMORY;
    }
    *null = (null_gpu){.alloc = setup->alloc};
    *gpu = null;
    *max_size_px = MAX_SIZE_PX;
    return PXC_OK;
}

static void null_close(void *gpu)
{
    const pxc_alloc alloc = ((null_gpu *)gpu)->alloc;
    pxc_free(&alloc, gpu);
}

static pxc_status null_create_texture(void *gpu, const pxc_pixmap *pixmap, uint32_t *name)
{
    (void)pixmap;
    null_gpu *null = gpu;
    null->last_name = null->last_name == UINT32_MAX ? 1 : null->last_name + 1;
    *name = null->last_name;
    return PXC_OK;
}

static pxc_status null_upload_rows(void *gpu, const pxc_pixmap *level, uint32_t name, const pxc_band *band)
{
    (void)gpu;
    (void)level;
    (void)name;
    (void)band;
    return PXC_OK;
}

static pxc_status null_finish_texture(void *gpu, const pxc_pixmap *pixmap, uint32_t name)
{
    (void)gpu;
    (void)pixmap;
    (void)name;
    return PXC_OK;
}

static void null_delete_textures(void *gpu, const uint32_t *names, size_t count)
{
    (void)gpu;
    (void)names;
    (void)count;
}

static pxc_status null_fill_part(void *gpu, const pxc_pixmap *pixmap, uint32_t name, int x, int y)
{
    (void)gpu;
    (void)pixmap;
    (void)name;
    (void)x;
    (void)y;
    return PXC_OK;
}

static pxc_status null_copy_part(void *gpu, const pxc_copy *copy)
{
    (void)gpu;
    (void)copy;
    return PXC_OK;
}

const pxc_backend *pxc_null_backend(void)
{
    static const pxc_backend backend = {
        .open = null_open,
        .close = null_close,
        .create_texture = null_create_texture,
        .delete_textures = null_delete_textures,
        .begin_texture = null_create_texture,
        .upload_rows = null_upload_rows,
        .finish_texture = null_finish_texture,
        .fill_part = null_fill_part,
        .copy_part = null_copy_part,
    };
    return &backend;
}
