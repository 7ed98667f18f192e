/* The way of what was handed over to the GPU, within a budget for each frame.
 *
 * The next to go up is the first that is wanted, but for the oldest of the others once it has waited WAIT_FRAMES, and
 * longer than the wanted one, which would starve else; what is up in part is finished before another is begun, but what
 * fits into the frame's budget whole may go before it.
 *
 * What a call will take is forecast (forecast.c). Storage that would take much of a frame is made elsewhere, if there is
 * such a place (prepare.c).
 */
#include "cache.h"

enum {
    WAIT_FRAMES = 30,           /* half a second at 60 frames a second */
    LEAST_BAND_BYTES = 1 << 14, /* less than this is not worth a call */
    LOOK_AHEAD = 16,
    DEFAULT_US = 2000,
};

#define DEFAULT_MAILBOX_BYTES ((uint64_t)64 << 20)

static uint64_t system_now_us(void *user)
{
    (void)user;
    return pxc_now_ns() / 1000;
}

void pxc_uploads_init(pxc_cache *cache)
{
    cache->now_us = cache->now_us == NULL ? system_now_us : cache->now_us;
    cache->upload_us_per_frame = cache->upload_us_per_frame == 0 ? DEFAULT_US : cache->upload_us_per_frame;
    cache->upload_bytes_per_frame =
        cache->upload_bytes_per_frame == 0 ? UINT64_MAX : cache->upload_bytes_per_frame;
    cache->mailbox_bytes = cache->mailbox_bytes == 0 ? DEFAULT_MAILBOX_BYTES : cache->mailbox_bytes;
}

/* ---- What is next -----------------------------------------------------------------------------------------------*/

static uint64_t row_bytes(const pxc_letter *letter)
{
    const pxc_pixmap *pixmap = &letter->measured.pixmap;
    return (uint64_t)pxc_level_px(pixmap->width, letter->level) *
           (uint64_t)pxc_format_source_bytes(pixmap->format);
}

static bool in_bands(const pxc_cache *cache)
{
    return cache->backend.begin_texture != NULL; /* the other two are there if it is */
}

/* One row is the least that goes up. */
static bool goes_up_whole(const pxc_cache *cache, const pxc_letter *letter, const pxc_budget *left)
{
    return letter->texture == 0 &&
           (pxc_fits_whole(cache, letter, left) || letter->measured.pixmap.height == 1 || !in_bands(cache) ||
            pxc_packs(cache, &letter->measured.pixmap));
}

/* Of a line, but for the one whose texture is being made elsewhere, and for one more. */
static pxc_letter *first_of(const pxc_pending *pending, const pxc_line *line, const pxc_letter *but)
{
    pxc_letter *letter = line->first;
    while (letter != NULL && (letter == pending->prepared || letter == but)) {
        letter = letter->next;
    }
    return letter;
}

static pxc_letter *next_in_order(const pxc_cache *cache, const pxc_letter *but)
{
    const pxc_pending *pending = &cache->pending;
    pxc_letter *other = first_of(pending, &pending->others, but);
    pxc_letter *wanted = first_of(pending, &pending->wanted, but);
    if (wanted == NULL || other == NULL) {
        return wanted == NULL ? other : wanted;
    }
    return cache->stats.frames - other->arrived_frame >= WAIT_FRAMES &&
                   other->arrived_frame < wanted->arrived_frame
               ? other
               : wanted;
}

typedef enum step { STOP, WHOLE, BAND, PREPARE } step;

static bool is_worth_it(const pxc_letter *letter, const pxc_budget *left)
{
    return pxc_left_bytes(letter) <= left->row_bytes ||
           (left->row_bytes >= LEAST_BAND_BYTES && left->row_bytes >= row_bytes(letter));
}

/* Something that goes up whole, behind what has to wait. */
static pxc_letter *look_ahead(const pxc_cache *cache, const pxc_budget *left)
{
    const pxc_line *lines[] = {&cache->pending.wanted, &cache->pending.others};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; ++i) {
        pxc_letter *letter = lines[i]->first;
        for (int looks = 0; letter != NULL && looks < LOOK_AHEAD; ++looks, letter = letter->next) {
            if (letter != cache->pending.prepared && letter != cache->pending.partial &&
                pxc_fits_whole(cache, letter, left)) {
                return letter;
            }
        }
    }
    return NULL;
}

