/* The head-up display's numbers, words and layout, which need no engine: means by hand, the slowest frames by sorting,
 * names of every kind, and windows of every size. */
#include "engine_fixture.h"

#include "../../engine/hud.h"
#include "../../engine/profile.h"

#include <math.h>

/* ---- Means ------------------------------------------------------------------------------------------------------*/

static void assert_near(double actual, double expected)
{
    if (!(fabs(actual - expected) <= 1e-9 * fmax(1, fabs(expected)))) {
        fail_msg("expected %.12g, got %.12g", expected, actual);
    }
}

static pxe_frame frame_of(double frame_ms)
{
    return (pxe_frame){.frame_ms = frame_ms,
                       .cpu_ms = frame_ms - 2,
                       .section_ms = {[PXE_SECTION_LOAD] = 1, [PXE_SECTION_DRAW] = 3, [PXE_SECTION_SWAP] = 2},
                       .late_draws = 4,
                       .evictions = 5,
                       .uploads = 6,
                       .upload_bytes = 700};
}

static void means_are_of_half_a_second_and_stay_as_long(void **state)
{
    (void)state;
    pxe_hud_window window = {0};
    const pxe_hud_counts counts = {.asked = 10, .hits = 9, .misses = 1, .draws = 11, .sprites = 120};
    const pxe_frame fast = frame_of(10);
    for (int i = 0; i < 49; ++i) {
        assert_false(pxe_hud_window_add(&window, &fast, &counts, 7));
        assert_int_equal(window.means.frames, i + 1); /* the first window shows what there is */
    }
    assert_true(pxe_hud_window_add(&window, &fast, &counts, 0));
    const pxe_hud_means means = window.means;
    assert_int_equal(means.frames, 50);
    assert_near(means.frame_ms, 10);
    assert_near(means.fps, 100);
    assert_near(means.cpu_ms, 8);
    assert_near(means.gpu_ms, 7); /* of those that are known */
    assert_near(means.section_ms[PXE_SECTION_LOAD], 1);
    assert_near(means.section_ms[PXE_SECTION_DRAW], 3);
    assert_near(means.section_ms[PXE_SECTION_COUNT], 4);
    assert_near(means.hit_rate, 0.9);
    assert_near(means.misses_s, 100);
    assert_near(means.late_draws_s, 400);
    assert_near(means.evictions_s, 500);
    assert_near(means.uploads_s, 600);
    assert_near(means.upload_bytes_s, 70000);
    assert_near(means.draws, 11);
    assert_near(means.sprites, 120);

    const pxe_frame slow = frame_of(100);
    for (int i = 0; i < 4; ++i) {
        assert_false(pxe_hud_window_add(&window, &slow, &counts, 0));
        assert_memory_equal(&window.means, &means, sizeof means);
    }
    assert_true(pxe_hud_window_add(&window, &slow, &counts, 0));
    assert_near(window.means.frame_ms, 100);
    assert_near(window.means.fps, 10);
    assert_near(window.means.gpu_ms, 0);
    const pxe_frame halt = frame_of(1700);
    assert_true(pxe_hud_window_add(&window, &halt, &counts, 0));
    assert_near(window.means.frame_ms, 1700);
}

static void nothing_gives_zeros_and_no_nan(void **state)
{
    (void)state;
    const pxe_hud_sums none = {0};
    const pxe_hud_means zero = {.hit_rate = -1};
    pxe_hud_means means = pxe_hud_means_of(&none);
    assert_memory_equal(&means, &zero, sizeof means);
    const pxe_hud_sums no_time = {.frames = 3, .evictions = 5, .asked = 4};
    means = pxe_hud_means_of(&no_time);
    assert_near(means.evictions_s, 0);
    assert_near(means.fps, 0);
    assert_near(means.hit_rate, 0);
}

