/* What the parts of the benchmark of loading share: its pictures, and the record of its frames. */
#ifndef LOADING_H
#define LOADING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- The pictures: the first is the largest, then the photographs, then the small ones ------------------------- */

enum {
    LOADING_LARGE = 1,   /* JPEG of 8192 x 8192 */
    LOADING_PHOTOS = 40, /* JPEG of 1920 x 1080 */
    LOADING_SMALL = 500, /* PNG of 256 x 256, with alpha */
    LOADING_PICTURES = LOADING_LARGE + LOADING_PHOTOS + LOADING_SMALL,
    LOADING_PATH_BYTES = 1024
};

/* 1.5 GiB: the set takes 0.7 GiB as textures, so nothing is evicted. */
#define LOADING_LIMIT_BYTES ((size_t)3 << 29)

static inline void loading_path(char path[LOADING_PATH_BYTES], const char *folder, int index)
{
    if (index < LOADING_LARGE) {
        snprintf(path, LOADING_PATH_BYTES, "%s/large.jpg", folder);
    } else if (index < LOADING_LARGE + LOADING_PHOTOS) {
        snprintf(path, LOADING_PATH_BYTES, "%s/photo_%02d.jpg", folder, index - LOADING_LARGE);
    } else {
        snprintf(path, LOADING_PATH_BYTES, "%s/small_%03d.png", folder,
                 index - LOADING_LARGE - LOADING_PHOTOS);
    }
}

/* ---- The record of frames: nothing is allocated or printed while it is filled ----------------------------------- */

/* work is what the render thread does for the cache and the loader; see bench_loading.c for what is measured. */
typedef struct loading_frame {
    double frame_ms;
    double work_ms; /* as the clock on the wall has it */
    double cpu_ms;  /* as the thread's own clock has it: without the time in which others had the core */
    double
        sections_ms; /* the part of work_ms that the engine's profile knows of, and asking for the textures */
    uint32_t ready;  /* of the pictures, at the frame's end */
} loading_frame;

typedef struct loading_record {
    loading_frame *frames;
    size_t count, capacity;
} loading_record;

/* Exits the program where there is no memory, as the two below do where the record is full or can not be written. */
void loading_record_open(loading_record *record, size_t capacity);
void loading_record_add(loading_record *record, const loading_frame *frame);

/* One row a frame. */
void loading_record_write(const loading_record *record, const char *path);

/* Lines of "metric value". */
void loading_record_print(const loading_record *record);
void loading_record_close(loading_record *record);

/* ---- The yardstick ---------------------------------------------------------------------------------------------- */

/* Decodes all pictures with that many threads, uploads each in one go as it comes, draws nothing.
 * Result: milliseconds until all are resident. Exits the program where a picture fails. */
double loading_all_cores_ms(const char *folder, int threads);

_Noreturn void loading_fail(const char *what, const char *why);

#endif
