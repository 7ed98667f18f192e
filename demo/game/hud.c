/* The numbers over the sea: score and multiplier to the left, the lamp and its dashes in the middle, the hours till dawn
 * and the species found to the right, a map below, and along the lower edge what the cache is doing.
 */
#include "game.h"

#include <pxe/shapes.h>

#include <math.h>

static float glass_width(const game *g)
{
    return g->ui.width / g->ui.zoom;
}

static void draw_score(game *g)
{
    const sim_night *night = &g->sim->night;
    const game_words title = {26, 14, 16, 0xA8D8F0FFU, PXE_ALIGN_LEFT};
    const game_words score = {26, 30, 40, 0xFFFFFFFFU, PXE_ALIGN_LEFT};
    if (g->sim->high_score > 0) {
        game_write(g, &title, "SCORE   best %u", (unsigned)g->sim->high_score);
    } else {
        game_write(g, &title, "SCORE");
    }
    game_write(g, &score, "%u", (unsigned)g->shown_score);
    if (night->multiplier > 1 || night->combo > 1) {
        const float pulse = 1 + 0.25F * g->effects.gulp;
        const game_words times = {26, 78, 26 * pulse, 0x90F0FFFFU, PXE_ALIGN_LEFT};
        const game_words combo = {78, 85, 15, 0xD0F4FFE0U, PXE_ALIGN_LEFT};
        const pxe_rect bar = {26, 110, 130, 9};
        game_write(g, &times, "x%u", (unsigned)night->multiplier);
        game_write(g, &combo, "combo %u", (unsigned)night->combo);
        game_bar(g, &bar, (float)night->combo_ticks / 80, 0x60D8FFFFU);
    }
}

static void draw_lamp(game *g)
{
    const sim_fish *fish = &g->sim->fish;
    const float middle = glass_width(g) / 2;
    const float share = fish->energy / SIM_MOST_ENERGY;
    const bool alarm = share < 0.25F && g->ticks / 15 % 2 == 0;
    const game_words title = {middle, 12, 16, alarm ? 0xFF8070FFU : 0xFFE8B0FFU, PXE_ALIGN_CENTRE};
    const pxe_rect bar = {middle - 180, 34, 360, 20};
    game_write(g, &title, share < 0.25F ? "YOUR LAMP IS GOING OUT" : "LAMP");
    game_bar(g, &bar, share, share < 0.25F ? 0xFF5040FFU : share < 0.5F ? 0xFFA040FFU : 0xFFD860FFU);
    for (int i = 0; i < SIM_DASHES; ++i) {
        const float filled = fminf(fmaxf(fish->dashes - (float)i, 0), 1);
        const float x = middle + ((float)i - 1) * 26;
        game_small(g, SMALL_RING, (game_spot){x, 68, 20}, 0xA0E8FF90U);
        game_small(g, SMALL_GLOW, (game_spot){x, 68, 26 * filled}, filled >= 1 ? 0x80F0FFFFU : 0x4080A0B0U);
    }
}

static void draw_night(game *g)
{
    const sim *s = g->sim;
    const float right = glass_width(g) - 26;
    const uint32_t left_s = (SIM_DAWN_TICKS - s->tick) / SIM_TICKS_PER_S;
    const game_words title = {right, 14, 16, 0xA8D8F0FFU, PXE_ALIGN_RIGHT};
    const game_words clock = {right, 30, 40, s->heat > 0.8F ? 0xFFE0A0FFU : 0xFFFFFFFFU, PXE_ALIGN_RIGHT};
    const game_words found = {right, 80, 18, 0xFFE890FFU, PXE_ALIGN_RIGHT};
    game_write(g, &title, "TILL DAWN");
    game_write(g, &clock, "%u:%02u", (unsigned)(left_s / 60), (unsigned)(left_s % 60));
    game_write(g, &found, "species %u of %u", (unsigned)s->found_count, (unsigned)SIM_SPECIES);
}

