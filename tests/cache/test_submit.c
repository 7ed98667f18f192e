/* Promise 10: what is handed over is pending until it is wholly on the GPU, is then found with its pixels, and is
 * released once. What a budget, an order, a bound or a failure makes of it is in the files beside this one. */
#include "post.h"

#include <stdlib.h>
#include <string.h>

static void a_submission_is_pending_and_found_after_frame_begin(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){0});
    assert_absent(&p, PXC_MISS, "a");
    const int a = post_submit(&p, "a", 11, 3);
    post_check(&p);
    assert_int_equal(stats_of(p.f.cache).pending_bytes, 4 * 33);
    assert_absent(&p, PXC_PENDING, "a");
    assert_absent(&p, PXC_MISS, "b");
    assert_kept(&p, a);
    assert_status(PXC_OK, post_begin(&p));
    assert_released(&p, a);
    assert_shows(&p, "a", a);
    post_end(&p);
    assert_shows(&p, "a", a);
    post_close(&p);
}

static void it_stays_pending_over_boundaries_without_frame_begin(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){0});
    const int a = post_submit(&p, "a", 11, 3);
    for (int frame = 0; frame < 40; ++frame) {
        post_end(&p);
        assert_absent(&p, PXC_PENDING, "a");
    }
    assert_kept(&p, a);
    assert_int_equal(p.f.gpu.created, 0);
    post_frames(&p, 1);
    assert_shows(&p, "a", a);
    post_close(&p);
}

static void pending_counts_as_a_miss_and_the_upload_as_one(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){0});
    post_submit(&p, "a", 11, 3);
    assert_status(PXC_PENDING, pxc_find_named(p.f.cache, "a", NULL));
    pxc_stats stats = stats_of(p.f.cache);
    assert_int_equal(stats.misses, 1);
    assert_int_equal(stats.hits, 0);
    assert_int_equal(stats.entries, 0);
    assert_int_equal(stats.uploads, 0);
    post_frames(&p, 1);
    stats = stats_of(p.f.cache);
    assert_int_equal(stats.entries, 1);
    assert_int_equal(stats.uploads, 1);
    assert_int_equal(stats.upload_bytes, 4 * 33);
    assert_int_equal(stats.textures_created, 1);
    assert_int_equal(stats.submits_failed, 0);
    assert_int_equal(stats.pending_bytes, 0);
    post_close(&p);
}

static void what_went_up_is_an_entry_like_any_other(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){.limit_bytes = 4 * 40});
    insert_width(p.f.cache, 15);
    const int a = post_submit(&p, "a", 11, 2);
    post_frames(&p, 1);
    pxc_key key = {0};
    assert_ok(p.f.cache, pxc_lookup(p.f.cache, "a", &key));
    assert_true(pxc_key_valid(p.f.cache, key));
    assert_int_equal(pxc_used(p.f.cache), 4 * (15 + 22));
    insert_width(p.f.cache, 16); /* its upload was a use: the older one goes */
    post_end(&p);
    assert_shows(&p, "a", a);
    assert_ok(p.f.cache, pxc_remove(p.f.cache, key));
    assert_absent(&p, PXC_MISS, "a");
    post_close(&p);
}

static void every_format_goes_up_in_bands_as_it_does_whole(void **state)
{
    (void)state;
    for (int whole = 0; whole < 2; ++whole) {
        for (int i = 0; i < 4 * 7; ++i) {
            const pxc_format format = (pxc_format)(i % 7);
            const int gap = i / 7 % 2 == 0 ? 0 : 5;
            const int row_bytes = (int)fake_gpu_row_bytes(format, 37);
            const pxc_pixmap shape = {.width = 37,
                                      .height = 29,
                                      .format = format,
                                      .stride = gap > 0 ? row_bytes + gap : 0,
                                      .mipmaps = i / 14 > 0};
            const pxc_config config = {.upload_bytes_per_frame = 1};
            post p;
            int a = -1;
            (whole ? post_open_whole : post_open)(&p, config);
            assert_status(PXC_OK, post_try(&p, "a", shape, &a));
            for (int frame = 0; frame < 29 && p.released == 0; ++frame) {
                assert_status(PXC_OK, pxc_frame_begin(p.f.cache));
                assert_ok(p.f.cache, pxc_frame_end(p.f.cache));
            }
            assert_shows(&p, "a", a);
            assert_int_equal(pxc_used(p.f.cache), pxc_texture_cost(format, 37, 29, shape.mipmaps));
            post_close(&p);
        }
    }
}

static void name_and_pixmap_are_copied(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){0});
    char name[16] = "mine";
    pxc_pixmap pixmap = pixmap_of(12);
    assert_ok(p.f.cache, pxc_submit(p.f.cache, name, &pixmap, NULL, NULL));
    strcpy(name, "other");
    memset(&pixmap, 0xFF, sizeof pixmap);
    assert_status(PXC_PENDING, pxc_find_named(p.f.cache, "mine", NULL));
    assert_status(PXC_OK, pxc_frame_begin(p.f.cache));
    pxc_key key = {0};
    assert_ok(p.f.cache, pxc_lookup(p.f.cache, "mine", &key));
    assert_finds(&p.f, key, 12); /* release was NULL */
    assert_absent(&p, PXC_MISS, "other");
    post_close(&p);
}