/* How what has no texture yet gets one. */
static step choose_begin(const pxc_cache *cache, const pxc_budget *left, bool is_first, pxc_letter **out)
{
    if (pxc_made_within(cache, *out, left->us)) {
        return pxc_can_begin(cache, *out) && (is_first || is_worth_it(*out, left)) ? BAND : STOP;
    }
    if (pxc_prepares(cache, *out)) { /* its turn comes when the one that is being made is done */
        *out = look_ahead(cache, left);
        return *out != NULL ? WHOLE : STOP;
    }
    return is_first && pxc_can_begin(cache, *out) ? BAND : STOP;
}

/* What goes up now, and how. is_first: nothing has in this frame, and something must. */
static step choose(const pxc_cache *cache, const pxc_budget *left, bool is_first, pxc_letter **out)
{
    const pxc_pending *pending = &cache->pending;
    pxc_letter *next = next_in_order(cache, NULL);
    *out = next == pending->partial ? next_in_order(cache, next) : next; /* made while that one goes up */
    if (*out != NULL && pxc_can_prepare(cache, *out) &&
        !pxc_made_within(cache, *out, cache->upload_us_per_frame / 4)) {
        return PREPARE;
    }
    *out = next;
    if (next != NULL && goes_up_whole(cache, next, left)) {
        return is_first || pxc_fits_whole(cache, next, left) ? WHOLE : STOP;
    }
    if (pending->partial != NULL) {
        *out = pending->partial;
        return is_first || is_worth_it(*out, left) ? BAND : STOP;
    }
    return next == NULL ? STOP : choose_begin(cache, left, is_first, out);
}

/* ---- Going up ---------------------------------------------------------------------------------------------------*/

static pxc_entry *namesake(const pxc_cache *cache, const pxc_letter *letter)
{
    const pxc_query query = {letter->name->text, letter->name->length_bytes, letter->name_hash};
    return pxc_names_find(cache, &query);
}

/* A wholly filled texture becomes an entry, under the letter's name. Slot and place were reserved. */
static void enter_texture(pxc_cache *cache, pxc_letter *letter, const pxc_made *made)
{
    pxc_entry *old = namesake(cache, letter);
    pxc_entry *entry = pxc_make_entry(cache, &letter->measured, made);
    if (old != NULL) {
        pxc_names_move(cache, old, entry);
        pxc_doom(cache, old);
    } else {
        pxc_names_add(cache, entry, letter->name, letter->name_hash);
        letter->name = NULL;
    }
    cache->entered_name = entry->name->text;
}

static pxc_status upload_whole(pxc_cache *cache, pxc_letter *letter)
{
    pxc_made made;
    pxc_rates *rates = &cache->pending.rates;
    const uint64_t start_us = pxc_now_us(cache);
    const pxc_status status = pxc_make_image(cache, &letter->measured, namesake(cache, letter), &made);
    if (status == PXC_OK) {
        pxc_measure(cache, made.spot.span != 0 ? &rates->packed : &rates->whole[pxc_size_class(letter)],
                    letter->measured.source_bytes, start_us);
        letter->done_bytes = letter->measured.source_bytes;
        cache->stats.upload_bytes += letter->measured.source_bytes;
        enter_texture(cache, letter, &made);
    }
    return status;
}

static pxc_status begin(pxc_cache *cache, pxc_letter *letter)
{
    uint32_t texture = 0; /* after an error it says nothing */
    const uint64_t start_us = pxc_now_us(cache);
    const pxc_status status =
        pxc_make_texture(cache, &letter->measured.pixmap, namesake(cache, letter), false, &texture);
    if (status == PXC_OK) {
        pxc_measure(cache, &cache->pending.rates.making[pxc_size_class(letter)], letter->measured.cost_bytes,
                    start_us);
        pxc_count_texture(cache, letter->measured.cost_bytes);
        letter->texture = texture;
        cache->pending.partial = letter;
    }
    return status;
}

/* Whatever else a backend answers. */
static pxc_status refused(pxc_status status)
{
    return status == PXC_ERR_LOST ? PXC_ERR_LOST : PXC_ERR_GPU;
}

/* Rows of one level, and the next level from then on if they are its last. */
static pxc_status upload_rows(pxc_cache *cache, pxc_letter *letter, const pxc_budget *left)
{
    const uint64_t a_row_bytes = row_bytes(letter);
    const pxc_pixmap pixmap = pxc_pixmap_level(&letter->measured.pixmap, letter->level);
    const uint64_t rows = left->row_bytes / a_row_bytes;
    pxc_band band = {letter->level, letter->rows_done, pixmap.height - letter->rows_done};
    if (rows < (uint64_t)band.row_count) {
        band.row_count = rows == 0 ? 1 : (int)rows;
    }
    const uint64_t bytes = a_row_bytes * (uint64_t)band.row_count;
    const uint64_t start_us = pxc_now_us(cache);
    const pxc_status status = cache->backend.upload_rows(cache->gpu, &pixmap, letter->texture, &band);
    if (status != PXC_OK) {
        return refused(status);
    }
    pxc_measure(cache, &cache->pending.rates.rows, bytes, start_us);
    letter->rows_done += band.row_count;
    letter->done_bytes += bytes;
    cache->stats.upload_bytes += bytes;
    if (letter->rows_done == pixmap.height) {
        letter->rows_done = 0;
        ++letter->level;
    }
    return PXC_OK;
}

