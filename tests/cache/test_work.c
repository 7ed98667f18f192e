/* config.on_work: each upload, deletion and move is told once, with its image, its bytes and what it took by the cache's
 * clock, which is the fake GPU's: time passes there by what is uploaded. */
#include "packed.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { KIB = 1024, MOST_TOLD = 4096 };

typedef struct told {
    pxc_work works[MOST_TOLD];
    char names[MOST_TOLD][32]; /* "" = none */
    size_t count;
    pxc_cache *cache;
    pxc_status intruded; /* what the cache answers from inside */
} told;

static told all;

static void on_work(void *user, const pxc_work *work)
{
    told *t = user;
    assert_true(t->count < MOST_TOLD);
    t->works[t->count] = *work;
    snprintf(t->names[t->count], sizeof t->names[0], "%s", work->name == NULL ? "" : work->name);
    ++t->count;
    t->intruded = pxc_remove_named(t->cache, "a");
}

/* 1 KiB takes 10 us. */
static void open_told(fixture *f, pxc_config config)
{
    memset(&all, 0, sizeof all);
    config.on_work = on_work;
    config.on_work_user = &all;
    config.now_us = fake_gpu_now_us;
    config.now_us_user = &f->gpu;
    fixture_open_config(f, config);
    f->gpu.us_per_kib = 10;
    all.cache = f->cache;
}

static void assert_told(size_t at, pxc_work_kind kind, const char *name, uint64_t bytes, uint64_t count)
{
    assert_true(at < all.count);
    assert_int_equal(all.works[at].kind, kind);
    assert_string_equal(all.names[at], name);
    assert_int_equal(all.works[at].bytes, bytes);
    assert_int_equal(all.works[at].count, count);
}

static void each_upload_is_told_with_its_name_its_bytes_and_its_time(void **state)
{
    (void)state;
    fixture f;
    open_told(&f, (pxc_config){0});
    const pxc_key unnamed = insert_width(f.cache, 256);
    insert_name(f.cache, "a", 512);
    const pxc_key b = insert_name(f.cache, "b", 256);
    const pxc_pixmap larger = pixmap_of(768);
    assert_ok(f.cache, pxc_replace(f.cache, b, &larger));
    assert_ok(f.cache, pxc_replace(f.cache, unnamed, &larger));
    assert_int_equal(all.count, 5);
    assert_told(0, PXC_WORK_UPLOAD, "", 1 * KIB, 1);
    assert_told(1, PXC_WORK_UPLOAD, "a", 2 * KIB, 1);
    assert_told(2, PXC_WORK_UPLOAD, "b", 1 * KIB, 1);
    assert_told(3, PXC_WORK_UPLOAD, "b", 3 * KIB, 1);
    assert_told(4, PXC_WORK_UPLOAD, "", 3 * KIB, 1);
    for (size_t i = 0; i < all.count; ++i) {
        assert_int_equal(all.works[i].duration_ns, all.works[i].bytes / KIB * 10 * 1000);
        assert_int_equal(all.works[i].cost_bytes, all.works[i].bytes);
    }
    fixture_close(&f);
}

static void the_cache_can_not_be_called_from_inside(void **state)
{
    (void)state;
    fixture f;
    open_told(&f, (pxc_config){0});
    const pxc_key a = insert_name(f.cache, "a", 11);
    assert_status(PXC_ERR_ARGUMENT, all.intruded);
    assert_true(pxc_key_valid(f.cache, a));
    fixture_close(&f);
}

static void a_failed_upload_is_told_as_such(void **state)
{
    (void)state;
    fixture f;
    pxc_key key;
    open_told(&f, (pxc_config){0});
    const pxc_pixmap pixmap = pixmap_of(11);
    fake_gpu_fail_next(&f.gpu, PXC_ERR_GPU, 1);
    assert_status(PXC_ERR_GPU, pxc_insert_named(f.cache, "broken", &pixmap, &key));
    assert_int_equal(all.count, 1);
    assert_told(0, PXC_WORK_UPLOAD, "broken", 0, 0);
    assert_int_equal(all.works[0].cost_bytes, 0);
    fixture_close(&f);
}

static void a_boundary_tells_of_its_deletions_once(void **state)
{
    (void)state;
    fixture f;
    open_told(&f, (pxc_config){.limit_bytes = 100});
    insert_width(f.cache, 11);
    insert_width(f.cache, 12);
    insert_width(f.cache, 13);
    all.count = 0;
    end_frames(f.cache, 2);
    assert_int_equal(all.count, 1);
    assert_told(0, PXC_WORK_DELETE, "", 44, 1);
    fixture_close(&f);
}

