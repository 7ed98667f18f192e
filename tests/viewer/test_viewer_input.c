/* What the viewer does with what it is given: options, folders, and files that are no pictures. */
#include "pictures.h"

static int make_one(void **state)
{
    if (set_up_environment(state) != 0) {
        return -1;
    }
    make_folder("one");
    write_png("one/only.png", 64, 64, color_of(1));
    return 0;
}

static void help_and_version_go_to_stdout(void **state)
{
    (void)state;
    static const char *const options[] = {"--limit", "--size",  "--headless", "--frames", "--screenshot",
                                          "--csv",   "--trace", "--record",   "--scroll", "--workers",
                                          "--watch", "--hud",   "--help",     "--version"};
    viewer_run help = RUN_VIEWER("--help");
    assert_clean_run(&help);
    for (size_t i = 0; i < COUNT_OF(options); ++i) {
        if (strstr(help.out, options[i]) == NULL) {
            fail_msg("--help does not name %s", options[i]);
        }
    }
    viewer_run_free(&help);
    viewer_run version = RUN_VIEWER("--version");
    assert_clean_run(&version);
    assert_int_equal(count_of_text(version.out, "\n"), 1);
    assert_non_null(strstr(version.out, PXC_VERSION));
    viewer_run_free(&version);
}

static void bad_values_are_refused_by_name(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"--limit", "0"},
        {"--limit", "banana"},
        {"--limit", "-5"},
        {"--limit", "64X"},
        {"--limit", "99999999999G"},
        {"--limit", "64MM"},
        {"--limit", ""},
        {"--limit", " 1"},
        {"--limit", "1.5M"},
        {"--size", "0x0"},
        {"--size", "12"},
        {"--size", "12x"},
        {"--size", "x12"},
        {"--size", "99999x10"},
        {"--size", "10x10x10"},
        {"--size", ""},
        {"--frames", "0"},
        {"--frames", "-1"},
        {"--frames", "1.5"},
        {"--frames", "99999999999999999999"},
        {"--scroll", "nan"},
        {"--scroll", "-1"},
        {"--scroll", "1e9"},
        {"--scroll", "inf"},
        {"--scroll", "4px"},
        {"--workers", "65"},
        {"--workers", "-1"},
        {"--workers", "two"},
        {"--hud", "big"},
        {"--hud", ""},
        {"--hud", "Full"},
        {"--hud", "compact "},
    };
    for (size_t i = 0; i < COUNT_OF(cases); ++i) {
        viewer_run run = RUN_VIEWER("--headless", "--frames", "1", cases[i][0], cases[i][1], path_of("one"));
        assert_refused(&run, cases[i][0]);
        assert_refused(&run, cases[i][1]);
        assert_string_equal(run.out, "");
        viewer_run_free(&run);
    }
}

static void unknown_options_and_missing_values_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"--bogus", "-z",       "--bogus=1",    "--limits", "--lim",
                                        "--limit", "--size",   "--frames",     "--scroll", "--workers",
                                        "--csv",   "--record", "--screenshot", "--trace",  "--hud"};
    for (size_t i = 0; i < COUNT_OF(cases); ++i) {
        viewer_run run = RUN_VIEWER("--headless", path_of("one"), cases[i]);
        assert_refused(&run, cases[i]);
        viewer_run_free(&run);
    }
    viewer_run run = RUN_VIEWER("--headless", path_of("one"), "--limit=");
    assert_refused(&run, "--limit");
    viewer_run_free(&run);
}

static void paths_without_pictures_are_refused(void **state)
{
    (void)state;
    make_folder("empty");
    viewer_run missing = RUN_VIEWER("--headless", path_of("one"), path_of("not there"));
    assert_refused(&missing, "not there");
    viewer_run_free(&missing);
    viewer_run empty = RUN_VIEWER("--headless", path_of("empty"));
    assert_refused(&empty, "no pictures");
    viewer_run_free(&empty);
}

static void files_that_can_not_be_written_are_named(void **state)
{
    (void)state;
    static const char *const options[] = {"--csv", "--screenshot", "--trace", "--record"};
    for (size_t i = 0; i < COUNT_OF(options); ++i) {
        viewer_run run =
            RUN_VIEWER("--headless", "--frames", "1", options[i], path_of("missing/file"), path_of("one"));
        assert_refused(&run, path_of("missing/file"));
        viewer_run_free(&run);
    }
}

/* Before anything is shown: nothing is written over. */
static void files_that_would_take_each_other_away_are_refused(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"--csv", "--record"}, {"--trace", "--csv"}, {"--record", "--trace"}};
    write_png("kept.png", 16, 16, color_of(4));
    for (size_t i = 0; i < COUNT_OF(pairs); ++i) {
        viewer_run run = RUN_VIEWER("--headless", "--frames=1", pairs[i][0], path_of("both"), pairs[i][1],
                                    path_of("both"), path_of("one"));
        assert_refused(&run, "files of their own");
        assert_refused(&run, pairs[i][0]);
        assert_refused(&run, pairs[i][1]);
        viewer_run_free(&run);
        run = RUN_VIEWER("--headless", "--frames=1", path_of("kept.png"), pairs[i][0], path_of("kept.png"));
        assert_refused(&run, "would write over");
        viewer_run_free(&run);
    }
    assert_int_equal(access(path_of("both"), F_OK), -1);
    viewer_run run = RUN_VIEWER("--headless", "--frames=1", "--csv", "/dev/null", "--trace", "/dev/null",
                                path_of("kept.png"));
    assert_clean_run(&run);
    assert_int_equal(number_of(&run, "failed"), 0);
    viewer_run_free(&run);
}

