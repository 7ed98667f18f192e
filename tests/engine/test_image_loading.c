/* "Wait until these are ready": a loading screen's figure never falls, and it ends, whatever becomes of the images. */
#include "studio.h"

enum { SIDE = 8, BYTES = SIDE * SIDE * 4, IMAGES = 50 };

static studio s;
static pxe_image images[IMAGES];

static void open_images(int workers, int room)
{
    studio_open(
        &s, (studio_config){.cache = {.limit_bytes = (size_t)room * BYTES}, .images = {.workers = workers}});
    for (int i = 0; i < IMAGES; ++i) {
        images[i] = studio_paint(&s, i, SIDE, NULL);
    }
}

static pxe_progress step(pxe_loading *loading)
{
    pxe_images_update(s.images);
    const pxe_progress progress = pxe_loading_step(loading);
    assert_int_equal(pxc_frame_end(s.cache), PXC_OK);
    return progress;
}

/* Steps until it is done; the figure must not fall, and must agree with the counts. */
static pxe_progress finish(pxe_loading *loading)
{
    pxe_progress last = {0};
    UNTIL(last.done, {
        const pxe_progress now = step(loading);
        assert_true(now.fraction >= last.fraction && now.fraction <= 1);
        assert_true(now.ready >= last.ready && now.failed >= last.failed);
        assert_true(now.fraction == (double)(now.ready + now.failed) / (double)now.total);
        assert_int_equal(now.done, now.ready + now.failed == now.total);
        last = now;
    });
    return last;
}

static void it_ends_when_all_are_ready_or_failed(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 2; ++workers) {
        open_images(workers, IMAGES);
        gate_set(&s, true);
        for (int i = 0; i < IMAGES; i += 10) {
            s.easels[i].refuses = "";
        }
        pxe_loading *loading = pxe_loading_begin(s.images, images, IMAGES);
        const pxe_progress end = finish(loading);
        assert_int_equal(end.total, IMAGES);
        assert_int_equal(end.failed, IMAGES / 10);
        assert_int_equal(end.ready, IMAGES - IMAGES / 10);
        assert_true(end.fraction == 1);
        for (int i = 0; i < IMAGES; ++i) {
            assert_int_equal(studio_state(&s, images[i]), i % 10 == 0 ? PXE_IMAGE_FAILED : PXE_IMAGE_READY);
        }
        assert_int_equal(gate_begun(&s), IMAGES);
        assert_true(step(loading).done);
        pxe_loading_end(loading);
        studio_close(&s);
    }
}

static void the_figure_counts_picture_by_picture(void **state)
{
    (void)state;
    open_images(1, IMAGES);
    pxe_loading *loading = pxe_loading_begin(s.images, images, 4);
    assert_true(step(loading).fraction == 0);
    for (size_t ready = 1; ready <= 4; ++ready) {
        pxe_progress progress = {0};
        gate_let(&s, 1);
        UNTIL(progress.ready == ready, {
            progress = step(loading);
            assert_true(progress.ready <= ready && progress.failed == 0);
        });
        assert_true(progress.fraction == (double)ready / 4);
        assert_int_equal(progress.done, ready == 4);
    }
    pxe_loading_end(loading);
    studio_close(&s);
}

static void a_list_of_nothing_is_done(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 1; ++workers) {
        open_images(workers, IMAGES);
        pxe_loading *loading = pxe_loading_begin(s.images, NULL, 0);
        const pxe_progress progress = step(loading);
        assert_true(progress.done && progress.fraction == 1 && progress.total == 0);
        pxe_loading_end(loading);
        studio_close(&s);
    }
    pxe_loading_end(NULL);
}

static void an_image_listed_twice_counts_twice_and_no_image_has_failed(void **state)
{
    (void)state;
    open_images(1, IMAGES);
    gate_set(&s, true);
    const pxe_image list[] = {images[1], images[1], {0}, images[2], images[1], {12345}};
    pxe_loading *loading = pxe_loading_begin(s.images, list, COUNT_OF(list));
    const pxe_progress end = finish(loading);
    assert_int_equal(end.total, 6);
    assert_int_equal(end.ready, 4);
    assert_int_equal(end.failed, 2);
    assert_int_equal(gate_begun(&s), 2);
    pxe_loading_end(loading);
    studio_close(&s);
}

/* Each was resident once; the first are evicted again before the last have come. */
static void more_than_the_limit_holds_ends_all_the_same(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 2; ++workers) {
        open_images(workers, 5);
        gate_set(&s, true);
        pxe_loading *loading = pxe_loading_begin(s.images, images, IMAGES);
        const pxe_progress end = finish(loading);
        assert_int_equal(end.ready, IMAGES);
        if (workers >= 0) { /* else one a frame is painted before the cache says that it is full */
            assert_int_equal(gate_begun(&s), IMAGES);
        }
        assert_true(pxc_used(s.cache) <= pxc_limit(s.cache));
        pxe_loading_end(loading);
        studio_close(&s);
    }
}

static void a_picture_above_the_limit_has_failed(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 1; ++workers) {
        open_images(workers, 5);
        gate_set(&s, true);
        const pxe_image list[] = {images[1], studio_paint(&s, 100, 3 * SIDE, NULL)};
        pxe_loading *loading = pxe_loading_begin(s.images, list, 2);
        const pxe_progress end = finish(loading);
        assert_int_equal(end.ready, 1);
        assert_int_equal(end.failed, 1);
        assert_non_null(strstr(pxe_images_info(s.images, list[1]).failure, "limit"));
        pxe_loading_end(loading);
        studio_close(&s);
    }
}

/* It asks in every frame; whoever goes away without finishing leaves no load behind that lasts. */
static void one_that_is_given_up_leaves_its_loads_to_be_dropped(void **state)
{
    (void)state;
    open_images(1, IMAGES);
    pxe_loading *loading = pxe_loading_begin(s.images, images, IMAGES);
    step(loading);
    gate_wait(&s, 1);
    for (int frame = 0; frame < 10; ++frame) {
        step(loading);
    }
    pxe_loading_end(loading);
    studio_frames(&s, 3);
    gate_set(&s, true);
    studio_drain(&s, NULL, 0);
    assert_int_equal(gate_begun(&s), 1);
    studio_close(&s);
}

static void two_screens_share_the_loads(void **state)
{
    (void)state;
    open_images(1, IMAGES);
    gate_set(&s, true);
    pxe_loading *first = pxe_loading_begin(s.images, images, 20);
    pxe_loading *second = pxe_loading_begin(s.images, images + 10, 20);
    step(first);
    step(second);
    assert_int_equal(finish(first).ready, 20);
    assert_int_equal(finish(second).ready, 20);
    assert_int_equal(gate_begun(&s), 30);
    pxe_loading_end(second);
    pxe_loading_end(first);
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_ends_when_all_are_ready_or_failed),
        cmocka_unit_test(the_figure_counts_picture_by_picture),
        cmocka_unit_test(a_list_of_nothing_is_done),
        cmocka_unit_test(an_image_listed_twice_counts_twice_and_no_image_has_failed),
        cmocka_unit_test(more_than_the_limit_holds_ends_all_the_same),
        cmocka_unit_test(a_picture_above_the_limit_has_failed),
        cmocka_unit_test(one_that_is_given_up_leaves_its_loads_to_be_dropped),
        cmocka_unit_test(two_screens_share_the_loads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
