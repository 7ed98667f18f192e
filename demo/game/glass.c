/* What is drawn on the glass before the sea, and a few drawings that the sea shares: words with a shadow, panels of nine
 * patches, bars whose filling is cut by a clip rectangle, lights.
 */
#include "game.h"

#include <pxe/shapes.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

float game_write(game *g, const game_words *words, const char *format, ...)
{
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (g->font == NULL) {
        return 0;
    }
    pxe_text text = {
        .font = g->font,
        .x = words->x + fmaxf(words->size * 0.06F, 1),
        .y = words->y + fmaxf(words->size * 0.06F, 1),
        .size_px = words->size,
        .color = 0x00061400U | ((words->color & 0xFFU) * 3 / 4),
        .align = words->align,
    };
    if ((text.color & 0xFFU) == 0) {
        return 0;
    }
    pxe_text_draw(g->engine->sprites, &text, line);
    text.x = words->x;
    text.y = words->y;
    text.color = words->color;
    return pxe_text_draw(g->engine->sprites, &text, line).width;
}

void game_panel(game *g, const pxe_rect *place)
{
    pxe_sprite whole = {.fade = 0};
    if (!game_picture(g, g->gallery.small[SMALL_PANEL], &whole)) {
        pxe_fill_rect(g->engine->sprites, place, 0x0A1428E0U);
        return;
    }
    const pxe_nine_patch patch = {.texture = whole.texture, .left = 18, .top = 18, .right = 18, .bottom = 18};
    pxe_draw_nine_patch(g->engine->sprites, &patch, place);
}

/* The filling is drawn whole and clipped, so that its round end stays where the bar ends. */
void game_bar(game *g, const pxe_rect *place, float share, uint32_t color)
{
    pxe_sprites *sprites = g->engine->sprites;
    const float zoom = g->ui.zoom;
    const pxe_rect inner = {place->x + 3, place->y + 3, place->width - 6, place->height - 6};
    const pxe_rect clip = {inner.x * zoom, inner.y * zoom, inner.width * fminf(fmaxf(share, 0), 1) * zoom,
                           inner.height * zoom};
    pxe_fill_rect(sprites, place, 0x02081490U);
    pxe_outline_rect(sprites, place, 1.5F, 0xA0E0FF70U);
    pxe_sprites_set_clip(sprites, &clip);
    pxe_fill_rect(sprites, &inner, color);
    const pxe_rect shine = {inner.x, inner.y, inner.width, inner.height * 0.4F};
    pxe_fill_rect(sprites, &shine, 0xFFFFFF48U);
    for (int i = 1; i < 10; ++i) {
        const float x = inner.x + inner.width * (float)i / 10;
        pxe_draw_line(sprites, x, inner.y, x, inner.y + inner.height, 1.5F, 0x00000038U);
    }
    pxe_sprites_set_clip(sprites, NULL);
}

void game_small(game *g, small_picture which, game_spot spot, uint32_t color)
{
    pxe_sprite sprite = {
        .x = spot.x,
        .y = spot.y,
        .width = spot.size,
        .height = spot.size,
        .origin_x = spot.size / 2,
        .origin_y = spot.size / 2,
        .tint = color,
        .blend = PXE_BLEND_ADD,
    };
    if (spot.size > 0 && game_picture(g, g->gallery.small[which], &sprite)) {
        pxe_sprites_draw(g->engine->sprites, &sprite);
    }
}
