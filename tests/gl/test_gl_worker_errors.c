/* A worker's context in which something goes wrong: each GL call of a task in turn, every kind of error. The texture is
 * then made on the render thread, no name is left behind, and none that is somebody else's is touched. */
#include "gl_hand.h"
#include "gl_levels.h"
#include "gl_saboteur.h"

enum { WIDTH = 301, HEIGHT = 221 }; /* just above 256 KiB: never made within a frame unseen */

static struct {
    gl_sabotage sabotage;
    GLenum error;
    uint64_t n;
} breakage;

static bool reached;

static void arm(void)
{
    sabotage_arm(breakage.sabotage, breakage.n, breakage.error);
}

static void mend(void)
{
    reached = sabotage_reached();
    sabotage_mend();
}

static void open_broken(gl_fixture *f, gl_hand *hand, hand_mood mood, const char *hidden)
{
    hand_open(hand, mood);
    hand->before = arm;
    hand->after = mend;
    hand->is_broken = true;
    gl_fixture_init(f);
    spy.robust = true;
    spy.hidden[0] = hidden;
    const pxc_config config = {.gl_get_proc_address = sabotage_get_proc_address,
                               .alloc = f->alloc.table,
                               .now_us = hand_now_us,
                               .gl_worker = hand_worker(hand),
                               .upload_way = gl_way};
    assert_status(PXC_OK, pxc_create(&config, &f->cache));
}

/* The n-th call goes wrong. What the task has made, or the render thread in its place, shows the pixmap. */
static void check_breakage(hand_mood mood, const pxc_pixmap *pixmap, const char *hidden)
{
    gl_fixture f;
    gl_hand hand;
    open_broken(&f, &hand, mood, hidden);
    assert_status(PXC_OK, pxc_submit(f.cache, "a", pixmap, NULL, NULL));
    assert_in_range(hand_frames(&f, &hand, "a"), 1, 4);
    assert_int_equal(hand.asked, 1);
    assert_levels(f.gl, texture_named(&f, "a"), pixmap);
    assert_ledger(&f);
    assert_int_equal(spy.alive, 1);
    assert_int_equal(stats_of(f.cache).submits_failed, 0);
    gl_close(&f);
    hand_close(&hand);
}

static void check_every_call(hand_mood mood, const char *hidden, uint64_t fewest)
{
    static const gl_sabotage kinds[] = {SABOTAGE_ONCE, SABOTAGE_FROM_ON, SABOTAGE_LOSS};
    static const GLenum errors[] = {GL_OUT_OF_MEMORY, GL_INVALID_OPERATION, GL_LOST};
    pxc_pixmap pixmap = levels_new(WIDTH, HEIGHT, PXC_RGBA8, 0);
    for (size_t i = 0; i < COUNT_OF(kinds) * COUNT_OF(errors); ++i) {
        breakage.sabotage = kinds[i / COUNT_OF(errors)];
        breakage.error = errors[i % COUNT_OF(errors)];
        reached = true;
        for (breakage.n = 1; reached; ++breakage.n) {
            assert_in_range(breakage.n, 1, 200);
            check_breakage(mood, &pixmap, hidden);
        }
        assert_in_range(breakage.n, fewest, 200);
    }
    levels_free(&pixmap);
}

/* Names, binding, storage, five parameters, errors, finish: the fewest calls that a task may have. */
static void every_gl_call_of_a_task_may_fail(void **state)
{
    (void)state;
    check_every_call(HAND_LATER, NULL, 12);
}

/* A cache that asked again and again would never end its frame. */
static void also_in_a_worker_that_is_done_at_once(void **state)
{
    (void)state;
    check_every_call(HAND_AT_ONCE, NULL, 12);
}

/* Nine levels, each by a call. */
static void every_gl_call_on_a_driver_without_texture_storage(void **state)
{
    (void)state;
    check_every_call(HAND_LATER, "GL_ARB_texture_storage", 20);
}