/* Its bands add up to it, all under its name; it is there with the last. */
static void what_goes_up_in_bands_is_told_band_by_band(void **state)
{
    (void)state;
    fixture f;
    uint64_t bytes = 0;
    uint64_t ns = 0;
    open_told(&f, (pxc_config){.upload_bytes_per_frame = 8 * KIB});
    pxc_pixmap pixmap = pixmap_new(64, 256, PXC_RGBA8, 0);
    assert_ok(f.cache, pxc_submit(f.cache, "large", &pixmap, NULL, NULL));
    pxc_key key;
    while (pxc_lookup(f.cache, "large", &key) != PXC_OK) {
        assert_ok(f.cache, pxc_frame_begin(f.cache));
        end_frames(f.cache, 1);
    }
    assert_true(all.count >= 8);
    for (size_t i = 0; i < all.count; ++i) {
        assert_told(i, PXC_WORK_UPLOAD, "large", all.works[i].bytes, i + 1 == all.count ? 1 : 0);
        assert_int_equal(all.works[i].cost_bytes, i + 1 == all.count ? 64 * KIB : 0);
        bytes += all.works[i].bytes;
        ns += all.works[i].duration_ns;
    }
    assert_int_equal(bytes, 64 * KIB);
    assert_int_equal(ns, f.gpu.clock_us * 1000);

    all.count = 0; /* and over the entry that it has now, whose name stays the entry's */
    pxc_pixmap small = pixmap_of(7);
    assert_ok(f.cache, pxc_submit(f.cache, "large", &small, NULL, NULL));
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    assert_told(0, PXC_WORK_UPLOAD, "large", 28, 1);
    fixture_close(&f);
    pixmap_free(&pixmap);
}

/* All that the statistics count was told, whatever happens. */
static void what_is_told_adds_up_to_the_statistics(void **state)
{
    (void)state;
    fixture f;
    uint64_t seed = 5;
    uint64_t counts[3] = {0};
    uint64_t upload_bytes = 0;
    open_told(&f, (pxc_config){.limit_bytes = 4 * MIB, .pack = true});
    for (uint32_t i = 0; i < 1500; ++i) {
        const int side = 1 + (int)random_below(&seed, 64);
        const pxc_pixmap pixmap = paint(i, side, side, PXC_RGBA8);
        pxc_key key;
        assert_status(PXC_OK, pxc_insert(f.cache, &pixmap, &key));
        if (random_below(&seed, 3) == 0) {
            assert_status(PXC_OK, pxc_remove(f.cache, key));
        }
        if (i % 40 == 0) {
            assert_ok(f.cache, pxc_trim_to(f.cache, 1 + random_below(&seed, 2 * MIB)));
            end_frames(f.cache, 1);
        }
    }
    for (int i = 0; i < 200; ++i) { /* in which pages are tidied */
        end_frames(f.cache, 1);
    }
    for (size_t i = 0; i < all.count; ++i) {
        counts[all.works[i].kind] += all.works[i].count;
        upload_bytes += all.works[i].kind == PXC_WORK_UPLOAD ? all.works[i].bytes : 0;
    }
    const pxc_stats stats = stats_of(f.cache);
    assert_true(stats.moves > 0 && stats.textures_deleted > 0);
    assert_int_equal(counts[PXC_WORK_UPLOAD], stats.uploads);
    assert_int_equal(counts[PXC_WORK_DELETE], stats.textures_deleted);
    assert_int_equal(counts[PXC_WORK_MOVE], stats.moves);
    assert_int_equal(upload_bytes, stats.upload_bytes);
    fixture_close(&f);
}

static uint64_t counted_now_us(void *looks)
{
    return ++*(uint64_t *)looks;
}

static void nobody_looks_at_the_clock_for_nobody(void **state)
{
    (void)state;
    fixture f;
    uint64_t looks = 0;
    fixture_open_config(&f,
                        (pxc_config){.limit_bytes = 100, .now_us = counted_now_us, .now_us_user = &looks});
    const uint64_t before = looks;
    insert_name(f.cache, "a", 11);
    insert_width(f.cache, 12);
    insert_width(f.cache, 13);
    end_frames(f.cache, 2);
    assert_int_equal(looks, before);
    fixture_close(&f);
}

static uint64_t system_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Without a clock of the application's: never more than what passed outside, and not nothing. */
static void time_passes_by_the_systems_clock(void **state)
{
    (void)state;
    fixture f;
    uint64_t told_ns = 0;
    memset(&all, 0, sizeof all);
    fixture_open_config(&f, (pxc_config){.on_work = on_work, .on_work_user = &all});
    const uint64_t start_ns = system_ns();
    for (int i = 0; i < 1000; ++i) {
        insert_width(f.cache, 1024);
        told_ns += all.works[i].duration_ns;
    }
    assert_true(told_ns > 0 && told_ns <= system_ns() - start_ns);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_upload_is_told_with_its_name_its_bytes_and_its_time),
        cmocka_unit_test(the_cache_can_not_be_called_from_inside),
        cmocka_unit_test(a_failed_upload_is_told_as_such),
        cmocka_unit_test(a_boundary_tells_of_its_deletions_once),
        cmocka_unit_test(what_goes_up_in_bands_is_told_band_by_band),
        cmocka_unit_test(what_is_told_adds_up_to_the_statistics),
        cmocka_unit_test(time_passes_by_the_systems_clock),
        cmocka_unit_test(nobody_looks_at_the_clock_for_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
