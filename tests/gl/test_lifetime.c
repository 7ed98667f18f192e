/* Promises 8, 13 and 14 on a real OpenGL: when textures die, that all do, and who deletes none. */
#include "gl_fixture.h"

struct SDL_Window;
extern int SDL_GL_MakeCurrent(struct SDL_Window *window, void *context);
extern void *SDL_GL_GetCurrentContext(void);

static void textures_live_until_the_frame_ends_and_no_longer(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
    pxc_pixmap other = pixmap_new(3, 5, PXC_R8, 0);
    const pxc_key removed = gl_insert(&f, &pixmap);
    const pxc_key replaced = gl_insert(&f, &pixmap);
    pxc_key renamed = {0};
    assert_status(PXC_OK, pxc_insert_named(f.cache, "a", &pixmap, &renamed));
    const GLuint names[3] = {texture_of(f.cache, removed).name, texture_of(f.cache, replaced).name,
                             texture_of(f.cache, renamed).name};
    assert_ok(f.cache, pxc_remove(f.cache, removed));
    assert_ok(f.cache, pxc_replace(f.cache, replaced, &other));
    assert_ok(f.cache, pxc_insert_named(f.cache, "a", &other, NULL));
    assert_int_equal(spy.delete_calls, 0);
    for (size_t i = 0; i < COUNT_OF(names); ++i) {
        assert_true(f.gl->IsTexture(names[i]));
        assert_pixels(f.gl, names[i], &pixmap, 0);
    }
    assert_ok(f.cache, pxc_frame_end(f.cache));
    for (size_t i = 0; i < COUNT_OF(names); ++i) {
        assert_false(f.gl->IsTexture(names[i]));
    }
    assert_int_equal(spy.delete_calls, 1);
    assert_shows(&f, replaced, &other);
    assert_ledger(&f);
    pixmap_free(&other);
    pixmap_free(&pixmap);
    gl_close(&f);
}

/* Trims, the limit and pxc_clear choose in different calls; the textures still go together, or there is no call. */
static void a_frame_deletes_in_one_call_or_in_none(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 20000);
    pxc_pixmap pixmap = pixmap_new(32, 32, PXC_RGBA8, 0);
    for (int i = 0; i < 4; ++i) {
        gl_insert(&f, &pixmap);
        assert_status(PXC_OK, pxc_frame_end(f.cache));
        assert_int_equal(spy.delete_calls, 0);
    }
    for (int i = 0; i < 5; ++i) {
        gl_insert(&f, &pixmap);
    }
    assert_ok(f.cache, pxc_trim_older(f.cache, 3));
    assert_ok(f.cache, pxc_trim_to(f.cache, 7 * 4096));
    assert_int_equal(spy.delete_calls, 0);
    assert_ok(f.cache, pxc_frame_end(f.cache)); /* the limit holds four */
    assert_int_equal(spy.delete_calls, 1);
    assert_int_equal(spy.deleted, 5);
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_int_equal(spy.delete_calls, 1);
    assert_ok(f.cache, pxc_clear(f.cache));
    assert_int_equal(spy.alive, 4);
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_int_equal(spy.delete_calls, 2);
    assert_int_equal(spy.alive, 0);
    pixmap_free(&pixmap);
    gl_close(&f);
    assert_int_equal(spy.delete_calls, 2);
}

static void destroy_deletes_every_texture(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGB8, 0);
    GLuint names[20];
    for (size_t i = 0; i < COUNT_OF(names); ++i) {
        const pxc_key key = gl_insert(&f, &pixmap);
        names[i] = texture_of(f.cache, key).name;
        assert_status(PXC_OK, i % 3 == 0 ? pxc_remove(f.cache, key) : pxc_pin(f.cache, key));
    }
    gl_close(&f);
    for (size_t i = 0; i < COUNT_OF(names); ++i) {
        assert_false(f.gl->IsTexture(names[i]));
    }
    assert_int_equal(spy.delete_calls, 1);
    pixmap_free(&pixmap);
}

