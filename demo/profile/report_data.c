/* The session as JSON. Columns, not rows: a name once, and a column in which nothing happens is one number. Times
 * are whole microseconds, which is what the file has, and shorter. */
#include "report_page.h"

#include "report_text.h"

#include <inttypes.h>
#include <math.h>

static void put_value(FILE *page, frame_column column, double value)
{
    fprintf(page, "%.0f", frame_column_is_time(column) ? value * 1e3 : value);
}

static bool is_constant(const double *values, size_t count)
{
    for (size_t i = 1; i < count; ++i) {
        if (fabs(values[i] - values[0]) > 0) {
            return false;
        }
    }
    return true;
}

static void put_columns(FILE *page, const frame_csv *csv)
{
    const char *separator = "";
    for (int column = 0; column < FRAME_COLUMNS; ++column) {
        const double *values = csv->values[column];
        if (values == NULL) {
            continue;
        }
        fprintf(page, "%s\n\"%s\":[", separator, frame_column_name((frame_column)column));
        const size_t count = is_constant(values, csv->rows) ? 1 : csv->rows;
        for (size_t i = 0; i < count; ++i) {
            fputs(i == 0 ? "" : ",", page);
            put_value(page, (frame_column)column, values[i]);
        }
        fputs("]", page);
        separator = ",";
    }
}

/* Frames mostly follow one another: then the first says all. */
static void put_frames(FILE *page, const frame_csv *csv)
{
    const bool whole = csv->frames[csv->rows - 1] - csv->frames[0] == csv->rows - 1;
    fprintf(page, "\"frames\":[%" PRIu64, csv->frames[0]);
    for (size_t i = 1; !whole && i < csv->rows; ++i) {
        fprintf(page, ",%" PRIu64, csv->frames[i]);
    }
    fputs("]", page);
}

/* Each: row, median, pieces of work, how many more. */
static void put_slow(FILE *page, const frame_notes *notes)
{
    for (size_t i = 0; i < notes->slow_count; ++i) {
        const note_slow *slow = &notes->slow[i];
        fprintf(page, "%s\n[%zu,%.3f,[", i == 0 ? "" : ",", slow->row, slow->median_ms);
        for (size_t j = 0; j < slow->blame_count; ++j) {
            const note_blame *blame = &slow->blames[j];
            fputs(j == 0 ? "[" : ",[", page);
            put_json(page, blame->work);
            fprintf(page, ",%.3f,%" PRIu64 ",", blame->ms, blame->bytes);
            put_json(page, blame->name);
            fputs("]", page);
        }
        fprintf(page, "],%" PRIu64 "]", slow->more);
    }
}

static void put_curve(FILE *page, const note_curve *curve)
{
    fprintf(page,
            "\"curve\":{\"accesses\":%" PRIu64 ",\"first\":%" PRIu64 ",\"largest\":%" PRIu64
            ",\"recommended\":%" PRIu64 ",\"points\":[",
            curve->accesses, curve->first_accesses, curve->largest_bytes, curve->recommended_bytes);
    for (size_t i = 0; i < curve->point_count; ++i) {
        fprintf(page, "%s[%" PRIu64 ",%" PRIu64 ",%" PRIu64 "]", i == 0 ? "" : ",",
                curve->points[i].limit_bytes, curve->points[i].hits, curve->points[i].upload_bytes);
    }
    fputs("]},\n", page);
}

void report_write_data(FILE *page, const report *it)
{
    fprintf(page, "{\"rows\":%zu,", it->csv->rows);
    put_frames(page, it->csv);
    fputs(",\n\"columns\":{", page);
    put_columns(page, it->csv);
    fputs("},\n", page);
    if (it->notes->has_curve) {
        put_curve(page, &it->notes->curve);
    }
    fputs("\"slow\":[", page);
    put_slow(page, it->notes);
    fputs("]}", page);
}
