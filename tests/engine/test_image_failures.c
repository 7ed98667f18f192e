/* An image that can not be loaded is a state: told once, with a reason, and the frame goes on. With and without
 * workers. */
#include "engine_fixture.h"

/* So that a fault ends a test instead of stopping it. */
enum { FRAMES_AT_MOST = 1000000 };

typedef struct told {
    int count;
    char path[PATH_BYTES];
    pxe_error reason;
} told;

static folder in;
static stage s;
static told heard;

static int make_files(void **state)
{
    (void)state;
    folder_open(&in);
    write_png_flat(path_in(&in, "good.png"), 4, 4, 0x00FF00FF);
    write_png_flat(path_in(&in, "large.png"), 100, 50, 0xFF0000FF);
    write_file(path_in(&in, "text.png"), "no picture", 10);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    folder_close(&in);
    return 0;
}

static void hear(void *user, const char *path, const char *reason)
{
    told *to = user;
    ++to->count;
    snprintf(to->path, sizeof to->path, "%s", path);
    snprintf(to->reason.text, sizeof to->reason.text, "%s", reason);
}

static void open_stage(int workers)
{
    memset(&heard, 0, sizeof heard);
    stage_open_config(&s, (pxe_engine_config){.window = {.width = 8, .height = 8},
                                              .limit_bytes = 10000,
                                              .workers = workers,
                                              .on_failed = hear,
                                              .on_failed_user = &heard});
}

/* Frames until the image is ready or failed. */
static pxe_image_state settle(pxe_image image)
{
    for (int i = 0; i < FRAMES_AT_MOST; ++i) {
        pxc_texture texture;
        memset(&texture, 0xA5, sizeof texture);
        stage_begin(&s, 0x000000FF);
        const pxe_image_state now = pxe_images_texture(s.engine->images, image, &texture);
        assert_true((now == PXE_IMAGE_READY) == (texture.name != 0));
        pxe_frame_end(s.engine, NULL, NULL);
        if (!pxe_image_loading(now)) {
            return now;
        }
    }
    fail_msg("still loading");
    return PXE_IMAGE_ABSENT;
}

static void assert_fails_once(const char *path, const char *word)
{
    const uint32_t failed_before = pxe_images_failed(s.engine->images);
    heard.count = 0;
    const pxe_image image = pxe_images_open(s.engine->images, path, NULL);
    assert_int_equal(settle(image), PXE_IMAGE_FAILED);
    assert_int_equal(heard.count, 1);
    assert_string_equal(heard.path, path);
    assert_says(&heard.reason, word);
    for (int i = 0; i < 5; ++i) {
        assert_int_equal(settle(image), PXE_IMAGE_FAILED);
    }
    assert_int_equal(heard.count, 1);
    assert_int_equal(pxe_images_failed(s.engine->images), failed_before + 1);
    assert_int_equal(pxe_images_pending(s.engine->images), 0);
    const pxe_image_info info = pxe_images_info(s.engine->images, image);
    assert_int_equal(info.state, PXE_IMAGE_FAILED);
    assert_string_equal(info.failure, heard.reason.text);
    assert_string_equal(info.path, path);
    pxc_texture texture;
    assert_int_equal(pxe_images_peek(s.engine->images, image, &texture), PXE_IMAGE_FAILED);
    assert_int_equal(texture.name, 0);
}

static void a_failing_image_is_told_once_and_stays_failed(void **state)
{
    (void)state;
    for (int workers = 0; workers <= 2; workers += 2) {
        open_stage(workers);
        assert_fails_once(path_in(&in, "nowhere.png"), "No such file");
        assert_fails_once(path_in(&in, "text.png"), "no PNG");
        assert_fails_once(in.path, "folder");
        assert_fails_once("", "No such file");
        const pxe_image good = pxe_images_open(s.engine->images, path_in(&in, "good.png"), NULL);
        assert_int_equal(settle(good), PXE_IMAGE_READY);
        stage_close(&s);
    }
}

static void a_failed_image_stays_failed_when_the_file_gets_better(void **state)
{
    (void)state;
    open_stage(0);
    const char *path = path_in(&in, "later.png");
    const pxe_image image = pxe_images_open(s.engine->images, path, NULL);
    assert_int_equal(settle(image), PXE_IMAGE_FAILED);
    write_png_flat(path, 4, 4, 0x0000FFFF);
    assert_int_equal(settle(image), PXE_IMAGE_FAILED);
    pxe_images_retry(s.engine->images, image);
    assert_int_equal(settle(image), PXE_IMAGE_READY);
    stage_close(&s);
}

