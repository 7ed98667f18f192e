/* Pixmaps that bring their own mip levels, and textures that must have exactly these. */
#ifndef PIXCACHE_TESTS_GL_LEVELS_H
#define PIXCACHE_TESTS_GL_LEVELS_H

#include "gl_fixture.h"

/* Halved, rounded down, at least 1, as OpenGL 3.3 (core, section 3.8.14) defines it. */
static inline int level_side(int side_px, int level)
{
    for (; level > 0 && side_px > 1; --level) {
        side_px /= 2;
    }
    return side_px;
}

static inline int level_count(int width, int height)
{
    int levels = 1;
    while (level_side(width, levels - 1) > 1 || level_side(height, levels - 1) > 1) {
        ++levels;
    }
    return levels;
}

/* A level by itself; of the first, the pixmap. */
static inline pxc_pixmap level_of(const pxc_pixmap *pixmap, int level)
{
    const unsigned char *pixels = pixmap->mip_pixels;
    pxc_pixmap it = *pixmap;
    for (int i = 1; i <= level; ++i) {
        it.width = level_side(pixmap->width, i);
        it.height = level_side(pixmap->height, i);
        it.stride = 0;
        it.pixels = pixels;
        pixels += (size_t)it.height * fake_gpu_row_bytes(it.format, it.width);
    }
    return it;
}

/* Noise in all levels, so that none can be taken for another one or for its mean. In blocks of their exact size. */
static inline pxc_pixmap levels_new(int width, int height, pxc_format format, int gap)
{
    pxc_pixmap pixmap = pixmap_new(width, height, format, gap);
    size_t bytes = 0;
    uint64_t random = (uint64_t)width * 70001 + (uint64_t)height * 7 + (uint64_t)format;
    for (int level = 1; level < level_count(width, height); ++level) {
        bytes += (size_t)level_side(height, level) * fake_gpu_row_bytes(format, level_side(width, level));
    }
    unsigned char *levels = malloc(bytes + (bytes == 0)); /* 1 x 1 has none, but says so by no NULL */
    assert_non_null(levels);
    for (size_t i = 0; i < bytes; ++i) {
        levels[i] = (unsigned char)random_below(&random, 256);
    }
    pixmap.mipmaps = true;
    pixmap.mip_pixels = levels;
    return pixmap;
}

static inline void levels_free(pxc_pixmap *pixmap)
{
    free((void *)(uintptr_t)pixmap->mip_pixels);
    pixmap->mip_pixels = NULL;
    pixmap_free(pixmap);
}

/* The texture has the pixmap's levels, and no more. */
static inline void assert_levels(const GladGLContext *gl, GLuint name, const pxc_pixmap *pixmap)
{
    const int count = level_count(pixmap->width, pixmap->height);
    for (int level = 0; level < count; ++level) {
        const pxc_pixmap it = level_of(pixmap, level);
        assert_level_pixels(gl, name, level, &it, tolerance_of(pixmap->format));
    }
    assert_int_equal(level_parameter(gl, name, count, GL_TEXTURE_WIDTH), 0);
    assert_int_equal(texture_parameter(gl, name, GL_TEXTURE_MAX_LEVEL), count - 1);
    assert_int_equal(texture_parameter(gl, name, GL_TEXTURE_MIN_FILTER), GL_LINEAR_MIPMAP_LINEAR);
}

#endif
