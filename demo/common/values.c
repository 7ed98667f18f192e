/* Numbers as users write them. strtoull alone would take signs, spaces and hexadecimal. */
#include "values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool demo_read_digits(const char *text, uint64_t *value, const char **end)
{
    if (*text < '0' || *text > '9') {
        return false;
    }
    char *stop = NULL;
    errno = 0;
    *value = strtoull(text, &stop, 10);
    *end = stop;
    return errno == 0;
}

bool demo_read_count(const char *text, uint64_t least, uint64_t most, uint64_t *value)
{
    const char *end = NULL;
    return demo_read_digits(text, value, &end) && *end == '\0' && *value >= least && *value <= most;
}

bool demo_read_bytes(const char *text, uint64_t *bytes)
{
    uint64_t value = 0;
    const char *end = NULL;
    if (!demo_read_digits(text, &value, &end)) {
        return false;
    }
    unsigned shift = 0;
    if (*end != '\0') {
        const char *suffix = strchr("KkMmGg", *end);
        if (suffix == NULL || end[1] != '\0') {
            return false;
        }
        shift = 10 + 10 * (unsigned)((suffix - "KkMmGg") / 2);
    }
    if (value == 0 || value > SIZE_MAX >> shift) {
        return false;
    }
    *bytes = value << shift;
    return true;
}
