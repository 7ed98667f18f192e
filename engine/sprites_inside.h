/* What the files of the sprite batch share: sprites.c makes instances of sprites, sprite_runs.c groups them
 * into draw calls, sprite_layers.c sorts them, sprite_flush.c draws them with a program of
 * sprite_programs.c or effect.c. */
#ifndef PXE_SPRITES_INSIDE_H
#define PXE_SPRITES_INSIDE_H

#include "batch_stream.h"
#include "shader.h"

#include <pxe/sprites.h>

#include <glad/gl.h>

#include <stdint.h>
#include <string.h>

/* Instances that wait for a flush: one more flushes. Memory that no sprite has touched costs nothing. */
enum { MAX_WAITING = 65536 };

/* Of the GPU's buffer: two full flushes. */
enum { STREAM_BYTES = 2 * MAX_WAITING * 48 };

/* Textures of one draw call; OpenGL 3.3 promises 16 units. */
enum { MAX_UNITS = 16, UNIT_CLASSES = 5 };

/* instance.kind, a number that the shader calculates with. */
enum { KIND_PART = -1, KIND_WHOLE = 0, KIND_SOLID = 1 };

typedef struct instance {
    float right[2], down[2]; /* world vectors along its upper and its left edge */
    float corner[2];         /* world position of its top left corner */
    float u0, v0, u1, v1;    /* at that corner and at the opposite one */
    uint8_t tint[4];         /* straight alpha */
    uint8_t unit;
    int8_t kind;
    uint8_t unused[2];
} instance;

_Static_assert(sizeof(instance) == 48, "the layout of shaders/sprite.vert");

/* What a program must be able to do for all the sprites of a run. More is slower, so a run gets what it
 * needs. */
enum {
    FEATURE_CLAMPED = 1, /* some sprite shows a part of its image */
    FEATURE_SOLID = 2,   /* some sprite is white without a texture, beside others that have one */
    FEATURE_TINTED = 4,  /* some sprite has a tint */
    FEATURE_SETS = 8
};

typedef struct clip_box {
    int32_t left, top, right, bottom; /* pixels of the camera's screen */
} clip_box;

/* What a draw call has one of. `id` tells states apart: equal ids, equal states. */
typedef struct batch_state {
    uint32_t id;
    uint8_t blend, filter; /* pxe_blend, pxe_filter */
    bool clipped;
    clip_box clip;
    pxe_effect *effect;
} batch_state;

typedef struct batch_texture {
    uint32_t name;
    bool is_page;        /* the image is a part of a larger texture */
    float half_texel[2]; /* in texture coordinates */
} batch_texture;

typedef struct run {
    uint32_t first, count;  /* instances */
    uint32_t first_texture; /* in run_list.textures */
    uint8_t texture_count;  /* 0 = all are solid */
    uint8_t features;
    batch_state state;
} run;

/* Finds the unit of a texture's name in the last run without a search. */
typedef struct unit_slot {
    uint32_t name, run_serial;
    uint8_t unit;
} unit_slot;

enum { UNIT_SLOTS = 256 };

typedef struct run_list {
    bool join_all; /* any two textures may share a run; otherwise pages only */
    uint32_t run_count, texture_count, instance_count;
    uint32_t serial;         /* of the last run; never used twice within 2^32 runs */
    run *runs;               /* MAX_WAITING of each: no run is without an instance, */
    batch_texture *textures; /* no texture without one either */
    unit_slot slots[UNIT_SLOTS];
    uint8_t *units; /* of each instance, unit_stride bytes apart */
    size_t unit_stride;
    uint32_t streak;     /* how many of the last run's last instances have the same texture, */
    uint8_t streak_unit; /* which is this one's */
} run_list;

typedef struct sprite_program {
    GLuint name; /* 0 = not made yet */
    GLint view, shift, half_texels;
    uint32_t camera; /* the camera that it knows, by pxe_sprites.camera_serial */
    bool failed;
} sprite_program;

