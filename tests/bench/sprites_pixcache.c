/* pixcache's own place in the benchmark of sprites: cache and batch by their public functions, as a game
 * calls them. Each frame finds each sprite's texture by its key and draws it.
 *
 * Beside the frame it measures what finding and drawing alone take of the thread's time, without the flushes,
 * in which the driver works: sprites are drawn in chunks, the batch's own counter of draw calls tells in
 * which of them it flushed, and those that it did not flush in say what a sprite takes.
 *
 * Under a limit a sprite whose texture is gone inserts it again at once, and the cache must keep the promise
 * that after each frame no more than the limit is used.
 */
#include "sprites.h"

#include "bench.h"

#include <glad/gl.h>
#include <pxe/engine.h>

enum { CHUNK = 1000, CLEAR = (SPRITES_RED << 24) + (SPRITES_GREEN << 16) + (SPRITES_BLUE << 8) + 255 };

typedef struct flow {
    uint64_t misses, refused; /* refused: the cache would not insert; the sprite is missing */
    uint64_t used_bytes;      /* the most at the end of a frame */
    uint64_t over_limit;      /* frames that ended with more than the limit in use */
} flow;

typedef struct pixcache_state {
    pxe_engine *engine;
    pxc_key keys[SPRITES_MAX_TEXTURES];
    double *submit_ms, *flush_ms; /* of each frame that is measured */
    int measured;
    uint32_t draws; /* of the last frame */
    const sprites_scene *scene;
    pxc_stats before; /* the first frame that is measured */
    flow flow;        /* since then */
} pixcache_state;

static pxc_status insert(pixcache_state *it, int texture)
{
    unsigned char pixels[SPRITES_TEXTURE_BYTES];
    const pxc_pixmap pixmap = {
        .pixels = pixels, .width = SPRITES_SIDE, .height = SPRITES_SIDE, .format = PXC_RGBA8};
    sprites_paint(pixels, texture, true);
    return pxc_insert(it->engine->cache, &pixmap, &it->keys[texture]);
}

static void open_engine(pixcache_state *it, const sprites_scene *scene, size_t limit_bytes)
{
    const pxe_engine_config config = {
        .window = {.title = "sprites", .width = SPRITES_WIDTH, .height = SPRITES_HEIGHT, .headless = true},
        .limit_bytes = limit_bytes,
        .workers = PXE_NO_WORKERS,
    };
    pxe_error error;
    if (!pxe_engine_create(&config, &it->engine, &error)) {
        sprites_fail("the engine", error.text);
    }
    it->submit_ms = bench_memory((size_t)scene->frames * sizeof *it->submit_ms);
    it->flush_ms = bench_memory((size_t)scene->frames * sizeof *it->flush_ms);
}

/* False if it is gone and the cache has no room for it in this frame. */
static bool find_again(pixcache_state *it, int texture, pxc_texture *out)
{
    ++it->flow.misses;
    if (insert(it, texture) != PXC_OK) {
        ++it->flow.refused;
        return false;
    }
    return pxc_peek(it->engine->cache, it->keys[texture], out) == PXC_OK;
}

static void draw_sprites(pixcache_state *it, const sprites_scene *scene, int first, int end)
{
    pxe_sprites *sprites = it->engine->sprites;
    pxc_cache *cache = it->engine->cache;
    for (int i = first; i < end; ++i) {
        const int texture = scene->texture[i];
        pxe_sprite sprite = {.x = scene->x[i], .y = scene->y[i]};
        if (pxc_find(cache, it->keys[texture], &sprite.texture) == PXC_OK ||
            find_again(it, texture, &sprite.texture)) {
            pxe_sprites_draw(sprites, &sprite);
        }
    }
}

/* Draws and flushes all, and keeps what each took of the thread's time; see the head of this file. */
static void draw_measured(pixcache_state *it, const sprites_scene *scene)
{
    double unflushed_ms = 0;
    double flushed_ms = 0;
    int unflushed = 0;
    uint32_t draws = 0;
    uint32_t drawn = 0;
    it->draws = 0;
    for (int first = 0; first < scene->count; first += CHUNK) {
        const int end = first + CHUNK < scene->count ? first + CHUNK : scene->count;
        const double start_ms = sprites_cpu_ms();
        draw_sprites(it, scene, first, end);
        const double spent_ms = sprites_cpu_ms() - start_ms;
        pxe_sprites_take_counts(it->engine->sprites, &draws, &drawn);
        it->draws += draws;
        unflushed += draws == 0 ? end - first : 0;
        unflushed_ms += draws == 0 ? spent_ms : 0;
        flushed_ms += draws == 0 ? 0 : spent_ms;
    }
    const double start_ms = sprites_cpu_ms();
    pxe_sprites_flush(it->engine->sprites);
    const double spent_ms = sprites_cpu_ms() - start_ms + unflushed_ms + flushed_ms;
    pxe_sprites_take_counts(it->engine->sprites, &draws, &drawn);
    it->draws += draws;
    if (sprites_is_measured(scene)) {
        const double submit_ms = unflushed > 0 ? unflushed_ms * scene->count / unflushed : flushed_ms;
        it->submit_ms[it->measured] = submit_ms;
        it->flush_ms[it->measured++] = spent_ms > submit_ms ? spent_ms - submit_ms : 0;
    }
}

