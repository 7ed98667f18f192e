/* Text files as the engine writes them: numbers with a point whatever the locale says, and an end that is checked. */
#ifndef PXE_FILE_TEXT_H
#define PXE_FILE_TEXT_H

#include <pxe/error.h>

#include <stdint.h>
#include <stdio.h>

/* NULL: error says why. */
FILE *pxe_text_open(const char *path, pxe_error *error);
/* Whether all that was written is there. */
bool pxe_text_close(FILE *file, pxe_error *error);

/* A number of thousandths: 1234 is 1.234. */
void pxe_put_thousandths(FILE *file, int64_t thousandths);
/* Three decimals, or six. What is no number is 0; what is too large is the largest number that can be written. */
void pxe_put_decimal(FILE *file, double value);
void pxe_put_precise(FILE *file, double value);

/* A JSON string with its quotes. What is no UTF-8 becomes U+FFFD. */
void pxe_put_json(FILE *file, const char *text);

#endif
