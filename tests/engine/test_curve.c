/* The hit-rate curve against caches that are simulated limit by limit: a plain list of images that evicts the least
 * recently used, at frame boundaries or at each access. Malloc and its kin are wrapped: see tests/CMakeLists.txt. */
#include "curve_check.h"
#include "wrapped_malloc.h"

#include <string.h>

enum { MOST_RESIDENT = 512, LIMITS = 50, TRACES = 10, IMAGES = 120, FRAMES = 120 };

typedef struct resident {
    uint64_t key, bytes;
} resident;

/* The least recently used first. */
typedef struct simulation {
    uint64_t limit_bytes, used_bytes, hits, upload_bytes;
    int count;
    resident list[MOST_RESIDENT];
} simulation;

static void evict_down_to(simulation *s, uint64_t bytes)
{
    int gone = 0;
    while (s->used_bytes > bytes) {
        s->used_bytes -= s->list[gone++].bytes;
    }
    s->count -= gone;
    memmove(s->list, s->list + gone, (size_t)s->count * sizeof *s->list);
}

/* Result: whether it hits. */
static bool simulate(simulation *s, resident image)
{
    int i = 0;
    while (i < s->count && (s->list[i].key != image.key || s->list[i].bytes != image.bytes)) {
        ++i;
    }
    const bool hits = i < s->count;
    if (hits) {
        --s->count;
        memmove(s->list + i, s->list + i + 1, (size_t)(s->count - i) * sizeof *s->list);
        ++s->hits;
    } else {
        assert_true(s->count < MOST_RESIDENT);
        s->used_bytes += image.bytes;
        s->upload_bytes += image.bytes;
    }
    s->list[s->count++] = image;
    return hits;
}

/* Some images are drawn often, some rarely, each with its own size. */
typedef struct random_game {
    uint64_t seed;
    uint64_t bytes[IMAGES];
    uint64_t total_bytes, largest_bytes;
    uint32_t most_uses; /* a frame */
} random_game;

static random_game game_of(uint64_t seed, int trace)
{
    random_game game = {.seed = seed + 977 * (uint64_t)trace};
    static const uint32_t spread[] = {1, 3, 40, 1000, 70000, 4000000};
    for (uint32_t i = 0; i < IMAGES; ++i) {
        game.bytes[i] = 11 + i + (uint64_t)random_below(&game.seed, spread[trace % 6]);
        game.total_bytes += game.bytes[i];
        game.largest_bytes = game.bytes[i] > game.largest_bytes ? game.bytes[i] : game.largest_bytes;
    }
    static const uint32_t uses[] = {1, 2, 9, 60, 300};
    game.most_uses = uses[trace % 5];
    return game;
}

static resident draw(random_game *game)
{
    const uint32_t among = random_below(&game->seed, 3) == 0 ? IMAGES : 1 + random_below(&game->seed, IMAGES);
    const uint32_t i = random_below(&game->seed, among);
    return (resident){i, game->bytes[i]};
}

