/* Random operations on a cache that packs, against what each image must look like: after every frame each texel of each
 * image and of its gutter is compared, what was given out in a frame stays as it was until the boundary, the limit holds,
 * and who goes is older than all who stay. The seed is printed; PXC_TEST_SEED repeats a run, PXC_TEST_OPERATIONS sets its
 * length. */
#include "check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_IMAGES = 4000, MOST_GIVEN = 64, MOST_SIDE = 80, OPERATIONS = 6000 };

typedef struct known {
    pxc_key key; /* {0} = nothing here */
    int width, height;
    pxc_format format;
    uint32_t seed;
    uint64_t last_use;
    uint32_t pins;
    bool was_used; /* in this frame */
} known;

typedef struct given {
    pxc_texture texture;
    uint32_t seed;
} given;

typedef struct world {
    fake_gpu gpu;
    failing_alloc alloc;
    pxc_cache *cache;
    known images[MOST_IMAGES];
    given given[MOST_GIVEN];
    size_t given_count;
    uint64_t seed, clock;
    uint64_t youngest_gone; /* last use of those that the boundary evicted */
} world;

static world w;

/* The pixels of an image follow from its seed. */
static pxc_pixmap paint(uint32_t seed, int width, int height, pxc_format format)
{
    static uint8_t pixels[MOST_SIDE * MOST_SIDE * 4];
    const size_t row_bytes = fake_gpu_row_bytes(format, width);
    uint64_t random = seed;
    for (size_t i = 0; i < row_bytes * (size_t)height; ++i) {
        pixels[i] = (uint8_t)(random_next(&random) % 200);
    }
    return (pxc_pixmap){.pixels = pixels, .width = width, .height = height, .format = format};
}

static int clamp(int value, int end)
{
    return value < 0 ? 0 : value >= end ? end - 1 : value;
}

/* An image in a page: its texels, and around them those of its edge once more. */
static void assert_looks(const pxc_texture *texture, uint32_t seed)
{
    const pxc_pixmap pixmap = paint(seed, texture->width, texture->height, texture->format);
    const fake_texture *page = &w.gpu.textures[texture->name];
    if (texture->u0 == 0 && texture->u1 == 1) {
        assert_non_null(fake_gpu_texture(&w.gpu, texture->name));
        assert_true(fake_gpu_texture(&w.gpu, texture->name)->checksum ==
                    fake_gpu_checksum(&(pxc_pixmap){pixmap.pixels, pixmap.width, pixmap.height,
                                                    (int)fake_gpu_row_bytes(pixmap.format, pixmap.width),
                                                    pixmap.format, false, NULL}));
        return;
    }
    const int left = (int)(texture->u0 * (float)page->width + 0.5F);
    const int top = (int)(texture->v0 * (float)page->height + 0.5F);
    for (int y = -1; y <= texture->height; ++y) {
        for (int x = -1; x <= texture->width; ++x) {
            uint8_t expected[4];
            fake_gpu_pixel(&pixmap, clamp(x, texture->width), clamp(y, texture->height), expected);
            const uint8_t *texel = fake_gpu_texel(&w.gpu, texture->name, left + x, top + y);
            assert_non_null(texel);
            assert_memory_equal(texel, expected, 4);
        }
    }
    assert_true(texture->u1 * (float)page->width == (float)(left + texture->width));
    assert_true(texture->layer == 0);
}

static void on_evict(void *user, pxc_key key, const char *name, pxc_evict_reason reason)
{
    (void)user;
    (void)name;
    (void)reason;
    for (size_t i = 0; i < MOST_IMAGES; ++i) {
        if (w.images[i].key.id == key.id) {
            assert_int_equal(w.images[i].pins, 0);
            w.youngest_gone = w.images[i].last_use > w.youngest_gone ? w.images[i].last_use : w.youngest_gone;
            w.images[i].key = (pxc_key){0};
            return;
        }
    }
    fail_msg("an eviction of a key that nobody has");
}

static void give_out(const known *image)
{
    pxc_texture texture;
    assert_int_equal(pxc_peek(w.cache, image->key, &texture), PXC_OK);
    if (w.given_count < MOST_GIVEN) {
        w.given[w.given_count++] = (given){texture, image->seed};
    }
}

