/* What a shader sees of a texture: with u0 v0 u1 v1 the image's corners are where pxc_texture says that they are. */
#include "gl_fixture.h"

static const char vertex_source[] = "#version 330 core\n"
                                    "void main()\n"
                                    "{\n"
                                    "    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);\n"
                                    "    gl_Position = vec4(corner * 4.0 - 1.0, 0.0, 1.0);\n"
                                    "}\n";

static const char fragment_source[] = "#version 330 core\n"
                                      "uniform sampler2D image;\n"
                                      "uniform vec2 point;\n"
                                      "out vec4 color;\n"
                                      "void main()\n"
                                      "{\n"
                                      "    color = texture(image, point);\n"
                                      "}\n";

static GLuint compile(const GladGLContext *gl)
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
static canvas canvas_create(const GladGLContext *gl)
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

static void canvas_destroy(const GladGLContext *gl, canvas *c)
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

static void sample(const GladGLContext *gl, const canvas *c, float u, float v, unsigned char rgba[4])
{
    gl->ClearColor(0.5F, 0.0F, 0.5F, 0.0F);
    gl->Clear(GL_COLOR_BUFFER_BIT);
    gl->Uniform2f(gl->GetUniformLocation(c->program, "point"), u, v);
    gl->DrawArrays(GL_TRIANGLES, 0, 3);
    gl->ReadPixels(0, 0, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE, rgba);
    assert_int_equal(gl->GetError(), GL_NO_ERROR);
}

static void check_sample(const gl_fixture *f, const canvas *c, const pxc_pixmap *pixmap, int x, int y,
                         float u, float v)
{
    unsigned char expected[4];
    unsigned char seen[4] = {0};
    expected_pixel(pixmap, x, y, expected);
    sample(f->gl, c, u, v, seen);
    for (int i = 0; i < 4; ++i) {
        if (abs(seen[i] - expected[i]) > 1) {
            fail_msg("format %d, pixel (%d, %d), channel %d: expected %d, got %d", (int)pixmap->format, x, y,
                     i, expected[i], seen[i]);
        }
    }
}

static void check_image(gl_fixture *f, const canvas *c, const pxc_pixmap *pixmap)
{
    const pxc_texture t = texture_of(f->cache, gl_insert(f, pixmap));
    assert_true(t.u0 == 0.0F && t.v0 == 0.0F && t.u1 == 1.0F && t.v1 == 1.0F);
    const int right = pixmap->width - 1;
    const int bottom = pixmap->height - 1;
    f->gl->BindTexture(GL_TEXTURE_2D, t.name);
    check_sample(f, c, pixmap, 0, 0, t.u0, t.v0);
    check_sample(f, c, pixmap, right, 0, t.u1, t.v0);
    check_sample(f, c, pixmap, 0, bottom, t.u0, t.v1);
    check_sample(f, c, pixmap, right, bottom, t.u1, t.v1);
    for (int y = 0; y < pixmap->height; ++y) {
        for (int x = 0; x < pixmap->width; ++x) {
            const float u = t.u0 + (t.u1 - t.u0) * ((float)x + 0.5F) / (float)pixmap->width;
            const float v = t.v0 + (t.v1 - t.v0) * ((float)y + 0.5F) / (float)pixmap->height;
            check_sample(f, c, pixmap, x, y, u, v);
        }
    }
    f->gl->BindTexture(GL_TEXTURE_2D, 0);
}

static void a_shader_sees_the_first_row_at_v0_and_every_pixel_in_its_place(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    canvas c = canvas_create(f.gl);
    for (int format = 0; format < FORMATS; ++format) {
        for (int mipmaps = 0; mipmaps < 2; ++mipmaps) {
            pxc_pixmap pixmap = pixmap_new(4, 3, (pxc_format)format, 0);
            pixmap.mipmaps = mipmaps == 1;
            check_image(&f, &c, &pixmap);
            pixmap_free(&pixmap);
        }
    }
    canvas_destroy(f.gl, &c);
    gl_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shader_sees_the_first_row_at_v0_and_every_pixel_in_its_place),
    };
    return cmocka_run_group_tests(tests, open_window, close_window);
}
