/* Runs the command in this process and reads what it said and what it wrote. */
#ifndef PIXCACHE_TESTS_RUN_REPORT_H
#define PIXCACHE_TESTS_RUN_REPORT_H

#include "../engine/engine_fixture.h"
#include "../engine/strict_json.h"

#include "report.h"

#include <fcntl.h>

/* The shortest header that will do. */
#define REPORT_HEADER                                                                                        \
    "frame,frame_ms,cpu_ms,gpu_ms,hits,misses,evictions,uploads,upload_bytes,upload_ms,used_bytes,limit_"    \
    "bytes,"                                                                                                 \
    "draws,sprites"

typedef struct report_run {
    int status;
    char err[8192], out[8192];
} report_run;

typedef struct redirected {
    FILE *file;
    int stream, before;
} redirected;

static inline redirected redirect(FILE *stream)
{
    redirected it = {.file = tmpfile(), .stream = fileno(stream)};
    assert_non_null(it.file);
    fflush(stream);
    it.before = dup(it.stream);
    assert_true(it.before >= 0 && dup2(fileno(it.file), it.stream) >= 0);
    return it;
}

static inline void restore(redirected *it, FILE *stream, char *text, size_t size)
{
    fflush(stream);
    assert_true(dup2(it->before, it->stream) >= 0);
    close(it->before);
    rewind(it->file);
    text[fread(text, 1, size - 1, it->file)] = '\0';
    fclose(it->file);
}

static inline report_run report_with(const char *const *arguments)
{
    static report_run run;
    char *argv[16] = {(char *)(uintptr_t) "report"};
    int argc = 1;
    for (; arguments[argc - 1] != NULL; ++argc) {
        assert_true(argc < 15);
        argv[argc] = (char *)(uintptr_t)arguments[argc - 1];
    }
    redirected err = redirect(stderr);
    redirected out = redirect(stdout);
    run.status = profile_report(argc, argv);
    restore(&out, stdout, run.out, sizeof run.out);
    restore(&err, stderr, run.err, sizeof run.err);
    return run;
}

#define REPORT(...) report_with((const char *const[]){__VA_ARGS__, NULL})

static inline void assert_made(const report_run *run)
{
    if (run->status != 0 || run->err[0] != '\0' || run->out[0] != '\0') {
        fail_msg("status %d, stderr: %s, stdout: %s", run->status, run->err, run->out);
    }
}

/* One line on stderr that has this word, and status 2. */
static inline void assert_refused(const report_run *run, const char *word)
{
    const char *end = strchr(run->err, '\n');
    if (run->status != 2 || end == NULL || end[1] != '\0' || strstr(run->err, word) == NULL ||
        strncmp(run->err, "pixcache-profile: ", 18) != 0 || run->out[0] != '\0') {
        fail_msg("\"%s\" is missing: status %d, stderr: %s, stdout: %s", word, run->status, run->err,
                 run->out);
    }
}

static inline void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* With a zero behind it. */
static inline buffer read_page(const char *path)
{
    buffer page = read_file(path);
    assert_null(memchr(page.bytes, '\0', page.size));
    buffer_add_byte(&page, 0);
    return page;
}

static inline size_t count_in(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
        ++count;
    }
    return count;
}

/* The data in the page, checked to be strict JSON. Owner: the page. */
static inline const char *data_of(const buffer *page)
{
    static const char open[] = "<script type=\"application/json\" id=\"data\">";
    char *at = strstr((char *)page->bytes, open);
    assert_non_null(at);
    at += sizeof open - 1;
    char *end = strstr(at, "</script>");
    assert_non_null(end);
    *end = '\0';
    assert_true(json_is_well_formed(at));
    return at;
}

static inline void assert_has(const buffer *page, const char *text)
{
    if (strstr((const char *)page->bytes, text) == NULL) {
        fail_msg("the page has no %s", text);
    }
}

static inline void assert_has_not(const buffer *page, const char *text)
{
    const char *at = strstr((const char *)page->bytes, text);
    if (at != NULL) {
        fail_msg("the page has %.80s", at);
    }
}

#endif
