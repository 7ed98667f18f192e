/* The table of images and their way into the cache.
 *
 * The cache knows an image by a name made of its path and size, and the table keeps the key that this name had last:
 * finding by key reads one cache line. Two handles of one file share a texture through the name.
 *
 * A job's way: taken from the loader, decoded by a worker, handed over to the cache, which holds the picture's memory
 * until it is uploaded, in the released list until the next update has looked what became of it, given back.
 */
#include <pxe/images.h>

#include "loader.h"
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct image {
    char *name;       /* in the cache: "<fit_px>m:<path>", m if it has mip levels */
    const char *path; /* within name */
    char *failure;
    pxc_key key;
    pxe_image_options options;
    int width, height;
    uint64_t trace_key;
    pxe_image_state state;
    bool queued; /* a job is under way */
} image;

struct pxe_images {
    pxe_images_config config;
    pxe_loader *loader; /* NULL without workers */
    pxe_job *postponed; /* decoded, but the cache's mailbox was full */
    pxe_job *released;  /* the cache needs their pixels no longer; linked by next */
    pxe_record *record;
    uint64_t frame;      /* calls of pxe_images_update: the current frame's number is one less */
    uint64_t full_frame; /* the value of frame when the cache last had no room */
    uint32_t pending, failed;
    image *images; /* images[0] is no image */
    uint32_t count, capacity;
};

bool pxe_images_create(const pxe_images_config *config, pxe_images **out, pxe_error *error)
{
    *out = NULL;
    pxe_images *images = calloc(1, sizeof *images);
    if (images == NULL) {
        return pxe_fail(error, "no memory for the images");
    }
    images->config = *config;
    images->count = 1;
    if (config->record_path != NULL) {
        pxe_error reason;
        if (!pxe_record_open(config->record_path, &images->record, &reason)) {
            pxe_images_destroy(images, NULL);
            return pxe_fail(error, "%.200s: %.200s", config->record_path, reason.text);
        }
    }
    if (config->workers > 0 && !pxe_loader_create(config->workers, &config->limits, &images->loader, error)) {
        pxe_images_destroy(images, NULL);
        return false;
    }
    *out = images;
    return true;
}

bool pxe_images_destroy(pxe_images *images, pxe_error *error)
{
    if (images == NULL) {
        return true;
    }
    for (uint32_t i = 1; i < images->count && images->loader != NULL; ++i) {
        if (images->images[i].queued) {
            pxc_remove_named(images->config.cache, images->images[i].name); /* its pixels are the loader's */
        }
    }
    for (pxe_job *job = images->released; job != NULL; job = job->next) {
        pxe_picture_free(&job->picture);
    }
    if (images->postponed != NULL) {
        pxe_picture_free(&images->postponed->picture);
    }
    pxe_loader_destroy(images->loader); /* first: its jobs point to paths */
    const bool recorded = pxe_record_close(images->record, error);
    for (uint32_t i = 1; i < images->count; ++i) {
        free(images->images[i].failure);
        free(images->images[i].name);
    }
    free(images->images);
    free(images);
    return recorded;
}

static bool make_room(pxe_images *images)
{
    if (images->count < images->capacity) {
        return true;
    }
    const uint32_t capacity = images->capacity == 0 ? 64 : images->capacity * 2;
    image *grown = realloc(images->images, capacity * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    images->images = grown;
    images->capacity = capacity;
    return true;
}

/* A key for traces that is the same in every run, and for all handles of one texture. Source: FNV-1a, 64 bits. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text != '\0'; ++text) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    }
    return hash;
}

pxe_image pxe_images_open(pxe_images *images, const char *path, const pxe_image_options *given)
{
    const pxe_image_options options = given != NULL ? *given : (pxe_image_options){0};
    const size_t name_bytes = strlen(path) + 32; /* an int, "m:" and the end */
    char *name = malloc(name_bytes);
    if (name == NULL || !make_room(images)) {
        free(name);
        return (pxe_image){0};
    }
    snprintf(name, name_bytes, "%d%s:%s", options.fit_px, options.mipmaps ? "m" : "", path);
    images->images[images->count] = (image){.name = name,
                                            .path = strchr(name, ':') + 1,
                                            .options = options,
                                            .trace_key = hash_of(name),
                                            .state = PXE_IMAGE_LOADING};
    return (pxe_image){images->count++};
}

static image *image_at(const pxe_images *images, pxe_image handle)
{
    return handle.id == 0 || handle.id >= images->count ? NULL : &images->images[handle.id];
}

static void fail_image(pxe_images *images, image *it, const char *reason)
{
    it->state = PXE_IMAGE_FAILED;
    it->failure = malloc(strlen(reason) + 1);
    if (it->failure != NULL) {
        memcpy(it->failure, reason, strlen(reason) + 1);
    }
    ++images->failed;
    if (images->config.on_failed != NULL) {
        images->config.on_failed(images->config.on_failed_user, it->path, reason);
    }
}

