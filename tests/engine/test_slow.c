/* Slow frames name the pictures that made them slow: those whose upload or decode was slowed down here, and no others. */
#include "engine_fixture.h"

#include <string.h>
#include <time.h>

enum { SLOW_MS = 40, QUIET_FRAMES = 20, SLOW_WIDTH = 77, SIDE = 16 };

/* The null backend, but that pixmaps of one width take their time. The cache's own clock sees it pass. */
static struct {
    pxc_backend null;
    int slow_width;
} gpu;

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* What is measured is work, so this works; a little longer than asked for, because other clocks may run slower. */
static void spend(int ms)
{
    const double end_ms = now_ms() + ms + 1;
    while (now_ms() < end_ms) {
    }
}

static pxc_status create_texture(void *state, const pxc_pixmap *pixmap, uint32_t *name)
{
    if (pixmap->width == gpu.slow_width) {
        spend(SLOW_MS);
    }
    return gpu.null.create_texture(state, pixmap, name);
}

static stage s;
static pxe_profile *profile;
static pxc_cache *cache;
static pxe_images *images;

static void open_all(int workers)
{
    pxe_error error;
    stage_open(&s, 4, 4);
    profile = pxe_profile_create(pxe_window_gl(s.engine->window), 256, 0);
    assert_non_null(profile);
    gpu.null = *pxc_null_backend();
    gpu.slow_width = 0;
    pxc_backend backend = gpu.null;
    backend.create_texture = create_texture;
    backend.begin_texture = NULL; /* so that all goes up whole */
    backend.upload_rows = NULL;
    backend.finish_texture = NULL;
    backend.prepare_texture = NULL;
    backend.finish_preparing = NULL;
    backend.fill_part = NULL;
    backend.copy_part = NULL;
    const pxc_config config = {.backend = &backend,
                               .limit_bytes = 1 << 20,
                               .on_work = pxe_profile_on_work,
                               .on_work_user = profile,
                               .on_evict = pxe_profile_on_evict,
                               .on_evict_user = profile};
    assert_int_equal(pxc_create(&config, &cache), PXC_OK);
    const pxe_images_config images_config = {.cache = cache, .profile = profile, .workers = workers};
    assert_true(pxe_images_create(&images_config, &images, &error));
}

static void close_all(void)
{
    pxe_images_destroy(images, NULL);
    pxc_destroy(cache);
    pxe_profile_destroy(profile);
    stage_close(&s);
}

static bool paint_fast(void *user, unsigned char *pixels, int width, int height, pxe_error *error)
{
    (void)user;
    (void)width;
    (void)height;
    (void)error;
    pixels[0] = 1;
    return true;
}

static bool paint_slowly(void *user, unsigned char *pixels, int width, int height, pxe_error *error)
{
    spend(SLOW_MS);
    return paint_fast(user, pixels, width, height, error);
}

static pxe_image painting(const char *name, int width, pxe_paint_fn paint)
{
    const pxe_painting it = {.width = width, .height = SIDE, .paint = paint};
    const pxe_image image = pxe_images_paint(images, name, &it, NULL);
    assert_int_not_equal(image.id, 0);
    return image;
}

/* A frame of a few milliseconds, which asks for these. */
static void frame(const pxe_image *asked, size_t count)
{
    pxc_stats stats;
    pxc_texture texture;
    pxe_profile_begin(profile);
    pxe_images_update(images);
    spend(2);
    for (size_t i = 0; i < count; ++i) {
        pxe_images_texture(images, asked[i], &texture);
    }
    assert_int_equal(pxc_frame_end(cache), PXC_OK);
    assert_int_equal(pxc_get_stats(cache, &stats), PXC_OK);
    pxe_profile_end(profile, &stats, 0, 0);
}

static void quiet_frames(void)
{
    for (int i = 0; i < QUIET_FRAMES; ++i) {
        frame(NULL, 0);
    }
}

