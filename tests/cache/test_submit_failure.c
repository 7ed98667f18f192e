/* What goes wrong on the way up: a lost context, a GPU that refuses or is full, a callback that calls the cache, a
 * cache that is destroyed in the middle. */
#include "post.h"

enum { WIDTH = 16384, ROWS = 8 };

/* The functions of the backend that can refuse an upload. */
enum refusal { AT_CREATE, AT_BEGIN, AT_ROWS, AT_FINISH, REFUSALS };

static void refuse(fake_gpu *gpu, enum refusal where, pxc_status status, uint64_t count)
{
    gpu->fail_status = gpu->band_status = status;
    gpu->fail_creates = gpu->fail_bands = count;
    gpu->fail_create_at = where == AT_CREATE ? gpu->create_calls + 1 : 0;
    gpu->fail_begin_at = where == AT_BEGIN ? gpu->begin_calls + 1 : 0;
    gpu->fail_rows_at = where == AT_ROWS ? gpu->row_calls + 1 : 0;
    gpu->fail_finish_at = where == AT_FINISH ? gpu->finish_calls + 1 : 0;
}

static void refuse_no_more(fake_gpu *gpu)
{
    gpu->fail_create_at = gpu->fail_begin_at = gpu->fail_rows_at = gpu->fail_finish_at = 0;
}

/* A cache and an image "a" that meets the refusal: whole where whole ones are made, in bands elsewhere. */
static int open_for(post *p, enum refusal where)
{
    post_open(p, (pxc_config){.upload_bytes_per_frame = where == AT_CREATE ? 0 : 1});
    return post_submit(p, "a", where == AT_CREATE ? 11 : WIDTH, where == AT_CREATE ? 3 : ROWS);
}

/* Frames until one answers something else than PXC_OK, or `count`. */
static pxc_status begin_until_refused(post *p, int count)
{
    for (int i = 0; i < count; ++i) {
        const pxc_status status = post_begin(p);
        if (status != PXC_OK) {
            return status;
        }
        post_end(p);
    }
    return PXC_OK;
}

static void a_lost_context_is_answered_and_all_stays_pending(void **state)
{
    (void)state;
    for (int where = 0; where < REFUSALS; ++where) {
        post p;
        const int a = open_for(&p, (enum refusal)where);
        const int b = post_submit(&p, "b", 12, 1);
        refuse(&p.f.gpu, (enum refusal)where, PXC_ERR_LOST, 1000);
        assert_status(PXC_ERR_LOST, begin_until_refused(&p, ROWS));
        for (int i = 0; i < 3; ++i) {
            assert_status(PXC_ERR_LOST, post_begin(&p));
            assert_absent(&p, PXC_PENDING, "a");
            assert_absent(&p, PXC_PENDING, "b");
            assert_kept(&p, a);
            assert_kept(&p, b);
        }
        refuse_no_more(&p.f.gpu);
        assert_ok(p.f.cache, pxc_context_lost(p.f.cache));
        post_check(&p);
        assert_absent(&p, PXC_PENDING, "a");
        post_drain(&p, ROWS + 1);
        assert_shows(&p, "a", a);
        assert_shows(&p, "b", b);
        assert_int_equal(stats_of(p.f.cache).submits_failed, 0);
        post_close(&p);
    }
}

static void a_context_lost_between_the_bands_starts_them_anew(void **state)
{
    (void)state;
    for (int rows = 0; rows < ROWS; ++rows) {
        post p;
        const int a = open_for(&p, AT_ROWS);
        insert_width(p.f.cache, 13);
        post_frames(&p, rows);
        assert_ok(p.f.cache, pxc_context_lost(p.f.cache));
        post_check(&p);
        assert_int_equal(pxc_used(p.f.cache), 0);
        assert_int_equal(stats_of(p.f.cache).textures_lost, rows > 0 ? 2 : 1);
        assert_absent(&p, PXC_PENDING, "a");
        post_frames(&p, ROWS);
        assert_shows(&p, "a", a);
        assert_int_equal(p.f.gpu.rows_uploaded, ROWS + rows);
        post_close(&p);
    }
}

