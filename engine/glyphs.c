/* Glyphs as textures: a font remembers for each glyph and size the cache's key. The cache may have evicted
 * it: then the key is stale, and the glyph is drawn and inserted again.
 *
 * What a font remembers is bounded: 4,096 glyphs in 256 sets of 16, a glyph's set by its hash, and within a
 * set the one that was used longest ago makes way, with its texture. Nothing is allocated to find one.
 *
 * Glyphs are white with premultiplied alpha in PXC_RGBA8, the format of most pictures, so that the cache
 * packs them into pages with these and text does not interrupt a draw call.
 */
#include "font.h"

#include "built_in_font.h"

#include <stdlib.h>
#include <string.h>

/* The cache has refused in this frame what was no larger. It would again; a page of text would be drawn in
 * vain. */
static bool is_full(const pxe_font *font, int size_px)
{
    pxc_stats stats;
    return font->glyphs.full_frame != 0 && size_px >= font->glyphs.full_px &&
           pxc_get_stats(font->cache, &stats) == PXC_OK && font->glyphs.full_frame == stats.frames + 1;
}

static void remember_full(pxe_font *font, int size_px)
{
    pxc_stats stats;
    if (pxc_get_stats(font->cache, &stats) == PXC_OK) {
        font->glyphs.full_frame = stats.frames + 1;
        font->glyphs.full_px = size_px;
    }
}

static pxe_drawn draw(const pxe_font *font, uint32_t glyph, int size_px, pxe_coverage *out)
{
    pxe_drawn drawn = PXE_DRAWN_DAMAGED;
    if (glyph != PXE_BOX) {
        drawn = font->bytes == NULL
                    ? pxe_built_in_draw(glyph, size_px, out)
                    : pxe_outline_draw(&font->file, glyph, font->share_per_unit * (float)size_px, out);
    }
    return drawn == PXE_DRAWN_DAMAGED ? pxe_box_draw(size_px, out) : drawn;
}

static pxc_status insert(pxe_font *font, const pxe_coverage *coverage, pxc_key *key)
{
    const size_t pixels = (size_t)coverage->width * (size_t)coverage->height;
    unsigned char *rgba = malloc(pixels * 4);
    if (rgba == NULL) {
        return PXC_ERR_MEMORY;
    }
    for (size_t i = 0; i < pixels; ++i) {
        memset(rgba + 4 * i, coverage->bytes[i], 4);
    }
    const pxc_pixmap pixmap = {
        .pixels = rgba, .width = coverage->width, .height = coverage->height, .format = PXC_RGBA8};
    const pxc_status status = pxc_insert(font->cache, &pixmap, key);
    free(rgba);
    return status;
}

/* Draws a glyph and inserts it. False if that fails, which is not remembered: a later frame may have room. */
static bool make(pxe_font *font, uint32_t glyph, int size_px, pxe_glyph_slot *out)
{
    pxe_coverage coverage = {0};
    *out = (pxe_glyph_slot){0};
    if (is_full(font, size_px) || draw(font, glyph, size_px, &coverage) != PXE_DRAWN) {
        return false;
    }
    if (coverage.bytes == NULL) {
        return true;
    }
    out->x = (int16_t)coverage.x;
    out->y = (int16_t)coverage.y;
    const pxc_status status = insert(font, &coverage, &out->key);
    free(coverage.bytes);
    if (status != PXC_OK) {
        remember_full(font, size_px);
    }
    return status == PXC_OK;
}

/* The way of a set that has the tag, or PXE_GLYPH_WAYS. */
static int find_way(const uint32_t tags[PXE_GLYPH_WAYS], uint32_t tag)
{
    int way = 0;
    while (way < PXE_GLYPH_WAYS && tags[way] != tag) {
        ++way;
    }
    return way;
}

/* The way to give away: a free one, or the one that was not used for longest. */
static int choose_way(const pxe_glyphs *glyphs, uint32_t set)
{
    int oldest = find_way(glyphs->tags[set], 0);
    if (oldest < PXE_GLYPH_WAYS) {
        return oldest;
    }
    oldest = 0;
    for (int way = 1; way < PXE_GLYPH_WAYS; ++way) {
        const uint32_t age = glyphs->clock - glyphs->slots[set][way].used;
        oldest = age > glyphs->clock - glyphs->slots[set][oldest].used ? way : oldest;
    }
    return oldest;
}

bool pxe_font_glyph(pxe_font *font, uint32_t glyph, int size_px, pxe_glyph *out)
{
    pxe_glyphs *glyphs = &font->glyphs;
    const uint32_t tag = 1U << 31 | (uint32_t)size_px << 16 | glyph;
    const uint32_t set = tag * 0x9E3779B1U >> 24; /* multiplicative hashing: Knuth, TAOCP 3, section 6.4 */
    int way = find_way(glyphs->tags[set], tag);
    const bool known = way < PXE_GLYPH_WAYS;
    pxe_glyph_slot slot = known ? glyphs->slots[set][way] : (pxe_glyph_slot){0};
    if (known && slot.key.id == 0) {
        return false;
    }
    if (!known || pxc_find(font->cache, slot.key, &out->texture) != PXC_OK) {
        if (!make(font, glyph, size_px, &slot)) {
            return false;
        }
        if (!known) {
            way = choose_way(glyphs, set);
            pxc_remove(font->cache, glyphs->slots[set][way].key); /* a miss if it is free, or was evicted */
        }
        glyphs->tags[set][way] = tag;
        glyphs->slots[set][way] = slot;
        if (slot.key.id == 0 || pxc_peek(font->cache, slot.key, &out->texture) != PXC_OK) {
            return false;
        }
    }
    glyphs->slots[set][way].used = ++glyphs->clock;
    out->x = slot.x;
    out->y = slot.y;
    return true;
}
