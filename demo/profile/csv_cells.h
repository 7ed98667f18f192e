/* A CSV's rows, cell by cell (RFC 4180), in place. */
#ifndef PROFILE_CSV_CELLS_H
#define PROFILE_CSV_CELLS_H

#include <pxe/error.h>

#include <stddef.h>

enum { CSV_MOST_CELLS = 256 };

typedef struct csv_cells {
    char *at;    /* what follows this row */
    size_t line; /* on which this row begins, from 1 on */
    size_t next_line;
    char *cells[CSV_MOST_CELLS]; /* point into the text, each with a zero behind it */
    size_t count;
} csv_cells;

/* text ends with a zero, and changes. Skips a byte order mark. */
void csv_begin(csv_cells *csv, char *text);

/* Whether nothing but line ends is left. */
bool csv_at_end(const csv_cells *csv);

/* The next row. false: malformed; csv->line says where. */
bool csv_next(csv_cells *csv, pxe_error *error);

#endif
