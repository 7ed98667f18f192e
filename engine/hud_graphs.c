/* The graphs. Each frame is a column, the newest at the right edge, so that they move with every frame; the curve is
 * drawn from points that were asked for once in half a second. Columns are whole pixels high: nothing shimmers. */
#include "hud.h"

#include "profile.h"

#include <math.h>
#include <stdio.h>

static const double usual_ms = 1000.0 / 60;

static float column_px(const pxe_hud_pen *pen)
{
    return fmaxf(pxe_hud_px(pen, 1), 1);
}

static uint32_t column_count(const pxe_hud_pen *pen, pxe_rect graph)
{
    const float count = floorf(graph.width / column_px(pen));
    return count < 1 ? 0 : count > PXE_HUD_HISTORY ? PXE_HUD_HISTORY : (uint32_t)count;
}

/* The frame of a column; NULL if there was none, or the profile does not keep it any more. */
static const pxe_frame *frame_of(const pxe_hud *hud, uint32_t column, uint32_t count)
{
    const pxe_frame *last = pxe_profile_last(hud->engine->profile);
    const uint64_t back = count - 1 - column;
    return last == NULL || last->frame < back ? NULL
                                              : pxe_profile_frame(hud->engine->profile, last->frame - back);
}

static float height_of(double value, double top, float height)
{
    const double share = top > 0 ? value / top : 0;
    return (float)floor(fmin(fmax(share, 0), 1) * (double)height + 0.5);
}

static void draw_well(const pxe_hud_pen *pen, pxe_rect graph)
{
    pxe_hud_fill(pen, graph, PXE_HUD_WELL);
}

/* A line across the graph at a height from its bottom. */
static void draw_level(const pxe_hud_pen *pen, pxe_rect graph, float height, uint32_t color)
{
    const float thick = column_px(pen);
    const float y = fmaxf(graph.y + graph.height - height, graph.y);
    pxe_hud_fill(pen, (pxe_rect){graph.x, fminf(y, graph.y + graph.height - thick), graph.width, thick},
                 color);
}

/* What a height of the graph stands for, below it at the left edge; 0 stands at the bottom. */
static void say_inside(const pxe_hud_pen *pen, pxe_rect graph, float height, const char *words)
{
    const float y = graph.y + graph.height - fmaxf(height, pen->line_px);
    pxe_hud_say(pen, (pxe_hud_place){graph.x + pxe_hud_px(pen, 3), y, PXE_ALIGN_LEFT, PXE_HUD_INSIDE}, "%s",
                words);
}

/* ---- Frame times ------------------------------------------------------------------------------------------------*/

/* Of what took longest. */
static uint32_t shade_of(const pxe_frame *frame)
{
    double rest_ms = frame->frame_ms;
    int longest = 0;
    for (int i = 0; i < PXE_SECTION_COUNT; ++i) {
        rest_ms -= frame->section_ms[i];
        longest = frame->section_ms[i] > frame->section_ms[longest] ? i : longest;
    }
    return pxe_hud_shades[rest_ms > frame->section_ms[longest] ? PXE_SECTION_COUNT : longest];
}

/* A mark above each slow frame that is shown. */
static void mark_slow(const pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect graph, uint32_t count)
{
    const pxe_profile *profile = hud->engine->profile;
    const uint64_t first = pxe_ring_first(profile->slow_count, PXE_SLOW_FRAMES);
    const float wide = column_px(pen);
    for (uint64_t i = profile->slow_count; i > first; --i) {
        const uint64_t back = profile->frame_count - 1 - profile->slow[(i - 1) % PXE_SLOW_FRAMES].frame.frame;
        if (back >= count) {
            return;
        }
        const float x = graph.x + (float)(count - 1 - back) * wide;
        pxe_hud_fill(pen, (pxe_rect){x, graph.y, wide, 3 * wide}, PXE_HUD_RED);
    }
}

