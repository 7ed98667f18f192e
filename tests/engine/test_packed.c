/* The whole of it: images in pages of the cache, drawn by the batch. */
#include "sprite_stage.h"

enum { SIDE = 96, IMAGES = 300, MOST_PX = 12, DRAWN = 2000 };

#define BACKGROUND 0x102030U

static stage s;
static pxc_key keys[IMAGES];
static uint32_t colors[IMAGES];
static int widths[IMAGES], heights[IMAGES];

static pxc_status insert(int i)
{
    unsigned char pixels[MOST_PX * MOST_PX * 4];
    for (int p = 0; p < widths[i] * heights[i]; ++p) {
        pixels[p * 4] = (unsigned char)(colors[i] >> 16);
        pixels[p * 4 + 1] = (unsigned char)(colors[i] >> 8);
        pixels[p * 4 + 2] = (unsigned char)colors[i];
        pixels[p * 4 + 3] = 255;
    }
    const pxc_pixmap pixmap = {
        .pixels = pixels, .width = widths[i], .height = heights[i], .format = PXC_RGBA8};
    return pxc_insert(s.engine->cache, &pixmap, &keys[i]);
}

static void open_with(size_t limit_bytes)
{
    uint64_t seed = 3;
    stage_open_config(
        &s, (pxe_engine_config){.window = {.width = SIDE, .height = SIDE}, .limit_bytes = limit_bytes});
    for (int i = 0; i < IMAGES; ++i) {
        colors[i] = (uint32_t)random_next(&seed) & 0xFFFFFF;
        widths[i] = 1 + (int)random_below(&seed, MOST_PX);
        heights[i] = 1 + (int)random_below(&seed, MOST_PX);
        keys[i] = (pxc_key){0};
    }
}

/* A frame of so many sprites of images by chance, each brought up if it is not there; against the painter's picture. The
 * filter is the linear one, at places between pixels' too: a neighbour in the page would show. */
static void draw_and_compare(uint64_t seed, int count)
{
    painting expected;
    painting_open(&expected, SIDE, SIDE, BACKGROUND);
    stage_begin(&s, BACKGROUND << 8 | 0xFF);
    for (int n = 0; n < count; ++n) {
        const int i = (int)random_below(&seed, IMAGES);
        const int zoom = 1 + (int)random_below(&seed, 3);
        const int left = (int)random_below(&seed, SIDE);
        const int top = (int)random_below(&seed, SIDE);
        pxe_sprite sprite = {.x = (float)left, .y = (float)top};
        if (pxc_find(s.engine->cache, keys[i], &sprite.texture) != PXC_OK) {
            assert_int_equal(insert(i), PXC_OK);
            assert_int_equal(pxc_peek(s.engine->cache, keys[i], &sprite.texture), PXC_OK);
        }
        sprite.width = (float)(widths[i] * zoom);
        sprite.height = (float)(heights[i] * zoom);
        stage_draw(&s, sprite);
        for (int y = top; y < top + heights[i] * zoom && y < SIDE; ++y) {
            for (int x = left; x < left + widths[i] * zoom && x < SIDE; ++x) {
                *painting_at(&expected, x, y) = colors[i];
            }
        }
    }
    stage_end(&s);
    assert_painting(&s, &expected, 0, "packed");
    painting_close(&expected);
}

static void hundreds_of_images_in_any_order_are_one_draw_call(void **state)
{
    (void)state;
    open_with(0);
    for (uint64_t frame = 0; frame < 3; ++frame) {
        draw_and_compare(frame, DRAWN);
        assert_int_equal(draws_of(&s), 1);
        assert_int_equal(sprites_of(&s), DRAWN);
    }
    stage_close(&s);
}

/* With a limit that holds half of what a frame draws, images are brought up, evicted and moved all the time. */
static void images_that_come_and_go_look_the_same(void **state)
{
    (void)state;
    enum { LIMIT = 70000 };
    open_with(LIMIT);
    for (uint64_t frame = 0; frame < 20; ++frame) {
        draw_and_compare(frame, 400);
        pxc_stats stats;
        assert_int_equal(pxc_get_stats(s.engine->cache, &stats), PXC_OK);
        assert_true(stats.used_bytes <= LIMIT);
        assert_int_equal(pxc_validate(s.engine->cache), PXC_OK);
    }
    pxc_stats stats;
    assert_int_equal(pxc_get_stats(s.engine->cache, &stats), PXC_OK);
    assert_true(stats.evictions > 1000);
    assert_true(stats.moves > 100);
    stage_close(&s);
}

/* The cache is told of a loss between two frames: all comes up again, on new pages. */
static void a_context_lost_in_mid_game_leaves_the_picture_as_it_was(void **state)
{
    (void)state;
    open_with(0);
    draw_and_compare(1, DRAWN);
    for (uint64_t frame = 2; frame < 5; ++frame) {
        pxc_stats stats;
        assert_int_equal(pxc_context_lost(s.engine->cache), PXC_OK);
        assert_int_equal(pxc_get_stats(s.engine->cache, &stats), PXC_OK);
        assert_int_equal(stats.pages, 0);
        assert_int_equal(stats.used_bytes, 0);
        draw_and_compare(frame, DRAWN);
        assert_int_equal(draws_of(&s), 1);
    }
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hundreds_of_images_in_any_order_are_one_draw_call),
        cmocka_unit_test(images_that_come_and_go_look_the_same),
        cmocka_unit_test(a_context_lost_in_mid_game_leaves_the_picture_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
