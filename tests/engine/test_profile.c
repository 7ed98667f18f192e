/* The record of frames: its CSV agrees with the cache's statistics, with the record itself; its summary with its
 * CSV. */
#include "profile_stage.h"

#include <locale.h>

static void the_csv_has_the_columns_that_readers_rely_on(void **state)
{
    (void)state;
    static const char *const columns[] = {
        "frame",         "frame_ms",          "cpu_ms",         "gpu_ms",    "hits",       "misses",
        "evictions",     "uploads",           "upload_bytes",   "upload_ms", "used_bytes", "limit_bytes",
        "draws",         "sprites",           "load_ms",        "draw_ms",   "evict_ms",   "swap_ms",
        "entries",       "update_ms",         "insert_ms",      "cache_ms",  "delete_ms",  "first_misses",
        "late_draws",    "peak_bytes",        "pinned_bytes",   "fps",       "frametime",  "elapsed",
        "TimeInSeconds", "MsBetweenPresents", "MsInPresentAPI", "slow",      "curve",      "pictures"};
    open_stage(0);
    run_frames(3);
    csv_rows csv = write_and_read_csv();
    assert_int_equal(csv.columns, COUNT_OF(columns));
    for (size_t i = 0; i < COUNT_OF(columns); ++i) {
        assert_string_equal(csv.cells[0][i], columns[i]);
    }
    csv_rows_free(&csv);
    stage_close(&s);
}

static void the_csv_adds_up_to_the_caches_statistics(void **state)
{
    (void)state;
    pxc_stats stats;
    open_stage(0);
    run_frames(120);
    assert_int_equal(pxc_get_stats(s.engine->cache, &stats), PXC_OK);
    csv_rows csv = write_and_read_csv();
    assert_int_equal(csv.rows, 121);
    assert_int_equal(csv_sum(&csv, "hits"), stats.hits);
    assert_int_equal(csv_sum(&csv, "misses"), stats.misses);
    assert_int_equal(csv_sum(&csv, "evictions"), stats.evictions);
    assert_int_equal(csv_sum(&csv, "uploads"), stats.uploads);
    assert_int_equal(csv_sum(&csv, "upload_bytes"), stats.upload_bytes);
    assert_int_equal(csv_sum(&csv, "sprites"), stats.hits + stats.misses); /* a sprite a use */
    assert_int_equal(csv_sum(&csv, "first_misses"), FILES); /* each file once; the rest was evicted */
    assert_true(stats.hits > 0 && stats.misses > FILES && stats.evictions > 0);
    assert_int_equal(csv_whole(&csv, 119, "used_bytes"), stats.used_bytes);
    for (size_t i = 0; i < 120; ++i) {
        assert_int_equal(csv_whole(&csv, i, "frame"), i);
        assert_int_equal(csv_whole(&csv, i, "limit_bytes"), 3 * BYTES);
        assert_true(csv_whole(&csv, i, "used_bytes") <= 3 * BYTES);
        assert_true(csv_whole(&csv, i, "peak_bytes") >= csv_whole(&csv, i, "used_bytes"));
        assert_true(csv_whole(&csv, i, "first_misses") <= csv_whole(&csv, i, "misses"));
        assert_true(csv_whole(&csv, i, "draws") <= csv_whole(&csv, i, "sprites"));
        assert_true((csv_whole(&csv, i, "draws") == 0) == (csv_whole(&csv, i, "sprites") == 0));
        assert_true(csv_number(&csv, i, "cpu_ms") <= csv_number(&csv, i, "frame_ms"));
        assert_true(csv_number(&csv, i, "upload_ms") <= csv_number(&csv, i, "cpu_ms") + 0.0011);
    }
    csv_rows_free(&csv);
    stage_close(&s);
}

static void assert_rounds(const csv_rows *csv, size_t row, const char *column, double expected)
{
    if (fabs(csv_number(csv, row, column) - expected) > 0.000501) {
        fail_msg("%s in row %zu is %s instead of %f", column, row, csv_text(csv, row, column), expected);
    }
}