/* What one trace does at LIMITS limits at once. Of the first of them the needs are compared, too, access by access. */
static void compare_trace(uint64_t seed, int trace)
{
    static simulation caches[LIMITS];
    memset(caches, 0, sizeof caches);
    random_game game = game_of(seed, trace);
    for (uint32_t i = 0; i < LIMITS; ++i) {
        const uint64_t room = game.total_bytes + game.total_bytes / 10 - game.largest_bytes;
        caches[i].limit_bytes = edge_at_or_below(2 * game.largest_bytes + room * i / LIMITS);
        assert_true(caches[i].limit_bytes >= game.largest_bytes);
    }
    pxe_curve *curve = open_curve(IMAGES);
    uint64_t accesses = 0;
    uint64_t largest_bytes = 0;
    for (int frame = 0; frame < FRAMES; ++frame) {
        for (uint32_t uses = 1 + random_below(&game.seed, game.most_uses); uses > 0; --uses) {
            const resident image = draw(&game);
            const uint64_t need = pxe_curve_access(curve, image.key, image.bytes);
            ++accesses;
            largest_bytes = image.bytes > largest_bytes ? image.bytes : largest_bytes;
            for (int i = 0; i < LIMITS; ++i) {
                assert_int_equal(simulate(&caches[i], image), need <= caches[i].limit_bytes);
            }
        }
        pxe_curve_frame_end(curve);
        for (int i = 0; i < LIMITS; ++i) {
            evict_down_to(&caches[i], caches[i].limit_bytes);
        }
    }
    for (int i = 0; i < LIMITS; ++i) {
        const pxe_curve_point point = pxe_curve_at(curve, caches[i].limit_bytes);
        assert_int_equal(point.limit_bytes, caches[i].limit_bytes);
        assert_int_equal(point.hits, caches[i].hits);
        assert_int_equal(point.upload_bytes, caches[i].upload_bytes);
    }
    const pxe_curve_totals sum = pxe_curve_sum(curve);
    assert_int_equal(sum.accesses, accesses);
    assert_int_equal(sum.frames, FRAMES);
    assert_int_equal(sum.largest_bytes, largest_bytes);
    assert_true(sum.error == 0 && sum.followed == 1);
    pxe_curve_destroy(curve);
}

static void every_limit_agrees_with_a_cache_of_that_limit(void **state)
{
    (void)state;
    const uint64_t seed = seed_of_tests();
    for (int trace = 0; trace < TRACES; ++trace) {
        compare_trace(seed, trace);
    }
}

static void one_access_a_frame_is_the_textbooks_lru(void **state)
{
    (void)state;
    random_game game = game_of(seed_of_tests(), 2);
    static simulation cache;
    cache = (simulation){.limit_bytes = edge_at_or_below(game.total_bytes / 2)};
    pxe_curve *curve = open_curve(IMAGES);
    for (int access = 0; access < 5000; ++access) {
        const resident image = draw(&game);
        simulate(&cache, image);
        evict_down_to(&cache, cache.limit_bytes);
        pxe_curve_access(curve, image.key, image.bytes);
        pxe_curve_frame_end(curve);
    }
    assert_int_equal(pxe_curve_at(curve, cache.limit_bytes).hits, cache.hits);
    assert_int_equal(pxe_curve_at(curve, cache.limit_bytes).upload_bytes, cache.upload_bytes);
    pxe_curve_destroy(curve);
}

/* 100 images of 10 bytes, so many a frame. Result: the hits with room for 95, from the second loop on. */
static uint64_t hits_of_loops(int loops, int images_per_frame)
{
    pxe_curve *curve = open_curve(0);
    for (int i = 0; i < loops * 100; ++i) {
        pxe_curve_access(curve, (uint64_t)(i % 100), 10);
        if ((i + 1) % images_per_frame == 0) {
            pxe_curve_frame_end(curve);
        }
    }
    const uint64_t hits = pxe_curve_at(curve, 950).hits;
    assert_int_equal(pxe_curve_at(curve, 1000).hits, (loops - 1) * 100);
    assert_int_equal(pxe_curve_sum(curve).first, 100);
    pxe_curve_destroy(curve);
    return hits;
}

static void a_loop_in_one_frame_keeps_what_fits_and_across_frames_nothing(void **state)
{
    (void)state;
    assert_int_equal(hits_of_loops(11, 100), 10 * 95);
    assert_int_equal(hits_of_loops(11, 1), 0);
}

static void a_repeat_in_its_frame_needs_nothing(void **state)
{
    (void)state;
    pxe_curve *curve = open_curve(0);
    assert_true(pxe_curve_access(curve, 1, 11) == PXE_NEED_NONE);
    assert_int_equal(pxe_curve_access(curve, 1, 11), 0);
    assert_true(pxe_curve_access(curve, 2, 12) == PXE_NEED_NONE);
    assert_int_equal(pxe_curve_access(curve, 1, 11), 0);
    pxe_curve_frame_end(curve);
    assert_int_equal(pxe_curve_access(curve, 2, 12), 11 + 12);
    assert_int_equal(pxe_curve_access(curve, 1, 11), 11);
    assert_int_equal(pxe_curve_access(curve, 2, 12), 0);
    const pxe_curve_totals sum = pxe_curve_sum(curve);
    assert_int_equal(sum.accesses, 7);
    assert_int_equal(sum.repeats, 3);
    assert_int_equal(sum.first, 2);
    assert_int_equal(sum.most_hits, 5);
    assert_int_equal(sum.images, 2);
    assert_int_equal(sum.frames, 1);
    assert_int_equal(sum.largest_bytes, 12);
    pxe_curve_destroy(curve);
}

