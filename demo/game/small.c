/* Pictures that there is one of: light, bubbles, the darkness around the lamp, panels; and the minnows of the shoals. */
#include "sea.h"

#include "sim.h"

#include <math.h>
#include <stddef.h>

static const paint_color white = {1, 1, 1, 1};

void small_size(small_picture which, int *width, int *height)
{
    static const unsigned char sides[SMALL_COUNT][2] = {
        [SMALL_GLOW] = {64, 64},       [SMALL_SPARK] = {16, 16}, [SMALL_BUBBLE] = {24, 24},
        [SMALL_DARKNESS] = {128, 128}, [SMALL_PANEL] = {48, 48}, [SMALL_PEARL] = {72, 72},
        [SMALL_RING] = {64, 64},       [SMALL_KRILL] = {16, 12}, [SMALL_ARROW] = {32, 32},
    };
    *width = sides[which][0];
    *height = sides[which][1];
}

static void disc(paint_cell *cell, float x, float y, float radius, paint_color color)
{
    const paint_shape it = {.x = x, .y = y, .rx = radius, .ry = radius, .light = color, .dark = color};
    paint_shape_on(cell, &it);
}

/* Clear up to a third of its radius, then ever denser. */
static void paint_darkness(paint_cell *cell)
{
    const float middle = (float)cell->width / 2;
    for (int y = 0; y < cell->height; ++y) {
        for (int x = 0; x < cell->width; ++x) {
            const float dx = ((float)x + 0.5F - middle) / middle;
            const float dy = ((float)y + 0.5F - middle) / middle;
            const float out = fminf(fmaxf((sqrtf(dx * dx + dy * dy) - 0.16F) / 0.84F, 0), 1);
            float *to = cell->rgba + ((size_t)y * (size_t)cell->width + (size_t)x) * 4;
            to[3] = out * out * (3 - 2 * out);
            to[0] = 0.012F * to[3];
            to[1] = 0.022F * to[3];
            to[2] = 0.070F * to[3];
        }
    }
}

static void paint_panel(paint_cell *cell)
{
    const float side = (float)cell->width;
    const paint_color edges[3] = {
        {0.55F, 0.95F, 1, 0.9F}, {0.03F, 0.07F, 0.16F, 0.93F}, {0.06F, 0.13F, 0.25F, 0.93F}};
    for (int y = 0; y < cell->height; ++y) {
        for (int x = 0; x < cell->width; ++x) {
            const float dx = fmaxf(fabsf((float)x + 0.5F - side / 2) - (side / 2 - 15), 0);
            const float dy = fmaxf(fabsf((float)y + 0.5F - side / 2) - (side / 2 - 15), 0);
            const float inside = 13 - sqrtf(dx * dx + dy * dy); /* from a rounded edge */
            const float share = fminf(fmaxf(inside + 0.5F, 0), 1);
            const float line = expf(-(inside - 2) * (inside - 2) / 1.6F);
            const float bloom = expf(-fmaxf(inside, 0) / 5) * 0.35F;
            paint_color color = paint_mix(edges[2], edges[1], (float)y / side);
            color = paint_mix(color, edges[0], fminf(line * 0.85F + bloom, 1));
            float *to = cell->rgba + ((size_t)y * (size_t)cell->width + (size_t)x) * 4;
            to[0] = color.r * color.a * share;
            to[1] = color.g * color.a * share;
            to[2] = color.b * color.a * share;
            to[3] = color.a * share;
        }
    }
}

static void paint_pearl(paint_cell *cell)
{
    const float middle = (float)cell->width / 2;
    const paint_color glow = {1, 0.9F, 0.55F, 0.8F};
    paint_glow(cell, middle, middle, middle, &glow);
    for (int i = 0; i < 8; ++i) {
        const float angle = 0.7854F * (float)i;
        const float reach = i % 2 == 0 ? 33 : 24;
        const paint_shape ray = {.kind = PAINT_LIMB,
                                 .x = middle,
                                 .y = middle,
                                 .x2 = middle + cosf(angle) * reach,
                                 .y2 = middle + sinf(angle) * reach,
                                 .rx = 4,
                                 .ry = 0.3F,
                                 .light = {1, 0.95F, 0.7F, 0.55F},
                                 .dark = {1, 0.95F, 0.7F, 0.55F},
                                 .soft = 2};
        paint_shape_on(cell, &ray);
    }
    const paint_shape ball = {.x = middle,
                              .y = middle,
                              .rx = 14,
                              .ry = 14,
                              .light = {1, 1, 0.96F, 1},
                              .dark = {0.96F, 0.7F, 0.62F, 1},
                              .outline = 1.6F,
                              .line = {0.5F, 0.25F, 0.25F, 1}};
    paint_shape_on(cell, &ball);
    disc(cell, middle + 4, middle + 4, 5, (paint_color){0.7F, 0.9F, 1, 0.35F});
    disc(cell, middle - 5, middle - 6, 3.6F, white);
}

