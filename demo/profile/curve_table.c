/* The curve for people: some twenty limits at equal ratios, from where it begins to matter to where it is flat. Limits
 * are rounded to a few binary digits, so that they can be read and typed. */
#include "curve_view.h"
#include "output.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 20, BAR = 40, SMALLEST_PART = 64, BINARY_DIGITS = 5 };

static uint64_t rounded(uint64_t bytes)
{
    unsigned shift = 0;
    while (bytes >> shift >= UINT64_C(1) << BINARY_DIGITS) {
        ++shift;
    }
    return bytes >> shift << shift;
}

static int compare(const void *a, const void *b)
{
    const uint64_t left = *(const uint64_t *)a;
    const uint64_t right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* The limits to show, sorted, some perhaps twice. Result: how many. */
static size_t choose(const curve_view *view, uint64_t limits[ROWS + 2])
{
    const uint64_t most = view->curve->flat_bytes;
    const uint64_t small = rounded(most / SMALLEST_PART);
    const uint64_t least = small > view->curve->largest_bytes ? small : view->curve->largest_bytes;
    size_t count = 0;
    limits[count++] = view->recommended_bytes;
    limits[count++] = most > least ? most : least;
    limits[count++] = least;
    for (int i = 1; i < ROWS - 1 && most > least; ++i) {
        const double ratio = (double)most / (double)least;
        const uint64_t limit = rounded((uint64_t)((double)least * pow(ratio, i / (ROWS - 1.0))));
        limits[count++] = limit < least ? least : limit;
    }
    qsort(limits, count, sizeof *limits, compare);
    return count;
}

static void print_row(const curve_view *view, uint64_t limit)
{
    const step at = exact_curve_at(view->curve, limit);
    const double rate = curve_hit_rate(view, at);
    char bar[BAR + 1] = "";
    memset(bar, '#', (size_t)(rate * BAR + 0.5));
    char text[2][OUTPUT_TEXT];
    printf("%10s  %8.3f %%  %10s  |%-*s|%s\n", output_bytes(text[0], (double)limit), 100 * rate,
           output_bytes(text[1], curve_frame_bytes(view, at)), BAR, bar,
           limit == view->recommended_bytes ? " <- recommended" : "");
}

static void print_totals(const curve_view *view)
{
    const access_trace *trace = view->trace;
    char text[6][OUTPUT_TEXT];
    printf("%s accesses in %s frame%s; %s image%s of %s in all, the largest %s\n",
           output_count(text[0], trace->access_count), output_count(text[1], trace->frame_count),
           trace->frame_count == 1 ? "" : "s", output_count(text[2], trace->image_count),
           trace->image_count == 1 ? "" : "s", output_bytes(text[3], (double)trace->image_bytes),
           output_bytes(text[4], (double)trace->largest_bytes));
    printf("%s of the accesses are the first of their image: no limit makes them hits\n\n",
           output_count(text[5], view->curve->first_accesses));
}

/* As an option: in whole KiB, rounded up, if it is worth it. */
static void print_limit(uint64_t bytes)
{
    const uint64_t kib = 1024;
    if (bytes < 16 * kib) {
        printf("--limit %" PRIu64, bytes);
    } else {
        printf("--limit %" PRIu64 "K", (bytes - 1) / kib + 1);
    }
}

static void print_advice(const curve_view *view)
{
    const step at = exact_curve_at(view->curve, view->recommended_bytes);
    const double most = (double)view->curve->most_hits;
    const double lost = most > 0 ? 100 * (most - (double)at.hits) / most : 0;
    char text[2][OUTPUT_TEXT];
    printf("\nrecommended: ");
    print_limit(view->recommended_bytes);
    printf(" (%s): %.3f %% hits, which loses %.3f %% of them\nfrom %s on nothing changes\n",
           output_bytes(text[0], (double)view->recommended_bytes), 100 * curve_hit_rate(view, at), lost,
           output_bytes(text[1], (double)view->curve->flat_bytes));
}

/* Not the same row again, or of those that were chosen here, one that tells nothing new. */
static bool is_news(const curve_view *view, const uint64_t *limits, size_t i, size_t count)
{
    if (i == 0 || i + 1 == count || view->limits.count > 0) {
        return i == 0 || limits[i] != limits[i - 1];
    }
    if (limits[i] == view->recommended_bytes) {
        return limits[i] != limits[i - 1];
    }
    return exact_curve_at(view->curve, limits[i]).hits != exact_curve_at(view->curve, limits[i - 1]).hits;
}

void curve_print_table(const curve_view *view)
{
    uint64_t chosen[ROWS + 2];
    const uint64_t *limits = view->limits.bytes;
    size_t count = view->limits.count;
    if (count == 0) {
        count = choose(view, chosen);
        limits = chosen;
    }
    print_totals(view);
    printf("%10s  %10s  %10s\n%10s  %10s  %10s\n", "", "", "uploaded", "limit", "hit rate", "per frame");
    for (size_t i = 0; i < count; ++i) {
        if (is_news(view, limits, i, count)) {
            print_row(view, limits[i]);
        }
    }
    print_advice(view);
}
