/* The record as Chrome's trace-event JSON, for Perfetto and chrome://tracing.
 *
 *   thread 1, render   frame [ load [read][decode]  update [upload][upload]  draw  evict [delete][move]  swap ]
 *   thread 2 on        [read][decode]   [read][decode]
 *   counters           video memory, accesses, uploads, GPU time: at each frame's end
 *
 * A viewer takes a slice that begins within another one for its child, and shows nonsense if it ends outside. Times
 * come from several readings of a clock and are rounded to nanoseconds here, so a slice may stick out by one. Hence
 * three steps:
 *   1. All events, by thread and time.
 *   2. Each slice is fitted into the one that is open when it begins.
 *   3. All events by time, the longer first, are written.
 */
#include "file_text.h"
#include "profile.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* What may hold what: a smaller rank holds a larger one. */
enum { RANK_FRAME, RANK_SECTION, RANK_WORK, RANK_COUNTERS };

typedef struct event {
    int64_t start_ns, end_ns;
    const void *of; /* a pxe_frame, or a pxe_slice */
    uint32_t order;
    uint32_t around; /* step 2: the event that was open before this one, plus 1 */
    uint8_t rank;
    uint8_t thread; /* as pxe_slice */
} event;

typedef struct events {
    event *list;
    uint32_t count;
    uint8_t threads; /* the largest number of one */
} events;

static int64_t ns_of(double ms)
{
    const double most_ns = 9e15; /* a hundred days */
    return isnan(ms) ? 0 : llround(fmax(-most_ns, fmin(ms * 1e6, most_ns)));
}

static void add(events *to, const event *what, double start_ms, double duration_ms)
{
    event *added = &to->list[to->count];
    *added = *what;
    added->start_ns = ns_of(start_ms);
    added->end_ns = ns_of(start_ms + duration_ms);
    added->end_ns = added->end_ns < added->start_ns ? added->start_ns : added->end_ns;
    added->order = to->count++;
    to->threads = what->thread > to->threads ? what->thread : to->threads;
}

static int by_time(const event *a, const event *b)
{
    const int64_t length = a->end_ns - a->start_ns;
    const int64_t other = b->end_ns - b->start_ns;
    return a->start_ns != b->start_ns ? (a->start_ns < b->start_ns ? -1 : 1)
           : length != other          ? (length > other ? -1 : 1)
           : a->rank != b->rank       ? (a->rank < b->rank ? -1 : 1)
                                      : (a->order > b->order) - (a->order < b->order);
}

static int compare_time(const void *left, const void *right)
{
    return by_time(left, right);
}

static int compare_thread(const void *left, const void *right)
{
    const event *a = left;
    const event *b = right;
    return a->thread != b->thread ? (a->thread < b->thread ? -1 : 1) : by_time(a, b);
}

/* ---- Step 1 ----*/

static bool collect(const pxe_profile *profile, events *out)
{
    const uint64_t first_frame = pxe_ring_first(profile->frame_count, profile->frame_capacity);
    const uint64_t first_slice = pxe_ring_first(profile->slice_count, profile->slice_capacity);
    const uint64_t most = 2 * (profile->frame_count - first_frame) + profile->slice_count - first_slice;
    *out = (events){.list = most < UINT32_MAX ? calloc((size_t)most + 1, sizeof *out->list) : NULL};
    if (out->list == NULL) {
        return false;
    }
    for (uint64_t i = first_frame; i < profile->frame_count; ++i) {
        const pxe_frame *f = &profile->frames[i % profile->frame_capacity];
        add(out, &(event){.of = f, .rank = RANK_FRAME}, f->start_ms, f->frame_ms);
        add(out, &(event){.of = f, .rank = RANK_COUNTERS}, f->start_ms + f->frame_ms, 0);
    }
    for (uint64_t i = first_slice; i < profile->slice_count; ++i) {
        const pxe_slice *slice = &profile->slices[i % profile->slice_capacity];
        const uint8_t rank = slice->work < PXE_SECTION_COUNT ? RANK_SECTION : RANK_WORK;
        add(out, &(event){.of = slice, .rank = rank, .thread = slice->thread}, slice->start_ms,
            slice->duration_ms);
    }
    return true;
}

/* ---- Step 2 ----*/

/* around: open when `it` begins. Result: whether it still is. Only ends are moved, so that the order of step 1
 * holds. */
static bool fit(event *around, event *it)
{
    const bool sticks_out = it->end_ns > around->end_ns;
    if (it->rank < around->rank || (it->rank == around->rank && sticks_out)) {
        around->end_ns = it->start_ns; /* one after the other */
        return false;
    }
    it->end_ns = sticks_out ? around->end_ns : it->end_ns;
    return true;
}

static void nest(events *all)
{
    uint32_t open = 0; /* plus 1 */
    for (uint32_t i = 0; i < all->count; ++i) {
        event *it = &all->list[i];
        if (it->rank == RANK_COUNTERS) {
            continue;
        }
        while (open != 0 && (all->list[open - 1].thread != it->thread ||
                             all->list[open - 1].end_ns <= it->start_ns || !fit(&all->list[open - 1], it))) {
            open = all->list[open - 1].around;
        }
        it->around = open;
        open = i + 1;
    }
}

/* ---- Step 3 ----*/

static void write_time(FILE *file, const char *name, int64_t ns)
{
    fprintf(file, ",\"%s\":", name);
    pxe_put_thousandths(file, ns); /* microseconds */
}

