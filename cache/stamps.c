/* Sorting by last use: a radix sort, because its time is proportional to the number of slots, whatever their order.
 *
 * Digits are taken from the difference to the smallest stamp, as many bits at a time as make the passes equal: a frame
 * of a few thousand uses needs two passes. The stamps stay in the entries, which the frame has just used, so the sort
 * needs 4 bytes of room for each and not 12.
 */
#include "cache.h"

#include <string.h>

enum {
    /* Counters of 8 KiB: they and as many entries' stamps fit the first cache. */
    MOST_DIGIT_BITS = 11,
    /* Below it, clearing the counters costs more than an insertion sort. */
    FEW = 32
};

static uint64_t stamp_of(const pxc_cache *cache, uint32_t slot)
{
    return pxc_entry_at(cache, slot)->stamp;
}

static void insertion_sort(const pxc_cache *cache, uint32_t *slots, uint32_t count)
{
    for (uint32_t i = 1; i < count; ++i) {
        const uint32_t slot = slots[i];
        const uint64_t stamp = stamp_of(cache, slot);
        uint32_t at = i;
        for (; at > 0 && stamp_of(cache, slots[at - 1]) > stamp; --at) {
            slots[at] = slots[at - 1];
        }
        slots[at] = slot;
    }
}

static int bit_length(uint64_t number)
{
    int bits = 0;
    for (; number != 0; number >>= 1) {
        ++bits;
    }
    return bits;
}

typedef struct digit {
    uint64_t first; /* smallest stamp */
    int shift, bits;
} digit;

static uint32_t digit_of(const pxc_cache *cache, uint32_t slot, digit by)
{
    return (uint32_t)((stamp_of(cache, slot) - by.first) >> by.shift) & ((UINT32_C(1) << by.bits) - 1);
}

/* One pass: counts each digit, turns the counts into places, and puts every slot into its place. */
static void distribute(const pxc_cache *cache, const uint32_t *from, uint32_t *to, uint32_t count, digit by)
{
    uint32_t places[1 << MOST_DIGIT_BITS];
    memset(places, 0, sizeof places[0] << by.bits);
    for (uint32_t i = 0; i < count; ++i) {
        ++places[digit_of(cache, from[i], by)];
    }
    uint32_t place = 0;
    for (uint32_t i = 0; i < UINT32_C(1) << by.bits; ++i) {
        const uint32_t next = place + places[i];
        places[i] = place;
        place = next;
    }
    for (uint32_t i = 0; i < count; ++i) {
        to[places[digit_of(cache, from[i], by)]++] = from[i];
    }
}

uint32_t *pxc_sort_by_stamp(const pxc_cache *cache, uint32_t *slots, uint32_t *spare, uint32_t count)
{
    if (count < FEW) {
        insertion_sort(cache, slots, count);
        return slots;
    }
    uint64_t first = UINT64_MAX;
    uint64_t last = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const uint64_t stamp = stamp_of(cache, slots[i]);
        first = stamp < first ? stamp : first;
        last = stamp > last ? stamp : last;
    }
    const int bits = bit_length(last - first); /* above 0, because no two stamps are equal */
    const int passes = (bits + MOST_DIGIT_BITS - 1) / MOST_DIGIT_BITS;
    digit by = {.first = first, .bits = (bits + passes - 1) / passes};
    for (int pass = 0; pass < passes; ++pass) {
        distribute(cache, slots, spare, count, by);
        uint32_t *const sorted = spare;
        spare = slots;
        slots = sorted;
        by.shift += by.bits;
    }
    return slots;
}
