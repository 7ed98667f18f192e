/* What other threads hand over, in a cache that packs: the budget, the order, who waits, and who is refused. */
#include "packed.h"

#include <stdio.h>

static unsigned releases;

static void release(void *user)
{
    (void)user;
    ++releases;
}

static const char *name_of(int width)
{
    static char text[16];
    snprintf(text, sizeof text, "w%d", width);
    return text;
}

static void submit_width(fixture *f, int width)
{
    const pxc_pixmap pixmap = pixmap_of(width);
    assert_status(PXC_OK, pxc_submit(f->cache, name_of(width), &pixmap, release, NULL));
}

static pxc_status status_of(fixture *f, int width)
{
    pxc_key key;
    return pxc_lookup(f->cache, name_of(width), &key);
}

/* One row, and its copies above and below. */
static void assert_name_shows(fixture *f, int width, bool packed)
{
    const pxc_pixmap pixmap = pixmap_of(width);
    pxc_texture texture;
    assert_status(PXC_OK, pxc_find_named(f->cache, name_of(width), &texture));
    assert_int_equal(texture.width, width);
    assert_int_equal(is_packed(&texture), packed);
    if (!packed) {
        assert_true(fake_gpu_texture(&f->gpu, texture.name)->checksum == fake_gpu_checksum(&pixmap));
        return;
    }
    const fake_texture *page = &f->gpu.textures[texture.name];
    const int left = (int)(texture.u0 * (float)page->width + 0.5F);
    const int top = (int)(texture.v0 * (float)page->height + 0.5F);
    for (int x = -1; x <= width; ++x) {
        for (int y = -1; y <= 1; ++y) {
            uint8_t expected[4];
            fake_gpu_pixel(&pixmap, x < 0 ? 0 : x == width ? width - 1 : x, 0, expected);
            assert_memory_equal(fake_gpu_texel(&f->gpu, texture.name, left + x, top + y), expected, 4);
        }
    }
}

static void open_budget(fixture *f, size_t bytes)
{
    releases = 0;
    fixture_open_config(f, (pxc_config){.limit_bytes = 4 * MIB,
                                        .upload_bytes_per_frame = bytes,
                                        .now_us = fake_gpu_now_us,
                                        .now_us_user = &f->gpu,
                                        .pack = true});
}

static void images_go_up_in_order_within_the_budget(void **state)
{
    (void)state;
    fixture f;
    open_budget(&f, 4 * (10 + 11 + 12));
    for (int width = 10; width < 20; ++width) {
        submit_width(&f, width);
    }
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    for (int width = 10; width < 20; ++width) {
        assert_status(width < 13 ? PXC_OK : PXC_PENDING, status_of(&f, width));
    }
    assert_int_equal(releases, 3);
    assert_int_equal(stats_of(f.cache).upload_bytes, 4 * (10 + 11 + 12));
    assert_int_equal(stats_of(f.cache).packed_entries, 3);
    packed_frame_end(&f);
    assert_status(PXC_PENDING, pxc_find_named(f.cache, name_of(18), NULL)); /* wanted: goes first */
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    assert_status(PXC_OK, status_of(&f, 18));
    assert_status(PXC_OK, status_of(&f, 13));
    assert_status(PXC_PENDING, status_of(&f, 14));
    for (int frame = 0; frame < 5; ++frame) {
        packed_frame_end(&f);
        assert_ok(f.cache, pxc_frame_begin(f.cache));
    }
    for (int width = 10; width < 20; ++width) {
        assert_name_shows(&f, width, true);
    }
    assert_int_equal(releases, 10);
    fixture_close(&f);
}

/* One goes up in each frame, whatever the budget, and never in bands. */
static void a_small_image_goes_up_whole(void **state)
{
    (void)state;
    pxc_texture texture;
    fixture f;
    open_budget(&f, 1);
    pxc_pixmap pixmap = pixmap_new(30, 40, PXC_RGB565, 3);
    for (int i = 0; i < 3; ++i) {
        assert_status(PXC_OK, pxc_submit(f.cache, name_of(i + 1), &pixmap, release, NULL));
    }
    for (unsigned i = 0; i < 3; ++i) {
        assert_ok(f.cache, pxc_frame_begin(f.cache));
        assert_int_equal(releases, i + 1);
        packed_frame_end(&f);
    }
    assert_int_equal(f.gpu.row_calls, 0);
    assert_status(PXC_OK, pxc_find_named(f.cache, name_of(3), &texture));
    assert_true(is_packed(&texture));
    pixmap_free(&pixmap);
    fixture_close(&f);
}

