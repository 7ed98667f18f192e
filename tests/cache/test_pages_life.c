/* What happens to images in pages while a cache lives: names and keys over moves, pages that are emptied little by little,
 * hand-over from other threads, clear, a lost context, two caches. */
#include "packed.h"

enum { PLACES = 225, TIDY_BYTES = 1 << 18, SPAN_BYTES = 34 * 34 * 4 };

static pxc_key keys[8 * PLACES];

static void put_many(fixture *f, uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i) {
        keys[i] = put(f, i, 32);
    }
}

static void assert_all_show(const fixture *f, uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i) {
        if (pxc_key_valid(f->cache, keys[i])) {
            assert_key_shows(f, keys[i], i);
        }
    }
}

/* ---- Tidying ----------------------------------------------------------------------------------------------------*/

/* A page of another kind, of which there is but one, is emptier than all: it must not stand in the way. */
static void pages_that_are_mostly_empty_are_emptied_little_by_little(void **state)
{
    (void)state;
    fixture f;
    pxc_key grey = {0};
    packed_open(&f, 16 * MIB);
    const pxc_pixmap pixmap = paint(77, 4, 4, PXC_R8);
    assert_ok(f.cache, pxc_insert(f.cache, &pixmap, &grey));
    put_many(&f, 8 * PLACES);
    packed_frame_end(&f);
    for (uint32_t i = 0; i < 8 * PLACES; ++i) {
        if (i % 5 != 0) {
            assert_status(PXC_OK, pxc_remove(f.cache, keys[i]));
        }
    }
    uint64_t moves = 0;
    for (int frame = 0; frame < 300; ++frame) {
        const uint64_t deleted = stats_of(f.cache).textures_deleted;
        packed_frame_end(&f);
        const pxc_stats stats = stats_of(f.cache);
        assert_true((stats.moves - moves) * SPAN_BYTES <= TIDY_BYTES);
        assert_true(stats.textures_deleted - deleted <= 1);
        moves = stats.moves;
        assert_all_show(&f, frame % 16 == 1 ? 8 * PLACES : 0);
    }
    const pxc_stats stats = stats_of(f.cache);
    assert_int_equal(stats.evictions, 0);
    assert_int_equal(stats.packed_entries, 8 * PLACES / 5 + 1);
    assert_in_range(stats.pages, 2, 4); /* of nine; 360 images fill 1.6 */
    assert_key_shows(&f, grey, 77);
    assert_all_show(&f, 8 * PLACES);
    fixture_close(&f);
}

/* Two pages, of which one is being emptied. */
static void open_half_tidied(fixture *f)
{
    packed_open(f, 4 * MIB);
    put_many(f, 2 * PLACES);
    packed_frame_end(f);
    for (uint32_t i = 0; i < 2 * PLACES; ++i) {
        const uint32_t kept = i < PLACES ? 100 : PLACES + 60;
        if (i >= kept || (i >= 100 && i < PLACES)) {
            assert_status(PXC_OK, pxc_remove(f->cache, keys[i]));
        }
    }
    while (stats_of(f->cache).moves == 0) {
        assert_in_range(stats_of(f->cache).frames, 0, 40);
        packed_frame_end(f);
    }
    assert_int_equal(stats_of(f->cache).moves, TIDY_BYTES / SPAN_BYTES);
    assert_int_equal(stats_of(f->cache).pages, 2);
}

/* Its places are taken before a third page is made, and it stays. */
static void a_page_that_is_being_emptied_is_used_when_there_is_no_other_place(void **state)
{
    (void)state;
    fixture f;
    open_half_tidied(&f);
    for (uint32_t i = 0; i < 2 * PLACES - 160; ++i) {
        put(&f, 1000 + i, 32);
    }
    assert_int_equal(stats_of(f.cache).pages, 2);
    end_frames(f.cache, 40);
    assert_int_equal(stats_of(f.cache).pages, 2);
    assert_all_show(&f, 2 * PLACES);
    fixture_close(&f);
}

