/* Which image a worker takes next, and which is dropped before it is begun. One worker, held at a gate by painting 0
 * until all is asked for. */
#include "studio.h"

enum { SIDE = 8, BYTES = SIDE * SIDE * 4, IMAGES = 200 };

static studio s;
static pxe_image images[IMAGES];

/* Room for so many; the worker is busy with images[0]. */
static void open_busy(int room)
{
    studio_open_small(&s, (size_t)room * BYTES);
    for (int i = 0; i < IMAGES; ++i) {
        images[i] = studio_paint(&s, i, SIDE, NULL);
    }
    studio_frame(&s, images, 1);
    gate_wait(&s, 1);
}

/* The gate opens, and all that is wanted comes: these, which are asked for in each frame, and what is on the list. */
static void finish(const pxe_image *list, int count)
{
    gate_set(&s, true);
    studio_drain(&s, list, count);
}

static void assert_order(const int *expected, int count)
{
    assert_int_equal(gate_begun(&s), count);
    for (int i = 0; i < count; ++i) {
        assert_int_equal(gate_nth(&s, i), expected[i]);
    }
}

static void what_is_seen_comes_in_the_order_of_asking(void **state)
{
    (void)state;
    static const int order[] = {0, 5, 3, 9, 1};
    open_busy(100);
    const pxe_image asked[] = {images[5], images[3], images[9], images[1]};
    const pxe_image again[] = {images[1], images[9], images[3], images[5]}; /* changes nothing */
    studio_frame(&s, asked, 4);
    studio_frame(&s, again, 4);
    finish(asked, 4);
    assert_order(order, 5);
    studio_close(&s);
}

/* A view that moves on, two images a frame: 1 and 2 are still seen in each frame, but the others have just come in. */
static void what_has_just_come_into_view_comes_first(void **state)
{
    (void)state;
    static const int order[] = {0, 5, 6, 3, 4, 1, 2};
    open_busy(100);
    studio_frame(&s, &images[1], 2);
    studio_frame(&s, &images[1], 4);
    studio_frame(&s, &images[1], 6);
    finish(&images[1], 6);
    assert_order(order, 7);
    studio_close(&s);
}

static void what_is_seen_comes_before_the_prefetch_list(void **state)
{
    (void)state;
    static const int order[] = {0, 7, 8, 3, 2, 1};
    open_busy(100);
    const pxe_image list[] = {images[3], images[2], images[1]};
    const pxe_image seen[] = {images[7], images[8]};
    assert_true(pxe_images_prefetch(s.images, list, 3));
    studio_frames(&s, 1);
    assert_int_equal(studio_state(&s, images[3]), PXE_IMAGE_QUEUED);
    studio_frame(&s, seen, 2); /* asked for later */
    finish(seen, 2);
    assert_order(order, 6);
    for (int i = 1; i <= 3; ++i) {
        assert_resident(&s, images[i], SIDE, s.easels[i].color);
    }
    studio_close(&s);
}

static void what_was_prefetched_overtakes_when_it_is_seen(void **state)
{
    (void)state;
    static const int order[] = {0, 2, 3, 4, 1};
    open_busy(100);
    const pxe_image list[] = {images[3], images[4], images[1], images[2]};
    pxe_images_prefetch(s.images, list, 4);
    studio_frames(&s, 1);
    studio_frame(&s, &images[2], 1);
    finish(&images[2], 1);
    assert_order(order, 5);
    pxc_stats stats;
    pxc_get_stats(s.cache, &stats);
    assert_int_equal(stats.misses, 2); /* of what somebody asked for: 0 and 2 */
    studio_close(&s);
}

