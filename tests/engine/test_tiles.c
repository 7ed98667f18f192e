/* Tile maps: which tiles a camera may see, against a search through all of them; and their pixels, without
 * gaps. */
#include "engine_fixture.h"

#include <pxe/tiles.h>

#include <math.h>

enum { WIDTH = 64, HEIGHT = 48, COLUMNS = 12, ROWS = 9 };

static stage s;
static uint16_t tiles[ROWS * COLUMNS];

static int open_stage(void **state)
{
    (void)state;
    stage_open(&s, WIDTH, HEIGHT);
    for (int i = 0; i < ROWS * COLUMNS; ++i) {
        tiles[i] = (uint16_t)(i + 1);
    }
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&s);
    return 0;
}

static pxe_tile_map small_map(void)
{
    return (pxe_tile_map){.tiles = tiles,
                          .columns = COLUMNS,
                          .rows = ROWS,
                          .x = -40,
                          .y = 10,
                          .tile_width = 16,
                          .tile_height = 8};
}

static void assert_range(pxe_tile_range range, int first_column, int first_row, int end_column, int end_row)
{
    assert_int_equal(range.first_column, first_column);
    assert_int_equal(range.first_row, first_row);
    assert_int_equal(range.end_column, end_column);
    assert_int_equal(range.end_row, end_row);
}

static pxe_camera camera_at(float x, float y)
{
    return (pxe_camera){.x = x, .y = y, .zoom = 1, .width = WIDTH, .height = HEIGHT};
}

static void a_straight_camera_sees_what_touches_the_screen(void **state)
{
    (void)state;
    const pxe_tile_map map = small_map();
    pxe_camera camera =
        camera_at(24, 34); /* sees -8 to 56, 10 to 58: columns from 2 to 6, rows from 0 to 6 */
    assert_range(pxe_tiles_visible(&map, &camera), 2, 0, 6, 6);
    camera.x = 25;
    assert_range(pxe_tiles_visible(&map, &camera), 2, 0, 7, 6);
    camera.zoom = 2; /* 9 to 41, 22 to 46 */
    assert_range(pxe_tiles_visible(&map, &camera), 3, 1, 6, 5);
    camera.zoom = 0; /* is 1 */
    assert_range(pxe_tiles_visible(&map, &camera), 2, 0, 7, 6);
    camera.zoom = 0.01F;
    assert_range(pxe_tiles_visible(&map, &camera), 0, 0, COLUMNS, ROWS);
}

static void far_away_nothing_is_seen(void **state)
{
    static const float far[] = {1000, -1000, 1e9F, -1e9F, 3e38F, -3e38F, NAN, INFINITY, -INFINITY};
    (void)state;
    const pxe_tile_map map = small_map();
    for (size_t i = 0; i < sizeof far / sizeof far[0]; ++i) {
        pxe_camera camera = camera_at(far[i], 34);
        assert_range(pxe_tiles_visible(&map, &camera), 0, 0, 0, 0);
        camera = camera_at(24, far[i]);
        assert_range(pxe_tiles_visible(&map, &camera), 0, 0, 0, 0);
    }
    pxe_camera camera = camera_at(24, 34);
    camera.zoom = NAN;
    assert_range(pxe_tiles_visible(&map, &camera), 0, 0, 0, 0);
    camera = camera_at(24, 34);
    camera.rotation = NAN;
    assert_range(pxe_tiles_visible(&map, &camera), 0, 0, 0, 0);
}

static void a_map_that_is_none_has_no_tiles(void **state)
{
    static const float bad[] = {0, -1, NAN, INFINITY};
    (void)state;
    const pxe_camera camera = camera_at(24, 34);
    for (int i = 0; i < 4; ++i) {
        pxe_tile_map maps[] = {small_map(), small_map(), small_map(), small_map(), small_map()};
        maps[0].tile_width = bad[i];
        maps[1].tile_height = bad[i];
        maps[2].columns = -i;
        maps[3].rows = -i;
        maps[4].tiles = NULL;
        for (int k = 0; k < 5; ++k) {
            assert_range(pxe_tiles_visible(&maps[k], &camera), 0, 0, 0, 0);
        }
    }
    pxe_tile_map map = small_map();
    map.x = NAN;
    assert_range(pxe_tiles_visible(&map, &camera), 0, 0, 0, 0);
}

