/* The ways to upload on a real OpenGL: the ring of pixel buffers shows the same pixels as direct uploads do, waits for
 * nothing, gives way where it fails, and leaves nothing behind; the probe chooses, and says what it measured. */
#include "gl_fixture.h"

enum { PART_BYTES = 2 << 20, PARTS = 4 };

static const char storage[] = "GL_ARB_buffer_storage";
static const char *const hidden[] = {NULL, storage}; /* kept mapped, and mapped for each piece */

static void open_with(gl_fixture *f, pxc_upload_way way, const char *without)
{
    gl_fixture_init(f);
    spy.hidden[0] = without;
    gl_way = way;
    gl_start(f, 0);
}

static void assert_way(const gl_fixture *f, pxc_upload_way way)
{
    assert_int_equal(stats_of(f->cache).upload_way, way);
    assert_int_equal(f->gl->GetError(), GL_NO_ERROR);
}

static void insert_and_look(gl_fixture *f, const pxc_pixmap *pixmap)
{
    const gl_state before = read_state(f->gl);
    assert_shows(f, gl_insert(f, pixmap), pixmap);
    assert_state(f->gl, &before);
    assert_ok(f->cache, pxc_frame_end(f->cache));
    assert_ledger(f);
}

/* Pieces of nearly half a part, of odd formats and strides among them. */
static void a_ring_that_wraps_shows_the_right_pixels(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(hidden); ++i) {
        gl_fixture f;
        open_with(&f, PXC_UPLOAD_BUFFERS, hidden[i]);
        for (int turn = 0; turn < 28; ++turn) {
            pxc_pixmap pixmap = pixmap_new(490 + turn, 500, (pxc_format)(turn % FORMATS), turn % 6);
            insert_and_look(&f, &pixmap);
            pixmap_free(&pixmap);
        }
        assert_true(spy.calls[SPY_SET_FENCE] > PARTS && spy.calls[SPY_ASK_FENCE] > 0);
        assert_in_range(spy.fences_alive, 1, PARTS);
        assert_int_equal(spy.buffers_alive, 1);
        assert_int_equal(spy.calls[SPY_MAP_BUFFER], i == 0 ? 1 : 28);
        assert_int_equal(spy.calls[SPY_UNMAP_BUFFER], i == 0 ? 0 : 28);
        assert_way(&f, PXC_UPLOAD_BUFFERS);
        gl_close(&f);
    }
}

/* 11 MiB: more than the ring. */
static void a_large_pixmap_goes_in_pieces_and_the_rest_directly(void **state)
{
    (void)state;
    for (int stands = 0; stands < 2; ++stands) {
        gl_fixture f;
        open_with(&f, PXC_UPLOAD_BUFFERS, NULL);
        spy.fences_stand = stands == 1;
        pxc_pixmap pixmap = pixmap_new(1701, 1702, PXC_RGBA8, 0);
        insert_and_look(&f, &pixmap);
        assert_int_equal(spy.calls[SPY_TEX_SUB_IMAGE], stands == 1 ? PARTS + 1 : 6);
        assert_way(&f, PXC_UPLOAD_BUFFERS);
        pixmap_free(&pixmap);
        gl_close(&f);
    }
}

/* What the GPU still reads is not written, and nobody waits. */
static void a_fence_that_stands_sends_uploads_directly(void **state)
{
    (void)state;
    gl_fixture f;
    open_with(&f, PXC_UPLOAD_BUFFERS, NULL);
    spy.fences_stand = true;
    for (int i = 0; i < 12; ++i) {
        pxc_pixmap pixmap = pixmap_new(700 + i, 500, PXC_RGBA8, 4 * i); /* one to a part */
        insert_and_look(&f, &pixmap);
        pixmap_free(&pixmap);
    }
    assert_int_equal(spy.calls[SPY_SET_FENCE], PARTS - 1);
    assert_int_equal(spy.calls[SPY_ASK_FENCE], 12 - PARTS);
    spy_heal();
    pxc_pixmap pixmap = pixmap_new(700, 500, PXC_RGBA8, 0);
    insert_and_look(&f, &pixmap);
    assert_int_equal(spy.calls[SPY_SET_FENCE], PARTS);
    assert_way(&f, PXC_UPLOAD_BUFFERS);
    pixmap_free(&pixmap);
    gl_close(&f);
}

