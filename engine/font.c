/* Opens fonts, and answers what a line of text asks of them: a character's glyph, its width, and the kerning
 * of pairs. What was asked for before is kept in two tables of fixed size, where a newer answer takes an
 * older one's place: a font's own tables need a binary search or several.
 *
 * Fonts of the system are looked for in the usual places, one file of each family that has a wide choice of
 * letters.
 */
#include "font.h"

#include "built_in_font.h"
#include "files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FILE_BYTES = 64 << 20, MOST_PATH_BYTES = 4096 };

static const float box_advance = 0.75F; /* of the size, as the built-in font's letters */

/* After the file that PXE_FONT names. Those that begin with ~ are in the user's folder. */
static const char *const places[] = {
    "~/.fonts/DejaVuSans.ttf",
    "~/.local/share/fonts/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
    "/usr/share/fonts/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/freefont/FreeSans.ttf",
    "/usr/local/share/fonts/DejaVuSans.ttf",
    "/System/Library/Fonts/Supplemental/Arial.ttf",
    "C:/Windows/Fonts/arial.ttf",
};

static char *copy_of(const char *text)
{
    const size_t size_bytes = strlen(text) + 1;
    char *copy = malloc(size_bytes);
    return copy != NULL ? memcpy(copy, text, size_bytes) : NULL;
}

static bool open_file(pxc_cache *cache, const char *path, pxe_font **out, pxe_error *error)
{
    pxe_error reason = {""};
    size_t size_bytes = 0;
    *out = NULL;
    pxe_font *font = calloc(1, sizeof *font);
    char *path_copy = copy_of(path);
    if (font == NULL || path_copy == NULL) {
        free(font);
        free(path_copy);
        return pxe_fail(error, "%s: no memory", path);
    }
    font->cache = cache;
    font->path = path_copy;
    if (!pxe_file_read(path, MOST_FILE_BYTES, &font->bytes, &size_bytes, &reason) ||
        !pxe_font_file_read(font->bytes, size_bytes, &font->file, &reason)) {
        pxe_font_close(font);
        return pxe_fail(error, "%s: %s", path, reason.text);
    }
    font->share_per_unit = 1 / (float)(font->file.ascender - font->file.descender);
    *out = font;
    return true;
}

/* The n-th place to look for a font; false for one that there is not. */
static bool place(size_t n, char path[MOST_PATH_BYTES])
{
    const char *home = getenv("HOME");
    const bool is_home = places[n][0] == '~';
    if (is_home && home == NULL) {
        return false;
    }
    const int length = snprintf(path, MOST_PATH_BYTES, "%s%s", is_home ? home : "", places[n] + is_home);
    return length > 0 && length < MOST_PATH_BYTES;
}

static bool open_system(pxc_cache *cache, pxe_font **out)
{
    char path[MOST_PATH_BYTES];
    const char *chosen = getenv("PXE_FONT");
    if (chosen != NULL && chosen[0] != '\0' && open_file(cache, chosen, out, NULL)) {
        return true;
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; ++i) {
        if (place(i, path) && open_file(cache, path, out, NULL)) {
            return true;
        }
    }
    return false;
}

bool pxe_font_open(pxc_cache *cache, const char *path, pxe_font **out, pxe_error *error)
{
    if (path != NULL) {
        return open_file(cache, path, out, error);
    }
    if (!open_system(cache, out)) {
        *out = pxe_font_built_in(cache);
    }
    return *out != NULL ? true : pxe_fail(error, "no memory for a font");
}

pxe_font *pxe_font_built_in(pxc_cache *cache)
{
    pxe_font *font = calloc(1, sizeof *font);
    if (font != NULL) {
        font->cache = cache;
    }
    return font;
}

void pxe_font_close(pxe_font *font)
{
    if (font != NULL) {
        free(font->bytes);
        free(font->path);
        free(font);
    }
}

const char *pxe_font_path(const pxe_font *font)
{
    return font->path;
}

float pxe_font_ascent(const pxe_font *font)
{
    return font->bytes == NULL ? (float)PXE_CELL_ASCENT / PXE_CELL_HEIGHT
                               : (float)font->file.ascender * font->share_per_unit;
}

static pxe_letter find_letter(const pxe_font *font, uint32_t character)
{
    if (font->bytes == NULL) {
        const uint32_t letter = character - PXE_FIRST_LETTER;
        return (pxe_letter){letter < PXE_LETTERS ? letter : PXE_BOX, (float)PXE_CELL_WIDTH / PXE_CELL_HEIGHT};
    }
    const uint32_t glyph = pxe_font_file_glyph(&font->file, character);
    const float advance = (float)pxe_font_file_advance(&font->file, glyph) * font->share_per_unit;
    return glyph == 0 ? (pxe_letter){PXE_BOX, box_advance} : (pxe_letter){glyph, advance};
}

pxe_letter pxe_font_letter(pxe_font *font, uint32_t character)
{
    const uint32_t at = character % PXE_LETTERS_KEPT;
    if (font->letters[at].character != character) {
        font->letters[at].letter = find_letter(font, character);
        font->letters[at].character = character;
    }
    return font->letters[at].letter;
}

float pxe_font_kerning(pxe_font *font, uint32_t left, uint32_t right)
{
    if (left == PXE_BOX || right == PXE_BOX || (font->file.kern.size == 0 && font->file.gpos.size == 0)) {
        return 0;
    }
    const uint32_t glyphs = left << 16 | right;
    const uint32_t at = glyphs * 0x9E3779B1U >> 20; /* twelve bits: one of PXE_PAIRS_KEPT */
    if (font->pairs[at].glyphs != glyphs) {
        font->pairs[at].kerning =
            (float)pxe_font_file_kerning(&font->file, left, right) * font->share_per_unit;
        font->pairs[at].glyphs = glyphs;
    }
    return font->pairs[at].kerning;
}
