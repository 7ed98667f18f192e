/* The events of the trace that the stage's profile writes. */
#ifndef PIXCACHE_TESTS_TRACE_READ_H
#define PIXCACHE_TESTS_TRACE_READ_H

#include "profile_stage.h"
#include "strict_json.h"

enum { EVENTS = 20000, THREADS = 300 };

typedef struct event {
    char phase;
    int thread;
    double start_us, end_us;
    char name[32], category[16];
    const char *args; /* NULL = none */
} event;

typedef struct trace {
    buffer file;
    event *list;
    size_t count;
} trace;

static inline double number_at(const char *object, const char *name)
{
    const char *at = json_member(object, name);
    assert_non_null(at);
    return strtod(at, NULL);
}

static inline void read_event(const char *at, event *out)
{
    char phase[8];
    const char *category = json_member(at, "cat");
    assert_int_equal(strlen(json_text(json_member(at, "ph"), phase, sizeof phase)), 1);
    assert_true(*json_text(json_member(at, "name"), out->name, sizeof out->name) != '\0');
    json_text(category, out->category, sizeof out->category);
    out->phase = phase[0];
    out->args = json_member(at, "args");
    assert_int_equal(number_at(at, "pid"), 1);
    if (out->phase != 'M') {
        out->start_us = out->end_us = number_at(at, "ts");
    }
    if (out->phase == 'X') {
        assert_true(number_at(at, "dur") >= 0);
        out->end_us += number_at(at, "dur");
    }
    out->thread = out->phase == 'C' ? 0 : json_member(at, "tid") == NULL ? 0 : (int)number_at(at, "tid");
    assert_in_range(out->thread, 0, THREADS - 1);
}

static inline trace write_and_read(void)
{
    pxe_error error = {""};
    const char *path = path_in(&in, "trace.json");
    if (!pxe_profile_write_trace(s.engine->profile, path, &error)) {
        fail_msg("%s", error.text);
    }
    trace out = {.file = read_file(path), .list = calloc(EVENTS, sizeof *out.list)};
    assert_non_null(out.list);
    buffer_add_byte(&out.file, 0);
    const char *text = (const char *)out.file.bytes;
    assert_true(json_is_well_formed(text));
    const char *events = json_member(json_space(text), "traceEvents");
    assert_non_null(events);
    for (const char *at = json_first(events); at != NULL; at = json_next(at)) {
        assert_true(out.count < EVENTS);
        read_event(at, &out.list[out.count++]);
    }
    return out;
}

static inline void trace_free(trace *it)
{
    buffer_free(&it->file);
    free(it->list);
}

static inline bool is_slice(const event *it, const char *category)
{
    return it->phase == 'X' && (category == NULL || strcmp(it->category, category) == 0);
}

static inline size_t count_of(const trace *of, const char *category, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < of->count; ++i) {
        count +=
            is_slice(&of->list[i], category) && (name == NULL || strcmp(of->list[i].name, name) == 0) ? 1 : 0;
    }
    return count;
}

#endif
