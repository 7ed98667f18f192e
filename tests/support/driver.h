/* Bytes in, operations out: reads its input as a configuration and a sequence of calls on several caches, and compares
 * each answer, each number, each victim and each texture with the lists of model.h and queue.h. Any input is valid; the same input
 * makes the same calls. The first disagreement fails by cmocka. */
#ifndef PIXCACHE_TESTS_DRIVER_H
#define PIXCACHE_TESTS_DRIVER_H

#include <stddef.h>
#include <stdint.h>

/* Runs until the input ends. Returns the number of operations. */
uint64_t driver_run(const uint8_t *bytes, size_t size);

#endif
