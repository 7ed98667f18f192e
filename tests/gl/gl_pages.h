/* Caches that pack on a real OpenGL, and what a page must show where an image lies. */
#ifndef PIXCACHE_TESTS_GL_PAGES_H
#define PIXCACHE_TESTS_GL_PAGES_H

#include "gl_fixture.h"

enum { PAGE_LIMIT = 4 << 20 }; /* pages of 512 x 512 */

static inline void gl_pages_start(gl_fixture *f, pxc_gl_get_proc_address_fn loader)
{
    const pxc_config config = {.limit_bytes = PAGE_LIMIT,
                               .gl_get_proc_address = loader,
                               .alloc = f->alloc.table,
                               .upload_way = gl_way,
                               .pack = true};
    assert_status(PXC_OK, pxc_create(&config, &f->cache));
}

static inline void gl_pages_open(gl_fixture *f)
{
    gl_fixture_init(f);
    gl_pages_start(f, spy_get_proc_address);
}

static inline int inside(int value, int end)
{
    return value < 0 ? 0 : value >= end ? end - 1 : value;
}

/* An image in a page, and the copy of its edge around it. */
static inline void assert_part_shows(const gl_fixture *f, const pxc_texture *texture,
                                     const pxc_pixmap *pixmap)
{
    const GLint page_width = level_parameter(f->gl, texture->name, 0, GL_TEXTURE_WIDTH);
    const GLint page_height = level_parameter(f->gl, texture->name, 0, GL_TEXTURE_HEIGHT);
    const int left = (int)(texture->u0 * (float)page_width + 0.5F);
    const int top = (int)(texture->v0 * (float)page_height + 0.5F);
    unsigned char *pixels = read_level(f->gl, texture->name, 0, GL_RGBA, GL_UNSIGNED_BYTE);
    assert_true(texture->u1 - texture->u0 < 1.0F);
    assert_int_equal(texture->width, pixmap->width);
    for (int y = -1; y <= pixmap->height; ++y) {
        for (int x = -1; x <= pixmap->width; ++x) {
            unsigned char expected[4];
            const unsigned char *seen =
                pixels + 4 * ((size_t)(top + y) * (size_t)page_width + (size_t)(left + x));
            expected_pixel(pixmap, inside(x, pixmap->width), inside(y, pixmap->height), expected);
            for (int i = 0; i < 4; ++i) {
                if (abs(seen[i] - expected[i]) > tolerance_of(pixmap->format)) {
                    fail_msg("format %d, pixel (%d, %d), channel %d: expected %d, got %d",
                             (int)pixmap->format, x, y, i, expected[i], seen[i]);
                }
            }
        }
    }
    free(pixels);
}

static inline void assert_packed_shows(const gl_fixture *f, pxc_key key, const pxc_pixmap *pixmap)
{
    pxc_texture texture;
    assert_status(PXC_OK, pxc_peek(f->cache, key, &texture));
    assert_part_shows(f, &texture, pixmap);
}

#endif
