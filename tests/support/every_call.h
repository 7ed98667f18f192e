/* Every public function that works on a cache, as rows of one table: how it is called on the scene, what it answers
 * when nothing is broken, and what the reference must be afterwards. A test that breaks something goes through the rows
 * and can not forget a function. Not in the table: what has no cache (pxc_texture_cost, pxc_status_text,
 * pxc_null_backend) can not fail for want of anything. */
#ifndef PIXCACHE_TESTS_EVERY_CALL_H
#define PIXCACHE_TESTS_EVERY_CALL_H

#include "scene.h"

/* Where a call puts its answer; dirty before, so that a zero was written. */
typedef struct call_out {
    pxc_key key;
    pxc_texture texture;
    pxc_stats stats;
    size_t size;
    bool yes;
    pxc_cache *cache;
} call_out;

enum call_traits {
    CALL_ALLOCATES = 1, /* PXC_ERR_MEMORY is among its results; a call without it must not fail for memory */
    CALL_UPLOADS =
        2, /* makes a texture; GPU errors are among its results, and a trim for GPU memory may happen */
    CALL_USES_GPU = 4, /* may call the backend at all */
    CALL_SETS_KEY = 8, /* each of these sets that part of call_out, to zero when it fails */
    CALL_SETS_TEXTURE = 16,
    CALL_SETS_STATS = 32,
    CALL_SETS_CACHE = 64,
    CALL_HAS_SECOND = 128, /* works on a second cache, which lies in call_out.cache before */
    CALL_HAS_MAIL =
        256, /* something was handed over under its name: one row, or s->fresh if amount is 1 ... */
    CALL_HALF_UP = 512,    /* ... of which one row is up ... */
    CALL_LAST_BAND = 1024, /* ... or all but one */
    CALL_GOES_UP =
        2048 /* uploads what was handed over: what the GPU refuses is dropped, the answer is PXC_OK */
};

typedef struct every_call every_call;

struct every_call {
    const char *text;
    unsigned traits;
    pxc_status clean; /* the answer when nothing is broken */
    pxc_status (*make)(scene *s, const every_call *call, call_out *out);
    /* After the clean answer: asserts that the out parameters are as promised and tells the model what has changed.
     * NULL = nothing has. The fault is mended before. */
    void (*made)(scene *s, const every_call *call, const call_out *out);
    enum scene_key key; /* what the call is about, where it has a key or a name */
    int name;
    uint64_t amount;
};

extern const every_call every_calls[];
extern const size_t every_call_count;

/* What the call uploads. */
pxc_pixmap every_call_pixmap(const scene *s, const every_call *call);

/* Dirties out, hands over what the call is about, and makes the second cache where the call has one. */
void every_call_prepare(scene *s, const every_call *call, call_out *out);

/* Asserts that a call that did not answer PXC_OK has zeroed what it sets. */
void every_call_check_zeroed(const every_call *call, const call_out *out);

#endif
