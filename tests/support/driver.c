/* The caches stay on one of them for a while, so that short inputs reach far in it. */
#include "driver.h"

#include "driven.h"

uint64_t driver_run(const uint8_t *bytes, size_t size)
{
    static driven all[DRIVEN_MAX_CACHES];
    driven_bytes in = {.at = bytes, .end = bytes + size};
    uint64_t done = 0;
    const size_t count = 1 + driven_byte(&in) % DRIVEN_MAX_CACHES;
    for (size_t i = 0; i < count; ++i) {
        all[i].in = &in;
        all[i].others = all;
        all[i].other_count = count;
        driven_open(&all[i]);
    }
    while (in.at < in.end) {
        const unsigned turn = driven_byte(&in);
        driven *d = &all[turn % count];
        for (unsigned i = 0; i < 1 + turn / 8 && in.at < in.end; ++i, ++done) {
            driven_step(d);
            driven_compare(d);
        }
    }
    for (size_t i = 0; i < count; ++i) {
        driven_close(&all[i]);
    }
    return done;
}
