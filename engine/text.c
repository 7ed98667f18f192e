/* Text: lines of letters, laid out in shares of the size, and drawn as sprites.
 *
 * The layout knows no camera: measured and drawn text have the same lines and widths at any zoom. Only where
 * a glyph is drawn depends on it: its picture is made for the size on the screen and put on a whole pixel
 * there, so that a texel is a pixel. Under a turned camera there are no such places, and glyphs stay where
 * the layout has them.
 *
 *   next_line    one line: where it ends, its width, where the next one begins
 *   draw_line    walks it again, with a glyph's texture for each letter
 */
#include "font.h"
#include "utf8.h"

#include <math.h>

enum { TAB_SPACES = 4 };

static const float usual_line_height = 1.2F;

static bool is_drawable(const pxe_text *text, const char *string)
{
    return string != NULL && text->font != NULL && isfinite(text->x) && isfinite(text->y) &&
           isfinite(text->size_px) && text->size_px > 0;
}

static float line_step(const pxe_text *text)
{
    const bool given = text->line_height > 0 && isfinite(text->line_height);
    return (given ? text->line_height : usual_line_height) * text->size_px;
}

static bool is_space(uint32_t character)
{
    return character == ' ' || character == '\t';
}

/* Where the pen stands in a line, in shares of the size. */
typedef struct pen {
    float at;
    uint32_t glyph; /* before it; PXE_BOX = none that is kerned */
} pen;

static const pen line_start = {0, PXE_BOX};

/* Puts the pen where this character begins, and sets *after to where it ends. */
static pxe_letter step(pxe_font *font, uint32_t character, pen *before, pen *after)
{
    if (character == '\r') { /* of a line feed that has one */
        *after = *before;
        return (pxe_letter){PXE_BOX, 0};
    }
    pxe_letter letter = pxe_font_letter(font, character == '\t' ? ' ' : character);
    letter.advance *= character == '\t' ? TAB_SPACES : 1;
    before->at += pxe_font_kerning(font, before->glyph, letter.glyph);
    *after = (pen){before->at + letter.advance, letter.glyph};
    return letter;
}

typedef struct line {
    const char *start, *end;
    const char *next; /* NULL = it is the last */
    float width;      /* in world units, like all that is told outside */
} line;

/* From the start on, until a line feed, the end, or where it would be too wide: then it ends before the last
 * spaces. */
static line next_line(const pxe_text *text, const char *start)
{
    const float most = text->wrap_width > 0 && isfinite(text->wrap_width) ? text->wrap_width : INFINITY;
    pen now = line_start;
    line at_spaces = {.start = start}; /* as it is if it breaks at the last spaces seen */
    bool in_spaces = false;
    const char *at = start;
    while (*at != '\0' && *at != '\n') {
        const char *letter_at = at;
        const uint32_t character = pxe_utf8_next(&at);
        pen after;
        const float width = now.at * text->size_px;
        step(text->font, character, &now, &after);
        if (is_space(character)) {
            if (!in_spaces) {
                at_spaces.end = letter_at;
                at_spaces.width = width;
            }
        } else {
            if (in_spaces) {
                at_spaces.next = letter_at;
            }
            if (after.at * text->size_px > most && at_spaces.next != NULL && at_spaces.end > start) {
                return at_spaces;
            }
        }
        in_spaces = is_space(character);
        now = after;
    }
    return (line){
        .start = start,
        .end = at,
        .next = *at == '\n' ? at + 1 : NULL,
        .width = in_spaces && most < INFINITY ? at_spaces.width : now.at * text->size_px,
    };
}

static void add_line(pxe_text_size *size, const pxe_text *text, const line *it)
{
    size->height = (float)size->lines * line_step(text) + text->size_px;
    size->width = fmaxf(size->width, it->width);
    ++size->lines;
}

pxe_text_size pxe_text_measure(const pxe_text *text, const char *string)
{
    pxe_text_size size = {0};
    const char *at = is_drawable(text, string) ? string : NULL;
    while (at != NULL) {
        const line it = next_line(text, at);
        add_line(&size, text, &it);
        at = it.next;
    }
    return size;
}

/* How the text lies on the screen. */
typedef struct view {
    float zoom;          /* pixels per world unit */
    float x, y;          /* of the text's place, on the screen */
    float scale;         /* of a glyph's picture on the screen; 1 unless there is none so large */
    int glyph_px;        /* the size that glyphs are made for */
    bool is_straight;    /* glyphs lie on whole pixels */
    float width, height; /* of the screen */
} view;

