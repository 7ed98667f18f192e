/* Reads files whole. Only regular files are opened: a pipe named like a picture must not stop a viewer. */
#include "files.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Reads what is there, at most size_bytes: a file may shrink or grow meanwhile. */
static bool read_all(const char *path, char *bytes, size_t size_bytes, size_t *got_bytes, pxe_error *error)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return pxe_fail(error, "can not be opened: %s", strerror(errno));
    }
    errno = 0;
    *got_bytes = fread(bytes, 1, size_bytes, file);
    const bool failed = ferror(file) != 0;
    const int reason = errno;
    fclose(file);
    return failed ? pxe_fail(error, "can not be read: %s", strerror(reason)) : true;
}

bool pxe_file_read(const char *path, size_t max_bytes, char **bytes, size_t *size_bytes, pxe_error *error)
{
    *bytes = NULL;
    *size_bytes = 0;
    struct stat info;
    if (stat(path, &info) != 0) {
        return pxe_fail(error, "can not be opened: %s", strerror(errno));
    }
    if (!S_ISREG(info.st_mode)) {
        return pxe_fail(error, S_ISDIR(info.st_mode) ? "is a folder" : "is no regular file");
    }
    if (info.st_size < 0 || (uintmax_t)info.st_size > max_bytes) {
        return pxe_fail(error, "has %jd bytes, more than the %zu that are read", (intmax_t)info.st_size,
                        max_bytes);
    }
    const size_t expected_bytes = (size_t)info.st_size;
    char *memory = malloc(expected_bytes + 1);
    if (memory == NULL) {
        return pxe_fail(error, "no memory for its %zu bytes", expected_bytes);
    }
    if (!read_all(path, memory, expected_bytes, size_bytes, error)) {
        free(memory);
        *size_bytes = 0;
        return false;
    }
    memory[*size_bytes] = '\0';
    *bytes = memory;
    return true;
}
