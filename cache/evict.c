/* How entries die: choosing is lru.c's and the callers', doing is here.
 *
 * Dying has two steps, because a texture that was given out must live until the boundary. Doomed: key and name are
 * stale, the slot still holds the texture and its cost. Deleted: the boundary takes all doomed textures, and those that
 * it evicts itself, in one call.
 */
#include "cache.h"

/* Takes an entry out of every table but its list; its name's memory stays. */
static void strike(pxc_cache *cache, pxc_entry *entry)
{
    if (entry->name != NULL) {
        pxc_names_remove(cache, entry);
    }
    if (entry->pins != 0) {
        cache->stats.pinned_bytes -= entry->image.cost_bytes;
        entry->pins = 0;
    }
    --cache->stats.entries;
}

/* Out of its list, too; from here on the slot is only a texture that awaits its deletion. */
static void bury(pxc_cache *cache, pxc_entry *entry)
{
    const uint32_t slot = pxc_slot_of(entry);
    pxc_lru_detach(cache, slot);
    cache->parked_count -= entry->parked;
    entry->parked = 0;
    entry->id &= ~PXC_SLOT_MASK;
    entry->doomed = 1;
    cache->links[slot] = (pxc_links){PXC_UNLINKED, cache->doomed_head};
    cache->doomed_head = slot;
    cache->stats.doomed_bytes += entry->image.cost_bytes;
}

static void free_name(pxc_cache *cache, pxc_entry *entry)
{
    if (entry->name != NULL) {
        pxc_free(&cache->alloc, entry->name);
        entry->name = NULL;
    }
}

/* Tells the application of an eviction; the key is stale already. */
static void tell(pxc_cache *cache, pxc_key key, const pxc_entry *entry, pxc_evict_reason reason)
{
    if (cache->on_evict != NULL) {
        cache->in_callback = true;
        cache->on_evict(cache->on_evict_user, key, entry->name == NULL ? NULL : entry->name->text, reason);
        cache->in_callback = false;
    }
}

void pxc_doom(pxc_cache *cache, pxc_entry *entry)
{
    strike(cache, entry);
    bury(cache, entry);
    free_name(cache, entry);
}

void pxc_doom_texture(pxc_cache *cache, const pxc_entry *entry)
{
    pxc_entry *grave = pxc_slot_take(cache);
    grave->image = entry->image;
    grave->stamp = entry->stamp;
    bury(cache, grave);
}

void pxc_evict(pxc_cache *cache, pxc_entry *entry, pxc_evict_reason reason)
{
    const pxc_key key = {entry->id};
    strike(cache, entry);
    bury(cache, entry);
    ++cache->stats.evictions;
    tell(cache, key, entry, reason);
    free_name(cache, entry);
}

/* Textures on their way out, collected in scratch: their slots are free already. */
typedef struct dying {
    size_t count;
    uint64_t cost_bytes;
} dying;

static void collect(pxc_cache *cache, dying *all, uint32_t slot)
{
    pxc_entry *entry = pxc_entry_at(cache, slot);
    cache->scratch[all->count++] = entry->image.texture;
    all->cost_bytes += entry->image.cost_bytes;
    pxc_slot_give(cache, entry, slot);
}

static void delete_collected(pxc_cache *cache, const dying *all)
{
    if (all->count != 0) {
        cache->stats.used_bytes -= all->cost_bytes;
        cache->stats.textures_deleted += all->count;
        cache->backend.delete_textures(cache->gpu, cache->scratch, all->count);
    }
}

static void collect_doomed(pxc_cache *cache, dying *all)
{
    while (cache->doomed_head != 0) {
        const uint32_t slot = cache->doomed_head;
        cache->doomed_head = cache->links[slot].next;
        collect(cache, all, slot);
    }
    for (uint32_t i = 0; i < cache->pending.abandoned_count; ++i) { /* in the sentinels' room */
        cache->scratch[all->count++] = cache->pending.abandoned[i].texture;
        all->cost_bytes += cache->pending.abandoned[i].cost_bytes;
    }
    cache->pending.abandoned_count = 0;
    cache->stats.doomed_bytes = 0;
}

void pxc_delete_doomed(pxc_cache *cache)
{
    dying all = {0};
    collect_doomed(cache, &all);
    delete_collected(cache, &all);
}

/* The list's old end is followed in a variable and tied to its sentinel once: detaching each entry by itself would make
 * each eviction wait for the one before. */
void pxc_enforce_limit(pxc_cache *cache, uint64_t most_bytes)
{
    dying all = {0};
    collect_doomed(cache, &all);
    const uint64_t most_entries = cache->max_entries == 0 ? UINT64_MAX : cache->max_entries;
    uint32_t slot = cache->links[PXC_LRU].next;
    while (slot != PXC_LRU &&
           (cache->stats.used_bytes - all.cost_bytes > most_bytes || cache->stats.entries > most_entries)) {
        const uint32_t next = cache->links[slot].next;
        pxc_entry *entry = pxc_entry_at(cache, slot);
        if (entry->pins != 0) {
            pxc_lru_cut_before(cache, slot);
            pxc_park(cache, slot);
        } else {
            const pxc_key key = {entry->id};
            strike(cache, entry);
            ++cache->stats.evictions;
            tell(cache, key, entry, PXC_EVICT_LIMIT);
            free_name(cache, entry);
            collect(cache, &all, slot);
        }
        slot = next;
    }
    pxc_lru_cut_before(cache, slot);
    cache->stats.over_limit_frames +=
        slot == PXC_LRU && cache->stats.used_bytes - all.cost_bytes > cache->stats.limit_bytes;
    delete_collected(cache, &all);
}

void pxc_trim_for_gpu(pxc_cache *cache)
{
    pxc_lru_settle(cache);
    for (pxc_entry *victim = pxc_lru_victim(cache); victim != NULL; victim = pxc_lru_victim(cache)) {
        if (pxc_used_this_frame(cache, victim)) {
            break; /* so are all that follow */
        }
        pxc_evict(cache, victim, PXC_EVICT_GPU_MEMORY);
    }
    dying all = {0};
    uint32_t kept_head = 0;
    while (cache->doomed_head != 0) {
        const uint32_t slot = cache->doomed_head;
        cache->doomed_head = cache->links[slot].next;
        if (pxc_used_this_frame(cache, pxc_entry_at(cache, slot))) {
            cache->links[slot].next = kept_head;
            kept_head = slot;
        } else {
            collect(cache, &all, slot);
        }
    }
    cache->doomed_head = kept_head;
    cache->stats.doomed_bytes -= all.cost_bytes;
    delete_collected(cache, &all);
}

void pxc_doom_all(pxc_cache *cache)
{
    pxc_lru_settle(cache);
    for (uint32_t list = PXC_LRU; list <= PXC_RETURNED; ++list) {
        while (cache->links[list].next != list) {
            pxc_doom(cache, pxc_entry_at(cache, cache->links[list].next));
        }
    }
}

void pxc_forget_textures(pxc_cache *cache)
{
    pxc_doom_all(cache);
    dying all = {0};
    collect_doomed(cache, &all);
    cache->stats.used_bytes -= all.cost_bytes;
    cache->stats.textures_lost += all.count;
}
