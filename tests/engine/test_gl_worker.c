/* The thread that makes textures' storage: it has a context of its own, does what it is given once and in order,
 * refuses what is too much, and ends with nothing undone. Drivers that make storage quickly have none; then there is
 * nothing to test but that. */
#include "check.h"

#include "../../engine/gl_worker.h"

#include <glad/gl.h>

#include <pthread.h>

/* SDL is linked through the engine; its headers are the engine's alone. */
extern void *SDL_GL_GetCurrentContext(void);

enum { MOST_TASKS = 8, TASKS = 50 };

static pxe_window *window;

static int open_window(void **state)
{
    (void)state;
    const pxe_window_config config = {.title = "test", .width = 64, .height = 64, .headless = true};
    pxe_error error = {0};
    return pxe_window_create(&config, &window, &error) ? 0 : -1;
}

static int close_window(void **state)
{
    (void)state;
    pxe_window_destroy(window);
    return 0;
}

static pxe_gl_worker *worker_or_skip(void)
{
    pxe_gl_worker *worker = pxe_gl_worker_create(window);
    if (worker == NULL) {
        skip();
    }
    return worker;
}

/* What tasks have done, in order. Guarded by wait. */
static int done[TASKS];
static int done_count;

static void note(void *data)
{
    done[done_count++] = *(const int *)data;
}

/* Holds up the thread until it is opened. */
typedef struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool reached, open;
} gate;

static void stand_at(void *data)
{
    gate *it = data;
    pthread_mutex_lock(&it->lock);
    it->reached = true;
    pthread_cond_broadcast(&it->changed);
    while (!it->open) {
        pthread_cond_wait(&it->changed, &it->lock);
    }
    pthread_mutex_unlock(&it->lock);
}

static void gate_await(gate *it)
{
    pthread_mutex_lock(&it->lock);
    while (!it->reached) {
        pthread_cond_wait(&it->changed, &it->lock);
    }
    pthread_mutex_unlock(&it->lock);
}

static void gate_open(gate *it)
{
    pthread_mutex_lock(&it->lock);
    it->open = true;
    pthread_cond_broadcast(&it->changed);
    pthread_mutex_unlock(&it->lock);
}

static void no_worker_is_an_empty_table(void **state)
{
    (void)state;
    const pxc_gl_worker table = pxe_gl_worker_for_cache(NULL);
    assert_true(table.run == NULL && table.wait == NULL);
    pxe_gl_worker_destroy(NULL);
}

typedef struct place {
    const GladGLContext *gl;
    pthread_t thread;
    void *context;
    GLuint texture;
    GLenum error;
} place;

static void look_around(void *data)
{
    place *it = data;
    const unsigned char pixel[4] = {11, 22, 33, 44};
    it->thread = pthread_self();
    it->context = SDL_GL_GetCurrentContext();
    it->gl->GenTextures(1, &it->texture);
    it->gl->BindTexture(GL_TEXTURE_2D, it->texture);
    it->gl->TexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, 1, 1, 0, GL_RGBA, GL_UNSIGNED_BYTE, pixel);
    it->gl->BindTexture(GL_TEXTURE_2D, 0);
    it->error = it->gl->GetError();
    it->gl->Finish();
}

static void tasks_run_on_another_thread_in_a_context_that_shares_textures(void **state)
{
    (void)state;
    const GladGLContext *gl = pxe_window_gl(window);
    void *context = SDL_GL_GetCurrentContext();
    pxe_gl_worker *worker = worker_or_skip();
    const pxc_gl_worker table = pxe_gl_worker_for_cache(worker);
    place seen = {.gl = gl};
    assert_true(table.run(table.user, look_around, &seen));
    table.wait(table.user);
    assert_false(pthread_equal(seen.thread, pthread_self()));
    assert_true(seen.context != NULL && seen.context != context);
    assert_int_equal(seen.error, GL_NO_ERROR);
    unsigned char pixel[4] = {0};
    gl->BindTexture(GL_TEXTURE_2D, seen.texture);
    gl->GetTexImage(GL_TEXTURE_2D, 0, GL_RGBA, GL_UNSIGNED_BYTE, pixel);
    gl->BindTexture(GL_TEXTURE_2D, 0);
    assert_memory_equal(pixel, ((const unsigned char[]){11, 22, 33, 44}), 4);
    pxe_gl_worker_destroy(worker);
    assert_true(gl->IsTexture(seen.texture)); /* it outlives the context that has made it */
    gl->DeleteTextures(1, &seen.texture);
    assert_int_equal(gl->GetError(), GL_NO_ERROR);
}

