/* What colour a sprite becomes: tints, blend modes and filters, against values computed here in floating
 * point. */
#include "engine_fixture.h"

#include <math.h>

enum { SIDE = 16 };

static stage s;

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

typedef struct color {
    double r, g, b, a;
} color;

static color color_of(uint32_t rgba)
{
    return (color){(rgba >> 24) / 255.0, (rgba >> 16 & 255) / 255.0, (rgba >> 8 & 255) / 255.0,
                   (rgba & 255) / 255.0};
}

static uint32_t channel(double value)
{
    const double bounded = value < 0 ? 0 : value > 1 ? 1 : value;
    return (uint32_t)lround(bounded * 255);
}

/* The texel is premultiplied, the tint is not. */
static color tinted(uint32_t texel, uint32_t tint)
{
    const color t = color_of(texel);
    const color by = color_of(tint == 0 ? UINT32_MAX : tint);
    return (color){t.r * by.r * by.a, t.g * by.g * by.a, t.b * by.b * by.a, t.a * by.a};
}

static double blended(pxe_blend blend, double from, double alpha, double there)
{
    switch (blend) {
    case PXE_BLEND_ALPHA:
        return from + there * (1 - alpha);
    case PXE_BLEND_ADD:
        return from + there;
    case PXE_BLEND_MULTIPLY:
        return from * there + there * (1 - alpha);
    case PXE_BLEND_SCREEN:
        return from + there * (1 - from);
    default:
        return from;
    }
}

static void assert_drawn(uint32_t there, uint32_t texel, uint32_t tint, pxe_blend blend)
{
    const color from = tinted(texel, tint);
    const color to = color_of(there);
    const uint32_t expected = channel(blended(blend, from.r, from.a, to.r)) << 16 |
                              channel(blended(blend, from.g, from.a, to.g)) << 8 |
                              channel(blended(blend, from.b, from.a, to.b));
    pxe_sprite sprite = {.width = SIDE, .height = SIDE, .tint = tint, .blend = blend};
    stage_begin(&s, there);
    sprite.texture = texel_of(&s, texel);
    pxe_sprites_draw(s.engine->sprites, &sprite);
    stage_end(&s);
    assert_pixel(&s, 0, 0, expected, 1);
    assert_pixel(&s, SIDE / 2, SIDE / 2, expected, 1);
    assert_pixel(&s, SIDE - 1, SIDE - 1, expected, 1);
}

static const uint32_t grounds[] = {0x000000FF, 0xFFFFFFFF, 0x4080C0FF, 0xE01020FF};
static const uint32_t texels[] = {0xFFFFFFFF, 0x000000FF, 0x804020FF, 0x80402080,
                                  0x00000000, 0x0A141E28, 0x40404040};

static void each_blend_mode_is_its_formula(void **state)
{
    (void)state;
    for (int blend = PXE_BLEND_ALPHA; blend <= PXE_BLEND_NONE; ++blend) {
        for (size_t g = 0; g < COUNT_OF(grounds); ++g) {
            for (size_t t = 0; t < COUNT_OF(texels); ++t) {
                assert_drawn(grounds[g], texels[t], 0, (pxe_blend)blend);
            }
        }
    }
}

static void a_tint_multiplies_with_straight_alpha(void **state)
{
    (void)state;
    static const uint32_t tints[] = {0xFFFFFFFF, 0xFF0000FF, 0x80FF4080, 0xFFFFFF40,
                                     0x000000FF, 0x123456FF, 0xFFFFFF01, 0xFF8000FF};
    for (size_t i = 0; i < COUNT_OF(tints); ++i) {
        for (size_t t = 0; t < COUNT_OF(texels); ++t) {
            assert_drawn(0x4080C0FF, texels[t], tints[i], PXE_BLEND_ALPHA);
        }
        assert_drawn(0x4080C0FF, 0x80402080, tints[i], PXE_BLEND_ADD);
        assert_drawn(0x4080C0FF, 0x80402080, tints[i], PXE_BLEND_MULTIPLY);
        assert_drawn(0x4080C0FF, 0x80402080, tints[i], PXE_BLEND_SCREEN);
    }
}

static void blend_modes_change_within_a_frame(void **state)
{
    (void)state;
    stage_begin(&s, 0x404040FF);
    pxe_sprite sprite = {.texture = texel_of(&s, 0x20202080), .width = 2, .height = SIDE};
    for (int blend = PXE_BLEND_ALPHA; blend <= PXE_BLEND_NONE; ++blend) {
        sprite.x = (float)(2 * blend);
        sprite.blend = (pxe_blend)blend;
        pxe_sprites_draw(s.engine->sprites, &sprite);
    }
    stage_end(&s);
    assert_int_equal(pxe_profile_last(s.engine->profile)->draws, 5);
    for (int blend = PXE_BLEND_ALPHA; blend <= PXE_BLEND_NONE; ++blend) {
        const uint32_t value = channel(blended((pxe_blend)blend, 32 / 255.0, 128 / 255.0, 64 / 255.0));
        assert_pixel(&s, 2 * blend, 3, value * 0x010101U, 1);
    }
    assert_pixel(&s, 10, 3, 0x404040, 0);
}

static const unsigned char black_and_white[8] = {0, 0, 0, 255, 255, 255, 255, 255};

