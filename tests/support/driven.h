/* One cache under the driver, with its model. Only driver.c and the driven_ files look in here. */
#ifndef PIXCACHE_TESTS_DRIVEN_H
#define PIXCACHE_TESTS_DRIVEN_H

#include "check.h"
#include "model.h"
#include "queue.h"

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

/* A pixmap by the input, and what it is to the cache. */
typedef struct driven_upload {
    pxc_pixmap pixmap;
    const pxc_pixmap *given; /* NULL at times */
    model_image image;
    pxc_status shape_status; /* without regard to limit and ceiling */
} driven_upload;

/* Where the model stands in a pxc_frame_begin that runs. */
typedef struct driven_frame {
    bool is_open;
    bool is_first;     /* nothing has gone up or failed */
    bool partial_only; /* another has no room below the ceiling */
    bool is_lost;      /* the context; nothing more goes up */
    bool asks_again;   /* the GPU had no memory */
    uint64_t bytes_left, end_us;
    size_t allowed_bytes; /* of the step */
    queue_item *step;     /* the item that goes up at this moment */
    pxc_status expected;  /* by the model, of a texture that is asked for */
} driven_frame;

typedef struct driven {
    fixture f;
    model m;
    queue q;
    driven_frame frame;
    pxc_backend gpu_calls;    /* the fake GPU's; what the cache is given follows each call with the model */
    uint64_t textures_asked;  /* calls that make a texture */
    uint64_t refusals;        /* so many calls of the GPU that come next fail, with m.gpu_failure */
    uint64_t us_per_call;     /* that a call of the GPU which uploads takes, besides its bytes */
    uint64_t finish_refusals; /* the same of finish_texture alone, with finish_status */
    pxc_status finish_status;
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

/* Reads a pixmap of up to so many rows; its pixels are good until the next is read. */
void driven_read_upload(driven *d, driven_upload *u, unsigned most_rows);
void driven_read_pixel(const driven *d, driven_upload *u); /* always the same one */

/* What the cache must have heard of by now waits from this frame on, and what is due has been released. */
void driven_read_mailbox(driven *d);

/* Sets the functions of the backend that the cache is to be given; after fake_gpu_init. */
void driven_hook_gpu(driven *d);

/* While pxc_frame_begin runs: the model goes on to the next that must go up. NULL: nothing does in this frame. */
queue_item *driven_next(driven *d);

/* The operations. */
void driven_insert(driven *d);
void driven_insert_many(driven *d);
void driven_replace(driven *d);
void driven_fail_gpu(driven *d);
void driven_fail_alloc(driven *d);
void driven_submit(driven *d);
void driven_submit_many(driven *d);
void driven_discard(driven *d);
void driven_frame_begin(driven *d);
void driven_step(driven *d);

#endif
