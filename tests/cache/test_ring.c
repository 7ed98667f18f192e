/* The ring of upload memory, turned without a GPU: what is still read is never written, pieces cover each row once and
 * in order, a fence that stands sends rows another way, and each fence is dropped once. */
#include "../../cache/ring.h"

#include "check.h"

#include <stdlib.h>

enum { MOST_READS = 64, MOST_FENCES = 4096 };

typedef struct read_of_gpu {
    size_t start, end;
    int fence; /* the first one that was set after it; 0 = none yet */
} read_of_gpu;

/* A GPU that has done all commands up to a fence, and the ledger of its fences. */
typedef struct slow_gpu {
    pxc_ring ring;
    read_of_gpu reads[MOST_READS];
    int read_count;
    char fences[MOST_FENCES]; /* what they point to */
    bool alive[MOST_FENCES];
    int set, passed, alive_count;
    bool refuses_fences;
    pxc_status ask_status, send_status; /* what goes wrong; PXC_OK = nothing */
    int next_row, pieces;
    size_t last_offset;
} slow_gpu;

static void *set_fence(void *user)
{
    slow_gpu *gpu = user;
    if (gpu->refuses_fences) {
        return NULL;
    }
    assert_in_range(++gpu->set, 1, MOST_FENCES - 1);
    gpu->alive[gpu->set] = true;
    ++gpu->alive_count;
    for (int i = 0; i < gpu->read_count; ++i) {
        gpu->reads[i].fence = gpu->reads[i].fence == 0 ? gpu->set : gpu->reads[i].fence;
    }
    return &gpu->fences[gpu->set];
}

static int number_of(const slow_gpu *gpu, const void *fence)
{
    const int number = (int)((const char *)fence - gpu->fences);
    assert_in_range(number, 1, gpu->set);
    assert_true(gpu->alive[number]);
    return number;
}

static pxc_status ask_fence(void *user, void *fence)
{
    const slow_gpu *gpu = user;
    const bool has_passed = number_of(gpu, fence) <= gpu->passed;
    return gpu->ask_status != PXC_OK ? gpu->ask_status : has_passed ? PXC_OK : PXC_PENDING;
}

static void drop_fence(void *user, void *fence)
{
    slow_gpu *gpu = user;
    gpu->alive[number_of(gpu, fence)] = false;
    --gpu->alive_count;
}

/* All commands up to a fence are done. */
static void pass(slow_gpu *gpu, int fence)
{
    gpu->passed = fence > gpu->passed ? fence : gpu->passed;
    int kept = 0;
    for (int i = 0; i < gpu->read_count; ++i) {
        if (gpu->reads[i].fence == 0 || gpu->reads[i].fence > gpu->passed) {
            gpu->reads[kept++] = gpu->reads[i];
        }
    }
    gpu->read_count = kept;
}

static pxc_status send(void *user, size_t offset, const pxc_pixmap *pixmap, int first_row, int row_count)
{
    slow_gpu *gpu = user;
    const size_t end = offset + pxc_ring_stride(pixmap) * (size_t)row_count;
    assert_true(end <= PXC_RING_BYTES);
    assert_int_equal(offset % PXC_RING_ALIGN_BYTES, 0);
    assert_int_equal(offset / PXC_RING_PART_BYTES, (end - 1) / PXC_RING_PART_BYTES); /* in one part */
    for (int i = 0; i < gpu->read_count; ++i) {
        assert_true(end <= gpu->reads[i].start || offset >= gpu->reads[i].end); /* nobody reads there */
    }
    if (gpu->send_status != PXC_OK) {
        return gpu->send_status;
    }
    assert_int_equal(first_row, gpu->next_row);
    assert_in_range(gpu->read_count, 0, MOST_READS - 1);
    gpu->reads[gpu->read_count++] = (read_of_gpu){offset, end, 0};
    gpu->next_row += row_count;
    gpu->last_offset = offset;
    ++gpu->pieces;
    return PXC_OK;
}

static void gpu_open(slow_gpu *gpu)
{
    memset(gpu, 0, sizeof *gpu);
    gpu->ring.gpu = (pxc_ring_gpu){gpu, set_fence, ask_fence, drop_fence, send};
}

static void gpu_close(slow_gpu *gpu)
{
    pxc_ring_empty(&gpu->ring);
    assert_int_equal(gpu->alive_count, 0);
}

/* Rows of so many bytes, of which no pixel is read. */
static int send_rows(slow_gpu *gpu, int row_bytes, int rows)
{
    const pxc_pixmap pixmap = {.width = row_bytes, .height = rows, .stride = row_bytes, .format = PXC_R8};
    gpu->next_row = 0;
    const int sent = pxc_ring_send(&gpu->ring, &pixmap, 0, rows);
    assert_true(sent < 0 || sent == gpu->next_row);
    return sent;
}

