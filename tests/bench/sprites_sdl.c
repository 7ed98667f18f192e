/* SDL's renderer in the benchmark of sprites: SDL_RenderCopyF for each sprite, batched, by its OpenGL driver,
 * in a window of its driver "offscreen". */
#include "sprites_scene.h"

#include "bench.h"

#include <SDL.h>
#include <SDL_opengl.h>

#include <string.h>

typedef struct sdl_state {
    SDL_Window *window;
    SDL_Renderer *renderer;
    SDL_Texture *textures[SPRITES_MAX_TEXTURES];
    void(APIENTRY *finish)(void);
} sdl_state;

static void check(bool is_good)
{
    if (!is_good) {
        sprites_fail("SDL", SDL_GetError());
    }
}

/* ISO C has no cast from an object pointer to a function pointer; POSIX promises that the bytes are the same.
 * function points to a pointer to a function. */
static void load_function(const char *name, void *function)
{
    void *address = SDL_GL_GetProcAddress(name);
    check(address != NULL);
    memcpy(function, &address, sizeof address);
}

static const char *renderer_name(void)
{
    const GLubyte *(APIENTRY * get_string)(GLenum) = NULL;
    load_function("glGetString", &get_string);
    return (const char *)get_string(GL_RENDERER);
}

static void open_window(sdl_state *it)
{
    SDL_SetHint(SDL_HINT_RENDER_DRIVER, "opengl");
    SDL_SetHint(SDL_HINT_RENDER_BATCHING, "1");
    SDL_SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "linear");
    SDL_SetHint(SDL_HINT_RENDER_VSYNC, "0");
    check(SDL_Init(SDL_INIT_VIDEO) == 0);
    it->window = SDL_CreateWindow("sprites", 0, 0, SPRITES_WIDTH, SPRITES_HEIGHT, SDL_WINDOW_OPENGL);
    check(it->window != NULL);
    it->renderer = SDL_CreateRenderer(it->window, -1, SDL_RENDERER_ACCELERATED);
    check(it->renderer != NULL);
    load_function("glFinish", &it->finish);
    SDL_SetRenderDrawColor(it->renderer, SPRITES_RED, SPRITES_GREEN, SPRITES_BLUE, 255);
}

static void create_textures(sdl_state *it, int count)
{
    for (int i = 0; i < count; ++i) {
        unsigned char pixels[SPRITES_TEXTURE_BYTES];
        sprites_paint(pixels, i, false);
        it->textures[i] = SDL_CreateTexture(it->renderer, SDL_PIXELFORMAT_RGBA32, SDL_TEXTUREACCESS_STATIC,
                                            SPRITES_SIDE, SPRITES_SIDE);
        check(it->textures[i] != NULL);
        check(SDL_UpdateTexture(it->textures[i], NULL, pixels, SPRITES_SIDE * 4) == 0);
        check(SDL_SetTextureBlendMode(it->textures[i], SDL_BLENDMODE_BLEND) == 0);
    }
}

static void draw(void *user, const sprites_scene *scene)
{
    const sdl_state *it = user;
    SDL_RenderClear(it->renderer);
    for (int i = 0; i < scene->count; ++i) {
        const SDL_FRect place = {scene->x[i], scene->y[i], SPRITES_SIDE, SPRITES_SIDE};
        SDL_RenderCopyF(it->renderer, it->textures[scene->texture[i]], NULL, &place);
    }
    SDL_RenderFlush(it->renderer);
    it->finish();
}

static void show(void *user, const sprites_scene *scene)
{
    const sdl_state *it = user;
    if (sprites_is_picture(scene)) {
        unsigned char *pixels = bench_memory((size_t)SPRITES_WIDTH * SPRITES_HEIGHT * 4);
        check(SDL_RenderReadPixels(it->renderer, NULL, SDL_PIXELFORMAT_RGBA32, pixels, SPRITES_WIDTH * 4) ==
              0);
        sprites_write(scene, pixels, false);
        free(pixels);
    }
    SDL_RenderPresent(it->renderer);
}

int main(int argc, char **argv)
{
    sprites_scene scene;
    sdl_state it = {0};
    sprites_open(&scene, argc, argv);
    open_window(&it);
    create_textures(&it, scene.textures);
    sprites_measure(&scene, &(sprites_contestant){&it, renderer_name(), draw, show});
    SDL_DestroyRenderer(it.renderer); /* and its textures */
    SDL_DestroyWindow(it.window);
    SDL_Quit();
    sprites_close(&scene);
    return 0;
}
