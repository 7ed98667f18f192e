/* What each picture has cost: uses, misses, uploads, regrets, uploads never drawn, late draws, idle pins; against a plain
 * count made beside it. */
#include "engine_fixture.h"

#include <string.h>

enum { SIDE = 16, BYTES = SIDE * SIDE * 4, PICTURES = 12 };

static stage s;
static pxe_image images[PICTURES];
static unsigned char pixels[PICTURES][BYTES];

/* Room for so many of them, each a texture of its own. */
static void open_room(int room)
{
    stage_open_config(&s, (pxe_engine_config){.window = {.width = 4, .height = 4},
                                              .limit_bytes = (size_t)room * BYTES,
                                              .own_textures = true});
    for (int i = 0; i < PICTURES; ++i) {
        char name[32];
        snprintf(name, sizeof name, "picture %d", i);
        const pxc_pixmap pixmap = {.pixels = pixels[i], .width = SIDE, .height = SIDE};
        images[i] = pxe_images_from_pixels(s.engine->images, name, &pixmap, NULL, NULL);
        assert_int_not_equal(images[i].id, 0);
    }
}

static void frame_of(const int *asked, int count)
{
    pxc_texture texture;
    stage_begin(&s, 0);
    for (int i = 0; i < count; ++i) {
        pxe_images_texture(s.engine->images, images[asked[i]], &texture);
    }
    pxe_frame_end(s.engine, NULL, NULL);
}

/* By its name; all zero if nothing is known of it. */
static pxe_picture_cost cost_of(int picture)
{
    pxe_picture_cost all[PICTURES + 1];
    char name[32];
    snprintf(name, sizeof name, "picture %d", picture);
    const size_t count = pxe_profile_pictures(s.engine->profile, PXE_BY_COST, all, PICTURES + 1);
    for (size_t i = 0; i < count; ++i) {
        if (strcmp(all[i].name, name) == 0) {
            return all[i];
        }
    }
    return (pxe_picture_cost){0};
}

static void each_use_and_each_upload_is_the_pictures(void **state)
{
    (void)state;
    uint64_t uses[PICTURES] = {0};
    uint64_t seed = 17;
    size_t known = 0;
    open_room(5);
    for (int frame = 0; frame < 300; ++frame) {
        int asked[4];
        for (int i = 0; i < 4; ++i) {
            asked[i] = (int)random_below(&seed, PICTURES - 1); /* the last one is never asked for */
            ++uses[asked[i]];
        }
        frame_of(asked, 4);
    }
    pxc_stats stats;
    assert_int_equal(pxc_get_stats(s.engine->cache, &stats), PXC_OK);
    for (int i = 0; i < PICTURES; ++i) {
        const pxe_picture_cost cost = cost_of(i);
        assert_int_equal(cost.uses, uses[i]);
        assert_int_equal(cost.misses, cost.uploads); /* without workers each is loaded at once */
        assert_int_equal(cost.upload_bytes, cost.uploads * BYTES);
        assert_int_equal(cost.bytes, uses[i] != 0 ? BYTES : 0);
        assert_true(cost.evictions == cost.uploads || cost.evictions + 1 == cost.uploads);
        assert_int_equal(cost.undrawn_uploads, 0);
        assert_true(cost.uploads == 0 || cost.upload_ms > 0);
    }
    const pxe_picture_cost sum = pxe_profile_pictures_sum(s.engine->profile, &known);
    assert_int_equal(known, PICTURES - 1);
    assert_null(sum.name);
    assert_int_equal(sum.uses, 1200);
    assert_int_equal(sum.uploads, stats.uploads);
    assert_int_equal(sum.misses, stats.misses);
    assert_int_equal(sum.upload_bytes, stats.upload_bytes);
    assert_int_equal(sum.evictions, stats.evictions);
    stage_close(&s);
}

