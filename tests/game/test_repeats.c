/* A seed plays the same night, whoever paints its pictures and however many of them are there in time. */
#include "run_game.h"

#define SMALL_RUN "--headless", "--autoplay", "--size", "240x136"

/* The same numbers with painters on other threads, with a limit that holds little, in a window of another shape. */
static void a_seed_plays_the_same_however_it_is_drawn(void **state)
{
    (void)state;
    viewer_run first = RUN_GAME(SMALL_RUN, "--frames", "230", "--seed", "5");
    viewer_run second = RUN_GAME("--headless", "--autoplay", "--size", "100x200", "--frames", "230", "--seed",
                                 "5", "--workers", "2", "--limit", "2M");
    assert_clean_run(&first);
    assert_status_of(&second, 0);
    char *hash = word_of(&first, "state_hash");
    char *other = word_of(&second, "state_hash");
    assert_int_equal(strlen(hash), 16);
    assert_string_equal(hash, other);
    assert_int_equal(number_of(&first, "nights"), 1);
    assert_true(number_of(&first, "score") > 0);
    assert_int_equal(number_of(&first, "score"), number_of(&second, "score"));
    assert_true(number_of(&first, "uploads") !=
                number_of(&second, "uploads")); /* they were drawn differently */
    free(hash);
    free(other);
    viewer_run_free(&first);
    viewer_run_free(&second);
}

static void another_seed_is_another_sea(void **state)
{
    (void)state;
    viewer_run first = RUN_GAME(SMALL_RUN, "--frames", "2", "--seed", "5");
    viewer_run second = RUN_GAME(SMALL_RUN, "--frames", "2", "--seed", "6");
    char *hash = word_of(&first, "state_hash");
    char *other = word_of(&second, "state_hash");
    assert_string_not_equal(hash, other);
    free(hash);
    free(other);
    viewer_run_free(&first);
    viewer_run_free(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_plays_the_same_however_it_is_drawn),
        cmocka_unit_test(another_seed_is_another_sea),
    };
    return cmocka_run_group_tests(tests, set_up_game, remove_temporary_folder);
}
