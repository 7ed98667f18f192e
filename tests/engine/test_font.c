/* Fonts: files of every kind that is read, files that are damaged at each byte, memory that fails. Pixels of
 * glyphs are known from the tiny font's outlines. The engine's calls of malloc come here: see
 * tests/CMakeLists.txt. */
#include "engine_fixture.h"
#include "tiny_font.h"
#include "wrapped_malloc.h"

#include "../../engine/font.h"
#include "../../engine/outline.h"

#include <math.h>

static const tiny_font kinds[] = {
    {.kerning = TINY_KERN},
    {.kerning = TINY_GPOS_PAIRS, .format_12 = true, .short_offsets = true},
    {.kerning = TINY_GPOS_CLASSES, .in_collection = true},
    {.kerning = TINY_KERN, .cff = true, .format_12 = true},
    {.kerning = TINY_UNKERNED, .cff = true, .in_collection = true},
    {.kerning = TINY_UNKERNED}, /* outlines at the file's end */
    {.kerning = TINY_GPOS_PLACES},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static const float px_per_unit = 0.01F; /* lines of ten pixels */

static pxe_font_file read_font(const buffer *bytes)
{
    pxe_font_file file;
    pxe_error error = {""};
    if (!pxe_font_file_read(bytes->bytes, bytes->size, &file, &error)) {
        fail_msg("no font: %s", error.text);
    }
    return file;
}

/* A pixel to the right of the pen and below the baseline. */
static int coverage_at(const pxe_coverage *of, int x, int y)
{
    const int column = x - of->x;
    const int row = y - of->y;
    return column < 0 || row < 0 || column >= of->width || row >= of->height
               ? 0
               : of->bytes[row * of->width + column];
}

static void each_kind(void (*check)(const tiny_font *kind, const pxe_font_file *file))
{
    for (int i = 0; i < KINDS; ++i) {
        buffer bytes = tiny_font_make(&kinds[i]);
        const pxe_font_file file = read_font(&bytes);
        check(&kinds[i], &file);
        buffer_free(&bytes);
    }
}

static void check_letters(const tiny_font *kind, const pxe_font_file *file)
{
    assert_int_equal(file->ascender, 800);
    assert_int_equal(file->descender, -200);
    assert_int_equal(pxe_font_file_glyph(file, ' '), 1);
    for (uint32_t i = 0; i < 4; ++i) {
        assert_int_equal(pxe_font_file_glyph(file, 'A' + i), 2 + i);
    }
    const uint32_t absent[] = {0,       31,      33,      '@',     'E',      0xFFFF,
                               0x10000, 0x10041, 0x1F5FF, 0x1F601, 0x10FFFF, UINT32_MAX};
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; ++i) {
        assert_int_equal(pxe_font_file_glyph(file, absent[i]), 0);
    }
    assert_int_equal(pxe_font_file_glyph(file, 0x1F600), kind->format_12 ? 2 : 0);
}

static void characters_lead_to_their_glyphs(void **state)
{
    (void)state;
    each_kind(check_letters);
}

static void check_widths(const tiny_font *kind, const pxe_font_file *file)
{
    static const int advances[TINY_GLYPHS] = {500, 500, 600, 500, 700, 900};
    for (uint32_t i = 0; i < TINY_GLYPHS; ++i) {
        assert_int_equal(pxe_font_file_advance(file, i), advances[i]);
        for (uint32_t k = 0; k < TINY_GLYPHS; ++k) {
            const int kerning = i == 2 && k == 3 ? -200 : i == 3 && k == 2 ? -100 : 0;
            assert_int_equal(pxe_font_file_kerning(file, i, k),
                             kind->kerning >= TINY_GPOS_PLACES ? 0 : kerning);
        }
    }
    assert_int_equal(pxe_font_file_advance(file, 60000), 900); /* the last width goes on */
}

static void widths_and_kerning_are_those_of_the_tables(void **state)
{
    (void)state;
    each_kind(check_widths);
}

