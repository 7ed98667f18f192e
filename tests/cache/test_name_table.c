/* The name table where it is at its worst: equal hashes, runs that wrap around its end, its largest size, and names
 * that are too long. The hash's seed is set, so that it happens every time. */
#include "../../cache/cache.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__SANITIZE_THREAD__)
#define UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNDER_TSAN 1
#endif
#endif
#ifndef UNDER_TSAN
#define UNDER_TSAN 0
#endif

enum {
    CROWD = 300000, /* ten pairs of equal hashes are to be expected, by the birthday paradox */
    GROUPS = 8,
    LONG_RUN = 45, /* of 56 names before the table grows */
};

typedef struct name_of_hash {
    uint32_t hash;
    int number;
} name_of_hash;

static void open_seeded(fixture *f)
{
    fixture_open(f, 0);
    f->cache->name_seed = 1;
}

static const char *name_text(int number)
{
    static char text[32];
    snprintf(text, sizeof text, "name/%d", number);
    return text;
}

static uint32_t hash_of(const fixture *f, pxc_key key)
{
    return pxc_entry_of(f->cache, key)->name_hash;
}

static int by_hash(const void *a, const void *b)
{
    const name_of_hash *x = a;
    const name_of_hash *y = b;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

static void names_of_the_same_hash_are_told_apart(void **state)
{
    (void)state;
    fixture f;
    open_seeded(&f);
    name_of_hash *names = calloc(CROWD, sizeof *names);
    pxc_key *keys = calloc(CROWD, sizeof *keys);
    assert_true(names != NULL && keys != NULL);
    for (int i = 0; i < CROWD; ++i) {
        keys[i] = insert_name(f.cache, name_text(i), 1);
        names[i] = (name_of_hash){hash_of(&f, keys[i]), i};
    }
    qsort(names, CROWD, sizeof *names, by_hash);
    int pairs = 0;
    for (int i = 1; i < CROWD; ++i) {
        if (names[i].hash != names[i - 1].hash) {
            continue;
        }
        ++pairs;
        const int gone = names[i - pairs % 2].number;
        const int stays = names[i - 1 + pairs % 2].number;
        pxc_key key;
        assert_status(PXC_OK, pxc_lookup(f.cache, name_text(gone), &key));
        assert_int_equal(key.id, keys[gone].id);
        assert_status(PXC_OK, pxc_remove_named(f.cache, name_text(gone)));
        assert_status(PXC_MISS, pxc_lookup(f.cache, name_text(gone), &key));
        assert_status(PXC_OK, pxc_lookup(f.cache, name_text(stays), &key));
        assert_int_equal(key.id, keys[stays].id);
    }
    assert_true(pairs > 0);
    free(keys);
    free(names);
    fixture_close(&f);
}

/* Names that all belong in the last two groups of a table of eight: most lie in the first ones. */
static void a_run_that_wraps_around_the_table_stays_whole(void **state)
{
    (void)state;
    fixture f;
    open_seeded(&f);
    pxc_key keys[LONG_RUN];
    int numbers[LONG_RUN];
    int count = 0;
    for (int i = 0; count < LONG_RUN; ++i) {
        const pxc_key key = insert_name(f.cache, name_text(i), 1);
        if (hash_of(&f, key) / (UINT32_MAX / GROUPS + 1) >= GROUPS - 2) {
            keys[count] = key;
            numbers[count++] = i;
        } else {
            assert_status(PXC_OK, pxc_remove(f.cache, key));
            assert_status(PXC_OK, pxc_frame_end(f.cache));
        }
    }
    assert_int_equal(f.cache->names.group_count, GROUPS);
    uint64_t random = 7;
    for (; count > 0; --count) {
        const uint32_t gone = random_below(&random, (uint32_t)count);
        assert_ok(f.cache, pxc_remove_named(f.cache, name_text(numbers[gone])));
        assert_status(PXC_MISS, pxc_find_named(f.cache, name_text(numbers[gone]), NULL));
        keys[gone] = keys[count - 1];
        numbers[gone] = numbers[count - 1];
        for (int i = 0; i < count - 1; ++i) {
            pxc_key key;
            assert_status(PXC_OK, pxc_lookup(f.cache, name_text(numbers[i]), &key));
            assert_int_equal(key.id, keys[i].id);
        }
    }
    fixture_close(&f);
}

/* The table's memory is only read, so its 448 MB are only addresses. */
static void a_name_table_of_the_largest_size_does_not_grow(void **state)
{
    (void)state;
    enum { LARGEST = 7000000 }; /* groups; half as many again are too many */
    const size_t bytes = sizeof(pxc_group) * LARGEST;
    void *const memory = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        skip();
    }
    fixture f;
    fixture_open(&f, 0);
    const pxc_names right = f.cache->names;
    f.cache->names = (pxc_names){memory, LARGEST, LARGEST * 7};
    const pxc_stats before = stats_of(f.cache);
    const pxc_pixmap pixmap = pixmap_of(11);
    pxc_key key = {77};
    assert_status(PXC_ERR_FULL, pxc_insert_named(f.cache, "one too many", &pixmap, &key));
    assert_zero_key(key);
    const pxc_stats after = stats_of(f.cache);
    assert_same_stats(&before, &after);
    f.cache->names = right;
    assert_int_equal(munmap(memory, bytes), 0);
    assert_int_equal(pxc_validate(f.cache), PXC_OK);
    insert_name(f.cache, "one too many", 11);
    fixture_close(&f);
}

