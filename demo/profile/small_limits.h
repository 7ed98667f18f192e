/* At which limits below the largest image of a trace an access hits. There the cache refuses what is larger than the
 * limit, and what was refused takes no room from others. */
#ifndef PROFILE_SMALL_LIMITS_H
#define PROFILE_SMALL_LIMITS_H

#include "steps.h"
#include "use_order.h"

/* An access that is no repeat within its frame and not the first of its image. */
typedef struct small_access {
    uint32_t image;
    uint64_t bytes;
    uint64_t need_bytes; /* what it needs if nothing is refused */
} small_access;

/* Adds to *out the limits below the need at which it hits. */
void small_limits_add(const use_order *order, const small_access *access, steps *out);

#endif
