/* The histogram is log-linear: a bin is at most a thousandth as wide as its edge is large, from one byte to 256 TiB, in
 * 627 KiB. Sums over it go by groups of bins: a point of the curve costs some hundred additions, an access two.
 *
 * Full numbers stay full, but only bytes can get full: counts are subtracted.
 */
#include "needs.h"

#include <stddef.h>

enum { WHOLE_BITS = 11, STEP_BITS = 10 }; /* the logarithms of PXE_NEED_WHOLE and PXE_NEED_STEPS */

static uint64_t sum_up(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

pxe_tally pxe_tally_add(pxe_tally a, pxe_tally b)
{
    return (pxe_tally){sum_up(a.count, b.count), sum_up(a.bytes, b.bytes)};
}

/* x >= 1 */
static uint32_t log2_of(uint64_t x)
{
#ifdef __GNUC__
    return 63U - (uint32_t)__builtin_clzll(x);
#else
    uint32_t log2 = 0;
    for (; x > 1; x >>= 1) {
        ++log2;
    }
    return log2;
#endif
}

uint32_t pxe_edge_below(uint64_t bytes)
{
    if (bytes <= PXE_NEED_WHOLE) {
        return (uint32_t)bytes;
    }
    if (bytes >= PXE_NEED_MOST) {
        return PXE_NEED_BINS - 1;
    }
    const uint32_t doubling = log2_of(bytes);
    const uint32_t step = (uint32_t)(bytes >> (doubling - STEP_BITS)) - PXE_NEED_STEPS;
    return PXE_NEED_WHOLE + (doubling - WHOLE_BITS) * PXE_NEED_STEPS + step;
}

uint32_t pxe_edge_above(uint64_t bytes)
{
    return pxe_edge_below(bytes - 1) + 1;
}

uint64_t pxe_edge_bytes(uint32_t edge)
{
    if (edge <= PXE_NEED_WHOLE) {
        return edge;
    }
    const uint32_t doubling = (edge - PXE_NEED_WHOLE) / PXE_NEED_STEPS;
    const uint64_t step = (edge - PXE_NEED_WHOLE) % PXE_NEED_STEPS;
    return (PXE_NEED_STEPS + step) << (doubling + WHOLE_BITS - STEP_BITS);
}

void pxe_needs_add(pxe_needs *needs, uint64_t need_bytes, pxe_tally what)
{
    const uint32_t edge = pxe_edge_above(need_bytes);
    needs->bins[edge] = pxe_tally_add(needs->bins[edge], what);
    needs->groups[edge / PXE_NEED_GROUP] = pxe_tally_add(needs->groups[edge / PXE_NEED_GROUP], what);
}

pxe_tally pxe_needs_above(const pxe_needs *needs, uint32_t edge)
{
    pxe_tally sum = needs->never;
    for (uint32_t group = edge / PXE_NEED_GROUP + 1; group < PXE_NEED_GROUPS; ++group) {
        sum = pxe_tally_add(sum, needs->groups[group]);
    }
    for (uint32_t bin = edge + 1; bin < PXE_NEED_BINS && bin % PXE_NEED_GROUP != 0; ++bin) {
        sum = pxe_tally_add(sum, needs->bins[bin]);
    }
    return sum;
}

uint32_t pxe_needs_next(const pxe_needs *needs, uint32_t edge, uint64_t misses)
{
    uint64_t left = pxe_needs_above(needs, edge).count;
    uint32_t bin = edge + 1;
    while (bin < PXE_NEED_BINS) {
        const uint64_t in_group = needs->groups[bin / PXE_NEED_GROUP].count;
        if (bin % PXE_NEED_GROUP == 0 && left - in_group >= misses) {
            left -= in_group;
            bin += PXE_NEED_GROUP;
            continue;
        }
        left -= needs->bins[bin].count;
        if (left < misses) {
            return bin;
        }
        ++bin;
    }
    return PXE_NEED_BINS;
}
