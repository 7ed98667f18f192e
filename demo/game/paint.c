/* Shapes by their distance: a pixel's share of a shape is how far inside its edge it lies, which gives soft edges and
 * outlines for nothing. A shape visits only the pixels of its own box. Colours are straight going in and premultiplied in
 * the cell, where "over" is one multiplication and addition a channel.
 */
#include "paint.h"

#include <math.h>
#include <stdlib.h>

bool paint_begin(paint_cell *cell, int width, int height)
{
    *cell = (paint_cell){.width = width, .height = height};
    cell->rgba = calloc((size_t)width * (size_t)height * 4, sizeof *cell->rgba);
    return cell->rgba != NULL;
}

void paint_end(paint_cell *cell)
{
    free(cell->rgba);
    *cell = (paint_cell){0};
}

static float clamp01(float value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

paint_color paint_mix(paint_color from, paint_color to, float share)
{
    const float kept = 1 - share;
    return (paint_color){from.r * kept + to.r * share, from.g * kept + to.g * share,
                         from.b * kept + to.b * share, from.a * kept + to.a * share};
}

paint_color paint_alpha(paint_color color, float alpha)
{
    color.a = alpha;
    return color;
}

static float hsl_channel(float hue, float chroma, float lightness)
{
    const float turn = hue - floorf(hue);
    const float rise = clamp01(fabsf(turn * 6 - 3) - 1);
    return lightness + chroma * (rise - 0.5F);
}

paint_color paint_hsl(float hue, float saturation, float lightness)
{
    const float chroma = (1 - fabsf(2 * lightness - 1)) * saturation;
    return (paint_color){hsl_channel(hue, chroma, lightness), hsl_channel(hue - 1.0F / 3, chroma, lightness),
                         hsl_channel(hue - 2.0F / 3, chroma, lightness), 1};
}

static float ellipse_distance(const paint_shape *shape, float x, float y)
{
    const float u = x / shape->rx;
    const float v = y / shape->ry;
    const float out = sqrtf(u * u + v * v);
    const float uu = u / shape->rx;
    const float vv = v / shape->ry;
    const float slope = sqrtf(uu * uu + vv * vv);
    return slope <= 0 ? -fminf(shape->rx, shape->ry) : out * (out - 1) / slope;
}

static float limb_distance(const paint_shape *shape, float x, float y)
{
    const float along_x = shape->x2 - shape->x;
    const float along_y = shape->y2 - shape->y;
    const float square = along_x * along_x + along_y * along_y;
    const float t = square <= 0 ? 0 : clamp01((x * along_x + y * along_y) / square);
    const float dx = x - along_x * t;
    const float dy = y - along_y * t;
    return sqrtf(dx * dx + dy * dy) - (shape->rx + (shape->ry - shape->rx) * t);
}

/* x and y from the shape's (x, y), before it is turned. Negative inside. */
static float distance_of(const paint_shape *shape, float x, float y, float c, float s)
{
    if (shape->kind == PAINT_LIMB) {
        return limb_distance(shape, x, y);
    }
    const float u = x * c + y * s;
    const float v = y * c - x * s;
    if (shape->kind == PAINT_ELLIPSE) {
        return ellipse_distance(shape, u, v);
    }
    const float length = sqrtf(u * u + v * v);
    if (shape->kind == PAINT_RING) {
        return fabsf(length - shape->rx) - shape->ry;
    }
    const float wave = 1 + shape->depth * cosf((float)shape->petals * atan2f(v, u));
    return (length - shape->rx * wave) * (1 - 0.5F * shape->depth);
}

typedef struct box {
    int left, top, right, bottom; /* right and bottom are one past the last */
} box;

static box box_of(const paint_cell *cell, const paint_shape *shape, float grow)
{
    float reach = fmaxf(shape->rx, shape->ry);
    reach = shape->kind == PAINT_ROSE ? shape->rx * (1 + fabsf(shape->depth)) : reach;
    reach = shape->kind == PAINT_RING ? shape->rx + shape->ry : reach;
    const bool limb = shape->kind == PAINT_LIMB;
    const float x2 = limb ? shape->x2 : shape->x;
    const float y2 = limb ? shape->y2 : shape->y;
    const float room = reach + grow + 1;
    return (box){
        .left = (int)fmaxf(fminf(shape->x, x2) - room, 0),
        .top = (int)fmaxf(fminf(shape->y, y2) - room, 0),
        .right = (int)fminf(fmaxf(shape->x, x2) + room + 1, (float)cell->width),
        .bottom = (int)fminf(fmaxf(shape->y, y2) + room + 1, (float)cell->height),
    };
}

static void blend(float *to, const paint_color *color, float share, bool atop)
{
    const float alpha = color->a * share * (atop ? to[3] : 1);
    const float kept = 1 - color->a * share;
    to[0] = color->r * alpha + to[0] * kept;
    to[1] = color->g * alpha + to[1] * kept;
    to[2] = color->b * alpha + to[2] * kept;
    to[3] = atop ? to[3] : alpha + to[3] * kept;
}

/* The shape grown by so much. */
static void fill(paint_cell *cell, const paint_shape *shape, float grow, bool is_line)
{
    const box around = box_of(cell, shape, grow);
    const float c = cosf(shape->turn);
    const float s = sinf(shape->turn);
    const float soft = shape->soft > 0 ? shape->soft : 1;
    const bool limb = shape->kind == PAINT_LIMB;
    const float top = limb ? fminf(shape->y, shape->y2) - shape->rx : shape->y - shape->ry;
    const float height = limb ? fabsf(shape->y2 - shape->y) + 2 * shape->rx : 2 * fmaxf(shape->ry, 1);
    for (int y = around.top; y < around.bottom; ++y) {
        const float middle_y = (float)y + 0.5F;
        const float low = clamp01((middle_y - top) / height);
        const paint_color color = is_line ? shape->line : paint_mix(shape->light, shape->dark, low);
        float *row = cell->rgba + (size_t)y * (size_t)cell->width * 4;
        for (int x = around.left; x < around.right; ++x) {
            const float d = distance_of(shape, (float)x + 0.5F - shape->x, middle_y - shape->y, c, s) - grow;
            const float share = clamp01(0.5F - d / soft);
            if (share > 0) {
                blend(row + (size_t)x * 4, &color, share, shape->atop);
            }
        }
    }
}

void paint_shape_on(paint_cell *cell, const paint_shape *shape)
{
    if (shape->outline > 0) {
        fill(cell, shape, shape->outline, true);
    }
    fill(cell, shape, 0, false);
}

void paint_shapes(paint_cell *cell, const paint_shape *shapes, int count)
{
    for (int i = 0; i < count; ++i) {
        if (shapes[i].outline > 0) {
            fill(cell, &shapes[i], shapes[i].outline, true);
        }
    }
    for (int i = 0; i < count; ++i) {
        fill(cell, &shapes[i], 0, false);
    }
}

void paint_glow(paint_cell *cell, float x, float y, float radius, const paint_color *color)
{
    const paint_shape circle = {.x = x, .y = y, .rx = radius, .ry = radius};
    const box around = box_of(cell, &circle, 0);
    for (int row = around.top; row < around.bottom; ++row) {
        for (int column = around.left; column < around.right; ++column) {
            const float dx = ((float)column + 0.5F - x) / radius;
            const float dy = ((float)row + 0.5F - y) / radius;
            const float left = clamp01(1 - (dx * dx + dy * dy));
            blend(cell->rgba + ((size_t)row * (size_t)cell->width + (size_t)column) * 4, color, left * left,
                  false);
        }
    }
}

void paint_write(const paint_cell *cell, unsigned char *pixels, int row_px, int left)
{
    for (int y = 0; y < cell->height; ++y) {
        const float *from = cell->rgba + (size_t)y * (size_t)cell->width * 4;
        unsigned char *to = pixels + ((size_t)y * (size_t)row_px + (size_t)left) * 4;
        for (int i = 0; i < cell->width; ++i, from += 4, to += 4) {
            const float alpha = clamp01(from[3]);
            for (int channel = 0; channel < 3; ++channel) {
                to[channel] = (unsigned char)(fminf(fmaxf(from[channel], 0), alpha) * 255 + 0.5F);
            }
            to[3] = (unsigned char)(alpha * 255 + 0.5F);
        }
    }
}
