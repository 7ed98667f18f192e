/* The command line: what is answered, what is refused, and what other programs read. */
#include "run_profile.h"

/* The next row of a CSV; NULL = there is none. */
static const char *csv_next(const char *row)
{
    const char *end = strchr(row, '\n');
    return end == NULL || end[1] == '\0' ? NULL : end + 1;
}

static void assert_tells(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        if (strstr(text, words[i]) == NULL) {
            fail_msg("no \"%s\" in: %s", words[i], text);
        }
    }
}

static void help_and_version_are_answered(void **state)
{
    (void)state;
    static const char *const all[] = {"replay", "curve", "--help", "--version"};
    static const char *const replays[] = {
        "--limit", "--policy", "--ceiling", "--csv",         "lru",
        "fifo",    "sieve",    "belady",    "another image", "usage: pixcache-profile replay TRACE.csv"};
    static const char *const curves[] = {"--csv", "--svg", "--limit", "--lose",
                                         "usage: pixcache-profile curve TRACE.csv"};
    viewer_run run = RUN_PROFILE("--help");
    assert_clean_run(&run);
    assert_tells(run.out, all, COUNT_OF(all));
    viewer_run_free(&run);
    run = RUN_PROFILE("replay", "--help");
    assert_clean_run(&run);
    assert_tells(run.out, replays, COUNT_OF(replays));
    viewer_run_free(&run);
    run = RUN_PROFILE("curve", "nowhere.csv", "-h");
    assert_clean_run(&run);
    assert_tells(run.out, curves, COUNT_OF(curves));
    viewer_run_free(&run);
    static const char *const asked[][2] = {
        {"--version", NULL}, {"replay", "--version"}, {"curve", "--version"}};
    for (size_t i = 0; i < COUNT_OF(asked); ++i) {
        run = RUN_PROFILE(asked[i][0], asked[i][1]);
        assert_clean_run(&run);
        assert_string_equal(run.out, "pixcache-profile " PXC_VERSION "\n");
        viewer_run_free(&run);
    }
}

static void mistakes_are_named_in_one_line(void **state)
{
    (void)state;
    const char *trace = write_trace("good.csv", short_trace);
    const char *const bad[][5] = {
        {"nonsense", NULL, NULL, NULL, "unknown command nonsense"},
        {"--nonsense", NULL, NULL, NULL, "--nonsense"},
        {"", NULL, NULL, NULL, "unknown command"},
        {"replay", NULL, NULL, NULL, "replay needs a file"},
        {"curve", NULL, NULL, NULL, "curve needs a file"},
        {"curve", "", NULL, NULL, "needs a file"},
        {"curve", trace, "another.csv", NULL, "another.csv"},
        {"curve", trace, "--nonsense", NULL, "--nonsense"},
        {"curve", trace, "--policy=lru", NULL, "--policy"},
        {"replay", trace, "--svg", "a.svg", "--svg"},
        {"replay", trace, NULL, NULL, "replay needs --limit"},
        {"replay", trace, "--limit", NULL, "--limit needs"},
        {"replay", trace, "--limit=", NULL, "--limit needs"},
        {"replay", trace, "--limit", "0", "\"0\""},
        {"replay", trace, "--limit", "12Q", "\"12Q\""},
        {"replay", trace, "--limit", "1M,", "\"1M,\""},
        {"replay", trace, "--limit", ",1M", "\",1M\""},
        {"replay", trace, "--limit", "1M,,2M", "\"1M,,2M\""},
        {"replay", trace, "--limit", "1M 2M", "\"1M 2M\""},
        {"replay", trace, "--limit", "-1", "\"-1\""},
        {"replay", trace, "--limit", "17179869184G", "\"17179869184G\""},
        {"replay", trace, "--limit", "000000000000000000000000000000001", "--limit needs"},
        {"replay", trace, "--limit=1M", "--policy=lfu", "lru, fifo, sieve and belady"},
        {"replay", trace, "--limit=1M", "--policy=lru,", "--policy needs"},
        {"replay", trace, "--limit=1M", "--ceiling=0", "--ceiling needs"},
        {"curve", trace, "--lose", "100", "--lose needs"},
        {"curve", trace, "--lose", "-1", "--lose needs"},
        {"curve", trace, "--lose", "1e1", "--lose needs"},
        {"curve", trace, "--lose", ".", "--lose needs"},
        {"curve", "nowhere.csv", NULL, NULL, "nowhere.csv: can not be read"},
        {"replay", "nowhere.csv", "--limit=1M", NULL, "nowhere.csv: can not be read"},
        {"curve", "/tmp", NULL, NULL, "/tmp: can not be read: Is a directory"},
        {"curve", "a\nb", NULL, NULL, "a?b"},
        {"curve", trace, "--csv", "/nonexistent/f.csv", "/nonexistent/f.csv: can not be written"},
        {"curve", trace, "--svg", "/nonexistent/f.svg", "/nonexistent/f.svg: can not be written"},
        {"curve", trace, "--csv", "/dev/full", "/dev/full: can not be written: No space left"},
        {"curve", trace, "--svg", "/dev/full", "/dev/full: can not be written: No space left"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); ++i) {
        viewer_run run = RUN_PROFILE(bad[i][0], bad[i][1], bad[i][2], bad[i][3]);
        assert_refused(&run, bad[i][4]);
        assert_int_equal(strncmp(run.err, "pixcache-profile: ", 18), 0);
        viewer_run_free(&run);
    }
    viewer_run run = viewer_run_in(NULL, (const char *const[]){NULL});
    assert_refused(&run, "needs a command: replay, curve");
    viewer_run_free(&run);
    run = RUN_PROFILE("replay", trace, "--limit=1M", "--csv", "/dev/full");
    assert_refused(&run, "/dev/full: can not be written: No space left");
    viewer_run_free(&run);
}

