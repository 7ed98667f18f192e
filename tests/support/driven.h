/* One cache under the driver, with its model. Only driver.c and the driven_ files look in here. */
#ifndef PIXCACHE_TESTS_DRIVEN_H
#define PIXCACHE_TESTS_DRIVEN_H

#include "check.h"
#include "model.h"

#define DRIVEN_MAX_CACHES 4
#define DRIVEN_MAX_SIDE   48 /* of the fake GPU */
#define DRIVEN_MAX_GIVEN  64
#define DRIVEN_NAMES      40   /* the last two are no names: "" and NULL */
#define DRIVEN_MANY       1200 /* names from DRIVEN_NAMES on, so many; for driven_insert_many */
#define DRIVEN_NAME_BYTES 320

/* What is left of the input; zeros when it has ended. */
typedef struct driven_bytes {
    const uint8_t *at, *end;
} driven_bytes;

/* A texture that was given out in this frame. */
typedef struct driven_given {
    uint32_t name;
    uint64_t checksum;
} driven_given;

typedef struct driven {
    fixture f;
    model m;
    driven_bytes *in;
    struct driven *others; /* all caches of this run, itself too */
    size_t other_count;
    pxc_config config;
    size_t usual_bytes; /* what the limit wanders around */
    size_t told;        /* calls of on_evict since the last comparison */
    uint64_t steps;
    size_t given_count;
    driven_given given[DRIVEN_MAX_GIVEN];
} driven;

unsigned driven_byte(driven_bytes *in);
unsigned driven_two(driven_bytes *in);

/* Fills in config by the input and creates the cache, failing first if the input says so. */
void driven_open(driven *d);
void driven_close(driven *d);

/* Compares everything with the model. */
void driven_compare(driven *d);

/* Notes that the texture must stay until the boundary. */
void driven_give(driven *d, uint32_t name, uint64_t checksum);
void driven_check_given(const driven *d);

/* Choices by the input. The text of a name is NULL for the last; a valid one is driven_name_valid. */
pxc_key driven_key(driven *d);
int driven_name(driven *d);
bool driven_name_valid(int name);
const char *driven_name_text(int name, char text[DRIVEN_NAME_BYTES]);
size_t driven_size(driven *d);

/* The operations. */
void driven_insert(driven *d);
void driven_insert_many(driven *d);
void driven_replace(driven *d);
void driven_fail_gpu(driven *d);
void driven_fail_alloc(driven *d);
void driven_step(driven *d);

#endif
