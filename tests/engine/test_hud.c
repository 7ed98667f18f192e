/* The head-up display on the screen: which pixels it draws, what it leaves as it was, and what it takes. The engine's
 * calls of malloc come here: see tests/CMakeLists.txt. */
#include "engine_fixture.h"
#include "wrapped_malloc.h"

#include "../../engine/hud.h"

enum { WIDTH = 640, HEIGHT = 720, PICTURES = 6, SIDE = 20, FOUR_BYTES = 4 * SIDE * SIDE * 4, MARGIN = 8 };

static stage s;
static pxe_hud *hud;
static pxe_image images[PICTURES];

static bool paint(void *user, unsigned char *pixels, int width, int height, pxe_error *error)
{
    (void)user;
    (void)error;
    memset(pixels, 255, (size_t)width * (size_t)height * 4);
    return true;
}

/* Names as they may come from a disk. */
static void open_pictures(void)
{
    static char longest[5000];
    memset(longest, 'w', sizeof longest - 1);
    const char *const names[PICTURES] = {"plain.png",       longest,  "\xff\xfe\xc3(",
                                         "a\nb\tc\x1b[31m", "%s%n%d", " "};
    for (int i = 0; i < PICTURES; ++i) {
        const pxe_painting painting = {.width = SIDE, .height = SIDE, .paint = paint};
        images[i] = pxe_images_paint(s.engine->images, names[i], &painting, NULL);
        assert_int_not_equal(images[i].id, 0);
    }
}

static void open_hud(int width, int height, size_t limit_bytes)
{
    pxe_error error = {""};
    stage_open_config(
        &s, (pxe_engine_config){.window = {.width = width, .height = height}, .limit_bytes = limit_bytes});
    if (!pxe_hud_create(s.engine, &hud, &error)) {
        fail_msg("no display: %s", error.text);
    }
    open_pictures();
}

static void close_hud(void)
{
    pxe_hud_destroy(hud);
    hud = NULL;
    stage_close(&s);
}

/* White, and in the upper right corner some of the pictures, which are white, too. */
static void draw_scene(int first, int count)
{
    stage_begin(&s, 0xFFFFFFFF);
    for (int i = 0; i < count; ++i) {
        pxe_sprite sprite = {.x = (float)(s.width - SIDE)};
        pxe_images_texture(s.engine->images, images[(first + i) % PICTURES], &sprite.texture);
        pxe_sprites_draw(s.engine->sprites, &sprite);
    }
}

static void draw_frame(int first, int count)
{
    draw_scene(first, count);
    pxe_hud_draw(hud);
    stage_end(&s);
}

typedef struct box {
    int left, top, right, bottom;
} box;

/* All that is not white must be one whole rectangle; {0} if there is nothing. */
static box drawn_box(void)
{
    box it = {s.width, s.height, 0, 0};
    int pixels = 0;
    for (int y = 0; y < s.height; ++y) {
        for (int x = 0; x < s.width; ++x) {
            if (pixel_at(&s, x, y) != 0xFFFFFF) {
                it.left = x < it.left ? x : it.left;
                it.right = x >= it.right ? x + 1 : it.right;
                it.top = y < it.top ? y : it.top;
                it.bottom = y >= it.bottom ? y + 1 : it.bottom;
                ++pixels;
            }
        }
    }
    if (pixels == 0) {
        return (box){0};
    }
    assert_int_equal(pixels, (it.right - it.left) * (it.bottom - it.top));
    return it;
}

static void modes_follow_one_another(void **state)
{
    (void)state;
    open_hud(64, 64, 0);
    assert_int_equal(pxe_hud_mode_now(hud), PXE_HUD_OFF);
    pxe_hud_next(hud);
    assert_int_equal(pxe_hud_mode_now(hud), PXE_HUD_COMPACT);
    pxe_hud_next(hud);
    assert_int_equal(pxe_hud_mode_now(hud), PXE_HUD_FULL);
    pxe_hud_next(hud);
    assert_int_equal(pxe_hud_mode_now(hud), PXE_HUD_OFF);
    pxe_hud_set_mode(hud, PXE_HUD_FULL);
    pxe_hud_set_mode(hud, PXE_HUD_MODES);
    assert_int_equal(pxe_hud_mode_now(hud), PXE_HUD_FULL);
    close_hud();
    pxe_hud_destroy(NULL);
}

