/* The curve as a picture: hit rate on the left axis, uploads on the right, and a line at the recommended limit. One
 * file without scripts, fonts or links, for a browser or a page.
 *
 * A curve may have millions of steps and the picture a thousand columns: of the steps that fall into half a column only
 * the last is drawn.
 */
#include "chart_axis.h"
#include "curve_view.h"
#include "output.h"
#include "xml_text.h"

#include <math.h>

enum { WIDTH = 1000, HEIGHT = 600, LEFT = 86, RIGHT = 900, TOP = 136, BOTTOM = 524 };

#define INK     "#1f2933"
#define FAINT   "#66727f"
#define GRID    "#e4e8ed"
#define HITS    "#2563c9"
#define UPLOADS "#d9741a"
#define ADVICE  "#1d8a52"

typedef struct chart {
    FILE *file;
    const curve_view *view;
    chart_axis limits, rates, uploads;
} chart;

typedef double (*value_fn)(const curve_view *view, step at);

static double percent(const curve_view *view, step at)
{
    return 100 * curve_hit_rate(view, at);
}

/* Where the curve begins to rise, but not far below the largest image: there an application lacks pictures. */
static double least_limit(const curve_view *view)
{
    enum { RISEN_PART = 50, LARGEST_PART = 2, FLAT_PART = 4096 };
    const exact_curve *curve = view->curve;
    size_t i = 0;
    while (i + 1 < curve->steps.count && curve->steps.list[i].hits <= curve->most_hits / RISEN_PART) {
        ++i;
    }
    const double largest = (double)curve->largest_bytes;
    const double risen = fmin((double)curve->steps.list[i].limit_bytes, largest);
    return fmax(fmax(risen, largest / LARGEST_PART), fmax((double)curve->flat_bytes / FLAT_PART, 1));
}

/* The extremes of what is visible. */
static double extreme(const chart *c, value_fn value, double (*choose)(double, double))
{
    const steps *all = &c->view->curve->steps;
    size_t i = steps_find(all, (uint64_t)c->limits.from);
    double found = value(c->view, all->list[i]);
    for (; i < all->count; ++i) {
        found = choose(found, value(c->view, all->list[i]));
    }
    return found;
}

static void lay_out(chart *c)
{
    const exact_curve *curve = c->view->curve;
    c->limits.start = LEFT;
    c->limits.end = RIGHT;
    c->rates.start = c->uploads.start = BOTTOM;
    c->rates.end = c->uploads.end = TOP;
    const uint64_t most =
        curve->flat_bytes > c->view->recommended_bytes ? curve->flat_bytes : c->view->recommended_bytes;
    axis_of_limits(&c->limits, least_limit(c->view), (double)most);
    axis_of_percent(&c->rates, extreme(c, percent, fmin));
    axis_of_bytes(&c->uploads, extreme(c, curve_frame_bytes, fmax));
}

static void draw_head(const chart *c)
{
    const access_trace *trace = c->view->trace;
    char text[4][OUTPUT_TEXT];
    fprintf(
        c->file,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
        "font-family=\"system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif\" "
        "font-size=\"13\">\n<title>Hit rate against limit: ",
        WIDTH, HEIGHT, WIDTH, HEIGHT);
    xml_write_text(c->file, c->view->name, 200);
    fprintf(c->file, "</title>\n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", WIDTH, HEIGHT);
    fprintf(c->file, "<text x=\"%d\" y=\"42\" font-size=\"21\" font-weight=\"600\" fill=\"" INK "\">", LEFT);
    xml_write_text(c->file, c->view->name, 64);
    fprintf(c->file,
            "</text>\n<text x=\"%d\" y=\"65\" fill=\"" FAINT
            "\">%s accesses in %s frame%s, %s image%s of %s in all</text>\n",
            LEFT, output_count(text[0], trace->access_count), output_count(text[1], trace->frame_count),
            trace->frame_count == 1 ? "" : "s", output_count(text[2], trace->image_count),
            trace->image_count == 1 ? "" : "s", output_bytes(text[3], (double)trace->image_bytes));
}

