/* An allocator for tests: counts, dirties fresh and freed memory, moves every realloc, and can fail its n-th call. */
#ifndef PIXCACHE_TESTS_FAILING_ALLOC_H
#define PIXCACHE_TESTS_FAILING_ALLOC_H

#include <pixcache/pixcache.h>

typedef struct failing_alloc {
    pxc_alloc table;    /* what pxc_config.alloc is set to */
    uint64_t calls;     /* malloc and realloc, failed ones too */
    uint64_t failed;    /* calls that gave NULL */
    uint64_t frees;     /* of blocks, not of NULL */
    size_t live_blocks; /* now */
    size_t live_bytes;  /* now */
    uint64_t fail_at;   /* the call with this number, from 1 on, gives NULL; 0 = none */
    uint64_t faults;    /* blocks that were given back and were not ours */
} failing_alloc;

void failing_alloc_init(failing_alloc *alloc);

/* Lets the n-th call from now on fail; n = 1 is the next one, 0 lets none fail. */
void failing_alloc_fail_nth(failing_alloc *alloc, uint64_t n);

/* Asserts that every block was given back, to its own allocator. */
void failing_alloc_assert_clean(const failing_alloc *alloc);

#endif
