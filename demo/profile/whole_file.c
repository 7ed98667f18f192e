/* A file is written under a name of its own beside the one that is wanted, and renamed at the end. So there is never
 * half a file under that name, and one that was there stays if the disk is full. What is no file, such as a pipe, is
 * written to as it is. */
#include "whole_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool whole_file_open(whole_file *out, const char *path)
{
    struct stat info;
    *out = (whole_file){0};
    const bool there = stat(path, &info) == 0;
    if (there && !S_ISREG(info.st_mode)) {
        out->file = fopen(path, "wb");
        return out->file != NULL;
    }
    char *real = there ? realpath(path, NULL) : NULL;
    const int length = snprintf(out->real, sizeof out->real, "%s", real != NULL ? real : path);
    free(real);
    const int with_ending =
        snprintf(out->temporary, sizeof out->temporary, "%s.%ld.part", out->real, (long)getpid());
    if (length >= WHOLE_FILE_PATH || with_ending >= WHOLE_FILE_PATH) {
        errno = ENAMETOOLONG;
        return false;
    }
    out->file = fopen(out->temporary, "wbx"); /* never through a link that somebody laid there */
    return out->file != NULL;
}

bool whole_file_close(whole_file *it)
{
    errno = 0;
    const bool flushed = fflush(it->file) == 0 && !ferror(it->file);
    const int error = errno == 0 ? EIO : errno; /* an earlier write may have failed; closing may change it */
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
    return good;
}

static bool status_of(const char *path, struct stat *out)
{
    return (strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, out) : stat(path, out)) == 0;
}

bool whole_file_is(const char *path, const char *other)
{
    struct stat first;
    struct stat second;
    if (!status_of(path, &first)) { /* not there yet */
        return strcmp(path, other) == 0;
    }
    return status_of(other, &second) && S_ISREG(first.st_mode) && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}
