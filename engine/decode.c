/* Picture files to pixmaps. stb_image's only file.
 *
 * stb_image is compiled from its header, without the formats in which its faults lie (GIF, TGA, PNM, PSD, HDR, PIC),
 * with an allocator that hands out zeroed memory, so that a decoder which stops early shows black and not somebody
 * else's bytes, and that knows the largest block that such a picture needs. What a file asks for is read from its
 * header and checked before the decode: a PNG of 32 KB can ask for a gigabyte. And because stb_image fills what a cut
 * file lacks with nothing and calls it success, wholeness is checked first, by walking the file's own structure
 * (complete.c).
 */
#include <pxe/decode.h>

#include "complete.h"
#include "files.h"
#include "orientation.h"
#include "resize.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#define STBI_MALLOC(size_bytes)                          bounded_malloc(size_bytes)
#define STBI_REALLOC_SIZED(memory, old_bytes, new_bytes) bounded_realloc(memory, old_bytes, new_bytes)
#define STBI_FREE(memory)                                free(memory)
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION

#include <string.h>

/* The largest block that the decode on this thread may ask for. A picture of one pixel may carry compressed rows
 * without end, and stb_image would make room for all of them. */
static _Thread_local size_t most_block_bytes;

static void *bounded_malloc(size_t size_bytes)
{
    return size_bytes > most_block_bytes ? NULL : calloc(1, size_bytes);
}

static void *bounded_realloc(void *memory, size_t old_bytes, size_t new_bytes)
{
    char *grown = new_bytes > most_block_bytes ? NULL : realloc(memory, new_bytes);
    if (grown != NULL && new_bytes > old_bytes) {
        memset(grown + old_bytes, 0, new_bytes - old_bytes);
    }
    return grown;
}

#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Wunused-function" /* half of what the header has is not called here */
#endif
#include <stb_image.h>

static pxe_decode_options complete_options(const pxe_decode_options *given)
{
    pxe_decode_options options = given != NULL ? *given : (pxe_decode_options){0};
    pxe_decode_limits *limits = &options.limits;
    limits->file_bytes = limits->file_bytes != 0 ? limits->file_bytes : (size_t)256 << 20;
    limits->decoded_bytes = limits->decoded_bytes != 0 ? limits->decoded_bytes : (size_t)256 << 20;
    limits->side_px = limits->side_px != 0 ? limits->side_px : 16384;
    return options;
}

/* Colours times alpha, rounded to nearest, in place. */
static void premultiply(unsigned char *pixels, size_t count)
{
    for (unsigned char *pixel = pixels; pixel < pixels + count * 4; pixel += 4) {
        const unsigned alpha = pixel[3];
        if (alpha != 255) {
            pixel[0] = (unsigned char)((pixel[0] * alpha + 127) / 255);
            pixel[1] = (unsigned char)((pixel[1] * alpha + 127) / 255);
            pixel[2] = (unsigned char)((pixel[2] * alpha + 127) / 255);
        }
    }
}

/* Room for the rows of a picture with four channels of 16 bits, padded to JPEG's blocks, for the file's own bytes,
 * which PNG collects in a buffer that doubles, and for the decoder's tables. */
static size_t block_bound(int width, int height, size_t file_bytes)
{
    return ((size_t)width + 64) * ((size_t)height + 64) * 8 + file_bytes * 2 + ((size_t)64 << 10);
}

