/* Columns are found by name, in any order; those that nobody knows are passed over, so that files of later versions
 * and of other programs can be read. What is known must be right in every row: a file that was cut off in the middle
 * of a row, or that two programs wrote into, is refused with the line, and never shown as a session that did not
 * happen. */
#include "frame_csv.h"

#include "csv_cells.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of more no program knows, and no sum of so many is infinite; 9.2e15 is the most that the engine writes. */
#define MOST_MS 1e16

/* Pages count frames in doubles. */
#define MOST_FRAME (UINT64_C(1) << 53)

/* A row has a digit at least in each required column and in the frame's, and a comma or a line end behind each. */
enum { LEAST_ROW_BYTES = 2 * (FRAME_REQUIRED + 1) };

static const struct {
    const char *name;
    bool is_time;
} columns[FRAME_COLUMNS] = {
    [FRAME_MS] = {"frame_ms", true},
    [FRAME_CPU_MS] = {"cpu_ms", true},
    [FRAME_GPU_MS] = {"gpu_ms", true},
    [FRAME_HITS] = {"hits", false},
    [FRAME_MISSES] = {"misses", false},
    [FRAME_EVICTIONS] = {"evictions", false},
    [FRAME_UPLOADS] = {"uploads", false},
    [FRAME_UPLOAD_BYTES] = {"upload_bytes", false},
    [FRAME_UPLOAD_MS] = {"upload_ms", true},
    [FRAME_USED_BYTES] = {"used_bytes", false},
    [FRAME_LIMIT_BYTES] = {"limit_bytes", false},
    [FRAME_DRAWS] = {"draws", false},
    [FRAME_SPRITES] = {"sprites", false},
    [FRAME_LOAD_MS] = {"load_ms", true},
    [FRAME_UPDATE_MS] = {"update_ms", true},
    [FRAME_INSERT_MS] = {"insert_ms", true},
    [FRAME_DRAW_MS] = {"draw_ms", true},
    [FRAME_EVICT_MS] = {"evict_ms", true},
    [FRAME_SWAP_MS] = {"swap_ms", true},
    [FRAME_CACHE_MS] = {"cache_ms", true},
    [FRAME_DELETE_MS] = {"delete_ms", true},
    [FRAME_ENTRIES] = {"entries", false},
    [FRAME_FIRST_MISSES] = {"first_misses", false},
    [FRAME_LATE_DRAWS] = {"late_draws", false},
    [FRAME_PEAK_BYTES] = {"peak_bytes", false},
    [FRAME_PINNED_BYTES] = {"pinned_bytes", false},
};

/* What a cell of the header is: a frame_column, or one of these. */
enum { CELL_IGNORED = FRAME_COLUMNS, CELL_FRAME, CELL_SLOW, CELL_CURVE, CELL_PICTURES, CELL_KINDS };

static const char *const other_names[] = {"frame", "slow", "curve", "pictures"};

typedef struct header {
    int kinds[CSV_MOST_CELLS];
    size_t count;
} header;

const char *frame_column_name(frame_column column)
{
    return columns[column].name;
}

bool frame_column_is_time(frame_column column)
{
    return columns[column].is_time;
}

double frame_value(const frame_csv *csv, frame_column column, size_t row)
{
    return csv->values[column] == NULL ? 0 : csv->values[column][row];
}

double frame_sum(const frame_csv *csv, frame_column column)
{
    double sum = 0;
    for (size_t i = 0; i < csv->rows; ++i) {
        sum += frame_value(csv, column, i);
    }
    return sum;
}

bool frame_read_count(const char **at, uint64_t *out)
{
    uint64_t value = 0;
    const char *digit = *at;
    for (; *digit >= '0' && *digit <= '9'; ++digit) {
        const uint64_t more = (uint64_t)(*digit - '0');
        if (value > (UINT64_MAX - more) / 10) {
            return false;
        }
        value = value * 10 + more;
    }
    const bool any = digit > *at;
    *at = digit;
    *out = value;
    return any;
}

