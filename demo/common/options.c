/* Options as a table: a name, how its value is read, where it goes. */
#include "options.h"
#include "values.h"

#include <pixcache/pixcache.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <SDL_cpuinfo.h>

enum { WORKERS_UNSET = -1, MAX_WORKERS = 64, MAX_SIDE_PX = 16384, HEADLESS_FRAMES = 300 };

static bool read_limit(const char *text, demo_options *options)
{
    uint64_t bytes = 0;
    if (!demo_read_bytes(text, &bytes)) {
        return false;
    }
    options->limit_bytes = (size_t)bytes;
    return true;
}

static bool read_size(const char *text, demo_options *options)
{
    uint64_t width = 0;
    uint64_t height = 0;
    const char *end = NULL;
    if (!demo_read_digits(text, &width, &end) || *end != 'x' ||
        !demo_read_count(end + 1, 1, MAX_SIDE_PX, &height) || width < 1 || width > MAX_SIDE_PX) {
        return false;
    }
    options->width = (int)width;
    options->height = (int)height;
    return true;
}

static bool read_frames(const char *text, demo_options *options)
{
    return demo_read_count(text, 1, UINT32_MAX, &options->frames);
}

static bool read_scroll(const char *text, demo_options *options)
{
    char *end = NULL;
    options->scroll_px = strtod(text, &end);
    /* strtod alone would take signs, spaces, exponents, hexadecimal, infinity. */
    return end != text && *end == '\0' && text[strspn(text, "0123456789.")] == '\0' &&
           options->scroll_px <= 1e6;
}

static bool read_seed(const char *text, demo_options *options)
{
    return demo_read_count(text, 0, UINT64_MAX, &options->seed);
}

static bool read_workers(const char *text, demo_options *options)
{
    uint64_t count = 0;
    if (!demo_read_count(text, 0, MAX_WORKERS, &count)) {
        return false;
    }
    options->workers = (int)count;
    return true;
}

static bool read_hud(const char *text, demo_options *options)
{
    static const char *const modes[PXE_HUD_MODES] = {"off", "compact", "full"};
    for (int i = 0; i < PXE_HUD_MODES; ++i) {
        if (strcmp(text, modes[i]) == 0) {
            options->hud = (pxe_hud_mode)i;
            return true;
        }
    }
    return false;
}

typedef enum demo_kind { DEMO_ANY = 0, DEMO_VIEWER, DEMO_GAME } demo_kind;

/* For files, the path goes into a member instead of through a reader. */
typedef struct option {
    const char *name;
    bool (*read)(const char *text, demo_options *options);
    size_t path_offset;
    const char *wanted;
    demo_kind only; /* DEMO_ANY = every demo has it */
} option;

static const option table[] = {
    {"--limit", read_limit, 0, DEMO_WANTED_BYTES, DEMO_ANY},
    {"--size", read_size, 0, "WIDTHxHEIGHT in pixels, each from 1 to 16384", DEMO_ANY},
    {"--frames", read_frames, 0, "a whole number from 1 to 4294967295", DEMO_ANY},
    {"--scroll", read_scroll, 0, "pixels per frame, from 0 to 1000000", DEMO_VIEWER},
    {"--seed", read_seed, 0, "a whole number from 0 to 18446744073709551615", DEMO_GAME},
    {"--workers", read_workers, 0, "a whole number from 0 to 64", DEMO_ANY},
    {"--hud", read_hud, 0, "off, compact or full", DEMO_ANY},
    {"--screenshot", NULL, offsetof(demo_options, screenshot), "a file name", DEMO_ANY},
    {"--csv", NULL, offsetof(demo_options, csv), "a file name", DEMO_ANY},
    {"--trace", NULL, offsetof(demo_options, trace), "a file name", DEMO_ANY},
    {"--record", NULL, offsetof(demo_options, record), "a file name", DEMO_ANY},
};

