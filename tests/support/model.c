/* Everything is a walk over the list and every sum is counted anew: slow, and too simple to be wrong. */
#include "model.h"

#include <string.h>

size_t model_cost(const model_entry *e)
{
    return 4 * (size_t)e->width;
}

size_t model_live_bytes(const model *m)
{
    size_t sum = 0;
    for (size_t i = 0; i < m->count; ++i) {
        sum += model_cost(&m->entries[i]);
    }
    return sum;
}

size_t model_used_bytes(const model *m)
{
    return model_live_bytes(m) + m->doomed_bytes;
}

size_t model_pinned_bytes(const model *m)
{
    size_t sum = 0;
    for (size_t i = 0; i < m->count; ++i) {
        sum += m->entries[i].pins > 0 ? model_cost(&m->entries[i]) : 0;
    }
    return sum;
}

size_t model_pinned_count(const model *m)
{
    size_t count = 0;
    for (size_t i = 0; i < m->count; ++i) {
        count += m->entries[i].pins > 0 ? 1 : 0;
    }
    return count;
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
    for (size_t i = 0; i < m->count; ++i) {
        if (m->entries[i].name == name) {
            return &m->entries[i];
        }
    }
    return NULL;
}

void model_take_out(model *m, model_entry *e)
{
    m->stale[m->stale_next++ % MODEL_MAX_STALE] = e->key;
    m->doomed_bytes += model_cost(e);
    const size_t i = (size_t)(e - m->entries);
    memmove(e, e + 1, (m->count - i - 1) * sizeof *e);
    m->count--;
}

void model_touch(model *m, model_entry *e)
{
    model_entry used = *e;
    const size_t i = (size_t)(e - m->entries);
    used.last_frame = m->stats.frames;
    memmove(e, e + 1, (m->count - i - 1) * sizeof *e);
    m->entries[m->count - 1] = used;
}

model_entry *model_oldest_unpinned(model *m)
{
    for (size_t i = 0; i < m->count; ++i) {
        if (m->entries[i].pins == 0) {
            return &m->entries[i];
        }
    }
    return NULL;
}

void model_evict(model *m, model_entry *e)
{
    model_take_out(m, e);
    m->stats.evictions++;
    m->expected_told++;
}

void model_count_upload(model *m, int width)
{
    m->stats.uploads++;
    m->stats.textures_created++;
    m->stats.upload_bytes += 4 * (uint64_t)width;
    if (model_used_bytes(m) > m->stats.peak_bytes) {
        m->stats.peak_bytes = model_used_bytes(m);
    }
}

void model_empty(model *m)
{
    while (m->count > 0) {
        model_take_out(m, &m->entries[m->count - 1]);
    }
}
