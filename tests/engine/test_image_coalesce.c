/* One decode for many requests of one picture: the same image is the same load, and other sizes of it join a load that
 * waits. One worker, held at a gate by painting 0. */
#include "studio.h"

enum { SIDE = 32, BLOCKER = 200, RED = 0, GREEN = 1 };

static const uint32_t colors[] = {0xFF0000FF, 0x00FF00FF};

static folder in;
static studio s;

static int make_files(void **state)
{
    (void)state;
    folder_open(&in);
    write_gate_file(path_in(&in, "red"), RED, SIDE, colors[RED]);
    write_gate_file(path_in(&in, "green"), GREEN, SIDE, colors[GREEN]);
    write_file(path_in(&in, "bad"), "GATE", 4);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    folder_close(&in);
    return 0;
}

static void open_busy(void)
{
    studio_open_small(&s, 1 << 20);
    const pxe_image blocker = studio_paint(&s, BLOCKER, 1, NULL);
    studio_frame(&s, &blocker, 1);
    gate_wait(&s, 1);
}

static pxe_image open_fitted(const char *name, int fit_px, bool mipmaps)
{
    const pxe_image_options options = {.fit_px = fit_px, .mipmaps = mipmaps};
    const pxe_image image = pxe_images_open(s.images, path_in(&in, name), &options);
    assert_true(image.id != 0);
    return image;
}

static void four_sizes_at_once_are_one_decode(void **state)
{
    (void)state;
    static const int fits[] = {16, 0, 5, 8};
    pxe_image images[4];
    open_busy();
    for (int i = 0; i < 4; ++i) {
        images[i] = open_fitted("red", fits[i], false);
    }
    studio_frame(&s, images, 4);
    assert_int_equal(pxe_images_pending(s.images), 1 + 4);
    gate_set(&s, true);
    studio_drain(&s, images, 4);
    assert_int_equal(gate_begun(&s), 1 + 1);
    for (int i = 0; i < 4; ++i) {
        assert_resident(&s, images[i], fits[i] == 0 ? SIDE : fits[i], colors[RED]);
        assert_int_equal(pxe_images_info(s.images, images[i]).width, SIDE);
    }
    pxc_stats stats;
    pxc_get_stats(s.cache, &stats);
    assert_int_equal(stats.misses, 1 + 4);
    studio_close(&s);
}

static void of_a_painting_too(void **state)
{
    (void)state;
    open_busy();
    const pxe_image images[] = {studio_paint(&s, 7, SIDE, NULL),
                                studio_paint(&s, 7, SIDE, &(pxe_image_options){.fit_px = 3})};
    studio_frame(&s, images, 2);
    gate_set(&s, true);
    studio_drain(&s, images, 2);
    assert_int_equal(gate_begun(&s), 1 + 1);
    assert_resident(&s, images[0], SIDE, s.easels[7].color);
    assert_resident(&s, images[1], 3, s.easels[7].color);
    studio_close(&s);
}

static void a_fifth_size_is_a_second_decode(void **state)
{
    (void)state;
    pxe_image images[9];
    open_busy();
    for (int i = 0; i < 9; ++i) {
        images[i] = open_fitted("red", 20 + i, false);
    }
    studio_frame(&s, images, 9);
    gate_set(&s, true);
    studio_drain(&s, images, 9);
    assert_int_equal(gate_begun(&s), 1 + 3);
    for (int i = 0; i < 9; ++i) {
        assert_resident(&s, images[i], 20 + i, colors[RED]);
    }
    studio_close(&s);
}

static void what_is_asked_for_while_it_is_decoded_is_a_second_decode(void **state)
{
    (void)state;
    open_busy();
    const pxe_image whole = open_fitted("red", 0, false);
    const pxe_image small = open_fitted("red", 4, false);
    studio_frame(&s, &whole, 1);
    gate_let(&s, 1);
    gate_wait(&s, 2);
    assert_int_equal(studio_state(&s, whole), PXE_IMAGE_DECODING);
    studio_frame(&s, &small, 1);
    assert_int_equal(studio_state(&s, small), PXE_IMAGE_QUEUED);
    gate_set(&s, true);
    studio_drain(&s, &small, 1);
    assert_int_equal(gate_begun(&s), 3);
    assert_resident(&s, whole, SIDE, colors[RED]);
    assert_resident(&s, small, 4, colors[RED]);
    studio_close(&s);
}

