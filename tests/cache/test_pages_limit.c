/* Limit, ceiling, pins and trims of a cache that packs. With 4 MiB its pages are of 1 MiB, for 225 images of 32 x 32. */
#include "packed.h"

enum { PLACES = 225, ROOMY = 900 /* of a page under 64 MiB */, MOST_EVICTED = 8000 };

static struct {
    pxc_key keys[MOST_EVICTED];
    pxc_evict_reason reasons[MOST_EVICTED];
    size_t count;
} evicted;

static void on_evict(void *user, pxc_key key, const char *name, pxc_evict_reason reason)
{
    (void)user;
    (void)name;
    assert_in_range(evicted.count, 0, MOST_EVICTED - 1);
    evicted.keys[evicted.count] = key;
    evicted.reasons[evicted.count++] = reason;
}

static void open_told(fixture *f, pxc_config config)
{
    evicted.count = 0;
    config.on_evict = on_evict;
    config.pack = true;
    fixture_open_config(f, config);
}

static void put_many(fixture *f, pxc_key *keys, uint32_t count, int side)
{
    for (uint32_t i = 0; i < count; ++i) {
        keys[i] = put(f, i, side);
    }
}

static void assert_all_show(const fixture *f, const pxc_key *keys, uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i) {
        if (pxc_key_valid(f->cache, keys[i])) {
            assert_key_shows(f, keys[i], i);
        }
    }
}

/* ---- The limit --------------------------------------------------------------------------------------------------*/

static void the_limit_holds_after_every_frame_whatever_comes(void **state)
{
    (void)state;
    static const size_t limits[] = {70000, 200000, 1500000, 4 * MIB};
    uint64_t seed = 7;
    for (size_t i = 0; i < COUNT_OF(limits); ++i) {
        fixture f;
        packed_open(&f, limits[i]);
        for (int frame = 0; frame < 300; ++frame) {
            for (uint32_t n = random_below(&seed, 30); n > 0; --n) {
                pxc_key key;
                const bool is_large = random_below(&seed, 10) == 0;
                const pxc_status status =
                    try_put(&f, n, 1 + (int)random_below(&seed, is_large ? 120 : 40), &key);
                assert_true(status == PXC_OK || status == PXC_ERR_FULL);
                assert_true(pxc_used(f.cache) <= 2 * limits[i]);
            }
            packed_frame_end(&f);
        }
        assert_int_equal(stats_of(f.cache).over_limit_frames, 0);
        fixture_close(&f);
    }
}

