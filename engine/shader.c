/* Shader files are found at run time, in this order: the folder in the environment variable PXE_SHADERS;
 * beside the program as installed (<program's folder>/../share/pixcache/shaders), so that an install may be
 * moved; where CMake installs to; the source tree that the program was built from. */
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

bool pxe_shader_text_read(const char *name, pxe_shader_text *out, pxe_error *error)
{
    char file[128];
    *out = (pxe_shader_text){0};
    snprintf(out->name, sizeof out->name, "%s", name);
    snprintf(file, sizeof file, "%s.vert", name);
    if (!read_source(file, &out->vertex, error)) {
        return false;
    }
    snprintf(file, sizeof file, "%s.frag", name);
    if (!read_source(file, &out->fragment, error)) {
        pxe_shader_text_free(out);
        return false;
    }
    return true;
}

void pxe_shader_text_free(pxe_shader_text *text)
{
    free(text->vertex);
    free(text->fragment);
    *text = (pxe_shader_text){0};
}

/* The end of the first line if it is #version, behind which alone other lines may stand; 0 = the file has
 * none. */
static size_t version_bytes(const char *text)
{
    if (strncmp(text, "#version", 8) != 0) {
        return 0;
    }
    const size_t line = strcspn(text, "\n");
    return text[line] == '\n' ? line + 1 : line;
}

static GLuint compile_parts(const GladGLContext *gl, GLenum kind, const char *text,
                            const pxe_shader_additions *additions)
{
    const bool has_effect = kind == GL_FRAGMENT_SHADER && additions->effect != NULL;
    const size_t version = version_bytes(text);
    const GLchar *const parts[] = {
        text,
        additions->prelude != NULL ? additions->prelude : "",
        version != 0 ? "#line 2\n" : "#line 1\n",
        text + version,
        has_effect ? "\n#line 1\n" : "",
        has_effect ? additions->effect : "",
    };
    const GLint lengths[] = {(GLint)version, -1, -1, -1, -1, -1};
    const GLuint shader = gl->CreateShader(kind);
    gl->ShaderSource(shader, 6, parts, lengths);
    gl->CompileShader(shader);
    return shader;
}

/* Result: the shader; 0 with *error saying why. */
static GLuint compile(const GladGLContext *gl, GLenum kind, const pxe_shader_text *text,
                      const pxe_shader_additions *additions, pxe_error *error)
{
    const bool is_vertex = kind == GL_VERTEX_SHADER;
    const GLuint shader = compile_parts(gl, kind, is_vertex ? text->vertex : text->fragment, additions);
    GLint compiled = 0;
    gl->GetShaderiv(shader, GL_COMPILE_STATUS, &compiled);
    if (compiled) {
        return shader;
    }
    char log[400] = "";
    gl->GetShaderInfoLog(shader, sizeof log, NULL, log);
    gl->DeleteShader(shader);
    log[strcspn(log, "\r\n")] = '\0';
    if (additions->effect != NULL) {
        pxe_fail(error, "the effect does not compile: %s", log);
    } else {
        pxe_fail(error, "shader %s.%s does not compile: %s", text->name, is_vertex ? "vert" : "frag", log);
    }
    return 0;
}

/* Deletes the shaders, or leaves that to the program's end. */
static GLuint link_program(const GladGLContext *gl, GLuint vertex, GLuint fragment)
{
    const GLuint linked = gl->CreateProgram();
    if (linked != 0) { /* 0 once the context is lost */
        gl->AttachShader(linked, vertex);
        gl->AttachShader(linked, fragment);
        gl->LinkProgram(linked);
    }
    gl->DeleteShader(vertex);
    gl->DeleteShader(fragment);
    return linked;
}

bool pxe_shader_make(const GladGLContext *gl, const pxe_shader_text *text,
                     const pxe_shader_additions *additions, uint32_t *program, pxe_error *error)
{
    *program = 0;
    const GLuint vertex = compile(gl, GL_VERTEX_SHADER, text, additions, error);
    if (vertex == 0) {
        return false;
    }
    const GLuint fragment = compile(gl, GL_FRAGMENT_SHADER, text, additions, error);
    if (fragment == 0) {
        gl->DeleteShader(vertex);
        return false;
    }
    const GLuint linked = link_program(gl, vertex, fragment);
    if (linked == 0) {
        return pxe_fail(error, "the GPU takes no shaders %s", text->name);
    }
    GLint is_linked = 0;
    gl->GetProgramiv(linked, GL_LINK_STATUS, &is_linked);
    if (!is_linked) {
        char log[400] = "";
        gl->GetProgramInfoLog(linked, sizeof log, NULL, log);
        gl->DeleteProgram(linked);
        log[strcspn(log, "\r\n")] = '\0';
        return additions->effect != NULL ? pxe_fail(error, "the effect does not link: %s", log)
                                         : pxe_fail(error, "shaders %s do not link: %s", text->name, log);
    }
    *program = linked;
    return true;
}
