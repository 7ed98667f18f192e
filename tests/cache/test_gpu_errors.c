/* Promise 11 on the fake: a GPU without room, one that refuses, and a context that is lost. */
#include "check.h"

static pxc_status try_insert(fixture *f, int width, pxc_key *key)
{
    const pxc_pixmap pixmap = pixmap_of(width);
    key->id = 77;
    const pxc_status status = pxc_insert(f->cache, &pixmap, key);
    assert_int_equal(pxc_validate(f->cache), PXC_OK);
    return status;
}

static void out_of_memory_trims_what_the_frame_has_not_used(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key unused = insert_name(f.cache, "unused", 11);
    const pxc_key found = insert_width(f.cache, 12);
    const pxc_key named = insert_name(f.cache, "named", 13);
    end_frames(f.cache, 1);
    assert_finds(&f, found, 12);
    assert_ok(f.cache, pxc_find_named(f.cache, "named", NULL));
    const pxc_key inserted = insert_width(f.cache, 14);
    pxc_key key;
    fake_gpu_fail_next(&f.gpu, PXC_ERR_MEMORY, 1);
    assert_status(PXC_OK, try_insert(&f, 15, &key));
    assert_finds(&f, key, 15);
    assert_false(pxc_key_valid(f.cache, unused));
    assert_status(PXC_MISS, pxc_find_named(f.cache, "unused", NULL));
    assert_finds(&f, found, 12);
    assert_finds(&f, named, 13);
    assert_finds(&f, inserted, 14);
    assert_int_equal(stats_of(f.cache).evictions, 1);
    assert_int_equal(f.gpu.deleted, 1);
    assert_int_equal(pxc_used(f.cache), f.gpu.bytes);
    fixture_close(&f);
}

static void the_trim_frees_its_memory_at_once(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    f.gpu.memory_bytes = 4 * 40;
    const pxc_key old = insert_width(f.cache, 20);
    end_frames(f.cache, 1);
    const pxc_key used = insert_width(f.cache, 15);
    pxc_key key;
    assert_status(PXC_OK, try_insert(&f, 25, &key));
    assert_false(pxc_key_valid(f.cache, old));
    assert_finds(&f, used, 15);
    assert_finds(&f, key, 25);
    assert_int_equal(pxc_used(f.cache), 4 * 40);
    assert_int_equal(f.gpu.deleted, 1);
    fixture_close(&f);
}

static void the_upload_is_tried_once_more_and_no_oftener(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    insert_width(f.cache, 11);
    insert_width(f.cache, 12);
    end_frames(f.cache, 1);
    pxc_key key;
    const uint64_t creates = f.gpu.create_calls;
    fake_gpu_fail_next(&f.gpu, PXC_ERR_MEMORY, 1000);
    assert_status(PXC_ERR_GPU, try_insert(&f, 13, &key));
    assert_zero_key(key);
    assert_int_equal(f.gpu.create_calls, creates + 2);
    assert_int_equal(stats_of(f.cache).inserts, 2);
    assert_int_equal(stats_of(f.cache).textures_created, 2);
    fixture_close(&f);
}

static void given_out_textures_survive_when_the_gpu_stays_full(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    f.gpu.memory_bytes = 4 * 40;
    const pxc_key a = insert_name(f.cache, "a", 19);
    const pxc_key b = insert_width(f.cache, 20);
    pxc_texture removed;
    pxc_key key;
    assert_ok(f.cache, pxc_find(f.cache, b, &removed));
    assert_ok(f.cache, pxc_remove(f.cache, b));
    const pxc_stats before = stats_of(f.cache);
    assert_status(PXC_ERR_GPU, try_insert(&f, 2, &key));
    assert_zero_key(key);
    const pxc_stats after = stats_of(f.cache);
    assert_same_stats(&before, &after);
    assert_finds(&f, a, 19);
    assert_non_null(fake_gpu_texture(&f.gpu, removed.name));
    assert_int_equal(f.gpu.delete_batches, 0);
    end_frames(f.cache, 1);
    assert_status(PXC_OK, try_insert(&f, 20, &key));
    fixture_close(&f);
}