static void assert_square(const pxe_font_file *file, uint32_t glyph, int left, int bottom)
{
    pxe_coverage out;
    assert_int_equal(pxe_outline_draw(file, glyph, px_per_unit, &out), PXE_DRAWN);
    for (int y = -12; y < 4; ++y) {
        for (int x = -3; x < 14; ++x) {
            const bool inside = x >= left && x < left + 4 && y >= bottom - 4 && y < bottom;
            assert_int_equal(coverage_at(&out, x, y), inside ? 255 : 0);
        }
    }
    free(out.bytes);
}

/* A right angle at the baseline: whole pixels below the hypotenuse, halves along it. */
static void assert_triangle(const pxe_font_file *file)
{
    pxe_coverage out;
    assert_int_equal(pxe_outline_draw(file, 3, px_per_unit, &out), PXE_DRAWN);
    for (int y = 0; y < 6; ++y) {
        for (int x = -2; x < 6; ++x) {
            const int expected = x < 0 || x + y > 3 ? 0 : x + y == 3 ? 128 : 255;
            assert_in_range(coverage_at(&out, x, -1 - y) + 1, (unsigned)expected, (unsigned)expected + 2);
        }
    }
    free(out.bytes);
}

static double area_of(const pxe_font_file *file, uint32_t glyph, float scale)
{
    pxe_coverage out;
    double sum = 0;
    assert_int_equal(pxe_outline_draw(file, glyph, scale, &out), PXE_DRAWN);
    for (int i = 0; i < out.width * out.height; ++i) {
        sum += out.bytes[i] / 255.0;
    }
    for (int x = 0; x < out.width; ++x) { /* an empty pixel around */
        assert_int_equal(out.bytes[x] + out.bytes[(out.height - 1) * out.width + x], 0);
    }
    for (int y = 0; y < out.height; ++y) {
        assert_int_equal(out.bytes[y * out.width] + out.bytes[y * out.width + out.width - 1], 0);
    }
    free(out.bytes);
    return sum;
}

/* The area within four parabolas through the middles of a square's sides is 5/6 of it; a circle's is pi /
 * 4. */
static void assert_round(const tiny_font *kind, const pxe_font_file *file)
{
    const double side = 160;
    const double expected = side * side * (kind->cff ? acos(-1) / 4 : 5.0 / 6);
    const double area = area_of(file, 5, (float)side / 800);
    if (fabs(area - expected) > expected * 0.005) {
        fail_msg("area %f instead of %f", area, expected);
    }
}

static void check_outlines(const tiny_font *kind, const pxe_font_file *file)
{
    pxe_coverage out;
    for (uint32_t glyph = 0; glyph < 2; ++glyph) {
        assert_int_equal(pxe_outline_draw(file, glyph, px_per_unit, &out), PXE_DRAWN);
        assert_null(out.bytes);
    }
    assert_square(file, 2, 1, 0);
    assert_square(file, 4, 3, -1);
    assert_triangle(file);
    assert_round(kind, file);
}

static void outlines_cover_what_they_enclose(void **state)
{
    (void)state;
    each_kind(check_outlines);
}

static void a_glyph_larger_than_any_is_refused(void **state)
{
    (void)state;
    buffer bytes = tiny_font_make(&kinds[0]);
    const pxe_font_file file = read_font(&bytes);
    pxe_coverage out;
    for (float scale = 16; scale < 1e30F; scale *= 10) {
        assert_int_equal(pxe_outline_draw(&file, 5, scale, &out), PXE_DRAWN_DAMAGED);
        assert_null(out.bytes);
    }
    buffer_free(&bytes);
}

/* Opens it if it is still a font, and does with it all that text does. The bytes lie in a block of their
 * size, so that the sanitizer sees each read beyond. Result: whether it was one. */
