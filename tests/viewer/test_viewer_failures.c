/* What can not be shown is named once on stderr and counted, and never stops the viewer. */
#include "pictures.h"

#include <sys/resource.h>

/* In the folder "mixed", besides two good pictures. */
static const char *const failing[] = {"text.png", "empty.png",   "cut.png",  "cut.jpg",
                                      "cut.bmp",  "damaged.png", "bomb.png", "wide.png",
                                      "none.png", "gone.png",    "pipe.png"};

static void write_text(const char *name, const char *text)
{
    byte_list list = {0};
    add_text(&list, text);
    write_bytes(name, &list, list.count);
}

/* The first half of another file. */
static void write_half(const char *name, const char *of)
{
    FILE *file = fopen(of, "rb");
    assert_non_null(file);
    byte_list list = {0};
    for (int byte = fgetc(file); byte != EOF; byte = fgetc(file)) {
        add_byte(&list, (uint32_t)byte);
    }
    fclose(file);
    write_bytes(name, &list, list.count / 2);
}

static int make_mixed(void **state)
{
    if (set_up_environment(state) != 0) {
        return -1;
    }
    char jpeg[4096];
    repository_path("assets/fractals/antenna.jpg", jpeg, sizeof jpeg);
    make_folder("mixed");
    write_text("mixed/text.png", "This is no picture.\n");
    write_text("mixed/empty.png", "");
    write_png("mixed/zz good 1.png", 64, 64, color_of(1));
    write_bmp("mixed/zz good 2.bmp", 64, 64, color_of(2));
    write_half("mixed/cut.png", path_of("mixed/zz good 1.png"));
    write_half("mixed/cut.bmp", path_of("mixed/zz good 2.bmp"));
    write_half("mixed/cut.jpg", jpeg);
    write_png_bomb("mixed/bomb.png");
    write_png("mixed/wide.png", 70000, 1, color_of(3)); /* no GPU takes textures as wide */
    byte_list none = flat_png(0, 0, color_of(4));
    write_bytes("mixed/none.png", &none, none.count);
    byte_list damaged = {0};
    add_text(&damaged, "this is no zlib stream");
    damaged = png_around(64, 64, color_of(5), &damaged);
    write_bytes("mixed/damaged.png", &damaged, damaged.count);
    assert_int_equal(symlink("nowhere", path_of("mixed/gone.png")), 0);
    assert_int_equal(mkfifo(path_of("mixed/pipe.png"), 0600), 0);
    return 0;
}

static void assert_named_once(const viewer_run *run, const char *name)
{
    char text[128];
    snprintf(text, sizeof text, "/%s: ", name);
    if (count_of_text(run->err, text) != 1) {
        fail_msg("%s should be named once: %s", name, run->err);
    }
}

static void what_fails_is_named_once_and_the_rest_is_shown(void **state)
{
    (void)state;
    viewer_run run = RUN_VIEWER("--headless", "--frames", "5", "--size", "1280x720", "--screenshot",
                                path_of("shot.png"), path_of("mixed"));
    assert_status_of(&run, 0);
    for (size_t i = 0; i < COUNT_OF(failing); ++i) {
        assert_named_once(&run, failing[i]);
    }
    assert_int_equal(count_of_text(run.err, "\n"), COUNT_OF(failing));
    assert_int_equal(number_of(&run, "failed"), COUNT_OF(failing));
    assert_int_equal(number_of(&run, "images"), COUNT_OF(failing) + 2);
    pxe_picture shot = load_screenshot("shot.png");
    for (uint32_t i = 1; i <= 2; ++i) {
        assert_int_equal(count_color(&shot, 0, 0, 1280, color_of(i)), 64 * 64);
    }
    pxe_picture_free(&shot);
    viewer_run_free(&run);
}

