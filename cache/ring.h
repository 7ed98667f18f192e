/* The bookkeeping of a ring of upload memory that the GPU reads while the processor goes on. Private. */
#ifndef PXC_RING_H
#define PXC_RING_H

#include "cache.h"

enum {
    PXC_RING_PARTS = 4,            /* one is written while the GPU is up to three frames behind */
    PXC_RING_PART_BYTES = 2 << 20, /* what goes up in the 2 ms of a frame's default budget at 1 GB/s */
    PXC_RING_BYTES = PXC_RING_PARTS * PXC_RING_PART_BYTES,
    /* A cache line: pieces do not share one, and GL wants an offset that is a multiple of a channel's size. */
    PXC_RING_ALIGN_BYTES = 64,
    PXC_RING_ROW_ALIGN_BYTES = 4, /* GL's own default */
};

/* What a ring asks of a GPU. */
typedef struct pxc_ring_gpu {
    void *user;
    void *(*set_fence)(void *user); /* after all commands so far; NULL = it could not */
    /* Whether the GPU has passed it, without waiting: PXC_OK, PXC_PENDING, or PXC_ERR_GPU. */
    pxc_status (*ask_fence)(void *user, void *fence);
    void (*drop_fence)(void *user, void *fence);
    /* Copies rows into the ring and issues the commands that read them there: PXC_OK, PXC_ERR_GPU, or PXC_PENDING if
     * they have to go another way. */
    pxc_status (*send)(void *user, size_t offset, const pxc_pixmap *pixmap, int first_row, int row_count);
} pxc_ring_gpu;

typedef struct pxc_ring {
    pxc_ring_gpu gpu;
    void *fences[PXC_RING_PARTS]; /* of the parts that the GPU may still read; NULL = none */
    uint32_t part;                /* the one that is being written */
    uint32_t used_bytes;          /* of it */
} pxc_ring;

/* Sends rows through the ring, in pieces of at most a part, as far as there is room. Result: how many rows have gone,
 * from the first on; -1 if the GPU failed. */
int pxc_ring_send(pxc_ring *ring, const pxc_pixmap *pixmap, int first_row, int row_count);

void pxc_ring_empty(
    pxc_ring *ring); /* the GPU has finished, or the memory goes: drops every fence, starts anew */
void pxc_ring_forget(pxc_ring *ring); /* the same, but the fences have gone with their context */

/* How rows lie in the ring: bytes from one to the next, and the copy of some. */
size_t pxc_ring_stride(const pxc_pixmap *pixmap);
void pxc_ring_copy_rows(char *room, const pxc_pixmap *pixmap, int first_row, int row_count);

#endif
