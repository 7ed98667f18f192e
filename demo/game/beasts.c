/* The hunters, and the player's own fish. Large pictures of few parts: dark bodies, so that they are seen against the
 * light of what they hunt, and hot colours where they bite.
 */
#include "species.h"

#include "sim.h"

#include <math.h>

static const paint_color white = {1, 1, 0.94F, 1};
static const paint_color dark_line = {0.02F, 0.02F, 0.05F, 1};

static paint_shape part(float x, float y, float rx, float ry, const paint_color colors[2])
{
    return (paint_shape){.x = x,
                         .y = y,
                         .rx = rx,
                         .ry = ry,
                         .light = colors[0],
                         .dark = colors[1],
                         .outline = 2.2F,
                         .line = dark_line};
}

static void spot(paint_cell *cell, float x, float y, float radius, paint_color color)
{
    const paint_shape it = {.x = x, .y = y, .rx = radius, .ry = radius, .light = color, .dark = color};
    paint_shape_on(cell, &it);
}

static void fierce_eye(paint_cell *cell, float x, float y, float radius, float hue)
{
    const paint_color halo = paint_alpha(paint_hsl(hue, 1, 0.55F), 0.75F);
    paint_glow(cell, x, y, radius * 2.6F, &halo);
    spot(cell, x, y, radius, paint_hsl(hue, 1, 0.62F));
    spot(cell, x + radius * 0.2F, y, radius * 0.5F, dark_line);
    spot(cell, x + radius * 0.4F, y - radius * 0.4F, radius * 0.2F, white);
    const paint_shape brow = {.kind = PAINT_LIMB,
                              .x = x - radius,
                              .y = y - radius * 1.1F,
                              .x2 = x + radius * 1.2F,
                              .y2 = y - radius * 0.35F,
                              .rx = 1.8F,
                              .ry = 1.4F,
                              .light = dark_line,
                              .dark = dark_line};
    paint_shape_on(cell, &brow);
}

static void teeth(paint_cell *cell, float x, float y, float length, int count)
{
    for (int i = 0; i < count; ++i) {
        const float at = x + length * (float)i / (float)(count - 1);
        const float up = i % 2 == 0 ? 1 : -1;
        const paint_shape tooth = {.kind = PAINT_LIMB,
                                   .x = at,
                                   .y = y - up,
                                   .x2 = at + 1,
                                   .y2 = y + up * 6.5F,
                                   .rx = 2.1F,
                                   .ry = 0.4F,
                                   .light = white,
                                   .dark = white};
        paint_shape_on(cell, &tooth);
    }
}

static void paint_angler(paint_cell *cell, uint32_t look, float wave)
{
    const float hue = 0.58F + 0.07F * (float)(look % 6);
    const paint_color body[2] = {paint_hsl(hue, 0.42F, 0.34F), paint_hsl(hue + 0.03F, 0.5F, 0.13F)};
    const paint_color fins[2] = {paint_hsl(hue + 0.1F, 0.6F, 0.42F), paint_hsl(hue + 0.05F, 0.5F, 0.2F)};
    paint_shape parts[6] = {
        part(20, 66 - 8 + 4 * wave, 13, 8, fins),
        part(20, 66 + 10 + 4 * wave, 13, 8, fins),
        part(56, 42, 17, 8, fins),
        part(46, 93, 12, 7, fins),
        part(38, 68 + wave, 20, 15, body),
        part(70, 68, 31, 28, body),
    };
    parts[0].turn = 0.6F;
    parts[1].turn = -0.6F;
    parts[2].turn = -0.35F;
    parts[3].turn = -0.6F - 0.3F * wave;
    paint_shapes(cell, parts, 6);
    for (int i = 0; i < 9; ++i) {
        spot(cell, 34 + 6.5F * (float)i, 56 + 10 * sinf((float)i * 2.1F + (float)look), 1.8F,
             paint_alpha(paint_hsl(hue + 0.4F, 0.9F, 0.6F), 0.6F));
    }
    const paint_color maw[2] = {{0.32F, 0.02F, 0.08F, 1}, {0.1F, 0, 0.03F, 1}};
    paint_shape mouth = part(88, 79 + wave, 17, 8 + 1.5F * wave, maw);
    mouth.turn = -0.22F;
    mouth.outline = 1.4F;
    paint_shape_on(cell, &mouth);
    teeth(cell, 76, 81, 25, 7);
    const paint_shape rod[2] = {
        {.kind = PAINT_LIMB,
         .x = 70,
         .y = 42,
         .x2 = 86,
         .y2 = 24 + wave,
         .rx = 2.2F,
         .ry = 1.6F,
         .light = fins[0],
         .dark = fins[0],
         .outline = 1.4F,
         .line = dark_line},
        {.kind = PAINT_LIMB,
         .x = 86,
         .y = 24 + wave,
         .x2 = 106,
         .y2 = 32 + 2 * wave,
         .rx = 1.6F,
         .ry = 1.2F,
         .light = fins[0],
         .dark = fins[0],
         .outline = 1.4F,
         .line = dark_line},
    };
    paint_shapes(cell, rod, 2);
    const paint_color lure = {1, 0.42F, 0.3F, 0.8F};
    paint_glow(cell, 107, 34 + 2 * wave, 19, &lure);
    spot(cell, 107, 34 + 2 * wave, 4.5F, (paint_color){1, 0.8F, 0.55F, 1});
    fierce_eye(cell, 82, 58, 6, 0.09F);
}

