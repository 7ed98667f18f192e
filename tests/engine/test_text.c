/* Text by its pixels, drawn in the tiny font, of which a unit is a hundredth of a pixel at 10 pixels, and in
 * the font that is built in; lines and widths by hand; the cache in between. */
#include "engine_fixture.h"
#include "tiny_font.h"

#include <pxe/text.h>

#include "../../engine/font.h"
#include "../../engine/utf8.h"

#include <math.h>

enum { WIDTH = 96, HEIGHT = 64 };

static stage s;
static folder in;
static pxe_font *tiny, *built_in;

static int open_stage(void **state)
{
    (void)state;
    const tiny_font font = {.format_12 = true};
    folder_open(&in);
    stage_open(&s, WIDTH, HEIGHT);
    tiny_font_write(&font, path_in(&in, "tiny.ttf"));
    assert_true(pxe_font_open(s.engine->cache, path_in(&in, "tiny.ttf"), &tiny, NULL));
    built_in = pxe_font_built_in(s.engine->cache);
    assert_non_null(built_in);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    pxe_font_close(tiny);
    pxe_font_close(built_in);
    stage_close(&s);
    folder_close(&in);
    return 0;
}

static pxe_text text_at(float x, float y)
{
    return (pxe_text){.font = tiny, .x = x, .y = y, .size_px = 10};
}

static pxe_text_size draw_with(const pxe_camera *camera, const pxe_text *text, const char *string)
{
    stage_begin(&s, 0x000000FF);
    if (camera != NULL) {
        pxe_sprites_set_camera(s.engine->sprites, camera);
    }
    const pxe_text_size size = pxe_text_draw(s.engine->sprites, text, string);
    stage_end(&s);
    return size;
}

static pxe_text_size draw(const pxe_text *text, const char *string)
{
    return draw_with(NULL, text, string);
}

/* Where squares of some size should be lit, by their top left corners; all else is black. */
static void assert_squares(const int (*corners)[2], int count, int side, uint32_t color)
{
    for (int y = 0; y < HEIGHT; ++y) {
        for (int x = 0; x < WIDTH; ++x) {
            bool inside = false;
            for (int i = 0; i < count; ++i) {
                inside = inside || (x >= corners[i][0] && x < corners[i][0] + side && y >= corners[i][1] &&
                                    y < corners[i][1] + side);
            }
            assert_pixel(&s, x, y, inside ? color : 0, 0);
        }
    }
}

#define ASSERT_SQUARES(side, color, ...)                                                                     \
    assert_squares((const int[][2]){__VA_ARGS__},                                                            \
                   (int)(sizeof((const int[][2]){__VA_ARGS__}) / sizeof(int[2])), side, color)

/* The baseline is 8 below the top; A is a square of 4, 1 right of the pen, and moves it by 6. */
static void a_letter_stands_on_the_baseline(void **state)
{
    (void)state;
    pxe_text text = text_at(10, 20);
    const pxe_text_size size = draw(&text, "AA");
    ASSERT_SQUARES(4, 0xFFFFFF, {11, 24}, {17, 24});
    assert_float_equal(size.width, 12, 1e-4);
    assert_float_equal(size.height, 10, 0);
    assert_int_equal(size.lines, 1);
    text.color = 0x4080C0FF;
    draw(&text, "A A"); /* a space is 5 wide */
    ASSERT_SQUARES(4, 0x4080C0, {11, 24}, {22, 24});
    text.color = 0x00000080; /* half black */
    draw(&text, "A");
    assert_all_pixels(&s, 0);
    text.color = 0xFFFFFF00; /* invisible, but as large */
    assert_float_equal(draw(&text, "AA").width, 12, 1e-4);
    assert_all_pixels(&s, 0);
}

static void pairs_are_kerned(void **state)
{
    (void)state;
    const pxe_text text = text_at(10, 20);
    assert_float_equal(pxe_text_measure(&text, "AB").width, 6 - 2 + 5, 1e-4);
    assert_float_equal(pxe_text_measure(&text, "BA").width, 5 - 1 + 6, 1e-4);
    assert_float_equal(pxe_text_measure(&text, "A B").width, 6 + 5 + 5, 1e-4);
    draw(&text, "BA"); /* the square is at 5 - 1 + 1 */
    for (int x = 12; x < 24; ++x) {
        assert_pixel(&s, x, 24, x >= 15 && x < 19 ? 0xFFFFFF : 0, x < 15 ? 0x80 : 0);
    }
}

