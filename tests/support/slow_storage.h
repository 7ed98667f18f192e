/* A GPU that takes ten times as long to make storage as to fill it, like a software driver, and makes it elsewhere. */
#ifndef PIXCACHE_TESTS_SLOW_STORAGE_H
#define PIXCACHE_TESTS_SLOW_STORAGE_H

#include "post.h"

enum { KIB = 1024, MIB = KIB * KIB, LARGE_PX = 512, LARGE_BYTES = MIB };

/* Time passes at such a GPU: 1 us a KiB that goes up, 10 us a KiB of storage that is made here. */
void slow_down(fake_gpu *gpu);

void slow_open(post *p, pxc_config config);

/* Hands over LARGE_BYTES, whose storage takes longer than a frame. */
int slow_submit(post *p, const char *name);

typedef enum stage { BEING_MADE, WAITS, STAGES } stage;

/* Opens with "a" at that stage, and returns it. It is being made until something else is said; or it is made, and waits
 * for "up", which is half up. */
int slow_open_at(post *p, pxc_config config, stage at);

#endif
