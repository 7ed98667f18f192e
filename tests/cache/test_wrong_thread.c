/* Promise 1 under load: eight threads call every public function of one cache at once, over and over, while its render
 * thread works in some rounds and stands still in others.
 *
 * What the guests call and how they judge it is in tests/support/guest.h. What the host's own work must lead to is read
 * from a twin: a second cache that gets the same work and no guests.
 *
 * Host and guests meet at barriers only. The flag that ends a round is relaxed: it orders nothing, so it hides no race
 * from ThreadSanitizer. */
#include "check.h"
#include "guest.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum {
    GUESTS = 8,
    ROUNDS = 16,
    PASSES = 20,  /* at least, of each guest in each round */
    STEPS = 3000, /* of the host's work in a round */
    FIRST_WIDTH = 11,
};

typedef struct house {
    pthread_barrier_t door;
    atomic_bool working; /* guests go on calling while it is set */
    bool over;           /* written before a round starts */
} house;

typedef struct visitor {
    house *h;
    pthread_t thread;
    guest g;
} visitor;

static void *visit(void *user)
{
    visitor *v = user;
    for (;;) {
        pthread_barrier_wait(&v->h->door);
        if (v->h->over) {
            return NULL;
        }
        guest_live_at_home(&v->g);
        for (int i = 0; i < PASSES || atomic_load_explicit(&v->h->working, memory_order_relaxed); ++i) {
            guest_call_everything(&v->g);
        }
        pthread_barrier_wait(&v->h->door);
    }
}

static void invite(house *h, visitor *visitors, const guest *like)
{
    assert_int_equal(pthread_barrier_init(&h->door, NULL, GUESTS + 1), 0);
    atomic_init(&h->working, false);
    h->over = false;
    for (int i = 0; i < GUESTS; ++i) {
        visitors[i] = (visitor){.h = h, .g = *like};
        assert_int_equal(pthread_create(&visitors[i].thread, NULL, visit, &visitors[i]), 0);
    }
}

static void say_goodbye(house *h, visitor *visitors)
{
    h->over = true;
    pthread_barrier_wait(&h->door);
    for (int i = 0; i < GUESTS; ++i) {
        assert_int_equal(pthread_join(visitors[i].thread, NULL), 0);
        if (visitors[i].g.faults > 0) {
            fail_msg("%llu wrong answers, the first by %s", (unsigned long long)visitors[i].g.faults,
                     visitors[i].g.first_fault);
        }
        assert_true(visitors[i].g.calls >= PASSES);
    }
    assert_int_equal(pthread_barrier_destroy(&h->door), 0);
}

/* What a guest must know of the cache that it visits. */
static guest settle_in(fixture *f)
{
    guest g = {.cache = f->cache, .pixmap = pixmap_of(14)};
    for (int i = 0; i < GUEST_RESIDENTS; ++i) {
        char name[32];
        snprintf(name, sizeof name, "resident %d", i);
        g.residents[i] = insert_name(f->cache, name, FIRST_WIDTH + i);
        assert_ok(f->cache, pxc_pin(f->cache, g.residents[i]));
    }
    return g;
}

static void assert_residents(fixture *f, const guest *g)
{
    for (int i = 0; i < GUEST_RESIDENTS; ++i) {
        char name[32];
        pxc_key key;
        snprintf(name, sizeof name, "resident %d", i);
        assert_status(PXC_OK, pxc_lookup(f->cache, name, &key));
        assert_true(key.id == g->residents[i].id);
        assert_finds(f, key, FIRST_WIDTH + i);
    }
    pxc_key none;
    assert_status(PXC_MISS, pxc_lookup(f->cache, "guest", &none));
    assert_int_equal(pxc_validate(f->cache), PXC_OK);
}