static void a_texture_found_and_removed_in_this_frame_survives_the_trim(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_pixmap pixmap = pixmap_of(14);
    pxc_key keys[3] = {insert_width(f.cache, 11), insert_width(f.cache, 12), insert_name(f.cache, "c", 13)};
    pxc_texture textures[3];
    end_frames(f.cache, 1);
    for (int i = 0; i < 3; ++i) {
        assert_ok(f.cache, pxc_find(f.cache, keys[i], &textures[i]));
    }
    assert_ok(f.cache, pxc_remove(f.cache, keys[0]));
    assert_ok(f.cache, pxc_replace(f.cache, keys[1], &pixmap));
    insert_name(f.cache, "c", 15);
    pxc_key key;
    fake_gpu_fail_next(&f.gpu, PXC_ERR_MEMORY, 1);
    try_insert(&f, 16, &key);
    for (int i = 0; i < 3; ++i) {
        const fake_texture *seen = fake_gpu_texture(&f.gpu, textures[i].name);
        assert_non_null(seen);
        assert_int_equal(seen->width, 11 + i);
    }
    end_frames(f.cache, 1);
    assert_int_equal(pxc_used(f.cache), f.gpu.bytes);
    fixture_close(&f);
}

static void the_trim_keeps_pinned_entries(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key pinned = insert_width(f.cache, 11);
    const pxc_key other = insert_width(f.cache, 12);
    assert_ok(f.cache, pxc_pin(f.cache, pinned));
    end_frames(f.cache, 1);
    pxc_key key;
    fake_gpu_fail_next(&f.gpu, PXC_ERR_MEMORY, 1);
    assert_status(PXC_OK, try_insert(&f, 13, &key));
    assert_false(pxc_key_valid(f.cache, other));
    assert_finds(&f, pinned, 11);
    fixture_close(&f);
}

static void the_old_entry_survives_a_failed_replacement(void **state)
{
    (void)state;
    const pxc_pixmap pixmap = pixmap_of(25);
    for (int by_name = 0; by_name < 2; ++by_name) {
        fixture f;
        fixture_open(&f, 0);
        f.gpu.memory_bytes = 4 * 40;
        insert_width(f.cache, 19);
        const pxc_key old = insert_name(f.cache, "old", 20);
        end_frames(f.cache, 1);
        pxc_key key = {0};
        /* 20 + 25 > 40: it would fit only without the old one, which must stay. */
        assert_status(PXC_ERR_GPU, by_name ? pxc_insert_named(f.cache, "old", &pixmap, &key)
                                           : pxc_replace(f.cache, old, &pixmap));
        assert_zero_key(key);
        assert_int_equal(pxc_validate(f.cache), PXC_OK);
        assert_ok(f.cache, pxc_lookup(f.cache, "old", &key));
        assert_true(key.id == old.id);
        assert_finds(&f, old, 20);
        end_frames(f.cache, 1);
        assert_finds(&f, old, 20);
        fixture_close(&f);
    }
}

static void a_replacement_works_after_a_trim(void **state)
{
    (void)state;
    const pxc_pixmap pixmap = pixmap_of(15);
    for (int by_name = 0; by_name < 2; ++by_name) {
        fixture f;
        fixture_open(&f, 0);
        f.gpu.memory_bytes = 4 * 40;
        const pxc_key other = insert_width(f.cache, 19);
        pxc_key key = insert_name(f.cache, "old", 20);
        end_frames(f.cache, 1);
        assert_status(PXC_OK, by_name ? pxc_insert_named(f.cache, "old", &pixmap, &key)
                                      : pxc_replace(f.cache, key, &pixmap));
        assert_false(pxc_key_valid(f.cache, other));
        assert_finds(&f, key, 15);
        assert_int_equal(pxc_used(f.cache), 4 * 35);
        end_frames(f.cache, 1);
        assert_int_equal(pxc_used(f.cache), 4 * 15);
        fixture_close(&f);
    }
}

