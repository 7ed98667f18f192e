/* The picture: well-formed XML whatever the trace and its name, complete in itself, with axes that can be read. */
#include "run_profile.h"

#include "chart_axis.h"
#include "xml_text.h"

/* A strict reader of the XML that a picture needs: elements, attributes, text. It stops the test where something is not
 * well-formed. */
typedef struct xml_reader {
    const char *start, *at;
} xml_reader;

static void xml_fail(const xml_reader *r, const char *why)
{
    fail_msg("%s at byte %td: %.60s", why, r->at - r->start, r->at);
}

/* A character or an entity; none of those that must not stand here. */
static void xml_character(xml_reader *r, const char *forbidden)
{
    static const char *const entities[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&#39;"};
    const unsigned char c = (unsigned char)*r->at;
    if (c == '&') {
        for (size_t i = 0; i < COUNT_OF(entities); ++i) {
            if (strncmp(r->at, entities[i], strlen(entities[i])) == 0) {
                r->at += strlen(entities[i]);
                return;
            }
        }
        xml_fail(r, "an unknown entity");
    }
    if ((c < 0x20 && c != '\n') || c == 0x7F || strchr(forbidden, c) != NULL) {
        xml_fail(r, "a forbidden character");
    }
    const int more = c < 0x80 ? 0 : c < 0xC2 ? -1 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : c < 0xF5 ? 3 : -1;
    for (int i = 1; i <= more; ++i) {
        if (((unsigned char)r->at[i] & 0xC0) != 0x80) {
            xml_fail(r, "no UTF-8");
        }
    }
    const unsigned char second = (unsigned char)r->at[more > 0];
    if (more < 0 || (c == 0xE0 && second < 0xA0) || (c == 0xED && second > 0x9F) ||
        (c == 0xF0 && second < 0x90) || (c == 0xF4 && second > 0x8F)) {
        xml_fail(r, "no UTF-8");
    }
    r->at += 1 + more;
}

static size_t xml_name(xml_reader *r)
{
    const size_t bytes = strspn(r->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-:0123456789");
    if (bytes == 0) {
        xml_fail(r, "no name");
    }
    r->at += bytes;
    return bytes;
}

static void xml_expect(xml_reader *r, const char *text)
{
    if (strncmp(r->at, text, strlen(text)) != 0) {
        xml_fail(r, text);
    }
    r->at += strlen(text);
}

/* Result: whether the element is open; it may have ended with its start. */
static bool xml_attributes(xml_reader *r)
{
    while (*r->at == ' ' || *r->at == '\n') {
        r->at += strspn(r->at, " \n");
        xml_name(r);
        xml_expect(r, "=\"");
        while (*r->at != '"') {
            xml_character(r, "<\n");
        }
        xml_expect(r, "\"");
    }
    const bool open = *r->at == '>';
    xml_expect(r, open ? ">" : "/>");
    return open;
}

/* Result: how many elements. */
static size_t assert_well_formed(const char *text)
{
    enum { MOST_DEEP = 16 };
    struct {
        const char *name;
        size_t bytes;
    } open[MOST_DEEP];
    size_t deep = 0;
    size_t count = 0;
    xml_reader r = {text, text};
    do {
        if (*r.at != '<') {
            xml_character(&r, "<>");
        } else if (r.at[1] == '/') {
            xml_expect(&r, "</");
            assert_true(deep > 0);
            const char *name = r.at;
            const size_t bytes = xml_name(&r);
            --deep;
            if (bytes != open[deep].bytes || memcmp(name, open[deep].name, bytes) != 0) {
                xml_fail(&r, "another element ends");
            }
            xml_expect(&r, ">");
        } else {
            xml_expect(&r, "<");
            assert_true(deep < MOST_DEEP);
            open[deep].name = r.at;
            open[deep].bytes = xml_name(&r);
            deep += xml_attributes(&r);
            ++count;
        }
    } while (deep > 0);
    xml_expect(&r, "\n");
    assert_int_equal(*r.at, '\0');
    return count;
}

/* Draws a trace and checks the picture; the caller frees it. */
static char *draw(const char *trace)
{
    viewer_run run = RUN_PROFILE("curve", trace, "--svg", path_of("f.svg"));
    assert_clean_run(&run);
    viewer_run_free(&run);
    char *svg = read_whole(path_of("f.svg"));
    assert_true(assert_well_formed(svg) > 20);
    assert_int_equal(count_of_text(svg, "http"), 1);
    assert_non_null(strstr(svg, "xmlns=\"http://www.w3.org/2000/svg\""));
    assert_int_equal(count_of_text(svg, "href"), 0);
    assert_int_equal(count_of_text(svg, "script"), 0);
    assert_int_equal(count_of_text(svg, "nan"), 0);
    assert_int_equal(count_of_text(svg, "inf"), 0);
    assert_non_null(strstr(svg, "recommended: "));
    assert_non_null(strstr(svg, "uploaded per frame"));
    return svg;
}

/* Every coordinate of the lines' steps lies on the picture. */
static void assert_inside(const char *svg, char letter, double least, double most)
{
    const char mark[] = {letter, '\0'};
    for (const char *path = strstr(svg, " d=\""); path != NULL; path = strstr(path + 4, " d=\"")) {
        const size_t bytes = strcspn(path + 4, "\"");
        for (const char *at = path + 4; at < path + 4 + bytes; ++at) {
            if (*at == *mark) {
                const double place = strtod(at + 1, NULL);
                if (place < least || place > most) {
                    fail_msg("%c%g is outside", letter, place);
                }
            }
        }
    }
}

static void any_trace_gives_a_picture(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "0,1,1\n",
        "0,1,5\n0,1,5\n",
        "0,1,500000\n0,2,600000\n1,3,700000\n",
        "0,1,1099511627776\n1,2,1\n2,2,1\n3,1,1099511627776\n",
        "0,1,4096\n0,2,4096\n1,1,4096\n2,2,4096\n3,1,4096\n3,2,4096\n",
        "0,1,1048576\n0,2,3\n1,1,1048576\n1,2,3\n2,3,99999\n3,3,99999\n",
    };
    for (size_t i = 0; i < COUNT_OF(rows); ++i) {
        char text[256];
        snprintf(text, sizeof text, "frame,key,bytes\n%s", rows[i]);
        char *svg = draw(write_trace("any.csv", text));
        assert_inside(svg, 'H', 0, 1000);
        assert_inside(svg, 'V', 0, 600);
        free(svg);
    }
}

static void a_long_curve_is_thinned_to_the_picture(void **state)
{
    (void)state;
    byte_list text = {0};
    add_text(&text, "frame,key,bytes\n");
    for (uint32_t i = 0; i < 60000; ++i) { /* thirty thousand images of own sizes, each used twice */
        char row[64];
        snprintf(row, sizeof row, "%" PRIu32 ",%" PRIu32 ",%" PRIu32 "\n", i / 10, i / 2 % 30000,
                 1000 + i / 2 % 30000 * 7);
        add_text(&text, row);
    }
    for (uint32_t i = 0; i < 30000; ++i) {
        char row[64];
        snprintf(row, sizeof row, "%" PRIu32 ",%" PRIu32 ",%" PRIu32 "\n", 6000 + i, 29999 - i,
                 1000 + (29999 - i) * 7);
        add_text(&text, row);
    }
    write_bytes("long.csv", &text, text.count);
    char *svg = draw(path_of("long.csv"));
    assert_true(count_of_text(svg, "H") > 500);
    assert_true(count_of_text(svg, "H") < 6000);
    assert_inside(svg, 'H', 0, 1000);
    assert_inside(svg, 'V', 0, 600);
    free(svg);
}

static void any_name_can_be_the_title(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"a<b>&\"c'.csv", "a&lt;b&gt;&amp;&quot;c&#39;.csv"},
        {"\xFF.csv", "\xEF\xBF\xBD.csv"},
        {"a\nb\x1B.csv", "a\xEF\xBF\xBD"
                         "b\xEF\xBF\xBD.csv"},
        {"]]>.csv", "]]&gt;.csv"},
        {"h\xC3\xA4llo.csv", "h\xC3\xA4llo.csv"},
    };
    for (size_t i = 0; i < COUNT_OF(names); ++i) {
        char *svg = draw(write_trace(names[i][0], short_trace));
        char title[128];
        snprintf(title, sizeof title, ">%s</text>", names[i][1]);
        if (strstr(svg, title) == NULL) {
            fail_msg("no %s in %s", title, svg);
        }
        free(svg);
    }
}

