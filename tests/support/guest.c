/* What a guest calls, and what it must be answered. */
#include "guest.h"

#include "check.h"

#include <string.h>

static void note(guest *g, const char *function, bool right)
{
    g->calls++;
    if (!right && g->faults++ == 0) {
        g->first_fault = function;
    }
    for (size_t i = 0; i < g->called_count; ++i) {
        if (g->called[i] == function) {
            return;
        }
    }
    if (g->called_count < GUEST_MAX_CALLED) {
        g->called[g->called_count++] = function;
    }
}

#define EXPECT(g, function, right)       note((g), #function, (right))
#define EXPECT_REFUSED(g, function, ...) note((g), #function, function(__VA_ARGS__) == PXC_ERR_THREAD)

static bool texture_is_zero(const pxc_texture *t)
{
    return t->name == 0 && t->width == 0 && t->height == 0 && t->format == 0 && t->cost == 0 && t->u0 == 0 &&
           t->v0 == 0 && t->u1 == 0 && t->v1 == 0 && t->layer == 0;
}

static bool stats_are_zero(const pxc_stats *stats)
{
    const pxc_stats zero = {0}; /* nothing but uint64_t: no padding */
    return memcmp(stats, &zero, sizeof zero) == 0;
}

static void call_inserts(guest *g, pxc_key resident)
{
    pxc_cache *cache = g->cache;
    const pxc_pixmap *pixmap = &g->pixmap;
    pxc_key keys[3] = {{77}, {77}, {77}};
    EXPECT_REFUSED(g, pxc_insert, cache, pixmap, &keys[0]);
    EXPECT_REFUSED(g, pxc_insert_named, cache, "resident 0", pixmap, &keys[1]);
    EXPECT_REFUSED(g, pxc_insert_named, cache, "guest", pixmap, &keys[2]);
    EXPECT_REFUSED(g, pxc_insert_named, cache, "guest", pixmap, NULL);
    EXPECT_REFUSED(g, pxc_replace, cache, resident, pixmap);
    for (size_t i = 0; i < COUNT_OF(keys); ++i) {
        EXPECT(g, pxc_insert, keys[i].id == 0);
    }
}

static void call_finds(guest *g, pxc_key resident)
{
    pxc_cache *cache = g->cache;
    pxc_key key = {77};
    pxc_texture textures[3];
    memset(textures, 0xFF, sizeof textures);
    EXPECT_REFUSED(g, pxc_find, cache, resident, &textures[0]);
    EXPECT_REFUSED(g, pxc_find, cache, resident, NULL);
    EXPECT_REFUSED(g, pxc_find, cache, (pxc_key){0}, NULL);
    EXPECT_REFUSED(g, pxc_find_named, cache, "resident 1", &textures[1]);
    EXPECT_REFUSED(g, pxc_find_named, cache, "none", NULL);
    EXPECT_REFUSED(g, pxc_peek, cache, resident, &textures[2]);
    EXPECT_REFUSED(g, pxc_lookup, cache, "resident 2", &key);
    EXPECT(g, pxc_lookup, key.id == 0);
    EXPECT(g, pxc_key_valid, !pxc_key_valid(cache, resident));
    EXPECT(g, pxc_find, texture_is_zero(&textures[0]));
    EXPECT(g, pxc_find_named, texture_is_zero(&textures[1]));
    EXPECT(g, pxc_peek, texture_is_zero(&textures[2]));
}

static void call_what_changes(guest *g, pxc_key resident)
{
    pxc_cache *cache = g->cache;
    EXPECT_REFUSED(g, pxc_remove, cache, resident);
    EXPECT_REFUSED(g, pxc_remove_named, cache, "resident 3");
    EXPECT_REFUSED(g, pxc_clear, cache);
    EXPECT_REFUSED(g, pxc_set_limit, cache, 0);
    EXPECT_REFUSED(g, pxc_pin, cache, resident);
    EXPECT_REFUSED(g, pxc_unpin, cache, resident);
    EXPECT_REFUSED(g, pxc_trim_to, cache, 0);
    EXPECT_REFUSED(g, pxc_trim_older, cache, 0);
    EXPECT_REFUSED(g, pxc_frame_begin, cache);
    EXPECT_REFUSED(g, pxc_frame_end, cache);
    EXPECT_REFUSED(g, pxc_context_lost, cache);
    EXPECT_REFUSED(g, pxc_destroy, cache);
}

/* Nobody is told of anything on the wrong thread. */
static void told(void *user, const pxc_entry_info *entry)
{
    (void)entry;
    EXPECT((guest *)user, pxc_visit, false);
}

