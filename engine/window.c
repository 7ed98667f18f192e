/* Window and GL context by SDL. Headless means SDL's offscreen driver, or a hidden window where that is missing. */
#include <pxe/window.h>

#include <SDL.h>
#include <glad/gl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pxe_window {
    SDL_Window *window;
    SDL_GLContext context;
    GladGLContext gl;
    char renderer[256];
    bool video, headless;
};

/* ISO C has no cast from an object pointer to a function pointer; POSIX promises that the bytes are the same. */
static GLADapiproc load_function(const char *name)
{
    void *address = SDL_GL_GetProcAddress(name);
    GLADapiproc function = NULL;
    memcpy(&function, &address, sizeof function);
    return function;
}

// NOLINTNEXTLINE(readability-function-size): OpenGL's signature
static void GLAD_API_PTR log_message(GLenum source, GLenum type, GLuint id, GLenum severity, GLsizei length,
                                     const GLchar *message, const void *user)
{
    (void)source;
    (void)id;
    (void)length;
    (void)user;
    if (severity != GL_DEBUG_SEVERITY_NOTIFICATION) {
        SDL_LogPriority priority =
            type == GL_DEBUG_TYPE_ERROR ? SDL_LOG_PRIORITY_ERROR : SDL_LOG_PRIORITY_WARN;
        SDL_LogMessage(SDL_LOG_CATEGORY_RENDER, priority, "GL: %s", message);
    }
}

/* SDL's own choice of driver falls back to "offscreen" silently where there is no display: an invisible program. */
static bool start_video(pxe_window *window, bool headless, pxe_error *error)
{
    const bool chosen = SDL_getenv("SDL_VIDEODRIVER") != NULL;
    if (headless && !chosen) {
        SDL_SetHint(SDL_HINT_VIDEODRIVER, "offscreen");
    }
    int result = SDL_InitSubSystem(SDL_INIT_VIDEO);
    if (result != 0 && headless && !chosen) {
        SDL_SetHint(SDL_HINT_VIDEODRIVER, "");
        result = SDL_InitSubSystem(SDL_INIT_VIDEO);
    }
    SDL_SetHint(SDL_HINT_VIDEODRIVER, ""); /* a later window makes its own choice */
    if (result != 0) {
        return pxe_fail(error, "no video: %s", SDL_GetError());
    }
    window->video = true;
    const char *driver = SDL_GetCurrentVideoDriver();
    if (!headless && !chosen && driver != NULL &&
        (strcmp(driver, "offscreen") == 0 || strcmp(driver, "dummy") == 0)) {
        return pxe_fail(error,
                        "there is no display to open a window on; headless runs need none (--headless)");
    }
    return true;
}

static void set_attributes(const pxe_window_config *config)
{
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 3);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_CORE);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_FLAGS, config->debug ? SDL_GL_CONTEXT_DEBUG_FLAG : 0);
    SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
    SDL_GL_SetAttribute(SDL_GL_ALPHA_SIZE, 0);
    SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
    SDL_GL_SetAttribute(SDL_GL_STENCIL_SIZE, 0);
}

static bool start_gl(pxe_window *window, const pxe_window_config *config, pxe_error *error)
{
    window->context = SDL_GL_CreateContext(window->window);
    if (window->context == NULL) {
        return pxe_fail(error, "no OpenGL 3.3 core context: %s", SDL_GetError());
    }
    if (gladLoadGLContext(&window->gl, load_function) == 0 || !window->gl.VERSION_3_3) {
        return pxe_fail(error, "OpenGL 3.3 is needed and was not found");
    }
    SDL_GL_SetSwapInterval(config->vsync && !config->headless ? 1 : 0);
    if (config->debug && window->gl.KHR_debug) {
        window->gl.Enable(GL_DEBUG_OUTPUT);
        window->gl.Enable(GL_DEBUG_OUTPUT_SYNCHRONOUS);
        window->gl.DebugMessageCallback(log_message, NULL);
    }
    snprintf(window->renderer, sizeof window->renderer, "%s, OpenGL %s",
             (const char *)window->gl.GetString(GL_RENDERER), (const char *)window->gl.GetString(GL_VERSION));
    return true;
}

bool pxe_window_create(const pxe_window_config *config, pxe_window **out, pxe_error *error)
{
    *out = NULL;
    pxe_window *window = calloc(1, sizeof *window);
    if (window == NULL) {
        return pxe_fail(error, "no memory for a window");
    }
    if (!start_video(window, config->headless, error)) {
        goto fail;
    }
    window->headless = config->headless;
    set_attributes(config);
    Uint32 flags = SDL_WINDOW_OPENGL;
    flags |= config->headless ? SDL_WINDOW_HIDDEN : SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI;
    window->window = SDL_CreateWindow(config->title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
                                      config->width, config->height, flags);
    if (window->window == NULL) {
        pxe_fail(error, "no window: %s", SDL_GetError());
        goto fail;
    }
    if (config->min_width > 0 && config->min_height > 0) {
        SDL_SetWindowMinimumSize(window->window, config->min_width, config->min_height);
    }
    if (!start_gl(window, config, error)) {
        goto fail;
    }
    *out = window;
    return true;
fail:
    pxe_window_destroy(window);
    return false;
}

void pxe_window_destroy(pxe_window *window)
{
    if (window == NULL) {
        return;
    }
    if (window->context != NULL) {
        SDL_GL_DeleteContext(window->context);
    }
    if (window->window != NULL) {
        SDL_DestroyWindow(window->window);
    }
    if (window->video) {
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
    }
    free(window);
}

void pxe_window_swap(pxe_window *window)
{
    SDL_GL_SwapWindow(window->window);
    if (window->headless) {
        /* Without a display nothing asks for the picture, and a driver that defers its work until someone does
         * (llvmpipe throws it away at the next clear) would make every frame look free. */
        window->gl.Finish();
    }
}

void pxe_window_set_title(pxe_window *window, const char *title)
{
    SDL_SetWindowTitle(window->window, title);
}

bool pxe_window_is_fullscreen(const pxe_window *window)
{
    return (SDL_GetWindowFlags(window->window) & SDL_WINDOW_FULLSCREEN_DESKTOP) != 0;
}

void pxe_window_toggle_fullscreen(pxe_window *window)
{
    SDL_SetWindowFullscreen(window->window,
                            pxe_window_is_fullscreen(window) ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
}

void pxe_window_size_px(const pxe_window *window, int *width, int *height)
{
    SDL_GL_GetDrawableSize(window->window, width, height);
}

float pxe_window_pixel_ratio(const pxe_window *window)
{
    int width_px = 0;
    int width = 0;
    SDL_GL_GetDrawableSize(window->window, &width_px, NULL);
    SDL_GetWindowSize(window->window, &width, NULL);
    return width > 0 && width_px > 0 ? (float)width_px / (float)width : 1.0F;
}

const GladGLContext *pxe_window_gl(const pxe_window *window)
{
    return &window->gl;
}

SDL_Window *pxe_window_sdl(pxe_window *window)
{
    return window->window;
}

const char *pxe_window_renderer(const pxe_window *window)
{
    return window->renderer;
}
