/* Promise 1: a cache belongs to the thread that made it, in release builds too. A second thread calls every
 * function; its answers are collected there and judged here, because assertions may not leave their thread. */
#include "check.h"

#include <pthread.h>
#include <string.h>

#define MAX_CALLS 40

typedef struct visit {
    pxc_cache *cache;
    pxc_key key;
    pxc_status statuses[MAX_CALLS];
    const char *names[MAX_CALLS];
    size_t count;
    pxc_key keys[4];
    pxc_texture textures[3];
    pxc_stats stats;
    size_t limit_bytes, used_bytes;
    bool valid;
} visit;

static void note(visit *v, const char *name, pxc_status status)
{
    v->names[v->count] = name;
    v->statuses[v->count++] = status;
}

#define CALL(v, function, ...) note((v), #function, function(__VA_ARGS__))

static void *call_everything(void *user)
{
    visit *v = user;
    const pxc_pixmap pixmap = pixmap_of(14);
    memset(v->keys, 0xFF, sizeof v->keys);
    memset(v->textures, 0xFF, sizeof v->textures);
    memset(&v->stats, 0xFF, sizeof v->stats);
    CALL(v, pxc_insert, v->cache, &pixmap, &v->keys[0]);
    CALL(v, pxc_insert_named, v->cache, "named", &pixmap, &v->keys[1]);
    CALL(v, pxc_insert_named, v->cache, "new", &pixmap, &v->keys[2]);
    CALL(v, pxc_find, v->cache, v->key, &v->textures[0]);
    CALL(v, pxc_find, v->cache, v->key, NULL);
    CALL(v, pxc_find, v->cache, (pxc_key){0}, NULL);
    CALL(v, pxc_find_named, v->cache, "named", &v->textures[1]);
    CALL(v, pxc_peek, v->cache, v->key, &v->textures[2]);
    CALL(v, pxc_lookup, v->cache, "named", &v->keys[3]);
    CALL(v, pxc_replace, v->cache, v->key, &pixmap);
    CALL(v, pxc_remove, v->cache, v->key);
    CALL(v, pxc_remove_named, v->cache, "named");
    CALL(v, pxc_clear, v->cache);
    CALL(v, pxc_set_limit, v->cache, 0);
    CALL(v, pxc_pin, v->cache, v->key);
    CALL(v, pxc_unpin, v->cache, v->key);
    CALL(v, pxc_trim_to, v->cache, 0);
    CALL(v, pxc_trim_older, v->cache, 0);
    CALL(v, pxc_frame_begin, v->cache);
    CALL(v, pxc_frame_end, v->cache);
    CALL(v, pxc_context_lost, v->cache);
    CALL(v, pxc_get_stats, v->cache, &v->stats);
    CALL(v, pxc_validate, v->cache);
    CALL(v, pxc_destroy, v->cache);
    v->limit_bytes = pxc_limit(v->cache);
    v->used_bytes = pxc_used(v->cache);
    v->valid = pxc_key_valid(v->cache, v->key);
    return NULL;
}

static void run_on_second_thread(void *(*function)(void *), void *user)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, function, user), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void visit_cache(fixture *f, visit *v)
{
    fixture_open(f, 4 * 20);
    pxc_key pinned = insert_width(f->cache, 11);
    assert_ok(f->cache, pxc_pin(f->cache, pinned));
    insert_name(f->cache, "named", 12);
    *v = (visit){.cache = f->cache, .key = pinned};
}

static void every_call_from_a_second_thread_is_refused(void **state)
{
    (void)state;
    fixture f;
    visit v;
    visit_cache(&f, &v);
    run_on_second_thread(call_everything, &v);
    for (size_t i = 0; i < v.count; ++i) {
        if (v.statuses[i] != PXC_ERR_THREAD) {
            fail_msg("%s returned %d", v.names[i], v.statuses[i]);
        }
    }
    assert_int_equal(v.limit_bytes, 0);
    assert_int_equal(v.used_bytes, 0);
    assert_false(v.valid);
    fixture_close(&f);
}

