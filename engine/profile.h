/* The record's inside, for profile_files.c. */
#ifndef PXE_PROFILE_INSIDE_H
#define PXE_PROFILE_INSIDE_H

#include <pxe/profile.h>

#include "gpu_timer.h"

typedef struct pxe_slice {
    double start_ms, duration_ms;
    pxe_section section;
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
};

/* The oldest item that a ring still keeps. */
static inline uint64_t pxe_ring_first(uint64_t count, uint32_t capacity)
{
    return count > capacity ? count - capacity : 0;
}

#endif
