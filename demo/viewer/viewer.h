/* The viewer's state: a grid of thumbnails, and one picture opened from it. Sizes are pixels of the framebuffer. */
#ifndef VIEWER_VIEWER_H
#define VIEWER_VIEWER_H

#include "../common/session.h"

typedef struct viewer_grid {
    double scroll_px;      /* where the view's top edge is */
    double target_px;      /* where it glides to */
    double auto_scroll_px; /* a frame; turns around at the ends */
    int columns;
    size_t hovered;                /* picture under the pointer, or the count */
    size_t selected;               /* by the keys, or the count */
    size_t ahead_first, ahead_end; /* the pictures in view for which the prefetch list was set */
} viewer_grid;

typedef struct viewer_single {
    bool open;
    size_t index;
    bool preloaded;    /* its neighbours are on the prefetch list */
    pxe_camera camera; /* the world is the picture, its middle at (0, 0), fitted at zoom 1 */
} viewer_single;

typedef struct viewer {
    pxe_engine *engine;
    pxe_hud *hud;
    size_t count;
    pxe_image *thumbnails; /* by picture */
    pxe_image *pictures;   /* in full size; opened when first looked at */
    pxe_image *ahead;      /* room for a prefetch list of all */
    bool preload;          /* there are workers: pictures may be asked for ahead */
    bool watching;         /* for files that change */
    float ratio;           /* framebuffer pixels per screen unit */
    int pointer_x, pointer_y;
    bool dragging;
    int dragged_px; /* so far: a press that hardly moves is a click */
    viewer_grid grid;
    viewer_single single;
    bool incomplete; /* something in view is still to be loaded */
    bool quitting;
    bool title_shown;
    uint32_t title_ms;  /* when */
    size_t title_index; /* of which picture, or the count */
} viewer;

/* main.c */
bool viewer_create(viewer *v, pxe_engine *engine, char **paths, size_t count);
void viewer_free(viewer *v);

/* grid.c */
void viewer_grid_layout(viewer *v); /* to be called first in a frame: glides and clamps */
void viewer_grid_draw(viewer *v);
size_t viewer_grid_at(const viewer *v, int x, int y); /* the picture there, or the count */
size_t viewer_grid_first(const viewer *v);            /* the first that is wholly in view */
void viewer_grid_scroll(viewer *v, double pixels);
void viewer_grid_show(viewer *v, size_t index); /* scrolls so far that it is seen */
double viewer_grid_row_px(const viewer *v);
bool viewer_grid_moving(const viewer *v);

/* single.c */
void viewer_single_open(viewer *v, size_t index);
void viewer_single_step(viewer *v, int step);
void viewer_single_zoom(viewer *v, double factor, float x, float y); /* about a point of the screen */
void viewer_single_move(viewer *v, int dx, int dy);
void viewer_single_draw(viewer *v);

/* title.c */
void viewer_show_title(viewer *v);

/* input.c */
void viewer_handle_events(viewer *v);

/* draw.c */
void viewer_draw_failed(viewer *v, const pxe_rect *place); /* a tile for what is no picture */
void viewer_draw_meter(viewer *v);                         /* bytes against the limit, along the lower edge */

#endif