static void paint_lancer(paint_cell *cell, uint32_t look, float wave)
{
    const float hue = 0.97F + 0.05F * (float)(look % 6);
    const paint_color body[2] = {paint_hsl(hue, 0.55F, 0.42F), paint_hsl(hue - 0.04F, 0.55F, 0.16F)};
    const paint_color fins[2] = {paint_hsl(hue, 0.8F, 0.5F), paint_hsl(hue, 0.6F, 0.22F)};
    paint_shape parts[6] = {
        part(13, 54 + 5 * wave, 13, 5, fins),
        part(13, 75 + 5 * wave, 13, 5, fins),
        part(56, 51, 15, 6, fins),
        part(60, 78, 11, 5, fins),
        part(36, 64 + 2 * wave, 24, 9, body),
        part(68, 64, 33, 13, body),
    };
    parts[0].turn = 0.75F;
    parts[1].turn = -0.75F;
    parts[2].turn = 0.5F;
    parts[3].turn = -0.6F;
    paint_shapes(cell, parts, 6);
    const paint_shape lance = {.kind = PAINT_LIMB,
                               .x = 96,
                               .y = 63,
                               .x2 = 125,
                               .y2 = 61,
                               .rx = 4,
                               .ry = 0.6F,
                               .light = white,
                               .dark = fins[0],
                               .outline = 1.5F,
                               .line = dark_line};
    paint_shape_on(cell, &lance);
    for (int i = 0; i < 6; ++i) {
        const paint_shape stripe = {.x = 36 + 9 * (float)i,
                                    .y = 62,
                                    .rx = 1.8F,
                                    .ry = 9,
                                    .turn = 0.3F,
                                    .light = paint_alpha(fins[0], 0.9F),
                                    .dark = paint_alpha(dark_line, 0.4F),
                                    .atop = true};
        paint_shape_on(cell, &stripe);
    }
    fierce_eye(cell, 87, 60, 5, 0.13F);
}

