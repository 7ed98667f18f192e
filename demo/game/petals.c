/* The families that look the same from all sides: stars, urchins, lattices, blossoms; and the spiral shells. */
#include "species.h"

#include <math.h>

static const float turn = 6.2831853F;
static const paint_color white = {1, 1, 1, 0.85F};

static paint_shape disc(float x, float y, float radius, paint_color light, paint_color dark)
{
    return (paint_shape){.x = x, .y = y, .rx = radius, .ry = radius, .light = light, .dark = dark};
}

static void dot(paint_cell *cell, float x, float y, float radius, paint_color color)
{
    const paint_shape it = disc(x, y, radius, color, color);
    paint_shape_on(cell, &it);
}

void species_star(paint_cell *cell, const species_genes *genes)
{
    const float middle = (float)cell->width / 2;
    const int arms = 5 + genes->count;
    const float radius = 16.5F * genes->size;
    const float tilt = genes->a * turn + 0.1F * genes->wave;
    paint_shape star = {
        .kind = PAINT_ROSE,
        .x = middle,
        .y = middle,
        .rx = radius,
        .ry = radius * 1.3F,
        .turn = tilt,
        .depth = 0.28F + 0.2F * genes->b,
        .petals = arms,
        .light = genes->body,
        .dark = genes->belly,
        .outline = 1.8F,
        .line = genes->line,
    };
    paint_shape_on(cell, &star);
    star.rx *= 0.66F;
    star.outline = 0;
    star.soft = 5;
    star.light = star.dark = paint_alpha(genes->mark, 0.75F);
    paint_shape_on(cell, &star);
    for (int i = 0; i < arms; ++i) {
        const float angle = tilt + turn * (float)i / (float)arms;
        for (int j = 1; j <= 3; ++j) {
            const float away = radius * 0.38F * (float)j;
            dot(cell, middle + cosf(angle) * away, middle + sinf(angle) * away, 2.3F - 0.45F * (float)j,
                white);
        }
    }
    dot(cell, middle, middle, 3 + 2 * genes->c, genes->belly);
    dot(cell, middle, middle, 1.5F + genes->c, white);
}

void species_urchin(paint_cell *cell, const species_genes *genes)
{
    const float middle = (float)cell->width / 2;
    const int spines = 13 + 3 * genes->count;
    const float core = (8 + 4 * genes->a) * genes->size;
    for (int i = 0; i < spines; ++i) {
        const float angle = turn * ((float)i + genes->b) / (float)spines + 0.05F * genes->wave;
        const float beat = i % 2 == 0 ? genes->wave : -genes->wave;
        const float reach = core + (11 - 3 * genes->a + 1.2F * beat) * genes->size;
        const float c = cosf(angle);
        const float s = sinf(angle);
        const paint_shape spine = {
            .kind = PAINT_LIMB,
            .x = middle + c * core * 0.6F,
            .y = middle + s * core * 0.6F,
            .x2 = middle + c * reach,
            .y2 = middle + s * reach,
            .rx = 1.9F,
            .ry = 0.8F,
            .light = genes->body,
            .dark = genes->belly,
            .outline = 1.1F,
            .line = genes->line,
        };
        paint_shape_on(cell, &spine);
        dot(cell, middle + c * reach, middle + s * reach, 1.4F + genes->c, genes->mark);
    }
    paint_shape ball = disc(middle, middle, core, genes->body, genes->belly);
    ball.outline = 1.5F;
    ball.line = genes->line;
    paint_shape_on(cell, &ball);
    for (int i = 0; i < 7; ++i) {
        const float angle = turn * (float)i / 7 + genes->c;
        dot(cell, middle + cosf(angle) * core * 0.55F, middle + sinf(angle) * core * 0.55F, 1.5F,
            genes->mark);
    }
    dot(cell, middle - core * 0.3F, middle - core * 0.4F, core * 0.26F, paint_alpha(white, 0.6F));
}

