/* The full mode: a panel of parts in the lower left corner. Each part has a function that draws it into its
 * rectangle, and a height; hud_layout.c says which of them fit. */
#include "hud.h"

#include <math.h>
#include <stdio.h>

enum {
    GRAPH_UNITS = 240,
    VALUES_UNITS = 142,
    MARGIN_UNITS = 8,
    CURVE_UNITS = 64,
    SPLIT_UNITS = 9, /* the bar, and what is below it */
    LEAST_ROWS = 3,
    CELLS_A_ROW = 3
};

static pxe_rect row_of(const pxe_hud_pen *pen, pxe_rect part, int row)
{
    part.y += (float)row * pen->line_px;
    part.height = pen->line_px;
    return part;
}

/* A graph at the left, values at the right; where there is room for one of them only, the values stay. */
static void split_part(const pxe_hud_pen *pen, pxe_rect part, pxe_rect *graph, pxe_rect *values)
{
    const float gap = pxe_hud_px(pen, 12);
    const float room = fmaxf(part.width - pxe_hud_px(pen, VALUES_UNITS) - gap, 0);
    const float wide = pxe_hud_px(pen, 1) * floorf(room / pxe_hud_px(pen, 1));
    *graph = (pxe_rect){part.x, part.y, fminf(wide, pxe_hud_px(pen, GRAPH_UNITS)), part.height};
    const float taken = graph->width > 0 ? graph->width + gap : 0;
    *values = (pxe_rect){part.x + taken, part.y, part.width - taken, pen->line_px};
}

static void draw_frames(pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect part)
{
    const pxe_hud_means *means = &hud->window.means;
    const uint64_t slow = pxe_profile_slow_count(hud->engine->profile);
    pxe_rect graph;
    pxe_rect values;
    split_part(pen, part, &graph, &values);
    pxe_hud_graph_frames(hud, pen, graph);
    pxe_hud_pair(pen, values, "frame", "%.1f ms", means->frame_ms);
    pxe_hud_pair(pen, row_of(pen, values, 1), "rate", "%.0f fps", means->fps);
    pxe_hud_pair(pen, row_of(pen, values, 2), "1 % low", "%.1f ms", hud->facts.low_ms);
    pxe_hud_pair(pen, row_of(pen, values, 3), "slow frames", "%llu", (unsigned long long)slow);
}

/* One of the cells that share a row. */
static pxe_rect cell_of(const pxe_hud_pen *pen, pxe_rect part, int at)
{
    const float gap = pxe_hud_px(pen, 18);
    const float wide = floorf((part.width - (CELLS_A_ROW - 1) * gap) / CELLS_A_ROW);
    const int row = at / CELLS_A_ROW;
    const int column = at % CELLS_A_ROW;
    return (pxe_rect){part.x + (float)column * (wide + gap), part.y + (float)row * pen->line_px, wide,
                      pen->line_px};
}

/* A bar of the means, and what its colours are; the CPU is all but the swap, the GPU works beside. */
static void draw_split(pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect part)
{
    const pxe_hud_means *means = &hud->window.means;
    const float side = pxe_hud_px(pen, 7);
    const float indent = side + pxe_hud_px(pen, 5);
    pxe_rect bar = {part.x, part.y, part.width, pxe_hud_px(pen, 6)};
    pxe_rect names = part;
    names.y += pxe_hud_px(pen, SPLIT_UNITS);
    pxe_hud_fill(pen, bar, PXE_HUD_WELL);
    for (int i = 0; i < PXE_HUD_SHADES; ++i) {
        const double ms = means->section_ms[i];
        const float share = means->frame_ms > 0 ? (float)(ms / means->frame_ms) : 0;
        bar.width = fminf(share * part.width, part.x + part.width - bar.x);
        pxe_hud_fill(pen, bar, pxe_hud_shades[i]);
        bar.x += fmaxf(bar.width, 0);

        pxe_rect cell = cell_of(pen, names, i);
        pxe_hud_fill(pen, (pxe_rect){cell.x, cell.y + floorf((cell.height - side) / 2), side, side},
                     pxe_hud_shades[i]);
        cell.x += indent;
        cell.width -= indent;
        pxe_hud_pair(pen, cell, pxe_hud_shade_names[i], "%.2f ms", ms);
    }
    pxe_hud_pair(pen, cell_of(pen, names, PXE_HUD_SHADES), "CPU", "%.2f ms", means->cpu_ms);
    pxe_hud_pair(pen, cell_of(pen, names, PXE_HUD_SHADES + 1), "GPU", "%.2f ms", means->gpu_ms);
}

