/* Quitting in the middle, at every stage: nothing is begun any more, and what was given is released once. What
 * leaks, or is freed twice, is the sanitizer's to tell. */
#include "studio.h"

#include "../../engine/background.h"

enum { SIDE = 8, BYTES = SIDE * SIDE * 4, MANY = 10000 };

static studio s;
static pxe_image images[MANY];
static int released;

static void count_release(void *user)
{
    (void)user;
    ++released;
}

static void destroy_images(void)
{
    assert_true(pxe_images_destroy(s.images, NULL));
    s.images = NULL;
}

/* Takes as long as the program lasts, as a large picture may. */
static bool paint_until_the_end(void *user, unsigned char *pixels, int width, int height, pxe_error *error)
{
    (void)error;
    gate_pass(user, 0);
    for (const time_t until_s = time(NULL) + STUDIO_PATIENCE_S; !pxe_should_stop() && time(NULL) < until_s;) {
        sched_yield();
    }
    fill(pixels, width, height, 0);
    return pxe_should_stop();
}

/* So many of them are asked for in a frame. */
static void ask_for_endless(int count)
{
    const pxe_painting painting = {SIDE, SIDE, paint_until_the_end, &s};
    for (int i = 0; i < count; ++i) {
        char name[32];
        snprintf(name, sizeof name, "endless %d", i);
        images[i] = pxe_images_paint(s.images, name, &painting, &(pxe_image_options){.mipmaps = i % 2 == 0});
        assert_true(images[i].id != 0);
    }
    studio_frame(&s, images, count);
}

static void nothing_is_begun_once_the_end_has_begun(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 4; ++workers) {
        studio_open(&s, (studio_config){.images = {.workers = workers}});
        gate_set(&s, true);
        ask_for_endless(100);
        gate_wait(&s, workers);
        destroy_images();
        assert_int_equal(gate_begun(&s), workers);
        studio_close(&s);
    }
}

static void ten_thousand_requests_are_dropped_at_once(void **state)
{
    (void)state;
    static const unsigned char pixels[4 * 4 * 4];
    released = 0;
    studio_open(&s, (studio_config){.images = {.workers = 2}});
    gate_set(&s, true);
    const pxc_pixmap pixmap = {.pixels = pixels, .width = 4, .height = 4};
    for (int i = 0; i < MANY; ++i) {
        char name[32];
        snprintf(name, sizeof name, "%d", i);
        images[i] = pxe_images_from_pixels(s.images, name, &pixmap, count_release, NULL);
        assert_true(images[i].id != 0);
    }
    studio_frame(&s, images, MANY);
    assert_int_equal(pxe_images_pending(s.images), MANY);
    destroy_images();
    assert_int_equal(released, MANY);
    studio_close(&s);
}

static void ten_thousand_requests_at_once_all_come(void **state)
{
    (void)state;
    studio_open(&s, (studio_config){.images = {.workers = 2}});
    gate_set(&s, true);
    for (int i = 0; i < MANY; ++i) {
        char name[32];
        const pxe_painting painting = {1 + i % 7, 3, easel_paint, &s.easels[i % 100]};
        snprintf(name, sizeof name, "%d", i);
        images[i] = pxe_images_paint(s.images, name, &painting, NULL);
    }
    UNTIL(studio_frame(&s, images, MANY) == MANY, (void)0);
    for (int i = 0; i < MANY; ++i) {
        pxc_texture texture;
        assert_int_equal(pxe_images_peek(s.images, images[i], &texture), PXE_IMAGE_READY);
        assert_int_equal(texture.width, 1 + i % 7);
        assert_true(i % 97 != 0 || is_flat(&s, &texture, s.easels[i % 100].color));
    }
    assert_int_equal(gate_begun(&s), MANY);
    assert_int_equal(pxe_images_pending(s.images), 0);
    pxc_stats stats;
    pxc_get_stats(s.cache, &stats);
    assert_int_equal(stats.misses, MANY);
    assert_int_equal(stats.uploads, MANY);
    studio_close(&s);
}

/* One that waits behind one that never ends. */
static void while_one_is_queued(void **state)
{
    (void)state;
    studio_open_small(&s, 1 << 20);
    gate_set(&s, true);
    ask_for_endless(1);
    gate_wait(&s, 1);
    const pxe_image list[] = {studio_paint(&s, 1, SIDE, NULL), studio_paint(&s, 2, SIDE, NULL)};
    studio_frame(&s, &list[0], 1);
    pxe_images_prefetch(s.images, list, 2);
    studio_frames(&s, 1);
    assert_int_equal(studio_state(&s, list[0]), PXE_IMAGE_QUEUED);
    assert_int_equal(studio_state(&s, list[1]), PXE_IMAGE_QUEUED);
    destroy_images();
    assert_int_equal(gate_begun(&s), 1);
    studio_close(&s);
}

