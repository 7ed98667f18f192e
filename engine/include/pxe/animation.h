/* Animations as lists of frames: which frame is shown at a time. Plain values; nothing to free. Thread:
 * any. */
#ifndef PXE_ANIMATION_H
#define PXE_ANIMATION_H

#include <pxe/images.h>
#include <pxe/sprites.h>

typedef struct pxe_animation_frame {
    pxe_image image; /* may be the same in all: then source tells them apart */
    pxe_rect source; /* in its pixels; of no width or no height = all of it */
    float seconds;   /* how long it is shown; 0, less, or NaN = it is passed over; INFINITY = for ever */
} pxe_animation_frame;

typedef enum pxe_animation_play {
    PXE_PLAY_LOOP = 0,
    PXE_PLAY_ONCE,          /* and stay at the last frame, whatever its time */
    PXE_PLAY_BACK_AND_FORTH /* the first and the last are not shown twice in a row */
} pxe_animation_play;

typedef struct pxe_animation {
    const pxe_animation_frame *frames; /* the caller's */
    int count;
    pxe_animation_play play;
} pxe_animation;

float pxe_animation_seconds(
    const pxe_animation *animation); /* of one run, forth and back; 0 = it has no frames */

/* The index of the frame at a time since the start, negative times and NaN being its start; -1 = it has no
 * frames. A frame begins at the very time at which the one before ends. */
int pxe_animation_at(const pxe_animation *animation, double seconds);

/* Whether one that plays once is over. */
bool pxe_animation_over(const pxe_animation *animation, double seconds);

/* Cuts a sheet into cells, by rows from its top left corner: fills count frames of equal duration. columns
 * below 1 = all in one row. */
void pxe_animation_cut(pxe_animation_frame *frames, int count, pxe_image sheet, int columns, float cell_width,
                       float cell_height, float seconds);

#endif
