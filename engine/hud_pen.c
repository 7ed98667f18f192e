/* What the parts are drawn with. All of it goes through the batch: rectangles of its white texture and glyphs of the
 * cache's pages, which share a draw call. */
#include "hud.h"

#include <pxe/shapes.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

/* In the order of pxe_section; the rest is the application's. */
const uint32_t pxe_hud_shades[PXE_HUD_SHADES] = {0xE0955AFFU, 0xD8C25FFFU, 0xB488D0FFU, 0x5F9FD8FFU,
                                                 0xD9738FFFU, 0x697888FFU, 0x7DB88AFFU};
const char *const pxe_hud_shade_names[PXE_HUD_SHADES] = {"load",  "update", "insert", "draw",
                                                         "evict", "swap",   "rest"};

/* The built-in font is sharp at multiples of 8 pixels only, and as wide there as others at 13. */
pxe_hud_pen pxe_hud_pen_of(const pxe_hud *hud)
{
    enum { TEXT = 13, BUILT_IN_TEXT = 8, LINE = 16, GAP = 8, PAD = 9 };
    const float ratio = pxe_window_pixel_ratio(hud->engine->window);
    const float scale = ratio >= 1 && ratio <= 16 ? ratio : 1;
    pxe_hud_pen pen = {.sprites = hud->engine->sprites, .font = hud->font, .scale = scale};
    const bool is_built_in = pxe_font_path(hud->font) == NULL;
    pen.text_px = is_built_in ? BUILT_IN_TEXT * floorf(scale + 0.5F) : pxe_hud_px(&pen, TEXT);
    pen.line_px = pxe_hud_px(&pen, LINE);
    pen.gap_px = pxe_hud_px(&pen, GAP);
    pen.pad_px = pxe_hud_px(&pen, PAD);
    return pen;
}

void pxe_hud_fill(const pxe_hud_pen *pen, pxe_rect rect, uint32_t color)
{
    pxe_fill_rect(pen->sprites, &rect, color);
}

/* Whatever is wider than it should be ends at the panel's edge. */
void pxe_hud_panel(const pxe_hud_pen *pen, pxe_rect panel, uint32_t color)
{
    pxe_sprites_set_clip(pen->sprites, &panel);
    pxe_fill_rect(pen->sprites, &panel, color);
}

static void say(const pxe_hud_pen *pen, pxe_hud_place place, const char *words)
{
    const pxe_text text = {
        .font = pen->font,
        .x = place.x,
        .y = place.y + floorf((pen->line_px - pen->text_px) / 2),
        .size_px = pen->text_px,
        .color = place.color,
        .align = place.align,
    };
    pxe_text_draw(pen->sprites, &text, words);
}

void pxe_hud_say(const pxe_hud_pen *pen, pxe_hud_place place, const char *format, ...)
{
    char words[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    say(pen, place, words);
}

void pxe_hud_pair(const pxe_hud_pen *pen, pxe_rect row, const char *label, const char *format, ...)
{
    char words[64];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    say(pen, (pxe_hud_place){row.x, row.y, PXE_ALIGN_LEFT, PXE_HUD_DIM}, label);
    say(pen, (pxe_hud_place){row.x + row.width, row.y, PXE_ALIGN_RIGHT, PXE_HUD_BRIGHT}, words);
}

static pxe_text wrapped(const pxe_hud_pen *pen, float width_px)
{
    return (pxe_text){.font = pen->font,
                      .size_px = pen->text_px,
                      .wrap_width = width_px,
                      .line_height = pen->line_px / pen->text_px};
}

float pxe_hud_wrapped_px(const pxe_hud_pen *pen, float width_px, const char *text)
{
    const pxe_text style = wrapped(pen, width_px);
    return (float)pxe_text_measure(&style, text).lines * pen->line_px;
}

void pxe_hud_say_wrapped(const pxe_hud_pen *pen, pxe_rect place, const char *text, uint32_t color)
{
    pxe_text style = wrapped(pen, place.width);
    style.x = place.x;
    style.y = place.y + floorf((pen->line_px - pen->text_px) / 2);
    style.color = color;
    pxe_text_draw(pen->sprites, &style, text);
}

void pxe_hud_columns(const pxe_hud_pen *pen, pxe_rect graph, const pxe_hud_column *columns, uint32_t count)
{
    const float column_px = graph.width / (float)(count != 0 ? count : 1);
    for (uint32_t i = 0; i < count;) {
        const pxe_hud_column *column = &columns[i];
        uint32_t end = i + 1;
        while (end < count && columns[end].top_px == column->top_px &&
               columns[end].bottom_px == column->bottom_px && columns[end].color == column->color) {
            ++end;
        }
        const pxe_rect bar = {graph.x + (float)i * column_px, graph.y + column->top_px,
                              (float)(end - i) * column_px, column->bottom_px - column->top_px};
        pxe_fill_rect(pen->sprites, &bar, column->color);
        i = end;
    }
}
