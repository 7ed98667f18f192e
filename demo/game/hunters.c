/* What has teeth, or stings. Three kinds, each beaten in its own way:
 *
 *   angler   chases, slower than the fish but without pause: lead it away, it tires
 *   lancer   keeps its distance, aims for half a second, lunges straight: side-step, or dash through it
 *   medusa   large and drifting, hunts nobody: swim around
 *
 * A director keeps as many around the fish as the hour asks for. They come from outside the view and are forgotten when
 * far behind.
 */
#include "sim.h"

#include <math.h>

#define COMES_AT    820.0F /* distance at which a new one appears; the view's corner is 734 away */
#define FORGOTTEN   1500.0F
#define ANGLER_SEES 430.0F
#define LANCER_SEES 520.0F
#define BODY        15.0F /* the fish's radius */

enum { CHASE_TICKS = 330, TIRED_TICKS = 170, AIM_TICKS = 36, LUNGE_TICKS = 44, CRUISE_TICKS = 130 };
enum { FEWEST = 4, MOST_AT_DAWN = 18, BRUSH_POINTS = 60 };

float sim_hunter_reach(sim_hunter_kind kind)
{
    static const float reach[SIM_HUNTER_KINDS] = {[SIM_ANGLER] = 30, [SIM_LANCER] = 24, [SIM_MEDUSA] = 44};
    return reach[kind];
}

static void set_mood(sim_hunter *hunter, sim_mood mood)
{
    hunter->mood = mood;
    hunter->mood_ticks = 0;
}

/* Turns the velocity toward a direction, at most by a share, to that speed. */
static void steer(sim_hunter *hunter, float x, float y, float speed, float share)
{
    const float length = sim_length(x, y) + 0.01F;
    hunter->vx += (x / length * speed - hunter->vx) * share;
    hunter->vy += (y / length * speed - hunter->vy) * share;
}

static void roam(sim *s, sim_hunter *hunter, float speed)
{
    const float turn = (float)hunter->age_ticks * 0.011F + (float)(hunter->look % 64);
    steer(hunter, sim_cosine(turn) + 0.4F * sim_sine(turn * 0.37F), 0.5F * sim_sine(turn * 0.73F), speed,
          0.03F);
    (void)s;
}

static void step_angler(sim *s, sim_hunter *hunter, float to_x, float to_y, float distance)
{
    switch (hunter->mood) {
    case SIM_CHASING:
        steer(hunter, to_x, to_y, 240 + 110 * s->heat, 0.05F);
        if (hunter->mood_ticks > CHASE_TICKS || distance > 2 * ANGLER_SEES) {
            set_mood(hunter, SIM_TIRED);
        }
        break;
    case SIM_TIRED:
        roam(s, hunter, 50);
        if (hunter->mood_ticks > TIRED_TICKS) {
            set_mood(hunter, SIM_ROAMING);
        }
        break;
    default:
        roam(s, hunter, 90);
        if (distance < ANGLER_SEES) {
            set_mood(hunter, SIM_CHASING);
        }
    }
}

/* Cruises around the fish; its lunge goes where the fish was when it began. */
static void step_lancer(sim *s, sim_hunter *hunter, float to_x, float to_y, float distance)
{
    switch (hunter->mood) {
    case SIM_AIMING:
        steer(hunter, to_x, to_y, 26, 0.2F);
        if (hunter->mood_ticks > AIM_TICKS) {
            const float speed = 700 + 160 * s->heat;
            hunter->vx = to_x / (distance + 0.01F) * speed;
            hunter->vy = to_y / (distance + 0.01F) * speed;
            set_mood(hunter, SIM_LUNGING);
            sim_tell(s, SIM_LUNGE, hunter->x, hunter->y, 0);
        }
        break;
    case SIM_LUNGING:
        if (hunter->mood_ticks > LUNGE_TICKS) {
            set_mood(hunter, SIM_ROAMING);
        }
        break;
    default: {
        const float side = hunter->look % 2 == 0 ? 1 : -1;
        const float inward = (distance - 330) / 330;
        steer(hunter, to_x * inward - to_y * side, to_y * inward + to_x * side, 165 + 60 * s->heat, 0.04F);
        if (hunter->mood_ticks > CRUISE_TICKS && distance < LANCER_SEES) {
            set_mood(hunter, SIM_AIMING);
        }
    }
    }
}

