/* The game around the simulation: what is drawn, what is pressed, and what belongs to a window rather than to a night. */
#ifndef GAME_GAME_H
#define GAME_GAME_H

#include "../common/session.h"
#include "gallery.h"

#include <pxe/text.h>

#include <SDL_gamecontroller.h>

enum {
    GAME_PLANKTON = 5200,
    GAME_MINNOWS = 900,
    GAME_SPARKS = 500,
    GAME_LABELS = 40,
    GAME_RINGS = 16,
    GAME_AHEAD = 900,
    GAME_PAGE_COLUMNS = 12,
    GAME_PAGE_ROWS = 7,
    GAME_PAGE = GAME_PAGE_COLUMNS * GAME_PAGE_ROWS,
    GAME_PAGES = (SIM_SPECIES + GAME_PAGE - 1) / GAME_PAGE,
};

#define GAME_VIEW_WIDTH  1280.0F /* world units that a window shows at most */
#define GAME_VIEW_HEIGHT 720.0F

typedef struct game_spark {
    float x, y, vx, vy, size, life, fade; /* life 1 ... 0 */
    uint32_t color;                       /* 0xRRGGBB00 */
} game_spark;

typedef struct game_ring {
    float x, y, size, life;
    uint32_t color;
} game_ring;

typedef struct game_label {
    char text[24];
    float x, y, size, life;
    uint32_t color;
} game_label;

/* What the eye sees of events: nothing here comes back to the simulation. */
typedef struct game_effects {
    game_spark sparks[GAME_SPARKS];
    game_ring rings[GAME_RINGS];
    game_label labels[GAME_LABELS];
    uint32_t next_spark, next_ring, next_label;
    char banner[40];
    float banner_life, shake, flash, gulp; /* gulp: the fish's mouthful, 1 ... 0 */
    sim_random random;
} game_effects;

/* A mote of plankton or a minnow: its place in a box that repeats across the sea. */
typedef struct game_mote {
    float x, y, size, phase;
    uint8_t layer, look;
} game_mote;

typedef struct game_keys {
    bool start, pause, leave, dash; /* since the last tick; dash: held */
    SDL_GameController *pad;        /* NULL = none */
} game_keys;

typedef struct game {
    pxe_engine *engine;
    pxe_hud *hud;
    sim *sim;
    gallery gallery;
    pxe_font *font;
    game_effects effects;
    game_keys keys;
    pxe_camera camera, ui; /* of the sea; of what lies on the glass, 720 units high */
    pxe_camera moved_from; /* the last frame's: where the view is going */
    uint16_t tiles[SEA_COLUMNS * SEA_ROWS];
    game_mote plankton[GAME_PLANKTON], minnows[GAME_MINNOWS];
    pxe_image ahead[GAME_AHEAD];
    uint32_t ticks; /* shown */
    float shown_score;
    int page; /* of the book; -1 = closed */
    bool autoplay, headless, workers, quitting;
    double due_s; /* real time that is not simulated yet */
    uint64_t counted_at;
} game;

/* main.c: game_tick is one tick of the simulation and of what is shown of it */
void game_tick(game *g);

/* keys.c */
void game_keys_open(game *g);
void game_keys_close(game *g);
void game_keys_read(game *g); /* once a frame */
sim_input game_keys_input(game *g);

/* view.c */
void game_view_place(game *g); /* at once where it would glide to */
void game_view_step(game *g);  /* a tick */
void game_view_frame(game *g); /* fits both cameras to the window */
pxe_rect game_view_rect(const pxe_camera *camera, float margin);
void game_view_prefetch(game *g);

/* scene.c */
void game_scene_create(game *g);
void game_scene_draw(game *g);
bool game_picture(game *g, pxe_image image, pxe_sprite *sprite); /* false = nothing to show yet */
bool game_frame_of(game *g, pxe_image sheet, int cell_px, double seconds, pxe_sprite *sprite);

/* living.c: what moves in the sea */
void game_living_draw_behind(game *g); /* the darkness */
void game_living_draw(game *g);

/* drift.c: plankton and shoals */
void game_drift_create(game *g);
void game_drift_draw(game *g, bool near);

/* effects.c */
void game_effects_step(game *g);
void game_effects_draw(game *g);

/* glass.c: words and panels */
typedef struct game_words {
    float x, y, size;
    uint32_t color;
    pxe_align align;
} game_words;

#ifdef __GNUC__
__attribute__((format(printf, 3, 4)))
#endif
float game_write(game *g, const game_words *words, const char *format, ...); /* its width */
void game_panel(game *g, const pxe_rect *place);
void game_bar(game *g, const pxe_rect *place, float share, uint32_t color);
typedef struct game_spot {
    float x, y, size;
} game_spot;

void game_small(game *g, small_picture which, game_spot spot, uint32_t color); /* light: added */

/* hud.c, screens.c */
void game_hud_draw(game *g);
void game_screens_draw(game *g);

#endif
