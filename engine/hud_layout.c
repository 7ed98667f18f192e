/* Which parts are shown, and where: parts go into the window by importance, as long as all that were chosen can be
 * stacked in their own order, column by column. What does not fit is left out; nothing is squeezed, nothing
 * overflows. Pure. */
#include "hud.h"

static const pxe_hud_part by_importance[PXE_HUD_PARTS] = {PXE_HUD_FRAMES, PXE_HUD_ALARM, PXE_HUD_MEMORY,
                                                          PXE_HUD_HITS,   PXE_HUD_CURVE, PXE_HUD_SPLIT,
                                                          PXE_HUD_SLOW,   PXE_HUD_COSTS, PXE_HUD_COUNTS};

/* The chosen parts, one below the other; a part that does not fit begins the next column. False if there are too few
 * columns. */
static bool stack(const pxe_hud_needs *needs, unsigned chosen, float height, int columns, pxe_hud_plan *out)
{
    int column = 0;
    float y = 0;
    *out = (pxe_hud_plan){0};
    for (int i = 0; i < PXE_HUD_PARTS; ++i) {
        const float needed = needs->heights[i];
        if ((chosen >> i & 1) == 0) {
            continue;
        }
        if (y > 0 && y + needed > height) {
            ++column;
            y = 0;
        }
        if (column == columns || needed > height) {
            return false;
        }
        const float x = (float)column * (needs->column_px + needs->between_px);
        out->parts[i] = (pxe_rect){x, y, needs->column_px, needed};
        out->width = x + needs->column_px;
        out->height = y + needed > out->height ? y + needed : out->height;
        ++out->part_count;
        y += needed + needs->gap_px;
    }
    return true;
}

static unsigned choose(const pxe_hud_needs *needs, float height, int columns)
{
    unsigned chosen = 0;
    pxe_hud_plan plan;
    for (int i = 0; i < PXE_HUD_PARTS; ++i) {
        const unsigned with = chosen | 1U << by_importance[i];
        if (needs->heights[by_importance[i]] > 0 && stack(needs, with, height, columns, &plan)) {
            chosen = with;
        }
    }
    return chosen;
}

/* Columns of about the same height look better than a full and an empty one. */
static float least_height(const pxe_hud_needs *needs, unsigned chosen, float height, int columns)
{
    pxe_hud_plan plan;
    float least = height;
    while (columns > 1 && needs->row_px > 0 && least > needs->row_px &&
           stack(needs, chosen, least - needs->row_px, columns, &plan)) {
        least -= needs->row_px;
    }
    return least;
}

/* The pictures' part with as many rows as there is room for. */
static pxe_hud_needs grow(const pxe_hud_needs *needs, unsigned chosen, float height, int columns)
{
    pxe_hud_needs grown = *needs;
    for (uint32_t i = 0; i < needs->rows && (chosen >> PXE_HUD_COSTS & 1) != 0; ++i) {
        pxe_hud_needs more = grown;
        pxe_hud_plan plan;
        more.heights[PXE_HUD_COSTS] += needs->row_px;
        if (!stack(&more, chosen, height, columns, &plan)) {
            break;
        }
        grown = more;
    }
    return grown;
}

pxe_hud_plan pxe_hud_layout(const pxe_hud_needs *needs, float height, int columns)
{
    pxe_hud_plan plan = {0};
    const unsigned chosen = choose(needs, height, columns);
    const pxe_hud_needs grown = grow(needs, chosen, height, columns);
    stack(&grown, chosen, least_height(&grown, chosen, height, columns), columns, &plan);
    return plan;
}
