/* The way of what was handed over to the GPU, within a budget for each frame.
 *
 * The next to go up is the first that is wanted, but for the oldest of the others once it has waited WAIT_FRAMES; what is
 * up in part is finished before another is begun, but what fits into the frame's budget whole may go before it.
 *
 * The budget of time needs a forecast, because an upload can not be stopped: bytes per millisecond, measured on this
 * machine at every band that is large enough, or takes long enough, for the call's own cost not to count.
 */
#include "cache.h"

#include <time.h>

enum {
    WAIT_FRAMES = 30,           /* half a second at 60 frames a second */
    FIRST_BAND_BYTES = 1 << 18, /* before anything was measured; 0.1 ms at the 2 GB/s of a software driver */
    LEAST_BAND_BYTES = 1 << 14, /* less than this is not worth a call */
    MEASURED_BYTES = 1 << 16,   /* bands below it say more of the call than of the bytes */
    DEFAULT_US = 2000,
};

#define DEFAULT_MAILBOX_BYTES ((uint64_t)64 << 20)

static uint64_t system_now_us(void *user)
{
    (void)user;
    struct timespec now = {0};
#ifdef CLOCK_MONOTONIC
    clock_gettime(CLOCK_MONOTONIC, &now);
#else
    timespec_get(&now, TIME_UTC);
#endif
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void pxc_uploads_init(pxc_cache *cache)
{
    cache->now_us = cache->now_us == NULL ? system_now_us : cache->now_us;
    cache->upload_us_per_frame = cache->upload_us_per_frame == 0 ? DEFAULT_US : cache->upload_us_per_frame;
    cache->upload_bytes_per_frame =
        cache->upload_bytes_per_frame == 0 ? UINT64_MAX : cache->upload_bytes_per_frame;
    cache->mailbox_bytes = cache->mailbox_bytes == 0 ? DEFAULT_MAILBOX_BYTES : cache->mailbox_bytes;
}

typedef struct budget {
    uint64_t bytes_left;
    uint64_t end_us;
} budget;

/* Bytes that may still go up in this frame, by both bounds. */
static uint64_t allowed_bytes(const pxc_cache *cache, const budget *left)
{
    const uint64_t now_us = cache->now_us(cache->now_us_user);
    const uint64_t time_us = now_us < left->end_us ? left->end_us - now_us : 0;
    const uint64_t rate = cache->pending.bytes_per_ms;
    const uint64_t by_time = time_us == 0 ? 0
                             : rate == 0  ? FIRST_BAND_BYTES
                                          : rate / 1000 * time_us + rate % 1000 * time_us / 1000;
    return by_time < left->bytes_left ? by_time : left->bytes_left;
}

static void measure_rate(pxc_cache *cache, uint64_t bytes, uint64_t spent_us)
{
    if (bytes >= MEASURED_BYTES || spent_us >= cache->upload_us_per_frame / 4) {
        const uint64_t measured = bytes * 1000 / (spent_us == 0 ? 1 : spent_us) + 1; /* 0 is: not yet */
        const uint64_t rate = cache->pending.bytes_per_ms;
        cache->pending.bytes_per_ms = rate == 0 ? measured : (rate * 3 + measured) / 4;
    }
}

static uint64_t row_bytes(const pxc_letter *letter)
{
    return letter->measured.source_bytes / (uint64_t)letter->measured.pixmap.height;
}

static uint64_t left_bytes(const pxc_letter *letter)
{
    return letter->measured.source_bytes - row_bytes(letter) * (uint64_t)letter->rows_done;
}

static bool in_bands(const pxc_cache *cache)
{
    return cache->backend.begin_texture != NULL; /* the other two are there if it is */
}

/* One row is the least that goes up. */
static bool goes_up_whole(const pxc_cache *cache, const pxc_letter *letter, uint64_t allowed)
{
    return letter->texture == 0 &&
           (left_bytes(letter) <= allowed || letter->measured.pixmap.height == 1 || !in_bands(cache));
}

static pxc_letter *choose(const pxc_cache *cache, uint64_t allowed, bool partial_only)
{
    const pxc_pending *pending = &cache->pending;
    if (partial_only) {
        return pending->partial;
    }
    pxc_letter *next = pending->others.first;
    if (pending->wanted.first != NULL &&
        (next == NULL || cache->stats.frames - next->arrived_frame < WAIT_FRAMES)) {
        next = pending->wanted.first;
    }
    return pending->partial == NULL || goes_up_whole(cache, next, allowed) ? next : pending->partial;
}

static pxc_entry *namesake(const pxc_cache *cache, const pxc_letter *letter)
{
    const pxc_query query = {letter->name->text, letter->name->length_bytes, letter->name_hash};
    return pxc_names_find(cache, &query);
}

/* A wholly filled texture becomes an entry, under the letter's name. Slot and place were reserved. */
static void enter_texture(pxc_cache *cache, pxc_letter *letter, uint32_t texture)
{
    pxc_entry *old = namesake(cache, letter);
    pxc_entry *entry = pxc_make_entry(cache, &letter->measured, texture);
    if (old != NULL) {
        pxc_names_move(cache, old, entry);
        pxc_doom(cache, old);
    } else {
        pxc_names_add(cache, entry, letter->name, letter->name_hash);
        letter->name = NULL;
    }
}

static pxc_status upload_whole(pxc_cache *cache, pxc_letter *letter)
{
    uint32_t texture = 0;
    const pxc_status status =
        pxc_make_texture(cache, &letter->measured.pixmap, namesake(cache, letter), true, &texture);
    if (status == PXC_OK) {
        pxc_count_texture(cache, letter->measured.cost_bytes);
        cache->stats.upload_bytes += letter->measured.source_bytes;
        enter_texture(cache, letter, texture);
    }
    return status;
}

static pxc_status begin(pxc_cache *cache, pxc_letter *letter)
{
    const pxc_status status =
        pxc_make_texture(cache, &letter->measured.pixmap, namesake(cache, letter), false, &letter->texture);
    if (status == PXC_OK) {
        pxc_count_texture(cache, letter->measured.cost_bytes);
        cache->pending.partial = letter;
    }
    return status;
}

/* Whatever else a backend answers. */
static pxc_status refused(pxc_status status)
{
    return status == PXC_ERR_LOST ? PXC_ERR_LOST : PXC_ERR_GPU;
}

/* So many rows, and the rest of the way if they are the last. */
static pxc_status upload_band(pxc_cache *cache, pxc_letter *letter, int rows)
{
    const pxc_pixmap *pixmap = &letter->measured.pixmap;
    pxc_status status = letter->texture == 0 ? begin(cache, letter) : PXC_OK;
    if (status == PXC_OK && rows > 0) {
        status = cache->backend.upload_rows(cache->gpu, pixmap, letter->texture, letter->rows_done, rows);
    }
    if (status != PXC_OK) {
        return refused(status);
    }
    letter->rows_done += rows;
    cache->stats.upload_bytes += (uint64_t)rows * row_bytes(letter);
    if (letter->rows_done < pixmap->height) {
        return PXC_PENDING;
    }
    status = cache->backend.finish_texture(cache->gpu, pixmap, letter->texture);
    if (status == PXC_OK) {
        cache->pending.partial = NULL;
        enter_texture(cache, letter, letter->texture);
        letter->texture = 0;
    }
    return status == PXC_OK ? PXC_OK : refused(status);
}

/* What an entry will need, before anything is made. */
static pxc_status reserve(pxc_cache *cache, const pxc_letter *letter)
{
    pxc_status status = letter->texture == 0 ? pxc_admit(cache, &letter->measured) : pxc_slot_reserve(cache);
    if (status == PXC_OK && namesake(cache, letter) == NULL) {
        status = pxc_names_reserve(cache);
    }
    return status;
}

/* One whole pixmap, or a band of it. PXC_PENDING if there are more to come. */
static pxc_status upload_some(pxc_cache *cache, pxc_letter *letter, uint64_t allowed,
                              uint64_t *uploaded_bytes)
{
    pxc_status status = reserve(cache, letter);
    if (status != PXC_OK) {
        return status;
    }
    const uint64_t left = left_bytes(letter);
    const bool whole = goes_up_whole(cache, letter, allowed);
    uint64_t rows = left <= allowed ? left / row_bytes(letter) : allowed / row_bytes(letter);
    rows = rows == 0 && left != 0 ? 1 : rows;
    const uint64_t start_us = cache->now_us(cache->now_us_user);
    status = whole ? upload_whole(cache, letter) : upload_band(cache, letter, (int)rows);
    if (status == PXC_OK || status == PXC_PENDING) {
        *uploaded_bytes = whole ? left : rows * row_bytes(letter);
        measure_rate(cache, *uploaded_bytes, cache->now_us(cache->now_us_user) - start_us);
    }
    return status;
}

/* What is begun now might be given up in this frame, too, and then there must be room for it. */
static bool may_start(const pxc_cache *cache, const pxc_letter *letter, uint64_t allowed)
{
    return letter->texture != 0 || goes_up_whole(cache, letter, allowed) ||
           cache->pending.abandoned_count < PXC_FIRST_SLOT;
}

pxc_status pxc_uploads_run(pxc_cache *cache)
{
    budget left = {cache->upload_bytes_per_frame,
                   cache->now_us(cache->now_us_user) + cache->upload_us_per_frame};
    bool partial_only = false;
    for (bool is_first = true;;) {
        const uint64_t allowed = allowed_bytes(cache, &left);
        pxc_letter *letter = choose(cache, allowed, partial_only);
        if (letter == NULL || !may_start(cache, letter, allowed)) {
            return PXC_OK;
        }
        const bool is_worth_it =
            left_bytes(letter) <= allowed ||
            (in_bands(cache) && allowed >= LEAST_BAND_BYTES && allowed >= row_bytes(letter));
        if (!is_first && !is_worth_it) {
            return PXC_OK;
        }
        uint64_t bytes = 0;
        const pxc_status status = upload_some(cache, letter, allowed, &bytes);
        left.bytes_left -= bytes < left.bytes_left ? bytes : left.bytes_left;
        switch (status) {
        case PXC_OK:
            pxc_pending_drop(cache, letter);
            break;
        case PXC_PENDING:
            break;
        case PXC_ERR_FULL: /* until the boundary; what is half up has its room */
            if (letter == cache->pending.partial || cache->pending.partial == NULL) {
                return PXC_OK;
            }
            partial_only = true;
            continue;
        case PXC_ERR_MEMORY: /* it may come back */
            return PXC_OK;
        case PXC_ERR_LOST:
            return PXC_ERR_LOST;
        default:
            ++cache->stats.submits_failed;
            pxc_pending_drop(cache, letter);
        }
        is_first = false;
    }
}
