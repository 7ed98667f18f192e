/* Rows with the same two functions differ in what they are about: an entry that this frame used or did not, that is
 * pinned, or that is gone. The functions come in the header's order. */
#include "every_call.h"

#include <string.h>

static pxc_status do_create(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    return pxc_create(&s->config, &out->cache);
}

/* The new cache works and is given back; the scene's own did not notice. gl/test_lost_in_create.c asks whether it works
 * when its context was lost while it was created. */
static void made_second(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    pxc_key key = {0};
    assert_status(PXC_OK, pxc_validate(out->cache));
    if (s->context_was_lost) {
        assert_ok(out->cache, pxc_context_lost(out->cache));
    } else {
        assert_ok(out->cache, pxc_insert(out->cache, &s->fresh, &key));
        assert_ok(out->cache, pxc_find(out->cache, key, NULL));
        assert_ok(out->cache, pxc_frame_end(out->cache));
    }
    assert_status(PXC_OK, pxc_destroy(out->cache));
}

static pxc_status do_destroy(scene *s, const every_call *call, call_out *out)
{
    (void)s;
    (void)call;
    return pxc_destroy(out->cache);
}

static pxc_status do_insert(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    return pxc_insert(s->cache, &s->fresh, &out->key);
}

static pxc_status do_insert_named(scene *s, const every_call *call, call_out *out)
{
    pxc_key *key = (call->traits & CALL_SETS_KEY) != 0 ? &out->key : NULL;
    return pxc_insert_named(s->cache, scene_name(call->name), &s->fresh, key);
}

static void made_insert(scene *s, const every_call *call, const call_out *out)
{
    const model_image image = scene_image(&s->fresh);
    pxc_key key = out->key;
    if ((call->traits & CALL_SETS_KEY) == 0) {
        assert_status(PXC_OK, pxc_lookup(s->cache, scene_name(call->name), &key));
    }
    assert_true(key.id != 0 && model_by_key(&s->m, key) == NULL);
    model_insert(&s->m, key, call->name, &image);
    scene_give(s, key);
}

static pxc_status do_replace(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_replace(s->cache, s->keys[call->key], &s->fresh);
}

static void made_replace(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    const model_image image = scene_image(&s->fresh);
    model_replace(&s->m, s->keys[call->key], &image);
    scene_give(s, s->keys[call->key]);
}

static pxc_status do_find(scene *s, const every_call *call, call_out *out)
{
    pxc_texture *texture = (call->traits & CALL_SETS_TEXTURE) != 0 ? &out->texture : NULL;
    return pxc_find(s->cache, s->keys[call->key], texture);
}

static pxc_status do_find_named(scene *s, const every_call *call, call_out *out)
{
    pxc_texture *texture = (call->traits & CALL_SETS_TEXTURE) != 0 ? &out->texture : NULL;
    return pxc_find_named(s->cache, scene_name(call->name), texture);
}

static pxc_status do_peek(scene *s, const every_call *call, call_out *out)
{
    return pxc_peek(s->cache, s->keys[call->key], &out->texture);
}

static void made_peek(scene *s, const every_call *call, const call_out *out)
{
    const model_entry *entry = model_by_key(&s->m, s->keys[call->key]);
    assert_non_null(entry);
    if ((call->traits & CALL_SETS_TEXTURE) != 0) {
        const pxc_pixmap pixmap = pixmap_of(entry->image.width);
        assert_int_equal(out->texture.width, entry->image.width);
        assert_int_equal(out->texture.cost, entry->image.cost);
        s->shows(s, out->texture.name, &pixmap);
    }
}

static void made_find(scene *s, const every_call *call, const call_out *out)
{
    made_peek(s, call, out);
    s->m.stats.hits++;
    model_touch(&s->m, model_by_key(&s->m, s->keys[call->key]));
    scene_give(s, s->keys[call->key]);
}

static void made_miss(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    (void)out;
    s->m.stats.misses++;
}

static pxc_status do_lookup(scene *s, const every_call *call, call_out *out)
{
    return pxc_lookup(s->cache, scene_name(call->name), &out->key);
}

static void made_lookup(scene *s, const every_call *call, const call_out *out)
{
    assert_true(out->key.id == s->keys[call->key].id);
}

static pxc_status do_key_valid(scene *s, const every_call *call, call_out *out)
{
    out->yes = pxc_key_valid(s->cache, s->keys[call->key]);
    return PXC_OK;
}

static void made_key_valid(scene *s, const every_call *call, const call_out *out)
{
    assert_int_equal(out->yes, model_by_key(&s->m, s->keys[call->key]) != NULL);
}

static pxc_status do_remove(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_remove(s->cache, s->keys[call->key]);
}

static pxc_status do_remove_named(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_remove_named(s->cache, scene_name(call->name));
}

static void made_remove(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    model_take_out(&s->m, model_by_key(&s->m, s->keys[call->key]));
}

static pxc_status do_clear(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    (void)out;
    return pxc_clear(s->cache);
}

static void made_clear(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    (void)out;
    model_clear(&s->m);
}

