/* What looking into the cache costs: medians of five rounds, in nanoseconds per access unless the metric says us.
 *
 *   curve_PATTERN_IMAGES_ACCESSES   the hit-rate curve, with its share of the ends of frames of so many accesses
 *   curve_frame_end_longest_us      the longest end of a frame, which gives all images new places
 *   curve_thin_out_us               the longest access to a new image, which makes the curve follow half as many
 *   curve_log_full_us               the longest repeat of many in a frame, which closes up what the frame has noted
 */
#include "bench.h"

#include <pxe/curve.h>

#include <math.h>
#include <string.h>

enum { ROUNDS = 5, ACCESSES = 1 << 20 };

typedef enum pattern { UNIFORM, ZIPF, CYCLIC } pattern;

static const char *const pattern_names[] = {"uniform", "zipf", "cyclic"};

typedef struct curve_case {
    pattern pattern;
    size_t images, frame_accesses;
} curve_case;

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_median(const char *metric, double values[ROUNDS])
{
    qsort(values, ROUNDS, sizeof *values, by_value);
    printf("%s %.2f\n", metric, values[ROUNDS / 2]);
}

/* The image of rank r is drawn in proportion to 1 / (r + 1): by the inverse of the integral of that. */
static uint32_t zipf_below(uint64_t *seed, size_t images)
{
    const double u = (double)(bench_random(seed) >> 11) / (double)(UINT64_C(1) << 53);
    return (uint32_t)(pow((double)images + 1, u) - 1);
}

static uint32_t *keys_of(curve_case what, uint64_t seed)
{
    uint32_t *keys = bench_memory(ACCESSES * sizeof *keys);
    for (size_t i = 0; i < ACCESSES; ++i) {
        keys[i] = what.pattern == CYCLIC ? (uint32_t)(i % what.images)
                  : what.pattern == ZIPF ? zipf_below(&seed, what.images)
                                         : (uint32_t)(bench_random(&seed) % what.images);
    }
    return keys;
}

static uint64_t bytes_of(uint32_t key)
{
    return 4096 + 64 * (uint64_t)(key % 1000);
}

static pxe_curve *open_curve(void)
{
    pxe_curve *curve = pxe_curve_create(NULL);
    if (curve == NULL) {
        fputs("bench: no memory\n", stderr);
        exit(1);
    }
    return curve;
}

static void play(pxe_curve *curve, const uint32_t *keys, size_t frame_accesses)
{
    size_t left = frame_accesses;
    for (size_t i = 0; i < ACCESSES; ++i) {
        pxe_curve_access(curve, keys[i], bytes_of(keys[i]));
        if (--left == 0) {
            pxe_curve_frame_end(curve);
            left = frame_accesses;
        }
    }
}

/* The curve is warm, as it is after the first seconds of a game. */
static void measure_curve(curve_case what)
{
    uint32_t *keys = keys_of(what, 7);
    double ns[ROUNDS];
    pxe_curve *curve = open_curve();
    play(curve, keys, what.frame_accesses);
    for (int round = 0; round < ROUNDS; ++round) {
        const double start_ns = bench_now_ns();
        play(curve, keys, what.frame_accesses);
        ns[round] = (bench_now_ns() - start_ns) / ACCESSES;
    }
    pxe_curve_destroy(curve);
    free(keys);
    char metric[80];
    snprintf(metric, sizeof metric, "curve_%s_%zu_%zu", pattern_names[what.pattern], what.images,
             what.frame_accesses);
    print_median(metric, ns);
}

static double longer(double longest_ns, double start_ns)
{
    const double ns = bench_now_ns() - start_ns;
    return ns > longest_ns ? ns : longest_ns;
}

/* With one access a frame, some ends of frames renumber the order. */
static double longest_frame_end_ns(uint32_t images)
{
    pxe_curve *curve = open_curve();
    uint64_t seed = 5;
    double longest_ns = 0;
    for (uint32_t i = 0; i < 8 * images; ++i) {
        const uint32_t key = i < images ? i : (uint32_t)(bench_random(&seed) % images);
        pxe_curve_access(curve, key, bytes_of(key));
        const double start_ns = bench_now_ns();
        pxe_curve_frame_end(curve);
        longest_ns = longer(longest_ns, start_ns);
    }
    pxe_curve_destroy(curve);
    return longest_ns;
}

static double thin_out_ns(void)
{
    pxe_curve *curve = open_curve();
    double longest_ns = 0;
    for (uint32_t key = 0; key < 2 * PXE_CURVE_IMAGES; ++key) {
        const double start_ns = bench_now_ns();
        pxe_curve_access(curve, key, bytes_of(key));
        longest_ns = longer(longest_ns, start_ns);
        if (key % 1000 == 0) {
            pxe_curve_frame_end(curve);
        }
    }
    pxe_curve_destroy(curve);
    return longest_ns;
}

static double log_full_ns(void)
{
    pxe_curve *curve = open_curve();
    uint64_t seed = 5;
    double longest_ns = 0;
    for (uint32_t i = 0; i < 4 * PXE_CURVE_IMAGES; ++i) {
        const uint32_t key = (uint32_t)(bench_random(&seed) % PXE_CURVE_IMAGES);
        const double start_ns = bench_now_ns();
        pxe_curve_access(curve, key, bytes_of(key));
        longest_ns = longer(longest_ns, start_ns);
    }
    pxe_curve_destroy(curve);
    return longest_ns;
}

static void measure_longest(void)
{
    double end_us[ROUNDS];
    double thin_us[ROUNDS];
    double log_us[ROUNDS];
    for (int round = 0; round < ROUNDS; ++round) {
        end_us[round] = longest_frame_end_ns(PXE_CURVE_IMAGES) / 1e3;
        thin_us[round] = thin_out_ns() / 1e3;
        log_us[round] = log_full_ns() / 1e3;
    }
    print_median("curve_frame_end_longest_us", end_us);
    print_median("curve_thin_out_us", thin_us);
    print_median("curve_log_full_us", log_us);
}

int main(void)
{
    static const curve_case cases[] = {
        {UNIFORM, 10000, 2000},  {UNIFORM, 10000, 1},   {UNIFORM, 10000, 10000}, {ZIPF, 10000, 2000},
        {ZIPF, 10000, 1},        {ZIPF, 10000, 10000},  {CYCLIC, 10000, 2000},   {CYCLIC, 10000, 1},
        {CYCLIC, 10000, 10000},  {UNIFORM, 1000, 2000}, {UNIFORM, 16384, 2000},  {ZIPF, 16384, 2000},
        {UNIFORM, 100000, 2000}, {ZIPF, 100000, 2000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        measure_curve(cases[i]);
    }
    measure_longest();
    return 0;
}
