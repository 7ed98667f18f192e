/* Text: glyphs are rasterised when they are first drawn, kept in the cache like any image, and drawn as sprites, so text
 * joins the draw calls around it. Strings are UTF-8; what is not, and what the font lacks, shows as a box. Left to right,
 * with kerning where the font has it; no shaping. Thread: the render thread.
 */
#ifndef PXE_TEXT_H
#define PXE_TEXT_H

#include <pxe/sprites.h>

typedef struct pxe_font pxe_font;

/* A TrueType or OpenType file with outlines; NULL = a font of the system, or the one that is built in if there is none.
 * Result: false with *error if the file can not be read or is no font. Owner: pxe_font_close, before the cache's destroy. */
bool pxe_font_open(pxc_cache *cache, const char *path, pxe_font **out, pxe_error *error);

/* The one that is built in: the printable characters of ASCII, drawn in pixels, sharp at multiples of 8 pixels. NULL = no
 * memory. */
pxe_font *pxe_font_built_in(pxc_cache *cache);

void pxe_font_close(pxe_font *font); /* NULL is fine; its glyphs stay in the cache until they are evicted */
const char *pxe_font_path(const pxe_font *font); /* NULL = built in */

typedef enum pxe_align { PXE_ALIGN_LEFT = 0, PXE_ALIGN_CENTRE, PXE_ALIGN_RIGHT } pxe_align;

typedef struct pxe_text {
    pxe_font *font;
    float x, y; /* world position: top of the first line; its left end, middle or right end, by align */
    float
        size_px; /* height of a line of letters from ascender to descender; glyphs are made for round(size_px x camera zoom) */
    float wrap_width;  /* lines break at spaces to be no wider; 0 = only at line feeds */
    float line_height; /* of size_px; 0 = 1.2 */
    uint32_t color;    /* 0xRRGGBBAA; 0 = white */
    pxe_align align;
    int16_t layer;
} pxe_text;

typedef struct pxe_text_size {
    float width, height; /* of the longest line; of all lines */
    int lines;
} pxe_text_size;

pxe_text_size pxe_text_measure(const pxe_text *text, const char *string);

/* Result: the size drawn. A glyph that the cache can not take is left out. */
pxe_text_size pxe_text_draw(pxe_sprites *sprites, const pxe_text *text, const char *string);

#endif
