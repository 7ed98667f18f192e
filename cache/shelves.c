/* Places in pages: see shelves.h for the picture. Their rows are shelf_rows.c's.
 *
 * Spans, shelves and pages are numbered and lie in tables that grow: nothing points into them. What is unused is in a
 * list. A take looks, in this order, for a free span in a shelf of the image's class of heights, or of the two above it
 * (which waste a quarter of their height at most), and then for rows for a new shelf. The narrowest class of free spans
 * that surely is wide enough is taken; what is left of the span stays free.
 *
 * Rejected: cells of one size for each shelf, which cost a whole shelf for each size of image that there is; skyline and
 * guillotine packers, which pack a little closer but can not take single places back.
 */
#include "shelves.h"

#include "cache.h"

enum { LOOK_HIGHER = 2 };

/* ---- Tables -----------------------------------------------------------------------------------------------------*/

static bool grow_spans(pxc_shelves *it, const pxc_alloc *alloc)
{
    const uint32_t capacity = it->span_capacity == 0 ? 64 : it->span_capacity * 2;
    pxc_span *spans = pxc_realloc(alloc, it->spans, capacity * sizeof *spans);
    if (spans == NULL) {
        return false;
    }
    it->spans = spans;
    for (uint32_t i = capacity - 1; i >= it->span_capacity && i > 0; --i) {
        spans[i] = (pxc_span){.right = it->unused_span};
        it->unused_span = i;
    }
    it->span_capacity = capacity;
    return true;
}

static bool grow_shelves(pxc_shelves *it, const pxc_alloc *alloc)
{
    const uint32_t capacity = it->shelf_capacity == 0 ? 16 : it->shelf_capacity * 2;
    pxc_shelf *shelves = pxc_realloc(alloc, it->shelves, capacity * sizeof *shelves);
    if (shelves == NULL) {
        return false;
    }
    it->shelves = shelves;
    for (uint32_t i = capacity - 1; i >= it->shelf_capacity && i > 0; --i) {
        shelves[i] = (pxc_shelf){.next_unused = it->unused_shelf};
        it->unused_shelf = i;
    }
    it->shelf_capacity = capacity;
    return true;
}

/* A take needs a span for a new shelf, and one for what is left of it. */
bool pxc_shelves_reserve(pxc_shelves *it, const pxc_alloc *alloc)
{
    const bool has_spans = it->unused_span != 0 && it->spans[it->unused_span].right != 0;
    return (has_spans || grow_spans(it, alloc)) && (it->unused_shelf != 0 || grow_shelves(it, alloc));
}

void pxc_shelves_destroy(pxc_shelves *it, const pxc_alloc *alloc)
{
    for (uint32_t page = 1; page < it->page_end; ++page) {
        pxc_free(alloc, it->pages[page].rows);
    }
    for (int group = 0; group < PXC_PAGE_GROUPS; ++group) {
        pxc_free(alloc, it->groups[group]);
    }
    pxc_free(alloc, it->pages);
    pxc_free(alloc, it->shelves);
    pxc_free(alloc, it->spans);
    *it = (pxc_shelves){0};
}

/* ---- Bins -------------------------------------------------------------------------------------------------------*/

static int lowest_bit(uint64_t bits)
{
#ifdef __GNUC__
    return __builtin_ctzll(bits);
#else
    int bit = 0;
    for (; (bits & 1) == 0; bits >>= 1) {
        ++bit;
    }
    return bit;
#endif
}

static pxc_bins *bins_of(const pxc_shelves *it, uint32_t shelf)
{
    const pxc_shelf *on = &it->shelves[shelf];
    return &it->groups[it->pages[on->page].group][on->size_class];
}

static bool is_closed(const pxc_shelves *it, uint32_t shelf)
{
    return it->pages[it->shelves[shelf].page].closed;
}

/* The largest that a free span of this width holds. */
static int class_within(int span_px)
{
    const int px = span_px - 2 * PXC_GUTTER_PX;
    const int above = pxc_step_above(px);
    return pxc_step_px(above) > px ? above - 1 : above;
}

