/* An axis of a chart: numbers to places, and where its ticks are. */
#ifndef PROFILE_CHART_AXIS_H
#define PROFILE_CHART_AXIS_H

#include <stdbool.h>
#include <stddef.h>

enum { AXIS_MOST_TICKS = 16 };

typedef struct chart_axis {
    double from, to;   /* numbers */
    double start, end; /* where these lie, in pixels */
    bool is_log;
    double ticks[AXIS_MOST_TICKS];
    size_t tick_count;
} chart_axis;

/* Bytes: ticks at powers of two if the range is wide, then the axis is logarithmic, else at multiples of one. 0 < least
 * < most; the axis ends a little beyond. */
void axis_of_limits(chart_axis *axis, double least, double most);

/* Bytes from 0 to a tick at or above most. */
void axis_of_bytes(chart_axis *axis, double most);

/* Per cent: up to 100, from the highest round number at or below least. */
void axis_of_percent(chart_axis *axis, double least);

double axis_place(const chart_axis *axis, double number);

#endif
