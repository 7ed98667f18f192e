/* Promises 2 and 11 for every public function on a real OpenGL: the n-th GL call that the cache makes goes wrong, for
 * n = 1, 2, ... until the function makes no n-th. The pixels of everything that must survive are read back each time,
 * and the cache has to go on working.
 *
 * An error may come where the cache has not asked for one yet and does not mind (before its upload: not its own) or
 * where it asks no more (after it: nothing can be undone), so a call may also succeed; its image must then be whole,
 * and for each kind of error and each upload there are calls that fail. */
#include "gl_stage.h"

enum { MAX_TRIES = 2000 }; /* GL calls of one function; a loader asks for each extension by its number */

static const gl_breakage breakages[] = {
    {SABOTAGE_ONCE, GL_OUT_OF_MEMORY, PXC_ERR_GPU},
    {SABOTAGE_FROM_ON, GL_OUT_OF_MEMORY, PXC_ERR_GPU},
    {SABOTAGE_ONCE, GL_INVALID_OPERATION, PXC_ERR_GPU},
    {SABOTAGE_FROM_ON, GL_INVALID_OPERATION, PXC_ERR_GPU},
    {SABOTAGE_ONCE, GL_LOST, PXC_ERR_LOST},
    {SABOTAGE_LOSS, GL_LOST, PXC_ERR_LOST},
};

static uint64_t failure_points;
static unsigned passes_of_window; /* each makes some 20 textures */

typedef struct tally {
    unsigned reached, failed;
} tally;

/* Mesa gives each texture of a context a new name, and the spy's ledger has an end. */
static void renew_window(void)
{
    const pxe_window_config config = {.title = "test", .width = 64, .height = 64, .headless = true};
    pxe_error error = {0};
    pxe_window_destroy(gl_window);
    gl_window = NULL;
    passes_of_window = 0;
    assert_true(pxe_window_create(&config, &gl_window, &error));
}

/* Every n of one call and one kind of breakage. */
static tally break_call(const every_call *call, const pxc_pixmap *fresh, const gl_breakage *breakage)
{
    tally sum = {0};
    bool reached = true;
    if (passes_of_window > 1000) {
        renew_window();
    }
    for (uint64_t n = 1; reached; ++n) {
        assert_in_range(n, 1, MAX_TRIES);
        ++passes_of_window;
        sum.failed += gl_stage_pass(call, fresh, breakage, n, &reached) ? 1 : 0;
        sum.reached += reached ? 1 : 0;
    }
    failure_points += sum.reached;
    return sum;
}

/* Five rows whose stride goes up row by row, and four levels: no upload makes more GL calls. */
static pxc_pixmap long_upload(void)
{
    pxc_pixmap pixmap = pixmap_new(7, 5, PXC_RGB8, 4);
    pixmap.mipmaps = true;
    return pixmap;
}

static void what_is_not_broken_works(void **state)
{
    (void)state;
    pxc_pixmap fresh = long_upload();
    const gl_breakage nothing = {SABOTAGE_ONCE, GL_INVALID_OPERATION, PXC_ERR_GPU};
    for (size_t i = 0; i < every_call_count; ++i) {
        bool reached = true;
        assert_false(gl_stage_pass(&every_calls[i], &fresh, &nothing, 0, &reached));
        assert_false(reached);
    }
    pixmap_free(&fresh);
}

static void every_gl_call_of_an_upload(void **state)
{
    (void)state;
    pxc_pixmap fresh = long_upload();
    for (size_t i = 0; i < every_call_count * COUNT_OF(breakages); ++i) {
        const every_call *call = &every_calls[i / COUNT_OF(breakages)];
        const gl_breakage *breakage = &breakages[i % COUNT_OF(breakages)];
        if ((call->traits & CALL_UPLOADS) != 0 && (call->traits & CALL_GOES_UP) == 0) {
            const tally sum = break_call(call, &fresh, breakage);
            const bool is_retried =
                breakage->error == GL_OUT_OF_MEMORY && breakage->sabotage == SABOTAGE_ONCE;
            assert_in_range(sum.reached, 10, MAX_TRIES);
            assert_true(is_retried ? sum.failed == 0 : sum.failed >= 5);
        }
    }
    pixmap_free(&fresh);
}

/* Whole and in bands. A texture that is made is asked for again when memory was short, a band is not; what fails is
 * dropped, or waits for a new context. */
static void every_gl_call_of_what_was_handed_over(void **state)
{
    (void)state;
    pxc_pixmap fresh = long_upload();
    for (size_t i = 0; i < every_call_count * COUNT_OF(breakages); ++i) {
        const every_call *call = &every_calls[i / COUNT_OF(breakages)];
        const gl_breakage *breakage = &breakages[i % COUNT_OF(breakages)];
        if ((call->traits & CALL_GOES_UP) != 0) {
            const tally sum = break_call(call, &fresh, breakage);
            const bool is_retried = breakage->error == GL_OUT_OF_MEMORY &&
                                    breakage->sabotage == SABOTAGE_ONCE && call->amount == 0;
            assert_in_range(sum.reached, 5, MAX_TRIES);
            assert_true(is_retried ? sum.failed == 0 : sum.failed >= 1);
        }
    }
    pixmap_free(&fresh);
}

