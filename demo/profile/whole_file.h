/* Files that are there whole or not at all. */
#ifndef PROFILE_WHOLE_FILE_H
#define PROFILE_WHOLE_FILE_H

#include <stdbool.h>
#include <stdio.h>

enum { WHOLE_FILE_PATH = 4096 };

typedef struct whole_file {
    FILE *file;
    char real[WHOLE_FILE_PATH];      /* the path behind symbolic links */
    char temporary[WHOLE_FILE_PATH]; /* "" = none: what is no file is written to as it is */
} whole_file;

/* false: errno says why. */
bool whole_file_open(whole_file *out, const char *path);

/* Only when every byte is written, the file appears. false: errno says why, and what was there stays. */
bool whole_file_close(whole_file *it);

/* Whether writing to one would take the other away. "-" is standard input. */
bool whole_file_is(const char *path, const char *other);

#endif
