/* Promise 4 and 13, the memory of entries and names: it is given back after its last use and never before.
 *
 * Every way in which entries end is gone through. A name is long, so that its own bytes stand out in what the heap
 * holds; the allocator overwrites what is freed, so a name that is read too late reads wrong, even without a
 * sanitizer. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CROWD = 3000, /* past the first growth of every table */
    FEW = 20,
    CYCLES = 4,
    NAME_BYTES = 500,
    TABLE_BYTES = 1024, /* what may stay of the tables of a crowd that has gone */
};

/* A name of NAME_BYTES bytes and its end. */
static const char *long_name(int number)
{
    static char text[NAME_BYTES + 1];
    memset(text, 'n', NAME_BYTES);
    const int length = snprintf(text, sizeof text, "%d", number);
    text[length] = 'n';
    return text;
}

/* Reads every byte of the name during the callback. */
typedef struct reader {
    fixture *f;
    size_t calls, wrong;
    size_t least_bytes; /* of the heap, seen during a callback */
    pxc_evict_reason reason;
} reader;

static void read_name(void *user, pxc_key key, const char *name, pxc_evict_reason reason)
{
    (void)key;
    reader *r = user;
    r->calls++;
    r->wrong += name == NULL || strlen(name) != NAME_BYTES ||
                strcmp(name, long_name((int)strtol(name, NULL, 10))) != 0 || reason != r->reason;
    if (r->f->alloc.live_bytes < r->least_bytes) {
        r->least_bytes = r->f->alloc.live_bytes;
    }
}

/* The ways in which all entries end; those that evict name their reason. */
typedef struct ending {
    const char *name;
    void (*end)(fixture *f, const pxc_key *keys, int count);
    bool evicts;
    pxc_evict_reason reason;
    bool after_boundary; /* only an entry that this frame has not used ends so */
} ending;

static void end_by_key(fixture *f, const pxc_key *keys, int count)
{
    for (int i = 0; i < count; ++i) {
        assert_status(PXC_OK, pxc_remove(f->cache, keys[i]));
    }
}

static void end_by_name(fixture *f, const pxc_key *keys, int count)
{
    (void)keys;
    for (int i = count; i > 0; --i) {
        assert_status(PXC_OK, pxc_remove_named(f->cache, long_name(i - 1)));
    }
}

static void end_by_clear(fixture *f, const pxc_key *keys, int count)
{
    for (int i = 0; i < count; i += 3) { /* pins do not protect, and go with the entry */
        assert_status(PXC_OK, pxc_pin(f->cache, keys[i]));
    }
    assert_ok(f->cache, pxc_clear(f->cache));
}

static void end_by_context(fixture *f, const pxc_key *keys, int count)
{
    (void)keys;
    (void)count;
    assert_ok(f->cache, pxc_context_lost(f->cache));
}

static void end_by_trim_to(fixture *f, const pxc_key *keys, int count)
{
    (void)keys;
    (void)count;
    assert_ok(f->cache, pxc_trim_to(f->cache, 0));
}

static void end_by_trim_older(fixture *f, const pxc_key *keys, int count)
{
    (void)keys;
    (void)count;
    assert_ok(f->cache, pxc_trim_older(f->cache, 0));
}

/* The GPU refuses twice, so that nothing new comes in. */
static void end_by_gpu_memory(fixture *f, const pxc_key *keys, int count)
{
    (void)keys;
    (void)count;
    const pxc_pixmap pixmap = pixmap_of(11);
    pxc_key key;
    fake_gpu_fail_next(&f->gpu, PXC_ERR_MEMORY, 2);
    assert_status(PXC_ERR_GPU, pxc_insert(f->cache, &pixmap, &key));
}

static void end_by_limit(fixture *f, const pxc_key *keys, int count)
{
    (void)keys;
    (void)count;
    assert_ok(f->cache, pxc_set_limit(f->cache, 0));
    assert_ok(f->cache, pxc_frame_end(f->cache));
    assert_ok(f->cache, pxc_set_limit(f->cache, SIZE_MAX));
}

static const ending endings[] = {
    {.name = "pxc_remove", .end = end_by_key},
    {.name = "pxc_remove_named", .end = end_by_name},
    {.name = "pxc_clear", .end = end_by_clear},
    {.name = "pxc_context_lost", .end = end_by_context},
    {.name = "pxc_trim_to", .end = end_by_trim_to, .evicts = true, .reason = PXC_EVICT_TRIM},
    {.name = "pxc_trim_older",
     .end = end_by_trim_older,
     .evicts = true,
     .reason = PXC_EVICT_TRIM,
     .after_boundary = true},
    {.name = "want of GPU memory",
     .end = end_by_gpu_memory,
     .evicts = true,
     .reason = PXC_EVICT_GPU_MEMORY,
     .after_boundary = true},
    {.name = "the limit", .end = end_by_limit, .evicts = true, .reason = PXC_EVICT_LIMIT},
};

static void open_reading(fixture *f, reader *r)
{
    *r = (reader){.f = f, .least_bytes = SIZE_MAX};
    fixture_open_config(f, (pxc_config){.limit_bytes = SIZE_MAX, .on_evict = read_name, .on_evict_user = r});
}

static void insert_crowd(fixture *f, pxc_key *keys, int count)
{
    for (int i = 0; i < count; ++i) {
        keys[i] = insert_name(f->cache, long_name(i), 1 + i % 9);
    }
}

