/* The calls that hand over and take back, and those on what is pending. */
#include "calls.h"

pxc_status do_submit(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return scene_submit(s, call->name, &s->fresh);
}

void made_submit(scene *s, const every_call *call, const call_out *out)
{
    (void)out;
    assert_int_equal(scene_pending(s)->name, call->name);
}

pxc_status do_discard(scene *s, const every_call *call, call_out *out)
{
    (void)out;
    return pxc_discard(s->cache, scene_name(call->name));
}

/* Released now, or with the next look into the mailbox. */
void made_discard(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    (void)out;
    scene_pending(s)->is_due = true;
}

void made_pending(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    (void)out;
    s->m.stats.misses++;
}

void made_insert_over_mail(scene *s, const every_call *call, const call_out *out)
{
    made_insert(s, call, out);
    scene_mail_gone(s);
}

void made_remove_mail(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    (void)out;
    scene_mail_gone(s);
}

void made_clear_mail(scene *s, const every_call *call, const call_out *out)
{
    made_clear(s, call, out);
    scene_mail_gone(s);
}

void made_begin(scene *s, const every_call *call, const call_out *out)
{
    (void)call;
    (void)out;
    scene_follow_frame_begin(s);
}
