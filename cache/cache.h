/* The cache's inside. Private: nothing here is exported.
 *
 *   key.id = | generation: 38 bits | slot: 26 bits |
 *                                      |
 *      chunks[slot / 1024] ------------+--> 1024 entries of 64 bytes, one cache line each
 *
 *      links[slot] ------------------------> the slots before and after it, in one of these lists:
 *
 *   lru list      sentinel slot 0; next = towards more recent. Live entries, pinned ones too.
 *   parked list   sentinel slot 1; pinned entries that the eviction met and passed over, in no order.
 *   returned list sentinel slot 2; those that were unpinned since the last eviction, in no order.
 *   doomed list   entries whose key is stale and whose texture dies at the boundary; singly linked by next.
 *   free list     slots without texture; singly linked by next.
 *   log           slots in order of use since the lists were last brought up to date; see lru.c.
 *   names         hash table of groups, one cache line each, that lead to slots; see names.c.
 *   pages         textures that small images share, if config.pack is set; see shelves.h and pages.c.
 *
 * Links lie apart from entries because moving an entry to the end of a list touches its neighbours, which the frame has
 * not used: 8 bytes in a table that is dense, instead of a cache line each; and the boundary need not read the entries at
 * all (a frame of 2,000 uses of 1,000,000 entries takes 80 us; when it read them, 140 and more).
 * Chunks never move, so growing costs no copy and no frame a hitch. The last ones are freed at a boundary once few
 * entries are left: an entry pointer stays good until then.
 */
#ifndef PXC_CACHE_H
#define PXC_CACHE_H

#include "shelves.h"

#include <stdatomic.h>
#include <string.h>

enum {
    /* 67 million entries; 38 bits of generation leave a forged key one chance in 2.7e11. */
    PXC_SLOT_BITS = 26,
    /* 64 KiB a chunk: small beside one picture, and 1,000,000 entries need only 8 KB of pointers. */
    PXC_CHUNK_ENTRIES = 1024,
    PXC_LRU = 0,    /* slot of the lru list's sentinel */
    PXC_PARKED = 1, /* slot of the parked list's sentinel */
    PXC_RETURNED = 2,
    PXC_FIRST_SLOT = 3,
    PXC_UNLINKED = 1 << 30, /* no slot */
    /* A part of the log is for repeats; with more of them in a frame it is sorted. */
    PXC_REPEATS_PER_CHUNK = PXC_CHUNK_ENTRIES / 2,
    /* 16 million uses a frame; the 40 bits above them last 580 years at 60 frames a second. See lru.c. */
    PXC_STAMP_USE_BITS = 24,
    PXC_MOST_PINS =
        (1 << 24) - 2, /* of an entry; one more is left for insert.c, which pins what must survive a trim */
};

#define PXC_SLOT_MASK  ((UINT64_C(1) << PXC_SLOT_BITS) - 1)
#define PXC_SLOT_LIMIT ((uint32_t)PXC_SLOT_MASK)

/* The members of pxc_texture up to its coordinates, so that a find copies them at once. */
typedef struct pxc_image {
    uint32_t texture; /* GL name; 0 = the slot is free */
    int width, height;
    pxc_format format;
    size_t cost_bytes;
} pxc_image;

_Static_assert(offsetof(pxc_image, width) == offsetof(pxc_texture, width) &&
                   offsetof(pxc_image, format) == offsetof(pxc_texture, format) &&
                   offsetof(pxc_image, cost_bytes) == offsetof(pxc_texture, cost) &&
                   sizeof(pxc_image) == offsetof(pxc_texture, u0),
               "an image lies as the first members of pxc_texture do");

/* A name's own memory; its length comes first, so that a find compares texts of equal length only. */
typedef struct pxc_name {
    uint32_t length_bytes;
    char text[];
} pxc_name;

/* Slots. Of a free or a doomed one next alone counts, and prev is PXC_UNLINKED. */
typedef struct pxc_links {
    uint32_t prev, next;
} pxc_links;

