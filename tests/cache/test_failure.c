/* Promise 2: a call that fails changes nothing, leaks nothing and zeroes its out parameters. */
#include "check.h"

#include <limits.h>
#include <string.h>

static void assert_refused(fixture *f, pxc_status expected, const pxc_pixmap *pixmap)
{
    const pxc_stats before = stats_of(f->cache);
    const pxc_key old = insert_name(f->cache, "old", 12);
    assert_int_equal(pxc_remove(f->cache, old), PXC_OK);
    const pxc_key kept = insert_name(f->cache, "old", 12);
    const pxc_stats full = stats_of(f->cache);
    const uint64_t creates = f->gpu.create_calls;
    pxc_key out = {77};
    assert_status(expected, pxc_insert(f->cache, pixmap, &out));
    assert_zero_key(out);
    out.id = 77;
    assert_status(expected, pxc_insert_named(f->cache, "old", pixmap, &out));
    assert_zero_key(out);
    out.id = 77;
    assert_status(expected, pxc_insert_named(f->cache, "new", pixmap, &out));
    assert_zero_key(out);
    assert_status(expected, pxc_insert_named(f->cache, "new", pixmap, NULL));
    assert_status(expected, pxc_replace(f->cache, kept, pixmap));
    const pxc_stats after = stats_of(f->cache);
    assert_same_stats(&full, &after);
    assert_int_equal(f->gpu.create_calls, creates);
    assert_status(PXC_MISS, pxc_lookup(f->cache, "new", &out));
    assert_finds(f, kept, 12);
    assert_ok(f->cache, pxc_remove(f->cache, kept));
    end_frames(f->cache, 1);
    assert_int_equal(pxc_used(f->cache), before.used_bytes);
}

static void a_wrong_pixmap_is_refused(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_pixmap good = pixmap_of(11);
    pxc_pixmap bad[11];
    for (size_t i = 0; i < COUNT_OF(bad); ++i) {
        bad[i] = good;
    }
    bad[0].pixels = NULL;
    bad[1].width = 0;
    bad[2].height = 0;
    bad[3].width = -1;
    bad[4].height = -1;
    bad[5].width = INT_MIN;
    bad[6].stride = 4 * 11 - 1;
    bad[7].stride = -44;
    bad[8].stride = INT_MIN;
    bad[9].format = (pxc_format)(PXC_RGBA4 + 1);
    bad[10].format = (pxc_format)1000;
    for (size_t i = 0; i < COUNT_OF(bad); ++i) {
        assert_refused(&f, PXC_ERR_ARGUMENT, &bad[i]);
    }
    assert_refused(&f, PXC_ERR_ARGUMENT, NULL);
    assert_int_equal(f.gpu.faults, 0);
    fixture_close(&f);
}

static void a_stride_below_a_row_is_refused_in_every_format(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    for (int format = PXC_RGBA8; format <= PXC_RGBA4; ++format) {
        pxc_pixmap pixmap = pixmap_new(13, 3, (pxc_format)format, 0);
        pxc_key key;
        const int row = (int)fake_gpu_row_bytes((pxc_format)format, 13);
        pixmap.stride = row - 1;
        assert_status(PXC_ERR_ARGUMENT, pxc_insert(f.cache, &pixmap, &key));
        pixmap.stride = 1;
        assert_status(row > 1 ? PXC_ERR_ARGUMENT : PXC_OK, pxc_insert(f.cache, &pixmap, &key));
        pixmap.stride = row;
        assert_ok(f.cache, pxc_insert(f.cache, &pixmap, &key));
        pixmap_free(&pixmap);
    }
    fixture_close(&f);
}

static void a_size_at_the_end_of_int_is_too_large(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, SIZE_MAX);
    for (int format = PXC_RGBA8; format <= PXC_RGBA4; ++format) {
        pxc_pixmap huge = pixmap_of(11);
        huge.format = (pxc_format)format;
        huge.width = INT_MAX;
        huge.height = INT_MAX;
        assert_refused(&f, PXC_ERR_TOO_LARGE, &huge);
        huge.mipmaps = true;
        assert_refused(&f, PXC_ERR_TOO_LARGE, &huge);
    }
    fixture_close(&f);
}

