/* Groups instances, in their order, into runs: what one draw call can draw. A run has one blend mode,
 * filter, clip rectangle and effect, and up to MAX_UNITS textures; each of its instances knows the unit of
 * its own.
 *
 * The unit of a texture is found in constant time: a table of UNIT_SLOTS, indexed by the name's hash,
 * remembers the last name and the run that it was looked up for. If another name has taken the slot, the
 * run's textures are compared one by one; there are 16 at most.
 *
 * Where list->join_all is not set, on software renderers, a draw call costs 10 us, and finding the image
 * among several makes every pixel of a run 1.2 to 1.5 times as dear. So a texture with an image of its own
 * shares a run with no other; pages, of which small images are parts, do, unless LONG_STREAK sprites of one
 * follow one another: those are a run.
 */
#include "sprites_inside.h"

/* llvmpipe draws as many sprites of 16 px in 130 us, of which a run with several textures would add 30 to
 * 60. */
enum { LONG_STREAK = 64 };

static unsigned slot_of(uint32_t name)
{
    return (name * 2654435769U) >> 24; /* 2^32 by the golden ratio: consecutive names lie far apart */
}

_Static_assert(UNIT_SLOTS == 256, "slot_of keeps 8 bits");

static int begin_run(run_list *list, const batch_state *state, const batch_texture *texture)
{
    run *it = &list->runs[list->run_count++];
    *it = (run){.first = list->instance_count, .first_texture = list->texture_count, .state = *state};
    ++list->serial;
    list->streak = 0;
    list->streak_unit = 0;
    if (texture != NULL) {
        list->textures[list->texture_count++] = *texture;
        it->texture_count = 1;
        list->slots[slot_of(texture->name)] = (unit_slot){texture->name, list->serial, 0};
    }
    return 0;
}

/* Whether a run without this texture may take it. */
static bool takes(const run_list *list, const run *it, const batch_texture *texture)
{
    if (it->texture_count == 0) {
        return true;
    }
    const bool is_long = it->texture_count == 1 && list->streak >= LONG_STREAK;
    const bool are_pages = texture->is_page && list->textures[it->first_texture].is_page;
    return it->texture_count < MAX_UNITS && (list->join_all || (are_pages && !is_long));
}

/* The unit of a texture that the slots do not know; -1 = it needs a new run. */
static int unit_in(run_list *list, run *it, const batch_texture *texture)
{
    const batch_texture *textures = &list->textures[it->first_texture];
    int unit = 0;
    while (unit < it->texture_count && textures[unit].name != texture->name) {
        ++unit;
    }
    if (unit == it->texture_count) {
        if (!takes(list, it, texture)) {
            return -1;
        }
        list->textures[list->texture_count++] = *texture;
        ++it->texture_count;
    }
    list->slots[slot_of(texture->name)] = (unit_slot){texture->name, list->serial, (uint8_t)unit};
    return unit;
}

static bool continues(const run_list *list, uint32_t state_id)
{
    return list->run_count != 0 && list->runs[list->run_count - 1].state.id == state_id;
}

int run_list_find(const run_list *list, uint32_t state_id, uint32_t name)
{
    if (!continues(list, state_id)) {
        return -1;
    }
    const unit_slot *slot = &list->slots[slot_of(name)];
    const bool known = slot->name == name && slot->run_serial == list->serial;
    return known ? slot->unit : name == 0 ? 0 : -1;
}

int run_list_place(run_list *list, const batch_state *state, const batch_texture *texture)
{
    if (continues(list, state->id) && texture != NULL) {
        const int unit = unit_in(list, &list->runs[list->run_count - 1], texture);
        if (unit >= 0) {
            return unit;
        }
    }
    return begin_run(list, state, texture);
}

/* Makes a run of its own of the streak with which the last run ends. */
static void split_streak(run_list *list)
{
    run *from = &list->runs[list->run_count - 1];
    run *to = from + 1;
    const batch_texture texture = list->textures[from->first_texture + list->streak_unit];
    *to = *from;
    to->count = list->streak;
    to->first = from->first + from->count - list->streak;
    from->count -= list->streak;
    to->first_texture = list->texture_count;
    to->texture_count = 1;
    list->textures[list->texture_count++] = texture;
    ++list->run_count;
    ++list->serial;
    for (uint32_t i = to->first; i < to->first + to->count; ++i) {
        list->units[i * list->unit_stride] = 0;
    }
    list->streak_unit = 0;
    list->slots[slot_of(texture.name)] = (unit_slot){texture.name, list->serial, 0};
}

void run_list_count(run_list *list, int unit, unsigned features)
{
    run *last = &list->runs[list->run_count - 1];
    list->units[list->instance_count * list->unit_stride] = (uint8_t)unit;
    ++last->count;
    ++list->instance_count;
    last->features = (uint8_t)(last->features | features);
    if (unit != list->streak_unit && !(features & FEATURE_SOLID)) {
        list->streak = 0;
        list->streak_unit = (uint8_t)unit;
    }
    ++list->streak;
    if (list->streak == LONG_STREAK && last->texture_count > 1 && !list->join_all) {
        split_streak(list);
    }
}

void run_list_clear(run_list *list)
{
    list->run_count = 0;
    list->texture_count = 0;
    list->instance_count = 0;
    ++list->serial; /* the slots speak of the run that was the last */
}
