/* What libFuzzer calls; replay.c calls it with stored inputs. */
#ifndef PIXCACHE_TESTS_FUZZ_H
#define PIXCACHE_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
