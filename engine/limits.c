/* Limits on what a picture file may ask for: choosing alone, nothing is read or allocated here. Where the defaults come
 * from is said in pxe/decode.h. */
#include "limits.h"

#include <stdint.h>

static const size_t mebibyte = (size_t)1 << 20;

static size_t or_default(size_t given, size_t value)
{
    return given != 0 ? given : value;
}

pxe_decode_limits pxe_limits_complete(pxe_decode_limits given)
{
    const size_t decoded_bytes = or_default(given.decoded_bytes, 256 * mebibyte);
    return (pxe_decode_limits){
        .file_bytes = or_default(given.file_bytes, 256 * mebibyte),
        .decoded_bytes = decoded_bytes,
        .side_px = given.side_px != 0 ? given.side_px : 16384,
        .pixels = or_default(given.pixels, decoded_bytes / 4),
        .ratio = or_default(given.ratio, 4200),
        .ratio_beyond_bytes = or_default(given.ratio_beyond_bytes, 64 * mebibyte),
    };
}

static double in_mebibytes(uint64_t size_bytes)
{
    return (double)size_bytes / (double)mebibyte;
}

bool pxe_limits_allow(const pxe_decode_limits *limits, size_t file_bytes, pxe_picture_size size,
                      pxe_error *error)
{
    if (size.width < 1 || size.height < 1) {
        return pxe_fail(error, "has a damaged header (no size)");
    }
    if (size.width > limits->side_px || size.height > limits->side_px) {
        return pxe_fail(error, "is %d x %d px, above the largest side of %d px", size.width, size.height,
                        limits->side_px);
    }
    const uint64_t pixels = (uint64_t)size.width * (uint64_t)size.height;
    const uint64_t decoded_bytes = pixels * 4;
    if (decoded_bytes > limits->decoded_bytes) {
        return pxe_fail(error, "would decode to %.1f MiB, more than the %.1f MiB allowed",
                        in_mebibytes(decoded_bytes), in_mebibytes(limits->decoded_bytes));
    }
    if (pixels > limits->pixels) {
        return pxe_fail(error, "has %d x %d px, more than the %zu allowed", size.width, size.height,
                        limits->pixels);
    }
    /* Divided, as the product may overflow; rounded up, so that a part counts. */
    if (decoded_bytes > limits->ratio_beyond_bytes && (decoded_bytes - 1) / limits->ratio + 1 > file_bytes) {
        return pxe_fail(error, "would decode to %.1f MiB, more than %zu times its %zu bytes",
                        in_mebibytes(decoded_bytes), limits->ratio, file_bytes);
    }
    return true;
}