#if SIZE_MAX > UINT32_MAX
/* One block of memory, over and over, reads as a text of 4 GiB. NULL if the system does not give it. */
static char *map_long_text(size_t block_bytes, size_t blocks)
{
    const int file = memfd_create("name", 0);
    if (file < 0 || ftruncate(file, (off_t)block_bytes) != 0) {
        return NULL;
    }
    char *text =
        mmap(NULL, block_bytes * blocks, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    bool mapped = text != MAP_FAILED;
    for (size_t i = 0; i < blocks && mapped; ++i) {
        const int sharing = i + 1 < blocks ? MAP_SHARED : MAP_PRIVATE; /* the last one ends the text */
        mapped = mmap(text + i * block_bytes, block_bytes, PROT_READ | PROT_WRITE, sharing | MAP_FIXED, file,
                      0) != MAP_FAILED;
    }
    close(file);
    if (!mapped) {
        return NULL;
    }
    memset(text, 'a', block_bytes);
    text[block_bytes * blocks - 1] = '\0';
    return text;
}

static void a_name_of_four_gigabytes_is_refused(void **state)
{
    (void)state;
    enum { BLOCK_BYTES = 16 << 20, BLOCKS = 256 };
    if (UNDER_TSAN) {
        skip(); /* it would keep a record of every byte that strlen reads */
    }
    char *const text = map_long_text(BLOCK_BYTES, BLOCKS);
    if (text == NULL) {
        skip();
    }
    fixture f;
    fixture_open(&f, 0);
    const pxc_stats before = stats_of(f.cache);
    const pxc_pixmap pixmap = pixmap_of(11);
    pxc_key key = {77};
    assert_status(PXC_ERR_MEMORY, pxc_insert_named(f.cache, text, &pixmap, &key));
    assert_zero_key(key);
    const pxc_stats after = stats_of(f.cache);
    assert_same_stats(&before, &after);
    assert_int_equal(munmap(text, (size_t)BLOCK_BYTES * BLOCKS), 0);
    fixture_close(&f);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_the_same_hash_are_told_apart),
        cmocka_unit_test(a_run_that_wraps_around_the_table_stays_whole),
        cmocka_unit_test(a_name_table_of_the_largest_size_does_not_grow),
#if SIZE_MAX > UINT32_MAX
        cmocka_unit_test(a_name_of_four_gigabytes_is_refused),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
