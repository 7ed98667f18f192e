/* Effects: shaders of the application's own for what is drawn, with one image in a draw call and with many.
 * */
#include "sprite_stage.h"

enum { SIDE = 32, IMAGES = 5 };

static stage s;
static pxc_texture images[IMAGES]; /* two by one: red of some strength, green */
static const char plain[] = "vec4 effect(vec2 uv, vec4 tint) { return texel(uv) * tint; }\n";
static const char swapped[] = "vec4 effect(vec2 uv, vec4 tint) { return texel(uv).bgra * tint; }\n";

static uint32_t strength_of(int image)
{
    return (uint32_t)(100 + 30 * image);
}

static int open_stage(void **state)
{
    (void)state;
    stage_open(&s, SIDE, SIDE);
    for (int i = 0; i < IMAGES; ++i) {
        const unsigned char rgba[8] = {(unsigned char)strength_of(i), 0, 0, 255, 0, 255, 0, 255};
        images[i] = texture_of(&s, 2, 1, rgba);
    }
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&s);
    return 0;
}

static pxe_effect *effect_of(const char *source)
{
    pxe_effect *effect = NULL;
    pxe_error error = {""};
    if (!pxe_effect_create(s.engine->sprites, source, &effect, &error)) {
        fail_msg("no effect: %s", error.text);
    }
    return effect;
}

/* A frame of this sprite alone, through this effect. */
static void draw_through(pxe_effect *effect, pxe_sprite sprite)
{
    stage_begin(&s, 0x000000FF);
    pxe_sprites_set_effect(s.engine->sprites, effect);
    sprite.filter = PXE_FILTER_NEAREST;
    stage_draw(&s, sprite);
    stage_end(&s);
}

static void an_effect_decides_on_the_colour(void **state)
{
    (void)state;
    for (size_t way = 0; way < COUNT_OF(all_ways); ++way) {
        stage_use(&s, &all_ways[way]);
        pxe_effect *effect = effect_of(swapped);
        stage_begin(&s, 0x000000FF);
        pxe_sprites_set_effect(s.engine->sprites, effect);
        for (int i = 0; i < 100; ++i) {
            stage_draw(&s, (pxe_sprite){.texture = images[i % IMAGES],
                                        .x = (float)(i % SIDE),
                                        .y = (float)(i / SIDE),
                                        .width = 1,
                                        .source = {0, 0, 1, 1}});
        }
        stage_end(&s);
        assert_int_equal(draws_of(&s), all_ways[way].joining == JOIN_ALL ? 1 : 100);
        for (int i = 0; i < 100; ++i) {
            assert_pixel(&s, i % SIDE, i / SIDE, strength_of(i % IMAGES), 0);
        }
        pxe_effect_destroy(s.engine->sprites, effect);
    }
    stage_use(&s, &(sprite_options){0});
}

static void the_tint_is_premultiplied(void **state)
{
    (void)state;
    pxe_effect *effect = effect_of("vec4 effect(vec2 uv, vec4 tint) { return tint; }\n");
    draw_through(effect,
                 (pxe_sprite){.texture = images[0], .width = SIDE, .height = SIDE, .tint = 0xFF8000C0});
    assert_pixel(&s, 5, 5, 0xC06000, 1);
    pxe_effect_destroy(s.engine->sprites, effect);
}

/* Of any sprite: a part, flipped, on a page. */
static void source_uv_runs_from_0_to_1_over_the_sprite(void **state)
{
    (void)state;
    pxe_effect *effect =
        effect_of("vec4 effect(vec2 uv, vec4 tint) { return vec4(source_uv(uv), 0.0, 1.0); }\n");
    const pxc_texture page = on_page(&images[0], 1, 0, 1, 1);
    const pxe_sprite sprites[] = {{.texture = images[0]},
                                  {.texture = images[0], .source = {0.5F, 0, 1, 1}},
                                  {.texture = images[0], .flip_x = true, .flip_y = true},
                                  {.texture = page},
                                  {.texture = pxe_sprites_white(s.engine->sprites)}};
    for (size_t i = 0; i < COUNT_OF(sprites); ++i) {
        pxe_sprite sprite = sprites[i];
        sprite.width = sprite.height = SIDE;
        draw_through(effect, sprite);
        for (int at = 0; at < SIDE * SIDE; ++at) {
            const uint32_t x = (uint32_t)((at % SIDE + 0.5) / SIDE * 255 + 0.5);
            const uint32_t y = (uint32_t)((at / SIDE + 0.5) / SIDE * 255 + 0.5);
            assert_pixel(&s, at % SIDE, at / SIDE, x << 16 | y << 8, 1);
        }
    }
    pxe_effect_destroy(s.engine->sprites, effect);
}

