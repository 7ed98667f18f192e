/* Recounts what the other files keep up to date: every list, sum, name and slot. */
#include "cache.h"

#include <string.h>

typedef struct recount {
    uint64_t entries, live_bytes, pinned_bytes, names;
    uint64_t doomed, doomed_bytes;
    uint64_t slots;
} recount;

/* Comes first, because an entry's own check looks its name up: every bucket leads to an entry of that hash, and one is
 * empty, without which a lookup would not end. */
static bool names_hold(const pxc_cache *cache)
{
    const pxc_names *names = &cache->names;
    const uint32_t buckets = names->buckets == NULL ? 0 : UINT32_C(1) << names->bits;
    uint32_t count = 0;
    for (uint32_t at = 0; at < buckets; ++at) {
        const pxc_bucket bucket = names->buckets[at];
        if (bucket.slot == 0) {
            continue;
        }
        if (bucket.slot >= cache->slot_count) {
            return false;
        }
        const pxc_entry *entry = pxc_entry_at(cache, bucket.slot);
        if (entry->name == NULL || entry->name->hash != bucket.hash) {
            return false;
        }
        ++count;
    }
    return count == names->count && (count < buckets || count == 0);
}

static bool entry_holds(const pxc_cache *cache, uint32_t slot)
{
    const pxc_entry *entry = pxc_entry_at(cache, slot);
    if (pxc_slot_of(entry) != slot || entry->texture == 0 || (entry->flags & PXC_FLAG_DOOMED) != 0 ||
        !pxc_format_valid((pxc_format)entry->format) || entry->width < 1 || entry->height < 1) {
        return false;
    }
    if (entry->stamp >= cache->log_base && (entry->stamp - cache->log_base >= cache->log_count ||
                                            cache->log[entry->stamp - cache->log_base] != slot)) {
        return false;
    }
    return entry->name == NULL || (strlen(entry->name->text) == entry->name->length_bytes &&
                                   pxc_names_find(cache, entry->name->text) == slot);
}

static void count_entry(const pxc_entry *entry, recount *sum)
{
    ++sum->entries;
    ++sum->slots;
    sum->live_bytes += entry->cost_bytes;
    sum->pinned_bytes += entry->pins != 0 ? entry->cost_bytes : 0;
    sum->names += entry->name != NULL;
}

/* Of the settled entries, because those of the log are in no order yet and may be in no list. */
static bool list_holds(const pxc_cache *cache, uint32_t list, recount *sum)
{
    const pxc_entry *sentinel = pxc_entry_at(cache, list);
    uint64_t last_stamp = 0;
    uint32_t prev = list;
    for (uint32_t slot = sentinel->next; slot != list;) {
        if (slot >= cache->slot_count || sum->slots > cache->slot_count || !entry_holds(cache, slot)) {
            return false;
        }
        const pxc_entry *entry = pxc_entry_at(cache, slot);
        const bool parked = (entry->flags & PXC_FLAG_PARKED) != 0;
        const bool settled = entry->stamp < cache->log_base;
        if (entry->prev != prev || parked != (list != PXC_LRU) ||
            (settled && list == PXC_LRU && entry->stamp <= last_stamp)) {
            return false;
        }
        last_stamp = settled ? entry->stamp : last_stamp;
        count_entry(entry, sum);
        prev = slot;
        slot = entry->next;
    }
    return sentinel->prev == prev;
}

/* New entries are linked to themselves until the log is settled. */
static bool new_entries_hold(const pxc_cache *cache, recount *sum)
{
    for (uint32_t i = 0; i < cache->log_count; ++i) {
        const uint32_t slot = cache->log[i];
        if (slot >= cache->slot_count) {
            return false;
        }
        const pxc_entry *entry = pxc_entry_at(cache, slot);
        if (entry->stamp == cache->log_base + i && entry->next == slot) {
            if (!entry_holds(cache, slot)) {
                return false;
            }
            count_entry(entry, sum);
        }
    }
    return true;
}

static bool dead_hold(const pxc_cache *cache, recount *sum)
{
    for (uint32_t slot = cache->doomed_head; slot != 0; slot = pxc_entry_at(cache, slot)->next) {
        if (slot >= cache->slot_count || ++sum->slots > cache->slot_count) {
            return false;
        }
        const pxc_entry *entry = pxc_entry_at(cache, slot);
        if (pxc_slot_of(entry) != 0 || (entry->flags & PXC_FLAG_DOOMED) == 0 || entry->texture == 0 ||
            entry->name != NULL) {
            return false;
        }
        ++sum->doomed;
        sum->doomed_bytes += entry->cost_bytes;
    }
    for (uint32_t slot = cache->free_head; slot != 0; slot = pxc_entry_at(cache, slot)->next) {
        if (slot >= cache->slot_count || ++sum->slots > cache->slot_count) {
            return false;
        }
        const pxc_entry *entry = pxc_entry_at(cache, slot);
        if (pxc_slot_of(entry) != 0 || entry->texture != 0 || entry->name != NULL) {
            return false;
        }
    }
    return sum->slots + cache->retired_slots + PXC_FIRST_SLOT == cache->slot_count;
}

pxc_status pxc_validate(const pxc_cache *cache)
{
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    recount sum = {0};
    const bool lists_hold = cache->log_count <= PXC_LOG_ENTRIES && names_hold(cache) &&
                            list_holds(cache, PXC_LRU, &sum) && list_holds(cache, PXC_PARKED, &sum) &&
                            list_holds(cache, PXC_RETURNED, &sum) && new_entries_hold(cache, &sum) &&
                            dead_hold(cache, &sum);
    const pxc_stats *stats = &cache->stats;
    const bool sums_hold =
        sum.entries == stats->entries && sum.names == cache->names.count &&
        sum.pinned_bytes == stats->pinned_bytes && sum.doomed_bytes == stats->doomed_bytes &&
        sum.live_bytes + sum.doomed_bytes == stats->used_bytes && stats->used_bytes <= stats->peak_bytes &&
        stats->textures_created == stats->textures_deleted + stats->textures_lost + sum.entries + sum.doomed;
    return lists_hold && sums_hold ? PXC_OK : PXC_ERR_MEMORY;
}
