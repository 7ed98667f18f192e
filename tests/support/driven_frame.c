/* pxc_frame_begin in step with the model: each call of the GPU must be for the item whose turn it is, with as many rows
 * as the budget has room for, and none may be missing at the end. The queue is not walked in advance, because what the
 * GPU answers and what allocation fails decides how it goes on.
 *
 * Images are below the 16 KiB from which a band is worth a call besides the first, so all but the first step of a frame
 * take what fits whole. */
#include "driven.h"

static bool takes_bands(const driven *d)
{
    return d->gpu_calls.begin_texture != NULL;
}

static bool goes_whole(const driven *d, const queue_item *item, size_t allowed)
{
    return item != d->q.partial &&
           (queue_left_bytes(item) <= allowed || item->image.height == 1 || !takes_bands(d));
}

static size_t allowed_bytes(const driven *d)
{
    const uint64_t bytes = d->f.gpu.clock_us < d->frame.end_us ? d->frame.bytes_left : 0;
    return bytes > SIZE_MAX ? SIZE_MAX : (size_t)bytes;
}

/* What is up in part is finished first, but for what goes up whole. */
static queue_item *choose(driven *d, size_t allowed)
{
    queue_item *partial = d->q.partial;
    queue_item *first = queue_first(&d->q, d->m.stats.frames);
    if (partial != NULL && (d->frame.partial_only || !goes_whole(d, first, allowed))) {
        return partial;
    }
    return d->frame.partial_only ? NULL : first;
}

static bool may_go(const driven *d, const queue_item *item, size_t allowed)
{
    if (item != d->q.partial && !goes_whole(d, item, allowed) && d->q.abandoned == QUEUE_MAX_ABANDONED) {
        return false;
    }
    return d->frame.is_first || queue_left_bytes(item) <= allowed;
}

static void drop(driven *d, queue_item *item)
{
    item->due = true;
    d->m.stats.submits_failed++;
    d->frame.is_first = false;
}

queue_item *driven_next(driven *d)
{
    const size_t allowed = allowed_bytes(d);
    queue_item *item = choose(d, allowed);
    while (item != NULL && may_go(d, item, allowed)) {
        const pxc_status status = item == d->q.partial ? PXC_OK : model_admit(&d->m, &item->image);
        if (status == PXC_OK) {
            return item;
        }
        if (status == PXC_ERR_TOO_LARGE) {
            drop(d, item);
        } else if (d->q.partial == NULL) {
            return NULL; /* until the boundary */
        } else {
            d->frame.partial_only = true;
        }
        item = choose(d, allowed);
    }
    return NULL;
}

/* ---- The GPU --------------------------------------------------------------------------------------------------*/

static driven *driven_of(void *gpu)
{
    return (driven *)(void *)((char *)gpu - offsetof(driven, f.gpu));
}

/* Whether the call that is made fails as the test wants it. */
static bool is_refused(driven *d)
{
    const bool refused = d->refusals > 0;
    d->refusals -= refused ? 1 : 0;
    return refused;
}

/* A step begins: the GPU is asked for the first time. */
static queue_item *take_turn(driven *d, const pxc_pixmap *pixmap)
{
    queue_item *item = driven_next(d);
    assert_non_null(item);
    assert_false(d->frame.is_lost);
    assert_ptr_equal(pixmap->pixels, item->pixels);
    d->frame.step = item;
    d->frame.allowed_bytes = allowed_bytes(d);
    return item;
}

static void end_step(driven *d, size_t bytes)
{
    d->frame.bytes_left -= bytes < d->frame.bytes_left ? bytes : d->frame.bytes_left;
    d->frame.is_first = false;
    d->frame.step = NULL;
}

static void fail_step(driven *d, pxc_status status)
{
    if (status == PXC_ERR_LOST) {
        d->frame.is_lost = true; /* and what is up stays so until pxc_context_lost */
    } else {
        drop(d, d->frame.step);
    }
    d->frame.step = NULL;
}

/* By a GPU without memory it is asked for twice, and the model foresaw both. Its key is learned when the call is over:
 * until then it is 0. */
static pxc_status make(driven *d, const pxc_pixmap *pixmap, uint32_t *name, bool filled)
{
    driven_frame *frame = &d->frame;
    d->textures_asked++;
    if (frame->is_open && !frame->asks_again) {
        const queue_item *item = take_turn(d, pixmap);
        const model_entry *old = model_by_name(&d->m, item->name);
        assert_int_equal(filled, goes_whole(d, item, frame->allowed_bytes));
        frame->expected = model_upload(&d->m, &item->image, old ? old->key : (pxc_key){0});
    }
    const pxc_backend *gpu = &d->gpu_calls;
    const pxc_status status = is_refused(d) ? d->m.gpu_failure
                              : filled      ? gpu->create_texture(&d->f.gpu, pixmap, name)
                                            : gpu->begin_texture(&d->f.gpu, pixmap, name);
    d->f.gpu.clock_us += filled && status == PXC_OK ? d->us_per_call : 0;
    frame->asks_again = frame->is_open && !frame->asks_again && status == PXC_ERR_MEMORY;
    if (!frame->is_open || frame->asks_again) {
        return status;
    }
    assert_int_equal(status == PXC_ERR_MEMORY ? PXC_ERR_GPU : status, frame->expected);
    queue_item *item = frame->step;
    if (status != PXC_OK) {
        fail_step(d, status);
    } else if (filled) {
        model_insert(&d->m, (pxc_key){0}, item->name, &item->image);
        item->due = true;
        end_step(d, item->image.upload_bytes);
    } else {
        model_begin_texture(&d->m, &item->image);
        d->q.partial = item;
    }
    return status;
}

