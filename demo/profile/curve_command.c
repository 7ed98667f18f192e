/* pixcache-profile curve: all limits at once, from one pass over a trace. */
#include "curve_view.h"
#include "output.h"
#include "profile.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "TRACE.csv [options]\n"
    "\n"
    "Tells the hit rate at every limit, exactly, from one pass over a trace, and which limit\n"
    "to choose: the smallest that loses few hits and refuses no image.\n"
    "\n"
    "  --csv F.csv      write each limit at which something changes: limit_bytes,hits,\n"
    "                   misses,hit_rate,upload_bytes\n"
    "  --svg F.svg      draw hit rate and uploads against the limit\n"
    "  --limit L,L...   tell of these limits only, in the table and in the CSV\n"
    "  --lose PERCENT   how many of the hits the recommended limit may lose (1)\n"
    "  --help, --version\n"
    "\n"
    "TRACE.csv, - for standard input: frame,key,bytes and perhaps name, a row an access,\n"
    "in the order of use, as --record writes it. Frames never go down. The same key with\n"
    "another size is another image. Frames without accesses are not counted.\n"
    "An image that alone is larger than a limit is refused there: a miss without an upload.\n"
    "Exit status: 0, or 2 after a line that says why.\n";

static bool read_percent(const char *text, void *out)
{
    char *end = NULL;
    const double percent = strtod(text, &end);
    *(double *)out = percent / 100;
    /* strtod alone would take signs, spaces, exponents, hexadecimal, infinity. */
    return end != text && *end == '\0' && text[strspn(text, "0123456789.")] == '\0' && percent < 100;
}

static bool write_files(const curve_view *view, const char *csv, const char *svg)
{
    bool written = true;
    if (csv != NULL) {
        if (view->limits.count == 0 && view->curve->steps.count > CURVE_MOST_ROWS) {
            demo_complain(profile_program, "%s: has %d of %zu rows, evenly chosen", csv, CURVE_MOST_ROWS,
                          view->curve->steps.count);
        }
        written = output_file(csv, curve_write_csv, view);
    }
    return (svg == NULL || output_file(svg, curve_write_svg, view)) && written;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strcmp(path, "-") == 0 ? "standard input" : slash != NULL ? slash + 1 : path;
}

/* What the options say. */
typedef struct request {
    const char *path, *csv, *svg;
    profile_limits limits;
    double lose; /* a part of the hits */
} request;

static bool show(const request *asked, const access_trace *trace, const exact_curve *curve)
{
    const curve_view view = {.trace = trace,
                             .curve = curve,
                             .name = name_of(asked->path),
                             .recommended_bytes = exact_curve_recommend(curve, asked->lose),
                             .limits = asked->limits};
    curve_print_table(&view);
    return write_files(&view, asked->csv, asked->svg);
}

static int run(const request *asked)
{
    access_trace trace;
    exact_curve curve = {0};
    trace_error error;
    progress shown = progress_start("curve");
    bool done =
        access_trace_read(asked->path, &trace, &error) && exact_curve_make(&trace, &shown, &curve, &error);
    progress_end(&shown);
    if (done) {
        done = show(asked, &trace, &curve);
    } else {
        profile_complain(asked->path, &error);
    }
    exact_curve_free(&curve);
    access_trace_free(&trace);
    return done ? 0 : 2;
}

int profile_curve(int argc, char **argv)
{
    request asked = {.lose = 0.01};
    const profile_option options[] = {
        {"--csv", "a file name", NULL, &asked.csv},
        {"--svg", "a file name", NULL, &asked.svg},
        {"--limit", PROFILE_WANTED_LIMITS, profile_read_limits, &asked.limits},
        {"--lose", "a percentage from 0 to below 100", read_percent, &asked.lose},
    };
    const profile_command command = {"curve", usage, "TRACE.csv", options, sizeof options / sizeof *options};
    const demo_parse parse = profile_parse(argc, argv, &command, &asked.path);
    if (parse != DEMO_RUN) {
        return parse == DEMO_EXIT_OK ? 0 : 2;
    }
    const bool are_apart =
        output_is_apart(asked.csv, asked.path, asked.svg) && output_is_apart(asked.svg, asked.path, NULL);
    return are_apart ? run(&asked) : 2;
}
