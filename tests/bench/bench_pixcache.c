/* pixcache on the null backend: the price of the cache itself, without a GPU. */
#include "bench.h"

#include <pixcache/pixcache.h>

#include <malloc.h>
#include <string.h>

typedef struct bench {
    size_t size;
    pxc_cache *cache;
    pxc_key *keys;
    char (*names)[BENCH_NAME_BYTES];
    char (*absent)[BENCH_NAME_BYTES];
    char (*fresh)[BENCH_NAME_BYTES]; /* BENCH_CALLS, none of them in the cache */
    uint32_t *order;                 /* BENCH_CALLS */
} bench;

enum { PIXMAP_BYTES = 4 };

static const unsigned char white[PIXMAP_BYTES] = {255, 255, 255, 255};
static const pxc_pixmap pixmap = {.pixels = white, .width = 1, .height = 1, .format = PXC_RGBA8};

static void check(pxc_status status)
{
    if (status != PXC_OK) {
        fprintf(stderr, "bench: %s\n", pxc_status_text(status));
        exit(1);
    }
}

static void open_cache(bench *b, size_t limit_bytes)
{
    const pxc_config config = {.backend = pxc_null_backend(), .limit_bytes = limit_bytes};
    check(pxc_create(&config, &b->cache));
}

static size_t heap_bytes(void)
{
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* Of one name in memory of its own, as an application would hold it. */
static double name_heap_bytes(const bench *b)
{
    enum { COPIES = 1000 };
    char *copies[COPIES];
    const size_t before = heap_bytes();
    for (size_t i = 0; i < COPIES; ++i) {
        copies[i] = strdup(b->fresh[i]);
    }
    const double bytes = (double)(heap_bytes() - before) / COPIES;
    for (size_t i = 0; i < COPIES; ++i) {
        free(copies[i]);
    }
    return bytes;
}

static void fill(bench *b, bool named)
{
    for (size_t i = 0; i < b->size; ++i) {
        check(named ? pxc_insert_named(b->cache, b->names[i], &pixmap, &b->keys[i])
                    : pxc_insert(b->cache, &pixmap, &b->keys[i]));
    }
}

static void empty(bench *b, const uint32_t *each)
{
    for (size_t i = 0; i < b->size; ++i) {
        check(pxc_remove(b->cache, b->keys[each[i]]));
        if (i % BENCH_FRAME_CHANGES == 0) {
            check(pxc_frame_end(b->cache));
        }
    }
}

/* Fills empty caches, by name or by key alone; the last one stays. */
static void measure_fill(bench *b, const char *metric, bool named)
{
    const size_t fills = bench_fills(b->size);
    double spent_ns = 0;
    for (size_t i = 0; i < fills; ++i) {
        const size_t heap_before = heap_bytes();
        open_cache(b, SIZE_MAX);
        const double start_ns = bench_now_ns();
        fill(b, named);
        check(pxc_frame_end(b->cache));
        spent_ns += bench_now_ns() - start_ns;
        if (i + 1 < fills) {
            check(pxc_destroy(b->cache));
        } else {
            const double entry_bytes = (double)(heap_bytes() - heap_before) / (double)b->size;
            printf("heap_%s_bytes %.1f\n", named ? "name" : "key",
                   entry_bytes - (named ? name_heap_bytes(b) : 0));
        }
    }
    printf("%s %.2f\n", metric, spent_ns / (double)(fills * b->size));
}

static void measure_find_by_key(bench *b)
{
    const double start_ns = bench_now_ns();
    for (size_t i = 0; i < BENCH_CALLS; ++i) {
        pxc_texture texture;
        check(pxc_find(b->cache, b->keys[b->order[i]], &texture));
    }
    bench_print("find_key", start_ns, BENCH_CALLS);
    check(pxc_frame_end(b->cache));
}

static void measure_find_by_name(bench *b)
{
    double start_ns = bench_now_ns();
    for (size_t i = 0; i < BENCH_CALLS; ++i) {
        pxc_texture texture;
        check(pxc_find_named(b->cache, b->names[b->order[i]], &texture));
    }
    bench_print("find_name", start_ns, BENCH_CALLS);
    start_ns = bench_now_ns();
    size_t misses = 0;
    for (size_t i = 0; i < BENCH_CALLS; ++i) {
        pxc_texture texture;
        misses += pxc_find_named(b->cache, b->absent[b->order[i]], &texture) == PXC_MISS;
    }
    bench_print("find_name_miss", start_ns, BENCH_CALLS);
    check(misses == BENCH_CALLS ? PXC_OK : PXC_MISS);
}

/* Finds 2,000 entries and ends the frame, on and on. */
static void measure_frames(bench *b)
{
    const size_t frames = BENCH_CALLS / BENCH_FRAME_USES;
    const double start_ns = bench_now_ns();
    for (size_t frame = 0; frame < frames; ++frame) {
        for (size_t i = 0; i < BENCH_FRAME_USES; ++i) {
            pxc_texture texture;
            check(pxc_find(b->cache, b->keys[b->order[frame * BENCH_FRAME_USES + i]], &texture));
        }
        check(pxc_frame_end(b->cache));
    }
    printf("frame_us %.2f\n", (bench_now_ns() - start_ns) / (double)frames / 1e3);
}

static void measure_replace(bench *b)
{
    const double start_ns = bench_now_ns();
    for (size_t i = 0; i < BENCH_CALLS; ++i) {
        check(pxc_replace(b->cache, b->keys[b->order[i]], &pixmap));
        if (i % BENCH_FRAME_CHANGES == 0) {
            check(pxc_frame_end(b->cache));
        }
    }
    bench_print("replace", start_ns, BENCH_CALLS);
}

static void measure_remove(bench *b)
{
    uint32_t *each = bench_permutation(b->size, 7);
    const size_t fills = bench_fills(b->size);
    double spent_ns = 0;
    for (size_t i = 0; i < fills; ++i) {
        const double start_ns = bench_now_ns();
        empty(b, each);
        spent_ns += bench_now_ns() - start_ns;
        if (i + 1 < fills) {
            fill(b, false);
            check(pxc_frame_end(b->cache));
        }
    }
    printf("remove %.2f\n", spent_ns / (double)(fills * b->size));
    free(each);
}

/* The cache is full; each insert costs an eviction at the next boundary. */
static void measure_insert_at_limit(bench *b, const char *metric, bool named)
{
    open_cache(b, b->size * PIXMAP_BYTES);
    fill(b, named);
    check(pxc_frame_end(b->cache));
    const double start_ns = bench_now_ns();
    for (size_t i = 0, at = 0; i < BENCH_CALLS; ++i, at = at + 1 == b->size ? 0 : at + 1) {
        check(named ? pxc_insert_named(b->cache, b->fresh[i], &pixmap, &b->keys[at])
                    : pxc_insert(b->cache, &pixmap, &b->keys[at]));
        if (i % BENCH_FRAME_CHANGES == 0) {
            check(pxc_frame_end(b->cache));
        }
    }
    bench_print(metric, start_ns, BENCH_CALLS);
    check(pxc_destroy(b->cache));
}

int main(int argc, char **argv)
{
    bench b = {.size = bench_size(argc, argv)};
    b.keys = bench_memory(b.size * sizeof *b.keys);
    b.names = bench_names(b.size, "images/level3");
    b.absent = bench_names(b.size, "images/level7");
    b.fresh = bench_names(BENCH_CALLS, "images/level9");
    b.order = bench_order(BENCH_CALLS, b.size, 88172645463325252U);

    measure_fill(&b, "insert_key", false);
    measure_find_by_key(&b);
    measure_frames(&b);
    measure_replace(&b);
    measure_remove(&b);
    check(pxc_destroy(b.cache));
    measure_fill(&b, "insert_name", true);
    measure_find_by_name(&b);
    check(pxc_destroy(b.cache));
    measure_insert_at_limit(&b, "insert_evict_key", false);
    measure_insert_at_limit(&b, "insert_evict_name", true);

    free(b.order);
    free(b.fresh);
    free(b.absent);
    free(b.names);
    free(b.keys);
    return 0;
}