static void lines_follow_and_align(void **state)
{
    (void)state;
    pxe_text text = text_at(40, 2);
    const pxe_text_size size = draw(&text, "AA\r\nA\n\nA");
    ASSERT_SQUARES(4, 0xFFFFFF, {41, 6}, {47, 6}, {41, 18}, {41, 42}); /* 12 further down each */
    assert_int_equal(size.lines, 4);
    assert_float_equal(size.height, 3 * 12 + 10, 1e-4);
    assert_float_equal(size.width, 12, 1e-4);
    text.align = PXE_ALIGN_CENTRE;
    draw(&text, "AA\nA");
    ASSERT_SQUARES(4, 0xFFFFFF, {35, 6}, {41, 6}, {38, 18});
    text.align = PXE_ALIGN_RIGHT;
    text.line_height = 2;
    draw(&text, "AA\nA");
    ASSERT_SQUARES(4, 0xFFFFFF, {29, 6}, {35, 6}, {35, 26});
}

static void assert_measures(float wrap_width, const char *string, float width, int lines)
{
    pxe_text text = text_at(0, 0);
    text.wrap_width = wrap_width;
    const pxe_text_size size = pxe_text_measure(&text, string);
    if (size.lines != lines || fabsf(size.width - width) > 1e-3F) {
        fail_msg("\"%s\" in %g: %d lines, %g wide", string, (double)wrap_width, size.lines,
                 (double)size.width);
    }
}

/* A letter is 6 wide, a space 5. */
static void lines_break_at_spaces_to_be_no_wider(void **state)
{
    (void)state;
    assert_measures(0, "AA AA", 29, 1);
    assert_measures(29.01F, "AA AA", 29, 1);
    assert_measures(28.9F, "AA AA", 12, 2);
    assert_measures(12.01F, "AA   AA  A", 12, 3); /* the spaces at the break are gone */
    assert_measures(5, "AAAA AA", 24, 2);         /* a word is never cut */
    assert_measures(30, "AA AA   ", 29, 1);       /* spaces at the end take no width */
    assert_measures(0, "AA   ", 27, 1);           /* but where nothing wraps they do */
    assert_measures(20, "  AAAA", 34, 1);         /* and at the beginning there is nothing to break before */
    assert_measures(20, "A\nA A\n", 17, 3);
    assert_measures(10, "A A\nA", 6, 3);
    assert_measures(NAN, "AA AA", 29, 1);
    assert_measures(-3, "AA AA", 29, 1);
    assert_measures(0, "A\tA", 32, 1); /* a tab is as wide as four spaces */
    assert_measures(0, "", 0, 1);
    pxe_text text = text_at(10, 2);
    text.wrap_width = 20;
    const pxe_text_size size = draw(&text, "AA  AA A");
    ASSERT_SQUARES(4, 0xFFFFFF, {11, 6}, {17, 6}, {11, 18}, {17, 18}, {11, 30});
    assert_int_equal(size.lines, 3);
}

/* As wide as it was measured it does not break; narrower it does, and no line is wider. No word is wider than
 * 4 sizes. */
static void text_fits_into_its_measure(void **state)
{
    (void)state;
    uint64_t random = 13;
    for (int round = 0; round < 2000; ++round) {
        char string[41] = "";
        for (int i = 0; i < 40; ++i) {
            string[i] = i % 5 == 4 ? ' ' : "ABCD"[random_below(&random, 4)];
        }
        pxe_text text = text_at(0, 0);
        text.size_px = 1 + (float)random_below(&random, 1000) / 13;
        string[39] = '\0';
        text.wrap_width = pxe_text_measure(&text, string).width;
        assert_int_equal(pxe_text_measure(&text, string).lines, 1);
        text.wrap_width *= 0.999F;
        assert_int_equal(pxe_text_measure(&text, string).lines, 2);
        text.wrap_width = text.size_px * (4 + (float)random_below(&random, 100) / 10);
        const pxe_text_size size = pxe_text_measure(&text, string);
        assert_true(size.lines > 1 && size.width <= text.wrap_width);
    }
}

