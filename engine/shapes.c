/* Shapes of one colour are sprites of the batch's white pixel, so they wait in its order and join its draw
 * calls.
 *
 * What would be blended twice where parts overlap is cut into parts that do not: the outline's top and bottom
 * run over the whole width, its sides between them.
 */
#include <pxe/shapes.h>

#include "edges.h"

#include <math.h>

static bool is_drawable(const pxe_rect *rect)
{
    return isfinite(rect->x) && isfinite(rect->y) && isfinite(rect->width) && isfinite(rect->height) &&
           rect->width > 0 && rect->height > 0;
}

static bool is_invisible(uint32_t color)
{
    return (color & 255) == 0; /* its tint could be 0, which a sprite takes for white */
}

void pxe_fill_rect(pxe_sprites *sprites, const pxe_rect *rect, uint32_t color)
{
    if (!is_drawable(rect) || is_invisible(color)) {
        return;
    }
    const pxe_sprite sprite = {
        .texture = pxe_sprites_white(sprites),
        .x = rect->x,
        .y = rect->y,
        .width = rect->width,
        .height = rect->height,
        .tint = color,
    };
    pxe_sprites_draw(sprites, &sprite);
}

static void fill_between(pxe_sprites *sprites, const float x[2], const float y[2], uint32_t color)
{
    const pxe_rect rect = {x[0], y[0], pxe_extent(x[0], x[1]), pxe_extent(y[0], y[1])};
    pxe_fill_rect(sprites, &rect, color);
}

void pxe_outline_rect(pxe_sprites *sprites, const pxe_rect *rect, float thickness, uint32_t color)
{
    if (!is_drawable(rect) || !isfinite(thickness) || thickness <= 0) {
        return;
    }
    if (thickness >= rect->width / 2 || thickness >= rect->height / 2) {
        pxe_fill_rect(sprites, rect, color);
        return;
    }
    const float right = rect->x + rect->width;
    const float bottom = rect->y + rect->height;
    const float x[4] = {rect->x, rect->x + thickness, right - thickness, right};
    const float y[4] = {rect->y, rect->y + thickness, bottom - thickness, bottom};
    fill_between(sprites, (const float[]){x[0], x[3]}, y, color);
    fill_between(sprites, (const float[]){x[0], x[3]}, y + 2, color);
    fill_between(sprites, x, y + 1, color);
    fill_between(sprites, x + 2, y + 1, color);
}

// NOLINTNEXTLINE(readability-function-size): two points, a thickness and a colour are the shape
void pxe_draw_line(pxe_sprites *sprites, float x0, float y0, float x1, float y1, float thickness,
                   uint32_t color)
{
    const double across = (double)x1 - (double)x0; /* doubles: what is far apart must not be infinite */
    const double down = (double)y1 - (double)y0;
    const float length = (float)hypot(across, down);
    if (!isfinite(x0) || !isfinite(y0) || !isfinite(length) || !isfinite(thickness) || length <= 0 ||
        thickness <= 0 || is_invisible(color)) {
        return;
    }
    const pxe_sprite sprite = {
        .texture = pxe_sprites_white(sprites),
        .x = x0,
        .y = y0,
        .width = length,
        .height = thickness,
        .origin_y = thickness / 2,
        .rotation = (float)atan2(down, across),
        .tint = color,
    };
    pxe_sprites_draw(sprites, &sprite);
}
