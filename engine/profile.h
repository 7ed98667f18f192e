/* The profile's inside, for profile.c (frames), pictures.c, slow.c, alarm.c, summary.c and the files that write it out; and
 * what the engine's other parts tell it. */
#ifndef PXE_PROFILE_INSIDE_H
#define PXE_PROFILE_INSIDE_H

#include <pxe/profile.h>

#include "alarm.h"
#include "gpu_timer.h"
#include "pictures.h"

/* A piece of work, for the trace. */
typedef struct pxe_slice {
    double start_ms, duration_ms;
    uint64_t bytes;
    uint32_t picture; /* a row; 0 = none */
    uint8_t work;     /* a pxe_work */
    uint8_t thread;   /* 0 = the render thread, or a worker's number, from 1 on */
} pxe_slice;

/* Rings: item n lies at n % capacity; the oldest kept is count - capacity, or 0. */
struct pxe_profile {
    pxe_frame *frames;
    pxe_slice *slices;
    uint32_t frame_capacity, slice_capacity;
    uint64_t frame_count, slice_count;
    uint64_t origin_ticks;
    double ms_per_tick;
    double last_end_ms; /* below 0 before the first frame */
    pxe_frame now;
    pxc_stats stats_before;
    pxe_gpu_timer gpu;

    pxe_pictures pictures;
    pxe_curve *curve;
    pxe_alarms alarms;

    /* slow.c */
    double recent_ms[PXE_MEDIAN_FRAMES];   /* of the last frames, ascending */
    double recent_ring[PXE_MEDIAN_FRAMES]; /* the same by frame */
    uint32_t recent_count;
    double slow_ms;          /* 0 = twice the median */
    pxe_slow_frame slow_now; /* its blames: what this frame has done so far */
    pxe_slow_frame *slow;    /* a ring of PXE_SLOW_FRAMES */
    uint64_t slow_count;
};

/* The oldest item that a ring still keeps. */
static inline uint64_t pxe_ring_first(uint64_t count, uint32_t capacity)
{
    return count > capacity ? count - capacity : 0;
}

/* ---- What the engine's other parts tell -----------------------------------------------------------------------------
 *
 * Pictures are rows of pictures.h.
 */

/* The row of a picture that the cache will know by that name. 0 = no memory: it counts as one without a name. */
uint32_t pxe_profile_picture(pxe_profile *profile, const char *cache_name, const char *shown);

/* A use of what is resident. */
void pxe_profile_use(pxe_profile *profile, uint32_t picture, uint64_t trace_key, uint64_t bytes);
/* Asked for, not there, and to be loaded; the cache has counted it. */
void pxe_profile_missed(pxe_profile *profile, uint32_t picture);
/* A placeholder was given out. */
void pxe_profile_late(pxe_profile *profile, uint32_t picture);

/* What loading took on a thread: 0 = this one, within a PXE_SECTION_LOAD; or a worker's number, from 1 on. Times by
 * SDL_GetPerformanceCounter. work: PXE_WORK_READ or PXE_WORK_DECODE. */
typedef struct pxe_loaded {
    pxe_work work;
    int thread;
    uint64_t start_ticks, end_ticks;
    uint64_t bytes; /* of the file; of the picture */
} pxe_loaded;

void pxe_profile_loaded(pxe_profile *profile, uint32_t picture, const pxe_loaded *loaded);

/* Part of the frame's time that was the cache's. */
void pxe_profile_add_cache(pxe_profile *profile, double start_ms);

/* Just before pxc_frame_end. */
void pxe_profile_peak(pxe_profile *profile, uint64_t used_bytes);

/* ---- Inside --------------------------------------------------------------------------------------------------------*/

/* profile.c: a piece of work that ends now, or ended then. */
void pxe_profile_slice(pxe_profile *profile, const pxe_slice *slice);

/* slow.c */
void pxe_slow_blame(pxe_profile *profile, const pxe_blame *blame);
void pxe_slow_forget(pxe_profile *profile);    /* what this frame has done so far */
void pxe_slow_frame_end(pxe_profile *profile); /* profile->now is complete, but for gpu_ms */

#endif