static void small_pieces_lie_one_behind_the_other_and_wrap(void **state)
{
    (void)state;
    slow_gpu gpu;
    gpu_open(&gpu);
    size_t part = 0;
    size_t used = 0;
    for (int bytes = 11; part < 3 * (size_t)PXC_RING_PARTS; bytes = bytes % 70000 + 1) {
        const size_t stride = (size_t)(bytes + 3) / 4 * 4;
        if (used + stride > PXC_RING_PART_BYTES) {
            ++part;
            used = 0;
        }
        assert_int_equal(send_rows(&gpu, bytes, 1), 1);
        assert_int_equal(gpu.last_offset, part % PXC_RING_PARTS * PXC_RING_PART_BYTES + used);
        assert_int_equal(gpu.set, part);
        used += (stride + 63) / 64 * 64;
        pass(&gpu, gpu.set);
        gpu.read_count = 0; /* this GPU is fast */
    }
    assert_in_range(gpu.alive_count, 1, PXC_RING_PARTS);
    gpu_close(&gpu);
}

static void a_part_is_filled_to_its_last_byte(void **state)
{
    (void)state;
    slow_gpu gpu;
    gpu_open(&gpu);
    for (int part = 0; part < PXC_RING_PARTS; ++part) {
        assert_int_equal(send_rows(&gpu, 1024, PXC_RING_PART_BYTES / 1024), PXC_RING_PART_BYTES / 1024);
        assert_int_equal(gpu.last_offset, part * PXC_RING_PART_BYTES);
        assert_int_equal(gpu.set, part);
    }
    assert_int_equal(send_rows(&gpu, 1, 1), 0); /* part 0 is still read */
    assert_int_equal(gpu.set, PXC_RING_PARTS - 1);
    pass(&gpu, 1);
    assert_int_equal(send_rows(&gpu, 1, 1), 1);
    assert_int_equal(gpu.last_offset, 0);
    gpu_close(&gpu);
}

static void what_is_larger_than_a_part_goes_in_pieces_until_there_is_no_room(void **state)
{
    (void)state;
    slow_gpu gpu;
    gpu_open(&gpu);
    const int row_bytes = PXC_RING_PART_BYTES / 3; /* two rows a part: the third would be 4 bytes too long */
    assert_int_equal(send_rows(&gpu, row_bytes + 1, 7), 7);
    assert_int_equal(gpu.pieces, 4);
    pass(&gpu, gpu.set);
    assert_int_equal(send_rows(&gpu, row_bytes + 1, 100),
                     6); /* the last part's fence has not been set before */
    gpu_close(&gpu);
}

static void a_row_larger_than_a_part_never_goes(void **state)
{
    (void)state;
    slow_gpu gpu;
    gpu_open(&gpu);
    assert_int_equal(send_rows(&gpu, PXC_RING_PART_BYTES + 1, 2), 0);
    assert_int_equal(send_rows(&gpu, PXC_RING_PART_BYTES, 1), 1);
    assert_int_equal(gpu.pieces, 1);
    gpu_close(&gpu);
}

static void a_standing_fence_leaves_the_end_of_the_part_to_smaller_pieces(void **state)
{
    (void)state;
    slow_gpu gpu;
    gpu_open(&gpu);
    for (int part = 0; part < PXC_RING_PARTS; ++part) {
        assert_int_equal(send_rows(&gpu, PXC_RING_PART_BYTES - 128, 1), 1);
    }
    assert_int_equal(send_rows(&gpu, 129, 1), 0);
    assert_int_equal(send_rows(&gpu, 128, 1), 1);
    assert_int_equal(gpu.last_offset, PXC_RING_BYTES - 128);
    gpu_close(&gpu);
}

static void failures_are_told_and_change_nothing(void **state)
{
    (void)state;
    slow_gpu gpu;
    gpu_open(&gpu);
    for (int part = 0; part < PXC_RING_PARTS; ++part) {
        assert_int_equal(send_rows(&gpu, PXC_RING_PART_BYTES, 1), 1);
    }
    pass(&gpu, 1);
    const pxc_ring before = gpu.ring;
    gpu.refuses_fences = true;
    assert_int_equal(send_rows(&gpu, 11, 1), -1);
    assert_memory_equal(&gpu.ring, &before, sizeof before);
    gpu.refuses_fences = false;
    gpu.ask_status = PXC_ERR_GPU;
    assert_int_equal(send_rows(&gpu, 11, 1), -1);
    assert_memory_equal(&gpu.ring, &before, sizeof before);
    gpu.ask_status = PXC_OK;
    gpu.send_status = PXC_ERR_GPU;
    assert_int_equal(send_rows(&gpu, 11, 3), -1);
    gpu.send_status = PXC_PENDING;
    assert_int_equal(send_rows(&gpu, 11, 3), 0);
    gpu.send_status = PXC_OK;
    assert_int_equal(send_rows(&gpu, 11, 3), 3);
    gpu_close(&gpu);
}