/* Made for the size on the screen, twice as large, and on whole pixels there, wherever the text and the
 * camera are. */
static void glyphs_are_sharp_at_any_zoom_and_place(void **state)
{
    (void)state;
    pxe_camera camera = {.x = 100, .y = 200, .zoom = 2, .width = WIDTH, .height = HEIGHT};
    pxe_text text = text_at(100, 200);
    draw_with(&camera, &text, "A");
    ASSERT_SQUARES(8, 0xFFFFFF, {50, 40});
    text.x = 100.2F;
    text.y = 199.9F;
    draw_with(&camera, &text, "A");
    ASSERT_SQUARES(8, 0xFFFFFF, {50, 40});
    text.x = 100.3F; /* 0.6 pixels */
    camera.y = 200.4F;
    draw_with(&camera, &text, "A"); /* 31.0 + 16: 199.9 is 1 pixel above the camera */
    ASSERT_SQUARES(8, 0xFFFFFF, {51, 39});
    uint64_t random = 17;
    for (int round = 0; round < 40; ++round) {
        camera.x = 3000 + (float)random_below(&random, 1000) / 70;
        camera.y = 2000 + (float)random_below(&random, 1000) / 90;
        camera.zoom = 0.5F + (float)random_below(&random, 100) / 40;
        text = text_at(camera.x - 9, camera.y - 7);
        text.size_px = 20 / camera.zoom;
        draw_with(&camera, &text, "A");
        int lit = 0;
        for (int i = 0; i < WIDTH * HEIGHT; ++i) {
            const uint32_t pixel = pixel_at(&s, i % WIDTH, i / WIDTH) & 255;
            assert_true(pixel <= 2 || pixel >= 253);
            lit += pixel != 0 && pixel > 2;
        }
        assert_int_equal(lit, 64);
    }
}

static int lit_pixels(void)
{
    int lit = 0;
    for (int i = 0; i < WIDTH * HEIGHT; ++i) {
        lit += pixel_at(&s, i % WIDTH, i / WIDTH) > 0x7F7F7F;
    }
    return lit;
}

static void a_turned_camera_turns_the_text(void **state)
{
    (void)state;
    pxe_camera camera = {
        .x = 100, .y = 200, .zoom = 1, .rotation = acosf(-1) / 2, .width = WIDTH, .height = HEIGHT};
    const pxe_text text = text_at(100, 200);
    draw_with(&camera, &text, "A"); /* from (1, 4) to (5, 8): clockwise, left of the middle and below it */
    ASSERT_SQUARES(4, 0xFFFFFF, {40, 33});
    camera.rotation = 0.5F;
    draw_with(&camera, &text, "A");
    assert_in_range(lit_pixels(), 13, 19);
}

static void text_larger_than_any_glyph_is_scaled(void **state)
{
    (void)state;
    pxe_text text = text_at(-300, -1160);
    text.size_px = 2000;
    const pxe_text_size size = draw(&text, "A"); /* from (-100, -360) to (700, 440): all of the screen */
    assert_float_equal(size.width, 1200, 0.1);
    assert_all_pixels(&s, 0xFFFFFF);
    text.x = -1260; /* to (-260, 440) */
    draw(&text, "A");
    assert_all_pixels(&s, 0);
    text.x = -952; /* to (48, 440) */
    draw(&text, "A");
    for (int y = 0; y < HEIGHT; ++y) {
        assert_pixel(&s, 40, y, 0xFFFFFF, 0);
        assert_pixel(&s, 60, y, 0, 0);
    }
}

/* ---- What is no letter
 * ------------------------------------------------------------------------------------------*/

