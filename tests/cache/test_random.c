/* Random operations against a list that is plainly right (tests/support/driver.h): after every one the numbers, the
 * victims and the members must agree, and now and then the cache recounts itself. The seed is printed; PXC_TEST_SEED
 * repeats a run, PXC_TEST_OPERATIONS sets its length. */
#include "check.h"
#include "driver.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define OPERATIONS 600000

/* Short runs meet many configurations, long ones reach deep in one. */
static const size_t run_bytes[] = {2000, 20000, 200000};

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text ? strtoull(text, NULL, 0) : otherwise;
}

static void run_random(size_t size)
{
    uint64_t seed = number_of("PXC_TEST_SEED", 20240607) + size;
    const uint64_t operations = number_of("PXC_TEST_OPERATIONS", OPERATIONS) / COUNT_OF(run_bytes);
    uint8_t *bytes = malloc(size);
    assert_non_null(bytes);
    print_message("seed %" PRIu64 "\n", seed - size);
    for (uint64_t done = 0; done < operations;) {
        for (size_t i = 0; i < size; ++i) {
            bytes[i] = (uint8_t)random_below(&seed, 256);
        }
        done += driver_run(bytes, size);
    }
    free(bytes);
}

static void short_random_runs_agree_with_a_list(void **state)
{
    (void)state;
    run_random(run_bytes[0]);
}

static void random_runs_agree_with_a_list(void **state)
{
    (void)state;
    run_random(run_bytes[1]);
}

static void long_random_runs_agree_with_a_list(void **state)
{
    (void)state;
    run_random(run_bytes[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_random_runs_agree_with_a_list),
        cmocka_unit_test(random_runs_agree_with_a_list),
        cmocka_unit_test(long_random_runs_agree_with_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