bool frame_read_decimal(const char **at, double *out)
{
    static const char digits[] = "0123456789";
    const char *end = *at;
    const size_t whole = strspn(end, digits);
    end += whole;
    if (whole == 0) {
        return false;
    }
    if (*end == '.') {
        end += 1 + strspn(end + 1, digits);
    }
    if (*end == 'e' || *end == 'E') {
        const char *exponent = end + 1 + (end[1] == '-' || end[1] == '+' ? 1 : 0);
        const size_t exponent_digits = strspn(exponent, digits);
        if (exponent_digits == 0) {
            return false;
        }
        end = exponent + exponent_digits;
    }
    char *stop = NULL; /* the programs never leave the C locale, in which strtod knows the point */
    *out = strtod(*at, &stop);
    const bool all = stop == end && *out <= MOST_MS;
    *at = end;
    return all;
}

/* ---- The file ----*/

/* The whole file with a zero behind it; NULL = it can not be read. */
static char *read_text(const char *path, size_t *length, pxe_error *error)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        pxe_fail(error, "can not be read: %s", strerror(errno));
        return NULL;
    }
    char *text = NULL;
    size_t capacity = 0;
    bool is_text = true;
    *length = 0;
    do {
        if (capacity - *length < 2) {
            capacity = capacity == 0 ? (size_t)1 << 16 : capacity * 2;
            char *larger = realloc(text, capacity);
            if (larger == NULL) {
                pxe_fail(error, "no memory for the file");
                goto fail;
            }
            text = larger;
        }
        const size_t got = fread(text + *length, 1, capacity - *length - 1, file);
        is_text = memchr(text + *length, '\0', got) == NULL;
        *length += got;
    } while (is_text && !feof(file) && !ferror(file)); /* what has zeros may have no end */
    if (ferror(file)) {
        pxe_fail(error, "can not be read: %s", strerror(errno));
        goto fail;
    }
    fclose(file);
    text[*length] = '\0';
    return text;
fail:
    free(text);
    fclose(file);
    return NULL;
}

static size_t count_of_lines(const char *text)
{
    size_t count = 1;
    for (const char *at = strchr(text, '\n'); at != NULL; at = strchr(at + 1, '\n')) {
        ++count;
    }
    return count;
}

/* ---- The header ----*/

static int kind_of(const char *name)
{
    for (int i = 0; i < FRAME_COLUMNS; ++i) {
        if (strcmp(name, columns[i].name) == 0) {
            return i;
        }
    }
    for (int i = CELL_FRAME; i < CELL_KINDS; ++i) {
        if (strcmp(name, other_names[i - CELL_FRAME]) == 0) {
            return i;
        }
    }
    return CELL_IGNORED;
}

static bool read_header(csv_cells *csv, header *out, bool *there, pxe_error *error)
{
    if (csv_at_end(csv)) {
        return pxe_fail(error, "the file is empty");
    }
    if (!csv_next(csv, error)) {
        return false;
    }
    bool any = false;
    out->count = csv->count;
    for (size_t i = 0; i < csv->count; ++i) {
        const int kind = kind_of(csv->cells[i]);
        if (kind != CELL_IGNORED && there[kind]) {
            return pxe_fail(error, "column %s is there twice", csv->cells[i]);
        }
        there[kind] = true;
        any = any || kind != CELL_IGNORED;
        out->kinds[i] = kind;
    }
    if (!any) {
        return pxe_fail(error,
                        "no header: the first line should name the columns, such as frame,frame_ms,...");
    }
    if (!there[CELL_FRAME]) {
        return pxe_fail(error, "column frame is missing");
    }
    for (int i = 0; i < FRAME_REQUIRED; ++i) {
        if (!there[i]) {
            return pxe_fail(error, "column %s is missing", columns[i].name);
        }
    }
    return true;
}

/* ---- Rows ----*/

static bool read_number(frame_csv *out, int column, const char *cell, pxe_error *error)
{
    const char *at = cell;
    double value = 0;
    uint64_t count = 0;
    const bool is_time = columns[column].is_time;
    const bool read = is_time ? frame_read_decimal(&at, &value) : frame_read_count(&at, &count);
    if (!read || *at != '\0') {
        return pxe_fail(error, "%s is no %s: \"%.60s\"", columns[column].name,
                        is_time ? "time in milliseconds" : "whole number", cell);
    }
    out->values[column][out->rows] = is_time ? value : (double)count;
    return true;
}

