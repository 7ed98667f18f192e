/* The backdrop: water that darkens and changes its hue with depth, shafts of moonlight near the surface, and ridge behind
 * ridge in the haze. Every pixel follows from its place in the sea alone, so tiles meet without a seam; a tile's first and
 * last texels lie on its edges, so that what filtering shows there is the same from both sides.
 *
 * Ridges go from back to front, each veiled by water the further one looks below its edge. Their heights are computed once
 * a column of pixels.
 */
#include "sea.h"

#include "sim.h"

#include <math.h>
#include <stddef.h>

static uint32_t mix_bits(uint32_t value)
{
    value ^= value >> 16;
    value *= 0x7FEB352DU;
    value ^= value >> 15;
    value *= 0x846CA68BU;
    return value ^ value >> 16;
}

static float lattice(uint64_t seed, int x, int y)
{
    const uint32_t value =
        mix_bits((uint32_t)x * 0x9E3779B1U ^ mix_bits((uint32_t)y + (uint32_t)seed * 0x85EBCA77U));
    return (float)(value >> 8) / 16777216.0F;
}

static float ease(float t)
{
    return t * t * (3 - 2 * t);
}

float sea_noise(uint64_t seed, float x, float y)
{
    const float left = floorf(x);
    const float top = floorf(y);
    const float u = ease(x - left);
    const float v = ease(y - top);
    const int column = (int)left;
    const int row = (int)top;
    const float above = lattice(seed, column, row) * (1 - u) + lattice(seed, column + 1, row) * u;
    const float below = lattice(seed, column, row + 1) * (1 - u) + lattice(seed, column + 1, row + 1) * u;
    return above * (1 - v) + below * v;
}

float sea_ridge_y(uint64_t seed, int ridge, float x)
{
    const uint64_t own = seed * 31 + (uint64_t)ridge + 77;
    const float hills = sea_noise(own, x / 760, 0.5F) - 0.5F;
    const float rocks = sea_noise(own + 1, x / 210, 0.5F) - 0.5F;
    const float stones = sea_noise(own + 2, x / 52, 0.5F) - 0.5F;
    const float fine = sea_noise(own + 3, x / 17, 0.5F) - 0.5F;
    return 430 + 365 * (float)ridge + 330 * hills + 120 * rocks + 34 * stones + 9 * fine;
}

paint_color sea_color_at(float y)
{
    static const paint_color stops[] = {
        {0.16F, 0.46F, 0.56F, 1}, {0.07F, 0.34F, 0.46F, 1}, {0.10F, 0.25F, 0.47F, 1},
        {0.21F, 0.20F, 0.52F, 1}, {0.36F, 0.18F, 0.52F, 1}, {0.48F, 0.15F, 0.42F, 1},
        {0.36F, 0.17F, 0.30F, 1}, {0.10F, 0.30F, 0.32F, 1},
    };
    enum { COUNT = sizeof stops / sizeof *stops };
    const float at = fminf(fmaxf(y / SIM_HEIGHT, 0), 0.9999F) * (COUNT - 1);
    const int first = (int)at;
    return paint_mix(stops[first], stops[first + 1], at - (float)first);
}

static float clamp01(float value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

static paint_color brighter(paint_color color, float factor)
{
    return (paint_color){color.r * factor, color.g * factor, color.b * factor, color.a};
}

/* A point of the backdrop; ridges = their heights above and below it. */
static paint_color color_at(uint64_t seed, const float *ridges, float x, float y)
{
    const paint_color water = sea_color_at(y);
    const float haze = sea_noise(seed + 5, x / 340 + y / 900, y / 210);
    const float grain = sea_noise(seed + 6, x / 38, y / 26);
    const float shaft = sea_noise(seed + 7, x / 95 + y / 420, 0.5F) * clamp01(1 - y / 1500);
    paint_color color = brighter(water, 0.74F + 0.42F * haze + 0.75F * shaft * shaft);
    for (int ridge = 0; ridge < SEA_RIDGES; ++ridge) {
        const float below = y - ridges[ridge];
        if (below < -2 || below > 1100) {
            continue;
        }
        const float veil = expf(-fmaxf(below, 0) / 230);
        const float edge = clamp01(0.5F + below / 2.5F);
        const float rim = expf(-fmaxf(below, 0) / 7);
        const paint_color rock =
            brighter(sea_color_at(ridges[ridge]), 0.27F + 0.20F * grain * veil + 0.75F * rim * haze);
        color = paint_mix(color, rock, edge * (0.16F + 0.80F * veil));
    }
    return color;
}

void sea_paint_tile(paint_cell *cell, uint64_t seed, int column, int row)
{
    const float step = SEA_TILE / (float)(cell->width - 1);
    for (int i = 0; i < cell->width; ++i) {
        float ridges[SEA_RIDGES];
        const float x = (float)column * SEA_TILE + (float)i * step;
        for (int ridge = 0; ridge < SEA_RIDGES; ++ridge) {
            ridges[ridge] = sea_ridge_y(seed, ridge, x);
        }
        for (int j = 0; j < cell->height; ++j) {
            const float y = (float)row * SEA_TILE + (float)j * step;
            const paint_color color = color_at(seed, ridges, x, y);
            float *to = cell->rgba + ((size_t)j * (size_t)cell->width + (size_t)i) * 4;
            to[0] = color.r;
            to[1] = color.g;
            to[2] = color.b;
            to[3] = 1;
        }
    }
}
