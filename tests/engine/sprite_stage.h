/* For tests of the batch: a stage whose batch is told how to join and to index textures, and images on
 * shared pages. */
#ifndef PIXCACHE_TESTS_SPRITE_STAGE_H
#define PIXCACHE_TESTS_SPRITE_STAGE_H

#include "picture_compare.h"

#include "../../engine/sprites_inside.h"

/* Every way that the batch has. */
static const sprite_options all_ways[] = {
    {INDEX_DYNAMIC, JOIN_ALL},
    {INDEX_DYNAMIC, JOIN_PAGES},
    {INDEX_SWITCH, JOIN_ALL},
    {INDEX_SWITCH, JOIN_PAGES},
};

/* Gives the engine another batch. */
static inline void stage_use(stage *s, const sprite_options *options)
{
    pxe_error error = {""};
    pxe_sprites_destroy(s->engine->sprites);
    s->engine->sprites = NULL;
    if (!pxe_sprites_create_with(pxe_window_gl(s->engine->window), options, &s->engine->sprites, &error)) {
        fail_msg("no batch: %s", error.text);
    }
}

/* The image that lies there on a page. */
static inline pxc_texture on_page(const pxc_texture *page, int x, int y, int width, int height)
{
    pxc_texture image = *page;
    image.width = width;
    image.height = height;
    image.u0 = (float)x / (float)page->width;
    image.v0 = (float)y / (float)page->height;
    image.u1 = (float)(x + width) / (float)page->width;
    image.v1 = (float)(y + height) / (float)page->height;
    return image;
}

static inline void stage_draw(const stage *s, pxe_sprite sprite)
{
    pxe_sprites_draw(s->engine->sprites, &sprite);
}

static inline uint32_t draws_of(const stage *s)
{
    return pxe_profile_last(s->engine->profile)->draws;
}

static inline uint32_t sprites_of(const stage *s)
{
    return pxe_profile_last(s->engine->profile)->sprites;
}

#endif
