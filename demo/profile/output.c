/* A disk that is full may show only when the last bytes go out, so the end is where errors are asked for. */
#include "output.h"
#include "profile.h"

#include "../common/complain.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

bool output_file(const char *path, void (*write)(FILE *file, const void *data), const void *data)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        demo_complain(profile_program, "%s: can not be written: %s", path, strerror(errno));
        return false;
    }
    write(file, data);
    errno = 0;
    const bool written = fflush(file) == 0 && ferror(file) == 0;
    int error = errno;
    if (fclose(file) != 0 && written) {
        error = errno;
    } else if (written) {
        return true;
    }
    demo_complain(profile_program, "%s: can not be written: %s", path,
                  error == 0 ? "output error" : strerror(error));
    return false;
}

const char *output_bytes(char text[OUTPUT_TEXT], double bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    size_t unit = 0;
    while (bytes >= 1023.95 && unit + 1 < sizeof units / sizeof *units) { /* not "1024.0 KiB" */
        bytes /= 1024;
        ++unit;
    }
    const bool is_whole = bytes >= 1e9 || bytes - (double)(int64_t)bytes == 0;
    snprintf(text, OUTPUT_TEXT, "%.*f %s", is_whole ? 0 : bytes < 10 ? 2 : 1, bytes, units[unit]);
    return text;
}

const char *output_count(char text[OUTPUT_TEXT], uint64_t count)
{
    char digits[OUTPUT_TEXT];
    const int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    char *to = text;
    for (int i = 0; i < length; ++i) {
        if (i > 0 && (length - i) % 3 == 0) {
            *to++ = ',';
        }
        *to++ = digits[i];
    }
    *to = '\0';
    return text;
}
