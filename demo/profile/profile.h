/* pixcache-profile: a program of commands. */
#ifndef PROFILE_PROFILE_H
#define PROFILE_PROFILE_H

#include "trace_rows.h"

extern const char profile_program[];

/* argv[0] is the command's name. Result: the exit status. */
int profile_replay(int argc, char **argv);
int profile_curve(int argc, char **argv);

/* One line on stderr about a trace. Result: exit status 2. */
int profile_complain(const char *path, const trace_error *error);

#endif
