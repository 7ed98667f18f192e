/* Tile maps: a grid of numbers, each of which stands for a picture. Only what the camera sees is asked for
 * and drawn, so that a map may be as large as memory. Thread: the context's.
 */
#ifndef PXE_TILES_H
#define PXE_TILES_H

#include <pxe/sprites.h>

/* The picture of a tile: fills texture, and source, tint or flip if they are not to be those of a whole
 * image. False = there is none to draw. The sprite's place is filled in. Called for visible tiles only, row
 * by row. */
typedef bool (*pxe_tile_fn)(void *user, uint16_t tile, int column, int row, pxe_sprite *sprite);

typedef struct pxe_tile_map {
    const uint16_t *tiles; /* rows x columns, row by row; 0 = empty; the caller's */
    int columns, rows;
    float x, y;                    /* world position of its top left corner */
    float tile_width, tile_height; /* world units */
    pxe_tile_fn picture;
    void *user;
    pxe_blend blend;
    pxe_filter filter;
    int16_t layer;
} pxe_tile_map;

typedef struct pxe_tile_range {
    int first_column, first_row, end_column, end_row; /* end: one past the last */
} pxe_tile_range;

/* The tiles that a camera may see, turned cameras too: those of the screen's bounding box. Pure. Thread:
 * any. */
pxe_tile_range pxe_tiles_visible(const pxe_tile_map *map, const pxe_camera *camera);

/* Draws what the batch's camera sees; tiles share their edges exactly, so no gap shows between them. Result:
 * sprites drawn. */
int pxe_tiles_draw(pxe_sprites *sprites, const pxe_tile_map *map);

#endif
