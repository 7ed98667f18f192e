/* An image in a page is compared texel for texel, because a checksum of a page says nothing of its parts. */
#include "packed.h"

static int clamp(int value, int end)
{
    return value < 0 ? 0 : value >= end ? end - 1 : value;
}

pxc_pixmap paint(uint32_t seed, int width, int height, pxc_format format)
{
    static uint8_t pixels[PAINTED_MOST_PX * PAINTED_MOST_PX * 4];
    assert_in_range(width, 1, PAINTED_MOST_PX);
    assert_in_range(height, 1, PAINTED_MOST_PX);
    const size_t row_bytes = fake_gpu_row_bytes(format, width);
    uint64_t random = seed;
    uint64_t bits = 0;
    for (size_t i = 0; i < row_bytes * (size_t)height; ++i) {
        bits = i % 8 == 0 ? random_next(&random) : bits >> 8;
        pixels[i] = (uint8_t)bits;
    }
    return (pxc_pixmap){
        .pixels = pixels, .width = width, .height = height, .stride = (int)row_bytes, .format = format};
}

void packed_open(fixture *f, size_t limit_bytes)
{
    fixture_open_config(f, (pxc_config){.limit_bytes = limit_bytes, .pack = true});
}

bool is_packed(const pxc_texture *texture)
{
    return texture->u1 - texture->u0 < 1.0F;
}

pxc_status try_put(fixture *f, uint32_t seed, int side, pxc_key *out)
{
    const pxc_pixmap pixmap = paint(seed, side, side, PXC_RGBA8);
    return pxc_insert(f->cache, &pixmap, out);
}

pxc_key put(fixture *f, uint32_t seed, int side)
{
    pxc_key key = {0};
    assert_status(PXC_OK, try_put(f, seed, side, &key));
    return key;
}

pxc_texture look_at(const fixture *f, pxc_key key)
{
    pxc_texture texture;
    assert_status(PXC_OK, pxc_peek(f->cache, key, &texture));
    return texture;
}

static void assert_part(const fake_gpu *gpu, const pxc_texture *texture, const pxc_pixmap *pixmap)
{
    const fake_texture *page = &gpu->textures[texture->name];
    const int left = (int)(texture->u0 * (float)page->width + 0.5F);
    const int top = (int)(texture->v0 * (float)page->height + 0.5F);
    assert_true(page->alive);
    assert_true(texture->u0 == (float)left / (float)page->width);
    assert_true(texture->v0 == (float)top / (float)page->height);
    assert_true(texture->u1 == (float)(left + pixmap->width) / (float)page->width);
    assert_true(texture->v1 == (float)(top + pixmap->height) / (float)page->height);
    for (int y = -1; y <= pixmap->height; ++y) {
        for (int x = -1; x <= pixmap->width; ++x) {
            uint8_t expected[4];
            fake_gpu_pixel(pixmap, clamp(x, pixmap->width), clamp(y, pixmap->height), expected);
            const uint8_t *texel = fake_gpu_texel(gpu, texture->name, left + x, top + y);
            assert_non_null(texel);
            assert_memory_equal(texel, expected, 4);
        }
    }
}

void assert_texels(const fake_gpu *gpu, const pxc_texture *texture, uint32_t seed)
{
    const pxc_pixmap pixmap = paint(seed, texture->width, texture->height, texture->format);
    assert_int_equal(texture->layer, 0);
    if (is_packed(texture)) {
        assert_part(gpu, texture, &pixmap);
    } else {
        const fake_texture *seen = fake_gpu_texture(gpu, texture->name);
        assert_non_null(seen);
        assert_int_equal(seen->width, texture->width);
        assert_int_equal(seen->height, texture->height);
        assert_true(seen->checksum == fake_gpu_checksum(&pixmap));
    }
}

void assert_key_shows(const fixture *f, pxc_key key, uint32_t seed)
{
    const pxc_texture texture = look_at(f, key);
    assert_texels(&f->gpu, &texture, seed);
}

void packed_frame_end(fixture *f)
{
    assert_ok(f->cache, pxc_frame_end(f->cache));
    const pxc_stats stats = stats_of(f->cache);
    assert_true(stats.used_bytes <= stats.limit_bytes || stats.pinned_bytes != 0);
    assert_int_equal(stats.doomed_bytes, 0);
    assert_int_equal(f->gpu.bytes, stats.used_bytes);
    assert_int_equal(f->gpu.alive, stats.textures_created - stats.textures_deleted - stats.textures_lost);
    assert_int_equal(f->gpu.faults, 0);
}