/* Uploaded again 60 frames after its eviction: a regret. 61: none. */
static void an_upload_soon_after_the_eviction_is_a_regret(void **state)
{
    (void)state;
    static const int first[] = {0};
    static const int second[] = {1};
    for (int frames = 59; frames <= 61; ++frames) {
        pxe_picture_cost regretted;
        open_room(1);
        frame_of(first, 1);
        frame_of(second, 1); /* ends with the eviction */
        for (int i = 1; i < frames; ++i) {
            frame_of(NULL, 0);
        }
        frame_of(first, 1);
        const bool is_regret = frames <= 60;
        assert_int_equal(cost_of(0).regrets, is_regret ? 1 : 0);
        assert_int_equal(cost_of(1).regrets, 0);
        assert_int_equal(pxe_profile_pictures(s.engine->profile, PXE_BY_REGRETS, &regretted, 1),
                         is_regret ? 1 : 0);
        stage_close(&s);
    }
}

/* One eviction is regretted once, however often the picture changes afterwards. */
static void an_eviction_is_regretted_once(void **state)
{
    (void)state;
    open_room(1);
    frame_of((const int[]){0}, 1);
    frame_of((const int[]){1}, 1);
    frame_of((const int[]){0}, 1);
    const pxc_pixmap pixmap = {.pixels = pixels[0], .width = SIDE, .height = SIDE};
    assert_int_equal(pxc_insert_named(s.engine->cache, "0=picture 0", &pixmap, NULL), PXC_OK);
    frame_of((const int[]){0}, 1);
    assert_int_equal(cost_of(0).uploads, 3);
    assert_int_equal(cost_of(0).regrets, 1);
    stage_close(&s);
}

/* Of an eviction that the application asked for: no larger limit would have spared it. */
static void an_upload_after_a_trim_is_no_regret(void **state)
{
    (void)state;
    open_room(5);
    frame_of((const int[]){0}, 1);
    frame_of(NULL, 0);
    assert_int_equal(pxc_trim_to(s.engine->cache, 0), PXC_OK);
    frame_of(NULL, 0);
    frame_of((const int[]){0}, 1);
    assert_int_equal(cost_of(0).uploads, 2);
    assert_int_equal(cost_of(0).evictions, 1);
    assert_int_equal(cost_of(0).regrets, 0);
    stage_close(&s);
}

static void a_miss_is_a_first_one_or_one_after_an_eviction(void **state)
{
    (void)state;
    open_room(2);
    for (int i = 0; i < 4; ++i) {
        frame_of((const int[]){0, 1}, 2);
        assert_int_equal(pxe_profile_last(s.engine->profile)->misses, i % 2 == 0 ? 2 : 0);
        assert_int_equal(pxe_profile_last(s.engine->profile)->first_misses, i == 0 ? 2 : 0);
        if (i % 2 != 0) {
            frame_of((const int[]){2, 3}, 2);
        }
    }
    stage_close(&s);
}

static void an_upload_that_nobody_drew_is_counted_when_it_goes(void **state)
{
    (void)state;
    pxe_picture_cost undrawn;
    static const int drawn[] = {2, 3};
    open_room(3);
    assert_true(pxe_images_prefetch(s.engine->images, images, 2));
    for (int i = 0; i < 4; ++i) {
        frame_of(NULL, 0);
    }
    assert_int_equal(cost_of(0).uploads, 1);
    assert_int_equal(cost_of(1).uploads, 1);
    assert_int_equal(pxe_profile_pictures(s.engine->profile, PXE_BY_UNDRAWN, &undrawn, 1), 0);
    frame_of(drawn, 2); /* the older of the two goes */
    assert_int_equal(cost_of(0).undrawn_uploads, 1);
    assert_int_equal(cost_of(1).undrawn_uploads, 0);
    assert_int_equal(pxe_profile_pictures(s.engine->profile, PXE_BY_UNDRAWN, &undrawn, 1), 1);
    assert_string_equal(undrawn.name, "picture 0");

    static const int both[] = {0, 1}; /* having been drawn once does not excuse a later upload */
    frame_of(both, 2);
    frame_of(drawn, 2);
    frame_of((const int[]){4}, 1);
    assert_int_equal(cost_of(1).undrawn_uploads, 0);
    assert_true(pxe_images_prefetch(s.engine->images, &images[1], 1));
    frame_of(NULL, 0);
    frame_of(NULL, 0);
    frame_of((const int[]){5, 6, 7}, 3);
    assert_int_equal(cost_of(1).undrawn_uploads, 1);
    stage_close(&s);
}

