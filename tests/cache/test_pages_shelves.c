/* The allocator of places alone: no two places overlap, all lie in their page, what was given back can be taken again,
 * and a page whose places were all given back is as empty as a new one. Prints how much of a page images of usual sizes
 * fill. */
#include "../../cache/cache.h"

#include "check.h"

#include <stdlib.h>

enum { MOST_PLACES = 20000, PAGE_PX = 1024 };

typedef struct place {
    pxc_spot spot;
    int width, height;
} place;

typedef struct room {
    pxc_shelves shelves;
    failing_alloc alloc;
    place places[MOST_PLACES];
    size_t count;
    uint32_t *owners; /* of the texels of PAGE_PX x PAGE_PX pages, gutters too: place + 1 */
} room;

enum { MOST_PAGES = 4 };

static room r;

static void open_room(void)
{
    memset(&r, 0, sizeof r);
    failing_alloc_init(&r.alloc);
    r.owners = calloc((size_t)MOST_PAGES * PAGE_PX * PAGE_PX, sizeof *r.owners);
    assert_non_null(r.owners);
}

static uint32_t add_page(int group, int width, int height)
{
    const pxc_page page = {.texture = 7, .group = group, .width = width, .height = height};
    const uint32_t at = pxc_shelves_add_page(&r.shelves, &r.alloc.table, &page);
    assert_in_range(at, 1, MOST_PAGES - 1);
    return at;
}

static void close_room(void)
{
    pxc_shelves_destroy(&r.shelves, &r.alloc.table);
    failing_alloc_assert_clean(&r.alloc);
    free(r.owners);
}

/* Sets the owner of a place's texels, each of which must have had the other one. */
static void mark(const place *it, uint32_t before, uint32_t after)
{
    const pxc_page *page = &r.shelves.pages[it->spot.page];
    assert_in_range(it->spot.x, 1, page->width - it->width - 1);
    assert_in_range(it->spot.y, 1, page->height - it->height - 1);
    for (int y = it->spot.y - 1; y <= it->spot.y + it->height; ++y) {
        uint32_t *row = r.owners + ((size_t)it->spot.page * PAGE_PX + (size_t)y) * PAGE_PX;
        for (int x = it->spot.x - 1; x <= it->spot.x + it->width; ++x) {
            assert_int_equal(row[x], before);
            row[x] = after;
        }
    }
}

/* Result: whether there was a place, which must be what was foretold. */
static bool take(int group, int width, int height)
{
    assert_true(pxc_shelves_reserve(&r.shelves, &r.alloc.table));
    const bool foretold = pxc_shelves_have(&r.shelves, group, width, height);
    const pxc_spot spot = pxc_shelves_take(&r.shelves, group, width, height);
    assert_int_equal(spot.span != 0, foretold);
    if (spot.span == 0) {
        return false;
    }
    assert_in_range(r.count, 0, MOST_PLACES - 1);
    assert_int_equal(r.shelves.pages[spot.page].group, group);
    r.places[r.count] = (place){spot, width, height};
    ++r.count;
    mark(&r.places[r.count - 1], 0, spot.span);
    return true;
}

static place give(size_t at)
{
    const place gone = r.places[at];
    mark(&gone, gone.spot.span, 0);
    pxc_shelves_give(&r.shelves, gone.spot.span);
    r.places[at] = r.places[--r.count];
    return gone;
}

static void assert_page_is_empty(uint32_t page)
{
    const pxc_page *one = &r.shelves.pages[page];
    assert_int_equal(one->images, 0);
    assert_int_equal(one->taken_px, 0);
    assert_int_equal(one->free_units * PXC_UNIT_PX, one->height);
    assert_int_equal(pxc_shelves_first_taken(&r.shelves, page), 0);
    assert_int_equal(pxc_shelves_rows_needed(&r.shelves, page, one->width), 0);
}

/* ---- Tests ------------------------------------------------------------------------------------------------------*/

