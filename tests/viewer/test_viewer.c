/* What a headless run of the viewer promises: its numbers, its files and its picture (DESIGN.md, section 4). */
#include "pictures.h"

enum { MANY = 300, PATH_BYTES = 4096 };

/* A limit that holds fewer pictures than are scrolled past. */
#define TIGHT_RUN "--headless", "--limit", "4M", "--scroll", "40", "--frames", "200", "--size", "640x480"

static int make_many(void **state)
{
    if (set_up_environment(state) != 0) {
        return -1;
    }
    make_folder("many");
    for (uint32_t i = 0; i < MANY; ++i) {
        char name[64];
        snprintf(name, sizeof name, "many/picture %u.png", i + 1);
        write_png(name, 256, 256, color_of(i % 48));
    }
    return 0;
}

static void the_last_line_has_every_number(void **state)
{
    (void)state;
    static const char *const whole[] = {"frames",     "images",     "failed",     "hits",
                                        "misses",     "evictions",  "uploads",    "upload_bytes",
                                        "used_bytes", "peak_bytes", "limit_bytes"};
    static const char *const times[] = {"p50_ms", "p99_ms", "max_ms"};
    viewer_run run = RUN_VIEWER("--headless", "--frames", "7", "--limit=8M", path_of("many"));
    assert_clean_run(&run);
    for (size_t i = 0; i < COUNT_OF(whole); ++i) {
        number_of(&run, whole[i]);
    }
    double before = 0;
    for (size_t i = 0; i < COUNT_OF(times); ++i) {
        char *end = NULL;
        const double value = strtod(value_of(&run, times[i]), &end);
        assert_true(*end == ' ' || *end == '\n');
        assert_true(value >= before);
        before = value;
    }
    assert_int_equal(number_of(&run, "frames"), 7);
    assert_int_equal(number_of(&run, "images"), MANY);
    assert_int_equal(number_of(&run, "failed"), 0);
    assert_int_equal(number_of(&run, "limit_bytes"), 8 << 20);
    viewer_run_free(&run);
}

static void the_limit_holds_while_pictures_scroll_past(void **state)
{
    (void)state;
    viewer_run run = RUN_VIEWER(TIGHT_RUN, path_of("many"));
    assert_clean_run(&run);
    const uint64_t limit = number_of(&run, "limit_bytes");
    assert_int_equal(limit, 4 << 20);
    assert_true(number_of(&run, "evictions") > 0);
    assert_true(number_of(&run, "hits") > 0);
    assert_true(number_of(&run, "used_bytes") <= limit);
    assert_true(number_of(&run, "boundary_peak_bytes") <= limit);
    assert_true(number_of(&run, "peak_bytes") <= 2 * limit);
    assert_true(number_of(&run, "peak_bytes") >= number_of(&run, "boundary_peak_bytes"));
    viewer_run_free(&run);
}

static void the_numbers_repeat(void **state)
{
    (void)state;
    static const char *const keys[] = {"hits",    "misses",       "evictions",
                                       "uploads", "upload_bytes", "used_bytes"};
    viewer_run first = RUN_VIEWER(TIGHT_RUN, path_of("many"));
    viewer_run second = RUN_VIEWER(TIGHT_RUN, path_of("many"));
    assert_clean_run(&first);
    assert_clean_run(&second);
    for (size_t i = 0; i < COUNT_OF(keys); ++i) {
        assert_int_equal(number_of(&first, keys[i]), number_of(&second, keys[i]));
    }
    viewer_run_free(&first);
    viewer_run_free(&second);
}

static void the_screenshot_shows_the_first_pictures_in_order(void **state)
{
    (void)state;
    enum { WIDTH = 500, HEIGHT = 400, CELL = 160, COLUMNS = WIDTH / CELL, SHOWN = 2 * COLUMNS };
    viewer_run run = RUN_VIEWER("--headless", "--frames", "2", "--size", "500x400", "--screenshot",
                                path_of("shot.png"), path_of("many"));
    assert_clean_run(&run);
    pxe_picture shot = load_screenshot("shot.png");
    assert_int_equal(shot.pixmap.width, WIDTH);
    assert_int_equal(shot.pixmap.height, HEIGHT);
    for (int cell = 0; cell < SHOWN; ++cell) {
        const int left = (WIDTH - COLUMNS * CELL) / 2 + cell % COLUMNS * CELL;
        const int top = cell / COLUMNS * CELL;
        for (uint32_t i = 0; i < SHOWN; ++i) {
            const size_t pixels = count_color(&shot, left, top, CELL, color_of(i));
            if ((int)i == cell ? pixels < CELL * CELL / 2 : pixels != 0) {
                fail_msg("cell %d has %zu pixels of picture %u", cell, pixels, i);
            }
        }
    }
    pxe_picture_free(&shot);
    viewer_run_free(&run);
}

