/* Images whose pixels follow from a seed, for tests of caches that pack: each asks for what it was given by the same
 * seed, wherever the image lies. */
#ifndef PIXCACHE_TESTS_PACKED_H
#define PIXCACHE_TESTS_PACKED_H

#include "check.h"

enum {
    PAINTED_MOST_PX = 600, /* a side */
    MIB = 1 << 20,
};

/* The pixels live until the next one is painted; stride is filled in. */
pxc_pixmap paint(uint32_t seed, int width, int height, pxc_format format);

/* A cache that packs. With 4 MiB its pages are 512 x 512 texels of 4 bytes, for images of up to 64 x 64. */
void packed_open(fixture *f, size_t limit_bytes);

bool is_packed(const pxc_texture *texture);

/* Inserts, or tries to, an image of RGBA8. */
pxc_status try_put(fixture *f, uint32_t seed, int side, pxc_key *out);
pxc_key put(fixture *f, uint32_t seed, int side);

/* What the key leads to, without a use. */
pxc_texture look_at(const fixture *f, pxc_key key);

/* All texels of an image are right, those of its gutter too if it lies in a page. */
void assert_texels(const fake_gpu *gpu, const pxc_texture *texture, uint32_t seed);
void assert_key_shows(const fixture *f, pxc_key key, uint32_t seed);

/* Ends a frame, after which limit and ledger must hold. */
void packed_frame_end(fixture *f);

#endif