static void a_damaged_trace_is_named_with_its_line(void **state)
{
    (void)state;
    const char *trace = write_trace("bad.csv", "frame,key,bytes\n0,1,2\n0,1\n");
    char expected[600];
    snprintf(expected, sizeof expected, "pixcache-profile: %s:3: 2 fields instead of 3\n", trace);
    viewer_run run = RUN_PROFILE("curve", trace);
    assert_refused(&run, trace);
    assert_string_equal(run.err, expected);
    assert_string_equal(run.out, "");
    viewer_run_free(&run);
    run = RUN_PROFILE("replay", trace, "--limit", "1M");
    assert_refused(&run, trace);
    assert_string_equal(run.err, expected);
    viewer_run_free(&run);
}

static void a_full_standard_output_is_no_success(void **state)
{
    (void)state;
    char line[9000];
    snprintf(line, sizeof line, "%s curve %s > /dev/full 2> %s", viewer_program(),
             write_trace("good.csv", short_trace), path_of("errors"));
    const int status = system(line); /* NOLINT(cert-env33-c): a shell redirects */
    assert_int_equal(WEXITSTATUS(status), 2);
    char *errors = read_whole(path_of("errors"));
    assert_string_equal(errors,
                        "pixcache-profile: standard output can not be written: No space left on device\n");
    free(errors);
}

static void replay_writes_its_table_as_csv(void **state)
{
    (void)state;
    const char *trace = write_trace("good.csv", short_trace);
    viewer_run run =
        RUN_PROFILE("replay", trace, "--limit=24,1K,12", "--policy", "lru,belady", "--csv", path_of("r.csv"));
    assert_clean_run(&run);
    assert_int_equal(count_of_text(run.out, "\n"), 7);
    char *csv = read_whole(path_of("r.csv"));
    assert_string_equal(
        csv,
        "limit_bytes,policy,accesses,hits,misses,hit_rate,evictions,uploads,upload_bytes,peak_bytes,refused\n"
        "24,lru,7,3,4,0.428571,2,4,49,36,0\n"
        "24,belady,7,3,4,0.428571,2,4,49,36,0\n"
        "1024,lru,7,4,3,0.571429,0,3,36,36,0\n"
        "1024,belady,7,4,3,0.571429,0,3,36,36,0\n"
        "12,lru,7,2,5,0.285714,2,3,34,23,2\n"
        "12,belady,7,2,5,0.285714,2,3,34,23,2\n");
    free(csv);
    viewer_run_free(&run);
}