static void the_displays_own_work_is_not_counted(void **state)
{
    (void)state;
    const pxe_frame frame = {.hits = 900, .misses = 13, .draws = 9, .sprites = 1500};
    const pxe_hud_own none = {0};
    pxe_hud_counts counts = pxe_hud_counts_of(&frame, &none);
    assert_int_equal(counts.hits, 900);
    assert_int_equal(counts.asked, 913);
    assert_int_equal(counts.sprites, 1500);
    const pxe_hud_own own = {.frame = 1, .hits = 870, .misses = 3, .draws = 2, .sprites = 1400};
    counts = pxe_hud_counts_of(&frame, &own);
    assert_int_equal(counts.hits, 30);
    assert_int_equal(counts.asked, 40);
    assert_int_equal(counts.draws, 7);
    assert_int_equal(counts.sprites, 100);
    const pxe_hud_own with_uses = {.frame = 1, .uses = 50, .hits = 870, .misses = 3};
    counts = pxe_hud_counts_of(&frame, &with_uses); /* pictures alone */
    assert_int_equal(counts.asked, 50);
    assert_int_equal(counts.hits, 40);
    const pxe_hud_own fewer = {.frame = 1, .uses = 4, .misses = 3};
    counts = pxe_hud_counts_of(&frame, &fewer);
    assert_int_equal(counts.asked, 10);
    assert_int_equal(counts.hits, 0);
}

enum { KEPT = 1500 };

static pxe_frame kept[KEPT];

/* A record of so many frames, made by hand. */
static pxe_profile record_of(const double *times, uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i) {
        kept[i] = (pxe_frame){.frame = i, .frame_ms = times[i]};
    }
    return (pxe_profile){.frames = kept, .frame_capacity = KEPT, .frame_count = count};
}

static void the_slowest_hundredth_is_that_of_sorting(void **state)
{
    (void)state;
    static const uint32_t counts[] = {1, 2, 99, 100, 101, 250, 999, 1000, 1001, KEPT};
    static double times[KEPT];
    uint64_t seed = 77;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; ++i) {
        const uint32_t count = counts[i];
        for (uint32_t k = 0; k < count; ++k) {
            times[k] = 1 + random_below(&seed, 40);
        }
        const pxe_profile profile = record_of(times, count);
        const uint32_t last = count < PXE_HUD_LOW_FRAMES ? count : PXE_HUD_LOW_FRAMES;
        const double low_ms = pxe_hud_low_ms(&profile);
        assert_near(low_ms, pxe_times_of(times + (count - last), last).low_1_ms);
    }
    const pxe_profile none = record_of(times, 0);
    assert_near(pxe_hud_low_ms(&none), 0);
}

static void the_axis_holds_nearly_all_frames(void **state)
{
    (void)state;
    static double times[200];
    for (int i = 0; i < 200; ++i) {
        times[i] = 5;
    }
    pxe_profile profile = record_of(times, 200);
    assert_near(pxe_hud_top_ms(&profile, 200), 20);
    times[50] = times[60] = times[70] = times[80] = 900; /* one in fifty */
    profile = record_of(times, 200);
    assert_near(pxe_hud_top_ms(&profile, 200), 20);
    times[90] = 100;
    profile = record_of(times, 200);
    assert_near(pxe_hud_top_ms(&profile, 200), 160);
    assert_near(pxe_hud_top_ms(&profile, 100), 20); /* of the last hundred */
    profile = record_of(times, 0);
    assert_near(pxe_hud_top_ms(&profile, 200), 20);
}

/* ---- Words ------------------------------------------------------------------------------------------------------*/

