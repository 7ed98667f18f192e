/* Walks folders for pictures. */
#include "files.h"

#include "../common/options.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static char *copy_text(const char *text)
{
    const size_t size_bytes = strlen(text) + 1;
    char *copy = malloc(size_bytes);
    return copy == NULL ? NULL : memcpy(copy, text, size_bytes);
}

static char *join(const char *folder, const char *name)
{
    const size_t folder_bytes = strlen(folder);
    const char *slash = folder_bytes > 0 && folder[folder_bytes - 1] == '/' ? "" : "/";
    const size_t path_bytes = folder_bytes + strlen(name) + 2;
    char *path = malloc(path_bytes);
    if (path != NULL) {
        snprintf(path, path_bytes, "%s%s%s", folder, slash, name);
    }
    return path;
}

/* Takes the path over, also when there is no memory for it. */
static bool append(viewer_files *files, char *path)
{
    if (path != NULL && files->count == files->capacity) {
        const size_t capacity = files->capacity == 0 ? 256 : files->capacity * 2;
        char **paths = realloc(files->paths, capacity * sizeof *paths);
        if (paths != NULL) {
            files->paths = paths;
            files->capacity = capacity;
        }
    }
    if (path == NULL || files->count == files->capacity) {
        free(path);
        return false;
    }
    files->paths[files->count++] = path;
    return true;
}

static bool is_named_like_picture(const char *name)
{
    static const char *const endings[] = {".png", ".jpg", ".jpeg", ".bmp"};
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending != NULL && i < sizeof endings / sizeof *endings; ++i) {
        if (strcasecmp(ending, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Without regard to ASCII case, and runs of digits compare as numbers: the order of file managers. */
static int compare_natural(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        if (is_digit(*a) && is_digit(*b)) {
            a += strspn(a, "0");
            b += strspn(b, "0");
            const size_t a_digits = strspn(a, "0123456789");
            const size_t b_digits = strspn(b, "0123456789");
            const int order = a_digits != b_digits ? (a_digits < b_digits ? -1 : 1) : strncmp(a, b, a_digits);
            if (order != 0) {
                return order;
            }
            a += a_digits;
            b += b_digits;
        } else if (tolower((unsigned char)*a) != tolower((unsigned char)*b)) {
            break;
        } else {
            ++a;
            ++b;
        }
    }
    return tolower((unsigned char)*a) - tolower((unsigned char)*b);
}

static int compare_paths(const void *left, const void *right)
{
    const char *a = *(char *const *)left;
    const char *b = *(char *const *)right;
    const int order = compare_natural(a, b);
    return order != 0 ? order : strcmp(a, b);
}

/* The folders found so far, and which they are: a link may lead to one of them again. */
typedef struct found_folders {
    viewer_files paths;
    struct folder_id {
        dev_t device;
        ino_t inode;
    } * ids; /* as many as paths */
    size_t capacity;
} found_folders;

/* Takes the path over. A folder that was found before is left out. */
static bool add_folder(found_folders *folders, char *path, const struct stat *info)
{
    for (size_t i = 0; i < folders->paths.count; ++i) {
        if (folders->ids[i].device == info->st_dev && folders->ids[i].inode == info->st_ino) {
            free(path);
            return true;
        }
    }
    if (folders->paths.count == folders->capacity) {
        const size_t capacity = folders->capacity == 0 ? 64 : folders->capacity * 2;
        struct folder_id *ids = realloc(folders->ids, capacity * sizeof *ids);
        if (ids == NULL) {
            free(path);
            return false;
        }
        folders->ids = ids;
        folders->capacity = capacity;
    }
    folders->ids[folders->paths.count] = (struct folder_id){info->st_dev, info->st_ino};
    return append(&folders->paths, path);
}

/* Puts the folder's pictures into `files` and its folders into `folders`. */
static bool list_folder(const char *folder, const char *program, viewer_files *files, found_folders *folders)
{
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        demo_complain(program, "%s: can not be opened: %s", folder, strerror(errno));
        files->complained = true;
        return true;
    }
    bool has_memory = true;
    for (const struct dirent *item = readdir(directory); item != NULL && has_memory;
         item = readdir(directory)) {
        if (item->d_name[0] == '.') {
            continue; /* itself, its parent, and what is hidden */
        }
        char *path = join(folder, item->d_name);
        struct stat info;
        if (path != NULL && stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
            has_memory = add_folder(folders, path, &info);
        } else if (path == NULL || is_named_like_picture(item->d_name)) {
            has_memory = append(files, path);
        } else {
            free(path);
        }
    }
    closedir(directory);
    return has_memory;
}

/* Folders wait in a list instead of on the stack, so that depth does not matter. */
static bool walk(viewer_files *files, const char *program, const char *folder, const struct stat *info)
{
    found_folders folders = {.capacity = 0};
    char *path = copy_text(folder);
    bool has_memory = path != NULL && add_folder(&folders, path, info);
    for (size_t i = 0; has_memory && i < folders.paths.count; ++i) {
        has_memory = list_folder(folders.paths.paths[i], program, files, &folders);
    }
    viewer_files_free(&folders.paths);
    free(folders.ids);
    return has_memory;
}

void viewer_files_add(viewer_files *files, const char *program, const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        demo_complain(program, "%s: can not be opened: %s", path, strerror(errno));
        files->failed = true;
        return;
    }
    const size_t first = files->count;
    const bool has_memory =
        S_ISDIR(info.st_mode) ? walk(files, program, path, &info) : append(files, copy_text(path));
    if (!has_memory) {
        demo_complain(program, "%s: no memory for the list of pictures", path);
        files->failed = true;
        return;
    }
    if (files->count > first) {
        qsort(files->paths + first, files->count - first, sizeof *files->paths, compare_paths);
    }
}

void viewer_files_free(viewer_files *files)
{
    for (size_t i = 0; i < files->count; ++i) {
        free(files->paths[i]);
    }
    free(files->paths);
    *files = (viewer_files){0};
}
