/* How far a long job is, on stderr, where somebody looks. */
#ifndef PROFILE_PROGRESS_H
#define PROFILE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct progress {
    const char *what;
    bool watched; /* stderr is a terminal */
    bool shown;
    unsigned calls;
    double next_s; /* when something is shown again */
} progress;

progress progress_start(const char *what);

/* Cheap: call it for each frame. */
void progress_tell(progress *p, size_t done, size_t all);

/* Wipes the line. */
void progress_end(progress *p);

#endif
