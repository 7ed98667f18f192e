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
        cmocka_unit_test(a_backend_that_does_not_open_leaves_nothing_behind),
        cmocka_unit_test(a_configuration_with_holes_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
