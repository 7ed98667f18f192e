/* A trace in memory: which images were used, in which order, in which frames. */
#ifndef PROFILE_ACCESS_TRACE_H
#define PROFILE_ACCESS_TRACE_H

#include "trace_rows.h"

/* A key with another size is another image. */
typedef struct access_image {
    uint64_t key, bytes;
    uint64_t line; /* of its first access */
} access_image;

typedef struct access_trace {
    uint32_t *accesses; /* indexes of images */
    size_t access_count;
    size_t *frame_ends; /* of each frame, the index behind its last access; none is empty */
    size_t frame_count;
    access_image *images;
    uint32_t image_count;
    uint64_t largest_bytes; /* of an image */
    uint64_t image_bytes;   /* of all images */
    uint64_t access_bytes;  /* of all accesses, at most INT64_MAX: no sum of a part of them can overflow */
} access_trace;

/* Reads a file, "-" for stdin. Result: false with *error filled in and *out empty. Owner: access_trace_free. */
bool access_trace_read(const char *path, access_trace *out, trace_error *error);
void access_trace_free(access_trace *trace);

/* The first access of a frame. */
static inline size_t access_frame_start(const access_trace *trace, size_t frame)
{
    return frame == 0 ? 0 : trace->frame_ends[frame - 1];
}

#endif
