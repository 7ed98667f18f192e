/* The sea from back to front: the painting of tiles, plants, what drifts, the darkness around the lamp, what lives, light.
 * The painting is the only thing that covers the screen, and the darkness the only one that covers it again.
 */
#include "game.h"

#include <pxe/animation.h>
#include <pxe/tiles.h>

#include <math.h>

void game_scene_create(game *g)
{
    for (int i = 0; i < SEA_COLUMNS * SEA_ROWS; ++i) {
        g->tiles[i] = (uint16_t)(i + 1);
    }
    game_drift_create(g);
}

bool game_picture(game *g, pxe_image image, pxe_sprite *sprite)
{
    if (pxe_images_texture(g->engine->images, image, &sprite->texture) != PXE_IMAGE_READY) {
        return false;
    }
    if (g->workers) { /* what arrives late fades in */
        const uint64_t frames = pxe_images_info(g->engine->images, image).ready_frames;
        sprite->fade = frames < 12 ? fmaxf(sprite->fade, 1 - (float)(frames + 1) / 13) : sprite->fade;
    }
    return true;
}

bool game_frame_of(game *g, pxe_image sheet, int cell_px, double seconds, pxe_sprite *sprite)
{
    pxe_animation_frame frames[ART_FRAMES];
    const pxe_animation animation = {frames, ART_FRAMES, PXE_PLAY_BACK_AND_FORTH};
    if (!game_picture(g, sheet, sprite)) {
        return false;
    }
    const float cell_height = (float)sprite->texture.height;
    pxe_animation_cut(frames, ART_FRAMES, sheet, ART_FRAMES, (float)cell_px, cell_height, 0.16F);
    sprite->source = frames[pxe_animation_at(&animation, seconds)].source;
    return true;
}

static uint32_t byte_of(float share)
{
    return (uint32_t)(fminf(fmaxf(share, 0), 1) * 255 + 0.5F);
}

/* Moonlight, and from the last quarter of the night on the warmer light of the dawn. */
static uint32_t light_of_hour(const game *g)
{
    const float dawn = g->sim->phase == SIM_TITLE ? 0.4F : fmaxf(g->sim->heat - 0.75F, 0) * 4;
    const paint_color moon = {0.80F, 0.86F, 0.98F, 1};
    const paint_color sun = {1, 0.98F, 0.92F, 1};
    const paint_color now = paint_mix(moon, sun, fminf(dawn, 1));
    return byte_of(now.r) << 24 | byte_of(now.g) << 16 | byte_of(now.b) << 8 | 0xFFU;
}

typedef struct painting {
    game *g;
    uint32_t light;
} painting;

/* While a tile is on its way, a flat piece of the water's colour there stands in. */
static bool tile_picture(void *user, uint16_t tile, int column, int row, pxe_sprite *sprite)
{
    const painting *p = user;
    (void)column;
    if (!game_picture(p->g, p->g->gallery.water[tile - 1], sprite)) {
        const paint_color water = sea_color_at(((float)row + 0.5F) * SEA_TILE);
        sprite->texture = pxe_sprites_white(p->g->engine->sprites);
        sprite->tint = byte_of(water.r * 0.5F) << 24 | byte_of(water.g * 0.5F) << 16 |
                       byte_of(water.b * 0.5F) << 8 | 0xFFU;
        return true;
    }
    sprite->fade = 0; /* no holes in the water */
    sprite->tint = p->light;
    return true;
}

static void draw_water(game *g)
{
    painting p = {g, light_of_hour(g)};
    const pxe_tile_map map = {
        .tiles = g->tiles,
        .columns = SEA_COLUMNS,
        .rows = SEA_ROWS,
        .tile_width = SEA_TILE,
        .tile_height = SEA_TILE,
        .picture = tile_picture,
        .user = &p,
    };
    pxe_tiles_draw(g->engine->sprites, &map);
}

static void draw_plant(game *g, const sea_plant *plant, uint32_t light)
{
    pxe_sprite sprite = {
        .x = plant->x,
        .y = plant->y,
        .width = SEA_PLANT_WIDTH_PX * plant->scale,
        .height = SEA_PLANT_HEIGHT_PX * plant->scale,
        .origin_x = SEA_PLANT_WIDTH_PX * plant->scale / 2,
        .origin_y = SEA_PLANT_HEIGHT_PX * plant->scale,
        .rotation = 0.09F * sinf((float)g->ticks * 0.021F + plant->x * 0.013F),
        .flip_x = plant->flipped,
        .tint = light,
    };
    if (game_picture(g, g->gallery.plants[plant->number], &sprite)) {
        pxe_sprites_draw(g->engine->sprites, &sprite);
    }
}

static void draw_plants(game *g)
{
    const pxe_rect view = game_view_rect(&g->camera, 90);
    const uint32_t light = light_of_hour(g);
    const int first = (int)fmaxf(view.x / SEA_SLOT, 0);
    const int end = (int)fminf((view.x + view.width) / SEA_SLOT, SIM_WIDTH / SEA_SLOT);
    for (int ridge = 0; ridge < SEA_RIDGES; ++ridge) {
        for (int slot = first; slot < end; ++slot) {
            sea_plant plant;
            if (sea_plant_at(g->gallery.seed, ridge, slot, &plant) && plant.y > view.y &&
                plant.y < view.y + view.height + 60) {
                draw_plant(g, &plant, light);
            }
        }
    }
}

void game_scene_draw(game *g)
{
    pxe_camera camera = g->camera;
    const float shake = g->effects.shake;
    camera.x += shake * sinf((float)g->ticks * 2.1F);
    camera.y += shake * cosf((float)g->ticks * 2.7F);
    pxe_sprites_set_camera(g->engine->sprites, &camera);
    draw_water(g);
    draw_plants(g);
    game_drift_draw(g, false);
    game_living_draw_behind(g);
    game_living_draw(g);
    game_effects_draw(g);
    game_drift_draw(g, true);
}
