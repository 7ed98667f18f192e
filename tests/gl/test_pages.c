/* Pages on a real OpenGL: texels are exact in every format and by both ways of uploading, also after a move by either way
 * of copying; an image drawn from a page looks as one drawn from a texture of its own; state stays as it was found. */
#include "gl_pages.h"

static const char copy_extension[] = "GL_ARB_copy_image";

static void packed_images_are_exact_in_every_format(void **state)
{
    (void)state;
    static const int sides[][2] = {{1, 1}, {17, 9}, {64, 64}, {3, 50}, {64, 1}};
    gl_fixture f;
    gl_pages_open(&f);
    for (int gap = 0; gap < 8; gap += 3) {
        pxc_pixmap pixmaps[FORMATS][COUNT_OF(sides)];
        pxc_key keys[FORMATS][COUNT_OF(sides)];
        for (int format = 0; format < FORMATS; ++format) {
            for (size_t i = 0; i < COUNT_OF(sides); ++i) {
                pixmaps[format][i] = pixmap_new(sides[i][0], sides[i][1], (pxc_format)format, gap);
                keys[format][i] = gl_insert(&f, &pixmaps[format][i]);
            }
        }
        for (int format = 0; format < FORMATS; ++format) {
            for (size_t i = 0; i < COUNT_OF(sides); ++i) {
                assert_packed_shows(&f, keys[format][i], &pixmaps[format][i]);
                pixmap_free(&pixmaps[format][i]);
            }
        }
    }
    assert_int_equal(stats_of(f.cache).pages, 5);
    assert_ledger(&f);
    gl_close(&f);
}

/* Whole, and in bands. */
static void textures_of_their_own_are_exact_beside_pages(void **state)
{
    (void)state;
    pxc_texture texture;
    gl_fixture f;
    gl_pages_open(&f);
    pxc_pixmap small = pixmap_new(20, 20, PXC_RGBA8, 0);
    pxc_pixmap large = pixmap_new(100, 70, PXC_RGB8, 1);
    pxc_pixmap banded = pixmap_new(500, 400, PXC_RGBA8, 0);
    for (int i = 0; i < 3; ++i) {
        assert_packed_shows(&f, gl_insert(&f, &small), &small);
        assert_shows(&f, gl_insert(&f, &large), &large);
        assert_status(PXC_OK, pxc_submit(f.cache, "banded", &banded, NULL, NULL));
        for (int frame = 0; frame < 100 && pxc_find_named(f.cache, "banded", &texture) != PXC_OK; ++frame) {
            gl_insert(&f, &small);
            assert_ok(f.cache, pxc_frame_begin(f.cache));
        }
        assert_pixels(f.gl, texture.name, &banded, 0);
        assert_ok(f.cache, pxc_remove_named(f.cache, "banded"));
    }
    pixmap_free(&small);
    pixmap_free(&large);
    pixmap_free(&banded);
    gl_close(&f);
}

/* ---- Drawing ----------------------------------------------------------------------------------------------------*/

enum { CANVAS_PX = 96 };

static const char vertex_source[] =
    "#version 330 core\n"
    "uniform mat2 turn;\n"
    "uniform vec4 rect;\n"
    "out vec2 point;\n"
    "void main()\n"
    "{\n"
    "    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);\n"
    "    point = mix(rect.xy, rect.zw, corner);\n"
    "    gl_Position = vec4(turn * (corner * 2.0 - 1.0) + vec2(0.013, 0.007), 0.0, 1.0);\n"
    "}\n";

static const char fragment_source[] = "#version 330 core\n"
                                      "uniform sampler2D image;\n"
                                      "in vec2 point;\n"
                                      "out vec4 color;\n"
                                      "void main()\n"
                                      "{\n"
                                      "    color = texture(image, point);\n"
                                      "}\n";

typedef struct easel {
    GLuint program, framebuffer, color, vertices;
} easel;

