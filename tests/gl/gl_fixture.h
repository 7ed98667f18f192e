/* What the GL tests need: one headless window a program, caches on its context through the spying loader, pixmaps
 * of every format with what they must look like in a texture, and the GL state that an upload has to restore. */
#ifndef PIXCACHE_TESTS_GL_FIXTURE_H
#define PIXCACHE_TESTS_GL_FIXTURE_H

#include "gl_spy.h"

#include <pxe/window.h>

#include <dlfcn.h>
#include <stdlib.h>

#define FORMATS 7 /* pxc_format counts from 0 without a gap */

typedef struct gl_fixture {
    const GladGLContext *gl; /* the real functions */
    failing_alloc alloc;
    pxc_cache *cache;
} gl_fixture;

static pxe_window *gl_window;

/* How the fixtures' caches upload; never by a probe, so that the same GL calls are made each time. */
static pxc_upload_way gl_way = PXC_UPLOAD_DIRECT;

/* Group set-up and tear-down. */
static inline int open_window(void **state)
{
    print_message("%s, ", gl_way == PXC_UPLOAD_BUFFERS ? "by pixel buffers" : "directly");
    (void)state;
    const pxe_window_config config = {.title = "test", .width = 64, .height = 64, .headless = true};
    pxe_error error = {0};
    if (!pxe_window_create(&config, &gl_window, &error)) {
        print_error("%s\n", error.text);
        return -1;
    }
    print_message("%s\n", pxe_window_renderer(gl_window));
    return 0;
}

static inline int close_window(void **state)
{
    (void)state;
    pxe_window_destroy(gl_window);
    return 0;
}

/* A fresh ledger; for tests that set up the spy before the cache is created. */
static inline void gl_fixture_init(gl_fixture *f)
{
    *f = (gl_fixture){.gl = pxe_window_gl(gl_window)};
    failing_alloc_init(&f->alloc);
    spy_reset(f->gl);
    assert_int_equal(f->gl->GetError(), GL_NO_ERROR);
}

static inline pxc_status gl_create(gl_fixture *f, size_t limit_bytes, pxc_cache **out)
{
    const pxc_config config = {.limit_bytes = limit_bytes,
                               .gl_get_proc_address = spy_get_proc_address,
                               .alloc = f->alloc.table,
                               .upload_way = gl_way};
    return pxc_create(&config, out);
}

/* Creates the fixture's cache; limit 0 = the default. */
static inline void gl_start(gl_fixture *f, size_t limit_bytes)
{
    assert_status(PXC_OK, gl_create(f, limit_bytes, &f->cache));
    assert_status(PXC_OK, pxc_validate(f->cache));
}

static inline void gl_open(gl_fixture *f, size_t limit_bytes)
{
    gl_fixture_init(f);
    gl_start(f, limit_bytes);
}

/* Asserts that ledger and statistics agree: not one texture more is alive than the cache says. */
static inline void assert_ledger(const gl_fixture *f)
{
    const pxc_stats stats = stats_of(f->cache);
    assert_int_equal(spy.alive, stats.textures_created - stats.textures_deleted);
    assert_int_equal(spy.strangers, 0);
    assert_int_equal(pxc_validate(f->cache), PXC_OK);
}

/* Destroys the cache; every texture and byte is back, and no GL error is left for the application. */
static inline void gl_close(gl_fixture *f)
{
    assert_int_equal(pxc_validate(f->cache), PXC_OK);
    assert_int_equal(pxc_destroy(f->cache), PXC_OK);
    assert_int_equal(spy.alive, 0);
    assert_int_equal(spy.created, spy.deleted);
    assert_int_equal(spy.buffers_alive, 0);
    assert_int_equal(spy.fences_alive, 0);
    assert_int_equal(spy.strangers, 0);
    assert_int_equal(f->gl->GetError(), GL_NO_ERROR);
    failing_alloc_assert_clean(&f->alloc);
}

static inline pxc_texture texture_of(pxc_cache *cache, pxc_key key)
{
    pxc_texture texture;
    assert_status(PXC_OK, pxc_find(cache, key, &texture));
    return texture;
}

/* Inserts, asserting that it works. */
static inline pxc_key gl_insert(gl_fixture *f, const pxc_pixmap *pixmap)
{
    pxc_key key = {0};
    assert_status(PXC_OK, pxc_insert(f->cache, pixmap, &key));
    assert_true(key.id != 0);
    return key;
}

/* ---- Expectations ---------------------------------------------------------------------------------------------*/

