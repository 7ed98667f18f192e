/* The creatures that are there to be eaten: one in most cells of a grid, so that those near the fish are found without a
 * search, whatever the sea's size. They cluster: where a slow noise is low, the water is empty.
 *
 * A zone's species are dealt like cards, the whole deck before any comes again: so all 2,048 live somewhere.
 */
#include "sim.h"

#include <math.h>

#define LAMP_REACH  105.0F /* what is this near comes to the light */
#define PULL        460.0F /* how fast, units a second */
#define ENERGY      0.50F  /* that one gives */
#define ENERGY_NEW  1.0F   /* of a species not seen before */
#define EMPTY_SHARE 0.40F  /* of the sea */

enum {
    REGROW_S = 50,
    COMBO_TICKS = 80, /* so long a combo waits for the next bite */
    POINTS = 10,
    POINTS_NEW = 50,
};

static int first_species(int zone)
{
    return zone * SIM_SPECIES / SIM_ZONES;
}

int sim_zone_of_species(uint32_t species)
{
    int zone = 0;
    while (zone + 1 < SIM_ZONES && (int)species >= first_species(zone + 1)) {
        ++zone;
    }
    return zone;
}

int sim_zone_at(float y)
{
    const int zone = (int)(y * SIM_ZONES / SIM_HEIGHT);
    return zone < 0 ? 0 : zone >= SIM_ZONES ? SIM_ZONES - 1 : zone;
}

static float lattice(uint64_t seed, int column, int row)
{
    sim_random random = sim_random_from(seed, (uint64_t)row * 4099 + (uint64_t)column);
    return sim_random_unit(&random);
}

/* Noise between 0 and 1 that changes over about six cells. */
static float crowd_at(uint64_t seed, int column, int row)
{
    const float x = (float)column / 6;
    const float y = (float)row / 6;
    const int left = (int)x;
    const int top = (int)y;
    const float u = x - (float)left;
    const float v = y - (float)top;
    const float above = lattice(seed, left, top) * (1 - u) + lattice(seed, left + 1, top) * u;
    const float below = lattice(seed, left, top + 1) * (1 - u) + lattice(seed, left + 1, top + 1) * u;
    return above * (1 - v) + below * v;
}

typedef struct deck {
    uint16_t cards[SIM_SPECIES];
    int count, left;
} deck;

static uint16_t deal(deck *from, sim_random *random)
{
    from->left = from->left == 0 ? from->count : from->left;
    const int at = (int)sim_random_below(random, (uint32_t)from->left);
    --from->left;
    const uint16_t card = from->cards[at];
    from->cards[at] = from->cards[from->left]; /* what was dealt lies behind those that are left */
    from->cards[from->left] = card;
    return card;
}

static void take_zone(deck *to, int zone)
{
    to->count = first_species(zone + 1) - first_species(zone);
    to->left = to->count;
    for (int i = 0; i < to->count; ++i) {
        to->cards[i] = (uint16_t)(first_species(zone) + i);
    }
}

void sim_creatures_place(sim *s)
{
    sim_random random = sim_random_from(s->seed, 1000 + s->nights);
    deck species = {.count = 0};
    int zone = -1;
    for (int row = 0; row < SIM_ROWS; ++row) {
        const int zone_here = sim_zone_at(((float)row + 0.5F) * SIM_CELL);
        if (zone_here != zone) {
            zone = zone_here;
            take_zone(&species, zone);
        }
        for (int column = 0; column < SIM_COLUMNS; ++column) {
            sim_creature *creature = &s->creatures[row * SIM_COLUMNS + column];
            const float x = ((float)column + sim_random_between(&random, 0.12F, 0.88F)) * SIM_CELL;
            const float y = ((float)row + sim_random_between(&random, 0.12F, 0.88F)) * SIM_CELL;
            *creature = (sim_creature){.x = x, .y = y, .home_x = x, .home_y = y};
            creature->present = crowd_at(s->seed, column, row) > EMPTY_SHARE;
            if (creature->present) {
                creature->species = deal(&species, &random);
            }
        }
    }
}

