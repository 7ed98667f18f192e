/* Exif orientation. A JPEG file's APP1 segment may hold "Exif", two zeros and a small TIFF file, whose first directory
 * may have the tag 0x0112. Everything in it comes from the file, so every offset is checked.
 * Sources: Exif 2.32, sections 4.5 and 4.6.4; TIFF 6.0, section 2.
 *
 *   1  as it is     2  mirrored     3  by 180 degrees     4  mirrored, by 180
 *   5  transposed   6  by 90 cw     7  transversed        8  by 90 ccw
 */
#include "orientation.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct tiff {
    const unsigned char *bytes;
    size_t size_bytes;
    bool big_endian;
} tiff;

/* A number of two or four bytes; 0 past the end. */
static uint32_t number_at(const tiff *it, size_t at, size_t number_bytes)
{
    uint32_t number = 0;
    if (at > it->size_bytes || number_bytes > it->size_bytes - at) {
        return 0;
    }
    for (size_t i = 0; i < number_bytes; ++i) {
        number = number << 8 | it->bytes[at + (it->big_endian ? i : number_bytes - 1 - i)];
    }
    return number;
}

static int orientation_in(tiff it)
{
    enum { TAG = 0x0112, TYPE_SHORT = 3, ENTRY_BYTES = 12 };
    if (it.size_bytes < 8 || (memcmp(it.bytes, "II*\0", 4) != 0 && memcmp(it.bytes, "MM\0*", 4) != 0)) {
        return 1;
    }
    it.big_endian = it.bytes[0] == 'M';
    const size_t directory = number_at(&it, 4, 4);
    const uint32_t entries = number_at(&it, directory, 2);
    for (uint32_t i = 0; i < entries; ++i) {
        const size_t entry = directory + 2 + (size_t)i * ENTRY_BYTES;
        if (entry >= it.size_bytes) {
            break;
        }
        if (number_at(&it, entry, 2) == TAG && number_at(&it, entry + 2, 2) == TYPE_SHORT) {
            const uint32_t value = number_at(&it, entry + 8, 2);
            return value >= 1 && value <= 8 ? (int)value : 1;
        }
    }
    return 1;
}

int pxe_orientation_of(const void *bytes, size_t size_bytes)
{
    static const unsigned char exif[6] = {'E', 'x', 'i', 'f', 0, 0};
    const unsigned char *file = bytes;
    if (size_bytes < 4 || file[0] != 0xFF || file[1] != 0xD8) {
        return 1;
    }
    /* The segments before the picture: a marker FF xx and a length that counts itself. */
    for (size_t at = 2; size_bytes - at >= 4 && file[at] == 0xFF && file[at + 1] != 0xDA;) {
        const size_t segment_bytes = (size_t)file[at + 2] << 8 | file[at + 3];
        const size_t rest_bytes = size_bytes - at - 2;
        if (segment_bytes < 2 || segment_bytes > rest_bytes) {
            break;
        }
        if (file[at + 1] == 0xE1 && segment_bytes >= 2 + sizeof exif &&
            memcmp(file + at + 4, exif, sizeof exif) == 0) {
            return orientation_in(
                (tiff){file + at + 4 + sizeof exif, segment_bytes - 2 - sizeof exif, false});
        }
        at += 2 + segment_bytes;
    }
    return 1;
}

bool pxe_orientation_swaps(int orientation)
{
    return orientation >= 5;
}

bool pxe_picture_orient(pxe_picture *picture, int orientation)
{
    const bool flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    const bool transpose = pxe_orientation_swaps(orientation);
    pxc_pixmap *pixmap = &picture->pixmap;
    if (!flip_x && !flip_y && !transpose) {
        return true;
    }
    const size_t from_width = (size_t)pixmap->width;
    const size_t width = transpose ? (size_t)pixmap->height : from_width;
    const size_t height = transpose ? from_width : (size_t)pixmap->height;
    uint32_t *turned = malloc(width * height * sizeof *turned);
    if (turned == NULL) {
        return false;
    }
    /* Where a pixel of the result comes from: transposed first, then mirrored in the file's own directions. */
    for (size_t y = 0; y < height; ++y) {
        for (size_t x = 0; x < width; ++x) {
            size_t from_x = transpose ? y : x;
            size_t from_y = transpose ? x : y;
            from_x = flip_x ? from_width - 1 - from_x : from_x;
            from_y = flip_y ? (size_t)pixmap->height - 1 - from_y : from_y;
            memcpy(&turned[y * width + x], (const char *)pixmap->pixels + (from_y * from_width + from_x) * 4,
                   4);
        }
    }
    free((void *)pixmap->pixels);
    pixmap->pixels = turned;
    pixmap->width = (int)width;
    pixmap->height = (int)height;
    if (transpose) {
        const int source_width = picture->source_width;
        picture->source_width = picture->source_height;
        picture->source_height = source_width;
    }
    return true;
}
