/* A cache as a plain list, for tests that compare: entries in order of last use, oldest first, each sum counted anew.
 * It knows the contract and nothing of the cache: what a call must answer, who must go, in which order. */
#ifndef PIXCACHE_TESTS_MODEL_H
#define PIXCACHE_TESTS_MODEL_H

#include <pixcache/pixcache.h>

#define MODEL_MAX_ENTRIES 2500
#define MODEL_MAX_STALE   128
#define MODEL_NO_NAME     (-1)

/* What was uploaded. */
typedef struct model_image {
    int width, height;
    pxc_format format;
    size_t cost;      /* what it counts for; 0 = more than any number holds */
    size_t gpu_bytes; /* before rounding up */
    size_t upload_bytes;
    uint64_t checksum;
} model_image;

typedef struct model_entry {
    pxc_key key;
    int name; /* a number that stands for it, or MODEL_NO_NAME */
    uint32_t pins;
    uint64_t last_frame;
    model_image image;
} model_entry;

typedef struct model_eviction {
    pxc_key key;
    int name;
    pxc_evict_reason reason;
} model_eviction;

/* Textures that await the boundary. */
typedef struct model_doomed {
    size_t count, bytes, gpu_bytes;
} model_doomed;

typedef struct model {
    size_t count;
    model_doomed idle, busy;        /* without and with a use in this frame */
    model_image partial;            /* a texture that is filled in bands, of no entry yet; cost 0 = none */
    size_t limit_bytes;             /* now */
    size_t admission_bytes;         /* the largest limit of this frame */
    size_t ceiling_bytes;           /* 0 = twice the limit */
    size_t wanted_bytes;            /* the largest cost that the ceiling refused in this frame */
    size_t max_entries;             /* 0 = none */
    size_t gpu_room_bytes;          /* of the GPU in all */
    uint64_t gpu_failures;          /* so many uploads that come next fail ... */
    pxc_status gpu_failure;         /* ... with this */
    uint64_t delete_batches;        /* calls of the backend */
    pxc_stats stats;                /* those that count since creation; model_stats sets the others */
    size_t stale_next, gone;        /* places of the next in stale[], number of evictions in gone_list[] */
    pxc_key stale[MODEL_MAX_STALE]; /* keys that went stale: most of the last, some from long ago */
    model_entry entries[MODEL_MAX_ENTRIES];
    model_eviction gone_list[MODEL_MAX_ENTRIES]; /* for the caller to compare and to empty */
} model;

/* Empty, with 64 MiB where config has no limit. */
void model_init(model *m, const pxc_config *config);

/* The numbers that the cache must have. */
pxc_stats model_stats(const model *m);

size_t model_live_bytes(const model *m); /* what is up in part counts as live */
size_t model_used_bytes(const model *m);
size_t model_pinned_bytes(const model *m);
size_t model_gpu_bytes(const model *m);

/* NULL if there is none. */
model_entry *model_by_key(model *m, pxc_key key);
model_entry *model_by_name(model *m, int name);

/* Whether limit and ceiling can ever let an image in. */
bool model_can_hold(const model *m, const model_image *image);

/* Whether limit and ceiling let an image in: PXC_OK, PXC_ERR_TOO_LARGE or PXC_ERR_FULL. */
pxc_status model_admit(model *m, const model_image *image);

/* What the GPU answers to an upload that was let in. Out of memory, what this frame has not used goes, except keep. */
pxc_status model_upload(model *m, const model_image *image, pxc_key keep);

/* What follows an upload that worked. insert: the entry of that name is replaced. */
void model_insert(model *m, pxc_key key, int name, const model_image *image);
void model_replace(model *m, pxc_key key, const model_image *image);

/* The same in bands: a texture without contents, which either becomes the entry of that name or is given up. */
void model_begin_texture(model *m, const model_image *image);
void model_finish_texture(model *m, pxc_key key, int name);
void model_give_up_texture(model *m);

/* Makes it the most recently used; e points elsewhere afterwards. */
void model_touch(model *m, const model_entry *e);

/* Its key goes stale, its texture awaits the boundary. */
void model_take_out(model *m, const model_entry *e);
void model_clear(model *m);
void model_lose_context(model *m);

void model_set_limit(model *m, size_t bytes);
void model_trim_to(model *m, size_t bytes);
void model_trim_older(model *m, uint64_t frames);
void model_end_frame(model *m);

#endif
