/* Promise 4: any non-empty UTF-8 string is a name; it is copied, it replaces, and its memory comes back. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY       5000
#define LONG_BYTES 100000
#define WARM_UP    10000
#define CHURN      1000000

static pxc_key key_of(pxc_cache *cache, const char *name)
{
    pxc_key key;
    assert_status(PXC_OK, pxc_lookup(cache, name, &key));
    return key;
}

static void a_name_is_copied(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    char name[] = "enemy.png";
    const pxc_key key = insert_name(f.cache, name, 11);
    memset(name, 'x', sizeof name - 1);
    assert_status(PXC_MISS, pxc_find_named(f.cache, name, NULL));
    assert_status(PXC_OK, pxc_find_named(f.cache, "enemy.png", NULL));
    assert_true(key_of(f.cache, "enemy.png").id == key.id);
    fixture_close(&f);
}

static void a_name_finds_what_its_key_finds(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key key = insert_name(f.cache, "a", 11);
    insert_name(f.cache, "b", 12);
    pxc_texture by_key;
    pxc_texture by_name;
    assert_ok(f.cache, pxc_find(f.cache, key, &by_key));
    assert_ok(f.cache, pxc_find_named(f.cache, "a", &by_name));
    assert_int_equal(by_key.name, by_name.name);
    assert_int_equal(by_name.width, 11);
    assert_int_equal(by_name.cost, 44);
    fixture_close(&f);
}

static void inserting_under_a_name_replaces_it(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key old = insert_name(f.cache, "a", 11);
    const pxc_key new_key = insert_name(f.cache, "a", 12);
    assert_false(pxc_key_valid(f.cache, old));
    assert_true(key_of(f.cache, "a").id == new_key.id);
    assert_int_equal(stats_of(f.cache).entries, 1);
    assert_finds(&f, new_key, 12);
    const pxc_pixmap pixmap = pixmap_of(13);
    assert_ok(f.cache, pxc_insert_named(f.cache, "a", &pixmap, NULL));
    assert_false(pxc_key_valid(f.cache, new_key));
    assert_finds(&f, key_of(f.cache, "a"), 13);
    fixture_close(&f);
}

static void a_replaced_image_keeps_its_name(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key key = insert_name(f.cache, "a", 11);
    const pxc_pixmap pixmap = pixmap_of(12);
    assert_ok(f.cache, pxc_replace(f.cache, key, &pixmap));
    assert_true(key_of(f.cache, "a").id == key.id);
    assert_finds(&f, key, 12);
    fixture_close(&f);
}

static void names_are_compared_byte_by_byte(void **state)
{
    (void)state;
    static const char *const names[] = {
        "a",
        "A",
        " a",
        "a ",
        "a b",
        "a/b",
        "a\\b",
        "a\nb",
        "\xC3\xA4",                 /* U+00E4 */
        "a\xCC\x88",                /* the same letter, decomposed */
        "\xE7\x8C\xAB.png",         /* U+732B */
        "\xF0\x9F\x90\x88 cat.png", /* U+1F408 */
        "enemy",
        "enemy.png",
        "enemy.png.png",
        "../enemy.png",
    };
    fixture f;
    fixture_open(&f, 0);
    pxc_key keys[COUNT_OF(names)];
    for (size_t i = 0; i < COUNT_OF(names); ++i) {
        keys[i] = insert_name(f.cache, names[i], 11 + (int)i);
    }
    for (size_t i = 0; i < COUNT_OF(names); ++i) {
        assert_true(key_of(f.cache, names[i]).id == keys[i].id);
        assert_finds(&f, keys[i], 11 + (int)i);
    }
    assert_int_equal(pxc_validate(f.cache), PXC_OK);
    fixture_close(&f);
}

static void a_very_long_name_works(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    char *name = malloc(LONG_BYTES + 1);
    assert_non_null(name);
    memset(name, 'n', LONG_BYTES);
    name[LONG_BYTES] = '\0';
    const pxc_key a = insert_name(f.cache, name, 11);
    name[LONG_BYTES - 1] = 'm';
    assert_status(PXC_MISS, pxc_find_named(f.cache, name, NULL));
    const pxc_key b = insert_name(f.cache, name, 12);
    name[LONG_BYTES - 1] = '\0';
    assert_status(PXC_MISS, pxc_find_named(f.cache, name, NULL));
    free(name);
    assert_finds(&f, a, 11);
    assert_finds(&f, b, 12);
    const size_t live = f.alloc.live_bytes;
    assert_ok(f.cache, pxc_remove(f.cache, a));
    assert_true(f.alloc.live_bytes + LONG_BYTES <= live);
    fixture_close(&f);
}

