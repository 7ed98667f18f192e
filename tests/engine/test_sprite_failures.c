/* A GPU that fails: a batch that is not made leaves nothing behind, one whose context is lost draws
 * nothing, and both can be destroyed. Functions of the context's table are replaced by ones that fail. */
#include "sprite_stage.h"

enum { SIDE = 16 };

static stage s;
static GladGLContext broken;    /* the engine's, but for what a test replaces */
static const GladGLContext *gl; /* the engine's */
static int calls_left;          /* until the function that is to fail fails */
static GLenum error_left;

static int open_stage(void **state)
{
    (void)state;
    stage_open(&s, SIDE, SIDE);
    gl = pxe_window_gl(s.engine->window);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&s);
    return 0;
}

static void GLAD_API_PTR no_buffer_data(GLenum target, GLsizeiptr size, const void *data, GLenum usage)
{
    if (calls_left-- > 0) {
        gl->BufferData(target, size, data, usage);
    } else {
        error_left = GL_OUT_OF_MEMORY;
    }
}

static void GLAD_API_PTR no_tex_image(GLenum target, GLint level, GLint internal, GLsizei width, // NOLINT
                                      GLsizei height, GLint border, GLenum format, GLenum type,
                                      const void *pixels)
{
    (void)target, (void)level, (void)internal, (void)width, (void)height, (void)border, (void)format;
    (void)type, (void)pixels;
    error_left = GL_OUT_OF_MEMORY;
}

static GLenum GLAD_API_PTR get_error(void)
{
    const GLenum error = error_left;
    error_left = GL_NO_ERROR;
    return error != GL_NO_ERROR ? error : gl->GetError();
}

static void GLAD_API_PTR no_buffers(GLsizei count, GLuint *names)
{
    memset(names, 0, (size_t)count * sizeof *names);
}

static void *GLAD_API_PTR no_map(GLenum target, GLintptr offset, GLsizeiptr length, GLbitfield access)
{
    (void)target, (void)offset, (void)length, (void)access;
    return NULL;
}

static GLboolean GLAD_API_PTR lost_unmap(GLenum target)
{
    gl->UnmapBuffer(target);
    return GL_FALSE;
}

static GLuint GLAD_API_PTR no_program(void)
{
    return 0;
}

static GLenum GLAD_API_PTR lost_for_ever(void)
{
    return 0x0507; /* GL_CONTEXT_LOST */
}

/* Names that were given out and not given back, of any kind. */
static int alive;

#define COUNT_NAMES(kind)                                                                                    \
    static void GLAD_API_PTR gen_##kind(GLsizei count, GLuint *names)                                        \
    {                                                                                                        \
        gl->Gen##kind(count, names);                                                                         \
        alive += count;                                                                                      \
    }                                                                                                        \
    static void GLAD_API_PTR delete_##kind(GLsizei count, const GLuint *names)                               \
    {                                                                                                        \
        gl->Delete##kind(count, names);                                                                      \
        for (GLsizei i = 0; i < count; ++i) {                                                                \
            alive -= names[i] != 0;                                                                          \
        }                                                                                                    \
    }
COUNT_NAMES(Textures)
COUNT_NAMES(Buffers)
COUNT_NAMES(Samplers)
COUNT_NAMES(VertexArrays)

static GLuint GLAD_API_PTR create_program(void)
{
    ++alive;
    return gl->CreateProgram();
}

static GLuint GLAD_API_PTR create_shader(GLenum kind)
{
    ++alive;
    return gl->CreateShader(kind);
}

static void GLAD_API_PTR delete_program(GLuint name)
{
    alive -= name != 0;
    gl->DeleteProgram(name);
}

static void GLAD_API_PTR delete_shader(GLuint name)
{
    alive -= name != 0;
    gl->DeleteShader(name);
}

/* The engine's table, but that it counts names. */
static void use_counting_table(void)
{
    broken = *gl;
    broken.GenTextures = gen_Textures;
    broken.DeleteTextures = delete_Textures;
    broken.GenBuffers = gen_Buffers;
    broken.DeleteBuffers = delete_Buffers;
    broken.GenSamplers = gen_Samplers;
    broken.DeleteSamplers = delete_Samplers;
    broken.GenVertexArrays = gen_VertexArrays;
    broken.DeleteVertexArrays = delete_VertexArrays;
    broken.CreateProgram = create_program;
    broken.CreateShader = create_shader;
    broken.DeleteProgram = delete_program;
    broken.DeleteShader = delete_shader;
    alive = 0;
}

static void draw_square(pxe_sprites *sprites)
{
    const pxe_sprite sprite = {.texture = pxe_sprites_white(sprites), .width = SIDE, .height = SIDE};
    pxe_sprites_draw(sprites, &sprite);
    pxe_sprites_flush(sprites);
}

