/* Promise 10 under load: eight threads hand over and take back while the render thread runs frames under a limit that
 * goes up and down, to nothing and to all there is, finds, removes, clears, and loses its context. Each pixmap that was
 * taken is released exactly once, on the render thread, with its pixels as they were; one that was refused never is.
 * The pixels are freed by release, so that a sanitizer sees a read that comes later. How much the threads do is
 * counted, and nobody sleeps.
 *
 * The C library's allocator is used, because failing_alloc is for one thread. */
#include "check.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, NAMES = 2000, SHARED_NAMES = 50, ROUNDS_LEFT = 100000, LOSS_FRAME = 20, MOST_LOADS = 30 };

typedef struct load load;

typedef struct parcel {
    load *l;
    unsigned char *pixels;
    size_t bytes;
    unsigned char first; /* of the pixels */
    bool taken;          /* its sender's until it is joined */
    atomic_uint releases;
} parcel;

typedef struct sender {
    load *l;
    pthread_t thread;
    uint64_t random;
    uint64_t taken, full, discarded, faults;
    parcel parcels[NAMES];
} sender;

struct load {
    fake_gpu gpu;
    pxc_cache *cache;
    pthread_t render;
    atomic_int at_work; /* senders */
    atomic_uint foreign_releases, changed_pixels;
    uint64_t frames, pending_answers;
    sender senders[THREADS];
};

static void on_release(void *user)
{
    parcel *p = user;
    if (!pthread_equal(p->l->render, pthread_self())) {
        atomic_fetch_add(&p->l->foreign_releases, 1);
    }
    if (atomic_fetch_add(&p->releases, 1) == 0) {
        for (size_t i = 0; i < p->bytes; ++i) {
            if (p->pixels[i] != (unsigned char)(p->first + i)) {
                atomic_fetch_add(&p->l->changed_pixels, 1);
            }
        }
        free(p->pixels);
    }
}

static void draw(parcel *p, size_t bytes, unsigned char first)
{
    p->bytes = bytes;
    p->first = first;
    p->pixels = malloc(bytes);
    for (size_t i = 0; i < bytes && p->pixels != NULL; ++i) {
        p->pixels[i] = (unsigned char)(first + i);
    }
}

/* A quarter of the names are shared by all senders, so that their submissions replace each other. */
static void name_of(const sender *s, int number, char name[32])
{
    if (number % 4 == 0) {
        snprintf(name, 32, "shared %d", number / 4 % SHARED_NAMES);
    } else {
        snprintf(name, 32, "%d of %d", number, (int)(s - s->l->senders));
    }
}

static void hand_over(sender *s, int number)
{
    char name[32];
    parcel *p = &s->parcels[number];
    const int width = 1 + (int)random_below(&s->random, 40);
    const int height =
        1 + (int)random_below(&s->random, number % 50 == 0 ? 250 : 20); /* up to 40,000 bytes */
    p->l = s->l;
    draw(p, 4 * (size_t)width * (size_t)height, (unsigned char)random_below(&s->random, 256));
    const pxc_pixmap pixmap = {.pixels = p->pixels, .width = width, .height = height, .format = PXC_RGBA8};
    name_of(s, number, name);
    pxc_status status = p->pixels == NULL ? PXC_ERR_MEMORY : PXC_ERR_FULL;
    while (status == PXC_ERR_FULL) {
        status = pxc_submit(s->l->cache, name, &pixmap, on_release, p);
        if (status == PXC_ERR_FULL) {
            s->full++;
            sched_yield();
        }
    }
    p->taken = status == PXC_OK;
    if (!p->taken) {
        s->faults += status != PXC_ERR_TOO_LARGE; /* the limit is low at times */
        free(p->pixels);
    }
    s->taken += p->taken;
}

static void *send(void *user)
{
    sender *s = user;
    for (int i = 0; i < NAMES; ++i) {
        char name[32];
        hand_over(s, i);
        if (random_below(&s->random, 4) == 0) {
            name_of(s, (int)random_below(&s->random, (uint32_t)i + 1), name);
            s->faults += pxc_discard(s->l->cache, name) != PXC_OK;
            s->discarded++;
        }
    }
    atomic_fetch_sub(&s->l->at_work, 1);
    return NULL;
}

static void ask(load *l, uint64_t *random)
{
    char name[32];
    pxc_texture texture;
    name_of(&l->senders[random_below(random, THREADS)], (int)random_below(random, NAMES), name);
    const pxc_status status = pxc_find_named(l->cache, name, &texture);
    if (status == PXC_OK) {
        assert_non_null(fake_gpu_texture(&l->gpu, texture.name)); /* alive, and whole */
    } else {
        assert_true(status == PXC_MISS || status == PXC_PENDING);
        l->pending_answers += status == PXC_PENDING;
    }
}

/* One of the shared names, by its name or by its key. */
static void remove_one(load *l, uint64_t *random)
{
    char name[32];
    pxc_key key;
    name_of(&l->senders[0], 4 * (int)random_below(random, SHARED_NAMES), name);
    pxc_status status = pxc_lookup(l->cache, name, &key);
    if (status == PXC_OK && random_below(random, 2) == 0) {
        assert_status(PXC_OK, pxc_remove(l->cache, key));
        assert_false(pxc_key_valid(l->cache, key));
    } else {
        status = pxc_remove_named(l->cache, name);
        assert_true(status == PXC_OK || status == PXC_MISS);
    }
}

