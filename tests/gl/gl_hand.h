/* A pxc_gl_worker without a thread: the test says when its tasks are done. They run on the test's own thread, but in a
 * context of theirs that shares objects with the window's, so that all is done in the same order each time. */
#ifndef PIXCACHE_TESTS_GL_HAND_H
#define PIXCACHE_TESTS_GL_HAND_H

#include "gl_fixture.h"

/* SDL is linked through the engine; its headers are the engine's alone. */
struct SDL_Window;
extern int SDL_GL_MakeCurrent(struct SDL_Window *window, void *context);
extern void *SDL_GL_GetCurrentContext(void);
extern void *SDL_GL_CreateContext(struct SDL_Window *window);
extern void SDL_GL_DeleteContext(void *context);
extern int SDL_GL_SetAttribute(int attribute, int value);

enum { SHARE_WITH_CURRENT_CONTEXT = 22 }; /* SDL_GL_SHARE_WITH_CURRENT_CONTEXT */

typedef enum hand_mood { HAND_LATER, HAND_AT_ONCE, HAND_REFUSES } hand_mood;

typedef struct gl_hand {
    hand_mood mood;
    void *window_context, *context;
    void (*task)(void *data); /* that has been taken and not done */
    void *data;
    uint64_t asked, done, waits;
    void (*before)(void); /* of each task, in its context; may be NULL */
    void (*after)(void);
    bool is_broken; /* the context; it need not be as it was */
} gl_hand;

/* Bindings would keep textures alive. */
static inline void hand_assert_clean(const GladGLContext *gl)
{
    static const GLenum names[] = {GL_TEXTURE_BINDING_2D, GL_PIXEL_UNPACK_BUFFER_BINDING};
    for (size_t i = 0; i < COUNT_OF(names); ++i) {
        GLint value = -1;
        gl->GetIntegerv(names[i], &value);
        assert_int_equal(value, 0);
    }
    assert_int_equal(gl->GetError(), GL_NO_ERROR);
}

/* Does what has been taken, if anything. */
static inline void hand_work(gl_hand *hand)
{
    void (*const task)(void *data) = hand->task;
    if (task == NULL) {
        return;
    }
    hand->task = NULL;
    assert_int_equal(SDL_GL_MakeCurrent(pxe_window_sdl(gl_window), hand->context), 0);
    if (hand->before != NULL) {
        hand->before();
    }
    task(hand->data);
    ++hand->done;
    if (hand->after != NULL) {
        hand->after();
    }
    if (!hand->is_broken) {
        hand_assert_clean(spy.real);
    }
    assert_int_equal(SDL_GL_MakeCurrent(pxe_window_sdl(gl_window), hand->window_context), 0);
}

static inline bool hand_run(void *user, void (*task)(void *data), void *data)
{
    gl_hand *hand = user;
    ++hand->asked;
    if (hand->mood == HAND_REFUSES) {
        return false;
    }
    assert_null(hand->task); /* the cache has one at a time */
    hand->task = task;
    hand->data = data;
    if (hand->mood == HAND_AT_ONCE) {
        hand_work(hand);
    }
    return true;
}

static inline void hand_wait(void *user)
{
    gl_hand *hand = user;
    ++hand->waits;
    hand_work(hand);
}

static inline void hand_open(gl_hand *hand, hand_mood mood)
{
    *hand = (gl_hand){.mood = mood, .window_context = SDL_GL_GetCurrentContext()};
    assert_int_equal(SDL_GL_SetAttribute(SHARE_WITH_CURRENT_CONTEXT, 1), 0);
    hand->context = SDL_GL_CreateContext(pxe_window_sdl(gl_window));
    assert_int_equal(SDL_GL_SetAttribute(SHARE_WITH_CURRENT_CONTEXT, 0), 0);
    assert_non_null(hand->context);
    assert_int_equal(SDL_GL_MakeCurrent(pxe_window_sdl(gl_window), hand->window_context), 0);
}

static inline void hand_close(gl_hand *hand)
{
    assert_null(hand->task);
    SDL_GL_DeleteContext(hand->context);
}

static inline pxc_gl_worker hand_worker(gl_hand *hand)
{
    return (pxc_gl_worker){hand_run, hand_wait, hand};
}

/* What a look at the clock takes. 0: no call takes any time; but what is large, and was never seen to be made quickly,
 * is made elsewhere. */
static uint64_t hand_step_us;

static inline uint64_t hand_now_us(void *user)
{
    static uint64_t now_us;
    (void)user;
    return now_us += hand_step_us;
}

/* A cache with that worker; 0 = the default limit, and no budget. */
static inline void hand_start(gl_fixture *f, gl_hand *hand, size_t limit_bytes, size_t bytes_per_frame)
{
    const pxc_config config = {.limit_bytes = limit_bytes,
                               .gl_get_proc_address = spy_get_proc_address,
                               .alloc = f->alloc.table,
                               .upload_bytes_per_frame = bytes_per_frame,
                               .now_us = hand_now_us,
                               .gl_worker = hand_worker(hand),
                               .upload_way = gl_way};
    assert_status(PXC_OK, pxc_create(&config, &f->cache));
}

/* One frame, and what is to be done after it. GL's state stays. */
static inline void hand_frame(gl_fixture *f, gl_hand *hand)
{
    const gl_state before = read_state(f->gl);
    assert_status(PXC_OK, pxc_frame_begin(f->cache));
    assert_state(f->gl, &before);
    assert_status(PXC_OK, pxc_validate(f->cache));
    assert_status(PXC_OK, pxc_frame_end(f->cache));
    assert_status(PXC_OK, pxc_validate(f->cache));
    assert_true(pxc_used(f->cache) <= pxc_limit(f->cache));
    hand_work(hand);
    assert_state(f->gl, &before);
}

/* Frames until nothing of that name is pending; returns how many. */
static inline int hand_frames(gl_fixture *f, gl_hand *hand, const char *name)
{
    int frames = 0;
    while (pxc_lookup(f->cache, name, &(pxc_key){0}) == PXC_PENDING) {
        assert_in_range(++frames, 1, 1000);
        hand_frame(f, hand);
    }
    return frames;
}

/* The texture of what is resident by that name. */
static inline GLuint texture_named(gl_fixture *f, const char *name)
{
    pxc_key key = {0};
    assert_status(PXC_OK, pxc_lookup(f->cache, name, &key));
    return texture_of(f->cache, key).name;
}

#endif