static void assert_text(const char *given, int most, const char *expected)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&text, &bytes);
    assert_non_null(file);
    xml_write_text(file, given, most);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, expected);
    free(text);
}

#define BAD "\xEF\xBF\xBD"

static void what_is_no_character_is_replaced(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"", ""},
        {"\x7F\x01\t", BAD BAD BAD},
        {"\xC2\xA0\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBC\xF0\x90\x80\x80\xF4\x8F\xBF\xBF",
         "\xC2\xA0\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBC\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"},
        {"\xC1\xBF", BAD BAD},         /* longer than it need be */
        {"\xE0\x9F\xBF", BAD BAD BAD}, /* the same */
        {"\xF0\x8F\xBF\xBF", BAD BAD BAD BAD},
        {"\xED\xA0\x80", BAD BAD BAD},                         /* half a pair of UTF-16 */
        {"\xEF\xBF\xBE\xEF\xBF\xBF", BAD BAD BAD BAD BAD BAD}, /* U+FFFE, U+FFFF */
        {"\xF4\x90\x80\x80", BAD BAD BAD BAD},                 /* above U+10FFFF */
        {"\xF8\x88\x80\x80\x80", BAD BAD BAD BAD BAD},
        {"\xC2\x85", BAD BAD}, /* a control character */
        {"\xC3", BAD},         /* cut off */
        {"\xE2\x82", BAD BAD},
        {"\xF0\x9F\x98", BAD BAD BAD},
        {"\xC3"
         "a",
         BAD "a"},
    };
    for (size_t i = 0; i < COUNT_OF(texts); ++i) {
        assert_text(texts[i][0], 100, texts[i][1]);
    }
    assert_text("abcdef", 6, "abcdef");
    assert_text("abcdefg", 6, "abcdef\xE2\x80\xA6");
    assert_text("\xC3\xA4\xC3\xB6<>", 3, "\xC3\xA4\xC3\xB6&lt;\xE2\x80\xA6");
}

