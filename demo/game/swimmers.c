/* The families with a head: fish, jellies, squids, rays and slugs. */
#include "species.h"

#include <math.h>

static const paint_color white = {1, 1, 1, 0.9F};
static const paint_color black = {0.05F, 0.04F, 0.09F, 1};

void species_eye(paint_cell *cell, float x, float y, float radius)
{
    const paint_shape parts[3] = {
        {.x = x,
         .y = y,
         .rx = radius,
         .ry = radius,
         .light = white,
         .dark = white,
         .outline = 0.8F,
         .line = black},
        {.x = x + radius * 0.2F,
         .y = y,
         .rx = radius * 0.62F,
         .ry = radius * 0.7F,
         .light = black,
         .dark = black},
        {.x = x + radius * 0.4F,
         .y = y - radius * 0.35F,
         .rx = radius * 0.26F,
         .ry = radius * 0.26F,
         .light = white,
         .dark = white},
    };
    for (int i = 0; i < 3; ++i) {
        paint_shape_on(cell, &parts[i]);
    }
}

static paint_shape part(const species_genes *genes, float x, float y, float rx, float ry)
{
    return (paint_shape){.x = x,
                         .y = y,
                         .rx = rx,
                         .ry = ry,
                         .light = genes->body,
                         .dark = genes->belly,
                         .outline = 1.7F,
                         .line = genes->line};
}

static void mark_body(paint_cell *cell, const species_genes *genes, const paint_shape *body)
{
    const int stripes = 2 + genes->count;
    for (int i = 0; i < stripes; ++i) {
        const float at = ((float)i + 0.5F) / (float)stripes * 2 - 1;
        paint_shape mark = {
            .x = body->x + at * body->rx * 0.85F - 2,
            .y = body->y,
            .rx = genes->b < 0.5F ? 1.6F + genes->c : 1.9F,
            .ry = genes->b < 0.5F ? body->ry * 1.1F : 1.9F,
            .turn = 0.25F * (genes->a - 0.5F),
            .light = paint_alpha(genes->mark, 0.9F),
            .dark = paint_alpha(genes->mark, 0.55F),
            .atop = true,
        };
        mark.y += genes->b < 0.5F ? 0 : (i % 2 == 0 ? -0.3F : 0.3F) * body->ry;
        paint_shape_on(cell, &mark);
    }
}

void species_fish(paint_cell *cell, const species_genes *genes)
{
    const float middle = (float)cell->width / 2;
    const float rx = (14.5F + 4 * genes->a) * genes->size;
    const float ry = (8 + 6.5F * genes->b) * genes->size;
    const float swing = 2.6F * genes->wave;
    const float tail_x = middle - rx - 4;
    paint_shape parts[5];
    for (int i = 0; i < 2; ++i) {
        const float side = i == 0 ? -1 : 1;
        parts[i] = part(genes, tail_x - 1, middle + side * 5 + swing, 7.5F, 4);
        parts[i].turn = -side * 0.7F;
        parts[i].light = genes->mark;
        parts[2 + i] =
            part(genes, middle - 1 - 2 * genes->c, middle + side * ry, rx * 0.5F, 3.5F + 4 * genes->c);
        parts[2 + i].turn = side * 0.25F;
        parts[2 + i].light = genes->mark;
    }
    parts[4] = part(genes, middle, middle, rx, ry);
    parts[4].turn = 0.03F * genes->wave;
    paint_shapes(cell, parts, 5);
    mark_body(cell, genes, &parts[4]);
    const paint_shape shine = {.x = middle + 2,
                               .y = middle - ry * 0.45F,
                               .rx = rx * 0.6F,
                               .ry = ry * 0.24F,
                               .light = paint_alpha(white, 0.45F),
                               .dark = paint_alpha(white, 0.05F),
                               .soft = 3};
    paint_shape_on(cell, &shine);
    paint_shape fin = part(genes, middle - 1, middle + ry * 0.25F, 5, 2.6F);
    fin.turn = -0.5F + 0.3F * genes->wave;
    fin.outline = 0.9F;
    fin.light = genes->mark;
    paint_shape_on(cell, &fin);
    species_eye(cell, middle + rx * 0.58F, middle - ry * 0.2F, 2.9F);
}

/* An arm of a few limbs that bends like a wave; from (x, y) along an angle. */
typedef struct arm {
    float x, y, angle, length, radius, bend;
    paint_color color;
} arm;