/* Whether any of a tile's points, a grid of them up to a hundredth from its edges, is on the screen. */
static bool is_on_screen(const pxe_tile_map *map, const pxe_camera *camera, int column, int row)
{
    enum { STEPS = 8 };
    for (int i = 0; i < STEPS * STEPS; ++i) {
        float x;
        float y;
        const float across = 0.01F + 0.98F * (float)(i % STEPS) / (STEPS - 1);
        const float down = 0.01F + 0.98F * (float)(i / STEPS) / (STEPS - 1);
        pxe_camera_to_screen(camera, map->x + map->tile_width * ((float)column + across),
                             map->y + map->tile_height * ((float)row + down), &x, &y);
        if (x >= 0 && y >= 0 && x < camera->width && y < camera->height) {
            return true;
        }
    }
    return false;
}

static void a_turned_camera_misses_no_tile_and_asks_for_few_more(void **state)
{
    (void)state;
    const pxe_tile_map map = small_map();
    uint64_t random = 3;
    for (int round = 0; round < 300; ++round) {
        pxe_camera camera =
            camera_at((float)random_below(&random, 200) - 50, (float)random_below(&random, 100));
        camera.rotation = (float)random_below(&random, 700) / 100;
        camera.zoom = 0.7F + (float)random_below(&random, 300) / 100;
        const pxe_tile_range range = pxe_tiles_visible(&map, &camera);
        const float reach = hypotf(WIDTH, HEIGHT) / camera.zoom; /* no bounding box is wider */
        assert_true((float)(range.end_column - range.first_column) <= reach / map.tile_width + 2);
        assert_true((float)(range.end_row - range.first_row) <= reach / map.tile_height + 2);
        for (int i = 0; i < ROWS * COLUMNS; ++i) {
            const int column = i % COLUMNS;
            const int row = i / COLUMNS;
            const bool in_range = column >= range.first_column && column < range.end_column &&
                                  row >= range.first_row && row < range.end_row;
            if (!in_range && is_on_screen(&map, &camera, column, row)) {
                fail_msg("round %d: tile %d, %d is missed", round, column, row);
            }
        }
    }
}

static void a_huge_map_is_counted_right(void **state)
{
    (void)state;
    const uint16_t none = 0;
    const pxe_tile_map map = {
        .tiles = &none, .columns = 30000, .rows = 30000, .tile_width = 32, .tile_height = 32};
    pxe_camera camera = camera_at(29999 * 32.0F, 29999 * 32.0F); /* sees 32 left of it, 24 above it */
    assert_range(pxe_tiles_visible(&map, &camera), 29998, 29998, 30000, 30000);
    camera.zoom = 1e-6F;
    assert_range(pxe_tiles_visible(&map, &camera), 0, 0, 30000, 30000);
    const pxe_tile_map largest = {
        .tiles = &none, .columns = INT32_MAX, .rows = INT32_MAX, .tile_width = 1e30F, .tile_height = 1e-30F};
    camera = camera_at(0, 0);
    assert_range(pxe_tiles_visible(&largest, &camera), 0, 0, 1, INT32_MAX);
}

/* ---- Drawing
 * ----------------------------------------------------------------------------------------------------*/

typedef struct asked {
    pxc_texture texture;
    int calls;
    int last_column, last_row;
    uint16_t refused;
} asked;

static bool show(void *user, uint16_t tile, int column, int row, pxe_sprite *sprite)
{
    asked *it = user;
    assert_int_equal(tile, row * COLUMNS + column + 1);
    assert_true(it->calls == 0 || row > it->last_row || (row == it->last_row && column > it->last_column));
    ++it->calls;
    it->last_column = column;
    it->last_row = row;
    sprite->texture = it->texture;
    sprite->tint = (uint32_t)(20 + 20 * column) << 24 | (uint32_t)(20 + 20 * row) << 16 | 0x80FF;
    return tile != it->refused;
}

static void tiles_are_drawn_in_their_places_and_asked_for_once(void **state)
{
    (void)state;
    asked it = {.texture = pxe_sprites_white(s.engine->sprites), .refused = 2 * COLUMNS + 4 + 1};
    pxe_tile_map map = small_map();
    map.picture = show;
    map.user = &it;
    const pxe_camera camera = camera_at(25, 34); /* sees -7 to 57, 10 to 58 */
    tiles[3 * COLUMNS + 3] = 0;
    stage_begin(&s, 0x000000FF);
    pxe_sprites_set_camera(s.engine->sprites, &camera);
    const int drawn = pxe_tiles_draw(s.engine->sprites, &map);
    stage_end(&s);
    tiles[3 * COLUMNS + 3] = 3 * COLUMNS + 3 + 1;
    assert_int_equal(it.calls, 5 * 6 - 1);
    assert_int_equal(drawn, 5 * 6 - 2);
    assert_int_equal(pxe_profile_last(s.engine->profile)->sprites, 5 * 6 - 2);
    assert_int_equal(pxe_profile_last(s.engine->profile)->draws, 1);
    for (int y = 0; y < HEIGHT; ++y) {
        for (int x = 0; x < WIDTH; ++x) {
            const int column = (x - 7 + 40) / 16;
            const int row = y / 8;
            const bool is_hole = (column == 3 && row == 3) || (column == 4 && row == 2);
            const uint32_t color = (uint32_t)(20 + 20 * column) << 16 | (uint32_t)(20 + 20 * row) << 8 | 0x80;
            assert_pixel(&s, x, y, is_hole ? 0 : color, 0);
        }
    }
}

