/* What the GPU refuses, at whichever call: the image has failed and says so, its pixels are given back, another try
 * works, and what was to be replaced stays. */
#include "studio.h"

enum { SIDE = 16, BYTES = SIDE * SIDE * 4 };

static studio s;
static int released;
static const unsigned char pixels[BYTES];

static void count_release(void *user)
{
    (void)user;
    ++released;
}

typedef enum point { CREATE, BEGIN, FIRST_ROWS, LATER_ROWS, FINISH, POINTS } point;

/* The GPU's next call of this kind fails, and all of that kind until it is mended. */
static void break_at(point at, pxc_status status)
{
    fake_gpu *gpu = &s.gpu;
    gpu->fail_status = gpu->band_status = status;
    gpu->fail_creates = gpu->fail_bands = UINT64_MAX;
    gpu->fail_create_at = at == CREATE ? gpu->create_calls + 1 : 0;
    gpu->fail_begin_at = at == BEGIN ? gpu->begin_calls + 1 : 0;
    gpu->fail_rows_at = at == FIRST_ROWS ? gpu->row_calls + 1 : at == LATER_ROWS ? gpu->row_calls + 2 : 0;
    gpu->fail_finish_at = at == FINISH ? gpu->finish_calls + 1 : 0;
}

static void mend(void)
{
    break_at(POINTS, PXC_OK);
}

/* In bands, a quarter in each frame, but for the point at which it goes up whole. */
static void open_for(point at)
{
    studio_open(&s, (studio_config){.cache = {.upload_bytes_per_frame = at == CREATE ? 0 : BYTES / 4},
                                    .images = {.workers = 1}});
    gate_set(&s, true);
}

static void what_the_gpu_refuses_has_failed_and_can_be_tried_again(void **state)
{
    (void)state;
    static const pxc_status statuses[] = {PXC_ERR_GPU, PXC_ERR_MEMORY};
    for (int i = 0; i < POINTS * 2; ++i) {
        open_for((point)(i / 2));
        released = 0;
        const pxc_pixmap pixmap = {.pixels = pixels, .width = SIDE, .height = SIDE};
        const pxe_image painted = studio_paint(&s, 1, SIDE, NULL);
        const pxe_image given = pxe_images_from_pixels(s.images, "given", &pixmap, count_release, NULL);
        const pxe_image both[] = {painted, given};
        break_at((point)(i / 2), statuses[i % 2]);
        UNTIL(studio_frame(&s, both, 2) == 2, (void)0);
        for (int which = 0; which < 2; ++which) {
            const pxe_image_info info = pxe_images_info(s.images, both[which]);
            assert_int_equal(info.state, PXE_IMAGE_FAILED);
            assert_non_null(strstr(info.failure, "can not be uploaded"));
        }
        assert_int_equal(s.told, 2);
        assert_int_equal(pxe_images_pending(s.images), 0);
        assert_int_equal(released, 0); /* they may be wanted again */
        mend();
        pxe_images_retry(s.images, painted);
        pxe_images_retry(s.images, given);
        UNTIL(studio_frame(&s, both, 2) == 2, (void)0);
        assert_resident(&s, painted, SIDE, s.easels[1].color);
        assert_resident(&s, given, SIDE, 0);
        studio_close(&s);
        assert_int_equal(released, 1);
    }
}

static void what_can_not_be_replaced_stays(void **state)
{
    (void)state;
    for (point at = CREATE; at < POINTS; ++at) {
        open_for(at);
        const pxe_image image = studio_paint(&s, 2, SIDE, NULL);
        assert_int_equal(studio_settle(&s, image), PXE_IMAGE_READY);
        const uint32_t old = s.easels[2].color;
        s.easels[2].color = 0x112233FF;
        break_at(at, PXC_ERR_GPU);
        pxe_images_reload(s.images, image);
        studio_drain(&s, &image, 1);
        assert_resident(&s, image, SIDE, old);
        assert_non_null(strstr(pxe_images_info(s.images, image).failure, "can not be uploaded"));
        assert_int_equal(s.told, 0);
        mend();
        pxe_images_reload(s.images, image);
        studio_drain(&s, &image, 1);
        assert_resident(&s, image, SIDE, 0x112233FF);
        assert_null(pxe_images_info(s.images, image).failure);
        studio_close(&s);
    }
}

/* Some are there, one is up in part, some wait: at each frame of their way. */
static void all_come_back_after_the_context_was_lost(void **state)
{
    (void)state;
    for (int frames = 0; frames < 24; ++frames) {
        pxe_image images[5];
        open_for(BEGIN);
        for (int i = 0; i < 5; ++i) {
            images[i] = studio_paint(&s, i, SIDE, NULL);
        }
        studio_frame(&s, images, 5);
        UNTIL(gate_begun(&s) == 5 && studio_state(&s, images[4]) == PXE_IMAGE_UPLOADING, (void)0);
        for (int frame = 0; frame < frames; ++frame) {
            studio_frame(&s, images, 5);
        }
        assert_int_equal(pxc_context_lost(s.cache), PXC_OK);
        UNTIL(studio_frame(&s, images, 5) == 5, (void)0);
        for (int i = 0; i < 5; ++i) {
            assert_resident(&s, images[i], SIDE, s.easels[i].color);
        }
        assert_int_equal(pxe_images_failed(s.images), 0);
        assert_int_equal(pxe_images_pending(s.images), 0);
        studio_close(&s);
    }
}

static void a_limit_that_is_lowered_meanwhile_is_the_reason_and_a_higher_one_the_cure(void **state)
{
    (void)state;
    open_for(BEGIN);
    const pxe_image image = studio_paint(&s, 3, SIDE, NULL);
    studio_frame(&s, &image, 1);
    UNTIL(studio_state(&s, image) == PXE_IMAGE_UPLOADING, (void)0);
    studio_frame(&s, &image, 1);
    assert_int_equal(pxc_set_limit(s.cache, BYTES - 1), PXC_OK);
    assert_int_equal(studio_settle(&s, image), PXE_IMAGE_FAILED);
    assert_non_null(strstr(pxe_images_info(s.images, image).failure, "limit"));
    assert_int_equal(pxc_set_limit(s.cache, BYTES), PXC_OK);
    pxe_images_retry(s.images, image);
    assert_int_equal(studio_settle(&s, image), PXE_IMAGE_READY);
    assert_resident(&s, image, SIDE, s.easels[3].color);
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_gpu_refuses_has_failed_and_can_be_tried_again),
        cmocka_unit_test(what_can_not_be_replaced_stays),
        cmocka_unit_test(all_come_back_after_the_context_was_lost),
        cmocka_unit_test(a_limit_that_is_lowered_meanwhile_is_the_reason_and_a_higher_one_the_cure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