static void what_is_not_utf8_is_replaced_part_by_part(void **state)
{
    (void)state;
    static const struct {
        const char *string;
        uint32_t characters[6]; /* up to a 0 */
    } cases[] = {
        {"A", {'A'}},
        {"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", {0xE4, 0x20AC, 0x1F600}},
        {"\x7F\xC2\x80\xDF\xBF", {0x7F, 0x80, 0x7FF}},
        {"\xE0\xA0\x80\xEF\xBF\xBF", {0x800, 0xFFFF}},
        {"\xED\x9F\xBF\xEE\x80\x80", {0xD7FF, 0xE000}},
        {"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", {0x10000, 0x10FFFF}},
        {"\x80"
         "A",
         {PXE_NOT_UTF8, 'A'}},
        {"\xC3", {PXE_NOT_UTF8}},
        {"\xC3"
         "A",
         {PXE_NOT_UTF8, 'A'}},
        {"\xC0\xAF", {PXE_NOT_UTF8, PXE_NOT_UTF8}}, /* overlong */
        {"\xE0\x9F\xBF", {PXE_NOT_UTF8, PXE_NOT_UTF8, PXE_NOT_UTF8}},
        {"\xF0\x8F\xBF\xBF", {PXE_NOT_UTF8, PXE_NOT_UTF8, PXE_NOT_UTF8, PXE_NOT_UTF8}},
        {"\xED\xA0\x80", {PXE_NOT_UTF8, PXE_NOT_UTF8, PXE_NOT_UTF8}}, /* a surrogate */
        {"\xF4\x90\x80\x80", {PXE_NOT_UTF8, PXE_NOT_UTF8, PXE_NOT_UTF8, PXE_NOT_UTF8}},
        {"\xF5\xFF", {PXE_NOT_UTF8, PXE_NOT_UTF8}},
        {"\xE2\x82"
         "A",
         {PXE_NOT_UTF8, 'A'}},
        {"\xF0\x9F\x98", {PXE_NOT_UTF8}},
        {"\xF0\x9F\xE2\x82\xAC", {PXE_NOT_UTF8, 0x20AC}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        const char *at = cases[i].string;
        int count = 0;
        while (*at != '\0') {
            assert_int_equal(pxe_utf8_next(&at), cases[i].characters[count++]);
        }
        assert_int_equal(cases[i].characters[count], 0);
        assert_ptr_equal(at, cases[i].string + strlen(cases[i].string));
    }
}

static void what_the_font_lacks_is_a_box(void **state)
{
    (void)state;
    static const char *const missing[] = {"E", "\x01", "\xFF", "\xC3\xA4", "\xF0\x9F\x98\x81"};
    const pxe_text text = text_at(10, 20);
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; ++i) {
        assert_float_equal(draw(&text, missing[i]).width, 7.5, 1e-4);
        for (int y = 0; y < HEIGHT; ++y) {
            for (int x = 0; x < WIDTH; ++x) { /* hollow, 7 on each side */
                const bool inside = x >= 10 && x < 17 && y >= 21 && y < 28;
                const bool edge = inside && (x == 10 || x == 16 || y == 21 || y == 27);
                assert_pixel(&s, x, y, edge ? 0xFFFFFF : 0, 0);
            }
        }
    }
    draw(&text, "\xF0\x9F\x98\x80"); /* the tiny font has this one */
    ASSERT_SQUARES(4, 0xFFFFFF, {11, 24});
}

static void the_built_in_font_has_all_of_ascii_and_no_two_alike(void **state)
{
    (void)state;
    static unsigned char shapes[128][8 * 8];
    const pxe_text text = {.font = built_in, .x = 8, .y = 8, .size_px = 8};
    for (int letter = ' '; letter < 127; ++letter) {
        const char string[2] = {(char)letter, '\0'};
        assert_float_equal(draw(&text, string).width, 6, 1e-4);
        int lit = 0;
        for (int y = 0; y < HEIGHT; ++y) {
            for (int x = 0; x < WIDTH; ++x) {
                const uint32_t pixel = pixel_at(&s, x, y);
                const bool in_cell = x >= 8 && x < 13 && y >= 8 && y < 16;
                assert_true(pixel == 0 || (in_cell && pixel == 0xFFFFFF));
                lit += pixel != 0;
                if (in_cell) {
                    shapes[letter][(y - 8) * 8 + x - 8] = pixel != 0;
                }
            }
        }
        assert_int_equal(lit == 0, letter == ' ');
        for (int other = ' '; other < letter; ++other) {
            assert_memory_not_equal(shapes[letter], shapes[other], sizeof shapes[0]);
        }
    }
}

static const char *const big_i[] = {" ### ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### ", "     "};

