/* What packs and what does not, what it costs, and that all that holds for images with textures of their own holds for
 * those in pages: cost, keys, names, the order of use, and that what was given out stays until the boundary. */
#include "packed.h"

static const pxc_format formats[] = {PXC_RGBA8, PXC_BGRA8, PXC_RGB8, PXC_RG8, PXC_R8, PXC_RGB565, PXC_RGBA4};

static pxc_texture insert_shape(fixture *f, uint32_t seed, int width, int height, pxc_format format)
{
    const pxc_pixmap pixmap = paint(seed, width, height, format);
    pxc_key key = {0};
    assert_ok(f->cache, pxc_insert(f->cache, &pixmap, &key));
    assert_key_shows(f, key, seed);
    return look_at(f, key);
}

/* ---- A cache that packs -----------------------------------------------------------------------------------------*/

static pxc_status create(fake_gpu *gpu, failing_alloc *alloc)
{
    const pxc_config config = {.backend = &gpu->backend, .alloc = alloc->table, .pack = true};
    pxc_cache *cache = NULL;
    const pxc_status status = pxc_create(&config, &cache);
    assert_int_equal(status == PXC_OK, cache != NULL);
    return cache != NULL ? pxc_destroy(cache) : status;
}

static void a_backend_has_all_that_pages_need_or_none_of_it(void **state)
{
    (void)state;
    fake_gpu gpu;
    failing_alloc alloc;
    failing_alloc_init(&alloc);
    for (int missing = 0; missing < 3; ++missing) {
        fake_gpu_init(&gpu);
        fake_gpu_packs(&gpu);
        if (missing == 0) {
            gpu.backend.fill_part = NULL;
        } else if (missing == 1) {
            gpu.backend.copy_part = NULL;
        } else {
            fake_gpu_no_bands(&gpu);
        }
        assert_status(PXC_ERR_ARGUMENT, create(&gpu, &alloc));
        fake_gpu_free(&gpu);
    }
    failing_alloc_assert_clean(&alloc);
}

static void each_allocation_of_create_may_fail(void **state)
{
    (void)state;
    fake_gpu gpu;
    failing_alloc alloc;
    fake_gpu_init(&gpu);
    fake_gpu_packs(&gpu);
    failing_alloc_init(&alloc);
    uint64_t n = 0;
    pxc_status status = PXC_ERR_MEMORY;
    while (status != PXC_OK) {
        failing_alloc_fail_nth(&alloc, ++n);
        status = create(&gpu, &alloc);
        assert_true(status == PXC_OK || status == PXC_ERR_MEMORY);
        failing_alloc_assert_clean(&alloc);
    }
    assert_true(n > 7);
    failing_alloc_fail_nth(&alloc, 0);
    fake_gpu_assert_clean(&gpu);
    fake_gpu_free(&gpu);
}

/* ---- What packs -------------------------------------------------------------------------------------------------*/

static void small_images_share_a_page_and_large_ones_do_not(void **state)
{
    (void)state;
    fixture f;
    packed_open(&f, 4 * MIB);
    const pxc_texture least = insert_shape(&f, 1, 1, 1, PXC_RGBA8);
    const pxc_texture most = insert_shape(&f, 2, 64, 64, PXC_RGBA8);
    const pxc_texture wide = insert_shape(&f, 3, 129, 1, PXC_RGBA8);
    const pxc_texture high = insert_shape(&f, 4, 1, 129, PXC_RGBA8);
    assert_true(is_packed(&least) && is_packed(&most) && least.name == most.name);
    assert_true(!is_packed(&wide) && !is_packed(&high) && wide.name != high.name && wide.name != most.name);
    assert_true(wide.u0 == 0 && wide.v0 == 0 && wide.u1 == 1 && wide.v1 == 1);
    const pxc_stats stats = stats_of(f.cache);
    assert_int_equal(stats.pages, 1);
    assert_int_equal(stats.packed_entries, 2);
    assert_int_equal(stats.textures_created, 3);
    assert_int_equal(stats.uploads, 4);
    assert_int_equal(stats.upload_bytes, 4 * (1 + 64 * 64 + 129 + 129)); /* gutters are nobody's pixels */
    fixture_close(&f);
}

/* Of a quarter of a page's side at most, those that fill it well: of 120 px four lie side by side, of 128 three. */
static void sizes_that_would_leave_a_page_empty_do_not_pack(void **state)
{
    (void)state;
    static const struct {
        int width, height;
        bool packs;
    } cases[] = {{90, 90, true},    {100, 100, false}, {120, 120, true}, {128, 128, false}, {128, 64, true},
                 {128, 100, false}, {120, 129, false}, {128, 120, true}, {128, 16, true}};
    fixture f;
    packed_open(&f, 4 * MIB);
    for (uint32_t i = 0; i < COUNT_OF(cases); ++i) {
        const pxc_texture texture = insert_shape(&f, i, cases[i].width, cases[i].height, PXC_RGBA8);
        assert_int_equal(is_packed(&texture), cases[i].packs);
    }
    fixture_close(&f);
}