static void draw_map(game *g)
{
    pxe_sprites *sprites = g->engine->sprites;
    const float width = 150;
    const float height = width * SIM_HEIGHT / SIM_WIDTH;
    const pxe_rect place = {glass_width(g) - width - 24, g->ui.height / g->ui.zoom - height - 24, width,
                            height};
    enum { BANDS = 12 };
    for (int i = 0; i < BANDS; ++i) {
        const paint_color water = sea_color_at(SIM_HEIGHT * ((float)i + 0.5F) / BANDS);
        const uint32_t color = (uint32_t)(water.r * 300) << 24 | (uint32_t)(water.g * 300) << 16 |
                               (uint32_t)(water.b * 300) << 8 | 0xB0U;
        const pxe_rect band = {place.x, place.y + height * (float)i / BANDS, width, height / BANDS};
        pxe_fill_rect(sprites, &band, color);
    }
    pxe_outline_rect(sprites, &place, 1.5F, 0xA0E0FF80U);
    const float scale = width / SIM_WIDTH;
    const pxe_rect view = game_view_rect(&g->camera, 0);
    const pxe_rect seen = {place.x + view.x * scale, place.y + view.y * scale, view.width * scale,
                           view.height * scale};
    pxe_outline_rect(sprites, &seen, 1, 0xFFFFFF70U);
    for (uint32_t i = 0; i < g->sim->hunter_count; ++i) {
        const sim_hunter *hunter = &g->sim->hunters[i];
        game_small(g, SMALL_SPARK, (game_spot){place.x + hunter->x * scale, place.y + hunter->y * scale, 7},
                   0xFF5040D0U);
    }
    if (g->sim->pearl_there) {
        game_small(g, SMALL_SPARK,
                   (game_spot){place.x + g->sim->pearl_x * scale, place.y + g->sim->pearl_y * scale, 16},
                   0xFFE090FFU);
    }
    game_small(g, SMALL_SPARK,
               (game_spot){place.x + g->sim->fish.x * scale, place.y + g->sim->fish.y * scale, 14},
               0x90FFFFFFU);
}

/* The numbers are read against any creature: the water behind them darkens toward the edge. */
static void draw_shade(game *g)
{
    enum { STEPS = 14, STEP_HEIGHT = 9 };
    for (uint32_t i = 0; i < STEPS; ++i) {
        const pxe_rect strip = {0, (float)(i * STEP_HEIGHT), glass_width(g), STEP_HEIGHT};
        pxe_fill_rect(g->engine->sprites, &strip, 0x02081400U | 150 * (STEPS - i) / STEPS);
    }
}

/* Where the pearl is, at the edge of the view, while it is out of it. */
static void draw_pearl_arrow(game *g)
{
    const sim *s = g->sim;
    float x = 0;
    float y = 0;
    pxe_camera_to_screen(&g->camera, s->pearl_x, s->pearl_y, &x, &y);
    x /= g->ui.zoom;
    y /= g->ui.zoom;
    const float width = glass_width(g);
    const float height = g->ui.height / g->ui.zoom;
    if (!s->pearl_there || (x > 0 && x < width && y > 0 && y < height)) {
        return;
    }
    pxe_sprite sprite = {
        .x = fminf(fmaxf(x, 46), width - 46),
        .y = fminf(fmaxf(y, 158), height - (x > width - 220 ? 170.0F : 96.0F)),
        .origin_x = 16,
        .origin_y = 16,
        .rotation = atan2f(y - height / 2, x - width / 2),
        .tint = 0xFFE090FFU,
        .scale = 1 + 0.12F * sinf((float)g->ticks * 0.15F),
    };
    if (game_picture(g, g->gallery.small[SMALL_ARROW], &sprite)) {
        game_small(g, SMALL_GLOW, (game_spot){sprite.x, sprite.y, 70}, 0xFFD87070U);
        pxe_sprites_draw(g->engine->sprites, &sprite);
        const game_words words = {sprite.x, sprite.y + 18, 14, 0xFFE8B0FFU, PXE_ALIGN_CENTRE};
        game_write(g, &words, "pearl");
    }
}

