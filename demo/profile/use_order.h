/* The images of a trace in the order of their last use before this frame, and sums of their sizes. */
#ifndef PROFILE_USE_ORDER_H
#define PROFILE_USE_ORDER_H

#include "access_trace.h"

typedef struct use_order use_order;

/* Sizes of the same number of binary digits are a class; classes without an image are left out. */
enum { USE_MOST_CLASSES = 64 };

/* Some images of one class; without any {0, UINT64_MAX, 0}. */
typedef struct use_part {
    uint64_t sum_bytes, smallest_bytes, largest_bytes;
} use_part;

/* NULL = no memory. The trace must outlive it. Owner: use_order_destroy, for which NULL is fine. */
use_order *use_order_create(const access_trace *trace);
void use_order_destroy(use_order *order);

/* What is more recently used than an image, by class, the smallest sizes first. The image was used before this frame.
 * Result: how many classes there are. */
size_t use_order_newer(const use_order *order, uint32_t image, use_part parts[USE_MOST_CLASSES]);

/* A question about what is more recently used than an image, in one class: the sum of the sizes up to a limit, and the
 * smallest size above it. */
typedef struct use_question {
    uint32_t image;
    size_t size_class;
    uint64_t limit_bytes;
    uint64_t
        sum_bytes; /* to be set before, and added to. Above twice the limit it may be too small: that ends the search */
    uint64_t next_bytes; /* UINT64_MAX = none */
} use_question;

void use_order_ask(const use_order *order, use_question *question);

/* The boundary. accesses = those of the frame. */
void use_order_frame_end(use_order *order, const uint32_t *accesses, size_t count);

#endif
