/* Frames to numbers that can be read.
 *
 * Means are over half a second of the frames' own time: while a program rests no time passes for them, and a number
 * that was read stays as long as the next one takes. In the first half second they are of the frames so far.
 *
 * What the display does itself is not counted: its sprites, its draw calls, and its glyphs, which are found in the
 * cache a thousand times a frame and would make any hit rate a good one.
 */
#include "hud.h"

#include "font.h"
#include "gpu_timer.h"
#include "profile.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double lost = 0.01; /* of the hits, at the limit that is recommended */

/* ---- Means ------------------------------------------------------------------------------------------------------*/

static uint64_t without(uint64_t all, uint64_t part)
{
    return all > part ? all - part : 0;
}

/* A picture that was missed is used as soon as it has come: uses are all that was asked for. With workers it comes in a
 * later frame; then a frame may have more misses than uses. */
pxe_hud_counts pxe_hud_counts_of(const pxe_frame *frame, const pxe_hud_own *own)
{
    pxe_hud_counts counts = {
        .misses = without(frame->misses, own->misses),
        .draws = (uint32_t)without(frame->draws, own->draws),
        .sprites = (uint32_t)without(frame->sprites, own->sprites),
    };
    if (own->uses != 0) {
        counts.asked = own->uses > counts.misses ? own->uses : counts.misses;
        counts.hits = counts.asked - counts.misses;
    } else {
        counts.hits = without(frame->hits, own->hits);
        counts.asked = counts.hits + counts.misses;
    }
    return counts;
}

pxe_hud_means pxe_hud_means_of(const pxe_hud_sums *sums)
{
    pxe_hud_means means = {.hit_rate = sums->asked == 0 ? -1 : (double)sums->hits / (double)sums->asked};
    if (sums->frames == 0 || !(sums->frame_ms > 0)) {
        return means;
    }
    const double frames = (double)sums->frames;
    const double seconds = sums->frame_ms / 1e3;
    means.frames = sums->frames;
    means.frame_ms = sums->frame_ms / frames;
    means.fps = frames / seconds;
    means.cpu_ms = sums->cpu_ms / frames;
    means.gpu_ms = sums->gpu_frames == 0 ? 0 : sums->gpu_ms / (double)sums->gpu_frames;
    means.section_ms[PXE_SECTION_COUNT] = means.frame_ms;
    for (int i = 0; i < PXE_SECTION_COUNT; ++i) {
        means.section_ms[i] = sums->section_ms[i] / frames;
        means.section_ms[PXE_SECTION_COUNT] -= means.section_ms[i];
    }
    means.section_ms[PXE_SECTION_COUNT] = fmax(means.section_ms[PXE_SECTION_COUNT], 0);
    means.misses_s = (double)sums->misses / seconds;
    means.late_draws_s = (double)sums->late_draws / seconds;
    means.evictions_s = (double)sums->evictions / seconds;
    means.uploads_s = (double)sums->uploads / seconds;
    means.upload_bytes_s = (double)sums->upload_bytes / seconds;
    means.draws = (double)sums->draws / frames;
    means.sprites = (double)sums->sprites / frames;
    return means;
}

static void add(pxe_hud_sums *sums, const pxe_frame *frame, const pxe_hud_counts *counts)
{
    ++sums->frames;
    sums->frame_ms += frame->frame_ms;
    sums->cpu_ms += frame->cpu_ms;
    for (int i = 0; i < PXE_SECTION_COUNT; ++i) {
        sums->section_ms[i] += frame->section_ms[i];
    }
    sums->late_draws += frame->late_draws;
    sums->evictions += frame->evictions;
    sums->uploads += frame->uploads;
    sums->upload_bytes += frame->upload_bytes;
    sums->draws += counts->draws;
    sums->sprites += counts->sprites;
    sums->asked += counts->asked;
    sums->hits += counts->hits;
    sums->misses += counts->misses;
}

bool pxe_hud_window_add(pxe_hud_window *window, const pxe_frame *frame, const pxe_hud_counts *counts,
                        double gpu_ms)
{
    pxe_hud_sums *sums = &window->sums;
    add(sums, frame, counts);
    sums->gpu_ms += gpu_ms;
    sums->gpu_frames += gpu_ms > 0 ? 1 : 0;
    const bool is_whole = sums->frame_ms >= pxe_hud_window_ms;
    if (is_whole || !window->has_closed) {
        window->means = pxe_hud_means_of(sums);
    }
    if (is_whole) {
        *sums = (pxe_hud_sums){0};
        window->has_closed = true;
    }
    return is_whole;
}

