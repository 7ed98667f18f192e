/* What the files behind pxe/images.h share: images.c (the table, textures), arrivals.c (what workers and cache give
 * back), ahead.c (prefetch list, loading screens), reload.c (files that change). All of it is the render thread's. */
#ifndef PXE_IMAGE_TABLE_H
#define PXE_IMAGE_TABLE_H

#include <pxe/images.h>

#include "loader.h"
#include "profile.h"
#include "record.h"

typedef struct pxe_slot {
    pxe_source *source;
    uint32_t next_of_source; /* another size of it; 0 = none */
    pxe_image_options options;
    char *name;         /* in the cache */
    uint64_t trace_key; /* of the name, the same in every run */
    uint32_t picture;   /* its row in the profile */
    pxc_key key;        /* that the name had last */
    char *failure;
    int width, height;
    uint64_t ready_frame; /* when it was last uploaded */
    pxe_load *load;       /* on its way; NULL = not */
    bool failed;
    bool reading_anew; /* load is a reload */
    bool read_again;   /* a reload is wanted as soon as load is over */
    bool ahead;        /* on the prefetch list, and loaded for it */
} pxe_slot;

typedef struct pxe_ahead {
    pxe_image *list;
    size_t count, next;     /* next to be asked for */
    uint32_t under_way;     /* asked for, not yet there */
    uint64_t brought_bytes; /* cost of those that were given to the cache */
} pxe_ahead;

struct pxe_images {
    pxe_images_config config;
    pxe_loader *loader;     /* NULL without workers */
    pxe_load *postponed;    /* decoded, but the cache's mailbox was full; linked by next */
    pxe_delivery *released; /* the cache needs their pixels no longer */
    pxe_record *record;
    uint64_t frame;      /* calls of pxe_images_update: the current frame's number is one less */
    uint64_t full_frame; /* the value of frame when the cache last had no room */
    uint32_t pending, failed;
    pxe_slot *slots; /* slots[0] is no image */
    uint32_t count, capacity;
    pxe_source **sources; /* open addressing by hash, a power of two; NULL = free */
    uint32_t source_count, source_capacity;
    pxc_texture loading_placeholder, failed_placeholder;
    pxe_ahead ahead;
    struct pxe_reloads *reloads; /* NULL = no file is watched */
};

/* images.c */
pxe_slot *pxe_slot_at(const pxe_images *images, pxe_image image); /* NULL = no image */
/* Whether the cache has it, PXC_OK, or will have it, PXC_PENDING; neither a use nor counted. */
pxc_status pxe_slot_presence(const pxe_images *images, pxe_slot *slot);
pxe_image_state pxe_slot_state(const pxe_images *images, const pxe_slot *slot); /* changes nothing */
void pxe_slot_fail(pxe_images *images, uint32_t id, const char *reason);
void pxe_slot_refused(pxe_images *images, uint32_t id, const pxc_pixmap *pixmap, pxc_status status);
/* What pxe_images_texture does for an image that is not resident. Result: its state then. */
pxe_image_state pxe_slot_request(pxe_images *images, uint32_t id);

void pxe_slot_miss(pxe_images *images, const pxe_slot *slot); /* counted by the cache and in the profile */

/* arrivals.c */
/* Inserts at once: what was handed over and waits for its upload, else what it loads on this thread. */
void pxe_load_now(pxe_images *images, uint32_t id);
/* With workers: asks for a load. False if there is no memory. */
bool pxe_load_later(pxe_images *images, uint32_t id, pxe_urgency urgency);
void pxe_arrivals_take(
    pxe_images *images); /* from the workers to the cache, and what the cache has released */
void pxe_arrivals_close(pxe_images *images); /* takes all pixels back from the cache */

/* ahead.c */
void pxe_ahead_step(pxe_images *images);
void pxe_ahead_arrived(pxe_images *images, pxe_slot *slot); /* or failed, or was dropped */
/* Whether there is room for one that nobody has asked for, beside those that came before it. If not, the list ends. */
bool pxe_ahead_admits(pxe_images *images, const pxc_pixmap *pixmap);
void pxe_ahead_brought(pxe_images *images, const pxc_pixmap *pixmap); /* it goes to the cache */

/* reload.c */
bool pxe_reloads_create(pxe_images *images);
void pxe_reloads_destroy(pxe_images *images);
void pxe_reloads_step(pxe_images *images);

#endif
