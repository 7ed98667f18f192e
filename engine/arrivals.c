/* How pictures arrive: loads are asked for, come back from the workers, and are handed to the cache, which holds the
 * pixels until they are uploaded.
 *
 *   pxe_load_later -> loader -> take_done -> pxc_submit -> on_release -> settle -> pxe_loader_free
 *
 * The cache calls on_release from inside its own functions and may not be called from there; so what is released waits
 * in a list until pxe_arrivals_take looks what became of it.
 */
#include "image_table.h"

#include <SDL_timer.h>

#include <stdlib.h>

/* ---- At once ----------------------------------------------------------------------------------------------------*/

static void insert_now(pxe_images *images, uint32_t id, pxe_picture *picture)
{
    pxe_slot *slot = &images->slots[id];
    const double start_ms = pxe_profile_now_ms(images->config.profile);
    picture->pixmap.mipmaps = slot->options.mipmaps;
    const bool is_ahead = slot->ahead && images->loader == NULL; /* else it is needed at once */
    if (is_ahead && !pxe_ahead_admits(images, &picture->pixmap)) {
        return;
    }
    const pxc_status status = pxc_insert_named(images->config.cache, slot->name, &picture->pixmap, NULL);
    pxe_slot_presence(images, slot); /* of what was reloaded the old texture stays */
    pxe_profile_add(images->config.profile, PXE_SECTION_INSERT, start_ms);
    if (status == PXC_ERR_FULL || status == PXC_ERR_LOST) {
        images->full_frame = images->frame; /* it is loaded again in a later one */
        if (slot->reading_anew) {
            pxe_slot_refused(images, id, &picture->pixmap, status); /* but not on its own */
        }
        return;
    }
    slot->width = picture->source_width;
    slot->height = picture->source_height;
    if (status != PXC_OK) {
        pxe_slot_refused(images, id, &picture->pixmap, status);
        return;
    }
    slot->ready_frame = images->frame;
    if (is_ahead) {
        pxe_ahead_brought(images, &picture->pixmap);
    }
}

/* Of what the cache has been handed; NULL = it has not. */
static pxe_delivery *handed_over(const pxe_slot *slot, uint32_t id)
{
    pxe_load *load = slot->load;
    for (int i = 0; load != NULL && load->handed_over && i < load->count; ++i) {
        if (load->deliveries[i].image == id && load->deliveries[i].picture.pixmap.pixels != NULL) {
            return &load->deliveries[i];
        }
    }
    return NULL;
}

/* What reading and decoding took, as two pieces of work. */
static void tell_times(pxe_images *images, const pxe_slot *slot, const pxe_load_times *times)
{
    const pxe_loaded read = {PXE_WORK_READ, times->thread, times->ticks[0], times->ticks[1],
                             times->read_bytes};
    const pxe_loaded decode = {PXE_WORK_DECODE, times->thread, times->ticks[2], times->ticks[3],
                               times->decoded_bytes};
    if (slot->source->kind == PXE_SOURCE_FILE) {
        pxe_profile_loaded(images->config.profile, slot->picture, &read);
    }
    if (times->ticks[3] != times->ticks[2]) { /* else it could not even be read */
        pxe_profile_loaded(images->config.profile, slot->picture, &decode);
    }
}

void pxe_load_now(pxe_images *images, uint32_t id)
{
    pxe_slot *slot = &images->slots[id];
    pxe_delivery *waiting = handed_over(slot, id);
    if (waiting != NULL) { /* the cache then drops what was pending under its name */
        insert_now(images, id, &waiting->picture);
        return;
    }
    pxe_delivery delivery = {.image = id, .options = slot->options};
    pxe_error error;
    pxe_raw raw;
    pxe_load_times times = {0};
    const double start_ms = pxe_profile_now_ms(images->config.profile);
    times.ticks[0] = SDL_GetPerformanceCounter();
    bool decoded = pxe_source_open(slot->source, &images->config.decode, &raw, &error);
    times.read_bytes = raw.size_bytes;
    times.ticks[1] = times.ticks[2] = times.ticks[3] = SDL_GetPerformanceCounter();
    if (decoded) {
        decoded = pxe_source_decode(&raw, &delivery, 1, &error);
        times.ticks[3] = SDL_GetPerformanceCounter();
        times.decoded_bytes = pxe_deliveries_bytes(&delivery, 1);
    }
    slot->source->loaded = raw.stamp;
    slot->source->watched = true;
    pxe_source_close(&raw);
    tell_times(images, slot, &times);
    pxe_profile_add(images->config.profile, PXE_SECTION_LOAD, start_ms);
    if (decoded) {
        insert_now(images, id, &delivery.picture);
        pxe_deliveries_free(&delivery, 1);
    } else {
        pxe_slot_fail(images, id, error.text);
    }
}

