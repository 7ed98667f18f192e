/* The engine's thread as the cache's worker, truly beside the frames: pixels arrive, and whenever something is given
 * up, nothing is left behind. Drivers that make storage quickly have no such thread; then there is nothing to test. */
#include "gl_levels.h"

#include "../../engine/gl_worker.h"

#include <pthread.h>

enum { WIDTH = 601, HEIGHT = 503, ROUNDS = 400 };

/* The spy counts for one thread; names are counted for two. */
static pthread_mutex_t names_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t render_thread;
static int names_made_elsewhere; /* under names_lock */

static void GLAD_API_PTR locked_gen_textures(GLsizei count, GLuint *names)
{
    pthread_mutex_lock(&names_lock);
    names_made_elsewhere += !pthread_equal(render_thread, pthread_self());
    spy_gen_textures(count, names);
    pthread_mutex_unlock(&names_lock);
}

static void GLAD_API_PTR locked_delete_textures(GLsizei count, const GLuint *names)
{
    pthread_mutex_lock(&names_lock);
    spy_delete_textures(count, names);
    pthread_mutex_unlock(&names_lock);
}

static void *locked_get_proc_address(const char *name)
{
    static const struct {
        const char *name;
        GLADapiproc function;
    } locked[] = {
        {"glGenTextures", (GLADapiproc)locked_gen_textures},
        {"glDeleteTextures", (GLADapiproc)locked_delete_textures},
    };
    void *address = SDL_GL_GetProcAddress(name);
    for (size_t i = 0; i < COUNT_OF(locked); ++i) {
        if (strcmp(name, locked[i].name) == 0) {
            memcpy(&address, &locked[i].function, sizeof address);
        }
    }
    return address;
}

/* No call takes any time; but what is large, and was never seen to be made quickly, is made elsewhere. */
static uint64_t stopped_us(void *user)
{
    (void)user;
    return 1000;
}

typedef struct shared {
    gl_fixture f;
    pxe_gl_worker *worker;
    pxc_gl_worker table;
} shared;

static void shared_open(shared *s, size_t bytes_per_frame)
{
    gl_fixture_init(&s->f);
    render_thread = pthread_self();
    names_made_elsewhere = 0;
    s->worker = pxe_gl_worker_create(gl_window);
    if (s->worker == NULL) {
        skip();
    }
    s->table = pxe_gl_worker_for_cache(s->worker);
    const pxc_config config = {.gl_get_proc_address = locked_get_proc_address,
                               .alloc = s->f.alloc.table,
                               .upload_bytes_per_frame = bytes_per_frame,
                               .now_us = stopped_us,
                               .gl_worker = s->table,
                               .upload_way = gl_way};
    assert_status(PXC_OK, pxc_create(&config, &s->f.cache));
}

/* While the worker may still be at it. */
static void shared_close(shared *s)
{
    assert_status(PXC_OK, pxc_destroy(s->f.cache));
    assert_int_equal(spy.alive, 0);
    assert_int_equal(spy.created, spy.deleted);
    assert_int_equal(spy.strangers, 0);
    failing_alloc_assert_clean(&s->f.alloc);
    pxe_gl_worker_destroy(s->worker);
    assert_int_equal(s->f.gl->GetError(), GL_NO_ERROR);
}

static void every_format_arrives_from_another_thread(void **state)
{
    (void)state;
    shared s;
    shared_open(&s, 300000);
    for (int format = 0; format < FORMATS; ++format) {
        pxc_pixmap pixmap = levels_new(WIDTH, HEIGHT, (pxc_format)format, 0);
        assert_status(PXC_OK, pxc_submit(s.f.cache, "a", &pixmap, NULL, NULL));
        pxc_key key = {0};
        for (int i = 0; pxc_lookup(s.f.cache, "a", &key) == PXC_PENDING; ++i) {
            assert_in_range(i, 0, 50);
            const gl_state before = read_state(s.f.gl);
            assert_ok(s.f.cache, pxc_frame_begin(s.f.cache));
            assert_state(s.f.gl, &before);
            assert_ok(s.f.cache, pxc_frame_end(s.f.cache));
            s.table.wait(s.table.user);
        }
        assert_levels(s.f.gl, texture_of(s.f.cache, key).name, &pixmap);
        assert_ok(s.f.cache, pxc_clear(s.f.cache));
        levels_free(&pixmap);
    }
    shared_close(&s);
    assert_int_equal(names_made_elsewhere, FORMATS);
}

