/* Tables and sentences, which need no script. page.js makes the pictures' columns sortable by the numbers in data-v. */
#include "report_page.h"

#include "report_text.h"

#include <pxe/profile.h>

#include <inttypes.h>
#include <stdlib.h>

enum { WORST_FRAMES = 50 };

/* ---- The session ----*/

static void put_figure_begin(FILE *page, const char *name)
{
    fprintf(page, "<div><dt>%s</dt><dd>", name);
}

static void put_figure_end(FILE *page, const char *note)
{
    fprintf(page, "%s%s%s</dd></div>\n", *note == '\0' ? "" : "<small>", note,
            *note == '\0' ? "" : "</small>");
}

static void put_count_figure(FILE *page, const char *name, double count)
{
    put_figure_begin(page, name);
    put_count(page, count);
    put_figure_end(page, "");
}

static void put_bytes_figure(FILE *page, const char *name, double bytes)
{
    put_figure_begin(page, name);
    put_bytes(page, bytes);
    put_figure_end(page, "");
}

static double largest(const frame_csv *csv, frame_column column)
{
    double most = 0;
    for (size_t i = 0; i < csv->rows; ++i) {
        const double value = frame_value(csv, column, i);
        most = value > most ? value : most;
    }
    return most;
}

static void put_misses(FILE *page, const frame_csv *csv)
{
    const double misses = frame_sum(csv, FRAME_MISSES);
    put_figure_begin(page, "Misses");
    put_count(page, misses);
    if (csv->values[FRAME_FIRST_MISSES] != NULL) {
        const double first = frame_sum(csv, FRAME_FIRST_MISSES);
        fputs("<small>", page);
        put_count(page, first);
        fputs(" first, ", page);
        put_count(page, misses > first ? misses - first : 0);
        fputs(" after an eviction</small>", page);
    }
    put_figure_end(page, "");
}

static void put_peak(FILE *page, const frame_csv *csv)
{
    const bool inside = csv->values[FRAME_PEAK_BYTES] != NULL;
    put_figure_begin(page, inside ? "Peak" : "Peak at a boundary");
    put_bytes(page, largest(csv, inside ? FRAME_PEAK_BYTES : FRAME_USED_BYTES));
    if (inside) {
        fputs("<small>", page);
        put_bytes(page, largest(csv, FRAME_USED_BYTES));
        fputs(" at a boundary</small>", page);
    }
    put_figure_end(page, "");
}

static void put_figures(FILE *page, const report *it)
{
    const frame_csv *csv = it->csv;
    const double hits = frame_sum(csv, FRAME_HITS);
    const double seconds = frame_sum(csv, FRAME_MS) / 1e3;
    fputs("<dl class=\"figures\">\n", page);
    put_figure_begin(page, "Frames");
    put_count(page, (double)csv->rows);
    fprintf(page, "<small>%" PRIu64 " to %" PRIu64 "</small>", csv->frames[0], csv->frames[csv->rows - 1]);
    put_figure_end(page, "");
    put_figure_begin(page, "Seconds");
    fprintf(page, "%.2f", seconds);
    put_figure_end(page, "");
    put_figure_begin(page, "Hit rate");
    put_percent(page, hits, hits + frame_sum(csv, FRAME_MISSES));
    put_figure_end(page, "");
    put_misses(page, csv);
    put_count_figure(page, "Slow frames", (double)it->notes->slow_count);
    put_count_figure(page, "Evictions", frame_sum(csv, FRAME_EVICTIONS));
    put_count_figure(page, "Uploads", frame_sum(csv, FRAME_UPLOADS));
    put_bytes_figure(page, "Uploaded", frame_sum(csv, FRAME_UPLOAD_BYTES));
    put_peak(page, csv);
    if (csv->values[FRAME_PINNED_BYTES] != NULL && largest(csv, FRAME_PINNED_BYTES) > 0) {
        put_bytes_figure(page, "Pinned at most", largest(csv, FRAME_PINNED_BYTES));
    }
    put_bytes_figure(page, "Limit", frame_value(csv, FRAME_LIMIT_BYTES, csv->rows - 1));
    fputs("</dl>\n", page);
}