/* With an error flag, and without one. */
static void a_ring_that_fails_is_given_up_and_the_upload_succeeds(void **state)
{
    (void)state;
    static const enum gl_spy_function functions[] = {SPY_GEN_BUFFERS, SPY_BUFFER_STORAGE, SPY_BUFFER_DATA,
                                                     SPY_MAP_BUFFER,  SPY_SET_FENCE,      SPY_ASK_FENCE};
    static const GLenum errors[] = {GL_NO_ERROR, GL_OUT_OF_MEMORY, GL_INVALID_OPERATION};
    for (size_t i = 0; i < COUNT_OF(functions) * COUNT_OF(errors) * COUNT_OF(hidden); ++i) {
        const enum gl_spy_function function = functions[i / COUNT_OF(errors) / COUNT_OF(hidden)];
        const char *without = hidden[i % COUNT_OF(hidden)];
        if (function == (without != NULL ? SPY_BUFFER_STORAGE : SPY_BUFFER_DATA)) {
            continue; /* not called */
        }
        gl_fixture f;
        open_with(&f, PXC_UPLOAD_BUFFERS, without);
        spy_fail(function, 1, 1, errors[i / COUNT_OF(hidden) % COUNT_OF(errors)]);
        for (int n = 0; n < 6; ++n) {
            pxc_pixmap pixmap = pixmap_new(700, 500 + n, PXC_RGBA8, 0);
            insert_and_look(&f, &pixmap);
            pixmap_free(&pixmap);
        }
        assert_way(&f, PXC_UPLOAD_DIRECT);
        assert_int_equal(spy.buffers_alive + spy.fences_alive, 0);
        gl_close(&f);
    }
}

static void memory_that_the_system_spoilt_goes_up_again_directly(void **state)
{
    (void)state;
    gl_fixture f;
    open_with(&f, PXC_UPLOAD_BUFFERS, storage);
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGB8, 4);
    spy_fail(SPY_UNMAP_BUFFER, 1, 1, GL_NO_ERROR);
    insert_and_look(&f, &pixmap);
    assert_int_equal(spy.calls[SPY_TEX_SUB_IMAGE], 9); /* row by row: only direct uploads do that */
    insert_and_look(&f, &pixmap);
    assert_int_equal(spy.calls[SPY_TEX_SUB_IMAGE], 10);
    assert_way(&f, PXC_UPLOAD_BUFFERS);
    pixmap_free(&pixmap);
    gl_close(&f);
}

/* Names of the lost context are the test's to delete, because its context is not truly lost. */
static void a_new_context_gets_a_new_ring(void **state)
{
    (void)state;
    gl_fixture f;
    pxc_pixmap pixmap = pixmap_new(700, 500, PXC_RGBA8, 0);
    open_with(&f, PXC_UPLOAD_BUFFERS, NULL);
    for (int i = 0; i < 3; ++i) {
        gl_insert(&f, &pixmap);
    }
    assert_int_equal(spy.fences_alive, 2);
    assert_ok(f.cache, pxc_context_lost(f.cache));
    assert_int_equal(spy.buffers_alive, 1);
    assert_int_equal(spy.fences_alive, 2);
    spy.fences_alive = 0; /* they go with the window */
    for (GLuint name = 1; name < GL_SPY_NAMES; ++name) {
        if (spy.alive_names[name]) {
            spy_delete_textures(1, &name);
        }
        if (spy.alive_buffers[name]) {
            spy_delete_buffers(1, &name);
        }
    }
    const pxc_key key = gl_insert(&f, &pixmap);
    assert_shows(&f, key, &pixmap);
    assert_int_equal(spy.buffers_alive, 1);
    assert_int_equal(spy.calls[SPY_GEN_BUFFERS], 2);
    assert_way(&f, PXC_UPLOAD_BUFFERS);
    gl_close(&f);
    open_with(&f, PXC_UPLOAD_BUFFERS, NULL);
    assert_ok(f.cache, pxc_context_lost(f.cache));
    gl_close(&f); /* no GL name of no context */
    pixmap_free(&pixmap);
}

