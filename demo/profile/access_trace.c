/* Traces are long and their images few: an access is kept as four bytes, the index of its image, and what a replay asks
 * of an image lies in arrays by that index. A table with open addressing finds the index of a key and a size; it is at
 * most half full and needed for reading only.
 */
#include "access_trace.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 1024 };

/* What is needed while reading. */
typedef struct reading {
    access_trace trace;
    size_t access_room, frame_room, image_room; /* how many there is memory for */
    uint32_t *slots;                            /* index of an image + 1; 0 = free */
    size_t slot_count;                          /* a power of two */
    uint64_t frame;                             /* of the access that came last */
} reading;

/* Room for one more element of that size; doubles. */
static bool make_room(void **memory, size_t *room, size_t count, size_t element_bytes)
{
    if (count < *room) {
        return true;
    }
    const size_t wanted = *room == 0 ? 1024 : *room * 2;
    if (wanted > SIZE_MAX / 2 / element_bytes) {
        return false;
    }
    void *grown = realloc(*memory, wanted * element_bytes);
    if (grown == NULL) {
        return false;
    }
    *memory = grown;
    *room = wanted;
    return true;
}

static size_t slot_of(const reading *r, uint64_t key, uint64_t bytes)
{
    /* Odd constants without a pattern; the upper half of a product depends on all bits of its factors. */
    uint64_t hash = (key ^ bytes * UINT64_C(0xD6E8FEB86659FD93)) * UINT64_C(0x9E3779B97F4A7C15);
    hash = (hash ^ hash >> 32) * UINT64_C(0xD6E8FEB86659FD93);
    return (size_t)(hash ^ hash >> 32) & (r->slot_count - 1);
}

/* The slot of an image, or the free one where it belongs. */
static size_t find_slot(const reading *r, uint64_t key, uint64_t bytes)
{
    size_t slot = slot_of(r, key, bytes);
    while (r->slots[slot] != 0) {
        const access_image *image = &r->trace.images[r->slots[slot] - 1];
        if (image->key == key && image->bytes == bytes) {
            break;
        }
        slot = (slot + 1) & (r->slot_count - 1);
    }
    return slot;
}

static bool grow_table(reading *r)
{
    const size_t wanted = r->slot_count == 0 ? FIRST_SLOTS : r->slot_count * 2;
    uint32_t *slots = calloc(wanted, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    free(r->slots);
    r->slots = slots;
    r->slot_count = wanted;
    for (uint32_t i = 0; i < r->trace.image_count; ++i) {
        r->slots[find_slot(r, r->trace.images[i].key, r->trace.images[i].bytes)] = i + 1;
    }
    return true;
}

static bool add_image(reading *r, const trace_row *row, uint64_t line, size_t slot)
{
    access_trace *trace = &r->trace;
    void *images = trace->images;
    if (trace->image_count == UINT32_MAX - 1 ||
        !make_room(&images, &r->image_room, trace->image_count, sizeof *trace->images)) {
        return false;
    }
    trace->images = images;
    trace->images[trace->image_count] = (access_image){row->key, row->bytes, line};
    r->slots[slot] = ++trace->image_count;
    trace->image_bytes += row->bytes;
    trace->largest_bytes = row->bytes > trace->largest_bytes ? row->bytes : trace->largest_bytes;
    return trace->image_count <= r->slot_count / 2 || grow_table(r);
}

/* The last frame ends here. */
static bool end_frame(reading *r)
{
    access_trace *trace = &r->trace;
    void *ends = trace->frame_ends;
    if (!make_room(&ends, &r->frame_room, trace->frame_count, sizeof *trace->frame_ends)) {
        return false;
    }
    trace->frame_ends = ends;
    trace->frame_ends[trace->frame_count++] = trace->access_count;
    return true;
}

static bool add_access(reading *r, const trace_row *row, uint64_t line)
{
    access_trace *trace = &r->trace;
    if (trace->access_count > 0 && row->frame != r->frame && !end_frame(r)) {
        return false;
    }
    r->frame = row->frame;
    const size_t slot = find_slot(r, row->key, row->bytes);
    const uint32_t known = r->slots[slot];
    void *accesses = trace->accesses;
    if ((known == 0 && !add_image(r, row, line, slot)) ||
        !make_room(&accesses, &r->access_room, trace->access_count, sizeof *trace->accesses)) {
        return false;
    }
    trace->accesses = accesses;
    trace->accesses[trace->access_count++] = known == 0 ? trace->image_count - 1 : known - 1;
    trace->access_bytes += row->bytes;
    return true;
}

static bool check_row(const reading *r, const trace_row *row, uint64_t line, trace_error *error)
{
    if (r->trace.access_count > 0 && row->frame < r->frame) {
        return trace_fail(error, line, "frame %" PRIu64 " after frame %" PRIu64, row->frame, r->frame);
    }
    if (row->bytes > (uint64_t)INT64_MAX - r->trace.access_bytes) {
        return trace_fail(error, line, "all accesses up to here are more than %" PRId64 " bytes", INT64_MAX);
    }
    return true;
}

static bool read_all(reading *r, trace_rows *rows, trace_error *error)
{
    trace_row row = {0};
    trace_next next = trace_rows_next(rows, &row);
    for (; next == TRACE_ROW; next = trace_rows_next(rows, &row)) {
        if (!check_row(r, &row, rows->line, error)) {
            return false;
        }
        if (!add_access(r, &row, rows->line)) {
            return trace_fail(error, 0, "no memory for its accesses");
        }
    }
    if (next == TRACE_BAD) {
        return false;
    }
    if (r->trace.access_count == 0) {
        return trace_fail(error, 0, "has no accesses");
    }
    return end_frame(r) || trace_fail(error, 0, "no memory for its frames");
}

bool access_trace_read(const char *path, access_trace *out, trace_error *error)
{
    *out = (access_trace){0};
    reading r = {0};
    trace_rows rows;
    bool done = trace_rows_open(&rows, path, error);
    if (done && !grow_table(&r)) {
        trace_fail(error, 0, "no memory for its images");
        done = false;
    }
    done = done && read_all(&r, &rows, error);
    trace_rows_close(&rows);
    free(r.slots);
    if (!done) {
        access_trace_free(&r.trace);
        return false;
    }
    *out = r.trace;
    return true;
}

void access_trace_free(access_trace *trace)
{
    free(trace->accesses);
    free(trace->frame_ends);
    free(trace->images);
    *trace = (access_trace){0};
}