static void the_built_in_font_is_sharp_at_multiples_of_eight(void **state)
{
    (void)state;
    for (int times = 1; times <= 4; ++times) {
        const pxe_text text = {.font = built_in, .x = 8, .y = 8, .size_px = (float)(8 * times)};
        draw(&text, "I");
        for (int y = 0; y < HEIGHT; ++y) {
            for (int x = 0; x < WIDTH; ++x) {
                const int column = x < 8 ? -1 : (x - 8) / times;
                const int row = y < 8 ? -1 : (y - 8) / times;
                const bool lit =
                    column >= 0 && column < 5 && row >= 0 && row < 8 && big_i[row][column] == '#';
                assert_pixel(&s, x, y, lit ? 0xFFFFFF : 0, 0);
            }
        }
    }
}

static void between_them_the_built_in_font_is_soft_and_as_heavy(void **state)
{
    (void)state;
    const pxe_text text = {.font = built_in, .x = 8, .y = 8, .size_px = 13};
    draw(&text, "I");
    double sum = 0;
    for (int i = 0; i < WIDTH * HEIGHT; ++i) {
        sum += (pixel_at(&s, i % WIDTH, i / WIDTH) & 255) / 255.0;
    }
    assert_float_equal(sum, 11 * 13 * 13 / 64.0, 0.2);
}

static void what_has_no_size_or_no_number_draws_nothing(void **state)
{
    (void)state;
    static const float bad[] = {NAN, INFINITY, -INFINITY, 0, -1};
    for (int i = 0; i < 5; ++i) {
        pxe_text text = text_at(10, 20);
        text.size_px = bad[i];
        const pxe_text_size size = draw(&text, "A");
        assert_true(size.width == 0 && size.height == 0 && size.lines == 0);
        if (i < 3) {
            const pxe_text aside = text_at(bad[i], 20);
            const pxe_text below = text_at(10, bad[i]);
            assert_int_equal(draw(&aside, "A").lines, 0);
            assert_int_equal(draw(&below, "A").lines, 0);
            const pxe_camera camera = {.x = bad[i], .width = WIDTH, .height = HEIGHT};
            const pxe_text good = text_at(10, 20);
            draw_with(&camera, &good, "A");
        }
        assert_all_pixels(&s, 0);
    }
    const pxe_text text = text_at(10, 20);
    assert_int_equal(draw(&text, NULL).lines, 0);
    assert_int_equal(draw(&(pxe_text){.size_px = 10}, "A").lines, 0);
    assert_all_pixels(&s, 0);
    assert_int_equal(draw(&text, "").lines, 1);
}

/* ---- The cache
 * --------------------------------------------------------------------------------------------------*/

static uint64_t uploads(void)
{
    pxc_stats stats;
    assert_int_equal(pxc_get_stats(s.engine->cache, &stats), PXC_OK);
    return stats.uploads;
}

static void a_glyph_is_drawn_once_a_size_and_again_when_it_was_evicted(void **state)
{
    (void)state;
    pxe_text text = text_at(10, 20);
    text.size_px = 11;
    const uint64_t before = uploads();
    pxe_text_measure(&text, "AABAB D");
    assert_int_equal(uploads(), before);
    draw(&text, "AABAB D");
    assert_int_equal(uploads(), before + 3);
    draw(&text, "DAB");
    assert_int_equal(uploads(), before + 3);
    text.size_px = 21;
    draw(&text, "A");
    assert_int_equal(uploads(), before + 4);
    text.size_px = 11;
    assert_int_equal(pxc_trim_to(s.engine->cache, 0), PXC_OK);
    draw(&text, "A");
    assert_int_equal(uploads(), before + 5);
    assert_in_range(lit_pixels(), 16, 25);
    assert_int_equal(pxc_clear(s.engine->cache), PXC_OK);
    draw(&text, "A");
    assert_int_equal(uploads(), before + 6);
}

static uint64_t hits(void)
{
    pxc_stats stats;
    assert_int_equal(pxc_get_stats(s.engine->cache, &stats), PXC_OK);
    return stats.hits;
}

static void each_glyph_drawn_is_a_use(void **state)
{
    (void)state;
    const pxe_text text = text_at(10, 20);
    draw(&text, "ABC");
    const uint64_t before = hits();
    draw(&text, "ABC A");
    assert_int_equal(hits(), before + 4);
}