static void orders_are_descending_and_bounded(void **state)
{
    (void)state;
    pxe_picture_cost top[PICTURES];
    uint64_t seed = 3;
    open_room(3);
    for (int frame = 0; frame < 400; ++frame) {
        const int asked[] = {(int)random_below(&seed, PICTURES), (int)random_below(&seed, PICTURES)};
        frame_of(asked, 2);
    }
    const size_t all = pxe_profile_pictures(s.engine->profile, PXE_BY_REGRETS, top, PICTURES);
    assert_int_equal(all, PICTURES);
    for (size_t i = 1; i < all; ++i) {
        assert_true(top[i - 1].regrets >= top[i].regrets);
    }
    const uint64_t third = top[2].regrets;
    assert_int_equal(pxe_profile_pictures(s.engine->profile, PXE_BY_REGRETS, top, 3), 3);
    assert_int_equal(top[2].regrets, third);
    assert_int_equal(pxe_profile_pictures(s.engine->profile, PXE_BY_REGRETS, top, 0), 0);
    stage_close(&s);
}

/* What is asked for with sizes of its own is a picture of its own, and is named so. */
static void a_picture_in_another_size_is_another_row(void **state)
{
    (void)state;
    pxe_picture_cost costs[4];
    pxc_texture texture;
    folder in;
    folder_open(&in);
    write_png_flat(path_in(&in, "a.png"), SIDE, SIDE, 0x80FF80FF);
    open_room(5);
    const pxe_image whole = pxe_images_open(s.engine->images, path_in(&in, "a.png"), NULL);
    const pxe_image small =
        pxe_images_open(s.engine->images, path_in(&in, "a.png"), &(pxe_image_options){.fit_px = 4});
    stage_begin(&s, 0);
    pxe_images_texture(s.engine->images, whole, &texture);
    pxe_images_texture(s.engine->images, small, &texture);
    pxe_frame_end(s.engine, NULL, NULL);
    assert_int_equal(pxe_profile_pictures(s.engine->profile, PXE_BY_COST, costs, 4), 2);
    const pxe_picture_cost *fitted = costs[0].bytes == 64 ? &costs[0] : &costs[1];
    const pxe_picture_cost *full = costs[0].bytes == 64 ? &costs[1] : &costs[0];
    assert_string_equal(full->name, path_in(&in, "a.png"));
    assert_non_null(strstr(fitted->name, "a.png (4 px)"));
    assert_int_equal(fitted->bytes, 64);
    assert_true(fitted->decode_ms > 0 && full->decode_ms > 0);
    stage_close(&s);
    folder_close(&in);
}

/* Of the application's own: by name, and all without a name as one. */
static void what_the_application_inserts_is_counted_too(void **state)
{
    (void)state;
    pxe_picture_cost costs[4];
    pxc_key key;
    size_t count = 0;
    open_room(5);
    const pxc_pixmap pixmap = {.pixels = pixels[0], .width = SIDE, .height = SIDE};
    stage_begin(&s, 0);
    assert_int_equal(pxc_insert_named(s.engine->cache, "own", &pixmap, NULL), PXC_OK);
    assert_int_equal(pxc_insert(s.engine->cache, &pixmap, &key), PXC_OK);
    assert_int_equal(pxc_insert(s.engine->cache, &pixmap, &key), PXC_OK);
    pxe_frame_end(s.engine, NULL, NULL);
    assert_int_equal(pxe_profile_pictures(s.engine->profile, PXE_BY_COST, costs, 4), 2);
    const bool own_first = strcmp(costs[0].name, "own") == 0;
    assert_string_equal(costs[own_first ? 0 : 1].name, "own");
    assert_int_equal(costs[own_first ? 0 : 1].uploads, 1);
    assert_int_equal(costs[own_first ? 1 : 0].uploads, 2);
    pxe_profile_pictures_sum(s.engine->profile, &count);
    assert_int_equal(count, 2);
    assert_int_equal(pxc_trim_to(s.engine->cache, 0), PXC_OK); /* whether it was drawn is not known */
    frame_of(NULL, 0);
    const pxe_picture_cost sum = pxe_profile_pictures_sum(s.engine->profile, NULL);
    assert_int_equal(sum.evictions, 3);
    assert_int_equal(sum.undrawn_uploads, 0);
    stage_close(&s);
}

