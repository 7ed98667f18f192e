/* pixcache-profile: what a cache's limit does to a program, from what it recorded. Each command is a row of a table and
 * a file of its own. */
#include "profile.h"
#include "report.h"

#include "../common/complain.h"

#include <pixcache/pixcache.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char profile_program[] = "pixcache-profile";

typedef struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *arguments, *what;
} command;

static const command commands[] = {
    {"replay", profile_replay, "TRACE.csv --limit 32M,64M",
     "what the cache does with a trace, at some limits"},
    {"curve", profile_curve, "TRACE.csv [--svg F.svg]",
     "the hit rate at every limit, and which limit to choose"},
    {"report", profile_report, "FRAMES.csv --html F.html",
     "a session's frame times, and what made frames slow, as a page"},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

int profile_complain(const char *path, const trace_error *error)
{
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    if (error->line == 0) {
        demo_complain(profile_program, "%s: %s", name, error->text);
    } else {
        demo_complain(profile_program, "%s:%" PRIu64 ": %s", name, error->line, error->text);
    }
    return 2;
}

static void print_help(void)
{
    printf("usage: %s COMMAND FILE [options]\n\nWhat a program's frames and its cache did, and would do at "
           "other limits, from what it\nwrote with --record (accesses) and --csv (frames).\n\n",
           profile_program);
    for (size_t i = 0; i < COMMANDS; ++i) {
        printf("  %-7s %-26s %s\n", commands[i].name, commands[i].arguments, commands[i].what);
    }
    printf("\n  COMMAND --help tells more of each\n  --help, --version\n\n"
           "Exit status: 0, or 2 after a line that says why.\n");
}

static int complain_of_command(const char *given)
{
    char known[256] = "";
    for (size_t i = 0; i < COMMANDS; ++i) {
        const size_t bytes = strlen(known);
        snprintf(known + bytes, sizeof known - bytes, "%s%s", i == 0 ? "" : ", ", commands[i].name);
    }
    if (given == NULL) {
        demo_complain(profile_program, "needs a command: %s; --help tells more", known);
    } else {
        demo_complain(profile_program, "unknown command %s; there are %s; --help tells more", given, known);
    }
    return 2;
}

static int run(int argc, char **argv)
{
    const char *first = argc > 1 ? argv[1] : NULL;
    if (first == NULL) {
        return complain_of_command(NULL);
    }
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0) {
        print_help();
        return 0;
    }
    if (strcmp(first, "--version") == 0) {
        printf("%s %s\n", profile_program, PXC_VERSION);
        return 0;
    }
    for (size_t i = 0; i < COMMANDS; ++i) {
        if (strcmp(first, commands[i].name) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    return complain_of_command(first);
}

int main(int argc, char **argv)
{
    const int status = run(argc, argv);
    errno = 0;
    if ((fflush(stdout) != 0 || ferror(stdout) != 0) && status == 0) {
        demo_complain(profile_program, "standard output can not be written: %s",
                      errno == 0 ? "output error" : strerror(errno));
        return 2;
    }
    return status;
}