static void images_with_mip_levels_keep_their_own_textures(void **state)
{
    (void)state;
    fixture f;
    packed_open(&f, 4 * MIB);
    pxc_pixmap pixmap = paint(1, 16, 16, PXC_RGBA8);
    pixmap.mipmaps = true;
    pxc_key key;
    assert_ok(f.cache, pxc_insert(f.cache, &pixmap, &key));
    const pxc_texture texture = look_at(&f, key);
    assert_false(is_packed(&texture));
    assert_int_equal(stats_of(f.cache).pages, 0);
    fixture_close(&f);
}

/* Formats share a page if their texels are stored alike. */
static void each_kind_of_texels_has_its_pages(void **state)
{
    (void)state;
    fixture f;
    packed_open(&f, 4 * MIB);
    uint32_t names[COUNT_OF(formats)];
    uint64_t cost_bytes = 0;
    for (size_t i = 0; i < COUNT_OF(formats); ++i) {
        const pxc_texture texture = insert_shape(&f, 10 + (uint32_t)i, 13, 9, formats[i]);
        assert_true(is_packed(&texture));
        assert_int_equal(texture.format, formats[i]);
        assert_int_equal(texture.cost, pxc_texture_cost(formats[i], 13, 9, false));
        names[i] = texture.name;
        cost_bytes += texture.cost;
    }
    for (size_t i = 0; i < COUNT_OF(formats); ++i) {
        for (size_t j = 0; j < i; ++j) {
            assert_int_equal(names[i] == names[j], i <= 2); /* the first three are stored as RGBA8 */
        }
    }
    const pxc_stats stats = stats_of(f.cache);
    assert_int_equal(stats.pages, 5);
    assert_int_equal(stats.packed_entries, 7);
    assert_int_equal(stats.packed_bytes, cost_bytes);
    assert_int_equal(stats.page_bytes, f.gpu.bytes);
    fixture_close(&f);
}

/* Rows with gaps, of sizes at both sides of each step of sizes. */
static void texels_are_right_for_any_shape(void **state)
{
    (void)state;
    fixture f;
    packed_open(&f, 16 * MIB);
    for (size_t i = 0; i < COUNT_OF(formats); ++i) {
        for (int side = 1; side <= 64; ++side) {
            pxc_pixmap pixmap = pixmap_new(side, 65 - side, formats[i], side % 7);
            pxc_key key;
            assert_status(PXC_OK, pxc_insert(f.cache, &pixmap, &key));
            const pxc_texture texture = look_at(&f, key);
            const fake_texture *page = &f.gpu.textures[texture.name];
            const int left = (int)(texture.u0 * (float)page->width + 0.5F);
            const int top = (int)(texture.v0 * (float)page->height + 0.5F);
            for (int y = 0; y < pixmap.height; ++y) {
                for (int x = 0; x < pixmap.width; ++x) {
                    uint8_t expected[4];
                    fake_gpu_pixel(&pixmap, x, y, expected);
                    assert_memory_equal(fake_gpu_texel(&f.gpu, texture.name, left + x, top + y), expected, 4);
                }
            }
            pixmap_free(&pixmap);
        }
    }
    assert_status(PXC_OK, pxc_validate(f.cache));
    fixture_close(&f);
}

/* ---- What does not ----------------------------------------------------------------------------------------------*/

static void assert_nothing_packs(fixture *f)
{
    const pxc_key key = put(f, 5, 2);
    const pxc_texture texture = look_at(f, key);
    assert_false(is_packed(&texture));
    assert_texels(&f->gpu, &texture, 5);
    assert_int_equal(texture.cost, 16);
    assert_int_equal(pxc_used(f->cache), 16);
    assert_int_equal(stats_of(f->cache).pages, 0);
    assert_int_equal(f->gpu.fill_calls, 0);
    packed_frame_end(f);
}

static void nothing_packs_unless_it_is_asked_for(void **state)
{
    (void)state;
    fixture f;
    fake_gpu_init(&f.gpu);
    failing_alloc_init(&f.alloc);
    fake_gpu_packs(&f.gpu);
    const pxc_config config = {.backend = &f.gpu.backend, .alloc = f.alloc.table};
    assert_status(PXC_OK, pxc_create(&config, &f.cache));
    assert_nothing_packs(&f);
    fixture_close(&f);
}

