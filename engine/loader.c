/* A pool of decoding threads around three queues of jobs: free (the caller's side alone), waiting and done, the last
 * two under one lock. A worker holds no lock while it decodes and touches nothing but its job.
 */
#include "loader.h"

#include <SDL.h>

#include <stdlib.h>

/* Enough that no worker waits for the next frame, and no more: pictures are asked for again in every frame in which
 * they are seen, so a short queue is one that follows the eye. */
enum { JOBS_PER_WORKER = 4, MAX_WORKERS = 64 };

typedef struct queue {
    pxe_job *first, *last;
} queue;

struct pxe_loader {
    pxe_decode_limits limits;
    SDL_mutex *lock;
    SDL_cond *wake;
    queue waiting, done; /* under lock */
    bool stopping;       /* under lock */
    queue free_jobs;
    int worker_count;
    SDL_Thread *workers[MAX_WORKERS];
    pxe_job jobs[MAX_WORKERS * JOBS_PER_WORKER];
};

static void push(queue *to, pxe_job *job)
{
    job->next = NULL;
    if (to->first == NULL) {
        to->first = job;
    } else {
        to->last->next = job;
    }
    to->last = job;
}

static pxe_job *pop(queue *from)
{
    pxe_job *job = from->first;
    if (job != NULL) {
        from->first = job->next;
    }
    return job;
}

static int work(void *user)
{
    pxe_loader *loader = user;
    SDL_LockMutex(loader->lock);
    for (;;) {
        while (!loader->stopping && loader->waiting.first == NULL) {
            SDL_CondWait(loader->wake, loader->lock);
        }
        if (loader->stopping) {
            break;
        }
        pxe_job *job = pop(&loader->waiting);
        SDL_UnlockMutex(loader->lock);
        const pxe_decode_options options = {job->fit_px, loader->limits};
        job->decoded = pxe_picture_load(job->path, &options, &job->picture, &job->error);
        SDL_LockMutex(loader->lock);
        push(&loader->done, job);
    }
    SDL_UnlockMutex(loader->lock);
    return 0;
}

bool pxe_loader_create(int workers, const pxe_decode_limits *limits, pxe_loader **out, pxe_error *error)
{
    *out = NULL;
    pxe_loader *loader = calloc(1, sizeof *loader);
    if (loader == NULL) {
        return pxe_fail(error, "no memory for the loader");
    }
    loader->limits = *limits;
    loader->lock = SDL_CreateMutex();
    loader->wake = SDL_CreateCond();
    if (loader->lock == NULL || loader->wake == NULL) {
        pxe_loader_destroy(loader);
        return pxe_fail(error, "no lock for the loader: %s", SDL_GetError());
    }
    const int wanted = workers < 1 ? 1 : workers > MAX_WORKERS ? MAX_WORKERS : workers;
    for (int i = 0; i < wanted * JOBS_PER_WORKER; ++i) {
        push(&loader->free_jobs, &loader->jobs[i]);
    }
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
        loader->stopping = true;
        SDL_CondBroadcast(loader->wake);
        SDL_UnlockMutex(loader->lock);
    }
    for (int i = 0; i < loader->worker_count; ++i) {
        SDL_WaitThread(loader->workers[i], NULL);
    }
    for (pxe_job *job = pop(&loader->done); job != NULL; job = pop(&loader->done)) {
        pxe_picture_free(&job->picture);
    }
    SDL_DestroyCond(loader->wake);
    SDL_DestroyMutex(loader->lock);
    free(loader);
}

pxe_job *pxe_loader_take_free(pxe_loader *loader)
{
    return pop(&loader->free_jobs);
}

void pxe_loader_give_back(pxe_loader *loader, pxe_job *job)
{
    *job = (pxe_job){0};
    push(&loader->free_jobs, job);
}

void pxe_loader_submit(pxe_loader *loader, pxe_job *job)
{
    SDL_LockMutex(loader->lock);
    push(&loader->waiting, job);
    SDL_CondSignal(loader->wake);
    SDL_UnlockMutex(loader->lock);
}

pxe_job *pxe_loader_take_done(pxe_loader *loader)
{
    SDL_LockMutex(loader->lock);
    pxe_job *job = pop(&loader->done);
    SDL_UnlockMutex(loader->lock);
    return job;
}
