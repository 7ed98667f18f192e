/* A cache under the driver: its configuration, its choices by the input, and the comparison with its model. */
#include "driven.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned driven_byte(driven_bytes *in)
{
    return in->at < in->end ? *in->at++ : 0;
}

unsigned driven_two(driven_bytes *in)
{
    const unsigned low = driven_byte(in);
    return low | driven_byte(in) << 8;
}

/* on_evict: who goes must be whom the model sends, in the same order. The model goes second, so that what is told is
 * kept in the place of the model's list that the comparison reads. */
static model_eviction told_list[MODEL_MAX_ENTRIES];

static int name_of_text(const char *text)
{
    char buffer[DRIVEN_NAME_BYTES];
    if (text && strncmp(text, "many/", 5) == 0) {
        return (int)strtol(text + 5, NULL, 10);
    }
    for (int name = 0; text && name < DRIVEN_NAMES; ++name) {
        const char *candidate = driven_name_text(name, buffer);
        if (candidate && strcmp(candidate, text) == 0) {
            return name;
        }
    }
    return MODEL_NO_NAME;
}

static void on_evict(void *user, pxc_key key, const char *name, pxc_evict_reason reason)
{
    driven *d = user;
    pxc_texture texture;
    assert_true(d->told < MODEL_MAX_ENTRIES);
    told_list[d->told++] = (model_eviction){.key = key, .name = name_of_text(name), .reason = reason};
    assert_true(!name == (told_list[d->told - 1].name == MODEL_NO_NAME));
    if (d->f.cache) {
        assert_int_equal(pxc_find(d->f.cache, key, &texture), PXC_ERR_ARGUMENT);
        assert_int_equal(pxc_frame_end(d->f.cache), PXC_ERR_ARGUMENT);
        assert_false(pxc_key_valid(d->f.cache, key));
    }
}

size_t driven_size(driven *d)
{
    const unsigned kind = driven_byte(d->in);
    const size_t fraction = driven_two(d->in);
    switch (kind % 16) {
    case 0:
        return 0;
    case 1:
        return SIZE_MAX - fraction % 3;
    case 2:
        return SIZE_MAX / 2 + fraction % 3;
    case 3:
        return fraction;
    default:
        return d->usual_bytes > SIZE_MAX / 2 ? fraction : d->usual_bytes * 5 / 4 * fraction / 65535;
    }
}

/* Result: a choice of eight, for what is handed over. */
static unsigned read_config(driven *d)
{
    static const size_t granularities[] = {
        0, 0, 0, 1, 7, 64, 256, SIZE_MAX / 2 + 1, SIZE_MAX, SIZE_MAX - 1000};
    static const size_t usual[] = {200, 800, 800, 2000, 6000, 30000, 0, SIZE_MAX};
    d->usual_bytes = usual[driven_byte(d->in) % COUNT_OF(usual)];
    d->config = (pxc_config){.limit_bytes = d->usual_bytes, .on_evict_user = d};
    d->usual_bytes = d->usual_bytes == 0 ? (size_t)64 << 20 : d->usual_bytes;
    const unsigned flags = driven_byte(d->in);
    if ((flags & 3) == 0) {
        d->config.ceiling_bytes = driven_size(d);
    } else if ((flags & 3) == 1) {
        d->config.ceiling_bytes = d->usual_bytes;
    }
    d->config.on_evict = (flags & 4) != 0 ? NULL : on_evict;
    d->config.max_entries = (flags & 0x18) != 0 ? 0 : 1 + driven_byte(d->in) % 16;
    d->config.cost_granularity = granularities[driven_byte(d->in) % COUNT_OF(granularities)];
    return flags >> 5;
}

/* How much is handed over and goes up. Time passes by what goes up only, and no image of the driver's takes a quarter
 * of a frame's time, from which on the cache forecasts by it: so the frame's time is over for an image or is not. */
static void read_handing_over(driven *d, unsigned pick)
{
    static const struct {
        size_t mailbox_bytes, bytes_per_frame;
        uint32_t us_per_frame;
        uint32_t us_per_call, us_per_kib;
        bool whole;
    } choices[8] = {
        {0, 0, 0, 0, 0, false},        {0, 1, 0, 0, 0, false},
        {3000, 700, 0, 0, 0, false},   {0, 2500, 0, 0, 0, true},
        {20000, 0, 0, 300, 20, false}, {1000, 64, 5000, 0, 20, false},
        {0, 300, 1000, 200, 0, true},  {6000, 150, 5000, 900, 30, false},
    };
    d->config.mailbox_bytes = choices[pick].mailbox_bytes;
    d->config.upload_bytes_per_frame = choices[pick].bytes_per_frame;
    d->config.upload_us_per_frame = choices[pick].us_per_frame;
    d->config.now_us = fake_gpu_now_us;
    d->config.now_us_user = &d->f.gpu;
    d->us_per_call = choices[pick].us_per_call;
    d->f.gpu.us_per_kib = choices[pick].us_per_kib;
    if (choices[pick].whole) {
        fake_gpu_no_bands(&d->f.gpu);
    }
}

