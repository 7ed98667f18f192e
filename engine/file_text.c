/* printf writes a decimal comma where the application has chosen a locale that has one, and a file that is half in
 * commas is no CSV and no JSON. So decimals are written as two whole numbers. */
#include "file_text.h"

#include "utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

FILE *pxe_text_open(const char *path, pxe_error *error)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        pxe_fail(error, "can not be written: %s", strerror(errno));
    }
    errno = 0; /* a write that fails while the buffer is full is found out by pxe_text_close alone */
    return file;
}

bool pxe_text_close(FILE *file, pxe_error *error)
{
    const bool written = fflush(file) == 0 && ferror(file) == 0;
    const int why = errno;
    const bool closed = fclose(file) == 0;
    if (written && closed) {
        return true;
    }
    return pxe_fail(error, "can not be written: %s", strerror(written ? errno : why));
}

static void put_parts(FILE *file, int64_t value, int64_t one, int decimals)
{
    const uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    fprintf(file, "%s%" PRIu64 ".%0*" PRIu64, value < 0 ? "-" : "", size / (uint64_t)one, decimals,
            size % (uint64_t)one);
}

/* Rounded; without the parts that a 64-bit number can not hold. */
static int64_t whole_parts(double value, double one)
{
    const double parts = value * one;
    const double most = 9e18;
    return isnan(parts) ? 0 : llround(fmax(-most, fmin(parts, most)));
}

void pxe_put_thousandths(FILE *file, int64_t thousandths)
{
    put_parts(file, thousandths, 1000, 3);
}

void pxe_put_decimal(FILE *file, double value)
{
    put_parts(file, whole_parts(value, 1e3), 1000, 3);
}

void pxe_put_precise(FILE *file, double value)
{
    put_parts(file, whole_parts(value, 1e6), 1000000, 6);
}

void pxe_put_json(FILE *file, const char *text)
{
    fputc('"', file);
    while (*text != '\0') {
        const char *from = text;
        const uint32_t character = pxe_utf8_next(&text);
        if (character == PXE_NOT_UTF8) {
            fputs("\\ufffd", file);
        } else if (character < 0x20 || character == 0x7F) {
            fprintf(file, "\\u%04x", (unsigned)character);
        } else {
            if (character == '"' || character == '\\') {
                fputc('\\', file);
            }
            fwrite(from, 1, (size_t)(text - from), file);
        }
    }
    fputc('"', file);
}
