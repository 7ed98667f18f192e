/* The rows of a trace file, one after the other: `frame,key,bytes`, and perhaps `,name`. */
#ifndef PROFILE_TRACE_ROWS_H
#define PROFILE_TRACE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct trace_row {
    uint64_t frame, key, bytes;
} trace_row;

/* What is wrong, and where; line 0 = with the file as a whole. */
typedef struct trace_error {
    uint64_t line;
    char text[200];
} trace_error;

typedef struct trace_rows {
    FILE *file;
    char *buffer;
    size_t start, end; /* what is in the buffer and was not read yet */
    bool ended;
    uint64_t line;  /* of the row that came last; the header's is 1 */
    size_t columns; /* as the header has them: 3 or 4 */
    trace_error *error;
} trace_rows;

typedef enum trace_next { TRACE_ROW, TRACE_END, TRACE_BAD } trace_next;

/* Opens a file, "-" for stdin, and reads its header. *error says why it failed, and why a later call did.
 * Owner: trace_rows_close, also after a failure. */
bool trace_rows_open(trace_rows *rows, const char *path, trace_error *error);
void trace_rows_close(trace_rows *rows);

trace_next trace_rows_next(trace_rows *rows, trace_row *out);

/* Fills in the error of a line, printf-like; always false. */
#ifdef __GNUC__
__attribute__((format(printf, 3, 4)))
#endif
bool trace_fail(trace_error *error, uint64_t line, const char *format, ...);

#endif