/* In the first window the facts come with the frames 1, 2, 4, 8 and so on. */
static bool is_due(const pxe_hud_window *window, bool is_new)
{
    const uint64_t frames = window->sums.frames;
    return is_new || (!window->has_closed && (frames & (frames - 1)) == 0);
}

void pxe_hud_take_frames(pxe_hud *hud)
{
    const pxe_profile *profile = hud->engine->profile;
    const pxe_frame *last = pxe_profile_last(profile);
    bool due = false;
    if (last == NULL) {
        return;
    }
    if (hud->next_frame + PXE_HUD_HISTORY <= last->frame) {
        hud->next_frame = last->frame + 1 - PXE_HUD_HISTORY;
    }
    for (; hud->next_frame <= last->frame; ++hud->next_frame) {
        const pxe_frame *frame = pxe_profile_frame(profile, hud->next_frame);
        if (frame != NULL) {
            const pxe_hud_own own = pxe_hud_own_in(hud, frame->frame);
            const pxe_hud_counts counts = pxe_hud_counts_of(frame, &own);
            const pxe_frame *timed = frame->frame >= PXE_GPU_TIMER_QUERIES
                                         ? pxe_profile_frame(profile, frame->frame - PXE_GPU_TIMER_QUERIES)
                                         : NULL;
            const bool is_new =
                pxe_hud_window_add(&hud->window, frame, &counts, timed != NULL ? timed->gpu_ms : 0);
            due = is_due(&hud->window, is_new) || due;
        }
    }
    if (due) {
        pxe_hud_refresh(hud);
    }
}

/* ---- Facts ------------------------------------------------------------------------------------------------------*/

/* Without a sort: the slowest are few. */
double pxe_hud_low_ms(const pxe_profile *profile)
{
    enum { SLOWEST = PXE_HUD_LOW_FRAMES / 100 };
    double slowest[SLOWEST]; /* descending */
    const pxe_frame *last = pxe_profile_last(profile);
    const pxe_frame *frame = last;
    uint32_t frames = 0;
    uint32_t kept = 0;
    for (; frame != NULL && frames < PXE_HUD_LOW_FRAMES; ++frames) {
        uint32_t at = kept < SLOWEST ? kept++ : SLOWEST;
        for (; at > 0 && slowest[at - 1] < frame->frame_ms; --at) {
            if (at < SLOWEST) {
                slowest[at] = slowest[at - 1];
            }
        }
        if (at < SLOWEST) {
            slowest[at] = frame->frame_ms;
        }
        frame = frame->frame == 0 ? NULL : pxe_profile_frame(profile, frame->frame - 1);
    }
    const uint32_t counted = (frames + 99) / 100;
    double sum = 0;
    for (uint32_t i = 0; i < counted; ++i) {
        sum += slowest[i];
    }
    return counted == 0 ? 0 : sum / counted;
}

/* One frame in fifty may stick out; its mark says so. */
double pxe_hud_top_ms(const pxe_profile *profile, uint32_t frames)
{
    enum { LEVELS = 12, OUT_OF = 50 };
    uint32_t above[LEVELS] = {0};
    const pxe_frame *frame = pxe_profile_last(profile);
    uint32_t seen = 0;
    for (; frame != NULL && seen < frames; ++seen) {
        for (int i = 0; i < LEVELS && frame->frame_ms * 1.1 > 20.0 * (1 << i); ++i) {
            ++above[i];
        }
        frame = frame->frame == 0 ? NULL : pxe_profile_frame(profile, frame->frame - 1);
    }
    int level = 0;
    while (level < LEVELS - 1 && above[level] > seen / OUT_OF) {
        ++level;
    }
    return 20.0 * (1 << level);
}

static double rate_at(const pxe_curve *curve, uint64_t accesses, uint64_t limit_bytes)
{
    return accesses == 0 ? 0 : (double)pxe_curve_at(curve, limit_bytes).hits / (double)accesses;
}

/* The highest of some round rates that is below the whole curve. */
static double floor_of(double lowest)
{
    static const double floors[] = {0.99, 0.95, 0.9, 0.8, 0.5};
    for (size_t i = 0; i < sizeof floors / sizeof floors[0]; ++i) {
        if (lowest >= floors[i]) {
            return floors[i];
        }
    }
    return 0;
}

