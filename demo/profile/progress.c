/* A line that is overwritten, from the first second on. Only each 256th call looks at the clock: a frame may have one
 * access. */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { CALLS_A_LOOK = 256 };

static const double every_s = 0.25;

static double now_s(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

progress progress_start(const char *what)
{
    return (progress){.what = what, .watched = isatty(STDERR_FILENO) == 1, .next_s = now_s() + 1};
}

void progress_tell(progress *p, size_t done, size_t all)
{
    if (!p->watched || ++p->calls % CALLS_A_LOOK != 0) {
        return;
    }
    const double now = now_s();
    if (now >= p->next_s) {
        p->next_s = now + every_s;
        p->shown = true;
        fprintf(stderr, "\r%s: %3.0f %% ", p->what, 100.0 * (double)done / (double)all);
        fflush(stderr);
    }
}

void progress_end(progress *p)
{
    if (p->shown) {
        fputs("\r\x1b[K", stderr);
        p->shown = false;
    }
}