/* Of exactly one cache line. */
typedef struct pxc_entry {
    uint64_t id;    /* the key while live; generation alone, slot bits 0, otherwise: no key can equal it */
    uint64_t stamp; /* time of the last use; all stamps differ; see lru.c */
    pxc_image image;
    pxc_name *name; /* owned; NULL = none */
    uint32_t name_hash;
    uint32_t pins;
    uint8_t parked; /* linked in the parked or the returned list */
    uint8_t doomed; /* key stale, texture alive until the boundary */
    uint16_t page;  /* that it lies in; 0 = it has a texture of its own */
    uint16_t x, y;  /* of its top left texel there */
} pxc_entry;

enum { PXC_GROUP_NAMES = 10 };

/* A part of the name table, one cache line. */
typedef struct pxc_group {
    uint16_t tags[PXC_GROUP_NAMES]; /* odd; 0 = empty */
    uint32_t passed;                /* names that found no room here and lie in a later group */
    uint32_t slots[PXC_GROUP_NAMES];
} pxc_group;

/* What an entry is to be filled with. */
typedef struct pxc_made {
    uint32_t texture;
    pxc_spot spot; /* {0} = a texture of its own */
} pxc_made;

/* Textures on their way out at the boundary, collected in scratch. */
typedef struct pxc_dying {
    size_t count;
    uint64_t cost_bytes;
} pxc_dying;

/* How pages are made under the limit that there is. */
typedef struct pxc_page_plan {
    int width, height;           /* 0 = the limit is too small for pages */
    int most_width, most_height; /* of an image that goes into one */
} pxc_page_plan;

typedef struct pxc_names {
    pxc_group *groups;
    uint32_t group_count;
    uint32_t count; /* names */
} pxc_names;

/* A pixmap that is valid, and what it costs; by cost.c. */
typedef struct pxc_measured {
    pxc_pixmap pixmap;     /* stride filled in */
    uint64_t cost_bytes;   /* rounded; 0 if past size_t */
    uint64_t source_bytes; /* of its pixels, without gaps between rows */
} pxc_measured;

/* A pixmap on its way from pxc_submit to its entry, or the word of pxc_discard. */
typedef struct pxc_letter {
    struct pxc_letter *next; /* in the mailbox towards older ones, among the pending towards later ones */
    struct pxc_letter *prev;
    struct pxc_letter *next_alike; /* of the same bucket */
    pxc_name *name;                /* owned */
    uint32_t name_hash;
    bool discards; /* pxc_discard: the rest does not count */
    bool wanted;   /* asked for by name while it was pending */
    pxc_measured measured;
    uint64_t mailbox_bytes; /* what it takes of the mailbox */
    pxc_release_fn release;
    void *user;
    uint64_t arrived_frame;
    uint32_t texture; /* 0 until it is begun, or prepared */
    bool made_here;   /* its storage can not be made elsewhere in this context */
    int level, rows_done;
    uint64_t done_bytes;
} pxc_letter;

/* What any thread may touch. */
typedef struct pxc_mailbox {
    _Atomic(pxc_letter *) newest;
    _Atomic(uint64_t) bytes;      /* of all letters that are not released yet, those that are pending too */
    _Atomic(uint64_t) most_bytes; /* a pixmap that costs more is refused at once */
} pxc_mailbox;

typedef struct pxc_line {
    pxc_letter *first, *last;
} pxc_line;

enum { PXC_FIRST_BUCKETS = 16 };

/* Bytes per millisecond, measured; 0 = not yet. By size where storage is made, because new memory costs more the larger
 * the block is that the driver asks for: a class is four times as large as the one before. */
enum { PXC_SIZE_CLASSES = 10 }; /* up to 64 KiB, 256 KiB, 1 MiB ... */

typedef struct pxc_rates {
    uint64_t whole[PXC_SIZE_CLASSES];  /* storage made and filled in one call */
    uint64_t making[PXC_SIZE_CLASSES]; /* storage alone */
    uint64_t rows;                     /* filling alone */
    uint64_t packed;                   /* filling a place in a page */
} pxc_rates;

