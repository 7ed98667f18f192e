/* What the tests of the hit-rate curve share. */
#ifndef PIXCACHE_TESTS_CURVE_CHECK_H
#define PIXCACHE_TESTS_CURVE_CHECK_H

#include "check.h"

#include <pxe/curve.h>

#include <inttypes.h>
#include <stdlib.h>

static inline pxe_curve *open_curve(uint32_t most_images)
{
    pxe_curve *curve = pxe_curve_create(&(pxe_curve_config){.most_images = most_images});
    assert_non_null(curve);
    return curve;
}

/* Written down anew, from the header's sentence. */
static inline uint64_t edge_at_or_below(uint64_t bytes)
{
    uint64_t step = 1;
    while (bytes > 2048 && bytes / step >= 2048) {
        step *= 2;
    }
    return bytes / step * step;
}

static inline uint64_t seed_of_tests(void)
{
    const char *chosen = getenv("PXC_TEST_SEED");
    const uint64_t seed = chosen != NULL ? strtoull(chosen, NULL, 10) : 20260108;
    print_message("seed %" PRIu64 "\n", seed);
    return seed;
}

#endif
