/* How many accesses need how many bytes: a histogram of counts and of bytes, with edges as at pxe_curve_at. */
#ifndef PXE_NEEDS_H
#define PXE_NEEDS_H

#include <stdint.h>

#define PXE_NEED_MOST (UINT64_C(1) << 48) /* the last edge */

enum {
    PXE_NEED_WHOLE = 2048, /* up to here every number is an edge */
    PXE_NEED_STEPS = 1024, /* edges for each doubling behind */
    PXE_NEED_BINS = PXE_NEED_WHOLE + (48 - 11) * PXE_NEED_STEPS + 1,
    PXE_NEED_GROUP = 256, /* bins that are also summed up together */
    PXE_NEED_GROUPS = (PXE_NEED_BINS + PXE_NEED_GROUP - 1) / PXE_NEED_GROUP
};

/* A full number stays full. */
typedef struct pxe_tally {
    uint64_t count, bytes;
} pxe_tally;

typedef struct pxe_needs {
    pxe_tally
        bins[PXE_NEED_BINS]; /* by edge: those that need more than the edge before, and at most this one */
    pxe_tally groups[PXE_NEED_GROUPS];
    pxe_tally never; /* those that hit at no limit */
} pxe_needs;

pxe_tally pxe_tally_add(pxe_tally a, pxe_tally b);

/* The number of the last edge at or below so many bytes, and of the first at or above; for the second,
 * 1 <= bytes <= PXE_NEED_MOST. */
uint32_t pxe_edge_below(uint64_t bytes);
uint32_t pxe_edge_above(uint64_t bytes);
uint64_t pxe_edge_bytes(uint32_t edge);

/* 1 <= need_bytes <= PXE_NEED_MOST */
void pxe_needs_add(pxe_needs *needs, uint64_t need_bytes, pxe_tally what);

/* All that need more than an edge: they miss there. */
pxe_tally pxe_needs_above(const pxe_needs *needs, uint32_t edge);

/* The smallest edge above one at which fewer than so many miss; PXE_NEED_BINS if there is none. */
uint32_t pxe_needs_next(const pxe_needs *needs, uint32_t edge, uint64_t misses);

#endif
