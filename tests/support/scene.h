/* A populated cache and, beside it, the list of model.h as the reference of what it must hold: for tests that break a
 * call and then ask whether anything else has changed. It knows no GPU: who opens the scene brings one, and a function
 * that looks at what a texture shows. */
#ifndef PIXCACHE_TESTS_SCENE_H
#define PIXCACHE_TESTS_SCENE_H

#include "check.h"
#include "model.h"

#define SCENE_MAX_GIVEN (2 * MODEL_MAX_ENTRIES)

enum { SCENE_MAX_MAIL = 4 };

/* The entries that calls are made on; a filler's key is not kept. */
enum scene_key {
    KEY_NONE,   /* no key */
    KEY_IDLE,   /* named, not used in this frame */
    KEY_USED,   /* used in this frame */
    KEY_OVER,   /* named, used, its first image replaced by name */
    KEY_PINNED, /* named, pinned twice, idle, met by an eviction */
    KEY_STALE,  /* of an entry that is gone */
    KEY_COUNT
};

enum scene_name {
    NAME_NEW, /* not in the scene */
    NAME_IDLE,
    NAME_OVER,
    NAME_PINNED,
    NAME_REMOVED, /* in the scene no more */
    NAME_EVICTED, /* in the scene no more */
    NAME_COUNT,
    NAME_FILLER = 100 /* fillers count from here */
};

typedef struct scene_shape {
    int filler;   /* entries besides the fixed ones; those of an odd number are removed at once */
    bool named;   /* the filler has names */
    bool is_peak; /* the filler is of an earlier frame, and goes as a whole when this one ends */
} scene_shape;

typedef struct scene_given {
    uint32_t texture;
    model_image image;
} scene_given;

/* What was handed over. */
typedef struct scene_mail {
    pxc_pixmap pixmap;
    int name;
    bool is_due; /* replaced or taken back: to be released, at the next look into the mailbox at the latest */
    bool is_half_up;
    unsigned releases;
} scene_mail;

typedef struct scene scene;

/* Asserts that the texture is alive and shows that pixmap. */
typedef void (*scene_shows_fn)(scene *s, uint32_t texture, const pxc_pixmap *pixmap);

struct scene {
    pxc_config config;
    pxc_cache *cache;
    scene_shape shape;
    model m;
    pxc_key keys[KEY_COUNT];
    pxc_pixmap fresh;      /* what the calls upload */
    scene_shows_fn shows;  /* set by the test */
    bool context_was_lost; /* set by a test that lost the context of the last call */
    size_t given_count, told_count, mail_count;
    scene_mail mail[SCENE_MAX_MAIL];
    uint64_t drops;                     /* handed over and dropped */
    scene_given given[SCENE_MAX_GIVEN]; /* textures that must live until this frame ends */
    model_eviction told[MODEL_MAX_ENTRIES];
};

/* Creates the cache of s->config on the test's GPU and allocator, and populates it. on_evict is the scene's. */
void scene_open(scene *s, scene_shape shape);

/* Asserts that the cache is what the model says: each key, name, pixel and number, what has gone stale, what was told
 * of evictions, and that what this frame gave out is still there. No use of any entry. */
void scene_check(scene *s);

/* Asserts that the cache goes on: inserts and finds succeed, in this frame and in the next; then all is evicted, each
 * in its turn, and what is pinned has exactly its pins (many entries are cleared instead). No entry is left. */
void scene_go_on(scene *s);

/* Inserts one filler more, for tests that look for the counts at which the cache grows. */
void scene_add_filler(scene *s, int number);

/* Notes that this frame gave out the texture of the entry that was used last. */
void scene_give(scene *s, pxc_key key);

/* The boundary: what was given out may die, and the model goes along. */
void scene_frame_ended(scene *s);

/* The same without deletions, and without any entry. */
void scene_context_lost(scene *s);

/* Hands over under a name; what it replaces is due. One at a time may be pending. */
pxc_status scene_submit(scene *s, int name, const pxc_pixmap *pixmap);

/* What is pending, NULL = nothing. */
scene_mail *scene_pending(scene *s);

/* The model goes along with what was released because it is due: if it was half up, its texture awaits the boundary. */
void scene_settle_mail(scene *s);

/* All of it must have been released by the last call. */
void scene_mail_gone(scene *s);

/* After a pxc_frame_begin: the model goes along with what became of it. A frame's budget is one row. */
void scene_follow_frame_begin(scene *s);

/* Frames begin until nothing is pending. */
void scene_drain(scene *s);

/* Asserts that each was released once, or is still pending. Returns the bytes of the latter. */
size_t scene_mail_bytes(const scene *s);

model_image scene_image(const pxc_pixmap *pixmap);

/* Text of a name; NULL for MODEL_NO_NAME. Valid until the next call. */
const char *scene_name(int name);

#endif
