/* From a picture file to a pixmap: reading, decoding with limits, scaling down. Thread: any; no shared state. */
#ifndef PXE_DECODE_H
#define PXE_DECODE_H

#include <pixcache/pixcache.h>
#include <pxe/decoder.h>
#include <pxe/error.h>

#include <stddef.h>

/* What a file may ask for, checked before it is decoded, whoever decodes it. {0} = the defaults.
 *
 * The ratio of decoded to file bytes finds small files that ask for much. What honest ones reach, all of one colour:
 * deflate packs 1,032 bytes into one, so a PNG of four channels has 1,032 to 1, and one of 8 bits a pixel, which four
 * bytes are made of, 4 x 1,032 = 4,128 to 1; an empty progressive JPEG nearly 2,048 to 1 (a bit for each block of 64
 * pixels). The default lets all these through. PNGs of 1, 2 and 4 bits a pixel reach 33,024 to 1, and so does a bomb:
 * there is no telling an empty page from it. Therefore the ratio is asked only of pictures above 64 MiB: an empty page
 * of 300 dots per inch passes, one of 600 does not, but for whoever raises the limit.
 */
typedef struct pxe_decode_limits {
    size_t file_bytes;    /* 0 = 256 MiB */
    size_t decoded_bytes; /* width x height x 4; 0 = 256 MiB: an 8192 x 8192 picture */
    int side_px;          /* 0 = 16,384 */
    size_t pixels;        /* width x height; 0 = decoded_bytes / 4, so that raising one limit is enough */
    size_t ratio;         /* decoded bytes to file bytes; 0 = 4,200 */
    size_t ratio_beyond_bytes; /* decoded bytes up to which any ratio is fine; 0 = 64 MiB */
} pxe_decode_limits;

/* {0} = as it is, with the default limits. */
typedef struct pxe_decode_options {
    int fit_px; /* the longer side is scaled down to this many pixels; 0 = never */
    pxe_decode_limits limits;
    const pxe_decoder *decoders; /* yours, asked in this order before the built-in one */
    size_t decoder_count;
} pxe_decode_options;

/* A decoded picture. The pixels are the picture's: pxe_picture_free, or free(). */
typedef struct pxe_picture {
    pxc_pixmap pixmap;               /* PXC_RGBA8, alpha premultiplied, rows without gaps */
    int source_width, source_height; /* pixels in the file, turned, before scaling down */
} pxe_picture;

/* Reads and decodes a PNG, JPEG or BMP file, or one that a decoder in options recognizes. A file that is cut short is
 * an error, not half a picture; one that changes while it is read is read again, and an error if it goes on changing,
 * never a mix; a photograph is turned as its Exif orientation says.
 *
 *   options  NULL = {0}.
 * Result   false with *error saying why, and *out all zero.
 */
bool pxe_picture_load(const char *path, const pxe_decode_options *options, pxe_picture *out,
                      pxe_error *error);

/* The same from memory. */
bool pxe_picture_decode(const void *bytes, size_t size_bytes, const pxe_decode_options *options,
                        pxe_picture *out, pxe_error *error);

/* The size of a picture, turned, before scaling down, without decoding it: what source_width and source_height would
 * be. All limits are checked, and that the file is whole as far as its structure tells.
 *
 *   options  NULL = {0}; fit_px does not matter.
 * Result   false with *error saying why, and *out all zero: then decoding would fail, too.
 * Cost     microseconds; one pass over the bytes of a JPEG.
 */
bool pxe_picture_info(const void *bytes, size_t size_bytes, const pxe_decode_options *options,
                      pxe_picture_size *out, pxe_error *error);

/* Gives the pixels back; NULL and a zeroed picture are fine. */
void pxe_picture_free(pxe_picture *picture);

#endif
