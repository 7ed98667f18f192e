/* What was handed over and is not wholly on the GPU, found by name and in order.
 *
 * Two lines, each in the order of arrival: what was asked for by name while it was pending, and the rest. At most one of
 * them is up in part. Its texture counts as used; it belongs to no entry, so the eviction never meets it. If it is given
 * up it waits for the boundary like every other; of these there are three at most, before uploads.c begins no new one.
 */
#include "cache.h"

#include <string.h>

void pxc_pending_init(pxc_cache *cache)
{
    cache->pending.buckets = cache->pending.own_buckets;
    cache->pending.bucket_count = PXC_FIRST_BUCKETS;
}

void pxc_pending_close(pxc_cache *cache)
{
    if (cache->pending.buckets != cache->pending.own_buckets) {
        pxc_free(&cache->alloc, cache->pending.buckets);
    }
}

static void append(pxc_line *line, pxc_letter *letter)
{
    letter->next = NULL;
    letter->prev = line->last;
    *(line->last == NULL ? &line->first : &line->last->next) = letter;
    line->last = letter;
}

static void unlink_from(pxc_line *line, pxc_letter *letter)
{
    *(letter->prev == NULL ? &line->first : &letter->prev->next) = letter->next;
    *(letter->next == NULL ? &line->last : &letter->next->prev) = letter->prev;
}

static pxc_line *line_of(pxc_pending *pending, const pxc_letter *letter)
{
    return letter->wanted ? &pending->wanted : &pending->others;
}

static pxc_letter **bucket_of(const pxc_pending *pending, uint32_t hash)
{
    return &pending->buckets[hash & (pending->bucket_count - 1)];
}

static pxc_letter *look_up(const pxc_pending *pending, const char *text, size_t length_bytes, uint32_t hash)
{
    pxc_letter *letter = *bucket_of(pending, hash);
    while (letter != NULL && !pxc_name_is(letter->name, text, length_bytes)) {
        letter = letter->next_alike;
    }
    return letter;
}

/* Without memory the chains just get longer. */
static void grow_buckets(pxc_cache *cache)
{
    pxc_pending *pending = &cache->pending;
    pxc_pending grown = {.bucket_count = pending->bucket_count * 4};
    grown.buckets = pxc_malloc(&cache->alloc, grown.bucket_count * sizeof(pxc_letter *));
    if (grown.buckets == NULL) {
        return;
    }
    memset(grown.buckets, 0, grown.bucket_count * sizeof(pxc_letter *));
    for (uint32_t i = 0; i < pending->bucket_count; ++i) {
        while (pending->buckets[i] != NULL) {
            pxc_letter *letter = pending->buckets[i];
            pending->buckets[i] = letter->next_alike;
            letter->next_alike = *bucket_of(&grown, letter->name_hash);
            *bucket_of(&grown, letter->name_hash) = letter;
        }
    }
    pxc_pending_close(cache);
    pending->buckets = grown.buckets;
    pending->bucket_count = grown.bucket_count;
}

/* Out of lines and buckets. */
static void take_out(pxc_cache *cache, pxc_letter *letter)
{
    pxc_pending *pending = &cache->pending;
    unlink_from(line_of(pending, letter), letter);
    pxc_letter **place = bucket_of(pending, letter->name_hash);
    while (*place != letter) {
        place = &(*place)->next_alike;
    }
    *place = letter->next_alike;
    --pending->count;
}

void pxc_abandon_texture(pxc_cache *cache, uint32_t texture, uint64_t cost_bytes)
{
    cache->pending.abandoned[cache->pending.abandoned_count++] =
        (pxc_image){.texture = texture, .cost_bytes = (size_t)cost_bytes};
    cache->stats.doomed_bytes += cost_bytes;
}

/* What is half up is left for the boundary to delete. */
static void abandon(pxc_cache *cache, pxc_letter *letter)
{
    if (letter == cache->pending.prepared) {
        pxc_prepared_give_up(cache);
    } else if (letter->texture != 0) {
        pxc_abandon_texture(cache, letter->texture, letter->measured.cost_bytes);
        cache->pending.partial = NULL;
        letter->texture = 0;
        letter->level = letter->rows_done = 0;
        letter->done_bytes = 0;
    }
}

