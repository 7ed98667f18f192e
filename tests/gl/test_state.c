/* Promise 12: an upload leaves texture binding, pixel-store state and pixel-unpack buffer as it found them, and is
 * right whatever they were. Tested with all of them set to what an upload can use least. */
#include "gl_fixture.h"

/* What the application has bound and set, and owns. */
typedef struct app {
    GLuint textures[STATE_UNITS], sampler, buffer;
    pxc_pixmap picture; /* in each of its textures */
} app;

static const struct {
    GLenum name;
    GLint odd, initial;
} stores[] = {
    {GL_UNPACK_ALIGNMENT, 8, 4},    {GL_UNPACK_ROW_LENGTH, 331, 0}, {GL_UNPACK_SKIP_ROWS, 13, 0},
    {GL_UNPACK_SKIP_PIXELS, 7, 0},  {GL_UNPACK_SWAP_BYTES, 1, 0},   {GL_UNPACK_LSB_FIRST, 1, 0},
    {GL_UNPACK_IMAGE_HEIGHT, 5, 0}, {GL_UNPACK_SKIP_IMAGES, 3, 0},
};

static void set_stores(const GladGLContext *gl, bool odd)
{
    for (size_t i = 0; i < COUNT_OF(stores); ++i) {
        gl->PixelStorei(stores[i].name, odd ? stores[i].odd : stores[i].initial);
    }
}

static app app_create(const GladGLContext *gl)
{
    app a = {.picture = pixmap_new(5, 3, PXC_RGBA8, 0)};
    gl->GenTextures(STATE_UNITS, a.textures);
    for (GLenum unit = 0; unit < STATE_UNITS; ++unit) {
        gl->ActiveTexture(GL_TEXTURE0 + unit);
        gl->BindTexture(GL_TEXTURE_2D, a.textures[unit]);
        gl->TexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, 5, 3, 0, GL_RGBA, GL_UNSIGNED_BYTE, a.picture.pixels);
    }
    gl->GenSamplers(1, &a.sampler);
    gl->BindSampler(2, a.sampler);
    gl->GenBuffers(1, &a.buffer);
    gl->BindBuffer(GL_PIXEL_UNPACK_BUFFER, a.buffer);
    gl->BufferData(GL_PIXEL_UNPACK_BUFFER, 64, NULL, GL_STREAM_DRAW); /* too small for any upload here */
    set_stores(gl, true);
    gl->ActiveTexture(GL_TEXTURE0 + 3);
    assert_int_equal(gl->GetError(), GL_NO_ERROR);
    return a;
}

static void app_destroy(const GladGLContext *gl, app *a)
{
    set_stores(gl, false);
    for (int unit = 0; unit < STATE_UNITS; ++unit) {
        assert_pixels(gl, a->textures[unit], &a->picture, 0); /* nobody drew into another's picture */
    }
    gl->BindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
    gl->BindSampler(2, 0);
    gl->ActiveTexture(GL_TEXTURE0);
    gl->DeleteTextures(STATE_UNITS, a->textures);
    gl->DeleteSamplers(1, &a->sampler);
    gl->DeleteBuffers(1, &a->buffer);
    pixmap_free(&a->picture);
    assert_int_equal(gl->GetError(), GL_NO_ERROR);
}

/* Strides that one call can say, and one that goes up row by row; with and without mip levels. */
static const struct {
    int gap;
    bool mipmaps;
} shapes[] = {{0, false}, {0, true}, {4, false}, {5, false}, {5, true}, {640, true}};

static void inserts_restore_state_and_are_right_in_any_state(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    app a = app_create(f.gl);
    const gl_state before = read_state(f.gl);
    for (int format = 0; format < FORMATS; ++format) {
        for (size_t i = 0; i < COUNT_OF(shapes); ++i) {
            pxc_pixmap pixmap = pixmap_new(17, 9, (pxc_format)format, shapes[i].gap);
            pixmap.mipmaps = shapes[i].mipmaps;
            const pxc_key key = gl_insert(&f, &pixmap);
            assert_state(f.gl, &before);
            assert_shows(&f, key, &pixmap);
            pixmap_free(&pixmap);
        }
        assert_status(PXC_OK, pxc_frame_end(f.cache));
        assert_state(f.gl, &before);
    }
    app_destroy(f.gl, &a);
    gl_close(&f);
}

static void replacements_restore_state_and_are_right_in_any_state(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap first = pixmap_new(3, 3, PXC_RGBA8, 0);
    const pxc_key key = gl_insert(&f, &first);
    app a = app_create(f.gl);
    const gl_state before = read_state(f.gl);
    for (int format = 0; format < FORMATS; ++format) {
        for (size_t i = 0; i < COUNT_OF(shapes); ++i) {
            pxc_pixmap pixmap = pixmap_new(18, 7, (pxc_format)format, shapes[i].gap);
            pixmap.mipmaps = shapes[i].mipmaps;
            assert_ok(f.cache, pxc_replace(f.cache, key, &pixmap));
            assert_state(f.gl, &before);
            assert_shows(&f, key, &pixmap);
            pixmap_free(&pixmap);
        }
    }
    app_destroy(f.gl, &a);
    pixmap_free(&first);
    gl_close(&f);
}

