/* Handing over and taking back: what is taken is in the queue until it is released, which must be when the queue says
 * so. Who is due may go at any time, and has gone when the cache has read its mailbox: in pxc_frame_begin, and where a
 * name is asked for that has no entry. */
#include "driven.h"

#include <stdlib.h>
#include <string.h>

static void on_release(void *user)
{
    queue_item *item = user;
    driven *d = item->owner;
    assert_non_null(item->pixels); /* else it is the second time */
    if (d->frame.is_open && !item->due) {
        driven_next(d); /* drops it, or else */
    }
    assert_true(item->due);
    if (item == d->q.partial) {
        model_give_up_texture(&d->m);
        d->q.partial = NULL;
        d->q.abandoned++;
    }
    free(item->pixels);
    queue_remove(&d->q, item);
    assert_int_equal(pxc_discard(d->f.cache, "a"), PXC_ERR_ARGUMENT);
    assert_int_equal(pxc_frame_begin(d->f.cache), PXC_ERR_ARGUMENT);
}

void driven_read_mailbox(driven *d)
{
    queue_read(&d->q, d->m.stats.frames);
    assert_int_equal(queue_due_count(&d->q), 0);
}

/* The pixmap with pixels of its own, which end where their block ends. */
static queue_item item_of(driven *d, int name, driven_upload *u)
{
    const pxc_pixmap *pixmap = &u->pixmap;
    const size_t row_bytes = fake_gpu_row_bytes(pixmap->format, pixmap->width);
    const size_t stride = pixmap->stride > 0 ? (size_t)pixmap->stride : row_bytes;
    const size_t bytes = stride * ((size_t)pixmap->height - 1) + row_bytes;
    queue_item item = {.owner = d, .name = name, .image = u->image, .row_bytes = row_bytes};
    item.mailbox_bytes = stride * (size_t)pixmap->height;
    item.pixels = malloc(bytes);
    assert_non_null(item.pixels);
    memcpy(item.pixels, pixmap->pixels, bytes);
    u->pixmap.pixels = item.pixels;
    return item;
}

static pxc_status expected_of(const driven *d, const driven_upload *u, size_t mailbox_bytes)
{
    const size_t all = d->config.mailbox_bytes == 0 ? (size_t)64 << 20 : d->config.mailbox_bytes;
    if (u->shape_status != PXC_OK) {
        return u->shape_status;
    }
    if (!model_can_hold(&d->m, &u->image) || mailbox_bytes > all) {
        return PXC_ERR_TOO_LARGE;
    }
    return mailbox_bytes > all - queue_bytes(&d->q) ? PXC_ERR_FULL : PXC_OK;
}

/* The item is put into the queue first, because it is what release is called with. */
static pxc_status submit(driven *d, int name, driven_upload *u)
{
    char text[DRIVEN_NAME_BYTES];
    queue_item item = {0};
    if (u->shape_status == PXC_OK) {
        item = item_of(d, name, u);
    }
    const pxc_status expected =
        driven_name_valid(name) ? expected_of(d, u, item.mailbox_bytes) : PXC_ERR_ARGUMENT;
    queue_item *place = expected == PXC_OK ? queue_place(&d->q) : NULL;
    const uint64_t failed = d->f.alloc.failed;
    const pxc_status status =
        pxc_submit(d->f.cache, driven_name_text(name, text), u->given, on_release, place);
    if (d->f.alloc.failed != failed) {
        assert_int_equal(expected, PXC_OK);
        assert_int_equal(status, PXC_ERR_MEMORY);
    } else {
        assert_int_equal(status, expected);
    }
    if (status == PXC_OK) {
        queue_add(&d->q, place, &item);
    } else {
        free(item.pixels);
    }
    return status;
}

static bool is_full(const driven *d)
{
    return d->q.count == QUEUE_MAX || d->m.count + d->q.count >= MODEL_MAX_ENTRIES;
}

void driven_submit(driven *d)
{
    driven_upload u;
    const int name = driven_name(d);
    driven_read_upload(d, &u, DRIVEN_MAX_SIDE);
    if (!is_full(d)) {
        submit(d, name, &u);
    }
}

/* One pixel each, under names of their own: enough of them for a table to grow. */
void driven_submit_many(driven *d)
{
    const int count = 20 + (int)driven_byte(d->in);
    pxc_status status = PXC_OK;
    for (int i = 0; i < count && status == PXC_OK && !is_full(d); ++i) {
        driven_upload u;
        driven_read_pixel(d, &u);
        status = submit(d, DRIVEN_NAMES + i, &u);
    }
}

void driven_discard(driven *d)
{
    char text[DRIVEN_NAME_BYTES];
    const int name = driven_name(d);
    const uint64_t failed = d->f.alloc.failed;
    const pxc_status status = pxc_discard(d->f.cache, driven_name_text(name, text));
    queue_item *item = queue_of_name(&d->q, name);
    if (!driven_name_valid(name)) {
        assert_int_equal(status, PXC_ERR_ARGUMENT);
    } else if (d->f.alloc.failed != failed) {
        assert_int_equal(status, PXC_ERR_MEMORY);
    } else {
        assert_int_equal(status, PXC_OK);
        if (item != NULL) {
            item->due = true;
        }
    }
}
