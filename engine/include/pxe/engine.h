/* The whole engine in one place: window, cache, sprites, images, profile, and a frame's fixed order.
 *
 *     pxe_engine *engine = NULL;
 *     pxe_error error;
 *     if (!pxe_engine_create(&config, &engine, &error)) { ... error.text ... }
 *     const pxe_image hero = pxe_images_open(engine->images, "hero.png", NULL);
 *     while (running) {
 *         pxe_frame_begin(engine, 0x101418FF);
 *         pxe_sprite sprite = {.x = 100, .y = 80};
 *         if (pxe_images_texture(engine->images, hero, &sprite.texture) == PXE_IMAGE_READY) {
 *             pxe_sprites_draw(engine->sprites, &sprite);
 *         }
 *         pxe_frame_end(engine, NULL, NULL);
 *     }
 *     pxe_engine_destroy(engine, &error);
 *
 * Thread: the main thread.
 */
#ifndef PXE_ENGINE_H
#define PXE_ENGINE_H

#include <pxe/camera.h>
#include <pxe/images.h>
#include <pxe/profile.h>
#include <pxe/shapes.h>
#include <pxe/sprites.h>
#include <pxe/window.h>

typedef struct pxe_engine_config {
    pxe_window_config window;
    size_t limit_bytes; /* the cache's; 0 = 64 MiB */
    bool
        own_textures; /* small images do not share pages (pxc_config.pack): for renderers that repeat textures */
    int workers;      /* as in pxe_images_config, like the next three */
    size_t decoded_bytes;
    bool reload_changed;
    pxe_decode_options decode; /* limits.side_px: 0 = the GPU's largest texture */
    uint32_t frames_kept;      /* by the profile; 0 = 65,536, eighteen minutes at 60 frames a second, 14 MB */
    bool keep_slices;          /* for pxe_profile_write_trace */
    const char *record_path;   /* the trace of accesses goes there; NULL = nowhere */
    pxe_image_failed_fn on_failed;
    void *on_failed_user;
} pxe_engine_config;

/* Read the members, do not change them. */
typedef struct pxe_engine {
    pxe_window *window;
    pxc_cache *cache;
    pxe_profile *profile;
    pxe_sprites *sprites;
    pxe_images *images;
    struct pxe_gl_worker *gl_worker; /* NULL = none */
    int width, height;               /* of the framebuffer in this frame, pixels */
} pxe_engine;

/* Owner: pxe_engine_destroy. */
bool pxe_engine_create(const pxe_engine_config *config, pxe_engine **out, pxe_error *error);

/* False if the recording could not be written whole; all is freed all the same. NULL is fine. */
bool pxe_engine_destroy(pxe_engine *engine, pxe_error *error);

/* Clears the screen to 0xRRGGBBAA, uploads what the workers have finished, sets a camera that equals the screen. */
void pxe_frame_begin(pxe_engine *engine, uint32_t color);

/* Ends the frame in this order: the batch is flushed, the cache's frame ends, before_swap (NULL = none) may read the
 * framebuffer, the buffers are swapped, the frame is recorded. */
void pxe_frame_end(pxe_engine *engine, void (*before_swap)(void *user), void *user);

#endif
