/* The contestants of bench_sprites. Each draws the scene and prints what it measured. */
#ifndef SPRITES_H
#define SPRITES_H

#include "sprites_scene.h"

struct GladGLContext;

void sprites_run_pixcache(sprites_scene *scene);
void sprites_run_random(sprites_scene *scene);
void sprites_run_limit(sprites_scene *scene);

typedef enum sprites_floor { SPRITES_FLOOR, SPRITES_FLOOR_BARE, SPRITES_FLOOR_QUADS } sprites_floor;

void sprites_run_floor(sprites_scene *scene, sprites_floor kind);

/* The framebuffer, as the picture of the scene. */
void sprites_read_screen(const sprites_scene *scene, const struct GladGLContext *gl);

#endif
