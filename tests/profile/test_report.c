/* pixcache-profile report: what the page says is what the file says. */
#include "run_report.h"

#include "../engine/profile_stage.h"

static folder out;

static int open_folders(void **state)
{
    folder_open(&out);
    return make_files(state);
}

static int close_folders(void **state)
{
    folder_close(&out);
    return remove_files(state);
}

static buffer page_of(const char *csv)
{
    write_text(path_in(&out, "in.csv"), csv);
    const report_run run = REPORT(path_in(&out, "in.csv"), "--html", path_in(&out, "page.html"));
    assert_made(&run);
    return read_page(path_in(&out, "page.html"));
}

static const char four_frames[] =
    REPORT_HEADER "\n"
                  "7,10.000,8.000,1.500,90,10,0,10,1048576,2.000,1048576,4194304,3,100\n"
                  "8,20.000,8.000,1.500,100,0,0,0,0,0.000,1048576,4194304,3,100\n"
                  "9,30.000,8.000,1.500,100,0,0,0,0,0.000,1048576,4194304,3,100\n"
                  "10,40.000,8.000,1.500,10,90,5,11,3145728,9.000,3145728,4194304,3,100\n";

/* Of 100 ms in all the mean is 25; without misses there are two frames, of 20 and 30 ms. */
static void the_summary_is_that_of_the_file(void **state)
{
    (void)state;
    buffer page = page_of(four_frames);
    assert_has(&page, "<dt>Frames</dt><dd>4<small>7 to 10</small>");
    assert_has(&page, "<dt>Seconds</dt><dd>0.10");
    assert_has(&page, "<dt>Hit rate</dt><dd>75.00 %");
    assert_has(&page, "<dt>Misses</dt><dd>100</dd>");
    assert_has(&page, "<dt>Evictions</dt><dd>5");
    assert_has(&page, "<dt>Uploads</dt><dd>21");
    assert_has(&page, "<dt>Uploaded</dt><dd>4.00 MiB");
    assert_has(&page, "<dt>Peak at a boundary</dt><dd>3.00 MiB");
    assert_has(&page, "<dt>Limit</dt><dd>4.00 MiB");
    assert_has(&page, "<th scope=\"row\">All frames</th><td>4</td><td>25.00<small>40</small></td>"
                      "<td>20.00<small>50</small></td><td>40.00<small>25</small></td>");
    assert_has(&page, "<th scope=\"row\">Frames without misses</th><td>2</td><td>25.00<small>40</small></td>"
                      "<td>20.00<small>50</small></td><td>30.00<small>33</small></td>");
    assert_has(&page, "<p>No frame was slow.</p>");
    assert_has(&page, "The file has no curve.");
    buffer_free(&page);
}

static void assert_numbers(const char *array, const double *expected, size_t count)
{
    size_t found = 0;
    for (const char *at = json_first(array); at != NULL; at = json_next(at), ++found) {
        assert_true(found < count);
        assert_true(strtod(at, NULL) == expected[found]);
    }
    assert_int_equal(found, count);
}

/* Times in microseconds; a column in which nothing changes is one number. */
static void the_data_is_that_of_the_file(void **state)
{
    (void)state;
    buffer page = page_of(four_frames);
    const char *data = data_of(&page);
    const char *columns = json_member(data, "columns");
    assert_non_null(columns);
    assert_true(strtod(json_member(data, "rows"), NULL) == 4);
    assert_numbers(json_member(data, "frames"), (const double[]){7}, 1);
    assert_numbers(json_member(columns, "frame_ms"), (const double[]){10000, 20000, 30000, 40000}, 4);
    assert_numbers(json_member(columns, "upload_ms"), (const double[]){2000, 0, 0, 9000}, 4);
    assert_numbers(json_member(columns, "gpu_ms"), (const double[]){1500}, 1);
    assert_numbers(json_member(columns, "hits"), (const double[]){90, 100, 100, 10}, 4);
    assert_numbers(json_member(columns, "used_bytes"), (const double[]){1048576, 1048576, 1048576, 3145728},
                   4);
    assert_null(json_member(columns, "load_ms"));
    assert_null(json_member(data, "curve"));
    assert_null(json_first(json_member(data, "slow")));
    buffer_free(&page);
}

