/* Promise 14: on_evict hears of each eviction once and can not call back; caches share nothing. */
#include "check.h"

#include <string.h>

#define MAX_EVENTS 32

typedef struct event {
    pxc_key key;
    char name[16]; /* "" for NULL */
    bool named;
    pxc_evict_reason reason;
} event;

typedef struct listener {
    event events[MAX_EVENTS];
    size_t count;
} listener;

static void listen(void *user, pxc_key key, const char *name, pxc_evict_reason reason)
{
    listener *l = user;
    event *e = &l->events[l->count++ % MAX_EVENTS];
    *e = (event){.key = key, .named = name != NULL, .reason = reason};
    if (name) {
        strncpy(e->name, name, sizeof e->name - 1);
    }
}

static void open_listening(fixture *f, listener *l, size_t limit_bytes)
{
    *l = (listener){.count = 0};
    fixture_open_config(f, (pxc_config){.limit_bytes = limit_bytes, .on_evict = listen, .on_evict_user = l});
}

static void assert_heard(const listener *l, size_t i, pxc_key key, const char *name, pxc_evict_reason reason)
{
    assert_true(i < l->count);
    assert_true(l->events[i].key.id == key.id);
    assert_int_equal(l->events[i].named, name != NULL);
    assert_string_equal(l->events[i].name, name ? name : "");
    assert_int_equal(l->events[i].reason, reason);
}

static void each_eviction_is_told_once_with_its_reason(void **state)
{
    (void)state;
    fixture f;
    listener l;
    open_listening(&f, &l, 4 * 40);
    const pxc_key a = insert_name(f.cache, "a", 11);
    const pxc_key b = insert_width(f.cache, 12);
    const pxc_key c = insert_name(f.cache, "c", 30);
    assert_int_equal(l.count, 0);
    end_frames(f.cache, 1);
    assert_int_equal(l.count, 2);
    assert_heard(&l, 0, a, "a", PXC_EVICT_LIMIT);
    assert_heard(&l, 1, b, NULL, PXC_EVICT_LIMIT);
    assert_ok(f.cache, pxc_trim_to(f.cache, 0));
    assert_int_equal(l.count, 3);
    assert_heard(&l, 2, c, "c", PXC_EVICT_TRIM);
    end_frames(f.cache, 1);
    const pxc_key d = insert_name(f.cache, "d", 13);
    end_frames(f.cache, 1);
    assert_ok(f.cache, pxc_trim_older(f.cache, 0));
    assert_int_equal(l.count, 4);
    assert_heard(&l, 3, d, "d", PXC_EVICT_TRIM);
    const pxc_key e = insert_name(f.cache, "e", 14);
    end_frames(f.cache, 1);
    fake_gpu_fail_next(&f.gpu, PXC_ERR_MEMORY, 1);
    insert_width(f.cache, 15);
    assert_int_equal(l.count, 5);
    assert_heard(&l, 4, e, "e", PXC_EVICT_GPU_MEMORY);
    assert_int_equal(stats_of(f.cache).evictions, 5);
    fixture_close(&f);
    assert_int_equal(l.count, 5);
}

static void max_entries_evicts_for_the_limit(void **state)
{
    (void)state;
    fixture f;
    listener l = {.count = 0};
    fixture_open_config(&f, (pxc_config){.max_entries = 1, .on_evict = listen, .on_evict_user = &l});
    const pxc_key a = insert_name(f.cache, "a", 11);
    insert_width(f.cache, 12);
    end_frames(f.cache, 1);
    assert_int_equal(l.count, 1);
    assert_heard(&l, 0, a, "a", PXC_EVICT_LIMIT);
    fixture_close(&f);
}

static void what_the_application_does_itself_is_not_told(void **state)
{
    (void)state;
    fixture f;
    listener l;
    const pxc_pixmap pixmap = pixmap_of(20);
    open_listening(&f, &l, 0);
    const pxc_key a = insert_name(f.cache, "a", 11);
    const pxc_key b = insert_width(f.cache, 12);
    insert_name(f.cache, "a", 13);
    assert_false(pxc_key_valid(f.cache, a));
    assert_ok(f.cache, pxc_replace(f.cache, b, &pixmap));
    assert_ok(f.cache, pxc_remove(f.cache, b));
    assert_ok(f.cache, pxc_remove_named(f.cache, "a"));
    insert_width(f.cache, 14);
    assert_ok(f.cache, pxc_clear(f.cache));
    insert_width(f.cache, 15);
    end_frames(f.cache, 1);
    assert_ok(f.cache, pxc_context_lost(f.cache));
    insert_width(f.cache, 16);
    fixture_close(&f);
    assert_int_equal(l.count, 0);
}