static void the_way_is_what_was_asked_for(void **state)
{
    (void)state;
    for (int way = PXC_UPLOAD_DIRECT; way <= PXC_UPLOAD_BUFFERS; ++way) {
        gl_fixture f;
        pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
        open_with(&f, (pxc_upload_way)way, NULL);
        assert_int_equal(spy.created + spy.buffers_alive, 0); /* nothing is tried */
        assert_way(&f, (pxc_upload_way)way);
        insert_and_look(&f, &pixmap);
        assert_way(&f, (pxc_upload_way)way);
        assert_int_equal(spy.buffers_alive, way == PXC_UPLOAD_BUFFERS);
        assert_int_equal(stats_of(f.cache).probe_direct_us_per_mib, 0);
        assert_int_equal(stats_of(f.cache).probe_buffers_us_per_mib, 0);
        pixmap_free(&pixmap);
        gl_close(&f);
    }
}

/* Whichever it is on this machine. */
static void a_probe_chooses_and_leaves_nothing_behind(void **state)
{
    (void)state;
    gl_fixture f;
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGB8, 1);
    gl_fixture_init(&f);
    const gl_state before = read_state(f.gl);
    gl_way = PXC_UPLOAD_PROBED;
    gl_start(&f, 0);
    assert_state(f.gl, &before);
    const pxc_stats stats = stats_of(f.cache);
    print_message("direct %llu us a MiB, by buffers %llu us a MiB, way %llu\n",
                  (unsigned long long)stats.probe_direct_us_per_mib,
                  (unsigned long long)stats.probe_buffers_us_per_mib, (unsigned long long)stats.upload_way);
    assert_true(stats.probe_direct_us_per_mib > 0 && stats.probe_buffers_us_per_mib > 0);
    assert_in_range(stats.upload_way, PXC_UPLOAD_DIRECT, PXC_UPLOAD_BUFFERS);
    assert_int_equal(spy.buffers_alive, stats.upload_way == PXC_UPLOAD_BUFFERS);
    assert_int_equal(spy.created, 1);
    assert_int_equal(spy.alive, 0);
    assert_int_equal(stats.textures_created + stats.uploads + stats.upload_bytes + stats.used_bytes, 0);
    assert_way(&f, (pxc_upload_way)stats.upload_way);
    insert_and_look(&f, &pixmap);
    pixmap_free(&pixmap);
    gl_close(&f);
}

static void a_probe_in_which_something_fails_chooses_direct(void **state)
{
    (void)state;
    static const enum gl_spy_function functions[] = {SPY_GEN_TEXTURES, SPY_TEX_STORAGE, SPY_TEX_SUB_IMAGE,
                                                     SPY_GEN_BUFFERS,  SPY_MAP_BUFFER,  SPY_BUFFER_STORAGE};
    for (size_t i = 0; i < COUNT_OF(functions); ++i) {
        gl_fixture f;
        pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
        gl_fixture_init(&f);
        spy_fail(functions[i], 1, UINT64_MAX, GL_OUT_OF_MEMORY);
        gl_way = PXC_UPLOAD_PROBED;
        gl_start(&f, 0);
        spy_heal();
        assert_way(&f, PXC_UPLOAD_DIRECT);
        assert_int_equal(stats_of(f.cache).probe_direct_us_per_mib, 0);
        assert_int_equal(spy.alive + spy.buffers_alive, 0);
        insert_and_look(&f, &pixmap);
        pixmap_free(&pixmap);
        gl_close(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ring_that_wraps_shows_the_right_pixels),
        cmocka_unit_test(a_large_pixmap_goes_in_pieces_and_the_rest_directly),
        cmocka_unit_test(a_fence_that_stands_sends_uploads_directly),
        cmocka_unit_test(a_ring_that_fails_is_given_up_and_the_upload_succeeds),
        cmocka_unit_test(memory_that_the_system_spoilt_goes_up_again_directly),
        cmocka_unit_test(a_new_context_gets_a_new_ring),
        cmocka_unit_test(the_way_is_what_was_asked_for),
        cmocka_unit_test(a_probe_chooses_and_leaves_nothing_behind),
        cmocka_unit_test(a_probe_in_which_something_fails_chooses_direct),
    };
    return cmocka_run_group_tests(tests, open_window, close_window);
}
