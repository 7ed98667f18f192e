/* Many textures in one draw call: whatever is joined, and however a shader finds its image, the picture is
 * the one that a painter makes who knows nothing of it. */
#include "sprite_stage.h"

enum { SIDE = 64, PLAIN = 20, PAGES = 20, WHITE = PLAIN + PAGES, KINDS };

static stage s;
static pxc_texture textures[KINDS];
static uint32_t colors[KINDS]; /* 0xRRGGBB */

/* A page of four by four texels in pairs of colours: the image is the inner two by two. */
static pxc_texture page_of(uint32_t color)
{
    unsigned char rgba[4 * 4 * 4];
    for (int i = 0; i < 16; ++i) {
        const bool inner = i % 4 >= 1 && i % 4 <= 2 && i / 4 >= 1 && i / 4 <= 2;
        rgba[4 * i] = (unsigned char)(inner ? color >> 16 : 255);
        rgba[4 * i + 1] = (unsigned char)(inner ? color >> 8 : 0);
        rgba[4 * i + 2] = (unsigned char)(inner ? color : 255);
        rgba[4 * i + 3] = 255;
    }
    const pxc_texture page = texture_of(&s, 4, 4, rgba);
    return on_page(&page, 1, 1, 2, 2);
}

static int open_stage(void **state)
{
    (void)state;
    stage_open(&s, SIDE, SIDE);
    for (int i = 0; i < WHITE; ++i) {
        colors[i] = (uint32_t)(i + 1) * 0x050B03U & 0xFFFFFFU;
        textures[i] = i < PLAIN ? texel_of(&s, colors[i] << 8 | 255) : page_of(colors[i]);
    }
    colors[WHITE] = 0xFFFFFF;
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&s);
    return 0;
}

/* The n-th sprite of one of these kinds, at random, on the frame and on the painting. */
static void draw_one(uint64_t *seed, int first_kind, int end_kind, const painting *on)
{
    const int kind = first_kind + (int)random_below(seed, (uint32_t)(end_kind - first_kind));
    const pxe_rect place = {(float)random_below(seed, SIDE), (float)random_below(seed, SIDE),
                            (float)(1 + random_below(seed, 9)), (float)(1 + random_below(seed, 9))};
    pxe_sprite sprite = {.texture = textures[kind],
                         .x = place.x,
                         .y = place.y,
                         .width = place.width,
                         .height = place.height,
                         .filter = PXE_FILTER_NEAREST};
    uint32_t color = colors[kind];
    if (random_below(seed, 4) == 0) { /* all of its red */
        sprite.tint = 0xFF0000FF;
        color &= 0xFF0000;
    }
    if (random_below(seed, 4) == 0) {
        sprite.source = (pxe_rect){0, 0, (float)sprite.texture.width / 2, 1};
    }
    stage_draw(&s, sprite);
    painting_fill(on, &place, color);
}

static void draw_kinds(int first_kind, int end_kind, int count, uint64_t seed, const char *name)
{
    painting expected;
    painting_open(&expected, SIDE, SIDE, 0);
    textures[WHITE] = pxe_sprites_white(s.engine->sprites);
    stage_begin(&s, 0x000000FF);
    for (int i = 0; i < count; ++i) {
        draw_one(&seed, first_kind, end_kind, &expected);
    }
    stage_end(&s);
    assert_painting(&s, &expected, 0, name);
    assert_int_equal(sprites_of(&s), count);
    painting_close(&expected);
}

static void twenty_textures_and_twenty_pages_make_the_painters_picture(void **state)
{
    (void)state;
    for (size_t way = 0; way < COUNT_OF(all_ways); ++way) {
        stage_use(&s, &all_ways[way]);
        for (uint64_t seed = 1; seed <= 3; ++seed) {
            draw_kinds(0, KINDS, 3000, seed, "units-all");
        }
    }
}