/* What the render thread has taken from the mailbox; see pending.c. */
typedef struct pxc_pending {
    pxc_line wanted, others;
    uint32_t count;
    uint32_t bucket_count;
    pxc_letter **buckets; /* by hash of the name; own_buckets at first */
    pxc_letter *own_buckets[PXC_FIRST_BUCKETS];
    pxc_letter *partial; /* the one of which some bands are up */
    /* Textures of those that were given up half-way, until the boundary. As many as there are sentinels, because scratch
     * has room for theirs. */
    pxc_image abandoned[PXC_FIRST_SLOT];
    uint32_t abandoned_count;
    pxc_letter *prepared; /* these three: prepare.c */
    void *preparation;
    uint64_t preparation_bytes;
    pxc_rates rates;
} pxc_pending;

struct pxc_cache {
    /* What every find reads, in the order in which it does. */
    const void *thread;
    bool in_callback;
    uint32_t slot_count; /* slots ever used, sentinels included */
    pxc_entry **chunks;
    uint64_t log_base; /* stamps below it are settled */
    uint64_t clock;    /* the next stamp */
    uint32_t *log;     /* room for every slot, and for repeats */
    uint32_t log_count;
    uint32_t repeats_left; /* room for so many more repeats; none: there may be more than are logged */
    uint64_t frame_start;  /* smallest stamp of the current frame */
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
    uint64_t slot_step;       /* odd */
    uint64_t generation_step; /* odd */
    uint64_t step_inverse;    /* times generation_step it is 1, modulo 2^64 */
    pxc_links *links;         /* by slot */
    uint32_t *scratch;        /* room for every slot: a boundary sorts and deletes, and never allocates */
    uint32_t parked_count;    /* in the parked and the returned list */

    /* Policy. */
    uint64_t admission_limit_bytes; /* the larger of the limits since the last boundary */
    uint64_t ceiling_bytes;         /* 0 = twice the limit */
    uint64_t wanted_bytes;          /* the largest cost that the ceiling refused in this frame */
    uint64_t max_entries;           /* 0 = none */
    uint64_t cost_granularity;      /* above 0 */

    pxc_on_evict_fn on_evict;
    void *on_evict_user;
    pxc_on_work_fn on_work;
    void *on_work_user;
    pxc_alloc alloc;
    pxc_backend backend;
    void *gpu;
    int max_size_px;

    /* Pages. */
    bool packs;
    pxc_page_plan plan;
    pxc_shelves shelves;
    uint32_t *span_of;          /* by slot, of those that lie in a page; only if it packs */
    uint64_t page_taken_bytes;  /* of page_bytes, places of images, gutters included */
    uint64_t retry_below_bytes; /* of page_taken_bytes: emptying a page failed when so much was there */
    uint32_t tidied_page;       /* closed, because it is being emptied little by little; 0 = none */
    void *framed;               /* room for an image with its gutter */
    size_t framed_bytes;

    /* Handing over. */
    uint64_t mailbox_bytes, upload_bytes_per_frame; /* bounds */
    uint64_t upload_us_per_frame;
    uint64_t (*now_us)(void *user);
    void *now_us_user;
    bool has_own_clock; /* now_us was given */
    bool prepares;      /* storage can be made elsewhere */
    pxc_pending pending;
    const char *entered_name; /* of the last pixmap that became an entry; for config.on_work, at once */
    pxc_mailbox mailbox;
};

#ifdef __GNUC__
#define PXC_TLS_MODEL                                                                                        \
    __attribute__((tls_model("initial-exec"), visibility("hidden"))) /* no call to find it */
#else
#define PXC_TLS_MODEL
#endif

/* A function kept out of its callers, so that they need not save the registers that it uses. */
#ifdef __GNUC__
#define PXC_RARE __attribute__((noinline, cold))
#else
#define PXC_RARE
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

