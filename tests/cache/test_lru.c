/* Promise 9: eviction is exact LRU by the order of find, insert and replace, however many uses a frame has. */
#include "check.h"

#include <string.h>

#define IMAGES 64

/* Asserts that the entries go in that order, oldest first, by trimming one at a time in mid-frame. */
static void assert_goes_in_order(fixture *f, const pxc_key *oldest_first, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        const pxc_stats stats = stats_of(f->cache);
        assert_int_equal(stats.entries, count - i);
        assert_ok(f->cache, pxc_trim_to(f->cache, stats.used_bytes - stats.doomed_bytes - 1));
        for (size_t k = 0; k < count; ++k) {
            if (pxc_key_valid(f->cache, oldest_first[k]) != (k > i)) {
                fail_msg("after trim %zu the entry with rank %zu is %s", i, k,
                         k > i ? "gone" : "still there");
            }
        }
    }
}

static void insert_count(fixture *f, pxc_key *keys, int count)
{
    for (int i = 0; i < count; ++i) {
        keys[i] = insert_width(f->cache, 11 + i);
    }
}

static void use(fixture *f, const pxc_key *keys, const char *order)
{
    for (; *order != '\0'; ++order) {
        assert_int_equal(pxc_find(f->cache, keys[*order - 'a'], NULL), PXC_OK);
    }
}

/* Inserts a to e, ends the frame if asked, uses them in that order, and expects the other one. */
static void check_order(const char *uses, bool in_new_frame, const char *expected)
{
    fixture f;
    pxc_key keys[5];
    pxc_key order[5];
    fixture_open(&f, 0);
    insert_count(&f, keys, 5);
    end_frames(f.cache, in_new_frame ? 1 : 0);
    use(&f, keys, uses);
    for (int i = 0; i < 5; ++i) {
        order[i] = keys[expected[i] - 'a'];
    }
    assert_goes_in_order(&f, order, 5);
    fixture_close(&f);
}

static void the_order_is_that_of_the_last_uses(void **state)
{
    (void)state;
    static const struct {
        const char *uses, *expected;
    } cases[] = {
        {"", "abcde"},           {"a", "bcdea"},       {"e", "abcde"},        {"c", "abdec"},
        {"abcde", "abcde"},      {"edcba", "edcba"},   {"aaaa", "bcdea"},     {"aba", "cdeba"},
        {"abab", "cdeab"},       {"ababa", "cdeba"},   {"cacac", "bdeac"},    {"eedd", "abced"},
        {"abcdeedcba", "edcba"}, {"acaeaca", "bdeca"}, {"baebaeab", "cdeab"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); ++i) {
        check_order(cases[i].uses, false, cases[i].expected);
        check_order(cases[i].uses, true, cases[i].expected);
    }
}

static void the_order_survives_the_boundary(void **state)
{
    (void)state;
    fixture f;
    pxc_key keys[5];
    fixture_open(&f, 0);
    insert_count(&f, keys, 5);
    end_frames(f.cache, 1);
    use(&f, keys, "dada");
    end_frames(f.cache, 1);
    use(&f, keys, "bebb");
    end_frames(f.cache, 3);
    const pxc_key order[] = {keys[2], keys[3], keys[0], keys[4], keys[1]};
    assert_goes_in_order(&f, order, 5);
    fixture_close(&f);
}

static void the_boundary_evicts_by_order_of_use_within_the_frame(void **state)
{
    (void)state;
    fixture f;
    pxc_key keys[5];
    fixture_open_config(&f, (pxc_config){.limit_bytes = 4 * 40, .ceiling_bytes = SIZE_MAX});
    insert_count(&f, keys, 5);
    use(&f, keys, "edcbaeb"); /* order d c a e b: 14 13 11 15 12 */
    end_frames(f.cache, 1);
    assert_false(pxc_key_valid(f.cache, keys[3]));
    assert_false(pxc_key_valid(f.cache, keys[2]));
    assert_true(pxc_key_valid(f.cache, keys[0]));
    assert_true(pxc_key_valid(f.cache, keys[4]));
    assert_true(pxc_key_valid(f.cache, keys[1]));
    fixture_close(&f);
}

static void insert_replace_and_find_named_are_uses(void **state)
{
    (void)state;
    fixture f;
    const pxc_pixmap pixmap = pixmap_of(21);
    fixture_open(&f, 0);
    const pxc_key a = insert_name(f.cache, "a", 11);
    const pxc_key b = insert_name(f.cache, "b", 12);
    const pxc_key c = insert_name(f.cache, "c", 13);
    const pxc_key d = insert_name(f.cache, "d", 14);
    end_frames(f.cache, 1);
    assert_ok(f.cache, pxc_find_named(f.cache, "c", NULL));
    assert_ok(f.cache, pxc_replace(f.cache, a, &pixmap));
    const pxc_key b2 = insert_name(f.cache, "b", 15);
    assert_false(pxc_key_valid(f.cache, b));
    const pxc_key order[] = {d, c, a, b2};
    assert_goes_in_order(&f, order, 4);
    fixture_close(&f);
}

