/* The night as a whole: phases, score, energy, what is due when, and the hash by which two runs are compared.
 *
 *   tick   1 phase changes by the keys   2 the fish   3 creatures   4 hunters   5 krill   6 pearl   7 combo, lamp, dawn
 *
 * The order is part of the rules: every step draws from one generator. What the screen shows is told by events, which
 * last for one tick; nothing comes back from those who show it.
 */
#include "sim.h"

#include <math.h>
#include <string.h>

/* The lamp burns a little faster all night long, so that who found a quiet corner must move on. */
#define DRAIN_FIRST 2.8F /* energy a second */
#define DRAIN_LAST  6.2F
#define PEARL_REACH 46.0F
#define PEARL_LIGHT 40.0F

enum {
    PEARL_FIRST_S = 12,
    PEARL_PAUSE_S = 14,
    PEARL_POINTS = 500,
    DAWN_POINTS = 5000,
    DAWN_POINTS_ENERGY = 50
};

void sim_tell(sim *s, sim_event_kind kind, float x, float y, uint32_t value)
{
    if (s->event_count < SIM_MOST_EVENTS) { /* more than can be told apart on the screen */
        s->events[s->event_count++] = (sim_event){kind, x, y, value, 0};
    }
}

void sim_score(sim *s, uint32_t points)
{
    s->night.score = points > UINT32_MAX - s->night.score ? UINT32_MAX : s->night.score + points;
}

static void begin_night(sim *s)
{
    ++s->nights;
    s->random = sim_random_from(s->seed, s->nights);
    s->tick = 0;
    s->heat = 0;
    s->phase = SIM_PLAYING;
    s->night = (sim_night){.multiplier = 1};
    s->hunter_count = 0;
    s->next_hunter_tick = 6 * SIM_TICKS_PER_S; /* time to find the keys */
    s->krill_count = 0;
    s->krill_end_tick = 0;
    s->pearl_there = false;
    s->pearl_tick = PEARL_FIRST_S * SIM_TICKS_PER_S;
    sim_creatures_place(s);
    sim_fish_place(s);
    s->fish.dash_held = true; /* the press that begins a night is no dash */
}

void sim_create(sim *s, uint64_t seed)
{
    memset(s, 0, sizeof *s);
    s->seed = seed;
    begin_night(s); /* so that the title has a sea behind it */
    s->nights = 0;
    s->phase = SIM_TITLE;
}

static void end_night(sim *s, bool dawned)
{
    s->phase = SIM_OVER;
    s->dawned = dawned;
    uint32_t points = 0;
    if (dawned) {
        points = DAWN_POINTS + DAWN_POINTS_ENERGY * (uint32_t)s->fish.energy;
        sim_score(s, points);
    }
    s->high_score = s->night.score > s->high_score ? s->night.score : s->high_score;
    sim_tell(s, dawned ? SIM_DAWN : SIM_DARK, s->fish.x, s->fish.y, points);
}

/* It comes at some distance and rather below: the way there leads into deeper, richer water. */
static void place_pearl(sim *s)
{
    const float angle = sim_random_between(&s->random, -0.5F, 3.64F);
    const float distance = sim_random_between(&s->random, 1000, 1700);
    const float x = s->fish.x + sim_cosine(angle) * distance;
    const float y = s->fish.y + sim_sine(angle) * distance * 0.7F;
    s->pearl_x = fminf(fmaxf(x, 300), SIM_WIDTH - 300);
    s->pearl_y = fminf(fmaxf(y, 300), SIM_HEIGHT - 300);
    s->pearl_there = true;
}

static void step_pearl(sim *s)
{
    if (!s->pearl_there) {
        if (s->tick >= s->pearl_tick) {
            place_pearl(s);
        }
        return;
    }
    if (sim_length(s->pearl_x - s->fish.x, s->pearl_y - s->fish.y) > PEARL_REACH) {
        return;
    }
    s->pearl_there = false;
    s->pearl_tick = s->tick + PEARL_PAUSE_S * SIM_TICKS_PER_S;
    s->fish.energy = fminf(s->fish.energy + PEARL_LIGHT, SIM_MOST_ENERGY);
    s->fish.dashes = SIM_DASHES;
    ++s->night.pearls;
    sim_score(s, PEARL_POINTS * s->night.multiplier);
    sim_tell(s, SIM_TOOK_PEARL, s->pearl_x, s->pearl_y, PEARL_POINTS * s->night.multiplier);
}