/* The record of the frame that was just ended; it must be slow. */
static pxe_slow_frame newest(void)
{
    static pxe_slow_frame slow[PXE_SLOW_FRAMES];
    const uint64_t frame_number = pxe_profile_last(profile)->frame;
    assert_true(pxe_profile_slow_frames(profile, slow, PXE_SLOW_FRAMES) > 0);
    assert_int_equal(slow[0].frame.frame, frame_number);
    return slow[0];
}

static void assert_blamed(const pxe_slow_frame *slow, pxe_work work, const char *name)
{
    char text[512];
    assert_true(slow->blame_count > 0);
    assert_int_equal(slow->blames[0].work, work);
    assert_string_equal(slow->blames[0].picture, name);
    assert_true(slow->blames[0].ms >= SLOW_MS && slow->blames[0].ms <= slow->frame.frame_ms);
    pxe_slow_frame_text(slow, text, sizeof text);
    assert_non_null(strstr(text, name));
    assert_non_null(strstr(text, pxe_work_name(work)));
}

static void a_slow_upload_is_named(void **state)
{
    (void)state;
    open_all(PXE_NO_WORKERS);
    gpu.slow_width = SLOW_WIDTH;
    const pxe_image asked[] = {painting("fast one", SIDE, paint_fast),
                               painting("culprit", SLOW_WIDTH, paint_fast),
                               painting("fast two", SIDE + 1, paint_fast)};
    quiet_frames();
    frame(asked, 3);
    const pxe_slow_frame slow = newest();
    assert_blamed(&slow, PXE_WORK_UPLOAD, "culprit");
    assert_int_equal(slow.blames[0].bytes, SLOW_WIDTH * SIDE * 4);
    assert_true(slow.frame.upload_ms >= SLOW_MS && slow.frame.cache_ms >= SLOW_MS);
    assert_true(slow.frame.section_ms[PXE_SECTION_INSERT] >= SLOW_MS);
    assert_int_equal(slow.frame.first_misses, 3);
    frame(asked, 3); /* there now */
    assert_int_equal(pxe_profile_last(profile)->misses, 0);
    close_all();
}

static void a_slow_upload_of_what_a_worker_has_made_is_named(void **state)
{
    (void)state;
    open_all(1);
    gpu.slow_width = SLOW_WIDTH;
    const pxe_image asked[] = {painting("culprit", SLOW_WIDTH, paint_fast)};
    quiet_frames();
    while (pxe_profile_last(profile)->uploads == 0) {
        frame(asked, 1);
    }
    const pxe_slow_frame slow = newest();
    assert_blamed(&slow, PXE_WORK_UPLOAD, "culprit");
    assert_true(slow.frame.section_ms[PXE_SECTION_UPDATE] >= SLOW_MS);
    close_all();
}

static void a_slow_decode_in_the_frame_is_named(void **state)
{
    (void)state;
    open_all(PXE_NO_WORKERS);
    const pxe_image asked[] = {painting("fast", SIDE, paint_fast), painting("culprit", SIDE, paint_slowly)};
    quiet_frames();
    frame(asked, 2);
    const pxe_slow_frame slow = newest();
    assert_blamed(&slow, PXE_WORK_DECODE, "culprit");
    assert_true(slow.frame.section_ms[PXE_SECTION_LOAD] >= SLOW_MS);
    close_all();
}

/* It costs the worker's time, and no frame's; the picture was late meanwhile. */
static void a_slow_decode_on_a_worker_is_the_pictures_and_no_frames(void **state)
{
    (void)state;
    open_all(1);
    const pxe_image asked[] = {painting("culprit", SIDE, paint_slowly)};
    pxe_picture_cost cost;
    pxe_profile_set_slow_ms(profile, 1); /* so that each frame is kept with what it did */
    while (pxe_profile_last(profile) == NULL || pxe_profile_last(profile)->uploads == 0) {
        frame(asked, 1);
        const pxe_slow_frame slow = newest();
        assert_true(slow.blame_count == 0 || slow.blames[0].work == PXE_WORK_UPLOAD);
    }
    assert_int_equal(pxe_profile_pictures(profile, PXE_BY_COST, &cost, 1), 1);
    assert_string_equal(cost.name, "culprit");
    assert_true(cost.decode_ms >= SLOW_MS);
    assert_true(cost.late_draws > 0);
    assert_int_equal(pxe_profile_pictures(profile, PXE_BY_LATE, &cost, 1), 1);
    assert_string_equal(cost.name, "culprit");
    assert_int_equal(cost.misses, 1);
    close_all();
}