/* The limit takes some glyphs and not all; the frame ends, and the next one has room. */
static void what_the_cache_refuses_is_left_out(void **state)
{
    (void)state;
    const pxe_text text = text_at(10, 20);
    assert_int_equal(pxc_clear(s.engine->cache), PXC_OK);
    draw(&text, "");
    assert_int_equal(pxc_set_limit(s.engine->cache, 16), PXC_OK);
    draw(&text, "");
    const pxe_text_size size = draw(&text, "AA");
    assert_int_equal(size.lines, 1);
    assert_float_equal(size.width, 12, 1e-4);
    assert_all_pixels(&s, 0);
    assert_int_equal(pxc_set_limit(s.engine->cache, (size_t)64 << 20), PXC_OK);
    draw(&text, "AA");
    draw(&text, "AA");
    ASSERT_SQUARES(4, 0xFFFFFF, {11, 24}, {17, 24});
}

/* Many more glyphs than a font remembers: those that it forgets leave the cache, and all are drawn right. */
static void what_a_font_remembers_is_bounded(void **state)
{
    (void)state;
    pxe_glyph glyph;
    pxc_stats stats;
    assert_int_equal(pxc_clear(s.engine->cache), PXC_OK);
    pxe_font *font = pxe_font_built_in(s.engine->cache);
    for (int px = 1; px <= 60; ++px) {
        stage_begin(&s, 0x000000FF);
        const uint64_t uploads_before = uploads();
        assert_true(pxe_font_glyph(font, 7, 1, &glyph)); /* always in use, so never forgotten */
        assert_true(px == 1 || uploads() == uploads_before);
        for (uint32_t letter = 1; letter < 95; ++letter) {
            assert_true(pxe_font_glyph(font, letter, px, &glyph));
            assert_in_range(glyph.texture.height, px, px + 4);
        }
        stage_end(&s);
    }
    assert_int_equal(pxc_get_stats(s.engine->cache, &stats), PXC_OK);
    assert_in_range(stats.entries, 3000, PXE_GLYPH_SETS * PXE_GLYPH_WAYS);
    const uint64_t before = uploads();
    for (uint32_t letter = 1; letter < 95; ++letter) { /* the newest are still there */
        assert_true(pxe_font_glyph(font, letter, 60, &glyph));
    }
    assert_int_equal(uploads(), before);
    pxe_font_close(font);
}

static void what_is_off_the_screen_is_not_asked_for(void **state)
{
    (void)state;
    const pxe_text places[] = {text_at(10, 2000), text_at(10, -2000), text_at(2000, 20), text_at(-2000, 20)};
    for (int i = 0; i < 4; ++i) {
        draw(&places[i], "AB");
        assert_int_equal(pxe_profile_last(s.engine->profile)->sprites, 0);
    }
    const pxe_text at_the_edge = text_at(-3, 20);
    draw(&at_the_edge, "A");
    ASSERT_SQUARES(4, 0xFFFFFF, {-2, 24});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_stands_on_the_baseline),
        cmocka_unit_test(pairs_are_kerned),
        cmocka_unit_test(lines_follow_and_align),
        cmocka_unit_test(lines_break_at_spaces_to_be_no_wider),
        cmocka_unit_test(text_fits_into_its_measure),
        cmocka_unit_test(glyphs_are_sharp_at_any_zoom_and_place),
        cmocka_unit_test(a_turned_camera_turns_the_text),
        cmocka_unit_test(text_larger_than_any_glyph_is_scaled),
        cmocka_unit_test(what_is_not_utf8_is_replaced_part_by_part),
        cmocka_unit_test(what_the_font_lacks_is_a_box),
        cmocka_unit_test(the_built_in_font_has_all_of_ascii_and_no_two_alike),
        cmocka_unit_test(the_built_in_font_is_sharp_at_multiples_of_eight),
        cmocka_unit_test(between_them_the_built_in_font_is_soft_and_as_heavy),
        cmocka_unit_test(what_has_no_size_or_no_number_draws_nothing),
        cmocka_unit_test(a_glyph_is_drawn_once_a_size_and_again_when_it_was_evicted),
        cmocka_unit_test(each_glyph_drawn_is_a_use),
        cmocka_unit_test(what_the_cache_refuses_is_left_out),
        cmocka_unit_test(what_a_font_remembers_is_bounded),
        cmocka_unit_test(what_is_off_the_screen_is_not_asked_for),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
