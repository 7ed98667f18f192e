/* Promise 9 on traces: the misses equal those of a byte-LRU written here from the textbook. With one access per
 * frame it evicts after every access; with several, at the end of the frame by order of last use. */
#include "check.h"

#include <string.h>

#define IMAGES 200

/* The textbook's cache: a list of images, the most recently used last. */
typedef struct textbook {
    int images[IMAGES];
    int count;
    size_t bytes, limit_bytes;
    uint64_t hits, misses, evictions;
} textbook;

static int width_of(int image)
{
    return 1 + (image * 37 + 11) % 97;
}

static size_t bytes_of(int image)
{
    return 4 * (size_t)width_of(image);
}

static void textbook_take_out(textbook *t, int place)
{
    t->bytes -= bytes_of(t->images[place]);
    t->count--;
    memmove(&t->images[place], &t->images[place + 1], (size_t)(t->count - place) * sizeof t->images[0]);
}

static bool textbook_access(textbook *t, int image)
{
    int place = 0;
    while (place < t->count && t->images[place] != image) {
        ++place;
    }
    const bool hit = place < t->count;
    if (hit) {
        textbook_take_out(t, place);
        t->hits++;
    } else {
        t->misses++;
    }
    t->images[t->count++] = image;
    t->bytes += bytes_of(image);
    return hit;
}

static void textbook_evict(textbook *t)
{
    while (t->bytes > t->limit_bytes) {
        textbook_take_out(t, 0);
        t->evictions++;
    }
}

/* Skewed: a few images are asked for often, and a window of them moves on. */
static int next_image(uint64_t *seed, int step)
{
    const uint32_t kind = random_below(seed, 4);
    if (kind == 0) {
        return (int)random_below(seed, IMAGES);
    }
    if (kind == 1) {
        return (step / 50 + (int)random_below(seed, 8)) % IMAGES;
    }
    const uint32_t a = random_below(seed, IMAGES);
    const uint32_t b = random_below(seed, IMAGES);
    return (int)(a * b / IMAGES);
}

static void access_cache(fixture *f, pxc_key *keys, int image, bool expect_hit)
{
    const pxc_status status = pxc_find(f->cache, keys[image], NULL);
    assert_int_equal(status, expect_hit ? PXC_OK : PXC_MISS);
    if (status == PXC_MISS) {
        keys[image] = insert_width(f->cache, width_of(image));
    }
}

static void assert_same_residents(const fixture *f, const pxc_key *keys, const textbook *t)
{
    bool resident[IMAGES] = {false};
    for (int i = 0; i < t->count; ++i) {
        resident[t->images[i]] = true;
    }
    for (int image = 0; image < IMAGES; ++image) {
        assert_int_equal(pxc_key_valid(f->cache, keys[image]), resident[image]);
    }
    assert_int_equal(pxc_used(f->cache), t->bytes);
}

/* Frames of 1 to max_accesses accesses each; everything is compared after every frame. */
static void replay(uint64_t seed, size_t limit_bytes, uint32_t max_accesses, int accesses)
{
    fixture f;
    pxc_key keys[IMAGES] = {{0}};
    textbook t = {.limit_bytes = limit_bytes};
    fixture_open_config(&f, (pxc_config){.limit_bytes = limit_bytes, .ceiling_bytes = SIZE_MAX});
    for (int step = 0; step < accesses;) {
        for (uint32_t i = 1 + random_below(&seed, max_accesses); i > 0; --i, ++step) {
            const int image = next_image(&seed, step);
            access_cache(&f, keys, image, textbook_access(&t, image));
        }
        textbook_evict(&t);
        assert_int_equal(pxc_frame_end(f.cache), PXC_OK);
        assert_same_residents(&f, keys, &t);
    }
    const pxc_stats stats = stats_of(f.cache);
    assert_int_equal(stats.hits, t.hits);
    assert_int_equal(stats.misses, t.misses);
    assert_int_equal(stats.evictions, t.evictions);
    assert_true(t.hits > 0 && t.evictions > 0);
    fixture_close(&f);
}

static const size_t limits[] = {4 * 97, 4 * 250, 4 * 1000, 4 * 3000, 4 * 7000};

static void with_one_access_a_frame_the_misses_are_the_textbooks(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 2; ++seed) {
        for (size_t i = 0; i < COUNT_OF(limits); ++i) {
            replay(seed, limits[i], 1, 5000);
        }
    }
}

static void with_several_accesses_a_frame_eviction_waits_for_its_end(void **state)
{
    (void)state;
    static const uint32_t accesses[] = {2, 7, 40, 400};
    for (size_t i = 0; i < COUNT_OF(limits); ++i) {
        for (size_t k = 0; k < COUNT_OF(accesses); ++k) {
            replay(31 + i, limits[i], accesses[k], 10000);
        }
    }
}

static void a_loop_within_one_frame_hits_what_fits(void **state)
{
    (void)state;
    fixture f;
    pxc_key keys[100] = {{0}};
    fixture_open_config(&f, (pxc_config){.limit_bytes = 4 * 95, .ceiling_bytes = SIZE_MAX});
    for (int frame = 0; frame < 10; ++frame) {
        for (int i = 0; i < 100; ++i) {
            if (pxc_find(f.cache, keys[i], NULL) == PXC_MISS) {
                keys[i] = insert_width(f.cache, 1);
            }
        }
        end_frames(f.cache, 1);
    }
    /* The five that go at each boundary are the first five of the loop. */
    assert_int_equal(stats_of(f.cache).hits, 9 * 95);
    assert_int_equal(stats_of(f.cache).misses, 100 + 9 * 5);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_one_access_a_frame_the_misses_are_the_textbooks),
        cmocka_unit_test(with_several_accesses_a_frame_eviction_waits_for_its_end),
        cmocka_unit_test(a_loop_within_one_frame_hits_what_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
