/* pxc_peek: looks without touching anything. */
#include "check.h"

#include <pthread.h>
#include <string.h>

static void a_peek_gives_what_a_find_gives(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, 0);
    const pxc_key key = insert_width(f.cache, 11);
    pxc_texture peeked;
    pxc_texture found;
    assert_ok(f.cache, pxc_peek(f.cache, key, &peeked));
    assert_ok(f.cache, pxc_find(f.cache, key, &found));
    assert_int_equal(peeked.name, found.name);
    assert_int_equal(peeked.width, found.width);
    assert_int_equal(peeked.height, found.height);
    assert_int_equal(peeked.cost, found.cost);
    fixture_close(&f);
}

static void a_peek_is_not_counted(void **state)
{
    (void)state;
    fixture f;
    pxc_texture texture;
    fixture_open(&f, 0);
    const pxc_key key = insert_width(f.cache, 11);
    const pxc_stats before = stats_of(f.cache);
    assert_ok(f.cache, pxc_peek(f.cache, key, &texture));
    assert_status(PXC_MISS, pxc_peek(f.cache, (pxc_key){0}, &texture));
    const pxc_stats after = stats_of(f.cache);
    assert_same_stats(&before, &after);
    fixture_close(&f);
}

static void a_peek_is_no_use(void **state)
{
    (void)state;
    fixture f;
    pxc_texture texture;
    fixture_open(&f, 0);
    const pxc_key older = insert_width(f.cache, 11);
    const pxc_key newer = insert_width(f.cache, 12);
    end_frames(f.cache, 1);
    assert_ok(f.cache, pxc_peek(f.cache, older, &texture));
    assert_ok(f.cache, pxc_trim_to(f.cache, (size_t)12 * 4));
    assert_false(pxc_key_valid(f.cache, older));
    assert_true(pxc_key_valid(f.cache, newer));
    fixture_close(&f);
}

static void a_miss_and_an_error_give_zero(void **state)
{
    (void)state;
    fixture f;
    pxc_texture texture;
    fixture_open(&f, 0);
    const pxc_key key = insert_width(f.cache, 11);
    assert_ok(f.cache, pxc_remove(f.cache, key));
    memset(&texture, 0xA5, sizeof texture);
    assert_status(PXC_MISS, pxc_peek(f.cache, key, &texture));
    assert_zero_texture(&texture);
    memset(&texture, 0xA5, sizeof texture);
    assert_status(PXC_ERR_ARGUMENT, pxc_peek(NULL, key, &texture));
    assert_zero_texture(&texture);
    assert_status(PXC_ERR_ARGUMENT, pxc_peek(f.cache, key, NULL));
    fixture_close(&f);
}

typedef struct peek {
    const pxc_cache *cache;
    pxc_key key;
    pxc_texture texture;
    pxc_status status;
} peek;

static void *peek_elsewhere(void *user)
{
    peek *it = user;
    it->status = pxc_peek(it->cache, it->key, &it->texture);
    return NULL;
}

static void another_thread_gets_an_error(void **state)
{
    (void)state;
    fixture f;
    pthread_t thread;
    fixture_open(&f, 0);
    peek it = {.cache = f.cache, .key = insert_width(f.cache, 11), .texture.name = 7};
    assert_int_equal(pthread_create(&thread, NULL, peek_elsewhere, &it), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_status(PXC_ERR_THREAD, it.status);
    assert_zero_texture(&it.texture);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_peek_gives_what_a_find_gives),
        cmocka_unit_test(a_peek_is_not_counted),
        cmocka_unit_test(a_peek_is_no_use),
        cmocka_unit_test(a_miss_and_an_error_give_zero),
        cmocka_unit_test(another_thread_gets_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