static void another_size_is_another_image(void **state)
{
    (void)state;
    pxe_curve *curve = open_curve(0);
    pxe_curve_access(curve, 7, 11);
    pxe_curve_frame_end(curve);
    assert_true(pxe_curve_access(curve, 7, 13) == PXE_NEED_NONE);
    pxe_curve_frame_end(curve);
    assert_int_equal(pxe_curve_access(curve, 7, 11), 11 + 13);
    assert_int_equal(pxe_curve_sum(curve).images, 2);
    for (uint64_t bytes = 100; bytes < 10000; ++bytes) {
        assert_true(pxe_curve_access(curve, 7, bytes) == PXE_NEED_NONE);
        assert_true(pxe_curve_access(curve, bytes, 12) == PXE_NEED_NONE);
    }
    pxe_curve_destroy(curve);
}

static void restart_counts_anew_and_remembers_the_order(void **state)
{
    (void)state;
    pxe_curve *curve = open_curve(0);
    pxe_curve_access(curve, 1, 5000);
    pxe_curve_access(curve, 2, 12);
    pxe_curve_frame_end(curve);
    pxe_curve_access(curve, 3, 13);
    pxe_curve_restart(curve);
    const pxe_curve_totals none = pxe_curve_sum(curve);
    assert_int_equal(none.frames + none.accesses + none.repeats + none.first + none.most_hits, 0);
    assert_int_equal(none.largest_bytes, 0);
    assert_int_equal(pxe_curve_recommend(curve, 0), 0);
    assert_int_equal(pxe_curve_access(curve, 3, 13), 0);
    assert_int_equal(pxe_curve_access(curve, 2, 12), 12);
    pxe_curve_frame_end(curve);
    const pxe_curve_totals sum = pxe_curve_sum(curve);
    assert_int_equal(sum.accesses, 2);
    assert_int_equal(sum.first, 0);
    assert_int_equal(sum.images, 3);
    assert_int_equal(sum.largest_bytes, 13);
    assert_int_equal(pxe_curve_at(curve, 11).hits, 1);
    assert_int_equal(pxe_curve_at(curve, 11).upload_bytes, 12);
    assert_int_equal(pxe_curve_at(curve, 12).hits, 2);
    pxe_curve_destroy(curve);
}

/* With room for 3 images the log has to drop repeats every few accesses; what counts is each image's last use. */
static void a_frame_of_any_length_is_ordered_by_the_last_uses(void **state)
{
    (void)state;
    uint64_t seed = seed_of_tests();
    pxe_curve *curve = open_curve(3);
    for (int frame = 0; frame < 100; ++frame) {
        for (int i = 0; i < 200; ++i) {
            const uint64_t key = random_below(&seed, 3);
            pxe_curve_access(curve, key, 11 + key);
        }
        const uint64_t first = random_below(&seed, 3);
        for (uint64_t i = 0; i < 3; ++i) {
            pxe_curve_access(curve, (first + i) % 3, 11 + (first + i) % 3);
        }
        pxe_curve_frame_end(curve);
        uint64_t need = 0;
        for (uint64_t i = 3; i-- > 0;) {
            const uint64_t key = (first + i) % 3;
            need += 11 + key;
            assert_int_equal(pxe_curve_access(curve, key, 11 + key), need);
        }
    }
    pxe_curve_destroy(curve);
}