static void a_page_that_is_being_emptied_may_go_otherwise(void **state)
{
    (void)state;
    fixture f;
    open_half_tidied(&f);
    for (uint32_t i = PLACES; i < PLACES + 60; ++i) {
        assert_status(PXC_OK, pxc_remove(f.cache, keys[i]));
    }
    packed_frame_end(&f);
    assert_int_equal(stats_of(f.cache).pages, 1);
    fixture_close(&f);

    open_half_tidied(&f); /* under pressure it is the first to be emptied */
    assert_ok(f.cache, pxc_set_limit(f.cache, MIB + 1000));
    packed_frame_end(&f);
    assert_int_equal(stats_of(f.cache).pages, 1);
    assert_int_equal(stats_of(f.cache).evictions, 0);
    assert_all_show(&f, 2 * PLACES);
    fixture_close(&f);

    open_half_tidied(&f);
    assert_ok(f.cache, pxc_context_lost(f.cache));
    put_many(&f, 10);
    packed_frame_end(&f);
    assert_all_show(&f, 10);
    fixture_close(&f);
}

/* A move that fails leaves its image, and the next page is tried. */
static void failed_moves_leave_images_where_they_are(void **state)
{
    (void)state;
    fixture f;
    packed_open(&f, 4 * MIB);
    put_many(&f, 3 * PLACES);
    for (uint32_t i = 0; i < 3 * PLACES; ++i) {
        if (i % 5 != 0) {
            assert_status(PXC_OK, pxc_remove(f.cache, keys[i]));
        }
    }
    f.gpu.fail_copy_at = 1;
    f.gpu.fail_parts = UINT64_MAX;
    for (int frame = 0; frame < 64; ++frame) {
        packed_frame_end(&f);
    }
    assert_int_equal(stats_of(f.cache).moves, 0);
    assert_int_equal(stats_of(f.cache).pages, 3);
    assert_in_range(f.gpu.copy_calls, 3, 4); /* one in 16 frames */
    assert_all_show(&f, 3 * PLACES);
    assert_ok(f.cache, pxc_set_limit(f.cache, MIB)); /* by eviction alone */
    packed_frame_end(&f);
    assert_all_show(&f, 3 * PLACES);
    fixture_close(&f);
}

/* ---- Names and keys ---------------------------------------------------------------------------------------------*/

static void keys_names_and_textures_follow_a_move(void **state)
{
    (void)state;
    fixture f;
    pxc_key named = {0};
    pxc_key seen = {0};
    pxc_texture texture;
    packed_open(&f, 4 * MIB);
    put_many(&f, PLACES);
    const pxc_pixmap pixmap = paint(901, 20, 30, PXC_RGB8);
    assert_ok(f.cache, pxc_insert_named(f.cache, "a", &pixmap, &named));
    const pxc_texture before = look_at(&f, named);
    assert_int_equal(stats_of(f.cache).pages, 2);
    packed_frame_end(&f);
    for (uint32_t i = 0; i < 150; ++i) {
        assert_status(PXC_OK, pxc_remove(f.cache, keys[i]));
    }
    for (int frame = 0; frame < 40; ++frame) {
        packed_frame_end(&f);
    }
    assert_int_equal(stats_of(f.cache).pages, 1);
    assert_status(PXC_OK, pxc_find_named(f.cache, "a", &texture));
    assert_true(texture.name != before.name);
    assert_texels(&f.gpu, &texture, 901);
    assert_status(PXC_OK, pxc_lookup(f.cache, "a", &seen));
    assert_true(seen.id == named.id);
    const pxc_pixmap other = paint(902, 10, 10, PXC_RGBA8);
    assert_ok(f.cache, pxc_insert_named(f.cache, "a", &other, &seen));
    assert_false(pxc_key_valid(f.cache, named));
    assert_key_shows(&f, seen, 902);
    packed_frame_end(&f);
    assert_all_show(&f, PLACES);
    fixture_close(&f);
}

/* From a page into a texture of its own and back. */
static void replacing_changes_where_an_image_lies(void **state)
{
    (void)state;
    static const int sides[] = {16, 100, 16, 17, 200, 90, 1};
    fixture f;
    packed_open(&f, 4 * MIB);
    const pxc_key key = put(&f, 0, 30);
    assert_status(PXC_OK, pxc_pin(f.cache, key));
    for (uint32_t i = 0; i < COUNT_OF(sides); ++i) {
        const pxc_pixmap pixmap = paint(i, sides[i], sides[i], PXC_RGBA8);
        assert_ok(f.cache, pxc_replace(f.cache, key, &pixmap));
        assert_key_shows(&f, key, i);
        assert_int_equal(stats_of(f.cache).packed_entries, sides[i] < 100);
        assert_int_equal(stats_of(f.cache).pinned_bytes, sides[i] * sides[i] * 4);
        if (i % 2 != 0) {
            packed_frame_end(&f);
            assert_key_shows(&f, key, i);
        }
    }
    fixture_close(&f);
}

