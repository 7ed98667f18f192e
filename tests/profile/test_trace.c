/* Reading traces: all that --record and other programs write, and everything else refused by its line. */
#include "traces.h"

static void assert_access(const access_trace *trace, size_t at, uint64_t key, uint64_t bytes)
{
    assert_true(at < trace->access_count);
    const access_image *image = &trace->images[trace->accesses[at]];
    assert_int_equal(image->key, key);
    assert_int_equal(image->bytes, bytes);
}

static void rows_become_accesses_and_frames(void **state)
{
    (void)state;
    access_trace trace =
        trace_of("frame,key,bytes\n3,7,11\n3,8,12\n4,7,11\n9,18446744073709551615,13\n9,8,12\n");
    assert_int_equal(trace.access_count, 5);
    assert_access(&trace, 0, 7, 11);
    assert_access(&trace, 1, 8, 12);
    assert_access(&trace, 2, 7, 11);
    assert_access(&trace, 3, UINT64_MAX, 13);
    assert_access(&trace, 4, 8, 12);
    assert_int_equal(trace.image_count, 3);
    assert_int_equal(trace.images[2].line, 5);
    assert_int_equal(trace.frame_count, 3); /* numbers that are left out are no frames */
    assert_int_equal(trace.frame_ends[0], 2);
    assert_int_equal(trace.frame_ends[1], 3);
    assert_int_equal(trace.frame_ends[2], 5);
    assert_int_equal(access_frame_start(&trace, 0), 0);
    assert_int_equal(access_frame_start(&trace, 2), 3);
    assert_int_equal(trace.largest_bytes, 13);
    assert_int_equal(trace.image_bytes, 36);
    assert_int_equal(trace.access_bytes, 59);
    access_trace_free(&trace);
}

static void the_same_key_with_another_size_is_another_image(void **state)
{
    (void)state;
    access_trace trace = trace_of("frame,key,bytes\n0,7,11\n0,7,12\n1,7,11\n");
    assert_int_equal(trace.image_count, 2);
    assert_int_equal(trace.accesses[0], trace.accesses[2]);
    assert_int_not_equal(trace.accesses[0], trace.accesses[1]);
    access_trace_free(&trace);
}

/* So many that each meets others where it is looked for. */
static void keys_and_sizes_are_told_apart_however_many_there_are(void **state)
{
    (void)state;
    enum { SIDE = 120 };
    byte_list text = {0};
    add_text(&text, "frame,key,bytes\n");
    for (uint32_t i = 0; i < 2 * SIDE * SIDE; ++i) {
        char row[64];
        snprintf(row, sizeof row, "0,%" PRIu32 ",%" PRIu32 "\n", i % SIDE, 1 + i / SIDE % SIDE);
        add_text(&text, row);
    }
    write_bytes("square.csv", &text, text.count);
    access_trace trace;
    trace_error error;
    assert_true(access_trace_read(path_of("square.csv"), &trace, &error));
    assert_int_equal(trace.image_count, SIDE * SIDE);
    for (uint32_t i = 0; i < 2 * SIDE * SIDE; ++i) {
        assert_int_equal(trace.accesses[i], i % (SIDE * SIDE));
        assert_access(&trace, i, i % SIDE, 1 + i / SIDE % SIDE);
    }
    access_trace_free(&trace);
}

static void each_of_these_is_the_same_trace(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "frame,key,bytes\n5,7,11\n6,8,12\n",
        "frame,key,bytes\n5,7,11\n6,8,12",
        "frame,key,bytes\r\n5,7,11\r\n6,8,12\r\n",
        "frame,key,bytes\r\n5,7,11\r\n6,8,12\r",
        "\357\273\277frame,key,bytes\n5,7,11\n6,8,12\n",
        "\"frame\",\"key\",\"bytes\"\n\"5\",\"7\",\"11\"\n6,\"8\",12\n",
        "frame,key,bytes\n0005,00000000000000000000000007,11\n6,8,12\n",
        "frame,key,bytes,name\n5,7,11,\n6,8,12,\"\"\n",
        "frame,key,bytes,name\n5,7,11,a.png\n6,8,12,\"b, \"\"c\"\".png\"\n",
        "frame,key,bytes,name\r\n5,7,11,\"a,,,\"\r\n6,8,12,\"\"\"\"\r\n",
        "frame,key,bytes,name\n5,7,11,\xFF\xFE\n6,8,12,\" \"\n",
    };
    for (size_t i = 0; i < COUNT_OF(texts); ++i) {
        access_trace trace = trace_of(texts[i]);
        assert_int_equal(trace.access_count, 2);
        assert_int_equal(trace.frame_count, 2);
        assert_access(&trace, 0, 7, 11);
        assert_access(&trace, 1, 8, 12);
        access_trace_free(&trace);
    }
}

