/* Images without a window, and pictures that a test can hold up: a cache on the fake GPU, whose clock stands still,
 * so that all that is decoded goes up in the next frame; and a gate at which workers wait with what they paint or
 * decode, so that a test sees each state and each order without waiting for time to pass.
 *
 * Pictures are of one colour, so that they look the same in all sizes. They are paintings, or files of a format that
 * the studio's decoder reads: "GATE", a number, width, height, and the colour in four bytes. */
#ifndef PIXCACHE_TESTS_STUDIO_H
#define PIXCACHE_TESTS_STUDIO_H

#include "engine_fixture.h"

#include <glad/gl.h>

#include <pthread.h>
#include <sched.h>
#include <time.h>

enum { STUDIO_NUMBERS = 256, STUDIO_MOST_BEGUN = 4096, STUDIO_PATIENCE_S = 60, GATE_FILE_BYTES = 11 };

struct studio;

typedef struct easel {
    struct studio *studio;
    int number;
    uint32_t color;      /* 0xRRGGBBAA, premultiplied */
    const char *refuses; /* why it can not be painted; NULL = it can, "" = no reason given */
} easel;

typedef struct studio {
    fake_gpu gpu;
    pxc_cache *cache;
    pxe_profile *profile;
    pxe_images *images;
    int told; /* calls of on_failed */
    char told_path[PATH_BYTES], told_reason[1024];

    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* Under lock. */
    bool is_open;
    int passes;                   /* may go on though the gate is closed */
    int begun, done;              /* paintings and decodes */
    int order[STUDIO_MOST_BEGUN]; /* by number, in which they began */
    easel easels[STUDIO_NUMBERS]; /* each for one painting */
    pxe_decoder decoder;
} studio;

