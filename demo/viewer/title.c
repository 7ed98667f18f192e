/* The window's title is the viewer's instrument panel: it needs no font. */
#include "viewer.h"

#include <SDL.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { EVERY_MS = 500 }; /* so that the numbers can be read */

typedef struct title {
    char text[512];
    size_t length;
} title;

#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
static void
add(title *to, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int written = vsnprintf(to->text + to->length, sizeof to->text - to->length, format, arguments);
    va_end(arguments);
    if (written > 0) {
        to->length += (size_t)written;
    }
    if (to->length >= sizeof to->text) {
        to->length = sizeof to->text - 1;
    }
}

static void add_picture(title *to, const viewer *v, size_t index)
{
    const pxe_image_info info = pxe_images_info(v->engine->images, v->thumbnails[index]);
    const char *slash = strrchr(info.path, '/');
    add(to, "%.200s", slash == NULL ? info.path : slash + 1);
    if (info.failure != NULL) {
        add(to, " %.100s", info.failure);
    } else if (info.width > 0) {
        add(to, ", %d x %d", info.width, info.height);
    }
    if (v->single.open && v->pictures[index].id != 0) {
        const pxe_image_info full = pxe_images_info(v->engine->images, v->pictures[index]);
        add(to, "%s%.100s", full.failure == NULL ? "" : " ", full.failure == NULL ? "" : full.failure);
    }
    add(to, ", %zu of %zu", index + 1, v->count);
}

/* The picture that the user looks at or points to, or the count. */
static size_t current(const viewer *v)
{
    if (v->single.open) {
        return v->single.index;
    }
    return v->grid.hovered < v->count ? v->grid.hovered : v->grid.selected;
}

void viewer_show_title(viewer *v)
{
    const uint32_t now_ms = SDL_GetTicks();
    const size_t index = current(v);
    pxc_stats stats;
    if ((v->title_shown && now_ms - v->title_ms < EVERY_MS && index == v->title_index) ||
        pxc_get_stats(v->engine->cache, &stats) != PXC_OK) {
        return;
    }
    v->title_shown = true;
    v->title_ms = now_ms;
    v->title_index = index;
    title it = {.length = 0};
    if (index < v->count) {
        add_picture(&it, v, index);
    } else {
        add(&it, "%zu pictures", v->count);
    }
    const uint64_t finds = stats.hits + stats.misses;
    const pxe_frame *last = pxe_profile_last(v->engine->profile);
    add(&it, " | %.1f of %.1f MiB, hits %.2f %%, %llu evicted, %.1f ms | pixcache-viewer",
        (double)stats.used_bytes / 1048576, (double)stats.limit_bytes / 1048576,
        finds == 0 ? 0.0 : 100.0 * (double)stats.hits / (double)finds, (unsigned long long)stats.evictions,
        last == NULL ? 0.0 : last->frame_ms);
    pxe_window_set_title(v->engine->window, it.text);
}
