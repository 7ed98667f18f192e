/* The picture that a contestant leaves, as a binary PPM, and how far two of them are apart.
 *
 * Alpha is left out: what an opaque screen has there is of no meaning, and contestants differ in it. Two
 * pictures of the same scene may differ by the rounding of each blending, of which a pixel sees up to some
 * dozens; one sprite that is missing, elsewhere, out of order or of another texture differs by far more.
 */
#include "sprites_scene.h"

#include "bench.h"

#include <string.h>

enum { TOLERANCE = 3, PIXELS = SPRITES_WIDTH * SPRITES_HEIGHT, HEADER_BYTES = 16 };

static const char expected_header[] = "P6 1280 720 255\n";

_Static_assert(SPRITES_WIDTH == 1280 && SPRITES_HEIGHT == 720 && sizeof expected_header == HEADER_BYTES + 1,
               "the header says it");

void sprites_write(const sprites_scene *scene, const unsigned char *pixels, bool bottom_first)
{
    unsigned char *row = bench_memory((size_t)SPRITES_WIDTH * 3);
    FILE *file = fopen(scene->picture, "wb");
    bool is_good = file != NULL && fwrite(expected_header, HEADER_BYTES, 1, file) == 1;
    for (int y = 0; is_good && y < SPRITES_HEIGHT; ++y) {
        const int from = bottom_first ? SPRITES_HEIGHT - 1 - y : y;
        for (int x = 0; x < SPRITES_WIDTH; ++x) {
            memcpy(&row[(size_t)x * 3], &pixels[((size_t)from * SPRITES_WIDTH + (size_t)x) * 4], 3);
        }
        is_good = fwrite(row, (size_t)SPRITES_WIDTH * 3, 1, file) == 1;
    }
    free(row);
    if (file == NULL || fclose(file) != 0 || !is_good) {
        sprites_fail(scene->picture, "can not be written");
    }
}

static unsigned char *read_picture(const char *path)
{
    const size_t size_bytes = (size_t)PIXELS * 3;
    unsigned char *pixels = bench_memory(size_bytes);
    char header[HEADER_BYTES];
    FILE *file = fopen(path, "rb");
    if (file == NULL || fread(header, HEADER_BYTES, 1, file) != 1 ||
        memcmp(header, expected_header, HEADER_BYTES) != 0 || fread(pixels, size_bytes, 1, file) != 1) {
        sprites_fail(path, "is no picture of the scene");
    }
    fclose(file);
    return pixels;
}

int sprites_compare(const char *path, const char *other_path)
{
    unsigned char *one = read_picture(path);
    unsigned char *other = read_picture(other_path);
    int most = 0;
    int differing = 0;
    for (size_t i = 0; i < (size_t)PIXELS * 3; ++i) {
        const int apart = abs(one[i] - other[i]);
        most = apart > most ? apart : most;
        differing += apart > TOLERANCE;
    }
    free(one);
    free(other);
    printf("at most %d of 255 apart, %d values more than %d\n", most, differing, TOLERANCE);
    return differing > 0;
}