static void paint_medusa(paint_cell *cell, uint32_t look, float wave)
{
    const float hue = 0.80F + 0.06F * (float)(look % 6);
    const paint_color dome[2] = {paint_alpha(paint_hsl(hue, 0.7F, 0.62F), 0.85F),
                                 paint_alpha(paint_hsl(hue + 0.06F, 0.8F, 0.3F), 0.8F)};
    const paint_color glow = paint_alpha(paint_hsl(hue, 1, 0.55F), 0.35F);
    paint_glow(cell, 64, 58, 62, &glow);
    for (int i = 0; i < 9; ++i) {
        float x = 30 + 8.5F * (float)i;
        float y = 56;
        for (int j = 0; j < 7; ++j) {
            const float sway = sinf(0.9F * (float)j + (float)i * 1.7F + wave) * 4;
            const paint_shape limb = {.kind = PAINT_LIMB,
                                      .x = x,
                                      .y = y,
                                      .x2 = x + sway,
                                      .y2 = y + 8.5F,
                                      .rx = 2.8F - 0.3F * (float)j,
                                      .ry = 2.5F - 0.3F * (float)j,
                                      .light = dome[0],
                                      .dark = dome[0]};
            paint_shape_on(cell, &limb);
            x = limb.x2;
            y = limb.y2;
        }
    }
    paint_shape bell = part(64, 46, 41 - 2.5F * wave, 29 + 2.5F * wave, dome);
    paint_shape_on(cell, &bell);
    for (int i = 0; i < 9; ++i) {
        const float at = (float)i / 4 - 1;
        const paint_shape hem = {
            .x = 64 + at * 36, .y = 64 - 9 * at * at, .rx = 6, .ry = 4.5F, .light = dome[0], .dark = dome[1]};
        paint_shape_on(cell, &hem);
    }
    for (int i = 0; i < 5; ++i) {
        const paint_shape ring = {.kind = PAINT_RING,
                                  .x = 36 + 14 * (float)i,
                                  .y = 45 - 4 * sinf((float)i * 0.8F),
                                  .rx = 4.5F,
                                  .ry = 1.4F,
                                  .light = paint_alpha(white, 0.8F),
                                  .dark = dome[0]};
        paint_shape_on(cell, &ring);
    }
    const paint_shape shine = {.x = 50,
                               .y = 29,
                               .rx = 17,
                               .ry = 5,
                               .turn = -0.35F,
                               .light = paint_alpha(white, 0.6F),
                               .dark = paint_alpha(white, 0.1F),
                               .soft = 4};
    paint_shape_on(cell, &shine);
}

void beast_paint(paint_cell *cell, int kind, uint32_t look, float wave)
{
    if (kind == SIM_ANGLER) {
        paint_angler(cell, look, wave);
    } else if (kind == SIM_LANCER) {
        paint_lancer(cell, look, wave);
    } else {
        paint_medusa(cell, look, wave);
    }
}

/* The hero: round, bright, with a lamp before its nose. */
void beast_fish(paint_cell *cell, float wave)
{
    const paint_color body[2] = {{0.45F, 0.95F, 0.95F, 1}, {0.08F, 0.42F, 0.66F, 1}};
    const paint_color fins[2] = {{1, 0.80F, 0.36F, 1}, {0.95F, 0.42F, 0.22F, 1}};
    paint_shape parts[6] = {
        part(10, 28 + 3 * wave, 8.5F, 4.5F, fins),
        part(10, 41 + 3 * wave, 8.5F, 4.5F, fins),
        part(28, 22, 9, 5, fins),
        part(26, 47, 7, 4, fins),
        part(20, 34 + wave, 9, 7, body),
        part(33, 34, 15.5F, 13, body),
    };
    parts[0].turn = 0.7F;
    parts[1].turn = -0.7F;
    parts[2].turn = -0.3F;
    parts[3].turn = -0.5F;
    paint_shapes(cell, parts, 6);
    const paint_shape belly = {.x = 35,
                               .y = 42,
                               .rx = 10,
                               .ry = 4.5F,
                               .light = {0.9F, 1, 0.95F, 0.1F},
                               .dark = {0.9F, 1, 0.95F, 0.75F},
                               .soft = 3,
                               .atop = true};
    paint_shape_on(cell, &belly);
    const paint_shape shine = {.x = 32,
                               .y = 26,
                               .rx = 8,
                               .ry = 2.6F,
                               .turn = -0.15F,
                               .light = {1, 1, 1, 0.8F},
                               .dark = {1, 1, 1, 0.1F},
                               .soft = 2.5F};
    paint_shape_on(cell, &shine);
    paint_shape fin = part(27, 38, 6, 3.4F, fins);
    fin.turn = -0.5F + 0.4F * wave;
    fin.outline = 1.3F;
    paint_shape_on(cell, &fin);
    const paint_shape rod = {.kind = PAINT_LIMB,
                             .x = 38,
                             .y = 22,
                             .x2 = 52,
                             .y2 = 15 + wave,
                             .rx = 1.5F,
                             .ry = 1.1F,
                             .light = fins[0],
                             .dark = fins[1],
                             .outline = 1,
                             .line = dark_line};
    paint_shape_on(cell, &rod);
    const paint_color lamp = {1, 0.95F, 0.6F, 0.85F};
    paint_glow(cell, 54, 16 + wave, 10, &lamp);
    spot(cell, 54, 16 + wave, 3.6F, white);
    species_eye(cell, 41, 31, 4.4F);
}
