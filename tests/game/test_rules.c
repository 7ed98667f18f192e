/* The rules of eating, combos, dashes, bites and the lamp, each in a sea that holds nothing else. */
#include "empty_sea.h"

static void a_meal_scores_by_depth_and_a_new_species_more(void **state)
{
    (void)state;
    const uint16_t species[SIM_ZONES] = {0, 500, 1000, 1500, 2047};
    for (uint32_t zone = 0; zone < SIM_ZONES; ++zone) {
        sim *s = empty_sea();
        serve(s, species[zone]);
        step(s, (sim_input){.x = 0}, 1);
        assert_int_equal(s->night.score, 60 * (zone + 1));
        assert_int_equal(s->found_count, 1);
        assert_int_equal(events_of(s, SIM_ATE_NEW), 1);
        serve(s, species[zone]);
        step(s, (sim_input){.x = 0}, 1);
        assert_int_equal(s->night.score, 70 * (zone + 1));
        assert_int_equal(s->found_count, 1);
        assert_int_equal(s->night.eaten, 2);
        assert_int_equal(events_of(s, SIM_ATE), 1);
        free(s);
    }
}

static void what_was_eaten_grows_again(void **state)
{
    (void)state;
    sim *s = empty_sea();
    serve(s, 9);
    step(s, (sim_input){.x = 0}, 1);
    assert_int_equal(s->night.eaten, 1);
    for (int i = 0; i < 51; ++i) {
        s->fish.energy = SIM_MOST_ENERGY;
        s->krill_count = 0; /* whose bloom comes meanwhile */
        step(s, (sim_input){.x = 0}, SIM_TICKS_PER_S);
        assert_int_equal(s->night.eaten, i < 49 ? 1 : s->night.eaten);
    }
    assert_int_equal(s->night.eaten, 2);
    free(s);
}

static void the_multiplier_follows_the_combo(void **state)
{
    (void)state;
    static const uint32_t table[][2] = {{0, 1},   {9, 1},   {10, 2},  {29, 2},  {30, 3},   {59, 3},
                                        {60, 4},  {100, 5}, {150, 6}, {210, 7}, {280, 8},  {359, 8},
                                        {360, 9}, {361, 9}, {550, 9}, {660, 9}, {99999, 9}};
    for (size_t i = 0; i < sizeof table / sizeof *table; ++i) {
        assert_int_equal(sim_multiplier_of(table[i][0]), table[i][1]);
    }
    sim *s = empty_sea();
    uint32_t score = 50; /* for the new species */
    for (uint32_t bite = 1; bite <= 35; ++bite) {
        serve(s, 3);
        step(s, (sim_input){.x = 0}, 1);
        score += 10 * (bite >= 30 ? 3U : bite >= 10 ? 2U : 1U);
        assert_int_equal(s->night.score, score);
        assert_int_equal(s->night.combo, bite);
    }
    free(s);
}

static void a_combo_ends_when_nothing_is_eaten(void **state)
{
    (void)state;
    sim *s = empty_sea();
    for (int i = 0; i < 12; ++i) {
        serve(s, 3);
        step(s, (sim_input){.x = 0}, 1);
    }
    assert_int_equal(s->night.multiplier, 2);
    step(s, (sim_input){.x = 0}, 78);
    assert_int_equal(s->night.combo, 12);
    int lost = 0;
    for (int i = 0; i < 3; ++i) {
        step(s, (sim_input){.x = 0}, 1);
        lost += events_of(s, SIM_COMBO_LOST);
    }
    assert_int_equal(lost, 1);
    assert_int_equal(s->night.combo, 0);
    assert_int_equal(s->night.multiplier, 1);
    assert_int_equal(s->night.best_combo, 12);
    free(s);
}

