/* The living: hunters, the darkness that the lamp holds off, creatures, krill, the pearl and the fish. Hunters are drawn
 * below the darkness and their eyes and lures above it, so that far away one sees only these; what can be eaten glows and
 * is drawn above it.
 */
#include "game.h"

#include <pxe/shapes.h>

#include <math.h>

static double seconds_of(const game *g)
{
    return (double)g->ticks / SIM_TICKS_PER_S;
}

static float clamp01(float value)
{
    return fminf(fmaxf(value, 0), 1);
}

/* A point of a sheet's cell whose middle is at (x, y), in the sea. */
static void cell_point(const pxe_sprite *sprite, float px_x, float px_y, float *x, float *y)
{
    const float scale = sprite->width / ART_HUNTER_PX;
    const float dx = (px_x - ART_HUNTER_PX / 2.0F) * scale;
    const float dy = (px_y - ART_HUNTER_PX / 2.0F) * scale * (sprite->flip_y ? -1.0F : 1.0F);
    *x = sprite->x + dx * cosf(sprite->rotation) - dy * sinf(sprite->rotation);
    *y = sprite->y + dx * sinf(sprite->rotation) + dy * cosf(sprite->rotation);
}

/* Looks where it swims; whose back would be below is mirrored. */
static pxe_sprite hunter_sprite(const game *g, const sim_hunter *hunter)
{
    static const float sizes[SIM_HUNTER_KINDS] = {112, 128, 132};
    float size = sizes[hunter->kind];
    const float appear = clamp01((float)hunter->age_ticks / 30);
    pxe_sprite sprite = {.x = hunter->x, .y = hunter->y, .fade = 1 - appear};
    if (hunter->kind == SIM_MEDUSA) {
        sprite.rotation = 0.004F * hunter->vx;
    } else {
        float heading = atan2f(hunter->vy, hunter->vx);
        if (hunter->mood == SIM_AIMING) {
            heading = atan2f(g->sim->fish.y - hunter->y, g->sim->fish.x - hunter->x);
            size *= 1 - 0.1F * sinf((float)hunter->mood_ticks * 0.8F);
        }
        sprite.rotation = heading;
        sprite.flip_y = cosf(heading) < 0;
    }
    sprite.width = size;
    sprite.height = size * (hunter->mood == SIM_LUNGING ? 0.8F : 1);
    sprite.origin_x = sprite.width / 2;
    sprite.origin_y = sprite.height / 2;
    return sprite;
}

static void draw_hunters(game *g)
{
    for (uint32_t i = 0; i < g->sim->hunter_count; ++i) {
        const sim_hunter *hunter = &g->sim->hunters[i];
        pxe_sprite sprite = hunter_sprite(g, hunter);
        const double speed = hunter->mood == SIM_CHASING ? 2.2 : 1;
        const pxe_image sheet = g->gallery.hunters[hunter->kind][hunter->look % GALLERY_LOOKS];
        if (game_frame_of(g, sheet, ART_HUNTER_PX, seconds_of(g) * speed + hunter->look % 7, &sprite)) {
            sprite.tint =
                hunter->mood == SIM_AIMING && hunter->mood_ticks / 4 % 2 == 0 ? 0xFFFFFFFFU : 0xE8E8F4FFU;
            pxe_sprites_draw(g->engine->sprites, &sprite);
        }
    }
}

static void draw_hunter_lights(game *g)
{
    for (uint32_t i = 0; i < g->sim->hunter_count; ++i) {
        const sim_hunter *hunter = &g->sim->hunters[i];
        const pxe_sprite sprite = hunter_sprite(g, hunter);
        float x = 0;
        float y = 0;
        if (hunter->kind == SIM_ANGLER) {
            cell_point(&sprite, 107, 34, &x, &y);
            game_small(g, SMALL_GLOW, (game_spot){x, y, 58}, 0xFF604090U);
            cell_point(&sprite, 82, 58, &x, &y);
            game_small(g, SMALL_GLOW, (game_spot){x, y, 30},
                       hunter->mood == SIM_CHASING ? 0xFF3020D0U : 0xFFA02070U);
        } else if (hunter->kind == SIM_LANCER) {
            cell_point(&sprite, 87, 60, &x, &y);
            const bool aiming = hunter->mood == SIM_AIMING || hunter->mood == SIM_LUNGING;
            game_small(g, SMALL_GLOW, (game_spot){x, y, aiming ? 74 : 28},
                       aiming ? 0xFFE050F0U : 0xFFB04080U);
        } else {
            game_small(g, SMALL_GLOW, (game_spot){hunter->x, hunter->y - 14, 120}, 0xE060FF38U);
        }
    }
}

