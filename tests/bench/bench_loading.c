/* What loading does to the frames of a program that draws 2,000 sprites.
 *
 *   bench_loading MODE FOLDER [--workers N] [--frames N] [--pace HZ] [--csv FILE]
 *
 *   idle       draws for N frames and loads nothing
 *   stream     asks the engine for all pictures in every frame, until all are ready; its workers decode
 *   sync       decodes and uploads one picture a frame, between two frames' drawing, as programs without workers do
 *   all_cores  draws nothing: the yardstick of all_cores.c
 *
 * --pace waits for the next tick between two frames, outside of what is measured.
 *
 * What is measured as the render thread's own work for the cache and the loader, twice: by the clock on the wall, and
 * by the thread's own clock, which stands still while another thread has the core. It is the whole call of
 * pxe_frame_begin, asking for the pictures' textures, and pxe_frame_end from the flush of the sprites, which the bench
 * has done before, to the swap. So it holds a clear of the screen, some GL state and a timer query more than the
 * cache's and the loader's own work, and nothing less: the mode idle prints what these take. Beside it the bench prints
 * what the engine's own profile says, which leaves out what pxe_images_update does around pxc_frame_begin.
 */
#include "bench.h"
#include "loading.h"

#include <pxe/decode.h>
#include <pxe/engine.h>

#include <SDL.h>

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

enum {
    SPRITES = 2000,
    SPRITE_PX = 16,
    TEXTURES = 64, /* that the sprites share */
    WIDTH = 1280,
    HEIGHT = 720,
    WARM_UP_FRAMES = 30,
    MOST_FRAMES = 200000
};

typedef struct options {
    const char *mode, *folder, *csv;
    int workers, frames;
    double pace_hz; /* 0 = as fast as it goes */
} options;

typedef struct scene {
    pxe_engine *engine;
    pxc_key textures[TEXTURES];
    float x[SPRITES], y[SPRITES]; /* neighbours share a texture */
    pxe_image images[LOADING_PICTURES];
    const char *folder;
    double next_tick_ns, tick_ns; /* 0 = unpaced */
    int loaded;                   /* pictures; by load_one */
    bool is_ready[LOADING_PICTURES];
} scene;

/* Both of a moment. */
typedef struct clocks {
    double wall_ms, cpu_ms;
} clocks;

static clocks clocks_now(void)
{
    struct timespec cpu;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
    return (clocks){bench_now_ns() / 1e6, (double)cpu.tv_sec * 1e3 + (double)cpu.tv_nsec / 1e6};
}

static void check(pxc_status status)
{
    if (status != PXC_OK) {
        loading_fail("the cache", pxc_status_text(status));
    }
}

static void on_failed(void *user, const char *path, const char *reason)
{
    (void)user;
    loading_fail(path, reason);
}

/* A soft disc of a colour of its own. */
static void make_texture(scene *it, int index)
{
    unsigned char pixels[SPRITE_PX * SPRITE_PX * 4];
    for (int i = 0; i < SPRITE_PX * SPRITE_PX; ++i) {
        const int right = i % SPRITE_PX - SPRITE_PX / 2;
        const int down = i / SPRITE_PX - SPRITE_PX / 2;
        const int far = (right * right + down * down) * 4;
        const int alpha = far > 255 ? 0 : 255 - far;
        unsigned char *pixel = &pixels[(size_t)i * 4];
        pixel[0] = (unsigned char)(alpha * (index % 8) / 7);
        pixel[1] = (unsigned char)(alpha * (index / 8) / 7);
        pixel[2] = (unsigned char)(alpha / 2);
        pixel[3] = (unsigned char)alpha;
    }
    const pxc_pixmap pixmap = {
        .pixels = pixels, .width = SPRITE_PX, .height = SPRITE_PX, .format = PXC_RGBA8};
    char name[BENCH_NAME_BYTES];
    bench_name(name, "sprites", (size_t)index);
    check(pxc_insert_named(it->engine->cache, name, &pixmap, &it->textures[index]));
}

