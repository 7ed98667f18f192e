/* Promise 5: cost is the exact video memory, in size_t, and no sum overflows. The expected values are summed in
 * 128 bits by a walk over the mip levels, or are worked out by hand. */
#include "check.h"

#include <limits.h>

__extension__ typedef unsigned __int128 wide;

static const wide stored_bytes[] = {
    [PXC_RGBA8] = 4, [PXC_BGRA8] = 4,  [PXC_RGB8] = 4,  [PXC_RG8] = 2,
    [PXC_R8] = 1,    [PXC_RGB565] = 2, [PXC_RGBA4] = 2,
};

static size_t expected_cost(int format, int width, int height, bool mipmaps)
{
    wide sum = 0;
    const int levels = mipmaps ? 31 : 1;
    for (int level = 0; level < levels; ++level) {
        const int w = width >> level;
        const int h = height >> level;
        if (level > 0 && w == 0 && h == 0) {
            break;
        }
        sum += (wide)(w > 0 ? w : 1) * (wide)(h > 0 ? h : 1) * stored_bytes[format];
    }
    return sum > (wide)SIZE_MAX ? 0 : (size_t)sum;
}

static void cost_is_exact_for_every_format_and_small_size(void **state)
{
    (void)state;
    for (int format = PXC_RGBA8; format <= PXC_RGBA4; ++format) {
        for (int width = 1; width <= 70; ++width) {
            for (int height = 1; height <= 70; ++height) {
                assert_int_equal(pxc_texture_cost((pxc_format)format, width, height, false),
                                 expected_cost(format, width, height, false));
                assert_int_equal(pxc_texture_cost((pxc_format)format, width, height, true),
                                 expected_cost(format, width, height, true));
            }
        }
    }
}

static void cost_by_hand(void **state)
{
    (void)state;
    assert_int_equal(pxc_texture_cost(PXC_RGBA8, 1, 1, false), 4);
    assert_int_equal(pxc_texture_cost(PXC_RGBA8, 1, 1, true), 4);
    assert_int_equal(pxc_texture_cost(PXC_BGRA8, 11, 13, false), 572);
    assert_int_equal(pxc_texture_cost(PXC_RGB8, 11, 13, false), 572);
    assert_int_equal(pxc_texture_cost(PXC_RG8, 11, 13, false), 286);
    assert_int_equal(pxc_texture_cost(PXC_R8, 11, 13, false), 143);
    assert_int_equal(pxc_texture_cost(PXC_RGB565, 11, 13, false), 286);
    assert_int_equal(pxc_texture_cost(PXC_RGBA4, 11, 13, false), 286);
    /* 4x4, 2x2, 1x1 */
    assert_int_equal(pxc_texture_cost(PXC_R8, 4, 4, true), 21);
    /* 5x3, 2x1, 1x1 */
    assert_int_equal(pxc_texture_cost(PXC_R8, 5, 3, true), 18);
    /* 1x9, 1x4, 1x2, 1x1 */
    assert_int_equal(pxc_texture_cost(PXC_R8, 1, 9, true), 16);
    assert_int_equal(pxc_texture_cost(PXC_R8, 9, 1, true), 16);
    /* 2048 x 2048 with mips: 16 MiB and a third */
    assert_int_equal(pxc_texture_cost(PXC_RGBA8, 2048, 2048, true), 22369620);
    assert_int_equal(pxc_texture_cost(PXC_RGBA8, 16384, 16384, false), 1073741824);
}

static void cost_is_exact_up_to_the_end_of_int(void **state)
{
    (void)state;
    static const int sizes[] = {1, 2, 3, 4095, 4097, 65535, 65536, 65537, 1 << 30, INT_MAX - 1, INT_MAX};
    for (int format = PXC_RGBA8; format <= PXC_RGBA4; ++format) {
        for (size_t w = 0; w < COUNT_OF(sizes); ++w) {
            for (size_t h = 0; h < COUNT_OF(sizes); ++h) {
                assert_int_equal(pxc_texture_cost((pxc_format)format, sizes[w], sizes[h], false),
                                 expected_cost(format, sizes[w], sizes[h], false));
                assert_int_equal(pxc_texture_cost((pxc_format)format, sizes[w], sizes[h], true),
                                 expected_cost(format, sizes[w], sizes[h], true));
            }
        }
    }
}

static void a_cost_beyond_size_t_is_zero(void **state)
{
    (void)state;
    assert_true(pxc_texture_cost(PXC_RGBA8, INT_MAX, INT_MAX, false) > 0);
    assert_int_equal(pxc_texture_cost(PXC_RGBA8, INT_MAX, INT_MAX, true), 0);
    assert_int_equal(pxc_texture_cost(PXC_RGB8, INT_MAX, INT_MAX, true), 0);
    assert_true(pxc_texture_cost(PXC_RG8, INT_MAX, INT_MAX, true) > 0);
}

static void what_is_no_texture_costs_zero(void **state)
{
    (void)state;
    static const int wrong[] = {0, -1, -2, INT_MIN, INT_MIN + 1};
    for (size_t i = 0; i < COUNT_OF(wrong); ++i) {
        assert_int_equal(pxc_texture_cost(PXC_RGBA8, wrong[i], 4, false), 0);
        assert_int_equal(pxc_texture_cost(PXC_RGBA8, 4, wrong[i], true), 0);
        assert_int_equal(pxc_texture_cost(PXC_R8, wrong[i], wrong[i], false), 0);
    }
    assert_int_equal(pxc_texture_cost((pxc_format)(PXC_RGBA4 + 1), 4, 4, false), 0);
    assert_int_equal(pxc_texture_cost((pxc_format)1000, 4, 4, false), 0);
    assert_int_equal(pxc_texture_cost((pxc_format)INT_MAX, 4, 4, true), 0);
}

