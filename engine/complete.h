/* Whether a picture file is one, and whole. */
#ifndef PXE_COMPLETE_H
#define PXE_COMPLETE_H

#include <pxe/error.h>

#include <stddef.h>

/* True if the bytes begin like a PNG, JPEG or BMP file and reach that format's own end. Thread: any. */
bool pxe_picture_complete(const void *bytes, size_t size_bytes, pxe_error *error);

#endif
