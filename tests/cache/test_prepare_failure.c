/* Storage that is made elsewhere, and what can come between: it fails, its pixmap is not wanted any more, the context
 * is lost, the cache is destroyed. Each while it is being made, and once it is made but waits for another. */
#include "slow_storage.h"

/* ---- It fails ---------------------------------------------------------------------------------------------------*/

static const pxc_status failures[] = {PXC_ERR_MEMORY, PXC_ERR_GPU,       PXC_ERR_FULL, PXC_ERR_ARGUMENT,
                                      PXC_ERR_THREAD, PXC_ERR_TOO_LARGE, PXC_MISS};

/* at_end: not at once but when it should be ready. */
static void fail_first(post *p, pxc_status status, bool at_end)
{
    p->f.gpu.prepare_status = status;
    *(at_end ? &p->f.gpu.fail_prepared_at : &p->f.gpu.fail_prepare_at) = 1;
}

static void what_can_not_be_made_elsewhere_is_made_here(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * COUNT_OF(failures); ++i) {
        post p;
        slow_open(&p, (pxc_config){0});
        p.f.gpu.pending_polls = 5;
        fail_first(&p, failures[i / 2], i % 2 != 0);
        const int a = slow_submit(&p, "a");
        const int b = slow_submit(&p, "b");
        post_drain(&p, 30);
        assert_shows(&p, "a", a);
        assert_shows(&p, "b", b);
        assert_int_equal(p.f.gpu.begin_calls, 1);
        assert_int_equal(p.f.gpu.prepared, 1);
        assert_int_equal(stats_of(p.f.cache).submits_failed, 0);
        post_close(&p);
    }
}

static void a_gpu_that_refuses_both_makes_the_pixmap_fail(void **state)
{
    (void)state;
    post p;
    slow_open(&p, (pxc_config){0});
    fail_first(&p, PXC_ERR_MEMORY, true);
    p.f.gpu.fail_begin_at = 1;
    const int a = slow_submit(&p, "a");
    post_drain(&p, 9);
    assert_absent(&p, PXC_MISS, "a");
    assert_released(&p, a);
    assert_int_equal(stats_of(p.f.cache).submits_failed, 1);
    assert_int_equal(p.f.gpu.bytes, 0);
    post_close(&p);
}

/* Elsewhere there is no room, and none is made; here there is, by a trim. */
static void without_video_memory_what_is_not_used_goes(void **state)
{
    (void)state;
    post p;
    slow_open(&p, (pxc_config){0});
    const pxc_pixmap idle = pixmap_new(LARGE_PX, LARGE_PX, PXC_RGBA8, 0);
    assert_ok(p.f.cache, pxc_insert_named(p.f.cache, "idle", &idle, NULL));
    post_end(&p);
    p.f.gpu.memory_bytes = LARGE_BYTES + KIB;
    const int a = slow_submit(&p, "a");
    post_drain(&p, 9);
    assert_shows(&p, "a", a);
    assert_absent(&p, PXC_MISS, "idle");
    assert_int_equal(p.f.gpu.prepare_calls, 1);
    assert_int_equal(p.f.gpu.prepared, 0);
    pxc_pixmap old = idle;
    pixmap_free(&old);
    post_close(&p);
}

/* A backend that breaks the rules: it says PXC_OK and gives nothing, or an error and something. */
static pxc_status prepare_nothing(void *gpu, const pxc_pixmap *pixmap, void **preparation)
{
    (void)gpu;
    (void)pixmap;
    *preparation = NULL;
    return PXC_OK;
}

static pxc_status prepare_badly(void *gpu, const pxc_pixmap *pixmap, void **preparation)
{
    (void)pixmap;
    *preparation = gpu;
    return PXC_ERR_GPU;
}

static pxc_status prepare_something(void *gpu, const pxc_pixmap *pixmap, void **preparation)
{
    (void)pixmap;
    *preparation = gpu;
    return PXC_OK;
}

static pxc_status finish_without_name(void *gpu, void *preparation, bool wait, uint32_t *name)
{
    (void)wait;
    assert_ptr_equal(preparation, gpu);
    *name = 0;
    return PXC_OK;
}