static void what_nobody_asks_for_any_more_is_never_painted(void **state)
{
    (void)state;
    static const int order[] = {0, 3};
    open_busy(100);
    const pxe_image asked[] = {images[1], images[2], images[3]};
    studio_frame(&s, asked, 3);
    for (int frame = 0; frame < 3; ++frame) {
        studio_frame(&s, &images[3], 1);
    }
    assert_int_equal(studio_state(&s, images[1]), PXE_IMAGE_QUEUED); /* no worker has come by */
    finish(&images[3], 1);
    assert_order(order, 2);
    assert_int_equal(studio_state(&s, images[1]), PXE_IMAGE_ABSENT);
    assert_int_equal(pxe_images_failed(s.images), 0);
    assert_int_equal(studio_settle(&s, images[1]), PXE_IMAGE_READY); /* when it is asked for again */
    assert_resident(&s, images[1], SIDE, s.easels[1].color);
    studio_close(&s);
}

static void what_was_asked_for_in_one_of_the_last_two_frames_is_painted(void **state)
{
    (void)state;
    static const int order[] = {0, 1};
    open_busy(100);
    studio_frame(&s, &images[1], 1);
    studio_frames(&s, 2);
    gate_let(&s, 1);
    gate_wait(&s, 2); /* between the frames */
    finish(NULL, 0);
    assert_order(order, 2);
    assert_resident(&s, images[1], SIDE, s.easels[1].color);
    studio_close(&s);
}

/* The worker drops 1 while nobody asks; before the next frame takes that in, somebody does. */
static void what_is_asked_for_just_after_it_was_dropped_comes_all_the_same(void **state)
{
    (void)state;
    static const int order[] = {0, 2, 1};
    pxc_texture texture;
    open_busy(100);
    studio_frame(&s, &images[1], 1);
    studio_frames(&s, 2);
    pxe_images_update(s.images);
    pxe_images_texture(s.images, images[2], &texture);
    gate_let(&s, 1);
    gate_wait(&s, 2); /* 1 was before it */
    assert_int_equal(pxe_images_texture(s.images, images[1], &texture), PXE_IMAGE_QUEUED);
    pxc_frame_end(s.cache);
    finish(&images[1], 1);
    assert_order(order, 3);
    assert_resident(&s, images[1], SIDE, s.easels[1].color);
    studio_close(&s);
}

static void the_list_keeps_what_is_not_seen_any_more(void **state)
{
    (void)state;
    static const int order[] = {0, 2, 1};
    open_busy(100);
    const pxe_image list[] = {images[1], images[2]};
    pxe_images_prefetch(s.images, list, 2);
    studio_frames(&s, 1);
    studio_frame(&s, &images[2], 1); /* seen for one frame */
    studio_frames(&s, 10);
    finish(NULL, 0);
    assert_order(order, 3);
    assert_resident(&s, images[2], SIDE, s.easels[2].color);
    studio_close(&s);
}

static void the_list_keeps_what_was_seen_before_it_was_listed(void **state)
{
    (void)state;
    static const int order[] = {0, 1};
    open_busy(100);
    studio_frame(&s, &images[1], 1);
    pxe_images_prefetch(s.images, &images[1], 1);
    studio_frames(&s, 10);
    finish(NULL, 0);
    assert_order(order, 2);
    studio_close(&s);
}

static void a_new_list_drops_what_the_old_one_alone_wanted(void **state)
{
    (void)state;
    static const int order[] = {0, 4, 2, 3, 5};
    open_busy(100);
    const pxe_image old[] = {images[1], images[2], images[3], images[4]};
    const pxe_image fresh[] = {images[3], images[2], images[5]};
    pxe_images_prefetch(s.images, old, 4);
    studio_frames(&s, 1);
    pxe_images_prefetch(s.images, fresh, 3); /* 1 is not wanted, 2 and 3 are kept in their places */
    for (int frame = 0; frame < 10; ++frame) {
        studio_frame(&s, &images[4], 1); /* is seen */
    }
    finish(&images[4], 1);
    assert_order(order, 5);
    assert_int_equal(studio_state(&s, images[1]), PXE_IMAGE_ABSENT);
    studio_close(&s);
}

static void an_empty_list_clears_it(void **state)
{
    (void)state;
    static const int order[] = {0};
    open_busy(100);
    assert_true(pxe_images_prefetch(s.images, images, 50));
    studio_frames(&s, 1);
    assert_true(pxe_images_prefetch(s.images, NULL, 0));
    studio_frames(&s, 3);
    finish(NULL, 0);
    assert_order(order, 1);
    studio_close(&s);
}

