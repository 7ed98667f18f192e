/* Random operations against a list that is plainly right: after every step the numbers and the members must agree,
 * and every 64 steps the cache recounts itself. The seed is printed; PXC_TEST_SEED repeats a run.
 *
 * The list is kept in order of last use, oldest first. Two things that the contract leaves open are not done: a
 * second pxc_set_limit in one frame, and a replace of a stale key with an image that would be refused anyway. */
#include "check.h"
#include "model.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS     200000
#define MAX_NAMES 24

/* What the limit wanders around, in pixels. */
static uint32_t usual_limit_px;

static void count_eviction(void *user, pxc_key key, const char *name, pxc_evict_reason reason)
{
    (void)key;
    (void)name;
    (void)reason;
    ((model *)user)->told++;
}

/* What an upload of that width must answer; the larger of this frame's limits decides. */
static pxc_status expected_upload(const model *m, int width, bool gpu_fails)
{
    const size_t cost = 4 * (size_t)width;
    const size_t limit = m->limit_bytes > m->boundary_limit_bytes ? m->limit_bytes : m->boundary_limit_bytes;
    if (cost > limit) {
        return PXC_ERR_TOO_LARGE;
    }
    if (model_used_bytes(m) + cost > 2 * limit) {
        return PXC_ERR_FULL;
    }
    return gpu_fails ? PXC_ERR_GPU : PXC_OK;
}

static bool maybe_fail_gpu(fixture *f, model *m)
{
    const bool fails = random_below(&m->seed, 16) == 0;
    f->gpu.fail_create_at = 0;
    if (fails) {
        fake_gpu_fail_next(&f->gpu, PXC_ERR_GPU, 1);
    }
    return fails;
}

static pxc_key some_key(model *m)
{
    const uint32_t kind = random_below(&m->seed, 8);
    if (kind == 0 || m->count == 0) {
        return m->stale[random_below(&m->seed, MODEL_MAX_STALE)];
    }
    const pxc_key key = m->entries[random_below(&m->seed, (uint32_t)m->count)].key;
    return kind == 1 ? (pxc_key){key.id ^ (UINT64_C(1) << random_below(&m->seed, 64))} : key;
}

static int some_name(model *m, char *text, size_t size)
{
    const int name = (int)random_below(&m->seed, MAX_NAMES);
    snprintf(text, size, "image %d", name);
    return name;
}

static void do_insert(fixture *f, model *m)
{
    char text[32];
    const bool named = random_below(&m->seed, 2) == 0;
    const int name = named ? some_name(m, text, sizeof text) : MODEL_NO_NAME;
    const int width = 1 + (int)random_below(&m->seed, 40);
    const pxc_pixmap pixmap = pixmap_of(width);
    const pxc_status expected = expected_upload(m, width, maybe_fail_gpu(f, m));
    pxc_key key = {77};
    assert_int_equal(named ? pxc_insert_named(f->cache, text, &pixmap, &key)
                           : pxc_insert(f->cache, &pixmap, &key),
                     expected);
    if (expected != PXC_OK) {
        assert_zero_key(key);
        return;
    }
    model_entry *old = named ? model_by_name(m, name) : NULL;
    if (old) {
        model_take_out(m, old);
    }
    assert_null(model_by_key(m, key));
    assert_true(m->count < MODEL_MAX_ENTRIES);
    m->entries[m->count++] =
        (model_entry){.key = key, .name = name, .width = width, .last_frame = m->stats.frames};
    m->stats.inserts++;
    model_count_upload(m, width);
}

static void do_replace(fixture *f, model *m)
{
    const pxc_key key = some_key(m);
    const int width = 1 + (int)random_below(&m->seed, 40);
    const pxc_pixmap pixmap = pixmap_of(width);
    pxc_status expected = expected_upload(m, width, maybe_fail_gpu(f, m));
    model_entry *e = model_by_key(m, key);
    if (!e) {
        if (expected == PXC_OK || expected == PXC_ERR_GPU) {
            assert_int_equal(pxc_replace(f->cache, key, &pixmap), PXC_MISS);
        }
        return;
    }
    assert_int_equal(pxc_replace(f->cache, key, &pixmap), expected);
    if (expected == PXC_OK) {
        m->doomed_bytes += model_cost(e);
        e->width = width;
        model_touch(m, e);
        model_count_upload(m, width);
    }
}