/* The context is the same before and after, so the names that the cache must leave alone can still be looked at. */
static void a_lost_context_deletes_nothing_and_the_cache_works_again(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
    GLuint names[5];
    for (size_t i = 0; i < COUNT_OF(names); ++i) {
        const pxc_key key = gl_insert(&f, &pixmap);
        names[i] = texture_of(f.cache, key).name;
        assert_status(PXC_OK, i == 0 ? pxc_remove(f.cache, key) : PXC_OK);
    }
    assert_ok(f.cache, pxc_context_lost(f.cache));
    assert_int_equal(pxc_used(f.cache), 0);
    const pxc_key key = gl_insert(&f, &pixmap);
    assert_shows(&f, key, &pixmap);
    assert_ok(f.cache, pxc_clear(f.cache));
    assert_ok(f.cache, pxc_frame_end(f.cache));
    for (size_t i = 0; i < COUNT_OF(names); ++i) {
        assert_true(f.gl->IsTexture(names[i]));
    }
    const pxc_stats stats = stats_of(f.cache);
    assert_int_equal(stats.textures_lost, COUNT_OF(names));
    assert_int_equal(stats.textures_deleted, 1);
    assert_int_equal(spy.deleted, 1);
    assert_int_equal(spy.alive, COUNT_OF(names));
    spy_delete_textures((GLsizei)COUNT_OF(names), names); /* as their owner */
    pixmap_free(&pixmap);
    gl_close(&f);
}

/* What the new context is able to do is asked anew. */
static void a_new_context_may_take_smaller_textures(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap wide = pixmap_new(65, 1, PXC_RGBA8, 0);
    pxc_pixmap high = pixmap_new(1, 65, PXC_RGBA8, 0);
    pxc_pixmap fits = pixmap_new(64, 64, PXC_RGBA8, 0);
    pxc_key key = {0};
    assert_ok(f.cache, pxc_context_lost(f.cache));
    spy.max_size_px = 64;
    gl_insert(&f, &fits);
    assert_status(PXC_ERR_TOO_LARGE, pxc_insert(f.cache, &wide, &key));
    assert_status(PXC_ERR_TOO_LARGE, pxc_insert(f.cache, &high, &key));
    pixmap_free(&fits);
    pixmap_free(&high);
    pixmap_free(&wide);
    gl_close(&f);
}

static void a_lost_context_without_a_new_one_stays_lost(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
    pxc_key key = {77};
    assert_ok(f.cache, pxc_context_lost(f.cache));
    spy.no_functions = true;
    assert_status(PXC_ERR_LOST, pxc_insert(f.cache, &pixmap, &key));
    assert_zero_key(key);
    assert_ok(f.cache, pxc_frame_end(f.cache));
    spy.no_functions = false;
    assert_shows(&f, gl_insert(&f, &pixmap), &pixmap);
    assert_ok(f.cache, pxc_clear(f.cache));
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_ok(f.cache, pxc_context_lost(f.cache));
    spy.no_functions = true;
    pixmap_free(&pixmap);
    gl_close(&f);
}

static void two_caches_share_a_context_and_no_texture(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    gl_fixture g = f;
    failing_alloc_init(&g.alloc);
    gl_start(&g, 5000);
    pxc_pixmap first = pixmap_new(17, 9, PXC_RGBA8, 0);
    pxc_pixmap second = pixmap_new(9, 17, PXC_RGB8, 0);
    const pxc_key a = gl_insert(&f, &first);
    for (int i = 0; i < 50; ++i) {
        gl_insert(&g, &second);
        gl_insert(&f, &first);
        assert_ok(g.cache, pxc_frame_end(g.cache));
    }
    const pxc_key b = gl_insert(&g, &second);
    assert_status(PXC_MISS, pxc_find(g.cache, a, NULL));
    assert_shows(&f, a, &first);
    assert_shows(&g, b, &second);
    assert_status(PXC_OK, pxc_destroy(f.cache));
    failing_alloc_assert_clean(&f.alloc);
    assert_shows(&g, b, &second);
    assert_ledger(&g);
    pixmap_free(&second);
    pixmap_free(&first);
    gl_close(&g);
}

static void assert_create_fails(gl_fixture *f, pxc_status expected)
{
    pxc_cache *cache = (pxc_cache *)f;
    assert_status(expected, gl_create(f, 0, &cache));
    assert_null(cache);
    failing_alloc_assert_clean(&f->alloc);
    assert_int_equal(spy.created, 0);
}

