/* Promise 3 against keys that no insert of this cache gave: forged, of another cache, of an earlier one at the same
 * address. Every function that takes a key must miss, and must change nothing but the count of misses.
 *
 * How a key is put together is the cache's own business, so a forgery is made for every place where slot and generation
 * might meet. By bad luck a forgery can be a key that is live: where many are tried, each is looked up among the live
 * ones first. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

enum {
    CROWD = 1000,
    KEY_BITS = 64,
    NEAR = 4,        /* generations to both sides of a live one */
    SLOTS = 1 << 13, /* eight times as many as are in use */
    CYCLES = 64,     /* generations that each slot has behind it */
    LIVES = 40,
    LIFE_KEYS = 100,
};

/* The cache's numbers, as they must stay: misses aside, which pxc_find counts. */
static void assert_every_function_misses(pxc_cache *cache, pxc_key key)
{
    const pxc_pixmap pixmap = pixmap_of(99);
    pxc_texture found;
    pxc_texture peeked;
    memset(&found, 0xFF, sizeof found);
    memset(&peeked, 0xFF, sizeof peeked);
    pxc_stats expected = stats_of(cache);
    assert_false(pxc_key_valid(cache, key));
    assert_status(PXC_MISS, pxc_find(cache, key, &found));
    assert_status(PXC_MISS, pxc_find(cache, key, NULL));
    assert_status(PXC_MISS, pxc_peek(cache, key, &peeked));
    assert_status(PXC_MISS, pxc_replace(cache, key, &pixmap));
    assert_status(PXC_MISS, pxc_pin(cache, key));
    assert_status(PXC_MISS, pxc_unpin(cache, key));
    assert_status(PXC_MISS, pxc_remove(cache, key));
    assert_zero_texture(&found);
    assert_zero_texture(&peeked);
    expected.misses += 2;
    const pxc_stats after = stats_of(cache);
    assert_same_stats(&expected, &after);
}

static int compare_keys(const void *a, const void *b)
{
    const uint64_t x = ((const pxc_key *)a)->id;
    const uint64_t y = ((const pxc_key *)b)->id;
    return (x > y) - (x < y);
}

/* keys: sorted, and all that are live. */
static void assert_valid_only_if_live(pxc_cache *cache, const pxc_key *keys, uint64_t id)
{
    const pxc_key key = {id};
    if (pxc_key_valid(cache, key) && bsearch(&key, keys, CROWD, sizeof key, compare_keys) == NULL) {
        fail_msg("key %016llx is valid and was never given", (unsigned long long)id);
    }
}

static void insert_crowd(pxc_cache *cache, pxc_key *keys)
{
    for (int i = 0; i < CROWD; ++i) {
        keys[i] = insert_width(cache, 1 + i);
    }
}

static void assert_crowd_is_whole(fixture *f, const pxc_key *keys)
{
    for (int i = 0; i < CROWD; ++i) {
        assert_finds(f, keys[i], 1 + i);
    }
    assert_int_equal(pxc_validate(f->cache), PXC_OK);
}

static void a_key_misses_whichever_bit_was_flipped(void **state)
{
    (void)state;
    static pxc_key keys[CROWD];
    fixture f;
    fixture_open(&f, 0);
    insert_crowd(f.cache, keys);
    for (int i = 0; i < CROWD; ++i) {
        for (int bit = 0; bit < KEY_BITS; ++bit) {
            assert_every_function_misses(f.cache, (pxc_key){keys[i].id ^ UINT64_C(1) << bit});
        }
    }
    assert_crowd_is_whole(&f, keys);
    fixture_close(&f);
}

static void a_key_misses_whichever_two_bits_were_flipped(void **state)
{
    (void)state;
    static pxc_key keys[CROWD];
    fixture f;
    fixture_open(&f, 0);
    insert_crowd(f.cache, keys);
    qsort(keys, CROWD, sizeof *keys, compare_keys);
    for (int i = 0; i < CROWD; i += 3) {
        for (int bit = 0; bit < KEY_BITS; ++bit) {
            for (int other = 0; other < bit; ++other) {
                const uint64_t flipped = UINT64_C(1) << bit | UINT64_C(1) << other;
                assert_valid_only_if_live(f.cache, keys, keys[i].id ^ flipped);
            }
        }
    }
    fixture_close(&f);
}

