/* The trace: strict JSON whose events are in order, whose slices nest and name the picture that they are about, and
 * whose counters are the record's. */
#include "trace_read.h"

/* In order of time, and of two slices of a thread either one holds the other or they have nothing in common: by a
 * stack of ends, as viewers do it. Thousandths of a microsecond are exact enough in a double for this. */
static void assert_nests(const trace *of)
{
    static double ends[THREADS][64];
    static size_t depth[THREADS];
    const double exact_us = 0.0004;
    double before_us = -1e18;
    memset(depth, 0, sizeof depth);
    for (size_t i = 0; i < of->count; ++i) {
        const event *it = &of->list[i];
        if (it->phase == 'M') {
            continue;
        }
        assert_true(it->start_us >= before_us);
        before_us = it->start_us;
        if (it->phase != 'X') {
            continue;
        }
        size_t *open = &depth[it->thread];
        while (*open > 0 && ends[it->thread][*open - 1] <= it->start_us + exact_us) {
            --*open;
        }
        if (*open > 0 && it->end_us > ends[it->thread][*open - 1] + exact_us) {
            fail_msg("%s at %.3f us ends at %.3f us, what holds it at %.3f us", it->name, it->start_us,
                     it->end_us, ends[it->thread][*open - 1]);
        }
        assert_true(*open < 64);
        ends[it->thread][(*open)++] = it->end_us;
    }
}

/* The smallest slice of this category that holds it, NULL = none. */
static const event *holder_of(const trace *of, const event *it, const char *category)
{
    const event *found = NULL;
    for (size_t i = 0; i < of->count; ++i) {
        const event *other = &of->list[i];
        const bool holds = other != it && is_slice(other, category) && other->thread == it->thread &&
                           other->start_us <= it->start_us + 0.0004 && other->end_us >= it->end_us - 0.0004;
        if (holds && (found == NULL || other->end_us - other->start_us < found->end_us - found->start_us)) {
            found = other;
        }
    }
    return found;
}

static void frames_hold_sections_and_sections_hold_work(void **state)
{
    (void)state;
    open_stage(0);
    run_frames(60);
    trace it = write_and_read();
    assert_nests(&it);
    assert_int_equal(count_of(&it, "frame", "frame"), 60);
    assert_true(count_of(&it, "section", NULL) >= (size_t)3 * 60); /* at least draw, evict and swap in each */
    pxc_stats stats;
    assert_int_equal(pxc_get_stats(s.engine->cache, &stats), PXC_OK);
    assert_int_equal(count_of(&it, "work", "upload"), stats.uploads);
    assert_int_equal(count_of(&it, "work", "decode"), stats.uploads);
    for (size_t i = 0; i < it.count; ++i) {
        const event *slice = &it.list[i];
        if (is_slice(slice, "section")) {
            assert_non_null(holder_of(&it, slice, "frame"));
        } else if (is_slice(slice, "work")) {
            const event *section = holder_of(&it, slice, "section");
            assert_non_null(section);
            assert_true(strcmp(slice->name, "decode") != 0 || strcmp(section->name, "load") == 0);
            assert_true(strcmp(slice->name, "upload") != 0 || strcmp(section->name, "insert") == 0);
            assert_true(strcmp(slice->name, "delete") != 0 || strcmp(section->name, "evict") == 0);
        }
    }
    trace_free(&it);
    stage_close(&s);
}

/* As a reader of UTF-8 sees it: each byte that is none is U+FFFD. */
static void as_utf8(const char *name, char *out)
{
    for (; *name != '\0'; ++name) {
        if ((unsigned char)*name == 0xFF) {
            memcpy(out, "\xEF\xBF\xBD", 3);
            out += 3;
        } else {
            *out++ = *name;
        }
    }
    *out = '\0';
}

static void work_names_its_picture_and_its_bytes(void **state)
{
    (void)state;
    bool seen[FILES] = {false};
    uint64_t bytes = 0;
    pxc_stats stats;
    open_stage(0);
    run_frames(60);
    trace it = write_and_read();
    for (size_t i = 0; i < it.count; ++i) {
        char name[PATH_BYTES];
        char expected[PATH_BYTES];
        if (!is_slice(&it.list[i], "work") || strcmp(it.list[i].name, "upload") != 0) {
            continue;
        }
        bytes += (uint64_t)number_at(it.list[i].args, "bytes");
        json_text(json_member(it.list[i].args, "picture"), name, sizeof name);
        for (int j = 0; j < FILES; ++j) {
            as_utf8(path_in(&in, names[j]), expected);
            seen[j] = seen[j] || strncmp(name, expected, strlen(expected)) == 0;
        }
    }
    for (int j = 0; j < FILES; ++j) {
        assert_true(seen[j]);
    }
    assert_int_equal(pxc_get_stats(s.engine->cache, &stats), PXC_OK);
    assert_int_equal(bytes, stats.upload_bytes);
    trace_free(&it);
    stage_close(&s);
}

