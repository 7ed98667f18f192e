/* What else is called under a name that is pending: a later submission, insert, remove, clear, discard. In each test
 * once before anything has gone up and once in the middle of the bands. */
#include "post.h"

#include <pthread.h>
#include <stdlib.h>

enum { ROWS = 12, WIDTH = 16384 };

static void open_with_pending(post *p, int rows_up, int *item)
{
    post_open(p, (pxc_config){.upload_bytes_per_frame = 1});
    *item = post_submit(p, "a", WIDTH, ROWS);
    post_frames(p, rows_up);
    assert_int_equal(p->f.gpu.rows_uploaded, rows_up);
    assert_int_equal(fake_gpu_partial_count(&p->f.gpu), rows_up > 0 ? 1 : 0);
}

/* Nothing of it is left: neither its pixels nor its texture. */
static void assert_gone(post *p, int item, uint64_t rows)
{
    post_frames(p, 1);
    assert_released(p, item);
    assert_int_equal(fake_gpu_partial_count(&p->f.gpu), 0);
    post_frames(p, 2);
    assert_int_equal(p->f.gpu.rows_uploaded, rows);
    assert_int_equal(stats_of(p->f.cache).submits_failed, 0);
}

static void a_later_submission_of_the_name_wins(void **state)
{
    (void)state;
    for (int rows = 0; rows < 6; rows += 5) {
        post p;
        int first = -1;
        open_with_pending(&p, rows, &first);
        const int second = post_submit(&p, "a", WIDTH, 2);
        assert_absent(&p, PXC_PENDING, "a");
        post_frames(&p, 1);
        assert_released(&p, first);
        assert_kept(&p, second);
        assert_absent(&p, PXC_PENDING, "a");
        post_frames(&p, 1);
        assert_shows(&p, "a", second);
        post_frames(&p, 2);
        assert_shows(&p, "a", second);
        assert_int_equal(fake_gpu_partial_count(&p.f.gpu), 0);
        assert_int_equal(stats_of(p.f.cache).entries, 1);
        post_close(&p);
    }
}

/* What was asked for is still wanted when it is replaced: it goes up before what came earlier. A lookup asks for
 * nothing. */
static void a_later_submission_is_wanted_if_the_earlier_was(void **state)
{
    (void)state;
    for (int asked = 0; asked < 2; ++asked) {
        post p;
        pxc_key key;
        post_open(&p, (pxc_config){.upload_bytes_per_frame = 1});
        const int other = post_submit(&p, "other", 13, 1);
        const int first = post_submit(&p, "a", 11, 1);
        assert_int_equal(asked ? pxc_find_named(p.f.cache, "a", NULL) : pxc_lookup(p.f.cache, "a", &key),
                         PXC_PENDING);
        const int second = post_submit(&p, "a", 12, 1);
        post_frames(&p, 1);
        assert_released(&p, first);
        assert_released(&p, asked ? second : other);
        assert_kept(&p, asked ? other : second);
        post_frames(&p, 1);
        assert_shows(&p, "a", second);
        assert_shows(&p, "other", other);
        post_close(&p);
    }
}

/* The boundary that gives the earlier one up, because it is above the limit by then, is the first that hears of the
 * later one. */
static void a_later_submission_stays_wanted_when_the_limit_drops_the_earlier(void **state)
{
    (void)state;
    post p;
    int first = -1;
    open_with_pending(&p, 5, &first);
    assert_absent(&p, PXC_PENDING, "a"); /* asks for it */
    const int other = post_submit(&p, "other", 13, 1);
    assert_status(PXC_OK, post_begin(&p));
    const int second = post_submit(&p, "a", 12, 1);
    assert_ok(p.f.cache, pxc_set_limit(p.f.cache, 1000));
    post_end(&p);
    assert_released(&p, first);
    assert_int_equal(stats_of(p.f.cache).submits_failed, 0); /* it was replaced before */
    post_frames(&p, 1);
    assert_released(&p, second);
    assert_kept(&p, other);
    post_frames(&p, 1);
    assert_shows(&p, "a", second);
    assert_shows(&p, "other", other);
    post_close(&p);
}

static void of_many_submissions_of_a_name_the_last_goes_up_alone(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){0});
    int last = -1;
    for (int i = 0; i < 100; ++i) {
        last = post_submit(&p, "a", 11 + i, 1);
    }
    post_frames(&p, 1);
    assert_int_equal(p.released, 100);
    assert_int_equal(p.f.gpu.created, 1);
    assert_shows(&p, "a", last);
    post_close(&p);
}

