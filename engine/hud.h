/* The head-up display from the inside.
 *
 *   hud.c         create, modes, and what a draw does
 *   hud_numbers.c frames to means over half a second, and what is asked for as seldom
 *   hud_words.c   bytes and names as text
 *   hud_layout.c  which parts are shown, and where
 *   hud_pen.c     rectangles, text and columns of a graph
 *   hud_graphs.c  the full mode's graphs
 *   hud_parts.c   the full mode's parts
 *   hud_compact.c the compact mode
 *
 * Thread: the render thread.
 */
#ifndef PXE_HUD_INSIDE_H
#define PXE_HUD_INSIDE_H

#include <pxe/hud.h>
#include <pxe/text.h>

#ifdef __GNUC__
#define PXE_HUD_FORMAT(text, first) __attribute__((format(printf, text, first)))
#else
#define PXE_HUD_FORMAT(text, first)
#endif

enum {
    PXE_HUD_HISTORY = 512,     /* frames that a graph may show */
    PXE_HUD_LOW_FRAMES = 1000, /* of which the slowest 1 % are told */
    PXE_HUD_PICTURES = 6,
    PXE_HUD_IDLE_FRAMES = 60,
    PXE_HUD_POINTS = 120, /* of the curve */
    PXE_HUD_NAME_BYTES = 256,
    PXE_HUD_TEXT_BYTES = 1024
};

static const double pxe_hud_window_ms = 500;

/* ---- Numbers: hud_numbers.c -----------------------------------------------------------------------------------*/

/* What a frame did without the display. */
typedef struct pxe_hud_counts {
    uint64_t asked, hits; /* of pictures; of all that is in the cache if no picture was asked for */
    uint64_t misses;
    uint32_t draws, sprites;
} pxe_hud_counts;

typedef struct pxe_hud_sums {
    uint64_t frames, gpu_frames;
    double frame_ms, cpu_ms, gpu_ms, section_ms[PXE_SECTION_COUNT];
    uint64_t late_draws, evictions, uploads, upload_bytes, draws, sprites;
    uint64_t asked, hits, misses;
} pxe_hud_sums;

/* Of a frame, or per second. All 0 without frames. */
typedef struct pxe_hud_means {
    uint64_t frames;
    double frame_ms, fps, cpu_ms, gpu_ms;
    double section_ms[PXE_SECTION_COUNT + 1]; /* and the rest: the application's own */
    double hit_rate;                          /* below 0 = nothing was asked for */
    double misses_s, late_draws_s, evictions_s, uploads_s, upload_bytes_s;
    double draws, sprites;
} pxe_hud_means;

/* Frames go in one by one; each pxe_hud_window_ms of their time gives new means. */
typedef struct pxe_hud_window {
    pxe_hud_sums sums;
    pxe_hud_means means; /* of the last whole window; of the frames so far in the first one */
    bool has_closed;
} pxe_hud_window;

pxe_hud_means pxe_hud_means_of(const pxe_hud_sums *sums);

/* gpu_ms is told of a frame before this one, since it comes late; 0 = unknown. Result: the means are of a new window.
 * */
bool pxe_hud_window_add(pxe_hud_window *window, const pxe_frame *frame, const pxe_hud_counts *counts,
                        double gpu_ms);

/* What the display itself did in a frame. */
typedef struct pxe_hud_own {
    uint64_t frame; /* + 1; 0 = none */
    uint64_t uses;  /* of pictures, in all of this frame */
    uint64_t hits, misses;
    uint32_t draws, sprites;
} pxe_hud_own;

pxe_hud_counts pxe_hud_counts_of(const pxe_frame *frame, const pxe_hud_own *own);

/* The mean of the slowest 1 % of the last PXE_HUD_LOW_FRAMES frames; 0 without frames. */
double pxe_hud_low_ms(const pxe_profile *profile);

/* The axis of the frame times: a multiple of 20 ms that nearly all frames lie below. */
double pxe_hud_top_ms(const pxe_profile *profile, uint32_t frames);

/* Of the texts in a column, which are wrapped. */
typedef struct pxe_hud_heights {
    float column_px; /* 0 = not measured */
    float slow_px, alarm_px;
} pxe_hud_heights;

