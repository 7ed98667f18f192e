/* stb_truetype's only file.
 *
 * It is given single glyphs, which have been walked before if they lie in the table glyf, and it draws into
 * pictures whose size is computed here from the outline's own points, not from the box that the file claims.
 * The tables of a font with PostScript outlines (CFF) it reads within bounds, if it is told where they end;
 * its own way to open a font tells it half a gigabyte, so that is done here, too.
 *
 * Its memory comes from a scratch that is freed as a whole. Not every allocation is checked in there, so one
 * that fails jumps out. What remains is left to the compiler: see outline.c in CMakeLists.txt.
 *
 * Source of the order of tables in CFF: Adobe Technical Note #5176, "The Compact Font Format Specification".
 */
#include "outline.h"

#include <math.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_BYTES = 1 << 14,
    MOST_SCRATCH_BYTES = 1 << 25, /* a glyph of 10,000 points takes less than 2 MiB */
    MOST_SIDE_PX = 4096,
    MOST_PIXELS = 1 << 20,
    ALIGNMENT = 16,
};

typedef struct chunk {
    struct chunk *next;
    size_t size, used;
} chunk;

enum { CHUNK_HEAD_BYTES = (sizeof(chunk) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT };

typedef struct scratch {
    chunk *chunks;
    size_t total_bytes;
    jmp_buf no_memory;
} scratch;

static void *scratch_take(scratch *from, size_t size_bytes)
{
    const size_t size = (size_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size < size_bytes || size > MOST_SCRATCH_BYTES - from->total_bytes) {
        longjmp(from->no_memory, 1);
    }
    chunk *last = from->chunks;
    if (last == NULL || size > last->size - last->used) {
        const size_t chunk_bytes = size > CHUNK_BYTES ? size : CHUNK_BYTES;
        last = malloc(CHUNK_HEAD_BYTES + chunk_bytes);
        if (last == NULL) {
            longjmp(from->no_memory, 1);
        }
        *last = (chunk){.next = from->chunks, .size = chunk_bytes};
        from->chunks = last;
    }
    void *memory = (char *)last + CHUNK_HEAD_BYTES + last->used;
    last->used += size;
    from->total_bytes += size;
    return memory;
}

static void scratch_free(scratch *it)
{
    while (it->chunks != NULL) {
        chunk *next = it->chunks->next;
        free(it->chunks);
        it->chunks = next;
    }
}

#define STBTT_malloc(size_bytes, user) scratch_take(user, size_bytes)
#define STBTT_free(memory, user)       ((void)(memory), (void)(user)) /* all at once, at the end */
#define STBTT_assert(condition)        ((void)0)                      /* code that stands it follows each */
#define STBTT_STATIC
#define STB_TRUETYPE_IMPLEMENTATION

#ifdef __GNUC__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function" /* most of what the header has is not called here */
#endif
#include <stb_truetype.h>
#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif

pxe_drawn pxe_coverage_make(int left, int top, int right, int bottom, pxe_coverage *out)
{
    *out = (pxe_coverage){0};
    if (left >= right || top >= bottom) {
        return PXE_DRAWN;
    }
    const int width = right - left + 2;
    const int height = bottom - top + 2;
    if (width > MOST_SIDE_PX || height > MOST_SIDE_PX || width * height > MOST_PIXELS) {
        return PXE_DRAWN_DAMAGED;
    }
    out->bytes = calloc((size_t)width, (size_t)height);
    if (out->bytes == NULL) {
        return PXE_DRAWN_NO_MEMORY;
    }
    out->x = left - 1;
    out->y = top - 1;
    out->width = width;
    out->height = height;
    return PXE_DRAWN;
}

static int offset_of(const pxe_font_file *file, pxe_table table)
{
    return table.size != 0 ? (int)(table.bytes - file->all.bytes) : 0;
}

/* Where the parts of a CFF table are: header, names, top dictionaries, strings, global subroutines; the rest
 * by offsets in the first top dictionary. False if there are no Type 2 outlines. */
static bool open_cff(stbtt_fontinfo *info, const pxe_font_file *file)
{
    enum {
        CHAR_STRINGS = 17,
        CHAR_STRING_TYPE = 0x100 | 6,
        FONT_DICTS = 0x100 | 36,
        FONT_SELECT = 0x100 | 37
    };
    stbtt_uint32 type = 2;
    stbtt_uint32 char_strings = 0;
    stbtt_uint32 dicts = 0;
    stbtt_uint32 select = 0;
    info->cff = stbtt__new_buf(file->cff.bytes, file->cff.size);
    stbtt__buf at = info->cff;
    stbtt__buf_seek(&at, (int)pxe_u8(file->cff, 2)); /* the header's size */
    stbtt__cff_get_index(&at);
    stbtt__buf top = stbtt__cff_index_get(stbtt__cff_get_index(&at), 0);
    stbtt__cff_get_index(&at);
    info->gsubrs = stbtt__cff_get_index(&at);
    info->subrs = stbtt__get_subrs(info->cff, top);
    stbtt__dict_get_ints(&top, CHAR_STRING_TYPE, 1, &type);
    stbtt__dict_get_ints(&top, CHAR_STRINGS, 1, &char_strings);
    stbtt__dict_get_ints(&top, FONT_DICTS, 1, &dicts);
    stbtt__dict_get_ints(&top, FONT_SELECT, 1, &select);
    if (type != 2 || char_strings == 0) {
        return false;
    }
    if (dicts != 0) { /* of a font with a large alphabet, each part of which has its own subroutines */
        stbtt__buf_seek(&at, (int)dicts);
        info->fontdicts = stbtt__cff_get_index(&at);
        info->fdselect = stbtt__buf_range(&info->cff, (int)select, info->cff.size - (int)select);
    }
    stbtt__buf_seek(&at, (int)char_strings);
    info->charstrings = stbtt__cff_get_index(&at);
    return info->charstrings.size != 0;
}

static bool open_font(stbtt_fontinfo *info, const pxe_font_file *file, scratch *memory)
{
    *info = (stbtt_fontinfo){
        .userdata = memory,
        .data = (unsigned char *)file->all.bytes, /* it writes nothing there */
        .numGlyphs = file->glyphs,
        .loca = offset_of(file, file->loca),
        .glyf = offset_of(file, file->glyf),
        .indexToLocFormat = file->long_offsets ? 1 : 0,
    };
    return file->cff.size == 0 || open_cff(info, file);
}

typedef struct box {
    float left, top, right, bottom;
} box;

static void widen(box *it, int x, int y)
{
    it->left = fminf(it->left, (float)x);
    it->right = fmaxf(it->right, (float)x);
    it->top = fminf(it->top, (float)-y);
    it->bottom = fmaxf(it->bottom, (float)-y);
}

/* Of all points; a curve lies within those that bend it. Inside out if there are none. */
static box box_of(const stbtt_vertex *points, int count)
{
    box out = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (int i = 0; i < count; ++i) {
        widen(&out, points[i].x, points[i].y);
        if (points[i].type == STBTT_vcurve || points[i].type == STBTT_vcubic) {
            widen(&out, points[i].cx, points[i].cy);
        }
        if (points[i].type == STBTT_vcubic) {
            widen(&out, points[i].cx1, points[i].cy1);
        }
    }
    return out;
}

static pxe_drawn make_room(const box *it, float px_per_unit, pxe_coverage *out)
{
    const float most = MOST_SIDE_PX * 2;
    *out = (pxe_coverage){0};
    if (!(it->left < it->right) || !(it->top < it->bottom)) {
        return PXE_DRAWN;
    }
    if (-it->left * px_per_unit > most || -it->top * px_per_unit > most || it->right * px_per_unit > most ||
        it->bottom * px_per_unit > most) {
        return PXE_DRAWN_DAMAGED;
    }
    return pxe_coverage_make((int)floorf(it->left * px_per_unit), (int)floorf(it->top * px_per_unit),
                             (int)ceilf(it->right * px_per_unit), (int)ceilf(it->bottom * px_per_unit), out);
}

/* Jumps out if there is no memory; then *out may have been made. */
static pxe_drawn draw(const pxe_font_file *file, uint32_t glyph, float px_per_unit, scratch *memory,
                      pxe_coverage *out)
{
    const float flatness_px = 0.25F; /* from curve to chord: less than a level of grey shows */
    stbtt_fontinfo info;
    stbtt_vertex *points = NULL;
    if (!open_font(&info, file, memory)) {
        return PXE_DRAWN_DAMAGED;
    }
    const int count = stbtt_GetGlyphShape(&info, (int)glyph, &points);
    const box all = box_of(points, count);
    const pxe_drawn made = make_room(&all, px_per_unit, out);
    if (made == PXE_DRAWN && out->bytes != NULL) {
        stbtt__bitmap inner = {out->width - 2, out->height - 2, out->width, out->bytes + out->width + 1};
        stbtt_Rasterize(&inner, flatness_px, points, count, px_per_unit, px_per_unit, 0, 0, out->x + 1,
                        out->y + 1, 1, memory);
    }
    return made;
}

pxe_drawn pxe_outline_draw(const pxe_font_file *file, uint32_t glyph, float px_per_unit, pxe_coverage *out)
{
    scratch memory = {0};
    *out = (pxe_coverage){0};
    if (file->cff.size == 0 && !pxe_font_file_outline_holds(file, glyph)) {
        return PXE_DRAWN_DAMAGED;
    }
    if (setjmp(memory.no_memory) != 0) {
        free(out->bytes);
        *out = (pxe_coverage){0};
        scratch_free(&memory);
        return PXE_DRAWN_NO_MEMORY;
    }
    const pxe_drawn result = draw(file, glyph, px_per_unit, &memory, out);
    scratch_free(&memory);
    return result;
}
