/* pixcache-profile report: reads the whole file, then writes the whole page under a name of its own beside the one
 * that is wanted, and renames it at the end. So there is never half a page under that name, and one that was there
 * stays if the disk is full. What is no file, such as a pipe, is written to as it is. */
#include "report.h"

#include "../common/complain.h"
#include "report_page.h"
#include "whole_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char program[] = "pixcache-profile";

static const char usage[] =
    "usage: pixcache-profile report F.csv --html F.html [--title TEXT]\n"
    "\n"
    "Makes a page of a frame CSV, such as --csv of pixcache-viewer and pixcache-game writes: frame\n"
    "times, slow frames and why they were slow, hit rate, video memory, uploads, what other limits\n"
    "would do, and the pictures that cost most. The page is one file and needs no network.\n"
    "\n"
    "  --html F.html   where the page goes\n"
    "  --title TEXT    what stands above it\n"
    "  --help          prints this\n";

typedef struct arguments {
    const char *csv, *html, *title;
    bool help;
} arguments;

/* The value of the option argv[*at], "--name value" or "--name=value"; NULL = it has none. */
static const char *value_of(int argc, char **argv, int *at, size_t name_length)
{
    const char *argument = argv[*at];
    const char *value = argument[name_length] == '=' ? argument + name_length + 1
                        : *at + 1 < argc             ? argv[++*at]
                                                     : "";
    return *value == '\0' ? NULL : value;
}

static bool parse_option(int argc, char **argv, int *at, arguments *out)
{
    const char *argument = argv[*at];
    const size_t length = strcspn(argument, "=");
    const bool is_html = length == 6 && strncmp(argument, "--html", length) == 0;
    const bool is_title = length == 7 && strncmp(argument, "--title", length) == 0;
    if (!is_html && !is_title) {
        demo_complain(program, "unknown option %s; report --help lists those that there are", argument);
        return false;
    }
    const char *value = value_of(argc, argv, at, length);
    if (value == NULL) {
        demo_complain(program, is_html ? "--html needs a file name" : "--title needs a text");
        return false;
    }
    *(is_html ? &out->html : &out->title) = value;
    return true;
}

static bool parse(int argc, char **argv, arguments *out)
{
    bool options_end = false;
    for (int i = 1; i < argc; ++i) {
        const char *argument = argv[i];
        if (!options_end && strcmp(argument, "--") == 0) {
            options_end = true;
        } else if (!options_end && (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0)) {
            out->help = true;
            return true;
        } else if (!options_end && argument[0] == '-' && argument[1] != '\0') {
            if (!parse_option(argc, argv, &i, out)) {
                return false;
            }
        } else if (out->csv != NULL) {
            demo_complain(program, "report takes one frame CSV, and %s is another one", argument);
            return false;
        } else {
            out->csv = argument;
        }
    }
    if (out->csv == NULL || out->html == NULL) {
        demo_complain(program, out->csv == NULL ? "report needs a frame CSV" : "report needs --html F.html");
        return false;
    }
    return true;
}

/* ---- The page's file ----*/

static bool write_page(const char *path, const report *it)
{
    whole_file out;
    bool good = whole_file_open(&out, path);
    if (good) {
        report_write_page(out.file, it);
        good = whole_file_close(&out);
    }
    if (!good) {
        demo_complain(program, "%s: can not be written: %s", path, strerror(errno));
    }
    return good;
}

/* ---- The command ----*/

static bool complain_of_input(const char *path, size_t line, const pxe_error *error)
{
    if (line == 0) {
        demo_complain(program, "%s: %s", path, error->text);
    } else {
        demo_complain(program, "%s:%zu: %s", path, line, error->text);
    }
    return false;
}

static bool make_page(const arguments *wanted, frame_csv *csv)
{
    size_t line = 0;
    pxe_error error = {""};
    frame_notes *notes = frame_notes_read(csv, &line, &error);
    if (notes == NULL) {
        return complain_of_input(wanted->csv, line, &error);
    }
    double *times = calloc(csv->rows, sizeof *times);
    const report it = {.title = wanted->title == NULL ? "Frame report" : wanted->title,
                       .source = wanted->csv,
                       .csv = csv,
                       .notes = notes,
                       .times = times};
    bool good = times != NULL;
    if (good) {
        good = write_page(wanted->html, &it);
    } else {
        demo_complain(program, "no memory for %zu frames", csv->rows);
    }
    free(times);
    frame_notes_free(notes);
    return good;
}

int profile_report(int argc, char **argv)
{
    arguments wanted = {NULL, NULL, NULL, false};
    if (!parse(argc, argv, &wanted)) {
        return 2;
    }
    if (wanted.help) {
        fputs(usage, stdout);
        return 0;
    }
    if (whole_file_is(wanted.csv, wanted.html)) {
        demo_complain(program, "%s is the frame CSV: the page needs a name of its own", wanted.html);
        return 2;
    }
    frame_csv csv;
    size_t line = 0;
    pxe_error error = {""};
    if (!frame_csv_read(wanted.csv, &csv, &line, &error)) {
        complain_of_input(wanted.csv, line, &error);
        return 2;
    }
    const bool good = make_page(&wanted, &csv);
    frame_csv_free(&csv);
    return good ? 0 : 2;
}
