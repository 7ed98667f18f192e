/* The clock beside the GPU's work: each upload, each deletion, each move is told with what it took, for profiles that say
 * which picture cost which frame. Nobody looks at the clock while nobody wants to know: an insert on the null backend takes
 * 20 ns, two looks take three times that or more.
 */
#include "cache.h"

uint64_t pxc_work_now_ns(const pxc_cache *cache)
{
    return cache->has_own_clock ? cache->now_us(cache->now_us_user) * 1000 : pxc_now_ns();
}

void pxc_work_tell(pxc_cache *cache, const pxc_work *work, uint64_t start_ns)
{
    pxc_work told = *work;
    told.duration_ns = pxc_work_now_ns(cache) - start_ns;
    const bool was_in_callback = cache->in_callback;
    cache->in_callback = true;
    cache->on_work(cache->on_work_user, &told);
    cache->in_callback = was_in_callback;
}