/* The limit is at nothing or at all there is for a few frames only, because the next choice moves it again. */
static void churn(load *l, uint64_t *random)
{
    const uint32_t pick = random_below(random, 100);
    if (pick == 33 || l->frames == LOSS_FRAME) {
        assert_status(PXC_OK, pxc_context_lost(l->cache));
    } else if (pick < 30) {
        assert_status(PXC_OK, pxc_set_limit(l->cache, 4 * (4000 + (size_t)random_below(random, 40000))));
    } else if (pick < 32) {
        assert_status(PXC_OK, pxc_set_limit(l->cache, pick == 30 ? 0 : SIZE_MAX));
    } else if (pick == 32) {
        assert_status(PXC_OK, pxc_clear(l->cache));
    } else if (pick < 45) {
        remove_one(l, random);
    }
}

static void assert_counters_agree(load *l)
{
    const pxc_stats stats = stats_of(l->cache);
    assert_int_equal(stats.used_bytes, l->gpu.bytes);
    assert_int_equal(stats.textures_created, l->gpu.created);
    assert_int_equal(stats.textures_deleted, l->gpu.deleted);
    assert_int_equal(stats.textures_lost, l->gpu.lost);
    assert_int_equal(stats.upload_bytes, l->gpu.bytes_uploaded);
    assert_int_equal(stats.entries + fake_gpu_partial_count(&l->gpu), l->gpu.alive);
    assert_int_equal(l->gpu.faults, 0);
}

static void run_frame(load *l, uint64_t *random)
{
    for (int i = 0; i < 10; ++i) {
        ask(l, random);
    }
    churn(l, random);
    assert_status(PXC_OK, pxc_frame_begin(l->cache));
    assert_int_equal(pxc_used(l->cache), l->gpu.bytes);
    assert_status(PXC_OK, pxc_frame_end(l->cache));
    assert_true(pxc_used(l->cache) <= pxc_limit(l->cache));
    assert_status(PXC_OK, pxc_validate(l->cache));
    assert_counters_agree(l);
    ++l->frames;
}

static void open_load(load *l)
{
    fake_gpu_init(&l->gpu);
    l->render = pthread_self();
    const pxc_config config = {.backend = &l->gpu.backend,
                               .limit_bytes = 4 * 40000,
                               .mailbox_bytes = 4 * 30000,
                               .upload_bytes_per_frame = 4 * 6000,
                               .now_us = fake_gpu_now_us,
                               .now_us_user = &l->gpu};
    assert_status(PXC_OK, pxc_create(&config, &l->cache));
    atomic_store(&l->at_work, THREADS);
    for (int i = 0; i < THREADS; ++i) {
        sender *s = &l->senders[i];
        s->l = l;
        s->random = (uint64_t)i + 1;
        assert_int_equal(pthread_create(&s->thread, NULL, send, s), 0);
    }
}

static void assert_released_once(load *l)
{
    for (int i = 0; i < THREADS; ++i) {
        const sender *s = &l->senders[i];
        assert_int_equal(s->faults, 0);
        assert_true(s->discarded > 0);
        for (int k = 0; k < NAMES; ++k) {
            assert_int_equal(atomic_load(&s->parcels[k].releases), s->parcels[k].taken ? 1 : 0);
        }
    }
    assert_int_equal(atomic_load(&l->foreign_releases), 0);
    assert_int_equal(atomic_load(&l->changed_pixels), 0);
}

/* All that the load is there for has come true: who runs when is the system's choice. */
static bool was_a_load(const load *l)
{
    const pxc_stats stats = stats_of(l->cache);
    uint64_t taken = 0;
    uint64_t full = 0;
    for (int i = 0; i < THREADS; ++i) {
        taken += l->senders[i].taken;
        full += l->senders[i].full;
    }
    return taken > NAMES && full > 0 && stats.uploads > 0 && stats.evictions > 0 &&
           stats.submits_failed > 0 && /* a limit that was lowered */
           l->gpu.begin_calls > 0 &&   /* bands */
           l->gpu.context_losses > 0 && l->pending_answers > 0;
}

/* Whether it was one. */
static bool run_load(load *l, bool drain)
{
    uint64_t random = 99;
    open_load(l);
    while (atomic_load(&l->at_work) > 0) {
        run_frame(l, &random);
    }
    for (int i = 0; i < THREADS; ++i) {
        assert_int_equal(pthread_join(l->senders[i].thread, NULL), 0);
    }
    for (int i = 0; drain && stats_of(l->cache).pending_bytes > 0; ++i) {
        assert_true(i < ROUNDS_LEFT);
        run_frame(l, &random);
    }
    if (drain) {
        assert_released_once(l);
        assert_int_equal(stats_of(l->cache).pending_bytes, 0);
    }
    const bool was_one = was_a_load(l);
    assert_status(PXC_OK, pxc_destroy(l->cache));
    assert_released_once(l);
    fake_gpu_assert_clean(&l->gpu);
    fake_gpu_free(&l->gpu);
    return was_one;
}

static void run_until_it_was_a_load(bool drain)
{
    static load l;
    bool was_one = false;
    for (int i = 0; i < MOST_LOADS && !was_one; ++i) {
        memset(&l, 0, sizeof l);
        was_one = run_load(&l, drain);
    }
    assert_true(was_one);
}

static void each_pixmap_of_eight_threads_is_released_once(void **state)
{
    (void)state;
    run_until_it_was_a_load(true);
}

static void destroy_releases_what_eight_threads_left(void **state)
{
    (void)state;
    run_until_it_was_a_load(false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pixmap_of_eight_threads_is_released_once),
        cmocka_unit_test(destroy_releases_what_eight_threads_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