static void begin_slice(FILE *file, const event *it, const char *category, const char *name)
{
    fprintf(file, ",\n{\"ph\":\"X\",\"pid\":1,\"tid\":%d,\"cat\":\"%s\",\"name\":\"%s\"", it->thread + 1,
            category, name);
    write_time(file, "ts", it->start_ns);
    write_time(file, "dur", it->end_ns - it->start_ns);
}

static const pxe_slow_frame *find_slow(const pxe_profile *profile, uint64_t frame)
{
    uint64_t low = pxe_ring_first(profile->slow_count, PXE_SLOW_FRAMES);
    uint64_t high = profile->slow_count;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (profile->slow[middle % PXE_SLOW_FRAMES].frame.frame < frame) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const pxe_slow_frame *found = low < profile->slow_count ? &profile->slow[low % PXE_SLOW_FRAMES] : NULL;
    return found != NULL && found->frame.frame == frame ? found : NULL;
}

static void write_frame(FILE *file, const pxe_profile *profile, const event *it)
{
    const pxe_frame *f = it->of;
    const pxe_slow_frame *slow = find_slow(profile, f->frame);
    begin_slice(file, it, "frame", "frame");
    fputs(slow == NULL ? "" : ",\"cname\":\"terrible\"", file);
    fprintf(file,
            ",\"args\":{\"frame\":%" PRIu64 ",\"first_misses\":%" PRIu32 ",\"late_draws\":%" PRIu32
            ",\"draws\":%" PRIu32 ",\"sprites\":%" PRIu32,
            f->frame, f->first_misses, f->late_draws, f->draws, f->sprites);
    if (slow != NULL) {
        char text[1024];
        pxe_slow_frame_text(slow, text, sizeof text);
        fputs(",\"slow\":", file);
        pxe_put_json(file, text);
    }
    fputs("}}", file);
}

static void write_slice(FILE *file, const pxe_profile *profile, const event *it)
{
    const pxe_slice *slice = it->of;
    begin_slice(file, it, it->rank == RANK_SECTION ? "section" : "work",
                pxe_work_name((pxe_work)slice->work));
    if (it->rank == RANK_WORK) {
        fprintf(file, ",\"args\":{\"bytes\":%" PRIu64, slice->bytes);
        if (slice->work == PXE_WORK_READ || slice->work == PXE_WORK_DECODE ||
            slice->work == PXE_WORK_UPLOAD) {
            fputs(",\"picture\":", file);
            pxe_put_json(file, profile->pictures.rows[slice->picture].picture.name);
        }
        fputs("}", file);
    }
    fputs("}", file);
}

static void begin_counter(FILE *file, const event *it, const char *name)
{
    fprintf(file, ",\n{\"ph\":\"C\",\"pid\":1,\"name\":\"%s\"", name);
    write_time(file, "ts", it->start_ns);
}

static void write_counters(FILE *file, const event *it)
{
    const pxe_frame *f = it->of;
    begin_counter(file, it, "video memory (bytes)");
    fprintf(file, ",\"args\":{\"used\":%" PRIu64 ",\"limit\":%" PRIu64 ",\"peak\":%" PRIu64 "}}",
            f->used_bytes, f->limit_bytes, f->peak_bytes);
    begin_counter(file, it, "accesses");
    fprintf(file, ",\"args\":{\"hits\":%" PRIu64 ",\"misses\":%" PRIu64 ",\"evictions\":%" PRIu64 "}}",
            f->hits, f->misses, f->evictions);
    begin_counter(file, it, "uploads (bytes)");
    fprintf(file, ",\"args\":{\"bytes\":%" PRIu64 "}}", f->upload_bytes);
    begin_counter(file, it, "GPU time (ms)");
    fputs(",\"args\":{\"ms\":", file);
    pxe_put_decimal(file, f->gpu_ms);
    fputs("}}", file);
}

static void write_names(FILE *file, const events *all)
{
    fputs("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n"
          "{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{\"name\":\"pixcache\"}},\n"
          "{\"ph\":\"M\",\"pid\":1,\"tid\":1,\"name\":\"thread_name\",\"args\":{\"name\":\"render\"}}",
          file);
    for (int thread = 1; thread <= all->threads; ++thread) {
        fprintf(file,
                ",\n{\"ph\":\"M\",\"pid\":1,\"tid\":%d,\"name\":\"thread_name\",\"args\":{\"name\":\"worker "
                "%d\"}}",
                thread + 1, thread);
    }
}

static void write_events(FILE *file, const pxe_profile *profile, const events *all)
{
    write_names(file, all);
    for (uint32_t i = 0; i < all->count; ++i) {
        const event *it = &all->list[i];
        if (it->rank == RANK_FRAME) {
            write_frame(file, profile, it);
        } else if (it->rank == RANK_COUNTERS) {
            write_counters(file, it);
        } else {
            write_slice(file, profile, it);
        }
    }
    fputs("\n]}\n", file);
}

bool pxe_profile_write_trace(const pxe_profile *profile, const char *path, pxe_error *error)
{
    events all;
    if (!collect(profile, &all)) {
        return pxe_fail(error, "no memory for a trace");
    }
    qsort(all.list, all.count, sizeof *all.list, compare_thread);
    nest(&all);
    qsort(all.list, all.count, sizeof *all.list, compare_time);
    FILE *file = pxe_text_open(path, error);
    if (file != NULL) {
        write_events(file, profile, &all);
    }
    free(all.list);
    return file != NULL && pxe_text_close(file, error);
}