static double median_ms(const pxe_profile *profile)
{
    const uint32_t count = profile->recent_count;
    return count == 0 ? 0 : (profile->recent_ms[(count - 1) / 2] + profile->recent_ms[count / 2]) / 2;
}

void pxe_hud_graph_frames(const pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect graph)
{
    pxe_hud_column columns[PXE_HUD_HISTORY];
    const uint32_t count = column_count(pen, graph);
    const double top_ms = hud->facts.top_ms;
    char words[32];
    snprintf(words, sizeof words, "%.0f ms", top_ms);
    draw_well(pen, graph);
    for (uint32_t i = 0; i < count; ++i) {
        const pxe_frame *frame = frame_of(hud, i, count);
        columns[i] = (pxe_hud_column){0};
        if (frame != NULL) {
            const float height = fmaxf(height_of(frame->frame_ms, top_ms, graph.height), column_px(pen));
            columns[i] = (pxe_hud_column){graph.height - height, graph.height, shade_of(frame)};
        }
    }
    pxe_hud_columns(pen, graph, columns, count);
    draw_level(pen, graph, height_of(median_ms(hud->engine->profile), top_ms, graph.height), 0xFFFFFF90U);
    mark_slow(hud, pen, graph, count);
    const float usual = height_of(usual_ms, top_ms, graph.height);
    draw_level(pen, graph, usual, 0xE8B45A90U);
    if (usual > pen->line_px && usual < graph.height - pen->line_px) {
        say_inside(pen, graph, usual, "16.7");
    }
    say_inside(pen, graph, graph.height, words);
}

/* ---- Hit rate ---------------------------------------------------------------------------------------------------*/

/* What was missed hangs from the top. Where nothing was asked for there is a gap. */
void pxe_hud_graph_hits(const pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect graph)
{
    pxe_hud_column hits[PXE_HUD_HISTORY];
    pxe_hud_column misses[PXE_HUD_HISTORY];
    const uint32_t count = column_count(pen, graph);
    draw_well(pen, graph);
    for (uint32_t i = 0; i < count; ++i) {
        const pxe_frame *frame = frame_of(hud, i, count);
        hits[i] = misses[i] = (pxe_hud_column){0};
        if (frame != NULL) {
            const pxe_hud_own own = pxe_hud_own_in(hud, frame->frame);
            const pxe_hud_counts counts = pxe_hud_counts_of(frame, &own);
            if (counts.asked != 0) {
                const double missed = (double)(counts.asked - counts.hits) / (double)counts.asked;
                float gap = height_of(missed, 1, graph.height);
                gap = missed > 0 ? fmaxf(gap, column_px(pen)) : 0;
                hits[i] = (pxe_hud_column){gap, graph.height, PXE_HUD_GOOD};
                misses[i] = (pxe_hud_column){0, gap, PXE_HUD_MISSED};
            }
        }
    }
    pxe_hud_columns(pen, graph, hits, count);
    pxe_hud_columns(pen, graph, misses, count);
}

/* ---- Bytes ------------------------------------------------------------------------------------------------------*/

uint64_t pxe_hud_graph_bytes(const pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect graph)
{
    pxe_hud_column used[PXE_HUD_HISTORY];
    pxe_hud_column peaks[PXE_HUD_HISTORY];
    const uint32_t count = column_count(pen, graph);
    const uint64_t limit_bytes = pxc_limit(hud->engine->cache);
    uint64_t peak_bytes = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const pxe_frame *frame = frame_of(hud, i, count);
        peak_bytes = frame != NULL && frame->peak_bytes > peak_bytes ? frame->peak_bytes : peak_bytes;
    }
    const double top = 1.12 * fmax((double)limit_bytes, (double)peak_bytes);
    draw_well(pen, graph);
    for (uint32_t i = 0; i < count; ++i) {
        const pxe_frame *frame = frame_of(hud, i, count);
        used[i] = peaks[i] = (pxe_hud_column){0};
        if (frame != NULL) {
            const float level = graph.height - height_of((double)frame->used_bytes, top, graph.height);
            const float peak = graph.height - height_of((double)frame->peak_bytes, top, graph.height);
            used[i] = (pxe_hud_column){level, graph.height, PXE_HUD_BYTES};
            peaks[i] = (pxe_hud_column){peak, level, PXE_HUD_AMBER};
        }
    }
    pxe_hud_columns(pen, graph, used, count);
    pxe_hud_columns(pen, graph, peaks, count);
    draw_level(pen, graph, height_of((double)limit_bytes, top, graph.height), 0xFFFFFFC0U);
    return peak_bytes;
}