static void draw_hits(pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect part)
{
    const pxe_hud_means *means = &hud->window.means;
    pxe_rect graph;
    pxe_rect values;
    split_part(pen, part, &graph, &values);
    pxe_hud_graph_hits(hud, pen, graph);
    pxe_hud_pair(pen, values, "hit rate", "%s", pxe_hud_percent(means->hit_rate).text);
    pxe_hud_pair(pen, row_of(pen, values, 1), "misses", "%.1f /s", means->misses_s);
    pxe_hud_pair(pen, row_of(pen, values, 2), "late draws", "%.1f /s", means->late_draws_s);
}

static void draw_memory(pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect part)
{
    const pxe_frame *last = pxe_profile_last(hud->engine->profile);
    const pxe_hud_means *means = &hud->window.means;
    pxe_rect graph;
    pxe_rect values;
    split_part(pen, part, &graph, &values);
    const uint64_t peak_bytes = pxe_hud_graph_bytes(hud, pen, graph);
    const uint64_t used_bytes = last != NULL ? last->used_bytes : 0;
    pxe_hud_pair(pen, values, "in use", "%s", pxe_hud_bytes(used_bytes).text);
    pxe_hud_pair(pen, row_of(pen, values, 1), "limit", "%s",
                 pxe_hud_bytes(pxc_limit(hud->engine->cache)).text);
    pxe_hud_pair(pen, row_of(pen, values, 2), "peak", "%s", pxe_hud_bytes(peak_bytes).text);
    pxe_hud_pair(pen, row_of(pen, values, 3), "evictions", "%.1f /s", means->evictions_s);
}

static void draw_counts(pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect part)
{
    const pxe_hud_means *means = &hud->window.means;
    const pxe_frame *last = pxe_profile_last(hud->engine->profile);
    const unsigned long long textures = last != NULL ? last->entries : 0;
    pxe_hud_pair(pen, cell_of(pen, part, 0), "draw calls", "%.0f", means->draws);
    pxe_hud_pair(pen, cell_of(pen, part, 1), "sprites", "%.0f", means->sprites);
    pxe_hud_pair(pen, cell_of(pen, part, 2), "in cache", "%llu", textures);
    pxe_hud_pair(pen, cell_of(pen, part, 3), "uploads", "%.1f /s", means->uploads_s);
    pxe_hud_pair(pen, cell_of(pen, part, 4), "upload", "%s/s",
                 pxe_hud_bytes((uint64_t)means->upload_bytes_s).text);
    if (hud->facts.idle_pin_bytes != 0) {
        pxe_hud_pair(pen, cell_of(pen, part, 5), "idle pins", "%s",
                     pxe_hud_bytes(hud->facts.idle_pin_bytes).text);
    }
}

/* ---- The curve --------------------------------------------------------------------------------------------------*/

/* Below a mark, but within the part. */
static void label_mark(const pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect row, uint64_t bytes,
                       const char *words)
{
    const uint32_t color = bytes == hud->facts.limit_bytes ? PXE_HUD_BRIGHT : PXE_HUD_AMBER;
    const pxe_text style = {.font = pen->font, .size_px = pen->text_px};
    const float half = pxe_text_measure(&style, words).width / 2;
    const float x = pxe_hud_curve_x(&hud->facts, row, bytes);
    const float place = fmaxf(fminf(x, row.x + row.width - half), row.x + half);
    pxe_hud_say(pen, (pxe_hud_place){place, row.y, PXE_ALIGN_CENTRE, color}, "%s", words);
}

