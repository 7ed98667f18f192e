/* Title, pause, the end of a night, and the book of species: pages of pictures, those not found yet dim. The book
 * has more pictures than the cache may hold: its pages are painted as they are turned.
 */
#include "game.h"

#include <pxe/shapes.h>

#include <math.h>

static float glass_width(const game *g)
{
    return g->ui.width / g->ui.zoom;
}

static float glass_height(const game *g)
{
    return g->ui.height / g->ui.zoom;
}

static void veil(game *g, uint32_t color)
{
    const pxe_rect all = {0, 0, glass_width(g), glass_height(g)};
    pxe_fill_rect(g->engine->sprites, &all, color);
}

static void centred(game *g, float y, float size, uint32_t color, const char *text)
{
    const game_words words = {glass_width(g) / 2, y, size, color, PXE_ALIGN_CENTRE};
    game_write(g, &words, "%s", text);
}

static void draw_species(game *g, uint32_t species, const pxe_rect *place, uint32_t tint)
{
    pxe_sprite sprite = {
        .x = place->x, .y = place->y, .width = place->width, .height = place->height, .tint = tint};
    const double seconds = (double)g->ticks / SIM_TICKS_PER_S + species * 0.37;
    if (game_frame_of(g, g->gallery.species[species], ART_CREATURE_PX, seconds, &sprite)) {
        pxe_sprites_draw(g->engine->sprites, &sprite);
    }
}

/* Creatures that swim past in a wave, each species in its turn. */
static void draw_parade(game *g, float y)
{
    enum { SHOWN = 19 };
    const float step = glass_width(g) / (SHOWN - 3);
    const float travelled = (float)g->ticks * 1.4F;
    const int first = (int)(travelled / step);
    for (int i = 0; i < SHOWN; ++i) {
        const uint32_t species = (uint32_t)((first + i) * 37) % SIM_SPECIES;
        const float x = step * (float)(first + i) - travelled - step;
        const float wave = 22 * sinf(x * 0.008F + (float)g->ticks * 0.03F);
        const pxe_rect place = {x, y + wave, 64, 64};
        draw_species(g, species, &place, 0xFFFFFFFFU);
    }
}

static void draw_title(game *g)
{
    const float middle = glass_width(g) / 2;
    const float y = glass_height(g) * 0.19F;
    veil(g, 0x02081878U);
    game_small(g, SMALL_GLOW, (game_spot){middle, y + 62, 820}, 0x40B0FF48U);
    game_small(g, SMALL_GLOW, (game_spot){middle, y + 62, 420}, 0xFFE8A038U);
    centred(g, y, 116, 0xFFF6D0FFU, "GLIMMER");
    centred(g, y + 128, 25, 0xC8ECFFFFU, "a small fish, a long night, two thousand and forty-eight species");
    draw_parade(g, y + 186);
    const pxe_rect panel = {middle - 330, y + 292, 660, 158};
    game_panel(g, &panel);
    centred(g, y + 310, 22, 0xFFFFFFFFU, "Eat what glows. Flee what has teeth.");
    centred(g, y + 340, 22, 0xFFFFFFFFU, "Keep your lamp alight till dawn, five minutes from now.");
    centred(g, y + 378, 16, 0xB8DCF4FFU,
            "arrows or WASD swim     SPACE dash: nothing can bite you     P pause");
    centred(g, y + 402, 16, 0xB8DCF4FFU,
            "TAB book of species     F full screen     ESC quit     or a controller");
    if (g->ticks / 30 % 2 == 0) {
        centred(g, y + 472, 30, 0xFFE890FFU, "press SPACE");
    }
    if (g->sim->high_score > 0) {
        const game_words words = {middle, y + 514, 18, 0xD0E8FFFFU, PXE_ALIGN_CENTRE};
        game_write(g, &words, "best %u     species found %u", (unsigned)g->sim->high_score,
                   (unsigned)g->sim->found_count);
    }
}

static void draw_pause(game *g)
{
    const float middle = glass_width(g) / 2;
    const float y = glass_height(g) / 2 - 110;
    const pxe_rect panel = {middle - 260, y, 520, 214};
    veil(g, 0x02081890U);
    game_panel(g, &panel);
    centred(g, y + 22, 54, 0xFFF6D0FFU, "Paused");
    centred(g, y + 98, 20, 0xFFFFFFFFU, "P or SPACE goes on");
    centred(g, y + 128, 17, 0xB8DCF4FFU, "arrows or WASD swim     SPACE dash     TAB book");
    centred(g, y + 156, 17, 0xB8DCF4FFU, "F full screen     ESC back to the title");
}

