/* A curve and all that is to be told with it: as a table, as CSV, as a picture. */
#ifndef PROFILE_CURVE_VIEW_H
#define PROFILE_CURVE_VIEW_H

#include "arguments.h"
#include "exact_curve.h"

#include <stdio.h>

typedef struct curve_view {
    const access_trace *trace;
    const exact_curve *curve;
    const char *name; /* of the trace */
    uint64_t recommended_bytes;
    profile_limits limits; /* these only; none = all */
} curve_view;

static inline double curve_hit_rate(const curve_view *view, step at)
{
    return (double)at.hits / (double)view->curve->accesses;
}

static inline double curve_frame_bytes(const curve_view *view, step at)
{
    return (double)at.upload_bytes / (double)view->trace->frame_count;
}

/* To stdout. */
void curve_print_table(const curve_view *view);

/* data = a curve_view; errors show in the file. */
void curve_write_csv(FILE *file, const void *data);
void curve_write_svg(FILE *file, const void *data);

/* Rows of the CSV are at most so many; what is thinned keeps the first and the last. */
enum { CURVE_MOST_ROWS = 1000000 };

#endif
