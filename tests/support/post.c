/* The bytes of an item are its rows without gaps: tests that compare pending_bytes hand over rows without gaps only. */
#include "post.h"

#include "fake_pixels.h"

#include <stdlib.h>
#include <string.h>

static void free_pixels(post_item *item)
{
    pixmap_free(&item->pixmap);
    free(item->mip_pixels);
    item->mip_pixels = NULL;
}

static void on_release(void *user)
{
    post_item *item = user;
    post *p = item->p;
    p->faults += !item->taken || item->releases > 0 || !pthread_equal(p->render, pthread_self());
    if (item->releases++ == 0) {
        p->order[p->released++] = (int)(item - p->items);
        p->pending_bytes -= item->bytes;
        free_pixels(item);
    }
}

static void start(post *p, pxc_config config)
{
    if (config.now_us == NULL) {
        config.now_us = fake_gpu_now_us;
        config.now_us_user = &p->f.gpu;
    }
    p->config = config;
    p->count = p->released = 0;
    p->pending_bytes = 0;
    p->faults = 0;
    p->render = pthread_self();
}

void post_open(post *p, pxc_config config)
{
    start(p, config);
    fixture_open_config(&p->f, p->config);
}

static void open_on(post *p, pxc_config config, void (*change)(fake_gpu *gpu))
{
    start(p, config);
    fake_gpu_init(&p->f.gpu);
    change(&p->f.gpu);
    failing_alloc_init(&p->f.alloc);
    p->config.backend = &p->f.gpu.backend;
    p->config.alloc = p->f.alloc.table;
    assert_status(PXC_OK, pxc_create(&p->config, &p->f.cache));
}

void post_open_whole(post *p, pxc_config config)
{
    open_on(p, config, fake_gpu_no_bands);
}

void post_open_preparing(post *p, pxc_config config)
{
    open_on(p, config, fake_gpu_prepares);
}

void post_close(post *p)
{
    fixture_close(&p->f);
    assert_int_equal(p->faults, 0);
    for (int i = 0; i < p->count; ++i) {
        assert_int_equal(p->items[i].releases, p->items[i].taken ? 1 : 0);
    }
    assert_int_equal(p->pending_bytes, 0);
}

/* Blocks that end where the pixels do. */
static void *pixels_of(size_t bytes, int serial)
{
    unsigned char *pixels = malloc(bytes);
    assert_non_null(pixels);
    for (size_t i = 0; i < bytes; ++i) {
        pixels[i] = (unsigned char)(i * 13 + i / 251 + (size_t)serial * 7);
    }
    return pixels;
}

static void draw(post_item *item, pxc_pixmap shape, int serial)
{
    const size_t row_bytes = fake_gpu_row_bytes(shape.format, shape.width);
    const size_t stride = shape.stride > 0 ? (size_t)shape.stride : row_bytes;
    const size_t first_bytes = row_bytes * (size_t)shape.height;
    shape.pixels = pixels_of(stride * ((size_t)shape.height - 1) + row_bytes, serial);
    if (shape.mip_pixels != NULL) {
        item->mip_pixels = pixels_of(fake_pixels_source_bytes(&shape) - first_bytes, serial + 3);
        shape.mip_pixels = item->mip_pixels;
    }
    item->pixmap = shape;
    item->bytes = fake_pixels_source_bytes(&shape);
    item->checksum = fake_gpu_checksum(&shape);
}

pxc_status post_try(post *p, const char *name, pxc_pixmap shape, int *out)
{
    assert_true(p->count < POST_MAX);
    post_item *item = &p->items[p->count];
    *item = (post_item){.p = p, .taken = true};
    draw(item, shape, p->count++);
    const pxc_pixmap pixmap = item->pixmap; /* a copy: the cache may keep the pixels, not the struct */
    const pxc_status status = pxc_submit(p->f.cache, name, &pixmap, on_release, item);
    item->taken = status == PXC_OK;
    if (item->taken) {
        p->pending_bytes += item->bytes;
    } else {
        assert_int_equal(item->releases, 0);
        free_pixels(item);
    }
    if (out != NULL) {
        *out = p->count - 1;
    }
    return status;
}

