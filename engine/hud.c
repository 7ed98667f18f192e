/* The display's modes, and what a draw does: take the frames that are new, set the screen's camera, draw one of two
 * panels, and note what that itself took, so that it is not counted.
 *
 * Setting the camera flushes what the application has drawn, so the batch then holds the display's own sprites alone.
 * All memory is the display's and its font's, made by create; a glyph that is drawn for the first time is rasterised.
 */
#include "hud.h"

#include <stdlib.h>

bool pxe_hud_create(pxe_engine *engine, pxe_hud **out, pxe_error *error)
{
    *out = NULL;
    pxe_hud *hud = calloc(1, sizeof *hud);
    if (hud == NULL) {
        return pxe_fail(error, "no memory for the head-up display");
    }
    hud->engine = engine;
    if (!pxe_font_open(engine->cache, NULL, &hud->font, error)) {
        free(hud);
        return false;
    }
    *out = hud;
    return true;
}

void pxe_hud_destroy(pxe_hud *hud)
{
    if (hud != NULL) {
        pxe_font_close(hud->font);
        free(hud);
    }
}

/* What was counted before the display was off does not mix with what comes now: the last frames are taken anew. */
static void start(pxe_hud *hud)
{
    hud->window = (pxe_hud_window){0};
    hud->next_frame = 0;
}

void pxe_hud_set_mode(pxe_hud *hud, pxe_hud_mode mode)
{
    if (mode != hud->mode && (unsigned)mode < PXE_HUD_MODES) {
        hud->mode = mode;
        start(hud);
    }
}

pxe_hud_mode pxe_hud_mode_now(const pxe_hud *hud)
{
    return hud->mode;
}

void pxe_hud_next(pxe_hud *hud)
{
    pxe_hud_set_mode(hud, (pxe_hud_mode)((hud->mode + 1) % PXE_HUD_MODES));
}

static void draw_mode(pxe_hud *hud)
{
    pxe_sprites *sprites = hud->engine->sprites;
    const pxe_hud_pen pen = pxe_hud_pen_of(hud);
    const pxe_camera camera = pxe_camera_screen(hud->engine->width, hud->engine->height);
    pxe_sprites_set_camera(sprites, &camera);
    pxe_sprites_set_effect(sprites, NULL);
    if (hud->mode == PXE_HUD_FULL) {
        pxe_hud_draw_full(hud, &pen);
    } else {
        pxe_hud_draw_compact(hud, &pen);
    }
    pxe_sprites_set_clip(sprites, NULL);
}

/* What the profile does not know of the frame that is being drawn: without the display's own work it would be the
 * application's. */
static void note_own(pxe_hud *hud, const pxc_stats *before)
{
    const pxe_engine *engine = hud->engine;
    const pxe_frame *last = pxe_profile_last(engine->profile);
    const uint64_t frame = last != NULL ? last->frame + 1 : 0;
    const bool follows = last != NULL && pxe_hud_own_in(hud, last->frame).frame != 0;
    const uint64_t uses = pxe_curve_sum(pxe_profile_curve(engine->profile)).accesses;
    uint32_t draws = 0;
    uint32_t sprites = 0;
    pxc_stats after;
    pxe_sprites_waiting(engine->sprites, &draws, &sprites);
    pxc_get_stats(engine->cache, &after);
    hud->own[frame % PXE_HUD_HISTORY] = (pxe_hud_own){
        .frame = frame + 1,
        .uses = follows ? uses - hud->uses_before : 0,
        .hits = after.hits - before->hits,
        .misses = after.misses - before->misses,
        .draws = draws,
        .sprites = sprites,
    };
    hud->uses_before = uses;
}

void pxe_hud_draw(pxe_hud *hud)
{
    pxc_stats before;
    if (hud->mode == PXE_HUD_OFF) {
        return;
    }
    pxe_hud_take_frames(hud);
    pxc_get_stats(hud->engine->cache, &before);
    draw_mode(hud);
    note_own(hud, &before);
}
