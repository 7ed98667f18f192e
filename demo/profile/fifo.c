/* First in, first out: use changes nothing. A ring of the resident images in the order of their uploads; none is in it
 * twice, so it needs no more places than there are images. */
#include "boundary.h"

#include <stdlib.h>

typedef struct fifo {
    uint32_t places, first, count;
    uint32_t ring[];
} fifo;

static void *fifo_create(const access_trace *trace)
{
    fifo *f = malloc(sizeof *f + trace->image_count * sizeof *f->ring);
    if (f != NULL) {
        *f = (fifo){.places = trace->image_count};
    }
    return f;
}

static void fifo_added(void *order, uint32_t image, size_t access)
{
    (void)access;
    fifo *f = order;
    f->ring[((uint64_t)f->first + f->count++) % f->places] = image;
}

static void fifo_used(void *order, uint32_t image, size_t access)
{
    (void)order;
    (void)image;
    (void)access;
}

static uint32_t fifo_take(void *order)
{
    fifo *f = order;
    const uint32_t image = f->ring[f->first];
    f->first = (f->first + 1) % f->places;
    --f->count;
    return image;
}

bool replay_fifo(const replay_job *job, replay_result *out, trace_error *error)
{
    static const boundary_policy policy = {fifo_create, free, fifo_added, fifo_used, fifo_take};
    return boundary_replay(job, &policy, out, error);
}