/* A pixel of a pixmap as R, G, B, A bytes, by the words of pxc_format; an n-bit channel c is c / (2^n - 1). */
static inline void expected_pixel(const pxc_pixmap *pixmap, int x, int y, unsigned char rgba[4])
{
    const int pixel_bytes = (int)fake_gpu_row_bytes(pixmap->format, 1);
    const int stride = pixmap->stride != 0 ? pixmap->stride : pixmap->width * pixel_bytes;
    const unsigned char *p =
        (const unsigned char *)pixmap->pixels + (ptrdiff_t)y * stride + (ptrdiff_t)x * pixel_bytes;
    uint16_t word = 0;
    unsigned channels[4] = {p[0], 0, 0, 255};
    if (pixel_bytes == 2) {
        memcpy(&word, p, sizeof word);
    }
    switch (pixmap->format) {
    case PXC_RGBA8:
        channels[3] = p[3]; /* fall through */
    case PXC_RGB8:
        channels[2] = p[2]; /* fall through */
    case PXC_RG8:
        channels[1] = p[1];
        break;
    case PXC_BGRA8:
        channels[0] = p[2];
        channels[1] = p[1];
        channels[2] = p[0];
        channels[3] = p[3];
        break;
    case PXC_RGB565:
        channels[0] = ((unsigned)(word >> 11) * 255 * 2 + 31) / 62;
        channels[1] = ((unsigned)(word >> 5 & 63) * 255 * 2 + 63) / 126;
        channels[2] = ((unsigned)(word & 31) * 255 * 2 + 31) / 62;
        break;
    case PXC_RGBA4:
        for (int i = 0; i < 4; ++i) {
            channels[i] = (unsigned)(word >> (12 - 4 * i) & 15) * 17;
        }
        break;
    case PXC_R8:
        break;
    }
    for (int i = 0; i < 4; ++i) {
        rgba[i] = (unsigned char)channels[i];
    }
}

/* How far a channel may be from c / (2^n - 1): drivers expand 5 and 6 bits by repeating the high ones. */
static inline int tolerance_of(pxc_format format)
{
    return format == PXC_RGB565 ? 1 : 0;
}

static inline GLint level_parameter(const GladGLContext *gl, GLuint name, GLint level, GLenum what)
{
    GLint before = 0;
    GLint value = -1;
    gl->GetIntegerv(GL_TEXTURE_BINDING_2D, &before);
    gl->BindTexture(GL_TEXTURE_2D, name);
    gl->GetTexLevelParameteriv(GL_TEXTURE_2D, level, what, &value);
    gl->BindTexture(GL_TEXTURE_2D, (GLuint)before);
    return value;
}

static inline GLint texture_parameter(const GladGLContext *gl, GLuint name, GLenum what)
{
    GLint before = 0;
    GLint value = -1;
    gl->GetIntegerv(GL_TEXTURE_BINDING_2D, &before);
    gl->BindTexture(GL_TEXTURE_2D, name);
    gl->GetTexParameteriv(GL_TEXTURE_2D, what, &value);
    gl->BindTexture(GL_TEXTURE_2D, (GLuint)before);
    return value;
}

/* A level's pixels; free them. For default pack state and no pixel pack buffer. */
static inline void *read_level(const GladGLContext *gl, GLuint name, GLint level, GLenum format, GLenum type)
{
    const GLint width = level_parameter(gl, name, level, GL_TEXTURE_WIDTH);
    const GLint height = level_parameter(gl, name, level, GL_TEXTURE_HEIGHT);
    assert_true(width > 0 && height > 0);
    void *pixels = calloc((size_t)width * (size_t)height + 1, 4); /* rows may be padded to 4 bytes */
    assert_non_null(pixels);
    GLint before = 0;
    gl->GetIntegerv(GL_TEXTURE_BINDING_2D, &before);
    gl->BindTexture(GL_TEXTURE_2D, name);
    gl->GetTexImage(GL_TEXTURE_2D, level, format, type, pixels);
    gl->BindTexture(GL_TEXTURE_2D, (GLuint)before);
    assert_int_equal(gl->GetError(), GL_NO_ERROR);
    return pixels;
}