/* ---- To the workers ---------------------------------------------------------------------------------------------*/

bool pxe_load_later(pxe_images *images, uint32_t id, pxe_urgency urgency)
{
    pxe_slot *slot = &images->slots[id];
    pxe_load *load = slot->source->load;
    const bool kept = urgency == PXE_AHEAD || slot->reading_anew;
    const bool joined = load != NULL && pxe_loader_join(images->loader, load, id, &slot->options);
    if (joined) {
        if (kept) {
            pxe_loader_keep(images->loader, load, true);
        }
        if (urgency == PXE_SEEN) {
            pxe_loader_raise(images->loader, load);
        }
    } else {
        load = pxe_load_create(slot->source, id, &slot->options);
        if (load == NULL) {
            return false;
        }
        load->owner = images;
        load->urgency = urgency;
        load->kept = kept;
        slot->source->load = load;
    }
    atomic_store_explicit(&load->asked_frame, images->frame, memory_order_relaxed);
    slot->load = load;
    ++images->pending;
    if (!joined) {
        pxe_loader_queue(images->loader, load);
    }
    return true;
}

/* ---- And back ---------------------------------------------------------------------------------------------------*/

/* An image's load is over, however it ended. The load is freed with its last one. */
static void settle(pxe_images *images, pxe_delivery *delivery)
{
    pxe_load *load = delivery->load;
    pxe_slot *slot = &images->slots[delivery->image];
    const pxe_image image = {delivery->image};
    const bool again = slot->read_again;
    slot->load = NULL;
    slot->reading_anew = slot->read_again = false;
    --images->pending;
    if (--load->unsettled == 0) {
        if (load->source->load == load) {
            load->source->load = NULL;
        }
        pxe_loader_free(images->loader, load);
    }
    if (again) {
        pxe_images_reload(images, image);
    }
}

/* By the cache, which may not be called from here. */
static void on_release(void *user)
{
    pxe_delivery *delivery = user;
    pxe_images *images = delivery->load->owner;
    delivery->next = images->released;
    images->released = delivery;
}

/* It goes up no more, or has. */
static void finish(pxe_images *images, pxe_delivery *delivery)
{
    pxe_ahead_arrived(images, &images->slots[delivery->image]);
    settle(images, delivery);
}

/* Hands a picture to the cache. False if its mailbox is full: nothing has changed. */
static bool hand_over(pxe_images *images, pxe_delivery *delivery)
{
    pxe_slot *slot = &images->slots[delivery->image];
    const bool is_asked_for = delivery->load->urgency == PXE_SEEN || slot->reading_anew;
    pxc_pixmap *pixmap = &delivery->picture.pixmap;
    if (!slot->reading_anew &&
        pxe_slot_presence(images, slot) == PXC_OK) { /* it was needed at once meanwhile */
        finish(images, delivery);
        return true;
    }
    pixmap->mipmaps = slot->options.mipmaps;
    if (!is_asked_for && !pxe_ahead_admits(images, pixmap)) {
        finish(images, delivery);
        return true;
    }
    const pxc_status status = pxc_submit(images->config.cache, slot->name, pixmap, on_release, delivery);
    if (status == PXC_ERR_FULL) {
        return false;
    }
    if (status == PXC_OK) {
        delivery->load->handed_over = true;
        if (slot->ahead || !is_asked_for) {
            pxe_ahead_brought(images, pixmap);
        }
        if (delivery->load->urgency == PXE_SEEN && !slot->reading_anew) {
            /* It goes first; and counts the miss, one a load. */
            pxc_find_named(images->config.cache, slot->name, NULL);
            pxe_profile_missed(images->config.profile, slot->picture);
        }
    } else {
        pxe_slot_refused(images, delivery->image, pixmap, status);
        finish(images, delivery);
    }
    return true;
}

/* Unless it was needed at once meanwhile, and is there. */
static void fail(pxe_images *images, const pxe_load *load, uint32_t id)
{
    pxe_slot *slot = &images->slots[id];
    if (!slot->reading_anew && pxe_slot_presence(images, slot) == PXC_OK) {
        return;
    }
    if (load->urgency == PXE_SEEN && !slot->reading_anew) {
        pxe_slot_miss(images, slot);
    }
    pxe_slot_fail(images, id, load->failure != NULL ? load->failure : "no memory to load it");
}

