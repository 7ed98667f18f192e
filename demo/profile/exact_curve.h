/* What the cache would do with a trace at every limit there is. */
#ifndef PROFILE_EXACT_CURVE_H
#define PROFILE_EXACT_CURVE_H

#include "access_trace.h"
#include "progress.h"
#include "steps.h"

/* steps.list[0] is at limit 0; what is refused is a miss, but no upload. */
typedef struct exact_curve {
    steps steps;
    uint64_t accesses, first_accesses;
    uint64_t most_hits;  /* at a limit without end */
    uint64_t flat_bytes; /* from this limit on nothing changes */
    uint64_t largest_bytes;
} exact_curve;

/* told may be NULL. Result: false with *error filled in and *out empty. Owner: exact_curve_free. */
bool exact_curve_make(const access_trace *trace, progress *told, exact_curve *out, trace_error *error);
void exact_curve_free(exact_curve *curve);

/* What holds at a limit; limit_bytes is that of the step. */
step exact_curve_at(const exact_curve *curve, uint64_t limit_bytes);

/* The smallest limit that loses at most this part of the hits at a limit without end, 0 <= lost < 1. Not below the
 * largest image: what is refused is not drawn. */
uint64_t exact_curve_recommend(const exact_curve *curve, double lost);

#endif
