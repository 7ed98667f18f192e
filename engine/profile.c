/* The record of frames: rings of frames and of pieces of work, and what the engine's parts tell while a frame runs.
 *
 *   images: use, missed, late, loaded  -+
 *   cache: on_work, on_evict           -+-> pictures.c (what each has cost), slow.c (this frame's blames),
 *   engine: add, end                   -+   alarm.c, curve.c, and the frame itself
 *
 * Everything is made by create, but for the row of a picture that is new.
 */
#include "profile.h"

#include <SDL.h>

#include <stdlib.h>
#include <string.h>

static bool create_parts(pxe_profile *profile)
{
    profile->frames = calloc(profile->frame_capacity, sizeof *profile->frames);
    profile->slices =
        profile->slice_capacity == 0 ? NULL : calloc(profile->slice_capacity, sizeof *profile->slices);
    profile->slow = calloc(PXE_SLOW_FRAMES, sizeof *profile->slow);
    profile->curve = pxe_curve_create(NULL);
    return profile->frames != NULL && (profile->slice_capacity == 0 || profile->slices != NULL) &&
           profile->slow != NULL && profile->curve != NULL && pxe_pictures_create(&profile->pictures);
}

static void free_parts(pxe_profile *profile)
{
    pxe_pictures_destroy(&profile->pictures);
    pxe_curve_destroy(profile->curve);
    free(profile->slow);
    free(profile->slices);
    free(profile->frames);
    free(profile);
}

pxe_profile *pxe_profile_create(const struct GladGLContext *gl, uint32_t frames, uint32_t slices)
{
    pxe_profile *profile = calloc(1, sizeof *profile);
    if (profile == NULL) {
        return NULL;
    }
    profile->frame_capacity = frames == 0 ? 1 : frames;
    profile->slice_capacity = slices;
    if (!create_parts(profile)) {
        free_parts(profile);
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
    if (profile != NULL) {
        pxe_gpu_timer_destroy(&profile->gpu);
        free_parts(profile);
    }
}

static double ms_at(const pxe_profile *profile, uint64_t ticks)
{
    return (double)(int64_t)(ticks - profile->origin_ticks) * profile->ms_per_tick;
}

double pxe_profile_now_ms(const pxe_profile *profile)
{
    return ms_at(profile, SDL_GetPerformanceCounter());
}

/* ---- Frames -----------------------------------------------------------------------------------------------------*/

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
    if (profile->last_end_ms < 0) { /* the first one begins here */
        pxe_profile_skip_idle(profile);
    }
    pxe_gpu_timer_start(&profile->gpu, profile->frame_count);
}

void pxe_profile_slice(pxe_profile *profile, const pxe_slice *slice)
{
    if (profile->slice_capacity != 0) {
        profile->slices[profile->slice_count++ % profile->slice_capacity] = *slice;
    }
}

void pxe_profile_add(pxe_profile *profile, pxe_section section, double start_ms)
{
    const double duration_ms = pxe_profile_now_ms(profile) - start_ms;
    profile->now.section_ms[section] += duration_ms;
    if (section == PXE_SECTION_EVICT || section == PXE_SECTION_INSERT) {
        profile->now.cache_ms += duration_ms;
    }
    pxe_profile_slice(profile, &(pxe_slice){start_ms, duration_ms, 0, 0, (uint8_t)section, 0});
}

void pxe_profile_add_cache(pxe_profile *profile, double start_ms)
{
    profile->now.cache_ms += pxe_profile_now_ms(profile) - start_ms;
}

void pxe_profile_peak(pxe_profile *profile, uint64_t used_bytes)
{
    profile->now.peak_bytes = used_bytes;
}

void pxe_profile_stop_gpu(pxe_profile *profile)
{
    pxe_gpu_timer_stop(&profile->gpu);
}