static void off_draws_nothing_and_changes_nothing(void **state)
{
    (void)state;
    open_hud(WIDTH, HEIGHT, 0);
    draw_scene(0, 3);
    const pxe_camera camera = {.x = 5, .y = 6, .zoom = 2, .width = WIDTH, .height = HEIGHT};
    pxe_sprites_set_camera(s.engine->sprites, &camera);
    pxe_hud_draw(hud);
    const pxe_camera after = pxe_sprites_camera(s.engine->sprites);
    assert_memory_equal(&after, &camera, sizeof camera);
    stage_end(&s);
    assert_all_pixels(&s, 0xFFFFFF);
    assert_int_equal(pxe_profile_last(s.engine->profile)->sprites, 3);
    close_hud();
}

static void each_mode_draws_its_panel_and_nothing_beside_it(void **state)
{
    (void)state;
    open_hud(WIDTH, HEIGHT, 0);
    pxe_hud_set_mode(hud, PXE_HUD_COMPACT);
    for (int i = 0; i < 12; ++i) {
        draw_frame(i, 3);
        const box panel = drawn_box();
        assert_int_equal(panel.left, MARGIN);
        assert_int_equal(panel.right, MARGIN + 272);
        assert_int_equal(panel.bottom, HEIGHT - MARGIN);
        assert_in_range(panel.bottom - panel.top, 50, 80);
    }
    pxe_hud_set_mode(hud, PXE_HUD_FULL);
    for (int i = 0; i < 12; ++i) {
        draw_frame(i, 3);
        const box panel = drawn_box();
        assert_int_equal(panel.left, MARGIN);
        assert_int_equal(panel.right, MARGIN + 240 + 12 + 142 + 18);
        assert_int_equal(panel.bottom, HEIGHT - MARGIN);
        assert_in_range(panel.top, MARGIN, HEIGHT - 500); /* all parts */
    }
    pxe_hud_set_mode(hud, PXE_HUD_OFF);
    draw_frame(0, 3);
    assert_all_pixels(&s, 0xFFFFFF);
    close_hud();
}

