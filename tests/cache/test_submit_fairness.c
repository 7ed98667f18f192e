/* Promise 10, that no submission starves: under a flood that fills the mailbox again in every frame, and that the GPU
 * can not keep up with, each one is up within a number of frames that follows from the mailbox and the budget alone.
 * The flood is of those that are asked for, or of the others; who must not starve is the other kind. */
#include "post.h"

#include <stdio.h>

enum {
    KIB = 1024,
    BUDGET_BYTES = 64 * KIB,
    MAILBOX_BYTES = 40 * BUDGET_BYTES, /* takes longer than the 30 frames after which waiting counts */
    WAIT_FRAMES = 30,
    /* At least half of the budget is used in each frame, and before an image goes only what was in the mailbox with it,
     * or is favoured before it has waited. */
    MOST_FRAMES = WAIT_FRAMES + 2 * MAILBOX_BYTES / BUDGET_BYTES + 2,
    FLOOD_FRAMES = 3 * MOST_FRAMES,
};

typedef struct flood {
    post p;
    int frame;
    int came[POST_MAX]; /* the frame in which the item was handed over */
    int oldest;         /* no item before it is pending */
    int longest_frames; /* that an item took */
    bool (*is_wanted)(int number);
} flood;

static void open_flood(flood *f, bool (*is_wanted)(int number))
{
    post_open(&f->p, (pxc_config){.upload_bytes_per_frame = BUDGET_BYTES, .mailbox_bytes = MAILBOX_BYTES});
    f->frame = f->oldest = f->longest_frames = 0;
    f->is_wanted = is_wanted;
}

/* Rows of 4 KiB: every third image goes up in bands. Result: whether it was taken. */
static bool hand_over(flood *f)
{
    static const int heights[] = {5, 11, 37};
    const int number = f->p.count;
    const pxc_pixmap shape = {
        .width = KIB, .height = heights[number % (int)COUNT_OF(heights)], .format = PXC_RGBA8};
    char name[32];
    snprintf(name, sizeof name, "image %d", number);
    int item = -1;
    const pxc_status status = post_try(&f->p, name, shape, &item);
    if (status == PXC_OK) {
        f->came[item] = f->frame;
        if (f->is_wanted(number)) {
            assert_status(PXC_PENDING, pxc_find_named(f->p.f.cache, name, NULL));
        }
        return true;
    }
    assert_status(PXC_ERR_FULL, status);
    f->p.count--; /* the next one tries again */
    return false;
}

static void note_released(flood *f)
{
    for (int i = f->oldest; i < f->p.count; ++i) {
        const int frames = f->frame - f->came[i];
        if (f->p.items[i].releases == 0) {
            assert_in_range(frames, 0, MOST_FRAMES);
            f->longest_frames = frames > f->longest_frames ? frames : f->longest_frames;
        }
    }
    while (f->oldest < f->p.count && f->p.items[f->oldest].releases > 0) {
        ++f->oldest;
    }
}

static void run_flood(bool (*is_wanted)(int number))
{
    static flood f;
    open_flood(&f, is_wanted);
    for (f.frame = 0; f.frame < FLOOD_FRAMES; ++f.frame) {
        while (hand_over(&f)) {
        }
        post_frames(&f.p, 1);
        note_released(&f);
    }
    assert_true(f.longest_frames > WAIT_FRAMES); /* else it was no flood */
    post_drain(&f.p, MOST_FRAMES);
    const pxc_stats stats = stats_of(f.p.f.cache);
    assert_int_equal(stats.uploads, f.p.count);
    assert_int_equal(stats.submits_failed, 0);
    post_close(&f.p);
}

/* So few that they take no room in the mailbox from the others. */
static bool hardly_any(int number)
{
    return number % 200 == 150;
}

static bool nearly_all(int number)
{
    return number % 200 != 150;
}

static bool every_second(int number)
{
    return number % 2 == 0;
}

static void what_nobody_asks_for_gets_through_a_flood_of_wanted_ones(void **state)
{
    (void)state;
    run_flood(nearly_all);
}

static void what_is_asked_for_gets_through_a_flood_of_others(void **state)
{
    (void)state;
    run_flood(hardly_any);
}

static void both_get_through_a_flood_of_both(void **state)
{
    (void)state;
    run_flood(every_second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_asks_for_gets_through_a_flood_of_wanted_ones),
        cmocka_unit_test(what_is_asked_for_gets_through_a_flood_of_others),
        cmocka_unit_test(both_get_through_a_flood_of_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
