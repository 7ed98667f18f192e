/* GLSL programs from files. */
#ifndef PXE_SHADER_H
#define PXE_SHADER_H

#include <pxe/error.h>

#include <stdint.h>

struct GladGLContext;

/* Compiles and links shaders/<name>.vert and shaders/<name>.frag.
 * Result   false with *error naming the file and the compiler's first words. Owner: the caller, glDeleteProgram.
 * Thread   the context's. */
bool pxe_shader_load(const struct GladGLContext *gl, const char *name, uint32_t *program, pxe_error *error);

#endif