static void assert_times(const csv_rows *csv, size_t row, const pxe_frame *f)
{
    assert_rounds(csv, row, "frame_ms", f->frame_ms);
    assert_rounds(csv, row, "cpu_ms", f->cpu_ms);
    assert_rounds(csv, row, "gpu_ms", f->gpu_ms);
    assert_rounds(csv, row, "upload_ms", f->upload_ms);
    assert_rounds(csv, row, "load_ms", f->section_ms[PXE_SECTION_LOAD]);
    assert_rounds(csv, row, "update_ms", f->section_ms[PXE_SECTION_UPDATE]);
    assert_rounds(csv, row, "insert_ms", f->section_ms[PXE_SECTION_INSERT]);
    assert_rounds(csv, row, "draw_ms", f->section_ms[PXE_SECTION_DRAW]);
    assert_rounds(csv, row, "evict_ms", f->section_ms[PXE_SECTION_EVICT]);
    assert_rounds(csv, row, "swap_ms", f->section_ms[PXE_SECTION_SWAP]);
    assert_rounds(csv, row, "cache_ms", f->cache_ms);
    assert_rounds(csv, row, "delete_ms", f->delete_ms);
    assert_rounds(csv, row, "frametime", f->frame_ms);
    assert_rounds(csv, row, "MsBetweenPresents", f->frame_ms);
    assert_rounds(csv, row, "MsInPresentAPI", f->section_ms[PXE_SECTION_SWAP]);
    assert_rounds(csv, row, "fps", 1000 / f->frame_ms);
    assert_true(fabs(csv_number(csv, row, "TimeInSeconds") * 1e3 - (f->start_ms + f->frame_ms)) < 0.00051);
    assert_true(fabs((double)csv_whole(csv, row, "elapsed") / 1e6 - (f->start_ms + f->frame_ms)) < 0.00051);
}

static void assert_row(const csv_rows *csv, size_t row, const pxe_frame *f)
{
    assert_int_equal(csv_whole(csv, row, "frame"), f->frame);
    assert_int_equal(csv_whole(csv, row, "hits"), f->hits);
    assert_int_equal(csv_whole(csv, row, "misses"), f->misses);
    assert_int_equal(csv_whole(csv, row, "evictions"), f->evictions);
    assert_int_equal(csv_whole(csv, row, "uploads"), f->uploads);
    assert_int_equal(csv_whole(csv, row, "upload_bytes"), f->upload_bytes);
    assert_int_equal(csv_whole(csv, row, "used_bytes"), f->used_bytes);
    assert_int_equal(csv_whole(csv, row, "limit_bytes"), f->limit_bytes);
    assert_int_equal(csv_whole(csv, row, "peak_bytes"), f->peak_bytes);
    assert_int_equal(csv_whole(csv, row, "pinned_bytes"), f->pinned_bytes);
    assert_int_equal(csv_whole(csv, row, "entries"), f->entries);
    assert_int_equal(csv_whole(csv, row, "first_misses"), f->first_misses);
    assert_int_equal(csv_whole(csv, row, "late_draws"), f->late_draws);
    assert_int_equal(csv_whole(csv, row, "draws"), f->draws);
    assert_int_equal(csv_whole(csv, row, "sprites"), f->sprites);
}

static void each_row_is_its_frame(void **state)
{
    (void)state;
    open_stage(30);
    run_frames(47);
    csv_rows csv = write_and_read_csv();
    assert_int_equal(csv.rows, 31);
    for (size_t i = 0; i < 30; ++i) {
        const pxe_frame *frame = pxe_profile_frame(s.engine->profile, 17 + i);
        assert_non_null(frame);
        assert_row(&csv, i, frame);
        assert_times(&csv, i, frame);
    }
    csv_rows_free(&csv);
    stage_close(&s);
}

