/* The states of an image: each is seen, in their order, by a worker that is held at a gate. */
#include "studio.h"

enum { SIDE = 8, BYTES = SIDE * SIDE * 4 };

static studio s;

static void every_state_comes_in_its_order(void **state)
{
    (void)state;
    studio_open_small(&s, 100 * BYTES);
    const pxe_image before = studio_paint(&s, 1, SIDE, NULL);
    const pxe_image image = studio_paint(&s, 2, SIDE, NULL);
    assert_int_equal(studio_state(&s, image), PXE_IMAGE_ABSENT);
    studio_frame(&s, &before, 1);
    gate_wait(&s, 1);
    studio_frame(&s, &image, 1); /* the only worker is busy */
    assert_int_equal(studio_state(&s, image), PXE_IMAGE_QUEUED);
    assert_int_equal(studio_state(&s, before), PXE_IMAGE_DECODING);
    assert_int_equal(pxe_images_pending(s.images), 2);
    gate_let(&s, 1);
    gate_wait(&s, 2);
    assert_int_equal(studio_state(&s, image), PXE_IMAGE_DECODING);
    gate_let(&s, 1);
    UNTIL(studio_state(&s, image) != PXE_IMAGE_DECODING, (void)0);
    assert_int_equal(studio_state(&s, image), PXE_IMAGE_UPLOADING);
    assert_int_equal(studio_frame(&s, &image, 1), 1);
    assert_int_equal(studio_state(&s, image), PXE_IMAGE_READY);
    assert_int_equal(pxe_images_pending(s.images), 0);
    assert_resident(&s, image, SIDE, s.easels[2].color);
    pxc_remove_named(s.cache, "0=painting 2");
    assert_int_equal(studio_state(&s, image), PXE_IMAGE_ABSENT);
    studio_close(&s);
}

/* Four frames at a quarter of it each. */
static void what_goes_up_in_bands_is_uploading_until_it_is_whole(void **state)
{
    (void)state;
    const studio_config config = {.cache = {.upload_bytes_per_frame = BYTES / 4}, .images = {.workers = 1}};
    studio_open(&s, config);
    gate_set(&s, true);
    const pxe_image image = studio_paint(&s, 3, SIDE, NULL);
    studio_frame(&s, &image, 1);
    UNTIL(studio_state(&s, image) == PXE_IMAGE_UPLOADING, (void)0);
    for (int frame = 1; frame <= 3; ++frame) {
        assert_int_equal(studio_frame(&s, &image, 1), 0);
        assert_int_equal(studio_state(&s, image), PXE_IMAGE_UPLOADING);
        assert_int_equal(pxe_images_pending(s.images), 1);
    }
    assert_int_equal(studio_frame(&s, &image, 1), 1);
    assert_resident(&s, image, SIDE, s.easels[3].color);
    studio_close(&s);
}

static void without_workers_there_is_no_waiting(void **state)
{
    (void)state;
    studio_open(&s, (studio_config){.images = {.workers = PXE_NO_WORKERS}});
    gate_set(&s, true);
    s.easels[5].refuses = "is out of paint";
    const pxe_image good = studio_paint(&s, 4, SIDE, NULL);
    const pxe_image bad = studio_paint(&s, 5, SIDE, NULL);
    const pxe_image both[] = {good, bad};
    assert_int_equal(studio_state(&s, good), PXE_IMAGE_ABSENT);
    assert_int_equal(studio_frame(&s, both, 2), 2);
    assert_int_equal(studio_state(&s, good), PXE_IMAGE_READY);
    assert_int_equal(studio_state(&s, bad), PXE_IMAGE_FAILED);
    assert_string_equal(pxe_images_info(s.images, bad).failure, "is out of paint");
    assert_int_equal(pxe_images_pending(s.images), 0);
    studio_close(&s);
}

static void a_failure_has_its_reason(void **state)
{
    (void)state;
    static const struct {
        const char *refuses, *expected;
    } cases[] = {{"is out of paint", "is out of paint"}, {"", "can not be painted"}};
    for (size_t i = 0; i < COUNT_OF(cases); ++i) {
        studio_open_small(&s, 100 * BYTES);
        gate_set(&s, true);
        s.easels[7].refuses = cases[i].refuses;
        const pxe_image image = studio_paint(&s, 7, SIDE, NULL);
        assert_int_equal(studio_settle(&s, image), PXE_IMAGE_FAILED);
        const pxe_image_info info = pxe_images_info(s.images, image);
        assert_string_equal(info.failure, cases[i].expected);
        assert_string_equal(info.path, "painting 7");
        assert_int_equal(info.ready_frames, 0);
        for (int frame = 0; frame < 5; ++frame) {
            studio_frame(&s, &image, 1);
        }
        assert_int_equal(s.told, 1);
        assert_string_equal(s.told_path, "painting 7");
        assert_string_equal(s.told_reason, cases[i].expected);
        assert_int_equal(gate_begun(&s), 1); /* and was not tried again */
        assert_int_equal(pxe_images_failed(s.images), 1);
        studio_close(&s);
    }
}

