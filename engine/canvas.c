/* A canvas: a framebuffer object with one texture. While it is drawn to, the engine's width, height and
 * camera are its own; what was bound before is bound again after it, so that it does not matter where
 * frames go.
 */
#include <pxe/canvas.h>

#include <glad/gl.h>

#include <math.h>
#include <stdlib.h>

struct pxe_canvas {
    const GladGLContext *gl;
    GLuint framebuffer, texture;
    int width, height;
    pxe_rect place; /* on the screen, by the last pxe_canvas_end */

    /* Between begin and end: what to return to. */
    bool active;
    GLint framebuffer_before;
    int width_before, height_before;
};

/* The errors of others are not ours. */
static void forget_errors(const GladGLContext *gl)
{
    for (int i = 0; i < 16 && gl->GetError() != GL_NO_ERROR; ++i) {
    }
}

static bool create_texture(pxe_canvas *canvas)
{
    const GladGLContext *gl = canvas->gl;
    GLint bound = 0;
    gl->GetIntegerv(GL_TEXTURE_BINDING_2D, &bound);
    gl->GenTextures(1, &canvas->texture);
    gl->BindTexture(GL_TEXTURE_2D, canvas->texture);
    gl->TexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, canvas->width, canvas->height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
                   NULL);
    gl->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
    gl->BindTexture(GL_TEXTURE_2D, (GLuint)bound);
    return gl->GetError() == GL_NO_ERROR;
}

