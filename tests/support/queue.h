/* What was handed over, as a plain list beside model.h: what is still to go up, what is to be released, and whose turn
 * it is. It knows the contract's paragraph on the order and nothing of the cache's lines and letters. */
#ifndef PIXCACHE_TESTS_QUEUE_H
#define PIXCACHE_TESTS_QUEUE_H

#include "model.h"

enum {
    QUEUE_MAX = 256,
    QUEUE_WAIT_FRAMES = 30,
    QUEUE_MAX_ABANDONED = 3, /* textures given up half-way that may await the boundary */
};

typedef struct queue_item {
    unsigned char *pixels; /* owned; NULL = this place is free */
    void *owner;           /* the caller's */
    int name;
    model_image image;
    size_t row_bytes;
    size_t mailbox_bytes;
    int rows_done;
    bool due;            /* to be released: taken back, replaced, uploaded, or dropped */
    uint64_t arrival;    /* a running number */
    uint64_t wanted;     /* number of the question since which it is wanted; 0 = nobody asked */
    uint64_t read_frame; /* the frame from which it has waited; UINT64_MAX = the cache has not looked yet */
} queue_item;

typedef struct queue {
    queue_item items[QUEUE_MAX];
    uint64_t arrivals, questions;
    size_t count;        /* not released */
    queue_item *partial; /* up in part */
    unsigned abandoned;  /* textures given up half-way since the boundary */
} queue;

/* Forgets everything; nothing is freed. */
void queue_init(queue *q);

/* Bytes of the mailbox that are taken: all that is not released. */
size_t queue_bytes(const queue *q);

/* The item of that name that is still to go up, NULL = none. */
queue_item *queue_of_name(queue *q, int name);

/* A free place, which stays free; NULL = none. */
queue_item *queue_place(queue *q);

/* Puts an item there. An older one of the name is due from now on, and what it is wanted for goes over. */
void queue_add(queue *q, queue_item *place, const queue_item *item);

/* Its place is free from now on. */
void queue_remove(queue *q, queue_item *item);

/* Somebody asked for it. */
void queue_want(queue *q, queue_item *item);

/* From this frame on all that is new waits. */
void queue_read(queue *q, uint64_t frame);

/* What the caller took back, or the cache must drop. */
void queue_all_due(queue *q);

/* Items that are to be released. */
size_t queue_due_count(const queue *q);

/* Pixels that are still to go up. */
size_t queue_left_bytes(const queue_item *item);

/* What is wanted goes first, in the order of the questions; but what has waited for long, and longer, goes before it.
 * NULL = nothing is to go up. */
queue_item *queue_first(queue *q, uint64_t frame);

#endif