/* Where a lancer is about to go: a warning that grows. */
static void draw_aims(game *g)
{
    for (uint32_t i = 0; i < g->sim->hunter_count; ++i) {
        const sim_hunter *hunter = &g->sim->hunters[i];
        if (hunter->kind != SIM_LANCER || hunter->mood != SIM_AIMING) {
            continue;
        }
        const float x = g->sim->fish.x - hunter->x;
        const float y = g->sim->fish.y - hunter->y;
        const float length = sim_length(x, y) + 0.01F;
        const float reach = 520 * clamp01((float)hunter->mood_ticks / 30);
        pxe_draw_line(g->engine->sprites, hunter->x + x / length * 60, hunter->y + y / length * 60,
                      hunter->x + x / length * (60 + reach), hunter->y + y / length * (60 + reach), 2.5F,
                      0xFF604048U);
    }
}

/* The darkness's picture ends somewhere; what lies outside is as dark as its edge. */
static void draw_frame_around(game *g, const pxe_rect *hole, uint32_t color)
{
    const pxe_rect view = game_view_rect(&g->camera, 40);
    const float right = view.x + view.width;
    const float bottom = view.y + view.height;
    const pxe_rect sides[4] = {
        {view.x, view.y, view.width, hole->y - view.y},
        {view.x, hole->y + hole->height, view.width, bottom - hole->y - hole->height},
        {view.x, hole->y, hole->x - view.x, hole->height},
        {hole->x + hole->width, hole->y, right - hole->x - hole->width, hole->height},
    };
    for (int i = 0; i < 4; ++i) {
        pxe_fill_rect(g->engine->sprites, &sides[i], color);
    }
}

static void draw_darkness(game *g)
{
    const sim *s = g->sim;
    const float light = s->fish.energy / SIM_MOST_ENERGY;
    const float dawn = clamp01((s->heat - 0.8F) * 5);
    const float flicker = light < 0.25F ? 0.03F * sinf((float)g->ticks * 0.9F) : 0;
    const float strength = clamp01((0.84F - 0.32F * light + flicker) * (1 - 0.55F * dawn));
    const float side = 1150 + 1250 * light + 500 * dawn;
    pxe_sprite sprite = {
        .x = s->fish.x,
        .y = s->fish.y,
        .width = side,
        .height = side,
        .origin_x = side / 2,
        .origin_y = side / 2,
        .tint = 0xFFFFFF00U | (uint32_t)(255 * strength),
    };
    if (game_picture(g, g->gallery.small[SMALL_DARKNESS], &sprite)) {
        const pxe_rect hole = {sprite.x - side / 2, sprite.y - side / 2, side, side};
        pxe_sprites_draw(g->engine->sprites, &sprite);
        draw_frame_around(g, &hole, 0x03061200U | (uint32_t)(255 * strength));
    }
}

void game_living_draw_behind(game *g)
{
    if (g->sim->phase != SIM_TITLE) {
        draw_hunters(g);
        draw_darkness(g);
    }
}

/* Bobs, and is a little brighter the nearer the lamp. */
static void draw_creature(game *g, const sim_creature *creature)
{
    const float phase = creature->home_x * 0.7F + creature->home_y * 1.3F;
    const float time = (float)g->ticks;
    const float distance = sim_length(creature->x - g->sim->fish.x, creature->y - g->sim->fish.y);
    const bool is_lit = g->sim->phase != SIM_TITLE;
    const float light = is_lit ? clamp01(1.25F - distance / 1100) : 1;
    const float grown = clamp01(((float)g->sim->tick - (float)creature->grown_at) / 40);
    const float size = ART_CREATURE_PX * 0.86F * (creature->grown_at == 0 ? 1 : grown);
    pxe_sprite sprite = {
        .x = creature->x,
        .y = creature->y + 5 * sinf(time * 0.03F + phase),
        .width = size,
        .height = size,
        .origin_x = size / 2,
        .origin_y = size / 2,
        .rotation = 0.1F * sinf(time * 0.017F + phase * 2),
        .flip_x = ((int)phase & 1) != 0,
    };
    const uint32_t shade = (uint32_t)(110 + 145 * light);
    sprite.tint = shade << 24 | shade << 16 | shade << 8 | 0xFFU;
    const pxe_image image = g->gallery.species[creature->species];
    if (game_frame_of(g, image, ART_CREATURE_PX, seconds_of(g) + (double)phase, &sprite)) {
        pxe_sprites_draw(g->engine->sprites, &sprite);
    } else {
        game_small(g, SMALL_GLOW, (game_spot){sprite.x, sprite.y, 26},
                   0x90D0FF60U); /* its light comes before it */
    }
}