/* A free span of an open page. One that is too narrow for anything is in no bin. */
static void bin_span(pxc_shelves *it, uint32_t index)
{
    pxc_span *span = &it->spans[index];
    if (span->width < PXC_LEAST_SPAN_PX || is_closed(it, span->shelf)) {
        return;
    }
    pxc_bins *bins = bins_of(it, span->shelf);
    const int class = class_within(span->width);
    span->bin_prev = 0;
    span->bin_next = bins->first[class];
    if (span->bin_next != 0) {
        it->spans[span->bin_next].bin_prev = index;
    }
    bins->first[class] = index;
    bins->filled |= UINT64_C(1) << class;
}

static void unbin_span(pxc_shelves *it, uint32_t index)
{
    const pxc_span *span = &it->spans[index];
    if (span->width < PXC_LEAST_SPAN_PX || is_closed(it, span->shelf)) {
        return;
    }
    pxc_bins *bins = bins_of(it, span->shelf);
    const int class = class_within(span->width);
    if (span->bin_prev != 0) {
        it->spans[span->bin_prev].bin_next = span->bin_next;
    } else {
        bins->first[class] = span->bin_next;
        if (span->bin_next == 0) {
            bins->filled &= ~(UINT64_C(1) << class);
        }
    }
    if (span->bin_next != 0) {
        it->spans[span->bin_next].bin_prev = span->bin_prev;
    }
}

/* ---- Taking and giving ------------------------------------------------------------------------------------------*/

/* A free span of a shelf that is no lower; 0 = none. */
static uint32_t find_span(const pxc_shelves *it, int group, int height_class, int width_class)
{
    const pxc_bins *bins = it->groups[group];
    for (int class = height_class;
         bins != NULL && class <= height_class + LOOK_HIGHER && class < PXC_SIZE_STEPS; ++class) {
        const uint64_t wide_enough = bins[class].filled >> width_class;
        if (wide_enough != 0) {
            return bins[class].first[width_class + lowest_bit(wide_enough)];
        }
    }
    return 0;
}

bool pxc_shelves_have(const pxc_shelves *it, int group, int width, int height)
{
    const int height_class = pxc_step_above(height);
    return find_span(it, group, height_class, pxc_step_above(width)) != 0 ||
           pxc_shelf_has_rows(it, group, height_class);
}

/* Leaves the right part of a span free. */
static void split(pxc_shelves *it, uint32_t index, int width)
{
    pxc_span *span = &it->spans[index];
    const uint32_t rest = pxc_span_take_unused(it, span->shelf, span->x + width, span->width - width);
    it->spans[rest].left = index;
    it->spans[rest].right = span->right;
    if (span->right != 0) {
        it->spans[span->right].left = rest;
    }
    span->right = rest;
    span->width = (uint16_t)width;
    bin_span(it, rest);
}

pxc_spot pxc_shelves_take(pxc_shelves *it, int group, int width, int height)
{
    const int height_class = pxc_step_above(height);
    const int width_class = pxc_step_above(width);
    uint32_t index = find_span(it, group, height_class, width_class);
    if (index != 0) {
        unbin_span(it, index);
    } else {
        index = pxc_shelf_add(it, group, height_class);
        if (index == 0) {
            return (pxc_spot){0};
        }
    }
    const int span_px = pxc_place_px(width);
    if (it->spans[index].width >= span_px + PXC_LEAST_SPAN_PX) {
        split(it, index, span_px);
    }
    pxc_span *span = &it->spans[index];
    pxc_shelf *shelf = &it->shelves[span->shelf];
    pxc_page *page = &it->pages[shelf->page];
    span->taken = true;
    ++shelf->taken;
    ++page->images;
    page->taken_px += pxc_span_px(it, index);
    return (pxc_spot){.span = index,
                      .page = (uint16_t)shelf->page,
                      .x = (uint16_t)(span->x + PXC_GUTTER_PX),
                      .y = (uint16_t)(shelf->y + PXC_GUTTER_PX)};
}

/* A free span and the free one on its right become one. */
static void join_right(pxc_shelves *it, uint32_t index)
{
    pxc_span *span = &it->spans[index];
    const uint32_t right = span->right;
    unbin_span(it, index);
    unbin_span(it, right);
    span->width = (uint16_t)(span->width + it->spans[right].width);
    span->right = it->spans[right].right;
    if (span->right != 0) {
        it->spans[span->right].left = index;
    }
    pxc_span_drop(it, right);
    bin_span(it, index);
}

