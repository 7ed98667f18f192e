/* Images loaded by worker threads: frames alone make them ready, in the frame's time and within the limit. */
#include "engine_fixture.h"

enum { SIDE = 16, FILES = 60, BYTES = SIDE * SIDE * 4 };

/* So that a fault ends a test instead of stopping it. */
enum { FRAMES_AT_MOST = 1000000 };

static folder in;
static stage s;
static pxe_image images[FILES];

static uint32_t color_of(int i)
{
    return (uint32_t)(i * 4) << 24 | (uint32_t)(255 - i * 4) << 16 | (uint32_t)(i * 3) << 8 | 0xFF;
}

static int make_files(void **state)
{
    (void)state;
    folder_open(&in);
    for (int i = 0; i < FILES; ++i) {
        char name[32];
        snprintf(name, sizeof name, "%d.png", i);
        write_png_flat(path_in(&in, name), SIDE, SIDE, color_of(i));
    }
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    folder_close(&in);
    return 0;
}

static void open_stage(size_t limit_bytes)
{
    stage_open_config(&s, (pxe_engine_config){.window = {.width = SIDE, .height = SIDE},
                                              .limit_bytes = limit_bytes,
                                              .workers = 2});
    for (int i = 0; i < FILES; ++i) {
        char name[32];
        snprintf(name, sizeof name, "%d.png", i);
        images[i] = pxe_images_open(s.engine->images, path_in(&in, name), NULL);
        assert_true(images[i].id != 0);
    }
}

static pxc_stats stats_now(void)
{
    pxc_stats stats;
    assert_int_equal(pxc_get_stats(s.engine->cache, &stats), PXC_OK);
    return stats;
}

static void end_frame(void)
{
    stage_end(&s);
    const pxc_stats stats = stats_now();
    assert_true(stats.used_bytes <= stats.limit_bytes);
    assert_int_equal(pxc_validate(s.engine->cache), PXC_OK);
}

/* A frame in which the image is asked for; true, and the right pixels, if it was drawn. */
static bool show(int i)
{
    pxe_sprite sprite = {0};
    stage_begin(&s, 0x000000FF);
    const pxe_image_state now = pxe_images_texture(s.engine->images, images[i], &sprite.texture);
    assert_int_not_equal(now, PXE_IMAGE_FAILED);
    pxe_sprites_draw(s.engine->sprites, &sprite);
    end_frame();
    if (now == PXE_IMAGE_READY) {
        assert_all_pixels(&s, color_of(i) >> 8);
    }
    return now == PXE_IMAGE_READY;
}

static void sixty_files_become_ready_by_frames_alone(void **state)
{
    (void)state;
    int ready = 0;
    open_stage((size_t)FILES * BYTES);
    for (int frame = 0; frame < FRAMES_AT_MOST && ready < FILES; ++frame) {
        ready = 0;
        stage_begin(&s, 0x000000FF);
        for (int i = 0; i < FILES; ++i) {
            pxc_texture texture;
            ready += pxe_images_texture(s.engine->images, images[i], &texture) == PXE_IMAGE_READY ? 1 : 0;
        }
        pxe_frame_end(s.engine, NULL, NULL);
        assert_true(stats_now().used_bytes <= stats_now().limit_bytes);
    }
    assert_int_equal(ready, FILES);
    assert_int_equal(pxe_images_pending(s.engine->images), 0);
    assert_int_equal(pxe_images_failed(s.engine->images), 0);
    assert_int_equal(stats_now().misses, FILES); /* one a load, not one a frame of waiting */
    assert_int_equal(stats_now().uploads, FILES);
    assert_int_equal(stats_now().upload_bytes, FILES * BYTES);
    for (int i = 0; i < FILES; ++i) {
        assert_true(show(i));
    }
    assert_int_equal(stats_now().uploads, FILES);
    stage_close(&s);
}