/* One step of the host's work. Keys differ between caches, so everything is called by its name. */
static pxc_status work_once(pxc_cache *cache, uint64_t *random)
{
    char name[32];
    pxc_key key = {0};
    const pxc_pixmap pixmap = pixmap_of(1 + (int)random_below(random, 90));
    const uint32_t pick = random_below(random, 64);
    snprintf(name, sizeof name, "work %u", (unsigned)random_below(random, 120));
    if (pick < 20) {
        return pxc_insert_named(cache, name, &pixmap, NULL);
    }
    if (pick < 40) {
        return pxc_find_named(cache, name, NULL);
    }
    if (pick < 44) {
        return pxc_frame_end(cache);
    }
    if (pick < 45) {
        return pxc_trim_to(cache, 4 * 1000);
    }
    if (pick < 50) {
        return pxc_remove_named(cache, name);
    }
    const pxc_status status = pxc_lookup(cache, name, &key);
    return status == PXC_OK && pick < 57 ? pxc_replace(cache, key, &pixmap) : status;
}

static uint64_t work(pxc_cache *cache, uint64_t seed)
{
    uint64_t sum = 0;
    for (int i = 0; i < STEPS; ++i) {
        const pxc_status status = work_once(cache, &seed);
        assert_true(status == PXC_OK || status == PXC_MISS);
        sum = sum * 31 + (uint64_t)status;
    }
    return sum;
}

static uint64_t work_round(house *h, pxc_cache *cache, uint64_t seed)
{
    atomic_store_explicit(&h->working, true, memory_order_relaxed);
    pthread_barrier_wait(&h->door);
    const uint64_t sum = work(cache, seed);
    atomic_store_explicit(&h->working, false, memory_order_relaxed);
    pthread_barrier_wait(&h->door);
    return sum;
}

static void still_round(house *h)
{
    pthread_barrier_wait(&h->door);
    pthread_barrier_wait(&h->door);
}

static const pxc_config small = {.limit_bytes = 4 * 3000, .ceiling_bytes = SIZE_MAX};

static void guests_leave_a_cache_at_rest_as_it_was(void **state)
{
    (void)state;
    static house h;
    static visitor visitors[GUESTS];
    fixture f;
    fixture_open_config(&f, small);
    const guest like = settle_in(&f);
    work(f.cache, 1);
    invite(&h, visitors, &like);
    for (int round = 0; round < ROUNDS; ++round) {
        const pxc_stats before = stats_of(f.cache);
        const uint64_t allocations = f.alloc.calls;
        const uint64_t frees = f.alloc.frees;
        still_round(&h);
        const pxc_stats after = stats_of(f.cache);
        assert_same_stats(&before, &after);
        assert_int_equal(f.alloc.calls, allocations);
        assert_int_equal(f.alloc.frees, frees);
        assert_int_equal(f.gpu.created, after.textures_created);
        assert_int_equal(f.gpu.deleted, after.textures_deleted);
        assert_residents(&f, &like);
    }
    say_goodbye(&h, visitors);
    fixture_close(&f);
}

static void guests_change_nothing_of_what_the_host_does(void **state)
{
    (void)state;
    static house h;
    static visitor visitors[GUESTS];
    fixture f;
    fixture twin;
    fixture_open_config(&f, small);
    fixture_open_config(&twin, small);
    const guest like = settle_in(&f);
    const guest twin_like = settle_in(&twin);
    invite(&h, visitors, &like);
    for (uint64_t round = 0; round < ROUNDS; ++round) {
        const uint64_t sum = work_round(&h, f.cache, round);
        assert_true(sum == work(twin.cache, round));
        assert_residents(&f, &like);
        assert_residents(&twin, &twin_like);
        const pxc_stats stats = stats_of(f.cache);
        const pxc_stats expected = stats_of(twin.cache);
        assert_same_stats(&expected, &stats);
    }
    say_goodbye(&h, visitors);
    assert_true(stats_of(f.cache).evictions > 0);
    fixture_close(&f);
    fixture_close(&twin);
}

static void receive_in_the_callback(void *user, pxc_key key, const char *name, pxc_evict_reason reason)
{
    (void)key;
    (void)name;
    (void)reason;
    still_round(user);
}

