/* How much is decoded and not uploaded is bounded in bytes, and every picture comes all the same. */
#include "studio.h"

enum { SIDE = 8, BYTES = SIDE * SIDE * 4, IMAGES = 40 };

static studio s;
static pxe_image images[IMAGES];

/* Room for 10 pictures on the way, and for all in the cache. */
static void open_bounded(int workers)
{
    studio_open(&s, (studio_config){.images = {.workers = workers, .decoded_bytes = 10 * BYTES}});
    gate_set(&s, true);
    for (int i = 0; i < IMAGES; ++i) {
        images[i] = studio_paint(&s, i, SIDE, NULL);
    }
}

static int in_state(pxe_image_state wanted)
{
    int count = 0;
    for (int i = 0; i < IMAGES; ++i) {
        count += studio_state(&s, images[i]) == wanted ? 1 : 0;
    }
    return count;
}

/* Of each worker one waits for room: it has been chosen, and nothing of it is in memory. */
static void what_is_decoded_and_not_uploaded_stays_within_the_bound(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 3; ++workers) {
        open_bounded(workers);
        studio_frame(&s, images, IMAGES);
        UNTIL(in_state(PXE_IMAGE_UPLOADING) == 10 && in_state(PXE_IMAGE_DECODING) == workers, (void)0);
        for (int look = 0; look < 1000; ++look) { /* no frame comes: nothing more is painted */
            assert_int_equal(in_state(PXE_IMAGE_QUEUED), IMAGES - 10 - workers);
            sched_yield();
        }
        assert_int_equal(gate_begun(&s), 10);
        for (int painted = 10; painted < IMAGES;) { /* as many again as have gone up */
            studio_frame(&s, images, IMAGES);
            const int now = gate_begun(&s);
            assert_true(now <= in_state(PXE_IMAGE_READY) + 10);
            painted = now;
        }
        studio_drain(&s, images, IMAGES);
        assert_int_equal(in_state(PXE_IMAGE_READY), IMAGES);
        studio_close(&s);
    }
}

/* In four sizes a picture takes 2.7 times as much as in one, and four times before the copies are scaled down: three of
 * them, and there is no room for another. */
static void copies_in_other_sizes_count(void **state)
{
    (void)state;
    static const int fits[] = {0, 7, 6, 5};
    open_bounded(1);
    gate_set(&s, false);
    const pxe_image blocker = studio_paint(&s, 200, 1, NULL); /* until all sizes are asked for */
    studio_frame(&s, &blocker, 1);
    gate_wait(&s, 1);
    for (int i = 0; i < IMAGES; ++i) {
        images[i] = studio_paint(&s, i / 4, SIDE, &(pxe_image_options){.fit_px = fits[i % 4]});
    }
    studio_frame(&s, images, IMAGES);
    gate_set(&s, true);
    UNTIL(in_state(PXE_IMAGE_UPLOADING) == 3 * 4 && in_state(PXE_IMAGE_DECODING) == 4, (void)0);
    for (int look = 0; look < 1000; ++look) {
        assert_int_equal(gate_begun(&s), 1 + 3);
        sched_yield();
    }
    UNTIL(studio_frame(&s, images, IMAGES) == IMAGES, (void)0);
    studio_close(&s);
}

/* A worker that waits with what is loaded ahead lets it wait for the sake of what is seen; which needs room, too. */
static void what_is_seen_need_not_wait_behind_what_is_ahead(void **state)
{
    (void)state;
    open_bounded(1);
    pxe_images_prefetch(s.images, images, IMAGES - 1);
    studio_frames(&s, 1);
    UNTIL(in_state(PXE_IMAGE_UPLOADING) == 10 && in_state(PXE_IMAGE_DECODING) == 1, (void)0);
    UNTIL(studio_frame(&s, &images[IMAGES - 1], 1) == 1, (void)0);
    bool is_among_the_first = false;
    for (int i = 10; i < 30; ++i) { /* at most the ten that had room came before it, and ten more beside it */
        is_among_the_first = is_among_the_first || gate_nth(&s, i) == IMAGES - 1;
    }
    assert_true(is_among_the_first);
    studio_drain(&s, NULL, 0);
    studio_close(&s);
}

static void a_picture_larger_than_the_bound_is_loaded(void **state)
{
    (void)state;
    open_bounded(1);
    const pxe_image huge = studio_paint(&s, 100, 4 * SIDE, NULL); /* 16 pictures */
    assert_int_equal(studio_settle(&s, huge), PXE_IMAGE_READY);
    assert_resident(&s, huge, 4 * SIDE, s.easels[100].color);
    studio_close(&s);
}

