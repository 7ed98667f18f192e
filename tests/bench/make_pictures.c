/* Makes the pictures of the benchmark of loading in a folder, with all cores; does nothing if they are there.
 *
 *   make_pictures FOLDER
 *
 * They are to cost a decoder what real ones do: a photograph is several octaves of noise over soft colours with a
 * little grain, a small picture is a shaded disc, grained and with a soft edge of alpha. No two are alike. Each file is
 * written under a temporary name and renamed; a file that names the recipe is written last and says that all are there.
 */
#include "loading.h"

#include <SDL.h>

#include <stdlib.h>
#include <string.h>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
#include <stb_image_write.h>

/* Changed with every change of what the pictures look like: those of an older recipe are made anew. */
static const char recipe[] = "pictures of recipe 1\n";

enum { LARGE_PX = 8192, PHOTO_WIDTH = 1920, PHOTO_HEIGHT = 1080, SMALL_PX = 256, QUALITY = 90 };

typedef struct maker {
    const char *folder;
    SDL_atomic_t next, made;
    SDL_atomic_t failed;
} maker;

/* Source of the constants: Bob Jenkins' and Thomas Wang's integer hashes in the form of xorshift-multiply. */
static uint32_t hash(uint32_t x, uint32_t y, uint32_t seed)
{
    uint32_t h = x * 0x9E3779B1U ^ y * 0x85EBCA77U ^ seed * 0xC2B2AE3DU;
    h = (h ^ h >> 15) * 0x2C1B3C6DU;
    h = (h ^ h >> 12) * 0x297A2D39U;
    return h ^ h >> 15;
}

/* Smooth noise from 0 to 1: random values at the points of a grid of cell_px, a smooth step between them. */
static float noise(int x, int y, int cell_px, uint32_t seed)
{
    const uint32_t column = (uint32_t)(x / cell_px);
    const uint32_t row = (uint32_t)(y / cell_px);
    float right = (float)(x % cell_px) / (float)cell_px;
    float down = (float)(y % cell_px) / (float)cell_px;
    right = right * right * (3 - 2 * right);
    down = down * down * (3 - 2 * down);
    const float a = (float)(hash(column, row, seed) >> 8);
    const float b = (float)(hash(column + 1, row, seed) >> 8);
    const float c = (float)(hash(column, row + 1, seed) >> 8);
    const float d = (float)(hash(column + 1, row + 1, seed) >> 8);
    const float above = a + (b - a) * right;
    return (above + (c + (d - c) * right - above) * down) / 16777216.0F;
}

/* From -1 to 1, of each pixel's own. */
static float grain(int x, int y, uint32_t seed)
{
    return (float)(hash((uint32_t)x, (uint32_t)y, seed) >> 8) / 8388608.0F - 1;
}

static unsigned char byte_of(float value)
{
    return (unsigned char)(value <= 0 ? 0 : value >= 1 ? 255 : value * 255 + 0.5F);
}

static void photo_pixel(unsigned char *pixel, int x, int y, uint32_t seed)
{
    const float light = 0.45F * noise(x, y, 400, seed) + 0.25F * noise(x, y, 90, seed + 1) +
                        0.18F * noise(x, y, 22, seed + 2) + 0.12F * noise(x, y, 5, seed + 3) +
                        0.02F * grain(x, y, seed + 4);
    const float warmth = noise(x, y, 300, seed + 5) - 0.5F;
    pixel[0] = byte_of(light + 0.3F * warmth);
    pixel[1] = byte_of(light);
    pixel[2] = byte_of(light - 0.3F * warmth);
}

static void small_pixel(unsigned char *pixel, int x, int y, uint32_t seed)
{
    const float right = 2.0F * (float)x / SMALL_PX - 1;
    const float down = 2.0F * (float)y / SMALL_PX - 1;
    const float far = right * right + down * down + 0.25F * noise(x, y, 40, seed);
    const float detail = 0.15F * noise(x, y, 16, seed + 1) + 0.02F * grain(x >> 1, y >> 1, seed + 2);
    const float light = 0.85F - 0.4F * far + detail;
    const float edge = (1.0F - far) * 12; /* the alpha goes from 0 to 1 within a few pixels */
    const float hue = (float)(seed % 97) / 97.0F;
    pixel[0] = byte_of(light * (0.4F + 0.6F * hue));
    pixel[1] = byte_of(light * (1.0F - 0.5F * hue));
    pixel[2] = byte_of(light * 0.7F + 0.3F * right);
    pixel[3] = byte_of(edge);
    if (pixel[3] == 0) {
        memset(pixel, 0, 4);
    }
}