static void long_and_odd_names_are_names(void **state)
{
    (void)state;
    enum { LONG = 70000 };
    post p;
    post_open(&p, (pxc_config){0});
    char *name = malloc(LONG + 1);
    assert_non_null(name);
    memset(name, 'x', LONG);
    name[LONG] = '\0';
    const int a = post_submit(&p, name, 11, 1);
    const int b = post_submit(&p, name + 1, 12, 1);
    const int c = post_submit(&p, "\xC3\xA4/ \n", 13, 1);
    assert_absent(&p, PXC_PENDING, name);
    assert_absent(&p, PXC_MISS, name + 2);
    post_frames(&p, 1);
    assert_shows(&p, name, a);
    assert_shows(&p, name + 1, b);
    assert_shows(&p, "\xC3\xA4/ \n", c);
    free(name);
    post_close(&p);
}

static void refuse_argument(post *p, const char *name, pxc_pixmap shape)
{
    const pxc_stats before = stats_of(p->f.cache);
    assert_status(PXC_ERR_ARGUMENT, post_try(p, name, shape, NULL));
    const pxc_stats after = stats_of(p->f.cache);
    assert_same_stats(&before, &after);
    post_check(p);
}

/* For pixels that must not be released. */
static void abort_release(void *user)
{
    (void)user;
    abort();
}

static void wrong_arguments_are_refused_and_nothing_is_released(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){0});
    const pxc_pixmap good = {.width = 4, .height = 3, .format = PXC_RGBA8};
    pxc_pixmap bad = pixmap_of(4);
    refuse_argument(&p, "", good);
    refuse_argument(&p, NULL, good);
    assert_status(PXC_ERR_ARGUMENT, pxc_submit(NULL, "a", &bad, abort_release, NULL));
    assert_status(PXC_ERR_ARGUMENT, pxc_submit(p.f.cache, "a", NULL, abort_release, NULL));
    for (int wrong = 0; wrong < 8; ++wrong) {
        bad = pixmap_of(4);
        bad.pixels = wrong == 0 ? NULL : bad.pixels;
        bad.width = wrong == 1 ? 0 : wrong == 2 ? -1 : bad.width;
        bad.height = wrong == 3 ? 0 : wrong == 4 ? -1 : bad.height;
        bad.stride = wrong == 5 ? 15 : wrong == 6 ? -16 : bad.stride;
        bad.format = wrong == 7 ? (pxc_format)7 : bad.format;
        assert_status(PXC_ERR_ARGUMENT, pxc_submit(p.f.cache, "a", &bad, abort_release, NULL));
        post_check(&p);
    }
    assert_status(PXC_ERR_ARGUMENT, pxc_discard(NULL, "a"));
    assert_status(PXC_ERR_ARGUMENT, pxc_discard(p.f.cache, NULL));
    assert_status(PXC_ERR_ARGUMENT, pxc_discard(p.f.cache, ""));
    assert_status(PXC_ERR_ARGUMENT, pxc_frame_begin(NULL));
    assert_absent(&p, PXC_MISS, "a");
    post_frames(&p, 1);
    assert_int_equal(p.f.gpu.created, 0);
    post_close(&p);
}

static void a_backend_with_some_band_functions_is_refused(void **state)
{
    (void)state;
    fake_gpu gpu;
    fake_gpu_init(&gpu);
    for (int present = 1; present < 7; ++present) {
        pxc_backend backend = gpu.backend;
        backend.begin_texture = (present & 1) != 0 ? backend.begin_texture : NULL;
        backend.upload_rows = (present & 2) != 0 ? backend.upload_rows : NULL;
        backend.finish_texture = (present & 4) != 0 ? backend.finish_texture : NULL;
        const pxc_config config = {.backend = &backend};
        pxc_cache *cache = NULL;
        assert_status(PXC_ERR_ARGUMENT, pxc_create(&config, &cache));
        assert_null(cache);
    }
    fake_gpu_assert_clean(&gpu);
    fake_gpu_free(&gpu);
}

static void frame_begin_with_nothing_to_do_changes_nothing(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){0});
    insert_width(p.f.cache, 11);
    const pxc_stats before = stats_of(p.f.cache);
    const uint64_t calls = p.f.alloc.calls;
    for (int i = 0; i < 5; ++i) {
        assert_status(PXC_OK, post_begin(&p));
    }
    const pxc_stats after = stats_of(p.f.cache);
    assert_same_stats(&before, &after);
    assert_int_equal(p.f.alloc.calls, calls);
    post_close(&p);
}

static void the_null_backend_takes_submissions(void **state)
{
    (void)state;
    const pxc_config config = {.backend = pxc_null_backend()};
    const pxc_pixmap pixmap = pixmap_of(12);
    pxc_cache *cache = NULL;
    pxc_texture texture;
    assert_status(PXC_OK, pxc_create(&config, &cache));
    assert_ok(cache, pxc_submit(cache, "a", &pixmap, NULL, NULL));
    assert_ok(cache, pxc_frame_begin(cache));
    assert_ok(cache, pxc_find_named(cache, "a", &texture));
    assert_int_equal(texture.width, 12);
    assert_true(texture.name != 0);
    assert_status(PXC_OK, pxc_destroy(cache));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_submission_is_pending_and_found_after_frame_begin),
        cmocka_unit_test(it_stays_pending_over_boundaries_without_frame_begin),
        cmocka_unit_test(pending_counts_as_a_miss_and_the_upload_as_one),
        cmocka_unit_test(what_went_up_is_an_entry_like_any_other),
        cmocka_unit_test(every_format_goes_up_in_bands_as_it_does_whole),
        cmocka_unit_test(name_and_pixmap_are_copied),
        cmocka_unit_test(long_and_odd_names_are_names),
        cmocka_unit_test(wrong_arguments_are_refused_and_nothing_is_released),
        cmocka_unit_test(a_backend_with_some_band_functions_is_refused),
        cmocka_unit_test(frame_begin_with_nothing_to_do_changes_nothing),
        cmocka_unit_test(the_null_backend_takes_submissions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
