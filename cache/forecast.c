/* What a call will take: the budget of time needs a forecast, because a call can not be stopped.
 *
 * Bytes per millisecond, measured on this machine at every call that is large enough, or takes long enough, for its own
 * cost not to count. Filling storage has one rate, making it one for each size, and so has both in one call: a software
 * driver takes ten times as long to clear new storage as to fill it, and the larger the longer for each byte.
 */
#include "cache.h"

enum {
    FIRST_BAND_BYTES = 1 << 18, /* before anything was measured; 0.1 ms at the 2 GB/s of a software driver */
    MEASURED_BYTES = 1 << 16,   /* bands below it say more of the call than of the bytes */
    LEAST_CLASS_BYTES = 1 << 16,
};

uint64_t pxc_now_us(const pxc_cache *cache)
{
    return cache->now_us(cache->now_us_user);
}

static uint64_t by_rate(uint64_t bytes_per_ms, uint64_t us)
{
    return bytes_per_ms / 1000 * us + bytes_per_ms % 1000 * us / 1000;
}

/* What is believed before anything was measured. */
static uint64_t affordable(uint64_t bytes_per_ms, uint64_t us)
{
    if (bytes_per_ms == 0) {
        return us == 0 ? 0 : FIRST_BAND_BYTES;
    }
    return by_rate(bytes_per_ms, us);
}

/* A forecast that is wrong costs the frame no more than it is wrong by, so of the time that is left bands take half, and
 * then half of the rest, until that is little. */
void pxc_budget_look(const pxc_cache *cache, pxc_budget *left)
{
    const uint64_t now = pxc_now_us(cache);
    left->us = now < left->end_us ? left->end_us - now : 0;
    const bool is_little = left->us < cache->upload_us_per_frame / 4;
    left->row_bytes =
        pxc_least(left->bytes, affordable(cache->pending.rates.rows, is_little ? left->us : left->us / 2));
}

/* A rate follows what is slower at once, half-way, and what is faster in small steps: a budget is broken by the first. */
void pxc_measure(const pxc_cache *cache, uint64_t *bytes_per_ms, uint64_t bytes, uint64_t start_us)
{
    const uint64_t spent_us = pxc_now_us(cache) - start_us;
    if (bytes >= MEASURED_BYTES || spent_us >= cache->upload_us_per_frame / 4) {
        const uint64_t measured = bytes * 1000 / (spent_us == 0 ? 1 : spent_us) + 1; /* 0 is: not yet */
        if (*bytes_per_ms == 0) {
            *bytes_per_ms = measured;
        } else if (measured < *bytes_per_ms) {
            *bytes_per_ms = (*bytes_per_ms + measured) / 2;
        } else {
            *bytes_per_ms += (measured - *bytes_per_ms) / 8;
        }
    }
}

int pxc_size_class(const pxc_letter *letter)
{
    int class = 0;
    for (uint64_t most = LEAST_CLASS_BYTES;
         letter->measured.cost_bytes > most && class + 1 < PXC_SIZE_CLASSES; most *= 4) {
        ++class;
    }
    return class;
}

/* Of a size that was never measured, half as fast as the next smaller one that was; 0 = none was. */
static uint64_t rate_of(const uint64_t *rates, int class)
{
    for (int halvings = 0; halvings <= class; ++halvings) {
        const uint64_t rate = rates[class - halvings];
        if (rate != 0) {
            return (rate >> halvings) + 1;
        }
    }
    return 0;
}

/* Within what is left of the frame, storage included. */
bool pxc_fits_whole(const pxc_cache *cache, const pxc_letter *letter, const pxc_budget *left)
{
    const pxc_rates *rates = &cache->pending.rates;
    const uint64_t rate = pxc_packs(cache, &letter->measured.pixmap)
                              ? rates->packed
                              : rate_of(rates->whole, pxc_size_class(letter));
    const uint64_t bytes = pxc_left_bytes(letter);
    return bytes <= left->bytes &&
           bytes <= (rate != 0 ? by_rate(rate, left->us)
                               : pxc_least(affordable(rates->rows, left->us), FIRST_BAND_BYTES));
}

/* Whether its storage can be made in that time: faster, in any case, than made and filled. */
bool pxc_made_within(const pxc_cache *cache, const pxc_letter *letter, uint64_t us)
{
    const int class = pxc_size_class(letter);
    const uint64_t making = rate_of(cache->pending.rates.making, class);
    const uint64_t whole = rate_of(cache->pending.rates.whole, class);
    return letter->measured.cost_bytes <= affordable(making > whole ? making : whole, us);
}
