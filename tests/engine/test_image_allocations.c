/* Memory that runs out while images are opened, loaded by a worker, drawn and read anew: whichever allocation fails,
 * each image ends ready, failed with a reason, or absent, is loaded when it is asked for again, and nothing leaks. */
#include "studio.h"
#include "wrapped_malloc.h"

enum { SIDE = 8, IMAGES = 5 };

static const uint32_t red = 0xFF0000FF;

static folder in;
static studio s;
static pxe_image images[IMAGES];
static int released;
static const unsigned char pixels[SIDE * SIDE * 4];

static void count_release(void *user)
{
    (void)user;
    ++released;
}

static int make_files(void **state)
{
    (void)state;
    folder_open(&in);
    write_png_flat(path_in(&in, "red.png"), SIDE, SIDE, red);
    write_gate_file(path_in(&in, "gate"), 1, SIDE, red);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    folder_close(&in);
    return 0;
}

static void arm(int n)
{
    memory_arm(n);
}

/* False if the call that was to fail never came. */
static bool disarm(void)
{
    memory_disarm();
    return atomic_load(&memory.calls) >= atomic_load(&memory.fail_at);
}

static void open_images(void)
{
    const pxe_painting painting = {SIDE, SIDE, easel_paint, &s.easels[4]};
    const pxc_pixmap pixmap = {.pixels = pixels, .width = SIDE, .height = SIDE};
    images[0] = pxe_images_open(s.images, path_in(&in, "red.png"), NULL);
    images[1] = pxe_images_open(s.images, path_in(&in, "red.png"), &(pxe_image_options){.fit_px = 3});
    images[2] = pxe_images_open(s.images, path_in(&in, "gate"), &(pxe_image_options){.mipmaps = true});
    images[3] = pxe_images_paint(s.images, "painted", &painting, NULL);
    images[4] = pxe_images_from_pixels(s.images, "given", &pixmap, count_release, NULL);
}

/* Frames until all are ready or failed, and nothing is under way. */
static void settle_all(void)
{
    UNTIL(studio_frame(&s, images, IMAGES) == IMAGES && pxe_images_pending(s.images) == 0, (void)0);
}

static void use_images(void)
{
    open_images();
    pxe_images_prefetch(s.images, images + 2, 2);
    pxe_loading *loading = pxe_loading_begin(s.images, images, IMAGES);
    if (loading != NULL) {
        pxe_images_update(s.images);
        pxe_loading_step(loading);
        pxc_frame_end(s.cache);
    }
    settle_all();
    pxe_images_reload(s.images, images[0]);
    pxe_images_reload(s.images, images[3]);
    settle_all();
    pxe_loading_end(loading);
}

/* What has failed has a reason; with memory all are to be had, but for pixels whose first opening took the name. */
static void assert_all_recover(void)
{
    const pxe_image given = images[4];
    for (int i = 0; i < IMAGES; ++i) {
        if (images[i].id != 0 && studio_state(&s, images[i]) == PXE_IMAGE_FAILED) {
            const char *reason = pxe_images_info(s.images, images[i]).failure;
            assert_true(reason != NULL && *reason != '\0');
            pxe_images_retry(s.images, images[i]);
        }
    }
    open_images();
    images[4] = given.id != 0 ? given : images[4];
    settle_all();
    for (int i = 0; i < IMAGES; ++i) {
        assert_int_equal(studio_state(&s, images[i]), PXE_IMAGE_READY);
    }
    assert_resident(&s, images[0], SIDE, red);
    assert_resident(&s, images[1], 3, red);
    assert_resident(&s, images[2], SIDE, red);
    assert_resident(&s, images[3], SIDE, s.easels[4].color);
    assert_resident(&s, images[4], SIDE, 0);
    assert_int_equal(pxe_images_failed(s.images), 0);
}

static void every_allocation_of_loading_and_drawing(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 1; workers += 2) {
        bool failed = true;
        int rounds = 0;
        for (int n = 1; failed; ++n, ++rounds) {
            const int live_before = atomic_load(&memory.live);
            released = 0;
            studio_open(&s, (studio_config){.images = {.workers = workers, .reload_changed = true}});
            gate_set(&s, true);
            studio_settle(&s, studio_paint(&s, 1, 1, NULL)); /* the fake GPU has what it needs */
            arm(n);
            use_images();
            failed = disarm();
            assert_all_recover();
            studio_close(&s);
            assert_int_equal(released, 1);
            assert_int_equal(atomic_load(&memory.live), live_before);
        }
        assert_true(rounds > 20);
    }
}

static void every_allocation_of_creating(void **state)
{
    (void)state;
    bool failed = true;
    int refused = 0;
    studio_open_small(&s, 1 << 20);
    const pxe_images_config config = {
        .cache = s.cache, .profile = s.profile, .workers = 2, .reload_changed = true};
    for (int n = 1; failed; ++n) {
        pxe_images *other = NULL;
        pxe_error error = {""};
        const int live_before = atomic_load(&memory.live);
        arm(n);
        const bool created = pxe_images_create(&config, &other, &error);
        failed = disarm();
        assert_int_equal(created, !failed);
        assert_int_equal(created, other != NULL);
        if (!created) {
            assert_says(&error, "no memory");
            ++refused;
        }
        pxe_images_destroy(other, NULL);
        assert_int_equal(atomic_load(&memory.live), live_before);
    }
    assert_true(refused >= 3);
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_loading_and_drawing),
        cmocka_unit_test(every_allocation_of_creating),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