static void what_the_gpu_says_is_passed_on(void **state)
{
    (void)state;
    static const pxc_status statuses[] = {PXC_ERR_GPU, PXC_ERR_LOST};
    for (size_t i = 0; i < COUNT_OF(statuses); ++i) {
        fixture f;
        fixture_open(&f, 0);
        const pxc_key old = insert_width(f.cache, 11);
        end_frames(f.cache, 1);
        pxc_key key;
        const pxc_stats before = stats_of(f.cache);
        fake_gpu_fail_next(&f.gpu, statuses[i], 1);
        assert_status(statuses[i], try_insert(&f, 12, &key));
        assert_zero_key(key);
        const pxc_stats after = stats_of(f.cache);
        assert_same_stats(&before, &after);
        assert_finds(&f, old, 11);
        assert_status(PXC_OK, try_insert(&f, 12, &key));
        fixture_close(&f);
    }
}

static void an_image_beyond_the_largest_texture_is_too_large(void **state)
{
    (void)state;
    fixture f;
    fake_gpu small;
    pxc_key key;
    fixture_open(&f, 0);
    pxc_pixmap wide = pixmap_new(16385, 1, PXC_R8, 0);
    pxc_pixmap high = pixmap_new(1, 16385, PXC_R8, 0);
    pxc_pixmap exact = pixmap_new(16384, 1, PXC_R8, 0);
    assert_status(PXC_ERR_TOO_LARGE, pxc_insert(f.cache, &wide, &key));
    assert_status(PXC_ERR_TOO_LARGE, pxc_insert(f.cache, &high, &key));
    assert_int_equal(f.gpu.create_calls, 0);
    assert_ok(f.cache, pxc_insert(f.cache, &exact, &key));
    assert_status(PXC_ERR_TOO_LARGE, pxc_replace(f.cache, key, &wide));
    fixture_close(&f);
    fake_gpu_init(&small);
    small.max_size_px = 16;
    const pxc_config config = {.backend = &small.backend};
    const pxc_pixmap pixmap = pixmap_of(17);
    pxc_cache *cache = NULL;
    assert_status(PXC_OK, pxc_create(&config, &cache));
    assert_status(PXC_ERR_TOO_LARGE, pxc_insert(cache, &pixmap, &key));
    insert_width(cache, 16);
    assert_status(PXC_OK, pxc_destroy(cache));
    fake_gpu_assert_clean(&small);
    fake_gpu_free(&small);
    pixmap_free(&wide);
    pixmap_free(&high);
    pixmap_free(&exact);
}

static void a_lost_context_makes_everything_stale_and_deletes_nothing(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key a = insert_name(f.cache, "a", 11);
    const pxc_key b = insert_width(f.cache, 12);
    const pxc_key doomed = insert_width(f.cache, 13);
    assert_ok(f.cache, pxc_pin(f.cache, b));
    assert_ok(f.cache, pxc_remove(f.cache, doomed));
    assert_ok(f.cache, pxc_context_lost(f.cache));
    assert_false(pxc_key_valid(f.cache, a) || pxc_key_valid(f.cache, b));
    assert_status(PXC_MISS, pxc_find_named(f.cache, "a", NULL));
    const pxc_stats stats = stats_of(f.cache);
    assert_int_equal(stats.entries, 0);
    assert_int_equal(stats.used_bytes, 0);
    assert_int_equal(stats.doomed_bytes, 0);
    assert_int_equal(stats.pinned_bytes, 0);
    assert_int_equal(stats.textures_lost, 3);
    assert_int_equal(stats.textures_deleted, 0);
    assert_int_equal(stats.evictions, 0);
    assert_int_equal(f.gpu.context_losses, 1);
    end_frames(f.cache, 2);
    assert_int_equal(f.gpu.delete_batches, 0);
    fixture_close(&f);
}

