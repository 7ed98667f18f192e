/* Files are written after all is known, and appear whole. */
#include "output.h"
#include "profile.h"
#include "whole_file.h"

#include "../common/complain.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

bool output_file(const char *path, void (*write)(FILE *file, const void *data), const void *data)
{
    whole_file out;
    bool good = whole_file_open(&out, path);
    if (good) {
        write(out.file, data);
        good = whole_file_close(&out);
    }
    if (!good) {
        demo_complain(profile_program, "%s: can not be written: %s", path, strerror(errno));
    }
    return good;
}

bool output_is_apart(const char *path, const char *from, const char *other)
{
    if (path == NULL) {
        return true;
    }
    if (whole_file_is(from, path)) {
        demo_complain(profile_program, "%s is the trace: what is written needs a name of its own", path);
        return false;
    }
    if (other != NULL && whole_file_is(path, other)) {
        demo_complain(profile_program, "%s can not be two files", path);
        return false;
    }
    return true;
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
