/* pixcache: a cache of pixmaps in video memory, for 2D games and viewers.
 *
 * You hand the cache pixmaps; it uploads them as OpenGL textures, counts the video memory that they take, and at
 * every frame boundary deletes the least recently used until a limit in bytes holds again. What you get back is a
 * key: a plain 64-bit value that finds the texture as long as it is resident and never finds another one.
 *
 * The shortest whole program (tests/install/main.c; built and run by the tests):
 *
 *     #include <pixcache/pixcache.h>
 *     #include <stdio.h>
 *
 *     int main(void)
 *     {
 *         const unsigned char red[4] = {255, 0, 0, 255};
 *         const pxc_pixmap pixmap = {.pixels = red, .width = 1, .height = 1, .format = PXC_RGBA8};
 *         const pxc_config config = {.backend = pxc_null_backend()}; // on OpenGL: .gl_get_proc_address = ...
 *         pxc_cache *cache = NULL;
 *         pxc_key key;
 *         pxc_texture texture;
 *         if (pxc_create(&config, &cache) != PXC_OK) {
 *             return 1;
 *         }
 *         for (int frame = 0; frame < 3; ++frame) {
 *             if (pxc_find_named(cache, "red", &texture) == PXC_MISS) {
 *                 pxc_insert_named(cache, "red", &pixmap, &key); // a game would load its picture here
 *                 pxc_peek(cache, key, &texture);
 *             }
 *             printf("frame %d draws texture %u\n", frame, (unsigned)texture.name);
 *             pxc_frame_end(cache); // after drawing, before the swap
 *         }
 *         printf("%zu bytes of %zu used\n", pxc_used(cache), pxc_limit(cache));
 *         return pxc_destroy(cache) == PXC_OK ? 0 : 1;
 *     }
 *
 * Rules that hold for every function, unless its comment says otherwise:
 *
 *   Thread   the thread that calls pxc_create is the cache's render thread. A call from another thread returns
 *            PXC_ERR_THREAD (0 for a size, false for a bool) and changes nothing. pxc_submit and pxc_discard are for
 *            any thread.
 *   Failure  a call that fails changes nothing, leaks nothing and sets its out parameters to zero. The one exception:
 *            what was evicted to make room on a GPU that is out of memory stays evicted.
 *   Result   PXC_ERR_ARGUMENT for NULL where an object is due, and for any call made from inside config.on_evict,
 *            config.on_work, a pxc_release_fn or a pxc_visit_fn.
 *   Cost     constant time.
 *
 * The cache has no global state; any number of caches live side by side. It starts no thread, reads no file, and
 * prints nothing.
 */
#ifndef PIXCACHE_PIXCACHE_H
#define PIXCACHE_PIXCACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32) && defined(PXC_SHARED)
#ifdef PXC_BUILDING
#define PXC_API __declspec(dllexport)
#else
#define PXC_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define PXC_API __attribute__((visibility("default")))
#else
#define PXC_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The one place of the version; CMakeLists.txt reads it from here. */
#define PXC_VERSION "0.1.0"

/* ---- Statuses -------------------------------------------------------------------------------------------------
 *
 * A missing entry is an answer, not an error: PXC_MISS. Errors are negative.
 */

typedef enum pxc_status {
    PXC_OK = 0,
    PXC_MISS = 1,    /* no such entry: never inserted, evicted, removed, or a stale key */
    PXC_PENDING = 2, /* handed over by pxc_submit, not yet wholly uploaded */
    PXC_ERR_ARGUMENT = -1,
    PXC_ERR_THREAD = -2,
    PXC_ERR_MEMORY = -3,    /* the allocator gave nothing */
    PXC_ERR_TOO_LARGE = -4, /* above the limit or the ceiling, or a side is above the GPU's largest */
    PXC_ERR_FULL =
        -5,           /* past the ceiling: works again after the next pxc_frame_end; or the mailbox is full */
    PXC_ERR_GPU = -6, /* the GPU or its driver refused, also after a trim */
    PXC_ERR_LOST = -7 /* the GL context is lost: make a new one, then call pxc_context_lost */
} pxc_status;

/* A few English words without a full stop; never NULL, also for a value that is no status. Thread: any. */
PXC_API const char *pxc_status_text(pxc_status status);

