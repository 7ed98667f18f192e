/* Promise 13: after a clear every key and name is stale; after destroy every texture and byte is given back. */
#include "check.h"

#include <stdio.h>

enum { CROWD = 5000, ROUNDS = 4 };

static void clear_makes_every_key_and_name_stale(void **state)
{
    (void)state;
    fixture f;
    pxc_key keys[40];
    char name[16];
    fixture_open(&f, 0);
    for (int i = 0; i < 40; ++i) {
        snprintf(name, sizeof name, "%d", i);
        keys[i] = i % 2 ? insert_width(f.cache, 11 + i) : insert_name(f.cache, name, 11 + i);
    }
    end_frames(f.cache, 1);
    assert_ok(f.cache, pxc_clear(f.cache));
    for (int i = 0; i < 40; ++i) {
        snprintf(name, sizeof name, "%d", i);
        assert_false(pxc_key_valid(f.cache, keys[i]));
        assert_status(PXC_MISS, pxc_find(f.cache, keys[i], NULL));
        assert_status(PXC_MISS, pxc_find_named(f.cache, name, NULL));
    }
    assert_int_equal(stats_of(f.cache).entries, 0);
    assert_int_equal(stats_of(f.cache).evictions, 0);
    assert_int_equal(f.gpu.delete_batches, 0);
    assert_int_equal(pxc_used(f.cache), f.gpu.bytes);
    end_frames(f.cache, 1);
    assert_int_equal(pxc_used(f.cache), 0);
    assert_int_equal(f.gpu.alive, 0);
    fixture_close(&f);
}

/* Entries in every state that one can be in: used in this frame or in none, pinned, passed over by an eviction while it
 * was pinned, unpinned since, given another image; and some whose end only awaits the boundary. */
static void fill_with_all_states(fixture *f, pxc_key *keys)
{
    const pxc_pixmap pixmap = pixmap_of(9);
    char name[16];
    for (int i = 0; i < CROWD; ++i) {
        snprintf(name, sizeof name, "%d", i);
        keys[i] = i % 2 ? insert_width(f->cache, 1 + i % 9) : insert_name(f->cache, name, 1 + i % 9);
        if (i % 3 == 0) {
            assert_status(PXC_OK, pxc_pin(f->cache, keys[i]));
        }
    }
    end_frames(f->cache, 1);
    assert_ok(f->cache, pxc_trim_to(f->cache, pxc_used(f->cache) / 3));
    for (int i = 0; i < CROWD; i += 6) {
        assert_status(PXC_OK, pxc_unpin(f->cache, keys[i]));
    }
    for (int i = 0; i < CROWD; i += 5) {
        if (pxc_find(f->cache, keys[i], NULL) == PXC_OK) {
            assert_status(PXC_OK, pxc_replace(f->cache, keys[i], &pixmap));
        }
    }
    for (int i = 0; i < CROWD; i += 7) {
        const bool there = pxc_key_valid(f->cache, keys[i]);
        assert_status(there ? PXC_OK : PXC_MISS, pxc_remove(f->cache, keys[i]));
    }
}

static void assert_gone(pxc_cache *cache, pxc_key key)
{
    const pxc_pixmap pixmap = pixmap_of(11);
    pxc_texture texture;
    assert_false(pxc_key_valid(cache, key));
    assert_status(PXC_MISS, pxc_find(cache, key, NULL));
    assert_status(PXC_MISS, pxc_peek(cache, key, &texture));
    assert_status(PXC_MISS, pxc_replace(cache, key, &pixmap));
    assert_status(PXC_MISS, pxc_pin(cache, key));
    assert_status(PXC_MISS, pxc_unpin(cache, key));
    assert_status(PXC_MISS, pxc_remove(cache, key));
}

static void clear_makes_keys_stale_whatever_state_their_entries_are_in(void **state)
{
    (void)state;
    static pxc_key keys[ROUNDS][CROWD];
    fixture f;
    fixture_open(&f, 0);
    for (int round = 0; round < ROUNDS; ++round) {
        fill_with_all_states(&f, keys[round]);
        assert_true(stats_of(f.cache).entries > CROWD / 4);
        assert_ok(f.cache, pxc_clear(f.cache));
        for (int i = 0; i < (round + 1) * CROWD; ++i) {
            assert_gone(f.cache, keys[i / CROWD][i % CROWD]);
        }
        assert_int_equal(stats_of(f.cache).entries, 0);
        assert_int_equal(stats_of(f.cache).pinned_bytes, 0);
        if (round % 2 == 0) { /* otherwise the next round fills the cache over what awaits its deletion */
            end_frames(f.cache, 1);
            assert_int_equal(pxc_used(f.cache), 0);
        }
    }
    fixture_close(&f);
}

