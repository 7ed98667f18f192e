/* Promise 10 on a real OpenGL: what goes up in bands, over many frames, is in the end what a whole upload makes, byte
 * for byte; GL's state is restored after each band; an error in any band leaves nothing behind. */
#include "gl_fixture.h"

#define GL_LOST 0x0507 /* GL_CONTEXT_LOST */

enum { WIDTH = 61, HEIGHT = 45 }; /* odd, so that rows of most formats are not aligned */

static int released;

static void count_release(void *user)
{
    (void)user;
    ++released;
}

/* A budget of a few rows a frame. */
static void open_slow(gl_fixture *f)
{
    gl_fixture_init(f);
    const pxc_config config = {.gl_get_proc_address = spy_get_proc_address,
                               .alloc = f->alloc.table,
                               .upload_bytes_per_frame = 700,
                               .upload_way = gl_way};
    assert_status(PXC_OK, pxc_create(&config, &f->cache));
    released = 0;
}

static void submit(gl_fixture *f, const char *name, const pxc_pixmap *pixmap)
{
    assert_status(PXC_OK, pxc_submit(f->cache, name, pixmap, count_release, NULL));
}

/* Runs frames until the name is not pending; returns how many. */
static int run_frames(gl_fixture *f, const char *name)
{
    int frames = 0;
    pxc_key key;
    while (pxc_lookup(f->cache, name, &key) == PXC_PENDING) {
        assert_in_range(++frames, 1, 1000);
        const gl_state before = read_state(f->gl);
        assert_status(PXC_OK, pxc_frame_begin(f->cache));
        assert_state(f->gl, &before);
        assert_ledger(f);
        assert_status(PXC_OK, pxc_frame_end(f->cache));
    }
    return frames;
}

static pxc_key key_of(gl_fixture *f, const char *name)
{
    pxc_key key = {0};
    assert_status(PXC_OK, pxc_lookup(f->cache, name, &key));
    return key;
}

static void every_format_and_stride_arrives_in_bands(void **state)
{
    (void)state;
    static const int gaps[] = {0, 1, 3, 4, 61};
    gl_fixture f;
    open_slow(&f);
    int expected = 0;
    for (int format = 0; format < FORMATS; ++format) {
        for (size_t i = 0; i < COUNT_OF(gaps); ++i) {
            pxc_pixmap pixmap = pixmap_new(WIDTH, HEIGHT, (pxc_format)format, gaps[i]);
            submit(&f, "a", &pixmap);
            assert_in_range(run_frames(&f, "a"), 3, HEIGHT);
            assert_shows(&f, key_of(&f, "a"), &pixmap);
            assert_int_equal(released, ++expected);
            assert_ok(f.cache, pxc_remove_named(f.cache, "a"));
            assert_ok(f.cache, pxc_frame_end(f.cache));
            pixmap_free(&pixmap);
        }
    }
    gl_close(&f);
}

static void mip_levels_are_those_of_a_whole_upload(void **state)
{
    (void)state;
    gl_fixture f;
    open_slow(&f);
    pxc_pixmap pixmap = pixmap_new(WIDTH, HEIGHT, PXC_RGBA8, 0);
    pixmap.mipmaps = true;
    submit(&f, "a", &pixmap);
    run_frames(&f, "a");
    const pxc_texture banded = texture_of(f.cache, key_of(&f, "a"));
    const pxc_texture whole = texture_of(f.cache, gl_insert(&f, &pixmap));
    assert_int_equal(banded.cost, whole.cost);
    for (GLint level = 0; level < 6; ++level) {
        const size_t bytes =
            (size_t)4 * (size_t)(WIDTH >> level) * (size_t)(HEIGHT >> level == 0 ? 1 : HEIGHT >> level);
        void *left = read_level(f.gl, banded.name, level, GL_RGBA, GL_UNSIGNED_BYTE);
        void *right = read_level(f.gl, whole.name, level, GL_RGBA, GL_UNSIGNED_BYTE);
        assert_memory_equal(left, right, bytes);
        free(left);
        free(right);
    }
    pixmap_free(&pixmap);
    gl_close(&f);
}

