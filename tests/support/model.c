/* Everything is a walk over the list and every sum is counted anew: slow, and too simple to be wrong. */
#include "model.h"

#include <stddef.h>
#include <string.h>

void model_init(model *m, const pxc_config *config)
{
    memset(m, 0, offsetof(model, entries));
    m->limit_bytes = config->limit_bytes == 0 ? (size_t)64 << 20 : config->limit_bytes;
    m->admission_bytes = m->limit_bytes;
    m->ceiling_bytes = config->ceiling_bytes;
    m->max_entries = config->max_entries;
    m->gpu_room_bytes = SIZE_MAX;
}

size_t model_live_bytes(const model *m)
{
    size_t sum = m->partial.cost;
    for (size_t i = 0; i < m->count; ++i) {
        sum += m->entries[i].image.cost;
    }
    return sum;
}

size_t model_used_bytes(const model *m)
{
    return model_live_bytes(m) + m->idle.bytes + m->busy.bytes;
}

size_t model_pinned_bytes(const model *m)
{
    size_t sum = 0;
    for (size_t i = 0; i < m->count; ++i) {
        sum += m->entries[i].pins > 0 ? m->entries[i].image.cost : 0;
    }
    return sum;
}

size_t model_gpu_bytes(const model *m)
{
    size_t sum = m->idle.gpu_bytes + m->busy.gpu_bytes + m->partial.gpu_bytes;
    for (size_t i = 0; i < m->count; ++i) {
        sum += m->entries[i].image.gpu_bytes;
    }
    return sum;
}

pxc_stats model_stats(const model *m)
{
    pxc_stats stats = m->stats;
    stats.entries = m->count;
    stats.used_bytes = model_used_bytes(m);
    stats.doomed_bytes = m->idle.bytes + m->busy.bytes;
    stats.limit_bytes = m->limit_bytes;
    stats.pinned_bytes = model_pinned_bytes(m);
    return stats;
}

model_entry *model_by_key(model *m, pxc_key key)
{
    for (size_t i = 0; i < m->count; ++i) {
        if (m->entries[i].key.id == key.id) {
            return &m->entries[i];
        }
    }
    return NULL;
}

model_entry *model_by_name(model *m, int name)
{
    for (size_t i = 0; i < m->count && name != MODEL_NO_NAME; ++i) {
        if (m->entries[i].name == name) {
            return &m->entries[i];
        }
    }
    return NULL;
}

static void doom(model *m, const model_entry *e)
{
    model_doomed *doomed = e->last_frame == m->stats.frames ? &m->busy : &m->idle;
    doomed->count++;
    doomed->bytes += e->image.cost;
    doomed->gpu_bytes += e->image.gpu_bytes;
}

static void delete_doomed(model *m, model_doomed *doomed)
{
    m->stats.textures_deleted += doomed->count;
    *doomed = (model_doomed){0};
}

