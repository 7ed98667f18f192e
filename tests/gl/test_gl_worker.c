/* Textures whose storage is made on a worker's context, step by step: they end as all others do, nothing of the render
 * context is touched, and whatever happens while one is being made, no texture is left behind and the limit holds. */
#include "gl_hand.h"
#include "gl_levels.h"

enum {
    WIDTH = 601,
    HEIGHT = 503
}; /* odd, and above 256 KiB in every format: never made within a frame unseen */

static int released;

static void count_release(void *user)
{
    (void)user;
    ++released;
}

static void submit(gl_fixture *f, const char *name, const pxc_pixmap *pixmap)
{
    assert_status(PXC_OK, pxc_submit(f->cache, name, pixmap, count_release, NULL));
}

typedef enum levels { NO_LEVELS, MADE_LEVELS, OWN_LEVELS, LEVEL_KINDS } levels;

static pxc_pixmap large_pixmap(pxc_format format, levels kind)
{
    pxc_pixmap pixmap =
        kind == OWN_LEVELS ? levels_new(WIDTH, HEIGHT, format, 0) : pixmap_new(WIDTH, HEIGHT, format, 1);
    pixmap.mipmaps = kind != NO_LEVELS;
    return pixmap;
}

/* Levels that GL makes are those of a texture that went up whole. */
static void assert_same_levels(gl_fixture *f, GLuint name, const pxc_pixmap *pixmap)
{
    const GLuint whole = texture_of(f->cache, gl_insert(f, pixmap)).name;
    for (int level = 1; level < level_count(pixmap->width, pixmap->height); ++level) {
        const size_t bytes =
            4 * (size_t)level_side(pixmap->width, level) * (size_t)level_side(pixmap->height, level);
        void *left = read_level(f->gl, name, level, GL_RGBA, GL_UNSIGNED_BYTE);
        void *right = read_level(f->gl, whole, level, GL_RGBA, GL_UNSIGNED_BYTE);
        assert_memory_equal(left, right, bytes);
        free(left);
        free(right);
    }
}

static void check_arrival(gl_fixture *f, const pxc_pixmap *pixmap, levels kind)
{
    const GLuint name = texture_named(f, "a");
    if (kind == OWN_LEVELS) {
        assert_levels(f->gl, name, pixmap);
    } else {
        assert_pixels(f->gl, name, pixmap, tolerance_of(pixmap->format));
        assert_int_equal(texture_parameter(f->gl, name, GL_TEXTURE_MAX_LEVEL),
                         kind == NO_LEVELS ? 0 : level_count(WIDTH, HEIGHT) - 1);
    }
    if (kind == MADE_LEVELS) {
        assert_same_levels(f, name, pixmap);
    }
    assert_int_equal(texture_parameter(f->gl, name, GL_TEXTURE_WRAP_S), GL_CLAMP_TO_EDGE);
    assert_int_equal(texture_parameter(f->gl, name, GL_TEXTURE_MAG_FILTER), GL_LINEAR);
}

/* Every format, with each kind of levels. */
static void check_all(hand_mood mood, size_t bytes_per_frame, const char *hidden)
{
    gl_fixture f;
    gl_hand hand;
    hand_open(&hand, mood);
    gl_fixture_init(&f);
    spy.hidden[0] = hidden;
    hand_start(&f, &hand, 0, bytes_per_frame);
    released = 0;
    for (int i = 0; i < FORMATS * LEVEL_KINDS; ++i) {
        const levels kind = (levels)(i % LEVEL_KINDS);
        pxc_pixmap pixmap = large_pixmap((pxc_format)(i / LEVEL_KINDS), kind);
        submit(&f, "a", &pixmap);
        hand_frames(&f, &hand, "a");
        assert_int_equal(hand.done, i + 1);
        assert_int_equal(released, i + 1);
        check_arrival(&f, &pixmap, kind);
        assert_ledger(&f);
        assert_ok(f.cache, pxc_clear(f.cache));
        assert_ok(f.cache, pxc_frame_end(f.cache));
        levels_free(&pixmap);
    }
    assert_true(hidden == NULL || spy.calls[SPY_TEX_STORAGE] == 0);
    gl_close(&f);
    hand_close(&hand);
}

static void what_is_made_at_once_arrives_in_every_format(void **state)
{
    (void)state;
    check_all(HAND_AT_ONCE, 0, NULL);
}

static void what_is_made_between_frames_arrives_in_every_format(void **state)
{
    (void)state;
    check_all(HAND_LATER, 0, NULL);
}

static void what_is_made_elsewhere_goes_up_in_bands(void **state)
{
    (void)state;
    check_all(HAND_LATER, 150000, NULL);
}

static void drivers_without_texture_storage_do_it_too(void **state)
{
    (void)state;
    check_all(HAND_AT_ONCE, 0, "GL_ARB_texture_storage");
}