static void use(known *image)
{
    image->last_use = ++w.clock;
    give_out(image);
}

static int random_side(void)
{
    static const int usual[] = {16, 16, 16, 32, 1, 7};
    return random_below(&w.seed, 3) != 0 ? usual[random_below(&w.seed, COUNT_OF(usual))]
                                         : 1 + (int)random_below(&w.seed, MOST_SIDE);
}

static void insert(known *image)
{
    static const pxc_format formats[] = {PXC_RGBA8, PXC_RGBA8,  PXC_RGBA8, PXC_BGRA8,
                                         PXC_RGB8,  PXC_RGB565, PXC_R8,    PXC_RG8};
    const known fresh = {.width = random_side(),
                         .height = random_side(),
                         .format = formats[random_below(&w.seed, COUNT_OF(formats))],
                         .seed = (uint32_t)random_next(&w.seed)};
    const pxc_pixmap pixmap = paint(fresh.seed, fresh.width, fresh.height, fresh.format);
    pxc_key key = image->key;
    const bool replaces = key.id != 0;
    const pxc_status status =
        replaces ? pxc_replace(w.cache, key, &pixmap) : pxc_insert(w.cache, &pixmap, &key);
    if (status == PXC_OK) {
        const uint32_t pins = replaces ? image->pins : 0;
        *image = fresh;
        image->key = key;
        image->pins = pins;
        use(image);
    } else {
        assert_true(status == PXC_ERR_FULL || status == PXC_ERR_TOO_LARGE || status == PXC_ERR_GPU ||
                    status == PXC_ERR_MEMORY);
    }
}

static void find(known *image)
{
    pxc_texture texture;
    if (image->key.id != 0) {
        assert_int_equal(pxc_find(w.cache, image->key, &texture), PXC_OK);
        assert_looks(&texture, image->seed);
        use(image);
    }
}

static void drop(known *image)
{
    if (image->key.id != 0) {
        assert_int_equal(pxc_remove(w.cache, image->key), PXC_OK);
        image->key = (pxc_key){0};
    }
}

static void pin(known *image)
{
    if (image->key.id != 0 && image->pins == 0 && random_below(&w.seed, 8) == 0) {
        assert_int_equal(pxc_pin(w.cache, image->key), PXC_OK);
        ++image->pins;
    } else if (image->key.id != 0 && image->pins != 0) {
        assert_int_equal(pxc_unpin(w.cache, image->key), PXC_OK);
        --image->pins;
    }
}

static void check_given(void)
{
    for (size_t i = 0; i < w.given_count; ++i) {
        assert_looks(&w.given[i].texture, w.given[i].seed);
    }
}

/* The boundary: what was given out is as it was; then the limit holds, and the oldest went. */
static void end_frame(void)
{
    pxc_texture texture;
    check_given();
    w.given_count = 0;
    w.youngest_gone = 0;
    assert_ok(w.cache, pxc_frame_end(w.cache));
    const pxc_stats stats = stats_of(w.cache);
    bool has_pins = false;
    uint64_t oldest = UINT64_MAX;
    for (size_t i = 0; i < MOST_IMAGES; ++i) {
        const known *image = &w.images[i];
        if (image->key.id != 0) {
            assert_int_equal(pxc_peek(w.cache, image->key, &texture), PXC_OK);
            assert_looks(&texture, image->seed);
            has_pins |= image->pins != 0;
            oldest = image->pins == 0 && image->last_use < oldest ? image->last_use : oldest;
        }
    }
    assert_true(w.youngest_gone < oldest);
    assert_true(has_pins || stats.used_bytes <= stats.limit_bytes);
    assert_true(w.gpu.bytes <= stats.used_bytes); /* equal but for the granularity */
    assert_int_equal(w.gpu.alive, stats.textures_created - stats.textures_deleted - stats.textures_lost);
    if (w.gpu.faults != 0) {
        fail_msg("the GPU was misused: %s", w.gpu.first_fault);
    }
}

