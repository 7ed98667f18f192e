/* pixcache-profile report: names of pictures, which may be anything, are text on the page and never anything else. */
#include "run_report.h"

#include <inttypes.h>

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

static const char *const hostile[] = {"</script><script>alert(1)</script>",
                                      "\"><img src=x onerror=alert(2)>",
                                      "<!--",
                                      "]]>",
                                      "'\"&amp;\\u003c",
                                      "\xE2\x80\xA8\xE2\x80\xA9",
                                      "bad \xFF\xC0\x80 utf-8",
                                      "\xE7\x86\x8A.png"};

/* As the page shows it: what is no UTF-8 is U+FFFD, byte by byte. */
static void as_shown(const char *name, char *shown)
{
    for (; *name != '\0'; ++name) {
        const unsigned char byte = (unsigned char)*name;
        if (byte == 0xFF || byte == 0xC0 || byte == 0x80) {
            const bool goes_on = byte == 0x80 && (unsigned char)name[-1] == 0xE2;
            shown += sprintf(shown, "%s", goes_on ? "\x80" : "\xEF\xBF\xBD");
        } else {
            *shown++ = *name;
        }
    }
    *shown = '\0';
}

static void escape_html(const char *text, char *escaped)
{
    for (; *text != '\0'; ++text) {
        switch (*text) {
        case '<':
            escaped += sprintf(escaped, "&lt;");
            break;
        case '>':
            escaped += sprintf(escaped, "&gt;");
            break;
        case '&':
            escaped += sprintf(escaped, "&amp;");
            break;
        case '"':
            escaped += sprintf(escaped, "&quot;");
            break;
        case '\'':
            escaped += sprintf(escaped, "&#39;");
            break;
        default:
            *escaped++ = *text;
        }
    }
    *escaped = '\0';
}

/* As the engine writes a name. */
static size_t add_quoted(char *to, const char *text)
{
    size_t length = 0;
    for (; *text != '\0'; ++text) {
        if (*text == ';' || *text == '%') {
            length += (size_t)sprintf(to + length, "%%%02X", (unsigned)*text);
            continue;
        }
        to[length++] = *text;
        if (*text == '"') {
            to[length++] = '"';
        }
    }
    to[length] = '\0';
    return length;
}

static void make_hostile_csv(char *csv)
{
    csv += sprintf(csv, "%s,slow,pictures\n1,9,1,1,1,0,0,0,0,0,1,2,1,1,\"3.5", REPORT_HEADER);
    for (size_t i = 0; i < COUNT_OF(hostile); ++i) {
        csv += sprintf(csv, ";upload 1.5 %zu ", 100 + i);
        csv += add_quoted(csv, hostile[i]);
    }
    csv += sprintf(csv, ";+3\",\"9 1 2 3 4 5 6 7 8 9 10");
    for (size_t i = 0; i < COUNT_OF(hostile); ++i) {
        csv += sprintf(csv, ";11 12 13 14 15.5 16.5 17 18 19 20 %zu ", 3000 + i);
        csv += add_quoted(csv, hostile[i]);
    }
    sprintf(csv, "\"\n");
}

/* The names are in the tables and in the data, each exactly, and the page has no element, no attribute and no script
 * that it would not have without them. */
static void names_are_only_text(void **state)
{
    (void)state;
    static char csv[8192];
    char plain[8192];
    make_hostile_csv(csv);
    write_text(path_in(&out, "in.csv"), csv);
    report_run run =
        REPORT(path_in(&out, "in.csv"), "--html", path_in(&out, "page.html"), "--title", hostile[0]);
    assert_made(&run);
    buffer page = read_page(path_in(&out, "page.html"));
    assert_has_not(&page, "<script>alert");
    assert_has_not(&page, "<img");
    assert_has_not(&page, "\xE2\x80\xA8.");
    assert_int_equal(count_in((const char *)page.bytes, "<script"), 2);
    assert_int_equal(count_in((const char *)page.bytes, "</script"), 2);
    assert_int_equal(count_in((const char *)page.bytes, "<!--"), 0);
    assert_has(&page, "<title>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>");
    for (size_t i = 0; i < COUNT_OF(hostile); ++i) {
        char shown[512];
        char escaped[1024];
        as_shown(hostile[i], shown);
        escape_html(shown, escaped);
        snprintf(plain, sizeof plain,
                 "<th scope=\"row\" class=\"text\"><bdi>%s</bdi></th><td data-v=\"%zu\">", escaped, 3000 + i);
        assert_has(&page, plain);
        snprintf(plain, sizeof plain, "upload <bdi>%s</bdi> <small>%zu B, 1.50 ms</small>", escaped, 100 + i);
        assert_has(&page, plain);
    }
    const char *slow = json_first(json_member(data_of(&page), "slow"));
    const char *works = json_next(json_next(json_first(slow)));
    const char *work = json_first(works);
    for (size_t i = 0; i < COUNT_OF(hostile); ++i, work = json_next(work)) {
        char shown[512];
        as_shown(hostile[i], shown);
        assert_non_null(work);
        const char *name = json_next(json_next(json_next(json_first(work))));
        assert_string_equal(json_text(name, plain, sizeof plain), shown);
        assert_true(strtod(json_next(json_next(json_first(work))), NULL) == 100 + (double)i);
    }
    assert_null(work);
    assert_true(strtod(json_next(works), NULL) == 3);
    buffer_free(&page);
}