static bool show_half(void *user, uint16_t tile, int column, int row, pxe_sprite *sprite)
{
    (void)tile;
    (void)column;
    (void)row;
    sprite->texture = *(const pxc_texture *)user;
    sprite->tint = 0xFF000080;
    return true;
}

/* Half transparent tiles of odd sizes at odd places: where one is missing or two overlap, a pixel differs. */
static void neighbours_share_their_edges(void **state)
{
    (void)state;
    pxc_texture white = pxe_sprites_white(s.engine->sprites);
    pxe_tile_map map = {
        .tiles = tiles, .columns = COLUMNS, .rows = ROWS, .picture = show_half, .user = &white};
    uint64_t random = 5;
    for (int round = 0; round < 200; ++round) {
        const float start = round < 100 ? 0 : 12000; /* where floats are coarse */
        map.tile_width = 4 + (float)random_below(&random, 1000) / 97;
        map.tile_height = 4 + (float)random_below(&random, 1000) / 101;
        map.x = start - 8 + (float)random_below(&random, 1000) / 89;
        map.y = start - 8 + (float)random_below(&random, 1000) / 83;
        pxe_camera camera = camera_at(start + 20 + (float)random_below(&random, 1000) / 79, start + 20);
        camera.zoom = 1 + (float)random_below(&random, 200) / 100;
        stage_begin(&s, 0x000000FF);
        pxe_sprites_set_camera(s.engine->sprites, &camera);
        pxe_tiles_draw(s.engine->sprites, &map);
        stage_end(&s);
        for (int y = 0; y < HEIGHT; ++y) {
            for (int x = 0; x < WIDTH; ++x) {
                float at[2];
                pxe_camera_to_world(&camera, (float)x + 0.5F, (float)y + 0.5F, &at[0], &at[1]);
                const float across = (at[0] - map.x) / map.tile_width;
                const float down = (at[1] - map.y) / map.tile_height;
                if (across > 0.05F && across < COLUMNS - 0.05F && down > 0.05F && down < ROWS - 0.05F) {
                    assert_pixel(&s, x, y, 0x800000, 0);
                }
            }
        }
    }
}

static void without_a_function_or_tiles_nothing_is_drawn(void **state)
{
    (void)state;
    pxc_texture white = pxe_sprites_white(s.engine->sprites);
    pxc_texture unnamed = {0};
    pxe_tile_map map = small_map();
    stage_begin(&s, 0x000000FF);
    assert_int_equal(pxe_tiles_draw(s.engine->sprites, &map), 0);
    map.picture = show_half;
    map.user = &unnamed;
    assert_int_equal(pxe_tiles_draw(s.engine->sprites, &map), 0);
    map.user = &white;
    map.tile_width = NAN;
    assert_int_equal(pxe_tiles_draw(s.engine->sprites, &map), 0);
    map = small_map();
    map.picture = show_half;
    map.user = &white;
    map.x = 1e9F; /* floats are 64 apart there, tiles 16: the camera's screen spans edges that coincide */
    const pxe_camera camera = camera_at(1e9F, 34);
    pxe_sprites_set_camera(s.engine->sprites, &camera);
    assert_in_range(pxe_tiles_draw(s.engine->sprites, &map), 0, ROWS * COLUMNS);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_straight_camera_sees_what_touches_the_screen),
        cmocka_unit_test(far_away_nothing_is_seen),
        cmocka_unit_test(a_map_that_is_none_has_no_tiles),
        cmocka_unit_test(a_turned_camera_misses_no_tile_and_asks_for_few_more),
        cmocka_unit_test(a_huge_map_is_counted_right),
        cmocka_unit_test(tiles_are_drawn_in_their_places_and_asked_for_once),
        cmocka_unit_test(neighbours_share_their_edges),
        cmocka_unit_test(without_a_function_or_tiles_nothing_is_drawn),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
