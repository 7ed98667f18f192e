/* The camera: screen and world are each other's inverse, and the GPU's matrix says the same. */
#include "engine_fixture.h"

#include <math.h>

static const double half_turn = 3.14159265358979323846;

static float random_between(uint64_t *seed, double low, double high)
{
    return (float)(low + (high - low) * random_below(seed, 1000001) / 1e6);
}

static pxe_camera random_camera(uint64_t *seed)
{
    return (pxe_camera){.x = random_between(seed, -1000, 1000),
                        .y = random_between(seed, -1000, 1000),
                        .zoom = random_between(seed, 0.05, 20),
                        .rotation = random_between(seed, -10, 10),
                        .width = random_between(seed, 1, 4096),
                        .height = random_between(seed, 1, 4096)};
}

/* Float has 24 bits: pixels some ten thousands away are exact to a fiftieth. */
static const double pixel_tolerance = 0.02;

static void assert_near(double expected, double actual, double tolerance)
{
    if (!(fabs(expected - actual) <= tolerance)) {
        fail_msg("expected %.6f, got %.6f", expected, actual);
    }
}

static void to_world_and_to_screen_are_inverse(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 5000; ++i) {
        const pxe_camera camera = random_camera(&seed);
        const float x = random_between(&seed, -1000, 1000);
        const float y = random_between(&seed, -1000, 1000);
        float screen[2];
        float world[2];
        pxe_camera_to_screen(&camera, x, y, &screen[0], &screen[1]);
        pxe_camera_to_world(&camera, screen[0], screen[1], &world[0], &world[1]);
        assert_near(x, world[0], pixel_tolerance / camera.zoom + 0.001);
        assert_near(y, world[1], pixel_tolerance / camera.zoom + 0.001);
    }
}

static void to_screen_zooms_turns_and_centres(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (int i = 0; i < 5000; ++i) {
        const pxe_camera camera = random_camera(&seed);
        const double x = random_between(&seed, -1000, 1000);
        const double y = random_between(&seed, -1000, 1000);
        const double right = (x - camera.x) * camera.zoom;
        const double down = (y - camera.y) * camera.zoom;
        const double c = cos(camera.rotation);
        const double s = sin(camera.rotation);
        float screen[2];
        pxe_camera_to_screen(&camera, (float)x, (float)y, &screen[0], &screen[1]);
        assert_near(c * right - s * down + camera.width / 2.0, screen[0], pixel_tolerance);
        assert_near(s * right + c * down + camera.height / 2.0, screen[1], pixel_tolerance);
    }
}

static void the_matrix_agrees_with_to_screen(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int i = 0; i < 5000; ++i) {
        const pxe_camera camera = random_camera(&seed);
        const float x = random_between(&seed, -1000, 1000);
        const float y = random_between(&seed, -1000, 1000);
        float m[16];
        float screen[2];
        pxe_camera_matrix(&camera, m);
        pxe_camera_to_screen(&camera, x, y, &screen[0], &screen[1]);
        const double clip_x = (double)m[0] * x + (double)m[4] * y + m[12];
        const double clip_y = (double)m[1] * x + (double)m[5] * y + m[13];
        assert_near(screen[0], (clip_x + 1) / 2 * camera.width, 2 * pixel_tolerance);
        assert_near(screen[1], (1 - clip_y) / 2 * camera.height, 2 * pixel_tolerance);
        assert_near(0, (double)m[3] * x + (double)m[7] * y + m[15] - 1, 1e-6);
    }
}

static void y_grows_downwards(void **state)
{
    (void)state;
    const pxe_camera camera = {.x = 10, .y = 20, .zoom = 3, .width = 200, .height = 100};
    float x = 0;
    float y = 0;
    pxe_camera_to_screen(&camera, 10, 21, &x, &y);
    assert_near(100, x, 1e-4);
    assert_near(53, y, 1e-4);
    pxe_camera_to_world(&camera, 0, 100, &x, &y);
    assert_true(y > 20);
    float m[16];
    pxe_camera_matrix(&camera, m);
    assert_true(m[5] < 0);
}

