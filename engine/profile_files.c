/* The record as files: a CSV for spreadsheets and plots, trace-event JSON for Perfetto. */
#include "profile.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool close_file(FILE *file, pxe_error *error)
{
    const bool failed = ferror(file) != 0;
    return fclose(file) == 0 && !failed ? true : pxe_fail(error, "can not be written: %s", strerror(errno));
}

/* Three decimals and a point, whatever the locale says. */
static void put_decimal(FILE *file, const char *before, double value)
{
    const long long thousandths = llround(value * 1000);
    fprintf(file, "%s%s%lld.%03lld", before, thousandths < 0 ? "-" : "", llabs(thousandths) / 1000,
            llabs(thousandths) % 1000);
}

static const pxe_frame *frame_at(const pxe_profile *profile, uint64_t frame)
{
    return &profile->frames[frame % profile->frame_capacity];
}

bool pxe_profile_write_csv(const pxe_profile *profile, const char *path, pxe_error *error)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        return pxe_fail(error, "can not be written: %s", strerror(errno));
    }
    fputs("frame,frame_ms,cpu_ms,gpu_ms,hits,misses,evictions,uploads,upload_bytes,upload_ms,used_bytes,"
          "limit_bytes,"
          "draws,sprites,load_ms,draw_ms,evict_ms,swap_ms,entries\n",
          file);
    const uint64_t first = pxe_ring_first(profile->frame_count, profile->frame_capacity);
    for (uint64_t i = first; i < profile->frame_count; ++i) {
        const pxe_frame *f = frame_at(profile, i);
        fprintf(file, "%" PRIu64, f->frame);
        put_decimal(file, ",", f->frame_ms);
        put_decimal(file, ",", f->cpu_ms);
        put_decimal(file, ",", f->gpu_ms);
        fprintf(file, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, f->hits, f->misses,
                f->evictions, f->uploads, f->upload_bytes);
        put_decimal(file, ",", f->upload_ms);
        fprintf(file, ",%" PRIu64 ",%" PRIu64 ",%" PRIu32 ",%" PRIu32, f->used_bytes, f->limit_bytes,
                f->draws, f->sprites);
        put_decimal(file, ",", f->section_ms[PXE_SECTION_LOAD]);
        put_decimal(file, ",", f->section_ms[PXE_SECTION_DRAW]);
        put_decimal(file, ",", f->section_ms[PXE_SECTION_EVICT]);
        put_decimal(file, ",", f->section_ms[PXE_SECTION_SWAP]);
        fprintf(file, ",%" PRIu64 "\n", f->entries);
    }
    return close_file(file, error);
}

/* Times in microseconds, as the trace-event format wants them. */
static void write_slice(FILE *file, const char *name, double start_ms, double duration_ms)
{
    fprintf(file, ",\n{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"cat\":\"frame\",\"name\":\"%s\"", name);
    put_decimal(file, ",\"ts\":", start_ms * 1e3);
    put_decimal(file, ",\"dur\":", duration_ms * 1e3);
    fputs("}", file);
}

static void write_counters(FILE *file, const pxe_frame *f)
{
    const double end_us = (f->start_ms + f->frame_ms) * 1e3;
    put_decimal(file, ",\n{\"ph\":\"C\",\"pid\":1,\"name\":\"video memory (bytes)\",\"ts\":", end_us);
    fprintf(file, ",\"args\":{\"used\":%" PRIu64 ",\"limit\":%" PRIu64 "}}", f->used_bytes, f->limit_bytes);
    put_decimal(file, ",\n{\"ph\":\"C\",\"pid\":1,\"name\":\"accesses\",\"ts\":", end_us);
    fprintf(file, ",\"args\":{\"hits\":%" PRIu64 ",\"misses\":%" PRIu64 ",\"evictions\":%" PRIu64 "}}",
            f->hits, f->misses, f->evictions);
}

bool pxe_profile_write_trace(const pxe_profile *profile, const char *path, pxe_error *error)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        return pxe_fail(error, "can not be written: %s", strerror(errno));
    }
    fputs("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n"
          "{\"ph\":\"M\",\"pid\":1,\"tid\":1,\"name\":\"thread_name\",\"args\":{\"name\":\"render\"}}",
          file);
    for (uint64_t i = pxe_ring_first(profile->frame_count, profile->frame_capacity); i < profile->frame_count;
         ++i) {
        const pxe_frame *f = frame_at(profile, i);
        write_slice(file, "frame", f->start_ms, f->frame_ms);
        write_counters(file, f);
    }
    for (uint64_t i = pxe_ring_first(profile->slice_count, profile->slice_capacity); i < profile->slice_count;
         ++i) {
        const pxe_slice *slice = &profile->slices[i % profile->slice_capacity];
        write_slice(file, pxe_work_name((pxe_work)slice->work), slice->start_ms, slice->duration_ms);
    }
    fputs("\n]}\n", file);
    return close_file(file, error);
}
