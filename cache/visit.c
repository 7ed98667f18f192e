/* What is resident, one entry after the other. */
#include "cache.h"

static void tell(const pxc_cache *cache, const pxc_entry *entry, pxc_visit_fn visit, void *user)
{
    pxc_entry_info info = {
        .key = {entry->id},
        .name = entry->name == NULL ? NULL : entry->name->text,
        .pins = entry->pins,
        .idle_frames = pxc_frame_of(cache->clock) - pxc_frame_of(entry->stamp),
    };
    pxc_give_out(cache, entry, &info.texture);
    visit(user, &info);
}

pxc_status pxc_visit(pxc_cache *cache, pxc_visit_fn visit, void *user)
{
    const pxc_status status = pxc_enter(cache);
    if (status != PXC_OK) {
        return status;
    }
    if (visit == NULL) {
        return PXC_ERR_ARGUMENT;
    }
    cache->in_callback = true;
    for (uint32_t slot = PXC_FIRST_SLOT; slot < cache->slot_count; ++slot) {
        const pxc_entry *entry = pxc_entry_at(cache, slot);
        if ((entry->id & PXC_SLOT_MASK) != 0) { /* live: a free or doomed one has its generation alone */
            tell(cache, entry, visit, user);
        }
    }
    cache->in_callback = false;
    return PXC_OK;
}
