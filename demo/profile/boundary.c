/* The cache's rules, told once more without its code, for policies that it does not have:
 *
 *   - a miss uploads, unless the image alone is above the limit or the ceiling, or is too much for the ceiling now;
 *   - nothing leaves inside a frame: all that it used is hit again;
 *   - at the boundary images leave until the limit holds, and what the ceiling refused has room below it.
 */
#include "boundary.h"

#include <stdlib.h>

typedef struct simulation {
    const replay_job *job;
    const boundary_policy *policy;
    void *order;
    bool *resident; /* by image */
    uint64_t used_bytes;
    uint64_t wanted_bytes; /* the largest that the ceiling refused in this frame */
    replay_result *result;
} simulation;

static bool is_refused(simulation *s, uint64_t bytes)
{
    const uint64_t ceiling = s->job->ceiling_bytes;
    if (bytes > s->job->limit_bytes || bytes > ceiling) {
        return true;
    }
    if (s->used_bytes <= ceiling - bytes) {
        return false;
    }
    s->wanted_bytes = bytes > s->wanted_bytes ? bytes : s->wanted_bytes;
    return true;
}

static void upload(simulation *s, uint32_t image, size_t access)
{
    const uint64_t bytes = s->job->trace->images[image].bytes;
    replay_result *result = s->result;
    if (is_refused(s, bytes)) {
        ++result->refused;
        return;
    }
    s->resident[image] = true;
    s->used_bytes += bytes;
    ++result->uploads;
    result->upload_bytes += bytes;
    result->peak_bytes = s->used_bytes > result->peak_bytes ? s->used_bytes : result->peak_bytes;
    s->policy->added(s->order, image, access);
}

static void end_frame(simulation *s)
{
    const uint64_t below_ceiling = s->job->ceiling_bytes - s->wanted_bytes;
    const uint64_t most = s->job->limit_bytes < below_ceiling ? s->job->limit_bytes : below_ceiling;
    while (s->used_bytes > most) {
        const uint32_t image = s->policy->take(s->order);
        s->resident[image] = false;
        s->used_bytes -= s->job->trace->images[image].bytes;
        ++s->result->evictions;
    }
    s->wanted_bytes = 0;
}

static void run(simulation *s)
{
    const access_trace *trace = s->job->trace;
    size_t at = 0;
    for (size_t frame = 0; frame < trace->frame_count; ++frame) {
        for (; at < trace->frame_ends[frame]; ++at) {
            const uint32_t image = trace->accesses[at];
            if (s->resident[image]) {
                ++s->result->hits;
                s->policy->used(s->order, image, at);
            } else {
                ++s->result->misses;
                upload(s, image, at);
            }
        }
        end_frame(s);
        if (s->job->progress != NULL) {
            progress_tell(s->job->progress, at, trace->access_count);
        }
    }
}

bool boundary_replay(const replay_job *job, const boundary_policy *policy, replay_result *out,
                     trace_error *error)
{
    *out = (replay_result){0};
    simulation s = {.job = job, .policy = policy, .result = out};
    s.resident = calloc(job->trace->image_count, sizeof *s.resident);
    s.order = policy->create(job->trace);
    const bool ready = s.resident != NULL && s.order != NULL;
    if (ready) {
        run(&s);
    }
    policy->destroy(s.order);
    free(s.resident);
    return ready || trace_fail(error, 0, "can not be replayed: no memory");
}
