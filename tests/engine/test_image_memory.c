/* Pictures that come from memory: painted when they are needed, or pixels of the application, which it gets back
 * exactly once. */
#include "studio.h"

enum { SIDE = 8, BYTES = SIDE * SIDE * 4 };

static studio s;
static const unsigned char pixels[64 * 64 * 4] = {1, 2, 3, 4, 5, 6, 7, 8};

static void count_release(void *user)
{
    ++*(int *)user;
}

static void pixels_go_up_as_they_are_and_again_after_an_eviction(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 1; ++workers) {
        int released = 0;
        studio_open(&s, (studio_config){.cache = {.limit_bytes = 2 * BYTES}, .images = {.workers = workers}});
        gate_set(&s, true);
        const pxc_pixmap pixmap = {.pixels = pixels, .width = SIDE, .height = SIDE};
        const pxe_image image = pxe_images_from_pixels(s.images, "mine", &pixmap, count_release, &released);
        assert_true(image.id != 0);
        for (int round = 0; round < 3; ++round) {
            pxc_texture texture;
            assert_int_equal(studio_settle(&s, image), PXE_IMAGE_READY);
            pxe_images_peek(s.images, image, &texture);
            assert_true(fake_gpu_texture(&s.gpu, texture.name)->checksum == fake_gpu_checksum(&pixmap));
            for (int i = 0; i < 2; ++i) {
                studio_settle(&s, studio_paint(&s, 10 * round + i, SIDE, NULL));
            }
            assert_int_equal(studio_state(&s, image), PXE_IMAGE_ABSENT);
        }
        assert_int_equal(released, 0);
        assert_true(pxe_images_destroy(s.images, NULL));
        assert_int_equal(released, 1);
        s.images = NULL;
        studio_close(&s);
    }
}

/* Also while they wait for their turn in a budget, half of them being up. */
static void pixels_on_their_way_are_released_once_when_the_images_go(void **state)
{
    (void)state;
    for (int frames = 0; frames <= 3; ++frames) {
        int released = 0;
        studio_open(
            &s, (studio_config){.cache = {.upload_bytes_per_frame = BYTES / 2}, .images = {.workers = 1}});
        const pxc_pixmap pixmap = {.pixels = pixels, .width = SIDE, .height = SIDE};
        const pxe_image image = pxe_images_from_pixels(s.images, "mine", &pixmap, count_release, &released);
        for (int frame = 0; frame < frames; ++frame) {
            studio_frame(&s, &image, 1);
            UNTIL(studio_state(&s, image) >= PXE_IMAGE_UPLOADING, (void)0);
        }
        assert_true(frames == 0 || frames == 3 || studio_state(&s, image) == PXE_IMAGE_UPLOADING);
        assert_true(pxe_images_destroy(s.images, NULL));
        assert_int_equal(released, 1);
        s.images = NULL;
        studio_close(&s);
    }
}

static void every_format_goes_up(void **state)
{
    (void)state;
    static const pxc_format formats[] = {PXC_RGBA8, PXC_BGRA8,  PXC_RGB8, PXC_RG8,
                                         PXC_R8,    PXC_RGB565, PXC_RGBA4};
    studio_open_small(&s, 1 << 20);
    for (size_t i = 0; i < COUNT_OF(formats); ++i) {
        char name[32];
        pxc_texture texture;
        const pxc_pixmap pixmap = {.pixels = pixels,
                                   .width = 11,
                                   .height = 9,
                                   .stride = i % 2 == 0 ? 60 : 0,
                                   .format = formats[i],
                                   .mipmaps = i % 3 == 0};
        snprintf(name, sizeof name, "format %zu", i);
        const pxe_image image = pxe_images_from_pixels(s.images, name, &pixmap, NULL, NULL);
        assert_int_equal(studio_settle(&s, image), PXE_IMAGE_READY);
        pxe_images_peek(s.images, image, &texture);
        assert_int_equal(texture.format, formats[i]);
        assert_int_equal(texture.cost, pxc_texture_cost(formats[i], 11, 9, pixmap.mipmaps));
        assert_true(fake_gpu_texture(&s.gpu, texture.name)->checksum == fake_gpu_checksum(&pixmap));
        assert_int_equal(pxe_images_info(s.images, image).width, 11);
        assert_int_equal(pxe_images_info(s.images, image).height, 9);
        assert_string_equal(pxe_images_info(s.images, image).path, name);
    }
    studio_close(&s);
}

