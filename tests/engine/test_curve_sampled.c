/* The hit-rate curve of more images than it follows: beside the exact curve of the same accesses. */
#include "curve_check.h"

#include <math.h>
#include <string.h>

enum { IMAGES = 100000, ACCESSES = 1000000, LIMITS = 50 };

static double ranks[IMAGES]; /* the sum of 1 / rank up to each */

static int sum_ranks(void **state)
{
    (void)state;
    double sum = 0;
    for (int i = 0; i < IMAGES; ++i) {
        sum += 1.0 / (i + 1);
        ranks[i] = sum;
    }
    return 0;
}

static uint32_t draw_zipf(uint64_t *seed)
{
    const double at = (double)(random_next(seed) >> 11) / (double)(UINT64_C(1) << 53) * ranks[IMAGES - 1];
    uint32_t low = 0;
    uint32_t high = IMAGES - 1;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (ranks[middle] > at) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static uint64_t bytes_of(uint64_t key)
{
    return 11 + key * 7919 % 100003;
}

typedef struct curves {
    pxe_curve *exact, *sampled;
    uint64_t total_bytes;
} curves;

static curves open_curves(void)
{
    return (curves){open_curve(IMAGES), open_curve(0), 0};
}

static void close_curves(curves *c)
{
    pxe_curve_destroy(c->exact);
    pxe_curve_destroy(c->sampled);
}

/* Keys count from the seed on, so that each run follows other images. */
static curves play(uint64_t seed, uint32_t (*draw)(uint64_t *seed), int frame_accesses)
{
    curves c = open_curves();
    const uint64_t base = seed << 20;
    for (uint64_t i = 0; i < IMAGES; ++i) {
        c.total_bytes += bytes_of(base + i);
    }
    for (int i = 1; i <= ACCESSES; ++i) {
        const uint64_t key = base + draw(&seed);
        pxe_curve_access(c.exact, key, bytes_of(key));
        pxe_curve_access(c.sampled, key, bytes_of(key));
        if (i % frame_accesses == 0) {
            pxe_curve_frame_end(c.exact);
            pxe_curve_frame_end(c.sampled);
        }
    }
    return c;
}

static uint32_t draw_uniform(uint64_t *seed)
{
    return random_below(seed, IMAGES);
}

typedef struct difference {
    double hit_rate;     /* mean, absolute */
    double upload_bytes; /* mean, relative */
} difference;

static difference compare(const curves *c)
{
    difference mean = {0};
    for (uint64_t i = 1; i <= LIMITS; ++i) {
        const pxe_curve_point exact = pxe_curve_at(c->exact, c->total_bytes * i / LIMITS);
        const pxe_curve_point sampled = pxe_curve_at(c->sampled, c->total_bytes * i / LIMITS);
        assert_int_equal(exact.limit_bytes, sampled.limit_bytes);
        assert_true(sampled.hits <= ACCESSES);
        mean.hit_rate += fabs((double)exact.hits - (double)sampled.hits) / ACCESSES / LIMITS;
        mean.upload_bytes += fabs((double)sampled.upload_bytes / (double)exact.upload_bytes - 1) / LIMITS;
    }
    return mean;
}

/* Result: the mean error of the hit rate. */
static double assert_close(const curves *c)
{
    const difference mean = compare(c);
    const pxe_curve_totals exact = pxe_curve_sum(c->exact);
    const pxe_curve_totals sampled = pxe_curve_sum(c->sampled);
    print_message("mean error %.4f, expected %.4f; of uploads %.4f\n", mean.hit_rate, sampled.error,
                  mean.upload_bytes);
    assert_true(sampled.error > 0.005 && sampled.error < 0.0125);
    assert_true(mean.hit_rate > 0 && mean.hit_rate < 3 * sampled.error);
    assert_true(mean.upload_bytes < 6 * sampled.error);
    assert_true(exact.error == 0 && exact.followed == 1);
    assert_true(sampled.followed == 0.125);
    assert_true(fabs((double)sampled.images / (double)exact.images - 1) < 0.03);
    assert_int_equal(sampled.accesses, exact.accesses);
    assert_int_equal(sampled.frames, exact.frames);
    assert_int_equal(sampled.largest_bytes, exact.largest_bytes);
    assert_true(fabs((double)sampled.most_hits - (double)exact.most_hits) / ACCESSES < 0.02);
    assert_int_equal(sampled.most_hits + sampled.first, ACCESSES);
    assert_int_equal(pxe_curve_at(c->sampled, 0).hits, sampled.repeats);
    const uint64_t limit = pxe_curve_recommend(c->sampled, 0.01);
    assert_true((double)pxe_curve_at(c->exact, limit).hits >= 0.96 * (double)exact.most_hits);
    return mean.hit_rate;
}

static double play_and_compare(uint64_t seed, uint32_t (*draw)(uint64_t *seed), int frame_accesses)
{
    curves c = play(seed, draw, frame_accesses);
    const double mean = assert_close(&c);
    close_curves(&c);
    return mean;
}

static void a_hundred_thousand_images_of_zipfs_law_are_off_by_less_than_a_hundredth(void **state)
{
    (void)state;
    const uint64_t seed = seed_of_tests();
    assert_true(play_and_compare(seed, draw_zipf, 2000) < 0.01);
    assert_true(play_and_compare(seed + 1, draw_zipf, 1) < 0.01);
}

/* Nothing is worse for a sample than images that all count alike. */
static void images_that_are_drawn_alike_are_off_by_about_what_is_expected(void **state)
{
    (void)state;
    play_and_compare(seed_of_tests(), draw_uniform, 2000);
}

/* So many as are followed: nothing is estimated. One more, and something is. */
static void as_many_as_are_followed_are_exact(void **state)
{
    (void)state;
    pxe_curve *curve = open_curve(64);
    for (uint64_t key = 0; key < 64; ++key) {
        pxe_curve_access(curve, key, 11 + key);
    }
    pxe_curve_frame_end(curve);
    for (uint64_t key = 0; key < 64; ++key) {
        assert_int_equal(pxe_curve_access(curve, key, 11 + key), (64 - key) * (11 + 63 + 11 + key) / 2);
    }
    assert_int_equal(pxe_curve_sum(curve).images, 64);
    assert_true(pxe_curve_sum(curve).error == 0);
    pxe_curve_access(curve, 64, 11);
    const pxe_curve_totals sum = pxe_curve_sum(curve);
    assert_true(sum.error > 0 && sum.followed < 1);
    pxe_curve_destroy(curve);
}

/* In mid-frame, with repeats before and after: those that stay keep their order, their last uses and their frame. */
static void those_that_stay_followed_keep_their_order(void **state)
{
    (void)state;
    enum { MOST = 64, OLD = 50, NEW = 40 };
    pxe_curve *curve = open_curve(MOST);
    for (uint64_t key = 0; key < OLD; ++key) {
        pxe_curve_access(curve, key, 10);
    }
    pxe_curve_frame_end(curve);
    for (uint64_t key = 20; key-- > 10;) {
        pxe_curve_access(curve, key, 10);
    }
    for (uint64_t key = OLD; key < OLD + NEW; ++key) {
        pxe_curve_access(curve, key, 10);
        pxe_curve_access(curve, 15, 10);
    }
    const uint64_t stand_for = pxe_curve_sum(curve).images;
    const uint64_t weight = (uint64_t)(1 / pxe_curve_sum(curve).followed);
    assert_true(weight == 2 || weight == 4);
    int repeats = 0;
    for (uint64_t key = 10; key < 20; ++key) {
        repeats += pxe_curve_access(curve, key, 10) == 0;
    }
    assert_in_range(repeats, 1, 9);
    pxe_curve_frame_end(curve);
    /* Least recently used: 0 to 9, 20 to 49; then the new ones; then, by the loop above, 10 to 19. */
    int followed = 0;
    for (uint64_t i = OLD + NEW; i-- > 0;) {
        const uint64_t key = i < 10 ? i : i < 80 ? i + 10 : i - 70;
        const uint64_t need = pxe_curve_access(curve, key, 10);
        if (need != PXE_NEED_NONE) {
            assert_int_equal(need, 10 * weight * (uint64_t)followed + 10);
            ++followed;
        }
    }
    assert_int_equal((uint64_t)followed * weight, stand_for);
    pxe_curve_destroy(curve);
}

static void use(pxe_curve *curve, uint64_t last_use[], uint64_t *clock, uint32_t key)
{
    pxe_curve_access(curve, key, 10);
    last_use[key] = ++*clock;
}

/* Asks for all images, the most recently used first. */
static void assert_order(pxe_curve *curve, uint64_t last_use[], uint32_t keys)
{
    const uint64_t weight = (uint64_t)(1 / pxe_curve_sum(curve).followed);
    uint64_t newer = 0;
    for (;;) {
        uint32_t newest = 0;
        for (uint32_t key = 1; key < keys; ++key) {
            newest = last_use[key] > last_use[newest] ? key : newest;
        }
        if (last_use[newest] == 0) {
            break;
        }
        last_use[newest] = 0;
        const uint64_t need = pxe_curve_access(curve, newest, 10);
        if (need != PXE_NEED_NONE) {
            assert_int_equal(need, 10 * weight * newer + 10);
            ++newer;
        }
    }
    assert_int_equal(newer * weight, pxe_curve_sum(curve).images);
}

/* Frames of 60 images with repeats; in the last one, new images come at any moment. */
static void whenever_images_are_dropped_the_others_keep_their_order(void **state)
{
    (void)state;
    enum { OLD = 60, KEYS = 200 };
    uint64_t seed = seed_of_tests();
    for (int round = 0; round < 300; ++round) {
        pxe_curve *curve = open_curve(64);
        uint64_t last_use[KEYS] = {0};
        uint64_t clock = 0;
        for (int i = 0; i < 100; ++i) {
            use(curve, last_use, &clock, random_below(&seed, OLD));
            if (i % 30 == 0) {
                pxe_curve_frame_end(curve);
            }
        }
        for (uint32_t uses = random_below(&seed, 200); uses > 0; --uses) {
            use(curve, last_use, &clock, random_below(&seed, random_below(&seed, 4) == 0 ? KEYS : OLD));
        }
        pxe_curve_frame_end(curve);
        assert_order(curve, last_use, KEYS);
        pxe_curve_destroy(curve);
    }
}

/* Some samples stand for more accesses than there were. */
static void hits_are_never_more_than_accesses(void **state)
{
    (void)state;
    uint64_t seed = seed_of_tests();
    for (uint64_t base = 0; base < 20000; base += 1000) {
        pxe_curve *curve = open_curve(16);
        for (int i = 0; i < 2000; ++i) {
            pxe_curve_access(curve, base + random_below(&seed, 100), 12);
            pxe_curve_frame_end(curve);
        }
        uint64_t hits = 0;
        for (uint64_t limit = 0; limit < 3000; limit += 12) {
            const uint64_t more = pxe_curve_at(curve, limit).hits;
            assert_in_range(more, hits, 2000);
            hits = more;
        }
        const pxe_curve_totals sum = pxe_curve_sum(curve);
        assert_true(sum.repeats <= sum.most_hits && sum.most_hits <= 2000 && sum.first <= 2000);
        pxe_curve_destroy(curve);
    }
}

static void images_that_are_used_once_never_hit(void **state)
{
    (void)state;
    for (uint64_t base = 0; base < 20000; base += 1000) {
        pxe_curve *curve = open_curve(16);
        for (uint64_t key = 0; key < 100; ++key) {
            assert_true(pxe_curve_access(curve, base + key, 12) == PXE_NEED_NONE);
        }
        assert_int_equal(pxe_curve_recommend(curve, 0.01), 12);
        assert_true(pxe_curve_next(curve, 0) == PXE_NEED_NONE);
        pxe_curve_destroy(curve);
    }
}

static void uploads_of_more_bytes_than_a_number_holds_stay_full(void **state)
{
    (void)state;
    pxe_curve *curve = open_curve(1);
    uint64_t key = 0;
    while (pxe_curve_sum(curve).followed > 1.0 / 4096) {
        pxe_curve_access(curve, ++key, UINT64_MAX);
    }
    uint64_t followed = key;
    while (pxe_curve_access(curve, followed, UINT64_MAX) == PXE_NEED_NONE && followed > 0) {
        --followed;
    }
    pxe_curve_restart(curve);
    for (int i = 0; i < 5000; ++i) {
        pxe_curve_frame_end(curve);
        assert_int_equal(pxe_curve_access(curve, followed, UINT64_MAX), UINT64_C(1) << 40);
    }
    assert_true(pxe_curve_at(curve, 0).upload_bytes == UINT64_MAX);
    assert_int_equal(pxe_curve_at(curve, UINT64_C(1) << 40).upload_bytes, 0);
    pxe_curve_destroy(curve);
}

static void a_curve_of_a_single_image_survives_any_number(void **state)
{
    (void)state;
    uint64_t seed = seed_of_tests();
    pxe_curve *curve = open_curve(1);
    for (int i = 0; i < 100000; ++i) {
        pxe_curve_access(curve, random_below(&seed, 5000), UINT64_MAX);
        if (i % 10 == 0) {
            pxe_curve_frame_end(curve);
        }
    }
    const pxe_curve_totals sum = pxe_curve_sum(curve);
    assert_true(sum.followed < 1.0 / 64);
    assert_true(sum.most_hits <= sum.accesses && sum.repeats <= sum.most_hits);
    assert_in_range(pxe_curve_recommend(curve, 0.01), sum.largest_bytes, UINT64_C(1) << 48);
    pxe_curve_destroy(curve);
}

/* Whatever number is handed in, and while nodes move because fewer are followed. */
static void a_hint_changes_nothing_but_the_time(void **state)
{
    (void)state;
    uint64_t seed = seed_of_tests();
    curves c = open_curves();
    pxe_curve *hinted = open_curve(0);
    static uint32_t hints[IMAGES];
    memset(hints, 0, sizeof hints);
    for (int i = 0; i < ACCESSES / 2; ++i) {
        const uint32_t image = draw_zipf(&seed);
        uint32_t wild = random_below(&seed, 3) == 0 ? (uint32_t)random_next(&seed) : (uint32_t)(i % 20000);
        uint32_t *hint = random_below(&seed, 4) == 0 ? &wild : &hints[image];
        const uint64_t plain = pxe_curve_access(c.sampled, image, bytes_of(image));
        assert_true(pxe_curve_access_hinted(hinted, image, bytes_of(image), hint) == plain);
        if (i % 700 == 0) {
            pxe_curve_frame_end(c.sampled);
            pxe_curve_frame_end(hinted);
        }
    }
    assert_true(pxe_curve_sum(hinted).followed < 1);
    for (uint64_t limit = 1 << 16; limit < UINT64_C(1) << 34; limit += limit / 7) {
        const pxe_curve_point expected = pxe_curve_at(c.sampled, limit);
        const pxe_curve_point point = pxe_curve_at(hinted, limit);
        assert_int_equal(point.hits, expected.hits);
        assert_int_equal(point.upload_bytes, expected.upload_bytes);
    }
    pxe_curve_destroy(hinted);
    close_curves(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_thousand_images_of_zipfs_law_are_off_by_less_than_a_hundredth),
        cmocka_unit_test(images_that_are_drawn_alike_are_off_by_about_what_is_expected),
        cmocka_unit_test(as_many_as_are_followed_are_exact),
        cmocka_unit_test(those_that_stay_followed_keep_their_order),
        cmocka_unit_test(whenever_images_are_dropped_the_others_keep_their_order),
        cmocka_unit_test(hits_are_never_more_than_accesses),
        cmocka_unit_test(images_that_are_used_once_never_hit),
        cmocka_unit_test(uploads_of_more_bytes_than_a_number_holds_stay_full),
        cmocka_unit_test(a_hint_changes_nothing_but_the_time),
        cmocka_unit_test(a_curve_of_a_single_image_survives_any_number),
    };
    return cmocka_run_group_tests(tests, sum_ranks, NULL);
}
