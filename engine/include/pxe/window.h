/* A window with an OpenGL 3.3 core context, or the context alone. Thread: all functions on the main thread. */
#ifndef PXE_WINDOW_H
#define PXE_WINDOW_H

#include <pxe/error.h>

struct GladGLContext;
struct SDL_Window;

typedef struct pxe_window pxe_window;

typedef struct pxe_window_config {
    const char *title;
    int width, height;         /* screen units */
    int min_width, min_height; /* that the user may make it; 0 = any */
    bool headless; /* no window is shown and no display is needed; frames are as many pixels as asked for */
    bool vsync;    /* wait for the display at swap; never when headless */
    bool debug;    /* a debug context, whose messages go to SDL_Log */
} pxe_window_config;

/* Result: false with *error saying why. Without a display and not headless it fails. Owner: pxe_window_destroy. */
bool pxe_window_create(const pxe_window_config *config, pxe_window **out, pxe_error *error);
void pxe_window_destroy(pxe_window *window); /* NULL is fine */

void pxe_window_swap(pxe_window *window);
void pxe_window_set_title(pxe_window *window, const char *title);
void pxe_window_toggle_fullscreen(pxe_window *window);
bool pxe_window_is_fullscreen(const pxe_window *window);

/* Size of the framebuffer in pixels, and how many of them a screen unit (of mouse events) has. */
void pxe_window_size_px(const pxe_window *window, int *width, int *height);
float pxe_window_pixel_ratio(const pxe_window *window);

const struct GladGLContext *pxe_window_gl(const pxe_window *window);
struct SDL_Window *pxe_window_sdl(pxe_window *window);
const char *pxe_window_renderer(const pxe_window *window); /* GL_RENDERER and GL_VERSION, one line */

#endif
