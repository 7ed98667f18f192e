/* The n-th GL call of an upload into a page, and of a boundary that moves images, goes wrong, for n = 1, 2, ...: what
 * fails has changed nothing, every image that is left is whole, the limit holds, state is restored, and then all works
 * again. By copies of images and by a framebuffer. */
#include "gl_pages.h"
#include "gl_saboteur.h"

enum { MOST_TRIES = 4000, A_PAGE = 49, KEPT = 12 };

static const char copy_extension[] = "GL_ARB_copy_image";

typedef struct breakage {
    gl_sabotage sabotage;
    GLenum error;
} breakage;

static const breakage breakages[] = {
    {SABOTAGE_ONCE, GL_OUT_OF_MEMORY},
    {SABOTAGE_FROM_ON, GL_OUT_OF_MEMORY},
    {SABOTAGE_ONCE, GL_INVALID_OPERATION},
    {SABOTAGE_FROM_ON, GL_INVALID_OPERATION},
    {SABOTAGE_ONCE, GL_LOST},
    {SABOTAGE_LOSS, GL_LOST},
};

typedef struct scene {
    gl_fixture f;
    pxc_pixmap large, other, fresh; /* of the first page, of the second */
    pxc_key keys[2 * A_PAGE];
    uint64_t failure_points;
} scene;

static scene s;
static unsigned passes_of_window;

/* Mesa gives each texture of a context a new name, and the spy's ledger has an end. */
static void renew_window(void)
{
    const pxe_window_config config = {.title = "test", .width = 64, .height = 64, .headless = true};
    pxe_error error = {0};
    passes_of_window = 0;
    pxe_window_destroy(gl_window);
    gl_window = NULL;
    assert_true(pxe_window_create(&config, &gl_window, &error));
}

static void open_scene(const char *hidden)
{
    if (++passes_of_window > 2000) {
        renew_window();
    }
    gl_fixture_init(&s.f);
    spy.robust = true;
    spy.hidden[0] = hidden;
    gl_pages_start(&s.f, sabotage_get_proc_address);
}

/* Deletes what the cache has forgotten with its context. */
static void close_scene(void)
{
    const uint64_t lost = stats_of(s.f.cache).textures_lost;
    assert_int_equal(pxc_validate(s.f.cache), PXC_OK);
    assert_status(PXC_OK, pxc_destroy(s.f.cache));
    assert_int_equal(spy.alive, lost);
    assert_int_equal(spy.strangers, 0);
    failing_alloc_assert_clean(&s.f.alloc);
    for (GLuint name = 1; name < GL_SPY_NAMES && spy.alive + spy.buffers_alive > 0; ++name) {
        if (spy.alive_names[name]) {
            spy_delete_textures(1, &name);
        }
        if (spy.alive_buffers[name]) {
            spy_delete_buffers(1, &name);
        }
    }
    assert_int_equal(s.f.gl->GetError(), GL_NO_ERROR);
}

/* What an application does when the context was lost: a new one, in which nothing is bound. */
static void replace_context(void)
{
    const GladGLContext *gl = s.f.gl;
    gl->BindTexture(GL_TEXTURE_2D, 0);
    gl->BindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
    gl->BindFramebuffer(GL_FRAMEBUFFER, 0);
    gl->PixelStorei(GL_UNPACK_ALIGNMENT, 4);
    gl->PixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    gl->PixelStorei(GL_UNPACK_SKIP_ROWS, 0);
    gl->PixelStorei(GL_UNPACK_SKIP_PIXELS, 0);
    gl->PixelStorei(GL_UNPACK_SWAP_BYTES, 0);
    assert_ok(s.f.cache, pxc_context_lost(s.f.cache));
}

static void assert_whole(pxc_key key, const pxc_pixmap *pixmap)
{
    pxc_texture texture;
    if (pxc_peek(s.f.cache, key, &texture) != PXC_OK) {
        return;
    }
    if (texture.u1 - texture.u0 < 1.0F) {
        assert_part_shows(&s.f, &texture, pixmap);
    } else {
        assert_pixels(s.f.gl, texture.name, pixmap, 0);
    }
}

static void go_on(const breakage *b)
{
    if (b->error == GL_LOST) {
        replace_context();
    }
    const pxc_key key = gl_insert(&s.f, &s.fresh);
    assert_packed_shows(&s.f, key, &s.fresh);
    assert_ok(s.f.cache, pxc_frame_end(s.f.cache));
    assert_true(pxc_used(s.f.cache) <= pxc_limit(s.f.cache));
    close_scene();
}