/* Numbers of textures at which another program is taken. */
static void every_number_of_units_makes_the_painters_picture(void **state)
{
    (void)state;
    for (size_t way = 0; way < COUNT_OF(all_ways); ++way) {
        stage_use(&s, &all_ways[way]);
        for (int count = 1; count <= 17; ++count) {
            draw_kinds(PLAIN, PLAIN + count, 500, (uint64_t)count, "units-count");
        }
    }
}

static void draw_first(int kind, int count)
{
    for (int i = 0; i < count; ++i) {
        stage_draw(&s, (pxe_sprite){.texture = textures[kind], .x = (float)kind});
    }
}

static uint32_t draws_for(int first_kind, int end_kind, int rounds)
{
    stage_begin(&s, 0x000000FF);
    for (int round = 0; round < rounds; ++round) {
        for (int kind = first_kind; kind < end_kind; ++kind) {
            draw_first(kind, 1);
        }
    }
    stage_end(&s);
    return draws_of(&s);
}

static void sixteen_textures_share_a_draw_call_where_all_may(void **state)
{
    (void)state;
    stage_use(&s, &(sprite_options){INDEX_AUTO, JOIN_ALL});
    assert_int_equal(draws_for(0, 16, 10), 1);
    assert_int_equal(draws_for(0, 17, 1), 2);
    assert_int_equal(draws_for(10, 26, 10), 1); /* pages too */
}

static void pages_share_a_draw_call_and_others_do_not_where_only_pages_may(void **state)
{
    (void)state;
    stage_use(&s, &(sprite_options){INDEX_AUTO, JOIN_PAGES});
    assert_int_equal(draws_for(PLAIN, PLAIN + 16, 10), 1);
    assert_int_equal(draws_for(PLAIN, PLAIN + 17, 1), 2);
    assert_int_equal(draws_for(0, 5, 2), 10);
    assert_int_equal(draws_for(PLAIN - 1, PLAIN + 2, 3), 6); /* an image of its own, two pages */
}

static void white_joins_any_draw_call(void **state)
{
    (void)state;
    for (size_t way = 0; way < COUNT_OF(all_ways); ++way) {
        stage_use(&s, &all_ways[way]);
        textures[WHITE] = pxe_sprites_white(s.engine->sprites);
        stage_begin(&s, 0x000000FF);
        draw_first(WHITE, 2);
        draw_first(0, 2); /* of its own image */
        draw_first(WHITE, 2);
        draw_first(0, 2);
        stage_end(&s);
        assert_int_equal(draws_of(&s), 1);
        assert_int_equal(draws_for(PLAIN, WHITE + 1, 1), 2); /* twenty pages */
        stage_begin(&s, 0x000000FF);
        for (int kind = PLAIN; kind < PLAIN + 16; ++kind) {
            draw_first(kind, 1);
            draw_first(WHITE, 1);
        }
        stage_end(&s);
        assert_int_equal(draws_of(&s), 1);
        assert_pixel(&s, WHITE, 0, 0xFFFFFF, 0);
        assert_pixel(&s, PLAIN + 3, 0, colors[PLAIN + 3], 0);
    }
}

/* On software renderers: finding the image costs more there than a draw call for so many. */
static void a_long_streak_of_one_page_is_a_draw_call_of_its_own(void **state)
{
    (void)state;
    for (size_t way = 0; way < COUNT_OF(all_ways); ++way) {
        stage_use(&s, &all_ways[way]);
        stage_begin(&s, 0x000000FF);
        draw_first(PLAIN, 1);
        draw_first(PLAIN + 1, 1);
        draw_first(PLAIN + 2, 500);
        draw_first(PLAIN + 3, 1);
        draw_first(PLAIN + 4, 1);
        stage_end(&s);
        assert_int_equal(draws_of(&s), all_ways[way].joining == JOIN_ALL ? 1 : 3);
        assert_int_equal(sprites_of(&s), 504);
        for (int kind = PLAIN; kind < PLAIN + 5; ++kind) {
            assert_pixel(&s, kind, 0, colors[kind], 0);
        }
    }
}

