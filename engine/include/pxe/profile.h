/* What each frame cost, and what the cache did in it: recorded always, in a ring of fixed size, without allocation.
 * Thread: the render thread. */
#ifndef PXE_PROFILE_H
#define PXE_PROFILE_H

#include <pixcache/pixcache.h>
#include <pxe/error.h>

struct GladGLContext;

typedef struct pxe_profile pxe_profile;

/* Where a frame's time goes. */
typedef enum pxe_section {
    PXE_SECTION_LOAD,   /* reading and decoding on the render thread */
    PXE_SECTION_UPLOAD, /* pxc_insert; with workers, all of pxe_images_update */
    PXE_SECTION_DRAW,   /* flushing the sprite batch */
    PXE_SECTION_EVICT,  /* pxc_frame_end */
    PXE_SECTION_SWAP,
    PXE_SECTION_COUNT
} pxe_section;

typedef struct pxe_frame {
    uint64_t frame;  /* counted from 0 */
    double start_ms; /* since the profile was made */
    double frame_ms; /* from the end of the frame before to the end of this one, the swap included */
    double cpu_ms;   /* frame_ms without the swap */
    double gpu_ms;   /* by timer query; 0 where the driver gave none */
    double section_ms[PXE_SECTION_COUNT];
    uint64_t hits, misses, evictions, uploads, upload_bytes; /* in this frame */
    uint64_t used_bytes, limit_bytes, entries;               /* at its end */
    uint32_t draws, sprites;
} pxe_frame;

typedef struct pxe_summary {
    uint64_t frames;
    double p50_ms, p99_ms, max_ms; /* of frame_ms, by nearest rank, over the frames still in the ring */
    uint64_t boundary_peak_bytes;  /* the largest used_bytes at a frame's end, over those frames */
} pxe_summary;

/* frames = how many the ring keeps; slices = how many single sections it keeps for pxe_profile_write_trace.
 * Result: NULL if there is no memory. Owner: pxe_profile_destroy. */
pxe_profile *pxe_profile_create(const struct GladGLContext *gl, uint32_t frames, uint32_t slices);
void pxe_profile_destroy(pxe_profile *profile); /* NULL is fine */

/* Milliseconds since the profile was made. */
double pxe_profile_now_ms(const pxe_profile *profile);

/* A frame: begin; any number of pxe_profile_add; stop_gpu behind the last GL command; end. The counters are the
 * cache's and the batch's, at the frame's end. */
void pxe_profile_begin(pxe_profile *profile);
void pxe_profile_add(pxe_profile *profile, pxe_section section, double start_ms);
void pxe_profile_stop_gpu(pxe_profile *profile);
void pxe_profile_end(pxe_profile *profile, const pxc_stats *stats, uint32_t draws, uint32_t sprites);

/* The time since the last frame's end was spent waiting for the user: it is not part of the next frame. */
void pxe_profile_skip_idle(pxe_profile *profile);

/* Waits for the GPU's last times. */
void pxe_profile_finish(pxe_profile *profile);

/* The frame before the current one, NULL if there is none. */
const pxe_frame *pxe_profile_last(const pxe_profile *profile);

/* false if there is no memory. */
bool pxe_profile_summary(const pxe_profile *profile, pxe_summary *out);

/* One row a frame, oldest first, with a header; see README.md for the columns. */
bool pxe_profile_write_csv(const pxe_profile *profile, const char *path, pxe_error *error);

/* Chrome's trace-event JSON: a slice a section, counters a frame. Perfetto opens it. */
bool pxe_profile_write_trace(const pxe_profile *profile, const char *path, pxe_error *error);

#endif
