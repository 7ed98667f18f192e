/* What the decoding tests share: expectations of pixels and of refusals, from memory and from a file alike. */
#ifndef PIXCACHE_TESTS_DECODE_CHECK_H
#define PIXCACHE_TESTS_DECODE_CHECK_H

#include "engine_fixture.h"

static inline void assert_no_picture(const pxe_picture *picture)
{
    static const pxe_picture none;
    assert_memory_equal(picture, &none, sizeof none);
}

/* A picture that only the test under way may have filled. */
static inline pxe_picture dirty_picture(void)
{
    pxe_picture picture;
    memset(&picture, 0xA5, sizeof picture);
    return picture;
}

/* Decodes a whole file in memory, asserting that it works. */
static inline pxe_picture decoded(const buffer *file, int fit_px)
{
    pxe_picture picture = dirty_picture();
    pxe_error error = {""};
    if (!pxe_picture_decode(file->bytes, file->size, &(pxe_decode_options){.fit_px = fit_px}, &picture,
                            &error)) {
        fail_msg("refused: %s", error.text);
    }
    assert_non_null(picture.pixmap.pixels);
    assert_int_equal(picture.pixmap.format, PXC_RGBA8);
    assert_true(picture.pixmap.stride == 0 || picture.pixmap.stride == picture.pixmap.width * 4);
    return picture;
}

static inline const unsigned char *texel(const pxe_picture *picture, int x, int y)
{
    const unsigned char *pixels = picture->pixmap.pixels;
    return pixels + ((size_t)y * (size_t)picture->pixmap.width + (size_t)x) * 4;
}

/* Decodes and frees the file and compares it with these pixels, R G B A each, alpha premultiplied. */
static inline void assert_decodes(buffer *file, int width, int height, const unsigned char *rgba)
{
    pxe_picture picture = decoded(file, 0);
    assert_int_equal(picture.pixmap.width, width);
    assert_int_equal(picture.pixmap.height, height);
    assert_int_equal(picture.source_width, width);
    assert_int_equal(picture.source_height, height);
    assert_memory_equal(picture.pixmap.pixels, rgba, (size_t)width * (size_t)height * 4);
    pxe_picture_free(&picture);
    assert_no_picture(&picture);
    buffer_free(file);
}

static inline void assert_refused_limits(const void *bytes, size_t size, const pxe_decode_options *limits,
                                         const char *word)
{
    /* A block of exactly that size, so that a sanitizer sees a read past the end. */
    unsigned char *exact = malloc(size == 0 ? 1 : size);
    assert_non_null(exact);
    memcpy(exact, bytes, size);
    pxe_picture picture = dirty_picture();
    pxe_error error = {""};
    const bool works = pxe_picture_decode(exact, size, limits, &picture, &error);
    free(exact);
    if (works) {
        fail_msg("%zu bytes were decoded to %d x %d px and should not have been", size, picture.pixmap.width,
                 picture.pixmap.height);
    }
    assert_no_picture(&picture);
    assert_says(&error, word);
}

/* With any clear text if word is "". */
static inline void assert_refused(const void *bytes, size_t size, const char *word)
{
    assert_refused_limits(bytes, size, NULL, word);
}

static inline void assert_path_refused(const char *path, const pxe_decode_options *limits, const char *word)
{
    pxe_picture picture = dirty_picture();
    pxe_error error = {""};
    if (pxe_picture_load(path, limits, &picture, &error)) {
        fail_msg("%s was decoded", path);
    }
    assert_no_picture(&picture);
    assert_says(&error, word);
}

#endif
