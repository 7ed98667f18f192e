/* Threads that read and decode picture files. Jobs come from a fixed set, so what is decoded and not yet taken is
 * bounded by their number. Thread: all functions on one thread, the one that made the loader. */
#ifndef PXE_LOADER_H
#define PXE_LOADER_H

#include <pxe/decode.h>

#include <stdint.h>

/* Between take_free and submit, and between take_done and give_back, a job is the caller's; else the loader's. */
typedef struct pxe_job {
    const char *path; /* must stay valid until the job is done */
    int fit_px;
    uint32_t image; /* the caller's, as is owner */
    void *owner;

    bool decoded; /* the result: the picture, which is then the caller's, or the error */
    pxe_picture picture;
    pxe_error error;

    struct pxe_job *next; /* of whose it is */
} pxe_job;

typedef struct pxe_loader pxe_loader;

/* Starts `workers` threads, at least 1. limits is copied. */
bool pxe_loader_create(int workers, const pxe_decode_limits *limits, pxe_loader **out, pxe_error *error);

/* Drops what waits, lets running decodes end, joins the threads. NULL is fine. */
void pxe_loader_destroy(pxe_loader *loader);

pxe_job *pxe_loader_take_free(pxe_loader *loader); /* NULL: all are under way, ask in a later frame */
void pxe_loader_submit(pxe_loader *loader, pxe_job *job);
pxe_job *pxe_loader_take_done(pxe_loader *loader); /* NULL: none; in the order in which they were finished */
void pxe_loader_give_back(pxe_loader *loader, pxe_job *job);

#endif
