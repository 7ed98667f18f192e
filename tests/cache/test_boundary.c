/* Promise 8: what was given out lives until the frame ends; deletions happen there, all in one call. */
#include "check.h"

#define PIXMAPS 8

static void nothing_is_deleted_between_boundaries(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 1000);
    pxc_key keys[PIXMAPS];
    for (int i = 0; i < PIXMAPS; ++i) {
        keys[i] = insert_width(f.cache, 11 + i);
    }
    insert_name(f.cache, "a", 31);
    insert_name(f.cache, "b", 32);
    end_frames(f.cache, 2);
    const pxc_pixmap pixmap = pixmap_of(41);
    assert_ok(f.cache, pxc_remove(f.cache, keys[0]));
    assert_ok(f.cache, pxc_replace(f.cache, keys[1], &pixmap));
    insert_name(f.cache, "a", 33);
    assert_ok(f.cache, pxc_remove_named(f.cache, "b"));
    assert_ok(f.cache, pxc_trim_to(f.cache, pxc_used(f.cache) - 4 * 130));
    assert_ok(f.cache, pxc_trim_older(f.cache, 0));
    assert_ok(f.cache, pxc_set_limit(f.cache, 44));
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    assert_ok(f.cache, pxc_clear(f.cache));
    assert_int_equal(f.gpu.delete_batches, 0);
    assert_int_equal(f.gpu.alive, PIXMAPS + 4);
    assert_int_equal(pxc_used(f.cache), f.gpu.bytes);
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_int_equal(f.gpu.delete_batches, 1);
    assert_int_equal(f.gpu.last_batch, PIXMAPS + 4);
    assert_int_equal(f.gpu.alive, 0);
    assert_int_equal(pxc_used(f.cache), 0);
    fixture_close(&f);
}

static void all_deletions_of_a_frame_are_one_call(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 40);
    const pxc_pixmap pixmap = pixmap_of(14);
    const pxc_key a = insert_width(f.cache, 11);
    const pxc_key b = insert_width(f.cache, 12);
    insert_width(f.cache, 13);
    assert_ok(f.cache, pxc_remove(f.cache, a));
    assert_ok(f.cache, pxc_replace(f.cache, b, &pixmap));
    insert_width(f.cache, 20);
    end_frames(f.cache, 1); /* removed 11, replaced 12, evicted 13 */
    assert_int_equal(f.gpu.delete_batches, 1);
    assert_int_equal(f.gpu.last_batch, 3);
    assert_int_equal(pxc_used(f.cache), 4 * 34);
    end_frames(f.cache, 5);
    assert_int_equal(f.gpu.delete_batches, 1);
    fixture_close(&f);
}

static void thousands_of_deletions_are_one_call(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    for (int i = 0; i < 5000; ++i) {
        insert_width(f.cache, 1 + i % 30);
    }
    assert_ok(f.cache, pxc_set_limit(f.cache, 0));
    end_frames(f.cache, 1);
    assert_int_equal(f.gpu.delete_batches, 1);
    assert_int_equal(f.gpu.last_batch, 5000);
    fixture_close(&f);
}

/* A texture that a renderer holds, and what it held when it was given out. */
typedef struct held {
    uint32_t name;
    fake_texture then;
} held;

static held hold(fixture *f, pxc_key key)
{
    pxc_texture texture;
    assert_int_equal(pxc_find(f->cache, key, &texture), PXC_OK);
    const fake_texture *now = fake_gpu_texture(&f->gpu, texture.name);
    assert_non_null(now);
    return (held){texture.name, *now};
}

static void assert_still_there(const fixture *f, const held *h)
{
    const fake_texture *now = fake_gpu_texture(&f->gpu, h->name);
    assert_non_null(now);
    assert_int_equal(now->width, h->then.width);
    assert_int_equal(now->height, h->then.height);
    assert_int_equal(now->format, h->then.format);
    assert_true(now->checksum == h->then.checksum);
}

