/* The record of frames: two rings, of frames and of slices, and the arithmetic over them. */
#include "profile.h"

#include <SDL.h>

#include <stdlib.h>
#include <string.h>

pxe_profile *pxe_profile_create(const struct GladGLContext *gl, uint32_t frames, uint32_t slices)
{
    pxe_profile *profile = calloc(1, sizeof *profile);
    if (profile == NULL) {
        return NULL;
    }
    profile->frame_capacity = frames == 0 ? 1 : frames;
    profile->slice_capacity = slices;
    profile->frames = calloc(profile->frame_capacity, sizeof *profile->frames);
    profile->slices = slices == 0 ? NULL : calloc(slices, sizeof *profile->slices);
    if (profile->frames == NULL || (slices != 0 && profile->slices == NULL)) {
        free(profile->frames);
        free(profile->slices);
        free(profile);
        return NULL;
    }
    profile->origin_ticks = SDL_GetPerformanceCounter();
    profile->ms_per_tick = 1e3 / (double)SDL_GetPerformanceFrequency();
    profile->last_end_ms = -1;
    pxe_gpu_timer_create(&profile->gpu, gl);
    return profile;
}

void pxe_profile_destroy(pxe_profile *profile)
{
    if (profile == NULL) {
        return;
    }
    pxe_gpu_timer_destroy(&profile->gpu);
    free(profile->slices);
    free(profile->frames);
    free(profile);
}

double pxe_profile_now_ms(const pxe_profile *profile)
{
    return (double)(SDL_GetPerformanceCounter() - profile->origin_ticks) * profile->ms_per_tick;
}

static void collect_gpu_times(pxe_profile *profile, bool wait)
{
    uint64_t frame = 0;
    double milliseconds = 0;
    while (pxe_gpu_timer_take(&profile->gpu, wait, &frame, &milliseconds)) {
        pxe_frame *kept = &profile->frames[frame % profile->frame_capacity];
        /* llvmpipe's first query answers with the time since the machine started: no time is longer than the run. */
        if (kept->frame == frame && milliseconds <= pxe_profile_now_ms(profile)) {
            kept->gpu_ms = milliseconds;
        }
    }
}

void pxe_profile_begin(pxe_profile *profile)
{
    collect_gpu_times(profile, false);
    const double now_ms = pxe_profile_now_ms(profile);
    profile->now = (pxe_frame){
        .frame = profile->frame_count,
        .start_ms = profile->last_end_ms < 0 ? now_ms : profile->last_end_ms,
    };
    pxe_gpu_timer_start(&profile->gpu, profile->frame_count);
}

void pxe_profile_add(pxe_profile *profile, pxe_section section, double start_ms)
{
    const double duration_ms = pxe_profile_now_ms(profile) - start_ms;
    profile->now.section_ms[section] += duration_ms;
    if (profile->slice_capacity != 0) {
        profile->slices[profile->slice_count++ % profile->slice_capacity] =
            (pxe_slice){start_ms, duration_ms, section};
    }
}

void pxe_profile_stop_gpu(pxe_profile *profile)
{
    pxe_gpu_timer_stop(&profile->gpu);
}

void pxe_profile_end(pxe_profile *profile, const pxc_stats *stats, uint32_t draws, uint32_t sprites)
{
    pxe_frame *now = &profile->now;
    const pxc_stats *before = &profile->stats_before;
    profile->last_end_ms = pxe_profile_now_ms(profile);
    now->frame_ms = profile->last_end_ms - now->start_ms;
    now->cpu_ms = now->frame_ms - now->section_ms[PXE_SECTION_SWAP];
    now->hits = stats->hits - before->hits;
    now->misses = stats->misses - before->misses;
    now->evictions = stats->evictions - before->evictions;
    now->uploads = stats->uploads - before->uploads;
    now->upload_bytes = stats->upload_bytes - before->upload_bytes;
    now->used_bytes = stats->used_bytes;
    now->limit_bytes = stats->limit_bytes;
    now->entries = stats->entries;
    now->draws = draws;
    now->sprites = sprites;
    profile->frames[profile->frame_count++ % profile->frame_capacity] = *now;
    profile->stats_before = *stats;
}

void pxe_profile_skip_idle(pxe_profile *profile)
{
    profile->last_end_ms = pxe_profile_now_ms(profile);
}

void pxe_profile_finish(pxe_profile *profile)
{
    collect_gpu_times(profile, true);
}

const pxe_frame *pxe_profile_last(const pxe_profile *profile)
{
    return profile->frame_count == 0 ? NULL
                                     : &profile->frames[(profile->frame_count - 1) % profile->frame_capacity];
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The smallest value that at least `percent` of the values do not exceed. */
static double nearest_rank(const double *sorted, size_t count, unsigned percent)
{
    const size_t rank = (count * percent + 99) / 100;
    return sorted[rank == 0 ? 0 : rank - 1];
}

bool pxe_profile_summary(const pxe_profile *profile, pxe_summary *out)
{
    *out = (pxe_summary){.frames = profile->frame_count};
    const uint64_t first = pxe_ring_first(profile->frame_count, profile->frame_capacity);
    const size_t count = (size_t)(profile->frame_count - first);
    if (count == 0) {
        return true;
    }
    double *sorted = malloc(count * sizeof *sorted);
    if (sorted == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; ++i) {
        sorted[i] = profile->frames[i].frame_ms;
        if (profile->frames[i].used_bytes > out->boundary_peak_bytes) {
            out->boundary_peak_bytes = profile->frames[i].used_bytes;
        }
    }
    qsort(sorted, count, sizeof *sorted, compare_doubles);
    out->p50_ms = nearest_rank(sorted, count, 50);
    out->p99_ms = nearest_rank(sorted, count, 99);
    out->max_ms = sorted[count - 1];
    free(sorted);
    return true;
}