static void an_image_that_is_asked_for_often_is_decoded_once(void **state)
{
    (void)state;
    open_busy();
    const pxe_image image = open_fitted("green", 0, false);
    const pxe_image again = open_fitted("green", 0, false);
    assert_int_equal(image.id, again.id);
    const pxe_image list[] = {image, again, image, image};
    pxe_images_prefetch(s.images, list, 4);
    for (int frame = 0; frame < 10; ++frame) {
        studio_frame(&s, list, 4);
    }
    assert_int_equal(pxe_images_pending(s.images), 2);
    gate_set(&s, true);
    studio_drain(&s, list, 4);
    assert_int_equal(gate_begun(&s), 2);
    pxc_stats stats;
    pxc_get_stats(s.cache, &stats);
    assert_int_equal(stats.uploads, 2);
    studio_close(&s);
}

static void with_and_without_mipmaps_share_a_decode(void **state)
{
    (void)state;
    pxc_texture texture;
    open_busy();
    const pxe_image plain = open_fitted("green", 16, false);
    const pxe_image mipped = open_fitted("green", 16, true);
    assert_true(plain.id != mipped.id);
    const pxe_image both[] = {plain, mipped};
    studio_frame(&s, both, 2);
    gate_set(&s, true);
    studio_drain(&s, both, 2);
    assert_int_equal(gate_begun(&s), 2);
    assert_resident(&s, plain, 16, colors[GREEN]);
    assert_resident(&s, mipped, 16, colors[GREEN]);
    pxe_images_peek(s.images, plain, &texture);
    assert_int_equal(texture.cost, 4 * 256);
    pxe_images_peek(s.images, mipped, &texture);
    assert_int_equal(texture.cost, 4 * (256 + 64 + 16 + 4 + 1));
    studio_close(&s);
}

static void sizes_of_a_bad_file_fail_together_and_each_is_told(void **state)
{
    (void)state;
    pxe_image images[3];
    open_busy();
    for (int i = 0; i < 3; ++i) {
        images[i] = open_fitted("bad", i, false);
    }
    studio_frame(&s, images, 3);
    gate_set(&s, true);
    studio_drain(&s, images, 3);
    for (int i = 0; i < 3; ++i) {
        assert_int_equal(studio_state(&s, images[i]), PXE_IMAGE_FAILED);
        assert_string_equal(pxe_images_info(s.images, images[i]).failure, "is cut short");
    }
    assert_int_equal(s.told, 3);
    assert_int_equal(pxe_images_failed(s.images), 3);
    studio_close(&s);
}

/* One is seen, the other was seen three frames ago: they share their load and so their fate. */
static void a_size_that_is_seen_keeps_the_load(void **state)
{
    (void)state;
    open_busy();
    const pxe_image seen = open_fitted("red", 0, false);
    const pxe_image gone = open_fitted("red", 4, false);
    const pxe_image both[] = {gone, seen};
    studio_frame(&s, both, 2);
    for (int frame = 0; frame < 5; ++frame) {
        studio_frame(&s, &seen, 1);
    }
    gate_set(&s, true);
    studio_drain(&s, &seen, 1);
    assert_resident(&s, seen, SIDE, colors[RED]);
    assert_int_equal(gate_begun(&s), 2);
    studio_close(&s);
}

/* A frame of the whole engine. */
static bool draws(stage *on, pxe_image image)
{
    pxe_sprite sprite = {.width = 8, .height = 8};
    stage_begin(on, 0x000000FF);
    const pxe_image_state now = pxe_images_texture(on->engine->images, image, &sprite.texture);
    assert_int_not_equal(now, PXE_IMAGE_FAILED);
    pxe_sprites_draw(on->engine->sprites, &sprite);
    stage_end(on);
    return now == PXE_IMAGE_READY;
}

static void the_engine_hands_its_decoders_on(void **state)
{
    (void)state;
    stage on;
    studio_open_small(&s, 1 << 20); /* for its decoder */
    gate_set(&s, true);
    const pxe_engine_config config = {.window = {.width = 8, .height = 8},
                                      .workers = 1,
                                      .decode = {.decoders = &s.decoder, .decoder_count = 1}};
    stage_open_config(&on, config);
    const pxe_image image = pxe_images_open(on.engine->images, path_in(&in, "red"), NULL);
    UNTIL(draws(&on, image), (void)0);
    assert_all_pixels(&on, colors[RED] >> 8);
    stage_close(&on);
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_sizes_at_once_are_one_decode),
        cmocka_unit_test(of_a_painting_too),
        cmocka_unit_test(a_fifth_size_is_a_second_decode),
        cmocka_unit_test(what_is_asked_for_while_it_is_decoded_is_a_second_decode),
        cmocka_unit_test(an_image_that_is_asked_for_often_is_decoded_once),
        cmocka_unit_test(with_and_without_mipmaps_share_a_decode),
        cmocka_unit_test(sizes_of_a_bad_file_fail_together_and_each_is_told),
        cmocka_unit_test(a_size_that_is_seen_keeps_the_load),
        cmocka_unit_test(the_engine_hands_its_decoders_on),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
