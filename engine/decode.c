/* Picture files to pixmaps, in a fixed order: nothing is decoded before everything that can be known without is.
 *
 *   1. the file's bytes, as many as allowed (files.c)
 *   2. who reads it: the application's decoders, else the built-in one (stb_decoder.c)
 *   3. its size, from the header, and what the limits say to it (limits.c): a PNG of 32 KB can ask for a gigabyte
 *   4. the pixels, their colours times their alphas
 *   5. scaled down (resize.c) and turned (orientation.c)
 */
#include <pxe/decode.h>

#include "files.h"
#include "limits.h"
#include "orientation.h"
#include "resize.h"
#include "stb_decoder.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A file before its decode. */
typedef struct source {
    const void *bytes;
    size_t size_bytes;
    const pxe_decoder *decoder; /* NULL = the built-in one */
    pxe_picture_size size;      /* as the file stores it */
} source;

/* Fails with what a decoder said, which may hold anything, or with words of our own where it said nothing. */
static bool fail_as_told(pxe_error *error, const pxe_error *told, const pxe_decoder *decoder)
{
    return told->text[0] != '\0' ? pxe_fail(error, "%s", told->text)
                                 : pxe_fail(error, "is damaged (%s)", decoder->name);
}

static const pxe_decoder *find_decoder(const pxe_decode_options *options, const void *bytes,
                                       size_t size_bytes)
{
    for (size_t i = 0; i < options->decoder_count; ++i) {
        const pxe_decoder *decoder = &options->decoders[i];
        if (decoder->recognizes(decoder->user, bytes, size_bytes)) {
            return decoder;
        }
    }
    return NULL;
}

static bool read_size(source *file, pxe_error *error)
{
    const pxe_decoder *decoder = file->decoder;
    if (decoder == NULL) {
        return pxe_stb_info(file->bytes, file->size_bytes, &file->size, error);
    }
    pxe_error told = {""};
    return decoder->info(decoder->user, file->bytes, file->size_bytes, &file->size, &told) ||
           fail_as_told(error, &told, decoder);
}

/* Steps 2 and 3. */
static bool source_open(source *file, const pxe_decode_options *given, pxe_error *error)
{
    const pxe_decode_options none = {0};
    const pxe_decode_options *options = given != NULL ? given : &none;
    const pxe_decode_limits limits = pxe_limits_complete(options->limits);
    if (file->size_bytes > limits.file_bytes) {
        return pxe_fail(error, "has %zu bytes, more than the %zu that are read", file->size_bytes,
                        limits.file_bytes);
    }
    file->decoder = find_decoder(options, file->bytes, file->size_bytes);
    return read_size(file, error) && pxe_limits_allow(&limits, file->size_bytes, file->size, error);
}

/* Colours times alpha, rounded to nearest, in place. Two channels share each product; compilers make vectors of it.
 * Source: t = c x alpha + 128, (t + t / 256) / 256 (J. Blinn, Three Wrongs Make a Right, 1995); the tests compare it
 * with every c and alpha. */
static void premultiply(unsigned char *pixels, size_t count)
{
    uint32_t
        alpha_bits; /* those of a pixel's last byte: the upper ones or, on a big-endian machine, the lower */
    memcpy(&alpha_bits, "\0\0\0\xFF", 4);
    const unsigned alpha_shift = alpha_bits > 255 ? 24 : 0;
    for (size_t i = 0; i < count; ++i) {
        uint32_t pixel;
        memcpy(&pixel, pixels + i * 4, 4);
        const uint32_t alpha = pixel >> alpha_shift & 255;
        uint32_t even = (pixel & 0x00FF00FF) * alpha + 0x00800080;
        uint32_t odd = (pixel >> 8 & 0x00FF00FF) * alpha + 0x00800080;
        even = (even + (even >> 8 & 0x00FF00FF)) >> 8 & 0x00FF00FF;
        odd = (odd + (odd >> 8 & 0x00FF00FF)) & 0xFF00FF00;
        pixel = ((even | odd) & ~alpha_bits) | (pixel & alpha_bits);
        memcpy(pixels + i * 4, &pixel, 4);
    }
}

