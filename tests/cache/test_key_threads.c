/* Promise 3 across threads: a key is a plain value. The render thread gives keys away while it inserts, replaces,
 * removes and clears; other threads copy them, sort them, compare them, drop some and hand the rest back; whenever one
 * comes back, the render thread finds its image, or nothing if it has gone.
 *
 * What is right is read from a ledger by serial number, which travels beside the key. The queues are arrays with a
 * lock: the only memory that the threads share, apart from one board of keys that all of them read at once. */
#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    THREADS = 6,
    STEPS = 40000,
    COPIES = 2, /* of each key, so that most are with two threads at once */
    CAPACITY = STEPS * COPIES,
    NAMES = 500,
    HELD = 48, /* keys that a thread keeps before it looks at them */
    BOARD = 64,
    DROP_EVERY = 7,
};

typedef struct parcel {
    pxc_key key;
    uint32_t serial; /* 0 = none */
} parcel;

typedef struct queue {
    pthread_mutex_t lock;
    pthread_cond_t more;
    parcel parcels[CAPACITY];
    size_t taken, put;
    bool closed;
} queue;

typedef struct office {
    queue out, back;
    const pxc_cache *cache;
    const parcel *board; /* never written while threads live */
} office;

typedef struct carrier {
    office *o;
    pthread_t thread;
    uint64_t handled, dropped, faults;
} carrier;

/* What the render thread knows of a key that it gave away. */
typedef struct record {
    pxc_key key;
    int width; /* of its image; 0 = gone */
    int name;  /* -1 = none */
} record;

typedef struct ledger {
    record records[STEPS + 1]; /* by serial */
    uint32_t by_name[NAMES];   /* serial of the live record, or 0 */
    uint32_t count;
    uint64_t found, missed;
} ledger;

static void queue_init(queue *q)
{
    assert_int_equal(pthread_mutex_init(&q->lock, NULL), 0);
    assert_int_equal(pthread_cond_init(&q->more, NULL), 0);
    q->taken = q->put = 0;
    q->closed = false;
}

static void queue_free(queue *q)
{
    assert_int_equal(pthread_cond_destroy(&q->more), 0);
    assert_int_equal(pthread_mutex_destroy(&q->lock), 0);
}

static void queue_put(queue *q, parcel p)
{
    pthread_mutex_lock(&q->lock);
    q->parcels[q->put++] = p;
    pthread_cond_signal(&q->more);
    pthread_mutex_unlock(&q->lock);
}

static void queue_close(queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->closed = true;
    pthread_cond_broadcast(&q->more);
    pthread_mutex_unlock(&q->lock);
}

/* False if there is none: at once, or with `patient` when the queue is closed too. */
static bool queue_take(queue *q, bool patient, parcel *p)
{
    pthread_mutex_lock(&q->lock);
    while (patient && q->taken == q->put && !q->closed) {
        pthread_cond_wait(&q->more, &q->lock);
    }
    const bool taken = q->taken < q->put;
    if (taken) {
        *p = q->parcels[q->taken++];
    }
    pthread_mutex_unlock(&q->lock);
    return taken;
}

static int compare_parcels(const void *a, const void *b)
{
    const uint64_t x = ((const parcel *)a)->key.id;
    const uint64_t y = ((const parcel *)b)->key.id;
    return (x > y) - (x < y);
}

/* Copies, sorts, compares; hands most of them back. The cache itself answers no one here. */
static void handle(carrier *c, const parcel *held, size_t count)
{
    parcel copies[HELD];
    memcpy(copies, held, count * sizeof *held);
    qsort(copies, count, sizeof *copies, compare_parcels);
    for (size_t i = 0; i < count; ++i) {
        const parcel seen = c->o->board[copies[i].serial % BOARD];
        c->faults += copies[i].key.id == 0 || pxc_key_valid(c->o->cache, copies[i].key);
        c->faults += (seen.key.id == copies[i].key.id) != (seen.serial == copies[i].serial);
        c->faults +=
            i > 0 && (copies[i].key.id == copies[i - 1].key.id) != (copies[i].serial == copies[i - 1].serial);
        c->handled++;
        if (copies[i].serial % DROP_EVERY == 0) {
            c->dropped++;
            continue;
        }
        queue_put(&c->o->back, copies[i]);
    }
}

static void *carry(void *user)
{
    carrier *c = user;
    parcel held[HELD];
    size_t count = 0;
    while (queue_take(&c->o->out, true, &held[count])) {
        if (++count == HELD) {
            handle(c, held, count);
            count = 0;
        }
    }
    handle(c, held, count);
    return NULL;
}

static void forget(ledger *l, uint32_t serial)
{
    record *r = &l->records[serial];
    if (r->width != 0 && r->name >= 0) {
        l->by_name[r->name] = 0;
    }
    r->width = 0;
}

