/* The sprite batch: an array of 48-byte instances and an array of runs, each run one draw call.
 *
 *   pxe_sprites_draw    appends an instance; a change of texture, blend or filter begins a run
 *   pxe_sprites_flush   uploads all instances into a fresh ("orphaned") buffer store, so that the GPU may still read
 *                       the last one, then one glDrawArraysInstanced a run
 *
 * Both arrays have a fixed size: a full one flushes, which costs a draw call and keeps the order.
 */
#include <pxe/sprites.h>

#include "shader.h"

#include <glad/gl.h>

#include <stddef.h>
#include <stdlib.h>

enum { MAX_INSTANCES = 16384, MAX_RUNS = 4096 };

typedef struct instance {
    float x, y, width, height;
    float origin_x, origin_y, rotation;
    float u0, v0, u1, v1;
    uint8_t tint[4];
} instance;

_Static_assert(sizeof(instance) == 48, "the layout of shaders/sprite.vert");

typedef struct run {
    uint32_t texture;
    pxe_blend blend;
    pxe_filter filter;
    uint32_t first, count;
} run;

struct pxe_sprites {
    const GladGLContext *gl;
    GLuint program, vertex_array, buffer, white;
    GLuint samplers[2]; /* by pxe_filter */
    GLint matrix_uniform;
    float matrix[16];
    uint32_t instance_count, run_count;
    uint32_t draws, drawn; /* since pxe_sprites_take_counts */
    run runs[MAX_RUNS];
    instance instances[MAX_INSTANCES];
};

static const void *at_offset(uintptr_t offset_bytes)
{
    return (const void *)offset_bytes; // NOLINT(performance-no-int-to-ptr): OpenGL's signature
}

/* The four attributes, read from the first-th instance on. */
static void set_attributes(const GladGLContext *gl, uint32_t first)
{
    const GLsizei stride = (GLsizei)sizeof(instance);
    const uintptr_t base = first * sizeof(instance); /* GL takes an offset in a pointer's clothes */
    gl->VertexAttribPointer(0, 4, GL_FLOAT, GL_FALSE, stride, at_offset(base + offsetof(instance, x)));
    gl->VertexAttribPointer(1, 3, GL_FLOAT, GL_FALSE, stride, at_offset(base + offsetof(instance, origin_x)));
    gl->VertexAttribPointer(2, 4, GL_FLOAT, GL_FALSE, stride, at_offset(base + offsetof(instance, u0)));
    gl->VertexAttribPointer(3, 4, GL_UNSIGNED_BYTE, GL_TRUE, stride,
                            at_offset(base + offsetof(instance, tint)));
}

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

bool pxe_sprites_create(const GladGLContext *gl, pxe_sprites **out, pxe_error *error)
{
    *out = NULL;
    pxe_sprites *sprites = calloc(1, sizeof *sprites);
    if (sprites == NULL) {
        return pxe_fail(error, "no memory for the sprite batch");
    }
    sprites->gl = gl;
    if (!pxe_shader_load(gl, "sprite", &sprites->program, error)) {
        free(sprites);
        return false;
    }
    for (int i = 0; i < 16 && gl->GetError() != GL_NO_ERROR; ++i) {
        /* errors from before are not blamed on the batch */
    }
    sprites->matrix_uniform = gl->GetUniformLocation(sprites->program, "world_to_clip");
    gl->UseProgram(sprites->program);
    gl->Uniform1i(gl->GetUniformLocation(sprites->program, "image"), 0);
    create_samplers(sprites);
    create_white(sprites);
    gl->GenBuffers(1, &sprites->buffer);
    gl->GenVertexArrays(1, &sprites->vertex_array);
    gl->BindVertexArray(sprites->vertex_array);
    gl->BindBuffer(GL_ARRAY_BUFFER, sprites->buffer);
    gl->BufferData(GL_ARRAY_BUFFER, sizeof sprites->instances, NULL, GL_STREAM_DRAW);
    for (GLuint attribute = 0; attribute < 4; ++attribute) {
        gl->EnableVertexAttribArray(attribute);
        gl->VertexAttribDivisor(attribute, 1);
    }
    set_attributes(gl, 0);
    if (gl->GetError() != GL_NO_ERROR) {
        pxe_sprites_destroy(sprites);
        return pxe_fail(error, "the GPU has no room for the sprite batch");
    }
    *out = sprites;
    return true;
}

void pxe_sprites_destroy(pxe_sprites *sprites)
{
    if (sprites == NULL) {
        return;
    }
    sprites->gl->DeleteVertexArrays(1, &sprites->vertex_array);
    sprites->gl->DeleteBuffers(1, &sprites->buffer);
    sprites->gl->DeleteTextures(1, &sprites->white);
    sprites->gl->DeleteSamplers(2, sprites->samplers);
    sprites->gl->DeleteProgram(sprites->program);
    free(sprites);
}

void pxe_sprites_set_camera(pxe_sprites *sprites, const pxe_camera *camera)
{
    pxe_sprites_flush(sprites);
    pxe_camera_matrix(camera, sprites->matrix);
}

static bool continues_run(const pxe_sprites *sprites, const pxe_sprite *sprite)
{
    if (sprites->run_count == 0) {
        return false;
    }
    const run *last = &sprites->runs[sprites->run_count - 1];
    return last->texture == sprite->texture.name && last->blend == sprite->blend &&
           last->filter == sprite->filter;
}

static void swap_floats(float *a, float *b)
{
    const float kept = *a;
    *a = *b;
    *b = kept;
}