/* ---- Pixmaps, keys, textures ----------------------------------------------------------------------------------
 *
 * A pixmap is your memory, read during the call and never kept. A key is a plain value: copy it, compare it, store
 * it, drop it, on any thread; there is nothing to free and nothing is counted.
 */

typedef enum pxc_format {
    PXC_RGBA8 = 0, /* 4 bytes a pixel: R, G, B, A in memory order */
    PXC_BGRA8,     /* 4 bytes: B, G, R, A; slower to upload than PXC_RGBA8 on many drivers */
    PXC_RGB8,      /* 3 bytes: R, G, B; stored, and counted, as 4 */
    PXC_RG8,       /* 2 bytes: R, G; samples as (R, G, 0, 1) */
    PXC_R8,        /* 1 byte: R; samples as (R, 0, 0, 1) */
    PXC_RGB565,    /* 2 bytes: a native-endian uint16_t, R in the top 5 bits */
    PXC_RGBA4      /* 2 bytes: a native-endian uint16_t, R in the top 4 bits, A in the lowest */
} pxc_format;

typedef struct pxc_pixmap {
    const void *pixels; /* height rows, top row first */
    int width, height;  /* pixels, above 0 */
    int stride;         /* bytes from a row to the next; 0 = rows lie without a gap */
    pxc_format format;
    bool mipmaps; /* a full chain of mip levels, which is counted */
    /* Your mip levels, if you made them, from the second on, each half as large as the one before, rounded down, at least
     * 1; no gaps between rows and none between levels. NULL = the GPU makes them, in one go. Only with mipmaps. */
    const void *mip_pixels;
} pxc_pixmap;

typedef struct pxc_key {
    uint64_t id; /* 0 is no key */
} pxc_key;

typedef struct pxc_texture {
    uint32_t name;     /* GL texture name, GL_TEXTURE_2D, its own or a page's; the cache's: never delete it */
    int width, height; /* pixels of the image */
    pxc_format format;
    size_t cost;          /* bytes of video memory that the image counts for */
    float u0, v0, u1, v1; /* texture coordinates of the image's top left and bottom right corner */
    int layer;            /* layer of an array texture; 0: pages are GL_TEXTURE_2D, too */
} pxc_texture;

/* Exact video memory of a texture in bytes, all mip levels included: the sum over its levels of width x height x
 * stored bytes a pixel, each level half the size of the one before, rounded down, at least 1.
 * Without config.cost_granularity, which pxc_texture.cost includes.
 * Result   0 if it is no valid texture: an unknown format, a size below 1, or more bytes than size_t holds.
 * Thread   any.
 * Source   OpenGL 3.3 core specification, section 3.8.14, for the sizes of mip levels.
 */
PXC_API size_t pxc_texture_cost(pxc_format format, int width, int height, bool mipmaps);

/* ---- The GPU's side -------------------------------------------------------------------------------------------
 *
 * This table is all that the cache wants from a GPU. Leave pxc_config.backend NULL for OpenGL. Write your own for
 * another API, or to test; pxc_null_backend touches no GPU. All functions run on the render thread, inside calls
 * of the cache, and must not call the cache.
 */

/* Replacements for malloc, realloc and free, with their contracts. Leave all three NULL for the C library's. */
typedef struct pxc_alloc {
    void *(*malloc_fn)(void *user, size_t size_bytes);
    void *(*realloc_fn)(void *user, void *memory, size_t size_bytes);
    void (*free_fn)(void *user, void *memory);
    void *user;
} pxc_alloc;

/* Like SDL_GL_GetProcAddress: the address of a GL function in the current context, or NULL. */
typedef void *(*pxc_gl_get_proc_address_fn)(const char *name);

/* A thread of yours with a context of its own that shares objects with the render thread's, both of OpenGL, where the
 * cache has storage made for large textures if that takes long here: Mesa's software driver needs 110 ms for 8192 x 8192
 * pixels, and no budget holds over such a call. Leave run NULL if there is none; drivers of GPUs need none. After
 * pxc_context_lost it is not asked again: its context shared objects with the one that was lost. */
typedef struct pxc_gl_worker {
    bool (*run)(void *user, void (*task)(void *data),
                void *data);  /* soon, once, there; false = not now, never */
    void (*wait)(void *user); /* until all that was given to run is done */
    void *user;
} pxc_gl_worker;