/* The number of the frame, from 1 on, in which a stamp was given. */
static inline uint64_t pxc_frame_of(uint64_t stamp)
{
    return stamp >> PXC_STAMP_USE_BITS;
}

static inline bool pxc_used_this_frame(const pxc_cache *cache, const pxc_entry *entry)
{
    return entry->stamp >= cache->frame_start;
}

/* What live entries cost; of those in pages, their own texels. */
static inline uint64_t pxc_live_bytes(const pxc_cache *cache)
{
    const pxc_stats *stats = &cache->stats;
    return stats->used_bytes - stats->doomed_bytes - stats->page_bytes + stats->packed_bytes;
}

/* What goes from used_bytes with an entry's own texture. */
static inline uint64_t pxc_own_bytes(const pxc_entry *entry)
{
    return entry->page == 0 ? entry->image.cost_bytes : 0;
}

/* memory.c: the allocator; all results may be NULL. */
void *pxc_malloc(const pxc_alloc *alloc, size_t size_bytes);
void *pxc_realloc(const pxc_alloc *alloc, void *memory, size_t size_bytes);
void pxc_free(const pxc_alloc *alloc, void *memory);
void *pxc_malloc_aligned(const pxc_alloc *alloc, size_t size_bytes, size_t alignment);
void pxc_free_aligned(const pxc_alloc *alloc, void *memory);
bool pxc_alloc_complete(pxc_alloc *alloc); /* fills in the default; false if it has holes */

/* clock.c: never runs backwards where the system has such a clock. */
uint64_t pxc_now_ns(void);

/* work.c: what pieces of work take, if somebody wants to know. */
uint64_t pxc_work_now_ns(const pxc_cache *cache);
PXC_RARE void pxc_work_tell(pxc_cache *cache, const pxc_work *work, uint64_t start_ns);

static inline uint64_t pxc_work_begin(const pxc_cache *cache)
{
    return cache->on_work == NULL ? 0 : pxc_work_now_ns(cache);
}

/* work: all but its duration. */
static inline void pxc_work_end(pxc_cache *cache, const pxc_work *work, uint64_t start_ns)
{
    if (cache->on_work != NULL) {
        pxc_work_tell(cache, work, start_ns);
    }
}

/* find.c: an entry as it is given out. */
void pxc_give_out(const pxc_cache *cache, const pxc_entry *entry, pxc_texture *out);

/* slots.c: which slots are in use, and their generations. */
pxc_status pxc_slots_create(pxc_cache *cache);
void pxc_slots_destroy(pxc_cache *cache);
void pxc_slots_shrink(pxc_cache *cache);       /* frees the last chunks if they are empty */
pxc_status pxc_slot_reserve(pxc_cache *cache); /* makes sure that one more pxc_slot_take succeeds */
/* A live entry: its id is a key, its list links point to itself, its image is for the caller to set. */
pxc_entry *pxc_slot_take(pxc_cache *cache);
void pxc_slot_give(pxc_cache *cache, pxc_entry *entry,
                   uint32_t slot); /* its own; to the free list, or into retirement */
uint64_t pxc_slot_first_generation(const pxc_cache *cache, uint32_t slot);

/* lru.c: order of use. */
void pxc_lru_settle(pxc_cache *cache); /* brings the lists up to date, empties the log */
void pxc_lru_link_before(pxc_cache *cache, uint32_t next,
                         uint32_t slot);     /* before a sentinel = the recent end */
pxc_entry *pxc_lru_victim(pxc_cache *cache); /* least recently used, not pinned; NULL = none; settled only */

/* Takes an entry out of its list; its own links stay. */
static inline void pxc_lru_detach(pxc_cache *cache, uint32_t slot)
{
    pxc_links *links = cache->links;
    const pxc_links own = links[slot];
    links[own.prev].next = own.next;
    links[own.next].prev = own.prev;
}

/* Makes a slot of the lru list, or its sentinel, the old end: what was before it has been taken out. */
static inline void pxc_lru_cut_before(pxc_cache *cache, uint32_t slot)
{
    cache->links[PXC_LRU].next = slot;
    cache->links[slot].prev = PXC_LRU;
}