/* The oldest go, in the order of their last use, and who stays is younger than all of them. */
static void the_least_recently_used_go_first(void **state)
{
    (void)state;
    static pxc_key keys[16 * ROOMY];
    static uint32_t order[16 * ROOMY]; /* image by the time of its last use */
    const uint32_t count = COUNT_OF(keys);
    uint64_t seed = 3;
    fixture f;
    open_told(&f, (pxc_config){.limit_bytes = (size_t)64 * MIB});
    put_many(&f, keys, count, 32);
    packed_frame_end(&f);
    assert_int_equal(evicted.count, 0);
    assert_int_equal(pxc_used(f.cache), 64 * MIB);
    for (uint32_t i = 0; i < count; ++i) {
        order[i] = i;
    }
    for (uint32_t i = count - 1; i > 0; --i) {
        const uint32_t other = random_below(&seed, i + 1);
        const uint32_t kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
    for (uint32_t i = 0; i < count; ++i) {
        assert_status(PXC_OK, pxc_find(f.cache, keys[order[i]], NULL));
    }
    put(&f, 1, 300); /* one page must go */
    packed_frame_end(&f);
    for (uint32_t i = 0; i < evicted.count; ++i) {
        assert_true(evicted.keys[i].id == keys[order[i]].id);
        assert_int_equal(evicted.reasons[i], PXC_EVICT_LIMIT);
    }
    assert_all_show(&f, keys, count);
    assert_in_range(evicted.count, 1, ROOMY + count / 32 + 1); /* no more than was promised */
    assert_true(stats_of(f.cache).moves > 0);
    fixture_close(&f);
}

/* The first boundary of a cache is one like all others. */
static void a_boundary_moves_images_together_before_it_evicts_any(void **state)
{
    (void)state;
    static pxc_key keys[2 * PLACES];
    fixture f;
    packed_open(&f, 4 * MIB);
    put_many(&f, keys, COUNT_OF(keys), 32);
    for (uint32_t i = 0; i < COUNT_OF(keys); ++i) {
        if (i % 3 != 0) {
            assert_status(PXC_OK, pxc_remove(f.cache, keys[i]));
        }
    }
    assert_ok(f.cache, pxc_set_limit(f.cache, MIB));
    packed_frame_end(&f);
    assert_int_equal(stats_of(f.cache).evictions, 0);
    assert_int_equal(stats_of(f.cache).moves, PLACES / 3);
    assert_int_equal(stats_of(f.cache).pages, 1);
    assert_all_show(&f, keys, COUNT_OF(keys));
    fixture_close(&f);
}

/* Pages of the old limit are larger than the new one allows, and wider. */
static void a_lower_limit_keeps_what_fits_below_it(void **state)
{
    (void)state;
    static const size_t limits[] = {17 * MIB, 3 * MIB, MIB, 300000, 100000};
    static pxc_key keys[2000];
    for (size_t i = 0; i < COUNT_OF(limits); ++i) {
        fixture f;
        packed_open(&f, (size_t)64 * MIB);
        put_many(&f, keys, COUNT_OF(keys), 48);
        packed_frame_end(&f);
        assert_ok(f.cache, pxc_set_limit(f.cache, limits[i]));
        packed_frame_end(&f);
        assert_true(stats_of(f.cache).packed_bytes >= limits[i] / 2);
        assert_all_show(&f, keys, COUNT_OF(keys));
        assert_true(pxc_key_valid(f.cache, keys[COUNT_OF(keys) - 1]));
        fixture_close(&f);
    }
}

static void a_limit_of_nothing_empties_the_cache_and_a_higher_one_packs_again(void **state)
{
    (void)state;
    fixture f;
    packed_open(&f, 4 * MIB);
    const pxc_key key = put(&f, 1, 32);
    assert_ok(f.cache, pxc_set_limit(f.cache, 0));
    assert_key_shows(&f, key, 1);
    const pxc_key own = put(&f, 2, 16); /* still admitted, but there is no page for it */
    const pxc_texture texture = look_at(&f, own);
    assert_false(is_packed(&texture));
    packed_frame_end(&f);
    assert_int_equal(pxc_used(f.cache), 0);
    assert_int_equal(stats_of(f.cache).entries, 0);
    assert_ok(f.cache, pxc_set_limit(f.cache, (size_t)64 * MIB));
    const pxc_texture later = look_at(&f, put(&f, 3, 100)); /* 1,024 x 1,024 */
    assert_true(is_packed(&later));
    assert_int_equal(pxc_used(f.cache), 4 * MIB);
    packed_frame_end(&f);
    fixture_close(&f);
}

static void a_page_is_as_high_as_what_is_left_below_the_limit(void **state)
{
    (void)state;
    fixture f;
    packed_open(&f, MIB);
    put(&f, 1, 300); /* leaves two thirds of a page */
    const pxc_texture texture = look_at(&f, put(&f, 2, 16));
    assert_true(is_packed(&texture));
    assert_int_equal(f.gpu.textures[texture.name].height, (MIB - 360000) / 2048 / 2 * 2);
    assert_true(pxc_used(f.cache) <= MIB);
    packed_frame_end(&f);
    assert_int_equal(stats_of(f.cache).evictions, 0);
    fixture_close(&f);
}

static void entries_are_bounded_in_pages_too(void **state)
{
    (void)state;
    pxc_key keys[20];
    fixture f;
    open_told(&f, (pxc_config){.limit_bytes = 4 * MIB, .max_entries = 12});
    put_many(&f, keys, 20, 16);
    packed_frame_end(&f);
    assert_int_equal(stats_of(f.cache).entries, 12);
    assert_int_equal(stats_of(f.cache).packed_entries, 12);
    for (uint32_t i = 0; i < 20; ++i) {
        assert_int_equal(pxc_key_valid(f.cache, keys[i]), i >= 8);
    }
    fixture_close(&f);
}

/* ---- The ceiling ------------------------------------------------------------------------------------------------*/

static void what_finds_no_page_below_the_ceiling_has_a_texture_of_its_own_and_then_waits(void **state)
{
    (void)state;
    pxc_key key = {77};
    fixture f;
    fixture_open_config(&f, (pxc_config){.limit_bytes = 4 * MIB, .ceiling_bytes = MIB + 5000, .pack = true});
    for (uint32_t i = 0; i < PLACES; ++i) {
        const pxc_texture texture = look_at(&f, put(&f, i, 32));
        assert_true(is_packed(&texture));
    }
    const pxc_texture own = look_at(&f, put(&f, 300, 32));
    assert_false(is_packed(&own));
    assert_status(PXC_ERR_FULL, try_put(&f, 301, 32, &key));
    assert_zero_key(key);
    assert_int_equal(pxc_used(f.cache), MIB + 4096);
    packed_frame_end(&f);
    put(&f, 301, 32);
    assert_true(pxc_used(f.cache) <= MIB + 5000);
    packed_frame_end(&f);
    fixture_close(&f);
}

/* Past the ceiling for a texture of its own; not for a place that is there. */
static void a_place_that_is_free_is_taken_at_the_ceiling(void **state)
{
    (void)state;
    pxc_key key = {0};
    fixture f;
    fixture_open_config(&f, (pxc_config){.limit_bytes = 4 * MIB, .ceiling_bytes = MIB, .pack = true});
    put(&f, 1, 32);
    assert_status(PXC_OK, try_put(&f, 2, 32, &key));
    assert_key_shows(&f, key, 2);
    assert_status(PXC_ERR_FULL, try_put(&f, 3, 65, &key));
    assert_int_equal(pxc_used(f.cache), MIB);
    f.gpu.fail_fill_at = f.gpu.fill_calls + 1; /* no texture of its own either */
    assert_status(PXC_ERR_GPU, try_put(&f, 4, 32, &key));
    assert_zero_key(key);
    packed_frame_end(&f);
    fixture_close(&f);
}

/* ---- Pins -------------------------------------------------------------------------------------------------------*/

static void pinned_images_stay_and_move(void **state)
{
    (void)state;
    static pxc_key keys[4 * PLACES];
    fixture f;
    packed_open(&f, 4 * MIB);
    put_many(&f, keys, COUNT_OF(keys), 32);
    for (uint32_t i = 0; i < COUNT_OF(keys); i += 30) {
        assert_status(PXC_OK, pxc_pin(f.cache, keys[i]));
    }
    packed_frame_end(&f);
    assert_int_equal(stats_of(f.cache).pages, 4);
    assert_int_equal(stats_of(f.cache).pinned_bytes, 30 * 32 * 32 * 4);
    assert_ok(f.cache, pxc_set_limit(f.cache, MIB / 4));
    packed_frame_end(&f);
    assert_true(pxc_used(f.cache) <= MIB / 4);
    assert_int_equal(stats_of(f.cache).over_limit_frames, 0);
    for (uint32_t i = 0; i < COUNT_OF(keys); i += 30) {
        assert_key_shows(&f, keys[i], i);
        assert_status(PXC_OK, pxc_unpin(f.cache, keys[i]));
    }
    assert_int_equal(stats_of(f.cache).pinned_bytes, 0);
    fixture_close(&f);
}

static void pins_alone_above_the_limit_are_counted(void **state)
{
    (void)state;
    static pxc_key keys[300];
    fixture f;
    packed_open(&f, 4 * MIB);
    put_many(&f, keys, 300, 32);
    for (uint32_t i = 0; i < 300; ++i) {
        assert_status(PXC_OK, pxc_pin(f.cache, keys[i]));
    }
    assert_ok(f.cache, pxc_set_limit(f.cache, MIB));
    packed_frame_end(&f);
    packed_frame_end(&f);
    assert_int_equal(stats_of(f.cache).over_limit_frames, 2);
    assert_int_equal(stats_of(f.cache).entries, 300);
    assert_all_show(&f, keys, 300);
    for (uint32_t i = 0; i < 300; ++i) {
        assert_status(PXC_OK, pxc_unpin(f.cache, keys[i]));
    }
    packed_frame_end(&f);
    assert_true(pxc_used(f.cache) <= MIB);
    assert_int_equal(stats_of(f.cache).over_limit_frames, 2);
    fixture_close(&f);
}

/* The one place that lets the pinned image of the second page move is that of the last image that is not pinned; a try
 * before it went was in vain. */
static void the_last_eviction_is_followed_by_a_try_to_make_room(void **state)
{
    (void)state;
    fixture f;
    packed_open(&f, 2 * MIB);
    put(&f, 1, 32);
    for (uint32_t i = 0; i < PLACES; ++i) {
        assert_status(PXC_OK, pxc_pin(f.cache, put(&f, i, 32)));
    }
    packed_frame_end(&f);
    assert_int_equal(stats_of(f.cache).pages, 2);
    assert_ok(f.cache, pxc_set_limit(f.cache, MIB + 1000));
    packed_frame_end(&f);
    assert_int_equal(stats_of(f.cache).entries, PLACES);
    assert_int_equal(pxc_used(f.cache), MIB);
    assert_int_equal(stats_of(f.cache).over_limit_frames, 0);
    fixture_close(&f);
}

/* ---- Trims ------------------------------------------------------------------------------------------------------*/

static void trims_count_what_images_cost(void **state)
{
    (void)state;
    pxc_key keys[30];
    fixture f;
    open_told(&f, (pxc_config){.limit_bytes = 4 * MIB});
    put_many(&f, keys, 30, 16);
    packed_frame_end(&f);
    assert_status(PXC_OK, pxc_find(f.cache, keys[0], NULL));
    assert_ok(f.cache, pxc_trim_to(f.cache, 1024 * 20 + 1023));
    assert_int_equal(stats_of(f.cache).entries, 20);
    assert_int_equal(evicted.count, 10);
    assert_true(evicted.keys[0].id == keys[1].id && evicted.reasons[0] == PXC_EVICT_TRIM);
    assert_int_equal(pxc_used(f.cache), MIB);
    assert_ok(f.cache, pxc_trim_older(f.cache, 0));
    assert_int_equal(stats_of(f.cache).entries, 1);
    assert_key_shows(&f, keys[0], 0);
    packed_frame_end(&f);
    assert_ok(f.cache, pxc_trim_to(f.cache, 0));
    assert_int_equal(stats_of(f.cache).packed_bytes, 0);
    packed_frame_end(&f);
    assert_int_equal(pxc_used(f.cache), 0);
    fixture_close(&f);
}

/* Of a page that this frame uses nothing goes but what it has not used; other pages go at once. */
static void a_gpu_without_memory_gets_the_pages_that_the_frame_has_not_used(void **state)
{
    (void)state;
    static pxc_key keys[PLACES + 5];
    pxc_texture given;
    fixture f;
    open_told(&f, (pxc_config){.limit_bytes = 4 * MIB});
    put_many(&f, keys, COUNT_OF(keys), 32);
    packed_frame_end(&f);
    assert_status(PXC_OK, pxc_find(f.cache, keys[3], &given));
    assert_status(PXC_OK, pxc_remove(f.cache, keys[4]));
    const pxc_key doomed_own = put(&f, 6, 100);
    assert_status(PXC_OK, pxc_remove(f.cache, doomed_own));
    fake_gpu_fail_next(&f.gpu, PXC_ERR_MEMORY, 1);
    const pxc_key large = put(&f, 5, 200);
    assert_status(PXC_OK, pxc_validate(f.cache));
    assert_texels(&f.gpu, &given, 3);
    assert_key_shows(&f, keys[3], 3);
    assert_key_shows(&f, large, 5);
    const pxc_stats stats = stats_of(f.cache);
    assert_int_equal(stats.entries, 2);
    assert_int_equal(stats.pages, 1);
    assert_int_equal(stats.doomed_bytes, 100 * 100 * 4);
    assert_int_equal(stats.used_bytes, MIB + 100 * 100 * 4 + 200 * 200 * 4);
    assert_int_equal(evicted.count, PLACES + 5 - 2);
    assert_int_equal(evicted.reasons[0], PXC_EVICT_GPU_MEMORY);
    packed_frame_end(&f);
    fixture_close(&f);
}

/* A page that is cut down to what is left keeps below a ceiling that is below the limit, too. */
static void a_low_page_does_not_pass_the_ceiling(void **state)
{
    (void)state;
    enum { CEILING = 600000 };
    fixture f;
    fixture_open_config(&f, (pxc_config){.limit_bytes = MIB, .ceiling_bytes = CEILING, .pack = true});
    put(&f, 1, 300); /* 360,000 bytes of its own */
    for (uint32_t i = 2; i < 20; ++i) {
        put(&f, i, 16);
        assert_true(pxc_used(f.cache) <= CEILING);
        assert_int_equal(pxc_validate(f.cache), PXC_OK);
    }
    assert_true(stats_of(f.cache).peak_bytes <= CEILING);
    assert_int_equal(stats_of(f.cache).pages, 0); /* less than a quarter of one is left */
    put(&f, 20, 16);
    packed_frame_end(&f);
    fixture_close(&f);

    fixture_open_config(&f, (pxc_config){.limit_bytes = MIB, .ceiling_bytes = CEILING, .pack = true});
    put(&f, 1, 200); /* 160,000 */
    put(&f, 2, 16);
    assert_int_equal(stats_of(f.cache).pages, 1);
    assert_true(pxc_used(f.cache) <= CEILING);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_low_page_does_not_pass_the_ceiling),
        cmocka_unit_test(the_limit_holds_after_every_frame_whatever_comes),
        cmocka_unit_test(the_least_recently_used_go_first),
        cmocka_unit_test(a_boundary_moves_images_together_before_it_evicts_any),
        cmocka_unit_test(a_lower_limit_keeps_what_fits_below_it),
        cmocka_unit_test(a_limit_of_nothing_empties_the_cache_and_a_higher_one_packs_again),
        cmocka_unit_test(a_page_is_as_high_as_what_is_left_below_the_limit),
        cmocka_unit_test(entries_are_bounded_in_pages_too),
        cmocka_unit_test(what_finds_no_page_below_the_ceiling_has_a_texture_of_its_own_and_then_waits),
        cmocka_unit_test(a_place_that_is_free_is_taken_at_the_ceiling),
        cmocka_unit_test(pinned_images_stay_and_move),
        cmocka_unit_test(pins_alone_above_the_limit_are_counted),
        cmocka_unit_test(the_last_eviction_is_followed_by_a_try_to_make_room),
        cmocka_unit_test(trims_count_what_images_cost),
        cmocka_unit_test(a_gpu_without_memory_gets_the_pages_that_the_frame_has_not_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
