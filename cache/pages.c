/* Pages: textures that small images share. Where images lie in them is shelves.c's, moving them moves.c's.
 *
 * How large a page is. It is what one image alone makes the cache take, what the boundary can give back at a time, and, by
 * the number of pages that fit under the limit, how many textures a frame may have to switch between. A sixteenth of the
 * limit keeps all three small: sixteen textures is what every OpenGL 3.3 binds at once. Fewer are better still, so pages are
 * not below 4 MiB, 1,024 x 1,024 texels, nor, under a small limit, below a quarter of it and 1 MiB; above 16 MiB they would
 * exceed 2,048 x 2,048.
 * What goes into one. Images of up to a quarter of its sides, unless a page full of them would be a third empty, which
 * those can be of which few lie side by side: of 256 px three fit into 1,024, of 250 px four.
 * A page that is needed while less than one is left below the limit is as high as what is left, so that a small cache is
 * not driven over its limit by empty space.
 *
 * Pages without images are collected at the boundary, with the rest; only one whose first image failed is deleted at once,
 * so that a call that fails has changed nothing.
 */
#include "cache.h"

enum {
    MOST_PAGES = 16, /* under the limit, of a size that was not cut down */
    FEW_PAGES = 4,
    TEXEL_BYTES = 4,     /* of the largest format; pages of the others have the same sides */
    LEAST_SIDE_PX = 128, /* where 16 px, a common size, are few already */
    IMAGES_A_SIDE = 4,   /* at least */
    FEW_A_SIDE = 8,      /* from so many on, what is left at the end of a row does not count */
    LEAST_PART = 4,      /* of a page: what is left below the limit is worth a page if it is no smaller */
};

#define LEAST_PAGE_BYTES ((uint64_t)1 << 20)
#define USUAL_PAGE_BYTES ((uint64_t)4 << 20)
#define MOST_PAGE_BYTES  ((uint64_t)PXC_PAGE_MOST_PX * PXC_PAGE_MOST_PX * TEXEL_BYTES)

/* What the texels of a group are stored as. */
static const pxc_format group_formats[PXC_PAGE_GROUPS] = {PXC_RGBA8, PXC_RG8, PXC_R8, PXC_RGB565, PXC_RGBA4};

static int group_of(pxc_format format)
{
    static const uint8_t groups[] = {
        [PXC_RGBA8] = 0, [PXC_BGRA8] = 0,  [PXC_RGB8] = 0,  [PXC_RG8] = 1,
        [PXC_R8] = 2,    [PXC_RGB565] = 3, [PXC_RGBA4] = 4,
    };
    return groups[format];
}

static uint64_t planned_bytes(uint64_t limit_bytes)
{
    uint64_t pages = pxc_least(limit_bytes / USUAL_PAGE_BYTES, MOST_PAGES);
    if (pages < FEW_PAGES) {
        pages = pxc_least(limit_bytes / LEAST_PAGE_BYTES, FEW_PAGES);
    }
    return pxc_least(limit_bytes / (pages == 0 ? 1 : pages), MOST_PAGE_BYTES);
}

void pxc_pages_plan(pxc_cache *cache)
{
    cache->plan = (pxc_page_plan){0};
    const uint64_t bytes = planned_bytes(cache->stats.limit_bytes);
    const int most_px = cache->max_size_px < PXC_PAGE_MOST_PX ? cache->max_size_px : PXC_PAGE_MOST_PX;
    int width = LEAST_SIDE_PX;
    while (width * 2 <= most_px && (uint64_t)width * 2 * (uint64_t)width * 2 * TEXEL_BYTES <= bytes) {
        width *= 2;
    }
    const uint64_t rows = pxc_least(bytes / ((uint64_t)width * TEXEL_BYTES), (uint64_t)most_px);
    const int height = (int)rows / PXC_UNIT_PX * PXC_UNIT_PX;
    if (cache->packs && width <= most_px && height >= LEAST_SIDE_PX) {
        cache->plan = (pxc_page_plan){width, height, width / IMAGES_A_SIDE, height / IMAGES_A_SIDE};
    }
}

void pxc_pages_destroy(pxc_cache *cache)
{
    pxc_shelves_destroy(&cache->shelves, &cache->alloc);
    pxc_free(&cache->alloc, cache->framed);
}

/* How much of a page's side images fill that lie side by side; of the whole side where they are many. */
static int filled_px(int side_px, int image_px)
{
    return image_px <= side_px / FEW_A_SIDE ? side_px : side_px / pxc_place_px(image_px) * image_px;
}

