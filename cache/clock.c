/* The system's clock: the one place that asks for the time, but for the seed of a cache's keys. */
#include "cache.h"

#include <time.h>

uint64_t pxc_now_ns(void)
{
    struct timespec now = {0};
#ifdef CLOCK_MONOTONIC
    clock_gettime(CLOCK_MONOTONIC, &now);
#else
    timespec_get(&now, TIME_UTC);
#endif
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}
