/* Each use at a boundary takes the next place; when the places are used up, the images get new ones, from the first on.
 *
 *   places   0 1 2 ... 63 | 64 ... 127 | ...          the bytes of the image there, or 0 = it has left
 *   blocks        0       |     1      | ...          of 64 places
 *   nodes    a tree over the blocks, in an array: below node n are 2 n and 2 n + 1; of each node a part for every class
 *
 * Sums by class, because images of a trace may be of few bytes and of millions, in any mixture: in a tree of sums
 * alone, a search for those up to a limit would have to tell them apart one by one. Inside a class sizes differ by less
 * than a factor of two, so that at most four images are looked at before their sum is twice the limit.
 */
#include "use_order.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 64 };

#define NO_PLACE UINT32_MAX       /* not used before this frame */
#define LEFT     (UINT32_MAX - 1) /* its place, while the boundary runs */

struct use_order {
    const access_trace *trace;
    use_part *parts;    /* by node and class */
    uint64_t *bytes;    /* by place */
    uint32_t *images;   /* by place */
    uint32_t *places;   /* by image */
    uint32_t *used;     /* in this frame, newest first; while the boundary runs */
    size_t block_count; /* a power of two */
    size_t next;        /* place */
    size_t class_count;
    uint8_t class_of_digits[64]; /* by the number of binary digits - 1 */
    uint8_t digits_of_class[USE_MOST_CLASSES];
};

static const use_part nothing = {0, UINT64_MAX, 0};

/* Of a number above 0: binary digits - 1. */
static unsigned digits_of(uint64_t bytes)
{
    unsigned digits = 0;
    for (unsigned step = 32; step > 0; step /= 2) {
        if (bytes >> step != 0) {
            bytes >>= step;
            digits += step;
        }
    }
    return digits;
}

static size_t class_of(const use_order *order, uint64_t bytes)
{
    return order->class_of_digits[digits_of(bytes)];
}

static void find_classes(use_order *order)
{
    bool exists[64] = {false};
    for (uint32_t i = 0; i < order->trace->image_count; ++i) {
        exists[digits_of(order->trace->images[i].bytes)] = true;
    }
    for (unsigned digits = 0; digits < 64; ++digits) {
        if (exists[digits]) {
            order->digits_of_class[order->class_count] = (uint8_t)digits;
            order->class_of_digits[digits] = (uint8_t)order->class_count++;
        }
    }
}

use_order *use_order_create(const access_trace *trace)
{
    use_order *order = calloc(1, sizeof *order);
    if (order == NULL) {
        return NULL;
    }
    order->trace = trace;
    find_classes(order);
    order->block_count = 1;
    while (order->block_count * BLOCK < (size_t)trace->image_count * 2) {
        order->block_count *= 2;
    }
    const size_t part_count = 2 * order->block_count * order->class_count;
    order->parts = malloc(part_count * sizeof *order->parts);
    order->bytes = calloc(order->block_count, BLOCK * sizeof *order->bytes);
    order->images = malloc(order->block_count * BLOCK * sizeof *order->images);
    order->places = malloc(trace->image_count * sizeof *order->places);
    order->used = malloc(trace->image_count * sizeof *order->used);
    if (order->parts == NULL || order->bytes == NULL || order->images == NULL || order->places == NULL ||
        order->used == NULL) {
        use_order_destroy(order);
        return NULL;
    }
    for (size_t i = 0; i < part_count; ++i) {
        order->parts[i] = nothing;
    }
    for (uint32_t i = 0; i < trace->image_count; ++i) {
        order->places[i] = NO_PLACE;
    }
    return order;
}

void use_order_destroy(use_order *order)
{
    if (order != NULL) {
        free(order->parts);
        free(order->bytes);
        free(order->images);
        free(order->places);
        free(order->used);
        free(order);
    }
}

/* The parts of a node, by class. */
static use_part *parts_of(const use_order *order, size_t node)
{
    return order->parts + node * order->class_count;
}

static void join(use_part *to, const use_part *other)
{
    to->sum_bytes += other->sum_bytes;
    to->smallest_bytes =
        other->smallest_bytes < to->smallest_bytes ? other->smallest_bytes : to->smallest_bytes;
    to->largest_bytes = other->largest_bytes > to->largest_bytes ? other->largest_bytes : to->largest_bytes;
}

static void join_image(use_part *to, uint64_t bytes)
{
    join(to, &(use_part){bytes, bytes, bytes});
}

size_t use_order_newer(const use_order *order, uint32_t image, use_part parts[USE_MOST_CLASSES])
{
    const size_t classes = order->class_count;
    for (size_t i = 0; i < classes; ++i) {
        parts[i] = nothing;
    }
    const size_t place = order->places[image];
    const size_t block = place / BLOCK;
    for (size_t i = place + 1; i < (block + 1) * BLOCK; ++i) {
        if (order->bytes[i] != 0) {
            join_image(&parts[class_of(order, order->bytes[i])], order->bytes[i]);
        }
    }
    for (size_t node = block + order->block_count; node > 1; node /= 2) {
        if (node % 2 == 0) { /* all below its neighbour is newer */
            const use_part *newer = parts_of(order, node + 1);
            for (size_t i = 0; i < classes; ++i) {
                join(&parts[i], &newer[i]);
            }
        }
    }
    return classes;
}

