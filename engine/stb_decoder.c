/* stb_image's only file.
 *
 * It is compiled from its header, without the formats in which most of its faults lie (GIF, TGA, PNM, PSD, HDR, PIC),
 * and its memory comes from here:
 *
 *   zeroed         a decoder that stops early shows black and not somebody else's bytes
 *   bounded        a picture of one pixel may carry compressed rows without end, and stb_image would make room for all
 *   written down   some failures forget blocks, which are freed here when the decode is over
 *
 * And because stb_image fills what a cut file lacks with nothing and calls it success, wholeness is checked first, by
 * walking the file's own structure (complete.c), which also refuses what stb_image reads past its tables for. What
 * remains is left to the compiler: see stb_decoder.c in CMakeLists.txt.
 */
#include "stb_decoder.h"

#include "complete.h"
#include "background.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define STBI_MALLOC(size_bytes)                          block_malloc(size_bytes)
#define STBI_REALLOC_SIZED(memory, old_bytes, new_bytes) block_realloc(memory, old_bytes, new_bytes)
#define STBI_FREE(memory)                                block_free(memory)
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION

/* A JPEG file of four components has the most blocks: three each, the decoder's state and the result. */
enum { MOST_BLOCKS = 24 };

/* What stb_image holds for a decode. */
typedef struct holdings {
    void *blocks[MOST_BLOCKS]; /* NULL = unused */
    size_t sizes[MOST_BLOCKS];
    size_t used_bytes, most_bytes;
    bool is_greedy, no_memory; /* why there was none: bounds, or malloc */
} holdings;

static _Thread_local holdings held; /* for the decode on this thread */

static int block_of(const void *memory)
{
    int i = 0;
    while (i < MOST_BLOCKS && held.blocks[i] != memory) {
        ++i;
    }
    return i;
}

static bool may_hold(int block, size_t old_bytes, size_t new_bytes)
{
    const size_t rest_bytes = held.most_bytes - (held.used_bytes - old_bytes);
    held.is_greedy = held.is_greedy || block == MOST_BLOCKS || new_bytes > rest_bytes;
    return block != MOST_BLOCKS && new_bytes <= rest_bytes;
}

static void hold(int block, void *memory, size_t size_bytes)
{
    held.used_bytes += size_bytes - held.sizes[block];
    held.blocks[block] = memory;
    held.sizes[block] = size_bytes;
}

static void *block_malloc(size_t size_bytes)
{
    const int block = block_of(NULL);
    if (pxe_should_stop() ||
        !may_hold(block, 0, size_bytes)) { /* stb_image asks for memory between its steps */
        return NULL;
    }
    void *memory = calloc(1, size_bytes != 0 ? size_bytes : 1);
    if (memory == NULL) {
        held.no_memory = true;
        return NULL;
    }
    hold(block, memory, size_bytes);
    return memory;
}

static void *block_realloc(void *memory, size_t old_bytes, size_t new_bytes)
{
    const int block = block_of(memory); /* an unused one for NULL */
    if (!may_hold(block, old_bytes, new_bytes)) {
        return NULL;
    }
    char *grown = realloc(memory, new_bytes);
    if (grown == NULL) {
        held.no_memory = true;
        return NULL;
    }
    if (new_bytes > old_bytes) {
        memset(grown + old_bytes, 0, new_bytes - old_bytes);
    }
    hold(block, grown, new_bytes);
    return grown;
}

static void block_free(void *memory)
{
    const int block = memory != NULL ? block_of(memory) : MOST_BLOCKS;
    if (block != MOST_BLOCKS) {
        hold(block, NULL, 0);
        free(memory);
    }
}

#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Wunused-function" /* half of what the header has is not called here */
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized" /* of members that callbacks alone use */
#endif
#endif
#include <stb_image.h>

/* Room for the blocks that a picture needs at once: rows of four channels of 16 bits as they were packed, perhaps
 * twice that while they grow, as they are stored and as they are interlaced, with JPEG's padding; the file's own bytes,
 * which PNG collects in a block that doubles; and the decoder's tables. */
static void begin(pxe_picture_size size, size_t file_bytes)
{
    held.most_bytes = ((size_t)size.width + 64) * ((size_t)size.height + 64) * 32 + file_bytes * 2;
    held.used_bytes = 0;
    held.is_greedy = false;
    held.no_memory = false;
}

/* Frees whatever is held but for the result. */
static void end(const void *result)
{
    for (int i = 0; i < MOST_BLOCKS; ++i) {
        if (held.blocks[i] != result) {
            free(held.blocks[i]);
        }
        held.blocks[i] = NULL;
        held.sizes[i] = 0;
    }
}

static bool fail(pxe_error *error, const char *what)
{
    if (held.no_memory) {
        return pxe_fail(error, "no memory to decode it");
    }
    if (held.is_greedy) {
        return pxe_fail(error, "%s (asks for more memory than such a picture needs)", what);
    }
    const char *reason = stbi_failure_reason();
    return pxe_fail(error, "%s (%s)", what, reason != NULL ? reason : "unknown");
}

bool pxe_stb_info(const void *bytes, size_t size_bytes, pxe_picture_size *out, pxe_error *error)
{
    pxe_picture_size size = {0};
    int channels = 0;
    *out = size;
    if (size_bytes > INT_MAX) {
        return pxe_fail(error, "has %zu bytes, more than the %d that are read", size_bytes, INT_MAX);
    }
    if (!pxe_picture_complete(bytes, size_bytes, error)) {
        return false;
    }
    begin(size, size_bytes);
    const bool known =
        stbi_info_from_memory(bytes, (int)size_bytes, &size.width, &size.height, &channels) != 0;
    end(NULL);
    if (!known) {
        return fail(error, "has a damaged header");
    }
    if (size.height < 0 && size.height > INT_MIN) {
        size.height = -size.height; /* a BMP whose rows run downwards */
    }
    *out = size;
    return true;
}

unsigned char *pxe_stb_decode(const void *bytes, size_t size_bytes, pxe_picture_size size, bool *has_alpha,
                              pxe_error *error)
{
    pxe_picture_size got = {0};
    int channels = 0;
    begin(size, size_bytes);
    unsigned char *pixels =
        stbi_load_from_memory(bytes, (int)size_bytes, &got.width, &got.height, &channels, 4);
    const bool is_so_large = pixels != NULL && got.width == size.width && got.height == size.height;
    end(is_so_large ? pixels : NULL);
    if (!is_so_large) {
        fail(error, "is damaged");
        return NULL;
    }
    *has_alpha = channels == 2 || channels == 4;
    return pixels;
}
