/* Reads files whole. Only regular files are opened: a pipe named like a picture must not stop a viewer.
 *
 * Others may write meanwhile. A file that is replaced by a rename or removed stays as it was for whoever has it open.
 * One that is written in place would give a mix of old and new, so its size and times are compared before and after,
 * and it is read again if they differ. Times alone do not tell everything: file systems stamp in steps, and two writes
 * within one step look alike. So a file that was written just now must give the same bytes twice.
 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_READS = 4,
    STAMP_STEP_S = 2, /* the coarsest in use, FAT's; ext4's, btrfs's and tmpfs's are some milliseconds */
};

/* What one pass over a file gave. */
typedef struct reading {
    char *bytes;
    size_t size_bytes;
    bool is_steady; /* nobody was seen writing meanwhile */
    bool is_recent; /* or was perhaps not seen, as the time stamp is that new */
} reading;

/* Opened without waiting: a pipe without a writer would hold up the program. A descriptor, or -1. */
static int open_regular(const char *path, struct stat *info, pxe_error *error)
{
    const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        pxe_fail(error, "can not be opened: %s", strerror(errno));
        return -1;
    }
    if (fstat(descriptor, info) != 0) {
        pxe_fail(error, "can not be opened: %s", strerror(errno));
    } else if (!S_ISREG(info->st_mode)) {
        pxe_fail(error, S_ISDIR(info->st_mode) ? "is a folder" : "is no regular file");
    } else {
        return descriptor;
    }
    close(descriptor);
    return -1;
}

/* Reads until the end, at most as many bytes as the file had when it was opened: it may shrink or grow meanwhile. */
static bool read_bytes(int descriptor, size_t most_bytes, reading *out, pxe_error *error)
{
    while (out->size_bytes < most_bytes) {
        const ssize_t got = read(descriptor, out->bytes + out->size_bytes, most_bytes - out->size_bytes);
        if (got == 0) {
            break;
        }
        if (got > 0) {
            out->size_bytes += (size_t)got;
        } else if (errno != EINTR) {
            return pxe_fail(error, "can not be read: %s", strerror(errno));
        }
    }
    out->bytes[out->size_bytes] = '\0';
    return true;
}

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same_state(const struct stat *a, const struct stat *b)
{
    return a->st_size == b->st_size && same_time(a->st_mtim, b->st_mtim) && same_time(a->st_ctim, b->st_ctim);
}

static bool read_once(int descriptor, const struct stat *before, reading *out, pxe_error *error)
{
    const size_t expected_bytes = (size_t)before->st_size;
    struct stat after;
    out->is_recent = time(NULL) - before->st_mtim.tv_sec <= STAMP_STEP_S;
    out->bytes = malloc(expected_bytes + 1);
    if (out->bytes == NULL) {
        return pxe_fail(error, "no memory for its %zu bytes", expected_bytes);
    }
    if (!read_bytes(descriptor, expected_bytes, out, error)) {
        return false;
    }
    if (fstat(descriptor, &after) != 0) {
        return pxe_fail(error, "can not be read: %s", strerror(errno));
    }
    out->is_steady = out->size_bytes == expected_bytes && same_state(before, &after);
    return true;
}

/* On failure there may be bytes all the same: the caller's, too. */
static bool read_path(const char *path, size_t max_bytes, reading *out, pxe_error *error)
{
    struct stat before;
    bool read = false;
    *out = (reading){0};
    const int descriptor = open_regular(path, &before, error);
    if (descriptor < 0) {
        return false;
    }
    if (before.st_size < 0 || (uintmax_t)before.st_size > max_bytes) {
        pxe_fail(error, "has %jd bytes, more than the %zu that are read", (intmax_t)before.st_size,
                 max_bytes);
    } else {
        read = read_once(descriptor, &before, out, error);
    }
    close(descriptor);
    return read;
}

static bool is_settled(const reading *now, const reading *last)
{
    const bool same = last->bytes != NULL && last->size_bytes == now->size_bytes &&
                      memcmp(last->bytes, now->bytes, now->size_bytes) == 0;
    return now->is_steady && (same || !now->is_recent);
}

bool pxe_file_read(const char *path, size_t max_bytes, char **bytes, size_t *size_bytes, pxe_error *error)
{
    reading last = {0};
    *bytes = NULL;
    *size_bytes = 0;
    for (int i = 0; i < MOST_READS; ++i) {
        reading now;
        const bool read = read_path(path, max_bytes, &now, error);
        const bool settled = read && is_settled(&now, &last);
        free(last.bytes);
        if (settled) {
            *bytes = now.bytes;
            *size_bytes = now.size_bytes;
            return true;
        }
        last = now;
        if (!read) {
            free(last.bytes);
            return false;
        }
    }
    free(last.bytes);
    return pxe_fail(error, "changes while it is read");
}
