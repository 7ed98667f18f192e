/* The calls on the limit, pins, trims, frames and numbers, in the header's order. */
#include "calls.h"

pxc_status do_set_limit(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_set_limit(s->cache, (size_t)call->amount);
}

void made_set_limit(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    model_set_limit(&s->m, (size_t)call->amount);
}

pxc_status do_limit(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    out->size = pxc_limit(s->cache);
    return PXC_OK;
}

void made_limit(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    assert_int_equal(out->size, s->m.limit_bytes);
}

pxc_status do_used(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    out->size = pxc_used(s->cache);
    return PXC_OK;
}

void made_used(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    assert_int_equal(out->size, model_used_bytes(&s->m));
}

pxc_status do_pin(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_pin(s->cache, s->keys[call->key]);
}

void made_pin(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    model_by_key(&s->m, s->keys[call->key])->pins++;
}

pxc_status do_unpin(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_unpin(s->cache, s->keys[call->key]);
}

void made_unpin(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    model_by_key(&s->m, s->keys[call->key])->pins--;
}

pxc_status do_trim_to(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_trim_to(s->cache, (size_t)call->amount);
}

void made_trim_to(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    model_trim_to(&s->m, (size_t)call->amount);
}

pxc_status do_trim_older(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_trim_older(s->cache, call->amount);
}

void made_trim_older(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    model_trim_older(&s->m, call->amount);
}

pxc_status do_frame_begin(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    (void)out;
    return pxc_frame_begin(s->cache);
}

pxc_status do_frame_end(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    (void)out;
    return pxc_frame_end(s->cache);
}

void made_frame_end(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    (void)out;
    scene_frame_ended(s);
}

pxc_status do_context_lost(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    (void)out;
    return pxc_context_lost(s->cache);
}

void made_context_lost(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    (void)out;
    scene_context_lost(s);
}

pxc_status do_get_stats(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    return pxc_get_stats(s->cache, &out->stats);
}

void made_get_stats(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    const pxc_stats expected = model_stats(&s->m);
    assert_same_stats(&expected, &out->stats);
}

static void count_entry(void *user, const pxc_entry_info *entry)
{
    *(size_t *)user += entry->texture.cost != 0 && entry->key.id != 0 ? 1 : 0;
}

pxc_status do_visit(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    out->size = 0;
    return pxc_visit(s->cache, count_entry, &out->size);
}

void made_visit(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    const pxc_stats expected = model_stats(&s->m);
    assert_int_equal(out->size, expected.entries);
}

pxc_status do_validate(scene *s, const every_call *call, call_out *out)
{
    (void)call;
    (void)out;
    return pxc_validate(s->cache);
}
