/* pixcache-profile report: reads the whole file, then writes the whole page under a name of its own beside the one
 * that is wanted, and renames it at the end. So there is never half a page under that name, and one that was there
 * stays if the disk is full. What is no file, such as a pipe, is written to as it is. */
#include "report.h"

#include "../common/complain.h"
#include "report_page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

enum { PATH_BYTES = 4096 };

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

typedef struct output {
    const char *path;
    char real[PATH_BYTES];      /* path behind symbolic links */
    char temporary[PATH_BYTES]; /* "" = none: what is no file is written to as it is */
    FILE *file;
} output;

static bool complain_of_output(const output *it)
{
    demo_complain(program, "%s: can not be written: %s", it->path, strerror(errno));
    return false;
}

static bool output_open(output *it, const char *path)
{
    struct stat info;
    *it = (output){.path = path};
    const bool there = stat(path, &info) == 0;
    if (there && !S_ISREG(info.st_mode)) {
        it->file = fopen(path, "wb");
        return it->file != NULL ? true : complain_of_output(it);
    }
    char *real = there ? realpath(path, NULL) : NULL;
    const int length = snprintf(it->real, sizeof it->real, "%s", real != NULL ? real : path);
    free(real);
    const int with_ending =
        snprintf(it->temporary, sizeof it->temporary, "%s.%ld.part", it->real, (long)getpid());
    if (length >= PATH_BYTES || with_ending >= PATH_BYTES) {
        errno = ENAMETOOLONG;
        return complain_of_output(it);
    }
    it->file = fopen(it->temporary, "wbx"); /* never through a link that somebody laid there */
    return it->file != NULL ? true : complain_of_output(it);
}

/* Only when every byte is written, the page appears. */
static bool output_close(output *it)
{
    const bool flushed = fflush(it->file) == 0 && !ferror(it->file);
    const int error = errno; /* of the write; closing may change it */
    const bool closed = fclose(it->file) == 0;
    bool good = flushed && closed;
    errno = flushed ? errno : error;
    if (it->temporary[0] != '\0') {
        good = good && rename(it->temporary, it->real) == 0;
        if (!good) {
            const int why = errno;
            remove(it->temporary);
            errno = why;
        }
    }
    return good ? true : complain_of_output(it);
}

static bool write_page(const char *path, const report *it)
{
    output out;
    if (!output_open(&out, path)) {
        return false;
    }
    errno = 0;
    report_write_page(out.file, it);
    return output_close(&out);
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

/* Renaming the page to its name would take away what it was made of. */
static bool are_one_file(const char *a, const char *b)
{
    struct stat first;
    struct stat second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && S_ISREG(first.st_mode) &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
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
    if (are_one_file(wanted.csv, wanted.html)) {
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
