/* The glyphs that need no file: printable ASCII in cells of 6 x 8 pixels, and the box that stands for what a
 * font lacks. Thread: any. */
#ifndef PXE_BUILT_IN_FONT_H
#define PXE_BUILT_IN_FONT_H

#include "outline.h"

enum {
    PXE_CELL_WIDTH = 6,
    PXE_CELL_HEIGHT = 8,
    PXE_CELL_ASCENT = 7,
    PXE_FIRST_LETTER = 32,
    PXE_LETTERS = 95
};

/* A letter, 0 ... PXE_LETTERS - 1, in a cell that is height_px high. */
pxe_drawn pxe_built_in_draw(uint32_t letter, int height_px, pxe_coverage *out);

pxe_drawn pxe_box_draw(int height_px, pxe_coverage *out);

#endif
