/* Recounts what the other files keep up to date: every slot, list, sum and name. It only reads, and never beyond a
 * table, whatever it finds. */
#include "cache.h"

#include <string.h>

typedef struct recount {
    uint64_t entries, live_bytes, pinned_bytes, names; /* live_bytes: textures of their own */
    uint64_t packed, packed_bytes, own_textures;
    uint64_t unsettled; /* used since the lists were brought up to date */
    uint64_t fresh;     /* in no list yet, linked to themselves */
    uint64_t doomed, doomed_bytes;
    uint64_t unused, parked;
} recount;

/* What a group must count as passed is recounted by walking from each name's home to where it lies; the walks are
 * summed, because counting them group by group would need memory. */
static uint64_t groups_passed(const pxc_names *names, uint32_t hash, uint32_t at)
{
    const uint32_t home = pxc_name_home(names, hash);
    return at >= home ? at - home : at + names->group_count - home;
}

/* Whether place i of a group holds the name of a live entry with this tag. */
static bool place_holds(const pxc_cache *cache, const pxc_group *group, uint32_t i)
{
    const uint32_t slot = group->slots[i];
    if (slot < PXC_FIRST_SLOT || slot >= cache->slot_count) {
        return false;
    }
    const pxc_entry *entry = pxc_entry_at(cache, slot);
    return entry->name != NULL && pxc_name_tag(entry->name_hash) == group->tags[i];
}

/* Comes first, because an entry's own check looks its name up: every place leads to an entry of that tag, and one group
 * was passed by none, without which a search would not end. */
static bool names_hold(const pxc_cache *cache)
{
    const pxc_names *names = &cache->names;
    const uint32_t groups = names->group_count;
    uint32_t count = 0;
    uint64_t passed = 0;
    uint64_t counted_passed = 0;
    bool end = groups == 0;
    for (uint32_t at = 0; at < groups; ++at) {
        const pxc_group *group = &names->groups[at];
        for (uint32_t i = 0; i < PXC_GROUP_NAMES; ++i) {
            if (group->tags[i] == 0) {
                continue;
            }
            if (!place_holds(cache, group, i)) {
                return false;
            }
            passed += groups_passed(names, pxc_entry_at(cache, group->slots[i])->name_hash, at);
            ++count;
        }
        counted_passed += group->passed;
        end = end || group->passed == 0;
    }
    return end && count == names->count && passed == counted_passed;
}

static bool name_holds(const pxc_cache *cache, const pxc_entry *entry)
{
    if (strlen(entry->name->text) != entry->name->length_bytes) {
        return false;
    }
    const pxc_query query = pxc_name_query(cache, entry->name->text);
    return query.hash == entry->name_hash && pxc_names_find(cache, &query) == entry;
}

static bool entry_holds(const pxc_cache *cache, uint32_t slot)
{
    const pxc_entry *entry = pxc_entry_at(cache, slot);
    return pxc_slot_of(entry) == slot && entry->image.texture != 0 && !entry->doomed &&
           pxc_format_valid(entry->image.format) && entry->image.width >= 1 && entry->image.height >= 1 &&
           entry->stamp < cache->clock && (entry->name == NULL || name_holds(cache, entry));
}

static void count_entry(const pxc_cache *cache, uint32_t slot, recount *sum)
{
    const pxc_entry *entry = pxc_entry_at(cache, slot);
    ++sum->entries;
    sum->live_bytes += pxc_own_bytes(entry);
    sum->own_textures += entry->page == 0;
    sum->packed += entry->page != 0;
    sum->packed_bytes += entry->image.cost_bytes - pxc_own_bytes(entry);
    sum->pinned_bytes += entry->pins != 0 ? entry->image.cost_bytes : 0;
    sum->names += entry->name != NULL;
    sum->unsettled += entry->stamp >= cache->log_base;
    sum->fresh += cache->links[slot].next == slot;
    sum->parked += entry->parked;
}

/* Every slot is live, doomed, or unused: free or retired. */
static bool slots_hold(const pxc_cache *cache, recount *sum)
{
    for (uint32_t slot = PXC_FIRST_SLOT; slot < cache->slot_count; ++slot) {
        const pxc_entry *entry = pxc_entry_at(cache, slot);
        if (pxc_slot_of(entry) != 0) {
            if (!entry_holds(cache, slot)) {
                return false;
            }
            count_entry(cache, slot, sum);
            continue;
        }
        if (entry->name != NULL || entry->parked || entry->doomed != (entry->image.texture != 0) ||
            cache->links[slot].prev != PXC_UNLINKED) {
            return false;
        }
        sum->doomed += entry->doomed;
        sum->doomed_bytes += entry->doomed ? pxc_own_bytes(entry) : 0;
        sum->own_textures += entry->doomed && entry->page == 0;
        sum->unused += !entry->doomed;
    }
    return true;
}

/* Of the settled entries the order, too; those that were used since are in none yet. */
static bool list_holds(const pxc_cache *cache, uint32_t list, uint64_t *count)
{
    uint64_t last_stamp = 0;
    uint32_t prev = list;
    for (uint32_t slot = cache->links[list].next; slot != list;) {
        if (slot < PXC_FIRST_SLOT || slot >= cache->slot_count || *count > cache->slot_count) {
            return false;
        }
        const pxc_entry *entry = pxc_entry_at(cache, slot);
        const bool settled = entry->stamp < cache->log_base;
        if (pxc_slot_of(entry) != slot || cache->links[slot].prev != prev ||
            entry->parked != (list != PXC_LRU) ||
            (settled && list == PXC_LRU && entry->stamp <= last_stamp)) {
            return false;
        }
        last_stamp = settled ? entry->stamp : last_stamp;
        ++*count;
        prev = slot;
        slot = cache->links[slot].next;
    }
    return cache->links[list].prev == prev;
}

