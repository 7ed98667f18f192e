/* The sea's scenery: water and ridges as tiles of one huge painting, and the plants on the ridges. All of it follows from
 * the seed and a place. Thread: any. */
#ifndef GAME_SEA_H
#define GAME_SEA_H

#include "paint.h"

#include <stdint.h>

#define SEA_TILE 192.0F /* world units a side */
#define SEA_SLOT 64.0F  /* world units from plant to plant */

enum {
    SEA_COLUMNS = 40, /* of tiles: SIM_WIDTH x SIM_HEIGHT */
    SEA_ROWS = 24,
    SEA_TILE_PX = 96, /* what is far away is out of focus */
    SEA_RIDGES = 12,
    SEA_PLANTS = 400, /* pictures, an equal share of them for each zone */
    SEA_PLANT_WIDTH_PX = 80,
    SEA_PLANT_HEIGHT_PX = 112,
};

float sea_noise(uint64_t seed, float x, float y); /* 0 ... 1, changes over a length of 1 */
float sea_ridge_y(uint64_t seed, int ridge, float x);
paint_color sea_color_at(float y); /* of the water */

void sea_paint_tile(paint_cell *cell, uint64_t seed, int column, int row);
/* Where plants stand: slots along each ridge, some of them empty. */
typedef struct sea_plant {
    uint32_t number; /* of its picture */
    float x, y, scale;
    bool flipped;
} sea_plant;

bool sea_plant_at(uint64_t seed, int ridge, int slot, sea_plant *out);

void sea_paint_plant(paint_cell *cell, uint64_t seed,
                     uint32_t number); /* rooted in the middle of its lower edge */

/* small.c: pictures that there is one of */
typedef enum small_picture {
    SMALL_GLOW,  /* a soft disc of light */
    SMALL_SPARK, /* a small bright one */
    SMALL_BUBBLE,
    SMALL_DARKNESS, /* clear in the middle, night at the edges */
    SMALL_PANEL,    /* nine patches */
    SMALL_PEARL,
    SMALL_RING,
    SMALL_KRILL,
    SMALL_ARROW,
    SMALL_COUNT
} small_picture;

void small_size(small_picture which, int *width, int *height);
void small_paint(paint_cell *cell, small_picture which);
void small_paint_minnow(paint_cell *cell, uint64_t seed, uint32_t number, float wave);

#endif