static void two_dashes_end_the_options(void **state)
{
    (void)state;
    make_folder("dashes");
    write_png("dashes/--help", 16, 16, color_of(2));
    write_png("dashes/-z.png", 16, 16, color_of(3));
    viewer_run run = RUN_VIEWER_IN(path_of("dashes"), "--headless", "--frames=1", "--", "--help", "-z.png");
    assert_clean_run(&run);
    assert_int_equal(number_of(&run, "images"), 2);
    assert_int_equal(number_of(&run, "failed"), 0);
    viewer_run_free(&run);
}

static void without_a_path_the_current_folder_is_shown(void **state)
{
    (void)state;
    viewer_run run = RUN_VIEWER_IN(path_of("one"), "--headless", "--frames", "1");
    assert_clean_run(&run);
    assert_int_equal(number_of(&run, "images"), 1);
    viewer_run_free(&run);
}

/* The names in the order of the first frame's accesses, which is that of the grid. */
static void assert_shown_in_order(const char *const *arguments, const char *const *names, size_t count)
{
    viewer_run run = viewer_run_in(NULL, arguments);
    assert_clean_run(&run);
    assert_int_equal(number_of(&run, "images"), count);
    assert_int_equal(number_of(&run, "failed"), 0);
    char *csv = read_whole(path_of("order.csv"));
    const char *row = strchr(csv, '\n') + 1;
    for (size_t i = 0; i < count; ++i) {
        const size_t bytes = strcspn(row, "\n");
        const size_t name_bytes = strlen(names[i]);
        if (bytes < name_bytes + 2 || strncmp(row + bytes - name_bytes - 1, names[i], name_bytes) != 0) {
            fail_msg("picture %zu should be %s: %.*s", i, names[i], (int)bytes, row);
        }
        row += bytes + 1;
    }
    free(csv);
    viewer_run_free(&run);
}

static void folders_are_walked_in_natural_order(void **state)
{
    (void)state;
    /* Numbers by their value, letters without regard to case; quotes doubled as CSV has them. */
    static const char *const names[] = {
        "/a \"\"q\"\" '1'.png", "/a/b/c/deep.bmp",           "/a9.png", "/a10.png", "/a010b.Png",
        "/BIG.JPEG.PNG",        "/z\xC3\xBC\xE2\x98\x83.png"};
    make_folder("walk");
    make_folder("walk/a");
    make_folder("walk/a/b");
    make_folder("walk/a/b/c");
    write_png("walk/a10.png", 16, 16, color_of(1));
    write_png("walk/a9.png", 16, 16, color_of(2));
    write_png("walk/a010b.Png", 16, 16, color_of(3));
    write_png("walk/BIG.JPEG.PNG", 16, 16, color_of(4));
    write_png("walk/a \"q\" '1'.png", 16, 16, color_of(5));
    write_png("walk/z\xC3\xBC\xE2\x98\x83.png", 16, 16, color_of(6));
    write_png("walk/notes.txt", 16, 16, color_of(7));
    write_bmp("walk/a/b/c/deep.bmp", 15, 7, color_of(8));
    const char *const arguments[] = {"--headless",         "--frames",      "1", "--record",
                                     path_of("order.csv"), path_of("walk"), NULL};
    assert_shown_in_order(arguments, names, COUNT_OF(names));
}

static void links_are_followed_and_never_in_circles(void **state)
{
    (void)state;
    make_folder("links");
    make_folder("elsewhere");
    write_png("elsewhere/far.png", 16, 16, color_of(6));
    write_png("links/near.png", 16, 16, color_of(7));
    assert_int_equal(symlink(path_of("elsewhere"), path_of("links/a")), 0);
    assert_int_equal(symlink(path_of("elsewhere"), path_of("links/again")), 0);
    assert_int_equal(symlink(path_of("links"), path_of("links/circle.png")), 0);
    viewer_run run = RUN_VIEWER("--headless", "--frames", "1", path_of("links"));
    assert_status_of(&run, 0);
    assert_int_equal(number_of(&run, "images"), 2);
    assert_int_equal(number_of(&run, "failed"), 0);
    viewer_run_free(&run);
}

static void a_file_that_is_named_is_shown_whatever_its_ending(void **state)
{
    (void)state;
    make_folder("named");
    write_png("named/z.dat", 16, 16, color_of(1));
    write_bmp("named/noending", 16, 16, color_of(2));
    static const char *const names[] = {"/z.dat", "/noending", "/only.png"};
    const char *const arguments[] = {"--headless",
                                     "--frames",
                                     "1",
                                     "--record",
                                     path_of("order.csv"),
                                     path_of("named/z.dat"),
                                     path_of("named/noending"),
                                     path_of("one"),
                                     NULL};
    assert_shown_in_order(arguments, names, COUNT_OF(names));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_and_version_go_to_stdout),
        cmocka_unit_test(bad_values_are_refused_by_name),
        cmocka_unit_test(unknown_options_and_missing_values_are_refused),
        cmocka_unit_test(paths_without_pictures_are_refused),
        cmocka_unit_test(files_that_can_not_be_written_are_named),
        cmocka_unit_test(files_that_would_take_each_other_away_are_refused),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(without_a_path_the_current_folder_is_shown),
        cmocka_unit_test(folders_are_walked_in_natural_order),
        cmocka_unit_test(links_are_followed_and_never_in_circles),
        cmocka_unit_test(a_file_that_is_named_is_shown_whatever_its_ending),
    };
    return cmocka_run_group_tests(tests, make_one, remove_temporary_folder);
}
