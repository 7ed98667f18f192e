/* What the record of frames takes of each frame, by the clock: the calls that the engine's parts make, on a real context.
 * Medians of many frames, in microseconds; half as many in a row, so that neither a warm cache nor an empty machine is
 * measured.
 *
 *   record_ACCESSES_PICTURES_us   begin, end, four sections, as many accesses of as many pictures, eight uploads and
 *                                 evictions, one deletion, timer queries
 *   record_access_ns              what one more access takes, from the two with 10,000 and with none
 *   write_access_ns               what --record adds: one row of its file
 */
#include "bench.h"

#include <pxe/engine.h>

#include "../../engine/profile.h"
#include "../../engine/record.h"

#include <string.h>

enum { FRAMES = 400, PICTURES = 10000, WORKS = 8 };

static uint32_t rows[PICTURES];
static char names[PICTURES][BENCH_NAME_BYTES];

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void work(pxe_profile *profile, int frame)
{
    for (int i = 0; i < WORKS; ++i) {
        const char *name = names[(frame * WORKS + i) % PICTURES];
        const pxc_work upload = {.kind = PXC_WORK_UPLOAD,
                                 .name = name,
                                 .bytes = 4096,
                                 .cost_bytes = 4096,
                                 .count = 1,
                                 .duration_ns = 1000};
        pxe_profile_on_work(profile, &upload);
        pxe_profile_on_evict(profile, (pxc_key){1}, name, PXC_EVICT_LIMIT);
    }
    const pxc_work deletion = {.kind = PXC_WORK_DELETE, .count = WORKS, .duration_ns = 1000};
    pxe_profile_on_work(profile, &deletion);
}

static double frame_us(pxe_profile *profile, int frame, size_t accesses, size_t pictures)
{
    const pxc_stats stats = {.limit_bytes = 64 << 20, .frames = (uint64_t)frame};
    const double start_ns = bench_now_ns();
    pxe_profile_begin(profile);
    for (int section = 0; section < 4; ++section) {
        pxe_profile_add(profile, (pxe_section)(PXE_SECTION_DRAW), pxe_profile_now_ms(profile));
    }
    for (size_t i = 0; i < accesses; ++i) {
        const size_t picture = (i * 7 + (size_t)frame) % pictures;
        pxe_profile_use(profile, rows[picture], picture, 4096);
    }
    work(profile, frame);
    pxe_profile_stop_gpu(profile);
    pxe_profile_end(profile, &stats, 1, (uint32_t)accesses);
    return (bench_now_ns() - start_ns) / 1e3;
}

static double measure(pxe_profile *profile, size_t accesses, size_t pictures)
{
    static double values[FRAMES];
    for (int frame = 0; frame < FRAMES; ++frame) {
        values[frame] = frame_us(profile, frame, accesses, pictures);
    }
    qsort(values, FRAMES, sizeof *values, by_value);
    printf("record_%zu_%zu_us %.2f\n", accesses, pictures, values[FRAMES / 2]);
    return values[FRAMES / 2];
}

static void measure_file(void)
{
    enum { ACCESSES = 1 << 20 };
    pxe_record *record = NULL;
    pxe_error error;
    if (!pxe_record_open("/dev/null", &record, &error)) {
        fprintf(stderr, "bench: /dev/null %s\n", error.text);
        exit(1);
    }
    const double start_ns = bench_now_ns();
    for (size_t i = 0; i < ACCESSES; ++i) {
        pxe_record_access(record, i / 2000, i * UINT64_C(0x9E3779B97F4A7C15), 4096, names[i % PICTURES]);
    }
    bench_print("write_access_ns", start_ns, ACCESSES);
    pxe_record_close(record, &error);
}

int main(void)
{
    const pxe_engine_config config = {
        .window = {.width = 64, .height = 64, .headless = true, .title = "bench"}, .workers = PXE_NO_WORKERS};
    pxe_engine *engine = NULL;
    pxe_error error;
    if (!pxe_engine_create(&config, &engine, &error)) {
        fprintf(stderr, "bench: %s\n", error.text);
        return 1;
    }
    for (size_t i = 0; i < PICTURES; ++i) {
        bench_name(names[i], "pictures", i);
        rows[i] = pxe_profile_picture(engine->profile, names[i], names[i]);
    }
    const double none_us = measure(engine->profile, 0, 1);
    measure(engine->profile, 100, 100);
    measure(engine->profile, 1000, 1000);
    measure(engine->profile, 2000, 2000);
    measure(engine->profile, 10000, 100);
    measure(engine->profile, 10000, 1000);
    const double all_us = measure(engine->profile, 10000, 10000);
    printf("record_access_ns %.2f\n", (all_us - none_us) * 1e3 / 10000);
    measure_file();
    pxe_engine_destroy(engine, &error);
    return 0;
}
