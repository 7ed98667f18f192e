/* What each frame cost, what the cache did in it, and which pictures are to blame: recorded always, in rings of fixed size,
 * without allocation in a frame but for names that the cache has not told before. What it takes is measured by
 * tests/bench/run profile.
 *
 * The engine records by itself; an application reads, here or through pxe/hud.h, and writes files at the end.
 * Thread: the render thread. */
#ifndef PXE_PROFILE_H
#define PXE_PROFILE_H

#include <pixcache/pixcache.h>
#include <pxe/curve.h>
#include <pxe/error.h>

struct GladGLContext;

typedef struct pxe_profile pxe_profile;

/* ---- Frames -------------------------------------------------------------------------------------------------------*/

/* Where a frame's time goes, on the render thread. */
typedef enum pxe_section {
    PXE_SECTION_LOAD,   /* reading and decoding in the frame: without workers, or pxe_images_texture_now */
    PXE_SECTION_UPDATE, /* pxe_images_update: what workers have finished goes to the cache, which uploads it */
    PXE_SECTION_INSERT, /* pxc_insert by the images, outside of pxe_images_update */
    PXE_SECTION_DRAW,   /* flushing the sprite batch */
    PXE_SECTION_EVICT,  /* pxc_frame_end */
    PXE_SECTION_SWAP,
    PXE_SECTION_COUNT
} pxe_section;

typedef struct pxe_frame {
    uint64_t frame;  /* counted from 0 */
    double start_ms; /* since the profile was made */
    double frame_ms; /* from the end of the frame before to the end of this one, the swap included */
    double cpu_ms;   /* frame_ms without the swap */
    double gpu_ms;   /* by timer query; 0 where the driver gave none */
    double section_ms[PXE_SECTION_COUNT];
    double cache_ms;  /* in pxc_frame_begin, pxc_frame_end and the images' inserts */
    double upload_ms; /* making and filling textures: part of it, but for inserts by others, such as glyphs */
    double delete_ms; /* part of it: deleting textures */
    uint64_t hits, misses, evictions, uploads, upload_bytes; /* in this frame, by the cache's statistics */
    uint64_t used_bytes, limit_bytes, entries, pinned_bytes; /* at its end */
    uint64_t peak_bytes; /* used just before pxc_frame_end, or by its end */
    uint32_t
        first_misses;    /* part of misses: pictures that were never resident before; the rest was evicted */
    uint32_t late_draws; /* placeholders given out, for pictures that were asked for and were not there */
    uint32_t draws, sprites;
} pxe_frame;

/* frames = how many the ring keeps; slices = how many pieces of work it keeps for pxe_profile_write_trace.
 * Result: NULL if there is no memory. Owner: pxe_profile_destroy. */
pxe_profile *pxe_profile_create(const struct GladGLContext *gl, uint32_t frames, uint32_t slices);
void pxe_profile_destroy(pxe_profile *profile); /* NULL is fine */

/* Milliseconds since the profile was made. */
double pxe_profile_now_ms(const pxe_profile *profile);

/* A frame: begin; any number of pxe_profile_add; stop_gpu behind the last GL command; end. The counters are the
 * cache's and the batch's, at the frame's end. What is done between two frames is the second one's. */
void pxe_profile_begin(pxe_profile *profile);
void pxe_profile_add(pxe_profile *profile, pxe_section section, double start_ms); /* from then until now */
void pxe_profile_stop_gpu(pxe_profile *profile);
void pxe_profile_end(pxe_profile *profile, const pxc_stats *stats, uint32_t draws, uint32_t sprites);

/* Between two frames: the time since the last one's end was spent waiting for the user. It is not part of the next
 * frame, and neither is what work took in it; what was counted is. */
void pxe_profile_skip_idle(pxe_profile *profile);

/* Waits for the GPU's last times. */
void pxe_profile_finish(pxe_profile *profile);

/* The frame before the current one, NULL if there is none. */
const pxe_frame *pxe_profile_last(const pxe_profile *profile);

/* A frame by its number; NULL if the ring does not keep it any more, or not yet. */
const pxe_frame *pxe_profile_frame(const pxe_profile *profile, uint64_t frame);

/* For a cache of the application's own: what pxc_config.on_work and on_evict are to be, with the profile as user. The
 * engine sets them for its own. */
