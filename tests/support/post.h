/* Pixmaps that a test hands over, and a book of what became of each. Their pixels are freed by release, so that a
 * sanitizer sees a read that comes later; a second release, or one on another thread, is a fault. Time is the fake
 * GPU's, so nothing here depends on how fast the machine is. */
#ifndef PIXCACHE_TESTS_POST_H
#define PIXCACHE_TESTS_POST_H

#include "check.h"

enum { POST_MAX = 1024 };

typedef struct post post;

typedef struct post_item {
    post *p;
    pxc_pixmap pixmap; /* its pixels are NULL when they were released, or never taken */
    void *mip_pixels;  /* its own levels, NULL = none or released */
    uint64_t checksum;
    size_t bytes;
    bool taken; /* pxc_submit answered PXC_OK */
    unsigned releases;
} post_item;

struct post {
    fixture f;
    pxc_config config;
    post_item items[POST_MAX];
    int count;
    int order[POST_MAX]; /* items as they were released */
    int released;
    size_t pending_bytes; /* taken and not released */
    pthread_t render;
    uint64_t faults;
};

/* Opens a cache; its clock is the fake GPU's unless the configuration has one. */
void post_open(post *p, pxc_config config);

/* The same on a GPU that takes no bands. */
void post_open_whole(post *p, pxc_config config);

/* The same on a GPU that makes storage elsewhere. */
void post_open_preparing(post *p, pxc_config config);

/* Destroys the cache and asserts that everything was released once, and that GPU and allocator are clean. */
void post_close(post *p);

/* Hands over a pixmap of that shape with pixels of its own, and levels of its own where shape.mip_pixels is not NULL.
 * Sets *item, unless NULL, when it was taken; asserts otherwise that nothing was released. */
pxc_status post_try(post *p, const char *name, pxc_pixmap shape, int *item);

/* Hands over width x height pixels, PXC_RGBA8, asserting that they are taken. Returns the item. */
int post_submit(post *p, const char *name, int width, int height);

/* The two boundaries of a frame; each asserts what must hold after it. post_begin returns what pxc_frame_begin did. */
pxc_status post_begin(post *p);
void post_end(post *p);

/* `count` whole frames that must go well. */
void post_frames(post *p, int count);

/* Frames until nothing is pending, which must come true within `frames`. */
void post_drain(post *p, int frames);

/* Asserts that the cache is sound and its numbers are those of the book and of the GPU. */
void post_check(post *p);

/* Asserts that the name finds that item with its pixels, and that the item was released. A use. */
void assert_shows(post *p, const char *name, int item);

/* Asserts that nothing is found under the name for that reason, PXC_PENDING or PXC_MISS. Asks by name. */
void assert_absent(post *p, pxc_status reason, const char *name);

/* Asserts that the item was released, or that it was not. */
void assert_released(const post *p, int item);
void assert_kept(const post *p, int item);

#endif
