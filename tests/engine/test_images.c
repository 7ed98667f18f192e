/* Images loaded on the render thread: a handle stays good while its texture comes and goes. */
#include "engine_fixture.h"

enum { SIDE = 16, FILES = 12, BYTES = SIDE * SIDE * 4 };

static folder in;
static stage s;
static pxe_image images[FILES];

static uint32_t color_of(int i)
{
    return (uint32_t)(i * 20) << 24 | (uint32_t)(255 - i * 20) << 16 | (uint32_t)(i * 5) << 8 | 0xFF;
}

static const char *path_of(int i)
{
    char name[32];
    snprintf(name, sizeof name, "%d.png", i);
    return path_in(&in, name);
}

static int make_files(void **state)
{
    (void)state;
    folder_open(&in);
    for (int i = 0; i < FILES; ++i) {
        write_png_flat(path_of(i), SIDE, SIDE, color_of(i));
    }
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    folder_close(&in);
    return 0;
}

/* An engine whose limit holds `count` of the files. */
static void open_with_room_for(int count)
{
    stage_open_config(&s, (pxe_engine_config){.window = {.width = SIDE, .height = SIDE},
                                              .limit_bytes = (size_t)count * BYTES});
    for (int i = 0; i < FILES; ++i) {
        images[i] = pxe_images_open(s.engine->images, path_of(i), NULL);
        assert_true(images[i].id != 0);
    }
}

static pxc_stats stats_now(void)
{
    pxc_stats stats;
    assert_int_equal(pxc_get_stats(s.engine->cache, &stats), PXC_OK);
    return stats;
}

static pxe_image_state draw_image(pxe_image image)
{
    pxe_sprite sprite = {0};
    const pxe_image_state state = pxe_images_texture(s.engine->images, image, &sprite.texture);
    assert_true((state == PXE_IMAGE_READY) == (sprite.texture.name != 0));
    pxe_sprites_draw(s.engine->sprites, &sprite);
    return state;
}

static void end_frame(void)
{
    stage_end(&s);
    const pxc_stats stats = stats_now();
    assert_true(stats.used_bytes <= stats.limit_bytes);
    assert_int_equal(pxc_validate(s.engine->cache), PXC_OK);
}

/* A frame that shows this image alone. */
static void show(int i)
{
    stage_begin(&s, 0x000000FF);
    assert_int_equal(draw_image(images[i]), PXE_IMAGE_READY);
    end_frame();
    assert_all_pixels(&s, color_of(i) >> 8);
}

static void an_image_survives_eviction(void **state)
{
    (void)state;
    pxc_texture texture;
    open_with_room_for(3);
    show(0);
    assert_int_equal(pxe_images_peek(s.engine->images, images[0], &texture), PXE_IMAGE_READY);
    for (int i = 1; i < 6; ++i) {
        show(i);
    }
    assert_int_equal(pxe_images_peek(s.engine->images, images[0], &texture), PXE_IMAGE_ABSENT);
    assert_int_equal(texture.name, 0);
    assert_int_equal(stats_now().evictions, 3);
    const uint64_t uploads = stats_now().uploads;
    show(0);
    assert_int_equal(stats_now().uploads, uploads + 1);
    const pxe_image_info info = pxe_images_info(s.engine->images, images[0]);
    assert_int_equal(info.width, SIDE);
    assert_int_equal(info.height, SIDE);
    assert_string_equal(info.path, path_of(0));
    assert_null(info.failure);
    stage_close(&s);
}

static void a_file_opened_again_is_the_same_image(void **state)
{
    (void)state;
    pxc_texture first;
    pxc_texture second;
    open_with_room_for(5);
    const pxe_image again = pxe_images_open(s.engine->images, path_of(3), &(pxe_image_options){0});
    const pxe_image small = pxe_images_open(s.engine->images, path_of(3), &(pxe_image_options){.fit_px = 4});
    assert_int_equal(again.id, images[3].id);
    assert_true(small.id != images[3].id);
    const pxc_stats before = stats_now();
    stage_begin(&s, 0x000000FF);
    assert_int_equal(pxe_images_texture(s.engine->images, images[3], &first), PXE_IMAGE_READY);
    assert_int_equal(pxe_images_texture(s.engine->images, again, &second), PXE_IMAGE_READY);
    assert_int_equal(first.name, second.name);
    assert_int_equal(stats_now().uploads, before.uploads + 1);
    assert_int_equal(stats_now().misses, before.misses + 1);
    assert_int_equal(stats_now().hits, before.hits + 1);
    assert_int_equal(pxe_images_texture(s.engine->images, small, &second), PXE_IMAGE_READY);
    assert_true(first.name != second.name); /* of another size: another texture */
    assert_int_equal(second.width, 4);
    end_frame();
    stage_close(&s);
}

/* A plain LRU by bytes: the used ones, most recent last. */
typedef struct lru {
    int items[FILES];
    int count;
} lru;

static bool lru_use(lru *it, int item, int capacity)
{
    bool hit = false;
    for (int i = 0; i < it->count; ++i) {
        if (it->items[i] == item) {
            memmove(it->items + i, it->items + i + 1, (size_t)(it->count - i - 1) * sizeof *it->items);
            --it->count;
            hit = true;
        }
    }
    it->items[it->count++] = item;
    if (it->count > capacity) {
        memmove(it->items, it->items + 1, (size_t)capacity * sizeof *it->items);
        it->count = capacity;
    }
    return hit;
}

