/* The window: a headless engine needs no display, and gives everything back. */
#include "engine_fixture.h"

#include <dirent.h>

static void headless_has_the_size_asked_for(void **state)
{
    (void)state;
    const int sizes[][2] = {{1, 1}, {64, 48}, {333, 77}, {1280, 720}};
    for (size_t i = 0; i < COUNT_OF(sizes); ++i) {
        stage s;
        int width = 0;
        int height = 0;
        stage_open(&s, sizes[i][0], sizes[i][1]);
        pxe_window_size_px(s.engine->window, &width, &height);
        assert_int_equal(width, sizes[i][0]);
        assert_int_equal(height, sizes[i][1]);
        assert_true(pxe_window_pixel_ratio(s.engine->window) == 1.0F);
        stage_begin(&s, 0x336699FF);
        assert_int_equal(s.engine->width, sizes[i][0]);
        assert_int_equal(s.engine->height, sizes[i][1]);
        stage_end(&s);
        assert_all_pixels(&s, 0x336699);
        stage_close(&s);
    }
}

static void headless_needs_no_environment(void **state)
{
    (void)state;
    char *driver = getenv("SDL_VIDEODRIVER");
    char kept[64] = "";
    if (driver != NULL) {
        snprintf(kept, sizeof kept, "%s", driver);
        unsetenv("SDL_VIDEODRIVER");
    }
    stage s;
    stage_open(&s, 8, 8);
    stage_begin(&s, 0x010203FF);
    stage_end(&s);
    assert_all_pixels(&s, 0x010203);
    stage_close(&s);
    if (kept[0] != '\0') {
        setenv("SDL_VIDEODRIVER", kept, 1);
    }
}

static void the_renderer_is_told_in_one_line(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, 8, 8);
    const char *renderer = pxe_window_renderer(s.engine->window);
    assert_non_null(strstr(renderer, "OpenGL"));
    assert_null(strchr(renderer, '\n'));
    assert_non_null(pxe_window_gl(s.engine->window));
    assert_non_null(pxe_window_sdl(s.engine->window));
    pxe_window_set_title(s.engine->window, "another");
    stage_close(&s);
}

/* Without a display, SDL falls back to drivers that show nothing. On a text console it can draw to the screen itself,
 * and then there is a display. */
static void a_window_without_a_display_fails_with_a_clear_text(void **state)
{
    (void)state;
    static const char *const variables[] = {"SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY",
                                            "XDG_RUNTIME_DIR"};
    char *kept[COUNT_OF(variables)];
    if (access("/dev/dri/card0", R_OK | W_OK) == 0) {
        skip();
    }
    for (size_t i = 0; i < COUNT_OF(variables); ++i) {
        const char *value = getenv(variables[i]);
        kept[i] = value == NULL ? NULL : strdup(value);
        unsetenv(variables[i]);
    }
    pxe_engine *engine = (pxe_engine *)&engine;
    pxe_error error = {""};
    const pxe_engine_config config = {.window = {.title = "test", .width = 64, .height = 64}};
    const bool created = pxe_engine_create(&config, &engine, &error);
    for (size_t i = 0; i < COUNT_OF(variables); ++i) {
        if (kept[i] != NULL) {
            setenv(variables[i], kept[i], 1);
            free(kept[i]);
        }
    }
    assert_false(created);
    assert_null(engine);
    assert_says(&error, "display");
}

static void an_unknown_driver_fails_with_its_name(void **state)
{
    (void)state;
    char kept[64];
    const char *driver = getenv("SDL_VIDEODRIVER");
    snprintf(kept, sizeof kept, "%s", driver == NULL ? "offscreen" : driver);
    setenv("SDL_VIDEODRIVER", "nothing-of-that-name", 1);
    pxe_engine *engine = (pxe_engine *)&engine;
    pxe_error error = {""};
    const pxe_engine_config config = {.window = {.width = 8, .height = 8, .headless = true}};
    const bool created = pxe_engine_create(&config, &engine, &error);
    setenv("SDL_VIDEODRIVER", kept, 1);
    assert_false(created);
    assert_null(engine);
    assert_says(&error, "nothing-of-that-name");
}

static int entries_of(const char *path)
{
    int count = 0;
    DIR *listing = opendir(path);
    if (listing != NULL) {
        while (readdir(listing) != NULL) {
            ++count;
        }
        closedir(listing);
    }
    return count;
}

/* Memory is the leak sanitizer's to count. */
static void twenty_engines_leave_no_file_and_no_thread(void **state)
{
    (void)state;
    int files = 0;
    int threads = 0;
    for (int i = 0; i < 20; ++i) {
        stage s;
        stage_open_config(&s, (pxe_engine_config){.window = {.width = 16 + i, .height = 16}, .workers = 2});
        stage_begin(&s, 0x00FF00FF);
        stage_end(&s);
        assert_all_pixels(&s, 0x00FF00);
        stage_close(&s);
        if (i == 0) { /* what libraries keep once is theirs */
            files = entries_of("/proc/self/fd");
            threads = entries_of("/proc/self/task");
        }
    }
    assert_int_equal(entries_of("/proc/self/fd"), files);
    assert_int_equal(entries_of("/proc/self/task"), threads);
}

static void destroying_nothing_is_fine(void **state)
{
    (void)state;
    pxe_error error;
    assert_true(pxe_engine_destroy(NULL, &error));
    pxe_window_destroy(NULL);
    pxe_sprites_destroy(NULL);
    pxe_profile_destroy(NULL);
    assert_true(pxe_images_destroy(NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headless_has_the_size_asked_for),
        cmocka_unit_test(headless_needs_no_environment),
        cmocka_unit_test(the_renderer_is_told_in_one_line),
        cmocka_unit_test(a_window_without_a_display_fails_with_a_clear_text),
        cmocka_unit_test(an_unknown_driver_fails_with_its_name),
        cmocka_unit_test(twenty_engines_leave_no_file_and_no_thread),
        cmocka_unit_test(destroying_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
