/* Every text goes through one loop, character by character, so that nothing reaches the page that was not looked at.
 * In HTML the five characters that have a meaning are written by name. JSON stands in a script element, which ends
 * at "</script" even in a string: every '<' is written as \u003c, and so are '>' and '&', and the two line
 * separators that JavaScript once took for line ends. */
#include "report_text.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { REPLACEMENT = 0xFFFD, CONTROL_PICTURES = 0x2400, DELETE_PICTURE = 0x2421 };

/* How many bytes make up the character at text, 0 = it is no UTF-8; see the Unicode Standard 15.0, table 3-7. */
static size_t character_bytes(const unsigned char *text)
{
    const unsigned first = text[0];
    const size_t bytes = first < 0x80   ? 1
                         : first < 0xC2 ? 0
                         : first < 0xE0 ? 2
                         : first < 0xF0 ? 3
                         : first < 0xF5 ? 4
                                        : 0;
    const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    for (size_t i = 1; i < bytes; ++i) {
        if (text[i] < (i == 1 ? low : 0x80) || text[i] > (i == 1 ? high : 0xBF)) {
            return 0;
        }
    }
    return bytes;
}

/* The character at *text, which moves on; control characters give their pictures. */
static uint32_t next_character(const char **text)
{
    const unsigned char *bytes = (const unsigned char *)*text;
    const size_t count = character_bytes(bytes);
    *text += count == 0 ? 1 : count;
    if (count < 2) {
        return count == 0         ? REPLACEMENT
               : bytes[0] < 0x20  ? CONTROL_PICTURES + bytes[0]
               : bytes[0] == 0x7F ? DELETE_PICTURE
                                  : bytes[0];
    }
    uint32_t character = bytes[0] & (0x7FU >> count);
    for (size_t i = 1; i < count; ++i) {
        character = character << 6 | (bytes[i] & 0x3F);
    }
    return character;
}

static void put_utf8(FILE *page, uint32_t c)
{
    if (c < 0x80) {
        fputc((int)c, page);
    } else if (c < 0x800) {
        fprintf(page, "%c%c", (int)(0xC0 | c >> 6), (int)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        fprintf(page, "%c%c%c", (int)(0xE0 | c >> 12), (int)(0x80 | (c >> 6 & 0x3F)),
                (int)(0x80 | (c & 0x3F)));
    } else {
        fprintf(page, "%c%c%c%c", (int)(0xF0 | c >> 18), (int)(0x80 | (c >> 12 & 0x3F)),
                (int)(0x80 | (c >> 6 & 0x3F)), (int)(0x80 | (c & 0x3F)));
    }
}

void put_html(FILE *page, const char *text)
{
    while (*text != '\0') {
        const uint32_t c = next_character(&text);
        switch (c) {
        case '&':
            fputs("&amp;", page);
            break;
        case '<':
            fputs("&lt;", page);
            break;
        case '>':
            fputs("&gt;", page);
            break;
        case '"':
            fputs("&quot;", page);
            break;
        case '\'':
            fputs("&#39;", page);
            break;
        default:
            put_utf8(page, c);
        }
    }
}

void put_json(FILE *page, const char *text)
{
    fputc('"', page);
    while (*text != '\0') {
        const uint32_t c = next_character(&text);
        if (c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029) {
            fprintf(page, "\\u%04x", (unsigned)c);
        } else {
            if (c == '"' || c == '\\') {
                fputc('\\', page);
            }
            put_utf8(page, c);
        }
    }
    fputc('"', page);
}

/* Commas between thousands, in front of a point or the end. */
static void put_grouped(FILE *page, const char *digits)
{
    const size_t whole = strcspn(digits, ".");
    for (size_t i = 0; digits[i] != '\0'; ++i) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0) {
            fputc(',', page);
        }
        fputc(digits[i], page);
    }
}

static void put_number(FILE *page, double value, int decimals)
{
    char digits[512];
    snprintf(digits, sizeof digits, "%.*f", decimals, value);
    put_grouped(page, digits);
}

void put_count(FILE *page, double count)
{
    put_number(page, count, 0);
}

void put_ms(FILE *page, double ms)
{
    put_number(page, ms, ms < 100 ? 2 : ms < 1000 ? 1 : 0);
}

void put_bytes(FILE *page, double bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    size_t unit = 0;
    for (; bytes >= 1000 && unit + 1 < sizeof units / sizeof *units; ++unit) {
        bytes /= 1024;
    }
    put_number(page, bytes, unit == 0 || bytes >= 100 ? 0 : bytes >= 10 ? 1 : 2);
    fprintf(page, " %s", units[unit]);
}

void put_percent(FILE *page, double part, double whole)
{
    if (whole > 0) {
        /* 99.996 % is not 100 %. */
        put_number(page, part < whole ? fmin(part / whole * 100, 99.99) : 100, 2);
        fputs(" %", page);
    } else {
        fputs("\xE2\x80\x93", page); /* a dash */
    }
}
