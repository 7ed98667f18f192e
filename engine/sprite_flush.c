/* Draws what waits: the instances go to the GPU in one piece, then one draw call a run.
 *
 * Within a flush it remembers which texture and sampler each unit has, and binds only what changes. Units
 * that a program has and its run does not need get the run's first texture: a driver that compiles for the
 * formats of all units (llvmpipe) then meets few combinations, and no unit is without a texture.
 *
 * What can not be drawn, because the GPU has no memory or the context is lost, is dropped: the next frame
 * tries again.
 */
#include "sprites_inside.h"

typedef struct bindings {
    uint32_t textures[MAX_UNITS];
    int filters[MAX_UNITS]; /* pxe_filter; -1 = none yet */
    unsigned active;
    const sprite_program *program;
    const batch_state *state;
} bindings;

static const void *at_offset(size_t offset_bytes)
{
    return (const void *)(uintptr_t)offset_bytes; // NOLINT(performance-no-int-to-ptr): OpenGL's signature
}

/* The five attributes, read from this place of the buffer on. */
static void set_attributes(const GladGLContext *gl, size_t base)
{
    const GLsizei stride = (GLsizei)sizeof(instance);
    gl->VertexAttribPointer(0, 4, GL_FLOAT, GL_FALSE, stride, at_offset(base + offsetof(instance, right)));
    gl->VertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, stride, at_offset(base + offsetof(instance, corner)));
    gl->VertexAttribPointer(2, 4, GL_FLOAT, GL_FALSE, stride, at_offset(base + offsetof(instance, u0)));
    gl->VertexAttribPointer(3, 4, GL_UNSIGNED_BYTE, GL_TRUE, stride,
                            at_offset(base + offsetof(instance, tint)));
    gl->VertexAttribPointer(4, 2, GL_BYTE, GL_FALSE, stride, at_offset(base + offsetof(instance, unit)));
}

bool sprite_flush_create(pxe_sprites *sprites)
{
    const GladGLContext *gl = sprites->gl;
    gl->GenVertexArrays(1, &sprites->vertex_array);
    gl->BindVertexArray(sprites->vertex_array);
    if (!batch_stream_create(gl, STREAM_BYTES, &sprites->stream)) {
        return false;
    }
    for (GLuint attribute = 0; attribute < 5; ++attribute) {
        gl->EnableVertexAttribArray(attribute);
        gl->VertexAttribDivisor(attribute, 1);
    }
    set_attributes(gl, 0);
    return true;
}

void sprite_flush_destroy(pxe_sprites *sprites)
{
    batch_stream_destroy(&sprites->stream);
    sprites->gl->DeleteVertexArrays(1, &sprites->vertex_array);
}

/* Copies the instances to the GPU, in the order in which they are drawn. */
static bool upload(pxe_sprites *sprites, uint32_t *first)
{
    const uint32_t count = sprites->runs.instance_count;
    size_t offset_bytes = 0;
    instance *to = batch_stream_map(&sprites->stream, count * sizeof *to, &offset_bytes);
    if (to == NULL) {
        return false;
    }
    if (sprites->descends) {
        for (uint32_t i = 0; i < count; ++i) {
            instance it = sprites->waiting[sprites->order[i]];
            it.unit = sprites->units[i];
            to[i] = it;
        }
    } else {
        memcpy(to, sprites->waiting, count * sizeof *to);
    }
    *first = (uint32_t)(offset_bytes / sizeof *to);
    return batch_stream_unmap(&sprites->stream);
}

static void set_blend(const GladGLContext *gl, unsigned blend)
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

/* GL's scissor box counts from the bottom of the screen. */
static void set_clip(const pxe_sprites *sprites, const batch_state *state)
{
    const GladGLContext *gl = sprites->gl;
    if (!state->clipped) {
        gl->Disable(GL_SCISSOR_TEST);
        return;
    }
    const clip_box *clip = &state->clip;
    gl->Enable(GL_SCISSOR_TEST);
    gl->Scissor(clip->left, (GLint)sprites->camera.height - clip->bottom, clip->right - clip->left,
                clip->bottom - clip->top);
}

static void set_state(const pxe_sprites *sprites, const batch_state *state, bindings *bound)
{
    const batch_state *before = bound->state;
    if (before != NULL && before->id == state->id) {
        return;
    }
    if (before == NULL || before->blend != state->blend) {
        set_blend(sprites->gl, state->blend);
    }
    if (before == NULL || before->clipped || state->clipped) {
        set_clip(sprites, state);
    }
    bound->state = state;
}

