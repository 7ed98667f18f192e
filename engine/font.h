/* Fonts from the inside: letters and their widths, and glyphs as textures. Thread: the render thread. */
#ifndef PXE_FONT_H
#define PXE_FONT_H

#include <pxe/text.h>

#include "font_file.h"

enum {
    PXE_BOX = 0xFFFF,        /* the glyph that stands for what there is none for; no font has as many */
    PXE_MOST_GLYPH_PX = 256, /* larger ones are drawn from it */
};

/* Sizes are shares of pxe_text.size_px. */
typedef struct pxe_letter {
    uint32_t glyph;
    float advance;
} pxe_letter;

pxe_letter pxe_font_letter(pxe_font *font, uint32_t character);
float pxe_font_kerning(pxe_font *font, uint32_t left, uint32_t right);
float pxe_font_ascent(const pxe_font *font); /* from the top of a line to its baseline */

/* A glyph of this frame. */
typedef struct pxe_glyph {
    pxc_texture texture;
    int x, y; /* of its top left pixel from the pen on the baseline; y down */
} pxe_glyph;

/* Of a size from 1 to PXE_MOST_GLYPH_PX. Result: false if there is nothing to draw, or the cache can not take
 * it. */
bool pxe_font_glyph(pxe_font *font, uint32_t glyph, int size_px, pxe_glyph *out);

/* ---- Where glyphs are kept: glyphs.c
 * ----------------------------------------------------------------------------*/

enum { PXE_GLYPH_SETS = 256, PXE_GLYPH_WAYS = 16 };

typedef struct pxe_glyph_slot {
    pxc_key key;   /* {0} = there is nothing to draw */
    int16_t x, y;  /* as in pxe_glyph */
    uint32_t used; /* when; see pxe_glyphs.clock */
} pxe_glyph_slot;

typedef struct pxe_glyphs {
    uint32_t clock;      /* one more with each use; differences count, so that it may wrap */
    uint64_t full_frame; /* in which the cache refused a glyph; + 1; 0 = none */
    int full_px;         /* its size */
    uint32_t tags[PXE_GLYPH_SETS][PXE_GLYPH_WAYS]; /* of glyph and size; 0 = free */
    pxe_glyph_slot slots[PXE_GLYPH_SETS][PXE_GLYPH_WAYS];
} pxe_glyphs;

enum { PXE_LETTERS_KEPT = 1024, PXE_PAIRS_KEPT = 4096 };

struct pxe_font {
    pxc_cache *cache;
    char *path;         /* NULL = built in */
    char *bytes;        /* of the file; NULL = built in */
    pxe_font_file file; /* in them */
    float share_per_unit;
    struct {
        uint32_t character; /* 0 = unused */
        pxe_letter letter;
    } letters[PXE_LETTERS_KEPT]; /* by character, modulo: what was asked for last */
    struct {
        uint32_t glyphs; /* left << 16 | right; 0 = unused: the glyph 0 is never shown */
        float kerning;
    } pairs[PXE_PAIRS_KEPT];
    pxe_glyphs glyphs;
};

#endif