static bool use(const unsigned char *bytes, size_t size)
{
    unsigned char *exact = malloc(size != 0 ? size : 1);
    pxe_font_file file;
    pxe_error error = {""};
    assert_non_null(exact);
    memcpy(exact, bytes, size);
    const bool opened = pxe_font_file_read(exact, size, &file, &error);
    if (opened) {
        for (uint32_t character = 0; character < 128; ++character) {
            pxe_font_file_glyph(&file, character);
        }
        pxe_font_file_glyph(&file, 0x1F600);
        const float scale = 20.0F / (float)(file.ascender - file.descender);
        for (uint32_t glyph = 0; glyph < TINY_GLYPHS + 2; ++glyph) {
            pxe_coverage out;
            pxe_font_file_advance(&file, glyph);
            pxe_font_file_kerning(&file, 2, glyph);
            pxe_font_file_kerning(&file, glyph, 3);
            const pxe_drawn drawn = pxe_outline_draw(&file, glyph, scale, &out);
            assert_true(drawn == PXE_DRAWN || out.bytes == NULL);
            free(out.bytes);
        }
    } else {
        assert_says(&error, "font");
    }
    free(exact);
    return opened;
}

static void a_font_cut_anywhere_is_refused_or_stays_in_bounds(void **state)
{
    (void)state;
    for (int i = 0; i < KINDS; ++i) {
        buffer bytes = tiny_font_make(&kinds[i]);
        int opened = 0;
        for (size_t size = 0; size <= bytes.size; ++size) {
            opened += use(bytes.bytes, size) ? 1 : 0;
        }
        assert_in_range(opened, 1, bytes.size / 5); /* whole, and cut in the last table: kerning */
        buffer_free(&bytes);
    }
}

static void a_font_with_any_byte_changed_stays_in_bounds(void **state)
{
    static const unsigned char changes[] = {0x01, 0x80, 0xFF, 0x7F};
    (void)state;
    for (int i = 0; i < KINDS; ++i) {
        buffer bytes = tiny_font_make(&kinds[i]);
        for (size_t at = 0; at < bytes.size; ++at) {
            for (size_t k = 0; k < sizeof changes; ++k) {
                bytes.bytes[at] ^= changes[k];
                use(bytes.bytes, bytes.size);
                bytes.bytes[at] ^= changes[k];
            }
        }
        buffer_free(&bytes);
    }
}

static void a_font_with_many_bytes_changed_stays_in_bounds(void **state)
{
    (void)state;
    const char *chosen = getenv("PXC_TEST_SEED");
    uint64_t random = chosen != NULL ? strtoull(chosen, NULL, 10) : 20260711;
    print_message("seed %llu\n", (unsigned long long)random);
    for (int round = 0; round < 4000; ++round) {
        buffer bytes = tiny_font_make(&kinds[round % KINDS]);
        const uint32_t count = 1 + random_below(&random, 8);
        for (uint32_t i = 0; i < count; ++i) {
            bytes.bytes[random_below(&random, (uint32_t)bytes.size)] =
                (unsigned char)random_below(&random, 256);
        }
        use(bytes.bytes, bytes.size);
        buffer_free(&bytes);
    }
}

/* Where the table glyf begins in the first kind. */
static unsigned char *glyf_of(const buffer *bytes)
{
    for (size_t at = 12; at + 16 <= bytes->size; at += 16) {
        if (memcmp(bytes->bytes + at, "glyf", 4) == 0) {
            const unsigned char *offset = bytes->bytes + at + 8;
            return bytes->bytes + ((size_t)offset[2] << 8 | offset[3]);
        }
    }
    fail();
    return NULL;
}

static void assert_glyph_is_damaged(const buffer *bytes, uint32_t glyph)
{
    pxe_coverage out;
    const pxe_font_file file = read_font(bytes);
    assert_int_equal(pxe_outline_draw(&file, glyph, px_per_unit, &out), PXE_DRAWN_DAMAGED);
    assert_null(out.bytes);
}

/* The compound glyph follows the square and the triangle, of 32 and 28 bytes. */
static void a_glyph_that_is_part_of_itself_is_damaged(void **state)
{
    (void)state;
    buffer bytes = tiny_font_make(&kinds[0]);
    unsigned char *compound = glyf_of(&bytes) + 32 + 28;
    assert_int_equal(compound[0], 0xFF);
    assert_int_equal(compound[13], 2);
    compound[13] = 4;
    assert_glyph_is_damaged(&bytes, 4);
    buffer_free(&bytes);
}