void pxe_profile_end(pxe_profile *profile, const pxc_stats *stats, uint32_t draws, uint32_t sprites)
{
    pxe_frame *now = &profile->now;
    const pxc_stats *before = &profile->stats_before;
    now->hits = stats->hits - before->hits;
    now->misses = stats->misses - before->misses;
    now->evictions = stats->evictions - before->evictions;
    now->uploads = stats->uploads - before->uploads;
    now->upload_bytes = stats->upload_bytes - before->upload_bytes;
    now->used_bytes = stats->used_bytes;
    now->limit_bytes = stats->limit_bytes;
    now->entries = stats->entries;
    now->pinned_bytes = stats->pinned_bytes;
    now->peak_bytes = now->used_bytes > now->peak_bytes ? now->used_bytes : now->peak_bytes;
    now->draws = draws;
    now->sprites = sprites;
    pxe_curve_frame_end(profile->curve);
    pxe_alarms_frame_end(&profile->alarms, now->frame, now->limit_bytes);
    profile->last_end_ms = pxe_profile_now_ms(profile); /* what the record takes is part of the frame */
    now->frame_ms = profile->last_end_ms - now->start_ms;
    now->cpu_ms = now->frame_ms - now->section_ms[PXE_SECTION_SWAP];
    pxe_slow_frame_end(profile);
    profile->frames[profile->frame_count++ % profile->frame_capacity] = *now;
    profile->stats_before = *stats;
    *now = (pxe_frame){.frame = profile->frame_count, .start_ms = profile->last_end_ms};
}

/* What was done meanwhile goes with the time; what was counted stays, as the cache's statistics do. */
void pxe_profile_skip_idle(pxe_profile *profile)
{
    pxe_frame *now = &profile->now;
    now->cache_ms = now->upload_ms = now->delete_ms = 0;
    memset(now->section_ms, 0, sizeof now->section_ms);
    pxe_slow_forget(profile);
    now->start_ms = profile->last_end_ms = pxe_profile_now_ms(profile);
}

void pxe_profile_finish(pxe_profile *profile)
{
    collect_gpu_times(profile, true);
}

const pxe_frame *pxe_profile_frame(const pxe_profile *profile, uint64_t frame)
{
    const bool is_kept = frame < profile->frame_count &&
                         frame >= pxe_ring_first(profile->frame_count, profile->frame_capacity);
    return is_kept ? &profile->frames[frame % profile->frame_capacity] : NULL;
}

const pxe_frame *pxe_profile_last(const pxe_profile *profile)
{
    return profile->frame_count == 0 ? NULL : pxe_profile_frame(profile, profile->frame_count - 1);
}

/* ---- What the images tell ---------------------------------------------------------------------------------------*/

uint32_t pxe_profile_picture(pxe_profile *profile, const char *cache_name, const char *shown)
{
    const uint32_t row = pxe_pictures_row(&profile->pictures, cache_name, shown);
    profile->pictures.rows[row].of_images = row != 0;
    return row;
}

/* Called for every sprite: repeats within a frame take some nanoseconds. */
void pxe_profile_use(pxe_profile *profile, uint32_t picture, uint64_t trace_key, uint64_t bytes)
{
    pxe_row *row = &profile->pictures.rows[picture];
    const uint64_t need_bytes = pxe_curve_access_hinted(profile->curve, trace_key, bytes, &row->curve_hint);
    ++row->picture.uses;
    /* The curve does not know repeats of what it does not follow. */
    if (need_bytes != 0 && row->used_frame != profile->now.frame + 1) {
        const bool returned = row->used_frame != profile->now.frame;
        pxe_alarms_use(&profile->alarms, bytes, need_bytes, returned, profile->stats_before.limit_bytes);
    }
    row->used_frame = profile->now.frame + 1;
    row->drawn = true;
}

void pxe_profile_missed(pxe_profile *profile, uint32_t picture)
{
    pxe_picture_cost *missed = &profile->pictures.rows[picture].picture;
    ++missed->misses;
    profile->now.first_misses += missed->uploads == 0 ? 1 : 0;
}

void pxe_profile_late(pxe_profile *profile, uint32_t picture)
{
    pxe_row *row = &profile->pictures.rows[picture];
    ++profile->now.late_draws;
    ++row->picture.late_draws;
    if (row->late_frame != profile->now.frame + 1) { /* once a frame */
        pxe_alarms_late(&profile->alarms, row->picture.bytes);
        row->late_frame = profile->now.frame + 1;
    }
}

