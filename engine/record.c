/* Writes access traces. */
#include "record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_BYTES = 1 << 20 };

struct pxe_record {
    FILE *file;
    char buffer[BUFFER_BYTES];
};

bool pxe_record_open(const char *path, pxe_record **out, pxe_error *error)
{
    *out = NULL;
    pxe_record *record = calloc(1, sizeof *record);
    if (record == NULL) {
        return pxe_fail(error, "no memory for a recording");
    }
    record->file = fopen(path, "w");
    if (record->file == NULL) {
        free(record);
        return pxe_fail(error, "can not be written: %s", strerror(errno));
    }
    setvbuf(record->file, record->buffer, _IOFBF, sizeof record->buffer);
    fputs("frame,key,bytes,name\n", record->file);
    *out = record;
    return true;
}

bool pxe_record_close(pxe_record *record, pxe_error *error)
{
    if (record == NULL) {
        return true;
    }
    const bool failed = ferror(record->file) != 0;
    const bool closed = fclose(record->file) == 0;
    free(record);
    return closed && !failed ? true : pxe_fail(error, "can not be written: %s", strerror(errno));
}

/* Quoted as RFC 4180 says; a line break would end the row for a reader of lines, so it becomes a space. */
static void write_quoted(FILE *file, const char *text)
{
    fputc('"', file);
    for (; *text != '\0'; ++text) {
        if (*text == '"') {
            fputc('"', file);
        }
        fputc(*text == '\n' || *text == '\r' ? ' ' : *text, file);
    }
    fputc('"', file);
}

void pxe_record_access(pxe_record *record, uint64_t frame, uint64_t key, uint64_t bytes, const char *name)
{
    if (record != NULL) {
        fprintf(record->file, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",", frame, key, bytes);
        write_quoted(record->file, name);
        fputc('\n', record->file);
    }
}