static void what_was_given_up_is_lost_with_the_context(void **state)
{
    (void)state;
    post p;
    const int a = open_for(&p, AT_ROWS);
    post_frames(&p, 3);
    assert_ok(p.f.cache, pxc_discard(p.f.cache, "a"));
    assert_status(PXC_OK, post_begin(&p));
    assert_released(&p, a);
    assert_int_equal(p.f.gpu.alive, 1); /* until the boundary */
    assert_ok(p.f.cache, pxc_context_lost(p.f.cache));
    post_check(&p);
    assert_int_equal(pxc_used(p.f.cache), 0);
    post_end(&p);
    assert_int_equal(p.f.gpu.deleted, 0);
    post_close(&p);
}

static void what_the_gpu_refuses_is_dropped_and_counted(void **state)
{
    (void)state;
    const pxc_status answers[] = {PXC_ERR_GPU, PXC_ERR_MEMORY};
    for (int i = 0; i < REFUSALS * 2; ++i) {
        post p;
        const enum refusal where = (enum refusal)(i / 2);
        const int a = open_for(&p, where);
        const int b = post_submit(&p, "b", 12, 1);
        refuse(&p.f.gpu, where, answers[i % 2], where == AT_CREATE ? 1 + (uint64_t)i % 2 : 1000);
        while (p.items[a].releases == 0) {
            post_frames(&p, 1);
            assert_true(p.f.gpu.rows_uploaded <= ROWS);
        }
        refuse_no_more(&p.f.gpu);
        assert_absent(&p, PXC_MISS, "a");
        assert_int_equal(stats_of(p.f.cache).submits_failed, 1);
        post_drain(&p, 2);
        assert_shows(&p, "b", b);
        post_end(&p);
        assert_int_equal(p.f.gpu.alive, 1);
        post_close(&p);
    }
}

static void a_refusal_leaves_the_resident_image_of_the_name(void **state)
{
    (void)state;
    for (int where = 0; where < REFUSALS; ++where) {
        post p;
        const int a = open_for(&p, (enum refusal)where);
        post_frames(&p, where == AT_CREATE ? 0 : 2);
        assert_ok(p.f.cache, pxc_discard(p.f.cache, "a"));
        const pxc_key old = insert_name(p.f.cache, "a", 17);
        post_end(&p);
        const int again = post_submit(&p, "a", where == AT_CREATE ? 12 : WIDTH, 2);
        refuse(&p.f.gpu, (enum refusal)where, PXC_ERR_GPU, 1);
        post_drain(&p, 3);
        assert_released(&p, a);
        assert_released(&p, again);
        assert_int_equal(stats_of(p.f.cache).submits_failed, 1);
        assert_ok(p.f.cache, pxc_find_named(p.f.cache, "a", NULL));
        assert_finds(&p.f, old, 17);
        post_close(&p);
    }
}

/* Idle entries make room; what the frame has used does not. In bands and whole. */
static void a_full_gpu_trims_and_tries_again(void **state)
{
    (void)state;
    for (int bands = 0; bands < 2; ++bands) {
        post p;
        post_open(&p, (pxc_config){.upload_bytes_per_frame = (size_t)bands});
        p.f.gpu.memory_bytes = 4 * (WIDTH * 2 + 50);
        const pxc_key idle = insert_width(p.f.cache, 51);
        const pxc_key used = insert_width(p.f.cache, 20);
        post_end(&p);
        assert_finds(&p.f, used, 20);
        const int a = post_submit(&p, "a", WIDTH, 2);
        assert_status(PXC_OK, post_begin(&p));
        assert_false(pxc_key_valid(p.f.cache, idle));
        assert_finds(&p.f, used, 20);
        post_end(&p);
        post_drain(&p, 1);
        assert_shows(&p, "a", a);
        assert_int_equal(stats_of(p.f.cache).submits_failed, 0);
        assert_int_equal(stats_of(p.f.cache).evictions, 1);
        post_close(&p);
    }
}

static void destroy_releases_what_is_pending_and_deletes_what_is_half_up(void **state)
{
    (void)state;
    for (int rows = 0; rows < ROWS; ++rows) {
        post p;
        open_for(&p, AT_ROWS);
        post_frames(&p, rows);
        post_submit(&p, "b", 12, 1);
        post_submit(&p, "b", 13, 1);
        if (rows % 2 != 0) {
            assert_status(PXC_OK, pxc_discard(p.f.cache, "a"));
            post_submit(&p, "a", 14, 1);
        }
        if (rows % 3 == 0) {
            assert_status(PXC_OK, post_begin(&p));
        }
        post_close(&p); /* asserts it */
    }
}