static void put_time(FILE *page, double ms)
{
    fputs("<td>", page);
    put_ms(page, ms);
    if (ms > 0) {
        fputs("<small>", page);
        put_count(page, 1e3 / ms);
        fputs("</small>", page);
    }
    fputs("</td>", page);
}

static void put_times(FILE *page, const char *name, const pxe_times *times)
{
    const double values[] = {times->mean_ms,  times->p50_ms, times->p95_ms,   times->p99_ms,
                             times->p99_9_ms, times->max_ms, times->low_1_ms, times->low_1_time_ms};
    fprintf(page, "<tr><th scope=\"row\">%s</th><td>", name);
    put_count(page, (double)times->frames);
    fputs("</td>", page);
    for (size_t i = 0; i < sizeof values / sizeof *values; ++i) {
        if (times->frames > 0) {
            put_time(page, values[i]);
        } else {
            fputs("<td>\xE2\x80\x93</td>", page);
        }
    }
    fputs("</tr>\n", page);
}

/* Of all frames, or of those in which nothing was missed or late. */
static pxe_times times_of(const report *it, bool without_misses)
{
    size_t count = 0;
    for (size_t i = 0; i < it->csv->rows; ++i) {
        const bool missed =
            frame_value(it->csv, FRAME_MISSES, i) > 0 || frame_value(it->csv, FRAME_LATE_DRAWS, i) > 0;
        if (!without_misses || !missed) {
            it->times[count++] = frame_value(it->csv, FRAME_MS, i);
        }
    }
    return pxe_times_of(it->times, count);
}

void report_write_summary(FILE *page, const report *it)
{
    const pxe_times all = times_of(it, false);
    const pxe_times without_misses = times_of(it, true);
    put_figures(page, it);
    fputs("<div class=\"scroll\"><table class=\"times\">\n<caption>Frame times in milliseconds, "
          "and the frames per second that they are</caption>\n<thead><tr><th scope=\"col\"></th>"
          "<th scope=\"col\">Frames</th><th scope=\"col\">Mean</th><th scope=\"col\">p50</th>"
          "<th scope=\"col\">p95</th><th scope=\"col\">p99</th><th scope=\"col\">p99.9</th>"
          "<th scope=\"col\">Max</th><th scope=\"col\">1\xC2\xA0% low</th>"
          "<th scope=\"col\">1\xC2\xA0% low by time</th></tr></thead>\n<tbody>\n",
          page);
    put_times(page, "All frames", &all);
    put_times(page, "Frames without misses", &without_misses);
    fputs("</tbody></table></div>\n", page);
}

/* ---- Slow frames ----*/

/* "" is what has no name in the cache. */
static void put_name(FILE *page, const char *name)
{
    if (*name == '\0') {
        fputs("<i>without a name</i>", page);
    } else {
        fputs("<bdi>", page);
        put_html(page, name);
        fputs("</bdi>", page);
    }
}

static void put_blames(FILE *page, const note_slow *slow)
{
    for (size_t i = 0; i < slow->blame_count; ++i) {
        const note_blame *blame = &slow->blames[i];
        fputs(i == 0 ? "" : "<br>", page);
        put_html(page, blame->work);
        fputs(" ", page);
        put_name(page, blame->name);
        fputs(" <small>", page);
        put_bytes(page, (double)blame->bytes);
        fputs(", ", page);
        put_ms(page, blame->ms);
        fputs(" ms</small>", page);
    }
    if (slow->more > 0) {
        fprintf(page, "<br><small>and %" PRIu64 " more</small>", slow->more);
    } else if (slow->blame_count == 0) {
        fputs("<small>no picture was loaded</small>", page);
    }
}