void pxe_profile_loaded(pxe_profile *profile, uint32_t picture, const pxe_loaded *loaded)
{
    pxe_row *row = &profile->pictures.rows[picture];
    const double start_ms = ms_at(profile, loaded->start_ticks);
    const double duration_ms = ms_at(profile, loaded->end_ticks) - start_ms;
    row->picture.decode_ms += duration_ms;
    pxe_profile_slice(profile, &(pxe_slice){start_ms, duration_ms, loaded->bytes, picture,
                                            (uint8_t)loaded->work, (uint8_t)loaded->thread});
    if (loaded->thread == 0) {
        pxe_slow_blame(profile, &(pxe_blame){loaded->work, row->picture.name, loaded->bytes, duration_ms});
    }
}

/* ---- What the cache tells ---------------------------------------------------------------------------------------*/

static uint32_t row_number(const pxe_profile *profile, const pxe_row *row)
{
    return (uint32_t)(row - profile->pictures.rows);
}

static uint32_t on_upload(pxe_profile *profile, const pxc_work *work, double duration_ms)
{
    pxe_row *row = pxe_pictures_find(&profile->pictures, work->name);
    const uint64_t frame = profile->now.frame;
    row->picture.upload_ms += duration_ms;
    row->picture.upload_bytes += work->bytes;
    profile->now.upload_ms += duration_ms;
    if (work->count != 0) {
        row->picture.bytes = work->cost_bytes;
        ++row->picture.uploads;
        row->drawn = false;
        row->picture.regrets +=
            row->evicted_frame != 0 && frame + 1 - row->evicted_frame <= PXE_REGRET_FRAMES ? 1 : 0;
        row->evicted_frame = 0;
    }
    pxe_slow_blame(profile, &(pxe_blame){PXE_WORK_UPLOAD, row->picture.name, work->bytes, duration_ms});
    return row_number(profile, row);
}

void pxe_profile_on_work(void *user, const pxc_work *work)
{
    static const uint8_t works[] = {[PXC_WORK_UPLOAD] = PXE_WORK_UPLOAD,
                                    [PXC_WORK_DELETE] = PXE_WORK_DELETE,
                                    [PXC_WORK_MOVE] = PXE_WORK_MOVE};
    pxe_profile *profile = user;
    const double duration_ms = (double)work->duration_ns / 1e6;
    const double start_ms = pxe_profile_now_ms(profile) - duration_ms;
    uint32_t picture = 0;
    if (work->kind == PXC_WORK_UPLOAD) {
        picture = on_upload(profile, work, duration_ms);
    } else if (work->kind == PXC_WORK_DELETE) {
        profile->now.delete_ms += duration_ms;
    }
    pxe_profile_slice(profile,
                      &(pxe_slice){start_ms, duration_ms, work->bytes, picture, works[work->kind], 0});
}

void pxe_profile_on_evict(void *user, pxc_key key, const char *name, pxc_evict_reason reason)
{
    pxe_profile *profile = user;
    (void)key;
    pxe_row *row = pxe_pictures_find(&profile->pictures, name);
    ++row->picture.evictions;
    if (row == profile->pictures.rows) { /* that one stands for many */
        return;
    }
    row->picture.undrawn_uploads += row->of_images && !row->drawn ? 1 : 0;
    if (reason ==
        PXC_EVICT_LIMIT) { /* no other could be regretted: a larger limit would not have spared it */
        row->evicted_frame = profile->now.frame + 1;
    }
}

/* ---- Curve and alarm --------------------------------------------------------------------------------------------*/

const pxe_curve *pxe_profile_curve(const pxe_profile *profile)
{
    return profile->curve;
}

pxe_alarm pxe_profile_alarm(const pxe_profile *profile)
{
    return profile->alarms.current;
}

void pxe_profile_set_on_alarm(pxe_profile *profile, pxe_alarm_fn on_alarm, void *user)
{
    profile->alarms.on_alarm = on_alarm;
    profile->alarms.on_alarm_user = user;
}
