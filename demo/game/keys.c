/* Keyboard and controller. Held keys are asked for, presses come as events and wait for the next tick; a controller may
 * come and go at any time, and the one that came last counts. While the book is open the sea holds its breath.
 */
#include "game.h"

#include <SDL.h>

#include <math.h>

#define DEAD_ZONE 0.22F

void game_keys_open(game *g)
{
    /* Without controllers the game goes on. */
    if (!g->headless) {
        SDL_InitSubSystem(SDL_INIT_GAMECONTROLLER);
    }
}

void game_keys_close(game *g)
{
    if (g->keys.pad != NULL) {
        SDL_GameControllerClose(g->keys.pad);
        g->keys.pad = NULL;
    }
    if (!g->headless) {
        SDL_QuitSubSystem(SDL_INIT_GAMECONTROLLER);
    }
}

static void toggle_book(game *g)
{
    if (g->page >= 0) {
        g->page = -1;
        return;
    }
    g->page = 0;
    if (g->sim->phase == SIM_PLAYING) {
        g->keys.pause = true;
    }
}

static void turn_page(game *g, int by)
{
    if (g->page >= 0) {
        g->page = (g->page + by + GAME_PAGES) % GAME_PAGES;
    }
}

static void leave(game *g)
{
    if (g->page >= 0) {
        g->page = -1;
    } else if (g->sim->phase == SIM_TITLE) {
        g->quitting = true;
    } else {
        g->keys.leave = true;
    }
}

static void press_start(game *g)
{
    g->keys.start = g->keys.start || g->page < 0;
}

static void on_key(game *g, SDL_Keycode key)
{
    switch (key) {
    case SDLK_SPACE:
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
        press_start(g);
        break;
    case SDLK_p:
    case SDLK_PAUSE:
        g->keys.pause = g->page < 0;
        break;
    case SDLK_TAB:
    case SDLK_b:
        toggle_book(g);
        break;
    case SDLK_LEFT:
    case SDLK_a:
        turn_page(g, -1);
        break;
    case SDLK_RIGHT:
    case SDLK_d:
        turn_page(g, 1);
        break;
    case SDLK_f:
    case SDLK_F11:
        pxe_window_toggle_fullscreen(g->engine->window);
        break;
    case SDLK_h:
        pxe_hud_next(g->hud);
        break;
    case SDLK_ESCAPE:
        leave(g);
        break;
    case SDLK_q:
        g->quitting = true;
        break;
    default:
        break;
    }
}

static void on_button(game *g, int button)
{
    switch (button) {
    case SDL_CONTROLLER_BUTTON_A:
        press_start(g);
        break;
    case SDL_CONTROLLER_BUTTON_START:
        if (g->sim->phase == SIM_PLAYING || g->sim->phase == SIM_PAUSED) {
            g->keys.pause = true;
        } else {
            press_start(g);
        }
        break;
    case SDL_CONTROLLER_BUTTON_Y:
        toggle_book(g);
        break;
    case SDL_CONTROLLER_BUTTON_BACK:
    case SDL_CONTROLLER_BUTTON_B:
        leave(g);
        break;
    case SDL_CONTROLLER_BUTTON_DPAD_LEFT:
    case SDL_CONTROLLER_BUTTON_LEFTSHOULDER:
        turn_page(g, -1);
        break;
    case SDL_CONTROLLER_BUTTON_DPAD_RIGHT:
    case SDL_CONTROLLER_BUTTON_RIGHTSHOULDER:
        turn_page(g, 1);
        break;
    default:
        break;
    }
}

static void on_pad(game *g, const SDL_ControllerDeviceEvent *event)
{
    SDL_GameController **pad = &g->keys.pad;
    if (event->type == SDL_CONTROLLERDEVICEADDED) {
        if (*pad != NULL) {
            SDL_GameControllerClose(*pad);
        }
        *pad = SDL_GameControllerOpen(event->which);
    } else if (*pad != NULL && SDL_JoystickInstanceID(SDL_GameControllerGetJoystick(*pad)) == event->which) {
        SDL_GameControllerClose(*pad);
        *pad = NULL;
        g->keys.pause = g->sim->phase == SIM_PLAYING; /* nobody is steering */
    }
}

static void on_event(game *g, const SDL_Event *event)
{
    switch (event->type) {
    case SDL_QUIT:
        g->quitting = true;
        break;
    case SDL_KEYDOWN:
        if (event->key.repeat == 0) {
            on_key(g, event->key.keysym.sym);
        }
        break;
    case SDL_CONTROLLERBUTTONDOWN:
        on_button(g, event->cbutton.button);
        break;
    case SDL_CONTROLLERDEVICEADDED:
    case SDL_CONTROLLERDEVICEREMOVED:
        on_pad(g, &event->cdevice);
        break;
    case SDL_WINDOWEVENT:
        if (event->window.event == SDL_WINDOWEVENT_FOCUS_LOST && g->sim->phase == SIM_PLAYING &&
            !g->autoplay) {
            g->keys.pause = true;
        }
        break;
    default:
        break;
    }
}

void game_keys_read(game *g)
{
    SDL_Event event;
    while (SDL_PollEvent(&event)) {
        on_event(g, &event);
    }
}

static float axis_of(SDL_GameController *pad, SDL_GameControllerAxis axis)
{
    const float value = (float)SDL_GameControllerGetAxis(pad, axis) / 32767;
    return fabsf(value) < DEAD_ZONE ? 0 : value;
}

static float held(const Uint8 *state, SDL_Scancode key, SDL_Scancode other)
{
    return state[key] != 0 || state[other] != 0 ? 1.0F : 0.0F;
}

sim_input game_keys_input(game *g)
{
    game_keys *keys = &g->keys;
    sim_input input = {.start = keys->start, .pause = keys->pause, .leave = keys->leave};
    keys->start = keys->pause = keys->leave = false;
    if (g->headless) {
        return input;
    }
    const Uint8 *state = SDL_GetKeyboardState(NULL);
    input.x =
        held(state, SDL_SCANCODE_RIGHT, SDL_SCANCODE_D) - held(state, SDL_SCANCODE_LEFT, SDL_SCANCODE_A);
    input.y = held(state, SDL_SCANCODE_DOWN, SDL_SCANCODE_S) - held(state, SDL_SCANCODE_UP, SDL_SCANCODE_W);
    input.dash = state[SDL_SCANCODE_SPACE] != 0 || state[SDL_SCANCODE_LSHIFT] != 0;
    SDL_GameController *pad = keys->pad;
    if (pad != NULL) {
        const float x = axis_of(pad, SDL_CONTROLLER_AXIS_LEFTX);
        const float y = axis_of(pad, SDL_CONTROLLER_AXIS_LEFTY);
        input.x = x != 0 || y != 0 ? x : input.x;
        input.y = x != 0 || y != 0 ? y : input.y;
        input.dash = input.dash || SDL_GameControllerGetButton(pad, SDL_CONTROLLER_BUTTON_A) != 0 ||
                     SDL_GameControllerGetAxis(pad, SDL_CONTROLLER_AXIS_TRIGGERRIGHT) > 12000;
    }
    return input;
}