static easel easel_create(const GladGLContext *gl)
{
    const char *const sources[2] = {vertex_source, fragment_source};
    easel e = {.program = gl->CreateProgram()};
    for (int i = 0; i < 2; ++i) {
        const GLuint shader = gl->CreateShader(i == 0 ? GL_VERTEX_SHADER : GL_FRAGMENT_SHADER);
        gl->ShaderSource(shader, 1, &sources[i], NULL);
        gl->CompileShader(shader);
        gl->AttachShader(e.program, shader);
        gl->DeleteShader(shader);
    }
    gl->LinkProgram(e.program);
    gl->GenRenderbuffers(1, &e.color);
    gl->BindRenderbuffer(GL_RENDERBUFFER, e.color);
    gl->RenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, CANVAS_PX, CANVAS_PX);
    gl->GenFramebuffers(1, &e.framebuffer);
    gl->BindFramebuffer(GL_FRAMEBUFFER, e.framebuffer);
    gl->FramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, e.color);
    assert_int_equal(gl->CheckFramebufferStatus(GL_FRAMEBUFFER), GL_FRAMEBUFFER_COMPLETE);
    gl->GenVertexArrays(1, &e.vertices);
    gl->BindVertexArray(e.vertices);
    gl->Viewport(0, 0, CANVAS_PX, CANVAS_PX);
    gl->UseProgram(e.program);
    assert_int_equal(gl->GetError(), GL_NO_ERROR);
    return e;
}

static void easel_destroy(const GladGLContext *gl, easel *e)
{
    gl->UseProgram(0);
    gl->BindVertexArray(0);
    gl->BindFramebuffer(GL_FRAMEBUFFER, 0);
    gl->BindRenderbuffer(GL_RENDERBUFFER, 0);
    gl->DeleteProgram(e->program);
    gl->DeleteVertexArrays(1, &e->vertices);
    gl->DeleteFramebuffers(1, &e->framebuffer);
    gl->DeleteRenderbuffers(1, &e->color);
}

