/* Mip levels that the caller brings arrive as they are, each of them, whole or in bands over many frames, and a shader
 * sees the level that it should. Nothing is generated. */
#include "gl_canvas.h"
#include "gl_levels.h"

typedef struct size {
    int width, height;
} size;

static const size sizes[] = {{1, 1},   {2, 1},   {1, 2},  {1, 64}, {64, 1},  {1, 61},
                             {300, 1}, {3, 5},   {17, 9}, {9, 17}, {64, 64}, {61, 45},
                             {300, 7}, {5, 128}, {2, 31}, {31, 2}, {255, 3}, {4, 4}};

static int released;

static void count_release(void *user)
{
    (void)user;
    ++released;
}

/* A budget of so many bytes a frame, and an extension that the driver has not, or NULL. */
static void open_slow(gl_fixture *f, size_t bytes, const char *hidden)
{
    gl_fixture_init(f);
    spy.hidden[0] = hidden;
    const pxc_config config = {.gl_get_proc_address = spy_get_proc_address,
                               .alloc = f->alloc.table,
                               .upload_bytes_per_frame = bytes,
                               .upload_us_per_frame = UINT32_MAX,
                               .upload_way = gl_way};
    assert_status(PXC_OK, pxc_create(&config, &f->cache));
    released = 0;
}

/* Runs frames until nothing of that name is pending; returns how many. */
static int run_frames(gl_fixture *f, const char *name)
{
    int frames = 0;
    while (pxc_lookup(f->cache, name, &(pxc_key){0}) == PXC_PENDING) {
        assert_in_range(++frames, 1, 1000);
        const gl_state before = read_state(f->gl);
        assert_status(PXC_OK, pxc_frame_begin(f->cache));
        assert_state(f->gl, &before);
        assert_ledger(f);
        assert_status(PXC_OK, pxc_frame_end(f->cache));
    }
    return frames;
}

static int hand_over(gl_fixture *f, const pxc_pixmap *pixmap)
{
    assert_status(PXC_OK, pxc_submit(f->cache, "a", pixmap, count_release, NULL));
    return run_frames(f, "a");
}

/* Checks what is resident by that name, and removes it. */
static void take_away(gl_fixture *f, const pxc_pixmap *pixmap)
{
    pxc_key key = {0};
    assert_status(PXC_OK, pxc_lookup(f->cache, "a", &key));
    const pxc_texture texture = texture_of(f->cache, key);
    assert_int_equal(texture.cost, pxc_texture_cost(pixmap->format, pixmap->width, pixmap->height, true));
    assert_levels(f->gl, texture.name, pixmap);
    assert_ok(f->cache, pxc_remove_named(f->cache, "a"));
    assert_ok(f->cache, pxc_frame_end(f->cache));
}

static void check_every_shape_whole(gl_fixture *f)
{
    for (int format = 0; format < FORMATS; ++format) {
        for (size_t i = 0; i < COUNT_OF(sizes); ++i) {
            pxc_pixmap pixmap =
                levels_new(sizes[i].width, sizes[i].height, (pxc_format)format, i % 3 == 2 ? 5 : 0);
            assert_ok(f->cache, pxc_insert_named(f->cache, "a", &pixmap, NULL));
            take_away(f, &pixmap);
            levels_free(&pixmap);
        }
    }
    assert_int_equal(spy.calls[SPY_GENERATE_MIPMAP], 0);
}

static void every_level_of_every_format_and_size_arrives(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    check_every_shape_whole(&f);
    gl_close(&f);
}

static void so_it_does_on_a_driver_without_storage_in_one_go(void **state)
{
    (void)state;
    gl_fixture f;
    gl_fixture_init(&f);
    spy.hidden[0] = "GL_ARB_texture_storage";
    spy.hidden[1] = "GL_ARB_buffer_storage";
    gl_start(&f, 0);
    check_every_shape_whole(&f);
    assert_int_equal(spy.calls[SPY_TEX_STORAGE], 0);
    assert_int_equal(spy.calls[SPY_BUFFER_STORAGE], 0);
    gl_close(&f);
}