static void curve_writes_all_steps_or_the_limits_asked_for(void **state)
{
    (void)state;
    const char *trace = write_trace("good.csv", short_trace);
    viewer_run run = RUN_PROFILE("curve", trace, "--csv", path_of("c.csv"));
    assert_clean_run(&run);
    static const char *const words[] = {"7 accesses in 3 frames", "3 images of 36 B",
                                        "recommended: --limit 36 (36 B)"};
    assert_tells(run.out, words, COUNT_OF(words));
    char *csv = read_whole(path_of("c.csv"));
    assert_string_equal(csv, "limit_bytes,hits,misses,hit_rate,upload_bytes\n"
                             "0,0,7,0.000000,0\n"
                             "11,2,5,0.285714,11\n"
                             "12,2,5,0.285714,34\n"
                             "13,2,5,0.285714,60\n"
                             "23,3,4,0.428571,49\n"
                             "36,4,3,0.571429,36\n");
    free(csv);
    viewer_run_free(&run);
    run = RUN_PROFILE("curve", trace, "--csv", path_of("c.csv"), "--limit", "1K,35,12,35", "--lose=30");
    assert_clean_run(&run);
    csv = read_whole(path_of("c.csv"));
    assert_string_equal(csv, "limit_bytes,hits,misses,hit_rate,upload_bytes\n"
                             "1024,4,3,0.571429,36\n"
                             "35,3,4,0.428571,49\n"
                             "12,2,5,0.285714,34\n"
                             "35,3,4,0.428571,49\n");
    assert_non_null(
        strstr(run.out, "recommended: --limit 23 (23 B): 42.857 % hits, which loses 25.000 % of them"));
    free(csv);
    viewer_run_free(&run);
}

static void a_trace_may_come_through_a_pipe(void **state)
{
    (void)state;
    char line[9000];
    snprintf(line, sizeof line, "cat %s | %s replay - --limit 24 --csv %s > %s",
             write_trace("good.csv", short_trace), viewer_program(), path_of("piped.csv"), path_of("table"));
    assert_int_equal(system(line), 0); /* NOLINT(cert-env33-c): a shell makes the pipe */
    char *csv = read_whole(path_of("piped.csv"));
    assert_non_null(strstr(csv, "\n24,lru,7,3,4,"));
    free(csv);
    snprintf(line, sizeof line, "printf 'frame,key,bytes\\n0,1' | %s curve - 2> %s", viewer_program(),
             path_of("errors"));
    assert_int_equal(WEXITSTATUS(system(line)), 2); /* NOLINT(cert-env33-c): a shell makes the pipe */
    char *errors = read_whole(path_of("errors"));
    assert_string_equal(errors, "pixcache-profile: standard input:2: 2 fields instead of 3\n");
    free(errors);
}

static void assert_untouched(const char *path, const char *text)
{
    char *now = read_whole(path);
    assert_string_equal(now, text);
    free(now);
}

static void what_is_written_is_never_what_is_read(void **state)
{
    (void)state;
    const char *trace = write_trace("only.csv", short_trace);
    assert_int_equal(symlink(trace, path_of("link.csv")), 0);
    const char *const bad[][6] = {
        {"curve", trace, "--csv", trace, NULL, "is the trace"},
        {"curve", trace, "--svg", trace, NULL, "is the trace"},
        {"curve", trace, "--csv", path_of("link.csv"), NULL, "is the trace"},
        {"curve", path_of("link.csv"), "--svg", trace, NULL, "is the trace"},
        {"replay", trace, "--csv", trace, "--limit=24", "is the trace"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); ++i) {
        viewer_run run = RUN_PROFILE(bad[i][0], bad[i][1], bad[i][2], bad[i][3], bad[i][4]);
        assert_refused(&run, bad[i][5]);
        viewer_run_free(&run);
        assert_untouched(trace, short_trace);
    }
    viewer_run run = RUN_PROFILE("curve", trace, "--csv", path_of("one"), "--svg", path_of("one"));
    assert_refused(&run, "can not be two files");
    viewer_run_free(&run);
    assert_int_equal(access(path_of("one"), F_OK), -1);
    run = RUN_PROFILE("curve", trace, "--csv", "/dev/null", "--svg", "/dev/null");
    assert_clean_run(&run);
    viewer_run_free(&run);
    char line[9000];
    snprintf(line, sizeof line, "%s replay - --limit 24 --csv %s < %s 2> %s", viewer_program(), trace, trace,
             path_of("errors"));
    assert_int_equal(WEXITSTATUS(system(line)), 2); /* NOLINT(cert-env33-c): a shell redirects */
    assert_untouched(trace, short_trace);
}

