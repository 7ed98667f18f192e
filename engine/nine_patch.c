/* A nine-patch is up to nine sprites between four edges each way, in the image and in the world:
 *
 *     0   left            right   3        the corners between 0 and 1, and between 2 and 3, keep their size,
 *     +----+----------------+----+         what is between 1 and 2 stretches
 *     |    |                |    |
 *
 * The edges are computed once, and neighbours take theirs from the same place, so nothing shows between them.
 * Parts of no size, in the image or in the world, are left out.
 */
#include <pxe/shapes.h>

#include "edges.h"

#include <math.h>

/* Where the four edges lie, one way. */
typedef struct edges {
    float image[4], world[4];
} edges;

static bool is_finite_rect(const pxe_rect *rect)
{
    return isfinite(rect->x) && isfinite(rect->y) && isfinite(rect->width) && isfinite(rect->height);
}

static bool is_size(float value)
{
    return isfinite(value) && value >= 0; /* not: a NaN */
}

static bool is_drawable(const pxe_nine_patch *patch, const pxe_rect *source, const pxe_rect *rect)
{
    return patch->texture.name != 0 && is_finite_rect(source) && is_finite_rect(rect) && source->width > 0 &&
           source->height > 0 && rect->width > 0 && rect->height > 0 && is_size(patch->left) &&
           is_size(patch->top) && is_size(patch->right) && is_size(patch->bottom) && is_size(patch->scale);
}

/* How much two corners must shrink to fit in a length; at most 1. */
static float fitting(float first, float second, float length)
{
    return first + second > length ? length / (first + second) : 1;
}

/* From edges 0 and 3 and the lengths of the corners. Corners that meet do so exactly. */
static void set_edges(float edge[4], float start, float length, const float corners[2])
{
    edge[0] = start;
    edge[1] = start + corners[0];
    edge[3] = start + length;
    edge[2] = fmaxf(edge[3] - corners[1], edge[1]);
}

static edges edges_of(const float source[2], const float target[2], const float corners[2], float scale)
{
    edges out = {0};
    const float shrink = fitting(corners[0], corners[1], source[1]);
    const float in_image[2] = {corners[0] * shrink, corners[1] * shrink};
    const float in_world[2] = {corners[0] * scale, corners[1] * scale};
    set_edges(out.image, source[0], source[1], in_image);
    set_edges(out.world, target[0], target[1], in_world);
    return out;
}

/* The part in one of three columns and one of three rows. */
static void draw_part(pxe_sprites *sprites, const pxe_nine_patch *patch, const edges *x, const edges *y)
{
    const pxe_sprite sprite = {
        .texture = patch->texture,
        .x = x->world[0],
        .y = y->world[0],
        .width = pxe_extent(x->world[0], x->world[1]),
        .height = pxe_extent(y->world[0], y->world[1]),
        .source = {x->image[0], y->image[0], x->image[1] - x->image[0], y->image[1] - y->image[0]},
        .tint = patch->tint,
        .blend = patch->blend,
        .filter = patch->filter,
        .layer = patch->layer,
    };
    if (sprite.width > 0 && sprite.height > 0 && sprite.source.width > 0 && sprite.source.height > 0) {
        pxe_sprites_draw(sprites, &sprite);
    }
}

static edges part_of(const edges *all, int i)
{
    return (edges){{all->image[i], all->image[i + 1]}, {all->world[i], all->world[i + 1]}};
}

void pxe_draw_nine_patch(pxe_sprites *sprites, const pxe_nine_patch *patch, const pxe_rect *rect)
{
    pxe_rect source = patch->source;
    if (source.width == 0 || source.height == 0) {
        source = (pxe_rect){0, 0, (float)patch->texture.width, (float)patch->texture.height};
    }
    if (!is_drawable(patch, &source, rect)) {
        return;
    }
    /* Both ways by the same factor, so that corners keep their shape. */
    float scale = patch->scale == 0 ? 1 : patch->scale;
    scale *= fminf(fitting(patch->left * scale, patch->right * scale, rect->width),
                   fitting(patch->top * scale, patch->bottom * scale, rect->height));
    const edges x = edges_of((const float[]){source.x, source.width}, (const float[]){rect->x, rect->width},
                             (const float[]){patch->left, patch->right}, scale);
    const edges y = edges_of((const float[]){source.y, source.height}, (const float[]){rect->y, rect->height},
                             (const float[]){patch->top, patch->bottom}, scale);
    for (int row = 0; row < 3; ++row) {
        const edges down = part_of(&y, row);
        for (int column = 0; column < 3; ++column) {
            const edges across = part_of(&x, column);
            draw_part(sprites, patch, &across, &down);
        }
    }
}