static void bytes_and_rates_have_units(void **state)
{
    (void)state;
    assert_string_equal(pxe_hud_bytes(0).text, "0 KiB");
    assert_string_equal(pxe_hud_bytes(UINT64_C(341) << 10).text, "341 KiB");
    assert_string_equal(pxe_hud_bytes(8 << 20).text, "8.0 MiB");
    assert_string_equal(pxe_hud_bytes(UINT64_C(512) << 20).text, "512 MiB");
    assert_string_equal(pxe_hud_bytes(UINT64_C(3) << 29).text, "1.5 GiB");
    assert_string_equal(pxe_hud_doubling(12).text, "4 KiB");
    assert_string_equal(pxe_hud_doubling(26).text, "64 MiB");
    assert_string_equal(pxe_hud_doubling(30).text, "1 GiB");
    assert_string_equal(pxe_hud_percent(-1).text, "-");
    assert_string_equal(pxe_hud_percent(0).text, "0.0 %");
    assert_string_equal(pxe_hud_percent(0.99999).text, "99.9 %"); /* something was missed */
    assert_string_equal(pxe_hud_percent(1).text, "100.0 %");
    assert_int_equal(pxe_hud_mib_up(1), 1);
    assert_int_equal(pxe_hud_mib_up(8 << 20), 8);
    assert_int_equal(pxe_hud_mib_up((8 << 20) + 1), 9);
}

static float width_of(pxe_font *font, const char *words)
{
    const pxe_text text = {.font = font, .size_px = 8};
    return pxe_text_measure(&text, words).width;
}

static void names_are_shortened_in_the_middle(void **state)
{
    (void)state;
    char out[PXE_HUD_NAME_BYTES];
    pxe_font *font = pxe_font_built_in(NULL);
    assert_non_null(font);
    pxe_hud_shorten(font, 8, 60, "short.png", out);
    assert_string_equal(out, "short.png");
    pxe_hud_shorten(font, 8, 6 * 13, "assets/landscapes/lightning.png", out); /* letters are 6 pixels wide */
    assert_string_equal(out, "as...ning.png");
    pxe_hud_shorten(font, 8, 200, "two\nlines\x7f\x1b", out);
    assert_string_equal(out, "two?lines??");
    pxe_hud_shorten(font, 8, 3, "no room at all", out);
    assert_string_equal(out, "...");
    pxe_font_close(font);
}

/* Letters, what is not UTF-8, control characters, long characters. */
static void wild_name(uint64_t *seed, char *name, uint32_t bytes)
{
    static const char *const pieces[] = {
        "a",    "/",  "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xff",
        "\xc3", "\n", "\t",       "%s",           "\xed\xa0\x80",     "wide"};
    name[0] = '\0';
    for (uint32_t length = 0; length + 5 < bytes;) {
        const char *piece = pieces[random_below(seed, sizeof pieces / sizeof pieces[0])];
        memcpy(name + length, piece, strlen(piece) + 1);
        length += (uint32_t)strlen(piece);
    }
}

static void no_name_is_wider_than_its_place(void **state)
{
    (void)state;
    enum { LONGEST = 3000 };
    static char name[LONGEST + 8];
    char out[PXE_HUD_NAME_BYTES];
    const uint64_t start = 4711;
    uint64_t seed = start;
    pxe_font *font = pxe_font_built_in(NULL);
    assert_non_null(font);
    for (int round = 0; round < 500; ++round) {
        wild_name(&seed, name, 6 + random_below(&seed, round % 5 == 0 ? LONGEST : 100));
        const float width = (float)(20 + random_below(&seed, 1200));
        memset(out, 'x', sizeof out);
        pxe_hud_shorten(font, 8, width, name, out);
        assert_non_null(memchr(out, '\0', sizeof out));
        if (width_of(font, out) > width + 0.01F) {
            fail_msg("seed %llu, round %d: %.1f wide in %.1f", (unsigned long long)start, round,
                     (double)width_of(font, out), (double)width);
        }
        assert_null(strpbrk(out, "\n\t"));
    }
    pxe_font_close(font);
}

/* ---- Layout -----------------------------------------------------------------------------------------------------*/

static pxe_hud_needs needs_like(uint64_t *seed)
{
    pxe_hud_needs needs = {.column_px = 400, .gap_px = 9, .between_px = 20, .row_px = 16, .rows = 5};
    for (int i = 0; i < PXE_HUD_PARTS; ++i) {
        needs.heights[i] = random_below(seed, 5) == 0 ? 0 : (float)(20 + random_below(seed, 120));
    }
    return needs;
}

