/* What the columns slow, curve and pictures of a frame CSV say. engine/README.md describes them. */
#ifndef PROFILE_FRAME_NOTES_H
#define PROFILE_FRAME_NOTES_H

#include "frame_csv.h"

enum { NOTE_BLAMES = 8, NOTE_POINTS = 512, NOTE_PICTURES = 512 };

typedef struct note_blame {
    const char *work, *name; /* name "" = what has none in the cache */
    double ms;
    uint64_t bytes;
} note_blame;

typedef struct note_slow {
    size_t row;
    double median_ms;
    note_blame blames[NOTE_BLAMES]; /* the longest first */
    size_t blame_count;
    uint64_t more; /* pieces of work that are not named */
} note_slow;

typedef struct note_point {
    uint64_t limit_bytes, hits, upload_bytes;
} note_point;

typedef struct note_curve {
    uint64_t accesses, first_accesses, images, largest_bytes, recommended_bytes;
    double followed, error;
    note_point points[NOTE_POINTS]; /* ascending */
    size_t point_count;
} note_curve;

/* Members in the file's order. */
typedef struct note_picture {
    uint64_t uses, misses, uploads, upload_bytes;
    double upload_ms, decode_ms;
    uint64_t evictions, regrets, undrawn, late, bytes;
    const char *name; /* NULL in the sum */
} note_picture;

/* Names point into the frame_csv's text. */
typedef struct frame_notes {
    note_slow *slow; /* by row */
    size_t slow_count;
    bool has_curve, has_pictures;
    note_curve curve;
    uint64_t picture_count; /* of all */
    note_picture sum;       /* over all */
    note_picture pictures[NOTE_PICTURES];
    size_t listed;
} frame_notes;

/* Takes the texts of csv apart. Where the file has no column slow, the frames that took twice the median are found by
 * frame_ms. NULL: *line and error say what is wrong. Owner: frame_notes_free. */
frame_notes *frame_notes_read(frame_csv *csv, size_t *line, pxe_error *error);
void frame_notes_free(frame_notes *notes); /* NULL is fine */

#endif