/* The axis spans the limit and the recommended one, with some doublings around them. */
static void refresh_curve(pxe_hud_facts *facts, const pxe_curve *curve, uint64_t limit_bytes)
{
    enum { BELOW = 3, ABOVE = 2, LEAST = 12 };
    facts->totals = pxe_curve_sum(curve);
    facts->limit_bytes = limit_bytes;
    facts->recommended_bytes = pxe_curve_recommend(curve, lost);
    if (facts->totals.accesses == 0) {
        return;
    }
    const uint64_t accesses = facts->totals.accesses;
    const double limit = log2(fmax((double)limit_bytes, 1));
    const double recommended = log2(fmax((double)facts->recommended_bytes, 1));
    facts->curve_low = fmax(floor(fmin(limit, recommended)) - BELOW, LEAST);
    facts->curve_high = fmax(ceil(fmax(limit, recommended)) + ABOVE, facts->curve_low + ABOVE);
    facts->curve_high = fmin(facts->curve_high, 62);
    for (int i = 0; i < PXE_HUD_POINTS; ++i) {
        const double share = (double)i / (PXE_HUD_POINTS - 1);
        const double log2_bytes = facts->curve_low + (facts->curve_high - facts->curve_low) * share;
        facts->rates[i] = (float)rate_at(curve, accesses, (uint64_t)exp2(log2_bytes));
    }
    facts->curve_floor = floor_of((double)facts->rates[0]);
    facts->limit_rate = rate_at(curve, accesses, limit_bytes);
    facts->recommended_rate = rate_at(curve, accesses, facts->recommended_bytes);
}

/* Whole paths would make it longer than anybody reads. */
static void refresh_slow(pxe_hud *hud)
{
    enum { BLAMES = 3, LETTERS = 24 };
    const float name_px = LETTERS * pxe_font_letter(hud->font, 'n').advance; /* at a size of 1 */
    char names[BLAMES][PXE_HUD_NAME_BYTES];
    pxe_slow_frame slow;
    hud->facts.slow_text[0] = '\0';
    if (pxe_profile_slow_frames(hud->engine->profile, &slow, 1) == 0) {
        return;
    }
    if (slow.blame_count > BLAMES) {
        slow.more += slow.blame_count - BLAMES;
        slow.blame_count = BLAMES;
    }
    for (uint32_t i = 0; i < slow.blame_count; ++i) {
        const char *name = slow.blames[i].picture;
        pxe_hud_shorten(hud->font, 1, name_px, name != NULL ? name : "(no name)", names[i]);
        slow.blames[i].picture = names[i];
    }
    pxe_slow_frame_text(&slow, hud->facts.slow_text, sizeof hud->facts.slow_text);
}

/* Shorter than pxe_alarm_text: the limits stand beside it. */
static void refresh_alarm(pxe_hud *hud)
{
    pxe_hud_facts *facts = &hud->facts;
    const pxe_alarm *alarm = &facts->alarm;
    facts->alarm = pxe_profile_alarm(hud->engine->profile);
    if (alarm->kind == PXE_ALARM_WORKING_SET) {
        snprintf(facts->alarm_text, sizeof facts->alarm_text,
                 "the pictures of one frame take %s, more than the limit of %s",
                 pxe_hud_bytes(alarm->set_bytes).text, pxe_hud_bytes(alarm->limit_bytes).text);
    } else {
        snprintf(facts->alarm_text, sizeof facts->alarm_text,
                 "%llu pictures came back in %d frames, and none was there any more with %s",
                 (unsigned long long)alarm->returns, PXE_ALARM_FRAMES,
                 pxe_hud_bytes(alarm->limit_bytes).text);
    }
}

void pxe_hud_refresh(pxe_hud *hud)
{
    const pxe_profile *profile = hud->engine->profile;
    pxe_hud_facts *facts = &hud->facts;
    facts->low_ms = pxe_hud_low_ms(profile);
    memset(facts->heights, 0, sizeof facts->heights);
    refresh_alarm(hud);
    if (hud->mode != PXE_HUD_FULL) {
        return;
    }
    facts->top_ms = pxe_hud_top_ms(profile, PXE_HUD_HISTORY / 2);
    refresh_curve(facts, pxe_profile_curve(profile), pxc_limit(hud->engine->cache));
    facts->picture_count = pxe_profile_pictures(profile, PXE_BY_COST, facts->pictures, PXE_HUD_PICTURES);
    facts->name_px = 0;
    pxe_profile_pictures_sum(profile, &facts->pictures_in_all);
    const pxe_frame *last = pxe_profile_last(profile);
    facts->idle_pin_bytes = 0;
    if (last != NULL && last->pinned_bytes != 0) { /* else there is no need to look at each entry */
        facts->idle_pin_bytes =
            pxe_profile_idle_pins(profile, hud->engine->cache, PXE_HUD_IDLE_FRAMES, NULL, 0).bytes;
    }
    refresh_slow(hud);
}
