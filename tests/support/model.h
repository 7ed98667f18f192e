/* A cache as a plain list, for tests that compare: entries in order of last use, oldest first, each sum counted anew.
 * Costs are those of pixmap_of: 4 bytes a pixel of width. */
#ifndef PIXCACHE_TESTS_MODEL_H
#define PIXCACHE_TESTS_MODEL_H

#include <pixcache/pixcache.h>

#define MODEL_MAX_ENTRIES 1000
#define MODEL_MAX_STALE   32
#define MODEL_NO_NAME     (-1)

typedef struct model_entry {
    pxc_key key;
    int name; /* a number that stands for it, or MODEL_NO_NAME */
    int width;
    uint32_t pins;
    uint64_t last_frame;
} model_entry;

typedef struct model {
    model_entry entries[MODEL_MAX_ENTRIES];
    size_t count;
    size_t doomed_bytes; /* textures that await the boundary */
    size_t limit_bytes, boundary_limit_bytes, max_entries;
    bool limit_was_set; /* in this frame */
    pxc_stats stats;    /* those that count since creation; the others are set before a comparison */
    pxc_key stale[MODEL_MAX_STALE]; /* the last keys that went stale, in a ring */
    size_t stale_next;
    uint64_t told, expected_told; /* calls of on_evict */
    uint64_t seed;
} model;

size_t model_cost(const model_entry *e);
size_t model_live_bytes(const model *m);
size_t model_used_bytes(const model *m);
size_t model_pinned_bytes(const model *m);
size_t model_pinned_count(const model *m);

/* NULL if there is none. */
model_entry *model_by_key(model *m, pxc_key key);
model_entry *model_by_name(model *m, int name);
model_entry *model_oldest_unpinned(model *m);

/* Makes it the most recently used; e points elsewhere afterwards. */
void model_touch(model *m, model_entry *e);

/* Its key goes stale, its texture awaits the boundary. */
void model_take_out(model *m, model_entry *e);
void model_evict(model *m, model_entry *e);
void model_empty(model *m);

/* Counts an upload that succeeded, after the entry has its new width. */
void model_count_upload(model *m, int width);

#endif
