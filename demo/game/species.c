/* Genes: what family a species is of, its colours and proportions. The deeper the zone, the darker the body and the
 * stronger the glow; hues of a zone keep together, with one stray in four, so that each depth has a mood and no two
 * neighbours look alike.
 */
#include "species.h"

#include "sim.h"

#include <math.h>

enum { FAMILIES = 10 };

/* By zone: the hue that most of its species are near, in turns. */
static const float zone_hue[SIM_ZONES] = {0.46F, 0.10F, 0.78F, 0.93F, 0.30F};

static void choose_colors(species_genes *genes, sim_random *random, int zone)
{
    const float depth = (float)zone / (SIM_ZONES - 1);
    const bool stray = sim_random_below(random, 4) == 0;
    const float hue =
        stray ? sim_random_unit(random) : zone_hue[zone] + sim_random_between(random, -0.13F, 0.13F);
    const float turn = sim_random_below(random, 2) == 0 ? 0.12F : 0.45F;
    const float other = hue + turn + sim_random_between(random, -0.05F, 0.05F);
    const float light = sim_random_between(random, 0.60F, 0.72F) - 0.08F * depth;
    genes->body = paint_hsl(hue, 0.78F, light);
    genes->belly = paint_hsl(hue + 0.06F, 0.75F, light - 0.24F);
    genes->mark = paint_hsl(other, 0.95F, 0.68F + 0.1F * depth);
    genes->line = paint_hsl(hue + 0.04F, 0.6F, 0.13F);
    genes->glow = paint_alpha(paint_hsl(other, 1, 0.62F), 0.26F + 0.2F * depth);
}

species_genes species_genes_of(uint64_t seed, uint32_t number, int frame)
{
    sim_random random = sim_random_from(seed, 500000 + number);
    species_genes genes = {.seed = seed, .number = number, .wave = (float)(frame - 1)};
    choose_colors(&genes, &random, sim_zone_of_species(number));
    genes.size = sim_random_between(&random, 0.84F, 1.06F);
    genes.family = (int)sim_random_below(&random, FAMILIES);
    genes.count = (int)sim_random_below(&random, 5);
    genes.a = sim_random_unit(&random);
    genes.b = sim_random_unit(&random);
    genes.c = sim_random_unit(&random);
    return genes;
}

void species_paint(paint_cell *cell, const species_genes *genes)
{
    static void (*const families[FAMILIES])(paint_cell *, const species_genes *) = {
        species_fish, species_jelly, species_star,    species_urchin,  species_squid,
        species_ray,  species_slug,  species_lattice, species_blossom, species_shell,
    };
    const float middle = (float)cell->width / 2;
    paint_glow(cell, middle, middle, middle, &genes->glow);
    families[genes->family](cell, genes);
}