static void step_medusa(sim_hunter *hunter)
{
    const float pulse = (float)hunter->age_ticks * 0.05F + (float)(hunter->look % 16);
    const float side = hunter->look % 2 == 0 ? 1 : -1;
    const float beat = fmaxf(sim_sine(pulse), 0);
    steer(hunter, side * 0.35F, sim_sine(pulse * 0.13F), 30 + 60 * beat, 0.05F);
}

static bool touches(const sim *s, const sim_hunter *hunter)
{
    const float distance = sim_length(hunter->x - s->fish.x, hunter->y - s->fish.y);
    return distance < BODY + sim_hunter_reach(hunter->kind);
}

static void meet(sim *s, sim_hunter *hunter)
{
    static const float bite[SIM_HUNTER_KINDS] = {[SIM_ANGLER] = 18, [SIM_LANCER] = 22, [SIM_MEDUSA] = 14};
    if (!touches(s, hunter)) {
        return;
    }
    if (s->fish.dash_ticks > 0) {
        if (!hunter->brushed) {
            hunter->brushed = true;
            ++s->night.brushes;
            sim_score(s, BRUSH_POINTS * s->night.multiplier);
            s->night.combo_ticks += s->night.combo_ticks > 0 ? 30 : 0;
            sim_tell(s, SIM_BRUSHED, hunter->x, hunter->y, BRUSH_POINTS * s->night.multiplier);
        }
    } else if (s->fish.safe_ticks == 0) {
        sim_fish_bite(s, hunter->x, hunter->y, bite[hunter->kind]);
        set_mood(hunter, hunter->kind == SIM_ANGLER ? SIM_TIRED : SIM_ROAMING);
    }
}

static void step_hunter(sim *s, sim_hunter *hunter)
{
    const float to_x = s->fish.x - hunter->x;
    const float to_y = s->fish.y - hunter->y;
    const float distance = sim_length(to_x, to_y);
    ++hunter->mood_ticks;
    ++hunter->age_ticks;
    if (hunter->kind == SIM_ANGLER) {
        step_angler(s, hunter, to_x, to_y, distance);
    } else if (hunter->kind == SIM_LANCER) {
        step_lancer(s, hunter, to_x, to_y, distance);
    } else {
        step_medusa(hunter);
    }
    hunter->x += hunter->vx * SIM_TICK_S;
    hunter->y += hunter->vy * SIM_TICK_S;
    meet(s, hunter);
}

static sim_hunter_kind draw_kind(sim *s)
{
    const uint32_t card = sim_random_below(&s->random, 100);
    const uint32_t lancers = s->tick < 40 * SIM_TICKS_PER_S ? 0 : 25 + (uint32_t)(20 * s->heat);
    return card < 30 ? SIM_MEDUSA : card < 30 + lancers ? SIM_LANCER : SIM_ANGLER;
}

/* Rather ahead of the fish than behind it, where nobody would meet it. */
static void send_hunter(sim *s)
{
    const float angle = s->fish.heading + sim_random_between(&s->random, -1.9F, 1.9F);
    const float x = s->fish.x + sim_cosine(angle) * COMES_AT;
    const float y = s->fish.y + sim_sine(angle) * COMES_AT;
    const sim_hunter_kind kind = draw_kind(s);
    const uint32_t look = sim_random_next(&s->random);
    if (x < 0 || y < 0 || x > SIM_WIDTH || y > SIM_HEIGHT) {
        return; /* the next try goes elsewhere */
    }
    s->hunters[s->hunter_count++] = (sim_hunter){.kind = kind, .x = x, .y = y, .look = look};
    const float pause_s = 2.2F - 1.4F * s->heat;
    s->next_hunter_tick = s->tick + (uint32_t)(pause_s * SIM_TICKS_PER_S);
}

void sim_hunters_step(sim *s)
{
    for (uint32_t i = 0; i < s->hunter_count;) {
        sim_hunter *hunter = &s->hunters[i];
        step_hunter(s, hunter);
        if (sim_length(hunter->x - s->fish.x, hunter->y - s->fish.y) > FORGOTTEN) {
            *hunter = s->hunters[--s->hunter_count];
        } else {
            ++i;
        }
    }
    const uint32_t wanted = FEWEST + (uint32_t)((MOST_AT_DAWN - FEWEST) * s->heat);
    if (s->hunter_count < wanted && s->hunter_count < SIM_MOST_HUNTERS && s->tick >= s->next_hunter_tick) {
        send_hunter(s);
    }
}
