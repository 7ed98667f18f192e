/* Mip levels that the caller made: they go up like the pixmap's own pixels, and are counted like them. The fake GPU
 * knows which row of which level has come. */
#include "post.h"

#include "fake_pixels.h"

#include <stdlib.h>

enum { KIB = 1024 };

/* Any pointer: post_try gives the pixmap levels of its own if this is not NULL. */
#define OWN_LEVELS "its own"

static pxc_pixmap with_levels(pxc_format format, int width, int height)
{
    return (pxc_pixmap){
        .width = width, .height = height, .format = format, .mipmaps = true, .mip_pixels = OWN_LEVELS};
}

static const struct {
    int width, height;
} sizes[] = {{1, 1}, {1, 2}, {1, 37}, {41, 1}, {2, 2}, {3, 5}, {16, 16}, {31, 17}, {7, 64}};

static uint64_t rows_of(const pxc_pixmap *shape)
{
    uint64_t rows = 0;
    for (int level = 0; level < fake_pixels_level_count(shape); ++level) {
        rows += (uint64_t)fake_pixels_level(shape, level).height;
    }
    return rows;
}

static void check_cost(post *p, const pxc_pixmap *shape)
{
    pxc_texture texture;
    const size_t cost = pxc_texture_cost(shape->format, shape->width, shape->height, shape->mipmaps);
    assert_status(PXC_OK, pxc_find_named(p->f.cache, "a", &texture));
    assert_int_equal(texture.cost, cost);
    assert_int_equal(pxc_used(p->f.cache), cost);
}

/* Within a budget of so many bytes a frame, 0 = whole. */
static void go_up(pxc_pixmap shape, size_t budget)
{
    post p;
    int a = -1;
    post_open(&p, (pxc_config){.upload_bytes_per_frame = budget});
    assert_status(PXC_OK, post_try(&p, "a", shape, &a));
    assert_int_equal(stats_of(p.f.cache).pending_bytes, p.items[a].bytes);
    post_drain(&p, 200);
    assert_shows(&p, "a", a);
    check_cost(&p, &shape);
    assert_int_equal(stats_of(p.f.cache).upload_bytes, fake_pixels_source_bytes(&shape));
    const bool whole = budget == 0 || shape.height == 1;
    assert_int_equal(p.f.gpu.create_calls, whole || p.f.gpu.rows_uploaded == 0 ? 1 : 0);
    assert_true(p.f.gpu.rows_uploaded == 0 || p.f.gpu.rows_uploaded == rows_of(&shape));
    assert_true(whole || budget > 1 || p.f.gpu.row_calls == rows_of(&shape)); /* one row a frame */
    post_close(&p);
}

static void every_row_of_every_level_goes_up_once_in_its_order(void **state)
{
    (void)state;
    const size_t budgets[] = {0, 1, 50, 700};
    for (pxc_format format = PXC_RGBA8; format <= PXC_RGBA4; ++format) {
        for (size_t i = 0; i < COUNT_OF(sizes) * COUNT_OF(budgets); ++i) {
            const size_t size = i / COUNT_OF(budgets);
            go_up(with_levels(format, sizes[size].width, sizes[size].height), budgets[i % COUNT_OF(budgets)]);
        }
    }
}

static void the_budget_of_bytes_holds_for_the_levels_too(void **state)
{
    (void)state;
    const size_t budget = 100 * KIB;
    post p;
    int a = -1;
    post_open(&p, (pxc_config){.upload_bytes_per_frame = budget});
    assert_status(PXC_OK, post_try(&p, "a", with_levels(PXC_RGBA8, 512, 500), &a));
    const size_t most_frames = 2 * p.items[a].bytes / budget;
    for (size_t frames = 0; p.pending_bytes > 0; ++frames) {
        const uint64_t bytes = p.f.gpu.bytes_uploaded;
        assert_in_range(frames, 0, most_frames);
        post_frames(&p, 1);
        assert_in_range(p.f.gpu.bytes_uploaded - bytes, 1, budget);
    }
    assert_shows(&p, "a", a);
    post_close(&p);
}

static void levels_go_up_where_storage_is_made_elsewhere(void **state)
{
    (void)state;
    post p;
    int a = -1;
    post_open_preparing(&p, (pxc_config){.upload_bytes_per_frame = 100 * KIB});
    assert_status(PXC_OK, post_try(&p, "a", with_levels(PXC_RGB8, 511, 500), &a));
    post_drain(&p, 30);
    assert_shows(&p, "a", a);
    assert_int_equal(p.f.gpu.prepared, 1);
    post_close(&p);
}

/* Neither read nor counted. */
static void without_mipmaps_there_are_no_levels(void **state)
{
    (void)state;
    for (size_t budget = 0; budget < 2; ++budget) {
        post p;
        int a = -1;
        pxc_pixmap shape = with_levels(PXC_RGBA8, 21, 30);
        shape.mipmaps = false;
        post_open(&p, (pxc_config){.upload_bytes_per_frame = budget});
        assert_status(PXC_OK, post_try(&p, "a", shape, &a)); /* with a block of 0 bytes */
        assert_int_equal(stats_of(p.f.cache).pending_bytes, 4 * 21 * 30);
        post_drain(&p, 30);
        assert_shows(&p, "a", a);
        assert_int_equal(stats_of(p.f.cache).upload_bytes, 4 * 21 * 30);
        check_cost(&p, &shape);
        post_close(&p);
    }
}