/* A band, and the rest of the way if it is the last. */
static pxc_status upload_band(pxc_cache *cache, pxc_letter *letter, pxc_budget *left)
{
    pxc_status status = PXC_OK;
    if (letter->texture == 0) {
        status = begin(cache, letter);
        if (status != PXC_OK) {
            return refused(status);
        }
        pxc_budget_look(cache, left);
    }
    if (pxc_left_bytes(letter) != 0) {
        status = upload_rows(cache, letter, left);
    }
    if (status != PXC_OK || pxc_left_bytes(letter) != 0) {
        return status == PXC_OK ? PXC_PENDING : status;
    }
    status = cache->backend.finish_texture(cache->gpu, &letter->measured.pixmap, letter->texture);
    if (status == PXC_OK) {
        cache->pending.partial = NULL;
        enter_texture(cache, letter, &(pxc_made){.texture = letter->texture});
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

/* Once it is an entry, its name may belong to that. */
static void tell(pxc_cache *cache, const pxc_letter *letter, pxc_status status, uint64_t bytes,
                 uint64_t start_ns)
{
    const bool whole = status == PXC_OK;
    const pxc_work work = {
        .kind = PXC_WORK_UPLOAD,
        .name = letter->name != NULL ? letter->name->text : cache->entered_name,
        .bytes = bytes,
        .cost_bytes = whole ? letter->measured.cost_bytes : 0,
        .count = whole ? 1 : 0,
    };
    pxc_work_end(cache, &work, start_ns);
}

/* PXC_PENDING if there is more to come. */
static pxc_status take(pxc_cache *cache, pxc_letter *letter, step how, pxc_budget *left)
{
    const pxc_status status = reserve(cache, letter);
    if (status != PXC_OK) {
        return status;
    }
    if (how == PREPARE) {
        return pxc_prepare(cache, letter);
    }
    const uint64_t before_bytes = cache->stats.upload_bytes;
    const uint64_t start_ns = pxc_work_begin(cache);
    const pxc_status taken = how == WHOLE ? upload_whole(cache, letter) : upload_band(cache, letter, left);
    const uint64_t bytes = cache->stats.upload_bytes - before_bytes; /* also if the last step was refused */
    left->bytes -= pxc_least(bytes, left->bytes);
    if (cache->on_work != NULL) {
        tell(cache, letter, taken, bytes, start_ns);
    }
    return taken;
}

pxc_status pxc_uploads_run(pxc_cache *cache)
{
    /* The last eighth of the time is for what forecasts miss. */
    const uint64_t planned_us = cache->upload_us_per_frame - cache->upload_us_per_frame / 8;
    pxc_budget left = {.bytes = cache->upload_bytes_per_frame, .end_us = pxc_now_us(cache) + planned_us};
    bool partial_only = false;
    pxc_status lost = PXC_OK;
    for (bool is_first = true; lost == PXC_OK;) {
        pxc_prepared_poll(cache);
        pxc_letter *letter = cache->pending.partial;
        step how = BAND;
        pxc_budget_look(cache, &left);
        if (!partial_only) {
            how = choose(cache, &left, is_first, &letter);
        }
        if (letter == NULL || how == STOP || (partial_only && !is_first && !is_worth_it(letter, &left))) {
            break;
        }
        switch (take(cache, letter, how, &left)) {
        case PXC_OK:
            pxc_pending_drop(cache, letter);
            break;
        case PXC_PENDING:
            break;
        case PXC_ERR_FULL: /* until the boundary; what is half up has its room */
            if (partial_only || cache->pending.partial == NULL) {
                return PXC_OK;
            }
            partial_only = true;
            continue;
        case PXC_ERR_MEMORY: /* it may come back */
            return PXC_OK;
        case PXC_ERR_LOST:
            lost = PXC_ERR_LOST;
            break;
        default:
            ++cache->stats.submits_failed;
            pxc_pending_drop(cache, letter);
        }
        is_first = is_first && how == PREPARE;
    }
    return lost;
}