static void streaks_of_any_length_make_the_painters_picture(void **state)
{
    (void)state;
    uint64_t seed = 77;
    for (size_t way = 0; way < COUNT_OF(all_ways); ++way) {
        painting expected;
        painting_open(&expected, SIDE, SIDE, 0);
        stage_use(&s, &all_ways[way]);
        textures[WHITE] = pxe_sprites_white(s.engine->sprites);
        stage_begin(&s, 0x000000FF);
        for (int streak = 0; streak < 100; ++streak) {
            const int kind = PLAIN + (int)random_below(&seed, 4);
            const int count = 1 + (int)random_below(&seed, 150);
            for (int i = 0; i < count; ++i) {
                const bool is_white = random_below(&seed, 9) == 0;
                draw_one(&seed, is_white ? WHITE : kind, (is_white ? WHITE : kind) + 1, &expected);
            }
        }
        stage_end(&s);
        assert_painting(&s, &expected, 0, "units-streaks");
        painting_close(&expected);
    }
}

/* Two hundred names that take each other's slots, in runs of sixteen. */
static void more_textures_than_slots_are_told_apart(void **state)
{
    (void)state;
    enum { MANY = 300 };
    static pxc_texture many[MANY];
    for (int i = 0; i < MANY; ++i) {
        many[i] = texel_of(&s, (uint32_t)(i * 800 + 7) << 8 | 255);
    }
    for (size_t way = 0; way < COUNT_OF(all_ways); ++way) {
        stage_use(&s, &all_ways[way]);
        stage_begin(&s, 0x000000FF);
        for (int i = 0; i < 3 * MANY; ++i) {
            const int which = i < MANY ? i : (i * 7) % 16 + i / 16 % 250;
            stage_draw(&s,
                       (pxe_sprite){.texture = many[which], .x = (float)(i % SIDE), .y = (float)(i / SIDE)});
        }
        stage_end(&s);
        for (int i = 0; i < 3 * MANY; ++i) {
            const int which = i < MANY ? i : (i * 7) % 16 + i / 16 % 250;
            assert_pixel(&s, i % SIDE, i / SIDE, (uint32_t)(which * 800 + 7), 0);
        }
    }
}

/* The table of run_list_find knows 256 names at once, by this number. */
static unsigned slot_of(uint32_t name)
{
    return (name * 2654435769U) >> 24;
}

static void two_textures_of_one_slot_are_told_apart(void **state)
{
    (void)state;
    enum { MANY = 400 };
    pxc_texture first = texel_of(&s, 0xFF0000FF);
    pxc_texture second = {0};
    for (int i = 0; i < MANY && second.name == 0; ++i) {
        const pxc_texture other = texel_of(&s, 0x00FF00FF);
        second = slot_of(other.name) == slot_of(first.name) ? other : second;
    }
    assert_true(second.name != 0);
    for (size_t way = 0; way < COUNT_OF(all_ways); ++way) {
        stage_use(&s, &all_ways[way]);
        stage_begin(&s, 0x000000FF);
        for (int i = 0; i < SIDE; ++i) {
            stage_draw(&s, (pxe_sprite){.texture = i % 3 == 0 ? first : second, .x = (float)i});
        }
        stage_end(&s);
        for (int i = 0; i < SIDE; ++i) {
            assert_pixel(&s, i, 0, i % 3 == 0 ? 0xFF0000 : 0x00FF00, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twenty_textures_and_twenty_pages_make_the_painters_picture),
        cmocka_unit_test(every_number_of_units_makes_the_painters_picture),
        cmocka_unit_test(sixteen_textures_share_a_draw_call_where_all_may),
        cmocka_unit_test(pages_share_a_draw_call_and_others_do_not_where_only_pages_may),
        cmocka_unit_test(white_joins_any_draw_call),
        cmocka_unit_test(a_long_streak_of_one_page_is_a_draw_call_of_its_own),
        cmocka_unit_test(streaks_of_any_length_make_the_painters_picture),
        cmocka_unit_test(more_textures_than_slots_are_told_apart),
        cmocka_unit_test(two_textures_of_one_slot_are_told_apart),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
