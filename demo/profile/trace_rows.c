/* Rows of CSV (RFC 4180) by hand: a trace may have tens of millions.
 *
 * The buffer holds whole lines; what is left of a line at its end moves to the front before more is read. A line longer
 * than the buffer is no row of a trace. A quoted name may hold commas and doubled quotes, but no line break: what
 * records traces writes none, so a quote that does not end in its line is a damaged row, and is named by its own line
 * instead of by the end of the file.
 *
 * Each row is read by two ways. The first takes what nearly all rows are: three numbers, and a name. What it does not
 * understand goes to the second, which splits the row into fields and either reads them (numbers may be quoted) or says
 * what is wrong with them.
 */
#include "trace_rows.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_BYTES = 1 << 20, MOST_FIELDS = 8 };

typedef struct field {
    const char *text;
    size_t bytes; /* without the quotes around it */
} field;

static const char *const column_names[] = {"frame", "key", "bytes", "name"};

bool trace_fail(trace_error *error, uint64_t line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error->line = line;
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}

/* More of the file behind what is left in the buffer. */
static bool read_more(trace_rows *rows)
{
    const size_t left = rows->end - rows->start;
    memmove(rows->buffer, rows->buffer + rows->start, left);
    rows->start = 0;
    rows->end = left;
    if (left == BUFFER_BYTES) {
        return trace_fail(rows->error, rows->line + 1, "a line of more than %d bytes", BUFFER_BYTES);
    }
    errno = 0;
    const size_t got = fread(rows->buffer + left, 1, BUFFER_BYTES - left, rows->file);
    if (ferror(rows->file)) {
        return trace_fail(rows->error, 0, "can not be read: %s", strerror(errno));
    }
    rows->end += got;
    rows->ended = got == 0;
    return true;
}

/* The next line, without its break and with a NUL behind it. */
static trace_next next_line(trace_rows *rows, char **line, size_t *bytes)
{
    char *from = rows->buffer + rows->start;
    char *end = memchr(from, '\n', rows->end - rows->start);
    while (end == NULL && !rows->ended) {
        const size_t searched = rows->end - rows->start;
        if (!read_more(rows)) {
            return TRACE_BAD;
        }
        from = rows->buffer;
        end = memchr(from + searched, '\n', rows->end - searched);
    }
    if (end == NULL && rows->start == rows->end) {
        return TRACE_END;
    }
    end = end == NULL ? rows->buffer + rows->end : end; /* the last line has no break */
    rows->start = (size_t)(end - rows->buffer) + (end < rows->buffer + rows->end);
    end -= end > from && end[-1] == '\r';
    *end = '\0';
    ++rows->line;
    *line = from;
    *bytes = (size_t)(end - from);
    return TRACE_ROW;
}

/* Where a quoted text ends: at its closing quote, or NULL if there is none. at = behind the opening one. */
static const char *closing_quote(const char *at, const char *end)
{
    for (;;) {
        at = memchr(at, '"', (size_t)(end - at));
        if (at == NULL || at[1] != '"') {
            return at;
        }
        at += 2;
    }
}

/* One field, at *at, which moves to the comma or the end behind it. Result: what is wrong, or NULL. */
static const char *read_field(const char **at, const char *end, field *out)
{
    const char *text = *at;
    if (*text == '"') {
        const char *close = closing_quote(text + 1, end);
        if (close == NULL) {
            return "a quote that does not end in its line";
        }
        *out = (field){text + 1, (size_t)(close - text) - 1};
        *at = close + 1;
        return *at == end || **at == ',' ? NULL : "text behind a quoted field";
    }
    const char *comma = memchr(text, ',', (size_t)(end - text));
    *at = comma == NULL ? end : comma;
    *out = (field){text, (size_t)(*at - text)};
    return memchr(text, '"', out->bytes) == NULL ? NULL : "a quote inside a field that is not quoted";
}

