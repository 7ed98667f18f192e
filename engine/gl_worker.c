/* A thread that makes textures' storage, on drivers that take long to do so.
 *
 * Mesa's software driver clears what it allocates: 3 ms for 1920 x 1080 pixels, 110 ms for 8192 x 8192, ten times what
 * filling the storage takes; no budget can hold over one such call. On another thread, in a context that shares objects,
 * it holds up nobody: no upload on the render thread took longer meanwhile (measured with Mesa 22.3). Drivers of GPUs
 * take microseconds, and some get slower with a second context. So a texture of 1024 x 1024 pixels is made at the start,
 * and only if that takes more than SLOW_MS is there a worker: llvmpipe takes 1.5 ms.
 *
 * A context needs a drawable of its own to be current on another thread: a hidden window of one pixel.
 */
#include "gl_worker.h"

#include "background.h"

#include <SDL.h>
#include <glad/gl.h>

#include <stdlib.h>

#define SLOW_MS 0.5

enum { PROBE_PX = 1024, MOST_TASKS = 8 };

typedef struct task {
    void (*run)(void *data);
    void *data;
} task;

struct pxe_gl_worker {
    SDL_Window *window;
    SDL_GLContext context;
    SDL_Thread *thread;
    SDL_mutex *lock;
    SDL_cond *changed; /* any of what follows */
    /* Under lock. */
    task tasks[MOST_TASKS]; /* the first is being run */
    int count;
    bool ready, failed, stopping;
};

static double now_ms(void)
{
    return (double)SDL_GetPerformanceCounter() * 1000 / (double)SDL_GetPerformanceFrequency();
}

static bool is_slow(const GladGLContext *gl)
{
    double best_ms = 1e9;
    GLint bound = 0;
    gl->GetIntegerv(GL_TEXTURE_BINDING_2D, &bound);
    for (int round = 0; round < 3; ++round) {
        GLuint texture = 0;
        gl->GenTextures(1, &texture);
        gl->BindTexture(GL_TEXTURE_2D, texture);
        const double start_ms = now_ms();
        gl->TexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, PROBE_PX, PROBE_PX, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
        const double spent_ms = now_ms() - start_ms;
        best_ms = spent_ms < best_ms ? spent_ms : best_ms;
        gl->BindTexture(GL_TEXTURE_2D, (GLuint)bound);
        gl->DeleteTextures(1, &texture);
    }
    return best_ms > SLOW_MS;
}

static void run_tasks(pxe_gl_worker *worker)
{
    while (worker->count != 0 || !worker->stopping) {
        if (worker->count == 0) {
            SDL_CondWait(worker->changed, worker->lock);
            continue;
        }
        const task first = worker->tasks[0];
        SDL_UnlockMutex(worker->lock);
        first.run(first.data);
        SDL_LockMutex(worker->lock);
        --worker->count;
        for (int i = 0; i < worker->count; ++i) {
            worker->tasks[i] = worker->tasks[i + 1];
        }
        SDL_CondBroadcast(worker->changed);
    }
}

static int work(void *user)
{
    pxe_gl_worker *worker = user;
    pxe_background_enter(NULL); /* else it takes the core of the render thread that wakes it */
    const bool current = SDL_GL_MakeCurrent(worker->window, worker->context) == 0;
    SDL_LockMutex(worker->lock);
    worker->ready = current;
    worker->failed = !current;
    SDL_CondBroadcast(worker->changed);
    if (current) {
        run_tasks(worker);
    }
    SDL_UnlockMutex(worker->lock);
    if (current) {
        SDL_GL_MakeCurrent(worker->window, NULL);
    }
    return 0;
}

/* A context that is current nowhere. */
static bool create_context(pxe_gl_worker *worker, SDL_Window *main_window)
{
    SDL_GLContext main_context = SDL_GL_GetCurrentContext();
    worker->window = SDL_CreateWindow("", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED, 1, 1,
                                      SDL_WINDOW_OPENGL | SDL_WINDOW_HIDDEN);
    if (worker->window != NULL) {
        SDL_GL_SetAttribute(SDL_GL_SHARE_WITH_CURRENT_CONTEXT, 1);
        worker->context = SDL_GL_CreateContext(worker->window);
        SDL_GL_SetAttribute(SDL_GL_SHARE_WITH_CURRENT_CONTEXT, 0);
    }
    return SDL_GL_MakeCurrent(main_window, main_context) == 0 && worker->context != NULL;
}

static bool start_thread(pxe_gl_worker *worker)
{
    worker->lock = SDL_CreateMutex();
    worker->changed = SDL_CreateCond();
    if (worker->lock == NULL || worker->changed == NULL) {
        return false;
    }
    worker->thread = SDL_CreateThread(work, "pixcache storage", worker);
    if (worker->thread == NULL) {
        return false;
    }
    SDL_LockMutex(worker->lock);
    while (!worker->ready && !worker->failed) {
        SDL_CondWait(worker->changed, worker->lock);
    }
    SDL_UnlockMutex(worker->lock);
    return worker->ready;
}

pxe_gl_worker *pxe_gl_worker_create(pxe_window *window)
{
    if (!is_slow(pxe_window_gl(window))) {
        return NULL;
    }
    pxe_gl_worker *worker = calloc(1, sizeof *worker);
    if (worker != NULL && !(create_context(worker, pxe_window_sdl(window)) && start_thread(worker))) {
        pxe_gl_worker_destroy(worker);
        worker = NULL;
    }
    return worker;
}

void pxe_gl_worker_destroy(pxe_gl_worker *worker)
{
    if (worker == NULL) {
        return;
    }
    if (worker->thread != NULL) {
        SDL_LockMutex(worker->lock);
        worker->stopping = true;
        SDL_CondBroadcast(worker->changed);
        SDL_UnlockMutex(worker->lock);
        SDL_WaitThread(worker->thread, NULL);
    }
    if (worker->context != NULL) {
        SDL_GL_DeleteContext(worker->context);
    }
    if (worker->window != NULL) {
        SDL_DestroyWindow(worker->window);
    }
    SDL_DestroyCond(worker->changed);
    SDL_DestroyMutex(worker->lock);
    free(worker);
}

static bool run(void *user, void (*function)(void *data), void *data)
{
    pxe_gl_worker *worker = user;
    SDL_LockMutex(worker->lock);
    const bool has_room = worker->count < MOST_TASKS;
    if (has_room) {
        worker->tasks[worker->count++] = (task){function, data};
        SDL_CondBroadcast(worker->changed);
    }
    SDL_UnlockMutex(worker->lock);
    return has_room;
}

static void wait(void *user)
{
    pxe_gl_worker *worker = user;
    SDL_LockMutex(worker->lock);
    while (worker->count != 0) {
        SDL_CondWait(worker->changed, worker->lock);
    }
    SDL_UnlockMutex(worker->lock);
}

pxc_gl_worker pxe_gl_worker_for_cache(pxe_gl_worker *worker)
{
    return worker != NULL ? (pxc_gl_worker){run, wait, worker} : (pxc_gl_worker){0};
}
