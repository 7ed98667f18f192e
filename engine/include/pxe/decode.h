/* From a picture file to a pixmap: reading, decoding with limits, scaling down. Thread: any; no shared state. */
#ifndef PXE_DECODE_H
#define PXE_DECODE_H

#include <pixcache/pixcache.h>
#include <pxe/error.h>

#include <stddef.h>

/* What a file may ask for, checked before it is decoded. */
typedef struct pxe_decode_limits {
    size_t file_bytes;    /* 0 = 256 MiB */
    size_t decoded_bytes; /* width x height x 4; 0 = 256 MiB: an 8192 x 8192 picture */
    int side_px;          /* 0 = 16,384 */
} pxe_decode_limits;

/* {0} = as it is, with the default limits. */
typedef struct pxe_decode_options {
    int fit_px; /* the longer side is scaled down to this many pixels; 0 = never */
    pxe_decode_limits limits;
} pxe_decode_options;

/* A decoded picture. The pixels are the picture's: pxe_picture_free. */
typedef struct pxe_picture {
    pxc_pixmap pixmap;               /* PXC_RGBA8, alpha premultiplied, rows without gaps */
    int source_width, source_height; /* pixels in the file, turned, before scaling down */
} pxe_picture;

/* Reads and decodes a PNG, JPEG or BMP file. A file that is cut short is an error, not half a picture; a photograph is
 * turned as its Exif orientation says.
 *
 *   options  NULL = {0}.
 * Result   false with *error saying why, and *out all zero.
 */
bool pxe_picture_load(const char *path, const pxe_decode_options *options, pxe_picture *out,
                      pxe_error *error);

/* The same from memory. */
bool pxe_picture_decode(const void *bytes, size_t size_bytes, const pxe_decode_options *options,
                        pxe_picture *out, pxe_error *error);

typedef struct pxe_picture_size {
    int width, height;
} pxe_picture_size;
bool pxe_picture_info(const void *bytes, size_t size_bytes, const pxe_decode_options *options,
                      pxe_picture_size *out, pxe_error *error);
pxe_decode_limits pxe_limits_complete(pxe_decode_limits given);

/* Gives the pixels back; NULL and a zeroed picture are fine. */
void pxe_picture_free(pxe_picture *picture);

#endif
