/* OpenGL 3.3 without the extensions that the cache uses where they exist: the same pixels, the same levels. */
#include "gl_fixture.h"

static const char storage_extension[] = "GL_ARB_texture_storage";
static const char es2_extension[] = "GL_ARB_ES2_compatibility";

static void open_old(gl_fixture *f, const char *first, const char *second)
{
    gl_fixture_init(f);
    spy.hidden[0] = first;
    spy.hidden[1] = second;
    gl_start(f, 0);
}

static void uploads_are_right_without_texture_storage(void **state)
{
    (void)state;
    gl_fixture f;
    open_old(&f, storage_extension, NULL);
    for (int format = 0; format < FORMATS; ++format) {
        for (int gap = 0; gap < 10; gap += 3) {
            pxc_pixmap pixmap = pixmap_new(17, 9, (pxc_format)format, gap);
            assert_shows(&f, gl_insert(&f, &pixmap), &pixmap);
            const pxc_key key = gl_insert(&f, &pixmap);
            const pxc_texture texture = texture_of(f.cache, key);
            assert_int_equal(level_parameter(f.gl, texture.name, 1, GL_TEXTURE_WIDTH), 0);
            assert_int_equal(texture_parameter(f.gl, texture.name, GL_TEXTURE_MAX_LEVEL), 0);
            pixmap.mipmaps = true;
            assert_ok(f.cache, pxc_replace(f.cache, key, &pixmap));
            assert_shows(&f, key, &pixmap);
            pixmap_free(&pixmap);
        }
    }
    assert_int_equal(spy.calls[SPY_TEX_STORAGE], 0);
    assert_true(spy.calls[SPY_TEX_IMAGE] > 0);
    gl_close(&f);
}

/* White stays white in every level, and the levels end at one pixel. */
static void mip_levels_are_complete_without_texture_storage(void **state)
{
    (void)state;
    gl_fixture f;
    open_old(&f, storage_extension, es2_extension);
    for (int format = 0; format < FORMATS; ++format) {
        pxc_pixmap pixmap = pixmap_new(17, 9, (pxc_format)format, 0);
        memset((void *)(uintptr_t)pixmap.pixels, 0xFF, 9 * fake_gpu_row_bytes((pxc_format)format, 17));
        pixmap.mipmaps = true;
        const pxc_texture texture = texture_of(f.cache, gl_insert(&f, &pixmap));
        unsigned char expected[4];
        expected_pixel(&pixmap, 0, 0, expected);
        for (GLint level = 0; level <= 4; ++level) {
            const int width = 17 >> level;
            const int height = 9 >> level > 1 ? 9 >> level : 1;
            assert_int_equal(level_parameter(f.gl, texture.name, level, GL_TEXTURE_WIDTH), width);
            assert_int_equal(level_parameter(f.gl, texture.name, level, GL_TEXTURE_HEIGHT), height);
            unsigned char *seen = read_level(f.gl, texture.name, level, GL_RGBA, GL_UNSIGNED_BYTE);
            for (int i = 0; i < 4 * width * height; ++i) {
                assert_int_equal(seen[i], expected[i % 4]);
            }
            free(seen);
        }
        assert_int_equal(level_parameter(f.gl, texture.name, 5, GL_TEXTURE_WIDTH), 0);
        assert_int_equal(texture_parameter(f.gl, texture.name, GL_TEXTURE_MAX_LEVEL), 4);
        pixmap_free(&pixmap);
    }
    assert_int_equal(spy.calls[SPY_TEX_STORAGE], 0);
    gl_close(&f);
}