/* ---- The end ----------------------------------------------------------------------------------------------------*/

static void after_a_clear_every_key_is_stale_and_pages_go_at_the_boundary(void **state)
{
    (void)state;
    fixture f;
    packed_open(&f, 4 * MIB);
    put_many(&f, PLACES + 1);
    assert_ok(f.cache, pxc_clear(f.cache));
    assert_false(pxc_key_valid(f.cache, keys[0]) || pxc_key_valid(f.cache, keys[PLACES]));
    assert_int_equal(stats_of(f.cache).packed_entries, 0);
    assert_int_equal(f.gpu.alive, 2);
    put(&f, 5, 16); /* its place is none of those that die */
    packed_frame_end(&f);
    assert_int_equal(stats_of(f.cache).packed_entries, 1);
    assert_int_equal(f.gpu.last_batch, 1);
    fixture_close(&f);
}

static void pages_of_a_lost_context_are_lost_and_others_are_made(void **state)
{
    (void)state;
    fixture f;
    packed_open(&f, 4 * MIB);
    put_many(&f, PLACES + 1);
    assert_status(PXC_OK, pxc_remove(f.cache, keys[7]));
    const uint64_t batches = f.gpu.delete_batches;
    assert_ok(f.cache, pxc_context_lost(f.cache));
    const pxc_stats stats = stats_of(f.cache);
    assert_int_equal(stats.textures_lost, 2);
    assert_int_equal(stats.used_bytes + stats.pages + stats.page_bytes + stats.packed_bytes, 0);
    assert_int_equal(f.gpu.delete_batches, batches);
    put_many(&f, 10);
    assert_all_show(&f, 10);
    packed_frame_end(&f);
    const pxc_stats later = stats_of(f.cache);
    assert_int_equal(later.textures_created, later.textures_lost + later.textures_deleted + 1);
    fixture_close(&f);
}

static void a_page_that_the_end_finds_is_given_back(void **state)
{
    (void)state;
    fixture f;
    packed_open(&f, 4 * MIB);
    put_many(&f, PLACES + 1);
    assert_status(PXC_OK, pxc_remove(f.cache, keys[0]));
    fixture_close(&f);
    assert_int_equal(f.gpu.created, 2);
    assert_int_equal(f.gpu.deleted, 2);
}

static void two_caches_share_no_page(void **state)
{
    (void)state;
    fixture f;
    pxc_cache *other = NULL;
    pxc_key key = {0};
    pxc_texture texture;
    packed_open(&f, 4 * MIB);
    const pxc_config config = {
        .limit_bytes = MIB, .backend = &f.gpu.backend, .alloc = f.alloc.table, .pack = true};
    assert_status(PXC_OK, pxc_create(&config, &other));
    put_many(&f, 20);
    const pxc_pixmap pixmap = paint(500, 32, 32, PXC_RGBA8);
    assert_ok(other, pxc_insert(other, &pixmap, &key));
    assert_status(PXC_OK, pxc_find(other, key, &texture));
    assert_true(texture.name != look_at(&f, keys[0]).name);
    assert_texels(&f.gpu, &texture, 500);
    assert_status(PXC_OK, pxc_destroy(other));
    packed_frame_end(&f);
    assert_all_show(&f, 20);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_that_are_mostly_empty_are_emptied_little_by_little),
        cmocka_unit_test(a_page_that_is_being_emptied_is_used_when_there_is_no_other_place),
        cmocka_unit_test(a_page_that_is_being_emptied_may_go_otherwise),
        cmocka_unit_test(failed_moves_leave_images_where_they_are),
        cmocka_unit_test(keys_names_and_textures_follow_a_move),
        cmocka_unit_test(replacing_changes_where_an_image_lies),
        cmocka_unit_test(after_a_clear_every_key_is_stale_and_pages_go_at_the_boundary),
        cmocka_unit_test(pages_of_a_lost_context_are_lost_and_others_are_made),
        cmocka_unit_test(a_page_that_the_end_finds_is_given_back),
        cmocka_unit_test(two_caches_share_no_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