void pxc_pending_drop(pxc_cache *cache, pxc_letter *letter)
{
    take_out(cache, letter);
    abandon(cache, letter);
    pxc_letter_release(cache, letter);
}

void pxc_pending_drop_all(pxc_cache *cache)
{
    pxc_mailbox_empty(cache);
    const pxc_line *lines[] = {&cache->pending.wanted, &cache->pending.others};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; ++i) {
        while (lines[i]->first != NULL) {
            pxc_pending_drop(cache, lines[i]->first);
        }
    }
}

void pxc_pending_add(pxc_cache *cache, pxc_letter *letter)
{
    pxc_pending *pending = &cache->pending;
    pxc_letter *older = look_up(pending, letter->name->text, letter->name->length_bytes, letter->name_hash);
    const bool wanted = older != NULL && older->wanted;
    if (older != NULL) {
        pxc_pending_drop(cache, older);
    }
    if (letter->discards) {
        pxc_letter_release(cache, letter);
        return;
    }
    if (pending->count >= pending->bucket_count * 2) {
        grow_buckets(cache);
    }
    letter->wanted = wanted;
    letter->arrived_frame = cache->stats.frames;
    append(line_of(pending, letter), letter);
    pxc_letter **bucket = bucket_of(pending, letter->name_hash);
    letter->next_alike = *bucket;
    *bucket = letter;
    ++pending->count;
}

pxc_letter *pxc_pending_find(pxc_cache *cache, const char *text, size_t length_bytes, uint32_t hash)
{
    if (atomic_load_explicit(&cache->mailbox.newest, memory_order_relaxed) != NULL) {
        pxc_mailbox_empty(cache);
    }
    return look_up(&cache->pending, text, length_bytes, hash);
}

void pxc_pending_want(pxc_cache *cache, pxc_letter *letter)
{
    if (!letter->wanted) {
        unlink_from(&cache->pending.others, letter);
        letter->wanted = true;
        append(&cache->pending.wanted, letter);
    }
}

static void forget_refusals(const pxc_line *line)
{
    for (pxc_letter *letter = line->first; letter != NULL; letter = letter->next) {
        letter->made_here = false;
    }
}

void pxc_pending_lose(pxc_cache *cache)
{
    pxc_prepared_end(cache);
    forget_refusals(&cache->pending.wanted);
    forget_refusals(&cache->pending.others);
    if (cache->pending.partial != NULL) {
        abandon(cache, cache->pending.partial);
    }
    for (uint32_t i = 0; i < cache->pending.abandoned_count; ++i) {
        cache->stats.used_bytes -= cache->pending.abandoned[i].cost_bytes;
        cache->stats.doomed_bytes -= cache->pending.abandoned[i].cost_bytes;
    }
    cache->stats.textures_lost += cache->pending.abandoned_count;
    cache->pending.abandoned_count = 0;
}

static bool partial_is_too_large(const pxc_cache *cache)
{
    const pxc_letter *partial = cache->pending.partial;
    return partial != NULL && partial->measured.cost_bytes > cache->stats.limit_bytes;
}

void pxc_pending_settle(pxc_cache *cache)
{
    const pxc_pending *pending = &cache->pending;
    const uint64_t limit = cache->stats.limit_bytes;
    pxc_prepared_poll(cache);
    if (partial_is_too_large(cache)) {
        pxc_mailbox_empty(cache); /* what has replaced it is wanted if it was: later nobody would know */
    }
    if (partial_is_too_large(cache)) {
        ++cache->stats.submits_failed;
        pxc_pending_drop(cache, pending->partial);
    }
    const uint64_t partial_bytes = pending->partial == NULL ? 0 : pending->partial->measured.cost_bytes;
    const bool is_made = pending->prepared != NULL || pending->preparation != NULL;
    if (is_made && pending->preparation_bytes > limit - partial_bytes) { /* the limit has been lowered */
        pxc_prepared_end(cache);
    }
}
