/* Promise 11 for a context that is lost while pxc_create loads its functions. Creation may fail or succeed; a cache
 * that was created has to work once a new context is current and pxc_context_lost was called, like any other. */
#include "gl_fixture.h"
#include "gl_saboteur.h"

/* Loses the context at the n-th GL call of pxc_create. Result: whether there was an n-th. */
static bool lose_at(uint64_t n)
{
    gl_fixture f;
    pxc_key key = {0};
    const pxc_pixmap pixmap = pixmap_of(17);
    gl_fixture_init(&f);
    const pxc_config config = {.gl_get_proc_address = sabotage_get_proc_address, .alloc = f.alloc.table};
    sabotage_arm(SABOTAGE_LOSS, n, GL_LOST);
    const pxc_status status = pxc_create(&config, &f.cache);
    const bool was_lost = sabotage_reached();
    sabotage_mend();
    if (status != PXC_OK) {
        assert_status(PXC_ERR_GPU, status);
        assert_null(f.cache);
        failing_alloc_assert_clean(&f.alloc);
        return was_lost;
    }
    assert_ok(f.cache, pxc_context_lost(f.cache));
    assert_ok(f.cache, pxc_insert(f.cache, &pixmap, &key));
    assert_shows(&f, key, &pixmap);
    gl_close(&f);
    return was_lost;
}

static void lose_at_every_call(bool null_extensions)
{
    uint64_t n = 1;
    saboteur.null_extensions = null_extensions;
    while (lose_at(n)) {
        assert_in_range(++n, 1, 2000);
    }
    assert_true(n > 3);
}

static void a_cache_that_was_created_while_the_context_went_works_in_the_next(void **state)
{
    (void)state;
    lose_at_every_call(false);
}

/* Commands on a lost context do nothing and must not end the program; Mesa's then answer zero, glGetStringi NULL.
 * Source: the reference page of glGetGraphicsResetStatus; Mesa, src/mesa/main/robustness.c. */
static void a_driver_that_names_no_extension_is_no_crash(void **state)
{
    (void)state;
    lose_at_every_call(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cache_that_was_created_while_the_context_went_works_in_the_next),
        cmocka_unit_test(a_driver_that_names_no_extension_is_no_crash),
    };
    return cmocka_run_group_tests(tests, open_window, close_window);
}