/* Files may have so many blocks of 512 bytes; what was there stays, and nothing lies beside it. */
static void a_full_disk_leaves_what_was_there(void **state)
{
    (void)state;
    const char *trace = write_trace("good.csv", short_trace);
    const char *old = write_trace("kept.svg", "the old one");
    char line[9000];
    snprintf(line, sizeof line, "trap '' XFSZ; ulimit -f 1; %s curve %s --svg %s > /dev/null 2> %s",
             viewer_program(), trace, old, path_of("errors"));
    assert_int_equal(WEXITSTATUS(system(line)), 2); /* NOLINT(cert-env33-c): a shell sets the limit */
    assert_untouched(old, "the old one");
    char *errors = read_whole(path_of("errors"));
    assert_non_null(strstr(errors, "kept.svg: can not be written: File too large\n"));
    free(errors);
    snprintf(line, sizeof line, "test -z \"$(ls %s | grep part)\"", path_of(""));
    assert_int_equal(system(line), 0); /* NOLINT(cert-env33-c): a shell lists */
}

/* More steps than a spreadsheet takes. */
static void a_csv_of_too_many_steps_is_thinned_evenly(void **state)
{
    (void)state;
    enum { IMAGES = 1100000, MOST = 1000000 };
    FILE *file = fopen(path_of("many.csv"), "w");
    assert_non_null(file);
    fputs("frame,key,bytes\n", file);
    for (uint32_t i = 0; i < IMAGES; ++i) { /* each with a size of its own, each a step */
        fprintf(file, "0,%" PRIu32 ",%" PRIu32 "\n", i, i + 1);
    }
    assert_int_equal(fclose(file), 0);
    viewer_run run = RUN_PROFILE("curve", path_of("many.csv"), "--csv", path_of("thin.csv"));
    assert_status_of(&run, 0);
    assert_int_equal(count_of_text(run.err, "\n"), 1);
    assert_non_null(strstr(run.err, "has 1000000 of 1100001 rows, evenly chosen"));
    viewer_run_free(&run);
    char *csv = read_whole(path_of("thin.csv"));
    uint64_t rows = 0;
    uint64_t last = 0;
    for (const char *row = csv_next(csv); row != NULL; row = csv_next(row), ++rows) {
        const uint64_t limit = strtoull(row, NULL, 10);
        assert_true(rows == 0 ? limit == 0 : limit > last && limit <= last + 2);
        last = limit;
    }
    assert_int_equal(rows, MOST);
    assert_int_equal(last, IMAGES);
    free(csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_and_version_are_answered),
        cmocka_unit_test(mistakes_are_named_in_one_line),
        cmocka_unit_test(a_damaged_trace_is_named_with_its_line),
        cmocka_unit_test(a_full_standard_output_is_no_success),
        cmocka_unit_test(replay_writes_its_table_as_csv),
        cmocka_unit_test(curve_writes_all_steps_or_the_limits_asked_for),
        cmocka_unit_test(a_trace_may_come_through_a_pipe),
        cmocka_unit_test(what_is_written_is_never_what_is_read),
        cmocka_unit_test(a_full_disk_leaves_what_was_there),
        cmocka_unit_test(a_csv_of_too_many_steps_is_thinned_evenly),
    };
    return cmocka_run_group_tests(tests, set_up_profile, remove_temporary_folder);
}
