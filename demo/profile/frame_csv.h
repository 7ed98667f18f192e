/* A frame CSV, read whole: numbers by column, and the texts of the columns slow, curve and pictures. */
#ifndef PROFILE_FRAME_CSV_H
#define PROFILE_FRAME_CSV_H

#include <pxe/error.h>

#include <stddef.h>
#include <stdint.h>

typedef enum frame_column {
    FRAME_MS,
    FRAME_CPU_MS,
    FRAME_GPU_MS,
    FRAME_HITS,
    FRAME_MISSES,
    FRAME_EVICTIONS,
    FRAME_UPLOADS,
    FRAME_UPLOAD_BYTES,
    FRAME_UPLOAD_MS,
    FRAME_USED_BYTES,
    FRAME_LIMIT_BYTES,
    FRAME_DRAWS,
    FRAME_SPRITES,
    FRAME_REQUIRED, /* those before this one, and the frame's number */
    FRAME_LOAD_MS = FRAME_REQUIRED,
    FRAME_UPDATE_MS,
    FRAME_INSERT_MS,
    FRAME_DRAW_MS,
    FRAME_EVICT_MS,
    FRAME_SWAP_MS,
    FRAME_CACHE_MS,
    FRAME_DELETE_MS,
    FRAME_ENTRIES,
    FRAME_FIRST_MISSES,
    FRAME_LATE_DRAWS,
    FRAME_PEAK_BYTES,
    FRAME_PINNED_BYTES,
    FRAME_COLUMNS
} frame_column;

/* A row's cell that is no number. */
typedef struct frame_text {
    size_t row, line;
    char *text; /* may be changed */
} frame_text;

typedef struct frame_csv {
    size_t rows; /* at least 1 */
    uint64_t *frames;
    double *values[FRAME_COLUMNS]; /* by row; NULL = the file has no such column */
    bool has_slow;
    frame_text *slow; /* those that are not empty */
    size_t slow_count;
    frame_text curve, pictures; /* the last row's; text NULL = none */
    char *text;                 /* the file; owned */
    double *numbers;            /* all columns' values; owned */
} frame_csv;

/* false: *line says where, 0 = nowhere, and error what is wrong; out is empty then. Owner: frame_csv_free. */
bool frame_csv_read(const char *path, frame_csv *out, size_t *line, pxe_error *error);
void frame_csv_free(frame_csv *csv);

const char *frame_column_name(frame_column column);
bool frame_column_is_time(frame_column column);

/* The value, 0 where the file has no such column. */
double frame_value(const frame_csv *csv, frame_column column, size_t row);
double frame_sum(const frame_csv *csv, frame_column column);

/* Digits only: no sign, no space. Moves *at behind them. */
bool frame_read_count(const char **at, uint64_t *out);
/* Digits, perhaps a point and digits, perhaps an exponent; at most 1e16, whatever the locale
 * says. */
bool frame_read_decimal(const char **at, double *out);

#endif