static void a_texture_given_out_is_unchanged_until_the_boundary(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 400);
    const pxc_pixmap pixmap = pixmap_of(50);
    pxc_key keys[4];
    held textures[5];
    for (int i = 0; i < 4; ++i) {
        keys[i] = insert_width(f.cache, 11 + i);
        textures[i] = hold(&f, keys[i]);
    }
    textures[4] = hold(&f, insert_name(f.cache, "a", 15));
    assert_ok(f.cache, pxc_remove(f.cache, keys[0]));
    assert_ok(f.cache, pxc_replace(f.cache, keys[1], &pixmap));
    assert_ok(f.cache, pxc_replace(f.cache, keys[1], &pixmap));
    insert_name(f.cache, "a", 16);
    assert_ok(f.cache, pxc_trim_to(f.cache, 0));
    for (int i = 0; i < 20; ++i) {
        insert_width(f.cache, 11 + i % 4);
    }
    assert_ok(f.cache, pxc_clear(f.cache));
    for (size_t i = 0; i < COUNT_OF(textures); ++i) {
        assert_still_there(&f, &textures[i]);
    }
    end_frames(f.cache, 1);
    assert_int_equal(f.gpu.alive, 0);
    fixture_close(&f);
}

static void an_insert_is_given_out_too(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 20);
    for (int i = 0; i < 4; ++i) {
        const pxc_key key = insert_width(f.cache, 10);
        if (i < 3) {
            assert_ok(f.cache, pxc_remove(f.cache, key));
        }
    }
    assert_int_equal(f.gpu.alive, 4);
    assert_int_equal(f.gpu.peak_alive, 4);
    end_frames(f.cache, 1);
    assert_int_equal(f.gpu.alive, 1);
    fixture_close(&f);
}

static void used_counts_what_awaits_deletion(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key a = insert_width(f.cache, 11);
    const pxc_key b = insert_width(f.cache, 12);
    const pxc_pixmap pixmap = pixmap_of(13);
    assert_ok(f.cache, pxc_remove(f.cache, a));
    assert_int_equal(pxc_used(f.cache), 4 * 23);
    assert_int_equal(stats_of(f.cache).doomed_bytes, 4 * 11);
    assert_ok(f.cache, pxc_replace(f.cache, b, &pixmap));
    assert_int_equal(pxc_used(f.cache), 4 * 36);
    assert_int_equal(stats_of(f.cache).doomed_bytes, 4 * 23);
    assert_int_equal(stats_of(f.cache).textures_deleted, 0);
    end_frames(f.cache, 1);
    assert_int_equal(pxc_used(f.cache), 4 * 13);
    assert_int_equal(stats_of(f.cache).doomed_bytes, 0);
    assert_int_equal(stats_of(f.cache).textures_deleted, 2);
    fixture_close(&f);
}

static void what_awaits_deletion_evicts_nobody(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 30);
    const pxc_key a = insert_width(f.cache, 11);
    const pxc_key b = insert_width(f.cache, 20);
    assert_ok(f.cache, pxc_remove(f.cache, b));
    end_frames(f.cache, 1);
    assert_true(pxc_key_valid(f.cache, a));
    assert_int_equal(stats_of(f.cache).evictions, 0);
    fixture_close(&f);
}

static void frames_work_without_frame_begin_and_with_it(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key key = insert_width(f.cache, 11);
    end_frames(f.cache, 2);
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    assert_finds(&f, key, 11);
    end_frames(f.cache, 1);
    assert_int_equal(stats_of(f.cache).frames, 3);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_deleted_between_boundaries),
        cmocka_unit_test(all_deletions_of_a_frame_are_one_call),
        cmocka_unit_test(thousands_of_deletions_are_one_call),
        cmocka_unit_test(a_texture_given_out_is_unchanged_until_the_boundary),
        cmocka_unit_test(an_insert_is_given_out_too),
        cmocka_unit_test(used_counts_what_awaits_deletion),
        cmocka_unit_test(what_awaits_deletion_evicts_nobody),
        cmocka_unit_test(frames_work_without_frame_begin_and_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
