/* Statistics over frame times, in the field's terms. An average hides what is felt, and a percentile by frames hides four
 * frames of 500 ms among ten thousand: so there is a low by time, too. */
#include "profile.h"

#include <stdlib.h>

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The smallest value that at least `per_mille` of the values do not exceed. */
static double nearest_rank(const double *sorted, size_t count, size_t per_mille)
{
    const size_t rank = count / 1000 * per_mille + (count % 1000 * per_mille + 999) / 1000;
    return sorted[rank == 0 ? 0 : rank - 1];
}

static double sum_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; ++i) {
        sum += values[i];
    }
    return sum;
}

/* From the slowest on: the frame at which so much time has been spent. */
static double at_time(const double *sorted, size_t count, double ms)
{
    double spent_ms = 0;
    size_t i = count;
    while (i > 1 && spent_ms + sorted[i - 1] < ms) {
        spent_ms += sorted[--i];
    }
    return sorted[i - 1];
}

pxe_times pxe_times_of(double *values, size_t count)
{
    if (count == 0) {
        return (pxe_times){0};
    }
    qsort(values, count, sizeof *values, compare_doubles);
    const double sum_ms = sum_of(values, count);
    const size_t slowest = count < 100 ? 1 : count / 100;
    return (pxe_times){
        .frames = count,
        .mean_ms = sum_ms / (double)count,
        .p50_ms = nearest_rank(values, count, 500),
        .p95_ms = nearest_rank(values, count, 950),
        .p99_ms = nearest_rank(values, count, 990),
        .p99_9_ms = nearest_rank(values, count, 999),
        .max_ms = values[count - 1],
        .low_1_ms = sum_of(values + count - slowest, slowest) / (double)slowest,
        .low_1_time_ms = at_time(values, count, sum_ms / 100),
    };
}

bool pxe_profile_summary(const pxe_profile *profile, pxe_summary *out)
{
    *out = (pxe_summary){.frames = profile->frame_count};
    const uint64_t first = pxe_ring_first(profile->frame_count, profile->frame_capacity);
    const size_t count = (size_t)(profile->frame_count - first);
    double *values = count == 0 ? NULL : malloc(count * sizeof *values);
    if (count == 0 || values == NULL) {
        return count == 0;
    }
    size_t calm = 0;
    for (size_t i = 0; i < count; ++i) {
        const pxe_frame *frame = &profile->frames[i];
        values[i] = frame->frame_ms;
        if (frame->used_bytes > out->boundary_peak_bytes) {
            out->boundary_peak_bytes = frame->used_bytes;
        }
    }
    out->all = pxe_times_of(values, count);
    for (size_t i = 0; i < count; ++i) {
        const pxe_frame *frame = &profile->frames[i];
        if (frame->misses == 0 && frame->late_draws == 0) {
            values[calm++] = frame->frame_ms;
        }
    }
    out->without_misses = pxe_times_of(values, calm);
    free(values);
    return true;
}