/* After a new context the driver hands the old numbers out again, also to others. */
static void a_stale_name_never_deletes_another_live_texture(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    pxc_key old[4];
    for (int i = 0; i < 4; ++i) {
        old[i] = insert_width(f.cache, 11 + i);
    }
    assert_ok(f.cache, pxc_remove(f.cache, old[3]));
    assert_ok(f.cache, pxc_context_lost(f.cache));
    const uint32_t foreign = fake_gpu_make_foreign(&f.gpu);
    const pxc_key key = insert_width(f.cache, 21);
    const uint32_t second = fake_gpu_make_foreign(&f.gpu);
    end_frames(f.cache, 2);
    for (int i = 0; i < 4; ++i) {
        assert_status(PXC_MISS, pxc_remove(f.cache, old[i]));
    }
    assert_ok(f.cache, pxc_clear(f.cache));
    assert_false(pxc_key_valid(f.cache, key));
    end_frames(f.cache, 1);
    assert_int_equal(f.gpu.deleted, 1);
    assert_non_null(fake_gpu_texture(&f.gpu, foreign));
    assert_non_null(fake_gpu_texture(&f.gpu, second));
    fixture_close(&f);
}

static void a_cache_works_on_after_each_of_many_losses(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 60);
    for (int i = 0; i < 20; ++i) {
        const pxc_key a = insert_name(f.cache, "a", 11 + i);
        insert_width(f.cache, 40);
        assert_finds(&f, a, 11 + i);
        end_frames(f.cache, i % 3);
        assert_ok(f.cache, pxc_context_lost(f.cache));
        assert_ok(f.cache, pxc_context_lost(f.cache));
    }
    const pxc_stats stats = stats_of(f.cache);
    assert_int_equal(stats.textures_created, stats.textures_deleted + stats.textures_lost);
    fixture_close(&f);
}

static void a_backend_without_context_lost_can_lose_it(void **state)
{
    (void)state;
    fixture f;
    fake_gpu_init(&f.gpu);
    f.gpu.backend.context_lost = NULL;
    const pxc_config config = {.backend = &f.gpu.backend};
    assert_status(PXC_OK, pxc_create(&config, &f.cache));
    const pxc_key key = insert_width(f.cache, 11);
    assert_ok(f.cache, pxc_context_lost(f.cache));
    assert_false(pxc_key_valid(f.cache, key));
    assert_int_equal(stats_of(f.cache).textures_lost, 1);
    assert_status(PXC_OK, pxc_destroy(f.cache));
    assert_int_equal(f.gpu.delete_batches, 0);
    fake_gpu_free(&f.gpu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(out_of_memory_trims_what_the_frame_has_not_used),
        cmocka_unit_test(the_trim_frees_its_memory_at_once),
        cmocka_unit_test(the_upload_is_tried_once_more_and_no_oftener),
        cmocka_unit_test(given_out_textures_survive_when_the_gpu_stays_full),
        cmocka_unit_test(a_texture_found_and_removed_in_this_frame_survives_the_trim),
        cmocka_unit_test(the_trim_keeps_pinned_entries),
        cmocka_unit_test(the_old_entry_survives_a_failed_replacement),
        cmocka_unit_test(a_replacement_works_after_a_trim),
        cmocka_unit_test(what_the_gpu_says_is_passed_on),
        cmocka_unit_test(an_image_beyond_the_largest_texture_is_too_large),
        cmocka_unit_test(a_lost_context_makes_everything_stale_and_deletes_nothing),
        cmocka_unit_test(a_stale_name_never_deletes_another_live_texture),
        cmocka_unit_test(a_cache_works_on_after_each_of_many_losses),
        cmocka_unit_test(a_backend_without_context_lost_can_lose_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