/* hand_frame compares all state before and after. */
static void what_the_application_has_bound_and_set_stays(void **state)
{
    (void)state;
    gl_fixture f;
    gl_hand hand;
    GLuint texture = 0;
    GLuint buffer = 0;
    hand_open(&hand, HAND_LATER);
    gl_fixture_init(&f);
    hand_start(&f, &hand, 0, 400000);
    pxc_pixmap pixmap = large_pixmap(PXC_RGBA8, OWN_LEVELS);
    f.gl->GenTextures(1, &texture);
    f.gl->BindTexture(GL_TEXTURE_2D, texture);
    f.gl->GenBuffers(1, &buffer);
    f.gl->BindBuffer(GL_PIXEL_UNPACK_BUFFER, buffer);
    f.gl->PixelStorei(GL_UNPACK_ALIGNMENT, 2);
    f.gl->PixelStorei(GL_UNPACK_ROW_LENGTH, 77);
    f.gl->PixelStorei(GL_UNPACK_SKIP_ROWS, 3);
    f.gl->PixelStorei(GL_UNPACK_SKIP_PIXELS, 5);
    f.gl->PixelStorei(GL_UNPACK_SWAP_BYTES, 1);
    submit(&f, "a", &pixmap);
    assert_in_range(hand_frames(&f, &hand, "a"), 5, 20);
    f.gl->PixelStorei(GL_UNPACK_ALIGNMENT, 4);
    f.gl->PixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    f.gl->PixelStorei(GL_UNPACK_SKIP_ROWS, 0);
    f.gl->PixelStorei(GL_UNPACK_SKIP_PIXELS, 0);
    f.gl->PixelStorei(GL_UNPACK_SWAP_BYTES, 0);
    f.gl->BindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
    f.gl->DeleteBuffers(1, &buffer);
    f.gl->DeleteTextures(1, &texture);
    check_arrival(&f, &pixmap, OWN_LEVELS);
    levels_free(&pixmap);
    gl_close(&f);
    hand_close(&hand);
}

static void what_a_worker_refuses_is_made_here_and_not_asked_for_again(void **state)
{
    (void)state;
    gl_fixture f;
    gl_hand hand;
    hand_open(&hand, HAND_REFUSES);
    gl_fixture_init(&f);
    hand_start(&f, &hand, 0, 400000);
    pxc_pixmap pixmap = large_pixmap(PXC_RGBA8, OWN_LEVELS);
    submit(&f, "a", &pixmap);
    hand_frames(&f, &hand, "a");
    check_arrival(&f, &pixmap, OWN_LEVELS);
    assert_int_equal(hand.asked, 1);
    assert_int_equal(hand.done, 0);
    levels_free(&pixmap);
    gl_close(&f);
    hand_close(&hand);
}

static void what_is_small_is_made_here(void **state)
{
    (void)state;
    gl_fixture f;
    gl_hand hand;
    hand_open(&hand, HAND_LATER);
    gl_fixture_init(&f);
    hand_start(&f, &hand, 0, 0);
    pxc_pixmap pixmap = pixmap_new(64, 64, PXC_RGBA8, 0);
    submit(&f, "a", &pixmap);
    assert_int_equal(hand_frames(&f, &hand, "a"), 1);
    assert_int_equal(hand.asked, 0);
    pixmap_free(&pixmap);
    gl_close(&f);
    hand_close(&hand);
}

/* ---- Given up ---------------------------------------------------------------------------------------------------*/

static pxc_pixmap small_pixmap;

static void discard(gl_fixture *f)
{
    assert_ok(f->cache, pxc_discard(f->cache, "a"));
}

static void remove_it(gl_fixture *f)
{
    assert_ok(f->cache, pxc_remove_named(f->cache, "a"));
}

static void clear(gl_fixture *f)
{
    assert_ok(f->cache, pxc_clear(f->cache));
}

static void submit_another(gl_fixture *f)
{
    submit(f, "a", &small_pixmap);
}

static void insert_another(gl_fixture *f)
{
    assert_ok(f->cache, pxc_insert_named(f->cache, "a", &small_pixmap, NULL));
}

static void lower_the_limit(gl_fixture *f)
{
    assert_ok(f->cache, pxc_set_limit(f->cache, 1000));
}

static void do_nothing(gl_fixture *f)
{
    (void)f;
}

/* steps: 0 = just handed over, 1 = being made, 2 = made, not taken yet, 3 = up in part. */
static void give_up(void (*how)(gl_fixture *f), int steps, bool goes_on)
{
    gl_fixture f;
    gl_hand hand;
    hand_open(&hand, HAND_LATER);
    gl_fixture_init(&f);
    hand_start(&f, &hand, 0, 100000);
    released = 0;
    pxc_pixmap pixmap = large_pixmap(PXC_RGBA8, OWN_LEVELS);
    submit(&f, "a", &pixmap);
    if (steps >= 1) {
        assert_ok(f.cache, pxc_frame_begin(f.cache));
        assert_non_null(hand.task);
        assert_int_equal(pxc_used(f.cache), pxc_texture_cost(PXC_RGBA8, WIDTH, HEIGHT, true));
    }
    if (steps >= 2) {
        hand_work(&hand);
    }
    if (steps >= 3) {
        assert_ok(f.cache, pxc_frame_begin(f.cache));
        assert_true(stats_of(f.cache).upload_bytes > 0);
    }
    how(&f);
    for (int i = 0; goes_on && i < 100; ++i) {
        hand_frame(&f, &hand);
    }
    if (goes_on) {
        assert_ledger(&f);
    }
    gl_close(&f);
    assert_true(released >= 1);
    levels_free(&pixmap);
    hand_close(&hand);
}