static void a_backend_that_gives_nothing_is_taken_for_one_that_failed(void **state)
{
    (void)state;
    pxc_status (*const ways[])(void *, const pxc_pixmap *, void **) = {prepare_nothing, prepare_badly,
                                                                       prepare_something};
    for (size_t i = 0; i < COUNT_OF(ways); ++i) {
        fake_gpu gpu;
        fake_gpu_init(&gpu);
        gpu.backend.prepare_texture = ways[i];
        gpu.backend.finish_preparing = finish_without_name;
        const pxc_config config = {.backend = &gpu.backend, .now_us = fake_gpu_now_us, .now_us_user = &gpu};
        pxc_cache *cache = NULL;
        assert_status(PXC_OK, pxc_create(&config, &cache));
        pxc_pixmap large = pixmap_new(LARGE_PX, LARGE_PX, PXC_RGBA8, 0);
        assert_ok(cache, pxc_submit(cache, "a", &large, NULL, NULL));
        for (int frame = 0; frame < 3; ++frame) {
            assert_ok(cache, pxc_frame_begin(cache));
            assert_ok(cache, pxc_frame_end(cache));
        }
        assert_ok(cache, pxc_find_named(cache, "a", NULL));
        assert_status(PXC_OK, pxc_destroy(cache));
        pixmap_free(&large);
        fake_gpu_assert_clean(&gpu);
        fake_gpu_free(&gpu);
    }
}

/* ---- It is not wanted any more ----------------------------------------------------------------------------------*/

static void discard(post *p)
{
    assert_ok(p->f.cache, pxc_discard(p->f.cache, "a"));
}

static void remove_by_name(post *p)
{
    assert_ok(p->f.cache, pxc_remove_named(p->f.cache, "a"));
}

static void replace(post *p)
{
    post_submit(p, "a", 11, 3);
}

static void replace_by_a_large_one(post *p)
{
    slow_submit(p, "a");
}

static void insert(post *p)
{
    insert_name(p->f.cache, "a", 12);
}

static void clear(post *p)
{
    assert_ok(p->f.cache, pxc_clear(p->f.cache));
}

static void what_is_given_up_is_deleted_once_it_is_made(void **state)
{
    (void)state;
    void (*const ways[])(post *) = {discard, remove_by_name, replace, replace_by_a_large_one, insert, clear};
    for (size_t i = 0; i < COUNT_OF(ways) * STAGES; ++i) {
        const stage at = (stage)(i % STAGES);
        post p;
        const int a = slow_open_at(&p, (pxc_config){0}, at);
        ways[i / STAGES](&p);
        post_frames(&p, 2);
        assert_released(&p, a);
        assert_int_equal(p.f.gpu.preparing, at == BEING_MADE ? 1 : 0); /* nobody waited for it */
        p.f.gpu.pending_polls = 0;
        post_drain(&p, 30);
        assert_int_equal(p.f.gpu.waits, 0);
        assert_int_equal(p.f.gpu.alive, stats_of(p.f.cache).entries);
        assert_int_equal(stats_of(p.f.cache).submits_failed, 0);
        assert_status(p.count > a + 1 || ways[i / STAGES] == insert ? PXC_OK : PXC_MISS,
                      pxc_find_named(p.f.cache, "a", NULL));
        post_close(&p);
    }
}

/* Its texture is none, and there is nothing left to delete. */
static void what_is_given_up_and_fails_leaves_nothing(void **state)
{
    (void)state;
    post p;
    slow_open_at(&p, (pxc_config){0}, BEING_MADE);
    fail_first(&p, PXC_ERR_GPU, true);
    discard(&p);
    post_frames(&p, 1);
    assert_int_equal(pxc_used(p.f.cache), LARGE_BYTES);
    p.f.gpu.pending_polls = 0;
    post_frames(&p, 1);
    assert_int_equal(pxc_used(p.f.cache), 0);
    assert_int_equal(p.f.gpu.created, 0);
    post_close(&p);
}

/* However many are given up before one boundary, it can delete them in one call. */
static void no_more_textures_are_held_than_a_boundary_has_room_for(void **state)
{
    (void)state;
    enum { MOST = 3 };
    const uint64_t polls[] = {0, 1, UINT64_MAX};
    for (size_t i = 0; i < COUNT_OF(polls); ++i) {
        post p;
        slow_open(&p, (pxc_config){.upload_bytes_per_frame = 2 * KIB});
        p.f.gpu.pending_polls = polls[i];
        for (int round = 0; round < 9; ++round) {
            slow_submit(&p, "a");
            slow_submit(&p, "b");
            assert_status(PXC_OK, post_begin(&p));
            assert_absent(&p, PXC_PENDING, "b"); /* asks for it */
            assert_status(PXC_OK, post_begin(&p));
            assert_in_range(p.f.gpu.alive + p.f.gpu.preparing, 1, MOST);
            discard(&p);
            assert_ok(p.f.cache, pxc_remove_named(p.f.cache, "b"));
            post_check(&p);
        }
        assert_int_equal(p.f.gpu.alive + p.f.gpu.preparing, polls[i] == UINT64_MAX ? 1 : MOST);
        p.f.gpu.pending_polls = 0;
        post_frames(&p, 2);
        assert_int_equal(p.f.gpu.alive, 0);
        post_close(&p);
    }
}