/* Like the glass skeletons of radiolarians: rings, spokes and beads. */
void species_lattice(paint_cell *cell, const species_genes *genes)
{
    const float middle = (float)cell->width / 2;
    const int spokes = 6 + 2 * genes->count;
    const float outer = (19 + 1.2F * genes->wave) * genes->size;
    const float tilt = genes->a * turn + 0.08F * genes->wave;
    const float rings[3] = {outer * 0.36F, outer * (0.58F + 0.1F * genes->b), outer};
    paint_shape haze =
        disc(middle, middle, outer, paint_alpha(genes->body, 0.35F), paint_alpha(genes->belly, 0.5F));
    haze.outline = 1.2F;
    haze.line = genes->line;
    paint_shape_on(cell, &haze);
    for (int i = 0; i < spokes; ++i) {
        const float angle = tilt + turn * (float)i / (float)spokes;
        const float reach = outer + (i % 2 == 0 ? 6.5F : 3) * genes->size;
        const paint_shape spoke = {
            .kind = PAINT_LIMB,
            .x = middle,
            .y = middle,
            .x2 = middle + cosf(angle) * reach,
            .y2 = middle + sinf(angle) * reach,
            .rx = 1.3F,
            .ry = 0.7F,
            .light = genes->mark,
            .dark = genes->body,
        };
        paint_shape_on(cell, &spoke);
    }
    for (int i = 0; i < 3; ++i) {
        const paint_shape ring = {.kind = PAINT_RING,
                                  .x = middle,
                                  .y = middle,
                                  .rx = rings[i],
                                  .ry = 1.1F,
                                  .light = genes->mark,
                                  .dark = genes->body};
        paint_shape_on(cell, &ring);
    }
    for (int i = 0; i < 2 * spokes; ++i) {
        const float angle = tilt + turn * (float)i / (float)(2 * spokes);
        const float away = rings[1 + i % 2];
        dot(cell, middle + cosf(angle) * away, middle + sinf(angle) * away, 1.7F, white);
    }
    dot(cell, middle, middle, 3.4F, genes->mark);
    dot(cell, middle, middle, 1.8F, white);
}

void species_blossom(paint_cell *cell, const species_genes *genes)
{
    const float middle = (float)cell->width / 2;
    const int petals = 5 + genes->count;
    for (int layer = 0; layer < 3; ++layer) {
        const float away = (13.5F - 4.6F * (float)layer + 0.7F * genes->wave) * genes->size;
        const paint_color tip = layer == 0 ? genes->belly : layer == 1 ? genes->body : genes->mark;
        for (int i = 0; i < petals; ++i) {
            const float angle = turn * ((float)i + 0.5F * (float)layer) / (float)petals + genes->a;
            const paint_shape petal = {
                .x = middle + cosf(angle) * away,
                .y = middle + sinf(angle) * away,
                .rx = (9 - 2 * (float)layer) * genes->size,
                .ry = (5.2F + 2.2F * genes->b - 1.3F * (float)layer) * genes->size,
                .turn = angle,
                .light = paint_mix(tip, white, 0.18F),
                .dark = tip,
                .outline = 1.2F,
                .line = genes->line,
            };
            paint_shape_on(cell, &petal);
            dot(cell, petal.x + cosf(angle) * 4, petal.y + sinf(angle) * 4, 1, paint_alpha(white, 0.5F));
        }
    }
    paint_shape heart = disc(middle, middle, 4.6F, genes->mark, genes->belly);
    heart.outline = 1;
    heart.line = genes->line;
    paint_shape_on(cell, &heart);
    dot(cell, middle - 1, middle - 1.2F, 1.6F, white);
}

/* A logarithmic spiral of discs, the largest first, so that each turn lies on the one before. */
void species_shell(paint_cell *cell, const species_genes *genes)
{
    enum { DISCS = 44 };
    const float middle = (float)cell->width / 2;
    const float shrink = 0.050F + 0.018F * genes->a;
    const float mirror = genes->count % 2 == 0 ? 1 : -1;
    for (int i = 0; i < 5; ++i) { /* feelers at the mouth */
        const float fan = ((float)i - 2) * 0.3F + 0.12F * genes->wave;
        const paint_shape feeler = {
            .kind = PAINT_LIMB,
            .x = middle + 13 * mirror,
            .y = middle + 4,
            .x2 = middle + (13 + 11 * cosf(fan)) * mirror,
            .y2 = middle + 6 + 11 * sinf(fan),
            .rx = 2,
            .ry = 0.8F,
            .light = genes->mark,
            .dark = genes->mark,
            .outline = 1,
            .line = genes->line,
        };
        paint_shape_on(cell, &feeler);
    }
    for (int i = 0; i < DISCS; ++i) {
        const float size = expf(-shrink * (float)i) * genes->size;
        const float angle = 0.35F - 0.30F * (float)i;
        const bool stripe = i / (2 + genes->count % 3) % 2 == 1;
        paint_shape whorl =
            disc(middle + cosf(angle) * 11 * size * mirror - 1.5F * mirror, middle + sinf(angle) * 11 * size,
                 9.4F * size, stripe ? genes->mark : paint_mix(genes->body, white, 0.25F),
                 stripe ? genes->body : genes->belly);
        whorl.outline = 0.9F;
        whorl.line = i == 0 ? genes->line : paint_alpha(genes->line, 0.4F);
        paint_shape_on(cell, &whorl);
    }
    species_eye(cell, middle + 11 * mirror, middle - 0.5F, 3);
}