static void a_forgotten_ring_drops_no_fence(void **state)
{
    (void)state;
    slow_gpu gpu;
    gpu_open(&gpu);
    assert_int_equal(send_rows(&gpu, PXC_RING_PART_BYTES, 3), 3);
    pxc_ring_forget(&gpu.ring);
    assert_int_equal(gpu.alive_count, 2);
    assert_int_equal(gpu.ring.part + gpu.ring.used_bytes, 0);
    gpu.read_count = 0;
    assert_int_equal(send_rows(&gpu, 11, 1), 1);
    assert_int_equal(gpu.last_offset, 0);
    pxc_ring_empty(&gpu.ring);
    assert_int_equal(gpu.alive_count, 2);
}

/* Rows and gaps of distinct sizes; nothing behind the last row is read, and nothing behind the room written. */
static void rows_are_copied_without_their_gaps(void **state)
{
    (void)state;
    for (int width = 11; width < 16; ++width) {
        for (int gap = 0; gap < 5; ++gap) {
            const pxc_pixmap pixmap = {.width = width, .height = 7, .stride = width + gap, .format = PXC_R8};
            const size_t source_bytes = (size_t)(width + gap) * 6 + (size_t)width;
            const size_t stride = pxc_ring_stride(&pixmap);
            unsigned char *pixels = malloc(source_bytes);
            char *room = calloc(1, stride * 5); /* rows 2..6 */
            assert_true(pixels != NULL && room != NULL);
            for (size_t i = 0; i < source_bytes; ++i) {
                pixels[i] = (unsigned char)(i * 7 + 1);
            }
            pxc_pixmap given = pixmap;
            given.pixels = pixels;
            assert_int_equal(stride, (width + 3) / 4 * 4);
            pxc_ring_copy_rows(room, &given, 2, 5);
            for (size_t y = 0; y < 5; ++y) {
                assert_memory_equal(room + y * stride, pixels + (y + 2) * (size_t)(width + gap),
                                    (size_t)width);
            }
            free(room);
            free(pixels);
        }
    }
}

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

/* send() is the model: it knows what the GPU still reads. Small pieces are few, so that reads[] holds them. */
static void random_uploads_never_write_what_is_read(void **state)
{
    (void)state;
    const char *text = getenv("PXC_TEST_SEED");
    uint64_t seed = text != NULL ? strtoull(text, NULL, 10) : 12345;
    print_message("seed %llu\n", (unsigned long long)seed);
    slow_gpu gpu;
    gpu_open(&gpu);
    int refused = 0;
    for (int i = 0; i < 6000 && gpu.set < MOST_FENCES - 8; ++i) {
        const int row_bytes = (int)(next_random(&seed) % 90000) + 90000;
        const int rows = (int)(next_random(&seed) % 30) + 1;
        const int sent = send_rows(&gpu, row_bytes, rows);
        assert_in_range(sent, 0, rows);
        refused += sent < rows ? 1 : 0;
        if (next_random(&seed) % 3 == 0 && gpu.set > gpu.passed) {
            pass(&gpu, gpu.passed + 1 + (int)(next_random(&seed) % (uint64_t)(gpu.set - gpu.passed)));
        }
        assert_in_range(gpu.alive_count, 0, PXC_RING_PARTS);
    }
    assert_in_range(refused, 100, 5900);
    gpu_close(&gpu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_pieces_lie_one_behind_the_other_and_wrap),
        cmocka_unit_test(a_part_is_filled_to_its_last_byte),
        cmocka_unit_test(what_is_larger_than_a_part_goes_in_pieces_until_there_is_no_room),
        cmocka_unit_test(a_row_larger_than_a_part_never_goes),
        cmocka_unit_test(a_standing_fence_leaves_the_end_of_the_part_to_smaller_pieces),
        cmocka_unit_test(failures_are_told_and_change_nothing),
        cmocka_unit_test(a_forgotten_ring_drops_no_fence),
        cmocka_unit_test(rows_are_copied_without_their_gaps),
        cmocka_unit_test(random_uploads_never_write_what_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
