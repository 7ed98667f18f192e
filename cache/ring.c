/* The ring through which pixels go up by pixel buffers: which part of it, at what offset, and when it is free again.
 *
 *      | part 0         | part 1         | part 2         | part 3         |
 *        read by the GPU  read by the GPU  written |-->     free
 *        fence 0          fence 1                           (its fence has passed, or it never had one)
 *
 * Pieces are written one behind the other. Where one does not fit, its part is left: a fence goes behind the commands
 * that read it, and the next part is entered, if the GPU has passed that part's fence. If it has not, the piece is
 * refused and goes up without the ring: the render thread waits for nothing. The part is then not left either, so that
 * smaller pieces still find its end.
 *
 * Nothing here calls the GPU but through pxc_ring_gpu, so the tests turn a ring without one.
 */
#include "ring.h"

static size_t round_up(size_t bytes, size_t to)
{
    return (bytes + to - 1) / to * to;
}

/* Leaves the part and enters the next. The fence of the one that is left is made last, because then all is undone by
 * doing nothing; the fence that has passed stays until then. */
static pxc_status turn(pxc_ring *ring)
{
    const uint32_t next = (ring->part + 1) % PXC_RING_PARTS;
    if (ring->fences[next] != NULL) {
        const pxc_status status = ring->gpu.ask_fence(ring->gpu.user, ring->fences[next]);
        if (status != PXC_OK) {
            return status;
        }
    }
    void *fence = ring->gpu.set_fence(ring->gpu.user);
    if (fence == NULL) {
        return PXC_ERR_GPU;
    }
    if (ring->fences[next] != NULL) {
        ring->gpu.drop_fence(ring->gpu.user, ring->fences[next]);
        ring->fences[next] = NULL;
    }
    ring->fences[ring->part] = fence;
    ring->part = next;
    ring->used_bytes = 0;
    return PXC_OK;
}

/* Room for at most a part's bytes. PXC_PENDING: none now. */
static pxc_status take(pxc_ring *ring, size_t bytes, size_t *offset)
{
    if (bytes > PXC_RING_PART_BYTES - ring->used_bytes) {
        const pxc_status status = turn(ring);
        if (status != PXC_OK) {
            return status;
        }
    }
    *offset = (size_t)ring->part * PXC_RING_PART_BYTES + ring->used_bytes;
    ring->used_bytes += (uint32_t)round_up(bytes, PXC_RING_ALIGN_BYTES); /* of which a part is a multiple */
    return PXC_OK;
}

void pxc_ring_empty(pxc_ring *ring)
{
    for (int part = 0; part < PXC_RING_PARTS; ++part) {
        if (ring->fences[part] != NULL) {
            ring->gpu.drop_fence(ring->gpu.user, ring->fences[part]);
        }
    }
    pxc_ring_forget(ring);
}

void pxc_ring_forget(pxc_ring *ring)
{
    *ring = (pxc_ring){.gpu = ring->gpu};
}

static size_t row_bytes(const pxc_pixmap *pixmap)
{
    return (size_t)pixmap->width * (size_t)pxc_format_source_bytes(pixmap->format);
}

size_t pxc_ring_stride(const pxc_pixmap *pixmap)
{
    return round_up(row_bytes(pixmap), PXC_RING_ROW_ALIGN_BYTES);
}

/* Without the gaps between rows, which may be most of a pixmap: a GPU need not read what it will not show. The bytes
 * behind the last row are never read, because they need not exist. */
void pxc_ring_copy_rows(char *room, const pxc_pixmap *pixmap, int first_row, int row_count)
{
    const size_t stride = (size_t)pixmap->stride;
    const size_t room_stride = pxc_ring_stride(pixmap);
    const char *rows = (const char *)pixmap->pixels + (size_t)first_row * stride;
    if (stride == room_stride) {
        memcpy(room, rows, (size_t)(row_count - 1) * stride + row_bytes(pixmap));
        return;
    }
    for (int y = 0; y < row_count; ++y) {
        memcpy(room + (size_t)y * room_stride, rows + (size_t)y * stride, row_bytes(pixmap));
    }
}

int pxc_ring_send(pxc_ring *ring, const pxc_pixmap *pixmap, int first_row, int row_count)
{
    const size_t stride = pxc_ring_stride(pixmap);
    const int most_rows = (int)(PXC_RING_PART_BYTES / stride); /* none: a row is larger than a part */
    int sent = 0;
    while (most_rows > 0 && sent < row_count) {
        const int rows = row_count - sent < most_rows ? row_count - sent : most_rows;
        size_t offset = 0;
        pxc_status status = take(ring, stride * (size_t)rows, &offset);
        if (status == PXC_OK) {
            status = ring->gpu.send(ring->gpu.user, offset, pixmap, first_row + sent, rows);
        }
        if (status != PXC_OK) {
            return status == PXC_PENDING ? sent : -1;
        }
        sent += rows;
    }
    return sent;
}
