/* Mouse and keys. */
#include "viewer.h"

#include <SDL.h>

#include <math.h>
#include <stdlib.h>

#define WHEEL_ROWS 0.75 /* of the grid, a notch */
#define ZOOM_STEP  1.25 /* a notch of the wheel, or a key */

enum { CLICK_PX = 6 };

/* Moves the selection; the first move only shows it. */
static void select_step(viewer *v, ptrdiff_t step)
{
    viewer_grid *grid = &v->grid;
    if (grid->selected >= v->count) {
        grid->selected = viewer_grid_first(v);
    } else if (step < 0 ? grid->selected >= (size_t)-step : grid->selected + (size_t)step < v->count) {
        grid->selected += (size_t)step;
    }
    viewer_grid_show(v, grid->selected);
}

static void select_picture(viewer *v, size_t index)
{
    v->grid.selected = index;
    viewer_grid_show(v, index);
}

static void key_in_grid(viewer *v, SDL_Keycode key)
{
    const double page_px = v->engine->height - viewer_grid_row_px(v);
    switch (key) {
    case SDLK_RIGHT:
        select_step(v, 1);
        break;
    case SDLK_LEFT:
        select_step(v, -1);
        break;
    case SDLK_DOWN:
        select_step(v, v->grid.columns);
        break;
    case SDLK_UP:
        select_step(v, -v->grid.columns);
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
        select_picture(v, 0);
        break;
    case SDLK_END:
        select_picture(v, v->count - 1);
        break;
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
        viewer_single_open(v, v->grid.selected < v->count ? v->grid.selected : viewer_grid_first(v));
        break;
    case SDLK_ESCAPE:
        if (pxe_window_is_fullscreen(v->engine->window)) {
            pxe_window_toggle_fullscreen(v->engine->window);
        }
        break;
    default:
        break;
    }
}

static void key_in_single(viewer *v, SDL_Keycode key)
{
    const float middle_x = (float)v->engine->width / 2;
    const float middle_y = (float)v->engine->height / 2;
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
    case SDLK_HOME:
        viewer_single_open(v, 0);
        break;
    case SDLK_END:
        viewer_single_open(v, v->count - 1);
        break;
    case SDLK_PLUS:
    case SDLK_EQUALS:
    case SDLK_KP_PLUS:
        viewer_single_zoom(v, ZOOM_STEP, middle_x, middle_y);
        break;
    case SDLK_MINUS:
    case SDLK_KP_MINUS:
        viewer_single_zoom(v, 1 / ZOOM_STEP, middle_x, middle_y);
        break;
    case SDLK_0:
    case SDLK_KP_0:
        viewer_single_open(v, v->single.index);
        break;
    case SDLK_ESCAPE:
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
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
    } else if (key == SDLK_h) {
        pxe_hud_next(v->hud);
    } else if (v->single.open) {
        key_in_single(v, key);
    } else {
        key_in_grid(v, key);
    }
}

static void handle_wheel(viewer *v, double notches)
{
    if (v->single.open) {
        viewer_single_zoom(v, pow(ZOOM_STEP, notches), (float)v->pointer_x, (float)v->pointer_y);
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
        viewer_single_move(v, dx, dy);
    } else {
        viewer_grid_scroll(v, -dy);
        v->grid.scroll_px = v->grid.target_px; /* the grid follows the finger, without a glide */
    }
}

static void handle_release(viewer *v)
{
    const bool is_click = v->dragging && (float)v->dragged_px < CLICK_PX * v->ratio;
    v->dragging = false;
    if (is_click && !v->single.open) {
        const size_t index = viewer_grid_at(v, v->pointer_x, v->pointer_y);
        if (index < v->count) {
            viewer_single_open(v, index);
        }
    }
}

static void handle_button(viewer *v, const SDL_MouseButtonEvent *button)
{
    if (button->button != SDL_BUTTON_LEFT) {
        return;
    }
    if (button->type == SDL_MOUSEBUTTONUP) {
        handle_release(v);
    } else {
        v->dragging = true;
        v->dragged_px = 0;
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
    case SDL_MOUSEBUTTONUP:
        handle_button(v, &event->button);
        break;
    case SDL_WINDOWEVENT:
        if (event->window.event == SDL_WINDOWEVENT_LEAVE) {
            v->pointer_x = v->pointer_y = -1;
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