static void draw_arm(paint_cell *cell, const species_genes *genes, const arm *it)
{
    enum { JOINTS = 5 };
    paint_shape limbs[JOINTS];
    float x = it->x;
    float y = it->y;
    for (int i = 0; i < JOINTS; ++i) {
        const float angle = it->angle + it->bend * sinf(1.3F * (float)i + 1.1F * genes->wave);
        const float step = it->length / JOINTS;
        const float thin = 1 - (float)i / JOINTS;
        limbs[i] = (paint_shape){.kind = PAINT_LIMB,
                                 .x = x,
                                 .y = y,
                                 .x2 = x + cosf(angle) * step,
                                 .y2 = y + sinf(angle) * step,
                                 .rx = it->radius * thin + 0.5F,
                                 .ry = it->radius * (thin - 1.0F / JOINTS) + 0.5F,
                                 .light = it->color,
                                 .dark = it->color,
                                 .outline = 1.1F,
                                 .line = genes->line};
        x = limbs[i].x2;
        y = limbs[i].y2;
    }
    paint_shapes(cell, limbs, JOINTS);
}

void species_jelly(paint_cell *cell, const species_genes *genes)
{
    const float middle = (float)cell->width / 2;
    const float rx = (14 + 4 * genes->a - 1.2F * genes->wave) * genes->size;
    const float ry = (10.5F + 3 * genes->b + 1.2F * genes->wave) * genes->size;
    const float top = middle - 7;
    const int arms = 5 + genes->count;
    for (int i = 0; i < arms; ++i) {
        const float at = ((float)i + 0.5F) / (float)arms * 2 - 1;
        const arm it = {.x = middle + at * rx * 0.75F,
                        .y = top + ry * 0.35F,
                        .angle = 1.5708F - at * 0.25F,
                        .length = (18 + 7 * genes->c) * genes->size,
                        .radius = i % 2 == 0 ? 1 : 1.8F,
                        .bend = 0.45F,
                        .color = i % 2 == 0 ? genes->mark : genes->body};
        draw_arm(cell, genes, &it);
    }
    paint_shape dome = part(genes, middle, top, rx, ry);
    paint_shape_on(cell, &dome);
    for (int i = 0; i < arms; ++i) { /* a scalloped hem */
        const float at = ((float)i + 0.5F) / (float)arms * 2 - 1;
        const paint_shape hem = {.x = middle + at * rx * 0.86F,
                                 .y = top + ry * 0.62F - 3 * fabsf(at),
                                 .rx = rx / (float)arms,
                                 .ry = 2.6F,
                                 .light = genes->mark,
                                 .dark = genes->belly};
        paint_shape_on(cell, &hem);
    }
    for (int i = 0; i < 4; ++i) {
        const paint_shape organ = {.kind = PAINT_RING,
                                   .x = middle + ((float)i - 1.5F) * rx * 0.4F,
                                   .y = top - ry * 0.08F,
                                   .rx = rx * 0.13F,
                                   .ry = 1,
                                   .light = genes->mark,
                                   .dark = genes->mark};
        paint_shape_on(cell, &organ);
    }
    const paint_shape shine = {.x = middle - rx * 0.3F,
                               .y = top - ry * 0.55F,
                               .rx = rx * 0.4F,
                               .ry = ry * 0.22F,
                               .turn = -0.35F,
                               .light = paint_alpha(white, 0.7F),
                               .dark = paint_alpha(white, 0.15F),
                               .soft = 2.5F};
    paint_shape_on(cell, &shine);
}

void species_squid(paint_cell *cell, const species_genes *genes)
{
    const float middle = (float)cell->width / 2;
    const float rx = (9.5F + 3.5F * genes->a) * genes->size;
    const float ry = (12 + 4 * genes->b + genes->wave) * genes->size;
    const float top = middle - 8;
    const int arms = 5 + genes->count / 2;
    for (int i = 0; i < arms; ++i) {
        const float at = ((float)i + 0.5F) / (float)arms * 2 - 1;
        const arm it = {.x = middle + at * rx * 0.7F,
                        .y = top + ry * 0.7F,
                        .angle = 1.5708F - at * 0.75F,
                        .length = (17 + 4 * genes->c) * genes->size,
                        .radius = 2.5F,
                        .bend = 0.6F * (i % 2 == 0 ? 1.0F : -1.0F),
                        .color = i % 2 == 0 ? genes->body : genes->belly};
        draw_arm(cell, genes, &it);
    }
    paint_shape parts[3] = {part(genes, middle - rx, top - ry * 0.45F, 5.5F, 3),
                            part(genes, middle + rx, top - ry * 0.45F, 5.5F, 3),
                            part(genes, middle, top, rx, ry)};
    parts[0].turn = 0.7F + 0.2F * genes->wave;
    parts[1].turn = -0.7F - 0.2F * genes->wave;
    parts[0].light = parts[1].light = genes->mark;
    paint_shapes(cell, parts, 3);
    for (int i = 0; i < 6; ++i) {
        const paint_shape spot = {.x = middle + (float)((i * 7) % 5 - 2) * rx * 0.32F,
                                  .y = top - ry * 0.72F + (float)i * ry * 0.2F,
                                  .rx = 1.2F + genes->c,
                                  .ry = 1.2F + genes->c,
                                  .light = genes->mark,
                                  .dark = genes->mark,
                                  .atop = true};
        paint_shape_on(cell, &spot);
    }
    species_eye(cell, middle - rx * 0.45F, top + ry * 0.42F, 3);
    species_eye(cell, middle + rx * 0.45F, top + ry * 0.42F, 3);
}

