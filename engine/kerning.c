/* Kerning: the pairs of the table kern, or those of GPOS, which newer fonts have instead.
 *
 * Of GPOS, what the feature "kern" names of pair adjustments is used, whatever the script: the horizontal
 * advance of the first glyph. A pair costs some binary searches; the font keeps what it has asked for.
 *
 * Source: the OpenType specification, 1.9: "kern", "GPOS", and "OpenType layout common table formats".
 */
#include "font_file.h"

enum { FEATURE_KERN = 0x6B65726E, LOOKUP_PAIRS = 2, LOOKUP_ELSEWHERE = 9, ADVANCE = 4 };

/* More is damage, which must not take long. */
enum { MOST_LOOKUPS = 64, MOST_SUBTABLES = 1024 };

typedef struct pair {
    uint32_t left, right;
} pair;

/* Binary search in records of equal size for a 16-bit number at their beginning. Result: the record's offset,
 * or 0. */
static uint32_t find_record(pxe_table table, uint32_t first, uint32_t count, uint32_t record_bytes,
                            uint32_t number)
{
    uint32_t low = 0;
    uint32_t high = count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const uint32_t at = first + middle * record_bytes;
        const uint32_t found = pxe_u16(table, at);
        if (found == number) {
            return at;
        }
        if (found < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

/* The same in ranges of the first and last number they hold, six bytes each. */
static uint32_t find_range(pxe_table table, uint32_t first, uint32_t count, uint32_t number)
{
    uint32_t low = 0;
    uint32_t high = count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const uint32_t at = first + middle * 6;
        if (number < pxe_u16(table, at)) {
            high = middle;
        } else if (number > pxe_u16(table, at + 2)) {
            low = middle + 1;
        } else {
            return at;
        }
    }
    return 0;
}

/* A glyph's place among those that a subtable is for; -1 = it is not for it. */
static int coverage_index(pxe_table coverage, uint32_t glyph)
{
    const uint32_t count = pxe_u16(coverage, 2);
    if (pxe_u16(coverage, 0) == 1) {
        const uint32_t at = find_record(coverage, 4, count, 2, glyph);
        return at == 0 ? -1 : (int)((at - 4) / 2);
    }
    const uint32_t at = pxe_u16(coverage, 0) == 2 ? find_range(coverage, 4, count, glyph) : 0;
    return at == 0 ? -1 : (int)(pxe_u16(coverage, at + 4) + glyph - pxe_u16(coverage, at));
}

static uint32_t class_of(pxe_table classes, uint32_t glyph)
{
    if (pxe_u16(classes, 0) == 1) {
        const uint32_t first = pxe_u16(classes, 2);
        return glyph >= first && glyph - first < pxe_u16(classes, 4)
                   ? pxe_u16(classes, 6 + 2 * (glyph - first))
                   : 0;
    }
    const uint32_t at = pxe_u16(classes, 0) == 2 ? find_range(classes, 4, pxe_u16(classes, 2), glyph) : 0;
    return at == 0 ? 0 : pxe_u16(classes, at + 4);
}

/* A value record has 16 bits for each bit of its format. */
static uint32_t value_bytes(uint32_t format)
{
    uint32_t bytes = 0;
    for (uint32_t bit = 1; bit <= 0x80; bit <<= 1) {
        bytes += (format & bit) != 0 ? 2 : 0;
    }
    return bytes;
}

static int advance_in(pxe_table table, uint32_t at, uint32_t format)
{
    return (format & ADVANCE) != 0 ? pxe_i16(table, at + value_bytes(format & (ADVANCE - 1))) : 0;
}

/* Result: true if the subtable is for the pair. */
static bool pairs_one_by_one(pxe_table table, int index, uint32_t right, int *value)
{
    const uint32_t format = pxe_u16(table, 4);
    const uint32_t record_bytes = 2 + value_bytes(format) + value_bytes(pxe_u16(table, 6));
    const pxe_table set = pxe_table_from(table, pxe_u16(table, 10 + 2 * (uint32_t)index));
    const uint32_t at = find_record(set, 2, pxe_u16(set, 0), record_bytes, right);
    *value = at == 0 ? 0 : advance_in(set, at + 2, format);
    return at != 0 && index < (int)pxe_u16(table, 8);
}

static bool pairs_by_class(pxe_table table, pair of, int *value)
{
    const uint32_t format = pxe_u16(table, 4);
    const uint32_t record_bytes = value_bytes(format) + value_bytes(pxe_u16(table, 6));
    const uint32_t left = class_of(pxe_table_from(table, pxe_u16(table, 8)), of.left);
    const uint32_t right = class_of(pxe_table_from(table, pxe_u16(table, 10)), of.right);
    const uint32_t lefts = pxe_u16(table, 12);
    const uint32_t rights = pxe_u16(table, 14);
    const uint64_t at = 16 + (uint64_t)record_bytes * ((uint64_t)left * rights + right);
    const bool is_for_it = left < lefts && right < rights && at < table.size;
    *value = is_for_it ? advance_in(table, (uint32_t)at, format) : 0;
    return is_for_it;
}

static bool subtable_value(pxe_table table, pair of, int *value)
{
    const int index = coverage_index(pxe_table_from(table, pxe_u16(table, 2)), of.left);
    if (index < 0) {
        return false;
    }
    const uint32_t format = pxe_u16(table, 0);
    return format == 1 ? pairs_one_by_one(table, index, of.right, value)
                       : format == 2 && pairs_by_class(table, of, value);
}

/* Of a lookup's subtables the first that is for the pair counts. */
static int lookup_value(pxe_table lookup, pair of)
{
    const uint32_t kind = pxe_u16(lookup, 0);
    const uint32_t count = pxe_u16(lookup, 4);
    int value = 0;
    for (uint32_t i = 0; i < count && i < MOST_SUBTABLES; ++i) {
        pxe_table table = pxe_table_from(lookup, pxe_u16(lookup, 6 + 2 * i));
        uint32_t table_kind = kind;
        if (kind == LOOKUP_ELSEWHERE) {
            table_kind = pxe_u16(table, 2);
            table = pxe_table_from(table, pxe_u32(table, 4));
        }
        if (table_kind == LOOKUP_PAIRS && subtable_value(table, of, &value)) {
            return value;
        }
    }
    return 0;
}

/* The first feature "kern"; {0} = there is none. */
static pxe_table find_feature(pxe_table gpos)
{
    const pxe_table features = pxe_table_from(gpos, pxe_u16(gpos, 6));
    const uint32_t count = pxe_u16(features, 0);
    for (uint32_t i = 0; i < count; ++i) {
        if (pxe_u32(features, 2 + 6 * i) == FEATURE_KERN) {
            return pxe_table_from(features, pxe_u16(features, 6 + 6 * i));
        }
    }
    return (pxe_table){NULL, 0};
}

static int value_in_feature(pxe_table gpos, pxe_table feature, pair of)
{
    const pxe_table lookups = pxe_table_from(gpos, pxe_u16(gpos, 8));
    const uint32_t count = pxe_u16(feature, 2);
    int sum = 0;
    for (uint32_t i = 0; i < count && i < MOST_LOOKUPS; ++i) {
        const uint32_t lookup = pxe_u16(feature, 4 + 2 * i);
        if (lookup < pxe_u16(lookups, 0)) {
            sum += lookup_value(pxe_table_from(lookups, pxe_u16(lookups, 2 + 2 * lookup)), of);
        }
    }
    return sum;
}

/* The first subtable of sorted pairs for horizontal text. */
static int value_in_kern(pxe_table kern, pair of)
{
    const uint32_t count = pxe_u16(kern, 0) == 0 ? pxe_u16(kern, 2) : 0;
    uint32_t at = 4;
    for (uint32_t i = 0; i < count; ++i) {
        const pxe_table table = pxe_table_from(kern, at);
        if ((pxe_u16(table, 4) & 0xFF07) == 1) { /* format 0, horizontal, no minima, not across */
            uint32_t low = 0;
            uint32_t high = pxe_u16(table, 6);
            while (low < high) {
                const uint32_t middle = low + (high - low) / 2;
                const uint32_t found = pxe_u32(table, 14 + 6 * middle);
                const uint32_t wanted = of.left << 16 | of.right;
                if (found == wanted) {
                    return pxe_i16(table, 18 + 6 * middle);
                }
                low = found < wanted ? middle + 1 : low;
                high = found < wanted ? high : middle;
            }
            return 0;
        }
        at += pxe_u16(table, 2);
    }
    return 0;
}

int pxe_font_file_kerning(const pxe_font_file *file, uint32_t left, uint32_t right)
{
    const pair of = {left, right};
    const pxe_table feature = find_feature(file->gpos);
    return feature.size != 0 ? value_in_feature(file->gpos, feature, of) : value_in_kern(file->kern, of);
}
