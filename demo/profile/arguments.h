/* The command line of a command. */
#ifndef PROFILE_ARGUMENTS_H
#define PROFILE_ARGUMENTS_H

#include "../common/options.h"
#include "../common/values.h"

/* read NULL: out is a const char ** and gets the text itself. */
typedef struct profile_option {
    const char *name, *wanted;
    bool (*read)(const char *text, void *out);
    void *out;
} profile_option;

typedef struct profile_command {
    const char *name;  /* replay */
    const char *usage; /* what --help prints behind "usage: pixcache-profile replay " */
    const char *file;  /* what the one argument that is no option is called: TRACE.csv */
    const profile_option *options;
    size_t option_count;
} profile_command;

/* argv[0] is the command's name. *file = the argument that is no option. */
demo_parse profile_parse(int argc, char **argv, const profile_command *command, const char **file);

enum { PROFILE_MOST_LIMITS = 256 };

/* Sizes between commas. */
typedef struct profile_limits {
    uint64_t bytes[PROFILE_MOST_LIMITS];
    size_t count;
} profile_limits;

#define PROFILE_WANTED_LIMITS "sizes above 0 such as 32M,64M, at most 256; K, M and G are known"

bool profile_read_limits(const char *text, void *limits);
bool profile_read_bytes(const char *text, void *bytes);

#endif