/* False if nothing of it can be drawn. */
static bool view_of(const pxe_camera *camera, const pxe_text *text, view *out)
{
    const float zoom = camera->zoom == 0 ? 1 : camera->zoom;
    const float size_px = text->size_px * fabsf(zoom);
    *out = (view){
        .zoom = zoom,
        .scale = size_px > PXE_MOST_GLYPH_PX ? size_px / PXE_MOST_GLYPH_PX : 1,
        .is_straight = camera->rotation == 0 && zoom > 0,
        .width = camera->width,
        .height = camera->height,
    };
    pxe_camera_to_screen(camera, text->x, text->y, &out->x, &out->y);
    if (!isfinite(out->x) || !isfinite(out->y) || !isfinite(size_px)) {
        return false;
    }
    out->glyph_px = size_px >= PXE_MOST_GLYPH_PX ? PXE_MOST_GLYPH_PX : (int)fmaxf(floorf(size_px + 0.5F), 1);
    return true;
}

/* A line's beginning, in world units from the text's place. */
typedef struct corner {
    float x, y;
} corner;

/* Whether what lies so far from the text's place, one way, may be seen. A glyph may reach as far from its pen
 * as the font likes; few do by more than their size. */
static bool may_be_seen(float on_screen, float screen, const view *seen, float size_px)
{
    const float margin = 2 * size_px * seen->zoom;
    return !seen->is_straight || (on_screen >= -margin && on_screen <= screen + margin);
}

static float whole(float value)
{
    return floorf(value + 0.5F);
}

/* The glyph with its pen so far from the text's place. */
static void place_glyph(const pxe_text *text, const view *seen, corner pen_at, const pxe_glyph *glyph,
                        pxe_sprite *sprite)
{
    const float world_per_px = seen->scale / fabsf(seen->zoom);
    if (seen->is_straight) {
        pen_at.x = (whole(seen->x + pen_at.x * seen->zoom) - seen->x) / seen->zoom;
        pen_at.y = (whole(seen->y + pen_at.y * seen->zoom) - seen->y) / seen->zoom;
    }
    sprite->texture = glyph->texture;
    sprite->x = text->x + pen_at.x + (float)glyph->x * world_per_px;
    sprite->y = text->y + pen_at.y + (float)glyph->y * world_per_px;
    sprite->width = (float)glyph->texture.width * world_per_px;
    sprite->height = (float)glyph->texture.height * world_per_px;
}

static void draw_line(pxe_sprites *sprites, const pxe_text *text, const view *seen, const line *it,
                      corner start)
{
    const float baseline = start.y + pxe_font_ascent(text->font) * text->size_px;
    pxe_sprite sprite = {.tint = text->color, .layer = text->layer};
    pen now = line_start;
    if (!may_be_seen(seen->y + baseline * seen->zoom, seen->height, seen, text->size_px)) {
        return;
    }
    for (const char *at = it->start; at < it->end;) {
        const uint32_t character = pxe_utf8_next(&at);
        pen after;
        pxe_glyph glyph;
        const pxe_letter letter = step(text->font, character, &now, &after);
        const corner pen_at = {start.x + now.at * text->size_px, baseline};
        if (character != '\r' && !is_space(character) &&
            may_be_seen(seen->x + pen_at.x * seen->zoom, seen->width, seen, text->size_px) &&
            pxe_font_glyph(text->font, letter.glyph, seen->glyph_px, &glyph)) {
            place_glyph(text, seen, pen_at, &glyph, &sprite);
            pxe_sprites_draw(sprites, &sprite);
        }
        now = after;
    }
}

static float aligned(const pxe_text *text, float width)
{
    return text->align == PXE_ALIGN_CENTRE ? -width / 2 : text->align == PXE_ALIGN_RIGHT ? -width : 0;
}

pxe_text_size pxe_text_draw(pxe_sprites *sprites, const pxe_text *text, const char *string)
{
    const pxe_camera camera = pxe_sprites_camera(sprites);
    const bool is_visible = text->color == 0 || (text->color & 255) != 0;
    pxe_text_size size = {0};
    view seen;
    if (!is_drawable(text, string) || !is_visible || !view_of(&camera, text, &seen)) {
        return pxe_text_measure(text, string);
    }
    const char *at = string;
    while (at != NULL) {
        const line it = next_line(text, at);
        const corner start = {aligned(text, it.width), (float)size.lines * line_step(text)};
        draw_line(sprites, text, &seen, &it, start);
        add_line(&size, text, &it);
        at = it.next;
    }
    return size;
}
