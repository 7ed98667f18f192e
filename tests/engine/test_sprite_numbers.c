/* Numbers: sizes, scales and fades, those that mean nothing, and very many sprites. */
#include "sprite_stage.h"

#include <float.h>
#include <math.h>

enum { SIDE = 32, MANY = 100000 };

static stage s;
static pxc_texture white;

static int open_stage(void **state)
{
    (void)state;
    stage_open(&s, SIDE, SIDE);
    white = texel_of(&s, UINT32_MAX);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&s);
    return 0;
}

static void assert_nothing(pxe_sprite sprite)
{
    stage_begin(&s, 0x102030FF);
    stage_draw(&s, sprite);
    stage_end(&s);
    assert_all_pixels(&s, 0x102030);
    assert_int_equal(sprites_of(&s), 0);
    assert_int_equal(draws_of(&s), 0);
}

static pxe_sprite sound(void)
{
    return (pxe_sprite){.texture = white, .x = 4, .y = 4, .width = 8, .height = 8};
}

static void what_is_no_number_draws_nothing(void **state)
{
    (void)state;
    const float values[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < COUNT_OF(values); ++i) {
        for (size_t field = 0; field < 13; ++field) {
            pxe_sprite sprite = sound();
            if (field >= 8) {
                sprite.source = (pxe_rect){0, 0, 1, 1};
            }
            float *const fields[] = {
                &sprite.x,        &sprite.y,        &sprite.width,        &sprite.height,
                &sprite.scale,    &sprite.origin_x, &sprite.origin_y,     &sprite.rotation,
                &sprite.source.x, &sprite.source.y, &sprite.source.width, &sprite.source.height,
                &sprite.fade};
            *fields[field] = values[i];
            assert_nothing(sprite);
        }
    }
}

static void negative_sizes_draw_nothing(void **state)
{
    (void)state;
    for (int field = 0; field < 5; ++field) {
        pxe_sprite sprite = sound();
        sprite.source = field >= 3 ? (pxe_rect){0, 0, 1, 1} : (pxe_rect){0};
        float *const fields[] = {&sprite.width, &sprite.height, &sprite.scale, &sprite.source.width,
                                 &sprite.source.height};
        *fields[field] = -2;
        assert_nothing(sprite);
    }
}

static void numbers_that_overflow_draw_nothing(void **state)
{
    (void)state;
    pxe_sprite sprite = sound();
    sprite.width = FLT_MAX;
    sprite.scale = 10;
    assert_nothing(sprite);
    sprite = sound();
    sprite.x = FLT_MAX;
    sprite.origin_x = -FLT_MAX;
    assert_nothing(sprite);
}

static void unknown_modes_draw_nothing(void **state)
{
    (void)state;
    pxe_sprite sprite = sound();
    sprite.blend = (pxe_blend)77;
    assert_nothing(sprite);
    sprite = sound();
    sprite.filter = (pxe_filter)-1;
    assert_nothing(sprite);
}

static void a_texture_without_a_size_needs_one_from_the_sprite(void **state)
{
    (void)state;
    pxe_sprite sprite = sound();
    sprite.texture.width = 0;
    sprite.texture.height = 0;
    stage_begin(&s, 0x000000FF);
    stage_draw(&s, sprite);
    stage_end(&s);
    assert_int_equal(sprites_of(&s), 1);
    assert_pixel(&s, 5, 5, 0xFFFFFF, 0);
    sprite.width = 0;
    assert_nothing(sprite);
}

static void what_is_off_the_screen_draws_nothing(void **state)
{
    (void)state;
    const float far[][2] = {{-9, 4}, {4, -9}, {SIDE + 1, 4}, {4, SIDE + 1}, {1e30F, 4}, {4, -1e30F}};
    for (size_t i = 0; i < COUNT_OF(far); ++i) {
        pxe_sprite sprite = sound();
        sprite.x = far[i][0] + (far[i][0] < 0 ? -1 : 1);
        sprite.y = far[i][1] + (far[i][1] < 0 ? -1 : 1);
        assert_nothing(sprite);
    }
}

/* At random near the edges of the screen, through any camera: every pixel that a sprite covers is drawn. */
static void what_touches_the_screen_is_drawn_through_any_camera(void **state)
{
    (void)state;
    uint64_t seed = 4;
    for (int i = 0; i < 400; ++i) {
        const pxe_camera camera = {.x = (float)random_below(&seed, 100),
                                   .y = (float)random_below(&seed, 100),
                                   .zoom = 0.3F + (float)random_below(&seed, 30) / 10,
                                   .rotation = i % 2 == 0 ? 0 : (float)random_below(&seed, 628) / 100,
                                   .width = SIDE,
                                   .height = SIDE};
        const float screen_x = (float)random_below(&seed, SIDE) + 0.5F;
        const float screen_y = (float)random_below(&seed, SIDE) + 0.5F;
        pxe_sprite sprite = {.texture = white,
                             .width = 1 + (float)random_below(&seed, 90),
                             .height = 1 + (float)random_below(&seed, 90),
                             .rotation = i % 3 == 0 ? 0 : (float)random_below(&seed, 628) / 100};
        sprite.origin_x = sprite.width * (float)(1 + random_below(&seed, 9)) / 10;
        sprite.origin_y = sprite.height * (float)(1 + random_below(&seed, 9)) / 10;
        sprite.width += 4 / camera.zoom; /* so that the origin is a pixel and more inside */
        sprite.height += 4 / camera.zoom;
        sprite.origin_x += 2 / camera.zoom;
        sprite.origin_y += 2 / camera.zoom;
        pxe_camera_to_world(&camera, screen_x, screen_y, &sprite.x, &sprite.y);
        stage_begin(&s, 0x000000FF);
        pxe_sprites_set_camera(s.engine->sprites, &camera);
        stage_draw(&s, sprite);
        stage_end(&s);
        assert_pixel(&s, (int)screen_x, (int)screen_y, 0xFFFFFF, 0);
    }
}

