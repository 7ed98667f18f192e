/* SIEVE: a queue in the order of uploads and a hand that goes through it from the oldest to the newest, and round
 * again. Who was used since the hand last came by is spared once; who was not goes. Nothing ever moves in the queue.
 * Source: Y. Zhang et al., SIEVE is simpler than LRU, NSDI 2024. */
#include "boundary.h"

#include <stdlib.h>

#define NOBODY UINT32_MAX

typedef struct sieve_image {
    uint32_t newer, older;
    bool used;
} sieve_image;

typedef struct sieve {
    uint32_t newest, oldest;
    uint32_t hand; /* who is asked next; NOBODY = the oldest */
    sieve_image images[];
} sieve;

static void *sieve_create(const access_trace *trace)
{
    sieve *s = malloc(sizeof *s + trace->image_count * sizeof *s->images);
    if (s != NULL) {
        *s = (sieve){.newest = NOBODY, .oldest = NOBODY, .hand = NOBODY};
    }
    return s;
}

static void sieve_added(void *order, uint32_t image, size_t access)
{
    (void)access;
    sieve *s = order;
    s->images[image] = (sieve_image){.newer = NOBODY, .older = s->newest};
    if (s->newest == NOBODY) {
        s->oldest = image;
    } else {
        s->images[s->newest].newer = image;
    }
    s->newest = image;
}

static void sieve_used(void *order, uint32_t image, size_t access)
{
    (void)access;
    ((sieve *)order)->images[image].used = true;
}

static void unlink_image(sieve *s, uint32_t image)
{
    const sieve_image *i = &s->images[image];
    if (i->older == NOBODY) {
        s->oldest = i->newer;
    } else {
        s->images[i->older].newer = i->newer;
    }
    if (i->newer == NOBODY) {
        s->newest = i->older;
    } else {
        s->images[i->newer].older = i->older;
    }
}

static uint32_t sieve_take(void *order)
{
    sieve *s = order;
    uint32_t at = s->hand == NOBODY ? s->oldest : s->hand;
    while (s->images[at].used) {
        s->images[at].used = false;
        at = s->images[at].newer == NOBODY ? s->oldest : s->images[at].newer;
    }
    s->hand = s->images[at].newer;
    unlink_image(s, at);
    return at;
}

bool replay_sieve(const replay_job *job, replay_result *out, trace_error *error)
{
    static const boundary_policy policy = {sieve_create, free, sieve_added, sieve_used, sieve_take};
    return boundary_replay(job, &policy, out, error);
}
