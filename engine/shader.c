/* Shader files are found at run time, in this order: the folder in the environment variable PXE_SHADERS; beside the
 * program as installed (<program's folder>/../share/pixcache/shaders), so that an install may be moved; where CMake
 * installs to; the source tree that the program was built from. */
#include "shader.h"

#include "files.h"

#include <SDL.h>
#include <glad/gl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE_BYTES = 1 << 20, MAX_PATH_BYTES = 4096 };

/* The n-th place to look for a file; false past the last, and for places that there are not. */
static bool place(int n, const char *file, char path[MAX_PATH_BYTES])
{
    int length = -1;
    if (n == 0) {
        const char *folder = SDL_getenv("PXE_SHADERS");
        length = folder == NULL ? -1 : snprintf(path, MAX_PATH_BYTES, "%s/%s", folder, file);
    } else if (n == 1) {
        char *folder = SDL_GetBasePath();
        length = folder == NULL
                     ? -1
                     : snprintf(path, MAX_PATH_BYTES, "%s../share/pixcache/shaders/%s", folder, file);
        SDL_free(folder);
    } else {
        length = snprintf(path, MAX_PATH_BYTES, "%s/%s", n == 2 ? PXE_INSTALLED_SHADERS : PXE_SOURCE_SHADERS,
                          file);
    }
    return length > 0 && length < MAX_PATH_BYTES;
}

static bool read_source(const char *file, char **source, pxe_error *error)
{
    char path[MAX_PATH_BYTES];
    size_t size_bytes = 0;
    for (int n = 0; n < 4; ++n) {
        if (place(n, file, path) && pxe_file_read(path, MAX_FILE_BYTES, source, &size_bytes, NULL)) {
            return true;
        }
    }
    return pxe_fail(error, "shader %s was not found; set PXE_SHADERS to the folder shaders/ of pixcache",
                    file);
}

static bool compile(const GladGLContext *gl, GLenum kind, const char *file, GLuint *out, pxe_error *error)
{
    char *source = NULL;
    if (!read_source(file, &source, error)) {
        return false;
    }
    const GLuint shader = gl->CreateShader(kind);
    gl->ShaderSource(shader, 1, (const GLchar *const *)&source, NULL);
    gl->CompileShader(shader);
    free(source);
    GLint compiled = 0;
    gl->GetShaderiv(shader, GL_COMPILE_STATUS, &compiled);
    if (!compiled) {
        char log[400] = "";
        gl->GetShaderInfoLog(shader, sizeof log, NULL, log);
        gl->DeleteShader(shader);
        log[strcspn(log, "\r\n")] = '\0';
        return pxe_fail(error, "shader %s does not compile: %s", file, log);
    }
    *out = shader;
    return true;
}

bool pxe_shader_load(const GladGLContext *gl, const char *name, uint32_t *program, pxe_error *error)
{
    char file[128];
    GLuint vertex = 0;
    GLuint fragment = 0;
    *program = 0;
    snprintf(file, sizeof file, "%s.vert", name);
    if (!compile(gl, GL_VERTEX_SHADER, file, &vertex, error)) {
        return false;
    }
    snprintf(file, sizeof file, "%s.frag", name);
    if (!compile(gl, GL_FRAGMENT_SHADER, file, &fragment, error)) {
        gl->DeleteShader(vertex);
        return false;
    }
    const GLuint linked = gl->CreateProgram();
    gl->AttachShader(linked, vertex);
    gl->AttachShader(linked, fragment);
    gl->LinkProgram(linked);
    gl->DeleteShader(vertex);
    gl->DeleteShader(fragment);
    GLint is_linked = 0;
    gl->GetProgramiv(linked, GL_LINK_STATUS, &is_linked);
    if (!is_linked) {
        char log[400] = "";
        gl->GetProgramInfoLog(linked, sizeof log, NULL, log);
        gl->DeleteProgram(linked);
        log[strcspn(log, "\r\n")] = '\0';
        return pxe_fail(error, "shaders %s do not link: %s", name, log);
    }
    *program = linked;
    return true;
}
