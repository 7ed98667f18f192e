/* Mouse and keys. */
#include "viewer.h"

#include <SDL.h>

#include <math.h>
#include <stdlib.h>

#define WHEEL_ROWS 0.75 /* of the grid, a notch */
#define WHEEL_ZOOM 1.25 /* a notch */

enum { CLICK_PX = 6 };

static void key_in_grid(viewer *v, SDL_Keycode key)
{
    const double page_px = v->engine->height - viewer_grid_row_px(v);
    switch (key) {
    case SDLK_DOWN:
    case SDLK_RIGHT:
        viewer_grid_scroll(v, viewer_grid_row_px(v));
        break;
    case SDLK_UP:
    case SDLK_LEFT:
        viewer_grid_scroll(v, -viewer_grid_row_px(v));
        break;
    case SDLK_PAGEDOWN:
    case SDLK_SPACE:
        viewer_grid_scroll(v, page_px);
        break;
    case SDLK_PAGEUP:
    case SDLK_BACKSPACE:
        viewer_grid_scroll(v, -page_px);
        break;
    case SDLK_HOME:
        viewer_grid_scroll_to(v, 0);
        break;
    case SDLK_END:
        viewer_grid_scroll_to(v, INFINITY);
        break;
    case SDLK_RETURN:
        viewer_single_open(v,
                           v->grid.hovered < v->count
                               ? v->grid.hovered
                               : viewer_grid_at(v, v->engine->width / 2, v->engine->height / 2) % v->count);
        break;
    case SDLK_ESCAPE:
        v->quitting = true;
        break;
    default:
        break;
    }
}

static void key_in_single(viewer *v, SDL_Keycode key)
{
    switch (key) {
    case SDLK_RIGHT:
    case SDLK_DOWN:
    case SDLK_SPACE:
    case SDLK_PAGEDOWN:
        viewer_single_step(v, 1);
        break;
    case SDLK_LEFT:
    case SDLK_UP:
    case SDLK_BACKSPACE:
    case SDLK_PAGEUP:
        viewer_single_step(v, -1);
        break;
    case SDLK_0:
        viewer_single_open(v, v->single.index);
        break;
    case SDLK_ESCAPE:
    case SDLK_RETURN:
        v->single.open = false;
        break;
    default:
        break;
    }
}

static void handle_key(viewer *v, SDL_Keycode key)
{
    if (key == SDLK_q) {
        v->quitting = true;
    } else if (key == SDLK_f || key == SDLK_F11) {
        pxe_window_toggle_fullscreen(v->engine->window);
    } else if (v->single.open) {
        key_in_single(v, key);
    } else {
        key_in_grid(v, key);
    }
}

static void handle_wheel(viewer *v, double notches)
{
    if (v->single.open) {
        pxe_camera *camera = &v->single.camera;
        pxe_camera_zoom_at(camera, (float)pow(WHEEL_ZOOM, notches), (float)v->pointer_x, (float)v->pointer_y);
        camera->zoom = fminf(fmaxf(camera->zoom, 0.1F), 64);
    } else {
        viewer_grid_scroll(v, -notches * WHEEL_ROWS * viewer_grid_row_px(v));
    }
}

static void handle_motion(viewer *v, int x, int y)
{
    const int dx = x - v->pointer_x;
    const int dy = y - v->pointer_y;
    v->pointer_x = x;
    v->pointer_y = y;
    if (!v->dragging) {
        return;
    }
    v->dragged_px += abs(dx) + abs(dy);
    if (v->single.open) {
        v->single.camera.x -= (float)dx / v->single.camera.zoom;
        v->single.camera.y -= (float)dy / v->single.camera.zoom;
    } else {
        viewer_grid_scroll(v, -dy);
        v->grid.scroll_px = v->grid.target_px; /* the grid follows the finger, without a glide */
    }
}

static void handle_release(viewer *v)
{
    const bool is_click = v->dragging && (float)v->dragged_px < CLICK_PX * v->ratio;
    v->dragging = false;
    if (!is_click) {
        return;
    }
    if (v->single.open) {
        v->single.open = false;
    } else {
        const size_t index = viewer_grid_at(v, v->pointer_x, v->pointer_y);
        if (index < v->count) {
            viewer_single_open(v, index);
        }
    }
}

static void handle_event(viewer *v, const SDL_Event *event)
{
    switch (event->type) {
    case SDL_QUIT:
        v->quitting = true;
        break;
    case SDL_KEYDOWN:
        handle_key(v, event->key.keysym.sym);
        break;
    case SDL_MOUSEWHEEL:
        handle_wheel(v, (double)event->wheel.preciseY);
        break;
    case SDL_MOUSEMOTION:
        handle_motion(v, (int)((float)event->motion.x * v->ratio), (int)((float)event->motion.y * v->ratio));
        break;
    case SDL_MOUSEBUTTONDOWN:
        v->dragging = event->button.button == SDL_BUTTON_LEFT;
        v->dragged_px = 0;
        break;
    case SDL_MOUSEBUTTONUP:
        if (event->button.button == SDL_BUTTON_LEFT) {
            handle_release(v);
        }
        break;
    default:
        break;
    }
}

void viewer_handle_events(viewer *v)
{
    SDL_Event event;
    while (SDL_PollEvent(&event)) {
        handle_event(v, &event);
    }
}
