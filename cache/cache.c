/* A cache's life: create, destroy, the loss of its context. */
#include "cache.h"

#include <time.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define DEFAULT_LIMIT_BYTES ((size_t)64 << 20)

#define FIRST_STAMP (UINT64_C(1) << PXC_STAMP_USE_BITS) /* 0 is that of an entry which has never been used */

_Thread_local char pxc_thread_mark PXC_TLS_MODEL;

/* Seeds differ between caches by address and time, so that keys and name hashes do. */
static void seed(pxc_cache *cache)
{
    struct {
        uintptr_t here, stack;
        int64_t seconds, nanoseconds;
    } source = {(uintptr_t)cache, (uintptr_t)&source, 0, 0};
    struct timespec now = {0};
    if (timespec_get(&now, TIME_UTC) == TIME_UTC) {
        source.seconds = now.tv_sec;
        source.nanoseconds = now.tv_nsec;
    }
    cache->key_seed = XXH3_64bits_withSeed(&source, sizeof source, 1);
    cache->name_seed = XXH3_64bits_withSeed(&source, sizeof source, 2);
    cache->generation_step = XXH3_64bits_withSeed(&source, sizeof source, 3) | 1;
    cache->slot_step = XXH3_64bits_withSeed(&source, sizeof source, 4) | 1;
    /* Newton's iteration doubles the number of right bits; an odd number is its own inverse in the lowest three. */
    cache->step_inverse = cache->generation_step;
    for (int right_bits = 3; right_bits < 64; right_bits *= 2) {
        cache->step_inverse *= 2 - cache->generation_step * cache->step_inverse;
    }
}

static bool backend_complete(const pxc_backend *backend)
{
    return backend->open != NULL && backend->close != NULL && backend->create_texture != NULL &&
           backend->delete_textures != NULL &&
           (backend->begin_texture == NULL) == (backend->upload_rows == NULL) &&
           (backend->begin_texture == NULL) == (backend->finish_texture == NULL) &&
           (backend->prepare_texture == NULL) == (backend->finish_preparing == NULL) &&
           (backend->prepare_texture == NULL || backend->begin_texture != NULL) &&
           (backend->fill_part == NULL) == (backend->copy_part == NULL) &&
           (backend->fill_part == NULL || backend->begin_texture != NULL);
}

/* Fills in defaults. False if the config is not valid. */
static bool configure(pxc_cache *cache, const pxc_config *config)
{
    cache->alloc = config->alloc;
    cache->backend = config->backend == NULL ? *pxc_gl_backend() : *config->backend;
    cache->stats.limit_bytes = config->limit_bytes == 0 ? DEFAULT_LIMIT_BYTES : config->limit_bytes;
    cache->admission_limit_bytes = cache->stats.limit_bytes;
    cache->ceiling_bytes = config->ceiling_bytes;
    cache->max_entries = config->max_entries;
    cache->cost_granularity = config->cost_granularity == 0 ? 1 : config->cost_granularity;
    cache->on_evict = config->on_evict;
    cache->on_evict_user = config->on_evict_user;
    cache->on_work = config->on_work;
    cache->on_work_user = config->on_work_user;
    cache->mailbox_bytes = config->mailbox_bytes;
    cache->upload_bytes_per_frame = config->upload_bytes_per_frame;
    cache->upload_us_per_frame = config->upload_us_per_frame;
    cache->has_own_clock = config->now_us != NULL;
    cache->now_us = config->now_us;
    cache->now_us_user = config->now_us_user;
    cache->prepares =
        cache->backend.prepare_texture != NULL && (config->backend != NULL || config->gl_worker.run != NULL);
    cache->packs = config->pack && cache->backend.fill_part != NULL;
    return (unsigned)config->upload_way <= PXC_UPLOAD_BUFFERS &&
           (config->gl_worker.run == NULL) == (config->gl_worker.wait == NULL) &&
           pxc_alloc_complete(&cache->alloc) && backend_complete(&cache->backend) &&
           (config->backend != NULL || config->gl_get_proc_address != NULL);
}

pxc_status pxc_create(const pxc_config *config, pxc_cache **out)
{
    if (out == NULL) {
        return PXC_ERR_ARGUMENT;
    }
    *out = NULL;
    const pxc_config given = config != NULL ? *config : (pxc_config){0};
    pxc_cache start = {.thread = &pxc_thread_mark,
                       .clock = FIRST_STAMP,
                       .log_base = FIRST_STAMP,
                       .frame_start = FIRST_STAMP};
    if (!configure(&start, &given)) {
        return PXC_ERR_ARGUMENT;
    }
    pxc_cache *cache = pxc_malloc(&start.alloc, sizeof *cache);
    if (cache == NULL) {
        return PXC_ERR_MEMORY;
    }
    *cache = start;
    seed(cache);
    pxc_pending_init(cache);
    pxc_uploads_init(cache);
    pxc_mailbox_init(cache);
    pxc_status status = pxc_slots_create(cache);
    if (status == PXC_OK) {
        const pxc_backend_setup setup = {.user = cache->backend.user,
                                         .alloc = cache->alloc,
                                         .gl_get_proc_address = given.gl_get_proc_address,
                                         .gl_worker = given.gl_worker,
                                         .upload_way = given.upload_way};
        status = cache->backend.open(&setup, &cache->gpu, &cache->max_size_px);
    }
    if (status != PXC_OK) {
        pxc_slots_destroy(cache);
        pxc_free(&start.alloc, cache);
        return status;
    }
    pxc_pages_plan(cache);
    *out = cache;
    return PXC_OK;
}

pxc_status pxc_destroy(pxc_cache *cache)
{
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    pxc_pending_drop_all(cache);
    pxc_prepared_end(cache);
    pxc_doom_all(cache);
    pxc_delete_doomed(cache);
    pxc_pending_close(cache);
    cache->backend.close(cache->gpu);
    pxc_names_destroy(cache);
    pxc_pages_destroy(cache);
    pxc_slots_destroy(cache);
    const pxc_alloc alloc = cache->alloc;
    pxc_free(&alloc, cache);
    return PXC_OK;
}

pxc_status pxc_context_lost(pxc_cache *cache)
{
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    pxc_pending_lose(cache);
    pxc_forget_textures(cache);
    if (cache->backend.context_lost != NULL) {
        cache->backend.context_lost(cache->gpu);
    }
    return PXC_OK;
}
