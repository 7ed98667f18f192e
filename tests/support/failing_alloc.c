/* A header before each block holds its size and its owner, so that a block freed with another cache's allocator is
 * noticed. Memory comes from malloc, one block each: a sanitizer sees the rest. Fresh memory is filled, because zeros
 * that happen to lie there would hide a missing start value; for valgrind it is not (PXC_NO_FRESH_BYTES), because
 * valgrind takes filled memory for set. */
#include "failing_alloc.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define FRESH_BYTE 0xA5
#define FREED_BYTE 0xDD

typedef struct block {
    _Alignas(max_align_t) failing_alloc *owner;
    size_t size_bytes;
} block;

static void *alloc_malloc(void *user, size_t size_bytes)
{
    failing_alloc *alloc = user;
    alloc->calls++;
    block *fresh = NULL;
    if (alloc->calls != alloc->fail_at && size_bytes <= SIZE_MAX / 2) {
        fresh = malloc(sizeof *fresh + size_bytes);
    }
    if (!fresh) {
        alloc->failed++;
        return NULL;
    }
    fresh->owner = alloc;
    fresh->size_bytes = size_bytes;
#ifndef PXC_NO_FRESH_BYTES
    memset(fresh + 1, FRESH_BYTE, size_bytes);
#endif
    alloc->live_blocks++;
    alloc->live_bytes += size_bytes;
    return fresh + 1;
}

static void alloc_free(void *user, void *memory)
{
    failing_alloc *alloc = user;
    if (!memory) {
        return;
    }
    block *old = (block *)memory - 1;
    if (old->owner != alloc) {
        alloc->faults++;
        return;
    }
    alloc->frees++;
    alloc->live_blocks--;
    alloc->live_bytes -= old->size_bytes;
    old->owner = NULL;
    memset(memory, FREED_BYTE, old->size_bytes);
    free(old);
}

static void *alloc_realloc(void *user, void *memory, size_t size_bytes)
{
    void *fresh = alloc_malloc(user, size_bytes);
    if (fresh && memory) {
        const size_t old_bytes = ((block *)memory - 1)->size_bytes;
        memcpy(fresh, memory, old_bytes < size_bytes ? old_bytes : size_bytes);
        alloc_free(user, memory);
    }
    return fresh;
}

void failing_alloc_init(failing_alloc *alloc)
{
    *alloc = (failing_alloc){
        .table = {.malloc_fn = alloc_malloc,
                  .realloc_fn = alloc_realloc,
                  .free_fn = alloc_free,
                  .user = alloc},
    };
}

void failing_alloc_fail_nth(failing_alloc *alloc, uint64_t n)
{
    alloc->fail_at = n > 0 ? alloc->calls + n : 0;
}

void failing_alloc_assert_clean(const failing_alloc *alloc)
{
    assert_int_equal(alloc->faults, 0);
    assert_int_equal(alloc->live_blocks, 0);
    assert_int_equal(alloc->live_bytes, 0);
}