static bool is_answered(const use_question *q)
{
    return q->sum_bytes > 2 * q->limit_bytes;
}

/* Places that are not told apart by nodes. */
static void ask_places(const use_order *order, use_question *q, size_t first, size_t end)
{
    const unsigned digits = order->digits_of_class[q->size_class];
    for (size_t i = first; i < end; ++i) {
        const uint64_t bytes = order->bytes[i];
        if (bytes >> digits != 1) {
            continue;
        }
        if (bytes <= q->limit_bytes) {
            q->sum_bytes += bytes;
        } else {
            q->next_bytes = bytes < q->next_bytes ? bytes : q->next_bytes;
        }
    }
}

/* All below a node. */
static void ask_node(const use_order *order, use_question *q, size_t node)
{
    const use_part *part = parts_of(order, node) + q->size_class;
    if (part->largest_bytes <= q->limit_bytes) {
        q->sum_bytes += part->sum_bytes;
    } else if (part->smallest_bytes > q->limit_bytes) {
        q->next_bytes = part->smallest_bytes < q->next_bytes ? part->smallest_bytes : q->next_bytes;
    } else if (node >= order->block_count) {
        const size_t first = (node - order->block_count) * BLOCK;
        ask_places(order, q, first, first + BLOCK);
    } else {
        ask_node(order, q, 2 * node + 1);
        if (!is_answered(q)) {
            ask_node(order, q, 2 * node);
        }
    }
}

void use_order_ask(const use_order *order, use_question *q)
{
    q->next_bytes = UINT64_MAX;
    const size_t place = order->places[q->image];
    const size_t block = place / BLOCK;
    ask_places(order, q, place + 1, (block + 1) * BLOCK);
    for (size_t node = block + order->block_count; node > 1 && !is_answered(q); node /= 2) {
        if (node % 2 == 0) {
            ask_node(order, q, node + 1);
        }
    }
}

static void count_below(const use_order *order, size_t node, size_t size_class)
{
    use_part sum = parts_of(order, 2 * node)[size_class];
    join(&sum, parts_of(order, 2 * node + 1) + size_class);
    parts_of(order, node)[size_class] = sum;
}

static void leave_place(use_order *order, size_t place)
{
    const size_t size_class = class_of(order, order->bytes[place]);
    const unsigned digits = order->digits_of_class[size_class];
    order->bytes[place] = 0;
    size_t node = place / BLOCK + order->block_count;
    use_part left = nothing;
    for (size_t i = place / BLOCK * BLOCK; i < (place / BLOCK + 1) * BLOCK; ++i) {
        if (order->bytes[i] >> digits == 1) {
            join_image(&left, order->bytes[i]);
        }
    }
    parts_of(order, node)[size_class] = left;
    for (node /= 2; node > 0; node /= 2) {
        count_below(order, node, size_class);
    }
}

/* The images of the frame leave their places and are noted, the newest first. Result: how many they are. */
static size_t leave_places(use_order *order, const uint32_t *accesses, size_t count)
{
    size_t used = 0;
    for (size_t i = count; i-- > 0;) {
        const uint32_t image = accesses[i];
        if (order->places[image] == LEFT) {
            continue;
        }
        if (order->places[image] != NO_PLACE) {
            leave_place(order, order->places[image]);
        }
        order->places[image] = LEFT;
        order->used[used++] = image;
    }
    return used;
}

/* The next place; its block knows it, the nodes above do not yet. */
static void take_place(use_order *order, uint32_t image)
{
    const uint64_t bytes = order->trace->images[image].bytes;
    const size_t place = order->next++;
    order->places[image] = (uint32_t)place;
    order->images[place] = image;
    order->bytes[place] = bytes;
    join_image(parts_of(order, place / BLOCK + order->block_count) + class_of(order, bytes), bytes);
}

/* The nodes above the blocks of some places, which are not empty. */
static void count_above(use_order *order, size_t first, size_t end)
{
    size_t left = (first / BLOCK + order->block_count) / 2;
    size_t right = ((end - 1) / BLOCK + order->block_count) / 2;
    for (; left > 0; left /= 2, right /= 2) {
        for (size_t node = left; node <= right; ++node) {
            for (size_t i = 0; i < order->class_count; ++i) {
                count_below(order, node, i);
            }
        }
    }
}

/* New places from the first on, in the same order. */
static void move_together(use_order *order)
{
    const size_t end = order->next;
    for (size_t i = 0; i < 2 * order->block_count * order->class_count; ++i) {
        order->parts[i] = nothing;
    }
    order->next = 0;
    for (size_t place = 0; place < end; ++place) {
        if (order->bytes[place] != 0) {
            order->bytes[place] = 0;
            take_place(order, order->images[place]);
        }
    }
    if (order->next > 0) {
        count_above(order, 0, order->next);
    }
}

void use_order_frame_end(use_order *order, const uint32_t *accesses, size_t count)
{
    const size_t used = leave_places(order, accesses, count);
    if (order->block_count * BLOCK - order->next < used) {
        move_together(order);
    }
    const size_t first = order->next;
    for (size_t i = used; i-- > 0;) {
        take_place(order, order->used[i]);
    }
    if (used > 0) {
        count_above(order, first, order->next);
    }
}
