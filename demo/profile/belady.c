/* What is used farthest in the future goes: no cache can know it, and none has fewer misses if all images are of one
 * size (L. A. Belady, A study of replacement algorithms for a virtual-storage computer, IBM Systems Journal 5, 1966).
 * With different sizes it is a good mark, not a bound.
 *
 * One pass from the end tells for each access when its image is used next. The resident images are a heap with the
 * farthest next use on top; each image knows its place in it, because a use moves it.
 */
#include "boundary.h"

#include <stdlib.h>

typedef struct belady {
    size_t *next;    /* by access: when its image is used again; SIZE_MAX = never */
    size_t *when;    /* by image: its next use */
    uint32_t *heap;  /* images */
    uint32_t *place; /* by image: where in the heap */
    uint32_t count;
} belady;

static void belady_destroy(void *order)
{
    belady *b = order;
    if (b != NULL) {
        free(b->next);
        free(b->when);
        free(b->heap);
        free(b->place);
        free(b);
    }
}

static void *belady_create(const access_trace *trace)
{
    belady *b = calloc(1, sizeof *b);
    if (b == NULL) {
        return NULL;
    }
    b->next = malloc(trace->access_count * sizeof *b->next);
    b->when = malloc(trace->image_count * sizeof *b->when);
    b->heap = malloc(trace->image_count * sizeof *b->heap);
    b->place = malloc(trace->image_count * sizeof *b->place);
    if (b->next == NULL || b->when == NULL || b->heap == NULL || b->place == NULL) {
        belady_destroy(b);
        return NULL;
    }
    for (uint32_t i = 0; i < trace->image_count; ++i) {
        b->when[i] = SIZE_MAX;
    }
    for (size_t i = trace->access_count; i-- > 0;) {
        b->next[i] = b->when[trace->accesses[i]];
        b->when[trace->accesses[i]] = i;
    }
    return b;
}

static void put(belady *b, uint32_t place, uint32_t image)
{
    b->heap[place] = image;
    b->place[image] = place;
}

/* An image that belongs at that place or above it. */
static void rise(belady *b, uint32_t place, uint32_t image)
{
    while (place > 0 && b->when[b->heap[(place - 1) / 2]] < b->when[image]) {
        put(b, place, b->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(b, place, image);
}

/* An image that belongs at that place or below it. */
static void sink(belady *b, uint32_t place, uint32_t image)
{
    for (size_t child = 2 * (size_t)place + 1; child < b->count; child = 2 * (size_t)place + 1) {
        if (child + 1 < b->count && b->when[b->heap[child + 1]] > b->when[b->heap[child]]) {
            ++child;
        }
        if (b->when[b->heap[child]] <= b->when[image]) {
            break;
        }
        put(b, place, b->heap[child]);
        place = (uint32_t)child;
    }
    put(b, place, image);
}

static void belady_added(void *order, uint32_t image, size_t access)
{
    belady *b = order;
    b->when[image] = b->next[access];
    rise(b, b->count++, image);
}

static void belady_used(void *order, uint32_t image, size_t access)
{
    belady *b = order;
    b->when[image] = b->next[access]; /* later than what it was, which is now */
    rise(b, b->place[image], image);
}

static uint32_t belady_take(void *order)
{
    belady *b = order;
    const uint32_t image = b->heap[0];
    const uint32_t last = b->heap[--b->count];
    if (b->count > 0) {
        sink(b, 0, last);
    }
    return image;
}

bool replay_belady(const replay_job *job, replay_result *out, trace_error *error)
{
    static const boundary_policy policy = {belady_create, belady_destroy, belady_added, belady_used,
                                           belady_take};
    return boundary_replay(job, &policy, out, error);
}
