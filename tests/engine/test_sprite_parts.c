/* Parts of images: a source rectangle looks like an image of its own, and nothing of its neighbours is ever
 * seen. */
#include "sprite_stage.h"

#include <math.h>

enum { SIDE = 64, CELL = 8, CELLS = 4, SHEET = CELL * CELLS };

#define BACKGROUND 0x000000U

static stage s;
static pxc_texture flat_sheet, mipped_sheet, noise;
static unsigned char noise_pixels[SHEET * SHEET * 4];

static uint32_t cell_color(int cell)
{
    static const uint32_t colors[] = {0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF, 0xFFFF00, 0x00FFFF};
    return colors[cell % 6];
}

static pxc_texture sheet_of(const unsigned char *rgba, bool mipmaps)
{
    const pxc_pixmap pixmap = {
        .pixels = rgba, .width = SHEET, .height = SHEET, .format = PXC_RGBA8, .mipmaps = mipmaps};
    pxc_key key = {0};
    pxc_texture texture = {0};
    assert_int_equal(pxc_insert(s.engine->cache, &pixmap, &key), PXC_OK);
    assert_int_equal(pxc_pin(s.engine->cache, key), PXC_OK);
    assert_int_equal(pxc_find(s.engine->cache, key, &texture), PXC_OK);
    return texture;
}

static int open_stage(void **state)
{
    (void)state;
    static unsigned char cells[SHEET * SHEET * 4];
    uint64_t seed = 5;
    stage_open(&s, SIDE, SIDE);
    for (int i = 0; i < SHEET * SHEET; ++i) {
        const uint32_t color = cell_color(i % SHEET / CELL + i / SHEET / CELL * CELLS);
        for (int channel = 0; channel < 3; ++channel) {
            cells[i * 4 + channel] = (unsigned char)(color >> (16 - 8 * channel));
            noise_pixels[i * 4 + channel] = (unsigned char)random_below(&seed, 256);
        }
        cells[i * 4 + 3] = noise_pixels[i * 4 + 3] = 255;
    }
    flat_sheet = sheet_of(cells, false);
    mipped_sheet = sheet_of(cells, true);
    noise = sheet_of(noise_pixels, false);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&s);
    return 0;
}

/* All that is drawn has the colour of the cell, and as much is drawn as the cell is large. */
static void assert_one_color(uint32_t color, double area)
{
    int covered = 0;
    for (int i = 0; i < SIDE * SIDE; ++i) {
        const uint32_t actual = pixel_at(&s, i % SIDE, i / SIDE);
        if (actual != BACKGROUND) {
            ++covered;
            assert_pixel(&s, i % SIDE, i / SIDE, color, 1);
        }
    }
    if (fabs(covered - area) > 4 * sqrt(area) + 4) {
        fail_msg("%d pixels for an area of %.1f", covered, area);
    }
}

static void cells_show_nothing_of_their_neighbours(const pxc_texture *sheet, const sprite_options *way)
{
    static const float scales[] = {0.13F, 0.4F, 0.77F, 1, 1.5F, 3.3F, 6};
    uint64_t seed = 3;
    stage_use(&s, way);
    for (size_t i = 0; i < COUNT_OF(scales) * 12; ++i) {
        const int cell = (int)random_below(&seed, CELLS * CELLS);
        const pxe_rect source = {(float)(cell % CELLS * CELL), (float)(cell / CELLS * CELL), CELL, CELL};
        const float scale = scales[i % COUNT_OF(scales)];
        const int turned = (int)random_below(&seed, 2);
        stage_begin(&s, BACKGROUND << 8 | 0xFF);
        if (i % 4 == 0) { /* with another image in the draw call, which is there and invisible */
            stage_draw(&s, (pxe_sprite){.texture = noise, .width = 2, .height = 2, .tint = 0x00000001});
        }
        stage_draw(&s, (pxe_sprite){.texture = *sheet,
                                    .x = 32 + (float)random_below(&seed, 100) / 100,
                                    .y = 32 + (float)random_below(&seed, 100) / 100,
                                    .scale = scale,
                                    .origin_x = CELL / 2,
                                    .origin_y = CELL / 2,
                                    .rotation = turned != 0 ? (float)random_below(&seed, 628) / 100 : 0,
                                    .flip_x = random_below(&seed, 2) != 0,
                                    .flip_y = random_below(&seed, 2) != 0,
                                    .source = source,
                                    .filter = (pxe_filter)random_below(&seed, 2)});
        stage_end(&s);
        assert_one_color(cell_color(cell), (double)(CELL * CELL) * scale * scale);
    }
}