static void lookup_valid_pin_and_unpin_are_no_uses(void **state)
{
    (void)state;
    fixture f;
    pxc_key key;
    fixture_open(&f, 0);
    const pxc_key a = insert_name(f.cache, "a", 11);
    const pxc_key b = insert_name(f.cache, "b", 12);
    const pxc_key c = insert_name(f.cache, "c", 13);
    for (int frame = 0; frame < 2; ++frame) {
        assert_ok(f.cache, pxc_lookup(f.cache, "a", &key));
        assert_true(pxc_key_valid(f.cache, a));
        assert_ok(f.cache, pxc_pin(f.cache, b));
        assert_ok(f.cache, pxc_pin(f.cache, a));
        assert_ok(f.cache, pxc_unpin(f.cache, a));
        assert_ok(f.cache, pxc_unpin(f.cache, b));
        end_frames(f.cache, 1);
    }
    assert_int_equal(stats_of(f.cache).hits, 0);
    const pxc_key order[] = {a, b, c};
    assert_goes_in_order(&f, order, 3);
    fixture_close(&f);
}

static void a_failed_replace_is_no_use(void **state)
{
    (void)state;
    fixture f;
    pxc_key keys[3];
    const pxc_pixmap pixmap = pixmap_of(21);
    fixture_open(&f, 0);
    insert_count(&f, keys, 3);
    end_frames(f.cache, 1);
    fake_gpu_fail_next(&f.gpu, PXC_ERR_GPU, 1);
    assert_status(PXC_ERR_GPU, pxc_replace(f.cache, keys[0], &pixmap));
    assert_goes_in_order(&f, keys, 3);
    fixture_close(&f);
}

/* Pins some of a to e, evicts the others that are older, unpins in the order given: by last use they go. */
static void check_unpinned(const char *pins, const char *unpins, const char *expected)
{
    fixture f;
    pxc_key keys[5];
    pxc_key order[5];
    const size_t left = strlen(expected);
    fixture_open(&f, 0);
    insert_count(&f, keys, 5);
    end_frames(f.cache, 1);
    for (const char *p = pins; *p != '\0'; ++p) {
        assert_ok(f.cache, pxc_pin(f.cache, keys[*p - 'a']));
    }
    for (size_t gone = left; gone < 5; ++gone) {
        const pxc_stats stats = stats_of(f.cache);
        assert_ok(f.cache, pxc_trim_to(f.cache, stats.used_bytes - stats.doomed_bytes - 1));
        end_frames(f.cache, 1);
    }
    for (const char *p = unpins; *p != '\0'; ++p) {
        assert_ok(f.cache, pxc_unpin(f.cache, keys[*p - 'a']));
    }
    for (size_t i = 0; i < left; ++i) {
        order[i] = keys[expected[i] - 'a'];
    }
    assert_goes_in_order(&f, order, left);
    fixture_close(&f);
}

static void an_entry_unpinned_later_keeps_its_place(void **state)
{
    (void)state;
    check_unpinned("a", "a", "acde");
    check_unpinned("b", "b", "bcde");
    check_unpinned("ab", "ab", "abde");
    check_unpinned("ab", "ba", "abde");
    check_unpinned("ac", "ac", "acde");
    check_unpinned("ac", "ca", "ace");
    check_unpinned("ace", "eca", "ace");
    check_unpinned("abcd", "dbca", "abcd");
    check_unpinned("abcd", "cadb", "abcd");
    check_unpinned("bde", "edb", "bde");
}

static void a_pinned_entry_that_is_used_moves(void **state)
{
    (void)state;
    fixture f;
    pxc_key keys[4];
    fixture_open(&f, 4 * 50);
    insert_count(&f, keys, 4); /* 11 12 13 14 */
    assert_ok(f.cache, pxc_pin(f.cache, keys[0]));
    assert_ok(f.cache, pxc_pin(f.cache, keys[1]));
    assert_ok(f.cache, pxc_set_limit(f.cache, 4 * 40));
    end_frames(f.cache, 1); /* passes over a and b, takes c */
    assert_false(pxc_key_valid(f.cache, keys[2]));
    use(&f, keys, "a");
    end_frames(f.cache, 1);
    assert_ok(f.cache, pxc_unpin(f.cache, keys[0]));
    assert_ok(f.cache, pxc_unpin(f.cache, keys[1]));
    const pxc_key order[] = {keys[1], keys[3], keys[0]};
    assert_goes_in_order(&f, order, 3);
    fixture_close(&f);
}

