/* Slow frames, and what made them slow.
 *
 * Each frame keeps its longest pieces of work on pictures as it goes; when it turns out to be slow they are kept with it.
 * Slow is what takes twice the median of the frames before: the median of 120 sorted values, into which each frame moves
 * its own and out of which the oldest goes, which costs less than sorting.
 */
#include "profile.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* With fewer frames before it no frame is slow: a program's first ones have nothing in common. */
enum { LEAST_FRAMES = 8 };

const char *pxe_work_name(pxe_work work)
{
    static const char *const names[PXE_WORK_KINDS] = {"load", "update", "insert", "draw",   "evict", "swap",
                                                      "read", "decode", "upload", "delete", "move"};
    return (unsigned)work < PXE_WORK_KINDS ? names[work] : "unknown";
}

void pxe_profile_set_slow_ms(pxe_profile *profile, double slow_ms)
{
    profile->slow_ms = slow_ms;
}

/* Pieces of the same work on the same picture, such as the bands of a large one, are one. */
static bool joins(pxe_slow_frame *now, const pxe_blame *blame, uint32_t *at)
{
    for (uint32_t i = 0; i < now->blame_count; ++i) {
        pxe_blame *known = &now->blames[i];
        if (known->work == blame->work && known->picture == blame->picture) {
            known->ms += blame->ms;
            known->bytes += blame->bytes;
            *at = i;
            return true;
        }
    }
    return false;
}

void pxe_slow_blame(pxe_profile *profile, const pxe_blame *blame)
{
    pxe_slow_frame *now = &profile->slow_now;
    uint32_t at = 0;
    if (!joins(now, blame, &at)) {
        if (now->blame_count == PXE_BLAMES) {
            ++now->more;
            if (now->blames[PXE_BLAMES - 1].ms >= blame->ms) {
                return;
            }
        }
        at = now->blame_count < PXE_BLAMES ? now->blame_count++ : PXE_BLAMES - 1;
        now->blames[at] = *blame;
    }
    const pxe_blame moved = now->blames[at];
    for (; at > 0 && now->blames[at - 1].ms < moved.ms; --at) {
        now->blames[at] = now->blames[at - 1];
    }
    now->blames[at] = moved;
}

void pxe_slow_forget(pxe_profile *profile)
{
    profile->slow_now.blame_count = profile->slow_now.more = 0;
}

/* The first of the recent times that is not below it. */
static uint32_t rank_of(const pxe_profile *profile, double ms)
{
    uint32_t low = 0;
    uint32_t high = profile->recent_count;
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        if (profile->recent_ms[middle] < ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The ring of frames may be shorter than the median's: times are kept in their own order, too. */
static void remember(pxe_profile *profile, double ms)
{
    double *oldest = &profile->recent_ring[profile->frame_count % PXE_MEDIAN_FRAMES];
    if (profile->recent_count == PXE_MEDIAN_FRAMES) {
        const uint32_t gone = rank_of(profile, *oldest);
        memmove(&profile->recent_ms[gone], &profile->recent_ms[gone + 1],
                (PXE_MEDIAN_FRAMES - 1 - gone) * sizeof(double));
        --profile->recent_count;
    }
    *oldest = ms;
    const uint32_t at = rank_of(profile, ms);
    memmove(&profile->recent_ms[at + 1], &profile->recent_ms[at],
            (profile->recent_count - at) * sizeof(double));
    profile->recent_ms[at] = ms;
    ++profile->recent_count;
}

static double median_of(const pxe_profile *profile)
{
    const uint32_t count = profile->recent_count;
    return count == 0 ? 0 : (profile->recent_ms[(count - 1) / 2] + profile->recent_ms[count / 2]) / 2;
}

void pxe_slow_frame_end(pxe_profile *profile)
{
    pxe_slow_frame *now = &profile->slow_now;
    now->frame = profile->now;
    now->median_ms = median_of(profile);
    const bool is_slow = profile->slow_ms > 0 ? now->frame.frame_ms > profile->slow_ms
                                              : profile->recent_count >= LEAST_FRAMES &&
                                                    now->frame.frame_ms > 2 * now->median_ms;
    if (is_slow) {
        profile->slow[profile->slow_count++ % PXE_SLOW_FRAMES] = *now;
    }
    remember(profile, now->frame.frame_ms);
    pxe_slow_forget(profile);
}

size_t pxe_profile_slow_frames(const pxe_profile *profile, pxe_slow_frame *out, size_t room)
{
    const uint64_t first = pxe_ring_first(profile->slow_count, PXE_SLOW_FRAMES);
    size_t count = 0;
    for (uint64_t i = profile->slow_count; i > first && count < room; --i) {
        out[count] = profile->slow[(i - 1) % PXE_SLOW_FRAMES];
        const pxe_frame *frame = pxe_profile_frame(profile, out[count].frame.frame);
        if (frame != NULL) {
            out[count].frame.gpu_ms = frame->gpu_ms; /* which came later */
        }
        ++count;
    }
    return count;
}

uint64_t pxe_profile_slow_count(const pxe_profile *profile)
{
    return profile->slow_count;
}

/* ---- In words ---------------------------------------------------------------------------------------------------*/

/* The section that took longest, and what no section accounts for: the application's own. */
static int longest_section(const pxe_frame *frame, double *ms)
{
    double rest_ms = frame->frame_ms;
    int longest = -1;
    *ms = 0;
    for (int i = 0; i < PXE_SECTION_COUNT; ++i) {
        rest_ms -= frame->section_ms[i];
        if (frame->section_ms[i] > *ms) {
            *ms = frame->section_ms[i];
            longest = i;
        }
    }
    if (rest_ms > *ms) {
        *ms = rest_ms;
        return -1;
    }
    return longest;
}

static size_t add_blame(const pxe_blame *blame, char *text, size_t size)
{
    const int written = snprintf(text, size, ", %s %s (%.1f KiB) %.1f ms", pxe_work_name(blame->work),
                                 blame->picture, (double)blame->bytes / 1024, blame->ms);
    return written < 0 ? 0 : (size_t)written;
}

void pxe_slow_frame_text(const pxe_slow_frame *slow, char *text, size_t size)
{
    double ms = 0;
    const int section = longest_section(&slow->frame, &ms);
    const int written = snprintf(text, size, "frame %llu took %.1f ms, median %.1f ms: %s %.1f ms",
                                 (unsigned long long)slow->frame.frame, slow->frame.frame_ms, slow->median_ms,
                                 section < 0 ? "the application" : pxe_work_name((pxe_work)section), ms);
    size_t length = written < 0 ? 0 : (size_t)written;
    uint32_t told = 0;
    while (told < slow->blame_count && length < size &&
           (told == 0 ||
            slow->blames[told].ms * 10 >= slow->blames[0].ms)) { /* a tenth of the worst is no reason */
        length += add_blame(&slow->blames[told++], text + length, size - length);
    }
    const uint32_t more = slow->blame_count - told + slow->more;
    if (more != 0 && length < size) {
        snprintf(text + length, size - length, ", and %u more", (unsigned)more);
    }
}