static void a_contour_of_one_point_off_the_curve_is_damaged(void **state)
{
    (void)state;
    buffer bytes = tiny_font_make(&kinds[0]);
    unsigned char *square = glyf_of(&bytes);
    square[11] = 0; /* the contour ends at point 0 */
    square[14] = 0; /* which is off the curve */
    assert_glyph_is_damaged(&bytes, 2);
    buffer_free(&bytes);
}

/* ---- The whole way, with files and a cache
 * ----------------------------------------------------------------------*/

static stage s;
static folder in;

static int open_stage(void **state)
{
    (void)state;
    folder_open(&in);
    stage_open(&s, 64, 48);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&s);
    folder_close(&in);
    return 0;
}

static void what_is_no_font_says_so(void **state)
{
    (void)state;
    pxe_font *font = (pxe_font *)&s;
    pxe_error error = {""};
    assert_false(pxe_font_open(s.engine->cache, path_in(&in, "absent.ttf"), &font, &error));
    assert_null(font);
    assert_says(&error, "absent.ttf");
    assert_says(&error, "No such file");
    write_png_flat(path_in(&in, "picture.ttf"), 40, 40, 0xFF00FFFF);
    assert_false(pxe_font_open(s.engine->cache, path_in(&in, "picture.ttf"), &font, &error));
    assert_says(&error, "is no TrueType");
    write_file(path_in(&in, "empty.ttf"), "", 0);
    assert_false(pxe_font_open(s.engine->cache, path_in(&in, "empty.ttf"), &font, NULL));
    assert_null(font);
}

static void a_font_knows_its_path(void **state)
{
    (void)state;
    pxe_font *font = NULL;
    tiny_font_write(&kinds[0], path_in(&in, "tiny.ttf"));
    assert_true(pxe_font_open(s.engine->cache, path_in(&in, "tiny.ttf"), &font, NULL));
    assert_string_equal(pxe_font_path(font), path_in(&in, "tiny.ttf"));
    pxe_font_close(font);
    font = pxe_font_built_in(s.engine->cache);
    assert_null(pxe_font_path(font));
    pxe_font_close(font);
    pxe_font_close(NULL);
}

static void the_environment_chooses_the_systems_font(void **state)
{
    (void)state;
    pxe_font *font = NULL;
    tiny_font_write(&kinds[0], path_in(&in, "tiny.ttf"));
    assert_int_equal(setenv("PXE_FONT", path_in(&in, "tiny.ttf"), 1), 0);
    assert_true(pxe_font_open(s.engine->cache, NULL, &font, NULL));
    assert_string_equal(pxe_font_path(font), path_in(&in, "tiny.ttf"));
    pxe_font_close(font);
    assert_int_equal(setenv("PXE_FONT", path_in(&in, "absent.ttf"), 1), 0);
    assert_true(
        pxe_font_open(s.engine->cache, NULL, &font, NULL)); /* another one, or the one that is built in */
    assert_true(pxe_font_path(font) == NULL || strstr(pxe_font_path(font), "absent") == NULL);
    pxe_font_close(font);
    assert_int_equal(unsetenv("PXE_FONT"), 0);
}

static void draw_abcd(pxe_font *font)
{
    const pxe_text text = {.font = font, .x = 2, .y = 2, .size_px = 10};
    stage_begin(&s, 0x000000FF);
    pxe_text_draw(s.engine->sprites, &text, "ABCD E");
    stage_end(&s);
}

static uint64_t lit_pixels(void)
{
    uint64_t count = 0;
    for (int i = 0; i < s.width * s.height; ++i) {
        count += pixel_at(&s, i % s.width, i / s.width) != 0;
    }
    return count;
}