/* Result: what is wrong, or NULL. *count may be above MOST_FIELDS, of which the rest is not stored. */
static const char *split(const char *line, size_t bytes, field *fields, size_t *count)
{
    const char *const end = line + bytes;
    const char *at = line;
    *count = 0;
    for (;; ++at) {
        field found;
        const char *wrong = read_field(&at, end, &found);
        if (wrong != NULL) {
            return wrong;
        }
        if (*count < MOST_FIELDS) {
            fields[*count] = found;
        }
        ++*count;
        if (at == end) {
            return NULL;
        }
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits at *at, which moves behind them; false if there are none or their number has more than 64 bits. */
static bool read_digits(const char **at, uint64_t *value)
{
    const char *digit = *at;
    uint64_t sum = 0;
    for (; is_digit(*digit); ++digit) {
        const unsigned one = (unsigned)(*digit - '0');
        if (sum > UINT64_MAX / 10 || sum * 10 > UINT64_MAX - one) {
            return false;
        }
        sum = sum * 10 + one;
    }
    *value = sum;
    const bool any = digit != *at;
    *at = digit;
    return any;
}

static bool read_number(const trace_rows *rows, const field *from, const char *name, uint64_t *value)
{
    for (size_t i = 0; i < from->bytes; ++i) {
        if (!is_digit(from->text[i])) {
            return trace_fail(rows->error, rows->line, "%s is no whole number", name);
        }
    }
    const char *at = from->text;
    if (from->bytes == 0) {
        return trace_fail(rows->error, rows->line, "%s is missing", name);
    }
    return read_digits(&at, value) ||
           trace_fail(rows->error, rows->line, "%s is above %" PRIu64, name, UINT64_MAX);
}

/* The second way: all that a row may be, and what may be wrong with it. */
static bool read_any_row(const trace_rows *rows, const char *line, size_t bytes, trace_row *out)
{
    field fields[MOST_FIELDS];
    size_t count = 0;
    if (bytes == 0) {
        return trace_fail(rows->error, rows->line, "an empty line");
    }
    if (memchr(line, '\0', bytes) != NULL) {
        return trace_fail(rows->error, rows->line, "a NUL byte");
    }
    const char *wrong = split(line, bytes, fields, &count);
    if (wrong != NULL) {
        return trace_fail(rows->error, rows->line, "%s", wrong);
    }
    if (count != rows->columns) {
        return trace_fail(rows->error, rows->line, "%zu field%s instead of %zu", count, count == 1 ? "" : "s",
                          rows->columns);
    }
    return read_number(rows, &fields[0], column_names[0], &out->frame) &&
           read_number(rows, &fields[1], column_names[1], &out->key) &&
           read_number(rows, &fields[2], column_names[2], &out->bytes);
}

/* A name that takes the rest of the line. */
static bool is_name(const char *text, const char *end)
{
    const size_t bytes = (size_t)(end - text);
    if (memchr(text, '\0', bytes) != NULL) {
        return false;
    }
    if (*text == '"') {
        return closing_quote(text + 1, end) == end - 1;
    }
    return memchr(text, ',', bytes) == NULL && memchr(text, '"', bytes) == NULL;
}

/* The first way. The NUL behind the line ends each loop. */
static bool read_usual_row(const char *line, size_t bytes, size_t columns, trace_row *out)
{
    const char *at = line;
    if (!read_digits(&at, &out->frame) || *at++ != ',' || !read_digits(&at, &out->key) || *at++ != ',' ||
        !read_digits(&at, &out->bytes)) {
        return false;
    }
    const char *const end = line + bytes;
    return columns == 3 ? at == end : *at == ',' && is_name(at + 1, end);
}

trace_next trace_rows_next(trace_rows *rows, trace_row *out)
{
    char *line = NULL;
    size_t bytes = 0;
    const trace_next next = next_line(rows, &line, &bytes);
    if (next != TRACE_ROW) {
        return next;
    }
    if (!read_usual_row(line, bytes, rows->columns, out) && !read_any_row(rows, line, bytes, out)) {
        return TRACE_BAD;
    }
    if (out->bytes == 0) {
        trace_fail(rows->error, rows->line, "bytes is 0");
        return TRACE_BAD;
    }
    return TRACE_ROW;
}

static bool read_header(trace_rows *rows)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    char *line = NULL;
    size_t bytes = 0;
    const trace_next next = next_line(rows, &line, &bytes);
    if (next != TRACE_ROW) {
        return next == TRACE_END ? trace_fail(rows->error, 0, "is empty") : false;
    }
    if (strncmp(line, byte_order_mark, 3) == 0) {
        line += 3;
        bytes -= 3;
    }
    field fields[MOST_FIELDS];
    bool same =
        split(line, bytes, fields, &rows->columns) == NULL && (rows->columns == 3 || rows->columns == 4);
    for (size_t i = 0; same && i < rows->columns; ++i) {
        same = fields[i].bytes == strlen(column_names[i]) &&
               memcmp(fields[i].text, column_names[i], fields[i].bytes) == 0;
    }
    return same ||
           trace_fail(rows->error, 1, "the header is neither frame,key,bytes nor frame,key,bytes,name");
}

bool trace_rows_open(trace_rows *rows, const char *path, trace_error *error)
{
    *rows = (trace_rows){.error = error};
    rows->buffer = malloc(BUFFER_BYTES + 1);
    if (rows->buffer == NULL) {
        return trace_fail(error, 0, "no memory to read it");
    }
    rows->file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (rows->file == NULL) {
        return trace_fail(error, 0, "can not be read: %s", strerror(errno));
    }
    return read_header(rows);
}

void trace_rows_close(trace_rows *rows)
{
    if (rows->file != NULL && rows->file != stdin) {
        fclose(rows->file);
    }
    free(rows->buffer);
    *rows = (trace_rows){0};
}
