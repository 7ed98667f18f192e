/* The head-up display: the profile's numbers over the picture, drawn with the engine's own sprites and text.
 *
 *     pxe_hud *hud = NULL;
 *     pxe_hud_create(engine, &hud, &error);
 *     pxe_hud_set_mode(hud, PXE_HUD_COMPACT);
 *     ...
 *         pxe_hud_next(hud);                  // when its key is pressed
 *     ...
 *         pxe_hud_draw(hud);                  // last in a frame, before pxe_frame_end
 *     ...
 *     pxe_hud_destroy(hud);                   // before the engine
 *
 * Compact: frame time, 1 % low, hit rate, bytes against the limit, the alarm if there is one. Full: graphs of frame
 * times with slow frames marked, of hit rate and of bytes, where the time went, the hit-rate curve with the limit and
 * the one that is recommended, the pictures that cost most, the last slow frame explained. Numbers are means over
 * half a second, so that they can be read; graphs move with every frame.
 *
 * A panel stands in the lower left corner, in screen units of the window; what a window has no room for is left out.
 * Its glyphs lie in the cache like any image, and count there; in what it shows of draw calls, sprites and hits, its
 * own are left out.
 *
 * Thread: the render thread.
 */
#ifndef PXE_HUD_H
#define PXE_HUD_H

#include <pxe/engine.h>

typedef struct pxe_hud pxe_hud;

typedef enum pxe_hud_mode { PXE_HUD_OFF, PXE_HUD_COMPACT, PXE_HUD_FULL, PXE_HUD_MODES } pxe_hud_mode;

/* Off at first. The font is one of the system's, or the built-in one; see pxe_font_open.
 * Result: false with *error if there is no memory. Owner: pxe_hud_destroy, before the engine's destroy. */
bool pxe_hud_create(pxe_engine *engine, pxe_hud **out, pxe_error *error);
void pxe_hud_destroy(pxe_hud *hud); /* NULL is fine */

void pxe_hud_set_mode(pxe_hud *hud, pxe_hud_mode mode); /* nothing for what is no mode */
pxe_hud_mode pxe_hud_mode_now(const pxe_hud *hud);
void pxe_hud_next(pxe_hud *hud); /* off, compact, full, off */

/* Draws over all that the frame has drawn; sets the screen's camera, and no clip rectangle and no effect. Nothing
 * while it is off. No allocation, but for glyphs that were never drawn. Cost: see tests/bench/bench_hud.c. */
void pxe_hud_draw(pxe_hud *hud);

#endif