static pxc_status do_set_limit(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_set_limit(s->cache, (size_t)call->amount);
}

static void made_set_limit(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    model_set_limit(&s->m, (size_t)call->amount);
}

static pxc_status do_limit(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    out->size = pxc_limit(s->cache);
    return PXC_OK;
}

static void made_limit(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    assert_int_equal(out->size, s->m.limit_bytes);
}

static pxc_status do_used(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    out->size = pxc_used(s->cache);
    return PXC_OK;
}

static void made_used(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    assert_int_equal(out->size, model_used_bytes(&s->m));
}

static pxc_status do_pin(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_pin(s->cache, s->keys[call->key]);
}

static void made_pin(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    model_by_key(&s->m, s->keys[call->key])->pins++;
}

static pxc_status do_unpin(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_unpin(s->cache, s->keys[call->key]);
}

static void made_unpin(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    model_by_key(&s->m, s->keys[call->key])->pins--;
}

static pxc_status do_trim_to(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_trim_to(s->cache, (size_t)call->amount);
}

static void made_trim_to(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    model_trim_to(&s->m, (size_t)call->amount);
}

static pxc_status do_trim_older(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_trim_older(s->cache, call->amount);
}

static void made_trim_older(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    model_trim_older(&s->m, call->amount);
}

static pxc_status do_frame_begin(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    (void)out;
    return pxc_frame_begin(s->cache);
}

static pxc_status do_frame_end(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    (void)out;
    return pxc_frame_end(s->cache);
}

static void made_frame_end(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    (void)out;
    scene_frame_ended(s);
}

static pxc_status do_context_lost(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    (void)out;
    return pxc_context_lost(s->cache);
}

static void made_context_lost(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    (void)out;
    scene_context_lost(s);
}

static pxc_status do_get_stats(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    return pxc_get_stats(s->cache, &out->stats);
}

static void made_get_stats(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    const pxc_stats expected = model_stats(&s->m);
    assert_same_stats(&expected, &out->stats);
}

static pxc_status do_validate(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    (void)out;
    return pxc_validate(s->cache);
}

#define INSERTS (CALL_ALLOCATES | CALL_UPLOADS | CALL_USES_GPU)
#define KEYED   (INSERTS | CALL_SETS_KEY)

