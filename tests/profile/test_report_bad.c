/* pixcache-profile report with what it can not use: one line on stderr with the file and the line, status 2, and no
 * page or the one that was there. */
#include "run_report.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define ROW(frame) frame ",8,7,1,1,0,0,0,0,0,1,2,1,1"

static folder out;

static int open_folder(void **state)
{
    (void)state;
    folder_open(&out);
    return 0;
}

static int close_folder(void **state)
{
    (void)state;
    folder_close(&out);
    return 0;
}

static bool is_there(const char *name)
{
    struct stat info;
    return stat(path_in(&out, name), &info) == 0;
}

static size_t count_of_files(void)
{
    size_t count = 0;
    char command[PATH_BYTES];
    snprintf(command, sizeof command, "ls -A '%s' | wc -l", out.path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_int_equal(fscanf(pipe, "%zu", &count), 1);
    pclose(pipe);
    return count;
}

static const struct {
    const char *csv;
    const char *told;
} malformed[] = {
    {"", "in.csv:1: the file is empty"},
    {"\n\n", "in.csv:1: the file is empty"},
    {"1,2,3\n4,5,6\n", "in.csv:1: no header"},
    {REPORT_HEADER, "in.csv:1: no frame follows"},
    {REPORT_HEADER "\n", "in.csv:1: no frame follows"},
    {"frame_ms,hits\n1,2\n", "in.csv:1: column frame is missing"},
    {"frame,frame_ms\n1,2\n", "in.csv:1: column cpu_ms is missing"},
    {REPORT_HEADER ",hits\n", "in.csv:1: column hits is there twice"},
    {REPORT_HEADER ",frame\n", "in.csv:1: column frame is there twice"},
    {REPORT_HEADER "\n" ROW("1") "\n2,8,7\n", "in.csv:3: 3 columns, where the header has 14"},
    {REPORT_HEADER "\n" ROW("1") ",5\n", "in.csv:2: 15 columns, where the header has 14"},
    {REPORT_HEADER "\n" ROW("1") "\n\n" ROW("2") "\n", "in.csv:3: 1 columns"},
    {REPORT_HEADER "\n" ROW("1") "\n" ROW("1") "\n", "in.csv:3: frame 1 does not follow frame 1"},
    {REPORT_HEADER "\n" ROW("5") "\n" ROW("4") "\n", "in.csv:3: frame 4 does not follow frame 5"},
    {REPORT_HEADER "\n" ROW("x") "\n", "in.csv:2: frame is no whole number: \"x\""},
    {REPORT_HEADER "\n" ROW("-1") "\n", "in.csv:2: frame is no whole number"},
    {REPORT_HEADER "\n" ROW("18446744073709551616") "\n", "in.csv:2: frame is no whole number"},
    {REPORT_HEADER "\n1,nan,7,1,1,0,0,0,0,0,1,2,1,1\n", "in.csv:2: frame_ms is no time"},
    {REPORT_HEADER "\n1,inf,7,1,1,0,0,0,0,0,1,2,1,1\n", "in.csv:2: frame_ms is no time"},
    {REPORT_HEADER "\n1,1e999,7,1,1,0,0,0,0,0,1,2,1,1\n", "in.csv:2: frame_ms is no time"},
    {REPORT_HEADER "\n1,1e17,7,1,1,0,0,0,0,0,1,2,1,1\n", "in.csv:2: frame_ms is no time"},
    {REPORT_HEADER "\n1,1e308,7,1,1,0,0,0,0,0,1,2,1,1\n", "in.csv:2: frame_ms is no time"},
    {REPORT_HEADER "\n" ROW("9007199254740993") "\n", "in.csv:2: frame 9007199254740993 is above"},
    {REPORT_HEADER ",slow\n" ROW("1") ",1e300\n", "in.csv:2: slow does not begin"},
    {REPORT_HEADER "\n1,-1,7,1,1,0,0,0,0,0,1,2,1,1\n", "in.csv:2: frame_ms is no time"},
    {REPORT_HEADER "\n1,0x10,7,1,1,0,0,0,0,0,1,2,1,1\n", "in.csv:2: frame_ms is no time"},
    {REPORT_HEADER "\n1,,7,1,1,0,0,0,0,0,1,2,1,1\n", "in.csv:2: frame_ms is no time"},
    {REPORT_HEADER "\n1,1.5.2,7,1,1,0,0,0,0,0,1,2,1,1\n", "in.csv:2: frame_ms is no time"},
    {REPORT_HEADER "\n1,1,7,1,1.5,0,0,0,0,0,1,2,1,1\n", "in.csv:2: hits is no whole number: \"1.5\""},
    {REPORT_HEADER "\n1,1,7,1,1,0,0,0, 5,0,1,2,1,1\n", "in.csv:2: upload_bytes is no whole number"},
    {REPORT_HEADER "\n\"1,1,7\n1", "in.csv:2: a quote is never closed"},
    {REPORT_HEADER "\n\"1\"1,1,7\n1", "in.csv:2: something follows a closing quote"},
    {REPORT_HEADER ",x\n" ROW("1") ",\"a\nb\"\n" ROW("2") ",c\n" ROW("3") "\n", "in.csv:5: 14 columns"},
    {REPORT_HEADER ",slow\n" ROW("1") ",x\n", "in.csv:2: slow does not begin"},
    {REPORT_HEADER ",slow\n" ROW("1") ",\n" ROW("2") ",1.5;upload\n", "in.csv:3: slow has a piece"},
    {REPORT_HEADER ",slow\n" ROW("1") ",1.5;upload 1 2 a;upload x 2 a\n", "that is none, number 2"},
    {REPORT_HEADER ",slow\n" ROW("1") ",1.5;upload 1 2 a%G1\n", "in.csv:2: slow has a piece"},
    {REPORT_HEADER ",slow\n" ROW("1") ",1.5;upload 1 2 a%00\n", "in.csv:2: slow has a piece"},
    {REPORT_HEADER ",slow\n" ROW("1") ",1.5;+x\n", "in.csv:2: slow ends with no number"},
    {REPORT_HEADER
     ",slow\n" ROW("1") ",1.5;u 1 1 a;u 1 1 a;u 1 1 a;u 1 1 a;u 1 1 a;u 1 1 a;u 1 1 a;u 1 1 a;u 1 1 a\n",
     "more than 8 pieces"},
    {REPORT_HEADER ",curve\n" ROW("1") ",1 2 3\n", "in.csv:2: curve does not begin"},
    {REPORT_HEADER ",curve\n" ROW("1") ",1 2 3 4 1 5 0;1 2\n", "in.csv:2: curve has a point"},
    {REPORT_HEADER ",curve\n" ROW("1") ",1 2 3 4 1 5 0;2 1 1;2 1 1\n", "curve does not ascend"},
    {REPORT_HEADER ",pictures\n" ROW("1") ",1 2 3\n", "in.csv:2: pictures does not begin"},
    {REPORT_HEADER ",pictures\n" ROW("1") ",1 2 3 4 5 6 7 8 9 10 11;1 a\n", "pictures has a picture"},
};

static void malformed_files_are_named_with_their_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(malformed); ++i) {
        write_text(path_in(&out, "in.csv"), malformed[i].csv);
        const report_run run = REPORT(path_in(&out, "in.csv"), "--html", path_in(&out, "page.html"));
        if (run.status == 0) {
            fail_msg("taken: %s", malformed[i].csv);
        }
        assert_refused(&run, malformed[i].told);
        assert_false(is_there("page.html"));
    }
}

