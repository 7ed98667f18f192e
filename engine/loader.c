/* Worker threads around queues of loads, all under one lock: what is seen, what is loaded ahead, what is done, and what
 * is to be freed. A worker holds no lock while it reads, decodes or frees.
 *
 * What is decoded and not yet uploaded is bounded in bytes. A worker knows from the header how much it needs, takes it
 * from the bound, and waits if there is not enough; the render thread gives it back when the pixels are uploaded. One
 * picture of more than half of the bound may pass beside it: a huge picture that takes many frames to upload would hold
 * up all others, and a picture larger than the bound would never be loaded.
 *
 *   waiting[PXE_SEEN]  -+                                 +-> done -> the render thread -> the cache
 *   waiting[PXE_AHEAD] -+-> worker: open, take room, decode -+                                  |
 *                         worker: free  <- trash <- the render thread <- released  <----------+
 */
#include "loader.h"

#include "background.h"

#include <SDL.h>

#include <stdlib.h>

enum { MAX_WORKERS = 64, KEEP_FRAMES = 2 };

struct pxe_loader {
    pxe_loader_config config;
    SDL_mutex *lock;
    SDL_cond *wake; /* work, or room, or the end */
    /* Under lock. */
    pxe_loads waiting[PXE_URGENCIES];
    pxe_load *batch_last; /* of what is seen, the last that was asked for in batch_frame; NULL = none waits */
    uint64_t batch_frame;
    pxe_loads done, trash;
    pxe_check *check;
    bool checking;
    size_t held_bytes;
    int large_count; /* held beside it */

    _Atomic(uint64_t) frame;
    atomic_bool stopping; /* set under lock */
    atomic_int started;   /* workers, which count themselves */
    int worker_count;
    SDL_Thread *workers[MAX_WORKERS];
};

static void set_stage(pxe_load *load, pxe_stage stage)
{
    atomic_store_explicit(&load->stage, stage, memory_order_relaxed);
}

static bool is_stopping(pxe_loader *loader)
{
    return atomic_load_explicit(&loader->stopping, memory_order_relaxed);
}

/* Under lock, which it lets go meanwhile. */
static void empty_trash(pxe_loader *loader)
{
    for (pxe_load *load = pxe_loads_pop(&loader->trash); load != NULL; load = pxe_loads_pop(&loader->trash)) {
        SDL_UnlockMutex(loader->lock);
        pxe_load_free(load);
        SDL_LockMutex(loader->lock);
    }
}

static bool is_wanted(pxe_loader *loader, const pxe_load *load)
{
    return load->kept || atomic_load_explicit(&load->asked_frame, memory_order_relaxed) + KEEP_FRAMES >=
                             atomic_load_explicit(&loader->frame, memory_order_relaxed);
}

/* Of what is seen, what was asked for in the newest frame goes first, in the order of asking: of a view that moves faster
 * than pictures are decoded, what has just come in is seen longest; the oldest is about to leave. Under lock. */
static void enqueue(pxe_loader *loader, pxe_load *load)
{
    const uint64_t frame = atomic_load_explicit(&loader->frame, memory_order_relaxed);
    if (load->urgency != PXE_SEEN) {
        pxe_loads_append(&loader->waiting[load->urgency], load);
        return;
    }
    if (loader->batch_last != NULL && loader->batch_frame == frame) {
        pxe_loads_insert(&loader->waiting[PXE_SEEN], loader->batch_last, load);
    } else {
        pxe_loads_put_first(&loader->waiting[PXE_SEEN], load);
    }
    loader->batch_last = load;
    loader->batch_frame = frame;
}

static pxe_load *dequeue(pxe_loader *loader, pxe_urgency urgency)
{
    pxe_load *load = pxe_loads_pop(&loader->waiting[urgency]);
    if (load == loader->batch_last) {
        loader->batch_last = NULL; /* so all of its frame have gone */
    }
    return load;
}

/* The next to be loaded, out of its queue; what nobody wants any more is dropped on the way. Under lock. */
static pxe_load *choose(pxe_loader *loader, pxe_urgency urgency)
{
    for (pxe_load *load = dequeue(loader, urgency); load != NULL; load = dequeue(loader, urgency)) {
        if (is_wanted(loader, load)) {
            set_stage(load, PXE_LOAD_DECODING);
            return load;
        }
        set_stage(load, PXE_LOAD_DROPPED);
        pxe_loads_append(&loader->done, load);
    }
    return NULL;
}

static void hold(pxe_loader *loader, pxe_load *load, size_t bytes)
{
    load->is_large = bytes > loader->config.decoded_bytes / 2;
    load->held_bytes = load->is_large ? 0 : bytes;
    loader->held_bytes += load->held_bytes;
    loader->large_count += load->is_large ? 1 : 0;
}

