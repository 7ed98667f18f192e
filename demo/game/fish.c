/* The player's fish. Water slows it by a fixed share a tick, so that it has a top speed without a rule for one; a dash is
 * a short time at a speed of its own, in which nothing can hurt it.
 */
#include "sim.h"

#include <math.h>

#define THRUST      25.0F  /* speed gained a tick: 1,500 units a second squared */
#define KEPT        0.945F /* of the speed, a tick: thrust and drag meet at 430 units a second */
#define DASH_SPEED  1020.0F
#define DASH_REFILL 0.5F /* dashes a second */
#define MARGIN      60.0F

enum { DASH_TICKS = 13, DASH_SAFE_TICKS = 8, BITE_SAFE_TICKS = 80 };

void sim_fish_place(sim *s)
{
    s->fish = (sim_fish){
        .x = sim_random_between(&s->random, 0.35F, 0.65F) * SIM_WIDTH,
        .y = 0.09F * SIM_HEIGHT,
        .energy = 80,
        .dashes = SIM_DASHES,
    };
}

static void begin_dash(sim *s, float x, float y, float length)
{
    sim_fish *fish = &s->fish;
    if (length < 0.2F) { /* no direction given: straight ahead */
        x = sim_cosine(fish->heading);
        y = sim_sine(fish->heading);
        length = 1;
    }
    fish->vx = x / length * DASH_SPEED;
    fish->vy = y / length * DASH_SPEED;
    fish->dash_ticks = DASH_TICKS;
    fish->safe_ticks = DASH_TICKS + DASH_SAFE_TICKS;
    fish->dashes -= 1;
    for (uint32_t i = 0; i < s->hunter_count; ++i) {
        s->hunters[i].brushed = false;
    }
    sim_tell(s, SIM_DASHED, fish->x, fish->y, 0);
}

/* The sea's edges are soft: the fish is pushed back, and never leaves. */
static void keep_inside(sim_fish *fish)
{
    const float x = fminf(fmaxf(fish->x, MARGIN), SIM_WIDTH - MARGIN);
    const float y = fminf(fmaxf(fish->y, MARGIN), SIM_HEIGHT - MARGIN);
    fish->vx = x == fish->x ? fish->vx : 0;
    fish->vy = y == fish->y ? fish->vy : 0;
    fish->x = x;
    fish->y = y;
}

void sim_fish_step(sim *s, const sim_input *input)
{
    sim_fish *fish = &s->fish;
    const float length = sim_length(input->x, input->y);
    const float shrink = length > 1 ? 1 / length : 1;
    if (fish->dash_ticks > 0) {
        --fish->dash_ticks;
        fish->vx *= fish->dash_ticks == 0 ? 0.5F : 1;
        fish->vy *= fish->dash_ticks == 0 ? 0.5F : 1;
    } else {
        fish->vx = fish->vx * KEPT + input->x * shrink * THRUST;
        fish->vy = fish->vy * KEPT + input->y * shrink * THRUST;
    }
    if (input->dash && !fish->dash_held && fish->dashes >= 1 && fish->dash_ticks == 0) {
        begin_dash(s, input->x, input->y, length);
    }
    fish->dash_held = input->dash;
    fish->dashes = fminf(fish->dashes + DASH_REFILL * SIM_TICK_S, SIM_DASHES);
    fish->safe_ticks -= fish->safe_ticks > 0;
    fish->x += fish->vx * SIM_TICK_S;
    fish->y += fish->vy * SIM_TICK_S;
    keep_inside(fish);
    if (sim_length(fish->vx, fish->vy) > 12) {
        fish->heading = sim_angle(fish->vx, fish->vy);
    }
}

void sim_fish_bite(sim *s, float from_x, float from_y, float energy)
{
    sim_fish *fish = &s->fish;
    const float away_x = fish->x - from_x;
    const float away_y = fish->y - from_y;
    const float length = sim_length(away_x, away_y) + 0.01F;
    fish->vx = away_x / length * 620;
    fish->vy = away_y / length * 620;
    fish->energy = fmaxf(fish->energy - energy, 0);
    fish->safe_ticks = BITE_SAFE_TICKS;
    ++s->night.bites;
    s->night.combo /= 2; /* a bite hurts the combo, but does not undo a minute's work */
    s->night.multiplier = sim_multiplier_of(s->night.combo);
    sim_tell(s, SIM_BITTEN, fish->x, fish->y, (uint32_t)energy);
}
