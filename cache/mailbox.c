/* The hand-over: what any thread may do.
 *
 * The mailbox is a stack of letters without a lock: a thread puts its letter on top by compare-and-swap, the render
 * thread takes the whole stack by one exchange and turns it over, so that letters are read in the order in which they
 * came. pxc_discard is a letter, too: it strikes out the letters of its name that came before it.
 *
 *   submitting threads ---> newest -> ... -> oldest        the render thread ---> pending.c
 *
 * Bytes are reserved before a letter is written and given back when its pixels are released, so that the bound holds
 * over what is still in the mailbox and what is pending. All other members of the cache that are read here never change
 * after pxc_create.
 */
#include "cache.h"

#include <string.h>

void pxc_mailbox_init(pxc_cache *cache)
{
    atomic_init(&cache->mailbox.newest, NULL);
    atomic_init(&cache->mailbox.bytes, 0);
    atomic_init(&cache->mailbox.most_bytes, 0);
    pxc_mailbox_set_most(cache);
}

void pxc_mailbox_set_most(pxc_cache *cache)
{
    const uint64_t ceiling = pxc_ceiling(cache);
    const uint64_t limit = cache->admission_limit_bytes;
    atomic_store_explicit(&cache->mailbox.most_bytes, ceiling < limit ? ceiling : limit,
                          memory_order_relaxed);
}

/* First lines of both functions. On the render thread only is it known whether a callback runs. */
static pxc_status enter_from_anywhere(const pxc_cache *cache, const char *name)
{
    if (cache == NULL || name == NULL || *name == '\0') {
        return PXC_ERR_ARGUMENT;
    }
    return cache->thread == &pxc_thread_mark && cache->in_callback ? PXC_ERR_ARGUMENT : PXC_OK;
}

static pxc_letter *write_letter(const pxc_cache *cache, const char *text)
{
    const pxc_query query = pxc_name_query(cache, text);
    pxc_letter *letter = pxc_malloc(&cache->alloc, sizeof *letter);
    pxc_name *name = letter == NULL ? NULL : pxc_name_create(cache, &query);
    if (name == NULL) {
        pxc_free(&cache->alloc, letter);
        return NULL;
    }
    memset(letter, 0, sizeof *letter);
    letter->name = name;
    letter->name_hash = query.hash;
    return letter;
}

static void put(pxc_cache *cache, pxc_letter *letter)
{
    letter->next = atomic_load_explicit(&cache->mailbox.newest, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&cache->mailbox.newest, &letter->next, letter,
                                                  memory_order_release, memory_order_relaxed)) {
    }
}

static bool reserve(pxc_cache *cache, uint64_t bytes)
{
    uint64_t now = atomic_load_explicit(&cache->mailbox.bytes, memory_order_relaxed);
    do {
        if (bytes > cache->mailbox_bytes - now) {
            return false;
        }
    } while (!atomic_compare_exchange_weak_explicit(&cache->mailbox.bytes, &now, now + bytes,
                                                    memory_order_relaxed, memory_order_relaxed));
    return true;
}

static void give_back(pxc_cache *cache, uint64_t bytes)
{
    atomic_fetch_sub_explicit(&cache->mailbox.bytes, bytes, memory_order_relaxed);
}

pxc_status pxc_submit(pxc_cache *cache, const char *name, const pxc_pixmap *pixmap, pxc_release_fn release,
                      void *user)
{
    pxc_measured measured;
    pxc_status status = enter_from_anywhere(cache, name);
    if (status == PXC_OK) {
        status = pxc_pixmap_measure(cache, pixmap, &measured);
    }
    if (status != PXC_OK) {
        return status;
    }
    const uint64_t most_bytes = atomic_load_explicit(&cache->mailbox.most_bytes, memory_order_relaxed);
    const uint64_t gaps_bytes = ((uint64_t)measured.pixmap.stride - pxc_row_bytes(&measured.pixmap)) *
                                (uint64_t)measured.pixmap.height;
    const uint64_t bytes = measured.source_bytes + gaps_bytes;
    if (measured.pixmap.width > cache->max_size_px || measured.pixmap.height > cache->max_size_px ||
        measured.cost_bytes == 0 || measured.cost_bytes > most_bytes || bytes > cache->mailbox_bytes) {
        return PXC_ERR_TOO_LARGE;
    }
    if (!reserve(cache, bytes)) {
        return PXC_ERR_FULL;
    }
    pxc_letter *letter = write_letter(cache, name);
    if (letter == NULL) {
        give_back(cache, bytes);
        return PXC_ERR_MEMORY;
    }
    letter->measured = measured;
    letter->mailbox_bytes = bytes;
    letter->release = release;
    letter->user = user;
    put(cache, letter);
    return PXC_OK;
}

pxc_status pxc_discard(pxc_cache *cache, const char *name)
{
    const pxc_status status = enter_from_anywhere(cache, name);
    if (status != PXC_OK) {
        return status;
    }
    pxc_letter *letter = write_letter(cache, name);
    if (letter == NULL) {
        return PXC_ERR_MEMORY;
    }
    letter->discards = true;
    put(cache, letter);
    return PXC_OK;
}

void pxc_letter_release(pxc_cache *cache, pxc_letter *letter)
{
    if (letter->release != NULL) {
        cache->in_callback = true;
        letter->release(letter->user);
        cache->in_callback = false;
    }
    give_back(cache, letter->mailbox_bytes);
    pxc_free(&cache->alloc, letter->name);
    pxc_free(&cache->alloc, letter);
}

void pxc_mailbox_empty(pxc_cache *cache)
{
    pxc_letter *letter = atomic_exchange_explicit(&cache->mailbox.newest, NULL, memory_order_acquire);
    pxc_letter *oldest = NULL;
    while (letter != NULL) {
        pxc_letter *const next = letter->next;
        letter->next = oldest;
        oldest = letter;
        letter = next;
    }
    while (oldest != NULL) {
        letter = oldest;
        oldest = letter->next;
        pxc_pending_add(cache, letter);
    }
}
