/* libFuzzer target: the cache under any sequence of calls, against a list. See tests/support/driver.h. */
#include "driver.h"
#include "fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    setenv("CMOCKA_TEST_ABORT", "1", 1); /* a failed assertion aborts, so that the fuzzer keeps the input */
    driver_run(bytes, size);
    return 0;
}