/* A place by the hash of a running number: a few keys stay there for long. */
static void remember_stale(model *m, pxc_key key)
{
    uint64_t place = ++m->stale_next * UINT64_C(0x9E3779B97F4A7C15);
    place = (place ^ place >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
    m->stale[(place >> 32) % MODEL_MAX_STALE] = key;
}

static void close_gap(model *m, size_t i)
{
    memmove(&m->entries[i], &m->entries[i + 1], (m->count - i - 1) * sizeof *m->entries);
    m->count--;
}

void model_take_out(model *m, const model_entry *e)
{
    remember_stale(m, e->key);
    doom(m, e);
    close_gap(m, (size_t)(e - m->entries));
}

void model_touch(model *m, const model_entry *e)
{
    model_entry used = *e;
    used.last_frame = m->stats.frames;
    close_gap(m, (size_t)(e - m->entries));
    m->entries[m->count++] = used;
}

static const model_entry *oldest_unpinned(const model *m)
{
    for (size_t i = 0; i < m->count; ++i) {
        if (m->entries[i].pins == 0) {
            return &m->entries[i];
        }
    }
    return NULL;
}

static void evict(model *m, const model_entry *e, pxc_evict_reason reason)
{
    m->gone_list[m->gone++] = (model_eviction){.key = e->key, .name = e->name, .reason = reason};
    m->stats.evictions++;
    model_take_out(m, e);
}

static size_t ceiling(const model *m)
{
    if (m->ceiling_bytes > 0) {
        return m->ceiling_bytes;
    }
    return m->admission_bytes > SIZE_MAX / 2 ? SIZE_MAX : m->admission_bytes * 2;
}

bool model_can_hold(const model *m, const model_image *image)
{
    return image->cost > 0 && image->cost <= m->admission_bytes && image->cost <= ceiling(m);
}

pxc_status model_admit(model *m, const model_image *image)
{
    if (!model_can_hold(m, image)) {
        return PXC_ERR_TOO_LARGE;
    }
    if (model_used_bytes(m) <= ceiling(m) - image->cost) {
        return PXC_OK;
    }
    m->wanted_bytes = image->cost > m->wanted_bytes ? image->cost : m->wanted_bytes;
    return PXC_ERR_FULL;
}

static pxc_status try_upload(model *m, const model_image *image)
{
    if (m->gpu_failures > 0) {
        m->gpu_failures--;
        return m->gpu_failure;
    }
    const bool fits =
        image->gpu_bytes <= m->gpu_room_bytes && model_gpu_bytes(m) <= m->gpu_room_bytes - image->gpu_bytes;
    return fits ? PXC_OK : PXC_ERR_MEMORY;
}

pxc_status model_upload(model *m, const model_image *image, pxc_key keep)
{
    pxc_status status = try_upload(m, image);
    if (status == PXC_ERR_MEMORY) {
        for (size_t i = 0; i < m->count;) {
            const model_entry *e = &m->entries[i];
            if (e->pins == 0 && e->last_frame != m->stats.frames && e->key.id != keep.id) {
                evict(m, e, PXC_EVICT_GPU_MEMORY);
            } else {
                ++i;
            }
        }
        m->delete_batches += m->idle.count > 0 ? 1 : 0;
        delete_doomed(m, &m->idle);
        status = try_upload(m, image);
    }
    return status == PXC_ERR_MEMORY ? PXC_ERR_GPU : status;
}

static void count_texture(model *m)
{
    const size_t used_bytes = model_used_bytes(m);
    m->stats.textures_created++;
    m->stats.peak_bytes = used_bytes > m->stats.peak_bytes ? used_bytes : m->stats.peak_bytes;
}

static void count_upload(model *m, const model_image *image)
{
    count_texture(m);
    m->stats.uploads++;
    m->stats.upload_bytes += image->upload_bytes;
}

static void enter(model *m, pxc_key key, int name, const model_image *image)
{
    const model_entry *old = model_by_name(m, name);
    if (old) {
        model_take_out(m, old);
    }
    m->entries[m->count++] =
        (model_entry){.key = key, .name = name, .last_frame = m->stats.frames, .image = *image};
    m->stats.inserts++;
}

void model_insert(model *m, pxc_key key, int name, const model_image *image)
{
    enter(m, key, name, image);
    count_upload(m, image);
}

void model_begin_texture(model *m, const model_image *image)
{
    m->partial = *image;
    count_texture(m);
}

void model_finish_texture(model *m, pxc_key key, int name)
{
    const model_image image = m->partial;
    m->partial = (model_image){0};
    enter(m, key, name, &image);
    m->stats.uploads++;
}

void model_give_up_texture(model *m)
{
    m->busy.count++;
    m->busy.bytes += m->partial.cost;
    m->busy.gpu_bytes += m->partial.gpu_bytes;
    m->partial = (model_image){0};
}

void model_replace(model *m, pxc_key key, const model_image *image)
{
    model_entry *e = model_by_key(m, key);
    doom(m, e);
    e->image = *image;
    model_touch(m, e);
    count_upload(m, image);
}

void model_clear(model *m)
{
    for (size_t i = 0; i < m->count; ++i) {
        remember_stale(m, m->entries[i].key);
        doom(m, &m->entries[i]);
    }
    m->count = 0;
}

void model_lose_context(model *m)
{
    model_clear(m);
    if (m->partial.cost > 0) {
        model_give_up_texture(m);
    }
    m->stats.textures_lost += m->idle.count + m->busy.count;
    m->idle = m->busy = (model_doomed){0};
}

void model_set_limit(model *m, size_t bytes)
{
    m->limit_bytes = bytes;
    m->admission_bytes = bytes > m->admission_bytes ? bytes : m->admission_bytes;
}

void model_trim_to(model *m, size_t bytes)
{
    for (const model_entry *e = oldest_unpinned(m); e && model_live_bytes(m) > bytes;
         e = oldest_unpinned(m)) {
        evict(m, e, PXC_EVICT_TRIM);
    }
}

void model_trim_older(model *m, uint64_t frames)
{
    for (size_t i = 0; i < m->count;) {
        const model_entry *e = &m->entries[i];
        if (e->pins == 0 && m->stats.frames - e->last_frame > frames) {
            evict(m, e, PXC_EVICT_TRIM);
        } else {
            ++i;
        }
    }
}

/* Besides the limits, the boundary makes room for the largest that the ceiling refused. */
static bool over_limit(const model *m)
{
    const size_t live_bytes = model_live_bytes(m);
    return live_bytes > m->limit_bytes || live_bytes > ceiling(m) - m->wanted_bytes ||
           (m->max_entries > 0 && m->count > m->max_entries);
}

void model_end_frame(model *m)
{
    m->stats.over_limit_frames += model_pinned_bytes(m) + m->partial.cost > m->limit_bytes ? 1 : 0;
    for (const model_entry *e = oldest_unpinned(m); e && over_limit(m); e = oldest_unpinned(m)) {
        evict(m, e, PXC_EVICT_LIMIT);
    }
    m->delete_batches += m->idle.count + m->busy.count > 0 ? 1 : 0;
    delete_doomed(m, &m->idle);
    delete_doomed(m, &m->busy);
    m->stats.frames++;
    m->admission_bytes = m->limit_bytes;
    m->wanted_bytes = 0;
}
