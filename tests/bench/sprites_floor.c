/* The floor of the benchmark of sprites: the same pixels by one draw call.
 *
 * All textures are layers of one GL_TEXTURE_2D_ARRAY, so there is nothing to bind and nothing to find; a
 * frame writes its sprites straight into a mapped buffer whose last contents the driver may keep for the GPU,
 * and draws. There are three ways to say what is drawn:
 *
 *   floor        one glDrawArraysInstanced; an instance holds what a sprite of a game can not do without:
 *                place, size, part of the image, layer, tint; it does not turn
 *   floor-bare   the same with place and layer only, to show what the rest costs
 *   floor-quads  one glDrawElements; the four corners are written out, with all that they share, so that the
 *                GPU has no instances of four vertices, for which some drivers do much for little
 *
 * A program could do this if it drew images of one size and kept all of them: the distance to it is what a
 * library costs.
 */
#include "sprites.h"

#include "bench.h"

#include <glad/gl.h>
#include <pxe/window.h>

#include <stddef.h>

typedef struct instance {
    float x, y, width, height;
    uint16_t u0, v0, u1, v1; /* 65,535 = 1 */
    float layer;
    uint8_t tint[4]; /* premultiplied */
} instance;

typedef struct bare_instance {
    float x, y, layer;
} bare_instance;

typedef struct corner {
    float x, y;
    uint16_t u, v;
    float layer;
    uint8_t tint[4];
} corner;

_Static_assert(sizeof(instance) == 32 && sizeof(bare_instance) == 12 && sizeof(corner) == 20, "no gaps");

enum { MAX_ATTRIBUTES = 4, INDICES = 6 /* of two triangles */, CORNERS = 4 };

typedef struct attribute {
    GLint components; /* 0 = none */
    GLenum type;
    size_t offset;
} attribute;

typedef struct floor_kind {
    const char *vertex_source, *fragment_source;
    size_t entry_bytes; /* of the buffer */
    bool is_instanced;  /* an entry is a sprite; else a corner */
    attribute attributes[MAX_ATTRIBUTES];
    void (*write)(void *memory, const sprites_scene *scene);
} floor_kind;

typedef struct floor_state {
    pxe_window *window;
    const GladGLContext *gl;
    const floor_kind *kind;
    GLuint program, vertex_array, buffer, indices, texture;
} floor_state;

/* 1280 x 720, y downwards. What all corners of a sprite share is not interpolated. */
#define TO_CLIP "gl_Position = vec4(at * vec2(2.0 / 1280.0, -2.0 / 720.0) + vec2(-1.0, 1.0), 0.0, 1.0);"

static const char vertex_source[] = "#version 330 core\n"
                                    "layout(location = 0) in vec4 place;\n"
                                    "layout(location = 1) in vec4 source;\n"
                                    "layout(location = 2) in float layer;\n"
                                    "layout(location = 3) in vec4 tint;\n"
                                    "out vec2 uv;\n"
                                    "flat out float slice;\n"
                                    "flat out vec4 factor;\n"
                                    "void main()\n"
                                    "{\n"
                                    "    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);\n"
                                    "    vec2 at = place.xy + corner * place.zw;\n"
                                    "    uv = mix(source.xy, source.zw, corner);\n"
                                    "    slice = layer;\n"
                                    "    factor = tint;\n"
                                    "    " TO_CLIP "\n"
                                    "}\n";

static const char quads_vertex_source[] = "#version 330 core\n"
                                          "layout(location = 0) in vec2 at;\n"
                                          "layout(location = 1) in vec2 source;\n"
                                          "layout(location = 2) in float layer;\n"
                                          "layout(location = 3) in vec4 tint;\n"
                                          "out vec2 uv;\n"
                                          "flat out float slice;\n"
                                          "flat out vec4 factor;\n"
                                          "void main()\n"
                                          "{\n"
                                          "    uv = source;\n"
                                          "    slice = layer;\n"
                                          "    factor = tint;\n"
                                          "    " TO_CLIP "\n"
                                          "}\n";