static void a_refused_call_changes_nothing(void **state)
{
    (void)state;
    fixture f;
    visit v;
    visit_cache(&f, &v);
    const pxc_stats before = stats_of(f.cache);
    const uint64_t allocations = f.alloc.calls;
    run_on_second_thread(call_everything, &v);
    const pxc_stats after = stats_of(f.cache);
    assert_same_stats(&before, &after);
    assert_int_equal(f.alloc.calls, allocations);
    assert_int_equal(f.gpu.create_calls, 2);
    assert_int_equal(f.gpu.delete_batches, 0);
    assert_int_equal(pxc_limit(f.cache), 4 * 20);
    assert_int_equal(pxc_used(f.cache), 4 * 23);
    assert_true(pxc_key_valid(f.cache, v.key));
    pxc_key named;
    assert_ok(f.cache, pxc_lookup(f.cache, "named", &named));
    assert_finds(&f, named, 12);
    assert_status(PXC_MISS, pxc_lookup(f.cache, "new", &named));
    assert_ok(f.cache, pxc_unpin(f.cache, v.key));
    assert_status(PXC_ERR_ARGUMENT, pxc_unpin(f.cache, v.key));
    fixture_close(&f);
}

static void a_refused_call_zeroes_its_out_parameters(void **state)
{
    (void)state;
    fixture f;
    visit v;
    visit_cache(&f, &v);
    run_on_second_thread(call_everything, &v);
    for (size_t i = 0; i < COUNT_OF(v.keys); ++i) {
        assert_zero_key(v.keys[i]);
    }
    for (size_t i = 0; i < COUNT_OF(v.textures); ++i) {
        assert_zero_texture(&v.textures[i]);
    }
    const pxc_stats zero = {0};
    assert_same_stats(&zero, &v.stats);
    fixture_close(&f);
}

typedef struct free_calls {
    size_t cost;
    const char *text;
    const pxc_backend *null_backend;
    pxc_key key, copy;
} free_calls;

static void *call_what_is_free(void *user)
{
    free_calls *calls = user;
    calls->cost = pxc_texture_cost(PXC_RGBA8, 11, 1, false);
    calls->text = pxc_status_text(PXC_ERR_FULL);
    calls->null_backend = pxc_null_backend();
    calls->copy = calls->key;
    return NULL;
}

static void what_needs_no_cache_works_on_any_thread(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    free_calls calls = {.key = insert_width(f.cache, 11)};
    run_on_second_thread(call_what_is_free, &calls);
    assert_int_equal(calls.cost, 44);
    assert_non_null(calls.text);
    assert_non_null(calls.null_backend);
    assert_finds(&f, calls.copy, 11);
    fixture_close(&f);
}

typedef struct own_life {
    pxc_status created, inserted, found, ended, destroyed;
} own_life;

static void *live_on_this_thread(void *user)
{
    own_life *life = user;
    const pxc_config config = {.backend = pxc_null_backend()};
    const pxc_pixmap pixmap = pixmap_of(13);
    pxc_cache *cache = NULL;
    pxc_key key = {0};
    life->created = pxc_create(&config, &cache);
    life->inserted = pxc_insert(cache, &pixmap, &key);
    life->found = pxc_find(cache, key, NULL);
    life->ended = pxc_frame_end(cache);
    life->destroyed = pxc_destroy(cache);
    return NULL;
}

static void the_creating_thread_is_the_render_thread_whichever_it_is(void **state)
{
    (void)state;
    own_life life;
    run_on_second_thread(live_on_this_thread, &life);
    assert_status(PXC_OK, life.created);
    assert_status(PXC_OK, life.inserted);
    assert_status(PXC_OK, life.found);
    assert_status(PXC_OK, life.ended);
    assert_status(PXC_OK, life.destroyed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_from_a_second_thread_is_refused),
        cmocka_unit_test(a_refused_call_changes_nothing),
        cmocka_unit_test(a_refused_call_zeroes_its_out_parameters),
        cmocka_unit_test(what_needs_no_cache_works_on_any_thread),
        cmocka_unit_test(the_creating_thread_is_the_render_thread_whichever_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
