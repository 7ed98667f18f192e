/* The grid: square cells, as many columns as fit, the picture fitted into its cell. Only rows in view are drawn, so
 * only they are loaded; with workers, a window full before and behind them is loaded ahead. */
#include "viewer.h"

#include <math.h>

/* Screen units; times ratio they are pixels. */
#define CELL  160.0F
#define GAP   8.0F
#define INSET 8.0F

#define COLOR_CELL     0x1C2229FFU
#define COLOR_SELECTED 0x2F6FB0FFU
#define COLOR_HOVERED  0x2C3642FFU
#define COLOR_THUMB    0xFFFFFF38U

/* A small picture is enlarged by whole steps, so that an icon of 16 px can be seen. */
enum { ENLARGE_BELOW_PX = 64, ENLARGE_MOST = 3 };

/* What the workers bring fades in. */
enum { FADE_FRAMES = 6 };

static double content_px(const viewer *v)
{
    const size_t columns = (size_t)v->grid.columns;
    const size_t rows = (v->count + columns - 1) / columns;
    return (double)rows * viewer_grid_row_px(v) + (double)(GAP * v->ratio);
}

static double last_scroll_px(const viewer *v)
{
    const double last = content_px(v) - v->engine->height;
    return last > 0 ? last : 0;
}

double viewer_grid_row_px(const viewer *v)
{
    return (double)(CELL * v->ratio);
}

static pxe_rect cell_place(const viewer *v, size_t index)
{
    const float cell = CELL * v->ratio;
    const float gap = GAP * v->ratio;
    const float left = floorf(((float)v->engine->width - (float)v->grid.columns * cell) / 2);
    const size_t row = index / (size_t)v->grid.columns;
    const size_t column = index % (size_t)v->grid.columns;
    return (pxe_rect){
        .x = left + (float)column * cell + gap / 2,
        .y = (float)(floor((double)row * (double)cell + (double)gap - v->grid.scroll_px)),
        .width = cell - gap,
        .height = cell - gap,
    };
}

void viewer_grid_layout(viewer *v)
{
    viewer_grid *grid = &v->grid;
    const int fitting = (int)((float)v->engine->width / (CELL * v->ratio));
    const int columns = fitting < 1 ? 1 : fitting;
    if (columns != grid->columns) { /* the same pictures stay in view when the window changes */
        const size_t first = (size_t)(grid->scroll_px / viewer_grid_row_px(v)) * (size_t)grid->columns;
        const size_t row = first / (size_t)columns;
        grid->columns = columns;
        grid->scroll_px = grid->target_px = (double)row * viewer_grid_row_px(v);
    }
    const double last = last_scroll_px(v);
    grid->target_px += grid->auto_scroll_px;
    if (grid->target_px > last || grid->target_px < 0) {
        grid->auto_scroll_px = -grid->auto_scroll_px;
    }
    grid->target_px = fmin(fmax(grid->target_px, 0), last);
    const double rest = grid->target_px - grid->scroll_px;
    /* A third of the way each frame: quick at first, soft at the end. */
    grid->scroll_px =
        grid->auto_scroll_px != 0 || fabs(rest) < 1 ? grid->target_px : grid->scroll_px + rest / 3;
    grid->hovered = viewer_grid_at(v, v->pointer_x, v->pointer_y);
}

bool viewer_grid_moving(const viewer *v)
{
    return v->grid.auto_scroll_px != 0 || v->grid.scroll_px != v->grid.target_px;
}

void viewer_grid_scroll(viewer *v, double pixels)
{
    v->grid.target_px += pixels;
}

void viewer_grid_show(viewer *v, size_t index)
{
    const double row_px = viewer_grid_row_px(v);
    const size_t row = index / (size_t)v->grid.columns;
    const double top = (double)row * row_px;
    if (top < v->grid.target_px) {
        v->grid.target_px = top;
    } else if (top + row_px > v->grid.target_px + v->engine->height) {
        v->grid.target_px = top + row_px - v->engine->height;
    }
}

size_t viewer_grid_first(const viewer *v)
{
    const size_t row = (size_t)ceil(v->grid.scroll_px / viewer_grid_row_px(v));
    const size_t first = row * (size_t)v->grid.columns;
    return first < v->count ? first : v->count - 1;
}

size_t viewer_grid_at(const viewer *v, int x, int y)
{
    for (size_t index = (size_t)(v->grid.scroll_px / viewer_grid_row_px(v)) * (size_t)v->grid.columns;
         index < v->count; ++index) {
        const pxe_rect place = cell_place(v, index);
        if (place.y > (float)v->engine->height) {
            break;
        }
        if ((float)x >= place.x && (float)x < place.x + place.width && (float)y >= place.y &&
            (float)y < place.y + place.height) {
            return index;
        }
    }
    return v->count;
}