static void take_failed(pxe_images *images, pxe_load *load)
{
    const int count = load->count;
    for (int i = 0; i < count; ++i) { /* the last one to be settled frees the load */
        pxe_delivery *delivery = &load->deliveries[i];
        fail(images, load, delivery->image);
        finish(images, delivery);
    }
}

/* It was dropped by a worker; if it was asked for since then, it is queued anew. */
static void take_dropped(pxe_images *images, pxe_load *load)
{
    if (load->kept || atomic_load_explicit(&load->asked_frame, memory_order_relaxed) + 1 >= images->frame) {
        pxe_loader_queue(images->loader, load);
        return;
    }
    const int count = load->unsettled = load->count;
    for (int i = 0; i < count; ++i) {
        finish(images, &load->deliveries[i]);
    }
}

/* False if the cache's mailbox is full. */
static bool take(pxe_images *images, pxe_load *load)
{
    if (atomic_load_explicit(&load->stage, memory_order_relaxed) == PXE_LOAD_DROPPED) {
        take_dropped(images, load);
        return true;
    }
    if (load->unsettled == 0) {
        load->unsettled = load->count;
        tell_times(images, &images->slots[load->deliveries[0].image], &load->times);
        load->source->loaded = load->stamp;
        load->source->watched = true;
        if (load->source->load == load) {
            load->source->load = NULL; /* nobody can join any more */
        }
    }
    if (!load->decoded) {
        take_failed(images, load);
        return true;
    }
    const int count = load->count;
    for (int i = load->next_delivery; i < count; ++i) { /* the last one to be settled frees the load */
        load->next_delivery = i;
        if (!hand_over(images, &load->deliveries[i])) {
            return false;
        }
    }
    return true;
}

static void take_done(pxe_images *images)
{
    pxe_load *fresh = pxe_loader_take_done(images->loader);
    pxe_load **end = &images->postponed;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = fresh;
    while (images->postponed != NULL) {
        pxe_load *load = images->postponed;
        pxe_load *const next = load->next;
        if (!take(images, load)) {
            return;
        }
        images->postponed = next;
    }
}

/* Looks what became of those that the cache has released. If it dropped none, one that is not there was evicted or
 * removed since: it is loaded anew when it is next asked for. */
static void settle_released(pxe_images *images, bool some_failed)
{
    while (images->released != NULL) {
        pxe_delivery *delivery = images->released;
        images->released = delivery->next;
        const pxc_pixmap *pixmap = &delivery->picture.pixmap;
        pxe_slot *slot = &images->slots[delivery->image];
        const pxc_key before = slot->key;
        slot->width = delivery->picture.source_width;
        slot->height = delivery->picture.source_height;
        const bool is_there = pxe_slot_presence(images, slot) == PXC_OK;
        if (is_there && (!slot->reading_anew || slot->key.id != before.id)) {
            slot->ready_frame = images->frame;
        } else if (some_failed) {
            const size_t cost_bytes =
                pxc_texture_cost(pixmap->format, pixmap->width, pixmap->height, pixmap->mipmaps);
            const bool fits = cost_bytes <= pxc_limit(images->config.cache);
            pxe_slot_refused(images, delivery->image, pixmap, fits ? PXC_ERR_GPU : PXC_ERR_TOO_LARGE);
        }
        finish(images, delivery);
    }
}

static uint64_t submits_failed(const pxe_images *images)
{
    pxc_stats stats;
    pxc_get_stats(images->config.cache, &stats);
    return stats.submits_failed;
}

void pxe_arrivals_take(pxe_images *images)
{
    if (images->loader != NULL) {
        take_done(images);
    }
    const uint64_t failed_before = submits_failed(images);
    const double start_ms = pxe_profile_now_ms(images->config.profile);
    pxc_frame_begin(images->config.cache);
    pxe_profile_add_cache(images->config.profile, start_ms);
    settle_released(images, submits_failed(images) != failed_before);
}

void pxe_arrivals_close(pxe_images *images)
{
    for (uint32_t i = 1; i < images->count && images->loader != NULL; ++i) {
        if (images->slots[i].load != NULL) {
            images->slots[i].read_again = false;
            pxc_remove_named(images->config.cache, images->slots[i].name); /* its pixels are the loader's */
        }
    }
    settle_released(images, false);
    while (images->postponed != NULL) {
        pxe_load *load = images->postponed;
        images->postponed = load->next;
        pxe_loader_free(images->loader, load);
    }
}
