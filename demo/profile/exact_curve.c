/* One pass over the trace. pxe_curve tells what each access needs: it hits at that limit and at all above.
 * small_limits.c adds the limits below the largest image at which it hits, too. A repeat within its frame hits wherever
 * its image is not refused. Each of these is a change of the curve at some limit; their sums are the curve.
 *
 * What is uploaded at a limit: all accesses to images that it does not refuse, but for the hits.
 */
#include "exact_curve.h"
#include "small_limits.h"

#include <pxe/curve.h>

#include <inttypes.h>
#include <stdlib.h>

/* Up to here pxe_curve is exact: it follows so many images, and counts so many bytes. */
enum { MOST_IMAGES = 1 << 21 };

#define MOST_IMAGE_BYTES (UINT64_C(1) << 40)
#define MOST_BYTES       (UINT64_C(1) << 48)

/* By image. */
typedef struct image_uses {
    uint64_t accesses, repeats;
} image_uses;

typedef struct making {
    const access_trace *trace;
    pxe_curve *needs;
    use_order *order;
    image_uses *uses;
    exact_curve *out;
} making;

static bool check(const access_trace *trace, trace_error *error)
{
    if (trace->image_count > MOST_IMAGES) {
        return trace_fail(error, 0, "has %" PRIu32 " images; a curve is exact up to %d", trace->image_count,
                          MOST_IMAGES);
    }
    if (trace->largest_bytes > MOST_IMAGE_BYTES || trace->image_bytes >= MOST_BYTES) {
        return trace_fail(error, 0, "has too many bytes for an exact curve: 1 TiB an image, 256 TiB in all");
    }
    return true;
}

static bool prepare(making *m)
{
    const pxe_curve_config config = {.most_images = m->trace->image_count};
    m->needs = pxe_curve_create(&config);
    m->order = use_order_create(m->trace);
    m->uses = calloc(m->trace->image_count, sizeof *m->uses);
    return m->needs != NULL && m->order != NULL && m->uses != NULL;
}

static void add_access(making *m, uint32_t image)
{
    const uint64_t bytes = m->trace->images[image].bytes;
    const uint64_t need = pxe_curve_access(m->needs, image, bytes);
    ++m->uses[image].accesses;
    if (need == 0) {
        ++m->uses[image].repeats;
    } else if (need == PXE_NEED_NONE) {
        ++m->out->first_accesses;
    } else {
        steps_add(&m->out->steps, (step){need, 1, 0 - bytes});
        if (bytes < m->trace->largest_bytes) {
            small_limits_add(m->order, &(small_access){image, bytes, need}, &m->out->steps);
        }
    }
}

static void add_frames(making *m, progress *told)
{
    const access_trace *trace = m->trace;
    size_t at = 0;
    for (size_t frame = 0; !m->out->steps.failed && frame < trace->frame_count; ++frame) {
        const size_t start = at;
        for (; at < trace->frame_ends[frame]; ++at) {
            add_access(m, trace->accesses[at]);
        }
        pxe_curve_frame_end(m->needs);
        use_order_frame_end(m->order, trace->accesses + start, at - start);
        if (told != NULL) {
            progress_tell(told, at, trace->access_count);
        }
    }
}

/* From its own size on, an image is uploaded where it does not hit, and its repeats hit. */
static void add_images(making *m)
{
    for (uint32_t i = 0; i < m->trace->image_count; ++i) {
        const uint64_t bytes = m->trace->images[i].bytes;
        const image_uses *uses = &m->uses[i];
        steps_add(&m->out->steps, (step){bytes, uses->repeats, (uses->accesses - uses->repeats) * bytes});
    }
}

static bool sum_up(making *m)
{
    exact_curve *out = m->out;
    if (!steps_sum(&out->steps)) {
        return false;
    }
    const step *last = &out->steps.list[out->steps.count - 1];
    out->accesses = m->trace->access_count;
    out->most_hits = last->hits;
    out->flat_bytes = last->limit_bytes;
    out->largest_bytes = m->trace->largest_bytes;
    return true;
}

bool exact_curve_make(const access_trace *trace, progress *told, exact_curve *out, trace_error *error)
{
    *out = (exact_curve){0};
    if (!check(trace, error)) {
        return false;
    }
    making m = {.trace = trace, .out = out};
    bool done = prepare(&m);
    if (done) {
        add_frames(&m, told);
        add_images(&m);
        done = sum_up(&m);
    }
    free(m.uses);
    use_order_destroy(m.order);
    pxe_curve_destroy(m.needs);
    if (!done) {
        exact_curve_free(out);
        return trace_fail(error, 0, "no memory for its curve");
    }
    return true;
}

void exact_curve_free(exact_curve *curve)
{
    steps_free(&curve->steps);
    *curve = (exact_curve){0};
}

step exact_curve_at(const exact_curve *curve, uint64_t limit_bytes)
{
    return curve->steps.list[steps_find(&curve->steps, limit_bytes)];
}

uint64_t exact_curve_recommend(const exact_curve *curve, double lost)
{
    const uint64_t wanted = curve->most_hits - (uint64_t)(lost * (double)curve->most_hits);
    const steps *s = &curve->steps;
    size_t i = steps_find(s, curve->largest_bytes);
    while (s->list[i].hits < wanted) { /* above the largest image hits only grow, up to the most */
        ++i;
    }
    const uint64_t limit = s->list[i].limit_bytes;
    return limit > curve->largest_bytes ? limit : curve->largest_bytes;
}
