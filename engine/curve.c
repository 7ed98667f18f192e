/* Mattson's stack of images, at the pace of frames.
 *
 *   table of hashes -> node: key, bytes, frame of the last use, place in the order of use
 *
 * An access finds its node. If the node was used in this frame, that is all. Otherwise it asks recency.c how many bytes
 * were more recently used when the last frame ended, and needs.c counts that. The order itself changes at the boundary
 * only: each access notes its node in the log, in which a node counts where it stands last, as in the cache; the used
 * nodes leave their places in the order and are appended in the log's order. When the places are used up, or so much of
 * the order was used that it costs less, all get new ones. A full log drops what does not count.
 *
 * When there are more images than nodes (SHARDS): the images whose hash begins with `shift` zero bits are followed, and
 * each stands for 2^shift. A new image that finds no room raises the shift, which drops about half of them. Bytes in
 * the order count 2^shift times; what was counted keeps the weight it had. The number of all accesses is known, so the
 * misses are estimated and the hits are what is left. For whether the few images that have most of the accesses are
 * followed is chance, but they hit; the error of the many that miss is small. (Hits in proportion would be off by 0.02
 * on the mean where this is off by 0.0025, for 100,000 images of Zipf's law.)
 *
 * No sum of bytes in the order can wrap: 2^21 images of at most 2^40 bytes.
 */
#include <pxe/curve.h>

#include "needs.h"
#include "recency.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BYTES (UINT64_C(1) << 40) /* of an image */

enum {
    MOST_IMAGES = 1 << 21,
    MOST_SHIFT = 32, /* then new images are ignored; fewer than 2^32 accesses can not fill a count */
    PLACES = 4, /* in the order, for each image: all get new places when three quarters are used up by uses */
    SLOTS = 4,  /* for each image, at least: a find looks at little more than one */
    LOGGED = 2, /* for each image; half of it is what a full log can drop */
    RENUMBER = 4 /* all get new places if more than a quarter of them changes */
};

typedef struct node {
    uint64_t key;
    uint64_t bytes;
    uint64_t frame;  /* of the last use */
    uint32_t place;  /* 0 = none before the boundary */
    uint32_t logged; /* where in the log it stands last, if it was used in this frame */
} node;

struct pxe_curve {
    pxe_need_fn on_need;
    void *on_need_user;

    node *nodes; /* from 1 on; the first is none: in no place, last nowhere in the log */
    uint32_t *slots;
    uint32_t *log;
    uint32_t most, count, slot_mask, log_count;
    uint32_t shift;
    uint64_t frame; /* from 1 on */
    pxe_recency order;

    uint64_t frames, accesses, largest_bytes; /* since create or restart */
    pxe_needs needs;
};

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Source: the finalizer of SplitMix64; Steele, Lea, Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
 */
static uint64_t hash_of(uint64_t key, uint64_t bytes)
{
    uint64_t hash = key + bytes * UINT64_C(0x9E3779B97F4A7C15);
    hash = (hash ^ hash >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    hash = (hash ^ hash >> 27) * UINT64_C(0x94D049BB133111EB);
    return hash ^ hash >> 31;
}

static bool is_followed(const pxe_curve *curve, uint64_t hash)
{
    return curve->shift == 0 || hash >> (64 - curve->shift) == 0;
}

static pxe_tally weighed(const pxe_curve *curve, uint64_t bytes)
{
    const bool fits = bytes <= UINT64_MAX >> curve->shift;
    return (pxe_tally){UINT64_C(1) << curve->shift, fits ? bytes << curve->shift : UINT64_MAX};
}

pxe_curve *pxe_curve_create(const pxe_curve_config *config)
{
    const pxe_curve_config all = config != NULL ? *config : (pxe_curve_config){0};
    pxe_curve *curve = calloc(1, sizeof *curve);
    if (curve == NULL) {
        return NULL;
    }
    const uint32_t most = all.most_images != 0 ? all.most_images : PXE_CURVE_IMAGES;
    curve->most = most < MOST_IMAGES ? most : MOST_IMAGES;
    curve->on_need = all.on_need;
    curve->on_need_user = all.on_need_user;
    curve->frame = 1;
    uint32_t slots = SLOTS;
    while (slots < curve->most * SLOTS) {
        slots *= 2;
    }
    curve->slot_mask = slots - 1;
    curve->nodes = malloc((curve->most + (size_t)1) * sizeof *curve->nodes);
    curve->slots = calloc(slots, sizeof *curve->slots);
    curve->log = malloc((size_t)curve->most * LOGGED * sizeof *curve->log);
    if (!pxe_recency_open(&curve->order, curve->most * PLACES) || curve->nodes == NULL ||
        curve->slots == NULL || curve->log == NULL) {
        pxe_curve_destroy(curve);
        return NULL;
    }
    curve->nodes[0] = (node){.logged = UINT32_MAX};
    return curve;
}

void pxe_curve_destroy(pxe_curve *curve)
{
    if (curve != NULL) {
        pxe_recency_close(&curve->order);
        free(curve->log);
        free(curve->slots);
        free(curve->nodes);
        free(curve);
    }
}

/* The slot of an image's node, or the empty one where it belongs. */
static uint32_t *find(const pxe_curve *curve, uint64_t hash, uint64_t key, uint64_t bytes)
{
    for (uint64_t i = hash;; ++i) {
        uint32_t *slot = &curve->slots[i & curve->slot_mask];
        const node *found = &curve->nodes[*slot];
        if (*slot == 0 || (found->key == key && found->bytes == bytes)) {
            return slot;
        }
    }
}

/* Leaves each node where it stands last, and none of those that are not followed any more. */
static void drop_repeats(pxe_curve *curve)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < curve->log_count; ++i) {
        const uint32_t index = curve->log[i];
        uint32_t *logged = &curve->nodes[index].logged;
        const bool is_last = *logged == i;
        *logged = is_last ? kept : *logged;
        curve->log[kept] = index;
        kept += is_last;
    }
    curve->log_count = kept;
}