static void assert_refusal(const char *path, uint64_t line, const char *words)
{
    access_trace trace = {.access_count = 1};
    trace_error error = {0};
    assert_false(access_trace_read(path, &trace, &error));
    if (error.line != line || strstr(error.text, words) == NULL) {
        fail_msg("expected line %" PRIu64 ": %s, but got line %" PRIu64 ": %s", line, words, error.line,
                 error.text);
    }
    assert_null(trace.accesses);
    assert_int_equal(trace.access_count, 0);
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t line;
        const char *words;
    } bad[] = {
        {"", 0, "is empty"},
        {"frame,key,bytes\n", 0, "has no accesses"},
        {"frame,key,bytes", 0, "has no accesses"},
        {"frame,key\n0,1\n", 1, "header"},
        {"frame,key,bytes,name,more\n", 1, "header"},
        {"key,frame,bytes\n", 1, "header"},
        {"frame,key,byte\n", 1, "header"},
        {"frame,key,bytess\n", 1, "header"},
        {"Frame,key,bytes\n", 1, "header"},
        {"frame, key,bytes\n", 1, "header"},
        {"frame,key,bytes,\n", 1, "header"},
        {"\nframe,key,bytes\n", 1, "header"},
        {"0,1,2\n", 1, "header"},
        {"\xEF\xBB\xBF", 1, "header"},
        {"frame,key,bytes\n\n0,1,2\n", 2, "an empty line"},
        {"frame,key,bytes\n0,1,2\n\n", 3, "an empty line"},
        {"frame,key,bytes\n0,1,2\n0,1\n", 3, "2 fields instead of 3"},
        {"frame,key,bytes\n0\n", 2, "1 field instead of 3"},
        {"frame,key,bytes\n0,1,2,3\n", 2, "4 fields instead of 3"},
        {"frame,key,bytes\n0,1,2,\n", 2, "4 fields instead of 3"},
        {"frame,key,bytes,name\n0,1,2\n", 2, "3 fields instead of 4"},
        {"frame,key,bytes,name\n0,1,2,a,b\n", 2, "5 fields instead of 4"},
        {"frame,key,bytes\n,1,2\n", 2, "frame is missing"},
        {"frame,key,bytes\n0,\"\",2\n", 2, "key is missing"},
        {"frame,key,bytes\n0,1,\n", 2, "bytes is missing"},
        {"frame,key,bytes\n-1,1,2\n", 2, "frame is no whole number"},
        {"frame,key,bytes\n0,+1,2\n", 2, "key is no whole number"},
        {"frame,key,bytes\n0,0x1,2\n", 2, "key is no whole number"},
        {"frame,key,bytes\n0,1,2.5\n", 2, "bytes is no whole number"},
        {"frame,key,bytes\n0,1, 2\n", 2, "bytes is no whole number"},
        {"frame,key,bytes\n0,1,2 \n", 2, "bytes is no whole number"},
        {"frame,key,bytes\n0,1,2\r\r\n", 2, "bytes is no whole number"},
        {"frame,key,bytes\n18446744073709551616,1,2\n", 2, "frame is above 18446744073709551615"},
        {"frame,key,bytes\n0,99999999999999999999,2\n", 2, "key is above 18446744073709551615"},
        {"frame,key,bytes\n0,1,18446744073709551616\n", 2, "bytes is above 18446744073709551615"},
        {"frame,key,bytes\n0,1,18446744073709551615\n", 2, "more than 9223372036854775807 bytes"},
        {"frame,key,bytes\n0,1,9223372036854775807\n0,2,1\n", 3, "more than 9223372036854775807 bytes"},
        {"frame,key,bytes\n0,1,0\n", 2, "bytes is 0"},
        {"frame,key,bytes\n0,1,2\n5,1,2\n4,1,2\n", 4, "frame 4 after frame 5"},
        {"frame,key,bytes,name\n0,1,2,\"a\n0,1,2,b\n", 2, "a quote that does not end in its line"},
        {"frame,key,bytes,name\n0,1,2,\"\"\"\n", 2, "a quote that does not end in its line"},
        {"frame,key,bytes,name\n0,1,2,\"a\"b\n", 2, "text behind a quoted field"},
        {"frame,key,bytes,name\n0,1,2,a\"b\"\n", 2, "a quote inside a field"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); ++i) {
        assert_refusal(write_trace("bad.csv", bad[i].text), bad[i].line, bad[i].words);
    }
}

