/* Reading the values of options: numbers and sizes. */
#ifndef DEMO_VALUES_H
#define DEMO_VALUES_H

#include <stdbool.h>
#include <stdint.h>

/* What a user is told who gave no size. */
#define DEMO_WANTED_BYTES "a size above 0 such as 64M; K, M and G are known"

/* Digits only: no sign, no space, no hexadecimal. *end = what follows them. */
bool demo_read_digits(const char *text, uint64_t *value, const char **end);

/* Digits and nothing else, from least to most. */
bool demo_read_count(const char *text, uint64_t least, uint64_t most, uint64_t *value);

/* Bytes, above 0, at most SIZE_MAX; K, M or G may follow the digits. */
bool demo_read_bytes(const char *text, uint64_t *bytes);

#endif