/* ---- In a browser, where there is one ---- */

static void run_chromium(const char *page, char *text, size_t size)
{
    char command[4 * PATH_BYTES];
    snprintf(command, sizeof command,
             "env -u LD_PRELOAD timeout 60 chromium --headless --no-sandbox --disable-gpu "
             "--enable-logging=stderr --v=0 "
             "--virtual-time-budget=2000 --user-data-dir='%s/chromium' --dump-dom 'file://%s#frame=1' 2>&1",
             out.path, page);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    const size_t length = fread(text, 1, size - 1, pipe);
    text[length] = '\0';
    pclose(pipe);
}

/* What the page of a CSV is after its script; skips the test where there is no browser. */
static void show_in_browser(const char *csv, char *text, size_t size)
{
    char page[PATH_BYTES];
    if (system("command -v chromium >/dev/null 2>&1") != 0) {
        skip();
    }
    snprintf(page, sizeof page, "%s", path_in(&out, "page.html"));
    write_text(path_in(&out, "in.csv"), csv);
    const report_run run = REPORT(path_in(&out, "in.csv"), "--html", page);
    assert_made(&run);
    run_chromium(page, text, size);
    if (strstr(text, "</html>") == NULL) {
        skip(); /* it does not run here */
    }
    assert_null(strstr(text, "CONSOLE"));
}

static void a_browser_shows_it_without_errors(void **state)
{
    (void)state;
    static char csv[8192];
    static char text[1 << 20];
    make_hostile_csv(csv);
    show_in_browser(csv, text, sizeof text);
    assert_null(strstr(text, "<img"));
    assert_null(strstr(text, "<script>alert"));
    assert_non_null(strstr(text, "<h4>Frame 1 at 0.00 s</h4>")); /* the script ran to its end */
    assert_non_null(strstr(text, "slow, 2.6 times the median of 3.50 ms"));
}

/* The largest numbers, no limit beside a curve, and hits that leave rounding behind in a sum over frames. */
static void a_browser_shows_extreme_numbers(void **state)
{
    (void)state;
    static char csv[16384];
    static char text[1 << 20];
    const uint64_t last = UINT64_C(1) << 53;
    size_t length = (size_t)snprintf(csv, sizeof csv,
                                     REPORT_HEADER ",curve\n1,9e15,1,1,18014398509481984,9,"
                                                   "1,1,18446744073709551615,1,1,1,1,1,\n");
    for (uint64_t i = 2; i < 140; ++i) {
        length += (size_t)snprintf(csv + length, sizeof csv - length,
                                   "%" PRIu64 ",1,1,1,%d,9,1,1,1,1,1,1,1,1,\n", last - 140 + i, i < 61);
    }
    snprintf(csv + length, sizeof csv - length,
             "%" PRIu64 ",1,1,1,0,9,1,1,1,1,1,0,1,1,1 1 1 1 1 18446744073709551615 0;0 1 1;"
             "18446744073709551615 18446744073709551615 18446744073709551615\n",
             last);
    show_in_browser(csv, text, sizeof text);
    assert_non_null(strstr(text, "Frames 1 to 9,007,199,254,740,992"));
    assert_non_null(strstr(text, "<h4>Frame 1 at 0.00 s</h4>")); /* the script ran to its end */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_only_text),
        cmocka_unit_test(a_browser_shows_it_without_errors),
        cmocka_unit_test(a_browser_shows_extreme_numbers),
    };
    return cmocka_run_group_tests(tests, open_folder, close_folder);
}