static bool take_room(pxe_loader *loader, pxe_load *load, size_t bytes)
{
    const size_t most_bytes = loader->config.decoded_bytes;
    const bool is_large = bytes > most_bytes / 2;
    if (is_large ? loader->large_count != 0 : loader->held_bytes + bytes > most_bytes) {
        return false;
    }
    hold(loader, load, bytes);
    return true;
}

static void give_room(pxe_loader *loader, pxe_load *load)
{
    loader->held_bytes -= load->held_bytes;
    loader->large_count -= load->is_large ? 1 : 0;
    load->held_bytes = 0;
    load->is_large = false;
    SDL_CondBroadcast(loader->wake);
}

/* Decoded, a picture that was scaled down takes less than it did before. */
static void keep_room(pxe_loader *loader, pxe_load *load)
{
    give_room(loader, load);
    hold(loader, load, pxe_deliveries_bytes(load->deliveries, load->count));
}

/* Waits for it. False if the loader stops, or if this is loaded ahead and something that is seen came meanwhile. Under
 * lock. */
static bool wait_for_room(pxe_loader *loader, pxe_load *load, size_t bytes)
{
    for (;;) {
        empty_trash(loader); /* lets go of the lock: before all that is asked under it */
        if (is_stopping(loader)) {
            return false;
        }
        if (take_room(loader, load, bytes)) {
            return true;
        }
        if (load->urgency != PXE_SEEN && loader->waiting[PXE_SEEN].first != NULL) {
            return false;
        }
        SDL_CondWait(loader->wake, loader->lock);
    }
}

/* Under lock, which it lets go meanwhile. */
static void run(pxe_loader *loader, pxe_load *load, int thread)
{
    pxe_error error;
    pxe_raw raw;
    pxe_load_times *times = &load->times;
    SDL_UnlockMutex(loader->lock);
    times->thread = thread;
    times->ticks[0] = SDL_GetPerformanceCounter();
    bool opened = pxe_source_open(load->source, &loader->config.decode, &raw, &error);
    times->ticks[1] = times->ticks[2] = times->ticks[3] = SDL_GetPerformanceCounter();
    times->read_bytes = raw.size_bytes;
    load->stamp = raw.stamp;
    SDL_LockMutex(loader->lock);
    if (opened && !wait_for_room(loader, load, pxe_source_needs(&raw, load->deliveries, load->count))) {
        set_stage(load, PXE_LOAD_QUEUED);
        pxe_loads_put_first(&loader->waiting[load->urgency], load);
        SDL_UnlockMutex(loader->lock);
        pxe_source_close(&raw);
        SDL_LockMutex(loader->lock);
        return;
    }
    SDL_UnlockMutex(loader->lock);
    if (opened) {
        times->ticks[2] = SDL_GetPerformanceCounter(); /* it may have waited for room */
        load->decoded = pxe_source_decode(&raw, load->deliveries, load->count, &error);
        times->ticks[3] = SDL_GetPerformanceCounter();
        times->decoded_bytes = pxe_deliveries_bytes(load->deliveries, load->count);
    }
    if (!load->decoded) {
        pxe_load_fail(load, &error);
    }
    pxe_source_close(&raw);
    SDL_LockMutex(loader->lock);
    keep_room(loader, load);
    set_stage(load, PXE_LOAD_DONE);
    pxe_loads_append(&loader->done, load);
}

/* Under lock. False if there is nothing to do. */
static bool work_once(pxe_loader *loader, int thread)
{
    empty_trash(loader);
    pxe_load *load = choose(loader, PXE_SEEN);
    if (load == NULL && loader->check != NULL) {
        pxe_check *check = loader->check;
        loader->check = NULL;
        SDL_UnlockMutex(loader->lock);
        pxe_check_run(check);
        SDL_LockMutex(loader->lock);
        loader->checking = false;
        return true;
    }
    load = load != NULL ? load : choose(loader, PXE_AHEAD);
    if (load != NULL) {
        run(loader, load, thread);
    }
    return load != NULL;
}

static int work(void *user)
{
    pxe_loader *loader = user;
    const int thread = 1 + atomic_fetch_add_explicit(&loader->started, 1, memory_order_relaxed);
    pxe_background_enter(&loader->stopping);
    SDL_LockMutex(loader->lock);
    while (!is_stopping(loader)) {
        if (!work_once(loader, thread) && !is_stopping(loader)) { /* it may have let go of the lock */
            SDL_CondWait(loader->wake, loader->lock);
        }
    }
    SDL_UnlockMutex(loader->lock);
    return 0;
}