static unsigned char *decode_plugged(const source *file, pxe_error *error)
{
    const pxe_decoder *decoder = file->decoder;
    const size_t pixels = (size_t)file->size.width * (size_t)file->size.height;
    const pxe_decode_target canvas = {calloc(pixels, 4), file->size};
    pxe_error told = {""};
    if (canvas.pixels == NULL) {
        pxe_fail(error, "no memory to decode it");
        return NULL;
    }
    if (!decoder->decode(decoder->user, file->bytes, file->size_bytes, &canvas, &told)) {
        free(canvas.pixels);
        fail_as_told(error, &told, decoder);
        return NULL;
    }
    return canvas.pixels;
}

/* Step 4. */
static bool decode_pixels(const source *file, pxe_picture *out, pxe_error *error)
{
    bool is_straight = true;
    unsigned char *pixels = NULL;
    if (file->decoder == NULL) {
        pixels = pxe_stb_decode(file->bytes, file->size_bytes, file->size, &is_straight, error);
    } else {
        pixels = decode_plugged(file, error);
        is_straight = !file->decoder->premultiplied;
    }
    if (pixels == NULL) {
        return false;
    }
    const int width = file->size.width;
    const int height = file->size.height;
    if (is_straight) {
        premultiply(pixels, (size_t)width * (size_t)height);
    }
    *out = (pxe_picture){
        .pixmap = {.pixels = pixels, .width = width, .height = height, .format = PXC_RGBA8},
        .source_width = width,
        .source_height = height,
    };
    return true;
}

bool pxe_picture_decode(const void *bytes, size_t size_bytes, const pxe_decode_options *options,
                        pxe_picture *out, pxe_error *error)
{
    source file = {.bytes = bytes, .size_bytes = size_bytes};
    *out = (pxe_picture){0};
    if (!source_open(&file, options, error) || !decode_pixels(&file, out, error)) {
        return false;
    }
    const int fit_px = options != NULL ? options->fit_px : 0;
    const bool is_larger = file.size.width > fit_px || file.size.height > fit_px;
    if ((fit_px > 0 && is_larger && !pxe_picture_scale_down(out, fit_px)) ||
        !pxe_picture_orient(out, pxe_orientation_of(bytes, size_bytes))) {
        pxe_picture_free(out);
        return pxe_fail(error, "no memory to scale and turn it");
    }
    return true;
}

bool pxe_picture_info(const void *bytes, size_t size_bytes, const pxe_decode_options *options,
                      pxe_picture_size *out, pxe_error *error)
{
    source file = {.bytes = bytes, .size_bytes = size_bytes};
    *out = (pxe_picture_size){0};
    if (!source_open(&file, options, error)) {
        return false;
    }
    *out = file.size;
    if (pxe_orientation_swaps(pxe_orientation_of(bytes, size_bytes))) {
        *out = (pxe_picture_size){file.size.height, file.size.width};
    }
    return true;
}

bool pxe_picture_load(const char *path, const pxe_decode_options *options, pxe_picture *out, pxe_error *error)
{
    const pxe_decode_limits given = options != NULL ? options->limits : (pxe_decode_limits){0};
    char *bytes = NULL;
    size_t size_bytes = 0;
    *out = (pxe_picture){0};
    if (!pxe_file_read(path, pxe_limits_complete(given).file_bytes, &bytes, &size_bytes, error)) {
        return false;
    }
    const bool decoded = pxe_picture_decode(bytes, size_bytes, options, out, error);
    free(bytes);
    return decoded;
}

void pxe_picture_free(pxe_picture *picture)
{
    if (picture != NULL) {
        free((void *)picture->pixmap.pixels);
        free((void *)picture->pixmap.mip_pixels);
        *picture = (pxe_picture){0};
    }
}
