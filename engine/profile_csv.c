/* The record as a CSV: a row a frame, the columns that README.md lists. What is not by frame, the curve and the
 * pictures, stands in the last row: so a file is a whole session, and a program that reads only the numbers need not
 * know of it.
 *
 *   slow      8.104;upload 30.201 16777216 pictures/back%3Bground.png;+2
 *   curve     totals;limit hits upload_bytes;limit hits upload_bytes;...
 *   pictures  sums;figures name;figures name;...
 *
 * Those three are quoted. fps, frametime and elapsed are MangoHud's columns; TimeInSeconds, MsBetweenPresents and
 * MsInPresentAPI are PresentMon's, which CapFrameX reads.
 */
#include "file_text.h"
#include "profile.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { POINTS = 512, COSTLIEST = 100, WORST = 20, PICTURES = COSTLIEST + 3 * WORST };

static const char header[] =
    "frame,frame_ms,cpu_ms,gpu_ms,hits,misses,evictions,uploads,upload_bytes,upload_ms,used_bytes,limit_"
    "bytes,"
    "draws,sprites,load_ms,draw_ms,evict_ms,swap_ms,entries,update_ms,insert_ms,cache_ms,delete_ms,"
    "first_misses,late_draws,peak_bytes,pinned_bytes,fps,frametime,elapsed,TimeInSeconds,MsBetweenPresents,"
    "MsInPresentAPI,"
    "slow,curve,pictures\n";

static void put_ms(FILE *file, double ms)
{
    fputc(',', file);
    pxe_put_decimal(file, ms);
}

static void put_count(FILE *file, uint64_t count)
{
    fprintf(file, ",%" PRIu64, count);
}

static void put_section(FILE *file, const pxe_frame *frame, pxe_section section)
{
    put_ms(file, frame->section_ms[section]);
}

/* A name comes last in its item, and so may have spaces. In a cell: quotes are doubled. */
static void put_name(FILE *file, const char *name)
{
    for (; *name != '\0'; ++name) {
        const unsigned char byte = (unsigned char)*name;
        if (byte < 0x20 || byte == 0x7F || byte == '%' || byte == ';') {
            fprintf(file, "%%%02X", (unsigned)byte);
        } else {
            fputs(byte == '"' ? "\"" : "", file);
            fputc(byte, file);
        }
    }
}

/* ---- slow ----*/

static void write_slow(FILE *file, const pxe_slow_frame *slow)
{
    fputc('"', file);
    pxe_put_decimal(file, slow->median_ms);
    for (uint32_t i = 0; i < slow->blame_count; ++i) {
        const pxe_blame *blame = &slow->blames[i];
        fprintf(file, ";%s ", pxe_work_name(blame->work));
        pxe_put_decimal(file, blame->ms);
        fprintf(file, " %" PRIu64 " ", blame->bytes);
        put_name(file, blame->picture == NULL ? "" : blame->picture);
    }
    if (slow->more > 0) {
        fprintf(file, ";+%" PRIu32, slow->more);
    }
    fputc('"', file);
}

/* ---- curve ----*/

typedef struct limits {
    uint64_t bytes[POINTS];
    size_t count;
} limits;

static void add_limit(limits *of, uint64_t bytes)
{
    if (bytes > 0 && bytes != PXE_NEED_NONE && of->count < POINTS) {
        of->bytes[of->count++] = bytes;
    }
}

