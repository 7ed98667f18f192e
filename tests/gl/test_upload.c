/* Promises 5 and 11 on a real OpenGL: what was handed over is what a texture shows, byte for byte, for every format,
 * size and stride, and a texture has the levels that it is counted for. Expectations come from pxc_format's words. */
#include "gl_fixture.h"

typedef struct size {
    int width, height;
} size;

static const size sizes[] = {{1, 1}, {3, 5}, {17, 9}, {64, 64}};
static const size mip_sizes[] = {{1, 1}, {2, 1}, {3, 5}, {17, 9}, {64, 64}, {1, 64}, {300, 7}};

/* A pixmap with that many bytes between its rows and none after the last; all bytes look random. */
static pxc_pixmap noise_pixmap(size dimensions, pxc_format format, int gap)
{
    pxc_pixmap pixmap = pixmap_new(dimensions.width, dimensions.height, format, gap);
    const size_t row_bytes = fake_gpu_row_bytes(format, dimensions.width);
    const size_t bytes = (row_bytes + (size_t)gap) * ((size_t)dimensions.height - 1) + row_bytes;
    unsigned char *pixels = (unsigned char *)(uintptr_t)pixmap.pixels;
    uint64_t random = (uint64_t)dimensions.width * 1000 + (uint64_t)gap * 10 + (uint64_t)format;
    for (size_t i = 0; i < bytes; ++i) {
        pixels[i] = (unsigned char)random_below(&random, 256);
    }
    return pixmap;
}

/* Every pixel is the same, and no channel is 0 or full. */
static pxc_pixmap flat_pixmap(size dimensions, pxc_format format)
{
    static const unsigned char pixel[4] = {0x6B, 0x93, 0x4D, 0xC8};
    pxc_pixmap pixmap = pixmap_new(dimensions.width, dimensions.height, format, 0);
    const size_t pixel_bytes = fake_gpu_row_bytes(format, 1);
    const size_t bytes = pixel_bytes * (size_t)dimensions.width * (size_t)dimensions.height;
    for (size_t i = 0; i < bytes; ++i) {
        ((unsigned char *)(uintptr_t)pixmap.pixels)[i] = pixel[i % pixel_bytes];
    }
    pixmap.mipmaps = true;
    return pixmap;
}

static void check_upload(gl_fixture *f, const pxc_pixmap *pixmap)
{
    const pxc_key key = gl_insert(f, pixmap);
    assert_shows(f, key, pixmap);
    assert_status(PXC_OK, pxc_remove(f->cache, key));
    assert_status(PXC_OK, pxc_frame_end(f->cache));
}

static void every_format_size_and_stride_arrives_byte_for_byte(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    for (int format = 0; format < FORMATS; ++format) {
        for (size_t i = 0; i < COUNT_OF(sizes); ++i) {
            const int row_bytes = (int)fake_gpu_row_bytes((pxc_format)format, sizes[i].width);
            const int gaps[] = {0,
                                (4 - row_bytes % 4) % 4,
                                (8 - row_bytes % 8) % 8,
                                1,
                                2,
                                3,
                                5,
                                7,
                                9,
                                4,
                                row_bytes,
                                7 * row_bytes + 4096 + 512,
                                1021};
            for (size_t g = 0; g < COUNT_OF(gaps); ++g) {
                pxc_pixmap pixmap = noise_pixmap(sizes[i], (pxc_format)format, gaps[g]);
                check_upload(&f, &pixmap);
                pixmap.stride = row_bytes + gaps[g]; /* a tight stride may be given as its number */
                check_upload(&f, &pixmap);
                pixmap.mipmaps = true;
                check_upload(&f, &pixmap);
                pixmap_free(&pixmap);
            }
        }
    }
    gl_close(&f);
}

/* Rows of 51 bytes: how many calls an upload takes decides how long it takes. A ring has no gaps. */
static void a_stride_that_opengl_can_say_goes_up_in_one_call(void **state)
{
    (void)state;
    static const struct {
        int gap;
        uint64_t calls;
    } cases[] = {{0, 1}, {1, 1}, {3, 1}, {5, 1}, {51, 1}, {4, 9}};
    gl_fixture f;
    gl_open(&f, 0);
    for (size_t i = 0; i < COUNT_OF(cases); ++i) {
        pxc_pixmap pixmap = noise_pixmap(sizes[2], PXC_RGB8, cases[i].gap);
        const uint64_t calls = spy.calls[SPY_TEX_SUB_IMAGE];
        check_upload(&f, &pixmap);
        assert_int_equal(spy.calls[SPY_TEX_SUB_IMAGE],
                         calls + (gl_way == PXC_UPLOAD_BUFFERS ? 1 : cases[i].calls));
        pixmap_free(&pixmap);
    }
    gl_close(&f);
}