/* A byte a frame is a row a frame: each band ends somewhere else in some level. */
static void every_level_arrives_in_bands_of_any_budget(void **state)
{
    (void)state;
    static const size_t budgets[] = {1, 100, 333, 700, 5000};
    for (size_t b = 0; b < COUNT_OF(budgets); ++b) {
        gl_fixture f;
        open_slow(&f, budgets[b], NULL);
        int expected = 0;
        for (int format = 0; format < FORMATS; ++format) {
            for (size_t i = 0; i < COUNT_OF(sizes); ++i) {
                const int gap = i % 2 == 0 ? 0 : 3;
                pxc_pixmap pixmap = levels_new(sizes[i].width, sizes[i].height, (pxc_format)format, gap);
                hand_over(&f, &pixmap);
                assert_int_equal(released, ++expected);
                take_away(&f, &pixmap);
                levels_free(&pixmap);
            }
        }
        assert_int_equal(spy.calls[SPY_GENERATE_MIPMAP], 0);
        gl_close(&f);
    }
}

static void in_bands_on_an_old_driver_too(void **state)
{
    (void)state;
    gl_fixture f;
    open_slow(&f, 900, "GL_ARB_texture_storage");
    for (int format = 0; format < FORMATS; ++format) {
        pxc_pixmap pixmap = levels_new(61, 45, (pxc_format)format, 0);
        assert_in_range(hand_over(&f, &pixmap), 4, 100);
        take_away(&f, &pixmap);
        levels_free(&pixmap);
    }
    assert_int_equal(spy.calls[SPY_TEX_STORAGE], 0);
    gl_close(&f);
}

/* 61 x 45 RGBA8 has 10,980 + 2,640 + 660 + 140 + 24 + 4 bytes. */
static void levels_are_counted_and_paid_for_like_pixels(void **state)
{
    (void)state;
    gl_fixture f;
    open_slow(&f, 1500, NULL);
    pxc_pixmap pixmap = levels_new(61, 45, PXC_RGBA8, 0);
    const int frames = hand_over(&f, &pixmap);
    assert_int_equal(stats_of(f.cache).upload_bytes, 14448);
    assert_in_range(frames, 14448 / 1500 + 1, 14);
    take_away(&f, &pixmap);
    levels_free(&pixmap);
    gl_close(&f);
}

/* Larger than the ring and its parts, with and without room in it. */
static void levels_larger_than_a_ring_of_buffers_arrive(void **state)
{
    (void)state;
    for (int stands = 0; stands < 2; ++stands) {
        gl_fixture f;
        gl_open(&f, 0);
        pxc_pixmap pixmap = levels_new(1537, 1501, PXC_RGBA8, 0);
        spy.fences_stand = stands == 1;
        assert_ok(f.cache, pxc_insert_named(f.cache, "a", &pixmap, NULL));
        take_away(&f, &pixmap);
        levels_free(&pixmap);
        spy_heal();
        gl_close(&f);
    }
}

static void a_replacement_brings_its_own_levels(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap old = levels_new(20, 30, PXC_RGBA8, 0);
    pxc_pixmap fresh = levels_new(33, 7, PXC_RGB8, 2);
    const pxc_key key = gl_insert(&f, &old);
    assert_ok(f.cache, pxc_replace(f.cache, key, &fresh));
    assert_levels(f.gl, texture_of(f.cache, key).name, &fresh);
    levels_free(&fresh);
    levels_free(&old);
    gl_close(&f);
}

static void without_mipmaps_the_levels_are_not_even_read(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    pxc_pixmap pixmap = pixmap_new(17, 9, PXC_RGBA8, 0);
    pixmap.mip_pixels = (const void *)(uintptr_t)1;
    const pxc_texture texture = texture_of(f.cache, gl_insert(&f, &pixmap));
    assert_pixels(f.gl, texture.name, &pixmap, 0);
    assert_int_equal(level_parameter(f.gl, texture.name, 1, GL_TEXTURE_WIDTH), 0);
    assert_int_equal(texture.cost, 17 * 9 * 4);
    pixmap_free(&pixmap);
    gl_close(&f);
}

