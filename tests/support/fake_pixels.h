/* What the fake GPU makes of a pixmap: the sum of its pixels and its video memory. */
#ifndef PIXCACHE_TESTS_FAKE_PIXELS_H
#define PIXCACHE_TESTS_FAKE_PIXELS_H

#include <pixcache/pixcache.h>

#define FAKE_PIXELS_FIRST_SUM 14695981039346656037u

/* The mip levels that go up: all if the pixmap brings its own, else only its pixels. */
int fake_pixels_level_count(const pxc_pixmap *pixmap);

/* One of them as a pixmap; 0 = the pixmap itself. */
pxc_pixmap fake_pixels_level(const pxc_pixmap *pixmap, int level);

/* Bytes of their rows, without gaps. */
size_t fake_pixels_source_bytes(const pxc_pixmap *pixmap);

/* The sum with one value more. A checksum is the first sum with the sum of each row from the top, level after level. */
uint64_t fake_pixels_mix(uint64_t sum, uint64_t value);

/* Reads the row; never 0. */
uint64_t fake_pixels_row_sum(const pxc_pixmap *pixmap, int y);

size_t fake_pixels_video_bytes(const pxc_pixmap *pixmap);

#endif
