/* Mip levels made on the processor: against the mean of the area that a pixel covers, in doubles; flat colours, sums
 * and places that must not drift; and memory that fails. The engine's calls of malloc come here: the linker's --wrap,
 * see tests/CMakeLists.txt. */
#include "check.h"

#include "../../engine/mips.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct {
    bool fails;
    int calls;
    size_t bytes; /* of the last */
} memory;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

void *__wrap_malloc(size_t size)
{
    ++memory.calls;
    memory.bytes = size;
    return memory.fails ? NULL : __real_malloc(size);
}

typedef struct level {
    const unsigned char *pixels;
    int width, height;
} level;

static level next_level(level of, const void *pixels)
{
    return (level){pixels, of.width / 2 + (of.width == 1), of.height / 2 + (of.height == 1)};
}

/* In blocks of their exact size, so that a sanitizer sees each step beyond. */
static pxe_picture picture_of(int width, int height, unsigned char (*value)(int x, int y, int channel))
{
    unsigned char *pixels = malloc((size_t)width * (size_t)height * 4);
    assert_non_null(pixels);
    for (int i = 0; i < 4 * width * height; ++i) {
        pixels[i] = value(i / 4 % width, i / 4 / width, i % 4);
    }
    return (pxe_picture){
        .pixmap = {.pixels = pixels, .width = width, .height = height, .format = PXC_RGBA8, .mipmaps = true}};
}

static level first_level(const pxe_picture *picture)
{
    return (level){picture->pixmap.pixels, picture->pixmap.width, picture->pixmap.height};
}

static void picture_end(pxe_picture *picture)
{
    free((void *)(uintptr_t)picture->pixmap.mip_pixels);
    free((void *)(uintptr_t)picture->pixmap.pixels);
}

/* Calls visit for each pair of levels, the larger one first. Result: levels below the first. */
static int each_level(const pxe_picture *picture, void (*visit)(level from, level to))
{
    const unsigned char *pixels = picture->pixmap.mip_pixels;
    int count = 0;
    level from = first_level(picture);
    while (from.width > 1 || from.height > 1) {
        const level to = next_level(from, pixels);
        visit(from, to);
        pixels += (size_t)to.width * (size_t)to.height * 4;
        from = to;
        ++count;
    }
    return count;
}

static unsigned char noise(int x, int y, int channel)
{
    uint64_t random = (uint64_t)y * 100003 + (uint64_t)x * 4 + (uint64_t)channel;
    return (unsigned char)random_below(&random, 256);
}

/* What a pixel of a side covers of the source's i-th, in pixels of the source. */
static double overlap(int source_px, int side_px, int place, int i)
{
    const double scale = (double)source_px / side_px;
    const double end = fmin(scale * (place + 1), i + 1);
    const double start = fmax(scale * place, i);
    return fmax(end - start, 0);
}

static double covered_mean(level from, level to, int x, int y, int channel)
{
    const double across = (double)from.width / to.width;
    const double down = (double)from.height / to.height;
    double sum = 0;
    for (int j = (int)(down * y); j < from.height && j < down * (y + 1); ++j) {
        for (int i = (int)(across * x); i < from.width && i < across * (x + 1); ++i) {
            sum += from.pixels[((size_t)j * (size_t)from.width + (size_t)i) * 4 + (size_t)channel] *
                   overlap(from.width, to.width, x, i) * overlap(from.height, to.height, y, j);
        }
    }
    return sum / (across * down);
}

/* Rounding takes a half; weights and sums of 16 bits may take a little more where sides are odd. */
static void assert_is_mean(level from, level to)
{
    const bool is_even = from.width % 2 == 0 && from.height % 2 == 0;
    for (int i = 0; i < 4 * to.width * to.height; ++i) {
        const int x = i / 4 % to.width;
        const int y = i / 4 / to.width;
        const double expected = covered_mean(from, to, x, y, i % 4);
        if (fabs(to.pixels[i] - expected) > (is_even ? 0.5 : 0.54) ||
            (is_even && to.pixels[i] != (int)(expected + 0.5))) {
            fail_msg("%d x %d to %d x %d, pixel (%d, %d), channel %d: expected %f, got %d", from.width,
                     from.height, to.width, to.height, x, y, i % 4, expected, to.pixels[i]);
        }
    }
}

