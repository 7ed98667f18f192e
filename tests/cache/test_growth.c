/* Promise 2 while tables grow: thousands of entries and names go in one after the other, and each call that allocates
 * meets every failure that it can meet. Where a table grows is the cache's own business, so every insert is tried with
 * its first allocation failing, then with its second, until it works; one that fails more often than its neighbours has
 * grown something, and then all that went in before is looked at. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    MANY = 9000,
    MAX_TRIES = 50,
    FEW = 10, /* old entries, of which one is replaced again and again */
};

typedef enum kind { UNNAMED, NAMED, REPLACING } kind;

/* What the table holds, by number. */
typedef struct growth {
    fixture f;
    kind k;
    int count;
    pxc_key keys[MANY];
    uint64_t usual; /* failures of the last call */
    int growths;    /* calls that failed more often */
} growth;

static growth g; /* too large for a stack */

static const char *name_of(int number)
{
    static char text[32];
    snprintf(text, sizeof text, "growth %d", number);
    return text;
}

static int width_of(int number)
{
    return 1 + number % 9;
}

static void assert_all(void)
{
    for (int i = 0; i < g.count; ++i) {
        pxc_texture texture;
        assert_status(PXC_OK, pxc_peek(g.f.cache, g.keys[i], &texture));
        if (g.k != REPLACING || i > 0) {
            assert_int_equal(texture.width, width_of(i));
        }
        if (g.k == NAMED) {
            pxc_key key;
            assert_status(PXC_OK, pxc_lookup(g.f.cache, name_of(i), &key));
            assert_true(key.id == g.keys[i].id);
        }
    }
    assert_int_equal(pxc_validate(g.f.cache), PXC_OK);
}

static pxc_status grow_once(int number, pxc_key *out)
{
    const pxc_pixmap pixmap = pixmap_of(width_of(number));
    if (g.k == NAMED) {
        return pxc_insert_named(g.f.cache, name_of(number), &pixmap, out);
    }
    if (g.k == UNNAMED || number < FEW) {
        return pxc_insert(g.f.cache, &pixmap, out);
    }
    *out = (pxc_key){0};
    return pxc_replace(g.f.cache, g.keys[0], &pixmap);
}

static void assert_failure_changed_nothing(const pxc_stats *before, size_t live_textures, int number)
{
    const pxc_stats after = stats_of(g.f.cache);
    pxc_texture texture;
    assert_same_stats(before, &after);
    assert_int_equal(g.f.gpu.alive, live_textures);
    if (g.k == NAMED) {
        assert_status(PXC_MISS, pxc_lookup(g.f.cache, name_of(number), &(pxc_key){0}));
    }
    if (g.k == REPLACING && number > FEW) {
        assert_status(PXC_OK, pxc_peek(g.f.cache, g.keys[0], &texture));
        assert_int_equal(texture.width, width_of(number - 1));
    }
}

/* Lets one call fail in each way that it can, then work. */
static void grow_with_failures(int number)
{
    const pxc_stats before = stats_of(g.f.cache);
    const size_t live_textures = g.f.gpu.alive;
    pxc_status status = PXC_ERR_MEMORY;
    uint64_t failures = 0;
    pxc_key out = {77};
    for (; failures < MAX_TRIES; ++failures) {
        out.id = 77;
        failing_alloc_fail_nth(&g.f.alloc, failures + 1);
        status = grow_once(number, &out);
        if (status == PXC_OK) {
            break;
        }
        assert_status(PXC_ERR_MEMORY, status);
        assert_zero_key(out);
        assert_failure_changed_nothing(&before, live_textures, number);
        if (failures >= g.usual) {
            assert_all();
        }
    }
    failing_alloc_fail_nth(&g.f.alloc, 0);
    assert_status(PXC_OK, status);
    g.growths += failures > g.usual;
    g.usual = failures;
    if (g.k != REPLACING || number < FEW) {
        g.keys[g.count++] = out;
    }
}