/* The part above a bit of one key with the part below it of another: one slot with another's generation. */
static void parts_of_two_keys_make_no_third(void **state)
{
    (void)state;
    static pxc_key keys[CROWD];
    fixture f;
    fixture_open(&f, 0);
    insert_crowd(f.cache, keys);
    qsort(keys, CROWD, sizeof *keys, compare_keys);
    for (int i = 0; i < CROWD; i += 3) {
        for (int j = 0; j < CROWD; j += 11) {
            for (int bit = 1; bit < KEY_BITS; ++bit) {
                const uint64_t low = (UINT64_C(1) << bit) - 1;
                assert_valid_only_if_live(f.cache, keys, (keys[i].id & ~low) | (keys[j].id & low));
            }
        }
    }
    for (int i = 0; i < CROWD; ++i) {
        for (int bit = 1; bit < KEY_BITS; ++bit) {
            const uint64_t low = (UINT64_C(1) << bit) - 1;
            assert_valid_only_if_live(f.cache, keys, keys[i].id & low);
            assert_valid_only_if_live(f.cache, keys, keys[i].id & ~low);
            assert_valid_only_if_live(f.cache, keys, keys[i].id | low);
        }
    }
    fixture_close(&f);
}

/* Counted up and down at every bit. */
static void generations_nearby_are_no_keys(void **state)
{
    (void)state;
    static pxc_key keys[CROWD];
    fixture f;
    fixture_open(&f, 0);
    insert_crowd(f.cache, keys);
    qsort(keys, CROWD, sizeof *keys, compare_keys);
    for (int i = 0; i < CROWD; ++i) {
        for (int bit = 0; bit < KEY_BITS; ++bit) {
            for (uint64_t step = 1; step <= NEAR; ++step) {
                assert_valid_only_if_live(f.cache, keys, keys[i].id + (step << bit));
                assert_valid_only_if_live(f.cache, keys, keys[i].id - (step << bit));
            }
        }
    }
    fixture_close(&f);
}

/* At either end of the key, and each with generations to both sides, however many bits a slot has. */
static void every_slot_with_generations_nearby_is_no_key(void **state)
{
    (void)state;
    static const int slot_bits[] = {16, 20, 24, 26, 28, 32};
    static pxc_key keys[CROWD];
    fixture f;
    fixture_open(&f, 0);
    insert_crowd(f.cache, keys);
    const uint64_t live[] = {keys[0].id, keys[CROWD / 2].id, keys[CROWD - 1].id};
    qsort(keys, CROWD, sizeof *keys, compare_keys);
    for (size_t k = 0; k < COUNT_OF(slot_bits) * COUNT_OF(live); ++k) {
        const int bits = slot_bits[k / COUNT_OF(live)];
        const uint64_t id = live[k % COUNT_OF(live)];
        for (uint64_t slot = 0; slot < SLOTS; ++slot) {
            for (uint64_t step = 0; step <= 2 * NEAR; ++step) {
                const uint64_t above = (id >> bits) + step - NEAR;
                const uint64_t below = id + step - NEAR;
                assert_valid_only_if_live(f.cache, keys, above << bits | slot);
                assert_valid_only_if_live(f.cache, keys, slot << (KEY_BITS - bits) | (below << bits) >> bits);
            }
        }
    }
    fixture_close(&f);
}

static void small_and_large_numbers_are_no_keys(void **state)
{
    (void)state;
    static pxc_key keys[CROWD];
    fixture f;
    fixture_open(&f, 0);
    insert_crowd(f.cache, keys);
    qsort(keys, CROWD, sizeof *keys, compare_keys);
    for (uint64_t i = 0; i < 100000; ++i) {
        assert_valid_only_if_live(f.cache, keys, i);
        assert_valid_only_if_live(f.cache, keys, UINT64_MAX - i);
        assert_valid_only_if_live(f.cache, keys, i << 32);
    }
    for (uint64_t i = 0; i < 100; ++i) {
        assert_every_function_misses(f.cache, (pxc_key){i});
        assert_every_function_misses(f.cache, (pxc_key){UINT64_MAX - i});
    }
    fixture_close(&f);
}

static void no_number_is_a_key_of_an_empty_cache(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    uint64_t random = 5;
    for (int i = 0; i < 20000; ++i) {
        assert_every_function_misses(f.cache, (pxc_key){(uint64_t)i});
        assert_every_function_misses(f.cache, (pxc_key){random_next(&random)});
    }
    fixture_close(&f);
}

/* Keys of all generations that the slots had, and what lies beside those. */
static void keys_of_every_generation_before_miss(void **state)
{
    (void)state;
    enum { SLOTS_IN_USE = 24 };
    static pxc_key keys[CYCLES][SLOTS_IN_USE];
    fixture f;
    fixture_open(&f, 0);
    for (int cycle = 0; cycle < CYCLES; ++cycle) {
        for (int i = 0; i < SLOTS_IN_USE; ++i) {
            keys[cycle][i] = insert_width(f.cache, 1 + i);
        }
        if (cycle + 1 < CYCLES) {
            assert_ok(f.cache, pxc_clear(f.cache));
            assert_ok(f.cache, pxc_frame_end(f.cache));
        }
    }
    for (int k = 0; k < (CYCLES - 1) * SLOTS_IN_USE; ++k) {
        const pxc_key stale = keys[k / SLOTS_IN_USE][k % SLOTS_IN_USE];
        assert_every_function_misses(f.cache, stale);
        for (int bit = 0; bit < KEY_BITS; ++bit) {
            assert_false(pxc_key_valid(f.cache, (pxc_key){stale.id ^ UINT64_C(1) << bit}));
        }
    }
    for (int i = 0; i < SLOTS_IN_USE; ++i) {
        assert_finds(&f, keys[CYCLES - 1][i], 1 + i);
    }
    fixture_close(&f);
}