static void each_press_is_one_dash_and_dashes_run_out(void **state)
{
    (void)state;
    sim *s = empty_sea();
    step(s, (sim_input){.x = 1, .dash = true}, 40); /* held */
    assert_true(s->fish.dashes > 2 && s->fish.dashes < 2.5F);
    int dashes = 1;
    for (int i = 0; i < 4; ++i) {
        step(s, (sim_input){.x = 1}, 14);
        step(s, (sim_input){.x = 1, .dash = true}, 1);
        dashes += events_of(s, SIM_DASHED);
    }
    assert_int_equal(dashes, 3);
    const float left = s->fish.dashes;
    step(s, (sim_input){.x = 0}, 60);
    assert_true(fabsf(s->fish.dashes - left - 0.5F) < 0.02F);
    free(s);
}

static void the_press_that_begins_or_resumes_is_no_dash(void **state)
{
    (void)state;
    sim *s = new_sim(1);
    step(s, (sim_input){.start = true, .dash = true}, 1);
    assert_int_equal(s->phase, SIM_PLAYING);
    assert_int_equal(events_of(s, SIM_DASHED), 0);
    step(s, (sim_input){.x = 0}, 1);
    step(s, (sim_input){.pause = true}, 1);
    step(s, (sim_input){.start = true, .dash = true}, 1);
    assert_int_equal(s->phase, SIM_PLAYING);
    assert_int_equal(events_of(s, SIM_DASHED), 0);
    step(s, (sim_input){.x = 0}, 1);
    step(s, (sim_input){.dash = true}, 1);
    assert_int_equal(events_of(s, SIM_DASHED), 1);
    free(s);
}

static void a_bite_costs_light_and_half_of_the_combo_and_is_followed_by_safety(void **state)
{
    (void)state;
    sim *s = empty_sea();
    s->fish.energy = 50;
    s->night.combo = 62;
    s->night.multiplier = 4;
    s->night.combo_ticks = 70;
    add_hunter(s, SIM_ANGLER, 20);
    step(s, (sim_input){.x = 0}, 1);
    assert_int_equal(s->night.bites, 1);
    assert_true(s->fish.energy < 33 && s->fish.energy > 30);
    assert_int_equal(s->night.combo, 31);
    assert_int_equal(s->night.multiplier, 3);
    assert_true(s->fish.vx < 0); /* away from it */
    for (int i = 0; i < 60; ++i) {
        s->hunters[0].x = s->fish.x;
        s->hunters[0].y = s->fish.y;
        step(s, (sim_input){.x = 0}, 1);
    }
    assert_int_equal(s->night.bites, 1);
    free(s);
}

static void a_dash_through_a_hunter_is_brave_once(void **state)
{
    (void)state;
    sim *s = empty_sea();
    s->fish.energy = 50;
    add_hunter(s, SIM_MEDUSA, 60);
    step(s, (sim_input){.x = 1, .dash = true}, 12);
    assert_int_equal(s->night.bites, 0);
    assert_int_equal(s->night.brushes, 1);
    assert_int_equal(s->night.score, 60);
    free(s);
}

static void a_lamp_that_goes_out_ends_the_night(void **state)
{
    (void)state;
    sim *s = empty_sea();
    serve(s, 100);
    step(s, (sim_input){.x = 0}, 1);
    s->fish.energy = 0.01F;
    step(s, (sim_input){.x = 0}, 1);
    assert_int_equal(s->phase, SIM_OVER);
    assert_false(s->dawned);
    assert_int_equal(events_of(s, SIM_DARK), 1);
    assert_int_equal(s->high_score, 60);
    const uint64_t hash = sim_hash(s);
    step(s, (sim_input){.x = 1, .dash = true, .pause = true}, 30);
    assert_true(sim_hash(s) == hash);
    step(s, (sim_input){.start = true}, 1);
    assert_int_equal(s->phase, SIM_PLAYING);
    assert_int_equal(s->tick, 1);
    assert_true(s->night.score == 0 || s->night.eaten > 0); /* it may begin with a meal */
    assert_int_equal(s->high_score, 60);
    assert_true(s->found[100]);
    free(s);
}