static void draw_cache_line(game *g)
{
    pxc_stats stats;
    const pxe_frame *last = pxe_profile_last(g->engine->profile);
    if (last == NULL || pxc_get_stats(g->engine->cache, &stats) != PXC_OK) {
        return;
    }
    const double finds = (double)(stats.hits + stats.misses);
    const float bottom = g->ui.height / g->ui.zoom;
    const game_words words = {26, bottom - 26, 14, 0xB8D0E8E0U, PXE_ALIGN_LEFT};
    const pxe_rect back = {16, bottom - 42, 560, 38};
    const pxe_rect meter = {26, bottom - 34, 220, 4};
    const pxe_rect used = {26, bottom - 34,
                           220 * (float)((double)stats.used_bytes / (double)stats.limit_bytes), 4};
    pxe_fill_rect(g->engine->sprites, &back, 0x02081470U);
    pxe_fill_rect(g->engine->sprites, &meter, 0x00000080U);
    pxe_fill_rect(g->engine->sprites, &used, last->evictions > 0 ? 0xF0A030FFU : 0x3FB8A6FFU);
    game_write(g, &words,
               "textures %.1f of %.0f MiB, %llu of %zu pictures | hits %.1f %% | %llu evicted | %u sprites",
               (double)stats.used_bytes / 1048576, (double)stats.limit_bytes / 1048576,
               (unsigned long long)stats.entries, g->gallery.count,
               finds > 0 ? 100 * (double)stats.hits / finds : 0.0, (unsigned long long)stats.evictions,
               (unsigned)last->sprites);
}

static void draw_banner(game *g)
{
    const game_effects *e = &g->effects;
    if (e->banner_life > 0) {
        const float life = fminf(e->banner_life * 4, 1);
        const game_words words = {glass_width(g) / 2, 112, 30, 0xFFECA000U | (uint32_t)(255 * life),
                                  PXE_ALIGN_CENTRE};
        game_write(g, &words, "%s", e->banner);
    }
}

static void draw_help(game *g)
{
    enum { SHOWN_S = 14 };
    if (g->sim->tick < SHOWN_S * SIM_TICKS_PER_S && g->sim->nights <= 2) {
        const float bottom = g->ui.height / g->ui.zoom;
        const game_words goal = {glass_width(g) / 2, bottom - 118, 24, 0xFFFFFFFFU, PXE_ALIGN_CENTRE};
        const game_words keys = {glass_width(g) / 2, bottom - 86, 17, 0xD0E8FFFFU, PXE_ALIGN_CENTRE};
        game_write(g, &goal, "Eat what glows. Flee what has teeth. Keep your lamp alight till dawn.");
        game_write(
            g, &keys,
            "arrows or WASD swim   SPACE dash   P pause   TAB book of species   F full screen   ESC title");
    }
}

/* A red rim for a moment after a bite. */
static void draw_flash(game *g)
{
    const float share = g->effects.flash;
    if (share > 0.05F) {
        const pxe_rect all = {0, 0, glass_width(g), g->ui.height / g->ui.zoom};
        for (int i = 0; i < 4; ++i) {
            pxe_outline_rect(g->engine->sprites, &all, 14 + 16 * (float)i,
                             0xFF302000U | (uint32_t)(60 * share));
        }
    }
}

void game_hud_draw(game *g)
{
    draw_flash(g);
    draw_cache_line(g);
    if (g->sim->phase != SIM_PLAYING && g->sim->phase != SIM_PAUSED) {
        return;
    }
    draw_shade(g);
    draw_score(g);
    draw_lamp(g);
    draw_night(g);
    draw_map(g);
    draw_pearl_arrow(g);
    draw_banner(g);
    draw_help(g);
}
