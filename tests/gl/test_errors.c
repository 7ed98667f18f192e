/* Promise 11 on a real OpenGL whose loader lets chosen calls fail: the right status, nothing changed, nothing leaked,
 * state restored, and the next insert works. */
#include "gl_fixture.h"

static const char storage_extension[] = "GL_ARB_texture_storage";

/* A call that must fail with that status and change nothing; afterwards all is well again. */
static void assert_fails_cleanly(gl_fixture *f, pxc_status expected, const pxc_pixmap *pixmap)
{
    const gl_state state = read_state(f->gl);
    const pxc_stats before = stats_of(f->cache);
    const uint64_t alive = spy.alive;
    pxc_key key = {77};
    assert_status(expected, pxc_insert(f->cache, pixmap, &key));
    assert_zero_key(key);
    assert_status(expected, pxc_insert_named(f->cache, "new", pixmap, &key));
    assert_status(PXC_MISS, pxc_lookup(f->cache, "new", &key));
    const pxc_stats after = stats_of(f->cache);
    assert_same_stats(&before, &after);
    assert_int_equal(spy.alive, alive);
    assert_state(f->gl, &state);
    spy_heal();
    assert_ledger(f);
    assert_shows(f, gl_insert(f, pixmap), pixmap);
    assert_int_equal(f->gl->GetError(), GL_NO_ERROR);
}

static void errors_from_before_are_not_blamed_on_the_cache(void **state)
{
    (void)state;
    static const GLenum errors[] = {GL_INVALID_ENUM, GL_INVALID_OPERATION, GL_OUT_OF_MEMORY};
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
    const pxc_key old = gl_insert(&f, &pixmap);
    assert_status(PXC_OK, pxc_frame_end(f.cache));
    f.gl->Enable(0xDEAD);
    const pxc_key key = gl_insert(&f, &pixmap);
    for (size_t i = 0; i < COUNT_OF(errors); ++i) {
        spy.pending = errors[i];
        gl_insert(&f, &pixmap);
        spy.pending = errors[i];
        assert_ok(f.cache, pxc_replace(f.cache, key, &pixmap));
        spy.pending = errors[i];
        assert_ok(f.cache, pxc_insert_named(f.cache, "a", &pixmap, NULL));
    }
    assert_int_equal(stats_of(f.cache).evictions, 0);
    assert_shows(&f, old, &pixmap);
    assert_shows(&f, key, &pixmap);
    assert_ledger(&f);
    pixmap_free(&pixmap);
    gl_close(&f);
}

static void an_image_beyond_the_largest_texture_is_too_large(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, SIZE_MAX);
    GLint max = 0;
    f.gl->GetIntegerv(GL_MAX_TEXTURE_SIZE, &max);
    pxc_pixmap fits = pixmap_new(max, 1, PXC_R8, 0);
    pxc_pixmap wide = pixmap_new(max + 1, 1, PXC_R8, 0);
    pxc_pixmap high = pixmap_new(1, max + 1, PXC_R8, 0);
    pxc_key key = {77};
    assert_status(PXC_ERR_TOO_LARGE, pxc_insert(f.cache, &wide, &key));
    assert_zero_key(key);
    assert_status(PXC_ERR_TOO_LARGE, pxc_insert(f.cache, &high, &key));
    assert_int_equal(spy.created, 0);
    assert_shows(&f, gl_insert(&f, &fits), &fits);
    pixmap_free(&high);
    pixmap_free(&wide);
    pixmap_free(&fits);
    gl_close(&f);
}

typedef struct failure {
    enum gl_spy_function function;
    uint64_t n; /* its n-th call and all that follow fail */
    GLenum error;
    pxc_status status;
} failure;

static void check_failures(gl_fixture *f, const failure *failures, size_t count)
{
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGB8, 4); /* goes up row by row: nine calls */
    pixmap.mipmaps = true;
    for (size_t i = 0; i < count; ++i) {
        assert_status(PXC_OK, pxc_clear(f->cache));
        assert_status(PXC_OK, pxc_frame_end(f->cache));
        spy_fail(failures[i].function, failures[i].n, UINT64_MAX, failures[i].error);
        assert_fails_cleanly(f, failures[i].status, &pixmap);
    }
    pixmap_free(&pixmap);
}

