/* The choice of the upload way, by trying both for a few milliseconds.
 *
 * Two times count: that of the calls, which is what the render thread pays in a frame, and that until the GPU has
 * finished. Pixel buffers are to save the first, by letting the GPU fetch what the processor would have had to hand
 * over; on drivers that copy once more inside they save nothing. So they are chosen only where the calls get clearly
 * cheaper and the whole gets not much dearer; where it is even, the simpler way is taken.
 *
 * The ways alternate, so that a change of the clock rate meets both, and the least of several rounds counts: all that
 * disturbs a measurement only adds to it.
 */
#include "probe.h"

enum {
    SIZE_PX = 512,
    UPLOAD_BYTES = 1 << 20,
    LEAST_ROUNDS = 2,
    MOST_ROUNDS = 32, /* for a clock that stands still */
    /* Of what direct uploads take: buffers must be a fifth cheaper in calls, to be worth their memory, and may be a
     * quarter dearer as a whole, which overlaps with drawing. */
    MOST_CALLS_PERCENT = 80,
    MOST_WHOLE_PERCENT = 125,
};

#define ENOUGH_NS UINT64_C(4000000)

typedef struct probe_scratch {
    pxc_pixmap pixmap;
    uint32_t texture;
} probe_scratch;

typedef struct least_ns {
    uint64_t calls, whole;
} least_ns;

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* False if that way does not work here. */
static bool try_way(const pxc_probe *probe, const probe_scratch *scratch, pxc_upload_way way, least_ns *least)
{
    pxc_upload_info used = {0};
    probe->use(probe->gpu, way);
    const uint64_t start_ns = probe->now_ns();
    const pxc_status status = probe->backend->upload_rows(probe->gpu, &scratch->pixmap, scratch->texture,
                                                          &(pxc_band){0, 0, SIZE_PX});
    const uint64_t called_ns = probe->now_ns();
    probe->finish(probe->gpu);
    const uint64_t end_ns = probe->now_ns();
    least->calls = smaller(least->calls, called_ns - start_ns);
    least->whole = smaller(least->whole, end_ns - start_ns);
    probe->backend->tell_upload(probe->gpu, &used);
    return status == PXC_OK && used.way == way;
}

static bool try_both(const pxc_probe *probe, const probe_scratch *scratch, least_ns *direct,
                     least_ns *buffers)
{
    return try_way(probe, scratch, PXC_UPLOAD_DIRECT, direct) &&
           try_way(probe, scratch, PXC_UPLOAD_BUFFERS, buffers);
}

/* At least 1, because 0 is: not measured. */
static uint64_t us_per_mib(uint64_t ns)
{
    _Static_assert(SIZE_PX * SIZE_PX * 4 == UPLOAD_BYTES && UPLOAD_BYTES == 1 << 20, "it is of 1 MiB");
    return ns / 1000 + 1;
}

static pxc_upload_info measure(const pxc_probe *probe, const probe_scratch *scratch)
{
    least_ns direct = {UINT64_MAX, UINT64_MAX};
    least_ns buffers = direct;
    pxc_upload_info info = {.way = PXC_UPLOAD_DIRECT};
    const uint64_t start_ns = probe->now_ns();
    if (!try_both(probe, scratch, &direct, &buffers)) {
        return info;
    }
    direct = buffers = (least_ns){UINT64_MAX, UINT64_MAX}; /* that was to warm up */
    for (int round = 0; round < MOST_ROUNDS; ++round) {
        if (round >= LEAST_ROUNDS && probe->now_ns() - start_ns >= ENOUGH_NS) {
            break;
        }
        if (!try_both(probe, scratch, &direct, &buffers)) {
            return info;
        }
    }
    info.probe_direct_us_per_mib = us_per_mib(direct.calls);
    info.probe_buffers_us_per_mib = us_per_mib(buffers.calls);
    if (buffers.calls <= direct.calls / 100 * MOST_CALLS_PERCENT &&
        buffers.whole <= direct.whole / 100 * MOST_WHOLE_PERCENT) {
        info.way = PXC_UPLOAD_BUFFERS;
    }
    return info;
}

pxc_upload_info pxc_probe_run(const pxc_probe *probe)
{
    pxc_upload_info info = {.way = PXC_UPLOAD_DIRECT};
    void *pixels = pxc_malloc(probe->alloc, UPLOAD_BYTES);
    if (pixels == NULL) {
        return info;
    }
    memset(pixels, 0x55, UPLOAD_BYTES); /* memory that nobody wrote may be one page, read again and again */
    probe_scratch scratch = {.pixmap = {.pixels = pixels,
                                        .width = SIZE_PX,
                                        .height = SIZE_PX,
                                        .stride = SIZE_PX * 4,
                                        .format = PXC_RGBA8}};
    if (probe->backend->begin_texture(probe->gpu, &scratch.pixmap, &scratch.texture) == PXC_OK) {
        info = measure(probe, &scratch);
        probe->backend->delete_textures(probe->gpu, &scratch.texture, 1);
    }
    pxc_free(probe->alloc, pixels);
    return info;
}
