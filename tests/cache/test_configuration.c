/* What pxc_create is given: holes are refused, and a backend that does not open leaves nothing behind. */
#include "check.h"

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
    bad = good;
    bad.upload_way = (pxc_upload_way)(PXC_UPLOAD_BUFFERS + 1);
    assert_not_created(&bad);
    bad = (pxc_config){.limit_bytes = 1000};
    assert_not_created(&bad);
    assert_not_created(NULL);
    assert_status(PXC_ERR_ARGUMENT, pxc_create(&good, NULL));
    fake_gpu_assert_clean(&gpu);
    failing_alloc_assert_clean(&alloc);
    fake_gpu_free(&gpu);
}

static pxc_upload_way way_of_setup;

static pxc_status open_and_look(const pxc_backend_setup *setup, void **gpu, int *max_size_px)
{
    way_of_setup = setup->upload_way;
    return pxc_null_backend()->open(setup, gpu, max_size_px);
}

static void tell_distinct_figures(void *gpu, pxc_upload_info *out)
{
    (void)gpu;
    assert_int_equal(out->way, PXC_UPLOAD_PROBED);
    *out = (pxc_upload_info){PXC_UPLOAD_BUFFERS, 11, 12};
}

static void a_backend_is_told_the_upload_way_and_tells_its_own(void **state)
{
    (void)state;
    for (int way = PXC_UPLOAD_PROBED; way <= PXC_UPLOAD_BUFFERS; ++way) {
        pxc_backend backend = *pxc_null_backend();
        backend.open = open_and_look;
        backend.tell_upload = tell_distinct_figures;
        pxc_cache *cache = NULL;
        assert_status(
            PXC_OK,
            pxc_create(&(pxc_config){.backend = &backend, .upload_way = (pxc_upload_way)way}, &cache));
        assert_int_equal(way_of_setup, way);
        const pxc_stats stats = stats_of(cache);
        assert_int_equal(stats.upload_way, PXC_UPLOAD_BUFFERS);
        assert_int_equal(stats.probe_direct_us_per_mib, 11);
        assert_int_equal(stats.probe_buffers_us_per_mib, 12);
        assert_status(PXC_OK, pxc_destroy(cache));
    }
}

static void a_backend_that_does_not_tell_has_zeros(void **state)
{
    (void)state;
    pxc_cache *cache = NULL;
    const pxc_config config = {.backend = pxc_null_backend(), .upload_way = PXC_UPLOAD_BUFFERS};
    assert_status(PXC_OK, pxc_create(&config, &cache));
    const pxc_stats stats = stats_of(cache);
    assert_int_equal(stats.upload_way, 0);
    assert_int_equal(stats.probe_direct_us_per_mib, 0);
    assert_int_equal(stats.probe_buffers_us_per_mib, 0);
    assert_status(PXC_OK, pxc_destroy(cache));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backend_is_told_the_upload_way_and_tells_its_own),
        cmocka_unit_test(a_backend_that_does_not_tell_has_zeros),
        cmocka_unit_test(a_backend_that_does_not_open_leaves_nothing_behind),
        cmocka_unit_test(a_configuration_with_holes_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
