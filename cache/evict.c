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
    if (entry->page != 0) {
        --cache->stats.packed_entries;
        cache->stats.packed_bytes -= entry->image.cost_bytes;
    }
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
    cache->stats.doomed_bytes += pxc_own_bytes(entry);
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
    if (entry->page != 0) {
        const pxc_made made = {
            entry->image.texture,
            {cache->span_of[pxc_slot_of(entry)], entry->page, entry->x, entry->y},
        };
        pxc_entry_place(cache, grave, &made);
        --cache->stats.packed_entries;
        cache->stats.packed_bytes -= entry->image.cost_bytes;
    }
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

void pxc_collect_texture(pxc_cache *cache, pxc_dying *all, uint32_t texture, uint64_t cost_bytes)
{
    cache->scratch[all->count++] = texture;
    all->cost_bytes += cost_bytes;
}

/* Its slot is free from here on. */
static void collect(pxc_cache *cache, pxc_dying *all, uint32_t slot)
{
    pxc_entry *entry = pxc_entry_at(cache, slot);
    if (entry->page == 0) {
        pxc_collect_texture(cache, all, entry->image.texture, entry->image.cost_bytes);
    } else {
        pxc_entry_unplace(cache, entry, slot, all);
    }
    pxc_slot_give(cache, entry, slot);
}

static void delete_collected(pxc_cache *cache, const pxc_dying *all)
{
    if (all->count != 0) {
        const uint64_t start_ns = pxc_work_begin(cache);
        cache->stats.used_bytes -= all->cost_bytes;
        cache->stats.textures_deleted += all->count;
        cache->backend.delete_textures(cache->gpu, cache->scratch, all->count);
        const pxc_work work = {.kind = PXC_WORK_DELETE,
                               .bytes = all->cost_bytes,
                               .cost_bytes = all->cost_bytes,
                               .count = all->count};
        pxc_work_end(cache, &work, start_ns);
    }
}

static void collect_doomed(pxc_cache *cache, pxc_dying *all)
{
    while (cache->doomed_head != 0) {
        const uint32_t slot = cache->doomed_head;
        cache->doomed_head = cache->links[slot].next;
        collect(cache, all, slot);
    }
    for (uint32_t i = 0; i < cache->pending.abandoned_count; ++i) { /* in the sentinels' room */
        pxc_collect_texture(cache, all, cache->pending.abandoned[i].texture,
                            cache->pending.abandoned[i].cost_bytes);
    }
    cache->pending.abandoned_count = 0;
    cache->stats.doomed_bytes = 0;
}

void pxc_delete_doomed(pxc_cache *cache)
{
    pxc_dying all = {0};
    collect_doomed(cache, &all);
    delete_collected(cache, &all);
}

/* Where the eviction is. The list's old end is followed here and tied to its sentinel once: detaching each entry by itself
 * would make each eviction wait for the one before. */
typedef struct eviction {
    uint32_t slot; /* the next to go */
    uint64_t most_bytes, most_entries;
    pxc_dying all;
} eviction;

/* Evicts the next one, or parks it if it is pinned. */
static void evict_next(pxc_cache *cache, eviction *it)
{
    const uint32_t slot = it->slot;
    it->slot = cache->links[slot].next;
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
        collect(cache, &it->all, slot);
    }
}

static bool is_over(const pxc_cache *cache, const eviction *it)
{
    return cache->stats.used_bytes - it->all.cost_bytes > it->most_bytes;
}

/* What was moved since then. */
static void tell_moves(pxc_cache *cache, uint64_t moves_before, uint64_t start_ns)
{
    if (cache->stats.moves != moves_before) {
        const pxc_work work = {.kind = PXC_WORK_MOVE, .count = cache->stats.moves - moves_before};
        pxc_work_end(cache, &work, start_ns);
    }
}

static bool pages_fit(pxc_cache *cache, pxc_dying *all, uint64_t most_bytes)
{
    const uint64_t moves_before = cache->stats.moves;
    const uint64_t start_ns = pxc_work_begin(cache);
    const bool fit = pxc_pages_fit(cache, all, most_bytes);
    tell_moves(cache, moves_before, start_ns);
    return fit;
}

void pxc_enforce_limit(pxc_cache *cache, uint64_t most_bytes)
{
    eviction it = {.most_bytes = most_bytes,
                   .most_entries = cache->max_entries == 0 ? UINT64_MAX : cache->max_entries};
    cache->retry_below_bytes = UINT64_MAX;
    collect_doomed(cache, &it.all);
    it.slot = cache->links[PXC_LRU].next;
    while (it.slot != PXC_LRU && (cache->stats.entries > it.most_entries ||
                                  (is_over(cache, &it) && !(cache->stats.page_bytes != 0 &&
                                                            pages_fit(cache, &it.all, most_bytes))))) {
        evict_next(cache, &it);
    }
    pxc_lru_cut_before(cache, it.slot);
    if (is_over(cache, &it)) { /* all that is left is pinned, and this is the last try */
        cache->retry_below_bytes = UINT64_MAX;
        pages_fit(cache, &it.all, most_bytes);
    }
    const uint64_t moves_before = cache->stats.moves;
    const uint64_t start_ns = pxc_work_begin(cache);
    pxc_pages_tidy(cache, &it.all);
    tell_moves(cache, moves_before, start_ns);
    cache->stats.over_limit_frames +=
        it.slot == PXC_LRU && cache->stats.used_bytes - it.all.cost_bytes > cache->stats.limit_bytes;
    delete_collected(cache, &it.all);
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
    pxc_dying all = {0};
    uint32_t kept_head = 0;
    while (cache->doomed_head != 0) {
        const uint32_t slot = cache->doomed_head;
        cache->doomed_head = cache->links[slot].next;
        if (pxc_used_this_frame(cache, pxc_entry_at(cache, slot))) {
            cache->links[slot].next = kept_head;
            kept_head = slot;
        } else {
            cache->stats.doomed_bytes -= pxc_own_bytes(pxc_entry_at(cache, slot));
            collect(cache, &all, slot);
        }
    }
    cache->doomed_head = kept_head;
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
    pxc_dying all = {0};
    collect_doomed(cache, &all);
    cache->stats.used_bytes -= all.cost_bytes;
    cache->stats.textures_lost += all.count;
}
