/* What nearly every cache test needs: a cache on a fake GPU and a failing allocator, pixmaps of distinct sizes, and
 * assertions. A test includes only this and the noun that it tests. */
#ifndef PIXCACHE_TESTS_CHECK_H
#define PIXCACHE_TESTS_CHECK_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "failing_alloc.h"
#include "fake_gpu.h"

#include <pixcache/pixcache.h>

/* A call that must succeed, and must leave the cache sound. */
#define assert_ok(cache, call)                                                                               \
    do {                                                                                                     \
        assert_int_equal((call), PXC_OK);                                                                    \
        assert_int_equal(pxc_validate(cache), PXC_OK);                                                       \
    } while (0)

#define assert_status(expected, call) assert_int_equal((call), (expected))

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

typedef struct fixture {
    fake_gpu gpu;
    failing_alloc alloc;
    pxc_cache *cache;
} fixture;

/* Opens a cache with that limit (0 = the default) on a fresh fake GPU and a fresh allocator. */
void fixture_open(fixture *f, size_t limit_bytes);

/* The same with a whole configuration; backend and alloc are filled in. The GPU has parts if the cache is to pack. */
void fixture_open_config(fixture *f, pxc_config config);

/* Destroys the cache and asserts that GPU and allocator are clean. */
void fixture_close(fixture *f);

/* A pixmap of width x 1 pixels, PXC_RGBA8, that costs 4 * width bytes; distinct widths make a wrong sum name its
 * culprit. The pixels are exactly as many, live as long as the program, and differ by width. 1 <= width <= 4096. */
pxc_pixmap pixmap_of(int width);

/* A pixmap of any shape with `gap` bytes between the rows and none after the last; free its pixels. */
pxc_pixmap pixmap_new(int width, int height, pxc_format format, int gap);
void pixmap_free(pxc_pixmap *pixmap);

/* Inserts pixmap_of(width), asserting that it works. */
pxc_key insert_width(pxc_cache *cache, int width);
pxc_key insert_name(pxc_cache *cache, const char *name, int width);

/* Ends `count` frames. */
void end_frames(pxc_cache *cache, int count);

pxc_stats stats_of(const pxc_cache *cache);

/* Fails with the name of the first number that differs. */
void assert_same_stats(const pxc_stats *expected, const pxc_stats *actual);

void assert_zero_key(pxc_key key);
void assert_zero_texture(const pxc_texture *texture);

/* Asserts that the key finds the image of that width, with the pixels that were given. A use of the entry. */
void assert_finds(fixture *f, pxc_key key, int width);

/* Small, seeded, the same everywhere: splitmix64. */
uint64_t random_next(uint64_t *state);
uint32_t random_below(uint64_t *state, uint32_t bound);

#endif