static void bind_texture(const pxe_sprites *sprites, bindings *bound, unsigned unit, uint32_t name)
{
    const GladGLContext *gl = sprites->gl;
    if (bound->textures[unit] == name) {
        return;
    }
    if (bound->active != unit) {
        gl->ActiveTexture(GL_TEXTURE0 + unit);
        bound->active = unit;
    }
    gl->BindTexture(GL_TEXTURE_2D, name);
    bound->textures[unit] = name;
}

static void bind_textures(const pxe_sprites *sprites, const run_list *list, const run *it, bindings *bound)
{
    const batch_texture *textures = &list->textures[it->first_texture];
    const unsigned units = 1U << sprite_unit_class(it->texture_count);
    for (unsigned unit = 0; unit < units; ++unit) {
        const uint32_t first = it->texture_count == 0 ? sprites->white : textures[0].name;
        bind_texture(sprites, bound, unit, unit < it->texture_count ? textures[unit].name : first);
        if (bound->filters[unit] != it->state.filter) {
            sprites->gl->BindSampler(unit, sprites->samplers[it->state.filter]);
            bound->filters[unit] = it->state.filter;
        }
    }
}

static void use_program(const pxe_sprites *sprites, const run_list *list, const run *it,
                        sprite_program *program, bindings *bound)
{
    const GladGLContext *gl = sprites->gl;
    if (bound->program != program) {
        gl->UseProgram(program->name);
        bound->program = program;
    }
    if (program->camera != sprites->camera_serial) {
        gl->Uniform4fv(program->view, 1, sprites->view);
        gl->Uniform2fv(program->shift, 1, sprites->shift);
        program->camera = sprites->camera_serial;
    }
    if (program->half_texels >= 0) {
        GLfloat half_texels[MAX_UNITS][2] = {{0}};
        for (unsigned unit = 0; unit < it->texture_count; ++unit) {
            memcpy(half_texels[unit], list->textures[it->first_texture + unit].half_texel,
                   sizeof half_texels[unit]);
        }
        gl->Uniform2fv(program->half_texels, it->texture_count, half_texels[0]);
    }
}

static void draw_instances(const GladGLContext *gl, uint32_t first, uint32_t count)
{
    if (gl->ARB_base_instance) {
        gl->DrawArraysInstancedBaseInstance(GL_TRIANGLE_STRIP, 0, 4, (GLsizei)count, first);
    } else {
        set_attributes(gl, first * sizeof(instance));
        gl->DrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, (GLsizei)count);
    }
}

static void draw_runs(pxe_sprites *sprites, const run_list *list, uint32_t first)
{
    const GladGLContext *gl = sprites->gl;
    bindings bound = {.active = MAX_UNITS};
    for (int unit = 0; unit < MAX_UNITS; ++unit) {
        bound.filters[unit] = -1;
    }
    for (uint32_t i = 0; i < list->run_count; ++i) {
        const run *it = &list->runs[i];
        sprite_program *program = sprite_program_for(sprites, it);
        if (program != NULL) {
            set_state(sprites, &it->state, &bound);
            bind_textures(sprites, list, it, &bound);
            use_program(sprites, list, it, program, &bound);
            draw_instances(gl, first + it->first, it->count);
            ++sprites->draws;
            sprites->drawn += it->count;
        }
    }
    for (unsigned unit = 0; unit < MAX_UNITS && bound.filters[unit] >= 0; ++unit) {
        gl->BindSampler(unit, 0); /* a sampler would rule whatever else is bound to the unit */
    }
    gl->ActiveTexture(GL_TEXTURE0);
}

void pxe_sprites_flush(pxe_sprites *sprites)
{
    const GladGLContext *gl = sprites->gl;
    uint32_t first = 0;
    if (sprites->runs.instance_count == 0) {
        return;
    }
    if (sprites->descends) {
        sprites_sort_by_layer(sprites);
    }
    gl->BindVertexArray(sprites->vertex_array);
    if (upload(sprites, &first)) {
        gl->Enable(GL_BLEND);
        gl->Disable(GL_DEPTH_TEST);
        gl->Disable(GL_CULL_FACE);
        draw_runs(sprites, sprites->descends ? &sprites->sorted : &sprites->runs, first);
        gl->Disable(GL_SCISSOR_TEST);
    }
    run_list_clear(&sprites->runs);
    sprites->descends = false;
}