static void draw_key(const chart *c)
{
    fprintf(c->file,
            "<path d=\"M%d 91h24\" stroke=\"" HITS
            "\" stroke-width=\"3\"/><text x=\"%d\" y=\"95.5\" fill=\"" INK "\">hit rate</text>\n",
            LEFT, LEFT + 32);
    fprintf(c->file,
            "<path d=\"M%d 91h24\" stroke=\"" UPLOADS
            "\" stroke-width=\"2\"/><text x=\"%d\" y=\"95.5\" fill=\"" INK "\">uploaded per frame</text>\n",
            LEFT + 112, LEFT + 144);
}

/* Below the largest image the cache refuses something. */
static void draw_refusing(const chart *c)
{
    const double end = axis_place(&c->limits, (double)c->view->curve->largest_bytes);
    if (end <= LEFT + 1) {
        return;
    }
    fprintf(c->file, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#f3f5f8\"/>\n", LEFT, TOP,
            end - LEFT, BOTTOM - TOP);
    if (end - LEFT > 270) {
        fprintf(c->file,
                "<text x=\"%d\" y=\"%d\" font-size=\"11\" fill=\"" FAINT
                "\">below the largest image, which is refused here</text>\n",
                LEFT + 10, TOP + 18);
    }
}

/* 1.5 MiB, not 1.50 MiB. */
static void draw_bytes(const chart *c, double bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    size_t unit = 0;
    while (bytes >= 1024 && unit + 1 < sizeof units / sizeof *units) {
        bytes /= 1024;
        ++unit;
    }
    fprintf(c->file, bytes == 0 ? "0" : "%.4g %s", bytes, units[unit]);
}

static void draw_limit_axis(const chart *c)
{
    for (size_t i = 0; i < c->limits.tick_count; ++i) {
        const double x = axis_place(&c->limits, c->limits.ticks[i]);
        fprintf(c->file, "<path d=\"M%.1f %dV%d\" stroke=\"" GRID "\"/>", x, TOP, BOTTOM);
        fprintf(c->file, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"" INK "\">", x,
                BOTTOM + 21);
        draw_bytes(c, c->limits.ticks[i]);
        fputs("</text>\n", c->file);
    }
    fprintf(c->file, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"" FAINT "\">limit%s</text>\n",
            (LEFT + RIGHT) / 2, BOTTOM + 48, c->limits.is_log ? ", logarithmic" : "");
}

static void draw_value_axes(const chart *c)
{
    for (size_t i = 0; i < c->rates.tick_count; ++i) {
        const double y = axis_place(&c->rates, c->rates.ticks[i]);
        fprintf(c->file, "<path d=\"M%d %.1fH%d\" stroke=\"" GRID "\"/>", LEFT, y, RIGHT);
        fprintf(c->file, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"" HITS "\">%g %%</text>\n",
                LEFT - 10, y + 4.5, c->rates.ticks[i]);
    }
    for (size_t i = 0; i < c->uploads.tick_count; ++i) {
        const double y = axis_place(&c->uploads, c->uploads.ticks[i]);
        fprintf(c->file, "<path d=\"M%d %.1fh5\" stroke=\"" UPLOADS "\"/>", RIGHT, y);
        fprintf(c->file, "<text x=\"%d\" y=\"%.1f\" fill=\"" UPLOADS "\">", RIGHT + 10, y + 4.5);
        draw_bytes(c, c->uploads.ticks[i]);
        fputs("</text>\n", c->file);
    }
    const int middle = (TOP + BOTTOM) / 2;
    fprintf(c->file,
            "<text transform=\"translate(26 %d) rotate(-90)\" text-anchor=\"middle\" fill=\"" HITS
            "\">hit rate</text>\n"
            "<text transform=\"translate(%d %d) rotate(90)\" text-anchor=\"middle\" fill=\"" UPLOADS
            "\">uploaded per frame</text>\n",
            middle, WIDTH - 18, middle);
}