static void write_with(const char *name, const char *before, int byte, size_t count, const char *after)
{
    byte_list list = {0};
    add_text(&list, before);
    for (size_t i = 0; i < count; ++i) {
        add_byte(&list, (uint32_t)byte);
    }
    add_text(&list, after);
    write_bytes(name, &list, list.count);
}

static void nul_bytes_are_refused(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"0,1,2,a", "b\n"}, {"0,1,2,\"a", "b\"\n"}, {"0,1", ",2,a\n"}, {"", ""}};
    for (size_t i = 0; i < COUNT_OF(rows); ++i) {
        char before[64];
        snprintf(before, sizeof before, "frame,key,bytes,name\n0,1,2,a\n%s", rows[i][0]);
        write_with("nul.csv", before, 0, 1, rows[i][1]);
        assert_refusal(path_of("nul.csv"), 3, "a NUL byte");
    }
    write_with("nul.csv", "frame,key,bytes", 0, 1, "\n0,1,2\n");
    assert_refusal(path_of("nul.csv"), 1, "header");
}

static void lines_may_be_long_but_not_huge(void **state)
{
    (void)state;
    enum { MOST = 1 << 20 };
    static const char start[] = "frame,key,bytes,name\n0,1,2,";
    /* the header's bytes leave the buffer before the row fills it */
    write_with("long.csv", start, 'x', MOST - 7, "\n0,1,2,a\n");
    access_trace trace;
    trace_error error;
    assert_true(access_trace_read(path_of("long.csv"), &trace, &error));
    assert_int_equal(trace.access_count, 2);
    access_trace_free(&trace);
    write_with("long.csv", start, 'x', MOST - 5, "\n0,1,2,a\n");
    assert_refusal(path_of("long.csv"), 2, "a line of more than 1048576 bytes");
    write_with("long.csv", "", '1', 3 * MOST, "");
    assert_refusal(path_of("long.csv"), 1, "a line of more than 1048576 bytes");
}

/* Rows of all lengths at all places of the buffer. */
static void nothing_is_lost_where_the_buffer_ends(void **state)
{
    (void)state;
    enum { ROWS = 200000 };
    uint64_t seed = test_seed(91);
    byte_list text = {0};
    add_text(&text, "frame,key,bytes,name\r\n");
    for (uint32_t i = 0; i < ROWS; ++i) {
        char row[128];
        snprintf(row, sizeof row, "%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",\"%.*s\"%s\n", i / 100, i, i + 1,
                 (int)below(&seed, 24), "a name of some characters", i % 3 == 0 ? "\r" : "");
        add_text(&text, row);
    }
    write_bytes("rows.csv", &text, text.count);
    access_trace trace;
    trace_error error;
    assert_true(access_trace_read(path_of("rows.csv"), &trace, &error));
    assert_int_equal(trace.access_count, ROWS);
    assert_int_equal(trace.image_count, ROWS);
    assert_int_equal(trace.frame_count, ROWS / 100);
    for (uint32_t i = 0; i < ROWS; ++i) {
        assert_access(&trace, i, i, i + 1);
        assert_int_equal(trace.images[i].line, i + 2);
    }
    access_trace_free(&trace);
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    assert_refusal(path_of("nowhere.csv"), 0, "can not be read: No such file");
    assert_refusal(temporary_folder(), 0, "can not be read: Is a directory");
    if (geteuid() != 0) { /* root may read everything */
        assert_int_equal(chmod(write_trace("secret.csv", "frame,key,bytes\n0,1,2\n"), 0), 0);
        assert_refusal(path_of("secret.csv"), 0, "can not be read: Permission denied");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_accesses_and_frames),
        cmocka_unit_test(the_same_key_with_another_size_is_another_image),
        cmocka_unit_test(keys_and_sizes_are_told_apart_however_many_there_are),
        cmocka_unit_test(each_of_these_is_the_same_trace),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
        cmocka_unit_test(nul_bytes_are_refused),
        cmocka_unit_test(lines_may_be_long_but_not_huge),
        cmocka_unit_test(nothing_is_lost_where_the_buffer_ends),
        cmocka_unit_test(what_is_no_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, remove_temporary_folder);
}