static void what_is_slow_follows_the_median_of_the_frames_before(void **state)
{
    (void)state;
    open_all(PXE_NO_WORKERS);
    pxe_profile_begin(profile);
    spend(SLOW_MS);
    pxe_profile_end(profile, &(pxc_stats){0}, 0, 0);
    assert_int_equal(pxe_profile_slow_count(profile), 0); /* nothing to compare the first with */
    for (int i = 0; i < PXE_MEDIAN_FRAMES; ++i) {
        pxe_profile_begin(profile);
        spend(SLOW_MS / 10);
        pxe_profile_end(profile, &(pxc_stats){0}, 0, 0);
    }
    const uint64_t before = pxe_profile_slow_count(profile);
    pxe_profile_begin(profile);
    spend(SLOW_MS);
    pxe_profile_end(profile, &(pxc_stats){0}, 0, 0);
    assert_int_equal(pxe_profile_slow_count(profile), before + 1);
    const pxe_slow_frame slow = newest();
    assert_true(slow.median_ms >= SLOW_MS / 10 && slow.median_ms < SLOW_MS / 2);
    assert_int_equal(slow.blame_count, 0);

    pxe_profile_set_slow_ms(profile, SLOW_MS * 2); /* or a threshold of one's own */
    pxe_profile_begin(profile);
    spend(SLOW_MS);
    pxe_profile_end(profile, &(pxc_stats){0}, 0, 0);
    assert_int_equal(pxe_profile_slow_count(profile), before + 1);
    close_all();
}

/* More pieces than are kept: the longest are, and the others counted. */
static void the_longest_pieces_are_kept(void **state)
{
    (void)state;
    enum { PIECES = 3 * PXE_BLAMES };
    pxe_image asked[PIECES];
    open_all(PXE_NO_WORKERS);
    quiet_frames();
    for (int i = 0; i < PIECES; ++i) {
        char name[32];
        snprintf(name, sizeof name, "picture %d", i);
        asked[i] = painting(name, SIDE + i, i == PIECES / 2 ? paint_slowly : paint_fast);
    }
    frame(asked, PIECES);
    const pxe_slow_frame slow = newest();
    assert_int_equal(slow.blame_count, PXE_BLAMES);
    assert_int_equal(slow.more, 2 * PIECES - PXE_BLAMES);
    assert_blamed(&slow, PXE_WORK_DECODE, "picture 12");
    for (uint32_t i = 1; i < slow.blame_count; ++i) {
        assert_true(slow.blames[i - 1].ms >= slow.blames[i].ms);
    }
    close_all();
}

static void what_can_not_be_read_is_not_decoded(void **state)
{
    (void)state;
    open_all(PXE_NO_WORKERS);
    pxe_profile_set_slow_ms(profile, 1);
    const pxe_image asked[] = {pxe_images_open(images, "/no/such/folder/it.png", NULL)};
    frame(asked, 1);
    const pxe_slow_frame slow = newest();
    assert_int_equal(slow.blame_count, 1);
    assert_int_equal(slow.blames[0].work, PXE_WORK_READ);
    close_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_upload_is_named),
        cmocka_unit_test(a_slow_upload_of_what_a_worker_has_made_is_named),
        cmocka_unit_test(a_slow_decode_in_the_frame_is_named),
        cmocka_unit_test(a_slow_decode_on_a_worker_is_the_pictures_and_no_frames),
        cmocka_unit_test(what_is_slow_follows_the_median_of_the_frames_before),
        cmocka_unit_test(the_longest_pieces_are_kept),
        cmocka_unit_test(what_can_not_be_read_is_not_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
