/* Images move from page to page, at frame boundaries only, where nothing that was given out counts any more.
 *
 *   pxc_pages_fit    when pages hold the cache above its limit: empties the page with the least in it into the others, or
 *                    into one as small as what is left, page after page. One that is nearly full is emptied only into
 *                    room that there is, and only while no move has failed: moving much to gain little would cost each
 *                    frame of a program that streams; then the eviction goes on.
 *   pxc_pages_tidy   otherwise: empties a page that is mostly empty little by little
 *
 * A move that fails leaves the image where it is. Nothing depends on success: an eviction that goes on empties all pages.
 */
#include "cache.h"

enum {
    /* Of what a whole page has room for, so many quarters may be taken in one that is emptied. With two, a cache whose
     * images need nearly all of its limit evicts up to seven times as much of what is still seen; with more, it only moves
     * more. */
    MOST_QUARTERS = 3,
    MOST_EIGHTHS = 7, /* so large a part of a page may be the smaller one that takes its place */
    HALF = 2,         /* of what pages have room for: if less is taken they are worth tidying */
    /* After a failure, so much of what pages hold must go before the next try. It leaves room for what the next frames
     * bring, too: without, each of them would need one more page, for the boundary to empty. */
    RETRY_PART = 32,
    TIDY_EVERY_FRAMES = 16, /* a page to be emptied is looked for */
    TIDY_BYTES = 1 << 18,   /* a frame: 0.1 ms of a software driver that copies 3 GB/s */
};

static uint64_t area_px(const pxc_page *page)
{
    return (uint64_t)page->width * (uint64_t)page->height;
}

static bool is_not_full(const pxc_cache *cache, const pxc_page *page)
{
    const uint64_t whole_px = (uint64_t)cache->plan.width * (uint64_t)cache->plan.height;
    const uint64_t room_px = whole_px > area_px(page) ? whole_px : area_px(page);
    return page->texture != 0 && page->taken_px <= room_px * MOST_QUARTERS / 4;
}

/* Scratch has room for the texture of each entry; a page takes that of an image that it held. */
static bool has_scratch(const pxc_cache *cache, const pxc_dying *all)
{
    return all->count + cache->stats.entries < (size_t)cache->chunk_capacity * PXC_CHUNK_ENTRIES;
}

/* ---- Moving -----------------------------------------------------------------------------------------------------*/

/* To any open page of its group. */
static bool move_image(pxc_cache *cache, uint32_t span)
{
    pxc_shelves *shelves = &cache->shelves;
    const uint32_t slot = shelves->spans[span].owner;
    pxc_entry *entry = pxc_entry_at(cache, slot);
    if (!pxc_shelves_reserve(shelves, &cache->alloc)) {
        return false;
    }
    const pxc_image *image = &entry->image;
    const pxc_spot spot =
        pxc_shelves_take(shelves, shelves->pages[entry->page].group, image->width, image->height);
    if (spot.span == 0) {
        return false;
    }
    const pxc_copy copy = {
        .from = image->texture,
        .to = shelves->pages[spot.page].texture,
        .format = image->format,
        .from_x = entry->x - PXC_GUTTER_PX,
        .from_y = entry->y - PXC_GUTTER_PX,
        .to_x = spot.x - PXC_GUTTER_PX,
        .to_y = spot.y - PXC_GUTTER_PX,
        .width = image->width + 2 * PXC_GUTTER_PX,
        .height = image->height + 2 * PXC_GUTTER_PX,
    };
    if (cache->backend.copy_part(cache->gpu, &copy) != PXC_OK) {
        pxc_shelves_give(shelves, spot.span);
        return false;
    }
    const uint64_t texel_bytes = pxc_page_texel_bytes(&shelves->pages[spot.page]);
    cache->page_taken_bytes += pxc_span_px(shelves, spot.span) * texel_bytes;
    cache->page_taken_bytes -= pxc_span_px(shelves, span) * texel_bytes;
    pxc_shelves_give(shelves, span);
    entry->image.texture = copy.to;
    pxc_entry_place(cache, entry, &(pxc_made){copy.to, spot});
    ++cache->stats.moves;
    return true;
}

/* Moves images out of a closed page, as many as bytes allow, but at least one. Result: whether it is empty. */
static bool empty_page(pxc_cache *cache, uint32_t page, uint64_t bytes)
{
    uint64_t moved_bytes = 0;
    for (;;) {
        const uint32_t span = pxc_shelves_first_taken(&cache->shelves, page);
        if (span == 0) {
            return true;
        }
        const uint64_t span_bytes =
            pxc_span_px(&cache->shelves, span) * pxc_page_texel_bytes(&cache->shelves.pages[page]);
        if ((moved_bytes != 0 && span_bytes > bytes - moved_bytes) || !move_image(cache, span)) {
            return false;
        }
        moved_bytes += pxc_least(span_bytes, bytes - moved_bytes);
    }
}

/* ---- Under pressure ---------------------------------------------------------------------------------------------*/

/* What is free in all pages of each group. */
static void count_room(const pxc_cache *cache, uint64_t room_px[PXC_PAGE_GROUPS])
{
    for (uint32_t page = 1; page < cache->shelves.page_end; ++page) {
        const pxc_page *one = &cache->shelves.pages[page];
        room_px[one->group] += area_px(one) - one->taken_px;
    }
}

/* Whether the other pages of its group have so many times the room for what a page holds. */
static bool others_have_room(const pxc_page *page, const uint64_t room_px[PXC_PAGE_GROUPS], uint64_t times)
{
    const uint64_t own_px = area_px(page) - page->taken_px;
    return (room_px[page->group] - own_px) / times >= page->taken_px;
}

