/* The columns slow, curve and pictures of the frame CSV: what stands there is what the record itself answers, and
 * names come back as they were. */
#include "profile_stage.h"

/* Cuts the next item off; NULL = none is left. */
static char *next_item(char **rest)
{
    char *item = *rest;
    if (item != NULL) {
        *rest = strchr(item, ';');
        if (*rest != NULL) {
            *(*rest)++ = '\0';
        }
    }
    return item;
}

static uint64_t next_whole(char **at)
{
    assert_true(**at >= '0' && **at <= '9');
    const uint64_t value = strtoull(*at, at, 10);
    assert_true(**at == ' ' || **at == '\0');
    *at += **at == ' ' ? 1 : 0;
    return value;
}

static double next_double(char **at)
{
    assert_true(**at >= '0' && **at <= '9');
    const double value = strtod(*at, at);
    assert_true(**at == ' ' || **at == '\0');
    *at += **at == ' ' ? 1 : 0;
    return value;
}

/* What is left of the item is this name, written so that it separates nothing. */
static void assert_name(const char *at, const char *expected)
{
    char name[PATH_BYTES];
    size_t length = 0;
    for (; *at != '\0'; ++at) {
        assert_true((unsigned char)*at >= 0x20 && *at != 0x7F);
        unsigned byte = (unsigned char)*at;
        if (*at == '%') {
            assert_int_equal(sscanf(at + 1, "%2X", &byte), 1);
            at += 2;
        }
        name[length++] = (char)byte;
    }
    name[length] = '\0';
    assert_string_equal(name, expected);
}

static void slow_frames_are_told_with_their_reasons(void **state)
{
    (void)state;
    static pxe_slow_frame slow[PXE_SLOW_FRAMES];
    size_t blames = 0;
    open_stage(40);
    run_frames(10);
    pxe_profile_set_slow_ms(s.engine->profile, 1e9);
    run_frames(10);
    pxe_profile_set_slow_ms(s.engine->profile, 1e-9); /* every frame */
    run_frames(30);
    const size_t count = pxe_profile_slow_frames(s.engine->profile, slow, COUNT_OF(slow));
    csv_rows csv = write_and_read_csv();
    assert_int_equal(csv.rows, 41);
    for (size_t i = 0; i < 10; ++i) {
        assert_string_equal(csv_text(&csv, i, "slow"), ""); /* frames 10 to 19 */
    }
    assert_true(count >= 30);
    for (size_t i = 0; i < 30; ++i) {
        const pxe_slow_frame *expected = &slow[29 - i]; /* the newest first */
        char *rest = csv_text(&csv, 10 + i, "slow");
        assert_int_equal(csv_whole(&csv, 10 + i, "frame"), expected->frame.frame);
        char *at = next_item(&rest);
        assert_true(fabs(next_double(&at) - expected->median_ms) < 0.00051);
        for (uint32_t j = 0; j < expected->blame_count; ++j, ++blames) {
            const pxe_blame *blame = &expected->blames[j];
            at = next_item(&rest);
            assert_non_null(at);
            const size_t work = strlen(pxe_work_name(blame->work));
            assert_memory_equal(at, pxe_work_name(blame->work), work);
            at += work;
            assert_int_equal(*at++, ' ');
            assert_true(fabs(next_double(&at) - blame->ms) < 0.00051);
            assert_int_equal(next_whole(&at), blame->bytes);
            assert_name(at, blame->picture);
        }
        assert_null(rest);
    }
    assert_true(blames > 30);
    csv_rows_free(&csv);
    stage_close(&s);
}