static void sizes_out_of_all_reason_are_clamped(void **state)
{
    (void)state;
    const uint64_t tebibyte = UINT64_C(1) << 40;
    pxe_curve *curve = open_curve(1024);
    pxe_curve_access(curve, 1, 0);
    pxe_curve_frame_end(curve);
    assert_int_equal(pxe_curve_access(curve, 1, 1), 1);
    for (uint64_t key = 0; key < 1000; ++key) {
        assert_true(pxe_curve_access(curve, key, UINT64_MAX - key) == PXE_NEED_NONE);
    }
    pxe_curve_frame_end(curve);
    assert_int_equal(pxe_curve_access(curve, 999, tebibyte), tebibyte);
    assert_int_equal(pxe_curve_access(curve, 1, 1), UINT64_C(1) << 48);
    const pxe_curve_totals sum = pxe_curve_sum(curve);
    assert_int_equal(sum.largest_bytes, tebibyte);
    assert_int_equal(sum.most_hits, 3);
    assert_int_equal(pxe_curve_at(curve, 0).upload_bytes, 1001 * tebibyte + 3);
    const pxe_curve_point last = pxe_curve_at(curve, UINT64_MAX);
    assert_int_equal(last.limit_bytes, UINT64_C(1) << 48);
    assert_int_equal(last.hits, 3);
    assert_int_equal(last.upload_bytes, 1000 * tebibyte + 1);
    pxe_curve_destroy(curve);
}

typedef struct heard {
    int calls;
    uint64_t need_bytes, bytes;
} heard;

static void hear(void *user, uint64_t need_bytes, uint64_t bytes)
{
    heard *all = user;
    *all = (heard){all->calls + 1, need_bytes, bytes};
}

static void whoever_asks_is_told_of_each_access_but_repeats(void **state)
{
    (void)state;
    heard all = {0};
    pxe_curve *curve = pxe_curve_create(&(pxe_curve_config){.on_need = hear, .on_need_user = &all});
    assert_non_null(curve);
    pxe_curve_access(curve, 1, 11);
    assert_true(all.calls == 1 && all.need_bytes == PXE_NEED_NONE && all.bytes == 11);
    pxe_curve_access(curve, 1, 11);
    assert_int_equal(all.calls, 1);
    pxe_curve_access(curve, 2, 12);
    pxe_curve_frame_end(curve);
    pxe_curve_access(curve, 1, 11);
    assert_true(all.calls == 3 && all.need_bytes == 23 && all.bytes == 11);
    pxe_curve_destroy(curve);
}

static void without_memory_there_is_no_curve_and_nothing_leaks(void **state)
{
    (void)state;
    const int live = memory.live;
    pxe_curve *curve = NULL;
    int n = 0;
    while (curve == NULL) {
        memory_arm(++n);
        curve = pxe_curve_create(NULL);
        memory_disarm();
        assert_int_equal(memory.live - live, curve == NULL ? 0 : memory.calls);
    }
    assert_int_equal(n, memory.calls + 1);
    assert_true(n > 4);
    memory_arm(1);
    for (uint64_t key = 0; key < UINT64_C(3) * PXE_CURVE_IMAGES; ++key) {
        pxe_curve_access(curve, key, 11 + key);
        pxe_curve_access(curve, key / 2, 11 + key / 2);
    }
    pxe_curve_frame_end(curve);
    memory_disarm();
    assert_int_equal(memory.calls, 0);
    pxe_curve_destroy(curve);
    pxe_curve_destroy(NULL);
    assert_int_equal(memory.live, live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_limit_agrees_with_a_cache_of_that_limit),
        cmocka_unit_test(one_access_a_frame_is_the_textbooks_lru),
        cmocka_unit_test(a_loop_in_one_frame_keeps_what_fits_and_across_frames_nothing),
        cmocka_unit_test(a_repeat_in_its_frame_needs_nothing),
        cmocka_unit_test(another_size_is_another_image),
        cmocka_unit_test(restart_counts_anew_and_remembers_the_order),
        cmocka_unit_test(a_frame_of_any_length_is_ordered_by_the_last_uses),
        cmocka_unit_test(sizes_out_of_all_reason_are_clamped),
        cmocka_unit_test(whoever_asks_is_told_of_each_access_but_repeats),
        cmocka_unit_test(without_memory_there_is_no_curve_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
