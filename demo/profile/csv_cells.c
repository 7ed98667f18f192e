/* Cells are cut out of the text where they stand: a zero replaces what ended the cell, and quoted cells move to the
 * left by their quotes. So a file of any size takes no memory but its own. A quoted cell may hold line ends, which
 * count as lines. A quote inside a cell that does not begin with one stands for itself, as spreadsheets read it. */
#include "csv_cells.h"

#include <string.h>

void csv_begin(csv_cells *csv, char *text)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    const size_t mark_bytes = sizeof byte_order_mark - 1;
    *csv = (csv_cells){.at = text, .line = 1, .next_line = 1};
    if (strncmp(text, byte_order_mark, mark_bytes) == 0) {
        csv->at += mark_bytes;
    }
}

bool csv_at_end(const csv_cells *csv)
{
    return csv->at[strspn(csv->at, "\r\n")] == '\0';
}

/* Behind the opening quote; writes the cell without quotes. Result: what follows the closing one, NULL if there is
 * none. */
static char *unquote(csv_cells *csv, char *from, char *to)
{
    for (; *from != '\0'; ++from) {
        if (*from == '"' && *++from != '"') {
            *to = '\0';
            return from;
        }
        csv->next_line += *from == '\n' ? 1 : 0;
        *to++ = *from;
    }
    return NULL;
}

/* Ends a cell at a comma, a line end or the text's end. *last = no cell of this row follows. */
static char *end_cell(csv_cells *csv, char *end, bool *last)
{
    *last = *end != ',';
    if (*end == '\0') {
        return end;
    }
    char *next = end + (end[0] == '\r' && end[1] == '\n' ? 2 : 1);
    csv->next_line += *last ? 1 : 0;
    *end = '\0';
    return next;
}

bool csv_next(csv_cells *csv, pxe_error *error)
{
    csv->line = csv->next_line;
    csv->count = 0;
    for (bool last = false; !last;) {
        if (csv->count == CSV_MOST_CELLS) {
            return pxe_fail(error, "more than %d columns", (int)CSV_MOST_CELLS);
        }
        char *cell = csv->at;
        char *end = NULL;
        if (*cell == '"') {
            end = unquote(csv, cell + 1, cell);
            if (end == NULL) {
                return pxe_fail(error, "a quote is never closed");
            }
            if (*end != ',' && *end != '\n' && *end != '\0' && (end[0] != '\r' || end[1] != '\n')) {
                return pxe_fail(error, "something follows a closing quote");
            }
        } else {
            end = cell + strcspn(cell, ",\n");
            end -= end > cell && *end != ',' && end[-1] == '\r' ? 1 : 0;
        }
        csv->cells[csv->count++] = cell;
        csv->at = end_cell(csv, end, &last);
    }
    return true;
}