static pxc_status create_texture(void *gpu, const pxc_pixmap *pixmap, uint32_t *name)
{
    return make(driven_of(gpu), pixmap, name, true);
}

static pxc_status begin_texture(void *gpu, const pxc_pixmap *pixmap, uint32_t *name)
{
    return make(driven_of(gpu), pixmap, name, false);
}

/* As many as there is room for, and one at least. */
static void check_rows(const driven *d, const queue_item *item, int first_row, int row_count)
{
    const size_t fitting = d->frame.allowed_bytes / item->row_bytes;
    const size_t left = (size_t)(item->image.height - item->rows_done);
    assert_int_equal(first_row, item->rows_done);
    assert_int_equal(row_count, left <= fitting ? left : fitting > 0 ? fitting : 1);
}

/* What was refused by the test is refused in the model, too. */
static bool is_band_refused(driven *d)
{
    d->m.gpu_failures -= d->m.gpu_failures > 0 ? 1 : 0;
    return is_refused(d);
}

static pxc_status upload_rows(void *gpu, const pxc_pixmap *pixmap, uint32_t name, const pxc_band *band)
{
    const int row_count = band->row_count;
    driven *d = driven_of(gpu);
    queue_item *item = d->frame.step != NULL ? d->frame.step : take_turn(d, pixmap);
    assert_ptr_equal(item, d->q.partial);
    check_rows(d, item, band->first_row, row_count);
    d->f.gpu.clock_us += d->us_per_call;
    if (is_band_refused(d)) {
        fail_step(d, d->m.gpu_failure);
        return d->m.gpu_failure;
    }
    assert_int_equal(d->gpu_calls.upload_rows(gpu, pixmap, name, band), PXC_OK);
    const size_t bytes = (size_t)row_count * item->row_bytes;
    item->rows_done += row_count;
    d->m.stats.upload_bytes += bytes;
    end_step(d, bytes);
    d->frame.step = item->rows_done == item->image.height ? item : NULL;
    return PXC_OK;
}

static pxc_status finish_texture(void *gpu, const pxc_pixmap *pixmap, uint32_t name)
{
    driven *d = driven_of(gpu);
    queue_item *item = d->frame.step != NULL ? d->frame.step : take_turn(d, pixmap);
    assert_ptr_equal(item, d->q.partial);
    assert_int_equal(item->rows_done, item->image.height);
    if (is_band_refused(d)) {
        fail_step(d, d->m.gpu_failure);
        return d->m.gpu_failure;
    }
    if (d->finish_refusals > 0) {
        d->finish_refusals--;
        fail_step(d, d->finish_status);
        return d->finish_status;
    }
    assert_int_equal(d->gpu_calls.finish_texture(gpu, pixmap, name), PXC_OK);
    model_finish_texture(&d->m, (pxc_key){0}, item->name);
    item->due = true;
    d->q.partial = NULL;
    end_step(d, 0);
    return PXC_OK;
}

void driven_hook_gpu(driven *d)
{
    pxc_backend *backend = &d->f.gpu.backend;
    d->gpu_calls = *backend;
    backend->create_texture = create_texture;
    if (backend->begin_texture != NULL) {
        backend->begin_texture = begin_texture;
        backend->upload_rows = upload_rows;
        backend->finish_texture = finish_texture;
    }
}

/* ---- The call -------------------------------------------------------------------------------------------------*/

/* Those that went up in this frame are the last of the list. */
static void learn_keys(driven *d)
{
    for (size_t i = d->m.count; i > 0 && d->m.entries[i - 1].key.id == 0; --i) {
        char text[DRIVEN_NAME_BYTES];
        model_entry *entry = &d->m.entries[i - 1];
        pxc_key key = {0};
        assert_int_equal(pxc_lookup(d->f.cache, driven_name_text(entry->name, text), &key), PXC_OK);
        assert_null(model_by_key(&d->m, key));
        entry->key = key;
    }
}

void driven_frame_begin(driven *d)
{
    const uint64_t us = d->config.upload_us_per_frame == 0 ? 2000 : d->config.upload_us_per_frame;
    const uint64_t bytes = d->config.upload_bytes_per_frame;
    const uint64_t failed = d->f.alloc.failed;
    queue_read(&d->q, d->m.stats.frames);
    d->frame = (driven_frame){.is_open = true,
                              .is_first = true,
                              .bytes_left = bytes == 0 ? UINT64_MAX : bytes,
                              .end_us = d->f.gpu.clock_us + us - us / 8};
    const pxc_status status = pxc_frame_begin(d->f.cache);
    assert_int_equal(status, d->frame.is_lost ? PXC_ERR_LOST : PXC_OK);
    assert_null(d->frame.step);
    if (!d->frame.is_lost && driven_next(d) != NULL) {
        assert_true(d->f.alloc.failed != failed); /* nothing else keeps it from going up */
    }
    d->frame.is_open = false;
    driven_read_mailbox(d);
    learn_keys(d);
}