/* Calls every function from inside on_evict and keeps the answers. */
typedef struct intruder {
    pxc_cache *cache;
    pxc_key kept;
    pxc_key keys[3];
    pxc_texture textures[2];
    pxc_stats stats;
    pxc_status statuses[32];
    size_t count, calls;
    size_t limit_bytes, used_bytes;
    bool stale_is_valid, kept_is_valid;
} intruder;

static void intrude(void *user, pxc_key key, const char *name, pxc_evict_reason reason)
{
    (void)reason;
    intruder *x = user;
    const pxc_pixmap pixmap = pixmap_of(13);
    x->calls++;
    x->count = 0;
    memset(x->keys, 0xFF, sizeof x->keys);
    memset(x->textures, 0xFF, sizeof x->textures);
    memset(&x->stats, 0xFF, sizeof x->stats);
    x->statuses[x->count++] = pxc_insert(x->cache, &pixmap, &x->keys[0]);
    x->statuses[x->count++] = pxc_insert_named(x->cache, name ? name : "x", &pixmap, &x->keys[1]);
    x->statuses[x->count++] = pxc_lookup(x->cache, "kept", &x->keys[2]);
    x->statuses[x->count++] = pxc_find(x->cache, x->kept, &x->textures[0]);
    x->statuses[x->count++] = pxc_find_named(x->cache, "kept", &x->textures[1]);
    x->statuses[x->count++] = pxc_find(x->cache, key, NULL);
    x->statuses[x->count++] = pxc_replace(x->cache, x->kept, &pixmap);
    x->statuses[x->count++] = pxc_remove(x->cache, x->kept);
    x->statuses[x->count++] = pxc_remove_named(x->cache, "kept");
    x->statuses[x->count++] = pxc_clear(x->cache);
    x->statuses[x->count++] = pxc_set_limit(x->cache, 0);
    x->statuses[x->count++] = pxc_pin(x->cache, x->kept);
    x->statuses[x->count++] = pxc_unpin(x->cache, x->kept);
    x->statuses[x->count++] = pxc_trim_to(x->cache, 0);
    x->statuses[x->count++] = pxc_trim_older(x->cache, 0);
    x->statuses[x->count++] = pxc_frame_begin(x->cache);
    x->statuses[x->count++] = pxc_frame_end(x->cache);
    x->statuses[x->count++] = pxc_context_lost(x->cache);
    x->statuses[x->count++] = pxc_get_stats(x->cache, &x->stats);
    x->statuses[x->count++] = pxc_validate(x->cache);
    x->statuses[x->count++] = pxc_visit(x->cache, NULL, NULL);
    x->statuses[x->count++] = pxc_destroy(x->cache);
    x->limit_bytes = pxc_limit(x->cache);
    x->used_bytes = pxc_used(x->cache);
    x->stale_is_valid = pxc_key_valid(x->cache, key);
    x->kept_is_valid = pxc_key_valid(x->cache, x->kept);
}

static void assert_repelled(const intruder *x)
{
    const pxc_stats zero = {0};
    for (size_t i = 0; i < x->count; ++i) {
        if (x->statuses[i] != PXC_ERR_ARGUMENT) {
            fail_msg("call %zu returned %d", i, x->statuses[i]);
        }
    }
    for (size_t i = 0; i < COUNT_OF(x->keys); ++i) {
        assert_zero_key(x->keys[i]);
    }
    assert_zero_texture(&x->textures[0]);
    assert_zero_texture(&x->textures[1]);
    assert_same_stats(&zero, &x->stats);
    assert_int_equal(x->limit_bytes, 0);
    assert_int_equal(x->used_bytes, 0);
    assert_false(x->stale_is_valid || x->kept_is_valid);
}

typedef void (*evict_fn)(fixture *f);

static void evict_at_the_boundary(fixture *f)
{
    insert_width(f->cache, 20);
    assert_ok(f->cache, pxc_frame_end(f->cache));
}

