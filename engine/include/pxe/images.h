/* Images: a handle names a picture and stays good for ever; its texture comes and goes with the cache.
 *
 * Ask for the texture in every frame in which the image is seen. What is not resident is read and decoded by worker
 * threads and uploaded within the cache's budget for a frame, so that no frame waits for a file: the image is ready some
 * frames later. What nobody has asked for lately is dropped before it is decoded. An image that can not be loaded is a
 * state, not an accident: it is reported once, and the frame goes on.
 *
 * Which comes first: what pxe_images_texture was first asked for in the newest frame, in the order of asking; what was
 * first asked for in earlier frames, and still is; then the prefetch list. So where a view moves faster than pictures are
 * decoded, what has just come into it is loaded, and not what is about to leave.
 *
 * Pictures come from files, from pixels in memory, or from a function that paints them; all go the same way.
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

/* In the order in which an image goes through them. */
typedef enum pxe_image_state {
    PXE_IMAGE_ABSENT, /* not on its way: never asked for, evicted, or dropped because nobody asked any more */
    PXE_IMAGE_QUEUED, /* waits for a worker */
    PXE_IMAGE_DECODING,  /* is read, decoded or painted */
    PXE_IMAGE_UPLOADING, /* decoded; waits for its turn in the budget */
    PXE_IMAGE_READY,     /* resident */
    PXE_IMAGE_FAILED     /* for good, or until pxe_images_retry */
} pxe_image_state;

/* Whether waiting helps. */
static inline bool pxe_image_loading(pxe_image_state state)
{
    return state < PXE_IMAGE_READY;
}

typedef struct pxe_image_info {
    const char *path; /* or the name of what comes from memory */
    pxe_image_state state;
    const char *failure; /* why it failed, or why its file could not replace it when it changed; else NULL */
    int width, height;   /* pixels in the file; 0 until it was loaded once */
    uint64_t ready_frames; /* frames since it was last uploaded, for fading in; 0 unless ready */
} pxe_image_info;

/* Told once of each image that can not be loaded. */
typedef void (*pxe_image_failed_fn)(void *user, const char *path, const char *reason);

enum { PXE_NO_WORKERS = -1 };

/* {0} but for the cache and the profile is the default of everything. */
typedef struct pxe_images_config {
    pxc_cache *cache;
    pxe_profile *profile;    /* where the time of loads and uploads is recorded */
    const char *record_path; /* every access is written there; NULL = nowhere */
    pxe_decode_options
        decode; /* limits and decoders; fit_px does not count. Its decoders must outlive the images */
    int workers; /* decoding threads; 0 = cores - 1, at least 1; PXE_NO_WORKERS = pxe_images_texture loads at once */
    /* Bound on the bytes of decoded pictures, and of their files, that are not uploaded yet; 0 = 128 MiB. One picture of
     * more than half of it may pass beside it. */
    size_t decoded_bytes;
    bool reload_changed; /* a file that changes on disk replaces its texture; see pxe_images_reload */
    pxe_image_failed_fn on_failed;
    void *on_failed_user;
} pxe_images_config;

bool pxe_images_create(const pxe_images_config *config, pxe_images **out, pxe_error *error);

/* Before the cache is destroyed. Drops what waits, and waits for the workers, each of which ends at its next step. False
 * if the recording could not be written whole; all is freed all the same. NULL is fine. */
bool pxe_images_destroy(pxe_images *images, pxe_error *error);

/* ---- Where pictures come from -----------------------------------------------------------------------------------
 *
 * The same source with the same options is the same image: opening it again gives the same handle. Result of all: {0} if
 * there is no memory.
 */

/* How a picture becomes a texture; {0} = as it is. */
typedef struct pxe_image_options {
    int fit_px;   /* the longer side is scaled down to this many pixels when it is loaded; 0 = never */
    bool mipmaps; /* for drawing it much smaller than it is; costs a third more */
} pxe_image_options;

/* A picture file, whose path is copied; nothing is read yet. options may be NULL. A file that is wanted in several sizes
 * at once is decoded once. */
pxe_image pxe_images_open(pxe_images *images, const char *path, const pxe_image_options *options);

/* Paints a picture: fills width x height pixels, PXC_RGBA8, alpha premultiplied, zeroed before, rows without gaps. On a
 * worker's thread, several at once, each time that the picture is needed again. False with *error saying why. */
typedef bool (*pxe_paint_fn)(void *user, unsigned char *pixels, int width, int height, pxe_error *error);

typedef struct pxe_painting {
    int width, height; /* pixels */
    pxe_paint_fn paint;
    void *user; /* must outlive the images */
} pxe_painting;

/* A picture that is painted when it is needed. Result: also {0} if it has no size or no function, or if the name belongs
 * to another one from memory.
 *
 *   name     the application's: non-empty UTF-8; copied; files have names of their own.
 */
