/* Options of a command as a table, like those of the other demos, but each command has its own. */
#include "arguments.h"
#include "profile.h"

#include <pixcache/pixcache.h>

#include <stdio.h>
#include <string.h>

static const profile_option *find_option(const profile_command *command, const char *argument, size_t bytes)
{
    for (size_t i = 0; i < command->option_count; ++i) {
        const profile_option *option = &command->options[i];
        if (strlen(option->name) == bytes && memcmp(option->name, argument, bytes) == 0) {
            return option;
        }
    }
    return NULL;
}

/* Reads argv[*at], an option, and its value, which may be the next argument. */
static bool read_option(const profile_command *command, char **argv, int argc, int *at)
{
    const char *argument = argv[*at];
    const size_t name_bytes = strcspn(argument, "=");
    const profile_option *option = find_option(command, argument, name_bytes);
    if (option == NULL) {
        demo_complain(profile_program, "%s has no option %s; --help lists those that it has", command->name,
                      argument);
        return false;
    }
    const char *value = argument[name_bytes] == '=' ? argument + name_bytes + 1
                        : *at + 1 < argc            ? argv[++*at]
                                                    : "";
    if (*value == '\0') {
        demo_complain(profile_program, "%s needs %s", option->name, option->wanted);
        return false;
    }
    if (option->read == NULL) {
        *(const char **)option->out = value;
        return true;
    }
    if (!option->read(value, option->out)) {
        demo_complain(profile_program, "%s needs %s, not \"%s\"", option->name, option->wanted, value);
        return false;
    }
    return true;
}

static bool take_file(const profile_command *command, const char *argument, const char **file)
{
    if (*file != NULL) {
        demo_complain(profile_program, "%s takes one file, but was given %s and %s", command->name, *file,
                      argument);
        return false;
    }
    if (*argument == '\0') {
        demo_complain(profile_program, "%s needs a file, %s, not \"\"", command->name, command->file);
        return false;
    }
    *file = argument;
    return true;
}

demo_parse profile_parse(int argc, char **argv, const profile_command *command, const char **file)
{
    *file = NULL;
    bool options_end = false;
    for (int i = 1; i < argc; ++i) {
        const char *argument = argv[i];
        if (options_end || argument[0] != '-' || argument[1] == '\0') {
            if (!take_file(command, argument, file)) {
                return DEMO_EXIT_USAGE;
            }
        } else if (strcmp(argument, "--") == 0) {
            options_end = true;
        } else if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
            printf("usage: %s %s %s", profile_program, command->name, command->usage);
            return DEMO_EXIT_OK;
        } else if (strcmp(argument, "--version") == 0) {
            printf("%s %s\n", profile_program, PXC_VERSION);
            return DEMO_EXIT_OK;
        } else if (!read_option(command, argv, argc, &i)) {
            return DEMO_EXIT_USAGE;
        }
    }
    if (*file == NULL) {
        demo_complain(profile_program, "%s needs a file, %s", command->name, command->file);
        return DEMO_EXIT_USAGE;
    }
    return DEMO_RUN;
}

bool profile_read_bytes(const char *text, void *bytes)
{
    return demo_read_bytes(text, bytes);
}

bool profile_read_limits(const char *text, void *limits)
{
    profile_limits *out = limits;
    out->count = 0;
    for (const char *at = text;; ++at) {
        char one[32];
        const size_t bytes = strcspn(at, ",");
        if (bytes >= sizeof one || out->count == PROFILE_MOST_LIMITS) {
            return false;
        }
        memcpy(one, at, bytes);
        one[bytes] = '\0';
        if (!demo_read_bytes(one, &out->bytes[out->count++])) {
            return false;
        }
        at += bytes;
        if (*at == '\0') {
            return true;
        }
    }
}
