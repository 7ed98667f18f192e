/* Storage that the fake GPU makes elsewhere: ready after so many questions, or when it is waited for. A preparation is
 * a number, and none is forgotten, so that one which ends twice or never is seen. */
#include "fake_inside.h"

#include "fake_pixels.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

static pxc_status prepare_texture(void *state, const pxc_pixmap *pixmap, void **preparation)
{
    fake_gpu *gpu = state;
    gpu->prepare_calls++;
    fake_check_thread(gpu);
    fake_check_pixmap(gpu, pixmap);
    if (fake_is_due(gpu->prepare_calls, gpu->fail_prepare_at, gpu->fail_preparations)) {
        return gpu->prepare_status;
    }
    const size_t count = gpu->preparation_count + 1;
    gpu->preparations = realloc(gpu->preparations, count * sizeof *gpu->preparations);
    assert_non_null(gpu->preparations);
    gpu->preparations[count - 1] = (fake_preparation){.open = true, .pixmap = *pixmap};
    gpu->preparation_count = count;
    gpu->bytes += fake_pixels_video_bytes(pixmap);
    if (++gpu->preparing > gpu->peak_preparing) {
        gpu->peak_preparing = gpu->preparing;
    }
    *preparation =
        (void *)(uintptr_t)count; // NOLINT(performance-no-int-to-ptr): a number that only this file reads
    return PXC_OK;
}

static pxc_status end(fake_gpu *gpu, fake_preparation *it, uint64_t number, uint32_t *name)
{
    it->open = false;
    gpu->preparing--;
    gpu->bytes -= fake_pixels_video_bytes(&it->pixmap);
    if (fake_is_due(number, gpu->fail_prepared_at, gpu->fail_preparations)) {
        return gpu->prepare_status;
    }
    const pxc_status status = fake_make_texture(gpu, &it->pixmap, name);
    if (status == PXC_OK) {
        fake_await_rows(&gpu->textures[*name], &it->pixmap);
        gpu->prepared++;
    }
    return status;
}

static pxc_status finish_preparing(void *state, void *preparation, bool wait, uint32_t *name)
{
    fake_gpu *gpu = state;
    const size_t number = (size_t)(uintptr_t)preparation;
    fake_check_thread(gpu);
    if (number == 0 || number > gpu->preparation_count || !gpu->preparations[number - 1].open) {
        fake_fault(gpu, "a preparation that has ended, or never was");
        return PXC_ERR_GPU;
    }
    fake_preparation *it = &gpu->preparations[number - 1];
    if (!wait && it->polls++ < gpu->pending_polls) {
        return PXC_PENDING;
    }
    gpu->waits += wait;
    return end(gpu, it, number, name);
}

void fake_gpu_prepares(fake_gpu *gpu)
{
    gpu->backend.prepare_texture = prepare_texture;
    gpu->backend.finish_preparing = finish_preparing;
}
