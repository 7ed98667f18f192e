/* Mip levels made on the processor. */
#ifndef PXE_MIPS_H
#define PXE_MIPS_H

#include <pxe/decode.h>

/* Bytes of all levels below the first of width x height pixels of 4 bytes. */
size_t pxe_mips_bytes(int width, int height);

/* Gives a picture, PXC_RGBA8 without gaps, its mip levels: pixmap.mip_pixels, to be freed with the picture. False if there
 * is no memory, and the picture is as it was: the GPU can make them. Thread: any. */
bool pxe_picture_add_mips(pxe_picture *picture);

#endif
