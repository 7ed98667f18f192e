/* Ahead of time: the prefetch list, and loading screens.
 *
 * The list is read once, from its beginning to its end, a few loads at a time: a cursor, and no look at all that is
 * on it in each frame. So what was prefetched and evicted is not prefetched again, which under a small limit would
 * go on for ever. */
#include "image_table.h"

#include <stdlib.h>
#include <string.h>

/* Under way at once: enough that no worker waits for the next frame, 1.3 ms a picture being fast. */
enum { MOST_UNDER_WAY = 64, STEP_MS = 8 };

/* Of one of its sizes: that goes on, list or not. */
static bool is_reload(const pxe_images *images, const pxe_load *load)
{
    for (int i = 0; i < load->count; ++i) {
        if (images->slots[load->deliveries[i].image].reading_anew) {
            return true;
        }
    }
    return false;
}

/* What has not begun, and nobody asks for, will be dropped. */
static void let_go(pxe_images *images)
{
    const pxe_ahead *ahead = &images->ahead;
    for (size_t i = 0; i < ahead->next; ++i) {
        const pxe_slot *slot = pxe_slot_at(images, ahead->list[i]);
        if (slot != NULL && slot->ahead && slot->load != NULL) {
            pxe_loader_keep(images->loader, slot->load, is_reload(images, slot->load));
        }
    }
}

static void forget_list(pxe_images *images)
{
    pxe_ahead *ahead = &images->ahead;
    let_go(images);
    for (size_t i = 0; i < ahead->next; ++i) {
        pxe_slot *slot = pxe_slot_at(images, ahead->list[i]);
        if (slot != NULL) {
            slot->ahead = false;
        }
    }
    free(ahead->list);
    *ahead = (pxe_ahead){0};
}

bool pxe_images_prefetch(pxe_images *images, const pxe_image *list, size_t count)
{
    pxe_image *copy = NULL;
    if (count != 0) {
        copy = count > SIZE_MAX / sizeof *copy ? NULL : malloc(count * sizeof *copy);
        if (copy != NULL) {
            memcpy(copy, list, count * sizeof *copy);
        }
    }
    forget_list(images);
    images->ahead.list = copy;
    images->ahead.count = copy != NULL ? count : 0;
    return count == 0 || copy != NULL;
}

void pxe_ahead_arrived(pxe_images *images, pxe_slot *slot)
{
    if (slot->ahead) {
        slot->ahead = false;
        --images->ahead.under_way;
    }
}

static size_t cost_of(const pxc_pixmap *pixmap)
{
    return pxc_texture_cost(pixmap->format, pixmap->width, pixmap->height, pixmap->mipmaps);
}

bool pxe_ahead_admits(pxe_images *images, const pxc_pixmap *pixmap)
{
    pxe_ahead *ahead = &images->ahead;
    const size_t limit_bytes = pxc_limit(images->config.cache);
    const size_t cost_bytes = cost_of(pixmap);
    if (cost_bytes > limit_bytes || ahead->brought_bytes + cost_bytes <= limit_bytes) {
        return true; /* the cache refuses what never fits */
    }
    let_go(images);
    ahead->count = ahead->next;
    return false;
}

void pxe_ahead_brought(pxe_images *images, const pxc_pixmap *pixmap)
{
    images->ahead.brought_bytes += cost_of(pixmap);
}

static void mark(pxe_images *images, uint32_t id)
{
    images->slots[id].ahead = true;
    ++images->ahead.under_way;
}

/* Nothing for an image that is resident or failed; one that is on its way is kept. Result: whether something was
 * begun. */
static bool begin(pxe_images *images, uint32_t id)
{
    pxe_slot *slot = &images->slots[id];
    if (slot->failed || slot->ahead || pxe_slot_presence(images, slot) == PXC_OK) {
        return false;
    }
    if (slot->load != NULL) {
        pxe_loader_keep(images->loader, slot->load, true);
        mark(images, id);
        return false;
    }
    if (images->loader == NULL) {
        mark(images, id);
        pxe_load_now(images, id);
        pxe_ahead_arrived(images, &images->slots[id]);
        return true;
    }
    if (pxe_load_later(images, id, PXE_AHEAD)) {
        mark(images, id);
        return true;
    }
    return false;
}

void pxe_ahead_step(pxe_images *images)
{
    pxe_ahead *ahead = &images->ahead;
    while (ahead->next < ahead->count && ahead->under_way < MOST_UNDER_WAY &&
           ahead->brought_bytes < pxc_limit(images->config.cache)) {
        const pxe_image image = ahead->list[ahead->next++];
        const bool begun = pxe_slot_at(images, image) != NULL && begin(images, image.id);
        if (begun && images->loader == NULL) { /* one a frame */
            return;
        }
    }
}

struct pxe_loading {
    pxe_images *images;
    size_t total, ready, failed;
    size_t left; /* the first of list, not ready and not failed */
    pxe_image list[];
};

pxe_loading *pxe_loading_begin(pxe_images *images, const pxe_image *list, size_t count)
{
    pxe_loading *loading = NULL;
    if (count <= (SIZE_MAX - sizeof *loading) / sizeof *list) {
        loading = malloc(sizeof *loading + count * sizeof *list);
    }
    if (loading == NULL) {
        return NULL;
    }
    *loading = (pxe_loading){.images = images, .total = count, .left = count};
    if (count != 0) {
        memcpy(loading->list, list, count * sizeof *list);
    }
    return loading;
}

pxe_progress pxe_loading_step(pxe_loading *loading)
{
    pxe_images *images = loading->images;
    const double start_ms = pxe_profile_now_ms(images->config.profile);
    size_t left = 0;
    for (size_t i = 0; i < loading->left; ++i) {
        const pxe_image image = loading->list[i];
        pxe_slot *slot = pxe_slot_at(images, image);
        const bool late =
            images->loader == NULL && pxe_profile_now_ms(images->config.profile) - start_ms > STEP_MS;
        pxe_image_state state = PXE_IMAGE_FAILED;
        if (slot != NULL && !slot->failed) {
            state = pxe_slot_presence(images, slot) == PXC_OK ? PXE_IMAGE_READY
                    : late                                    ? PXE_IMAGE_ABSENT
                                                              : pxe_slot_request(images, image.id);
        }
        loading->ready += state == PXE_IMAGE_READY ? 1 : 0;
        loading->failed += state == PXE_IMAGE_FAILED ? 1 : 0;
        if (pxe_image_loading(state)) {
            loading->list[left++] = image;
        }
    }
    loading->left = left;
    return (pxe_progress){
        .total = loading->total,
        .ready = loading->ready,
        .failed = loading->failed,
        .fraction = loading->total == 0 ? 1 : (double)(loading->total - left) / (double)loading->total,
        .done = left == 0,
    };
}

void pxe_loading_end(pxe_loading *loading)
{
    free(loading);
}