/* The page with the least in it, of those that have not been tried in vain; 0 = none. */
static uint32_t emptiest(const pxc_cache *cache, bool not_full)
{
    uint64_t room_px[PXC_PAGE_GROUPS] = {0};
    uint32_t best = 0;
    count_room(cache, room_px);
    for (uint32_t page = 1; page < cache->shelves.page_end; ++page) {
        const pxc_page *one = &cache->shelves.pages[page];
        if (one->texture != 0 && !one->stuck &&
            (is_not_full(cache, one) || (!not_full && others_have_room(one, room_px, 1))) &&
            (best == 0 || one->taken_px < cache->shelves.pages[best].taken_px)) {
            best = page;
        }
    }
    return best;
}

/* Into a new page that is no higher than what the images need, if the limit holds then. */
static bool shrink_page(pxc_cache *cache, pxc_dying *all, uint32_t page, uint64_t most_bytes)
{
    const pxc_page old = cache->shelves.pages[page];
    const int most_px = cache->max_size_px < PXC_PAGE_MOST_PX ? cache->max_size_px : PXC_PAGE_MOST_PX;
    const int height = pxc_shelves_rows_needed(&cache->shelves, page, cache->plan.width);
    const uint64_t cost_bytes = pxc_page_cost(cache, old.group, height);
    const uint64_t rest_bytes = cache->stats.used_bytes - all->cost_bytes - old.cost_bytes;
    uint32_t smaller = 0;
    if (height > most_px || cost_bytes > old.cost_bytes / 8 * MOST_EIGHTHS || rest_bytes > most_bytes ||
        cost_bytes > most_bytes - rest_bytes || pxc_page_make(cache, old.group, height, &smaller) != PXC_OK) {
        return false;
    }
    pxc_page_count(cache, &cache->shelves.pages[smaller]);
    const bool emptied = empty_page(cache, page, UINT64_MAX);
    if (cache->shelves.pages[smaller].images == 0) {
        pxc_collect_page(cache, all, smaller);
    }
    return emptied;
}

static void give_up(pxc_cache *cache, uint32_t page)
{
    pxc_shelves_open(&cache->shelves, page);
    cache->shelves.pages[page].stuck = true;
}

static void forget_failures(pxc_cache *cache)
{
    for (uint32_t page = 1; page < cache->shelves.page_end; ++page) {
        cache->shelves.pages[page].stuck = false;
    }
}

bool pxc_pages_fit(pxc_cache *cache, pxc_dying *all, uint64_t most_bytes)
{
    const uint64_t own_bytes = cache->stats.used_bytes - all->cost_bytes - cache->stats.page_bytes;
    if (cache->stats.page_bytes == 0 || own_bytes > most_bytes ||
        cache->page_taken_bytes > most_bytes - own_bytes ||
        cache->page_taken_bytes > cache->retry_below_bytes) {
        return false;
    }
    forget_failures(cache);
    bool failed = false;
    while (cache->stats.used_bytes - all->cost_bytes > most_bytes) {
        const uint32_t page = has_scratch(cache, all) ? emptiest(cache, failed) : 0;
        if (page == 0) {
            cache->retry_below_bytes = cache->page_taken_bytes - cache->page_taken_bytes / RETRY_PART;
            return false;
        }
        if (page == cache->tidied_page) {
            cache->tidied_page = 0;
        } else {
            pxc_shelves_close(&cache->shelves, page);
        }
        if (empty_page(cache, page, UINT64_MAX) || shrink_page(cache, all, page, most_bytes)) {
            pxc_collect_page(cache, all, page);
        } else {
            give_up(cache, page);
            failed = true;
        }
    }
    return true;
}

/* ---- In quiet times ---------------------------------------------------------------------------------------------*/

/* The emptiest of those that the other pages of their group have twice the room for. */
static uint32_t choose_to_tidy(const pxc_cache *cache)
{
    uint64_t room_px[PXC_PAGE_GROUPS] = {0};
    uint32_t best = 0;
    count_room(cache, room_px);
    for (uint32_t page = 1; page < cache->shelves.page_end; ++page) {
        const pxc_page *one = &cache->shelves.pages[page];
        if (is_not_full(cache, one) && !one->stuck && others_have_room(one, room_px, 2) &&
            (best == 0 || one->taken_px < cache->shelves.pages[best].taken_px)) {
            best = page;
        }
    }
    return best;
}

static bool is_time_to_tidy(const pxc_cache *cache)
{
    return cache->stats.pages > 1 && cache->page_taken_bytes <= cache->stats.page_bytes / HALF &&
           cache->stats.frames % TIDY_EVERY_FRAMES == 0;
}

void pxc_pages_tidy(pxc_cache *cache, pxc_dying *all)
{
    if (cache->tidied_page == 0 && is_time_to_tidy(cache)) {
        cache->tidied_page = choose_to_tidy(cache);
        if (cache->tidied_page != 0) {
            pxc_shelves_close(&cache->shelves, cache->tidied_page);
        } else {
            forget_failures(cache); /* all were tried */
        }
    }
    const uint32_t page = cache->tidied_page;
    const uint64_t moves = cache->stats.moves;
    if (page == 0 || !has_scratch(cache, all)) {
        return;
    }
    if (empty_page(cache, page, TIDY_BYTES)) {
        pxc_collect_page(cache, all, page);
    } else if (cache->stats.moves == moves) {
        give_up(cache, page);
        cache->tidied_page = 0;
    }
}