static void a_zero_byte_is_no_text(void **state)
{
    (void)state;
    static const char csv[] = REPORT_HEADER "\n" ROW("1") "\n\0" ROW("2") "\n";
    write_file(path_in(&out, "in.csv"), csv, sizeof csv - 1);
    const report_run run = REPORT(path_in(&out, "in.csv"), "--html", path_in(&out, "page.html"));
    assert_refused(&run, "zero byte");
}

/* 64 MiB of them, or as many as somebody reads. */
static void write_zeros(const char *path)
{
    static const char zeros[1 << 16];
    signal(SIGPIPE, SIG_IGN);
    const int file = open(path, O_WRONLY);
    bool read = file >= 0;
    for (int i = 0; read && i < 1024; ++i) {
        read = write(file, zeros, sizeof zeros) == (ssize_t)sizeof zeros;
    }
    _exit(read ? 1 : 0);
}

/* /dev/zero has no end. */
static void zeros_are_not_read_to_their_end(void **state)
{
    (void)state;
    int status = 0;
    const char *path = path_in(&out, "zeros");
    assert_int_equal(mkfifo(path, 0600), 0);
    const pid_t writer = fork();
    assert_true(writer >= 0);
    if (writer == 0) {
        write_zeros(path);
    }
    const report_run run = REPORT(path_in(&out, "zeros"), "--html", path_in(&out, "page.html"));
    assert_int_equal(waitpid(writer, &status, 0), writer);
    assert_refused(&run, "zeros:1: a zero byte");
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(remove(path_in(&out, "zeros")), 0);
}