static void hits_and_misses_are_counted_once_a_use_and_are_lrus(void **state)
{
    (void)state;
    uint64_t seed = 21;
    lru model = {.count = 0};
    open_with_room_for(5);
    const pxc_stats before = stats_now();
    uint64_t hits = 0;
    const uint64_t uses = 400;
    for (uint64_t i = 0; i < uses; ++i) {
        const uint32_t low = random_below(&seed, FILES);
        const uint32_t high = random_below(&seed, FILES);
        const int which = (int)(low < high ? low : high); /* some more often than others */
        hits += lru_use(&model, which, 5) ? 1 : 0;
        show(which);
    }
    const pxc_stats after = stats_now();
    assert_int_equal(after.hits - before.hits, hits);
    assert_int_equal(after.misses - before.misses, uses - hits);
    assert_int_equal(after.uploads - before.uploads, uses - hits);
    assert_int_equal(after.upload_bytes - before.upload_bytes, (uses - hits) * BYTES);
    assert_int_equal(after.used_bytes, 5 * BYTES);
    assert_true(hits > 50 && hits < 350);
    stage_close(&s);
}

static void peeking_and_asking_for_info_is_no_use(void **state)
{
    (void)state;
    pxc_texture texture;
    open_with_room_for(2);
    assert_int_equal(pxe_images_peek(s.engine->images, images[0], &texture), PXE_IMAGE_ABSENT);
    show(0);
    show(1);
    const pxc_stats before = stats_now();
    assert_int_equal(pxe_images_peek(s.engine->images, images[0], &texture), PXE_IMAGE_READY);
    assert_true(texture.name != 0);
    pxe_images_info(s.engine->images, images[0]);
    assert_int_equal(stats_now().hits, before.hits);
    assert_int_equal(stats_now().misses, before.misses);
    show(2);
    assert_int_equal(pxe_images_peek(s.engine->images, images[0], &texture),
                     PXE_IMAGE_ABSENT); /* was oldest */
    assert_int_equal(pxe_images_peek(s.engine->images, images[1], &texture), PXE_IMAGE_READY);
    stage_close(&s);
}

/* Room for two, and so twice as much within a frame. */
static void what_does_not_fit_into_a_frame_is_loading_and_drawn_in_a_later_one(void **state)
{
    (void)state;
    bool seen[6] = {false};
    open_with_room_for(2);
    stage_begin(&s, 0x000000FF);
    for (int i = 0; i < 6; ++i) {
        const pxe_image_state now = draw_image(images[i]);
        assert_int_equal(now, i < 4 ? PXE_IMAGE_READY : PXE_IMAGE_ABSENT);
        seen[i] = now == PXE_IMAGE_READY;
    }
    end_frame();
    assert_all_pixels(&s, color_of(3) >> 8);
    stage_begin(&s, 0x000000FF);
    for (int i = 0; i < 6; ++i) {
        if (!seen[i]) {
            assert_int_equal(draw_image(images[i]), PXE_IMAGE_READY);
        }
    }
    end_frame();
    assert_all_pixels(&s, color_of(5) >> 8);
    assert_int_equal(pxe_images_failed(s.engine->images), 0);
    stage_close(&s);
}

static void options_scale_and_make_mip_levels(void **state)
{
    (void)state;
    pxc_texture texture;
    open_with_room_for(8);
    const pxe_image fitted = pxe_images_open(s.engine->images, path_of(1), &(pxe_image_options){.fit_px = 5});
    const pxe_image mipped =
        pxe_images_open(s.engine->images, path_of(1), &(pxe_image_options){.mipmaps = true});
    stage_begin(&s, 0x000000FF);
    assert_int_equal(pxe_images_texture(s.engine->images, fitted, &texture), PXE_IMAGE_READY);
    assert_int_equal(texture.width, 5);
    assert_int_equal(texture.height, 5);
    assert_int_equal(texture.cost, 100);
    assert_int_equal(pxe_images_info(s.engine->images, fitted).width, SIDE); /* of the file */
    assert_int_equal(pxe_images_texture(s.engine->images, mipped, &texture), PXE_IMAGE_READY);
    assert_int_equal(texture.width, SIDE);
    assert_int_equal(texture.cost, 4 * (256 + 64 + 16 + 4 + 1));
    end_frame();
    stage_close(&s);
}

static void many_handles_stay_good_while_the_table_grows(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    pxe_image *many = calloc(MANY, sizeof *many);
    assert_non_null(many);
    open_with_room_for(4);
    show(0);
    for (int i = 0; i < MANY; ++i) {
        many[i] = pxe_images_open(s.engine->images, path_of(i % FILES), NULL);
        assert_true(many[i].id != 0 && (i == 0 || many[i].id != many[i - 1].id));
    }
    for (int i = 0; i < MANY; i += 499) {
        assert_string_equal(pxe_images_info(s.engine->images, many[i]).path, path_of(i % FILES));
    }
    show(0);
    stage_begin(&s, 0x000000FF);
    assert_int_equal(draw_image(many[MANY - 1]), PXE_IMAGE_READY);
    end_frame();
    assert_all_pixels(&s, color_of((MANY - 1) % FILES) >> 8);
    free(many);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_survives_eviction),
        cmocka_unit_test(a_file_opened_again_is_the_same_image),
        cmocka_unit_test(hits_and_misses_are_counted_once_a_use_and_are_lrus),
        cmocka_unit_test(peeking_and_asking_for_info_is_no_use),
        cmocka_unit_test(what_does_not_fit_into_a_frame_is_loading_and_drawn_in_a_later_one),
        cmocka_unit_test(options_scale_and_make_mip_levels),
        cmocka_unit_test(many_handles_stay_good_while_the_table_grows),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