static void evict_by_trim_to(fixture *f)
{
    assert_ok(f->cache, pxc_trim_to(f->cache, 4 * 12));
}

static void evict_by_trim_older(fixture *f)
{
    assert_ok(f->cache, pxc_trim_older(f->cache, 0));
}

static void evict_for_gpu_memory(fixture *f)
{
    fake_gpu_fail_next(&f->gpu, PXC_ERR_MEMORY, 1);
    insert_width(f->cache, 14);
}

static void a_call_from_inside_the_callback_is_refused(void **state)
{
    (void)state;
    static const evict_fn ways[] = {evict_at_the_boundary, evict_by_trim_to, evict_by_trim_older,
                                    evict_for_gpu_memory};
    for (size_t i = 0; i < COUNT_OF(ways); ++i) {
        fixture f;
        intruder x = {.calls = 0};
        fixture_open_config(&f,
                            (pxc_config){.limit_bytes = 4 * 40, .on_evict = intrude, .on_evict_user = &x});
        x.cache = f.cache;
        const pxc_key gone = insert_name(f.cache, "gone", 11);
        x.kept = insert_name(f.cache, "kept", 12);
        end_frames(f.cache, 1);
        assert_finds(&f, x.kept, 12);
        ways[i](&f);
        assert_int_equal(x.calls, 1);
        assert_repelled(&x);
        assert_false(pxc_key_valid(f.cache, gone));
        assert_finds(&f, x.kept, 12);
        assert_int_equal(pxc_limit(f.cache), 4 * 40);
        assert_status(PXC_MISS, pxc_lookup(f.cache, "gone", &x.keys[0]));
        assert_status(PXC_ERR_ARGUMENT, pxc_unpin(f.cache, x.kept));
        fixture_close(&f);
    }
}

static void two_caches_live_side_by_side(void **state)
{
    (void)state;
    fixture f;
    fixture g;
    listener l;
    listener m;
    open_listening(&f, &l, 4 * 30);
    open_listening(&g, &m, 4 * 300);
    for (int i = 0; i < 10; ++i) {
        insert_name(f.cache, i % 2 ? "a" : "b", 11 + i);
        insert_name(g.cache, i % 2 ? "a" : "b", 21 + i);
        end_frames(f.cache, 1);
        assert_ok(g.cache, pxc_frame_begin(g.cache));
    }
    pxc_key key;
    assert_int_equal(stats_of(f.cache).frames, 10);
    assert_int_equal(stats_of(g.cache).frames, 0);
    assert_true(l.count > 0);
    assert_int_equal(m.count, 0);
    assert_ok(f.cache, pxc_lookup(f.cache, "a", &key));
    assert_finds(&f, key, 20);
    assert_ok(g.cache, pxc_lookup(g.cache, "a", &key));
    assert_finds(&g, key, 30);
    fixture_close(&f);
    assert_finds(&g, key, 30);
    end_frames(g.cache, 1);
    fixture_close(&g);
}

/* The other cache is free to use while one of them evicts. */
typedef struct neighbour {
    pxc_cache *cache;
    pxc_status status;
} neighbour;

static void use_the_neighbour(void *user, pxc_key key, const char *name, pxc_evict_reason reason)
{
    (void)key;
    (void)name;
    (void)reason;
    neighbour *n = user;
    n->status = pxc_find_named(n->cache, "here", NULL);
}

static void the_callback_may_call_another_cache(void **state)
{
    (void)state;
    fixture f;
    fixture g;
    neighbour n = {.status = PXC_MISS};
    fixture_open(&g, 0);
    insert_name(g.cache, "here", 11);
    n.cache = g.cache;
    fixture_open_config(&f, (pxc_config){.on_evict = use_the_neighbour, .on_evict_user = &n});
    insert_width(f.cache, 12);
    assert_ok(f.cache, pxc_trim_to(f.cache, 0));
    assert_status(PXC_OK, n.status);
    fixture_close(&f);
    fixture_close(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_eviction_is_told_once_with_its_reason),
        cmocka_unit_test(max_entries_evicts_for_the_limit),
        cmocka_unit_test(what_the_application_does_itself_is_not_told),
        cmocka_unit_test(a_call_from_inside_the_callback_is_refused),
        cmocka_unit_test(two_caches_live_side_by_side),
        cmocka_unit_test(the_callback_may_call_another_cache),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
