/* The limit and what is made elsewhere: it counts from the beginning and can not be evicted, so it must leave room for
 * what is up in part, and gives way when the limit sinks. */
#include "slow_storage.h"

#include <stdio.h>

/* Both do not fit below the limit, and what is pending can not be evicted. */
static void none_is_made_beside_what_goes_up_if_the_limit_has_no_room_for_both(void **state)
{
    (void)state;
    post p;
    slow_open(&p,
              (pxc_config){.limit_bytes = 2 * LARGE_BYTES - 1, .upload_bytes_per_frame = LARGE_BYTES / 8});
    slow_submit(&p, "large 0");
    slow_submit(&p, "large 1");
    post_frames(&p, 1);
    assert_absent(&p, PXC_PENDING, "large 1"); /* asks for it */
    for (int frame = 1; p.released == 0; ++frame) {
        assert_in_range(frame, 1, 9);
        assert_int_equal(p.f.gpu.prepared, 1);
        post_frames(&p, 1);
    }
    post_drain(&p, 20);
    assert_int_equal(p.f.gpu.prepared, 2);
    assert_int_equal(stats_of(p.f.cache).over_limit_frames, 0);
    post_close(&p);
}

/* The same the other way round: what could be begun here waits, so that nobody has to wait for what is being made. */
static void none_is_begun_beside_what_is_made_if_the_limit_has_no_room_for_both(void **state)
{
    (void)state;
    post p;
    slow_open(&p, (pxc_config){.limit_bytes = LARGE_BYTES + 20 * KIB, .upload_bytes_per_frame = 4 * KIB});
    p.f.gpu.pending_polls = UINT64_MAX;
    slow_submit(&p, "large 0");
    const int waits = post_submit(&p, "waits", 100, 75);
    post_frames(&p, 2);
    assert_int_equal(p.f.gpu.begin_calls, 0);
    assert_int_equal(pxc_used(p.f.cache), LARGE_BYTES);
    p.f.gpu.pending_polls = 0;
    post_drain(&p, 300);
    assert_shows(&p, "waits", waits);
    assert_int_equal(p.f.gpu.prepare_calls, 1);
    assert_int_equal(p.f.gpu.waits, 0);
    post_close(&p);
}

static void a_ceiling_that_is_reached_holds_up_nothing_for_ever(void **state)
{
    (void)state;
    post p;
    slow_open(&p, (pxc_config){.limit_bytes = 3 * LARGE_BYTES, .ceiling_bytes = 3 * LARGE_BYTES});
    p.f.gpu.pending_polls = 4;
    for (int i = 0; i < 12; ++i) {
        char name[32];
        snprintf(name, sizeof name, "large %d", i);
        slow_submit(&p, name);
        snprintf(name, sizeof name, "small %d", i);
        post_submit(&p, name, 11, 5 + i);
    }
    post_drain(&p, 200);
    assert_int_equal(stats_of(p.f.cache).submits_failed, 0);
    assert_int_equal(stats_of(p.f.cache).uploads, 24);
    post_close(&p);
}

/* ---- The limit sinks --------------------------------------------------------------------------------------------*/

static void what_a_lower_limit_has_no_room_for_is_given_up_and_fails(void **state)
{
    (void)state;
    for (stage at = BEING_MADE; at < STAGES; ++at) {
        post p;
        const int a = slow_open_at(&p, (pxc_config){0}, at);
        assert_ok(p.f.cache, pxc_set_limit(p.f.cache, LARGE_BYTES - 1));
        post_frames(&p, 1);
        assert_int_equal(p.f.gpu.bytes, 0);
        assert_int_equal(p.f.gpu.preparing, 0);
        post_frames(&p, 1);
        assert_released(&p, a);
        assert_int_equal(stats_of(p.f.cache).submits_failed, at == BEING_MADE ? 1 : 2);
        assert_int_equal(stats_of(p.f.cache).over_limit_frames, 0);
        post_close(&p);
    }
}

