/* What the contestants of the benchmark of sprites share: one scene, two clocks, one loop, one picture. C and
 * C++.
 *
 * A contestant is a program that takes SPRITES TEXTURES FRAMES [PICTURE.ppm], draws the scene, and prints
 * lines of "metric value". What it draws a frame with lies between two readings of the clocks: clear, all
 * sprites, and waiting until the GPU has drawn them. Moving the sprites, showing and reading the picture lie
 * outside.
 */
#ifndef SPRITES_SCENE_H
#define SPRITES_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    SPRITES_WIDTH = 1280,
    SPRITES_HEIGHT = 720,
    SPRITES_SIDE = 16, /* of a sprite and of its texture, pixels */
    SPRITES_TEXTURE_BYTES = SPRITES_SIDE * SPRITES_SIDE * 4,
    SPRITES_MAX_TEXTURES = 4096, /* that differ */
    SPRITES_RED = 16,            /* the colour that the screen is cleared to */
    SPRITES_GREEN = 20,
    SPRITES_BLUE = 24
};

typedef struct sprites_scene {
    int count, textures;
    int frames, frame; /* that are measured; the one that is drawn, the first ones of which warm up */
    bool
        picks_anew; /* in each frame each sprite takes a texture by chance, not the i-th one i mod textures */
    const char *picture; /* where the last frame goes; NULL = nowhere */
    float *x, *y;        /* of the sprites' top left corners in this frame: whole pixels */
    uint16_t *texture;   /* of the sprites */
    uint32_t *start;     /* x and y of frame 0, one behind the other */
    uint32_t seed;       /* of what is picked next */
} sprites_scene;

/* Exits the program where the arguments are bad. Owner: sprites_close. */
void sprites_open(sprites_scene *scene, int argc, char **argv);
void sprites_close(sprites_scene *scene);

/* A soft disc of four colours, RGBA rows, that no other texture below SPRITES_MAX_TEXTURES has. Every channel
 * is full or empty, so that premultiplied and straight alpha mean the same to the last bit. */
void sprites_paint(unsigned char pixels[SPRITES_TEXTURE_BYTES], int texture, bool premultiplied);

/* Of this thread. */
double sprites_cpu_ms(void);

typedef struct sprites_contestant {
    void *user;
    const char *renderer;                                 /* GL_RENDERER */
    void (*draw)(void *user, const sprites_scene *scene); /* what is measured */
    void (*show)(void *user, const sprites_scene *scene); /* presents, writes the picture; may be NULL */
} sprites_contestant;

/* Draws all frames and prints the medians. */
void sprites_measure(sprites_scene *scene, const sprites_contestant *contestant);

/* Whether this frame is the picture that was asked for. */
bool sprites_is_picture(const sprites_scene *scene);

/* Whether this frame is counted. */
bool sprites_is_measured(const sprites_scene *scene);

/* RGBA rows without gaps; OpenGL reads the bottom row first. */
void sprites_write(const sprites_scene *scene, const unsigned char *pixels, bool bottom_first);

/* Sorts them. */
double sprites_median(double *values, int count);

/* Prints how far two pictures are apart. Result: 0, 1 if it is more than rounding explains. */
int sprites_compare(const char *path, const char *other_path);

/* Exits the program. */
#ifdef __cplusplus
[[noreturn]]
#else
_Noreturn
#endif
void sprites_fail(const char *what, const char *why);

#ifdef __cplusplus
}
#endif

#endif