static int compare_limits(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left;
    const uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Steps of the curve, at most `room` of them, each so much larger than the one before that they reach to the last. */
static void add_steps(const pxe_curve *curve, size_t room, limits *out)
{
    const uint64_t first = pxe_curve_next(curve, 0);
    uint64_t last = first;
    size_t count = 0;
    for (uint64_t at = first; at != PXE_NEED_NONE; at = pxe_curve_next(curve, at)) {
        last = at;
        ++count;
    }
    const double factor = count <= room ? 1 : pow((double)last / (double)first, 1 / (double)(room - 1));
    double next = 0;
    for (uint64_t at = first; at != PXE_NEED_NONE; at = pxe_curve_next(curve, at)) {
        if ((double)at >= next) {
            add_limit(out, at);
            next = (double)at * factor;
        }
    }
    add_limit(out, last);
}

static void write_curve(FILE *file, const pxe_curve *curve, uint64_t limit_bytes)
{
    const pxe_curve_totals totals = pxe_curve_sum(curve);
    const uint64_t recommended = pxe_curve_recommend(curve, 0.01);
    limits at = {.count = 0};
    add_limit(&at, limit_bytes);
    add_limit(&at, recommended);
    add_steps(curve, POINTS - 4, &at);
    qsort(at.bytes, at.count, sizeof *at.bytes, compare_limits);
    fprintf(file, ",\"%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " ", totals.accesses, totals.first,
            totals.images, totals.largest_bytes);
    pxe_put_precise(file, totals.followed);
    fprintf(file, " %" PRIu64 " ", recommended);
    pxe_put_precise(file, totals.error);
    for (size_t i = 0; i < at.count; ++i) {
        if (i == 0 || at.bytes[i] != at.bytes[i - 1]) {
            const pxe_curve_point point = pxe_curve_at(curve, at.bytes[i]);
            fprintf(file, ";%" PRIu64 " %" PRIu64 " %" PRIu64, at.bytes[i], point.hits, point.upload_bytes);
        }
    }
    fputc('"', file);
}

/* ---- pictures ----*/

static void put_figures(FILE *file, const pxe_picture_cost *of)
{
    fprintf(file, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " ", of->uses, of->misses, of->uploads,
            of->upload_bytes);
    pxe_put_decimal(file, of->upload_ms);
    fputc(' ', file);
    pxe_put_decimal(file, of->decode_ms);
    fprintf(file, " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64, of->evictions, of->regrets,
            of->undrawn_uploads, of->late_draws);
}

/* Adds the worst by an order that are not there yet; a name belongs to one picture alone. */
static size_t add_worst(const pxe_profile *profile, pxe_picture_order order, pxe_picture_cost *list,
                        size_t count)
{
    pxe_picture_cost worst[WORST];
    const size_t found = pxe_profile_pictures(profile, order, worst, WORST);
    for (size_t i = 0; i < found; ++i) {
        size_t at = 0;
        while (at < count && list[at].name != worst[i].name) {
            ++at;
        }
        if (at == count) {
            list[count++] = worst[i];
        }
    }
    return count;
}

static void write_pictures(FILE *file, const pxe_profile *profile)
{
    pxe_picture_cost list[PICTURES];
    size_t all = 0;
    const pxe_picture_cost sum = pxe_profile_pictures_sum(profile, &all);
    size_t count = pxe_profile_pictures(profile, PXE_BY_COST, list, COSTLIEST);
    count = add_worst(profile, PXE_BY_REGRETS, list, count);
    count = add_worst(profile, PXE_BY_UNDRAWN, list, count);
    count = add_worst(profile, PXE_BY_LATE, list, count);
    fprintf(file, ",\"%zu ", all);
    put_figures(file, &sum);
    for (size_t i = 0; i < count; ++i) {
        fputc(';', file);
        put_figures(file, &list[i]);
        fprintf(file, " %" PRIu64 " ", list[i].bytes);
        put_name(file, list[i].name);
    }
    fputc('"', file);
}

/* ---- Rows ----*/

static void write_times(FILE *file, const pxe_frame *f)
{
    const double end_ms = f->start_ms + f->frame_ms;
    put_ms(file, f->frame_ms > 0 ? 1e3 / f->frame_ms : 0);
    put_ms(file, f->frame_ms);
    put_count(file, end_ms > 0 ? (uint64_t)(end_ms * 1e6) : 0);
    fputc(',', file);
    pxe_put_precise(file, end_ms / 1e3);
    put_ms(file, f->frame_ms);
    put_section(file, f, PXE_SECTION_SWAP);
}

static void write_frame(FILE *file, const pxe_frame *f)
{
    fprintf(file, "%" PRIu64, f->frame);
    put_ms(file, f->frame_ms);
    put_ms(file, f->cpu_ms);
    put_ms(file, f->gpu_ms);
    put_count(file, f->hits);
    put_count(file, f->misses);
    put_count(file, f->evictions);
    put_count(file, f->uploads);
    put_count(file, f->upload_bytes);
    put_ms(file, f->upload_ms);
    put_count(file, f->used_bytes);
    put_count(file, f->limit_bytes);
    put_count(file, f->draws);
    put_count(file, f->sprites);
    put_section(file, f, PXE_SECTION_LOAD);
    put_section(file, f, PXE_SECTION_DRAW);
    put_section(file, f, PXE_SECTION_EVICT);
    put_section(file, f, PXE_SECTION_SWAP);
    put_count(file, f->entries);
    put_section(file, f, PXE_SECTION_UPDATE);
    put_section(file, f, PXE_SECTION_INSERT);
    put_ms(file, f->cache_ms);
    put_ms(file, f->delete_ms);
    put_count(file, f->first_misses);
    put_count(file, f->late_draws);
    put_count(file, f->peak_bytes);
    put_count(file, f->pinned_bytes);
    write_times(file, f);
}

bool pxe_profile_write_csv(const pxe_profile *profile, const char *path, pxe_error *error)
{
    FILE *file = pxe_text_open(path, error);
    if (file == NULL) {
        return false;
    }
    fputs(header, file);
    uint64_t slow = pxe_ring_first(profile->slow_count, PXE_SLOW_FRAMES);
    for (uint64_t i = pxe_ring_first(profile->frame_count, profile->frame_capacity); i < profile->frame_count;
         ++i) {
        const pxe_frame *f = &profile->frames[i % profile->frame_capacity];
        write_frame(file, f);
        fputc(',', file);
        while (slow < profile->slow_count && profile->slow[slow % PXE_SLOW_FRAMES].frame.frame < f->frame) {
            ++slow;
        }
        if (slow < profile->slow_count && profile->slow[slow % PXE_SLOW_FRAMES].frame.frame == f->frame) {
            write_slow(file, &profile->slow[slow % PXE_SLOW_FRAMES]);
        }
        if (i + 1 < profile->frame_count) {
            fputs(",,\n", file);
        } else {
            write_curve(file, profile->curve, f->limit_bytes);
            write_pictures(file, profile);
            fputc('\n', file);
        }
    }
    return pxe_text_close(file, error);
}