/* Values that no session has, each another one, so that a cell in a wrong column is found. */
static void huge_numbers_are_written_whole(void **state)
{
    (void)state;
    open_stage(2);
    run_frames(1);
    pxe_frame *f = &s.engine->profile->frames[0];
    f->hits = UINT64_MAX;
    f->misses = UINT64_MAX - 1;
    f->evictions = UINT64_MAX - 2;
    f->uploads = UINT64_MAX - 3;
    f->upload_bytes = UINT64_MAX - 4;
    f->used_bytes = UINT64_MAX - 5;
    f->limit_bytes = UINT64_MAX - 6;
    f->peak_bytes = UINT64_MAX - 7;
    f->pinned_bytes = UINT64_MAX - 9;
    f->entries = UINT64_MAX - 8;
    f->draws = UINT32_MAX;
    f->sprites = UINT32_MAX - 1;
    f->first_misses = UINT32_MAX - 2;
    f->late_draws = UINT32_MAX - 3;
    f->gpu_ms = 86400000.125;
    f->cache_ms = 1e300;
    f->delete_ms = NAN;
    csv_rows csv = write_and_read_csv();
    assert_row(&csv, 0, f);
    assert_string_equal(csv_text(&csv, 0, "gpu_ms"), "86400000.125");
    assert_true(csv_number(&csv, 0, "cache_ms") >= 9e15);
    assert_string_equal(csv_text(&csv, 0, "delete_ms"), "0.000");
    csv_rows_free(&csv);
    stage_close(&s);
}

static void a_locale_with_decimal_commas_changes_nothing(void **state)
{
    (void)state;
    static const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8", "fr_FR.utf8"};
    bool found = false;
    for (size_t i = 0; i < COUNT_OF(locales) && !found; ++i) {
        found = setlocale(LC_NUMERIC, locales[i]) != NULL;
    }
    if (!found) {
        skip();
    }
    open_stage(0);
    run_frames(5);
    pxe_error error = {""};
    const char *path = path_in(&in, "frames.csv");
    assert_true(pxe_profile_write_csv(s.engine->profile, path, &error));
    setlocale(LC_NUMERIC, "C");
    csv_rows csv = csv_read(path);
    assert_times(&csv, 4, pxe_profile_frame(s.engine->profile, 4));
    csv_rows_free(&csv);
    stage_close(&s);
}

static void the_ring_keeps_the_newest(void **state)
{
    (void)state;
    open_stage(10);
    run_frames(7);
    for (size_t frames = 8; frames <= 33; ++frames) {
        run_frames(1);
        csv_rows csv = write_and_read_csv();
        assert_int_equal(csv.rows - 1, frames < 10 ? frames : 10);
        assert_int_equal(csv_whole(&csv, csv.rows - 2, "frame"), frames - 1);
        for (size_t i = 1; i + 1 < csv.rows; ++i) {
            assert_int_equal(csv_whole(&csv, i, "frame"), csv_whole(&csv, i - 1, "frame") + 1);
        }
        csv_rows_free(&csv);
    }
    assert_int_equal(pxe_profile_last(s.engine->profile)->frame, 32);
    assert_null(pxe_profile_frame(s.engine->profile, 22));
    assert_int_equal(pxe_profile_frame(s.engine->profile, 23)->frame, 23);
    assert_null(pxe_profile_frame(s.engine->profile, 33));
    stage_close(&s);
}

static void no_frame_is_a_header_and_a_summary_of_nothing(void **state)
{
    (void)state;
    pxe_summary summary;
    open_stage(4);
    assert_null(pxe_profile_last(s.engine->profile));
    assert_true(pxe_profile_summary(s.engine->profile, &summary));
    assert_int_equal(summary.frames, 0);
    assert_true(summary.all.p50_ms == 0 && summary.all.p99_ms == 0 && summary.all.max_ms == 0);
    csv_rows csv = write_and_read_csv();
    assert_int_equal(csv.rows, 1);
    csv_rows_free(&csv);
    stage_close(&s);
}

/* The value that at least so many of a hundred do not exceed, by counting and without sorting. */
static double percentile(const csv_rows *of, int percent)
{
    double best = INFINITY;
    for (size_t i = 0; i + 1 < of->rows; ++i) {
        const double value = csv_number(of, i, "frame_ms");
        size_t at_most = 0;
        for (size_t j = 0; j + 1 < of->rows; ++j) {
            at_most += csv_number(of, j, "frame_ms") <= value ? 1 : 0;
        }
        if (at_most * 100 >= (size_t)percent * (of->rows - 1) && value < best) {
            best = value;
        }
    }
    return best;
}