/* The log has every entry that was used, repeats as they were counted, and what died since its use. */
static bool log_holds(const pxc_cache *cache, const recount *sum)
{
    const uint64_t room = (uint64_t)cache->chunk_capacity * (PXC_CHUNK_ENTRIES + PXC_REPEATS_PER_CHUNK);
    const uint64_t repeats_room = (uint64_t)cache->chunk_capacity * PXC_REPEATS_PER_CHUNK;
    if (cache->log_count > room || cache->log_base > cache->clock || cache->repeats_left > repeats_room) {
        return false;
    }
    uint64_t live = 0;
    for (uint32_t i = 0; i < cache->log_count; ++i) {
        const uint32_t slot = cache->log[i];
        if (slot < PXC_FIRST_SLOT || slot >= cache->slot_count) {
            return false;
        }
        const pxc_entry *entry = pxc_entry_at(cache, slot);
        if (entry->doomed) {
            continue;
        }
        if (pxc_slot_of(entry) != slot || entry->stamp < cache->log_base) {
            return false;
        }
        ++live;
    }
    return live >= sum->unsettled && live - sum->unsettled <= repeats_room - cache->repeats_left;
}

static bool chain_holds(const pxc_cache *cache, uint32_t head, bool doomed, uint64_t expected)
{
    uint64_t count = 0;
    for (uint32_t slot = head; slot != 0; slot = cache->links[slot].next) {
        if (slot < PXC_FIRST_SLOT || slot >= cache->slot_count || ++count > expected) {
            return false;
        }
        const pxc_entry *entry = pxc_entry_at(cache, slot);
        if (pxc_slot_of(entry) != 0 || entry->doomed != doomed) {
            return false;
        }
    }
    return count == expected;
}

static bool lists_hold(const pxc_cache *cache, const recount *sum)
{
    uint64_t linked = 0;
    uint64_t parked = 0;
    return list_holds(cache, PXC_LRU, &linked) && list_holds(cache, PXC_PARKED, &parked) &&
           list_holds(cache, PXC_RETURNED, &parked) && linked + parked + sum->fresh == sum->entries &&
           parked == sum->parked && parked == cache->parked_count &&
           chain_holds(cache, cache->doomed_head, true, sum->doomed) &&
           chain_holds(cache, cache->free_head, false, sum->unused - cache->retired_slots);
}

static bool has_texture(const pxc_pending *pending, const pxc_letter *letter)
{
    return letter == pending->partial || (letter == pending->prepared && pending->preparation == NULL);
}

/* Each pending one is in its line and found by its name; one at most is half up. */
static bool pending_holds(const pxc_cache *cache)
{
    const pxc_pending *pending = &cache->pending;
    const pxc_letter *starts[] = {pending->wanted.first, pending->others.first};
    uint64_t count = 0;
    uint64_t bytes = 0;
    bool partial_found = pending->partial == NULL;
    bool prepared_found = pending->prepared == NULL;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; ++i) {
        const pxc_letter *prev = NULL;
        for (const pxc_letter *letter = starts[i]; letter != NULL; letter = letter->next) {
            if (++count > pending->count || letter->prev != prev || letter->wanted != (i == 0) ||
                letter->discards || (letter->texture != 0) != has_texture(pending, letter)) {
                return false;
            }
            partial_found |= letter == pending->partial;
            prepared_found |= letter == pending->prepared;
            bytes += letter->mailbox_bytes;
            prev = letter;
        }
    }
    return count == pending->count && partial_found && prepared_found &&
           bytes <= atomic_load_explicit(&cache->mailbox.bytes, memory_order_relaxed);
}

static bool sums_hold(const pxc_cache *cache, const recount *sum)
{
    const pxc_stats *stats = &cache->stats;
    const pxc_letter *partial = cache->pending.partial;
    const bool is_made = cache->pending.prepared != NULL || cache->pending.preparation != NULL;
    const uint64_t partial_bytes = (partial == NULL ? 0 : partial->measured.cost_bytes) +
                                   (is_made ? cache->pending.preparation_bytes : 0);
    const uint64_t others = (partial != NULL) + (uint64_t)cache->pending.abandoned_count +
                            (is_made && cache->pending.preparation == NULL);
    uint64_t abandoned_bytes = 0;
    for (uint32_t i = 0; i < cache->pending.abandoned_count; ++i) {
        abandoned_bytes += cache->pending.abandoned[i].cost_bytes;
    }
    return sum->entries == stats->entries && sum->names == cache->names.count &&
           sum->pinned_bytes == stats->pinned_bytes &&
           sum->doomed_bytes + abandoned_bytes == stats->doomed_bytes &&
           sum->live_bytes + stats->doomed_bytes + partial_bytes + stats->page_bytes == stats->used_bytes &&
           sum->packed == stats->packed_entries && sum->packed_bytes == stats->packed_bytes &&
           stats->used_bytes <= stats->peak_bytes &&
           stats->textures_created ==
               stats->textures_deleted + stats->textures_lost + sum->own_textures + stats->pages + others;
}

pxc_status pxc_validate(const pxc_cache *cache)
{
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    recount sum = {0};
    const bool holds = names_hold(cache) && slots_hold(cache, &sum) && lists_hold(cache, &sum) &&
                       log_holds(cache, &sum) && pending_holds(cache) && pxc_pages_hold(cache) &&
                       sums_hold(cache, &sum);
    return holds ? PXC_OK : PXC_ERR_MEMORY;
}
