/* Opening images: sources by their names, and the images that are made of each.
 *
 * Sources lie in a table of pointers with open addressing, because loads point to them; none is ever taken out.
 */
#include "image_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The same in every run, for traces. Source: FNV-1a, 64 bits. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text != '\0'; ++text) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* Files and what comes from memory have names of their own. */
static uint32_t source_hash(bool is_file, const char *name)
{
    const uint64_t hash = hash_of(name) + (is_file ? 0 : UINT64_C(0x9E3779B97F4A7C15));
    return (uint32_t)(hash >> 32 ^ hash);
}

/* Where it is, or the free place where it belongs. There is one. */
static pxe_source **source_place(const pxe_images *images, bool is_file, const char *name, uint32_t hash)
{
    const uint32_t mask = images->source_capacity - 1;
    uint32_t i = hash & mask;
    for (; images->sources[i] != NULL; i = (i + 1) & mask) {
        const pxe_source *it = images->sources[i];
        if (it->hash == hash && (it->kind == PXE_SOURCE_FILE) == is_file && strcmp(it->name, name) == 0) {
            break;
        }
    }
    return &images->sources[i];
}

static bool make_room_for_source(pxe_images *images)
{
    if ((images->source_count + 1) * 4 <= images->source_capacity * 3) {
        return true;
    }
    const uint32_t capacity = images->source_capacity == 0 ? 64 : images->source_capacity * 2;
    pxe_source **grown = calloc(capacity, sizeof(pxe_source *));
    if (grown == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < images->source_capacity; ++i) {
        if (images->sources[i] != NULL) {
            uint32_t to = images->sources[i]->hash & (capacity - 1);
            while (grown[to] != NULL) {
                to = (to + 1) & (capacity - 1);
            }
            grown[to] = images->sources[i];
        }
    }
    free(images->sources);
    images->sources = grown;
    images->source_capacity = capacity;
    return true;
}

/* Of the same name. */
static bool is_same(const pxe_source *a, const pxe_source *b)
{
    return a->kind == b->kind &&
           (a->kind == PXE_SOURCE_FILE ||
            (a->kind == PXE_SOURCE_PAINTING && a->painting.paint == b->painting.paint &&
             a->painting.user == b->painting.user && a->painting.width == b->painting.width &&
             a->painting.height == b->painting.height));
}

static void describe(pxe_source *source, const pxe_source *like, char *name, uint32_t hash)
{
    *source = *like;
    source->name = name;
    source->hash = hash;
}

/* The source of that kind and name, which like describes but for its name; a new one if there is none. NULL = no
 * memory, or the name belongs to another. */
static pxe_source *open_source(pxe_images *images, const char *name, const pxe_source *like)
{
    const bool is_file = like->kind == PXE_SOURCE_FILE;
    const uint32_t hash = source_hash(is_file, name);
    if (!make_room_for_source(images)) {
        return NULL;
    }
    pxe_source **place = source_place(images, is_file, name, hash);
    pxe_source *found = *place;
    if (found != NULL && found->first_image == 0) { /* nobody has it: there was no memory for its image */
        describe(found, like, found->name, hash);
        return found;
    }
    if (found != NULL) {
        return is_same(found, like) ? found : NULL;
    }
    pxe_source *source = malloc(sizeof *source);
    const size_t name_bytes = strlen(name) + 1;
    char *copy = malloc(name_bytes);
    if (source == NULL || copy == NULL) {
        free(source);
        free(copy);
        return NULL;
    }
    memcpy(copy, name, name_bytes);
    describe(source, like, copy, hash);
    *place = source;
    ++images->source_count;
    return source;
}

static bool make_room(pxe_images *images)
{
    if (images->count < images->capacity) {
        return true;
    }
    const uint32_t capacity = images->capacity == 0 ? 64 : images->capacity * 2;
    pxe_slot *grown = realloc(images->slots, capacity * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    images->slots = grown;
    images->capacity = capacity;
    return true;
}

/* Its row in the profile, where its options tell it from others of the same source. */
static uint32_t picture_of(pxe_images *images, const pxe_source *source, const pxe_image_options *options,
                           const char *cache_name)
{
    char fit[32] = "";
    char shown[4096];
    if (options->fit_px != 0) {
        snprintf(fit, sizeof fit, " (%d px)", options->fit_px);
    }
    snprintf(shown, sizeof shown, "%.4000s%s", source->name, fit);
    return pxe_profile_picture(images->config.profile, cache_name, shown);
}

static pxe_image open_image(pxe_images *images, pxe_source *source, const pxe_image_options *given)
{
    const pxe_image_options options = given != NULL ? *given : (pxe_image_options){0};
    for (uint32_t i = source->first_image; i != 0; i = images->slots[i].next_of_source) {
        const pxe_image_options *has = &images->slots[i].options;
        if (has->fit_px == options.fit_px && has->mipmaps == options.mipmaps) {
            return (pxe_image){i};
        }
    }
    const size_t name_bytes = strlen(source->name) + 32; /* an int, "m:" and the end */
    char *name = malloc(name_bytes);
    if (name == NULL || !make_room(images)) {
        free(name);
        return (pxe_image){0};
    }
    snprintf(name, name_bytes, "%d%s%s%s", options.fit_px, options.mipmaps ? "m" : "",
             source->kind == PXE_SOURCE_FILE ? ":" : "=", source->name);
    images->slots[images->count] = (pxe_slot){.source = source,
                                              .next_of_source = source->first_image,
                                              .options = options,
                                              .name = name,
                                              .trace_key = hash_of(name),
                                              .picture = picture_of(images, source, &options, name)};
    source->first_image = images->count;
    return (pxe_image){images->count++};
}

pxe_image pxe_images_open(pxe_images *images, const char *path, const pxe_image_options *options)
{
    pxe_source *source = open_source(images, path, &(pxe_source){.kind = PXE_SOURCE_FILE});
    return source != NULL ? open_image(images, source, options) : (pxe_image){0};
}

pxe_image pxe_images_paint(pxe_images *images, const char *name, const pxe_painting *painting,
                           const pxe_image_options *options)
{
    if (*name == '\0' || painting->paint == NULL ||
        pxc_texture_cost(PXC_RGBA8, painting->width, painting->height, false) == 0) {
        return (pxe_image){0};
    }
    const pxe_source like = {.kind = PXE_SOURCE_PAINTING, .painting = *painting};
    pxe_source *source = open_source(images, name, &like);
    return source != NULL ? open_image(images, source, options) : (pxe_image){0};
}

pxe_image pxe_images_from_pixels(pxe_images *images, const char *name, const pxc_pixmap *pixmap,
                                 pxc_release_fn release, void *user)
{
    if (*name == '\0' || pixmap->pixels == NULL ||
        pxc_texture_cost(pixmap->format, pixmap->width, pixmap->height, pixmap->mipmaps) == 0) {
        return (pxe_image){0};
    }
    const pxe_source like = {.kind = PXE_SOURCE_PIXELS, .pixmap = *pixmap};
    pxe_source *source = open_source(images, name, &like);
    if (source == NULL) {
        return (pxe_image){0};
    }
    const pxe_image image = open_image(images, source, &(pxe_image_options){.mipmaps = pixmap->mipmaps});
    if (image.id != 0) { /* else the source waits for another try */
        source->release = release;
        source->release_user = user;
    }
    return image;
}