/* Makes a live entry the most recently used. One test, because a branch of its own for an image that is used again
 * would be mispredicted wherever images are drawn now once and now often. */
static inline void pxc_lru_touch(pxc_cache *cache, pxc_entry *entry)
{
    const uint32_t again = entry->stamp >= cache->log_base;
    if ((again & (cache->repeats_left == 0)) == 0) {
        cache->log[cache->log_count++] = pxc_slot_of(entry);
        cache->repeats_left -= again;
    }
    entry->stamp = cache->clock++;
}

/* stamps.c: sorts slots, each of which is there once, by their entries' stamps, the smallest first; spare has as much room. The result lies in one
 * of the two, which is returned. */
uint32_t *pxc_sort_by_stamp(const pxc_cache *cache, uint32_t *slots, uint32_t *spare, uint32_t count);

/* parked.c: pinned entries that the eviction met. */
void pxc_park(pxc_cache *cache, uint32_t slot);   /* from the lru list */
void pxc_unpark(pxc_cache *cache, uint32_t slot); /* to the returned list */
void pxc_take_back_returned(pxc_cache *cache); /* into the lru list, each to its place; a part of settling */

static inline bool pxc_name_is(const pxc_name *name, const char *text, size_t length_bytes)
{
    return name->length_bytes == length_bytes && memcmp(name->text, text, length_bytes) == 0;
}

/* names.c: names to slots. */
typedef struct pxc_query {
    const char *text;
    size_t length_bytes;
    uint32_t hash;
} pxc_query;

pxc_query pxc_name_query(const pxc_cache *cache, const char *text);
pxc_entry *pxc_names_find_text(const pxc_cache *cache, const char *text); /* NULL = none */
pxc_entry *pxc_names_find(const pxc_cache *cache, const pxc_query *query);
pxc_status pxc_names_reserve(pxc_cache *cache); /* makes sure that one more add succeeds */
pxc_name *pxc_name_create(const pxc_cache *cache,
                          const pxc_query *query); /* NULL = no memory, or 4 GiB long */
/* Gives an entry without a name one that is not in the table. */
void pxc_names_add(pxc_cache *cache, pxc_entry *entry, pxc_name *name, uint32_t hash);
void pxc_names_remove(pxc_cache *cache, const pxc_entry *entry); /* leaves the entry's name itself alone */
void pxc_names_move(pxc_cache *cache, pxc_entry *from,
                    pxc_entry *to); /* the name and its place in the table */
void pxc_names_destroy(pxc_cache *cache);
void pxc_names_shrink(pxc_cache *cache); /* if most of the table is empty */
uint16_t pxc_name_tag(uint32_t hash);
uint32_t pxc_name_home(const pxc_names *names, uint32_t hash); /* a group; there are some */

/* cost.c: formats, and what a pixmap costs. */
bool pxc_format_valid(pxc_format format);
int pxc_format_source_bytes(pxc_format format);   /* bytes a pixel in the pixmap */
uint64_t pxc_row_bytes(const pxc_pixmap *pixmap); /* without the gap */
int pxc_level_px(int size_px, int level);         /* a side of a mip level */
pxc_pixmap pxc_pixmap_level(const pxc_pixmap *pixmap,
                            int level);        /* of one that has its levels, as a pixmap */
int pxc_level_count(const pxc_pixmap *pixmap); /* mip levels, the first included */
uint64_t pxc_cost(const pxc_cache *cache, pxc_format format, int width, int height,
                  bool mipmaps); /* rounded; 0 if past size_t */
/* PXC_ERR_ARGUMENT or PXC_ERR_TOO_LARGE if it is no pixmap; its cost is not compared with anything. */
pxc_status pxc_pixmap_measure(const pxc_cache *cache, const pxc_pixmap *given, pxc_measured *out);