static void the_resident_image_is_found_until_the_new_one_is_up(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){.upload_bytes_per_frame = 1});
    const pxc_key old = insert_name(p.f.cache, "a", 13);
    const int a = post_submit(&p, "a", WIDTH, ROWS);
    pxc_texture given;
    for (int frame = 0; frame < ROWS; ++frame) {
        pxc_key key = {0};
        assert_kept(&p, a);
        assert_ok(p.f.cache, pxc_find_named(p.f.cache, "a", &given));
        assert_ok(p.f.cache, pxc_lookup(p.f.cache, "a", &key));
        assert_true(key.id == old.id);
        assert_finds(&p.f, old, 13);
        assert_status(PXC_OK, post_begin(&p));
        assert_non_null(fake_gpu_texture(&p.f.gpu, given.name)); /* given out: alive until the boundary */
        if (frame + 1 < ROWS) {
            post_end(&p);
        }
    }
    assert_false(pxc_key_valid(p.f.cache, old));
    assert_shows(&p, "a", a);
    assert_int_equal(stats_of(p.f.cache).entries, 1);
    post_end(&p);
    assert_int_equal(p.f.gpu.alive, 1);
    post_close(&p);
}

static void an_insert_of_a_pending_name_wins(void **state)
{
    (void)state;
    for (int rows = 0; rows < 6; rows += 5) {
        post p;
        int a = -1;
        open_with_pending(&p, rows, &a);
        const pxc_key key = insert_name(p.f.cache, "a", 17);
        pxc_key found = {0};
        assert_ok(p.f.cache, pxc_lookup(p.f.cache, "a", &found));
        assert_true(found.id == key.id);
        post_end(&p);
        assert_gone(&p, a, (uint64_t)rows);
        assert_finds(&p.f, key, 17);
        post_close(&p);
    }
}

static void an_insert_that_fails_leaves_what_is_pending(void **state)
{
    (void)state;
    post p;
    int a = -1;
    open_with_pending(&p, 5, &a);
    const pxc_pixmap pixmap = pixmap_of(14);
    fake_gpu_fail_next(&p.f.gpu, PXC_ERR_GPU, 1);
    assert_status(PXC_ERR_GPU, pxc_insert_named(p.f.cache, "a", &pixmap, NULL));
    assert_status(PXC_ERR_ARGUMENT, pxc_insert_named(p.f.cache, "a", NULL, NULL));
    assert_absent(&p, PXC_PENDING, "a");
    post_frames(&p, ROWS - 5);
    assert_shows(&p, "a", a);
    assert_int_equal(p.f.gpu.rows_uploaded, ROWS);
    post_close(&p);
}

static void remove_by_name_takes_what_is_pending(void **state)
{
    (void)state;
    for (int rows = 0; rows < 6; rows += 5) {
        post p;
        int a = -1;
        open_with_pending(&p, rows, &a);
        assert_ok(p.f.cache, pxc_remove_named(p.f.cache, "a"));
        assert_absent(&p, PXC_MISS, "a");
        assert_status(PXC_MISS, pxc_remove_named(p.f.cache, "a"));
        assert_gone(&p, a, (uint64_t)rows);
        assert_absent(&p, PXC_MISS, "a");
        post_close(&p);
    }
}

static void remove_by_name_takes_the_resident_and_the_pending_image(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){.upload_bytes_per_frame = 1});
    const pxc_key old = insert_name(p.f.cache, "a", 13);
    const int a = post_submit(&p, "a", WIDTH, ROWS);
    assert_ok(p.f.cache, pxc_remove_named(p.f.cache, "a"));
    assert_false(pxc_key_valid(p.f.cache, old));
    assert_absent(&p, PXC_MISS, "a");
    assert_gone(&p, a, 0);
    assert_int_equal(p.f.gpu.alive, 0);
    post_close(&p);
}

static void remove_by_key_leaves_what_is_pending(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){0});
    const pxc_key old = insert_name(p.f.cache, "a", 13);
    const int a = post_submit(&p, "a", 14, 2);
    assert_ok(p.f.cache, pxc_remove(p.f.cache, old));
    assert_absent(&p, PXC_PENDING, "a");
    post_frames(&p, 1);
    assert_shows(&p, "a", a);
    post_close(&p);
}