/* A guest is not told whether the host is in a callback: that would be reading what the host writes. */
static void guests_are_refused_as_such_during_a_callback(void **state)
{
    (void)state;
    static house h;
    static visitor visitors[GUESTS];
    fixture f;
    fixture_open_config(&f, (pxc_config){.on_evict = receive_in_the_callback, .on_evict_user = &h});
    const guest like = settle_in(&f);
    insert_name(f.cache, "goes", 30);
    insert_width(f.cache, 31);
    invite(&h, visitors, &like);
    assert_ok(f.cache, pxc_trim_to(f.cache, 0));
    assert_int_equal(stats_of(f.cache).evictions, 2);
    say_goodbye(&h, visitors);
    assert_residents(&f, &like);
    fixture_close(&f);
}

/* The name before the parenthesis of a line that declares a function, or an empty one. */
static void name_of_declaration(const char *line, char name[64])
{
    name[0] = '\0';
    const char *end = strchr(line, '(');
    if (strncmp(line, "PXC_API ", 8) != 0 || end == NULL) {
        return;
    }
    const char *start = end;
    while (start > line && start[-1] != ' ' && start[-1] != '*') {
        --start;
    }
    snprintf(name, 64, "%.*s", (int)(end - start), start);
}

static bool was_called(const guest *g, const char *name)
{
    for (size_t i = 0; i < g->called_count; ++i) {
        if (strcmp(g->called[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Read from the header itself, so that a function which is added there is missed here. */
static void the_guests_call_every_function_of_the_header(void **state)
{
    (void)state;
    guest g = {.pixmap = pixmap_of(14)};
    guest_call_everything(&g); /* no cache: the answers are wrong, the calls are made */
    guest_live_at_home(&g);
    char path[4096] = __FILE__;
    char line[512];
    int count = 0;
    char *const here = strstr(path, "tests/cache/test_wrong_thread.c");
    assert_non_null(here);
    strcpy(here, "cache/include/pixcache/pixcache.h");
    FILE *header = fopen(path, "r");
    assert_non_null(header);
    while (fgets(line, sizeof line, header) != NULL) {
        char name[64];
        name_of_declaration(line, name);
        if (name[0] != '\0' && !was_called(&g, name)) {
            fail_msg("no guest calls %s", name);
        }
        count += name[0] != '\0';
    }
    fclose(header);
    assert_true(count >= 28);
}

typedef struct stranger {
    pthread_barrier_t door;
    pxc_cache *cache;
    pxc_status destroyed;
} stranger;

static void *own_a_cache(void *user)
{
    stranger *s = user;
    const pxc_config config = {.backend = pxc_null_backend()};
    pxc_create(&config, &s->cache);
    pthread_barrier_wait(&s->door);
    pthread_barrier_wait(&s->door);
    s->destroyed = pxc_destroy(s->cache);
    return NULL;
}

static void the_main_thread_is_refused_by_the_cache_of_another(void **state)
{
    (void)state;
    static stranger s;
    pthread_t thread;
    pxc_stats stats;
    assert_int_equal(pthread_barrier_init(&s.door, NULL, 2), 0);
    assert_int_equal(pthread_create(&thread, NULL, own_a_cache, &s), 0);
    pthread_barrier_wait(&s.door);
    assert_non_null(s.cache);
    assert_status(PXC_ERR_THREAD, pxc_frame_end(s.cache));
    assert_status(PXC_ERR_THREAD, pxc_get_stats(s.cache, &stats));
    assert_status(PXC_ERR_THREAD, pxc_destroy(s.cache));
    assert_int_equal(pxc_limit(s.cache), 0);
    pthread_barrier_wait(&s.door);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_status(PXC_OK, s.destroyed);
    assert_int_equal(pthread_barrier_destroy(&s.door), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guests_leave_a_cache_at_rest_as_it_was),
        cmocka_unit_test(guests_change_nothing_of_what_the_host_does),
        cmocka_unit_test(guests_are_refused_as_such_during_a_callback),
        cmocka_unit_test(the_guests_call_every_function_of_the_header),
        cmocka_unit_test(the_main_thread_is_refused_by_the_cache_of_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
