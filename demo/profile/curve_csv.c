/* The curve for programs: a row for each limit at which something changes, or for those that were asked for. */
#include "curve_view.h"

#include <inttypes.h>

static void write_row(FILE *file, const curve_view *view, uint64_t limit, step at)
{
    fprintf(file, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%.6f,%" PRIu64 "\n", limit, at.hits,
            view->curve->accesses - at.hits, curve_hit_rate(view, at), at.upload_bytes);
}

void curve_write_csv(FILE *file, const void *data)
{
    const curve_view *view = data;
    const steps *all = &view->curve->steps;
    fputs("limit_bytes,hits,misses,hit_rate,upload_bytes\n", file);
    for (size_t i = 0; i < view->limits.count; ++i) {
        write_row(file, view, view->limits.bytes[i], exact_curve_at(view->curve, view->limits.bytes[i]));
    }
    if (view->limits.count > 0) {
        return;
    }
    const bool is_whole = all->count <= CURVE_MOST_ROWS;
    const double stride = is_whole ? 1 : (double)(all->count - 1) / (CURVE_MOST_ROWS - 1);
    for (size_t i = 0; i < all->count && i < CURVE_MOST_ROWS; ++i) { /* evenly from the first to the last */
        const step *at = &all->list[(size_t)((double)i * stride + 0.5)];
        write_row(file, view, at->limit_bytes, *at);
    }
}