/* Decoded and not taken over by a frame: one picture in two sizes, one that failed, and one that was dropped. */
static void while_some_are_done(void **state)
{
    (void)state;
    studio_open_small(&s, 1 << 20);
    s.easels[2].refuses = "is out of paint";
    const pxe_image list[] = {studio_paint(&s, 1, SIDE, NULL),
                              studio_paint(&s, 1, SIDE, &(pxe_image_options){.fit_px = 3}),
                              studio_paint(&s, 2, SIDE, NULL)};
    const pxe_image dropped = studio_paint(&s, 3, SIDE, NULL);
    const pxe_image first = studio_paint(&s, 4, SIDE, NULL);
    const pxe_image last = studio_paint(&s, 5, SIDE, NULL);
    studio_frame(&s, &first, 1);
    gate_wait(&s, 1);
    studio_frame(&s, &dropped, 1);
    studio_frames(&s, 3);
    studio_frame(&s, &last, 1);
    studio_frame(&s, list, 3); /* newer, so they go before it */
    gate_let(&s, 3);
    gate_wait(&s, 4);
    assert_int_equal(gate_nth(&s, 3), 5);
    assert_int_equal(studio_state(&s, list[0]), PXE_IMAGE_UPLOADING);
    assert_int_equal(studio_state(&s, list[2]), PXE_IMAGE_UPLOADING); /* that it failed is not known yet */
    assert_int_equal(s.told, 0);
    gate_set(&s, true);
    destroy_images();
    assert_int_equal(s.told, 0);
    studio_close(&s);
}

/* Some are in the cache's hands, one of them up in part, and some were refused by its full mailbox. */
static void while_some_wait_for_the_cache(void **state)
{
    (void)state;
    for (int frames = 1; frames <= 8; ++frames) {
        studio_open(
            &s, (studio_config){.cache = {.upload_bytes_per_frame = BYTES / 3, .mailbox_bytes = 3 * BYTES},
                                .images = {.workers = 2}});
        gate_set(&s, true);
        for (int i = 0; i < 12; ++i) {
            images[i] = studio_paint(&s, i / 2, SIDE, &(pxe_image_options){.fit_px = i % 2 == 0 ? 0 : 7});
        }
        studio_frame(&s, images, 12);
        for (int frame = 0; frame < frames; ++frame) {
            UNTIL(studio_state(&s, images[11]) == PXE_IMAGE_UPLOADING, (void)0);
            studio_frame(&s, images, 12);
        }
        assert_true(pxe_images_pending(s.images) != 0);
        destroy_images();
        studio_close(&s);
    }
}

static void while_one_is_read_anew(void **state)
{
    (void)state;
    for (int step = 0; step < 3; ++step) {
        studio_open_small(&s, 1 << 20);
        const pxe_image image = studio_paint(&s, 1, SIDE, NULL);
        gate_let(&s, 1);
        assert_int_equal(studio_settle(&s, image), PXE_IMAGE_READY);
        pxe_images_reload(s.images, image);
        pxe_images_reload(s.images, image); /* once more, as soon as this is over */
        gate_wait(&s, 2);
        gate_set(&s, true);
        if (step > 0) {
            UNTIL(gate_done(&s) == 2, (void)0);
        }
        if (step > 1) {
            UNTIL(gate_begun(&s) == 3, studio_frames(&s, 1));
        }
        destroy_images();
        studio_close(&s);
    }
}

static void before_anything(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 3; ++workers) {
        studio_open(&s, (studio_config){.images = {.workers = workers, .reload_changed = true}});
        destroy_images();
        studio_close(&s);
    }
    assert_true(pxe_images_destroy(NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_begun_once_the_end_has_begun),
        cmocka_unit_test(ten_thousand_requests_are_dropped_at_once),
        cmocka_unit_test(ten_thousand_requests_at_once_all_come),
        cmocka_unit_test(while_one_is_queued),
        cmocka_unit_test(while_some_are_done),
        cmocka_unit_test(while_some_wait_for_the_cache),
        cmocka_unit_test(while_one_is_read_anew),
        cmocka_unit_test(before_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
