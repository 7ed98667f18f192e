/* The limit holds at the end of every frame while more than four times as much is shown, whoever paints it. */
#include "run_game.h"

#define SMALL_RUN "--headless", "--autoplay", "--size", "640x360"

enum { MIB = 1 << 20, BUSY_SPRITES = 5000, PICTURES = 2000 };

/* Rows are in the order of frames; the largest value of a column. */
static double most_in(const char *csv, const char *name)
{
    const int column = csv_column(csv, name);
    double most = 0;
    for (const char *row = csv_next(csv); row != NULL; row = csv_next(row)) {
        const double value = csv_number(row, column);
        most = value > most ? value : most;
    }
    return most;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t first = *(const uint64_t *)a;
    const uint64_t second = *(const uint64_t *)b;
    return first < second ? -1 : first > second;
}

typedef struct seen {
    uint64_t key, bytes;
} seen;

/* How many different keys a recording has, and what their textures cost together. */
static size_t count_keys(const char *csv, uint64_t *bytes)
{
    const size_t rows = count_of_text(csv, "\n");
    seen *list = malloc(rows * sizeof *list);
    assert_non_null(list);
    size_t count = 0;
    for (const char *row = csv_next(csv); row != NULL; row = csv_next(row)) {
        const char *key = strchr(row, ',') + 1;
        const char *cost = strchr(key, ',') + 1;
        list[count++] = (seen){strtoull(key, NULL, 10), strtoull(cost, NULL, 10)};
    }
    qsort(list, count, sizeof *list, by_value);
    size_t keys = 0;
    *bytes = 0;
    for (size_t i = 0; i < count; ++i) {
        if (i == 0 || list[i].key != list[i - 1].key) {
            ++keys;
            *bytes += list[i].bytes;
        }
    }
    free(list);
    return keys;
}

static void thousands_of_pictures_pass_through_a_limit_that_holds(void **state)
{
    (void)state;
    viewer_run run = RUN_GAME(SMALL_RUN, "--frames", "130", "--csv", path_of("frames.csv"), "--record",
                              path_of("accesses.csv"));
    assert_clean_run(&run);
    const uint64_t limit = number_of(&run, "limit_bytes");
    char *accesses = read_whole(path_of("accesses.csv"));
    uint64_t bytes = 0;
    const size_t keys = count_keys(accesses, &bytes);
    assert_true(keys > PICTURES);
    assert_true(bytes >= 4 * limit);
    free(accesses);
    char *frames = read_whole(path_of("frames.csv"));
    assert_true(most_in(frames, "used_bytes") <= (double)limit);
    assert_true(most_in(frames, "used_bytes") > 0.9 * (double)limit);
    assert_true(most_in(frames, "sprites") >= BUSY_SPRITES);
    assert_true(number_of(&run, "evictions") > 1000);
    free(frames);
    viewer_run_free(&run);
}

/* Frames do not wait for painters: how many pictures are there in time depends on the machine. */
static void the_limit_holds_with_painters_on_other_threads(void **state)
{
    (void)state;
    viewer_run run = RUN_GAME(SMALL_RUN, "--frames", "400", "--workers", "2", "--limit", "2M", "--csv",
                              path_of("frames.csv"));
    assert_clean_run(&run);
    char *frames = read_whole(path_of("frames.csv"));
    assert_true(most_in(frames, "used_bytes") <= 2.0 * MIB);
    assert_true(number_of(&run, "uploads") > 0);
    assert_int_equal(number_of(&run, "failed"), 0);
    free(frames);
    viewer_run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thousands_of_pictures_pass_through_a_limit_that_holds),
        cmocka_unit_test(the_limit_holds_with_painters_on_other_threads),
    };
    return cmocka_run_group_tests(tests, set_up_game, remove_temporary_folder);
}
