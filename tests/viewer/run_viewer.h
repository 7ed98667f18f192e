/* Runs pixcache-viewer as a user does and reads what it printed. The program is the one in the environment variable
 * PXC_VIEWER, else that of the same build tree: the tests lie in <build>/tests, the viewer in <build>/demo. */
#ifndef PIXCACHE_TESTS_RUN_VIEWER_H
#define PIXCACHE_TESTS_RUN_VIEWER_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* A program that is running. */
typedef struct viewer_process {
    pid_t pid;
    FILE *out, *err;
} viewer_process;

/* A program that has ended. */
typedef struct viewer_run {
    int status; /* exit status, or minus the signal that ended it */
    char *out, *err;
} viewer_run;

static inline const char *viewer_program(void)
{
    static char path[4096];
    const char *given = getenv("PXC_VIEWER");
    if (given != NULL && *given != '\0') {
        return given;
    }
    const ssize_t bytes = readlink("/proc/self/exe", path, sizeof path - 64);
    assert_true(bytes > 0);
    path[bytes] = '\0';
    for (int i = 0; i < 2; ++i) { /* the test's name, then its folder's */
        char *slash = strrchr(path, '/');
        assert_non_null(slash);
        *slash = '\0';
    }
    strcat(path, "/demo/pixcache-viewer");
    return path;
}

/* The path of a file of the repository, from its root. The tests of the game include this file as "../viewer/...". */
static inline void repository_path(const char *name, char *path, size_t path_bytes)
{
    snprintf(path, path_bytes, "%s", __FILE__);
    char *end = strstr(path, "viewer/run_viewer.h");
    assert_non_null(end);
    snprintf(end, path_bytes - (size_t)(end - path), "../%s", name);
}

/* Unless the caller said what AddressSanitizer shall do, the leaks of graphics drivers are not the viewer's: see
 * keep_libraries.c, with which leaks are found, too. */
static inline int set_up_environment(void **state)
{
    (void)state;
    static const char start[] = "print_suppressions=0:suppressions=";
    char options[4096] = "";
    memcpy(options, start, sizeof start);
    repository_path("tests/viewer/leaks.supp", options + sizeof start - 1, sizeof options - sizeof start);
    return setenv("LSAN_OPTIONS", options, 0) != 0 || setenv("ASAN_OPTIONS", "detect_leaks=0", 0) != 0;
}

/* For another program: the one that the environment variable names, else that of the same build tree. What runs the viewer
 * runs it then. file begins with a slash. */
static inline int set_up_program(void **state, const char *variable, const char *file)
{
    char path[4096];
    const char *given = getenv(variable);
    if (given != NULL && *given != '\0') {
        snprintf(path, sizeof path, "%s", given);
    } else {
        unsetenv("PXC_VIEWER"); /* viewer_program() asks it first */
        snprintf(path, sizeof path, "%s", viewer_program());
        char *slash = strrchr(path, '/');
        assert_non_null(slash);
        snprintf(slash, sizeof path - (size_t)(slash - path), "%s", file);
    }
    return setenv("PXC_VIEWER", path, 1) != 0 || set_up_environment(state) != 0;
}

/* Starts the viewer in that folder, NULL = here. SIGINT has its default effect, also where a shell ignores it. */
static inline viewer_process viewer_start(const char *folder, const char *const *arguments)
{
    enum { MOST = 32 };
    char *argv[MOST + 2] = {(char *)(uintptr_t)viewer_program()};
    for (int i = 0; arguments[i] != NULL; ++i) {
        assert_true(i < MOST);
        argv[i + 1] = (char *)(uintptr_t)arguments[i];
    }
    viewer_process process = {.out = tmpfile(), .err = tmpfile()};
    assert_non_null(process.out);
    assert_non_null(process.err);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGINT);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(process.out), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(process.err), STDERR_FILENO);
    if (folder != NULL) {
        posix_spawn_file_actions_addchdir_np(&actions, folder);
    }
    const int error = posix_spawn(&process.pid, argv[0], &actions, &attributes, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0) {
        fail_msg("%s can not be started: %s", argv[0], strerror(error));
    }
    return process;
}

static inline char *read_stream(FILE *file)
{
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    const long bytes = ftell(file);
    assert_true(bytes >= 0);
    rewind(file);
    char *text = malloc((size_t)bytes + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)bytes, file), bytes);
    text[bytes] = '\0';
    fclose(file);
    return text;
}

static inline viewer_run viewer_wait(viewer_process process)
{
    int status = 0;
    assert_int_equal(waitpid(process.pid, &status, 0), process.pid);
    return (viewer_run){
        .status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
        .out = read_stream(process.out),
        .err = read_stream(process.err),
    };
}

static inline viewer_run viewer_run_in(const char *folder, const char *const *arguments)
{
    return viewer_wait(viewer_start(folder, arguments));
}

#define RUN_VIEWER(...)           viewer_run_in(NULL, (const char *const[]){__VA_ARGS__, NULL})
#define RUN_VIEWER_IN(where, ...) viewer_run_in(where, (const char *const[]){__VA_ARGS__, NULL})

static inline void viewer_run_free(viewer_run *run)
{
    free(run->out);
    free(run->err);
    *run = (viewer_run){0};
}

static inline void assert_status_of(const viewer_run *run, int expected)
{
    if (run->status != expected) {
        fail_msg("ended with %d instead of %d; stderr: %s", run->status, expected, run->err);
    }
}

/* The job was done, and nothing was to be said about it but that a limit is too small. */
static inline void assert_clean_run(const viewer_run *run)
{
    static const char alarm_end[] = " MiB would help";
    assert_status_of(run, 0);
    for (const char *line = run->err; *line != '\0';) {
        const size_t bytes = strcspn(line, "\n");
        const size_t end_bytes = sizeof alarm_end - 1;
        if (bytes < end_bytes || memcmp(line + bytes - end_bytes, alarm_end, end_bytes) != 0) {
            fail_msg("stderr is not empty: %s", run->err);
        }
        line += bytes + (line[bytes] == '\n');
    }
}

static inline size_t count_of_text(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + strlen(part), part)) {
        ++count;
    }
    return count;
}

/* A mistake of the user's: exit status 2 after one line that names it. */
static inline void assert_refused(const viewer_run *run, const char *offender)
{
    assert_status_of(run, 2);
    if (count_of_text(run->err, "\n") != 1 || strstr(run->err, offender) == NULL) {
        fail_msg("stderr should be one line that names \"%s\": %s", offender, run->err);
    }
}

/* The value of `key` in the last line of stdout. */
static inline const char *value_of(const viewer_run *run, const char *key)
{
    const char *line = run->out;
    for (const char *end = strchr(line, '\n'); end != NULL && end[1] != '\0'; end = strchr(line, '\n')) {
        line = end + 1;
    }
    const size_t key_bytes = strlen(key);
    for (const char *word = line; word != NULL; word = strchr(word, ' ')) {
        word += *word == ' ';
        if (strncmp(word, key, key_bytes) == 0 && word[key_bytes] == '=') {
            return word + key_bytes + 1;
        }
    }
    fail_msg("no %s= in the last line of stdout: %s; stderr: %s", key, run->out, run->err);
    return "";
}

static inline uint64_t number_of(const viewer_run *run, const char *key)
{
    const char *value = value_of(run, key);
    char *end = NULL;
    const unsigned long long number = strtoull(value, &end, 10);
    if (end == value || (*end != ' ' && *end != '\n')) {
        fail_msg("%s is no whole number: %s", key, value);
    }
    return number;
}

#endif