/* Two workers: the large one is up in a part, and the small ones are not held up by it. */
static void one_large_picture_passes_beside_the_bound(void **state)
{
    (void)state;
    open_bounded(2);
    pxe_image list[12];
    list[0] = studio_paint(&s, 100, 4 * SIDE, NULL);
    memcpy(list + 1, images, 10 * sizeof *images);
    list[11] = studio_paint(&s, 101, 4 * SIDE, NULL);
    studio_frame(&s, list, 12);
    UNTIL(gate_begun(&s) == 11, (void)0);
    UNTIL(studio_state(&s, list[11]) == PXE_IMAGE_DECODING, (void)0); /* one large one at a time */
    for (int look = 0; look < 1000; ++look) {
        assert_int_equal(gate_begun(&s), 11);
        sched_yield();
    }
    studio_frame(&s, list, 12); /* all 11 go up */
    gate_wait(&s, 12);
    studio_drain(&s, list, 12);
    assert_resident(&s, list[0], 4 * SIDE, s.easels[100].color);
    assert_resident(&s, list[11], 4 * SIDE, s.easels[101].color);
    studio_close(&s);
}

/* What failed, was dropped or was refused by the cache must leave no trace in the bound: else it is used up some
 * day. */
static void room_is_given_back_however_a_load_ends(void **state)
{
    (void)state;
    studio_open(&s, (studio_config){.cache = {.limit_bytes = 20 * BYTES},
                                    .images = {.workers = 2, .decoded_bytes = 10 * BYTES}});
    gate_set(&s, true);
    for (int i = 0; i < IMAGES; ++i) {
        images[i] = studio_paint(&s, i, i % 4 == 3 ? 5 * SIDE : SIDE, NULL);
        s.easels[i].refuses = i % 4 == 1 ? "is out of paint" : NULL;
    }
    for (int round = 0; round < 20; ++round) {
        pxe_images_prefetch(s.images, images + round, 10);
        studio_frame(&s, images, IMAGES);
        studio_frames(&s, round % 4);
        for (int i = 0; i < IMAGES; ++i) {
            pxe_images_retry(s.images, images[i]);
        }
    }
    studio_drain(&s, NULL, 0);
    pxe_image fresh[10];
    for (int i = 0; i < 10; ++i) {
        fresh[i] = studio_paint(&s, 100 + i, SIDE, NULL);
    }
    studio_frame(&s, fresh, 10);
    int uploading = 0;
    UNTIL(uploading == 10, { /* without a frame that would give room back */
                             uploading = 0;
                             for (int i = 0; i < 10; ++i) {
                                 uploading += studio_state(&s, fresh[i]) == PXE_IMAGE_UPLOADING ? 1 : 0;
                             }
    });
    studio_close(&s);
}

/* The same by the cache: a mailbox of two pictures is refused more, and they wait where they are. */
static void what_finds_the_mailbox_full_waits_and_is_not_lost(void **state)
{
    (void)state;
    studio_open(&s, (studio_config){.cache = {.mailbox_bytes = 2 * BYTES}, .images = {.workers = 2}});
    gate_set(&s, true);
    for (int i = 0; i < IMAGES; ++i) {
        images[i] = studio_paint(&s, i / 2, SIDE, &(pxe_image_options){.fit_px = i % 2 == 0 ? 0 : 6});
    }
    for (int frame = 0; in_state(PXE_IMAGE_READY) < IMAGES; ++frame) {
        assert_true(frame < 1000000);
        studio_frame(&s, images, IMAGES);
    }
    assert_int_equal(pxe_images_failed(s.images), 0);
    assert_int_equal(pxe_images_pending(s.images), 0);
    for (int i = 0; i < IMAGES; ++i) {
        assert_resident(&s, images[i], i % 2 == 0 ? SIDE : 6, s.easels[i / 2].color);
    }
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_decoded_and_not_uploaded_stays_within_the_bound),
        cmocka_unit_test(copies_in_other_sizes_count),
        cmocka_unit_test(what_is_seen_need_not_wait_behind_what_is_ahead),
        cmocka_unit_test(a_picture_larger_than_the_bound_is_loaded),
        cmocka_unit_test(one_large_picture_passes_beside_the_bound),
        cmocka_unit_test(room_is_given_back_however_a_load_ends),
        cmocka_unit_test(what_finds_the_mailbox_full_waits_and_is_not_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