static void paint_krill(paint_cell *cell)
{
    const paint_color glow = {1, 1, 1, 0.5F};
    paint_glow(cell, 8, 6, 6, &glow);
    const paint_shape body = {.kind = PAINT_LIMB,
                              .x = 5,
                              .y = 6.5F,
                              .x2 = 11,
                              .y2 = 5.5F,
                              .rx = 0.9F,
                              .ry = 1.8F,
                              .light = white,
                              .dark = {0.8F, 0.8F, 0.8F, 1}};
    paint_shape_on(cell, &body);
    disc(cell, 11, 5.5F, 0.7F, (paint_color){0.1F, 0.1F, 0.2F, 1});
}

static void paint_arrow(paint_cell *cell)
{
    for (int i = 0; i < 2; ++i) {
        const paint_shape side = {.kind = PAINT_LIMB,
                                  .x = 10,
                                  .y = i == 0 ? 7.0F : 25.0F,
                                  .x2 = 23,
                                  .y2 = 16,
                                  .rx = 2.6F,
                                  .ry = 3,
                                  .light = white,
                                  .dark = white,
                                  .outline = 1.6F,
                                  .line = {0, 0, 0, 0.6F}};
        paint_shape_on(cell, &side);
    }
}

void small_paint(paint_cell *cell, small_picture which)
{
    const float middle = (float)cell->width / 2;
    const paint_shape ring = {.kind = PAINT_RING,
                              .x = middle,
                              .y = middle,
                              .rx = middle - 4,
                              .ry = 1.2F,
                              .light = white,
                              .dark = white,
                              .soft = 3};
    const paint_shape bubble = {.kind = PAINT_RING,
                                .x = middle,
                                .y = middle,
                                .rx = middle - 2.5F,
                                .ry = 0.7F,
                                .light = paint_alpha(white, 0.9F),
                                .dark = paint_alpha(white, 0.5F)};
    switch (which) {
    case SMALL_GLOW:
    case SMALL_SPARK:
        paint_glow(cell, middle, middle, middle, &white);
        break;
    case SMALL_BUBBLE:
        disc(cell, middle, middle, middle - 3, paint_alpha(white, 0.12F));
        paint_shape_on(cell, &bubble);
        disc(cell, middle - 4, middle - 4, 2, white);
        break;
    case SMALL_DARKNESS:
        paint_darkness(cell);
        break;
    case SMALL_PANEL:
        paint_panel(cell);
        break;
    case SMALL_PEARL:
        paint_pearl(cell);
        break;
    case SMALL_RING:
        paint_shape_on(cell, &ring);
        break;
    case SMALL_KRILL:
        paint_krill(cell);
        break;
    default:
        paint_arrow(cell);
    }
}

void small_paint_minnow(paint_cell *cell, uint64_t seed, uint32_t number, float wave)
{
    sim_random random = sim_random_from(seed, 700000 + number);
    const float hue = sim_random_unit(&random);
    const float thick = sim_random_between(&random, 2.4F, 4.4F);
    const paint_color back = paint_hsl(hue, 0.7F, 0.66F);
    const paint_color belly = paint_hsl(hue + 0.1F, 0.6F, 0.36F);
    const paint_shape parts[3] = {
        {.x = 6, .y = 5.6F + wave, .rx = 4, .ry = 1.7F, .turn = 0.6F, .light = back, .dark = belly},
        {.x = 6, .y = 10.4F + wave, .rx = 4, .ry = 1.7F, .turn = -0.6F, .light = back, .dark = belly},
        {.x = 17, .y = 8, .rx = 10, .ry = thick, .turn = 0.05F * wave, .light = back, .dark = belly},
    };
    paint_shapes(cell, parts, 3);
    disc(cell, 23.5F, 7.2F, 1.1F, (paint_color){0.03F, 0.03F, 0.08F, 1});
}
