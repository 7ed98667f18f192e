/* A TrueType or OpenType font of six glyphs, written byte by byte from the OpenType specification 1.9 (and
 * the outlines with cubic curves from Adobe's Technical Notes #5176 and #5177), so that tests need no
 * installed font and know each pixel. A line is 1,000 units high, 800 of them above the baseline: at 10
 * pixels a unit is a hundredth of a pixel.
 *
 *   glyph  character  advance  outline
 *   0                 500      none
 *   1      space      500      none
 *   2      A, U+1F600 600      a square from (100, 0) to (500, 400)
 *   3      B          500      a triangle (0, 0), (400, 0), (0, 400)
 *   4      C          700      compound: A moved by (200, 100); in CFF the same square
 *   5      D          900      round: within (0, 0) to (800, 800), its corners off the curve
 *
 * Kerning: A B -200, B A -100.
 */
#ifndef PIXCACHE_TESTS_TINY_FONT_H
#define PIXCACHE_TESTS_TINY_FONT_H

#include "picture_files.h"

typedef enum tiny_kerning {
    TINY_KERN,
    TINY_GPOS_PAIRS,
    TINY_GPOS_CLASSES,
    TINY_GPOS_PLACES,
    TINY_UNKERNED
} tiny_kerning;

typedef struct tiny_font {
    tiny_kerning kerning;
    bool format_12;     /* of cmap, and not 4; only then U+1F600 */
    bool short_offsets; /* of loca */
    bool cff;           /* outlines with cubic curves */
    bool in_collection;
} tiny_font;

enum { TINY_GLYPHS = 6, TINY_TABLES = 9 };

static inline void add16(buffer *to, int value)
{
    buffer_add_byte(to, (unsigned)value >> 8 & 255);
    buffer_add_byte(to, (unsigned)value & 255);
}

static inline void add16s(buffer *to, const int *values, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        add16(to, values[i]);
    }
}

