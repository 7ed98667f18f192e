/* Layers: what waits for a flush is drawn by ascending layers, what shares one in the order given. */
#include "sprite_stage.h"

#include <stdlib.h>

enum { SIDE = 48, COUNT = 4000, TEXTURES = 5 };

typedef struct thing {
    int index;
    int16_t layer;
    pxe_rect place;
    uint32_t color; /* 0xRRGGBB */
    pxe_sprite sprite;
} thing;

static stage s;
static thing things[COUNT];

static int open_stage(void **state)
{
    (void)state;
    stage_open(&s, SIDE, SIDE);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&s);
    return 0;
}

static int by_layer_then_index(const void *left, const void *right)
{
    const thing *a = left;
    const thing *b = right;
    return a->layer != b->layer ? a->layer - b->layer : a->index - b->index;
}

typedef int16_t (*layer_fn)(uint64_t *seed, int index);

static int16_t any_layer(uint64_t *seed, int index)
{
    (void)index;
    return (int16_t)(random_below(seed, 65536) - 32768);
}

static int16_t one_of_few(uint64_t *seed, int index)
{
    (void)index;
    return (int16_t)(random_below(seed, 5) * 300 - 600);
}

static int16_t near_zero(uint64_t *seed, int index)
{
    (void)index;
    return (int16_t)((int)random_below(seed, 3) - 1);
}

static int16_t extremes(uint64_t *seed, int index)
{
    (void)index;
    return random_below(seed, 2) != 0 ? INT16_MAX : INT16_MIN;
}

static int16_t descending(uint64_t *seed, int index)
{
    (void)seed;
    return (int16_t)(-index / 3);
}

static int16_t ascending(uint64_t *seed, int index)
{
    (void)seed;
    return (int16_t)(index / 7);
}

static void make_things(layer_fn layer_of, uint64_t seed)
{
    static const uint32_t masks[TEXTURES] = {0xFFFFFF, 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00};
    pxc_texture textures[TEXTURES];
    int which = 0;
    for (int i = 0; i < TEXTURES; ++i) {
        textures[i] = texel_of(&s, masks[i] << 8 | 255);
        textures[i].u1 = i % 2 == 0 ? 1 : 0.5F; /* some count as parts of pages */
    }
    for (int i = 0; i < COUNT; ++i) {
        const bool is_white = random_below(&seed, 8) == 0;
        const uint32_t tint = random_below(&seed, 1 << 24) << 8 | 255;
        const bool is_streak = i % 1000 < 500; /* of one texture, or changing all the time */
        which = !is_streak || i % 100 == 0 ? (int)random_below(&seed, TEXTURES) : which;
        thing *it = &things[i];
        *it = (thing){.index = i,
                      .layer = layer_of(&seed, i),
                      .place = {(float)random_below(&seed, SIDE), (float)random_below(&seed, SIDE),
                                (float)(1 + random_below(&seed, 7)), (float)(1 + random_below(&seed, 7))},
                      .color = tint >> 8 & (is_white ? 0xFFFFFF : masks[which])};
        it->sprite =
            (pxe_sprite){.texture = is_white ? pxe_sprites_white(s.engine->sprites) : textures[which],
                         .x = it->place.x,
                         .y = it->place.y,
                         .width = it->place.width,
                         .height = it->place.height,
                         .tint = tint,
                         .filter = (pxe_filter)(i / 2000),
                         .layer = it->layer};
    }
}

static void layers_make_the_painters_picture(layer_fn layer_of, uint64_t seed)
{
    painting expected;
    stage_begin(&s, 0x000000FF);
    make_things(layer_of, seed);
    for (int i = 0; i < COUNT; ++i) {
        stage_draw(&s, things[i].sprite);
    }
    stage_end(&s);
    qsort(things, COUNT, sizeof *things, by_layer_then_index);
    painting_open(&expected, SIDE, SIDE, 0);
    for (int i = 0; i < COUNT; ++i) {
        painting_fill(&expected, &things[i].place, things[i].color);
    }
    assert_painting(&s, &expected, 0, "layers");
    assert_int_equal(sprites_of(&s), COUNT);
    painting_close(&expected);
}

static void any_layers_are_drawn_in_their_order(void **state)
{
    (void)state;
    static const layer_fn layers[] = {any_layer, one_of_few, near_zero, extremes, descending, ascending};
    for (size_t way = 0; way < COUNT_OF(all_ways); ++way) {
        stage_use(&s, &all_ways[way]);
        for (size_t i = 0; i < COUNT_OF(layers); ++i) {
            layers_make_the_painters_picture(layers[i], 100 + i);
        }
    }
}

static void draw_layer(int16_t layer, uint32_t tint)
{
    stage_draw(&s, (pxe_sprite){.texture = pxe_sprites_white(s.engine->sprites),
                                .width = SIDE,
                                .height = SIDE,
                                .tint = tint,
                                .layer = layer});
}

static void a_flush_ends_what_is_sorted(void **state)
{
    (void)state;
    stage_begin(&s, 0x000000FF);
    draw_layer(5, 0xFF0000FF);
    pxe_sprites_flush(s.engine->sprites);
    draw_layer(-5, 0x00FF00FF);
    stage_end(&s);
    assert_all_pixels(&s, 0x00FF00);
    stage_begin(&s, 0x000000FF);
    draw_layer(5, 0xFF0000FF);
    draw_layer(-5, 0x00FF00FF);
    stage_end(&s);
    assert_all_pixels(&s, 0xFF0000);
}

/* Each sprite keeps the clip rectangle and the blend mode that it was given, wherever it is moved. */
static void sorting_moves_sprites_with_their_state(void **state)
{
    (void)state;
    const pxe_rect left = {0, 0, SIDE / 2, SIDE};
    stage_begin(&s, 0x000000FF);
    pxe_sprites_set_clip(s.engine->sprites, &left);
    draw_layer(2, 0x00FF00FF);
    pxe_sprites_set_clip(s.engine->sprites, NULL);
    draw_layer(1, 0xFF0000FF);
    stage_draw(&s, (pxe_sprite){.texture = pxe_sprites_white(s.engine->sprites),
                                .width = SIDE,
                                .height = SIDE / 2,
                                .tint = 0x0000FFFF,
                                .blend = PXE_BLEND_ADD,
                                .layer = 3});
    stage_end(&s);
    for (int i = 0; i < SIDE * SIDE; ++i) {
        const uint32_t color = i % SIDE < SIDE / 2 ? 0x00FF00 : 0xFF0000;
        assert_pixel(&s, i % SIDE, i / SIDE, color | (i / SIDE < SIDE / 2 ? 0x0000FFU : 0), 0);
    }
}

/* Layer by layer they need one draw call each, in the order given as many as sprites. */
static void sorting_joins_what_belongs_together(void **state)
{
    (void)state;
    stage_use(&s, &(sprite_options){INDEX_AUTO, JOIN_PAGES});
    stage_begin(&s, 0x000000FF);
    const pxc_texture textures[2] = {texel_of(&s, 0xFF0000FF), texel_of(&s, 0x00FF00FF)};
    for (int i = 0; i < 100; ++i) {
        stage_draw(&s, (pxe_sprite){.texture = textures[i % 2], .layer = (int16_t)(i % 2)});
    }
    stage_end(&s);
    assert_int_equal(draws_of(&s), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_layers_are_drawn_in_their_order),
        cmocka_unit_test(a_flush_ends_what_is_sorted),
        cmocka_unit_test(sorting_moves_sprites_with_their_state),
        cmocka_unit_test(sorting_joins_what_belongs_together),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