static void pins_do_not_protect_from_clear_and_remove(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key a = insert_width(f.cache, 11);
    const pxc_key b = insert_name(f.cache, "b", 12);
    const pxc_key c = insert_width(f.cache, 13);
    assert_ok(f.cache, pxc_pin(f.cache, a));
    assert_ok(f.cache, pxc_pin(f.cache, b));
    assert_ok(f.cache, pxc_pin(f.cache, c));
    assert_ok(f.cache, pxc_remove(f.cache, a));
    assert_int_equal(stats_of(f.cache).pinned_bytes, 4 * 25);
    assert_ok(f.cache, pxc_remove_named(f.cache, "b"));
    assert_ok(f.cache, pxc_clear(f.cache));
    assert_int_equal(stats_of(f.cache).pinned_bytes, 0);
    assert_false(pxc_key_valid(f.cache, c));
    assert_status(PXC_MISS, pxc_unpin(f.cache, c));
    const pxc_key d = insert_width(f.cache, 14);
    assert_status(PXC_ERR_ARGUMENT, pxc_unpin(f.cache, d));
    fixture_close(&f);
}

static void a_cleared_cache_can_be_filled_again(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 100);
    for (int i = 0; i < 50; ++i) {
        const pxc_key a = insert_name(f.cache, "a", 11);
        const pxc_key b = insert_width(f.cache, 12);
        assert_finds(&f, a, 11);
        assert_finds(&f, b, 12);
        assert_ok(f.cache, pxc_clear(f.cache));
        assert_ok(f.cache, pxc_clear(f.cache));
        end_frames(f.cache, 1);
    }
    assert_int_equal(stats_of(f.cache).textures_deleted, 100);
    fixture_close(&f);
}

static void destroy_gives_everything_back_in_mid_frame(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 100);
    insert_name(f.cache, "evicted", 60);
    insert_width(f.cache, 61);
    end_frames(f.cache, 1);
    const pxc_key lost = insert_width(f.cache, 13);
    assert_ok(f.cache, pxc_pin(f.cache, lost));
    assert_ok(f.cache, pxc_context_lost(f.cache));
    const pxc_key pinned = insert_name(f.cache, "pinned", 11);
    assert_ok(f.cache, pxc_pin(f.cache, pinned));
    const pxc_key removed = insert_width(f.cache, 12);
    const pxc_pixmap pixmap = pixmap_of(14);
    assert_ok(f.cache, pxc_replace(f.cache, pinned, &pixmap));
    assert_ok(f.cache, pxc_remove(f.cache, removed));
    fixture_close(&f);
    assert_int_equal(f.gpu.created, 6);
    assert_int_equal(f.gpu.lost, 2);
    assert_int_equal(f.gpu.deleted, 4);
    assert_int_equal(f.gpu.closes, 1);
}

static void an_empty_cache_touches_the_gpu_not_at_all(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    assert_ok(f.cache, pxc_clear(f.cache));
    end_frames(f.cache, 3);
    fixture_close(&f);
    assert_int_equal(f.gpu.create_calls, 0);
    assert_int_equal(f.gpu.delete_batches, 0);
    assert_int_equal(f.gpu.closes, 1);
}

static void destroy_after_a_lost_context_deletes_nothing(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    insert_width(f.cache, 11);
    insert_name(f.cache, "b", 12);
    assert_ok(f.cache, pxc_context_lost(f.cache));
    fixture_close(&f);
    assert_int_equal(f.gpu.delete_batches, 0);
}

static void the_null_backend_serves_a_whole_life(void **state)
{
    (void)state;
    failing_alloc alloc;
    failing_alloc_init(&alloc);
    const pxc_config config = {.backend = pxc_null_backend(), .alloc = alloc.table, .limit_bytes = 4 * 100};
    pxc_cache *cache = NULL;
    assert_status(PXC_OK, pxc_create(&config, &cache));
    for (int i = 0; i < 100; ++i) {
        const pxc_key key = insert_width(cache, 11 + i % 50);
        pxc_texture texture;
        assert_ok(cache, pxc_find(cache, key, &texture));
        assert_true(texture.name != 0);
        end_frames(cache, 1);
        assert_true(pxc_used(cache) <= 4 * 100);
    }
    assert_ok(cache, pxc_context_lost(cache));
    insert_width(cache, 11);
    assert_status(PXC_OK, pxc_destroy(cache));
    failing_alloc_assert_clean(&alloc);
}

static void the_default_allocator_serves_a_whole_life(void **state)
{
    (void)state;
    const pxc_config config = {.backend = pxc_null_backend()};
    pxc_cache *cache = NULL;
    assert_status(PXC_OK, pxc_create(&config, &cache));
    insert_name(cache, "a", 11);
    insert_width(cache, 12);
    end_frames(cache, 1);
    assert_status(PXC_OK, pxc_destroy(cache));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clear_makes_every_key_and_name_stale),
        cmocka_unit_test(clear_makes_keys_stale_whatever_state_their_entries_are_in),
        cmocka_unit_test(pins_do_not_protect_from_clear_and_remove),
        cmocka_unit_test(a_cleared_cache_can_be_filled_again),
        cmocka_unit_test(destroy_gives_everything_back_in_mid_frame),
        cmocka_unit_test(an_empty_cache_touches_the_gpu_not_at_all),
        cmocka_unit_test(destroy_after_a_lost_context_deletes_nothing),
        cmocka_unit_test(the_null_backend_serves_a_whole_life),
        cmocka_unit_test(the_default_allocator_serves_a_whole_life),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
