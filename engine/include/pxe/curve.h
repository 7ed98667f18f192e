/* The hit-rate curve: what the hits, and the bytes uploaded, would be at every other limit, from one pass over the
 * accesses, while they happen.
 *
 * At a frame boundary the cache keeps the most recently used images that fit into its limit. So an access hits at a
 * limit if its image was used in the same frame already, or if it fits into the limit together with all images that
 * were more recently used when the last frame ended. That sum is what the access needs; how many accesses need how many
 * bytes is the whole curve.
 *
 * Accesses are what pxe_images_texture answers with PXE_IMAGE_READY, and what --record writes. An image that comes with
 * another size is another image. Exact at every limit that is an edge (see pxe_curve_at) and not below the largest
 * image in the order: below it the cache refuses that image, which then takes no room, and the curve says too little.
 * Prefetches, pins and removed images are not known here.
 *
 * Thread: one. Memory: fixed, made by create: 104 to 120 bytes for each image that can be followed, and 0.6 MiB; later
 * nothing is allocated. Cost: see tests/bench/run profile.
 * Source: R. L. Mattson et al., Evaluation techniques for storage hierarchies, IBM Systems Journal 9 (1970).
 */
#ifndef PXE_CURVE_H
#define PXE_CURVE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct pxe_curve pxe_curve;

enum { PXE_CURVE_IMAGES = 16384 };

#define PXE_NEED_NONE UINT64_MAX /* no limit helps: the first access ever */

/* Told of each access that is not a repeat within its frame, if the image is followed: the smallest limit at which it
 * hits, or PXE_NEED_NONE. It must not call the curve. */
typedef void (*pxe_need_fn)(void *user, uint64_t need_bytes, uint64_t bytes);

/* {0} is the default of everything. */
typedef struct pxe_curve_config {
    /* Images that are followed exactly; 0 = PXE_CURVE_IMAGES, more than 2^21 = 2^21. With more of them a part is
     * followed, chosen by hash, so that so many are left, and stands for all (C. A. Waldspurger et al., Efficient MRC
     * construction with SHARDS, FAST 2015, fixed size). */
    uint32_t most_images;
    pxe_need_fn on_need; /* may be NULL */
    void *on_need_user;
} pxe_curve_config;

/* config may be NULL. Result: NULL if there is no memory. Owner: pxe_curve_destroy. */
pxe_curve *pxe_curve_create(const pxe_curve_config *config);
void pxe_curve_destroy(pxe_curve *curve); /* NULL is fine */

/* One access; bytes = what the image costs. 0 counts as 1, more than 2^40 as 2^40; a need of more than 2^48 as 2^48.
 * Result   what the access needs: 0 = a repeat within the frame, which hits at every limit; PXE_NEED_NONE; for an image
 *          that is not followed, PXE_NEED_NONE, too. */
uint64_t pxe_curve_access(pxe_curve *curve, uint64_t key, uint64_t bytes);

/* The same, but quicker for who keeps a number for each image: *hint is 0 at first, then the curve's. Any number is right,
 * the curve's own saves a search. */
uint64_t pxe_curve_access_hinted(pxe_curve *curve, uint64_t key, uint64_t bytes, uint32_t *hint);

/* The boundary. */
void pxe_curve_frame_end(pxe_curve *curve);

/* Counts from zero, but remembers the order of use: for a curve of what happens from here on. An image that was seen
 * before is no first one then, and the largest image is that of the accesses from here on. */
void pxe_curve_restart(pxe_curve *curve);

/* Since create or restart. */
typedef struct pxe_curve_totals {
    uint64_t frames, accesses;
    uint64_t repeats;   /* within a frame: hits at every limit; of images that are not followed, estimated */
    uint64_t first;     /* the first ever of an image: misses at every limit; estimated likewise */
    uint64_t most_hits; /* at a limit without end */
    uint64_t images;    /* that are followed, times how many each stands for */
    uint64_t largest_bytes; /* of an image */
    double followed;        /* the part of all images that is followed; 1 = the curve is exact */
    /* Expected of a hit rate, on the mean over all limits: 1 / sqrt(images that are followed); 0 while it is exact.
     * Measured with 100,000 images, where it is 0.009: 0.0005 (few images have most accesses) to 0.008 (all have as
     * many), more than twice that by chance, and 0.013 if one image in 200 is 200 times as large. At a limit that holds
     * only a few images it was up to 0.16: these few are followed or not by chance. */
    double error;
} pxe_curve_totals;

pxe_curve_totals pxe_curve_sum(const pxe_curve *curve);

typedef struct pxe_curve_point {
    uint64_t limit_bytes;
    uint64_t hits;         /* of pxe_curve_totals.accesses */
    uint64_t upload_bytes; /* of the misses; UINT64_MAX if it is more */
} pxe_curve_point;

/* The point at a limit, or at the edge below it. Edges: every whole number of bytes up to 2,048, then 1,024 of them for
 * each doubling up to 2^48: each MiB up to 2 GiB is one. limit_bytes of the result is the edge. */
pxe_curve_point pxe_curve_at(const pxe_curve *curve, uint64_t limit_bytes);

/* The smallest edge above a limit at which there are more hits than at the limit; PXE_NEED_NONE if there is none. From
 * 0 on, this goes through all steps of the curve. */
uint64_t pxe_curve_next(const pxe_curve *curve, uint64_t limit_bytes);

/* The smallest limit, an edge, that loses at most this part of the hits at a limit without end, 0 <= lost < 1; 0.01 is
 * a good choice. Not below the largest image. 0 if there was no access. */
uint64_t pxe_curve_recommend(const pxe_curve *curve, double lost);

#endif