static bool read_frame(frame_csv *out, const char *cell, pxe_error *error)
{
    const char *at = cell;
    uint64_t frame = 0;
    if (!frame_read_count(&at, &frame) || *at != '\0') {
        return pxe_fail(error, "frame is no whole number: \"%.60s\"", cell);
    }
    if (out->rows > 0 && frame <= out->frames[out->rows - 1]) {
        return pxe_fail(error, "frame %.60s does not follow frame %llu", cell,
                        (unsigned long long)out->frames[out->rows - 1]);
    }
    if (frame > MOST_FRAME) {
        return pxe_fail(error,
                        "frame %.60s is above %" PRIu64 ", the last that a page can tell from its neighbours",
                        cell, MOST_FRAME);
    }
    out->frames[out->rows] = frame;
    return true;
}

static bool read_cell(frame_csv *out, int kind, char *cell, size_t line, pxe_error *error)
{
    const frame_text text = {.row = out->rows, .line = line, .text = *cell == '\0' ? NULL : cell};
    if (kind < FRAME_COLUMNS) {
        return read_number(out, kind, cell, error);
    }
    if (kind == CELL_FRAME) {
        return read_frame(out, cell, error);
    }
    if (kind == CELL_SLOW && text.text != NULL) {
        out->slow[out->slow_count++] = text;
    } else if (kind == CELL_CURVE) {
        out->curve = text;
    } else if (kind == CELL_PICTURES) {
        out->pictures = text;
    }
    return true;
}

static bool read_rows(csv_cells *csv, const header *names, frame_csv *out, pxe_error *error)
{
    for (; !csv_at_end(csv); ++out->rows) {
        if (!csv_next(csv, error)) {
            return false;
        }
        if (csv->count != names->count) {
            return pxe_fail(error, "%zu columns, where the header has %zu", csv->count, names->count);
        }
        for (size_t i = 0; i < csv->count; ++i) {
            if (!read_cell(out, names->kinds[i], csv->cells[i], csv->line, error)) {
                return false;
            }
        }
    }
    return out->rows > 0 ? true : pxe_fail(error, "no frame follows the header");
}

static bool make_room(frame_csv *out, const bool *there, size_t rows)
{
    out->numbers = calloc(rows, FRAME_COLUMNS * sizeof *out->numbers);
    out->frames = calloc(rows, sizeof *out->frames);
    out->slow = calloc(rows, sizeof *out->slow);
    for (int i = 0; out->numbers != NULL && i < FRAME_COLUMNS; ++i) {
        out->values[i] = there[i] ? out->numbers + (size_t)i * rows : NULL;
    }
    return out->numbers != NULL && out->frames != NULL && out->slow != NULL;
}

bool frame_csv_read(const char *path, frame_csv *out, size_t *line, pxe_error *error)
{
    csv_cells csv;
    header names = {.count = 0};
    bool there[CELL_KINDS] = {false};
    size_t length = 0;
    *out = (frame_csv){.text = read_text(path, &length, error)};
    *line = 0;
    if (out->text == NULL) {
        return false;
    }
    const size_t lines = count_of_lines(out->text);
    const size_t rows_that_fit = length / LEAST_ROW_BYTES + 1;
    const size_t most_rows = lines < rows_that_fit ? lines : rows_that_fit; /* lines may be empty */
    csv_begin(&csv, out->text);
    bool good = strlen(out->text) == length ? true : pxe_fail(error, "a zero byte: this is no text");
    *line = good ? 1 : lines;
    if (good) {
        good = read_header(&csv, &names, there, error);
        out->has_slow = there[CELL_SLOW];
        if (good && !make_room(out, there, most_rows)) {
            good = pxe_fail(error, "no memory for %zu rows", most_rows);
        }
        good = good && read_rows(&csv, &names, out, error);
        *line = csv.line;
    }
    if (!good) {
        frame_csv_free(out);
    }
    return good;
}

void frame_csv_free(frame_csv *csv)
{
    free(csv->text);
    free(csv->numbers);
    free(csv->frames);
    free(csv->slow);
    *csv = (frame_csv){0};
}