static void a_cache_counts_what_its_textures_cost(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    size_t used = 0;
    size_t uploaded = 0;
    for (int format = PXC_RGBA8; format <= PXC_RGBA4; ++format) {
        for (int mipmaps = 0; mipmaps < 2; ++mipmaps) {
            pxc_pixmap pixmap = pixmap_new(11 + format, 7, (pxc_format)format, 5 * mipmaps);
            pixmap.mipmaps = mipmaps == 1;
            pxc_key key;
            pxc_texture texture;
            assert_ok(f.cache, pxc_insert(f.cache, &pixmap, &key));
            assert_ok(f.cache, pxc_find(f.cache, key, &texture));
            const size_t cost = expected_cost(format, pixmap.width, 7, pixmap.mipmaps);
            assert_int_equal(texture.cost, cost);
            assert_int_equal(texture.format, format);
            assert_int_equal(texture.height, 7);
            const fake_texture *seen = fake_gpu_texture(&f.gpu, texture.name);
            assert_non_null(seen);
            assert_int_equal(seen->bytes, cost);
            assert_true(seen->checksum == fake_gpu_checksum(&pixmap));
            used += cost;
            uploaded += 7 * fake_gpu_row_bytes((pxc_format)format, pixmap.width);
            assert_int_equal(pxc_used(f.cache), used);
            assert_int_equal(stats_of(f.cache).upload_bytes, uploaded);
            pixmap_free(&pixmap);
        }
    }
    assert_int_equal(f.gpu.bytes, used);
    fixture_close(&f);
}

static void granularity_rounds_a_cost_up(void **state)
{
    (void)state;
    static const size_t granularities[] = {0, 1, 2, 3, 7, 44, 45, 64, 4096, 131072};
    for (size_t i = 0; i < COUNT_OF(granularities); ++i) {
        const size_t g = granularities[i];
        fixture f;
        fixture_open_config(&f, (pxc_config){.cost_granularity = g});
        const pxc_key key = insert_width(f.cache, 11);
        const size_t expected = g > 1 ? (44 / g + (44 % g > 0 ? 1 : 0)) * g : 44;
        pxc_texture texture;
        assert_ok(f.cache, pxc_find(f.cache, key, &texture));
        assert_int_equal(texture.cost, expected);
        assert_int_equal(pxc_used(f.cache), expected);
        assert_ok(f.cache, pxc_pin(f.cache, key));
        assert_int_equal(stats_of(f.cache).pinned_bytes, expected);
        assert_ok(f.cache, pxc_remove(f.cache, key));
        end_frames(f.cache, 1);
        assert_int_equal(pxc_used(f.cache), 0);
        fixture_close(&f);
    }
}

static void granularity_decides_what_is_too_large(void **state)
{
    (void)state;
    fixture f;
    fixture_open_config(&f, (pxc_config){.limit_bytes = 100, .cost_granularity = 64});
    const pxc_pixmap pixmap = pixmap_of(17);
    pxc_key key;
    insert_width(f.cache, 16);
    assert_status(PXC_ERR_TOO_LARGE, pxc_insert(f.cache, &pixmap, &key));
    fixture_close(&f);
}

static void no_sum_overflows_at_the_end_of_size_t(void **state)
{
    (void)state;
    static const size_t granularities[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 2};
    for (size_t i = 0; i < COUNT_OF(granularities); ++i) {
        fixture f;
        fixture_open_config(&f, (pxc_config){.limit_bytes = SIZE_MAX, .cost_granularity = granularities[i]});
        const pxc_key key = insert_width(f.cache, 11);
        const pxc_pixmap pixmap = pixmap_of(12);
        pxc_key second = {77};
        assert_int_equal(pxc_used(f.cache), granularities[i]);
        assert_status(PXC_ERR_FULL, pxc_insert(f.cache, &pixmap, &second));
        assert_zero_key(second);
        assert_status(PXC_ERR_FULL, pxc_replace(f.cache, key, &pixmap));
        assert_finds(&f, key, 11);
        assert_ok(f.cache, pxc_remove(f.cache, key));
        assert_status(PXC_ERR_FULL, pxc_insert(f.cache, &pixmap, &second));
        end_frames(f.cache, 1);
        assert_ok(f.cache, pxc_insert(f.cache, &pixmap, &second));
        fixture_close(&f);
    }
}

static void granularity_at_the_end_of_size_t_meets_the_limit(void **state)
{
    (void)state;
    fixture f;
    fixture_open_config(&f, (pxc_config){.limit_bytes = SIZE_MAX - 1, .cost_granularity = SIZE_MAX});
    const pxc_pixmap pixmap = pixmap_of(11);
    pxc_key key;
    assert_status(PXC_ERR_TOO_LARGE, pxc_insert(f.cache, &pixmap, &key));
    assert_int_equal(pxc_used(f.cache), 0);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cost_is_exact_for_every_format_and_small_size),
        cmocka_unit_test(cost_by_hand),
        cmocka_unit_test(cost_is_exact_up_to_the_end_of_int),
        cmocka_unit_test(a_cost_beyond_size_t_is_zero),
        cmocka_unit_test(what_is_no_texture_costs_zero),
        cmocka_unit_test(a_cache_counts_what_its_textures_cost),
        cmocka_unit_test(granularity_rounds_a_cost_up),
        cmocka_unit_test(granularity_decides_what_is_too_large),
        cmocka_unit_test(no_sum_overflows_at_the_end_of_size_t),
        cmocka_unit_test(granularity_at_the_end_of_size_t_meets_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
