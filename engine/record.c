/* Writes access traces. A sprite is an access: rows are put together by hand, because fprintf takes three times as long (207
 * ns beside 61) and would be seen in the frame times that are recorded beside them. tests/bench/run profile measures it.
 */
#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_BYTES = 1 << 20, MOST_DIGITS = 20 };

struct pxe_record {
    FILE *file;
    bool failed;
    size_t used;
    char buffer[BUFFER_BYTES];
};

bool pxe_record_open(const char *path, pxe_record **out, pxe_error *error)
{
    *out = NULL;
    pxe_record *record = malloc(sizeof *record);
    if (record == NULL) {
        return pxe_fail(error, "no memory for a recording");
    }
    record->failed = false;
    record->used = 0;
    record->file = fopen(path, "w");
    if (record->file == NULL) {
        free(record);
        return pxe_fail(error, "can not be written: %s", strerror(errno));
    }
    setvbuf(record->file, NULL, _IONBF, 0); /* the record has a buffer of its own */
    fputs("frame,key,bytes,name\n", record->file);
    *out = record;
    return true;
}

static void flush(pxe_record *record)
{
    record->failed = fwrite(record->buffer, 1, record->used, record->file) != record->used || record->failed;
    record->used = 0;
}

bool pxe_record_close(pxe_record *record, pxe_error *error)
{
    if (record == NULL) {
        return true;
    }
    errno = 0;
    flush(record);
    const bool failed = record->failed || ferror(record->file) != 0;
    const int reason = errno != 0 ? errno : EIO; /* an earlier write may have failed */
    const bool closed = fclose(record->file) == 0;
    free(record);
    return closed && !failed ? true : pxe_fail(error, "can not be written: %s", strerror(reason));
}

static void put(pxe_record *record, const char *text, size_t length)
{
    while (length > sizeof record->buffer - record->used) { /* a name may be longer than the buffer */
        const size_t part = sizeof record->buffer - record->used;
        memcpy(record->buffer + record->used, text, part);
        record->used += part;
        text += part;
        length -= part;
        flush(record);
    }
    memcpy(record->buffer + record->used, text, length);
    record->used += length;
}

static void put_number(pxe_record *record, uint64_t number)
{
    char digits[MOST_DIGITS + 1];
    size_t at = sizeof digits;
    digits[--at] = ',';
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    put(record, digits + at, sizeof digits - at);
}

/* Quoted as RFC 4180 says; a line break would end the row for a reader of lines, so it becomes a space. */
static void put_quoted(pxe_record *record, const char *text)
{
    put(record, "\"", 1);
    while (*text != '\0') {
        const size_t plain = strcspn(text, "\"\n\r");
        put(record, text, plain);
        text += plain;
        if (*text != '\0') {
            put(record, *text == '"' ? "\"\"" : " ", *text == '"' ? 2 : 1);
            ++text;
        }
    }
    put(record, "\"\n", 2);
}

void pxe_record_access(pxe_record *record, uint64_t frame, uint64_t key, uint64_t bytes, const char *name)
{
    if (record != NULL) {
        put_number(record, frame);
        put_number(record, key);
        put_number(record, bytes);
        put_quoted(record, name);
    }
}