static void open_scene(scene *it, const options *given)
{
    const pxe_engine_config config = {
        .window = {.title = "loading", .width = WIDTH, .height = HEIGHT, .headless = true},
        .limit_bytes = LOADING_LIMIT_BYTES,
        .workers = given->workers,
        .on_failed = on_failed,
    };
    pxe_error error;
    *it = (scene){.folder = given->folder, .tick_ns = given->pace_hz > 0 ? 1e9 / given->pace_hz : 0};
    if (!pxe_engine_create(&config, &it->engine, &error)) {
        loading_fail("the engine", error.text);
    }
    for (int i = 0; i < TEXTURES; ++i) {
        make_texture(it, i);
    }
    uint64_t seed = 88172645463325252U;
    for (int i = 0; i < SPRITES; ++i) {
        it->x[i] = (float)(bench_random(&seed) % (WIDTH - SPRITE_PX));
        it->y[i] = (float)(bench_random(&seed) % (HEIGHT - SPRITE_PX));
    }
}

/* In the same order as all_cores takes them, the largest first: neither is left with it at the end. */
static void open_images(scene *it)
{
    for (int i = 0; i < LOADING_PICTURES; ++i) {
        char path[LOADING_PATH_BYTES];
        loading_path(path, it->folder, i);
        it->images[i] = pxe_images_open(it->engine->images, path, NULL);
        if (it->images[i].id == 0) {
            loading_fail(path, "no memory");
        }
    }
}

static void draw_sprites(const scene *it)
{
    pxc_texture textures[TEXTURES];
    for (int i = 0; i < TEXTURES; ++i) {
        check(pxc_find(it->engine->cache, it->textures[i], &textures[i]));
    }
    for (int i = 0; i < SPRITES; ++i) {
        const pxe_sprite sprite = {.texture = textures[i * TEXTURES / SPRITES], .x = it->x[i], .y = it->y[i]};
        pxe_sprites_draw(it->engine->sprites, &sprite);
    }
    pxe_sprites_flush(it->engine->sprites);
}

/* What a mode does for its pictures in a frame. Result: how many are ready. */
typedef int (*ask_fn)(scene *it);

static int ask_for_none(scene *it)
{
    (void)it;
    return 0;
}

static int ask_for_all(scene *it)
{
    int ready = 0;
    for (int i = 0; i < LOADING_PICTURES; ++i) {
        pxc_texture texture;
        ready += pxe_images_texture(it->engine->images, it->images[i], &texture) == PXE_IMAGE_READY;
    }
    return ready;
}

static int load_one(scene *it)
{
    if (it->loaded < LOADING_PICTURES) {
        char path[LOADING_PATH_BYTES];
        pxe_picture picture;
        pxe_error error;
        loading_path(path, it->folder, it->loaded);
        if (!pxe_picture_load(path, NULL, &picture, &error)) {
            loading_fail(path, error.text);
        }
        check(pxc_insert_named(it->engine->cache, path, &picture.pixmap, NULL));
        pxe_picture_free(&picture);
        ++it->loaded;
    }
    return it->loaded;
}

static void read_clocks(void *user)
{
    clocks *now = user;
    *now = clocks_now();
}

/* A frame that was too long for its tick misses it, as with a display. */
static void wait_for_tick(scene *it)
{
    if (it->tick_ns > 0) {
        const double now_ns = bench_now_ns();
        it->next_tick_ns = it->next_tick_ns > 0 ? it->next_tick_ns : now_ns;
        while (it->next_tick_ns <= now_ns) {
            it->next_tick_ns += it->tick_ns;
        }
        const long long tick_ns = (long long)it->next_tick_ns;
        const struct timespec tick = {(time_t)(tick_ns / 1000000000), (long)(tick_ns % 1000000000)};
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &tick, NULL) == EINTR) {
        }
        pxe_profile_skip_idle(it->engine->profile);
    }
}

