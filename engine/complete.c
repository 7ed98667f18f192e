/* Walks the structure of PNG, JPEG and BMP files to their end, without decoding: a file that was cut, as by a broken
 * download or a full disk, is found out here. Sources: PNG (W3C) sections 5.2 and 5.3, JPEG (ITU-T T.81) annex B,
 * and the BITMAPINFOHEADER page of the Windows API.
 */
#include "complete.h"

#include <stdint.h>
#include <string.h>

typedef struct cursor {
    const unsigned char *at, *end;
} cursor;

static size_t left(const cursor *file)
{
    return (size_t)(file->end - file->at);
}

static uint32_t big_endian_32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint32_t little_endian_32(const unsigned char *at)
{
    return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

/* The critical chunks of the standard. A decoder must refuse others; stb_image does so with a text that it keeps in
 * one buffer for all threads. */
static bool png_chunk_is_known(const unsigned char *type)
{
    const bool is_ancillary = (type[0] & 0x20) != 0;
    return is_ancillary || memcmp(type, "IHDR", 4) == 0 || memcmp(type, "PLTE", 4) == 0 ||
           memcmp(type, "IDAT", 4) == 0 || memcmp(type, "IEND", 4) == 0;
}

/* A signature of 8 bytes, then chunks: length, type, data, CRC; the last is IEND. */
static bool png_is_complete(cursor file)
{
    file.at += 8;
    while (left(&file) >= 12) {
        const uint64_t chunk_bytes = UINT64_C(12) + big_endian_32(file.at);
        if (chunk_bytes > left(&file) || !png_chunk_is_known(file.at + 4)) {
            return false;
        }
        if (memcmp(file.at + 4, "IEND", 4) == 0) {
            return true;
        }
        file.at += chunk_bytes;
    }
    return false;
}

/* Skips entropy-coded data: up to the next marker that is neither a stuffed zero nor a restart. */
static bool jpeg_skip_scan(cursor *file)
{
    while (left(file) >= 2) {
        const unsigned char *found = memchr(file->at, 0xFF, left(file) - 1);
        if (found == NULL) {
            return false;
        }
        file->at = found;
        const unsigned marker = found[1];
        if (marker != 0x00 && marker != 0xFF && (marker < 0xD0 || marker > 0xD7)) {
            return true;
        }
        file->at += marker == 0xFF ? 1 : 2;
    }
    return false;
}

/* A segment of Huffman tables: each its kind, sixteen counts, and as many values as these sum up to. No table has more
 * than 256; stb_image 2.27 believes the counts, and writes past the end of its own table. */
static bool jpeg_huffman_tables_fit(cursor segment)
{
    while (left(&segment) >= 17) {
        size_t values = 0;
        for (int length = 1; length <= 16; ++length) {
            values += segment.at[length];
        }
        if (values > 256 || 17 + values > left(&segment)) {
            return false;
        }
        segment.at += 17 + values;
    }
    return left(&segment) == 0;
}

/* Progressive files have some ten scans. Each takes a pass over the whole picture, and an empty one only 12 bytes of
 * the file, so that without a bound 24 KB would decode for a quarter of a minute. */
enum { JPEG_MOST_SCANS = 100 };

/* Markers FF xx; all but a few are followed by a length that counts itself; SOS by coded data; the last is EOI. */
static bool jpeg_is_complete(cursor file)
{
    int scans = 0;
    while (left(&file) >= 2) {
        if (file.at[0] != 0xFF) {
            return false;
        }
        const unsigned marker = file.at[1];
        if (marker == 0xD9) {
            return true;
        }
        if (marker == 0xFF) {
            file.at += 1; /* fill byte */
            continue;
        }
        file.at += 2;
        if (marker == 0xD8 || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
            continue;
        }
        if (left(&file) < 2) {
            return false;
        }
        const size_t segment_bytes = (size_t)file.at[0] << 8 | file.at[1];
        if (segment_bytes < 2 || segment_bytes > left(&file)) {
            return false;
        }
        if (marker == 0xC4 && !jpeg_huffman_tables_fit((cursor){file.at + 2, file.at + segment_bytes})) {
            return false;
        }
        file.at += segment_bytes;
        if (marker == 0xDA && (++scans > JPEG_MOST_SCANS || !jpeg_skip_scan(&file))) {
            return false;
        }
    }
    return false;
}

static uint32_t little_endian_16(const unsigned char *at)
{
    return (uint32_t)at[1] << 8 | at[0];
}

static bool bmp_has_run_lengths(cursor file)
{
    return left(&file) >= 34 && file.at[0] == 'B' && file.at[1] == 'M' &&
           little_endian_32(file.at + 14) >= 40 &&
           (little_endian_32(file.at + 30) == 1 || little_endian_32(file.at + 30) == 2);
}

/* Rows of an uncompressed file are padded to 4 bytes and must all be there. Sizes have 16 bits in a header of 12 bytes,
 * 32 in the later ones, whose height is negative where rows run downwards. */
static bool bmp_is_complete(cursor file)
{
    if (left(&file) < 26) {
        return false;
    }
    const bool is_old = little_endian_32(file.at + 14) == 12;
    if (!is_old && left(&file) < 54) {
        return false;
    }
    const uint64_t width =
        is_old ? little_endian_16(file.at + 18) : little_endian_32(file.at + 18) & INT32_MAX;
    const uint32_t signed_height = is_old ? little_endian_16(file.at + 20) : little_endian_32(file.at + 22);
    const uint64_t height =
        signed_height > INT32_MAX ? UINT32_MAX - signed_height + UINT64_C(1) : signed_height;
    const uint64_t pixel_bits = little_endian_16(file.at + (is_old ? 24 : 28));
    const uint64_t row_bytes = (width * pixel_bits + 31) / 32 * 4;
    const uint64_t data_offset = little_endian_32(file.at + 10);
    return data_offset <= left(&file) &&
           (row_bytes == 0 || height <= (left(&file) - data_offset) / row_bytes);
}

bool pxe_picture_complete(const void *bytes, size_t size_bytes, pxe_error *error)
{
    static const unsigned char png_signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    const unsigned char *at = bytes;
    const cursor file = {at, at + size_bytes};
    bool complete = false;
    if (size_bytes == 0) {
        return pxe_fail(error, "is empty");
    }
    if (size_bytes >= 8 && memcmp(at, png_signature, 8) == 0) {
        complete = png_is_complete(file);
    } else if (size_bytes >= 3 && at[0] == 0xFF && at[1] == 0xD8 && at[2] == 0xFF) {
        complete = jpeg_is_complete(file);
    } else if (bmp_has_run_lengths(file)) {
        return pxe_fail(error, "is a BMP with run-length coding, which is not read");
    } else if (size_bytes >= 2 && at[0] == 'B' && at[1] == 'M') {
        complete = bmp_is_complete(file);
    } else {
        return pxe_fail(error, "is no PNG, JPEG or BMP picture");
    }
    return complete ? true : pxe_fail(error, "is cut short or damaged");
}
