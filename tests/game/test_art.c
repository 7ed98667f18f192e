/* What the painted pictures promise: each of them different, the same each time, with sane pixels, and tiles that meet. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "sea.h"
#include "sim.h"
#include "species.h"

enum { MOST_BYTES = ART_HUNTER_PX * ART_HUNTER_PX * 4 };

typedef struct picture {
    int width, height;
    unsigned char pixels[MOST_BYTES];
} picture;

static picture shown;

static void begin(paint_cell *cell, int width, int height)
{
    assert_true(width * height * 4 <= MOST_BYTES);
    assert_true(paint_begin(cell, width, height));
    memset(&shown, 0, sizeof shown);
    shown.width = width;
    shown.height = height;
}

static void end(paint_cell *cell)
{
    paint_write(cell, shown.pixels, cell->width, 0);
    paint_end(cell);
}

static uint64_t hash_shown(void)
{
    uint64_t hash = 1469598103934665603U;
    for (int i = 0; i < shown.width * shown.height * 4; ++i) {
        hash = (hash ^ shown.pixels[i]) * 1099511628211U;
    }
    return hash;
}

/* No colour is brighter than its alpha allows; returns how many pixels are opaque. */
static int check_premultiplied(void)
{
    int opaque = 0;
    for (int i = 0; i < shown.width * shown.height; ++i) {
        const unsigned char *pixel = shown.pixels + (size_t)i * 4;
        for (int channel = 0; channel < 3; ++channel) {
            assert_true(pixel[channel] <= pixel[3]);
        }
        opaque += pixel[3] > 250;
    }
    return opaque;
}

static uint64_t paint_species(uint64_t seed, uint32_t number, int frame)
{
    paint_cell cell;
    begin(&cell, ART_CREATURE_PX, ART_CREATURE_PX);
    const species_genes genes = species_genes_of(seed, number, frame);
    species_paint(&cell, &genes);
    end(&cell);
    return hash_shown();
}

static uint64_t paint_plant(uint64_t seed, uint32_t number)
{
    paint_cell cell;
    begin(&cell, SEA_PLANT_WIDTH_PX, SEA_PLANT_HEIGHT_PX);
    sea_paint_plant(&cell, seed, number);
    end(&cell);
    return hash_shown();
}

static uint64_t paint_tile(uint64_t seed, int column, int row)
{
    paint_cell cell;
    begin(&cell, SEA_TILE_PX, SEA_TILE_PX);
    sea_paint_tile(&cell, seed, column, row);
    end(&cell);
    return hash_shown();
}

static int by_value(const void *a, const void *b)
{
    const uint64_t first = *(const uint64_t *)a;
    const uint64_t second = *(const uint64_t *)b;
    return first < second ? -1 : first > second;
}

static void assert_all_differ(uint64_t *hashes, size_t count)
{
    qsort(hashes, count, sizeof *hashes, by_value);
    for (size_t i = 1; i < count; ++i) {
        assert_true(hashes[i - 1] != hashes[i]);
    }
}

static void no_two_species_look_alike(void **state)
{
    (void)state;
    static uint64_t hashes[SIM_SPECIES];
    for (uint32_t i = 0; i < SIM_SPECIES; ++i) {
        hashes[i] = paint_species(1, i, 1);
        assert_true(check_premultiplied() > 150); /* something is there */
    }
    assert_all_differ(hashes, SIM_SPECIES);
}

static void species_move_and_are_the_same_each_time_by_seed(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < SIM_SPECIES; i += 41) {
        const uint64_t rest = paint_species(1, i, 1);
        assert_true(paint_species(1, i, 0) != rest);
        assert_true(paint_species(1, i, 2) != rest);
        assert_true(paint_species(2, i, 1) != rest);
        assert_true(paint_species(1, i, 1) == rest);
    }
}

static void no_two_plants_look_alike(void **state)
{
    (void)state;
    static uint64_t hashes[SEA_PLANTS];
    for (uint32_t i = 0; i < SEA_PLANTS; ++i) {
        hashes[i] = paint_plant(1, i);
        assert_true(check_premultiplied() > 100);
    }
    assert_all_differ(hashes, SEA_PLANTS);
}