/* What costs more than a frame should pay is asked for with each new window. */
typedef struct pxe_hud_facts {
    double low_ms, top_ms;
    double curve_low, curve_high; /* the axis: logarithms to base 2 of bytes */
    double curve_floor;           /* the hit rate at its bottom */
    float rates[PXE_HUD_POINTS];  /* of equal steps of the axis */
    pxe_curve_totals totals;
    uint64_t limit_bytes, recommended_bytes;
    double limit_rate, recommended_rate;
    uint64_t idle_pin_bytes; /* pinned, and not used for PXE_HUD_IDLE_FRAMES frames */
    size_t picture_count, pictures_in_all;
    pxe_picture_cost pictures[PXE_HUD_PICTURES];
    char names[PXE_HUD_PICTURES][PXE_HUD_NAME_BYTES]; /* of pictures, shortened to name_px, */
    float name_px;                                    /* 0 = not yet */
    char slow_text[PXE_HUD_TEXT_BYTES];               /* empty = no frame was slow */
    pxe_alarm alarm;
    char alarm_text[128];       /* why, without the limit that would help */
    pxe_hud_heights heights[2]; /* with one column, with two */
} pxe_hud_facts;

void pxe_hud_refresh(pxe_hud *hud);

struct pxe_hud {
    pxe_engine *engine;
    pxe_font *font;
    pxe_hud_mode mode;
    pxe_hud_window window;
    uint64_t next_frame;  /* for the window */
    uint64_t uses_before; /* by the curve, at the last draw */
    pxe_hud_own own[PXE_HUD_HISTORY];
    pxe_hud_facts facts;
};

/* Of a frame by its number. */
static inline pxe_hud_own pxe_hud_own_in(const pxe_hud *hud, uint64_t frame)
{
    const pxe_hud_own *own = &hud->own[frame % PXE_HUD_HISTORY];
    return own->frame == frame + 1 ? *own : (pxe_hud_own){.frame = 0};
}

/* Takes what the profile has recorded since the last call. */
void pxe_hud_take_frames(pxe_hud *hud);

/* ---- Words: hud_words.c ---------------------------------------------------------------------------------------*/

typedef struct pxe_hud_word {
    char text[32];
} pxe_hud_word;

pxe_hud_word pxe_hud_bytes(uint64_t bytes);    /* "341 KiB", "7.9 MiB", "512 MiB", "1.5 GiB" */
pxe_hud_word pxe_hud_doubling(int log2_bytes); /* "64 MiB" */
pxe_hud_word pxe_hud_percent(double rate);     /* "98.7 %"; below 0 gives "-" */

/* A limit that would help, rounded up to whole MiB. */
uint64_t pxe_hud_mib_up(uint64_t bytes);

/* The name, or its beginning and end, no wider than that; what would break the line is a question mark. */
void pxe_hud_shorten(pxe_font *font, float size_px, float width_px, const char *name,
                     char out[PXE_HUD_NAME_BYTES]);

/* ---- Pen: hud_pen.c -------------------------------------------------------------------------------------------*/

typedef struct pxe_hud_pen {
    pxe_sprites *sprites;
    pxe_font *font;
    float scale; /* pixels per screen unit */
    float text_px, line_px, gap_px, pad_px;
} pxe_hud_pen;

pxe_hud_pen pxe_hud_pen_of(const pxe_hud *hud);

static inline float pxe_hud_px(const pxe_hud_pen *pen, float units)
{
    return (float)(int)(units * pen->scale + 0.5F);
}

typedef struct pxe_hud_place {
    float x, y; /* top of the line; its left or right end, or its middle, by align */
    pxe_align align;
    uint32_t color;
} pxe_hud_place;

void pxe_hud_panel(const pxe_hud_pen *pen, pxe_rect panel, uint32_t color); /* nothing is drawn beside it */
void pxe_hud_fill(const pxe_hud_pen *pen, pxe_rect rect, uint32_t color);
void pxe_hud_say(const pxe_hud_pen *pen, pxe_hud_place place, const char *format, ...) PXE_HUD_FORMAT(3, 4);
/* A dim label at the left, its value at the right of the row that the rectangle's top is. */
void pxe_hud_pair(const pxe_hud_pen *pen, pxe_rect row, const char *label, const char *format, ...)
    PXE_HUD_FORMAT(4, 5);