/* What is counted against the bound of the mailbox. */
static void the_mailbox_has_room_for_pixels_and_levels(void **state)
{
    (void)state;
    const pxc_pixmap shape = with_levels(PXC_RG8, 9, 5);
    const size_t bytes = fake_pixels_source_bytes(&shape);
    assert_int_equal(bytes, 2 * (9 * 5 + 4 * 2 + 2 * 1 + 1 * 1));
    post p;
    post_open(&p, (pxc_config){.mailbox_bytes = bytes - 1});
    assert_status(PXC_ERR_TOO_LARGE, post_try(&p, "a", shape, NULL));
    post_close(&p);
    post_open(&p, (pxc_config){.mailbox_bytes = 2 * bytes - 1});
    assert_status(PXC_OK, post_try(&p, "a", shape, NULL));
    assert_status(PXC_ERR_FULL, post_try(&p, "b", shape, NULL));
    post_drain(&p, 1);
    assert_status(PXC_OK, post_try(&p, "b", shape, NULL));
    post_drain(&p, 1);
    post_close(&p);
}

/* ---- In the middle of a level -----------------------------------------------------------------------------------*/

/* Rows of the first level, and some of the second. */
static int open_in_the_second_level(post *p)
{
    int a = -1;
    post_open(p, (pxc_config){.upload_bytes_per_frame = 1});
    assert_status(PXC_OK, post_try(p, "a", with_levels(PXC_RGBA8, 12, 16), &a));
    post_frames(p, 16 + 3);
    assert_int_equal(p->f.gpu.rows_uploaded, 16 + 3);
    assert_kept(p, a);
    return a;
}

static void a_later_submission_begins_with_its_own_first_row(void **state)
{
    (void)state;
    post p;
    const int first = open_in_the_second_level(&p);
    int second = -1;
    assert_status(PXC_OK, post_try(&p, "a", with_levels(PXC_R8, 5, 20), &second));
    post_frames(&p, 1);
    assert_released(&p, first);
    post_drain(&p, 100);
    assert_shows(&p, "a", second);
    assert_int_equal(p.f.gpu.rows_uploaded, 16 + 3 + 20 + 10 + 5 + 2 + 1);
    assert_int_equal(p.f.gpu.alive, 1);
    post_close(&p);
}

static void after_a_loss_it_begins_with_the_first_level(void **state)
{
    (void)state;
    post p;
    const int a = open_in_the_second_level(&p);
    assert_ok(p.f.cache, pxc_context_lost(p.f.cache));
    post_drain(&p, 100);
    assert_shows(&p, "a", a);
    assert_int_equal(p.f.gpu.rows_uploaded, 16 + 3 + 16 + 8 + 4 + 2 + 1);
    post_close(&p);
}

static void a_level_that_the_gpu_refuses_makes_the_pixmap_fail(void **state)
{
    (void)state;
    post p;
    const int a = open_in_the_second_level(&p);
    p.f.gpu.fail_rows_at = p.f.gpu.row_calls + 1;
    post_frames(&p, 1);
    assert_released(&p, a);
    assert_absent(&p, PXC_MISS, "a");
    assert_int_equal(p.f.gpu.alive, 0);
    assert_int_equal(stats_of(p.f.cache).submits_failed, 1);
    post_close(&p);
}

/* ---- Without handing over ---------------------------------------------------------------------------------------*/

static void assert_filled_from(fixture *f, pxc_key key, const pxc_pixmap *pixmap)
{
    pxc_texture texture;
    assert_ok(f->cache, pxc_find(f->cache, key, &texture));
    const fake_texture *seen = fake_gpu_texture(&f->gpu, texture.name);
    assert_non_null(seen);
    assert_true(seen->checksum == fake_gpu_checksum(pixmap));
}

/* The pixels have gaps between their rows, the levels have none. */
static void insert_and_replace_take_levels_too(void **state)
{
    (void)state;
    fixture f;
    pxc_key key = {0};
    fixture_open(&f, 0);
    pxc_pixmap pixmap = pixmap_new(13, 6, PXC_RGB8, 5);
    unsigned char *levels = malloc((size_t)3 * (6 * 3 + 3 * 1 + 1 * 1));
    assert_non_null(levels);
    for (size_t i = 0; i < (size_t)3 * (6 * 3 + 3 * 1 + 1 * 1); ++i) {
        levels[i] = (unsigned char)(i * 11);
    }
    pixmap.mipmaps = true;
    pixmap.mip_pixels = levels;
    const size_t bytes = fake_pixels_source_bytes(&pixmap);
    assert_int_equal(bytes, 3 * (13 * 6 + 6 * 3 + 3 * 1 + 1 * 1));
    assert_ok(f.cache, pxc_insert(f.cache, &pixmap, &key));
    assert_filled_from(&f, key, &pixmap);
    levels[0] = 77;
    assert_ok(f.cache, pxc_replace(f.cache, key, &pixmap));
    assert_filled_from(&f, key, &pixmap);
    assert_int_equal(stats_of(f.cache).upload_bytes, 2 * bytes);
    assert_int_equal(f.gpu.bytes_uploaded, 2 * bytes);
    free(levels);
    pixmap_free(&pixmap);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_every_level_goes_up_once_in_its_order),
        cmocka_unit_test(the_budget_of_bytes_holds_for_the_levels_too),
        cmocka_unit_test(levels_go_up_where_storage_is_made_elsewhere),
        cmocka_unit_test(without_mipmaps_there_are_no_levels),
        cmocka_unit_test(the_mailbox_has_room_for_pixels_and_levels),
        cmocka_unit_test(a_later_submission_begins_with_its_own_first_row),
        cmocka_unit_test(after_a_loss_it_begins_with_the_first_level),
        cmocka_unit_test(a_level_that_the_gpu_refuses_makes_the_pixmap_fail),
        cmocka_unit_test(insert_and_replace_take_levels_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
