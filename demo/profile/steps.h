/* A function of the limit that changes in steps: first a heap of changes in any order, then their sums in the order of
 * the limits. */
#ifndef PROFILE_STEPS_H
#define PROFILE_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Before steps_sum: what changes at a limit, for it and all above. After it: what holds from that limit to the next.
 * The sums are never negative; changes below zero are their complement to 2^64. */
typedef struct step {
    uint64_t limit_bytes;
    uint64_t hits, upload_bytes;
} step;

typedef struct steps {
    step *list;
    size_t count, room;
    bool failed; /* no memory: what was added since is lost */
} steps;

/* Cost: that of a sort now and then, constant on average but for a logarithm. */
void steps_add(steps *s, step change);

/* Sorts, adds up, and leaves only limits at which something changes, and 0 in front of them. Result: false if there was
 * no memory, also earlier. */
bool steps_sum(steps *s);

/* After steps_sum: the index of the step that holds at a limit. */
size_t steps_find(const steps *s, uint64_t limit_bytes);

void steps_free(steps *s);

#endif
