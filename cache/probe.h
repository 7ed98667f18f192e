/* Which way to upload is the cheaper one on this machine, by trying. Private. */
#ifndef PXC_PROBE_H
#define PXC_PROBE_H

#include "cache.h"

/* What is tried: a backend that goes up in bands and tells its way. */
typedef struct pxc_probe {
    const pxc_backend *backend;
    void *gpu;
    const pxc_alloc *alloc;
    void (*use)(void *gpu, pxc_upload_way way); /* from now on */
    void (*finish)(void *gpu);                  /* waits until the GPU has done everything */
    uint64_t (*now_ns)(void);
} pxc_probe;

/* The way to take, and what was measured of both: PXC_UPLOAD_DIRECT and figures of 0 if something failed. */
pxc_upload_info pxc_probe_run(const pxc_probe *probe);

#endif
