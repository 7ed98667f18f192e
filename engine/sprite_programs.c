/* The programs of the batch, all made from shaders/sprite.vert and sprite.frag: one for each number of
 * units and set of features that a run can need.
 *
 * How a shader finds the image of a sprite among several. By indexing an array of samplers with a number
 * that differs from sprite to sprite, where that is known to work: OpenGL promises it only for numbers that
 * are equal for all pixels of a draw call. GL_NV_gpu_shader5 promises it for all, and llvmpipe draws each
 * triangle for itself. Elsewhere by a switch, which GPUs take as a branch; llvmpipe would sample all images
 * of all cases.
 *
 * Programs are made when they are first needed. On llvmpipe that takes 0.3 ms, and the first draw call the
 * time that its compiler needs: 5 ms for one image, 40 for four, 110 for sixteen, unless Mesa has kept it
 * on disk. So that a game stops for that few times, programs of three images and more always have tints and
 * solid sprites. For two images, as for one, there is one that has neither: a frame of 10,000 sprites of
 * 16 px from two pages takes 1.15 times as long as from one with it, 1.23 times with both.
 */
#include "sprites_inside.h"

#include <stdio.h>

static bool is_software(const char *renderer)
{
    return strstr(renderer, "llvmpipe") != NULL || strstr(renderer, "softpipe") != NULL ||
           strstr(renderer, "SwiftShader") != NULL;
}

static bool has_extension(const GladGLContext *gl, const char *name)
{
    GLint count = 0;
    gl->GetIntegerv(GL_NUM_EXTENSIONS, &count);
    for (GLint i = 0; i < count; ++i) {
        const char *extension = (const char *)gl->GetStringi(GL_EXTENSIONS, (GLuint)i);
        if (extension != NULL && strcmp(extension, name) == 0) {
            return true;
        }
    }
    return false;
}

static void choose_ways(pxe_sprites *sprites, const sprite_options *options)
{
    const GladGLContext *gl = sprites->gl;
    const char *told = (const char *)gl->GetString(GL_RENDERER);
    const char *renderer = told != NULL ? told : "";
    const bool is_dynamic = has_extension(gl, "GL_NV_gpu_shader5") ||
                            (strstr(renderer, "llvmpipe") != NULL && has_extension(gl, "GL_ARB_gpu_shader5"));
    sprites->indexing = options->indexing != INDEX_AUTO ? options->indexing
                        : is_dynamic                    ? INDEX_DYNAMIC
                                                        : INDEX_SWITCH;
    const bool join_all =
        options->joining != JOIN_AUTO ? options->joining == JOIN_ALL : !is_software(renderer);
    sprites->runs.join_all = join_all;
    sprites->sorted.join_all = join_all;
}

int sprite_unit_class(unsigned units)
{
    int class = 0;
    while (1U << class < units) {
        ++class;
    }
    return class;
}

bool sprite_program_make(pxe_sprites *sprites, const program_wish *wish, sprite_program *out,
                         pxe_error *error)
{
    const GladGLContext *gl = sprites->gl;
    char prelude[512];
    const int units = 1 << wish->unit_class;
    const bool is_dynamic = sprites->indexing == INDEX_DYNAMIC && units > 1;
    snprintf(prelude, sizeof prelude, "%s#define UNITS %d\n%s%s%s%s%s",
             is_dynamic ? "#extension GL_ARB_gpu_shader5 : enable\n#extension GL_NV_gpu_shader5 : enable\n"
                        : "",
             units, is_dynamic ? "#define DYNAMIC\n" : "",
             wish->features & FEATURE_CLAMPED ? "#define CLAMPED\n" : "",
             wish->features & FEATURE_SOLID ? "#define SOLID\n" : "",
             wish->features & FEATURE_TINTED ? "#define TINTED\n" : "",
             wish->effect != NULL ? "#define EFFECT\n" : "");
    *out = (sprite_program){.camera = sprites->camera_serial - 1};
    const pxe_shader_additions additions = {.prelude = prelude, .effect = wish->effect};
    if (!pxe_shader_make(gl, &sprites->shader, &additions, &out->name, error)) {
        out->failed = true;
        return false;
    }
    static const GLint numbers[MAX_UNITS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    out->view = gl->GetUniformLocation(out->name, "pxe_view");
    out->shift = gl->GetUniformLocation(out->name, "pxe_shift");
    out->half_texels = gl->GetUniformLocation(out->name, "pxe_half_texels");
    gl->UseProgram(out->name);
    gl->Uniform1iv(gl->GetUniformLocation(out->name, "pxe_images"), units, numbers);
    return true;
}

sprite_program *sprite_program_for(pxe_sprites *sprites, const run *it)
{
    pxe_effect *effect = it->state.effect;
    if (effect != NULL) {
        return it->texture_count <= 1 ? &effect->one : &effect->many;
    }
    program_wish wish = {.unit_class = sprite_unit_class(it->texture_count), .features = it->features};
    if (it->texture_count == 0) {
        wish.features &= ~(unsigned)FEATURE_SOLID; /* the white texture is bound */
    } else if (it->texture_count > 2) {
        wish.features |= FEATURE_SOLID | FEATURE_TINTED;
    }
    sprite_program *program = &sprites->programs[wish.unit_class][wish.features];
    if (program->name == 0 && !program->failed) {
        sprite_program_make(sprites, &wish, program, NULL);
    }
    return program->name != 0 ? program : NULL;
}

bool sprite_programs_create(pxe_sprites *sprites, const sprite_options *options, pxe_error *error)
{
    choose_ways(sprites, options);
    const program_wish plain = {.unit_class = 0};
    return pxe_shader_text_read("sprite", &sprites->shader, error) &&
           sprite_program_make(sprites, &plain, &sprites->programs[0][0], error);
}

void sprite_programs_destroy(pxe_sprites *sprites)
{
    for (int class = 0; class < UNIT_CLASSES; ++class) {
        for (int features = 0; features < FEATURE_SETS; ++features) {
            if (sprites->programs[class][features].name != 0) {
                sprites->gl->DeleteProgram(sprites->programs[class][features].name);
            }
        }
    }
    pxe_shader_text_free(&sprites->shader);
}
