/* What the head-up display takes of a frame, with everything to show: a limit that is too small, slow frames, an alarm.
 *
 *   hud_MODE_ms_median   pxe_hud_draw, by the clock on the wall
 *   hud_MODE_longest_ms  the longest, once all glyphs were drawn: what is asked for each half second
 *   hud_MODE_frame_ms    with its share of the flush, of the render thread's own time: frames with and without it in
 *                        turns, the difference of their means without the slowest tenth of each
 *   hud_MODE_sprites, hud_MODE_draws
 *                        that it adds to a frame
 *   hud_MODE_first_ms    the first draw, which rasterises its glyphs
 */
#include "bench.h"

#include <pxe/engine.h>
#include <pxe/hud.h>

enum {
    PICTURES = 400,
    SIDE = 64,
    IN_VIEW = 100,
    FRAMES = 3000,
    WARM_UP_FRAMES = 200,
    WIDTH = 1280,
    HEIGHT = 720
};

typedef struct scene {
    pxe_engine *engine;
    pxe_hud *hud;
    pxe_image images[PICTURES];
    int first; /* in view; moves by one a frame */
} scene;

static void fail(const char *reason)
{
    fprintf(stderr, "bench_hud: %s\n", reason);
    exit(1);
}

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool paint(void *user, unsigned char *pixels, int width, int height, pxe_error *error)
{
    (void)user;
    (void)error;
    for (int i = 0; i < width * height * 4; ++i) {
        pixels[i] = (unsigned char)(i % 4 == 3 ? 255 : i / 7);
    }
    return true;
}

/* Room for three quarters of the pictures, so that what comes into view is never there. */
static void open_scene(scene *s)
{
    const pxe_engine_config config = {
        .window = {.title = "hud", .width = WIDTH, .height = HEIGHT, .headless = true},
        .limit_bytes = (size_t)PICTURES * SIDE * SIDE * 4 * 3 / 4,
        .workers = PXE_NO_WORKERS,
    };
    pxe_error error;
    if (!pxe_engine_create(&config, &s->engine, &error) || !pxe_hud_create(s->engine, &s->hud, &error)) {
        fail(error.text);
    }
    for (int i = 0; i < PICTURES; ++i) {
        char name[BENCH_NAME_BYTES];
        const pxe_painting painting = {.width = SIDE, .height = SIDE, .paint = paint};
        bench_name(name, "a folder of pictures", (size_t)i);
        s->images[i] = pxe_images_paint(s->engine->images, name, &painting, NULL);
        if (s->images[i].id == 0) {
            fail("no picture");
        }
    }
}

/* What a frame took. */
typedef struct cost {
    double frame_ms, hud_ms;
    uint32_t draws, sprites;
} cost;

static cost draw_frame(scene *s, bool with_hud)
{
    cost it = {0};
    const double start_ms = cpu_ms();
    pxe_frame_begin(s->engine, 0x203040FF);
    for (int i = 0; i < IN_VIEW; ++i) {
        const int row = i / 20;
        pxe_sprite sprite = {.x = (float)(i % 20 * SIDE), .y = (float)(row * SIDE)};
        if (pxe_images_texture(s->engine->images, s->images[(s->first + i) % PICTURES], &sprite.texture) ==
            PXE_IMAGE_READY) {
            pxe_sprites_draw(s->engine->sprites, &sprite);
        }
    }
    s->first = (s->first + 1) % PICTURES;
    pxe_sprites_flush(s->engine->sprites); /* the display's camera does, too */
    if (with_hud) {
        const double draw_start_ns = bench_now_ns();
        pxe_hud_draw(s->hud);
        it.hud_ms = (bench_now_ns() - draw_start_ns) / 1e6;
    }
    pxe_frame_end(s->engine, NULL, NULL);
    it.frame_ms = cpu_ms() - start_ms;
    const pxe_frame *last = pxe_profile_last(s->engine->profile);
    it.draws = last->draws;
    it.sprites = last->sprites;
    return it;
}

static double trimmed_mean(double *values, int count)
{
    double sum = 0;
    const int kept = count - count / 10;
    qsort(values, (size_t)count, sizeof *values, by_value);
    for (int i = 0; i < kept; ++i) {
        sum += values[i];
    }
    return sum / kept;
}

static void measure(scene *s, pxe_hud_mode mode, const char *name)
{
    double *with = bench_memory(FRAMES * sizeof *with);
    double *without = bench_memory(FRAMES * sizeof *without);
    double *hud = bench_memory(FRAMES * sizeof *hud);
    cost shown = {0};
    cost bare = {0};
    pxe_hud_set_mode(s->hud, mode);
    const cost first = draw_frame(s, true);
    for (int i = 0; i < WARM_UP_FRAMES; ++i) {
        draw_frame(s, true);
    }
    for (int i = 0; i < FRAMES; ++i) {
        shown = draw_frame(s, true);
        bare = draw_frame(s, false);
        with[i] = shown.frame_ms;
        without[i] = bare.frame_ms;
        hud[i] = shown.hud_ms;
    }
    qsort(hud, FRAMES, sizeof *hud, by_value);
    printf("hud_%s_ms_median %.4f\n", name, hud[FRAMES / 2]);
    printf("hud_%s_longest_ms %.4f\n", name, hud[FRAMES - 1]);
    printf("hud_%s_frame_ms %.4f\n", name, trimmed_mean(with, FRAMES) - trimmed_mean(without, FRAMES));
    printf("hud_%s_sprites %u\n", name, (unsigned)(shown.sprites - bare.sprites));
    printf("hud_%s_draws %u\n", name, (unsigned)(shown.draws - bare.draws));
    printf("hud_%s_first_ms %.3f\n", name, first.hud_ms);
    free(with);
    free(without);
    free(hud);
}

int main(void)
{
    static scene s;
    open_scene(&s);
    for (int i = 0; i < 2 * PICTURES; ++i) {
        draw_frame(&s, false);
    }
    measure(&s, PXE_HUD_FULL, "full");
    measure(&s, PXE_HUD_COMPACT, "compact");
    pxe_hud_destroy(s.hud);
    pxe_engine_destroy(s.engine, NULL);
    return 0;
}
