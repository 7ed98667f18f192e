/* What a cache would have done with a trace. */
#ifndef PROFILE_REPLAY_H
#define PROFILE_REPLAY_H

#include "access_trace.h"
#include "progress.h"

typedef struct replay_job {
    const access_trace *trace;
    uint64_t limit_bytes;   /* at frame boundaries; above 0 */
    uint64_t ceiling_bytes; /* inside a frame; SIZE_MAX = none */
    progress *progress;     /* may be NULL */
} replay_job;

typedef struct replay_result {
    uint64_t hits, misses, evictions, uploads, upload_bytes;
    uint64_t peak_bytes; /* the most that was resident inside a frame */
    uint64_t refused;    /* misses that were not uploaded: larger than the limit, or past the ceiling */
} replay_result;

/* Result: false if there is no memory, or with the cache itself, if an image is of a size that no texture can have. */
typedef bool (*replay_fn)(const replay_job *job, replay_result *out, trace_error *error);

typedef struct replay_policy {
    const char *name, *what;
    replay_fn replay;
} replay_policy;

/* All of them; the one after the last has no name. */
extern const replay_policy replay_policies[];

/* NULL if there is none of that name; name need not end in a NUL. */
const replay_policy *replay_policy_find(const char *name, size_t bytes);

/* The cache itself: pxc_find, pxc_insert, pxc_frame_end. */
bool replay_cache(const replay_job *job, replay_result *out, trace_error *error);

bool replay_fifo(const replay_job *job, replay_result *out, trace_error *error);
bool replay_sieve(const replay_job *job, replay_result *out, trace_error *error);
bool replay_belady(const replay_job *job, replay_result *out, trace_error *error);

#endif