static loading_frame show_frame(scene *it, ask_fn ask)
{
    wait_for_tick(it);
    const clocks start = clocks_now();
    pxe_frame_begin(it->engine, 0x101418FF);
    const clocks begun = clocks_now();
    const int ready = ask(it);
    const clocks asked = clocks_now();
    draw_sprites(it);
    const clocks drawn = clocks_now();
    clocks evicted = drawn;
    pxe_frame_end(it->engine, read_clocks, &evicted);
    const clocks end = clocks_now();
    const double *sections_ms = pxe_profile_last(it->engine->profile)->section_ms;
    return (loading_frame){
        .frame_ms = end.wall_ms - start.wall_ms,
        .work_ms = asked.wall_ms - start.wall_ms + evicted.wall_ms - drawn.wall_ms,
        .cpu_ms = asked.cpu_ms - start.cpu_ms + evicted.cpu_ms - drawn.cpu_ms,
        .sections_ms =
            asked.wall_ms - begun.wall_ms + sections_ms[PXE_SECTION_UPDATE] + sections_ms[PXE_SECTION_EVICT],
        .ready = (uint32_t)ready,
    };
}

/* Shows frames until all pictures are ready, or so many as the options say. */
static void run(const options *given, ask_fn ask)
{
    scene *it = bench_memory(sizeof *it);
    loading_record record;
    open_scene(it, given);
    loading_record_open(&record, MOST_FRAMES);
    for (int i = 0; i < WARM_UP_FRAMES; ++i) {
        show_frame(it, ask_for_none);
    }
    if (ask == ask_for_all) {
        open_images(it);
    }
    const double start_ns = bench_now_ns();
    for (bool is_over = false; !is_over;) {
        const loading_frame frame = show_frame(it, ask);
        loading_record_add(&record, &frame);
        is_over =
            ask == ask_for_none ? record.count >= (size_t)given->frames : frame.ready == LOADING_PICTURES;
    }
    const double spent_ms = (bench_now_ns() - start_ns) / 1e6;
    printf("%s %.1f\n", ask == ask_for_none ? "spent_ms" : "resident_ms", spent_ms);
    loading_record_print(&record);
    if (given->csv != NULL) {
        loading_record_write(&record, given->csv);
    }
    loading_record_close(&record);
    pxe_engine_destroy(it->engine, NULL);
    free(it);
}

static options read_options(int argc, char **argv)
{
    const int cores = SDL_GetCPUCount();
    options given = {.workers = cores > 1 ? cores - 1 : 1, .frames = 300};
    bool is_good = argc >= 3 && argc % 2 == 1;
    for (int i = 3; is_good && i < argc; i += 2) {
        const double number = strtod(argv[i + 1], NULL);
        if (strcmp(argv[i], "--workers") == 0) {
            given.workers = (int)number;
        } else if (strcmp(argv[i], "--frames") == 0) {
            given.frames = (int)number;
        } else if (strcmp(argv[i], "--pace") == 0) {
            given.pace_hz = number;
        } else if (strcmp(argv[i], "--csv") == 0) {
            given.csv = argv[i + 1];
        } else {
            is_good = false;
        }
    }
    if (!is_good || given.workers < 1 || given.frames < 1 || given.pace_hz < 0) {
        fprintf(stderr,
                "usage: %s idle|stream|sync|all_cores FOLDER [--workers N] [--frames N] [--pace HZ] [--csv "
                "FILE]\n",
                argv[0]);
        exit(2);
    }
    given.mode = argv[1];
    given.folder = argv[2];
    return given;
}

int main(int argc, char **argv)
{
    const options given = read_options(argc, argv);
    if (strcmp(given.mode, "idle") == 0) {
        run(&given, ask_for_none);
    } else if (strcmp(given.mode, "stream") == 0) {
        run(&given, ask_for_all);
    } else if (strcmp(given.mode, "sync") == 0) {
        run(&given, load_one);
    } else if (strcmp(given.mode, "all_cores") == 0) {
        printf("resident_ms %.1f\n", loading_all_cores_ms(given.folder, SDL_GetCPUCount()));
    } else {
        loading_fail(given.mode, "is no mode");
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("peak_rss_mib %.1f\n", (double)usage.ru_maxrss / 1024);
    return 0;
}
