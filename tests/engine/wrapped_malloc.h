/* malloc and its kin, counted and made to fail. The engine's calls come here by the linker's --wrap: see
 * tests/CMakeLists.txt. Any thread. */
#ifndef PIXCACHE_TESTS_WRAPPED_MALLOC_H
#define PIXCACHE_TESTS_WRAPPED_MALLOC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

static struct {
    atomic_bool armed;
    atomic_int calls;   /* that want memory, while it is armed */
    atomic_int fail_at; /* the call with this number fails, from 1 on; 0 = none */
    atomic_int live;    /* blocks */
} memory;

/* From now on the n-th call fails. */
static inline void memory_arm(int n)
{
    atomic_store(&memory.calls, 0);
    atomic_store(&memory.fail_at, n);
    atomic_store(&memory.armed, true);
}

static inline void memory_disarm(void)
{
    atomic_store(&memory.armed, false);
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *old);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *old);

static bool fails_now(void)
{
    return atomic_load(&memory.armed) &&
           atomic_fetch_add(&memory.calls, 1) + 1 == atomic_load(&memory.fail_at);
}

static void *counted(void *fresh)
{
    atomic_fetch_add(&memory.live, fresh != NULL ? 1 : 0);
    return fresh;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
    if (fails_now()) {
        return NULL;
    }
    return old == NULL ? counted(__real_malloc(size)) : __real_realloc(old, size);
}

void __wrap_free(void *old)
{
    atomic_fetch_sub(&memory.live, old != NULL ? 1 : 0);
    __real_free(old);
}

#endif
