/* The physical limit: what no cache can be below. Random access to 64-byte records, each independent of the others
 * (find_key) or known only when the one before has been read (dependent); and XXH3 of a name plus one such access that
 * depends on it (find_name). */
#include "bench.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

typedef struct record {
    uint64_t words[8];
} record;

int main(int argc, char **argv)
{
    const size_t size = bench_size(argc, argv);
    record *block = bench_memory((size + 1) * sizeof *block);
    record *records = (record *)(((uintptr_t)block + 63) / 64 * 64);
    for (size_t i = 0; i < size; ++i) {
        records[i].words[0] = i;
    }
    char(*names)[BENCH_NAME_BYTES] = bench_names(size, "images/level3");
    uint32_t *order = bench_order(BENCH_CALLS, size, 88172645463325252U);
    uint64_t sum = 0;

    double start_ns = bench_now_ns();
    for (size_t i = 0; i < BENCH_CALLS; ++i) {
        sum += records[order[i]].words[0];
    }
    bench_print("find_key", start_ns, BENCH_CALLS);

    start_ns = bench_now_ns();
    for (size_t i = 0; i < BENCH_CALLS; ++i) {
        const uint64_t hash = XXH3_64bits(names[order[i]], 26);
        sum += records[(hash >> 32) * size >> 32].words[0];
    }
    bench_print("find_name", start_ns, BENCH_CALLS);

    /* One cycle through all records, in random order. */
    uint32_t *cycle = bench_permutation(size, 7);
    for (size_t i = 0; i < size; ++i) {
        records[cycle[i]].words[1] = cycle[(i + 1) % size];
    }
    free(cycle);
    uint64_t at = 0;
    start_ns = bench_now_ns();
    for (size_t i = 0; i < BENCH_CALLS; ++i) {
        at = records[at].words[1];
    }
    bench_print("dependent", start_ns, BENCH_CALLS);

    volatile uint64_t kept = sum + at;
    (void)kept;
    free(order);
    free(names);
    free(block);
    return 0;
}
