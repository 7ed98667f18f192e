/* Opens font files: the directory of tables, the sizes of letters, and which glyph a character has.
 *
 * stb_truetype reads all this, too, but believes every offset in the file. So its part begins after what is
 * here: it gets the outlines of glyphs, one by one, and of those only what glyf_check.c has walked before.
 *
 * Source: the OpenType specification, 1.9: "OpenType font file", "cmap", "head", "hhea", "hmtx", "maxp",
 * "loca".
 */
#include "font_file.h"

enum {
    COLLECTION = 0x74746366, /* ttcf: several fonts; the first is used */
    TRUE_TYPE = 0x00010000,
    TRUE_TYPE_OF_APPLE = 0x74727565, /* true */
    OPEN_TYPE = 0x4F54544F,          /* OTTO */
};

/* A table of the font whose directory begins at an offset; of size 0 if there is none, or if it is cut
 * off. */
static pxe_table find_table(pxe_table all, uint32_t directory, const char tag[4])
{
    const pxe_table name = {(const unsigned char *)tag, 4};
    const uint32_t count = pxe_u16(all, directory + 4);
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t record = directory + 12 + 16 * i;
        if (pxe_u32(all, record) == pxe_u32(name, 0)) {
            const uint32_t size = pxe_u32(all, record + 12);
            const pxe_table table = pxe_table_from(all, pxe_u32(all, record + 8));
            return size == 0 || size > table.size ? (pxe_table){NULL, 0} : (pxe_table){table.bytes, size};
        }
    }
    return (pxe_table){NULL, 0};
}

static bool find_directory(pxe_table all, uint32_t *directory, pxe_error *error)
{
    const bool is_collection = pxe_u32(all, 0) == COLLECTION;
    *directory = is_collection ? pxe_u32(all, 12) : 0;
    const uint32_t kind = pxe_u32(all, *directory);
    if (*directory > all.size || (kind != TRUE_TYPE && kind != TRUE_TYPE_OF_APPLE && kind != OPEN_TYPE)) {
        return pxe_fail(error, "is no TrueType or OpenType font");
    }
    return true;
}

/* How good a subtable of cmap is; 0 = of no use. All of Unicode before its first 65,536 characters. */
static int rank(uint32_t platform, uint32_t encoding, uint32_t format)
{
    const bool is_unicode = platform == 0 || (platform == 3 && (encoding == 1 || encoding == 10));
    if (!is_unicode) {
        return 0;
    }
    return format == 12 ? 2 : format == 4;
}

static pxe_table find_letters(pxe_table cmap)
{
    pxe_table best = {NULL, 0};
    int best_rank = 0;
    const uint32_t count = pxe_u16(cmap, 2);
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t record = 4 + 8 * i;
        const pxe_table table = pxe_table_from(cmap, pxe_u32(cmap, record + 4));
        const int table_rank = rank(pxe_u16(cmap, record), pxe_u16(cmap, record + 2), pxe_u16(table, 0));
        if (table_rank > best_rank) {
            best = table;
            best_rank = table_rank;
        }
    }
    return best;
}

static bool read_sizes(pxe_font_file *out, uint32_t directory, pxe_error *error)
{
    const pxe_table head = find_table(out->all, directory, "head");
    const pxe_table hhea = find_table(out->all, directory, "hhea");
    const pxe_table maxp = find_table(out->all, directory, "maxp");
    if (head.size < 54 || hhea.size < 36 || maxp.size < 6) {
        return pxe_fail(error, "is a damaged font: a table that says its sizes is cut off");
    }
    out->long_offsets = pxe_u16(head, 50) != 0;
    out->ascender = pxe_i16(hhea, 4);
    out->descender = pxe_i16(hhea, 6);
    out->widths = (int)pxe_u16(hhea, 34);
    out->glyphs = (int)pxe_u16(maxp, 4);
    if (out->ascender <= out->descender || out->widths == 0) {
        return pxe_fail(error, "is a damaged font: its letters have no size");
    }
    return true;
}