static void a_moved_coordinate_stays_inside_the_image(void **state)
{
    (void)state;
    pxe_effect *effect =
        effect_of("vec4 effect(vec2 uv, vec4 tint) { return texel(uv + vec2(40.0, 0.0)); }\n");
    draw_through(effect, (pxe_sprite){.texture = images[1], .width = SIDE, .height = SIDE});
    assert_all_pixels(&s, 0x00FF00);
    draw_through(effect,
                 (pxe_sprite){.texture = images[1], .width = SIDE, .height = SIDE, .source = {0, 0, 1, 1}});
    assert_all_pixels(&s, strength_of(1) << 16);
    draw_through(
        effect, (pxe_sprite){.texture = pxe_sprites_white(s.engine->sprites), .width = SIDE, .height = SIDE});
    assert_all_pixels(&s, 0xFFFFFF);
    pxe_effect_destroy(s.engine->sprites, effect);
}

static void uniforms_are_set_by_name_for_what_follows(void **state)
{
    (void)state;
    for (size_t way = 0; way < COUNT_OF(all_ways); ++way) {
        stage_use(&s, &all_ways[way]);
        pxe_effect *effect =
            effect_of("uniform float a;\nuniform vec2 b;\nuniform vec3 c;\nuniform vec4 d;\n"
                      "uniform vec4 not_used;\nuniform int whole;\n"
                      "vec4 effect(vec2 uv, vec4 tint)\n"
                      "{ return vec4(a, b.y, c.z, d.w) + float(whole) + texel(uv) * 0.0; }\n");
        pxe_sprites *sprites = s.engine->sprites;
        const float values[4] = {0.2F, 0.4F, 0.6F, 1};
        const pxe_sprite sprite = {.texture = images[0], .width = SIDE, .height = 8};
        stage_begin(&s, 0x000000FF);
        pxe_sprites_set_effect(sprites, effect);
        assert_true(pxe_effect_set(sprites, effect, "a", values, 1));
        assert_true(pxe_effect_set(sprites, effect, "b", values, 2));
        assert_true(pxe_effect_set(sprites, effect, "c", values, 3));
        assert_true(pxe_effect_set(sprites, effect, "d", values, 4));
        stage_draw(&s, sprite);
        assert_true(pxe_effect_set(sprites, effect, "a", &values[3], 1));
        for (int i = 0; i < 4; ++i) {
            pxe_sprite below = sprite;
            below.texture = images[i];
            below.y = 16;
            stage_draw(&s, below);
        }
        assert_false(pxe_effect_set(sprites, effect, "not_used", values, 4));
        assert_false(pxe_effect_set(sprites, effect, "nowhere", values, 1));
        assert_false(pxe_effect_set(sprites, effect, "a", values, 2));
        assert_false(pxe_effect_set(sprites, effect, "a", values, 0));
        assert_false(pxe_effect_set(sprites, effect, "a", values, 5));
        assert_false(pxe_effect_set(sprites, effect, "whole", values, 1));
        assert_false(pxe_effect_set(sprites, effect, "pxe_shift", values, 2));
        assert_false(pxe_effect_set(sprites, NULL, "a", values, 1));
        stage_end(&s);
        assert_pixel(&s, 3, 3, 0x336699, 1);
        assert_pixel(&s, 3, 19, 0xFF6699, 1);
        assert_pixel(&s, 3, 29, 0, 0);
        pxe_effect_destroy(sprites, effect);
    }
    stage_use(&s, &(sprite_options){0});
}

static void an_effect_ends_with_null_and_with_the_frame(void **state)
{
    (void)state;
    pxe_effect *effect = effect_of(swapped);
    const pxe_sprite sprite = {.texture = images[0], .width = 4, .height = 4, .source = {0, 0, 1, 1}};
    pxe_sprite second = sprite;
    second.x = 8;
    stage_begin(&s, 0x000000FF);
    pxe_sprites_set_effect(s.engine->sprites, effect);
    stage_draw(&s, sprite);
    pxe_sprites_set_effect(s.engine->sprites, NULL);
    stage_draw(&s, second);
    pxe_sprites_set_effect(s.engine->sprites, effect);
    stage_end(&s);
    assert_pixel(&s, 1, 1, strength_of(0), 0);
    assert_pixel(&s, 9, 1, strength_of(0) << 16, 0);
    stage_begin(&s, 0x000000FF);
    stage_draw(&s, sprite);
    stage_end(&s);
    assert_pixel(&s, 1, 1, strength_of(0) << 16, 0);
    pxe_effect_destroy(s.engine->sprites, effect);
}