static void opening_fails_cleanly_without_memory(void **state)
{
    (void)state;
    for (int i = 0; i < 2; ++i) {
        tiny_font_write(&kinds[i == 0 ? 0 : 3], path_in(&in, "tiny.ttf"));
        bool opened = false;
        for (int n = 1; !opened; ++n) {
            pxe_font *font = NULL;
            pxe_error error = {""};
            const int before = atomic_load(&memory.live);
            memory_arm(n);
            opened = pxe_font_open(s.engine->cache, path_in(&in, "tiny.ttf"), &font, &error);
            memory_disarm();
            assert_true(opened == (font != NULL));
            if (!opened) {
                assert_says(&error, "no memory");
            }
            assert_true(!opened || n > 3); /* the font, its path, its bytes */
            pxe_font_close(font);
            assert_int_equal(atomic_load(&memory.live), before);
        }
    }
    memory_arm(1);
    assert_null(pxe_font_built_in(s.engine->cache));
    memory_disarm();
}

/* Glyph by glyph: whatever lacks memory is left out, and there in the next frame. */
static void drawing_leaves_out_what_lacks_memory(void **state)
{
    (void)state;
    for (int i = 0; i < 2; ++i) {
        tiny_font_write(&kinds[i == 0 ? 0 : 3], path_in(&in, "tiny.ttf"));
        uint64_t whole = 0;
        int calls = 1;
        for (int n = 0; n <= calls; ++n) {
            pxe_font *font = NULL;
            assert_true(pxe_font_open(s.engine->cache, path_in(&in, "tiny.ttf"), &font, NULL));
            stage_begin(&s, 0x000000FF);
            const pxe_text text = {.font = font, .x = 2, .y = 2, .size_px = 10};
            const int before = atomic_load(&memory.live);
            memory_arm(n);
            pxe_text_draw(s.engine->sprites, &text, "ABCD E");
            memory_disarm();
            calls = n == 0 ? atomic_load(&memory.calls) : calls;
            assert_true(n != 0 || calls > 10);
            assert_true(atomic_load(&memory.live) <= before + 8); /* what the cache keeps of five glyphs */
            stage_end(&s);
            whole = n == 0 ? lit_pixels() : whole;
            assert_true(lit_pixels() <= whole);
            draw_abcd(font);
            assert_int_equal(lit_pixels(), whole);
            pxe_font_close(font);
        }
    }
}

static void text_that_was_drawn_before_allocates_nothing(void **state)
{
    (void)state;
    pxe_font *font = NULL;
    tiny_font_write(&kinds[0], path_in(&in, "tiny.ttf"));
    assert_true(pxe_font_open(s.engine->cache, path_in(&in, "tiny.ttf"), &font, NULL));
    draw_abcd(font);
    const pxe_text text = {.font = font, .x = 2, .y = 2, .size_px = 10};
    stage_begin(&s, 0x000000FF);
    memory_arm(0);
    pxe_text_draw(s.engine->sprites, &text, "ABCD E");
    memory_disarm();
    assert_int_equal(atomic_load(&memory.calls), 0);
    stage_end(&s);
    pxe_font_close(font);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_lead_to_their_glyphs),
        cmocka_unit_test(widths_and_kerning_are_those_of_the_tables),
        cmocka_unit_test(outlines_cover_what_they_enclose),
        cmocka_unit_test(a_glyph_larger_than_any_is_refused),
        cmocka_unit_test(a_font_cut_anywhere_is_refused_or_stays_in_bounds),
        cmocka_unit_test(a_font_with_any_byte_changed_stays_in_bounds),
        cmocka_unit_test(a_font_with_many_bytes_changed_stays_in_bounds),
        cmocka_unit_test(a_glyph_that_is_part_of_itself_is_damaged),
        cmocka_unit_test(a_contour_of_one_point_off_the_curve_is_damaged),
        cmocka_unit_test(what_is_no_font_says_so),
        cmocka_unit_test(a_font_knows_its_path),
        cmocka_unit_test(the_environment_chooses_the_systems_font),
        cmocka_unit_test(opening_fails_cleanly_without_memory),
        cmocka_unit_test(drawing_leaves_out_what_lacks_memory),
        cmocka_unit_test(text_that_was_drawn_before_allocates_nothing),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