static const char fragment_source[] = "#version 330 core\n"
                                      "uniform sampler2DArray images;\n"
                                      "in vec2 uv;\n"
                                      "flat in float slice;\n"
                                      "flat in vec4 factor;\n"
                                      "out vec4 color;\n"
                                      "void main() { color = texture(images, vec3(uv, slice)) * factor; }\n";

static const char bare_vertex_source[] = "#version 330 core\n"
                                         "layout(location = 0) in vec3 place;\n"
                                         "out vec2 uv;\n"
                                         "flat out float slice;\n"
                                         "void main()\n"
                                         "{\n"
                                         "    uv = vec2(gl_VertexID & 1, gl_VertexID >> 1);\n"
                                         "    slice = place.z;\n"
                                         "    vec2 at = place.xy + uv * 16.0;\n"
                                         "    " TO_CLIP "\n"
                                         "}\n";

static const char bare_fragment_source[] = "#version 330 core\n"
                                           "uniform sampler2DArray images;\n"
                                           "in vec2 uv;\n"
                                           "flat in float slice;\n"
                                           "out vec4 color;\n"
                                           "void main() { color = texture(images, vec3(uv, slice)); }\n";

/* Each entry is made before it is stored, so that the compiler writes it in order and in one go: mapped
 * memory may be slow in all else. */
static void write_instances(void *memory, const sprites_scene *scene)
{
    instance *to = memory;
    for (int i = 0; i < scene->count; ++i) {
        const instance sprite = {
            .x = scene->x[i],
            .y = scene->y[i],
            .width = SPRITES_SIDE,
            .height = SPRITES_SIDE,
            .u1 = UINT16_MAX,
            .v1 = UINT16_MAX,
            .layer = (float)scene->texture[i],
            .tint = {255, 255, 255, 255},
        };
        to[i] = sprite;
    }
}

static void write_bare_instances(void *memory, const sprites_scene *scene)
{
    bare_instance *to = memory;
    for (int i = 0; i < scene->count; ++i) {
        const bare_instance sprite = {scene->x[i], scene->y[i], (float)scene->texture[i]};
        to[i] = sprite;
    }
}

static void write_corners(void *memory, const sprites_scene *scene)
{
    corner *to = memory;
    for (int i = 0; i < scene->count; ++i) {
        for (int k = 0; k < CORNERS; ++k) {
            const int right = k & 1;
            const int down = k >> 1;
            const corner at = {
                .x = scene->x[i] + (float)(right * SPRITES_SIDE),
                .y = scene->y[i] + (float)(down * SPRITES_SIDE),
                .u = (uint16_t)(right * UINT16_MAX),
                .v = (uint16_t)(down * UINT16_MAX),
                .layer = (float)scene->texture[i],
                .tint = {255, 255, 255, 255},
            };
            *to++ = at;
        }
    }
}

static const floor_kind kinds[] = {
    [SPRITES_FLOOR] = {.vertex_source = vertex_source,
                       .fragment_source = fragment_source,
                       .entry_bytes = sizeof(instance),
                       .is_instanced = true,
                       .attributes = {{4, GL_FLOAT, offsetof(instance, x)},
                                      {4, GL_UNSIGNED_SHORT, offsetof(instance, u0)},
                                      {1, GL_FLOAT, offsetof(instance, layer)},
                                      {4, GL_UNSIGNED_BYTE, offsetof(instance, tint)}},
                       .write = write_instances},
    [SPRITES_FLOOR_BARE] = {.vertex_source = bare_vertex_source,
                            .fragment_source = bare_fragment_source,
                            .entry_bytes = sizeof(bare_instance),
                            .is_instanced = true,
                            .attributes = {{3, GL_FLOAT, offsetof(bare_instance, x)}},
                            .write = write_bare_instances},
    [SPRITES_FLOOR_QUADS] = {.vertex_source = quads_vertex_source,
                             .fragment_source = fragment_source,
                             .entry_bytes = sizeof(corner),
                             .attributes = {{2, GL_FLOAT, offsetof(corner, x)},
                                            {2, GL_UNSIGNED_SHORT, offsetof(corner, u)},
                                            {1, GL_FLOAT, offsetof(corner, layer)},
                                            {4, GL_UNSIGNED_BYTE, offsetof(corner, tint)}},
                             .write = write_corners},
};

