/* Shapes of one colour, and pictures that stretch: what a game's panels, bars and lines are made of. All go
 * through the batch, in order with the sprites, and join their draw calls. Colours are 0xRRGGBBAA with
 * straight alpha. What has a size that is not above 0, or a number that is NaN or infinite, draws nothing.
 * Thread: the context's.
 */
#ifndef PXE_SHAPES_H
#define PXE_SHAPES_H

#include <pxe/sprites.h>

void pxe_fill_rect(pxe_sprites *sprites, const pxe_rect *rect, uint32_t color);

/* The line lies inside the rectangle; one thicker than half of it fills it. No pixel is drawn twice. */
void pxe_outline_rect(pxe_sprites *sprites, const pxe_rect *rect, float thickness, uint32_t color);

/* From point to point, its ends cut square, half of its thickness on each side. */
void pxe_draw_line(pxe_sprites *sprites, float x0, float y0, float x1, float y1, float thickness,
                   uint32_t color);

/* A picture whose corners keep their size, whose edges stretch one way and whose middle stretches both. */
typedef struct pxe_nine_patch {
    pxc_texture texture;
    pxe_rect source; /* part of the image in its pixels; of no width or no height = all of it */
    float left, top, right, bottom; /* of the corners, in pixels of the image */
    float scale;                    /* of the corners on the screen; 0 = 1 */
    uint32_t tint;                  /* 0xRRGGBBAA; 0 = as it is */
    pxe_blend blend;
    pxe_filter filter;
    int16_t layer;
} pxe_nine_patch;

/* In a rectangle smaller than its corners, they are scaled down, both ways alike. Corners that meet in the
 * image leave nothing to stretch: what would lie between them is left open. Margins below 0 draw nothing. */
void pxe_draw_nine_patch(pxe_sprites *sprites, const pxe_nine_patch *patch, const pxe_rect *rect);

#endif