bool pxe_font_file_read(const void *bytes, size_t size_bytes, pxe_font_file *out, pxe_error *error)
{
    uint32_t directory = 0;
    *out = (pxe_font_file){0};
    if (size_bytes > INT32_MAX) { /* offsets are ints in stb_truetype */
        return pxe_fail(error, "is larger than fonts may be");
    }
    out->all = (pxe_table){bytes, (uint32_t)size_bytes};
    if (!find_directory(out->all, &directory, error) || !read_sizes(out, directory, error)) {
        return false;
    }
    out->loca = find_table(out->all, directory, "loca");
    out->glyf = find_table(out->all, directory, "glyf");
    out->cff = find_table(out->all, directory, "CFF ");
    out->hmtx = find_table(out->all, directory, "hmtx");
    out->kern = find_table(out->all, directory, "kern");
    out->gpos = find_table(out->all, directory, "GPOS");
    out->letters = find_letters(find_table(out->all, directory, "cmap"));
    if (out->letters.size == 0 || out->hmtx.size < 4U * (uint32_t)out->widths) {
        return pxe_fail(error, "is a damaged font, or none for Unicode");
    }
    if (out->glyf.size == 0 && out->cff.size == 0) {
        return pxe_fail(error, "is a font without outlines, or a damaged one");
    }
    if (out->glyf.size != 0) {
        const uint32_t ends = out->loca.size / (out->long_offsets ? 4 : 2);
        const int with_outlines = ends > 0xFFFF ? 0xFFFF : (int)ends - 1;
        out->cff = (pxe_table){NULL, 0};
        out->glyphs = out->glyphs < with_outlines ? out->glyphs : with_outlines;
    }
    return out->glyphs > 0 ? true : pxe_fail(error, "is a damaged font: it has no glyphs");
}

/* Format 12: groups of consecutive characters, ascending. */
static uint32_t glyph_in_groups(pxe_table letters, uint32_t character)
{
    uint32_t low = 0;
    uint32_t high = pxe_u32(letters, 12);
    high = high > letters.size / 12 ? letters.size / 12 : high;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const uint32_t group = 16 + 12 * middle;
        if (character < pxe_u32(letters, group)) {
            high = middle;
        } else if (character > pxe_u32(letters, group + 4)) {
            low = middle + 1;
        } else {
            return pxe_u32(letters, group + 8) + (character - pxe_u32(letters, group));
        }
    }
    return 0;
}

/* Format 4: segments of consecutive characters by ascending ends, in four arrays one after another. */
static uint32_t glyph_in_segments(pxe_table letters, uint32_t character)
{
    const uint32_t array_bytes = pxe_u16(letters, 6) & ~1U;
    uint32_t low = 0;
    uint32_t high = array_bytes / 2;
    while (low < high) { /* the first segment that ends at the character or after it */
        const uint32_t middle = low + (high - low) / 2;
        if (pxe_u16(letters, 14 + 2 * middle) < character) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const uint32_t first_at = 16 + array_bytes + 2 * low;
    const uint32_t delta_at = first_at + array_bytes;
    const uint32_t offset_at = delta_at + array_bytes;
    const uint32_t first = pxe_u16(letters, first_at);
    if (low == array_bytes / 2 || character < first || character > 0xFFFF) {
        return 0;
    }
    const uint32_t offset = pxe_u16(letters, offset_at);
    if (offset == 0) {
        return (character + pxe_u16(letters, delta_at)) & 0xFFFF;
    }
    const uint32_t glyph = pxe_u16(letters, offset_at + offset + 2 * (character - first));
    return glyph == 0 ? 0 : (glyph + pxe_u16(letters, delta_at)) & 0xFFFF;
}

uint32_t pxe_font_file_glyph(const pxe_font_file *file, uint32_t character)
{
    const uint32_t glyph = pxe_u16(file->letters, 0) == 12 ? glyph_in_groups(file->letters, character)
                                                           : glyph_in_segments(file->letters, character);
    return glyph < (uint32_t)file->glyphs ? glyph : 0;
}

int pxe_font_file_advance(const pxe_font_file *file, uint32_t glyph)
{
    const uint32_t last = (uint32_t)file->widths - 1; /* it goes for all after it, too */
    return (int)pxe_u16(file->hmtx, 4 * (glyph < last ? glyph : last));
}
