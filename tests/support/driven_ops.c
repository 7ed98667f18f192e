/* The operations that upload nothing, and the choice among all. */
#include "driven.h"

#include <string.h>

static pxc_status status_of_name(driven *d, int name, const model_entry *e)
{
    if (!driven_name_valid(name)) {
        return PXC_ERR_ARGUMENT;
    }
    return e ? PXC_OK : queue_of_name(&d->q, name) ? PXC_PENDING : PXC_MISS;
}

static void check_texture(const driven *d, const model_entry *e, const pxc_texture *texture)
{
    const fake_texture *seen = fake_gpu_texture(&d->f.gpu, texture->name);
    assert_non_null(seen);
    assert_true(seen->checksum == e->image.checksum);
    assert_int_equal(texture->width, e->image.width);
    assert_int_equal(texture->height, e->image.height);
    assert_int_equal(texture->format, e->image.format);
    assert_int_equal(texture->cost, e->image.cost);
    assert_int_equal(texture->layer, 0);
    assert_true(texture->u0 == 0.0f && texture->v0 == 0.0f && texture->u1 == 1.0f && texture->v1 == 1.0f);
}

static void found(driven *d, const model_entry *e, const pxc_texture *texture)
{
    if (!e) {
        assert_zero_texture(texture);
        d->m.stats.misses++;
        return;
    }
    check_texture(d, e, texture);
    driven_give(d, texture->name, e->image.checksum);
    d->m.stats.hits++;
    model_touch(&d->m, e);
}

static void do_find(driven *d)
{
    pxc_texture texture;
    memset(&texture, 0xFF, sizeof texture);
    const pxc_key key = driven_key(d);
    const model_entry *e = model_by_key(&d->m, key);
    assert_int_equal(pxc_find(d->f.cache, key, &texture), e ? PXC_OK : PXC_MISS);
    found(d, e, &texture);
}

static void do_find_named(driven *d)
{
    char text[DRIVEN_NAME_BYTES];
    pxc_texture texture;
    memset(&texture, 0xFF, sizeof texture);
    const int name = driven_name(d);
    const model_entry *e = model_by_name(&d->m, name);
    const pxc_status expected = status_of_name(d, name, e);
    assert_int_equal(pxc_find_named(d->f.cache, driven_name_text(name, text), &texture), expected);
    if (expected == PXC_PENDING || expected == PXC_MISS) {
        driven_read_mailbox(d);
    }
    if (expected == PXC_PENDING) {
        queue_want(&d->q, queue_of_name(&d->q, name));
    }
    if (driven_name_valid(name)) {
        found(d, e, &texture);
    } else {
        assert_zero_texture(&texture);
    }
}

/* A find that wants no texture is a use all the same. */
static void do_use(driven *d)
{
    const pxc_key key = driven_key(d);
    model_entry *e = model_by_key(&d->m, key);
    assert_int_equal(pxc_find(d->f.cache, key, NULL), e ? PXC_OK : PXC_MISS);
    d->m.stats.hits += e ? 1 : 0;
    d->m.stats.misses += e ? 0 : 1;
    if (e) {
        model_touch(&d->m, e);
    }
}

static void do_peek(driven *d)
{
    pxc_texture texture;
    memset(&texture, 0xFF, sizeof texture);
    const pxc_key key = driven_key(d);
    const model_entry *e = model_by_key(&d->m, key);
    assert_int_equal(pxc_peek(d->f.cache, key, &texture), e ? PXC_OK : PXC_MISS);
    assert_int_equal(pxc_key_valid(d->f.cache, key), e != NULL);
    if (e) {
        check_texture(d, e, &texture);
    } else {
        assert_zero_texture(&texture);
    }
}

static void do_lookup(driven *d)
{
    char text[DRIVEN_NAME_BYTES];
    const int name = driven_name(d);
    const model_entry *e = model_by_name(&d->m, name);
    pxc_key key = {77};
    const pxc_status expected = status_of_name(d, name, e);
    assert_int_equal(pxc_lookup(d->f.cache, driven_name_text(name, text), &key), expected);
    assert_true(key.id == (e ? e->key.id : 0));
    if (expected == PXC_PENDING || expected == PXC_MISS) {
        driven_read_mailbox(d);
    }
}

static void do_remove(driven *d)
{
    const pxc_key key = driven_key(d);
    const model_entry *e = model_by_key(&d->m, key);
    assert_int_equal(pxc_remove(d->f.cache, key), e ? PXC_OK : PXC_MISS);
    if (e) {
        model_take_out(&d->m, e);
    }
}

static void do_remove_named(driven *d)
{
    char text[DRIVEN_NAME_BYTES];
    const int name = driven_name(d);
    const model_entry *e = model_by_name(&d->m, name);
    queue_item *item = queue_of_name(&d->q, name);
    const pxc_status expected = item ? PXC_OK : status_of_name(d, name, e);
    if (item) {
        item->due = true;
    }
    assert_int_equal(pxc_remove_named(d->f.cache, driven_name_text(name, text)), expected);
    if (driven_name_valid(name)) {
        driven_read_mailbox(d);
    }
    if (e) {
        model_take_out(&d->m, e);
    }
}

static void do_pin(driven *d)
{
    const pxc_key key = driven_key(d);
    model_entry *e = model_by_key(&d->m, key);
    assert_int_equal(pxc_pin(d->f.cache, key), e ? PXC_OK : PXC_MISS);
    if (e) {
        e->pins++;
    }
}

