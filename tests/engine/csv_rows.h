/* A CSV (RFC 4180) as rows of texts, read without the code that is under test. */
#ifndef PIXCACHE_TESTS_CSV_ROWS_H
#define PIXCACHE_TESTS_CSV_ROWS_H

#include "picture_files.h"

enum { CSV_COLUMNS = 64 };

typedef struct csv_rows {
    char *text;                  /* owned; the cells are cut out of it */
    char *(*cells)[CSV_COLUMNS]; /* owned; row 0 is the header */
    size_t rows, columns;
} csv_rows;

/* A cell from `from` on is moved to the left where it has quotes. Result: what ended it: ',' or '\n'. */
static inline char csv_cell(char **from)
{
    char *to = *from;
    bool quoted = **from == '"';
    *from += quoted ? 1 : 0;
    for (;; ++*from) {
        if (**from == '"' && quoted) {
            ++*from;
            if (**from != '"') {
                quoted = false;
                assert_true(**from == ',' || **from == '\n');
            }
        }
        if (!quoted && (**from == ',' || **from == '\n')) {
            break;
        }
        assert_true(**from != '\0' && (quoted || **from != '"'));
        *to++ = **from;
    }
    const char end = **from;
    ++*from;
    *to = '\0';
    return end;
}

/* Every row has as many cells as the header, and the last one ends with its line. */
static inline csv_rows csv_read(const char *path)
{
    buffer file = read_file(path);
    buffer_add_byte(&file, 0);
    csv_rows out = {.text = (char *)file.bytes};
    size_t lines = 1;
    for (const char *at = out.text; *at != '\0'; ++at) {
        lines += *at == '\n' ? 1 : 0;
    }
    out.cells = calloc(lines, sizeof *out.cells);
    assert_non_null(out.cells);
    for (char *at = out.text; *at != '\0'; ++out.rows) {
        size_t count = 0;
        char end = ',';
        while (end == ',') {
            assert_true(count < CSV_COLUMNS && *at != '\0');
            out.cells[out.rows][count] = at;
            end = csv_cell(&at);
            ++count;
        }
        out.columns = out.rows == 0 ? count : out.columns;
        assert_int_equal(count, out.columns);
    }
    assert_true(out.rows > 0);
    return out;
}

static inline void csv_rows_free(csv_rows *csv)
{
    free(csv->text);
    free(csv->cells);
    *csv = (csv_rows){0};
}

/* By the header's name. */
static inline size_t csv_column(const csv_rows *csv, const char *name)
{
    for (size_t i = 0; i < csv->columns; ++i) {
        if (strcmp(csv->cells[0][i], name) == 0) {
            return i;
        }
    }
    fail_msg("no column %s", name);
    return 0;
}

/* row 0 is the first below the header. */
static inline char *csv_text(const csv_rows *csv, size_t row, const char *column)
{
    assert_true(row + 1 < csv->rows);
    return csv->cells[row + 1][csv_column(csv, column)];
}

static inline double csv_number(const csv_rows *csv, size_t row, const char *column)
{
    const char *text = csv_text(csv, row, column);
    char *end = NULL;
    assert_true(*text >= '0' && *text <= '9');
    const double value = strtod(text, &end);
    if (*end != '\0') {
        fail_msg("%s in row %zu is no number: %s", column, row, text);
    }
    return value;
}

static inline uint64_t csv_whole(const csv_rows *csv, size_t row, const char *column)
{
    const char *text = csv_text(csv, row, column);
    char *end = NULL;
    assert_true(*text >= '0' && *text <= '9');
    const uint64_t value = strtoull(text, &end, 10);
    if (*end != '\0') {
        fail_msg("%s in row %zu is no whole number: %s", column, row, text);
    }
    return value;
}

static inline double csv_sum(const csv_rows *csv, const char *column)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < csv->rows; ++i) {
        sum += csv_number(csv, i, column);
    }
    return sum;
}

#endif