static size_t count_changed(const pxe_picture *a, const pxe_picture *b, int top, int bottom)
{
    const unsigned char *x = a->pixmap.pixels;
    const unsigned char *y = b->pixmap.pixels;
    const size_t width = (size_t)a->pixmap.width;
    size_t changed = 0;
    for (size_t i = (size_t)top * width; i < (size_t)bottom * width; ++i) {
        changed += memcmp(x + 4 * i, y + 4 * i, 4) != 0;
    }
    return changed;
}

/* Compact lies in the lowest rows, full takes most of the height. */
static void the_head_up_display_is_in_the_screenshot(void **state)
{
    (void)state;
    static const char *const modes[] = {"off", "compact", "full"};
    pxe_picture shots[COUNT_OF(modes)];
    for (size_t i = 0; i < COUNT_OF(modes); ++i) {
        viewer_run run = RUN_VIEWER("--headless", "--frames", "3", "--size", "500x400", "--hud", modes[i],
                                    "--screenshot", path_of("shot.png"), path_of("many"));
        assert_clean_run(&run);
        shots[i] = load_screenshot("shot.png");
        viewer_run_free(&run);
    }
    assert_true(count_changed(&shots[0], &shots[1], 300, 400) > 10000);
    assert_int_equal(count_changed(&shots[0], &shots[1], 0, 300), 0);
    assert_true(count_changed(&shots[0], &shots[2], 0, 300) > 60000);
    for (size_t i = 0; i < COUNT_OF(modes); ++i) {
        pxe_picture_free(&shots[i]);
    }
}

static void an_alarm_is_told_on_stderr(void **state)
{
    (void)state;
    viewer_run run = RUN_VIEWER("--headless", "--limit", "1M", "--frames", "70", "--size", "640x480",
                                "--hud=compact", path_of("many"));
    assert_clean_run(&run);
    assert_int_equal(count_of_text(run.err, "pixcache-viewer: "), 1);
    assert_int_equal(count_of_text(run.err, " MiB would help\n"), 1);
    viewer_run_free(&run);
}

/* The number of the column of that name in a header row. */
static size_t column_of(const char *header, const char *name)
{
    const size_t name_bytes = strlen(name);
    size_t column = 0;
    for (const char *at = header;; ++at, ++column) {
        const size_t bytes = strcspn(at, ",\n");
        if (bytes == name_bytes && strncmp(at, name, bytes) == 0) {
            return column;
        }
        at += bytes;
        if (*at != ',') {
            fail_msg("no column %s in the header %.300s", name, header);
        }
    }
}

static double cell_of(const char *row, size_t column)
{
    for (; column > 0; --column) {
        row = strchr(row, ',');
        assert_non_null(row);
        ++row;
    }
    char *end = NULL;
    const double value = strtod(row, &end);
    assert_true(end != row && (*end == ',' || *end == '\n'));
    return value;
}

/* Sums a column; *last becomes the value in the last row. */
static double sum_column(const char *csv, const char *name, double *last)
{
    const size_t column = column_of(csv, name);
    double sum = 0;
    for (const char *row = strchr(csv, '\n') + 1; *row != '\0'; row = strchr(row, '\n') + 1) {
        *last = cell_of(row, column);
        sum += *last;
    }
    return sum;
}

static void the_csv_has_a_row_a_frame_and_sums_to_the_last_line(void **state)
{
    (void)state;
    static const char *const columns[] = {"frame",      "frame_ms",    "cpu_ms",  "gpu_ms",       "hits",
                                          "misses",     "evictions",   "uploads", "upload_bytes", "upload_ms",
                                          "used_bytes", "limit_bytes", "draws",   "sprites"};
    static const char *const sums[] = {"hits", "misses", "evictions", "uploads", "upload_bytes"};
    viewer_run run = RUN_VIEWER(TIGHT_RUN, "--csv", path_of("frames.csv"), path_of("many"));
    assert_clean_run(&run);
    char *csv = read_whole(path_of("frames.csv"));
    double last = 0;
    for (size_t i = 0; i < COUNT_OF(columns); ++i) {
        assert_true(sum_column(csv, columns[i], &last) >= 0);
    }
    for (size_t i = 0; i < COUNT_OF(sums); ++i) {
        assert_int_equal((uint64_t)sum_column(csv, sums[i], &last), number_of(&run, sums[i]));
    }
    assert_int_equal(count_of_text(csv, "\n"), 1 + number_of(&run, "frames"));
    assert_int_equal((uint64_t)sum_column(csv, "frame", &last), 199 * 200 / 2);
    sum_column(csv, "used_bytes", &last);
    assert_int_equal((uint64_t)last, number_of(&run, "used_bytes"));
    free(csv);
    viewer_run_free(&run);
}

