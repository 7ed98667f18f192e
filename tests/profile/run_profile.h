/* Runs pixcache-profile as a user does, by what runs the viewer. The program is the one in the environment variable
 * PXC_PROFILE, else that of the same build tree. */
#ifndef PIXCACHE_TESTS_RUN_PROFILE_H
#define PIXCACHE_TESTS_RUN_PROFILE_H

#include "traces.h"

static inline int set_up_profile(void **state)
{
    return set_up_program(state, "PXC_PROFILE", "/pixcache-profile");
}

#define RUN_PROFILE(...) RUN_VIEWER(__VA_ARGS__)

/* Three frames; by hand: at 24 bytes 12 and 11 stay after the first. */
static const char short_trace[] = "frame,key,bytes,name\n"
                                  "0,1,13,\"a, \"\"b\"\".png\"\n0,2,11,b.png\n0,3,12,c.png\n"
                                  "1,3,12,c.png\n1,2,11,b.png\n1,2,11,b.png\n"
                                  "5,1,13,\"a, \"\"b\"\".png\"\n";

#endif
