/* Traces for tests: made of text, or at random. */
#ifndef PIXCACHE_TESTS_TRACES_H
#define PIXCACHE_TESTS_TRACES_H

#include "../viewer/pictures.h"

#include "access_trace.h"
#include "replay.h"

#include <inttypes.h>

static inline uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* From 0 to below count. */
static inline uint64_t below(uint64_t *state, uint64_t count)
{
    return (next_random(state) >> 16) % count;
}

/* A random start for all of a test; PXC_TEST_SEED sets it. Never 0. */
static inline uint64_t test_seed(uint64_t usual)
{
    const char *given = getenv("PXC_TEST_SEED");
    const uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : usual;
    return seed == 0 ? 1 : seed;
}

/* Writes a file of the temporary folder and tells its path. */
static inline const char *write_trace(const char *name, const char *text)
{
    byte_list list = {0};
    add_text(&list, text);
    write_bytes(name, &list, list.count);
    return path_of(name);
}

static inline access_trace trace_of(const char *text)
{
    access_trace trace;
    trace_error error;
    if (!access_trace_read(write_trace("trace.csv", text), &trace, &error)) {
        fail_msg("line %" PRIu64 ": %s", error.line, error.text);
    }
    return trace;
}

typedef struct random_trace {
    uint32_t images, accesses;
    uint32_t most_in_frame;
    uint64_t (*bytes)(uint64_t *state, uint32_t image);
} random_trace;

/* 12, 13, 14 ... */
static inline uint64_t distinct_bytes(uint64_t *state, uint32_t image)
{
    (void)state;
    return 12 + image;
}

static inline uint64_t equal_bytes(uint64_t *state, uint32_t image)
{
    (void)state;
    (void)image;
    return 64;
}

/* As many small ones as large ones. */
static inline uint64_t wide_bytes(uint64_t *state, uint32_t image)
{
    (void)image;
    return 1 + below(state, UINT64_C(1) << below(state, 20));
}

static inline uint64_t two_bytes(uint64_t *state, uint32_t image)
{
    return image % 2 == 0 ? 1 + below(state, 5) : 1000 + below(state, 9);
}

/* Accesses with favourites, runs through neighbours, frames of any length and numbers that skip. */
static inline access_trace make_random_trace(const random_trace *what, uint64_t *state)
{
    byte_list text = {0};
    add_text(&text, "frame,key,bytes\n");
    uint64_t *bytes = calloc(what->images, sizeof *bytes);
    assert_non_null(bytes);
    for (uint32_t i = 0; i < what->images; ++i) {
        bytes[i] = what->bytes(state, i);
    }
    uint64_t frame = below(state, 3);
    uint64_t left = 0;
    uint32_t image = 0;
    for (uint32_t i = 0; i < what->accesses; ++i, --left) {
        if (left == 0) {
            left = 1 + below(state, what->most_in_frame);
            frame += 1 + (below(state, 4) == 0 ? below(state, 9) : 0);
        }
        const uint64_t kind = below(state, 4);
        image = kind == 0   ? (image + 1) % what->images
                : kind == 1 ? (uint32_t)below(state, what->images)
                            : (uint32_t)below(state, 1 + below(state, what->images));
        char row[128];
        snprintf(row, sizeof row, "%" PRIu64 ",%" PRIu32 ",%" PRIu64 "\n", frame, image, bytes[image]);
        add_text(&text, row);
    }
    free(bytes);
    add_byte(&text, 0);
    access_trace trace = trace_of((const char *)text.bytes);
    free(text.bytes);
    return trace;
}

static inline replay_result replay(replay_fn policy, const access_trace *trace, uint64_t limit)
{
    const replay_job job = {trace, limit, SIZE_MAX, NULL};
    replay_result result;
    trace_error error;
    if (!policy(&job, &result, &error)) {
        fail_msg("limit %" PRIu64 ": %s", limit, error.text);
    }
    return result;
}

#endif
