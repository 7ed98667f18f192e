/* How long a frame of many small sprites takes.
 *
 *   bench_sprites CONTESTANT SPRITES TEXTURES FRAMES [PICTURE.ppm]
 *   bench_sprites compare PICTURE.ppm OTHER.ppm
 *
 *   pixcache    the cache and the engine's batch, by their public functions: each frame finds the texture of
 *               each sprite
 *   random      pixcache, but each sprite takes a texture by chance in each frame; no limit
 *   limit       random, with room for 80 % of the textures; what is missing is inserted again at once
 *   floor, floor-bare, floor-quads
 *               one draw call from an array texture: see sprites_floor.c
 */
#include "sprites.h"

#include <stdio.h>
#include <string.h>

static bool run(const char *contestant, sprites_scene *scene)
{
    if (strcmp(contestant, "pixcache") == 0) {
        sprites_run_pixcache(scene);
    } else if (strcmp(contestant, "random") == 0) {
        sprites_run_random(scene);
    } else if (strcmp(contestant, "limit") == 0) {
        sprites_run_limit(scene);
    } else if (strcmp(contestant, "floor") == 0) {
        sprites_run_floor(scene, SPRITES_FLOOR);
    } else if (strcmp(contestant, "floor-bare") == 0) {
        sprites_run_floor(scene, SPRITES_FLOOR_BARE);
    } else if (strcmp(contestant, "floor-quads") == 0) {
        sprites_run_floor(scene, SPRITES_FLOOR_QUADS);
    } else {
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "compare") == 0) {
        return sprites_compare(argv[2], argv[3]);
    }
    if (argc < 2) {
        fprintf(stderr,
                "usage: %s CONTESTANT SPRITES TEXTURES FRAMES [PICTURE.ppm]\n"
                "       %s compare PICTURE.ppm OTHER.ppm\n",
                argv[0], argv[0]);
        return 2;
    }
    sprites_scene scene;
    sprites_open(&scene, argc - 1, argv + 1);
    if (!run(argv[1], &scene)) {
        sprites_fail(argv[1], "is no contestant");
    }
    sprites_close(&scene);
    return 0;
}
