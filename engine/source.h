/* Where a picture comes from, and the way from there to pixmaps. A source is made and freed on the render thread; while
 * it is being loaded, workers read what is constant in it. */
#ifndef PXE_SOURCE_H
#define PXE_SOURCE_H

#include <pxe/images.h>

#include <stdint.h>

typedef enum pxe_source_kind { PXE_SOURCE_FILE, PXE_SOURCE_PIXELS, PXE_SOURCE_PAINTING } pxe_source_kind;

/* By what a change of a file shows. All zero: there is no such file. */
typedef struct pxe_stamp {
    uint64_t size_bytes, modified_ns, inode, device;
} pxe_stamp;

struct pxe_load;

typedef struct pxe_source {
    /* Constant. */
    pxe_source_kind kind;
    uint32_t hash;     /* of kind and name */
    char *name;        /* a path, or the application's name */
    pxc_pixmap pixmap; /* PXE_SOURCE_PIXELS */
    pxc_release_fn release;
    void *release_user;
    pxe_painting painting; /* PXE_SOURCE_PAINTING */

    /* The render thread's. */
    uint32_t first_image;  /* of those made of it, linked by next_of_source; 0 = none */
    struct pxe_load *load; /* the last one; others may join it until it is begun */
    bool watched;          /* it was loaded, or could not be */
    pxe_stamp loaded,
        changed; /* the file as it was last loaded; as it was found at the last look, if different */
} pxe_source;

/* One picture of a load, in one size. */
typedef struct pxe_delivery {
    struct pxe_load *load;
    uint32_t image;
    pxe_image_options options;
    pxe_picture picture;
    bool borrowed; /* its pixels belong to the source */
    struct pxe_delivery *next;
} pxe_delivery;

/* A source made ready to be decoded. */
typedef struct pxe_raw {
    const pxe_source *source;
    const pxe_decode_options *options;
    char *bytes; /* the file; NULL if there is none */
    size_t size_bytes;
    size_t picture_bytes; /* decoded; 0 if it is there already */
    pxe_stamp stamp;      /* of before it was read */
} pxe_raw;

/* The first step: reads a file, and looks at its header. source and options must last until the second. Owner: pxe_source_close, also after a failure. Thread: any. */
bool pxe_source_open(const pxe_source *source, const pxe_decode_options *options, pxe_raw *out,
                     pxe_error *error);
void pxe_source_close(pxe_raw *raw);

/* Bound on what the file and all that is made of it take together. */
size_t pxe_source_needs(const pxe_raw *raw, const pxe_delivery *deliveries, int count);

/* The second: decodes once, and makes each delivery's picture. False with none of them made. Thread: any. */
bool pxe_source_decode(const pxe_raw *raw, pxe_delivery *deliveries, int count, pxe_error *error);

/* Bytes that deliveries have of their own. */
size_t pxe_deliveries_bytes(const pxe_delivery *deliveries, int count);
void pxe_deliveries_free(pxe_delivery *deliveries, int count);

pxe_stamp pxe_stamp_of(const char *path);
bool pxe_stamp_equal(const pxe_stamp *a, const pxe_stamp *b);
bool pxe_stamp_none(const pxe_stamp *stamp);

#endif
