/* The choice of the upload way, with a clock that the uploads themselves move on. */
#include "../../cache/probe.h"

#include "check.h"

typedef struct timed_gpu {
    pxc_upload_way way;
    uint64_t calls_ns[3], wait_ns[3]; /* by way */
    int uploads[3];
    int slow_until; /* the first uploads take ten times as long */
    int fails_at;   /* the upload with this number, from 1 on */
    bool gives_up;  /* what fails is done directly, and the way is direct from then on */
    int textures;
} timed_gpu;

static uint64_t fake_now_ns;

static uint64_t now_ns(void)
{
    return fake_now_ns;
}

static void use(void *gpu, pxc_upload_way way)
{
    ((timed_gpu *)gpu)->way = way;
}

static void finish(void *gpu)
{
    const timed_gpu *timed = gpu;
    fake_now_ns += timed->wait_ns[timed->way];
}

static pxc_status begin_texture(void *gpu, const pxc_pixmap *pixmap, uint32_t *name)
{
    timed_gpu *timed = gpu;
    assert_int_equal(pxc_texture_cost(pixmap->format, pixmap->width, pixmap->height, false), 1 << 20);
    ++timed->textures;
    *name = 77;
    return PXC_OK;
}

static void delete_textures(void *gpu, const uint32_t *names, size_t count)
{
    assert_int_equal(names[0], 77);
    ((timed_gpu *)gpu)->textures -= (int)count;
}

static pxc_status upload_rows(void *gpu, const pxc_pixmap *pixmap, uint32_t name, const pxc_band *band)
{
    timed_gpu *timed = gpu;
    assert_int_equal(name, 77);
    assert_int_equal(band->level, 0);
    assert_int_equal(band->row_count - band->first_row, pixmap->height);
    const int number = timed->uploads[1] + timed->uploads[2] + 1;
    fake_now_ns += timed->calls_ns[timed->way] * (number <= timed->slow_until ? 10 : 1);
    ++timed->uploads[timed->way];
    if (number != timed->fails_at) {
        return PXC_OK;
    }
    timed->way = PXC_UPLOAD_DIRECT;
    return timed->gives_up ? PXC_OK : PXC_ERR_GPU;
}

static void tell_upload(void *gpu, pxc_upload_info *out)
{
    out->way = ((timed_gpu *)gpu)->way;
}

/* Times in microseconds. */
static pxc_upload_info run(timed_gpu *gpu, failing_alloc *alloc)
{
    const pxc_backend backend = {.begin_texture = begin_texture,
                                 .upload_rows = upload_rows,
                                 .delete_textures = delete_textures,
                                 .tell_upload = tell_upload};
    const pxc_probe probe = {&backend, gpu, &alloc->table, use, finish, now_ns};
    const pxc_upload_info info = pxc_probe_run(&probe);
    assert_int_equal(gpu->textures, 0);
    failing_alloc_assert_clean(alloc);
    return info;
}

static timed_gpu gpu_of(uint64_t direct_us, uint64_t buffers_us, uint64_t direct_wait_us,
                        uint64_t buffers_wait_us)
{
    return (timed_gpu){.calls_ns = {0, direct_us * 1000, buffers_us * 1000},
                       .wait_ns = {0, direct_wait_us * 1000, buffers_wait_us * 1000}};
}

static void buffers_are_chosen_where_calls_get_clearly_cheaper_and_the_whole_not_much_dearer(void **state)
{
    (void)state;
    static const struct {
        uint64_t direct, buffers, direct_wait, buffers_wait;
        pxc_upload_way way;
    } cases[] = {
        {100, 50, 0, 50, PXC_UPLOAD_BUFFERS},  {100, 80, 0, 20, PXC_UPLOAD_BUFFERS},
        {100, 81, 0, 0, PXC_UPLOAD_DIRECT},    {100, 50, 0, 75, PXC_UPLOAD_BUFFERS},
        {100, 50, 0, 76, PXC_UPLOAD_DIRECT},   {100, 100, 0, 0, PXC_UPLOAD_DIRECT},
        {100, 300, 900, 0, PXC_UPLOAD_DIRECT}, {3000, 1000, 100, 100, PXC_UPLOAD_BUFFERS},
    };
    for (size_t i = 0; i < COUNT_OF(cases); ++i) {
        failing_alloc alloc;
        failing_alloc_init(&alloc);
        timed_gpu gpu =
            gpu_of(cases[i].direct, cases[i].buffers, cases[i].direct_wait, cases[i].buffers_wait);
        gpu.slow_until = 4; /* the warm-up, and one round of disturbance */
        const pxc_upload_info info = run(&gpu, &alloc);
        assert_int_equal(info.way, cases[i].way);
        assert_int_equal(info.probe_direct_us_per_mib, cases[i].direct + 1);
        assert_int_equal(info.probe_buffers_us_per_mib, cases[i].buffers + 1);
        assert_int_equal(gpu.uploads[PXC_UPLOAD_DIRECT], gpu.uploads[PXC_UPLOAD_BUFFERS]);
    }
}

static void a_probe_takes_four_milliseconds_or_three_rounds(void **state)
{
    (void)state;
    static const struct {
        uint64_t each_us;
        int rounds; /* with the one that warms up */
    } cases[] = {{100, 20}, {500, 4}, {100000, 3}, {0, 33}};
    for (size_t i = 0; i < COUNT_OF(cases); ++i) {
        failing_alloc alloc;
        failing_alloc_init(&alloc);
        timed_gpu gpu = gpu_of(cases[i].each_us, cases[i].each_us, 0, 0);
        run(&gpu, &alloc);
        assert_int_equal(gpu.uploads[PXC_UPLOAD_DIRECT], cases[i].rounds);
    }
}

static void whatever_fails_the_way_is_direct(void **state)
{
    (void)state;
    for (int fails_at = 1; fails_at <= 6; ++fails_at) {
        for (int gives_up = 0; gives_up < 2; ++gives_up) {
            failing_alloc alloc;
            failing_alloc_init(&alloc);
            timed_gpu gpu = gpu_of(5000, 11, 0, 0);
            gpu.fails_at = fails_at;
            gpu.gives_up = gives_up == 1 && fails_at % 2 == 0; /* an upload by buffers */
            const pxc_upload_info info = run(&gpu, &alloc);
            assert_int_equal(info.way, PXC_UPLOAD_DIRECT);
            assert_int_equal(info.probe_direct_us_per_mib + info.probe_buffers_us_per_mib, 0);
            assert_int_equal(gpu.uploads[1] + gpu.uploads[2], fails_at);
        }
    }
}

static void without_memory_nothing_is_tried(void **state)
{
    (void)state;
    failing_alloc alloc;
    failing_alloc_init(&alloc);
    failing_alloc_fail_nth(&alloc, 1);
    timed_gpu gpu = gpu_of(5000, 11, 0, 0);
    assert_int_equal(run(&gpu, &alloc).way, PXC_UPLOAD_DIRECT);
    assert_int_equal(gpu.uploads[1] + gpu.uploads[2], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffers_are_chosen_where_calls_get_clearly_cheaper_and_the_whole_not_much_dearer),
        cmocka_unit_test(a_probe_takes_four_milliseconds_or_three_rounds),
        cmocka_unit_test(whatever_fails_the_way_is_direct),
        cmocka_unit_test(without_memory_nothing_is_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