static void the_summary_is_of_the_frames_kept(void **state)
{
    (void)state;
    const double rounding_ms = 0.00051; /* the CSV has thousandths */
    open_stage(50);
    for (int round = 0; round < 12; ++round) {
        pxe_summary summary;
        uint64_t peak = 0;
        uint64_t calm = 0;
        run_frames(round % 5 == 0 ? 1 : 7);
        csv_rows csv = write_and_read_csv();
        assert_true(pxe_profile_summary(s.engine->profile, &summary));
        assert_true(fabs(summary.all.p50_ms - percentile(&csv, 50)) < rounding_ms);
        assert_true(fabs(summary.all.p99_ms - percentile(&csv, 99)) < rounding_ms);
        assert_true(fabs(summary.all.max_ms - percentile(&csv, 100)) < rounding_ms);
        for (size_t i = 0; i + 1 < csv.rows; ++i) {
            const uint64_t used = csv_whole(&csv, i, "used_bytes");
            peak = used > peak ? used : peak;
            calm += csv_whole(&csv, i, "misses") == 0 && csv_whole(&csv, i, "late_draws") == 0 ? 1 : 0;
        }
        assert_int_equal(summary.boundary_peak_bytes, peak);
        assert_int_equal(summary.frames, pxe_profile_last(s.engine->profile)->frame + 1);
        assert_int_equal(summary.all.frames, csv.rows - 1);
        assert_int_equal(summary.without_misses.frames, calm);
        csv_rows_free(&csv);
    }
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

/* Without workers it is a load of its own: no time counts twice. */
static void a_file_read_anew_is_no_part_of_the_update(void **state)
{
    (void)state;
    pxc_texture texture = {0};
    int loads = 0;
    const char *path = path_in(&in, "changes.png");
    stage_open_config(&s, (pxe_engine_config){.window = {.width = SIDE, .height = SIDE},
                                              .reload_changed = true,
                                              .keep_slices = true});
    write_png_flat(path, SIDE, SIDE, 0x102030FF);
    const pxe_image image = pxe_images_open(s.engine->images, path, NULL);
    const time_t until_s = time(NULL) + 60;
    while (texture.width != 2 * SIDE) {
        assert_true(time(NULL) < until_s);
        stage_begin(&s, 0);
        pxe_images_texture(s.engine->images, image, &texture);
        pxe_frame_end(s.engine, NULL, NULL);
        if (loads++ == 0) {
            write_png_flat(path, 2 * SIDE, SIDE, 0x102030FF);
        }
    }
    const pxe_profile *profile = s.engine->profile;
    assert_true(profile->slice_count <= profile->slice_capacity);
    loads = 0;
    for (uint64_t i = 0; i < profile->slice_count; ++i) {
        const pxe_slice *slice = &profile->slices[i];
        loads += slice->work == PXE_WORK_LOAD ? 1 : 0;
        /* It is told when it ends: what was told before it, and began after it, would lie within it. */
        assert_true(slice->work != PXE_WORK_UPDATE || i == 0 ||
                    slice->start_ms >= profile->slices[i - 1].start_ms);
    }
    assert_int_equal(loads, 2);
    stage_close(&s);
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
        cmocka_unit_test(the_csv_has_the_columns_that_readers_rely_on),
        cmocka_unit_test(the_csv_adds_up_to_the_caches_statistics),
        cmocka_unit_test(each_row_is_its_frame),
        cmocka_unit_test(huge_numbers_are_written_whole),
        cmocka_unit_test(a_locale_with_decimal_commas_changes_nothing),
        cmocka_unit_test(the_ring_keeps_the_newest),
        cmocka_unit_test(no_frame_is_a_header_and_a_summary_of_nothing),
        cmocka_unit_test(the_summary_is_of_the_frames_kept),
        cmocka_unit_test(frames_follow_one_another),
        cmocka_unit_test(a_file_read_anew_is_no_part_of_the_update),
        cmocka_unit_test(files_that_can_not_be_written_are_told),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