static void columns_are_found_by_name(void **state)
{
    (void)state;
    buffer page =
        page_of("\xEF\xBB\xBF"
                "other,sprites,draws,\"limit_bytes\",used_bytes,upload_ms,upload_bytes,uploads,evictions,"
                "misses,hits,gpu_ms,cpu_ms,frame_ms,frame\r\n"
                "\"a, \"\"quoted\"\"\nline\",14,13,12,11,10,9,8,7,6,5,4,3e0,2.25,1\r\n"
                ",24,23,22,21,20,19,18,17,16,15,14,13,12,11\r\n\r\n");
    const char *data = data_of(&page);
    const char *columns = json_member(data, "columns");
    assert_numbers(json_member(data, "frames"), (const double[]){1, 11}, 2);
    assert_numbers(json_member(columns, "frame_ms"), (const double[]){2250, 12000}, 2);
    assert_numbers(json_member(columns, "cpu_ms"), (const double[]){3000, 13000}, 2);
    assert_numbers(json_member(columns, "sprites"), (const double[]){14, 24}, 2);
    assert_null(json_member(columns, "other"));
    buffer_free(&page);
}

/* Five frames of 6 ms, four of 8, one of 100, and one of 14.5 ms, which is more than twice their median of 7 ms: the
 * rule of the engine, for files that do not say which frames were slow. */
static void slow_frames_are_found_where_the_file_names_none(void **state)
{
    (void)state;
    char csv[4096];
    size_t length = (size_t)snprintf(csv, sizeof csv, "%s\n", REPORT_HEADER);
    for (int i = 0; i < 12; ++i) {
        const char *ms = i == 10 ? "14.5" : i == 3 ? "100" : i % 2 == 0 ? "6" : "8";
        length +=
            (size_t)snprintf(csv + length, sizeof csv - length, "%d,%s,1,1,1,0,0,0,0,0,1,2,1,1\n", i, ms);
    }
    buffer page = page_of(csv);
    assert_has(&page, "1 slow frame, the longest first");
    assert_has(&page, "<a href=\"#frame=10\">10</a></th><td>14.50</td><td>7.00</td><td>2.1</td>");
    const char *slow = json_first(json_member(data_of(&page), "slow"));
    assert_true(strtod(json_first(slow), NULL) == 10);
    assert_null(json_next(slow));
    buffer_free(&page);
}

/* In the second frame a miss of two was the first, and a placeholder was drawn in the third. */
static void what_other_columns_say_is_used(void **state)
{
    (void)state;
    buffer page = page_of(REPORT_HEADER ",peak_bytes,first_misses,late_draws,load_ms,draw_ms,swap_ms,slow\n"
                                        "0,8,7,1,1,0,0,0,0,0,1024,2048,1,1,1536,0,0,0,3,2,\n"
                                        "1,90,7,1,1,2,0,0,0,0,1024,2048,1,1,3072,1,0,70,3,2,8.5\n"
                                        "2,50,7,1,1,0,0,0,0,0,1024,2048,1,1,1024,0,1,2,3,2,8.5\n");
    assert_has(&page, "<dt>Peak</dt><dd>3.00 KiB<small>1.00 KiB at a boundary</small>");
    assert_has(&page, "<dt>Misses</dt><dd>2<small>1 first, 1 after an eviction</small>");
    assert_has(&page, "<th scope=\"row\">Frames without misses</th><td>1</td><td>8.00");
    assert_has(&page, "2 slow frames, the longest first");
    assert_has(&page, "<td>90.00</td><td>8.50</td><td>10.6</td><td>2</td><td>load 70.00</td>");
    assert_has(&page, "<td>50.00</td><td>8.50</td><td>5.9</td><td>0</td><td>application 43.00</td>");
    buffer_free(&page);
}

static void escaped_bytes_come_back(void **state)
{
    (void)state;
    buffer page =
        page_of(REPORT_HEADER ",slow\n1,9,1,1,1,0,0,0,0,0,1,2,1,1,3.5;read 1 2 a%3Bb%25c%0Ad%7F  e\n");
    assert_has(&page, "read <bdi>a;b%c\xE2\x90\x8A"
                      "d\xE2\x90\xA1  e</bdi>");
    buffer_free(&page);
}