/* The n-th upload of rows goes wrong, in whichever level that is; what goes wrong in a ring is done again without. */
static void an_error_in_any_level_leaves_nothing_behind(void **state)
{
    (void)state;
    const bool fails = gl_way == PXC_UPLOAD_DIRECT;
    for (int banded = 0; banded < 2; ++banded) {
        for (uint64_t n = 1; n <= 6; ++n) { /* six levels; in bands, more calls than that */
            gl_fixture f;
            open_slow(&f, banded == 1 ? 3000 : 0, NULL);
            pxc_pixmap pixmap = levels_new(61, 45, PXC_RGBA8, 0);
            spy_fail(SPY_TEX_SUB_IMAGE, n, 1, GL_INVALID_VALUE);
            if (banded == 1) {
                hand_over(&f, &pixmap);
                assert_int_equal(stats_of(f.cache).submits_failed, fails);
            } else {
                assert_status(fails ? PXC_ERR_GPU : PXC_OK, pxc_insert_named(f.cache, "a", &pixmap, NULL));
            }
            assert_true(spy.calls[SPY_TEX_SUB_IMAGE] >= n);
            assert_ledger(&f);
            spy_heal();
            assert_ok(f.cache, pxc_insert_named(f.cache, "a", &pixmap, NULL));
            take_away(&f, &pixmap);
            levels_free(&pixmap);
            gl_close(&f);
        }
    }
}

/* Each level of one colour that tells its number. */
static void paint_levels(pxc_pixmap *pixmap, int count)
{
    for (int level = 0; level < count; ++level) {
        const pxc_pixmap it = level_of(pixmap, level);
        unsigned char *pixels = (unsigned char *)(uintptr_t)it.pixels;
        for (int i = 0; i < 4 * it.width * it.height; ++i) {
            pixels[i] = (unsigned char)(i % 4 == 3 ? 255 : 20 + 30 * level + 5 * (i % 4));
        }
    }
}

/* An incomplete texture would be black. */
static void a_shader_sees_the_level_of_the_size_that_it_draws(void **state)
{
    (void)state;
    static const size shapes[] = {{64, 64}, {61, 45}, {64, 1}, {1, 61}, {33, 64}};
    gl_fixture f;
    gl_open(&f, 0);
    canvas c = canvas_create(f.gl);
    for (size_t i = 0; i < COUNT_OF(shapes); ++i) {
        const int count = level_count(shapes[i].width, shapes[i].height);
        pxc_pixmap pixmap = levels_new(shapes[i].width, shapes[i].height, PXC_RGBA8, 0);
        paint_levels(&pixmap, count);
        f.gl->BindTexture(GL_TEXTURE_2D, texture_of(f.cache, gl_insert(&f, &pixmap)).name);
        for (int level = 0; level < count; ++level) {
            const float texels = (float)(1 << level);
            unsigned char seen[4] = {0};
            canvas_cover(f.gl, &c, texels / (float)shapes[i].width, texels / (float)shapes[i].height);
            sample(f.gl, &c, 0.5F, 0.5F, seen);
            for (int channel = 0; channel < 3; ++channel) {
                assert_in_range(seen[channel], 19 + 30 * level + 5 * channel, 21 + 30 * level + 5 * channel);
            }
        }
        f.gl->BindTexture(GL_TEXTURE_2D, 0);
        levels_free(&pixmap);
    }
    canvas_destroy(f.gl, &c);
    gl_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_level_of_every_format_and_size_arrives),
        cmocka_unit_test(so_it_does_on_a_driver_without_storage_in_one_go),
        cmocka_unit_test(every_level_arrives_in_bands_of_any_budget),
        cmocka_unit_test(in_bands_on_an_old_driver_too),
        cmocka_unit_test(levels_are_counted_and_paid_for_like_pixels),
        cmocka_unit_test(levels_larger_than_a_ring_of_buffers_arrive),
        cmocka_unit_test(a_replacement_brings_its_own_levels),
        cmocka_unit_test(without_mipmaps_the_levels_are_not_even_read),
        cmocka_unit_test(an_error_in_any_level_leaves_nothing_behind),
        cmocka_unit_test(a_shader_sees_the_level_of_the_size_that_it_draws),
    };
    int failed = cmocka_run_group_tests(tests, open_window, close_window);
    gl_way = PXC_UPLOAD_BUFFERS;
    failed += cmocka_run_group_tests(tests, open_window, close_window);
    return failed;
}
