/* Text: glyphs are rasterised when they are first drawn, kept in the cache like any image, and drawn as
 * sprites, so text joins the draw calls around it. Strings are UTF-8; what is not, and what the font lacks,
 * shows as a box. Left to right, with kerning where the font has it; no shaping. Thread: the render thread.
 *
 *     pxe_font *font = NULL;
 *     pxe_font_open(engine->cache, NULL, &font, &error);
 *     ...
 *     const pxe_text text = {.font = font, .x = 20, .y = 10, .size_px = 16};
 *     pxe_text_draw(engine->sprites, &text, "Hello");
 *
 * A font remembers 4,096 glyphs of one size each; what it forgets, or what the cache has evicted, is
 * rasterised again. Text that was drawn before allocates nothing.
 */
#ifndef PXE_TEXT_H
#define PXE_TEXT_H

#include <pxe/sprites.h>

typedef struct pxe_font pxe_font;

/* A TrueType or OpenType file with outlines, of up to 64 MiB, or the first font of a collection.
 *
 *   path     copied. NULL = a font of the system: the file that the environment variable PXE_FONT names;
 *            DejaVu Sans, Noto Sans, Liberation Sans or FreeSans where they are usually installed; or else
 *            the one that is built in.
 * Result   false with *error if the file can not be read or is no font. A damaged glyph shows as a box.
 * Owner    pxe_font_close, before the cache's destroy.
 * Safety   all that is read of tables and outlines is bounded, but a font with cubic outlines (CFF) is a
 *          program, and may be written to take very long: open fonts that you trust.
 */
bool pxe_font_open(pxc_cache *cache, const char *path, pxe_font **out, pxe_error *error);

/* The one that is built in: the printable characters of ASCII, drawn in pixels, sharp at multiples of 8
 * pixels. NULL = no memory. */
pxe_font *pxe_font_built_in(pxc_cache *cache);

void pxe_font_close(pxe_font *font); /* NULL is fine; its glyphs stay in the cache until they are evicted */
const char *pxe_font_path(const pxe_font *font); /* NULL = built in */

typedef enum pxe_align { PXE_ALIGN_LEFT = 0, PXE_ALIGN_CENTRE, PXE_ALIGN_RIGHT } pxe_align;

typedef struct pxe_text {
    pxe_font *font;
    float x, y;    /* world position: top of the first line; its left end, middle or right end, by align */
    float size_px; /* height of a line of letters from ascender to descender, world units; glyphs are made for
                            round(size_px x camera zoom) pixels, up to 256, and scaled above that */
    float wrap_width;  /* lines break at spaces to be no wider, but no word is broken, and spaces at the
                         end of a line take no width; 0 = only at line feeds */
    float line_height; /* from line to line, of size_px; 0 = 1.2 */
    uint32_t color;    /* 0xRRGGBBAA; 0 = white */
    pxe_align align;
    int16_t layer;
} pxe_text;

typedef struct pxe_text_size {
    float width, height; /* of the longest line; from the top of the first line to the bottom of the last */
    int lines;           /* 1 for an empty string */
} pxe_text_size;

/* The camera does not matter, and nothing is rasterised. A size_px that is not above 0, a number that is NaN
 * or infinite, and NULL give {0}, and draw nothing. A tab is as wide as four spaces. */
pxe_text_size pxe_text_measure(const pxe_text *text, const char *string);

/* On whole pixels of the screen, so that it is sharp, but under a turned camera. What lies off the screen is
 * not drawn. Result: the size, as measured. A glyph that the cache can not take is left out. */
pxe_text_size pxe_text_draw(pxe_sprites *sprites, const pxe_text *text, const char *string);

#endif