static void note_use(pxe_curve *curve, uint32_t index)
{
    if (curve->log_count == curve->most * LOGGED) {
        drop_repeats(curve);
    }
    curve->nodes[index].logged = curve->log_count;
    curve->log[curve->log_count++] = index;
}

/* Gives all that are left in the order, and the used ones behind them, new places. */
static void renumber(pxe_curve *curve, uint32_t used)
{
    pxe_recency *order = &curve->order;
    pxe_recency_close_up(order);
    memcpy(order->items + order->last + 1, curve->log, used * sizeof *curve->log);
    order->last += used;
    for (uint32_t place = 1; place <= order->last; ++place) {
        node *each = &curve->nodes[order->items[place]];
        each->place = place;
        order->tree[place] = each->bytes;
    }
    pxe_recency_sum_up(order);
}

/* Moves the nodes that are still followed together, and tells the order and the log. */
static void drop_unfollowed(pxe_curve *curve)
{
    uint32_t kept = 0;
    for (uint32_t i = 1; i <= curve->count; ++i) {
        const node each = curve->nodes[i];
        const bool stays = is_followed(curve, hash_of(each.key, each.bytes));
        const uint32_t index = stays ? kept + 1 : 0;
        curve->order.items[each.place] = index;
        if (each.frame == curve->frame) {
            curve->log[each.logged] = index;
        }
        curve->nodes[kept + 1] = each;
        kept += stays;
    }
    curve->count = kept;
}

/* Follows half as many. */
static void thin_out(pxe_curve *curve)
{
    ++curve->shift;
    drop_repeats(curve);
    drop_unfollowed(curve);
    memset(curve->slots, 0, (curve->slot_mask + (size_t)1) * sizeof *curve->slots);
    for (uint32_t i = 1; i <= curve->count; ++i) {
        const node *each = &curve->nodes[i];
        *find(curve, hash_of(each->key, each->bytes), each->key, each->bytes) = i;
    }
    renumber(curve, 0);
}

/* Result: the new node, or 0 if it is not followed. */
static uint32_t add(pxe_curve *curve, uint64_t hash, uint64_t key, uint64_t bytes)
{
    while (curve->count == curve->most && curve->shift < MOST_SHIFT && is_followed(curve, hash)) {
        thin_out(curve);
    }
    if (curve->count == curve->most || !is_followed(curve, hash)) {
        return 0;
    }
    const uint32_t index = ++curve->count;
    curve->nodes[index] = (node){.key = key, .bytes = bytes};
    *find(curve, hash, key, bytes) = index;
    return index;
}

/* Not a repeat. */
static uint64_t count_need(pxe_curve *curve, const node *used)
{
    const pxe_tally weight = weighed(curve, used->bytes);
    if (used->place == 0) {
        curve->needs.never = pxe_tally_add(curve->needs.never, weight);
        return PXE_NEED_NONE;
    }
    const uint64_t newer = pxe_recency_newer(&curve->order, used->place);
    const uint64_t scaled = least(newer, PXE_NEED_MOST >> curve->shift) << curve->shift;
    const uint64_t need = least(scaled + used->bytes, PXE_NEED_MOST);
    pxe_needs_add(&curve->needs, need, weight);
    return need;
}

/* Whether a number that was an image's node still is. */
static bool is_node_of(const pxe_curve *curve, uint32_t index, uint64_t key, uint64_t bytes)
{
    return index != 0 && index <= curve->count && curve->nodes[index].key == key &&
           curve->nodes[index].bytes == bytes;
}

/* The image's node, a new one if it has none; 0 = it is not followed. */
static uint32_t node_of(pxe_curve *curve, uint64_t key, uint64_t bytes)
{
    const uint64_t hash = hash_of(key, bytes);
    if (!is_followed(curve, hash)) {
        return 0;
    }
    const uint32_t index = *find(curve, hash, key, bytes);
    return index != 0 ? index : add(curve, hash, key, bytes);
}

