/* What answers to events: sparks, rings, rising numbers, a banner, a shake. Each kind has a ring of a fixed size, of which
 * the oldest is replaced: when much happens at once nobody misses it.
 */
#include "game.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static float spread(game_effects *e, float most)
{
    return sim_random_between(&e->random, -most, most);
}

static void add_spark(game_effects *e, float x, float y, float speed, uint32_t color)
{
    const float angle = sim_random_between(&e->random, 0, 6.2832F);
    const float fast = speed * sim_random_between(&e->random, 0.25F, 1);
    e->sparks[e->next_spark++ % GAME_SPARKS] = (game_spark){
        .x = x,
        .y = y,
        .vx = cosf(angle) * fast,
        .vy = sinf(angle) * fast,
        .size = sim_random_between(&e->random, 6, 15),
        .life = 1,
        .fade = sim_random_between(&e->random, 0.018F, 0.045F),
        .color = color,
    };
}

static void burst(game_effects *e, const sim_event *event, int count, float speed, uint32_t color)
{
    for (int i = 0; i < count; ++i) {
        add_spark(e, event->x + spread(e, 6), event->y + spread(e, 6), speed, color);
    }
}

static void add_ring(game_effects *e, float x, float y, float size, uint32_t color)
{
    e->rings[e->next_ring++ % GAME_RINGS] = (game_ring){x, y, size, 1, color};
}

#ifdef __GNUC__
__attribute__((format(printf, 5, 6)))
#endif
static void
add_label(game_effects *e, const sim_event *event, float size, uint32_t color, const char *format, ...)
{
    game_label *label = &e->labels[e->next_label++ % GAME_LABELS];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(label->text, sizeof label->text, format, arguments);
    va_end(arguments);
    label->x = event->x + spread(e, 10);
    label->y = event->y - 26;
    label->size = size;
    label->life = 1;
    label->color = color;
}

static void show_banner(game_effects *e, const char *text)
{
    snprintf(e->banner, sizeof e->banner, "%s", text);
    e->banner_life = 1;
}

static void answer_meal(game_effects *e, const sim_event *event)
{
    static const uint32_t colors[SIM_ZONES] = {0x80FFE000U, 0xFFD86000U, 0xC080FF00U, 0xFF70B000U,
                                               0x80FF7000U};
    const uint32_t color = colors[sim_zone_of_species(event->detail)];
    const bool is_new = event->kind == SIM_ATE_NEW;
    e->gulp = 1;
    burst(e, event, is_new ? 12 : 6, is_new ? 190 : 120, color);
    if (is_new) {
        add_ring(e, event->x, event->y, 90, color);
        add_label(e, event, 20, 0xFFE070FFU, "+%u", (unsigned)event->value);
    } else {
        add_label(e, event, 16, 0xE8FFFFFFU, "+%u", (unsigned)event->value);
    }
}

static void answer_bite(game_effects *e, const sim_event *event)
{
    e->shake = 13;
    e->flash = 1;
    burst(e, event, 26, 330, 0xFF404000U);
    add_ring(e, event->x, event->y, 170, 0xFF605000U);
    add_label(e, event, 24, 0xFF7060FFU, "-%u light", (unsigned)event->value);
}

static void answer_pearl(game_effects *e, const sim_event *event)
{
    burst(e, event, 60, 360, 0xFFD87000U);
    add_ring(e, event->x, event->y, 300, 0xFFE8A000U);
    add_ring(e, event->x, event->y, 180, 0xFFFFFF00U);
    add_label(e, event, 30, 0xFFE890FFU, "+%u", (unsigned)event->value);
    show_banner(e, "A pearl! Light and dashes refilled");
}

static void answer_multiplier(game_effects *e, const sim_event *event)
{
    add_ring(e, event->x, event->y, 130, 0x80E8FF00U);
    add_label(e, event, 28, 0x90F0FFFFU, "x%u", (unsigned)event->value);
}