static void nothing_packs_on_a_gpu_without_parts(void **state)
{
    (void)state;
    fixture f;
    fake_gpu_init(&f.gpu);
    failing_alloc_init(&f.alloc);
    const pxc_config config = {.backend = &f.gpu.backend, .alloc = f.alloc.table, .pack = true};
    assert_status(PXC_OK, pxc_create(&config, &f.cache));
    assert_nothing_packs(&f);
    fixture_close(&f);
}

/* A page of 128 x 128 texels is the least; and textures must be able to be as large. */
static void nothing_packs_where_no_page_is_possible(void **state)
{
    (void)state;
    static const struct {
        size_t limit_bytes;
        int max_size_px;
        bool packs;
    } cases[] = {{65535, 16384, false}, {65536, 16384, true}, {4 * MIB, 127, false}, {4 * MIB, 128, true}};
    for (size_t i = 0; i < COUNT_OF(cases); ++i) {
        fixture f;
        fake_gpu_init(&f.gpu);
        failing_alloc_init(&f.alloc);
        fake_gpu_packs(&f.gpu);
        f.gpu.max_size_px = cases[i].max_size_px;
        const pxc_config config = {.limit_bytes = cases[i].limit_bytes,
                                   .backend = &f.gpu.backend,
                                   .alloc = f.alloc.table,
                                   .pack = true};
        assert_status(PXC_OK, pxc_create(&config, &f.cache));
        if (cases[i].packs) {
            const pxc_texture texture = insert_shape(&f, 1, 16, 16, PXC_RGBA8);
            assert_true(is_packed(&texture));
            assert_int_equal(f.gpu.textures[texture.name].width, 128);
        } else {
            assert_nothing_packs(&f);
        }
        fixture_close(&f);
    }
}

/* The limit and sides of pages; 16 MiB is the most. */
static void pages_grow_with_the_limit(void **state)
{
    (void)state;
    static const struct {
        size_t limit_bytes;
        int width, height;
    } cases[] = {
        {(size_t)4 * MIB, 512, 512},       {(size_t)8 * MIB, 512, 1024},    {(size_t)16 * MIB, 1024, 1024},
        {(size_t)64 * MIB, 1024, 1024},    {(size_t)256 * MIB, 2048, 2048}, {SIZE_MAX, 2048, 2048},
        {(size_t)MIB + MIB / 2, 512, 768}, {(size_t)300000, 256, 292},      {(size_t)128 * MIB, 1024, 2048}};
    for (size_t i = 0; i < COUNT_OF(cases); ++i) {
        fixture f;
        packed_open(&f, cases[i].limit_bytes);
        const pxc_texture texture = look_at(&f, put(&f, 1, 16));
        assert_int_equal(f.gpu.textures[texture.name].width, cases[i].width);
        assert_int_equal(f.gpu.textures[texture.name].height, cases[i].height);
        fixture_close(&f);
    }
}

/* ---- What they cost ---------------------------------------------------------------------------------------------*/

static void a_page_counts_in_full_and_its_images_for_nothing_more(void **state)
{
    (void)state;
    fixture f;
    packed_open(&f, 4 * MIB);
    for (uint32_t i = 1; i <= 225; ++i) { /* 15 rows of 15 */
        const pxc_texture texture = look_at(&f, put(&f, i, 32));
        assert_int_equal(texture.cost, 32 * 32 * 4);
        assert_int_equal(pxc_used(f.cache), MIB);
        assert_int_equal(stats_of(f.cache).packed_bytes, i * 32 * 32 * 4);
    }
    put(&f, 226, 32);
    assert_int_equal(pxc_used(f.cache), 2 * MIB);
    assert_int_equal(stats_of(f.cache).pages, 2);
    assert_int_equal(stats_of(f.cache).page_bytes, 2 * MIB);
    assert_int_equal(stats_of(f.cache).peak_bytes, 2 * MIB);
    packed_frame_end(&f);
    fixture_close(&f);
}

static void pages_are_rounded_up_to_the_granularity(void **state)
{
    (void)state;
    fixture f;
    fixture_open_config(&f, (pxc_config){.limit_bytes = 4 * MIB, .cost_granularity = 300000, .pack = true});
    const pxc_texture texture = look_at(&f, put(&f, 1, 16));
    assert_int_equal(texture.cost, 300000);
    assert_int_equal(pxc_used(f.cache), 1200000); /* above 512 x 512 x 4 */
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_ok(f.cache, pxc_clear(f.cache));
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_int_equal(pxc_used(f.cache), 0);
    fixture_close(&f);
}

