/* Files that are written, and how numbers look in tables. */
#ifndef PROFILE_OUTPUT_H
#define PROFILE_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Calls write with a file that appears when it is whole. Result: false after a line on stderr that says why it can not
 * be written. write itself may ignore errors: they are asked for at the end. */
bool output_file(const char *path, void (*write)(FILE *file, const void *data), const void *data);

/* Whether a file may be written: it is neither the one that is read nor the other one that is written. Any may be NULL
 * but from. Result: false after a line on stderr. */
bool output_is_apart(const char *path, const char *from, const char *other);

enum { OUTPUT_TEXT = 32 };

/* 1536 -> "1.5 KiB". */
const char *output_bytes(char text[OUTPUT_TEXT], double bytes);

/* 50479 -> "50,479". */
const char *output_count(char text[OUTPUT_TEXT], uint64_t count);

#endif