/* Brackets outside of strings close what was opened last, and nothing follows the first value. */
static void assert_balanced_json(const char *text)
{
    char open[64];
    size_t depth = 0;
    bool in_string = false;
    bool ended = false;
    for (; *text != '\0'; ++text) {
        if (in_string) {
            text += *text == '\\';
            in_string = *text != '"';
            continue;
        }
        assert_false(ended && strchr(" \n\r\t", *text) == NULL);
        if (*text == '"') {
            in_string = true;
        } else if (*text == '{' || *text == '[') {
            assert_true(depth < sizeof open);
            open[depth++] = *text == '{' ? '}' : ']';
        } else if (*text == '}' || *text == ']') {
            assert_true(depth > 0 && open[depth - 1] == *text);
            ended = --depth == 0;
        }
    }
    assert_true(ended);
}

static void the_trace_is_balanced_json_with_a_slice_a_frame(void **state)
{
    (void)state;
    viewer_run run = RUN_VIEWER("--headless", "--frames", "20", "--scroll", "40", "--trace",
                                path_of("trace.json"), path_of("many"));
    assert_clean_run(&run);
    char *json = read_whole(path_of("trace.json"));
    assert_int_equal(json[0], '{');
    assert_balanced_json(json);
    assert_int_equal(count_of_text(json, "\"name\":\"frame\""), 20);
    free(json);
    viewer_run_free(&run);
}

/* Frames in order, a key for each picture, and the bytes of a texture with all its mip levels. */
static void the_record_has_a_row_an_access(void **state)
{
    (void)state;
    enum { TEXTURE_BYTES = (256 * 256 * 4 * 4 - 4) / 3 };
    viewer_run run = RUN_VIEWER("--headless", "--frames", "60", "--scroll", "40", "--limit", "16M", "--size",
                                "640x480", "--record", path_of("accesses.csv"), path_of("many"));
    assert_clean_run(&run);
    char *csv = read_whole(path_of("accesses.csv"));
    assert_int_equal(strncmp(csv, "frame,key,bytes", 15), 0);
    uint64_t rows = 0;
    double frame_before = 0;
    for (const char *row = strchr(csv, '\n') + 1; *row != '\0'; row = strchr(row, '\n') + 1, ++rows) {
        assert_true(cell_of(row, 0) >= frame_before);
        frame_before = cell_of(row, 0);
        assert_true(cell_of(row, 1) > 0);
        assert_true(cell_of(row, 2) == TEXTURE_BYTES);
    }
    assert_int_equal(rows, number_of(&run, "hits") + number_of(&run, "misses"));
    assert_true(number_of(&run, "evictions") > 0);
    free(csv);
    viewer_run_free(&run);
}

static void workers_load_in_a_headless_run_too(void **state)
{
    (void)state;
    viewer_run run = RUN_VIEWER("--headless", "--frames", "60", "--workers", "2", "--scroll", "40", "--limit",
                                "4M", path_of("many"));
    assert_clean_run(&run);
    assert_int_equal(number_of(&run, "frames"), 60);
    assert_true(number_of(&run, "boundary_peak_bytes") <= 4 << 20);
    viewer_run_free(&run);
}

static void the_pictures_of_the_repository_are_all_shown(void **state)
{
    (void)state;
    char assets[PATH_BYTES];
    repository_path("assets", assets, sizeof assets);
    viewer_run run = RUN_VIEWER("--headless", "--frames", "12", "--scroll", "600", assets);
    assert_clean_run(&run);
    assert_true(number_of(&run, "images") > 100);
    assert_int_equal(number_of(&run, "failed"), 0);
    assert_true(number_of(&run, "misses") >= number_of(&run, "images"));
    viewer_run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_line_has_every_number),
        cmocka_unit_test(the_limit_holds_while_pictures_scroll_past),
        cmocka_unit_test(the_numbers_repeat),
        cmocka_unit_test(the_screenshot_shows_the_first_pictures_in_order),
        cmocka_unit_test(the_head_up_display_is_in_the_screenshot),
        cmocka_unit_test(an_alarm_is_told_on_stderr),
        cmocka_unit_test(the_csv_has_a_row_a_frame_and_sums_to_the_last_line),
        cmocka_unit_test(the_trace_is_balanced_json_with_a_slice_a_frame),
        cmocka_unit_test(the_record_has_a_row_an_access),
        cmocka_unit_test(workers_load_in_a_headless_run_too),
        cmocka_unit_test(the_pictures_of_the_repository_are_all_shown),
    };
    return cmocka_run_group_tests(tests, make_many, remove_temporary_folder);
}
