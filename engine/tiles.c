/* Tile maps: of a grid that may be large, the rectangle of cells that the camera's screen touches is walked.
 *
 * Places are computed in doubles from the map's corner, so that they do not drift over 30,000 tiles, and
 * rounded to floats once an edge: the tile on its other side gets the same one.
 */
#include <pxe/tiles.h>

#include "edges.h"

#include <math.h>

static bool is_drawable(const pxe_tile_map *map)
{
    return map->tiles != NULL && map->columns > 0 && map->rows > 0 && isfinite(map->x) && isfinite(map->y) &&
           isfinite(map->tile_width) && isfinite(map->tile_height) && map->tile_width > 0 &&
           map->tile_height > 0;
}

static int clamped(double index, int count)
{
    if (!(index > 0)) { /* a NaN, too */
        return 0;
    }
    return index < count ? (int)index : count;
}

/* The screen's bounding box in the world, one way: 0 = x, 1 = y. NaN if the camera is. */
static void bounds(const pxe_camera *camera, int way, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (int corner = 0; corner < 4; ++corner) {
        float at[2];
        pxe_camera_to_world(camera, (corner & 1) != 0 ? camera->width : 0,
                            (corner & 2) != 0 ? camera->height : 0, &at[0], &at[1]);
        if (isnan(at[way])) {
            *low = NAN;
            *high = NAN;
            return;
        }
        *low = fmin(*low, at[way]);
        *high = fmax(*high, at[way]);
    }
}

pxe_tile_range pxe_tiles_visible(const pxe_tile_map *map, const pxe_camera *camera)
{
    pxe_tile_range range = {0};
    if (!is_drawable(map)) {
        return range;
    }
    double low[2];
    double high[2];
    bounds(camera, 0, &low[0], &high[0]);
    bounds(camera, 1, &low[1], &high[1]);
    range.first_column = clamped(floor((low[0] - map->x) / map->tile_width), map->columns);
    range.end_column = clamped(ceil((high[0] - map->x) / map->tile_width), map->columns);
    range.first_row = clamped(floor((low[1] - map->y) / map->tile_height), map->rows);
    range.end_row = clamped(ceil((high[1] - map->y) / map->tile_height), map->rows);
    if (range.first_column >= range.end_column || range.first_row >= range.end_row) {
        return (pxe_tile_range){0};
    }
    return range;
}

static float edge(float start, float size, int index)
{
    return (float)((double)start + (double)size * index);
}

/* Result: tiles drawn. */
static int draw_row(pxe_sprites *sprites, const pxe_tile_map *map, const pxe_tile_range *range, int row)
{
    const uint16_t *tiles = map->tiles + (size_t)row * (size_t)map->columns;
    const float top = edge(map->y, map->tile_height, row);
    const float height = pxe_extent(top, edge(map->y, map->tile_height, row + 1));
    int drawn = 0;
    for (int column = range->first_column; height > 0 && column < range->end_column; ++column) {
        if (tiles[column] == 0) {
            continue;
        }
        const float left = edge(map->x, map->tile_width, column);
        const float width = pxe_extent(left, edge(map->x, map->tile_width, column + 1));
        if (!(width > 0)) { /* so far out that floats lie wider apart; a sprite of no size has its image's */
            continue;
        }
        pxe_sprite sprite = {
            .x = left,
            .y = top,
            .width = width,
            .height = height,
            .blend = map->blend,
            .filter = map->filter,
            .layer = map->layer,
        };
        if (map->picture(map->user, tiles[column], column, row, &sprite) && sprite.texture.name != 0) {
            pxe_sprites_draw(sprites, &sprite);
            ++drawn;
        }
    }
    return drawn;
}

int pxe_tiles_draw(pxe_sprites *sprites, const pxe_tile_map *map)
{
    if (map->picture == NULL) {
        return 0;
    }
    const pxe_camera camera = pxe_sprites_camera(sprites);
    const pxe_tile_range range = pxe_tiles_visible(map, &camera);
    int drawn = 0;
    for (int row = range.first_row; row < range.end_row; ++row) {
        drawn += draw_row(sprites, map, &range, row);
    }
    return drawn;
}
