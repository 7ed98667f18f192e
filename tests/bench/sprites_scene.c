/* The scene that all contestants draw: its sprites lie by chance, the same for all, and each moves by one or
 * a few whole pixels a frame, so that nothing can be kept from one frame to the next. The sequence of chance
 * is one that also a program in Lua can follow, whose integers have 32 bits (sprites_love/main.lua).
 *
 * The first frames are not counted: drivers compile and allocate in them.
 */
#include "sprites_scene.h"

#include "bench.h"

enum { WARM_UP_FRAMES = 2, MOST_SPRITES = 1000000, MOST_FRAMES = 100000 };

void sprites_fail(const char *what, const char *why)
{
    fprintf(stderr, "bench_sprites: %s: %s\n", what, why);
    exit(1);
}

/* xorshift32. Source: Marsaglia, Journal of Statistical Software 8, 2003. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static int read_number(const char *text, long most)
{
    char *end = NULL;
    const long number = strtol(text, &end, 10);
    if (*end != '\0' || number < 1 || number > most) {
        sprites_fail(text, "is no such number");
    }
    return (int)number;
}

void sprites_open(sprites_scene *scene, int argc, char **argv)
{
    if (argc < 4 || argc > 5) {
        sprites_fail("usage", "SPRITES TEXTURES FRAMES [PICTURE.ppm]");
    }
    *scene = (sprites_scene){
        .count = read_number(argv[1], MOST_SPRITES),
        .textures = read_number(argv[2], SPRITES_MAX_TEXTURES),
        .frames = read_number(argv[3], MOST_FRAMES),
        .picture = argc == 5 ? argv[4] : NULL,
        .seed = 2463534242U,
    };
    const size_t count = (size_t)scene->count;
    scene->x = bench_memory(count * sizeof *scene->x);
    scene->y = bench_memory(count * sizeof *scene->y);
    scene->texture = bench_memory(count * sizeof *scene->texture);
    scene->start = bench_memory(count * 2 * sizeof *scene->start);
    for (size_t i = 0; i < count; ++i) {
        scene->start[i * 2] = next_random(&scene->seed) % (SPRITES_WIDTH - SPRITES_SIDE);
        scene->start[i * 2 + 1] = next_random(&scene->seed) % (SPRITES_HEIGHT - SPRITES_SIDE);
        scene->texture[i] = (uint16_t)(i % (size_t)scene->textures);
    }
}

void sprites_close(sprites_scene *scene)
{
    free(scene->x);
    free(scene->y);
    free(scene->texture);
    free(scene->start);
    *scene = (sprites_scene){0};
}

static void move(sprites_scene *scene)
{
    const uint32_t frame = (uint32_t)scene->frame;
    for (uint32_t i = 0; i < (uint32_t)scene->count; ++i) {
        const uint32_t x = scene->start[i * 2] + frame * (1 + i % 3);
        const uint32_t y = scene->start[i * 2 + 1] + frame * (1 + i % 2);
        scene->x[i] = (float)(x % (SPRITES_WIDTH - SPRITES_SIDE));
        scene->y[i] = (float)(y % (SPRITES_HEIGHT - SPRITES_SIDE));
        if (scene->picks_anew) {
            scene->texture[i] = (uint16_t)(next_random(&scene->seed) % (uint32_t)scene->textures);
        }
    }
}

void sprites_paint(unsigned char pixels[SPRITES_TEXTURE_BYTES], int texture, bool premultiplied)
{
    const int colors = (texture * 1597 + 2748) % SPRITES_MAX_TEXTURES; /* three bits a quadrant */
    for (int i = 0; i < SPRITES_SIDE * SPRITES_SIDE; ++i) {
        const int right = i % SPRITES_SIDE * 2 - (SPRITES_SIDE - 1);
        const int down = i / SPRITES_SIDE * 2 - (SPRITES_SIDE - 1);
        const int far = right * right + down * down;
        const int alpha = far >= 255 ? 0 : 255 - far;
        const int quadrant = (right > 0) + (down > 0) * 2;
        for (int channel = 0; channel < 3; ++channel) {
            const int is_full = colors >> (quadrant * 3 + channel) & 1;
            pixels[i * 4 + channel] = (unsigned char)(is_full * (premultiplied ? alpha : 255));
        }
        pixels[i * 4 + 3] = (unsigned char)alpha;
    }
}

double sprites_cpu_ms(void)
{
    struct timespec cpu;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
    return (double)cpu.tv_sec * 1e3 + (double)cpu.tv_nsec / 1e6;
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

double sprites_median(double *values, int count)
{
    if (count == 0) {
        return 0;
    }
    qsort(values, (size_t)count, sizeof *values, compare_doubles);
    return count % 2 != 0 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

bool sprites_is_picture(const sprites_scene *scene)
{
    return scene->picture != NULL && scene->frame == WARM_UP_FRAMES + scene->frames - 1;
}

bool sprites_is_measured(const sprites_scene *scene)
{
    return scene->frame >= WARM_UP_FRAMES;
}

void sprites_measure(sprites_scene *scene, const sprites_contestant *contestant)
{
    double *wall_ms = bench_memory((size_t)scene->frames * sizeof *wall_ms);
    double *cpu_ms = bench_memory((size_t)scene->frames * sizeof *cpu_ms);
    for (scene->frame = 0; scene->frame < WARM_UP_FRAMES + scene->frames; ++scene->frame) {
        move(scene);
        const double start_ms = bench_now_ns() / 1e6;
        const double start_cpu_ms = sprites_cpu_ms();
        contestant->draw(contestant->user, scene);
        const double end_cpu_ms = sprites_cpu_ms();
        const double end_ms = bench_now_ns() / 1e6;
        if (sprites_is_measured(scene)) {
            wall_ms[scene->frame - WARM_UP_FRAMES] = end_ms - start_ms;
            cpu_ms[scene->frame - WARM_UP_FRAMES] = end_cpu_ms - start_cpu_ms;
        }
        if (contestant->show != NULL) {
            contestant->show(contestant->user, scene);
        }
    }
    printf("wall_ms %.4f\n", sprites_median(wall_ms, scene->frames));
    printf("cpu_ms %.4f\n", sprites_median(cpu_ms, scene->frames));
    printf("renderer %s\n", contestant->renderer);
    free(wall_ms);
    free(cpu_ms);
}
