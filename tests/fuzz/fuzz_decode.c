/* libFuzzer target: any file as a picture, by its header alone and decoded. The first byte is fit_px, the rest is the
 * file. The limits are low, so that a run costs little and inputs find their edges. */
#include "fuzz.h"

#include <pxe/decode.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const pxe_decode_limits limits = {.file_bytes = 4096,
                                         .decoded_bytes = 65536,
                                         .side_px = 256,
                                         .pixels = 16000,
                                         .ratio = 500,
                                         .ratio_beyond_bytes = 16384};

#define CHECK(condition) check(condition, #condition, __LINE__)

static void check(bool holds, const char *text, int line)
{
    if (!holds) {
        fprintf(stderr, "fuzz_decode.c:%d: %s does not hold\n", line, text);
        abort();
    }
}

static void check_limits(pxe_picture_size size, size_t file_bytes)
{
    const size_t pixels = (size_t)size.width * (size_t)size.height;
    CHECK(file_bytes <= limits.file_bytes);
    CHECK(size.width >= 1 && size.height >= 1);
    CHECK(size.width <= limits.side_px && size.height <= limits.side_px);
    CHECK(pixels <= limits.pixels && pixels * 4 <= limits.decoded_bytes);
    CHECK(pixels * 4 <= limits.ratio_beyond_bytes || pixels * 4 <= limits.ratio * file_bytes);
}

static void check_size(const pxe_picture *picture, pxe_picture_size told, int fit_px)
{
    const int width = picture->pixmap.width;
    const int height = picture->pixmap.height;
    const int source_longer = told.width > told.height ? told.width : told.height;
    CHECK(width >= 1 && height >= 1);
    CHECK(picture->source_width == told.width && picture->source_height == told.height);
    if (fit_px > 0 && source_longer > fit_px) {
        CHECK(width <= fit_px && height <= fit_px);
        CHECK(width == fit_px || height == fit_px);
    } else {
        CHECK(width == told.width && height == told.height);
    }
}

static void check_pixels(const pxc_pixmap *pixmap)
{
    CHECK(pixmap->format == PXC_RGBA8 && !pixmap->mipmaps);
    CHECK(pixmap->stride == 0 || pixmap->stride == pixmap->width * 4);
    const unsigned char *pixel = pixmap->pixels;
    const size_t count = (size_t)pixmap->width * (size_t)pixmap->height;
    for (size_t i = 0; i < count; ++i, pixel += 4) {
        CHECK(pixel[0] <= pixel[3] && pixel[1] <= pixel[3] && pixel[2] <= pixel[3]);
    }
}

/* Whether the header alone is accepted. */
static bool look(const unsigned char *file, size_t file_bytes, const pxe_decode_options *options,
                 pxe_picture_size *size)
{
    pxe_error error = {""};
    const bool known = pxe_picture_info(file, file_bytes, options, size, &error);
    if (known) {
        check_limits(*size, file_bytes);
    } else {
        CHECK(error.text[0] != '\0');
        CHECK(size->width == 0 && size->height == 0);
    }
    return known;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const pxe_picture none;
    if (size == 0) {
        return 0;
    }
    /* A block of exactly that size, so that a sanitizer sees a read past the end. */
    const size_t file_size = size - 1;
    unsigned char *file = malloc(file_size > 0 ? file_size : 1);
    CHECK(file != NULL);
    memcpy(file, bytes + 1, file_size);
    pxe_picture picture;
    pxe_picture_size told;
    pxe_error error = {""};
    memset(&picture, 0xA5, sizeof picture);
    const pxe_decode_options options = {.fit_px = bytes[0], .limits = limits};
    const bool known = look(file, file_size, &options, &told);
    if (pxe_picture_decode(file, file_size, &options, &picture, &error)) {
        CHECK(known);
        check_size(&picture, told, options.fit_px);
        check_pixels(&picture.pixmap);
        pxe_picture_free(&picture);
    } else {
        CHECK(error.text[0] != '\0');
    }
    CHECK(memcmp(&picture, &none, sizeof none) == 0);
    free(file);
    return 0;
}