/* Half the sides of the image on the canvas, as columns of a matrix. */
static void draw(const GladGLContext *gl, const easel *e, const pxc_texture *texture, const float turn[4],
                 unsigned char *pixels)
{
    gl->ClearColor(1.0F, 0.0F, 1.0F, 1.0F);
    gl->Clear(GL_COLOR_BUFFER_BIT);
    gl->BindTexture(GL_TEXTURE_2D, texture->name);
    gl->UniformMatrix2fv(gl->GetUniformLocation(e->program, "turn"), 1, GL_FALSE, turn);
    gl->Uniform4f(gl->GetUniformLocation(e->program, "rect"), texture->u0, texture->v0, texture->u1,
                  texture->v1);
    gl->DrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    gl->ReadPixels(0, 0, CANVAS_PX, CANVAS_PX, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
    gl->BindTexture(GL_TEXTURE_2D, 0);
    assert_int_equal(gl->GetError(), GL_NO_ERROR);
}

static void assert_same_canvas(const unsigned char *expected, const unsigned char *seen, float scale)
{
    for (int i = 0; i < CANVAS_PX * CANVAS_PX * 4; ++i) {
        if (abs(expected[i] - seen[i]) > 1) {
            fail_msg("scale %.2f, byte %d: expected %d, got %d", (double)scale, i, expected[i], seen[i]);
        }
    }
}

/* Black and white, so that a neighbour that shows through is seen. */
static pxc_pixmap plain(int side, unsigned char value)
{
    pxc_pixmap pixmap = pixmap_new(side, side, PXC_RGBA8, 0);
    memset((void *)(uintptr_t)pixmap.pixels, value, (size_t)side * (size_t)side * 4);
    return pixmap;
}

static void nothing_of_a_neighbour_shows_at_any_scale(void **state)
{
    (void)state;
    static const float scales[] = {0.1F, 0.25F, 0.37F, 0.5F, 0.77F, 1.0F, 1.5F, 2.0F, 3.3F, 5.0F, 8.0F};
    static const float turns[][2] = {{1, 0}, {0, 1}, {0.96F, 0.28F}, {0.6F, -0.8F}, {-0.28F, 0.96F}};
    static const int sides[] = {1, 16, 17, 32, 61};
    static unsigned char expected[CANVAS_PX * CANVAS_PX * 4];
    static unsigned char seen[CANVAS_PX * CANVAS_PX * 4];
    for (size_t s = 0; s < COUNT_OF(sides); ++s) {
        gl_fixture f;
        pxc_cache *plainly = NULL;
        pxc_key own = {0};
        pxc_texture reference;
        const int side = sides[s];
        gl_pages_open(&f);
        assert_status(PXC_OK, gl_create(&f, 0, &plainly));
        pxc_pixmap black = plain(side, 0);
        pxc_pixmap white = plain(side, 255);
        for (int i = 0; i < 40; ++i) {
            gl_insert(&f, &black);
        }
        const pxc_texture packed = texture_of(f.cache, gl_insert(&f, &white));
        for (int i = 0; i < 40; ++i) {
            gl_insert(&f, &black);
        }
        pxc_pixmap colourful = pixmap_new(side, side, PXC_RGBA8, 0);
        const pxc_texture colours = texture_of(f.cache, gl_insert(&f, &colourful));
        easel e = easel_create(f.gl);
        for (size_t i = 0; i < COUNT_OF(scales) * COUNT_OF(turns) * 2; ++i) {
            const float *turn = turns[i / 2 % COUNT_OF(turns)];
            const float half = scales[i / 2 / COUNT_OF(turns)] * (float)side / CANVAS_PX;
            const float columns[4] = {turn[0] * half, turn[1] * half, -turn[1] * half, turn[0] * half};
            assert_status(PXC_OK, pxc_insert(plainly, i % 2 == 0 ? &white : &colourful, &own));
            assert_status(PXC_OK, pxc_find(plainly, own, &reference));
            draw(f.gl, &e, &reference, columns, expected);
            draw(f.gl, &e, i % 2 == 0 ? &packed : &colours, columns, seen);
            assert_same_canvas(expected, seen, scales[i / 2 / COUNT_OF(turns)]);
            assert_status(PXC_OK, pxc_clear(plainly));
            assert_status(PXC_OK, pxc_frame_end(plainly));
        }
        easel_destroy(f.gl, &e);
        assert_status(PXC_OK, pxc_destroy(plainly));
        pixmap_free(&black);
        pixmap_free(&white);
        pixmap_free(&colourful);
        gl_close(&f);
    }
}

/* ---- Moves and state --------------------------------------------------------------------------------------------*/

/* What an application may have bound and set, each of it in the way of an upload or a copy. */
typedef struct app {
    GLuint texture, buffer, framebuffers[2];
} app;

static app app_create(const GladGLContext *gl)
{
    app a = {0};
    gl->GenTextures(1, &a.texture);
    gl->ActiveTexture(GL_TEXTURE3);
    gl->BindTexture(GL_TEXTURE_2D, a.texture);
    gl->GenBuffers(1, &a.buffer);
    gl->BindBuffer(GL_PIXEL_UNPACK_BUFFER, a.buffer);
    gl->BufferData(GL_PIXEL_UNPACK_BUFFER, 64, NULL, GL_STREAM_DRAW);
    gl->GenFramebuffers(2, a.framebuffers);
    gl->BindFramebuffer(GL_READ_FRAMEBUFFER, a.framebuffers[0]);
    gl->BindFramebuffer(GL_DRAW_FRAMEBUFFER, a.framebuffers[1]);
    gl->PixelStorei(GL_UNPACK_ALIGNMENT, 8);
    gl->PixelStorei(GL_UNPACK_ROW_LENGTH, 331);
    gl->PixelStorei(GL_UNPACK_SKIP_ROWS, 13);
    gl->PixelStorei(GL_UNPACK_SKIP_PIXELS, 7);
    gl->PixelStorei(GL_UNPACK_SWAP_BYTES, 1);
    assert_int_equal(gl->GetError(), GL_NO_ERROR);
    return a;
}

static void app_destroy(const GladGLContext *gl, app *a)
{
    gl->BindTexture(GL_TEXTURE_2D, 0);
    gl->ActiveTexture(GL_TEXTURE0);
    gl->BindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
    gl->BindFramebuffer(GL_FRAMEBUFFER, 0);
    gl->PixelStorei(GL_UNPACK_ALIGNMENT, 4);
    gl->PixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    gl->PixelStorei(GL_UNPACK_SKIP_ROWS, 0);
    gl->PixelStorei(GL_UNPACK_SKIP_PIXELS, 0);
    gl->PixelStorei(GL_UNPACK_SWAP_BYTES, 0);
    gl->DeleteTextures(1, &a->texture);
    gl->DeleteBuffers(1, &a->buffer);
    gl->DeleteFramebuffers(2, a->framebuffers);
}

static void fills_restore_state_and_are_right_in_any_state(void **state)
{
    (void)state;
    gl_fixture f;
    gl_pages_open(&f);
    for (int i = 0; i < FORMATS * 4; ++i) {
        pxc_pixmap pixmap = pixmap_new(17 + i, 9, (pxc_format)(i % FORMATS), i / FORMATS);
        app a = app_create(f.gl);
        const gl_state before = read_state(f.gl);
        const pxc_key key = gl_insert(&f, &pixmap);
        assert_state(f.gl, &before);
        app_destroy(f.gl, &a);
        assert_packed_shows(&f, key, &pixmap);
        pixmap_free(&pixmap);
    }
    gl_close(&f);
}

static GLsizei count_framebuffers(const GladGLContext *gl)
{
    GLsizei count = 0;
    for (GLuint name = 1; name < 100; ++name) {
        count += gl->IsFramebuffer(name) != 0;
    }
    return count;
}

/* Two pages of a format; what is left of the second, three images, must move into the first. */
static void check_moves(pxc_format format, const char *hidden)
{
    enum { A_PAGE = 49 }; /* 64 x 64 each */
    pxc_key keys[A_PAGE * 2];
    pxc_pixmap pixmaps[3];
    gl_fixture f;
    gl_fixture_init(&f);
    spy.hidden[0] = hidden;
    gl_pages_start(&f, spy_get_proc_address);
    const GLsizei framebuffers = count_framebuffers(f.gl);
    pxc_pixmap filler = pixmap_new(64, 64, format, 0);
    for (int i = 0; i < A_PAGE * 2; ++i) {
        keys[i] = gl_insert(&f, &filler);
    }
    assert_int_equal(stats_of(f.cache).pages, 2);
    for (int i = 0; i < 3; ++i) {
        pixmaps[i] = pixmap_new(64, 64 - i, format, i + 1);
        assert_ok(f.cache, pxc_remove(f.cache, keys[A_PAGE + i * 20]));
    }
    assert_ok(f.cache, pxc_frame_end(f.cache));
    for (int i = 0; i < 3; ++i) {
        keys[A_PAGE + i * 20] = gl_insert(&f, &pixmaps[i]);
    }
    for (int i = 0; i < A_PAGE * 2; ++i) {
        const bool stays = i < A_PAGE ? i % 2 == 0 : (i - A_PAGE) % 20 == 0;
        if (!stays) {
            assert_ok(f.cache, pxc_remove(f.cache, keys[i]));
        }
    }
    app a = app_create(f.gl);
    const gl_state before = read_state(f.gl);
    for (int frame = 0; frame < 20; ++frame) {
        assert_ok(f.cache, pxc_frame_end(f.cache));
        assert_state(f.gl, &before);
    }
    app_destroy(f.gl, &a);
    assert_int_equal(stats_of(f.cache).pages, 1);
    assert_int_equal(stats_of(f.cache).moves, 3);
    for (int i = 0; i < 3; ++i) {
        assert_packed_shows(&f, keys[A_PAGE + i * 20], &pixmaps[i]);
        pixmap_free(&pixmaps[i]);
    }
    assert_packed_shows(&f, keys[0], &filler);
    assert_packed_shows(&f, keys[A_PAGE - 1], &filler);
    assert_int_equal(count_framebuffers(f.gl) - framebuffers, hidden != NULL);
    pixmap_free(&filler);
    gl_close(&f);
    assert_int_equal(count_framebuffers(pxe_window_gl(gl_window)), framebuffers);
}

static void images_move_exactly_by_copies_of_images(void **state)
{
    (void)state;
    for (int format = 0; format < FORMATS; ++format) {
        check_moves((pxc_format)format, NULL);
    }
}

static void images_move_exactly_by_a_framebuffer(void **state)
{
    (void)state;
    for (int format = 0; format < FORMATS; ++format) {
        check_moves((pxc_format)format, copy_extension);
    }
}

static void pages_work_in_the_context_after_a_lost_one(void **state)
{
    (void)state;
    gl_fixture f;
    gl_pages_open(&f);
    pxc_pixmap pixmap = pixmap_new(20, 20, PXC_RGBA8, 0);
    const pxc_key lost = gl_insert(&f, &pixmap);
    assert_ok(f.cache, pxc_context_lost(f.cache));
    assert_false(pxc_key_valid(f.cache, lost));
    for (GLuint name = 1; name < GL_SPY_NAMES; ++name) { /* as the loss does */
        if (spy.alive_names[name]) {
            spy_delete_textures(1, &name);
        }
        if (spy.alive_buffers[name]) {
            spy_delete_buffers(1, &name);
        }
    }
    const pxc_key key = gl_insert(&f, &pixmap);
    assert_packed_shows(&f, key, &pixmap);
    pixmap_free(&pixmap);
    gl_close(&f);
}

/* Of the framebuffer too: its name may belong to the application by then. */
static void a_framebuffer_of_a_lost_context_is_forgotten(void **state)
{
    (void)state;
    enum { A_PAGE = 49 };
    pxc_key keys[2 * A_PAGE];
    GLuint taken[100] = {0};
    gl_fixture f;
    gl_fixture_init(&f);
    spy.hidden[0] = copy_extension;
    gl_pages_start(&f, spy_get_proc_address);
    pxc_pixmap pixmap = pixmap_new(64, 64, PXC_RGBA8, 0);
    const GLsizei framebuffers = count_framebuffers(f.gl);
    for (int i = 0; i < 2 * A_PAGE; ++i) {
        keys[i] = gl_insert(&f, &pixmap);
    }
    for (int i = 0; i < A_PAGE + 5; ++i) {
        assert_ok(f.cache, pxc_remove(f.cache, keys[i < A_PAGE - 5 ? i : i + 5]));
    }
    assert_ok(f.cache, pxc_set_limit(f.cache, PAGE_LIMIT / 4));
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_true(stats_of(f.cache).moves > 0);
    assert_int_equal(count_framebuffers(f.gl), framebuffers + 1);
    pxc_texture texture;
    assert_ok(f.cache, pxc_clear(f.cache));
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_int_equal(spy.alive, 0);
    for (GLuint name = 1; name < GL_SPY_NAMES; ++name) {
        if (spy.alive_buffers[name]) {
            spy_delete_buffers(1, &name);
        }
    }
    assert_ok(f.cache, pxc_context_lost(f.cache));
    assert_ok(f.cache, pxc_insert(f.cache, &pixmap, &keys[0]));
    assert_status(PXC_OK, pxc_find(f.cache, keys[0], &texture));
    gl_close(&f); /* the name that it had stays */
    assert_int_equal(count_framebuffers(f.gl), framebuffers + 1);
    for (GLuint name = 1; name < COUNT_OF(taken); ++name) {
        taken[name] = name;
    }
    f.gl->DeleteFramebuffers(COUNT_OF(taken), taken);
    pixmap_free(&pixmap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_images_are_exact_in_every_format),
        cmocka_unit_test(textures_of_their_own_are_exact_beside_pages),
        cmocka_unit_test(nothing_of_a_neighbour_shows_at_any_scale),
        cmocka_unit_test(fills_restore_state_and_are_right_in_any_state),
        cmocka_unit_test(images_move_exactly_by_copies_of_images),
        cmocka_unit_test(images_move_exactly_by_a_framebuffer),
        cmocka_unit_test(a_framebuffer_of_a_lost_context_is_forgotten),
        cmocka_unit_test(pages_work_in_the_context_after_a_lost_one),
    };
    int failed = cmocka_run_group_tests(tests, open_window, close_window);
    gl_way = PXC_UPLOAD_BUFFERS;
    failed += cmocka_run_group_tests(tests, open_window, close_window);
    return failed;
}
