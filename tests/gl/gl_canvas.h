/* One pixel to draw on: what a shader sees at a point of a texture. */
#ifndef PIXCACHE_TESTS_GL_CANVAS_H
#define PIXCACHE_TESTS_GL_CANVAS_H

#include "gl_fixture.h"

static const char vertex_source[] = "#version 330 core\n"
                                    "void main()\n"
                                    "{\n"
                                    "    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);\n"
                                    "    gl_Position = vec4(corner * 4.0 - 1.0, 0.0, 1.0);\n"
                                    "}\n";

static const char fragment_source[] =
    "#version 330 core\n"
    "uniform sampler2D image;\n"
    "uniform vec2 point;\n"
    "uniform vec2 covered;\n"
    "out vec4 color;\n"
    "void main()\n"
    "{\n"
    "    color = textureGrad(image, point, vec2(covered.x, 0.0), vec2(0.0, covered.y));\n"
    "}\n";

static inline GLuint compile(const GladGLContext *gl)
{
    const char *const sources[2] = {vertex_source, fragment_source};
    const GLuint program = gl->CreateProgram();
    for (int i = 0; i < 2; ++i) {
        const GLuint shader = gl->CreateShader(i == 0 ? GL_VERTEX_SHADER : GL_FRAGMENT_SHADER);
        gl->ShaderSource(shader, 1, &sources[i], NULL);
        gl->CompileShader(shader);
        gl->AttachShader(program, shader);
        gl->DeleteShader(shader);
    }
    gl->LinkProgram(program);
    GLint linked = 0;
    gl->GetProgramiv(program, GL_LINK_STATUS, &linked);
    assert_int_equal(linked, GL_TRUE);
    return program;
}

typedef struct canvas {
    GLuint framebuffer, color, vertices, program;
} canvas;

/* One pixel to draw on. */
static inline canvas canvas_create(const GladGLContext *gl)
{
    canvas c = {.program = compile(gl)};
    gl->GenRenderbuffers(1, &c.color);
    gl->BindRenderbuffer(GL_RENDERBUFFER, c.color);
    gl->RenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, 1, 1);
    gl->GenFramebuffers(1, &c.framebuffer);
    gl->BindFramebuffer(GL_FRAMEBUFFER, c.framebuffer);
    gl->FramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, c.color);
    assert_int_equal(gl->CheckFramebufferStatus(GL_FRAMEBUFFER), GL_FRAMEBUFFER_COMPLETE);
    gl->GenVertexArrays(1, &c.vertices);
    gl->BindVertexArray(c.vertices);
    gl->Viewport(0, 0, 1, 1);
    gl->UseProgram(c.program);
    return c;
}

static inline void canvas_destroy(const GladGLContext *gl, canvas *c)
{
    gl->UseProgram(0);
    gl->BindVertexArray(0);
    gl->BindFramebuffer(GL_FRAMEBUFFER, 0);
    gl->BindRenderbuffer(GL_RENDERBUFFER, 0);
    gl->DeleteProgram(c->program);
    gl->DeleteVertexArrays(1, &c->vertices);
    gl->DeleteFramebuffers(1, &c->framebuffer);
    gl->DeleteRenderbuffers(1, &c->color);
}

/* The pixel covers that part of the texture's sides, as if it were drawn smaller; at first 0: as if larger. */
static inline void canvas_cover(const GladGLContext *gl, const canvas *c, float across, float down)
{
    gl->Uniform2f(gl->GetUniformLocation(c->program, "covered"), across, down);
}

static inline void sample(const GladGLContext *gl, const canvas *c, float u, float v, unsigned char rgba[4])
{
    gl->ClearColor(0.5F, 0.0F, 0.5F, 0.0F);
    gl->Clear(GL_COLOR_BUFFER_BIT);
    gl->Uniform2f(gl->GetUniformLocation(c->program, "point"), u, v);
    gl->DrawArrays(GL_TRIANGLES, 0, 3);
    gl->ReadPixels(0, 0, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE, rgba);
    assert_int_equal(gl->GetError(), GL_NO_ERROR);
}

#endif
