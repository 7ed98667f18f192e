/* pixcache-viewer: folders of pictures as a grid of thumbnails that scrolls, and each in full by a click. */
#include "files.h"
#include "viewer.h"

#include <SDL.h>

#include <stdlib.h>

static const char program[] = "pixcache-viewer";

static const char usage[] =
    "[options] [PATH...]\n"
    "\n"
    "Shows pictures (PNG, JPEG, BMP). PATHs are files and folders, which are walked;\n"
    "none = the current folder.\n"
    "\n"
    "  --limit SIZE          video memory for pictures at the end of a frame (64M)\n"
    "  --size WxH            size of the window (1280x720)\n"
    "  --workers N           decoding threads; 0 decodes on the render thread\n"
    "                        (cores - 1; with --headless 0, so that the numbers repeat)\n"
    "  --watch               show files anew when they change\n"
    "  --scroll PX           scroll by so many pixels a frame, back and forth\n"
    "  --headless            no window, no display needed\n"
    "  --frames N            end after N frames (without end; with --headless 300)\n"
    "  --hud MODE            show what each frame costs: off, compact or full (off)\n"
    "  --screenshot F.png    write the last frame\n"
    "  --csv F.csv           write a row for each frame: pixcache-profile report shows it\n"
    "  --trace F.json        write where each frame's time went, for Perfetto\n"
    "  --record F.csv        write every access, frame,key,bytes,name: for pixcache-profile\n"
    "  --help, --version\n"
    "\n"
    "In the grid: wheel, drag, Page Up and Down scroll; arrows, Home and End select;\n"
    "Enter or a click opens a picture. There: arrows go on, wheel, + and - zoom, drag\n"
    "moves, 0 fits, Esc goes back. F is full screen, H the head-up display, Q quits.\n"
    "The line along the lower edge is the video memory in use, of the limit; orange\n"
    "while pictures are evicted.\n"
    "A run that is headless or has --frames ends with one line of key=value pairs.\n"
    "Exit status: 0, or 2 after a line that says why.\n";

/* A cell shows 136 screen units of a picture; this is enough on a display of twice as many pixels, and costs at most
 * 341 KiB with its mip levels, so that a window full of them fits into a small limit. */
enum { THUMBNAIL_PX = 256 };

/* How often a viewer that rests looks whether a file has changed. */
enum { WATCH_MS = 100 };

bool viewer_create(viewer *v, pxe_engine *engine, char **paths, size_t count)
{
    *v = (viewer){.engine = engine, .count = count, .ratio = pxe_window_pixel_ratio(engine->window)};
    v->pointer_x = v->pointer_y = -1;
    v->grid.columns = 1;
    v->grid.hovered = v->grid.selected = count;
    v->thumbnails = calloc(count, sizeof *v->thumbnails);
    v->pictures = calloc(count, sizeof *v->pictures);
    v->ahead = calloc(count, sizeof *v->ahead);
    if (v->thumbnails == NULL || v->pictures == NULL || v->ahead == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; ++i) {
        const pxe_image_options options = {.fit_px = THUMBNAIL_PX, .mipmaps = true};
        v->thumbnails[i] = pxe_images_open(engine->images, paths[i], &options);
        if (v->thumbnails[i].id == 0) {
            return false;
        }
    }
    return true;
}

void viewer_free(viewer *v)
{
    free(v->thumbnails);
    free(v->pictures);
    free(v->ahead);
}

/* Nothing moves and nothing is on its way: the next frame can wait for an event. */
static void rest(viewer *v)
{
    if (!viewer_grid_moving(v) && !v->incomplete && pxe_images_pending(v->engine->images) == 0) {
        if (v->watching) {
            SDL_WaitEventTimeout(NULL, WATCH_MS);
        } else {
            SDL_WaitEvent(NULL);
        }
        pxe_profile_skip_idle(v->engine->profile);
    }
}

static void run(viewer *v, demo_session *session)
{
    bool more = true;
    while (more) {
        viewer_handle_events(v);
        v->ratio = pxe_window_pixel_ratio(v->engine->window);
        pxe_frame_begin(v->engine, 0x12161BFF);
        v->incomplete = false;
        viewer_grid_layout(v);
        if (v->single.open) {
            viewer_single_draw(v);
        } else {
            viewer_grid_draw(v);
        }
        viewer_draw_meter(v);
        more = demo_session_end_frame(session, v->quitting);
        if (more && !session->options->headless) {
            viewer_show_title(v);
            if (session->options->frames == 0) {
                rest(v);
            }
        }
    }
}

static int show(const demo_options *options, viewer_files *files)
{
    demo_session session;
    if (!demo_session_start(&session, program, program, options)) {
        return 2;
    }
    viewer v;
    const bool created = viewer_create(&v, session.engine, files->paths, files->count);
    if (created) {
        v.hud = session.hud;
        v.grid.auto_scroll_px = options->scroll_px;
        v.preload = options->workers > 0;
        v.watching = options->watch;
        run(&v, &session);
    } else {
        demo_complain(program, "no memory for %zu pictures", files->count);
        session.failed = true;
    }
    viewer_free(&v);
    return demo_session_finish(&session, files->count);
}

int main(int argc, char **argv)
{
    demo_options options;
    const demo_parse parse = demo_options_parse(argc, argv, program, usage, &options);
    if (parse != DEMO_RUN) {
        return parse == DEMO_EXIT_OK ? 0 : 2;
    }
    viewer_files files = {0};
    for (int i = 0; i < options.path_count; ++i) {
        viewer_files_add(&files, program, options.paths[i]);
    }
    if (options.path_count == 0) {
        viewer_files_add(&files, program, ".");
    }
    int status = 2;
    if (!files.failed && files.count == 0 && !files.complained) {
        demo_complain(program, "no pictures found; give a folder with PNG, JPEG or BMP files");
    } else if (!files.failed && files.count != 0) {
        status = show(&options, &files);
    }
    viewer_files_free(&files);
    return status;
}