static void no_more_are_held_either_where_all_are_made_here(void **state)
{
    (void)state;
    enum { MOST = 3 };
    post p;
    post_open(&p, (pxc_config){.upload_bytes_per_frame = 2 * KIB});
    p.f.gpu.make_us_per_kib = 10;
    for (int round = 0; round < 9; ++round) {
        slow_submit(&p, "a");
        assert_status(PXC_OK, post_begin(&p));
        assert_int_equal(p.f.gpu.alive, round < MOST ? round + 1 : MOST);
        discard(&p);
    }
    post_frames(&p, 1);
    assert_int_equal(p.f.gpu.alive, 0);
    post_close(&p);
}

/* ---- The context is lost ----------------------------------------------------------------------------------------*/

static void a_loss_meanwhile_makes_it_start_anew(void **state)
{
    (void)state;
    for (stage at = BEING_MADE; at < STAGES; ++at) {
        post p;
        const int a = slow_open_at(&p, (pxc_config){0}, at);
        assert_ok(p.f.cache, pxc_context_lost(p.f.cache));
        post_check(&p);
        assert_int_equal(pxc_used(p.f.cache), 0);
        assert_int_equal(stats_of(p.f.cache).textures_lost, p.f.gpu.prepared);
        assert_kept(&p, a);
        p.f.gpu.pending_polls = 1;
        post_drain(&p, 30);
        assert_shows(&p, "a", a);
        assert_int_equal(p.f.gpu.begin_calls, 0);
        post_close(&p);
    }
}

static void a_loss_that_is_noticed_at_the_beginning_is_told(void **state)
{
    (void)state;
    post p;
    slow_open(&p, (pxc_config){0});
    fail_first(&p, PXC_ERR_LOST, false);
    const int a = slow_submit(&p, "a");
    assert_status(PXC_ERR_LOST, post_begin(&p));
    post_end(&p);
    assert_kept(&p, a);
    assert_ok(p.f.cache, pxc_context_lost(p.f.cache));
    post_drain(&p, 9);
    assert_shows(&p, "a", a);
    assert_int_equal(p.f.gpu.begin_calls, 0);
    post_close(&p);
}

/* The attempt to make it here tells, and after the loss it is made elsewhere again. */
static void a_loss_that_is_noticed_at_the_end_is_told(void **state)
{
    (void)state;
    post p;
    slow_open(&p, (pxc_config){0});
    fail_first(&p, PXC_ERR_LOST, true);
    p.f.gpu.fail_preparations = UINT64_MAX;
    p.f.gpu.fail_begin_at = 1;
    p.f.gpu.band_status = PXC_ERR_LOST;
    const int a = slow_submit(&p, "a");
    assert_status(PXC_ERR_LOST, post_begin(&p));
    post_end(&p);
    assert_kept(&p, a);
    assert_int_equal(p.f.gpu.prepare_calls, 1);
    assert_ok(p.f.cache, pxc_context_lost(p.f.cache));
    p.f.gpu.fail_prepared_at = 0;
    post_drain(&p, 9);
    assert_shows(&p, "a", a);
    assert_int_equal(p.f.gpu.begin_calls, 1);
    post_close(&p);
}

/* ---- The cache is destroyed -------------------------------------------------------------------------------------*/

static void a_cache_that_is_destroyed_meanwhile_leaves_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * STAGES; ++i) {
        post p;
        slow_open_at(&p, (pxc_config){0}, (stage)(i % STAGES));
        if (i >= STAGES) {
            discard(&p);
            post_frames(&p, 1);
        }
        post_close(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_can_not_be_made_elsewhere_is_made_here),
        cmocka_unit_test(a_gpu_that_refuses_both_makes_the_pixmap_fail),
        cmocka_unit_test(without_video_memory_what_is_not_used_goes),
        cmocka_unit_test(a_backend_that_gives_nothing_is_taken_for_one_that_failed),
        cmocka_unit_test(what_is_given_up_is_deleted_once_it_is_made),
        cmocka_unit_test(what_is_given_up_and_fails_leaves_nothing),
        cmocka_unit_test(no_more_textures_are_held_than_a_boundary_has_room_for),
        cmocka_unit_test(no_more_are_held_either_where_all_are_made_here),
        cmocka_unit_test(a_loss_meanwhile_makes_it_start_anew),
        cmocka_unit_test(a_loss_that_is_noticed_at_the_beginning_is_told),
        cmocka_unit_test(a_loss_that_is_noticed_at_the_end_is_told),
        cmocka_unit_test(a_cache_that_is_destroyed_meanwhile_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
