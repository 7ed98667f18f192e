/* A guest calls every public function of a cache that belongs to another thread. It judges its answers itself and
 * counts what is wrong, because assertions may not leave their thread. */
#ifndef PIXCACHE_TESTS_GUEST_H
#define PIXCACHE_TESTS_GUEST_H

#include <pixcache/pixcache.h>

enum { GUEST_RESIDENTS = 8, GUEST_MAX_CALLED = 64 };

typedef struct guest {
    pxc_cache *cache;                   /* another thread's */
    pxc_pixmap pixmap;                  /* any */
    pxc_key residents[GUEST_RESIDENTS]; /* keys of the cache; their names are "resident 0" and so on */
    uint64_t calls, faults;
    const char *first_fault;              /* a function's name */
    const char *called[GUEST_MAX_CALLED]; /* the functions that were called, once each */
    size_t called_count;
} guest;

/* Calls everything, with right and with wrong arguments; all must be refused and zero its out parameters. */
void guest_call_everything(guest *g);

/* Uses a cache of the guest's own: nothing is shared between caches. */
void guest_live_at_home(guest *g);

#endif