bool sim_creature_there(const sim *s, const sim_creature *creature)
{
    return creature->present && s->tick >= creature->grown_at;
}

static int clamp_cell(float at, int count)
{
    const int cell = (int)floorf(at / SIM_CELL);
    return cell < 0 ? 0 : cell > count ? count : cell;
}

sim_cells sim_cells_in(float x, float y, float width, float height)
{
    return (sim_cells){
        .first_column = clamp_cell(x, SIM_COLUMNS),
        .first_row = clamp_cell(y, SIM_ROWS),
        .end_column = clamp_cell(x + width + SIM_CELL, SIM_COLUMNS),
        .end_row = clamp_cell(y + height + SIM_CELL, SIM_ROWS),
    };
}

/* Each step takes ten bites more than the one before: x2 from 10 on, x3 from 30, x4 from 60, ... x9 from 360. */
uint32_t sim_multiplier_of(uint32_t combo)
{
    uint32_t multiplier = 1;
    while (multiplier < SIM_MOST_MULTIPLIER && combo >= 5 * multiplier * (multiplier + 1)) {
        ++multiplier;
    }
    return multiplier;
}

static void count_bite(sim *s)
{
    sim_night *night = &s->night;
    const uint32_t before = night->multiplier;
    ++night->eaten;
    ++night->combo;
    night->best_combo = night->combo > night->best_combo ? night->combo : night->best_combo;
    night->combo_ticks = COMBO_TICKS;
    night->multiplier = sim_multiplier_of(night->combo);
    if (night->multiplier != before) {
        sim_tell(s, SIM_MULTIPLIER, s->fish.x, s->fish.y, night->multiplier);
    }
}

static void eat(sim *s, sim_creature *creature)
{
    const bool is_new = !s->found[creature->species];
    const uint32_t depth = 1 + (uint32_t)sim_zone_of_species(creature->species);
    count_bite(s);
    const uint32_t points = POINTS * depth * s->night.multiplier + (is_new ? POINTS_NEW * depth : 0);
    if (is_new) {
        s->found[creature->species] = true;
        ++s->found_count;
        ++s->night.found_now;
    }
    sim_score(s, points);
    s->fish.energy = fminf(s->fish.energy + (is_new ? ENERGY_NEW : ENERGY), SIM_MOST_ENERGY);
    sim_tell(s, is_new ? SIM_ATE_NEW : SIM_ATE, creature->x, creature->y, points);
    if (s->event_count > 0) {
        s->events[s->event_count - 1].detail = creature->species;
    }
    creature->grown_at = s->tick + REGROW_S * SIM_TICKS_PER_S;
    creature->x = creature->home_x;
    creature->y = creature->home_y;
}

/* Toward the lamp, faster the nearer; what the lamp has left swims home. */
static void pull(const sim_fish *fish, sim_creature *creature, float distance)
{
    if (distance < LAMP_REACH && distance > 0) {
        const float step = PULL * (1.25F - distance / LAMP_REACH) * SIM_TICK_S / distance;
        creature->x += (fish->x - creature->x) * step;
        creature->y += (fish->y - creature->y) * step;
    } else {
        creature->x += (creature->home_x - creature->x) * 0.03F;
        creature->y += (creature->home_y - creature->y) * 0.03F;
    }
}

void sim_creatures_step(sim *s)
{
    enum { AROUND = 400 }; /* a dash leaves nothing behind that has not come home */
    const sim_cells cells = sim_cells_in(s->fish.x - AROUND, s->fish.y - AROUND, 2 * AROUND, 2 * AROUND);
    for (int row = cells.first_row; row < cells.end_row; ++row) {
        for (int column = cells.first_column; column < cells.end_column; ++column) {
            sim_creature *creature = &s->creatures[row * SIM_COLUMNS + column];
            if (!sim_creature_there(s, creature)) {
                continue;
            }
            const float distance = sim_length(s->fish.x - creature->x, s->fish.y - creature->y);
            if (distance < SIM_EAT_REACH) {
                eat(s, creature);
            } else {
                pull(&s->fish, creature, distance);
            }
        }
    }
}