static void no_neighbour_is_seen_at_any_zoom(void **state)
{
    (void)state;
    for (size_t way = 0; way < COUNT_OF(all_ways); ++way) {
        cells_show_nothing_of_their_neighbours(&flat_sheet, &all_ways[way]);
    }
}

static void no_neighbour_is_seen_in_mip_levels(void **state)
{
    (void)state;
    for (size_t way = 0; way < COUNT_OF(all_ways); ++way) {
        cells_show_nothing_of_their_neighbours(&mipped_sheet, &all_ways[way]);
    }
}

/* In a draw call with other images and whole ones, whose mip levels must still be seen. */
static void whole_images_beside_parts_keep_their_mip_levels(void **state)
{
    (void)state;
    unsigned char stripes[SHEET * SHEET * 4];
    for (int i = 0; i < SHEET * SHEET; ++i) {
        memset(stripes + (size_t)i * 4, i % 8 < 2 ? 255 : 0, 3);
        stripes[i * 4 + 3] = 255;
    }
    const pxc_texture striped = sheet_of(stripes, true);
    const sprite_options ways[] = {{INDEX_DYNAMIC, JOIN_ALL}, {INDEX_SWITCH, JOIN_ALL}};
    for (size_t way = 0; way < COUNT_OF(ways); ++way) {
        stage_use(&s, &ways[way]);
        stage_begin(&s, BACKGROUND << 8 | 0xFF);
        stage_draw(&s, (pxe_sprite){.texture = mipped_sheet, .source = {0, 0, CELL, CELL}, .x = 40});
        stage_draw(&s, (pxe_sprite){.texture = striped, .width = 4, .height = 4}); /* an eighth */
        stage_draw(&s, (pxe_sprite){.texture = mipped_sheet, .y = 40, .source = {8, 0, CELL, CELL}});
        stage_end(&s);
        assert_int_equal(draws_of(&s), 1);
        for (int i = 0; i < 16; ++i) {
            assert_pixel(&s, i % 4, i / 4, 0x404040, 3);
        }
        assert_pixel(&s, 44, 4, cell_color(0), 0);
        assert_pixel(&s, 4, 44, cell_color(1), 0);
    }
}

/* The part as a texture of its own, which clamps at its edges by itself. */
static pxc_texture cut_out(int x, int y, int width, int height)
{
    unsigned char rgba[SHEET * SHEET * 4];
    for (int row = 0; row < height; ++row) {
        memcpy(rgba + (size_t)row * (size_t)width * 4, noise_pixels + (size_t)((y + row) * SHEET + x) * 4,
               (size_t)width * 4);
    }
    return texture_of(&s, width, height, rgba);
}

static void a_part_looks_like_an_image_of_its_own(void **state)
{
    (void)state;
    uint64_t seed = 9;
    stage_use(&s, &(sprite_options){0});
    for (int i = 0; i < 60; ++i) {
        const int width = 1 + (int)random_below(&seed, 9);
        const int height = 1 + (int)random_below(&seed, 9);
        const int x = (int)random_below(&seed, (uint32_t)(SHEET - width));
        const int y = (int)random_below(&seed, (uint32_t)(SHEET - height));
        pxe_sprite sprite = {.texture = cut_out(x, y, width, height),
                             .x = (float)random_below(&seed, 200) / 10,
                             .y = (float)random_below(&seed, 200) / 10,
                             .width = (float)(1 + random_below(&seed, 40)),
                             .height = (float)(1 + random_below(&seed, 40)),
                             .flip_x = random_below(&seed, 2) != 0,
                             .flip_y = random_below(&seed, 2) != 0};
        painting own;
        stage_begin(&s, BACKGROUND << 8 | 0xFF);
        stage_draw(&s, sprite);
        stage_end(&s);
        painting_open(&own, SIDE, SIDE, 0);
        for (int at = 0; at < SIDE * SIDE; ++at) {
            own.pixels[at] = pixel_at(&s, at % SIDE, at / SIDE);
        }
        sprite.texture = noise;
        sprite.source = (pxe_rect){(float)x, (float)y, (float)width, (float)height};
        stage_begin(&s, BACKGROUND << 8 | 0xFF);
        stage_draw(&s, sprite);
        stage_end(&s);
        assert_painting(&s, &own, 4, "part"); /* texture coordinates have 8 bits between texels here */
        painting_close(&own);
    }
}

