/* GPU time of frames by timer queries, without ever waiting in a frame. */
#ifndef PXE_GPU_TIMER_H
#define PXE_GPU_TIMER_H

#include <stdbool.h>
#include <stdint.h>

struct GladGLContext;

enum { PXE_GPU_TIMER_QUERIES = 8 }; /* frames that may be under way; drivers queue three or fewer */

typedef struct pxe_gpu_timer {
    const struct GladGLContext *gl;
    uint32_t queries[PXE_GPU_TIMER_QUERIES];
    uint64_t frames[PXE_GPU_TIMER_QUERIES]; /* which frame a query times */
    uint32_t first, count;                  /* the queries under way, a ring */
    bool running;
} pxe_gpu_timer;

void pxe_gpu_timer_create(pxe_gpu_timer *timer, const struct GladGLContext *gl);
void pxe_gpu_timer_destroy(pxe_gpu_timer *timer);

/* Starts timing a frame; does nothing when all queries are under way. */
void pxe_gpu_timer_start(pxe_gpu_timer *timer, uint64_t frame);
void pxe_gpu_timer_stop(pxe_gpu_timer *timer);

/* The oldest time that is known; with wait, the oldest under way. False if there is none. */
bool pxe_gpu_timer_take(pxe_gpu_timer *timer, bool wait, uint64_t *frame, double *milliseconds);

#endif