/* The steps of a value as path data, from the left edge to the right one. */
static void draw_steps(const chart *c, const chart_axis *axis, value_fn value)
{
    const steps *all = &c->view->curve->steps;
    size_t i = steps_find(all, (uint64_t)c->limits.from);
    fprintf(c->file, "M%d %.1f", LEFT, axis_place(axis, value(c->view, all->list[i])));
    for (++i; i < all->count; ++i) {
        const double x = axis_place(&c->limits, (double)all->list[i].limit_bytes);
        const bool is_last = i + 1 == all->count;
        const double next_x = is_last ? WIDTH : axis_place(&c->limits, (double)all->list[i + 1].limit_bytes);
        if (is_last || floor(2 * x) != floor(2 * next_x)) {
            fprintf(c->file, "H%.1fV%.1f", x, axis_place(axis, value(c->view, all->list[i])));
        }
    }
    fprintf(c->file, "H%d", RIGHT);
}

static void draw_lines(const chart *c)
{
    fputs("<path d=\"", c->file);
    draw_steps(c, &c->rates, percent);
    fprintf(c->file, "V%dH%dZ\" fill=\"" HITS "\" fill-opacity=\"0.08\"/>\n", BOTTOM, LEFT);
    fputs("<path d=\"", c->file);
    draw_steps(c, &c->uploads, curve_frame_bytes);
    fputs("\" fill=\"none\" stroke=\"" UPLOADS "\" stroke-width=\"1.8\" stroke-linejoin=\"round\"/>\n",
          c->file);
    fputs("<path d=\"", c->file);
    draw_steps(c, &c->rates, percent);
    fputs("\" fill=\"none\" stroke=\"" HITS "\" stroke-width=\"2.6\" stroke-linejoin=\"round\"/>\n", c->file);
}

/* The label stands above the plot, where no curve runs, as near to its line as the edges let it. */
static void draw_advice(const chart *c)
{
    enum { HALF_LABEL = 180 };
    const step at = exact_curve_at(c->view->curve, c->view->recommended_bytes);
    const double x = axis_place(&c->limits, (double)c->view->recommended_bytes);
    const double y = axis_place(&c->rates, percent(c->view, at));
    const bool near_left = x - HALF_LABEL < LEFT;
    const bool near_right = x + HALF_LABEL > RIGHT;
    char text[2][OUTPUT_TEXT];
    fprintf(c->file,
            "<path d=\"M%.1f %dV%d\" stroke=\"" ADVICE "\" stroke-width=\"1.8\" stroke-dasharray=\"5 4\"/>\n",
            x, TOP - 6, BOTTOM);
    fprintf(c->file,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\" fill=\"" ADVICE "\" stroke=\"#ffffff\" "
            "stroke-width=\"1.5\"/>\n",
            x, y);
    fprintf(c->file,
            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\" fill=\"" ADVICE
            "\"><tspan font-weight=\"600\">recommended: %s</tspan>, %.2f %% hits, %s per frame</text>\n",
            near_left    ? LEFT
            : near_right ? RIGHT
                         : x,
            TOP - 13,
            near_left    ? "start"
            : near_right ? "end"
                         : "middle",
            output_bytes(text[0], (double)c->view->recommended_bytes), percent(c->view, at),
            output_bytes(text[1], curve_frame_bytes(c->view, at)));
}

void curve_write_svg(FILE *file, const void *data)
{
    chart c = {.file = file, .view = data};
    lay_out(&c);
    draw_head(&c);
    draw_key(&c);
    draw_refusing(&c);
    draw_limit_axis(&c);
    draw_value_axes(&c);
    draw_lines(&c);
    fprintf(file, "<path d=\"M%d %dH%d\" stroke=\"" FAINT "\"/>\n", LEFT, BOTTOM, RIGHT);
    draw_advice(&c);
    fputs("</svg>\n", file);
}
