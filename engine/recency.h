/* Items in the order of their last use, and the bytes of those that were used after one of them. */
#ifndef PXE_RECENCY_H
#define PXE_RECENCY_H

#include <stdbool.h>
#include <stdint.h>

/* Places count from 1; an item is any number but 0. What is written to place 0 is lost: it saves callers a branch. */
typedef struct pxe_recency {
    uint64_t *tree;
    uint32_t *items; /* by place; 0 = gone */
    uint32_t last, capacity;
    uint64_t bytes; /* of all */
} pxe_recency;

/* Result: false if there is no memory. What was opened, or is {0}, may be closed. */
bool pxe_recency_open(pxe_recency *order, uint32_t capacity);
void pxe_recency_close(pxe_recency *order);

/* As the most recently used. Result: its place. The caller sees to it that there is room. */
uint32_t pxe_recency_append(pxe_recency *order, uint32_t item, uint64_t bytes);

/* bytes = what it was appended with. */
void pxe_recency_remove(pxe_recency *order, uint32_t place, uint64_t bytes);

/* The bytes of what is more recently used. */
uint64_t pxe_recency_newer(const pxe_recency *order, uint32_t place);

/* Many changes at once. Those whose item was set to 0 are gone, and the others have the first places, in the same
 * order; items may be put behind them. Then the caller puts the bytes of each place into the tree, to be summed up. */
void pxe_recency_close_up(pxe_recency *order);
void pxe_recency_sum_up(pxe_recency *order);

#endif
