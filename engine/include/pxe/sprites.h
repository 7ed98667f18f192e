/* Sprites: textured quads, drawn instanced, in the order given. Sprites that follow one another with the same texture,
 * blend mode and filter go into one draw call. Thread: the context's. No allocation after create.
 *
 * A flush sets, and leaves changed: program, vertex array, GL_ARRAY_BUFFER, texture and sampler of unit 0, active
 * unit, blending, depth test, culling, and scissor test off.
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

/* {0} but for the texture draws it whole, in its own size, at (0, 0). */
typedef struct pxe_sprite {
    pxc_texture texture; /* of this frame: ask the cache or pxe_images_texture in every frame */
    float x, y;          /* world position of the origin */
    float width, height; /* world units; 0 = the source's size in pixels */
    float origin_x,
        origin_y;    /* the point of the sprite that lies at (x, y) and that it turns about, in world units
                                 from its top left corner */
    float rotation;  /* radians, clockwise on the screen */
    pxe_rect source; /* part of the image, in its pixels; of no width or no height = all of it */
    uint32_t tint;   /* 0xRRGGBBAA, straight alpha, multiplies; 0 = 0xFFFFFFFF, as it is */
    bool flip_x, flip_y; /* mirrored within its own place */
    pxe_blend blend;
    pxe_filter filter;
} pxe_sprite;

bool pxe_sprites_create(const struct GladGLContext *gl, pxe_sprites **out, pxe_error *error);
void pxe_sprites_destroy(pxe_sprites *sprites); /* NULL is fine */

/* One white pixel, the batch's own: for rectangles of one colour. It is not in the cache and stays until destroy. */
pxc_texture pxe_sprites_white(const pxe_sprites *sprites);

/* What follows is seen through this camera; what is waiting is flushed first. */
void pxe_sprites_set_camera(pxe_sprites *sprites, const pxe_camera *camera);

/* Adds a sprite to the batch. A texture without a name draws nothing. */
void pxe_sprites_draw(pxe_sprites *sprites, const pxe_sprite *sprite);

/* Draws what is waiting. Must come before pxc_frame_end; pxe_frame_end does it. */
void pxe_sprites_flush(pxe_sprites *sprites);

/* Draw calls and sprites since the last call of this function. */
void pxe_sprites_take_counts(pxe_sprites *sprites, uint32_t *draws, uint32_t *drawn);

#endif
