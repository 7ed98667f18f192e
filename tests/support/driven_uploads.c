/* Insert and replace, and what must be answered.
 *
 * The model goes second. Whether an allocation failed is read from the allocator: every one that a call needs comes
 * before its upload, so such a call must return PXC_ERR_MEMORY and must not have reached the GPU. What the contract
 * leaves open is left open: of two faults of one call, a stale key and a side that no GPU takes, either is answered. */
#include "driven.h"

/* Of the calls that were made before. */
typedef struct effort {
    uint64_t allocs_failed, textures_asked;
} effort;

static effort effort_of(const driven *d)
{
    return (effort){d->f.alloc.failed, d->textures_asked};
}

/* What the call that was just made had to answer; the model goes through it. */
static pxc_status expected_status(driven *d, const driven_upload *u, pxc_key keep, effort before)
{
    const bool alloc_failed = d->f.alloc.failed != before.allocs_failed;
    const bool asked = d->textures_asked != before.textures_asked;
    pxc_status status = u->shape_status;
    if (status == PXC_OK) {
        status = model_admit(&d->m, &u->image);
    }
    if (status != PXC_OK) {
        assert_false(alloc_failed);
        return status;
    }
    if (alloc_failed && asked) {
        assert_true(d->q.count > 0); /* what was handed over was sorted in after the upload */
        return model_upload(&d->m, &u->image, keep);
    }
    return alloc_failed ? PXC_ERR_MEMORY : model_upload(&d->m, &u->image, keep);
}

static void give_uploaded(driven *d, pxc_key key, const driven_upload *u)
{
    pxc_texture texture;
    assert_int_equal(pxc_peek(d->f.cache, key, &texture), PXC_OK);
    assert_int_equal(texture.cost, u->image.cost);
    driven_give(d, texture.name, u->image.checksum);
}

/* An insert by name that works makes an end of what was handed over under the name; one that fails leaves it. */
static queue_item *expect_dropped(driven *d, int name)
{
    queue_item *item = queue_of_name(&d->q, name);
    if (item != NULL) {
        item->due = true;
    }
    return item;
}

static void settle_dropped(driven *d, queue_item *item, bool dropped)
{
    if (dropped) {
        driven_read_mailbox(d);
    } else if (item != NULL) {
        assert_non_null(item->pixels);
        item->due = false;
    }
}

void driven_insert(driven *d)
{
    char text[DRIVEN_NAME_BYTES];
    driven_upload u;
    const unsigned how = driven_byte(d->in);
    const int name = (how & 1) != 0 ? (int)(how / 2 % DRIVEN_NAMES) : MODEL_NO_NAME;
    driven_read_upload(d, &u, 12);
    if (d->m.count + d->q.count >= MODEL_MAX_ENTRIES) {
        return; /* a model that is full */
    }
    queue_item *pending = name == MODEL_NO_NAME ? NULL : expect_dropped(d, name);
    const model_entry *old = model_by_name(&d->m, name);
    const pxc_key keep = old ? old->key : (pxc_key){0};
    const effort before = effort_of(d);
    pxc_key key = {77};
    const pxc_status status =
        name == MODEL_NO_NAME
            ? pxc_insert(d->f.cache, u.given, how == 2 ? NULL : &key)
            : pxc_insert_named(d->f.cache, driven_name_text(name, text), u.given, how >= 240 ? NULL : &key);
    if (how == 2 || (name != MODEL_NO_NAME && !driven_name_valid(name))) {
        u.shape_status = PXC_ERR_ARGUMENT;
    }
    assert_int_equal(status, expected_status(d, &u, keep, before));
    settle_dropped(d, pending, status == PXC_OK && name != MODEL_NO_NAME);
    if (status == PXC_OK && name != MODEL_NO_NAME && how >= 240) {
        assert_int_equal(pxc_lookup(d->f.cache, text, &key), PXC_OK);
    } else if (status != PXC_OK) {
        assert_true(key.id == (how == 2 || (how >= 240 && name != MODEL_NO_NAME) ? 77 : 0));
        return;
    }
    assert_true(key.id != 0);
    assert_null(model_by_key(&d->m, key));
    model_insert(&d->m, key, name, &u.image);
    give_uploaded(d, key, &u);
}

/* One pixel each, under names of their own or none: enough of them make every table grow. */
void driven_insert_many(driven *d)
{
    const unsigned kind = driven_byte(d->in);
    if ((kind & 6) == 6) {
        driven_submit_many(d);
        return;
    }
    const size_t most = d->m.count + 100 + 5 * (size_t)driven_byte(d->in);
    driven_upload u;
    driven_read_pixel(d, &u);
    for (int i = 0; i < DRIVEN_MANY && d->m.count < most && most + d->q.count < MODEL_MAX_ENTRIES; ++i) {
        char text[DRIVEN_NAME_BYTES];
        pxc_key key = {77};
        const int name = (kind & 1) != 0 ? DRIVEN_NAMES + i : MODEL_NO_NAME;
        if (model_by_name(&d->m, name) || queue_of_name(&d->q, name)) {
            continue;
        }
        const effort before = effort_of(d);
        const pxc_status status =
            name == MODEL_NO_NAME
                ? pxc_insert(d->f.cache, &u.pixmap, &key)
                : pxc_insert_named(d->f.cache, driven_name_text(name, text), &u.pixmap, &key);
        assert_int_equal(status, expected_status(d, &u, (pxc_key){0}, before));
        settle_dropped(d, NULL, status == PXC_OK && name != MODEL_NO_NAME);
        if (status != PXC_OK) {
            assert_zero_key(key);
            return;
        }
        model_insert(&d->m, key, name, &u.image);
    }
}

void driven_replace(driven *d)
{
    driven_upload u;
    const pxc_key key = driven_key(d);
    driven_read_upload(d, &u, 12);
    const effort before = effort_of(d);
    const pxc_status status = pxc_replace(d->f.cache, key, u.given);
    if (!model_by_key(&d->m, key) && u.shape_status != PXC_ERR_ARGUMENT) {
        assert_true(status == PXC_MISS || (status == PXC_ERR_TOO_LARGE && u.shape_status == status));
        return;
    }
    assert_int_equal(status, expected_status(d, &u, key, before));
    if (status == PXC_OK) {
        model_replace(&d->m, key, &u.image);
        give_uploaded(d, key, &u);
    }
}

void driven_fail_gpu(driven *d)
{
    static const pxc_status statuses[] = {PXC_ERR_MEMORY, PXC_ERR_GPU, PXC_ERR_LOST, PXC_ERR_TOO_LARGE};
    const unsigned how = driven_byte(d->in);
    if (how % 8 < 4 && how >= 160) {
        d->finish_status = statuses[how % 4];
        d->finish_refusals = 1;
    } else if (how % 8 < 4) {
        d->m.gpu_failure = statuses[how % 4];
        d->m.gpu_failures = d->refusals = 1 + how / 8 % 3;
    } else {
        d->f.gpu.memory_bytes = how % 8 < 6 ? SIZE_MAX : driven_size(d);
        d->m.gpu_room_bytes = d->f.gpu.memory_bytes;
    }
}

void driven_fail_alloc(driven *d)
{
    failing_alloc_fail_nth(&d->f.alloc, driven_byte(d->in) % 5);
}