bool pxc_packs(const pxc_cache *cache, const pxc_pixmap *pixmap)
{
    const pxc_page_plan *plan = &cache->plan;
    return pixmap->width <= plan->most_width && pixmap->height <= plan->most_height && !pixmap->mipmaps &&
           (int64_t)filled_px(plan->width, pixmap->width) * filled_px(plan->height, pixmap->height) * 3 >=
               (int64_t)plan->width * plan->height * 2;
}

uint64_t pxc_page_texel_bytes(const pxc_page *page)
{
    return (uint64_t)pxc_format_source_bytes(group_formats[page->group]);
}

/* ---- Making pages -----------------------------------------------------------------------------------------------*/

uint64_t pxc_page_cost(const pxc_cache *cache, int group, int height)
{
    return pxc_cost(cache, group_formats[group], cache->plan.width, height, false);
}

/* So high as is left below limit and ceiling, or else as planned, if that is below the ceiling; 0 = none can be made. */
static int next_height(const pxc_cache *cache, int group)
{
    const pxc_page_plan *plan = &cache->plan;
    const uint64_t used = cache->stats.used_bytes;
    const uint64_t ceiling = pxc_ceiling(cache);
    const uint64_t bound = pxc_least(cache->stats.limit_bytes, ceiling);
    const uint64_t whole = pxc_page_cost(cache, group, plan->height);
    const uint64_t left = used < bound ? bound - used : 0;
    if (left < whole && left >= whole / LEAST_PART) {
        const int height = (int)((uint64_t)plan->height * left / whole) / PXC_UNIT_PX * PXC_UNIT_PX;
        if (height >= pxc_place_px(plan->most_height) && pxc_page_cost(cache, group, height) <= left) {
            return height;
        }
    }
    return whole <= ceiling && used <= ceiling - whole ? plan->height : 0;
}

bool pxc_has_spot(const pxc_cache *cache, const pxc_pixmap *pixmap)
{
    if (!pxc_packs(cache, pixmap)) {
        return false;
    }
    const int group = group_of(pixmap->format);
    return pxc_shelves_have(&cache->shelves, group, pixmap->width, pixmap->height) ||
           next_height(cache, group) != 0;
}

pxc_status pxc_page_make(pxc_cache *cache, int group, int height, uint32_t *page)
{
    const pxc_pixmap pixmap = {
        .width = cache->plan.width,
        .height = height,
        .stride = cache->plan.width * pxc_format_source_bytes(group_formats[group]),
        .format = group_formats[group],
    };
    pxc_page made = {.group = group, .width = pixmap.width, .height = pixmap.height, .texture = 1};
    made.cost_bytes = pxc_page_cost(cache, group, height);
    *page = pxc_shelves_add_page(&cache->shelves, &cache->alloc, &made);
    if (*page == 0) {
        return PXC_ERR_MEMORY;
    }
    uint32_t texture = 0;
    const pxc_status status = cache->backend.begin_texture(cache->gpu, &pixmap, &texture);
    if (status != PXC_OK || texture == 0) {
        pxc_shelves_remove_page(&cache->shelves, &cache->alloc, *page);
        *page = 0;
        return status == PXC_ERR_LOST ? PXC_ERR_LOST : PXC_ERR_GPU;
    }
    cache->shelves.pages[*page].texture = texture;
    return PXC_OK;
}

void pxc_page_count(pxc_cache *cache, const pxc_page *page)
{
    pxc_count_texture(cache, page->cost_bytes);
    ++cache->stats.pages;
    cache->stats.page_bytes += page->cost_bytes;
}

/* One whose first image failed: nobody has seen it. */
static void unmake_page(pxc_cache *cache, uint32_t page)
{
    cache->backend.delete_textures(cache->gpu, &cache->shelves.pages[page].texture, 1);
    pxc_shelves_remove_page(&cache->shelves, &cache->alloc, page);
}

/* ---- Images in pages --------------------------------------------------------------------------------------------*/

/* A place in what there is, in the page that is being emptied, or in a new one. */
static pxc_status find_spot(pxc_cache *cache, const pxc_pixmap *pixmap, pxc_spot *spot)
{
    pxc_shelves *shelves = &cache->shelves;
    const int group = group_of(pixmap->format);
    if (!pxc_shelves_reserve(shelves, &cache->alloc)) {
        return PXC_ERR_MEMORY;
    }
    *spot = pxc_shelves_take(shelves, group, pixmap->width, pixmap->height);
    if (spot->span == 0 && cache->tidied_page != 0) {
        pxc_shelves_open(shelves, cache->tidied_page);
        cache->tidied_page = 0;
        *spot = pxc_shelves_take(shelves, group, pixmap->width, pixmap->height);
    }
    if (spot->span != 0) {
        return PXC_OK;
    }
    const int height = next_height(cache, group);
    uint32_t page = 0;
    const pxc_status status = height == 0 ? PXC_ERR_FULL : pxc_page_make(cache, group, height, &page);
    if (status == PXC_OK) {
        *spot = pxc_shelves_take(shelves, group, pixmap->width, pixmap->height);
    }
    return status;
}