static void fail_something(void)
{
    const uint64_t next = 1 + random_below(&w.seed, 4);
    w.gpu.part_status = random_below(&w.seed, 2) != 0 ? PXC_ERR_GPU : PXC_ERR_MEMORY;
    switch (random_below(&w.seed, 4)) {
    case 0:
        w.gpu.fail_fill_at = w.gpu.fill_calls + next;
        break;
    case 1:
        w.gpu.fail_copy_at = w.gpu.copy_calls + next;
        break;
    case 2:
        w.gpu.fail_begin_at = w.gpu.begin_calls + next;
        break;
    default:
        failing_alloc_fail_nth(&w.alloc, next);
    }
}

static void lose_context(void)
{
    assert_ok(w.cache, pxc_context_lost(w.cache));
    memset(w.images, 0, sizeof w.images);
    w.given_count = 0;
    assert_int_equal(stats_of(w.cache).used_bytes, 0);
}

static void clear(void)
{
    assert_ok(w.cache, pxc_clear(w.cache));
    memset(w.images, 0, sizeof w.images);
}

static void step(size_t limit_bytes, uint32_t images)
{
    known *image = &w.images[random_below(&w.seed, images)];
    const uint32_t choice = random_below(&w.seed, 1000);
    if (choice < 400) {
        find(image);
    } else if (choice < 800) {
        insert(image);
    } else if (choice < 880) {
        drop(image);
    } else if (choice < 960) {
        pin(image);
    } else if (choice < 990) {
        end_frame();
    } else if (choice < 992) {
        assert_ok(w.cache, pxc_set_limit(w.cache, random_below(&w.seed, 8) == 0
                                                      ? 0
                                                      : limit_bytes / 2 +
                                                            random_below(&w.seed, (uint32_t)limit_bytes)));
    } else if (choice < 994) {
        assert_ok(w.cache, pxc_trim_to(w.cache, random_below(&w.seed, (uint32_t)limit_bytes)));
    } else if (choice < 998) {
        fail_something();
    } else if (choice < 999) {
        random_below(&w.seed, 2) != 0 ? lose_context() : clear();
    } else {
        failing_alloc_fail_nth(&w.alloc, 0);
    }
}

static void run(size_t limit_bytes, uint32_t images, size_t granularity)
{
    const char *seed = getenv("PXC_TEST_SEED");
    const char *operations = getenv("PXC_TEST_OPERATIONS");
    memset(&w, 0, sizeof w);
    w.seed = (seed != NULL ? strtoull(seed, NULL, 0) : 20261121) + limit_bytes + images;
    print_message("seed %" PRIu64 "\n", w.seed - limit_bytes - images);
    fake_gpu_init(&w.gpu);
    fake_gpu_packs(&w.gpu);
    failing_alloc_init(&w.alloc);
    const pxc_config config = {.limit_bytes = limit_bytes,
                               .cost_granularity = granularity,
                               .backend = &w.gpu.backend,
                               .alloc = w.alloc.table,
                               .on_evict = on_evict,
                               .pack = true};
    assert_int_equal(pxc_create(&config, &w.cache), PXC_OK);
    const uint64_t count = operations != NULL ? strtoull(operations, NULL, 0) : OPERATIONS;
    for (uint64_t i = 0; i < count; ++i) {
        step(limit_bytes, images);
    }
    failing_alloc_fail_nth(&w.alloc, 0);
    const pxc_stats stats = stats_of(w.cache);
    print_message("%" PRIu64 " inserts, %" PRIu64 " evictions, %" PRIu64 " moves, %" PRIu64 " textures\n",
                  stats.inserts, stats.evictions, stats.moves, stats.textures_created);
    assert_int_equal(pxc_destroy(w.cache), PXC_OK);
    fake_gpu_assert_clean(&w.gpu);
    fake_gpu_free(&w.gpu);
    failing_alloc_assert_clean(&w.alloc);
}

static void a_small_cache_of_few_images_holds(void **state)
{
    (void)state;
    run(300000, 60, 0);
}

static void a_cache_below_one_page_holds(void **state)
{
    (void)state;
    run(800000, 1000, 0);
}

static void a_cache_of_several_pages_holds(void **state)
{
    (void)state;
    run(5000000, MOST_IMAGES, 4096);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_cache_of_few_images_holds),
        cmocka_unit_test(a_cache_below_one_page_holds),
        cmocka_unit_test(a_cache_of_several_pages_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