static void tiles_are_opaque_and_differ(void **state)
{
    (void)state;
    uint64_t hashes[40];
    for (int i = 0; i < 40; ++i) {
        hashes[i] = paint_tile(1, i, i * 7 % SEA_ROWS);
        assert_int_equal(check_premultiplied(), SEA_TILE_PX * SEA_TILE_PX);
    }
    assert_all_differ(hashes, 40);
}

static void assert_near(const unsigned char *a, const unsigned char *b)
{
    for (int channel = 0; channel < 3; ++channel) {
        assert_true(abs(a[channel] - b[channel]) <= 1);
    }
}

/* The last texels of a tile lie on its edge, as do the first of its neighbour. */
static void tiles_meet_without_a_seam(void **state)
{
    (void)state;
    static picture first;
    for (int i = 0; i < 12; ++i) {
        const int column = i * 3;
        const int row = i;
        paint_tile(1, column, row);
        first = shown;
        paint_tile(1, column + 1, row);
        for (int y = 0; y < SEA_TILE_PX; ++y) {
            const size_t line = (size_t)y * SEA_TILE_PX;
            assert_near(first.pixels + (line + SEA_TILE_PX - 1) * 4, shown.pixels + line * 4);
        }
        paint_tile(1, column, row + 1);
        for (int x = 0; x < SEA_TILE_PX; ++x) {
            const size_t last_line = (size_t)(SEA_TILE_PX - 1) * SEA_TILE_PX;
            assert_near(first.pixels + (last_line + (size_t)x) * 4, shown.pixels + (size_t)x * 4);
        }
    }
}

static void hunters_minnows_and_small_pictures_are_sane(void **state)
{
    (void)state;
    paint_cell cell;
    for (uint32_t look = 0; look < 6; ++look) {
        for (int kind = 0; kind < SIM_HUNTER_KINDS; ++kind) {
            begin(&cell, ART_HUNTER_PX, ART_HUNTER_PX);
            beast_paint(&cell, kind, look, 0);
            end(&cell);
            assert_true(check_premultiplied() > 1000);
        }
        begin(&cell, 32, 16);
        small_paint_minnow(&cell, 1, look, 0);
        end(&cell);
        assert_true(check_premultiplied() > 20);
    }
    for (int which = 0; which < SMALL_COUNT; ++which) {
        int width = 0;
        int height = 0;
        small_size((small_picture)which, &width, &height);
        begin(&cell, width, height);
        const uint64_t blank = hash_shown();
        small_paint(&cell, (small_picture)which);
        end(&cell);
        assert_true(hash_shown() != blank);
        check_premultiplied();
    }
}

static void the_darkness_is_clear_in_the_middle_and_whole_at_the_edge(void **state)
{
    (void)state;
    paint_cell cell;
    begin(&cell, 128, 128);
    small_paint(&cell, SMALL_DARKNESS);
    end(&cell);
    assert_int_equal(shown.pixels[(64 * 128 + 64) * 4 + 3], 0);
    for (int i = 0; i < 128; ++i) {
        assert_true(shown.pixels[(size_t)i * 4 + 3] >= 254);
        assert_true(shown.pixels[(size_t)i * 128 * 4 + 3] >= 254);
    }
}

static void plants_stand_on_their_ridges(void **state)
{
    (void)state;
    int count = 0;
    for (int ridge = 0; ridge < SEA_RIDGES; ++ridge) {
        for (int slot = 0; slot < 120; ++slot) {
            sea_plant plant;
            if (sea_plant_at(1, ridge, slot, &plant)) {
                const float above = sea_ridge_y(1, ridge, plant.x) - plant.y;
                assert_true(above <= 0 && above > -20);
                assert_true(plant.number < SEA_PLANTS);
                ++count;
            }
        }
    }
    assert_true(count > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_species_look_alike),
        cmocka_unit_test(species_move_and_are_the_same_each_time_by_seed),
        cmocka_unit_test(no_two_plants_look_alike),
        cmocka_unit_test(tiles_are_opaque_and_differ),
        cmocka_unit_test(tiles_meet_without_a_seam),
        cmocka_unit_test(hunters_minnows_and_small_pictures_are_sane),
        cmocka_unit_test(the_darkness_is_clear_in_the_middle_and_whole_at_the_edge),
        cmocka_unit_test(plants_stand_on_their_ridges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