static void each_pixel_is_the_mean_of_what_it_covers(void **state)
{
    (void)state;
    static const int sizes[][2] = {
        {2, 2},    {3, 3},    {2, 3},    {3, 2},    {1, 2},   {2, 1},     {1, 7},     {7, 1},    {5, 8},
        {8, 5},    {64, 64},  {127, 63}, {63, 127}, {511, 3}, {512, 3},   {513, 3},   {514, 5},  {515, 2},
        {1, 1023}, {1023, 1}, {1025, 4}, {1027, 9}, {3, 515}, {257, 259}, {480, 270}, {255, 256}};
    for (size_t i = 0; i < COUNT_OF(sizes); ++i) {
        pxe_picture picture = picture_of(sizes[i][0], sizes[i][1], noise);
        assert_true(pxe_picture_add_mips(&picture));
        assert_true(each_level(&picture, assert_is_mean) > 0);
        picture_end(&picture);
    }
}

/* As wide as decoders let pictures be: weights are coarsest there. */
static void the_widest_pictures_are_no_less_exact(void **state)
{
    (void)state;
    static const int sizes[][2] = {{16383, 1}, {16383, 3}, {1, 16383}, {3, 16383}, {32767, 1}, {16384, 3}};
    for (size_t i = 0; i < COUNT_OF(sizes); ++i) {
        pxe_picture picture = picture_of(sizes[i][0], sizes[i][1], noise);
        assert_true(pxe_picture_add_mips(&picture));
        assert_in_range(each_level(&picture, assert_is_mean), 13, 14);
        picture_end(&picture);
    }
}

static unsigned char flat_color[4];

static unsigned char flat(int x, int y, int channel)
{
    (void)x;
    (void)y;
    return flat_color[channel];
}

static void assert_is_flat(level from, level to)
{
    for (int i = 0; i < 4 * to.width * to.height; ++i) {
        if (to.pixels[i] != flat_color[i % 4]) {
            fail_msg("%d x %d to %d x %d: expected %d, got %d", from.width, from.height, to.width, to.height,
                     flat_color[i % 4], to.pixels[i]);
        }
    }
}

static void flat_colors_stay_as_they_are_in_every_level_of_every_size(void **state)
{
    (void)state;
    for (int width = 1; width <= 70; ++width) {
        for (int height = 1; height <= 70; ++height) {
            const unsigned char some = (unsigned char)(width * 71 + height);
            memcpy(flat_color, (unsigned char[]){255, some, 0, (unsigned char)(some ^ 128)}, 4);
            pxe_picture picture = picture_of(width, height, flat);
            assert_true(pxe_picture_add_mips(&picture));
            each_level(&picture, assert_is_flat);
            picture_end(&picture);
        }
    }
}

static void every_value_stays_as_it_is_across_a_long_row(void **state)
{
    (void)state;
    for (int value = 0; value < 256; ++value) {
        memset(flat_color, value, sizeof flat_color);
        pxe_picture picture = picture_of(1023, 3, flat);
        assert_true(pxe_picture_add_mips(&picture));
        assert_int_equal(each_level(&picture, assert_is_flat), 9);
        picture_end(&picture);
    }
}

/* Of the red channel: its mean, and where its mass lies, as a part of the sides. */
typedef struct mass {
    double mean, x, y;
} mass;

static mass mass_of(level of)
{
    mass sum = {0};
    for (int i = 0; i < of.width * of.height; ++i) {
        const double value = of.pixels[(size_t)i * 4];
        sum.mean += value;
        sum.x += value * (i % of.width + 0.5) / of.width;
        sum.y += value * (i / of.width + 0.5) / of.height;
    }
    return (mass){sum.mean / of.width / of.height, sum.x / sum.mean, sum.y / sum.mean};
}

static mass first_mass;

static void assert_sum_stays(level from, level to)
{
    const mass seen = mass_of(to);
    if (fabs(seen.mean - first_mass.mean) > 1) {
        fail_msg("%d x %d to %d x %d: the mean was %f and is %f", from.width, from.height, to.width,
                 to.height, first_mass.mean, seen.mean);
    }
}

static void assert_place_stays(level from, level to)
{
    const mass seen = mass_of(to);
    const bool says_where = to.width >= 15 && to.height >= 15; /* else a pixel is too large for it */
    if (says_where && (fabs(seen.x - first_mass.x) > 0.004 || fabs(seen.y - first_mass.y) > 0.004)) {
        fail_msg("%d x %d to %d x %d: the mass was at %f, %f and is at %f, %f", from.width, from.height,
                 to.width, to.height, first_mass.x, first_mass.y, seen.x, seen.y);
    }
}