/* insert.c: the steps of an insert, for all that end in an entry. */
uint64_t pxc_ceiling(const pxc_cache *cache);                         /* bound on use inside the frame */
pxc_status pxc_admit(pxc_cache *cache, const pxc_measured *measured); /* reserves a slot, too */
/* Makes a texture, filled or only begun. The entry keep (NULL = none) survives a trim for want of GPU memory. */
pxc_status pxc_make_texture(pxc_cache *cache, const pxc_pixmap *pixmap, pxc_entry *keep, bool filled,
                            uint32_t *texture);
/* Makes a texture, counted, or a place in a page, filled. */
pxc_status pxc_make_image(pxc_cache *cache, const pxc_measured *measured, pxc_entry *keep, pxc_made *out);
void pxc_count_texture(pxc_cache *cache, uint64_t cost_bytes);
pxc_entry *pxc_make_entry(pxc_cache *cache, const pxc_measured *measured, const pxc_made *made);

/* pages.c: images that share textures. */
void pxc_pages_plan(pxc_cache *cache); /* after the limit changed */
void pxc_pages_destroy(pxc_cache *cache);
bool pxc_packs(const pxc_cache *cache, const pxc_pixmap *pixmap);    /* whether it goes into a page */
bool pxc_has_spot(const pxc_cache *cache, const pxc_pixmap *pixmap); /* below the ceiling */
pxc_status pxc_pack(pxc_cache *cache, const pxc_measured *measured, pxc_made *out);
pxc_status pxc_page_make(pxc_cache *cache, int group, int height,
                         uint32_t *page); /* an empty one, not counted yet */
void pxc_page_count(pxc_cache *cache, const pxc_page *page);
/* Where it lies from now on. */
static inline void pxc_entry_place(pxc_cache *cache, pxc_entry *entry, const pxc_made *made)
{
    entry->page = made->spot.page;
    entry->x = made->spot.x;
    entry->y = made->spot.y;
    if (made->spot.span != 0) {
        const uint32_t slot = pxc_slot_of(entry);
        cache->span_of[slot] = made->spot.span;
        cache->shelves.spans[made->spot.span].owner = slot;
    }
}

void pxc_entry_unplace(pxc_cache *cache, const pxc_entry *entry, uint32_t slot, pxc_dying *all);
void pxc_collect_page(pxc_cache *cache, pxc_dying *all,
                      uint32_t page); /* one without images, from the tables */
uint64_t pxc_page_texel_bytes(const pxc_page *page);
uint64_t pxc_page_cost(const pxc_cache *cache, int group, int height);
bool pxc_pages_hold(const pxc_cache *cache); /* recounts them */

/* moves.c: images from page to page, at the boundary. */
bool pxc_pages_fit(pxc_cache *cache, pxc_dying *all, uint64_t most_bytes);
void pxc_pages_tidy(pxc_cache *cache, pxc_dying *all);

/* mailbox.c: the side of any thread. */
void pxc_mailbox_init(pxc_cache *cache);
void pxc_mailbox_set_most(pxc_cache *cache); /* after limit or ceiling changed */
void pxc_mailbox_empty(pxc_cache *cache);    /* to the pending ones; what they replace is released */
void pxc_letter_release(pxc_cache *cache, pxc_letter *letter); /* in no list any more; frees it, too */

/* pending.c: the side of the render thread. */
void pxc_pending_init(pxc_cache *cache);
void pxc_pending_add(pxc_cache *cache, pxc_letter *letter);
void pxc_pending_drop(pxc_cache *cache, pxc_letter *letter); /* done with, uploaded or not; released */
void pxc_pending_drop_all(pxc_cache *cache);
void pxc_pending_close(pxc_cache *cache);  /* after pxc_pending_drop_all */
void pxc_pending_lose(pxc_cache *cache);   /* the context is gone: what was half up starts anew */
void pxc_pending_settle(pxc_cache *cache); /* at the boundary: gives up what the limit no longer admits */
/* The one of a name, NULL = none; empties the mailbox first if there is something in it. */
pxc_letter *pxc_pending_find(pxc_cache *cache, const char *text, size_t length_bytes, uint32_t hash);
void pxc_pending_want(pxc_cache *cache, pxc_letter *letter); /* goes first from now on */