/* The default texture of the worker's context would keep the storage for ever. */
static void without_a_name_no_storage_is_made(void **state)
{
    (void)state;
    gl_fixture f;
    gl_hand hand;
    hand_open(&hand, HAND_LATER);
    gl_fixture_init(&f);
    spy.hidden[0] = "GL_ARB_texture_storage";
    hand_start(&f, &hand, 0, 0);
    pxc_pixmap pixmap = pixmap_new(WIDTH, HEIGHT, PXC_RGBA8, 0);
    assert_status(PXC_OK, pxc_submit(f.cache, "a", &pixmap, NULL, NULL));
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    spy_fail(SPY_GEN_TEXTURES, 1, 1, GL_NO_ERROR);
    hand_work(&hand);
    assert_int_equal(spy.calls[SPY_GEN_TEXTURES], 1);
    assert_int_equal(spy.calls[SPY_TEX_IMAGE], 0);
    spy_heal();
    hand_frames(&f, &hand, "a");
    assert_pixels(f.gl, texture_named(&f, "a"), &pixmap, 0);
    pixmap_free(&pixmap);
    gl_close(&f);
    hand_close(&hand);
}

static void without_memory_for_the_task_it_is_made_here(void **state)
{
    (void)state;
    uint64_t failures = 0;
    pxc_pixmap pixmap = levels_new(WIDTH, HEIGHT, PXC_RGBA8, 0);
    for (uint64_t n = 1; n <= 10; ++n) {
        gl_fixture f;
        gl_hand hand;
        hand_open(&hand, HAND_LATER);
        gl_fixture_init(&f);
        hand_start(&f, &hand, 0, 0);
        assert_status(PXC_OK, pxc_submit(f.cache, "a", &pixmap, NULL, NULL));
        failing_alloc_fail_nth(&f.alloc, n);
        hand_frames(&f, &hand, "a");
        failing_alloc_fail_nth(&f.alloc, 0);
        failures += f.alloc.failed;
        assert_levels(f.gl, texture_named(&f, "a"), &pixmap);
        gl_close(&f);
        hand_close(&hand);
    }
    assert_in_range(failures, 1, 10);
    levels_free(&pixmap);
}

/* Its context shares objects with the lost one: names of what it made would be somebody else's in the new one. */
static void after_a_lost_context_the_worker_is_not_asked_again(void **state)
{
    (void)state;
    for (int steps = 0; steps <= 2; ++steps) { /* 0 = not begun, 1 = being made, 2 = made, not taken yet */
        gl_fixture f;
        gl_hand hand;
        hand_open(&hand, HAND_LATER);
        gl_fixture_init(&f);
        hand_start(&f, &hand, 0, 0);
        pxc_pixmap pixmap = levels_new(WIDTH, HEIGHT, PXC_RGBA8, 0);
        assert_status(PXC_OK, pxc_submit(f.cache, "a", &pixmap, NULL, NULL));
        if (steps >= 1) {
            assert_ok(f.cache, pxc_frame_begin(f.cache));
        }
        if (steps >= 2) {
            hand_work(&hand);
        }
        assert_ok(f.cache, pxc_context_lost(f.cache));
        assert_null(hand.task);
        assert_int_equal(pxc_used(f.cache), 0);
        assert_int_equal(stats_of(f.cache).textures_lost, steps >= 1);
        assert_int_equal(hand_frames(&f, &hand, "a"), 1);
        assert_int_equal(hand.asked, steps >= 1);
        assert_levels(f.gl, texture_named(&f, "a"), &pixmap);
        levels_free(&pixmap);
        assert_ok(f.cache, pxc_clear(f.cache));
        assert_status(PXC_OK, pxc_destroy(f.cache));
        failing_alloc_assert_clean(&f.alloc);
        assert_int_equal(spy.strangers, 0);
        assert_int_equal(spy.alive, steps >= 1); /* lost: the test's to delete */
        for (GLuint name = 1; name < GL_SPY_NAMES && spy.alive != 0; ++name) {
            if (spy.alive_names[name]) {
                spy_delete_textures(1, &name);
            }
        }
        hand_close(&hand);
    }
}