static void options_are_checked(void **state)
{
    (void)state;
    write_text(path_in(&out, "in.csv"), REPORT_HEADER "\n" ROW("1") "\n");
    const char *csv = path_in(&out, "in.csv");
    const report_run refused[] = {REPORT("--html", "x"),           REPORT(csv),
                                  REPORT(csv, "--html"),           REPORT(csv, "--html="),
                                  REPORT(csv, "--htm", "x"),       REPORT(csv, "--html", "x", "--title"),
                                  REPORT(csv, csv, "--html", "x"), REPORT(csv, "--html", csv)};
    static const char *const told[] = {"needs a frame CSV", "needs --html",         "--html needs",
                                       "--html needs",      "unknown option --htm", "--title needs",
                                       "is another one",    "a name of its own"};
    for (size_t i = 0; i < COUNT_OF(told); ++i) {
        assert_refused(&refused[i], told[i]);
    }
    const report_run help = REPORT("--help");
    assert_int_equal(help.status, 0);
    assert_int_equal(strncmp(help.out, "usage: pixcache-profile report F.csv --html F.html", 50), 0);
    const report_run good = REPORT("--html=/dev/null", "--title=x", "--", csv);
    assert_made(&good);
}

static void files_that_can_not_be_read_are_told(void **state)
{
    (void)state;
    const report_run missing = REPORT(path_in(&out, "none.csv"), "--html", path_in(&out, "page.html"));
    assert_refused(&missing, "none.csv: can not be read: No such file");
    const report_run is_folder = REPORT(out.path, "--html", path_in(&out, "page.html"));
    assert_refused(&is_folder, "can not be read: Is a directory");
    assert_false(is_there("page.html"));
}

static void files_that_can_not_be_written_are_told(void **state)
{
    (void)state;
    write_text(path_in(&out, "in.csv"), REPORT_HEADER "\n" ROW("1") "\n");
    const char *csv = path_in(&out, "in.csv");
    const report_run missing = REPORT(csv, "--html", path_in(&out, "no/page.html"));
    assert_refused(&missing, "no/page.html: can not be written: No such file");
    const report_run is_folder = REPORT(csv, "--html", out.path);
    assert_refused(&is_folder, "can not be written: Is a directory");
    if (access("/dev/full", W_OK) == 0) {
        const report_run full = REPORT(csv, "--html", "/dev/full");
        assert_refused(&full, "/dev/full: can not be written: No space left");
        struct stat info;
        assert_true(stat("/dev/full", &info) == 0 && S_ISCHR(info.st_mode));
    }
}

