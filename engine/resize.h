/* Scaling pictures down. */
#ifndef PXE_RESIZE_H
#define PXE_RESIZE_H

#include <pxe/decode.h>

/* Scales a picture, whose longer side is above fit_px, down to that. False if there is no memory: the picture is then
 * of no use but to be freed. Thread: any. */
bool pxe_picture_scale_down(pxe_picture *picture, int fit_px);

#endif
