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

/* A pixmap that costs so many bytes; width 0 if there is none. */
static pxc_pixmap pixmap_of(uint64_t bytes)
{
    static const unsigned char no_pixels[1] = {0}; /* the null backend reads none */
    pxc_pixmap pixmap = {.pixels = no_pixels, .format = PXC_R8};
    for (int rows = 1; rows <= MOST_ROWS; ++rows) {
        const uint64_t row_bytes = bytes / (uint64_t)rows;
        if (row_bytes <= INT_MAX && row_bytes * (uint64_t)rows == bytes) {
            pixmap.width = (int)row_bytes;
            pixmap.height = rows;
            break;
        }
    }
    return pixmap;
}

static bool check_images(const access_trace *trace, trace_error *error)
{
    if (trace->largest_bytes <= INT_MAX) {
        return true;
    }
    for (uint32_t i = 0; i < trace->image_count; ++i) {
        if (pixmap_of(trace->images[i].bytes).width == 0) {
            return trace_fail(error, trace->images[i].line, "no texture can have %" PRIu64 " bytes",
                              trace->images[i].bytes);
        }
    }
    return true;
}

/* One access; keys by image. */
static pxc_status use(pxc_cache *cache, pxc_key *key, uint64_t bytes, uint64_t *refused)
{
    if (pxc_find(cache, *key, NULL) == PXC_OK) {
        return PXC_OK;
    }
    const pxc_pixmap pixmap = pixmap_of(bytes);
    const pxc_status status = pxc_insert(cache, &pixmap, key);
    if (status == PXC_ERR_TOO_LARGE || status == PXC_ERR_FULL) {
        ++*refused;
        return PXC_OK;
    }
    return status;
}

static pxc_status replay_frames(const replay_job *job, pxc_cache *cache, pxc_key *keys, uint64_t *refused)
{
    const access_trace *trace = job->trace;
    pxc_status status = PXC_OK;
    size_t at = 0;
    for (size_t frame = 0; status == PXC_OK && frame < trace->frame_count; ++frame) {
        for (; status == PXC_OK && at < trace->frame_ends[frame]; ++at) {
            const uint32_t image = trace->accesses[at];
            status = use(cache, &keys[image], trace->images[image].bytes, refused);
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

bool replay_cache(const replay_job *job, replay_result *out, trace_error *error)
{
    *out = (replay_result){0};
    if (job->trace->image_count == 0) {
        return true;
    }
    if (!check_images(job->trace, error)) {
        return false;
    }
    pxc_backend backend = *pxc_null_backend();
    backend.open = open_wide;
    const pxc_config config = {.limit_bytes = (size_t)job->limit_bytes,
                               .ceiling_bytes = (size_t)job->ceiling_bytes,
                               .backend = &backend};
    pxc_cache *cache = NULL;
    pxc_key *keys = calloc(job->trace->image_count, sizeof *keys);
    pxc_status status = keys == NULL ? PXC_ERR_MEMORY : pxc_create(&config, &cache);
    if (status == PXC_OK) {
        status = replay_frames(job, cache, keys, &out->refused);
        read_stats(cache, out);
        pxc_destroy(cache);
    }
    free(keys);
    return status == PXC_OK || trace_fail(error, 0, "can not be replayed: %s", pxc_status_text(status));
}