pxe_image pxe_images_paint(pxe_images *images, const char *name, const pxe_painting *painting,
                           const pxe_image_options *options);

/* Pixels that the application has. They are not copied: they must stay as they are until release(user) is called, which
 * pxe_images_destroy does, so that they can go up again after an eviction. release may be NULL. Result: also {0} if it is
 * no pixmap, or if the name is taken; release is then never called. */
pxe_image pxe_images_from_pixels(pxe_images *images, const char *name, const pxc_pixmap *pixmap,
                                 pxc_release_fn release, void *user);

/* ---- Textures ---------------------------------------------------------------------------------------------------*/

/* The texture to draw in this frame: a use. Unless the state is PXE_IMAGE_READY, *out is the placeholder. */
pxe_image_state pxe_images_texture(pxe_images *images, pxe_image image, pxc_texture *out);

/* The same for what a frame can not do without: if it is not resident, it is loaded at once, on this thread, whatever the
 * budget. Ready or failed then; neither only if the cache has no room in this frame. */
pxe_image_state pxe_images_texture_now(pxe_images *images, pxe_image image, pxc_texture *out);

/* Like pxe_images_texture, but loads nothing, is no use, and *out is zero unless the state is PXE_IMAGE_READY. */
pxe_image_state pxe_images_peek(const pxe_images *images, pxe_image image, pxc_texture *out);

pxe_image_info pxe_images_info(const pxe_images *images, pxe_image image);

/* What pxe_images_texture gives out for what is not ready, and for what has failed; NULL = a zeroed texture, which draws
 * nothing. The caller's, such as pxe_sprites_white: not of the cache, whose textures last for a frame. */
void pxe_images_set_placeholders(pxe_images *images, const pxc_texture *loading, const pxc_texture *failed);

/* Forgets that the image failed: it is loaded anew when it is next asked for. For when the reason may be gone: the file
 * was written meanwhile, or the limit was raised. */
void pxe_images_retry(pxe_images *images, pxe_image image);

/* Reads, or paints, a resident image anew; the old texture stays until the new one is uploaded, and for good if the new
 * one can not be had: pxe_image_info.failure then says why, and the image stays PXE_IMAGE_READY. Nothing for an image that
 * is not resident. pxe_images_config.reload_changed does this for files whose size, time or place on disk has changed and
 * was found the same at two looks in turn; a look at 512 files every 50 ms, by a worker. */
void pxe_images_reload(pxe_images *images, pxe_image image);

/* ---- Ahead of time ----------------------------------------------------------------------------------------------*/

/* Loads these when nothing that is seen waits, in this order; replaces the list of the call before: what was on it, has
 * not begun, and nobody has asked for is dropped. Each is loaded at most once, and no more of them than fit into the
 * cache's limit, so that a long list does not push out its own beginning. count 0 clears it. The list is copied.
 * Result: false if there is no memory; the list is then empty. */
bool pxe_images_prefetch(pxe_images *images, const pxe_image *list, size_t count);

/* "Wait until these are ready", for a loading screen:
 *
 *     pxe_loading *loading = pxe_loading_begin(images, list, count);
 *     pxe_progress progress = {0};
 *     while (!progress.done) {
 *         pxe_frame_begin(engine, 0x000000FF);
 *         progress = pxe_loading_step(loading);
 *         ... draw a bar of progress.fraction ...
 *         pxe_frame_end(engine, NULL, NULL);
 *     }
 *     pxe_loading_end(loading);
 */
typedef struct pxe_loading pxe_loading;

typedef struct pxe_progress {
    size_t total, ready, failed; /* images; ready: resident at some time since the beginning */
    double fraction;             /* 0 ... 1, never falls */
    bool done;                   /* all are ready or failed */
} pxe_progress;

/* The list is copied. Result: NULL if there is no memory. Owner: pxe_loading_end, before the images are destroyed. */
pxe_loading *pxe_loading_begin(pxe_images *images, const pxe_image *list, size_t count);

/* Asks for what is missing, as pxe_images_texture does; once a frame. Without workers it loads for 8 ms. */
pxe_progress pxe_loading_step(pxe_loading *loading);
void pxe_loading_end(pxe_loading *loading); /* NULL is fine */

/* ---- The frame --------------------------------------------------------------------------------------------------*/

/* Hands what the workers have finished to the cache, and calls pxc_frame_begin, which uploads within the cache's budget;
 * pxe_frame_begin does it. */
void pxe_images_update(pxe_images *images);

/* Images on their way: queued, decoding or uploading, and those to be reloaded. */
uint32_t pxe_images_pending(const pxe_images *images);

/* Images that are PXE_IMAGE_FAILED. */
uint32_t pxe_images_failed(const pxe_images *images);

#endif
