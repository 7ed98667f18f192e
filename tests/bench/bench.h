/* What the contestants share: one clock, one order of accesses, one set of names. C and C++.
 *
 * A contestant is a program that takes a number of entries and prints lines of "metric value", in nanoseconds per
 * call unless the metric's name ends with a unit. Each measurement makes enough calls to last some milliseconds.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    BENCH_NAME_BYTES = 48,
    BENCH_FRAME_USES = 2000,  /* distinct entries that a frame uses */
    BENCH_CALLS = 1 << 20,    /* of a measurement of entries that are there */
    BENCH_INSERTS = 1 << 17,  /* of a measurement that fills or empties the cache, at least */
    BENCH_FRAME_CHANGES = 100 /* inserts, replaces or removes between two boundaries */
};

/* How often a cache of so many entries is filled, so that the measurement has calls enough. */
static inline size_t bench_fills(size_t size)
{
    return size >= BENCH_INSERTS ? 1 : BENCH_INSERTS / size;
}

static inline double bench_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* xorshift64, so that every contestant sees the same order. Source: Marsaglia, Journal of Statistical Software 8,
 * 2003. */
static inline uint64_t bench_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static inline void *bench_memory(size_t size_bytes)
{
    void *memory = malloc(size_bytes);
    if (memory == NULL) {
        fputs("bench: no memory\n", stderr);
        exit(1);
    }
    return memory;
}

/* count indices below size, in random order. */
static inline uint32_t *bench_order(size_t count, size_t size, uint64_t seed)
{
    uint32_t *order = (uint32_t *)bench_memory(count * sizeof *order);
    for (size_t i = 0; i < count; ++i) {
        order[i] = (uint32_t)(bench_random(&seed) % size);
    }
    return order;
}

/* Each index below size once, in random order. */
static inline uint32_t *bench_permutation(size_t size, uint64_t seed)
{
    uint32_t *order = (uint32_t *)bench_memory(size * sizeof *order);
    for (size_t i = 0; i < size; ++i) {
        const size_t other = (size_t)(bench_random(&seed) % (i + 1));
        order[i] = order[other];
        order[other] = (uint32_t)i;
    }
    return order;
}

static inline void bench_name(char name[BENCH_NAME_BYTES], const char *folder, size_t i)
{
    snprintf(name, BENCH_NAME_BYTES, "%s/sprite_%07zu.png", folder, i);
}

/* size names of 27 bytes, one behind the other. */
static inline char (*bench_names(size_t size, const char *folder))[BENCH_NAME_BYTES]
{
    char(*names)[BENCH_NAME_BYTES] = (char(*)[BENCH_NAME_BYTES])bench_memory(size * sizeof *names);
    for (size_t i = 0; i < size; ++i) {
        bench_name(names[i], folder, i);
    }
    return names;
}

static inline void bench_print(const char *metric, double start_ns, size_t calls)
{
    printf("%s %.2f\n", metric, (bench_now_ns() - start_ns) / (double)calls);
}

static inline size_t bench_size(int argc, char **argv)
{
    const long size = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    if (size < 1) {
        fprintf(stderr, "usage: %s ENTRIES\n", argv[0]);
        exit(2);
    }
    return (size_t)size;
}

#endif
