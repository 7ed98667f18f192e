/* Runs a fuzz target on every file of the folders given, without a fuzzer: the stored corpus as a test. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each file in a block of exactly its size. NULL if it can not be read. */
static uint8_t *read_whole(const char *path, size_t *size)
{
    uint8_t *bytes = NULL;
    FILE *file = fopen(path, "rb");
    if (file && fseek(file, 0, SEEK_END) == 0) {
        const long end = ftell(file);
        *size = end > 0 ? (size_t)end : 0;
        bytes = malloc(*size > 0 ? *size : 1);
        rewind(file);
        if (bytes && fread(bytes, 1, *size, file) != *size) {
            free(bytes);
            bytes = NULL;
        }
    }
    if (file) {
        fclose(file);
    }
    return bytes;
}

static int run_file(const char *folder, const char *name)
{
    char path[4096];
    size_t size = 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    uint8_t *bytes = read_whole(path, &size);
    if (!bytes) {
        fprintf(stderr, "%s can not be read\n", path);
        return 1;
    }
    printf("%s\n", path);
    fflush(stdout); /* the last line names the input that crashed */
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
    return 0;
}

static int run_folder(const char *path)
{
    int failures = 0;
    int files = 0;
    DIR *folder = opendir(path);
    if (!folder) {
        fprintf(stderr, "%s is no folder\n", path);
        return 1;
    }
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (entry->d_name[0] != '.') {
            failures += run_file(path, entry->d_name);
            files++;
        }
    }
    closedir(folder);
    if (files == 0) {
        fprintf(stderr, "%s is empty\n", path);
    }
    return failures > 0 || files == 0;
}

int main(int argc, char **argv)
{
    int failed = argc < 2;
    for (int i = 1; i < argc; ++i) {
        failed |= run_folder(argv[i]);
    }
    return failed;
}
