/* What nearly every engine test needs: a folder that goes away, a headless engine, and the frame's pixels. */
#ifndef PIXCACHE_TESTS_ENGINE_FIXTURE_H
#define PIXCACHE_TESTS_ENGINE_FIXTURE_H

#include "picture_files.h"

#include <pxe/engine.h>
#include <pxe/screenshot.h>

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096

/* A fresh folder. */
typedef struct folder {
    char path[PATH_BYTES / 4];
} folder;

static inline void folder_open(folder *it)
{
    const char *parent = getenv("TMPDIR");
    snprintf(it->path, sizeof it->path, "%.900s/pxe-test-XXXXXX", parent != NULL ? parent : "/tmp");
    assert_non_null(mkdtemp(it->path));
}

static inline int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

static inline void folder_close(folder *it)
{
    assert_int_equal(nftw(it->path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* A path in it; valid until the eighth call from here. */
static inline const char *path_in(const folder *in, const char *name)
{
    static char paths[8][PATH_BYTES];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, PATH_BYTES, "%s/%s", in->path, name);
    return path;
}

/* A file of the source tree: this header lies in tests/engine/. */
static inline const char *source_path(const char *name)
{
    static char path[PATH_BYTES];
    const char *end = strstr(__FILE__, "tests/engine/");
    assert_non_null(end);
    snprintf(path, sizeof path, "%.*s%s", (int)(end - __FILE__), __FILE__, name);
    return path;
}

/* Asserts one clear line that has this word. */
static inline void assert_says(const pxe_error *error, const char *word)
{
    const size_t length = strlen(error->text);
    assert_true(length != 0 && length < sizeof error->text);
    if (strstr(error->text, word) == NULL) {
        fail_msg("\"%s\" is not in \"%s\"", word, error->text);
    }
    for (size_t i = 0; i < length;
         ++i) { /* it is shown on terminals: no line breaks and no escape sequences */
        const unsigned char byte = (unsigned char)error->text[i];
        if (byte < 0x20 || byte == 0x7F) {
            fail_msg("byte %02X in \"%s\"", byte, error->text);
        }
    }
    assert_true(error->text[length - 1] != '.');
}

/* An engine and the last frame's pixels. */
typedef struct stage {
    pxe_engine *engine;
    int width, height;
    unsigned char *pixels; /* RGBA8, top row first; NULL before the first stage_end */
} stage;

/* Without workers unless it says how many, so that frames repeat. */
static inline void stage_open_config(stage *s, pxe_engine_config config)
{
    pxe_error error = {""};
    *s = (stage){.width = config.window.width, .height = config.window.height};
    config.window.headless = true;
    config.workers = config.workers == 0 ? PXE_NO_WORKERS : config.workers;
    config.window.title = "test";
    if (!pxe_engine_create(&config, &s->engine, &error)) {
        fail_msg("no engine: %s", error.text);
    }
}

/* With textures of their own for small images, too: tests of the batch make pages as they need them. */
static inline void stage_open(stage *s, int width, int height)
{
    stage_open_config(
        s, (pxe_engine_config){.window = {.width = width, .height = height}, .own_textures = true});
}

static inline void stage_close(stage *s)
{
    pxe_error error = {""};
    free(s->pixels);
    s->pixels = NULL;
    assert_true(pxe_engine_destroy(s->engine, &error));
    s->engine = NULL;
}

static inline void stage_read(void *user)
{
    stage *s = user;
    free(s->pixels);
    s->pixels = pxe_screenshot_read(pxe_window_gl(s->engine->window), s->width, s->height);
}

static inline void stage_begin(stage *s, uint32_t color)
{
    pxe_frame_begin(s->engine, color);
}

/* Ends the frame and keeps its pixels. */
static inline void stage_end(stage *s)
{
    pxe_frame_end(s->engine, stage_read, s);
    assert_non_null(s->pixels);
}

/* 0xRRGGBB. */
static inline uint32_t pixel_at(const stage *s, int x, int y)
{
    const unsigned char *at = s->pixels + ((size_t)y * (size_t)s->width + (size_t)x) * 4;
    return (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
}

static inline void assert_pixel(const stage *s, int x, int y, uint32_t expected, int tolerance)
{
    const uint32_t actual = pixel_at(s, x, y);
    for (int shift = 0; shift <= 16; shift += 8) {
        const int difference = (int)(actual >> shift & 255) - (int)(expected >> shift & 255);
        if (abs(difference) > tolerance) {
            fail_msg("pixel %d, %d: expected %06X, got %06X", x, y, (unsigned)expected, (unsigned)actual);
        }
    }
}

static inline void assert_all_pixels(const stage *s, uint32_t expected)
{
    for (int y = 0; y < s->height; ++y) {
        for (int x = 0; x < s->width; ++x) {
            assert_pixel(s, x, y, expected, 0);
        }
    }
}

/* A texture of these pixels, R G B A each, alpha premultiplied; pinned, so that it lasts. */
static inline pxc_texture texture_of(const stage *s, int width, int height, const unsigned char *rgba)
{
    const pxc_pixmap pixmap = {.pixels = rgba, .width = width, .height = height, .format = PXC_RGBA8};
    pxc_key key = {0};
    pxc_texture texture = {0};
    assert_int_equal(pxc_insert(s->engine->cache, &pixmap, &key), PXC_OK);
    assert_int_equal(pxc_pin(s->engine->cache, key), PXC_OK);
    assert_int_equal(pxc_find(s->engine->cache, key, &texture), PXC_OK);
    return texture;
}

/* One premultiplied texel, 0xRRGGBBAA. */
static inline pxc_texture texel_of(const stage *s, uint32_t color)
{
    const unsigned char rgba[4] = {(unsigned char)(color >> 24), (unsigned char)(color >> 16),
                                   (unsigned char)(color >> 8), (unsigned char)color};
    return texture_of(s, 1, 1, rgba);
}

#endif