static void what_is_no_pixmap_is_no_image_and_is_not_released(void **state)
{
    (void)state;
    int released = 0;
    const pxc_pixmap wrong[] = {
        {.pixels = NULL, .width = 1, .height = 1},
        {.pixels = pixels, .width = 0, .height = 1},
        {.pixels = pixels, .width = 1},
        {.pixels = pixels, .width = -3, .height = 2},
        {.pixels = pixels, .width = 1, .height = 1, .format = (pxc_format)77},
    };
    studio_open_small(&s, 1 << 20);
    for (size_t i = 0; i < COUNT_OF(wrong); ++i) {
        assert_int_equal(pxe_images_from_pixels(s.images, "mine", &wrong[i], count_release, &released).id, 0);
    }
    const pxc_pixmap right = {.pixels = pixels, .width = 1, .height = 1};
    assert_int_equal(pxe_images_from_pixels(s.images, "", &right, count_release, &released).id, 0);
    assert_true(pxe_images_from_pixels(s.images, "mine", &right, NULL, NULL).id != 0); /* the name is free */
    studio_close(&s);
    assert_int_equal(released, 0);
}

static void a_name_that_is_taken_is_no_image_and_nothing_is_released(void **state)
{
    (void)state;
    int released = 0;
    studio_open_small(&s, 1 << 20);
    const pxc_pixmap pixmap = {.pixels = pixels, .width = 2, .height = 2};
    const pxe_image first = studio_paint(&s, 1, SIDE, NULL);
    assert_int_equal(pxe_images_from_pixels(s.images, "painting 1", &pixmap, count_release, &released).id, 0);
    assert_true(pxe_images_from_pixels(s.images, "mine", &pixmap, count_release, &released).id != 0);
    assert_int_equal(pxe_images_from_pixels(s.images, "mine", &pixmap, count_release, &released).id, 0);
    const pxe_painting painting = {SIDE, SIDE, easel_paint, &s.easels[1]};
    assert_int_equal(pxe_images_paint(s.images, "mine", &painting, NULL).id, 0);
    assert_int_equal(pxe_images_paint(s.images, "painting 1", &painting, NULL).id, first.id);
    const pxe_painting others[] = {{SIDE + 1, SIDE, easel_paint, &s.easels[1]},
                                   {SIDE, SIDE + 1, easel_paint, &s.easels[1]},
                                   {SIDE, SIDE, easel_paint, &s.easels[2]}};
    for (size_t i = 0; i < COUNT_OF(others); ++i) {
        assert_int_equal(pxe_images_paint(s.images, "painting 1", &others[i], NULL).id, 0);
    }
    const pxe_image file = pxe_images_open(s.images, "painting 1", NULL); /* files have names of their own */
    assert_true(file.id != 0 && file.id != first.id);
    assert_int_equal(released, 0);
    studio_close(&s);
    assert_int_equal(released, 1);
}

static void what_has_no_size_or_no_painter_is_no_image(void **state)
{
    (void)state;
    studio_open_small(&s, 1 << 20);
    const pxe_painting wrong[] = {{0, 8, easel_paint, s.easels},
                                  {8, 0, easel_paint, s.easels},
                                  {-8, 8, easel_paint, s.easels},
                                  {8, 8, NULL, s.easels}};
    for (size_t i = 0; i < COUNT_OF(wrong); ++i) {
        assert_int_equal(pxe_images_paint(s.images, "x", &wrong[i], NULL).id, 0);
    }
    const pxe_painting right = {8, 8, easel_paint, s.easels};
    assert_int_equal(pxe_images_paint(s.images, "", &right, NULL).id, 0);
    assert_true(pxe_images_paint(s.images, "x", &right, NULL).id != 0);
    studio_close(&s);
}