static void a_replacement_arrives_byte_for_byte(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap first = noise_pixmap(sizes[0], PXC_R8, 0);
    const pxc_key key = gl_insert(&f, &first);
    for (int format = 0; format < FORMATS; ++format) {
        for (size_t i = 0; i < COUNT_OF(sizes); ++i) {
            pxc_pixmap pixmap = noise_pixmap(sizes[i], (pxc_format)format, (int)i);
            assert_ok(f.cache, pxc_replace(f.cache, key, &pixmap));
            assert_shows(&f, key, &pixmap);
            pixmap_free(&pixmap);
        }
    }
    pixmap_free(&first);
    gl_close(&f);
}

/* Two-byte pixels are stored as they are: no bit is lost, and none is added. */
static void packed_pixels_come_back_as_the_same_words(void **state)
{
    (void)state;
    static const size square = {256, 256};
    static const struct {
        pxc_format format;
        GLenum gl_format, type;
    } cases[] = {{PXC_RGB565, GL_RGB, GL_UNSIGNED_SHORT_5_6_5},
                 {PXC_RGBA4, GL_RGBA, GL_UNSIGNED_SHORT_4_4_4_4}};
    gl_fixture f;
    gl_open(&f, 0);
    for (size_t c = 0; c < COUNT_OF(cases); ++c) {
        pxc_pixmap pixmap = pixmap_new(square.width, square.height, cases[c].format, 0);
        uint16_t *words = (uint16_t *)(uintptr_t)pixmap.pixels;
        for (size_t i = 0; i < 65536; ++i) {
            words[i] = (uint16_t)i; /* every pixel that there is */
        }
        const pxc_texture texture = texture_of(f.cache, gl_insert(&f, &pixmap));
        void *seen = read_level(f.gl, texture.name, 0, cases[c].gl_format, cases[c].type);
        assert_memory_equal(seen, words, 65536 * sizeof *words);
        assert_pixels(f.gl, texture.name, &pixmap, tolerance_of(cases[c].format));
        free(seen);
        pixmap_free(&pixmap);
    }
    gl_close(&f);
}

/* Bits a pixel that GL stores. */
static int stored_bits(const gl_fixture *f, GLuint name, GLint level)
{
    return level_parameter(f->gl, name, level, GL_TEXTURE_RED_SIZE) +
           level_parameter(f->gl, name, level, GL_TEXTURE_GREEN_SIZE) +
           level_parameter(f->gl, name, level, GL_TEXTURE_BLUE_SIZE) +
           level_parameter(f->gl, name, level, GL_TEXTURE_ALPHA_SIZE);
}

/* Levels exist with the right sizes up to `last` and no further, and cost what the cache counts. */
static void check_levels(gl_fixture *f, const pxc_texture *texture, const pxc_pixmap *pixmap, GLint last)
{
    size_t bytes = 0;
    for (GLint level = 0; level <= last; ++level) {
        const int width = pixmap->width >> level > 1 ? pixmap->width >> level : 1;
        const int height = pixmap->height >> level > 1 ? pixmap->height >> level : 1;
        assert_int_equal(level_parameter(f->gl, texture->name, level, GL_TEXTURE_WIDTH), width);
        assert_int_equal(level_parameter(f->gl, texture->name, level, GL_TEXTURE_HEIGHT), height);
        bytes += (size_t)width * (size_t)height * (size_t)stored_bits(f, texture->name, level) / 8;
    }
    for (GLint level = last + 1; level < last + 4; ++level) {
        assert_int_equal(level_parameter(f->gl, texture->name, level, GL_TEXTURE_WIDTH), 0);
    }
    assert_int_equal(texture->cost, bytes);
    assert_int_equal(texture_parameter(f->gl, texture->name, GL_TEXTURE_MAX_LEVEL), last);
    assert_int_equal(f->gl->GetError(), GL_NO_ERROR);
}

static void check_flat(gl_fixture *f, const pxc_texture *texture, const pxc_pixmap *pixmap, GLint last)
{
    unsigned char expected[4];
    expected_pixel(pixmap, 0, 0, expected);
    for (GLint level = 0; level <= last; ++level) {
        const size_t count = (size_t)level_parameter(f->gl, texture->name, level, GL_TEXTURE_WIDTH) *
                             (size_t)level_parameter(f->gl, texture->name, level, GL_TEXTURE_HEIGHT);
        unsigned char *seen = read_level(f->gl, texture->name, level, GL_RGBA, GL_UNSIGNED_BYTE);
        for (size_t i = 0; i < 4 * count; ++i) {
            assert_in_range(seen[i] + 1, expected[i % 4] + 1 - tolerance_of(pixmap->format),
                            expected[i % 4] + 1 + tolerance_of(pixmap->format));
        }
        free(seen);
    }
}