/* How pixels get to the GPU; see "OpenGL". */
typedef enum pxc_upload_way {
    PXC_UPLOAD_PROBED = 0, /* whichever is the cheaper one in pxc_create; in pxc_stats: not told */
    PXC_UPLOAD_DIRECT,     /* the driver copies them during the call */
    PXC_UPLOAD_BUFFERS     /* the GPU fetches them from a ring of pixel buffers */
} pxc_upload_way;

/* What a backend is given when a cache is created; valid during open only, but alloc may be copied and kept. */
typedef struct pxc_backend_setup {
    void *user; /* pxc_backend.user */
    pxc_alloc alloc;
    pxc_gl_get_proc_address_fn gl_get_proc_address;
    pxc_gl_worker gl_worker;
    pxc_upload_way upload_way; /* as configured; a backend with one way of its own leaves it alone */
} pxc_backend_setup;

/* Pixels to be copied from one texture to another, both of the storage of a format, without mip levels. */
typedef struct pxc_copy {
    uint32_t from, to;
    pxc_format format;
    int from_x, from_y, to_x, to_y, width, height;
} pxc_copy;

/* Rows of one mip level; 0 = the pixmap's own pixels. */
typedef struct pxc_band {
    int level, first_row, row_count;
} pxc_band;

/* What a backend tells of its uploads, for the statistics; see pxc_stats. */
typedef struct pxc_upload_info {
    pxc_upload_way way;
    uint64_t probe_direct_us_per_mib, probe_buffers_us_per_mib;
} pxc_upload_info;

typedef struct pxc_backend {
    void *user;
    /* Opens the GPU for one cache: sets *gpu to the state that every other function gets, and *max_size_px to the
     * largest width and height of a texture. Result: PXC_OK, or an error with nothing left open. */
    pxc_status (*open)(const pxc_backend_setup *setup, void **gpu, int *max_size_px);
    /* Gives back what open made. All textures have been deleted or lost before. */
    void (*close)(void *gpu);
    /* Makes a texture of a valid pixmap (stride filled in) and its mip levels, and sets *name, which is not 0.
     * Result: PXC_OK; PXC_ERR_MEMORY when the GPU has no room (the cache trims and tries once more); PXC_ERR_GPU;
     * PXC_ERR_TOO_LARGE; PXC_ERR_LOST. After an error no texture is left behind. */
    pxc_status (*create_texture)(void *gpu, const pxc_pixmap *pixmap, uint32_t *name);
    /* Deletes count textures, count above 0. */
    void (*delete_textures)(void *gpu, const uint32_t *names, size_t count);
    /* The context is gone and every texture with it: forget what was cached of it. May be NULL. */
    void (*context_lost)(void *gpu);
    /* For pixmaps that go up in bands of rows, in several frames. All three may be NULL: then each goes up whole.
     * begin_texture makes a texture without contents, with the results of create_texture; no pixel of the pixmap is
     * read. upload_rows fills rows of one mip level, which it is given as a pixmap; each row exactly once, the levels in
     * their order, those below the first only if the pixmap has mip_pixels. finish_texture makes the mip levels, if there
     * are to be any and the pixmap has none. Result of both: PXC_OK; PXC_ERR_MEMORY, PXC_ERR_GPU; PXC_ERR_LOST. */
    pxc_status (*begin_texture)(void *gpu, const pxc_pixmap *pixmap, uint32_t *name);
    pxc_status (*upload_rows)(void *gpu, const pxc_pixmap *level, uint32_t name, const pxc_band *band);
    pxc_status (*finish_texture)(void *gpu, const pxc_pixmap *pixmap, uint32_t name);
    /* For storage that takes so long to make that it should be made elsewhere. Both may be NULL. prepare_texture begins
     * what begin_texture does, whose pixmap need not last, and sets *preparation. Result: PXC_OK; PXC_ERR_LOST; any other
     * error = not elsewhere, which is no failure. finish_preparing is asked until it answers something else than
     * PXC_PENDING; it may not if it is told to wait. Result: PXC_OK and *name, or an error with nothing left behind. */
    pxc_status (*prepare_texture)(void *gpu, const pxc_pixmap *pixmap, void **preparation);
    pxc_status (*finish_preparing)(void *gpu, void *preparation, bool wait, uint32_t *name);
    /* For pages, textures that many small images share (pxc_config.pack). Both may be NULL: then nothing is packed.
     * A page is made by begin_texture and never finished. fill_part writes a pixmap into it, its top left corner at x, y;
     * copy_part takes pixels from one page to another. Result of both: PXC_OK; PXC_ERR_MEMORY, PXC_ERR_GPU;
     * PXC_ERR_LOST. */
    pxc_status (*fill_part)(void *gpu, const pxc_pixmap *pixmap, uint32_t name, int x, int y);
    pxc_status (*copy_part)(void *gpu, const pxc_copy *copy);
    /* Tells which way is in use and what a probe measured, without asking the GPU. *out is zero before. May be NULL. */
    void (*tell_upload)(void *gpu, pxc_upload_info *out);
} pxc_backend;

