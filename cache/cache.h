/* The cache's inside. Private: nothing here is exported.
 *
 *   key.id = | generation: 38 bits | slot: 26 bits |
 *                                      |
 *      chunks[slot / 1024] ------------+--> 1024 entries of 64 bytes, one cache line each
 *
 *   lru list      sentinel slot 0; next = towards more recent. Live entries, pinned ones too.
 *   parked list   sentinel slot 1; pinned entries that the eviction met and passed over, in no order.
 *   returned list sentinel slot 2; those that were unpinned since the last eviction, in no order.
 *   doomed list   entries whose key is stale and whose texture dies at the boundary; singly linked by next.
 *   free list     slots without texture; singly linked by next.
 *   log           slots in order of use since the lists were last brought up to date; see lru.c.
 *
 * Chunks never move, so growing costs no copy and no frame a hitch. The last ones are freed at a boundary once few
 * entries are left: an entry pointer stays good until then.
 */
#ifndef PXC_CACHE_H
#define PXC_CACHE_H

#define PXC_BUILDING
#include <pixcache/pixcache.h>

enum {
    /* 67 million entries; 38 bits of generation leave a forged key one chance in 2.7e11. */
    PXC_SLOT_BITS = 26,
    /* 64 KiB a chunk: small beside one picture, and 1,000,000 entries need only 8 KB of pointers. */
    PXC_CHUNK_ENTRIES = 1024,
    /* Of 64 to 4096, the shortest that is as good as any: with 1,000 entries a find takes 9.9 ns, with 512 places
     * 11.8 ns, because more of them are out of date and mispredicted; with 1,000,000 entries the length is all one
     * (tests/bench/run, find_key). */
    PXC_LOG_ENTRIES = 128,
    PXC_LRU = 0,    /* slot of the lru list's sentinel */
    PXC_PARKED = 1, /* slot of the parked list's sentinel */
    PXC_RETURNED = 2,
    PXC_FIRST_SLOT = 3,
};

#define PXC_SLOT_MASK  ((UINT64_C(1) << PXC_SLOT_BITS) - 1)
#define PXC_SLOT_LIMIT ((uint32_t)PXC_SLOT_MASK)

enum {
    PXC_FLAG_PARKED = 1, /* linked in the parked or the returned list */
    PXC_FLAG_DOOMED = 2, /* key stale, texture alive until the boundary */
};

/* A name's own memory; the hash is kept so that growing and removing never read the text again. */
typedef struct pxc_name {
    uint32_t hash;
    uint32_t length_bytes;
    char text[];
} pxc_name;

typedef struct pxc_entry {
    uint64_t id;    /* the key while live; generation alone, slot bits 0, otherwise: no key can equal it */
    uint64_t stamp; /* time of the last use; all stamps differ; see lru.c */
    uint64_t cost_bytes;
    pxc_name *name;      /* owned; NULL = none */
    uint32_t prev, next; /* slots */
    uint32_t texture;    /* 0 = the slot is free */
    uint32_t frame;      /* low bits of the frame of the last use, for pxc_trim_older */
    int32_t width, height;
    uint32_t pins;
    uint8_t format;
    uint8_t flags;
    uint16_t reserved;
} pxc_entry;

typedef struct pxc_bucket {
    uint32_t hash;
    uint32_t slot; /* 0 = empty */
} pxc_bucket;

typedef struct pxc_names {
    pxc_bucket *buckets;
    uint32_t bits; /* 2^bits buckets */
    uint32_t count;
} pxc_names;

struct pxc_cache {
    /* What every find reads. */
    const void *thread;
    pxc_entry **chunks;
    uint32_t slot_count; /* slots ever used, sentinels included */
    bool in_callback;
    uint32_t frame; /* low bits of stats.frames */
    uint32_t log_count;
    uint64_t log_base;    /* stamp of log[0] */
    uint64_t frame_start; /* smallest stamp of the current frame */
    pxc_names names;
    uint64_t name_seed;

    pxc_stats stats; /* its "now" members are kept up to date, limit_bytes too */

