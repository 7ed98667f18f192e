/* A headless engine with files of hostile names, frames in which all happens, and the CSV that they give. */
#ifndef PIXCACHE_TESTS_PROFILE_STAGE_H
#define PIXCACHE_TESTS_PROFILE_STAGE_H

#include "csv_rows.h"
#include "engine_fixture.h"

#include "../../engine/profile.h"

#include <inttypes.h>
#include <math.h>

enum { SIDE = 16, BYTES = SIDE * SIDE * 4, FILES = 6 };

/* Names with all that means something in a CSV, in an item or in a terminal, and one that is no UTF-8. */
static const char *const names[FILES] = {"back\\slash.png",    "comma,semicolon;percent%3B.png",
                                         "quote\"quote\".png", "line\nbreak\ttab\x7F.png",
                                         "\xC3\xA4\xFF.png",   "two  spaces.png"};

static folder in;
static stage s;

static inline int make_files(void **state)
{
    (void)state;
    folder_open(&in);
    for (int i = 0; i < FILES; ++i) {
        write_png_flat(path_in(&in, names[i]), SIDE, SIDE, 0x4080C0FF);
    }
    return 0;
}

static inline int remove_files(void **state)
{
    (void)state;
    folder_close(&in);
    return 0;
}

static inline void open_stage(uint32_t frames_kept)
{
    stage_open_config(&s, (pxe_engine_config){.window = {.width = SIDE, .height = SIDE},
                                              .limit_bytes = 3 * BYTES,
                                              .frames_kept = frames_kept,
                                              .keep_slices = true});
}

/* Frames with hits, misses, uploads, evictions, sprites of several textures, and some with nothing. */
static inline void run_frames(int count)
{
    uint64_t seed = 51;
    for (int frame = 0; frame < count; ++frame) {
        stage_begin(&s, 0x000000FF);
        for (uint32_t i = random_below(&seed, 4); i > 0; --i) {
            pxe_sprite sprite = {0};
            const char *name = names[random_below(&seed, FILES)];
            const pxe_image image = pxe_images_open(s.engine->images, path_in(&in, name), NULL);
            pxe_images_texture(s.engine->images, image, &sprite.texture);
            pxe_sprites_draw(s.engine->sprites, &sprite);
        }
        pxe_frame_end(s.engine, NULL, NULL);
    }
    pxe_profile_finish(s.engine->profile);
}

static inline csv_rows write_and_read_csv(void)
{
    pxe_error error = {""};
    const char *path = path_in(&in, "frames.csv");
    if (!pxe_profile_write_csv(s.engine->profile, path, &error)) {
        fail_msg("%s", error.text);
    }
    return csv_read(path);
}

#endif
