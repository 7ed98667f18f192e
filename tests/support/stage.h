/* One pass of the test that breaks everything: a scene (scene.h) on the fake GPU, one call of every_calls[] while an
 * allocation or a call of the GPU fails, and all that must hold afterwards. */
#ifndef PIXCACHE_TESTS_STAGE_H
#define PIXCACHE_TESTS_STAGE_H

#include "every_call.h"

/* Which calls of the GPU go wrong: those that make a texture, or those that fill one that was begun. */
enum script_part { AT_MAKING, AT_ROWS, AT_FINISH };

/* The GPU's answers to the calls of one part: the n-th is `last`, all before it are "no memory", because only then does
 * a cache ask again. n = 0: none fails. */
typedef struct gpu_script {
    uint64_t n;
    pxc_status last;
    bool no_name; /* the n-th answers PXC_OK and no name */
    enum script_part part;
} gpu_script;

typedef struct stage {
    scene s;
    fake_gpu gpu;
    failing_alloc alloc;
    gpu_script script;
    bool is_mended;   /* the script is over */
    uint64_t uploads; /* calls of the script's part in the call */
    pxc_backend fake; /* the fake's own functions */
    uint64_t failure_points;
} stage;

/* One at a time: a backend's functions get the fake's state, which does not know the stage. */
extern stage on_stage;

/* A populated cache, with nothing broken. */
void stage_open(scene_shape shape);
void stage_close(void);

/* One pass on a fresh scene: the n-th allocation of the call fails (0 = none) and the GPU follows the script. Result:
 * whether the call failed, or did not upload what was handed over; *reached: whether what had to fail was asked. */
bool stage_pass(scene_shape shape, const every_call *call, uint64_t n, gpu_script script, bool *reached);

#endif