static void panels_fit_into_any_window(void **state)
{
    (void)state;
    static const int sizes[][2] = {{320, 200}, {320, 240}, {200, 200}, {640, 400}, {900, 500},
                                   {760, 300}, {100, 200}, {60, 20},   {9, 300},   {1, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        const int width = sizes[i][0];
        const int height = sizes[i][1];
        open_hud(width, height, FOUR_BYTES);
        for (int mode = PXE_HUD_COMPACT; mode <= PXE_HUD_FULL; ++mode) {
            pxe_hud_set_mode(hud, (pxe_hud_mode)mode);
            for (int frame = 0; frame < 6; ++frame) {
                draw_frame(frame, 3);
            }
            const box panel = drawn_box();
            if (panel.right == 0) {
                assert_true(width < 200 || height < 100);
                continue;
            }
            assert_true(panel.left >= MARGIN && panel.top >= MARGIN);
            assert_true(panel.right <= width - MARGIN && panel.bottom <= height - MARGIN);
        }
        close_hud();
    }
}

static void the_first_frame_and_a_program_without_pictures_are_fine(void **state)
{
    (void)state;
    for (int mode = PXE_HUD_COMPACT; mode <= PXE_HUD_FULL; ++mode) {
        open_hud(WIDTH, HEIGHT, 0);
        pxe_hud_set_mode(hud, (pxe_hud_mode)mode);
        for (int i = 0; i < 5; ++i) {
            draw_frame(0, 0);
            assert_int_equal(drawn_box().left, MARGIN);
        }
        pxe_profile_skip_idle(s.engine->profile); /* the user looks at it for a while */
        draw_frame(0, 0);
        assert_true(hud->window.means.hit_rate <= 0);
        close_hud();
    }
}

static void wild_names_are_shown_in_their_place(void **state)
{
    (void)state;
    open_hud(WIDTH, HEIGHT, FOUR_BYTES); /* uploads without end: the names are among the reasons */
    pxe_profile_set_slow_ms(s.engine->profile, 1e-6);
    pxe_hud_set_mode(hud, PXE_HUD_FULL);
    for (int i = 0; i < 130; ++i) {
        draw_frame(i, PICTURES);
        assert_int_equal(drawn_box().right, MARGIN + 412);
    }
    pxe_hud_refresh(hud);
    assert_true(hud->facts.picture_count >= PICTURES);
    assert_true(hud->facts.slow_text[0] != '\0');
    assert_int_not_equal(hud->facts.alarm.kind, PXE_ALARM_NONE);
    close_hud();
}

static void its_own_sprites_and_glyphs_are_not_counted(void **state)
{
    (void)state;
    open_hud(WIDTH, HEIGHT, 0);
    pxe_hud_set_mode(hud, PXE_HUD_FULL);
    for (int i = 0; i < 20; ++i) {
        draw_frame(0, 3);
        const pxe_frame *last = pxe_profile_last(s.engine->profile);
        const pxe_hud_own own = pxe_hud_own_in(hud, last->frame);
        const pxe_hud_counts counts = pxe_hud_counts_of(last, &own);
        assert_int_equal(counts.sprites, 3);
        assert_true(own.draws <= 8 && counts.draws <= 3);
        if (i > 0) {
            assert_int_equal(counts.asked, 3);
            assert_int_equal(counts.hits, 3);
        }
    }
    assert_true(hud->window.means.hit_rate > 0.9);
    close_hud();
}

static void it_sets_the_screens_camera_and_no_clip_and_no_effect(void **state)
{
    (void)state;
    pxe_effect *effect = NULL;
    pxe_error error = {""};
    open_hud(WIDTH, HEIGHT, 0);
    assert_true(pxe_effect_create(
        s.engine->sprites, "vec4 effect(vec2 uv, vec4 tint) { return vec4(1, 0, 0, 1); }", &effect, &error));
    for (int mode = PXE_HUD_COMPACT; mode <= PXE_HUD_FULL; ++mode) {
        pxe_hud_set_mode(hud, (pxe_hud_mode)mode);
        draw_scene(0, 0);
        const pxe_camera camera = {
            .x = 50, .y = 60, .zoom = 3, .rotation = 1, .width = WIDTH, .height = HEIGHT};
        const pxe_rect clip = {600, 10, 8, 8};
        pxe_sprites_set_camera(s.engine->sprites, &camera);
        pxe_sprites_set_clip(s.engine->sprites, &clip);
        pxe_sprites_set_effect(s.engine->sprites, effect);
        pxe_hud_draw(hud);
        const pxe_camera now = pxe_sprites_camera(s.engine->sprites);
        const pxe_camera screen = pxe_camera_screen(WIDTH, HEIGHT);
        assert_memory_equal(&now, &screen, sizeof now);
        pxe_fill_rect(s.engine->sprites, &(pxe_rect){620, 0, 5, 5}, 0x0000FFFF);
        stage_end(&s);
        assert_pixel(&s, 622, 2, 0x0000FF, 0);
        assert_pixel(&s, 604, 14, 0xFFFFFF, 0);
        const uint32_t corner = pixel_at(&s, MARGIN + 1, HEIGHT - MARGIN - 2);
        assert_true((corner >> 16) < 0x60 && (corner >> 16) < (corner & 255)); /* dark, and not red */
    }
    pxe_effect_destroy(s.engine->sprites, effect);
    close_hud();
}

/* Glyphs that were never drawn are rasterised: all that there are, first. */
static void a_draw_allocates_nothing(void **state)
{
    (void)state;
    char letters[96] = "";
    for (int i = 0; i < 94; ++i) {
        letters[i] = (char)('!' + i);
    }
    open_hud(WIDTH, HEIGHT, 0);
    for (int mode = PXE_HUD_COMPACT; mode <= PXE_HUD_FULL; ++mode) {
        pxe_hud_set_mode(hud, (pxe_hud_mode)mode);
        for (int i = 0; i < 40; ++i) {
            draw_scene(i, 3);
            if (i < 2) {
                const pxe_text text = {.font = hud->font, .size_px = pxe_hud_pen_of(hud).text_px};
                pxe_text_draw(s.engine->sprites, &text, letters);
                pxe_text_draw(s.engine->sprites, &text, "\xff");
                pxe_hud_draw(hud);
            } else {
                memory_arm(0);
                pxe_hud_draw(hud);
                pxe_hud_refresh(hud);
                memory_disarm();
                assert_int_equal(atomic_load(&memory.calls), 0);
            }
            stage_end(&s);
        }
    }
    close_hud();
}

static void each_failing_allocation_of_create_is_survived(void **state)
{
    (void)state;
    open_hud(64, 64, 0);
    int failures = 0;
    for (int n = 1;; ++n) {
        pxe_hud *fresh = hud;
        pxe_error error = {""};
        const int live = atomic_load(&memory.live);
        memory_arm(n);
        const bool created = pxe_hud_create(s.engine, &fresh, &error);
        memory_disarm();
        if (created) { /* there may be another font */
            assert_non_null(fresh);
            pxe_hud_destroy(fresh);
        } else {
            ++failures;
            assert_null(fresh);
            assert_says(&error, "memory");
        }
        assert_int_equal(atomic_load(&memory.live), live);
        if (atomic_load(&memory.calls) < n) {
            break;
        }
    }
    assert_true(failures > 0);
    close_hud();
}

/* What is pinned and idles is told in the full mode, while it does. */
static void pins_that_idle_are_told(void **state)
{
    (void)state;
    pxc_key key;
    pxe_error error;
    const unsigned char pixels[8 * 8 * 4] = {0};
    const pxc_pixmap pixmap = {.pixels = pixels, .width = 8, .height = 8};
    stage_open(&s, 640, 480);
    assert_true(pxe_hud_create(s.engine, &hud, &error));
    pxe_hud_set_mode(hud, PXE_HUD_FULL);
    assert_int_equal(pxc_insert(s.engine->cache, &pixmap, &key), PXC_OK);
    assert_int_equal(pxc_pin(s.engine->cache, key), PXC_OK);
    for (int frame = 0; frame < PXE_HUD_IDLE_FRAMES + 2; ++frame) {
        stage_begin(&s, 0);
        pxe_hud_draw(hud);
        pxe_frame_end(s.engine, NULL, NULL);
        pxe_hud_refresh(hud);
        assert_int_equal(hud->facts.idle_pin_bytes, frame + 1 >= PXE_HUD_IDLE_FRAMES ? 8 * 8 * 4 : 0);
    }
    assert_int_equal(pxc_find(s.engine->cache, key, NULL), PXC_OK);
    pxe_hud_refresh(hud);
    assert_int_equal(hud->facts.idle_pin_bytes, 0);
    assert_int_equal(pxc_unpin(s.engine->cache, key), PXC_OK);
    pxe_hud_destroy(hud);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modes_follow_one_another),
        cmocka_unit_test(off_draws_nothing_and_changes_nothing),
        cmocka_unit_test(each_mode_draws_its_panel_and_nothing_beside_it),
        cmocka_unit_test(panels_fit_into_any_window),
        cmocka_unit_test(the_first_frame_and_a_program_without_pictures_are_fine),
        cmocka_unit_test(wild_names_are_shown_in_their_place),
        cmocka_unit_test(its_own_sprites_and_glyphs_are_not_counted),
        cmocka_unit_test(it_sets_the_screens_camera_and_no_clip_and_no_effect),
        cmocka_unit_test(a_draw_allocates_nothing),
        cmocka_unit_test(each_failing_allocation_of_create_is_survived),
        cmocka_unit_test(pins_that_idle_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
