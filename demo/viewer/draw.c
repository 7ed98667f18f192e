/* Small drawings that both views share. */
#include "viewer.h"

#define COLOR_FAILED_CELL 0x3A1F23FFU
#define COLOR_FAILED_MARK 0xC8505AFFU
#define COLOR_METER_BACK  0x00000080U
#define COLOR_METER       0x3FB8A6FFU
#define COLOR_METER_EVICT 0xF0A030FFU

void viewer_draw_failed(viewer *v, const pxe_rect *place)
{
    const float arm = place->width * 0.4F;
    const float thickness = place->width * 0.05F;
    pxe_fill_rect(v->engine->sprites, place, COLOR_FAILED_CELL);
    for (int i = 0; i < 2; ++i) {
        const pxe_sprite bar = {
            .texture = pxe_sprites_white(v->engine->sprites),
            .x = place->x + place->width / 2,
            .y = place->y + place->height / 2,
            .width = arm,
            .height = thickness,
            .origin_x = arm / 2,
            .origin_y = thickness / 2,
            .rotation = i == 0 ? 0.785398F : -0.785398F, /* 45 degrees */
            .tint = COLOR_FAILED_MARK,
        };
        pxe_sprites_draw(v->engine->sprites, &bar);
    }
}

void viewer_draw_meter(viewer *v)
{
    pxc_stats stats;
    if (pxc_get_stats(v->engine->cache, &stats) != PXC_OK || stats.limit_bytes == 0) {
        return;
    }
    const pxe_frame *last = pxe_profile_last(v->engine->profile);
    const float thickness = 3 * v->ratio;
    const float width = (float)v->engine->width;
    const float full = (float)((double)stats.used_bytes / (double)stats.limit_bytes);
    pxe_rect bar = {0, (float)v->engine->height - thickness, width, thickness};
    pxe_fill_rect(v->engine->sprites, &bar, COLOR_METER_BACK);
    bar.width = width * (full < 1 ? full : 1);
    pxe_fill_rect(v->engine->sprites, &bar,
                  last != NULL && last->evictions != 0 ? COLOR_METER_EVICT : COLOR_METER);
}