/* How a shader finds the image of its sprite among several. */
typedef enum indexing { INDEX_AUTO = 0, INDEX_DYNAMIC, INDEX_SWITCH } indexing;

/* Which textures share a draw call. */
typedef enum joining { JOIN_AUTO = 0, JOIN_ALL, JOIN_PAGES } joining;

typedef struct sprite_options {
    indexing indexing;
    joining joining;
} sprite_options;

struct pxe_effect {
    sprite_program one, many; /* for runs of one texture and of up to MAX_UNITS */
};

struct pxe_sprites {
    const GladGLContext *gl;
    indexing indexing; /* never INDEX_AUTO */
    batch_stream stream;
    GLuint vertex_array, white;
    GLuint samplers[2]; /* by pxe_filter */
    pxe_shader_text shader;
    sprite_program programs[UNIT_CLASSES][FEATURE_SETS];

    pxe_camera camera;
    float view[4], shift[2]; /* world to clip space */
    float seen[4];           /* left, top, right, bottom of the world that the camera sees */
    uint32_t camera_serial;
    batch_state state; /* of what is drawn next, but for blend and filter */
    bool clip_is_empty;

    run_list runs, sorted;
    uint32_t draws, drawn; /* since pxe_sprites_take_counts */

    /* Of each waiting sprite. */
    instance *waiting;
    int16_t *layers;
    bool descends; /* some layer is below the one before */

    /* Scratch of the sort. */
    uint32_t *order, *order_before, *run_of;
    uint8_t *units;
};

/* The features that an instance needs of its program. */
static inline unsigned sprite_features(const instance *it)
{
    uint32_t tint = 0;
    memcpy(&tint, it->tint, sizeof tint);
    return (it->kind == KIND_PART ? FEATURE_CLAMPED : 0U) | (it->kind == KIND_SOLID ? FEATURE_SOLID : 0U) |
           (tint != UINT32_MAX ? FEATURE_TINTED : 0U);
}

/* sprites.c */
bool pxe_sprites_create_with(const GladGLContext *gl, const sprite_options *options, pxe_sprites **out,
                             pxe_error *error);

/* sprite_place.c. Fills in edges, corner, texture coordinates and kind (whole or part); false if the sprite
 * has no place that could be drawn. */
bool sprite_place(const pxe_sprite *sprite, instance *to);

/* sprite_runs.c: the unit of a texture in the last run, if that is known at once and the state is the same;
 * -1 = ask run_list_place, which begins a new run if it must. A name of 0 is that of solid sprites, which
 * need no unit; their texture is NULL. Then the instance is counted in, which writes its unit. */
int run_list_find(const run_list *list, uint32_t state_id, uint32_t name);
int run_list_place(run_list *list, const batch_state *state, const batch_texture *texture);
void run_list_count(run_list *list, int unit, unsigned features);
void run_list_clear(run_list *list);

/* sprite_layers.c. Fills order, units and sorted from waiting, layers and runs. */
void sprites_sort_by_layer(pxe_sprites *sprites);

/* sprite_flush.c */
bool sprite_flush_create(pxe_sprites *sprites); /* the vertex array and what it reads */
void sprite_flush_destroy(pxe_sprites *sprites);

/* sprite_programs.c */
bool sprite_programs_create(pxe_sprites *sprites, const sprite_options *options, pxe_error *error);
void sprite_programs_destroy(pxe_sprites *sprites);
int sprite_unit_class(unsigned units); /* 1, 2, 4, 8 or 16 units at most: 0 ... 4 */
sprite_program *sprite_program_for(pxe_sprites *sprites, const run *it); /* NULL = there is none */

typedef struct program_wish {
    int unit_class;
    unsigned features;
    const char *effect; /* GLSL; NULL = none */
} program_wish;
bool sprite_program_make(pxe_sprites *sprites, const program_wish *wish, sprite_program *out,
                         pxe_error *error);

#endif