/* Its time is part of that one, and so is what was done in it; before the first frame nothing was timed. */
static void what_is_done_between_two_frames_is_the_next_ones(void **state)
{
    (void)state;
    pxc_texture texture;
    open_room(5);
    for (int i = 0; i < 3; ++i) {
        pxe_images_texture(s.engine->images, images[i], &texture);
        if (i == 2) {
            pxe_profile_skip_idle(s.engine->profile);
        }
        frame_of((const int[]){i}, 1);
        const pxe_frame *last = pxe_profile_last(s.engine->profile);
        assert_int_equal(last->frame, i);
        assert_int_equal(last->misses, 1);
        assert_int_equal(last->first_misses, 1);
        const bool is_timed = i == 1;
        assert_int_equal(last->upload_ms > 0, is_timed);
        assert_int_equal(last->section_ms[PXE_SECTION_INSERT] > 0, is_timed);
        assert_true(!is_timed || last->cache_ms >= last->section_ms[PXE_SECTION_INSERT]);
        assert_true(last->section_ms[PXE_SECTION_INSERT] < last->frame_ms);
    }
    stage_close(&s);
}

static void pins_that_idle_are_told_the_largest_first(void **state)
{
    (void)state;
    pxe_idle_pin pins[2];
    pxc_key keys[4];
    pxc_texture texture;
    open_room(PICTURES);
    stage_begin(&s, 0);
    pxe_images_texture(s.engine->images, images[0], &texture);
    assert_int_equal(pxc_lookup(s.engine->cache, "0=picture 0", &keys[0]), PXC_OK);
    for (int i = 1; i < 4; ++i) {
        const pxc_pixmap pixmap = {.pixels = pixels[0], .width = i, .height = SIDE};
        assert_int_equal(pxc_insert(s.engine->cache, &pixmap, &keys[i]), PXC_OK);
    }
    for (int i = 0; i < 4; ++i) {
        assert_int_equal(pxc_pin(s.engine->cache, keys[i]), PXC_OK);
    }
    pxe_frame_end(s.engine, NULL, NULL);
    for (int i = 0; i < 10; ++i) {
        stage_begin(&s, 0);
        assert_int_equal(pxc_find(s.engine->cache, keys[3], &texture), PXC_OK); /* does not idle */
        pxe_frame_end(s.engine, NULL, NULL);
    }
    const pxe_idle_pins all = pxe_profile_idle_pins(s.engine->profile, s.engine->cache, 10, pins, 2);
    assert_int_equal(all.count, 3);
    assert_int_equal(all.bytes, BYTES + (1 + 2) * SIDE * 4);
    assert_string_equal(pins[0].name, "picture 0");
    assert_int_equal(pins[0].bytes, BYTES);
    assert_int_equal(pins[0].idle_frames, 11);
    assert_null(pins[1].name);
    assert_int_equal(pins[1].bytes, 2 * SIDE * 4);
    assert_int_equal(pxe_profile_idle_pins(s.engine->profile, s.engine->cache, 11, NULL, 0).count, 3);
    assert_int_equal(pxe_profile_idle_pins(s.engine->profile, s.engine->cache, 12, NULL, 0).count, 0);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_use_and_each_upload_is_the_pictures),
        cmocka_unit_test(an_upload_soon_after_the_eviction_is_a_regret),
        cmocka_unit_test(an_eviction_is_regretted_once),
        cmocka_unit_test(an_upload_after_a_trim_is_no_regret),
        cmocka_unit_test(a_miss_is_a_first_one_or_one_after_an_eviction),
        cmocka_unit_test(an_upload_that_nobody_drew_is_counted_when_it_goes),
        cmocka_unit_test(orders_are_descending_and_bounded),
        cmocka_unit_test(a_picture_in_another_size_is_another_row),
        cmocka_unit_test(what_the_application_inserts_is_counted_too),
        cmocka_unit_test(what_is_done_between_two_frames_is_the_next_ones),
        cmocka_unit_test(pins_that_idle_are_told_the_largest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