/* That level of the texture is that pixmap, row 0 first. */
static inline void assert_level_pixels(const GladGLContext *gl, GLuint name, GLint level,
                                       const pxc_pixmap *pixmap, int tolerance)
{
    assert_int_equal(level_parameter(gl, name, level, GL_TEXTURE_WIDTH), pixmap->width);
    assert_int_equal(level_parameter(gl, name, level, GL_TEXTURE_HEIGHT), pixmap->height);
    unsigned char *pixels = read_level(gl, name, level, GL_RGBA, GL_UNSIGNED_BYTE);
    for (int y = 0; y < pixmap->height; ++y) {
        for (int x = 0; x < pixmap->width; ++x) {
            const unsigned char *seen = pixels + 4 * ((size_t)y * (size_t)pixmap->width + (size_t)x);
            unsigned char expected[4];
            expected_pixel(pixmap, x, y, expected);
            for (int i = 0; i < 4; ++i) {
                if (abs(seen[i] - expected[i]) > tolerance) {
                    fail_msg(
                        "format %d, level %d, %d x %d, stride %d, pixel (%d, %d), channel %d: expected %d, "
                        "got %d",
                        (int)pixmap->format, level, pixmap->width, pixmap->height, pixmap->stride, x, y, i,
                        expected[i], seen[i]);
                }
            }
        }
    }
    free(pixels);
}

/* Level 0 is. */
static inline void assert_pixels(const GladGLContext *gl, GLuint name, const pxc_pixmap *pixmap,
                                 int tolerance)
{
    assert_level_pixels(gl, name, 0, pixmap, tolerance);
}

/* The key finds that pixmap, and it is on the GPU as it should be. */
static inline void assert_shows(gl_fixture *f, pxc_key key, const pxc_pixmap *pixmap)
{
    const pxc_texture texture = texture_of(f->cache, key);
    assert_int_equal(texture.width, pixmap->width);
    assert_int_equal(texture.height, pixmap->height);
    assert_int_equal(texture.format, pixmap->format);
    assert_pixels(f->gl, texture.name, pixmap, tolerance_of(pixmap->format));
}

/* ---- State ----------------------------------------------------------------------------------------------------*/

static const GLenum gl_state_names[] = {
    GL_ACTIVE_TEXTURE,
    GL_PIXEL_UNPACK_BUFFER_BINDING,
    GL_PIXEL_PACK_BUFFER_BINDING,
    GL_UNPACK_ALIGNMENT,
    GL_UNPACK_ROW_LENGTH,
    GL_UNPACK_SKIP_ROWS,
    GL_UNPACK_SKIP_PIXELS,
    GL_UNPACK_SWAP_BYTES,
    GL_UNPACK_LSB_FIRST,
    GL_UNPACK_IMAGE_HEIGHT,
    GL_UNPACK_SKIP_IMAGES,
    GL_PACK_ALIGNMENT,
    GL_PACK_ROW_LENGTH,
    GL_PACK_SKIP_ROWS,
    GL_PACK_SKIP_PIXELS,
    GL_ARRAY_BUFFER_BINDING,
    GL_CURRENT_PROGRAM,
    GL_VERTEX_ARRAY_BINDING,
    GL_DRAW_FRAMEBUFFER_BINDING,
    GL_READ_FRAMEBUFFER_BINDING,
};

enum { STATE_UNITS = 8 };

typedef struct gl_state {
    GLint values[COUNT_OF(gl_state_names)];
    GLint textures[STATE_UNITS], samplers[STATE_UNITS];
} gl_state;

static inline gl_state read_state(const GladGLContext *gl)
{
    gl_state state = {0};
    for (size_t i = 0; i < COUNT_OF(gl_state_names); ++i) {
        gl->GetIntegerv(gl_state_names[i], &state.values[i]);
    }
    for (GLenum unit = 0; unit < STATE_UNITS; ++unit) {
        gl->ActiveTexture(GL_TEXTURE0 + unit);
        gl->GetIntegerv(GL_TEXTURE_BINDING_2D, &state.textures[unit]);
        gl->GetIntegerv(GL_SAMPLER_BINDING, &state.samplers[unit]);
    }
    gl->ActiveTexture((GLenum)state.values[0]);
    return state;
}

static inline void assert_state(const GladGLContext *gl, const gl_state *expected)
{
    const gl_state actual = read_state(gl);
    for (size_t i = 0; i < COUNT_OF(gl_state_names); ++i) {
        if (actual.values[i] != expected->values[i]) {
            fail_msg("GL state 0x%04X: expected %d, got %d", gl_state_names[i], expected->values[i],
                     actual.values[i]);
        }
    }
    assert_memory_equal(actual.textures, expected->textures, sizeof actual.textures);
    assert_memory_equal(actual.samplers, expected->samplers, sizeof actual.samplers);
}

#endif