static void expect_found(fixture *f, model *m, model_entry *e, pxc_status status, const pxc_texture *texture)
{
    assert_int_equal(status, e ? PXC_OK : PXC_MISS);
    if (!e) {
        assert_zero_texture(texture);
        m->stats.misses++;
        return;
    }
    const pxc_pixmap pixmap = pixmap_of(e->width);
    const fake_texture *seen = fake_gpu_texture(&f->gpu, texture->name);
    assert_int_equal(texture->width, e->width);
    assert_int_equal(texture->cost, model_cost(e));
    assert_non_null(seen);
    assert_true(seen->checksum == fake_gpu_checksum(&pixmap));
    m->stats.hits++;
    model_touch(m, e);
}

static void do_find(fixture *f, model *m)
{
    char text[32];
    pxc_texture texture;
    memset(&texture, 0xFF, sizeof texture);
    if (random_below(&m->seed, 2) == 0) {
        const int name = some_name(m, text, sizeof text);
        const pxc_status status = pxc_find_named(f->cache, text, &texture);
        expect_found(f, m, model_by_name(m, name), status, &texture);
    } else {
        const pxc_key key = some_key(m);
        const pxc_status status = pxc_find(f->cache, key, &texture);
        expect_found(f, m, model_by_key(m, key), status, &texture);
    }
}

static void do_lookup(fixture *f, model *m)
{
    char text[32];
    const model_entry *e = model_by_name(m, some_name(m, text, sizeof text));
    pxc_key key = {77};
    assert_int_equal(pxc_lookup(f->cache, text, &key), e ? PXC_OK : PXC_MISS);
    assert_true(key.id == (e ? e->key.id : 0));
}

static void do_remove(fixture *f, model *m)
{
    char text[32];
    const bool named = random_below(&m->seed, 2) == 0;
    const int name = named ? some_name(m, text, sizeof text) : MODEL_NO_NAME;
    const pxc_key key = some_key(m);
    model_entry *e = named ? model_by_name(m, name) : model_by_key(m, key);
    assert_int_equal(named ? pxc_remove_named(f->cache, text) : pxc_remove(f->cache, key),
                     e ? PXC_OK : PXC_MISS);
    if (e) {
        model_take_out(m, e);
    }
}

static void do_pin(fixture *f, model *m)
{
    const pxc_key key = some_key(m);
    model_entry *e = model_by_key(m, key);
    if (e && e->pins == 0 && model_pinned_count(m) >= (m->max_entries < 20 ? m->max_entries - 1 : 20)) {
        return;
    }
    assert_int_equal(pxc_pin(f->cache, key), e ? PXC_OK : PXC_MISS);
    if (e) {
        e->pins++;
    }
}

static void do_unpin(fixture *f, model *m)
{
    pxc_key key = some_key(m);
    for (size_t i = 0; i < m->count && random_below(&m->seed, 4) > 0; ++i) {
        key = m->entries[i].pins > 0 ? m->entries[i].key : key;
    }
    model_entry *e = model_by_key(m, key);
    const pxc_status expected = !e ? PXC_MISS : e->pins == 0 ? PXC_ERR_ARGUMENT : PXC_OK;
    assert_int_equal(pxc_unpin(f->cache, key), expected);
    if (expected == PXC_OK) {
        e->pins--;
    }
}

static void do_trim_to(fixture *f, model *m)
{
    const size_t bytes = 4 * (size_t)random_below(&m->seed, usual_limit_px);
    assert_int_equal(pxc_trim_to(f->cache, bytes), PXC_OK);
    for (model_entry *e = model_oldest_unpinned(m); e && model_live_bytes(m) > bytes;
         e = model_oldest_unpinned(m)) {
        model_evict(m, e);
    }
}

static void do_trim_older(fixture *f, model *m)
{
    const uint64_t frames = random_below(&m->seed, 12);
    assert_int_equal(pxc_trim_older(f->cache, frames), PXC_OK);
    for (size_t i = 0; i < m->count;) {
        model_entry *e = &m->entries[i];
        if (e->pins == 0 && m->stats.frames - e->last_frame > frames) {
            model_evict(m, e);
        } else {
            ++i;
        }
    }
}

static void do_set_limit(fixture *f, model *m)
{
    if (m->limit_was_set) {
        return;
    }
    const size_t bytes =
        random_below(&m->seed, 10) == 0 ? 0 : 4 * (size_t)random_below(&m->seed, usual_limit_px * 5 / 4);
    assert_int_equal(pxc_set_limit(f->cache, bytes), PXC_OK);
    m->limit_was_set = true;
    m->limit_bytes = bytes;
}

static void do_clear(fixture *f, model *m)
{
    assert_int_equal(pxc_clear(f->cache), PXC_OK);
    model_empty(m);
}