static bool write_picture(const char *path, int index)
{
    const bool is_small = index >= LOADING_LARGE + LOADING_PHOTOS;
    const bool is_large = index < LOADING_LARGE;
    const int width = is_small ? SMALL_PX : is_large ? LARGE_PX : PHOTO_WIDTH;
    const int height = is_small ? SMALL_PX : is_large ? LARGE_PX : PHOTO_HEIGHT;
    const int channels = is_small ? 4 : 3;
    unsigned char *pixels = malloc((size_t)width * (size_t)height * (size_t)channels);
    if (pixels == NULL) {
        return false;
    }
    unsigned char *pixel = pixels;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x, pixel += channels) {
            if (is_small) {
                small_pixel(pixel, x, y, (uint32_t)index * 16);
            } else {
                photo_pixel(pixel, x, y, (uint32_t)index * 16);
            }
        }
    }
    const int written = is_small ? stbi_write_png(path, width, height, channels, pixels, width * channels)
                                 : stbi_write_jpg(path, width, height, channels, pixels, QUALITY);
    free(pixels);
    return written != 0;
}

static int make(void *user)
{
    maker *it = user;
    for (;;) {
        const int index = SDL_AtomicAdd(&it->next, 1);
        if (index >= LOADING_PICTURES || SDL_AtomicGet(&it->failed) != 0) {
            return 0;
        }
        char path[LOADING_PATH_BYTES];
        char part[LOADING_PATH_BYTES + 8];
        loading_path(path, it->folder, index);
        snprintf(part, sizeof part, "%s.part", path);
        if (!write_picture(part, index) || rename(part, path) != 0) {
            fprintf(stderr, "\nmake_pictures: can not write %s\n", path);
            SDL_AtomicSet(&it->failed, 1);
            return 1;
        }
        const int made = SDL_AtomicAdd(&it->made, 1) + 1;
        if (made % 20 == 0) {
            fprintf(stderr, "\rmaking pictures, %d of %d", made, LOADING_PICTURES);
        }
    }
}

static bool are_there(const char *marker)
{
    char text[sizeof recipe] = {0};
    FILE *file = fopen(marker, "rb");
    if (file == NULL) {
        return false;
    }
    const size_t got = fread(text, 1, sizeof text, file);
    fclose(file);
    return got == sizeof recipe - 1 && memcmp(text, recipe, got) == 0;
}

static bool write_marker(const char *marker)
{
    FILE *file = fopen(marker, "wb");
    if (file == NULL) {
        return false;
    }
    const bool written = fputs(recipe, file) >= 0;
    return fclose(file) == 0 && written;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    maker it = {.folder = argv[1]};
    char marker[LOADING_PATH_BYTES];
    snprintf(marker, sizeof marker, "%s/complete", it.folder);
    if (are_there(marker)) {
        return 0;
    }
    remove(marker);
    enum { MOST_THREADS = 64 };
    SDL_Thread *threads[MOST_THREADS] = {NULL};
    const int cores = SDL_GetCPUCount() < MOST_THREADS ? SDL_GetCPUCount() : MOST_THREADS;
    for (int i = 1; i < cores; ++i) {
        threads[i] = SDL_CreateThread(make, "make pictures", &it);
    }
    make(&it);
    for (int i = 1; i < cores; ++i) {
        SDL_WaitThread(threads[i], NULL);
    }
    fprintf(stderr, "\r%40s\r", "");
    if (SDL_AtomicGet(&it.failed) != 0 || !write_marker(marker)) {
        fprintf(stderr, "make_pictures: the pictures in %s are not complete\n", it.folder);
        return 1;
    }
    return 0;
}
