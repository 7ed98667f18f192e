/* Sprites: textured quads in the order given, tens of thousands of them from any number of images in one
 * draw call.
 *
 * Sprites that follow one another with the same blend mode, filter, clip rectangle and effect go into one
 * draw call; their textures may differ, up to 16 of them, and the cache packs small images into shared
 * pages (pxc_config.pack), so that a thousand images are one texture or a few. On software renderers only
 * pages share draw calls: there it is faster. Nothing is sorted unless layers are given. At most 65,536
 * sprites wait: one more flushes them.
 *
 * Thread: the context's. No allocation after create, but for effects.
 *
 * A flush sets, and leaves changed: program, vertex array, GL_ARRAY_BUFFER, textures and samplers of the
 * units that it uses, active unit, blending, depth test, culling, and scissor test.
 */
#ifndef PXE_SPRITES_H
#define PXE_SPRITES_H

#include <pixcache/pixcache.h>
#include <pxe/camera.h>
#include <pxe/error.h>

struct GladGLContext;

typedef struct pxe_sprites pxe_sprites;

/* All take textures whose alpha is premultiplied. Sources: SRC = the sprite, DST = what is there. */
typedef enum pxe_blend {
    PXE_BLEND_ALPHA = 0, /* SRC + DST (1 - SRC alpha) */
    PXE_BLEND_ADD,       /* SRC + DST */
    PXE_BLEND_MULTIPLY,  /* SRC DST + DST (1 - SRC alpha) */
    PXE_BLEND_SCREEN,    /* SRC + DST (1 - SRC) */
    PXE_BLEND_NONE       /* SRC */
} pxe_blend;

typedef enum pxe_filter {
    PXE_FILTER_LINEAR = 0, /* between texels, and between mip levels where there are any */
    PXE_FILTER_NEAREST
} pxe_filter;

typedef struct pxe_rect {
    float x, y, width, height;
} pxe_rect;

/* {0} but for the texture draws it whole, in its own size, at (0, 0). What has a size that is negative, or
 * a number that is NaN or infinite, draws nothing. */
typedef struct pxe_sprite {
    pxc_texture texture; /* of this frame: ask the cache or pxe_images_texture in every frame */
    float x, y;          /* world position of the origin */
    float width, height; /* world units; 0 = the source's size in pixels */
    float scale;         /* of size and origin; 0 = 1 */
    /* The point of the sprite that lies at (x, y) and that it turns about, in world units from its top left
     * corner, before scaling. */
    float origin_x, origin_y;
    float rotation; /* radians, clockwise on the screen */
    /* Part of the image, in its pixels; of no width or no height = all of it. What lies outside it is never
     * seen at its edges, whatever the filter: no seams between the cells of a sheet. For that, mip levels are
     * for whole images only. What it has outside the image is not drawn. */
    pxe_rect source;
    uint32_t tint;       /* 0xRRGGBBAA, straight alpha, multiplies; 0 = 0xFFFFFFFF, as it is */
    float fade;          /* 0 = as opaque as it is, 1 = invisible: multiplies the opacity by 1 - fade */
    bool flip_x, flip_y; /* mirrored within its own place */
    pxe_blend blend;
    pxe_filter filter;
    int16_t layer; /* what waits for one flush is drawn by ascending layers; equal ones in the order given */
} pxe_sprite;

bool pxe_sprites_create(const struct GladGLContext *gl, pxe_sprites **out, pxe_error *error);
void pxe_sprites_destroy(pxe_sprites *sprites); /* NULL is fine */

/* One white pixel, the batch's own: for shapes of one colour. It is not in the cache, stays until destroy,
 * and joins any draw call. */
pxc_texture pxe_sprites_white(const pxe_sprites *sprites);

/* What follows is seen through this camera; what is waiting is flushed first. */
void pxe_sprites_set_camera(pxe_sprites *sprites, const pxe_camera *camera);
pxe_camera pxe_sprites_camera(const pxe_sprites *sprites); /* the one that is set */

/* What follows is drawn inside this rectangle only: pixels of the camera's screen, from its top left
 * corner, rounded to whole ones. NULL = all of the screen. Beginning a frame ends it. */
void pxe_sprites_set_clip(pxe_sprites *sprites, const pxe_rect *clip);

/* Adds a sprite to the batch. A texture without a name draws nothing. */
void pxe_sprites_draw(pxe_sprites *sprites, const pxe_sprite *sprite);

/* Draws what is waiting. Must come before pxc_frame_end; pxe_frame_end does it. */
void pxe_sprites_flush(pxe_sprites *sprites);

/* Draw calls and sprites since the last call of this function. */
void pxe_sprites_take_counts(pxe_sprites *sprites, uint32_t *draws, uint32_t *drawn);

/* Draw calls and sprites that wait for the next flush. */
void pxe_sprites_waiting(const pxe_sprites *sprites, uint32_t *draws, uint32_t *waiting);

/* ---- Effects --------------------------------------------------------------------------------------------
 *
 * A fragment shader of yours for what follows. Its source is GLSL 3.30 with a function
 *
 *     vec4 effect(vec2 uv, vec4 tint)    // premultiplied result
 *
 * in which texel(uv) reads the sprite's image (premultiplied; uv as given, or moved: it stays inside the
 * image or its source rectangle), source_uv(uv) is where that is between 0 and 1 within the sprite, and
 * tint is premultiplied. Without an effect it is texel(uv) * tint. Uniforms of your own are set by name.
 */

typedef struct pxe_effect pxe_effect;

/* Names that begin with pxe_ are the engine's. Result: false with the compiler's first complaint in *error.
 * Owner: pxe_effect_destroy, before the batch's destroy. */
bool pxe_effect_create(pxe_sprites *sprites, const char *source, pxe_effect **out, pxe_error *error);
void pxe_effect_destroy(pxe_sprites *sprites, pxe_effect *effect); /* NULL is fine; flushes what is waiting */

/* A float, vec2, vec3 or vec4 for what is drawn from here on; what is waiting is flushed first. False if
 * the effect has no such uniform (compilers drop what is not used). */
bool pxe_effect_set(pxe_sprites *sprites, pxe_effect *effect, const char *uniform, const float *values,
                    int count);

/* NULL = none. Beginning a frame ends it. */
void pxe_sprites_set_effect(pxe_sprites *sprites, pxe_effect *effect);

#endif