/* Counts names, touches no GPU, never fails, takes pixmaps up to 65,536 px a side: for tests and replays.
 * Thread: any. */
PXC_API const pxc_backend *pxc_null_backend(void);

/* ---- OpenGL ---------------------------------------------------------------------------------------------------
 *
 * The context must be current in pxc_create, pxc_insert, pxc_insert_named, pxc_replace, pxc_frame_begin, pxc_frame_end
 * and pxc_destroy; the other calls do not touch GL.
 *
 * An upload restores what it touches, and so does the probe in pxc_create: the GL_TEXTURE_2D binding of the active
 * unit, GL_PIXEL_UNPACK_BUFFER, and GL_UNPACK_ALIGNMENT, _ROW_LENGTH, _SKIP_ROWS, _SKIP_PIXELS, _SWAP_BYTES; with pages,
 * pxc_frame_end does so with that binding and GL_READ_FRAMEBUFFER. An upload also
 * clears the error flags that it finds: an application that checks its own GL errors does so before. Textures are
 * clamped to the edge and filtered linearly, between mip levels if there are any; bind a sampler object for anything
 * else. Alpha is left as it is: premultiply it or not, as your blending wants.
 *
 * Pixels go up directly, or through a ring of four parts in a pixel buffer of 8 MiB, mapped for good where the driver
 * has ARB_buffer_storage. The second way wins on some drivers and loses on others, so pxc_create tries both, for a few
 * milliseconds, unless pxc_config.upload_way says which; pxc_stats.upload_way tells which is in use. Nothing waits for
 * the ring: where the GPU still reads what would be written, and for rows of more than 2 MiB, pixels go up directly. A
 * ring in which an upload fails that succeeds without it is given up for good. The first upload that needs the ring
 * makes it; pxc_used does not count it.
 *
 * A lost context is noticed by the first upload after the loss, which returns PXC_ERR_LOST; finds go on answering. An
 * application that learns of it otherwise (glGetGraphicsResetStatus) calls pxc_context_lost at once.
 */

/* ---- Pages ------------------------------------------------------------------------------------------------------
 *
 * A thousand small textures are a thousand draw calls, and cost a driver more memory than their pixels. With
 * pxc_config.pack, small pixmaps without mip levels share textures: pages. Then pxc_texture.name is the page's, and
 * u0 v0 u1 v1 span the image alone. Small is what has at most a quarter of a page's sides, but for sizes of which a
 * page can not be filled by two thirds; the others keep textures of their own, and so does everything while no page can
 * be made. A renderer that draws with these coordinates needs no change; what must not be used with pages is texture
 * repeat, coordinates outside the image, and mip levels. Around each image lies a copy of its edge, one texel wide, so
 * that no neighbour shows through at any scale, filtered linearly or not.
 *
 * A page takes 4 MiB (1,024 x 1,024 texels of 4 bytes); with a limit above 64 MiB a sixteenth of it, up to 16 MiB; with
 * one below 16 MiB a quarter, down to 1 MiB; where less is left below the limit, as much as that. With a limit below
 * 64 KiB nothing is packed. Pages count toward limit and ceiling in full, their empty space included; an image in a page
 * counts for nothing more. An evicted image's place is used again at once, a page without images is deleted at the
 * boundary, and pages that are mostly empty are emptied into the others, 256 KiB a frame. When the limit needs it, the
 * boundary itself moves images together, so that the limit holds; it may evict more than the limit asks for then, in the
 * same order: a thirty-second part of what pages hold; where there are only a few, up to half a page. Images move at
 * boundaries only: ask for textures in every frame.
 */

/* ---- A cache's life -------------------------------------------------------------------------------------------*/

