/* What grows on the ridges: kelp, corals, fans, tubes, bulbs and tufts. Each stands in the middle of its picture's lower
 * edge, about which it sways when it is drawn.
 */
#include "sea.h"

#include "sim.h"

#include <math.h>

enum { KINDS = 6 };

typedef struct plant {
    sim_random random;
    paint_color stem, leaf, tip, line;
    float foot_x, foot_y;
} plant;

static float between(plant *p, float least, float most)
{
    return sim_random_between(&p->random, least, most);
}

static paint_shape limb(const plant *p, float x, float y, float x2, float y2)
{
    return (paint_shape){.kind = PAINT_LIMB,
                         .x = x,
                         .y = y,
                         .x2 = x2,
                         .y2 = y2,
                         .light = p->leaf,
                         .dark = p->stem,
                         .outline = 1.3F,
                         .line = p->line};
}

static void bulb(paint_cell *cell, const plant *p, float x, float y, float radius)
{
    const paint_color glow = paint_alpha(p->tip, 0.4F);
    const paint_shape disc = {.x = x,
                              .y = y,
                              .rx = radius,
                              .ry = radius,
                              .light = paint_mix(p->tip, (paint_color){1, 1, 1, 1}, 0.4F),
                              .dark = p->tip,
                              .outline = 1,
                              .line = p->line};
    paint_glow(cell, x, y, radius * 3.2F, &glow);
    paint_shape_on(cell, &disc);
}

static void paint_kelp(paint_cell *cell, plant *p)
{
    enum { JOINTS = 11 };
    const int ribbons = 2 + (int)sim_random_below(&p->random, 3);
    for (int i = 0; i < ribbons; ++i) {
        float x = p->foot_x + ((float)i - 0.5F * (float)(ribbons - 1)) * 11;
        float y = p->foot_y;
        const float step = between(p, 6, 9.4F);
        const float phase = between(p, 0, 6);
        for (int j = 0; j < JOINTS; ++j) {
            const float sway = sinf(phase + 0.75F * (float)j) * 3.4F;
            const float side = j % 2 == 0 ? 1 : -1;
            paint_shape leaf = {.x = x + side * 6,
                                .y = y - step * 0.6F,
                                .rx = 7.2F - 0.35F * (float)j,
                                .ry = 2.6F,
                                .turn = -side * 0.65F,
                                .light = p->leaf,
                                .dark = p->stem,
                                .outline = 1.1F,
                                .line = p->line};
            paint_shape_on(cell, &leaf);
            paint_shape stem = limb(p, x, y, x + sway, y - step);
            stem.rx = 2.1F - 0.1F * (float)j;
            stem.ry = 2.0F - 0.1F * (float)j;
            paint_shape_on(cell, &stem);
            x += sway;
            y -= step;
        }
    }
}

/* Forks over and over; a stack instead of a call to itself. */
static void paint_coral(paint_cell *cell, plant *p)
{
    typedef struct branch {
        float x, y, angle, length;
        int level;
    } branch;
    branch waiting[64];
    int count = 0;
    waiting[count++] = (branch){p->foot_x, p->foot_y, -1.5708F, between(p, 19, 26), 0};
    while (count > 0) {
        const branch it = waiting[--count];
        const float x2 = it.x + cosf(it.angle) * it.length;
        const float y2 = it.y + sinf(it.angle) * it.length;
        paint_shape arm = limb(p, it.x, it.y, x2, y2);
        arm.rx = 4.6F - 0.85F * (float)it.level;
        arm.ry = 3.9F - 0.85F * (float)it.level;
        paint_shape_on(cell, &arm);
        if (it.level == 4) {
            bulb(cell, p, x2, y2, 1.9F);
            continue;
        }
        for (int i = 0; i < 2 && count < 64; ++i) {
            const float fork = (i == 0 ? -1.0F : 1.0F) * between(p, 0.28F, 0.62F);
            waiting[count++] =
                (branch){x2, y2, it.angle + fork, it.length * between(p, 0.68F, 0.86F), it.level + 1};
        }
    }
}

static void paint_fan(paint_cell *cell, plant *p)
{
    const int ribs = 9 + (int)sim_random_below(&p->random, 6);
    const float reach = between(p, 44, 62);
    for (int i = 0; i < ribs; ++i) {
        const float angle = -1.5708F + ((float)i / (float)(ribs - 1) - 0.5F) * 1.7F;
        for (int j = 0; j < 8; ++j) {
            const float from = reach * (0.25F + 0.09F * (float)j);
            const float lean = angle + 0.05F * sinf((float)(j + i));
            paint_shape web =
                limb(p, p->foot_x + cosf(angle) * from, p->foot_y - 12 + sinf(angle) * from,
                     p->foot_x + cosf(lean) * (from + 7), p->foot_y - 12 + sinf(lean) * (from + 7));
            web.rx = web.ry = 2.2F;
            web.light = web.dark = j % 2 == 0 ? p->leaf : p->tip;
            paint_shape_on(cell, &web);
        }
    }
    paint_shape stem = limb(p, p->foot_x, p->foot_y, p->foot_x, p->foot_y - 24);
    stem.rx = 4.5F;
    stem.ry = 3;
    paint_shape_on(cell, &stem);
}