static void a_small_file_never_takes_a_gigabyte(void **state)
{
    (void)state;
    struct stat info;
    struct rusage usage;
    assert_int_equal(stat(path_of("mixed/bomb.png"), &info), 0);
    assert_true(info.st_size < 40000);
    viewer_run run = RUN_VIEWER("--headless", "--frames", "2", path_of("mixed/bomb.png"));
    assert_status_of(&run, 0);
    assert_int_equal(number_of(&run, "failed"), 1);
    assert_int_equal(getrusage(RUSAGE_CHILDREN, &usage), 0);
    assert_true(usage.ru_maxrss < 900 * 1024); /* KiB, of the largest viewer so far */
    viewer_run_free(&run);
}

/* How many of them a worker gets done before the last frame is left to chance. */
static void with_workers_nothing_is_named_twice(void **state)
{
    (void)state;
    viewer_run run = RUN_VIEWER("--headless", "--frames", "100", "--workers", "2", path_of("mixed"));
    assert_status_of(&run, 0);
    for (size_t i = 0; i < COUNT_OF(failing); ++i) {
        char text[128];
        snprintf(text, sizeof text, "/%s: ", failing[i]);
        assert_true(count_of_text(run.err, text) <= 1);
    }
    assert_int_equal(count_of_text(run.err, "\n"), number_of(&run, "failed"));
    assert_null(strstr(run.err, "good"));
    viewer_run_free(&run);
}

static void a_picture_above_the_limit_fails_and_smaller_ones_are_shown(void **state)
{
    (void)state;
    make_folder("sizes");
    write_png("sizes/large.png", 256, 256, color_of(1));
    write_png("sizes/small.png", 16, 16, color_of(2));
    viewer_run run = RUN_VIEWER("--headless", "--frames", "5", "--limit", "4K", path_of("sizes"));
    assert_status_of(&run, 0);
    assert_named_once(&run, "large.png");
    assert_int_equal(count_of_text(run.err, "\n"), 1);
    assert_int_equal(number_of(&run, "failed"), 1);
    assert_int_equal(number_of(&run, "hits"), 4);
    assert_true(number_of(&run, "boundary_peak_bytes") <= 4096);
    viewer_run_free(&run);
}

static void pictures_of_one_row_or_column_are_shown(void **state)
{
    (void)state;
    make_folder("thin");
    write_png("thin/row.png", 5000, 1, color_of(1));
    write_png("thin/column.png", 1, 5000, color_of(2));
    write_png("thin/dot.png", 1, 1, color_of(3));
    viewer_run run = RUN_VIEWER("--headless", "--frames", "2", path_of("thin"));
    assert_clean_run(&run);
    assert_int_equal(number_of(&run, "failed"), 0);
    viewer_run_free(&run);
}

static void a_folder_without_rights_is_named_and_the_rest_is_shown(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        skip(); /* root may read everything */
    }
    make_folder("rights");
    make_folder("rights/closed");
    write_png("rights/open.png", 16, 16, color_of(1));
    assert_int_equal(chmod(path_of("rights/closed"), 0), 0);
    viewer_run run = RUN_VIEWER("--headless", "--frames", "1", path_of("rights"));
    assert_int_equal(chmod(path_of("rights/closed"), 0700), 0);
    assert_status_of(&run, 0);
    assert_named_once(&run, "closed");
    assert_int_equal(number_of(&run, "images"), 1);
    viewer_run_free(&run);
    assert_int_equal(chmod(path_of("rights/closed"), 0), 0);
    run = RUN_VIEWER("--headless", "--frames", "1", path_of("rights/closed"));
    assert_int_equal(chmod(path_of("rights/closed"), 0700), 0);
    assert_refused(&run, "closed");
    viewer_run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_file_never_takes_a_gigabyte),
        cmocka_unit_test(what_fails_is_named_once_and_the_rest_is_shown),
        cmocka_unit_test(with_workers_nothing_is_named_twice),
        cmocka_unit_test(a_picture_above_the_limit_fails_and_smaller_ones_are_shown),
        cmocka_unit_test(pictures_of_one_row_or_column_are_shown),
        cmocka_unit_test(a_folder_without_rights_is_named_and_the_rest_is_shown),
    };
    return cmocka_run_group_tests(tests, make_mixed, remove_temporary_folder);
}
