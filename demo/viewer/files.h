/* The list of pictures that the viewer shows. */
#ifndef VIEWER_FILES_H
#define VIEWER_FILES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct viewer_files {
    char **paths; /* owned */
    size_t count, capacity;
    bool complained; /* a folder could not be read: a line on stderr said so */
    bool failed;     /* no memory, or a path given that is not there: a line on stderr said so */
} viewer_files;

/* Adds a file as it is, or a folder's files that are named like pictures, and those of the folders in it, in natural
 * order (2 before 10). Links are followed; a folder that is reached twice is listed once, so no loop is walked. Folders
 * that can not be read get a line on stderr, and the rest goes on. */
void viewer_files_add(viewer_files *files, const char *program, const char *path);

void viewer_files_free(viewer_files *files);

#endif
