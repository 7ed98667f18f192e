/* GLSL programs from files. */
#ifndef PXE_SHADER_H
#define PXE_SHADER_H

#include <pxe/error.h>

#include <stdint.h>

struct GladGLContext;

/* The text of shaders/<name>.vert and shaders/<name>.frag, read once for any number of programs. */
typedef struct pxe_shader_text {
    char name[64];
    char *vertex, *fragment;
} pxe_shader_text;

/* Result: false with *error naming the file that was not found. Owner: pxe_shader_text_free. */
bool pxe_shader_text_read(const char *name, pxe_shader_text *out, pxe_error *error);
void pxe_shader_text_free(pxe_shader_text *text); /* {0} is fine */

typedef struct pxe_shader_additions {
    const char *prelude; /* lines that are put behind #version of both files; NULL = none */
    const char *effect;  /* GLSL that is put behind the fragment shader; NULL = none */
} pxe_shader_additions;

/* Compiles and links. Result   false, *program being 0, with *error naming the file and the compiler's
 * first words; lines are those of the
 *          file, or of the effect. Owner: the caller, glDeleteProgram.
 * Thread   the context's. */
bool pxe_shader_make(const struct GladGLContext *gl, const pxe_shader_text *text,
                     const pxe_shader_additions *additions, uint32_t *program, pxe_error *error);

#endif