static void check_masses(unsigned char (*value)(int x, int y, int channel),
                         void (*visit)(level from, level to))
{
    static const int sizes[][2] = {{127, 127}, {128, 127}, {127, 128}};
    for (size_t i = 0; i < COUNT_OF(sizes); ++i) {
        pxe_picture picture = picture_of(sizes[i][0], sizes[i][1], value);
        first_mass = mass_of(first_level(&picture));
        assert_true(pxe_picture_add_mips(&picture));
        assert_in_range(each_level(&picture, visit), 6, 7);
        picture_end(&picture);
    }
}

static unsigned char spot(int x, int y, int channel)
{
    (void)channel;
    return x >= 90 && x < 110 && y >= 85 && y < 120 ? 250 : 0;
}

/* Every level of 127 pixels is odd. To leave out a last column of each would move the spot by 0.02. */
static void nothing_moves_from_level_to_level(void **state)
{
    (void)state;
    check_masses(spot, assert_place_stays);
    check_masses(noise, assert_place_stays);
}

static unsigned char right_edge(int x, int y, int channel)
{
    (void)y;
    (void)channel;
    return x == 126 ? 255 : 0;
}

static unsigned char lower_edge(int x, int y, int channel)
{
    return right_edge(y, x, channel);
}

static void nothing_gets_lost_at_the_edge(void **state)
{
    (void)state;
    check_masses(right_edge, assert_sum_stays);
    check_masses(lower_edge, assert_sum_stays);
    check_masses(spot, assert_sum_stays);
    check_masses(noise, assert_sum_stays);
}

/* As many bytes as the cache reads: its own sum of the levels, and no more. */
static void levels_take_the_bytes_that_the_cache_counts(void **state)
{
    (void)state;
    for (int width = 1; width <= 40; ++width) {
        for (int height = 1; height <= 40; ++height) {
            const size_t bytes = pxc_texture_cost(PXC_RGBA8, width, height, true) -
                                 pxc_texture_cost(PXC_RGBA8, width, height, false);
            assert_int_equal(pxe_mips_bytes(width, height), bytes);
            pxe_picture picture = picture_of(width, height, noise);
            memory.calls = 0;
            assert_true(pxe_picture_add_mips(&picture));
            assert_int_equal(memory.calls, bytes == 0 ? 0 : 1);
            assert_true(bytes == 0 || memory.bytes == bytes);
            picture_end(&picture);
        }
    }
}

static void one_pixel_has_no_levels_and_needs_no_memory(void **state)
{
    (void)state;
    pxe_picture picture = picture_of(1, 1, noise);
    memory.fails = true;
    const bool added = pxe_picture_add_mips(&picture);
    memory.fails = false;
    assert_true(added);
    assert_null(picture.pixmap.mip_pixels);
    picture_end(&picture);
}

static void the_picture_itself_is_only_read(void **state)
{
    (void)state;
    pxe_picture picture = picture_of(37, 23, noise);
    assert_true(pxe_picture_add_mips(&picture));
    for (int i = 0; i < 4 * 37 * 23; ++i) {
        assert_int_equal(first_level(&picture).pixels[i], noise(i / 4 % 37, i / 4 / 37, i % 4));
    }
    picture_end(&picture);
}

static void without_memory_the_picture_is_as_it_was(void **state)
{
    (void)state;
    pxe_picture picture = picture_of(6, 5, noise);
    const pxe_picture before = picture;
    memory.fails = true;
    const bool added = pxe_picture_add_mips(&picture);
    memory.fails = false;
    assert_false(added);
    assert_memory_equal(&picture, &before, sizeof picture);
    assert_true(pxe_picture_add_mips(&picture));
    assert_int_equal(each_level(&picture, assert_is_mean), 2);
    picture_end(&picture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pixel_is_the_mean_of_what_it_covers),
        cmocka_unit_test(the_widest_pictures_are_no_less_exact),
        cmocka_unit_test(flat_colors_stay_as_they_are_in_every_level_of_every_size),
        cmocka_unit_test(every_value_stays_as_it_is_across_a_long_row),
        cmocka_unit_test(nothing_moves_from_level_to_level),
        cmocka_unit_test(nothing_gets_lost_at_the_edge),
        cmocka_unit_test(levels_take_the_bytes_that_the_cache_counts),
        cmocka_unit_test(one_pixel_has_no_levels_and_needs_no_memory),
        cmocka_unit_test(the_picture_itself_is_only_read),
        cmocka_unit_test(without_memory_the_picture_is_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
