/* The table of images: what state each is in, and its texture.
 *
 * The cache knows an image by a name made of its source and its options, and the table keeps the key that this name had
 * last: finding by key reads one cache line.
 *
 *   handle -> slot -> key -> texture               (resident: every frame)
 *                  -> load -> worker -> delivery   (arrivals.c)
 *                  -> source -> path, pixels or painter
 */
#include "image_table.h"

#include <SDL.h>

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_DECODED_MIB = 128 };

static bool create_loader(pxe_images *images, pxe_error *error)
{
    const pxe_images_config *config = &images->config;
    const int cores = SDL_GetCPUCount();
    const pxe_loader_config loader_config = {
        .workers = config->workers > 0 ? config->workers
                   : cores > 2         ? cores - 1
                                       : 1,
        .decoded_bytes =
            config->decoded_bytes != 0 ? config->decoded_bytes : (size_t)DEFAULT_DECODED_MIB << 20,
        .decode = config->decode,
    };
    return pxe_loader_create(&loader_config, &images->loader, error);
}

bool pxe_images_create(const pxe_images_config *config, pxe_images **out, pxe_error *error)
{
    pxe_error reason;
    *out = NULL;
    pxe_images *images = calloc(1, sizeof *images);
    if (images == NULL) {
        return pxe_fail(error, "no memory for the images");
    }
    images->config = *config;
    images->config.decode.fit_px = 0;
    images->count = 1;
    if (config->record_path != NULL && !pxe_record_open(config->record_path, &images->record, &reason)) {
        pxe_fail(error, "%.200s: %.200s", config->record_path, reason.text);
        goto fail;
    }
    if (config->workers >= 0 && !create_loader(images, error)) {
        goto fail;
    }
    if (config->reload_changed && !pxe_reloads_create(images)) {
        pxe_fail(error, "no memory to watch files");
        goto fail;
    }
    *out = images;
    return true;
fail:
    pxe_images_destroy(images, NULL);
    return false;
}

static void free_source(pxe_source *source)
{
    if (source->release != NULL) {
        source->release(source->release_user);
    }
    free(source->name);
    free(source);
}

bool pxe_images_destroy(pxe_images *images, pxe_error *error)
{
    if (images == NULL) {
        return true;
    }
    pxe_arrivals_close(images);
    pxe_loader_destroy(images->loader); /* before what its loads point to */
    pxe_reloads_destroy(images);
    const bool recorded = pxe_record_close(images->record, error);
    for (uint32_t i = 1; i < images->count; ++i) {
        free(images->slots[i].failure);
        free(images->slots[i].name);
    }
    for (uint32_t i = 0; i < images->source_capacity; ++i) {
        if (images->sources[i] != NULL) {
            free_source(images->sources[i]);
        }
    }
    free(images->ahead.list);
    free(images->slots);
    free(images->sources);
    free(images);
    return recorded;
}

pxe_slot *pxe_slot_at(const pxe_images *images, pxe_image image)
{
    return image.id == 0 || image.id >= images->count ? NULL : &images->slots[image.id];
}

/* ---- States -----------------------------------------------------------------------------------------------------*/

static void set_text(char **to, const char *text)
{
    free(*to);
    *to = text == NULL ? NULL : malloc(strlen(text) + 1);
    if (*to != NULL) {
        memcpy(*to, text, strlen(text) + 1);
    }
}

void pxe_slot_fail(pxe_images *images, uint32_t id, const char *reason)
{
    pxe_slot *slot = &images->slots[id];
    if (slot->failed) { /* told already: it was needed at once while it was on its way */
        return;
    }
    set_text(&slot->failure, reason);
    if (slot->reading_anew) { /* the old texture stays */
        return;
    }
    slot->failed = true;
    ++images->failed;
    if (images->config.on_failed != NULL) { /* which may open images */
        images->config.on_failed(images->config.on_failed_user, slot->source->name, reason);
    }
}

void pxe_slot_refused(pxe_images *images, uint32_t id, const pxc_pixmap *pixmap, pxc_status status)
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
    pxe_slot_fail(images, id, reason.text);
}

pxc_status pxe_slot_presence(const pxe_images *images, pxe_slot *slot)
{
    pxc_cache *cache = images->config.cache;
    return pxc_key_valid(cache, slot->key) ? PXC_OK : pxc_lookup(cache, slot->name, &slot->key);
}

pxe_image_state pxe_slot_state(const pxe_images *images, const pxe_slot *slot)
{
    if (slot->failed) {
        return PXE_IMAGE_FAILED;
    }
    if (pxc_key_valid(images->config.cache, slot->key)) {
        return PXE_IMAGE_READY;
    }
    if (slot->load == NULL) {
        return PXE_IMAGE_ABSENT;
    }
    switch (atomic_load_explicit(&slot->load->stage, memory_order_relaxed)) {
    case PXE_LOAD_DECODING:
        return PXE_IMAGE_DECODING;
    case PXE_LOAD_DONE:
        return PXE_IMAGE_UPLOADING;
    default:
        return PXE_IMAGE_QUEUED;
    }
}

void pxe_slot_miss(pxe_images *images, const pxe_slot *slot)
{
    pxc_find(images->config.cache, slot->key, NULL); /* which counts it */
    pxe_profile_missed(images->config.profile, slot->picture);
}