static void fail_insert(pxe_images *images, image *it, const pxc_pixmap *pixmap, pxc_status status)
{
    pxe_error reason;
    const size_t cost_bytes =
        pxc_texture_cost(pixmap->format, pixmap->width, pixmap->height, pixmap->mipmaps);
    const size_t limit_bytes = pxc_limit(images->config.cache);
    if (status == PXC_ERR_TOO_LARGE && cost_bytes > limit_bytes) {
        pxe_fail(&reason, "needs %zu bytes of video memory, more than the limit of %zu", cost_bytes,
                 limit_bytes);
    } else {
        pxe_fail(&reason, "can not be uploaded: %s", pxc_status_text(status));
    }
    fail_image(images, it, reason.text);
}

/* Inserts a decoded picture at once. False if the cache has no room in this frame: the picture is kept, and the
 * caller tries again. Else the picture is freed and the image is ready, or failed. */
static bool upload(pxe_images *images, image *it, pxe_picture *picture)
{
    const double start_ms = pxe_profile_now_ms(images->config.profile);
    picture->pixmap.mipmaps = it->options.mipmaps;
    const pxc_status status = pxc_insert_named(images->config.cache, it->name, &picture->pixmap, &it->key);
    pxe_profile_add(images->config.profile, PXE_SECTION_UPLOAD, start_ms);
    if (status == PXC_ERR_FULL || status == PXC_ERR_LOST) {
        images->full_frame = images->frame;
        return false;
    }
    it->width = picture->source_width;
    it->height = picture->source_height;
    if (status != PXC_OK) {
        fail_insert(images, it, &picture->pixmap, status);
    }
    pxe_picture_free(picture);
    return true;
}

/* Whether the cache has it, PXC_OK, or will have it, PXC_PENDING; neither a use nor counted. Another handle of the same
 * file may have loaded it. */
static pxc_status presence(const pxe_images *images, image *it)
{
    pxc_cache *cache = images->config.cache;
    return pxc_key_valid(cache, it->key) ? PXC_OK : pxc_lookup(cache, it->name, &it->key);
}

static void load_now(pxe_images *images, image *it)
{
    pxe_picture picture;
    pxe_error error;
    const pxe_decode_options options = {it->options.fit_px, images->config.limits};
    const double start_ms = pxe_profile_now_ms(images->config.profile);
    const bool decoded = pxe_picture_load(it->path, &options, &picture, &error);
    pxe_profile_add(images->config.profile, PXE_SECTION_LOAD, start_ms);
    if (!decoded) {
        fail_image(images, it, error.text);
    } else if (!upload(images, it, &picture)) {
        pxe_picture_free(&picture);
    }
}

/* Without a free job, the miss is not counted either: it is when the load begins. */
static void load_later(pxe_images *images, pxe_image handle, image *it)
{
    pxe_job *job = pxe_loader_take_free(images->loader);
    if (job != NULL) {
        pxc_find(images->config.cache, it->key, NULL);
        job->path = it->path;
        job->fit_px = it->options.fit_px;
        job->image = handle.id;
        it->queued = true;
        ++images->pending;
        pxe_loader_submit(images->loader, job);
    }
}

pxe_image_state pxe_images_texture(pxe_images *images, pxe_image handle, pxc_texture *out)
{
    *out = (pxc_texture){0};
    image *it = image_at(images, handle);
    if (it == NULL) {
        return PXE_IMAGE_FAILED;
    }
    if (it->state == PXE_IMAGE_FAILED) {
        return it->state;
    }
    const pxc_status status = presence(images, it);
    if (status != PXC_OK && (it->queued || status == PXC_PENDING)) {
        return it->state = PXE_IMAGE_LOADING;
    }
    if (status == PXC_OK) {
        pxc_find(images->config.cache, it->key, out);
    } else {
        it->state = PXE_IMAGE_LOADING;
        if (images->full_frame == images->frame && images->frame != 0) {
            return it->state; /* a decode would be for nothing */
        }
        if (images->loader != NULL) {
            load_later(images, handle, it);
            return it->state;
        }
        pxc_find(images->config.cache, it->key, NULL); /* counts the miss */
        load_now(images, it);
        it = image_at(images, handle); /* whoever was told of a failure may have opened images */
        if (it->state == PXE_IMAGE_FAILED || pxc_peek(images->config.cache, it->key, out) != PXC_OK) {
            return it->state;
        }
    }
    it->state = PXE_IMAGE_READY;
    pxe_record_access(images->record, images->frame == 0 ? 0 : images->frame - 1, it->trace_key, out->cost,
                      it->path);
    return it->state;
}