static void add_shader(const floor_state *it, GLenum kind, const char *source)
{
    const GLuint shader = it->gl->CreateShader(kind);
    it->gl->ShaderSource(shader, 1, &source, NULL);
    it->gl->CompileShader(shader);
    it->gl->AttachShader(it->program, shader);
    it->gl->DeleteShader(shader);
}

static void create_program(floor_state *it)
{
    const GladGLContext *gl = it->gl;
    GLint is_linked = GL_FALSE;
    it->program = gl->CreateProgram();
    add_shader(it, GL_VERTEX_SHADER, it->kind->vertex_source);
    add_shader(it, GL_FRAGMENT_SHADER, it->kind->fragment_source);
    gl->LinkProgram(it->program);
    gl->GetProgramiv(it->program, GL_LINK_STATUS, &is_linked);
    if (is_linked == GL_FALSE) {
        char log[1024] = "";
        gl->GetProgramInfoLog(it->program, sizeof log, NULL, log);
        sprites_fail("the floor's shaders", log);
    }
}

static void create_textures(floor_state *it, int count)
{
    const GladGLContext *gl = it->gl;
    GLint most = 0;
    gl->GetIntegerv(GL_MAX_ARRAY_TEXTURE_LAYERS, &most);
    if (count > most) {
        sprites_fail("the floor", "an array texture of this GPU has not so many layers");
    }
    gl->GenTextures(1, &it->texture);
    gl->BindTexture(GL_TEXTURE_2D_ARRAY, it->texture);
    gl->TexImage3D(GL_TEXTURE_2D_ARRAY, 0, GL_RGBA8, SPRITES_SIDE, SPRITES_SIDE, count, 0, GL_RGBA,
                   GL_UNSIGNED_BYTE, NULL);
    for (int i = 0; i < count; ++i) {
        unsigned char pixels[SPRITES_TEXTURE_BYTES];
        sprites_paint(pixels, i, true);
        gl->TexSubImage3D(GL_TEXTURE_2D_ARRAY, 0, 0, 0, i, SPRITES_SIDE, SPRITES_SIDE, 1, GL_RGBA,
                          GL_UNSIGNED_BYTE, pixels);
    }
    gl->TexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAX_LEVEL, 0);
    gl->TexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    gl->TexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    gl->TexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    gl->TexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
}

/* Which corners the two triangles of each quad have. */
static void create_indices(floor_state *it, int count)
{
    static const uint32_t order[INDICES] = {0, 1, 2, 2, 1, 3};
    const size_t size_bytes = (size_t)count * INDICES * sizeof order[0];
    uint32_t *indices = bench_memory(size_bytes);
    for (size_t i = 0; i < (size_t)count * INDICES; ++i) {
        indices[i] = (uint32_t)(i / INDICES) * CORNERS + order[i % INDICES];
    }
    it->gl->GenBuffers(1, &it->indices);
    it->gl->BindBuffer(GL_ELEMENT_ARRAY_BUFFER, it->indices);
    it->gl->BufferData(GL_ELEMENT_ARRAY_BUFFER, (GLsizeiptr)size_bytes, indices, GL_STATIC_DRAW);
    free(indices);
}