/* A batch on the broken table, seen through the screen's camera. */
static pxe_sprites *batch_on_broken(void)
{
    pxe_sprites *sprites = NULL;
    pxe_error error = {""};
    const pxe_camera camera = pxe_camera_screen(SIDE, SIDE);
    use_counting_table();
    if (!pxe_sprites_create(&broken, &sprites, &error)) {
        fail_msg("no batch: %s", error.text);
    }
    pxe_sprites_set_camera(sprites, &camera);
    return sprites;
}

static void assert_not_created(void)
{
    pxe_sprites *sprites = (pxe_sprites *)&sprites;
    pxe_error error = {""};
    assert_false(pxe_sprites_create(&broken, &sprites, &error));
    assert_null(sprites);
    assert_says(&error, "");
    error_left = GL_NO_ERROR;
    assert_int_equal(alive, 0);
    assert_int_equal(gl->GetError(), GL_NO_ERROR);
}

static void a_batch_that_the_gpu_has_no_room_for_leaves_nothing(void **state)
{
    (void)state;
    use_counting_table();
    broken.GetError = get_error;
    broken.BufferData = no_buffer_data;
    calls_left = 0;
    assert_not_created();
    use_counting_table();
    broken.GetError = get_error;
    broken.TexImage2D = no_tex_image;
    assert_not_created();
    use_counting_table();
    broken.GenBuffers = no_buffers;
    assert_not_created();
    use_counting_table();
    broken.CreateProgram = no_program;
    assert_not_created();
    use_counting_table();
    broken.GetError = lost_for_ever;
    assert_not_created();
}

static void creating_drawing_and_destroying_leaves_no_name(void **state)
{
    (void)state;
    pxe_error error = {""};
    pxe_effect *effect = NULL;
    pxe_sprites *sprites = batch_on_broken();
    assert_true(
        pxe_effect_create(sprites, "vec4 effect(vec2 uv, vec4 tint) { return tint; }", &effect, &error));
    stage_begin(&s, 0x102030FF);
    draw_square(sprites);
    pxe_sprites_set_effect(sprites, effect);
    draw_square(sprites);
    assert_true(alive > 0);
    pxe_effect_destroy(sprites, effect);
    assert_false(pxe_effect_create(sprites, "nothing", &effect, &error));
    stage_end(&s);
    pxe_sprites_destroy(sprites);
    assert_int_equal(alive, 0);
}

static void a_buffer_that_can_not_be_mapped_drops_the_sprites_and_no_more(void **state)
{
    (void)state;
    uint32_t draws = 7;
    uint32_t drawn = 7;
    pxe_sprites *sprites = batch_on_broken();
    stage_begin(&s, 0x102030FF);
    broken.MapBufferRange = no_map;
    draw_square(sprites);
    broken.MapBufferRange = gl->MapBufferRange;
    broken.UnmapBuffer = lost_unmap;
    draw_square(sprites);
    broken.UnmapBuffer = gl->UnmapBuffer;
    stage_end(&s);
    assert_all_pixels(&s, 0x102030);
    pxe_sprites_take_counts(sprites, &draws, &drawn);
    assert_int_equal(draws, 0);
    assert_int_equal(drawn, 0);

    stage_begin(&s, 0x102030FF);
    draw_square(sprites);
    stage_end(&s);
    assert_all_pixels(&s, 0xFFFFFF);
    pxe_sprites_destroy(sprites);
}

static void a_buffer_that_can_not_be_renewed_is_asked_for_again(void **state)
{
    (void)state;
    pxe_sprites *sprites = batch_on_broken();
    broken.BufferData = no_buffer_data;
    sprites->stream.used_bytes = sprites->stream.size_bytes; /* it is full */
    sprites->stream.size_bytes += 48; /* what there is does not have the size asked for: GL_OUT_OF_MEMORY */
    sprites->stream.used_bytes += 48;
    calls_left = 0;
    stage_begin(&s, 0x102030FF);
    draw_square(sprites);
    draw_square(sprites);
    stage_end(&s);
    assert_all_pixels(&s, 0x102030);
    calls_left = 1;
    stage_begin(&s, 0x102030FF);
    draw_square(sprites);
    stage_end(&s);
    assert_all_pixels(&s, 0xFFFFFF);
    pxe_sprites_destroy(sprites);
}

