/* Blooms: now and then some 1,500 krill gather ahead of the fish and wheel about a point. Each is worth little, but the
 * fish can swim through all of them, and a combo lives on them.
 *
 * Each krill is drawn to a ring of its own about the bloom's middle and along it, and shrinks back from the fish a little:
 * enough to part before it, not enough to get away.
 */
#include "sim.h"

#include <math.h>

#define MOUTH        44.0F
#define SHY          105.0F
#define KRILL_ENERGY 0.05F

enum { BLOOM_EVERY_S = 50, BLOOM_FIRST_S = 25, BLOOM_S = 20, KRILL_POINTS = 2 };

static void begin_bloom(sim *s)
{
    const float ahead = 430;
    s->krill_x = fminf(fmaxf(s->fish.x + sim_cosine(s->fish.heading) * ahead, 400), SIM_WIDTH - 400);
    s->krill_y = fminf(fmaxf(s->fish.y + sim_sine(s->fish.heading) * ahead, 400), SIM_HEIGHT - 400);
    s->krill_count = SIM_MOST_KRILL;
    s->krill_end_tick = s->tick + BLOOM_S * SIM_TICKS_PER_S;
    for (uint32_t i = 0; i < s->krill_count; ++i) {
        const float angle = sim_random_between(&s->random, 0, 6.2831853F);
        const float distance = sim_random_between(&s->random, 500, 900);
        s->krill[i] = (sim_krill){
            .x = s->krill_x + sim_cosine(angle) * distance,
            .y = s->krill_y + sim_sine(angle) * distance,
        };
    }
    sim_tell(s, SIM_BLOOM, s->krill_x, s->krill_y, s->krill_count);
}

/* The ring that the i-th swims on: a three-leaved one, so that the bloom is a flower and not a plate. */
static float ring_of(uint32_t i, float angle, uint32_t tick)
{
    const float size = 60 + 240 * (float)(i % 97) / 97;
    return size * (1 + 0.28F * sim_sine(3 * angle + (float)tick * 0.011F));
}

static void swim(const sim *s, sim_krill *krill, uint32_t i)
{
    const float from_x = krill->x - s->krill_x;
    const float from_y = krill->y - s->krill_y;
    const float distance = sim_length(from_x, from_y) + 0.01F;
    const float wanted = ring_of(i, sim_angle(from_x, from_y), s->tick);
    const float inward = (wanted - distance) * 0.9F;
    const float along = 110 + (float)(i % 13) * 4;
    const float to_x = (from_x * inward - from_y * along) / distance;
    const float to_y = (from_y * inward + from_x * along) / distance;
    krill->vx += (to_x - krill->vx) * 0.06F;
    krill->vy += (to_y - krill->vy) * 0.06F;
    const float away_x = krill->x - s->fish.x;
    const float away_y = krill->y - s->fish.y;
    const float near = sim_length(away_x, away_y);
    if (near < SHY && near > 0) {
        krill->vx += away_x / near * (SHY - near) * 0.16F;
        krill->vy += away_y / near * (SHY - near) * 0.16F;
    }
    krill->x += krill->vx * SIM_TICK_S;
    krill->y += krill->vy * SIM_TICK_S;
}

static void eat(sim *s, const sim_krill *krill)
{
    const uint32_t points = KRILL_POINTS * s->night.multiplier;
    ++s->night.krill_eaten;
    s->fish.energy = fminf(s->fish.energy + KRILL_ENERGY, SIM_MOST_ENERGY);
    s->night.combo_ticks += s->night.combo_ticks > 0 && s->night.combo_ticks < 76 ? 4 : 0;
    sim_score(s, points);
    sim_tell(s, SIM_ATE_KRILL, krill->x, krill->y, points);
}

void sim_krill_step(sim *s)
{
    const uint32_t first_tick = BLOOM_FIRST_S * SIM_TICKS_PER_S;
    const uint32_t every_ticks = BLOOM_EVERY_S * SIM_TICKS_PER_S;
    if (s->tick >= first_tick && (s->tick - first_tick) % every_ticks == 0) {
        begin_bloom(s);
    }
    const bool scattering = s->tick >= s->krill_end_tick;
    for (uint32_t i = 0; i < s->krill_count;) {
        sim_krill *krill = &s->krill[i];
        swim(s, krill, i);
        const bool eaten = sim_length(krill->x - s->fish.x, krill->y - s->fish.y) < MOUTH;
        if (eaten) {
            eat(s, krill);
        }
        /* Once scattering, one in eight goes each tick. */
        if (eaten || (scattering && sim_random_below(&s->random, 8) == 0)) {
            *krill = s->krill[--s->krill_count];
        } else {
            ++i;
        }
    }
}
