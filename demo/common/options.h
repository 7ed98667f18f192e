/* The command line that all demos share. */
#ifndef DEMO_OPTIONS_H
#define DEMO_OPTIONS_H

#include "complain.h"

#include <pxe/hud.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct demo_options {
    size_t limit_bytes;
    int width, height;
    bool headless, watch;
    uint64_t frames; /* 0 = until the user quits */
    const char *screenshot, *csv, *trace, *record;
    double scroll_px; /* per frame */
    uint64_t seed;    /* the game's */
    pxe_hud_mode hud;
    bool autoplay;
    bool is_game; /* which demo's options these are */
    int workers;
    char **paths;
    int path_count;
} demo_options;

typedef enum demo_parse {
    DEMO_RUN,
    DEMO_EXIT_OK,   /* --help or --version was answered */
    DEMO_EXIT_USAGE /* a line on stderr said what is wrong: exit status 2 */
} demo_parse;

/* Parses argv. program = its name, usage = what --help prints below the first line. paths point into argv, whose
 * order changes: what is no option moves to the front. */
demo_parse demo_options_parse(int argc, char **argv, const char *program, const char *usage,
                              demo_options *out);

/* The same for the game: it has --seed and --autoplay, no --scroll and no --watch, and a limit of its own. */
demo_parse demo_options_parse_game(int argc, char **argv, const char *program, const char *usage,
                                   demo_options *out);

#endif