static void create_vertices(floor_state *it)
{
    const GladGLContext *gl = it->gl;
    gl->GenBuffers(1, &it->buffer);
    gl->GenVertexArrays(1, &it->vertex_array);
    gl->BindVertexArray(it->vertex_array);
    gl->BindBuffer(GL_ARRAY_BUFFER, it->buffer);
    for (GLuint i = 0; i < MAX_ATTRIBUTES && it->kind->attributes[i].components != 0; ++i) {
        const attribute *given = &it->kind->attributes[i];
        gl->EnableVertexAttribArray(i);
        gl->VertexAttribDivisor(i, it->kind->is_instanced);
        gl->VertexAttribPointer(i, given->components, given->type, given->type != GL_FLOAT,
                                (GLsizei)it->kind->entry_bytes, (const void *)given->offset);
    }
}

static void open_floor(floor_state *it, const sprites_scene *scene)
{
    const pxe_window_config config = {
        .title = "floor", .width = SPRITES_WIDTH, .height = SPRITES_HEIGHT, .headless = true};
    pxe_error error;
    if (!pxe_window_create(&config, &it->window, &error)) {
        sprites_fail("the floor", error.text);
    }
    it->gl = pxe_window_gl(it->window);
    create_program(it);
    create_textures(it, scene->textures);
    create_vertices(it);
    if (!it->kind->is_instanced) {
        create_indices(it, scene->count);
    }
    it->gl->UseProgram(it->program);
    it->gl->Viewport(0, 0, SPRITES_WIDTH, SPRITES_HEIGHT);
    it->gl->ClearColor(SPRITES_RED / 255.0F, SPRITES_GREEN / 255.0F, SPRITES_BLUE / 255.0F, 1);
    it->gl->Enable(GL_BLEND);
    it->gl->BlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
}

static void close_floor(const floor_state *it)
{
    it->gl->DeleteVertexArrays(1, &it->vertex_array);
    it->gl->DeleteBuffers(1, &it->buffer);
    it->gl->DeleteBuffers(1, &it->indices); /* 0 is none */
    it->gl->DeleteTextures(1, &it->texture);
    it->gl->DeleteProgram(it->program);
    pxe_window_destroy(it->window);
}

static void draw(void *user, const sprites_scene *scene)
{
    const floor_state *it = user;
    const GladGLContext *gl = it->gl;
    const size_t entries = (size_t)scene->count * (it->kind->is_instanced ? 1 : CORNERS);
    const GLsizeiptr size_bytes = (GLsizeiptr)(entries * it->kind->entry_bytes);
    gl->Clear(GL_COLOR_BUFFER_BIT);
    gl->BufferData(GL_ARRAY_BUFFER, size_bytes, NULL, GL_STREAM_DRAW);
    void *memory =
        gl->MapBufferRange(GL_ARRAY_BUFFER, 0, size_bytes, GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_BUFFER_BIT);
    if (memory == NULL) {
        sprites_fail("the floor", "no memory on the GPU");
    }
    it->kind->write(memory, scene);
    gl->UnmapBuffer(GL_ARRAY_BUFFER);
    if (it->kind->is_instanced) {
        gl->DrawArraysInstanced(GL_TRIANGLE_STRIP, 0, CORNERS, scene->count);
    } else {
        gl->DrawElements(GL_TRIANGLES, scene->count * INDICES, GL_UNSIGNED_INT, NULL);
    }
    if (sprites_is_picture(scene)) {
        sprites_read_screen(scene, gl);
    }
    pxe_window_swap(it->window); /* as the engine ends its frames: headless, so it waits for the GPU */
}

void sprites_read_screen(const sprites_scene *scene, const GladGLContext *gl)
{
    unsigned char *pixels = bench_memory((size_t)SPRITES_WIDTH * SPRITES_HEIGHT * 4);
    gl->ReadPixels(0, 0, SPRITES_WIDTH, SPRITES_HEIGHT, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
    sprites_write(scene, pixels, true);
    free(pixels);
}

void sprites_run_floor(sprites_scene *scene, sprites_floor kind)
{
    floor_state it = {.kind = &kinds[kind]};
    open_floor(&it, scene);
    sprites_measure(scene, &(sprites_contestant){
                               .user = &it,
                               .renderer = (const char *)it.gl->GetString(GL_RENDERER),
                               .draw = draw,
                           });
    close_floor(&it);
}
