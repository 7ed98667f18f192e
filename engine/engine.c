/* Puts the parts together and keeps a frame's order. */
#include <pxe/engine.h>

#include "gl_worker.h"
#include "profile.h"

#include <SDL.h>
#include <glad/gl.h>

#include <stdlib.h>

enum { FRAMES_KEPT = 65536, SLICES_KEPT = 262144 };

static void *get_proc_address(const char *name)
{
    return SDL_GL_GetProcAddress(name);
}

static bool create_cache(pxe_engine *engine, const pxe_engine_config *config, pxe_error *error)
{
    const pxc_config cache_config = {
        .limit_bytes = config->limit_bytes,
        .gl_get_proc_address = get_proc_address,
        .mailbox_bytes = SIZE_MAX, /* the loader bounds what is under way */
        .gl_worker = pxe_gl_worker_for_cache(engine->gl_worker),
        .pack = !config->own_textures,
        .on_work = pxe_profile_on_work,
        .on_work_user = engine->profile,
        .on_evict = pxe_profile_on_evict,
        .on_evict_user = engine->profile,
    };
    const pxc_status status = pxc_create(&cache_config, &engine->cache);
    return status == PXC_OK ? true : pxe_fail(error, "no texture cache: %s", pxc_status_text(status));
}

static bool create_images(pxe_engine *engine, const pxe_engine_config *config, pxe_error *error)
{
    GLint max_side_px = 0;
    pxe_window_gl(engine->window)->GetIntegerv(GL_MAX_TEXTURE_SIZE, &max_side_px);
    pxe_images_config images_config = {
        .cache = engine->cache,
        .profile = engine->profile,
        .record_path = config->record_path,
        .decode = config->decode,
        .workers = config->workers,
        .decoded_bytes = config->decoded_bytes,
        .reload_changed = config->reload_changed,
        .on_failed = config->on_failed,
        .on_failed_user = config->on_failed_user,
    };
    if (config->decode.limits.side_px == 0) {
        images_config.decode.limits.side_px = max_side_px;
    }
    return pxe_images_create(&images_config, &engine->images, error);
}

bool pxe_engine_create(const pxe_engine_config *config, pxe_engine **out, pxe_error *error)
{
    *out = NULL;
    pxe_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL) {
        return pxe_fail(error, "no memory for the engine");
    }
    if (!pxe_window_create(&config->window, &engine->window, error)) {
        goto fail;
    }
    engine->gl_worker = config->workers >= 0 ? pxe_gl_worker_create(engine->window) : NULL;
    const uint32_t frames = config->frames_kept != 0 ? config->frames_kept : FRAMES_KEPT;
    engine->profile =
        pxe_profile_create(pxe_window_gl(engine->window), frames, config->keep_slices ? SLICES_KEPT : 0);
    if (engine->profile == NULL) {
        pxe_fail(error, "no memory for the record of frames");
        goto fail;
    }
    if (!create_cache(engine, config, error) ||
        !pxe_sprites_create(pxe_window_gl(engine->window), &engine->sprites, error) ||
        !create_images(engine, config, error)) {
        goto fail;
    }
    *out = engine;
    return true;
fail:
    pxe_engine_destroy(engine, NULL);
    return false;
}

bool pxe_engine_destroy(pxe_engine *engine, pxe_error *error)
{
    if (engine == NULL) {
        return true;
    }
    const bool recorded = pxe_images_destroy(engine->images, error);
    pxe_sprites_destroy(engine->sprites);
    if (engine->cache != NULL) {
        pxc_destroy(engine->cache);
    }
    pxe_gl_worker_destroy(engine->gl_worker);
    pxe_profile_destroy(engine->profile);
    pxe_window_destroy(engine->window);
    free(engine);
    return recorded;
}

void pxe_frame_begin(pxe_engine *engine, uint32_t color)
{
    const GladGLContext *gl = pxe_window_gl(engine->window);
    pxe_profile_begin(engine->profile);
    pxe_images_update(engine->images);
    pxe_window_size_px(engine->window, &engine->width, &engine->height);
    gl->Viewport(0, 0, engine->width, engine->height);
    gl->Disable(GL_SCISSOR_TEST);
    gl->ClearColor((float)(color >> 24) / 255, (float)(color >> 16 & 255) / 255,
                   (float)(color >> 8 & 255) / 255, (float)(color & 255) / 255);
    gl->Clear(GL_COLOR_BUFFER_BIT);
    const pxe_camera camera = pxe_camera_screen(engine->width, engine->height);
    pxe_sprites_set_camera(engine->sprites, &camera);
    pxe_sprites_set_clip(engine->sprites, NULL);
    pxe_sprites_set_effect(engine->sprites, NULL);
}

void pxe_frame_end(pxe_engine *engine, void (*before_swap)(void *user), void *user)
{
    pxe_profile *profile = engine->profile;
    double start_ms = pxe_profile_now_ms(profile);
    pxe_sprites_flush(engine->sprites);
    pxe_profile_add(profile, PXE_SECTION_DRAW, start_ms);
    pxe_profile_peak(profile, pxc_used(engine->cache));

    start_ms = pxe_profile_now_ms(profile);
    pxc_frame_end(engine->cache);
    pxe_profile_add(profile, PXE_SECTION_EVICT, start_ms);
    pxe_profile_stop_gpu(profile);

    if (before_swap != NULL) {
        before_swap(user);
    }
    start_ms = pxe_profile_now_ms(profile);
    pxe_window_swap(engine->window);
    pxe_profile_add(profile, PXE_SECTION_SWAP, start_ms);

    pxc_stats stats;
    uint32_t draws = 0;
    uint32_t sprites = 0;
    pxc_get_stats(engine->cache, &stats);
    pxe_sprites_take_counts(engine->sprites, &draws, &sprites);
    pxe_profile_end(profile, &stats, draws, sprites);
}
