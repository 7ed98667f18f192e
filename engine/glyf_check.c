/* Walks a glyph of the table glyf before stb_truetype does, which checks nothing: each flag and coordinate
 * must lie inside the glyph's bytes, contours must ascend, and parts of parts must end.
 *
 * Refused although they are not damaged, because stb_truetype would go wrong: a contour of one point that
 * lies off the curve (it reads the next point), parts that are placed by matching points (it takes them for
 * the next part), and more than 65,535 points.
 *
 * Source: the OpenType specification, 1.9: "glyf".
 */
#include "font_file.h"

/* Parts of parts count too, so what is part of itself ends there. */
enum { MOST_PARTS = 256, MOST_POINTS = 0xFFFF };

enum { /* of a point */
       ON_CURVE = 1,
       X_IS_BYTE = 2,
       Y_IS_BYTE = 4,
       REPEATED = 8,
       X_IS_SAME = 16, /* or, of a byte, positive */
       Y_IS_SAME = 32,
};

enum { /* of a part */
       PLACE_IS_SHORTS = 1,
       PLACE_IS_XY = 2,
       ONE_SCALE = 8,
       MORE_PARTS = 32,
       TWO_SCALES = 64,
       TWO_BY_TWO = 128,
};

typedef struct walk {
    const pxe_font_file *file;
    uint32_t parts, points; /* so far */
} walk;

/* The glyph's bytes; false if they lie outside the table. */
static bool find_bytes(const pxe_font_file *file, uint32_t glyph, pxe_table *out)
{
    const uint32_t from =
        file->long_offsets ? pxe_u32(file->loca, 4 * glyph) : 2 * pxe_u16(file->loca, 2 * glyph);
    const uint32_t to =
        file->long_offsets ? pxe_u32(file->loca, 4 * glyph + 4) : 2 * pxe_u16(file->loca, 2 * glyph + 2);
    *out = (pxe_table){NULL, 0};
    if (to < from || to > file->glyf.size) {
        return false;
    }
    if (to > from) {
        *out = (pxe_table){file->glyf.bytes + from, to - from};
    }
    return true;
}

/* Ends of contours ascend. *points: of all. */
static bool contours_hold(pxe_table glyph, uint32_t contours, uint32_t *points)
{
    int last = -1;
    for (uint32_t i = 0; i < contours; ++i) {
        const int end = (int)pxe_u16(glyph, 10 + 2 * i);
        if (end <= last) {
            return false;
        }
        last = end;
    }
    *points = (uint32_t)last + 1;
    return *points <= MOST_POINTS;
}

/* Bytes that a point's coordinates take. */
static uint32_t coordinate_bytes(uint32_t flags)
{
    const uint32_t x = (flags & X_IS_BYTE) != 0 ? 1 : (flags & X_IS_SAME) != 0 ? 0 : 2;
    const uint32_t y = (flags & Y_IS_BYTE) != 0 ? 1 : (flags & Y_IS_SAME) != 0 ? 0 : 2;
    return x + y;
}

/* From the first flag on. 64 bits: sums of what a damaged file says. */
static bool points_hold(pxe_table glyph, uint64_t at, uint32_t points)
{
    uint32_t contour = 0;
    int64_t last_end = -1; /* of the contour before */
    uint64_t coordinates = 0;
    uint32_t flags = 0;
    uint32_t repeats = 0;
    for (uint32_t i = 0; i < points; ++i) {
        if (repeats > 0) {
            --repeats;
        } else {
            flags = pxe_u8(glyph, (uint32_t)at++);
            repeats = (flags & REPEATED) != 0 ? pxe_u8(glyph, (uint32_t)at++) : 0;
            if (at > glyph.size) {
                return false;
            }
        }
        coordinates += coordinate_bytes(flags);
        const int64_t end = (int64_t)pxe_u16(glyph, 10 + 2 * contour);
        if (i == end) {
            const bool is_one_off_curve = end == last_end + 1 && (flags & ON_CURVE) == 0;
            if (is_one_off_curve) {
                return false;
            }
            last_end = end;
            ++contour;
        }
    }
    return at + coordinates <= glyph.size;
}

static bool simple_holds(walk *of, pxe_table glyph, uint32_t contours)
{
    uint32_t points = 0;
    const uint64_t instructions_at = 10 + 2 * (uint64_t)contours;
    if (instructions_at + 2 > glyph.size || !contours_hold(glyph, contours, &points)) {
        return false;
    }
    const uint64_t flags_at = instructions_at + 2 + pxe_u16(glyph, (uint32_t)instructions_at);
    of->points += points;
    return flags_at <= glyph.size && of->points <= MOST_POINTS && points_hold(glyph, flags_at, points);
}

static uint32_t part_bytes(uint32_t flags)
{
    const uint32_t place = (flags & PLACE_IS_SHORTS) != 0 ? 4 : 2;
    const uint32_t scale = (flags & ONE_SCALE) != 0    ? 2
                           : (flags & TWO_SCALES) != 0 ? 4
                           : (flags & TWO_BY_TWO) != 0 ? 8
                                                       : 0;
    return 4 + place + scale;
}

static bool holds(walk *of, uint32_t number);

static bool compound_holds(walk *of, pxe_table glyph)
{
    uint32_t at = 10;
    uint32_t flags = MORE_PARTS;
    while ((flags & MORE_PARTS) != 0) {
        flags = pxe_u16(glyph, at);
        const uint32_t part = pxe_u16(glyph, at + 2);
        at += part_bytes(flags);
        if (at > glyph.size || (flags & PLACE_IS_XY) == 0 || ++of->parts > MOST_PARTS || !holds(of, part)) {
            return false;
        }
    }
    return true;
}

static bool holds(walk *of, uint32_t number)
{
    pxe_table glyph;
    if (number >= (uint32_t)of->file->glyphs) {
        return true; /* stb_truetype asks for none of these */
    }
    if (!find_bytes(of->file, number, &glyph)) {
        return false;
    }
    if (glyph.size == 0) {
        return true;
    }
    const int contours = pxe_i16(glyph, 0);
    if (glyph.size < 10) {
        return false;
    }
    return contours < 0 ? compound_holds(of, glyph)
                        : contours == 0 || simple_holds(of, glyph, (uint32_t)contours);
}

bool pxe_font_file_outline_holds(const pxe_font_file *file, uint32_t glyph)
{
    walk of = {.file = file};
    return holds(&of, glyph);
}