static void paint_tubes(paint_cell *cell, plant *p)
{
    const int tubes = 4 + (int)sim_random_below(&p->random, 4);
    for (int i = 0; i < tubes; ++i) {
        const float x = p->foot_x + ((float)i - 0.5F * (float)(tubes - 1)) * 10;
        const float tall = between(p, 26, 78);
        const float lean = ((float)i - 0.5F * (float)(tubes - 1)) * 2.2F;
        paint_shape tube = limb(p, x, p->foot_y, x + lean, p->foot_y - tall);
        tube.rx = 5;
        tube.ry = between(p, 6, 8);
        paint_shape_on(cell, &tube);
        const paint_shape mouth = {.x = x + lean,
                                   .y = p->foot_y - tall - 1,
                                   .rx = tube.ry - 1.2F,
                                   .ry = 3,
                                   .light = p->line,
                                   .dark = p->stem,
                                   .outline = 1.4F,
                                   .line = p->tip};
        paint_shape_on(cell, &mouth);
        for (int j = 0; j < 5; ++j) {
            const float up = tall * (0.15F + 0.17F * (float)j);
            const paint_shape spot = {.x = x + lean * up / tall + (j % 2 == 0 ? 2.0F : -2.0F),
                                      .y = p->foot_y - up,
                                      .rx = 1.5F,
                                      .ry = 1.5F,
                                      .light = p->tip,
                                      .dark = p->tip,
                                      .atop = true};
            paint_shape_on(cell, &spot);
        }
    }
}

static void paint_bulbs(paint_cell *cell, plant *p)
{
    const int stalks = 3 + (int)sim_random_below(&p->random, 4);
    for (int i = 0; i < stalks; ++i) {
        const float x2 = p->foot_x + ((float)i - 0.5F * (float)(stalks - 1)) * 14 + between(p, -3, 3);
        const float y2 = p->foot_y - between(p, 28, 86);
        paint_shape stalk = limb(p, p->foot_x + (x2 - p->foot_x) * 0.3F, p->foot_y, x2, y2);
        stalk.rx = 2.2F;
        stalk.ry = 1.4F;
        paint_shape_on(cell, &stalk);
        bulb(cell, p, x2, y2, between(p, 3.6F, 6.2F));
    }
}

static void paint_tuft(paint_cell *cell, plant *p)
{
    const int blades = 10 + (int)sim_random_below(&p->random, 8);
    for (int i = 0; i < blades; ++i) {
        const float at = (float)i / (float)(blades - 1) - 0.5F;
        const float tall = between(p, 22, 60) * (1.1F - fabsf(at));
        const float x = p->foot_x + at * 36;
        paint_shape blade = limb(p, x, p->foot_y, x + at * 30, p->foot_y - tall);
        blade.rx = 2.6F;
        blade.ry = 0.7F;
        paint_shape_on(cell, &blade);
    }
}

void sea_paint_plant(paint_cell *cell, uint64_t seed, uint32_t number)
{
    static void (*const kinds[KINDS])(paint_cell *, plant *) = {paint_kelp,  paint_coral, paint_fan,
                                                                paint_tubes, paint_bulbs, paint_tuft};
    static const float zone_hue[SIM_ZONES] = {0.36F, 0.42F, 0.66F, 0.90F, 0.05F};
    const int zone = (int)(number * SIM_ZONES / SEA_PLANTS);
    plant p = {.random = sim_random_from(seed, 900000 + number),
               .foot_x = (float)cell->width / 2,
               .foot_y = (float)cell->height - 2};
    const float hue = zone_hue[zone] + between(&p, -0.1F, 0.1F);
    const float light = between(&p, 0.36F, 0.5F) - 0.02F * (float)zone;
    p.leaf = paint_hsl(hue, 0.5F, light);
    p.stem = paint_hsl(hue + 0.04F, 0.5F, light * 0.45F);
    p.tip = paint_hsl(hue + between(&p, 0.25F, 0.6F), 0.85F, 0.64F);
    p.line = paint_hsl(hue + 0.04F, 0.5F, 0.09F);
    kinds[sim_random_below(&p.random, KINDS)](cell, &p);
}

bool sea_plant_at(uint64_t seed, int ridge, int slot, sea_plant *out)
{
    sim_random random = sim_random_from(seed, 2000000 + (uint64_t)(ridge * 1000 + slot));
    if (sim_random_below(&random, 100) < 24) {
        return false;
    }
    out->x = ((float)slot + sim_random_unit(&random)) * SEA_SLOT;
    out->y = sea_ridge_y(seed, ridge, out->x) + 6;
    const uint32_t each = SEA_PLANTS / SIM_ZONES;
    out->number = (uint32_t)sim_zone_at(out->y) * each + sim_random_below(&random, each);
    out->scale = sim_random_between(&random, 0.7F, 1.35F);
    out->flipped = sim_random_below(&random, 2) == 0;
    return out->y < SIM_HEIGHT + 100;
}
