/* Writes an access trace to stdout: so many accesses, 1,000 a frame, of 100,000 images of 1 to 256 KiB by Zipf's law. The
 * same in every run.
 *
 *   make_trace ACCESSES
 */
#include "bench.h"

#include <inttypes.h>
#include <math.h>

enum { IMAGES = 100000, FRAME_ACCESSES = 1000 };

int main(int argc, char **argv)
{
    const size_t accesses = bench_size(argc, argv);
    uint64_t seed = 20260108;
    puts("frame,key,bytes");
    for (size_t i = 0; i < accesses; ++i) {
        /* The image of rank r is drawn in proportion to 1 / (r + 1): by the inverse of the integral of that. */
        const double u = (double)(bench_random(&seed) >> 11) / (double)(UINT64_C(1) << 53);
        const uint64_t image = (uint64_t)pow(IMAGES + 1, u) - 1;
        printf("%zu,%" PRIu64 ",%" PRIu64 "\n", i / FRAME_ACCESSES, image, 1024 + image * 7919 % 255 * 1024);
    }
    return fflush(stdout) == 0 && ferror(stdout) == 0 ? 0 : 1;
}
