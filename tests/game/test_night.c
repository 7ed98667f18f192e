/* What a night promises: the same seed and the same keys give the same one, a pause leaves no trace, autoplay plays. */
#include "empty_sea.h"

static void the_same_seed_gives_the_same_night(void **state)
{
    (void)state;
    sim *first = new_sim(7);
    sim *second = new_sim(7);
    for (int i = 0; i < 6; ++i) {
        autoplay(first, 600);
        autoplay(second, 600);
        assert_true(sim_hash(first) == sim_hash(second));
    }
    assert_true(first->tick > 3000);
    free(first);
    free(second);
}

static void another_seed_gives_another_night(void **state)
{
    (void)state;
    uint64_t hashes[8];
    for (uint64_t seed = 0; seed < 8; ++seed) {
        sim *s = new_sim(seed);
        autoplay(s, 300);
        hashes[seed] = sim_hash(s);
        for (uint64_t other = 0; other < seed; ++other) {
            assert_true(hashes[other] != hashes[seed]);
        }
        free(s);
    }
}

static void one_press_makes_another_night(void **state)
{
    (void)state;
    sim *first = new_sim(3);
    sim *second = new_sim(3);
    autoplay(first, 400);
    autoplay(second, 400);
    step(second, (sim_input){.x = 1}, 1);
    step(first, (sim_input){.x = -1}, 1);
    assert_true(sim_hash(first) != sim_hash(second));
    free(first);
    free(second);
}

static void autoplay_survives_a_minute_and_scores(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; ++seed) {
        sim *s = new_sim(seed);
        autoplay(s, 3600 + 60);
        assert_int_equal(s->phase, SIM_PLAYING);
        assert_int_equal(s->nights, 1);
        assert_true(s->night.score > 10000);
        assert_true(s->found_count > 100);
        assert_true(s->fish.energy > 0);
        free(s);
    }
}

static void autoplay_goes_on_after_a_night(void **state)
{
    (void)state;
    sim *s = new_sim(2);
    autoplay(s, 100);
    s->fish.energy = -10; /* more than a tick's meals make up for */
    autoplay(s, 1);
    assert_int_equal(s->phase, SIM_OVER);
    autoplay(s, 4 * SIM_TICKS_PER_S);
    assert_int_equal(s->phase, SIM_PLAYING);
    assert_int_equal(s->nights, 2);
    free(s);
}

static void a_pause_leaves_no_trace(void **state)
{
    (void)state;
    sim *paused = new_sim(5);
    sim *other = new_sim(5);
    autoplay(paused, 900);
    autoplay(other, 900);
    step(paused, (sim_input){.pause = true}, 1);
    assert_int_equal(paused->phase, SIM_PAUSED);
    const uint64_t hash = sim_hash(paused);
    const uint32_t tick = paused->tick;
    for (int i = 0; i < 200; ++i) {
        step(paused, (sim_input){.x = 1, .y = -1, .dash = i % 2 == 0}, 1);
        assert_true(sim_hash(paused) == hash);
        assert_int_equal(paused->event_count, 0);
    }
    assert_int_equal(paused->tick, tick);
    const sim_input resume = {.pause = true, .x = 0.5F};
    sim_step(paused, &resume);
    step(other, (sim_input){.x = 0.5F}, 1);
    assert_true(sim_hash(paused) == sim_hash(other));
    autoplay(paused, 300);
    autoplay(other, 300);
    assert_true(sim_hash(paused) == sim_hash(other));
    free(paused);
    free(other);
}

static void every_species_lives_in_every_sea_in_its_zone(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 12; ++seed) {
        sim *s = new_sim(seed);
        bool lives[SIM_SPECIES] = {false};
        for (int i = 0; i < SIM_ROWS * SIM_COLUMNS; ++i) {
            const sim_creature *creature = &s->creatures[i];
            if (creature->present) {
                lives[creature->species] = true;
                const float row_y = ((float)(i / SIM_COLUMNS) + 0.5F) * SIM_CELL;
                assert_int_equal(sim_zone_of_species(creature->species), sim_zone_at(row_y));
            }
        }
        for (int i = 0; i < SIM_SPECIES; ++i) {
            assert_true(lives[i]);
        }
        free(s);
    }
}

static void own_sines_and_angles_are_near_the_true_ones(void **state)
{
    (void)state;
    for (float x = -20; x < 20; x += 0.01F) {
        assert_true(fabsf(sim_sine(x) - sinf(x)) < 0.0003F);
        assert_true(fabsf(sim_cosine(x) - cosf(x)) < 0.0003F);
        assert_true(fabsf(sinf(sim_angle(cosf(x), sinf(x)) - x)) < 0.005F);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_night),
        cmocka_unit_test(another_seed_gives_another_night),
        cmocka_unit_test(one_press_makes_another_night),
        cmocka_unit_test(autoplay_survives_a_minute_and_scores),
        cmocka_unit_test(autoplay_goes_on_after_a_night),
        cmocka_unit_test(a_pause_leaves_no_trace),
        cmocka_unit_test(every_species_lives_in_every_sea_in_its_zone),
        cmocka_unit_test(own_sines_and_angles_are_near_the_true_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
