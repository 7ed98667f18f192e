/* Growing tables and free lists at the counts where they turn: 1, 2, 3, and every power of two up to 2^17 with the
 * counts beside it, for entries with and without names.
 *
 * All are inserted, half of them go, the other half goes, and all over again, in four orders: a free list, a linked
 * list and a table with probing each have their own worst one. After every step each key and each name is asked for,
 * those that went too, and the cache recounts itself. So that a run stays short, large crowds share the orders among
 * the three counts beside a power of two, and while they are half gone just a part of them is asked for. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

enum {
    SMALL_BITS = 11,
    LARGE_BITS = 17,
    MAX_COUNT = (1 << LARGE_BITS) + 1,
    LARGE = 1 << 13,
    LARGE_STRIDE = 13,
    NAME_BYTES = 16,
};

typedef enum order { FIFO, LIFO, RANDOM, EVERY_OTHER, ORDERS } order;

typedef struct trial {
    uint32_t count;
    bool named;
    bool boundaries; /* the boundary comes after each step; otherwise slots wait with their textures */
} trial;

/* By number, from 0 to count - 1. */
typedef struct crowd {
    pxc_cache *cache;
    trial t;
    uint32_t there_count;
    bool there[MAX_COUNT];
    pxc_key keys[MAX_COUNT];  /* the last one given */
    pxc_key stale[MAX_COUNT]; /* the one before, or 0 */
    uint32_t leaving[MAX_COUNT];
} crowd;

static crowd c; /* too large for a stack */

/* Its digits, lowest first: written faster than by snprintf, which would take most of the time. */
static const char *name_of(uint32_t number)
{
    static char text[NAME_BYTES];
    size_t length = 0;
    do {
        text[length++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text[length] = '\0';
    return text;
}

static int width_of(uint32_t number)
{
    return 1 + (int)(number % 5);
}

static void insert_missing(void)
{
    for (uint32_t i = 0; i < c.t.count; ++i) {
        if (c.there[i]) {
            continue;
        }
        const pxc_pixmap pixmap = pixmap_of(width_of(i));
        c.stale[i] = c.keys[i];
        assert_int_equal(c.t.named ? pxc_insert_named(c.cache, name_of(i), &pixmap, &c.keys[i])
                                   : pxc_insert(c.cache, &pixmap, &c.keys[i]),
                         PXC_OK);
        c.there[i] = true;
        ++c.there_count;
    }
}

static void remove_one(uint32_t number)
{
    assert_true(c.there[number]);
    /* By key and by name in turns: the table is entered from both sides. */
    assert_int_equal(c.t.named && number % 2 == 0 ? pxc_remove_named(c.cache, name_of(number))
                                                  : pxc_remove(c.cache, c.keys[number]),
                     PXC_OK);
    c.there[number] = false;
    --c.there_count;
}

static void assert_member(uint32_t number)
{
    pxc_texture texture;
    pxc_key key = {77};
    const pxc_status expected = c.there[number] ? PXC_OK : PXC_MISS;
    assert_int_equal(pxc_peek(c.cache, c.keys[number], &texture), expected);
    assert_int_equal(texture.width, c.there[number] ? width_of(number) : 0);
    assert_false(pxc_key_valid(c.cache, c.stale[number]));
    if (c.t.named) {
        assert_int_equal(pxc_lookup(c.cache, name_of(number), &key), expected);
        assert_true(key.id == (c.there[number] ? c.keys[number].id : 0));
    }
}

/* stride: 1 = all. */
static void assert_members(uint32_t stride)
{
    if (c.t.boundaries) {
        assert_int_equal(pxc_frame_end(c.cache), PXC_OK);
    }
    for (uint32_t i = 0; i < c.t.count; i += stride) {
        assert_member(i);
    }
    assert_status(PXC_MISS, pxc_lookup(c.cache, name_of(c.t.count), &(pxc_key){0}));
    assert_int_equal(stats_of(c.cache).entries, c.there_count);
    assert_int_equal(pxc_validate(c.cache), PXC_OK);
}

static void shuffle(uint32_t *numbers, uint32_t count)
{
    uint64_t random = count;
    for (uint32_t i = count; i > 1; --i) {
        const uint32_t other = random_below(&random, i);
        const uint32_t number = numbers[i - 1];
        numbers[i - 1] = numbers[other];
        numbers[other] = number;
    }
}

static void put_in_order(order way)
{
    const uint32_t count = c.t.count;
    const uint32_t evens = (count + 1) / 2;
    for (uint32_t i = 0; i < count; ++i) {
        switch (way) {
        case LIFO:
            c.leaving[i] = count - 1 - i;
            break;
        case EVERY_OTHER:
            c.leaving[i] = i < evens ? 2 * i : 2 * (i - evens) + 1;
            break;
        default:
            c.leaving[i] = i;
        }
    }
    if (way == RANDOM) {
        shuffle(c.leaving, count);
    }
}

static void remove_some(uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; ++i) {
        remove_one(c.leaving[i]);
    }
}

static void remove_all_and_insert_again(order way)
{
    const uint32_t half = (c.t.count + 1) / 2;
    put_in_order(way);
    remove_some(0, half);
    assert_members(c.t.count > LARGE ? LARGE_STRIDE : 1);
    remove_some(half, c.t.count);
    assert_members(1);
    insert_missing();
    assert_members(1);
}

static void try_it(trial t)
{
    const pxc_config config = {.limit_bytes = SIZE_MAX, .backend = pxc_null_backend()};
    memset(c.there, 0, t.count * sizeof *c.there);
    memset(c.keys, 0, t.count * sizeof *c.keys);
    c.t = t;
    c.there_count = 0;
    assert_status(PXC_OK, pxc_create(&config, &c.cache));
    insert_missing();
    assert_members(1);
    /* Of three counts in a row, two orders each are all four. */
    const uint32_t ways = t.count > LARGE ? 2 : ORDERS;
    for (uint32_t way = 0; way < ways; ++way) {
        remove_all_and_insert_again((order)((t.count + way) % ORDERS));
    }
    assert_status(PXC_OK, pxc_destroy(c.cache));
}

static void try_counts(int from_bits, int to_bits, bool named, bool boundaries)
{
    for (int bits = from_bits; bits <= to_bits; ++bits) {
        for (uint32_t count = (1u << bits) - 1; count <= (1u << bits) + 1; ++count) {
            try_it((trial){.count = count, .named = named, .boundaries = boundaries});
        }
    }
}

static void few_entries_come_and_go_in_every_order(void **state)
{
    (void)state;
    try_counts(1, SMALL_BITS, false, false);
    try_counts(1, SMALL_BITS, false, true);
}

static void few_names_come_and_go_in_every_order(void **state)
{
    (void)state;
    try_counts(1, SMALL_BITS, true, false);
    try_counts(1, SMALL_BITS, true, true);
}

static void many_entries_come_and_go_in_every_order(void **state)
{
    (void)state;
    try_counts(SMALL_BITS + 1, LARGE_BITS, false, true);
}

static void many_names_come_and_go_in_every_order(void **state)
{
    (void)state;
    try_counts(SMALL_BITS + 1, LARGE_BITS, true, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_entries_come_and_go_in_every_order),
        cmocka_unit_test(few_names_come_and_go_in_every_order),
        cmocka_unit_test(many_entries_come_and_go_in_every_order),
        cmocka_unit_test(many_names_come_and_go_in_every_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