static void nearest_shows_texels_and_linear_goes_between(void **state)
{
    (void)state;
    stage_begin(&s, 0x123456FF);
    pxe_sprite sprite = {.texture = texture_of(&s, 2, 1, black_and_white), .width = SIDE, .height = 4};
    sprite.filter = PXE_FILTER_NEAREST;
    pxe_sprites_draw(s.engine->sprites, &sprite);
    sprite.filter = PXE_FILTER_LINEAR;
    sprite.y = 8;
    pxe_sprites_draw(s.engine->sprites, &sprite);
    stage_end(&s);
    for (int x = 0; x < SIDE; ++x) {
        assert_pixel(&s, x, 1, x < SIDE / 2 ? 0x000000 : 0xFFFFFF, 0);
        /* The first texel's middle is at a quarter of the width, the second's at three quarters. */
        const double between = ((x + 0.5) / SIDE - 0.25) * 2;
        assert_pixel(&s, x, 9, channel(between) * 0x010101U, 2);
    }
}

/* Linear at one to one must be sharp: every texel's middle lies on a pixel's. */
static void linear_at_one_to_one_is_exact(void **state)
{
    (void)state;
    unsigned char chequer[SIDE * SIDE * 4];
    for (int i = 0; i < SIDE * SIDE; ++i) {
        memset(chequer + (size_t)i * 4, (i % SIDE + i / SIDE) % 2 != 0 ? 255 : 0, 3);
        chequer[i * 4 + 3] = 255;
    }
    stage_begin(&s, 0x123456FF);
    const pxe_sprite sprite = {.texture = texture_of(&s, SIDE, SIDE, chequer)};
    pxe_sprites_draw(s.engine->sprites, &sprite);
    stage_end(&s);
    for (int i = 0; i < SIDE * SIDE; ++i) {
        assert_pixel(&s, i % SIDE, i / SIDE, (i % SIDE + i / SIDE) % 2 != 0 ? 0xFFFFFF : 0, 0);
    }
}

/* Two pixels of white and six of black, over and over: an eighth of the size shows their mean only by mip
 * levels. */
static void mip_levels_average_what_is_drawn_much_smaller(void **state)
{
    (void)state;
    enum { LARGE = 128 };
    unsigned char *stripes = malloc((size_t)LARGE * LARGE * 4);
    assert_non_null(stripes);
    for (int i = 0; i < LARGE * LARGE; ++i) {
        memset(stripes + (size_t)i * 4, i % 8 < 2 ? 255 : 0, 3);
        stripes[i * 4 + 3] = 255;
    }
    const pxc_pixmap pixmap = {
        .pixels = stripes, .width = LARGE, .height = LARGE, .format = PXC_RGBA8, .mipmaps = true};
    pxc_key key = {0};
    pxe_sprite sprite = {.width = SIDE, .height = SIDE};
    stage_begin(&s, 0x123456FF);
    assert_int_equal(pxc_insert(s.engine->cache, &pixmap, &key), PXC_OK);
    assert_int_equal(pxc_find(s.engine->cache, key, &sprite.texture), PXC_OK);
    pxe_sprites_draw(s.engine->sprites, &sprite);
    stage_end(&s);
    for (int x = 1; x < SIDE - 1; ++x) {
        assert_pixel(&s, x, SIDE / 2, 0x404040, 3);
    }
    free(stripes);
}

static void rectangles_are_of_one_colour_with_straight_alpha(void **state)
{
    (void)state;
    stage_begin(&s, 0x000000FF);
    pxe_fill_rect(s.engine->sprites, &(pxe_rect){2, 3, 4, 5}, 0xFF8040FF);
    pxe_fill_rect(s.engine->sprites, &(pxe_rect){10, 0, 2, 16}, 0xFFFFFF80);
    pxe_fill_rect(s.engine->sprites, &(pxe_rect){0, 0, 16, 16}, 0xFFFFFF00); /* transparent, */
    pxe_fill_rect(s.engine->sprites, &(pxe_rect){0, 0, 0, 16}, 0xFFFFFFFF);  /* empty, */
    pxe_fill_rect(s.engine->sprites, &(pxe_rect){8, 8, -4, -4}, 0xFFFFFFFF); /* inside out: nothing */
    stage_end(&s);
    for (int i = 0; i < SIDE * SIDE; ++i) {
        const int x = i % SIDE;
        const int y = i / SIDE;
        const bool first = x >= 2 && x < 6 && y >= 3 && y < 8;
        const bool second = x >= 10 && x < 12;
        assert_pixel(&s, x, y, first ? 0xFF8040 : second ? 0x808080 : 0, 1);
    }
    assert_int_equal(pxe_profile_last(s.engine->profile)->sprites, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_blend_mode_is_its_formula),
        cmocka_unit_test(a_tint_multiplies_with_straight_alpha),
        cmocka_unit_test(blend_modes_change_within_a_frame),
        cmocka_unit_test(nearest_shows_texels_and_linear_goes_between),
        cmocka_unit_test(linear_at_one_to_one_is_exact),
        cmocka_unit_test(mip_levels_average_what_is_drawn_much_smaller),
        cmocka_unit_test(rectangles_are_of_one_colour_with_straight_alpha),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