/* The n-th upload of rows fails, for every n that there is; one through the ring is done again without it. */
static void an_error_in_any_band_drops_the_pixmap_and_nothing_else(void **state)
{
    (void)state;
    static const GLenum errors[] = {GL_OUT_OF_MEMORY, GL_INVALID_VALUE};
    for (size_t i = 0; i < COUNT_OF(errors); ++i) {
        bool reached = true;
        uint64_t n = 0;
        while (reached) {
            gl_fixture f;
            open_slow(&f);
            pxc_pixmap pixmap = pixmap_new(WIDTH, HEIGHT, PXC_RGBA8, 0);
            submit(&f, "a", &pixmap);
            spy_fail(SPY_TEX_SUB_IMAGE, ++n, 1, errors[i]);
            const uint64_t failing_call = spy.fail_at;
            run_frames(&f, "a");
            reached = spy.calls[SPY_TEX_SUB_IMAGE] >= failing_call;
            assert_int_equal(released, 1);
            const bool fails = reached && gl_way == PXC_UPLOAD_DIRECT;
            assert_int_equal(stats_of(f.cache).submits_failed, fails);
            assert_int_equal(stats_of(f.cache).pending_bytes, 0);
            assert_int_equal(pxc_lookup(f.cache, "a", &(pxc_key){0}), fails ? PXC_MISS : PXC_OK);
            spy_heal();
            submit(&f, "a", &pixmap);
            run_frames(&f, "a");
            assert_shows(&f, key_of(&f, "a"), &pixmap);
            pixmap_free(&pixmap);
            gl_close(&f);
        }
        assert_in_range(n, 4, 1000);
    }
}

static void a_context_lost_between_bands_costs_only_time(void **state)
{
    (void)state;
    gl_fixture f;
    open_slow(&f);
    pxc_pixmap pixmap = pixmap_new(WIDTH, HEIGHT, PXC_RGBA8, 0);
    submit(&f, "a", &pixmap);
    for (int i = 0; i < 3; ++i) {
        assert_ok(f.cache, pxc_frame_begin(f.cache));
        assert_ok(f.cache, pxc_frame_end(f.cache));
    }
    spy.pending = GL_LOST;
    assert_int_equal(pxc_frame_begin(f.cache), PXC_ERR_LOST);
    assert_int_equal(released, 0);
    assert_ok(f.cache, pxc_context_lost(f.cache));
    assert_int_equal(stats_of(f.cache).textures_lost, 1);
    assert_int_equal(pxc_used(f.cache), 0);
    pxc_key key;
    assert_int_equal(pxc_lookup(f.cache, "a", &key), PXC_PENDING);
    for (int i = 0; pxc_lookup(f.cache, "a", &key) == PXC_PENDING; ++i) {
        assert_in_range(i, 0, HEIGHT);
        assert_ok(f.cache, pxc_frame_begin(f.cache));
        assert_ok(f.cache, pxc_frame_end(f.cache));
    }
    assert_shows(&f, key, &pixmap);
    assert_int_equal(released, 1);
    pixmap_free(&pixmap);
    assert_status(PXC_OK, pxc_destroy(f.cache));
    failing_alloc_assert_clean(&f.alloc);
    /* The lost texture's name was the cache's no more: it is the test's to delete. */
    assert_int_equal(spy.alive, 1);
    for (GLuint name = 1; name < GL_SPY_NAMES; ++name) {
        if (spy.alive_names[name]) {
            f.gl->DeleteTextures(1, &name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_and_stride_arrives_in_bands),
        cmocka_unit_test(mip_levels_are_those_of_a_whole_upload),
        cmocka_unit_test(an_error_in_any_band_drops_the_pixmap_and_nothing_else),
        cmocka_unit_test(a_context_lost_between_bands_costs_only_time),
    };
    int failed = cmocka_run_group_tests(tests, open_window, close_window);
    gl_way = PXC_UPLOAD_BUFFERS;
    failed += cmocka_run_group_tests(tests, open_window, close_window);
    return failed;
}
