/* How a photograph is to be turned: cameras store pixels as the sensor lies and note the rest. */
#ifndef PXE_ORIENTATION_H
#define PXE_ORIENTATION_H

#include <pxe/decode.h>

#include <stddef.h>

/* The orientation that a JPEG file's Exif data gives: 1 to 8, 1 (as it is) for every other file. Thread: any. */
int pxe_orientation_of(const void *bytes, size_t size_bytes);

/* Whether turning exchanges width and height. */
bool pxe_orientation_swaps(int orientation);

/* Turns and mirrors the picture as an orientation says. False if there is no memory: the picture stays as it was. */
bool pxe_picture_orient(pxe_picture *picture, int orientation);

#endif
