/* Changes are many, limits at which something changes often few: when the list is full, those of the same limit are put
 * together before more memory is asked for, so that the memory follows the limits.
 *
 * Sorted by digits of 11 bits, lowest first, as many as the largest limit has: no comparisons, and the largest limit of
 * most traces has three or four digits.
 */
#include "steps.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 4096, DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* One pass: from -> to, in the order of the digit at shift, else in the order as it was. */
static void sort_by_digit(const step *from, step *to, size_t count, unsigned shift)
{
    size_t starts[DIGITS] = {0};
    for (size_t i = 0; i < count; ++i) {
        ++starts[from[i].limit_bytes >> shift & (DIGITS - 1)];
    }
    size_t sum = 0;
    for (size_t digit = 0; digit < DIGITS; ++digit) {
        const size_t here = starts[digit];
        starts[digit] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; ++i) {
        to[starts[from[i].limit_bytes >> shift & (DIGITS - 1)]++] = from[i];
    }
}

static bool sort(steps *s)
{
    uint64_t largest = 0;
    for (size_t i = 0; i < s->count; ++i) {
        largest = s->list[i].limit_bytes > largest ? s->list[i].limit_bytes : largest;
    }
    step *other = malloc(s->room * sizeof *other);
    if (other == NULL) {
        return false;
    }
    for (unsigned shift = 0; shift < 64 && largest >> shift != 0; shift += DIGIT_BITS) {
        sort_by_digit(s->list, other, s->count, shift);
        step *sorted = other;
        other = s->list;
        s->list = sorted;
    }
    free(other);
    return true;
}

/* Of a sorted list: one change for each limit. */
static void put_together(steps *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->count; ++i) {
        if (kept > 0 && s->list[kept - 1].limit_bytes == s->list[i].limit_bytes) {
            s->list[kept - 1].hits += s->list[i].hits;
            s->list[kept - 1].upload_bytes += s->list[i].upload_bytes;
        } else {
            s->list[kept++] = s->list[i];
        }
    }
    s->count = kept;
}

static bool make_room(steps *s)
{
    if (s->count < s->room) {
        return true;
    }
    if (s->count > 0) {
        if (!sort(s)) {
            return false;
        }
        put_together(s);
    }
    if (s->count < s->room / 2) {
        return true;
    }
    const size_t wanted = s->room == 0 ? FIRST_ROOM : s->room * 2;
    step *list = wanted > SIZE_MAX / 2 / sizeof *list ? NULL : realloc(s->list, wanted * sizeof *list);
    if (list == NULL) {
        return false;
    }
    s->list = list;
    s->room = wanted;
    return true;
}

void steps_add(steps *s, step change)
{
    if (s->failed || !make_room(s)) {
        s->failed = true;
        return;
    }
    s->list[s->count++] = change;
}

bool steps_sum(steps *s)
{
    steps_add(s, (step){0});
    if (s->failed || !sort(s)) {
        s->failed = true;
        return false;
    }
    put_together(s);
    step sum = {0};
    size_t kept = 0;
    for (size_t i = 0; i < s->count; ++i) {
        const step change = s->list[i];
        if (i > 0 && change.hits == 0 && change.upload_bytes == 0) {
            continue;
        }
        sum.limit_bytes = change.limit_bytes;
        sum.hits += change.hits;
        sum.upload_bytes += change.upload_bytes;
        s->list[kept++] = sum;
    }
    s->count = kept;
    return true;
}

size_t steps_find(const steps *s, uint64_t limit_bytes)
{
    size_t low = 0; /* list[low] is at or below the limit */
    size_t high = s->count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (s->list[middle].limit_bytes <= limit_bytes) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

void steps_free(steps *s)
{
    free(s->list);
    *s = (steps){0};
}
