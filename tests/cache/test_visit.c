/* pxc_visit: every live entry, once, as it is. */
#include "packed.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 256 };

typedef struct seen {
    pxc_entry_info infos[MOST];
    char names[MOST][32];
    size_t count;
    pxc_cache *cache;
    pxc_status intruded;
} seen;

static void look(void *user, const pxc_entry_info *entry)
{
    seen *s = user;
    assert_true(s->count < MOST);
    s->infos[s->count] = *entry;
    snprintf(s->names[s->count], sizeof s->names[0], "%s", entry->name == NULL ? "" : entry->name);
    ++s->count;
    s->intruded = s->cache == NULL ? PXC_OK : pxc_clear(s->cache);
}

static const pxc_entry_info *info_of(const seen *s, pxc_key key)
{
    const pxc_entry_info *found = NULL;
    for (size_t i = 0; i < s->count; ++i) {
        if (s->infos[i].key.id == key.id) {
            assert_null(found);
            found = &s->infos[i];
        }
    }
    assert_non_null(found);
    return found;
}

static void each_entry_is_told_once_as_it_is(void **state)
{
    (void)state;
    fixture f;
    seen s = {.count = 0};
    pxc_texture texture;
    fixture_open(&f, 0);
    const pxc_key plain = insert_width(f.cache, 11);
    const pxc_key named = insert_name(f.cache, "named", 12);
    const pxc_key removed = insert_width(f.cache, 13);
    assert_ok(f.cache, pxc_pin(f.cache, named));
    assert_ok(f.cache, pxc_pin(f.cache, named));
    end_frames(f.cache, 3);
    assert_ok(f.cache, pxc_find(f.cache, plain, NULL));
    assert_ok(f.cache, pxc_remove(f.cache, removed)); /* doomed: it is no entry any more */
    assert_ok(f.cache, pxc_visit(f.cache, look, &s));
    assert_int_equal(s.count, 2);
    const pxc_entry_info *info = info_of(&s, plain);
    assert_null(info->name);
    assert_int_equal(info->pins, 0);
    assert_int_equal(info->idle_frames, 0);
    info = info_of(&s, named);
    assert_string_equal(s.names[info - s.infos], "named");
    assert_int_equal(info->pins, 2);
    assert_int_equal(info->idle_frames, 3);
    assert_ok(f.cache, pxc_peek(f.cache, named, &texture));
    assert_memory_equal(&info->texture, &texture, sizeof texture);
    assert_ok(f.cache, pxc_unpin(f.cache, named));
    assert_ok(f.cache, pxc_unpin(f.cache, named));
    fixture_close(&f);
}

/* Pinned ones that the eviction met, and images in pages, are told like others; textures on their way out are not. */
static void no_list_is_left_out(void **state)
{
    (void)state;
    fixture f;
    seen s = {.count = 0};
    pxc_key keys[100];
    packed_open(&f, 4 * MIB);
    for (uint32_t i = 0; i < 100; ++i) {
        keys[i] = put(&f, i, 40);
        assert_ok(f.cache, i % 10 == 0 ? pxc_pin(f.cache, keys[i]) : PXC_OK);
    }
    end_frames(f.cache, 1);
    assert_ok(f.cache, pxc_trim_to(f.cache, 40 * 40 * 4 * 30)); /* meets the pinned ones */
    assert_ok(f.cache, pxc_unpin(f.cache, keys[0]));
    assert_ok(f.cache, pxc_visit(f.cache, look, &s));
    assert_int_equal(s.count, stats_of(f.cache).entries);
    for (int i = 0; i < 100; ++i) {
        if (pxc_key_valid(f.cache, keys[i])) {
            const pxc_entry_info *info = info_of(&s, keys[i]);
            assert_int_equal(info->pins, i % 10 == 0 && i != 0 ? 1 : 0);
            assert_true(is_packed(&info->texture));
        }
    }
    assert_ok(f.cache, pxc_clear(f.cache));
    fixture_close(&f);
}

static void it_is_no_use_and_not_counted(void **state)
{
    (void)state;
    fixture f;
    seen s = {.count = 0};
    fixture_open(&f, 0);
    const pxc_key older = insert_width(f.cache, 11);
    insert_width(f.cache, 12);
    end_frames(f.cache, 1);
    const pxc_stats before = stats_of(f.cache);
    assert_ok(f.cache, pxc_visit(f.cache, look, &s));
    const pxc_stats after = stats_of(f.cache);
    assert_same_stats(&before, &after);
    assert_ok(f.cache, pxc_trim_to(f.cache, (size_t)12 * 4));
    assert_false(pxc_key_valid(f.cache, older));
    fixture_close(&f);
}

static void the_cache_can_not_be_called_from_inside(void **state)
{
    (void)state;
    fixture f;
    seen s = {.count = 0};
    fixture_open(&f, 0);
    insert_width(f.cache, 11);
    s.cache = f.cache;
    assert_ok(f.cache, pxc_visit(f.cache, look, &s));
    assert_status(PXC_ERR_ARGUMENT, s.intruded);
    assert_int_equal(stats_of(f.cache).entries, 1);
    assert_status(PXC_ERR_ARGUMENT, pxc_visit(f.cache, NULL, &s));
    assert_status(PXC_ERR_ARGUMENT, pxc_visit(NULL, look, &s));
    assert_int_equal(s.count, 1);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_entry_is_told_once_as_it_is),
        cmocka_unit_test(no_list_is_left_out),
        cmocka_unit_test(it_is_no_use_and_not_counted),
        cmocka_unit_test(the_cache_can_not_be_called_from_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
