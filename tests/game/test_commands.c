/* The game's command line: what is answered, what is refused, and with which exit status. */
#include "run_game.h"

static void help_and_version_are_answered(void **state)
{
    (void)state;
    viewer_run help = RUN_GAME("--help");
    assert_clean_run(&help);
    static const char *const options[] = {"--limit",    "--size",   "--workers",    "--seed", "--autoplay",
                                          "--headless", "--frames", "--screenshot", "--csv",  "--trace",
                                          "--record",   "--hud",    "--version",    "Esc",    "Space"};
    for (size_t i = 0; i < COUNT_OF(options); ++i) {
        if (strstr(help.out, options[i]) == NULL) {
            fail_msg("--help does not tell of %s", options[i]);
        }
    }
    viewer_run version = RUN_GAME("--version");
    assert_clean_run(&version);
    assert_int_equal(strncmp(version.out, "pixcache-game ", 14), 0);
    viewer_run_free(&help);
    viewer_run_free(&version);
}

static void bad_options_are_named_and_refused(void **state)
{
    (void)state;
    static const char *const bad[][3] = {
        {"--seed", "-1", "--seed"},
        {"--seed", "", "--seed"},
        {"--seed", "0x10", "--seed"},
        {"--seed", "1.5", "--seed"},
        {"--seed=18446744073709551616", "--headless", "--seed"},
        {"--limit", "0", "--limit"},
        {"--limit", "12Q", "--limit"},
        {"--size", "10", "--size"},
        {"--size", "0x10", "--size"},
        {"--frames", "0", "--frames"},
        {"--workers", "65", "--workers"},
        {"--scroll", "4", "--scroll"},
        {"--watch", "--headless", "--watch"},
        {"--hud", "on", "--hud"},
        {"--hud=", "--headless", "--hud"},
        {"--autoplay=1", "--headless", "--autoplay"},
        {"--nonsense", "--headless", "--nonsense"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); ++i) {
        viewer_run run = RUN_GAME(bad[i][0], bad[i][1]);
        assert_refused(&run, bad[i][2]);
        assert_string_equal(run.out, "");
        viewer_run_free(&run);
    }
    viewer_run run = RUN_GAME("--headless", "--seed");
    assert_refused(&run, "--seed");
    viewer_run_free(&run);
}

static void paths_are_refused(void **state)
{
    (void)state;
    viewer_run run = RUN_GAME("--headless", "some/folder");
    assert_refused(&run, "some/folder");
    viewer_run_free(&run);
}

static void files_that_can_not_be_written_are_named(void **state)
{
    (void)state;
    static const char *const options[] = {"--screenshot", "--csv", "--trace", "--record"};
    for (size_t i = 0; i < COUNT_OF(options); ++i) {
        viewer_run run = RUN_GAME("--headless", "--size", "200x120", "--frames", "1", options[i],
                                  "/nonexistent/folder/file");
        assert_refused(&run, "/nonexistent/folder/file");
        viewer_run_free(&run);
    }
}

static void the_viewer_has_none_of_the_games_options(void **state)
{
    (void)state;
    static char path[4096];
    snprintf(path, sizeof path, "%s", viewer_program());
    char viewer[4096];
    snprintf(viewer, sizeof viewer, "%s", path);
    char *slash = strrchr(viewer, '/');
    assert_non_null(slash);
    snprintf(slash, sizeof viewer - (size_t)(slash - viewer), "/pixcache-viewer");
    setenv("PXC_VIEWER", viewer, 1);
    static const char *const options[] = {"--seed=3", "--autoplay"};
    for (size_t i = 0; i < COUNT_OF(options); ++i) {
        viewer_run run = RUN_VIEWER("--headless", options[i]);
        assert_refused(&run, options[i]);
        viewer_run_free(&run);
    }
    setenv("PXC_VIEWER", path, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_and_version_are_answered),
        cmocka_unit_test(bad_options_are_named_and_refused),
        cmocka_unit_test(paths_are_refused),
        cmocka_unit_test(files_that_can_not_be_written_are_named),
        cmocka_unit_test(the_viewer_has_none_of_the_games_options),
    };
    return cmocka_run_group_tests(tests, set_up_game, remove_temporary_folder);
}