static void step_combo(sim *s)
{
    sim_night *night = &s->night;
    if (night->combo_ticks > 0 && --night->combo_ticks == 0) {
        if (night->multiplier > 1) {
            sim_tell(s, SIM_COMBO_LOST, s->fish.x, s->fish.y, night->multiplier);
        }
        night->combo = 0;
        night->multiplier = 1;
    }
}

static void play(sim *s, const sim_input *input)
{
    ++s->tick;
    s->heat = (float)s->tick / SIM_DAWN_TICKS;
    sim_fish_step(s, input);
    sim_creatures_step(s);
    sim_hunters_step(s);
    sim_krill_step(s);
    step_pearl(s);
    step_combo(s);
    s->fish.energy -= (DRAIN_FIRST + (DRAIN_LAST - DRAIN_FIRST) * s->heat) * SIM_TICK_S;
    if (s->fish.energy <= 0) {
        s->fish.energy = 0;
        end_night(s, false);
    } else if (s->tick >= SIM_DAWN_TICKS) {
        end_night(s, true);
    }
}

void sim_step(sim *s, const sim_input *input)
{
    ++s->ticks;
    s->event_count = 0;
    if (input->leave) {
        s->phase = SIM_TITLE;
    } else if (s->phase == SIM_PLAYING || s->phase == SIM_PAUSED) {
        if (input->pause || (input->start && s->phase == SIM_PAUSED)) {
            s->fish.dash_held = s->phase == SIM_PAUSED ? input->start : s->fish.dash_held;
            s->phase = s->phase == SIM_PAUSED ? SIM_PLAYING : SIM_PAUSED;
        }
    } else if (input->start) {
        begin_night(s);
    }
    if (s->phase == SIM_PLAYING) {
        play(s, input);
    }
}

/* FNV-1a, by bytes. */
static void add_to_hash(uint64_t *hash, uint64_t value)
{
    for (int i = 0; i < 8; ++i) {
        *hash = (*hash ^ (value >> (8 * i) & 255)) * UINT64_C(0x100000001B3);
    }
}

static void add_place(uint64_t *hash, float x, float y)
{
    uint32_t bits[2];
    memcpy(&bits[0], &x, sizeof x);
    memcpy(&bits[1], &y, sizeof y);
    add_to_hash(hash, (uint64_t)bits[0] << 32 | bits[1]);
}

static void add_moving_things(uint64_t *hash, const sim *s)
{
    for (uint32_t i = 0; i < s->hunter_count; ++i) {
        add_place(hash, s->hunters[i].x, s->hunters[i].y);
        add_place(hash, s->hunters[i].vx, s->hunters[i].vy);
        add_to_hash(hash, (uint64_t)s->hunters[i].kind << 32 | (uint64_t)s->hunters[i].mood);
    }
    for (uint32_t i = 0; i < s->krill_count; ++i) {
        add_place(hash, s->krill[i].x, s->krill[i].y);
    }
    for (int i = 0; i < SIM_ROWS * SIM_COLUMNS; ++i) {
        const sim_creature *creature = &s->creatures[i];
        add_place(hash, creature->x, creature->y);
        add_to_hash(hash, (uint64_t)creature->species << 33 | (uint64_t)creature->present << 32 |
                              creature->grown_at);
    }
}

uint64_t sim_hash(const sim *s)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    add_to_hash(&hash, (uint64_t)s->tick << 32 | s->nights);
    add_to_hash(&hash, (uint64_t)s->phase);
    add_to_hash(&hash, s->random.state);
    add_place(&hash, s->fish.x, s->fish.y);
    add_place(&hash, s->fish.vx, s->fish.vy);
    add_place(&hash, s->fish.energy, s->fish.dashes);
    add_to_hash(&hash, (uint64_t)s->fish.safe_ticks << 32 | s->fish.dash_ticks);
    add_to_hash(&hash, (uint64_t)s->night.score << 32 | s->night.combo);
    add_to_hash(&hash, (uint64_t)s->high_score << 32 | s->found_count);
    for (int i = 0; i < SIM_SPECIES; ++i) {
        add_to_hash(&hash, s->found[i]);
    }
    add_moving_things(&hash, s);
    return hash;
}
