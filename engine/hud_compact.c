/* The compact mode: three lines and a bar in the lower left corner, and a fourth line while there is an alarm. */
#include "hud.h"

#include <math.h>

enum { WIDTH_UNITS = 272, MARGIN_UNITS = 8, BAR_UNITS = 3 };

typedef struct cells {
    pxe_rect left, right; /* of a row */
} cells;

static cells cells_of(const pxe_hud_pen *pen, pxe_rect inside, int row)
{
    const float gap = pxe_hud_px(pen, 16);
    const float half = floorf((inside.width - gap) / 2);
    const float y = inside.y + (float)row * pen->line_px;
    return (cells){{inside.x, y, half, pen->line_px}, {inside.x + half + gap, y, half, pen->line_px}};
}

static void draw_bar(const pxe_hud_pen *pen, pxe_rect bar, double share, bool is_evicting)
{
    pxe_hud_fill(pen, bar, PXE_HUD_FAINT);
    bar.width = floorf(bar.width * (float)fmin(fmax(share, 0), 1));
    pxe_hud_fill(pen, bar, is_evicting ? PXE_HUD_AMBER : PXE_HUD_BYTES);
}

static void draw_alarm(const pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect row)
{
    const float inset = pxe_hud_px(pen, 8);
    pxe_hud_fill(pen, row, 0xFF615238U);
    pxe_hud_fill(pen, (pxe_rect){row.x, row.y, pxe_hud_px(pen, 3), row.height}, PXE_HUD_RED);
    pxe_hud_say(pen, (pxe_hud_place){row.x + inset, row.y, PXE_ALIGN_LEFT, PXE_HUD_RED},
                "limit too small: %llu MiB would help",
                (unsigned long long)pxe_hud_mib_up(hud->facts.alarm.needed_bytes));
}

void pxe_hud_draw_compact(pxe_hud *hud, const pxe_hud_pen *pen)
{
    const pxe_hud_means *means = &hud->window.means;
    const pxe_frame *last = pxe_profile_last(hud->engine->profile);
    const uint64_t limit_bytes = pxc_limit(hud->engine->cache);
    const uint64_t used_bytes = last != NULL ? last->used_bytes : 0;
    const bool is_alarmed = hud->facts.alarm.kind != PXE_ALARM_NONE;
    const float margin = pxe_hud_px(pen, MARGIN_UNITS);
    const float bar_px = pxe_hud_px(pen, BAR_UNITS);
    const float pad = pxe_hud_px(pen, 6);
    const float height = (is_alarmed ? 4.0F : 3.0F) * pen->line_px + bar_px + pad + (is_alarmed ? pad : 0);
    const float width = fminf(pxe_hud_px(pen, WIDTH_UNITS), (float)hud->engine->width - 2 * margin);
    const pxe_rect panel = {margin, (float)hud->engine->height - margin - height - pad, width, height + pad};
    if (width <= 2 * pad || panel.y < 0) {
        return;
    }
    pxe_rect inside = {panel.x + pad, panel.y + pad, width - 2 * pad, pen->line_px};
    pxe_hud_panel(pen, panel, 0x0B0F14D4U);
    if (is_alarmed) {
        draw_alarm(hud, pen, inside);
        inside.y += pen->line_px + pad;
    }
    const cells first = cells_of(pen, inside, 0);
    const cells second = cells_of(pen, inside, 1);
    const cells third = cells_of(pen, inside, 2);
    pxe_hud_pair(pen, first.left, "frame", "%.1f ms", means->frame_ms);
    pxe_hud_pair(pen, first.right, "rate", "%.0f fps", means->fps);
    pxe_hud_pair(pen, second.left, "1 % low", "%.1f ms", hud->facts.low_ms);
    pxe_hud_pair(pen, second.right, "evicted", "%.1f /s", means->evictions_s);
    pxe_hud_pair(pen, third.left, "hits", "%s", pxe_hud_percent(means->hit_rate).text);
    pxe_hud_pair(pen, third.right, "", "%s of %s", pxe_hud_bytes(used_bytes).text,
                 pxe_hud_bytes(limit_bytes).text);
    draw_bar(pen, (pxe_rect){inside.x, inside.y + 3 * pen->line_px, inside.width, bar_px},
             limit_bytes == 0 ? 0 : (double)used_bytes / (double)limit_bytes, means->evictions_s > 0);
}