typedef struct pxc_cache pxc_cache;

typedef enum pxc_evict_reason {
    PXC_EVICT_LIMIT,     /* the limit or max_entries, at a frame boundary */
    PXC_EVICT_TRIM,      /* pxc_trim_to or pxc_trim_older */
    PXC_EVICT_GPU_MEMORY /* the GPU ran out of memory, and this was not used in the frame */
} pxc_evict_reason;

/* Told of each eviction, not of remove, replace, clear, or a lost context. key is stale already; name is NULL for
 * an entry without one and is valid during the call only. It must not call the cache: PXC_ERR_ARGUMENT if it does. */
typedef void (*pxc_on_evict_fn)(void *user, pxc_key key, const char *name, pxc_evict_reason reason);

typedef enum pxc_work_kind {
    PXC_WORK_UPLOAD, /* an image, or some rows of one that goes up in bands */
    PXC_WORK_DELETE, /* all textures that were due, in one call */
    PXC_WORK_MOVE    /* images from page to page, at the boundary */
} pxc_work_kind;

/* A piece of the GPU's side of the cache, which the render thread has just done. */
typedef struct pxc_work {
    pxc_work_kind kind;
    const char *name;     /* of an upload's image, NULL = none; valid during the call only */
    uint64_t bytes;       /* pixels handed to the GPU, video memory given back; 0 for moves */
    uint64_t cost_bytes;  /* of the image that is up, of what was deleted */
    uint64_t count;       /* images that are whole on the GPU now, textures deleted, images moved */
    uint64_t duration_ns; /* by now_us if that is set */
} pxc_work;

/* Told of each piece of work, failed ones too (count 0), for profiles. While it is set: two looks at the clock a piece, and
 * one for each image that a boundary evicts while there are pages; otherwise none. It must not call the cache: PXC_ERR_ARGUMENT if it does. */
typedef void (*pxc_on_work_fn)(void *user, const pxc_work *work);

/* {0} is the default of everything, except that OpenGL needs gl_get_proc_address. */
typedef struct pxc_config {
    size_t limit_bytes;         /* 0 = 64 MiB, unlike in pxc_set_limit; up to SIZE_MAX */
    size_t ceiling_bytes;       /* bound on use inside a frame; 0 = twice the limit, saturating */
    size_t max_entries;         /* bound on the count at frame boundaries; 0 = none */
    size_t cost_granularity;    /* a texture's cost is rounded up to a multiple of it; 0 or 1 = exact */
    const pxc_backend *backend; /* copied; NULL = OpenGL */
    pxc_gl_get_proc_address_fn gl_get_proc_address; /* required when backend is NULL */
    pxc_alloc alloc;
    pxc_on_evict_fn on_evict;
    void *on_evict_user;
    pxc_on_work_fn on_work;
    void *on_work_user;
    size_t mailbox_bytes;          /* bound on what is handed over and not yet uploaded; 0 = 64 MiB */
    size_t upload_bytes_per_frame; /* budget of pxc_frame_begin; 0 = none, the time alone counts */
    uint32_t upload_us_per_frame;  /* the same in microseconds; 0 = 2,000 */
    /* A clock in microseconds that never runs backwards, for the budget; NULL = the system's. */
    uint64_t (*now_us)(void *user);
    void *now_us_user;
    pxc_gl_worker gl_worker;   /* must outlive the cache */
    pxc_upload_way upload_way; /* 0 = chosen by a probe in pxc_create */
    bool pack;                 /* small pixmaps share textures; see "Pages" */
} pxc_config;

/* Makes an empty cache; the calling thread becomes its render thread, and should outlive the cache: a thread that
 * starts after it ended may be taken for it.
 *
 *   config   read during the call only; NULL is {0}.
 *   out      the cache, NULL after a failure.
 * Result   PXC_OK, PXC_ERR_ARGUMENT (an allocator or a backend with holes, no gl_get_proc_address for OpenGL, an
 *          unknown upload_way),
 *          PXC_ERR_MEMORY, PXC_ERR_GPU (no OpenGL 3.3 context is current).
 * Owner    you; give it back with pxc_destroy.
 * Thread   any; with OpenGL, the one where the context is current.
 */
PXC_API pxc_status pxc_create(const pxc_config *config, pxc_cache **out);