static void a_retry_begins_anew_and_is_nothing_to_what_has_not_failed(void **state)
{
    (void)state;
    studio_open_small(&s, 100 * BYTES);
    gate_set(&s, true);
    s.easels[8].refuses = "is out of paint";
    const pxe_image image = studio_paint(&s, 8, SIDE, NULL);
    const pxe_image good = studio_paint(&s, 9, SIDE, NULL);
    pxe_images_retry(s.images, image);
    assert_int_equal(studio_settle(&s, image), PXE_IMAGE_FAILED);
    assert_int_equal(studio_settle(&s, good), PXE_IMAGE_READY);
    pxe_images_retry(s.images, image);
    assert_int_equal(studio_state(&s, image), PXE_IMAGE_ABSENT);
    assert_null(pxe_images_info(s.images, image).failure);
    assert_int_equal(pxe_images_failed(s.images), 0);
    assert_int_equal(studio_settle(&s, image), PXE_IMAGE_FAILED); /* the reason is still there */
    assert_int_equal(s.told, 2);
    s.easels[8].refuses = NULL;
    pxe_images_retry(s.images, image);
    assert_int_equal(studio_settle(&s, image), PXE_IMAGE_READY);
    pxe_images_retry(s.images, good);
    pxe_images_retry(s.images, (pxe_image){0});
    assert_int_equal(studio_state(&s, good), PXE_IMAGE_READY);
    assert_int_equal(pxe_images_failed(s.images), 0);
    studio_close(&s);
}

static void placeholders_stand_in_for_what_loads_and_for_what_has_failed(void **state)
{
    (void)state;
    const pxc_texture loading = {.name = 901, .width = 1, .height = 1};
    const pxc_texture failed = {.name = 902, .width = 2, .height = 2};
    pxc_texture texture;
    studio_open_small(&s, 100 * BYTES);
    s.easels[11].refuses = "";
    const pxe_image good = studio_paint(&s, 10, SIDE, NULL);
    const pxe_image bad = studio_paint(&s, 11, SIDE, NULL);
    pxe_images_update(s.images);
    pxe_images_texture(s.images, good, &texture);
    assert_int_equal(texture.name, 0);
    pxe_images_set_placeholders(s.images, &loading, &failed);
    pxe_images_texture(s.images, good, &texture);
    assert_memory_equal(&texture, &loading, sizeof texture);
    pxe_images_peek(s.images, good, &texture);
    assert_int_equal(texture.name, 0);
    pxc_frame_end(s.cache);
    gate_set(&s, true);
    assert_int_equal(studio_settle(&s, bad), PXE_IMAGE_FAILED);
    pxe_images_texture(s.images, bad, &texture);
    assert_memory_equal(&texture, &failed, sizeof texture);
    pxe_images_texture(s.images, (pxe_image){77}, &texture);
    assert_memory_equal(&texture, &failed, sizeof texture);
    assert_int_equal(studio_settle(&s, good), PXE_IMAGE_READY);
    pxe_images_texture(s.images, good, &texture);
    assert_true(is_flat(&s, &texture, s.easels[10].color));
    pxe_images_set_placeholders(s.images, NULL, NULL);
    pxe_images_texture(s.images, bad, &texture);
    assert_int_equal(texture.name, 0);
    studio_close(&s);
}

/* Nobody who fades in wants to see the fade again after every eviction; but it is again a picture that comes late. */
static void frames_since_ready_are_counted_from_each_upload(void **state)
{
    (void)state;
    studio_open_small(&s, 2 * BYTES);
    gate_set(&s, true);
    pxe_image images[3];
    for (int i = 0; i < 3; ++i) {
        images[i] = studio_paint(&s, i, SIDE, NULL);
        assert_int_equal(pxe_images_info(s.images, images[i]).ready_frames, 0);
    }
    assert_int_equal(studio_settle(&s, images[0]), PXE_IMAGE_READY);
    for (uint64_t frame = 0; frame < 5; ++frame) {
        assert_int_equal(pxe_images_info(s.images, images[0]).ready_frames, frame);
        studio_frames(&s, 1);
    }
    studio_settle(&s, images[1]);
    studio_settle(&s, images[2]);
    assert_int_equal(studio_state(&s, images[0]), PXE_IMAGE_ABSENT); /* evicted */
    assert_int_equal(pxe_images_info(s.images, images[0]).ready_frames, 0);
    assert_int_equal(pxe_images_info(s.images, images[0]).width, SIDE); /* it was loaded once */
    studio_frames(&s, 5);
    assert_int_equal(studio_settle(&s, images[0]), PXE_IMAGE_READY);
    assert_int_equal(pxe_images_info(s.images, images[0]).ready_frames, 0);
    studio_close(&s);
}

static void looking_loads_nothing(void **state)
{
    (void)state;
    studio_open_small(&s, 2 * BYTES);
    gate_set(&s, true);
    const pxe_image image = studio_paint(&s, 12, SIDE, NULL);
    for (int frame = 0; frame < 20; ++frame) {
        studio_frames(&s, 1);
        assert_int_equal(studio_state(&s, image), PXE_IMAGE_ABSENT);
        const pxe_image_info info = pxe_images_info(s.images, image);
        assert_int_equal(info.state, PXE_IMAGE_ABSENT);
        assert_int_equal(info.width, 0);
        assert_int_equal(info.height, 0);
    }
    assert_int_equal(gate_begun(&s), 0);
    assert_int_equal(pxe_images_pending(s.images), 0);
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_comes_in_its_order),
        cmocka_unit_test(what_goes_up_in_bands_is_uploading_until_it_is_whole),
        cmocka_unit_test(without_workers_there_is_no_waiting),
        cmocka_unit_test(a_failure_has_its_reason),
        cmocka_unit_test(a_retry_begins_anew_and_is_nothing_to_what_has_not_failed),
        cmocka_unit_test(placeholders_stand_in_for_what_loads_and_for_what_has_failed),
        cmocka_unit_test(frames_since_ready_are_counted_from_each_upload),
        cmocka_unit_test(looking_loads_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