static void assert_all_gone(fixture *f, const pxc_key *keys, int count, const char *how)
{
    assert_int_equal(pxc_validate(f->cache), PXC_OK);
    for (int i = 0; i < count; ++i) {
        if (pxc_key_valid(f->cache, keys[i]) || pxc_find_named(f->cache, long_name(i), NULL) != PXC_MISS) {
            fail_msg("entry %d outlived %s", i, how);
        }
    }
}

/* One crowd comes and goes; names give their memory back at once, not at the boundary. */
static void come_and_go(fixture *f, reader *r, const ending *e, int count)
{
    static pxc_key keys[CROWD];
    insert_crowd(f, keys, count);
    if (e->after_boundary) {
        assert_ok(f->cache, pxc_frame_end(f->cache));
    }
    r->calls = 0;
    r->reason = e->reason;
    const size_t full_bytes = f->alloc.live_bytes;
    e->end(f, keys, count);
    assert_int_equal(r->calls, e->evicts ? count : 0);
    assert_int_equal(r->wrong, 0);
    assert_true(f->alloc.live_bytes + (size_t)count * NAME_BYTES <= full_bytes);
    assert_all_gone(f, keys, count, e->name);
    assert_ok(f->cache, pxc_frame_end(f->cache));
    assert_all_gone(f, keys, count, e->name);
    assert_int_equal(pxc_used(f->cache), 0);
    assert_int_equal(f->gpu.alive, 0);
}

static void the_heap_is_where_it_was_whichever_way_entries_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(endings); ++i) {
        fixture f;
        reader r;
        open_reading(&f, &r);
        for (int cycle = 0; cycle < CYCLES; ++cycle) {
            come_and_go(&f, &r, &endings[i], FEW);
            const size_t few_bytes = f.alloc.live_bytes;
            const size_t few_blocks = f.alloc.live_blocks;
            come_and_go(&f, &r, &endings[i], FEW);
            assert_int_equal(f.alloc.live_bytes, few_bytes);
            assert_int_equal(f.alloc.live_blocks, few_blocks);
        }
        fixture_close(&f);
    }
}

static void the_heap_is_where_it_was_after_a_crowd(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(endings); ++i) {
        fixture f;
        reader r;
        open_reading(&f, &r);
        come_and_go(&f, &r, &endings[i], FEW);
        const size_t few_bytes = f.alloc.live_bytes;
        come_and_go(&f, &r, &endings[i], CROWD);
        const size_t crowd_bytes = f.alloc.live_bytes;
        assert_true(crowd_bytes <= few_bytes + TABLE_BYTES);
        for (int cycle = 0; cycle < CYCLES; ++cycle) {
            come_and_go(&f, &r, &endings[(i + (size_t)cycle) % COUNT_OF(endings)], CROWD);
            assert_true(f.alloc.live_bytes <= crowd_bytes);
        }
        fixture_close(&f);
    }
}

/* The callback of an eviction reads the name while its memory still counts: it goes after, one by one. */
static void a_name_is_freed_after_its_callback_and_before_the_next(void **state)
{
    (void)state;
    fixture f;
    reader r;
    open_reading(&f, &r);
    r.reason = PXC_EVICT_TRIM;
    for (int i = 0; i < FEW; ++i) {
        insert_name(f.cache, long_name(i), 11);
    }
    for (int left = FEW; left > 0; --left) {
        const size_t before_bytes = f.alloc.live_bytes;
        r.least_bytes = SIZE_MAX;
        assert_ok(f.cache, pxc_trim_to(f.cache, (size_t)(left - 1) * 4 * 11));
        assert_true(r.least_bytes + NAME_BYTES > before_bytes);
        assert_true(f.alloc.live_bytes + NAME_BYTES <= before_bytes);
    }
    for (int i = 0; i < FEW; ++i) {
        insert_name(f.cache, long_name(i), 11);
    }
    const size_t full_bytes = f.alloc.live_bytes;
    assert_ok(f.cache, pxc_trim_to(f.cache, 0));
    assert_int_equal(r.calls, 2 * FEW);
    assert_int_equal(r.wrong, 0);
    assert_true(r.least_bytes + (FEW - 1) * NAME_BYTES <= full_bytes);
    fixture_close(&f);
}

/* Whichever way an entry is given another image, one name is kept, not two. */
static void replacing_an_entry_keeps_one_name(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    pxc_key key = insert_name(f.cache, long_name(1), 11);
    const pxc_pixmap pixmap = pixmap_of(12);
    assert_ok(f.cache, pxc_frame_end(f.cache));
    const size_t bytes = f.alloc.live_bytes;
    const size_t blocks = f.alloc.live_blocks;
    for (int i = 0; i < 500; ++i) {
        key = insert_name(f.cache, long_name(1), 11);
        assert_status(PXC_OK, pxc_replace(f.cache, key, &pixmap));
        assert_int_equal(f.alloc.live_bytes, bytes);
        if (i % 10 == 0) {
            assert_ok(f.cache, pxc_frame_end(f.cache));
        }
    }
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_int_equal(f.alloc.live_bytes, bytes);
    assert_int_equal(f.alloc.live_blocks, blocks);
    assert_finds(&f, key, 12);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_heap_is_where_it_was_whichever_way_entries_end),
        cmocka_unit_test(the_heap_is_where_it_was_after_a_crowd),
        cmocka_unit_test(a_name_is_freed_after_its_callback_and_before_the_next),
        cmocka_unit_test(replacing_an_entry_keeps_one_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
