/* A Fenwick tree of bytes: node i holds the sum of the places i - lowbit(i) + 1 to i, so that a sum of all places up to
 * one, and a change of one, visit a node for each bit of its number.
 *
 * It only ever grows at its end: nodes behind the last place hold nothing yet, and a node is summed up from those below
 * it when its place is taken. That costs one step on average.
 *
 * All places anew are O(n), and have no branch that the processor would have to guess: the longest frame depends on it.
 *
 * Source: P. M. Fenwick, A new data structure for cumulative frequency tables, Software: Practice and Experience 24
 * (1994).
 */
#include "recency.h"

#include <stdlib.h>

static uint32_t lowbit(uint32_t i)
{
    return i & (0 - i);
}

bool pxe_recency_open(pxe_recency *order, uint32_t capacity)
{
    *order = (pxe_recency){.tree = malloc((capacity + (size_t)1) * sizeof *order->tree),
                           .items = malloc((capacity + (size_t)1) * sizeof *order->items),
                           .capacity = capacity};
    return order->tree != NULL && order->items != NULL;
}

void pxe_recency_close(pxe_recency *order)
{
    free(order->tree);
    free(order->items);
    *order = (pxe_recency){0};
}

uint32_t pxe_recency_append(pxe_recency *order, uint32_t item, uint64_t bytes)
{
    const uint32_t place = ++order->last;
    const uint32_t below = place - lowbit(place);
    uint64_t sum = bytes;
    for (uint32_t i = place - 1; i > below; i -= lowbit(i)) {
        sum += order->tree[i];
    }
    order->tree[place] = sum;
    order->items[place] = item;
    order->bytes += bytes;
    return place;
}

void pxe_recency_remove(pxe_recency *order, uint32_t place, uint64_t bytes)
{
    for (uint32_t i = place; i <= order->last; i += lowbit(i)) {
        order->tree[i] -= bytes;
    }
    order->items[place] = 0;
    order->bytes -= bytes;
}

uint64_t pxe_recency_newer(const pxe_recency *order, uint32_t place)
{
    uint64_t older = 0;
    for (uint32_t i = place; i > 0; i -= lowbit(i)) {
        older += order->tree[i];
    }
    return order->bytes - older;
}

void pxe_recency_close_up(pxe_recency *order)
{
    uint32_t kept = 1;
    for (uint32_t place = 1; place <= order->last; ++place) {
        const uint32_t item = order->items[place];
        order->items[kept] = item;
        kept += item != 0;
    }
    order->last = kept - 1;
}

void pxe_recency_sum_up(pxe_recency *order)
{
    order->bytes = 0;
    for (uint32_t place = 1; place <= order->last; ++place) {
        order->bytes += order->tree[place];
    }
    for (uint32_t place = 1; place <= order->last; ++place) {
        const uint32_t above = place + lowbit(place);
        if (above <= order->last) {
            order->tree[above] += order->tree[place];
        }
    }
}
