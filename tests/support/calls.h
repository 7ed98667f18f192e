/* How each row of every_calls[] is made, and what must be true afterwards. Only every_call.c and the calls_ files look
 * in here. */
#ifndef PIXCACHE_TESTS_CALLS_H
#define PIXCACHE_TESTS_CALLS_H

#include "every_call.h"

#define DO(name)   pxc_status do_##name(scene *s, const every_call *call, call_out *out)
#define MADE(name) void made_##name(scene *s, const every_call *call, const call_out *out)

/* calls_entries.c and calls_policy.c */
DO(create);
DO(destroy);
DO(insert);
DO(insert_named);
DO(replace);
DO(find);
DO(find_named);
DO(peek);
DO(lookup);
DO(key_valid);
DO(remove);
DO(remove_named);
DO(clear);
DO(set_limit);
DO(limit);
DO(used);
DO(pin);
DO(unpin);
DO(trim_to);
DO(trim_older);
DO(frame_begin);
DO(frame_end);
DO(context_lost);
DO(get_stats);
DO(visit);
DO(validate);
MADE(second);
MADE(insert);
MADE(replace);
MADE(peek);
MADE(find);
MADE(miss);
MADE(lookup);
MADE(key_valid);
MADE(remove);
MADE(clear);
MADE(set_limit);
MADE(limit);
MADE(used);
MADE(pin);
MADE(unpin);
MADE(trim_to);
MADE(trim_older);
MADE(frame_end);
MADE(context_lost);
MADE(get_stats);
MADE(visit);

/* calls_mail.c */
DO(submit);
DO(discard);
MADE(submit);
MADE(discard);
MADE(pending);
MADE(insert_over_mail);
MADE(remove_mail);
MADE(clear_mail);
MADE(begin);

#undef DO
#undef MADE

#endif
