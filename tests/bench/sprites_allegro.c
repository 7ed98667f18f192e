/* Allegro 5 in the benchmark of sprites: al_draw_bitmap for each sprite, with bitmap drawing held, as its
 * manual advises. */
#include "sprites_scene.h"

#include "bench.h"

#include <allegro5/allegro.h>
#include <allegro5/allegro_opengl.h>

#include <string.h>

enum { VSYNC_OFF = 2 };

typedef struct allegro_state {
    ALLEGRO_DISPLAY *display;
    ALLEGRO_BITMAP *bitmaps[SPRITES_MAX_TEXTURES];
} allegro_state;

static void check(bool is_good, const char *what)
{
    if (!is_good) {
        sprites_fail("Allegro", what);
    }
}

static void open_window(allegro_state *it)
{
    check(al_init(), "it does not start");
    al_set_new_display_flags(ALLEGRO_WINDOWED | ALLEGRO_OPENGL);
    al_set_new_display_option(ALLEGRO_VSYNC, VSYNC_OFF, ALLEGRO_SUGGEST);
    it->display = al_create_display(SPRITES_WIDTH, SPRITES_HEIGHT);
    check(it->display != NULL, "no window");
    al_set_blender(ALLEGRO_ADD, ALLEGRO_ONE, ALLEGRO_INVERSE_ALPHA);
}

static void create_bitmaps(allegro_state *it, int count)
{
    al_set_new_bitmap_flags(ALLEGRO_VIDEO_BITMAP | ALLEGRO_MIN_LINEAR | ALLEGRO_MAG_LINEAR);
    al_set_new_bitmap_format(ALLEGRO_PIXEL_FORMAT_ABGR_8888_LE); /* R, G, B, A in memory order */
    for (int i = 0; i < count; ++i) {
        unsigned char pixels[SPRITES_TEXTURE_BYTES];
        sprites_paint(pixels, i, true);
        it->bitmaps[i] = al_create_bitmap(SPRITES_SIDE, SPRITES_SIDE);
        check(it->bitmaps[i] != NULL, "no bitmap");
        const ALLEGRO_LOCKED_REGION *locked =
            al_lock_bitmap(it->bitmaps[i], ALLEGRO_PIXEL_FORMAT_ABGR_8888_LE, ALLEGRO_LOCK_WRITEONLY);
        check(locked != NULL, "a bitmap can not be written");
        for (int y = 0; y < SPRITES_SIDE; ++y) {
            memcpy((char *)locked->data + (ptrdiff_t)y * locked->pitch, &pixels[(size_t)y * SPRITES_SIDE * 4],
                   (size_t)SPRITES_SIDE * 4);
        }
        al_unlock_bitmap(it->bitmaps[i]);
    }
    al_set_target_backbuffer(it->display);
}

static void draw(void *user, const sprites_scene *scene)
{
    const allegro_state *it = user;
    al_clear_to_color(al_map_rgb(SPRITES_RED, SPRITES_GREEN, SPRITES_BLUE));
    al_hold_bitmap_drawing(true);
    for (int i = 0; i < scene->count; ++i) {
        al_draw_bitmap(it->bitmaps[scene->texture[i]], scene->x[i], scene->y[i], 0);
    }
    al_hold_bitmap_drawing(false);
    glFinish();
}

static void write_picture(const allegro_state *it, const sprites_scene *scene)
{
    const size_t row_bytes = (size_t)SPRITES_WIDTH * 4;
    unsigned char *pixels = bench_memory(row_bytes * SPRITES_HEIGHT);
    ALLEGRO_BITMAP *screen = al_get_backbuffer(it->display);
    const ALLEGRO_LOCKED_REGION *locked =
        al_lock_bitmap(screen, ALLEGRO_PIXEL_FORMAT_ABGR_8888_LE, ALLEGRO_LOCK_READONLY);
    check(locked != NULL, "the screen can not be read");
    for (int y = 0; y < SPRITES_HEIGHT; ++y) {
        memcpy(&pixels[(size_t)y * row_bytes], (char *)locked->data + (ptrdiff_t)y * locked->pitch,
               row_bytes);
    }
    al_unlock_bitmap(screen);
    sprites_write(scene, pixels, false);
    free(pixels);
}

static void show(void *user, const sprites_scene *scene)
{
    const allegro_state *it = user;
    if (sprites_is_picture(scene)) {
        write_picture(it, scene);
    }
    al_flip_display();
}

int main(int argc, char **argv)
{
    sprites_scene scene;
    static allegro_state it;
    sprites_open(&scene, argc, argv);
    open_window(&it);
    create_bitmaps(&it, scene.textures);
    sprites_measure(&scene, &(sprites_contestant){&it, (const char *)glGetString(GL_RENDERER), draw, show});
    for (int i = 0; i < scene.textures; ++i) {
        al_destroy_bitmap(it.bitmaps[i]);
    }
    al_destroy_display(it.display);
    sprites_close(&scene);
    return 0;
}
