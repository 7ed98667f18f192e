/* A place is used again only after all others, so that a second release of the same item meets an empty place. */
#include "queue.h"

#include <string.h>

void queue_init(queue *q)
{
    memset(q, 0, sizeof *q);
}

size_t queue_bytes(const queue *q)
{
    size_t sum = 0;
    for (size_t i = 0; i < QUEUE_MAX && q->count > 0; ++i) {
        sum += q->items[i].pixels != NULL ? q->items[i].mailbox_bytes : 0;
    }
    return sum;
}

static bool is_waiting(const queue_item *item)
{
    return item->pixels != NULL && !item->due;
}

queue_item *queue_of_name(queue *q, int name)
{
    for (size_t i = 0; i < QUEUE_MAX && q->count > 0; ++i) {
        if (is_waiting(&q->items[i]) && q->items[i].name == name) {
            return &q->items[i];
        }
    }
    return NULL;
}

queue_item *queue_place(queue *q)
{
    for (size_t i = 0; i < QUEUE_MAX; ++i) {
        queue_item *item = &q->items[(q->arrivals + i) % QUEUE_MAX];
        if (item->pixels == NULL) {
            return item;
        }
    }
    return NULL;
}

void queue_add(queue *q, queue_item *place, const queue_item *item)
{
    queue_item *older = queue_of_name(q, item->name);
    *place = *item;
    place->arrival = ++q->arrivals;
    place->read_frame = UINT64_MAX;
    if (older != NULL) {
        place->wanted = older->wanted > 0 ? ++q->questions : 0;
        older->due = true;
    }
    q->count++;
}

void queue_remove(queue *q, queue_item *item)
{
    item->pixels = NULL;
    q->count--;
}

void queue_want(queue *q, queue_item *item)
{
    if (item->wanted == 0) {
        item->wanted = ++q->questions;
    }
}

void queue_read(queue *q, uint64_t frame)
{
    for (size_t i = 0; i < QUEUE_MAX && q->count > 0; ++i) {
        if (q->items[i].read_frame == UINT64_MAX) {
            q->items[i].read_frame = frame;
        }
    }
}

void queue_all_due(queue *q)
{
    for (size_t i = 0; i < QUEUE_MAX && q->count > 0; ++i) {
        q->items[i].due = true;
    }
}

size_t queue_due_count(const queue *q)
{
    size_t count = 0;
    for (size_t i = 0; i < QUEUE_MAX && q->count > 0; ++i) {
        count += q->items[i].pixels != NULL && q->items[i].due;
    }
    return count;
}

size_t queue_left_bytes(const queue_item *item)
{
    return item->row_bytes * (size_t)(item->image.height - item->rows_done);
}

queue_item *queue_first(queue *q, uint64_t frame)
{
    queue_item *wanted = NULL;
    queue_item *other = NULL;
    for (size_t i = 0; i < QUEUE_MAX && q->count > 0; ++i) {
        queue_item *item = &q->items[i];
        if (!is_waiting(item)) {
            continue;
        }
        if (item->wanted > 0) {
            wanted = wanted == NULL || item->wanted < wanted->wanted ? item : wanted;
        } else {
            other = other == NULL || item->arrival < other->arrival ? item : other;
        }
    }
    if (other == NULL || wanted == NULL) {
        return other == NULL ? wanted : other;
    }
    const bool has_waited = frame - other->read_frame >= QUEUE_WAIT_FRAMES;
    return has_waited && other->read_frame < wanted->read_frame ? other : wanted;
}
