/* The curve of a session tells what the same session does under every other limit: each is played for real and compared,
 * to the last hit and the last byte. And what --record writes gives the same curve. */
#include "engine_fixture.h"

#include <string.h>

enum { PICTURES = 60, FRAMES = 400, KIB = 1024, SMALLEST_KIB = 40, LARGEST_KIB = 400, LIMITS = 12 };

static unsigned char pixels[64 * 64 * 4];
static stage s;
static pxe_image images[PICTURES];

static void open_session(size_t limit_bytes, const char *record_path)
{
    stage_open_config(&s, (pxe_engine_config){.window = {.width = 4, .height = 4},
                                              .limit_bytes = limit_bytes,
                                              .own_textures = true,
                                              .record_path = record_path});
    for (int i = 0; i < PICTURES; ++i) {
        char name[32];
        snprintf(name, sizeof name, "picture %d", i);
        const pxc_pixmap pixmap = {.pixels = pixels, .width = 11 + i % 50, .height = 13 + i * 7 % 41};
        images[i] = pxe_images_from_pixels(s.engine->images, name, &pixmap, NULL, NULL);
        assert_int_not_equal(images[i].id, 0);
    }
}

/* Some pictures are used much, some now and then, and a view moves over all; some twice in a frame. */
static void play(uint64_t seed)
{
    for (int frame = 0; frame < FRAMES; ++frame) {
        pxc_texture texture;
        stage_begin(&s, 0);
        for (int i = 0; i < 7; ++i) {
            const uint32_t kind = random_below(&seed, 3);
            const uint32_t picture = kind == 0   ? random_below(&seed, PICTURES)
                                     : kind == 1 ? random_below(&seed, 5)
                                                 : ((uint32_t)frame / 4 + (uint32_t)i) % PICTURES;
            assert_int_equal(pxe_images_texture(s.engine->images, images[picture], &texture),
                             PXE_IMAGE_READY);
        }
        pxe_frame_end(s.engine, NULL, NULL);
    }
}

static void the_curve_tells_what_other_limits_do(void **state)
{
    (void)state;
    pxe_curve_point told[LIMITS];
    const size_t step_kib = (LARGEST_KIB - SMALLEST_KIB) / (LIMITS - 1);
    open_session((size_t)SMALLEST_KIB * KIB, NULL);
    play(5);
    const pxe_curve *curve = pxe_profile_curve(s.engine->profile);
    const pxe_curve_totals sum = pxe_curve_sum(curve);
    assert_int_equal(sum.accesses, FRAMES * 7);
    assert_true(sum.followed == 1);
    for (size_t i = 0; i < LIMITS; ++i) {
        told[i] = pxe_curve_at(curve, (SMALLEST_KIB + i * step_kib) * KIB);
    }
    stage_close(&s);
    for (size_t i = 0; i < LIMITS; ++i) {
        pxc_stats stats;
        open_session((SMALLEST_KIB + i * step_kib) * KIB, NULL);
        play(5);
        assert_int_equal(pxc_get_stats(s.engine->cache, &stats), PXC_OK);
        assert_int_equal(told[i].limit_bytes, stats.limit_bytes);
        assert_int_equal(told[i].hits, stats.hits);
        assert_int_equal(sum.accesses - told[i].hits, stats.misses);
        assert_int_equal(told[i].upload_bytes, stats.upload_bytes);
        stage_close(&s);
    }
    assert_true(told[0].hits < told[LIMITS - 1].hits);
}

/* Reads frame, key and bytes of each row; the name is the last field, and has no line break. */
static pxe_curve *curve_of_record(const char *path)
{
    buffer file = read_file(path);
    buffer_add_byte(&file, 0);
    pxe_curve *curve = pxe_curve_create(NULL);
    assert_non_null(curve);
    uint64_t frame = 0;
    const char *at = strchr((const char *)file.bytes, '\n');
    assert_non_null(at);
    for (++at; *at != '\0'; at = strchr(at, '\n') + 1) {
        char *end = NULL;
        const uint64_t number = strtoull(at, &end, 10);
        const uint64_t key = strtoull(end + 1, &end, 10);
        const uint64_t bytes = strtoull(end + 1, &end, 10);
        assert_int_equal(*end, ',');
        if (number != frame) {
            pxe_curve_frame_end(curve);
        }
        frame = number;
        pxe_curve_access(curve, key, bytes);
    }
    free(file.bytes);
    return curve;
}

static void the_recording_gives_the_same_curve(void **state)
{
    (void)state;
    folder in;
    folder_open(&in);
    open_session((size_t)SMALLEST_KIB * KIB, path_in(&in, "record.csv"));
    play(7);
    pxe_curve_point live[LIMITS];
    const uint64_t recommended = pxe_curve_recommend(pxe_profile_curve(s.engine->profile), 0.01);
    for (size_t i = 0; i < LIMITS; ++i) {
        live[i] = pxe_curve_at(pxe_profile_curve(s.engine->profile), (SMALLEST_KIB + i * 31) * KIB);
    }
    stage_close(&s); /* which writes the rest of the recording */
    pxe_curve *curve = curve_of_record(path_in(&in, "record.csv"));
    assert_int_equal(pxe_curve_recommend(curve, 0.01), recommended);
    for (size_t i = 0; i < LIMITS; ++i) {
        const pxe_curve_point again = pxe_curve_at(curve, live[i].limit_bytes);
        assert_int_equal(again.hits, live[i].hits);
        assert_int_equal(again.upload_bytes, live[i].upload_bytes);
    }
    pxe_curve_destroy(curve);
    folder_close(&in);
}

/* The recommended limit loses no more hits than it may, and the edge below it does. */
static void the_recommended_limit_is_the_smallest_that_will_do(void **state)
{
    (void)state;
    open_session((size_t)SMALLEST_KIB * KIB, NULL);
    play(11);
    const pxe_curve *curve = pxe_profile_curve(s.engine->profile);
    const double most_hits = (double)pxe_curve_sum(curve).most_hits;
    for (int percent = 1; percent <= 9; percent += 4) {
        const double least = most_hits * (1 - percent / 100.0);
        const uint64_t limit = pxe_curve_recommend(curve, percent / 100.0);
        assert_true((double)pxe_curve_at(curve, limit).hits >= least);
        assert_true((double)pxe_curve_at(curve, limit - 1).hits < least);
    }
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_curve_tells_what_other_limits_do),
        cmocka_unit_test(the_recording_gives_the_same_curve),
        cmocka_unit_test(the_recommended_limit_is_the_smallest_that_will_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