static void work_beyond_the_worst_is_counted(void **state)
{
    (void)state;
    open_stage(0);
    pxe_profile_set_slow_ms(s.engine->profile, 1e-9);
    stage_begin(&s, 0);
    for (uint32_t i = 0; i < PXE_BLAMES + 5; ++i) {
        char name[8];
        snprintf(name, sizeof name, "%u", i);
        const uint32_t row = pxe_profile_picture(s.engine->profile, name, name);
        const pxe_loaded loaded = {PXE_WORK_DECODE, 0, 0, 1000000 + i, 7 + i};
        pxe_profile_loaded(s.engine->profile, row, &loaded);
    }
    pxe_frame_end(s.engine, NULL, NULL);
    csv_rows csv = write_and_read_csv();
    const char *text = csv_text(&csv, 0, "slow");
    assert_string_equal(strrchr(text, ';'), ";+5");
    assert_non_null(strstr(text, ";decode "));
    csv_rows_free(&csv);
    stage_close(&s);
}

/* Checks all points against the curve itself; they must have the current limit, the recommended one and the last
 * step. */
static size_t assert_curve(char *rest, uint64_t limit_bytes)
{
    const pxe_curve *curve = pxe_profile_curve(s.engine->profile);
    const pxe_curve_totals totals = pxe_curve_sum(curve);
    const uint64_t recommended = pxe_curve_recommend(curve, 0.01);
    uint64_t wanted[3] = {limit_bytes, recommended, 0};
    size_t count = 0;
    int found = 0;
    uint64_t before = 0;
    for (uint64_t at = pxe_curve_next(curve, 0); at != PXE_NEED_NONE; at = pxe_curve_next(curve, at)) {
        wanted[2] = at;
    }
    char *at = next_item(&rest);
    assert_int_equal(next_whole(&at), totals.accesses);
    assert_int_equal(next_whole(&at), totals.first);
    assert_int_equal(next_whole(&at), totals.images);
    assert_int_equal(next_whole(&at), totals.largest_bytes);
    assert_true(fabs(next_double(&at) - totals.followed) < 0.0000006);
    assert_int_equal(next_whole(&at), recommended);
    assert_true(fabs(next_double(&at) - totals.error) < 0.0000006);
    for (at = next_item(&rest); at != NULL; at = next_item(&rest), ++count) {
        const uint64_t limit = next_whole(&at);
        const pxe_curve_point point = pxe_curve_at(curve, limit);
        assert_true(limit > before);
        assert_int_equal(next_whole(&at), point.hits);
        assert_int_equal(next_whole(&at), point.upload_bytes);
        assert_int_equal(*at, '\0');
        found += limit == wanted[0] ? 1 : 0;
        found += limit == wanted[1] ? 2 : 0;
        found += limit == wanted[2] ? 4 : 0;
        before = limit;
    }
    assert_int_equal(found, 7);
    assert_in_range(count, 1, 512);
    return count;
}

static void the_last_row_has_the_curve(void **state)
{
    (void)state;
    open_stage(20);
    run_frames(90);
    csv_rows csv = write_and_read_csv();
    for (size_t i = 0; i < 19; ++i) {
        assert_string_equal(csv_text(&csv, i, "curve"), "");
        assert_string_equal(csv_text(&csv, i, "pictures"), "");
    }
    assert_true(assert_curve(csv_text(&csv, 19, "curve"), 3 * BYTES) >= 2);
    csv_rows_free(&csv);
    stage_close(&s);
}

static void a_curve_of_many_steps_is_thinned_out(void **state)
{
    (void)state;
    uint64_t seed = 77;
    open_stage(20);
    for (int frame = 0; frame < 400; ++frame) {
        stage_begin(&s, 0);
        for (int i = 0; i < 40; ++i) {
            const uint32_t key = random_below(&seed, 3000);
            pxe_profile_use(s.engine->profile, 0, 1 + key, 11 + key * (uint64_t)key);
        }
        pxe_frame_end(s.engine, NULL, NULL);
    }
    size_t steps = 0;
    const pxe_curve *curve = pxe_profile_curve(s.engine->profile);
    for (uint64_t at = pxe_curve_next(curve, 0); at != PXE_NEED_NONE; at = pxe_curve_next(curve, at)) {
        ++steps;
    }
    assert_true(steps > 1000); /* or this tests nothing */
    csv_rows csv = write_and_read_csv();
    assert_true(assert_curve(csv_text(&csv, 19, "curve"), 3 * BYTES) > 150);
    csv_rows_free(&csv);
    stage_close(&s);
}