/* An upload into a page that is made for it, or into one that is there. Result: whether there was an n-th call. */
static bool fail_fill(const breakage *b, uint64_t n, bool has_page)
{
    pxc_key key = {77};
    open_scene(NULL);
    const pxc_key old = has_page ? gl_insert(&s.f, &s.large) : (pxc_key){0};
    const pxc_stats before = stats_of(s.f.cache);
    const gl_state state = read_state(s.f.gl);
    const uint64_t alive = spy.alive;
    sabotage_arm(b->sabotage, n, b->error);
    const pxc_status status = pxc_insert(s.f.cache, &s.fresh, &key);
    const bool reached = sabotage_reached();
    sabotage_mend();
    if (b->error != GL_LOST) {
        assert_state(s.f.gl, &state);
    }
    if (status != PXC_OK) {
        const pxc_stats after = stats_of(s.f.cache);
        assert_same_stats(&before, &after);
        assert_zero_key(key);
        assert_int_equal(spy.alive, alive);
        assert_int_equal(status, b->error == GL_LOST ? PXC_ERR_LOST : PXC_ERR_GPU);
    } else if (b->sabotage != SABOTAGE_LOSS) {
        assert_whole(key, &s.fresh);
    }
    assert_whole(old, &s.large);
    assert_status(PXC_OK, pxc_validate(s.f.cache));
    s.failure_points += reached;
    go_on(b);
    return reached;
}

static void every_gl_call_of_an_upload_into_a_page(void **state)
{
    (void)state;
    s.large = pixmap_new(40, 40, PXC_RGBA8, 0);
    s.fresh = pixmap_new(7, 5, PXC_RGB8, 4);
    for (size_t i = 0; i < COUNT_OF(breakages) * 2; ++i) {
        uint64_t n = 1;
        while (fail_fill(&breakages[i / 2], n, i % 2 != 0)) {
            assert_in_range(++n, 1, MOST_TRIES);
        }
        assert_true(n > 20);
    }
    pixmap_free(&s.large);
    pixmap_free(&s.fresh);
}

/* Two pages, of each of which a few images are left, and a limit that one holds. */
static bool fail_moves(const breakage *b, uint64_t n, const char *hidden)
{
    open_scene(hidden);
    for (size_t i = 0; i < COUNT_OF(s.keys); ++i) {
        s.keys[i] = gl_insert(&s.f, i < A_PAGE ? &s.large : &s.other);
    }
    for (size_t i = 0; i < COUNT_OF(s.keys); ++i) {
        if (i % (A_PAGE * 2 / KEPT) != 0) {
            assert_status(PXC_OK, pxc_remove(s.f.cache, s.keys[i]));
        }
    }
    assert_ok(s.f.cache, pxc_set_limit(s.f.cache, PAGE_LIMIT / 4));
    const gl_state state = read_state(s.f.gl);
    sabotage_arm(b->sabotage, n, b->error);
    assert_status(PXC_OK, pxc_frame_end(s.f.cache));
    const bool reached = sabotage_reached();
    sabotage_mend();
    if (b->error != GL_LOST) {
        assert_state(s.f.gl, &state);
    }
    assert_status(PXC_OK, pxc_validate(s.f.cache));
    assert_true(pxc_used(s.f.cache) <= PAGE_LIMIT / 4);
    if (b->sabotage != SABOTAGE_LOSS) {
        for (size_t i = 0; i < COUNT_OF(s.keys); ++i) {
            assert_whole(s.keys[i], i < A_PAGE ? &s.large : &s.other);
        }
    }
    s.failure_points += reached;
    go_on(b);
    return reached;
}

static void check_moves(const char *hidden)
{
    s.large = pixmap_new(64, 64, PXC_RGBA8, 0);
    s.other = pixmap_new(63, 64, PXC_RGBA8, 4);
    s.fresh = pixmap_new(7, 5, PXC_RGB8, 4);
    for (size_t i = 0; i < COUNT_OF(breakages); ++i) {
        uint64_t n = 1;
        while (fail_moves(&breakages[i], n, hidden)) {
            assert_in_range(n += n < 20 ? 1 : 7, 1, MOST_TRIES);
        }
        assert_true(n > 20);
    }
    pixmap_free(&s.other);
    pixmap_free(&s.large);
    pixmap_free(&s.fresh);
}

static void every_gl_call_of_a_boundary_that_copies_images(void **state)
{
    (void)state;
    check_moves(NULL);
}

static void every_gl_call_of_a_boundary_that_copies_by_a_framebuffer(void **state)
{
    (void)state;
    check_moves(copy_extension);
}

static int tell_failure_points(void **state)
{
    print_message("%llu failure points\n", (unsigned long long)s.failure_points);
    return close_window(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_gl_call_of_an_upload_into_a_page),
        cmocka_unit_test(every_gl_call_of_a_boundary_that_copies_images),
        cmocka_unit_test(every_gl_call_of_a_boundary_that_copies_by_a_framebuffer),
    };
    return cmocka_run_group_tests(tests, open_window, tell_failure_points);
}
