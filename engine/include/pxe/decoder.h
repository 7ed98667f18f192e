/* A picture format of your own: three functions and a flag, beside the built-in PNG, JPEG and BMP.
 *
 * The engine keeps hold of the memory and of the limits. It asks a decoder for the size that the file's header gives,
 * checks that against pxe_decode_limits, makes room for exactly so many pixels and lets the decoder fill them. So a
 * file can not make a decoder's caller allocate more than allowed, and what a decoder leaves out shows as nothing.
 *
 * What a decoder allocates for itself is its own affair: let it ask for no more than the size that it has announced
 * justifies. The bytes may be hostile: a file that is cut short or damaged must make it return false, and in no case
 * read past size_bytes.
 */
#ifndef PXE_DECODER_H
#define PXE_DECODER_H

#include <pxe/error.h>

#include <stddef.h>

/* Pixels, both at least 1. */
typedef struct pxe_picture_size {
    int width, height;
} pxe_picture_size;

/* Where a decoder writes: height rows of width pixels, top row first, R G B A of a byte each, without gaps between the
 * rows. All zero before. The engine's: valid during the call alone. */
typedef struct pxe_decode_target {
    unsigned char *pixels;
    pxe_picture_size size; /* as info told it; a picture of any other size is an error */
} pxe_decode_target;

/* Thread   any loading thread, several at once with the same user: keep no state that is not locked.
 * Owner    the table, what it points to and user are yours and must outlive every call that is given them; bytes are
 *          the engine's and valid during the call alone.
 * Errors   false after pxe_fail(error, ...) with half a sentence about the file, such as "has a damaged header". error
 *          is never NULL here; where it is left empty the engine finds words.
 */
typedef struct pxe_decoder {
    const char *name; /* of the format, for error texts; non-NULL */

    /* Whether this decoder is to read the file: by its first bytes, at little cost. The first decoder that says so is
     * the only one asked for more. size_bytes may be 0. */
    bool (*recognizes)(void *user, const void *bytes, size_t size_bytes);

    /* The size as the header gives it, without decoding. */
    bool (*info)(void *user, const void *bytes, size_t size_bytes, pxe_picture_size *out, pxe_error *error);

    /* The pixels as the file stores them: JPEG files are turned by their Exif orientation afterwards. */
    bool (*decode)(void *user, const void *bytes, size_t size_bytes, const pxe_decode_target *to,
                   pxe_error *error);

    bool
        premultiplied; /* decode writes colours times alpha; false = straight ones, which the engine multiplies */
    void *user;        /* passed to all three */
} pxe_decoder;

#endif
