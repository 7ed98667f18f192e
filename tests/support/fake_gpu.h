/* A GPU for tests: a pxc_backend that keeps a ledger of every texture and can be told to fail.
 *
 * Names are re-used lowest first, as drivers do, so that a stale name soon belongs to someone else. Every row of a
 * pixmap is read, so that a sanitizer sees a pixmap that is described as larger than it is. What breaks the
 * backend's rules is counted as a fault, and the first fault is kept as text.
 *
 * A pixmap may also go up in bands of rows: each row exactly once, in any order, but level after level. Its video
 * memory counts from begin on, that of what is made elsewhere from then on. The GPU is a clock as well: time passes
 * there by what is uploaded and by storage that is made here, and by nothing else. */
#ifndef PIXCACHE_TESTS_FAKE_GPU_H
#define PIXCACHE_TESTS_FAKE_GPU_H

#include <pixcache/pixcache.h>

#include <pthread.h>

typedef struct fake_texture {
    bool alive;
    bool foreign; /* made by someone else than the cache */
    bool mipmaps;
    int width, height;
    pxc_format format;
    size_t bytes;       /* video memory, mip levels included */
    uint64_t checksum;  /* of the rows that were uploaded; 0 while some are missing */
    pxc_pixmap begun;   /* the pixmap that it is filled from in bands */
    uint64_t *row_sums; /* until it is finished: of the rows of all levels, 0 for one that is missing */
    uint8_t *texels;    /* of a page, four bytes each: NULL before the first part */
} fake_texture;

/* Storage that is made elsewhere. */
typedef struct fake_preparation {
    bool open; /* begun, and its end was not told yet */
    pxc_pixmap pixmap;
    uint64_t polls; /* so often it was asked for */
} fake_preparation;

typedef struct fake_gpu {
    pxc_backend backend; /* what pxc_config.backend points at */

    /* The ledger. */
    fake_texture *textures; /* by name; 0 is no texture */
    size_t capacity;
    size_t lowest_free; /* no smaller name is free */
    size_t alive, peak_alive;
    size_t bytes; /* of all alive */
    uint64_t create_calls, created, deleted, lost, delete_batches;
    size_t last_batch;
    uint64_t opens, closes, context_losses;
    uint64_t begin_calls, row_calls, finish_calls; /* failed ones too */
    uint64_t rows_uploaded;                        /* in bands */
    uint64_t bytes_uploaded;                       /* pixels, whole or in bands */
    uint64_t clock_us;                             /* what fake_gpu_now_us answers */
    uint64_t clock_rest;                           /* of the next microsecond, in 1/1024 */
    fake_preparation *preparations;                /* all that were ever begun */
    size_t preparation_count;
    size_t preparing, peak_preparing; /* now open, and the most that were at a time */
    uint64_t prepare_calls;           /* failed ones too */
    uint64_t prepared;                /* that ended with a texture */
    uint64_t waits;                   /* that were waited for */
    uint64_t last_made_us;            /* when storage was made here for the last time */
    uint64_t faults;
    const char *first_fault;
    pthread_t thread;

    /* What a test may set; fake_gpu_init sets the defaults. */
    int max_size_px;         /* 16384 */
    size_t memory_bytes;     /* create returns PXC_ERR_MEMORY when it would hold more; SIZE_MAX */
    uint64_t fail_create_at; /* the create call with this number, from 1 on, fails; 0 = none */
    uint64_t fail_creates;   /* how many in a row from there on; 1 */
    pxc_status fail_status;  /* PXC_ERR_GPU */
    pxc_status open_status;  /* PXC_OK */
    bool reuse_names;        /* true; false = every name is new */
    uint64_t fail_begin_at;  /* like fail_create_at, each for its own function; 0 */
    uint64_t fail_rows_at;
    uint64_t fail_finish_at;
    uint64_t fail_bands;      /* how many in a row, of each of the three; 1 */
    pxc_status band_status;   /* PXC_ERR_GPU */
    uint64_t us_per_kib;      /* how long 1,024 bytes take to go up; 0 */
    uint64_t make_us_per_kib; /* the same of storage that is made here; 0 */
    uint64_t pending_polls;   /* how often a preparation is PXC_PENDING; UINT64_MAX = until waited for; 0 */
    uint64_t fail_prepare_at; /* like fail_create_at, of prepare_texture; 0 */
    uint64_t
        fail_prepared_at; /* the preparation with this number, from 1 on, ends without a texture; 0 = none */
    uint64_t fail_preparations;      /* how many in a row, of both; 1 */
    pxc_status prepare_status;       /* of both; PXC_ERR_GPU */
    uint64_t fill_calls, copy_calls; /* failed ones too */
    uint64_t fail_fill_at;           /* like fail_create_at, of fill_part and of copy_part; 0 */
    uint64_t fail_copy_at;
    uint64_t fail_parts;    /* how many in a row, of both; 1 */
    pxc_status part_status; /* of both; PXC_ERR_GPU */
} fake_gpu;

void fake_gpu_init(fake_gpu *gpu);

/* Frees the ledger. Nothing is asserted. */
void fake_gpu_free(fake_gpu *gpu);

/* Lets the next create call fail with status, and `count` in all. */
void fake_gpu_fail_next(fake_gpu *gpu, pxc_status status, uint64_t count);

/* Leaves begin_texture, upload_rows and finish_texture out of the backend's table: call it before pxc_create. */
void fake_gpu_no_bands(fake_gpu *gpu);

/* Puts prepare_texture and finish_preparing into the backend's table: call it before pxc_create. */
void fake_gpu_prepares(fake_gpu *gpu);

/* Puts fill_part and copy_part into the backend's table: call it before pxc_create. */
void fake_gpu_packs(fake_gpu *gpu);

/* Four bytes of a texel of a page: R, G, B, A, or the two bytes of a packed format and zeros. NULL: nothing was written
 * into it, or it is outside. */
const uint8_t *fake_gpu_texel(const fake_gpu *gpu, uint32_t name, int x, int y);

/* What such a texel must be for a pixel of a pixmap. */
void fake_gpu_pixel(const pxc_pixmap *pixmap, int x, int y, uint8_t out[4]);

/* For pxc_config.now_us, with the GPU as user. */
uint64_t fake_gpu_now_us(void *gpu);

/* Makes a texture as another user of the same context would; deleting it is a fault. */
uint32_t fake_gpu_make_foreign(fake_gpu *gpu);

/* The texture of that name, or NULL if none is alive, or if it was begun and is not finished. */
const fake_texture *fake_gpu_texture(const fake_gpu *gpu, uint32_t name);

/* The same sum as that of an upload, for comparison. */
uint64_t fake_gpu_checksum(const pxc_pixmap *pixmap);

/* Source bytes of a row without its gap. */
size_t fake_gpu_row_bytes(pxc_format format, int width);

/* Textures that were begun and are not finished. */
size_t fake_gpu_partial_count(const fake_gpu *gpu);

/* Asserts: every cache closed, nothing of theirs alive, created == deleted + lost, no faults. */
void fake_gpu_assert_clean(const fake_gpu *gpu);

#endif
