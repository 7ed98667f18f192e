/* Image handles: a handle names a picture file and stays good for ever; its texture comes and goes with the cache.
 *
 * Ask for the texture in every frame in which the image is seen. If it is not resident, it is loaded: at once on the
 * render thread (workers = 0), or by worker threads, and then it is ready some frames later. An image that can not be
 * loaded is a state, not an accident: it is reported once, and the frame goes on.
 *
 * Thread: the render thread.
 */
#ifndef PXE_IMAGES_H
#define PXE_IMAGES_H

#include <pixcache/pixcache.h>
#include <pxe/decode.h>
#include <pxe/profile.h>

typedef struct pxe_images pxe_images;

typedef struct pxe_image {
    uint32_t id; /* 0 is no image */
} pxe_image;

typedef enum pxe_image_state {
    PXE_IMAGE_LOADING, /* also: never asked for, or evicted */
    PXE_IMAGE_READY,
    PXE_IMAGE_FAILED
} pxe_image_state;

typedef struct pxe_image_info {
    const char *path;
    pxe_image_state state; /* as it was at the last pxe_images_texture */
    const char *failure;   /* why it failed, else NULL */
    int width, height;     /* pixels in the file; 0 until it was loaded once */
} pxe_image_info;

/* Told once of each image that can not be loaded. */
typedef void (*pxe_image_failed_fn)(void *user, const char *path, const char *reason);

typedef struct pxe_images_config {
    pxc_cache *cache;
    pxe_profile *profile;     /* where the time of loads and uploads is recorded */
    const char *record_path;  /* every access is written there; NULL = nowhere */
    pxe_decode_limits limits; /* 0 = the defaults of pxe/decode.h */
    int workers;              /* decoding threads; 0 = decode on the render thread */
    pxe_image_failed_fn on_failed;
    void *on_failed_user;
} pxe_images_config;

bool pxe_images_create(const pxe_images_config *config, pxe_images **out, pxe_error *error);

/* Before the cache is destroyed. False if the recording could not be written whole; all is freed all the same.
 * NULL is fine. */
bool pxe_images_destroy(pxe_images *images, pxe_error *error);

/* How a file becomes a texture; {0} = as it is. */
typedef struct pxe_image_options {
    int fit_px;   /* the longer side is scaled down to this many pixels when the file is loaded; 0 = never */
    bool mipmaps; /* for drawing it much smaller than it is; costs a third more */
} pxe_image_options;

/* A handle for a file, whose path is copied; nothing is read yet. options may be NULL.
 * Result: {0} if there is no memory. */
pxe_image pxe_images_open(pxe_images *images, const char *path, const pxe_image_options *options);

/* The texture to draw in this frame: a use. *out is zero unless the state is PXE_IMAGE_READY. */
pxe_image_state pxe_images_texture(pxe_images *images, pxe_image image, pxc_texture *out);

/* Like pxe_images_texture, but loads nothing and is no use. */
pxe_image_state pxe_images_peek(const pxe_images *images, pxe_image image, pxc_texture *out);

pxe_image_info pxe_images_info(const pxe_images *images, pxe_image image);

/* Forgets that the image failed: it is loaded anew when it is next asked for. For when the reason may be gone: the file
 * was written meanwhile, or the limit was raised. */
void pxe_images_retry(pxe_images *images, pxe_image image);

/* Hands what the workers have finished to the cache, and calls pxc_frame_begin, which uploads within the cache's budget;
 * pxe_frame_begin does it. */
void pxe_images_update(pxe_images *images);

/* Images on their way from the workers. */
uint32_t pxe_images_pending(const pxe_images *images);

/* Images that are PXE_IMAGE_FAILED. */
uint32_t pxe_images_failed(const pxe_images *images);

#endif