static void destroy_after_a_lost_context_releases_what_is_pending(void **state)
{
    (void)state;
    post p;
    open_for(&p, AT_ROWS);
    post_frames(&p, 3);
    post_submit(&p, "b", 12, 1);
    assert_ok(p.f.cache, pxc_context_lost(p.f.cache));
    post_close(&p);
    assert_int_equal(p.f.gpu.lost, 1);
    assert_int_equal(p.f.gpu.deleted, 0);
}

/* ---- Callbacks that call --------------------------------------------------------------------------------------*/

typedef struct caller {
    pxc_cache *cache;
    int calls, refused;
} caller;

static void call_cache(caller *c)
{
    const pxc_pixmap pixmap = pixmap_of(11);
    pxc_key key;
    const pxc_status answers[] = {
        pxc_submit(c->cache, "inner", &pixmap, NULL, NULL),
        pxc_discard(c->cache, "b"),
        pxc_frame_begin(c->cache),
        pxc_frame_end(c->cache),
        pxc_find_named(c->cache, "b", NULL),
        pxc_lookup(c->cache, "b", &key),
        pxc_insert_named(c->cache, "inner", &pixmap, NULL),
        pxc_remove_named(c->cache, "b"),
        pxc_clear(c->cache),
        pxc_validate(c->cache),
        pxc_destroy(c->cache),
    };
    for (size_t i = 0; i < COUNT_OF(answers); ++i) {
        c->calls++;
        c->refused += answers[i] == PXC_ERR_ARGUMENT;
    }
}

static void release_and_call(void *user)
{
    call_cache(user);
}

static void evicted_and_call(void *user, pxc_key key, const char *name, pxc_evict_reason reason)
{
    (void)key;
    (void)name;
    (void)reason;
    call_cache(user);
}

static void assert_refused(caller *c)
{
    assert_true(c->calls > 0);
    assert_int_equal(c->refused, c->calls);
    c->calls = c->refused = 0;
    assert_status(PXC_OK, pxc_validate(c->cache));
}

static void a_callback_that_calls_the_cache_is_refused(void **state)
{
    (void)state;
    caller c = {0};
    post p;
    post_open(&p, (pxc_config){.limit_bytes = 4 * 40, .on_evict = evicted_and_call, .on_evict_user = &c});
    c.cache = p.f.cache;
    const pxc_pixmap pixmap = pixmap_of(12);
    for (int way = 0; way < 4; ++way) {
        assert_status(PXC_OK, pxc_submit(c.cache, "a", &pixmap, release_and_call, &c));
        if (way == 1) {
            assert_status(PXC_OK, pxc_discard(c.cache, "a"));
        } else if (way == 2) {
            assert_status(PXC_OK, pxc_clear(c.cache));
        } else if (way == 3) {
            insert_name(c.cache, "a", 13);
        }
        assert_status(PXC_OK, pxc_frame_begin(c.cache));
        assert_refused(&c);
    }
    assert_absent(&p, PXC_MISS, "inner");
    insert_width(c.cache, 39);
    assert_status(PXC_OK, pxc_frame_end(c.cache)); /* evicts */
    assert_refused(&c);
    assert_status(PXC_OK, pxc_submit(c.cache, "a", &pixmap, release_and_call, &c));
    assert_status(PXC_OK, pxc_destroy(c.cache));
    assert_true(c.calls > 0 && c.refused == c.calls);
    fake_gpu_assert_clean(&p.f.gpu);
    failing_alloc_assert_clean(&p.f.alloc);
    fake_gpu_free(&p.f.gpu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_context_is_answered_and_all_stays_pending),
        cmocka_unit_test(a_context_lost_between_the_bands_starts_them_anew),
        cmocka_unit_test(what_was_given_up_is_lost_with_the_context),
        cmocka_unit_test(what_the_gpu_refuses_is_dropped_and_counted),
        cmocka_unit_test(a_refusal_leaves_the_resident_image_of_the_name),
        cmocka_unit_test(a_full_gpu_trims_and_tries_again),
        cmocka_unit_test(destroy_releases_what_is_pending_and_deletes_what_is_half_up),
        cmocka_unit_test(destroy_after_a_lost_context_releases_what_is_pending),
        cmocka_unit_test(a_callback_that_calls_the_cache_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