/* Waits for the worker or for a frame to make it true. Each round costs a step. */
#define UNTIL(condition, step)                                                                               \
    for (const time_t until_s = time(NULL) + STUDIO_PATIENCE_S; !(condition);) {                             \
        if (time(NULL) > until_s) {                                                                          \
            fail_msg("%d: waited in vain for %s", __LINE__, #condition);                                     \
        }                                                                                                    \
        step;                                                                                                \
        sched_yield();                                                                                       \
    }

/* ---- The gate ---------------------------------------------------------------------------------------------------*/

/* Under lock. */
static inline bool changes_in_time(studio *s)
{
    const struct timespec end = {.tv_sec = time(NULL) + STUDIO_PATIENCE_S};
    return pthread_cond_timedwait(&s->changed, &s->lock, &end) == 0;
}

/* On a worker: begins, and waits until it may go on; in the end the test fails if it never may. */
static inline void gate_pass(studio *s, int number)
{
    pthread_mutex_lock(&s->lock);
    if (s->begun < STUDIO_MOST_BEGUN) {
        s->order[s->begun] = number;
    }
    ++s->begun;
    pthread_cond_broadcast(&s->changed);
    while (!s->is_open && s->passes == 0 && changes_in_time(s)) {
    }
    s->passes -= s->passes > 0 ? 1 : 0;
    ++s->done;
    pthread_mutex_unlock(&s->lock);
}

/* Waits until so many have begun in all. */
static inline void gate_wait(studio *s, int begun)
{
    pthread_mutex_lock(&s->lock);
    while (s->begun < begun && changes_in_time(s)) {
    }
    const int now = s->begun;
    pthread_mutex_unlock(&s->lock);
    if (now < begun) {
        fail_msg("%d of %d have begun", now, begun);
    }
}

static inline int gate_begun(studio *s)
{
    pthread_mutex_lock(&s->lock);
    const int begun = s->begun;
    pthread_mutex_unlock(&s->lock);
    return begun;
}

/* That have gone through the gate. */
static inline int gate_done(studio *s)
{
    pthread_mutex_lock(&s->lock);
    const int done = s->done;
    pthread_mutex_unlock(&s->lock);
    return done;
}

static inline void gate_set(studio *s, bool is_open)
{
    pthread_mutex_lock(&s->lock);
    s->is_open = is_open;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

/* Lets so many more through. */
static inline void gate_let(studio *s, int count)
{
    pthread_mutex_lock(&s->lock);
    s->passes += count;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

/* The number that began as the n-th, from 0 on. */
static inline int gate_nth(studio *s, int n)
{
    pthread_mutex_lock(&s->lock);
    const int number = n < s->begun ? s->order[n] : -1;
    pthread_mutex_unlock(&s->lock);
    return number;
}

/* ---- Pictures ---------------------------------------------------------------------------------------------------*/

static inline void fill(unsigned char *pixels, int width, int height, uint32_t color)
{
    for (int i = 0; i < width * height; ++i) {
        for (int channel = 0; channel < 4; ++channel) {
            pixels[4 * i + channel] = (unsigned char)(color >> (24 - 8 * channel));
        }
    }
}

static inline bool easel_paint(void *user, unsigned char *pixels, int width, int height, pxe_error *error)
{
    const easel *it = user;
    gate_pass(it->studio, it->number);
    if (it->refuses != NULL) {
        return *it->refuses == '\0' ? false
                                    : (snprintf(error->text, sizeof error->text, "%s", it->refuses), false);
    }
    fill(pixels, width, height, it->color);
    return true;
}

/* A painting of the number's own colour. */
static inline pxe_image studio_paint(studio *s, int number, int side_px, const pxe_image_options *options)
{
    char name[32];
    snprintf(name, sizeof name, "painting %d", number);
    const pxe_painting painting = {side_px, side_px, easel_paint, &s->easels[number]};
    const pxe_image image = pxe_images_paint(s->images, name, &painting, options);
    assert_true(image.id != 0);
    return image;
}

static inline bool gate_recognizes(void *user, const void *bytes, size_t size_bytes)
{
    (void)user;
    return size_bytes >= 4 && memcmp(bytes, "GATE", 4) == 0;
}

static inline bool gate_info(void *user, const void *bytes, size_t size_bytes, pxe_picture_size *out,
                             pxe_error *error)
{
    const unsigned char *at = bytes;
    (void)user;
    if (size_bytes != GATE_FILE_BYTES) {
        snprintf(error->text, sizeof error->text, "is cut short");
        return false;
    }
    *out = (pxe_picture_size){at[5], at[6]};
    return true;
}

static inline bool gate_decode(void *user, const void *bytes, size_t size_bytes, const pxe_decode_target *to,
                               pxe_error *error)
{
    const unsigned char *at = bytes;
    (void)size_bytes;
    (void)error;
    gate_pass(user, at[4]);
    fill(to->pixels, to->size.width, to->size.height,
         (uint32_t)at[7] << 24 | (uint32_t)at[8] << 16 | (uint32_t)at[9] << 8 | at[10]);
    return true;
}

static inline void gate_file_bytes(unsigned char *to, int number, int side_px, uint32_t color)
{
    memcpy(to, "GATE", 4);
    to[4] = (unsigned char)number;
    to[5] = to[6] = (unsigned char)side_px;
    fill(to + 7, 1, 1, color);
}

static inline void write_gate_file(const char *path, int number, int side_px, uint32_t color)
{
    unsigned char bytes[GATE_FILE_BYTES];
    gate_file_bytes(bytes, number, side_px, color);
    write_file(path, bytes, sizeof bytes);
}

/* ---- The studio -------------------------------------------------------------------------------------------------*/

static void GLAD_API_PTR no_queries(GLsizei count, GLuint *queries)
{
    memset(queries, 0, (size_t)count * sizeof *queries);
}

static void GLAD_API_PTR no_queries_to_delete(GLsizei count, const GLuint *queries)
{
    (void)count;
    (void)queries;
}

static inline void studio_hear(void *user, const char *path, const char *reason)
{
    studio *s = user;
    ++s->told;
    snprintf(s->told_path, sizeof s->told_path, "%s", path);
    snprintf(s->told_reason, sizeof s->told_reason, "%s", reason);
}

/* For what differs from the default; backend and clock, cache, profile and decoder are filled in, and
 * on_failed if nobody is given. */
typedef struct studio_config {
    pxc_config cache;
    pxe_images_config images;
} studio_config;

static inline void studio_open(studio *s, studio_config config)
{
    static GladGLContext no_gl;
    pxe_error error = {""};
    no_gl.GenQueries = no_queries;
    no_gl.DeleteQueries = no_queries_to_delete;
    memset(s, 0, sizeof *s);
    fake_gpu_init(&s->gpu);
    config.cache.backend = &s->gpu.backend;
    config.cache.now_us = fake_gpu_now_us;
    config.cache.now_us_user = &s->gpu;
    assert_int_equal(pxc_create(&config.cache, &s->cache), PXC_OK);
    s->profile = pxe_profile_create(&no_gl, 1, 0);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    s->decoder = (pxe_decoder){"GATE", gate_recognizes, gate_info, gate_decode, true, s};
    for (int i = 0; i < STUDIO_NUMBERS; ++i) {
        s->easels[i] = (easel){s, i, (uint32_t)i << 24 | (uint32_t)(255 - i) << 16 | 0x50FF, NULL};
    }
    config.images.cache = s->cache;
    config.images.profile = s->profile;
    config.images.decode.decoders = &s->decoder;
    config.images.decode.decoder_count = 1;
    if (config.images.on_failed == NULL) {
        config.images.on_failed = studio_hear;
        config.images.on_failed_user = s;
    }
    if (!pxe_images_create(&config.images, &s->images, &error)) {
        fail_msg("no images: %s", error.text);
    }
}

/* One worker, and a closed gate. */
static inline void studio_open_small(studio *s, size_t limit_bytes)
{
    studio_open(s, (studio_config){.cache = {.limit_bytes = limit_bytes}, .images = {.workers = 1}});
}

/* With the images gone already if a test has destroyed them. */
static inline void studio_close(studio *s)
{
    gate_set(s, true);
    assert_true(pxe_images_destroy(s->images, NULL));
    assert_int_equal(pxc_validate(s->cache), PXC_OK);
    assert_int_equal(pxc_destroy(s->cache), PXC_OK);
    fake_gpu_assert_clean(&s->gpu);
    fake_gpu_free(&s->gpu);
    pxe_profile_destroy(s->profile);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
}

/* A whole frame in which these are asked for. Result: how many are not loading any more. */
static inline int studio_frame(studio *s, const pxe_image *list, int count)
{
    int settled = 0;
    pxe_images_update(s->images);
    for (int i = 0; i < count; ++i) {
        pxc_texture texture;
        settled += pxe_image_loading(pxe_images_texture(s->images, list[i], &texture)) ? 0 : 1;
    }
    assert_int_equal(pxc_frame_end(s->cache), PXC_OK);
    assert_int_equal(pxc_validate(s->cache), PXC_OK);
    assert_true(pxc_used(s->cache) <= pxc_limit(s->cache));
    return settled;
}

static inline void studio_frames(studio *s, int count)
{
    for (int i = 0; i < count; ++i) {
        studio_frame(s, NULL, 0);
    }
}

static inline pxe_image_state studio_state(studio *s, pxe_image image)
{
    pxc_texture texture;
    return pxe_images_peek(s->images, image, &texture);
}

/* Frames until it is ready or failed. */
static inline pxe_image_state studio_settle(studio *s, pxe_image image)
{
    UNTIL(studio_frame(s, &image, 1) == 1, (void)0);
    return pxe_images_info(s->images, image).state;
}

/* Frames in which these are asked for, until nothing is under way. */
static inline void studio_drain(studio *s, const pxe_image *list, int count)
{
    UNTIL(pxe_images_pending(s->images) == 0, studio_frame(s, list, count));
}

/* Pixels of one level and of all below it. */
static inline int pixels_of(int width, int height)
{
    int pixels = width * height;
    while (width > 1 || height > 1) {
        width = width > 1 ? width / 2 : 1;
        height = height > 1 ? height / 2 : 1;
        pixels += width * height;
    }
    return pixels;
}

/* Its mip levels, too, if the engine has made them: without memory the GPU does. */
static inline bool is_flat(const studio *s, const pxc_texture *texture, uint32_t color)
{
    const int count = pixels_of(texture->width, texture->height);
    unsigned char *pixels = malloc((size_t)count * 4);
    assert_non_null(pixels);
    fill(pixels, count, 1, color);
    pxc_pixmap expected = {.pixels = pixels, .width = texture->width, .height = texture->height};
    const fake_texture *actual = fake_gpu_texture(&s->gpu, texture->name);
    bool is_same = actual != NULL && actual->checksum == fake_gpu_checksum(&expected);
    if (actual != NULL && actual->mipmaps && !is_same) {
        expected.mipmaps = true;
        expected.mip_pixels = pixels + (size_t)texture->width * (size_t)texture->height * 4;
        is_same = actual->checksum == fake_gpu_checksum(&expected);
    }
    free(pixels);
    return is_same;
}

/* Asserts that it is resident, with this size and colour; no use. */
static inline void assert_resident(studio *s, pxe_image image, int side_px, uint32_t color)
{
    pxc_texture texture;
    assert_int_equal(pxe_images_peek(s->images, image, &texture), PXE_IMAGE_READY);
    assert_int_equal(texture.width, side_px);
    assert_int_equal(texture.height, side_px);
    assert_true(is_flat(s, &texture, color));
}

#endif