static void dawn_pays_for_the_light_that_is_left(void **state)
{
    (void)state;
    sim *s = empty_sea();
    s->tick = SIM_DAWN_TICKS - 1;
    s->krill_end_tick = 0;
    s->fish.energy = 40.5F;
    step(s, (sim_input){.x = 0}, 1);
    assert_int_equal(s->phase, SIM_OVER);
    assert_true(s->dawned);
    assert_int_equal(s->night.score, 5000 + 50 * 40);
    free(s);
}

static void a_pearl_refills_lamp_and_dashes(void **state)
{
    (void)state;
    sim *s = empty_sea();
    s->fish.energy = 30;
    s->fish.dashes = 0;
    s->pearl_there = true;
    s->pearl_x = s->fish.x + 20;
    s->pearl_y = s->fish.y;
    step(s, (sim_input){.x = 0}, 1);
    assert_false(s->pearl_there);
    assert_true(fabsf(s->fish.energy - 70) < 0.1F);
    assert_true(s->fish.dashes >= SIM_DASHES);
    assert_int_equal(s->night.score, 500);
    free(s);
}

static void krill_bloom_and_can_be_eaten(void **state)
{
    (void)state;
    sim *s = empty_sea();
    s->tick = 25 * SIM_TICKS_PER_S - 1;
    step(s, (sim_input){.x = 0}, 1);
    assert_int_equal(events_of(s, SIM_BLOOM), 1);
    assert_int_equal(s->krill_count, SIM_MOST_KRILL);
    s->krill[0].x = s->fish.x;
    s->krill[0].y = s->fish.y;
    step(s, (sim_input){.x = 0}, 1);
    assert_int_equal(s->krill_count, SIM_MOST_KRILL - 1);
    assert_int_equal(s->night.score, 2);
    for (int i = 0; i < 25; ++i) {
        s->fish.energy = SIM_MOST_ENERGY;
        step(s, (sim_input){.x = 0}, SIM_TICKS_PER_S);
    }
    assert_int_equal(s->krill_count, 0);
    free(s);
}

static void the_fish_never_leaves_the_sea(void **state)
{
    (void)state;
    static const float corners[4][2] = {{-1, -1}, {1, -1}, {-1, 1}, {1, 1}};
    for (int corner = 0; corner < 4; ++corner) {
        sim *s = empty_sea();
        for (int i = 0; i < 1200; ++i) {
            s->fish.energy = SIM_MOST_ENERGY;
            step(s,
                 (sim_input){.x = corners[corner][0] * 9, .y = corners[corner][1] * 9, .dash = i % 20 == 0},
                 1);
            assert_true(s->fish.x > 0 && s->fish.x < SIM_WIDTH);
            assert_true(s->fish.y > 0 && s->fish.y < SIM_HEIGHT);
        }
        free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_meal_scores_by_depth_and_a_new_species_more),
        cmocka_unit_test(what_was_eaten_grows_again),
        cmocka_unit_test(the_multiplier_follows_the_combo),
        cmocka_unit_test(a_combo_ends_when_nothing_is_eaten),
        cmocka_unit_test(each_press_is_one_dash_and_dashes_run_out),
        cmocka_unit_test(the_press_that_begins_or_resumes_is_no_dash),
        cmocka_unit_test(a_bite_costs_light_and_half_of_the_combo_and_is_followed_by_safety),
        cmocka_unit_test(a_dash_through_a_hunter_is_brave_once),
        cmocka_unit_test(a_lamp_that_goes_out_ends_the_night),
        cmocka_unit_test(dawn_pays_for_the_light_that_is_left),
        cmocka_unit_test(a_pearl_refills_lamp_and_dashes),
        cmocka_unit_test(krill_bloom_and_can_be_eaten),
        cmocka_unit_test(the_fish_never_leaves_the_sea),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