int post_submit(post *p, const char *name, int width, int height)
{
    const pxc_pixmap shape = {.width = width, .height = height, .format = PXC_RGBA8};
    int item = -1;
    assert_status(PXC_OK, post_try(p, name, shape, &item));
    return item;
}

void post_check(post *p)
{
    assert_status(PXC_OK, pxc_validate(p->f.cache));
    const pxc_stats stats = stats_of(p->f.cache);
    assert_int_equal(p->faults, 0);
    assert_int_equal(p->f.gpu.faults, 0);
    assert_int_equal(stats.pending_bytes, p->pending_bytes);
    assert_int_equal(stats.used_bytes, p->f.gpu.bytes);
    assert_int_equal(pxc_used(p->f.cache), p->f.gpu.bytes);
    assert_int_equal(stats.textures_created, p->f.gpu.created);
    assert_int_equal(stats.textures_deleted, p->f.gpu.deleted);
    assert_int_equal(stats.textures_lost, p->f.gpu.lost);
    assert_int_equal(stats.upload_bytes, p->f.gpu.bytes_uploaded);
}

pxc_status post_begin(post *p)
{
    const uint64_t deleted = p->f.gpu.delete_batches;
    const pxc_status status = pxc_frame_begin(p->f.cache);
    post_check(p);
    const fake_gpu *gpu = &p->f.gpu;
    const uint64_t refused =
        gpu->fail_create_at + gpu->fail_begin_at + gpu->fail_rows_at + gpu->fail_finish_at;
    if (refused == 0 && p->f.gpu.memory_bytes == SIZE_MAX) { /* no trim for want of GPU memory */
        assert_int_equal(p->f.gpu.delete_batches, deleted);
    }
    return status;
}

void post_end(post *p)
{
    assert_status(PXC_OK, pxc_frame_end(p->f.cache));
    post_check(p);
    const pxc_stats stats = stats_of(p->f.cache);
    assert_true(stats.used_bytes <= stats.limit_bytes || stats.over_limit_frames > 0);
    assert_true(p->config.max_entries == 0 || stats.entries <= p->config.max_entries);
    assert_true(p->config.ceiling_bytes == 0 || stats.peak_bytes <= p->config.ceiling_bytes);
}

void post_frames(post *p, int count)
{
    for (int i = 0; i < count; ++i) {
        assert_status(PXC_OK, post_begin(p));
        post_end(p);
    }
}

void post_drain(post *p, int frames)
{
    for (int i = 0; i < frames && p->pending_bytes > 0; ++i) {
        post_frames(p, 1);
    }
    assert_int_equal(p->pending_bytes, 0);
}

void assert_shows(post *p, const char *name, int item)
{
    pxc_texture texture;
    assert_status(PXC_OK, pxc_find_named(p->f.cache, name, &texture));
    const post_item *expected = &p->items[item];
    const fake_texture *seen = fake_gpu_texture(&p->f.gpu, texture.name);
    assert_non_null(seen);
    assert_int_equal(texture.width, expected->pixmap.width);
    assert_int_equal(texture.height, expected->pixmap.height);
    assert_int_equal(texture.format, expected->pixmap.format);
    assert_true(seen->mipmaps == expected->pixmap.mipmaps);
    assert_true(seen->checksum == expected->checksum);
    assert_released(p, item);
    post_check(p);
}

void assert_absent(post *p, pxc_status reason, const char *name)
{
    pxc_texture texture;
    pxc_key key = {77};
    memset(&texture, 0xFF, sizeof texture);
    const uint64_t calls = p->f.alloc.calls;
    assert_status(reason, pxc_find_named(p->f.cache, name, &texture));
    assert_zero_texture(&texture);
    assert_status(reason, pxc_lookup(p->f.cache, name, &key));
    assert_zero_key(key);
    assert_int_equal(p->f.alloc.calls, calls); /* a find allocates nothing */
    post_check(p);
}

void assert_released(const post *p, int item)
{
    assert_int_equal(p->items[item].releases, 1);
}

void assert_kept(const post *p, int item)
{
    assert_true(p->items[item].taken);
    assert_int_equal(p->items[item].releases, 0);
}
