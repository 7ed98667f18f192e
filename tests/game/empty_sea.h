/* A simulation for tests: driven by the pilot or by given keys, and a sea in which nobody lives. */
#ifndef PIXCACHE_TESTS_EMPTY_SEA_H
#define PIXCACHE_TESTS_EMPTY_SEA_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "sim.h"

static inline sim *new_sim(uint64_t seed)
{
    sim *s = malloc(sizeof *s);
    assert_non_null(s);
    sim_create(s, seed);
    return s;
}

static inline void autoplay(sim *s, int ticks)
{
    for (int i = 0; i < ticks; ++i) {
        const sim_input input = sim_pilot(s);
        sim_step(s, &input);
    }
}

static inline void step(sim *s, sim_input input, int ticks)
{
    for (int i = 0; i < ticks; ++i) {
        sim_step(s, &input);
    }
}

/* A night that has begun, in which nobody lives and nothing comes. The fish is in the middle, at rest. */
static inline sim *empty_sea(void)
{
    sim *s = new_sim(1);
    step(s, (sim_input){.start = true}, 1);
    assert_int_equal(s->phase, SIM_PLAYING);
    for (int i = 0; i < SIM_ROWS * SIM_COLUMNS; ++i) {
        s->creatures[i].present = false;
    }
    s->hunter_count = 0;
    s->next_hunter_tick = UINT32_MAX;
    s->pearl_tick = UINT32_MAX;
    s->fish.x = SIM_WIDTH / 2;
    s->fish.y = SIM_HEIGHT / 2;
    s->fish.vx = s->fish.vy = 0;
    s->fish.safe_ticks = 0;
    return s;
}

/* Somebody of that species right where the fish is. */
static inline void serve(sim *s, uint16_t species)
{
    const int column = (int)(s->fish.x / SIM_CELL);
    const int row = (int)(s->fish.y / SIM_CELL);
    s->creatures[row * SIM_COLUMNS + column] = (sim_creature){.x = s->fish.x,
                                                              .y = s->fish.y,
                                                              .home_x = s->fish.x,
                                                              .home_y = s->fish.y,
                                                              .species = species,
                                                              .present = true};
}

static inline void add_hunter(sim *s, sim_hunter_kind kind, float dx)
{
    s->hunters[s->hunter_count++] = (sim_hunter){.kind = kind, .x = s->fish.x + dx, .y = s->fish.y};
}

static inline int events_of(const sim *s, sim_event_kind kind)
{
    int count = 0;
    for (uint32_t i = 0; i < s->event_count; ++i) {
        count += s->events[i].kind == kind;
    }
    return count;
}

#endif