/* The section that took longest, or what none accounts for: the application's own. */
static void put_longest(FILE *page, const frame_csv *csv, size_t row)
{
    static const struct {
        frame_column column;
        const char *name;
    } sections[] = {{FRAME_LOAD_MS, "load"}, {FRAME_UPDATE_MS, "update"}, {FRAME_INSERT_MS, "insert"},
                    {FRAME_DRAW_MS, "draw"}, {FRAME_EVICT_MS, "evict"},   {FRAME_SWAP_MS, "swap"}};
    double rest_ms = frame_value(csv, FRAME_MS, row);
    double longest_ms = 0;
    const char *longest = "";
    for (size_t i = 0; i < sizeof sections / sizeof *sections; ++i) {
        const double ms = frame_value(csv, sections[i].column, row);
        rest_ms -= ms;
        if (ms > longest_ms) {
            longest_ms = ms;
            longest = sections[i].name;
        }
    }
    if (csv->values[FRAME_DRAW_MS] == NULL) { /* a file without sections */
        fputs("\xE2\x80\x93", page);
        return;
    }
    fprintf(page, "%s ", rest_ms > longest_ms ? "application" : longest);
    put_ms(page, rest_ms > longest_ms ? rest_ms : longest_ms);
}

static void put_slow_row(FILE *page, const frame_csv *csv, const note_slow *slow)
{
    const double ms = frame_value(csv, FRAME_MS, slow->row);
    const uint64_t frame = csv->frames[slow->row];
    fprintf(page, "<tr><th scope=\"row\"><a href=\"#frame=%" PRIu64 "\">%" PRIu64 "</a></th><td>", frame,
            frame);
    put_ms(page, ms);
    fputs("</td><td>", page);
    put_ms(page, slow->median_ms);
    fprintf(page, "</td><td>%.1f</td><td>", slow->median_ms > 0 ? ms / slow->median_ms : 0);
    put_count(page, frame_value(csv, FRAME_MISSES, slow->row));
    fputs("</td><td>", page);
    put_longest(page, csv, slow->row);
    fputs("</td><td class=\"text\">", page);
    put_blames(page, slow);
    fputs("</td></tr>\n", page);
}

typedef struct worst {
    double ms;
    const note_slow *slow;
} worst;

static int compare_worst(const void *left, const void *right)
{
    const worst *a = left;
    const worst *b = right;
    return a->ms > b->ms ? -1 : a->ms < b->ms ? 1 : a->slow < b->slow ? -1 : 1;
}

static void put_slow_rows(FILE *page, const report *it)
{
    const size_t count = it->notes->slow_count;
    worst *order = calloc(count + 1, sizeof *order);
    for (size_t i = 0; order != NULL && i < count; ++i) {
        const note_slow *slow = &it->notes->slow[i];
        order[i] = (worst){.ms = frame_value(it->csv, FRAME_MS, slow->row), .slow = slow};
    }
    if (order != NULL) {
        qsort(order, count, sizeof *order, compare_worst);
    }
    for (size_t i = 0; i < count && i < WORST_FRAMES; ++i) { /* without memory: the first ones */
        put_slow_row(page, it->csv, order == NULL ? &it->notes->slow[i] : order[i].slow);
    }
    free(order);
}