static void a_large_image_beside_small_ones_goes_up_in_bands(void **state)
{
    (void)state;
    pxc_texture texture;
    fixture f;
    open_budget(&f, 16384);
    pxc_pixmap pixmap = pixmap_new(100, 300, PXC_RGBA8, 0);
    assert_status(PXC_OK, pxc_submit(f.cache, "large", &pixmap, release, NULL));
    submit_width(&f, 20);
    for (int frame = 0; frame < 12; ++frame) {
        assert_ok(f.cache, pxc_frame_begin(f.cache));
        packed_frame_end(&f);
    }
    assert_status(PXC_OK, pxc_find_named(f.cache, "large", &texture));
    assert_false(is_packed(&texture));
    assert_true(fake_gpu_texture(&f.gpu, texture.name)->checksum == fake_gpu_checksum(&pixmap));
    assert_name_shows(&f, 20, true);
    assert_int_equal(releases, 2);
    pixmap_free(&pixmap);
    fixture_close(&f);
}

/* Also what is handed over under the name of an image in a page. */
static void what_is_past_the_ceiling_waits_for_the_boundary(void **state)
{
    (void)state;
    fixture f;
    releases = 0;
    fixture_open_config(&f, (pxc_config){.limit_bytes = 4 * MIB,
                                         .ceiling_bytes = MIB,
                                         .now_us = fake_gpu_now_us,
                                         .now_us_user = &f.gpu,
                                         .pack = true});
    submit_width(&f, 30);
    submit_width(&f, 170); /* no page, and no room below the ceiling */
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    assert_name_shows(&f, 30, true);
    assert_status(PXC_PENDING, status_of(&f, 170));
    submit_width(&f, 30);
    packed_frame_end(&f);
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    packed_frame_end(&f);
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    assert_name_shows(&f, 170, false);
    assert_int_equal(releases, 3);
    packed_frame_end(&f);
    fixture_close(&f);
}

static void a_name_in_a_page_shows_the_old_image_until_the_new_one_is_up(void **state)
{
    (void)state;
    pxc_texture before;
    pxc_key old = {0};
    fixture f;
    open_budget(&f, 0);
    const pxc_pixmap first = paint(1, 12, 12, PXC_RGBA8);
    assert_ok(f.cache, pxc_insert_named(f.cache, name_of(40), &first, &old));
    submit_width(&f, 40);
    assert_status(PXC_OK, pxc_find_named(f.cache, name_of(40), &before));
    assert_texels(&f.gpu, &before, 1);
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    assert_name_shows(&f, 40, true);
    assert_false(pxc_key_valid(f.cache, old));
    assert_texels(&f.gpu, &before, 1); /* was given out in this frame */
    packed_frame_end(&f);
    assert_int_equal(stats_of(f.cache).packed_entries, 1);
    fixture_close(&f);
}

/* First into a texture of its own, then not at all. */
static void what_the_gpu_refuses_is_dropped(void **state)
{
    (void)state;
    fixture f;
    open_budget(&f, 0);
    submit_width(&f, 21);
    f.gpu.fail_fill_at = 1;
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    assert_name_shows(&f, 21, false);
    assert_int_equal(stats_of(f.cache).pages, 0);
    submit_width(&f, 22);
    f.gpu.fail_fill_at = f.gpu.fill_calls + 1;
    fake_gpu_fail_next(&f.gpu, PXC_ERR_GPU, 1);
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    assert_status(PXC_MISS, status_of(&f, 22));
    assert_int_equal(stats_of(f.cache).submits_failed, 1);
    assert_int_equal(stats_of(f.cache).pages, 0);
    assert_int_equal(releases, 2);
    packed_frame_end(&f);
    fixture_close(&f);
}