static void mip_levels_reach_down_to_one_pixel_and_stay_flat(void **state)
{
    (void)state;
    static const GLint last_levels[] = {0, 1, 2, 4, 6, 6, 8};
    gl_fixture f;
    gl_open(&f, 0);
    for (int format = 0; format < FORMATS; ++format) {
        for (size_t i = 0; i < COUNT_OF(mip_sizes); ++i) {
            pxc_pixmap pixmap = flat_pixmap(mip_sizes[i], (pxc_format)format);
            const pxc_texture texture = texture_of(f.cache, gl_insert(&f, &pixmap));
            check_levels(&f, &texture, &pixmap, last_levels[i]);
            check_flat(&f, &texture, &pixmap, last_levels[i]);
            pixmap_free(&pixmap);
        }
    }
    gl_close(&f);
}

static void without_mipmaps_there_is_only_level_0(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    for (int format = 0; format < FORMATS; ++format) {
        for (size_t i = 0; i < COUNT_OF(mip_sizes); ++i) {
            pxc_pixmap pixmap = flat_pixmap(mip_sizes[i], (pxc_format)format);
            pixmap.mipmaps = false;
            const pxc_texture texture = texture_of(f.cache, gl_insert(&f, &pixmap));
            check_levels(&f, &texture, &pixmap, 0);
            pixmap_free(&pixmap);
        }
    }
    gl_close(&f);
}

/* Left half one colour, right half another: the last level but one still shows both, the last their mean. */
static void mip_levels_are_made_of_level_0(void **state)
{
    (void)state;
    static const unsigned char left[4] = {200, 10, 40, 255};
    static const unsigned char right[4] = {20, 90, 240, 55};
    pxc_pixmap pixmap = pixmap_new(64, 64, PXC_RGBA8, 0);
    for (size_t i = 0; i < 64 * 64; ++i) {
        memcpy((unsigned char *)(uintptr_t)pixmap.pixels + 4 * i, i % 64 < 32 ? left : right, 4);
    }
    pixmap.mipmaps = true;
    gl_fixture f;
    gl_open(&f, 0);
    const pxc_texture texture = texture_of(f.cache, gl_insert(&f, &pixmap));
    unsigned char *four = read_level(f.gl, texture.name, 5, GL_RGBA, GL_UNSIGNED_BYTE);
    unsigned char *one = read_level(f.gl, texture.name, 6, GL_RGBA, GL_UNSIGNED_BYTE);
    for (size_t i = 0; i < 4; ++i) {
        assert_int_equal(four[i], left[i]);
        assert_int_equal(four[4 + i], right[i]);
        assert_int_equal(four[8 + i], left[i]);
        assert_int_equal(four[12 + i], right[i]);
        assert_in_range(one[i], (left[i] + right[i]) / 2 - 1, (left[i] + right[i]) / 2 + 1);
    }
    free(one);
    free(four);
    pixmap_free(&pixmap);
    gl_close(&f);
}

static void filters_are_linear_and_edges_are_clamped(void **state)
{
    (void)state;
    static const GLenum names[] = {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER, GL_TEXTURE_WRAP_S,
                                   GL_TEXTURE_WRAP_T};
    static const GLint expected[2][4] = {
        {GL_LINEAR, GL_LINEAR, GL_CLAMP_TO_EDGE, GL_CLAMP_TO_EDGE},
        {GL_LINEAR_MIPMAP_LINEAR, GL_LINEAR, GL_CLAMP_TO_EDGE, GL_CLAMP_TO_EDGE}};
    gl_fixture f;
    gl_open(&f, 0);
    for (int mipmaps = 0; mipmaps < 2; ++mipmaps) {
        pxc_pixmap pixmap = flat_pixmap(sizes[2], PXC_RGBA8);
        pixmap.mipmaps = mipmaps == 1;
        const pxc_texture texture = texture_of(f.cache, gl_insert(&f, &pixmap));
        for (size_t i = 0; i < COUNT_OF(names); ++i) {
            assert_int_equal(texture_parameter(f.gl, texture.name, names[i]), expected[mipmaps][i]);
        }
        pixmap_free(&pixmap);
    }
    gl_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_size_and_stride_arrives_byte_for_byte),
        cmocka_unit_test(a_stride_that_opengl_can_say_goes_up_in_one_call),
        cmocka_unit_test(a_replacement_arrives_byte_for_byte),
        cmocka_unit_test(packed_pixels_come_back_as_the_same_words),
        cmocka_unit_test(mip_levels_reach_down_to_one_pixel_and_stay_flat),
        cmocka_unit_test(without_mipmaps_there_is_only_level_0),
        cmocka_unit_test(mip_levels_are_made_of_level_0),
        cmocka_unit_test(filters_are_linear_and_edges_are_clamped),
    };
    int failed = cmocka_run_group_tests(tests, open_window, close_window);
    gl_way = PXC_UPLOAD_BUFFERS;
    failed += cmocka_run_group_tests(tests, open_window, close_window);
    return failed;
}