bool pxe_loader_create(const pxe_loader_config *config, pxe_loader **out, pxe_error *error)
{
    *out = NULL;
    pxe_loader *loader = calloc(1, sizeof *loader);
    if (loader == NULL) {
        return pxe_fail(error, "no memory for the loader");
    }
    loader->config = *config;
    atomic_init(&loader->frame, 0);
    atomic_init(&loader->stopping, false);
    atomic_init(&loader->started, 0);
    loader->lock = SDL_CreateMutex();
    loader->wake = SDL_CreateCond();
    if (loader->lock == NULL || loader->wake == NULL) {
        pxe_loader_destroy(loader);
        return pxe_fail(error, "no lock for the loader: %s", SDL_GetError());
    }
    const int wanted = config->workers < MAX_WORKERS ? config->workers : MAX_WORKERS;
    for (int i = 0; i < wanted; ++i) {
        loader->workers[i] = SDL_CreateThread(work, "pixcache decode", loader);
        if (loader->workers[i] == NULL) {
            break;
        }
        ++loader->worker_count;
    }
    if (loader->worker_count == 0) {
        pxe_loader_destroy(loader);
        return pxe_fail(error, "no thread for the loader: %s", SDL_GetError());
    }
    *out = loader;
    return true;
}

void pxe_loader_destroy(pxe_loader *loader)
{
    if (loader == NULL) {
        return;
    }
    if (loader->worker_count != 0) {
        SDL_LockMutex(loader->lock);
        atomic_store_explicit(&loader->stopping, true, memory_order_relaxed);
        SDL_CondBroadcast(loader->wake);
        SDL_UnlockMutex(loader->lock);
    }
    for (int i = 0; i < loader->worker_count; ++i) {
        SDL_WaitThread(loader->workers[i], NULL);
    }
    pxe_loads *queues[] = {&loader->waiting[PXE_SEEN], &loader->waiting[PXE_AHEAD], &loader->done,
                           &loader->trash};
    for (size_t i = 0; i < sizeof queues / sizeof queues[0]; ++i) {
        for (pxe_load *load = pxe_loads_pop(queues[i]); load != NULL; load = pxe_loads_pop(queues[i])) {
            pxe_load_free(load);
        }
    }
    SDL_DestroyCond(loader->wake);
    SDL_DestroyMutex(loader->lock);
    free(loader);
}

void pxe_loader_queue(pxe_loader *loader, pxe_load *load)
{
    set_stage(load, PXE_LOAD_QUEUED);
    SDL_LockMutex(loader->lock);
    enqueue(loader, load);
    SDL_CondBroadcast(loader->wake);
    SDL_UnlockMutex(loader->lock);
}

static bool is_queued(pxe_load *load)
{
    return atomic_load_explicit(&load->stage, memory_order_relaxed) == PXE_LOAD_QUEUED;
}

bool pxe_loader_join(pxe_loader *loader, pxe_load *load, uint32_t image, const pxe_image_options *options)
{
    SDL_LockMutex(loader->lock);
    const bool joins = is_queued(load) && load->count < PXE_MOST_DELIVERIES;
    if (joins) {
        pxe_load_add(load, image, options);
    }
    SDL_UnlockMutex(loader->lock);
    return joins;
}

void pxe_loader_raise(pxe_loader *loader, pxe_load *load)
{
    SDL_LockMutex(loader->lock);
    if (load->urgency != PXE_SEEN) {
        const bool queued = is_queued(load);
        if (queued) {
            pxe_loads_unlink(&loader->waiting[load->urgency], load);
        }
        load->urgency = PXE_SEEN;
        if (queued) {
            enqueue(loader, load);
            SDL_CondBroadcast(loader->wake);
        }
    }
    SDL_UnlockMutex(loader->lock);
}

void pxe_loader_keep(pxe_loader *loader, pxe_load *load, bool kept)
{
    SDL_LockMutex(loader->lock);
    load->kept = kept;
    SDL_UnlockMutex(loader->lock);
}

pxe_load *pxe_loader_take_done(pxe_loader *loader)
{
    SDL_LockMutex(loader->lock);
    pxe_load *first = loader->done.first;
    loader->done = (pxe_loads){0};
    SDL_UnlockMutex(loader->lock);
    return first;
}

void pxe_loader_free(pxe_loader *loader, pxe_load *load)
{
    SDL_LockMutex(loader->lock);
    give_room(loader, load);
    pxe_loads_append(&loader->trash, load);
    SDL_UnlockMutex(loader->lock);
}

void pxe_loader_set_frame(pxe_loader *loader, uint64_t frame)
{
    atomic_store_explicit(&loader->frame, frame, memory_order_relaxed);
}

void pxe_loader_check(pxe_loader *loader, pxe_check *check)
{
    SDL_LockMutex(loader->lock);
    loader->check = check;
    loader->checking = true;
    SDL_CondBroadcast(loader->wake);
    SDL_UnlockMutex(loader->lock);
}

bool pxe_loader_checked(pxe_loader *loader)
{
    SDL_LockMutex(loader->lock);
    const bool done = !loader->checking;
    SDL_UnlockMutex(loader->lock);
    return done;
}
