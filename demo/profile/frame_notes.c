/* Items are separated by ';', words by one space; a name comes last and has what would separate written as %XX. All
 * is taken apart where it stands. */
#include "frame_notes.h"

#include <stdlib.h>
#include <string.h>

enum { MEDIAN_FRAMES = 120, LEAST_FRAMES = 8 };

/* Cuts off the next item; NULL = none is left. */
static char *next_item(char **rest)
{
    char *item = *rest;
    if (item == NULL) {
        return NULL;
    }
    char *end = strchr(item, ';');
    *rest = end == NULL ? NULL : end + 1;
    if (end != NULL) {
        *end = '\0';
    }
    return item;
}

/* The space before the next word, or the end of the item. */
static bool end_word(const char **at)
{
    if (**at == ' ') {
        ++*at;
        return true;
    }
    return **at == '\0';
}

static bool next_count(const char **at, uint64_t *out)
{
    return frame_read_count(at, out) && end_word(at);
}

static bool next_decimal(const char **at, double *out)
{
    return frame_read_decimal(at, out) && end_word(at);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* In place. A zero can not be in a name. */
static bool unescape(char *name)
{
    char *to = name;
    for (const char *from = name; *from != '\0'; ++from) {
        char c = *from;
        if (c == '%') {
            const int high = hex_digit(from[1]);
            const int low = high < 0 ? -1 : hex_digit(from[2]);
            if (low < 0 || high + low == 0) {
                return false;
            }
            c = (char)(high * 16 + low);
            from += 2;
        }
        *to++ = c;
    }
    *to = '\0';
    return true;
}

/* ---- slow ----*/

static bool read_blame(char *item, note_blame *out)
{
    char *space = strchr(item, ' ');
    if (space == NULL || space == item) {
        return false;
    }
    *space = '\0';
    out->work = item;
    const char *at = space + 1;
    if (!next_decimal(&at, &out->ms) || !next_count(&at, &out->bytes)) {
        return false;
    }
    char *name = item + (at - item);
    out->name = name;
    return unescape(name);
}

static bool read_slow(const frame_text *text, note_slow *out, pxe_error *error)
{
    char *rest = text->text;
    const char *at = next_item(&rest);
    *out = (note_slow){.row = text->row};
    if (!next_decimal(&at, &out->median_ms) || *at != '\0') {
        return pxe_fail(error, "slow does not begin with a median");
    }
    for (char *item = next_item(&rest); item != NULL; item = next_item(&rest)) {
        if (item[0] == '+' && rest == NULL) {
            at = item + 1;
            return next_count(&at, &out->more) && *at == '\0' ? true
                                                              : pxe_fail(error, "slow ends with no number");
        }
        if (out->blame_count == NOTE_BLAMES) {
            return pxe_fail(error, "slow has more than %d pieces of work", (int)NOTE_BLAMES);
        }
        if (!read_blame(item, &out->blames[out->blame_count++])) {
            return pxe_fail(error, "slow has a piece of work that is none, number %zu", out->blame_count);
        }
    }
    return true;
}

static bool read_all_slow(const frame_csv *csv, frame_notes *notes, size_t *line, pxe_error *error)
{
    notes->slow = calloc(csv->slow_count + 1, sizeof *notes->slow);
    if (notes->slow == NULL) {
        return pxe_fail(error, "no memory for %zu slow frames", csv->slow_count);
    }
    for (size_t i = 0; i < csv->slow_count; ++i) {
        *line = csv->slow[i].line;
        if (!read_slow(&csv->slow[i], &notes->slow[notes->slow_count++], error)) {
            return false;
        }
    }
    return true;
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* By the engine's rule: twice the median of the frames before it, of which there are some. */
static bool find_slow(const frame_csv *csv, frame_notes *notes, pxe_error *error)
{
    notes->slow = calloc(csv->rows, sizeof *notes->slow);
    if (notes->slow == NULL) {
        return pxe_fail(error, "no memory for %zu frames", csv->rows);
    }
    for (size_t i = LEAST_FRAMES; i < csv->rows; ++i) {
        double recent[MEDIAN_FRAMES];
        const size_t count = i < MEDIAN_FRAMES ? i : MEDIAN_FRAMES;
        memcpy(recent, csv->values[FRAME_MS] + i - count, count * sizeof *recent);
        qsort(recent, count, sizeof *recent, compare_doubles);
        const double median_ms = (recent[(count - 1) / 2] + recent[count / 2]) / 2;
        if (csv->values[FRAME_MS][i] > 2 * median_ms) {
            notes->slow[notes->slow_count++] = (note_slow){.row = i, .median_ms = median_ms};
        }
    }
    return true;
}

/* ---- curve ----*/

static bool read_curve(frame_text *text, note_curve *out, pxe_error *error)
{
    char *rest = text->text;
    const char *at = next_item(&rest);
    if (!next_count(&at, &out->accesses) || !next_count(&at, &out->first_accesses) ||
        !next_count(&at, &out->images) || !next_count(&at, &out->largest_bytes) ||
        !next_decimal(&at, &out->followed) || !next_count(&at, &out->recommended_bytes) ||
        !next_decimal(&at, &out->error) || *at != '\0') {
        return pxe_fail(error, "curve does not begin with its seven totals");
    }
    for (at = next_item(&rest); at != NULL; at = next_item(&rest)) {
        if (out->point_count == NOTE_POINTS) {
            return pxe_fail(error, "curve has more than %d points", (int)NOTE_POINTS);
        }
        note_point *point = &out->points[out->point_count++];
        if (!next_count(&at, &point->limit_bytes) || !next_count(&at, &point->hits) ||
            !next_count(&at, &point->upload_bytes) || *at != '\0') {
            return pxe_fail(error, "curve has a point that is none, number %zu", out->point_count);
        }
        if (out->point_count > 1 && point->limit_bytes <= point[-1].limit_bytes) {
            return pxe_fail(error, "curve does not ascend at point %zu", out->point_count);
        }
    }
    return true;
}

/* ---- pictures ----*/

/* What the sum and a picture have in common. */
static bool next_figures(const char **at, note_picture *out)
{
    return next_count(at, &out->uses) && next_count(at, &out->misses) && next_count(at, &out->uploads) &&
           next_count(at, &out->upload_bytes) && next_decimal(at, &out->upload_ms) &&
           next_decimal(at, &out->decode_ms) && next_count(at, &out->evictions) &&
           next_count(at, &out->regrets) && next_count(at, &out->undrawn) && next_count(at, &out->late);
}

static bool read_pictures(frame_text *text, frame_notes *notes, pxe_error *error)
{
    char *rest = text->text;
    const char *at = next_item(&rest);
    if (!next_count(&at, &notes->picture_count) || !next_figures(&at, &notes->sum) || *at != '\0') {
        return pxe_fail(error, "pictures does not begin with its eleven totals");
    }
    for (char *item = next_item(&rest); item != NULL; item = next_item(&rest)) {
        if (notes->listed == NOTE_PICTURES) {
            return pxe_fail(error, "pictures has more than %d pictures", (int)NOTE_PICTURES);
        }
        note_picture *picture = &notes->pictures[notes->listed++];
        at = item;
        if (!next_figures(&at, picture) || !next_count(&at, &picture->bytes) ||
            !unescape(item + (at - item))) {
            return pxe_fail(error, "pictures has a picture that is none, number %zu", notes->listed);
        }
        picture->name = at;
    }
    return true;
}

frame_notes *frame_notes_read(frame_csv *csv, size_t *line, pxe_error *error)
{
    *line = 0;
    frame_notes *notes = calloc(1, sizeof *notes);
    if (notes == NULL) {
        pxe_fail(error, "no memory");
        return NULL;
    }
    bool good = csv->has_slow ? read_all_slow(csv, notes, line, error) : find_slow(csv, notes, error);
    if (good && csv->curve.text != NULL) {
        *line = csv->curve.line;
        notes->has_curve = true;
        good = read_curve(&csv->curve, &notes->curve, error);
    }
    if (good && csv->pictures.text != NULL) {
        *line = csv->pictures.line;
        notes->has_pictures = true;
        good = read_pictures(&csv->pictures, notes, error);
    }
    if (!good) {
        frame_notes_free(notes);
        return NULL;
    }
    return notes;
}

void frame_notes_free(frame_notes *notes)
{
    if (notes != NULL) {
        free(notes->slow);
        free(notes);
    }
}
