/* A small painter of soft, outlined shapes, by which all of the game's pictures are made. It works in floats on one cell,
 * a picture or a frame of one, which is then written out as 8-bit premultiplied pixels. Thread: any; no shared state. */
#ifndef GAME_PAINT_H
#define GAME_PAINT_H

#include <stdbool.h>

typedef struct paint_color {
    float r, g, b, a; /* straight, 0 ... 1 */
} paint_color;

/* Pixels, premultiplied, and the outline that the shapes get: it is painted first, for all of them. */
typedef struct paint_cell {
    float *rgba;
    int width, height;
} paint_cell;

typedef enum paint_kind {
    PAINT_ELLIPSE,
    PAINT_LIMB, /* from (x, y) to (x2, y2), of radius rx at the one end and ry at the other */
    PAINT_ROSE, /* radius rx (1 + depth cos(petals angle)) */
    PAINT_RING, /* a circle of radius rx, its line ry thick to each side */
} paint_kind;

/* {0} but for the place and colours is an opaque ellipse without an outline. */
typedef struct paint_shape {
    paint_kind kind;
    float x, y, x2, y2; /* pixels; its middle, or its ends */
    float rx, ry;
    float turn;  /* radians, clockwise */
    float depth; /* of a rose */
    int petals;
    paint_color light, dark; /* at its upper and its lower edge */
    float outline;           /* width in pixels; 0 = none */
    paint_color line;
    float soft; /* width of its edge in pixels; 0 = 1 */
    bool atop;  /* only where something is already */
} paint_shape;

bool paint_begin(paint_cell *cell, int width, int height); /* false = no memory */
void paint_end(paint_cell *cell);

/* One shape after the other; paint_shapes: first the outlines of all, then all of them, so that they join to one body. */
void paint_shape_on(paint_cell *cell, const paint_shape *shape);
void paint_shapes(paint_cell *cell, const paint_shape *shapes, int count);

/* Light that fades out from a point: alpha strength there, none at radius. */
void paint_glow(paint_cell *cell, float x, float y, float radius, const paint_color *color);

/* Copies the cell to pixels of that many a row, at (left, 0). */
void paint_write(const paint_cell *cell, unsigned char *pixels, int row_px, int left);

paint_color paint_hsl(float hue, float saturation, float lightness); /* hue in turns, any; a = 1 */
paint_color paint_mix(paint_color from, paint_color to, float share);
paint_color paint_alpha(paint_color color, float alpha);

#endif