static void whatever_is_given_up_at_any_time_leaves_no_texture(void **state)
{
    (void)state;
    void (*const ways[])(gl_fixture * f) = {discard,        remove_it,       clear,     submit_another,
                                            insert_another, lower_the_limit, do_nothing};
    small_pixmap = pixmap_new(5, 4, PXC_RGBA8, 0);
    for (size_t i = 0; i < COUNT_OF(ways); ++i) {
        for (int steps = 0; steps <= 3; ++steps) {
            give_up(ways[i], steps, true);
            give_up(ways[i], steps, false); /* the cache is destroyed at once */
        }
    }
    pixmap_free(&small_pixmap);
}

/* ---- Long runs --------------------------------------------------------------------------------------------------*/

enum { NAMES = 6, ROUNDS = 2000 };

static const char *const names[NAMES] = {"a", "b", "c", "d", "e", "f"};

/* Something that a program might do in a frame. */
static void do_something(gl_fixture *f, gl_hand *hand, pxc_pixmap *pixmaps, uint64_t *random)
{
    const uint32_t which = random_below(random, NAMES);
    switch (random_below(random, 24)) {
    case 0:
        assert_ok(f->cache, pxc_discard(f->cache, names[which]));
        break;
    case 1:
        pxc_remove_named(f->cache, names[which]);
        break;
    case 2:
        assert_ok(f->cache, random_below(random, 5) == 0 ? pxc_clear(f->cache) : PXC_OK);
        break;
    case 3:
        assert_ok(f->cache, pxc_set_limit(f->cache, 1000000 + random_below(random, 4000000)));
        break;
    case 4:
        hand->mood = random_below(random, 8) == 0 ? HAND_REFUSES : (hand_mood)random_below(random, 2);
        hand_step_us = hand->mood == HAND_REFUSES ? 1000 : 0; /* so that nothing is seen to be made quickly */
        break;
    case 5:
    case 6:
        pxc_find_named(f->cache, names[which], NULL);
        break;
    case 7:
    case 8:
    case 9:
        submit(f, names[which], &pixmaps[which]);
        break;
    default: /* time goes by */
        break;
    }
}

static void the_limit_holds_at_each_boundary_of_a_long_run(void **state)
{
    (void)state;
    uint64_t random = 20260;
    gl_fixture f;
    gl_hand hand;
    hand_open(&hand, HAND_LATER);
    gl_fixture_init(&f);
    hand_start(&f, &hand, 3000000, 700000);
    pxc_pixmap pixmaps[NAMES];
    for (int i = 0; i < NAMES; ++i) {
        pixmaps[i] = levels_new(i < 4 ? 301 + 71 * i : 11 * i, i < 4 ? 307 + i : 13, PXC_RGBA8, i);
    }
    for (int round = 0; round < ROUNDS; ++round) {
        do_something(&f, &hand, pixmaps, &random);
        const gl_state before = read_state(f.gl);
        assert_ok(f.cache, pxc_frame_begin(f.cache));
        assert_ok(f.cache, pxc_frame_end(f.cache));
        assert_state(f.gl, &before);
        assert_true(pxc_used(f.cache) <= pxc_limit(f.cache));
        assert_in_range(spy.alive - (stats_of(f.cache).textures_created - stats_of(f.cache).textures_deleted),
                        0, hand.task == NULL);
        if (random_below(&random, 3) == 0) {
            hand_work(&hand);
        }
    }
    assert_in_range(hand.done, 20, ROUNDS);
    assert_in_range(stats_of(f.cache).inserts, 20, ROUNDS);
    hand_step_us = 0;
    gl_close(&f);
    for (int i = 0; i < NAMES; ++i) {
        levels_free(&pixmaps[i]);
    }
    hand_close(&hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_made_at_once_arrives_in_every_format),
        cmocka_unit_test(what_is_made_between_frames_arrives_in_every_format),
        cmocka_unit_test(what_is_made_elsewhere_goes_up_in_bands),
        cmocka_unit_test(drivers_without_texture_storage_do_it_too),
        cmocka_unit_test(what_the_application_has_bound_and_set_stays),
        cmocka_unit_test(what_a_worker_refuses_is_made_here_and_not_asked_for_again),
        cmocka_unit_test(what_is_small_is_made_here),
        cmocka_unit_test(whatever_is_given_up_at_any_time_leaves_no_texture),
        cmocka_unit_test(the_limit_holds_at_each_boundary_of_a_long_run),
    };
    int failed = cmocka_run_group_tests(tests, open_window, close_window);
    gl_way = PXC_UPLOAD_BUFFERS;
    failed += cmocka_run_group_tests(tests, open_window, close_window);
    return failed;
}