/* Deletes every texture and gives every byte back. With OpenGL the context must be current (or have been reported
 * by pxc_context_lost). Cost: proportional to the entries. */
PXC_API pxc_status pxc_destroy(pxc_cache *cache);

/* ---- Inserting ------------------------------------------------------------------------------------------------
 *
 * The upload happens during the call. The texture stays alive until pxc_frame_end begins, whatever happens
 * meanwhile. Statuses common to the three: PXC_ERR_ARGUMENT (a NULL or zero-sized pixmap, an unknown format, a
 * stride below a row), PXC_ERR_TOO_LARGE, PXC_ERR_FULL, PXC_ERR_MEMORY, PXC_ERR_GPU, PXC_ERR_LOST.
 * When the GPU is out of memory, entries that this frame has not used are evicted and deleted at once, and the
 * upload is tried once more.
 */

/* Inserts a pixmap that only its key finds. out must not be NULL. */
PXC_API pxc_status pxc_insert(pxc_cache *cache, const pxc_pixmap *pixmap, pxc_key *out);

/* Inserts a pixmap under a name. An entry of that name is replaced and its key goes stale; a failure leaves it.
 *
 *   name     your name for the image: non-empty UTF-8; copied, compared byte by byte.
 *   out      may be NULL.
 */
PXC_API pxc_status pxc_insert_named(pxc_cache *cache, const char *name, const pxc_pixmap *pixmap,
                                    pxc_key *out);

/* Gives an entry other pixels, of any size and format; key, name and pins stay. Result also: PXC_MISS. Counts as a
 * use. The old texture counts toward the ceiling until the boundary. */
PXC_API pxc_status pxc_replace(pxc_cache *cache, pxc_key key, const pxc_pixmap *pixmap);

/* ---- Handing over from other threads --------------------------------------------------------------------------
 *
 * A thread that has decoded a picture hands its pixels to the cache and goes on; pxc_frame_begin uploads what was handed
 * over, within a budget of bytes and of time for each frame, and large pixmaps in bands of rows over several frames.
 * Until a pixmap is wholly on the GPU its name is PXC_PENDING (or still finds the old image of that name).
 *
 * What is asked for by name while it is pending goes up first, but for what has waited for 30 frames, and longer than it;
 * the rest goes in the order of submission. What is up in part is finished before another is begun, but what fits whole
 * into the frame's budget, or has one row, may go before it, and what has to wait until its storage is made elsewhere
 * (pxc_gl_worker) may be overtaken. At least one band goes up in each frame, whatever the budget, unless all that
 * is left waits for that, so that all get through.
 * A pixmap that turns out to be too large for the limit, or that the GPU refuses, is dropped and counted in
 * pxc_stats.submits_failed; its name is then PXC_MISS.
 *
 * With custom functions in config.alloc, these are called from all threads that submit.
 */

/* Called exactly once for every pixmap that pxc_submit took, on the render thread, when the pixels are needed no longer:
 * uploaded, discarded, replaced by a later submission of the name, failed, or the cache destroyed. It must not call the
 * cache: PXC_ERR_ARGUMENT if it does. */
typedef void (*pxc_release_fn)(void *user);

/* Hands finished pixels to the cache from any thread; they reach the GPU in a later pxc_frame_begin, as by
 * pxc_insert_named.
 *
 *   name     your name for the image: non-empty UTF-8; copied.
 *   pixmap   its pixels must stay as they are until release.
 *   release  may be NULL, for pixels that need none; user is passed to it.
 * Result   PXC_OK, or with nothing changed and the pixels still yours: PXC_ERR_ARGUMENT; PXC_ERR_TOO_LARGE (a side above
 *          the GPU's largest, or more than the limit, the ceiling or the mailbox can ever hold); PXC_ERR_FULL (the
 *          mailbox, until something is uploaded); PXC_ERR_MEMORY.
 * Owner    on PXC_OK the cache owns the pixels until it calls release.
 * Thread   any, but not while another thread creates or destroys the cache.
 * Cost     constant, without a lock and without GL.
 */
PXC_API pxc_status pxc_submit(pxc_cache *cache, const char *name, const pxc_pixmap *pixmap,
                              pxc_release_fn release, void *user);

/* Takes back what was handed over under a name before this call and is not wholly uploaded; a resident image of that
 * name stays. The pixels are released in the next pxc_frame_begin at the latest.
 * Result   PXC_OK, also if there is nothing to take back; PXC_ERR_ARGUMENT; PXC_ERR_MEMORY.
 * Thread   any, as pxc_submit.
 */