static void forget_all(ledger *l)
{
    for (uint32_t serial = 1; serial <= l->count; ++serial) {
        forget(l, serial);
    }
}

static void insert_next(fixture *f, ledger *l, uint64_t *random)
{
    char text[32];
    const int width = 1 + (int)random_below(random, 60);
    const int name = random_below(random, 2) == 0 ? -1 : (int)random_below(random, NAMES);
    record *r = &l->records[++l->count];
    if (name < 0) {
        *r = (record){.key = insert_width(f->cache, width), .width = width, .name = name};
        return;
    }
    snprintf(text, sizeof text, "parcel %d", name);
    forget(l, l->by_name[name]);
    *r = (record){.key = insert_name(f->cache, text, width), .width = width, .name = name};
    l->by_name[name] = l->count;
}

static void change_something(fixture *f, ledger *l, uint64_t *random)
{
    const uint32_t serial = 1 + random_below(random, l->count);
    record *r = &l->records[serial];
    const uint32_t pick = random_below(random, 1000);
    const pxc_status expected = r->width != 0 ? PXC_OK : PXC_MISS;
    if (pick < 300) {
        assert_status(expected, pxc_remove(f->cache, r->key));
        forget(l, serial);
    } else if (pick < 500) {
        const pxc_pixmap pixmap = pixmap_of(61 + (int)pick % 30);
        assert_status(expected, pxc_replace(f->cache, r->key, &pixmap));
        r->width = r->width != 0 ? pixmap.width : 0;
    } else if (pick < 502) {
        assert_ok(f->cache, pxc_clear(f->cache));
        forget_all(l);
    } else if (pick < 540) {
        assert_status(PXC_OK, pxc_frame_end(f->cache));
    }
}

static void find_what_came_back(fixture *f, ledger *l, queue *back)
{
    parcel p;
    while (queue_take(back, false, &p)) {
        const record *r = &l->records[p.serial];
        assert_true(p.key.id == r->key.id);
        if (r->width != 0) {
            assert_finds(f, p.key, r->width);
            l->found++;
        } else {
            assert_false(pxc_key_valid(f->cache, p.key));
            assert_status(PXC_MISS, pxc_find(f->cache, p.key, NULL));
            l->missed++;
        }
    }
}

/* The first keys of all, so that some of those that are given away meet their like on the board. */
static void fill_board(fixture *f, ledger *l, parcel *board)
{
    uint64_t random = 7;
    while (l->count < BOARD) {
        insert_next(f, l, &random);
        board[l->count % BOARD] = (parcel){l->records[l->count].key, l->count};
    }
}

static void give_away(office *o, const ledger *l, uint32_t serial)
{
    for (int copy = 0; copy < COPIES; ++copy) {
        queue_put(&o->out, (parcel){l->records[serial].key, serial});
    }
}

static void work(fixture *f, ledger *l, office *o)
{
    uint64_t random = 42;
    for (uint32_t serial = 1; serial <= l->count; ++serial) {
        give_away(o, l, serial);
    }
    while (l->count < STEPS) {
        insert_next(f, l, &random);
        give_away(o, l, l->count);
        change_something(f, l, &random);
        find_what_came_back(f, l, &o->back);
    }
}

static void open_office(office *o, carrier *carriers)
{
    queue_init(&o->out);
    queue_init(&o->back);
    for (int i = 0; i < THREADS; ++i) {
        carriers[i] = (carrier){.o = o};
        assert_int_equal(pthread_create(&carriers[i].thread, NULL, carry, &carriers[i]), 0);
    }
}

/* Waits until every parcel is back or dropped. Returns how many were dropped. */
static uint64_t close_office(office *o, carrier *carriers)
{
    uint64_t handled = 0;
    uint64_t dropped = 0;
    queue_close(&o->out);
    for (int i = 0; i < THREADS; ++i) {
        assert_int_equal(pthread_join(carriers[i].thread, NULL), 0);
        assert_int_equal(carriers[i].faults, 0);
        handled += carriers[i].handled;
        dropped += carriers[i].dropped;
    }
    assert_int_equal(handled, CAPACITY);
    return dropped;
}

static void keys_that_were_with_other_threads_find_their_image_or_nothing(void **state)
{
    (void)state;
    static office o;
    static ledger l;
    static carrier carriers[THREADS];
    static parcel board[BOARD];
    fixture f;
    fixture_open(&f, 0);
    fill_board(&f, &l, board);
    o.cache = f.cache;
    o.board = board;
    open_office(&o, carriers);
    work(&f, &l, &o);
    const uint64_t dropped = close_office(&o, carriers);
    find_what_came_back(&f, &l, &o.back);
    assert_int_equal(l.found + l.missed + dropped, CAPACITY);
    assert_true(l.found > 0 && l.missed > 0 && dropped > 0);
    queue_free(&o.out);
    queue_free(&o.back);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_were_with_other_threads_find_their_image_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