static void draw_creatures(game *g)
{
    const pxe_rect view = game_view_rect(&g->camera, 45);
    const sim_cells cells = sim_cells_in(view.x, view.y, view.width, view.height);
    for (int row = cells.first_row; row < cells.end_row; ++row) {
        for (int column = cells.first_column; column < cells.end_column; ++column) {
            const sim_creature *creature = &g->sim->creatures[row * SIM_COLUMNS + column];
            if (sim_creature_there(g->sim, creature)) {
                draw_creature(g, creature);
            }
        }
    }
}

static void draw_krill(game *g)
{
    static const uint32_t colors[4] = {0xFFD070FFU, 0xFF9070FFU, 0xFFF0A0FFU, 0xFFB090FFU};
    pxe_sprite sprite = {.width = 13, .height = 10, .origin_x = 6.5F, .origin_y = 5};
    if (g->sim->krill_count == 0 || !game_picture(g, g->gallery.small[SMALL_KRILL], &sprite)) {
        return;
    }
    for (uint32_t i = 0; i < g->sim->krill_count; ++i) {
        const sim_krill *krill = &g->sim->krill[i];
        sprite.x = krill->x;
        sprite.y = krill->y;
        sprite.rotation = sim_angle(krill->vx, krill->vy);
        sprite.tint = colors[i % 4];
        pxe_sprites_draw(g->engine->sprites, &sprite);
    }
}

static void draw_pearl(game *g)
{
    if (!g->sim->pearl_there) {
        return;
    }
    const float size = 84 + 8 * sinf((float)g->ticks * 0.07F);
    pxe_sprite sprite = {
        .x = g->sim->pearl_x,
        .y = g->sim->pearl_y,
        .width = size,
        .height = size,
        .origin_x = size / 2,
        .origin_y = size / 2,
        .rotation = (float)g->ticks * 0.008F,
    };
    game_small(g, SMALL_GLOW, (game_spot){sprite.x, sprite.y, size * 2.4F}, 0xFFD87060U);
    if (game_picture(g, g->gallery.small[SMALL_PEARL], &sprite)) {
        pxe_sprites_draw(g->engine->sprites, &sprite);
    }
}

/* Stretched by its speed, swollen by a mouthful; it blinks as long as it is safe after a bite. */
static void draw_fish(game *g)
{
    const sim_fish *fish = &g->sim->fish;
    const float speed = sim_length(fish->vx, fish->vy);
    const float stretch = fminf(speed / 430, 1.6F) * 0.13F;
    const float gulp = 0.16F * g->effects.gulp;
    const float size = 62;
    pxe_sprite sprite = {
        .x = fish->x,
        .y = fish->y,
        .width = size * (1 + stretch - gulp * 0.3F),
        .height = size * (1 - stretch * 0.8F + gulp),
        .rotation = fish->heading,
        .flip_y = cosf(fish->heading) < 0,
    };
    sprite.origin_x = sprite.width / 2;
    sprite.origin_y = sprite.height / 2;
    const float glow = 170 + 2.6F * fish->energy;
    game_small(g, SMALL_GLOW, (game_spot){fish->x, fish->y, glow}, 0xFFE8A044U);
    const double beat = seconds_of(g) * (1 + (double)speed / 160);
    const bool blinks = fish->safe_ticks > 0 && fish->dash_ticks == 0 && g->ticks / 4 % 2 == 0;
    if (game_frame_of(g, g->gallery.fish, ART_FISH_PX, beat, &sprite) && !blinks) {
        sprite.fade = 0;
        pxe_sprites_draw(g->engine->sprites, &sprite);
    }
}

void game_living_draw(game *g)
{
    draw_creatures(g);
    if (g->sim->phase == SIM_TITLE) {
        return;
    }
    draw_krill(g);
    draw_aims(g);
    draw_hunter_lights(g);
    draw_pearl(g);
    if (g->sim->phase != SIM_OVER || g->sim->dawned) {
        draw_fish(g);
    }
}
