/* Promise 7 at its edges: PXC_ERR_FULL lasts until the boundary and no longer, however low the ceiling is. */
#include "check.h"

/* One insert a frame, tried anew in the next frame when it is refused. Returns how many frames it took. */
static int frames_for(pxc_cache *cache, int count, int width)
{
    int frames = 0;
    for (int done = 0; done < count && frames < 10 * count; ++frames) {
        pxc_key key;
        const pxc_pixmap pixmap = pixmap_of(width);
        const pxc_status status = pxc_insert(cache, &pixmap, &key);
        assert_true(status == PXC_OK || status == PXC_ERR_FULL);
        done += status == PXC_OK;
        assert_ok(cache, pxc_frame_end(cache));
    }
    return frames;
}

static void check_goes_on(size_t limit_bytes, size_t ceiling_bytes)
{
    fixture f;
    fixture_open_config(&f, (pxc_config){.limit_bytes = limit_bytes, .ceiling_bytes = ceiling_bytes});
    assert_true(frames_for(f.cache, 500, 10) <= 1000); /* at worst, each waits for one boundary */
    assert_true(pxc_used(f.cache) <= limit_bytes);
    fixture_close(&f);
}

static void full_ends_at_the_boundary_when_the_ceiling_is_the_limit(void **state)
{
    (void)state;
    check_goes_on(4000, 4000);
}

static void full_ends_at_the_boundary_when_the_ceiling_is_below_the_limit(void **state)
{
    (void)state;
    check_goes_on(4000, 2000);
    check_goes_on(4000, 40);
}

static void the_boundary_makes_room_for_the_largest_that_was_refused(void **state)
{
    (void)state;
    fixture f;
    pxc_key key;
    fixture_open_config(&f, (pxc_config){.limit_bytes = 4000, .ceiling_bytes = 6000});
    const pxc_key oldest = insert_width(f.cache, 500);
    const pxc_key newer = insert_width(f.cache, 500);
    assert_ok(f.cache, pxc_frame_end(f.cache));
    const pxc_pixmap large = pixmap_of(751);
    const pxc_pixmap small = pixmap_of(501);
    assert_status(PXC_ERR_FULL, pxc_insert(f.cache, &large, &key));
    assert_status(PXC_ERR_FULL, pxc_insert(f.cache, &small, &key));
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_false(pxc_key_valid(f.cache, oldest)); /* 4,000 + 3,004 are above 6,000, 2,000 + 3,004 are not */
    assert_true(pxc_key_valid(f.cache, newer));
    assert_ok(f.cache, pxc_insert(f.cache, &large, &key));
    fixture_close(&f);
}

static void what_was_refused_is_forgotten_after_one_boundary(void **state)
{
    (void)state;
    fixture f;
    pxc_key key;
    fixture_open_config(&f, (pxc_config){.limit_bytes = 4000, .ceiling_bytes = 4000});
    insert_width(f.cache, 600);
    const pxc_pixmap large = pixmap_of(401);
    assert_status(PXC_ERR_FULL, pxc_insert(f.cache, &large, &key));
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_int_equal(stats_of(f.cache).entries, 0);
    insert_width(f.cache, 1000);
    assert_ok(f.cache, pxc_frame_end(f.cache));
    assert_int_equal(stats_of(f.cache).entries, 1);
    fixture_close(&f);
}

static void a_raised_limit_above_the_ceiling_does_not_jam(void **state)
{
    (void)state;
    fixture f;
    fixture_open_config(&f, (pxc_config){.limit_bytes = 4000, .ceiling_bytes = 8000});
    assert_ok(f.cache, pxc_set_limit(f.cache, 16000));
    assert_true(frames_for(f.cache, 1000, 10) <= 2000);
    assert_true(pxc_used(f.cache) <= 8000);
    fixture_close(&f);
}

static void what_alone_exceeds_the_ceiling_is_too_large(void **state)
{
    (void)state;
    fixture f;
    pxc_key key;
    fixture_open_config(&f, (pxc_config){.limit_bytes = 4000, .ceiling_bytes = 2000});
    const pxc_pixmap pixmap = pixmap_of(501);
    assert_status(PXC_ERR_TOO_LARGE, pxc_insert(f.cache, &pixmap, &key));
    assert_zero_key(key);
    fixture_close(&f);
}

/* A backend that breaks its contract. */
static pxc_status wrong_status;

static pxc_status create_wrongly(void *gpu, const pxc_pixmap *pixmap, uint32_t *name)
{
    (void)gpu;
    (void)pixmap;
    *name = 0;
    return wrong_status;
}

static void a_backend_that_answers_nonsense_has_failed(void **state)
{
    (void)state;
    static const pxc_status answers[] = {PXC_OK, PXC_MISS, PXC_PENDING};
    pxc_backend backend = *pxc_null_backend();
    backend.create_texture = create_wrongly;
    for (size_t i = 0; i < COUNT_OF(answers); ++i) {
        pxc_cache *cache = NULL;
        pxc_key key;
        const pxc_pixmap pixmap = pixmap_of(11);
        wrong_status = answers[i];
        assert_status(PXC_OK, pxc_create(&(pxc_config){.backend = &backend}, &cache));
        assert_status(PXC_ERR_GPU, pxc_insert(cache, &pixmap, &key));
        assert_ok(cache, pxc_frame_end(cache));
        assert_int_equal(pxc_used(cache), 0);
        assert_status(PXC_OK, pxc_destroy(cache));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_ends_at_the_boundary_when_the_ceiling_is_the_limit),
        cmocka_unit_test(full_ends_at_the_boundary_when_the_ceiling_is_below_the_limit),
        cmocka_unit_test(the_boundary_makes_room_for_the_largest_that_was_refused),
        cmocka_unit_test(what_was_refused_is_forgotten_after_one_boundary),
        cmocka_unit_test(a_raised_limit_above_the_ceiling_does_not_jam),
        cmocka_unit_test(what_alone_exceeds_the_ceiling_is_too_large),
        cmocka_unit_test(a_backend_that_answers_nonsense_has_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