static void workers_have_threads_of_their_own(void **state)
{
    (void)state;
    stage_open_config(&s, (pxe_engine_config){.window = {.width = SIDE, .height = SIDE},
                                              .limit_bytes = 3 * BYTES,
                                              .workers = 2,
                                              .keep_slices = true});
    for (int rounds = 0;
         rounds < 1000 && pxe_profile_pictures_sum(s.engine->profile, NULL).uploads < 2 * FILES; ++rounds) {
        run_frames(20);
    }
    trace it = write_and_read();
    assert_nests(&it);
    size_t by_workers = 0;
    for (size_t i = 0; i < it.count; ++i) {
        const event *slice = &it.list[i];
        const bool loads = strcmp(slice->name, "read") == 0 || strcmp(slice->name, "decode") == 0;
        if (slice->phase == 'X') {
            assert_true(loads == (slice->thread > 1));
            assert_true(slice->thread <= 3);
            by_workers += loads ? 1 : 0;
        }
        if (slice->phase == 'X' && loads) {
            assert_null(holder_of(&it, slice, NULL)); /* one after the other */
        }
        if (slice->phase == 'M' && strcmp(slice->name, "thread_name") == 0) {
            char name[32];
            char expected[32] = "render";
            if (slice->thread > 1) {
                snprintf(expected, sizeof expected, "worker %d", slice->thread - 1);
            }
            assert_string_equal(json_text(json_member(slice->args, "name"), name, sizeof name), expected);
        }
    }
    assert_true(by_workers >= 2 * FILES);
    trace_free(&it);
    stage_close(&s);
}

static void assert_counter(const event *it, const char *name, double expected)
{
    if (fabs(number_at(it->args, name) - expected) > 0.00051) {
        fail_msg("%s.%s is %f instead of %f", it->name, name, number_at(it->args, name), expected);
    }
}

static void counters_are_the_frames(void **state)
{
    (void)state;
    size_t counts[4] = {0};
    open_stage(40);
    run_frames(60);
    trace it = write_and_read();
    for (size_t i = 0; i < it.count; ++i) {
        const event *counter = &it.list[i];
        if (counter->phase != 'C') {
            continue;
        }
        const char *kinds[] = {"video memory (bytes)", "accesses", "uploads (bytes)", "GPU time (ms)"};
        size_t kind = 0;
        while (kind < 4 && strcmp(kinds[kind], counter->name) != 0) {
            ++kind;
        }
        assert_true(kind < 4);
        const pxe_frame *frame = pxe_profile_frame(s.engine->profile, 20 + counts[kind]++);
        assert_non_null(frame);
        assert_true(fabs(counter->start_us / 1e3 - (frame->start_ms + frame->frame_ms)) < 0.00001);
        const double values[4][3] = {
            {(double)frame->used_bytes, (double)frame->limit_bytes, (double)frame->peak_bytes},
            {(double)frame->hits, (double)frame->misses, (double)frame->evictions},
            {(double)frame->upload_bytes},
            {frame->gpu_ms}};
        static const char *const members[4][3] = {
            {"used", "limit", "peak"}, {"hits", "misses", "evictions"}, {"bytes"}, {"ms"}};
        for (int j = 0; j < 3 && members[kind][j] != NULL; ++j) {
            assert_counter(counter, members[kind][j], values[kind][j]);
        }
    }
    for (int kind = 0; kind < 4; ++kind) {
        assert_int_equal(counts[kind], 40);
    }
    trace_free(&it);
    stage_close(&s);
}

static void slow_frames_say_why(void **state)
{
    (void)state;
    static pxe_slow_frame slow[PXE_SLOW_FRAMES];
    size_t told = 0;
    open_stage(0);
    pxe_profile_set_slow_ms(s.engine->profile, 1e9);
    run_frames(20);
    pxe_profile_set_slow_ms(s.engine->profile, 1e-9);
    run_frames(15);
    assert_int_equal(pxe_profile_slow_frames(s.engine->profile, slow, COUNT_OF(slow)), 15);
    trace it = write_and_read();
    for (size_t i = 0; i < it.count; ++i) {
        if (!is_slice(&it.list[i], "frame")) {
            continue;
        }
        const size_t frame = (size_t)number_at(it.list[i].args, "frame");
        const char *why = json_member(it.list[i].args, "slow");
        assert_true((frame >= 20) == (why != NULL));
        if (why != NULL) {
            char text[1024];
            char raw[1024];
            char expected[2048];
            pxe_slow_frame_text(&slow[34 - frame], raw, sizeof raw);
            as_utf8(raw, expected);
            char read[2048];
            assert_string_equal(json_text(why, read, sizeof read), expected);
            assert_true(snprintf(text, sizeof text, "frame %zu ", frame) > 0 && strstr(read, text) == read);
            ++told;
        }
    }
    assert_int_equal(told, 15);
    trace_free(&it);
    stage_close(&s);
}