/* Files may not grow beyond some bytes: the page that was there stays whole, and nothing lies beside it. */
static void a_full_disk_leaves_the_old_page(void **state)
{
    (void)state;
    write_text(path_in(&out, "in.csv"), REPORT_HEADER "\n" ROW("1") "\n");
    write_text(path_in(&out, "page.html"), "the old page");
    const size_t files = count_of_files();
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit little = {.rlim_cur = 20000, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    const report_run run = REPORT(path_in(&out, "in.csv"), "--html", path_in(&out, "page.html"));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_refused(&run, "page.html: can not be written: File too large");
    buffer page = read_page(path_in(&out, "page.html"));
    assert_string_equal((const char *)page.bytes, "the old page");
    assert_int_equal(count_of_files(), files);
    buffer_free(&page);
    assert_int_equal(remove(path_in(&out, "page.html")), 0);
}

static void a_link_stays_a_link(void **state)
{
    (void)state;
    struct stat info;
    write_text(path_in(&out, "in.csv"), REPORT_HEADER "\n" ROW("1") "\n");
    write_text(path_in(&out, "real.html"), "the old page");
    assert_int_equal(symlink(path_in(&out, "real.html"), path_in(&out, "link.html")), 0);
    const size_t files = count_of_files();
    const report_run run = REPORT(path_in(&out, "in.csv"), "--html", path_in(&out, "link.html"));
    assert_made(&run);
    assert_true(lstat(path_in(&out, "link.html"), &info) == 0 && S_ISLNK(info.st_mode));
    buffer page = read_page(path_in(&out, "real.html"));
    assert_int_equal(strncmp((const char *)page.bytes, "<!DOCTYPE html>", 15), 0);
    assert_int_equal(count_of_files(), files);
    buffer_free(&page);
}

static const char whole[] = REPORT_HEADER ",slow,curve,pictures\n" ROW("1") ",,,\n" ROW(
    "2") ",\"3.5;upload 1.5 7 a%3Bb;decode 1 2 \"\"c\"\";+4\",\"9 2 2 40 1 30 0;20 3 200;30 5 40\","
         "\"2 1 2 3 4 5 6 7 8 9 10;1 2 3 4 5 6 7 8 9 10 11 a%25b;1 2 3 4 5 6 7 8 9 10 11 d\"\n";

/* Whatever is left of a file or was changed in it: a page or a line on stderr, and nothing worse. */
static void damage_is_refused_or_shown(void **state)
{
    (void)state;
    uint64_t random = 5;
    int good = 0;
    int bad = 0;
    for (size_t i = 0; i < 2 * sizeof whole; ++i) {
        char csv[sizeof whole];
        memcpy(csv, whole, sizeof csv);
        if (i < sizeof whole) {
            csv[i] = '\0';
        } else {
            for (uint32_t j = 1 + random_below(&random, 3); j > 0; --j) {
                csv[random_below(&random, sizeof csv - 1)] = "\",;%\n 0+x\r\x80"[random_below(&random, 11)];
            }
        }
        write_text(path_in(&out, "in.csv"), csv);
        const report_run run = REPORT(path_in(&out, "in.csv"), "--html", "/dev/null");
        if (run.status == 0) {
            assert_made(&run);
            ++good;
        } else {
            assert_refused(&run, "in.csv:");
            ++bad;
        }
    }
    assert_true(good > 20 && bad > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_files_are_named_with_their_line),
        cmocka_unit_test(a_zero_byte_is_no_text),
        cmocka_unit_test(zeros_are_not_read_to_their_end),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(files_that_can_not_be_read_are_told),
        cmocka_unit_test(files_that_can_not_be_written_are_told),
        cmocka_unit_test(a_full_disk_leaves_the_old_page),
        cmocka_unit_test(a_link_stays_a_link),
        cmocka_unit_test(damage_is_refused_or_shown),
    };
    return cmocka_run_group_tests(tests, open_folder, close_folder);
}