static bool create_framebuffer(pxe_canvas *canvas)
{
    const GladGLContext *gl = canvas->gl;
    GLint bound = 0;
    gl->GetIntegerv(GL_DRAW_FRAMEBUFFER_BINDING, &bound);
    gl->GenFramebuffers(1, &canvas->framebuffer);
    gl->BindFramebuffer(GL_DRAW_FRAMEBUFFER, canvas->framebuffer);
    gl->FramebufferTexture2D(GL_DRAW_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, canvas->texture, 0);
    const bool complete = gl->CheckFramebufferStatus(GL_DRAW_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
    gl->BindFramebuffer(GL_DRAW_FRAMEBUFFER, (GLuint)bound);
    return complete && gl->GetError() == GL_NO_ERROR;
}

bool pxe_canvas_create(pxe_engine *engine, int width, int height, pxe_canvas **out, pxe_error *error)
{
    const GladGLContext *gl = pxe_window_gl(engine->window);
    GLint largest = 0;
    GLint viewport[2] = {0};
    *out = NULL;
    gl->GetIntegerv(GL_MAX_TEXTURE_SIZE, &largest);
    gl->GetIntegerv(GL_MAX_VIEWPORT_DIMS, viewport);
    if (width <= 0 || height <= 0) {
        return pxe_fail(error, "a canvas of %d x %d px has no pixel", width, height);
    }
    if (width > largest || height > largest || width > viewport[0] || height > viewport[1]) {
        return pxe_fail(error, "a canvas of %d x %d px is too large for the GPU, which takes %d", width,
                        height, largest);
    }
    pxe_canvas *canvas = malloc(sizeof *canvas);
    if (canvas == NULL) {
        return pxe_fail(error, "no memory for a canvas");
    }
    *canvas = (pxe_canvas){
        .gl = gl, .width = width, .height = height, .place = {0, 0, (float)width, (float)height}};
    forget_errors(gl);
    if (!create_texture(canvas) || !create_framebuffer(canvas)) {
        pxe_canvas_destroy(canvas);
        return pxe_fail(error, "the GPU has no room for a canvas of %d x %d px", width, height);
    }
    *out = canvas;
    return true;
}

void pxe_canvas_destroy(pxe_canvas *canvas)
{
    if (canvas == NULL) {
        return;
    }
    if (canvas->active) {
        canvas->gl->BindFramebuffer(GL_DRAW_FRAMEBUFFER, (GLuint)canvas->framebuffer_before);
    }
    canvas->gl->DeleteFramebuffers(1, &canvas->framebuffer);
    canvas->gl->DeleteTextures(1, &canvas->texture);
    free(canvas);
}

/* What follows is drawn to all of a framebuffer of this size. */
static void set_screen(pxe_engine *engine, int width, int height)
{
    const GladGLContext *gl = pxe_window_gl(engine->window);
    const pxe_camera camera = pxe_camera_screen(width, height);
    engine->width = width;
    engine->height = height;
    gl->Viewport(0, 0, width, height);
    pxe_sprites_set_camera(engine->sprites, &camera);
    pxe_sprites_set_clip(engine->sprites, NULL);
    pxe_sprites_set_effect(engine->sprites, NULL);
}

void pxe_canvas_begin(pxe_canvas *canvas, pxe_engine *engine, uint32_t color)
{
    const GladGLContext *gl = canvas->gl;
    if (canvas->active) {
        return;
    }
    canvas->active = true;
    canvas->width_before = engine->width;
    canvas->height_before = engine->height;
    pxe_sprites_flush(engine->sprites);
    gl->GetIntegerv(GL_DRAW_FRAMEBUFFER_BINDING, &canvas->framebuffer_before);
    gl->BindFramebuffer(GL_DRAW_FRAMEBUFFER, canvas->framebuffer);
    set_screen(engine, canvas->width, canvas->height);
    const float alpha = (float)(color & 255) / 255; /* the canvas is drawn as a sprite: premultiplied */
    gl->Disable(GL_SCISSOR_TEST);
    gl->ClearColor((float)(color >> 24) / 255 * alpha, (float)(color >> 16 & 255) / 255 * alpha,
                   (float)(color >> 8 & 255) / 255 * alpha, alpha);
    gl->Clear(GL_COLOR_BUFFER_BIT);
}

void pxe_canvas_end(pxe_canvas *canvas, pxe_engine *engine, pxe_fit fit)
{
    if (!canvas->active) {
        return;
    }
    canvas->active = false;
    pxe_sprites_flush(engine->sprites);
    canvas->gl->BindFramebuffer(GL_DRAW_FRAMEBUFFER, (GLuint)canvas->framebuffer_before);
    set_screen(engine, canvas->width_before, canvas->height_before);
    const pxe_rect place =
        pxe_canvas_place(canvas->width, canvas->height, engine->width, engine->height, fit);
    canvas->place = place;
    const bool is_smooth =
        fit == PXE_FIT_SMOOTH || (fit == PXE_FIT_WHOLE && place.width < (float)canvas->width);
    const pxe_sprite picture = {
        .texture =
            {.name = canvas->texture, .width = canvas->width, .height = canvas->height, .u1 = 1, .v1 = 1},
        .x = place.x,
        .y = place.y,
        .width = place.width,
        .height = place.height,
        .flip_y = true, /* OpenGL draws textures bottom row first */
        .filter = is_smooth ? PXE_FILTER_LINEAR : PXE_FILTER_NEAREST,
    };
    if (place.width > 0 && place.height > 0) {
        pxe_sprites_draw(engine->sprites, &picture);
        pxe_sprites_flush(engine->sprites); /* before the canvas may change again */
    }
}

pxe_rect pxe_canvas_place(int width, int height, int screen_width, int screen_height, pxe_fit fit)
{
    if (width <= 0 || height <= 0 || screen_width <= 0 || screen_height <= 0) {
        return (pxe_rect){0};
    }
    double scale = fmin((double)screen_width / width, (double)screen_height / height);
    if (fit == PXE_FIT_WHOLE && scale >= 1) {
        scale = floor(scale);
    }
    /* Whole pixels, so that the bars have sharp edges. */
    const double shown_width = fmax(1, round(width * scale));
    const double shown_height = fmax(1, round(height * scale));
    return (pxe_rect){(float)floor((screen_width - shown_width) / 2),
                      (float)floor((screen_height - shown_height) / 2), (float)shown_width,
                      (float)shown_height};
}

void pxe_canvas_from_screen(const pxe_canvas *canvas, float screen_x, float screen_y, float *x, float *y)
{
    const pxe_rect *place = &canvas->place;
    *x = place->width > 0 ? (screen_x - place->x) * (float)canvas->width / place->width : 0;
    *y = place->height > 0 ? (screen_y - place->y) * (float)canvas->height / place->height : 0;
}
