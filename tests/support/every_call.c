/* Rows with the same two functions differ in what they are about: an entry that this frame used or did not, that is
 * pinned, or that is gone; what was handed over and is not up, half up, or all but up. The functions of the rows are in
 * the calls_ files. */
#include "every_call.h"

#include "calls.h"

#include <string.h>

#define INSERTS   (CALL_ALLOCATES | CALL_UPLOADS | CALL_USES_GPU)
#define KEYED     (INSERTS | CALL_SETS_KEY)
#define HALF_UP   (CALL_HAS_MAIL | CALL_HALF_UP)
#define LAST_BAND (CALL_HAS_MAIL | CALL_LAST_BAND)
#define GOES_ON   (CALL_GOES_UP | CALL_USES_GPU)
#define MAKES     (GOES_ON | CALL_UPLOADS)

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
    {"submit, a new name", CALL_ALLOCATES, PXC_OK, do_submit, made_submit, KEY_NONE, NAME_NEW, 0},
    {"submit, a name that has an entry", CALL_ALLOCATES, PXC_OK, do_submit, made_submit, KEY_IDLE, NAME_IDLE, 0},
    {"submit, once more", CALL_ALLOCATES | CALL_HAS_MAIL, PXC_OK, do_submit, made_submit, KEY_NONE, NAME_NEW, 0},
    {"submit, over what is half up", CALL_ALLOCATES | HALF_UP, PXC_OK, do_submit, made_submit, KEY_NONE, NAME_NEW, 1},
    {"discard", CALL_ALLOCATES | CALL_HAS_MAIL, PXC_OK, do_discard, made_discard, KEY_NONE, NAME_NEW, 0},
    {"discard, what is half up", CALL_ALLOCATES | HALF_UP, PXC_OK, do_discard, made_discard, KEY_NONE, NAME_NEW, 1},
    {"discard, nothing", CALL_ALLOCATES, PXC_OK, do_discard, NULL, KEY_NONE, NAME_NEW, 0},
    {"find_named, pending", CALL_SETS_TEXTURE | CALL_HAS_MAIL, PXC_PENDING,
     do_find_named, made_pending, KEY_NONE, NAME_NEW, 0},
    {"lookup, pending", CALL_SETS_KEY | CALL_HAS_MAIL, PXC_PENDING, do_lookup, NULL, KEY_NONE, NAME_NEW, 0},
    {"insert_named, pending", KEYED | CALL_HAS_MAIL, PXC_OK,
     do_insert_named, made_insert_over_mail, KEY_NONE, NAME_NEW, 0},
    {"insert_named, half up", KEYED | HALF_UP, PXC_OK, do_insert_named, made_insert_over_mail, KEY_NONE, NAME_NEW, 1},
    {"remove_named, pending", CALL_HAS_MAIL, PXC_OK, do_remove_named, made_remove_mail, KEY_NONE, NAME_NEW, 0},
    {"remove_named, half up", HALF_UP, PXC_OK, do_remove_named, made_remove_mail, KEY_NONE, NAME_NEW, 1},
    {"clear, half up", HALF_UP, PXC_OK, do_clear, made_clear_mail, KEY_NONE, NAME_NEW, 1},
    {"frame_begin, nothing", 0, PXC_OK, do_frame_begin, NULL, KEY_NONE, 0, 0},
    {"frame_begin, whole", MAKES | CALL_HAS_MAIL, PXC_OK, do_frame_begin, made_begin, KEY_NONE, NAME_NEW, 0},
    {"frame_begin, whole, a name that has an entry", MAKES | CALL_HAS_MAIL, PXC_OK,
     do_frame_begin, made_begin, KEY_IDLE, NAME_IDLE, 0},
    {"frame_begin, the first band", MAKES | CALL_HAS_MAIL, PXC_OK, do_frame_begin, made_begin, KEY_NONE, NAME_NEW, 1},
    {"frame_begin, a band", GOES_ON | HALF_UP, PXC_OK, do_frame_begin, made_begin, KEY_NONE, NAME_NEW, 1},
    {"frame_begin, the last band", GOES_ON | LAST_BAND, PXC_OK, do_frame_begin, made_begin, KEY_NONE, NAME_NEW, 1},
    {"frame_begin, the last band, a name that has an entry", GOES_ON | LAST_BAND, PXC_OK,
     do_frame_begin, made_begin, KEY_IDLE, NAME_IDLE, 1},
    {"frame_end, pending", CALL_USES_GPU | CALL_HAS_MAIL, PXC_OK, do_frame_end, made_frame_end, KEY_NONE, NAME_NEW, 0},
    {"frame_end, half up", CALL_USES_GPU | HALF_UP, PXC_OK, do_frame_end, made_frame_end, KEY_NONE, NAME_NEW, 1},
    {"context_lost, half up", HALF_UP, PXC_OK, do_context_lost, made_context_lost, KEY_NONE, NAME_NEW, 1},
    {"frame_end", CALL_USES_GPU, PXC_OK, do_frame_end, made_frame_end, KEY_NONE, 0, 0},
    {"context_lost", 0, PXC_OK, do_context_lost, made_context_lost, KEY_NONE, 0, 0},
    {"get_stats", CALL_SETS_STATS, PXC_OK, do_get_stats, made_get_stats, KEY_NONE, 0, 0},
    {"visit", 0, PXC_OK, do_visit, made_visit, KEY_NONE, 0, 0},
    {"validate", 0, PXC_OK, do_validate, NULL, KEY_NONE, 0, 0},
};
/* clang-format on */
const size_t every_call_count = COUNT_OF(every_calls);

pxc_pixmap every_call_pixmap(const scene *s, const every_call *call)
{
    const bool is_small = (call->traits & CALL_HAS_MAIL) != 0 && call->amount == 0;
    return is_small ? pixmap_of(26) : s->fresh;
}

/* Handed over, and up as far as the row has it. */
static void prepare_mail(scene *s, const every_call *call)
{
    const pxc_pixmap pixmap = every_call_pixmap(s, call);
    assert_status(PXC_OK, scene_submit(s, call->name, &pixmap));
    const int rows = (call->traits & CALL_HALF_UP) != 0     ? 1
                     : (call->traits & CALL_LAST_BAND) != 0 ? pixmap.height - 1
                                                            : 0;
    for (int i = 0; i < rows; ++i) {
        assert_status(PXC_OK, pxc_frame_begin(s->cache));
        scene_follow_frame_begin(s);
    }
}

void every_call_prepare(scene *s, const every_call *call, call_out *out)
{
    memset(out, 0xA5, sizeof *out);
    out->yes = true; /* a bool has no dirty value */
    if ((call->traits & CALL_HAS_MAIL) != 0) {
        prepare_mail(s, call);
    }
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