static void a_null_cache_is_refused_by_every_function(void **state)
{
    (void)state;
    const pxc_pixmap pixmap = pixmap_of(11);
    const pxc_key key = {1};
    pxc_key out = {77};
    pxc_texture texture;
    pxc_stats stats;
    memset(&texture, 0xFF, sizeof texture);
    memset(&stats, 0xFF, sizeof stats);
    assert_status(PXC_ERR_ARGUMENT, pxc_insert(NULL, &pixmap, &out));
    assert_zero_key(out);
    out.id = 77;
    assert_status(PXC_ERR_ARGUMENT, pxc_insert_named(NULL, "a", &pixmap, &out));
    assert_zero_key(out);
    out.id = 77;
    assert_status(PXC_ERR_ARGUMENT, pxc_lookup(NULL, "a", &out));
    assert_zero_key(out);
    assert_status(PXC_ERR_ARGUMENT, pxc_find(NULL, key, &texture));
    assert_zero_texture(&texture);
    memset(&texture, 0xFF, sizeof texture);
    assert_status(PXC_ERR_ARGUMENT, pxc_find_named(NULL, "a", &texture));
    assert_zero_texture(&texture);
    assert_status(PXC_ERR_ARGUMENT, pxc_get_stats(NULL, &stats));
    const pxc_stats zero = {0};
    assert_same_stats(&zero, &stats);
    assert_status(PXC_ERR_ARGUMENT, pxc_find(NULL, key, NULL));
    assert_status(PXC_ERR_ARGUMENT, pxc_find_named(NULL, "a", NULL));
    assert_status(PXC_ERR_ARGUMENT, pxc_replace(NULL, key, &pixmap));
    assert_status(PXC_ERR_ARGUMENT, pxc_remove(NULL, key));
    assert_status(PXC_ERR_ARGUMENT, pxc_remove_named(NULL, "a"));
    assert_status(PXC_ERR_ARGUMENT, pxc_clear(NULL));
    assert_status(PXC_ERR_ARGUMENT, pxc_set_limit(NULL, 1));
    assert_status(PXC_ERR_ARGUMENT, pxc_pin(NULL, key));
    assert_status(PXC_ERR_ARGUMENT, pxc_unpin(NULL, key));
    assert_status(PXC_ERR_ARGUMENT, pxc_trim_to(NULL, 1));
    assert_status(PXC_ERR_ARGUMENT, pxc_trim_older(NULL, 1));
    assert_status(PXC_ERR_ARGUMENT, pxc_frame_begin(NULL));
    assert_status(PXC_ERR_ARGUMENT, pxc_frame_end(NULL));
    assert_status(PXC_ERR_ARGUMENT, pxc_context_lost(NULL));
    assert_status(PXC_ERR_ARGUMENT, pxc_validate(NULL));
    assert_status(PXC_ERR_ARGUMENT, pxc_destroy(NULL));
    assert_false(pxc_key_valid(NULL, key));
    assert_int_equal(pxc_limit(NULL), 0);
    assert_int_equal(pxc_used(NULL), 0);
}

static void a_missing_name_or_out_parameter_is_refused(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const char *const names[] = {NULL, ""};
    const pxc_pixmap pixmap = pixmap_of(11);
    insert_name(f.cache, "old", 12);
    const pxc_stats before = stats_of(f.cache);
    for (size_t i = 0; i < COUNT_OF(names); ++i) {
        pxc_key out = {77};
        pxc_texture texture;
        memset(&texture, 0xFF, sizeof texture);
        assert_status(PXC_ERR_ARGUMENT, pxc_insert_named(f.cache, names[i], &pixmap, &out));
        assert_zero_key(out);
        out.id = 77;
        assert_status(PXC_ERR_ARGUMENT, pxc_lookup(f.cache, names[i], &out));
        assert_zero_key(out);
        assert_status(PXC_ERR_ARGUMENT, pxc_find_named(f.cache, names[i], &texture));
        assert_zero_texture(&texture);
        assert_status(PXC_ERR_ARGUMENT, pxc_remove_named(f.cache, names[i]));
    }
    assert_status(PXC_ERR_ARGUMENT, pxc_insert(f.cache, &pixmap, NULL));
    assert_status(PXC_ERR_ARGUMENT, pxc_lookup(f.cache, "old", NULL));
    assert_status(PXC_ERR_ARGUMENT, pxc_get_stats(f.cache, NULL));
    const pxc_stats after = stats_of(f.cache);
    assert_same_stats(&before, &after);
    fixture_close(&f);
}

static void an_unpin_without_a_pin_is_refused(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key key = insert_width(f.cache, 11);
    assert_status(PXC_ERR_ARGUMENT, pxc_unpin(f.cache, key));
    assert_ok(f.cache, pxc_pin(f.cache, key));
    assert_ok(f.cache, pxc_pin(f.cache, key));
    assert_ok(f.cache, pxc_unpin(f.cache, key));
    assert_ok(f.cache, pxc_unpin(f.cache, key));
    const pxc_stats before = stats_of(f.cache);
    assert_status(PXC_ERR_ARGUMENT, pxc_unpin(f.cache, key));
    const pxc_stats after = stats_of(f.cache);
    assert_same_stats(&before, &after);
    assert_finds(&f, key, 11);
    fixture_close(&f);
}

static void a_miss_zeroes_its_out_parameter(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    pxc_key out = {77};
    pxc_texture texture;
    memset(&texture, 0xFF, sizeof texture);
    assert_status(PXC_MISS, pxc_find(f.cache, (pxc_key){0}, &texture));
    assert_zero_texture(&texture);
    memset(&texture, 0xFF, sizeof texture);
    assert_status(PXC_MISS, pxc_find_named(f.cache, "none", &texture));
    assert_zero_texture(&texture);
    assert_status(PXC_MISS, pxc_lookup(f.cache, "none", &out));
    assert_zero_key(out);
    fixture_close(&f);
}

static void every_status_has_a_text(void **state)
{
    (void)state;
    for (int status = -20; status < 20; ++status) {
        const char *text = pxc_status_text((pxc_status)status);
        assert_non_null(text);
        assert_true(text[0] != '\0');
        assert_true(text[strlen(text) - 1] != '.');
    }
    assert_string_not_equal(pxc_status_text(PXC_ERR_FULL), pxc_status_text(PXC_ERR_MEMORY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_pixmap_is_refused),
        cmocka_unit_test(a_stride_below_a_row_is_refused_in_every_format),
        cmocka_unit_test(a_size_at_the_end_of_int_is_too_large),
        cmocka_unit_test(a_null_cache_is_refused_by_every_function),
        cmocka_unit_test(a_missing_name_or_out_parameter_is_refused),
        cmocka_unit_test(an_unpin_without_a_pin_is_refused),
        cmocka_unit_test(a_miss_zeroes_its_out_parameter),
        cmocka_unit_test(every_status_has_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