/* Seen from above, its wings beating. */
void species_ray(paint_cell *cell, const species_genes *genes)
{
    const float middle = (float)cell->width / 2;
    const float span = (20 + 3 * genes->a - 2 * fabsf(genes->wave)) * genes->size;
    const arm tail = {.x = middle,
                      .y = middle + 8,
                      .angle = 1.5708F,
                      .length = 20,
                      .radius = 1.8F,
                      .bend = 0.35F,
                      .color = genes->belly};
    draw_arm(cell, genes, &tail);
    paint_shape parts[3] = {
        part(genes, middle - span * 0.48F, middle + genes->wave, span * 0.58F, 6.5F + 3 * genes->b),
        part(genes, middle + span * 0.48F, middle + genes->wave, span * 0.58F, 6.5F + 3 * genes->b),
        part(genes, middle, middle, 8.5F + 2 * genes->c, 12.5F)};
    parts[0].turn = -0.3F - 0.14F * genes->wave;
    parts[1].turn = 0.3F + 0.14F * genes->wave;
    paint_shapes(cell, parts, 3);
    for (int i = 0; i < 4 + 2 * genes->count; ++i) {
        const float side = i % 2 == 0 ? -1 : 1;
        const int pair = i / 2;
        const float away = 3 + 4.2F * (float)pair;
        const paint_shape spot = {.kind = genes->b < 0.5F ? PAINT_ELLIPSE : PAINT_RING,
                                  .x = middle + side * away,
                                  .y = middle + 3 - 0.12F * away + genes->wave * 0.5F,
                                  .rx = 1.9F,
                                  .ry = genes->b < 0.5F ? 1.9F : 0.7F,
                                  .light = genes->mark,
                                  .dark = genes->mark,
                                  .atop = true};
        paint_shape_on(cell, &spot);
    }
    species_eye(cell, middle - 4, middle - 9, 2.3F);
    species_eye(cell, middle + 4, middle - 9, 2.3F);
}

/* A sea slug: a chain of discs with bright frills along its back. */
void species_slug(paint_cell *cell, const species_genes *genes)
{
    enum { BEADS = 11 };
    const float middle = (float)cell->width / 2;
    paint_shape beads[BEADS];
    for (int i = 0; i < BEADS; ++i) {
        const float at = (float)i / (BEADS - 1);
        const float thick = sinf(0.5F + 2.3F * at);
        const float x = middle + (at - 0.5F) * 38 * genes->size;
        const float y = middle + 4 + sinf(at * 5 + genes->wave * 0.9F) * (1.5F + 2.5F * genes->a);
        beads[i] = part(genes, x, y, (3.5F + 5 * thick) * genes->size, (3 + 4 * thick) * genes->size);
        for (int j = 0; j < 2 && i > 0 && i < BEADS - 2; ++j) {
            const float lean = ((float)j - 0.5F) * 1.1F - 0.2F + 0.15F * genes->wave;
            const float tall = (7 + 5 * genes->b) * thick;
            const paint_shape frill = {.kind = PAINT_LIMB,
                                       .x = x,
                                       .y = y - 2,
                                       .x2 = x + sinf(lean) * tall,
                                       .y2 = y - 3 - cosf(lean) * tall,
                                       .rx = 2.1F,
                                       .ry = 1.3F,
                                       .light = genes->mark,
                                       .dark = genes->body,
                                       .outline = 1,
                                       .line = genes->line};
            paint_shape_on(cell, &frill);
        }
    }
    paint_shapes(cell, beads, BEADS);
    for (int i = 1; i < BEADS; i += 2) {
        const paint_shape spot = {.x = beads[i].x,
                                  .y = beads[i].y,
                                  .rx = 1.7F + genes->c,
                                  .ry = 1.7F,
                                  .light = genes->mark,
                                  .dark = genes->mark};
        paint_shape_on(cell, &spot);
    }
    for (int i = 0; i < 2; ++i) {
        const arm feeler = {.x = beads[BEADS - 1].x,
                            .y = beads[BEADS - 1].y - 2,
                            .angle = -1.2F + 0.6F * (float)i,
                            .length = 11,
                            .radius = 1.2F,
                            .bend = 0.3F,
                            .color = genes->mark};
        draw_arm(cell, genes, &feeler);
    }
    species_eye(cell, beads[BEADS - 1].x + 1, beads[BEADS - 1].y, 2.2F);
}