static void steps_are_the_smallest_that_hold_a_size(void **state)
{
    (void)state;
    for (int px = 1; px <= PXC_PAGE_MOST_PX; ++px) {
        const int step = pxc_step_above(px);
        assert_in_range(step, 0, PXC_SIZE_STEPS - 1);
        assert_true(pxc_step_px(step) >= px);
        assert_true(step == 0 || pxc_step_px(step - 1) < px);
        assert_true(pxc_step_px(step) % PXC_UNIT_PX == 0);
        assert_true(pxc_step_px(step) <= px + (px + 7) / 8 + 1); /* rounding costs an eighth */
    }
    assert_int_equal(pxc_step_above(PXC_PAGE_MOST_PX), PXC_SIZE_STEPS - 1);
}

static void places_never_overlap_and_come_back(void **state)
{
    (void)state;
    uint64_t seed = 5;
    open_room();
    const uint32_t pages[] = {add_page(0, 1024, 1000), add_page(0, 512, 258), add_page(3, 256, 1024)};
    for (int i = 0; i < 60000; ++i) {
        const bool fills = i / 3000 % 2 == 0;
        if (r.count != 0 && random_below(&seed, 10) < (fills ? 3U : 7U)) {
            const place gone = give(random_below(&seed, (uint32_t)r.count));
            const int group = r.shelves.pages[gone.spot.page].group;
            if (random_below(&seed, 2) != 0) { /* the same size finds room at once */
                assert_true(take(group, gone.width, gone.height));
            }
        } else {
            const int most = random_below(&seed, 8) == 0 ? 128 : 24;
            take(random_below(&seed, 2) == 0 ? 0 : 3, 1 + (int)random_below(&seed, (uint32_t)most),
                 1 + (int)random_below(&seed, (uint32_t)most));
        }
    }
    while (r.count != 0) {
        give(random_below(&seed, (uint32_t)r.count));
    }
    for (size_t i = 0; i < COUNT_OF(pages); ++i) {
        assert_page_is_empty(pages[i]);
        pxc_shelves_remove_page(&r.shelves, &r.alloc.table, pages[i]);
    }
    close_room();
}

static void a_closed_page_takes_nothing_until_it_is_open_again(void **state)
{
    (void)state;
    open_room();
    const uint32_t page = add_page(0, 256, 256);
    assert_true(take(0, 32, 32) && take(0, 32, 32) && take(0, 32, 32));
    const place middle = give(1);
    pxc_shelves_close(&r.shelves, page);
    assert_false(take(0, 32, 32));
    assert_false(take(0, 8, 8)); /* of another shelf: no rows either */
    give(0);
    pxc_shelves_open(&r.shelves, page);
    assert_true(take(0, 32, 32) && take(0, 32, 32) && take(0, 32, 32));
    assert_true(middle.spot.span != 0);
    while (r.count != 0) {
        give(0);
    }
    assert_page_is_empty(page);
    close_room();
}

/* A page that had no rows for a high image has them when low ones have gone. */
static void rows_that_came_free_are_found_again(void **state)
{
    (void)state;
    open_room();
    add_page(0, 256, 256);
    while (take(0, 30, 30)) {
    }
    for (size_t i = r.count; i-- > 0;) { /* every second shelf: rows enough, but not together */
        if (r.places[i].spot.y / 32 % 2 == 0) {
            give(i);
        }
    }
    assert_false(take(0, 30, 100));
    while (r.count != 0) {
        give(0);
    }
    assert_true(take(0, 30, 100) && take(0, 30, 100));
    while (r.count != 0) {
        give(0);
    }
    close_room();
}

/* Where there are rows for a shelf of its own, an image wastes no more than a quarter of the height. */
static void low_images_do_not_lie_beside_high_ones(void **state)
{
    (void)state;
    open_room();
    add_page(0, 512, 512);
    assert_true(take(0, 32, 64) && take(0, 32, 54) && take(0, 32, 40) && take(0, 32, 8));
    assert_int_equal(r.places[0].spot.y, r.places[1].spot.y);
    assert_true(r.places[2].spot.y != r.places[0].spot.y);
    assert_true(r.places[3].spot.y != r.places[0].spot.y && r.places[3].spot.y != r.places[2].spot.y);
    close_room();
}

