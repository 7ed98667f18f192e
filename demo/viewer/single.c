/* One picture, fitted to the window; the wheel zooms, dragging moves it. Until the picture in full size is ready, its
 * thumbnail stands in. */
#include "viewer.h"

#include <math.h>

static pxe_image full_image(viewer *v, size_t index)
{
    if (v->pictures[index].id == 0) {
        const pxe_image_info info = pxe_images_info(v->engine->images, v->thumbnails[index]);
        v->pictures[index] =
            pxe_images_open(v->engine->images, info.path, &(pxe_image_options){.mipmaps = true});
    }
    return v->pictures[index];
}

void viewer_single_open(viewer *v, size_t index)
{
    v->single = (viewer_single){.open = true, .index = index, .camera = {.zoom = 1}};
}

void viewer_single_step(viewer *v, int step)
{
    const size_t index = v->single.index + v->count + (size_t)(ptrdiff_t)step;
    viewer_single_open(v, index % v->count);
    viewer_grid_show(v, v->single.index);
}

/* With workers, the neighbours are loaded ahead: the next arrow key shows them at once. They are asked for once, so
 * that under a small limit they do not come back in every frame to push out the picture that is looked at. */
static void load_neighbours(viewer *v)
{
    pxc_texture texture;
    pxe_images_texture(v->engine->images, full_image(v, (v->single.index + 1) % v->count), &texture);
    pxe_images_texture(v->engine->images, full_image(v, (v->single.index + v->count - 1) % v->count),
                       &texture);
    v->single.preloaded = true;
}

void viewer_single_draw(viewer *v)
{
    const float width = (float)v->engine->width;
    const float height = (float)v->engine->height;
    pxe_sprite sprite = {0};
    const pxe_image full = full_image(v, v->single.index);
    pxe_image_state state = pxe_images_texture(v->engine->images, full, &sprite.texture);
    if (state == PXE_IMAGE_READY && v->preload && !v->single.preloaded) {
        load_neighbours(v);
    } else if (state != PXE_IMAGE_READY) {
        state = pxe_images_texture(v->engine->images, v->thumbnails[v->single.index], &sprite.texture);
    }
    v->single.camera.width = width;
    v->single.camera.height = height;
    pxe_sprites_set_camera(v->engine->sprites, &v->single.camera);
    if (state == PXE_IMAGE_READY) {
        const pxe_image_info info = pxe_images_info(v->engine->images, full);
        const float full_width = (float)(info.width > 0 ? info.width : sprite.texture.width);
        const float full_height = (float)(info.height > 0 ? info.height : sprite.texture.height);
        /* A picture smaller than the window keeps its size, but an icon is enlarged by whole steps. */
        float scale = fminf(width / full_width, height / full_height);
        if (scale > 1) {
            scale = fmaxf(floorf(fminf(scale / 2, 8)), 1);
            sprite.filter = PXE_FILTER_NEAREST;
        }
        sprite.width = full_width * scale;
        sprite.height = full_height * scale;
        sprite.origin_x = sprite.width / 2;
        sprite.origin_y = sprite.height / 2;
        pxe_sprites_draw(v->engine->sprites, &sprite);
    } else if (state == PXE_IMAGE_FAILED) {
        const float side = fminf(width, height) / 2;
        const pxe_rect place = {-side / 2, -side / 2, side, side};
        viewer_draw_failed(v, &place);
    }
    const pxe_camera screen = pxe_camera_screen(v->engine->width, v->engine->height);
    pxe_sprites_set_camera(v->engine->sprites, &screen);
}
