/* One pass of the tests that break every GL call: a scene (scene.h) on the real OpenGL, one call of every_calls[] whose
 * n-th GL call goes wrong, and all that must hold afterwards. */
#ifndef PIXCACHE_TESTS_GL_STAGE_H
#define PIXCACHE_TESTS_GL_STAGE_H

#include "every_call.h"
#include "gl_fixture.h"
#include "gl_saboteur.h"

typedef struct gl_breakage {
    gl_sabotage sabotage;
    GLenum error;      /* 0: no GL call goes wrong, the n-th allocation does */
    pxc_status status; /* what a call that fails for it must answer */
} gl_breakage;

typedef struct gl_stage {
    scene s;
    failing_alloc alloc;
    const GladGLContext *gl;
    gl_state state;     /* before the call */
    const char *hidden; /* an extension that the context does not have; set by the test, NULL = none */
} gl_stage;

static gl_stage gl_on_stage;

static inline void gl_stage_shows(scene *s, uint32_t texture, const pxc_pixmap *pixmap)
{
    (void)s;
    assert_true(spy.alive_names[texture]);
    assert_pixels(gl_on_stage.gl, texture, pixmap, tolerance_of(pixmap->format));
}

/* fresh: what the calls upload. */
static inline void gl_stage_open(const pxc_pixmap *fresh)
{
    gl_stage *t = &gl_on_stage;
    t->gl = pxe_window_gl(gl_window);
    spy_reset(t->gl);
    spy.robust = true; /* so that the cache also asks for the reset status */
    spy.hidden[0] = t->hidden;
    failing_alloc_init(&t->alloc);
    t->s.config = (pxc_config){
        .gl_get_proc_address = sabotage_get_proc_address, .alloc = t->alloc.table, .upload_way = gl_way};
    t->s.fresh = *fresh;
    t->s.shows = gl_stage_shows;
    t->s.context_was_lost = false;
    scene_open(&t->s, (scene_shape){.filler = 0});
}

/* Destroys the cache; what was lost with its context is still there, because the test's context is not truly lost. */
static inline void gl_stage_close(void)
{
    gl_stage *t = &gl_on_stage;
    const uint64_t lost = stats_of(t->s.cache).textures_lost;
    assert_status(PXC_OK, pxc_destroy(t->s.cache));
    assert_int_equal(spy.created, spy.deleted + lost);
    assert_int_equal(spy.alive, lost);
    assert_true(spy.buffers_alive == 0 || t->s.context_was_lost);
    assert_int_equal(spy.fences_alive, 0);
    assert_int_equal(spy.strangers, 0);
    assert_int_equal(t->gl->GetError(), GL_NO_ERROR);
    failing_alloc_assert_clean(&t->alloc);
    for (GLuint name = 1; name < GL_SPY_NAMES && spy.alive + spy.buffers_alive > 0; ++name) {
        if (spy.alive_names[name]) {
            spy_delete_textures(1, &name);
        }
        if (spy.alive_buffers[name]) {
            spy_delete_buffers(1, &name);
        }
    }
}

/* Not a texture more than the cache says. */
static inline void gl_stage_check_ledger(void)
{
    const pxc_stats stats = stats_of(gl_on_stage.s.cache);
    assert_int_equal(spy.alive, stats.textures_created - stats.textures_deleted);
    assert_int_equal(spy.strangers, 0);
}

/* As an application does it: a new context with default state, and the cache is told. */
static inline void gl_stage_replace_context(void)
{
    gl_stage *t = &gl_on_stage;
    t->gl->BindTexture(GL_TEXTURE_2D, 0);
    t->gl->BindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
    t->gl->PixelStorei(GL_UNPACK_ALIGNMENT, 4);
    t->gl->PixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    t->gl->PixelStorei(GL_UNPACK_SKIP_ROWS, 0);
    t->gl->PixelStorei(GL_UNPACK_SKIP_PIXELS, 0);
    t->gl->PixelStorei(GL_UNPACK_SWAP_BYTES, 0);
    assert_status(PXC_OK, pxc_context_lost(t->s.cache));
    scene_context_lost(&t->s);
}

/* The model follows: whether the GPU ran out of memory is seen by the evictions, and then all that this frame has not
 * used must have gone. */
static inline void gl_stage_follow(const every_call *call, pxc_status status, const call_out *out)
{
    scene *s = &gl_on_stage.s;
    if ((call->traits & CALL_UPLOADS) != 0 && s->told_count > s->m.gone) {
        const pxc_pixmap pixmap = every_call_pixmap(s, call);
        const model_image image = scene_image(&pixmap);
        s->m.gpu_failures = 1;
        s->m.gpu_failure = PXC_ERR_MEMORY;
        model_upload(&s->m, &image, s->keys[call->key]);
    }
    if (status != PXC_OK) {
        every_call_check_zeroed(call, out);
    }
    if ((status == call->clean || (call->traits & CALL_GOES_UP) != 0) && call->made != NULL) {
        call->made(s, call, out);
    }
}

/* Makes the call while it is broken. Result: its answer; *reached: whether there was an n-th to break. */
static inline pxc_status gl_stage_make(const every_call *call, const gl_breakage *b, uint64_t n,
                                       call_out *out, bool *reached)
{
    gl_stage *t = &gl_on_stage;
    const uint64_t failed = t->alloc.failed;
    const bool breaks_gl = b->error != GL_NO_ERROR;
    every_call_prepare(&t->s, call, out);
    t->state = read_state(t->gl);
    sabotage_arm(b->sabotage, breaks_gl ? n : 0, b->error);
    spy.pending = n == 0 ? GL_INVALID_ENUM : GL_NO_ERROR; /* from before: not to be blamed on the cache */
    failing_alloc_fail_nth(&t->alloc, breaks_gl ? 0 : n);
    const pxc_status status = call->make(&t->s, call, out);
    failing_alloc_fail_nth(&t->alloc, 0);
    sabotage_mend();
    *reached = breaks_gl ? sabotage_reached() : t->alloc.failed != failed;
    if ((call->traits & CALL_USES_GPU) == 0) {
        assert_int_equal(saboteur.calls, 0);
    }
    return status;
}

/* One pass on a fresh scene. Result: whether the call failed, or dropped what was handed over. */
static inline bool gl_stage_pass(const every_call *call, const pxc_pixmap *fresh, const gl_breakage *b,
                                 uint64_t n, bool *reached)
{
    gl_stage *t = &gl_on_stage;
    call_out out;
    gl_stage_open(fresh);
    const pxc_status status = gl_stage_make(call, b, n, &out, reached);
    if (status != call->clean) {
        const bool is_upload = (call->traits & (CALL_UPLOADS | CALL_GOES_UP)) != 0;
        assert_true(*reached && (is_upload || (call->traits & CALL_ALLOCATES) != 0));
        assert_status(is_upload || b->error == GL_NO_ERROR ? b->status : PXC_ERR_GPU, status);
    }
    t->s.context_was_lost = *reached && b->sabotage == SABOTAGE_LOSS;
    if (!t->s.context_was_lost) {
        assert_state(t->gl, &t->state);
    }
    gl_stage_follow(call, status, &out);
    gl_stage_check_ledger();
    scene_check(&t->s);
    if (t->s.context_was_lost) {
        gl_stage_replace_context();
        scene_check(&t->s);
    }
    const bool dropped = t->s.drops > 0;
    assert_true(*reached || !dropped);
    scene_go_on(&t->s);
    gl_stage_close();
    return status != call->clean || dropped;
}

#endif