static bool check_header(const void *bytes, int size_bytes, const pxe_decode_limits *limits, pxe_error *error)
{
    int width = 0;
    int height = 0;
    int channels = 0;
    most_block_bytes = block_bound(0, 0, (size_t)size_bytes);
    if (!stbi_info_from_memory(bytes, size_bytes, &width, &height, &channels)) {
        const char *reason = stbi_failure_reason();
        return pxe_fail(error, "has a damaged header (%s)", reason != NULL ? reason : "no size");
    }
    if (height < 0 && height > INT_MIN) {
        height = -height; /* a BMP whose rows run downwards */
    }
    if (width < 1 || height < 1) {
        return pxe_fail(error, "has a damaged header (no size)");
    }
    if (width > limits->side_px || height > limits->side_px) {
        return pxe_fail(error, "is %d x %d px, above the largest side of %d px", width, height,
                        limits->side_px);
    }
    most_block_bytes = block_bound(width, height, (size_t)size_bytes);
    const uint64_t decoded_bytes = (uint64_t)width * (uint64_t)height * 4;
    if (decoded_bytes > limits->decoded_bytes) {
        return pxe_fail(error, "would decode to %.1f MiB, more than the %.1f MiB allowed",
                        (double)decoded_bytes / 1048576.0, (double)limits->decoded_bytes / 1048576.0);
    }
    return true;
}

bool pxe_picture_decode(const void *bytes, size_t size_bytes, const pxe_decode_options *given,
                        pxe_picture *out, pxe_error *error)
{
    *out = (pxe_picture){0};
    const pxe_decode_options options = complete_options(given);
    const size_t most_bytes = options.limits.file_bytes < INT_MAX ? options.limits.file_bytes : INT_MAX;
    if (size_bytes > most_bytes) {
        return pxe_fail(error, "has %zu bytes, more than the %zu that are read", size_bytes, most_bytes);
    }
    if (!pxe_picture_complete(bytes, size_bytes, error) ||
        !check_header(bytes, (int)size_bytes, &options.limits, error)) {
        return false;
    }
    int width = 0;
    int height = 0;
    int channels = 0;
    unsigned char *pixels = stbi_load_from_memory(bytes, (int)size_bytes, &width, &height, &channels, 4);
    if (pixels == NULL) {
        const char *reason = stbi_failure_reason();
        return pxe_fail(error, "is damaged (%s)", reason != NULL ? reason : "unknown");
    }
    premultiply(pixels, (size_t)width * (size_t)height);
    *out = (pxe_picture){
        .pixmap = {.pixels = pixels, .width = width, .height = height, .format = PXC_RGBA8},
        .source_width = width,
        .source_height = height,
    };
    const int fit_px = options.fit_px;
    if ((fit_px > 0 && (width > fit_px || height > fit_px) && !pxe_picture_scale_down(out, fit_px)) ||
        !pxe_picture_orient(out, pxe_orientation_of(bytes, size_bytes))) {
        pxe_picture_free(out);
        return pxe_fail(error, "no memory to scale and turn it");
    }
    return true;
}

pxe_decode_limits pxe_limits_complete(pxe_decode_limits given)
{
    return complete_options(&(pxe_decode_options){.limits = given}).limits;
}

bool pxe_picture_info(const void *bytes, size_t size_bytes, const pxe_decode_options *options,
                      pxe_picture_size *out, pxe_error *error)
{
    const pxe_decode_options all = complete_options(options);
    if (!pxe_picture_complete(bytes, size_bytes, error) ||
        !check_header(bytes, (int)size_bytes, &all.limits, error)) {
        return false;
    }
    int channels = 0;
    stbi_info_from_memory(bytes, (int)size_bytes, &out->width, &out->height, &channels);
    out->height = abs(out->height);
    return true;
}

bool pxe_picture_load(const char *path, const pxe_decode_options *given, pxe_picture *out, pxe_error *error)
{
    *out = (pxe_picture){0};
    char *bytes = NULL;
    size_t size_bytes = 0;
    if (!pxe_file_read(path, complete_options(given).limits.file_bytes, &bytes, &size_bytes, error)) {
        return false;
    }
    const bool decoded = pxe_picture_decode(bytes, size_bytes, given, out, error);
    free(bytes);
    return decoded;
}

void pxe_picture_free(pxe_picture *picture)
{
    if (picture != NULL) {
        free((void *)picture->pixmap.pixels);
        *picture = (pxe_picture){0};
    }
}