static void a_scale_multiplies_size_and_origin(void **state)
{
    (void)state;
    painting expected;
    painting_open(&expected, SIDE, SIDE, 0);
    painting_fill(&expected, &(pxe_rect){20 - 3 * 2, 16 - 3 * 1, 3 * 4, 3 * 2}, 0xFFFFFF);
    stage_begin(&s, 0x000000FF);
    stage_draw(&s, (pxe_sprite){.texture = white,
                                .x = 20,
                                .y = 16,
                                .width = 4,
                                .height = 2,
                                .origin_x = 2,
                                .origin_y = 1,
                                .scale = 3});
    stage_end(&s);
    assert_painting(&s, &expected, 0, "scale");
    stage_begin(&s, 0x000000FF); /* half a turn about the middle is the same rectangle */
    stage_draw(&s, (pxe_sprite){.texture = white,
                                .x = 20,
                                .y = 16,
                                .width = 4,
                                .height = 2,
                                .origin_x = 2,
                                .origin_y = 1,
                                .scale = 3,
                                .rotation = 3.14159265F});
    stage_end(&s);
    assert_painting(&s, &expected, 0, "scale-turned");
    painting_close(&expected);
}

static void a_fade_takes_from_the_opacity(void **state)
{
    (void)state;
    static const struct {
        float fade;
        uint32_t tint, expected;
    } cases[] = {{0, 0, 0xFFFFFF},
                 {0.25F, 0, 0xBFBFBF},
                 {0.5F, 0xFF0000FF, 0x800000},
                 {0.5F, 0xFFFFFF80, 0x404040},
                 {1, 0, 0},
                 {7, 0, 0},
                 {-3, 0, 0xFFFFFF},
                 {0.998F, 0, 0x010101}};
    for (size_t i = 0; i < COUNT_OF(cases); ++i) {
        stage_begin(&s, 0x000000FF);
        stage_draw(&s, (pxe_sprite){.texture = white,
                                    .width = SIDE,
                                    .height = SIDE,
                                    .tint = cases[i].tint,
                                    .fade = cases[i].fade});
        stage_end(&s);
        assert_pixel(&s, 3, 3, cases[i].expected, 1);
    }
}

/* Sprite i lies on pixel i of the frame, round and round, in the colour of its number. */
static void a_hundred_thousand_sprites_are_drawn_in_order(void **state)
{
    (void)state;
    const int area = SIDE * SIDE;
    for (size_t way = 0; way < COUNT_OF(all_ways); ++way) {
        stage_use(&s, &all_ways[way]);
        stage_begin(&s, 0x000000FF);
        for (int i = 0; i < MANY; ++i) {
            stage_draw(&s, (pxe_sprite){.texture = white,
                                        .x = (float)(i % area % SIDE),
                                        .y = (float)(i % area / SIDE),
                                        .tint = (uint32_t)i << 8 | 0xFF});
        }
        stage_end(&s);
        for (int at = 0; at < area; ++at) {
            const int last = at + (MANY - 1 - at) / area * area;
            assert_pixel(&s, at % SIDE, at / SIDE, (uint32_t)last, 0);
        }
        assert_int_equal(sprites_of(&s), MANY);
        assert_in_range(draws_of(&s), 1, 3);
    }
}

/* More than the GPU's buffer holds, flush by flush: what is written must not hit what is still drawn. */
static void many_small_flushes_stream_past_the_end_of_the_buffer(void **state)
{
    (void)state;
    const int area = SIDE * SIDE;
    stage_begin(&s, 0x000000FF);
    for (int i = 0; i < 4 * MAX_WAITING; ++i) {
        stage_draw(&s, (pxe_sprite){.texture = white,
                                    .x = (float)(i % area % SIDE),
                                    .y = (float)(i % area / SIDE),
                                    .tint = (uint32_t)i << 8 | 0xFF});
        if (i % 1013 == 0) {
            pxe_sprites_flush(s.engine->sprites);
        }
    }
    stage_end(&s);
    for (int at = 0; at < area; ++at) {
        const int last = at + (4 * MAX_WAITING - 1 - at) / area * area;
        assert_pixel(&s, at % SIDE, at / SIDE, (uint32_t)last, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_number_draws_nothing),
        cmocka_unit_test(negative_sizes_draw_nothing),
        cmocka_unit_test(numbers_that_overflow_draw_nothing),
        cmocka_unit_test(unknown_modes_draw_nothing),
        cmocka_unit_test(a_texture_without_a_size_needs_one_from_the_sprite),
        cmocka_unit_test(what_is_off_the_screen_draws_nothing),
        cmocka_unit_test(what_touches_the_screen_is_drawn_through_any_camera),
        cmocka_unit_test(a_scale_multiplies_size_and_origin),
        cmocka_unit_test(a_fade_takes_from_the_opacity),
        cmocka_unit_test(a_hundred_thousand_sprites_are_drawn_in_order),
        cmocka_unit_test(many_small_flushes_stream_past_the_end_of_the_buffer),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