/* By the rows that are told, a page of that height takes all: here in the order in which they lie. */
static void the_rows_needed_are_enough(void **state)
{
    (void)state;
    static const int widths[] = {1024, 512, 256};
    uint64_t seed = 9;
    for (size_t w = 0; w < COUNT_OF(widths); ++w) {
        open_room();
        const uint32_t page = add_page(0, 1024, 1024);
        for (int i = 0; i < 400; ++i) {
            take(0, 32, 8 + (int)random_below(&seed, 3) * 32);
        }
        for (int i = 0; i < 300; ++i) {
            give(random_below(&seed, (uint32_t)r.count));
        }
        const int rows = pxc_shelves_rows_needed(&r.shelves, page, widths[w]);
        assert_in_range(rows, 1, 1024);
        assert_true((uint64_t)rows * (uint64_t)widths[w] >= r.shelves.pages[page].taken_px);
        pxc_shelves_close(&r.shelves, page);
        const uint32_t other = add_page(0, widths[w], rows);
        for (size_t i = r.count; i-- > 0;) {
            const place gone = r.places[i];
            assert_true(take(0, gone.width, gone.height));
            assert_int_equal(r.places[r.count - 1].spot.page, other);
            give(i);
        }
        assert_page_is_empty(page);
        assert_int_equal(pxc_shelves_rows_needed(&r.shelves, other, 33), PXC_PAGE_MOST_PX + 1);
        while (r.count != 0) {
            give(0);
        }
        close_room();
    }
}

static void without_memory_nothing_changes(void **state)
{
    (void)state;
    open_room();
    for (uint64_t n = 1; n <= 3; ++n) {
        const pxc_page page = {.texture = 7, .group = 2, .width = 128, .height = 128};
        failing_alloc_fail_nth(&r.alloc, n);
        assert_int_equal(pxc_shelves_add_page(&r.shelves, &r.alloc.table, &page), 0);
        assert_false(pxc_shelves_have(&r.shelves, 2, 8, 8));
        pxc_shelves_destroy(&r.shelves, &r.alloc.table); /* what stayed is freed */
    }
    add_page(2, 128, 128);
    for (uint64_t n = 1; n <= 2; ++n) {
        failing_alloc_fail_nth(&r.alloc, n);
        assert_false(pxc_shelves_reserve(&r.shelves, &r.alloc.table));
        failing_alloc_fail_nth(&r.alloc, 0);
    }
    assert_true(take(2, 8, 8));
    give(0);
    close_room();
}

/* Images of one size, and of sizes by chance, until the first that finds no place. What they fill of the page. */
static double filled(int least, int most, bool till_none)
{
    uint64_t seed = 3;
    uint64_t px = 0;
    int refused = 0;
    open_room();
    add_page(0, PAGE_PX, PAGE_PX);
    while (refused < (till_none ? 200 : 1)) {
        const int width = least + (int)random_below(&seed, (uint32_t)(most - least + 1));
        const int height = least + (int)random_below(&seed, (uint32_t)(most - least + 1));
        if (take(0, width, height)) {
            px += (uint64_t)width * (uint64_t)height;
        } else {
            ++refused;
        }
    }
    close_room();
    return 100.0 * (double)px / (PAGE_PX * PAGE_PX);
}

/* By hand: 1,024 / (side + 2) in both directions. */
static void usual_sizes_fill_a_page(void **state)
{
    (void)state;
    static const struct {
        int side;
        double least_percent;
    } cases[] = {{16, 76.0}, {18, 79.0}, {32, 87.0}, {64, 87.0}, {100, 75.0}, {128, 76.0}};
    for (size_t i = 0; i < COUNT_OF(cases); ++i) {
        const double percent = filled(cases[i].side, cases[i].side, false);
        print_message("%d px: %.1f %%\n", cases[i].side, percent);
        assert_true(percent >= cases[i].least_percent);
    }
    const double first = filled(8, 128, false);
    const double last = filled(8, 128, true);
    print_message("8 to 128 px: %.1f %% at the first that does not fit, %.1f %% at the 200th\n", first, last);
    assert_true(first >= 50.0 && last >= 70.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_the_smallest_that_hold_a_size),
        cmocka_unit_test(places_never_overlap_and_come_back),
        cmocka_unit_test(a_closed_page_takes_nothing_until_it_is_open_again),
        cmocka_unit_test(rows_that_came_free_are_found_again),
        cmocka_unit_test(low_images_do_not_lie_beside_high_ones),
        cmocka_unit_test(the_rows_needed_are_enough),
        cmocka_unit_test(without_memory_nothing_changes),
        cmocka_unit_test(usual_sizes_fill_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
