/* Writes the first inputs for the fuzzers into the folders given, cache and decode: random calls of fixed seeds, and
 * small pictures of every kind that the decoder reads. What the fuzzers add to them is in corpus/, too. */
#include "picture_files.h"
#include "tiny_jpeg.h"

static void write_input(const char *folder, const char *name, const buffer *content)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    write_file(path, content->bytes, content->size);
}

static void write_calls(const char *folder)
{
    for (uint64_t run = 0; run < 16; ++run) {
        uint64_t seed = 1000 + run;
        char name[32];
        buffer content = {0};
        for (size_t i = 0; i < 1500; ++i) {
            buffer_add_byte(&content, random_below(&seed, 256));
        }
        snprintf(name, sizeof name, "random_%02d", (int)run);
        write_input(folder, name, &content);
        buffer_free(&content);
    }
}

/* Twice: as it is, and scaled down to 5 px. */
static void write_picture(const char *folder, const char *name, const void *bytes, size_t size)
{
    for (int fit_px = 0; fit_px <= 5; fit_px += 5) {
        char full_name[64];
        buffer content = {0};
        buffer_add_byte(&content, (unsigned)fit_px);
        buffer_add(&content, bytes, size);
        snprintf(full_name, sizeof full_name, "%s_fit_%d", name, fit_px);
        write_input(folder, full_name, &content);
        buffer_free(&content);
    }
}

static void write_pngs(const char *folder)
{
    static const int colors[] = {PNG_GREY, PNG_RGB, PNG_PALETTE, PNG_GREY_ALPHA, PNG_RGBA};
    static const unsigned char palette[] = {10, 20, 30, 200, 100, 0, 1, 2, 3, 250, 251, 252};
    static const unsigned char alphas[] = {0, 128, 255};
    static const int bits[] = {1, 2, 8, 16};
    unsigned char rows[12 * 7 * 8];
    for (size_t i = 0; i < sizeof rows; ++i) {
        rows[i] = (unsigned char)(i * 37);
    }
    for (size_t c = 0; c < COUNT_OF(colors); ++c) {
        for (size_t b = 0; b < COUNT_OF(bits); ++b) {
            const bool packed = colors[c] == PNG_GREY || colors[c] == PNG_PALETTE;
            if ((bits[b] < 8 && !packed) || (bits[b] != 2 && colors[c] == PNG_PALETTE)) {
                continue;
            }
            png_shape shape = {.width = 12, .height = 7, .bits = bits[b], .color = colors[c]};
            if (colors[c] == PNG_PALETTE) {
                shape.palette = palette;
                shape.colors = 4;
                shape.alphas = alphas;
                shape.alpha_count = sizeof alphas;
            }
            char name[32];
            buffer file = png_make(&shape, rows);
            snprintf(name, sizeof name, "png_%d_%d", colors[c], bits[b]);
            write_picture(folder, name, file.bytes, file.size);
            buffer_free(&file);
        }
    }
}

static void write_bmps(const char *folder)
{
    unsigned char rgba[9 * 6 * 4];
    for (size_t i = 0; i < sizeof rgba; ++i) {
        rgba[i] = (unsigned char)(i * 29);
    }
    for (int bits = 24; bits <= 32; bits += 8) {
        for (int top_down = 0; top_down <= 1; ++top_down) {
            char name[32];
            buffer file = bmp_make(9, 6, bits, top_down == 1, rgba);
            snprintf(name, sizeof name, "bmp_%d_%s", bits, top_down == 1 ? "down" : "up");
            write_picture(folder, name, file.bytes, file.size);
            buffer_free(&file);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: %s CACHE-FOLDER DECODE-FOLDER\n", argv[0]);
        return 2;
    }
    write_calls(argv[1]);
    write_pngs(argv[2]);
    write_bmps(argv[2]);
    write_picture(argv[2], "jpeg_base", tiny_base, sizeof tiny_base);
    write_picture(argv[2], "jpeg_progressive", tiny_prog, sizeof tiny_prog);
    write_picture(argv[2], "jpeg_grey", tiny_grey, sizeof tiny_grey);
    return 0;
}
