/* Glyphs as pictures of coverage: 0 = outside, 255 = inside, a byte a pixel. Thread: any. */
#ifndef PXE_OUTLINE_H
#define PXE_OUTLINE_H

#include "font_file.h"

/* Around it runs an empty pixel, so that a glyph whose edges are filtered ends softly. */
typedef struct pxe_coverage {
    unsigned char *bytes; /* width x height, top row first; free(); NULL = nothing to draw */
    int x, y;             /* of the top left pixel from the pen, which stands on the baseline; y down */
    int width, height;
} pxe_coverage;

typedef enum pxe_drawn { PXE_DRAWN, PXE_DRAWN_DAMAGED, PXE_DRAWN_NO_MEMORY } pxe_drawn;

/* Room for a glyph that covers these pixels, zeroed, with the empty ones around it. Result: PXE_DRAWN_DAMAGED
 * if it is larger than any glyph is. */
pxe_drawn pxe_coverage_make(int left, int top, int right, int bottom, pxe_coverage *out);

/* Draws a glyph's outline. With any result but PXE_DRAWN, *out is zero. */
pxe_drawn pxe_outline_draw(const pxe_font_file *file, uint32_t glyph, float px_per_unit, pxe_coverage *out);

#endif