/* The source rectangle, in pixels of the image, as texture coordinates within the image's own. */
static void set_source(instance *to, const pxe_sprite *sprite, const pxe_rect *source)
{
    const pxc_texture *texture = &sprite->texture;
    const float u_per_px = (texture->u1 - texture->u0) / (float)texture->width;
    const float v_per_px = (texture->v1 - texture->v0) / (float)texture->height;
    to->u0 = texture->u0 + source->x * u_per_px;
    to->v0 = texture->v0 + source->y * v_per_px;
    to->u1 = to->u0 + source->width * u_per_px;
    to->v1 = to->v0 + source->height * v_per_px;
    if (sprite->flip_x) {
        swap_floats(&to->u0, &to->u1);
    }
    if (sprite->flip_y) {
        swap_floats(&to->v0, &to->v1);
    }
}

void pxe_sprites_draw(pxe_sprites *sprites, const pxe_sprite *sprite)
{
    if (sprite->texture.name == 0) {
        return;
    }
    bool continues = continues_run(sprites, sprite);
    if (sprites->instance_count == MAX_INSTANCES || (!continues && sprites->run_count == MAX_RUNS)) {
        pxe_sprites_flush(sprites);
        continues = false;
    }
    if (!continues) {
        sprites->runs[sprites->run_count++] = (run){
            .texture = sprite->texture.name,
            .blend = sprite->blend,
            .filter = sprite->filter,
            .first = sprites->instance_count,
        };
    }
    ++sprites->runs[sprites->run_count - 1].count;

    pxe_rect source = sprite->source;
    if (source.width == 0 || source.height == 0) {
        source = (pxe_rect){0, 0, (float)sprite->texture.width, (float)sprite->texture.height};
    }
    const uint32_t tint = sprite->tint == 0 ? 0xFFFFFFFFU : sprite->tint;
    instance *to = &sprites->instances[sprites->instance_count++];
    *to = (instance){
        .x = sprite->x,
        .y = sprite->y,
        .width = sprite->width == 0 ? source.width : sprite->width,
        .height = sprite->height == 0 ? source.height : sprite->height,
        .origin_x = sprite->origin_x,
        .origin_y = sprite->origin_y,
        .rotation = sprite->rotation,
        .tint = {(uint8_t)(tint >> 24), (uint8_t)(tint >> 16), (uint8_t)(tint >> 8), (uint8_t)tint},
    };
    set_source(to, sprite, &source);
}

static void set_blend(const GladGLContext *gl, pxe_blend blend)
{
    static const GLenum factors[][2] = {
        [PXE_BLEND_ALPHA] = {GL_ONE, GL_ONE_MINUS_SRC_ALPHA},
        [PXE_BLEND_ADD] = {GL_ONE, GL_ONE},
        [PXE_BLEND_MULTIPLY] = {GL_DST_COLOR, GL_ONE_MINUS_SRC_ALPHA},
        [PXE_BLEND_SCREEN] = {GL_ONE, GL_ONE_MINUS_SRC_COLOR},
        [PXE_BLEND_NONE] = {GL_ONE, GL_ZERO},
    };
    gl->BlendFunc(factors[blend][0], factors[blend][1]);
}

static void draw_runs(pxe_sprites *sprites)
{
    const GladGLContext *gl = sprites->gl;
    for (uint32_t i = 0; i < sprites->run_count; ++i) {
        const run *now = &sprites->runs[i];
        const run *before = i == 0 ? NULL : now - 1;
        if (before == NULL || before->texture != now->texture) {
            gl->BindTexture(GL_TEXTURE_2D, now->texture);
        }
        if (before == NULL || before->filter != now->filter) {
            gl->BindSampler(0, sprites->samplers[now->filter]);
        }
        if (before == NULL || before->blend != now->blend) {
            set_blend(gl, now->blend);
        }
        if (gl->ARB_base_instance) {
            gl->DrawArraysInstancedBaseInstance(GL_TRIANGLE_STRIP, 0, 4, (GLsizei)now->count, now->first);
        } else {
            set_attributes(gl, now->first);
            gl->DrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, (GLsizei)now->count);
        }
    }
}

void pxe_sprites_flush(pxe_sprites *sprites)
{
    if (sprites->instance_count == 0) {
        return;
    }
    const GladGLContext *gl = sprites->gl;
    gl->UseProgram(sprites->program);
    gl->UniformMatrix4fv(sprites->matrix_uniform, 1, GL_FALSE, sprites->matrix);
    gl->BindVertexArray(sprites->vertex_array);
    gl->BindBuffer(GL_ARRAY_BUFFER, sprites->buffer);
    gl->BufferData(GL_ARRAY_BUFFER, sizeof sprites->instances, NULL, GL_STREAM_DRAW);
    gl->BufferSubData(GL_ARRAY_BUFFER, 0, (GLsizeiptr)(sprites->instance_count * sizeof(instance)),
                      sprites->instances);
    gl->ActiveTexture(GL_TEXTURE0);
    gl->Enable(GL_BLEND);
    gl->Disable(GL_DEPTH_TEST);
    gl->Disable(GL_CULL_FACE);
    gl->Disable(GL_SCISSOR_TEST);
    draw_runs(sprites);
    gl->BindSampler(0, 0);
    sprites->draws += sprites->run_count;
    sprites->drawn += sprites->instance_count;
    sprites->run_count = 0;
    sprites->instance_count = 0;
}

void pxe_sprites_take_counts(pxe_sprites *sprites, uint32_t *draws, uint32_t *drawn)
{
    *draws = sprites->draws;
    *drawn = sprites->drawn;
    sprites->draws = 0;
    sprites->drawn = 0;
}
