/* Where a sprite lies and what of its texture it shows: fields of pxe_sprite to those of an instance.
 *
 * The corner and two edges as vectors are all that the GPU is given, so that it needs no sine, and the CPU
 * only for what is turned. Sizes come from the sprite, else from the source rectangle, else from the image.
 * What a source rectangle has outside of its image is cut off, with as much of the sprite: on a page other
 * images lie there.
 *
 * Numbers that are NaN or infinite are not looked for one by one: they spread into the results, which are
 * checked at once.
 */
#include "sprites_inside.h"

#include <math.h>

static void swap_floats(float *a, float *b)
{
    const float kept = *a;
    *a = *b;
    *b = kept;
}

/* Where a sprite lies before it is turned: from the origin, scaled; and what of the image it shows. */
typedef struct placing {
    float left, top, width, height;
    pxe_rect source; /* pixels of the image */
    bool is_part;
} placing;

/* Leaves out what the source has outside the image, which may be another image's: along one axis, from
 * `start` on over `length` pixels of `side`, shown from `left` on over `size`. */
static void crop(float side, bool flip, float source[2], float shown[2])
{
    const float scale = shown[1] / source[1];
    const float before = fmaxf(0, -source[0]);
    const float after = fmaxf(0, source[0] + source[1] - side);
    source[0] += before;
    source[1] -= before + after;
    shown[0] += (flip ? after : before) * scale;
    shown[1] -= (before + after) * scale;
}

static void set_part(const pxe_sprite *sprite, placing *at)
{
    const float width = (float)sprite->texture.width;
    const float height = (float)sprite->texture.height;
    const pxe_rect *source = &sprite->source;
    at->source = *source;
    if (source->x < 0 || source->x + source->width > width) {
        float part[2] = {source->x, source->width};
        float shown[2] = {at->left, at->width};
        crop(width, sprite->flip_x, part, shown);
        at->source.x = part[0], at->source.width = part[1];
        at->left = shown[0], at->width = shown[1];
    }
    if (source->y < 0 || source->y + source->height > height) {
        float part[2] = {source->y, source->height};
        float shown[2] = {at->top, at->height};
        crop(height, sprite->flip_y, part, shown);
        at->source.y = part[0], at->source.height = part[1];
        at->top = shown[0], at->height = shown[1];
    }
    at->is_part = at->source.x != 0 || at->source.y != 0 || at->source.width != width ||
                  at->source.height != height; /* NaN is a part too, and found out later */
}

/* Sets texture coordinates: those of the image, or of a part of it. */
static void set_source(const pxe_sprite *sprite, const placing *at, instance *to)
{
    const pxc_texture *texture = &sprite->texture;
    to->u0 = texture->u0;
    to->v0 = texture->v0;
    to->u1 = texture->u1;
    to->v1 = texture->v1;
    if (at->is_part) {
        const float u_per_px = (texture->u1 - texture->u0) / (float)texture->width;
        const float v_per_px = (texture->v1 - texture->v0) / (float)texture->height;
        to->u0 = texture->u0 + at->source.x * u_per_px;
        to->v0 = texture->v0 + at->source.y * v_per_px;
        to->u1 = texture->u0 + (at->source.x + at->source.width) * u_per_px;
        to->v1 = texture->v0 + (at->source.y + at->source.height) * v_per_px;
    }
    if (sprite->flip_x) {
        swap_floats(&to->u0, &to->u1);
    }
    if (sprite->flip_y) {
        swap_floats(&to->v0, &to->v1);
    }
}

static void set_corners(const pxe_sprite *sprite, const placing *at, instance *to)
{
    if (sprite->rotation == 0) {
        to->right[0] = at->width;
        to->right[1] = 0;
        to->down[0] = 0;
        to->down[1] = at->height;
        to->corner[0] = sprite->x + at->left;
        to->corner[1] = sprite->y + at->top;
    } else {
        const float c = cosf(sprite->rotation);
        const float s = sinf(sprite->rotation);
        to->right[0] = c * at->width;
        to->right[1] = s * at->width;
        to->down[0] = -s * at->height;
        to->down[1] = c * at->height;
        to->corner[0] = sprite->x + c * at->left - s * at->top;
        to->corner[1] = sprite->y + s * at->left + c * at->top;
    }
}

/* A number times 0 is 0, unless it is NaN or infinite. */
static bool is_finite(const instance *it)
{
    return it->right[0] * 0 + it->right[1] * 0 + it->down[0] * 0 + it->down[1] * 0 + it->corner[0] * 0 +
               it->corner[1] * 0 + it->u0 * 0 + it->v0 * 0 + it->u1 * 0 + it->v1 * 0 ==
           0;
}

bool sprite_place(const pxe_sprite *sprite, instance *to)
{
    placing at = {.width = sprite->width, .height = sprite->height};
    const bool has_source = sprite->source.width != 0 && sprite->source.height != 0;
    if (at.width == 0) {
        at.width = has_source ? sprite->source.width : (float)sprite->texture.width;
    }
    if (at.height == 0) {
        at.height = has_source ? sprite->source.height : (float)sprite->texture.height;
    }
    const float scale = sprite->scale == 0 ? 1 : sprite->scale;
    at.width *= scale;
    at.height *= scale;
    at.left = -sprite->origin_x * scale;
    at.top = -sprite->origin_y * scale;
    if (has_source) {
        if (!(sprite->source.width > 0 && sprite->source.height > 0)) {
            return false;
        }
        set_part(sprite, &at);
    }
    if (!(scale > 0 && at.width > 0 && at.height > 0)) {
        return false;
    }
    set_source(sprite, &at, to);
    set_corners(sprite, &at, to);
    to->kind = at.is_part ? KIND_PART : KIND_WHOLE;
    return is_finite(to);
}
