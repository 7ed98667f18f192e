/* What drifts through the picture and belongs to no rule: thousands of motes of plankton in layers that move at different
 * speeds, and shoals of minnows. A mote's place is in a box that repeats without end; the camera's place, times the
 * layer's depth, says which part of it is seen. The box is just larger than the largest view, so that nearly all of it is
 * on the screen.
 */
#include "game.h"

#include <math.h>

#define BOX_WIDTH  1380.0F
#define BOX_HEIGHT 784.0F

enum { LAYERS = 3, SHOALS = 12, NEAR_LAYER = 2 };

static const float layer_depth[LAYERS] = {0.55F, 0.8F, 1.3F};

void game_drift_create(game *g)
{
    sim_random random = sim_random_from(g->gallery.seed, 42);
    for (int i = 0; i < GAME_PLANKTON; ++i) {
        const int layer = i % 12 == 0 ? NEAR_LAYER : i % 2;
        g->plankton[i] = (game_mote){
            .x = sim_random_between(&random, 0, BOX_WIDTH),
            .y = sim_random_between(&random, 0, BOX_HEIGHT),
            .size = sim_random_between(&random, 1.9F, 4.3F) *
                    (layer == NEAR_LAYER ? 2.2F : 1 + 0.3F * (float)layer),
            .phase = sim_random_between(&random, 0, 6.28F),
            .layer = (uint8_t)layer,
        };
    }
    for (int i = 0; i < GAME_MINNOWS; ++i) {
        const float away = sqrtf(sim_random_unit(&random));
        const float angle = sim_random_between(&random, 0, 6.28F);
        g->minnows[i] = (game_mote){
            .x = cosf(angle) * away * 150,
            .y = sinf(angle) * away * 62,
            .size = sim_random_between(&random, 0.55F, 0.85F),
            .phase = sim_random_between(&random, 0, 6.28F),
            .look = (uint8_t)(i % SHOALS * 2 % GALLERY_MINNOWS),
        };
    }
}

static float wrap(float value, float size)
{
    return value - floorf(value / size) * size;
}

static void draw_plankton(game *g, bool near)
{
    static const uint32_t colors[SIM_ZONES] = {0xB8FFF000U, 0xA8F0FF00U, 0xC8C0FF00U, 0xFFB8E800U,
                                               0xFFD09000U};
    const pxe_camera *camera = &g->camera;
    const float left = camera->x - BOX_WIDTH / 2;
    const float top = camera->y - BOX_HEIGHT / 2;
    const float time = (float)g->ticks;
    pxe_sprite sprite = {.blend = PXE_BLEND_ADD};
    if (!game_picture(g, g->gallery.small[SMALL_SPARK], &sprite)) {
        return;
    }
    for (int i = 0; i < GAME_PLANKTON; ++i) {
        const game_mote *mote = &g->plankton[i];
        if ((mote->layer == NEAR_LAYER) != near) {
            continue;
        }
        const float depth = layer_depth[mote->layer];
        const float sway = sinf(time * 0.013F + mote->phase);
        sprite.x = left + wrap(mote->x + 14 * sway - camera->x * depth, BOX_WIDTH);
        sprite.y = top + wrap(mote->y + time * 0.09F + 8 * sway - camera->y * depth, BOX_HEIGHT);
        sprite.width = sprite.height = mote->size;
        const float twinkle = 0.55F + 0.45F * sinf(time * 0.05F + mote->phase * 5);
        const float alpha = twinkle * (near ? 0.24F : 0.34F + 0.26F * (float)mote->layer);
        sprite.tint = colors[sim_zone_at(sprite.y)] | (uint32_t)(255 * alpha);
        pxe_sprites_draw(g->engine->sprites, &sprite);
    }
}

typedef struct shoal {
    float x, y, heading;
} shoal;

/* Shoals wander in a box that is larger than the view, so that some are always in it. */
static shoal shoal_at(const game *g, int number)
{
    const float time = (float)g->ticks / SIM_TICKS_PER_S;
    const float own = (float)number * 1.7F;
    const float speed = 34 + 7 * (float)(number % 5);
    const float side = number % 2 == 0 ? 1 : -1;
    const float x = own * 431 + side * speed * time - g->camera.x * 0.85F;
    const float y = own * 283 + 60 * sinf(time * 0.23F + own) - g->camera.y * 0.85F;
    const float dive = 60 * 0.23F * cosf(time * 0.23F + own);
    return (shoal){
        .x = g->camera.x - 1000 + wrap(x, 2000),
        .y = g->camera.y - 560 + wrap(y, 1120),
        .heading = atan2f(dive, side * speed),
    };
}

static void draw_minnows(game *g)
{
    for (int number = 0; number < SHOALS; ++number) {
        const shoal it = shoal_at(g, number);
        pxe_sprite sprite = {.origin_x = 11, .origin_y = 5.5F, .tint = 0xD8E8FFC0U};
        if (!game_frame_of(g, g->gallery.minnows[(size_t)number * 2], 32, (double)g->ticks / 50 + number,
                           &sprite)) {
            continue;
        }
        for (int i = number; i < GAME_MINNOWS; i += SHOALS) {
            const game_mote *minnow = &g->minnows[i];
            const float sway = sinf((float)g->ticks * 0.03F + minnow->phase);
            sprite.x = it.x + minnow->x + 10 * sway;
            sprite.y = it.y + minnow->y + 7 * cosf((float)g->ticks * 0.023F + minnow->phase * 3);
            sprite.width = 32 * minnow->size;
            sprite.height = 16 * minnow->size;
            sprite.rotation = it.heading + 0.14F * sway;
            pxe_sprites_draw(g->engine->sprites, &sprite);
        }
    }
}

void game_drift_draw(game *g, bool near)
{
    if (!near) {
        draw_minnows(g);
    }
    draw_plankton(g, near);
}
