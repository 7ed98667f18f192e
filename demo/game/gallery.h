/* All pictures of the game, as images of the engine: painted by its workers when they are needed, forgotten by its cache
 * when they are not. */
#ifndef GAME_GALLERY_H
#define GAME_GALLERY_H

#include "sea.h"
#include "sim.h"
#include "species.h"

#include <pxe/images.h>

enum { GALLERY_LOOKS = 6, GALLERY_MINNOWS = 24 };

typedef struct gallery_job gallery_job;

typedef struct gallery {
    uint64_t seed;
    gallery_job *jobs; /* what each painter is told; owned */
    size_t count;      /* of pictures */
    pxe_image species[SIM_SPECIES];
    pxe_image water[SEA_COLUMNS * SEA_ROWS];
    pxe_image plants[SEA_PLANTS];
    pxe_image hunters[SIM_HUNTER_KINDS][GALLERY_LOOKS];
    pxe_image minnows[GALLERY_MINNOWS];
    pxe_image small[SMALL_COUNT];
    pxe_image fish;
} gallery;

/* False = no memory. Owner: gallery_destroy, after the images' destroy. */
bool gallery_create(gallery *g, pxe_images *images, uint64_t seed);
void gallery_destroy(gallery *g);

#endif
