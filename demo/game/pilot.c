/* Autoplay: looks at the simulation as a player does and presses keys. It keeps nothing from tick to tick, so that a run
 * depends on the seed alone.
 *
 *   want   creatures in view, new species most, weighed by distance and by how far they lie ahead; a pearl, when one is
 *          there; krill; a zigzag through the whole sea
 *   fear   hunters near by, before all those that come closer
 */
#include "sim.h"

#include <math.h>
#include <stddef.h>

#define VIEW_X     560.0F
#define VIEW_Y     330.0F
#define FEAR_REACH 230.0F

enum { LANES = 7, AWAKE_TICKS = 40 };

typedef struct wish {
    float x, y;
} wish;

static void add_toward(wish *to, float x, float y, float weight)
{
    const float length = sim_length(x, y) + 0.01F;
    to->x += x / length * weight;
    to->y += y / length * weight;
}

/* The creature that is best worth the way. */
static const sim_creature *best_creature(const sim *s)
{
    const sim_fish *fish = &s->fish;
    const sim_creature *best = NULL;
    float best_worth = 0;
    const sim_cells cells = sim_cells_in(fish->x - VIEW_X, fish->y - VIEW_Y, 2 * VIEW_X, 2 * VIEW_Y);
    for (int row = cells.first_row; row < cells.end_row; ++row) {
        for (int column = cells.first_column; column < cells.end_column; ++column) {
            const sim_creature *creature = &s->creatures[row * SIM_COLUMNS + column];
            if (!sim_creature_there(s, creature)) {
                continue;
            }
            const float x = creature->x - fish->x;
            const float y = creature->y - fish->y;
            const float distance = sim_length(x, y);
            const float ahead = (x * fish->vx + y * fish->vy) / (distance * 430 + 1);
            const float worth =
                (s->found[creature->species] ? 0.6F : 1.3F) * (1.3F + ahead) / (distance + 50);
            if (worth > best_worth) {
                best_worth = worth;
                best = creature;
            }
        }
    }
    return best;
}

/* After a point that travels across the sea and back, lane by lane down and up again. */
static wish sweep(const sim *s)
{
    const float way = (float)s->tick * 6.6F;
    const float lane_length = SIM_WIDTH - 1000;
    const int passed = (int)(way / lane_length);
    const float along = way - (float)passed * lane_length;
    const int lane = passed / LANES % 2 == 0 ? passed % LANES : LANES - 1 - passed % LANES;
    const float x = 500 + ((passed + (int)s->nights) % 2 == 0 ? along : lane_length - along);
    const float y = 330 + (SIM_HEIGHT - 660) * (float)lane / (LANES - 1);
    wish to = {0, 0};
    add_toward(&to, x - s->fish.x, y - s->fish.y, 0.95F);
    return to;
}

static float add_fear(const sim *s, wish *to)
{
    float worst = 0;
    for (uint32_t i = 0; i < s->hunter_count; ++i) {
        const sim_hunter *hunter = &s->hunters[i];
        const float x = s->fish.x - hunter->x;
        const float y = s->fish.y - hunter->y;
        const float distance = sim_length(x, y);
        const float reach = FEAR_REACH + sim_hunter_reach(hunter->kind);
        if (distance < reach) {
            const float fear = (reach - distance) / reach;
            const float side = x * hunter->vy - y * hunter->vx > 0 ? 1 : -1;
            add_toward(to, x, y, 3 * fear);
            if (hunter->mood == SIM_LUNGING || hunter->mood == SIM_AIMING) {
                add_toward(to, -y * side, x * side, 2 * fear); /* out of its line */
            }
            worst = fmaxf(worst, fear);
        }
    }
    return worst;
}

static sim_input play(const sim *s)
{
    const sim_fish *fish = &s->fish;
    wish to = sweep(s);
    const sim_creature *creature = best_creature(s);
    if (creature != NULL) {
        add_toward(&to, creature->x - fish->x, creature->y - fish->y, 1);
    }
    if (s->pearl_there) {
        add_toward(&to, s->pearl_x - fish->x, s->pearl_y - fish->y, fish->energy < 60 ? 1.2F : 0.6F);
    }
    if (s->krill_count > 100 && s->tick + 120 < s->krill_end_tick) {
        add_toward(&to, s->krill_x - fish->x, s->krill_y - fish->y, 0.7F);
    }
    const float fear = add_fear(s, &to);
    const float length = sim_length(to.x, to.y) + 0.01F;
    return (sim_input){
        .x = to.x / length,
        .y = to.y / length,
        .dash = fish->dashes >= 1 && s->tick % 2 == 0 &&
                (fear > 0.62F || (fish->dashes > 2.9F && s->tick % 240 == 0)),
    };
}

sim_input sim_pilot(const sim *s)
{
    switch (s->phase) {
    case SIM_PLAYING:
        return play(s);
    case SIM_PAUSED:
        return (sim_input){.pause = true};
    default:
        return (sim_input){.start = s->ticks % (2 * SIM_TICKS_PER_S) == AWAKE_TICKS};
    }
}
