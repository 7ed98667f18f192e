/* The rows of pages, from which shelves are made, and the classes of sizes. */
#include "shelves.h"

#include "cache.h"

enum { FINE_STEPS = 8 }; /* of 2, 4 ... 16 px */

/* ---- Classes of sizes -------------------------------------------------------------------------------------------*/

/* Up to 16 px in steps of 2; then eight steps for each doubling. */
int pxc_step_px(int size_class)
{
    if (size_class < FINE_STEPS) {
        return (size_class + 1) * 2;
    }
    const int base_px = 16 << (size_class - FINE_STEPS) / 8;
    return base_px + ((size_class - FINE_STEPS) % 8 + 1) * (base_px / 8);
}

/* The smallest that is not below. */
int pxc_step_above(int px)
{
    if (px <= 16) {
        return (px + 1) / 2 - 1;
    }
    int octave = 0;
    while (32 << octave < px) {
        ++octave;
    }
    const int base_px = 16 << octave;
    const int step_px = base_px / 8;
    return FINE_STEPS + octave * 8 + (px - base_px + step_px - 1) / step_px - 1;
}

int pxc_place_px(int image_px)
{
    return pxc_step_px(pxc_step_above(image_px)) + 2 * PXC_GUTTER_PX;
}

uint32_t pxc_span_take_unused(pxc_shelves *it, uint32_t shelf, int x, int width)
{
    const uint32_t span = it->unused_span;
    it->unused_span = it->spans[span].right;
    it->spans[span] = (pxc_span){.shelf = shelf, .x = (uint16_t)x, .width = (uint16_t)width};
    return span;
}

void pxc_span_drop(pxc_shelves *it, uint32_t span)
{
    it->spans[span] = (pxc_span){.right = it->unused_span};
    it->unused_span = span;
}

/* ---- Pages and their rows ---------------------------------------------------------------------------------------*/

static uint32_t page_units(const pxc_page *page)
{
    return (uint32_t)page->height / PXC_UNIT_PX;
}

uint32_t pxc_shelves_add_page(pxc_shelves *it, const pxc_alloc *alloc, const pxc_page *given)
{
    uint32_t at = 1;
    while (at < it->page_end && it->pages[at].texture != 0) {
        ++at;
    }
    if (it->groups[given->group] == NULL) {
        pxc_bins *bins = pxc_malloc(alloc, PXC_SIZE_STEPS * sizeof *bins);
        if (bins == NULL) {
            return 0;
        }
        memset(bins, 0, PXC_SIZE_STEPS * sizeof *bins);
        it->groups[given->group] = bins;
    }
    uint32_t *rows = pxc_malloc(alloc, page_units(given) * sizeof *rows);
    if (rows == NULL || at > UINT16_MAX) {
        pxc_free(alloc, rows);
        return 0;
    }
    if (at >= it->page_end) {
        pxc_page *pages = pxc_realloc(alloc, it->pages, (at + 1) * sizeof *pages);
        if (pages == NULL) {
            pxc_free(alloc, rows);
            return 0;
        }
        it->pages = pages;
        it->page_end = at + 1;
    }
    memset(rows, 0, page_units(given) * sizeof *rows);
    pxc_page *page = &it->pages[at];
    *page = *given;
    page->rows = rows;
    page->taken_px = 0;
    page->images = 0;
    page->closed = false;
    page->free_units = page_units(given);
    page->no_run_units = page->free_units + 1;
    return at;
}

void pxc_shelves_remove_page(pxc_shelves *it, const pxc_alloc *alloc, uint32_t page)
{
    pxc_free(alloc, it->pages[page].rows);
    it->pages[page] = (pxc_page){0};
    while (it->page_end > 1 && it->pages[it->page_end - 1].texture == 0) {
        --it->page_end;
    }
}

/* The first run of so many units that belong to no shelf; page_units if there is none. */
static uint32_t find_rows(const pxc_page *page, uint32_t units)
{
    uint32_t run = 0;
    for (uint32_t unit = 0; unit < page_units(page); ++unit) {
        run = page->rows[unit] == 0 ? run + 1 : 0;
        if (run == units) {
            return unit + 1 - units;
        }
    }
    return page_units(page);
}

static bool may_have_rows(const pxc_page *page, int group, uint32_t units)
{
    return page->texture != 0 && !page->closed && page->group == group && page->free_units >= units &&
           page->no_run_units > units;
}

static void set_rows(pxc_page *page, const pxc_shelf *shelf, uint32_t value)
{
    for (uint32_t unit = shelf->y / PXC_UNIT_PX; unit < (uint32_t)(shelf->y + shelf->height) / PXC_UNIT_PX;
         ++unit) {
        page->rows[unit] = value;
    }
}

uint32_t pxc_shelf_add(pxc_shelves *it, int group, int size_class)
{
    const int height = pxc_step_px(size_class) + 2 * PXC_GUTTER_PX;
    const uint32_t units = (uint32_t)height / PXC_UNIT_PX;
    for (uint32_t at = 1; at < it->page_end; ++at) {
        pxc_page *page = &it->pages[at];
        if (!may_have_rows(page, group, units)) {
            continue;
        }
        const uint32_t unit = find_rows(page, units);
        if (unit == page_units(page)) {
            page->no_run_units = units;
            continue;
        }
        const uint32_t index = it->unused_shelf;
        pxc_shelf *shelf = &it->shelves[index];
        it->unused_shelf = shelf->next_unused;
        *shelf = (pxc_shelf){.page = at,
                             .y = (uint16_t)(unit * PXC_UNIT_PX),
                             .height = (uint16_t)height,
                             .size_class = (uint8_t)size_class};
        set_rows(page, shelf, index);
        page->free_units -= units;
        shelf->first_span = pxc_span_take_unused(it, index, 0, page->width);
        return shelf->first_span;
    }
    return 0;
}

void pxc_shelf_remove(pxc_shelves *it, pxc_shelf *shelf)
{
    const uint32_t index = (uint32_t)(shelf - it->shelves);
    pxc_page *page = &it->pages[shelf->page];
    set_rows(page, shelf, 0);
    page->free_units += shelf->height / PXC_UNIT_PX;
    page->no_run_units = page_units(page) + 1;
    pxc_span_drop(it, shelf->first_span);
    *shelf = (pxc_shelf){.next_unused = it->unused_shelf};
    it->unused_shelf = index;
}

bool pxc_shelf_has_rows(const pxc_shelves *it, int group, int size_class)
{
    const uint32_t units = (uint32_t)(pxc_step_px(size_class) + 2 * PXC_GUTTER_PX) / PXC_UNIT_PX;
    for (uint32_t at = 1; at < it->page_end; ++at) {
        const pxc_page *page = &it->pages[at];
        if (may_have_rows(page, group, units) && find_rows(page, units) != page_units(page)) {
            return true;
        }
    }
    return false;
}