static void an_unpin_among_uses_of_the_frame_keeps_its_place(void **state)
{
    (void)state;
    fixture f;
    pxc_key keys[5];
    fixture_open(&f, 0);
    insert_count(&f, keys, 5);
    end_frames(f.cache, 1);
    for (int i = 0; i < 3; ++i) {
        assert_ok(f.cache, pxc_pin(f.cache, keys[i]));
    }
    assert_ok(f.cache, pxc_trim_to(f.cache, 4 * (11 + 12 + 13 + 15))); /* passes over a, b, c, takes d */
    assert_ok(f.cache, pxc_unpin(f.cache, keys[0]));
    assert_ok(f.cache, pxc_unpin(f.cache, keys[1]));
    use(&f, keys, "a");
    assert_ok(f.cache, pxc_unpin(f.cache, keys[2]));
    const pxc_key order[] = {keys[1], keys[2], keys[4], keys[0]};
    assert_goes_in_order(&f, order, 4);
    fixture_close(&f);
}

static void more_than_5000_finds_in_one_frame_keep_the_order(void **state)
{
    (void)state;
    uint64_t seed = 5;
    fixture f;
    pxc_key keys[IMAGES];
    int last_use[IMAGES];
    pxc_key order[IMAGES];
    fixture_open(&f, 0);
    insert_count(&f, keys, IMAGES);
    for (int i = 0; i < IMAGES; ++i) {
        last_use[i] = i - IMAGES;
    }
    end_frames(f.cache, 1);
    for (int i = 0; i < 20000; ++i) {
        const uint32_t k = random_below(&seed, IMAGES);
        assert_int_equal(pxc_find(f.cache, keys[k], NULL), PXC_OK);
        last_use[k] = i;
    }
    end_frames(f.cache, 1);
    for (int rank = 0; rank < IMAGES; ++rank) {
        int oldest = 0;
        for (int k = 1; k < IMAGES; ++k) {
            oldest = last_use[k] < last_use[oldest] ? k : oldest;
        }
        order[rank] = keys[oldest];
        last_use[oldest] = INT32_MAX;
    }
    assert_goes_in_order(&f, order, IMAGES);
    fixture_close(&f);
}

static void more_than_5000_entries_used_in_one_frame_keep_the_order(void **state)
{
    (void)state;
    static pxc_key keys[6000];
    fixture f;
    fixture_open(&f, 0);
    for (int i = 0; i < 6000; ++i) {
        keys[i] = insert_width(f.cache, 1);
    }
    end_frames(f.cache, 1);
    for (int i = 0; i < 6000; ++i) {
        assert_int_equal(pxc_find(f.cache, keys[i * 7 % 6000], NULL), PXC_OK);
    }
    assert_ok(f.cache, pxc_set_limit(f.cache, 4 * 1000));
    end_frames(f.cache, 1);
    assert_int_equal(pxc_validate(f.cache), PXC_OK);
    for (int i = 0; i < 6000; ++i) {
        assert_int_equal(pxc_key_valid(f.cache, keys[i * 7 % 6000]), i >= 5000);
    }
    fixture_close(&f);
}

static void a_trim_in_mid_frame_respects_uses_of_the_frame(void **state)
{
    (void)state;
    fixture f;
    pxc_key keys[5];
    fixture_open(&f, 0);
    insert_count(&f, keys, 5);
    end_frames(f.cache, 1);
    use(&f, keys, "ab");
    assert_ok(f.cache, pxc_trim_to(f.cache, 4 * (11 + 12 + 15)));
    assert_false(pxc_key_valid(f.cache, keys[2]) || pxc_key_valid(f.cache, keys[3]));
    use(&f, keys, "a");
    assert_ok(f.cache, pxc_trim_to(f.cache, 4 * 11));
    assert_true(pxc_key_valid(f.cache, keys[0]));
    assert_int_equal(stats_of(f.cache).entries, 1);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_is_that_of_the_last_uses),
        cmocka_unit_test(the_order_survives_the_boundary),
        cmocka_unit_test(the_boundary_evicts_by_order_of_use_within_the_frame),
        cmocka_unit_test(insert_replace_and_find_named_are_uses),
        cmocka_unit_test(lookup_valid_pin_and_unpin_are_no_uses),
        cmocka_unit_test(a_failed_replace_is_no_use),
        cmocka_unit_test(an_entry_unpinned_later_keeps_its_place),
        cmocka_unit_test(a_pinned_entry_that_is_used_moves),
        cmocka_unit_test(an_unpin_among_uses_of_the_frame_keeps_its_place),
        cmocka_unit_test(more_than_5000_finds_in_one_frame_keep_the_order),
        cmocka_unit_test(more_than_5000_entries_used_in_one_frame_keep_the_order),
        cmocka_unit_test(a_trim_in_mid_frame_respects_uses_of_the_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
