/* What a picture file may ask for. */
#ifndef PXE_LIMITS_H
#define PXE_LIMITS_H

#include <pxe/decode.h>

/* The limits given, the defaults in place of zeros. */
pxe_decode_limits pxe_limits_complete(pxe_decode_limits given);

/* Whether a file of this size may become a picture of this size; limits as pxe_limits_complete gives them. */
bool pxe_limits_allow(const pxe_decode_limits *limits, size_t file_bytes, pxe_picture_size size,
                      pxe_error *error);

#endif
