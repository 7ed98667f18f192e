/* Storage made elsewhere: on a thread of the application's that has a GL context of its own (pxc_gl_worker). One texture
 * at a time; while it is made, and until what is up in part is done, its pixmap is the prepared one.
 *
 *   prepared  preparation
 *   NULL      NULL         nothing
 *   letter    set          is being made
 *   letter    NULL         has its texture, and waits until another is done
 *   NULL      set          is being made for a pixmap that was given up: will be deleted
 *
 * Its bytes count as used from the beginning. It can not be deleted before it is made.
 */
#include "cache.h"

/* Of what is being made, or has been and waits; 0 = nothing. */
static uint64_t made_bytes(const pxc_pending *pending)
{
    return pending->prepared != NULL || pending->preparation != NULL ? pending->preparation_bytes : 0;
}

/* Textures that belong to no entry must find room in scratch at the boundary, should all of them be given up; and two
 * of them within the limit, because the boundary can evict neither. */
bool pxc_can_begin(const pxc_cache *cache, const pxc_letter *letter)
{
    const pxc_pending *pending = &cache->pending;
    const uint64_t limit = cache->stats.limit_bytes;
    const uint64_t made = made_bytes(pending);
    const uint32_t held_textures =
        pending->abandoned_count + (pending->partial != NULL ? 1 : 0) + (made != 0 ? 1 : 0);
    return held_textures < PXC_FIRST_SLOT &&
           (made == 0 || (made <= limit && letter->measured.cost_bytes <= limit - made));
}

/* What is too large by now is not: it would wait for ever, and here it is found out. */
bool pxc_prepares(const pxc_cache *cache, const pxc_letter *letter)
{
    return cache->prepares && !letter->made_here && !pxc_packs(cache, &letter->measured.pixmap) &&
           letter->measured.cost_bytes <= cache->admission_limit_bytes;
}

/* Beside what is up in part, for the same reason. */
bool pxc_can_prepare(const pxc_cache *cache, const pxc_letter *letter)
{
    const pxc_pending *pending = &cache->pending;
    const uint64_t limit = cache->stats.limit_bytes;
    const uint64_t partial_bytes = pending->partial == NULL ? 0 : pending->partial->measured.cost_bytes;
    return pxc_prepares(cache, letter) && made_bytes(pending) == 0 && pxc_can_begin(cache, letter) &&
           partial_bytes <= limit && letter->measured.cost_bytes <= limit - partial_bytes;
}

static void count_bytes(pxc_cache *cache, uint64_t cost_bytes)
{
    pxc_stats *stats = &cache->stats;
    stats->used_bytes += cost_bytes;
    if (stats->used_bytes > stats->peak_bytes) {
        stats->peak_bytes = stats->used_bytes;
    }
}

pxc_status pxc_prepare(pxc_cache *cache, pxc_letter *letter)
{
    pxc_pending *pending = &cache->pending;
    void *preparation = NULL; /* after an error it says nothing */
    const pxc_status status =
        cache->backend.prepare_texture(cache->gpu, &letter->measured.pixmap, &preparation);
    if (status == PXC_OK && preparation != NULL) {
        pending->preparation = preparation;
        pending->prepared = letter;
        pending->preparation_bytes = letter->measured.cost_bytes;
        count_bytes(cache, pending->preparation_bytes);
    } else if (status == PXC_ERR_LOST) {
        return PXC_ERR_LOST;
    } else {
        letter->made_here = true;
    }
    return PXC_PENDING;
}

/* The preparation is over. Without a texture, it is made here, where more can be tried and a lost context is told. */
static void finish(pxc_cache *cache, pxc_status status, uint32_t texture)
{
    pxc_pending *pending = &cache->pending;
    pending->preparation = NULL;
    if (status == PXC_OK && texture != 0) {
        ++cache->stats.textures_created;
        if (pending->prepared != NULL) {
            pending->prepared->texture = texture;
        } else {
            pxc_abandon_texture(cache, texture, pending->preparation_bytes);
        }
        return;
    }
    cache->stats.used_bytes -= pending->preparation_bytes;
    if (pending->prepared != NULL) {
        pending->prepared->made_here = true; /* after a loss, too: else one frame might ask for ever */
        pending->prepared = NULL;
    }
}

static void ask(pxc_cache *cache, bool wait)
{
    if (cache->pending.preparation != NULL) {
        uint32_t texture = 0;
        const pxc_status status =
            cache->backend.finish_preparing(cache->gpu, cache->pending.preparation, wait, &texture);
        if (status != PXC_PENDING) {
            finish(cache, status, texture);
        }
    }
}

void pxc_prepared_poll(pxc_cache *cache)
{
    pxc_pending *pending = &cache->pending;
    ask(cache, false);
    if (pending->prepared != NULL && pending->preparation == NULL && pending->partial == NULL) {
        pending->partial = pending->prepared;
        pending->prepared = NULL;
    }
}

void pxc_prepared_give_up(pxc_cache *cache)
{
    pxc_pending *pending = &cache->pending;
    pxc_letter *letter = pending->prepared;
    pending->prepared = NULL;
    if (letter != NULL && letter->texture != 0) {
        pxc_abandon_texture(cache, letter->texture, letter->measured.cost_bytes);
        letter->texture = 0;
    }
}

void pxc_prepared_end(pxc_cache *cache)
{
    pxc_prepared_give_up(cache);
    ask(cache, true);
}
