/* The record of frames: its CSV agrees with the cache's statistics, its summary with its CSV, and its trace is JSON in
 * which every slice lies in a frame. */
#include "engine_fixture.h"
#include "strict_json.h"

#include <math.h>

enum { SIDE = 16, BYTES = SIDE * SIDE * 4, FILES = 6, COLUMNS_AT_MOST = 32, FRAMES_AT_MOST = 256 };

/* By number in this order, which is the order that readers may rely on. */
enum {
    FRAME,
    FRAME_MS,
    CPU_MS,
    GPU_MS,
    HITS,
    MISSES,
    EVICTIONS,
    UPLOADS,
    UPLOAD_BYTES,
    UPLOAD_MS,
    USED_BYTES,
    LIMIT_BYTES,
    DRAWS,
    SPRITES,
    FIXED_COLUMNS
};

static const char header[] =
    "frame,frame_ms,cpu_ms,gpu_ms,hits,misses,evictions,uploads,upload_bytes,upload_ms,"
    "used_bytes,limit_bytes,draws,sprites";

static folder in;
static stage s;

static int make_files(void **state)
{
    (void)state;
    folder_open(&in);
    for (int i = 0; i < FILES; ++i) {
        char name[32];
        snprintf(name, sizeof name, "%d.png", i);
        write_png_flat(path_in(&in, name), SIDE, SIDE, 0x4080C0FF);
    }
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    folder_close(&in);
    return 0;
}

static void open_stage(uint32_t frames_kept)
{
    stage_open_config(&s, (pxe_engine_config){.window = {.width = SIDE, .height = SIDE},
                                              .limit_bytes = 3 * BYTES,
                                              .frames_kept = frames_kept,
                                              .keep_slices = true});
}

/* Frames with hits, misses, uploads, evictions, sprites of several textures, and some with nothing. */
static void run_frames(int count)
{
    uint64_t seed = 51;
    for (int frame = 0; frame < count; ++frame) {
        stage_begin(&s, 0x000000FF);
        for (uint32_t i = random_below(&seed, 4); i > 0; --i) {
            char name[32];
            pxe_sprite sprite = {0};
            snprintf(name, sizeof name, "%u.png", random_below(&seed, FILES));
            const pxe_image image = pxe_images_open(s.engine->images, path_in(&in, name), NULL);
            pxe_images_texture(s.engine->images, image, &sprite.texture);
            pxe_sprites_draw(s.engine->sprites, &sprite);
        }
        pxe_frame_end(s.engine, NULL, NULL);
    }
    pxe_profile_finish(s.engine->profile);
}

typedef struct table {
    double cells[FRAMES_AT_MOST][COLUMNS_AT_MOST];
    int rows, columns;
} table;

/* Every row as many numbers as the header has names. */
static void read_csv(const char *path, table *out)
{
    buffer file = read_file(path);
    buffer_add_byte(&file, 0);
    const char *at = (const char *)file.bytes;
    assert_int_equal(strncmp(at, header, sizeof header - 1), 0);
    assert_true(at[sizeof header - 1] == ',' || at[sizeof header - 1] == '\n');
    *out = (table){.columns = 1};
    for (; *at != '\n'; ++at) {
        assert_true(*at != '\0');
        out->columns += *at == ',' ? 1 : 0;
    }
    assert_in_range(out->columns, FIXED_COLUMNS, COLUMNS_AT_MOST);
    for (++at; *at != '\0'; ++out->rows) {
        assert_true(out->rows < FRAMES_AT_MOST);
        for (int column = 0; column < out->columns; ++column) {
            char *end = NULL;
            assert_true(*at >= '0' && *at <= '9');
            out->cells[out->rows][column] = strtod(at, &end);
            assert_int_equal(*end, column + 1 == out->columns ? '\n' : ',');
            at = end + 1;
        }
    }
    buffer_free(&file);
}

static void write_and_read_csv(table *out)
{
    pxe_error error = {""};
    const char *path = path_in(&in, "frames.csv");
    if (!pxe_profile_write_csv(s.engine->profile, path, &error)) {
        fail_msg("%s", error.text);
    }
    read_csv(path, out);
}

static double sum_of(const table *of, int column)
{
    double sum = 0;
    for (int i = 0; i < of->rows; ++i) {
        sum += of->cells[i][column];
    }
    return sum;
}