static void evicted_images_are_loaded_again(void **state)
{
    (void)state;
    uint64_t seed = 31;
    open_stage(4 * BYTES);
    for (int round = 0; round < 100; ++round) {
        const int which = (int)random_below(&seed, 12);
        bool shown = false;
        for (int frame = 0; frame < FRAMES_AT_MOST && !shown; ++frame) {
            shown = show(which);
        }
        assert_true(shown);
    }
    const pxc_stats stats = stats_now();
    assert_true(stats.evictions > 20);
    assert_int_equal(stats.uploads, stats.misses);
    stage_close(&s);
}

/* Two fit, and four within a frame: what the workers bring beyond that waits, and is not lost. */
static void what_has_no_room_waits_for_a_later_frame(void **state)
{
    (void)state;
    bool seen[20] = {false};
    int count = 0;
    open_stage(2 * BYTES);
    for (int frame = 0; frame < FRAMES_AT_MOST && count < 20; ++frame) {
        stage_begin(&s, 0x000000FF);
        for (int i = 0; i < 20; ++i) {
            pxc_texture texture;
            if (!seen[i] && pxe_images_texture(s.engine->images, images[i], &texture) == PXE_IMAGE_READY) {
                seen[i] = true;
                ++count;
            }
        }
        end_frame();
    }
    assert_int_equal(count, 20);
    assert_int_equal(pxe_images_failed(s.engine->images), 0);
    stage_close(&s);
}

static void two_handles_of_one_file_share_a_texture(void **state)
{
    (void)state;
    open_stage((size_t)FILES * BYTES);
    const pxe_image again = pxe_images_open(s.engine->images, path_in(&in, "7.png"), NULL);
    pxc_texture first = {0};
    pxc_texture second = {0};
    for (int frame = 0; frame < FRAMES_AT_MOST && (first.name == 0 || second.name == 0); ++frame) {
        stage_begin(&s, 0x000000FF);
        pxe_images_texture(s.engine->images, images[7], &first);
        pxe_images_texture(s.engine->images, again, &second);
        end_frame();
    }
    assert_true(first.name != 0);
    assert_int_equal(first.name, second.name);
    assert_int_equal(stats_now().entries, 1);
    assert_int_equal(stats_now().uploads, 1); /* loaded once, though both asked before it was there */
    stage_close(&s);
}

/* At every stage of a load: waiting, being decoded, decoded, uploaded. What leaks is the leak sanitizer's to tell. */
static void destroy_with_jobs_under_way_leaks_nothing(void **state)
{
    (void)state;
    static const char *const paths[] = {"assets/fractals/seahorse_lace.jpg",
                                        "assets/landscapes/silver_mist.jpg", "assets/sprites/heart.png",
                                        "assets/attractors/clifford_smoke.jpg", "assets/no such file.png"};
    for (int frames = 0; frames < 8; ++frames) {
        stage_open_config(&s, (pxe_engine_config){.window = {.width = SIDE, .height = SIDE},
                                                  .limit_bytes = 1600000, /* the first barely fits */
                                                  .workers = 2});
        for (int frame = 0; frame <= frames; ++frame) {
            stage_begin(&s, 0x000000FF);
            for (int i = 0; i < 12; ++i) {
                pxc_texture texture;
                const pxe_image image =
                    pxe_images_open(s.engine->images, source_path(paths[(size_t)i % COUNT_OF(paths)]), NULL);
                pxe_images_texture(s.engine->images, image, &texture);
            }
            pxe_frame_end(s.engine, NULL, NULL);
        }
        assert_true(frames != 0 || pxe_images_pending(s.engine->images) != 0);
        stage_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sixty_files_become_ready_by_frames_alone),
        cmocka_unit_test(evicted_images_are_loaded_again),
        cmocka_unit_test(what_has_no_room_waits_for_a_later_frame),
        cmocka_unit_test(two_handles_of_one_file_share_a_texture),
        cmocka_unit_test(destroy_with_jobs_under_way_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