static void read_screen(void *user)
{
    const pixcache_state *it = user;
    sprites_read_screen(it->scene, pxe_window_gl(it->engine->window));
}

static void draw(void *user, const sprites_scene *scene)
{
    pixcache_state *it = user;
    if (it->measured == 0) {
        it->flow = (flow){0};
        pxc_get_stats(it->engine->cache, &it->before);
    }
    pxe_frame_begin(it->engine, CLEAR);
    draw_measured(it, scene);
    it->scene = scene;
    pxe_frame_end(it->engine, sprites_is_picture(scene) ? read_screen : NULL, it);
}

/* After a frame, with the clocks stopped. */
static void note_use(void *user, const sprites_scene *scene)
{
    pixcache_state *it = user;
    const uint64_t used_bytes = pxc_used(it->engine->cache);
    (void)scene;
    it->flow.used_bytes = used_bytes > it->flow.used_bytes ? used_bytes : it->flow.used_bytes;
    it->flow.over_limit += used_bytes > pxc_limit(it->engine->cache);
}

static void measure(pixcache_state *it, sprites_scene *scene)
{
    const GladGLContext *gl = pxe_window_gl(it->engine->window);
    sprites_measure(scene, &(sprites_contestant){
                               .user = it,
                               .renderer = (const char *)gl->GetString(GL_RENDERER),
                               .draw = draw,
                               .show = note_use,
                           });
}

static void close_engine(pixcache_state *it)
{
    pxe_engine_destroy(it->engine, NULL);
    free(it->submit_ms);
    free(it->flush_ms);
    free(it);
}

static pixcache_state *new_state(void)
{
    pixcache_state *it = bench_memory(sizeof *it);
    *it = (pixcache_state){0};
    return it;
}

void sprites_run_pixcache(sprites_scene *scene)
{
    pixcache_state *it = new_state();
    open_engine(it, scene, 0);
    for (int i = 0; i < scene->textures; ++i) {
        const pxc_status status = insert(it, i);
        if (status != PXC_OK) {
            sprites_fail("the cache", pxc_status_text(status));
        }
    }
    measure(it, scene);
    const double submit_ms = sprites_median(it->submit_ms, it->measured);
    printf("submit_ms %.4f\n", submit_ms);
    printf("submit_ns %.1f\n", submit_ms * 1e6 / scene->count);
    printf("flush_ms %.4f\n", sprites_median(it->flush_ms, it->measured));
    printf("draws %u\n", it->draws);
    close_engine(it);
}

static void run_random(sprites_scene *scene, size_t limit_bytes)
{
    pixcache_state *it = new_state();
    scene->picks_anew = true;
    open_engine(it, scene, limit_bytes);
    measure(it, scene);
    pxc_stats after;
    pxc_get_stats(it->engine->cache, &after);
    printf("evictions %.1f\n", (double)(after.evictions - it->before.evictions) / scene->frames);
    printf("misses %.1f\n", (double)it->flow.misses / scene->frames);
    printf("refused %.1f\n", (double)it->flow.refused / scene->frames);
    printf("used_bytes %llu\n", (unsigned long long)it->flow.used_bytes);
    printf("limit_bytes %zu\n", pxc_limit(it->engine->cache));
    printf("over_limit %llu\n", (unsigned long long)it->flow.over_limit);
    close_engine(it);
}

void sprites_run_random(sprites_scene *scene)
{
    run_random(scene, 0);
}

/* 80 % of what all textures take alone, without what sharing a texture saves or wastes. */
void sprites_run_limit(sprites_scene *scene)
{
    const size_t cost = pxc_texture_cost(PXC_RGBA8, SPRITES_SIDE, SPRITES_SIDE, false);
    run_random(scene, (size_t)scene->textures * cost * 8 / 10);
}