void pxe_profile_on_work(void *profile, const pxc_work *work);
void pxe_profile_on_evict(void *profile, pxc_key key, const char *name, pxc_evict_reason reason);

/* ---- Statistics -----------------------------------------------------------------------------------------------------
 *
 * In the terms of CapFrameX and MangoHud. Of frame_ms; percentiles by nearest rank.
 */

typedef struct pxe_times {
    uint64_t frames;
    double mean_ms, p50_ms, p95_ms, p99_ms, p99_9_ms, max_ms;
    double low_1_ms; /* "1 % low": the mean of the slowest 1 % of the frames, at least one */
    double
        low_1_time_ms; /* the same by time: as long as this, or longer, are the frames that the slowest 1 % of the time
                             was spent in. Four frames of 500 ms do not hide in it */
} pxe_times;

typedef struct pxe_summary {
    uint64_t frames;              /* recorded */
    pxe_times all;                /* frames that are still in the ring */
    pxe_times without_misses;     /* those of them in which nothing was missed or late */
    uint64_t boundary_peak_bytes; /* the largest used_bytes at a frame's end, over those frames */
} pxe_summary;

/* false if there is no memory. */
bool pxe_profile_summary(const pxe_profile *profile, pxe_summary *out);

/* Sorts values, milliseconds a frame; count 0 gives {0}. */
pxe_times pxe_times_of(double *values, size_t count);

/* ---- Pictures ---------------------------------------------------------------------------------------------------------
 *
 * What each picture of pxe_images has cost so far; and what else the cache holds, whose uses are not known.
 */

typedef struct pxe_picture_cost {
    const char *
        name; /* its path, or the application's name for it, with fit_px if that is set; lasts as long as the profile */
    uint64_t bytes;      /* of video memory, when it was last uploaded; 0 = never */
    uint64_t uses;       /* it was asked for and resident */
    uint64_t misses;     /* it was asked for, and had to be loaded */
    uint64_t late_draws; /* a placeholder was given out */
    uint64_t uploads, upload_bytes;
    double upload_ms;
    double decode_ms; /* and reading; on whichever thread. Sizes that are decoded at once: the first's */
    uint64_t evictions;
    uint64_t regrets; /* uploads within 60 frames of its eviction at a boundary: the limit is too small */
    uint64_t undrawn_uploads; /* evicted without a use since its upload; 0 if it is not of pxe_images */
} pxe_picture_cost;

typedef enum pxe_picture_order {
    PXE_BY_COST,    /* upload_ms + decode_ms */
    PXE_BY_REGRETS, /* those below: only pictures that have any */
    PXE_BY_UNDRAWN,
    PXE_BY_LATE,
    PXE_PICTURE_ORDERS
} pxe_picture_order;

/* The first of that order, at most room of them. Result: how many. Cost: proportional to all pictures. */
size_t pxe_profile_pictures(const pxe_profile *profile, pxe_picture_order order, pxe_picture_cost *out,
                            size_t room);

/* Sums over all pictures, name NULL, and their number. What has no name in the cache, such as glyphs, counts as one. */
pxe_picture_cost pxe_profile_pictures_sum(const pxe_profile *profile, size_t *count);

/* Pinned in this cache and not used for that many frames: video memory that the limit can not reach. */
typedef struct pxe_idle_pin {
    const char *
        name; /* NULL = none in the cache; otherwise as pxe_picture_cost.name, or valid until the cache changes */
    uint64_t bytes, idle_frames;
} pxe_idle_pin;

typedef struct pxe_idle_pins {
    size_t count;   /* in all, which may be more than were asked for */
    uint64_t bytes; /* of all */
} pxe_idle_pins;

/* The largest first in out, at most room of them. Cost: proportional to the cache's entries. */
pxe_idle_pins pxe_profile_idle_pins(const pxe_profile *profile, pxc_cache *cache, uint64_t frames,
                                    pxe_idle_pin *out, size_t room);

/* ---- Slow frames ------------------------------------------------------------------------------------------------------
 *
 * A frame that takes longer than twice the median of the 120 before it (of at least 8), or than a threshold of your
 * own, is kept with what the render thread did in it, picture by picture.
 */

