/* pxe_images_texture_now: an image that a frame can not do without is there in that frame, wherever its load is. */
#include "engine_fixture.h"

enum { SIDE = 8, BYTES = SIDE * SIDE * 4, FRAMES_AT_MOST = 1000000 };

static folder in;
static stage s;
static int failures;

static int make_files(void **state)
{
    (void)state;
    folder_open(&in);
    write_png_flat(path_in(&in, "good.png"), SIDE, SIDE, 0x204060FF);
    write_file(path_in(&in, "text.png"), "no picture", 10);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    folder_close(&in);
    return 0;
}

static void count_failure(void *user, const char *path, const char *reason)
{
    (void)user;
    (void)path;
    (void)reason;
    ++failures;
}

static void open_stage(int workers)
{
    failures = 0;
    stage_open_config(&s, (pxe_engine_config){.window = {.width = SIDE, .height = SIDE},
                                              .workers = workers,
                                              .on_failed = count_failure});
}

/* Frames until nothing is under way. */
static void settle(void)
{
    for (int i = 0; i < FRAMES_AT_MOST && pxe_images_pending(s.engine->images) != 0; ++i) {
        stage_begin(&s, 0x000000FF);
        pxe_frame_end(s.engine, NULL, NULL);
    }
    assert_int_equal(pxe_images_pending(s.engine->images), 0);
}

static void it_is_drawn_in_the_frame_that_needs_it(void **state)
{
    (void)state;
    for (int workers = -1; workers <= 2; workers += 3) {
        for (int asked_before = 0; asked_before < 2; ++asked_before) {
            open_stage(workers);
            pxe_sprite sprite = {0};
            const pxe_image image = pxe_images_open(s.engine->images, path_in(&in, "good.png"), NULL);
            stage_begin(&s, 0x000000FF);
            if (asked_before != 0) {
                pxe_images_texture(s.engine->images, image, &sprite.texture);
            }
            assert_int_equal(pxe_images_texture_now(s.engine->images, image, &sprite.texture),
                             PXE_IMAGE_READY);
            pxe_sprites_draw(s.engine->sprites, &sprite);
            stage_end(&s);
            assert_all_pixels(&s, 0x204060);
            settle();
            const pxc_stats stats = stats_of(s.engine->cache);
            assert_int_equal(stats.entries, 1);
            assert_int_equal(stats.uploads, 1);
            assert_int_equal(stats.misses, 1);
            assert_int_equal(failures, 0);
            stage_close(&s);
        }
    }
}

static void what_can_not_be_loaded_fails_once(void **state)
{
    (void)state;
    for (int asked_before = 0; asked_before < 2; ++asked_before) {
        open_stage(2);
        pxc_texture texture;
        const pxe_image image = pxe_images_open(s.engine->images, path_in(&in, "text.png"), NULL);
        stage_begin(&s, 0x000000FF);
        if (asked_before != 0) {
            pxe_images_texture(s.engine->images, image, &texture);
        }
        assert_int_equal(pxe_images_texture_now(s.engine->images, image, &texture), PXE_IMAGE_FAILED);
        assert_int_equal(texture.name, 0);
        pxe_frame_end(s.engine, NULL, NULL);
        settle();
        assert_int_equal(failures, 1);
        assert_int_equal(pxe_images_failed(s.engine->images), 1);
        stage_close(&s);
    }
}

/* A budget of one byte a frame: a row of a pixmap goes up in each. */
static void what_waits_for_its_upload_goes_up_at_once(void **state)
{
    (void)state;
    open_stage(2);
    pxe_images *images = NULL;
    pxc_cache *cache = NULL;
    pxc_texture texture;
    const pxc_config cache_config = {.backend = pxc_null_backend(), .upload_bytes_per_frame = 1};
    assert_int_equal(pxc_create(&cache_config, &cache), PXC_OK);
    const pxe_images_config config = {.cache = cache, .profile = s.engine->profile, .workers = 1};
    assert_true(pxe_images_create(&config, &images, NULL));
    const pxe_image image = pxe_images_open(images, path_in(&in, "good.png"), NULL);
    pxe_image_state now = PXE_IMAGE_ABSENT;
    for (int i = 0; i < FRAMES_AT_MOST && now != PXE_IMAGE_UPLOADING; ++i) {
        pxe_images_update(images);
        now = pxe_images_texture(images, image, &texture);
        assert_true(pxe_image_loading(now));
        assert_int_equal(pxc_frame_end(cache), PXC_OK);
    }
    pxe_images_update(images);
    assert_int_equal(pxe_images_texture(images, image, &texture), PXE_IMAGE_UPLOADING);
    assert_int_equal(pxe_images_texture_now(images, image, &texture), PXE_IMAGE_READY);
    assert_true(texture.name != 0);
    assert_int_equal(stats_of(cache).pending_bytes, 0);
    assert_int_equal(pxc_frame_end(cache), PXC_OK);
    pxe_images_update(images);
    assert_int_equal(pxe_images_pending(images), 0);
    assert_int_equal(stats_of(cache).entries, 1);
    assert_int_equal(stats_of(cache).used_bytes, BYTES);
    assert_int_equal(pxe_images_failed(images), 0);
    assert_true(pxe_images_destroy(images, NULL));
    assert_int_equal(pxc_destroy(cache), PXC_OK);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_drawn_in_the_frame_that_needs_it),
        cmocka_unit_test(what_can_not_be_loaded_fails_once),
        cmocka_unit_test(what_waits_for_its_upload_goes_up_at_once),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