static void what_opengl_refuses_fails_cleanly(void **state)
{
    (void)state;
    static const failure failures[] = {
        {SPY_TEX_STORAGE, 1, GL_OUT_OF_MEMORY, PXC_ERR_GPU},
        {SPY_TEX_STORAGE, 1, GL_INVALID_OPERATION, PXC_ERR_GPU},
        {SPY_TEX_STORAGE, 1, GL_LOST, PXC_ERR_LOST},
        {SPY_TEX_SUB_IMAGE, 1, GL_OUT_OF_MEMORY, PXC_ERR_GPU},
        {SPY_TEX_SUB_IMAGE, 1, GL_INVALID_OPERATION, PXC_ERR_GPU},
        {SPY_TEX_SUB_IMAGE, 1, GL_LOST, PXC_ERR_LOST},
        {SPY_TEX_SUB_IMAGE, 5, GL_OUT_OF_MEMORY, PXC_ERR_GPU},
        {SPY_TEX_SUB_IMAGE, 5, GL_INVALID_OPERATION, PXC_ERR_GPU},
        {SPY_TEX_SUB_IMAGE, 9, GL_LOST, PXC_ERR_LOST},
        {SPY_GENERATE_MIPMAP, 1, GL_OUT_OF_MEMORY, PXC_ERR_GPU},
        {SPY_GENERATE_MIPMAP, 1, GL_INVALID_OPERATION, PXC_ERR_GPU},
        {SPY_GENERATE_MIPMAP, 1, GL_LOST, PXC_ERR_LOST},
        {SPY_GEN_TEXTURES, 1, GL_NO_ERROR, PXC_ERR_GPU},
        {SPY_GEN_TEXTURES, 1, GL_INVALID_OPERATION, PXC_ERR_GPU},
        {SPY_GEN_TEXTURES, 1, GL_OUT_OF_MEMORY, PXC_ERR_GPU},
    };
    gl_fixture f;
    gl_open(&f, 0);
    check_failures(&f, failures, COUNT_OF(failures));
    gl_close(&f);
}

static void what_opengl_refuses_without_texture_storage_fails_cleanly(void **state)
{
    (void)state;
    static const failure failures[] = {
        {SPY_TEX_IMAGE, 1, GL_OUT_OF_MEMORY, PXC_ERR_GPU},
        {SPY_TEX_IMAGE, 1, GL_INVALID_OPERATION, PXC_ERR_GPU},
        {SPY_TEX_IMAGE, 1, GL_LOST, PXC_ERR_LOST},
        {SPY_TEX_SUB_IMAGE, 2, GL_OUT_OF_MEMORY, PXC_ERR_GPU},
        {SPY_GENERATE_MIPMAP, 1, GL_OUT_OF_MEMORY, PXC_ERR_GPU},
    };
    gl_fixture f;
    gl_fixture_init(&f);
    spy.hidden[0] = storage_extension;
    gl_start(&f, 0);
    check_failures(&f, failures, COUNT_OF(failures));
    assert_int_equal(spy.calls[SPY_TEX_STORAGE], 0);
    gl_close(&f);
}

/* A lost context gives no names; its error says why. */
static void a_context_lost_while_names_are_made_is_lost(void **state)
{
    (void)state;
    static const failure failures[] = {{SPY_GEN_TEXTURES, 1, GL_LOST, PXC_ERR_LOST}};
    gl_fixture f;
    gl_open(&f, 0);
    check_failures(&f, failures, COUNT_OF(failures));
    gl_close(&f);
}

/* Unused and used textures, then an upload whose given function fails once for want of memory. */
static void check_trim(enum gl_spy_function function)
{
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
    pixmap.mipmaps = true;
    const pxc_key unused = gl_insert(&f, &pixmap);
    const pxc_key found = gl_insert(&f, &pixmap);
    const GLuint unused_name = texture_of(f.cache, unused).name;
    assert_status(PXC_OK, pxc_insert_named(f.cache, "unused", &pixmap, NULL));
    assert_status(PXC_OK, pxc_frame_end(f.cache));
    const GLuint found_name = texture_of(f.cache, found).name;
    const pxc_key inserted = gl_insert(&f, &pixmap);
    const gl_state before = read_state(f.gl);
    const uint64_t calls = spy.calls[SPY_GEN_TEXTURES];
    spy_fail(function, 1, 1, GL_OUT_OF_MEMORY);
    pxc_key key = {0};
    assert_ok(f.cache, pxc_insert(f.cache, &pixmap, &key));
    assert_int_equal(spy.calls[SPY_GEN_TEXTURES], calls + 2);
    assert_state(f.gl, &before);
    assert_false(pxc_key_valid(f.cache, unused));
    assert_int_equal(stats_of(f.cache).evictions, 2);
    assert_int_equal(spy.alive, 3);
    assert_true(f.gl->IsTexture(found_name));
    assert_true(unused_name == texture_of(f.cache, key).name || !f.gl->IsTexture(unused_name));
    assert_shows(&f, found, &pixmap);
    assert_shows(&f, inserted, &pixmap);
    assert_shows(&f, key, &pixmap);
    assert_ledger(&f);
    pixmap_free(&pixmap);
    gl_close(&f);
}

static void out_of_memory_trims_what_the_frame_has_not_used_and_tries_once_more(void **state)
{
    (void)state;
    check_trim(SPY_TEX_STORAGE);
    check_trim(SPY_TEX_SUB_IMAGE);
    check_trim(SPY_GENERATE_MIPMAP);
}

static void out_of_memory_while_names_are_made_trims_too(void **state)
{
    (void)state;
    check_trim(SPY_GEN_TEXTURES);
}

