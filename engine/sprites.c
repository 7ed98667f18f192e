/* The sprite batch: sprites become instances of 48 bytes, instances are grouped into runs, a run is one
 * draw call.
 *
 *   pxe_sprites_draw    asks sprite_place.c where the corners lie and which part of which texture they show;
 *                       a sprite off the screen ends there. Then it appends the instance and finds its
 *                       texture's unit in the last run (sprite_runs.c)
 *   pxe_sprites_flush   sorts by layer if it must (sprite_layers.c), copies the instances to the GPU and draws
 *                       the runs (sprite_flush.c), each with a program that can do what it needs
 *                       (sprite_programs.c)
 *
 * The arrays have a fixed size, as long as a sprite needs: a full one is flushed, which costs a draw call
 * and keeps the order. They are in ordinary memory and are copied to the GPU's, because sorting reads them,
 * and because what a driver maps may be slow to read.
 */
#include "sprites_inside.h"

#include <math.h>
#include <stdlib.h>

static void create_samplers(pxe_sprites *sprites)
{
    const GladGLContext *gl = sprites->gl;
    gl->GenSamplers(2, sprites->samplers);
    for (int i = 0; i < 2; ++i) {
        const bool nearest = i == PXE_FILTER_NEAREST;
        gl->SamplerParameteri(sprites->samplers[i], GL_TEXTURE_MIN_FILTER,
                              nearest ? GL_NEAREST : GL_LINEAR_MIPMAP_LINEAR);
        gl->SamplerParameteri(sprites->samplers[i], GL_TEXTURE_MAG_FILTER, nearest ? GL_NEAREST : GL_LINEAR);
        gl->SamplerParameteri(sprites->samplers[i], GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
        gl->SamplerParameteri(sprites->samplers[i], GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    }
}

static void create_white(pxe_sprites *sprites)
{
    static const GLubyte pixel[4] = {255, 255, 255, 255};
    const GladGLContext *gl = sprites->gl;
    gl->GenTextures(1, &sprites->white);
    gl->BindTexture(GL_TEXTURE_2D, sprites->white);
    gl->TexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, 1, 1, 0, GL_RGBA, GL_UNSIGNED_BYTE, pixel);
    gl->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
}

pxc_texture pxe_sprites_white(const pxe_sprites *sprites)
{
    return (pxc_texture){.name = sprites->white, .width = 1, .height = 1, .cost = 4, .u1 = 1, .v1 = 1};
}

static bool allocate_list(run_list *list)
{
    list->runs = calloc(MAX_WAITING, sizeof *list->runs);
    list->textures = calloc(MAX_WAITING, sizeof *list->textures);
    return list->runs != NULL && list->textures != NULL;
}

/* False, with what there is to be freed by pxe_sprites_destroy. */
static bool allocate(pxe_sprites *sprites)
{
    sprites->waiting = calloc(MAX_WAITING, sizeof *sprites->waiting);
    sprites->layers = calloc(MAX_WAITING, sizeof *sprites->layers);
    sprites->order = calloc(MAX_WAITING, sizeof *sprites->order);
    sprites->order_before = calloc(MAX_WAITING, sizeof *sprites->order_before);
    sprites->run_of = calloc(MAX_WAITING, sizeof *sprites->run_of);
    sprites->units = calloc(MAX_WAITING, sizeof *sprites->units);
    if (sprites->waiting == NULL || sprites->layers == NULL || sprites->order == NULL ||
        sprites->order_before == NULL || sprites->run_of == NULL || sprites->units == NULL) {
        return false;
    }
    sprites->runs.units = &sprites->waiting[0].unit;
    sprites->runs.unit_stride = sizeof *sprites->waiting;
    sprites->sorted.units = sprites->units;
    sprites->sorted.unit_stride = 1;
    return allocate_list(&sprites->runs) && allocate_list(&sprites->sorted);
}

static void forget_errors(const GladGLContext *gl)
{
    for (int i = 0; i < 16 && gl->GetError() != GL_NO_ERROR; ++i) {
        /* errors from before are not blamed on the batch */
    }
}

bool pxe_sprites_create_with(const GladGLContext *gl, const sprite_options *options, pxe_sprites **out,
                             pxe_error *error)
{
    *out = NULL;
    pxe_sprites *sprites = calloc(1, sizeof *sprites);
    if (sprites == NULL) {
        return pxe_fail(error, "no memory for the sprite batch");
    }
    sprites->gl = gl;
    if (!allocate(sprites)) {
        pxe_fail(error, "no memory for the sprite batch");
        goto fail;
    }
    if (!sprite_programs_create(sprites, options, error)) {
        goto fail;
    }
    forget_errors(gl);
    create_samplers(sprites);
    create_white(sprites);
    if (!sprite_flush_create(sprites) || gl->GetError() != GL_NO_ERROR) {
        pxe_fail(error, "the GPU has no room for the sprite batch");
        goto fail;
    }
    *out = sprites;
    return true;
fail:
    pxe_sprites_destroy(sprites);
    return false;
}

bool pxe_sprites_create(const GladGLContext *gl, pxe_sprites **out, pxe_error *error)
{
    return pxe_sprites_create_with(gl, &(sprite_options){0}, out, error);
}

static void free_list(run_list *list)
{
    free(list->runs);
    free(list->textures);
}

void pxe_sprites_destroy(pxe_sprites *sprites)
{
    if (sprites == NULL) {
        return;
    }
    sprite_flush_destroy(sprites);
    sprites->gl->DeleteTextures(1, &sprites->white);
    sprites->gl->DeleteSamplers(2, sprites->samplers);
    sprite_programs_destroy(sprites);
    free_list(&sprites->runs);
    free_list(&sprites->sorted);
    free(sprites->waiting);
    free(sprites->layers);
    free(sprites->order);
    free(sprites->order_before);
    free(sprites->run_of);
    free(sprites->units);
    free(sprites);
}

/* The box of the world that the camera sees, a pixel larger, so that rounding hides nothing. */
static void set_seen(pxe_sprites *sprites, const pxe_camera *camera)
{
    float *seen = sprites->seen;
    seen[0] = seen[1] = INFINITY;
    seen[2] = seen[3] = -INFINITY;
    for (int i = 0; i < 4; ++i) {
        const float screen_x = i % 2 == 0 ? -1 : camera->width + 1;
        const float screen_y = i / 2 == 0 ? -1 : camera->height + 1;
        float x = 0;
        float y = 0;
        pxe_camera_to_world(camera, screen_x, screen_y, &x, &y);
        seen[0] = fminf(seen[0], x);
        seen[1] = fminf(seen[1], y);
        seen[2] = fmaxf(seen[2], x);
        seen[3] = fmaxf(seen[3], y);
    }
}

void pxe_sprites_set_camera(pxe_sprites *sprites, const pxe_camera *camera)
{
    float matrix[16];
    pxe_sprites_flush(sprites);
    sprites->camera = *camera;
    ++sprites->camera_serial;
    pxe_camera_matrix(camera, matrix);
    sprites->view[0] = matrix[0];
    sprites->view[1] = matrix[1];
    sprites->view[2] = matrix[4];
    sprites->view[3] = matrix[5];
    sprites->shift[0] = matrix[12];
    sprites->shift[1] = matrix[13];
    set_seen(sprites, camera);
}

pxe_camera pxe_sprites_camera(const pxe_sprites *sprites)
{
    return sprites->camera;
}

/* Ids count on in steps that leave room for the blend mode and the filter of each sprite. */
static void change_state(pxe_sprites *sprites)
{
    sprites->state.id = (sprites->state.id | 255U) + 1;
}

/* Screens are smaller than this, and sums of it fit an int. */
static int32_t whole_px(float value)
{
    return (int32_t)lrintf(fmaxf(-1e6F, fminf(value, 1e6F)));
}

void pxe_sprites_set_clip(pxe_sprites *sprites, const pxe_rect *clip)
{
    batch_state *state = &sprites->state;
    clip_box box = {0};
    if (clip != NULL && clip->width > 0 && clip->height > 0 && isfinite(clip->x) && isfinite(clip->y)) {
        box = (clip_box){whole_px(clip->x), whole_px(clip->y), whole_px(clip->x + clip->width),
                         whole_px(clip->y + clip->height)};
    }
    sprites->clip_is_empty = clip != NULL && (box.left >= box.right || box.top >= box.bottom);
    const bool clipped = clip != NULL;
    if (clipped != state->clipped || box.left != state->clip.left || box.top != state->clip.top ||
        box.right != state->clip.right || box.bottom != state->clip.bottom) {
        change_state(sprites);
        state->clipped = clipped;
        state->clip = box;
    }
}

void pxe_sprites_set_effect(pxe_sprites *sprites, pxe_effect *effect)
{
    if (effect != sprites->state.effect) {
        change_state(sprites);
        sprites->state.effect = effect;
    }
}

/* Not fminf and fmaxf, which are calls: a third of what drawing a sprite took. */
static float lower(float a, float b)
{
    return a < b ? a : b;
}

static float higher(float a, float b)
{
    return a > b ? a : b;
}

/* Sprites off the screen would cost the GPU, or llvmpipe, as much as the corners of others, ten times this
 * test. */
static bool is_seen(const pxe_sprites *sprites, const instance *it)
{
    const float *seen = sprites->seen;
    const float left = it->corner[0] + lower(0, it->right[0]) + lower(0, it->down[0]);
    const float top = it->corner[1] + lower(0, it->right[1]) + lower(0, it->down[1]);
    const float right = it->corner[0] + higher(0, it->right[0]) + higher(0, it->down[0]);
    const float bottom = it->corner[1] + higher(0, it->right[1]) + higher(0, it->down[1]);
    return right >= seen[0] && left <= seen[2] && bottom >= seen[1] && top <= seen[3];
}

/* The tint with what fading leaves of its alpha. */
static uint32_t tint_of(const pxe_sprite *sprite)
{
    const uint32_t tint = sprite->tint == 0 ? UINT32_MAX : sprite->tint;
    if (sprite->fade == 0) {
        return tint;
    }
    const float opacity = 1 - fmaxf(0, fminf(sprite->fade, 1));
    return (tint & 0xFFFFFF00U) | (uint32_t)lrintf((float)(tint & 255) * opacity);
}

static int unit_of(pxe_sprites *sprites, const pxe_sprite *sprite, bool is_solid)
{
    const pxc_texture *texture = &sprite->texture;
    const int known = run_list_find(&sprites->runs, sprites->state.id, is_solid ? 0 : texture->name);
    if (known >= 0) {
        return known;
    }
    const float width = texture->width > 0 ? (float)texture->width : 1;
    const float height = texture->height > 0 ? (float)texture->height : 1;
    const batch_texture described = {
        .name = texture->name,
        .is_page = texture->u0 != 0 || texture->v0 != 0 || texture->u1 != 1 || texture->v1 != 1,
        .half_texel = {fabsf(texture->u1 - texture->u0) / width / 2,
                       fabsf(texture->v1 - texture->v0) / height / 2},
    };
    return run_list_place(&sprites->runs, &sprites->state, is_solid ? NULL : &described);
}

/* Whether the sprite has a picture, known modes, and a fade that is a number. */
static bool is_sound(const pxe_sprite *sprite)
{
    return sprite->texture.name != 0 && (unsigned)sprite->blend <= PXE_BLEND_NONE &&
           (unsigned)sprite->filter <= PXE_FILTER_NEAREST && sprite->fade * 0 == 0;
}

void pxe_sprites_draw(pxe_sprites *sprites, const pxe_sprite *sprite)
{
    run_list *runs = &sprites->runs;
    if (runs->instance_count == MAX_WAITING) {
        pxe_sprites_flush(sprites);
    }
    const uint32_t at = runs->instance_count;
    instance *to = &sprites->waiting[at];
    if (!is_sound(sprite) || sprites->clip_is_empty || !sprite_place(sprite, to) || !is_seen(sprites, to)) {
        return;
    }
    const uint32_t tint = tint_of(sprite);
    to->tint[0] = (uint8_t)(tint >> 24);
    to->tint[1] = (uint8_t)(tint >> 16);
    to->tint[2] = (uint8_t)(tint >> 8);
    to->tint[3] = (uint8_t)tint;
    const bool is_solid = sprite->texture.name == sprites->white;
    if (is_solid) {
        to->kind = KIND_SOLID;
    }

    batch_state *state = &sprites->state;
    state->blend = (uint8_t)sprite->blend;
    state->filter = (uint8_t)sprite->filter;
    state->id = (state->id & ~255U) | (uint32_t)sprite->blend << 1 | (uint32_t)sprite->filter;
    const int unit = unit_of(sprites, sprite, is_solid);
    run_list_count(runs, unit, sprite_features(to));

    sprites->descends = sprites->descends || (at != 0 && sprite->layer < sprites->layers[at - 1]);
    sprites->layers[at] = sprite->layer;
}

void pxe_sprites_take_counts(pxe_sprites *sprites, uint32_t *draws, uint32_t *drawn)
{
    *draws = sprites->draws;
    *drawn = sprites->drawn;
    sprites->draws = 0;
    sprites->drawn = 0;
}

void pxe_sprites_waiting(const pxe_sprites *sprites, uint32_t *draws, uint32_t *waiting)
{
    *draws = sprites->runs.run_count;
    *waiting = sprites->runs.instance_count;
}