static void parts_fit_and_do_not_overlap(void **state)
{
    (void)state;
    uint64_t seed = 99;
    for (int round = 0; round < 2000; ++round) {
        const pxe_hud_needs needs = needs_like(&seed);
        const float height = (float)random_below(&seed, 1300);
        const int columns = 1 + (int)random_below(&seed, 2);
        const pxe_hud_plan plan = pxe_hud_layout(&needs, height, columns);
        uint32_t shown = 0;
        float all = 0;
        const pxe_rect *before = NULL;
        assert_true(plan.height <= height && plan.width <= (float)columns * 420 - 20);
        for (int i = 0; i < PXE_HUD_PARTS; ++i) {
            const pxe_rect *part = &plan.parts[i];
            all += needs.heights[i] + needs.gap_px;
            if (part->height <= 0) {
                continue;
            }
            ++shown;
            assert_true(part->height >= needs.heights[i] && part->y >= 0 && part->width == 400);
            assert_true(part->y + part->height <= plan.height && part->x + part->width <= plan.width);
            if (before != NULL) { /* in their order, down and then to the right */
                assert_true(part->x == before->x ? part->y >= before->y + before->height + 9
                                                 : part->x == before->x + 420 && part->y == 0);
            }
            before = part;
        }
        assert_int_equal(shown, plan.part_count);
        const float frames = needs.heights[PXE_HUD_FRAMES];
        assert_true(frames == 0 || frames > height || plan.parts[PXE_HUD_FRAMES].height == frames);
        for (int i = 0; all <= height && i < PXE_HUD_PARTS; ++i) {
            assert_true((plan.parts[i].height > 0) == (needs.heights[i] > 0));
        }
    }
}

static void pictures_take_the_rows_that_are_left(void **state)
{
    (void)state;
    pxe_hud_needs needs = {.column_px = 400, .gap_px = 9, .row_px = 16, .rows = 5};
    needs.heights[PXE_HUD_FRAMES] = 64;
    needs.heights[PXE_HUD_COSTS] = 64;
    assert_true(pxe_hud_layout(&needs, 137, 1).parts[PXE_HUD_COSTS].height == 64);
    assert_true(pxe_hud_layout(&needs, 137 + 47, 1).parts[PXE_HUD_COSTS].height == 64 + 32);
    assert_true(pxe_hud_layout(&needs, 1000, 1).parts[PXE_HUD_COSTS].height == 64 + 80);
    assert_true(pxe_hud_layout(&needs, 136, 1).parts[PXE_HUD_COSTS].height == 0);
    assert_int_equal(pxe_hud_layout(&needs, 63, 1).part_count, 0);
}

static void two_columns_are_about_as_high(void **state)
{
    (void)state;
    pxe_hud_needs needs = {.column_px = 400, .gap_px = 9, .between_px = 20, .row_px = 16};
    for (int i = 0; i < PXE_HUD_PARTS; ++i) {
        needs.heights[i] = 50;
    }
    const pxe_hud_plan plan = pxe_hud_layout(&needs, 500, 2); /* five parts and four */
    assert_int_equal(plan.part_count, PXE_HUD_PARTS);
    assert_true(plan.width == 820);
    assert_true(plan.height == 5 * 50 + 4 * 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_are_of_half_a_second_and_stay_as_long),
        cmocka_unit_test(nothing_gives_zeros_and_no_nan),
        cmocka_unit_test(the_displays_own_work_is_not_counted),
        cmocka_unit_test(the_slowest_hundredth_is_that_of_sorting),
        cmocka_unit_test(the_axis_holds_nearly_all_frames),
        cmocka_unit_test(bytes_and_rates_have_units),
        cmocka_unit_test(names_are_shortened_in_the_middle),
        cmocka_unit_test(no_name_is_wider_than_its_place),
        cmocka_unit_test(parts_fit_and_do_not_overlap),
        cmocka_unit_test(pictures_take_the_rows_that_are_left),
        cmocka_unit_test(two_columns_are_about_as_high),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
