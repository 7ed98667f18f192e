/* Where small images lie in pages, the textures that they share. Private, and without a GPU: numbers only.
 *
 *   page    +------------------------------------+
 *           | span | span |      | span |        |  shelf: rows of the page, for images of one class of heights
 *           +------------------------------------+
 *           | span     | span     |              |  shelf
 *           +------------------------------------+
 *           |                                    |  rows of no shelf
 *           +------------------------------------+
 *
 * A shelf is divided into spans from its left to its right end, taken or free; two free ones never touch. Free spans are
 * in bins, by the height of their shelf and by their own width, so that taking and giving back are a few steps, whatever
 * there is. Heights and widths are rounded up to classes, eight for each doubling: so a place that is given back fits the
 * next image of its size exactly, and rounding costs an eighth at most.
 * Around each image lies a gutter of one texel, for a copy of its edge: what is sampled at the edge, filtered linearly at
 * any scale, is the image's own colour, as if the texture were clamped there.
 */
#ifndef PXC_SHELVES_H
#define PXC_SHELVES_H

#define PXC_BUILDING
#include <pixcache/pixcache.h>

enum {
    PXC_GUTTER_PX = 1,
    PXC_PAGE_GROUPS = 5, /* pages by what their texels are stored as */
    PXC_SIZE_STEPS = 64, /* classes of sizes, up to 2,048 px */
    PXC_PAGE_MOST_PX = 2048,
    PXC_LEAST_SPAN_PX = 4, /* of the first class, 2 px, and its gutter: narrower ones are of no use */
    PXC_UNIT_PX = 2,       /* rows of a page are given out in pairs */
};

typedef struct pxc_span {
    uint32_t shelf;
    uint32_t left, right; /* neighbours in the shelf; 0 = none. right also links those that are unused */
    uint32_t owner;       /* the slot whose image lies here; 0 = free, or just taken */
    uint32_t bin_prev, bin_next;
    uint16_t x, width;
    bool taken;
} pxc_span;

typedef struct pxc_shelf {
    uint32_t page, first_span;
    uint16_t y, height;
    uint8_t size_class;
    uint32_t taken; /* spans */
    uint32_t next_unused;
} pxc_shelf;

typedef struct pxc_page {
    uint32_t texture; /* 0 = there is no page at this place */
    int group;
    int width, height;
    uint64_t cost_bytes;               /* of the texture */
    uint64_t taken_px;                 /* texels of spans that are taken */
    uint32_t images;                   /* spans that are taken */
    bool closed;                       /* takes no more images: its free spans are in no bin */
    bool stuck;                        /* could not be emptied lately */
    uint32_t free_units, no_run_units; /* rows of no shelf; so many in a row there are not */
    uint32_t *rows;                    /* by two rows: the shelf, 0 = none */
} pxc_page;

typedef struct pxc_bins {
    uint64_t filled; /* a bit for each class of widths */
    uint32_t first[PXC_SIZE_STEPS];
} pxc_bins;

typedef struct pxc_shelves {
    pxc_page *pages; /* from 1 on */
    pxc_shelf *shelves;
    pxc_span *spans;
    uint32_t page_end, shelf_capacity, span_capacity;
    uint32_t unused_shelf, unused_span; /* lists */
    pxc_bins *groups[PXC_PAGE_GROUPS];  /* by class of heights; NULL before the group's first page */
} pxc_shelves;

typedef struct pxc_spot {
    uint32_t span; /* 0 = none */
    uint16_t page;
    uint16_t x, y; /* of the image's top left texel, inside the gutter */
} pxc_spot;

void pxc_shelves_destroy(pxc_shelves *it, const pxc_alloc *alloc); /* whatever is in it */

/* Makes sure that one more place can be taken, as far as memory goes. */
bool pxc_shelves_reserve(pxc_shelves *it, const pxc_alloc *alloc);

/* A page without images, of sides that are even and at most PXC_PAGE_MOST_PX. 0 = no memory, or 65,535 pages. */
uint32_t pxc_shelves_add_page(pxc_shelves *it, const pxc_alloc *alloc, const pxc_page *page);
void pxc_shelves_remove_page(pxc_shelves *it, const pxc_alloc *alloc, uint32_t page); /* one without images */

/* A place for an image in an open page of a group; span 0 = there is none. After pxc_shelves_reserve. */
pxc_spot pxc_shelves_take(pxc_shelves *it, int group, int width, int height);
void pxc_shelves_give(pxc_shelves *it, uint32_t span);
bool pxc_shelves_have(const pxc_shelves *it, int group, int width,
                      int height); /* whether a take would succeed */

void pxc_shelves_close(pxc_shelves *it, uint32_t page);
void pxc_shelves_open(pxc_shelves *it, uint32_t page);

/* The first span of a page that is taken, from the top; 0 = none. */
uint32_t pxc_shelves_first_taken(const pxc_shelves *it, uint32_t page);

/* Rows that the taken spans of a page would fill if they stood close together in one of that width. PXC_PAGE_MOST_PX + 1:
 * more than a page has. */
int pxc_shelves_rows_needed(const pxc_shelves *it, uint32_t page, int width);

/* Between shelves.c and shelf_rows.c. */
int pxc_step_px(int size_class);
int pxc_step_above(int px); /* the smallest class that is not below */
uint32_t pxc_span_take_unused(pxc_shelves *it, uint32_t shelf, int x, int width);
void pxc_span_drop(pxc_shelves *it, uint32_t span);
/* A shelf with one free span, which is in no bin yet and is the result; 0 = there are no rows for it. */
uint32_t pxc_shelf_add(pxc_shelves *it, int group, int size_class);
bool pxc_shelf_has_rows(const pxc_shelves *it, int group, int size_class);
void pxc_shelf_remove(pxc_shelves *it, pxc_shelf *shelf); /* its one span is in no bin */

int pxc_place_px(int image_px); /* of a side, rounded up, with its gutter */

uint64_t pxc_span_px(const pxc_shelves *it, uint32_t span); /* texels */

#endif
