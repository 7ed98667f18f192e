/* Promise 2 against bad luck: allocations and uploads fail at random, seldom, often, or all for a while, through
 * 200,000 operations. A failed insert or replace leaves the old entry, and nothing ever crashes, leaks or miscounts.
 *
 * A ledger keeps what each name and each nameless place must hold. What the cache evicts, it tells; everything else the
 * ledger knows itself. The seed is printed; PXC_TEST_SEED repeats a run. */
#include "check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPERATIONS = 200000,
    CHECK_EVERY = 100,
    NAMED = 500, /* places with a name; the others have none */
    PLACES = 800,
    SPELL = 300, /* operations that one kind of luck lasts, on average */
    ALWAYS = 65536,
};

typedef struct place {
    pxc_key key;
    int width; /* 0 = empty */
    uint32_t pins;
} place;

typedef struct luck {
    fixture f;
    uint64_t random;
    uint32_t alloc_chance, gpu_chance; /* of a failure: so many in ALWAYS */
    place places[PLACES];
    uint64_t kept;        /* failed calls that had an old entry to leave alone */
    uint64_t count_by[8]; /* answers of inserts and replaces, by status without its sign */
} luck;

static luck l; /* too large for a stack */

static bool strikes(uint32_t chance)
{
    return random_below(&l.random, ALWAYS) < chance;
}

static void *unlucky_malloc(void *user, size_t size_bytes)
{
    (void)user;
    return strikes(l.alloc_chance) ? NULL : l.f.alloc.table.malloc_fn(&l.f.alloc, size_bytes);
}

static void *unlucky_realloc(void *user, void *memory, size_t size_bytes)
{
    (void)user;
    return strikes(l.alloc_chance) ? NULL : l.f.alloc.table.realloc_fn(&l.f.alloc, memory, size_bytes);
}

static void unlucky_free(void *user, void *memory)
{
    (void)user;
    l.f.alloc.table.free_fn(&l.f.alloc, memory);
}

static const char *name_of(uint32_t number)
{
    static char text[32];
    snprintf(text, sizeof text, "place %u", (unsigned)number);
    return number < NAMED ? text : NULL;
}

static void empty(place *p)
{
    *p = (place){.width = 0};
}

static void empty_all(void)
{
    for (uint32_t i = 0; i < PLACES; ++i) {
        empty(&l.places[i]);
    }
}

static void on_evict(void *user, pxc_key key, const char *name, pxc_evict_reason reason)
{
    (void)user;
    (void)reason;
    for (uint32_t i = 0; i < PLACES; ++i) {
        place *p = &l.places[i];
        if (p->width != 0 && p->key.id == key.id) {
            assert_int_equal(p->pins, 0);
            assert_true((name != NULL) == (i < NAMED));
            assert_true(name == NULL || strcmp(name, name_of(i)) == 0);
            empty(p);
            return;
        }
    }
    fail_msg("what was evicted was not there");
}

static void assert_place(uint32_t number)
{
    const place *p = &l.places[number];
    const char *name = name_of(number);
    pxc_texture texture;
    pxc_key key;
    assert_int_equal(pxc_peek(l.f.cache, p->key, &texture), p->width != 0 ? PXC_OK : PXC_MISS);
    assert_int_equal(texture.width, p->width);
    if (p->width != 0) {
        const pxc_pixmap pixmap = pixmap_of(p->width);
        const fake_texture *seen = fake_gpu_texture(&l.f.gpu, texture.name);
        assert_non_null(seen);
        assert_true(seen->checksum == fake_gpu_checksum(&pixmap));
    }
    if (name != NULL) {
        assert_int_equal(pxc_lookup(l.f.cache, name, &key), p->width != 0 ? PXC_OK : PXC_MISS);
        assert_true(key.id == p->key.id);
    }
}

static void assert_all_places(void)
{
    uint64_t there = 0;
    for (uint32_t i = 0; i < PLACES; ++i) {
        assert_place(i);
        there += l.places[i].width != 0;
    }
    assert_int_equal(stats_of(l.f.cache).entries, there);
    assert_int_equal(l.f.gpu.faults, 0);
    assert_int_equal(l.f.alloc.faults, 0);
    assert_int_equal(pxc_validate(l.f.cache), PXC_OK);
}

static void change_luck(void)
{
    static const uint32_t chances[] = {0, 0, ALWAYS / 64, ALWAYS / 8, ALWAYS / 2, ALWAYS};
    l.alloc_chance = chances[random_below(&l.random, COUNT_OF(chances))];
    l.gpu_chance = chances[random_below(&l.random, COUNT_OF(chances))];
}

/* Want of memory is rare, because it makes the cache evict most of what a failure could damage. */
static void prepare_gpu(void)
{
    static const pxc_status statuses[] = {PXC_ERR_GPU, PXC_ERR_LOST, PXC_ERR_TOO_LARGE};
    l.f.gpu.fail_create_at = 0;
    if (strikes(l.gpu_chance)) {
        const bool memory = random_below(&l.random, 300) == 0;
        const pxc_status status = statuses[random_below(&l.random, COUNT_OF(statuses))];
        fake_gpu_fail_next(&l.f.gpu, memory ? PXC_ERR_MEMORY : status, 1 + random_below(&l.random, 2));
    }
}