#define ADD16S(to, ...)                                                                                      \
    add16s(to, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

static inline void pad_to(buffer *to, size_t size)
{
    while (to->size < size) {
        buffer_add_byte(to, 0);
    }
}

static inline buffer tiny_head(const tiny_font *font)
{
    buffer out = {0};
    buffer_add_big32(&out, 0x00010000);
    buffer_add_big32(&out, 0);
    buffer_add_big32(&out, 0);
    buffer_add_big32(&out, 0x5F0F3CF5);
    ADD16S(&out, 0, 1000); /* flags, units in an em */
    pad_to(&out, 50);
    ADD16S(&out, font->short_offsets ? 0 : 1, 0);
    return out;
}

static inline buffer tiny_hhea(void)
{
    buffer out = {0};
    buffer_add_big32(&out, 0x00010000);
    ADD16S(&out, 800, -200);
    pad_to(&out, 34);
    add16(&out, TINY_GLYPHS);
    return out;
}

static inline buffer tiny_hmtx(void)
{
    buffer out = {0};
    ADD16S(&out, 500, 0, 500, 0, 600, 100, 500, 0, 700, 300, 900, 0);
    return out;
}

static inline buffer tiny_maxp(void)
{
    buffer out = {0};
    buffer_add_big32(&out, 0x00005000);
    add16(&out, TINY_GLYPHS);
    return out;
}

static inline buffer tiny_cmap(const tiny_font *font)
{
    buffer out = {0};
    ADD16S(&out, 0, 1, 3, font->format_12 ? 10 : 1, 0, 12);
    if (font->format_12) {
        ADD16S(&out, 12, 0, 0, 16 + 3 * 12, 0, 0, 0, 3);
        const uint32_t groups[] = {32, 32, 1, 'A', 'D', 2, 0x1F600, 0x1F600, 2};
        for (int i = 0; i < 9; ++i) {
            buffer_add_big32(&out, groups[i]);
        }
    } else { /* the space by its difference, A to D through the array of glyphs */
        ADD16S(&out, 4, 16 + 3 * 8 + 8, 0, 6, 4, 1, 2);
        ADD16S(&out, 32, 'D', 0xFFFF, 0, 32, 'A', 0xFFFF, 1 - 32, 0, 1, 0, 4, 0);
        ADD16S(&out, 2, 3, 4, 5);
    }
    return out;
}

/* A glyph of one contour of points on the curve, or all off it; coordinates as 16-bit differences. */
static inline void add_contour(buffer *to, const int (*points)[2], int count, bool on_curve)
{
    ADD16S(to, 1, 0, 0, 800, 800, count - 1, 0); /* the box, which nobody should believe; no instructions */
    buffer_add_byte(to, on_curve ? 9 : 8);       /* the first point's flags, repeated for the others */
    buffer_add_byte(to, (unsigned)count - 1);
    for (int way = 0; way < 2; ++way) {
        int last = 0;
        for (int i = 0; i < count; ++i) {
            add16(to, points[i][way] - last);
            last = points[i][way];
        }
    }
    pad_to(to, (to->size + 3) / 4 * 4);
}

static const int tiny_square[4][2] = {{100, 0}, {100, 400}, {500, 400}, {500, 0}};
static const int tiny_triangle[3][2] = {{0, 0}, {0, 400}, {400, 0}};
static const int tiny_round[4][2] = {{0, 0}, {0, 800}, {800, 800}, {800, 0}};

static inline buffer tiny_glyf(size_t offsets[TINY_GLYPHS + 1])
{
    buffer out = {0};
    offsets[0] = offsets[1] = offsets[2] = 0;
    add_contour(&out, tiny_square, 4, true);
    offsets[3] = out.size;
    add_contour(&out, tiny_triangle, 3, true);
    offsets[4] = out.size;
    ADD16S(&out, -1, 0, 0, 0, 0, 3, 2, 200, 100); /* two shorts as x and y; of glyph 2 */
    pad_to(&out, (out.size + 3) / 4 * 4);
    offsets[5] = out.size;
    add_contour(&out, tiny_round, 4, false);
    offsets[6] = out.size;
    return out;
}

static inline buffer tiny_loca(const tiny_font *font, const size_t offsets[TINY_GLYPHS + 1])
{
    buffer out = {0};
    for (int i = 0; i <= TINY_GLYPHS; ++i) {
        if (font->short_offsets) {
            add16(&out, (int)offsets[i] / 2);
        } else {
            buffer_add_big32(&out, (uint32_t)offsets[i]);
        }
    }
    return out;
}

static inline buffer tiny_kern(void)
{
    buffer out = {0};
    ADD16S(&out, 0, 1, 0, 14 + 2 * 6, 1, 2, 12, 1, 0);
    ADD16S(&out, 2, 3, -200, 3, 2, -100);
    return out;
}

/* Scripts are not looked at; one feature, of one lookup, of one subtable. */
static inline buffer tiny_gpos(tiny_kerning kind)
{
    buffer out = {0};
    ADD16S(&out, 1, 0, 0, 10, 24);
    add16(&out, 1);
    buffer_add(&out, "kern", 4);
    ADD16S(&out, 8, 0, 1, 0);        /* features end at 24 */
    ADD16S(&out, 1, 4);              /* lookups */
    ADD16S(&out, 2, 0, 1, 8);        /* pairs */
    if (kind == TINY_GPOS_CLASSES) { /* A is 1 and B is 2, on both sides; the left's advance */
        ADD16S(&out, 2, 34, 4, 0, 42, 42, 3, 3);
        ADD16S(&out, 0, 0, 0, 0, 0, -200, 0, -100, 0);
        ADD16S(&out, 1, 2, 2, 3);             /* coverage of both */
        ADD16S(&out, 2, 2, 2, 2, 1, 3, 3, 2); /* classes by ranges */
    } else if (kind == TINY_GPOS_PLACES) {    /* the x alone: no kerning */
        ADD16S(&out, 1, 26, 1, 0, 2, 14, 20);
        ADD16S(&out, 1, 3, -200, 1, 2, -100);
        ADD16S(&out, 1, 2, 2, 3);
    } else { /* of the left's values the x and the advance */
        ADD16S(&out, 1, 30, 5, 0, 2, 14, 22);
        ADD16S(&out, 1, 3, 7, -200, 1, 2, 7, -100);
        ADD16S(&out, 2, 1, 2, 3, 0);
    }
    return out;
}

static inline void add_number(buffer *to, int value)
{
    buffer_add_byte(to, 28);
    add16(to, value);
}

/* An INDEX of one-byte offsets. */
static inline void add_index(buffer *to, const buffer *items, int count)
{
    unsigned offset = 1;
    add16(to, count);
    buffer_add_byte(to, 1);
    for (int i = 0; i <= count; ++i) {
        buffer_add_byte(to, offset);
        offset += i < count ? (unsigned)items[i].size : 0;
    }
    for (int i = 0; i < count; ++i) {
        buffer_add(to, items[i].bytes, items[i].size);
    }
}

enum { CFF_CALL = 10, CFF_RETURN = 11, CFF_END = 14, CFF_RMOVE = 21, CFF_RLINE = 5, CFF_RCURVE = 8 };

static inline void add_move(buffer *to, int x, int y, int operator)
{
    add_number(to, x);
    add_number(to, y);
    buffer_add_byte(to, (unsigned)operator);
}

static inline void make_char_strings(buffer out[TINY_GLYPHS])
{
    for (int glyph = 0; glyph < TINY_GLYPHS; ++glyph) {
        buffer *to = &out[glyph];
        if (glyph == 2 || glyph == 4) {
            add_move(to, glyph == 2 ? 100 : 300, glyph == 2 ? 0 : 100, CFF_RMOVE);
            buffer_add_byte(to, 139 - 107); /* the first subroutine: the square */
            buffer_add_byte(to, CFF_CALL);
        } else if (glyph == 3) {
            add_move(to, 0, 0, CFF_RMOVE);
            add_move(to, 0, 400, CFF_RLINE);
            add_move(to, 400, -400, CFF_RLINE);
        } else if (glyph == 5) {
            const int curve[4][6] = {{0, 221, 179, 400, 400, 400},
                                     {221, 0, 400, -179, 400, -400},
                                     {0, -221, -179, -400, -400, -400},
                                     {-221, 0, -400, 179, -400, 400}};
            add_move(to, 0, 400, CFF_RMOVE);
            for (int i = 0; i < 4; ++i) { /* given from the curve's start; written from point to point */
                for (int k = 0; k < 6; ++k) {
                    add_number(to, curve[i][k] - (k < 2 ? 0 : curve[i][k - 2]));
                }
                buffer_add_byte(to, CFF_RCURVE);
            }
        }
        buffer_add_byte(to, CFF_END);
    }
}

/* Header, names, top dictionary, strings, global subroutines; characters, private dictionary, its
 * subroutines. */
static inline buffer tiny_cff(void)
{
    buffer out = {0};
    buffer strings[TINY_GLYPHS] = {{0}};
    buffer name = {0};
    buffer top = {0};
    buffer square = {0};
    make_char_strings(strings);
    buffer_add(&name, "T", 1);
    add_number(&top, 32); /* where the characters are: see below */
    buffer_add_byte(&top, 17);
    buffer characters = {0};
    add_index(&characters, strings, TINY_GLYPHS);
    add_number(&top, 4); /* the private dictionary's size, and where it is */
    add_number(&top, 32 + (int)characters.size);
    buffer_add_byte(&top, 18);
    buffer_add(&out, "\1\0\4\1", 4);
    add_index(&out, &name, 1);
    add_index(&out, &top, 1);
    ADD16S(&out, 0, 0); /* no strings, no global subroutines */
    assert_true(out.size <= 32);
    pad_to(&out, 32);
    buffer_add(&out, characters.bytes, characters.size);
    add_number(&out, 4); /* the subroutines follow */
    buffer_add_byte(&out, 19);
    add_move(&square, 0, 400, CFF_RLINE);
    add_move(&square, 400, 0, CFF_RLINE);
    add_move(&square, 0, -400, CFF_RLINE);
    buffer_add_byte(&square, CFF_RETURN);
    add_index(&out, &square, 1);
    for (int i = 0; i < TINY_GLYPHS; ++i) {
        buffer_free(&strings[i]);
    }
    buffer_free(&name);
    buffer_free(&top);
    buffer_free(&square);
    buffer_free(&characters);
    return out;
}

static inline buffer tiny_font_make(const tiny_font *font)
{
    static const char *const tags[TINY_TABLES] = {"cmap", "head", "hhea", "hmtx", "maxp",
                                                  "loca", "glyf", "CFF ", "kern"};
    size_t offsets[TINY_GLYPHS + 1];
    buffer tables[TINY_TABLES] = {tiny_cmap(font), tiny_head(font), tiny_hhea(), tiny_hmtx(), tiny_maxp()};
    if (font->cff) {
        tables[7] = tiny_cff();
    } else {
        tables[6] = tiny_glyf(offsets);
        tables[5] = tiny_loca(font, offsets);
    }
    const bool by_gpos = font->kerning != TINY_KERN && font->kerning != TINY_UNKERNED;
    if (font->kerning == TINY_KERN) {
        tables[8] = tiny_kern();
    } else if (by_gpos) {
        tables[8] = tiny_gpos(font->kerning);
    }
    buffer out = {0};
    if (font->in_collection) {
        buffer_add(&out, "ttcf", 4);
        ADD16S(&out, 1, 0, 0, 1, 0, 16);
    }
    int count = 0;
    for (int i = 0; i < TINY_TABLES; ++i) {
        count += tables[i].size != 0;
    }
    buffer_add_big32(&out, font->cff ? 0x4F54544F : 0x00010000);
    ADD16S(&out, count, 0, 0, 0);
    size_t at = out.size + (size_t)count * 16;
    for (int i = 0; i < TINY_TABLES; ++i) {
        if (tables[i].size != 0) {
            buffer_add(&out, i == 8 && by_gpos ? "GPOS" : tags[i], 4);
            buffer_add_big32(&out, 0); /* the checksum, which nobody reads */
            buffer_add_big32(&out, (uint32_t)at);
            buffer_add_big32(&out, (uint32_t)tables[i].size);
            at += (tables[i].size + 3) / 4 * 4;
        }
    }
    for (int i = 0; i < TINY_TABLES; ++i) {
        buffer_add(&out, tables[i].bytes, tables[i].size);
        pad_to(&out, (out.size + 3) / 4 * 4);
        buffer_free(&tables[i]);
    }
    return out;
}

static inline void tiny_font_write(const tiny_font *font, const char *path)
{
    buffer file = tiny_font_make(font);
    write_file(path, file.bytes, file.size);
    buffer_free(&file);
}

#endif