static void clear_drops_all_that_was_handed_over(void **state)
{
    (void)state;
    for (int rows = 0; rows < 6; rows += 5) {
        post p;
        int a = -1;
        open_with_pending(&p, rows, &a);
        const int b = post_submit(&p, "b", 11, 1);
        insert_name(p.f.cache, "c", 12);
        assert_ok(p.f.cache, pxc_clear(p.f.cache));
        assert_absent(&p, PXC_MISS, "a");
        assert_absent(&p, PXC_MISS, "b");
        assert_absent(&p, PXC_MISS, "c");
        assert_gone(&p, a, (uint64_t)rows);
        assert_released(&p, b);
        assert_int_equal(p.f.gpu.alive, 0);
        const int again = post_submit(&p, "b", 13, 1);
        post_frames(&p, 1);
        assert_shows(&p, "b", again);
        post_close(&p);
    }
}

/* Discards "a" from a thread of its own. */
static void *discard_there(void *user)
{
    pxc_status *answer = malloc(sizeof *answer);
    *answer = pxc_discard(user, "a");
    return answer;
}

static void discard_from_another_thread(post *p)
{
    pthread_t thread;
    void *answer = NULL;
    assert_int_equal(pthread_create(&thread, NULL, discard_there, p->f.cache), 0);
    assert_int_equal(pthread_join(thread, &answer), 0);
    assert_non_null(answer);
    assert_status(PXC_OK, *(pxc_status *)answer);
    free(answer);
}

static void discard_takes_back_what_is_pending(void **state)
{
    (void)state;
    for (int rows = 0; rows < 6; rows += 5) {
        post p;
        int a = -1;
        open_with_pending(&p, rows, &a);
        discard_from_another_thread(&p);
        assert_absent(&p, PXC_MISS, "a");
        assert_gone(&p, a, (uint64_t)rows);
        assert_absent(&p, PXC_MISS, "a");
        post_close(&p);
    }
}

static void discard_leaves_the_resident_image_and_other_names(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){0});
    const pxc_key old = insert_name(p.f.cache, "a", 13);
    const int b = post_submit(&p, "b", 15, 2);
    discard_from_another_thread(&p); /* nothing to take back */
    const int a = post_submit(&p, "a", 14, 2);
    assert_ok(p.f.cache, pxc_discard(p.f.cache, "a"));
    assert_ok(p.f.cache, pxc_discard(p.f.cache, "a"));
    assert_ok(p.f.cache, pxc_discard(p.f.cache, "none"));
    post_frames(&p, 1);
    assert_released(&p, a);
    assert_finds(&p.f, old, 13);
    assert_ok(p.f.cache, pxc_find_named(p.f.cache, "a", NULL));
    assert_shows(&p, "b", b);
    assert_int_equal(p.f.gpu.created, 2);
    post_close(&p);
}

static void what_is_submitted_after_a_discard_goes_up(void **state)
{
    (void)state;
    for (int rows = 0; rows < 6; rows += 5) {
        post p;
        int first = -1;
        open_with_pending(&p, rows, &first);
        discard_from_another_thread(&p);
        const int second = post_submit(&p, "a", 14, 1);
        assert_absent(&p, PXC_PENDING, "a");
        post_frames(&p, 1);
        assert_released(&p, first);
        assert_shows(&p, "a", second);
        assert_int_equal(p.f.gpu.alive, 1);
        post_close(&p);
    }
}

static void discard_after_the_upload_changes_nothing(void **state)
{
    (void)state;
    post p;
    post_open(&p, (pxc_config){0});
    const int a = post_submit(&p, "a", 14, 1);
    post_frames(&p, 1);
    discard_from_another_thread(&p);
    post_frames(&p, 1);
    assert_shows(&p, "a", a);
    post_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_submission_of_the_name_wins),
        cmocka_unit_test(a_later_submission_is_wanted_if_the_earlier_was),
        cmocka_unit_test(a_later_submission_stays_wanted_when_the_limit_drops_the_earlier),
        cmocka_unit_test(of_many_submissions_of_a_name_the_last_goes_up_alone),
        cmocka_unit_test(the_resident_image_is_found_until_the_new_one_is_up),
        cmocka_unit_test(an_insert_of_a_pending_name_wins),
        cmocka_unit_test(an_insert_that_fails_leaves_what_is_pending),
        cmocka_unit_test(remove_by_name_takes_what_is_pending),
        cmocka_unit_test(remove_by_name_takes_the_resident_and_the_pending_image),
        cmocka_unit_test(remove_by_key_leaves_what_is_pending),
        cmocka_unit_test(clear_drops_all_that_was_handed_over),
        cmocka_unit_test(discard_takes_back_what_is_pending),
        cmocka_unit_test(discard_leaves_the_resident_image_and_other_names),
        cmocka_unit_test(what_is_submitted_after_a_discard_goes_up),
        cmocka_unit_test(discard_after_the_upload_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