static void the_csv_adds_up_to_the_caches_statistics(void **state)
{
    (void)state;
    static table csv;
    pxc_stats stats;
    open_stage(0);
    run_frames(120);
    assert_int_equal(pxc_get_stats(s.engine->cache, &stats), PXC_OK);
    write_and_read_csv(&csv);
    assert_int_equal(csv.rows, 120);
    assert_int_equal(sum_of(&csv, HITS), stats.hits);
    assert_int_equal(sum_of(&csv, MISSES), stats.misses);
    assert_int_equal(sum_of(&csv, EVICTIONS), stats.evictions);
    assert_int_equal(sum_of(&csv, UPLOADS), stats.uploads);
    assert_int_equal(sum_of(&csv, UPLOAD_BYTES), stats.upload_bytes);
    assert_int_equal(sum_of(&csv, SPRITES), stats.hits + stats.misses); /* a sprite a use */
    assert_true(stats.hits > 0 && stats.misses > 0 && stats.evictions > 0);
    assert_int_equal(csv.cells[119][USED_BYTES], stats.used_bytes);
    for (int i = 0; i < csv.rows; ++i) {
        const double *row = csv.cells[i];
        assert_int_equal(row[FRAME], i);
        assert_int_equal(row[LIMIT_BYTES], 3 * BYTES);
        assert_true(row[USED_BYTES] <= row[LIMIT_BYTES]);
        assert_true(row[DRAWS] <= row[SPRITES]);
        assert_true((row[DRAWS] == 0) == (row[SPRITES] == 0));
        assert_true(row[CPU_MS] <= row[FRAME_MS]);
        assert_true(row[UPLOAD_MS] <= row[CPU_MS] + 0.0011);
        assert_true(row[UPLOAD_BYTES] >= 0 && row[GPU_MS] >= 0);
    }
    stage_close(&s);
}

static void the_ring_keeps_the_newest(void **state)
{
    (void)state;
    static table csv;
    open_stage(10);
    run_frames(7);
    write_and_read_csv(&csv);
    assert_int_equal(csv.rows, 7);
    for (int frames = 8; frames <= 33; ++frames) {
        run_frames(1);
        write_and_read_csv(&csv);
        assert_int_equal(csv.rows, frames < 10 ? frames : 10);
        assert_int_equal(csv.cells[csv.rows - 1][FRAME], frames - 1);
        for (int i = 1; i < csv.rows; ++i) {
            assert_int_equal(csv.cells[i][FRAME], csv.cells[i - 1][FRAME] + 1);
        }
    }
    assert_int_equal(pxe_profile_last(s.engine->profile)->frame, 32);
    stage_close(&s);
}

static void no_frame_is_a_header_and_a_summary_of_nothing(void **state)
{
    (void)state;
    static table csv;
    pxe_summary summary;
    open_stage(4);
    assert_null(pxe_profile_last(s.engine->profile));
    assert_true(pxe_profile_summary(s.engine->profile, &summary));
    assert_int_equal(summary.frames, 0);
    assert_true(summary.all.p50_ms == 0 && summary.all.p99_ms == 0 && summary.all.max_ms == 0);
    write_and_read_csv(&csv);
    assert_int_equal(csv.rows, 0);
    stage_close(&s);
}

/* The value that at least so many of a hundred do not exceed, by counting and without sorting. */
static double percentile(const table *of, int percent)
{
    double best = INFINITY;
    for (int i = 0; i < of->rows; ++i) {
        int at_most = 0;
        for (int j = 0; j < of->rows; ++j) {
            at_most += of->cells[j][FRAME_MS] <= of->cells[i][FRAME_MS] ? 1 : 0;
        }
        if (at_most * 100 >= percent * of->rows && of->cells[i][FRAME_MS] < best) {
            best = of->cells[i][FRAME_MS];
        }
    }
    return best;
}

static void the_summary_is_by_nearest_rank_over_the_frames_kept(void **state)
{
    (void)state;
    static table csv;
    const double rounding_ms = 0.00051; /* the CSV has thousandths */
    open_stage(150);
    for (int round = 0; round < 40; ++round) {
        pxe_summary summary;
        double peak = 0;
        run_frames(round % 5 == 0 ? 1 : 7);
        write_and_read_csv(&csv);
        assert_true(pxe_profile_summary(s.engine->profile, &summary));
        assert_true(fabs(summary.all.p50_ms - percentile(&csv, 50)) < rounding_ms);
        assert_true(fabs(summary.all.p99_ms - percentile(&csv, 99)) < rounding_ms);
        assert_true(fabs(summary.all.max_ms - percentile(&csv, 100)) < rounding_ms);
        for (int i = 0; i < csv.rows; ++i) {
            peak = fmax(peak, csv.cells[i][USED_BYTES]);
        }
        assert_int_equal(summary.boundary_peak_bytes, peak);
        assert_int_equal(summary.frames, pxe_profile_last(s.engine->profile)->frame + 1);
    }
    assert_int_equal(csv.rows, 150);
    stage_close(&s);
}