static void draw_curve(pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect part)
{
    const pxe_hud_facts *facts = &hud->facts;
    const pxe_curve_totals *totals = &facts->totals;
    char words[96];
    pxe_rect graph = part;
    graph.y += pen->line_px;
    graph.height = pxe_hud_px(pen, CURVE_UNITS);
    words[0] = '\0';
    if (totals->followed < 1) {
        snprintf(words, sizeof words, "about, +- %.1f %%", 100 * totals->error);
    }
    pxe_hud_pair(pen, row_of(pen, part, 0), "hit rate by limit", "%s", words);
    pxe_hud_graph_curve(hud, pen, graph);
    if (totals->accesses == 0) {
        pxe_hud_say(pen,
                    (pxe_hud_place){graph.x + graph.width / 2, graph.y + graph.height / 2 - pen->line_px / 2,
                                    PXE_ALIGN_CENTRE, PXE_HUD_DIM},
                    "no picture was drawn yet");
        return;
    }
    const pxe_rect below = {part.x, graph.y + graph.height + pxe_hud_px(pen, 2), part.width, pen->line_px};
    snprintf(words, sizeof words, "limit %s: %s", pxe_hud_bytes(facts->limit_bytes).text,
             pxe_hud_percent(facts->limit_rate).text);
    label_mark(hud, pen, below, facts->limit_bytes, words);
    snprintf(words, sizeof words, "%s %s: %s",
             facts->recommended_bytes > facts->limit_bytes ? "better" : "enough",
             pxe_hud_bytes(facts->recommended_bytes).text, pxe_hud_percent(facts->recommended_rate).text);
    label_mark(hud, pen, row_of(pen, below, 1), facts->recommended_bytes, words);
}

/* ---- Pictures ---------------------------------------------------------------------------------------------------*/

enum { COST_COLUMNS = 4 };

/* The right ends of the columns of numbers, from the left; the last ones are left out where there is no room. */
static int cost_columns(const pxe_hud_pen *pen, pxe_rect part, float ends[COST_COLUMNS])
{
    static const float widths[COST_COLUMNS] = {58, 60, 52, 52};
    const int count = part.width < pxe_hud_px(pen, 330) ? 2 : COST_COLUMNS;
    float x = part.x + part.width;
    for (int i = count - 1; i >= 0; --i) {
        ends[i] = x;
        x -= pxe_hud_px(pen, widths[i]);
    }
    return count;
}

static void shorten_names(pxe_hud_facts *facts, const pxe_hud_pen *pen, float width_px)
{
    if (facts->name_px == width_px) {
        return;
    }
    for (size_t i = 0; i < facts->picture_count; ++i) {
        const char *name = facts->pictures[i].name;
        pxe_hud_shorten(pen->font, pen->text_px, width_px, name != NULL ? name : "(no name)",
                        facts->names[i]);
    }
    facts->name_px = width_px;
}

static void draw_cost(const pxe_hud_pen *pen, pxe_rect row, const pxe_picture_cost *picture)
{
    float ends[COST_COLUMNS];
    const int count = cost_columns(pen, row, ends);
    pxe_hud_place place = {0, row.y, PXE_ALIGN_RIGHT, PXE_HUD_BRIGHT};
    place.x = ends[0];
    pxe_hud_say(pen, place, "%.1f ms", picture->upload_ms + picture->decode_ms);
    place.x = ends[1];
    pxe_hud_say(pen, place, "%s", pxe_hud_bytes(picture->bytes).text);
    if (count == COST_COLUMNS) {
        place.x = ends[2];
        pxe_hud_say(pen, place, "%llu", (unsigned long long)picture->uploads);
        place.x = ends[3];
        place.color = picture->regrets > 0 ? PXE_HUD_AMBER : PXE_HUD_DIM;
        pxe_hud_say(pen, place, "%llu", (unsigned long long)picture->regrets);
    }
}