static void rotation_turns_clockwise_on_the_screen(void **state)
{
    (void)state;
    const pxe_camera camera = {.zoom = 1, .rotation = (float)(half_turn / 2), .width = 200, .height = 100};
    float x = 0;
    float y = 0;
    pxe_camera_to_screen(&camera, 7, 0, &x, &y); /* what was right of the middle is below it */
    assert_near(100, x, 1e-4);
    assert_near(57, y, 1e-4);
}

static void screen_camera_is_identity(void **state)
{
    (void)state;
    const int sizes[][2] = {{1, 1}, {1280, 720}, {801, 3}, {4096, 4095}};
    for (size_t i = 0; i < COUNT_OF(sizes); ++i) {
        const pxe_camera camera = pxe_camera_screen(sizes[i][0], sizes[i][1]);
        for (int x = -1; x <= sizes[i][0]; x += 37) {
            float got[2];
            pxe_camera_to_screen(&camera, (float)x, 5, &got[0], &got[1]);
            assert_near(x, got[0], 1e-3);
            assert_near(5, got[1], 1e-3);
            pxe_camera_to_world(&camera, (float)x, 5, &got[0], &got[1]);
            assert_near(x, got[0], 1e-3);
            assert_near(5, got[1], 1e-3);
        }
        float m[16];
        pxe_camera_matrix(&camera, m);
        assert_near(-1, m[12], 1e-6); /* the world's (0, 0) is clip space's top left corner */
        assert_near(1, m[13], 1e-6);
    }
}

static void zoom_of_0_is_1(void **state)
{
    (void)state;
    const pxe_camera unset = {.x = 3, .y = 4, .rotation = 1, .width = 50, .height = 60};
    pxe_camera one = unset;
    one.zoom = 1;
    float a[16];
    float b[16];
    pxe_camera_matrix(&unset, a);
    pxe_camera_matrix(&one, b);
    assert_memory_equal(a, b, sizeof a);
    pxe_camera_to_screen(&unset, 9, 8, &a[0], &a[1]);
    pxe_camera_to_screen(&one, 9, 8, &b[0], &b[1]);
    assert_memory_equal(a, b, 2 * sizeof *a);
    pxe_camera_to_world(&unset, 9, 8, &a[0], &a[1]);
    pxe_camera_to_world(&one, 9, 8, &b[0], &b[1]);
    assert_memory_equal(a, b, 2 * sizeof *a);
}

static void zoom_at_keeps_the_point_and_multiplies_the_zoom(void **state)
{
    (void)state;
    uint64_t seed = 4;
    for (int i = 0; i < 5000; ++i) {
        pxe_camera camera = random_camera(&seed);
        const pxe_camera before = camera;
        const float factor = random_between(&seed, 0.25, 4);
        const float screen_x = random_between(&seed, 0, camera.width);
        const float screen_y = random_between(&seed, 0, camera.height);
        float x = 0;
        float y = 0;
        float again[2];
        pxe_camera_to_world(&camera, screen_x, screen_y, &x, &y);
        pxe_camera_zoom_at(&camera, factor, screen_x, screen_y);
        pxe_camera_to_world(&camera, screen_x, screen_y, &again[0], &again[1]);
        const double tolerance = pixel_tolerance / fmin(camera.zoom, before.zoom) + 0.001;
        assert_near(x, again[0], tolerance);
        assert_near(y, again[1], tolerance);
        assert_near(before.zoom * factor, camera.zoom, 1e-4);
        assert_true(camera.rotation == before.rotation && camera.width == before.width &&
                    camera.height == before.height);
    }
}

static double distance_to_whole(double value)
{
    return fabs(value - round(value));
}

static void a_pixel_exact_camera_shows_the_worlds_corner_on_a_whole_pixel(void **state)
{
    (void)state;
    uint64_t seed = 8;
    for (int i = 0; i < 3000; ++i) {
        pxe_camera camera = random_camera(&seed);
        float plain[2];
        float exact[2];
        float back[2];
        float m[16];
        camera.rotation = 0;
        camera.width = floorf(camera.width);
        camera.height = floorf(camera.height);
        pxe_camera_to_screen(&camera, 0, 0, &plain[0], &plain[1]);
        camera.pixel_exact = true;
        pxe_camera_to_screen(&camera, 0, 0, &exact[0], &exact[1]);
        assert_near(0, distance_to_whole(exact[0]), pixel_tolerance);
        assert_near(0, distance_to_whole(exact[1]), pixel_tolerance);
        assert_near(plain[0], exact[0], 0.5 + pixel_tolerance);
        assert_near(plain[1], exact[1], 0.5 + pixel_tolerance);
        pxe_camera_to_world(&camera, exact[0], exact[1], &back[0], &back[1]);
        assert_near(0, back[0], pixel_tolerance / camera.zoom + 0.001);
        assert_near(0, back[1], pixel_tolerance / camera.zoom + 0.001);
        pxe_camera_matrix(&camera, m);
        assert_near(exact[0], ((double)m[12] + 1) / 2 * camera.width, 2 * pixel_tolerance);
        assert_near(exact[1], (1 - (double)m[13]) / 2 * camera.height, 2 * pixel_tolerance);
    }
}