/* clang-format off */
const every_call every_calls[] = {
    {"create", CALL_ALLOCATES | CALL_USES_GPU | CALL_SETS_CACHE, PXC_OK, do_create, made_second, KEY_NONE, 0, 0},
    {"destroy", CALL_USES_GPU | CALL_HAS_SECOND, PXC_OK, do_destroy, NULL, KEY_NONE, 0, 0},
    {"insert", KEYED, PXC_OK, do_insert, made_insert, KEY_NONE, MODEL_NO_NAME, 0},
    {"insert_named, a new name", KEYED, PXC_OK, do_insert_named, made_insert, KEY_NONE, NAME_NEW, 0},
    {"insert_named, no key asked", INSERTS, PXC_OK, do_insert_named, made_insert, KEY_NONE, NAME_NEW, 0},
    {"insert_named, an idle name", KEYED, PXC_OK, do_insert_named, made_insert, KEY_IDLE, NAME_IDLE, 0},
    {"insert_named, a used name", KEYED, PXC_OK, do_insert_named, made_insert, KEY_OVER, NAME_OVER, 0},
    {"insert_named, a pinned name", KEYED, PXC_OK, do_insert_named, made_insert, KEY_PINNED, NAME_PINNED, 0},
    {"insert_named, a name removed before", INSERTS, PXC_OK, do_insert_named, made_insert, KEY_NONE, NAME_REMOVED, 0},
    {"replace, idle", INSERTS, PXC_OK, do_replace, made_replace, KEY_IDLE, 0, 0},
    {"replace, used", INSERTS, PXC_OK, do_replace, made_replace, KEY_USED, 0, 0},
    {"replace, pinned", INSERTS, PXC_OK, do_replace, made_replace, KEY_PINNED, 0, 0},
    {"replace, a stale key", 0, PXC_MISS, do_replace, NULL, KEY_STALE, 0, 0},
    {"find, idle", CALL_SETS_TEXTURE, PXC_OK, do_find, made_find, KEY_IDLE, 0, 0},
    {"find, used, nothing asked", 0, PXC_OK, do_find, made_find, KEY_USED, 0, 0},
    {"find, a stale key", CALL_SETS_TEXTURE, PXC_MISS, do_find, made_miss, KEY_STALE, 0, 0},
    {"find_named, idle", CALL_SETS_TEXTURE, PXC_OK, do_find_named, made_find, KEY_IDLE, NAME_IDLE, 0},
    {"find_named, pinned", CALL_SETS_TEXTURE, PXC_OK, do_find_named, made_find, KEY_PINNED, NAME_PINNED, 0},
    {"find_named, none", CALL_SETS_TEXTURE, PXC_MISS, do_find_named, made_miss, KEY_NONE, NAME_NEW, 0},
    {"peek", CALL_SETS_TEXTURE, PXC_OK, do_peek, made_peek, KEY_IDLE, 0, 0},
    {"peek, a stale key", CALL_SETS_TEXTURE, PXC_MISS, do_peek, NULL, KEY_STALE, 0, 0},
    {"lookup", CALL_SETS_KEY, PXC_OK, do_lookup, made_lookup, KEY_IDLE, NAME_IDLE, 0},
    {"lookup, none", CALL_SETS_KEY, PXC_MISS, do_lookup, NULL, KEY_NONE, NAME_EVICTED, 0},
    {"key_valid", 0, PXC_OK, do_key_valid, made_key_valid, KEY_IDLE, 0, 0},
    {"key_valid, a stale key", 0, PXC_OK, do_key_valid, made_key_valid, KEY_STALE, 0, 0},
    {"remove, idle", 0, PXC_OK, do_remove, made_remove, KEY_IDLE, 0, 0},
    {"remove, used", 0, PXC_OK, do_remove, made_remove, KEY_USED, 0, 0},
    {"remove, pinned", 0, PXC_OK, do_remove, made_remove, KEY_PINNED, 0, 0},
    {"remove, a stale key", 0, PXC_MISS, do_remove, NULL, KEY_STALE, 0, 0},
    {"remove_named", 0, PXC_OK, do_remove_named, made_remove, KEY_IDLE, NAME_IDLE, 0},
    {"remove_named, none", 0, PXC_MISS, do_remove_named, NULL, KEY_NONE, NAME_NEW, 0},
    {"clear", 0, PXC_OK, do_clear, made_clear, KEY_NONE, 0, 0},
    {"set_limit, lower", 0, PXC_OK, do_set_limit, made_set_limit, KEY_NONE, 0, 300},
    {"set_limit, higher", 0, PXC_OK, do_set_limit, made_set_limit, KEY_NONE, 0, (uint64_t)1 << 27},
    {"limit", 0, PXC_OK, do_limit, made_limit, KEY_NONE, 0, 0},
    {"used", 0, PXC_OK, do_used, made_used, KEY_NONE, 0, 0},
    {"pin", 0, PXC_OK, do_pin, made_pin, KEY_IDLE, 0, 0},
    {"pin, once more", 0, PXC_OK, do_pin, made_pin, KEY_PINNED, 0, 0},
    {"pin, a stale key", 0, PXC_MISS, do_pin, NULL, KEY_STALE, 0, 0},
    {"unpin", 0, PXC_OK, do_unpin, made_unpin, KEY_PINNED, 0, 0},
    {"unpin, no pin", 0, PXC_ERR_ARGUMENT, do_unpin, NULL, KEY_IDLE, 0, 0},
    {"trim_to, some", 0, PXC_OK, do_trim_to, made_trim_to, KEY_NONE, 0, 300},
    {"trim_to, all", 0, PXC_OK, do_trim_to, made_trim_to, KEY_NONE, 0, 0},
    {"trim_older, what this frame has not used", 0, PXC_OK, do_trim_older, made_trim_older, KEY_NONE, 0, 0},
    {"trim_older, one frame", 0, PXC_OK, do_trim_older, made_trim_older, KEY_NONE, 0, 1},
    {"frame_begin", 0, PXC_OK, do_frame_begin, NULL, KEY_NONE, 0, 0},
    {"frame_end", CALL_USES_GPU, PXC_OK, do_frame_end, made_frame_end, KEY_NONE, 0, 0},
    {"context_lost", 0, PXC_OK, do_context_lost, made_context_lost, KEY_NONE, 0, 0},
    {"get_stats", CALL_SETS_STATS, PXC_OK, do_get_stats, made_get_stats, KEY_NONE, 0, 0},
    {"validate", 0, PXC_OK, do_validate, NULL, KEY_NONE, 0, 0},
};
/* clang-format on */
const size_t every_call_count = COUNT_OF(every_calls);

void every_call_prepare(const scene *s, const every_call *call, call_out *out)
{
    memset(out, 0xA5, sizeof *out);
    out->yes = true; /* a bool has no dirty value */
    if ((call->traits & CALL_HAS_SECOND) != 0) {
        assert_status(PXC_OK, pxc_create(&s->config, &out->cache));
        const pxc_key pinned = insert_name(out->cache, "second", 31);
        assert_status(PXC_OK, pxc_pin(out->cache, pinned));
        assert_status(PXC_OK, pxc_remove(out->cache, insert_width(out->cache, 32)));
        insert_name(out->cache, "third", 33);
    }
}

void every_call_check_zeroed(const every_call *call, const call_out *out)
{
    static const pxc_stats zero;
    if ((call->traits & CALL_SETS_KEY) != 0) {
        assert_zero_key(out->key);
    }
    if ((call->traits & CALL_SETS_TEXTURE) != 0) {
        assert_zero_texture(&out->texture);
    }
    if ((call->traits & CALL_SETS_STATS) != 0) {
        assert_same_stats(&zero, &out->stats);
    }
    if ((call->traits & CALL_SETS_CACHE) != 0) {
        assert_null(out->cache);
    }
}