/* The other way through an upload: no immutable storage, and all rows at once. */
static void every_gl_call_of_an_upload_to_an_old_driver(void **state)
{
    (void)state;
    pxc_pixmap fresh = pixmap_new(6, 5, PXC_BGRA8, 0);
    gl_on_stage.hidden = "GL_ARB_texture_storage";
    for (size_t i = 0; i < every_call_count * COUNT_OF(breakages); ++i) {
        const every_call *call = &every_calls[i / COUNT_OF(breakages)];
        if (strcmp(call->text, "insert") == 0 || strcmp(call->text, "replace, idle") == 0) {
            assert_in_range(break_call(call, &fresh, &breakages[i % COUNT_OF(breakages)]).reached, 10,
                            MAX_TRIES);
            assert_int_equal(spy.calls[SPY_TEX_STORAGE], 0);
        }
    }
    gl_on_stage.hidden = NULL;
    pixmap_free(&fresh);
}

/* What goes wrong in the ring is done again without it, so that only what makes the texture and its levels can fail the
 * call. With the ring kept mapped, and mapped for each piece. Two calls stand for all, because each pass fills a ring of
 * 8 MiB with zeros in the driver: 10 ms. */
static void every_gl_call_of_an_upload_by_pixel_buffers(void **state)
{
    (void)state;
    static const char *const hidden[] = {NULL, "GL_ARB_buffer_storage"};
    pxc_pixmap fresh = long_upload();
    gl_way = PXC_UPLOAD_BUFFERS;
    for (size_t i = 0; i < every_call_count * COUNT_OF(breakages) * COUNT_OF(hidden); ++i) {
        const every_call *call = &every_calls[i / COUNT_OF(breakages) / COUNT_OF(hidden)];
        const gl_breakage *breakage = &breakages[i / COUNT_OF(hidden) % COUNT_OF(breakages)];
        gl_on_stage.hidden = hidden[i % COUNT_OF(hidden)];
        if (strcmp(call->text, "insert") == 0 || strcmp(call->text, "replace, idle") == 0) {
            const tally sum = break_call(call, &fresh, breakage);
            const bool is_retried =
                breakage->error == GL_OUT_OF_MEMORY && breakage->sabotage == SABOTAGE_ONCE;
            assert_in_range(sum.reached, 10, MAX_TRIES);
            assert_true(is_retried ? sum.failed == 0 : sum.failed >= 5);
            assert_true(spy.calls[SPY_MAP_BUFFER] > 0);
        }
    }
    gl_way = PXC_UPLOAD_DIRECT;
    gl_on_stage.hidden = NULL;
    pixmap_free(&fresh);
}

/* Only deletions and the loader: nothing that GL says can make them fail, short of a context that is none. */
static void every_gl_call_of_what_uploads_nothing(void **state)
{
    (void)state;
    pxc_pixmap fresh = long_upload();
    for (size_t i = 0; i < every_call_count * COUNT_OF(breakages); ++i) {
        const every_call *call = &every_calls[i / COUNT_OF(breakages)];
        const gl_breakage *breakage = &breakages[i % COUNT_OF(breakages)];
        if ((call->traits & (CALL_UPLOADS | CALL_GOES_UP)) == 0) {
            const tally sum = break_call(call, &fresh, breakage);
            const bool uses_gl = (call->traits & CALL_USES_GPU) != 0;
            const bool creates = (call->traits & CALL_SETS_CACHE) != 0;
            assert_true(uses_gl ? sum.reached > 0 : sum.reached == 0);
            assert_true(creates && breakage->sabotage == SABOTAGE_LOSS ? sum.failed > 0 : sum.failed == 0);
        }
    }
    pixmap_free(&fresh);
}

/* The fake GPU of cache/test_every_failure.c needs no memory of the cache's allocator; this one does. */
static void every_allocation(void **state)
{
    (void)state;
    pxc_pixmap fresh = long_upload();
    const gl_breakage breakage = {.error = GL_NO_ERROR, .status = PXC_ERR_MEMORY};
    for (size_t i = 0; i < every_call_count; ++i) {
        const tally sum = break_call(&every_calls[i], &fresh, &breakage);
        const bool creates = (every_calls[i].traits & CALL_SETS_CACHE) != 0;
        assert_true(creates ? sum.failed > 1 : sum.failed <= sum.reached);
    }
    pixmap_free(&fresh);
}

static int tell_failure_points(void **state)
{
    print_message("%llu failure points\n", (unsigned long long)failure_points);
    return close_window(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_broken_works),
        cmocka_unit_test(every_gl_call_of_an_upload),
        cmocka_unit_test(every_gl_call_of_what_was_handed_over),
        cmocka_unit_test(every_gl_call_of_an_upload_to_an_old_driver),
        cmocka_unit_test(every_gl_call_of_an_upload_by_pixel_buffers),
        cmocka_unit_test(every_gl_call_of_what_uploads_nothing),
        cmocka_unit_test(every_allocation),
    };
    return cmocka_run_group_tests(tests, open_window, tell_failure_points);
}
