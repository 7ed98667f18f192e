/* Two ways in which a limit is too small, and neither shows in a single frame:
 *
 *   the working set     a frame's pictures alone are more than the limit: each frame uploads what the boundary before it
 *                       evicted
 *   a loop over frames  what is drawn now and then comes back just after it was evicted, every time: exact LRU evicts what
 *                       is needed next, and a limit that is a tenth too small has no hits at all
 *
 * Pictures that are drawn in every frame say nothing about the second: only what comes back after a frame without it is
 * counted. What it would have needed is what the curve says of each use.
 */
#include "alarm.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* So many that come back in PXE_ALARM_FRAMES frames, in so many of these, and none is there: no accident, and not one
 * view that is shown instead of another. */
enum { LEAST_RETURNS = 30, LEAST_RETURN_FRAMES = 10 };

void pxe_alarms_use(pxe_alarms *alarms, uint64_t bytes, uint64_t need_bytes, bool returned,
                    uint64_t limit_bytes)
{
    pxe_alarm_frame *now = &alarms->now;
    now->set_bytes += bytes;
    if (need_bytes == PXE_NEED_NONE) {
        return;
    }
    if (returned) {
        now->need_bytes = need_bytes > now->need_bytes ? need_bytes : now->need_bytes;
        now->found += need_bytes <= limit_bytes ? 1 : 0;
        ++now->returns;
    }
}

void pxe_alarms_late(pxe_alarms *alarms, uint64_t bytes)
{
    alarms->now.set_bytes += bytes;
}

static int by_bytes(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left;
    const uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* At which what came back in nine of ten frames would have hit: one picture that comes back after an hour is no reason
 * for a limit that holds the hour. By nearest rank. */
static uint64_t limit_for_returns(const pxe_alarms *alarms)
{
    uint64_t needs[PXE_ALARM_FRAMES];
    size_t count = 0;
    for (int i = 0; i < PXE_ALARM_FRAMES; ++i) {
        needs[count] = alarms->frames[i].need_bytes;
        count += needs[count] != 0 ? 1 : 0;
    }
    qsort(needs, count, sizeof *needs, by_bytes);
    return count == 0 ? 0 : needs[(count * 9 + 9) / 10 - 1];
}

static pxe_alarm measure(const pxe_alarms *alarms)
{
    pxe_alarm sum = {.kind = PXE_ALARM_NONE};
    int return_frames = 0;
    for (int i = 0; i < PXE_ALARM_FRAMES; ++i) {
        const pxe_alarm_frame *frame = &alarms->frames[i];
        sum.set_bytes = frame->set_bytes > sum.set_bytes ? frame->set_bytes : sum.set_bytes;
        sum.returns += frame->returns;
        sum.found += frame->found;
        return_frames += frame->returns != 0 ? 1 : 0;
    }
    if (alarms->over_frames >= PXE_ALARM_FRAMES) {
        sum.kind = PXE_ALARM_WORKING_SET;
    } else if (sum.returns >= LEAST_RETURNS && return_frames >= LEAST_RETURN_FRAMES && sum.found == 0) {
        sum.kind = PXE_ALARM_LOOP;
    }
    return sum;
}

void pxe_alarms_frame_end(pxe_alarms *alarms, uint64_t frame, uint64_t limit_bytes)
{
    alarms->frames[frame % PXE_ALARM_FRAMES] = alarms->now;
    alarms->over_frames = alarms->now.set_bytes > limit_bytes ? alarms->over_frames + 1 : 0;
    alarms->now = (pxe_alarm_frame){0};

    pxe_alarm found = measure(alarms);
    alarms->calm_frames = found.kind == PXE_ALARM_NONE ? alarms->calm_frames + 1 : 0;
    if (alarms->calm_frames >= PXE_ALARM_FRAMES) {
        alarms->current.kind = PXE_ALARM_NONE;
    }
    if (found.kind == PXE_ALARM_NONE || alarms->current.kind != PXE_ALARM_NONE) {
        return;
    }
    found.frame = frame;
    found.limit_bytes = limit_bytes;
    found.needed_bytes = found.kind == PXE_ALARM_LOOP ? limit_for_returns(alarms) : found.set_bytes;
    alarms->current = found;
    if (alarms->on_alarm != NULL) {
        alarms->on_alarm(alarms->on_alarm_user, &found);
    }
}

/* Rounded up: a limit that is too small by the rounding would not help. */
static double mib_up(uint64_t bytes)
{
    return (double)((bytes >> 20) + ((bytes & 0xFFFFF) != 0 ? 1 : 0));
}

void pxe_alarm_text(const pxe_alarm *alarm, char *text, size_t size)
{
    const double limit_mib = (double)alarm->limit_bytes / 1048576;
    if (alarm->kind == PXE_ALARM_WORKING_SET) {
        snprintf(text, size,
                 "frame %" PRIu64
                 ": the pictures of one frame take %.1f MiB, for %d frames now, and the limit is "
                 "%.1f MiB: a limit of %.0f MiB would help",
                 alarm->frame, (double)alarm->set_bytes / 1048576, PXE_ALARM_FRAMES, limit_mib,
                 mib_up(alarm->needed_bytes));
    } else if (alarm->kind == PXE_ALARM_LOOP) {
        snprintf(text, size,
                 "frame %" PRIu64 ": %" PRIu64
                 " pictures came back in %d frames, and none was there any more with a "
                 "limit of %.1f MiB: a limit of %.0f MiB would help",
                 alarm->frame, alarm->returns, PXE_ALARM_FRAMES, limit_mib, mib_up(alarm->needed_bytes));
    } else {
        snprintf(text, size, "no alarm");
    }
}
