/* TrueType and OpenType files: what of their tables is needed to draw text. All reads are bounded: what lies
 * outside a table reads as 0, so a damaged file gives wrong numbers and no worse. Pure. Thread: any. */
#ifndef PXE_FONT_FILE_H
#define PXE_FONT_FILE_H

#include <pxe/error.h>

#include <stddef.h>
#include <stdint.h>

/* Bytes of the file. */
typedef struct pxe_table {
    const unsigned char *bytes; /* NULL if size is 0 */
    uint32_t size;
} pxe_table;

typedef struct pxe_font_file {
    pxe_table all;             /* the file */
    pxe_table loca, glyf, cff; /* outlines: either the first two or the last */
    pxe_table hmtx, kern, gpos;
    pxe_table letters;       /* the subtable of cmap in use */
    int glyphs;              /* with outlines */
    int ascender, descender; /* in units, from the baseline upwards */
    int widths;              /* in hmtx */
    bool long_offsets;       /* in loca */
} pxe_font_file;

static inline uint32_t pxe_u8(pxe_table table, uint32_t at)
{
    return at < table.size ? table.bytes[at] : 0;
}

static inline uint32_t pxe_u16(pxe_table table, uint32_t at)
{
    return at < table.size && table.size - at >= 2 ? (uint32_t)table.bytes[at] << 8 | table.bytes[at + 1] : 0;
}

static inline int pxe_i16(pxe_table table, uint32_t at)
{
    const int value = (int)pxe_u16(table, at);
    return value < 0x8000 ? value : value - 0x10000;
}

static inline uint32_t pxe_u32(pxe_table table, uint32_t at)
{
    return at < table.size && table.size - at >= 4 ? pxe_u16(table, at) << 16 | pxe_u16(table, at + 2) : 0;
}

/* What of a table begins at an offset; nothing if that lies outside. */
static inline pxe_table pxe_table_from(pxe_table table, uint32_t at)
{
    return at < table.size ? (pxe_table){table.bytes + at, table.size - at} : (pxe_table){NULL, 0};
}

/* The bytes must outlive it. Result: false with *error if it is no font, or lacks what is needed. */
bool pxe_font_file_read(const void *bytes, size_t size_bytes, pxe_font_file *out, pxe_error *error);

/* The glyph of a character; 0 = the font has none. */
uint32_t pxe_font_file_glyph(const pxe_font_file *file, uint32_t character);

/* How far the pen moves, in units. */
int pxe_font_file_advance(const pxe_font_file *file, uint32_t glyph);

/* How much closer or wider two glyphs stand, in units: by the feature "kern", or else the table of that
 * name. */
int pxe_font_file_kerning(const pxe_font_file *file, uint32_t left, uint32_t right);

/* Whether a glyph's outline in the table glyf, and those of its parts, can be read without leaving it. One
 * that is empty can. */
bool pxe_font_file_outline_holds(const pxe_font_file *file, uint32_t glyph);

#endif
