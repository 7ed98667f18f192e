/* Promise 2, the allocations: the n-th one of a call fails, for n = 1, 2, ... until the call works; after each
 * failure the cache is as it was, and at the end nothing is left over. The same for the GPU's textures. */
#include "check.h"

#include <stdio.h>

/* More than any call makes; a loop that reaches it would never end. */
#define MAX_TRIES 1000

/* The calls under test work on a cache that holds "old" (12 px wide). */
typedef pxc_status (*operation_fn)(fixture *f, pxc_key old, pxc_key *out);

static pxc_status do_insert(fixture *f, pxc_key old, pxc_key *out)
{
    (void)old;
    const pxc_pixmap pixmap = pixmap_of(13);
    return pxc_insert(f->cache, &pixmap, out);
}

static pxc_status do_insert_named(fixture *f, pxc_key old, pxc_key *out)
{
    (void)old;
    const pxc_pixmap pixmap = pixmap_of(13);
    return pxc_insert_named(f->cache, "a new name", &pixmap, out);
}

static pxc_status do_insert_over(fixture *f, pxc_key old, pxc_key *out)
{
    (void)old;
    const pxc_pixmap pixmap = pixmap_of(13);
    return pxc_insert_named(f->cache, "old", &pixmap, out);
}

static pxc_status do_replace(fixture *f, pxc_key old, pxc_key *out)
{
    const pxc_pixmap pixmap = pixmap_of(13);
    const pxc_status status = pxc_replace(f->cache, old, &pixmap);
    *out = status == PXC_OK ? old : (pxc_key){0};
    return status;
}

static const operation_fn operations[] = {do_insert, do_insert_named, do_insert_over, do_replace};

static void assert_unchanged(fixture *f, const pxc_stats *before, pxc_key old, pxc_key out)
{
    const pxc_stats after = stats_of(f->cache);
    pxc_key found;
    assert_same_stats(before, &after);
    assert_zero_key(out);
    assert_int_equal(pxc_validate(f->cache), PXC_OK);
    assert_status(PXC_MISS, pxc_lookup(f->cache, "a new name", &found));
    assert_status(PXC_OK, pxc_lookup(f->cache, "old", &found));
    assert_true(found.id == old.id);
    assert_true(pxc_key_valid(f->cache, old));
    assert_int_equal(f->gpu.alive, after.textures_created - after.textures_deleted);
}

/* Fails the n-th allocation of one operation until it works, on a cache that holds `extra` other entries: growth
 * happens at counts that only the implementation knows. */
static void fail_allocations_of(operation_fn operation, int extra)
{
    fixture f;
    fixture_open(&f, 0);
    const pxc_key old = insert_name(f.cache, "old", 12);
    for (int i = 0; i < extra; ++i) {
        char name[32];
        snprintf(name, sizeof name, "extra %d", i);
        insert_name(f.cache, name, 11);
    }
    uint64_t n = 0;
    pxc_status status = PXC_ERR_MEMORY;
    while (status != PXC_OK && n < MAX_TRIES) {
        const pxc_stats before = stats_of(f.cache);
        pxc_key out = {77};
        failing_alloc_fail_nth(&f.alloc, ++n);
        status = operation(&f, old, &out);
        if (status != PXC_OK) {
            assert_status(PXC_ERR_MEMORY, status);
            assert_unchanged(&f, &before, old, out);
        } else {
            failing_alloc_fail_nth(&f.alloc, 0);
            assert_finds(&f, out, 13);
        }
    }
    assert_status(PXC_OK, status);
    assert_int_equal(f.alloc.failed, n - 1);
    end_frames(f.cache, 2);
    fixture_close(&f);
}

static void a_failed_allocation_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(operations); ++i) {
        for (int extra = 0; extra < 140; ++extra) {
            fail_allocations_of(operations[i], extra);
        }
    }
}

static void a_failed_allocation_leaves_the_boundary_sound(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= 4; ++n) {
        fixture f;
        fixture_open(&f, 4 * 30);
        const pxc_key a = insert_name(f.cache, "a", 11);
        insert_name(f.cache, "b", 12);
        insert_name(f.cache, "c", 13);
        failing_alloc_fail_nth(&f.alloc, n);
        assert_ok(f.cache, pxc_remove(f.cache, a));
        assert_ok(f.cache, pxc_set_limit(f.cache, 4 * 13));
        assert_ok(f.cache, pxc_frame_end(f.cache));
        assert_int_equal(pxc_used(f.cache), 4 * 13);
        fixture_close(&f);
    }
}

