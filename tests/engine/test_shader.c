/* Shader files: the folder in PXE_SHADERS is looked at first, and what is wrong with a file is told by its name. */
#include "engine_fixture.h"

#include "../../engine/shader.h"

static const char broken[] = "#version 330 core\nvoid main() { this_is_not_declared = 1.0; }\n";

/* The engine's error with this folder as PXE_SHADERS; empty if there was none. */
static pxe_error try_folder(const char *path)
{
    pxe_error error = {""};
    pxe_engine *engine = (pxe_engine *)&engine;
    const pxe_engine_config config = {.window = {.width = 8, .height = 8, .headless = true}};
    setenv("PXE_SHADERS", path, 1);
    const bool created = pxe_engine_create(&config, &engine, &error);
    unsetenv("PXE_SHADERS");
    if (created) {
        assert_true(pxe_engine_destroy(engine, NULL));
        assert_int_equal(error.text[0], '\0');
    } else {
        assert_null(engine);
        assert_true(error.text[0] != '\0');
    }
    return error;
}

static void copy_shader(const folder *to, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "shaders/%s", name);
    buffer source = read_file(source_path(path));
    write_file(path_in(to, name), source.bytes, source.size);
    buffer_free(&source);
}

static void a_broken_shader_is_told_by_name_and_reason(void **state)
{
    (void)state;
    static const char *const names[] = {"sprite.vert", "sprite.frag"};
    for (size_t i = 0; i < COUNT_OF(names); ++i) {
        folder shaders;
        folder_open(&shaders);
        copy_shader(&shaders, names[1 - i]);
        write_file(path_in(&shaders, names[i]), broken, sizeof broken - 1);
        const pxe_error error = try_folder(shaders.path);
        assert_says(&error, names[i]);
        assert_says(&error, "does not compile");
        assert_says(&error, "this_is_not_declared");
        folder_close(&shaders);
    }
}

static void an_empty_shader_is_told_by_name(void **state)
{
    (void)state;
    folder shaders;
    folder_open(&shaders);
    copy_shader(&shaders, "sprite.vert");
    write_file(path_in(&shaders, "sprite.frag"), "", 0);
    const pxe_error error = try_folder(shaders.path);
    assert_says(&error, "sprite");
    folder_close(&shaders);
}

static void shaders_that_do_not_fit_together_do_not_link(void **state)
{
    (void)state;
    static const char frag[] = "#version 330 core\nnoperspective in vec3 pxe_place;\nout vec4 color;\n"
                               "void main() { color = vec4(pxe_place, 1.0); }\n";
    folder shaders;
    folder_open(&shaders);
    copy_shader(&shaders, "sprite.vert");
    write_file(path_in(&shaders, "sprite.frag"), frag, sizeof frag - 1);
    const pxe_error error = try_folder(shaders.path);
    assert_says(&error, "sprite");
    assert_says(&error, "link");
    assert_says(&error, "pxe_place");
    folder_close(&shaders);
}

static void good_copies_work_and_are_the_ones_used(void **state)
{
    (void)state;
    static const char red[] =
        "#version 330 core\nout vec4 color;\nvoid main() { color = vec4(1.0, 0.0, 0.0, 1.0); }\n";
    folder shaders;
    stage s;
    folder_open(&shaders);
    copy_shader(&shaders, "sprite.vert");
    write_file(path_in(&shaders, "sprite.frag"), red, sizeof red - 1);
    setenv("PXE_SHADERS", shaders.path, 1);
    stage_open(&s, 8, 8);
    unsetenv("PXE_SHADERS");
    stage_begin(&s, 0x000000FF);
    pxe_fill_rect(s.engine->sprites, &(pxe_rect){0, 0, 8, 8}, 0x00FF00FF);
    stage_end(&s);
    assert_all_pixels(&s, 0xFF0000);
    stage_close(&s);
    folder_close(&shaders);
}

static void a_file_that_the_folder_lacks_is_taken_from_the_next_place(void **state)
{
    (void)state;
    folder shaders;
    folder_open(&shaders);
    pxe_error error = try_folder(shaders.path);
    assert_string_equal(error.text, "");
    copy_shader(&shaders, "sprite.frag");
    error = try_folder(shaders.path);
    assert_string_equal(error.text, "");
    error = try_folder(path_in(&shaders, "there is no such folder"));
    assert_string_equal(error.text, "");
    folder_close(&shaders);
}

static void a_file_found_nowhere_is_told_by_name(void **state)
{
    (void)state;
    folder shaders;
    pxe_shader_text text;
    pxe_error error = {""};
    assert_false(pxe_shader_text_read("nobody", &text, &error));
    assert_null(text.vertex);
    assert_says(&error, "nobody.vert");
    assert_says(&error, "not found");
    assert_says(&error, "PXE_SHADERS");

    folder_open(&shaders);
    copy_shader(&shaders, "sprite.vert");
    assert_int_equal(rename(path_in(&shaders, "sprite.vert"), path_in(&shaders, "half.vert")), 0);
    setenv("PXE_SHADERS", shaders.path, 1);
    assert_false(pxe_shader_text_read("half", &text, &error));
    unsetenv("PXE_SHADERS");
    assert_null(text.vertex);
    assert_null(text.fragment);
    assert_says(&error, "half.frag");
    folder_close(&shaders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_shader_is_told_by_name_and_reason),
        cmocka_unit_test(an_empty_shader_is_told_by_name),
        cmocka_unit_test(shaders_that_do_not_fit_together_do_not_link),
        cmocka_unit_test(good_copies_work_and_are_the_ones_used),
        cmocka_unit_test(a_file_that_the_folder_lacks_is_taken_from_the_next_place),
        cmocka_unit_test(a_file_found_nowhere_is_told_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