PXC_API pxc_status pxc_discard(pxc_cache *cache, const char *name);

/* ---- Finding --------------------------------------------------------------------------------------------------
 *
 * A find is a use: it makes the entry the most recently used. No allocation, no lock. A texture that was given out
 * stays alive and unchanged until pxc_frame_end begins: ask again in every frame.
 */

/* Result: PXC_OK or PXC_MISS; of a name also PXC_PENDING, which counts as a miss. out may be NULL. */
PXC_API pxc_status pxc_find(pxc_cache *cache, pxc_key key, pxc_texture *out);
PXC_API pxc_status pxc_find_named(pxc_cache *cache, const char *name, pxc_texture *out);

/* Reads an entry's texture like pxc_find, but is neither a use nor counted as hit or miss: for what was inserted in
 * this frame, and for tools that look without changing the order. An entry that this frame did not use otherwise is
 * not protected: its texture may die with any later call. Result: PXC_OK or PXC_MISS. out must not be NULL. */
PXC_API pxc_status pxc_peek(const pxc_cache *cache, pxc_key key, pxc_texture *out);

/* The key of a name; neither a use nor counted as hit or miss. Result: PXC_OK, PXC_MISS or PXC_PENDING. */
PXC_API pxc_status pxc_lookup(pxc_cache *cache, const char *name, pxc_key *out);

/* Whether pxc_find would find it; neither a use nor counted. */
PXC_API bool pxc_key_valid(const pxc_cache *cache, pxc_key key);

/* ---- Removing -------------------------------------------------------------------------------------------------
 *
 * Keys and names go stale at once; textures are deleted at the frame boundary. Pins do not protect from these.
 */

/* Result: PXC_OK or PXC_MISS. By name, what was handed over and is pending goes, too, and is as good as an entry. */
PXC_API pxc_status pxc_remove(pxc_cache *cache, pxc_key key);
PXC_API pxc_status pxc_remove_named(pxc_cache *cache, const char *name);

/* Removes every entry, and all that was handed over. Cost: proportional to the entries. */
PXC_API pxc_status pxc_clear(pxc_cache *cache);

/* ---- Limit, pins, trims ---------------------------------------------------------------------------------------
 *
 * After every pxc_frame_end pxc_used is at most pxc_limit, pinned entries aside. Inside a frame it may overshoot up
 * to the ceiling, so that a frame which needs more than the limit is still drawn whole.
 */

/* Sets the limit; what is over it goes at the next boundary. 0 empties the cache there. Until the boundary the larger
 * of the old and the new limit decides what is too large and where a ceiling of twice the limit lies. */
PXC_API pxc_status pxc_set_limit(pxc_cache *cache, size_t bytes);

PXC_API size_t pxc_limit(const pxc_cache *cache);

/* Bytes of every texture that exists, those awaiting deletion too. */
PXC_API size_t pxc_used(const pxc_cache *cache);

/* A pinned entry is not evicted. Pins are counted: each pxc_pin needs its pxc_unpin; neither is a use.
 * Result   PXC_OK, PXC_MISS, PXC_ERR_ARGUMENT (an unpin without a pin), PXC_ERR_FULL (2^32 - 2 pins).
 * Cost     constant. The first eviction after it sorts those that an earlier one had met while they were pinned.
 */
PXC_API pxc_status pxc_pin(pxc_cache *cache, pxc_key key);
PXC_API pxc_status pxc_unpin(pxc_cache *cache, pxc_key key);

/* Evicts the least recently used entries until those left cost at most bytes, pinned ones aside. The textures are
 * deleted at the boundary. Cost: proportional to the entries evicted. */
PXC_API pxc_status pxc_trim_to(pxc_cache *cache, size_t bytes);

/* Evicts every entry whose last use is more than `frames` frames ago; 0 keeps only what this frame used. The
 * textures are deleted at the boundary. Cost: proportional to the entries evicted. */
PXC_API pxc_status pxc_trim_older(pxc_cache *cache, uint64_t frames);

/* ---- Frames ---------------------------------------------------------------------------------------------------
 *
 * A frame lasts from one pxc_frame_end to the next. Draw everything, flush your batches, call pxc_frame_end, swap.
 */