static void a_failed_allocation_of_create_leaves_nothing_behind(void **state)
{
    (void)state;
    pxc_status status = PXC_ERR_MEMORY;
    for (uint64_t n = 1; status != PXC_OK && n < MAX_TRIES; ++n) {
        fake_gpu gpu;
        failing_alloc alloc;
        fake_gpu_init(&gpu);
        failing_alloc_init(&alloc);
        failing_alloc_fail_nth(&alloc, n);
        const pxc_config config = {.backend = &gpu.backend, .alloc = alloc.table};
        pxc_cache *cache = (pxc_cache *)(void *)&gpu;
        status = pxc_create(&config, &cache);
        if (status == PXC_OK) {
            assert_ok(cache, pxc_frame_end(cache));
            assert_status(PXC_OK, pxc_destroy(cache));
        } else {
            assert_status(PXC_ERR_MEMORY, status);
            assert_null(cache);
        }
        fake_gpu_assert_clean(&gpu);
        failing_alloc_assert_clean(&alloc);
        fake_gpu_free(&gpu);
    }
    assert_status(PXC_OK, status);
}

static void a_failed_texture_changes_nothing(void **state)
{
    (void)state;
    const pxc_status failures[] = {PXC_ERR_GPU, PXC_ERR_LOST};
    for (size_t i = 0; i < COUNT_OF(operations) * COUNT_OF(failures); ++i) {
        const operation_fn operation = operations[i / COUNT_OF(failures)];
        const pxc_status failure = failures[i % COUNT_OF(failures)];
        fixture f;
        fixture_open(&f, 0);
        const pxc_key old = insert_name(f.cache, "old", 12);
        const pxc_stats before = stats_of(f.cache);
        pxc_key out = {77};
        fake_gpu_fail_next(&f.gpu, failure, 1);
        assert_status(failure, operation(&f, old, &out));
        assert_unchanged(&f, &before, old, out);
        assert_finds(&f, old, 12);
        assert_ok(f.cache, operation(&f, old, &out));
        assert_finds(&f, out, 13);
        fixture_close(&f);
    }
}

static void a_backend_that_does_not_open_leaves_nothing_behind(void **state)
{
    (void)state;
    fake_gpu gpu;
    failing_alloc alloc;
    fake_gpu_init(&gpu);
    failing_alloc_init(&alloc);
    gpu.open_status = PXC_ERR_GPU;
    const pxc_config config = {.backend = &gpu.backend, .alloc = alloc.table};
    pxc_cache *cache = (pxc_cache *)(void *)&gpu;
    assert_status(PXC_ERR_GPU, pxc_create(&config, &cache));
    assert_null(cache);
    fake_gpu_assert_clean(&gpu);
    failing_alloc_assert_clean(&alloc);
    fake_gpu_free(&gpu);
}

static void assert_not_created(const pxc_config *config)
{
    int here = 0;
    pxc_cache *cache = (pxc_cache *)(void *)&here;
    assert_status(PXC_ERR_ARGUMENT, pxc_create(config, &cache));
    assert_null(cache);
}

static void a_configuration_with_holes_is_refused(void **state)
{
    (void)state;
    fake_gpu gpu;
    failing_alloc alloc;
    fake_gpu_init(&gpu);
    failing_alloc_init(&alloc);
    const pxc_config good = {.backend = &gpu.backend, .alloc = alloc.table};
    pxc_config bad = good;
    bad.alloc.malloc_fn = NULL;
    assert_not_created(&bad);
    bad = good;
    bad.alloc.realloc_fn = NULL;
    assert_not_created(&bad);
    bad = good;
    bad.alloc.free_fn = NULL;
    assert_not_created(&bad);
    for (int hole = 0; hole < 4; ++hole) {
        pxc_backend backend = gpu.backend;
        backend.open = hole == 0 ? NULL : backend.open;
        backend.close = hole == 1 ? NULL : backend.close;
        backend.create_texture = hole == 2 ? NULL : backend.create_texture;
        backend.delete_textures = hole == 3 ? NULL : backend.delete_textures;
        bad = good;
        bad.backend = &backend;
        assert_not_created(&bad);
    }
    bad = (pxc_config){.limit_bytes = 1000};
    assert_not_created(&bad);
    assert_not_created(NULL);
    assert_status(PXC_ERR_ARGUMENT, pxc_create(&good, NULL));
    fake_gpu_assert_clean(&gpu);
    failing_alloc_assert_clean(&alloc);
    fake_gpu_free(&gpu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_allocation_changes_nothing),
        cmocka_unit_test(a_failed_allocation_leaves_the_boundary_sound),
        cmocka_unit_test(a_failed_allocation_of_create_leaves_nothing_behind),
        cmocka_unit_test(a_failed_texture_changes_nothing),
        cmocka_unit_test(a_backend_that_does_not_open_leaves_nothing_behind),
        cmocka_unit_test(a_configuration_with_holes_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