static void grow_through(kind k)
{
    g = (growth){.k = k};
    fixture_open(&g.f, SIZE_MAX);
    for (int number = 0; number < MANY; ++number) {
        grow_with_failures(number);
    }
    assert_all();
    assert_true(g.growths > 0);
    assert_ok(g.f.cache, pxc_frame_end(g.f.cache));
    assert_all();
    fixture_close(&g.f);
}

static void many_entries_grow_through_every_failure(void **state)
{
    (void)state;
    grow_through(UNNAMED);
}

static void many_names_grow_through_every_failure(void **state)
{
    (void)state;
    grow_through(NAMED);
}

/* Each replaced texture waits somewhere for the boundary. */
static void many_replaced_textures_grow_through_every_failure(void **state)
{
    (void)state;
    grow_through(REPLACING);
}

/* An allocator that has run dry for good, from a call on. */
typedef struct dry {
    failing_alloc *inner;
    bool empty;
} dry;

static void *dry_malloc(void *user, size_t size_bytes)
{
    const dry *d = user;
    return d->empty ? NULL : d->inner->table.malloc_fn(d->inner, size_bytes);
}

static void *dry_realloc(void *user, void *memory, size_t size_bytes)
{
    const dry *d = user;
    return d->empty ? NULL : d->inner->table.realloc_fn(d->inner, memory, size_bytes);
}

static void dry_free(void *user, void *memory)
{
    const dry *d = user;
    d->inner->table.free_fn(d->inner, memory);
}

static void open_dry(fixture *f, dry *d)
{
    fake_gpu_init(&f->gpu);
    failing_alloc_init(&f->alloc);
    *d = (dry){.inner = &f->alloc};
    const pxc_config config = {
        .limit_bytes = SIZE_MAX, .backend = &f->gpu.backend, .alloc = {dry_malloc, dry_realloc, dry_free, d}};
    assert_status(PXC_OK, pxc_create(&config, &f->cache));
}

/* What may need memory and what not is the cache's own business: it works, or it changes nothing. */
static void assert_works_or_changes_nothing(fixture *f, const char *name)
{
    const pxc_pixmap pixmap = pixmap_of(20);
    const pxc_stats before = stats_of(f->cache);
    pxc_key key = {77};
    const pxc_status status =
        name ? pxc_insert_named(f->cache, name, &pixmap, &key) : pxc_insert(f->cache, &pixmap, &key);
    if (status == PXC_OK) {
        assert_finds(f, key, 20);
        return;
    }
    const pxc_stats after = stats_of(f->cache);
    assert_status(PXC_ERR_MEMORY, status);
    assert_zero_key(key);
    assert_same_stats(&before, &after);
}

/* What needs no memory works on, to the last. */
static void a_cache_without_memory_serves_what_it_has(void **state)
{
    (void)state;
    fixture f;
    dry d;
    pxc_key key;
    const pxc_pixmap pixmap = pixmap_of(20);
    open_dry(&f, &d);
    const pxc_key a = insert_name(f.cache, "a", 11);
    const pxc_key b = insert_name(f.cache, "b", 12);
    d.empty = true;
    while (pxc_insert(f.cache, &pixmap, &key) == PXC_OK) {
        assert_true(stats_of(f.cache).entries < 100000);
    }
    assert_works_or_changes_nothing(&f, NULL);
    assert_works_or_changes_nothing(&f, "c");
    assert_finds(&f, a, 11);
    assert_status(PXC_OK, pxc_find_named(f.cache, "b", NULL));
    assert_ok(f.cache, pxc_remove(f.cache, a));
    assert_ok(f.cache, pxc_trim_to(f.cache, pxc_used(f.cache) / 2));
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_finds(&f, b, 12);
    assert_works_or_changes_nothing(&f, NULL);
    assert_works_or_changes_nothing(&f, "b");
    assert_ok(f.cache, pxc_clear(f.cache));
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_ok(f.cache, pxc_context_lost(f.cache));
    d.empty = false;
    insert_name(f.cache, "c", 13);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_entries_grow_through_every_failure),
        cmocka_unit_test(many_names_grow_through_every_failure),
        cmocka_unit_test(many_replaced_textures_grow_through_every_failure),
        cmocka_unit_test(a_cache_without_memory_serves_what_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
