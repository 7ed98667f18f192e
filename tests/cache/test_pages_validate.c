/* pxc_validate notices whatever is wrong with pages: in a cache that has some one thing at a time is broken, noticed, and
 * repaired. Nothing broken may make it loop or read outside, which is the sanitizers' part of the test. */
#include "../../cache/cache.h"

#include "packed.h"

#include <string.h>

enum { FAR = 0x7FFFFFF0 }; /* no slot, shelf or span */

typedef struct scene {
    fixture f;
    pxc_cache *cache;
    pxc_shelves *shelves;
    pxc_entry *entry; /* lies between a free place and one that is taken */
    uint32_t slot, span, left, right;
    pxc_shelf *shelf;
    pxc_page *page;
} scene;

static void scene_open(scene *s)
{
    pxc_key keys[5];
    packed_open(&s->f, 4 * MIB);
    s->cache = s->f.cache;
    s->shelves = &s->cache->shelves;
    for (uint32_t i = 0; i < COUNT_OF(keys); ++i) {
        keys[i] = put(&s->f, i, 32);
    }
    put(&s->f, 9, 20);
    assert_ok(s->cache, pxc_remove(s->cache, keys[1]));
    assert_ok(s->cache, pxc_frame_end(s->cache));
    s->entry = pxc_entry_of(s->cache, keys[2]);
    assert_non_null(s->entry);
    s->slot = pxc_slot_of(s->entry);
    s->span = s->cache->span_of[s->slot];
    s->left = s->shelves->spans[s->span].left;
    s->right = s->shelves->spans[s->span].right;
    s->shelf = &s->shelves->shelves[s->shelves->spans[s->span].shelf];
    s->page = &s->shelves->pages[s->entry->page];
    assert_true(s->left != 0 && s->right != 0 && !s->shelves->spans[s->left].taken);
}

typedef struct damage {
    const char *what;
    void *place;
    size_t size;
    uint64_t wrong;
} damage;

#define AT(place, wrong)                                                                                     \
    {                                                                                                        \
#place " = " #wrong, &(place), sizeof(place), (uint64_t)(wrong)                                      \
    }

/* The lowest bytes of the value, as this machine has them. */
static void store(const damage *it)
{
    const uint8_t byte = (uint8_t)it->wrong;
    const uint16_t two = (uint16_t)it->wrong;
    const uint32_t four = (uint32_t)it->wrong;
    const void *value = it->size == 1   ? (const void *)&byte
                        : it->size == 2 ? (const void *)&two
                        : it->size == 4 ? (const void *)&four
                                        : (const void *)&it->wrong;
    memcpy(it->place, value, it->size);
}

static void check_noticed(const scene *s, const damage *damages, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        uint64_t whole = 0;
        memcpy(&whole, damages[i].place, damages[i].size);
        store(&damages[i]);
        if (pxc_validate(s->cache) != PXC_ERR_MEMORY) {
            fail_msg("not noticed: %s", damages[i].what);
        }
        memcpy(damages[i].place, &whole, damages[i].size);
        assert_status(PXC_OK, pxc_validate(s->cache));
    }
}

static void a_wrong_place_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    pxc_span *spans = s.shelves->spans;
    pxc_span *span = &spans[s.span];
    const damage damages[] = {
        AT(span->owner, 0),
        AT(span->owner, 1),
        AT(span->owner, FAR),
        AT(span->owner, s.slot + 1),
        AT(span->taken, false),
        AT(span->x, span->x + 2),
        AT(span->width, 0),
        AT(span->width, span->width - 2),
        AT(span->width, span->width + 2),
        AT(span->left, 0),
        AT(span->right, 0),
        AT(span->right, FAR),
        AT(span->right, s.span),
        AT(span->shelf, FAR),
        AT(spans[s.left].taken, true),
        AT(spans[s.left].owner, s.slot),
        AT(spans[s.left].bin_next, FAR),
        AT(spans[s.left].bin_next, s.span),
        AT(spans[s.left].bin_next, s.left),
        AT(spans[s.left].bin_prev, s.span),
        AT(spans[s.right].left, s.left),
        AT(s.cache->span_of[s.slot], s.right),
        AT(s.entry->page, 2),
        AT(s.entry->page, 0),
        AT(s.entry->x, s.entry->x + 1),
        AT(s.entry->y, s.entry->y + 1),
        AT(s.entry->image.texture, 77),
        AT(s.entry->image.width, 64),
        AT(s.entry->image.height, 64),
    };
    check_noticed(&s, damages, COUNT_OF(damages));
    fixture_close(&s.f);
}

static void a_wrong_shelf_or_page_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    uint32_t *rows = s.page->rows + s.shelf->y / PXC_UNIT_PX;
    const damage damages[] = {
        AT(s.shelf->page, 2),
        AT(s.shelf->y, s.shelf->y + 2),
        AT(s.shelf->height, 0),
        AT(s.shelf->height, s.shelf->height + 2),
        AT(s.shelf->height, 2000),
        AT(s.shelf->taken, s.shelf->taken + 1),
        AT(s.shelf->taken, 0),
        AT(s.shelf->first_span, 0),
        AT(s.shelf->first_span, FAR),
        AT(rows[0], 0),
        AT(rows[0], FAR),
        AT(rows[40], 1),
        AT(s.page->texture, 0),
        AT(s.page->texture, 99),
        AT(s.page->width, 510),
        AT(s.page->cost_bytes, 5),
        AT(s.page->taken_px, 5),
        AT(s.page->images, s.page->images + 1),
        AT(s.page->images, 0),
        AT(s.page->free_units, 1),
        AT(s.page->closed, true),
    };
    check_noticed(&s, damages, COUNT_OF(damages));
    fixture_close(&s.f);
}

static void a_wrong_bin_or_sum_is_noticed(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    pxc_bins *bins = &s.shelves->groups[0][s.shelf->size_class];
    const int width_class = pxc_step_above(32);
    assert_int_equal(bins->first[width_class], s.left);
    const damage damages[] = {
        AT(bins->filled, bins->filled ^ 1),   AT(bins->filled, 0),
        AT(bins->first[width_class], 0),      AT(bins->first[width_class], FAR),
        AT(bins->first[width_class], s.span), AT(s.cache->stats.pages, 2),
        AT(s.cache->stats.page_bytes, 4),     AT(s.cache->stats.packed_entries, 4),
        AT(s.cache->stats.packed_bytes, 4),   AT(s.cache->page_taken_bytes, 4),
    };
    check_noticed(&s, damages, COUNT_OF(damages));
    fixture_close(&s.f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_place_is_noticed),
        cmocka_unit_test(a_wrong_shelf_or_page_is_noticed),
        cmocka_unit_test(a_wrong_bin_or_sum_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