/* The application may have one of the cache's own textures bound, as it does after drawing. */
static void a_bound_texture_of_the_cache_stays_bound_and_unchanged(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
    pxc_pixmap other = pixmap_new(8, 8, PXC_RGB8, 0);
    const pxc_key key = gl_insert(&f, &pixmap);
    const GLuint name = texture_of(f.cache, key).name;
    f.gl->BindTexture(GL_TEXTURE_2D, name);
    const gl_state before = read_state(f.gl);
    gl_insert(&f, &other);
    assert_state(f.gl, &before);
    assert_ok(f.cache, pxc_replace(f.cache, key, &other));
    assert_state(f.gl, &before);
    assert_pixels(f.gl, name, &pixmap, 0); /* alive and unchanged until the boundary */
    f.gl->BindTexture(GL_TEXTURE_2D, 0);
    pixmap_free(&other);
    pixmap_free(&pixmap);
    gl_close(&f);
}

/* Each step of an upload fails once, and for good. */
static void failed_inserts_restore_state(void **state)
{
    (void)state;
    static const enum gl_spy_function functions[] = {SPY_GEN_TEXTURES, SPY_TEX_STORAGE, SPY_TEX_SUB_IMAGE,
                                                     SPY_GENERATE_MIPMAP};
    static const GLenum errors[] = {GL_OUT_OF_MEMORY, GL_INVALID_OPERATION, GL_LOST};
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGB8, 4);
    pixmap.mipmaps = true;
    const pxc_key kept = gl_insert(&f, &pixmap);
    app a = app_create(f.gl);
    const gl_state before = read_state(f.gl);
    for (size_t i = 0; i < COUNT_OF(functions) * COUNT_OF(errors); ++i) {
        spy_fail(functions[i / COUNT_OF(errors)], 1, UINT64_MAX, errors[i % COUNT_OF(errors)]);
        pxc_key key = {77};
        assert_true(pxc_insert(f.cache, &pixmap, &key) < 0);
        assert_zero_key(key);
        assert_state(f.gl, &before);
        assert_true(pxc_replace(f.cache, kept, &pixmap) < 0);
        assert_state(f.gl, &before);
        spy_heal();
        const pxc_key next = gl_insert(&f, &pixmap);
        assert_state(f.gl, &before);
        assert_shows(&f, next, &pixmap);
        assert_shows(&f, kept, &pixmap);
    }
    app_destroy(f.gl, &a);
    pixmap_free(&pixmap);
    gl_close(&f);
}

static void refused_pixmaps_touch_no_state(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 1000);
    app a = app_create(f.gl);
    const gl_state before = read_state(f.gl);
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
    pxc_pixmap broken = pixmap;
    broken.stride = 17 * 4 - 1;
    pxc_pixmap large = pixmap_new(32, 32, PXC_RGBA8, 0);
    pxc_key key = {0};
    assert_status(PXC_ERR_ARGUMENT, pxc_insert(f.cache, &broken, &key));
    assert_status(PXC_ERR_TOO_LARGE, pxc_insert(f.cache, &large, &key));
    assert_state(f.gl, &before);
    assert_int_equal(spy.calls[SPY_GEN_TEXTURES], 0);
    app_destroy(f.gl, &a);
    pixmap_free(&large);
    pixmap_free(&pixmap);
    gl_close(&f);
}

/* Eviction and destruction delete names; nothing else of the application's may change with them. */
static void deletions_restore_state(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 2000);
    app a = app_create(f.gl);
    const gl_state before = read_state(f.gl);
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
    for (int i = 0; i < 20; ++i) {
        gl_insert(&f, &pixmap);
        assert_status(PXC_OK, pxc_frame_end(f.cache));
        assert_state(f.gl, &before);
    }
    assert_int_equal(spy.alive, 3);
    gl_close(&f);
    assert_state(f.gl, &before);
    app_destroy(f.gl, &a);
    pixmap_free(&pixmap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inserts_restore_state_and_are_right_in_any_state),
        cmocka_unit_test(replacements_restore_state_and_are_right_in_any_state),
        cmocka_unit_test(a_bound_texture_of_the_cache_stays_bound_and_unchanged),
        cmocka_unit_test(failed_inserts_restore_state),
        cmocka_unit_test(refused_pixmaps_touch_no_state),
        cmocka_unit_test(deletions_restore_state),
    };
    int failed = cmocka_run_group_tests(tests, open_window, close_window);
    gl_way = PXC_UPLOAD_BUFFERS;
    failed += cmocka_run_group_tests(tests, open_window, close_window);
    return failed;
}