static void the_page_needs_nothing_else(void **state)
{
    (void)state;
    static const char *const others[] = {"http://", "https://", "//cdn",   " src=",   "@import",
                                         "url(",    "fetch(",   "XMLHttp", "import(", "<link rel=\"style",
                                         "<iframe", "<!--@"};
    buffer page = page_of(four_frames);
    for (size_t i = 0; i < COUNT_OF(others); ++i) {
        assert_has_not(&page, others[i]);
    }
    const char *text = (const char *)page.bytes;
    assert_int_equal(strncmp(text, "<!DOCTYPE html>\n", 16), 0);
    assert_has(&page, "default-src 'none'");
    assert_has(&page, "prefers-color-scheme: dark");
    assert_string_equal(text + page.size - 1 - strlen("</html>\n"), "</html>\n");
    buffer_free(&page);
}

static void sessions_of_any_size_have_a_page(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 10, 65536};
    for (size_t i = 0; i < COUNT_OF(sizes); ++i) {
        FILE *file = fopen(path_in(&out, "many.csv"), "wb");
        assert_non_null(file);
        fprintf(file, "%s\n", REPORT_HEADER);
        for (size_t row = 0; row < sizes[i]; ++row) {
            fprintf(file, "%zu,%zu.5,3,1,1,0,0,0,0,0,1,2,1,1\n", row, 1 + row % 13);
        }
        assert_int_equal(fclose(file), 0);
        const report_run run = REPORT(path_in(&out, "many.csv"), "--html", path_in(&out, "page.html"));
        assert_made(&run);
        buffer page = read_page(path_in(&out, "page.html"));
        size_t count = 0;
        const char *data = data_of(&page);
        for (const char *at = json_first(json_member(json_member(data, "columns"), "frame_ms")); at != NULL;
             at = json_next(at), ++count) {
            assert_true(strtod(at, NULL) == 1500 + 1000 * (double)(count % 13));
        }
        assert_int_equal(count, sizes[i]);
        buffer_free(&page);
    }
}

static void what_the_engine_writes_becomes_a_page(void **state)
{
    (void)state;
    pxe_error error = {""};
    open_stage(0);
    run_frames(30);
    pxe_profile_set_slow_ms(s.engine->profile, 1e-9);
    run_frames(30);
    assert_true(pxe_profile_write_csv(s.engine->profile, path_in(&out, "frames.csv"), &error));
    const report_run run = REPORT(path_in(&out, "frames.csv"), "--html", path_in(&out, "page.html"));
    assert_made(&run);
    buffer page = read_page(path_in(&out, "page.html"));
    const pxe_curve_totals totals = pxe_curve_sum(pxe_profile_curve(s.engine->profile));
    char text[256];
    snprintf(text, sizeof text, "%zu slow frames, the longest first",
             (size_t)pxe_profile_slow_count(s.engine->profile));
    assert_has(&page, text);
    assert_has(&page, "two  spaces.png");
    assert_has(&page, "<b>6.00 KiB</b>"); /* all six pictures */
    const char *curve = json_member(data_of(&page), "curve");
    assert_non_null(curve);
    assert_true(strtod(json_member(curve, "accesses"), NULL) == (double)totals.accesses);
    buffer_free(&page);
    stage_close(&s);
}

/* No row can be shorter: how many there may be is known from the file's length. */
static void the_shortest_rows_have_room(void **state)
{
    (void)state;
    enum { ROWS = 9 };
    char csv[1024] = REPORT_HEADER;
    for (int i = 1; i <= ROWS; ++i) {
        const size_t length = strlen(csv);
        snprintf(csv + length, sizeof csv - length, "\n%d,1,1,1,1,1,1,1,1,1,1,1,1,1", i);
    }
    buffer page = page_of(csv);
    assert_has(&page, "<dt>Frames</dt><dd>9<small>1 to 9</small>");
    assert_has(&page, "<dt>Hit rate</dt><dd>50.00 %");
    buffer_free(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_summary_is_that_of_the_file),
        cmocka_unit_test(the_data_is_that_of_the_file),
        cmocka_unit_test(columns_are_found_by_name),
        cmocka_unit_test(slow_frames_are_found_where_the_file_names_none),
        cmocka_unit_test(what_other_columns_say_is_used),
        cmocka_unit_test(escaped_bytes_come_back),
        cmocka_unit_test(the_page_needs_nothing_else),
        cmocka_unit_test(the_shortest_rows_have_room),
        cmocka_unit_test(sessions_of_any_size_have_a_page),
        cmocka_unit_test(what_the_engine_writes_becomes_a_page),
    };
    return cmocka_run_group_tests(tests, open_folders, close_folders);
}