static void tasks_run_once_each_in_order(void **state)
{
    (void)state;
    static int numbers[TASKS];
    pxe_gl_worker *worker = worker_or_skip();
    const pxc_gl_worker table = pxe_gl_worker_for_cache(worker);
    done_count = 0;
    for (int i = 0; i < TASKS; ++i) {
        numbers[i] = i;
        if (!table.run(table.user, note, &numbers[i])) {
            table.wait(table.user);
            assert_true(table.run(table.user, note, &numbers[i]));
        }
    }
    table.wait(table.user);
    assert_int_equal(done_count, TASKS);
    assert_memory_equal(done, numbers, sizeof numbers);
    table.wait(table.user); /* for nothing: returns at once */
    pxe_gl_worker_destroy(worker);
    assert_int_equal(done_count, TASKS);
}

/* The first task counts, too, for as long as it is run. */
static void what_is_too_much_is_refused_and_never_run(void **state)
{
    (void)state;
    static int numbers[MOST_TASKS] = {0, 1, 2, 3, 4, 5, 6, 7};
    gate held = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    pxe_gl_worker *worker = worker_or_skip();
    const pxc_gl_worker table = pxe_gl_worker_for_cache(worker);
    done_count = 0;
    assert_true(table.run(table.user, stand_at, &held));
    gate_await(&held);
    for (int i = 1; i < MOST_TASKS; ++i) {
        assert_true(table.run(table.user, note, &numbers[i]));
    }
    assert_false(table.run(table.user, note, &numbers[0]));
    gate_open(&held);
    table.wait(table.user);
    assert_int_equal(done_count, MOST_TASKS - 1);
    assert_memory_equal(done, numbers + 1, sizeof numbers - sizeof numbers[0]);
    assert_true(table.run(table.user, note, &numbers[0]));
    table.wait(table.user);
    assert_int_equal(done[done_count - 1], 0);
    pxe_gl_worker_destroy(worker);
}

static void destroy_runs_what_was_taken(void **state)
{
    (void)state;
    static int numbers[MOST_TASKS] = {0, 1, 2, 3, 4, 5, 6, 7};
    for (int count = 0; count <= MOST_TASKS; ++count) {
        pxe_gl_worker *worker = worker_or_skip();
        const pxc_gl_worker table = pxe_gl_worker_for_cache(worker);
        done_count = 0;
        for (int i = 0; i < count; ++i) {
            assert_true(table.run(table.user, note, &numbers[i]));
        }
        pxe_gl_worker_destroy(worker);
        assert_int_equal(done_count, count);
        assert_memory_equal(done, numbers, (size_t)count * sizeof numbers[0]);
    }
}

static void the_window_stays_current_however_often_workers_come_and_go(void **state)
{
    (void)state;
    const GladGLContext *gl = pxe_window_gl(window);
    void *context = SDL_GL_GetCurrentContext();
    GLuint texture = 0;
    GLint bound = 0;
    gl->GenTextures(1, &texture);
    gl->BindTexture(GL_TEXTURE_2D, texture);
    for (int i = 0; i < 10; ++i) {
        pxe_gl_worker *worker = pxe_gl_worker_create(window);
        assert_ptr_equal(SDL_GL_GetCurrentContext(), context);
        pxe_gl_worker_destroy(worker);
        assert_ptr_equal(SDL_GL_GetCurrentContext(), context);
        gl->GetIntegerv(GL_TEXTURE_BINDING_2D, &bound);
        assert_int_equal(bound, texture);
    }
    pxe_window_swap(window);
    gl->DeleteTextures(1, &texture);
    assert_int_equal(gl->GetError(), GL_NO_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_worker_is_an_empty_table),
        cmocka_unit_test(tasks_run_on_another_thread_in_a_context_that_shares_textures),
        cmocka_unit_test(tasks_run_once_each_in_order),
        cmocka_unit_test(what_is_too_much_is_refused_and_never_run),
        cmocka_unit_test(destroy_runs_what_was_taken),
        cmocka_unit_test(the_window_stays_current_however_often_workers_come_and_go),
    };
    return cmocka_run_group_tests(tests, open_window, close_window);
}