static void write_name(char *name, size_t size, int i)
{
    snprintf(name, size, "level/image %08d.png", i);
}

static void removing_names_keeps_the_others_findable(void **state)
{
    (void)state;
    static pxc_key keys[MANY];
    fixture f;
    char name[64];
    fixture_open(&f, 0);
    for (int i = 0; i < MANY; ++i) {
        write_name(name, sizeof name, i);
        keys[i] = insert_name(f.cache, name, 1 + i % 50);
    }
    assert_int_equal(pxc_validate(f.cache), PXC_OK);
    for (int step = 2; step <= 7; ++step) {
        for (int i = 0; i < MANY; i += step) {
            write_name(name, sizeof name, i);
            const bool was_there = pxc_key_valid(f.cache, keys[i]);
            assert_status(was_there ? PXC_OK : PXC_MISS, pxc_remove_named(f.cache, name));
        }
        for (int i = 0; i < MANY; ++i) {
            pxc_key key;
            write_name(name, sizeof name, i);
            const bool there = pxc_key_valid(f.cache, keys[i]);
            assert_status(there ? PXC_OK : PXC_MISS, pxc_lookup(f.cache, name, &key));
            assert_true(key.id == (there ? keys[i].id : 0));
        }
        assert_int_equal(pxc_validate(f.cache), PXC_OK);
    }
    fixture_close(&f);
}

static void a_name_can_come_back(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 20);
    pxc_key last = {0};
    for (int i = 0; i < 100; ++i) {
        const pxc_key key = insert_name(f.cache, "a", 11);
        assert_true(key.id != last.id);
        last = key;
        switch (i % 4) {
        case 0:
            assert_ok(f.cache, pxc_remove(f.cache, key));
            break;
        case 1:
            assert_ok(f.cache, pxc_remove_named(f.cache, "a"));
            break;
        case 2:
            assert_ok(f.cache, pxc_trim_to(f.cache, 0));
            break;
        default:
            assert_ok(f.cache, pxc_clear(f.cache));
            break;
        }
        assert_status(PXC_MISS, pxc_find_named(f.cache, "a", NULL));
        end_frames(f.cache, 1);
    }
    fixture_close(&f);
}

static void an_evicted_name_is_gone(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 4 * 20);
    insert_name(f.cache, "old", 11);
    insert_name(f.cache, "new", 12);
    end_frames(f.cache, 1);
    assert_status(PXC_MISS, pxc_find_named(f.cache, "old", NULL));
    assert_status(PXC_MISS, pxc_remove_named(f.cache, "old"));
    assert_status(PXC_OK, pxc_find_named(f.cache, "new", NULL));
    fixture_close(&f);
}

static void a_million_evicted_names_leave_the_heap_where_it_was(void **state)
{
    (void)state;
    fixture f;
    char name[64];
    size_t live_bytes = 0;
    size_t live_blocks = 0;
    fixture_open(&f, 4 * 16);
    for (int i = 0; i < WARM_UP + CHURN; ++i) {
        write_name(name, sizeof name, i);
        insert_name(f.cache, name, 1);
        if (i % 8 == 7) {
            assert_int_equal(pxc_frame_end(f.cache), PXC_OK);
        }
        if (i + 1 == WARM_UP) {
            live_bytes = f.alloc.live_bytes;
            live_blocks = f.alloc.live_blocks;
        }
    }
    assert_int_equal(f.alloc.live_bytes, live_bytes);
    assert_int_equal(f.alloc.live_blocks, live_blocks);
    assert_int_equal(stats_of(f.cache).evictions, WARM_UP + CHURN - 16);
    assert_int_equal(pxc_validate(f.cache), PXC_OK);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_copied),
        cmocka_unit_test(a_name_finds_what_its_key_finds),
        cmocka_unit_test(inserting_under_a_name_replaces_it),
        cmocka_unit_test(a_replaced_image_keeps_its_name),
        cmocka_unit_test(names_are_compared_byte_by_byte),
        cmocka_unit_test(a_very_long_name_works),
        cmocka_unit_test(removing_names_keeps_the_others_findable),
        cmocka_unit_test(a_name_can_come_back),
        cmocka_unit_test(an_evicted_name_is_gone),
        cmocka_unit_test(a_million_evicted_names_leave_the_heap_where_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