static bool is_free(const pxc_shelves *it, uint32_t index)
{
    return index != 0 && !it->spans[index].taken;
}

void pxc_shelves_give(pxc_shelves *it, uint32_t index)
{
    pxc_span *span = &it->spans[index];
    const uint32_t left = span->left;
    pxc_shelf *shelf = &it->shelves[span->shelf];
    pxc_page *page = &it->pages[shelf->page];
    page->taken_px -= pxc_span_px(it, index);
    --page->images;
    span->taken = false;
    span->owner = 0;
    bin_span(it, index);
    if (is_free(it, span->right)) {
        join_right(it, index);
    }
    if (is_free(it, left)) {
        join_right(it, left);
    }
    if (--shelf->taken == 0) {
        unbin_span(it, shelf->first_span);
        pxc_shelf_remove(it, shelf);
    }
}

/* ---- Closed pages -----------------------------------------------------------------------------------------------*/

/* Each shelf of a page, from the top; 0 = no more. */
static uint32_t next_shelf(const pxc_shelves *it, const pxc_page *page, uint32_t *unit)
{
    while (*unit < (uint32_t)page->height / PXC_UNIT_PX) {
        const uint32_t shelf = page->rows[*unit];
        if (shelf != 0) {
            *unit += it->shelves[shelf].height / (uint32_t)PXC_UNIT_PX;
            return shelf;
        }
        ++*unit;
    }
    return 0;
}

static void for_free_spans(pxc_shelves *it, uint32_t page, void (*act)(pxc_shelves *, uint32_t))
{
    uint32_t unit = 0;
    for (uint32_t shelf = next_shelf(it, &it->pages[page], &unit); shelf != 0;
         shelf = next_shelf(it, &it->pages[page], &unit)) {
        for (uint32_t span = it->shelves[shelf].first_span; span != 0; span = it->spans[span].right) {
            if (!it->spans[span].taken) {
                act(it, span);
            }
        }
    }
}

void pxc_shelves_close(pxc_shelves *it, uint32_t page)
{
    for_free_spans(it, page, unbin_span);
    it->pages[page].closed = true;
}

void pxc_shelves_open(pxc_shelves *it, uint32_t page)
{
    it->pages[page].closed = false;
    for_free_spans(it, page, bin_span);
}

uint32_t pxc_shelves_first_taken(const pxc_shelves *it, uint32_t page)
{
    uint32_t unit = 0;
    const uint32_t shelf = next_shelf(it, &it->pages[page], &unit); /* one without images goes at once */
    uint32_t span = shelf == 0 ? 0 : it->shelves[shelf].first_span;
    while (span != 0 && !it->spans[span].taken) {
        span = it->spans[span].right;
    }
    return span;
}

/* By class of heights: shelves of a width, filled from the left until the next span is too wide. */
int pxc_shelves_rows_needed(const pxc_shelves *it, uint32_t page, int width)
{
    const pxc_page *on = &it->pages[page];
    int left[PXC_SIZE_STEPS] = {0}; /* of the last shelf of each class */
    int rows = 0;
    uint32_t unit = 0;
    for (uint32_t shelf = next_shelf(it, on, &unit); shelf != 0; shelf = next_shelf(it, on, &unit)) {
        const pxc_shelf *one = &it->shelves[shelf];
        int *room = &left[one->size_class];
        for (uint32_t span = one->first_span; span != 0; span = it->spans[span].right) {
            const int span_px = it->spans[span].width;
            if (!it->spans[span].taken) {
                continue;
            }
            if (span_px > *room) {
                rows += one->height;
                *room = width;
            }
            if (span_px > *room || rows > PXC_PAGE_MOST_PX) {
                return PXC_PAGE_MOST_PX + 1;
            }
            *room -= span_px;
        }
    }
    return rows;
}

uint64_t pxc_span_px(const pxc_shelves *it, uint32_t span)
{
    const pxc_span *one = &it->spans[span];
    return (uint64_t)one->width * it->shelves[one->shelf].height;
}