static void destroying_an_effect_draws_what_waits_for_it(void **state)
{
    (void)state;
    pxe_effect *effect = effect_of(swapped);
    stage_begin(&s, 0x000000FF);
    pxe_sprites_set_effect(s.engine->sprites, effect);
    pxe_sprite sprite = {.texture = images[0], .width = 4, .height = 4, .source = {0, 0, 1, 1}};
    stage_draw(&s, sprite);
    pxe_effect_destroy(s.engine->sprites, effect);
    sprite.x = 8;
    stage_draw(&s, sprite); /* without */
    stage_end(&s);
    assert_pixel(&s, 1, 1, strength_of(0), 0);
    assert_pixel(&s, 9, 1, strength_of(0) << 16, 0);
    pxe_effect_destroy(s.engine->sprites, NULL);
}

static void errors_are_told_in_one_line_with_the_callers_line_number(void **state)
{
    (void)state;
    static const struct {
        const char *source, *word, *place;
    } cases[] = {
        {"vec4 effect(vec2 uv, vec4 tint)\n{\n    return nothing_like_it;\n}\n", "nothing_like_it", ":3("},
        {"this is no GLSL", "effect", ":1("},
        {"vec4 another(vec2 uv, vec4 tint) { return tint; }\n", "effect", ""},
        {"", "effect", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); ++i) {
        pxe_effect *effect = (pxe_effect *)&effect;
        pxe_error error = {""};
        assert_false(pxe_effect_create(s.engine->sprites, cases[i].source, &effect, &error));
        assert_null(effect);
        assert_says(&error, cases[i].word);
        assert_says(&error, cases[i].place);
    }
    stage_begin(&s, 0x000000FF); /* and the batch draws on */
    stage_draw(&s, (pxe_sprite){.texture = images[0], .width = 4, .height = 4, .source = {0, 0, 1, 1}});
    stage_end(&s);
    assert_pixel(&s, 1, 1, strength_of(0) << 16, 0);
}

static void an_effect_that_does_nothing_changes_nothing(void **state)
{
    (void)state;
    uint64_t seed = 12;
    pxe_effect *effect = effect_of(plain);
    painting without;
    painting_open(&without, SIDE, SIDE, 0);
    for (int pass = 0; pass < 2; ++pass) {
        seed = 12;
        stage_begin(&s, 0x102030FF);
        pxe_sprites_set_effect(s.engine->sprites, pass == 0 ? NULL : effect);
        for (int i = 0; i < 200; ++i) {
            stage_draw(&s, (pxe_sprite){.texture = random_below(&seed, 5) == 0
                                                       ? pxe_sprites_white(s.engine->sprites)
                                                       : images[random_below(&seed, IMAGES)],
                                        .x = (float)random_below(&seed, SIDE),
                                        .y = (float)random_below(&seed, SIDE),
                                        .width = (float)(1 + random_below(&seed, 9)),
                                        .height = (float)(1 + random_below(&seed, 9)),
                                        .rotation = (float)random_below(&seed, 3),
                                        .tint = random_below(&seed, 1 << 24) << 8 | 0x80,
                                        .filter = (pxe_filter)random_below(&seed, 2)});
        }
        stage_end(&s);
        for (int i = 0; i < SIDE * SIDE && pass == 0; ++i) {
            without.pixels[i] = pixel_at(&s, i % SIDE, i / SIDE);
        }
    }
    assert_painting(&s, &without, 1, "effect-plain");
    painting_close(&without);
    pxe_effect_destroy(s.engine->sprites, effect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_effect_decides_on_the_colour),
        cmocka_unit_test(the_tint_is_premultiplied),
        cmocka_unit_test(source_uv_runs_from_0_to_1_over_the_sprite),
        cmocka_unit_test(a_moved_coordinate_stays_inside_the_image),
        cmocka_unit_test(uniforms_are_set_by_name_for_what_follows),
        cmocka_unit_test(an_effect_ends_with_null_and_with_the_frame),
        cmocka_unit_test(destroying_an_effect_draws_what_waits_for_it),
        cmocka_unit_test(errors_are_told_in_one_line_with_the_callers_line_number),
        cmocka_unit_test(an_effect_that_does_nothing_changes_nothing),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