/* ---- The curve --------------------------------------------------------------------------------------------------*/

float pxe_hud_curve_x(const pxe_hud_facts *facts, pxe_rect graph, uint64_t bytes)
{
    const double span = facts->curve_high - facts->curve_low;
    const double share = span > 0 && bytes > 0 ? (log2((double)bytes) - facts->curve_low) / span : 0;
    return graph.x + (float)floor(fmin(fmax(share, 0), 1) * (double)(graph.width - 1));
}

/* Faint lines at every second doubling, each with its bytes. */
static void draw_grid(const pxe_hud_facts *facts, const pxe_hud_pen *pen, pxe_rect graph)
{
    const int step = (facts->curve_high - facts->curve_low) * pxe_hud_px(pen, 56) > graph.width ? 2 : 1;
    for (int at = (int)facts->curve_low + 1; at < (int)facts->curve_high; at += step) {
        const uint64_t bytes = UINT64_C(1) << at;
        const float x = pxe_hud_curve_x(facts, graph, bytes);
        pxe_hud_fill(pen, (pxe_rect){x, graph.y, column_px(pen), graph.height}, 0xFFFFFF20U);
        if (x + pxe_hud_px(pen, 52) < graph.x + graph.width) {
            pxe_hud_say(pen,
                        (pxe_hud_place){x + pxe_hud_px(pen, 3), graph.y + graph.height - pen->line_px,
                                        PXE_ALIGN_LEFT, PXE_HUD_INSIDE},
                        "%s", pxe_hud_doubling(at).text);
        }
    }
}

static void draw_mark(const pxe_hud_facts *facts, const pxe_hud_pen *pen, pxe_rect graph, uint64_t bytes,
                      uint32_t color)
{
    const float x = pxe_hud_curve_x(facts, graph, bytes);
    pxe_hud_fill(pen, (pxe_rect){x, graph.y, column_px(pen), graph.height}, color);
}

void pxe_hud_graph_curve(const pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect graph)
{
    pxe_hud_column below[PXE_HUD_POINTS];
    pxe_hud_column edge[PXE_HUD_POINTS];
    const pxe_hud_facts *facts = &hud->facts;
    char words[32];
    draw_well(pen, graph);
    if (facts->totals.accesses == 0) {
        return;
    }
    const double span = 1 - facts->curve_floor;
    float before = graph.height;
    for (uint32_t i = 0; i < PXE_HUD_POINTS; ++i) {
        const double rate = (double)facts->rates[i] - facts->curve_floor;
        const float top = graph.height - height_of(rate, span, graph.height - column_px(pen));
        const float bottom = i == 0 ? top : before;
        below[i] = (pxe_hud_column){top, graph.height, 0x4FA88960U};
        edge[i] = (pxe_hud_column){top - column_px(pen), fmaxf(bottom, top), PXE_HUD_GOOD};
        before = top;
    }
    pxe_hud_columns(pen, graph, below, PXE_HUD_POINTS);
    pxe_hud_columns(pen, graph, edge, PXE_HUD_POINTS);
    draw_grid(facts, pen, graph);
    draw_mark(facts, pen, graph, facts->recommended_bytes, PXE_HUD_AMBER);
    draw_mark(facts, pen, graph, facts->limit_bytes, PXE_HUD_BRIGHT);
    snprintf(words, sizeof words, "%.0f %%", 100 * facts->curve_floor);
    say_inside(pen, graph, graph.height, "100 %");
    say_inside(pen, graph, 0, words);
}
