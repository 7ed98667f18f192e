/* Files, pixels and paintings become pixmaps here; a file that is wanted in several sizes is decoded once.
 *
 * It takes two steps, because between them a worker asks for room: how much a picture takes is known from its header.
 */
#include "source.h"

#include "background.h"
#include "files.h"
#include "limits.h"
#include "mips.h"
#include "resize.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static size_t pixel_bytes(int width, int height)
{
    return (size_t)width * (size_t)height * 4;
}

static bool open_file(const pxe_source *source, const pxe_decode_options *options, pxe_raw *out,
                      pxe_error *error)
{
    pxe_picture_size size;
    const pxe_decode_limits limits = pxe_limits_complete(options->limits);
    out->stamp = pxe_stamp_of(source->name);
    if (!pxe_file_read(source->name, limits.file_bytes, &out->bytes, &out->size_bytes, error) ||
        !pxe_picture_info(out->bytes, out->size_bytes, options, &size, error)) {
        return false;
    }
    out->picture_bytes = pixel_bytes(size.width, size.height);
    return true;
}

bool pxe_source_open(const pxe_source *source, const pxe_decode_options *options, pxe_raw *out,
                     pxe_error *error)
{
    *out = (pxe_raw){.source = source, .options = options};
    if (source->kind == PXE_SOURCE_FILE) {
        return open_file(source, options, out, error);
    }
    if (source->kind == PXE_SOURCE_PAINTING) {
        out->picture_bytes = pixel_bytes(source->painting.width, source->painting.height);
    }
    return true;
}

void pxe_source_close(pxe_raw *raw)
{
    free(raw->bytes);
    *raw = (pxe_raw){0};
}

/* Copies are made in full before they are scaled down; mip levels add less than a third, but for pictures of one
 * pixel in one direction. */
size_t pxe_source_needs(const pxe_raw *raw, const pxe_delivery *deliveries, int count)
{
    size_t bytes = raw->size_bytes;
    for (int i = 0; i < count; ++i) {
        bytes += raw->picture_bytes + (deliveries[i].options.mipmaps ? raw->picture_bytes / 3 : 0);
    }
    return bytes;
}

static bool paint(const pxe_painting *painting, pxe_picture *out, pxe_error *error)
{
    unsigned char *pixels = calloc(pixel_bytes(painting->width, painting->height), 1);
    if (pixels == NULL) {
        return pxe_fail(error, "no memory for %d x %d px", painting->width, painting->height);
    }
    if (error != NULL) {
        *error = (pxe_error){"can not be painted"};
    }
    if (!painting->paint(painting->user, pixels, painting->width, painting->height, error)) {
        free(pixels);
        return false;
    }
    out->pixmap = (pxc_pixmap){
        .pixels = pixels, .width = painting->width, .height = painting->height, .format = PXC_RGBA8};
    out->source_width = painting->width;
    out->source_height = painting->height;
    return true;
}

static bool is_above(const pxe_picture *picture, int fit_px)
{
    return fit_px > 0 && (picture->pixmap.width > fit_px || picture->pixmap.height > fit_px);
}

/* A copy in the wanted size. */
static bool copy_fitted(const pxe_picture *whole, int fit_px, pxe_picture *out)
{
    const size_t size_bytes = pixel_bytes(whole->pixmap.width, whole->pixmap.height);
    void *pixels = whole->pixmap.pixels == NULL ? NULL : malloc(size_bytes);
    if (pixels == NULL) {
        return false;
    }
    memcpy(pixels, whole->pixmap.pixels, size_bytes);
    *out = *whole;
    out->pixmap.pixels = pixels;
    if (is_above(out, fit_px) && !pxe_picture_scale_down(out, fit_px)) {
        pxe_picture_free(out);
        return false;
    }
    return true;
}

/* The last delivery gets the decoded picture itself, the others copies. */
static bool share_out(pxe_picture *whole, pxe_delivery *deliveries, int count, pxe_error *error)
{
    if (pxe_should_stop()) {
        pxe_picture_free(whole);
        return pxe_fail(error, "is not wanted any more");
    }
    for (int i = 0; i + 1 < count; ++i) {
        if (!copy_fitted(whole, deliveries[i].options.fit_px, &deliveries[i].picture)) {
            goto fail;
        }
    }
    if (is_above(whole, deliveries[count - 1].options.fit_px) &&
        !pxe_picture_scale_down(whole, deliveries[count - 1].options.fit_px)) {
        goto fail;
    }
    deliveries[count - 1].picture = *whole;
    for (int i = 0; i < count; ++i) {
        if (deliveries[i].options.mipmaps && !pxe_should_stop()) {
            pxe_picture_add_mips(&deliveries[i].picture); /* if there is no memory, the GPU makes them */
        }
    }
    return true;
fail:
    pxe_picture_free(whole);
    pxe_deliveries_free(deliveries, count);
    return pxe_fail(error, "no memory to scale it");
}

bool pxe_source_decode(const pxe_raw *raw, pxe_delivery *deliveries, int count, pxe_error *error)
{
    pxe_picture whole = {0};
    const pxe_source *source = raw->source;
    pxe_decode_options one = *raw->options;
    switch (source->kind) {
    case PXE_SOURCE_PIXELS:
        for (int i = 0; i < count; ++i) {
            deliveries[i].picture =
                (pxe_picture){source->pixmap, source->pixmap.width, source->pixmap.height};
            deliveries[i].borrowed = true;
        }
        return true;
    case PXE_SOURCE_PAINTING:
        return paint(&source->painting, &whole, error) && share_out(&whole, deliveries, count, error);
    default:
        one.fit_px =
            count == 1 ? deliveries[0].options.fit_px : 0; /* scaled before it is turned: less to turn */
        return pxe_picture_decode(raw->bytes, raw->size_bytes, &one, &whole, error) &&
               share_out(&whole, deliveries, count, error);
    }
}

size_t pxe_deliveries_bytes(const pxe_delivery *deliveries, int count)
{
    size_t bytes = 0;
    for (int i = 0; i < count; ++i) {
        const pxc_pixmap *pixmap = &deliveries[i].picture.pixmap;
        if (!deliveries[i].borrowed && pixmap->pixels != NULL) {
            bytes += pixel_bytes(pixmap->width, pixmap->height);
            bytes += pixmap->mip_pixels != NULL ? pxe_mips_bytes(pixmap->width, pixmap->height) : 0;
        }
    }
    return bytes;
}

void pxe_deliveries_free(pxe_delivery *deliveries, int count)
{
    for (int i = 0; i < count; ++i) {
        if (!deliveries[i].borrowed) {
            pxe_picture_free(&deliveries[i].picture);
        }
        deliveries[i].picture = (pxe_picture){0};
    }
}

pxe_stamp pxe_stamp_of(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        return (pxe_stamp){0};
    }
    return (pxe_stamp){
        .size_bytes = (uint64_t)info.st_size,
        .modified_ns = (uint64_t)info.st_mtim.tv_sec * 1000000000 + (uint64_t)info.st_mtim.tv_nsec,
        .inode = (uint64_t)info.st_ino,
        .device = (uint64_t)info.st_dev,
    };
}

bool pxe_stamp_equal(const pxe_stamp *a, const pxe_stamp *b)
{
    return a->size_bytes == b->size_bytes && a->modified_ns == b->modified_ns && a->inode == b->inode &&
           a->device == b->device;
}

bool pxe_stamp_none(const pxe_stamp *stamp)
{
    return pxe_stamp_equal(stamp, &(pxe_stamp){0});
}
