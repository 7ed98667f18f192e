/* One line of text about what went wrong, for people. Functions that can fail for many reasons take a pxe_error and
 * return false after filling it in. */
#ifndef PXE_ERROR_H
#define PXE_ERROR_H

#include <stdbool.h>

typedef struct pxe_error {
    char text[512]; /* no full stop, no newline */
} pxe_error;

/* Fills in the text, printf-like, cut to fit; error may be NULL. Always false, so that callers can return it. */
#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
bool pxe_fail(pxe_error *error, const char *format, ...);

#endif