static void the_old_entry_survives_a_failed_replacement(void **state)
{
    (void)state;
    static const GLenum errors[] = {GL_OUT_OF_MEMORY, GL_INVALID_OPERATION, GL_LOST};
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap old = pixmap_new(17, 9, PXC_RGBA8, 0);
    pxc_pixmap fresh = pixmap_new(8, 8, PXC_RGB565, 0);
    pxc_key key = {0};
    assert_status(PXC_OK, pxc_insert_named(f.cache, "a", &old, &key));
    for (size_t i = 0; i < COUNT_OF(errors); ++i) {
        assert_status(PXC_OK, pxc_frame_end(f.cache));
        const uint64_t calls = spy.calls[SPY_TEX_STORAGE];
        spy_fail(SPY_TEX_STORAGE, 1, UINT64_MAX, errors[i]);
        const pxc_status expected = errors[i] == GL_LOST ? PXC_ERR_LOST : PXC_ERR_GPU;
        assert_status(expected, pxc_replace(f.cache, key, &fresh));
        assert_status(expected, pxc_insert_named(f.cache, "a", &fresh, NULL));
        assert_int_equal(spy.calls[SPY_TEX_STORAGE], calls + (errors[i] == GL_OUT_OF_MEMORY ? 4 : 2));
        spy_heal();
        assert_shows(&f, key, &old);
        assert_ledger(&f);
    }
    assert_ok(f.cache, pxc_replace(f.cache, key, &fresh));
    assert_shows(&f, key, &fresh);
    pixmap_free(&fresh);
    pixmap_free(&old);
    gl_close(&f);
}

static void errors_that_never_end_end_the_insert(void **state)
{
    (void)state;
    static const struct {
        GLenum error;
        pxc_status status;
    } cases[] = {
        {GL_INVALID_OPERATION, PXC_ERR_GPU}, {GL_OUT_OF_MEMORY, PXC_ERR_GPU}, {GL_LOST, PXC_ERR_LOST}};
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
    for (size_t i = 0; i < COUNT_OF(cases); ++i) {
        spy.for_ever = cases[i].error;
        assert_fails_cleanly(&f, cases[i].status, &pixmap);
        assert_status(PXC_OK, pxc_clear(f.cache));
        spy.for_ever = cases[i].error;
        assert_ok(f.cache, pxc_frame_end(f.cache));
        spy_heal();
    }
    gl_insert(&f, &pixmap);
    spy.for_ever = GL_LOST;
    pixmap_free(&pixmap);
    gl_close(&f);
}

static void only_the_three_reset_statuses_are_a_lost_context(void **state)
{
    (void)state;
    static const GLenum lost[] = {GL_GUILTY_CONTEXT_RESET, GL_INNOCENT_CONTEXT_RESET,
                                  GL_UNKNOWN_CONTEXT_RESET};
    static const GLenum garbage[] = {1,          GL_INVALID_ENUM, GL_INVALID_OPERATION, GL_OUT_OF_MEMORY,
                                     0xDEADBEEF, 0xFFFFFFFF};
    gl_fixture f;
    gl_fixture_init(&f);
    spy.robust = true;
    gl_start(&f, 0);
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
    for (size_t i = 0; i < COUNT_OF(garbage); ++i) {
        spy.reset_status = garbage[i];
        assert_shows(&f, gl_insert(&f, &pixmap), &pixmap);
    }
    for (size_t i = 0; i < COUNT_OF(lost); ++i) {
        spy.reset_status = lost[i];
        assert_fails_cleanly(&f, PXC_ERR_LOST, &pixmap);
    }
    pixmap_free(&pixmap);
    gl_close(&f);
}

/* Without the extension there is no such function, whatever the loader has under its name. */
static void the_reset_status_is_not_asked_without_robustness(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    spy.reset_status = GL_GUILTY_CONTEXT_RESET;
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
    assert_shows(&f, gl_insert(&f, &pixmap), &pixmap);
    pixmap_free(&pixmap);
    gl_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_from_before_are_not_blamed_on_the_cache),
        cmocka_unit_test(an_image_beyond_the_largest_texture_is_too_large),
        cmocka_unit_test(what_opengl_refuses_fails_cleanly),
        cmocka_unit_test(what_opengl_refuses_without_texture_storage_fails_cleanly),
        cmocka_unit_test(a_context_lost_while_names_are_made_is_lost),
        cmocka_unit_test(out_of_memory_trims_what_the_frame_has_not_used_and_tries_once_more),
        cmocka_unit_test(out_of_memory_while_names_are_made_trims_too),
        cmocka_unit_test(the_old_entry_survives_a_failed_replacement),
        cmocka_unit_test(errors_that_never_end_end_the_insert),
        cmocka_unit_test(only_the_three_reset_statuses_are_a_lost_context),
        cmocka_unit_test(the_reset_status_is_not_asked_without_robustness),
    };
    return cmocka_run_group_tests(tests, open_window, close_window);
}