static void a_turned_camera_is_never_pixel_exact(void **state)
{
    (void)state;
    pxe_camera camera = {.x = 10.3F, .y = 20.4F, .zoom = 1, .rotation = 0.5F, .width = 200, .height = 100};
    float plain[16];
    float exact[16];
    pxe_camera_matrix(&camera, plain);
    camera.pixel_exact = true;
    pxe_camera_matrix(&camera, exact);
    assert_memory_equal(plain, exact, sizeof plain);
}

/* Sixty small steps there and back: rounding must not add up. */
static void a_pixel_exact_camera_zooms_without_drifting(void **state)
{
    (void)state;
    pxe_camera camera = {.x = 10.3F, .y = 20.4F, .zoom = 1, .width = 200, .height = 100, .pixel_exact = true};
    for (int i = 0; i < 120; ++i) {
        pxe_camera_zoom_at(&camera, i < 60 ? 1.05F : 1 / 1.05F, 17, 83);
    }
    assert_true(camera.pixel_exact);
    assert_near(10.3, camera.x, 0.01);
    assert_near(20.4, camera.y, 0.01);
    assert_near(1, camera.zoom, 0.001);
}

/* A chequer of single pixels is grey everywhere if it lies between pixels. */
static void pictures_are_not_blurred_by_where_a_pixel_exact_camera_is(void **state)
{
    (void)state;
    enum { SIDE = 32 };
    stage s;
    unsigned char chequer[SIDE * SIDE * 4];
    stage_open(&s, SIDE, SIDE);
    for (int i = 0; i < SIDE * SIDE; ++i) {
        memset(chequer + (size_t)i * 4, (i % SIDE + i / SIDE) % 2 != 0 ? 255 : 0, 3);
        chequer[i * 4 + 3] = 255;
    }
    const pxe_sprite sprite = {.texture = texture_of(&s, SIDE, SIDE, chequer)};
    for (int step = 0; step < 20; ++step) {
        const pxe_camera camera = {.x = 16 + (float)step * 0.13F,
                                   .y = 16 - (float)step * 0.07F,
                                   .zoom = 1,
                                   .width = SIDE,
                                   .height = SIDE,
                                   .pixel_exact = true};
        stage_begin(&s, 0x000000FF);
        pxe_sprites_set_camera(s.engine->sprites, &camera);
        pxe_sprites_draw(s.engine->sprites, &sprite);
        stage_end(&s);
        for (int i = 5; i < SIDE - 5; ++i) {
            const uint32_t color = pixel_at(&s, i, i);
            assert_true(color == 0 || color == 0xFFFFFF);
        }
    }
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(to_world_and_to_screen_are_inverse),
        cmocka_unit_test(to_screen_zooms_turns_and_centres),
        cmocka_unit_test(the_matrix_agrees_with_to_screen),
        cmocka_unit_test(y_grows_downwards),
        cmocka_unit_test(rotation_turns_clockwise_on_the_screen),
        cmocka_unit_test(screen_camera_is_identity),
        cmocka_unit_test(zoom_of_0_is_1),
        cmocka_unit_test(zoom_at_keeps_the_point_and_multiplies_the_zoom),
        cmocka_unit_test(a_pixel_exact_camera_shows_the_worlds_corner_on_a_whole_pixel),
        cmocka_unit_test(a_turned_camera_is_never_pixel_exact),
        cmocka_unit_test(a_pixel_exact_camera_zooms_without_drifting),
        cmocka_unit_test(pictures_are_not_blurred_by_where_a_pixel_exact_camera_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