/* Copies a row of pixels, and its two ends once more beside it. */
static void frame_row(char *to, const char *row, size_t row_bytes, size_t pixel_bytes)
{
    memcpy(to, row, pixel_bytes);
    memcpy(to + pixel_bytes, row, row_bytes);
    memcpy(to + pixel_bytes + row_bytes, row + row_bytes - pixel_bytes, pixel_bytes);
}

/* The pixmap with its edge repeated around it, in the cache's own memory. */
static bool frame_pixmap(pxc_cache *cache, const pxc_pixmap *pixmap, pxc_pixmap *framed)
{
    const size_t pixel_bytes = (size_t)pxc_format_source_bytes(pixmap->format);
    const size_t row_bytes = (size_t)pxc_row_bytes(pixmap);
    const size_t stride = row_bytes + 2 * pixel_bytes;
    const size_t bytes = stride * ((size_t)pixmap->height + 2);
    if (bytes > cache->framed_bytes) {
        void *grown = pxc_realloc(&cache->alloc, cache->framed, bytes);
        if (grown == NULL) {
            return false;
        }
        cache->framed = grown;
        cache->framed_bytes = bytes;
    }
    char *to = cache->framed;
    const char *rows = pixmap->pixels;
    for (int y = 0; y < pixmap->height; ++y) {
        frame_row(to + stride * ((size_t)y + 1), rows + (size_t)y * (size_t)pixmap->stride, row_bytes,
                  pixel_bytes);
    }
    memcpy(to, to + stride, stride);
    memcpy(to + stride * ((size_t)pixmap->height + 1), to + stride * (size_t)pixmap->height, stride);
    *framed = (pxc_pixmap){.pixels = to,
                           .width = pixmap->width + 2,
                           .height = pixmap->height + 2,
                           .stride = (int)stride,
                           .format = pixmap->format};
    return true;
}

pxc_status pxc_pack(pxc_cache *cache, const pxc_measured *measured, pxc_made *out)
{
    pxc_spot spot = {0};
    pxc_pixmap framed;
    pxc_status status = find_spot(cache, &measured->pixmap, &spot);
    if (status != PXC_OK) {
        return status;
    }
    const pxc_page *page = &cache->shelves.pages[spot.page];
    status = PXC_ERR_MEMORY;
    if (frame_pixmap(cache, &measured->pixmap, &framed)) {
        status = cache->backend.fill_part(cache->gpu, &framed, page->texture, spot.x - PXC_GUTTER_PX,
                                          spot.y - PXC_GUTTER_PX);
    }
    if (status != PXC_OK) {
        pxc_shelves_give(&cache->shelves, spot.span);
        if (page->images == 0) {
            unmake_page(cache, spot.page);
        }
        return status > PXC_OK ? PXC_ERR_GPU : status;
    }
    if (page->images == 1) { /* none is kept without images, so this one is new */
        pxc_page_count(cache, page);
    }
    *out = (pxc_made){page->texture, spot};
    cache->page_taken_bytes += pxc_span_px(&cache->shelves, spot.span) * pxc_page_texel_bytes(page);
    ++cache->stats.packed_entries;
    cache->stats.packed_bytes += measured->cost_bytes;
    return PXC_OK;
}

/* ---- At the boundary --------------------------------------------------------------------------------------------*/

void pxc_collect_page(pxc_cache *cache, pxc_dying *all, uint32_t index)
{
    const pxc_page *page = &cache->shelves.pages[index];
    pxc_collect_texture(cache, all, page->texture, page->cost_bytes);
    --cache->stats.pages;
    cache->stats.page_bytes -= page->cost_bytes;
    pxc_shelves_remove_page(&cache->shelves, &cache->alloc, index);
    if (cache->tidied_page == index) {
        cache->tidied_page = 0;
    }
}

void pxc_entry_unplace(pxc_cache *cache, const pxc_entry *entry, uint32_t slot, pxc_dying *all)
{
    const uint32_t span = cache->span_of[slot];
    const pxc_page *page = &cache->shelves.pages[entry->page];
    cache->page_taken_bytes -= pxc_span_px(&cache->shelves, span) * pxc_page_texel_bytes(page);
    pxc_shelves_give(&cache->shelves, span);
    if (page->images == 0) {
        pxc_collect_page(cache, all, entry->page);
    }
}