static void draw_costs(pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect part)
{
    static const char *const titles[COST_COLUMNS] = {"time", "size", "uploads", "regrets"};
    pxe_hud_facts *facts = &hud->facts;
    float ends[COST_COLUMNS];
    const int count = cost_columns(pen, part, ends);
    pxe_hud_say(pen, (pxe_hud_place){part.x, part.y, PXE_ALIGN_LEFT, PXE_HUD_DIM},
                "most costly of %zu pictures", facts->pictures_in_all);
    for (int i = 0; i < count; ++i) {
        pxe_hud_say(pen, (pxe_hud_place){ends[i], part.y, PXE_ALIGN_RIGHT, PXE_HUD_DIM}, "%s", titles[i]);
    }
    shorten_names(facts, pen, ends[0] - part.x - pxe_hud_px(pen, 60));
    const int rows = (int)(part.height / pen->line_px) - 1;
    for (int i = 0; i < rows && i < (int)facts->picture_count; ++i) {
        const pxe_rect row = row_of(pen, part, i + 1);
        pxe_hud_say(pen, (pxe_hud_place){row.x, row.y, PXE_ALIGN_LEFT, PXE_HUD_BRIGHT}, "%s",
                    facts->names[i]);
        draw_cost(pen, row, &facts->pictures[i]);
    }
}

/* ---- Words ------------------------------------------------------------------------------------------------------*/

static const char *slow_words(const pxe_hud *hud)
{
    return hud->facts.slow_text[0] != '\0' ? hud->facts.slow_text : "no frame was slow so far";
}

static void draw_slow(pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect part)
{
    const bool is_any = hud->facts.slow_text[0] != '\0';
    pxe_hud_say(pen, (pxe_hud_place){part.x, part.y, PXE_ALIGN_LEFT, PXE_HUD_DIM}, "last slow frame");
    pxe_hud_say_wrapped(pen, row_of(pen, part, 1), slow_words(hud), is_any ? PXE_HUD_BRIGHT : PXE_HUD_DIM);
}

static float alarm_inset(const pxe_hud_pen *pen)
{
    return pxe_hud_px(pen, 12);
}

static void draw_alarm(pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect part)
{
    const pxe_alarm *alarm = &hud->facts.alarm;
    const float inset = alarm_inset(pen);
    pxe_rect inside = {part.x + inset, part.y + pxe_hud_px(pen, 4), part.width - inset, part.height};
    pxe_hud_fill(pen, part, 0xFF615238U);
    pxe_hud_fill(pen, (pxe_rect){part.x, part.y, pxe_hud_px(pen, 4), part.height}, PXE_HUD_RED);
    pxe_hud_say(pen, (pxe_hud_place){inside.x, inside.y, PXE_ALIGN_LEFT, PXE_HUD_RED},
                "The limit is too small: %llu MiB would help",
                (unsigned long long)pxe_hud_mib_up(alarm->needed_bytes));
    pxe_hud_say_wrapped(pen, row_of(pen, inside, 1), hud->facts.alarm_text, PXE_HUD_BRIGHT);
}

/* ---- The panel --------------------------------------------------------------------------------------------------*/

typedef void (*draw_part)(pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect part);

static const draw_part draw_parts[PXE_HUD_PARTS] = {
    [PXE_HUD_FRAMES] = draw_frames, [PXE_HUD_SPLIT] = draw_split,   [PXE_HUD_HITS] = draw_hits,
    [PXE_HUD_MEMORY] = draw_memory, [PXE_HUD_COUNTS] = draw_counts, [PXE_HUD_CURVE] = draw_curve,
    [PXE_HUD_COSTS] = draw_costs,   [PXE_HUD_SLOW] = draw_slow,     [PXE_HUD_ALARM] = draw_alarm,
};

/* Measured anew only when the texts are new, or the window. */
static const pxe_hud_heights *heights_of(pxe_hud *hud, const pxe_hud_pen *pen, float column_px, int columns)
{
    pxe_hud_heights *heights = &hud->facts.heights[columns - 1];
    if (heights->column_px != column_px) {
        *heights = (pxe_hud_heights){
            .column_px = column_px,
            .slow_px = pxe_hud_wrapped_px(pen, column_px, slow_words(hud)),
            .alarm_px = pxe_hud_wrapped_px(pen, column_px - alarm_inset(pen), hud->facts.alarm_text),
        };
    }
    return heights;
}