uint64_t pxe_curve_access_hinted(pxe_curve *curve, uint64_t key, uint64_t bytes, uint32_t *hint)
{
    bytes = bytes == 0 ? 1 : least(bytes, MOST_BYTES);
    ++curve->accesses;
    curve->largest_bytes = bytes > curve->largest_bytes ? bytes : curve->largest_bytes;
    if (!is_node_of(curve, *hint, key, bytes)) {
        *hint = node_of(curve, key, bytes);
    }
    if (*hint == 0) {
        return PXE_NEED_NONE;
    }
    const uint32_t index = *hint;
    node *used = &curve->nodes[index];
    if (used->frame == curve->frame) {
        note_use(curve, index);
        return 0;
    }
    const uint64_t need = count_need(curve, used);
    used->frame = curve->frame;
    note_use(curve, index);
    if (curve->on_need != NULL) {
        curve->on_need(curve->on_need_user, need, bytes);
    }
    return need;
}

uint64_t pxe_curve_access(pxe_curve *curve, uint64_t key, uint64_t bytes)
{
    uint32_t hint = 0;
    return pxe_curve_access_hinted(curve, key, bytes, &hint);
}

/* One by one. */
static void move_used(pxe_curve *curve)
{
    for (uint32_t i = 0; i < curve->log_count; ++i) {
        node *used = &curve->nodes[curve->log[i]];
        if (used->place != 0) {
            pxe_recency_remove(&curve->order, used->place, used->bytes);
        }
        used->place = pxe_recency_append(&curve->order, curve->log[i], used->bytes);
    }
}

static void move_all(pxe_curve *curve)
{
    for (uint32_t i = 0; i < curve->log_count; ++i) {
        curve->order.items[curve->nodes[curve->log[i]].place] = 0;
    }
    renumber(curve, curve->log_count);
}

void pxe_curve_frame_end(pxe_curve *curve)
{
    drop_repeats(curve);
    const bool has_room = curve->log_count <= curve->order.capacity - curve->order.last;
    if (has_room && curve->log_count <= curve->count / RENUMBER) {
        move_used(curve);
    } else {
        move_all(curve);
    }
    curve->log_count = 0;
    ++curve->frame;
    ++curve->frames;
}

void pxe_curve_restart(pxe_curve *curve)
{
    curve->frames = 0;
    curve->accesses = 0;
    curve->largest_bytes = 0;
    memset(&curve->needs, 0, sizeof curve->needs);
}

/* What is known of all accesses bounds what a part of them stands for. */
static uint64_t misses_at(const pxe_curve *curve, uint32_t edge)
{
    return least(pxe_needs_above(&curve->needs, edge).count, curve->accesses);
}

/* Of n images drawn by chance, the number, the misses and the bytes are off by a part of about 1 / sqrt(n). */
static double expected_error(const pxe_curve *curve)
{
    return curve->shift == 0 || curve->count == 0 ? 0 : sqrt(1.0 / curve->count);
}

pxe_curve_totals pxe_curve_sum(const pxe_curve *curve)
{
    const uint64_t first = least(curve->needs.never.count, curve->accesses);
    return (pxe_curve_totals){.frames = curve->frames,
                              .accesses = curve->accesses,
                              .repeats = curve->accesses - misses_at(curve, 0),
                              .first = first,
                              .most_hits = curve->accesses - first,
                              .images = (uint64_t)curve->count << curve->shift,
                              .largest_bytes = curve->largest_bytes,
                              .followed = 1 / (double)(UINT64_C(1) << curve->shift),
                              .error = expected_error(curve)};
}

pxe_curve_point pxe_curve_at(const pxe_curve *curve, uint64_t limit_bytes)
{
    const uint32_t edge = pxe_edge_below(limit_bytes);
    const pxe_tally misses = pxe_needs_above(&curve->needs, edge);
    return (pxe_curve_point){pxe_edge_bytes(edge), curve->accesses - least(misses.count, curve->accesses),
                             misses.bytes};
}

uint64_t pxe_curve_next(const pxe_curve *curve, uint64_t limit_bytes)
{
    const uint32_t edge = pxe_edge_below(limit_bytes);
    const uint32_t next = pxe_needs_next(&curve->needs, edge, misses_at(curve, edge));
    return next < PXE_NEED_BINS ? pxe_edge_bytes(next) : PXE_NEED_NONE;
}

uint64_t pxe_curve_recommend(const pxe_curve *curve, double lost)
{
    if (curve->accesses == 0) {
        return 0;
    }
    const pxe_curve_totals sum = pxe_curve_sum(curve);
    const uint64_t misses = sum.first + (uint64_t)(lost * (double)sum.most_hits);
    const uint32_t enough = misses_at(curve, 0) <= misses ? 0 : pxe_needs_next(&curve->needs, 0, misses + 1);
    const uint32_t whole = pxe_edge_above(sum.largest_bytes);
    return pxe_edge_bytes(enough > whole ? enough : whole);
}
