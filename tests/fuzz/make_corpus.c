/* Writes the first inputs for the fuzzers into the folders given, cache and decode: random calls of fixed seeds, and
 * small pictures of every kind that the decoder reads or must refuse. What the fuzzers add is in corpus/, too. */
#include "fault_files.h"

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

/* Each fault of stb_image that tests/engine/test_decode_faults.c names, and each limit. */
static void write_faults(const char *folder)
{
    const png_shape pixel = {.width = 1, .height = 1, .bits = 8, .color = PNG_RGBA};
    const png_shape flat = {.width = 120, .height = 120, .bits = 1, .color = PNG_GREY};
    const struct {
        const char *name;
        buffer file;
    } faults[] = {
        {"fault_gif", gif_make(16, 16, 4, 3)},
        {"fault_gif_of_no_size", gif_make(0, 0, 3, 0)},
        {"fault_tga_short", tga_short()},
        {"fault_pnm_short", pnm_short()},
        {"fault_jpeg_large_sums", jpeg_of_large_sums(32)},
        {"fault_jpeg_ends_in_a_code", jpeg_that_ends_in_a_code()},
        {"fault_jpeg_codes", jpeg_of_codes(257)},
        {"fault_png_past_palette", png_past_palette()},
        {"fault_png_greedy", png_zeros(&pixel, (size_t)1 << 20)},
        {"fault_png_ratio", png_zeros(&flat, 0)},
    };
    for (size_t i = 0; i < COUNT_OF(faults); ++i) {
        buffer file = faults[i].file;
        write_picture(folder, faults[i].name, file.bytes, file.size);
        buffer_free(&file);
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
    write_faults(argv[2]);
    write_picture(argv[2], "jpeg_base", tiny_base, sizeof tiny_base);
    write_picture(argv[2], "jpeg_progressive", tiny_prog, sizeof tiny_prog);
    write_picture(argv[2], "jpeg_grey", tiny_grey, sizeof tiny_grey);
    return 0;
}