void report_write_slow(FILE *page, const report *it)
{
    const size_t count = it->notes->slow_count;
    if (count == 0) {
        fputs("<p>No frame was slow.</p>\n", page);
        return;
    }
    fputs("<div class=\"scroll tall\"><table class=\"slow\">\n<caption>", page);
    if (count > WORST_FRAMES) {
        fprintf(page, "The %d longest of ", (int)WORST_FRAMES);
        put_count(page, (double)count);
        fputs(" slow frames", page);
    } else {
        fprintf(page, "%zu slow frame%s, the longest first", count, count == 1 ? "" : "s");
    }
    fputs("</caption>\n<thead><tr><th scope=\"col\">Frame</th><th scope=\"col\">ms</th>"
          "<th scope=\"col\">Median before, ms</th><th scope=\"col\">Times the median</th>"
          "<th scope=\"col\">Misses</th><th scope=\"col\">Longest part, ms</th><th scope=\"col\" "
          "class=\"text\">Pictures loaded in "
          "it</th></tr></thead>\n<tbody>\n",
          page);
    put_slow_rows(page, it);
    fputs("</tbody></table></div>\n", page);
}

/* ---- Pictures ----*/

static void put_count_cell(FILE *page, uint64_t count)
{
    fprintf(page, "<td data-v=\"%" PRIu64 "\">", count);
    put_count(page, (double)count);
    fputs("</td>", page);
}

static void put_bytes_cell(FILE *page, uint64_t bytes)
{
    fprintf(page, "<td data-v=\"%" PRIu64 "\">", bytes);
    put_bytes(page, (double)bytes);
    fputs("</td>", page);
}

static void put_ms_cell(FILE *page, double ms)
{
    fprintf(page, "<td data-v=\"%.3f\">", ms);
    put_ms(page, ms);
    fputs("</td>", page);
}

static void put_picture_cells(FILE *page, const note_picture *picture)
{
    put_ms_cell(page, picture->upload_ms + picture->decode_ms);
    put_ms_cell(page, picture->upload_ms);
    put_ms_cell(page, picture->decode_ms);
    put_count_cell(page, picture->uploads);
    put_bytes_cell(page, picture->upload_bytes);
    put_count_cell(page, picture->regrets);
    put_count_cell(page, picture->undrawn);
    put_count_cell(page, picture->late);
    put_count_cell(page, picture->evictions);
    put_count_cell(page, picture->misses);
    put_count_cell(page, picture->uses);
}

static void put_pictures_head(FILE *page)
{
    static const char *const names[] = {"Cost, ms",  "Upload, ms", "Decode, ms", "Uploads",
                                        "Uploaded",  "Regrets",    "Undrawn",    "Late",
                                        "Evictions", "Misses",     "Uses"};
    fputs("<thead><tr><th scope=\"col\" class=\"text\">Picture</th><th scope=\"col\">Size</th>", page);
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
        fprintf(page, "<th scope=\"col\"%s>%s</th>", i == 0 ? " aria-sort=\"descending\"" : "", names[i]);
    }
    fputs("</tr></thead>\n", page);
}

void report_write_pictures(FILE *page, const report *it)
{
    const frame_notes *notes = it->notes;
    if (!notes->has_pictures) {
        fputs("<p>The file says nothing about pictures.</p>\n", page);
        return;
    }
    fputs("<div class=\"scroll tall\"><table class=\"pictures\" id=\"pictures\">\n<caption>", page);
    put_count(page, (double)notes->listed);
    fputs(" of ", page);
    put_count(page, (double)notes->picture_count);
    fputs(" pictures: those that cost most, and those with most regrets, undrawn uploads and late "
          "draws</caption>\n",
          page);
    put_pictures_head(page);
    fputs("<tbody>\n", page);
    for (size_t i = 0; i < notes->listed; ++i) {
        fputs("<tr><th scope=\"row\" class=\"text\">", page);
        put_name(page, notes->pictures[i].name);
        fputs("</th>", page);
        put_bytes_cell(page, notes->pictures[i].bytes);
        put_picture_cells(page, &notes->pictures[i]);
        fputs("</tr>\n", page);
    }
    fputs("</tbody>\n<tfoot><tr><th scope=\"row\" class=\"text\">All ", page);
    put_count(page, (double)notes->picture_count);
    fputs("</th><td></td>", page);
    put_picture_cells(page, &notes->sum);
    fputs("</tr></tfoot></table></div>\n", page);
}