static void what_finds_the_context_lost_goes_up_in_the_next(void **state)
{
    (void)state;
    fixture f;
    open_budget(&f, 0);
    submit_width(&f, 33);
    f.gpu.fail_fill_at = 1;
    f.gpu.part_status = PXC_ERR_LOST;
    assert_status(PXC_ERR_LOST, pxc_frame_begin(f.cache));
    assert_status(PXC_PENDING, status_of(&f, 33));
    assert_int_equal(releases, 0);
    assert_ok(f.cache, pxc_context_lost(f.cache));
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    assert_name_shows(&f, 33, true);
    assert_int_equal(releases, 1);
    packed_frame_end(&f);
    fixture_close(&f);
}

/* However long storage takes to make: a place in a page needs none. */
static void a_small_image_is_never_made_elsewhere(void **state)
{
    (void)state;
    fixture f;
    releases = 0;
    fake_gpu_init(&f.gpu);
    failing_alloc_init(&f.alloc);
    fake_gpu_packs(&f.gpu);
    fake_gpu_prepares(&f.gpu);
    f.gpu.make_us_per_kib = 1000;
    const pxc_config config = {.limit_bytes = 4 * MIB,
                               .now_us = fake_gpu_now_us,
                               .now_us_user = &f.gpu,
                               .backend = &f.gpu.backend,
                               .alloc = f.alloc.table,
                               .pack = true};
    assert_status(PXC_OK, pxc_create(&config, &f.cache));
    submit_width(&f, 2000); /* tells how slow it is */
    for (int frame = 0; frame < 3; ++frame) {
        assert_ok(f.cache, pxc_frame_begin(f.cache));
        packed_frame_end(&f);
    }
    submit_width(&f, 2001);
    assert_ok(f.cache, pxc_frame_begin(f.cache));
    const uint64_t prepared = f.gpu.prepare_calls;
    assert_true(prepared > 0);
    pxc_pixmap pixmap = pixmap_new(64, 64, PXC_RGBA8, 0);
    assert_status(PXC_OK, pxc_submit(f.cache, "small", &pixmap, release, NULL));
    for (int frame = 0; frame < 5; ++frame) {
        assert_ok(f.cache, pxc_frame_begin(f.cache));
        packed_frame_end(&f);
    }
    pxc_texture texture;
    assert_status(PXC_OK, pxc_find_named(f.cache, "small", &texture));
    assert_true(is_packed(&texture));
    assert_int_equal(f.gpu.prepare_calls, prepared);
    assert_int_equal(releases, 3);
    pixmap_free(&pixmap);
    fixture_close(&f);
}

static void without_memory_what_was_handed_over_waits(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= 12; ++n) {
        fixture f;
        open_budget(&f, 0);
        submit_width(&f, 33);
        failing_alloc_fail_nth(&f.alloc, n);
        assert_ok(f.cache, pxc_frame_begin(f.cache));
        failing_alloc_fail_nth(&f.alloc, 0);
        assert_true(status_of(&f, 33) == PXC_OK || status_of(&f, 33) == PXC_PENDING);
        packed_frame_end(&f);
        assert_ok(f.cache, pxc_frame_begin(f.cache));
        assert_status(PXC_OK, status_of(&f, 33));
        assert_int_equal(releases, 1);
        fixture_close(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_go_up_in_order_within_the_budget),
        cmocka_unit_test(a_small_image_goes_up_whole),
        cmocka_unit_test(a_large_image_beside_small_ones_goes_up_in_bands),
        cmocka_unit_test(what_is_past_the_ceiling_waits_for_the_boundary),
        cmocka_unit_test(a_name_in_a_page_shows_the_old_image_until_the_new_one_is_up),
        cmocka_unit_test(what_the_gpu_refuses_is_dropped),
        cmocka_unit_test(what_finds_the_context_lost_goes_up_in_the_next),
        cmocka_unit_test(a_small_image_is_never_made_elsewhere),
        cmocka_unit_test(without_memory_what_was_handed_over_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