static void a_list_passes_over_what_needs_no_loading(void **state)
{
    (void)state;
    static const int order[] = {0, 1, 2, 3};
    open_busy(100);
    s.easels[2].refuses = "";
    gate_set(&s, true);
    studio_settle(&s, images[1]);
    studio_settle(&s, images[2]);
    const pxe_image list[] = {images[1], {0}, images[2], {99999}, images[3], images[3], images[1]};
    pxe_images_prefetch(s.images, list, COUNT_OF(list));
    studio_frames(&s, 1);
    studio_drain(&s, NULL, 0);
    assert_order(order,
                 4); /* neither what is resident, nor what has failed, nor what is no image; and each once */
    studio_close(&s);
}

/* Without workers, too: as many as fit, and these are the first. */
static void a_long_list_does_not_push_out_its_own_beginning(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 2; ++workers) {
        studio_open(
            &s, (studio_config){.cache = {.limit_bytes = 10 * BYTES + 77}, .images = {.workers = workers}});
        gate_set(&s, true);
        for (int i = 0; i < IMAGES; ++i) {
            images[i] = studio_paint(&s, i, SIDE, NULL);
        }
        pxe_images_prefetch(s.images, images, IMAGES);
        studio_frames(&s, IMAGES + 20);
        studio_drain(&s, NULL, 0);
        int resident = 0;
        for (int i = 0; i < IMAGES; ++i) {
            resident += studio_state(&s, images[i]) == PXE_IMAGE_READY ? 1 : 0;
        }
        pxc_stats stats;
        pxc_get_stats(s.cache, &stats);
        assert_int_equal(resident, 10);
        assert_int_equal(stats.evictions, 0);
        assert_int_equal(pxe_images_failed(s.images), 0);
        if (workers <= 1) { /* two finish in any order */
            assert_int_equal(studio_state(&s, images[0]), PXE_IMAGE_READY);
            assert_int_equal(studio_state(&s, images[9]), PXE_IMAGE_READY);
        }
        studio_close(&s);
    }
}

static void no_more_than_64_are_loaded_ahead_at_once(void **state)
{
    (void)state;
    open_busy(IMAGES);
    pxe_images_prefetch(s.images, images + 1, IMAGES - 1);
    studio_frames(&s, 10);
    assert_int_equal(pxe_images_pending(s.images), 64 + 1);
    assert_int_equal(studio_state(&s, images[64]), PXE_IMAGE_QUEUED);
    assert_int_equal(studio_state(&s, images[65]), PXE_IMAGE_ABSENT);
    finish(NULL, 0);
    for (int i = 0; i < IMAGES; ++i) {
        assert_int_equal(gate_nth(&s, i), i);
        assert_resident(&s, images[i], SIDE, s.easels[i].color);
    }
    assert_int_equal(gate_begun(&s), IMAGES);
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_seen_comes_in_the_order_of_asking),
        cmocka_unit_test(what_has_just_come_into_view_comes_first),
        cmocka_unit_test(what_is_seen_comes_before_the_prefetch_list),
        cmocka_unit_test(what_was_prefetched_overtakes_when_it_is_seen),
        cmocka_unit_test(what_nobody_asks_for_any_more_is_never_painted),
        cmocka_unit_test(what_was_asked_for_in_one_of_the_last_two_frames_is_painted),
        cmocka_unit_test(what_is_asked_for_just_after_it_was_dropped_comes_all_the_same),
        cmocka_unit_test(the_list_keeps_what_is_not_seen_any_more),
        cmocka_unit_test(the_list_keeps_what_was_seen_before_it_was_listed),
        cmocka_unit_test(a_new_list_drops_what_the_old_one_alone_wanted),
        cmocka_unit_test(an_empty_list_clears_it),
        cmocka_unit_test(a_list_passes_over_what_needs_no_loading),
        cmocka_unit_test(a_long_list_does_not_push_out_its_own_beginning),
        cmocka_unit_test(no_more_than_64_are_loaded_ahead_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