static void do_lose(fixture *f, model *m)
{
    assert_int_equal(pxc_context_lost(f->cache), PXC_OK);
    model_empty(m);
    m->doomed_bytes = 0;
    m->stats.textures_lost = m->stats.textures_created - f->gpu.deleted;
}

static void do_frame_end(fixture *f, model *m)
{
    assert_int_equal(pxc_frame_end(f->cache), PXC_OK);
    m->stats.over_limit_frames += model_pinned_bytes(m) > m->limit_bytes ? 1 : 0;
    for (model_entry *e = model_oldest_unpinned(m);
         e && (model_live_bytes(m) > m->limit_bytes || m->count > m->max_entries);
         e = model_oldest_unpinned(m)) {
        model_evict(m, e);
    }
    m->doomed_bytes = 0;
    m->stats.frames++;
    m->boundary_limit_bytes = m->limit_bytes;
    m->limit_was_set = false;
    assert_int_equal(f->gpu.alive, m->count);
}

static void step(fixture *f, model *m)
{
    static const struct {
        void (*function)(fixture *f, model *m);
        uint32_t weight;
    } operations[] = {
        {do_insert, 290}, {do_find, 360}, {do_replace, 60},   {do_lookup, 40},    {do_remove, 40},
        {do_pin, 40},     {do_unpin, 80}, {do_trim_to, 6},    {do_trim_older, 6}, {do_set_limit, 6},
        {do_clear, 1},    {do_lose, 1},   {do_frame_end, 70},
    };
    uint32_t draw = random_below(&m->seed, 1000);
    for (size_t i = 0; i < COUNT_OF(operations); ++i) {
        if (draw < operations[i].weight) {
            operations[i].function(f, m);
            return;
        }
        draw -= operations[i].weight;
    }
    fail_msg("the weights do not sum up to 1000");
}

static void compare(fixture *f, model *m)
{
    m->stats.entries = m->count;
    m->stats.used_bytes = model_used_bytes(m);
    m->stats.doomed_bytes = m->doomed_bytes;
    m->stats.limit_bytes = m->limit_bytes;
    m->stats.pinned_bytes = model_pinned_bytes(m);
    m->stats.textures_deleted = f->gpu.deleted;
    const pxc_stats stats = stats_of(f->cache);
    assert_same_stats(&m->stats, &stats);
    assert_int_equal(pxc_used(f->cache), f->gpu.bytes);
    assert_int_equal(pxc_limit(f->cache), m->limit_bytes);
    assert_int_equal(stats.textures_created, f->gpu.created);
    assert_int_equal(m->told, m->expected_told);
    for (size_t i = 0; i < m->count; ++i) {
        assert_true(pxc_key_valid(f->cache, m->entries[i].key));
    }
    for (size_t i = 0; i < MODEL_MAX_STALE; ++i) {
        assert_false(pxc_key_valid(f->cache, m->stale[i]));
    }
}

static void run(uint64_t seed, uint32_t limit_px, size_t max_entries)
{
    static model m;
    fixture f;
    m = (model){.seed = seed, .max_entries = max_entries > 0 ? max_entries : SIZE_MAX};
    m.limit_bytes = m.boundary_limit_bytes = 4 * (size_t)limit_px;
    usual_limit_px = limit_px;
    print_message("seed %" PRIu64 "\n", seed);
    fixture_open_config(&f, (pxc_config){.limit_bytes = m.limit_bytes,
                                         .max_entries = max_entries,
                                         .on_evict = count_eviction,
                                         .on_evict_user = &m});
    for (int i = 0; i < STEPS; ++i) {
        step(&f, &m);
        compare(&f, &m);
        if (i % 64 == 0) {
            assert_int_equal(pxc_validate(f.cache), PXC_OK);
        }
    }
    fixture_close(&f);
}

static uint64_t chosen_seed(void)
{
    const char *text = getenv("PXC_TEST_SEED");
    return text ? strtoull(text, NULL, 0) : 20240607;
}

static void random_operations_agree_with_a_list(void **state)
{
    (void)state;
    run(chosen_seed(), 200, 0);
}

static void random_operations_agree_with_a_long_list(void **state)
{
    (void)state;
    run(chosen_seed() + 1, 1500, 0);
}

static void random_operations_agree_with_a_list_of_bounded_length(void **state)
{
    (void)state;
    run(chosen_seed() + 2, 200, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_agree_with_a_list),
        cmocka_unit_test(random_operations_agree_with_a_long_list),
        cmocka_unit_test(random_operations_agree_with_a_list_of_bounded_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
