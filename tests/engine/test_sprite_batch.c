/* The batch keeps the order of drawing, whatever it joins, and counts what it does. */
#include "engine_fixture.h"

enum { SIDE = 64, MANY = 40000, TEXTURES = 4 };

static stage s;
static pxc_texture white;
static pxc_texture textures[TEXTURES];
static const uint32_t colors[TEXTURES] = {0xFF0000FF, 0x00FF00FF, 0x0000FFFF, 0xFFFF00FF};

static int open_stage(void **state)
{
    (void)state;
    stage_open(&s, SIDE, SIDE);
    white = texel_of(&s, UINT32_MAX);
    for (int i = 0; i < TEXTURES; ++i) {
        textures[i] = texel_of(&s, colors[i]);
    }
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&s);
    return 0;
}

static void assert_counts(uint32_t draws, uint32_t sprites)
{
    const pxe_frame *last = pxe_profile_last(s.engine->profile);
    assert_int_equal(last->draws, draws);
    assert_int_equal(last->sprites, sprites);
}

/* The painter's way on a small canvas of our own, beside the frame's. */
static void overlapping_sprites_lie_in_the_order_drawn(void **state)
{
    (void)state;
    uint32_t canvas[SIDE * SIDE] = {0};
    uint64_t seed = 11;
    uint32_t draws = 0;
    uint32_t last = TEXTURES;
    stage_begin(&s, 0x000000FF);
    for (int i = 0; i < 3000; ++i) {
        const uint32_t which = random_below(&seed, TEXTURES);
        const int width = 1 + (int)random_below(&seed, 9);
        const int height = 1 + (int)random_below(&seed, 9);
        const int left = (int)random_below(&seed, SIDE);
        const int top = (int)random_below(&seed, SIDE);
        const pxe_sprite sprite = {.texture = textures[which],
                                   .x = (float)left,
                                   .y = (float)top,
                                   .width = (float)width,
                                   .height = (float)height};
        pxe_sprites_draw(s.engine->sprites, &sprite);
        draws += which != last ? 1 : 0;
        last = which;
        for (int y = top; y < top + height && y < SIDE; ++y) {
            for (int x = left; x < left + width && x < SIDE; ++x) {
                canvas[y * SIDE + x] = colors[which] >> 8;
            }
        }
    }
    stage_end(&s);
    for (int i = 0; i < SIDE * SIDE; ++i) {
        assert_pixel(&s, i % SIDE, i / SIDE, canvas[i], 0);
    }
    assert_counts(draws, 3000);
}

/* Sprite number i has the colour i and lies on pixel i of the frame, round and round: the last one wins. */
static void draw_numbered(int count, const pxc_texture *texture_of_odd)
{
    stage_begin(&s, 0x000000FF);
    for (int i = 0; i < count; ++i) {
        const int at = i % (SIDE * SIDE);
        const pxe_sprite sprite = {.texture = i % 2 != 0 ? *texture_of_odd : white,
                                   .x = (float)(at % SIDE),
                                   .y = (float)(at / SIDE),
                                   .tint = (uint32_t)i << 8 | 0xFF};
        pxe_sprites_draw(s.engine->sprites, &sprite);
    }
    stage_end(&s);
    for (int at = 0; at < SIDE * SIDE; ++at) {
        const int rounds = (count - 1 - at) / (SIDE * SIDE);
        assert_pixel(&s, at % SIDE, at / SIDE, (uint32_t)(at + rounds * SIDE * SIDE), 0);
    }
}

static void more_sprites_than_a_batch_holds_are_all_drawn_in_order(void **state)
{
    (void)state;
    draw_numbered(MANY, &white);
    const pxe_frame *last = pxe_profile_last(s.engine->profile);
    assert_int_equal(last->sprites, MANY);
    assert_in_range(last->draws, 1, 10);
}

static void more_changes_than_a_batch_holds_are_all_drawn_in_order(void **state)
{
    (void)state;
    const pxc_texture other = texel_of(&s, UINT32_MAX);
    assert_true(other.name != white.name);
    draw_numbered(MANY, &other);
    assert_counts(MANY, MANY);
}

static void equal_textures_in_sequence_share_a_draw_call(void **state)
{
    (void)state;
    static const char order[] = "AAABBACCCCA";
    stage_begin(&s, 0x000000FF);
    for (const char *at = order; *at != '\0'; ++at) {
        const pxe_sprite sprite = {.texture = textures[*at - 'A']};
        pxe_sprites_draw(s.engine->sprites, &sprite);
    }
    stage_end(&s);
    assert_counts(5, sizeof order - 1);
}

static void another_blend_mode_or_filter_is_another_draw_call(void **state)
{
    (void)state;
    stage_begin(&s, 0x000000FF);
    pxe_sprite sprite = {.texture = white};
    pxe_sprites_draw(s.engine->sprites, &sprite);
    sprite.blend = PXE_BLEND_ADD;
    pxe_sprites_draw(s.engine->sprites, &sprite);
    sprite.filter = PXE_FILTER_NEAREST;
    pxe_sprites_draw(s.engine->sprites, &sprite);
    sprite.x = 3; /* what does not matter to the GPU's state does not part them */
    sprite.tint = 0xFF00FFFF;
    sprite.rotation = 1;
    sprite.flip_x = true;
    pxe_sprites_draw(s.engine->sprites, &sprite);
    stage_end(&s);
    assert_counts(3, 4);
}

static void a_flush_ends_a_draw_call_and_an_empty_one_makes_none(void **state)
{
    (void)state;
    const pxe_sprite sprite = {.texture = white};
    stage_begin(&s, 0x000000FF);
    pxe_sprites_flush(s.engine->sprites);
    pxe_sprites_draw(s.engine->sprites, &sprite);
    pxe_sprites_flush(s.engine->sprites);
    pxe_sprites_flush(s.engine->sprites);
    pxe_sprites_draw(s.engine->sprites, &sprite);
    stage_end(&s);
    assert_counts(2, 2);
    stage_begin(&s, 0x000000FF);
    stage_end(&s);
    assert_counts(0, 0);
}

static void counts_are_taken_once(void **state)
{
    (void)state;
    const pxe_sprite sprite = {.texture = white};
    uint32_t draws = 7;
    uint32_t drawn = 7;
    stage_begin(&s, 0x000000FF);
    pxe_sprites_draw(s.engine->sprites, &sprite);
    pxe_sprites_draw(s.engine->sprites, &sprite);
    pxe_sprites_flush(s.engine->sprites);
    pxe_sprites_take_counts(s.engine->sprites, &draws, &drawn);
    assert_int_equal(draws, 1);
    assert_int_equal(drawn, 2);
    pxe_sprites_take_counts(s.engine->sprites, &draws, &drawn);
    assert_int_equal(draws, 0);
    assert_int_equal(drawn, 0);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overlapping_sprites_lie_in_the_order_drawn),
        cmocka_unit_test(more_sprites_than_a_batch_holds_are_all_drawn_in_order),
        cmocka_unit_test(more_changes_than_a_batch_holds_are_all_drawn_in_order),
        cmocka_unit_test(equal_textures_in_sequence_share_a_draw_call),
        cmocka_unit_test(another_blend_mode_or_filter_is_another_draw_call),
        cmocka_unit_test(a_flush_ends_a_draw_call_and_an_empty_one_makes_none),
        cmocka_unit_test(counts_are_taken_once),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
