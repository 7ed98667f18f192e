/* Reads files whole. Only regular files are opened: a pipe named like a picture must not stop a viewer. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opened without waiting: a pipe without a writer would hold up the program. */
static FILE *open_regular(const char *path, struct stat *info, pxe_error *error)
{
    const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        pxe_fail(error, "can not be opened: %s", strerror(errno));
        return NULL;
    }
    FILE *file = NULL;
    if (fstat(descriptor, info) != 0) {
        pxe_fail(error, "can not be opened: %s", strerror(errno));
    } else if (!S_ISREG(info->st_mode)) {
        pxe_fail(error, S_ISDIR(info->st_mode) ? "is a folder" : "is no regular file");
    } else {
        file = fdopen(descriptor, "rb");
        if (file == NULL) {
            pxe_fail(error, "can not be opened: %s", strerror(errno));
        }
    }
    if (file == NULL) {
        close(descriptor);
    }
    return file;
}

/* Reads what is there, at most as many bytes as the file had when it was opened: it may shrink or grow meanwhile. */
static bool read_all(FILE *file, size_t expected_bytes, char **bytes, size_t *size_bytes, pxe_error *error)
{
    char *memory = malloc(expected_bytes + 1);
    if (memory == NULL) {
        return pxe_fail(error, "no memory for its %zu bytes", expected_bytes);
    }
    const size_t got_bytes = fread(memory, 1, expected_bytes, file);
    if (ferror(file) != 0) {
        free(memory);
        return pxe_fail(error, "can not be read: %s", strerror(errno));
    }
    memory[got_bytes] = '\0';
    *bytes = memory;
    *size_bytes = got_bytes;
    return true;
}

bool pxe_file_read(const char *path, size_t max_bytes, char **bytes, size_t *size_bytes, pxe_error *error)
{
    struct stat info;
    *bytes = NULL;
    *size_bytes = 0;
    FILE *file = open_regular(path, &info, error);
    if (file == NULL) {
        return false;
    }
    bool read = false;
    if (info.st_size < 0 || (uintmax_t)info.st_size > max_bytes) {
        pxe_fail(error, "has %jd bytes, more than the %zu that are read", (intmax_t)info.st_size, max_bytes);
    } else {
        read = read_all(file, (size_t)info.st_size, bytes, size_bytes, error);
    }
    fclose(file);
    return read;
}