/* What a piece of work is. */
typedef enum pxe_work {
    PXE_WORK_LOAD, /* sections, in their order */
    PXE_WORK_UPDATE,
    PXE_WORK_INSERT,
    PXE_WORK_DRAW,
    PXE_WORK_EVICT,
    PXE_WORK_SWAP,
    PXE_WORK_READ,   /* of a picture's file: on a worker, or part of PXE_WORK_LOAD */
    PXE_WORK_DECODE, /* of a picture, or painting it: likewise */
    PXE_WORK_UPLOAD, /* of a picture, or of some of its rows */
    PXE_WORK_DELETE, /* of all textures that were due */
    PXE_WORK_MOVE,   /* of images from page to page, at the boundary */
    PXE_WORK_KINDS
} pxe_work;

const char *pxe_work_name(pxe_work work); /* one English word */

enum { PXE_BLAMES = 8, PXE_SLOW_FRAMES = 512, PXE_MEDIAN_FRAMES = 120 };

typedef struct pxe_blame {
    pxe_work work;       /* PXE_WORK_READ, _DECODE or _UPLOAD */
    const char *picture; /* as pxe_picture_cost.name */
    uint64_t bytes;
    double ms;
} pxe_blame;

typedef struct pxe_slow_frame {
    pxe_frame frame;
    double median_ms;             /* of the frames before it */
    pxe_blame blames[PXE_BLAMES]; /* the longest first */
    uint32_t blame_count;
    uint32_t more; /* pieces of work that did not fit */
} pxe_slow_frame;

/* 0 = twice the median, which is the default; frames below it are never slow. */
void pxe_profile_set_slow_ms(pxe_profile *profile, double slow_ms);

/* The newest first, at most room of them, of the PXE_SLOW_FRAMES that are kept. Result: how many are in out. */
size_t pxe_profile_slow_frames(const pxe_profile *profile, pxe_slow_frame *out, size_t room);
uint64_t pxe_profile_slow_count(const pxe_profile *profile); /* all that there were */

/* Why a frame was slow, as one English sentence without a full stop. */
void pxe_slow_frame_text(const pxe_slow_frame *slow, char *text, size_t size);

/* ---- The curve and the alarm --------------------------------------------------------------------------------------------*/

/* Of all uses of pictures so far. */
const pxe_curve *pxe_profile_curve(const pxe_profile *profile);

typedef enum pxe_alarm_kind {
    PXE_ALARM_NONE = 0,
    PXE_ALARM_WORKING_SET, /* each frame draws more bytes of pictures than the limit holds */
    PXE_ALARM_LOOP /* what comes back after some frames is never there any more: the least recently used is
                              always the next one needed */
} pxe_alarm_kind;

enum { PXE_ALARM_FRAMES = 60 };

typedef struct pxe_alarm {
    pxe_alarm_kind kind;
    uint64_t frame;       /* in which it was raised */
    uint64_t limit_bytes; /* at that time */
    /* The limit that would help: it holds each frame's pictures; or what came back in nine of ten frames would have hit. */
    uint64_t needed_bytes;
    uint64_t set_bytes; /* the largest frame's pictures */
    uint64_t returns,
        found; /* pictures that were not drawn in the frame before, and had been seen; found at the limit */
} pxe_alarm;

/* The one that holds now, as it was raised; kind PXE_ALARM_NONE if none does. A working set has to be too large for
 * PXE_ALARM_FRAMES frames in a row; a loop is 30 returns or more, in 10 or more of as many frames, and none found. It
 * ends after as many frames without a reason. */
pxe_alarm pxe_profile_alarm(const pxe_profile *profile);

/* One English line with the figures and the limit that would help. */
void pxe_alarm_text(const pxe_alarm *alarm, char *text, size_t size);

/* Told once when an alarm is raised, inside pxe_profile_end; NULL = nobody. */
typedef void (*pxe_alarm_fn)(void *user, const pxe_alarm *alarm);
void pxe_profile_set_on_alarm(pxe_profile *profile, pxe_alarm_fn on_alarm, void *user);

/* ---- Files ------------------------------------------------------------------------------------------------------------*/

/* One row a frame, oldest first, with a header; see README.md for the columns. pixcache-profile report makes a page of
 * it. */
bool pxe_profile_write_csv(const pxe_profile *profile, const char *path, pxe_error *error);

/* Chrome's trace-event JSON: a slice a piece of work, by thread, and counters a frame; for Perfetto. */
bool pxe_profile_write_trace(const pxe_profile *profile, const char *path, pxe_error *error);

#endif