static void a_cache_without_opengl_is_refused(void **state)
{
    (void)state;
    static const char *const needed[] = {"glGetString", "glGetStringi", "glGetIntegerv"};
    gl_fixture f;
    gl_fixture_init(&f);
    spy.no_functions = true;
    assert_create_fails(&f, PXC_ERR_GPU);
    spy.no_functions = false;
    for (size_t i = 0; i < COUNT_OF(needed); ++i) {
        spy.missing = needed[i];
        assert_create_fails(&f, PXC_ERR_GPU);
    }
    spy.missing = NULL;
    gl_start(&f, 0);
    gl_close(&f);
}

static void a_cache_without_a_current_context_is_refused(void **state)
{
    (void)state;
    gl_fixture f;
    gl_fixture_init(&f);
    void *context = SDL_GL_GetCurrentContext();
    assert_int_equal(SDL_GL_MakeCurrent(pxe_window_sdl(gl_window), NULL), 0);
    const pxc_config config = {.gl_get_proc_address = SDL_GL_GetProcAddress, .alloc = f.alloc.table};
    pxc_cache *cache = (pxc_cache *)&f;
    const pxc_status status = pxc_create(&config, &cache);
    assert_int_equal(SDL_GL_MakeCurrent(pxe_window_sdl(gl_window), context), 0);
    assert_status(PXC_ERR_GPU, status);
    assert_null(cache);
    failing_alloc_assert_clean(&f.alloc);
    gl_start(&f, 0);
    gl_close(&f);
}

static void every_allocation_of_create_may_fail(void **state)
{
    (void)state;
    gl_fixture f;
    gl_fixture_init(&f);
    uint64_t n = 0;
    pxc_status status = PXC_ERR_MEMORY;
    while (status != PXC_OK) {
        failing_alloc_fail_nth(&f.alloc, ++n);
        status = gl_create(&f, 0, &f.cache);
        assert_true(status == PXC_OK || (status == PXC_ERR_MEMORY && f.cache == NULL));
        assert_true(status == PXC_OK || f.alloc.live_blocks == 0);
    }
    assert_in_range(n, 3, 20);
    failing_alloc_fail_nth(&f.alloc, 0);
    gl_close(&f);
}

/* 3,000 pictures through a cache that holds 64. */
static void a_long_run_stays_within_its_limit(void **state)
{
    (void)state;
    enum { LIMIT_BYTES = 1 << 20, PICTURES = 3000, A_FRAME = 7 };
    gl_fixture f;
    gl_open(&f, LIMIT_BYTES);
    pxc_pixmap pixmap = pixmap_new(64, 64, PXC_RGBA8, 0);
    pxc_key first = {0};
    for (int i = 0; i < PICTURES; ++i) {
        unsigned char *pixels = (unsigned char *)(uintptr_t)pixmap.pixels;
        pixels[0] = (unsigned char)i;
        const pxc_key key = gl_insert(&f, &pixmap);
        first = i == 0 ? key : first;
        if (i % 97 == 0) {
            assert_shows(&f, key, &pixmap);
        }
        assert_ledger(&f);
        if (i % A_FRAME == A_FRAME - 1) {
            assert_ok(f.cache, pxc_frame_end(f.cache));
            assert_true(pxc_used(f.cache) <= LIMIT_BYTES);
            assert_int_equal(pxc_used(f.cache), spy.alive * 16384);
        }
    }
    assert_false(pxc_key_valid(f.cache, first));
    assert_int_equal(spy.created, PICTURES);
    assert_int_equal(spy.peak_alive, 64 + A_FRAME);
    assert_int_equal(stats_of(f.cache).peak_bytes, spy.peak_alive * 16384);
    pixmap_free(&pixmap);
    gl_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(textures_live_until_the_frame_ends_and_no_longer),
        cmocka_unit_test(a_frame_deletes_in_one_call_or_in_none),
        cmocka_unit_test(destroy_deletes_every_texture),
        cmocka_unit_test(a_lost_context_deletes_nothing_and_the_cache_works_again),
        cmocka_unit_test(a_new_context_may_take_smaller_textures),
        cmocka_unit_test(a_lost_context_without_a_new_one_stays_lost),
        cmocka_unit_test(two_caches_share_a_context_and_no_texture),
        cmocka_unit_test(a_cache_without_opengl_is_refused),
        cmocka_unit_test(a_cache_without_a_current_context_is_refused),
        cmocka_unit_test(every_allocation_of_create_may_fail),
        cmocka_unit_test(a_long_run_stays_within_its_limit),
    };
    return cmocka_run_group_tests(tests, open_window, close_window);
}