float pxe_hud_wrapped_px(const pxe_hud_pen *pen, float width_px, const char *text); /* its height */
void pxe_hud_say_wrapped(const pxe_hud_pen *pen, pxe_rect place, const char *text, uint32_t color);

/* Columns of a graph, in whole pixels from its top; equal neighbours become one sprite. */
typedef struct pxe_hud_column {
    float top_px, bottom_px;
    uint32_t color;
} pxe_hud_column;

void pxe_hud_columns(const pxe_hud_pen *pen, pxe_rect graph, const pxe_hud_column *columns, uint32_t count);

/* Few colours: one for each section, one for what is good, one for what is not. */
enum { PXE_HUD_SHADES = PXE_SECTION_COUNT + 1 };
extern const uint32_t pxe_hud_shades[PXE_HUD_SHADES];
extern const char *const pxe_hud_shade_names[PXE_HUD_SHADES];

#define PXE_HUD_PANEL  0x0B0F14E8U
#define PXE_HUD_WELL   0x00000070U /* behind a graph */
#define PXE_HUD_BRIGHT 0xEEF2F6FFU
#define PXE_HUD_DIM    0x9AA7B4FFU
#define PXE_HUD_FAINT  0xFFFFFF30U
#define PXE_HUD_INSIDE 0xFFFFFFA0U /* words in a graph */
#define PXE_HUD_GOOD   0x478F77FFU
#define PXE_HUD_BYTES  0x40739AFFU
#define PXE_HUD_AMBER  0xE8B45AFFU
#define PXE_HUD_MISSED 0xC2554CFFU
#define PXE_HUD_RED    0xFF6152FFU

/* ---- Layout: hud_layout.c -------------------------------------------------------------------------------------*/

/* In the order in which they stand. */
typedef enum pxe_hud_part {
    PXE_HUD_FRAMES,
    PXE_HUD_SPLIT,
    PXE_HUD_HITS,
    PXE_HUD_MEMORY,
    PXE_HUD_COUNTS,
    PXE_HUD_CURVE,
    PXE_HUD_COSTS,
    PXE_HUD_SLOW,
    PXE_HUD_ALARM,
    PXE_HUD_PARTS
} pxe_hud_part;

typedef struct pxe_hud_needs {
    float column_px;              /* the width of a column */
    float gap_px;                 /* between parts */
    float between_px;             /* between columns */
    float heights[PXE_HUD_PARTS]; /* 0 = there is nothing to show */
    float row_px;                 /* PXE_HUD_COSTS grows by such rows into what is left, */
    uint32_t rows;                /* by so many at most */
} pxe_hud_needs;

typedef struct pxe_hud_plan {
    float width, height; /* what is taken; 0 = nothing fits */
    uint32_t part_count;
    pxe_rect parts[PXE_HUD_PARTS]; /* from the plan's corner; height 0 = not shown */
} pxe_hud_plan;

/* As many parts as fit into a height, the most important first, in so many columns. */
pxe_hud_plan pxe_hud_layout(const pxe_hud_needs *needs, float height, int columns);

/* ---- Parts: hud_parts.c, hud_graphs.c, hud_compact.c ----------------------------------------------------------*/

void pxe_hud_draw_full(pxe_hud *hud, const pxe_hud_pen *pen);
void pxe_hud_draw_compact(pxe_hud *hud, const pxe_hud_pen *pen);

void pxe_hud_graph_frames(const pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect graph);
void pxe_hud_graph_hits(const pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect graph);
/* Result: the peak of the frames shown, bytes. */
uint64_t pxe_hud_graph_bytes(const pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect graph);
void pxe_hud_graph_curve(const pxe_hud *hud, const pxe_hud_pen *pen, pxe_rect graph);
float pxe_hud_curve_x(const pxe_hud_facts *facts, pxe_rect graph, uint64_t bytes); /* where a limit lies */

#endif