/* A whole image on a page whose other texels are magenta, but for the gutter. */
static pxc_texture guarded_image(void)
{
    unsigned char rgba[SHEET * SHEET * 4];
    for (int i = 0; i < SHEET * SHEET; ++i) {
        const int x = i % SHEET;
        const int y = i / SHEET;
        const bool image = x >= 8 && x < 16 && y >= 8 && y < 16;
        const unsigned char color[4] = {image ? 0 : 255, image ? (unsigned char)(100 + x * 4 + y) : 0,
                                        image ? 0 : 255, 255};
        memcpy(rgba + (size_t)i * 4, color, 4);
    }
    const pxc_texture page = texture_of(&s, SHEET, SHEET, rgba);
    return on_page(&page, 8, 8, 8, 8);
}

static void what_a_source_has_outside_the_image_is_not_drawn(void **state)
{
    (void)state;
    const pxc_texture image = guarded_image();
    for (int flips = 0; flips < 4; ++flips) {
        const bool flip_x = flips % 2 != 0;
        const bool flip_y = flips / 2 != 0;
        stage_begin(&s, BACKGROUND << 8 | 0xFF);
        /* Three columns left and one right of the image, two rows above it, its last three left out. */
        stage_draw(&s, (pxe_sprite){.texture = image,
                                    .x = 10,
                                    .y = 20,
                                    .source = {-3, -2, 12, 7},
                                    .width = 24,
                                    .height = 14,
                                    .flip_x = flip_x,
                                    .flip_y = flip_y,
                                    .filter = PXE_FILTER_NEAREST});
        stage_end(&s);
        painting expected;
        painting_open(&expected, SIDE, SIDE, BACKGROUND);
        for (int i = 0; i < 24 * 14; ++i) {
            const int column = i % 24 / 2;
            const int row = i / 24 / 2;
            const int x = (flip_x ? 11 - column : column) - 3;
            const int y = (flip_y ? 6 - row : row) - 2;
            if (x >= 0 && x < 8 && y >= 0 && y < 5) {
                *painting_at(&expected, 10 + i % 24, 20 + i / 24) = (uint32_t)(100 + (x + 8) * 4 + y + 8)
                                                                    << 8;
            }
        }
        assert_painting(&s, &expected, 0, "outside");
        painting_close(&expected);
    }
    stage_begin(&s, BACKGROUND << 8 | 0xFF);
    stage_draw(&s, (pxe_sprite){.texture = image, .source = {8, 0, 4, 4}}); /* beside it */
    stage_draw(&s, (pxe_sprite){.texture = image, .source = {0, -9, 4, 4}});
    stage_end(&s);
    assert_all_pixels(&s, BACKGROUND);
    assert_int_equal(sprites_of(&s), 0);
}

static void a_source_that_is_all_of_the_image_is_the_image(void **state)
{
    (void)state;
    painting expected;
    stage_begin(&s, BACKGROUND << 8 | 0xFF);
    stage_draw(&s, (pxe_sprite){.texture = noise, .source = {0, 0, SHEET, SHEET}, .x = 3, .y = 4});
    stage_end(&s);
    painting_open(&expected, SIDE, SIDE, BACKGROUND);
    for (int i = 0; i < SHEET * SHEET; ++i) {
        const unsigned char *at = noise_pixels + (size_t)i * 4;
        *painting_at(&expected, 3 + i % SHEET, 4 + i / SHEET) =
            (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
    }
    assert_painting(&s, &expected, 0, "all-of-it");
    painting_close(&expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_neighbour_is_seen_at_any_zoom),
        cmocka_unit_test(no_neighbour_is_seen_in_mip_levels),
        cmocka_unit_test(whole_images_beside_parts_keep_their_mip_levels),
        cmocka_unit_test(a_part_looks_like_an_image_of_its_own),
        cmocka_unit_test(what_a_source_has_outside_the_image_is_not_drawn),
        cmocka_unit_test(a_source_that_is_all_of_the_image_is_the_image),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
