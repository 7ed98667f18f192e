/* The allocator: config.alloc, or the C library's.
 *
 * Aligned blocks are needed for entries, which fill one cache line each. The C library's aligned_alloc can not be
 * replaced through config.alloc, so a block is made larger and its true address kept just before the part given out.
 */
#include "cache.h"

#include <stdlib.h>
#include <string.h>

static void *default_malloc(void *user, size_t size_bytes)
{
    (void)user;
    return malloc(size_bytes);
}

static void *default_realloc(void *user, void *memory, size_t size_bytes)
{
    (void)user;
    return realloc(memory, size_bytes);
}

static void default_free(void *user, void *memory)
{
    (void)user;
    free(memory);
}

bool pxc_alloc_complete(pxc_alloc *alloc)
{
    const int given = (alloc->malloc_fn != NULL) + (alloc->realloc_fn != NULL) + (alloc->free_fn != NULL);
    if (given == 0) {
        *alloc =
            (pxc_alloc){.malloc_fn = default_malloc, .realloc_fn = default_realloc, .free_fn = default_free};
        return true;
    }
    return given == 3;
}

void *pxc_malloc(const pxc_alloc *alloc, size_t size_bytes)
{
    return alloc->malloc_fn(alloc->user, size_bytes);
}

void *pxc_realloc(const pxc_alloc *alloc, void *memory, size_t size_bytes)
{
    return alloc->realloc_fn(alloc->user, memory, size_bytes);
}

void pxc_free(const pxc_alloc *alloc, void *memory)
{
    if (memory != NULL) {
        alloc->free_fn(alloc->user, memory);
    }
}

void *pxc_malloc_aligned(const pxc_alloc *alloc, size_t size_bytes, size_t alignment)
{
    char *block = pxc_malloc(alloc, size_bytes + alignment + sizeof(void *));
    if (block == NULL) {
        return NULL;
    }
    const uintptr_t first = (uintptr_t)block + sizeof(void *);
    char *aligned = block + sizeof(void *) + (alignment - first % alignment) % alignment;
    memcpy(aligned - sizeof block, &block, sizeof block);
    return aligned;
}

void pxc_free_aligned(const pxc_alloc *alloc, void *memory)
{
    if (memory != NULL) {
        void *block = NULL;
        memcpy(&block, (char *)memory - sizeof(void *), sizeof(void *));
        pxc_free(alloc, block);
    }
}