static uint32_t fade(const viewer *v, size_t index)
{
    const uint64_t frames = pxe_images_info(v->engine->images, v->thumbnails[index]).ready_frames + 1;
    return v->preload && frames < FADE_FRAMES ? 0xFFFFFF00U | (uint32_t)(255 * frames / FADE_FRAMES) : 0;
}

static void draw_thumbnail(viewer *v, size_t index, const pxe_rect *cell)
{
    pxe_sprite sprite = {0};
    const pxe_image_state state =
        pxe_images_texture(v->engine->images, v->thumbnails[index], &sprite.texture);
    if (state == PXE_IMAGE_FAILED) {
        viewer_draw_failed(v, cell);
    }
    if (state != PXE_IMAGE_READY) {
        v->incomplete = v->incomplete || pxe_image_loading(state);
        return;
    }
    const float room = cell->width - 2 * INSET * v->ratio;
    const int longer =
        sprite.texture.width > sprite.texture.height ? sprite.texture.width : sprite.texture.height;
    float scale = room / (float)longer;
    if (scale > 1) {
        scale = longer < ENLARGE_BELOW_PX ? fminf(floorf(scale), ENLARGE_MOST) : 1;
        sprite.filter = PXE_FILTER_NEAREST;
    }
    sprite.tint = fade(v, index);
    v->incomplete = v->incomplete || sprite.tint != 0; /* more frames, please */
    sprite.width = fmaxf(roundf((float)sprite.texture.width * scale), 1);
    sprite.height = fmaxf(roundf((float)sprite.texture.height * scale), 1);
    sprite.x = cell->x + floorf((cell->width - sprite.width) / 2);
    sprite.y = cell->y + floorf((cell->height - sprite.height) / 2);
    pxe_sprites_draw(v->engine->sprites, &sprite);
}

static uint32_t cell_color(const viewer *v, size_t index)
{
    if (index == v->grid.selected) {
        return COLOR_SELECTED;
    }
    return index == v->grid.hovered ? COLOR_HOVERED : COLOR_CELL;
}

static void draw_scroll_bar(viewer *v)
{
    const float height = (float)v->engine->height;
    const float content = (float)content_px(v);
    if (content > height) {
        const float length = fmaxf(height * height / content, 24 * v->ratio);
        const float place = (float)(v->grid.scroll_px / last_scroll_px(v)) * (height - length);
        const pxe_rect bar = {(float)v->engine->width - 6 * v->ratio, place, 4 * v->ratio, length};
        pxe_fill_rect(v->engine->sprites, &bar, COLOR_THUMB);
    }
}

/* First what the view moves towards. Only when the view has moved on by a row, because a list that is set anew begins
 * anew. */
static void load_ahead(viewer *v, size_t first, size_t end)
{
    viewer_grid *grid = &v->grid;
    if (!v->preload || (grid->ahead_first == first && grid->ahead_end == end)) {
        return;
    }
    const bool upwards = first < grid->ahead_first;
    const size_t behind = first < end - first ? first : end - first;
    const size_t before = v->count - end < end - first ? v->count - end : end - first;
    pxe_image *list = v->ahead;
    for (int side = 0; side < 2; ++side) {
        if (upwards == (side == 0)) {
            for (size_t i = 0; i < behind; ++i) { /* the nearest first */
                *list++ = v->thumbnails[first - 1 - i];
            }
        } else {
            for (size_t i = 0; i < before; ++i) {
                *list++ = v->thumbnails[end + i];
            }
        }
    }
    if (pxe_images_prefetch(v->engine->images, v->ahead, (size_t)(list - v->ahead))) {
        grid->ahead_first = first;
        grid->ahead_end = end;
    }
}

void viewer_grid_draw(viewer *v)
{
    const size_t columns = (size_t)v->grid.columns;
    const size_t first = (size_t)(v->grid.scroll_px / viewer_grid_row_px(v)) * columns;
    const size_t rows = (size_t)((double)v->engine->height / viewer_grid_row_px(v)) + 2;
    const size_t end = first + rows * columns < v->count ? first + rows * columns : v->count;
    for (size_t i = first; i < end; ++i) { /* all cells share a texture: one draw call */
        const pxe_rect cell = cell_place(v, i);
        pxe_fill_rect(v->engine->sprites, &cell, cell_color(v, i));
    }
    for (size_t i = first; i < end; ++i) {
        const pxe_rect cell = cell_place(v, i);
        if (cell.y < (float)v->engine->height) {
            draw_thumbnail(v, i, &cell);
        }
    }
    load_ahead(v, first, end);
    draw_scroll_bar(v);
}