/* The first to ask for what was loaded ahead. */
static void ask_first(pxe_images *images, pxe_slot *slot)
{
    pxe_loader_raise(images->loader, slot->load);
    if (slot->load->handed_over) { /* a miss, and it goes up before what nobody asked for */
        pxc_find_named(images->config.cache, slot->name, NULL);
        pxe_profile_missed(images->config.profile, slot->picture);
    }
}

pxe_image_state pxe_slot_request(pxe_images *images, uint32_t id)
{
    pxe_slot *slot = &images->slots[id];
    if (slot->load != NULL) {
        atomic_store_explicit(&slot->load->asked_frame, images->frame, memory_order_relaxed);
        if (slot->load->urgency != PXE_SEEN) {
            ask_first(images, slot);
        }
    } else if (images->full_frame != images->frame ||
               images->frame == 0) { /* else a decode would be for nothing */
        if (images->loader != NULL) {
            pxe_load_later(images, id, PXE_SEEN);
        } else {
            pxe_slot_miss(images, slot);
            pxe_load_now(images, id);
        }
    }
    return pxe_slot_state(images, &images->slots[id]);
}

/* ---- Textures ---------------------------------------------------------------------------------------------------*/

/* A use of what is resident. */
static pxe_image_state give_out(pxe_images *images, const pxe_slot *slot, const pxc_texture *texture)
{
    pxe_record_access(images->record, images->frame == 0 ? 0 : images->frame - 1, slot->trace_key,
                      texture->cost, slot->source->name);
    pxe_profile_use(images->config.profile, slot->picture, slot->trace_key, texture->cost);
    return PXE_IMAGE_READY;
}

static pxe_image_state texture_of(pxe_images *images, pxe_image image, bool now, pxc_texture *out)
{
    pxe_slot *slot = pxe_slot_at(images, image);
    if (slot == NULL || slot->failed) {
        *out = images->failed_placeholder;
        return PXE_IMAGE_FAILED;
    }
    if (pxe_slot_presence(images, slot) == PXC_OK) {
        pxc_find(images->config.cache, slot->key, out);
        return give_out(images, slot, out);
    }
    pxe_image_state state = PXE_IMAGE_ABSENT;
    if (now) {
        pxe_slot_miss(images, slot);
        pxe_load_now(images, image.id);
        state = pxe_slot_state(images, pxe_slot_at(images, image));
    } else {
        state = pxe_slot_request(images, image.id);
    }
    slot = pxe_slot_at(images, image); /* whoever was told of a failure may have opened images */
    if (state == PXE_IMAGE_READY && pxc_peek(images->config.cache, slot->key, out) == PXC_OK) {
        return give_out(images, slot, out);
    }
    if (state == PXE_IMAGE_FAILED) {
        *out = images->failed_placeholder;
        return state;
    }
    *out = images->loading_placeholder;
    pxe_profile_late(images->config.profile, slot->picture);
    return state;
}

pxe_image_state pxe_images_texture(pxe_images *images, pxe_image image, pxc_texture *out)
{
    return texture_of(images, image, false, out);
}

pxe_image_state pxe_images_texture_now(pxe_images *images, pxe_image image, pxc_texture *out)
{
    return texture_of(images, image, true, out);
}

pxe_image_state pxe_images_peek(const pxe_images *images, pxe_image image, pxc_texture *out)
{
    *out = (pxc_texture){0};
    const pxe_slot *slot = pxe_slot_at(images, image);
    if (slot == NULL) {
        return PXE_IMAGE_FAILED;
    }
    const pxe_image_state state = pxe_slot_state(images, slot);
    if (state == PXE_IMAGE_READY) {
        pxc_peek(images->config.cache, slot->key, out);
    }
    return state;
}

pxe_image_info pxe_images_info(const pxe_images *images, pxe_image image)
{
    const pxe_slot *slot = pxe_slot_at(images, image);
    if (slot == NULL) {
        return (pxe_image_info){.path = "", .state = PXE_IMAGE_FAILED, .failure = "there is no such image"};
    }
    const pxe_image_state state = pxe_slot_state(images, slot);
    return (pxe_image_info){
        .path = slot->source->name,
        .state = state,
        .failure = slot->failed && slot->failure == NULL ? "no memory for the reason" : slot->failure,
        .width = slot->width,
        .height = slot->height,
        .ready_frames = state == PXE_IMAGE_READY ? images->frame - slot->ready_frame : 0,
    };
}

void pxe_images_set_placeholders(pxe_images *images, const pxc_texture *loading, const pxc_texture *failed)
{
    images->loading_placeholder = loading != NULL ? *loading : (pxc_texture){0};
    images->failed_placeholder = failed != NULL ? *failed : (pxc_texture){0};
}

void pxe_images_retry(pxe_images *images, pxe_image image)
{
    pxe_slot *slot = pxe_slot_at(images, image);
    if (slot != NULL && slot->failed) {
        slot->failed = false;
        set_text(&slot->failure, NULL);
        --images->failed;
    }
}

void pxe_images_update(pxe_images *images)
{
    ++images->frame;
    const double start_ms = pxe_profile_now_ms(images->config.profile);
    if (images->loader != NULL) {
        pxe_loader_set_frame(images->loader, images->frame);
    }
    pxe_arrivals_take(images);
    if (images->loader == NULL) { /* what follows loads at once, and adds its own times */
        pxe_profile_add(images->config.profile, PXE_SECTION_UPDATE, start_ms);
    }
    pxe_reloads_step(images);
    pxe_ahead_step(images);
    if (images->loader != NULL) {
        pxe_profile_add(images->config.profile, PXE_SECTION_UPDATE, start_ms);
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
