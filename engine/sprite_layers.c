/* Sorts the waiting sprites by layer, those of one layer staying in their order: a radix sort of 16 bits in
 * two passes, of which one is left out if all the sprites agree in that byte. The instances stay where they
 * are; what is sorted is their indices, and new runs are made along them.
 */
#include "sprites_inside.h"

/* The layer as a number that sorts without a sign. */
static unsigned key_of(const pxe_sprites *sprites, uint32_t i)
{
    return (unsigned)(sprites->layers[i] + 32768);
}

/* A stable pass over the byte at `shift`: from -> to. False, with nothing done, if all agree in it. */
static bool sort_by_byte(const pxe_sprites *sprites, unsigned shift, const uint32_t *from, uint32_t *to)
{
    const uint32_t count = sprites->runs.instance_count;
    uint32_t starts[256] = {0};
    for (uint32_t i = 0; i < count; ++i) {
        ++starts[key_of(sprites, i) >> shift & 255];
    }
    if (starts[key_of(sprites, 0) >> shift & 255] == count) {
        return false;
    }
    uint32_t start = 0;
    for (int i = 0; i < 256; ++i) {
        const uint32_t here = starts[i];
        starts[i] = start;
        start += here;
    }
    for (uint32_t i = 0; i < count; ++i) {
        to[starts[key_of(sprites, from[i]) >> shift & 255]++] = from[i];
    }
    return true;
}

static void swap_orders(pxe_sprites *sprites)
{
    uint32_t *order = sprites->order;
    sprites->order = sprites->order_before;
    sprites->order_before = order;
}

static void sort_indices(pxe_sprites *sprites)
{
    for (uint32_t i = 0; i < sprites->runs.instance_count; ++i) {
        sprites->order[i] = i;
    }
    for (unsigned shift = 0; shift <= 8; shift += 8) {
        if (sort_by_byte(sprites, shift, sprites->order, sprites->order_before)) {
            swap_orders(sprites);
        }
    }
}

void sprites_sort_by_layer(pxe_sprites *sprites)
{
    const run_list *runs = &sprites->runs;
    sort_indices(sprites);
    for (uint32_t i = 0; i < runs->run_count; ++i) {
        for (uint32_t j = 0; j < runs->runs[i].count; ++j) {
            sprites->run_of[runs->runs[i].first + j] = i;
        }
    }
    run_list_clear(&sprites->sorted);
    for (uint32_t i = 0; i < runs->instance_count; ++i) {
        const uint32_t from = sprites->order[i];
        const instance *it = &sprites->waiting[from];
        const run *of = &runs->runs[sprites->run_of[from]];
        const batch_texture *texture =
            it->kind == KIND_SOLID ? NULL : &runs->textures[of->first_texture + it->unit];
        int unit = run_list_find(&sprites->sorted, of->state.id, texture == NULL ? 0 : texture->name);
        if (unit < 0) {
            unit = run_list_place(&sprites->sorted, &of->state, texture);
        }
        run_list_count(&sprites->sorted, unit, sprite_features(it));
    }
}
