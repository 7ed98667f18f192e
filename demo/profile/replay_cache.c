/* The cache itself, with its own code for finding, inserting and evicting, on a GPU that is not there.
 *
 * An image must cost what the trace says. A pixmap of one byte a pixel, `bytes` wide and one high, does; no GPU has
 * textures that wide, so the null backend's open is wrapped in one that takes any side. What no int holds is folded
 * into rows of equal length, if there is a number of rows that divides it.
 */
#include "replay.h"

#include <pixcache/pixcache.h>

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

enum { MOST_ROWS = 1 << 20 }; /* tried for an image above 2 GiB */

static pxc_status open_wide(const pxc_backend_setup *setup, void **gpu, int *max_size_px)
{
    const pxc_status status = pxc_null_backend()->open(setup, gpu, max_size_px);
    *max_size_px = INT_MAX;
    return status;
}

typedef struct known_image {
    pxc_key key;
    int width, height; /* found once: of some sizes it takes long */
} known_image;

/* Sides of a pixmap that costs so many bytes. Result: false if there are none. */
static bool find_sides(uint64_t bytes, known_image *out)
{
    for (uint64_t rows = 1; rows <= MOST_ROWS; ++rows) {
        if (bytes / rows <= INT_MAX && bytes % rows == 0) {
            out->width = (int)(bytes / rows);
            out->height = (int)rows;
            return true;
        }
    }
    return false;
}

static bool find_all_sides(const access_trace *trace, known_image *images, trace_error *error)
{
    for (uint32_t i = 0; i < trace->image_count; ++i) {
        if (!find_sides(trace->images[i].bytes, &images[i])) {
            return trace_fail(error, trace->images[i].line, "no texture can have %" PRIu64 " bytes",
                              trace->images[i].bytes);
        }
    }
    return true;
}

/* One access. */
static pxc_status use(pxc_cache *cache, known_image *image, uint64_t *refused)
{
    if (pxc_find(cache, image->key, NULL) == PXC_OK) {
        return PXC_OK;
    }
    static const unsigned char no_pixels[1] = {0}; /* the null backend reads none */
    const pxc_pixmap pixmap = {
        .pixels = no_pixels, .format = PXC_R8, .width = image->width, .height = image->height};
    const pxc_status status = pxc_insert(cache, &pixmap, &image->key);
    if (status == PXC_ERR_TOO_LARGE || status == PXC_ERR_FULL) {
        ++*refused;
        return PXC_OK;
    }
    return status;
}

static pxc_status replay_frames(const replay_job *job, pxc_cache *cache, known_image *images,
                                uint64_t *refused)
{
    const access_trace *trace = job->trace;
    pxc_status status = PXC_OK;
    size_t at = 0;
    for (size_t frame = 0; status == PXC_OK && frame < trace->frame_count; ++frame) {
        for (; status == PXC_OK && at < trace->frame_ends[frame]; ++at) {
            status = use(cache, &images[trace->accesses[at]], refused);
        }
        if (status == PXC_OK) {
            status = pxc_frame_end(cache);
        }
        if (job->progress != NULL) {
            progress_tell(job->progress, at, trace->access_count);
        }
    }
    return status;
}

static void read_stats(const pxc_cache *cache, replay_result *out)
{
    pxc_stats stats;
    pxc_get_stats(cache, &stats);
    out->hits = stats.hits;
    out->misses = stats.misses;
    out->evictions = stats.evictions;
    out->uploads = stats.uploads;
    out->upload_bytes = stats.upload_bytes;
    out->peak_bytes = stats.peak_bytes;
}

static bool replay_images(const replay_job *job, known_image *images, replay_result *out, trace_error *error)
{
    pxc_backend backend = *pxc_null_backend();
    backend.open = open_wide;
    const pxc_config config = {.limit_bytes = (size_t)job->limit_bytes,
                               .ceiling_bytes = (size_t)job->ceiling_bytes,
                               .backend = &backend};
    pxc_cache *cache = NULL;
    pxc_status status = pxc_create(&config, &cache);
    if (status == PXC_OK) {
        status = replay_frames(job, cache, images, &out->refused);
        read_stats(cache, out);
        pxc_destroy(cache);
    }
    return status == PXC_OK || trace_fail(error, 0, "can not be replayed: %s", pxc_status_text(status));
}

bool replay_cache(const replay_job *job, replay_result *out, trace_error *error)
{
    *out = (replay_result){0};
    if (job->trace->image_count == 0) {
        return true;
    }
    known_image *images = calloc(job->trace->image_count, sizeof *images);
    if (images == NULL) {
        return trace_fail(error, 0, "can not be replayed: %s", pxc_status_text(PXC_ERR_MEMORY));
    }
    const bool done = find_all_sides(job->trace, images, error) && replay_images(job, images, out, error);
    free(images);
    return done;
}