/* The GPU may still read what was written before: nothing lies where it lay, until the store is a new one. */
static void what_is_streamed_does_not_overlap_until_the_store_is_new(void **state)
{
    (void)state;
    batch_stream stream;
    size_t end = 0;
    int stores = 0;
    broken = *gl;
    broken.BufferData = no_buffer_data;
    calls_left = 1000;
    assert_true(batch_stream_create(&broken, 480, &stream));
    for (int i = 0; i < 100; ++i) {
        size_t offset = 7;
        const size_t bytes = (size_t)(1 + i % 4) * 48;
        const int calls_before = calls_left;
        assert_non_null(batch_stream_map(&stream, bytes, &offset));
        assert_true(batch_stream_unmap(&stream));
        const bool is_new = calls_left != calls_before;
        stores += is_new ? 1 : 0;
        assert_true(is_new ? offset == 0 : offset >= end);
        assert_true(offset % 48 == 0 && offset + bytes <= 480);
        end = offset + bytes;
    }
    assert_in_range(stores, 20, 40);
    batch_stream_destroy(&stream);
}

static int programs_asked_for;

static GLuint GLAD_API_PTR no_program_counted(void)
{
    ++programs_asked_for;
    return 0;
}

static void a_program_that_can_not_be_made_is_asked_for_once_and_draws_nothing(void **state)
{
    (void)state;
    pxe_sprites *sprites = batch_on_broken();
    pxe_sprite sprite = {.texture = pxe_sprites_white(sprites), .width = 8, .height = 8, .tint = 0xFF0000FF};
    stage_begin(&s, 0x102030FF);
    broken.CreateProgram = no_program_counted;
    for (int i = 0; i < 3; ++i) {
        pxe_sprites_draw(sprites, &sprite);
        pxe_sprites_flush(sprites);
    }
    assert_int_equal(programs_asked_for, 1);
    sprite.tint = 0; /* this one's is there */
    sprite.y = 8;
    pxe_sprites_draw(sprites, &sprite);
    pxe_sprites_flush(sprites);
    stage_end(&s);
    assert_pixel(&s, 3, 3, 0x102030, 0);
    assert_pixel(&s, 3, 11, 0xFFFFFF, 0);
    pxe_sprites_destroy(sprites);
}

/* As drivers answer then: nothing is mapped, nothing is compiled, every error is this one. */
static void a_lost_context_draws_nothing_and_can_be_destroyed(void **state)
{
    (void)state;
    pxe_error error = {""};
    pxe_effect *effect = NULL;
    pxe_sprites *sprites = batch_on_broken();
    assert_true(
        pxe_effect_create(sprites, "vec4 effect(vec2 uv, vec4 tint) { return tint; }", &effect, &error));
    broken.MapBufferRange = no_map;
    broken.CreateProgram = no_program;
    broken.GetError = lost_for_ever;
    stage_begin(&s, 0x102030FF);
    for (int i = 0; i < 100; ++i) {
        pxe_sprites_set_effect(sprites, i % 2 == 0 ? effect : NULL);
        draw_square(sprites);
    }
    stage_end(&s);
    assert_all_pixels(&s, 0x102030);
    pxe_effect_destroy(sprites, effect);
    assert_false(
        pxe_effect_create(sprites, "vec4 effect(vec2 uv, vec4 tint) { return tint; }", &effect, &error));
    assert_null(effect);
    pxe_sprites_destroy(sprites);
}

/* OpenGL 3.3 without ARB_base_instance: attributes are set anew for each draw call. */
static void without_base_instances_the_picture_is_the_same(void **state)
{
    (void)state;
    pxe_sprites *sprites = batch_on_broken();
    broken.ARB_base_instance = 0;
    broken.DrawArraysInstancedBaseInstance = NULL;
    stage_begin(&s, 0x000000FF);
    for (int i = 0; i < SIDE * SIDE; ++i) {
        const pxe_sprite sprite = {.texture = pxe_sprites_white(sprites),
                                   .x = (float)(i % SIDE),
                                   .y = (float)(i / SIDE),
                                   .tint = (uint32_t)i << 8 | 255,
                                   .blend = i % 2 == 0 ? PXE_BLEND_ALPHA : PXE_BLEND_NONE};
        pxe_sprites_draw(sprites, &sprite);
    }
    pxe_sprites_flush(sprites);
    stage_end(&s);
    for (int i = 0; i < SIDE * SIDE; ++i) {
        assert_pixel(&s, i % SIDE, i / SIDE, (uint32_t)i, 0);
    }
    pxe_sprites_destroy(sprites);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_that_the_gpu_has_no_room_for_leaves_nothing),
        cmocka_unit_test(creating_drawing_and_destroying_leaves_no_name),
        cmocka_unit_test(a_buffer_that_can_not_be_mapped_drops_the_sprites_and_no_more),
        cmocka_unit_test(a_buffer_that_can_not_be_renewed_is_asked_for_again),
        cmocka_unit_test(what_is_streamed_does_not_overlap_until_the_store_is_new),
        cmocka_unit_test(a_program_that_can_not_be_made_is_asked_for_once_and_draws_nothing),
        cmocka_unit_test(a_lost_context_draws_nothing_and_can_be_destroyed),
        cmocka_unit_test(without_base_instances_the_picture_is_the_same),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