static const option *find_option(const char *argument, size_t name_length, bool is_game)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; ++i) {
        const bool has_it = table[i].only == DEMO_ANY || (table[i].only == DEMO_GAME) == is_game;
        if (has_it && strlen(table[i].name) == name_length &&
            strncmp(table[i].name, argument, name_length) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

/* Reads argv[*at], an option, and its value, which may be the next argument. */
static bool parse_option(char **argv, int argc, int *at, const char *program, demo_options *out)
{
    const char *argument = argv[*at];
    const size_t name_length = strcspn(argument, "=");
    const option *found = find_option(argument, name_length, out->is_game);
    if (found == NULL) {
        demo_complain(program, "unknown option %s; --help lists those that there are", argument);
        return false;
    }
    const char *value = argument[name_length] == '=' ? argument + name_length + 1
                        : *at + 1 < argc             ? argv[++*at]
                                                     : NULL;
    if (value == NULL || *value == '\0') {
        demo_complain(program, "%s needs %s", found->name, found->wanted);
        return false;
    }
    if (found->read == NULL) {
        memcpy((char *)out + found->path_offset, &value, sizeof value);
        return true;
    }
    if (!found->read(value, out)) {
        demo_complain(program, "%s needs %s, not \"%s\"", found->name, found->wanted, value);
        return false;
    }
    return true;
}

/* What depends on other options, where the user said nothing. */
static void fill_in_defaults(demo_options *options)
{
    if (options->headless && options->frames == 0) {
        options->frames = HEADLESS_FRAMES;
    }
    if (options->workers == WORKERS_UNSET) {
        const int cores = SDL_GetCPUCount();
        options->workers = options->headless ? 0 : cores > 1 ? cores - 1 : 1;
        options->workers = options->workers > MAX_WORKERS ? MAX_WORKERS : options->workers;
    }
}

/* The options that are a word alone. */
static bool set_flag(const char *argument, demo_options *out)
{
    if (strcmp(argument, "--headless") == 0) {
        out->headless = true;
    } else if (strcmp(argument, "--watch") == 0 && !out->is_game) {
        out->watch = true;
    } else if (strcmp(argument, "--autoplay") == 0 && out->is_game) {
        out->autoplay = true;
    } else {
        return false;
    }
    return true;
}

/* The file that an option names; NULL = none. What is no file, such as /dev/null, takes any number of writers. */
static const char *file_of(const demo_options *options, const option *of)
{
    const char *path = NULL;
    if (of->read == NULL) {
        memcpy(&path, (const char *)options + of->path_offset, sizeof path);
    }
    return path == NULL || strncmp(path, "/dev/", 5) == 0 ? NULL : path;
}

static bool is_shown(const demo_options *options, const char *path)
{
    for (int i = 0; i < options->path_count; ++i) {
        if (strcmp(path, options->paths[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Two that write into one file would leave neither. */
static bool check_files(const char *program, const demo_options *options)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; ++i) {
        const char *path = file_of(options, &table[i]);
        if (path != NULL && is_shown(options, path)) {
            demo_complain(program, "%s would write over %s, which is to be shown", table[i].name, path);
            return false;
        }
        for (size_t k = 0; path != NULL && k < i; ++k) {
            const char *other = file_of(options, &table[k]);
            if (other != NULL && strcmp(path, other) == 0) {
                demo_complain(program, "%s and %s need files of their own, not both %s", table[k].name,
                              table[i].name, path);
                return false;
            }
        }
    }
    return true;
}

static demo_parse parse(int argc, char **argv, const char *program, const char *usage, demo_options *out)
{
    out->paths = argv;
    bool options_end = false;
    for (int i = 1; i < argc; ++i) {
        const char *argument = argv[i];
        if (options_end || argument[0] != '-' || argument[1] == '\0') {
            argv[out->path_count++] = argv[i];
        } else if (strcmp(argument, "--") == 0) {
            options_end = true;
        } else if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
            printf("usage: %s %s", program, usage);
            return DEMO_EXIT_OK;
        } else if (strcmp(argument, "--version") == 0) {
            printf("%s %s\n", program, PXC_VERSION);
            return DEMO_EXIT_OK;
        } else if (!set_flag(argument, out) && !parse_option(argv, argc, &i, program, out)) {
            return DEMO_EXIT_USAGE;
        }
    }
    fill_in_defaults(out);
    return check_files(program, out) ? DEMO_RUN : DEMO_EXIT_USAGE;
}

demo_parse demo_options_parse(int argc, char **argv, const char *program, const char *usage,
                              demo_options *out)
{
    *out = (demo_options){
        .limit_bytes = (size_t)64 << 20, .width = 1280, .height = 720, .workers = WORKERS_UNSET};
    return parse(argc, argv, program, usage, out);
}

/* 16 MiB hold what a view shows and what lies around it, and a tenth of all that the game has to show. */
demo_parse demo_options_parse_game(int argc, char **argv, const char *program, const char *usage,
                                   demo_options *out)
{
    *out = (demo_options){.limit_bytes = (size_t)16 << 20,
                          .width = 1280,
                          .height = 720,
                          .workers = WORKERS_UNSET,
                          .seed = 1,
                          .is_game = true};
    return parse(argc, argv, program, usage, out);
}
