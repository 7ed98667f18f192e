/* Random damage to small pictures: refused with a text or decoded to a sound picture, never a crash, never a leak. */
#include "decode_check.h"
#include "tiny_jpeg.h"

enum { ROUNDS = 2000, SEED = 20240607 };

/* Small, so that a header that grew does not cost a second each. */
static const pxe_decode_limits limits = {.decoded_bytes = (size_t)1 << 20};

static void assert_sound(pxe_picture *picture)
{
    const unsigned char *pixels = picture->pixmap.pixels;
    const size_t count = (size_t)picture->pixmap.width * (size_t)picture->pixmap.height;
    assert_true(picture->pixmap.width >= 1 && picture->pixmap.height >= 1);
    assert_true(count * 4 <= limits.decoded_bytes);
    for (size_t i = 0; i < count * 4; i += 4) {
        assert_true(pixels[i] <= pixels[i + 3] && pixels[i + 1] <= pixels[i + 3] &&
                    pixels[i + 2] <= pixels[i + 3]);
    }
    pxe_picture_free(picture);
}

static void damage(unsigned char *bytes, size_t size, uint64_t *seed)
{
    const uint32_t flips = 1 + random_below(seed, 8);
    for (uint32_t i = 0; i < flips; ++i) {
        unsigned char *at = bytes + random_below(seed, (uint32_t)size);
        switch (random_below(seed, 3)) {
        case 0:
            *at ^= (unsigned char)(1U << random_below(seed, 8));
            break;
        case 1:
            *at = (unsigned char)random_below(seed, 256);
            break;
        default:
            *at = random_below(seed, 2) != 0 ? 0xFF : 0;
            break;
        }
    }
}

static void survive_damage(const void *bytes, size_t size)
{
    uint64_t seed = SEED;
    int refused = 0;
    int accepted = 0;
    for (int i = 0; i < ROUNDS; ++i) {
        unsigned char *copy = malloc(size);
        pxe_picture picture = dirty_picture();
        pxe_error error = {""};
        const int fit_px = i % 4 == 0 ? 1 + i % 7 : 0;
        assert_non_null(copy);
        memcpy(copy, bytes, size);
        damage(copy, size, &seed);
        if (pxe_picture_decode(copy, size, &(pxe_decode_options){.fit_px = fit_px, .limits = limits},
                               &picture, &error)) {
            assert_sound(&picture);
            ++accepted;
        } else {
            assert_no_picture(&picture);
            assert_says(&error, "");
            ++refused;
        }
        free(copy);
    }
    print_message("seed %d: %d refused, %d decoded\n", SEED, refused, accepted);
    assert_true(refused != 0 && accepted != 0); /* else the damage was too large or too small to tell */
}

static void damaged_pngs(void **state)
{
    (void)state;
    unsigned char rows[17 * 9 * 4];
    uint64_t seed = 1;
    for (size_t i = 0; i < sizeof rows; ++i) {
        rows[i] = (unsigned char)random_below(&seed, 256);
    }
    buffer file = png_make(&(png_shape){.width = 17, .height = 9, .bits = 8, .color = PNG_RGBA}, rows);
    survive_damage(file.bytes, file.size);
    buffer_free(&file);
    file = png_make(&(png_shape){.width = 8, .height = 9, .bits = 16, .color = PNG_RGB}, rows);
    survive_damage(file.bytes, file.size);
    buffer_free(&file);
    const png_shape indexed = {.width = 33,
                               .height = 5,
                               .bits = 4,
                               .color = PNG_PALETTE,
                               .palette = rows,
                               .colors = 16,
                               .alphas = rows,
                               .alpha_count = 3};
    file = png_make(&indexed, rows + 100);
    survive_damage(file.bytes, file.size);
    buffer_free(&file);
}

/* The assets were packed by a real compressor: Huffman codes, filters, back references. */
static void damaged_packed_pngs(void **state)
{
    (void)state;
    buffer file = read_file(source_path("assets/sprites/heart.png"));
    survive_damage(file.bytes, file.size);
    buffer_free(&file);
}

static void damaged_jpegs(void **state)
{
    (void)state;
    survive_damage(tiny_base, sizeof tiny_base);
    survive_damage(tiny_prog, sizeof tiny_prog);
    survive_damage(tiny_grey, sizeof tiny_grey);
}

static void damaged_bmps(void **state)
{
    (void)state;
    unsigned char rgba[9 * 7 * 4];
    for (size_t i = 0; i < sizeof rgba; ++i) {
        rgba[i] = (unsigned char)(i * 37);
    }
    for (int i = 0; i < 4; ++i) {
        buffer file = bmp_make(9, 7, i % 2 != 0 ? 24 : 32, i / 2 != 0, rgba);
        survive_damage(file.bytes, file.size);
        buffer_free(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_pngs),
        cmocka_unit_test(damaged_packed_pngs),
        cmocka_unit_test(damaged_jpegs),
        cmocka_unit_test(damaged_bmps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