pxe_image_state pxe_images_peek(const pxe_images *images, pxe_image handle, pxc_texture *out)
{
    *out = (pxc_texture){0};
    const image *it = image_at(images, handle);
    if (it == NULL || it->state == PXE_IMAGE_FAILED) {
        return PXE_IMAGE_FAILED;
    }
    return pxc_peek(images->config.cache, it->key, out) == PXC_OK ? PXE_IMAGE_READY : PXE_IMAGE_LOADING;
}

pxe_image_info pxe_images_info(const pxe_images *images, pxe_image handle)
{
    const image *it = image_at(images, handle);
    if (it == NULL) {
        return (pxe_image_info){.path = "", .state = PXE_IMAGE_FAILED, .failure = "there is no such image"};
    }
    return (pxe_image_info){it->path, it->state, it->failure, it->width, it->height};
}

/* The image's load is over, however it ended. */
static image *take_back(pxe_images *images, const pxe_job *job)
{
    image *it = &images->images[job->image];
    it->queued = false;
    --images->pending;
    return it;
}

/* By the cache, which may not be called from here. */
static void on_release(void *user)
{
    pxe_job *job = user;
    pxe_images *images = job->owner;
    job->next = images->released;
    images->released = job;
}

/* Hands a decoded picture to the cache. False if its mailbox is full: the job is as it was. */
static bool hand_over(pxe_images *images, pxe_job *job)
{
    image *it = &images->images[job->image];
    if (!job->decoded) {
        fail_image(images, take_back(images, job), job->error.text);
    } else if (presence(images, it) != PXC_MISS) { /* by another handle of the same file */
        it->width = job->picture.source_width;
        it->height = job->picture.source_height;
        take_back(images, job);
        pxe_picture_free(&job->picture);
    } else {
        job->picture.pixmap.mipmaps = it->options.mipmaps;
        job->owner = images;
        const pxc_status status =
            pxc_submit(images->config.cache, it->name, &job->picture.pixmap, on_release, job);
        if (status == PXC_OK || status == PXC_ERR_FULL) {
            return status == PXC_OK;
        }
        fail_insert(images, take_back(images, job), &job->picture.pixmap, status);
        pxe_picture_free(&job->picture);
    }
    pxe_loader_give_back(images->loader, job);
    return true;
}

/* Looks what became of those that the cache has released. If it dropped none, one that is not there was evicted or
 * removed since: it is loaded anew when it is next asked for. */
static void settle_released(pxe_images *images, bool some_failed)
{
    while (images->released != NULL) {
        pxe_job *job = images->released;
        images->released = job->next;
        image *it = take_back(images, job);
        it->width = job->picture.source_width;
        it->height = job->picture.source_height;
        if (presence(images, it) == PXC_MISS && some_failed) {
            const pxc_pixmap *pixmap = &job->picture.pixmap;
            const size_t cost_bytes =
                pxc_texture_cost(pixmap->format, pixmap->width, pixmap->height, pixmap->mipmaps);
            const bool fits = cost_bytes <= pxc_limit(images->config.cache);
            fail_insert(images, it, pixmap, fits ? PXC_ERR_GPU : PXC_ERR_TOO_LARGE);
        }
        pxe_picture_free(&job->picture);
        pxe_loader_give_back(images->loader, job);
    }
}

static uint64_t submits_failed(const pxe_images *images)
{
    pxc_stats stats;
    pxc_get_stats(images->config.cache, &stats);
    return stats.submits_failed;
}

void pxe_images_update(pxe_images *images)
{
    ++images->frame;
    while (images->loader != NULL) {
        pxe_job *job = images->postponed != NULL ? images->postponed : pxe_loader_take_done(images->loader);
        images->postponed = NULL;
        if (job == NULL) {
            break;
        }
        if (!hand_over(images, job)) {
            images->postponed = job;
            break;
        }
    }
    const uint64_t failed_before = submits_failed(images);
    const double start_ms = pxe_profile_now_ms(images->config.profile);
    pxc_frame_begin(images->config.cache);
    pxe_profile_add(images->config.profile, PXE_SECTION_UPLOAD, start_ms);
    settle_released(images, submits_failed(images) != failed_before);
}

void pxe_images_retry(pxe_images *images, pxe_image handle)
{
    image *it = image_at(images, handle);
    if (it != NULL && it->state == PXE_IMAGE_FAILED) {
        it->state = PXE_IMAGE_LOADING;
        free(it->failure);
        it->failure = NULL;
        --images->failed;
    }
}

uint32_t pxe_images_pending(const pxe_images *images)
{
    return images->pending;
}

uint32_t pxe_images_failed(const pxe_images *images)
{
    return images->failed;
}
