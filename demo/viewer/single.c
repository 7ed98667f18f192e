/* One picture, fitted to the window; the wheel zooms, dragging moves it. Until the picture in full size is ready, its
 * thumbnail stands in. */
#include "viewer.h"

#include <math.h>

#define ZOOM_LEAST 0.1F
#define ZOOM_MOST  64.0F

/* A picture that would take more than this part of the limit is loaded smaller: better seen than refused. */
#define LIMIT_PART 0.75

static int fit_below_limit(const viewer *v, int width, int height)
{
    const double cost_bytes = (double)pxc_texture_cost(PXC_RGBA8, width, height, true);
    const double most_bytes = LIMIT_PART * (double)pxc_limit(v->engine->cache);
    const int longer = width > height ? width : height;
    return cost_bytes > most_bytes ? (int)(longer * sqrt(most_bytes / cost_bytes)) : 0;
}

/* The picture in full size; none before the thumbnail has told how large it is, and none if that failed. */
static pxe_image full_image(viewer *v, size_t index)
{
    if (v->pictures[index].id == 0) {
        const pxe_image_info info = pxe_images_info(v->engine->images, v->thumbnails[index]);
        if (info.width > 0 && info.state != PXE_IMAGE_FAILED) {
            const pxe_image_options options = {.fit_px = fit_below_limit(v, info.width, info.height),
                                               .mipmaps = true};
            v->pictures[index] = pxe_images_open(v->engine->images, info.path, &options);
        }
    }
    return v->pictures[index];
}

void viewer_single_open(viewer *v, size_t index)
{
    v->single = (viewer_single){.open = true, .index = index, .camera = {.zoom = 1}};
    v->grid.selected = index;
    viewer_grid_show(v, index);
}

void viewer_single_step(viewer *v, int step)
{
    viewer_single_open(v, (v->single.index + v->count + (size_t)(ptrdiff_t)step) % v->count);
}

void viewer_single_zoom(viewer *v, double factor, float x, float y)
{
    pxe_camera *camera = &v->single.camera;
    const float wanted = fminf(fmaxf(camera->zoom * (float)factor, ZOOM_LEAST), ZOOM_MOST);
    pxe_camera_zoom_at(camera, wanted / camera->zoom, x, y);
}

void viewer_single_move(viewer *v, int dx, int dy)
{
    v->single.camera.x -= (float)dx / v->single.camera.zoom;
    v->single.camera.y -= (float)dy / v->single.camera.zoom;
}

/* With workers, the neighbours are loaded ahead: the next arrow key shows them at once. */
static void load_neighbours(viewer *v)
{
    const size_t neighbours[2] = {(v->single.index + 1) % v->count,
                                  (v->single.index + v->count - 1) % v->count};
    for (int i = 0; i < 2; ++i) {
        const pxe_image full = full_image(v, neighbours[i]);
        v->ahead[i < (int)v->count ? i : 0] = full.id != 0 ? full : v->thumbnails[neighbours[i]];
    }
    v->single.preloaded = pxe_images_prefetch(v->engine->images, v->ahead, v->count < 2 ? 1 : 2);
    v->grid.ahead_first = v->grid.ahead_end = 0; /* the grid's list is another */
}

/* Between -most and most; 0 if most is below 0. */
static float clamp(float value, float most)
{
    return most > 0 ? fminf(fmaxf(value, -most), most) : 0;
}

/* Draws the texture as a picture of that size with its middle at (0, 0). One that is larger than the window can be
 * moved to its edges, a smaller one stays in the middle. */
static void draw_fitted(viewer *v, pxe_sprite *sprite, float picture_width, float picture_height)
{
    pxe_camera *camera = &v->single.camera;
    /* A picture smaller than the window keeps its size, but an icon is enlarged by whole steps. */
    float scale = fminf(camera->width / picture_width, camera->height / picture_height);
    scale = scale > 1 ? fmaxf(floorf(fminf(scale / 2, 8)), 1) : scale;
    sprite->width = picture_width * scale;
    sprite->height = picture_height * scale;
    sprite->origin_x = sprite->width / 2;
    sprite->origin_y = sprite->height / 2;
    /* From twice its size on, the eye looks for the single pixels. */
    const float texel = sprite->width / (float)sprite->texture.width * camera->zoom;
    sprite->filter =
        texel >= 2 && sprite->texture.width == (int)picture_width ? PXE_FILTER_NEAREST : PXE_FILTER_LINEAR;
    camera->x = clamp(camera->x, sprite->origin_x - camera->width / (2 * camera->zoom));
    camera->y = clamp(camera->y, sprite->origin_y - camera->height / (2 * camera->zoom));
    pxe_sprites_set_camera(v->engine->sprites, camera);
    pxe_sprites_draw(v->engine->sprites, sprite);
}

void viewer_single_draw(viewer *v)
{
    pxe_images *images = v->engine->images;
    pxe_sprite sprite = {0};
    const pxe_image thumbnail = v->thumbnails[v->single.index];
    const pxe_image full = full_image(v, v->single.index);
    pxe_image_state state =
        full.id == 0 ? PXE_IMAGE_ABSENT : pxe_images_texture(images, full, &sprite.texture);
    if (state == PXE_IMAGE_READY && v->preload && !v->single.preloaded) {
        load_neighbours(v);
    } else if (state != PXE_IMAGE_READY) {
        v->incomplete = v->incomplete || pxe_image_loading(state);
        state = pxe_images_texture(images, thumbnail, &sprite.texture);
    }
    v->single.camera.width = (float)v->engine->width;
    v->single.camera.height = (float)v->engine->height;
    if (state == PXE_IMAGE_READY) {
        const pxe_image_info info = pxe_images_info(images, thumbnail);
        draw_fitted(v, &sprite, (float)info.width, (float)info.height);
    } else if (state == PXE_IMAGE_FAILED) {
        const float side = fminf(v->single.camera.width, v->single.camera.height) / 2;
        const pxe_rect place = {-side / 2, -side / 2, side, side};
        v->incomplete = false;
        pxe_sprites_set_camera(v->engine->sprites, &v->single.camera);
        viewer_draw_failed(v, &place);
    }
    const pxe_camera screen = pxe_camera_screen(v->engine->width, v->engine->height);
    pxe_sprites_set_camera(v->engine->sprites, &screen);
}