/* Between its end and the boundary a texture still lies where its key leads. */
static void a_key_with_a_flipped_bit_misses_what_awaits_its_deletion(void **state)
{
    (void)state;
    static pxc_key keys[CROWD];
    fixture f;
    fixture_open(&f, 0);
    insert_crowd(f.cache, keys);
    for (int i = 0; i < CROWD; ++i) {
        assert_status(PXC_OK, pxc_remove(f.cache, keys[i]));
        assert_every_function_misses(f.cache, keys[i]);
        for (int bit = 1; bit < KEY_BITS; ++bit) {
            const uint64_t low = (UINT64_C(1) << bit) - 1;
            assert_false(pxc_key_valid(f.cache, (pxc_key){keys[i].id ^ UINT64_C(1) << bit}));
            assert_false(pxc_key_valid(f.cache, (pxc_key){keys[i].id & low}));
            assert_false(pxc_key_valid(f.cache, (pxc_key){keys[i].id & ~low}));
        }
    }
    fixture_close(&f);
}

static void a_key_of_another_cache_misses(void **state)
{
    (void)state;
    static pxc_key first[CROWD];
    static pxc_key second[CROWD];
    fixture f;
    fixture g;
    fixture_open(&f, 0);
    fixture_open(&g, 0);
    insert_crowd(f.cache, first);
    insert_crowd(g.cache, second);
    for (int i = 0; i < CROWD; ++i) {
        assert_every_function_misses(f.cache, second[i]);
        assert_every_function_misses(g.cache, first[i]);
    }
    assert_crowd_is_whole(&f, first);
    assert_crowd_is_whole(&g, second);
    fixture_close(&f);
    fixture_close(&g);
}

/* Memory that gives the same addresses to every cache, as a heap may. */
typedef struct arena {
    _Alignas(max_align_t) unsigned char bytes[1 << 20];
    size_t used;
} arena;

static void *arena_malloc(void *user, size_t size_bytes)
{
    arena *a = user;
    const size_t start = (a->used + 63) / 64 * 64;
    if (size_bytes > sizeof a->bytes - start) {
        return NULL;
    }
    a->used = start + size_bytes;
    return a->bytes + start;
}

static void *arena_realloc(void *user, void *memory, size_t size_bytes)
{
    const unsigned char *old = memory;
    unsigned char *fresh = arena_malloc(user, size_bytes);
    for (size_t i = 0; fresh && old && i < size_bytes && old + i < fresh; ++i) {
        fresh[i] = old[i];
    }
    return fresh;
}

static void arena_free(void *user, void *memory)
{
    (void)user;
    (void)memory;
}

static void a_key_of_an_earlier_cache_at_the_same_address_misses(void **state)
{
    (void)state;
    static arena memory;
    static pxc_key earlier[LIVES * LIFE_KEYS];
    const pxc_alloc alloc = {arena_malloc, arena_realloc, arena_free, &memory};
    const pxc_config config = {.backend = pxc_null_backend(), .alloc = alloc};
    pxc_cache *address = NULL;
    for (int life = 0; life < LIVES; ++life) {
        pxc_cache *cache = NULL;
        memory.used = 0;
        assert_status(PXC_OK, pxc_create(&config, &cache));
        assert_true(address == NULL || cache == address);
        address = cache;
        for (int i = 0; i < LIFE_KEYS; ++i) {
            earlier[life * LIFE_KEYS + i] = insert_width(cache, 11);
        }
        for (int i = 0; i < life * LIFE_KEYS; ++i) {
            assert_every_function_misses(cache, earlier[i]);
        }
        assert_status(PXC_OK, pxc_destroy(cache));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_misses_whichever_bit_was_flipped),
        cmocka_unit_test(a_key_misses_whichever_two_bits_were_flipped),
        cmocka_unit_test(parts_of_two_keys_make_no_third),
        cmocka_unit_test(generations_nearby_are_no_keys),
        cmocka_unit_test(every_slot_with_generations_nearby_is_no_key),
        cmocka_unit_test(small_and_large_numbers_are_no_keys),
        cmocka_unit_test(no_number_is_a_key_of_an_empty_cache),
        cmocka_unit_test(keys_of_every_generation_before_miss),
        cmocka_unit_test(a_key_with_a_flipped_bit_misses_what_awaits_its_deletion),
        cmocka_unit_test(a_key_of_another_cache_misses),
        cmocka_unit_test(a_key_of_an_earlier_cache_at_the_same_address_misses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
