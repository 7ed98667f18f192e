/* Promise 15 without clocks: what a call allocates, and how often it reaches for the GPU. */
#include "check.h"

#include <stdio.h>

#define MANY 100000

typedef struct ledger {
    uint64_t allocations, frees, creates, batches;
} ledger;

static ledger read_ledger(const fixture *f)
{
    return (ledger){f->alloc.calls, f->alloc.frees, f->gpu.create_calls, f->gpu.delete_batches};
}

static void assert_untouched(const fixture *f, ledger before)
{
    assert_int_equal(f->alloc.calls, before.allocations);
    assert_int_equal(f->alloc.frees, before.frees);
    assert_int_equal(f->gpu.create_calls, before.creates);
    assert_int_equal(f->gpu.delete_batches, before.batches);
}

static pxc_key keys[MANY];

static void fill(fixture *f)
{
    char name[32];
    fixture_open(f, 0);
    for (int i = 0; i < MANY; ++i) {
        snprintf(name, sizeof name, "image %d", i);
        keys[i] = insert_name(f->cache, name, 1 + i % 3);
    }
    end_frames(f->cache, 1);
}

static void a_find_allocates_nothing(void **state)
{
    (void)state;
    fixture f;
    char name[32];
    pxc_texture texture;
    pxc_key key;
    fill(&f);
    const ledger before = read_ledger(&f);
    for (int i = 0; i < MANY; ++i) {
        snprintf(name, sizeof name, "image %d", i * 2);
        const bool there = i * 2 < MANY;
        assert_int_equal(pxc_find(f.cache, keys[i], &texture), PXC_OK);
        assert_int_equal(pxc_find(f.cache, (pxc_key){keys[i].id + 1}, &texture), PXC_MISS);
        assert_int_equal(pxc_find_named(f.cache, name, &texture), there ? PXC_OK : PXC_MISS);
        assert_int_equal(pxc_lookup(f.cache, name, &key), there ? PXC_OK : PXC_MISS);
        assert_true(pxc_key_valid(f.cache, keys[i]));
    }
    assert_untouched(&f, before);
    fixture_close(&f);
}

static void an_idle_frame_on_100000_entries_touches_nothing(void **state)
{
    (void)state;
    fixture f;
    fill(&f);
    const ledger before = read_ledger(&f);
    for (int i = 0; i < 100000;
         ++i) { /* 10^10 steps if a frame walked the entries: the time limit would tell */
        assert_int_equal(pxc_frame_begin(f.cache), PXC_OK);
        assert_int_equal(pxc_frame_end(f.cache), PXC_OK);
    }
    assert_untouched(&f, before);
    assert_int_equal(stats_of(f.cache).frames, 100001);
    assert_int_equal(stats_of(f.cache).entries, MANY);
    fixture_close(&f);
}

static void a_frame_that_only_finds_allocates_nothing(void **state)
{
    (void)state;
    fixture f;
    fill(&f);
    const ledger before = read_ledger(&f);
    for (int frame = 0; frame < 1000; ++frame) {
        for (int i = 0; i < 100; ++i) {
            assert_int_equal(pxc_find(f.cache, keys[(frame * 37 + i * 11) % MANY], NULL), PXC_OK);
        }
        assert_int_equal(pxc_frame_end(f.cache), PXC_OK);
    }
    assert_untouched(&f, before);
    assert_int_equal(pxc_validate(f.cache), PXC_OK);
    fixture_close(&f);
}

static void pins_allocate_nothing(void **state)
{
    (void)state;
    fixture f;
    fill(&f);
    const ledger before = read_ledger(&f);
    for (int i = 0; i < MANY; ++i) {
        assert_int_equal(pxc_pin(f.cache, keys[i]), PXC_OK);
    }
    end_frames(f.cache, 3);
    for (int i = MANY; i-- > 0;) {
        assert_int_equal(pxc_unpin(f.cache, keys[i]), PXC_OK);
    }
    assert_untouched(&f, before);
    fixture_close(&f);
}

static void one_upload_is_one_texture(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_pixmap pixmap = pixmap_of(12);
    const pxc_key key = insert_name(f.cache, "a", 11);
    assert_int_equal(f.gpu.create_calls, 1);
    assert_ok(f.cache, pxc_replace(f.cache, key, &pixmap));
    assert_int_equal(f.gpu.create_calls, 2);
    insert_name(f.cache, "a", 13);
    assert_int_equal(f.gpu.create_calls, 3);
    assert_int_equal(stats_of(f.cache).uploads, 3);
    assert_int_equal(stats_of(f.cache).inserts, 2);
    assert_int_equal(stats_of(f.cache).upload_bytes, 4 * (11 + 12 + 13));
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_find_allocates_nothing),
        cmocka_unit_test(an_idle_frame_on_100000_entries_touches_nothing),
        cmocka_unit_test(a_frame_that_only_finds_allocates_nothing),
        cmocka_unit_test(pins_allocate_nothing),
        cmocka_unit_test(one_upload_is_one_texture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