    /* Slots. */
    uint32_t chunk_count, chunk_capacity;
    uint32_t free_head, doomed_head;
    uint32_t retired_slots;
    uint64_t shrink_below;  /* number of entries below which it is worth while to look for empty chunks */
    uint32_t rounds_count;  /* of chunk_rounds */
    uint64_t *chunk_rounds; /* by chunk: generations that its slots have behind them; outlives the chunk */
    uint64_t key_seed;
    uint64_t generation_step; /* odd */
    uint64_t step_inverse;    /* times generation_step it is 1, modulo 2^64 */
    uint32_t *dying_names;    /* room for the texture names of every slot: a boundary never allocates */

    /* Policy. */
    uint64_t admission_limit_bytes; /* the larger of the limits since the last boundary */
    uint64_t ceiling_bytes;         /* 0 = twice the limit */
    uint64_t wanted_bytes;          /* the largest cost that the ceiling refused in this frame */
    uint64_t max_entries;           /* 0 = none */
    uint64_t cost_granularity;      /* above 0 */

    pxc_on_evict_fn on_evict;
    void *on_evict_user;
    pxc_alloc alloc;
    pxc_backend backend;
    void *gpu;
    int max_size_px;

    uint32_t log[PXC_LOG_ENTRIES]; /* 0 = cancelled */
};

#ifdef __GNUC__
#define PXC_TLS_MODEL                                                                                        \
    __attribute__((tls_model("initial-exec"), visibility("hidden"))) /* no call to find it */
#else
#define PXC_TLS_MODEL
#endif

/* Never written: its address tells the threads of a process apart, at the price of one addition. */
extern _Thread_local char pxc_thread_mark PXC_TLS_MODEL;

/* First line of every public function: thread, then callback. */
static inline pxc_status pxc_enter(const pxc_cache *cache)
{
    if (cache == NULL) {
        return PXC_ERR_ARGUMENT;
    }
    if (cache->thread != &pxc_thread_mark) {
        return PXC_ERR_THREAD;
    }
    return cache->in_callback ? PXC_ERR_ARGUMENT : PXC_OK;
}

static inline pxc_entry *pxc_entry_at(const pxc_cache *cache, uint32_t slot)
{
    return &cache->chunks[slot / PXC_CHUNK_ENTRIES][slot % PXC_CHUNK_ENTRIES];
}

/* The entry of a live key, NULL for any other key; one cache line. */
static inline pxc_entry *pxc_entry_of(const pxc_cache *cache, pxc_key key)
{
    const uint32_t slot = (uint32_t)(key.id & PXC_SLOT_MASK);
    if (slot >= cache->slot_count) {
        return NULL;
    }
    pxc_entry *entry = pxc_entry_at(cache, slot);
    return entry->id == key.id ? entry : NULL;
}

/* Opens the functions that take a key: sets *entry, or answers PXC_MISS. */
static inline pxc_status pxc_enter_with_key(const pxc_cache *cache, pxc_key key, pxc_entry **entry)
{
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    *entry = pxc_entry_of(cache, key);
    return *entry == NULL ? PXC_MISS : PXC_OK;
}

static inline uint32_t pxc_slot_of(const pxc_entry *entry)
{
    return (uint32_t)(entry->id & PXC_SLOT_MASK);
}

static inline bool pxc_used_this_frame(const pxc_cache *cache, const pxc_entry *entry)
{
    return entry->stamp >= cache->frame_start;
}

/* Bytes of what is live: what the limit bounds at the boundary. */
static inline uint64_t pxc_live_bytes(const pxc_cache *cache)
{
    return cache->stats.used_bytes - cache->stats.doomed_bytes;
}

/* memory.c: the allocator; all results may be NULL. */
void *pxc_malloc(const pxc_alloc *alloc, size_t size_bytes);
void *pxc_realloc(const pxc_alloc *alloc, void *memory, size_t size_bytes);
void pxc_free(const pxc_alloc *alloc, void *memory);
void *pxc_malloc_aligned(const pxc_alloc *alloc, size_t size_bytes, size_t alignment);
void pxc_free_aligned(const pxc_alloc *alloc, void *memory);
bool pxc_alloc_complete(pxc_alloc *alloc); /* fills in the default; false if it has holes */

