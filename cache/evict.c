/* How entries die: choosing is lru.c's and the callers', doing is here.
 *
 * Dying has two steps, because a texture that was given out must live until the boundary. Doomed: key and name are
 * stale, the slot still holds the texture and its cost. Deleted: the boundary takes all doomed textures in one call.
 */
#include "cache.h"

/* From here on the slot is only a texture that awaits its deletion. */
static void bury(pxc_cache *cache, uint32_t slot)
{
    pxc_entry *entry = pxc_entry_at(cache, slot);
    entry->id &= ~PXC_SLOT_MASK;
    entry->flags = PXC_FLAG_DOOMED;
    entry->next = cache->doomed_head;
    cache->doomed_head = slot;
    cache->stats.doomed_bytes += entry->cost_bytes;
}

/* Takes an entry out of every table; its name's memory stays. */
static void retire(pxc_cache *cache, uint32_t slot)
{
    pxc_entry *entry = pxc_entry_at(cache, slot);
    if (entry->name != NULL) {
        pxc_names_remove(cache, slot);
    }
    if (entry->pins != 0) {
        cache->stats.pinned_bytes -= entry->cost_bytes;
        entry->pins = 0;
    }
    pxc_lru_unlink(cache, slot);
    bury(cache, slot);
    --cache->stats.entries;
}

static void free_name(pxc_cache *cache, pxc_entry *entry)
{
    pxc_free(&cache->alloc, entry->name);
    entry->name = NULL;
}

void pxc_doom(pxc_cache *cache, uint32_t slot)
{
    retire(cache, slot);
    free_name(cache, pxc_entry_at(cache, slot));
}

void pxc_doom_texture(pxc_cache *cache, const pxc_entry *entry)
{
    const uint32_t slot = pxc_slot_take(cache);
    pxc_entry *grave = pxc_entry_at(cache, slot);
    grave->texture = entry->texture;
    grave->cost_bytes = entry->cost_bytes;
    grave->stamp = entry->stamp;
    bury(cache, slot);
}

void pxc_evict(pxc_cache *cache, uint32_t slot, pxc_evict_reason reason)
{
    pxc_entry *entry = pxc_entry_at(cache, slot);
    const pxc_key key = {entry->id};
    retire(cache, slot);
    ++cache->stats.evictions;
    if (cache->on_evict != NULL) {
        cache->in_callback = true;
        cache->on_evict(cache->on_evict_user, key, entry->name == NULL ? NULL : entry->name->text, reason);
        cache->in_callback = false;
    }
    free_name(cache, entry);
}

void pxc_delete_doomed(pxc_cache *cache, bool unused_only)
{
    uint32_t kept_head = 0;
    size_t count = 0;
    for (uint32_t slot = cache->doomed_head; slot != 0;) {
        pxc_entry *entry = pxc_entry_at(cache, slot);
        const uint32_t next = entry->next;
        if (unused_only && pxc_used_this_frame(cache, entry)) {
            entry->next = kept_head;
            kept_head = slot;
        } else {
            cache->dying_names[count++] = entry->texture;
            cache->stats.used_bytes -= entry->cost_bytes;
            cache->stats.doomed_bytes -= entry->cost_bytes;
            pxc_slot_give(cache, slot);
        }
        slot = next;
    }
    cache->doomed_head = kept_head;
    if (count != 0) {
        cache->backend.delete_textures(cache->gpu, cache->dying_names, count);
        cache->stats.textures_deleted += count;
    }
}

void pxc_trim_for_gpu(pxc_cache *cache)
{
    pxc_lru_settle(cache);
    for (uint32_t slot = pxc_lru_victim(cache); slot != 0; slot = pxc_lru_victim(cache)) {
        if (pxc_used_this_frame(cache, pxc_entry_at(cache, slot))) {
            break; /* so are all that follow */
        }
        pxc_evict(cache, slot, PXC_EVICT_GPU_MEMORY);
    }
    pxc_delete_doomed(cache, true);
}

void pxc_doom_all(pxc_cache *cache)
{
    pxc_lru_settle(cache);
    for (uint32_t list = PXC_LRU; list <= PXC_RETURNED; ++list) {
        const pxc_entry *sentinel = pxc_entry_at(cache, list);
        while (sentinel->next != list) {
            pxc_doom(cache, sentinel->next);
        }
    }
}

void pxc_forget_textures(pxc_cache *cache)
{
    pxc_doom_all(cache);
    while (cache->doomed_head != 0) {
        const uint32_t slot = cache->doomed_head;
        cache->doomed_head = pxc_entry_at(cache, slot)->next;
        pxc_slot_give(cache, slot);
        ++cache->stats.textures_lost;
    }
    cache->stats.used_bytes = 0;
    cache->stats.doomed_bytes = 0;
}