static pxe_hud_needs needs_of(pxe_hud *hud, const pxe_hud_pen *pen, float column_px, int columns)
{
    const float line = pen->line_px;
    const pxe_hud_heights *texts = heights_of(hud, pen, column_px, columns);
    const uint32_t costs = (uint32_t)hud->facts.picture_count;
    const uint32_t least = costs < LEAST_ROWS ? costs : LEAST_ROWS;
    pxe_hud_needs needs = {
        .column_px = column_px,
        .gap_px = pen->gap_px,
        .between_px = 2 * pen->gap_px,
        .row_px = line,
        .rows = costs - least,
    };
    needs.heights[PXE_HUD_FRAMES] = 4 * line;
    needs.heights[PXE_HUD_SPLIT] = pxe_hud_px(pen, SPLIT_UNITS) + 3 * line;
    needs.heights[PXE_HUD_HITS] = 3 * line;
    needs.heights[PXE_HUD_MEMORY] = 4 * line;
    needs.heights[PXE_HUD_COUNTS] = 2 * line;
    needs.heights[PXE_HUD_CURVE] = pxe_hud_px(pen, CURVE_UNITS + 2) + 3 * line;
    needs.heights[PXE_HUD_COSTS] = costs == 0 ? 0 : line * (float)(1 + least);
    needs.heights[PXE_HUD_SLOW] = line + texts->slow_px;
    if (hud->facts.alarm.kind != PXE_ALARM_NONE) {
        needs.heights[PXE_HUD_ALARM] = line + pxe_hud_px(pen, 8) + texts->alarm_px;
    }
    return needs;
}

static bool shows_all(const pxe_hud_needs *needs, const pxe_hud_plan *plan)
{
    bool all = true;
    for (int i = 0; i < PXE_HUD_PARTS; ++i) {
        all = all && (needs->heights[i] <= 0 || plan->parts[i].height > 0);
    }
    return all;
}

/* One column where that is enough, two where the window is wide enough and they hold more. */
static pxe_hud_plan plan_of(pxe_hud *hud, const pxe_hud_pen *pen, float width, float height)
{
    const float usual = pxe_hud_px(pen, GRAPH_UNITS) + pxe_hud_px(pen, 12) + pxe_hud_px(pen, VALUES_UNITS);
    const float least = pxe_hud_px(pen, 340);
    pxe_hud_needs needs = needs_of(hud, pen, fminf(usual, width), 1);
    const pxe_hud_plan one = pxe_hud_layout(&needs, height, 1);
    const float half = fminf(usual, floorf((width - needs.between_px) / 2));
    if (half < least || shows_all(&needs, &one)) {
        return one;
    }
    needs = needs_of(hud, pen, half, 2);
    const pxe_hud_plan two = pxe_hud_layout(&needs, height, 2);
    return two.part_count > one.part_count ? two : one;
}

void pxe_hud_draw_full(pxe_hud *hud, const pxe_hud_pen *pen)
{
    const float around = pxe_hud_px(pen, MARGIN_UNITS) + pen->pad_px;
    const float width = (float)hud->engine->width - 2 * around;
    const float height = (float)hud->engine->height - 2 * around;
    const pxe_hud_plan plan = plan_of(hud, pen, width, height);
    if (plan.part_count == 0) {
        return;
    }
    const float x = around;
    const float y = (float)hud->engine->height - around - plan.height;
    pxe_hud_panel(pen,
                  (pxe_rect){x - pen->pad_px, y - pen->pad_px, plan.width + 2 * pen->pad_px,
                             plan.height + 2 * pen->pad_px},
                  PXE_HUD_PANEL);
    for (int i = 0; i < PXE_HUD_PARTS; ++i) {
        pxe_rect part = plan.parts[i];
        if (part.height > 0) {
            part.x += x;
            part.y += y;
            draw_parts[i](hud, pen, part);
        }
    }
}
