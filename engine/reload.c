/* Files that change. A worker looks at 512 of them every 50 ms (the render thread, where there is none, at 16), the
 * next ones each time; a file that was found changed, and the same at the next look, is read anew: who writes a file in
 * several steps is left the time to do so, and what is half written all the same does not decode and changes nothing.
 */
#include "image_table.h"

#include <SDL.h>

#include <stdlib.h>

enum { LOOK_MS = 50, LOOKS_WITHOUT_WORKERS = 16 };

typedef struct pxe_reloads {
    pxe_check check;
    bool under_way;
    uint32_t next; /* place in the table of sources */
    uint64_t looked_ms;
} pxe_reloads;

void pxe_images_reload(pxe_images *images, pxe_image image)
{
    pxe_slot *slot = pxe_slot_at(images, image);
    if (slot == NULL || slot->failed) {
        return;
    }
    if (slot->load != NULL) { /* which may have read the file already */
        slot->read_again = true;
        return;
    }
    if (pxe_slot_presence(images, slot) != PXC_OK) {
        return;
    }
    slot->reading_anew = true;
    free(slot->failure);
    slot->failure = NULL;
    if (images->loader == NULL) {
        pxe_load_now(images, image.id);
    } else if (!pxe_load_later(images, image.id, PXE_SEEN)) {
        pxe_slot_fail(images, image.id, "no memory to load it anew");
    } else {
        return;
    }
    pxe_slot_at(images, image)->reading_anew = false;
}

void pxe_check_run(pxe_check *check)
{
    for (int i = 0; i < check->count; ++i) {
        check->stamps[i] = pxe_stamp_of(check->sources[i]->name);
    }
}

bool pxe_reloads_create(pxe_images *images)
{
    images->reloads = calloc(1, sizeof *images->reloads);
    return images->reloads != NULL;
}

void pxe_reloads_destroy(pxe_images *images)
{
    free(images->reloads);
}

/* All images that were made of it. */
static void read_anew(pxe_images *images, const pxe_source *source)
{
    for (uint32_t i = source->first_image; i != 0; i = images->slots[i].next_of_source) {
        pxe_images_retry(images, (pxe_image){i});
        pxe_images_reload(images, (pxe_image){i});
    }
}

static void compare(pxe_images *images, pxe_source *source, const pxe_stamp *now)
{
    if (pxe_stamp_none(now) || pxe_stamp_equal(now, &source->loaded)) {
        source->changed = (pxe_stamp){0};
    } else if (!pxe_stamp_equal(now, &source->changed)) {
        source->changed = *now; /* it may still be written to */
    } else {
        source->loaded = *now; /* if it does not decode, it is not tried again before it changes again */
        source->changed = (pxe_stamp){0};
        read_anew(images, source);
    }
}

static void choose(pxe_images *images, uint32_t most)
{
    pxe_reloads *reloads = images->reloads;
    pxe_check *check = &reloads->check;
    check->count = 0;
    for (uint32_t i = 0; i < images->source_capacity && (uint32_t)check->count < most; ++i) {
        reloads->next = reloads->next + 1 < images->source_capacity ? reloads->next + 1 : 0;
        pxe_source *source = images->sources[reloads->next];
        if (source != NULL && source->kind == PXE_SOURCE_FILE && source->watched) {
            check->sources[check->count++] = source;
        }
    }
}

static void finish(pxe_images *images)
{
    pxe_check *check = &images->reloads->check;
    for (int i = 0; i < check->count; ++i) {
        compare(images, (pxe_source *)check->sources[i], &check->stamps[i]);
    }
    images->reloads->under_way = false;
}

void pxe_reloads_step(pxe_images *images)
{
    pxe_reloads *reloads = images->reloads;
    if (reloads == NULL) {
        return;
    }
    if (reloads->under_way && pxe_loader_checked(images->loader)) {
        finish(images);
    }
    const uint64_t now_ms = SDL_GetTicks64();
    if (reloads->under_way || now_ms - reloads->looked_ms < LOOK_MS) {
        return;
    }
    reloads->looked_ms = now_ms;
    choose(images, images->loader != NULL ? (uint32_t)(sizeof reloads->check.sources / sizeof(pxe_source *))
                                          : LOOKS_WITHOUT_WORKERS);
    if (images->loader != NULL) {
        reloads->under_way = true;
        pxe_loader_check(images->loader, &reloads->check);
    } else {
        pxe_check_run(&reloads->check);
        finish(images);
    }
}
