/* Where one looks: the camera glides after the fish and a little ahead of it, shakes when it is bitten, and flies through
 * the sea by itself behind the title. Windows of any size show about the same part of the sea.
 */
#include "game.h"

#include <math.h>

#define GLIDE   0.085F
#define AHEAD_S 0.30F

static float between(float value, float least, float most)
{
    return least > most ? (least + most) / 2 : fminf(fmaxf(value, least), most);
}

/* A slow flight that comes by everything: two sines whose periods share no divisor. */
static void title_flight(const game *g, float *x, float *y)
{
    const float time = (float)g->ticks / SIM_TICKS_PER_S;
    *x = SIM_WIDTH * (0.5F + 0.38F * sinf(time * 0.11F));
    *y = SIM_HEIGHT * (0.42F - 0.30F * cosf(time * 0.077F));
}

static void target(const game *g, float *x, float *y)
{
    if (g->sim->phase == SIM_TITLE) {
        title_flight(g, x, y);
        return;
    }
    *x = g->sim->fish.x + g->sim->fish.vx * AHEAD_S;
    *y = g->sim->fish.y + g->sim->fish.vy * AHEAD_S;
}

void game_view_place(game *g)
{
    target(g, &g->camera.x, &g->camera.y);
}

void game_view_step(game *g)
{
    float x = 0;
    float y = 0;
    target(g, &x, &y);
    const float distance = sim_length(x - g->camera.x, y - g->camera.y);
    if (distance > 1500) { /* a new night begins elsewhere */
        game_view_place(g);
    }
    g->camera.x += (x - g->camera.x) * GLIDE;
    g->camera.y += (y - g->camera.y) * GLIDE;
}

void game_view_frame(game *g)
{
    const float width = (float)g->engine->width;
    const float height = (float)g->engine->height;
    const float dash = g->sim->fish.dash_ticks > 0 && g->sim->phase == SIM_PLAYING ? 0.985F : 1;
    const float wanted = fmaxf(width / GAME_VIEW_WIDTH, height / GAME_VIEW_HEIGHT) * dash;
    pxe_camera *camera = &g->camera;
    g->moved_from = *camera;
    camera->width = width;
    camera->height = height;
    camera->zoom = camera->zoom == 0 ? wanted : camera->zoom + (wanted - camera->zoom) * 0.15F;
    camera->zoom =
        fmaxf(camera->zoom, fmaxf(width / (1.06F * GAME_VIEW_WIDTH), height / (1.06F * GAME_VIEW_HEIGHT)));
    const float half_x = width / 2 / camera->zoom;
    const float half_y = height / 2 / camera->zoom;
    camera->x = between(camera->x, half_x, SIM_WIDTH - half_x);
    camera->y = between(camera->y, half_y, SIM_HEIGHT - half_y);
    const float scale = fminf(width / 1100, height / GAME_VIEW_HEIGHT);
    g->ui = (pxe_camera){
        .x = width / scale / 2, .y = height / scale / 2, .zoom = scale, .width = width, .height = height};
}

pxe_rect game_view_rect(const pxe_camera *camera, float margin)
{
    const float width = camera->width / camera->zoom + 2 * margin;
    const float height = camera->height / camera->zoom + 2 * margin;
    return (pxe_rect){camera->x - width / 2, camera->y - height / 2, width, height};
}

static size_t add_water(game *g, const pxe_rect *area, size_t count)
{
    const int first_column = (int)between(floorf(area->x / SEA_TILE), 0, SEA_COLUMNS);
    const int first_row = (int)between(floorf(area->y / SEA_TILE), 0, SEA_ROWS);
    const int end_column = (int)between(ceilf((area->x + area->width) / SEA_TILE), 0, SEA_COLUMNS);
    const int end_row = (int)between(ceilf((area->y + area->height) / SEA_TILE), 0, SEA_ROWS);
    for (int row = first_row; row < end_row; ++row) {
        for (int column = first_column; column < end_column && count < GAME_AHEAD; ++column) {
            g->ahead[count++] = g->gallery.water[row * SEA_COLUMNS + column];
        }
    }
    return count;
}

static size_t add_creatures(game *g, const pxe_rect *area, size_t count)
{
    const sim_cells cells = sim_cells_in(area->x, area->y, area->width, area->height);
    for (int row = cells.first_row; row < cells.end_row; ++row) {
        for (int column = cells.first_column; column < cells.end_column && count < GAME_AHEAD; ++column) {
            const sim_creature *creature = &g->sim->creatures[row * SIM_COLUMNS + column];
            if (sim_creature_there(g->sim, creature)) {
                g->ahead[count++] = g->gallery.species[creature->species];
            }
        }
    }
    return count;
}

/* What the view will show in half a second, if it goes on like this. What fails for lack of memory is only painted later. */
void game_view_prefetch(game *g)
{
    enum { EVERY_FRAMES = 6, FRAMES_AHEAD = 36 };
    if (!g->workers || g->ticks % EVERY_FRAMES != 0) {
        return;
    }
    pxe_camera there = g->camera;
    there.x += between((there.x - g->moved_from.x) * FRAMES_AHEAD, -500, 500);
    there.y += between((there.y - g->moved_from.y) * FRAMES_AHEAD, -400, 400);
    const pxe_rect area = game_view_rect(&there, 60);
    const size_t count = add_creatures(g, &area, add_water(g, &area, 0));
    pxe_images_prefetch(g->engine->images, g->ahead, count);
}