static void do_unpin(driven *d)
{
    const unsigned skip = driven_byte(d->in);
    pxc_key key = driven_key(d);
    unsigned pinned = 0;
    for (size_t i = 0; i < d->m.count && skip < 192; ++i) {
        if (d->m.entries[i].pins > 0 && pinned++ <= skip % 8) {
            key = d->m.entries[i].key;
        }
    }
    model_entry *e = model_by_key(&d->m, key);
    const pxc_status expected = !e ? PXC_MISS : e->pins == 0 ? PXC_ERR_ARGUMENT : PXC_OK;
    assert_int_equal(pxc_unpin(d->f.cache, key), expected);
    if (expected == PXC_OK) {
        e->pins--;
    }
}

static void do_trim_to(driven *d)
{
    const size_t bytes = driven_size(d);
    assert_int_equal(pxc_trim_to(d->f.cache, bytes), PXC_OK);
    model_trim_to(&d->m, bytes);
}

static void do_trim_older(driven *d)
{
    const unsigned pick = driven_byte(d->in);
    const uint64_t frames = pick == 255   ? UINT64_MAX
                            : pick == 254 ? UINT32_MAX
                            : pick >= 192 ? pick
                                          : pick % 12;
    assert_int_equal(pxc_trim_older(d->f.cache, frames), PXC_OK);
    model_trim_older(&d->m, frames);
}

static void do_set_limit(driven *d)
{
    const size_t bytes = driven_size(d);
    assert_int_equal(pxc_set_limit(d->f.cache, bytes), PXC_OK);
    model_set_limit(&d->m, bytes);
}

/* Uses without a boundary between them, in steps through the list. */
static void use_many(driven *d)
{
    const size_t count = driven_two(d->in) % 512;
    const size_t step = driven_byte(d->in);
    for (size_t i = 0; i < count && d->m.count > 0; ++i) {
        model_entry *e = &d->m.entries[i * step % d->m.count];
        assert_int_equal(pxc_find(d->f.cache, e->key, NULL), PXC_OK);
        d->m.stats.hits++;
        model_touch(&d->m, e);
    }
}

/* What is up in part starts anew. */
static void lose_context(driven *d)
{
    model_lose_context(&d->m);
    d->given_count = 0;
    d->q.abandoned = 0;
    if (d->q.partial) {
        d->q.partial->rows_done = 0;
        d->q.partial = NULL;
    }
}

/* Those that end much happen seldom: an operation that is drawn often, and a second byte that must be small. */
static void do_rare(driven *d)
{
    const unsigned pick = driven_byte(d->in);
    if (pick < 24) {
        queue_all_due(&d->q);
        assert_int_equal(pxc_clear(d->f.cache), PXC_OK);
        model_clear(&d->m);
        driven_read_mailbox(d);
    } else if (pick < 48) {
        driven_check_given(d);
        assert_int_equal(pxc_context_lost(d->f.cache), PXC_OK);
        lose_context(d);
    } else if (pick < 56) {
        driven_close(d);
        driven_open(d);
    } else if (pick < 120) {
        driven_insert_many(d);
    } else if (pick < 200) {
        use_many(d);
    } else {
        driven_frame_begin(d);
        assert_int_equal(pxc_validate(d->f.cache), PXC_OK);
    }
}

static void do_frame_end(driven *d)
{
    driven_check_given(d);
    d->given_count = 0;
    queue_item *partial = d->q.partial;
    const bool gives_up = partial && partial->image.cost > d->m.limit_bytes;
    if (gives_up && !partial->due) { /* more than the limit holds by now */
        partial->due = true;
        d->m.stats.submits_failed++;
    }
    assert_int_equal(pxc_frame_end(d->f.cache), PXC_OK);
    assert_true(!gives_up || !d->q.partial);
    if (gives_up) { /* whether it was replaced is looked for */
        driven_read_mailbox(d);
    }
    model_end_frame(&d->m);
    d->q.abandoned = 0;
    assert_int_equal(d->f.gpu.alive, d->m.count + (d->q.partial ? 1 : 0));
    assert_int_equal(fake_gpu_partial_count(&d->f.gpu), d->q.partial ? 1 : 0);
}

/* Those that hand over stand where a part of the inserts and finds was before: the stored inputs of the fuzzer mean the
 * same otherwise. */
void driven_step(driven *d)
{
    static const struct {
        void (*function)(driven *d);
        unsigned weight;
    } operations[] = {
        {driven_insert, 52},
        {driven_submit, 22},
        {do_find, 32},
        {driven_discard, 7},
        {driven_frame_begin, 15},
        {do_find_named, 20},
        {driven_replace, 16},
        {do_frame_end, 20},
        {do_unpin, 15},
        {do_pin, 9},
        {do_use, 8},
        {do_peek, 8},
        {do_lookup, 8},
        {do_remove, 6},
        {do_remove_named, 4},
        {do_trim_to, 2},
        {do_trim_older, 2},
        {do_set_limit, 3},
        {driven_fail_gpu, 3},
        {driven_fail_alloc, 3},
        {do_rare, 1},
    };
    unsigned draw = driven_byte(d->in);
    for (size_t i = 0; i < COUNT_OF(operations); ++i) {
        if (draw < operations[i].weight) {
            operations[i].function(d);
            return;
        }
        draw -= operations[i].weight;
    }
    fail_msg("the weights do not sum up to 256");
}
