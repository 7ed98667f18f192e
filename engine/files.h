/* Whole files in memory. */
#ifndef PXE_FILES_H
#define PXE_FILES_H

#include <pxe/error.h>

#include <stddef.h>

/* Reads a regular file of at most max_bytes, as it was at one moment: one that changes meanwhile is read again, and an
 * error if it goes on changing. Owner: the caller frees *bytes with free(). *bytes ends with a zero byte that does not
 * count, so that a text may be used as a string. Thread: any. */
bool pxe_file_read(const char *path, size_t max_bytes, char **bytes, size_t *size_bytes, pxe_error *error);

#endif