/* Waiting for the user is no part of a frame; a frame begins where the one before it ended. */
static void frames_follow_one_another(void **state)
{
    (void)state;
    open_stage(0);
    pxe_frame before = {0};
    for (int i = 0; i < 10; ++i) {
        stage_begin(&s, 0);
        pxe_frame_end(s.engine, NULL, NULL);
        const pxe_frame *now = pxe_profile_last(s.engine->profile);
        assert_true(i == 0 || fabs(now->start_ms - (before.start_ms + before.frame_ms)) < 1e-6);
        before = *now;
    }
    pxe_profile_skip_idle(s.engine->profile);
    const double skipped_ms = pxe_profile_now_ms(s.engine->profile);
    stage_begin(&s, 0);
    pxe_frame_end(s.engine, NULL, NULL);
    const pxe_frame *after = pxe_profile_last(s.engine->profile);
    assert_true(after->start_ms >= before.start_ms + before.frame_ms);
    assert_true(after->start_ms <= skipped_ms);
    stage_close(&s);
}

typedef struct slice {
    double start_us, end_us;
    bool is_frame;
} slice;

/* The complete slices ("ph":"X") of a trace. */
static size_t read_slices(const char *text, slice *out, size_t capacity)
{
    size_t count = 0;
    assert_true(json_is_well_formed(text));
    const char *at = json_member(json_space(text), "traceEvents");
    assert_non_null(at);
    assert_int_equal(*at, '[');
    for (at = json_space(at + 1); *at == '{'; at = json_space(*at == ',' ? at + 1 : at)) {
        const char *phase = json_member(at, "ph");
        const char *name = json_member(at, "name");
        assert_true(phase != NULL && name != NULL);
        if (strncmp(phase, "\"X\"", 3) == 0) {
            const char *start = json_member(at, "ts");
            const char *duration = json_member(at, "dur");
            assert_true(start != NULL && duration != NULL && count < capacity);
            out[count].start_us = strtod(start, NULL);
            out[count].end_us = out[count].start_us + strtod(duration, NULL);
            out[count++].is_frame = strncmp(name, "\"frame\"", 7) == 0;
        }
        at = json_space(json_value(at, 0));
    }
    assert_int_equal(*at, ']');
    return count;
}

static void the_trace_is_json_whose_slices_nest_in_their_frames(void **state)
{
    (void)state;
    static slice slices[2000];
    const double rounding_us = 0.0021;
    int frames = 0;
    int others = 0;
    pxe_error error = {""};
    const char *path = path_in(&in, "trace.json");
    open_stage(0);
    run_frames(60);
    assert_true(pxe_profile_write_trace(s.engine->profile, path, &error));
    buffer file = read_file(path);
    buffer_add_byte(&file, 0);
    const size_t count = read_slices((const char *)file.bytes, slices, COUNT_OF(slices));
    for (size_t i = 0; i < count; ++i) {
        int around = 0;
        for (size_t j = 0; j < count; ++j) {
            around += slices[j].is_frame && slices[j].start_us <= slices[i].start_us + rounding_us &&
                              slices[j].end_us >= slices[i].end_us - rounding_us
                          ? 1
                          : 0;
        }
        assert_true(slices[i].end_us >= slices[i].start_us);
        assert_int_equal(around, 1);
        frames += slices[i].is_frame ? 1 : 0;
        others += slices[i].is_frame ? 0 : 1;
    }
    assert_int_equal(frames, 60);
    assert_true(others >= 3 * 60); /* at least draw, evict and swap in each */
    buffer_free(&file);
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
    for (size_t i = 0; i < COUNT_OF(good); ++i) {
        assert_true(json_is_well_formed(good[i]));
    }
    for (size_t i = 0; i < COUNT_OF(bad); ++i) {
        assert_false(json_is_well_formed(bad[i]));
    }
}

typedef bool (*write_fn)(const pxe_profile *profile, const char *path, pxe_error *error);

static void files_that_can_not_be_written_are_told(void **state)
{
    (void)state;
    static const write_fn writers[] = {pxe_profile_write_csv, pxe_profile_write_trace};
    open_stage(0);
    for (int frames = 1; frames <= 201; frames += 200) { /* within a buffer, and beyond it */
        run_frames(frames);
        for (size_t i = 0; i < COUNT_OF(writers); ++i) {
            pxe_error error = {""};
            assert_false(writers[i](s.engine->profile, path_in(&in, "no/folder/file"), &error));
            assert_says(&error, "No such file");
            assert_false(writers[i](s.engine->profile, in.path, &error));
            assert_says(&error, "directory");
            assert_false(writers[i](s.engine->profile, "", NULL));
            if (access("/dev/full", W_OK) == 0) {
                assert_false(writers[i](s.engine->profile, "/dev/full", &error));
                assert_says(&error, "No space left");
            }
        }
    }
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_csv_adds_up_to_the_caches_statistics),
        cmocka_unit_test(the_ring_keeps_the_newest),
        cmocka_unit_test(no_frame_is_a_header_and_a_summary_of_nothing),
        cmocka_unit_test(the_summary_is_by_nearest_rank_over_the_frames_kept),
        cmocka_unit_test(frames_follow_one_another),
        cmocka_unit_test(the_trace_is_json_whose_slices_nest_in_their_frames),
        cmocka_unit_test(the_json_reader_is_strict),
        cmocka_unit_test(files_that_can_not_be_written_are_told),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
