/* The pictures of what lives in the sea. Every one follows from the seed and its number alone. Each is a sheet of
 * ART_FRAMES cells side by side, the stages of one movement. Thread: any. */
#ifndef GAME_SPECIES_H
#define GAME_SPECIES_H

#include "paint.h"

#include <stdint.h>

enum { ART_FRAMES = 3, ART_CREATURE_PX = 64, ART_HUNTER_PX = 128, ART_FISH_PX = 64 };

/* What decides how a creature looks. */
typedef struct species_genes {
    uint64_t seed;
    uint32_t number;
    paint_color body, belly, mark, line, glow;
    float size; /* about 1 */
    float wave; /* -1, 0, 1: the stage of its movement */
    int family;
    int count;     /* of arms, petals, stripes ... */
    float a, b, c; /* 0 ... 1: for the family to use */
} species_genes;

species_genes species_genes_of(uint64_t seed, uint32_t number, int frame);
void species_paint(paint_cell *cell, const species_genes *genes); /* by family: species.c, petals.c */

/* petals.c: the families that look the same from all sides */
void species_star(paint_cell *cell, const species_genes *genes);
void species_urchin(paint_cell *cell, const species_genes *genes);
void species_lattice(paint_cell *cell, const species_genes *genes);
void species_blossom(paint_cell *cell, const species_genes *genes);
void species_shell(paint_cell *cell, const species_genes *genes);

/* swimmers.c: those with a head */
void species_fish(paint_cell *cell, const species_genes *genes);
void species_jelly(paint_cell *cell, const species_genes *genes);
void species_squid(paint_cell *cell, const species_genes *genes);
void species_ray(paint_cell *cell, const species_genes *genes);
void species_slug(paint_cell *cell, const species_genes *genes);
void species_eye(paint_cell *cell, float x, float y, float radius);

/* beasts.c: kind as sim_hunter_kind; they look to the right */
void beast_paint(paint_cell *cell, int kind, uint32_t look, float wave);
void beast_fish(paint_cell *cell, float wave); /* the player's */

#endif