/* Only one of the two: the other has its turn later. */
static void what_waits_beside_another_gives_way_to_a_lower_limit(void **state)
{
    (void)state;
    post p;
    const int a = slow_open_at(&p, (pxc_config){0}, WAITS);
    assert_ok(p.f.cache, pxc_set_limit(p.f.cache, 2 * LARGE_BYTES - 1));
    post_frames(&p, 1);
    assert_int_equal(pxc_used(p.f.cache), LARGE_BYTES);
    assert_kept(&p, a);
    post_drain(&p, 30);
    assert_shows(&p, "a", a);
    assert_int_equal(p.f.gpu.prepared, 3);
    assert_int_equal(stats_of(p.f.cache).submits_failed, 0);
    post_close(&p);
}

/* It stands in the line, and all of its kind wait for it. */
static void what_waits_in_line_fails_when_the_limit_has_sunk_below_it(void **state)
{
    (void)state;
    post p;
    slow_open(&p, (pxc_config){0});
    const int huge = post_submit(&p, "huge", LARGE_PX, 2 * LARGE_PX);
    const int large = slow_submit(&p, "large");
    assert_ok(p.f.cache, pxc_set_limit(p.f.cache, LARGE_BYTES));
    post_drain(&p, 9);
    assert_released(&p, huge);
    assert_absent(&p, PXC_MISS, "huge");
    assert_shows(&p, "large", large);
    assert_int_equal(p.f.gpu.begin_calls, 0); /* nor was it begun where it takes long */
    assert_int_equal(stats_of(p.f.cache).submits_failed, 1);
    post_close(&p);
}

/* Within the frame in which the limit sinks nothing is begun beside what the boundary will give up. */
static void assert_begins_nothing_below(post *p, const char *name, int item)
{
    const uint64_t begun = p->f.gpu.begin_calls + p->f.gpu.prepare_calls;
    assert_absent(p, PXC_PENDING, name); /* asks for it */
    assert_ok(p->f.cache, pxc_set_limit(p->f.cache, LARGE_BYTES - 1));
    assert_status(PXC_OK, post_begin(p));
    assert_int_equal(p->f.gpu.begin_calls + p->f.gpu.prepare_calls, begun);
    post_end(p);
    assert_int_equal(pxc_used(p->f.cache), 0);
    assert_ok(p->f.cache, pxc_set_limit(p->f.cache, 2 * LARGE_BYTES));
    p->f.gpu.pending_polls = 0;
    post_drain(p, 30);
    assert_shows(p, name, item);
}

static void beside_what_is_made_nothing_is_begun_when_the_limit_sinks(void **state)
{
    (void)state;
    post p;
    slow_open_at(&p, (pxc_config){0}, BEING_MADE);
    const int b = post_submit(&p, "b", 256, 160); /* not made elsewhere, but in bands */
    assert_begins_nothing_below(&p, "b", b);
    post_close(&p);
}

static void beside_what_goes_up_nothing_is_made_when_the_limit_sinks(void **state)
{
    (void)state;
    post p;
    slow_open(&p, (pxc_config){.upload_bytes_per_frame = LARGE_BYTES / 8});
    const int up = slow_submit(&p, "up");
    post_frames(&p, 1);
    const int b = slow_submit(&p, "b");
    assert_begins_nothing_below(&p, "b", b);
    assert_released(&p, up); /* half up, and too large by then */
    assert_int_equal(stats_of(p.f.cache).submits_failed, 1);
    post_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_is_made_beside_what_goes_up_if_the_limit_has_no_room_for_both),
        cmocka_unit_test(none_is_begun_beside_what_is_made_if_the_limit_has_no_room_for_both),
        cmocka_unit_test(a_ceiling_that_is_reached_holds_up_nothing_for_ever),
        cmocka_unit_test(what_a_lower_limit_has_no_room_for_is_given_up_and_fails),
        cmocka_unit_test(what_waits_beside_another_gives_way_to_a_lower_limit),
        cmocka_unit_test(what_waits_in_line_fails_when_the_limit_has_sunk_below_it),
        cmocka_unit_test(beside_what_is_made_nothing_is_begun_when_the_limit_sinks),
        cmocka_unit_test(beside_what_goes_up_nothing_is_made_when_the_limit_sinks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
