/* Threads that load pictures, and the queues before and behind them. Thread: all functions on one thread, the one that
 * made the loader. */
#ifndef PXE_LOADER_H
#define PXE_LOADER_H

#include "source.h"

#include <stdatomic.h>

/* Of one decode as many sizes are made at most. */
enum { PXE_MOST_DELIVERIES = 4 };

typedef enum pxe_stage {
    PXE_LOAD_QUEUED,
    PXE_LOAD_DECODING,
    PXE_LOAD_DONE,   /* decoded, or failed */
    PXE_LOAD_DROPPED /* nobody has asked for it lately */
} pxe_stage;

typedef enum pxe_urgency { PXE_SEEN, PXE_AHEAD, PXE_URGENCIES } pxe_urgency;

/* When a load was read and decoded, by SDL_GetPerformanceCounter: the start and the end of each. */
typedef struct pxe_load_times {
    uint64_t ticks[4];
    size_t read_bytes, decoded_bytes;
    int thread; /* 0 = the render thread, or a worker's number, from 1 on */
} pxe_load_times;

/* One source on its way. Guarded by the loader's lock while it is queued; then the worker's alone; the render thread's
 * from pxe_loader_take_done to pxe_loader_free. */
typedef struct pxe_load {
    pxe_source *source;
    atomic_int stage;              /* a pxe_stage; to be looked at by any thread */
    _Atomic(uint64_t) asked_frame; /* the render thread's; workers look at it */
    pxe_urgency urgency;
    bool kept; /* not dropped, though nobody asks: on the prefetch list, or a reload */
    bool is_large;
    void *owner; /* the caller's */
    int count;
    bool handed_over; /* to the cache, the first of them at least. The render thread's, like the next two */
    int next_delivery, unsettled;
    pxe_delivery deliveries[PXE_MOST_DELIVERIES];
    size_t held_bytes; /* of the loader's bound */
    bool decoded;
    char *failure; /* of a load that was not; NULL = no memory even for that */
    pxe_stamp stamp;
    pxe_load_times times;
    struct pxe_load *prev, *next;
} pxe_load;

/* A queue of loads, which are linked by prev and next. */
typedef struct pxe_loads {
    pxe_load *first, *last;
} pxe_loads;

typedef struct pxe_loader pxe_loader;

typedef struct pxe_loader_config {
    int workers;          /* threads, at least 1 */
    size_t decoded_bytes; /* bound on what is decoded and not yet freed */
    pxe_decode_options decode;
} pxe_loader_config;

bool pxe_loader_create(const pxe_loader_config *config, pxe_loader **out, pxe_error *error);

/* Drops what waits, stops running decodes at their next step, joins the threads. NULL is fine. */
void pxe_loader_destroy(pxe_loader *loader);

/* load.c. A load of one image, not yet queued. NULL = no memory. */
pxe_load *pxe_load_create(pxe_source *source, uint32_t image, const pxe_image_options *options);

void pxe_load_add(pxe_load *load, uint32_t image,
                  const pxe_image_options *options); /* one more; there is room */
void pxe_load_fail(pxe_load *load, const pxe_error *error);
void pxe_load_free(pxe_load *load);

void pxe_loads_append(pxe_loads *to, pxe_load *load);
void pxe_loads_put_first(pxe_loads *to, pxe_load *load);
void pxe_loads_insert(pxe_loads *into, pxe_load *before, pxe_load *load); /* behind that one */
void pxe_loads_unlink(pxe_loads *from, pxe_load *load);
pxe_load *pxe_loads_pop(pxe_loads *from); /* the first; NULL = none */

void pxe_loader_queue(pxe_loader *loader, pxe_load *load);
/* One more size of the same source. False if it is begun, or has as many as it can. */
bool pxe_loader_join(pxe_loader *loader, pxe_load *load, uint32_t image, const pxe_image_options *options);
void pxe_loader_raise(pxe_loader *loader, pxe_load *load);           /* it is seen: before what is not */
void pxe_loader_keep(pxe_loader *loader, pxe_load *load, bool kept); /* sets kept */
pxe_load *pxe_loader_take_done(
    pxe_loader *loader); /* all that are done or dropped, oldest first, linked by next */
void pxe_loader_free(pxe_loader *loader,
                     pxe_load *load); /* its pixels are freed by a worker: that takes time */

/* A new frame. What was asked for in neither of the last two is dropped when its turn comes. */
void pxe_loader_set_frame(pxe_loader *loader, uint64_t frame);

/* Files to be looked at, by a worker that has nothing else that is seen. */
typedef struct pxe_check {
    int count;
    const pxe_source *sources[512];
    pxe_stamp stamps[512]; /* the result */
} pxe_check;

void pxe_check_run(pxe_check *check);                        /* on this thread, now */
void pxe_loader_check(pxe_loader *loader, pxe_check *check); /* it stays the caller's; one at a time */
bool pxe_loader_checked(pxe_loader *loader);                 /* none is under way */

#endif