static void a_picture_above_the_limit_fails_with_its_bytes(void **state)
{
    (void)state;
    for (int workers = 0; workers <= 2; workers += 2) {
        open_stage(workers);
        assert_fails_once(path_in(&in, "large.png"), "20000 bytes");
        assert_says(&heard.reason, "limit of 10000");
        const pxe_image fitted =
            pxe_images_open(s.engine->images, path_in(&in, "large.png"), &(pxe_image_options){.fit_px = 50});
        assert_int_equal(settle(fitted), PXE_IMAGE_READY); /* 5,000 bytes */
        stage_close(&s);
    }
}

static void no_image_is_failed_and_told_to_nobody(void **state)
{
    (void)state;
    open_stage(0);
    static const uint32_t ids[] = {0, 1, 77, UINT32_MAX};
    for (size_t i = 0; i < COUNT_OF(ids); ++i) {
        const pxe_image none = {ids[i]};
        pxc_texture texture;
        memset(&texture, 0xA5, sizeof texture);
        assert_int_equal(pxe_images_texture(s.engine->images, none, &texture), PXE_IMAGE_FAILED);
        assert_int_equal(texture.name, 0);
        assert_int_equal(pxe_images_peek(s.engine->images, none, &texture), PXE_IMAGE_FAILED);
        const pxe_image_info info = pxe_images_info(s.engine->images, none);
        assert_int_equal(info.state, PXE_IMAGE_FAILED);
        assert_non_null(info.failure);
        assert_string_equal(info.path, "");
    }
    assert_int_equal(heard.count, 0);
    assert_int_equal(pxe_images_failed(s.engine->images), 0);
    stage_close(&s);
}

static void nobody_need_listen(void **state)
{
    (void)state;
    stage_open(&s, 8, 8);
    const pxe_image image = pxe_images_open(s.engine->images, path_in(&in, "nowhere.png"), NULL);
    assert_int_equal(settle(image), PXE_IMAGE_FAILED);
    assert_int_equal(pxe_images_failed(s.engine->images), 1);
    stage_close(&s);
}

/* As a game does that shows another picture instead: the table of images grows while it is being told. */
static void open_more(void *user, const char *path, const char *reason)
{
    (void)reason;
    ++*(int *)user;
    for (int i = 0; i < 200; ++i) {
        assert_true(pxe_images_open(s.engine->images, path, NULL).id != 0);
    }
}

static void who_is_told_may_open_images(void **state)
{
    (void)state;
    for (int workers = 0; workers <= 2; workers += 2) {
        int calls = 0;
        stage_open_config(&s, (pxe_engine_config){.window = {.width = 8, .height = 8},
                                                  .workers = workers,
                                                  .on_failed = open_more,
                                                  .on_failed_user = &calls});
        const pxe_image bad = pxe_images_open(s.engine->images, path_in(&in, "text.png"), NULL);
        const pxe_image good = pxe_images_open(s.engine->images, path_in(&in, "good.png"), NULL);
        assert_int_equal(settle(bad), PXE_IMAGE_FAILED);
        assert_int_equal(settle(good), PXE_IMAGE_READY);
        assert_int_equal(calls, 1);
        assert_int_equal(pxe_images_pending(s.engine->images), 0);
        stage_close(&s);
    }
}

static void a_failed_image_is_loaded_when_it_is_tried_again(void **state)
{
    (void)state;
    for (int workers = 0; workers <= 1; ++workers) {
        remove(path_in(&in, "late.png"));
        open_stage(workers);
        const pxe_image image = pxe_images_open(s.engine->images, path_in(&in, "late.png"), NULL);
        assert_int_equal(settle(image), PXE_IMAGE_FAILED);
        assert_int_equal(pxe_images_failed(s.engine->images), 1);
        write_png_flat(path_in(&in, "late.png"), 4, 4, 0x00FF00FF);
        assert_int_equal(settle(image), PXE_IMAGE_FAILED); /* nobody asked for another try */
        pxe_images_retry(s.engine->images, image);
        assert_int_equal(pxe_images_failed(s.engine->images), 0);
        assert_int_equal(settle(image), PXE_IMAGE_READY);
        assert_null(pxe_images_info(s.engine->images, image).failure);
        assert_int_equal(heard.count, 1);
        stage_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_image_is_loaded_when_it_is_tried_again),
        cmocka_unit_test(a_failing_image_is_told_once_and_stays_failed),
        cmocka_unit_test(a_failed_image_stays_failed_when_the_file_gets_better),
        cmocka_unit_test(a_picture_above_the_limit_fails_with_its_bytes),
        cmocka_unit_test(no_image_is_failed_and_told_to_nobody),
        cmocka_unit_test(nobody_need_listen),
        cmocka_unit_test(who_is_told_may_open_images),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