static void call_numbers(guest *g)
{
    const pxc_cache *cache = g->cache;
    pxc_stats stats;
    memset(&stats, 0xFF, sizeof stats);
    EXPECT_REFUSED(g, pxc_get_stats, cache, &stats);
    EXPECT(g, pxc_get_stats, stats_are_zero(&stats));
    EXPECT_REFUSED(g, pxc_validate, cache);
    EXPECT_REFUSED(g, pxc_visit, g->cache, told, g);
    EXPECT(g, pxc_limit, pxc_limit(cache) == 0);
    EXPECT(g, pxc_used, pxc_used(cache) == 0);
}

/* A wrong argument on the wrong thread is a call on the wrong thread: the guest knows nothing of the cache. */
static void call_with_wrong_arguments(guest *g)
{
    pxc_cache *cache = g->cache;
    pxc_key key = {77};
    EXPECT_REFUSED(g, pxc_insert, cache, NULL, &key);
    EXPECT_REFUSED(g, pxc_insert, cache, &g->pixmap, NULL);
    EXPECT_REFUSED(g, pxc_insert_named, cache, NULL, NULL, NULL);
    EXPECT_REFUSED(g, pxc_replace, cache, (pxc_key){0}, NULL);
    EXPECT_REFUSED(g, pxc_find_named, cache, NULL, NULL);
    EXPECT_REFUSED(g, pxc_peek, cache, (pxc_key){0}, NULL);
    EXPECT_REFUSED(g, pxc_lookup, cache, "", NULL);
    EXPECT_REFUSED(g, pxc_remove_named, cache, NULL);
    EXPECT_REFUSED(g, pxc_get_stats, cache, NULL);
}

/* Answered as on the render thread, also while the host is in a callback. All that is called here changes nothing. */
static void call_what_is_free(guest *g)
{
    pxc_pixmap wide = g->pixmap;
    wide.width = 1 << 20; /* above the GPU's largest; not read */
    EXPECT(g, pxc_submit, pxc_submit(g->cache, "guest", NULL, NULL, NULL) == PXC_ERR_ARGUMENT);
    EXPECT(g, pxc_submit, pxc_submit(g->cache, "", &g->pixmap, NULL, NULL) == PXC_ERR_ARGUMENT);
    EXPECT(g, pxc_submit, pxc_submit(g->cache, "guest", &wide, NULL, NULL) == PXC_ERR_TOO_LARGE);
    EXPECT(g, pxc_discard, pxc_discard(g->cache, "") == PXC_ERR_ARGUMENT);
    EXPECT(g, pxc_discard, pxc_discard(g->cache, NULL) == PXC_ERR_ARGUMENT);
    EXPECT(g, pxc_status_text, strlen(pxc_status_text(PXC_ERR_THREAD)) > 0);
    EXPECT(g, pxc_status_text, pxc_status_text((pxc_status)77) != NULL);
    EXPECT(g, pxc_texture_cost, pxc_texture_cost(PXC_RGBA8, 4, 4, true) == (size_t)4 * (16 + 4 + 1));
    EXPECT(g, pxc_texture_cost, pxc_texture_cost(PXC_RGBA8, 0, 4, true) == 0);
}

void guest_call_everything(guest *g)
{
    const pxc_key resident = g->residents[g->calls % GUEST_RESIDENTS];
    call_inserts(g, resident);
    call_finds(g, resident);
    call_what_changes(g, resident);
    call_numbers(g);
    call_with_wrong_arguments(g);
    call_what_is_free(g);
}

void guest_live_at_home(guest *g)
{
    const pxc_config config = {.backend = pxc_null_backend()};
    pxc_cache *own = NULL;
    pxc_key key = {0};
    EXPECT(g, pxc_null_backend, config.backend != NULL);
    EXPECT(g, pxc_create, pxc_create(&config, &own) == PXC_OK);
    EXPECT(g, pxc_insert, pxc_insert_named(own, "resident 0", &g->pixmap, &key) == PXC_OK);
    EXPECT(g, pxc_find, pxc_find(own, key, NULL) == PXC_OK);
    EXPECT_REFUSED(g, pxc_find, g->cache, key, NULL);
    EXPECT(g, pxc_frame_end, pxc_frame_end(own) == PXC_OK);
    EXPECT(g, pxc_validate, pxc_validate(own) == PXC_OK);
    EXPECT(g, pxc_destroy, pxc_destroy(own) == PXC_OK);
}