static void answer(game_effects *e, const sim_event *event)
{
    switch (event->kind) {
    case SIM_ATE:
    case SIM_ATE_NEW:
        answer_meal(e, event);
        break;
    case SIM_ATE_KRILL:
        e->gulp = fmaxf(e->gulp, 0.6F);
        burst(e, event, 1, 130, 0xFFB07000U);
        break;
    case SIM_TOOK_PEARL:
        answer_pearl(e, event);
        break;
    case SIM_DASHED:
        add_ring(e, event->x, event->y, 120, 0xC0F0FF00U);
        break;
    case SIM_BRUSHED:
        e->shake = fmaxf(e->shake, 4);
        burst(e, event, 14, 260, 0xFFF0A000U);
        add_label(e, event, 23, 0xFFF0A0FFU, "brave +%u", (unsigned)event->value);
        break;
    case SIM_BITTEN:
        answer_bite(e, event);
        break;
    case SIM_MULTIPLIER:
        answer_multiplier(e, event);
        break;
    case SIM_BLOOM:
        show_banner(e, "The krill bloom: swim through it!");
        break;
    case SIM_LUNGE:
        add_ring(e, event->x, event->y, 110, 0xFFE05000U);
        break;
    case SIM_COMBO_LOST:
        add_label(e, event, 17, 0x9098B0FFU, "combo over");
        break;
    default:
        e->flash = 0;
    }
}

static void step_sparks(game_effects *e)
{
    for (int i = 0; i < GAME_SPARKS; ++i) {
        game_spark *spark = &e->sparks[i];
        spark->life = fmaxf(spark->life - spark->fade, 0);
        spark->vx *= 0.94F;
        spark->vy *= 0.94F;
        spark->x += spark->vx * SIM_TICK_S;
        spark->y += spark->vy * SIM_TICK_S;
    }
    for (int i = 0; i < GAME_RINGS; ++i) {
        e->rings[i].life = fmaxf(e->rings[i].life - 0.035F, 0);
    }
    for (int i = 0; i < GAME_LABELS; ++i) {
        e->labels[i].life = fmaxf(e->labels[i].life - 0.02F, 0);
        e->labels[i].y -= 1.1F * e->labels[i].life;
    }
}

void game_effects_step(game *g)
{
    game_effects *e = &g->effects;
    const sim *s = g->sim;
    step_sparks(e);
    e->banner_life = fmaxf(e->banner_life - 0.006F, 0);
    e->shake *= 0.88F;
    e->flash *= 0.92F;
    e->gulp *= 0.86F;
    for (uint32_t i = 0; i < s->event_count; ++i) {
        answer(e, &s->events[i]);
    }
    if (s->phase == SIM_PLAYING && s->fish.dash_ticks > 0) {
        for (int i = 0; i < 3; ++i) {
            add_spark(e, s->fish.x + spread(e, 12), s->fish.y + spread(e, 12), 60, 0xA0E8FF00U);
        }
    }
}

static uint32_t faded(uint32_t color, float life)
{
    return (color & 0xFFFFFF00U) | (uint32_t)(255 * fminf(fmaxf(life, 0), 1));
}

void game_effects_draw(game *g)
{
    game_effects *e = &g->effects;
    for (int i = 0; i < GAME_SPARKS; ++i) {
        const game_spark *spark = &e->sparks[i];
        if (spark->life > 0) {
            game_small(g, SMALL_SPARK, (game_spot){spark->x, spark->y, spark->size * (0.5F + spark->life)},
                       faded(spark->color, spark->life));
        }
    }
    for (int i = 0; i < GAME_RINGS; ++i) {
        const game_ring *ring = &e->rings[i];
        if (ring->life > 0) {
            game_small(g, SMALL_RING, (game_spot){ring->x, ring->y, ring->size * (1.15F - ring->life)},
                       faded(ring->color, ring->life));
        }
    }
    for (int i = 0; i < GAME_LABELS; ++i) {
        const game_label *label = &e->labels[i];
        if (label->life > 0) {
            const game_words words = {label->x, label->y, label->size,
                                      faded(label->color, label->life * 1.6F), PXE_ALIGN_CENTRE};
            game_write(g, &words, "%s", label->text);
        }
    }
}
