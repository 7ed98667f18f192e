/* Pixmaps of one row are kept in a table for the program's life: tests ask for them by width again and again, and
 * each has its own block of exactly its size, so that a sanitizer sees an over-read. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#define MAX_WIDTH 4096

void fixture_open(fixture *f, size_t limit_bytes)
{
    fixture_open_config(f, (pxc_config){.limit_bytes = limit_bytes});
}

void fixture_open_config(fixture *f, pxc_config config)
{
    fake_gpu_init(&f->gpu);
    failing_alloc_init(&f->alloc);
    f->cache = NULL;
    if (config.pack) {
        fake_gpu_packs(&f->gpu);
    }
    config.backend = &f->gpu.backend;
    config.alloc = f->alloc.table;
    assert_int_equal(pxc_create(&config, &f->cache), PXC_OK);
    assert_non_null(f->cache);
    assert_int_equal(pxc_validate(f->cache), PXC_OK);
}

void fixture_close(fixture *f)
{
    assert_int_equal(pxc_validate(f->cache), PXC_OK);
    assert_int_equal(pxc_destroy(f->cache), PXC_OK);
    f->cache = NULL;
    fake_gpu_assert_clean(&f->gpu);
    failing_alloc_assert_clean(&f->alloc);
    fake_gpu_free(&f->gpu);
}

pxc_pixmap pixmap_of(int width)
{
    static unsigned char *rows[MAX_WIDTH + 1];
    assert_true(width >= 1 && width <= MAX_WIDTH);
    if (!rows[width]) {
        const size_t bytes = 4 * (size_t)width;
        rows[width] = malloc(bytes);
        assert_non_null(rows[width]);
        for (size_t i = 0; i < bytes; ++i) {
            rows[width][i] = (unsigned char)((size_t)width * 31 + i * 7);
        }
    }
    return (pxc_pixmap){.pixels = rows[width], .width = width, .height = 1, .format = PXC_RGBA8};
}

pxc_pixmap pixmap_new(int width, int height, pxc_format format, int gap)
{
    const size_t row_bytes = fake_gpu_row_bytes(format, width);
    const size_t stride = row_bytes + (size_t)gap;
    const size_t bytes = stride * ((size_t)height - 1) + row_bytes;
    unsigned char *pixels = malloc(bytes);
    assert_non_null(pixels);
    for (size_t i = 0; i < bytes; ++i) {
        pixels[i] = (unsigned char)(i * 13 + (size_t)width * 3 + (size_t)height * 5 + (size_t)format);
    }
    return (pxc_pixmap){
        .pixels = pixels,
        .width = width,
        .height = height,
        .stride = gap > 0 ? (int)stride : 0,
        .format = format,
    };
}

void pixmap_free(pxc_pixmap *pixmap)
{
    free((void *)pixmap->pixels);
    pixmap->pixels = NULL;
}

pxc_key insert_width(pxc_cache *cache, int width)
{
    const pxc_pixmap pixmap = pixmap_of(width);
    pxc_key key = {0};
    assert_int_equal(pxc_insert(cache, &pixmap, &key), PXC_OK);
    assert_true(key.id != 0);
    return key;
}

pxc_key insert_name(pxc_cache *cache, const char *name, int width)
{
    const pxc_pixmap pixmap = pixmap_of(width);
    pxc_key key = {0};
    assert_int_equal(pxc_insert_named(cache, name, &pixmap, &key), PXC_OK);
    assert_true(key.id != 0);
    return key;
}

void end_frames(pxc_cache *cache, int count)
{
    for (int i = 0; i < count; ++i) {
        assert_int_equal(pxc_frame_end(cache), PXC_OK);
    }
}

pxc_stats stats_of(const pxc_cache *cache)
{
    pxc_stats stats;
    assert_int_equal(pxc_get_stats(cache, &stats), PXC_OK);
    return stats;
}

void assert_same_stats(const pxc_stats *expected, const pxc_stats *actual)
{
    static const struct {
        const char *name;
        size_t offset;
    } fields[] = {
#define FIELD(name) {#name, offsetof(pxc_stats, name)}
        FIELD(entries),       FIELD(used_bytes),     FIELD(peak_bytes),        FIELD(limit_bytes),
        FIELD(hits),          FIELD(misses),         FIELD(evictions),         FIELD(inserts),
        FIELD(uploads),       FIELD(upload_bytes),   FIELD(textures_created),  FIELD(textures_deleted),
        FIELD(textures_lost), FIELD(frames),         FIELD(pinned_bytes),      FIELD(pending_bytes),
        FIELD(doomed_bytes),  FIELD(submits_failed), FIELD(over_limit_frames), FIELD(pages),
        FIELD(page_bytes),    FIELD(packed_entries), FIELD(packed_bytes),      FIELD(moves),
#undef FIELD
    };
    for (size_t i = 0; i < COUNT_OF(fields); ++i) {
        uint64_t a = 0;
        uint64_t b = 0;
        memcpy(&a, (const char *)expected + fields[i].offset, sizeof a);
        memcpy(&b, (const char *)actual + fields[i].offset, sizeof b);
        if (a != b) {
            fail_msg("stats.%s: expected %llu, got %llu", fields[i].name, (unsigned long long)a,
                     (unsigned long long)b);
        }
    }
}

void assert_zero_key(pxc_key key)
{
    assert_true(key.id == 0);
}

void assert_zero_texture(const pxc_texture *texture)
{
    assert_int_equal(texture->name, 0);
    assert_int_equal(texture->width, 0);
    assert_int_equal(texture->height, 0);
    assert_int_equal(texture->format, 0);
    assert_int_equal(texture->cost, 0);
    assert_int_equal(texture->layer, 0);
    assert_true(texture->u0 == 0.0f && texture->v0 == 0.0f && texture->u1 == 0.0f && texture->v1 == 0.0f);
}

void assert_finds(fixture *f, pxc_key key, int width)
{
    const pxc_pixmap pixmap = pixmap_of(width);
    pxc_texture texture;
    memset(&texture, 0xFF, sizeof texture);
    assert_int_equal(pxc_find(f->cache, key, &texture), PXC_OK);
    assert_int_equal(texture.width, width);
    assert_int_equal(texture.height, 1);
    assert_int_equal(texture.format, PXC_RGBA8);
    assert_int_equal(texture.layer, 0);
    assert_true(texture.u0 == 0.0f && texture.v0 == 0.0f && texture.u1 == 1.0f && texture.v1 == 1.0f);
    const fake_texture *seen = fake_gpu_texture(&f->gpu, texture.name);
    assert_non_null(seen);
    assert_int_equal(seen->width, width);
    assert_true(seen->checksum == fake_gpu_checksum(&pixmap));
}

uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint32_t random_below(uint64_t *state, uint32_t bound)
{
    return (uint32_t)(((random_next(state) >> 32) * bound) >> 32);
}