static void a_painting_is_painted_again_after_an_eviction(void **state)
{
    (void)state;
    studio_open_small(&s, 2 * BYTES);
    gate_set(&s, true);
    const pxe_image image = studio_paint(&s, 0, SIDE, NULL);
    for (int round = 1; round <= 3; ++round) {
        studio_settle(&s, image);
        assert_resident(&s, image, SIDE, s.easels[0].color);
        assert_int_equal(gate_begun(&s), 3 * round - 2);
        studio_settle(&s, studio_paint(&s, 2 * round, SIDE, NULL));
        studio_settle(&s, studio_paint(&s, 2 * round + 1, SIDE, NULL));
        assert_int_equal(studio_state(&s, image), PXE_IMAGE_ABSENT);
    }
    studio_close(&s);
}

static bool paint_nothing(void *user, unsigned char *to, int width, int height, pxe_error *error)
{
    (void)error;
    for (int i = 0; i < width * height * 4; ++i) {
        *(int *)user += to[i] != 0 ? 1 : 0;
    }
    return true;
}

static void a_painter_finds_its_pixels_zeroed(void **state)
{
    (void)state;
    int dirty = 0;
    studio_open_small(&s, 1 << 20);
    const pxe_painting painting = {SIDE, SIDE, paint_nothing, &dirty};
    const pxe_image image = pxe_images_paint(s.images, "nothing", &painting, NULL);
    assert_int_equal(studio_settle(&s, image), PXE_IMAGE_READY);
    assert_int_equal(dirty, 0);
    assert_resident(&s, image, SIDE, 0);
    studio_close(&s);
}

/* The whole way, to the pixels of the frame. */
static void what_is_painted_and_what_was_given_is_drawn(void **state)
{
    (void)state;
    static const unsigned char green[4] = {0, 255, 0, 255};
    stage on;
    studio_open_small(&s, 1 << 20); /* for its easel */
    gate_set(&s, true);
    stage_open_config(&on, (pxe_engine_config){.window = {.width = 8, .height = 8}, .workers = 1});
    const pxe_painting painting = {4, 8, easel_paint, &s.easels[9]};
    const pxc_pixmap pixmap = {.pixels = green, .width = 1, .height = 1};
    const pxe_image left = pxe_images_paint(on.engine->images, "left", &painting, NULL);
    const pxe_image right = pxe_images_from_pixels(on.engine->images, "right", &pixmap, NULL, NULL);
    for (int ready = 0; ready < 2;) {
        pxe_sprite sprites[] = {{.width = 4, .height = 8}, {.x = 4, .width = 4, .height = 8}};
        stage_begin(&on, 0x000000FF);
        ready = pxe_images_texture(on.engine->images, left, &sprites[0].texture) == PXE_IMAGE_READY ? 1 : 0;
        ready += pxe_images_texture(on.engine->images, right, &sprites[1].texture) == PXE_IMAGE_READY ? 1 : 0;
        pxe_sprites_draw(on.engine->sprites, &sprites[0]);
        pxe_sprites_draw(on.engine->sprites, &sprites[1]);
        stage_end(&on);
    }
    for (int x = 0; x < 8; ++x) {
        assert_pixel(&on, x, x, x < 4 ? s.easels[9].color >> 8 : 0x00FF00, 0);
    }
    stage_close(&on);
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pixels_go_up_as_they_are_and_again_after_an_eviction),
        cmocka_unit_test(pixels_on_their_way_are_released_once_when_the_images_go),
        cmocka_unit_test(every_format_goes_up),
        cmocka_unit_test(what_is_no_pixmap_is_no_image_and_is_not_released),
        cmocka_unit_test(a_name_that_is_taken_is_no_image_and_nothing_is_released),
        cmocka_unit_test(what_has_no_size_or_no_painter_is_no_image),
        cmocka_unit_test(a_painting_is_painted_again_after_an_eviction),
        cmocka_unit_test(a_painter_finds_its_pixels_zeroed),
        cmocka_unit_test(what_is_painted_and_what_was_given_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