typedef struct result {
    const char *name;
    unsigned value;
} result;

static void draw_over(game *g)
{
    const sim *s = g->sim;
    const sim_night *night = &s->night;
    const float middle = glass_width(g) / 2;
    const float y = glass_height(g) / 2 - 250;
    const pxe_rect panel = {middle - 300, y, 600, 400};
    const result results[] = {
        {"creatures eaten", night->eaten},
        {"species found tonight", night->found_now},
        {"krill swallowed", night->krill_eaten},
        {"longest combo", night->best_combo},
        {"pearls", night->pearls},
        {"dashed through hunters", night->brushes},
        {"bites", night->bites},
    };
    veil(g, s->dawned ? 0xFFC07030U : 0x020410A8U);
    game_panel(g, &panel);
    centred(g, y + 20, 50, s->dawned ? 0xFFE8A0FFU : 0xFF9C88FFU,
            s->dawned ? "Dawn! You made it." : "Your lamp went out.");
    const game_words score = {middle, y + 84, 46, 0xFFFFFFFFU, PXE_ALIGN_CENTRE};
    game_write(g, &score, "%u", (unsigned)night->score);
    const bool is_best = night->score == s->high_score && night->score > 0;
    centred(g, y + 138, 18, is_best ? 0xFFE890FFU : 0xB8DCF4FFU, is_best ? "the best so far" : "points");
    for (int i = 0; i < (int)(sizeof results / sizeof *results); ++i) {
        const float row = y + 172 + 27 * (float)i;
        const game_words name = {middle - 210, row, 18, 0xB8DCF4FFU, PXE_ALIGN_LEFT};
        const game_words value = {middle + 210, row, 18, 0xFFFFFFFFU, PXE_ALIGN_RIGHT};
        game_write(g, &name, "%s", results[i].name);
        game_write(g, &value, "%u", results[i].value);
    }
    centred(g, y + 364, 20, 0xFFE890FFU, "SPACE: another night      TAB: book of species");
    draw_parade(g, y + 424);
}

static void draw_book(game *g)
{
    const float cell =
        fminf(glass_width(g) / (GAME_PAGE_COLUMNS + 1), glass_height(g) / (GAME_PAGE_ROWS + 2));
    const float left = glass_width(g) / 2 - cell * GAME_PAGE_COLUMNS / 2;
    const float top = glass_height(g) / 2 - cell * GAME_PAGE_ROWS / 2 + 14;
    const pxe_rect panel = {left - 26, top - 72, cell * GAME_PAGE_COLUMNS + 52, cell * GAME_PAGE_ROWS + 124};
    veil(g, 0x020818A0U);
    game_panel(g, &panel);
    const game_words title = {left, top - 52, 28, 0xFFF6D0FFU, PXE_ALIGN_LEFT};
    const game_words page = {left + cell * GAME_PAGE_COLUMNS, top - 48, 20, 0xB8DCF4FFU, PXE_ALIGN_RIGHT};
    game_write(g, &title, "Book of species: %u of %u found", (unsigned)g->sim->found_count,
               (unsigned)SIM_SPECIES);
    game_write(g, &page, "page %d of %d", g->page + 1, (int)GAME_PAGES);
    for (int i = 0; i < GAME_PAGE; ++i) {
        const uint32_t species = (uint32_t)(g->page * GAME_PAGE + i);
        const int row = i / GAME_PAGE_COLUMNS;
        const int column = i % GAME_PAGE_COLUMNS;
        if (species < SIM_SPECIES) {
            const pxe_rect place = {left + cell * (float)column, top + cell * (float)row, cell, cell};
            draw_species(g, species, &place, g->sim->found[species] ? 0xFFFFFFFFU : 0x788CB0B0U);
        }
    }
    centred(g, top + cell * GAME_PAGE_ROWS + 12, 17, 0xB8DCF4FFU,
            "left and right turn the page     TAB closes the book");
}

void game_screens_draw(game *g)
{
    if (g->page >= 0) {
        draw_book(g);
        return;
    }
    switch (g->sim->phase) {
    case SIM_TITLE:
        draw_title(g);
        break;
    case SIM_PAUSED:
        draw_pause(g);
        break;
    case SIM_OVER:
        draw_over(g);
        break;
    default:
        break;
    }
}