static void assert_figures(char **at, const pxe_picture_cost *expected)
{
    assert_int_equal(next_whole(at), expected->uses);
    assert_int_equal(next_whole(at), expected->misses);
    assert_int_equal(next_whole(at), expected->uploads);
    assert_int_equal(next_whole(at), expected->upload_bytes);
    assert_true(fabs(next_double(at) - expected->upload_ms) < 0.00051);
    assert_true(fabs(next_double(at) - expected->decode_ms) < 0.00051);
    assert_int_equal(next_whole(at), expected->evictions);
    assert_int_equal(next_whole(at), expected->regrets);
    assert_int_equal(next_whole(at), expected->undrawn_uploads);
    assert_int_equal(next_whole(at), expected->late_draws);
}

static void the_last_row_has_the_pictures(void **state)
{
    (void)state;
    pxe_picture_cost list[FILES + 2];
    size_t all = 0;
    open_stage(0);
    run_frames(90);
    const pxe_picture_cost sum = pxe_profile_pictures_sum(s.engine->profile, &all);
    const size_t count = pxe_profile_pictures(s.engine->profile, PXE_BY_COST, list, COUNT_OF(list));
    assert_true(count >= FILES && sum.regrets > 0);
    csv_rows csv = write_and_read_csv();
    char *rest = csv_text(&csv, 89, "pictures");
    char *at = next_item(&rest);
    assert_int_equal(next_whole(&at), all);
    assert_figures(&at, &sum);
    for (size_t i = 0; i < count; ++i) {
        at = next_item(&rest);
        assert_non_null(at);
        assert_figures(&at, &list[i]);
        assert_int_equal(next_whole(&at), list[i].bytes);
        assert_name(at, list[i].name);
    }
    assert_null(rest);
    csv_rows_free(&csv);
    stage_close(&s);
}

/* 300 pictures; those of the worst regrets, undrawn uploads and late draws cost nothing, and are listed all the
 * same. */
static void a_picture_is_listed_once_for_whatever_it_is_bad_at(void **state)
{
    (void)state;
    open_stage(0);
    stage_begin(&s, 0);
    for (uint32_t i = 1; i <= 300; ++i) {
        char name[16];
        snprintf(name, sizeof name, "p%u", i);
        const uint32_t row = pxe_profile_picture(s.engine->profile, name, name);
        pxe_picture_cost *picture = &s.engine->profile->pictures.rows[row].picture;
        picture->misses = 1;
        picture->decode_ms = i <= 200 ? i : 0;
        picture->regrets = i > 200 && i <= 203 ? i : i == 199 ? 1 : 0;
        picture->undrawn_uploads = i > 203 && i <= 207 ? i : 0;
        picture->late_draws = i > 207 && i <= 212 ? i : i == 205 ? 1 : 0;
    }
    pxe_frame_end(s.engine, NULL, NULL);
    csv_rows csv = write_and_read_csv();
    char *rest = csv_text(&csv, 0, "pictures");
    int seen[301] = {0};
    size_t count = 0;
    for (char *at = (next_item(&rest), next_item(&rest)); at != NULL; at = next_item(&rest), ++count) {
        const int number = atoi(strrchr(at, ' ') + 2);
        assert_in_range(number, 1, 300);
        ++seen[number];
        assert_true(count >= 100 || number == 200 - (int)count); /* the costliest first */
    }
    assert_int_equal(count, 100 + 3 + 4 + 5);
    for (int i = 1; i <= 300; ++i) {
        assert_int_equal(seen[i], i > 100 && i <= 212 ? 1 : 0);
    }
    csv_rows_free(&csv);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_frames_are_told_with_their_reasons),
        cmocka_unit_test(work_beyond_the_worst_is_counted),
        cmocka_unit_test(the_last_row_has_the_curve),
        cmocka_unit_test(a_curve_of_many_steps_is_thinned_out),
        cmocka_unit_test(the_last_row_has_the_pictures),
        cmocka_unit_test(a_picture_is_listed_once_for_whatever_it_is_bad_at),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
