/* page.html is the page's order: a mark such as <!--@summary--> in it stands for what is written here in its place. */
#include "report_page.h"

#include "report_text.h"

#include <string.h>

static void write_title(FILE *page, const report *it)
{
    put_html(page, it->title);
}

static void write_source(FILE *page, const report *it)
{
    put_html(page, it->source);
}

static void write_css(FILE *page, const report *it)
{
    (void)it;
    fputs(report_css, page);
}

static void write_js(FILE *page, const report *it)
{
    (void)it;
    fputs(report_js, page);
}

static void write_curve_note(FILE *page, const report *it)
{
    const note_curve *curve = &it->notes->curve;
    if (!it->notes->has_curve || curve->accesses == 0) {
        fputs("<p>The file has no curve.</p>\n", page);
        return;
    }
    fputs("<p>Recommended: <b>", page);
    put_bytes(page, (double)curve->recommended_bytes);
    fputs("</b>, the smallest limit that loses at most 1\xC2\xA0% of the hits that a limit without end would "
          "have. "
          "Counted over ",
          page);
    put_count(page, (double)curve->accesses);
    fputs(" uses of ", page);
    put_count(page, (double)curve->images);
    fputs(" pictures, the largest of ", page);
    put_bytes(page, (double)curve->largest_bytes);
    if (curve->followed < 1) {
        fprintf(
            page,
            "; %.3g\xC2\xA0%% of the pictures were followed and stand for all, so that a hit rate may be off "
            "by about %.2g\xC2\xA0%%",
            curve->followed * 100, curve->error * 100);
    }
    fputs(". Below the largest picture the curve says too little.</p>\n", page);
}

typedef struct part {
    const char *mark;
    void (*write)(FILE *page, const report *it);
} part;

static const part parts[] = {
    {"title", write_title},
    {"source", write_source},
    {"css", write_css},
    {"js", write_js},
    {"summary", report_write_summary},
    {"slow", report_write_slow},
    {"curve", write_curve_note},
    {"pictures", report_write_pictures},
    {"data", report_write_data},
};

void report_write_page(FILE *page, const report *it)
{
    static const char open[] = "<!--@";
    static const char close[] = "-->";
    const char *at = report_html;
    for (const char *mark = strstr(at, open); mark != NULL; mark = strstr(at, open)) {
        fwrite(at, 1, (size_t)(mark - at), page);
        const char *name = mark + sizeof open - 1;
        const size_t length = (size_t)(strstr(name, close) - name);
        for (size_t i = 0; i < sizeof parts / sizeof *parts; ++i) {
            if (strlen(parts[i].mark) == length && strncmp(parts[i].mark, name, length) == 0) {
                parts[i].write(page, it);
            }
        }
        at = name + length + sizeof close - 1;
    }
    fputs(at, page);
}