/* The end comes at once, while the thread makes the texture, or has not begun. */
static void a_cache_may_be_destroyed_at_any_time(void **state)
{
    (void)state;
    pxc_pixmap pixmap = levels_new(WIDTH, HEIGHT, PXC_RGBA8, 0);
    for (int frames = 0; frames < 4; ++frames) {
        shared s;
        shared_open(&s, 300000);
        assert_status(PXC_OK, pxc_submit(s.f.cache, "a", &pixmap, NULL, NULL));
        for (int i = 0; i < frames; ++i) {
            assert_ok(s.f.cache, pxc_frame_begin(s.f.cache));
            assert_ok(s.f.cache, pxc_frame_end(s.f.cache));
        }
        shared_close(&s);
        assert_int_equal(names_made_elsewhere, frames > 0);
    }
    levels_free(&pixmap);
}

static void do_something(const shared *s, const pxc_pixmap *pixmaps, uint64_t *random)
{
    pxc_cache *cache = s->f.cache;
    static const char *const names[] = {"a", "b", "c"};
    const uint32_t which = random_below(random, 3);
    switch (random_below(random, 8)) {
    case 0:
        assert_ok(cache, pxc_discard(cache, names[which]));
        break;
    case 1:
        pxc_remove_named(cache, names[which]);
        break;
    case 2:
        assert_ok(cache, pxc_clear(cache));
        break;
    case 3:
    case 4:
        assert_status(PXC_OK, pxc_submit(cache, names[which], &pixmaps[which], NULL, NULL));
        break;
    case 5:
        s->table.wait(s->table.user);
        break;
    default: /* time goes by */
        break;
    }
}

/* What is resident at the end of a frame shows its pixels. */
static void whatever_is_given_up_beside_the_thread_leaves_nothing(void **state)
{
    (void)state;
    uint64_t random = 77;
    pxc_pixmap pixmaps[] = {levels_new(401, 357, PXC_RGBA8, 0), levels_new(301, 307, PXC_RGBA8, 0),
                            levels_new(17, 13, PXC_RGBA8, 0)};
    shared s;
    shared_open(&s, 300000);
    for (int round = 0; round < ROUNDS; ++round) {
        do_something(&s, pixmaps, &random);
        assert_ok(s.f.cache, pxc_frame_begin(s.f.cache));
        assert_true(s.f.gl->GetError() == GL_NO_ERROR);
        assert_ok(s.f.cache, pxc_frame_end(s.f.cache));
        assert_true(pxc_used(s.f.cache) <= pxc_limit(s.f.cache));
    }
    assert_status(PXC_OK, pxc_submit(s.f.cache, "a", &pixmaps[0], NULL, NULL));
    pxc_key key = {0};
    while (pxc_lookup(s.f.cache, "a", &key) == PXC_PENDING) {
        assert_ok(s.f.cache, pxc_frame_begin(s.f.cache));
        assert_ok(s.f.cache, pxc_frame_end(s.f.cache));
        s.table.wait(s.table.user);
    }
    assert_levels(s.f.gl, texture_of(s.f.cache, key).name, &pixmaps[0]);
    shared_close(&s);
    assert_in_range(names_made_elsewhere, 5, ROUNDS);
    for (size_t i = 0; i < COUNT_OF(pixmaps); ++i) {
        levels_free(&pixmaps[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_arrives_from_another_thread),
        cmocka_unit_test(a_cache_may_be_destroyed_at_any_time),
        cmocka_unit_test(whatever_is_given_up_beside_the_thread_leaves_nothing),
    };
    int failed = cmocka_run_group_tests(tests, open_window, close_window);
    gl_way = PXC_UPLOAD_BUFFERS;
    failed += cmocka_run_group_tests(tests, open_window, close_window);
    return failed;
}