static void assert_readable(const chart_axis *axis)
{
    assert_true(axis->from < axis->to);
    assert_true(axis->tick_count >= 2);
    for (size_t i = 0; i < axis->tick_count; ++i) {
        assert_true(axis->ticks[i] >= axis->from && axis->ticks[i] <= axis->to * 1.0001);
        assert_true(i == 0 || axis->ticks[i] > axis->ticks[i - 1]);
    }
    assert_true(axis->tick_count <= 12);
}

static void axes_can_be_read_from_bytes_to_tebibytes(void **state)
{
    (void)state;
    for (double least = 1; least < 1e13; least *= 3.7) {
        for (double ratio = 1; ratio < 5000; ratio *= 1.7) {
            chart_axis axis = {.start = 86, .end = 900};
            axis_of_limits(&axis, least, least * ratio);
            assert_readable(&axis);
            assert_true(axis_place(&axis, least * ratio) <= 900);
            assert_true(axis_place(&axis, least) >= 86 - 1e-6);
            assert_true(axis_place(&axis, least) <= axis_place(&axis, least * ratio));
        }
        chart_axis axis = {.start = 500, .end = 100};
        axis_of_bytes(&axis, least);
        assert_readable(&axis);
        assert_true(axis.to >= least && axis.to <= 2 * least);
    }
    chart_axis axis = {.start = 500, .end = 100};
    axis_of_bytes(&axis, 0);
    assert_readable(&axis);
}

static void a_hit_rate_that_is_never_low_gets_an_axis_of_its_own(void **state)
{
    (void)state;
    static const double starts[][2] = {{0, 0},   {49.9, 0},  {50, 50}, {79, 50},    {80, 80},
                                       {90, 90}, {94.9, 90}, {95, 95}, {98.99, 98}, {100, 99}};
    for (size_t i = 0; i < COUNT_OF(starts); ++i) {
        chart_axis axis = {.start = 500, .end = 100};
        axis_of_percent(&axis, starts[i][0]);
        assert_true(axis.from == starts[i][1]);
        assert_true(axis.to == 100);
        assert_readable(&axis);
        assert_true(axis_place(&axis, 100) == 100);
        assert_true(axis_place(&axis, axis.from) == 500);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_trace_gives_a_picture),
        cmocka_unit_test(a_long_curve_is_thinned_to_the_picture),
        cmocka_unit_test(any_name_can_be_the_title),
        cmocka_unit_test(what_is_no_character_is_replaced),
        cmocka_unit_test(axes_can_be_read_from_bytes_to_tebibytes),
        cmocka_unit_test(a_hit_rate_that_is_never_low_gets_an_axis_of_its_own),
    };
    return cmocka_run_group_tests(tests, set_up_profile, remove_temporary_folder);
}
