/* A camera over a flat world: x to the right, y down, one world unit a pixel at zoom 1. A plain value. Thread: any. */
#ifndef PXE_CAMERA_H
#define PXE_CAMERA_H

#include <stdbool.h>

typedef struct pxe_camera {
    float x, y;          /* world point in the middle of the screen */
    float zoom;          /* pixels per world unit; 0 = 1 */
    float rotation;      /* radians, clockwise on the screen */
    float width, height; /* of the screen, pixels */
    bool
        pixel_exact; /* the world's corner lies on a whole pixel of the screen, so that pictures drawn in their own size
                            at whole positions are not blurred by where the camera is; not while it is turned */
} pxe_camera;

/* A camera for which world and screen are the same: (0, 0) is the screen's top left corner. */
pxe_camera pxe_camera_screen(int width, int height);

/* World to clip space, column-major, for a GLSL mat4. */
void pxe_camera_matrix(const pxe_camera *camera, float out[16]);

/* Pixels from the screen's top left corner to the world and back. */
void pxe_camera_to_world(const pxe_camera *camera, float screen_x, float screen_y, float *x, float *y);
void pxe_camera_to_screen(const pxe_camera *camera, float x, float y, float *screen_x, float *screen_y);

/* Zooms by a factor so that the world point under this screen point stays there. */
void pxe_camera_zoom_at(pxe_camera *camera, float factor, float screen_x, float screen_y);

#endif
