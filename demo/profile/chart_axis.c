/* Memory is counted in powers of two, so ticks of bytes are at powers of two or their multiples, and read as whole KiB,
 * MiB or GiB. */
#include "chart_axis.h"

#include <math.h>

enum { LIMIT_TICKS = 10, BYTE_TICKS = 6, PERCENT_TICKS = 5 };

/* Beyond this ratio, equal distances for equal ratios show more. */
static const double wide = 8;

/* Multiples of a step that go up to `to`. */
static void add_ticks(chart_axis *axis, double first, double step)
{
    const double end = axis->to + step / 1000;
    axis->tick_count = 0;
    while (first + (double)axis->tick_count * step <= end && axis->tick_count < AXIS_MOST_TICKS) {
        axis->ticks[axis->tick_count] = first + (double)axis->tick_count * step;
        ++axis->tick_count;
    }
}

static double step_of(double range, int most_ticks)
{
    double step = 1;
    while (range / step > most_ticks) {
        step *= 2;
    }
    return step;
}

void axis_of_limits(chart_axis *axis, double least, double most)
{
    axis->is_log = most / least > wide;
    if (!axis->is_log) {
        axis->from = 0;
        axis->to = most * 1.06;
        add_ticks(axis, 0, step_of(axis->to, LIMIT_TICKS));
        return;
    }
    const double margin = pow(most / least, 0.04);
    axis->from = least;
    axis->to = most * margin;
    const double doublings = ceil(log2(axis->to / axis->from) / LIMIT_TICKS);
    double tick = pow(2, ceil(log2(axis->from)));
    axis->tick_count = 0;
    while (tick <= axis->to && axis->tick_count < AXIS_MOST_TICKS) {
        axis->ticks[axis->tick_count++] = tick;
        tick *= pow(2, doublings);
    }
}

void axis_of_bytes(chart_axis *axis, double most)
{
    const double step = step_of(most, BYTE_TICKS);
    axis->from = 0;
    axis->to = most > 0 ? ceil(most / step) * step : step;
    axis->is_log = false;
    add_ticks(axis, 0, step);
}

void axis_of_percent(chart_axis *axis, double least)
{
    static const double starts[] = {99, 98, 95, 90, 80, 50};
    axis->from = 0;
    for (size_t i = sizeof starts / sizeof *starts; i-- > 0;) {
        axis->from = starts[i] <= least ? starts[i] : axis->from;
    }
    axis->to = 100;
    axis->is_log = false;
    add_ticks(axis, axis->from, (axis->to - axis->from) / PERCENT_TICKS);
}

double axis_place(const chart_axis *axis, double number)
{
    const double part = axis->is_log ? log(number / axis->from) / log(axis->to / axis->from)
                                     : (number - axis->from) / (axis->to - axis->from);
    return axis->start + part * (axis->end - axis->start);
}