/* An upload into a place: over a key, under a name, or new. A failure leaves what was there. */
static void upload(uint32_t number)
{
    place *p = &l.places[number];
    const char *name = name_of(number);
    const int width = 1 + (int)random_below(&l.random, 90);
    const pxc_pixmap pixmap = pixmap_of(width);
    const place before = *p;
    const bool replaces = before.width != 0 && (name == NULL || random_below(&l.random, 2) == 0);
    const pxc_stats stats = stats_of(l.f.cache);
    pxc_key key = {77};
    pxc_status status = PXC_OK;
    prepare_gpu();
    if (replaces) {
        status = pxc_replace(l.f.cache, before.key, &pixmap);
        key = status == PXC_OK ? before.key : (pxc_key){0};
    } else {
        status = name != NULL ? pxc_insert_named(l.f.cache, name, &pixmap, &key)
                              : pxc_insert(l.f.cache, &pixmap, &key);
    }
    assert_true(status <= PXC_OK);
    l.count_by[-(int)status]++;
    if (status == PXC_OK) {
        *p = (place){.key = key, .width = width, .pins = replaces ? before.pins : 0};
    } else {
        const pxc_stats after = stats_of(l.f.cache);
        assert_zero_key(key);
        assert_int_equal(after.uploads, stats.uploads);
        assert_int_equal(after.entries, stats.entries - (after.evictions - stats.evictions));
        assert_true(p->key.id == before.key.id && p->width == before.width);
        l.kept += before.width != 0;
    }
    assert_place(number);
}

static void change(uint32_t number)
{
    place *p = &l.places[number];
    const char *name = name_of(number);
    const pxc_status expected = p->width != 0 ? PXC_OK : PXC_MISS;
    switch (random_below(&l.random, 5)) {
    case 0:
        assert_status(expected,
                      name != NULL ? pxc_remove_named(l.f.cache, name) : pxc_remove(l.f.cache, p->key));
        empty(p);
        break;
    case 1:
        assert_status(expected, pxc_pin(l.f.cache, p->key));
        p->pins += p->width != 0;
        break;
    case 2:
    case 3: /* more often, so that pins stay few */
        assert_status(p->width != 0 && p->pins == 0 ? PXC_ERR_ARGUMENT : expected,
                      pxc_unpin(l.f.cache, p->key));
        p->pins -= p->pins != 0;
        break;
    default:
        assert_status(expected, pxc_find(l.f.cache, p->key, NULL));
    }
    assert_place(number);
}

static void change_much(void)
{
    const uint32_t pick = random_below(&l.random, 100);
    if (pick < 94) {
        assert_status(PXC_OK, pxc_frame_end(l.f.cache));
    } else if (pick < 96) {
        assert_status(PXC_OK, pxc_trim_to(l.f.cache, (size_t)4 * random_below(&l.random, 60000)));
    } else if (pick < 98) {
        assert_status(PXC_OK, pxc_trim_older(l.f.cache, random_below(&l.random, 8)));
    } else if (pick < 99) {
        assert_status(PXC_OK, pxc_clear(l.f.cache));
        empty_all();
    } else {
        assert_status(PXC_OK, pxc_context_lost(l.f.cache));
        empty_all();
    }
}

static void run_through(void)
{
    for (int i = 1; i <= OPERATIONS; ++i) {
        const uint32_t pick = random_below(&l.random, 100);
        const uint32_t number = random_below(&l.random, PLACES);
        if (random_below(&l.random, SPELL) == 0) {
            change_luck();
        }
        if (pick < 70) {
            upload(number);
        } else if (pick < 99) {
            change(number);
        } else {
            change_much();
        }
        if (i % CHECK_EVERY == 0) {
            assert_all_places();
        }
    }
}

static void failures_at_random_leave_what_was_there(void **state)
{
    (void)state;
    const char *text = getenv("PXC_TEST_SEED");
    l = (luck){.random = text ? strtoull(text, NULL, 0) : 20250917};
    print_message("seed %" PRIu64 "\n", l.random);
    fake_gpu_init(&l.f.gpu);
    failing_alloc_init(&l.f.alloc);
    const pxc_config config = {.limit_bytes = 160000,
                               .backend = &l.f.gpu.backend,
                               .alloc = {unlucky_malloc, unlucky_realloc, unlucky_free, NULL},
                               .on_evict = on_evict};
    assert_status(PXC_OK, pxc_create(&config, &l.f.cache));
    run_through();
    l.alloc_chance = l.gpu_chance = 0;
    assert_all_places();
    static const pxc_status answers[] = {PXC_OK, PXC_ERR_MEMORY, PXC_ERR_TOO_LARGE, PXC_ERR_GPU,
                                         PXC_ERR_LOST};
    for (size_t i = 0; i < COUNT_OF(answers); ++i) {
        assert_true(l.count_by[-(int)answers[i]] > 100);
    }
    assert_true(l.kept > 1000);
    fixture_close(&l.f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failures_at_random_leave_what_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