/* Slices as clocks should never tell them: across frames, across each other, before the first frame, of no length,
 * of no number. The trace nests all the same. */
static void slices_that_overlap_are_fitted(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 15; ++seed) {
        uint64_t random = seed;
        open_stage(20);
        run_frames(25);
        const double end_ms = pxe_profile_now_ms(s.engine->profile);
        for (int i = 0; i < 300; ++i) {
            const double start_ms = end_ms * random_below(&random, 1000) / 999;
            const double ms = random_below(&random, 4) == 0 ? 0 : end_ms * random_below(&random, 1000) / 5000;
            const pxe_slice slice = {.start_ms = start_ms,
                                     .duration_ms = i == 7   ? NAN
                                                    : i == 8 ? -1
                                                    : i == 9 ? 1e300
                                                             : ms,
                                     .bytes = (uint64_t)i,
                                     .work = (uint8_t)random_below(&random, PXE_WORK_KINDS),
                                     .thread =
                                         (uint8_t)(random_below(&random, 3) == 0 ? 254 + i % 2 : i % 3)};
            pxe_profile_slice(s.engine->profile, &slice);
        }
        trace it = write_and_read();
        assert_nests(&it);
        assert_int_equal(count_of(&it, "frame", NULL), 20);
        assert_true(count_of(&it, NULL, NULL) >= 320);
        trace_free(&it);
        stage_close(&s);
    }
}

static void rings_that_have_wrapped_give_what_they_keep(void **state)
{
    (void)state;
    open_stage(5);
    pxe_profile *own = pxe_profile_create(pxe_window_gl(s.engine->window), 3, 7);
    assert_non_null(own);
    pxe_profile *engines = s.engine->profile;
    s.engine->profile = own;
    for (uint64_t frames = 1; frames <= 12; ++frames) {
        pxe_profile_begin(own);
        pxe_profile_add(own, PXE_SECTION_DRAW, pxe_profile_now_ms(own));
        pxe_profile_add(own, PXE_SECTION_SWAP, pxe_profile_now_ms(own));
        pxe_profile_stop_gpu(own);
        pxe_profile_end(own, &(pxc_stats){0}, 0, 0);
        trace it = write_and_read();
        assert_nests(&it);
        assert_int_equal(count_of(&it, "frame", NULL), frames < 3 ? frames : 3);
        assert_int_equal(count_of(&it, "section", NULL), frames < 4 ? frames * 2 : 7);
        trace_free(&it);
    }
    s.engine->profile = engines;
    pxe_profile_destroy(own);
    stage_close(&s);
}

static void no_frame_is_a_trace_of_nothing(void **state)
{
    (void)state;
    open_stage(4);
    trace it = write_and_read();
    assert_int_equal(count_of(&it, NULL, NULL), 0);
    assert_int_equal(it.count, 2); /* the names of the program and of its thread */
    trace_free(&it);
    stage_close(&s);
}

static void the_json_reader_is_strict(void **state)
{
    (void)state;
    static const char *const good[] = {"{}", " [1, -2.5e+3, \"a\\u00e9\\n\", true, null, {\"a\": [{}]}]\n",
                                       "0"};
    static const char *const bad[] = {"",      "{",       "[1,]", "{\"a\":}", "{a:1}",      "01",
                                      "[1 2]", "\"a\n\"", "1.",   "nul",      "{\"a\":1,}", "[\"\\x\"]",
                                      "[nan]", "{} {}",   "-",    "[1]]",     "\"open",     "{\"a\" 1}"};
    char text[64];
    for (size_t i = 0; i < COUNT_OF(good); ++i) {
        assert_true(json_is_well_formed(good[i]));
    }
    for (size_t i = 0; i < COUNT_OF(bad); ++i) {
        assert_false(json_is_well_formed(bad[i]));
    }
    assert_string_equal(json_text("\"a\\u00e9\\n\\\"\\u20acz\"", text, sizeof text),
                        "a\xC3\xA9\n\"\xE2\x82\xACz");
    assert_string_equal(json_next(json_first("[[1,2], \"b\"]")), "\"b\"]");
    assert_null(json_first("[ ]"));
    assert_null(json_next(json_first("[7]")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_hold_sections_and_sections_hold_work),
        cmocka_unit_test(work_names_its_picture_and_its_bytes),
        cmocka_unit_test(workers_have_threads_of_their_own),
        cmocka_unit_test(counters_are_the_frames),
        cmocka_unit_test(slow_frames_say_why),
        cmocka_unit_test(slices_that_overlap_are_fitted),
        cmocka_unit_test(rings_that_have_wrapped_give_what_they_keep),
        cmocka_unit_test(no_frame_is_a_trace_of_nothing),
        cmocka_unit_test(the_json_reader_is_strict),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