void pxc_abandon_texture(pxc_cache *cache, uint32_t texture,
                         uint64_t cost_bytes); /* for the boundary; room: pxc_can_begin before it was made */

/* prepare.c: storage made elsewhere. */
/* One more texture that belongs to no entry yet. */
bool pxc_can_begin(const pxc_cache *cache, const pxc_letter *letter);
bool pxc_prepares(const pxc_cache *cache, const pxc_letter *letter);    /* at some time */
bool pxc_can_prepare(const pxc_cache *cache, const pxc_letter *letter); /* now */
pxc_status pxc_prepare(pxc_cache *cache, pxc_letter *letter);           /* PXC_PENDING, or PXC_ERR_LOST */
void pxc_prepared_poll(pxc_cache *cache);
void pxc_prepared_give_up(pxc_cache *cache); /* its pixmap stays pending */
void pxc_prepared_end(pxc_cache *cache);     /* the same, and waits until nothing is being made */

static inline uint64_t pxc_least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static inline uint64_t pxc_left_bytes(const pxc_letter *letter)
{
    return letter->measured.source_bytes - letter->done_bytes;
}

/* forecast.c: what a call will take. */
typedef struct pxc_budget { /* what is left of a frame's */
    uint64_t bytes, end_us;
    uint64_t us;        /* as the clock was last looked at */
    uint64_t row_bytes; /* of what is begun, by both bounds */
} pxc_budget;

uint64_t pxc_now_us(const pxc_cache *cache);
void pxc_budget_look(const pxc_cache *cache, pxc_budget *left);
int pxc_size_class(const pxc_letter *letter);
void pxc_measure(const pxc_cache *cache, uint64_t *bytes_per_ms, uint64_t bytes, uint64_t start_us);
bool pxc_fits_whole(const pxc_cache *cache, const pxc_letter *letter, const pxc_budget *left);
bool pxc_made_within(const pxc_cache *cache, const pxc_letter *letter, uint64_t us); /* its storage */

/* uploads.c: from the lines to the GPU. */
void pxc_uploads_init(pxc_cache *cache);
pxc_status pxc_uploads_run(pxc_cache *cache); /* within the budget of a frame */

/* Whether a name may be pending: the usual answer is no, at the price of two reads. */
static inline bool pxc_something_pending(pxc_cache *cache)
{
    return cache->pending.count != 0 ||
           atomic_load_explicit(&cache->mailbox.newest, memory_order_relaxed) != NULL;
}

/* evict.c: how entries die. */
void pxc_collect_texture(pxc_cache *cache, pxc_dying *all, uint32_t texture, uint64_t cost_bytes);
void pxc_doom(pxc_cache *cache, pxc_entry *entry); /* key and name stale; any live entry */
void pxc_evict(pxc_cache *cache, pxc_entry *entry, pxc_evict_reason reason); /* doom, count, tell */
void pxc_enforce_limit(pxc_cache *cache,
                       uint64_t most_bytes); /* evicts and deletes, with all that was doomed */
void pxc_delete_doomed(pxc_cache *cache);
void pxc_doom_all(pxc_cache *cache);
void pxc_doom_texture(pxc_cache *cache,
                      const pxc_entry *entry); /* needs pxc_slot_reserve; entry stays live */
void pxc_trim_for_gpu(pxc_cache *cache);       /* evicts and deletes what this frame has not used */
void pxc_forget_textures(pxc_cache *cache);    /* all, as lost: the backend deletes none */

/* pin.c: without the checks of the public calls. */
void pxc_pin_entry(pxc_cache *cache, pxc_entry *entry);
void pxc_unpin_entry(pxc_cache *cache, pxc_entry *entry);

/* gl_backend.c */
const pxc_backend *pxc_gl_backend(void);

#endif