/* Without GL_RGB565 a driver may keep five bits of green: one step of them is the most that it may be off. */
static void rgb565_works_without_es2_compatibility(void **state)
{
    (void)state;
    static const char *const hidden[] = {NULL, storage_extension};
    for (size_t i = 0; i < COUNT_OF(hidden); ++i) {
        gl_fixture f;
        open_old(&f, es2_extension, hidden[i]);
        pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGB565, 2);
        pixmap.mipmaps = true;
        const pxc_texture texture = texture_of(f.cache, gl_insert(&f, &pixmap));
        assert_pixels(f.gl, texture.name, &pixmap, 8);
        assert_int_equal(level_parameter(f.gl, texture.name, 4, GL_TEXTURE_WIDTH), 1);
        for (GLenum channel = GL_TEXTURE_RED_SIZE; channel <= GL_TEXTURE_BLUE_SIZE; ++channel) {
            assert_in_range(level_parameter(f.gl, texture.name, 0, channel), 5, 6);
        }
        pixmap_free(&pixmap);
        gl_close(&f);
    }
}

static void what_needs_no_extension_is_the_same_without_any(void **state)
{
    (void)state;
    gl_fixture f;
    open_old(&f, es2_extension, storage_extension);
    for (int format = 0; format < FORMATS; ++format) {
        if (format != PXC_RGB565) {
            pxc_pixmap pixmap = pixmap_new(17, 9, (pxc_format)format, 5);
            assert_shows(&f, gl_insert(&f, &pixmap), &pixmap);
            pixmap_free(&pixmap);
        }
    }
    gl_close(&f);
}

/* Drivers have been seen to promise what they do not have. */
static void an_extension_without_its_function_is_not_used(void **state)
{
    (void)state;
    static const char *const missing[] = {"glTexStorage2D", "glGetGraphicsResetStatus"};
    for (size_t i = 0; i < COUNT_OF(missing); ++i) {
        gl_fixture f;
        gl_fixture_init(&f);
        spy.robust = true;
        spy.reset_status = GL_GUILTY_CONTEXT_RESET * (GLenum)i; /* would be heard if it were asked */
        spy.missing = missing[i];
        gl_start(&f, 0);
        pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
        assert_shows(&f, gl_insert(&f, &pixmap), &pixmap);
        assert_true(i != 0 || spy.calls[SPY_TEX_STORAGE] == 0);
        pixmap_free(&pixmap);
        gl_close(&f);
    }
}

/* OpenGL that is too old, or no desktop OpenGL, is refused; 3.3 itself is enough. */
static void an_opengl_before_3_3_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *version;
        pxc_status status;
    } cases[] = {
        {"3.2.0 test", PXC_ERR_GPU}, {"2.1 test", PXC_ERR_GPU}, {"OpenGL ES 3.2 test", PXC_ERR_GPU},
        {"nonsense", PXC_ERR_GPU},   {"", PXC_ERR_GPU},         {"3.3.0 test", PXC_OK},
    };
    for (size_t i = 0; i < COUNT_OF(cases); ++i) {
        gl_fixture f;
        gl_fixture_init(&f);
        spy.version = cases[i].version;
        assert_status(cases[i].status, gl_create(&f, 0, &f.cache));
        if (cases[i].status == PXC_OK) {
            gl_close(&f);
        }
        assert_true(cases[i].status == PXC_OK || f.cache == NULL);
        failing_alloc_assert_clean(&f.alloc);
        assert_int_equal(spy.created, 0);
        f.gl->GetError(); /* the extensions of an old version are asked for in a way that this core context refuses */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uploads_are_right_without_texture_storage),
        cmocka_unit_test(mip_levels_are_complete_without_texture_storage),
        cmocka_unit_test(rgb565_works_without_es2_compatibility),
        cmocka_unit_test(what_needs_no_extension_is_the_same_without_any),
        cmocka_unit_test(an_extension_without_its_function_is_not_used),
        cmocka_unit_test(an_opengl_before_3_3_is_refused),
    };
    int failed = cmocka_run_group_tests(tests, open_window, close_window);
    gl_way = PXC_UPLOAD_BUFFERS;
    failed += cmocka_run_group_tests(tests, open_window, close_window);
    return failed;
}
