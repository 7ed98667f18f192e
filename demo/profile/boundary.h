/* A cache that is no cache: who is resident, and the rules of frames, limit and ceiling. Which image goes when the
 * limit needs it is a policy's. */
#ifndef PROFILE_BOUNDARY_H
#define PROFILE_BOUNDARY_H

#include "replay.h"

/* The order in which a policy keeps the resident images. An image is told by its index in the trace, an access by its
 * index, too. */
typedef struct boundary_policy {
    void *(*create)(const access_trace *trace); /* NULL = no memory */
    void (*destroy)(void *order);               /* NULL is fine */
    void (*added)(void *order, uint32_t image, size_t access);
    void (*used)(void *order, uint32_t image, size_t access); /* a resident image */
    uint32_t (*take)(void *order);                            /* chooses who goes, and forgets it */
} boundary_policy;

bool boundary_replay(const replay_job *job, const boundary_policy *policy, replay_result *out,
                     trace_error *error);

#endif
