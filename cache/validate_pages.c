/* Recounts pages, shelves and spans: every texel of a page belongs to one of them, and every image to its entry. */
#include "cache.h"

typedef struct recount {
    uint64_t pages, page_bytes, taken_bytes, images;
    uint64_t binned; /* free spans that must be in a bin */
} recount;

static bool span_holds(const pxc_cache *cache, const pxc_shelf *shelf, uint32_t index, const pxc_span *span)
{
    const pxc_page *page = &cache->shelves.pages[shelf->page];
    if (!span->taken) {
        return span->owner == 0;
    }
    if (span->owner < PXC_FIRST_SLOT || span->owner >= cache->slot_count) {
        return false;
    }
    const pxc_entry *entry = pxc_entry_at(cache, span->owner);
    return cache->span_of[span->owner] == index && entry->page == shelf->page &&
           entry->image.texture == page->texture && entry->x == span->x + PXC_GUTTER_PX &&
           entry->y == shelf->y + PXC_GUTTER_PX && entry->image.width + 2 * PXC_GUTTER_PX <= span->width &&
           entry->image.height + 2 * PXC_GUTTER_PX <= shelf->height;
}

/* Spans lie side by side from end to end, and of two neighbours one is taken. */
static bool shelf_holds(const pxc_cache *cache, uint32_t index, uint64_t *taken_px, recount *sum)
{
    const pxc_shelf *shelf = &cache->shelves.shelves[index];
    const pxc_page *page = &cache->shelves.pages[shelf->page];
    int x = 0;
    uint32_t left = 0;
    uint32_t taken = 0;
    bool after_free = false;
    for (uint32_t at = shelf->first_span; at != 0;) {
        const pxc_span *span = at < cache->shelves.span_capacity ? &cache->shelves.spans[at] : NULL;
        if (span == NULL || span->shelf != index || span->x != x || span->left != left || span->width == 0 ||
            (after_free && !span->taken) || !span_holds(cache, shelf, at, span)) {
            return false;
        }
        taken += span->taken;
        *taken_px += span->taken ? (uint64_t)span->width * shelf->height : 0;
        sum->binned += !span->taken && !page->closed && span->width >= PXC_LEAST_SPAN_PX;
        after_free = !span->taken;
        x += span->width;
        left = at;
        at = span->right;
    }
    sum->images += taken;
    return x == page->width && taken == shelf->taken && taken != 0;
}

static bool page_holds(const pxc_cache *cache, uint32_t index, recount *sum)
{
    const pxc_page *page = &cache->shelves.pages[index];
    const uint32_t units = (uint32_t)page->height / PXC_UNIT_PX;
    const uint64_t images_before = sum->images;
    uint64_t taken_px = 0;
    uint32_t free_units = 0;
    for (uint32_t unit = 0; unit < units;) {
        const uint32_t at = page->rows[unit];
        if (at == 0) {
            ++free_units;
            ++unit;
            continue;
        }
        const pxc_shelf *shelf = at < cache->shelves.shelf_capacity ? &cache->shelves.shelves[at] : NULL;
        if (shelf == NULL || shelf->page != index || shelf->y != unit * PXC_UNIT_PX || shelf->height == 0 ||
            shelf->y + shelf->height > page->height || !shelf_holds(cache, at, &taken_px, sum)) {
            return false;
        }
        unit += shelf->height / (uint32_t)PXC_UNIT_PX;
    }
    ++sum->pages;
    sum->page_bytes += page->cost_bytes;
    sum->taken_bytes += taken_px * pxc_page_texel_bytes(page);
    return free_units == page->free_units && taken_px == page->taken_px &&
           sum->images - images_before == page->images && page->images != 0;
}

/* The number of spans in all bins; UINT64_MAX if a bin has what does not belong there. */
static uint64_t count_bins(const pxc_shelves *shelves, const pxc_bins *bins)
{
    uint64_t count = 0;
    for (int class = 0; class < PXC_SIZE_STEPS; ++class) {
        if ((bins->filled >> class & 1) != (bins->first[class] != 0)) {
            return UINT64_MAX;
        }
        uint32_t prev = 0;
        for (uint32_t at = bins->first[class]; at != 0; at = shelves->spans[at].bin_next) {
            if (at >= shelves->span_capacity || shelves->spans[at].taken ||
                shelves->spans[at].bin_prev != prev || ++count > shelves->span_capacity) {
                return UINT64_MAX;
            }
            prev = at;
        }
    }
    return count;
}

static bool bins_hold(const pxc_shelves *shelves, uint64_t binned)
{
    uint64_t count = 0;
    for (int group = 0; group < PXC_PAGE_GROUPS; ++group) {
        for (int class = 0; shelves->groups[group] != NULL && class < PXC_SIZE_STEPS; ++class) {
            const uint64_t some = count_bins(shelves, &shelves->groups[group][class]);
            if (some == UINT64_MAX) {
                return false;
            }
            count += some;
        }
    }
    return count == binned;
}

bool pxc_pages_hold(const pxc_cache *cache)
{
    recount sum = {0};
    for (uint32_t page = 1; page < cache->shelves.page_end; ++page) {
        if (cache->shelves.pages[page].texture != 0 && !page_holds(cache, page, &sum)) {
            return false;
        }
    }
    uint64_t packed = 0;
    for (uint32_t slot = PXC_FIRST_SLOT; slot < cache->slot_count; ++slot) {
        const pxc_entry *entry = pxc_entry_at(cache, slot);
        packed += entry->image.texture != 0 && entry->page != 0;
    }
    return sum.pages == cache->stats.pages && sum.page_bytes == cache->stats.page_bytes &&
           sum.taken_bytes == cache->page_taken_bytes && sum.images == packed &&
           bins_hold(&cache->shelves, sum.binned);
}
