/* A canvas: a picture of a fixed size in pixels that is drawn to like a screen, and then shown on a window of any size,
 * centred, with bars at the sides where the shapes differ (letterbox). For games with a resolution of their own.
 *
 *     pxe_canvas_begin(canvas, engine, 0x101418FF);   // camera: the canvas's own pixels
 *     ... draw ...
 *     pxe_canvas_end(canvas, engine, &place);         // shown on the frame; camera: the screen
 *
 * Its texture is not in the cache and counts toward no limit. Thread: the render thread.
 */
#ifndef PXE_CANVAS_H
#define PXE_CANVAS_H

#include <pxe/engine.h>

typedef struct pxe_canvas pxe_canvas;

typedef enum pxe_fit {
    PXE_FIT_SMOOTH = 0, /* as large as it fits, filtered */
    PXE_FIT_SHARP,      /* as large as it fits, nearest pixel */
    PXE_FIT_WHOLE       /* the largest whole multiple that fits, nearest pixel; below 1 as PXE_FIT_SMOOTH */
} pxe_fit;

/* Owner: pxe_canvas_destroy, before the engine's destroy. */
bool pxe_canvas_create(pxe_engine *engine, int width, int height, pxe_canvas **out, pxe_error *error);
void pxe_canvas_destroy(pxe_canvas *canvas); /* NULL is fine */

/* Between these two, all is drawn to the canvas. Not nested. color = 0xRRGGBBAA, as in pxe_frame_begin. */
void pxe_canvas_begin(pxe_canvas *canvas, pxe_engine *engine, uint32_t color);
void pxe_canvas_end(pxe_canvas *canvas, pxe_engine *engine, pxe_fit fit);

/* Where a canvas of this size lies on a screen of that size: pixels. Pure. Thread: any. */
pxe_rect pxe_canvas_place(int width, int height, int screen_width, int screen_height, pxe_fit fit);

/* A point of the screen, such as the mouse's, on the canvas, by the place of the last pxe_canvas_end; outside of it too. */
void pxe_canvas_from_screen(const pxe_canvas *canvas, float screen_x, float screen_y, float *x, float *y);

#endif