/* The render thread's context is lost while the worker still makes something. */
static void a_loss_seen_by_the_render_thread_waits_for_the_task(void **state)
{
    (void)state;
    gl_fixture f;
    gl_hand hand;
    hand_open(&hand, HAND_LATER);
    gl_fixture_init(&f);
    hand_start(&f, &hand, 0, 0);
    pxc_pixmap pixmap = levels_new(WIDTH, HEIGHT, PXC_RGBA8, 0);
    pxc_pixmap small = pixmap_new(9, 8, PXC_RGBA8, 0);
    assert_status(PXC_OK, pxc_submit(f.cache, "a", &pixmap, NULL, NULL));
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    assert_status(PXC_OK, pxc_submit(f.cache, "b", &small, NULL, NULL));
    spy.pending = GL_LOST;
    assert_int_equal(pxc_frame_begin(f.cache), PXC_ERR_LOST);
    assert_int_equal(hand.waits, 0);
    assert_int_equal(pxc_lookup(f.cache, "a", &(pxc_key){0}), PXC_PENDING);
    assert_status(PXC_OK, pxc_destroy(f.cache));
    assert_int_equal(hand.waits, 1);
    assert_int_equal(hand.done, 1);
    assert_int_equal(spy.alive, 0);
    failing_alloc_assert_clean(&f.alloc);
    pixmap_free(&small);
    levels_free(&pixmap);
    hand_close(&hand);
}

/* ---- A backend of somebody else's -------------------------------------------------------------------------------*/

static int preparations;

static pxc_status prepare_something(void *gpu, const pxc_pixmap *pixmap, void **preparation)
{
    (void)gpu;
    (void)pixmap;
    assert_in_range(++preparations, 1, 10);
    *preparation = &preparations;
    return PXC_OK;
}

static pxc_status lose_it(void *gpu, void *preparation, bool wait, uint32_t *name)
{
    (void)gpu;
    (void)preparation;
    (void)wait;
    *name = 0;
    return PXC_ERR_LOST;
}

/* Within one frame it would be asked without an end. */
static void what_a_backend_loses_at_once_is_made_here(void **state)
{
    (void)state;
    pxc_backend backend = *pxc_null_backend();
    backend.prepare_texture = prepare_something;
    backend.finish_preparing = lose_it;
    const pxc_config config = {.backend = &backend, .now_us = hand_now_us};
    pxc_cache *cache = NULL;
    preparations = 0;
    assert_status(PXC_OK, pxc_create(&config, &cache));
    pxc_pixmap pixmap = pixmap_new(WIDTH, HEIGHT, PXC_RGBA8, 0);
    assert_status(PXC_OK, pxc_submit(cache, "a", &pixmap, NULL, NULL));
    assert_ok(cache, pxc_frame_begin(cache));
    assert_status(PXC_OK, pxc_lookup(cache, "a", &(pxc_key){0}));
    assert_int_equal(preparations, 1);
    assert_status(PXC_OK, pxc_destroy(cache));
    pixmap_free(&pixmap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_gl_call_of_a_task_may_fail),
        cmocka_unit_test(also_in_a_worker_that_is_done_at_once),
        cmocka_unit_test(every_gl_call_on_a_driver_without_texture_storage),
        cmocka_unit_test(without_a_name_no_storage_is_made),
        cmocka_unit_test(without_memory_for_the_task_it_is_made_here),
        cmocka_unit_test(after_a_lost_context_the_worker_is_not_asked_again),
        cmocka_unit_test(what_a_backend_loses_at_once_is_made_here),
        cmocka_unit_test(a_loss_seen_by_the_render_thread_waits_for_the_task),
    };
    return cmocka_run_group_tests(tests, open_window, close_window);
}
