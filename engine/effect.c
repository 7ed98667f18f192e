/* Effects: two programs each, for runs of one texture and of up to MAX_UNITS, made at once, so that an
 * error is told where the source is handed in. Both have all features: texel() keeps a moved coordinate
 * inside the image.
 */
#include "sprites_inside.h"

#include <stdlib.h>

bool pxe_effect_create(pxe_sprites *sprites, const char *source, pxe_effect **out, pxe_error *error)
{
    *out = NULL;
    pxe_effect *effect = calloc(1, sizeof *effect);
    if (effect == NULL) {
        return pxe_fail(error, "no memory for an effect");
    }
    program_wish wish = {.features = FEATURE_SETS - 1, .effect = source};
    if (!sprite_program_make(sprites, &wish, &effect->one, error)) {
        goto fail;
    }
    wish.unit_class = UNIT_CLASSES - 1;
    if (!sprite_program_make(sprites, &wish, &effect->many, error)) {
        goto fail;
    }
    *out = effect;
    return true;
fail:
    pxe_effect_destroy(sprites, effect);
    return false;
}

void pxe_effect_destroy(pxe_sprites *sprites, pxe_effect *effect)
{
    if (effect == NULL) {
        return;
    }
    pxe_sprites_flush(sprites);
    if (sprites->state.effect == effect) {
        pxe_sprites_set_effect(sprites, NULL);
    }
    if (effect->one.name != 0) {
        sprites->gl->DeleteProgram(effect->one.name);
    }
    if (effect->many.name != 0) {
        sprites->gl->DeleteProgram(effect->many.name);
    }
    free(effect);
}

/* Sets a uniform of one program; false if it has none of that name and size. */
static bool set_uniform(const GladGLContext *gl, GLuint program, const char *name, const float *values,
                        int count)
{
    static const GLenum types[] = {0, GL_FLOAT, GL_FLOAT_VEC2, GL_FLOAT_VEC3, GL_FLOAT_VEC4};
    const GLint location = gl->GetUniformLocation(program, name);
    GLuint index = GL_INVALID_INDEX;
    GLint type = 0;
    gl->GetUniformIndices(program, 1, &name, &index);
    if (location < 0 || index == GL_INVALID_INDEX) {
        return false;
    }
    gl->GetActiveUniformsiv(program, 1, &index, GL_UNIFORM_TYPE, &type);
    if ((GLenum)type != types[count]) {
        return false;
    }
    gl->UseProgram(program);
    switch (count) {
    case 1:
        gl->Uniform1fv(location, 1, values);
        break;
    case 2:
        gl->Uniform2fv(location, 1, values);
        break;
    case 3:
        gl->Uniform3fv(location, 1, values);
        break;
    default:
        gl->Uniform4fv(location, 1, values);
        break;
    }
    return true;
}

bool pxe_effect_set(pxe_sprites *sprites, pxe_effect *effect, const char *uniform, const float *values,
                    int count)
{
    const bool is_ours = strncmp(uniform, "pxe_", 4) == 0;
    if (effect == NULL || is_ours || count < 1 || count > 4) {
        return false;
    }
    pxe_sprites_flush(sprites);
    const bool in_one = set_uniform(sprites->gl, effect->one.name, uniform, values, count);
    const bool in_many = set_uniform(sprites->gl, effect->many.name, uniform, values, count);
    return in_one && in_many;
}