/* Uploads what was handed over, within the budget; call it where the GL context is current. Without it nothing that was
 * handed over is ever uploaded. Result: PXC_OK; PXC_ERR_LOST, and all that is pending stays so. */
PXC_API pxc_status pxc_frame_begin(pxc_cache *cache);

/* Evicts until the limit holds, and until the largest pixmap that the ceiling refused in this frame has room below it;
 * then deletes all that is due in one call of the backend. After a peak it also gives memory back to the allocator.
 * Cost     proportional to the entries that this frame used and evicted, never to those that the cache holds; giving
 *          memory back, to the entries that have gone since the peak.
 */
PXC_API pxc_status pxc_frame_end(pxc_cache *cache);

/* The GL context is gone and every texture with it: all keys and names go stale, no GL name is deleted (it may
 * belong to someone else in a new context), the textures count as lost. The cache can be used at once when a new
 * context is current. Cost: proportional to the entries. */
PXC_API pxc_status pxc_context_lost(pxc_cache *cache);

/* ---- Numbers --------------------------------------------------------------------------------------------------*/

typedef struct pxc_stats {
    uint64_t entries;          /* now */
    uint64_t used_bytes;       /* now; all textures that exist */
    uint64_t peak_bytes;       /* largest used_bytes since creation */
    uint64_t limit_bytes;      /* now */
    uint64_t hits;             /* pxc_find and pxc_find_named that found */
    uint64_t misses;           /* those that did not */
    uint64_t evictions;        /* by the limit, max_entries, a trim, or for want of GPU memory */
    uint64_t inserts;          /* pxc_insert and pxc_insert_named that succeeded */
    uint64_t uploads;          /* images brought up, by insert and by replace */
    uint64_t upload_bytes;     /* pixels handed to the GPU, without stride gaps and generated mip levels */
    uint64_t textures_created; /* created == deleted + lost + those that exist */
    uint64_t textures_deleted;
    uint64_t textures_lost; /* by pxc_context_lost */
    uint64_t frames;        /* calls of pxc_frame_end */
    uint64_t pinned_bytes;  /* now */
    uint64_t pending_bytes; /* now; pixels that were handed over and not released yet */
    uint64_t doomed_bytes;  /* now; part of used_bytes that the next boundary deletes */
    uint64_t
        submits_failed; /* handed over and dropped: too large for the limit by then, refused by the GPU */
    uint64_t over_limit_frames;       /* boundaries at which pinned entries alone kept use above the limit */
    uint64_t upload_way;              /* now; a pxc_upload_way, 0 if the backend does not tell */
    uint64_t probe_direct_us_per_mib; /* what the calls took in pxc_create; both 0 without a probe */
    uint64_t probe_buffers_us_per_mib;
    uint64_t pages;          /* now; each is one of the textures that exist */
    uint64_t page_bytes;     /* now; part of used_bytes, empty space included */
    uint64_t packed_entries; /* now; entries that lie in pages */
    uint64_t packed_bytes;   /* now; what these cost: the rest of page_bytes is gutters and empty space */
    uint64_t moves;          /* of images from page to page */
} pxc_stats;

PXC_API pxc_status pxc_get_stats(const pxc_cache *cache, pxc_stats *out);

/* What pxc_visit tells of an entry. */
typedef struct pxc_entry_info {
    pxc_key key;
    const char *name; /* NULL = none; valid during the call only */
    pxc_texture texture;
    uint32_t pins;
    uint64_t idle_frames; /* since its last use; 0 = in this frame */
} pxc_entry_info;

typedef void (*pxc_visit_fn)(void *user, const pxc_entry_info *entry);

/* Tells of every entry, in no order: what is resident, for tools and reports. Neither a use nor counted. visit must not call
 * the cache: PXC_ERR_ARGUMENT if it does.
 * Cost     proportional to the entries that there were at most.
 */
PXC_API pxc_status pxc_visit(pxc_cache *cache, pxc_visit_fn visit, void *user);

/* Recounts everything: each list, each sum, each name. For tests and debug builds.
 * Result   PXC_OK, or PXC_ERR_MEMORY if the cache's memory is damaged (not: short).
 * Cost     proportional to the entries.
 */
PXC_API pxc_status pxc_validate(const pxc_cache *cache);

#ifdef __cplusplus
}
#endif

#endif