/* slots.c: which slots are in use, and their generations. */
pxc_status pxc_slots_create(pxc_cache *cache);
void pxc_slots_destroy(pxc_cache *cache);
void pxc_slots_shrink(pxc_cache *cache);       /* frees the last chunks if they are empty */
pxc_status pxc_slot_reserve(pxc_cache *cache); /* makes sure that one more pxc_slot_take succeeds */
uint32_t pxc_slot_take(pxc_cache *cache);      /* live: its id is a key, its list links point to itself */
void pxc_slot_give(pxc_cache *cache, uint32_t slot); /* to the free list, or into retirement */
uint64_t pxc_slot_first_generation(const pxc_cache *cache, uint32_t slot);

/* lru.c: order of use. */
void pxc_lru_touch(pxc_cache *cache, uint32_t slot);  /* most recently used from now on; live entries only */
void pxc_lru_settle(pxc_cache *cache);                /* brings the lists up to date */
void pxc_lru_unlink(pxc_cache *cache, uint32_t slot); /* out of list and log */
void pxc_lru_detach(pxc_cache *cache, uint32_t slot); /* out of its list, links left as they are */
void pxc_lru_link_before(pxc_cache *cache, uint32_t next,
                         uint32_t slot);   /* before a sentinel = the recent end */
uint32_t pxc_lru_victim(pxc_cache *cache); /* least recently used, not pinned; 0 = none; settled only */

/* parked.c: pinned entries that the eviction met. */
void pxc_park(pxc_cache *cache, uint32_t slot);   /* from the lru list */
void pxc_unpark(pxc_cache *cache, uint32_t slot); /* to the returned list */
void pxc_take_back_returned(pxc_cache *cache);    /* into the lru list, each to its place; settled only */

/* names.c: names to slots. */
void pxc_names_destroy(pxc_cache *cache);
void pxc_names_shrink(pxc_cache *cache); /* if most of the table is empty */
uint32_t pxc_name_hash(const pxc_cache *cache, const char *text, size_t length_bytes);
uint32_t pxc_names_find(const pxc_cache *cache, const char *text); /* slot, or 0 */
pxc_status pxc_names_reserve(pxc_cache *cache);                    /* makes sure that one more add succeeds */
pxc_name *pxc_name_create(const pxc_cache *cache, const char *text);
void pxc_names_add(pxc_cache *cache, uint32_t slot); /* under its entry's name, which is not in the table */
void pxc_names_remove(pxc_cache *cache, uint32_t slot); /* leaves the entry's name itself alone */
void pxc_names_move(pxc_cache *cache, uint32_t from_slot,
                    uint32_t to_slot); /* the name and its place in the table */

/* cost.c: formats. */
bool pxc_format_valid(pxc_format format);
int pxc_format_source_bytes(pxc_format format);                         /* bytes a pixel in the pixmap */
pxc_status pxc_pixmap_check(const pxc_pixmap *pixmap, pxc_pixmap *out); /* fills in the stride */
uint64_t pxc_cost_of(const pxc_cache *cache, const pxc_pixmap *pixmap); /* rounded; 0 if past size_t */

/* insert.c: bound on use inside the frame. */
uint64_t pxc_ceiling(const pxc_cache *cache);

/* evict.c: how entries die. */
void pxc_doom(pxc_cache *cache, uint32_t slot); /* key and name stale; any live entry */
void pxc_evict(pxc_cache *cache, uint32_t slot, pxc_evict_reason reason); /* doom, count, tell */
void pxc_delete_doomed(pxc_cache *cache, bool unused_only); /* unused_only: not those that this frame used */
void pxc_doom_all(pxc_cache *cache);
void pxc_doom_texture(pxc_cache *cache,
                      const pxc_entry *entry); /* needs pxc_slot_reserve; entry stays live */
void pxc_trim_for_gpu(pxc_cache *cache);       /* evicts and deletes what this frame has not used */
void pxc_forget_textures(pxc_cache *cache);    /* all, as lost: the backend deletes none */

/* pin.c: without the checks of the public calls. */
void pxc_pin_entry(pxc_cache *cache, pxc_entry *entry);
void pxc_unpin_entry(pxc_cache *cache, uint32_t slot);

/* gl_backend.c */
const pxc_backend *pxc_gl_backend(void);

#endif
