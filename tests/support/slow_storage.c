#include "slow_storage.h"

void slow_down(fake_gpu *gpu)
{
    gpu->us_per_kib = 1;
    gpu->make_us_per_kib = 10;
}

void slow_open(post *p, pxc_config config)
{
    post_open_preparing(p, config);
    slow_down(&p->f.gpu);
}

int slow_submit(post *p, const char *name)
{
    return post_submit(p, name, LARGE_PX, LARGE_PX);
}

int slow_open_at(post *p, pxc_config config, stage at)
{
    config.upload_bytes_per_frame = LARGE_BYTES / 8;
    slow_open(p, config);
    if (at == WAITS) {
        slow_submit(p, "up");
        post_frames(p, 1);
    } else {
        p->f.gpu.pending_polls = UINT64_MAX;
    }
    const int a = slow_submit(p, "a");
    assert_absent(p, PXC_PENDING, "a"); /* asks for it */
    post_frames(p, 1);
    assert_int_equal(p->f.gpu.preparing, at == BEING_MADE ? 1 : 0);
    assert_int_equal(p->f.gpu.prepared, at == BEING_MADE ? 0 : 2);
    assert_int_equal(pxc_used(p->f.cache), at == BEING_MADE ? LARGE_BYTES : 2 * LARGE_BYTES);
    return a;
}