/* ---- What was given out -----------------------------------------------------------------------------------------*/

/* Removed, replaced, trimmed: until the boundary nothing of it is written over. */
static void what_was_given_out_stays_until_the_boundary(void **state)
{
    (void)state;
    fixture f;
    pxc_texture given[40];
    pxc_key keys[40];
    packed_open(&f, 4 * MIB);
    for (uint32_t i = 0; i < 40; ++i) {
        keys[i] = put(&f, i, 16);
    }
    packed_frame_end(&f);
    for (uint32_t i = 0; i < 40; ++i) {
        assert_status(PXC_OK, pxc_find(f.cache, keys[i], &given[i]));
    }
    for (uint32_t i = 0; i < 10; ++i) {
        const pxc_pixmap other = paint(100 + i, 16, 16, PXC_RGBA8);
        assert_status(PXC_OK, pxc_remove(f.cache, keys[i]));
        assert_ok(f.cache, pxc_replace(f.cache, keys[10 + i], &other));
        assert_key_shows(&f, keys[10 + i], 100 + i);
    }
    assert_ok(f.cache, pxc_trim_to(f.cache, (size_t)16 * 16 * 4 * 15));
    assert_int_equal(stats_of(f.cache).entries, 15);
    for (uint32_t i = 0; i < 60; ++i) { /* would take the places */
        put(&f, 200 + i, 16);
    }
    for (uint32_t i = 0; i < 40; ++i) {
        assert_texels(&f.gpu, &given[i], i);
    }
    packed_frame_end(&f);
    fixture_close(&f);
}

static void a_place_is_used_again_after_the_boundary(void **state)
{
    (void)state;
    fixture f;
    packed_open(&f, 4 * MIB);
    pxc_key keys[225];
    for (uint32_t i = 0; i < 225; ++i) {
        keys[i] = put(&f, i, 32);
    }
    packed_frame_end(&f);
    const pxc_texture before = look_at(&f, keys[101]);
    assert_status(PXC_OK, pxc_remove(f.cache, keys[101]));
    const pxc_texture elsewhere = look_at(&f, put(&f, 300, 32)); /* not yet */
    assert_true(elsewhere.name != before.name);
    packed_frame_end(&f);
    const pxc_texture after = look_at(&f, put(&f, 301, 32));
    assert_true(after.name == before.name && after.u0 == before.u0 && after.v0 == before.v0);
    assert_texels(&f.gpu, &after, 301);
    assert_key_shows(&f, keys[100], 100);
    assert_key_shows(&f, keys[102], 102);
    fixture_close(&f);
}

static void a_page_without_images_is_deleted_at_the_boundary(void **state)
{
    (void)state;
    fixture f;
    packed_open(&f, 4 * MIB);
    const pxc_key a = put(&f, 1, 32);
    const pxc_key b = put(&f, 2, 7);
    packed_frame_end(&f);
    assert_status(PXC_OK, pxc_remove(f.cache, a));
    packed_frame_end(&f);
    assert_int_equal(stats_of(f.cache).pages, 1);
    assert_status(PXC_OK, pxc_remove(f.cache, b));
    assert_int_equal(pxc_used(f.cache), MIB);
    assert_int_equal(f.gpu.alive, 1);
    packed_frame_end(&f);
    assert_int_equal(stats_of(f.cache).pages, 0);
    assert_int_equal(stats_of(f.cache).textures_deleted, 1);
    assert_int_equal(pxc_used(f.cache), 0);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backend_has_all_that_pages_need_or_none_of_it),
        cmocka_unit_test(each_allocation_of_create_may_fail),
        cmocka_unit_test(small_images_share_a_page_and_large_ones_do_not),
        cmocka_unit_test(sizes_that_would_leave_a_page_empty_do_not_pack),
        cmocka_unit_test(images_with_mip_levels_keep_their_own_textures),
        cmocka_unit_test(each_kind_of_texels_has_its_pages),
        cmocka_unit_test(texels_are_right_for_any_shape),
        cmocka_unit_test(nothing_packs_unless_it_is_asked_for),
        cmocka_unit_test(nothing_packs_on_a_gpu_without_parts),
        cmocka_unit_test(nothing_packs_where_no_page_is_possible),
        cmocka_unit_test(pages_grow_with_the_limit),
        cmocka_unit_test(a_page_counts_in_full_and_its_images_for_nothing_more),
        cmocka_unit_test(pages_are_rounded_up_to_the_granularity),
        cmocka_unit_test(what_was_given_out_stays_until_the_boundary),
        cmocka_unit_test(a_place_is_used_again_after_the_boundary),
        cmocka_unit_test(a_page_without_images_is_deleted_at_the_boundary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
