/* What a headless run of the game prints, and what its picture is. */
#include "run_game.h"

#define SMALL_RUN "--headless", "--autoplay", "--size", "240x136"

enum { MIB = 1 << 20, PICTURES = 2000 };

static void the_last_line_has_every_number(void **state)
{
    (void)state;
    static const char *const whole[] = {"frames",    "images",      "failed",     "hits",       "misses",
                                        "evictions", "uploads",     "used_bytes", "peak_bytes", "limit_bytes",
                                        "seed",      "score",       "high_score", "species",    "nights",
                                        "ticks",     "upload_bytes"};
    viewer_run run = RUN_GAME(SMALL_RUN, "--frames", "3", "--seed", "18446744073709551615");
    assert_clean_run(&run);
    for (size_t i = 0; i < COUNT_OF(whole); ++i) {
        number_of(&run, whole[i]);
    }
    static const char *const others[] = {"p50_ms", "p99_ms", "max_ms", "state_hash"};
    for (size_t i = 0; i < COUNT_OF(others); ++i) {
        value_of(&run, others[i]);
    }
    assert_int_equal(number_of(&run, "frames"), 3);
    assert_int_equal(number_of(&run, "ticks"), 3);
    assert_int_equal(number_of(&run, "failed"), 0);
    assert_int_equal(number_of(&run, "limit_bytes"), 16 * MIB);
    assert_true(number_of(&run, "images") > PICTURES);
    assert_true(number_of(&run, "seed") == UINT64_MAX);
    viewer_run_free(&run);
}

static int by_value(const void *a, const void *b)
{
    const uint64_t first = *(const uint64_t *)a;
    const uint64_t second = *(const uint64_t *)b;
    return first < second ? -1 : first > second;
}

static size_t count_colors(const pxe_picture *picture)
{
    const size_t count = (size_t)picture->pixmap.width * (size_t)picture->pixmap.height;
    const unsigned char *pixels = picture->pixmap.pixels;
    uint64_t *colors = malloc(count * sizeof *colors);
    assert_non_null(colors);
    for (size_t i = 0; i < count; ++i) {
        colors[i] = (uint64_t)pixels[i * 4] << 16 | (uint64_t)pixels[i * 4 + 1] << 8 | pixels[i * 4 + 2];
    }
    qsort(colors, count, sizeof *colors, by_value);
    size_t different = count > 0;
    for (size_t i = 1; i < count; ++i) {
        different += colors[i] != colors[i - 1];
    }
    free(colors);
    return different;
}

static void the_screenshot_shows_a_sea(void **state)
{
    (void)state;
    static const char *const frames[] = {"15", "190"}; /* the title, a night */
    for (size_t i = 0; i < COUNT_OF(frames); ++i) {
        viewer_run run = RUN_GAME("--headless", "--autoplay", "--size", "640x360", "--frames", frames[i],
                                  "--screenshot", path_of("shot.png"));
        assert_clean_run(&run);
        pxe_picture shot = load_screenshot("shot.png");
        assert_int_equal(shot.pixmap.width, 640);
        assert_int_equal(shot.pixmap.height, 360);
        assert_true(count_colors(&shot) > 5000);
        pxe_picture_free(&shot);
        viewer_run_free(&run);
    }
}

static void without_autoplay_the_title_waits(void **state)
{
    (void)state;
    viewer_run run = RUN_GAME("--headless", "--size", "240x136", "--frames", "80");
    assert_clean_run(&run);
    assert_int_equal(number_of(&run, "nights"), 0);
    assert_int_equal(number_of(&run, "score"), 0);
    viewer_run_free(&run);
}

static void a_limit_too_small_for_the_scene_is_survived(void **state)
{
    (void)state;
    viewer_run run = RUN_GAME(SMALL_RUN, "--frames", "30", "--limit", "100K");
    assert_status_of(&run, 0);
    assert_true(number_of(&run, "used_bytes") <= 100 << 10);
    viewer_run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_line_has_every_number),
        cmocka_unit_test(the_screenshot_shows_a_sea),
        cmocka_unit_test(without_autoplay_the_title_waits),
        cmocka_unit_test(a_limit_too_small_for_the_scene_is_survived),
    };
    return cmocka_run_group_tests(tests, set_up_game, remove_temporary_folder);
}
