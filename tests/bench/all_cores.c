/* The yardstick: the least time in which this machine makes all pictures resident, as long as nothing is drawn.
 *
 * Threads take the next picture from a counter, the largest first, so that none is left over at the end. The render
 * thread uploads each in one go as it comes, while they decode on: 1.2 s on two cores, where uploading when all are
 * decoded takes 1.4.
 */
#include "bench.h"
#include "loading.h"

#include <pxe/decode.h>
#include <pxe/engine.h>

#include <SDL.h>
#include <glad/gl.h>

typedef struct yardstick {
    const char *folder;
    SDL_atomic_t next;
    SDL_mutex *lock;
    SDL_cond *arrived;
    int done
        [LOADING_PICTURES]; /* under lock, with done_count: decoded, in the order in which they were finished */
    int done_count;
    pxe_picture
        pictures[LOADING_PICTURES]; /* a decoder's until its index is in done, then the render thread's */
} yardstick;

static int decode(void *user)
{
    yardstick *it = user;
    for (;;) {
        const int index = SDL_AtomicAdd(&it->next, 1);
        if (index >= LOADING_PICTURES) {
            return 0;
        }
        char path[LOADING_PATH_BYTES];
        pxe_error error;
        loading_path(path, it->folder, index);
        if (!pxe_picture_load(path, NULL, &it->pictures[index], &error)) {
            loading_fail(path, error.text);
        }
        SDL_LockMutex(it->lock);
        it->done[it->done_count++] = index;
        SDL_CondSignal(it->arrived);
        SDL_UnlockMutex(it->lock);
    }
}

static void upload_all(yardstick *it, pxc_cache *cache)
{
    for (int taken = 0; taken < LOADING_PICTURES; ++taken) {
        SDL_LockMutex(it->lock);
        while (it->done_count == taken) {
            SDL_CondWait(it->arrived, it->lock);
        }
        pxe_picture *picture = &it->pictures[it->done[taken]];
        SDL_UnlockMutex(it->lock);
        pxc_key key;
        const pxc_status status = pxc_insert(cache, &picture->pixmap, &key);
        if (status != PXC_OK) {
            loading_fail("a picture", pxc_status_text(status));
        }
        pxe_picture_free(picture);
    }
}

double loading_all_cores_ms(const char *folder, int threads)
{
    enum { MOST_THREADS = 64 };
    const pxe_engine_config config = {
        .window = {.title = "loading", .width = 1280, .height = 720, .headless = true},
        .limit_bytes = LOADING_LIMIT_BYTES,
    };
    pxe_engine *engine = NULL;
    pxe_error error;
    yardstick *it = calloc(1, sizeof *it);
    if (it == NULL || !pxe_engine_create(&config, &engine, &error)) {
        loading_fail("the engine", it == NULL ? "no memory" : error.text);
    }
    it->folder = folder;
    it->lock = SDL_CreateMutex();
    it->arrived = SDL_CreateCond();
    SDL_Thread *decoders[MOST_THREADS] = {NULL};
    const int count = threads < MOST_THREADS ? threads : MOST_THREADS;

    const double start_ns = bench_now_ns();
    for (int i = 0; i < count; ++i) {
        decoders[i] = SDL_CreateThread(decode, "decode", it);
        if (decoders[i] == NULL) {
            loading_fail("a thread", SDL_GetError());
        }
    }
    upload_all(it, engine->cache);
    pxe_window_gl(engine->window)->Finish();
    const double spent_ms = (bench_now_ns() - start_ns) / 1e6;

    for (int i = 0; i < count; ++i) {
        SDL_WaitThread(decoders[i], NULL);
    }
    SDL_DestroyCond(it->arrived);
    SDL_DestroyMutex(it->lock);
    free(it);
    pxe_engine_destroy(engine, NULL);
    return spent_ms;
}