/* A cache that can not be made leaves nothing. */
static void fail_open(driven *d, unsigned how)
{
    static const pxc_status statuses[] = {PXC_ERR_GPU, PXC_ERR_MEMORY, PXC_ERR_LOST};
    d->f.gpu.open_status = PXC_OK;
    if (how < COUNT_OF(statuses)) {
        d->f.gpu.open_status = statuses[how];
    } else {
        failing_alloc_fail_nth(&d->f.alloc, how - COUNT_OF(statuses) + 1);
    }
    pxc_cache *cache = (pxc_cache *)d;
    const pxc_status expected = how < COUNT_OF(statuses) ? statuses[how] : PXC_ERR_MEMORY;
    const pxc_status status = pxc_create(&d->config, &cache);
    failing_alloc_fail_nth(&d->f.alloc, 0);
    d->f.gpu.open_status = PXC_OK;
    assert_int_equal(status, expected);
    assert_null(cache);
    failing_alloc_assert_clean(&d->f.alloc);
}

void driven_open(driven *d)
{
    const unsigned handing_over = read_config(d);
    fake_gpu_init(&d->f.gpu);
    failing_alloc_init(&d->f.alloc);
    read_handing_over(d, handing_over);
    driven_hook_gpu(d);
    d->f.cache = NULL;
    d->f.gpu.max_size_px = DRIVEN_MAX_SIDE;
    d->config.backend = &d->f.gpu.backend;
    d->config.alloc = d->f.alloc.table;
    const unsigned how = driven_byte(d->in);
    d->f.gpu.reuse_names = (how & 1) == 0;
    if (how >= 224) {
        fail_open(d, how / 2 % 8);
    }
    assert_int_equal(pxc_create(&d->config, &d->f.cache), PXC_OK);
    assert_non_null(d->f.cache);
    model_init(&d->m, &d->config);
    queue_init(&d->q);
    d->frame = (driven_frame){0};
    d->told = d->given_count = 0;
    d->refusals = d->finish_refusals = 0;
    d->steps = 0;
}

void driven_close(driven *d)
{
    driven_compare(d);
    assert_int_equal(pxc_validate(d->f.cache), PXC_OK);
    queue_all_due(&d->q);
    fixture_close(&d->f);
    assert_int_equal(d->q.count, 0);
    assert_int_equal(d->told, 0);
}

void driven_give(driven *d, uint32_t name, uint64_t checksum)
{
    if (d->given_count < DRIVEN_MAX_GIVEN) {
        d->given[d->given_count++] = (driven_given){.name = name, .checksum = checksum};
    }
}

void driven_check_given(const driven *d)
{
    for (size_t i = 0; i < d->given_count; ++i) {
        const fake_texture *texture = fake_gpu_texture(&d->f.gpu, d->given[i].name);
        assert_non_null(texture);
        assert_true(texture->checksum == d->given[i].checksum);
    }
}

static void compare_evictions(driven *d)
{
    assert_int_equal(d->told, d->config.on_evict ? d->m.gone : 0);
    for (size_t i = 0; i < d->told; ++i) {
        assert_true(told_list[i].key.id == d->m.gone_list[i].key.id);
        assert_int_equal(told_list[i].name, d->m.gone_list[i].name);
        assert_int_equal(told_list[i].reason, d->m.gone_list[i].reason);
    }
    d->told = d->m.gone = 0;
}

static void compare_members(driven *d)
{
    for (size_t i = 0; i < d->m.count; ++i) {
        assert_true(pxc_key_valid(d->f.cache, d->m.entries[i].key));
    }
    for (size_t i = 0; i < MODEL_MAX_STALE; ++i) {
        assert_false(pxc_key_valid(d->f.cache, d->m.stale[i]));
    }
}

void driven_compare(driven *d)
{
    pxc_stats expected = model_stats(&d->m);
    const pxc_stats stats = stats_of(d->f.cache);
    expected.pending_bytes = queue_bytes(&d->q);
    const bool evicted = d->m.gone > 0;
    const fake_gpu *gpu = &d->f.gpu;
    assert_same_stats(&expected, &stats);
    compare_evictions(d);
    assert_int_equal(pxc_used(d->f.cache), expected.used_bytes);
    assert_int_equal(pxc_limit(d->f.cache), d->m.limit_bytes);
    assert_int_equal(gpu->created, expected.textures_created);
    assert_int_equal(gpu->deleted, expected.textures_deleted);
    assert_int_equal(gpu->bytes_uploaded, expected.upload_bytes);
    assert_int_equal(gpu->bytes, model_gpu_bytes(&d->m));
    assert_int_equal(gpu->delete_batches, d->m.delete_batches);
    assert_int_equal(gpu->faults, 0);
    assert_int_equal(d->f.alloc.faults, 0);
    if (evicted || d->m.count < 16 || d->steps % 16 == 0) {
        compare_members(d);
        driven_check_given(d);
    }
    if (d->steps++ % (d->m.count < 16 ? 8 : 128) == 0) {
        assert_int_equal(pxc_validate(d->f.cache), PXC_OK);
    }
}
