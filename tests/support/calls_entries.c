/* The calls of a cache's life and of its entries, in the header's order. */
#include "calls.h"

pxc_status do_create(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    return pxc_create(&s->config, &out->cache);
}

/* The new cache works and is given back; the scene's own did not notice. gl/test_lost_in_create.c asks whether it works
 * when its context was lost while it was created. */
void made_second(scene *s, const every_call *call, const call_out *out)
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

pxc_status do_destroy(scene *s, const every_call *call, call_out *out)
{
    (void)s;
    (void)call;
    return pxc_destroy(out->cache);
}

pxc_status do_insert(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    return pxc_insert(s->cache, &s->fresh, &out->key);
}

pxc_status do_insert_named(scene *s, const every_call *call, call_out *out)
{
    pxc_key *key = (call->traits & CALL_SETS_KEY) != 0 ? &out->key : NULL;
    return pxc_insert_named(s->cache, scene_name(call->name), &s->fresh, key);
}

void made_insert(scene *s, const every_call *call, const call_out *out)
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

pxc_status do_replace(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_replace(s->cache, s->keys[call->key], &s->fresh);
}

void made_replace(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    const model_image image = scene_image(&s->fresh);
    model_replace(&s->m, s->keys[call->key], &image);
    scene_give(s, s->keys[call->key]);
}

pxc_status do_find(scene *s, const every_call *call, call_out *out)
{
    pxc_texture *texture = (call->traits & CALL_SETS_TEXTURE) != 0 ? &out->texture : NULL;
    return pxc_find(s->cache, s->keys[call->key], texture);
}

pxc_status do_find_named(scene *s, const every_call *call, call_out *out)
{
    pxc_texture *texture = (call->traits & CALL_SETS_TEXTURE) != 0 ? &out->texture : NULL;
    return pxc_find_named(s->cache, scene_name(call->name), texture);
}

pxc_status do_peek(scene *s, const every_call *call, call_out *out)
{
    return pxc_peek(s->cache, s->keys[call->key], &out->texture);
}

void made_peek(scene *s, const every_call *call, const call_out *out)
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

void made_find(scene *s, const every_call *call, const call_out *out)
{
    made_peek(s, call, out);
    s->m.stats.hits++;
    model_touch(&s->m, model_by_key(&s->m, s->keys[call->key]));
    scene_give(s, s->keys[call->key]);
}

void made_miss(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    (void)out;
    s->m.stats.misses++;
}

pxc_status do_lookup(scene *s, const every_call *call, call_out *out)
{
    return pxc_lookup(s->cache, scene_name(call->name), &out->key);
}

void made_lookup(scene *s, const every_call *call, const call_out *out)
{
    assert_true(out->key.id == s->keys[call->key].id);
}

pxc_status do_key_valid(scene *s, const every_call *call, call_out *out)
{
    out->yes = pxc_key_valid(s->cache, s->keys[call->key]);
    return PXC_OK;
}

void made_key_valid(scene *s, const every_call *call, const call_out *out)
{
    assert_int_equal(out->yes, model_by_key(&s->m, s->keys[call->key]) != NULL);
}

pxc_status do_remove(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_remove(s->cache, s->keys[call->key]);
}

pxc_status do_remove_named(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_remove_named(s->cache, scene_name(call->name));
}

void made_remove(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    model_take_out(&s->m, model_by_key(&s->m, s->keys[call->key]));
}

pxc_status do_clear(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    (void)out;
    return pxc_clear(s->cache);
}

void made_clear(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    (void)out;
    model_clear(&s->m);
}
